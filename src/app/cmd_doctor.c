/* app/cmd_doctor.c - mingqian doctor: is this installation whole? Each check says what it found and what to do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "commands.h"
#include "core/draw_run.h"
#include "data_dir.h"
#include "format/pdf.h"
#include "mod/drawing/drawing.h"
#include "mod/journal/journal_keys.h"
#include "mod/journal/log_fsck.h"
#include "mod/journal_sql.h"
#include "mod/workday/workday.h"

enum { DRAWS_PAGE = 200, SPACE_WARN_MIB = 512, TEXT_BYTES = 512 };

enum finding { FINE, WARN, BAD };

/* The findings so far. */
struct doctor {
    const struct cli_args *args;
    struct app *app;
    unsigned count, warnings, failures;
};

static void
report(struct doctor *d, enum finding f, const char *what, const char *detail)
{
    static const char *const ZH[] = {"正常", "注意", "故障"}, *const EN[] = {"ok", "warning", "failed"};
    static const char *const COLOUR[] = {"\033[32m", "\033[33m", "\033[31m"};
    bool colour = !d->args->json && cli_colour(1);

    d->warnings += f == WARN;
    d->failures += f == BAD;
    if (d->args->json) {
        printf("%s{\"state\":\"%s\",\"check\":", d->count == 0 ? "" : ",", EN[f]);
        cli_json_string(str_of(what));
        fputs(",\"detail\":", stdout);
        cli_json_string(str_of(detail));
        putchar('}');
    } else {
        printf("[%s%s%s] %s%s%s\n", colour ? COLOUR[f] : "", cli_text(ZH[f], EN[f]), colour ? "\033[0m" : "", what,
               *detail == '\0' ? "" : ": ", detail);
    }
    d->count++;
}

static void
check_database(struct doctor *d)
{
    enum err e = db_check(d->app->db);

    report(d, e == OK ? FINE : BAD, cli_text("数据库完整", "database is undamaged"),
           e == OK ? d->app->config.database : cli_text("请从备份恢复(mingqian restore)", "restore from a backup"));
}

static void
check_keys(struct doctor *d)
{
    struct journal_keys keys;
    enum err e = journal_keys_load(&d->app->ctx, &keys);

    journal_keys_forget(&keys);
    report(d, e == OK ? FINE : BAD, cli_text("日志密钥可用且只有本账号可读", "log key is there and private"),
           e == OK ? "" : cli_text(err_zh(e), err_en(e)));
}

/* Deadlines need this year and, from November on, the next one. */
static void
check_calendar(struct doctor *d)
{
    struct calendar calendar;
    int64_t today = day_of_us(d->app->ctx.now_us), due;
    enum err e = workday_calendar(&d->app->ctx, &calendar);

    if (e == OK)
        e = calendar_add_working_days(&calendar, today, 20, &due);
    report(d, e == OK ? FINE : e == ERR_CALENDAR ? WARN : BAD,
           cli_text("工作日历覆盖今后 20 个工作日", "the calendar covers the next 20 working days"),
           e == OK ? "" : cli_text("请导入国务院最新放假安排,在此之前新结果没有到期日",
                                   "import the newest holiday notice; until then new results have no due day"));
}

static void
check_journal(struct doctor *d)
{
    struct journal_count_row all;
    struct journal_leaf_count_row placed;
    char text[TEXT_BYTES] = "";
    enum err e = journal_count(d->app->db, d->app->ctx.arena, &all);

    if (e == OK)
        e = journal_leaf_count(d->app->db, d->app->ctx.arena, &placed);
    if (e == OK)
        snprintf(text, sizeof text, cli_text("%lld 条,待入日志 %lld 条", "%lld entries, %lld waiting"),
                 (long long) all.count, (long long) (all.count - placed.count));
    report(d, e != OK ? BAD : all.count == placed.count ? FINE : WARN,
           cli_text("留痕已全部进入日志", "every journal entry is in the log"), text);
}

static void
check_log(struct doctor *d)
{
    char dir[APP_PATH_BYTES + 8], text[TEXT_BYTES];
    struct log_fsck options = {.dir = dir};
    struct log_fsck_report found;
    struct log_fault fault = {0};
    void *block = malloc(LOG_FSCK_ARENA_BYTES);
    struct arena a = arena_over(block, block == NULL ? 0 : LOG_FSCK_ARENA_BYTES);
    enum err e;

    snprintf(dir, sizeof dir, "%s/log", d->app->dir);
    e = block == NULL ? ERR_MEMORY : log_fsck(&options, &a, &found, &fault);
    if (e == OK)
        snprintf(text, sizeof text, cli_text("%llu 条,%llu 个文件", "%llu entries, %llu files"),
                 (unsigned long long) found.entry_count, (unsigned long long) found.file_count);
    else
        snprintf(text, sizeof text, "%s:%llu: %s", fault.file, (unsigned long long) fault.byte,
                 cli_text(fault.zh == NULL ? err_zh(e) : fault.zh, fault.en == NULL ? err_en(e) : fault.en));
    report(d, e == OK ? FINE : BAD, cli_text("公布的日志可以从头重算", "the published log re-derives"), text);
    free(block);
}

