/* store/migrate.c - forward-only migrations, one transaction each, their hashes recorded */
#include "engine.h"

#include <stdio.h>
#include <string.h>

enum { STATEMENT_BYTES = 16384, PARTITIONS_MAX = 256, MIGRATIONS_MAX = 1000 };

struct version_row {
    int64_t number;
    struct str sha256;
};

struct version_put_in {
    int64_t number;
    struct str name, sha256;
    int64_t partitions;
};

static const struct db_field VERSION_OUT[] = {{"number", offsetof(struct version_row, number), DB_I64, false},
                                              {"sha256", offsetof(struct version_row, sha256), DB_TEXT, false}};
static const struct db_query VERSION_LIST = {
    "schema_version_list",
    {"SELECT number, sha256 FROM schema_version ORDER BY number",
     "SELECT number, sha256 FROM schema_version ORDER BY number"},
    NULL, VERSION_OUT, 0, 2, 0, sizeof(struct version_row), NULL};

static const struct db_field VERSION_IN[] = {{"number", offsetof(struct version_put_in, number), DB_I64, false},
                                             {"name", offsetof(struct version_put_in, name), DB_TEXT, false},
                                             {"sha256", offsetof(struct version_put_in, sha256), DB_TEXT, false},
                                             {"partitions", offsetof(struct version_put_in, partitions), DB_I64, false}};
static const struct db_query VERSION_PUT = {
    "schema_version_put",
    {"INSERT INTO schema_version (number, name, sha256, partitions) VALUES (?1, ?2, ?3, ?4)",
     "INSERT INTO schema_version (number, name, sha256, partitions) VALUES ($1::bigint, $2::text, $3::text, $4::bigint)"},
    VERSION_IN, NULL, 4, 0, sizeof(struct version_put_in), 0, NULL};

static const char VERSION_TABLE[] = "CREATE TABLE IF NOT EXISTS schema_version (number BIGINT NOT NULL PRIMARY KEY, "
                                    "name TEXT NOT NULL, sha256 TEXT NOT NULL, partitions BIGINT NOT NULL)";

/* Compares the recorded migrations, in order, with the known ones. */
struct comparison {
    const struct db_migration *all;
    size_t count, applied;
    bool foreign; /* a number that is unknown, out of order, or of another text */
};

static enum err
compare_version(void *ctx, const void *row)
{
    struct comparison *c = ctx;
    const struct version_row *v = row;
    const struct db_migration *m = &c->all[c->applied];

    if (c->applied == c->count || v->number != m->number || !str_eq(v->sha256, str_of(m->sha256_hex)))
        c->foreign = true;
    else
        c->applied++;
    return OK;
}

/* *applied: how many of the known migrations the database has. ERR_SCHEMA when it has others. */
static enum err
applied_count(struct db *db, const struct db_migration *all, size_t count, size_t *applied)
{
    struct comparison c = {all, count, 0, false};
    enum err e = db_each(db, &VERSION_LIST, NULL, compare_version, &c);

    *applied = c.applied;
    return e == OK && c.foreign ? ERR_SCHEMA : e;
}

static enum err
script(struct db *db, const char *sql)
{
    enum err e = db->spoiled != OK ? db->spoiled : db->engine->script(db, sql);

    if (e != OK && db->depth > 0)
        db->spoiled = e;
    return e;
}

/* CREATE TABLE … PARTITION BY HASH, then its parts. */
static enum err
create_partitioned(struct db *db, const struct db_statement *s, int partitions)
{
    char sql[STATEMENT_BYTES];
    int n = snprintf(sql, sizeof sql, "%s PARTITION BY HASH (%s)", s->sql, s->hash);
    enum err e = n < 0 || (size_t) n >= sizeof sql ? ERR_TOO_LARGE : script(db, sql);

    for (int i = 0; i < partitions && e == OK; i++) {
        n = snprintf(sql, sizeof sql, "CREATE TABLE %s_p%d PARTITION OF %s FOR VALUES WITH (MODULUS %d, REMAINDER %d)",
                     s->table, i, s->table, partitions, i);
        e = n < 0 || (size_t) n >= sizeof sql ? ERR_TOO_LARGE : script(db, sql);
    }
    return e;
}

static enum err
apply(struct db *db, const struct db_migration *m, int partitions)
{
    enum db_engine kind = db_engine_of(db);
    enum err e = db_begin(db);

    if (e != OK)
        return e;
    for (size_t i = 0; i < m->count[kind] && e == OK; i++) {
        const struct db_statement *s = &m->statements[kind][i];

        e = partitions > 0 && s->hash != NULL ? create_partitioned(db, s, partitions) : script(db, s->sql);
    }
    if (e == OK)
        e = db_run(db, &VERSION_PUT,
                   &(struct version_put_in) {m->number, str_of(m->name), str_of(m->sha256_hex), partitions}, NULL);
    return db_end(db, e);
}

enum err
db_migrate(struct db *db, const struct db_migration *all, size_t count, int partitions)
{
    size_t applied = 0;
    enum err e;

    if (count > MIGRATIONS_MAX || partitions < 0 || partitions > PARTITIONS_MAX)
        return ERR_RANGE;
    if (partitions > 0 && db_engine_of(db) != DB_POSTGRES)
        return ERR_USAGE;
    e = script(db, VERSION_TABLE);
    if (e == OK)
        e = applied_count(db, all, count, &applied);
    for (size_t i = applied; i < count && e == OK; i++)
        e = apply(db, &all[i], partitions);
    return e;
}

enum err
db_check_schema(struct db *db, const struct db_migration *all, size_t count)
{
    size_t applied = 0;
    enum err e = applied_count(db, all, count, &applied);

    /* ERR_DB: there is no table schema_version at all. */
    return e == ERR_DB || (e == OK && applied != count) ? ERR_SCHEMA : e;
}
