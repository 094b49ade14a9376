/* bench/draw_sqlite.c - draw_sqlite ROSTER N random|ticket: load the ids into SQLite, time one ORDER BY,
 * print seconds. SQLite has no sha256: OpenSSL's one-shot digest is registered, on hex(key) ":" id as the
 * draw does. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#undef ERR_STATE
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
ticket(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    char text[256];
    unsigned char digest[32];
    unsigned size = 0;
    int n = snprintf(text, sizeof text, "%064d:%s", 1, (const char *) sqlite3_value_text(argv[0]));

    (void) argc;
    if (n < 0 || EVP_Digest(text, (size_t) n, digest, &size, EVP_sha256(), NULL) != 1)
        sqlite3_result_error(c, "digest", -1);
    else
        sqlite3_result_blob(c, digest, 32, SQLITE_TRANSIENT);
}

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static void
load(sqlite3 *db, const char *path)
{
    char line[512];
    sqlite3_stmt *s;
    FILE *f = fopen(path, "r");

    if (f == NULL || sqlite3_exec(db, "CREATE TABLE t(id TEXT); BEGIN", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "INSERT INTO t VALUES(?1)", -1, &s, NULL) != SQLITE_OK)
        exit(5);
    while (fgets(line, sizeof line, f) != NULL) {
        sqlite3_bind_text(s, 1, line, (int) strcspn(line, "\t"), SQLITE_TRANSIENT);
        if (sqlite3_step(s) != SQLITE_DONE)
            exit(5);
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    fclose(f);
    if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        exit(5);
}

int
main(int argc, char **argv)
{
    sqlite3 *db;
    sqlite3_stmt *s;
    char sql[200];
    double start;
    long rows = 0;

    if (argc != 4 || sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_create_function(db, "ticket", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, ticket, NULL,
                                NULL) != SQLITE_OK)
        return 5;
    load(db, argv[1]);
    (void) snprintf(sql, sizeof sql, "SELECT id FROM t ORDER BY %s LIMIT %ld",
                    strcmp(argv[3], "ticket") == 0 ? "ticket(id)" : "random()", atol(argv[2]));
    start = now();
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        return 5;
    while (sqlite3_step(s) == SQLITE_ROW)
        rows++;
    printf("%.3f\n", now() - start);
    sqlite3_finalize(s);
    sqlite3_close(db);
    return rows == atol(argv[2]) ? 0 : 1;
}
