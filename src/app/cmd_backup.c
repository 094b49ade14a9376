/* app/cmd_backup.c - mingqian backup FILE, mingqian restore FILE DIR
 *
 * A backup is a tar: the database as of one instant (mingqian.db, or mingqian.pgdump by pg_dump), then the files of the
 * data directory, then SHA256SUMS. Work goes on meanwhile; only the log is not extended, so that its files and the
 * checkpoint in the database belong together. It holds the secret keys: mode 0600. */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "data_dir.h"
#include "mod/file.h"
#include "mod/journal/journal_sequence.h"
#include "mod/journal/log_fsck.h"
#include "mod/schema_sql.h"
#include "tar.h"

static const char SQLITE_MEMBER[] = "mingqian.db", PG_MEMBER[] = "mingqian.pgdump", CONFIG_MEMBER[] = "mingqian.toml";

static bool
is_sqlite(const char *url)
{
    return strncmp(url, "sqlite:", 7) == 0;
}

/* backup ---------------------------------------------------------------------------------------------------------- */

static bool
ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);

    return n >= m && strcmp(s + n - m, end) == 0;
}

/* Not the live database, and nothing that is still being written. */
static bool
left_out(const char *path, const char *database)
{
    size_t n = is_sqlite(database) ? strlen(database + 7) : 0;

    return ends_with(path, ".new") || ends_with(path, ".dump") || (n > 0 && strncmp(path, database + 7, n) == 0);
}

static enum err
add_files(struct tar_out *t, const char *dir, const char *database, const char *beside)
{
    char top[FILE_PATH_BYTES];
    char *const paths[] = {top, NULL};
    size_t skip = strlen(dir) + 1;
    enum err e = file_path(top, dir, STR(""));
    FTS *walk;
    FTSENT *at;

    if (e != OK)
        return e;
    top[skip - 1] = '\0';
    walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (walk == NULL)
        return ERR_IO;
    while (e == OK && (at = fts_read(walk)) != NULL)
        if (at->fts_info == FTS_F && !left_out(at->fts_path, database) && strcmp(at->fts_path, beside) != 0)
            e = tar_add(t, at->fts_path + skip, at->fts_path);
        else if (at->fts_info == FTS_ERR || at->fts_info == FTS_DNR)
            e = ERR_IO;
    fts_close(walk);
    return e;
}

static enum err
add_all(struct tar_out *t, struct app *app, const char *dump, const char *beside)
{
    const char *database = app->config.database;
    enum err e = db_dump(database, dump);

    if (e == OK)
        e = tar_add(t, is_sqlite(database) ? SQLITE_MEMBER : PG_MEMBER, dump);
    return e == OK ? add_files(t, app->dir, database, beside) : e;
}

static enum err
write_backup(struct app *app, const char *path)
{
    char dump[FILE_PATH_BYTES];
    struct tar_out t = {NULL, NULL};
    struct file f;
    int held, n = snprintf(dump, sizeof dump, "%s.dump", path);
    enum err e = n < 0 || (size_t) n >= sizeof dump ? ERR_TOO_LARGE : journal_pause(&app->ctx, &held);

    if (e != OK)
        return e;
    e = file_begin(&f, path, 0600);
    if (e == OK) {
        e = tar_begin(&t, f.out);
        if (e == OK)
            e = add_all(&t, app, dump, f.beside);
        e = file_end(&f, tar_end(&t, e));
        if (unlink(dump) != 0 && errno != ENOENT && e == OK)
            e = ERR_IO;
    }
    journal_resume(held);
    return e;
}

/* An absolute path, so that its directory can be synced. */
static enum err
absolute(const char *path, char out[static FILE_PATH_BYTES])
{
    char here[FILE_PATH_BYTES] = "";

    if (path[0] != '/' && getcwd(here, sizeof here) == NULL)
        return ERR_IO;
    return path[0] == '/' ? file_path(out, "", str_of(path + 1)) : file_path(out, here, str_of(path));
}

int
cmd_backup(const struct cli_command *self, int argc, char **argv)
{
    char path[FILE_PATH_BYTES];
    struct cli_args args;
    struct app app;
    int status = 0;
    enum err e;

    if (!cli_parse(self, NULL, 0, 1, 1, argc, argv, &args, &status))
        return status;
    if (access(args.positional[0], F_OK) == 0)
        return cli_fail(&args, ERR_EXISTS, args.positional[0], NULL);
    e = app_open(&args, &app);
    if (e != OK)
        return err_exit_status(e);
    e = absolute(args.positional[0], path);
    if (e == OK)
        e = write_backup(&app, path);
    if (e != OK)
        status = cli_fail(&args, e, args.positional[0], NULL);
    else if (args.json)
        fputs("{\"file\":", stdout), cli_json_string(str_of(path)), puts("}");
    else
        printf(cli_text("已备份:%s(含密钥,请妥善保管)\n", "backup written: %s (it holds the keys, keep it safe)\n"), path);
    app_close(&app);
    return status;
}

/* restore ---------------------------------------------------------------------------------------------------------- */

struct restore {
    const struct cli_args *args;
    const char *file, *dir, *database; /* database: --database or NULL */
    char beside[FILE_PATH_BYTES];      /* everything is made here, then renamed */
    struct arena *a;
    char fault[APP_PATH_BYTES];
};

static void
remove_tree(const char *dir)
{
    char top[FILE_PATH_BYTES];
    char *const paths[] = {top, NULL};
    FTS *walk;
    FTSENT *at;

    snprintf(top, sizeof top, "%s", dir);
    walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    while (walk != NULL && (at = fts_read(walk)) != NULL)
        if (at->fts_info != FTS_D)
            remove(at->fts_path);
    if (walk != NULL)
        fts_close(walk);
}

