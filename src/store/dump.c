/* store/dump.c - the whole database to a file and back */
#include "engine.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <libpq-fe.h>
#include <sqlite3.h>

extern char **environ;

enum { SETTINGS_MAX = 64, EXIT_NO_PROGRAM = 127 };

static bool
is_sqlite(const char *url)
{
    return strncmp(url, "sqlite:", 7) == 0;
}

static bool
exists(const char *path)
{
    struct stat s;

    return stat(path, &s) == 0;
}

/* SQLite --------------------------------------------------------------------------------------------------------- */

static enum err
copy_sqlite(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    int step, end;

    if (backup == NULL)
        return ERR_DB;
    step = sqlite3_backup_step(backup, -1); /* all pages of one snapshot; writers go on in the WAL */
    end = sqlite3_backup_finish(backup);
    if (step == SQLITE_DONE && end == SQLITE_OK)
        return OK;
    return step == SQLITE_FULL ? ERR_NO_SPACE : step == SQLITE_BUSY || step == SQLITE_LOCKED ? ERR_BUSY : ERR_IO;
}

static enum err
dump_sqlite(const char *url, const char *path)
{
    char to_url[4096];
    struct db *from = NULL, *to = NULL;
    int n = snprintf(to_url, sizeof to_url, "sqlite:%s", path);
    enum err e = n < 0 || (size_t) n >= sizeof to_url ? ERR_TOO_LARGE : OK;

    if (e == OK && !exists(url + 7))
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = db_open(url, true, &from);
    if (e == OK)
        e = db_open(to_url, false, &to);
    if (e == OK)
        e = copy_sqlite(from->connection, to->connection);
    db_close(to); /* folds the WAL in and removes it */
    db_close(from);
    return e;
}

static int
first_row(void *ctx, int n, char **values, char **names)
{
    (void) names;
    if (n > 0 && values[0] != NULL && strcmp(values[0], "ok") == 0)
        *(bool *) ctx = true;
    return 0;
}

enum err
db_check(struct db *db)
{
    bool ok = false;

    if (db->kind != DB_SQLITE)
        return OK;
    if (sqlite3_exec(db->connection, "PRAGMA integrity_check(1)", first_row, &ok, NULL) != SQLITE_OK || !ok)
        return ERR_DB;
    return OK;
}

/* PostgreSQL ------------------------------------------------------------------------------------------------------ */

/* The URL as environment variables, so that its password is on no command line. Others of the environment stay. */
static enum err
settings_of(const char *url, char *out[static SETTINGS_MAX])
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    size_t n = 0;
    enum err e = OK;

    for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL && e == OK; o++) {
        if (o->envvar == NULL || o->val == NULL)
            continue;
        if (n + 1 == SETTINGS_MAX || asprintf(&out[n], "%s=%s", o->envvar, o->val) < 0)
            e = ERR_MEMORY;
        else
            n++;
    }
    out[n] = NULL;
    PQconninfoFree(options);
    return options == NULL ? ERR_USAGE : e;
}

static enum err
run_program(char *const argv[], char *const settings[])
{
    size_t n = 0, m = 0;
    char **env;
    pid_t child;
    int code, status = 0;

    while (environ[n] != NULL)
        n++;
    while (settings[m] != NULL)
        m++;
    env = calloc(n + m + 1, sizeof *env);
    if (env == NULL)
        return ERR_MEMORY;
    memcpy(env, settings, m * sizeof *env); /* the first of two equal names counts */
    memcpy(env + m, environ, n * sizeof *env);
    code = posix_spawnp(&child, argv[0], NULL, NULL, argv, env);
    free(env);
    if (code != 0)
        return code == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return ERR_IO;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return OK;
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NO_PROGRAM ? ERR_NOT_FOUND : ERR_DB;
}

static enum err
run_postgres(const char *url, char *const argv[])
{
    char *settings[SETTINGS_MAX] = {NULL};
    enum err e = settings_of(url, settings);

    if (e == OK)
        e = run_program(argv, settings);
    for (size_t i = 0; settings[i] != NULL; i++)
        free(settings[i]);
    return e;
}

static char *
argument(const char *text)
{
    return (char *) (uintptr_t) text; /* posix_spawn does not write to them */
}

/* both ------------------------------------------------------------------------------------------------------------ */

enum err
db_dump(const char *url, const char *path)
{
    char *argv[] = {argument("pg_dump"), argument("--format=custom"), argument("--no-owner"), argument("--no-privileges"),
                    argument("--file"),  argument(path),              NULL};

    if (exists(path))
        return ERR_EXISTS;
    return is_sqlite(url) ? dump_sqlite(url, path) : run_postgres(url, argv);
}

enum err
db_undump(const char *url, const char *path)
{
    const char *database = "";
    PQconninfoOption *options = is_sqlite(url) ? NULL : PQconninfoParse(url, NULL);
    char *argv[] = {argument("pg_restore"), argument("--no-owner"),           argument("--no-privileges"),
                    argument("--exit-on-error"), argument("--single-transaction"), argument("--dbname"),
                    NULL,                        argument(path),                   NULL};
    enum err e;

    if (is_sqlite(url)) {
        char from[4096];
        int n = snprintf(from, sizeof from, "sqlite:%s", path);

        if (n < 0 || (size_t) n >= sizeof from)
            return ERR_TOO_LARGE;
        return exists(url + 7) ? ERR_EXISTS : dump_sqlite(from, url + 7);
    }
    for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++)
        if (strcmp(o->keyword, "dbname") == 0 && o->val != NULL)
            database = o->val;
    argv[6] = argument(database);
    e = options == NULL ? ERR_USAGE : run_postgres(url, argv);
    PQconninfoFree(options);
    return e;
}
