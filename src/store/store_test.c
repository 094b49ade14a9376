/* store/store_test.c - the same behaviour on every engine */
#include "mod/testing.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mod/schema_sql.h"
#include "store/engine.h"

struct pair_in {
    struct str key, value;
};
struct pair_row {
    struct str key, value;
};
struct numbers_in {
    int64_t a;
    struct opt_i64 b;
    struct str c;
};

static const struct db_field PAIR_IN[] = {{"key", offsetof(struct pair_in, key), DB_TEXT, false},
                                          {"value", offsetof(struct pair_in, value), DB_TEXT, true}};
static const struct db_field PAIR_OUT[] = {{"key", offsetof(struct pair_row, key), DB_TEXT, false},
                                           {"value", offsetof(struct pair_row, value), DB_TEXT, true}};
static const struct db_query PUT = {"test_put",
                                    {"INSERT INTO setting (key, value) VALUES (?1, ?2)",
                                     "INSERT INTO setting (key, value) VALUES ($1::text, $2::text)"},
                                    PAIR_IN, NULL, 2, 0, sizeof(struct pair_in), 0, NULL};
static const struct db_query GET = {"test_get",
                                    {"SELECT key, value FROM setting WHERE key = ?1",
                                     "SELECT key, value FROM setting WHERE key = $1::text"},
                                    PAIR_IN, PAIR_OUT, 1, 2, sizeof(struct pair_in), sizeof(struct pair_row), NULL};
static const struct db_query LIST = {"test_list",
                                     {"SELECT key, value FROM setting ORDER BY key",
                                      "SELECT key, value FROM setting ORDER BY key"},
                                     NULL, PAIR_OUT, 0, 2, 0, sizeof(struct pair_row), NULL};
static const struct db_query DELETE_ALL = {"test_delete", {"DELETE FROM setting", "DELETE FROM setting"},
                                           NULL, NULL, 0, 0, 0, 0, NULL};
static const struct db_field NUMBERS_IN[] = {{"a", offsetof(struct numbers_in, a), DB_I64, false},
                                             {"b", offsetof(struct numbers_in, b), DB_I64, true},
                                             {"c", offsetof(struct numbers_in, c), DB_BLOB, true}};
static const struct db_query ECHO = {"test_echo",
                                     {"SELECT ?1, ?2, ?3", "SELECT $1::bigint, $2::bigint, $3::bytea"},
                                     NUMBERS_IN, NUMBERS_IN, 3, 3, sizeof(struct numbers_in),
                                     sizeof(struct numbers_in), NULL};

static enum err
put(struct db *db, struct str key, struct str value)
{
    return db_run(db, &PUT, &(struct pair_in) {key, value}, NULL);
}

static bool
has(struct ctx *c, struct str key)
{
    struct pair_row row;

    return db_one(c->db, c->arena, &GET, &(struct pair_in) {.key = key}, &row) == OK;
}

static size_t
rows_of(struct ctx *c)
{
    void *rows;
    size_t count = 0;

    EXPECT(db_list(c->db, c->arena, &LIST, NULL, &rows, &count) == OK);
    return count;
}

TEST_DB(values_come_back_as_they_went_in)
{
    const struct numbers_in cases[] = {{INT64_MIN, {true, INT64_MAX}, {"\0\xFF\x01", 3}},
                                       {0, {false, 0}, {NULL, 0}},
                                       {-1, {true, 0}, {"'", 1}}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct numbers_in out;

        EXPECT(db_one(c->db, c->arena, &ECHO, &cases[i], &out) == OK);
        EXPECT(out.a == cases[i].a && out.b.set == cases[i].b.set);
        EXPECT(!out.b.set || out.b.v == cases[i].b.v);
        EXPECT(str_eq(out.c, cases[i].c));
    }
}

TEST_DB(an_empty_text_is_stored_as_null)
{
    struct pair_row row;

    EXPECT(put(c->db, STR("k"), STR("")) == OK);
    EXPECT(db_one(c->db, c->arena, &GET, &(struct pair_in) {.key = STR("k")}, &row) == OK);
    EXPECT(row.value.p == NULL);
    EXPECT(put(c->db, STR(""), STR("v")) == ERR_INPUT); /* NOT NULL */
}

