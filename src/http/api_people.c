/* http/api_people.c - inspectors 执法检查人员, the workbench */
#include "api_person.h"

#include "api_desk.h"
#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/expert/expert.h"
#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/scope.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "mod/workday/workday.h"

enum { EXPIRY_DAYS_DEFAULT = 90, EXPIRY_DAYS_MAX = 3660, CAP_DEFAULT = 20, TRAININGS_MAX = 500, SECONDMENTS_MAX = 200, DRAWS_MAX = 200 };

static struct str
own_department(const struct api *q)
{
    return q->ctx->department.n == 0 ? NO_STR : q->ctx->department;
}

/* Why nobody would match this inspector today; NULL: nothing is in the way. */
static const char *
why_not(struct str state, struct opt_i64 work_to_day, struct opt_i64 away_to_day, int64_t today)
{
    if (!str_eq(state, STR("active")))
        return str_eq(state, STR("left")) ? "left" : "suspended";
    if (!work_to_day.set)
        return "no_certificate";
    return work_to_day.v < today ? "expired" : away_to_day.set ? "away" : NULL;
}

static json_t *
level_of(struct opt_i64 valid_to_day, int64_t today)
{
    const char *level = valid_to_day.set ? inspector_level(valid_to_day.v - today) : "";

    return *level == '\0' ? json_null() : json_string(level);
}

/* --- the list -------------------------------------------------------------------------------------------------------------- */

static json_t *
row_json(const struct inspector_search_row *r, int64_t today)
{
    const char *why = why_not(r->state, r->work_to_day, r->away_to_day, today);

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:s?}", "code", api_str(r->code),
        "name", api_str(r->name), "department", api_str(r->department), "level", api_str(r->level), "region",
        api_str(r->region), "skills", api_list(r->skills), "cap_count", (json_int_t) r->cap_count, "lead", r->lead != 0,
        "state", api_str(r->state), "row_version", (json_int_t) r->row_version, "valid_to", api_date(r->valid_to_day),
        "days_left", r->valid_to_day.set ? json_integer(r->valid_to_day.v - today) : json_null(), "warning",
        level_of(r->valid_to_day, today), "work_to", api_date(r->work_to_day), "away_to", api_date(r->away_to_day),
        "why_not", why);
}

/* What is asked for: filters of the address, within the row scope. */
static enum err
read_search(struct api *q, struct inspector_search_in *in, bool *none)
{
    struct scope_regions regions;
    struct opt_i64 days;
    int64_t limit, today = day_of_us(q->ctx->now_us);
    struct str after = api_query(q, "cursor");
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = scope_regions(q->ctx, api_query(q, "region"), &regions);
    if (e == OK)
        e = api_query_days(q, "expiring", &days);
    if (e != OK)
        return e;
    *none = regions.none;
    *in = (struct inspector_search_in){.after = after.n == 0 ? STR("!") : after,
                                       .words = api_query(q, "q"),
                                       .department = api_query(q, "department"),
                                       .own = own_department(q),
                                       .state = api_query(q, "state"),
                                       .region_from = regions.from,
                                       .region_below = regions.below,
                                       .team = api_query(q, "team"),
                                       .skill = api_quoted(q, api_query(q, "skill")),
                                       .ends_before = {days.set, today + days.v + (days.v > 0)},
                                       .today = today,
                                       .limit = limit + 1};
    return OK;
}

enum err
api_inspectors_get(struct api *q)
{
    struct inspector_search_in in;
    struct inspector_search_row *r = NULL;
    size_t n = 0;
    bool none;
    json_t *rows;
    enum err e = read_search(q, &in, &none);

    if (e == OK && !none)
        e = inspector_search(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i + 1 < (size_t) in.limit; i++)
        json_array_append_new(rows, row_json(&r[i], in.today));
    if (n == (size_t) in.limit)
        api_more(q, r[n - 2].code);
    return OK;
}

/* --- one inspector --------------------------------------------------------------------------------------------------------- */

static enum err
certificates(struct api *q, struct str code, int64_t today, json_t *list, struct opt_i64 *work_to)
{
    struct inspector_certificates_of_row *r;
    size_t n;
    enum err e = inspector_certificates_of(q->ctx->db, q->ctx->arena, &(struct inspector_certificates_of_in){code}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        struct opt_i64 end = OPT(r[i].valid_to_day);

        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o, s:I, s:o}", "kind", api_str(r[i].kind), "no", api_str(r[i].no), "issuer",
                            api_str(r[i].issuer), "valid_to", api_date(end), "days_left", (json_int_t) (end.v - today),
                            "warning", level_of(end, today)));
        if (!str_eq(r[i].kind, STR("technical")) && (!work_to->set || end.v > work_to->v))
            *work_to = end;
    }
    return e;
}

