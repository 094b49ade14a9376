/* app/cmd_import.c - mingqian import targets|items|joint-items|inspectors|experts|recusals FILE… */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "data_dir.h"
#include "mod/import/import.h"
#include "threads.h"

static const struct cli_option OPTIONS[] = {
    {"dry-run", NULL, "只检查和计数,不入库", "check and count only, store nothing"},
    {"sheet", "NAME", "XLSX 的工作表,默认第一张", "worksheet of an XLSX file, default the first"},
    {"rejects", "FILE", "不合格的行写到哪里,默认 FILE.rejects.csv(只能用于单个文件)",
     "where bad rows go, default FILE.rejects.csv (for a single file)"},
    {"department", "CODE", "没有写部门、或所写部门未登记的事项、人员归哪个部门",
     "department of items and inspectors that name none, or none that is registered"},
    {"draft", NULL, "事项作为草案入库,默认视为已公布", "items enter as drafts, by default as published"},
};

struct bar { /* progress of one file, phase by phase */
    const struct cli_args *args;
    struct cli_progress progress;
    int phase;
    struct timespec start;
    double stored_seconds; /* until the rows were durable; the index of names comes after */
};

static double
seconds_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double) (now.tv_sec - start->tv_sec) + (double) (now.tv_nsec - start->tv_nsec) / 1e9;
}

static void
show(void *ctx, enum import_phase phase, uint64_t done, uint64_t total)
{
    static const char *const ZH[] = {"读取", "入库", "检索"}, *const EN[] = {"reading", "storing",
                                                                             "indexing"};
    struct bar *b = ctx;

    if (b->phase != (int) phase) {
        if (b->phase >= 0)
            cli_progress_end(&b->progress);
        b->progress = cli_progress_start(b->args, cli_text(ZH[phase], EN[phase]), total);
        b->phase = (int) phase;
        if (phase == IMPORT_INDEXING)
            b->stored_seconds = seconds_since(&b->start);
    }
    cli_progress_step(&b->progress, done);
}

static void
print_json(const char *path, const struct import_options *o, const struct import_report *r,
           const struct bar *bar)
{
    fputs("{\"file\":", stdout);
    cli_json_string(str_of(path));
    printf(",\"kind\":\"%s\",\"dry_run\":%s,\"encoding\":\"%s\",\"sha256\":\"%s\"", import_kind_name(o->kind),
           o->dry_run ? "true" : "false", r->encoding, r->sha256);
    printf(",\"read\":%llu,\"new\":%llu,\"changed\":%llu,\"unchanged\":%llu,\"rejected\":%llu",
           (unsigned long long) r->read, (unsigned long long) r->added, (unsigned long long) r->changed,
           (unsigned long long) r->unchanged, (unsigned long long) r->rejected);
    printf(",\"region_derived\":%llu,\"organisation_warnings\":%llu", (unsigned long long) r->region_derived,
           (unsigned long long) r->organisation_warnings);
    printf(",\"stored_seconds\":%.3f,\"seconds\":%.3f", bar->stored_seconds, seconds_since(&bar->start));
    fputs(",\"unused_columns\":", stdout);
    cli_json_string(str_of(r->unused));
    fputs(",\"rejects\":", stdout);
    if (r->rejected > 0)
        cli_json_string(str_of(r->rejects));
    else
        fputs("null", stdout);
    fputs("}", stdout);
}

