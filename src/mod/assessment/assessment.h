/* mod/assessment/assessment.h - performance assessment 绩效考核 of departments for a period (regulation 三(二), 三(三)): a scheme with
 * weighted indicators 考核方案, figures that fill in by themselves (mod/statistics), each department's own assessment with its evidence,
 * the conference's review with a comment.
 *
 * Shares alone, never how many checks or fines there were (严禁下达检查指标); departments, never persons; units in their fixed order,
 * never a ranking. */
#ifndef MQ_ASSESSMENT_H
#define MQ_ASSESSMENT_H

#include "mod/assessment_sql.h"
#include "mod/statistics/statistics.h"

enum {
    ASSESSMENT_INDICATORS_MAX = 30,
    ASSESSMENT_NAME_MAX = 200,
    ASSESSMENT_TEXT_MAX = 2000,
    ASSESSMENT_WHOLE_BP = 10000, /* all weights together, and a full score */
    ASSESSMENT_HOURS_MAX = 500,
    ASSESSMENT_HOURS = 16 /* of training that count as trained, when nothing else is said */
};

struct assessment_indicator {
    struct str name, words; /* words: how it is assessed, or absent */
    struct str source;      /* manual 人工评定, or a duty of mod/statistics */
    int64_t weight_bp, aim_bp; /* aim: the share that earns the full score, 1 to 10000; of a manual one 10000 */
};
struct assessment_scheme {
    struct str name, region; /* whose departments: the region of the conference, its targets and those below */
    int64_t from_day, to_day, hours;
    const struct assessment_indicator *indicators;
    size_t count;
};
/* draft 草案 → open 自评 and review → closed 已定. Every act: one transaction, one entry; ERR_NOT_FOUND outside the region of c,
 * ERR_CONFLICT another row_version, ERR_STATE.
 * assessment_draft: ERR_INPUT weights that are not 10000 together, an unknown or doubled source, an indicator that counts checks, cases
 * or fines; ERR_RANGE the period, the hours, an aim; ERR_LENGTH. assessment_change: of a draft. Journal: assessment.draft, .change. */
MUST_USE enum err assessment_draft(struct ctx *c, const struct assessment_scheme *s, int64_t *id);
MUST_USE enum err assessment_change(struct ctx *c, int64_t id, int64_t row_version, const struct assessment_scheme *s);
/* assessment_open: departments in force get their sheets, filled. assessment_fill: the figures anew. assessment_close: when every mark
 * is reviewed; then nothing changes any more. Journal: assessment.open, .fill, .close. */
MUST_USE enum err assessment_open(struct ctx *c, int64_t id, int64_t row_version);
MUST_USE enum err assessment_fill(struct ctx *c, int64_t id, int64_t row_version);
MUST_USE enum err assessment_close(struct ctx *c, int64_t id, int64_t row_version);
MUST_USE enum err assessment_see(struct ctx *c, int64_t id, struct assessment_line *out);

/* --- marks (mark.c) -------------------------------------------------------------------------------------------------------- */

struct assessment_say {
    int64_t assessment, seq, row_version; /* of the mark */
    struct str department;
    int64_t score_bp;          /* 0 to 10000 of the full score */
    struct str note, evidence; /* evidence: of the own assessment; where it can be seen */
};
/* assessment_self: by the department itself (that of c), until it is reviewed; an indicator without a figure needs a note.
 * assessment_review: by the conference, not by who assessed it; a score that differs from the proposal needs a note. ERR_MISSING,
 * ERR_RANGE, ERR_LENGTH, ERR_PERMISSION. Journal: assessment.self, .review. */
MUST_USE enum err assessment_self(struct ctx *c, const struct assessment_say *say);
MUST_USE enum err assessment_review(struct ctx *c, const struct assessment_say *say);

/* assessment_proposed: the score that the figure gives, its share of the aim, at most the whole; unset without a figure, or when there
 * was nothing to tell from. assessment_score: the reviewed score, or the own one, or the proposed one. assessment_total: of one
 * department, the weighted sum; unset while an indicator has no score at all. Marks and indicators in the order of seq. */
struct opt_i64 assessment_proposed(const struct assessment_mark_line *m, const struct assessment_indicator_list_row *i);
struct opt_i64 assessment_score(const struct assessment_mark_line *m, const struct assessment_indicator_list_row *i);
struct opt_i64 assessment_total(const struct assessment_mark_list_row *marks, const struct assessment_indicator_list_row *indicators,
                                size_t count);

#endif
