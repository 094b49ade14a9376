/* store/db_sqlite.c - SQLite: WAL, every commit on the disk before it is acknowledged */
#include "engine.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

/* synchronous=FULL: with NORMAL a power cut loses acknowledged rows. The cache counts per connection. */
static const char PRAGMAS[] = "PRAGMA journal_mode = WAL;"
                              "PRAGMA synchronous = FULL;"
                              "PRAGMA foreign_keys = ON;"
                              "PRAGMA temp_store = MEMORY;"
                              "PRAGMA cache_size = -65536;"
                              "PRAGMA mmap_size = 67108864;"
                              "PRAGMA wal_autocheckpoint = 8000;"
                              "PRAGMA journal_size_limit = 67108864;";
enum { BUSY_TIMEOUT_MS = 60000 }; /* a large import holds the lock that long */

static sqlite3 *
connection(const struct db *db)
{
    return db->connection;
}

/* Note the engine's words and translate its code (sqlite.org/rescode.html). */
static enum err
failed(struct db *db, int code)
{
    db_note(db, connection(db) == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(connection(db)));
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return ERR_EXISTS;
    case SQLITE_IOERR_NOMEM:
        return ERR_MEMORY;
    default:
        break;
    }
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
        return ERR_INPUT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_FULL:
        return ERR_NO_SPACE;
    case SQLITE_NOMEM:
        return ERR_MEMORY;
    case SQLITE_TOOBIG:
        return ERR_TOO_LARGE;
    case SQLITE_IOERR: /* a write into the WAL on a full disk shows as an I/O error with ENOSPC behind it */
        return sqlite3_system_errno(connection(db)) == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    case SQLITE_CANTOPEN:
        return ERR_IO;
    default:
        return ERR_DB;
    }
}

static int
bind_one(sqlite3_stmt *s, int at, const struct db_field *f, const char *in)
{
    const void *p = in + f->offset_bytes;
    const struct str *text = p;
    const struct opt_i64 *number = p;

    if (f->type == DB_I64 && f->nullable)
        return number->set ? sqlite3_bind_int64(s, at, number->v) : sqlite3_bind_null(s, at);
    if (f->type == DB_I64)
        return sqlite3_bind_int64(s, at, *(const int64_t *) p);
    if (text->p == NULL || text->n == 0)
        return sqlite3_bind_null(s, at);
    if (f->type == DB_TEXT)
        return sqlite3_bind_text64(s, at, text->p, text->n, SQLITE_STATIC, SQLITE_UTF8);
    return sqlite3_bind_blob64(s, at, text->p, text->n, SQLITE_STATIC);
}

static enum err
take_row(sqlite3_stmt *s, const struct db_query *q, char *row)
{
    for (int i = 0; i < q->out_count; i++) {
        const struct db_field *f = &q->out[i];
        void *to = row + f->offset_bytes;
        bool null = sqlite3_column_type(s, i) == SQLITE_NULL;

        if (null && !f->nullable)
            return ERR_DB;
        if (f->type == DB_I64 && f->nullable)
            *(struct opt_i64 *) to = (struct opt_i64) {!null, sqlite3_column_int64(s, i)};
        else if (f->type == DB_I64)
            *(int64_t *) to = sqlite3_column_int64(s, i);
        else {
            const void *p = f->type == DB_TEXT ? (const void *) sqlite3_column_text(s, i) : sqlite3_column_blob(s, i);

            if (p == NULL && !null && f->type == DB_BLOB)
                p = "";
            *(struct str *) to = (struct str) {p, (size_t) sqlite3_column_bytes(s, i)};
            if (p == NULL && !null)
                return ERR_MEMORY;
        }
    }
    return OK;
}

static enum err
prepared(struct db *db, const struct db_query *q, sqlite3_stmt **out)
{
    sqlite3_stmt *s = cache_get(&db->cache, q);
    enum err e = OK;

    if (s == NULL) {
        int code = sqlite3_prepare_v3(connection(db), q->sql[DB_SQLITE], -1, SQLITE_PREPARE_PERSISTENT, &s, NULL);

        if (code != SQLITE_OK)
            return failed(db, code);
        if (sqlite3_bind_parameter_count(s) != q->in_count || sqlite3_column_count(s) != q->out_count) {
            sqlite3_finalize(s);
            db_note(db, q->name);
            return ERR_DB;
        }
        e = cache_put(&db->cache, q, s);
        if (e != OK)
            sqlite3_finalize(s);
    }
    *out = s;
    return e;
}

static enum err
step_all(struct db *db, const struct db_query *q, sqlite3_stmt *s, row_sink sink, void *ctx)
{
    union {
        char bytes[DB_ROW_BYTES];
        int64_t align;
    } row;

    for (;;) {
        int code = sqlite3_step(s);
        enum err e;

        if (code == SQLITE_DONE)
            return OK;
        if (code != SQLITE_ROW)
            return failed(db, code);
        if (sink == NULL)
            continue;
        e = take_row(s, q, row.bytes);
        if (e == ERR_DB)
            db_note(db, "NULL in a column that is not nullable");
        if (e == OK)
            e = sink(ctx, row.bytes);
        if (e != OK)
            return e;
    }
}

