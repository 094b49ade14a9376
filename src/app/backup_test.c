/* app/backup_test.c - a backup taken while others write, restored elsewhere: whole, and its proofs hold.
 * Runs the program itself (MQ_PROGRAM). */
#include "mod/testing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mod/file.h"
#include "mod/journal/journal.h"
#include "mod/journal/journal_sequence.h"
#include "mod/journal_sql.h"
#include "mod/schema_sql.h"
#include "store/engine.h"

/* The exit status of the program with these arguments. */
static int __attribute__((format(printf, 1, 2)))
program(const char *format, ...)
{
    char command[2048];
    va_list list;
    int n = snprintf(command, sizeof command, "%s ", getenv("MQ_PROGRAM"));

    va_start(list, format);
    n += vsnprintf(command + n, sizeof command - (size_t) n, format, list);
    va_end(list);
    EXPECT(n < (int) sizeof command - 16);
    memcpy(command + n, " >/dev/null 2>&1", 17);
    n = system(command);
    return WIFEXITED(n) ? WEXITSTATUS(n) : -1;
}

struct office {
    char dir[64], url[128];
    atomic_bool stop;
    atomic_int acknowledged;
};

/* A clerk: one entry after another, the log extended now and then. */
static void *
clerk_main(void *ctx)
{
    struct office *office = ctx;
    struct arena arena = arena_over(malloc(8 << 20), 8 << 20);
    struct ctx c = {.arena = &arena, .now_us = TESTING_NOW_US, .actor = STR("test:clerk"), .dir = office->dir,
                    .entropy = testing_entropy};
    struct journal_keys keys;
    bool ok = db_open(office->url, false, &c.db) == OK && journal_keys_load(&c, &keys) == OK;

    for (int i = 0; ok && !atomic_load(&office->stop); i++) {
        arena_reset(&arena);
        ok = db_begin(c.db) == OK;
        ok = ok && db_end(c.db, journal_add(&c, &(struct journal_act) {STR("test.act"), STR("s"), {NULL, 0}})) == OK;
        if (ok)
            atomic_fetch_add(&office->acknowledged, 1);
        if (i % 10 == 9)
            ok = ok && journal_sequence(&c, &keys, NULL) == OK;
    }
    db_close(c.db);
    free(arena.base);
    return ok ? office : NULL;
}

static int64_t
entries_in(const char *dir)
{
    char url[256], block[4096];
    struct arena a = arena_over(block, sizeof block);
    struct journal_count_row row = {0};
    struct db *db = NULL;

    snprintf(url, sizeof url, "sqlite:%s/mingqian.db", dir);
    EXPECT(db_open(url, false, &db) == OK);
    EXPECT(db_check_schema(db, schema_migrations, schema_migrations_count) == OK);
    EXPECT(journal_count(db, &a, &row) == OK);
    db_close(db);
    return row.count;
}

static void
start_office(struct office *office)
{
    *office = (struct office) {.dir = "/tmp/mingqian-backup-XXXXXX"};
    EXPECT(mkdtemp(office->dir) != NULL);
    EXPECT(program("init %s/city", office->dir) == 0);
    strcat(office->dir, "/city");
    snprintf(office->url, sizeof office->url, "sqlite:%s/mingqian.db", office->dir);
}

static void
end_office(struct office *office)
{
    char command[128];

    *strrchr(office->dir, '/') = '\0';
    snprintf(command, sizeof command, "rm -rf %s", office->dir);
    EXPECT(system(command) == 0);
}

TEST(a_backup_taken_while_others_write_is_whole_and_its_proofs_hold)
{
    struct office office;
    pthread_t clerk;
    void *clerk_ok;
    int64_t first;

    start_office(&office);
    first = entries_in(office.dir); /* those of init */
    EXPECT(pthread_create(&clerk, NULL, clerk_main, &office) == 0);
    for (int i = 0; i < 4; i++) {
        char copy[128];
        int before, after;

        usleep(200000);
        before = atomic_load(&office.acknowledged);
        EXPECT(program("backup %s.tar%d --dir %s", office.dir, i, office.dir) == 0);
        after = atomic_load(&office.acknowledged);
        snprintf(copy, sizeof copy, "%s.copy%d", office.dir, i);
        EXPECT(program("restore %s.tar%d %s", office.dir, i, copy) == 0);
        EXPECT(entries_in(copy) - first >= before && entries_in(copy) - first <= after + 1);
        EXPECT(program("log fsck %s/log", copy) == 0);
    }
    atomic_store(&office.stop, true);
    pthread_join(clerk, &clerk_ok);
    EXPECT(clerk_ok != NULL && atomic_load(&office.acknowledged) > 20);
    /* Work goes on in the copy: its log continues. */
    EXPECT(program("backup %s.again --dir %s.copy3", office.dir, office.dir) == 0);
    end_office(&office);
}

