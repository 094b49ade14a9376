/* http/api_people.c - inspectors 执法检查人员, experts 专家, the workbench */
#include "api_handlers.h"
#include "core/calendar.h"
#include "mod/expert/expert.h"
#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/workday/workday.h"

enum { EXPIRY_DAYS_DEFAULT = 90, EXPIRY_DAYS_MAX = 3660, CAP_DEFAULT = 100 };

static struct str
own_department(const struct api *q)
{
    return q->ctx->department.n == 0 ? NO_STR : q->ctx->department;
}

/* --- inspectors
 * --------------------------------------------------------------------------------------------------- */

enum err
api_inspectors_get(struct api *q)
{
    struct inspector_search_row *r;
    struct str after = api_query(q, "cursor");
    int64_t limit, today = day_of_us(q->ctx->now_us);
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = inspector_search(q->ctx->db, q->ctx->arena,
                             &(struct inspector_search_in){after.n == 0 ? STR("!") : after, api_query(q, "q"),
                                                           api_query(q, "department"), own_department(q),
                                                           api_query(q, "state"), limit + 1},
                             &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(
            rows,
            json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:o, s:I, s:o, s:o}", "code",
                      api_str(r[i].code), "name", api_str(r[i].name), "department", api_str(r[i].department),
                      "level", api_str(r[i].level), "region", api_str(r[i].region), "skills",
                      api_list(r[i].skills), "cap_count", (json_int_t) r[i].cap_count, "lead", r[i].lead != 0,
                      "state", api_str(r[i].state), "row_version", (json_int_t) r[i].row_version, "valid_to",
                      api_date(r[i].valid_to_day), "days_left",
                      r[i].valid_to_day.set ? json_integer(r[i].valid_to_day.v - today) : json_null()));
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].code);
    return OK;
}

static enum err
certificates(struct api *q, struct str code, json_t *list)
{
    struct inspector_certificates_of_row *r;
    size_t n;
    int64_t today = day_of_us(q->ctx->now_us);
    enum err e = inspector_certificates_of(q->ctx->db, q->ctx->arena,
                                           &(struct inspector_certificates_of_in){code}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:I}", "kind", api_str(r[i].kind), "no",
                                              api_str(r[i].no), "issuer", api_str(r[i].issuer), "valid_to",
                                              api_date(OPT(r[i].valid_to_day)), "days_left",
                                              (json_int_t) (r[i].valid_to_day - today)));
    return e;
}

static enum err
leaves(struct api *q, struct str code, json_t *list)
{
    struct inspector_leaves_of_row *r;
    size_t n;
    enum err e =
        inspector_leaves_of(q->ctx->db, q->ctx->arena, &(struct inspector_leaves_of_in){code}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "from", api_date(OPT(r[i].from_day)), "to",
                                              api_date(OPT(r[i].to_day)), "reason", api_str(r[i].reason)));
    return e;
}

static enum err
recusals(struct api *q, struct str code, json_t *list)
{
    struct inspector_recusals_of_row *r;
    size_t n;
    enum err e =
        inspector_recusals_of(q->ctx->db, q->ctx->arena, &(struct inspector_recusals_of_in){code}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "target", api_str(r[i].target), "kind",
                                        api_str(r[i].kind), "declared", api_time(OPT(r[i].declared_us))));
    return e;
}

static enum err
give_inspector(struct api *q, struct str code)
{
    struct inspector_get_row i;
    json_t *own[] = {json_array(), json_array(), json_array()};
    enum err e = inspector_see(q->ctx, code, &i);

    q->out = json_pack("{s:o, s:o, s:o}", "certificates", own[0], "leave", own[1], "recusals", own[2]);
    if (e == OK)
        e = certificates(q, code, own[0]);
    if (e == OK)
        e = leaves(q, code, own[1]);
    if (e == OK)
        e = recusals(q, code, own[2]);
    if (e != OK)
        return e;
    q->etag = i.row_version;
    json_object_update_new(
        q->out,
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:o, s:o, s:I}", "code",
                  api_str(i.code), "name", api_str(i.name), "department", api_str(i.department), "level",
                  api_str(i.level), "region", api_str(i.region), "regions", api_list(i.regions), "skills",
                  api_list(i.skills), "items", api_list(i.items), "cap_count", (json_int_t) i.cap_count,
                  "lead", i.lead != 0, "state", api_str(i.state), "updated", api_time(OPT(i.updated_us)),
                  "row_version", (json_int_t) i.row_version));
    return OK;
}

