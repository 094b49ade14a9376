/* http/api_merging.c - visits that are made together 进一次门、查多项事 (regulation 二(五)) */
#include "api_handlers.h"
#include "mod/merging/merging.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"

static struct merging_scope
scope(const struct api *q)
{
    return (struct merging_scope){q->ctx->department.n == 0 ? NO_STR : q->ctx->department,
                                  q->ctx->region.n == 0 ? NO_STR : q->ctx->region};
}

static enum err
target_name(struct api *q, struct str code, struct str *name)
{
    struct target_get_row t;
    enum err e = target_get(q->ctx->db, q->ctx->arena, &(struct target_get_in){code}, &t);

    *name = e == OK ? t.name : NO_STR;
    return e == ERR_NOT_FOUND ? OK : e;
}

/* Who goes along; seen: whether one's own department has taken note. */
static enum err
departments_json(struct api *q, int64_t id, json_t **list, bool *seen)
{
    struct merging_departments_row *d;
    size_t n = 0;
    enum err e = merging_departments(q->ctx->db, q->ctx->arena, &(struct merging_departments_in){id}, &d, &n);

    *list = json_array();
    *seen = false;
    for (size_t i = 0; e == OK && i < n; i++) {
        json_array_append_new(*list, json_pack("{s:o, s:o}", "department", api_str(d[i].department), "seen", api_time(d[i].seen_us)));
        *seen |= d[i].seen_us.set && str_eq(d[i].department, q->who.department);
    }
    return e;
}

static enum err
head_json(struct api *q, const struct merging_see_row *m, json_t **out)
{
    json_t *departments;
    struct str name;
    bool seen;
    enum err e = target_name(q, m->target, &name);

    if (e == OK)
        e = departments_json(q, m->id, &departments, &seen);
    if (e != OK)
        return e;
    *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:I, s:o, s:b}", "id", api_id(m->id), "target",
                     api_str(m->target), "name", api_str(name), "region", api_str(m->region), "lead", api_str(m->lead), "state",
                     api_str(m->state), "from", api_date(OPT(m->from_day)), "to", api_date(OPT(m->to_day)), "day",
                     api_date(m->day), "visits", (json_int_t) m->visit_count, "reason", api_str(m->reason), "proposed",
                     api_time(OPT(m->proposed_us)), "decided", api_time(m->decided_us), "row_version",
                     (json_int_t) m->row_version, "departments", departments, "seen", seen);
    return OK;
}

enum err
api_mergings_get(struct api *q)
{
    struct merging_list_in in = {.below = INT64_MAX, .state = api_query(q, "state"), .where = scope(q)};
    struct merging_list_row *r;
    size_t n = 0;
    json_t *rows;
    enum err e = api_page_by_number(q, &in.limit, &in.below);

    if (e == OK)
        e = merging_list(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; e == OK && i < n && i + 1 < (size_t) in.limit; i++) {
        struct merging_see_row m = {r[i].id,          r[i].target, r[i].region,      r[i].lead, r[i].state,
                                    r[i].from_day,    r[i].to_day, r[i].day,         r[i].visit_count,
                                    r[i].reason,      r[i].proposed_us, NO_STR,      r[i].decided_us, r[i].row_version};
        json_t *one = NULL;

        e = head_json(q, &m, &one);
        if (e == OK)
            json_array_append_new(rows, one);
    }
    if (e == OK && n == (size_t) in.limit)
        api_more_number(q, r[n - 2].id);
    return e;
}

enum err
api_merging_counts(struct api *q)
{
    struct merging_counts_row *r;
    size_t n = 0;
    enum err e = merging_counts(q->ctx->db, q->ctx->arena, &(struct merging_counts_in){scope(q)}, &r, &n);

    if (e != OK)
        return e;
    q->out = json_pack("{s:i, s:i, s:i, s:i, s:i}", "proposed", 0, "accepted", 0, "declined", 0, "lapsed", 0, "saved", 0);
    for (size_t i = 0; i < n; i++) {
        json_object_setn_new(q->out, r[i].state.p, r[i].state.n, json_integer((json_int_t) r[i].count));
        if (str_eq(r[i].state, STR("accepted")))
            json_object_set_new(q->out, "saved", json_integer((json_int_t) r[i].saved));
    }
    return OK;
}

/* --- one ---------------------------------------------------------------------------------------------------------------- */

/* The merging of the address, within the row scope. ERR_NOT_FOUND. */
static enum err
find(struct api *q, struct merging_see_row *m)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    return e == OK ? merging_find(q->ctx, id, m) : e;
}

