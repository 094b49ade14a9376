/* core/match.h - matching inspectors 匹配检查人员 to drawn targets: mingqian-match/v1 (docs/spec/match-1.md).
 * Random, reproducible from the public seed, even in load, with a proof when it cannot be done.
 * Pure: no allocation but from the arena, no I/O, integers only. "Spec" below is docs/spec/match-1.md. */
#ifndef MQ_MATCH_H
#define MQ_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
    MATCH_SEED_LEN = 32, /* bytes */
    MATCH_INSPECTORS_MAX = 1 << 20,
    MATCH_CLASSES_MAX = 1 << 20,
    MATCH_GROUPS_MAX = 1 << 20,
    MATCH_LEVEL_MAX = 1 << 20,   /* of a prior load, of a cap */
    MATCH_DEMAND_MAX = 1024,     /* places of one group */
    MATCH_PLACES_MAX = 1 << 22,  /* in all */
    MATCH_ENTRIES_MAX = 1 << 27, /* numbers in all lists */
    MATCH_SLACK_STRICT = -1,
    MATCH_SLACK_DEFAULT = 1,
    MATCH_SLACK_MAX = 64,
    MATCH_WALKS_MIN = 64, /* spec 3.7 */
    MATCH_WALK_STEPS_MAX = 100000,
    MATCH_PILOT_WALKS = 256
};
#define MATCH_TARGET_MAX ((UINT64_C(1) << 53) - 1)
#define MATCH_NONE UINT32_MAX /* no inspector */

/* Spec 1. A group is one department at one target. Its candidates are its class without its forbidden list.
 */
struct match_instance {
    uint32_t inspectors, classes, groups;
    uint32_t *base, *cap;      /* by inspector: prior load; most new places */
    uint32_t *class_first;     /* classes + 1: where the list of class c begins in class_ids */
    uint32_t *class_ids;       /* inspectors, strictly ascending within a class */
    uint64_t *target;          /* by group: the number of its target */
    uint32_t *class_of;        /* by group */
    uint32_t *demand;          /* by group: places */
    uint32_t *forbidden_first; /* groups + 1: where the list of group g begins in forbidden_ids */
    uint32_t *forbidden_ids;   /* inspectors, strictly ascending within a group */
    const unsigned char *lead; /* by inspector: 1 = lead-qualified; NULL = none. Not part of the text form. */
};

/* Where a text was refused. */
struct match_fault {
    size_t line;      /* from 1 */
    struct str token; /* the offending bytes, at most 32; empty at the end of the text */
    const char *what; /* English, one clause */
};

/*
 * match_parse: read the text form. The lists live in the arena.
 * ERR_SYNTAX, ERR_RANGE, ERR_ORDER, ERR_TOO_LARGE, ERR_MEMORY; *fault says where (but for ERR_MEMORY).
 */
MUST_USE enum err match_parse(struct arena *a, struct str text, struct match_instance *out,
                              struct match_fault *fault);
/* match_write: the canonical text form. */
void match_write(struct buf *b, const struct match_instance *in);
/* match_validate: the rules of spec 1 for an instance that was not parsed. ERR_RANGE, ERR_ORDER,
 * ERR_TOO_LARGE. */
MUST_USE enum err match_validate(struct arena *a, const struct match_instance *in);
/* match_eligible: inspector i is in the class of group g and not forbidden there. */
bool match_eligible(const struct match_instance *in, uint32_t g, uint32_t i);

/* match_seed: spec 3, from the draw's subkey "inspector" and the digest of staff.txt. */
void match_seed(const unsigned char subkey[static 32], const unsigned char staff_digest[static 32],
                unsigned char out[static MATCH_SEED_LEN]);

struct match_options {
    unsigned char seed[MATCH_SEED_LEN];
    int slack;     /* -1 .. MATCH_SLACK_MAX */
    bool no_walks; /* stop after P3: the balanced assignment itself (tests, feasibility) */
    bool reserves; /* do P5: leads and reserve lists */
    /* raw_cut: told of each raw cut (spec 4) in order, lists ascending; NULL: they are not kept apart. */
    void (*raw_cut)(void *ctx, const uint32_t *groups, size_t group_count, const uint32_t *inspectors,
                    size_t inspector_count);
    /* progress: told of the work done and of all of it, in groups; false stops with ERR_CANCELLED. */
    bool (*progress)(void *ctx, uint64_t done, uint64_t total);
    void *ctx;
};