enum err
api_inspector_get(struct api *q)
{
    return give_inspector(q, q->params[0]);
}

static enum err
read_inspector(struct api *q, struct str code, struct inspector_say *say)
{
    struct str state = api_text(q, "state"), department = api_text(q, "department");
    struct opt_i64 cap = api_number(q, "cap_count");
    enum err e;

    *say = (struct inspector_say){.row = {.code = code,
                                          .name = api_text(q, "name"),
                                          .department = department,
                                          .level = api_text(q, "level"),
                                          .region = api_text(q, "region"),
                                          .cap_count = cap.set ? cap.v : CAP_DEFAULT,
                                          .lead = json_is_true(json_object_get(q->in, "lead")),
                                          .state = state.n == 0 ? NO_STR : inspector_state(state),
                                          .updated_us = q->ctx->now_us},
                                  .cap_said = cap.set,
                                  .lead_said = api_has(q, "lead")};
    if (state.n > 0 && say->row.state.n == 0)
        (void) !api_wrong(q, "state", ERR_INPUT, NULL);
    if (cap.set && (cap.v < 0 || cap.v > INSPECTOR_CAP_MAX))
        (void) !api_wrong(q, "cap_count", ERR_RANGE, NULL);
    if (code.n > INSPECTOR_CODE_MAX)
        (void) !api_wrong(q, "code", ERR_LENGTH, NULL);
    if (say->row.name.n > INSPECTOR_NAME_MAX)
        (void) !api_wrong(q, "name", ERR_LENGTH, NULL);
    e = api_json(q, "regions", &say->row.regions);
    if (e == OK)
        e = api_json(q, "skills", &say->row.skills);
    if (e == OK)
        e = api_json(q, "items", &say->row.items);
    return e != OK ? e : q->errors != NULL ? ERR_INPUT : OK;
}

enum err
api_inspectors_post(struct api *q)
{
    struct inspector_say say;
    enum err e = read_inspector(q, api_text(q, "code"), &say);

    if (e == OK && say.row.department.n == 0)
        say.row.department = own_department(q);
    if (e == OK && say.row.department.n == 0)
        e = api_wrong(q, "department", ERR_MISSING, NULL);
    if (e == OK)
        e = inspector_edit(q->ctx, -1, &say);
    if (e != OK)
        return e;
    q->status = 201;
    return give_inspector(q, say.row.code);
}

enum err
api_inspector_put(struct api *q)
{
    struct inspector_say say;
    int64_t version;
    enum err e = api_if_match(q, &version);

    if (e == OK)
        e = read_inspector(q, q->params[0], &say);
    if (e == OK)
        e = inspector_edit(q->ctx, version, &say);
    return e == OK ? give_inspector(q, q->params[0]) : e;
}

enum err
api_inspector_certificate(struct api *q)
{
    struct inspector_get_row old;
    struct inspector_say say = {.row = {.code = q->params[0], .updated_us = q->ctx->now_us}};
    struct opt_i64 valid_to;
    enum err e = inspector_see(q->ctx, q->params[0], &old);

    if (e == OK)
        e = api_day(q, "valid_to", &valid_to);
    if (e != OK)
        return e;
    say.certificate =
        (struct inspector_certificate_put_in){q->params[0], inspector_certificate_kind(api_text(q, "kind")),
                                              api_text(q, "no"), api_text(q, "issuer"), valid_to.v};
    if (say.certificate.kind.n == 0)
        return api_wrong(q, "kind", ERR_INPUT, NULL);
    e = inspector_edit(q->ctx, old.row_version, &say);
    return e == OK ? give_inspector(q, q->params[0]) : e;
}

enum err
api_inspector_recusal(struct api *q)
{
    struct inspector_get_row old;
    struct str kind = inspector_recusal_kind(api_text(q, "kind"));
    enum err e = inspector_see(q->ctx, q->params[0], &old);

    if (e == OK && kind.n == 0)
        e = api_wrong(q, "kind", ERR_INPUT, NULL);
    if (e == OK)
        e = inspector_recuse(q->ctx, q->params[0], api_text(q, "target"), kind, api_text(q, "evidence"));
    if (e != OK)
        return e;
    q->status = 201;
    return give_inspector(q, q->params[0]);
}

