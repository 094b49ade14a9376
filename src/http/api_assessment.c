/* http/api_assessment.c - performance assessment 绩效考核 (regulation 三(二)). Departments come in their fixed order; nothing is ordered
 * by a score, and nobody is named (严禁下达检查指标). */
#include "api_assessment.h"

#include "api_handlers.h"
#include "mod/json.h"
#include "mod/org/org.h"
#include "mod/scope.h"

/* --- reading ----------------------------------------------------------------------------------------------------------- */

static enum err
view_units(struct api *q, struct assessment_view *v)
{
    struct org_department_list_row *d;
    struct assessment_mark_list_row *marks;
    size_t departments, count;
    enum err e = org_department_list(q->ctx->db, q->ctx->arena, &d, &departments);

    if (e == OK)
        e = assessment_mark_list(q->ctx->db, q->ctx->arena,
                                 &(struct assessment_mark_list_in){v->scheme.id, v->all ? NO_STR : q->ctx->department}, &marks, &count);
    if (e == OK && (v->units = arena_array(q->ctx->arena, departments + 1, sizeof *v->units)) == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < departments; i++)
        for (size_t k = 0; k < count; k += v->indicator_count)
            if (str_eq(marks[k].line.department, d[i].code))
                v->units[v->unit_count++] = (struct assessment_unit){d[i].code, d[i].name, &marks[k],
                                                                     assessment_total(&marks[k], v->indicators, v->indicator_count)};
    return e;
}

static enum err
view_id(struct api *q, int64_t id, struct assessment_view *out)
{
    enum err e;

    *out = (struct assessment_view){.all = q->ctx->department.n == 0 || roles_may(q->who.roles, PERMIT_CONFERENCE)};
    e = assessment_see(q->ctx, id, &out->scheme);
    if (e == OK)
        e = assessment_indicator_list(q->ctx->db, q->ctx->arena, &(struct assessment_indicator_list_in){id}, &out->indicators,
                                      &out->indicator_count);
    return e == OK ? view_units(q, out) : e;
}

enum err
assessment_view_of(struct api *q, struct assessment_view *out)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    return e == OK ? view_id(q, id, out) : e;
}

static json_t *
scheme_json(const struct assessment_line *a)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:I}", "id", api_id(a->id), "name", api_str(a->name), "region",
                     api_str(a->region), "from", api_date(OPT(a->from_day)), "to", api_date(OPT(a->to_day)), "state", api_str(a->state),
                     "hours", (json_int_t) a->hours, "created", api_time(OPT(a->created_us)), "filled", api_time(a->filled_us), "closed",
                     api_time(a->closed_us), "row_version", (json_int_t) a->row_version);
}

static json_t *
indicators_json(const struct assessment_view *v)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < v->indicator_count; i++)
        json_array_append_new(rows, json_pack("{s:I, s:o, s:o, s:I, s:I, s:o}", "seq", (json_int_t) v->indicators[i].seq, "name",
                                              api_str(v->indicators[i].name), "source", api_str(v->indicators[i].source), "weight_bp",
                                              (json_int_t) v->indicators[i].weight_bp, "aim_bp", (json_int_t) v->indicators[i].aim_bp,
                                              "words", api_str(v->indicators[i].words)));
    return rows;
}

static json_t *
unit_json(const struct api *q, const struct assessment_view *v, const struct assessment_unit *u)
{
    json_t *marks = json_array();

    for (size_t i = 0; i < v->indicator_count; i++) {
        const struct assessment_mark_line *m = &u->marks[i].line;

        json_array_append_new(marks, json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:I}", "seq", (json_int_t) m->seq, "part",
                                               api_i64(m->part_count), "whole", api_i64(m->whole_count), "proposed_bp",
                                               api_i64(assessment_proposed(m, &v->indicators[i])), "self_bp", api_i64(m->self_bp),
                                               "self_note", api_str(m->self_note), "evidence", api_str(m->evidence), "review_bp",
                                               api_i64(m->review_bp), "review_note", api_str(m->review_note), "own",
                                               m->self_by.n > 0 && str_eq(m->self_by, q->ctx->actor), "row_version",
                                               (json_int_t) m->row_version));
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "department", api_str(u->department), "name", api_str(u->name), "total_bp",
                     api_i64(u->total_bp), "marks", marks);
}