static void
print_text(const char *path, const struct import_options *o, const struct import_report *r)
{
    printf(cli_text("%s:%s读 %llu 行:新增 %llu,变更 %llu,未变 %llu,不合格 %llu\n",
                    "%s: %s%llu rows read: %llu new, %llu changed, %llu unchanged, %llu rejected\n"),
           path, o->dry_run ? cli_text("(预演,未入库)", "(dry run) ") : "", (unsigned long long) r->read,
           (unsigned long long) r->added, (unsigned long long) r->changed, (unsigned long long) r->unchanged,
           (unsigned long long) r->rejected);
    if (r->region_derived > 0)
        printf(cli_text("  %llu 行的区划取自代码第 3-8 位,已作标记\n",
                        "  %llu rows: the region was taken from characters 3-8 of the code, and marked so\n"),
               (unsigned long long) r->region_derived);
    if (r->organisation_warnings > 0)
        printf(cli_text("  %llu 个代码的主体标识码(第 9-17 位)校验不符,已收下,请核实\n",
                        "  %llu codes: the organisation part (characters 9-17) fails its own check; "
                        "accepted, please verify\n"),
               (unsigned long long) r->organisation_warnings);
    if (r->unused[0] != '\0')
        printf(cli_text("  未使用的列:%s\n", "  columns not used: %s\n"), r->unused);
    if (r->rejected > 0)
        printf(cli_text("  不合格的行及原因:%s\n", "  rejected rows and reasons: %s\n"), r->rejects);
}

static enum err
one_file(struct app *app, const struct cli_args *args, struct import_options *o, const char *path, bool first)
{
    struct bar bar = {.args = args, .phase = -1};
    struct import_report report;
    enum err e;

    o->path = path;
    o->progress = show;
    o->progress_ctx = &bar;
    clock_gettime(CLOCK_MONOTONIC, &bar.start);
    e = import_run(&app->ctx, o, &report);
    if (bar.phase != IMPORT_INDEXING)
        bar.stored_seconds = seconds_since(&bar.start);
    if (bar.phase >= 0)
        cli_progress_end(&bar.progress);
    if (e != OK) {
        if (report.error_line > 0 && app->ctx.why[0] == '\0')
            return ctx_refuse(
                &app->ctx, e,
                cli_text("第 %llu 行,整个文件未导入", "line %llu; nothing of this file was imported"),
                (unsigned long long) report.error_line);
        return e;
    }
    if (args->json) {
        fputs(first ? "" : ",", stdout);
        print_json(path, o, &report, &bar);
    } else {
        print_text(path, o, &report);
    }
    return OK;
}

int
cmd_import(const struct cli_command *self, int argc, char **argv)
{
    struct threads threads = {.count = 2};
    struct import_options o = {.cancelled = cli_cancelled};
    struct cli_args args;
    struct app app;
    const char *place = NULL;
    bool list = false;
    int status = 0;
    enum err e;

    if (!cli_parse(self, OPTIONS, sizeof OPTIONS / sizeof *OPTIONS, 2, CLI_POSITIONAL_MAX, argc, argv, &args,
                   &status))
        return status;
    if (import_kind_parse(str_of(args.positional[0]), &o.kind) != OK)
        return cli_fail(&args, ERR_USAGE, args.positional[0], "targets items inspectors experts recusals");
    if (args.positional_count > 2 && cli_has(&args, "rejects"))
        return cli_fail(&args, ERR_USAGE, "--rejects",
                        cli_text("只能用于单个文件", "for a single file only"));
    o.sheet = cli_value(&args, "sheet");
    o.rejects = cli_value(&args, "rejects");
    o.department = str_of(cli_value(&args, "department"));
    o.dry_run = cli_has(&args, "dry-run");
    o.draft = cli_has(&args, "draft");
    o.chinese = cli_chinese();
    o.runner = threads_runner(&threads);
    e = app_open(&args, &app);
    if (e != OK)
        return err_exit_status(e);
    cli_catch_signals();
    list = args.json && args.positional_count > 2;
    fputs(list ? "[" : "", stdout);
    for (size_t i = 1; i < args.positional_count && e == OK; i++) {
        place = args.positional[i];
        e = one_file(&app, &args, &o, place, i == 1);
    }
    if (args.json && !list && e == OK)
        puts("");
    if (list && e != OK && place != args.positional[1]) /* the refusal is the last element */
        fputs(",", stdout);
    status = app_finish(&args, &app, e, place);
    fputs(list ? "]\n" : "", stdout);
    return status;
}
