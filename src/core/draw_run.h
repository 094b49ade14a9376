/* core/draw_run.h - run a draw again, verify its five published files, explain it for one id
 * (docs/spec/draw-1.md). */
#ifndef MQ_DRAW_RUN_H
#define MQ_DRAW_RUN_H

#include "core/roster.h"

/* The published files by enum draw_file; p == NULL: not given. */
struct draw_files {
    struct str file[DRAW_FILE_COUNT];
};

/* A selected target in visiting order. */
struct draw_target {
    uint32_t row;
    uint32_t batch; /* from 1 */
    uint64_t mask;  /* the groups that drew it */
};

/* What one quota yielded. */
struct draw_outcome {
    uint64_t population;
    uint32_t *sample;       /* rows in the order of selection, quota.n of them */
    uint32_t *reserve;      /* rows in order */
    uint64_t reserve_count; /* min(quota.reserve, population - n) */
    bool has_last, has_first_out;
    unsigned char last[HASH_LEN], first_out[HASH_LEN]; /* tickets */
};

/* A draw that was run. */
struct draw_run {
    struct draw_spec spec;
    struct draw_lock lock;
    struct draw_reveal reveal;
    unsigned char seed[HASH_LEN];
    unsigned char key_target[HASH_LEN], key_order[HASH_LEN];
    struct roster roster;
    struct draw_outcome *outcomes; /* by quota */
    struct draw_target *targets;   /* visiting order */
    size_t target_count;
};

/* draw_run: parse the first four files and draw. The run points into the files and the arena.
 * Besides the parsers' errors: ERR_DIGEST (root or count of the roster differ), ERR_QUOTA (n above the
 * population). */
MUST_USE enum err draw_run(const struct draw_files *files, const struct draw_env *env, struct arena *a,
                           struct draw_run *out, struct fault *f);
/* draw_what_if: the same list and quotas under another seed. To show that the seed decides; it is never a draw. */
MUST_USE enum err draw_what_if(const struct draw_files *files, const unsigned char seed[static HASH_LEN],
                               const struct draw_env *env, struct arena *a, struct draw_run *out, struct fault *f);
/* draw_result_bytes: how long result.txt will be at most. */
size_t draw_result_bytes(const struct draw_run *run);
void draw_result_write(const struct draw_run *run, struct buf *out);
/* draw_recompute: draw_run and result.txt in the arena. */
MUST_USE enum err draw_recompute(const struct draw_files *files, const struct draw_env *env, struct arena *a,
                                 struct str *result, struct fault *f);
/* draw_arena_bytes: an arena large enough for these files, whose rows and quotas it counts. */
size_t draw_arena_bytes(const struct draw_files *files);
/* draw_arena_bytes_at_most: the same without looking at the roster, many times as large: for address space whose pages
 * are taken only when they are used. A row has ten bytes at least; of lines that are no rows only the index is made. */
size_t draw_arena_bytes_at_most(const struct draw_files *files);

enum draw_step_state { DRAW_PASS, DRAW_FAIL, DRAW_SKIP, DRAW_WARN };

/* One step of a verification. */
struct draw_step {
    const char *name;    /* "roster-root": stable */
    const char *zh, *en; /* what is checked */
    enum draw_step_state state;
    struct fault fault; /* of DRAW_FAIL and DRAW_WARN: where and why */
};

enum { DRAW_STEP_MAX = 16 };

struct draw_report {
    struct draw_step step[DRAW_STEP_MAX];
    size_t step_count;
    bool ok; /* no step failed */
    bool ran;
    struct draw_run run; /* when ran */
};

/* draw_verify: every check that the five files allow. Any single altered byte in any of them makes a step
 * fail and is located as far as the budget allows. ERR_MEMORY only; what is wrong is in the report. */
MUST_USE enum err draw_verify(const struct draw_files *files, const struct draw_env *env, struct arena *a,
                              struct draw_report *out);

/* draw_verify_head: the same without roster.tsv, which is not public when its leaves are salted: documents, commitments,
 * seed and the first three lines of result.txt; the steps that need the roster are skipped. out->ran is false, yet
 * out->run holds spec, lock, reveal, seed and keys when no step failed. The rows of the selected: draw_check_opened. */
MUST_USE enum err draw_verify_head(const struct draw_files *files, struct arena *a, struct draw_report *out);

/* What is wrong in opened.tsv, or in result.txt beside it. */
struct opened_fault {
    enum err err;
    const char *file; /* "opened.tsv" or "result.txt" */
    uint64_t line;
    const char *zh, *en;
};
#define DRAW_OPENED_ZH "抽中者的行都已公开并能证明在封存的名单里,数量和签号相符"
#define DRAW_OPENED_EN "the rows of the selected are opened, proved to be in the sealed roster, and give numbers and last tickets"
/* draw_check_opened: opened.tsv (draw-1 §13) against draw.txt and result.txt: each row has its proof to the sealed root;
 * the rows are exactly the targets of result.txt, with strata and departments that give its quotas; the last ticket of
 * each quota is the one that result.txt states. ERR_MEMORY, or that of *f. */
MUST_USE enum err draw_check_opened(struct str opened, struct str result, const struct draw_spec *spec,
                                    const unsigned char key_target[static HASH_LEN], struct arena *a,
                                    struct opened_fault *f);

enum draw_status { DRAW_SELECTED, DRAW_RESERVE, DRAW_NOT_SELECTED, DRAW_NOT_IN_QUOTA };

/* Why one id was (not) drawn, for one quota. */
struct draw_reason_quota {
    size_t quota; /* index in spec.quotas */
    enum draw_status status;
    uint64_t rank; /* among sample or reserve, from 1; 0 otherwise */
    bool certain;  /* its place was certain (n = N, or a certainty unit of pareto) */
    /* uniform: the exact probability n / N. pareto: the design's target inclusion probability k·w / W of the
     * units that are not certain; the exact inclusion probability of a Pareto sample differs from it
     * slightly. Not reduced. */
    uint64_t numerator, denominator;
};

struct draw_reason {
    uint64_t row_number; /* from 0 */
    struct roster_row row;
    struct merkle_proof proof;
    unsigned char ticket[HASH_LEN];
    struct draw_reason_quota *quotas; /* those of the row's stratum */
    size_t quota_count;
    bool selected;
    uint64_t position; /* in visiting order, from 1; 0 = not selected */
    uint32_t batch;
};

/* draw_explain: about one id of a draw that was run. ERR_NOT_FOUND when the roster does not hold it. */
MUST_USE enum err draw_explain(const struct draw_run *run, struct arena *a, struct str id,
                               struct draw_reason *out);

#endif
