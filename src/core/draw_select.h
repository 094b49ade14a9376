/* core/draw_select.h - choosing and ordering rows by ticket (docs/spec/draw-1.md §7). Private to draw_run.c
 * and tests. */
#ifndef MQ_DRAW_SELECT_H
#define MQ_DRAW_SELECT_H

#include "core/draw.h"

/* One row that may be chosen. */
struct candidate {
    uint64_t ticket; /* T >> 192 */
    uint32_t row, weight;
};

/* How rows are compared. When the top 64 bits tie, full tickets and then ids decide. */
struct ordering {
    bool pareto; /* by odds; otherwise by ticket */
    struct draw_pareto odds;
    /* tie: negative, 0, positive as row a comes before, is, or comes after row b by (T, id). */
    int (*tie)(const void *ctx, uint32_t a, uint32_t b);
    const void *ctx;
};

int candidate_cmp(const struct ordering *o, const struct candidate *a, const struct candidate *b);
/* candidates_smallest: move the `need` smallest of c[0 .. count) to the front, in order. scratch: `need`
 * members. Comparisons: about count · log need at worst. */
void candidates_smallest(const struct ordering *o, struct candidate *c, size_t count, size_t need,
                         struct candidate *scratch);
/* candidates_certain: move the certainty units of a Pareto quota of n > 0 places to the front: while some w·k
 * >= W, all of those. Returns their count; *odds gets k and W of the rest. */
size_t candidates_certain(struct candidate *c, size_t count, uint64_t n, struct draw_pareto *odds);

#endif
