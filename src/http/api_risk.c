/* http/api_risk.c - schemes of credit-risk classes 信用风险分类方案 in versions (regulation 二(六)) */
#include "api_handlers.h"
#include "api_risk.h"
#include "mod/target/target.h"

struct str
risk_scope(struct str part)
{
    return part.n == 0 ? NO_STR : part;
}

static json_t *
rule_json(const struct risk_rule *r)
{
    static const char *const OPS[] = {">=", "<=", "each"};

    return json_pack("{s:o, s:o, s:s, s:o, s:s, s:I, s:i, s:I, s:I}", "code", api_str(r->code), "name", api_str(r->name), "fact",
                     r->fact == RISK_EXTERNAL ? "external" : risk_fact_name(r->fact), "external", api_str(risk_scope(r->external)), "op",
                     OPS[r->op], "n", (json_int_t) r->n, "points", (int) r->points, "times", (json_int_t) r->times, "weight",
                     (json_int_t) r->weight_pct);
}

json_t *
risk_scheme_json(const struct risk_scheme *s)
{
    json_t *classes = json_array(), *rules = json_array(), *observe = json_array();

    for (size_t i = 0; i < s->class_count; i++)
        json_array_append_new(classes, json_pack("{s:s%, s:I}", "label", &s->classes[i].label, (size_t) 1, "least", (json_int_t) s->classes[i].least));
    for (size_t i = 0; i < s->rule_count; i++)
        json_array_append_new(rules, rule_json(&s->rules[i]));
    for (size_t i = 0; i < s->observe_count; i++) {
        const struct risk_observe *o = &s->observe[i];

        json_array_append_new(observe, json_pack("{s:o, s:o, s:o, s:o, s:I}", "code", api_str(o->code), "name", api_str(o->name), "industry",
                                                 api_str(risk_scope(o->industry)), "tag", api_str(risk_scope(o->tag)), "months",
                                                 (json_int_t) o->months));
    }
    return json_pack("{s:I, s:o, s:o, s:o}", "window", (json_int_t) s->window_days, "classes", classes, "rules", rules, "observe", observe);
}

json_t *
risk_why_json(const struct risk_scheme *scheme, struct str reasons)
{
    json_t *list = json_loadb(reasons.p, reasons.n, 0, NULL);
    json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        struct str code = str_of(json_string_value(json_object_get(one, "rule"))), name = code;

        for (size_t k = 0; scheme != NULL && k < scheme->rule_count; k++)
            if (str_eq(scheme->rules[k].code, code))
                name = scheme->rules[k].name;
        json_object_set_new(one, "name", api_str(name));
    }
    return list == NULL ? json_array() : list;
}

enum err
risk_actor_json(struct api *q, struct str actor, json_t **out)
{
    struct account_by_id_row row;
    int64_t id = 0;
    enum err e;

    *out = api_str(actor);
    if (!str_starts(actor, STR("user:")) || api_number_of((struct str){actor.p + 5, actor.n - 5}, &id) != OK)
        return OK;
    e = account_by_id(q->ctx->db, q->ctx->arena, &(struct account_by_id_in){id}, &row);
    if (e == OK) {
        json_decref(*out);
        *out = api_str(row.name);
    }
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err
risk_scheme_load(struct api *q, int64_t version, struct risk_scheme **out)
{
    struct risk_scheme_get_row r;
    struct risk_fault f;
    enum err e = risk_scheme_get(q->ctx->db, q->ctx->arena, &(struct risk_scheme_get_in){version}, &r);

    *out = arena_alloc(q->ctx->arena, sizeof **out);
    if (e == OK && *out == NULL)
        return ERR_MEMORY;
    return e == OK ? risk_parse(r.s.content, *out, &f) : e;
}

static json_t *
head_json(const struct api *q, const struct risk_scheme_row *s)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:I}", "version", (json_int_t) s->version, "department",
                     api_str(s->department), "region", api_str(s->region), "state", api_str(s->state), "name", api_str(s->name), "digest",
                     api_str(s->digest), "reason", api_str(s->reason), "note", api_str(s->note), "drafted", api_time(OPT(s->drafted_us)),
                     "approved", api_time(s->approved_us), "in_force", api_time(s->in_force_us), "mine",
                     str_eq(s->drafted_by, q->ctx->actor), "row_version", (json_int_t) s->row_version);
}