static enum err
leaves(struct api *q, struct str code, int64_t today, json_t *list, struct opt_i64 *away_to)
{
    struct inspector_leaves_of_row *r;
    size_t n;
    enum err e = inspector_leaves_of(q->ctx->db, q->ctx->arena, &(struct inspector_leaves_of_in){code}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "from", api_date(OPT(r[i].from_day)), "to",
                                              api_date(OPT(r[i].to_day)), "reason", api_str(r[i].reason)));
        if (r[i].from_day <= today && r[i].to_day >= today)
            *away_to = OPT(r[i].to_day);
    }
    return e;
}

/* The name of a target; its code where it is not registered. */
static json_t *
target_name(struct api *q, struct str code)
{
    struct target_page_row *rows;
    size_t n = 0;
    enum err e = target_page(q->ctx->db, q->ctx->arena, &(struct target_page_in){code, 1}, &rows, &n);

    return e == OK && n == 1 && str_eq(rows[0].code, code) ? api_str(rows[0].name) : json_null();
}

static enum err
recusals(struct api *q, struct str code, json_t *list)
{
    struct inspector_recusals_of_row *r;
    size_t n;
    enum err e = inspector_recusals_of(q->ctx->db, q->ctx->arena, &(struct inspector_recusals_of_in){code}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "target", api_str(r[i].target), "name",
                            target_name(q, r[i].target), "kind", api_str(r[i].kind), "evidence", api_str(r[i].evidence),
                            "declared", api_time(OPT(r[i].declared_us)), "ended", api_time(r[i].ended_us), "end_reason",
                            api_str(r[i].end_reason)));
    return e;
}

static enum err
secondments(struct api *q, struct str code, json_t *list)
{
    struct inspector_secondments_of_row *r;
    size_t n;
    enum err e = inspector_secondments_of(q->ctx->db, q->ctx->arena,
                                          &(struct inspector_secondments_of_in){code, SECONDMENTS_MAX}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(list, json_pack("{s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "task", api_str(r[i].task), "department",
                                              api_str(r[i].department), "anywhere", (int) r[i].anywhere, "reason",
                                              api_str(r[i].reason), "lent", api_time(OPT(r[i].lent_us)), "ended",
                                              api_time(r[i].ended_us), "end_reason", api_str(r[i].end_reason)));
    return e;
}

static enum err
trainings(struct api *q, struct str code, json_t *list)
{
    struct inspector_trainings_of_row *r;
    size_t n;
    enum err e = inspector_trainings_of(q->ctx->db, q->ctx->arena, &(struct inspector_trainings_of_in){code, TRAININGS_MAX},
                                        &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:I, s:o, s:o}", "id", api_id(r[i].id), "name",
                                              api_str(r[i].name), "day", api_date(OPT(r[i].day)), "hours",
                                              (json_int_t) r[i].hours_count, "organiser", api_str(r[i].organiser), "result",
                                              api_str(r[i].result)));
    return e;
}

static enum err
teams(struct api *q, struct str code, json_t *list)
{
    struct inspector_teams_of_row *r;
    size_t n;
    enum err e = inspector_teams_of(q->ctx->db, q->ctx->arena, &(struct inspector_teams_of_in){code}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(list, json_pack("{s:o, s:o}", "code", api_str(r[i].code), "name", api_str(r[i].name)));
    return e;
}

static void
give_facts(struct api *q, const struct inspector_get_row *i)
{
    q->etag = i->row_version;
    json_object_update_new(
        q->out, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:o, s:o, s:o, s:I}", "code",
                          api_str(i->code), "name", api_str(i->name), "department", api_str(i->department), "level",
                          api_str(i->level), "region", api_str(i->region), "regions", api_list(i->regions), "skills",
                          api_list(i->skills), "items", api_list(i->items), "cap_count", (json_int_t) i->cap_count, "lead",
                          i->lead != 0, "state", api_str(i->state), "state_reason", api_str(i->state_reason), "updated",
                          api_time(OPT(i->updated_us)), "row_version", (json_int_t) i->row_version));
}