static enum err
put_visits(struct api *q, const struct merging_see_row *m)
{
    struct merging_visits_row *v;
    size_t n = 0;
    json_t *rows = json_array();
    enum err e = merging_visits(q->ctx->db, q->ctx->arena, &(struct merging_visits_in){m->id}, &v, &n);

    json_object_set_new(q->out, "tasks", rows);
    for (size_t i = 0; e == OK && i < n; i++) {
        struct visit_get_row s;
        struct task t;
        enum err there;

        e = task_load(q->ctx, v[i].task, &t);
        there = e == OK ? visit_get(q->ctx->db, q->ctx->arena, &(struct visit_get_in){m->target, v[i].visit}, &s) : e;
        if (there != OK && there != ERR_NOT_FOUND)
            return there;
        if (e == OK)
            json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "task", api_str(v[i].task), "name",
                                                  api_str(t.row.name), "lead", api_str(t.row.lead), "items", api_list(t.row.items),
                                                  "participants", api_list(t.row.participants), "from",
                                                  api_date(OPT(t.row.from_day)), "to", api_date(OPT(t.row.to_day)), "state",
                                                  there == OK ? api_str(s.state) : json_null()));
    }
    return e;
}

static enum err
put_days(struct api *q, const struct merging_see_row *m)
{
    struct merging_day *d;
    size_t n = 0;
    json_t *rows = json_array();
    enum err e = merging_days(q->ctx, m, &d, &n);

    json_object_set_new(q->out, "days", rows);
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(rows, json_pack("{s:o, s:b, s:b, s:I, s:I}", "day", api_date(OPT(d[i].day)), "known", d[i].known,
                                              "works", d[i].works, "away", (json_int_t) d[i].away, "planned",
                                              (json_int_t) d[i].planned));
    return e;
}

static enum err
give(struct api *q)
{
    struct merging_see_row m;
    enum err e = find(q, &m);

    if (e == OK)
        e = head_json(q, &m, &q->out);
    if (e == OK)
        e = put_visits(q, &m);
    if (e == OK)
        e = put_days(q, &m);
    if (e == OK)
        q->etag = m.row_version;
    return e;
}

enum err
api_merging_get(struct api *q)
{
    return give(q);
}

/* --- decisions ------------------------------------------------------------------------------------------------------------ */

/* The lead decides, with the row version one has seen. */
static enum err
decided_by_lead(struct api *q, struct merging_see_row *m, int64_t *version)
{
    enum err e = find(q, m);

    if (e == OK && q->ctx->department.n > 0 && !str_eq(m->lead, q->ctx->department))
        e = ctx_refuse(q->ctx, ERR_PERMISSION, "the lead decides");
    return e == OK ? api_if_match(q, version) : e;
}

enum err
api_merging_accept(struct api *q)
{
    struct merging_see_row m;
    struct opt_i64 day = {0};
    int64_t version = 0;
    enum err e = decided_by_lead(q, &m, &version);

    if (e == OK)
        e = api_day(q, "day", &day);
    if (e == OK)
        e = merging_accept(q->ctx, m.id, version, day);
    if (e == ERR_DATE || e == ERR_MISSING || e == ERR_CALENDAR)
        return api_wrong(q, "day", e, q->ctx->why);
    return e == OK ? give(q) : e;
}

enum err
api_merging_decline(struct api *q)
{
    struct merging_see_row m;
    int64_t version = 0;
    enum err e = decided_by_lead(q, &m, &version);

    if (e == OK)
        e = merging_decline(q->ctx, m.id, version, api_text(q, "reason"));
    if (e == ERR_INPUT || e == ERR_LENGTH)
        return api_wrong(q, "reason", e, q->ctx->why);
    return e == OK ? give(q) : e;
}

enum err
api_merging_seen(struct api *q)
{
    struct merging_see_row m;
    enum err e = find(q, &m);

    if (e == OK && q->who.department.n == 0)
        e = ERR_PERMISSION;
    if (e == OK)
        e = merging_note_seen(q->ctx, m.id, q->who.department);
    return e == OK ? give(q) : e;
}

/* Look again over the open visits of one task. */
enum err
api_merging_propose(struct api *q)
{
    struct str task = api_text(q, "task");
    struct task t;
    size_t count = 0;
    enum err e = task_load(q->ctx, task, &t);

    if (e == OK && (!str_starts(task, q->ctx->region) ||
                    (q->ctx->department.n > 0 && !participants_have(&t.participants, q->ctx->department))))
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = merging_propose(q->ctx, task, NO_STR, &count);
    if (e == OK)
        q->out = json_pack("{s:I}", "proposed", (json_int_t) count);
    return e;
}
