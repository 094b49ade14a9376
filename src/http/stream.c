/* http/stream.c - see stream.h. A reader that has nothing suspends its connection under the lock; whoever resumes it holds the
 * lock too, and only resumes what is suspended. */
#include "stream.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api_handlers.h"
#include "mod/job/job.h"

enum { ARENA_BYTES = 1 << 20 };

struct stream {
    struct streams *of;
    struct MHD_Connection *connection; /* NULL: the place is free */
    struct stream_ask ask;
    int socket;
    uint64_t age; /* order of opening */
    bool suspended, ended;
    unsigned quiet_ticks;
    struct office_progress told;
    char *out; /* what is still to be sent, of n bytes, sent of them */
    size_t n, sent;
};

struct streams {
    struct office *office;
    struct deadlines *deadlines;
    struct ctx ctx;
    struct arena arena;
    void *block;
    char *text;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t tick;
    bool started, stopping;
    uint64_t opened;
    struct stream streams[STREAMS_MAX];
};

static void
wake(struct stream *x)
{
    if (!x->suspended)
        return;
    x->suspended = false;
    MHD_resume_connection(x->connection);
}

static void
close_stream(struct stream *x)
{
    x->ended = true;
    wake(x);
}

/* --- in the threads of the server ------------------------------------------------------------------------------------- */

static ssize_t
read_stream(void *cls, uint64_t position, char *out, size_t room)
{
    struct stream *x = cls;
    ssize_t n = 0;

    (void) position;
    deadlines_set(x->of->deadlines, x->socket, STREAM_READ_SECONDS);
    pthread_mutex_lock(&x->of->lock);
    if (x->sent < x->n) {
        size_t some = x->n - x->sent < room ? x->n - x->sent : room;

        memcpy(out, x->out + x->sent, some);
        x->sent += some;
        n = (ssize_t) some;
    } else if (x->ended || x->of->stopping) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        x->suspended = true;
        MHD_suspend_connection(x->connection);
    }
    pthread_mutex_unlock(&x->of->lock);
    return n;
}

static void
free_stream(void *cls)
{
    struct stream *x = cls;
    struct streams *s = x->of;

    pthread_mutex_lock(&s->lock);
    free(x->out);
    memset(x, 0, sizeof *x);
    pthread_mutex_unlock(&s->lock);
}

/* A free place; an account that has many loses its oldest. */
static struct stream *
place(struct streams *s, int64_t account)
{
    struct stream *free_one = NULL, *oldest = NULL;
    size_t count = 0;

    for (size_t i = 0; i < STREAMS_MAX; i++) {
        struct stream *x = &s->streams[i];

        if (x->connection == NULL) {
            free_one = free_one == NULL ? x : free_one;
            continue;
        }
        if (x->ask.account != account || x->ended)
            continue;
        count++;
        oldest = oldest == NULL || x->age < oldest->age ? x : oldest;
    }
    if (count >= STREAMS_OF_ACCOUNT)
        close_stream(oldest);
    return free_one;
}

struct MHD_Response *
streams_open(struct streams *s, const struct stream_ask *ask, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct stream *x = NULL;
    struct MHD_Response *m = NULL;

    pthread_mutex_lock(&s->lock);
    if (!s->stopping)
        x = place(s, ask->account);
    if (x != NULL)
        *x = (struct stream){.of = s, .connection = connection, .ask = *ask, .socket = i == NULL ? -1 : i->connect_fd,
                             .age = s->opened++, .told = {-1, 0, 0}};
    pthread_cond_signal(&s->tick);
    pthread_mutex_unlock(&s->lock);
    if (x != NULL && (m = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, x, free_stream)) == NULL)
        free_stream(x);
    return m;
}

/* --- in the thread of the streams ----------------------------------------------------------------------------------------- */

static void
give(struct stream *x, const char *text, size_t n)
{
    char *copy = malloc(n);

    if (copy == NULL) /* the next look tries again */
        return;
    memcpy(copy, text, n);
    free(x->out);
    x->out = copy;
    x->n = n;
    x->sent = 0;
    x->quiet_ticks = 0;
    wake(x);
}

