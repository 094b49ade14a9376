/* core/roster_sieve.h - a part of a roster, piece by piece in little memory: every row checked, its leaf and ticket hashed,
 * and only the rows kept that may be chosen. For workers that share no memory (core/draw_part.h). */
#ifndef MQ_ROSTER_SIEVE_H
#define MQ_ROSTER_SIEVE_H

#include "core/roster_int.h"

struct roster_sieve {
    /* what it found */
    uint64_t count;                       /* rows */
    struct roster_population *population; /* by quota */
    unsigned char (*tile)[HASH_LEN];      /* root of rows 1024·i .. of this part */
    size_t tile_count;
    struct str first, last; /* ids; p == NULL: no row yet */
    struct buf picks;       /* the lines, with LF, of rows whose ticket is at most the limit of their stratum */
    /* how it works */
    const uint64_t *limit; /* by stratum */
    size_t tile_max;
    struct quotas quotas;
    struct strata strata;
    struct hash leaf_start, ticket_start;
    struct hash_pair_table *nodes; /* NULL under SM3 */
    struct tile rows;
    struct fields fields[ROSTER_TILE];
    char ids[2][DRAW_ID_MAX];
};

/* roster_sieve_open: for a part of at most row_max rows whose picks fit into `picks`. limit: by stratum of spec, kept by
 * the caller. ERR_MEMORY. */
MUST_USE enum err roster_sieve_open(struct roster_sieve *s, const struct draw_spec *spec,
                                    const unsigned char key_target[static HASH_LEN], const uint64_t *limit,
                                    uint64_t row_max, struct buf picks, struct arena *a);
/*
 * roster_sieve_feed: the next piece of the part, which begins with a row. Whole tiles are taken from it, *used bytes; the
 * caller gives the rest again with what follows. last: the part ends here, all must be taken. The errors of
 * roster_read, without the place; ERR_TOO_LARGE: more rows or picks than expected.
 */
MUST_USE enum err roster_sieve_feed(struct roster_sieve *s, struct str text, bool last, unsigned lanes, size_t *used);

#endif
