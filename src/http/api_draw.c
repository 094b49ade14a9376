/* http/api_draw.c - the ceremony 抽取 in the office: open, commit, reveal, lock, beacon, void; what a task and its draw
 * look like now (regulation 二(五); docs/spec/draw-1.md, "Protocol"). Sealing, running and matching are long work:
 * api_draw_job.c. */
#include <string.h>

#include "api_flow.h"
#include "api_handlers.h"
#include "api_match.h"
#include "mod/assignment/assignment.h"
#include "mod/item/item.h"

/* --- what there is
 * ---------------------------------------------------------------------------------------------------- */

static json_t *
parties_json(const struct api *q, const struct flow_view *v)
{
    json_t *list = json_array();

    for (size_t i = 0; i < v->party_count; i++) {
        const struct drawing_party_list_row *p = &v->parties[i];
        const char *kind = str_eq(p->name, FLOW_OBSERVER) ? "observer"
                           : str_eq(p->name, FLOW_NOTARY) ? "notary"
                                                          : "department";

        json_array_append_new(
            list, json_pack("{s:o, s:s, s:o, s:b, s:o, s:b}", "name", api_str(p->name), "kind", kind, "commitment",
                            api_str(p->commitment), "revealed", p->secret.p != NULL || p->sealed_secret.p != NULL,
                            "present", p->present.set ? json_boolean(p->present.v != 0) : json_null(), "mine",
                            flow_is_party(q, p->name)));
    }
    return list;
}

/* How often a beacon was typed, by whom, and whether they differ; what others typed stays with them. */
static json_t *
typed_json(const struct api *q, struct str name, const struct drawing_entry_list_row *rows, size_t count)
{
    struct str mine = NO_STR, first = NO_STR;
    int64_t n = 0;
    bool differ = false;

    for (size_t i = 0; i < count; i++) {
        if (!str_eq(rows[i].name, name))
            continue;
        n++;
        differ |= first.p != NULL && !str_eq(first, rows[i].value);
        first = rows[i].value;
        if (str_eq(rows[i].actor, q->ctx->actor))
            mine = rows[i].value;
    }
    return json_pack("{s:I, s:o, s:b}", "count", (json_int_t) n, "mine", api_str(mine), "differ", differ);
}

static enum err
beacons_json(const struct api *q, const struct flow_view *v, json_t **out)
{
    struct drawing_beacon_list_row *r;
    struct drawing_entry_list_row *typed;
    size_t n, typed_count;
    struct ctx *c = q->ctx;
    enum err e = drawing_beacon_list(c->db, c->arena, &(struct drawing_beacon_list_in){v->draw.draw, v->draw.attempt},
                                     &r, &n);

    if (e == OK)
        e = drawing_entry_list(c->db, c->arena, &(struct drawing_entry_list_in){v->draw.draw, v->draw.attempt},
                               &typed, &typed_count);
    if (e != OK)
        return e;
    *out = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            *out, json_pack("{s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "name", api_str(r[i].name), "event",
                            api_str(r[i].event), "at", api_time(drawing_event_us(r[i].name, r[i].event)), "bits",
                            (json_int_t) draw_beacon_bits(r[i].name), "value", api_str(r[i].value), "evidence",
                            api_str(r[i].evidence), "typed", typed_json(q, r[i].name, typed, typed_count)));
    return OK;
}

