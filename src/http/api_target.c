/* http/api_target.c - the target registry 检查对象名录库 */
#include "api_handlers.h"
#include "core/calendar.h"
#include "mod/journal_sql.h"
#include "mod/report/report.h"
#include "mod/target/target.h"

enum { DOSSIER_CHANGES_MAX = 200, TAG_CODES_MAX = 500, STALE_DAYS = 365, SAME_NAME_MAX = 200 };
#define DAY_US INT64_C(86400000000)

static json_t *
risk(const struct api *q, struct str class)
{
    return api_str(roles_may(q->who.roles, PERMIT_RISK_READ) ? class : NO_STR);
}

static json_t *
target_json(const struct api *q, const struct target_page_row *t)
{
    json_t *v = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}",
                          "code", api_str(t->code), "kind", api_str(t->kind), "entity_type",
                          api_str(t->entity_type), "name", api_str(t->name), "former_names",
                          api_list(t->former_names), "legal_rep", api_str(t->legal_rep), "address",
                          api_str(t->address), "business_address", api_str(t->business_address), "contact",
                          api_str(t->contact), "industry", api_str(t->industry), "region", api_str(t->region),
                          "region_derived", t->region_derived != 0, "authority", api_str(t->authority),
                          "station", api_str(t->station), "capital", api_str(t->capital));
    bool may = roles_may(q->who.roles, PERMIT_RISK_READ);

    json_object_update_new(
        v, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:I}", "status",
                     api_str(t->status), "established", api_date(t->established_day), "risk_class",
                     risk(q, t->risk_class), "risk_as_of",
                     api_date(may ? t->risk_as_of_day : (struct opt_i64){false, 0}), "licences",
                     api_list(t->licences), "departments", api_split(t->departments), "tags",
                     api_split(t->tags), "last_visit", api_date(t->last_visit_day), "visits_year",
                     (json_int_t) t->visits_year, "source", api_str(t->source), "updated",
                     api_time(OPT(t->updated_us)), "row_version", (json_int_t) t->row_version));
    return v;
}

static json_t *
short_json(const struct api *q, const struct target_filter_row *t)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "code",
                     api_str(t->code), "kind", api_str(t->kind), "entity_type", api_str(t->entity_type),
                     "name", api_str(t->name), "address", api_str(t->address), "industry",
                     api_str(t->industry), "region", api_str(t->region), "status", api_str(t->status),
                     "risk_class", risk(q, t->risk_class), "departments", api_split(t->departments), "tags",
                     api_split(t->tags), "last_visit", api_date(t->last_visit_day), "visits_year",
                     (json_int_t) t->visits_year);
}

/* --- lists
 * ------------------------------------------------------------------------------------------------------- */

static bool
fits(struct str asked, struct str value)
{
    return asked.n == 0 || str_eq(asked, value);
}

/* By words: the index gives at most TARGET_SEARCH_MAX rows; row scope and filters are applied to them. */
static enum err
search(struct api *q, struct str words)
{
    struct target_search_row *found;
    struct str status = api_query(q, "status"), type = api_query(q, "entity_type");
    struct str region = account_region_prefix(api_query(q, "region"));
    size_t n;
    json_t *rows;
    enum err e = target_find(q->ctx, words, TARGET_SEARCH_MAX, &found, &n);

    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++) {
        struct target_page_row t;

        if ((e = target_see(q->ctx, found[i].code, &t)) == ERR_NOT_FOUND)
            continue;
        if (e != OK)
            return e;
        if (fits(status, t.status) && fits(type, t.entity_type) &&
            (region.n == 0 || str_starts(t.region, region)))
            json_array_append_new(
                rows, short_json(q, &(struct target_filter_row){t.code, t.kind, t.entity_type, t.name,
                                                                t.address, t.industry, t.region, t.status,
                                                                t.risk_class, t.departments, t.tags,
                                                                t.last_visit_day, t.visits_year}));
    }
    return OK;
}

enum err
api_targets_get(struct api *q)
{
    struct target_ask ask = {
        api_query(q, "cursor"),   api_query(q, "status"), api_query(q, "entity_type"), api_query(q, "region"),
        api_query(q, "industry"), api_query(q, "tag"),    api_query(q, "department"),  0};
    struct target_filter_row *r;
    struct str words = api_query(q, "q");
    int64_t limit;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e != OK)
        return e;
    if (words.n > 0)
        return search(q, words);
    ask.limit = limit + 1;
    if ((e = target_rows(q->ctx, &ask, &r, &n)) != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(rows, short_json(q, &r[i]));
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].code);
    return OK;
}