static enum err
extract(struct restore *r)
{
    char name[TAR_NAME_BYTES] = "";
    FILE *f = fopen(r->file, "re");
    enum err e;

    if (f == NULL)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    e = tar_extract(f, r->beside, r->a, name);
    fclose(f);
    if (e != OK)
        snprintf(r->fault, sizeof r->fault, "%s", name);
    return e;
}

/* The line `database = "…"` of the configuration. */
static enum err
set_database(const struct restore *r, const char *url)
{
    char path[FILE_PATH_BYTES];
    struct str text, line;
    struct buf b;
    enum err e = file_path(path, r->beside, str_of(CONFIG_MEMBER));

    if (e == OK)
        e = file_read(r->a, path, 1 << 16, &text);
    if (e != OK)
        return e;
    b = buf_over(arena_alloc(r->a, text.n + APP_VALUE_BYTES), text.n + APP_VALUE_BYTES);
    while (b.p != NULL && text.n > 0) {
        str_split(text, '\n', &line, &text);
        if (str_starts(str_trim(line), STR("database"))) {
            buf_z(&b, "database = \"");
            buf_z(&b, url);
            buf_z(&b, "\"");
        } else
            buf_str(&b, line);
        buf_z(&b, "\n");
    }
    return b.p == NULL ? ERR_MEMORY : b.overflow ? ERR_TOO_LARGE : file_write(path, buf_view(&b), 0644);
}

static enum err
place_database(struct restore *r)
{
    char dump[FILE_PATH_BYTES];
    enum err e = file_path(dump, r->beside, str_of(PG_MEMBER));

    if (e != OK)
        return e;
    if (access(dump, F_OK) != 0) { /* SQLite: already where it belongs */
        if (r->database != NULL)
            return ERR_USAGE;
        return set_database(r, "sqlite:mingqian.db");
    }
    if (r->database == NULL || is_sqlite(r->database)) {
        snprintf(r->fault, sizeof r->fault, "%s", cli_text("备份来自 PostgreSQL:请用 --database 指定一个空库",
                                                           "a backup of PostgreSQL: name an empty one with --database"));
        return ERR_USAGE;
    }
    e = db_undump(r->database, dump);
    if (e == OK && unlink(dump) != 0)
        e = ERR_IO;
    return e == OK ? set_database(r, r->database) : e;
}

/* The restored database is whole and of this program, and the log's proofs hold. */
static enum err
check_restored(struct restore *r)
{
    char path[FILE_PATH_BYTES], log[FILE_PATH_BYTES];
    struct app_config config;
    struct log_fsck_report report;
    struct log_fault f;
    struct db *db = NULL;
    enum err e = app_read_config(r->beside, &config);

    if (e == OK)
        e = db_open(config.database, false, &db);
    if (e == OK)
        e = db_check(db);
    if (e == OK)
        e = db_check_schema(db, schema_migrations, schema_migrations_count);
    db_close(db);
    if (e == OK)
        e = file_path(log, r->beside, STR("log"));
    if (e == OK)
        e = file_path(path, r->beside, STR("log/checkpoint"));
    if (e != OK || access(path, F_OK) != 0) /* a log that was never published */
        return e;
    e = log_fsck(&(struct log_fsck) {.dir = log}, r->a, &report, &f);
    if (e != OK)
        snprintf(r->fault, sizeof r->fault, "log/%s: %s", f.file, cli_text(f.zh, f.en));
    return e;
}

static enum err
restore(struct restore *r)
{
    int n = snprintf(r->beside, sizeof r->beside, "%s.new", r->dir);
    enum err e;

    if (n < 0 || (size_t) n + 1 >= sizeof r->beside)
        return ERR_TOO_LARGE;
    if (rmdir(r->dir) != 0 && errno != ENOENT) /* an empty one may be there */
        return ERR_EXISTS;
    if (mkdir(r->beside, 0755) != 0)
        return errno == EEXIST ? ERR_EXISTS : ERR_IO;
    e = extract(r);
    if (e == OK)
        e = place_database(r);
    if (e == OK)
        e = check_restored(r);
    if (e == OK && rename(r->beside, r->dir) != 0)
        e = ERR_IO;
    if (e != OK)
        remove_tree(r->beside);
    return e;
}

static const struct cli_option RESTORE_OPTIONS[] = {
    {"database", "URL", "恢复到这个空的 PostgreSQL 库", "restore into this empty PostgreSQL database"},
};

int
cmd_restore(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    struct restore r = {.args = &args};
    struct arena a;
    char dir[FILE_PATH_BYTES];
    void *block;
    int status = 0;
    enum err e;

    if (!cli_parse(self, RESTORE_OPTIONS, 1, 2, 2, argc, argv, &args, &status))
        return status;
    block = malloc(LOG_FSCK_ARENA_BYTES);
    if (block == NULL)
        return cli_fail(&args, ERR_MEMORY, NULL, NULL);
    a = arena_over(block, LOG_FSCK_ARENA_BYTES);
    r.a = &a;
    r.file = args.positional[0];
    r.database = cli_value(&args, "database");
    r.dir = dir;
    e = absolute(args.positional[1], dir);
    if (e == OK)
        e = restore(&r);
    free(block);
    if (e != OK)
        return cli_fail(&args, e, args.positional[0], r.fault[0] == '\0' ? NULL : r.fault);
    if (args.json)
        fputs("{\"dir\":", stdout), cli_json_string(str_of(dir)), puts("}");
    else
        printf(cli_text("已恢复到 %s,数据库与日志核对无误\n", "restored to %s; database and log are sound\n"), dir);
    return 0;
}
