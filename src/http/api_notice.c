/* http/api_notice.c - notices of checks 检查通知书: issue, delivery, withdrawal, on paper (regulation 二(五)) */
#include <string.h>

#include "api_file.h"
#include "api_flow.h"
#include "api_handlers.h"
#include "core/calendar.h"
#include "mod/file.h"
#include "mod/notice/notice.h"
#include "mod/target_sql.h"
#include "mod/visit/visit.h"

/* --- the list ----------------------------------------------------------------------------------------------------- */

static json_t *
notice_json(const struct notice_of_visit_row *n)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", api_id(n->id), "no",
                     api_str(n->no), "state", api_str(n->state), "replaces", api_str(n->replaces), "issued",
                     api_time(OPT(n->issued_us)), "digest", api_str(n->digest), "delivery", api_str(n->delivery), "delivered",
                     api_date(n->delivered_day), "receiver", api_str(n->receiver), "read", api_time(n->read_us), "withdrawn",
                     api_time(n->withdrawn_us), "reason", api_str(n->withdraw_reason));
}

/* A visit with all its notices, the latest first. */
static enum err
visit_json(struct ctx *c, const struct visit_list_row *v, json_t **out)
{
    struct target_get_row t = {0};
    struct notice_of_visit_row *n;
    json_t *list = json_array();
    size_t count = 0;
    enum err e = target_get(c->db, c->arena, &(struct target_get_in){v->target}, &t);

    if (e == OK || e == ERR_NOT_FOUND)
        e = notice_of_visit(c->db, c->arena, &(struct notice_of_visit_in){v->target, v->id}, &n, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        json_array_append_new(list, notice_json(&n[i]));
    *out = json_pack("{s:o, s:o, s:o, s:o}", "target", api_str(v->target), "name", api_str(t.name), "state", api_str(v->state),
                     "notices", list);
    return e;
}

static enum err
counts_json(struct ctx *c, struct str task, json_t **out)
{
    struct notice_counts_row n;
    enum err e = notice_counts(c->db, c->arena, &(struct notice_counts_in){task}, &n);

    if (e == OK)
        *out = json_pack("{s:I, s:I, s:I, s:I}", "issued", (json_int_t) n.issued, "delivered", (json_int_t) n.delivered, "read",
                         (json_int_t) n.confirmed, "withdrawn", (json_int_t) n.withdrawn);
    return e;
}

/* The day from which an unannounced check may be told; unset: at once. */
static struct opt_i64
told_from(const struct api *q, const struct flow_view *v)
{
    bool waits = v->has_draw && v->draw.publish_day.set && v->draw.publish_day.v > day_of_us(q->ctx->now_us);

    return waits ? v->draw.publish_day : (struct opt_i64){0};
}

enum err
api_notices_get(struct api *q)
{
    struct flow_view v;
    struct visit_list_row *r;
    struct str cursor = api_query(q, "cursor");
    struct ctx *c = q->ctx;
    json_t *rows, *counts = NULL;
    int64_t limit;
    size_t n;
    enum err e = flow_find(q, &v);

    if (e == OK)
        e = api_limit(q, &limit);
    if (e == OK)
        e = visit_list(c->db, c->arena, &(struct visit_list_in){q->params[0], cursor.n == 0 ? STR(" ") : cursor, limit + 1}, &r,
                       &n);
    if (e == OK)
        e = counts_json(c, q->params[0], &counts);
    if (e != OK)
        return e;
    rows = api_rows(q);
    json_object_set_new(q->out, "counts", counts);
    json_object_set_new(q->out, "may_issue", json_boolean(flow_prepares(q, &v) && v.task.state >= TASK_ASSIGNED &&
                                                          v.task.state < TASK_CLOSED && !told_from(q, &v).set));
    json_object_set_new(q->out, "told_from", api_date(told_from(q, &v)));
    for (size_t i = 0; e == OK && i < n && i < (size_t) limit; i++) {
        json_t *one = NULL;

        if (!v.has_draw || !str_eq(r[i].draw, v.draw.draw) || r[i].attempt != v.draw.attempt)
            continue;
        e = visit_json(c, &r[i], &one);
        json_array_append_new(rows, one);
    }
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].target);
    return e;
}

/* --- acts --------------------------------------------------------------------------------------------------------- */

static enum err
texts_of(struct api *q, const char *name, struct texts *out)
{
    return api_has(q, name) ? json_texts(q->ctx, q->in, (struct json_field){name, false}, NOTICE_PAPERS_MAX, NOTICE_PAPER_BYTES, out)
                            : OK;
}

