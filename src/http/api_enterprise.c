/* http/api_enterprise.c - the enterprise's own account: its visits, results and draws, why it was (not) drawn with the proof of its
 * own row (of sealed lists too: draw-1 §2), what it objects to and whom it asks to step back (regulation 二(一), 二(五), 二(六)).
 * Everything is asked for the one target of the account: no address names another. */
#include "api_handlers.h"
#include "core/calendar.h"
#include "core/draw.h"
#include "mod/drawing/frame.h"
#include "mod/enterprise/enterprise.h"
#include "mod/item/item.h"
#include "mod/objection/objection.h"
#include "mod/org/org.h"
#include "mod/recusal/recusal.h"
#include "mod/report/report.h"
#include "mod/result/result.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"

enum { SHOWN_MAX = 200, FRAMES_MAX = 20 };

struct own {
    struct api *q;
    struct str target;
    struct org_department_list_row *departments;
    size_t department_count;
};

static enum err
find_own(struct api *q, struct own *o)
{
    enum err e = enterprise_target(q->ctx, q->who.account, &o->target);

    o->q = q;
    return e == OK ? org_department_list(q->ctx->db, q->ctx->arena, &o->departments, &o->department_count) : e;
}

static json_t *
names_of(const struct own *o, uint64_t mask)
{
    json_t *list = json_array();

    for (size_t i = 0; i < o->department_count; i++)
        if ((mask >> o->departments[i].bit & 1) != 0)
            json_array_append_new(list, json_pack("{s:o, s:o}", "code", api_str(o->departments[i].code), "name",
                                                  api_str(o->departments[i].name)));
    return list;
}

static struct str
name_of(const struct own *o, struct str code)
{
    for (size_t i = 0; i < o->department_count; i++)
        if (str_eq(o->departments[i].code, code))
            return o->departments[i].name;
    return code;
}

/* A visit that nobody was told of must stay unknown until it is made: an unannounced draw, before its day. */
static enum err
is_told(struct api *q, const struct visit_of_target_row *v, bool *told)
{
    struct drawing_get_row d;
    enum err e = drawing_get(q->ctx->db, q->ctx->arena, &(struct drawing_get_in){v->draw, v->attempt}, &d);

    *told = e == OK && (v->visited_day.set || str_eq(v->state, STR("noticed")) || !d.publish_day.set ||
                        d.publish_day.v <= day_of_us(q->ctx->now_us));
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
put_visits(struct own *o, json_t *out)
{
    struct visit_of_target_row *v;
    json_t *rows = json_array();
    int64_t year = 0, today = day_of_us(o->q->ctx->now_us);
    size_t n;
    enum err e = visit_of_target(o->q->ctx->db, o->q->ctx->arena, &(struct visit_of_target_in){o->target, SHOWN_MAX}, &v, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        struct task_get_row t;
        bool told;

        if ((e = is_told(o->q, &v[i], &told)) != OK || !told)
            continue;
        year += v[i].visited_day.set && v[i].exempt.n == 0 &&
                civil_from_day(v[i].visited_day.v).year == civil_from_day(today).year;
        if ((e = task_get(o->q->ctx->db, o->q->ctx->arena, &(struct task_get_in){v[i].task}, &t)) == OK)
            json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "id", api_id(v[i].id), "task_name",
                                                  api_str(t.name), "from", api_date(OPT(t.from_day)), "to", api_date(OPT(t.to_day)),
                                                  "departments", names_of(o, (uint64_t) v[i].mask), "state", api_str(v[i].state), "day",
                                                  api_date(v[i].visited_day), "exempt", (int) (v[i].exempt.n > 0), "code",
                                                  api_str(v[i].code)));
    }
    json_object_set_new(out, "visits", rows);
    json_object_set_new(out, "visits_year", json_integer(year));
    json_object_set_new(out, "cap", json_integer(FRAME_VISITS_TOGETHER));
    json_object_set_new(out, "cap_of_organ", json_integer(FRAME_VISITS_OF_ORGAN));
    return e;
}

static enum err
objection_json(struct own *o, int64_t result, json_t **out)
{
    struct objection_of_row r;
    enum err e = objection_of(o->q->ctx->db, o->q->ctx->arena, &(struct objection_of_in){o->target, result}, &r);

    *out = e != OK ? json_null()
                   : json_pack("{s:o, s:o, s:o, s:o, s:o}", "state", api_str(r.state), "content", api_str(r.content), "due",
                               api_date(r.due_day), "outcome", api_str(r.outcome), "answer", api_str(r.answer));
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
put_results(struct own *o, json_t *out)
{
    struct result_of_target_row *r;
    json_t *rows = json_array();
    size_t n;
    enum err e = result_of_target(o->q->ctx->db, o->q->ctx->arena, &(struct result_of_target_in){o->target, SHOWN_MAX}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        struct item_latest_row item;
        json_t *objection = NULL;

        e = item_latest(o->q->ctx->db, o->q->ctx->arena, &(struct item_latest_in){r[i].item}, &item);
        if (e == OK)
            e = objection_json(o, r[i].id, &objection);
        if (e == OK)
            json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", api_id(r[i].id), "item",
                                                  api_str(item.name), "department", api_str(name_of(o, r[i].department)), "codes",
                                                  api_list(r[i].codes), "state", api_str(r[i].state), "produced",
                                                  api_date(OPT(r[i].produced_day)), "due", api_date(r[i].due_day), "objection", objection));
    }
    json_object_set_new(out, "results", rows);
    return e;
}

