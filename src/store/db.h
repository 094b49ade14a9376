/* store/db.h - two engines, one way to run a named query. Knows no noun of the law.
 *
 * Queries are written once in src/mod/<noun>/<noun>.sql; tools/sqlgen.py turns each into a struct of inputs, a
 * struct of a row, a struct db_query and typed functions (see HACKING.md, "SQL"). Only generated code calls
 * db_run/db_one/db_each/db_list. */
#ifndef MQ_DB_H
#define MQ_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum db_engine { DB_SQLITE, DB_POSTGRES, DB_ENGINE_COUNT };
enum db_type {
    DB_I64,  /* int64_t, or struct opt_i64 when nullable */
    DB_TEXT, /* struct str, UTF-8; absent = NULL. An empty string is bound as NULL: '' is never stored */
    DB_BLOB  /* struct str of bytes; absent = NULL */
};

struct opt_i64 {
    bool set;
    int64_t v;
};

struct db_field {
    const char *name;
    uint32_t offset_bytes; /* in the struct of inputs or of a row */
    uint8_t type;          /* enum db_type */
    bool nullable;
};

struct db_query {
    const char *name;
    const char *sql[DB_ENGINE_COUNT]; /* ?1.. for SQLite, $1.. for PostgreSQL */
    const struct db_field *in, *out;
    uint16_t in_count, out_count;
    size_t in_bytes, out_bytes; /* sizes of the two structs */
    const char *scan_reason;    /* why it may read a whole large table ("-- scan:"), or NULL */
};

struct db; /* one connection with its statement cache; used by one thread at a time */

/* db_open: url is "sqlite:PATH" or "postgresql://…". SQLite: WAL, synchronous=FULL, foreign keys on.
 * ERR_IO, ERR_DB; *out is written only on OK. The engine's own message goes to the log only. */
MUST_USE enum err db_open(const char *url, bool read_only, struct db **out);
void db_close(struct db *db);
enum db_engine db_engine_of(const struct db *db);
/* db_last_message: the engine's words for the log; never shown to users. */
const char *db_last_message(const struct db *db);
/* db_alive: false once the connection is lost; then only db_close() makes sense. */
bool db_alive(const struct db *db);

/* Transactions nest: an inner one is a savepoint. db_end commits on OK and rolls back on anything else; it returns
 * e, or what went wrong while committing. With SQLite the outer begin takes the write lock at once.
 * On both engines an error of the database (not ERR_NOT_FOUND, not ERR_STATE) spoils the transaction it happens in:
 * what follows gives the same error until db_end, which rolls back whatever e says. */
MUST_USE enum err db_begin(struct db *db);
MUST_USE enum err db_end(struct db *db, enum err e);
/* db_snapshot: begin a transaction that only reads: until db_end everything is as it was at its first query, while others
 * write. It holds nobody up. Inside another transaction it is that one's. */
MUST_USE enum err db_snapshot(struct db *db);

/* db_memo: one number of the caller's (mod/journal: the last id) for the length of the outermost transaction, at whose
 * beginning it is 0. */
int64_t *db_memo(struct db *db);

/* Used by generated code. ERR_EXISTS (unique), ERR_INPUT (any other constraint), ERR_BUSY (locked, or a conflict
 * of two transactions: run the whole act again), ERR_NO_SPACE, ERR_IO (the connection is lost), ERR_DB, ERR_MEMORY. */
MUST_USE enum err db_run(struct db *db, const struct db_query *q, const void *in, int64_t *changed_count);
/* db_one: first row; text and blobs live in the arena. ERR_NOT_FOUND when there is none. */
MUST_USE enum err db_one(struct db *db, struct arena *a, const struct db_query *q, const void *in, void *row);
/* db_each: every row in turn; text and blobs live until fn returns; fn's error ends it. fn must not use the same
 * connection (ERR_INTERNAL). */
typedef enum err (*db_row_fn)(void *ctx, const void *row);
MUST_USE enum err db_each(struct db *db, const struct db_query *q, const void *in, db_row_fn fn, void *ctx);
/* db_list: all rows in the arena; *rows is an array of structs. */
MUST_USE enum err db_list(struct db *db, struct arena *a, const struct db_query *q, const void *in, void **rows,
                          size_t *count);

/* db_pipeline: between on and off, inside a transaction, db_run may queue (PostgreSQL pipeline mode; SQLite: nothing
 * changes) and *changed_count is not known (-1). Errors show at db_pipeline(db, false) at the latest. Anything but
 * db_run empties the queue first. For bulk import only. ERR_STATE outside a transaction. */
MUST_USE enum err db_pipeline(struct db *db, bool on);

/* The migrations of schema/, in order, cut into the statements of each engine (tools/sqlgen.py). */
struct db_statement {
    const char *sql;
    const char *table, *hash; /* "-- hash: COLUMN" above CREATE TABLE, or NULL */
};
struct db_migration {
    int number;
    const char *name, *sha256_hex; /* of the file */
    const struct db_statement *statements[DB_ENGINE_COUNT];
    size_t count[DB_ENGINE_COUNT];
};
/* db_migrate: bring the schema up to date, one transaction per migration, hash recorded in schema_version.
 * ERR_SCHEMA on an unknown or changed number. partitions: 0, or the number of hash partitions for tables marked
 * "-- hash: COLUMN" (PostgreSQL only). */
MUST_USE enum err db_migrate(struct db *db, const struct db_migration *all, size_t count, int partitions);
/* db_check_schema: OK only when exactly the given migrations are applied. */
MUST_USE enum err db_check_schema(struct db *db, const struct db_migration *all, size_t count);

/*
 * db_dump: a consistent copy of the whole database into a new file, while others write: SQLite by its backup
 * interface (the file is a database), PostgreSQL by the program pg_dump (custom format).
 * db_undump: the reverse, into a database that is empty (SQLite: a file that does not exist yet; PostgreSQL: pg_restore
 * in one transaction). db_check: is the file undamaged (SQLite: integrity_check; PostgreSQL keeps its own checks).
 * ERR_EXISTS the file is there; ERR_NOT_FOUND no pg_dump or pg_restore; ERR_DB, ERR_IO, ERR_NO_SPACE.
 */
MUST_USE enum err db_dump(const char *url, const char *path);
MUST_USE enum err db_undump(const char *url, const char *path);
MUST_USE enum err db_check(struct db *db);

/* The writer: one thread that owns the write connection and commits many requests with one fsync (group commit).
 * writer_run blocks until the act is durable or refused; each act runs in a savepoint of its own, so that a refused
 * one leaves the others alone. fn runs in the writer's thread. A lost connection is opened again for the next act.
 * ERR_CANCELLED after writer_stop; otherwise the error of fn or of the commit. */
struct writer;
typedef enum err (*writer_fn)(struct db *db, void *ctx);
MUST_USE enum err writer_start(const char *url, struct writer **out);
MUST_USE enum err writer_run(struct writer *w, writer_fn fn, void *ctx);
void writer_stop(struct writer *w); /* drains, then closes */

#endif