TEST_DB(text_is_sorted_by_bytes)
{
    const struct str keys[] = {STR("a"), STR("B"), STR("_"), STR("明"), STR("é")};
    const struct str want[] = {STR("B"), STR("_"), STR("a"), STR("é"), STR("明")};
    void *list;
    size_t count;

    for (size_t i = 0; i < 5; i++)
        EXPECT(put(c->db, keys[i], STR("v")) == OK);
    EXPECT(db_list(c->db, c->arena, &LIST, NULL, &list, &count) == OK && count == 5);
    for (size_t i = 0; i < 5; i++)
        EXPECT(str_eq(((struct pair_row *) list)[i].key, want[i]));
}

TEST_DB(a_missing_row_is_not_found_and_spoils_nothing)
{
    struct pair_row row;

    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_one(c->db, c->arena, &GET, &(struct pair_in) {.key = STR("none")}, &row) == ERR_NOT_FOUND);
    EXPECT(put(c->db, STR("k"), STR("v")) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT(has(c, STR("k")));
}

TEST_DB(a_key_twice_exists_already_and_spoils_its_transaction)
{
    EXPECT(put(c->db, STR("k"), STR("v")) == OK);
    EXPECT(put(c->db, STR("k"), STR("w")) == ERR_EXISTS);
    EXPECT(db_begin(c->db) == OK);
    EXPECT(put(c->db, STR("l"), STR("v")) == OK);
    EXPECT(put(c->db, STR("k"), STR("w")) == ERR_EXISTS);
    EXPECT(put(c->db, STR("m"), STR("v")) == ERR_EXISTS); /* spoiled */
    EXPECT(db_end(c->db, OK) == ERR_EXISTS);
    EXPECT(!has(c, STR("l")) && !has(c, STR("m")));
}

TEST_DB(an_inner_transaction_is_undone_alone)
{
    EXPECT(db_begin(c->db) == OK);
    EXPECT(put(c->db, STR("outer"), STR("v")) == OK);
    EXPECT(db_begin(c->db) == OK);
    EXPECT(put(c->db, STR("inner"), STR("v")) == OK);
    EXPECT(put(c->db, STR("outer"), STR("v")) == ERR_EXISTS);
    EXPECT(db_end(c->db, OK) == ERR_EXISTS);
    EXPECT(db_begin(c->db) == OK);
    EXPECT(put(c->db, STR("second"), STR("v")) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT(has(c, STR("outer")) && has(c, STR("second")) && !has(c, STR("inner")));
}

TEST_DB(an_outer_rollback_undoes_what_inner_transactions_committed)
{
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_begin(c->db) == OK);
    EXPECT(put(c->db, STR("inner"), STR("v")) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT(db_end(c->db, ERR_STATE) == ERR_STATE);
    EXPECT(!has(c, STR("inner")));
}

TEST_DB(transactions_nest_to_a_limit_and_end_in_balance)
{
    int depth = 0;

    while (depth < 100 && db_begin(c->db) == OK)
        depth++;
    EXPECT(depth >= 4 && depth < 100);
    while (depth-- > 0)
        EXPECT(db_end(c->db, ERR_STATE) == ERR_STATE);
    EXPECT(db_end(c->db, OK) == ERR_INTERNAL); /* one too many */
    EXPECT(put(c->db, STR("k"), STR("v")) == OK && has(c, STR("k")));
}

static enum err
count_to_three(void *ctx, const void *row)
{
    (void) row;
    return ++*(int *) ctx == 3 ? ERR_CANCELLED : OK;
}

TEST_DB(a_row_function_that_gives_up_leaves_the_connection_usable)
{
    int n = 0;

    for (char k = 'a'; k <= 'z'; k++)
        EXPECT(put(c->db, (struct str) {&k, 1}, STR("v")) == OK);
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_each(c->db, &LIST, NULL, count_to_three, &n) == ERR_CANCELLED && n == 3);
    EXPECT(put(c->db, STR("after"), STR("v")) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT_INT(rows_of(c), 27);
}

static enum err
query_inside(void *ctx, const void *row)
{
    (void) row;
    return put(ctx, STR("inside"), STR("v"));
}

TEST_DB(a_query_inside_a_row_function_is_refused)
{
    EXPECT(put(c->db, STR("k"), STR("v")) == OK);
    EXPECT(db_each(c->db, &LIST, NULL, query_inside, c->db) == ERR_INTERNAL);
    EXPECT(!has(c, STR("inside")));
}

TEST_DB(changes_are_counted)
{
    int64_t changed = -7;

    EXPECT(db_run(c->db, &DELETE_ALL, NULL, &changed) == OK && changed == 0);
    for (char k = 'a'; k <= 'e'; k++)
        EXPECT(put(c->db, (struct str) {&k, 1}, STR("v")) == OK);
    EXPECT(db_run(c->db, &DELETE_ALL, NULL, &changed) == OK && changed == 5);
}

TEST_DB(a_pipeline_brings_everything_in)
{
    char key[16];

    EXPECT(db_pipeline(c->db, true) == ERR_STATE); /* outside a transaction */
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_pipeline(c->db, true) == OK);
    for (int i = 0; i < 2000; i++) {
        snprintf(key, sizeof key, "%06d", i);
        EXPECT(put(c->db, str_of(key), STR("v")) == OK);
        if (i == 700)
            EXPECT(has(c, STR("000700"))); /* a read sees what was queued */
    }
    EXPECT(db_pipeline(c->db, false) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT_INT(rows_of(c), 2000);
}

TEST_DB(an_error_in_a_pipeline_is_not_lost)
{
    enum err e = OK;

    EXPECT(put(c->db, STR("k"), STR("v")) == OK);
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_pipeline(c->db, true) == OK);
    EXPECT(put(c->db, STR("l"), STR("v")) == OK);
    e = put(c->db, STR("k"), STR("v"));
    EXPECT(e == OK || e == ERR_EXISTS);
    EXPECT(db_pipeline(c->db, false) == ERR_EXISTS);
    EXPECT(db_end(c->db, OK) == ERR_EXISTS);
    EXPECT(!has(c, STR("l")));
    EXPECT(put(c->db, STR("m"), STR("v")) == OK && has(c, STR("m")));
}

