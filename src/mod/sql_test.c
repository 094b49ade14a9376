/* mod/sql_test.c - every query of every module, prepared by both databases */
#include "mod/testing.h"

#include <stdio.h>

#include <libpq-fe.h>
#include <sqlite3.h>

#include "mod/all_sql.h"
#include "store/engine.h"

enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };

static int complaints;

static void
complain(const struct db_query *q, const char *what, const char *more)
{
    print_error("%s: %s: %s\n", q->name, what, more);
    complaints++;
}

static void
each_query(struct ctx *c, void (*check)(struct ctx *c, const struct db_query *q))
{
    complaints = 0;
    for (size_t m = 0; all_queries[m] != NULL; m++)
        for (size_t i = 0; all_queries[m][i] != NULL; i++)
            check(c, all_queries[m][i]);
    EXPECT_INT(complaints, 0);
}

static void
check_sqlite(struct ctx *c, const struct db_query *q)
{
    sqlite3_stmt *s = NULL;
    const char *tail = "";

    if (sqlite3_prepare_v2(c->db->connection, q->sql[DB_SQLITE], -1, &s, &tail) != SQLITE_OK)
        complain(q, "SQLite", sqlite3_errmsg(c->db->connection));
    else if (*tail != '\0')
        complain(q, "SQLite", "more than one statement");
    else if (sqlite3_bind_parameter_count(s) != q->in_count)
        complain(q, "SQLite", "another number of parameters");
    else if (sqlite3_column_count(s) != q->out_count)
        complain(q, "SQLite", "another number of columns");
    for (int i = 0; s != NULL && i < q->out_count; i++) {
        const char *type = sqlite3_column_decltype(s, i); /* NULL for expressions */
        const char *want = q->out[i].type == DB_I64 ? "BIGINT" : q->out[i].type == DB_TEXT ? "TEXT" : "BLOB";

        if (type != NULL && strcmp(type, want) != 0)
            complain(q, q->out[i].name, "the column has another type in SQLite");
    }
    sqlite3_finalize(s);
}

static bool
type_fits(Oid oid, int type)
{
    switch (type) {
    case DB_I64:
        return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2 || oid == OID_BOOL;
    case DB_TEXT:
        return oid == OID_TEXT;
    default:
        return oid == OID_BYTEA;
    }
}

static void
check_types(const struct db_query *q, const PGresult *r)
{
    static const Oid IN[] = {[DB_I64] = OID_INT8, [DB_TEXT] = OID_TEXT, [DB_BLOB] = OID_BYTEA};

    if (PQnparams(r) != q->in_count)
        complain(q, "PostgreSQL", "another number of parameters");
    for (int i = 0; i < q->in_count && i < PQnparams(r); i++)
        if (PQparamtype(r, i) != IN[q->in[i].type])
            complain(q, q->in[i].name, "the parameter has another type in PostgreSQL");
    if (PQnfields(r) != q->out_count)
        complain(q, "PostgreSQL", "another number of columns");
    for (int i = 0; i < q->out_count && i < PQnfields(r); i++)
        if (!type_fits(PQftype(r, i), q->out[i].type))
            complain(q, q->out[i].name, "the column has another type in PostgreSQL");
}

static void
check_postgres(struct ctx *c, const struct db_query *q)
{
    PGresult *r = PQprepare(c->db->connection, q->name, q->sql[DB_POSTGRES], 0, NULL);

    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        complain(q, "PostgreSQL", PQresultErrorMessage(r));
    else {
        PQclear(r);
        r = PQdescribePrepared(c->db->connection, q->name);
        if (PQresultStatus(r) != PGRES_COMMAND_OK)
            complain(q, "PostgreSQL", PQresultErrorMessage(r));
        else
            check_types(q, r);
    }
    PQclear(r);
}

TEST_DB(every_query_has_the_parameters_and_columns_it_declares)
{
    each_query(c, testing_engine_of(c) == TESTING_SQLITE ? check_sqlite : check_postgres);
}

/* plans ---------------------------------------------------------------------------------------------------------- */

static const char *const LARGE[] = {"target", "drawn", "assignment", "visit",
                                    "result", "publication", "journal"};

