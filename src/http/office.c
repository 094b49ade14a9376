/* http/office.c - see office.h */
#include "office.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/calendar.h"
#include "mod/drawing/drawing.h"
#include "api_import.h"
#include "api_risk.h"
#include "memo.h"
#include "mod/job/job.h"
#include "mod/journal/journal_sequence.h"
#include "mod/risk/risk.h"
#include "pace.h"
#include "store/db.h"

enum { DISCLOSE_ROUNDS = 600 }; /* of about a second */

struct hand { /* one thread with what it needs */
    struct office *office;
    pthread_t thread;
    struct ctx ctx;
    struct arena arena;
    void *block;
    bool started;
};

struct office {
    struct office_config config;
    struct writer *writer;
    pthread_mutex_t lock;
    pthread_cond_t work, quiet, tick;
    struct office_task *first, **last;
    int busy; /* tasks waiting or in work */
    bool stopping, quiet_asked;
    struct hand hands[OFFICE_THREADS], jobbers[OFFICE_JOBBERS], sequencer;
    sem_t hashes;
    struct office_job jobs[OFFICE_JOBS_MAX]; /* a ring by age; id 0 = free */
    pthread_cond_t job_work;
    _Atomic bool unsequenced;
    struct memo *memo;
    struct pace *pace;
};

struct memo *
office_memo(const struct office *o)
{
    return o->memo;
}

const struct office_config *
office_config(const struct office *o)
{
    return &o->config;
}

/* --- requests
 * ------------------------------------------------------------------------------------------------- */

void
office_submit(struct office *o, struct office_task *t)
{
    t->next = NULL;
    pthread_mutex_lock(&o->lock);
    *o->last = t;
    o->last = &t->next;
    o->busy++;
    pthread_cond_signal(&o->work);
    pthread_mutex_unlock(&o->lock);
}

static struct office_task *
next_task(struct office *o)
{
    struct office_task *t;

    pthread_mutex_lock(&o->lock);
    while (o->first == NULL && !o->stopping)
        pthread_cond_wait(&o->work, &o->lock);
    t = o->first;
    if (t != NULL) {
        o->first = t->next;
        if (o->first == NULL)
            o->last = &o->first;
    }
    pthread_mutex_unlock(&o->lock);
    return t;
}

static void *
hand_main(void *arg)
{
    struct hand *h = arg;
    struct office *o = h->office;
    struct office_task *t;

    while ((t = next_task(o)) != NULL) {
        arena_reset(&h->arena);
        h->ctx.now_us = o->config.now_us();
        h->ctx.why[0] = '\0';
        if (!db_alive(h->ctx.db)) {
            db_close(h->ctx.db);
            h->ctx.db = NULL;
        }
        if (h->ctx.db == NULL && db_open(o->config.url, true, &h->ctx.db) != OK)
            h->ctx.db = NULL;
        t->fn(&h->ctx, t->arg);
        pthread_mutex_lock(&o->lock);
        if (--o->busy == 0)
            pthread_cond_broadcast(&o->quiet);
        pthread_mutex_unlock(&o->lock);
    }
    return NULL;
}

void
office_quiet(struct office *o)
{
    pthread_mutex_lock(&o->lock);
    o->quiet_asked = true;
    for (size_t i = 0; i < OFFICE_JOBS_MAX; i++)
        atomic_store(&o->jobs[i].cancelled, true);
    while (o->busy > 0)
        pthread_cond_wait(&o->quiet, &o->lock);
    pthread_mutex_unlock(&o->lock);
}

/* --- writing
 * -------------------------------------------------------------------------------------------------- */

struct writing {
    struct ctx *ctx;
    office_fn fn;
    void *arg;
};

static enum err
write_one(struct db *db, void *arg)
{
    struct writing *w = arg;
    struct db *reader = w->ctx->db;
    enum err e;

    w->ctx->db = db;
    e = w->fn(w->ctx, w->arg);
    w->ctx->db = reader;
    return e;
}