enum err
api_give_inspector(struct api *q, struct str code)
{
    static const char *const NAMES[] = {"certificates", "leave", "recusals", "training", "teams", "secondments"};
    struct inspector_get_row i;
    struct person_masked masked;
    struct opt_i64 work_to = {false, 0}, away_to = {false, 0};
    int64_t today = day_of_us(q->ctx->now_us);
    json_t *lists[6];
    enum err e = inspector_see(q->ctx, code, &i);

    if (e == OK)
        e = person_masked(q->ctx, (struct person_key){STR("inspector"), code}, &masked);
    if (e != OK)
        return e;
    q->out = json_object();
    for (size_t k = 0; k < 6; k++)
        json_object_set_new(q->out, NAMES[k], lists[k] = json_array());
    e = certificates(q, code, today, lists[0], &work_to);
    if (e == OK)
        e = leaves(q, code, today, lists[1], &away_to);
    if (e == OK)
        e = recusals(q, code, lists[2]);
    if (e == OK)
        e = trainings(q, code, lists[3]);
    if (e == OK)
        e = teams(q, code, lists[4]);
    if (e == OK)
        e = secondments(q, code, lists[5]);
    if (e != OK)
        return e;
    give_facts(q, &i);
    api_give_masked(q, &masked);
    json_object_set_new(q->out, "why_not", json_pack("s?", why_not(i.state, work_to, away_to, today)));
    return OK;
}

enum err
api_inspector_get(struct api *q)
{
    return api_give_inspector(q, q->params[0]);
}

/* --- changes --------------------------------------------------------------------------------------------------------------- */

static enum err
read_inspector(struct api *q, struct str code, struct inspector_change *say)
{
    static const char *const NAMES[] = {"name",   "department", "level",     "region", "regions",
                                        "skills", "items",      "cap_count", "lead"};
    struct opt_i64 cap = api_number(q, "cap_count");
    enum err e;

    *say = (struct inspector_change){.row = {.code = code,
                                             .name = api_text(q, "name"),
                                             .department = api_text(q, "department"),
                                             .level = api_text(q, "level"),
                                             .region = api_text(q, "region"),
                                             .cap_count = cap.set ? cap.v : CAP_DEFAULT,
                                             .lead = json_is_true(json_object_get(q->in, "lead")),
                                             .updated_us = q->ctx->now_us},
                                     .person = api_private(q)};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (api_has(q, NAMES[i]))
            say->said |= 1u << i; /* enum inspector_field, in this order */
    e = api_json(q, "regions", &say->row.regions);
    if (e == OK)
        e = api_json(q, "skills", &say->row.skills);
    return e == OK ? api_json(q, "items", &say->row.items) : e;
}

enum err
api_inspectors_post(struct api *q)
{
    struct inspector_change say;
    const char *field = NULL;
    enum err e = read_inspector(q, api_text(q, "code"), &say);

    if (e == OK && say.row.department.n == 0)
        say.row.department = own_department(q);
    if (e == OK)
        e = inspector_open(q->ctx, &say, &field);
    if (e != OK)
        return api_wrong_field(q, field, e);
    q->status = 201;
    return api_give_inspector(q, say.row.code);
}

enum err
api_inspector_put(struct api *q)
{
    struct inspector_change say;
    const char *field = NULL;
    int64_t version;
    enum err e = api_if_match(q, &version);

    if (e == OK)
        e = read_inspector(q, q->params[0], &say);
    if (e == OK)
        e = inspector_edit(q->ctx, version, &say, &field);
    return e == OK ? api_give_inspector(q, q->params[0]) : api_wrong_field(q, field, e);
}

enum err
api_inspector_state(struct api *q)
{
    struct inspector_at at = {q->params[0], -1};
    enum err e = api_if_match(q, &at.row_version);

    if (e == OK)
        e = inspector_move(q->ctx, at, api_text(q, "state"), api_text(q, "reason"));
    if (e == ERR_INPUT)
        return api_wrong_field(q, "state", e);
    return e == OK ? api_give_inspector(q, q->params[0]) : e == ERR_LENGTH ? api_wrong_field(q, "reason", e) : e;
}

enum err
api_inspector_reveal(struct api *q)
{
    struct person_plain plain;
    enum err e = inspector_reveal(q->ctx, q->params[0], api_text(q, "reason"), &plain);

    if (e != OK)
        return e == ERR_LENGTH ? api_wrong_field(q, "reason", e) : e;
    q->out = json_pack("{s:o, s:o}", "phone", api_str(plain.phone), "id_no", api_str(plain.id_no));
    return OK;
}

