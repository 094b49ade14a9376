/* bench/journal.c - durable journal entries per second: CLIENTS threads, each waiting for its own entry to be on the
 * disk before it sends the next (group commit), then the sequencer and fsck over what was written.
 *   journal URL DIR [THREADS [SECONDS]]
 * Lines: name=journal.append engine=… threads=… entries=… seconds=… per_second=… worst_ms=… */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "mod/file.h"
#include "mod/journal/journal.h"
#include "mod/journal/journal_sequence.h"
#include "mod/journal/log_fsck.h"
#include "mod/schema_sql.h"

enum { THREADS_MAX = 512, CLIENT_ARENA_BYTES = 1 << 18 };

static int64_t
now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum err
entropy(void *out, size_t n_bytes)
{
    return getrandom(out, n_bytes, 0) == (ssize_t) n_bytes ? OK : ERR_IO;
}

struct client {
    struct writer *writer;
    int number;
    int64_t until_us;
    uint64_t done, failed;
    int64_t worst_us;
    pthread_t thread;
};

struct append {
    struct client *client;
    struct arena arena;
};

static enum err
append(struct db *db, void *ctx)
{
    struct append *a = ctx;
    struct ctx c = {.db = db, .arena = &a->arena, .now_us = now_us(), .actor = STR("user:1"), .entropy = entropy};
    char subject[64];

    snprintf(subject, sizeof subject, "bench/%d/%llu", a->client->number, (unsigned long long) a->client->done);
    return journal_add(&c, &(struct journal_act) {STR("bench.append"), str_of(subject), STR("{\"digest\":\"9f8c577f\"}")});
}

static void *
client_main(void *ctx)
{
    struct client *client = ctx;
    void *block = malloc(CLIENT_ARENA_BYTES);
    struct append a = {client, arena_over(block, CLIENT_ARENA_BYTES)};

    for (int64_t start = now_us(); start < client->until_us; start = now_us()) {
        int64_t took;

        arena_reset(&a.arena);
        if (writer_run(client->writer, append, &a) == OK)
            client->done++;
        else
            client->failed++;
        took = now_us() - start;
        client->worst_us = took > client->worst_us ? took : client->worst_us;
    }
    free(block);
    return NULL;
}

static enum err
run_clients(const char *url, int threads, int seconds)
{
    static struct client clients[THREADS_MAX];
    struct writer *writer = NULL;
    enum err e = writer_start(url, &writer);
    int64_t start = now_us(), worst_us = 0;
    uint64_t done = 0, failed = 0;
    double took;

    if (e != OK)
        return e;
    for (int i = 0; i < threads; i++) {
        clients[i] = (struct client) {.writer = writer, .number = i, .until_us = start + (int64_t) seconds * 1000000};
        if (pthread_create(&clients[i].thread, NULL, client_main, &clients[i]) != 0)
            return ERR_MEMORY;
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(clients[i].thread, NULL);
        done += clients[i].done;
        failed += clients[i].failed;
        worst_us = clients[i].worst_us > worst_us ? clients[i].worst_us : worst_us;
    }
    took = (double) (now_us() - start) / 1e6;
    writer_stop(writer);
    printf("name=journal.append engine=%s threads=%d entries=%llu failed=%llu seconds=%.2f per_second=%.0f worst_ms=%.1f\n",
           strncmp(url, "sqlite", 6) == 0 ? "sqlite" : "postgres", threads, (unsigned long long) done,
           (unsigned long long) failed, took, (double) done / took, (double) worst_us / 1e3);
    return failed == 0 ? OK : ERR_DB;
}

static enum err
run_log(struct ctx *c, const char *engine)
{
    struct log_fsck_report report;
    struct journal_keys keys;
    struct log_fault f;
    char dir[FILE_PATH_BYTES];
    uint64_t size = 0;
    int64_t start;
    enum err e = journal_keys_create(c, STR("bench.test/log"), false);

    if (e == OK)
        e = journal_keys_load(c, &keys);
    start = now_us();
    if (e == OK)
        e = journal_sequence(c, &keys, &size);
    if (e != OK)
        return e;
    printf("name=journal.sequence engine=%s entries=%llu seconds=%.2f per_second=%.0f\n", engine, (unsigned long long) size,
           (double) (now_us() - start) / 1e6, (double) size * 1e6 / (double) (now_us() - start));
    start = now_us();
    e = file_path(dir, c->dir, STR("log"));
    if (e == OK)
        e = log_fsck(&(struct log_fsck) {.dir = dir}, c->arena, &report, &f);
    printf("name=journal.fsck engine=%s entries=%llu seconds=%.2f per_second=%.0f\n", engine, (unsigned long long) size,
           (double) (now_us() - start) / 1e6, (double) size * 1e6 / (double) (now_us() - start));
    return e;
}

int
main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : "", *dir = argc > 2 ? argv[2] : ".";
    int threads = argc > 3 ? atoi(argv[3]) : 50, seconds = argc > 4 ? atoi(argv[4]) : 5;
    void *block = malloc(LOG_FSCK_ARENA_BYTES);
    struct arena arena = arena_over(block, LOG_FSCK_ARENA_BYTES);
    struct ctx c = {.arena = &arena, .now_us = now_us(), .actor = STR("bench"), .dir = dir, .entropy = entropy};
    enum err e = block == NULL || threads < 1 || threads > THREADS_MAX ? ERR_USAGE : db_open(url, false, &c.db);

    if (e == OK)
        e = db_migrate(c.db, schema_migrations, schema_migrations_count, 0);
    if (e == OK)
        e = run_clients(url, threads, seconds);
    if (e == OK)
        e = run_log(&c, strncmp(url, "sqlite", 6) == 0 ? "sqlite" : "postgres");
    if (e != OK)
        fprintf(stderr, "journal: %s %s\n", err_name(e), c.why);
    db_close(c.db);
    free(block);
    return err_exit_status(e);
}
