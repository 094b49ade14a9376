/* http/page_room.c - the draw on a big screen 大屏: who has done what, the seed forming, the targets in visiting order; the
 * page asks for two small JSON documents (regulation 二(五); docs/spec/draw-1.md, "Protocol") */
#include <jansson.h>
#include <stdlib.h>

#include "draw_public.h"
#include "handlers.h"
#include "mod/drawing/drawing.h"
#include "mod/report/report.h"
#include "view.h"

enum { ROWS_MAX = 500 };

static json_t *
text_json(struct str s)
{
    return s.p == NULL ? json_null() : json_stringn(s.p, s.n);
}

static json_t *
number_json(struct opt_i64 v)
{
    return v.set ? json_integer(v.v) : json_null();
}

static enum err
send(struct ctx *c, json_t *v, struct http_reply *r)
{
    char *text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);

    json_decref(v);
    r->type = "application/json";
    r->cache = "no-cache";
    r->body = text == NULL ? (struct str){NULL, 0} : str_copy(c->arena, str_of(text));
    free(text);
    return r->body.p == NULL ? ERR_MEMORY : OK;
}

/* --- the state
 * -------------------------------------------------------------------------------------------------------- */

/* The latest attempt, and the same attempt as the public sees it: absent until it is sealed. */
struct room {
    struct page p;
    struct report_room_row now;
    struct report_attempts_row *attempts;
    size_t attempt_count;
    const struct report_attempts_row *sealed;
    bool shown; /* the outcome is public */
};

static enum err
find_room(struct room *r)
{
    struct ctx *c = r->p.ctx;
    struct str draw = view_draw_number(&r->p, r->p.params[0]);
    enum err e = report_room(c->db, c->arena, &(struct report_room_in){draw}, &r->now);

    if (e == OK)
        e = report_attempts(c->db, c->arena, &(struct report_attempts_in){draw}, &r->attempts, &r->attempt_count);
    for (size_t i = 0; e == OK && i < r->attempt_count; i++)
        if (r->attempts[i].attempt == r->now.attempt)
            r->sealed = &r->attempts[i];
    r->shown = r->sealed != NULL && draw_is_public(r->sealed, page_today(&r->p));
    return e;
}

static struct str
secret_of(const struct report_parties_row *rows, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].name, name))
            return rows[i].secret;
    return (struct str){NULL, 0};
}

static enum err
parties_json(struct room *r, json_t **out)
{
    struct ctx *c = r->p.ctx;
    struct report_room_parties_row *q;
    struct report_parties_row *open;
    struct departments d;
    size_t count, open_count;
    enum err e = view_departments(&r->p, &d);

    if (e == OK)
        e = report_room_parties(c->db, c->arena, &(struct report_room_parties_in){r->now.draw, r->now.attempt}, &q, &count);
    if (e == OK)
        e = report_parties(c->db, c->arena,
                           &(struct report_parties_in){r->now.draw, r->now.attempt, page_today(&r->p)}, &open, &open_count);
    if (e != OK)
        return e;
    *out = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            *out, json_pack("{s:o, s:o, s:b, s:o, s:b, s:o, s:o}", "name", text_json(q[i].name), "title",
                            text_json(view_party(&r->p, &d, q[i].name)), "committed", q[i].commitment.p != NULL, "commitment",
                            text_json(q[i].commitment), "revealed", q[i].revealed != 0, "present",
                            q[i].present.set ? json_boolean(q[i].present.v != 0) : json_null(), "secret",
                            text_json(secret_of(open, open_count, q[i].name))));
    return OK;
}

static enum err
beacons_json(struct room *r, json_t **out)
{
    struct report_beacons_row *b;
    size_t count;
    enum err e = report_beacons(r->p.ctx->db, r->p.ctx->arena, &(struct report_beacons_in){r->now.draw, r->now.attempt}, &b,
                                &count);

    if (e != OK)
        return e;
    *out = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(*out, json_pack("{s:o, s:o, s:o, s:o}", "name", text_json(b[i].name), "event",
                                              text_json(b[i].event), "at_us",
                                              number_json(drawing_event_us(b[i].name, b[i].event)), "value",
                                              text_json(b[i].value)));
    return OK;
}

static enum err
quotas_json(struct room *r, json_t **out)
{
    struct report_quotas_row *q;
    size_t count;
    enum err e = report_quotas(r->p.ctx->db, r->p.ctx->arena, &(struct report_quotas_in){r->now.draw, r->now.attempt}, &q,
                               &count);

    if (e != OK)
        return e;
    *out = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(*out, json_pack("{s:o, s:I, s:I}", "stratum", text_json(q[i].stratum), "population",
                                              (json_int_t) q[i].population_count, "n", (json_int_t) q[i].sample_count));
    return OK;
}

static json_t *
attempts_json(const struct room *r)
{
    json_t *list = json_array();

    for (size_t i = 0; i < r->attempt_count; i++)
        json_array_append_new(list, json_pack("{s:I, s:o, s:o}", "attempt", (json_int_t) r->attempts[i].attempt, "state",
                                              text_json(r->attempts[i].state), "void_reason",
                                              text_json(r->attempts[i].void_reason)));
    return list;
}

