/* http/api_lead.c - leads 线索 and campaigns 专项检查 (regulation 二(七)) */
#include <stdlib.h>

#include "api_result.h"
#include "core/calendar.h"
#include "mod/lead/campaign.h"
#include "mod/scope.h"

/* The code of the address, as the caller saw it. */
static enum err
at_of(const struct api *q, struct lead_at *at)
{
    at->code = q->params[0];
    return api_if_match(q, &at->row_version);
}

enum err
api_leads_get(struct api *q)
{
    struct str cursor = api_query(q, "cursor");
    struct scope_regions where;
    struct lead_search_row *r;
    size_t n = 0;
    int64_t limit;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = scope_regions(q->ctx, api_query(q, "region"), &where);
    if (e == OK)
        e = lead_search(q->ctx->db, q->ctx->arena,
                        &(struct lead_search_in){cursor.n > 0 ? cursor : STR("~"), q->ctx->department, where.from, where.below,
                                                 api_query(q, "state"), api_query(q, "source"), api_query(q, "department"),
                                                 api_query(q, "q"), limit + 1},
                        &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; !where.none && i < n && i < (size_t) limit; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "code", api_str(r[i].code), "source",
                            api_str(r[i].source), "channel", api_str(r[i].channel), "region", api_str(r[i].region),
                            "department", api_str(r[i].department), "target_name",
                            r[i].target.n > 0 ? api_target_name(q, r[i].target) : api_str(r[i].target_name), "content",
                            api_str(r[i].content), "received", api_date(OPT(r[i].received_day)), "due",
                            api_date(r[i].due_day), "state", api_str(r[i].state), "outcome", api_str(r[i].outcome), "campaign",
                            api_str(r[i].campaign)));
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].code);
    return OK;
}

static enum err
steps_json(struct api *q, json_t **out)
{
    struct lead_step_list_row *s;
    size_t n = 0;
    enum err e = lead_step_list(q->ctx->db, q->ctx->arena, &(struct lead_step_list_in){q->params[0]}, &s, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(*out, json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "seq", (json_int_t) s[i].seq, "from",
                                              api_str(s[i].from_state), "to", api_str(s[i].to_state), "note",
                                              api_str(s[i].note), "actor", api_str(s[i].actor), "time",
                                              api_time(OPT(s[i].stepped_us))));
    return e;
}

static enum err
inspections_json(struct api *q, json_t **out)
{
    struct lead_inspection_list_row *v;
    size_t n = 0;
    enum err e = lead_inspection_list(q->ctx->db, q->ctx->arena, &(struct lead_inspection_list_in){q->params[0]}, &v, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(*out, json_pack("{s:I, s:o, s:o, s:o, s:o}", "seq", (json_int_t) v[i].seq, "day",
                                              api_date(OPT(v[i].day)), "inspectors", api_list(v[i].inspectors), "methods",
                                              api_list(v[i].methods), "remarks", api_str(v[i].remarks)));
    return e;
}

static enum err
give(struct api *q)
{
    struct lead_get_row r;
    json_t *steps = NULL, *inspections = NULL;
    bool handles;
    enum err e = lead_see(q->ctx, q->params[0], &r);

    if (e == OK)
        e = steps_json(q, &steps);
    if (e == OK)
        e = inspections_json(q, &inspections);
    if (e != OK)
        return e;
    handles = q->ctx->department.n > 0 && str_eq(q->ctx->department, r.department);
    q->etag = r.row_version;
    q->out = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:I}", "code",
        api_str(r.code), "source", api_str(r.source), "channel", api_str(r.channel), "region", api_str(r.region), "department",
        api_str(r.department), "target", api_str(r.target), "target_name",
        r.target.n > 0 ? api_target_name(q, r.target) : api_str(r.target_name), "place", api_str(r.place), "content",
        api_str(r.content), "received", api_date(OPT(r.received_day)), "due", api_date(r.due_day), "state", api_str(r.state),
        "outcome", api_str(r.outcome), "measure", api_str(r.measure), "document_no", api_str(r.document_no), "findings",
        api_str(r.findings), "reply", api_str(r.reply), "has_reporter", r.has_reporter != 0, "handles", handles, "steps", steps,
        "inspections", inspections, "row_version", (json_int_t) r.row_version);
    json_object_set_new(q->out, "campaign", api_str(r.campaign));
    return OK;
}

enum err
api_lead_get(struct api *q)
{
    return give(q);
}

