/* core/draw_run_int.h - the steps of a run, for those who bring the roster themselves. Private to draw_*.c. */
#ifndef MQ_DRAW_RUN_INT_H
#define MQ_DRAW_RUN_INT_H

#include "core/draw_run.h"

/* draw_run_documents: documents, seed and keys: everything that is known before the roster is read. draw_run_open: and
 * room for outcomes. */
MUST_USE enum err draw_run_documents(const struct draw_files *files, struct arena *a, struct draw_run *run, struct fault *f);
MUST_USE enum err draw_run_open(const struct draw_files *files, struct arena *a, struct draw_run *run, struct fault *f);
/* draw_run_needed: how many of the population must be put in order: sample, substitutes, the first one out. */
uint64_t draw_run_needed(const struct draw_quota *q, uint64_t population);
/* draw_run_limit: the ticket below which so many lie almost surely, given outcomes[quota].population. */
uint64_t draw_run_limit(const struct draw_run *run, size_t quota);
/* draw_run_check: count, root and populations of run->roster against draw.txt. */
MUST_USE enum err draw_run_check(struct draw_run *run, struct fault *f);
/* draw_run_select: samples, substitutes and visiting order. */
MUST_USE enum err draw_run_select(struct draw_run *run, const struct draw_env *env, struct arena *a, struct fault *f);
/* draw_report_start, draw_report_rest: the steps of draw_verify before and after the run. */
void draw_report_start(struct draw_report *r);
MUST_USE enum err draw_report_rest(const struct draw_files *files, const struct draw_env *env, struct arena *a,
                                   struct draw_report *out);

#endif
