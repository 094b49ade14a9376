/* core/draw_json.h - what the core found about a draw, as JSON for the command line and the page of the verifier. */
#ifndef MQ_DRAW_JSON_H
#define MQ_DRAW_JSON_H

#include "core/draw_papers.h"

/* draw_step_json: {name, state: pass | fail | skip | warn, zh, en} and, of what failed or warns, {error, file, line, column,
 * byte, reason_zh, reason_en}. */
void draw_step_json(const struct draw_step *s, struct buf *out);
void paper_step_json(const struct paper_step *s, struct buf *out); /* the same, without column and byte */
/* draw_reason_json: why one id was (not) drawn: {id, row, line, ticket, key, root, suite, excluded, selected, position, batch,
 * quotas: [...], proof: [...]}; rows count from 1, digests are lower-case hex. draw_reason_bytes: how long at most. */
void draw_reason_json(const struct draw_run *run, const struct draw_reason *x, struct buf *out);
size_t draw_reason_bytes(const struct draw_reason *x);

#endif