enum err
api_leads_post(struct api *q)
{
    struct lead_say say = {.source = api_text(q, "source"),
                           .region = api_text(q, "region"),
                           .department = api_text(q, "department"),
                           .target = api_text(q, "target"),
                           .target_name = api_text(q, "target_name"),
                           .place = api_text(q, "place"),
                           .content = api_text(q, "content"),
                           .reporter = {api_text(q, "reporter_name"), api_text(q, "reporter_phone"),
                                        api_text(q, "reporter_address")}};
    struct lead_receipt receipt;
    const char *field;
    enum err e;

    if (say.region.n == 0)
        say.region = api_level(q);
    if (say.department.n == 0)
        say.department = q->ctx->department;
    e = lead_receive(q->ctx, &say, &receipt, &field);
    if (e != OK)
        return field != NULL ? api_wrong(q, field, e, q->ctx->why) : e;
    q->params[0] = receipt.code;
    q->status = 201;
    e = give(q);
    if (e == OK)
        json_object_set_new(q->out, "token", json_string(receipt.token));
    return e;
}

enum err
api_lead_assign(struct api *q)
{
    struct str department = api_text(q, "department");
    struct lead_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = lead_assign(q->ctx, at, department.n > 0 ? department : q->ctx->department, api_text(q, "note"));
    return e == ERR_INPUT ? api_wrong(q, "department", e, q->ctx->why) : e == OK ? give(q) : e;
}

/* What is passed on is seen by its new department alone. */
enum err
api_lead_pass(struct api *q)
{
    struct lead_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = lead_pass(q->ctx, at, api_text(q, "department"), api_text(q, "reason"));
    if (e == ERR_INPUT || e == ERR_LENGTH)
        return api_wrong(q, e == ERR_INPUT ? "department" : "reason", e, q->ctx->why);
    return e;
}

enum err
api_lead_inspect(struct api *q)
{
    struct lead_inspection say = {.remarks = api_text(q, "remarks")};
    struct str inspectors;
    struct opt_i64 day;
    struct lead_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = api_day(q, "day", &day);
    if (e == OK)
        e = api_json(q, "methods", &say.methods);
    if (e == OK)
        e = api_json(q, "inspectors", &inspectors);
    if (e == OK && inspectors.n > 0)
        e = json_texts_of(q->ctx, inspectors, LEAD_INSPECTORS_MAX, LEAD_WORDS_MAX, &say.inspectors);
    if (e != OK)
        return e;
    say.day = day.v;
    e = lead_inspect(q->ctx, at, &say);
    if (e == ERR_INPUT || e == ERR_DUPLICATE || e == ERR_DATE)
        return api_wrong(q, e == ERR_DATE ? "day" : "inspectors", e, q->ctx->why);
    return e == OK ? give(q) : e;
}

enum err
api_lead_dispose(struct api *q)
{
    struct lead_disposal say = {api_text(q, "outcome"), api_text(q, "measure"), api_text(q, "document_no"), api_text(q, "findings")};
    struct lead_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = lead_dispose(q->ctx, at, &say);
    if (e == ERR_INPUT || e == ERR_LENGTH)
        return api_wrong(q, e == ERR_LENGTH ? "findings" : say.measure.n > 0 ? "outcome" : "measure", e, q->ctx->why);
    return e == OK ? give(q) : e;
}

enum err
api_lead_answer(struct api *q)
{
    struct lead_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = lead_answer(q->ctx, at, api_text(q, "reply"));
    return e == ERR_LENGTH ? api_wrong(q, "reply", e, q->ctx->why) : e == OK ? give(q) : e;
}

enum err
api_lead_close(struct api *q)
{
    struct lead_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = lead_close(q->ctx, at, api_text(q, "note"));
    return e == OK ? give(q) : e;
}

enum err
api_lead_reveal(struct api *q)
{
    struct lead_reporter r;
    enum err e = lead_reveal(q->ctx, q->params[0], api_text(q, "reason"), &r);

    if (e == ERR_LENGTH)
        return api_wrong(q, "reason", e, q->ctx->why);
    if (e == OK)
        q->out = json_pack("{s:o, s:o, s:o}", "name", api_str(r.name), "phone", api_str(r.phone), "address", api_str(r.address));
    return e;
}

/* --- campaigns ---------------------------------------------------------------------------------------------------- */