enum err
office_write(struct office *o, struct ctx *c, office_fn fn, void *arg)
{
    struct writing w = {c, fn, arg};
    enum err e = writer_run(o->writer, write_one, &w);

    atomic_store(&o->unsequenced, true);
    return e;
}

void
office_hash_begin(struct office *o)
{
    while (sem_wait(&o->hashes) != 0)
        continue;
}

void
office_hash_end(struct office *o)
{
    (void) sem_post(&o->hashes);
}

/* --- long work
 * -------------------------------------------------------------------------------------------------- */

static struct office_job *
find_job(struct office *o, int64_t id)
{
    for (size_t i = 0; i < OFFICE_JOBS_MAX; i++)
        if (o->jobs[i].id == id)
            return &o->jobs[i];
    return NULL;
}

/* A free place, or that of the oldest job that ended. */
static struct office_job *
place_for_job(struct office *o)
{
    struct office_job *oldest = NULL;

    for (size_t i = 0; i < OFFICE_JOBS_MAX; i++) {
        struct office_job *j = &o->jobs[i];

        if (j->id == 0)
            return j;
        if (atomic_load(&j->ended) && (oldest == NULL || j->id < oldest->id))
            oldest = j;
    }
    return oldest;
}

enum err
office_job_start(struct office *o, const struct office_job *say)
{
    struct office_job *j;
    struct buf b;

    pthread_mutex_lock(&o->lock);
    j = place_for_job(o);
    if (j != NULL) {
        memset(j, 0, sizeof *j);
        j->office = o;
        j->account = say->account;
        j->subject = say->subject;
        j->fn = say->fn;
        b = buf_over(j->text, sizeof j->text);
        buf_str(&b, say->department);
        buf_str(&b, say->region);
        j->department = (struct str){say->department.n > 0 ? j->text : NULL, say->department.n};
        j->region = (struct str){say->region.n > 0 ? j->text + say->department.n : NULL, say->region.n};
        j->id = say->id;
        pthread_cond_signal(&o->job_work);
    }
    pthread_mutex_unlock(&o->lock);
    return j == NULL ? ERR_BUSY : OK;
}

bool
office_stopping(struct office *o)
{
    bool stopping;

    pthread_mutex_lock(&o->lock);
    stopping = o->stopping || o->quiet_asked;
    pthread_mutex_unlock(&o->lock);
    return stopping;
}

bool
office_job_progress(struct office *o, int64_t id, struct office_progress *out)
{
    struct office_job *j;

    pthread_mutex_lock(&o->lock);
    j = find_job(o, id);
    if (j != NULL)
        *out =
            (struct office_progress){atomic_load(&j->phase), atomic_load(&j->done), atomic_load(&j->total)};
    pthread_mutex_unlock(&o->lock);
    return j != NULL;
}

void
office_job_cancel(struct office *o, int64_t id)
{
    struct office_job *j;

    pthread_mutex_lock(&o->lock);
    j = find_job(o, id);
    if (j != NULL)
        atomic_store(&j->cancelled, true);
    pthread_mutex_unlock(&o->lock);
}

/* The oldest job that nobody has taken. */
static struct office_job *
next_job(struct office *o)
{
    struct office_job *next = NULL;

    pthread_mutex_lock(&o->lock);
    while (!o->stopping) {
        for (size_t i = 0; i < OFFICE_JOBS_MAX; i++)
            if (o->jobs[i].id != 0 && !o->jobs[i].taken && !atomic_load(&o->jobs[i].ended) &&
                (next == NULL || o->jobs[i].id < next->id))
                next = &o->jobs[i];
        if (next != NULL)
            next->taken = true;
        if (next != NULL)
            break;
        pthread_cond_wait(&o->job_work, &o->lock);
    }
    pthread_mutex_unlock(&o->lock);
    return next;
}

static enum err
mark_started(struct ctx *c, void *arg)
{
    return job_run(c, ((struct office_job *) arg)->id);
}

struct job_ending {
    int64_t id;
    enum err result;
};

static enum err
mark_ended(struct ctx *c, void *arg)
{
    const struct job_ending *end = arg;

    return job_end(c, end->id, end->result);
}