/* Is it time to look? Only at a change of what is cheap to know, or now and then. */
static bool
is_due(struct streams *s, struct stream *x)
{
    struct office_progress p = {0};
    bool live = office_job_progress(s->office, x->ask.job, &p);

    x->quiet_ticks++;
    if (live && (p.phase != x->told.phase || p.done != x->told.done || p.total != x->told.total)) {
        x->told = p;
        return true;
    }
    return !live || x->quiet_ticks % (STREAM_BEAT_TICKS / 5) == 0;
}

static bool
session_lasts(struct streams *s, const struct stream_ask *ask)
{
    struct account_who who;

    return account_who(&s->ctx, str_of(ask->token), &who) == OK && who.account == ask->account;
}

/* PostgreSQL may have gone and come back. */
static bool
reconnected(struct streams *s)
{
    if (s->ctx.db != NULL && db_alive(s->ctx.db))
        return true;
    db_close(s->ctx.db);
    s->ctx.db = NULL;
    return db_open(office_config(s->office)->url, true, &s->ctx.db) == OK;
}

/* One look at one stream, the lock held; the reading of the database is short. */
static void
look(struct streams *s, struct stream *x)
{
    char id[STREAM_ID_BYTES];
    size_t n = 0;
    bool end = false, beat;

    if (x->ended || x->sent < x->n || !is_due(s, x))
        return;
    arena_reset(&s->arena);
    s->ctx.now_us = office_config(s->office)->now_us();
    if (!reconnected(s))
        return;
    beat = x->quiet_ticks % STREAM_BEAT_TICKS == 0;
    if ((beat && !session_lasts(s, &x->ask)) ||
        api_job_event(&s->ctx, s->office, x->ask.job, s->text, STREAM_EVENT_BYTES, &n, id, &end) != OK) {
        close_stream(x);
        return;
    }
    if (strcmp(id, x->ask.seen) != 0) {
        memcpy(x->ask.seen, id, sizeof id);
        x->ended = end;
        give(x, s->text, n);
    } else if (end) {
        close_stream(x);
    } else if (beat) {
        give(x, ":\n\n", 3);
    }
}

static void *
main_of(void *arg)
{
    struct streams *s = arg;

    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        struct timespec until;

        for (size_t i = 0; i < STREAMS_MAX; i++)
            if (s->streams[i].connection != NULL)
                look(s, &s->streams[i]);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += STREAM_TICK_MS * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&s->tick, &s->lock, &until);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

enum err
streams_start(struct office *o, struct deadlines *deadlines, struct streams **out)
{
    const struct office_config *config = office_config(o);
    struct streams *s = calloc(1, sizeof *s);
    enum err e = s == NULL ? ERR_MEMORY : OK;

    if (e != OK)
        return e;
    s->office = o;
    s->deadlines = deadlines;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->tick, NULL);
    s->block = malloc(ARENA_BYTES);
    s->text = malloc(STREAM_EVENT_BYTES);
    e = s->block == NULL || s->text == NULL ? ERR_MEMORY : OK;
    s->arena = arena_over(s->block, e == OK ? ARENA_BYTES : 0);
    s->ctx = (struct ctx){.arena = &s->arena, .actor = STR("system"), .dir = config->dir};
    if (e == OK)
        e = db_open(config->url, true, &s->ctx.db);
    if (e == OK && pthread_create(&s->thread, NULL, main_of, s) != 0)
        e = ERR_MEMORY;
    s->started = e == OK;
    if (e == OK)
        *out = s;
    else
        streams_stop(s);
    return e;
}

void
streams_quiet(struct streams *s)
{
    if (s == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    for (size_t i = 0; i < STREAMS_MAX; i++)
        if (s->streams[i].connection != NULL)
            close_stream(&s->streams[i]);
    pthread_cond_signal(&s->tick);
    pthread_mutex_unlock(&s->lock);
    if (s->started)
        pthread_join(s->thread, NULL);
    s->started = false;
}

void
streams_stop(struct streams *s)
{
    if (s == NULL)
        return;
    streams_quiet(s);
    db_close(s->ctx.db);
    free(s->block);
    free(s->text);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->tick);
    free(s);
}