static enum err
quotas_json(const struct api *q, const struct flow_view *v, json_t **quotas, json_t **exclusions)
{
    struct drawing_quota_list_row *r;
    struct drawing_exclusion_list_row *x;
    size_t n, xn;
    struct ctx *c = q->ctx;
    enum err e = drawing_quota_list(c->db, c->arena, &(struct drawing_quota_list_in){v->draw.draw, v->draw.attempt},
                                    &r, &n);

    if (e == OK)
        e = drawing_exclusion_list(c->db, c->arena,
                                   &(struct drawing_exclusion_list_in){v->draw.draw, v->draw.attempt}, &x, &xn);
    if (e != OK)
        return e;
    *quotas = json_array();
    *exclusions = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(*quotas,
                              json_pack("{s:I, s:o, s:I, s:I, s:I, s:o}", "group", (json_int_t) r[i].grp, "stratum",
                                        api_str(r[i].stratum), "population", (json_int_t) r[i].population_count, "n",
                                        (json_int_t) r[i].sample_count, "reserve", (json_int_t) r[i].reserve_count,
                                        "ratio_bp", api_i64(r[i].ratio_bp)));
    for (size_t i = 0; i < xn; i++)
        json_array_append_new(*exclusions, json_pack("{s:o, s:I}", "reason", api_str(x[i].reason), "count",
                                                     (json_int_t) x[i].excluded_count));
    return OK;
}

static enum err
draw_json(const struct api *q, const struct flow_view *v, json_t **out)
{
    const struct drawing_current_row *d = &v->draw;
    json_t *beacons = NULL, *quotas = NULL, *exclusions = NULL;
    enum err e = beacons_json(q, v, &beacons);

    if (e == OK)
        e = quotas_json(q, v, &quotas, &exclusions);
    if (e != OK) {
        json_decref(beacons);
        return e;
    }
    *out = json_pack("{s:o, s:I, s:o, s:o, s:o, s:I, s:I, s:b, s:b, s:o, s:o, s:o, s:o, s:o}", "draw", api_str(d->draw),
                     "attempt", (json_int_t) d->attempt, "state", api_str(d->state), "suite", api_str(d->suite), "rule",
                     api_str(d->rule), "batches", (json_int_t) d->batches, "min_parties", (json_int_t) d->min_parties,
                     "salted", d->salted != 0, "unannounced", d->publish_day.set, "publish_day",
                     api_date(d->publish_day), "population", api_i64(d->population_count), "parties",
                     parties_json(q, v), "beacons", beacons, "quotas", quotas);
    json_object_set_new(*out, "exclusions", exclusions);
    return OK;
}

static enum err
attempts_json(const struct api *q, json_t **out)
{
    struct drawing_attempt_list_row *r;
    size_t n;
    enum err e = drawing_attempt_list(q->ctx->db, q->ctx->arena, &(struct drawing_attempt_list_in){q->params[0]}, &r, &n);

    if (e != OK)
        return e;
    *out = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *a = json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "draw", api_str(r[i].draw), "attempt",
                              (json_int_t) r[i].attempt, "state", api_str(r[i].state), "roster_root",
                              api_str(r[i].roster_root), "draw_digest", api_str(r[i].draw_digest), "lock_digest",
                              api_str(r[i].lock_digest), "seed", api_str(r[i].seed), "result_digest",
                              api_str(r[i].result_digest), "void_reason", api_str(r[i].void_reason));

        json_object_update_new(a, json_pack("{s:o, s:o, s:o, s:o, s:o}", "opened", api_time(OPT(r[i].opened_us)),
                                            "sealed", api_time(r[i].sealed_us), "locked", api_time(r[i].locked_us),
                                            "drawn", api_time(r[i].drawn_us), "voided", api_time(r[i].voided_us)));
        json_array_append_new(*out, a);
    }
    return OK;
}

/* --- what may be done now
 * --------------------------------------------------------------------------------------------- */

static void
may(json_t *list, bool yes, const char *act)
{
    if (yes)
        json_array_append_new(list, json_string(act));
}

static bool
has_mine(const struct api *q, const struct flow_view *v)
{
    for (size_t i = 0; i < v->party_count; i++)
        if (flow_is_party(q, v->parties[i].name))
            return true;
    return false;
}