static enum err
give(struct api *q, int64_t id)
{
    struct assessment_view v;
    json_t *units = json_array();
    enum err e = view_id(q, id, &v);

    for (size_t i = 0; e == OK && i < v.unit_count; i++)
        json_array_append_new(units, unit_json(q, &v, &v.units[i]));
    if (e != OK) {
        json_decref(units);
        return e;
    }
    q->etag = v.scheme.row_version;
    q->out = scheme_json(&v.scheme);
    json_object_set_new(q->out, "all", json_boolean(v.all));
    json_object_set_new(q->out, "indicators", indicators_json(&v));
    json_object_set_new(q->out, "units", units);
    return OK;
}

enum err
api_assessments_get(struct api *q)
{
    struct assessment_list_in in = {.below = INT64_MAX};
    struct scope_regions where;
    struct assessment_list_row *r;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &in.limit);

    if (e == OK)
        e = api_cursor_number(q, &in.below);
    if (e == OK)
        e = scope_regions(q->ctx, NO_STR, &where);
    if (e != OK)
        return e;
    in.limit++;
    in.region_from = where.from;
    in.region_below = where.below;
    e = assessment_list(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && (int64_t) i < in.limit - 1; i++)
        json_array_append_new(rows, scheme_json(&r[i].line));
    if ((int64_t) n == in.limit)
        api_more_number(q, r[n - 2].line.id);
    return OK;
}

enum err
api_assessment_get(struct api *q)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    return e == OK ? give(q, id) : e;
}

/* --- schemes ----------------------------------------------------------------------------------------------------------- */

static enum err
read_indicators(struct api *q, struct assessment_scheme *s)
{
    static const char *const NAMES[] = {"seq", "name", "source", "weight_bp", "aim_bp", "words"};
    const json_t *list = json_object_get(q->in, "indicators"), *one;
    size_t n = json_array_size(list), i;
    struct assessment_indicator *v = n > ASSESSMENT_INDICATORS_MAX ? NULL : arena_array(q->ctx->arena, n + 1, sizeof *v);
    enum err e = v == NULL ? ERR_TOO_LARGE : OK;

    json_array_foreach(list, i, one) {
        int64_t unused = 0;

        if (e != OK)
            break;
        v[i].aim_bp = ASSESSMENT_WHOLE_BP;
        e = json_is_object(one) ? json_only(q->ctx, one, NAMES, sizeof NAMES / sizeof *NAMES) : ERR_INPUT;
        if (e == OK)
            e = json_text(q->ctx, one, (struct json_field){"name", true}, ASSESSMENT_NAME_MAX, &v[i].name);
        if (e == OK)
            e = json_text(q->ctx, one, (struct json_field){"source", true}, 32, &v[i].source);
        if (e == OK)
            e = json_i64(q->ctx, one, (struct json_field){"weight_bp", true}, 1, ASSESSMENT_WHOLE_BP, &v[i].weight_bp);
        if (e == OK)
            e = json_i64(q->ctx, one, (struct json_field){"aim_bp", false}, 1, ASSESSMENT_WHOLE_BP, &v[i].aim_bp);
        if (e == OK)
            e = json_i64(q->ctx, one, (struct json_field){"seq", false}, 0, INT64_MAX, &unused);
        if (e == OK && !json_is_null(json_object_get(one, "words")))
            e = json_text(q->ctx, one, (struct json_field){"words", false}, ASSESSMENT_TEXT_MAX, &v[i].words);
    }
    s->indicators = v;
    s->count = n;
    return e == OK ? OK : api_wrong(q, "indicators", e, q->ctx->why);
}

