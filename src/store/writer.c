/* store/writer.c - group commit: one thread, one connection, one fsync for all acts that wait */
#include "db.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BATCH_MAX = 256, /* acts per commit: bounds how long one waits for the others */
    GATHER_US = 200  /* little beside an fsync, enough for those just answered to come with their next act */
};

/* One waiting caller; lives on its stack. */
struct act {
    writer_fn fn;
    void *ctx;
    enum err result;
    bool done;
    struct act *next;
    pthread_cond_t answered;
};

struct writer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct act *first, **last;
    bool stopping;
    bool crowded; /* the last batch held several acts: more are on their way */
    struct db *db; /* NULL after the connection was lost */
    char *url;
};

/* Take up to BATCH_MAX acts off the queue; NULL when the writer stops and nothing waits. */
static struct act *
take_batch(struct writer *w)
{
    struct act *batch, **end = &batch;

    if (w->crowded)
        usleep(GATHER_US);
    pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->stopping)
        pthread_cond_wait(&w->work, &w->lock);
    batch = w->first;
    for (int n = 0; n < BATCH_MAX && *end != NULL; n++)
        end = &(*end)->next;
    w->first = *end;
    if (w->first == NULL)
        w->last = &w->first;
    *end = NULL;
    w->crowded = batch != NULL && batch->next != NULL;
    pthread_mutex_unlock(&w->lock);
    return batch;
}

static void
answer(struct writer *w, struct act *batch)
{
    struct act *next;

    pthread_mutex_lock(&w->lock);
    for (struct act *act = batch; act != NULL; act = next) {
        next = act->next; /* the act is gone once its caller wakes */
        act->done = true;
        pthread_cond_signal(&act->answered);
    }
    pthread_mutex_unlock(&w->lock);
}

static enum err
run_one(struct db *db, struct act *act)
{
    enum err e = db_begin(db);

    return e != OK ? e : db_end(db, act->fn(db, act->ctx));
}

/* All acts in one transaction. What was not refused by itself shares the fate of the commit. */
static void
run_batch(struct writer *w, struct act *batch)
{
    enum err e = w->db == NULL ? db_open(w->url, false, &w->db) : OK;

    if (e == OK)
        e = db_begin(w->db);
    if (e == OK) {
        for (struct act *act = batch; act != NULL; act = act->next)
            act->result = run_one(w->db, act);
        e = db_end(w->db, OK);
    }
    for (struct act *act = batch; act != NULL && e != OK; act = act->next)
        if (act->result == OK)
            act->result = e;
    if (w->db != NULL && !db_alive(w->db)) {
        db_close(w->db);
        w->db = NULL;
    }
}

static void *
writer_main(void *ctx)
{
    struct writer *w = ctx;
    struct act *batch;

    while ((batch = take_batch(w)) != NULL) {
        run_batch(w, batch);
        answer(w, batch);
    }
    return NULL;
}

static void
writer_free(struct writer *w)
{
    db_close(w->db);
    free(w->url);
    free(w);
}

enum err
writer_start(const char *url, struct writer **out)
{
    struct writer *w = calloc(1, sizeof *w);
    enum err e = w == NULL || (w->url = strdup(url)) == NULL ? ERR_MEMORY : db_open(url, false, &w->db);

    if (e != OK) {
        if (w != NULL)
            writer_free(w);
        return e;
    }
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->work, NULL);
    if (pthread_create(&w->thread, NULL, writer_main, w) != 0) {
        pthread_mutex_destroy(&w->lock);
        pthread_cond_destroy(&w->work);
        writer_free(w);
        return ERR_MEMORY;
    }
    *out = w;
    return OK;
}

enum err
writer_run(struct writer *w, writer_fn fn, void *ctx)
{
    struct act act = {.fn = fn, .ctx = ctx, .result = OK};

    pthread_mutex_lock(&w->lock);
    if (w->stopping) {
        pthread_mutex_unlock(&w->lock);
        return ERR_CANCELLED;
    }
    pthread_cond_init(&act.answered, NULL);
    *w->last = &act;
    w->last = &act.next;
    pthread_cond_signal(&w->work);
    while (!act.done)
        pthread_cond_wait(&act.answered, &w->lock);
    pthread_mutex_unlock(&w->lock);
    pthread_cond_destroy(&act.answered);
    return act.result;
}

void
writer_stop(struct writer *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->work);
    writer_free(w);
}