/* The digest of a published document against the database. */
static enum err
check_document(struct doctor *d, const struct drawing_list_row *draw, enum hash_suite suite, enum draw_file file,
               struct str want)
{
    struct drawing_key key = {draw->draw, draw->attempt};
    unsigned char digest[HASH_LEN];
    char hex[HASH_HEX_LEN];
    struct str bytes;
    enum err e = drawing_map(&d->app->ctx, key, draw_file_name(file), &bytes);

    if (e != OK)
        return e;
    hash_of(suite, bytes.p, bytes.n, digest);
    drawing_unmap(bytes);
    hex_encode(digest, HASH_LEN, hex);
    return str_eq(want, (struct str) {hex, HASH_HEX_LEN}) ? OK : ERR_DIGEST;
}

static enum err
check_draw(struct doctor *d, const struct drawing_list_row *draw)
{
    struct drawing_get_row row;
    enum hash_suite suite;
    enum err e = drawing_get(d->app->db, d->app->ctx.arena, &(struct drawing_get_in) {draw->draw, draw->attempt}, &row);

    if (e == OK)
        e = hash_suite_parse(row.suite, &suite);
    if (e == OK && row.draw_digest.p != NULL)
        e = check_document(d, draw, suite, DRAW_DRAW, row.draw_digest);
    if (e == OK && row.lock_digest.p != NULL)
        e = check_document(d, draw, suite, DRAW_LOCK, row.lock_digest);
    if (e == OK && row.result_digest.p != NULL)
        e = check_document(d, draw, suite, DRAW_RESULT, row.result_digest);
    return e;
}

static void
check_draws(struct doctor *d)
{
    struct drawing_list_in from = {STR(" "), 0, DRAWS_PAGE}; /* before every number */
    struct drawing_list_row *rows;
    size_t count = DRAWS_PAGE, total = 0;
    char text[TEXT_BYTES];
    enum err e = OK;

    while (e == OK && count == DRAWS_PAGE) {
        e = drawing_list(d->app->db, d->app->ctx.arena, &from, &rows, &count);
        for (size_t i = 0; e == OK && i < count; i++, total++) {
            from.after_draw = rows[i].draw;
            from.after_attempt = rows[i].attempt;
            e = check_draw(d, &rows[i]);
        }
    }
    if (e == OK)
        snprintf(text, sizeof text, cli_text("%zu 次", "%zu attempts"), total);
    else
        snprintf(text, sizeof text, "%.*s: %s", (int) from.after_draw.n, from.after_draw.p,
                 cli_text(err_zh(e), err_en(e)));
    report(d, e == OK ? FINE : BAD, cli_text("抽取文件与登记的摘要一致", "files of draws have their recorded digests"), text);
}

/* Unannounced checks: their secrets are due on a day. */
static void
check_disclosures(struct doctor *d)
{
    struct drawing_undisclosed_row *rows;
    size_t count = 0;
    char text[TEXT_BYTES] = "";
    enum err e = drawing_undisclosed(d->app->db, d->app->ctx.arena,
                                     &(struct drawing_undisclosed_in) {day_of_us(d->app->ctx.now_us)}, &rows, &count);

    if (e == OK && count > 0)
        snprintf(text, sizeof text, cli_text("%s 等 %zu 次逾期:请运行 mingqian draw disclose",
                                             "%s and others, %zu overdue: run mingqian draw disclose"),
                 rows[0].draw.p, count);
    report(d, e != OK ? BAD : count > 0 ? WARN : FINE,
           cli_text("突击检查的随机数已按期公布", "secrets of unannounced checks are published in time"), text);
}

static void
check_space(struct doctor *d)
{
    struct statvfs fs;
    char text[TEXT_BYTES];
    unsigned long long mib = 0;

    if (statvfs(d->app->dir, &fs) == 0)
        mib = (unsigned long long) fs.f_bavail * fs.f_frsize >> 20;
    snprintf(text, sizeof text, "%llu MiB", mib);
    report(d, mib < SPACE_WARN_MIB ? WARN : FINE, cli_text("磁盘空间", "free space"), text);
}

/* Notices, records and certificates are PDF files in Chinese. */
static void
check_font(struct doctor *d)
{
    char name[TEXT_BYTES];
    enum err e = pdf_font(name, sizeof name);

    report(d, e == OK ? FINE : BAD, cli_text("有中文字体,可以生成 PDF 文书", "a Chinese font for PDF files"),
           e == OK ? name : cli_text(err_zh(e), err_en(e)));
}

int
cmd_doctor(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    struct app app;
    struct doctor d = {.args = &args, .app = &app};
    int status = 0;
    enum err e;

    if (!cli_parse(self, NULL, 0, 0, 0, argc, argv, &args, &status))
        return status;
    if ((e = app_open(&args, &app)) != OK)
        return err_exit_status(e);
    if (args.json)
        fputs("{\"checks\":[", stdout);
    check_database(&d);
    check_keys(&d);
    check_calendar(&d);
    check_journal(&d);
    check_log(&d);
    check_draws(&d);
    check_disclosures(&d);
    check_space(&d);
    check_font(&d);
    app_close(&app);
    if (args.json)
        printf("],\"warnings\":%u,\"failures\":%u}\n", d.warnings, d.failures);
    return d.failures == 0 ? 0 : 1;
}
