/* store/db.c - connections, nested transactions and rows, alike on both engines */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 6 };

/* Statements that steer transactions, as queries so that they are prepared once. */
#define STEER(name, sql)                                                                                             \
    {                                                                                                                \
        name, {sql, sql}, NULL, NULL, 0, 0, 0, 0, NULL                                                               \
    }
#define SAVEPOINT(n) STEER("steer_savepoint_" #n, "SAVEPOINT s" #n)
#define RELEASE(n) STEER("steer_release_" #n, "RELEASE SAVEPOINT s" #n)
#define UNDO(n) STEER("steer_undo_" #n, "ROLLBACK TO SAVEPOINT s" #n)

static const struct db_query BEGIN = {"steer_begin", {"BEGIN IMMEDIATE", "BEGIN"}, NULL, NULL, 0, 0, 0, 0, NULL};
static const struct db_query SNAPSHOT = {
    "steer_snapshot", {"BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}, NULL, NULL, 0, 0, 0, 0, NULL};
static const struct db_query COMMIT = STEER("steer_commit", "COMMIT");
static const struct db_query ROLLBACK = STEER("steer_rollback", "ROLLBACK");
static const struct db_query SAVEPOINTS[DEPTH_MAX] = {SAVEPOINT(1), SAVEPOINT(2), SAVEPOINT(3),
                                                      SAVEPOINT(4), SAVEPOINT(5), SAVEPOINT(6)};
static const struct db_query RELEASES[DEPTH_MAX] = {RELEASE(1), RELEASE(2), RELEASE(3),
                                                    RELEASE(4), RELEASE(5), RELEASE(6)};
static const struct db_query UNDOS[DEPTH_MAX] = {UNDO(1), UNDO(2), UNDO(3), UNDO(4), UNDO(5), UNDO(6)};

enum err
db_open(const char *url, bool read_only, struct db **out)
{
    struct db *db = calloc(1, sizeof *db);
    enum err e;

    if (db == NULL)
        return ERR_MEMORY;
    if (strncmp(url, "sqlite:", 7) == 0)
        e = sqlite_open(url + 7, read_only, db);
    else if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
        e = pg_open(url, read_only, db);
    else
        e = ERR_USAGE;
    if (e != OK) {
        if (db->message[0] != '\0')
            fprintf(stderr, "database: %s\n", db->message);
        free(db);
        return e;
    }
    *out = db;
    return OK;
}

void
db_close(struct db *db)
{
    if (db == NULL)
        return;
    db->engine->close(db);
    free(db->cache.slots);
    free(db);
}

enum db_engine
db_engine_of(const struct db *db)
{
    return db->kind;
}

const char *
db_last_message(const struct db *db)
{
    return db->message;
}

bool
db_alive(const struct db *db)
{
    return db->engine->alive(db);
}

void
db_note(struct db *db, const char *message)
{
    size_t n = strlen(message);

    while (n > 0 && (message[n - 1] == '\n' || message[n - 1] == ' '))
        n--;
    n = n < sizeof db->message ? n : sizeof db->message - 1;
    memcpy(db->message, message, n);
    db->message[n] = '\0';
}

/* statement cache ---------------------------------------------------------------------------------------------- */

static size_t
slot_of(const struct statement_cache *cache, const struct db_query *q)
{
    size_t i = (size_t) (((uintptr_t) q >> 4) * 0x9E3779B97F4A7C15u >> 20) & (cache->size - 1);

    while (cache->slots[i].q != NULL && cache->slots[i].q != q)
        i = (i + 1) & (cache->size - 1);
    return i;
}

void *
cache_get(const struct statement_cache *cache, const struct db_query *q)
{
    return cache->size == 0 ? NULL : cache->slots[slot_of(cache, q)].statement;
}

static enum err
cache_grow(struct statement_cache *cache)
{
    struct statement_cache bigger = {NULL, cache->size == 0 ? 64 : 2 * cache->size, cache->used};

    bigger.slots = calloc(bigger.size, sizeof *bigger.slots);
    if (bigger.slots == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < cache->size; i++)
        if (cache->slots[i].q != NULL)
            bigger.slots[slot_of(&bigger, cache->slots[i].q)] = cache->slots[i];
    free(cache->slots);
    *cache = bigger;
    return OK;
}

enum err
cache_put(struct statement_cache *cache, const struct db_query *q, void *statement)
{
    size_t i;

    if (2 * cache->used >= cache->size) {
        enum err e = cache_grow(cache);

        if (e != OK)
            return e;
    }
    i = slot_of(cache, q);
    if (cache->slots[i].q == NULL)
        cache->used++;
    cache->slots[i] = (struct statement_slot) {q, statement};
    return OK;
}

/* transactions ------------------------------------------------------------------------------------------------- */

static enum err
steer(struct db *db, const struct db_query *q)
{
    return db->engine->run(db, q, NULL, NULL, NULL, NULL);
}

/* Begin or keep a part of a transaction: nothing can be learned from the answer. */
static enum err
steer_later(struct db *db, const struct db_query *q)
{
    return db->engine->later == NULL || db->pipelined ? steer(db, q) : db->engine->later(db, q);
}

int64_t *
db_memo(struct db *db)
{
    return &db->memo;
}

static enum err
begin(struct db *db, const struct db_query *outermost)
{
    enum err e = db->in_each || db->depth > DEPTH_MAX ? ERR_INTERNAL : db->spoiled;

    if (e == OK && db->pipelined)
        e = db->engine->flush(db);
    if (e == OK)
        e = db->depth == 0 ? steer(db, outermost) : steer_later(db, &SAVEPOINTS[db->depth - 1]);
    if (e == OK && db->depth == 0)
        db->memo = 0;
    if (e == OK)
        db->depth++;
    else if (db->depth > 0)
        db->spoiled = e;
    return e;
}

enum err
db_begin(struct db *db)
{
    return begin(db, &BEGIN);
}

enum err
db_snapshot(struct db *db)
{
    return begin(db, &SNAPSHOT);
}

/* Undo the innermost transaction. If even that fails, the outer ones are lost as well. */
static void
undo(struct db *db)
{
    enum err e = OK;

    if (db->depth == 0) {
        if (db->engine->in_transaction(db)) /* the engine may have rolled back by itself, as on a full disk */
            e = steer(db, &ROLLBACK);
    } else {
        e = steer(db, &UNDOS[db->depth - 1]);
        if (e == OK)
            e = steer(db, &RELEASES[db->depth - 1]);
    }
    db->spoiled = db->depth == 0 ? OK : e;
}

enum err
db_end(struct db *db, enum err e)
{
    if (db->depth == 0 || db->in_each)
        return e != OK ? e : ERR_INTERNAL;
    if (db->pipelined) {
        enum err off = db_pipeline(db, false);

        e = e != OK ? e : off;
    }
    if (e == OK)
        e = db->spoiled;
    db->depth--;
    if (e == OK)
        e = db->depth == 0 ? steer(db, &COMMIT) : steer_later(db, &RELEASES[db->depth - 1]);
    if (e != OK)
        undo(db);
    return e;
}

/* queries ------------------------------------------------------------------------------------------------------ */

static enum err
run(struct db *db, const struct db_query *q, const void *in, row_sink sink, void *ctx, int64_t *changed)
{
    enum err e;

    if (db->in_each)
        return ERR_INTERNAL;
    if (db->spoiled != OK)
        return db->spoiled;
    e = db->engine->run(db, q, in, sink, ctx, changed);
    return e;
}

/* A row function is called with the connection closed to it, and its errors are not the engine's. */
struct guarded {
    struct db *db;
    row_sink sink;
    void *ctx;
    enum err error; /* of the sink */
};

static enum err
guarded_row(void *ctx, const void *row)
{
    struct guarded *g = ctx;

    g->db->in_each = true;
    g->error = g->sink(g->ctx, row);
    g->db->in_each = false;
    return g->error;
}

static enum err
run_rows(struct db *db, const struct db_query *q, const void *in, row_sink sink, void *ctx)
{
    struct guarded g = {db, sink, ctx, OK};
    enum err e = run(db, q, in, guarded_row, &g, NULL);

    if (e != OK && g.error == OK && db->depth > 0 && !db->in_each)
        db->spoiled = e;
    return e;
}

enum err
db_run(struct db *db, const struct db_query *q, const void *in, int64_t *changed_count)
{
    enum err e = run(db, q, in, NULL, NULL, changed_count);

    if (e != OK && db->depth > 0 && !db->in_each)
        db->spoiled = e;
    return e;
}

/* Copy a row and what it points to into the arena. */
static enum err
keep_row(struct arena *a, const struct db_query *q, void *to, const void *row)
{
    memcpy(to, row, q->out_bytes);
    for (size_t i = 0; i < q->out_count; i++) {
        struct str *s = (struct str *) (void *) ((char *) to + q->out[i].offset_bytes);

        if (q->out[i].type == DB_I64 || s->p == NULL)
            continue;
        *s = str_copy(a, *s);
        if (s->p == NULL)
            return ERR_MEMORY;
    }
    return OK;
}

struct one {
    struct arena *a;
    const struct db_query *q;
    void *row;
    bool found;
};

static enum err
one_row(void *ctx, const void *row)
{
    struct one *one = ctx;

    if (one->found)
        return OK;
    one->found = true;
    return keep_row(one->a, one->q, one->row, row);
}

enum err
db_one(struct db *db, struct arena *a, const struct db_query *q, const void *in, void *row)
{
    struct one one = {a, q, row, false};
    enum err e = run_rows(db, q, in, one_row, &one);

    return e == OK && !one.found ? ERR_NOT_FOUND : e;
}

enum err
db_each(struct db *db, const struct db_query *q, const void *in, db_row_fn fn, void *ctx)
{
    return run_rows(db, q, in, fn, ctx);
}

struct list {
    struct arena *a;
    const struct db_query *q;
    char *rows; /* malloc; texts already in the arena */
    size_t count, size;
};

static enum err
list_row(void *ctx, const void *row)
{
    struct list *list = ctx;

    if (list->count == list->size) {
        size_t size = list->size == 0 ? 16 : 2 * list->size;
        char *rows = reallocarray(list->rows, size, list->q->out_bytes);

        if (rows == NULL)
            return ERR_MEMORY;
        list->rows = rows;
        list->size = size;
    }
    return keep_row(list->a, list->q, list->rows + list->count++ * list->q->out_bytes, row);
}

enum err
db_list(struct db *db, struct arena *a, const struct db_query *q, const void *in, void **rows, size_t *count)
{
    struct list list = {a, q, NULL, 0, 0};
    enum err e = run_rows(db, q, in, list_row, &list);
    void *kept = e == OK ? arena_array(a, list.count, q->out_bytes) : NULL;

    if (e == OK && kept == NULL)
        e = ERR_MEMORY;
    if (e == OK) {
        if (list.count > 0)
            memcpy(kept, list.rows, list.count * q->out_bytes);
        *rows = kept;
        *count = list.count;
    }
    free(list.rows);
    return e;
}

enum err
db_pipeline(struct db *db, bool on)
{
    enum err e;

    if (on == db->pipelined)
        return db->spoiled;
    if (on && (db->depth == 0 || db->in_each))
        return ERR_STATE;
    e = db->engine->pipeline(db, on);
    db->pipelined = on && e == OK;
    if (e != OK && db->depth > 0)
        db->spoiled = e;
    return e != OK ? e : db->spoiled;
}
