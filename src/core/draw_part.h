/* core/draw_part.h - verify a draw whose roster is read in parts by workers that share no memory: the browser's. Every part
 * but the last holds a multiple of ROSTER_TILE rows. It only ever confirms: whatever is wrong, or merely unusual,
 * is an error without a place, and the caller lets draw_verify find it in the whole files. */
#ifndef MQ_DRAW_PART_H
#define MQ_DRAW_PART_H

#include "core/draw_run.h"
#include "core/roster_sieve.h"

/* A worker's side. */
struct draw_part_reader {
    struct draw_run run; /* its documents, seed and keys */
    struct roster_sieve sieve;
};

/* draw_part_open: from all files but the roster, of which the part has at most row_max rows in at most byte_max bytes.
 * How many rows each quota can draw from is taken from result.txt; when that is wrong, draw_parts_verify notices. */
MUST_USE enum err draw_part_open(struct draw_part_reader *r, const struct draw_files *files, uint64_t row_max,
                                 uint64_t byte_max, struct arena *a);
/* draw_part_arena_bytes: an arena large enough for it. */
size_t draw_part_arena_bytes(const struct draw_files *files, uint64_t row_max, uint64_t byte_max);

/* What a worker found, for whoever joins the parts. */
struct draw_part {
    uint64_t count;
    struct str first, last; /* ids */
    const unsigned char (*tile)[HASH_LEN];
    const struct roster_population *population; /* by quota */
};

/* draw_parts_verify: like draw_verify; files->file[DRAW_ROSTER] is not the roster but the picks of all parts in their order.
 * When it returns OK and out->ok, draw_verify would say the same of the whole roster, but out->run.roster has the picks
 * alone, with the root and the populations of the whole. */
MUST_USE enum err draw_parts_verify(const struct draw_files *files, const struct draw_part *parts, size_t part_count,
                                    const struct draw_env *env, struct arena *a, struct draw_report *out);

#endif
