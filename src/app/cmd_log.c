/* app/cmd_log.c - mingqian log fsck | prove | cosign: the published log (docs/spec/log-1.md) */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "data_dir.h"
#include "mod/file.h"
#include "mod/journal/journal_sequence.h"
#include "mod/journal/log_fsck.h"

static const struct cli_option FSCK_OPTIONS[] = {
    {"vkey", "FILE", "事先保存的日志公钥文件(默认用目录里的 log.vkey)",
     "verifier keys kept from before (default: log.vkey in the directory)"},
    {"against", "FILE", "事先保存的旧检查点", "an older checkpoint that was kept"},
};

/* --name FILE, if given. */
static enum err
read_option(const struct cli_args *args, struct arena *a, const char *name, struct str *out)
{
    const char *path = cli_value(args, name);

    return path == NULL ? OK : file_read(a, path, NOTE_BYTES_MAX, out);
}

static void
print_report(const struct cli_args *args, const struct log_fsck_report *r, bool pinned)
{
    char root[HASH_HEX_LEN + 1] = "";

    hex_encode(r->root, HASH_LEN, root);
    if (args->json)
        printf("{\"ok\":true,\"entries\":%" PRIu64 ",\"files\":%" PRIu64 ",\"root\":\"%s\",\"pinned\":%s}\n",
               r->entry_count, r->file_count, root, pinned ? "true" : "false");
    else {
        printf(cli_text("日志完好:%" PRIu64 " 条,%" PRIu64 " 个文件,根 %s\n",
                        "the log is sound: %" PRIu64 " entries, %" PRIu64 " files, root %s\n"),
               r->entry_count, r->file_count, root);
        if (!pinned)
            printf("%s", cli_text("注意:公钥取自同一目录;请用 --vkey 指定事先保存的公钥。\n",
                                  "note: the keys came from the same directory; pin them with --vkey.\n"));
    }
}

static int
print_fault(const struct cli_args *args, const char *dir, const struct log_fault *f)
{
    char place[APP_PATH_BYTES + 128], detail[256];
    int n = snprintf(detail, sizeof detail, "%s", cli_text(f->zh, f->en));

    snprintf(place, sizeof place, "%.1000s/%s:%" PRIu64, dir, f->file, f->byte);
    if (f->has_entry && n >= 0 && (size_t) n < sizeof detail)
        snprintf(detail + n, sizeof detail - (size_t) n, cli_text("(第 %" PRIu64 " 条)", " (entry %" PRIu64 ")"),
                 f->entry);
    /* Whatever is wrong with a log, the check has failed; only trouble with reading it is something else. */
    return cli_fail(args, f->err, place, detail) == 5 ? 5 : 1;
}

static void
show_progress(void *ctx, uint64_t done, uint64_t total)
{
    struct cli_progress *progress = ctx;

    progress->total = total;
    cli_progress_step(progress, done);
}

/* A log directory as given, or DIR/log of a data directory (no log has a file or directory of that name). */
static const char *
log_directory(const char *given, char out[static FILE_PATH_BYTES])
{
    return file_path(out, given, STR("log")) == OK && access(out, F_OK) == 0 ? out : given;
}

static int
fsck(const struct cli_args *args, struct arena *a)
{
    char path[FILE_PATH_BYTES];
    const char *dir = log_directory(args->positional[0], path);
    struct cli_progress progress = cli_progress_start(args, cli_text("核对日志", "checking the log"), 1);
    struct log_fsck options = {.dir = dir, .progress = show_progress, .progress_ctx = &progress};
    struct log_fsck_report report;
    struct log_fault f;
    enum err e = read_option(args, a, "vkey", &options.vkeys);

    if (e != OK)
        return cli_fail(args, e, cli_value(args, "vkey"), NULL);
    e = read_option(args, a, "against", &options.against);
    if (e != OK)
        return cli_fail(args, e, cli_value(args, "against"), NULL);
    e = log_fsck(&options, a, &report, &f);
    cli_progress_end(&progress);
    if (e != OK)
        return print_fault(args, dir, &f);
    print_report(args, &report, options.vkeys.p != NULL);
    return 0;
}

