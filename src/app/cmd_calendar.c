/* app/cmd_calendar.c - mingqian calendar import|due: the working-day calendar 工作日历 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "data_dir.h"
#include "format/table.h"
#include "mod/result/result.h"
#include "mod/workday/workday.h"

enum { DAYS_MAX = 10000, DUE_MAX = 250, STEPS_MAX = 800, PLACE_BYTES = 1200 };

/* --- import: date,off,name --------------------------------------------------------------------------------------------- */

/* One row: 日期 | 休(1)班(0) | 名称. The header row has no date and is passed over when it comes first. */
static enum err
read_row(struct ctx *c, const struct table_row *row, struct workday *out)
{
    enum err e;

    if (row->problem != OK || row->count < 2)
        return row->problem != OK ? row->problem : ERR_MISSING;
    if ((e = day_parse(row->cells[0], &out->day)) != OK)
        return e;
    if (!str_eq(row->cells[1], STR("0")) && !str_eq(row->cells[1], STR("1")))
        return ctx_refuse(c, ERR_INPUT, "%s", "off: 1 = 休, 0 = 班");
    out->off = str_eq(row->cells[1], STR("1"));
    out->name = row->count > 2 ? str_copy(c->arena, row->cells[2]) : (struct str) {0};
    return OK;
}

static enum err
read_days(struct ctx *c, const char *path, struct workday *days, size_t *count, uint64_t *line)
{
    struct table_reader *table;
    struct table_row row;
    bool first = true;
    enum err e = table_open(path, NULL, &table);

    *count = 0;
    *line = 0;
    if (e != OK)
        return e;
    while ((e = table_next(table, &row)) == OK && row.count > 0) {
        *line = row.line;
        e = *count == DAYS_MAX ? ERR_TOO_LARGE : read_row(c, &row, &days[*count]);
        if (e == OK)
            ++*count;
        else if (!first)
            break;
        first = false;
    }
    table_close(table);
    return e == OK && *count == 0 ? ERR_MISSING : e;
}

/* The calendar, and the last days of the open results by it. */
static enum err
take(struct ctx *c, struct str version, const struct workday *days, size_t count, uint64_t *redated)
{
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = workday_import(c, version, days, count);
    return db_end(c->db, e == OK ? result_recalendar(c, redated) : e);
}

static const struct cli_option IMPORT_OPTIONS[] = {
    {"version", "NAME", "版本名,按时间排序,如 2026-11(最新通知的月份)", "name of the version, sorting by time: 2026-11"},
};

int
cmd_calendar_import(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    struct app app;
    struct workday *days;
    char place[PLACE_BYTES];
    uint64_t line = 0, redated = 0;
    size_t count;
    int status = 0;
    enum err e;

    if (!cli_parse(self, IMPORT_OPTIONS, 1, 1, 1, argc, argv, &args, &status))
        return status;
    if (!cli_has(&args, "version"))
        return cli_fail(&args, ERR_USAGE, "--version", NULL);
    if ((e = app_open(&args, &app)) != OK)
        return err_exit_status(e);
    days = arena_array(&app.arena, DAYS_MAX, sizeof *days);
    e = days == NULL ? ERR_MEMORY : read_days(&app.ctx, args.positional[0], days, &count, &line);
    snprintf(place, sizeof place, "%.1000s:%llu", args.positional[0], (unsigned long long) line);
    if (e == OK)
        e = take(&app.ctx, str_of(cli_value(&args, "version")), days, count, &redated);
    if (e == OK && args.json)
        printf("{\"days\":%zu,\"redated\":%llu}\n", count, (unsigned long long) redated);
    else if (e == OK)
        printf(cli_text("已导入 %zu 天,%llu 项检查结果的期限随之调整\n", "%zu days imported, the last days of %llu results changed\n"),
               count, (unsigned long long) redated);
    return app_finish(&args, &app, e, place);
}

/* --- due: the clock that lists each counted day ---------------------------------------------------------------------------- */

static const struct cli_option DUE_OPTIONS[] = {
    {"days", "N", "工作日数(默认 20)", "working days (default 20)"},
};

static void
print_step(const struct calendar_step *s, bool json, bool first)
{
    static const char *const ZH[] = {"工作日", "调休上班", "周末", "放假"},
                             *const EN[] = {"working day", "make-up day", "weekend", "holiday"},
                             *const ID[] = {"workday", "make_up", "weekend", "holiday"};
    char day[16];

    day_format(s->day, day);
    if (json)
        printf("%s{\"day\":\"%s\",\"why\":\"%s\",\"number\":%u}", first ? "" : ",", day, ID[s->why], s->number);
    else if (s->number != 0)
        printf("%3u  %s  %s\n", s->number, day, cli_text(ZH[s->why], EN[s->why]));
    else
        printf("  -  %s  %s\n", day, cli_text(ZH[s->why], EN[s->why]));
}

static enum err
print_due(const struct cli_args *args, struct ctx *c, int64_t from, unsigned n)
{
    struct calendar calendar;
    struct calendar_step steps[STEPS_MAX];
    char due[16];
    size_t count;
    enum err e = workday_calendar(c, &calendar);

    if (e == OK)
        e = calendar_explain(&calendar, from, n, steps, STEPS_MAX, &count);
    if (e != OK)
        return e;
    day_format(count == 0 ? from : steps[count - 1].day, due);
    if (args->json)
        printf("{\"due\":\"%s\",\"steps\":[", due);
    for (size_t i = 0; i < count; i++)
        print_step(&steps[i], args->json, i == 0);
    if (args->json)
        puts("]}");
    else
        printf(cli_text("到期 %s(日历版本 %.*s)\n", "due %s (calendar %.*s)\n"), due, (int) calendar.version.n,
               calendar.version.p);
    return OK;
}

int
cmd_calendar_due(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    struct app app;
    uint64_t n;
    int64_t from;
    int status = 0;
    enum err e;

    if (!cli_parse(self, DUE_OPTIONS, 1, 1, 1, argc, argv, &args, &status))
        return status;
    if (!cli_number(&args, "days", DUE_MAX, 20, &n))
        return err_exit_status(ERR_USAGE);
    if ((e = day_parse(str_of(args.positional[0]), &from)) != OK)
        return cli_fail(&args, e, args.positional[0], "YYYY-MM-DD");
    if ((e = app_open(&args, &app)) != OK)
        return err_exit_status(e);
    e = print_due(&args, &app.ctx, from, (unsigned) n);
    status = e == OK ? 0 : cli_fail(&args, e, args.positional[0], NULL);
    app_close(&app);
    return status;
}
