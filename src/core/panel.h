/* core/panel.h - experts 专家 for the drawn targets, who assist and never count as inspectors (docs/spec/panel-1.md):
 * experts.txt, frozen before the first secret is shown, and panel.txt, which follows from it and the seed of the draw.
 * Pure: bytes in, bytes out. */
#ifndef MQ_PANEL_H
#define MQ_PANEL_H

#include "core/draw.h"

enum { PANEL_PLACES_MAX = 8, PANEL_EXPERTS_MAX = 1 << 16, PANEL_AVOID_MAX = 1 << 20 };
#define PANEL_EXPERTS_FILE "experts.txt"
#define PANEL_FILE "panel.txt"

/* This expert has a conflict of interest 利益冲突 with this target. */
struct panel_avoid {
    struct str id, expert;
};
/* experts.txt, parsed. Texts point into the document. */
struct panel_pool {
    unsigned char draw_digest[HASH_LEN]; /* of draw.txt */
    uint32_t places;                     /* experts per target, 1..8 */
    struct str *experts;                 /* ascending */
    size_t expert_count;
    struct panel_avoid *avoid; /* ascending by id, expert */
    size_t avoid_count;
    unsigned char digest[HASH_LEN]; /* SHA-256 of the document */
};

/* panel_pool_parse: ERR_SYNTAX, ERR_CHARSET, ERR_RANGE, ERR_ORDER, ERR_TOO_LARGE, ERR_NOT_FOUND an expert that the pool
 * lacks, ERR_MEMORY; f->line, zh and en say where and why (f->file means nothing). */
MUST_USE enum err panel_pool_parse(struct str text, struct arena *a, struct panel_pool *out, struct fault *f);
/* panel_pool_write: append experts.txt. The caller parses what he wrote: panel_pool_parse is the only judge. */
void panel_pool_write(const struct panel_pool *pool, struct buf *out);

/* panel_choose: the experts of one target by their index, in the order drawn; *count: pool->places, or fewer when all
 * others have a conflict. key_int: K_int of the draw. left: room for pool->expert_count. */
void panel_choose(const struct panel_pool *pool, enum hash_suite suite, const unsigned char key_int[static HASH_LEN],
                  struct str id, uint32_t *left, uint32_t chosen[static PANEL_PLACES_MAX], uint32_t *count);
/* panel_write_head, panel_write_target: append panel.txt, targets in visiting order. */
void panel_write_head(const struct panel_pool *pool, const unsigned char seed[static HASH_LEN], struct buf *out);
void panel_write_target(const struct panel_pool *pool, struct str id, const uint32_t *chosen, uint32_t count,
                        struct buf *out);
enum { PANEL_LINE_MAX = 8 + DRAW_ID_MAX + PANEL_PLACES_MAX * (DRAW_NAME_MAX + 1) + 2, PANEL_HEAD_MAX = 200 };

#endif
