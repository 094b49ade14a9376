/* app/data_dir.c - configuration, clock, entropy, and one open data directory per command */
#include "data_dir.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "mod/journal/journal_sequence.h"
#include "schema_sql.h"

enum { CONFIG_BYTES = 64 << 10 };

enum err
app_entropy(void *out, size_t n_bytes)
{
    unsigned char *p = out;

    while (n_bytes > 0) {
        ssize_t got = getrandom(p, n_bytes, 0);

        if (got < 0 && errno != EINTR)
            return ERR_IO;
        if (got > 0)
            p += got, n_bytes -= (size_t) got;
    }
    return OK;
}

int64_t
app_now_us(void)
{
    const char *fixed = getenv("MINGQIAN_NOW");
    struct timespec t;
    uint64_t seconds;

    if (fixed != NULL && str_u64(str_of(fixed), 1ULL << 40, &seconds) == OK)
        return (int64_t) seconds * 1000000;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* --- configuration ------------------------------------------------------------------------------------------------------ */

/* "sqlite:mingqian.db" is relative to the data directory. */
static enum err
absolute_database(struct app_config *c, const char *dir)
{
    char path[APP_VALUE_BYTES];
    int n;

    if (strncmp(c->database, "sqlite:", 7) != 0 || c->database[7] == '/')
        return OK;
    n = snprintf(path, sizeof path, "sqlite:%s/%s", dir, c->database + 7);
    if (n < 0 || (size_t) n >= sizeof path)
        return ERR_TOO_LARGE;
    memcpy(c->database, path, (size_t) n + 1);
    return OK;
}

static enum err
read_config(const char *dir, struct app_config *config, struct config_fault *fault)
{
    char path[APP_PATH_BYTES], *text;
    size_t n;
    FILE *f;
    enum err e;

    *config = (struct app_config) {.database = "sqlite:mingqian.db"};
    *fault = (struct config_fault) {.line = 0};
    snprintf(path, sizeof path, "%s/mingqian.toml", dir);
    if ((f = fopen(path, "r")) == NULL)
        return ERR_NOT_FOUND;
    if ((text = malloc(CONFIG_BYTES)) == NULL) {
        fclose(f);
        return ERR_MEMORY;
    }
    n = fread(text, 1, CONFIG_BYTES, f);
    e = ferror(f) ? ERR_IO : n == CONFIG_BYTES ? ERR_TOO_LARGE : config_parse((struct str) {text, n}, config, fault);
    fclose(f);
    free(text);
    return e != OK ? e : absolute_database(config, dir);
}

enum err
app_read_config(const char *dir, struct app_config *config)
{
    struct config_fault fault;

    return read_config(dir, config, &fault);
}

/* --- one open directory ---------------------------------------------------------------------------------------------- */

static enum err
find_directory(const struct cli_args *args, struct app *app)
{
    char real[PATH_MAX];

    if (args->dir == NULL)
        return (void) cli_fail(args, ERR_USAGE, "--dir",
                               cli_text("请用 --dir 或 MINGQIAN_DIR 指定数据目录", "name the data directory with --dir or MINGQIAN_DIR")),
               ERR_USAGE;
    if (realpath(args->dir, real) == NULL || strlen(real) >= sizeof app->dir)
        return (void) cli_fail(args, ERR_NOT_FOUND, args->dir, cli_text("请先运行 mingqian init", "run mingqian init first")),
               ERR_NOT_FOUND;
    memcpy(app->dir, real, strlen(real) + 1);
    return OK;
}

static struct str
actor_name(struct arena *a)
{
    char text[128];
    const struct passwd *p = getpwuid(getuid());
    int n = snprintf(text, sizeof text, "cli:%.100s", p == NULL ? "unknown" : p->pw_name);

    return str_copy(a, (struct str) {text, n < 0 ? 0 : (size_t) n});
}

static enum err
open_database(const struct cli_args *args, struct app *app)
{
    enum err e = db_open(app->config.database, false, &app->db);

    if (e == OK)
        e = db_check_schema(app->db, schema_migrations, schema_migrations_count);
    if (e != OK)
        (void) cli_fail(args, e, app->config.database, app->db == NULL ? NULL : db_last_message(app->db));
    return e;
}

/* An init that was cut short leaves this behind. */
static enum err
check_finished(const struct cli_args *args)
{
    char path[APP_PATH_BYTES + 32];

    if (args->dir == NULL)
        return OK;
    snprintf(path, sizeof path, "%s/init.unfinished", args->dir);
    if (access(path, F_OK) != 0)
        return OK;
    (void) cli_fail(args, ERR_STATE, args->dir,
                    cli_text("上次 mingqian init 没有完成:请再次运行同一条 init 命令",
                             "mingqian init did not finish here: run the same init again"));
    return ERR_STATE;
}

enum err
app_open(const struct cli_args *args, struct app *app)
{
    enum err e = check_finished(args);

    return e == OK ? app_open_unfinished(args, app) : e;
}

enum err
app_open_unfinished(const struct cli_args *args, struct app *app)
{
    struct config_fault fault = {.line = 0};
    char place[APP_PATH_BYTES + 64];
    enum err e;

    *app = (struct app) {.db = NULL};
    if ((e = find_directory(args, app)) != OK)
        return e;
    if ((e = read_config(app->dir, &app->config, &fault)) != OK) {
        snprintf(place, sizeof place, "%s/mingqian.toml:%u", app->dir, fault.line);
        (void) cli_fail(args, e, place,
                        e == ERR_NOT_FOUND ? cli_text("请先运行 mingqian init", "run mingqian init first")
                        : fault.what[0] == '\0' ? NULL
                                                : fault.what);
        return e;
    }
    if ((app->arena_block = malloc(APP_ARENA_BYTES)) == NULL) {
        (void) cli_fail(args, ERR_MEMORY, app->dir, NULL);
        return ERR_MEMORY;
    }
    app->arena = arena_over(app->arena_block, APP_ARENA_BYTES);
    if ((e = open_database(args, app)) != OK) {
        app_close(app);
        return e;
    }
    app->ctx = (struct ctx) {.db = app->db,
                             .arena = &app->arena,
                             .now_us = app_now_us(),
                             .actor = actor_name(&app->arena),
                             .dir = app->dir,
                             .entropy = app_entropy,
                             .needs_log_key = true};
    return OK;
}

void
app_close(struct app *app)
{
    db_close(app->db);
    free(app->arena_block);
    app->db = NULL;
    app->arena_block = NULL;
}

int
app_finish(const struct cli_args *args, struct app *app, enum err e, const char *place)
{
    int status = e == OK ? 0 : cli_fail(args, e, place, app->ctx.why[0] == '\0' ? NULL : app->ctx.why);
    struct journal_keys keys;
    enum err log;

    app->ctx.why[0] = '\0';
    log = journal_keys_load(&app->ctx, &keys);
    if (log == OK)
        log = journal_sequence(&app->ctx, &keys, NULL);
    journal_keys_forget(&keys);
    if (log != OK) { /* the act itself is durable; its entry waits for the next command */
        struct cli_args quiet = *args; /* the document of the act is out already */
        int log_status;

        quiet.json = false;
        log_status = cli_fail(&quiet, log, "log", app->ctx.why[0] == '\0' ? NULL : app->ctx.why);

        status = status != 0 ? status : log_status;
    }
    app_close(app);
    return status;
}
