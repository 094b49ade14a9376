/* http/api_match.c - the drawn targets and their teams 匹配检查人员: confirmation, recusal, substitution
 * (regulation 二(五); docs/spec/match-1.md) */
#include "api_match.h"

#include <stdlib.h>
#include <string.h>

#include "api_handlers.h"
#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/json.h"
#include "mod/expert_sql.h"
#include "mod/inspector_sql.h"
#include "mod/org_sql.h"
#include "mod/panel_sql.h"
#include "mod/target_sql.h"
#include "mod/workday/workday.h"

/* --- the matching
 * ----------------------------------------------------------------------------------------------------- */

/* The last day to confirm; unset when the calendar does not hold the year. */
static enum err
confirm_day(const struct api *q, int64_t assigned_us, struct opt_i64 *out)
{
    struct calendar k;
    enum err e = workday_calendar(q->ctx, &k);

    *out = (struct opt_i64){0};
    if (e == OK)
        out->set = calendar_add_working_days(&k, day_of_us(assigned_us), ASSIGNMENT_CONFIRM_DAYS, &out->v) == OK;
    return e;
}

static enum err
teams_json(const struct api *q, const struct flow_view *v, json_t **out)
{
    struct assignment_teams_of_row *t;
    struct assignment_confirmation_list_row *k;
    size_t n, kn;
    struct ctx *c = q->ctx;
    enum err e = assignment_teams_of(c->db, c->arena, &(struct assignment_teams_of_in){v->draw.draw, v->draw.attempt},
                                     &t, &n);

    if (e == OK)
        e = assignment_confirmation_list(
            c->db, c->arena, &(struct assignment_confirmation_list_in){v->draw.draw, v->draw.attempt}, &k, &kn);
    if (e != OK)
        return e;
    *out = json_array();
    for (size_t i = 0; i < n; i++) {
        struct opt_i64 confirmed = {0};

        for (size_t j = 0; j < kn; j++)
            if (str_eq(k[j].department, t[i].department))
                confirmed = OPT(k[j].confirmed_us);
        json_array_append_new(*out, json_pack("{s:o, s:I, s:o}", "department", api_str(t[i].department), "targets",
                                              (json_int_t) t[i].target_count, "confirmed", api_time(confirmed)));
    }
    return OK;
}

enum err
match_staffing(const struct api *q, const struct flow_view *v, json_t **out)
{
    struct assignment_staffing_row s;
    struct opt_i64 due = {0};
    json_t *teams = NULL, *diagnosis = NULL;
    struct ctx *c = q->ctx;
    enum err e = assignment_staffing(c->db, c->arena, &(struct assignment_staffing_in){v->draw.draw, v->draw.attempt}, &s);

    if (e == ERR_NOT_FOUND)
        return OK;
    if (e == OK)
        e = teams_json(q, v, &teams);
    if (e == OK && s.assigned_us.set)
        e = confirm_day(q, s.assigned_us.v, &due);
    if (e != OK) {
        json_decref(teams);
        return e;
    }
    if (s.diagnosis.n > 0)
        diagnosis = json_loadb(s.diagnosis.p, s.diagnosis.n, 0, NULL);
    *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "state", api_str(s.state), "staff_digest",
                     api_str(s.staff_digest), "match_seed", api_str(s.match_seed), "owners_digest",
                     api_str(s.owners_digest), "assigned", api_time(s.assigned_us), "confirm_due", api_date(due), "teams",
                     teams, "diagnosis", diagnosis == NULL ? json_null() : diagnosis);
    return OK;
}

/* --- the drawn targets
 * ------------------------------------------------------------------------------------------------ */

static json_t *
departments_json(const struct org_department_list_row *d, size_t count, int64_t mask)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        if (((uint64_t) mask >> d[i].bit & 1) != 0)
            json_array_append_new(list, api_str(d[i].code));
    return list;
}

static enum err
member_json(const struct api *q, const struct assignment_list_row *m, json_t **out)
{
    struct inspector_certificates_of_row *k = NULL;
    struct inspector_get_row person = {0};
    size_t n = 0;
    struct ctx *c = q->ctx;
    enum err e = inspector_get(c->db, c->arena, &(struct inspector_get_in){m->inspector}, &person);

    if (e == OK)
        e = inspector_certificates_of(c->db, c->arena, &(struct inspector_certificates_of_in){m->inspector}, &k, &n);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    *out = json_pack("{s:o, s:o, s:o, s:o, s:I, s:o}", "department", api_str(m->department), "inspector",
                     api_str(m->inspector), "name", api_str(person.name), "role", api_str(m->role), "rank",
                     (json_int_t) m->rank, "certificate", n > 0 ? api_str(k[0].no) : json_null());
    return OK;
}

static enum err
team_json(const struct api *q, const struct flow_view *v, struct str target, json_t **out)
{
    struct assignment_list_row *m;
    size_t n;
    enum err e = assignment_list(q->ctx->db, q->ctx->arena,
                                 &(struct assignment_list_in){target, v->draw.draw, v->draw.attempt}, &m, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++) {
        json_t *one = NULL;

        if (str_eq(m[i].role, STR("reserve")))
            continue;
        e = member_json(q, &m[i], &one);
        if (e == OK)
            json_array_append_new(*out, one);
    }
    return e;
}