int
cmd_log_fsck(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    struct arena a;
    void *block;
    int status = 0;

    if (!cli_parse(self, FSCK_OPTIONS, sizeof FSCK_OPTIONS / sizeof *FSCK_OPTIONS, 1, 1, argc, argv, &args, &status))
        return status;
    block = malloc(LOG_FSCK_ARENA_BYTES);
    if (block == NULL)
        return cli_fail(&args, ERR_MEMORY, NULL, NULL);
    a = arena_over(block, LOG_FSCK_ARENA_BYTES);
    status = fsck(&args, &a);
    free(block);
    return status;
}

/* mingqian log prove INDEX: a tlog-proof on standard output, from the published files of the data directory. */
static int
prove(const struct cli_args *args, struct app *app, uint64_t index)
{
    char dir[FILE_PATH_BYTES];
    struct log *log = arena_alloc(app->ctx.arena, sizeof *log);
    struct buf out = buf_over(arena_alloc(app->ctx.arena, 1 << 18), 1 << 18);
    struct log_fault f;
    enum err e = log == NULL || out.p == NULL ? ERR_MEMORY : file_path(dir, app->dir, STR("log"));

    if (e != OK)
        return cli_fail(args, e, NULL, NULL);
    if (log_open(log, log_source_directory(dir), app->ctx.arena, (struct str) {NULL, 0}, &f) != OK)
        return print_fault(args, dir, &f);
    e = log_prove(log, index, &out);
    if (e != OK)
        return cli_fail(args, e, args->positional[0], NULL);
    return fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0 ? 0 : cli_fail(args, ERR_IO, NULL, NULL);
}

int
cmd_log_prove(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    struct app app;
    uint64_t index;
    int status = 0;
    enum err e;

    if (!cli_parse(self, NULL, 0, 1, 1, argc, argv, &args, &status))
        return status;
    if (str_u64(str_of(args.positional[0]), INT64_MAX, &index) != OK)
        return cli_fail(&args, ERR_USAGE, args.positional[0], NULL);
    e = app_open(&args, &app);
    if (e != OK)
        return err_exit_status(e);
    status = prove(&args, &app, index);
    app_close(&app);
    return status;
}

/* mingqian log cosign FILE --witness VKEY…: add what witnesses returned to the latest checkpoint. */
static const struct cli_option COSIGN_OPTIONS[] = {
    {"witness", "VKEY", "见证人的公钥,可多次", "verifier key of a witness, may be repeated"},
};

static enum err
read_witnesses(const struct cli_args *args, struct note_key keys[static CLI_REPEAT_MAX], size_t *count)
{
    const char *const *vkeys = cli_values(args, "witness", count);
    enum err e = *count == 0 ? ERR_USAGE : OK;

    for (size_t i = 0; i < *count && e == OK; i++)
        e = note_vkey_parse(str_of(vkeys[i]), &keys[i]);
    return e;
}

int
cmd_log_cosign(const struct cli_command *self, int argc, char **argv)
{
    struct note_key keys[CLI_REPEAT_MAX];
    struct cli_args args;
    struct app app;
    struct str lines;
    size_t count = 0, added = 0;
    int status = 0;
    enum err e;

    if (!cli_parse(self, COSIGN_OPTIONS, 1, 1, 1, argc, argv, &args, &status))
        return status;
    e = read_witnesses(&args, keys, &count);
    if (e != OK)
        return cli_fail(&args, e, "--witness", NULL);
    e = app_open(&args, &app);
    if (e != OK)
        return err_exit_status(e);
    e = file_read(app.ctx.arena, args.positional[0], NOTE_BYTES_MAX, &lines);
    if (e == OK)
        e = journal_cosign(&app.ctx, keys, count, lines, &added);
    if (e == OK && args.json)
        printf("{\"added\":%zu}\n", added);
    else if (e == OK)
        printf(cli_text("新增见证签名 %zu 个\n", "cosignatures added: %zu\n"), added);
    status = e == OK ? 0 : cli_fail(&args, e, args.positional[0], NULL);
    app_close(&app);
    return status;
}
