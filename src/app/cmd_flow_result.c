/* app/cmd_flow_result.c - results on the command line: one, or a file of them (regulation 二(六)) */
#include <stdlib.h>
#include <string.h>

#include "cmd_flow.h"
#include "core/calendar.h"
#include "data/data.h"
#include "format/table.h"
#include "mod/result/result.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
enum { BATCH_ROWS = 500, PAGE_ROWS = 1000, PAGE_TRIES = 5 };

/* --- words of codes --------------------------------------------------------------------------------------------------- */

/* A result by id or by its Chinese name (data/results.csv); anything else as it came, to be refused by the module. */
static struct str
code_id(struct str word)
{
    struct str rest = data_find(STR("results.csv")), line, fields[3];

    while (data_line(&rest, &line))
        if (data_fields(line, fields, COUNT(fields)) >= 2 && str_eq(fields[1], word))
            return fields[0];
    return word;
}

/* Codes separated by ";" "；" or "、". */
static enum err
read_codes(struct ctx *c, struct str text, struct texts *out)
{
    struct str head, tail = text;
    char *plain;

    out->v = arena_array(c->arena, RESULT_CODES_MAX + 1, sizeof *out->v);
    plain = str_z(c->arena, text);
    if (out->v == NULL || plain == NULL)
        return ERR_MEMORY;
    for (char *at = plain; *at != '\0'; at++)
        if (strncmp(at, "；", 3) == 0 || strncmp(at, "、", 3) == 0)
            memcpy(at, ";  ", 3);
    tail = str_of(plain);
    out->count = 0;
    while (tail.n > 0 && out->count <= RESULT_CODES_MAX) {
        (void) str_split(tail, ';', &head, &tail);
        out->v[out->count++] = code_id(str_trim(head));
    }
    return out->count > RESULT_CODES_MAX ? ERR_TOO_LARGE : OK;
}

static enum err
read_day(struct ctx *c, struct str text, int64_t *day)
{
    *day = day_of_us(c->now_us);
    return text.n == 0 ? OK : day_parse(text, day);
}

/* --- enter ------------------------------------------------------------------------------------------------------------ */

static const struct cli_option ENTER_OPTIONS[] = {
    {"code", "CODE", "检查结果(代码或中文),可多次", "result (id or Chinese name), may be repeated"},
    {"day", "DAY", "结果产生日期(默认今天)", "day on which it was produced (default today)"},
    {"detail", "TEXT", "说明", "details"},
    {"file", "FILE", "CSV 或 XLSX:对象 事项 结果 日期 说明", "CSV or XLSX: target, item, codes, day, detail"},
};

struct entering {
    struct flow *f;
    uint64_t entered, no_due;
    int columns[5]; /* target, item, codes, day, detail; -1 = not there */
    uint64_t line;
};

static enum err
enter_one(struct entering *n, const struct result_entry *r)
{
    struct opt_i64 due;
    enum err e = result_enter_paper(&n->f->app.ctx, r, &due);

    if (e == OK) {
        n->entered++;
        n->no_due += !due.set;
    }
    return e;
}

static const char *const COLUMNS[5][4] = {{"target", "对象", "统一社会信用代码", "检查对象"},
                                          {"item", "事项", "事项编码", "抽查事项"},
                                          {"codes", "结果", "检查结果", "code"},
                                          {"day", "日期", "检查日期", "produced_day"},
                                          {"detail", "说明", "备注", "remarks"}};

static enum err
read_header(struct entering *n, const struct table_row *row)
{
    for (int k = 0; k < 5; k++) {
        n->columns[k] = -1;
        for (size_t i = 0; i < row->count; i++)
            for (int w = 0; w < 4; w++)
                if (str_eq(str_trim(row->cells[i]), str_of(COLUMNS[k][w])))
                    n->columns[k] = (int) i;
        if (n->columns[k] < 0 && k < 3)
            return ctx_refuse(&n->f->app.ctx, ERR_INPUT, "column %s is missing", COLUMNS[k][0]);
    }
    return OK;
}