static enum err
give(struct api *q, int64_t version)
{
    struct risk_scheme_row s;
    struct risk_scheme *parsed;
    enum err e = risk_scheme_see(q->ctx, version, &s);

    if (e == OK)
        e = risk_scheme_load(q, version, &parsed);
    if (e != OK)
        return e;
    q->etag = s.row_version;
    q->out = head_json(q, &s);
    json_object_set_new(q->out, "content", api_str(s.content));
    json_object_set_new(q->out, "scheme", risk_scheme_json(parsed));
    return OK;
}

enum err
api_risk_schemes_get(struct api *q)
{
    struct risk_scheme_list_in in = {.below = INT64_MAX, .own_department = risk_scope(q->ctx->department), .own_region = risk_scope(q->ctx->region)};
    struct risk_scheme_list_row *r;
    size_t n = 0;
    json_t *rows;
    enum err e = api_page_by_number(q, &in.limit, &in.below);

    if (e == OK)
        e = risk_scheme_list(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i + 1 < (size_t) in.limit; i++)
        json_array_append_new(rows, head_json(q, &r[i].s));
    if (n == (size_t) in.limit)
        api_more_number(q, r[n - 2].s.version);
    return OK;
}

enum err
api_risk_scheme_get(struct api *q)
{
    int64_t version;
    enum err e = api_number_of(q->params[0], &version);

    return e == OK ? give(q, version) : e;
}

/* A fault of the content names its line and column. */
static enum err
blame(struct api *q, enum err e, const struct risk_fault *f)
{
    char detail[512];

    if (e == ERR_INPUT && f->err != OK) {
        snprintf(detail, sizeof detail, q->english ? "line %zu, column %zu: %s" : "第 %zu 行第 %zu 字节：%s", f->line, f->column,
                 q->english ? f->en : f->zh);
        return api_wrong(q, "content", f->err, detail);
    }
    return e == ERR_INPUT || e == ERR_LENGTH || e == ERR_ENCODING ? api_wrong(q, "reason", e, q->ctx->why) : e;
}

enum err
api_risk_schemes_post(struct api *q)
{
    const struct risk_say say = {api_text(q, "content"), api_text(q, "reason")};
    struct risk_fault f;
    int64_t version = 0;
    enum err e = blame(q, risk_draft(q->ctx, &say, &version, &f), &f);

    if (e != OK)
        return e;
    q->status = 201;
    return give(q, version);
}

enum err
api_risk_scheme_put(struct api *q)
{
    const struct risk_say say = {api_text(q, "content"), api_text(q, "reason")};
    struct risk_scheme_row s;
    struct risk_fault f;
    int64_t version, row_version;
    enum err e = api_number_of(q->params[0], &version);

    if (e == OK)
        e = risk_scheme_see(q->ctx, version, &s);
    if (e == OK)
        e = api_if_match(q, &row_version);
    if (e == OK)
        e = blame(q, risk_redraft(q->ctx, version, row_version, &say, &f), &f);
    return e == OK ? give(q, version) : e;
}

enum err
api_risk_scheme_move(struct api *q)
{
    struct risk_scheme_row s;
    int64_t version, row_version;
    enum err e = api_number_of(q->params[0], &version);

    if (e == OK)
        e = risk_scheme_see(q->ctx, version, &s);
    if (e == OK)
        e = api_if_match(q, &row_version);
    if (e == OK)
        e = risk_move(q->ctx, version, row_version, api_text(q, "state"), api_text(q, "note"));
    if (e == ERR_INPUT || e == ERR_LENGTH)
        return api_wrong(q, "note", e, q->ctx->why);
    return e == OK ? give(q, version) : e;
}