static void *
jobber_main(void *arg)
{
    struct hand *h = arg;
    struct office *o = h->office;
    struct office_job *j;

    while ((j = next_job(o)) != NULL) {
        char actor[32];
        int n = snprintf(actor, sizeof actor, "user:%lld", (long long) j->account);
        struct job_ending end = {j->id, OK};

        arena_reset(&h->arena);
        h->ctx.now_us = o->config.now_us();
        h->ctx.why[0] = '\0';
        h->ctx.actor = (struct str){actor, (size_t) n};
        h->ctx.department = j->department;
        h->ctx.region = j->region;
        end.result = atomic_load(&j->cancelled) ? ERR_CANCELLED : office_write(o, &h->ctx, mark_started, j);
        if (end.result == OK)
            end.result = j->fn(&h->ctx, j);
        h->ctx.now_us = o->config.now_us();
        (void) !office_write(o, &h->ctx, mark_ended, &end);
        atomic_store(&j->ended, true);
    }
    return NULL;
}

/* --- the journal into the log
 * -------------------------------------------------------------------------------------- */

static void
sequence(struct hand *h)
{
    struct office *o = h->office;
    struct journal_keys keys;
    enum err e;

    arena_reset(&h->arena);
    h->ctx.now_us = o->config.now_us();
    if (!atomic_exchange(&o->unsequenced, false) || (e = journal_keys_load(&h->ctx, &keys)) != OK)
        return;
    e = journal_sequence(&h->ctx, &keys, NULL);
    journal_keys_forget(&keys);
    if (e == OK && o->config.published != NULL)
        o->config.published(&h->ctx, o->config.published_arg);
    if (e != OK) { /* another process holds the database, or the disk is full: the next round tries again */
        atomic_store(&o->unsequenced, true);
        if (e != ERR_BUSY && o->config.log)
            fprintf(stderr, "{\"log\":\"not sequenced\",\"code\":\"%s\"}\n", err_name(e));
    }
}

static enum err
disclose(struct ctx *c, void *arg)
{
    size_t count;

    (void) arg;
    return drawing_disclose(c, &count);
}

/* Secrets of unannounced checks are published on their day; one that cannot be is flagged on the portal and tried again. */
static void
disclose_due(struct hand *h)
{
    struct drawing_undisclosed_row *rows;
    size_t count = 0;
    enum err e;

    arena_reset(&h->arena);
    h->ctx.now_us = h->office->config.now_us();
    e = drawing_undisclosed(h->ctx.db, h->ctx.arena, &(struct drawing_undisclosed_in){day_of_us(h->ctx.now_us)}, &rows,
                            &count);
    if (e == OK && count > 0)
        e = office_write(h->office, &h->ctx, disclose, NULL);
    if (e != OK && e != ERR_BUSY && h->office->config.log)
        fprintf(stderr, "{\"draw\":\"not disclosed\",\"code\":\"%s\"}\n", err_name(e));
}

static void *
sequencer_main(void *arg)
{
    struct hand *h = arg;
    struct office *o = h->office;
    bool stopping = false;

    for (unsigned round = 0; !stopping; round++) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_mutex_lock(&o->lock);
        if (!o->stopping)
            pthread_cond_timedwait(&o->tick, &o->lock, &until);
        stopping = o->stopping;
        pthread_mutex_unlock(&o->lock);
        if (!stopping && round % DISCLOSE_ROUNDS == 0) {
            disclose_due(h);
            risk_start_due(o, &h->ctx);
        }
        if (!stopping)
            sequence(h);
    }
    return NULL;
}

/* --- start and stop
 * -------------------------------------------------------------------------------------------------- */

static enum err
open_hand(struct office *o, struct hand *h, size_t arena_bytes, bool read_only, void *(*run)(void *) )
{
    enum err e;

    h->office = o;
    if ((h->block = malloc(arena_bytes)) == NULL)
        return ERR_MEMORY;
    h->arena = arena_over(h->block, arena_bytes);
    h->ctx = (struct ctx){
        .arena = &h->arena, .actor = STR("system"), .dir = o->config.dir, .entropy = o->config.entropy,
        .needs_log_key = true};
    if ((e = db_open(o->config.url, read_only, &h->ctx.db)) != OK)
        return e;
    if (pthread_create(&h->thread, NULL, run, h) != 0)
        return ERR_MEMORY;
    h->started = true;
    return OK;
}

