/* http/office.h - the working part behind /api/v1: threads that answer requests outside the event loop, the
 * one writer, the thread that does long work, and the clockwork that sequences the journal into the log. */
#ifndef MQ_OFFICE_H
#define MQ_OFFICE_H

#include "core/runner.h"
#include "mod/ctx.h"
#include "page.h"

enum {
    OFFICE_THREADS = 16,           /* requests in work at a time */
    OFFICE_ARENA_BYTES = 16 << 20, /* one request */
    OFFICE_JOB_ARENA_BYTES = 64 << 20,
    OFFICE_JOBS_MAX = 64, /* jobs waiting, running or just ended */
    OFFICE_JOBBERS = 3,   /* of which run at a time: an export does not wait for a long import */
    OFFICE_HASHES_MAX = 2 /* passwords hashed at a time: 64 MB each */
};

struct office;
struct office_config {
    const char *url, *dir;
    const struct site *site;
    bool secure; /* reached by HTTPS only: cookies say so */
    bool log;
    int keep_days; /* how long imports can be undone; 0: the default (api_import.h) */
    struct runner runner; /* for long work: two jobs at a time */
    /* Called after each sequencing, with the write connection of the clockwork: for witnesses. May be NULL. */
    void (*published)(struct ctx *c, void *arg);
    void *published_arg;
    int64_t (*now_us)(void);
    enum err (*entropy)(void *out, size_t n_bytes);
};

/* office_start: ERR_IO, ERR_DB, ERR_MEMORY. office_stop: cancels long work, ends what is in work, sequences
 * what is left. */
MUST_USE enum err office_start(const struct office_config *config, struct office **out);
void office_stop(struct office *o);
/* office_quiet: wait until no request is in work (before the server that handed them in stops). */
void office_quiet(struct office *o);
const struct office_config *office_config(const struct office *o);
struct memo; /* http/memo.h */
struct memo *office_memo(const struct office *o);

/* A piece of work for the threads; it lives until fn returns. */
struct office_task {
    void (*fn)(struct ctx *c, void *arg);
    void *arg;
    struct office_task *next;
};
void office_submit(struct office *o, struct office_task *t);

/* office_write: fn runs in the writer's thread with the write connection in c->db; blocks until its act is
 * durable. */
typedef enum err (*office_fn)(struct ctx *c, void *arg);
MUST_USE enum err office_write(struct office *o, struct ctx *c, office_fn fn, void *arg);

/* office_pace: how often one address may do what the portal offers (pace.h). */
struct pace;
struct pace *office_pace(struct office *o);

/* At most OFFICE_HASHES_MAX threads between begin and end. */
void office_hash_begin(struct office *o);
void office_hash_end(struct office *o);

/* Long work. fn runs in the job thread; it looks at *cancelled and tells phase, done, total. The job's row is
 * started before and ended after fn by the office. ERR_BUSY: too many. */
struct office_job {
    struct office *office;
    int64_t id, account;
    struct str department, region; /* row scope of the one who asked; copied */
    enum err (*fn)(struct ctx *c, struct office_job *job);
    int64_t subject;
    _Atomic int phase;
    _Atomic uint64_t done, total;
    _Atomic bool cancelled, ended;
    bool taken; /* by a thread; under the lock */
    char text[64]; /* room for the scope */
};
MUST_USE enum err office_job_start(struct office *o, const struct office_job *job);
/* office_stopping: the server ends: long work leaves what can be done at the next start. */
bool office_stopping(struct office *o);
struct office_progress {
    int phase;
    uint64_t done, total;
};
/* office_job_progress: false when the job is not known here (ended long ago). */
bool office_job_progress(struct office *o, int64_t id, struct office_progress *out);
void office_job_cancel(struct office *o, int64_t id);

#endif
