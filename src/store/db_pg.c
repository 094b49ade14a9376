/* store/db_pg.c - PostgreSQL through libpq: prepared statements, binary values, pipelines for bulk */
#include "engine.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

/* Object ids of built-in types, fixed by the protocol (src/include/catalog/pg_type.dat). */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23 };
enum { QUEUE_MAX = 512 }; /* statements in flight before the answers are read */

static PGconn *
connection(const struct db *db)
{
    return db->connection;
}

/* By SQLSTATE (documentation, appendix A). */
static enum err
error_of(const char *state)
{
    static const struct {
        const char *prefix;
        enum err e;
    } TABLE[] = {{"23505", ERR_EXISTS}, {"23", ERR_INPUT},   {"40", ERR_BUSY},   {"55P03", ERR_BUSY},
                 {"53100", ERR_NO_SPACE}, {"53200", ERR_MEMORY}, {"53300", ERR_BUSY}, {"08", ERR_IO},
                 {"57P", ERR_IO},       {"58", ERR_IO},      {"54000", ERR_TOO_LARGE}};

    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++)
        if (strncmp(state, TABLE[i].prefix, strlen(TABLE[i].prefix)) == 0)
            return TABLE[i].e;
    return ERR_DB;
}

static enum err
failed(struct db *db, const PGresult *r)
{
    const char *state = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_SQLSTATE);

    db_note(db, r == NULL ? PQerrorMessage(connection(db)) : PQresultErrorMessage(r));
    if (PQstatus(connection(db)) == CONNECTION_BAD)
        return ERR_IO;
    return state == NULL ? ERR_DB : error_of(state);
}

/* values of a call ---------------------------------------------------------------------------------------------- */

struct values {
    const char *p[DB_FIELDS_MAX];
    int n_bytes[DB_FIELDS_MAX], binary[DB_FIELDS_MAX];
    uint64_t numbers[DB_FIELDS_MAX]; /* big-endian */
};

static bool
value_of(struct values *v, int i, const struct db_field *f, const char *in)
{
    const void *p = in + f->offset_bytes;
    const struct str *text = p;
    const struct opt_i64 *number = p;

    v->binary[i] = 1;
    v->p[i] = NULL;
    if (f->type != DB_I64) {
        if (text->n > INT32_MAX)
            return false;
        v->p[i] = text->n == 0 ? NULL : text->p;
        v->n_bytes[i] = (int) text->n;
        return true;
    }
    if (f->nullable && !number->set)
        return true;
    v->numbers[i] = htobe64((uint64_t) (f->nullable ? number->v : *(const int64_t *) p));
    v->p[i] = (const char *) &v->numbers[i];
    v->n_bytes[i] = 8;
    return true;
}

static bool
take_number(const PGresult *r, int row, int column, int64_t *out)
{
    const char *p = PQgetvalue(r, row, column);
    uint64_t b8;
    uint32_t b4;
    uint16_t b2;

    switch (PQftype(r, column)) {
    case OID_INT8:
        memcpy(&b8, p, 8);
        *out = (int64_t) be64toh(b8);
        return true;
    case OID_INT4:
        memcpy(&b4, p, 4);
        *out = (int32_t) be32toh(b4);
        return true;
    case OID_INT2:
        memcpy(&b2, p, 2);
        *out = (int16_t) be16toh(b2);
        return true;
    case OID_BOOL:
        *out = *p;
        return true;
    default:
        return false;
    }
}

static bool
take_row(const PGresult *r, int at, const struct db_query *q, char *row)
{
    for (int i = 0; i < q->out_count; i++) {
        const struct db_field *f = &q->out[i];
        void *to = row + f->offset_bytes;
        bool null = PQgetisnull(r, at, i);
        int64_t number = 0;

        if ((null && !f->nullable) || (f->type == DB_I64 && !null && !take_number(r, at, i, &number)))
            return false;
        if (f->type == DB_I64 && f->nullable)
            *(struct opt_i64 *) to = (struct opt_i64) {!null, number};
        else if (f->type == DB_I64)
            *(int64_t *) to = number;
        else
            *(struct str *) to = null ? (struct str) {NULL, 0}
                                      : (struct str) {PQgetvalue(r, at, i), (size_t) PQgetlength(r, at, i)};
    }
    return true;
}

/* pipeline ------------------------------------------------------------------------------------------------------- */