enum err
api_targets_health(struct api *q)
{
    struct target_health_row h;
    enum err e = target_health(q->ctx->db, q->ctx->arena,
                               &(struct target_health_in){q->ctx->now_us - STALE_DAYS * DAY_US}, &h);

    if (e != OK)
        return e;
    q->out = json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "targets", (json_int_t) h.targets, "no_region",
                       api_i64(h.no_region), "derived_region", api_i64(h.derived_region), "no_industry",
                       api_i64(h.no_industry), "no_address", api_i64(h.no_address), "gone", api_i64(h.gone),
                       "stale", api_i64(h.stale));
    return OK;
}

enum err
api_targets_same_name(struct api *q)
{
    struct target_same_name_row *r;
    size_t n;
    json_t *rows;
    enum err e = q->ctx->department.n > 0 || q->ctx->region.n > 0
                     ? ERR_PERMISSION /* it speaks of rows of all departments */
                     : target_same_name(q->ctx->db, q->ctx->arena,
                                        &(struct target_same_name_in){SAME_NAME_MAX}, &r, &n);

    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:I}", "name", api_str(r[i].name), "targets", (json_int_t) r[i].targets));
    return OK;
}

/* --- one target
 * --------------------------------------------------------------------------------------------------- */

static enum err
give(struct api *q, struct str code)
{
    struct target_page_row t;
    enum err e = target_see(q->ctx, code, &t);

    if (e != OK)
        return e;
    q->etag = t.row_version;
    q->out = target_json(q, &t);
    return OK;
}

enum err
api_target_get(struct api *q)
{
    return give(q, q->params[0]);
}

static struct str
word(struct api *q, const char *name, struct str (*id_of)(struct str), struct str fallback)
{
    struct str said = api_text(q, name), id = said.n == 0 ? fallback : id_of(said);

    if (said.n > 0 && id.n == 0)
        (void) !api_wrong(q, name, ERR_INPUT, NULL);
    return id;
}

static struct str
text(struct api *q, const char *name, size_t max_bytes)
{
    struct str s = api_text(q, name);

    if (s.n > max_bytes)
        (void) !api_wrong(q, name, ERR_LENGTH, NULL);
    return s;
}

static enum err
read_target(struct api *q, struct str code, bool is_new, struct target_insert_in *say)
{
    enum err e;

    *say =
        (struct target_insert_in){.code = code,
                                  .kind = word(q, "kind", target_kind, is_new ? STR("entity") : NO_STR),
                                  .entity_type = word(q, "entity_type", target_entity_type, NO_STR),
                                  .name = text(q, "name", TARGET_NAME_MAX),
                                  .legal_rep = text(q, "legal_rep", TARGET_NAME_MAX),
                                  .address = text(q, "address", TARGET_TEXT_MAX),
                                  .business_address = text(q, "business_address", TARGET_TEXT_MAX),
                                  .contact = text(q, "contact", TARGET_NAME_MAX),
                                  .industry = text(q, "industry", 5),
                                  .region = text(q, "region", 12),
                                  .authority = text(q, "authority", TARGET_NAME_MAX),
                                  .station = text(q, "station", TARGET_NAME_MAX),
                                  .capital = text(q, "capital", TARGET_NAME_MAX),
                                  .status = word(q, "status", target_status, is_new ? STR("active") : NO_STR),
                                  .source = STR("office"),
                                  .updated_us = q->ctx->now_us};
    e = api_day(q, "established", &say->established_day);
    if (e == OK)
        e = api_json(q, "licences", &say->licences);
    if (e == OK)
        e = api_lines(q, "departments", &say->departments);
    if (e == OK)
        e = api_lines(q, "tags", &say->tags);
    return e != OK ? e : q->errors != NULL ? ERR_INPUT : OK;
}

static enum err
blame(struct api *q, enum err e)
{
    return e == ERR_REGION ? api_wrong(q, "region", e, NULL) : e;
}

