/* mod/assessment/mark.c - what a department and the conference say to an indicator, and what it comes to */
#include "mod/assessment/assessment.h"

#include <stdio.h>

#include "mod/journal/journal.h"
#include "mod/json.h"

static const struct opt_i64 NONE = {false, 0};

struct opt_i64
assessment_proposed(const struct assessment_mark_line *m, const struct assessment_indicator_list_row *i)
{
    int64_t share;

    if (!m->whole_count.set || m->whole_count.v <= 0)
        return NONE;
    share = m->part_count.v * ASSESSMENT_WHOLE_BP / m->whole_count.v;
    share = share * ASSESSMENT_WHOLE_BP / i->aim_bp;
    return (struct opt_i64){true, share > ASSESSMENT_WHOLE_BP ? ASSESSMENT_WHOLE_BP : share};
}

struct opt_i64
assessment_score(const struct assessment_mark_line *m, const struct assessment_indicator_list_row *i)
{
    return m->review_bp.set ? m->review_bp : m->self_bp.set ? m->self_bp : assessment_proposed(m, i);
}

struct opt_i64
assessment_total(const struct assessment_mark_list_row *marks, const struct assessment_indicator_list_row *indicators, size_t count)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        struct opt_i64 score = assessment_score(&marks[i].line, &indicators[i]);

        if (!score.set)
            return NONE;
        sum += score.v * indicators[i].weight_bp;
    }
    return (struct opt_i64){true, sum / ASSESSMENT_WHOLE_BP};
}

/* --- saying it ----------------------------------------------------------------------------------------------------- */

static enum err
check(struct ctx *c, const struct assessment_say *s)
{
    if (s->score_bp < 0 || s->score_bp > ASSESSMENT_WHOLE_BP)
        return ctx_refuse(c, ERR_RANGE, "a score from 0 to %d", ASSESSMENT_WHOLE_BP);
    if (s->note.n > ASSESSMENT_TEXT_MAX || s->evidence.n > ASSESSMENT_TEXT_MAX)
        return ctx_refuse(c, ERR_LENGTH, "a text of at most %d bytes", ASSESSMENT_TEXT_MAX);
    return utf8_valid(s->note) && utf8_valid(s->evidence) ? OK : ERR_ENCODING;
}

/* In a transaction: the mark as the user saw it, of an open scheme. */
static enum err
hold(struct ctx *c, const struct assessment_say *s, struct assessment_mark_line *m, struct assessment_indicator_list_row *indicator)
{
    struct assessment_indicator_list_row *i;
    struct assessment_mark_get_row row;
    struct assessment_line a;
    size_t n;
    enum err e = assessment_see(c, s->assessment, &a);

    if (e == OK && !str_eq(a.state, STR("open")))
        e = ctx_refuse(c, ERR_STATE, "it is %s", a.state.p);
    if (e == OK)
        e = assessment_mark_get(c->db, c->arena, &(struct assessment_mark_get_in){s->assessment, s->department, s->seq}, &row);
    if (e == OK && row.line.row_version != s->row_version)
        return ERR_CONFLICT;
    if (e == OK)
        e = assessment_indicator_list(c->db, c->arena, &(struct assessment_indicator_list_in){s->assessment}, &i, &n);
    if (e != OK)
        return e;
    *m = row.line;
    *indicator = i[s->seq - 1]; /* 1, 2, … without a gap, and the mark is one of them */
    return OK;
}

static enum err
note_mark(struct ctx *c, const char *act, const struct assessment_say *s)
{
    char subject[96];

    snprintf(subject, sizeof subject, "%lld/%.40s/%lld", (long long) s->assessment, s->department.p, (long long) s->seq);
    return journal_add(c, &(struct journal_act){str_of(act), str_of(subject), {NULL, 0}});
}

static enum err
self(struct ctx *c, const struct assessment_say *s)
{
    struct assessment_mark_line m;
    struct assessment_indicator_list_row i;
    enum err e = hold(c, s, &m, &i);

    if (e == OK && m.review_bp.set)
        e = ctx_refuse(c, ERR_STATE, "it is reviewed");
    if (e == OK && !assessment_proposed(&m, &i).set && str_trim(s->note).n == 0)
        e = ctx_refuse(c, ERR_MISSING, "there is no figure: a note is needed");
    if (e == OK)
        e = assessment_mark_self(c->db, &(struct assessment_mark_self_in){s->assessment, s->department, s->seq, s->row_version,
                                                                          s->score_bp, s->note, s->evidence, c->actor});
    return e == OK ? note_mark(c, "assessment.self", s) : e;
}

enum err
assessment_self(struct ctx *c, const struct assessment_say *say)
{
    enum err e = check(c, say);

    if (e == OK && !str_eq(c->department, say->department))
        e = ctx_refuse(c, ERR_PERMISSION, "a department assesses itself");
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, self(c, say)) : e;
}

static enum err
review(struct ctx *c, const struct assessment_say *s)
{
    struct assessment_mark_line m;
    struct assessment_indicator_list_row i;
    struct opt_i64 before;
    enum err e = hold(c, s, &m, &i);

    if (e == OK && m.self_by.n > 0 && ctx_is_own(c, m.self_by))
        e = ctx_refuse(c, ERR_PERMISSION, "who assessed it does not review it");
    if (e != OK)
        return e;
    before = m.self_bp.set ? m.self_bp : assessment_proposed(&m, &i);
    if ((!before.set || before.v != s->score_bp) && str_trim(s->note).n == 0)
        return ctx_refuse(c, ERR_MISSING, "a score that differs needs a note");
    e = assessment_mark_review(c->db, &(struct assessment_mark_review_in){s->assessment, s->department, s->seq, s->row_version,
                                                                          s->score_bp, s->note, c->actor});
    return e == OK ? note_mark(c, "assessment.review", s) : e;
}

enum err
assessment_review(struct ctx *c, const struct assessment_say *say)
{
    enum err e = check(c, say);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, review(c, say)) : e;
}
