/* format/pdf_table.c - tables over several pages */
#include "pdf_int.h"

static const double PAD = 4, LINE = 0.5;

/* A row on its way to the paper: the lines of every cell, and how far each has come. */
struct row {
    PangoLayout *cells[PDF_COLUMNS_MAX];
    double x[PDF_COLUMNS_MAX], width[PDF_COLUMNS_MAX], from[PDF_COLUMNS_MAX];
    bool grey[PDF_COLUMNS_MAX];
    size_t count;
};

static void
row_free(struct row *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->cells[i] != NULL)
            g_object_unref(r->cells[i]);
}

static double
row_height(const struct row *r)
{
    double height = 0;

    for (size_t i = 0; i < r->count; i++) {
        double h = pdf_layout_height(r->cells[i]) - r->from[i];

        height = h > height ? h : height;
    }
    return height + 2 * PAD;
}

static void
add_cell(struct pdf *p, struct row *r, struct str text, const struct pdf_look *look, double x, double width, bool grey)
{
    r->x[r->count] = x;
    r->width[r->count] = width;
    r->grey[r->count] = grey;
    r->cells[r->count++] = pdf_layout(p, text, look, width - 2 * PAD);
}

static double
column_width(const struct pdf *p, size_t i)
{
    int all = 0;

    for (size_t k = 0; k < p->column_count; k++)
        all += p->columns[k].share;
    return (p->right - p->left) * p->columns[i].share / all;
}

static void
fill_row(struct pdf *p, struct row *r, const struct str *cells, bool header)
{
    double x = p->left;

    for (size_t i = 0; i < p->column_count; i++) {
        const struct pdf_column *c = &p->columns[i];
        struct pdf_look look = {c->small || c->code ? PDF_SIZE_SMALL : PDF_SIZE_CELL, header || c->label, c->code && !header,
                                header ? PANGO_ALIGN_CENTER : c->right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT};
        double width = column_width(p, i);

        add_cell(p, r, cells[i], &look, x, width, header || c->label);
        x += width;
    }
}

static void
frame_cell(struct pdf *p, const struct row *r, size_t i, double height)
{
    if (p->cr == NULL)
        return;
    cairo_rectangle(p->cr, r->x[i], p->y, r->width[i], height);
    cairo_set_source_rgb(p->cr, 0.94, 0.95, 0.96);
    if (r->grey[i])
        cairo_fill_preserve(p->cr);
    cairo_set_source_rgb(p->cr, 0.45, 0.45, 0.45);
    cairo_set_line_width(p->cr, LINE);
    cairo_stroke(p->cr);
    cairo_set_source_rgb(p->cr, 0, 0, 0);
}

/* As many lines of every cell as the page holds. True: the row is finished. */
static bool
draw_part(struct pdf *p, struct row *r)
{
    double room = p->bottom - p->y - 2 * PAD, to[PDF_COLUMNS_MAX], height = 0;
    bool all = true;

    for (size_t i = 0; i < r->count; i++) {
        to[i] = pdf_lines(p, r->cells[i], 0, 0, r->from[i], room, true);
        height = to[i] - r->from[i] > height ? to[i] - r->from[i] : height;
        all &= to[i] >= pdf_layout_height(r->cells[i]) - 0.01;
    }
    if (height <= 0 && !all)
        return false;
    for (size_t i = 0; i < r->count; i++) {
        frame_cell(p, r, i, height + 2 * PAD);
        (void) pdf_lines(p, r->cells[i], r->x[i] + PAD, p->y + PAD, r->from[i], room, false);
        r->from[i] = to[i];
    }
    p->y += height + 2 * PAD;
    p->used = true;
    return all;
}

static void
put_header(struct pdf *p)
{
    struct row r = {.count = 0};

    if (p->header == NULL)
        return;
    fill_row(p, &r, p->header, true);
    if (p->error == OK && !draw_part(p, &r))
        pdf_fail(p, ERR_TOO_LARGE); /* a header taller than a page */
    row_free(&r);
}

static void
put_row(struct pdf *p, struct row *r)
{
    double top = p->top + (p->header == NULL ? 0 : 3 * PDF_SIZE_BODY);
    unsigned limit = PDF_PAGES_MAX;

    if (p->error == OK && p->used && p->y + row_height(r) > p->bottom && row_height(r) < p->bottom - top) {
        pdf_next_page(p);
        put_header(p);
    }
    while (p->error == OK && !draw_part(p, r)) {
        if (limit-- == 0)
            pdf_fail(p, ERR_TOO_LARGE);
        pdf_next_page(p);
        put_header(p);
    }
}

void
pdf_table(struct pdf *p, const struct pdf_column *columns, size_t count, const struct str *header)
{
    bool good = count >= 1 && count <= PDF_COLUMNS_MAX && p->columns == NULL;

    for (size_t i = 0; good && i < count; i++)
        good = columns[i].share >= 1;
    if (!good)
        pdf_fail(p, ERR_USAGE);
    if (p->error != OK)
        return;
    p->columns = columns;
    p->column_count = count;
    p->header = header;
    (void) pdf_fit(p, 5 * PDF_SIZE_BODY); /* the header and a row */
    put_header(p);
}

void
pdf_row(struct pdf *p, const struct str *cells)
{
    struct row r = {.count = 0};

    if (p->columns == NULL)
        pdf_fail(p, ERR_USAGE);
    if (p->error != OK)
        return;
    fill_row(p, &r, cells, false);
    if (p->error == OK)
        put_row(p, &r);
    row_free(&r);
}

void
pdf_row_wide(struct pdf *p, struct str label, struct str text)
{
    static const struct pdf_look LABEL = {PDF_SIZE_CELL, true, false, PANGO_ALIGN_LEFT},
                                 TEXT = {PDF_SIZE_CELL, false, false, PANGO_ALIGN_LEFT};
    struct row r = {.count = 0};
    double first;

    if (p->columns == NULL || p->column_count < 2)
        pdf_fail(p, ERR_USAGE);
    if (p->error != OK)
        return;
    first = column_width(p, 0);
    add_cell(p, &r, label, &LABEL, p->left, first, true);
    add_cell(p, &r, text, &TEXT, p->left + first, p->right - p->left - first, false);
    if (p->error == OK)
        put_row(p, &r);
    row_free(&r);
}

void
pdf_table_end(struct pdf *p)
{
    p->columns = NULL;
    p->header = NULL;
    if (p->error == OK)
        p->y += 6;
}
