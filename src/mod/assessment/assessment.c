/* mod/assessment/assessment.c - schemes: drafted, opened with their figures, closed */
#include "mod/assessment/assessment.h"

#include <string.h>

#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/scope.h"

/* What may never be an indicator 严禁下达检查指标. */
static const char *const FORBIDDEN[] = {"罚款", "罚没", "处罚数", "处罚量", "检查次数", "检查户次", "检查数量", "检查量",
                                        "立案数", "立案量", "案件数", "办案数", "发现问题数", "问题数量"};

static enum err
check_name(struct ctx *c, struct str name)
{
    if (str_trim(name).n == 0 || name.n > ASSESSMENT_NAME_MAX)
        return ctx_refuse(c, ERR_LENGTH, "a name of 1 to %d bytes", ASSESSMENT_NAME_MAX);
    return utf8_valid(name) ? OK : ERR_ENCODING;
}

static enum err
check_indicator(struct ctx *c, const struct assessment_scheme *s, size_t at)
{
    const struct assessment_indicator *i = &s->indicators[at];
    bool manual = str_eq(i->source, STR("manual"));
    enum statistics_duty duty;
    enum err e = check_name(c, i->name);

    if (e == OK && (i->words.n > ASSESSMENT_TEXT_MAX || !utf8_valid(i->words)))
        e = ERR_LENGTH;
    if (e == OK && !manual && statistics_duty_parse(i->source, &duty) != OK)
        return ctx_refuse(c, ERR_INPUT, "unknown source %.*s", (int) i->source.n, i->source.p);
    for (size_t k = 0; e == OK && !manual && k < at; k++)
        if (str_eq(s->indicators[k].source, i->source))
            return ctx_refuse(c, ERR_INPUT, "%.*s stands twice", (int) i->source.n, i->source.p);
    for (size_t k = 0; e == OK && k < sizeof FORBIDDEN / sizeof *FORBIDDEN; k++)
        if (memmem(i->name.p, i->name.n, FORBIDDEN[k], strlen(FORBIDDEN[k])) != NULL)
            return ctx_refuse(c, ERR_INPUT, "严禁下达检查指标：不得以“%s”考核", FORBIDDEN[k]);
    if (e == OK && (i->weight_bp < 1 || i->weight_bp > ASSESSMENT_WHOLE_BP || i->aim_bp < 1 || i->aim_bp > ASSESSMENT_WHOLE_BP))
        return ctx_refuse(c, ERR_RANGE, "weight and aim from 1 to %d", ASSESSMENT_WHOLE_BP);
    return e;
}

static enum err
check_scheme(struct ctx *c, const struct assessment_scheme *s)
{
    int64_t weights = 0;
    enum err e = check_name(c, s->name);

    if (e == OK && (s->to_day < s->from_day || s->to_day - s->from_day >= STATISTICS_DAYS_MAX))
        return ctx_refuse(c, ERR_RANGE, "a period of 1 to %d days", STATISTICS_DAYS_MAX);
    if (e == OK && (s->hours < 1 || s->hours > ASSESSMENT_HOURS_MAX))
        return ctx_refuse(c, ERR_RANGE, "1 to %d hours", ASSESSMENT_HOURS_MAX);
    if (e == OK && (s->count == 0 || s->count > ASSESSMENT_INDICATORS_MAX))
        return ctx_refuse(c, ERR_INPUT, "1 to %d indicators", ASSESSMENT_INDICATORS_MAX);
    for (size_t i = 0; e == OK && i < s->count; i++) {
        e = check_indicator(c, s, i);
        weights += s->indicators[i].weight_bp;
    }
    if (e == OK && weights != ASSESSMENT_WHOLE_BP)
        e = ctx_refuse(c, ERR_INPUT, "the weights are %lld together, not %d", (long long) weights, ASSESSMENT_WHOLE_BP);
    return e;
}

static enum err
note(struct ctx *c, const char *act, int64_t id)
{
    char subject[32];
    struct buf b = buf_over(subject, sizeof subject);

    buf_i64(&b, id);
    return journal_add(c, &(struct journal_act){str_of(act), buf_view(&b), {NULL, 0}});
}

static enum err
put_indicators(struct ctx *c, int64_t id, const struct assessment_scheme *s)
{
    enum err e = assessment_indicator_clear(c->db, &(struct assessment_indicator_clear_in){id});

    for (size_t i = 0; e == OK && i < s->count; i++) {
        const struct assessment_indicator *x = &s->indicators[i];

        e = assessment_indicator_put(c->db, &(struct assessment_indicator_put_in){id, (int64_t) i + 1, x->name, x->source, x->weight_bp,
                                                                                  x->aim_bp, x->words});
    }
    return e;
}

static enum err
draft(struct ctx *c, const struct assessment_scheme *s, int64_t id)
{
    enum err e = assessment_put(c->db, &(struct assessment_put_in){id, s->name, s->region, s->from_day, s->to_day, s->hours, c->actor,
                                                                   c->now_us});

    if (e == OK)
        e = put_indicators(c, id, s);
    return e == OK ? note(c, "assessment.draft", id) : e;
}

