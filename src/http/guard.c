/* http/guard.c - see guard.h */
#include "guard.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "base/str.h"

struct scan {
    const char *previous_end; /* one past the last byte of the line before */
    unsigned hosts, lengths, transfers;
    bool bad;
};

static bool
named(const char *key, size_t n, const char *name)
{
    return n == strlen(name) && strncasecmp(key, name, n) == 0;
}

/* The parser cuts fields in place: a value starts at most ": " behind its name, and the next name stands
 * right behind CR LF. A folded line is copied elsewhere, a NUL ends a value early: both leave a gap. */
static enum MHD_Result
scan_field(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_n, const char *value,
           size_t value_n)
{
    struct scan *s = cls;
    uintptr_t gap = (uintptr_t) value - (uintptr_t) (key + key_n);

    (void) kind;
    if (value == NULL || gap < 1 || gap > 2 || memchr(key, ' ', key_n) != NULL)
        s->bad = true;
    if ((uintptr_t) key - (uintptr_t) s->previous_end != 2)
        s->bad = true;
    for (size_t i = 0; !s->bad && i < value_n; i++)
        s->bad = ((unsigned char) value[i] < 0x20 && value[i] != '\t') || value[i] == 0x7F;
    if (s->bad)
        return MHD_NO;
    s->previous_end = value + value_n;
    s->hosts += named(key, key_n, "Host");
    s->lengths += named(key, key_n, "Content-Length");
    s->transfers += named(key, key_n, "Transfer-Encoding");
    return MHD_YES;
}

enum err
guard_headers(struct MHD_Connection *connection, const char *method, const char *version)
{
    struct scan s = {.previous_end = version + strlen(version)};
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    (void) MHD_get_connection_values_n(connection, MHD_HEADER_KIND, scan_field, &s);
    if (s.bad || s.hosts > 1 || s.lengths > 1 || s.transfers > 1)
        return ERR_SYNTAX;
    /* Behind the last field only CR LF CR LF: its end is known from the size of the whole section. */
    if (size == NULL || (uintptr_t) s.previous_end - (uintptr_t) method + 4 != size->header_size)
        return ERR_SYNTAX;
    if (s.lengths > 0 && s.transfers > 0)
        return ERR_SYNTAX;
    return strcmp(version, "HTTP/1.1") == 0 && s.hosts == 0 ? ERR_SYNTAX : OK;
}

bool
guard_has_body(struct MHD_Connection *connection)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");

    return (length != NULL && strcmp(length, "0") != 0) ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding") != NULL;
}

/* --- deadlines
 * ------------------------------------------------------------------------------------------------ */

enum { SHARDS = 64 };

struct deadlines {
    pthread_mutex_t lock; /* of stopping */
    pthread_cond_t wake;
    pthread_t thread;
    bool stopping;
    pthread_mutex_t shard[SHARDS]; /* of until_s[fd] with fd % SHARDS: connections do not wait for each other */
    _Atomic int highest;           /* no fd above this one has a deadline */
    int64_t until_s[GUARD_FD_MAX]; /* monotonic seconds, 0 = none */
};

static int64_t
monotonic_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t) t.tv_sec;
}

static void
close_overdue(struct deadlines *d)
{
    int64_t now = monotonic_s();

    for (int i = 0; i < SHARDS; i++) {
        pthread_mutex_lock(&d->shard[i]);
        for (int fd = i; fd <= d->highest; fd += SHARDS)
            if (d->until_s[fd] != 0 && d->until_s[fd] < now) {
                d->until_s[fd] = 0;
                (void) shutdown(fd, SHUT_RDWR); /* its worker sees the end, waits for the shard and closes it */
            }
        pthread_mutex_unlock(&d->shard[i]);
    }
}

static void *
watch(void *cls)
{
    struct deadlines *d = cls;

    pthread_mutex_lock(&d->lock);
    while (!d->stopping) {
        struct timespec t;

        close_overdue(d);
        clock_gettime(CLOCK_REALTIME, &t);
        t.tv_sec += 1;
        pthread_cond_timedwait(&d->wake, &d->lock, &t);
    }
    pthread_mutex_unlock(&d->lock);
    return NULL;
}

enum err
deadlines_start(struct deadlines **out)
{
    struct deadlines *d = calloc(1, sizeof *d);

    if (d == NULL)
        return ERR_MEMORY;
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->wake, NULL);
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_init(&d->shard[i], NULL);
    if (pthread_create(&d->thread, NULL, watch, d) != 0) {
        free(d);
        return ERR_MEMORY;
    }
    *out = d;
    return OK;
}

void
deadlines_stop(struct deadlines *d)
{
    if (d == NULL)
        return;
    pthread_mutex_lock(&d->lock);
    d->stopping = true;
    pthread_cond_signal(&d->wake);
    pthread_mutex_unlock(&d->lock);
    pthread_join(d->thread, NULL);
    pthread_cond_destroy(&d->wake);
    pthread_mutex_destroy(&d->lock);
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_destroy(&d->shard[i]);
    free(d);
}

void
deadlines_set(struct deadlines *d, int fd, int64_t seconds)
{
    if (fd < 0 || fd >= GUARD_FD_MAX)
        return;
    for (int seen = d->highest; fd > seen && !atomic_compare_exchange_weak(&d->highest, &seen, fd);)
        continue;
    pthread_mutex_lock(&d->shard[fd % SHARDS]);
    d->until_s[fd] = monotonic_s() + seconds;
    pthread_mutex_unlock(&d->shard[fd % SHARDS]);
}

void
deadlines_clear(struct deadlines *d, int fd)
{
    if (fd < 0 || fd >= GUARD_FD_MAX)
        return;
    pthread_mutex_lock(&d->shard[fd % SHARDS]);
    d->until_s[fd] = 0;
    pthread_mutex_unlock(&d->shard[fd % SHARDS]);
}