/* --- warnings, dossier ----------------------------------------------------------------------------------------------------- */

static enum err
expiring_counts(struct api *q, int64_t today, const struct scope_regions *regions)
{
    struct inspector_expiring_count_row n;
    enum err e = inspector_expiring_count(
        q->ctx->db, q->ctx->arena,
        &(struct inspector_expiring_count_in){today, own_department(q), regions->from, regions->below}, &n);

    if (e == OK)
        json_object_set_new(q->out, "counts",
                            json_pack("{s:I, s:I, s:I, s:I}", "expired", (json_int_t) n.over, "7", (json_int_t) n.week, "30",
                                      (json_int_t) n.month, "90", (json_int_t) n.quarter));
    return e;
}

enum err
api_certificates_expiring(struct api *q)
{
    struct inspector_expiring_row *r;
    struct scope_regions regions;
    struct opt_i64 days;
    int64_t today = day_of_us(q->ctx->now_us);
    size_t n;
    json_t *rows;
    enum err e = api_query_days(q, "days", &days);

    if (e == OK)
        e = scope_regions(q->ctx, NO_STR, &regions);
    if (e == OK)
        e = inspector_expiring(q->ctx->db, q->ctx->arena,
                               &(struct inspector_expiring_in){today + (days.set ? days.v : EXPIRY_DAYS_DEFAULT) + 1,
                                                               own_department(q), regions.from, regions.below, API_ROWS_MAX},
                               &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "inspector", api_str(r[i].code), "name",
                            api_str(r[i].name), "department", api_str(r[i].department), "region", api_str(r[i].region),
                            "kind", api_str(r[i].kind), "valid_to", api_date(OPT(r[i].valid_to_day)), "days_left",
                            (json_int_t) (r[i].valid_to_day - today), "warning", level_of(OPT(r[i].valid_to_day), today)));
    return expiring_counts(q, today, &regions);
}

/* The draws an inspector was matched in: a load, never a measure of merit (严禁下达检查指标). */
static enum err
dossier_draws(struct api *q, json_t *list)
{
    struct assignment_of_inspector_row *r;
    size_t n;
    enum err e = assignment_of_inspector(q->ctx->db, q->ctx->arena,
                                         &(struct assignment_of_inspector_in){q->params[0], DRAWS_MAX}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        struct drawing_get_row d;
        struct task_get_row t = {.name = NO_STR};

        e = drawing_get(q->ctx->db, q->ctx->arena, &(struct drawing_get_in){r[i].draw, r[i].attempt}, &d);
        if (e == OK)
            e = task_get(q->ctx->db, q->ctx->arena, &(struct task_get_in){d.task}, &t);
        if (e == OK)
            json_array_append_new(
                list, json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:I, s:I, s:I}", "draw", api_str(r[i].draw), "attempt",
                                (json_int_t) r[i].attempt, "task", api_str(d.task), "task_name", api_str(t.name), "from",
                                api_date(OPT(t.from_day)), "to", api_date(OPT(t.to_day)), "places", (json_int_t) r[i].places,
                                "reserves", (json_int_t) r[i].reserves, "recused", (json_int_t) r[i].recused));
    }
    return e;
}

enum err
api_inspector_dossier(struct api *q)
{
    struct inspector_get_row i;
    json_t *draws = json_array(), *changes = json_array();
    enum err e = inspector_see(q->ctx, q->params[0], &i);

    q->out = json_pack("{s:o, s:o}", "draws", draws, "changes", changes);
    if (e == OK)
        e = dossier_draws(q, draws);
    return e == OK ? api_give_changes(q, STR("inspector."), changes) : e;
}

/* --- workbench
 * ----------------------------------------------------------------------------------------------------------
 */

static void
add(json_t *list, const char *id, const char *level, size_t count, const char *link)
{
    if (count > 0)
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:s}", "id", id, "level", level, "count",
                                              (json_int_t) count, "link", link));
}

static enum err
items_in(struct api *q, struct str state, size_t *count)
{
    struct item_search_row *r;

    return item_search(
        q->ctx->db, q->ctx->arena,
        &(struct item_search_in){STR("!"), NO_STR, state, NO_STR, own_department(q), own_department(q), 1000},
        &r, count);
}

