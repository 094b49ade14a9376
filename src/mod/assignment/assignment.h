/* mod/assignment/assignment.h - inspectors for the drawn targets 匹配检查人员 (regulation 二(五); docs/spec/match-1.md).
 *
 * freeze   after the seal and before the first secret is shown: staff.tsv, forbidden.tsv, rules.txt, staff.txt into the
 *          folder of the draw, the digest of staff.txt into the log (assignment.freeze). staff.tsv and forbidden.tsv are
 *          salted and not public.
 * assign   after the draw: the match seed follows from the draw's seed; owners.txt; teams, leads, ordered reserves
 *          (assignment.assign), or the proof that it cannot be done, with remedies (assignment.infeasible).
 * replace  an inspector steps back: the next reserve enters, with reason, evidence, approver; never a second matching. Reserves
 *          who may not go any more (leave, an expired certificate, a recusal, a changed state) are passed over and named.
 *
 * Skills and items that are not tokens of match-1 (Chinese words) stand in the documents as "u" and the first 24 hex
 * digits of their SHA-256. */
#ifndef MQ_ASSIGNMENT_H
#define MQ_ASSIGNMENT_H

#include "core/staff.h"
#include "mod/assignment_sql.h"
#include "mod/drawing/drawing.h"

enum {
    /* Rows of reserves per target and department; in a large draw fewer, or none, so that all of them stay below the second number.
     * owners.txt holds all: the next ones are taken from there when they are needed. */
    ASSIGNMENT_RESERVES_STORED = 20,
    ASSIGNMENT_RESERVE_ROWS = 20000,
    ASSIGNMENT_TEAM_MIN = 2,         /* inspectors at a target, by law */
    ASSIGNMENT_EVIDENCE_MAX = 2000,
    ASSIGNMENT_PASSED_BYTES = 64 << 10 /* JSON of the reserves that one replacement may pass over */
};

struct assignment_rules {
    int slack;          /* MATCH_SLACK_DEFAULT */
    bool any_region;    /* false: inspectors whose regions cover the region in the target's code */
    bool skilled;       /* true: every member has all skills that the department's items ask for */
    bool no_rotation;   /* true: who was there last time may come again */
};

struct assignment_frozen {
    struct drawing_key key;
    uint64_t inspector_count, forbidden_count;
    struct str digest; /* of staff.txt */
};
/* assignment_freeze: ERR_STATE not sealed, locked already, or a secret was shown; ERR_EXISTS frozen already;
 * ERR_MISSING no inspector at all in a participating department; ERR_CHARSET a pseudonym that is no token. */
MUST_USE enum err assignment_freeze(struct ctx *c, struct str task, const struct assignment_rules *rules,
                                    struct assignment_frozen *out);

struct assignment_outcome {
    struct drawing_key key;
    bool feasible;
    uint64_t group_count, place_count, inspector_count; /* inspectors: those in the frozen pool */
    uint64_t excluded[STAFF_REASONS];                   /* pairs, by reason */
    uint64_t least_load, most_load;                     /* places per inspector of the pool */
    struct str digest;                                  /* of owners.txt */
    struct str diagnosis;                               /* JSON when not feasible: cuts and remedies */
    bool again;                                         /* it was done before: this is the stored outcome */
};
/* assignment_assign: OK also when it cannot be done (feasible is false; the proof is stored and published).
 * ERR_STATE not drawn, or no pool was frozen; ERR_DIGEST a frozen document was altered; ERR_NOT_FOUND, ERR_POLICY: the
 * rules do not cover a target (match-1, 5.5). */
MUST_USE enum err assignment_assign(struct ctx *c, struct str task, struct assignment_outcome *out);
/* The same in two steps, so that nobody waits while it is solved: all that goes in is frozen.
 * assignment_prepare   solves, and writes an owners.txt that has no name yet. watch: walks of the solver.
 * assignment_store     makes it the matching, in a transaction. watch: groups stored. ERR_STATE the draw was voided since.
 *                      Done before, or by another since: the stored outcome. Afterwards, whatever it gave, assignment_abandon.
 * assignment_abandon   gives the memory back, and removes what was not stored. NULL is fine. */
struct matching;
MUST_USE enum err assignment_prepare(struct ctx *c, struct str task, struct drawing_watch watch, struct matching **out);
MUST_USE enum err assignment_store(struct ctx *c, struct matching *m, struct drawing_watch watch, struct assignment_outcome *out);
void assignment_abandon(struct matching *m);

