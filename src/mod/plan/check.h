/* mod/plan/check.h - what a plan would do to the registry, before anybody decides on it (regulation 二(二), 二(四)).
 * Read once over the registry; nothing is stored. */
#ifndef MQ_PLAN_CHECK_H
#define MQ_PLAN_CHECK_H

#include "mod/plan/plan.h"

enum {
    PLAN_FINDINGS_MAX = 500,
    PLAN_PAIR_LINES_MAX = 128,     /* above, lines are not compared with each other */
    PLAN_SHARE_BP = 300,           /* enterprises to be inspected a year at least: 3 %, 企业公示信息抽查暂行办法 第四条 */
    PLAN_VISITS_OF_ORGAN = 2,      /* a year, of one organ at one target */
    PLAN_OVERLAP_BP = 2000,        /* of the smaller line's targets: worth merging into one visit 进一次门 */
    PLAN_WORKING_DAYS_MIN = 10     /* of a window */
};

enum plan_finding_kind {
    PLAN_FINDING_EMPTY,      /* the line has no target: scope and registry do not meet */
    PLAN_FINDING_ITEM,       /* text: an item that is not published */
    PLAN_FINDING_CAP,        /* a: ratio over the whole line, b: cap of its general items, in 1/10000 */
    PLAN_FINDING_SHARE,      /* whole plan; a: share of enterprises expected to be inspected, b: the least, 1/10000 */
    PLAN_FINDING_VISITS,     /* whole plan, text: department; a: targets that more than b lines of it could draw */
    PLAN_FINDING_LOW_RISK,   /* whole plan; a: targets of class A that two lines or more could draw */
    PLAN_FINDING_OVERLAP,    /* lines `line` and `other`; a: targets in both, b: share of the smaller one in 1/10000 */
    PLAN_FINDING_CAPACITY,   /* text: department; a: places needed, b: places its inspectors have in one draw */
    PLAN_FINDING_WINDOW,     /* a: working days of the window, b: PLAN_WORKING_DAYS_MIN */
    PLAN_FINDING_CALENDAR,   /* a: a year that the calendar does not hold */
    PLAN_FINDING_COUNT
};
const char *plan_finding_name(enum plan_finding_kind k);

struct plan_finding {
    enum plan_finding_kind kind;
    int64_t line, other; /* 0: the whole plan, none */
    struct str text;
    uint64_t a, b;
};
struct plan_line_estimate {
    int64_t line;
    uint64_t population, sample;                  /* over all strata */
    uint64_t by_stratum[TERMS_STRATA_MAX];        /* N_h in the order of the strata */
    uint64_t drawn_of_stratum[TERMS_STRATA_MAX];  /* n_h */
    size_t stratum_count;
    struct stratum *strata;
};
struct plan_check {
    struct plan_line_estimate *lines;
    size_t line_count;
    struct plan_finding *findings;
    size_t finding_count;
    bool findings_cut; /* more than PLAN_FINDINGS_MAX */
    uint64_t enterprises, expected_enterprises; /* active ones; those expected to be inspected at least once, rounded */
    uint64_t share_bp;                          /* their share, exact, rounded down */
};

/* tell, when not NULL, is called now and then with the targets looked at and how many there are about (0: not known); false ends
 * the pass with ERR_CANCELLED. */
struct plan_watch {
    bool (*tell)(void *arg, uint64_t done, uint64_t total);
    void *arg;
};
/* plan_check: one pass over the registry. ERR_NOT_FOUND; ERR_CANCELLED. */
MUST_USE enum err plan_check(struct ctx *c, struct str code, struct plan_watch watch, struct plan_check *out);

#endif