TEST(a_damaged_or_cut_backup_restores_nothing)
{
    struct office office;
    struct stat s;
    char path[160], copy[128], tar[128];

    start_office(&office);
    snprintf(tar, sizeof tar, "%s.tar", office.dir);
    snprintf(copy, sizeof copy, "%s.copy", office.dir);
    EXPECT(program("backup %s --dir %s", tar, office.dir) == 0);
    EXPECT(stat(tar, &s) == 0 && (s.st_mode & 0777) == 0600);
    EXPECT(program("backup %s --dir %s", tar, office.dir) == 4); /* never over an older one */
    for (long at = 0; at < s.st_size; at += s.st_size / 23) {
        FILE *f = fopen(tar, "r+");
        int byte;

        EXPECT(f != NULL);
        fseek(f, at, SEEK_SET);
        byte = fgetc(f);
        fseek(f, at, SEEK_SET);
        fputc(byte ^ 8, f);
        fflush(f);
        if (at < s.st_size - 10240) { /* the padding of the last blocks means nothing */
            EXPECT(program("restore %s %s", tar, copy) != 0);
            EXPECT(access(copy, F_OK) != 0);
            snprintf(path, sizeof path, "%s.new", copy);
            EXPECT(access(path, F_OK) != 0);
        }
        fseek(f, at, SEEK_SET);
        fputc(byte, f);
        fclose(f);
    }
    EXPECT(truncate(tar, s.st_size / 2) == 0);
    EXPECT(program("restore %s %s", tar, copy) != 0 && access(copy, F_OK) != 0);
    EXPECT(program("restore %s.none %s", tar, copy) == 3);
    end_office(&office);
}

TEST(a_directory_in_use_is_not_restored_over)
{
    struct office office;

    start_office(&office);
    EXPECT(program("backup %s.tar --dir %s", office.dir, office.dir) == 0);
    EXPECT(program("restore %s.tar %s", office.dir, office.dir) == 4);
    EXPECT(program("restore %s.tar %s.copy --database postgresql://nowhere/x", office.dir, office.dir) == 2);
    end_office(&office);
}

/* Another database of the server of MQ_TEST_PG, new and empty. */
static void
make_database(const char *server, const char *name, char url[static 512])
{
    const char *slash = strstr(server, "/postgres?");
    char sql[64];
    struct db *db = NULL;

    EXPECT(slash != NULL && db_open(server, false, &db) == OK);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s", name);
    EXPECT(db->engine->script(db, sql) == OK);
    db_close(db);
    snprintf(url, 512, "%.*s/%s%s", (int) (slash - server), server, name, slash + strlen("/postgres"));
}

TEST(a_backup_of_postgresql_goes_into_an_empty_database)
{
    const char *server = getenv("MQ_TEST_PG");
    char from[512], to[512], dir[64] = "/tmp/mingqian-backup-XXXXXX", command[128];
    struct db *db = NULL;

    if (server == NULL || *server == '\0')
        skip();
    EXPECT(mkdtemp(dir) != NULL);
    make_database(server, "backup_from", from);
    make_database(server, "backup_to", to);
    EXPECT(program("init %s/city --database '%s'", dir, from) == 0);
    EXPECT(program("backup %s/tar --dir %s/city", dir, dir) == 0);
    EXPECT(program("restore %s/tar %s/copy", dir, dir) == 2); /* where to? */
    EXPECT(program("restore %s/tar %s/copy --database '%s'", dir, dir, from) != 0); /* not empty */
    EXPECT(program("restore %s/tar %s/copy --database '%s'", dir, dir, to) == 0);
    EXPECT(db_open(to, false, &db) == OK);
    EXPECT(db_check_schema(db, schema_migrations, schema_migrations_count) == OK);
    db_close(db);
    EXPECT(program("backup %s/again --dir %s/copy", dir, dir) == 0);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    EXPECT(system(command) == 0);
}

TEST_MAIN(T(a_backup_taken_while_others_write_is_whole_and_its_proofs_hold),
          T(a_damaged_or_cut_backup_restores_nothing), T(a_directory_in_use_is_not_restored_over),
          T(a_backup_of_postgresql_goes_into_an_empty_database))