TEST_DB(a_pipeline_left_open_is_closed_by_the_end)
{
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_pipeline(c->db, true) == OK);
    EXPECT(put(c->db, STR("k"), STR("v")) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT(has(c, STR("k")));
}

TEST_DB(a_list_that_outgrows_the_arena_is_out_of_memory_and_harmless)
{
    char block[256];
    struct arena small = arena_over(block, sizeof block);
    void *rows = NULL;
    size_t count = 99;

    for (char k = 'a'; k <= 'z'; k++)
        EXPECT(put(c->db, (struct str) {&k, 1}, STR("v")) == OK);
    EXPECT(db_list(c->db, &small, &LIST, NULL, &rows, &count) == ERR_MEMORY);
    EXPECT(rows == NULL && count == 99);
    EXPECT_INT(rows_of(c), 26);
}

TEST_DB(a_read_only_connection_reads_and_does_not_write)
{
    struct db *reader = NULL;
    struct pair_row row;

    EXPECT(put(c->db, STR("k"), STR("v")) == OK);
    EXPECT(db_open(testing_url(c), true, &reader) == OK);
    EXPECT(db_one(reader, c->arena, &GET, &(struct pair_in) {.key = STR("k")}, &row) == OK);
    EXPECT(put(reader, STR("l"), STR("v")) != OK);
    db_close(reader);
    EXPECT(!has(c, STR("l")));
}

TEST_DB(a_snapshot_stays_as_it_was_while_others_write_at_once)
{
    struct db *reader = NULL;
    struct ctx other = *c;

    EXPECT(db_open(testing_url(c), true, &reader) == OK);
    other.db = reader;
    EXPECT(db_snapshot(reader) == OK);
    EXPECT_INT(rows_of(&other), 0);
    EXPECT(put(c->db, STR("k"), STR("v")) == OK);
    EXPECT(db_snapshot(reader) == OK); /* within it */
    EXPECT_INT(rows_of(&other), 0);
    EXPECT(db_end(reader, OK) == OK);
    EXPECT(db_end(reader, OK) == OK);
    EXPECT_INT(rows_of(&other), 1);
    db_close(reader);
}

TEST(an_unknown_url_or_a_place_that_cannot_be_opened_is_refused)
{
    struct db *db = (struct db *) 1;

    EXPECT(db_open("mysql://localhost/x", false, &db) == ERR_USAGE);
    EXPECT(db_open("sqlite:/nonexistent/directory/x.db", false, &db) == ERR_IO);
    EXPECT(db == (struct db *) 1);
}

/* migrations ----------------------------------------------------------------------------------------------------- */

#define ONE(sql) {sql, NULL, NULL}
static const struct db_statement FIRST[] = {ONE("CREATE TABLE m1 (a BIGINT NOT NULL PRIMARY KEY)"),
                                            ONE("CREATE TABLE m2 (a BIGINT NOT NULL PRIMARY KEY)")};