static enum err
pg_flush(struct db *db)
{
    enum err e = OK;

    if (db->queued == 0)
        return OK;
    db->queued = 0;
    if (PQpipelineSync(connection(db)) != 1)
        return failed(db, NULL);
    for (;;) {
        PGresult *r = PQgetResult(connection(db));
        ExecStatusType status = PQresultStatus(r);

        if (r != NULL && status == PGRES_FATAL_ERROR && e == OK)
            e = failed(db, r);
        PQclear(r);
        if (status == PGRES_PIPELINE_SYNC)
            return e;
        if (PQstatus(connection(db)) == CONNECTION_BAD)
            return e != OK ? e : failed(db, NULL);
    }
}

/* running --------------------------------------------------------------------------------------------------------- */

static enum err
prepare(struct db *db, const struct db_query *q)
{
    PGresult *r = PQprepare(connection(db), q->name, q->sql[DB_POSTGRES], 0, NULL);
    enum err e = PQresultStatus(r) == PGRES_COMMAND_OK ? OK : failed(db, r);

    PQclear(r);
    return e == OK ? cache_put(&db->cache, q, db) : e;
}

static enum err
send(struct db *db, const struct db_query *q, const void *in)
{
    struct values v;

    for (int i = 0; i < q->in_count; i++)
        if (!value_of(&v, i, &q->in[i], in))
            return ERR_TOO_LARGE;
    if (PQsendQueryPrepared(connection(db), q->name, q->in_count, v.p, v.n_bytes, v.binary, 1) != 1)
        return failed(db, NULL);
    return OK;
}

static enum err
rows_of(struct db *db, const PGresult *r, const struct db_query *q, row_sink sink, void *ctx)
{
    union {
        char bytes[DB_ROW_BYTES];
        int64_t align;
    } row;

    if (PQnfields(r) != q->out_count) {
        db_note(db, q->name);
        return ERR_DB;
    }
    for (int at = 0; at < PQntuples(r); at++) {
        enum err e;

        if (!take_row(r, at, q, row.bytes)) {
            db_note(db, "NULL in a column that is not nullable, or a number of another type");
            return ERR_DB;
        }
        e = sink(ctx, row.bytes);
        if (e != OK)
            return e;
    }
    return OK;
}

static enum err
result_of(struct db *db, const PGresult *r, const struct db_query *q, row_sink sink, void *ctx, int64_t *changed)
{
    switch (PQresultStatus(r)) {
    case PGRES_COMMAND_OK:
        if (changed != NULL)
            *changed = strtoll(PQcmdTuples((PGresult *) (uintptr_t) r), NULL, 10);
        /* The server answers COMMIT of a failed transaction with ROLLBACK and no error. */
        if (strcmp(q->sql[DB_POSTGRES], "COMMIT") == 0 && strcmp(PQcmdStatus((PGresult *) (uintptr_t) r), "COMMIT") != 0)
            return ERR_DB;
        return OK;
    case PGRES_SINGLE_TUPLE:
    case PGRES_TUPLES_OK:
        return sink == NULL ? OK : rows_of(db, r, q, sink, ctx);
    default:
        return failed(db, r);
    }
}

/* Read every answer to one statement: after an error the rest is read and dropped, so that the connection stays usable. */
static enum err
answers(struct db *db, const struct db_query *q, row_sink sink, void *ctx, int64_t *changed)
{
    enum err e = OK;
    PGresult *r;

    if (sink != NULL)
        PQsetSingleRowMode(connection(db));
    while ((r = PQgetResult(connection(db))) != NULL) {
        if (e == OK)
            e = result_of(db, r, q, sink, ctx, changed);
        PQclear(r);
    }
    return e;
}

/* Up to the end of the round trip. */
static void
drain(struct db *db)
{
    ExecStatusType status = PGRES_EMPTY_QUERY;

    while (status != PGRES_PIPELINE_SYNC && PQstatus(connection(db)) == CONNECTION_OK) {
        PGresult *r = PQgetResult(connection(db));

        status = PQresultStatus(r);
        PQclear(r);
    }
}

/* What was put off and the statement, in one round trip. */
static enum err
call_after(struct db *db, const struct db_query *q, const void *in, row_sink sink, void *ctx, int64_t *changed)
{
    int count = db->later_count, sent = 0;
    enum err e = PQenterPipelineMode(connection(db)) == 1 ? OK : failed(db, NULL);

    db->later_count = 0;
    if (e != OK)
        return e;
    for (; sent < count && e == OK; sent++)
        e = send(db, db->later[sent], NULL);
    if (e == OK)
        e = send(db, q, in);
    if (PQpipelineSync(connection(db)) != 1 && e == OK)
        e = failed(db, NULL);
    for (int i = 0; i < count && e == OK; i++)
        e = answers(db, db->later[i], NULL, NULL, NULL);
    if (e == OK)
        e = answers(db, q, sink, ctx, changed);
    drain(db);
    return PQexitPipelineMode(connection(db)) != 1 && e == OK ? failed(db, NULL) : e;
}

