/* mod/drawing/frame.h - the frame 候选池: from the registry to the rows of roster.tsv (docs/spec/draw-1.md
 * §2). Every target in scope becomes a row: drawn from, or excluded with its reason. Written as a stream:
 * memory does not grow with the registry. */
#ifndef MQ_DRAWING_FRAME_H
#define MQ_DRAWING_FRAME_H

#include <stdio.h>

#include "core/roster.h"
#include "mod/drawing/drawing.h"
#include "mod/target_sql.h"
#include "mod/task/task.h"

/* Why a target in scope is not drawn from. The words stand in the roster after the mark "!". */
enum frame_exclusion {
    FRAME_IN,            /* not excluded */
    FRAME_CANCELLED,     /* 注销 */
    FRAME_REVOKED,       /* 吊销 */
    FRAME_RESCINDED,     /* 撤销 */
    FRAME_MOVED,         /* 迁出 */
    FRAME_VISIT_CAP,     /* yearly visits are used up: of every department that would go, or altogether */
    FRAME_LOW_RISK,      /* class A, and one visit this year already */
    FRAME_OBSERVATION,   /* observation period of new trades 包容审慎观察期; never for class D */
    FRAME_NO_DEPARTMENT, /* no participant supervises it */
    FRAME_RECOGNISED,    /* 结果互认: every department that would go has accepted another's result in place of the visit */
    FRAME_NO_STRATUM,    /* no stratum takes it */
    FRAME_EXCLUSION_COUNT
};
const char *frame_exclusion_word(enum frame_exclusion x); /* "visit-cap" */
/* Yearly visit caps 频次上限: per organ (a department at its level, told by the region that heads the number of a draw)
 * and target; of all organs, city and county, together. Class A 低风险: not twice. */
enum { FRAME_VISITS_OF_ORGAN = 2, FRAME_VISITS_TOGETHER = 4, FRAME_WEIGHT_MAX = 10 };

/* What a target has behind it this year, without the exempt visits. */
struct frame_visits {
    uint32_t total;
    uint64_t once, capped; /* bits of departments: with one visit at least; with FRAME_VISITS_OF_ORGAN */
};
/* frame_count: one more visit by these departments; by the organs that draw now, or by those of another level. */
void frame_count(struct frame_visits *v, uint64_t mask, bool same_level);
/* frame_excludes: by status, visits, class and observation period. *mask: the departments that would go; those at their cap
 * leave it. Class D and above is excluded by its status only. */
enum frame_exclusion frame_excludes(const struct target_scan_row *t, const struct frame_visits *v, int64_t today, uint64_t *mask);
/* frame_weight: min(10, whole years since the last visit), at least 1; 10 when never visited (draw.md:
 * burden). */
uint32_t frame_weight(struct opt_i64 last_visit_day, int64_t today);

struct frame {
    struct ctx *c;
    const struct task *task;
    const unsigned *bits; /* department bit by participant */
    bool salted;
    struct str region; /* of the organs that draw: six digits */
    int64_t today;
    FILE *out; /* NULL: counted only */
    /* called for each row that is drawn from, may be NULL; row->stratum is that of the task's strata[stratum]
     */
    enum err (*on_row)(void *arg, const struct target_scan_row *t, const struct roster_row *row, int stratum);
    void *arg;
    struct drawing_watch watch; /* told of targets looked at, of all */
    /* filled by frame_write: */
    uint64_t rows;
    struct frame_population {
        uint64_t count, weight; /* weight: sum */
        uint32_t least, most;   /* weights */
    } population[TERMS_PARTICIPANTS_MAX][TERMS_STRATA_MAX];        /* by participant, stratum */
    uint64_t stratum_rows[TERMS_STRATA_MAX];                       /* by stratum, whatever the mask */
    uint64_t excluded[FRAME_EXCLUSION_COUNT];
    struct str codes[FRAME_EXCLUSION_COUNT][DRAWING_PREVIEW_CODES]; /* the first of each; in the arena */
};

/* frame_rules: a task with the bits of its participants and the cap that its items set, checked. Errors of task_load,
 * plan_check_items, org_bit. */
MUST_USE enum err frame_rules(struct ctx *c, struct str code, struct task *task, unsigned bits[static TERMS_PARTICIPANTS_MAX],
                              struct opt_i64 *cap_bp);
/* frame_write: all rows of the task's scope into f->out, ascending by id. Errors of the database, of the
 * entropy, ERR_IO, ERR_CHARSET (an id that cannot stand in a roster). */
MUST_USE enum err frame_write(struct frame *f);

/* One quota of a frame, ready for draw.txt. */
struct frame_quota {
    unsigned group; /* department bit */
    size_t participant, stratum;
    uint64_t population, n, reserve;
    uint64_t least_ppm, most_ppm; /* chance of one target: n times its weight by the sum of all, 10^-6 */
    uint32_t ratio_bp;
};
/* frame_quotas: ratio → n for every participant and stratum with a population, ascending by group, stratum;
 * in the arena. ERR_CAP above the cap of the general items; ERR_QUOTA when nothing is left to draw from. */
MUST_USE enum err frame_quotas(const struct frame *f, struct opt_i64 cap_bp, struct frame_quota **out,
                               size_t *count);

#endif