/* assignment_try: what a change would give on the frozen pool and the drawn targets (core/staff.h, staff_try): nothing is
 * stored, no seed is used, the matching stays as it is. departments: codes beside t->more, by index. ERR_NOT_FOUND no such
 * department among the participants; ERR_STATE not drawn or nothing frozen; ERR_RANGE. */
MUST_USE enum err assignment_try(struct ctx *c, struct str task, struct staff_trial *t, const struct str *departments,
                                 struct staff_tried *out);

/* Predictability 可预测性 of the matching in a dry run: the pool as it is now, the targets of one simulated draw, public
 * simulation seeds (core/match.h). Nothing is stored. */
enum { ASSIGNMENT_FORECAST_SHOWN = 50, ASSIGNMENT_FORECAST_RUNS = 1000, ASSIGNMENT_FORECAST_PLACES = 200000, ASSIGNMENT_FORECAST_RUNS_MIN = 20 };
struct assignment_foreseen {
    struct str target, department, inspector; /* inspector: of a pair */
    uint64_t share_bp;                        /* of a pair: runs in which he was in the team, 1/10000 */
    uint64_t candidates, places;              /* of a tight place */
};
struct assignment_forecast {
    uint32_t runs; /* fewer for many places: places times runs stays below ASSIGNMENT_FORECAST_PLACES where it can */
    bool feasible;
    uint64_t groups, places, inspectors, targets;
    uint64_t need, capacity; /* of the first cut, when it cannot be done */
    struct assignment_foreseen *pairs, *tight; /* above 0.9; fewer than two candidates to spare. At most SHOWN of each */
    size_t pair_count, tight_count;            /* all of them */
};
/* assignment_forecast: ERR_MISSING no inspector; ERR_POLICY, ERR_NOT_FOUND as assignment_assign; ERR_CANCELLED. */
MUST_USE enum err assignment_forecast(struct ctx *c, struct str task, const struct assignment_rules *rules,
                                      const struct drawing_sampled *targets, size_t count, struct drawing_watch watch,
                                      struct assignment_forecast *out);

struct assignment_change {
    struct str task, target, department, inspector; /* who steps back */
    struct str reason;                              /* relative | interest | declared | requested | leave | other */
    struct str evidence, approver;                  /* both required */
};
/* assignment_replace: *substitute is the reserve that enters: the first who may go on the days that are left (inspector_fit).
 * ERR_NOT_FOUND not in the team; ERR_QUOTA no reserve left; ERR_INPUT; ERR_STATE not assigned, or the visit was made. */
MUST_USE enum err assignment_replace(struct ctx *c, const struct assignment_change *change, struct str *substitute);
/* assignment_second: the inspector's own department lends him to a participant 借调 for this task: he stands in its pool,
 * for all of its items, and not in that of his own. ERR_STATE the task is not approved, or its list is sealed already;
 * ERR_NOT_FOUND no such task; ERR_INPUT the department takes no part; and the errors of inspector_second.
 * assignment_unsecond: the same until the seal. */
struct inspector_secondment_put_in;
struct inspector_at;
MUST_USE enum err assignment_second(struct ctx *c, struct inspector_at at, const struct inspector_secondment_put_in *say);
MUST_USE enum err assignment_unsecond(struct ctx *c, struct inspector_at at, struct str task, struct str reason);
/* assignment_confirm: a department agrees to the teams 部门确认 (joint tasks: within ASSIGNMENT_CONFIRM_DAYS working days
 * after the matching). A second time it changes nothing. ERR_STATE not assigned; ERR_NOT_FOUND it has no team. */
enum { ASSIGNMENT_CONFIRM_DAYS = 2 };
MUST_USE enum err assignment_confirm(struct ctx *c, struct str task, struct str department);
/* assignment_follow: targets that entered by substitution get the teams of those they replace, and a visit. Safe to
 * repeat. *count: how many were new. */
MUST_USE enum err assignment_follow(struct ctx *c, struct str task, size_t *count);
/* assignment_substitute: drawing_substitute and assignment_follow as one act. ERR_STATE not assigned yet: match first. */
MUST_USE enum err assignment_substitute(struct ctx *c, struct str task, struct str target, struct str reason,
                                        struct str evidence, struct str approver, size_t *count);
/* assignment_void: drawing_void, and the teams and the visits that nobody has begun are taken back. */
MUST_USE enum err assignment_void(struct ctx *c, struct str task, struct str reason);

#endif
