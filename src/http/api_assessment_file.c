/* http/api_assessment_file.c - an assessment as a table: departments in their fixed order, each with its indicators and its total */
#include <stdio.h>

#include "api_assessment.h"
#include "api_file.h"
#include "api_handlers.h"
#include "core/calendar.h"
#include "format/pdf.h"
#include "format/sheet.h"

enum { COLUMNS = 10, CELL_BYTES = 48 };

struct table {
    struct api *q;
    const struct assessment_view *view;
    struct sheet *sheet; /* one of the two */
    struct pdf *pdf;
    char cells[COLUMNS][CELL_BYTES];
};

static const struct str HEAD[COLUMNS] = {STR("部门"), STR("指标"),     STR("权重"),     STR("完成/应完成"), STR("比率"),
                                         STR("自评"), STR("自评说明"), STR("佐证材料"), STR("评审"),        STR("评审意见")};

/* Points of a hundred, with two decimals. */
static struct str
points(struct table *t, size_t i, struct opt_i64 bp)
{
    if (!bp.set)
        return NO_STR;
    snprintf(t->cells[i], CELL_BYTES, "%lld.%02lld", (long long) (bp.v / 100), (long long) (bp.v % 100));
    return str_of(t->cells[i]);
}

static struct str
figure(struct table *t, size_t i, const struct assessment_mark_line *m)
{
    if (!m->whole_count.set || m->whole_count.v == 0)
        return NO_STR;
    snprintf(t->cells[i], CELL_BYTES, "%lld/%lld", (long long) m->part_count.v, (long long) m->whole_count.v);
    return str_of(t->cells[i]);
}

static struct opt_i64
share(const struct assessment_mark_line *m)
{
    bool has = m->whole_count.set && m->whole_count.v > 0;

    return (struct opt_i64){has, has ? m->part_count.v * ASSESSMENT_WHOLE_BP / m->whole_count.v : 0};
}

static enum err
put_cells(struct table *t, const struct str *cells)
{
    if (t->pdf == NULL)
        return sheet_row(t->sheet, cells, COLUMNS);
    pdf_row(t->pdf, cells);
    return OK;
}

static enum err
put_unit(struct table *t, const struct assessment_unit *u)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < t->view->indicator_count; i++) {
        const struct assessment_indicator_list_row *x = &t->view->indicators[i];
        const struct assessment_mark_line *m = &u->marks[i].line;
        struct str cells[COLUMNS] = {u->name,
                                     x->name,
                                     points(t, 2, OPT(x->weight_bp)),
                                     figure(t, 3, m),
                                     points(t, 4, share(m)),
                                     points(t, 5, m->self_bp),
                                     m->self_note,
                                     m->evidence,
                                     points(t, 8, m->review_bp),
                                     m->review_note};

        e = put_cells(t, cells);
    }
    return e == OK ? put_cells(t, (struct str[COLUMNS]){u->name, STR("合计"), STR("100.00"), NO_STR, NO_STR, NO_STR, NO_STR, NO_STR,
                                                        points(t, 8, u->total_bp), NO_STR})
                   : e;
}

static enum err
put_units(struct table *t)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < t->view->unit_count; i++)
        e = put_unit(t, &t->view->units[i]);
    return e;
}

static enum err
write_table(struct table *t, const char *path, enum sheet_format format)
{
    enum err e = sheet_open(path, format, "绩效考核", -1, &t->sheet), closed;

    if (e != OK)
        return e;
    e = sheet_row(t->sheet, HEAD, COLUMNS);
    if (e == OK)
        e = put_units(t);
    closed = sheet_close(t->sheet);
    return e == OK ? closed : e;
}

static enum err
write_pages(struct pdf *p, void *arg)
{
    static const struct pdf_column COLUMN[COLUMNS] = {
        {.share = 6, .small = true},  {.share = 7, .small = true}, {.share = 3, .small = true, .right = true},
        {.share = 4, .small = true, .right = true}, {.share = 3, .small = true, .right = true},
        {.share = 3, .small = true, .right = true}, {.share = 8, .small = true}, {.share = 6, .small = true},
        {.share = 3, .small = true, .right = true}, {.share = 8, .small = true}};
    struct table *t = arg;
    const struct assessment_line *a = &t->view->scheme;
    char from[DAY_TEXT + 1], to[DAY_TEXT + 1], period[96];
    enum err e;

    day_format(a->from_day, from);
    day_format(a->to_day, to);
    snprintf(period, sizeof period, "%s 至 %s", from, to);
    pdf_text(p, PDF_TITLE, a->name);
    pdf_text(p, PDF_SMALL, str_of(period));
    pdf_text(p, PDF_SMALL, STR("部门按固定次序列出，不排名；只用比率和履职情况，检查次数、罚款数额不作考核依据（严禁下达检查指标）；不涉及检查人员个人。"));
    pdf_table(p, COLUMN, COLUMNS, HEAD);
    t->pdf = p;
    e = put_units(t);
    pdf_table_end(p);
    return e;
}

static enum err
write_paper(struct table *t, const char *path)
{
    FILE *out = fopen(path, "wbe");
    enum err e;

    if (out == NULL)
        return ERR_IO;
    e = pdf_make(&(struct pdf_config){.out = out, .title = STR("绩效考核"), .footer = STR("mingqian"), .created_us = t->q->ctx->now_us,
                                      .landscape = true},
                 write_pages, t);
    if (fclose(out) != 0 && e == OK)
        e = ERR_IO;
    return e;
}

enum err
api_assessment_file(struct api *q)
{
    struct str format = api_query(q, "format");
    bool pdf = str_eq(format, STR("pdf"));
    enum sheet_format f = SHEET_XLSX;
    struct assessment_view v;
    struct table t = {.q = q, .view = &v};
    char path[IMPORT_PATH_MAX], name[64];
    enum err e = assessment_view_of(q, &v);

    if (e == OK && !pdf && format.n > 0 && sheet_format_parse(format, &f) != OK)
        return api_wrong(q, "format", ERR_INPUT, "csv, xlsx, pdf");
    if (e == OK)
        e = api_file_place(q->ctx, path);
    if (e != OK)
        return e;
    snprintf(name, sizeof name, "assessment-%lld.%s", (long long) v.scheme.id, pdf ? "pdf" : sheet_format_name(f));
    e = pdf ? write_paper(&t, path) : write_table(&t, path, f);
    return api_file_give(q, e, path, pdf ? "application/pdf" : sheet_format_type(f), name);
}
