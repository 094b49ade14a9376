/* store/engine.h - what db.c asks of an engine. Private to store/. */
#ifndef MQ_ENGINE_H
#define MQ_ENGINE_H

#include "db.h"

enum {
    DB_FIELDS_MAX = 64,   /* tools/sqlgen.py refuses more */
    DB_ROW_BYTES = 2048,  /* holds any row struct: 64 fields of at most 24 bytes */
    DB_MESSAGE_BYTES = 512,
    DB_LATER_MAX = 8      /* statements put off */
};

/* Called for each row, decoded into the row struct; texts live until it returns. Its error ends the run. */
typedef enum err (*row_sink)(void *ctx, const void *row);

struct engine {
    /* Run a query; rows go to the sink (NULL when q->out_count is 0); *changed may be NULL. */
    enum err (*run)(struct db *db, const struct db_query *q, const void *in, row_sink sink, void *ctx,
                    int64_t *changed);
    enum err (*script)(struct db *db, const char *sql); /* one statement without parameters or rows, not cached */
    /* A statement without values whose answer nobody waits for: it may be sent with the next one, whose error is then its
     * own too. NULL: the engine answers at once anyway. */
    enum err (*later)(struct db *db, const struct db_query *q);
    enum err (*pipeline)(struct db *db, bool on);
    enum err (*flush)(struct db *db); /* empty the pipeline's queue */
    bool (*in_transaction)(const struct db *db);
    bool (*alive)(const struct db *db);
    void (*close)(struct db *db);
};

/* Statements already prepared on this connection, keyed by the address of the query. */
struct statement_cache {
    struct statement_slot {
        const struct db_query *q;
        void *statement;
    } *slots;
    size_t size, used; /* size: 0 or a power of two */
};

struct db {
    const struct engine *engine;
    enum db_engine kind;
    void *connection; /* sqlite3 or PGconn */
    struct statement_cache cache;
    int depth;         /* of nested transactions */
    enum err spoiled;  /* error that spoiled the present transaction, or OK */
    bool in_each;      /* a row function is running */
    bool pipelined;
    int queued;        /* statements sent since the last synchronisation */
    const struct db_query *later[DB_LATER_MAX];
    int later_count;
    int64_t memo;      /* see db_memo */
    char message[DB_MESSAGE_BYTES];
};

MUST_USE enum err sqlite_open(const char *path, bool read_only, struct db *db);
MUST_USE enum err pg_open(const char *url, bool read_only, struct db *db);
void db_note(struct db *db, const char *message); /* keep the engine's words */

/* cache_get: the statement of q or NULL. cache_put: ERR_MEMORY. */
void *cache_get(const struct statement_cache *cache, const struct db_query *q);
MUST_USE enum err cache_put(struct statement_cache *cache, const struct db_query *q, void *statement);

#endif