static enum err
item_todos(struct api *q, json_t *todos)
{
    struct item_reminder_list_row *r;
    size_t drafts = 0, reviews = 0, reminders = 0;
    enum err e = OK;

    if (roles_may(q->who.roles, PERMIT_ITEM_EDIT))
        e = items_in(q, STR("draft"), &drafts);
    if (e == OK && roles_may(q->who.roles, PERMIT_ITEM_PUBLISH))
        e = items_in(q, STR("legal_review"), &reviews);
    if (e == OK && roles_may(q->who.roles, PERMIT_ITEM_EDIT))
        e = item_reminder_list(
            q->ctx->db, q->ctx->arena,
            &(struct item_reminder_list_in){NO_STR, {false, 0}, STR("open"), own_department(q), ITEM_REMINDERS_MAX}, &r,
            &reminders);
    add(todos, "item.basis", "info", reminders, "/items/basis");
    add(todos, "item.draft", "info", drafts, "/items?state=draft");
    add(todos, "item.review", "info", reviews, "/items?state=legal_review");
    return e;
}

static enum err
certificate_warnings(struct api *q, json_t *warnings)
{
    struct inspector_expiring_count_row n = {0, 0, 0, 0};
    struct scope_regions regions;
    enum err e;

    if (!roles_may(q->who.roles, PERMIT_INSPECTOR_READ))
        return OK;
    e = scope_regions(q->ctx, NO_STR, &regions);
    if (e == OK)
        e = inspector_expiring_count(q->ctx->db, q->ctx->arena,
                                     &(struct inspector_expiring_count_in){day_of_us(q->ctx->now_us), own_department(q),
                                                                           regions.from, regions.below},
                                     &n);
    add(warnings, "certificate.expired", "error", (size_t) n.over, "/inspectors?expiring=0");
    add(warnings, "certificate.7", "error", (size_t) n.week, "/inspectors?expiring=7");
    add(warnings, "certificate.30", "warning", (size_t) n.month, "/inspectors?expiring=30");
    add(warnings, "certificate.90", "info", (size_t) n.quarter, "/inspectors?expiring=90");
    return e;
}

static enum err
contract_warnings(struct api *q, json_t *warnings)
{
    struct expert_ending_count_row n = {0, 0, 0, 0};
    struct scope_regions regions;
    enum err e;

    if (!roles_may(q->who.roles, PERMIT_EXPERT_READ))
        return OK;
    e = scope_regions(q->ctx, NO_STR, &regions);
    if (e == OK)
        e = expert_ending_count(q->ctx->db, q->ctx->arena,
                                &(struct expert_ending_count_in){day_of_us(q->ctx->now_us), own_department(q), regions.from,
                                                                 regions.below},
                                &n);
    add(warnings, "contract.expired", "warning", (size_t) n.over, "/experts?ending=0");
    add(warnings, "contract.7", "warning", (size_t) n.week, "/experts?ending=7");
    add(warnings, "contract.30", "warning", (size_t) n.month, "/experts?ending=30");
    add(warnings, "contract.90", "info", (size_t) n.quarter, "/experts?ending=90");
    return e;
}

/* The calendar must hold this year and, from December, the next. */
static enum err
calendar_warning(struct api *q, json_t *warnings)
{
    struct calendar cal;
    struct civil today = civil_from_day(day_of_us(q->ctx->now_us));
    enum err e = workday_calendar(q->ctx, &cal);

    for (int year = today.year; e == OK && year <= today.year + (today.month == 12); year++) {
        int i = year - cal.first_year;

        if (cal.count == 0 || i < 0 || i >= CALENDAR_YEARS_MAX || (cal.years >> i & 1) == 0)
            add(warnings, "calendar.missing", "error", (size_t) year, "/system/calendar");
    }
    return e;
}

enum err
api_dashboard_get(struct api *q)
{
    json_t *todos = json_array(), *warnings = json_array();
    enum err e = item_todos(q, todos);

    q->out = json_pack("{s:o, s:o}", "todos", todos, "warnings", warnings);
    if (e == OK)
        e = certificate_warnings(q, warnings);
    if (e == OK)
        e = contract_warnings(q, warnings);
    if (e == OK)
        e = desk_more(q, todos, warnings);
    return e == OK && roles_may(q->who.roles, PERMIT_DICT_READ) ? calendar_warning(q, warnings) : e;
}