static enum err
drawn_count(struct room *r, int64_t *out)
{
    struct report_drawn_count_row n = {0};
    enum err e = OK;

    if (r->shown)
        e = report_drawn_count(r->p.ctx->db, r->p.ctx->arena, &(struct report_drawn_count_in){r->now.draw, r->now.attempt}, &n);
    *out = n.drawn;
    return e;
}

static json_t *
state_json(struct room *r, int64_t drawn)
{
    const struct report_room_row *n = &r->now;
    struct str none = {NULL, 0};

    return json_pack("{s:o, s:I, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o}", "draw", text_json(n->draw),
                     "attempt", (json_int_t) n->attempt, "state", text_json(n->state), "task", text_json(n->task_name),
                     "unannounced", n->publish_day.set, "population", number_json(n->population_count), "rule",
                     text_json(n->rule), "roster_root", text_json(n->roster_root), "draw_digest", text_json(n->draw_digest),
                     "lock_digest", text_json(n->lock_digest), "seed", text_json(r->shown ? r->sealed->seed : none),
                     "result_digest", text_json(r->shown ? r->sealed->result_digest : none), "drawn", (json_int_t) drawn,
                     "now_us", (json_int_t) (r->p.ctx->now_us / 1000000 * 1000000), "attempts", attempts_json(r));
}

static struct page
page_for(const struct http_request *q)
{
    struct page p = {.ctx = q->ctx, .site = q->site, .path = q->path, .query = q->query};

    for (int i = 0; i < HTTP_PARAMS_MAX; i++)
        p.params[i] = q->params[i];
    p.h.english = str_eq(http_query(q->ctx->arena, q->query, "lang"), STR("en"));
    return p;
}

enum err
http_room_state(struct http_request *q, struct http_reply *reply)
{
    struct room r = {.p = page_for(q)};
    json_t *parties = NULL, *beacons = NULL, *quotas = NULL, *all;
    int64_t drawn = 0;
    enum err e = find_room(&r);

    if (e == OK)
        e = parties_json(&r, &parties);
    if (e == OK)
        e = beacons_json(&r, &beacons);
    if (e == OK)
        e = quotas_json(&r, &quotas);
    if (e == OK)
        e = drawn_count(&r, &drawn);
    if (e != OK) {
        json_decref(parties);
        json_decref(beacons);
        json_decref(quotas);
        return e;
    }
    all = state_json(&r, drawn);
    json_object_set_new(all, "parties", parties);
    json_object_set_new(all, "beacons", beacons);
    json_object_set_new(all, "quotas", quotas);
    return send(q->ctx, all, reply);
}

/* --- the targets
 * ------------------------------------------------------------------------------------------------------ */

static json_t *
row_json(struct page *p, const struct report_drawn_row *n)
{
    return json_pack("{s:I, s:I, s:o, s:o, s:o}", "position", (json_int_t) n->position, "batch", (json_int_t) n->batch,
                     "target", text_json(n->target), "name",
                     text_json(view_target_name(p, n->name, n->entity_type, n->region_name, n->target)), "region",
                     text_json(n->region_name));
}

enum err
http_room_rows(struct http_request *q, struct http_reply *reply)
{
    struct room r = {.p = page_for(q)};
    struct report_drawn_row *n;
    struct str after = http_query(q->ctx->arena, q->query, "after");
    uint64_t from = 0;
    size_t count;
    json_t *rows;
    enum err e = find_room(&r);

    if (e == OK && (!r.shown || (after.n > 0 && str_u64(after, INT64_MAX, &from) != OK)))
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = report_drawn(q->ctx->db, q->ctx->arena,
                         &(struct report_drawn_in){r.now.draw, r.now.attempt, (int64_t) from, ROWS_MAX}, &n, &count);
    if (e != OK)
        return e;
    rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, row_json(&r.p, &n[i]));
    return send(q->ctx, json_pack("{s:o, s:I}", "rows", rows, "after",
                                  (json_int_t) (count > 0 ? n[count - 1].position : (int64_t) from)),
                reply);
}

/* --- the page
 * --------------------------------------------------------------------------------------------------------- */

enum err
page_room(struct page *p)
{
    struct room r = {.p = *p};
    enum err e = find_room(&r);

    if (e != OK)
        return e;
    page_head(p, r.now.task_name, "room.css", "room.js");
    html_put(&p->h,
             "<main id=\"room\" data-draw=\"{}\" data-attempt=\"{}\"><header><h1>{}</h1><p><code>{}</code> <span "
             "id=\"attempt\"></span> · {}</p></header>\n<noscript><p>{} <a href=\"{}\">{}</a></p></noscript>\n"
             "<div id=\"stage\"></div>\n<aside class=\"code\"><a href=\"{}\">",
             H_STR(p->params[0]), H_I64(r.now.attempt), H_STR(r.now.task_name), H_STR(r.now.draw), H_STR(p->site->name),
             H_T(room_noscript), H_PAGE(view_draw_path(p, r.now.draw, 0)), H_T(draws_title),
             H_PAGE(view_draw_path(p, r.now.draw, 0)));
    e = view_draw_code(p, r.now.draw, r.now.attempt, r.now.salted == 0 && !r.now.publish_day.set);
    html_put(&p->h, "<span>{}</span></a></aside></main>\n</body>\n</html>\n", H_T(room_qr));
    return e;
}