/* By permission and by state; the acts themselves check again. */
static json_t *
acts_json(const struct api *q, const struct flow_view *v)
{
    json_t *list = json_array();
    bool prepares = flow_prepares(q, v), approves = flow_approves(q, v), mine = has_mine(q, v);
    enum task_state t = v->task.state;
    bool open = v->has_draw && v->state == DRAWING_OPEN, drawn = v->has_draw && v->state == DRAWING_DRAWN;

    may(list, approves && t == TASK_DRAFT, "approve");
    may(list, prepares && t <= TASK_APPROVED, "simulate");
    may(list, prepares && t == TASK_APPROVED && (!v->has_draw || open || v->state == DRAWING_VOID), "open");
    may(list, mine && open, "commit");
    may(list, prepares && open, "seal");
    may(list, mine && v->has_draw && v->state == DRAWING_SEALED, "reveal");
    may(list, prepares && v->has_draw && v->state == DRAWING_SEALED, "lock");
    may(list, (prepares || mine) && v->has_draw && v->state == DRAWING_LOCKED, "beacon");
    may(list, prepares && v->has_draw && v->state == DRAWING_BEACON, "run");
    may(list, prepares && drawn && t == TASK_DRAWN, "assign");
    may(list, approves && v->has_draw && v->state != DRAWING_OPEN && v->state != DRAWING_VOID && t >= TASK_SEALED &&
                  t <= TASK_ASSIGNED,
        "void");
    may(list, drawn && t >= TASK_ASSIGNED && flow_department(q, v).n > 0 && flow_is_party(q, flow_department(q, v)),
        "confirm");
    may(list, drawn && t >= TASK_ASSIGNED && roles_may(q->who.roles, PERMIT_PLAN_APPROVE) &&
                  (flow_owns(q, v) || flow_department(q, v).n > 0),
        "replace");
    may(list, drawn && t >= TASK_ASSIGNED && approves, "substitute");
    return list;
}

static enum err
items_json(const struct api *q, const struct task *t, json_t **out)
{
    *out = json_array();
    for (size_t i = 0; i < t->items.count; i++) {
        struct item_latest_row r = {0};
        enum err e = item_latest(q->ctx->db, q->ctx->arena, &(struct item_latest_in){t->items.v[i]}, &r);

        if (e != OK && e != ERR_NOT_FOUND)
            return e;
        json_array_append_new(*out, json_pack("{s:o, s:o, s:o, s:o}", "code", api_str(t->items.v[i]), "name",
                                              api_str(r.name), "class", api_str(r.class), "cap_bp",
                                              api_i64(e == OK ? r.cap_bp : (struct opt_i64){0})));
    }
    return OK;
}

static json_t *
task_json(const struct flow_view *v)
{
    const struct task_get_row *r = &v->task.row;
    json_t *t = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "code", api_str(r->code), "name",
                          api_str(r->name), "state", api_str(r->state), "plan", api_str(r->plan), "line",
                          api_i64(r->line), "adhoc_reason", api_str(r->adhoc_reason), "cap_exempt",
                          api_str(r->cap_exempt), "directed", r->directed != 0, "lead", api_str(r->lead));

    json_object_update_new(t, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "scope", api_list(r->scope), "strata",
                                        api_list(r->strata), "participants", api_list(r->participants), "from",
                                        api_date(OPT(r->from_day)), "to", api_date(OPT(r->to_day)), "created",
                                        api_time(OPT(r->created_us))));
    return t;
}

enum err
flow_give(struct api *q)
{
    struct flow_view v;
    json_t *items = NULL, *draw = NULL, *attempts = NULL, *staffing = NULL;
    enum err e = flow_find(q, &v);

    if (e == OK)
        e = items_json(q, &v.task, &items);
    if (e == OK && v.has_draw)
        e = draw_json(q, &v, &draw);
    if (e == OK)
        e = attempts_json(q, &attempts);
    if (e == OK && v.has_draw)
        e = match_staffing(q, &v, &staffing);
    if (e == OK) {
        q->etag = v.task.row.row_version;
        q->out = task_json(&v);
        json_object_set_new(q->out, "may", acts_json(q, &v));
        json_object_set(q->out, "items", items);
        json_object_set_new(q->out, "draw", draw == NULL ? json_null() : json_incref(draw));
        json_object_set(q->out, "attempts", attempts);
        json_object_set_new(q->out, "staffing", staffing == NULL ? json_null() : json_incref(staffing));
    }
    json_decref(items);
    json_decref(draw);
    json_decref(attempts);
    json_decref(staffing);
    return e;
}

