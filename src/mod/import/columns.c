/* mod/import/columns.c - which column holds what, and where bad rows go */
#include <stdio.h>
#include <string.h>

#include "format/csv.h"
#include "mod/import/importer.h"

/* header
 * -------------------------------------------------------------------------------------------------------- */

/* "注册资金(万元)*" is 注册资金. */
static struct str
header_words(struct str s)
{
    static const struct str ENDS[] = {{"(", 1}, {"（", 3}, {"*", 1}, {"＊", 3}};

    s = str_trim(s);
    for (size_t i = 1; i < s.n; i++)
        for (size_t k = 0; k < sizeof ENDS / sizeof *ENDS; k++)
            if (str_starts((struct str){s.p + i, s.n - i}, ENDS[k]))
                return str_trim((struct str){s.p, i});
    return s;
}

static bool
names(const struct import_column *column, struct str words)
{
    struct str rest = str_of(column->words), one;

    if (str_eq(str_of(column->id), words))
        return true;
    while (rest.n > 0) {
        (void) str_split(rest, '|', &one, &rest);
        if (str_eq(one, words))
            return true;
    }
    return false;
}

static size_t
column_of(const struct importer *im, struct str words)
{
    for (size_t i = 0; i < im->column_count; i++)
        if (names(&im->columns[i], words))
            return i;
    return im->column_count;
}

static void
note_unused(struct importer *im, struct str header)
{
    struct buf b = buf_over(im->r->unused, sizeof im->r->unused - 1);

    b.n = strlen(im->r->unused);
    if (sizeof im->r->unused - 1 - b.n < header.n + 3)
        return;
    buf_z(&b, b.n > 0 ? "、" : "");
    buf_str(&b, header);
    im->r->unused[b.n] = 0;
}

/* Take the row in work as the header if it has all that is required. */
static enum err
take_header(struct importer *im, bool *is_header)
{
    for (size_t i = 0; i < im->column_count; i++)
        im->at[i] = -1;
    im->r->unused[0] = 0;
    for (size_t i = 0; i < im->row.count; i++) {
        struct str words = header_words(im->row.cells[i]);
        size_t column = words.n == 0 ? im->column_count : column_of(im, words);

        if (words.n > 0 && column == im->column_count)
            note_unused(im, words);
        if (column == im->column_count)
            continue;
        if (im->at[column] >= 0)
            return ctx_refuse(im->c, ERR_DUPLICATE, "two columns for %s", im->columns[column].id);
        im->at[column] = (int) i;
        im->header[column] = str_copy(im->c->arena, words);
    }
    *is_header = true;
    for (size_t i = 0; i < im->column_count; i++)
        if (im->columns[i].required && im->at[i] < 0)
            *is_header = false;
    return OK;
}

static enum err
no_header(struct importer *im)
{
    char want[CTX_WHY_BYTES / 2];
    struct buf b = buf_over(want, sizeof want - 1);

    for (size_t i = 0; i < im->column_count; i++)
        if (im->columns[i].required) {
            struct str first, rest;

            (void) str_split(str_of(im->columns[i].words), '|', &first, &rest);
            buf_z(&b, b.n > 0 ? ", " : "");
            buf_str(&b, first);
            buf_z(&b, "/");
            buf_z(&b, im->columns[i].id);
        }
    want[b.n] = 0;
    return ctx_refuse(im->c, ERR_INPUT,
                      im->o->chinese ? "前 %d 行里没有表头,至少要有:%s"
                                     : "no header in the first %d rows; needed at least: %s",
                      IMPORT_HEADER_ROWS, want);
}

enum err
import_read_header(struct importer *im)
{
    bool is_header = false;

    for (int i = 0; i < IMPORT_HEADER_ROWS && !is_header; i++) {
        enum err e = table_next(im->table, &im->row);

        if (e != OK) {
            im->r->error_line = im->row.line;
            return e;
        }
        if (im->row.count == 0)
            break;
        e = take_header(im, &is_header);
        if (e != OK)
            return e;
    }
    return is_header ? OK : no_header(im);
}

/* rejects
 * ------------------------------------------------------------------------------------------------------- */

static enum err
rejects_open(struct importer *im)
{
    static const struct str HEADER[] = {{"row", 3}, {"column", 6}, {"value", 5}, {"reason", 6}};
    enum err e = file_begin(&im->rejects, im->r->rejects, 0600);

    if (e != OK)
        return ctx_refuse(im->c, e,
                          im->o->chinese ? "不能写 %s,请用 --rejects 指定位置"
                                         : "cannot write %s, name a place with --rejects",
                          im->r->rejects);
    im->rejecting = true;
    e = csv_write_bom(im->rejects.out);
    return e == OK ? csv_write_row(im->rejects.out, HEADER, 4) : e;
}

void
import_bad_line(struct importer *im, uint64_t line, size_t column, struct str value, enum err why,
                const char *detail)
{
    char number[24], reason[512];
    struct buf n = buf_over(number, sizeof number), b = buf_over(reason, sizeof reason);
    struct str cells[4];

    if (im->rejects_error == OK && !im->rejecting)
        im->rejects_error = rejects_open(im);
    if (im->rejects_error != OK)
        return;
    buf_u64(&n, line);
    buf_z(&b, err_name(why));
    buf_z(&b, ": ");
    buf_z(&b, im->o->chinese ? err_zh(why) : err_en(why));
    if (detail != NULL && *detail != '\0') {
        buf_z(&b, im->o->chinese ? ";" : "; ");
        buf_z(&b, detail);
    }
    cells[0] = buf_view(&n);
    cells[1] = column < im->column_count && im->at[column] >= 0 ? im->header[column]
               : column < im->column_count                      ? str_of(im->columns[column].id)
                                                                : STR("");
    cells[2] = (struct str){value.p, value.n > 1000 ? 0 : value.n};
    cells[3] = buf_view(&b);
    im->rejects_error = csv_write_row(im->rejects.out, cells, 4);
}

void
import_bad(struct importer *im, size_t column, enum err why, struct str detail)
{
    char text[300] = "";

    if (detail.n > 0)
        snprintf(text, sizeof text, "%.*s", (int) (detail.n < 290 ? detail.n : 0), detail.p);
    im->row_bad = true;
    import_bad_line(im, im->row.line, column, import_cell(im, column), why, text);
}

/* A cell that the reader refused: in whatever column it stands. */
static void
bad_cell(struct importer *im)
{
    size_t column = im->column_count;

    for (size_t i = 0; i < im->column_count; i++)
        if (im->at[i] == (int) im->row.problem_cell)
            column = i;
    if (column == im->column_count && im->row.problem != ERR_SYNTAX)
        return; /* nobody asked for this column */
    im->row_bad = true;
    import_bad_line(im, im->row.line, column, im->row.cells[im->row.problem_cell], im->row.problem, NULL);
}

enum err
import_next(struct importer *im)
{
    enum err e = table_next(im->table, &im->row);

    im->row_bad = false;
    if (e != OK) {
        im->r->error_line = im->row.line;
        return e;
    }
    if (im->row.count == 0)
        return im->rejects_error;
    im->r->read++;
    arena_reset(&im->scratch);
    if (im->row.problem != OK)
        bad_cell(im);
    return im->rejects_error;
}
