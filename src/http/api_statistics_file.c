/* http/api_statistics_file.c - all figures in one table, as CSV, XLSX or PDF: a line for each unit, those without any result too, in
 * their fixed order */
#include <stdio.h>

#include "api_file.h"
#include "api_handlers.h"
#include "api_statistics.h"
#include "core/calendar.h"
#include "format/pdf.h"
#include "format/sheet.h"

enum { COLUMNS = 22, CELL_BYTES = 24 };

struct table {
    struct api *q;
    struct sheet *sheet; /* one of the two */
    struct pdf *pdf;
    char cells[COLUMNS][CELL_BYTES];
};

static const struct str HEAD[COLUMNS] = {
    {"分组", 6},          {"名称", 6},         {"名录库户数", 15}, {"已抽户数", 12},     {"覆盖率", 9},         {"应检查户次", 15},
    {"已检查户次", 15},   {"联合户次", 12},    {"联合率", 9},      {"按计划户次", 15},   {"按计划检查率", 18},  {"已公示户次", 15},
    {"完成率", 9},        {"完结率", 9},       {"检查结果", 12},   {"已公示结果", 15},   {"公示率", 9},         {"按时公示", 12},
    {"逾期后公示", 15},   {"逾期未公示", 15},  {"按时公示率", 15}, {"发现问题", 12}};

static struct str
number(struct table *t, size_t i, int64_t v)
{
    snprintf(t->cells[i], CELL_BYTES, "%lld", (long long) v);
    return str_of(t->cells[i]);
}

/* A share with two decimals; nothing where there is no whole. */
static struct str
share(struct table *t, size_t i, int64_t part, int64_t whole)
{
    int64_t bp = whole > 0 ? (part * 10000 + whole / 2) / whole : 0;

    if (whole <= 0)
        return NO_STR;
    snprintf(t->cells[i], CELL_BYTES, "%lld.%02lld%%", (long long) (bp / 100), (long long) (bp % 100));
    return str_of(t->cells[i]);
}

/* A sheet has all columns, a page of paper those that fit. */
static const size_t ON_PAPER[] = {0, 1, 2, 3, 4, 5, 6, 12, 13, 14, 15, 16, 19, 20, 8, 21};
enum { PAPER_COLUMNS = sizeof ON_PAPER / sizeof *ON_PAPER };

static enum err
put_cells(struct table *t, const struct str *cells)
{
    struct str paper[PAPER_COLUMNS];

    if (t->pdf == NULL)
        return sheet_row(t->sheet, cells, COLUMNS);
    for (size_t i = 0; i < PAPER_COLUMNS; i++)
        paper[i] = cells[ON_PAPER[i]];
    pdf_row(t->pdf, paper);
    return OK;
}

static enum err
put_line(struct table *t, const char *group, struct str name, const struct statistics_count *n)
{
    int64_t ended_in_time = n->in_time + n->late + n->overdue;
    struct str cells[COLUMNS] = {str_of(group),
                                 name,
                                 number(t, 2, n->targets),
                                 number(t, 3, n->drawn),
                                 share(t, 4, n->drawn, n->targets),
                                 number(t, 5, n->due),
                                 number(t, 6, n->checked),
                                 number(t, 7, n->joint),
                                 share(t, 8, n->joint, n->due),
                                 number(t, 9, n->planned),
                                 share(t, 10, n->planned, n->due),
                                 number(t, 11, n->shown),
                                 share(t, 12, n->shown, n->due),
                                 share(t, 13, n->ended, n->shown),
                                 number(t, 14, n->results),
                                 number(t, 15, n->published),
                                 share(t, 16, n->published, n->results - n->withheld),
                                 number(t, 17, n->in_time),
                                 number(t, 18, n->late),
                                 number(t, 19, n->overdue),
                                 share(t, 20, n->in_time, ended_in_time),
                                 number(t, 21, n->problems)};

    return put_cells(t, cells);
}

static enum err
put_group(struct table *t, const char *group, const struct statistics_table *lines)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < lines->count; i++)
        e = put_line(t, group, lines->v[i].name.n > 0 ? lines->v[i].name : lines->v[i].code, &lines->v[i].n);
    return e;
}