static struct str
cell(const struct entering *n, const struct table_row *row, int k)
{
    int i = n->columns[k];

    return i < 0 || (size_t) i >= row->count ? (struct str) {0} : str_trim(row->cells[i]);
}

static enum err
enter_row(struct entering *n, const struct table_row *row)
{
    struct ctx *c = &n->f->app.ctx;
    struct result_entry r = {.key = {flow_arg(n->f, 0), cell(n, row, 0), cell(n, row, 1)}, .detail = cell(n, row, 4)};
    enum err e = row->problem;

    if (e == OK)
        e = read_codes(c, cell(n, row, 2), &r.codes);
    if (e == OK)
        e = read_day(c, cell(n, row, 3), &r.produced_day);
    if (r.detail.n == 0)
        r.detail = (struct str) {0};
    return e == OK ? enter_one(n, &r) : e;
}

/* Some hundred rows share one transaction; a bad row stops the file with its line, what came before stays. */
static enum err
enter_batch(struct entering *n, struct table_reader *t, bool *end)
{
    struct ctx *c = &n->f->app.ctx;
    size_t mark = arena_mark(c->arena);
    struct table_row row;
    enum err bad = OK, e = db_begin(c->db);

    for (int i = 0; e == OK && bad == OK && !*end && i < BATCH_ROWS; i++) {
        bad = table_next(t, &row);
        *end = bad == OK && row.count == 0;
        n->line = row.line;
        if (bad == OK && !*end)
            bad = enter_row(n, &row);
    }
    if (e == OK)
        e = db_end(c->db, OK);
    arena_rewind(c->arena, mark);
    return e != OK ? e : bad;
}

static enum err
enter_file(struct entering *n, const char *path)
{
    struct table_reader *t = NULL;
    struct table_row row;
    bool end = false;
    enum err e = table_open(path, NULL, &t);

    if (e == OK)
        e = table_next(t, &row);
    n->line = 1;
    if (e == OK)
        e = row.count == 0 ? ERR_INPUT : read_header(n, &row);
    while (e == OK && !end)
        e = enter_batch(n, t, &end);
    table_close(t);
    return e;
}

static enum err
enter_argument(struct entering *n)
{
    struct flow *f = n->f;
    struct result_entry r = {.key = {flow_arg(f, 0), flow_arg(f, 1), flow_arg(f, 2)}, .detail = flow_value(f, "detail")};
    size_t count;
    const char *const *codes = cli_values(&f->args, "code", &count);
    enum err e = f->args.positional_count == 3 && count > 0 && count <= RESULT_CODES_MAX ? OK : ERR_USAGE;

    r.codes.v = arena_array(f->app.ctx.arena, count + 1, sizeof *r.codes.v);
    if (e == OK && r.codes.v == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < count; i++)
        r.codes.v[r.codes.count++] = code_id(str_of(codes[i]));
    if (e == OK)
        e = read_day(&f->app.ctx, flow_value(f, "day"), &r.produced_day);
    return e == OK ? enter_one(n, &r) : e;
}

int
cmd_result_enter(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct entering n = {.f = &f};
    char place[600];
    const char *file;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {ENTER_OPTIONS, COUNT(ENTER_OPTIONS), 1, 3}, argc, argv, &status))
        return status;
    file = cli_value(&f.args, "file");
    e = file != NULL ? enter_file(&n, file) : enter_argument(&n);
    snprintf(place, sizeof place, "%.500s", file != NULL ? file : f.args.positional[0]);
    if (file != NULL && e != OK)
        snprintf(place, sizeof place, "%.500s:%llu", file, (unsigned long long) n.line);
    if (n.no_due > 0)
        fprintf(stderr, cli_text("警告:工作日历缺少所需年份,%llu 条结果的公示期限未知\n",
                                 "warning: the calendar lacks a year, the last day of %llu results is unknown\n"),
                (unsigned long long) n.no_due);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say_number(&a, "entered", (int64_t) n.entered);
        flow_say_number(&a, "due_unknown", (int64_t) n.no_due);
        flow_say_end(&a);
    }
    return flow_close(&f, e, place);
}