static enum err
put_requests(struct own *o, json_t *out)
{
    struct recusal_of_target_row *r;
    json_t *rows = json_array();
    size_t n;
    enum err e = recusal_of_target(o->q->ctx->db, o->q->ctx->arena, &(struct recusal_of_target_in){o->target}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) /* what an inspector declared of himself shows in who comes */
        if (str_eq(r[i].source, STR("target")))
            json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "visit", api_id(r[i].visit), "department",
                                                  api_str(r[i].department), "reason", api_str(r[i].reason), "state",
                                                  api_str(r[i].state), "answer", api_str(r[i].answer), "replaced",
                                                  (int) (r[i].substitute.n > 0)));
    json_object_set_new(out, "recusals", rows);
    return e;
}

/* Finished draws that are public by today, the newest first: to ask about each of them. */
static enum err
put_draws(struct own *o, json_t *out)
{
    struct report_frames_row *f;
    json_t *rows = json_array();
    size_t n;
    enum err e = report_frames(o->q->ctx->db, o->q->ctx->arena,
                               &(struct report_frames_in){day_of_us(o->q->ctx->now_us), FRAMES_MAX}, &f, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(rows, json_pack("{s:o, s:I, s:o, s:b, s:o, s:I}", "draw", api_str(f[i].draw), "attempt",
                                              (json_int_t) f[i].attempt, "task_name", api_str(f[i].task_name), "sealed",
                                              (int) (f[i].salted != 0), "drawn", api_time(OPT(f[i].drawn_us)), "population",
                                              (json_int_t) f[i].population_count));
    json_object_set_new(out, "draws", rows);
    return e;
}

enum err
api_enterprise_get(struct api *q)
{
    struct own o;
    struct target_get_row t;
    enum err e = find_own(q, &o);

    if (e == OK)
        e = target_get(q->ctx->db, q->ctx->arena, &(struct target_get_in){o.target}, &t);
    if (e != OK)
        return e;
    q->out = json_pack("{s:o, s:o, s:o, s:o, s:o}", "code", api_str(o.target), "name", api_str(t.name), "address", api_str(t.address),
                       "status", api_str(t.status), "today", api_date(OPT(day_of_us(q->ctx->now_us))));
    if ((e = put_visits(&o, q->out)) == OK)
        e = put_results(&o, q->out);
    if (e == OK)
        e = put_requests(&o, q->out);
    return e == OK ? put_draws(&o, q->out) : e;
}

/* --- why --------------------------------------------------------------------------------------------------------------------- */

static json_t *
hex_of(const unsigned char bytes[static HASH_LEN])
{
    char text[2 * HASH_LEN];

    hex_encode(bytes, HASH_LEN, text);
    return json_stringn(text, sizeof text);
}

static enum err
put_quotas(struct own *o, const struct report_frames_row *f, const struct enterprise_leaf *l, json_t *out)
{
    struct report_quotas_row *r;
    json_t *rows = json_array();
    size_t n;
    enum err e = report_quotas(o->q->ctx->db, o->q->ctx->arena, &(struct report_quotas_in){f->draw, f->attempt}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        if ((l->row.mask >> r[i].grp & 1) != 0 && str_eq(r[i].stratum, l->row.stratum))
            json_array_append_new(rows, json_pack("{s:o, s:I, s:I}", "departments", names_of(o, UINT64_C(1) << r[i].grp), "drawn",
                                                  (json_int_t) r[i].sample_count, "population", (json_int_t) r[i].population_count));
    json_object_set_new(out, "quotas", rows);
    return e;
}

static enum err
put_ticket(const struct report_frames_row *f, const struct enterprise_leaf *l, json_t *out)
{
    enum hash_suite suite = str_eq(f->suite, STR("sm3")) ? HASH_SM3 : HASH_SHA256;
    unsigned char seed[HASH_LEN], key[HASH_LEN], ticket[HASH_LEN];
    enum err e = hex_decode(f->seed, seed, sizeof seed);

    if (e != OK)
        return e;
    draw_subkey(suite, "target", seed, key);
    draw_ticket(suite, key, l->row.id, ticket);
    json_object_set_new(out, "key", hex_of(key));
    json_object_set_new(out, "ticket", hex_of(ticket));
    return OK;
}

/* Was it drawn, and for which departments? */
static enum err
put_drawn(struct own *o, const struct report_frames_row *f, json_t *out)
{
    struct report_target_draws_row *r;
    uint64_t mask = 0;
    size_t n;
    enum err e = report_target_draws(o->q->ctx->db, o->q->ctx->arena,
                                     &(struct report_target_draws_in){o->target, day_of_us(o->q->ctx->now_us)}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        if (str_eq(r[i].draw, f->draw) && r[i].attempt == f->attempt)
            mask |= (uint64_t) r[i].mask;
    json_object_set_new(out, "drawn_for", names_of(o, mask));
    return e;
}

static enum err
put_leaf(struct own *o, const struct report_frames_row *f, const struct enterprise_leaf *l, json_t *out)
{
    json_t *proof = json_array();
    enum err e;

    for (unsigned i = 0; i < l->proof.count; i++)
        json_array_append_new(proof, hex_of(l->proof.hash[i]));
    json_object_set_new(out, "line", api_str(l->line));
    json_object_set_new(out, "index", json_integer((json_int_t) l->index));
    json_object_set_new(out, "proof", proof);
    json_object_set_new(out, "stratum", api_str(l->row.stratum));
    json_object_set_new(out, "weight", json_integer(l->row.weight));
    json_object_set_new(out, "excluded", json_boolean(l->row.excluded));
    if ((e = put_quotas(o, f, l, out)) == OK && !l->row.excluded)
        e = put_ticket(f, l, out);
    return e == OK ? put_drawn(o, f, out) : e;
}

static enum err
find_frame(struct api *q, struct report_frames_row *out)
{
    struct report_frames_row *f;
    int64_t attempt;
    size_t n;
    enum err e = api_number_of(api_query(q, "attempt"), &attempt);

    if (e == OK)
        e = report_frames(q->ctx->db, q->ctx->arena, &(struct report_frames_in){day_of_us(q->ctx->now_us), FRAMES_MAX}, &f, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        if (str_eq(f[i].draw, api_query(q, "draw")) && f[i].attempt == attempt) {
            *out = f[i];
            return OK;
        }
    return e == OK ? ERR_NOT_FOUND : e;
}

enum err
api_enterprise_why(struct api *q)
{
    struct own o;
    struct report_frames_row f;
    struct drawing_get_row d;
    struct enterprise_leaf l;
    enum err e = find_own(q, &o);

    if (e == OK)
        e = find_frame(q, &f);
    if (e == OK)
        e = drawing_get(q->ctx->db, q->ctx->arena, &(struct drawing_get_in){f.draw, f.attempt}, &d);
    if (e == OK)
        e = enterprise_leaf(q->ctx, (struct drawing_key){f.draw, f.attempt}, o.target, &l);
    if (e != OK)
        return e;
    q->out = json_pack("{s:o, s:I, s:o, s:o, s:b, s:b, s:o, s:I}", "draw", api_str(f.draw), "attempt", (json_int_t) f.attempt, "suite",
                       api_str(f.suite), "rule", api_str(f.rule), "sealed", (int) (f.salted != 0), "held", (int) l.held, "root",
                       api_str(d.roster_root), "count", (json_int_t) l.count);
    return l.held ? put_leaf(&o, &f, &l, q->out) : OK;
}

/* --- acts -------------------------------------------------------------------------------------------------------------------- */

enum err
api_enterprise_invite(struct api *q)
{
    char token[SECRET_TOKEN_CHARS + 1], link[SECRET_TOKEN_CHARS + 32];
    struct buf b = buf_over(link, sizeof link - 1);
    struct str login;
    enum err e = enterprise_invite(q->ctx, q->params[0], &login, token);

    if (e != OK)
        return e;
    buf_z(&b, "/app/#/welcome/");
    buf_z(&b, token);
    q->status = 201;
    q->out = json_pack("{s:o, s:o, s:o}", "login", api_str(login), "link", api_str(buf_view(&b)), "expires",
                       api_time(OPT(q->ctx->now_us + ACCOUNT_INVITATION_US)));
    return q->out == NULL ? ERR_MEMORY : OK;
}

enum err
api_enterprise_object(struct api *q)
{
    struct objection_say say = {.content = api_text(q, "content"), .publish = json_is_true(json_object_get(q->in, "publish")), .account = true};
    struct objection_filed filed;
    struct own o;
    enum err e = find_own(q, &o);

    say.target = o.target;
    if (e == OK)
        e = api_number_of(api_text(q, "result"), &say.result);
    if (e == OK)
        e = objection_file(q->ctx, &say, &filed);
    if (e == ERR_LENGTH || e == ERR_ENCODING)
        return api_wrong(q, "content", e, q->ctx->why);
    if (e != OK)
        return e;
    q->status = filed.again ? 200 : 201;
    q->out = json_pack("{s:o, s:o}", "id", api_id(filed.id), "due", api_date(filed.due));
    return OK;
}

enum err
api_enterprise_recuse(struct api *q)
{
    struct own o;
    int64_t visit;
    enum err e = find_own(q, &o);

    if (e == OK)
        e = api_number_of(api_text(q, "visit"), &visit);
    if (e == OK)
        e = recusal_ask(q->ctx, &(struct recusal_say){o.target, visit, api_text(q, "department"), api_text(q, "inspector"),
                                                      api_text(q, "reason")});
    if (e == ERR_INPUT)
        return api_wrong(q, "inspector", e, q->ctx->why);
    return e == ERR_LENGTH || e == ERR_ENCODING ? api_wrong(q, "reason", e, q->ctx->why) : e;
}