static const struct db_statement SECOND[] = {ONE("CREATE TABLE m3 (a BIGINT NOT NULL PRIMARY KEY)")};
static const struct db_statement BROKEN[] = {ONE("CREATE TABLE m3 (a BIGINT NOT NULL PRIMARY KEY)"),
                                             ONE("CREATE TABLE m1 (a BIGINT)")};
#define BOTH(s, n) {s, s}, {n, n}

/* The schema of the product, then more. */
static void
with_schema(struct db_migration *all, const struct db_migration *more, size_t count)
{
    memcpy(all, schema_migrations, schema_migrations_count * sizeof *all);
    memcpy(all + schema_migrations_count, more, count * sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[schema_migrations_count + i].number = (int) (schema_migrations_count + i + 1);
}

static bool
has_table(struct ctx *c, const char *name)
{
    struct db *db = NULL; /* another connection: an error must not spoil ours */
    char sql[64];
    bool there;

    snprintf(sql, sizeof sql, "SELECT * FROM %s", name);
    EXPECT(db_open(testing_url(c), false, &db) == OK);
    there = db->engine->script(db, sql) == OK;
    db_close(db);
    return there;
}

enum { MORE_MAX = 64 };

TEST_DB(migrations_apply_once_and_in_order)
{
    const struct db_migration more[] = {{0, "first", "aa", BOTH(FIRST, 2)}, {0, "second", "bb", BOTH(SECOND, 1)}};
    struct db_migration all[MORE_MAX];
    size_t n = schema_migrations_count;

    with_schema(all, more, 2);
    EXPECT(db_check_schema(c->db, all, n) == OK);
    EXPECT(db_check_schema(c->db, all, n + 1) == ERR_SCHEMA); /* one is missing */
    EXPECT(db_migrate(c->db, all, n + 1, 0) == OK && has_table(c, "m2") && !has_table(c, "m3"));
    EXPECT(db_migrate(c->db, all, n + 2, 0) == OK && has_table(c, "m3"));
    EXPECT(db_migrate(c->db, all, n + 2, 0) == OK);
    EXPECT(db_check_schema(c->db, all, n + 2) == OK);
}

TEST_DB(an_unknown_or_a_changed_migration_is_refused)
{
    const struct db_migration more[] = {{0, "first", "aa", BOTH(FIRST, 2)}}, other[] = {{0, "x", "ab", BOTH(FIRST, 2)}};
    struct db_migration all[MORE_MAX];
    size_t n = schema_migrations_count;

    with_schema(all, more, 1);
    EXPECT(db_migrate(c->db, all, n + 1, 0) == OK);
    EXPECT(db_migrate(c->db, all, n, 0) == ERR_SCHEMA); /* an older program */
    EXPECT(db_check_schema(c->db, all, n) == ERR_SCHEMA);
    with_schema(all, other, 1); /* another text under the same number */
    EXPECT(db_migrate(c->db, all, n + 1, 0) == ERR_SCHEMA);
    EXPECT(db_check_schema(c->db, all, n + 1) == ERR_SCHEMA);
}

TEST_DB(a_migration_that_fails_half_way_leaves_nothing)
{
    const struct db_migration more[] = {{0, "first", "aa", BOTH(FIRST, 2)}, {0, "broken", "bb", BOTH(BROKEN, 2)}};
    struct db_migration all[MORE_MAX];
    size_t n = schema_migrations_count;

    with_schema(all, more, 2);
    EXPECT(db_migrate(c->db, all, n + 2, 0) == ERR_DB);
    EXPECT(has_table(c, "m1") && !has_table(c, "m3")); /* the one before stays whole */
    EXPECT(db_check_schema(c->db, all, n + 1) == OK);
}

TEST_DB(an_empty_database_has_no_schema)
{
    struct db *db = NULL;
    char path[128];

    if (testing_engine_of(c) != TESTING_SQLITE)
        return;
    snprintf(path, sizeof path, "sqlite:%s/other.db", c->dir);
    EXPECT(db_open(path, false, &db) == OK);
    EXPECT(db_check_schema(db, schema_migrations, schema_migrations_count) == ERR_SCHEMA);
    EXPECT(db_migrate(db, schema_migrations, schema_migrations_count, 4) == ERR_USAGE); /* no partitions here */
    db_close(db);
}

/* A child migrates and is killed after a while; what it leaves is all of a migration or nothing of it. */
TEST_DB(a_migration_killed_at_any_moment_is_whole_or_absent)
{
    enum { TABLES = 30 };
    static char sql[TABLES][64];
    struct db_statement statements[TABLES];
    struct db_migration all[MORE_MAX], more[] = {{0, "many", "cc", {statements, statements}, {TABLES, TABLES}}};
    size_t n = schema_migrations_count;
    int killed = 0;

    for (int i = 0; i < TABLES; i++) {
        snprintf(sql[i], sizeof sql[i], "CREATE TABLE k%d (a BIGINT NOT NULL PRIMARY KEY)", i);
        statements[i] = (struct db_statement) ONE(sql[i]);
    }
    with_schema(all, more, 1);
    for (useconds_t wait_us = 0; wait_us < 20000; wait_us += 1000) {
        pid_t child = fork();

        if (child == 0) {
            struct db *db = NULL;

            _exit(db_open(testing_url(c), false, &db) == OK && db_migrate(db, all, n + 1, 0) == OK ? 0 : 1);
        }
        usleep(wait_us);
        kill(child, SIGKILL);
        EXPECT(waitpid(child, NULL, 0) == child);
        if (db_check_schema(c->db, all, n + 1) == OK)
            break;
        killed++;
        EXPECT(db_check_schema(c->db, all, n) == OK);
        EXPECT(!has_table(c, "k0") && !has_table(c, "k29"));
    }
    EXPECT(killed > 0);
    EXPECT(db_migrate(c->db, all, n + 1, 0) == OK && has_table(c, "k0") && has_table(c, "k29"));
}

/* the writer ----------------------------------------------------------------------------------------------------- */

enum { CLIENTS = 16, ACTS = 20 };

struct client {
    struct writer *w;
    int number, ok_count, refused_count;
};

struct writer_act {
    char key[32];
    bool refuse;
};

static enum err
write_act(struct db *db, void *ctx)
{
    struct writer_act *act = ctx;
    enum err e = put(db, str_of(act->key), STR("v"));

    return e == OK && act->refuse ? ERR_STATE : e;
}

static void *
client_main(void *ctx)
{
    struct client *client = ctx;

    for (int i = 0; i < ACTS; i++) {
        struct writer_act act = {.refuse = i % 4 == 3};
        enum err e;

        snprintf(act.key, sizeof act.key, "%02d-%02d", client->number, i);
        e = writer_run(client->w, write_act, &act);
        client->ok_count += e == OK;
        client->refused_count += e == ERR_STATE;
        if (i == 0) /* the same again */
            client->refused_count += writer_run(client->w, write_act, &act) == ERR_EXISTS;
    }
    return NULL;
}

TEST_DB(the_writer_commits_many_and_refuses_one_by_one)
{
    struct client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    struct writer *w = NULL;

    EXPECT(writer_start(testing_url(c), &w) == OK);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client) {.w = w, .number = i};
        EXPECT(pthread_create(&threads[i], NULL, client_main, &clients[i]) == 0);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        EXPECT_INT(clients[i].ok_count, ACTS / 4 * 3);
        EXPECT_INT(clients[i].refused_count, ACTS / 4 + 1);
    }
    writer_stop(w);
    EXPECT_INT(rows_of(c), CLIENTS * (ACTS / 4 * 3));
}

