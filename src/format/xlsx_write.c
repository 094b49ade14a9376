/* format/xlsx_write.c - a workbook of one sheet, in constant memory */
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "format/xlsx.h"

struct xlsx_writer {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *text; /* "@": the spreadsheet keeps codes as they are */
    uint32_t row;
};

static enum err
err_of(lxw_error e)
{
    switch (e) {
    case LXW_NO_ERROR:
        return OK;
    case LXW_ERROR_MEMORY_MALLOC_FAILED:
        return ERR_MEMORY;
    case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED:
    case LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE:
        return ERR_TOO_LARGE;
    default:
        return ERR_IO;
    }
}

enum err
xlsx_writer_open(const char *path, const char *sheet, struct xlsx_writer **out)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    struct xlsx_writer *w = calloc(1, sizeof *w);

    if (w == NULL)
        return ERR_MEMORY;
    w->book = workbook_new_opt(path, &options);
    w->sheet = w->book == NULL ? NULL : workbook_add_worksheet(w->book, sheet);
    if (w->sheet == NULL) {
        free(w);
        return ERR_IO;
    }
    w->text = workbook_add_format(w->book);
    format_set_num_format(w->text, "@");
    *out = w;
    return OK;
}

static enum err
with_z(struct str s, enum err (*fn)(struct xlsx_writer *, uint32_t, uint16_t, const char *),
       struct xlsx_writer *w, uint32_t row, uint16_t column)
{
    char *z = malloc(s.n + 1);
    enum err e;

    if (z == NULL)
        return ERR_MEMORY;
    if (s.n > 0)
        memcpy(z, s.p, s.n);
    z[s.n] = 0;
    e = fn(w, row, column, z);
    free(z);
    return e;
}

static enum err
write_cell(struct xlsx_writer *w, uint32_t row, uint16_t column, const char *z)
{
    return err_of(worksheet_write_string(w->sheet, row, column, z, w->text));
}

static enum err
write_comment(struct xlsx_writer *w, uint32_t row, uint16_t column, const char *z)
{
    return err_of(worksheet_write_comment(w->sheet, row, column, z));
}

enum err
xlsx_writer_look(struct xlsx_writer *w, int hidden)
{
    lxw_row_col_options hide = {.hidden = LXW_TRUE};
    lxw_error e = worksheet_set_column(w->sheet, 0, TABLE_CELLS_MAX - 1, 18, NULL);

    worksheet_freeze_panes(w->sheet, 1, 0);
    if (e == LXW_NO_ERROR && hidden >= 0)
        e = worksheet_set_column_opt(w->sheet, (lxw_col_t) hidden, (lxw_col_t) hidden, 10, NULL, &hide);
    return err_of(e);
}

enum err
xlsx_writer_row(struct xlsx_writer *w, const struct str *cells, size_t count)
{
    enum err e = count > TABLE_CELLS_MAX ? ERR_TOO_LARGE : OK;

    for (size_t i = 0; i < count && e == OK; i++)
        if (cells[i].n > 0)
            e = with_z(cells[i], write_cell, w, w->row, (uint16_t) i);
    w->row++;
    return e;
}

enum err
xlsx_writer_comment(struct xlsx_writer *w, uint32_t row, uint16_t column, struct str text)
{
    return with_z(text, write_comment, w, row, column);
}

enum err
xlsx_writer_close(struct xlsx_writer *w)
{
    enum err e = err_of(workbook_close(w->book));

    free(w);
    return e;
}
