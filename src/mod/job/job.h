/* mod/job/job.h - long work 后台任务: it is accepted at once, goes on behind, and its end can be asked for
 * later. Progress is not stored. Jobs have no journal entry of their own: what they do has. */
#ifndef MQ_JOB_H
#define MQ_JOB_H

#include "mod/ctx.h"
#include "mod/job_sql.h"

enum { JOB_FILE_NAME_MAX = 200 };

/* job_add: waiting. job_run: it starts. job_end: with OK done, ERR_CANCELLED cancelled, otherwise failed
 * (c->why is kept). ERR_STATE: it ended before. All in the caller's transaction. */
MUST_USE enum err job_add(struct ctx *c, struct str kind, struct str subject, int64_t account, int64_t *id);
MUST_USE enum err job_run(struct ctx *c, int64_t id);
MUST_USE enum err job_end(struct ctx *c, int64_t id, enum err result);
/* job_put_result (job_sql.h) keeps what a running job gives; job_live finds the one that is under way. */
/* job_sweep: at a start: what was running when the last server stopped is cancelled. */
MUST_USE enum err job_sweep(struct ctx *c);

#endif