/* --- review, publish, withhold, correct: one result, or all of a task in the right state -------------------------------- */

typedef enum err (*result_act)(struct flow *f, const struct result_key *k, bool *changed);

struct page {
    struct str after_target, after_item;
    size_t count; /* rows of the last page */
};

/* Calls act for the results of the next page that are in `state`, in one transaction. */
static enum err
do_page(struct flow *f, const char *state, result_act act, struct page *p, uint64_t *done)
{
    struct ctx *c = &f->app.ctx;
    struct result_list_row *rows = NULL;
    struct page next = *p;
    uint64_t changed = 0;
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = result_list(c->db, c->arena,
                    &(struct result_list_in) {flow_arg(f, 0), p->after_target, p->after_item, PAGE_ROWS}, &rows, &next.count);
    for (size_t i = 0; e == OK && i < next.count; i++)
        if (str_eq(rows[i].state, str_of(state))) {
            bool did = false; /* someone else may have been faster since the list was read */

            e = act(f, &(struct result_key) {flow_arg(f, 0), rows[i].target, rows[i].item}, &did);
            changed += e == OK && did;
        }
    if (e == OK && next.count > 0) {
        next.after_target = rows[next.count - 1].target;
        next.after_item = rows[next.count - 1].item;
    }
    e = db_end(c->db, e);
    if (e == OK) {
        *p = next;
        *done += changed;
    }
    return e;
}

/* All pages. A page that someone else is working through at the same time is looked at again. */
static enum err
for_all(struct flow *f, const char *state, result_act act, uint64_t *done)
{
    struct page p = {STR(" "), STR(" "), PAGE_ROWS};
    enum err e = OK;

    for (int tries = 0; p.count == PAGE_ROWS && tries < PAGE_TRIES; tries++) {
        size_t before = *done;
        struct str at = p.after_target;

        e = do_page(f, state, act, &p, done);
        if (e != OK && e != ERR_STATE && e != ERR_EXISTS && e != ERR_BUSY)
            return e;
        if (e == OK && (*done != before || p.after_target.p != at.p))
            tries = -1;
    }
    return e;
}

static int
act_on(struct flow *f, const char *state, result_act act)
{
    uint64_t done = 0;
    bool changed = false;
    enum err e = OK;

    if (cli_has(&f->args, "all"))
        e = for_all(f, state, act, &done);
    else if (f->args.positional_count == 3) {
        e = act(f, &(struct result_key) {flow_arg(f, 0), flow_arg(f, 1), flow_arg(f, 2)}, &changed);
        done = e == OK && changed;
    } else
        e = ctx_refuse(&f->app.ctx, ERR_USAGE, "TASK TARGET ITEM, or TASK --all");
    if (e == OK) {
        struct flow_answer a = flow_answer(f);

        flow_say_number(&a, "changed", (int64_t) done);
        flow_say_end(&a);
    }
    return flow_close(f, e, f->args.positional[0]);
}

static const struct cli_option REVIEW_OPTIONS[] = {
    {"all", NULL, "任务的全部待审结果", "all entered results of the task"},
    {"return", NULL, "退回", "return it"},
    {"opinion", "TEXT", "意见(退回时必填)", "opinion (required for a return)"},
};

static enum err
review(struct flow *f, const struct result_key *k, bool *changed)
{
    return result_review(&f->app.ctx, k, !cli_has(&f->args, "return"), flow_value(f, "opinion"), changed);
}