enum err
api_target_put(struct api *q)
{
    struct target_insert_in say;
    int64_t version;
    enum err e = api_if_match(q, &version);

    if (e == OK)
        e = read_target(q, q->params[0], false, &say);
    if (e == OK)
        e = blame(q, target_edit(q->ctx, version, &say));
    return e == OK ? give(q, q->params[0]) : e;
}

enum err
api_targets_post(struct api *q)
{
    struct target_insert_in say;
    enum err e = read_target(q, api_text(q, "code"), true, &say);

    if (e == OK)
        e = target_open(q->ctx, &say);
    if (e == ERR_INPUT && q->errors == NULL)
        return api_wrong(q, "code", e, q->ctx->why);
    if (e != OK)
        return blame(q, e);
    q->status = 201;
    return give(q, say.code);
}

enum err
api_targets_tag(struct api *q)
{
    const json_t *codes = json_object_get(q->in, "codes");
    struct str add, drop;
    json_int_t changed = 0;
    enum err e = api_lines(q, "add", &add);

    if (e == OK)
        e = api_lines(q, "remove", &drop);
    if (e == OK && json_array_size(codes) > TAG_CODES_MAX)
        e = api_wrong(q, "codes", ERR_TOO_LARGE, NULL);
    for (size_t i = 0; e == OK && i < json_array_size(codes); i++) {
        size_t mark = arena_mark(q->ctx->arena);
        bool one = false;

        e = target_tag_one(q->ctx, str_of(json_string_value(json_array_get(codes, i))), add, drop, &one);
        changed += one;
        arena_rewind(q->ctx->arena, mark);
    }
    if (e != OK)
        return e;
    q->out = json_pack("{s:I}", "changed", changed);
    return OK;
}

/* --- dossier
 * -------------------------------------------------------------------------------------------------------- */

static enum err
dossier_results(struct api *q, json_t **out)
{
    struct report_target_publications_row *r;
    size_t n;
    enum err e = report_target_publications(q->ctx->db, q->ctx->arena,
                                            &(struct report_target_publications_in){q->params[0]}, &r, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(
            *out, json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", api_id(r[i].id),
                            "correction", (json_int_t) r[i].correction, "task", api_str(r[i].task),
                            "task_name", api_str(r[i].task_name), "item", api_str(r[i].item), "item_name",
                            api_str(r[i].item_name), "department", api_str(r[i].department), "codes",
                            api_list(r[i].codes), "produced", api_date(OPT(r[i].produced_day)), "published",
                            api_time(OPT(r[i].published_us))));
    return e;
}

static enum err
dossier_draws(struct api *q, json_t **out)
{
    struct report_target_draws_row *r;
    size_t n;
    enum err e = report_target_draws(
        q->ctx->db, q->ctx->arena, &(struct report_target_draws_in){q->params[0], day_of_us(q->ctx->now_us)},
        &r, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(
            *out, json_pack("{s:o, s:I, s:o, s:o, s:I, s:I, s:o}", "draw", api_str(r[i].draw), "attempt",
                            (json_int_t) r[i].attempt, "state", api_str(r[i].state), "task_name",
                            api_str(r[i].task_name), "position", (json_int_t) r[i].position, "batch",
                            (json_int_t) r[i].batch, "drawn", api_time(r[i].drawn_us)));
    return e;
}

static enum err
dossier_changes(struct api *q, json_t **out)
{
    struct journal_list_subject_row *r;
    size_t n;
    enum err e =
        journal_list_subject(q->ctx->db, q->ctx->arena,
                             &(struct journal_list_subject_in){q->params[0], 0, DOSSIER_CHANGES_MAX}, &r, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(*out, json_pack("{s:o, s:o, s:o}", "act", api_str(r[i].act), "time",
                                              api_time(OPT(r[i].time_us)), "actor", api_str(r[i].actor)));
    return e;
}

enum err
api_target_dossier(struct api *q)
{
    struct target_page_row t;
    json_t *results = NULL, *draws = NULL, *changes = NULL;
    enum err e = target_see(q->ctx, q->params[0], &t);

    if (e == OK)
        e = dossier_results(q, &results);
    if (e == OK)
        e = dossier_draws(q, &draws);
    if (e == OK)
        e = dossier_changes(q, &changes);
    if (e == OK)
        q->out = json_pack("{s:o, s:o, s:o, s:o}", "target", target_json(q, &t), "results", results, "draws",
                           draws, "changes", changes);
    return e;
}
