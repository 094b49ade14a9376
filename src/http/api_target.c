/* http/api_target.c - the target registry 检查对象名录库 */
#include "api_handlers.h"
#include "api_target.h"
#include "core/calendar.h"
#include "mod/duplicate/duplicate.h"
#include "mod/json.h"
#include "mod/report/report.h"
#include "mod/target/target.h"

enum { DOSSIER_CHANGES_MAX = 500, TAG_CODES_MAX = 500, MERGED_MAX = 100, VISIT_CAP = 2 };
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
    json_t *particulars = t->particulars.n == 0 ? NULL : json_loadb(t->particulars.p, t->particulars.n, 0, NULL);

    json_object_update_new(v, json_pack("{s:o, s:o, s:o, s:b}", "holder", api_str(t->holder), "particulars",
                                        particulars == NULL ? json_object() : particulars, "claimed",
                                        api_split(t->claimed), "unreachable", (t->gaps & GAP_UNREACHABLE) != 0));

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
short_json(const struct api *q, const struct target_line *t)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "code",
                     api_str(t->code), "kind", api_str(t->kind), "entity_type", api_str(t->entity_type),
                     "name", api_str(t->name), "former_names", api_list(t->former_names), "address",
                     api_str(t->address), "industry", api_str(t->industry), "region", api_str(t->region), "status",
                     api_str(t->status), "risk_class", risk(q, t->risk_class), "departments",
                     api_split(t->departments), "tags", api_split(t->tags), "last_visit", api_date(t->last_visit_day),
                     "visits_year", (json_int_t) t->visits_year, "row_version", (json_int_t) t->row_version);
}

/* --- lists
 * ------------------------------------------------------------------------------------------------------- */

/* What a list may be asked for by one word: a health finding with its one-click list. */
static enum err
where_lacking(struct api *q, struct str lacks, struct target_where *w)
{
    static const struct {
        const char *word;
        int64_t gap;
    } GAPS[] = {{"region", GAP_REGION},         {"derived_region", GAP_DERIVED}, {"industry", GAP_INDUSTRY},
                {"address", GAP_ADDRESS},       {"department", GAP_DEPARTMENT},  {"unreachable", GAP_UNREACHABLE},
                {"expired_licence", 0},         {"stale", 0}};

    for (size_t i = 0; lacks.n > 0 && i < sizeof GAPS / sizeof *GAPS; i++) {
        if (!str_eq(lacks, str_of(GAPS[i].word)))
            continue;
        if (GAPS[i].gap != 0)
            w->gaps = OPT(GAPS[i].gap);
        else if (str_eq(lacks, STR("stale")))
            w->stale_before_us = OPT(q->ctx->now_us - STALE_DAYS * DAY_US);
        else
            w->licence_before_day = OPT(day_of_us(q->ctx->now_us));
        return OK;
    }
    return lacks.n == 0 ? OK : api_wrong(q, "lacks", ERR_INPUT, NULL);
}

/* A single word of the address joins a list of the scope that is not there. */
static void
one_more(struct texts *list, struct str *word)
{
    if (word->n > 0 && list->count == 0)
        *list = (struct texts){word, 1};
}

/* scope: JSON as that of a plan line, with the short forms region, status …; risk classes only by permission. */
static enum err
where_of(struct api *q, struct str scope, struct str short_forms[6], struct target_where *w)
{
    struct scope s;
    enum err e = terms_scope(q->ctx, scope.n == 0 ? STR("{}") : scope, &s);

    if (e != OK)
        return api_wrong(q, "scope", e, q->ctx->why);
    if (s.risk_classes.count > 0 && !roles_may(q->who.roles, PERMIT_RISK_READ))
        return ERR_PERMISSION;
    one_more(&s.regions, &short_forms[0]);
    one_more(&s.statuses, &short_forms[1]);
    one_more(&s.entity_types, &short_forms[2]);
    one_more(&s.industries, &short_forms[3]);
    one_more(&s.tags, &short_forms[4]);
    one_more(&s.departments, &short_forms[5]);
    e = target_where_of(q->ctx, &s, w);
    return e == OK ? OK : api_wrong(q, "scope", e, q->ctx->why);
}

