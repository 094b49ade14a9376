/* http/api_task.c - tasks of checks 抽查任务: the list, one task, create, approve, the frame before it is sealed
 * (regulation 二(四), 二(五)) */
#include <stdlib.h>
#include <string.h>

#include "api_flow.h"
#include "api_handlers.h"
#include "mod/drawing/frame.h"
#include "mod/json.h"


/* --- who may do what
 * -------------------------------------------------------------------------------------------------- */

bool
flow_joint(const struct flow_view *v)
{
    return v->task.participants.count > 1;
}

bool
flow_owns(const struct api *q, const struct flow_view *v)
{
    return q->ctx->department.n == 0 || str_eq(q->ctx->department, v->task.row.lead) ||
           (flow_joint(v) && roles_may(q->who.roles, PERMIT_CONFERENCE));
}

bool
flow_works(const struct api *q, const struct flow_view *v)
{
    bool office = roles_may(q->who.roles, PERMIT_PLAN_EDIT) || roles_may(q->who.roles, PERMIT_PLAN_APPROVE);

    return office && (flow_owns(q, v) || flow_department(q, v).n > 0);
}

bool
flow_prepares(const struct api *q, const struct flow_view *v)
{
    return roles_may(q->who.roles, PERMIT_PLAN_EDIT) && flow_owns(q, v);
}

bool
flow_approves(const struct api *q, const struct flow_view *v)
{
    return flow_owns(q, v) && (roles_may(q->who.roles, PERMIT_PLAN_APPROVE) ||
                               (flow_joint(v) && roles_may(q->who.roles, PERMIT_CONFERENCE)));
}

bool
flow_is_party(const struct api *q, struct str name)
{
    bool business = roles_may(q->who.roles, PERMIT_PLAN_EDIT) || roles_may(q->who.roles, PERMIT_PLAN_APPROVE);

    if (str_eq(name, FLOW_OBSERVER))
        return roles_may(q->who.roles, PERMIT_DRAW_WITNESS);
    if (str_eq(name, FLOW_NOTARY))
        return roles_may(q->who.roles, PERMIT_DRAW_NOTARY);
    return business && q->who.department.n > 0 && str_eq(q->who.department, name);
}

struct str
flow_department(const struct api *q, const struct flow_view *v)
{
    return q->who.department.n > 0 && participants_have(&v->task.participants, q->who.department)
               ? q->who.department
               : NO_STR;
}

static bool
may_see(const struct api *q, const struct flow_view *v)
{
    struct str code = v->task.row.code;

    if (!str_starts(code, q->ctx->region))
        return false;
    if (q->ctx->department.n == 0 || str_eq(q->ctx->department, v->task.row.lead) ||
        participants_have(&v->task.participants, q->ctx->department) ||
        roles_may(q->who.roles, PERMIT_DRAW_WITNESS) || roles_may(q->who.roles, PERMIT_DRAW_NOTARY))
        return true;
    for (size_t i = 0; i < v->party_count; i++)
        if (flow_is_party(q, v->parties[i].name))
            return true;
    return false;
}

enum err
flow_find(struct api *q, struct flow_view *out)
{
    struct ctx *c = q->ctx;
    enum err e;

    *out = (struct flow_view){0};
    if ((e = task_load(c, q->params[0], &out->task)) != OK)
        return e;
    e = drawing_find(c, q->params[0], &out->draw, &out->state);
    out->has_draw = e == OK;
    if (e == OK)
        e = drawing_party_list(c->db, c->arena,
                               &(struct drawing_party_list_in){out->draw.draw, out->draw.attempt},
                               &out->parties, &out->party_count);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    c->why[0] = '\0'; /* that there is no draw yet is no fault */
    return may_see(q, out) ? OK : ctx_refuse(c, ERR_NOT_FOUND, "task %.*s", (int) q->params[0].n, q->params[0].p);
}

/* --- the list
 * --------------------------------------------------------------------------------------------------------- */

enum err
api_tasks_get(struct api *q)
{
    struct task_search_row *r;
    struct str cursor = api_query(q, "cursor"), entry;
    bool witness = roles_may(q->who.roles, PERMIT_DRAW_WITNESS) || roles_may(q->who.roles, PERMIT_DRAW_NOTARY);
    struct str own = witness ? NO_STR : q->ctx->department;
    int64_t limit;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = task_own_entry(q->ctx, own, &entry);
    if (e == OK)
        e = task_search(q->ctx->db, q->ctx->arena,
                        &(struct task_search_in){cursor.n == 0 ? STR("~") : cursor, api_query(q, "q"),
                                                 api_query(q, "state"), api_query(q, "department"),
                                                 api_query(q, "plan"), own, entry, q->ctx->region, limit + 1},
                        &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "code",
                            api_str(r[i].code), "name", api_str(r[i].name), "state", api_str(r[i].state), "plan",
                            api_str(r[i].plan), "line", api_i64(r[i].line), "adhoc", r[i].plan.p == NULL, "lead",
                            api_str(r[i].lead), "participants", api_list(r[i].participants), "items",
                            api_list(r[i].items), "from", api_date(OPT(r[i].from_day)), "to",
                            api_date(OPT(r[i].to_day)), "created", api_time(OPT(r[i].created_us))));
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].code);
    return OK;
}