static enum err
call(struct db *db, const struct db_query *q, const void *in, row_sink sink, void *ctx, int64_t *changed)
{
    enum err e;

    if (db->later_count > 0)
        return call_after(db, q, in, sink, ctx, changed);
    e = send(db, q, in);
    return e == OK ? answers(db, q, sink, ctx, changed) : e;
}

/* Send what was put off now. */
static enum err
catch_up(struct db *db)
{
    const struct db_query *last;

    if (db->later_count == 0)
        return OK;
    last = db->later[--db->later_count];
    return call(db, last, NULL, NULL, NULL, NULL);
}

static enum err
pg_later(struct db *db, const struct db_query *q)
{
    enum err e = db->later_count == DB_LATER_MAX ? catch_up(db) : OK;

    if (e == OK && cache_get(&db->cache, q) == NULL) {
        e = catch_up(db);
        if (e == OK)
            e = prepare(db, q);
    }
    if (e == OK)
        db->later[db->later_count++] = q;
    return e;
}

static enum err
pg_pipeline(struct db *db, bool on)
{
    enum err e = catch_up(db);
    int done;

    if (e == OK)
        e = pg_flush(db);
    done = on ? PQenterPipelineMode(connection(db)) : PQexitPipelineMode(connection(db));

    return e == OK && done != 1 ? failed(db, NULL) : e;
}

static enum err
pg_run(struct db *db, const struct db_query *q, const void *in, row_sink sink, void *ctx, int64_t *changed)
{
    bool known = cache_get(&db->cache, q) != NULL;
    enum err e = OK;

    if (db->pipelined && known && sink == NULL) {
        e = send(db, q, in);
        if (changed != NULL)
            *changed = -1;
        return e == OK && ++db->queued >= QUEUE_MAX ? pg_flush(db) : e;
    }
    if (db->pipelined)
        e = pg_pipeline(db, false);
    if (e == OK && !known)
        e = catch_up(db); /* what is prepared wrongly spoils only what it belongs to */
    if (e == OK && !known)
        e = prepare(db, q);
    if (e == OK)
        e = call(db, q, in, sink, ctx, changed);
    if (db->pipelined && PQenterPipelineMode(connection(db)) != 1 && e == OK)
        e = failed(db, NULL);
    return e;
}

static enum err
pg_script(struct db *db, const char *sql)
{
    enum err before = catch_up(db);
    PGresult *r = before == OK ? PQexec(connection(db), sql) : NULL;
    ExecStatusType status = PQresultStatus(r);
    enum err e = before != OK ? before : status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? OK : failed(db, r);

    PQclear(r);
    return e;
}

static bool
pg_in_transaction(const struct db *db)
{
    PGTransactionStatusType status = PQtransactionStatus(connection(db));

    return status != PQTRANS_IDLE && status != PQTRANS_UNKNOWN;
}

static bool
pg_alive(const struct db *db)
{
    return PQstatus(connection(db)) == CONNECTION_OK;
}

static void
pg_close(struct db *db)
{
    PQfinish(connection(db));
}

static const struct engine POSTGRES = {pg_run,   pg_script, pg_later, pg_pipeline, pg_flush, pg_in_transaction,
                                       pg_alive, pg_close};

static void
no_notice(void *ctx, const char *message)
{
    (void) ctx, (void) message;
}

enum err
pg_open(const char *url, bool read_only, struct db *db)
{
    const char *const keys[] = {"dbname", "client_encoding", "fallback_application_name", "connect_timeout", NULL};
    const char *const values[] = {url, "UTF8", "mingqian", "10", NULL};
    PGconn *c = PQconnectdbParams(keys, values, 1);
    const char *encoding = c == NULL ? NULL : PQparameterStatus(c, "server_encoding");
    enum err e = OK;

    if (c == NULL)
        return ERR_MEMORY;
    db->engine = &POSTGRES;
    db->kind = DB_POSTGRES;
    db->connection = c;
    PQsetNoticeProcessor(c, no_notice, NULL);
    if (PQstatus(c) != CONNECTION_OK)
        e = failed(db, NULL);
    else if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        db_note(db, "the encoding of the PostgreSQL database must be UTF8");
        e = ERR_DB;
    } else if (read_only)
        e = pg_script(db, "SET default_transaction_read_only = on");
    if (e != OK)
        PQfinish(c);
    return e;
}