enum err
api_campaigns_get(struct api *q)
{
    struct str cursor = api_query(q, "cursor");
    struct scope_regions where;
    struct lead_campaign_list_row *r;
    size_t n = 0;
    int64_t limit;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = scope_regions(q->ctx, NO_STR, &where);
    if (e == OK)
        e = lead_campaign_list(q->ctx->db, q->ctx->arena, &(struct lead_campaign_list_in){cursor.n > 0 ? cursor : STR("~"), q->ctx->department, where.from, where.below, limit + 1}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "code", api_str(r[i].code), "name",
                                              api_str(r[i].name), "region", api_str(r[i].region), "department",
                                              api_str(r[i].department), "state", api_str(r[i].state), "document_no",
                                              api_str(r[i].document_no), "task", api_str(r[i].task), "created",
                                              api_time(OPT(r[i].created_us))));
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].code);
    return OK;
}

static enum err
give_campaign(struct api *q)
{
    struct lead_campaign_get_row r;
    struct lead_of_campaign_row *l;
    json_t *leads = json_array();
    size_t n = 0;
    enum err e = campaign_see(q->ctx, q->params[0], &r);

    if (e == OK)
        e = lead_of_campaign(q->ctx->db, q->ctx->arena, &(struct lead_of_campaign_in){r.code, CAMPAIGN_LEADS_MAX}, &l, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(leads, json_pack("{s:o, s:o, s:o, s:o}", "code", api_str(l[i].code), "source", api_str(l[i].source),
                                               "state", api_str(l[i].state), "content", api_str(l[i].content)));
    if (e != OK) {
        json_decref(leads);
        return e;
    }
    q->etag = r.row_version;
    q->out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:I}", "code", api_str(r.code), "name",
                       api_str(r.name), "reason", api_str(r.reason), "region", api_str(r.region), "department",
                       api_str(r.department), "terms", json_loadb(r.terms.p, r.terms.n, 0, NULL), "state", api_str(r.state),
                       "document_no", api_str(r.document_no), "filed", api_date(r.filed_day), "task", api_str(r.task), "own",
                       str_eq(r.drafted_by, q->ctx->actor), "leads", leads, "row_version", (json_int_t) r.row_version);
    return OK;
}

enum err
api_campaign_get(struct api *q)
{
    return give_campaign(q);
}

/* The fields of the content that a task has too. */
static enum err
terms_text(struct api *q, struct str *out)
{
    static const char *const FIELDS[] = {"items", "scope", "filter", "strata", "participants", "from", "to"};
    json_t *o = json_object();
    char *text;

    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        json_t *v = json_object_get(q->in, FIELDS[i]);

        if (v != NULL && !json_is_null(v))
            json_object_set(o, FIELDS[i], v);
    }
    text = json_dumps(o, JSON_COMPACT);
    *out = text == NULL ? NO_STR : str_copy(q->ctx->arena, str_of(text));
    free(text);
    json_decref(o);
    return out->p == NULL ? ERR_MEMORY : OK;
}

enum err
api_campaigns_post(struct api *q)
{
    struct campaign_say say = {.name = api_text(q, "name"), .reason = api_text(q, "reason"), .region = api_text(q, "region"), .department = api_text(q, "department")};
    struct str leads, code;
    const char *field;
    enum err e = terms_text(q, &say.terms);

    if (say.region.n == 0)
        say.region = api_level(q);
    if (say.department.n == 0)
        say.department = q->ctx->department;
    if (e == OK)
        e = api_json(q, "leads", &leads);
    if (e == OK && leads.n > 0)
        e = json_texts_of(q->ctx, leads, CAMPAIGN_LEADS_MAX, LEAD_WORDS_MAX, &say.leads);
    if (e != OK)
        return e;
    e = campaign_draft(q->ctx, &say, &code, &field);
    if (e != OK)
        return field != NULL ? api_wrong(q, field, e, q->ctx->why) : e;
    q->params[0] = code;
    q->status = 201;
    return give_campaign(q);
}

enum err
api_campaign_approve(struct api *q)
{
    struct lead_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = campaign_approve(q->ctx, at);
    return e == OK ? give_campaign(q) : e;
}

enum err
api_campaign_file(struct api *q)
{
    struct opt_i64 day;
    struct lead_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = api_day(q, "filed", &day);
    if (e == OK)
        e = campaign_file(q->ctx, at, api_text(q, "document_no"), day.v);
    if (e == ERR_LENGTH || e == ERR_DATE)
        return api_wrong(q, e == ERR_DATE ? "filed" : "document_no", e, q->ctx->why);
    return e == OK ? give_campaign(q) : e;
}

enum err
api_campaign_start(struct api *q)
{
    struct lead_at at;
    struct str task;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = campaign_start(q->ctx, at, &task);
    return e == OK ? give_campaign(q) : e;
}