enum err
target_asked(struct api *q, struct target_where *w)
{
    struct str *short_forms = arena_array(q->ctx->arena, 6, sizeof *short_forms);
    static const char *const NAMES[6] = {"region", "status", "entity_type", "industry", "tag", "department"};
    enum err e = short_forms == NULL ? ERR_MEMORY : OK;

    for (size_t i = 0; e == OK && i < 6; i++)
        short_forms[i] = api_query(q, NAMES[i]);
    if (e == OK)
        e = where_of(q, api_query(q, "scope"), short_forms, w);
    return e == OK ? where_lacking(q, api_query(q, "lacks"), w) : e;
}

enum err
api_targets_get(struct api *q)
{
    struct target_ask ask = {.after = api_query(q, "cursor"), .words = api_query(q, "q")};
    struct target_line *r;
    int64_t limit;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = target_asked(q, &ask.where);
    ask.limit = limit + 1;
    if (e == OK)
        e = target_rows(q->ctx, &ask, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(rows, short_json(q, &r[i]));
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].code);
    return OK;
}

enum err
api_targets_same_name(struct api *q)
{
    struct target_same_name_row *r;
    int64_t limit;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = target_namesakes(q->ctx, api_query(q, "cursor"), limit + 1, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:I}", "name", api_str(r[i].name), "targets", (json_int_t) r[i].targets));
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].name);
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
                                  .holder = text(q, "holder", TARGET_NAME_MAX),
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
        e = api_json(q, "particulars", &say->particulars);
    if (e == OK && say->particulars.n > TARGET_PARTICULARS_MAX)
        e = api_wrong(q, "particulars", ERR_LENGTH, NULL);
    if (e == OK)
        e = api_lines(q, "departments", &say->departments);
    if (e == OK)
        e = api_lines(q, "tags", &say->tags);
    return e != OK ? e : q->errors != NULL ? ERR_INPUT : OK;
}

/* Fields that are named and empty: null, "", [] or {}. */
static uint32_t
emptied(const struct api *q)
{
    uint32_t fields = 0;

    for (unsigned f = 0; f < TARGET_FIELD_COUNT; f++) {
        const json_t *v = json_object_get(q->in, target_field_name((enum target_field) f));

        if (v != NULL && (json_is_null(v) || (json_is_string(v) && json_string_length(v) == 0) ||
                          (json_is_array(v) && json_array_size(v) == 0) || (json_is_object(v) && json_object_size(v) == 0)))
            fields |= 1u << f;
    }
    return fields;
}

/* Each wrong field with its pointer. */
static enum err
blame(struct api *q, enum err e, uint32_t wrong)
{
    for (unsigned f = 0; e != OK && f < TARGET_FIELD_COUNT; f++)
        if ((wrong >> f & 1) != 0)
            (void) !api_wrong(q, target_field_name((enum target_field) f), e, NULL);
    return e;
}

enum err
api_target_put(struct api *q)
{
    struct target_say say = {.clear = emptied(q)};
    int64_t version;
    enum err e = api_if_match(q, &version);

    if (e == OK)
        e = read_target(q, q->params[0], false, &say.in);
    if (e == OK) {
        e = target_edit(q->ctx, version, &say);
        e = blame(q, e, say.wrong);
    }
    return e == OK ? give(q, q->params[0]) : e;
}

enum err
api_targets_post(struct api *q)
{
    struct target_insert_in say;
    enum err e = read_target(q, api_text(q, "code"), true, &say);

    if (e == OK)
        e = target_open(q->ctx, &say);
    if (e == ERR_REGION || e == ERR_INDUSTRY)
        return api_wrong(q, e == ERR_REGION ? "region" : "industry", e, NULL);
    if ((e == ERR_INPUT || e == ERR_EXISTS) && q->errors == NULL)
        return api_wrong(q, "code", e, e == ERR_INPUT ? q->ctx->why : NULL);
    if (e != OK)
        return e;
    q->status = 201;
    return give(q, say.code);
}