enum err
api_certificates_expiring(struct api *q)
{
    struct inspector_expiring_row *r;
    struct str said = api_query(q, "days");
    uint64_t days = EXPIRY_DAYS_DEFAULT;
    int64_t today = day_of_us(q->ctx->now_us);
    size_t n;
    json_t *rows;
    enum err e = said.n == 0 ? OK : str_u64(said, EXPIRY_DAYS_MAX, &days);

    if (e == OK)
        e = inspector_expiring(
            q->ctx->db, q->ctx->arena,
            &(struct inspector_expiring_in){today + (int64_t) days, own_department(q), API_ROWS_MAX}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:I}", "inspector",
                                              api_str(r[i].code), "name", api_str(r[i].name), "department",
                                              api_str(r[i].department), "kind", api_str(r[i].kind),
                                              "valid_to", api_date(OPT(r[i].valid_to_day)), "days_left",
                                              (json_int_t) (r[i].valid_to_day - today)));
    return OK;
}

/* --- experts
 * ----------------------------------------------------------------------------------------------------------
 */

static json_t *
expert_json(struct str code, struct str name, struct str organisation, struct str specialty,
            struct opt_i64 contract_to_day, struct str conflicts, struct str state)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "code", api_str(code), "name", api_str(name),
                     "organisation", api_str(organisation), "specialty", api_list(specialty), "contract_to",
                     api_date(contract_to_day), "conflicts", api_list(conflicts), "state", api_str(state));
}

enum err
api_experts_get(struct api *q)
{
    struct expert_search_row *r;
    size_t n;
    json_t *rows;
    enum err e = expert_search(q->ctx->db, q->ctx->arena,
                               &(struct expert_search_in){api_query(q, "q"), api_query(q, "state")}, &r, &n);

    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, expert_json(r[i].code, r[i].name, r[i].organisation, r[i].specialty,
                                                r[i].contract_to_day, r[i].conflicts, r[i].state));
    return OK;
}

enum err
api_expert_get(struct api *q)
{
    struct expert_get_row r;
    enum err e = expert_get(q->ctx->db, q->ctx->arena, &(struct expert_get_in){q->params[0]}, &r);

    if (e == OK)
        q->out =
            expert_json(r.code, r.name, r.organisation, r.specialty, r.contract_to_day, r.conflicts, r.state);
    return e;
}

enum err
api_expert_put(struct api *q)
{
    struct str state = api_text(q, "state");
    struct expert_put_in say = {.code = q->params[0],
                                .name = api_text(q, "name"),
                                .organisation = api_text(q, "organisation"),
                                .state = state.n == 0 ? NO_STR : expert_state(state),
                                .updated_us = q->ctx->now_us};
    enum err e = api_day(q, "contract_to", &say.contract_to_day);

    if (e == OK && state.n > 0 && say.state.n == 0)
        e = api_wrong(q, "state", ERR_INPUT, NULL);
    if (e == OK)
        e = api_json(q, "specialty", &say.specialty);
    if (e == OK)
        e = api_json(q, "conflicts", &say.conflicts);
    if (e == OK)
        e = expert_edit(q->ctx, &say);
    return e == OK ? api_expert_get(q) : e;
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
    size_t drafts = 0, reviews = 0;
    enum err e = OK;

    if (roles_may(q->who.roles, PERMIT_ITEM_EDIT))
        e = items_in(q, STR("draft"), &drafts);
    if (e == OK && roles_may(q->who.roles, PERMIT_ITEM_PUBLISH))
        e = items_in(q, STR("legal_review"), &reviews);
    add(todos, "item.draft", "info", drafts, "/items?state=draft");
    add(todos, "item.review", "info", reviews, "/items?state=legal_review");
    return e;
}

static enum err
certificate_warnings(struct api *q, json_t *warnings)
{
    struct inspector_expiring_row *r;
    int64_t today = day_of_us(q->ctx->now_us);
    size_t n, over = 0, soon = 0, later = 0;
    enum err e;

    if (!roles_may(q->who.roles, PERMIT_INSPECTOR_READ))
        return OK;
    e = inspector_expiring(
        q->ctx->db, q->ctx->arena,
        &(struct inspector_expiring_in){today + EXPIRY_DAYS_DEFAULT, own_department(q), 10000}, &r, &n);
    for (size_t i = 0; e == OK && i < n; i++) {
        int64_t left = r[i].valid_to_day - today;

        over += left < 0;
        soon += left >= 0 && left <= 30;
        later += left > 30;
    }
    add(warnings, "certificate.expired", "error", over, "/inspectors?expiring=0");
    add(warnings, "certificate.30", "warning", soon, "/inspectors?expiring=30");
    add(warnings, "certificate.90", "info", later, "/inspectors?expiring=90");
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
    return e == OK && roles_may(q->who.roles, PERMIT_DICT_READ) ? calendar_warning(q, warnings) : e;
}
