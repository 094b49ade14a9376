/* mod/plan/plan_print.c - a plan on paper 年度抽查计划: the ten published columns, across the page (regulation 二(四)) */
#include "format/pdf.h"
#include "mod/plan/layout.h"

struct printing {
    const struct plan_get_row *plan;
    struct str (*lines)[PLAN_COLUMN_COUNT];
    size_t count;
};

static enum err
print_lines(struct pdf *p, void *arg)
{
    static const struct pdf_column COLUMNS[PLAN_COLUMN_COUNT] = {
        {2, false, true, true, false},  {6, false, false, true, false}, {8, false, false, true, false},
        {5, false, false, true, false}, {5, false, false, true, false}, {6, false, false, true, false},
        {5, false, false, true, false}, {5, false, false, true, false}, {6, false, false, true, false},
        {4, false, false, true, false}};
    const struct printing *all = arg;

    pdf_text(p, PDF_TITLE, all->plan->name);
    if (all->plan->document_no.n > 0)
        pdf_text(p, PDF_SUBTITLE, all->plan->document_no);
    pdf_table(p, COLUMNS, PLAN_COLUMN_COUNT, plan_columns);
    for (size_t i = 0; i < all->count; i++)
        pdf_row(p, all->lines[i]);
    pdf_table_end(p);
    return OK;
}

enum err
plan_print(struct ctx *c, const struct plan_get_row *plan, FILE *out)
{
    struct pdf_config config = {.out = out, .title = plan->name, .footer = plan->code, .landscape = true,
                                .created_us = plan->published_us.set ? plan->published_us.v : 0};
    struct printing all = {.plan = plan};
    struct plan_line_list_row *rows;
    enum err e = plan_line_list(c->db, c->arena, &(struct plan_line_list_in){plan->code}, &rows, &all.count);

    if (e == OK && (all.lines = arena_alloc(c->arena, (all.count + 1) * sizeof *all.lines)) == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < all.count; i++)
        e = plan_layout_cells(c, &rows[i], all.lines[i]);
    return e == OK ? pdf_make(&config, print_lines, &all) : e;
}
