/* core/roster.h - roster.tsv, the sealed frame 候选池 of a draw (docs/spec/draw-1.md §2): rows, root, lean
 * index. One row: id TAB stratum TAB weight TAB mask TAB salt LF, strictly ascending by id bytes. */
#ifndef MQ_ROSTER_H
#define MQ_ROSTER_H

#include "core/draw.h"
#include "core/merkle.h"
#include "core/runner.h"

struct roster_row {
    struct str id;
    struct str stratum; /* of an excluded row: "!reason" */
    uint32_t weight;    /* 1..2^20; 0 exactly when excluded */
    uint64_t mask;      /* departments, bit g = group g */
    struct str salt;    /* "-" (open) or 32 hex digits (sealed leaf) */
    bool excluded;      /* in scope but not drawn from */
};

/* roster_row_parse: one line without its LF. f->column, zh and en are set on failure; the rest by the caller.
 */
MUST_USE enum err roster_row_parse(struct str line, struct roster_row *out, struct fault *f);
/* roster_row_write: append the row with its LF. The caller parses what it wrote. */
void roster_row_write(const struct roster_row *row, struct buf *out);
/* How to run: who works, with how many lanes (core/hash.h). */
struct draw_env {
    struct runner runner;
    unsigned lanes;
    uint64_t locate_budget; /* compressions that verification may spend to find the one wrong byte */
    bool no_root;           /* roster_read checks and indexes the rows alone: no leaves, no root */
};
/* draw_env_serial: one thread, the best lanes, a budget of about a second. */
struct draw_env draw_env_serial(void);

enum { ROSTER_BLOCK = 256, ROSTER_TILE = 1024 }; /* rows */

/* Rows of one quota. */
struct roster_population {
    uint64_t count, weight; /* N_h and the sum of their weights */
};

/* A roster, checked, with an index of 2 bytes a row (+ 10 with tickets, + 4 with weights). */
struct roster {
    struct str text;
    uint64_t count;
    enum hash_suite suite;
    unsigned char root[HASH_LEN];
    uint64_t *block_byte;            /* where row 256·i begins */
    uint16_t *row_byte;              /* where row i begins, from its block */
    unsigned char (*tile)[HASH_LEN]; /* root of rows 1024·i .. */
    /* only when a draw was given: */
    const struct draw_spec *spec;
    struct roster_population *population; /* by quota */
    uint16_t *stratum;                    /* index in spec->strata, ROSTER_NO_STRATUM for all others */
    uint32_t *weight;                     /* under the rule pareto */
    uint64_t *ticket;                     /* T >> 192 */
};

enum { ROSTER_NO_STRATUM = 0xFFFF };

/*
 * roster_read: check every row, build the index and the root.
 * spec           NULL: rows, index and root only (sealing). Otherwise populations of its quotas, and its
 * suite is used. target_key     with spec: K_target, tickets are computed; NULL: no tickets. Memory: 3 bytes
 * a row, 13 with tickets, 17 under pareto, and a little for each 65,536 rows. Errors with *f: ERR_SYNTAX,
 * ERR_CHARSET, ERR_LENGTH, ERR_RANGE, ERR_ORDER, ERR_DUPLICATE, ERR_TOO_LARGE, ERR_MEMORY.
 */
MUST_USE enum err roster_read(struct str text, enum hash_suite suite, const struct draw_spec *spec,
                              const unsigned char *target_key, const struct draw_env *env, struct arena *a,
                              struct roster *out, struct fault *f);
/* roster_line: the bytes of row i without LF. roster_id: its id. roster_at: the parsed row. i < count. */
struct str roster_line(const struct roster *r, uint64_t i);
struct str roster_id(const struct roster *r, uint64_t i);
struct roster_row roster_at(const struct roster *r, uint64_t i);
/* roster_ids: the ids of many rows, which may lie far apart: the memory is asked for before it is needed. */
void roster_ids(const struct roster *r, const uint32_t *rows, size_t count, struct str *ids);
/* roster_find: the row with this id; ERR_NOT_FOUND. */
MUST_USE enum err roster_find(const struct roster *r, struct str id, uint64_t *row);
/* roster_prove: the inclusion proof of row i. */
MUST_USE enum err roster_prove(const struct roster *r, uint64_t i, struct merkle_proof *out);

#endif
