/* http/api_expert.c - experts 专家: they assist and never count towards the two inspectors */
#include "api_person.h"
#include "core/calendar.h"
#include "mod/expert/expert.h"
#include "mod/inspector/inspector.h"
#include "mod/scope.h"

static void
put_contract(json_t *to, struct opt_i64 contract_to_day, int64_t today)
{
    int64_t left = contract_to_day.v - today;
    const char *level = contract_to_day.set ? inspector_level(left) : "";

    json_object_set_new(to, "contract_to", api_date(contract_to_day));
    json_object_set_new(to, "days_left", contract_to_day.set ? json_integer(left) : json_null());
    json_object_set_new(to, "warning", *level == '\0' ? json_null() : json_string(level));
}

static enum err
read_search(struct api *q, struct expert_search_in *in, bool *none)
{
    struct scope_regions regions;
    struct opt_i64 days;
    int64_t limit, today = day_of_us(q->ctx->now_us);
    struct str after = api_query(q, "cursor");
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = scope_regions(q->ctx, api_query(q, "region"), &regions);
    if (e == OK)
        e = api_query_days(q, "ending", &days);
    if (e != OK)
        return e;
    *none = regions.none;
    *in = (struct expert_search_in){.after = after.n == 0 ? STR("!") : after,
                                    .words = api_query(q, "q"),
                                    .department = api_query(q, "department"),
                                    .own = q->ctx->department.n == 0 ? NO_STR : q->ctx->department,
                                    .region_from = regions.from,
                                    .region_below = regions.below,
                                    .state = api_query(q, "state"),
                                    .specialty = api_quoted(q, api_query(q, "specialty")),
                                    .ends_before = {days.set, today + days.v + (days.v > 0)},
                                    .limit = limit + 1};
    return OK;
}

enum err
api_experts_get(struct api *q)
{
    struct expert_search_in in;
    struct expert_search_row *r = NULL;
    size_t n = 0;
    bool none;
    json_t *rows;
    enum err e = read_search(q, &in, &none);

    if (e == OK && !none)
        e = expert_search(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i + 1 < (size_t) in.limit; i++) {
        json_t *row = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "code", api_str(r[i].code), "name",
                                api_str(r[i].name), "department", api_str(r[i].department), "region",
                                api_str(r[i].region), "organisation", api_str(r[i].organisation), "specialty",
                                api_list(r[i].specialty), "conflicts", api_list(r[i].conflicts), "state",
                                api_str(r[i].state), "row_version", (json_int_t) r[i].row_version);

        put_contract(row, r[i].contract_to_day, day_of_us(q->ctx->now_us));
        json_array_append_new(rows, row);
    }
    if (n == (size_t) in.limit)
        api_more(q, r[n - 2].code);
    return OK;
}

static enum err
give_expert(struct api *q, struct str code)
{
    struct expert_get_row r;
    struct person_masked masked;
    enum err e = expert_see(q->ctx, code, &r);

    if (e == OK)
        e = person_masked(q->ctx, (struct person_key){STR("expert"), code}, &masked);
    if (e != OK)
        return e;
    q->etag = r.row_version;
    q->out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "code", api_str(r.code),
                       "name", api_str(r.name), "department", api_str(r.department), "region", api_str(r.region),
                       "organisation", api_str(r.organisation), "specialty", api_list(r.specialty), "contract_no",
                       api_str(r.contract_no), "contract_from", api_date(r.contract_from_day), "conflicts",
                       api_list(r.conflicts), "state", api_str(r.state), "state_reason", api_str(r.state_reason), "updated",
                       api_time(OPT(r.updated_us)), "row_version", (json_int_t) r.row_version);
    put_contract(q->out, r.contract_to_day, day_of_us(q->ctx->now_us));
    api_give_masked(q, &masked);
    return OK;
}

enum err
api_expert_get(struct api *q)
{
    return give_expert(q, q->params[0]);
}

static enum err
read_expert(struct api *q, struct str code, struct expert_change *say)
{
    static const char *const NAMES[] = {"name",        "department",    "region",      "organisation", "specialty",
                                        "contract_no", "contract_from", "contract_to", "conflicts"};
    enum err e;

    *say = (struct expert_change){.row = {.code = code,
                                          .name = api_text(q, "name"),
                                          .department = api_text(q, "department"),
                                          .region = api_text(q, "region"),
                                          .organisation = api_text(q, "organisation"),
                                          .contract_no = api_text(q, "contract_no"),
                                          .updated_us = q->ctx->now_us},
                                  .person = api_private(q)};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (api_has(q, NAMES[i]))
            say->said |= 1u << i; /* enum expert_field, in this order */
    e = api_json(q, "specialty", &say->row.specialty);
    if (e == OK)
        e = api_json(q, "conflicts", &say->row.conflicts);
    if (e == OK)
        e = api_day(q, "contract_from", &say->row.contract_from_day);
    return e == OK ? api_day(q, "contract_to", &say->row.contract_to_day) : e;
}

static enum err
wrong(struct api *q, const char *field, enum err e)
{
    return api_wrong_field(q, e == ERR_ORDER ? "contract_to" : field, e);
}

enum err
api_experts_post(struct api *q)
{
    struct expert_change say;
    const char *field = NULL;
    enum err e = read_expert(q, api_text(q, "code"), &say);

    if (e == OK && say.row.department.n == 0)
        say.row.department = q->ctx->department;
    if (e == OK)
        e = expert_open(q->ctx, &say, &field);
    if (e != OK)
        return wrong(q, field, e);
    q->status = 201;
    return give_expert(q, say.row.code);
}

enum err
api_expert_put(struct api *q)
{
    struct expert_change say;
    const char *field = NULL;
    int64_t version;
    enum err e = api_if_match(q, &version);

    if (e == OK)
        e = read_expert(q, q->params[0], &say);
    if (e == OK)
        e = expert_edit(q->ctx, version, &say, &field);
    return e == OK ? give_expert(q, q->params[0]) : wrong(q, field, e);
}

enum err
api_expert_state(struct api *q)
{
    int64_t version;
    enum err e = api_if_match(q, &version);

    if (e == OK)
        e = expert_move(q->ctx, version, q->params[0], api_text(q, "state"), api_text(q, "reason"));
    if (e == ERR_INPUT)
        return api_wrong_field(q, "state", e);
    return e == OK ? give_expert(q, q->params[0]) : e == ERR_LENGTH ? api_wrong_field(q, "reason", e) : e;
}

enum err
api_expert_reveal(struct api *q)
{
    struct person_plain plain;
    enum err e = expert_reveal(q->ctx, q->params[0], api_text(q, "reason"), &plain);

    if (e != OK)
        return e == ERR_LENGTH ? api_wrong_field(q, "reason", e) : e;
    q->out = json_pack("{s:o, s:o}", "phone", api_str(plain.phone), "id_no", api_str(plain.id_no));
    return OK;
}

enum err
api_expert_dossier(struct api *q)
{
    struct expert_get_row r;
    json_t *changes = json_array();
    enum err e = expert_see(q->ctx, q->params[0], &r);

    q->out = json_pack("{s:o}", "changes", changes);
    return e == OK ? api_give_changes(q, STR("expert."), changes) : e;
}