int
cmd_result_review(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    int status = 0;

    if (!flow_open(&f, self, (struct flow_options) {REVIEW_OPTIONS, COUNT(REVIEW_OPTIONS), 1, 3}, argc, argv, &status))
        return status;
    return act_on(&f, "entered", review);
}

static const struct cli_option ALL_OPTION[] = {{"all", NULL, "任务的全部已审结果", "all approved results of the task"}};

static enum err
publish(struct flow *f, const struct result_key *k, bool *changed)
{
    return result_publish(&f->app.ctx, k, changed);
}

int
cmd_result_publish(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    int status = 0;

    if (!flow_open(&f, self, (struct flow_options) {ALL_OPTION, 1, 1, 3}, argc, argv, &status))
        return status;
    return act_on(&f, "approved", publish);
}

static const struct cli_option WITHHOLD_OPTIONS[] = {{"reason", "LAW", "不公开的法律依据(必填)", "the law and its article (required)"}};

static enum err
withhold(struct flow *f, const struct result_key *k, bool *changed)
{
    *changed = true;
    return result_withhold(&f->app.ctx, k, flow_value(f, "reason"));
}

int
cmd_result_withhold(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    int status = 0;

    if (!flow_open(&f, self, (struct flow_options) {WITHHOLD_OPTIONS, 1, 3, 3}, argc, argv, &status))
        return status;
    return act_on(&f, "approved", withhold);
}

static const struct cli_option CORRECT_OPTIONS[] = {
    {"code", "CODE", "更正后的结果(多个用 ; 分开)", "the corrected result (several by ;)"},
    {"reason", "TEXT", "更正原因(必填)", "why (required)"},
};

static enum err
correct(struct flow *f, const struct result_key *k, bool *changed)
{
    struct texts codes;
    enum err e = read_codes(&f->app.ctx, flow_value(f, "code"), &codes);

    *changed = true;
    return e == OK ? result_correct(&f->app.ctx, k, &codes, flow_value(f, "reason")) : e;
}

int
cmd_result_correct(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    int status = 0;

    if (!flow_open(&f, self, (struct flow_options) {CORRECT_OPTIONS, COUNT(CORRECT_OPTIONS), 3, 3}, argc, argv, &status))
        return status;
    if (!cli_has(&f.args, "code"))
        return flow_close(&f, ctx_refuse(&f.app.ctx, ERR_USAGE, "--code"), "result");
    return act_on(&f, "published", correct);
}

/* --- lists ------------------------------------------------------------------------------------------------------------- */

static void
say_due(const struct flow *f, const struct result_due_row *r, bool first)
{
    char due[DAY_TEXT + 1] = "-", produced[DAY_TEXT + 1];

    if (r->due_day.set)
        day_format(r->due_day.v, due);
    day_format(r->produced_day, produced);
    if (!f->args.json) {
        printf("%s  %s  %s  %s  %s\n", due, r->state.p, r->department.p, r->target.p, r->item.p);
        return;
    }
    printf("%s{\"target\":\"%s\",\"task\":\"%s\",\"item\":", first ? "" : ",", r->target.p, r->task.p);
    cli_json_string(r->item);
    printf(",\"department\":\"%s\",\"state\":\"%s\",\"produced\":\"%s\",\"due\":\"%s\"}", r->department.p, r->state.p, produced,
           due);
}

int
cmd_result_overdue(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct result_due_row *rows = NULL;
    size_t count = 0;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 0, 0}, argc, argv, &status))
        return status;
    e = result_overdue(&f.app.ctx, day_of_us(f.app.ctx.now_us), &rows, &count);
    fputs(e == OK && f.args.json ? "{\"overdue\":[" : "", stdout);
    for (size_t i = 0; e == OK && i < count; i++)
        say_due(&f, &rows[i], i == 0);
    fputs(e == OK && f.args.json ? "]}\n" : "", stdout);
    return flow_close(&f, e, "result");
}