enum err
assessment_draft(struct ctx *c, const struct assessment_scheme *s, int64_t *id)
{
    enum err e = check_scheme(c, s);

    if (e == OK && (s->region.n != 6 || !str_starts(s->region, c->region)))
        return ctx_refuse(c, ERR_REGION, "a region of six digits within one's own");
    if (e == OK)
        e = ctx_new_id(c, id);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, draft(c, s, *id)) : e;
}

enum err
assessment_see(struct ctx *c, int64_t id, struct assessment_line *out)
{
    struct assessment_get_row row;
    enum err e = assessment_get(c->db, c->arena, &(struct assessment_get_in){id}, &row);

    if (e == ERR_NOT_FOUND || (e == OK && !str_starts(row.line.region, c->region)))
        return ctx_refuse(c, ERR_NOT_FOUND, "assessment %lld", (long long) id);
    if (e == OK)
        *out = row.line;
    return e;
}

/* In a transaction: as the user saw it, in this state. */
static enum err
hold(struct ctx *c, int64_t id, int64_t row_version, const char *state, struct assessment_line *out)
{
    enum err e = assessment_see(c, id, out);

    if (e == OK && out->row_version != row_version)
        return ERR_CONFLICT;
    return e == OK && !str_eq(out->state, str_of(state)) ? ctx_refuse(c, ERR_STATE, "it is %s", out->state.p) : e;
}

static enum err
change(struct ctx *c, int64_t id, int64_t row_version, const struct assessment_scheme *s)
{
    struct assessment_line row;
    enum err e = hold(c, id, row_version, "draft", &row);

    if (e == OK)
        e = assessment_change_put(c->db, &(struct assessment_change_put_in){id, row_version, s->name, s->from_day, s->to_day, s->hours});
    if (e == OK)
        e = put_indicators(c, id, s);
    return e == OK ? note(c, "assessment.change", id) : e;
}

enum err
assessment_change(struct ctx *c, int64_t id, int64_t row_version, const struct assessment_scheme *s)
{
    enum err e = check_scheme(c, s);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, change(c, id, row_version, s)) : e;
}

/* --- figures ------------------------------------------------------------------------------------------------------- */

static enum err
put_marks(struct ctx *c, int64_t id, const struct statistics_duties *d, const struct assessment_indicator_list_row *i, size_t count)
{
    enum err e = OK;

    for (size_t k = 0; e == OK && k < count; k++) {
        enum statistics_duty duty;
        bool figure = statistics_duty_parse(i[k].source, &duty) == OK;

        e = assessment_mark_put(c->db, &(struct assessment_mark_put_in){id, d->department, i[k].seq,
                                                                        {figure, figure ? d->shares[duty].part : 0},
                                                                        {figure, figure ? d->shares[duty].whole : 0}});
    }
    return e;
}

/* The conference sees the figures of all departments of its region, whichever its secretary belongs to. */
static enum err
fill(struct ctx *c, const struct assessment_line *a)
{
    struct statistics_asked asked = {a->from_day, a->to_day, {NULL, 0}, a->region};
    struct assessment_indicator_list_row *i;
    struct statistics_duties *d;
    struct str own = c->department;
    size_t departments, count;
    enum err e;

    c->department = (struct str){NULL, 0};
    e = statistics_duties_read(c, &asked, a->hours, &d, &departments);
    c->department = own;
    if (e == OK)
        e = assessment_indicator_list(c->db, c->arena, &(struct assessment_indicator_list_in){a->id}, &i, &count);
    for (size_t k = 0; e == OK && k < departments; k++)
        e = put_marks(c, a->id, &d[k], i, count);
    return e;
}

static enum err
move(struct ctx *c, int64_t id, int64_t row_version, const char *from, const char *to)
{
    bool closes = strcmp(to, "closed") == 0;
    struct assessment_mark_open_row open = {0};
    struct assessment_line row;
    enum err e = hold(c, id, row_version, from, &row);

    if (e == OK && closes)
        e = assessment_mark_open(c->db, c->arena, &(struct assessment_mark_open_in){id}, &open);
    if (e == OK && open.count > 0)
        return ctx_refuse(c, ERR_STATE, "%lld marks are not reviewed yet", (long long) open.count);
    if (e == OK && !closes)
        e = fill(c, &row);
    if (e == OK)
        e = assessment_move(c->db, &(struct assessment_move_in){id, row_version, str_of(from), str_of(to), {!closes, c->now_us},
                                                                {closes, c->now_us}});
    return e == OK ? note(c, closes ? "assessment.close" : strcmp(from, to) == 0 ? "assessment.fill" : "assessment.open", id) : e;
}

static enum err
step(struct ctx *c, int64_t id, int64_t row_version, const char *from, const char *to)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, move(c, id, row_version, from, to)) : e;
}

enum err
assessment_open(struct ctx *c, int64_t id, int64_t row_version)
{
    return step(c, id, row_version, "draft", "open");
}

enum err
assessment_fill(struct ctx *c, int64_t id, int64_t row_version)
{
    return step(c, id, row_version, "open", "open");
}

enum err
assessment_close(struct ctx *c, int64_t id, int64_t row_version)
{
    return step(c, id, row_version, "open", "closed");
}
