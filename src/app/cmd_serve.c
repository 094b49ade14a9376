/* app/cmd_serve.c - mingqian serve: the portal, the log and the files of draws over HTTP */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "data_dir.h"
#include "http/office.h"
#include "http/page.h"
#include "http/server.h"
#include "mod/report/report.h"
#include "threads.h"

enum { DEFAULT_THREADS_MAX = 8 };

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

/* Waits for SIGINT or SIGTERM; both are blocked before the threads start, so that only this thread takes
 * them. */
static void
wait_for_stop(const sigset_t *stop)
{
    int signal_number;

    while (sigwait(stop, &signal_number) != 0)
        continue;
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

static int
serve(const struct cli_args *args, struct app *app, const char *address, unsigned threads)
{
    struct site site = {.name = str_of(app->config.name), .origin = str_of(app->config.origin)};
    struct server_config config = {.listen = address,
                                   .threads = threads,
                                   .log = !cli_has(args, "quiet"),
                                   .site = &site,
                                   .worker_open = open_worker,
                                   .worker_close = close_worker,
                                   .now_us = app_now_us,
                                   .app = app};
    struct threads threads_of_jobs = {.count = 2};
    struct office_config office = {.url = app->config.database,
                                   .dir = app->dir,
                                   .site = &site,
                                   .secure = cli_has(args, "https"),
                                   .log = config.log,
                                   .runner = threads_runner(&threads_of_jobs),
                                   .now_us = app_now_us,
                                   .entropy = app_entropy};
    struct server *server;
    sigset_t stop;
    enum err e = report_is_demo(app->db, &app->arena, &site.demo);

    if (e != OK)
        return cli_fail(args, e, app->dir, NULL);
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    if ((e = office_start(&office, &config.office)) != OK)
        return cli_fail(args, e, app->dir, NULL);
    if ((e = server_start(&config, &server)) != OK) {
        office_stop(config.office);
        return cli_fail(args, e, address, cli_text("无法监听", "cannot listen"));
    }
    announce(args, server_address(server));
    wait_for_stop(&stop);
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
        {"quiet", NULL, "不写请求日志", "no request log on standard error"},
    };
    struct cli_args args;
    struct app app;
    uint64_t threads;
    int64_t cpus = sysconf(_SC_NPROCESSORS_ONLN);
    int status;
    const char *address;
    enum err e;

    if (!cli_parse(self, OPTIONS, sizeof OPTIONS / sizeof *OPTIONS, 0, 0, argc, argv, &args, &status))
        return status;
    if (!cli_number(&args, "threads", SERVER_THREADS_MAX,
                    (uint64_t) (cpus < 2                     ? 2
                                : cpus > DEFAULT_THREADS_MAX ? DEFAULT_THREADS_MAX
                                                             : cpus),
                    &threads))
        return err_exit_status(ERR_USAGE);
    if (threads == 0)
        return cli_fail(&args, ERR_RANGE, "threads", "0");
    if ((e = app_open(&args, &app)) != OK)
        return err_exit_status(e);
    address = cli_value(&args, "listen");
    status = serve(&args, &app, address == NULL ? "127.0.0.1:8080" : address, (unsigned) threads);
    app_close(&app);
    return status;
}
