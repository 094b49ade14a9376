/* app/cmd_opendata.c - mingqian open-data [DIR] | open-data verify DIR: the public tables as signed files; portal take-down:
 * what must no longer be public (regulation 二(六)) */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd_flow.h"
#include "mod/file.h"
#include "mod/opendata/opendata.h"
#include "mod/publication/publication.h"
#include "mod/report/report.h"

enum { VKEYS_BYTES_MAX = 65536, VERIFY_ARENA_BYTES = 4 << 20 };

static const struct cli_option WRITE_OPTIONS[] = {
    {"address", "URL", "门户地址(写入目录)", "address of the portal, for the catalogue"},
};

static struct str
without_slash(struct str url)
{
    while (url.n > 0 && url.p[url.n - 1] == '/')
        url.n--;
    return url;
}

/* Into the folder that was named, or into the data directory, where the portal serves it. */
static enum err
write_files(struct flow *f, struct opendata_summary *sum)
{
    struct opendata_site site = {str_of(f->app.config.name), without_slash(flow_value(f, "address")), false};
    const char *dir = f->args.positional_count > 0 ? f->args.positional[0] : NULL;
    enum err e = report_names_whole(f->app.db, &f->app.arena, &site.names_whole);

    if (e != OK || dir == NULL)
        return e == OK ? opendata_publish(&f->app.ctx, &site, sum) : e;
    if (mkdir(dir, 0755) != 0 && errno != EEXIST)
        return ERR_IO;
    return opendata_write(&f->app.ctx, &site, dir, sum);
}

static void
say(const struct flow *f, const struct opendata_summary *s)
{
    struct flow_answer a = flow_answer(f);

    flow_say_number(&a, "files", (int64_t) s->files);
    flow_say_number(&a, "rows", (int64_t) s->rows);
    flow_say_number(&a, "bytes", (int64_t) s->bytes);
    flow_say_end(&a);
}

int
cmd_opendata(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct opendata_summary sum;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {WRITE_OPTIONS, 1, 0, 1}, argc, argv, &status))
        return status;
    e = write_files(&f, &sum);
    if (e == OK)
        say(&f, &sum);
    else
        status = cli_fail(&f.args, e, f.args.positional_count > 0 ? f.args.positional[0] : "open-data", NULL);
    app_close(&f.app); /* nothing was changed that the log should know */
    return e == OK ? 0 : status;
}

static const struct cli_option TAKEDOWN_OPTIONS[] = {
    {"reason", "TEXT", "原因(公开)", "why (public)"},
    {"basis", "TEXT", "依据:法律和条款(公开)", "law and article (public)"},
};

int
cmd_portal_takedown(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    uint64_t id = 0;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {TAKEDOWN_OPTIONS, 2, 2, 2}, argc, argv, &status))
        return status;
    e = str_u64(flow_arg(&f, 1), INT64_MAX, &id);
    if (e == OK)
        e = publication_take_down(&f.app.ctx, flow_arg(&f, 0), (int64_t) id, flow_value(&f, "reason"), flow_value(&f, "basis"));
    return flow_close(&f, e, f.args.positional[0]);
}

static const struct cli_option VERIFY_OPTIONS[] = {
    {"vkey", "FILE", "事先保存的日志公钥文件", "verifier keys kept from before"},
};

/* Needs no data directory: whoever has the files and the key checks them. */
int
cmd_opendata_verify(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    struct opendata_summary sum;
    struct opendata_fault fault = {.file = ""};
    struct arena a;
    struct str vkeys;
    void *block;
    int status = 0;
    enum err e;

    if (!cli_parse(self, VERIFY_OPTIONS, 1, 1, 1, argc, argv, &args, &status))
        return status;
    if (!cli_has(&args, "vkey"))
        return cli_fail(&args, ERR_USAGE, "--vkey", NULL);
    if ((block = malloc(VERIFY_ARENA_BYTES)) == NULL)
        return cli_fail(&args, ERR_MEMORY, NULL, NULL);
    a = arena_over(block, VERIFY_ARENA_BYTES);
    e = file_read(&a, cli_value(&args, "vkey"), VKEYS_BYTES_MAX, &vkeys);
    if (e != OK) {
        status = cli_fail(&args, e, cli_value(&args, "vkey"), NULL);
    } else if ((e = opendata_verify(&a, args.positional[0], vkeys, &sum, &fault)) != OK) {
        status = cli_fail(&args, e, args.positional[0], fault.file) == 5 ? 5 : 1;
    } else {
        printf(args.json ? "{\"ok\":true,\"files\":%" PRIu64 ",\"bytes\":%" PRIu64 "}\n"
                         : cli_text("签名有效,%" PRIu64 " 个文件与清单一致(%" PRIu64 " 字节)\n",
                                    "the signature holds, %" PRIu64 " files are as listed (%" PRIu64 " bytes)\n"),
               sum.files, sum.bytes);
    }
    free(block);
    return status;
}