enum err
api_notices_post(struct api *q)
{
    struct flow_view v;
    struct notice_say say = {.contact = api_text(q, "contact"), .note = api_text(q, "note")};
    struct notice_batch batch;
    enum err e = flow_find(q, &v);

    if (e == OK && !flow_prepares(q, &v))
        e = ERR_PERMISSION;
    if (e == OK && (e = texts_of(q, "papers", &say.papers)) != OK)
        return api_wrong(q, "papers", e, q->ctx->why);
    if (e == OK && (e = texts_of(q, "methods", &say.methods)) != OK)
        return api_wrong(q, "methods", e, q->ctx->why);
    if (e == OK)
        e = notice_issue(q->ctx, q->params[0], &say, api_text(q, "after"), &batch);
    if (e == ERR_LENGTH)
        return api_wrong(q, "contact", e, q->ctx->why);
    if (e == OK)
        q->out = json_pack("{s:I, s:I, s:o}", "issued", (json_int_t) batch.issued, "there", (json_int_t) batch.there, "next",
                           api_str(batch.next));
    return e;
}

/* The notice that the address names, when the account may act on it. */
static enum err
find_notice(struct api *q, struct notice_get_row *out)
{
    struct flow_view v;
    int64_t id;
    enum err e = flow_find(q, &v);

    if (e == OK)
        e = api_number_of(q->params[1], &id);
    if (e == OK)
        e = notice_get(q->ctx->db, q->ctx->arena, &(struct notice_get_in){q->params[0], id}, out);
    return e == OK && !flow_works(q, &v) ? ERR_PERMISSION : e;
}

static enum err
give_notice(struct api *q, const struct notice_get_row *n)
{
    struct notice_of_visit_row *all;
    size_t count;
    enum err e = notice_of_visit(q->ctx->db, q->ctx->arena, &(struct notice_of_visit_in){n->target, n->visit}, &all, &count);

    for (size_t i = 0; e == OK && i < count; i++)
        if (all[i].id == n->id)
            q->out = notice_json(&all[i]);
    return e;
}

enum err
api_notice_deliver(struct api *q)
{
    struct notice_get_row n;
    struct opt_i64 day = {0};
    enum err e = find_notice(q, &n);

    if (e == OK)
        e = api_day(q, "day", &day);
    if (e == OK)
        e = notice_deliver(q->ctx, q->params[0], n.id, api_text(q, "method"), day.set ? day.v : day_of_us(q->ctx->now_us),
                           api_text(q, "receiver"));
    if (e == ERR_DATE)
        return api_wrong(q, "day", e, NULL);
    if (e == ERR_INPUT)
        return api_wrong(q, "method", e, NULL);
    return e == OK ? give_notice(q, &n) : e;
}

enum err
api_notice_withdraw(struct api *q)
{
    struct notice_get_row n;
    enum err e = find_notice(q, &n);

    if (e == OK)
        e = notice_withdraw(q->ctx, q->params[0], n.id, api_text(q, "reason"));
    if (e == ERR_LENGTH)
        return api_wrong(q, "reason", e, NULL);
    return e == OK ? give_notice(q, &n) : e;
}

/* --- on paper ----------------------------------------------------------------------------------------------------- */

static enum err
give_paper(struct api *q, const struct notice_get_row *n, size_t count, const char *name)
{
    char path[IMPORT_PATH_MAX];
    struct file f;
    enum err e = api_file_place(q->ctx, path);

    if (e != OK)
        return e;
    e = file_begin(&f, path, 0600);
    if (e == OK) {
        e = notice_print(q->ctx, n, count, q->call->base, f.out);
        e = file_end(&f, e);
    }
    return api_file_give(q, e, path, "application/pdf", name);
}

enum err
api_notice_file(struct api *q)
{
    struct notice_get_row n;
    char name[64];
    struct buf b = buf_over(name, sizeof name - 1);
    enum err e = find_notice(q, &n);

    if (e != OK)
        return e;
    buf_z(&b, "notice-");
    buf_str(&b, q->params[1]);
    buf_z(&b, ".pdf");
    name[b.n] = '\0';
    return give_paper(q, &n, 1, name);
}

/* All notices in force as one file; NOTICE_FILE_MAX at a time, after a target. */
enum err
api_notices_file(struct api *q)
{
    struct flow_view v;
    struct notice_list_row *r;
    struct notice_get_row *n;
    struct str cursor = api_query(q, "cursor");
    size_t count;
    struct ctx *c = q->ctx;
    enum err e = flow_find(q, &v);

    if (e == OK && !flow_works(q, &v))
        e = ERR_PERMISSION;
    if (e == OK)
        e = notice_list(c->db, c->arena,
                        &(struct notice_list_in){q->params[0], cursor.n == 0 ? STR(" ") : cursor, NOTICE_FILE_MAX}, &r, &count);
    if (e == OK && count == 0)
        e = ctx_refuse(c, ERR_NOT_FOUND, "no notice is in force");
    if (e == OK && (n = arena_alloc(c->arena, count * sizeof *n)) == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < count; i++)
        e = notice_get(c->db, c->arena, &(struct notice_get_in){q->params[0], r[i].id}, &n[i]);
    return e == OK ? give_paper(q, n, count, "notices.pdf") : e;
}
