/* app/cmd_serve.c - mingqian serve: the portal, the log and the files of draws over HTTP */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "certificate.h"
#include "commands.h"
#include "data_dir.h"
#include "http/office.h"
#include "http/page.h"
#include "http/server.h"
#include "mod/file.h"
#include "mod/report/report.h"
#include "notify.h"
#include "threads.h"
#include "witness_ask.h"

enum { DEFAULT_THREADS_MAX = 8, CERTIFICATE_BYTES_MAX = 1 << 16, HEAP_KEPT_BYTES = 4 << 20 };
#define DEFAULT_LISTEN "127.0.0.1:8080"

static enum err
open_worker(void *cls, struct ctx *c)
{
    const struct app *app = cls;

    c->actor = STR("system");
    c->dir = app->dir;
    c->entropy = app_entropy;
    return db_open(app->config.database, true, &c->db);
}

static void
close_worker(void *cls, struct ctx *c)
{
    (void) cls;
    db_close(c->db);
}

/* Alive: the database answers. */
static bool
is_alive(struct app *app)
{
    size_t mark = arena_mark(&app->arena);
    bool demo;
    enum err e = report_is_demo(app->db, &app->arena, &demo);

    arena_rewind(&app->arena, mark);
    return e == OK;
}

/* Waits for SIGINT or SIGTERM; both are blocked before the threads start, so that only this thread takes
 * them. Meanwhile the service manager hears that all is well. */
static void
wait_for_stop(struct app *app, const sigset_t *stop)
{
    int64_t interval_us = notify_interval_us();
    struct timespec t = {interval_us / 1000000, interval_us % 1000000 * 1000};

    while (interval_us > 0 && sigtimedwait(stop, NULL, &t) < 0)
        if (is_alive(app))
            notify("WATCHDOG=1");
    while (interval_us == 0 && sigwaitinfo(stop, NULL) < 0)
        continue;
}

/* Settings: the command line, then the environment, then the file, then what ships. */
struct settings {
    const char *listen;
    uint64_t threads;
    bool https, tls, quiet;
};

static bool
env_flag(const char *name, bool otherwise)
{
    const char *v = getenv(name);

    return v == NULL || *v == '\0' ? otherwise : strcmp(v, "0") != 0 && strcmp(v, "false") != 0;
}

static uint64_t
default_threads(void)
{
    int64_t cpus = sysconf(_SC_NPROCESSORS_ONLN);

    return (uint64_t) (cpus < 2 ? 2 : cpus > DEFAULT_THREADS_MAX ? DEFAULT_THREADS_MAX : cpus);
}

static enum err
read_settings(const struct cli_args *args, const struct app_config *config, struct settings *out)
{
    const char *listen = getenv("MINGQIAN_LISTEN"), *threads = getenv("MINGQIAN_THREADS");
    uint64_t fallback = config->threads > 0 ? (uint64_t) config->threads : default_threads();

    *out = (struct settings) {.https = cli_has(args, "https") || env_flag("MINGQIAN_HTTPS", config->https),
                              .tls = cli_has(args, "tls") || env_flag("MINGQIAN_TLS", config->tls),
                              .quiet = cli_has(args, "quiet") || env_flag("MINGQIAN_QUIET", config->quiet)};
    out->listen = cli_value(args, "listen");
    if (out->listen == NULL)
        out->listen = listen != NULL && *listen != '\0' ? listen : config->listen[0] != '\0' ? config->listen : DEFAULT_LISTEN;
    if (threads != NULL && *threads != '\0' && str_u64(str_of(threads), SERVER_THREADS_MAX, &fallback) != OK)
        return (void) cli_fail(args, ERR_RANGE, "MINGQIAN_THREADS", threads), ERR_RANGE;
    if (!cli_number(args, "threads", SERVER_THREADS_MAX, fallback, &out->threads))
        return ERR_USAGE;
    if (out->threads == 0 || out->threads > SERVER_THREADS_MAX)
        return (void) cli_fail(args, ERR_RANGE, "threads", NULL), ERR_RANGE;
    return OK;
}

static void
announce(const struct cli_args *args, const char *address)
{
    if (args->json) {
        fputs("{\"address\":", stdout);
        cli_json_string(str_of(address));
        puts("}");
    } else {
        printf("%s %s\n", cli_text("正在服务:", "serving"), address);
    }
    fflush(stdout);
}

/* The witnesses of the log. One that cannot be reached is asked again at the next checkpoint. */
struct witnesses {
    struct witness_address v[CLI_REPEAT_MAX];
    size_t count;
    bool log;
};

static enum err
read_witnesses(const struct cli_args *args, struct witnesses *out)
{
    const char *const *texts = cli_values(args, "witness", &out->count);
    enum err e = OK;

    for (size_t i = 0; e == OK && i < out->count; i++)
        e = witness_parse(texts[i], &out->v[i]);
    return e;
}