/* --- create and approve
 * ----------------------------------------------------------------------------------------------- */

/* The content as mod/task reads it: without what is only the API's, without nulls. */
static enum err
task_text(struct api *q, struct str *out)
{
    json_t *copy = json_copy(q->in);
    const char *key;
    json_t *v;
    void *next;
    char *text;

    json_object_del(copy, "region");
    json_object_foreach_safe(copy, next, key, v) if (json_is_null(v)) json_object_del(copy, key);
    text = json_dumps(copy, JSON_COMPACT);
    json_decref(copy);
    *out = text == NULL ? NO_STR : str_copy(q->ctx->arena, str_of(text));
    free(text);
    return out->p == NULL ? ERR_MEMORY : OK;
}

/* A clerk prepares for the own department, as lead; the secretary of the conference for any. */
static bool
may_lead(const struct api *q, struct str lead)
{
    return q->ctx->department.n == 0 || str_eq(q->ctx->department, lead) ||
           roles_may(q->who.roles, PERMIT_CONFERENCE);
}

enum err
api_tasks_post(struct api *q)
{
    struct task_get_row row;
    struct str text, region = api_text(q, "region"), plan = api_text(q, "plan"), code;
    enum err e = task_text(q, &text);

    if (region.n == 0)
        region = q->who.region;
    if (region.n == 0 && plan.n >= 6)
        region = (struct str){plan.p, 6};
    if (e == OK && !str_starts(region, q->ctx->region))
        e = api_wrong(q, "region", ERR_PERMISSION, NULL);
    if (e == OK)
        e = task_create(q->ctx, region, text, &code);
    if (e == ERR_REGION)
        return api_wrong(q, "region", e, q->ctx->why);
    if (e == OK)
        e = task_get(q->ctx->db, q->ctx->arena, &(struct task_get_in){code}, &row);
    if (e == OK && !may_lead(q, row.lead))
        e = ERR_PERMISSION; /* rolled back with the whole act */
    if (e != OK)
        return e;
    q->params[0] = code;
    q->status = 201;
    return flow_give(q);
}

enum err
api_task_approve(struct api *q)
{
    struct flow_view v;
    enum err e = flow_find(q, &v);

    if (e == OK && !flow_approves(q, &v))
        e = ERR_PERMISSION;
    if (e == OK && v.task.state != TASK_APPROVED) /* approved before: nothing to do */
        e = task_approve(q->ctx, q->params[0]);
    return e == OK ? flow_give(q) : e;
}

/* --- the frame before it is sealed
 * ----------------------------------------------------------------------------------- */

static json_t *
reasons_json(const struct api *q, const struct drawing_preview *p)
{
    json_t *list = json_array();
    bool risk = roles_may(q->who.roles, PERMIT_RISK_READ);

    for (int x = FRAME_IN + 1; x < FRAME_EXCLUSION_COUNT; x++) {
        json_t *codes = json_array();

        for (size_t i = 0; i < DRAWING_PREVIEW_CODES && p->reasons[x].codes[i].p != NULL; i++)
            if (risk || x != FRAME_LOW_RISK) /* who stands there is of class A */
                json_array_append_new(codes, api_str(p->reasons[x].codes[i]));
        if (p->reasons[x].count > 0)
            json_array_append_new(list, json_pack("{s:s, s:I, s:o}", "reason",
                                                  frame_exclusion_word((enum frame_exclusion) x), "count",
                                                  (json_int_t) p->reasons[x].count, "codes", codes));
        else
            json_decref(codes);
    }
    return list;
}

enum err
api_task_frame(struct api *q)
{
    struct flow_view v;
    struct drawing_preview p;
    json_t *quotas;
    enum err e = flow_find(q, &v);

    if (e == OK)
        e = drawing_preview(q->ctx, q->params[0], &p);
    if (e != OK)
        return e;
    quotas = json_array();
    for (size_t i = 0; i < p.quota_count; i++) {
        const struct drawing_preview_quota *t = &p.quotas[i];

        json_array_append_new(
            quotas, json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "department", api_str(t->department),
                              "stratum", api_str(t->stratum), "population", (json_int_t) t->population, "n",
                              (json_int_t) t->n, "reserve", (json_int_t) t->reserve, "ratio_bp",
                              (json_int_t) t->ratio_bp, "least_ppm", (json_int_t) t->least_ppm, "most_ppm",
                              (json_int_t) t->most_ppm));
    }
    q->out = json_pack("{s:I, s:I, s:o, s:o, s:o}", "rows", (json_int_t) p.rows, "excluded",
                       (json_int_t) p.excluded, "cap_bp", api_i64(p.cap_bp), "quotas", quotas, "exclusions",
                       reasons_json(q, &p));
    return OK;
}