/* --- departments that share a target, duplicates
 * ------------------------------------------------------------------------- */

/* Enough to recognise it; nothing of what its departments wrote. */
enum err
api_target_known(struct api *q)
{
    struct target_page_row t;
    enum err e = target_known(q->ctx, q->params[0], &t);

    if (e == OK)
        q->out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "code", api_str(t.code), "name", api_str(t.name),
                           "kind", api_str(t.kind), "region", api_str(t.region), "status", api_str(t.status),
                           "departments", api_split(t.departments), "mine",
                           q->ctx->department.n > 0 && lines_have(t.departments, q->ctx->department), "visible",
                           target_visible(q->ctx, t.departments, t.region));
    return e;
}

enum err
api_target_claim(struct api *q)
{
    enum err e = target_claim(q->ctx, q->params[0]);

    return e == OK ? give(q, q->params[0]) : e;
}

enum err
api_target_release(struct api *q)
{
    return target_release(q->ctx, q->params[0]);
}

enum err
api_target_merge(struct api *q)
{
    const struct duplicate_pair pair = {q->params[0], api_text(q, "drop"), api_text(q, "reason")};
    enum err e = duplicate_merge(q->ctx, &pair);

    return e == OK ? give(q, q->params[0]) : e;
}

/* --- tags
 * ---------------------------------------------------------------------------------------------------------- */

static enum err
tag_codes(struct api *q, const json_t *codes, struct str add, struct str drop)
{
    json_int_t changed = 0;
    enum err e = json_array_size(codes) > TAG_CODES_MAX ? api_wrong(q, "codes", ERR_TOO_LARGE, NULL) : OK;

    for (size_t i = 0; e == OK && i < json_array_size(codes); i++) {
        size_t mark = arena_mark(q->ctx->arena);
        bool one = false;

        e = target_tag_one(q->ctx, str_of(json_string_value(json_array_get(codes, i))), add, drop, &one);
        changed += one;
        arena_rewind(q->ctx->arena, mark);
    }
    if (e == OK)
        q->out = json_pack("{s:I}", "changed", changed);
    return e;
}

enum err
api_targets_tag(struct api *q)
{
    struct str add, drop;
    enum err e = api_lines(q, "add", &add);

    if (e == OK)
        e = api_lines(q, "remove", &drop);
    return e == OK ? tag_codes(q, json_object_get(q->in, "codes"), add, drop) : e;
}

/* --- dossier
 * -------------------------------------------------------------------------------------------------------- */

static enum err
dossier_results(struct api *q, struct str code, json_t *out)
{
    struct report_target_publications_row *r;
    size_t n;
    enum err e = report_target_publications(q->ctx->db, q->ctx->arena,
                                            &(struct report_target_publications_in){code, {day_of_us(q->ctx->now_us)}, 200},
                                            &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(
            out, json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", api_id(r[i].p.id), "code",
                           api_str(r[i].p.target), "correction", (json_int_t) r[i].p.correction, "task", api_str(r[i].p.task),
                           "task_name", api_str(r[i].p.task_name), "item", api_str(r[i].p.item), "item_name",
                           api_str(r[i].p.item_name), "department", api_str(r[i].p.department), "codes",
                           api_list(r[i].p.codes), "produced", api_date(OPT(r[i].p.produced_day)), "published",
                           api_time(OPT(r[i].p.published_us))));
    return e;
}