enum err
api_task_get(struct api *q)
{
    return flow_give(q);
}

/* Draws that wait for what only this account's parties can give. */
enum err
api_ceremonies_get(struct api *q)
{
    struct str names[] = {q->who.department, FLOW_OBSERVER, FLOW_NOTARY};
    json_t *rows = api_rows(q);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct drawing_of_party_row *r;
        size_t n;
        enum err e;

        if (names[i].n == 0 || !flow_is_party(q, names[i]))
            continue;
        if ((e = drawing_of_party(q->ctx->db, q->ctx->arena, &(struct drawing_of_party_in){names[i]}, &r, &n)) != OK)
            return e;
        for (size_t j = 0; j < n; j++) {
            struct task_get_row t;

            if ((e = task_get(q->ctx->db, q->ctx->arena, &(struct task_get_in){r[j].task}, &t)) != OK)
                return e;
            if (str_starts(t.code, q->ctx->region))
                json_array_append_new(
                    rows, json_pack("{s:o, s:o, s:o, s:o, s:I, s:o, s:b, s:b}", "task", api_str(t.code), "name",
                                    api_str(t.name), "party", api_str(names[i]), "draw", api_str(r[j].draw), "attempt",
                                    (json_int_t) r[j].attempt, "state", api_str(r[j].state), "committed",
                                    r[j].commitment.p != NULL, "revealed", r[j].revealed != 0));
        }
    }
    return OK;
}

/* --- the steps
 * -------------------------------------------------------------------------------------------------------- */

static enum err
prepared_by(struct api *q, struct flow_view *v)
{
    enum err e = flow_find(q, v);

    return e == OK && !flow_prepares(q, v) ? ERR_PERMISSION : e;
}

static enum err
read_parties(struct api *q, struct texts *out)
{
    const json_t *list = json_object_get(q->in, "parties");
    size_t n = json_array_size(list);

    if (n > DRAW_PARTY_MAX)
        return api_wrong(q, "parties", ERR_RANGE, NULL);
    out->v = arena_array(q->ctx->arena, n + 1, sizeof *out->v);
    if (out->v == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        const json_t *name = json_array_get(list, i);

        if (!json_is_string(name))
            return api_wrong(q, "parties", ERR_INPUT, NULL);
        out->v[i] = (struct str){json_string_value(name), json_string_length(name)};
    }
    out->count = n;
    return OK;
}

static enum err
read_beacons(struct api *q, struct drawing_opening *o)
{
    const json_t *list = json_object_get(q->in, "beacons");
    size_t n = json_array_size(list);
    struct drawing_beacon *b = arena_array(q->ctx->arena, n + 1, sizeof *b);

    if (b == NULL)
        return ERR_MEMORY;
    if (n > DRAW_BEACON_MAX)
        return api_wrong(q, "beacons", ERR_RANGE, NULL);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i), *name = json_object_get(one, "name"),
                     *event = json_object_get(one, "event");

        if (!json_is_string(name) || !json_is_string(event) || json_object_size(one) != 2)
            return api_wrong(q, "beacons", ERR_INPUT, NULL);
        b[i] = (struct drawing_beacon){{json_string_value(name), json_string_length(name)},
                                       {json_string_value(event), json_string_length(event)}};
    }
    o->beacons = b;
    o->beacon_count = n;
    return OK;
}

enum err
api_draw_open(struct api *q)
{
    struct flow_view v;
    struct drawing_opening o = {.task = q->params[0]};
    struct opt_i64 least = api_number(q, "min_parties");
    struct drawing_key key;
    enum err e = prepared_by(q, &v);

    if (e == OK)
        e = read_parties(q, &o.parties);
    if (e == OK)
        e = read_beacons(q, &o);
    if (e == OK && least.set && (least.v < 0 || least.v > (int64_t) o.parties.count))
        e = api_wrong(q, "min_parties", ERR_RANGE, NULL);
    if (e != OK)
        return e;
    o.min_parties = least.set ? (uint32_t) least.v : 0;
    o.unannounced = json_is_true(json_object_get(q->in, "unannounced"));
    e = drawing_open(q->ctx, &o, &key);
    return e == OK ? flow_give(q) : e;
}