/* Experts assist and never count towards the two inspectors. */
static enum err
experts_json(const struct api *q, const struct flow_view *v, struct str target, json_t **out)
{
    struct panel_expert_list_row *x;
    size_t n;
    struct ctx *c = q->ctx;
    enum err e = panel_expert_list(c->db, c->arena, &(struct panel_expert_list_in){target, v->draw.draw, v->draw.attempt}, &x,
                                   &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++) {
        struct expert_get_row person = {0};

        e = expert_get(c->db, c->arena, &(struct expert_get_in){x[i].expert}, &person);
        if (e == ERR_NOT_FOUND)
            e = OK;
        json_array_append_new(*out, json_pack("{s:o, s:o, s:I}", "expert", api_str(x[i].expert), "name",
                                              api_str(person.name), "rank", (json_int_t) x[i].rank));
    }
    return e;
}

static enum err
substitutes_json(const struct api *q, const struct flow_view *v, struct str target, json_t **out)
{
    struct drawing_substitution_of_row *s;
    size_t n;
    enum err e = drawing_substitution_of(q->ctx->db, q->ctx->arena,
                                         &(struct drawing_substitution_of_in){target, v->draw.draw, v->draw.attempt}, &s,
                                         &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(*out, api_str(s[i].substitute));
    return e;
}

static enum err
drawn_json(const struct api *q, const struct flow_view *v, const struct drawing_target_page_row *r,
           const struct org_department_list_row *departments, size_t count, json_t **out)
{
    struct target_get_row t = {0};
    json_t *team = NULL, *substitutes = NULL, *experts = NULL;
    bool open = v->draw.salted == 0 || roles_may(q->who.roles, PERMIT_RISK_READ);
    enum err e = target_get(q->ctx->db, q->ctx->arena, &(struct target_get_in){r->target}, &t);

    if (e == OK || e == ERR_NOT_FOUND)
        e = team_json(q, v, r->target, &team);
    if (e == OK)
        e = substitutes_json(q, v, r->target, &substitutes);
    if (e == OK)
        e = experts_json(q, v, r->target, &experts);
    if (e != OK) {
        json_decref(team);
        json_decref(experts);
        json_decref(substitutes);
        return e;
    }
    *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:o}", "target", api_str(r->target), "name",
                     api_str(t.name), "region", api_str(t.region), "stratum", api_str(open ? r->stratum : NO_STR),
                     "departments", departments_json(departments, count, r->mask), "position", (json_int_t) r->position,
                     "batch", (json_int_t) r->batch, "team", team, "substitutes", substitutes,
                     "experts", experts);
    return OK;
}

enum err
api_task_drawn(struct api *q)
{
    struct flow_view v;
    struct drawing_target_page_row *r;
    struct org_department_list_row *departments;
    int64_t limit, after = 0;
    size_t n, count;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = api_cursor_number(q, &after);
    if (e == OK)
        e = flow_find(q, &v);
    if (e == OK && !v.has_draw)
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = org_department_list(q->ctx->db, q->ctx->arena, &departments, &count);
    if (e == OK)
        e = drawing_target_page(q->ctx->db, q->ctx->arena,
                                &(struct drawing_target_page_in){v.draw.draw, v.draw.attempt, after, limit + 1}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; e == OK && i < n && i < (size_t) limit; i++) {
        json_t *one = NULL;

        e = drawn_json(q, &v, &r[i], departments, count, &one);
        if (e == OK)
            json_array_append_new(rows, one);
    }
    if (e == OK && n > (size_t) limit)
        api_more_number(q, r[limit - 1].position);
    return e;
}

/* --- acts
 * --------------------------------------------------------------------------------------------------------------- */

enum err
api_task_confirm(struct api *q)
{
    struct flow_view v;
    struct str department;
    enum err e = flow_find(q, &v);

    department = e == OK ? flow_department(q, &v) : NO_STR;
    if (e == OK && (department.n == 0 || !flow_is_party(q, department)))
        e = ERR_PERMISSION;
    if (e == OK)
        e = assignment_confirm(q->ctx, q->params[0], department);
    return e == OK ? flow_give(q) : e;
}

/* Who approves is who sends it: the head or reviewer of the department, or of the lead. */
enum err
api_task_replace(struct api *q)
{
    struct flow_view v;
    struct str department = api_text(q, "department"), substitute;
    enum err e = flow_find(q, &v);

    if (e == OK && !flow_owns(q, &v) && !str_eq(department, q->who.department))
        e = ERR_PERMISSION;
    if (e == OK)
        e = assignment_replace(q->ctx,
                               &(struct assignment_change){q->params[0], api_text(q, "target"), department,
                                                           api_text(q, "inspector"), api_text(q, "reason"),
                                                           api_text(q, "evidence"), q->who.name},
                               &substitute);
    if (e == OK)
        q->out = json_pack("{s:o}", "substitute", api_str(substitute));
    return e;
}