static enum err
sqlite_run(struct db *db, const struct db_query *q, const void *in, row_sink sink, void *ctx, int64_t *changed)
{
    sqlite3_stmt *s = NULL;
    enum err e = prepared(db, q, &s);
    int64_t before;

    if (e != OK)
        return e;
    for (int i = 0; i < q->in_count && e == OK; i++)
        if (bind_one(s, i + 1, &q->in[i], in) != SQLITE_OK)
            e = ERR_MEMORY;
    before = sqlite3_total_changes64(connection(db));
    if (e == OK)
        e = step_all(db, q, s, sink, ctx);
    if (e == OK && changed != NULL)
        *changed = sqlite3_total_changes64(connection(db)) - before;
    sqlite3_reset(s);
    sqlite3_clear_bindings(s); /* the caller's bytes are not ours any more */
    return e;
}

static enum err
sqlite_script(struct db *db, const char *sql)
{
    int code = sqlite3_exec(connection(db), sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? OK : failed(db, code);
}

static enum err
sqlite_pipeline(struct db *db, bool on)
{
    (void) db, (void) on;
    return OK;
}

static enum err
sqlite_flush(struct db *db)
{
    (void) db;
    return OK;
}

static bool
sqlite_in_transaction(const struct db *db)
{
    return sqlite3_get_autocommit(connection(db)) == 0;
}

static bool
sqlite_alive(const struct db *db)
{
    (void) db;
    return true;
}

static void
sqlite_close(struct db *db)
{
    for (size_t i = 0; i < db->cache.size; i++)
        sqlite3_finalize(db->cache.slots[i].statement);
    sqlite3_close(connection(db));
}

static const struct engine SQLITE = {sqlite_run,   sqlite_script,         NULL, sqlite_pipeline, sqlite_flush,
                                     sqlite_in_transaction, sqlite_alive, sqlite_close};

/* lists: entries separated by line ends, NULL = none. What PostgreSQL does with arrays, SQLite does with these.
 * ----------------------------------------------------------------------------------------------------------- */

static struct str
argument(sqlite3_value *v)
{
    const void *p = sqlite3_value_text(v);

    return (struct str) {p, p == NULL ? 0 : (size_t) sqlite3_value_bytes(v)};
}

static bool
has_line(struct str lines, struct str wanted, bool as_prefix)
{
    struct str rest = lines, one;

    for (bool more = lines.n > 0; more;) {
        more = str_split(rest, '\n', &one, &rest);
        if (as_prefix ? str_starts(wanted, one) : str_eq(one, wanted))
            return true;
    }
    return false;
}

/* lines_have(lines, line): is it one of them? */
static void
lines_have(sqlite3_context *c, int count, sqlite3_value **v)
{
    (void) count;
    sqlite3_result_int(c, has_line(argument(v[0]), argument(v[1]), false));
}

/* lines_begin(prefixes, text): does the text begin with one of them? */
static void
lines_begin(sqlite3_context *c, int count, sqlite3_value **v)
{
    struct str text = argument(v[1]);

    (void) count;
    sqlite3_result_int(c, text.n > 0 && has_line(argument(v[0]), text, true));
}

static size_t
lines_in(struct str lines, struct str wanted, size_t *found)
{
    struct str rest = wanted, one;
    size_t count = 0;

    *found = 0;
    for (bool more = wanted.n > 0; more; count++) {
        more = str_split(rest, '\n', &one, &rest);
        *found += has_line(lines, one, false);
    }
    return count;
}

/* lines_any(lines, wanted), lines_all(lines, wanted): is any, are all of the wanted among the lines? */
static void
lines_any(sqlite3_context *c, int count, sqlite3_value **v)
{
    size_t found;

    (void) count;
    (void) lines_in(argument(v[0]), argument(v[1]), &found);
    sqlite3_result_int(c, found > 0);
}

static void
lines_all(sqlite3_context *c, int count, sqlite3_value **v)
{
    size_t found, wanted = lines_in(argument(v[0]), argument(v[1]), &found);

    (void) count;
    sqlite3_result_int(c, found == wanted);
}

static int
add_functions(sqlite3 *c)
{
    static const struct {
        const char *name;
        void (*fn)(sqlite3_context *, int, sqlite3_value **);
    } FUNCTIONS[] = {{"lines_have", lines_have}, {"lines_begin", lines_begin}, {"lines_any", lines_any}, {"lines_all", lines_all}};
    int code = SQLITE_OK;

    for (size_t i = 0; code == SQLITE_OK && i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
        code = sqlite3_create_function(c, FUNCTIONS[i].name, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, FUNCTIONS[i].fn,
                                       NULL, NULL);
    return code;
}

/* SQLite counts its memory under one lock of the process, at every allocation: nobody reads those figures. */
static void
configure_once(void)
{
    (void) sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum err
sqlite_open(const char *path, bool read_only, struct db *db)
{
    int flags = SQLITE_OPEN_NOMUTEX | (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    sqlite3 *c = NULL;
    enum err e;
    int code;

    pthread_once(&once, configure_once);
    code = sqlite3_open_v2(path, &c, flags, NULL);
    db->engine = &SQLITE;
    db->kind = DB_SQLITE;
    db->connection = c;
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(c, 1);
        sqlite3_busy_timeout(c, BUSY_TIMEOUT_MS);
        code = add_functions(c);
    }
    if (code == SQLITE_OK)
        code = sqlite3_exec(c, PRAGMAS, NULL, NULL, NULL);
    e = code == SQLITE_OK ? OK : failed(db, code);
    if (e != OK)
        sqlite3_close(c);
    return e;
}