TEST_MAIN(T(values_come_back_as_they_went_in), T(an_empty_text_is_stored_as_null), T(text_is_sorted_by_bytes),
          T(a_missing_row_is_not_found_and_spoils_nothing), T(a_key_twice_exists_already_and_spoils_its_transaction),
          T(an_inner_transaction_is_undone_alone), T(an_outer_rollback_undoes_what_inner_transactions_committed),
          T(transactions_nest_to_a_limit_and_end_in_balance),
          T(a_row_function_that_gives_up_leaves_the_connection_usable), T(a_query_inside_a_row_function_is_refused),
          T(changes_are_counted), T(a_pipeline_brings_everything_in), T(an_error_in_a_pipeline_is_not_lost),
          T(a_pipeline_left_open_is_closed_by_the_end),
          T(a_list_that_outgrows_the_arena_is_out_of_memory_and_harmless),
          T(a_read_only_connection_reads_and_does_not_write), T(a_snapshot_stays_as_it_was_while_others_write_at_once),
          T(an_unknown_url_or_a_place_that_cannot_be_opened_is_refused), T(migrations_apply_once_and_in_order),
          T(an_unknown_or_a_changed_migration_is_refused), T(a_migration_that_fails_half_way_leaves_nothing),
          T(an_empty_database_has_no_schema), T(a_migration_killed_at_any_moment_is_whole_or_absent),
          T(the_writer_commits_many_and_refuses_one_by_one))