static void
close_hand(struct hand *h)
{
    if (h->started)
        pthread_join(h->thread, NULL);
    db_close(h->ctx.db);
    free(h->block);
}

static enum err
sweep(struct db *db, void *arg)
{
    struct ctx c = *(const struct ctx *) arg;
    enum err e;

    c.db = db;
    e = job_sweep(&c);
    return e == OK ? risk_sweep(&c) : e;
}

static enum err
open_all(struct office *o)
{
    struct ctx c = {.now_us = o->config.now_us(), .actor = STR("system"), .dir = o->config.dir, .entropy = o->config.entropy};
    enum err e = writer_start(o->config.url, &o->writer);

    if (e == OK)
        e = writer_run(o->writer, sweep, &c);
    for (size_t i = 0; e == OK && i < OFFICE_THREADS; i++)
        e = open_hand(o, &o->hands[i], OFFICE_ARENA_BYTES, true, hand_main);
    for (size_t i = 0; e == OK && i < OFFICE_JOBBERS; i++)
        e = open_hand(o, &o->jobbers[i], OFFICE_JOB_ARENA_BYTES, true, jobber_main);
    if (e == OK)
        e = import_recover(o, &c);
    return e == OK ? open_hand(o, &o->sequencer, OFFICE_JOB_ARENA_BYTES, false, sequencer_main) : e;
}

enum err
office_start(const struct office_config *config, struct office **out)
{
    struct office *o = calloc(1, sizeof *o);
    uint64_t salt;
    enum err e;

    if (o == NULL)
        return ERR_MEMORY;
    o->config = *config;
    o->last = &o->first;
    o->memo = memo_new();
    pthread_mutex_init(&o->lock, NULL);
    pthread_cond_init(&o->work, NULL);
    pthread_cond_init(&o->quiet, NULL);
    pthread_cond_init(&o->tick, NULL);
    pthread_cond_init(&o->job_work, NULL);
    sem_init(&o->hashes, 0, OFFICE_HASHES_MAX);
    if ((e = config->entropy(&salt, sizeof salt)) == OK)
        e = (o->pace = pace_new(salt)) == NULL ? ERR_MEMORY : open_all(o);
    if (e != OK) {
        office_stop(o);
        return e;
    }
    *out = o;
    return OK;
}

void
office_stop(struct office *o)
{
    if (o == NULL)
        return;
    pthread_mutex_lock(&o->lock);
    o->stopping = true;
    for (size_t i = 0; i < OFFICE_JOBS_MAX; i++)
        atomic_store(&o->jobs[i].cancelled, true);
    pthread_cond_broadcast(&o->work);
    pthread_cond_broadcast(&o->job_work);
    pthread_cond_broadcast(&o->tick);
    pthread_mutex_unlock(&o->lock);
    for (size_t i = 0; i < OFFICE_THREADS; i++)
        close_hand(&o->hands[i]);
    for (size_t i = 0; i < OFFICE_JOBBERS; i++)
        close_hand(&o->jobbers[i]);
    writer_stop(o->writer);
    if (o->sequencer.started)
        pthread_join(o->sequencer.thread, NULL);
    o->sequencer.started = false;
    if (o->sequencer.ctx.db != NULL)
        sequence(&o->sequencer); /* what the last acts left */
    close_hand(&o->sequencer);
    sem_destroy(&o->hashes);
    pthread_mutex_destroy(&o->lock);
    pthread_cond_destroy(&o->work);
    pthread_cond_destroy(&o->quiet);
    pthread_cond_destroy(&o->tick);
    pthread_cond_destroy(&o->job_work);
    memo_free(o->memo);
    pace_free(o->pace);
    free(o);
}

struct pace *
office_pace(struct office *o)
{
    return o->pace;
}