/* A minimal cut (spec 4): need > capacity = sum of caps of `inspectors` + sum of `spare`. */
struct match_cut {
    uint64_t need, capacity;
    uint32_t *groups, *spare; /* ascending; spare: eligible inspectors of that group outside `inspectors` */
    uint32_t *inspectors; /* ascending: those with a cap below the number of these groups they could serve */
    uint32_t group_count, inspector_count;
};

struct match_result {
    bool feasible;
    uint32_t *team_first;    /* groups + 1: where the team of group g begins in team (demand[g] inspectors) */
    uint32_t *team;          /* ascending within a group; MATCH_NONE everywhere when not feasible */
    uint32_t *lead;          /* by group, MATCH_NONE = none; NULL without options.reserves */
    uint64_t *reserve_first; /* groups + 1; NULL without options.reserves */
    uint32_t *reserve;       /* in drawn order */
    struct match_cut *cuts;  /* one for each component that cannot be matched */
    uint32_t cut_count, component_count;
    uint64_t walks, steps; /* made in the real runs */
};

/*
 * match_solve: spec 3 and 4 of a valid instance.
 * OK also when there is no assignment (feasible is false, cuts hold the proofs).
 * ERR_RANGE: slack. ERR_MEMORY: the arena is too small. ERR_CANCELLED.
 */
MUST_USE enum err match_solve(struct arena *a, const struct match_instance *in, const struct match_options *o,
                              struct match_result *out);

/* match_write_owners: "owners 0 3;3;3;0", a team's inspectors by blanks, groups by ";" (spec 4). */
void match_write_owners(struct buf *b, const struct match_instance *in, const struct match_result *r);

/* What match_check found first. */
enum match_verdict {
    MATCH_GOOD,
    MATCH_BAD_SIZE,      /* a place without an inspector */
    MATCH_BAD_CANDIDATE, /* not in the class, or forbidden */
    MATCH_BAD_TWICE,     /* twice in one team, or a team out of order */
    MATCH_BAD_CAP,       /* above the cap */
    MATCH_BAD_BALANCE    /* a path of moves leads from level L to a level <= L - 2 */
};
/*
 * match_check: confirm teams without the solver. balanced: also that no inspector at level L could pass
 * places along to one at level <= L - 2 with room (spec 7.1).
 * team_first, team as in match_result. ERR_MEMORY.
 */
MUST_USE enum err match_check(struct arena *a, const struct match_instance *in, const uint32_t *team_first,
                              const uint32_t *team, bool balanced, enum match_verdict *out);
const char *match_verdict_name(enum match_verdict v);
/* match_check_cut: need and capacity are as said and need > capacity, counted from the instance alone.
 * ERR_MEMORY. */
MUST_USE enum err match_check_cut(struct arena *a, const struct match_instance *in,
                                  const struct match_cut *cut, bool *holds);

/* Predictability 可预测性 of a frozen instance, before its seed exists (published with the draw). */
struct match_pair {
    uint32_t group, inspector;
    uint32_t count; /* runs in which he was in the team */
};
struct match_tight {
    uint32_t group, candidates; /* fewer than demand + 2 */
};
struct match_forecast {
    uint32_t runs;
    bool feasible;             /* otherwise nothing was counted */
    struct match_pair *pairs;  /* count / runs > 0.9, by group and inspector */
    struct match_tight *tight; /* groups with demand > 0, ascending */
    size_t pair_count, tight_count;
};
enum { MATCH_FORECAST_RUNS_MAX = 1000000, MATCH_FORECAST_PAIRS_MAX = 1 << 26 };
/*
 * match_forecast: solve with `runs` public seeds, seed k = SHA-256("mingqian-match-simulation/v1\n" k "\n"),
 * k = 0, 1, … in decimal. progress as in match_options, in runs; may be NULL.
 * ERR_RANGE runs or slack; ERR_TOO_LARGE too many eligible pairs; ERR_MEMORY; ERR_CANCELLED.
 */
MUST_USE enum err match_forecast(struct arena *a, const struct match_instance *in, int slack, uint32_t runs,
                                 bool (*progress)(void *ctx, uint64_t done, uint64_t total), void *ctx,
                                 struct match_forecast *out);

#endif