static enum err
dossier_draws(struct api *q, struct str code, json_t *out)
{
    struct report_target_draws_row *r;
    size_t n;
    enum err e = report_target_draws(q->ctx->db, q->ctx->arena,
                                     &(struct report_target_draws_in){code, day_of_us(q->ctx->now_us)}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(
            out, json_pack("{s:o, s:o, s:I, s:o, s:o, s:I, s:I, s:o}", "draw", api_str(r[i].draw), "code",
                           api_str(r[i].target),
                           "attempt", (json_int_t) r[i].attempt, "state", api_str(r[i].state), "task_name",
                           api_str(r[i].task_name), "position", (json_int_t) r[i].position, "batch",
                           (json_int_t) r[i].batch, "drawn", api_time(r[i].drawn_us)));
    return e;
}

/* The name of an account; what is no account (an import, the command line) keeps its word. */
static json_t *
actor_name(struct api *q, struct str actor)
{
    struct account_by_id_row row;
    int64_t id;

    if (!str_starts(actor, STR("user:")) || api_number_of((struct str){actor.p + 5, actor.n - 5}, &id) != OK ||
        account_by_id(q->ctx->db, q->ctx->arena, &(struct account_by_id_in){id}, &row) != OK)
        return api_str(actor);
    return api_str(row.name);
}

static enum err
dossier_changes(struct api *q, struct str code, json_t *out)
{
    bool risk_ok = roles_may(q->who.roles, PERMIT_RISK_READ);
    struct target_change_list_row *r;
    size_t n;
    enum err e = target_change_list(q->ctx->db, q->ctx->arena, &(struct target_change_list_in){code, DOSSIER_CHANGES_MAX},
                                    &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        if (risk_ok || !str_eq(r[i].field, STR("risk_class")))
            json_array_append_new(
                out, json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "code", api_str(code), "version",
                               (json_int_t) r[i].version, "field", api_str(r[i].field), "before", api_str(r[i].before),
                               "after", api_str(r[i].after), "act", api_str(r[i].act), "actor", actor_name(q, r[i].actor),
                               "time", api_time(OPT(r[i].changed_us))));
    return e;
}

static enum err
dossier_merged(struct api *q, struct str kept, json_t *out)
{
    struct duplicate_of_row *r;
    size_t n;
    enum err e = duplicate_of(q->ctx->db, q->ctx->arena, &(struct duplicate_of_in){kept}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(out, json_pack("{s:o, s:o, s:o, s:o, s:o}", "code", api_str(r[i].dropped), "name",
                                             api_str(r[i].name), "reason", api_str(r[i].reason), "actor",
                                             actor_name(q, r[i].actor), "time", api_time(OPT(r[i].merged_us))));
    return e;
}

struct dossier {
    json_t *results, *draws, *changes, *merged;
};

static enum err
dossier_of(struct api *q, struct str code, const struct dossier *d)
{
    enum err e = dossier_changes(q, code, d->changes);

    return e == OK ? dossier_merged(q, code, d->merged) : e;
}

/* What stands under the codes of merged duplicates is shown together with the target's own. */
enum err
api_target_dossier(struct api *q)
{
    const struct dossier d = {json_array(), json_array(), json_array(), json_array()};
    struct target_merged_list_row *r;
    struct target_page_row t;
    size_t n = 0;
    enum err e = target_see(q->ctx, q->params[0], &t);

    if (e == OK)
        e = target_merged_list(q->ctx->db, q->ctx->arena, &(struct target_merged_list_in){t.code}, &r, &n);
    if (e == OK) /* of the merged ones, too */
        e = dossier_results(q, t.code, d.results);
    if (e == OK)
        e = dossier_draws(q, t.code, d.draws);
    if (e == OK)
        e = dossier_of(q, t.code, &d);
    for (size_t i = 0; i < n && i < MERGED_MAX && e == OK; i++)
        e = dossier_of(q, r[i].code, &d);
    if (e == OK)
        q->out = json_pack("{s:o, s:O, s:O, s:O, s:O, s:i}", "target", target_json(q, &t), "results", d.results, "draws",
                           d.draws, "changes", d.changes, "merged", d.merged, "visit_cap", VISIT_CAP);
    json_decref(d.results);
    json_decref(d.draws);
    json_decref(d.changes);
    json_decref(d.merged);
    return e;
}
