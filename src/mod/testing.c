/* mod/testing.c - databases for tests */
#include "testing.h"

#include <ftw.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "mod/schema_sql.h"
#include "store/engine.h"

enum { URL_BYTES = 1024, PARTITIONS = 4 };

struct testing {
    struct ctx ctx; /* first: a pointer to it is a pointer to this */
    struct arena arena;
    enum testing_engine engine;
    char dir[64], schema[64], url[URL_BYTES];
};

static _Atomic uint64_t entropy_counter;

enum err
testing_entropy(void *out, size_t n_bytes)
{
    unsigned char *p = out;

    for (size_t i = 0; i < n_bytes; i++) { /* splitmix64, one byte a step */
        uint64_t z = (atomic_fetch_add(&entropy_counter, 1) + 1) * 0x9E3779B97F4A7C15u;

        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
        z = (z ^ z >> 27) * 0x94D049BB133111EBu;
        p[i] = (unsigned char) (z >> 56);
    }
    return OK;
}

enum err
testing_no_entropy(void *out, size_t n_bytes)
{
    (void) out, (void) n_bytes;
    return ERR_IO;
}

const char *
testing_url(const struct ctx *c)
{
    return ((const struct testing *) (const void *) c)->url;
}

enum testing_engine
testing_engine_of(const struct ctx *c)
{
    return ((const struct testing *) (const void *) c)->engine;
}

static void
pg_script_once(const char *server, const char *sql)
{
    struct db *db = NULL;

    if (db_open(server, false, &db) != OK)
        fail_msg("MQ_TEST_PG cannot be reached: %s", server);
    if (db->engine->script(db, sql) != OK)
        fail_msg("%s: %s", sql, db_last_message(db));
    db_close(db);
}

/* A schema of its own in the server of MQ_TEST_PG, found by the search path in the URL. */
static void
pg_create(struct testing *t, const char *server)
{
    static atomic_int number;
    char sql[128];

    snprintf(t->schema, sizeof t->schema, "t_%d_%d", (int) getpid(), atomic_fetch_add(&number, 1));
    snprintf(sql, sizeof sql, "CREATE SCHEMA %s", t->schema);
    pg_script_once(server, sql);
    snprintf(t->url, sizeof t->url, "%s%coptions=-csearch_path%%3D%s", server, strchr(server, '?') ? '&' : '?',
             t->schema);
}

static void
start(struct testing *t, enum testing_engine engine, const char *server)
{
    const char *tmp = getenv("TMPDIR");

    *t = (struct testing) {.engine = engine};
    snprintf(t->dir, sizeof t->dir, "%s/mingqian-test-XXXXXX", tmp != NULL && strlen(tmp) < 32 ? tmp : "/tmp");
    if (mkdtemp(t->dir) == NULL)
        fail_msg("no temporary directory");
    if (engine == TESTING_SQLITE)
        snprintf(t->url, sizeof t->url, "sqlite:%s/mingqian.db", t->dir);
    else
        pg_create(t, server);
    t->arena = arena_over(malloc(TESTING_ARENA_BYTES), TESTING_ARENA_BYTES);
    atomic_store(&entropy_counter, 0);
    t->ctx = (struct ctx) {.arena = &t->arena, .now_us = TESTING_NOW_US, .actor = STR("test:clerk"), .dir = t->dir,
                           .entropy = testing_entropy};
    if (db_open(t->url, false, &t->ctx.db) != OK)
        fail_msg("cannot open %s", t->url);
    if (db_migrate(t->ctx.db, schema_migrations, schema_migrations_count,
                   engine == TESTING_PARTITIONED ? PARTITIONS : 0) != OK)
        fail_msg("migration: %s", db_last_message(t->ctx.db));
}

static int
remove_one(const char *path, const struct stat *s, int flag, struct FTW *ftw)
{
    (void) s, (void) flag, (void) ftw;
    return remove(path);
}

static void
stop(struct testing *t, const char *server)
{
    db_close(t->ctx.db);
    free(t->arena.base);
    nftw(t->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (t->engine != TESTING_SQLITE) {
        char sql[128];

        snprintf(sql, sizeof sql, "DROP SCHEMA %s CASCADE", t->schema);
        pg_script_once(server, sql);
    }
}

void
testing_each_engine(void (*body)(struct ctx *c))
{
    const char *server = getenv("MQ_TEST_PG");

    for (int engine = 0; engine < TESTING_ENGINE_COUNT; engine++) {
        struct testing t;

        if (engine != TESTING_SQLITE && (server == NULL || *server == '\0'))
            continue;
        start(&t, (enum testing_engine) engine, server);
        body(&t.ctx);
        stop(&t, server);
    }
}