enum err
api_task_substitute(struct api *q)
{
    struct flow_view v;
    size_t entered = 0;
    enum err e = flow_find(q, &v);

    if (e == OK && !flow_approves(q, &v))
        e = ERR_PERMISSION;
    if (e == OK)
        e = assignment_substitute(q->ctx, q->params[0], api_text(q, "target"), api_text(q, "reason"),
                                  api_text(q, "evidence"), q->who.name, &entered);
    if (e == OK)
        q->out = json_pack("{s:I}", "entered", (json_int_t) entered);
    return e;
}

/* The pseudonyms for all who follow the task; names and reasons for those who work on it. */
enum err
api_task_secondments(struct api *q)
{
    struct inspector_secondment_of_task_row *r;
    struct flow_view v;
    bool works;
    size_t n;
    json_t *rows;
    enum err e = flow_find(q, &v);

    if (e == OK)
        e = inspector_secondment_of_task(q->ctx->db, q->ctx->arena, &(struct inspector_secondment_of_task_in){q->params[0]}, &r,
                                         &n);
    if (e != OK)
        return e;
    works = flow_works(q, &v);
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "inspector", api_str(r[i].inspector),
                                              "name", api_str(works ? r[i].name : NO_STR), "home", api_str(r[i].home), "department",
                                              api_str(r[i].department), "anywhere", (int) r[i].anywhere, "reason",
                                              api_str(works ? r[i].reason : NO_STR), "lent", api_time(OPT(r[i].lent_us))));
    return OK;
}

/* --- on trial ------------------------------------------------------------------------------------------------------------- */

/* {department, inspectors?, cap?, raise?, any_region?}: numbers within 0 … limit. */
static enum err
read_more(struct api *q, const json_t *o, struct staff_more *m, struct str *department)
{
    static const char *const NAMES[] = {"department", "inspectors", "cap", "raise", "any_region"};
    int64_t inspectors = 0, cap = 10, raise = 0;
    enum err e = json_is_object(o) ? json_only(q->ctx, o, NAMES, sizeof NAMES / sizeof *NAMES) : ERR_INPUT;

    if (e == OK)
        e = json_text(q->ctx, o, (struct json_field){"department", true}, TERMS_LABEL_MAX, department);
    if (e == OK)
        e = json_i64(q->ctx, o, (struct json_field){"inspectors", false}, 0, STAFF_TRIAL_INSPECTORS_MAX, &inspectors);
    if (e == OK)
        e = json_i64(q->ctx, o, (struct json_field){"cap", false}, 0, STAFF_CAP_MAX, &cap);
    if (e == OK)
        e = json_i64(q->ctx, o, (struct json_field){"raise", false}, 0, STAFF_CAP_MAX, &raise);
    *m = (struct staff_more){.inspectors = (uint32_t) inspectors, .cap = (uint32_t) cap, .raise = (uint32_t) raise,
                             .any_region = json_is_true(json_object_get(o, "any_region"))};
    return e;
}

static json_t *
tried_json(const struct staff_tried *t)
{
    return json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "feasible", t->feasible, "groups",
                     (json_int_t) t->groups, "places", (json_int_t) t->places, "need", (json_int_t) t->need, "capacity",
                     (json_int_t) t->capacity, "cut_count", (json_int_t) t->cut_count, "new_places", (json_int_t) t->new_places,
                     "raised_places", (json_int_t) t->raised_places, "outside_places", (json_int_t) t->outside_places,
                     "again_places", (json_int_t) t->again_places, "least_load", (json_int_t) t->least_load, "most_load",
                     (json_int_t) t->most_load);
}

/* Nothing is stored: it can never become the matching. */
enum err
api_task_try(struct api *q)
{
    struct staff_more more[TERMS_PARTICIPANTS_MAX];
    struct str departments[TERMS_PARTICIPANTS_MAX];
    struct opt_i64 slack = api_number(q, "slack");
    struct staff_trial t = {.more = more,
                            .lift_rotation = json_is_true(json_object_get(q->in, "lift_rotation")),
                            .slack = slack.set ? (int) slack.v : MATCH_SLACK_DEFAULT};
    const json_t *list = json_object_get(q->in, "more");
    struct staff_tried tried;
    struct flow_view v;
    enum err e = flow_find(q, &v);

    if (e == OK && slack.set && (slack.v < 0 || slack.v > MATCH_SLACK_MAX))
        e = api_wrong(q, "slack", ERR_RANGE, NULL);
    if (e == OK && json_array_size(list) > TERMS_PARTICIPANTS_MAX)
        e = api_wrong(q, "more", ERR_TOO_LARGE, NULL);
    for (size_t i = 0; e == OK && i < json_array_size(list); i++) {
        e = read_more(q, json_array_get(list, i), &more[i], &departments[i]);
        t.more_count++;
    }
    if (e == OK)
        e = assignment_try(q->ctx, q->params[0], &t, departments, &tried);
    if (e == OK)
        q->out = tried_json(&tried);
    return e;
}
