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
    char dir[64], database[64], url[URL_BYTES];
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

/* The URL of another database of the same server: of two names libpq takes the last. */
static void
pg_url(char *out, const char *server, const char *database)
{
    snprintf(out, URL_BYTES, "%s%cdbname=%s", server, strchr(server, '?') ? '&' : '?', database);
}

static bool
pg_copy(const char *server, const char *from, const char *to)
{
    struct db *db = NULL;
    char sql[192];
    bool ok;

    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", to, from);
    ok = db_open(server, false, &db) == OK && db->engine->script(db, sql) == OK;
    db_close(db);
    return ok;
}

/* A migrated database is costly to make and cheap to copy: the first test that needs one makes the template for all
 * programs of this build. Two that make it at once: one of them keeps the name, the other throws its own away. */
static void
pg_make_template(const char *server, const char *name, int partitions)
{
    struct db *db = NULL;
    char own[64], sql[192], url[URL_BYTES];

    snprintf(own, sizeof own, "%s_%d", name, (int) getpid());
    snprintf(sql, sizeof sql, "CREATE DATABASE %s", own);
    pg_script_once(server, sql);
    pg_url(url, server, own);
    if (db_open(url, false, &db) != OK ||
        db_migrate(db, schema_migrations, schema_migrations_count, partitions) != OK)
        fail_msg("migration: %s", db != NULL ? db_last_message(db) : url);
    db_close(db);
    db = NULL;
    snprintf(sql, sizeof sql, "ALTER DATABASE %s RENAME TO %s", own, name);
    if (db_open(server, false, &db) != OK)
        fail_msg("MQ_TEST_PG cannot be reached: %s", server);
    if (db->engine->script(db, sql) != OK) {
        snprintf(sql, sizeof sql, "DROP DATABASE %s", own);
        (void) db->engine->script(db, sql);
    }
    db_close(db);
}

/* The name says what is in it: a server that is kept between builds never serves an old schema. */
static void
template_name(char *out, size_t size, int partitions)
{
    int n = snprintf(out, size, "mq_%d", partitions);

    for (size_t i = 0; i < schema_migrations_count; i++)
        n += snprintf(out + n, size - (size_t) n, "_%.8s", schema_migrations[i].sha256_hex);
}

/* A database of its own in the server of MQ_TEST_PG. */
static void
pg_create(struct testing *t, const char *server, int partitions)
{
    static atomic_int number;
    char template[48];

    template_name(template, sizeof template, partitions);
    snprintf(t->database, sizeof t->database, "t_%d_%d", (int) getpid(), atomic_fetch_add(&number, 1));
    if (!pg_copy(server, template, t->database)) {
        pg_make_template(server, template, partitions);
        if (!pg_copy(server, template, t->database))
            fail_msg("no copy of %s in %s", template, server);
    }
    pg_url(t->url, server, t->database);
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
        pg_create(t, server, engine == TESTING_PARTITIONED ? PARTITIONS : 0);
    t->arena = arena_over(malloc(TESTING_ARENA_BYTES), TESTING_ARENA_BYTES);
    atomic_store(&entropy_counter, 0);
    t->ctx = (struct ctx) {.arena = &t->arena, .now_us = TESTING_NOW_US, .actor = STR("test:clerk"), .dir = t->dir,
                           .entropy = testing_entropy};
    if (db_open(t->url, false, &t->ctx.db) != OK)
        fail_msg("cannot open %s", t->url);
    if (engine == TESTING_SQLITE && db_migrate(t->ctx.db, schema_migrations, schema_migrations_count, 0) != OK)
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

        snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", t->database);
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