/* "SCAN target" or "SCAN target AS t USING INDEX …": a whole table. An index does not make it smaller. */
static bool
scans_large(const char *plan)
{
    char table[64];

    if (sscanf(plan, "SCAN %63s", table) != 1)
        return false;
    for (size_t i = 0; i < sizeof LARGE / sizeof *LARGE; i++)
        if (strcmp(table, LARGE[i]) == 0)
            return true;
    return false;
}

/* A scan in the order of an index that stops at a LIMIT (paging from the start) is not a full one. */
static bool
pages(const struct db_query *q, const char *plan)
{
    return strstr(plan, "USING") != NULL && strstr(q->sql[DB_SQLITE], "LIMIT ?") != NULL;
}

static void
check_plan(struct ctx *c, const struct db_query *q)
{
    char sql[16384];
    sqlite3_stmt *s = NULL;
    bool scanned = false;

    EXPECT(snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", q->sql[DB_SQLITE]) < (int) sizeof sql);
    if (sqlite3_prepare_v2(c->db->connection, sql, -1, &s, NULL) != SQLITE_OK)
        complain(q, "plan", sqlite3_errmsg(c->db->connection));
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        const char *plan = (const char *) sqlite3_column_text(s, 3);

        if (plan == NULL || !scans_large(plan) || pages(q, plan))
            continue;
        scanned = true;
        if (q->scan_reason == NULL)
            complain(q, plan, "reads a whole large table; add an index, or say why: -- scan: REASON");
    }
    if (q->scan_reason != NULL && !scanned)
        complain(q, "-- scan:", "there is no scan of a large table any more");
    sqlite3_finalize(s);
}

TEST_DB(no_query_reads_a_whole_large_table_without_a_reason)
{
    if (testing_engine_of(c) == TESTING_SQLITE)
        each_query(c, check_plan);
}

/* Golden plans: what must stand in the plan of a query that is asked while somebody types. */
static const struct {
    const char *query, *plan;
} GOLDEN[] = {
    {"target_list", "USING COVERING INDEX target_facet"},
    {"target_county_type", "USING INDEX target_county_type (<expr>=? AND entity_type=? AND code>?)"},
    {"target_count", "USING COVERING INDEX target_"},
    {"target_health", "USING COVERING INDEX target_"},
    {"target_search", "VIRTUAL TABLE INDEX"},
    {"target_search_code", "SEARCH t USING INDEX sqlite_autoindex_target_1 (code>? AND code<?)"},
    {"target_merged_list", "target_merged"},
    {"target_change_list", "SEARCH target_change USING INDEX sqlite_autoindex_target_change_1 (target=?)"},
};

static void
check_golden(struct ctx *c, const struct db_query *q)
{
    char sql[16384];
    sqlite3_stmt *s = NULL;

    for (size_t i = 0; i < sizeof GOLDEN / sizeof *GOLDEN; i++) {
        bool found = false;

        if (strcmp(q->name, GOLDEN[i].query) != 0)
            continue;
        EXPECT(snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", q->sql[DB_SQLITE]) < (int) sizeof sql);
        EXPECT(sqlite3_prepare_v2(c->db->connection, sql, -1, &s, NULL) == SQLITE_OK);
        while (sqlite3_step(s) == SQLITE_ROW)
            found = found || strstr((const char *) sqlite3_column_text(s, 3), GOLDEN[i].plan) != NULL;
        if (!found)
            complain(q, GOLDEN[i].plan, "is not in the plan any more");
        sqlite3_finalize(s);
    }
}

TEST_DB(what_is_asked_while_somebody_types_has_the_plan_it_was_made_for)
{
    if (testing_engine_of(c) == TESTING_SQLITE)
        each_query(c, check_golden);
}

TEST(the_plan_check_sees_scans)
{
    EXPECT(scans_large("SCAN target") && scans_large("SCAN result USING INDEX result_due"));
    EXPECT(!scans_large("SEARCH target USING INDEX target_region (region=?)") && !scans_large("SCAN setting"));
}

TEST_MAIN(T(every_query_has_the_parameters_and_columns_it_declares),
          T(no_query_reads_a_whole_large_table_without_a_reason),
          T(what_is_asked_while_somebody_types_has_the_plan_it_was_made_for), T(the_plan_check_sees_scans))