/* A party acts for itself alone. */
static enum err
acting_party(struct api *q, struct str *name)
{
    struct flow_view v;
    enum err e = flow_find(q, &v);

    *name = api_text(q, "party");
    if (e != OK)
        return e;
    for (size_t i = 0; i < v.party_count; i++)
        if (str_eq(v.parties[i].name, *name))
            return flow_is_party(q, *name) ? OK : ERR_PERMISSION;
    return api_wrong(q, "party", ERR_NOT_FOUND, NULL);
}

enum err
api_draw_commit(struct api *q)
{
    struct str party;
    enum err e = acting_party(q, &party);

    if (e == OK)
        e = drawing_commit(q->ctx, q->params[0], party, api_text(q, "commitment"));
    return e == OK ? flow_give(q) : e;
}

enum err
api_draw_reveal(struct api *q)
{
    struct str party;
    enum err e = acting_party(q, &party);

    if (e == OK)
        e = drawing_reveal(q->ctx, q->params[0], party, api_text(q, "secret"));
    if (e == ERR_COMMITMENT)
        return api_wrong(q, "secret", e, NULL);
    return e == OK ? flow_give(q) : e;
}

enum err
api_draw_lock(struct api *q)
{
    struct flow_view v;
    enum err e = prepared_by(q, &v);

    if (e == OK && !(v.has_draw && v.state > DRAWING_SEALED && v.state <= DRAWING_DRAWN)) /* not locked before */
        e = drawing_lock(q->ctx, q->params[0]);
    return e == OK ? flow_give(q) : e;
}

/* Numbers of a lottery are typed twice, by two accounts; a drand round proves itself by its signature. */
static enum err
give_beacon(struct api *q, enum drawing_typed *how)
{
    struct str name = api_text(q, "name"), value = api_text(q, "value"), evidence = api_text(q, "evidence");
    enum err e;

    if (!str_starts(name, STR("drand-"))) {
        if (value.n == 0)
            return api_wrong(q, "value", ERR_MISSING, NULL);
        return drawing_type_beacon(q->ctx, q->params[0], name, value, evidence, how);
    }
    *how = DRAWING_TYPED_COUNTS;
    if (evidence.n == 0)
        return api_wrong(q, "evidence", ERR_MISSING, NULL);
    e = drawing_drand_value(q->ctx, evidence, &value);
    return e == OK ? drawing_beacon(q->ctx, q->params[0], name, value, evidence) : e;
}

enum err
api_draw_beacon(struct api *q)
{
    static const char *const WORDS[] = {"alone", "differs", "counts"};
    struct flow_view v;
    enum drawing_typed how = DRAWING_TYPED_ALONE;
    enum err e = flow_find(q, &v);

    if (e == OK && !flow_prepares(q, &v) && !has_mine(q, &v))
        e = ERR_PERMISSION;
    if (e == OK)
        e = give_beacon(q, &how);
    if (e == ERR_SYNTAX)
        return api_wrong(q, str_starts(api_text(q, "name"), STR("drand-")) ? "evidence" : "value", e, q->ctx->why);
    if (e == OK)
        e = flow_give(q);
    if (e == OK)
        json_object_set_new(q->out, "typed", json_string(WORDS[how]));
    return e;
}

enum err
api_draw_void(struct api *q)
{
    struct flow_view v;
    enum err e = flow_find(q, &v);

    if (e == OK && !flow_approves(q, &v))
        e = ERR_PERMISSION;
    if (e == OK && !(v.has_draw && v.state == DRAWING_VOID)) /* voided before: it stays so */
        e = assignment_void(q->ctx, q->params[0], api_text(q, "reason"));
    if (e == ERR_INPUT)
        return api_wrong(q, "reason", e, q->ctx->why);
    return e == OK ? flow_give(q) : e;
}