static enum err
read_scheme(struct api *q, struct assessment_scheme *s)
{
    struct opt_i64 from, to, hours = api_number(q, "hours");
    enum err e = api_day(q, "from", &from);

    if (e == OK)
        e = api_day(q, "to", &to);
    if (e != OK)
        return e;
    *s = (struct assessment_scheme){.name = api_text(q, "name"), .region = api_text(q, "region"), .from_day = from.v, .to_day = to.v,
                                    .hours = hours.set ? hours.v : ASSESSMENT_HOURS};
    if (s->region.n == 0)
        s->region = api_level(q);
    return read_indicators(q, s);
}

/* What the scheme is refused for stands at its field. */
static enum err
refused(struct api *q, enum err e)
{
    return e == ERR_INPUT || e == ERR_LENGTH ? api_wrong(q, "indicators", e, q->ctx->why)
           : e == ERR_RANGE                  ? api_wrong(q, "to", e, q->ctx->why)
           : e == ERR_REGION                 ? api_wrong(q, "region", e, q->ctx->why)
                                             : e;
}

enum err
api_assessments_post(struct api *q)
{
    struct assessment_scheme s;
    int64_t id;
    enum err e = read_scheme(q, &s);

    if (e != OK)
        return e;
    if ((e = assessment_draft(q->ctx, &s, &id)) != OK)
        return refused(q, e);
    q->status = 201;
    return give(q, id);
}

static enum err
at_of(struct api *q, int64_t *id, int64_t *row_version)
{
    enum err e = api_number_of(q->params[0], id);

    return e == OK ? api_if_match(q, row_version) : e;
}

enum err
api_assessment_put(struct api *q)
{
    struct assessment_scheme s;
    struct assessment_line row;
    int64_t id, row_version;
    enum err e = at_of(q, &id, &row_version);

    if (e == OK)
        e = assessment_see(q->ctx, id, &row);
    if (e == OK)
        e = read_scheme(q, &s);
    if (e != OK)
        return e;
    e = assessment_change(q->ctx, id, row_version, &s);
    return e == OK ? give(q, id) : refused(q, e);
}

static enum err
step(struct api *q, enum err (*act)(struct ctx *c, int64_t id, int64_t row_version))
{
    int64_t id, row_version;
    enum err e = at_of(q, &id, &row_version);

    if (e == OK)
        e = act(q->ctx, id, row_version);
    return e == OK ? give(q, id) : e;
}

enum err
api_assessment_open(struct api *q)
{
    return step(q, assessment_open);
}

enum err
api_assessment_fill(struct api *q)
{
    return step(q, assessment_fill);
}

enum err
api_assessment_close(struct api *q)
{
    return step(q, assessment_close);
}

/* --- marks ------------------------------------------------------------------------------------------------------------- */

/* If-Match is of the mark. */
static enum err
say(struct api *q, struct str department, enum err (*act)(struct ctx *c, const struct assessment_say *say))
{
    struct assessment_say s = {.seq = api_number(q, "seq").v, .department = department, .score_bp = api_number(q, "score_bp").v,
                               .note = api_text(q, "note"), .evidence = api_text(q, "evidence")};
    enum err e = at_of(q, &s.assessment, &s.row_version);

    if (e == OK)
        e = act(q->ctx, &s);
    if (e == ERR_RANGE)
        return api_wrong(q, "score_bp", e, q->ctx->why);
    if (e == ERR_MISSING || e == ERR_LENGTH)
        return api_wrong(q, "note", e, q->ctx->why);
    return e == OK ? give(q, s.assessment) : e;
}

enum err
api_assessment_self(struct api *q)
{
    return say(q, q->ctx->department, assessment_self);
}

enum err
api_assessment_review(struct api *q)
{
    return say(q, api_text(q, "department"), assessment_review);
}