/* {"ok", "line", "column", "zh", "en", "scheme"} */
enum err
api_risk_check(struct api *q)
{
    struct risk_scheme *s = arena_alloc(q->ctx->arena, sizeof *s);
    struct risk_fault f;
    enum err e;

    if (s == NULL)
        return ERR_MEMORY;
    e = risk_parse(api_text(q, "content"), s, &f);
    q->out = json_pack("{s:b, s:I, s:I, s:s, s:s, s:o}", "ok", e == OK, "line", (json_int_t) f.line, "column", (json_int_t) f.column, "zh", f.zh,
                       "en", f.en, "scheme", e == OK ? risk_scheme_json(s) : json_null());
    return OK;
}

/* {"A": 120, …, "-": those without a class} */
enum err
api_risk_classes(struct api *q)
{
    const struct target_class_counts_in in = {risk_scope(q->ctx->department), risk_scope(q->ctx->region)};
    struct target_class_counts_row row;
    const struct target_class_sums *n = &row.n;
    enum err e = target_class_counts(q->ctx->db, q->ctx->arena, &in, &row);

    if (e != OK)
        return e;
    q->out = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "A", (json_int_t) n->a, "B", (json_int_t) n->b, "C", (json_int_t) n->c, "D",
                       (json_int_t) n->d, "E", (json_int_t) n->e, "-", (json_int_t) n->none);
    return OK;
}

/* --- indicators from elsewhere ------------------------------------------------------------------------------------------ */

static enum err
read_rows(struct api *q, const json_t *rows, struct risk_brought *out)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *one = json_array_get(rows, i), *target = json_object_get(one, "target"), *value = json_object_get(one, "value");

        if (!json_is_string(target) || !json_is_integer(value) || json_object_size(one) != 2)
            return api_wrong(q, "rows", ERR_INPUT, "{target, value}");
        out[i] = (struct risk_brought){{json_string_value(target), json_string_length(target)}, json_integer_value(value)};
    }
    return OK;
}

enum err
api_risk_bringings(struct api *q)
{
    struct risk_bringing_list_in in = {.below = INT64_MAX, .own_department = risk_scope(q->ctx->department), .own_region = risk_scope(q->ctx->region)};
    struct risk_bringing_list_row *r;
    size_t n = 0;
    json_t *rows, *by;
    enum err e = api_page_by_number(q, &in.limit, &in.below);

    if (e == OK)
        e = risk_bringing_list(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; e == OK && i < n && i + 1 < (size_t) in.limit; i++) {
        e = risk_actor_json(q, r[i].actor, &by);
        if (e == OK)
            json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "id", api_id(r[i].id), "name", api_str(r[i].name),
                                                  "source", api_str(r[i].source), "as_of", api_date(OPT(r[i].as_of_day)), "rows",
                                                  (json_int_t) r[i].row_count, "unknown", (json_int_t) r[i].unknown_count, "by", by, "at",
                                                  api_time(OPT(r[i].at_us))));
    }
    if (e == OK && n == (size_t) in.limit)
        api_more_number(q, r[n - 2].id);
    return e;
}

enum err
api_risk_external(struct api *q)
{
    const json_t *rows = json_object_get(q->in, "rows");
    struct risk_brought *brought = arena_array(q->ctx->arena, json_array_size(rows) + 1, sizeof *brought);
    struct risk_bringing say = {.name = api_text(q, "name"), .source = api_text(q, "source"), .rows = brought, .count = json_array_size(rows)};
    struct opt_i64 as_of = {0};
    size_t unknown = 0;
    enum err e = brought == NULL ? ERR_MEMORY : api_day(q, "as_of", &as_of);

    if (e == OK)
        e = read_rows(q, rows, brought);
    say.as_of_day = as_of.v;
    if (e == OK)
        e = risk_bring_in(q->ctx, &say, &unknown);
    if (e == ERR_LENGTH)
        return api_wrong(q, "source", e, NULL);
    if (e == ERR_RANGE || e == ERR_TOO_LARGE)
        return api_wrong(q, "rows", e, q->ctx->why);
    if (e == ERR_INPUT && q->errors == NULL)
        return api_wrong(q, "name", e, q->ctx->why);
    if (e == OK)
        q->out = json_pack("{s:I, s:I}", "stored", (json_int_t) (say.count - unknown), "unknown", (json_int_t) unknown);
    return e;
}