static void
ask_witnesses(struct ctx *c, void *arg)
{
    const struct witnesses *w = arg;

    for (size_t i = 0; i < w->count; i++) {
        char why[WITNESS_WHY_BYTES];
        size_t added;
        enum err e = witness_ask(c, &w->v[i], &added, why);

        if (e != OK && w->log)
            fprintf(stderr, "{\"witness\":\"%s\",\"code\":\"%s\"}\n", w->v[i].key.name, err_name(e));
    }
}

/* The certificate of the data directory, for TLS. ERR_NOT_FOUND: none was made yet. */
static enum err
read_certificate(struct app *app, struct server_config *config)
{
    static const char *const NAMES[] = {CERTIFICATE_KEY, CERTIFICATE_CHAIN};
    struct str text[2];
    enum err e = OK;

    for (size_t i = 0; e == OK && i < 2; i++) {
        char path[FILE_PATH_BYTES];

        e = file_path(path, app->dir, str_of(NAMES[i]));
        if (e == OK)
            e = file_read(&app->arena, path, CERTIFICATE_BYTES_MAX, &text[i]);
    }
    if (e == OK) {
        config->tls_key = str_z(&app->arena, text[0]);
        config->tls_certificate = str_z(&app->arena, text[1]);
    }
    return e;
}

static int
serve(const struct cli_args *args, struct app *app, const struct settings *set)
{
    struct witnesses *witnesses = arena_alloc(&app->arena, sizeof *witnesses);
    struct site site = {.name = str_of(app->config.name), .origin = str_of(app->config.origin)};
    struct server_config config = {.listen = set->listen,
                                   .threads = (unsigned) set->threads,
                                   .log = !set->quiet,
                                   .site = &site,
                                   .worker_open = open_worker,
                                   .worker_close = close_worker,
                                   .now_us = app_now_us,
                                   .app = app};
    struct threads threads_of_jobs = {.count = 2};
    struct office_config office = {.url = app->config.database,
                                   .dir = app->dir,
                                   .site = &site,
                                   .secure = set->https || set->tls,
                                   .log = config.log,
                                   .keep_days = (int) app->config.imports_keep_days,
                                   .runner = threads_runner(&threads_of_jobs),
                                   .published = ask_witnesses,
                                   .published_arg = witnesses,
                                   .now_us = app_now_us,
                                   .entropy = app_entropy};
    struct server *server;
    sigset_t stop;
    enum err e = report_is_demo(app->db, &app->arena, &site.demo);

    if (e == OK)
        e = report_names_whole(app->db, &app->arena, &site.names_whole);
    if (e != OK)
        return cli_fail(args, e, app->dir, NULL);
    if (witnesses == NULL)
        return cli_fail(args, ERR_MEMORY, NULL, NULL);
    if (set->tls && (e = read_certificate(app, &config)) != OK)
        return cli_fail(args, e, app->dir, cli_text("没有证书:先运行 mingqian certificate make", "no certificate: run mingqian certificate make first"));
    witnesses->log = config.log;
    if ((e = read_witnesses(args, witnesses)) != OK)
        return cli_fail(args, e, "--witness", NULL);
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    if ((e = office_start(&office, &config.office)) != OK)
        return cli_fail(args, e, app->dir, NULL);
    if ((e = server_start(&config, &server)) != OK) {
        office_stop(config.office);
        return cli_fail(args, e, set->listen, cli_text("无法监听", "cannot listen"));
    }
    announce(args, server_address(server));
    notify("READY=1");
    wait_for_stop(app, &stop);
    notify("STOPPING=1");
    server_stop(server);
    office_stop(config.office);
    return 0;
}

int
cmd_serve(const struct cli_command *self, int argc, char **argv)
{
    static const struct cli_option OPTIONS[] = {
        {"listen", "ADDRESS", "监听地址,例如 127.0.0.1:8080、[::1]:0、unix:/run/mingqian.sock",
         "address to listen on"},
        {"threads", "N", "线程数", "number of threads"},
        {"https", NULL, "仅经由 HTTPS 访问(反向代理):会话 Cookie 加 Secure",
         "reached by HTTPS only (behind a proxy): the session cookie is Secure"},
        {"tls", NULL, "用数据目录里的证书提供 HTTPS(mingqian certificate make)",
         "serve HTTPS with the certificate of the data directory (mingqian certificate make)"},
        {"witness", "'VKEY URL'", "日志见证人,可多次:每个检查点都请它签名", "a witness of the log, may be repeated: it is asked after each checkpoint"},
        {"quiet", NULL, "不写请求日志", "no request log on standard error"},
    };
    struct cli_args args;
    struct app app;
    struct settings set;
    int status;
    enum err e;

    if (!cli_parse(self, OPTIONS, sizeof OPTIONS / sizeof *OPTIONS, 0, 0, argc, argv, &args, &status))
        return status;
    /* A scan of a register takes and gives back a little memory for each row: the heaps of the threads would shrink and grow
     * again each time, which costs a third of it. */
    (void) mallopt(M_TRIM_THRESHOLD, HEAP_KEPT_BYTES);
    if ((e = app_open(&args, &app)) != OK)
        return err_exit_status(e);
    e = read_settings(&args, &app.config, &set);
    status = e == OK ? serve(&args, &app, &set) : err_exit_status(e);
    app_close(&app);
    return status;
}