static enum err
put_all(struct table *t, const struct statistics_asked *asked, const struct statistics *s)
{
    char from[DAY_TEXT + 1], to[DAY_TEXT + 1], period[64];
    enum err e = t->pdf == NULL ? sheet_row(t->sheet, HEAD, COLUMNS) : OK;

    day_format(asked->from_day, from);
    day_format(asked->to_day, to);
    snprintf(period, sizeof period, "%s 至 %s 抽取", from, to);
    if (e == OK)
        e = put_line(t, "合计", str_of(period), &s->total);
    if (e == OK)
        e = put_group(t, "部门", &s->departments);
    if (e == OK)
        e = put_group(t, "地区", &s->counties);
    if (e == OK)
        e = put_group(t, "主体类型", &s->types);
    if (e == OK)
        e = put_group(t, "信用风险分类", &s->classes);
    return e == OK ? put_group(t, "抽查事项", &s->items) : e;
}

static enum err
write_table(struct table *t, const char *path, enum sheet_format format, const struct statistics_asked *asked,
            const struct statistics *s)
{
    enum err e = sheet_open(path, format, "统计", -1, &t->sheet), closed;

    if (e != OK)
        return e;
    e = put_all(t, asked, s);
    closed = sheet_close(t->sheet);
    return e == OK ? closed : e;
}

/* --- on paper ---------------------------------------------------------------------------------------------------------------- */

struct paper {
    struct table *table;
    const struct statistics_asked *asked;
    const struct statistics *figures;
};

static enum err
write_pages(struct pdf *p, void *arg)
{
    struct paper *a = arg;
    struct pdf_column columns[PAPER_COLUMNS] = {{.share = 3, .small = true, .label = true}, {.share = 6, .small = true}};
    struct str header[PAPER_COLUMNS];
    enum err e;

    for (size_t i = 0; i < PAPER_COLUMNS; i++) {
        header[i] = HEAD[ON_PAPER[i]];
        if (i > 1)
            columns[i] = (struct pdf_column){.share = 3, .right = true, .small = true};
    }
    pdf_text(p, PDF_TITLE, STR("“双随机、一公开”监管统计"));
    pdf_text(p, PDF_SMALL, STR("部门、地区按固定次序列出，没有结果的也列出；不排名，检查次数、罚款数额不作考核依据（严禁下达检查指标）。"));
    pdf_table(p, columns, PAPER_COLUMNS, header);
    a->table->pdf = p;
    e = put_all(a->table, a->asked, a->figures);
    pdf_table_end(p);
    return e;
}

static enum err
write_paper(struct table *t, const char *path, const struct statistics_asked *asked, const struct statistics *s)
{
    struct paper paper = {t, asked, s};
    FILE *out = fopen(path, "wbe");
    enum err e;

    if (out == NULL)
        return ERR_IO;
    e = pdf_make(&(struct pdf_config){.out = out, .title = STR("双随机、一公开监管统计"), .footer = STR("mingqian"),
                                      .created_us = t->q->ctx->now_us, .landscape = true},
                 write_pages, &paper);
    if (fclose(out) != 0 && e == OK)
        e = ERR_IO;
    return e;
}

enum err
api_statistics_file(struct api *q)
{
    struct str format = api_query(q, "format");
    bool pdf = str_eq(format, STR("pdf"));
    enum sheet_format f = SHEET_XLSX;
    struct statistics_asked asked = {0};
    struct statistics s;
    struct table t = {.q = q};
    char path[IMPORT_PATH_MAX], name[64], from[DAY_TEXT + 1];
    enum err e = statistics_asked_of(q, &asked);

    if (e == OK && !pdf && format.n > 0 && sheet_format_parse(format, &f) != OK)
        return api_wrong(q, "format", ERR_INPUT, "csv, xlsx, pdf");
    if (e == OK)
        e = statistics_count_of(q, &asked, &s);
    if (e == OK)
        e = api_file_place(q->ctx, path);
    if (e != OK)
        return e;
    day_format(asked.from_day, from);
    snprintf(name, sizeof name, "statistics-%s.%s", from, pdf ? "pdf" : sheet_format_name(f));
    e = pdf ? write_paper(&t, path, &asked, &s) : write_table(&t, path, f, &asked, &s);
    return api_file_give(q, e, path, pdf ? "application/pdf" : sheet_format_type(f), name);
}
