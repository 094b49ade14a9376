/* format/sheet.c - see sheet.h */
#include "format/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/csv.h"
#include "format/xlsx.h"

enum { CELL_BYTES_MAX = 32000 }; /* characters are never more than bytes */

struct sheet {
    FILE *csv; /* one of the two */
    struct xlsx_writer *xlsx;
};

enum err
sheet_format_parse(struct str name, enum sheet_format *out)
{
    *out = str_eq(name, STR("xlsx")) ? SHEET_XLSX : SHEET_CSV;
    return *out == SHEET_XLSX || str_eq(name, STR("csv")) ? OK : ERR_INPUT;
}

const char *
sheet_format_name(enum sheet_format f)
{
    return f == SHEET_XLSX ? "xlsx" : "csv";
}

const char *
sheet_format_type(enum sheet_format f)
{
    return f == SHEET_XLSX ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8";
}

enum err
sheet_open(const char *path, enum sheet_format format, const char *name, int hidden, struct sheet **out)
{
    struct sheet *s = calloc(1, sizeof *s);
    enum err e = s == NULL ? ERR_MEMORY : OK;

    if (e == OK && format == SHEET_XLSX) {
        e = xlsx_writer_open(path, name, &s->xlsx);
        if (e == OK)
            e = xlsx_writer_look(s->xlsx, hidden);
    } else if (e == OK) {
        s->csv = fopen(path, "wbe");
        e = s->csv == NULL ? ERR_IO : csv_write_bom(s->csv);
    }
    if (e != OK && s != NULL)
        (void) !sheet_close(s);
    else
        *out = s;
    return e;
}

/* At most so many bytes, whole characters. */
static struct str
cut(struct str s)
{
    if (s.n <= CELL_BYTES_MAX)
        return s;
    s.n = CELL_BYTES_MAX;
    while (s.n > 0 && ((unsigned char) s.p[s.n] & 0xC0) == 0x80)
        s.n--;
    return s;
}

/* A text cell of a workbook is never run, but it may be when the workbook is saved as CSV: = and @ get an apostrophe, as in
 * our own CSV (which has it for + and - too). */
static enum err
harmless(struct str *cell, char **held)
{
    *held = NULL;
    if (cell->n == 0 || (cell->p[0] != '=' && cell->p[0] != '@'))
        return OK;
    *held = malloc(cell->n + 1);
    if (*held == NULL)
        return ERR_MEMORY;
    (*held)[0] = '\'';
    memcpy(*held + 1, cell->p, cell->n);
    *cell = (struct str) {*held, cell->n + 1};
    return OK;
}

enum err
sheet_row(struct sheet *s, const struct str *cells, size_t count)
{
    struct str row[TABLE_CELLS_MAX] = {{NULL, 0}}; /* -O3 cannot see that a row of no cells reads none */
    char *held[TABLE_CELLS_MAX] = {NULL};
    enum err e = OK;

    if (s->csv != NULL)
        return csv_write_row(s->csv, cells, count);
    if (count > TABLE_CELLS_MAX)
        return ERR_TOO_LARGE;
    for (size_t i = 0; i < count && e == OK; i++) {
        row[i] = cut(cells[i]);
        e = harmless(&row[i], &held[i]);
    }
    if (e == OK)
        e = xlsx_writer_row(s->xlsx, row, count);
    for (size_t i = 0; i < count; i++)
        free(held[i]);
    return e;
}

enum err
sheet_comment(struct sheet *s, uint32_t row, uint16_t column, struct str text)
{
    return s->csv != NULL ? OK : xlsx_writer_comment(s->xlsx, row, column, text);
}

enum err
sheet_close(struct sheet *s)
{
    enum err e = OK;

    if (s == NULL)
        return OK;
    if (s->xlsx != NULL)
        e = xlsx_writer_close(s->xlsx);
    else if (s->csv != NULL && fclose(s->csv) != 0)
        e = errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    free(s);
    return e;
}
