/* mod/import/sheets.c - rejects and templates */
#include "mod/import/sheets.h"

#include <string.h>

#include "mod/import/importer.h"
#include "mod/person/person.h"

/* rejects ------------------------------------------------------------------------------------------------------- */

struct rejects {
    struct ctx *c;
    struct sheet *sheet;
    size_t width; /* columns of the file */
    uint32_t row;
    uint64_t comments;
};

static struct str
text_at(const json_t *list, size_t i)
{
    const json_t *v = json_array_get(list, i);

    return json_is_string(v) ? (struct str) {json_string_value(v), json_string_length(v)} : (struct str) {NULL, 0};
}

/* "第 12 行:reason;reason" */
static struct str
all_reasons(struct arena *a, const json_t *row)
{
    enum { REASONS_BYTES = 8192 };
    char *p = arena_alloc(a, REASONS_BYTES);
    struct buf b = buf_over(p, p == NULL ? 0 : REASONS_BYTES);
    size_t i;
    const json_t *v;

    buf_z(&b, "第 ");
    buf_i64(&b, json_integer_value(json_object_get(row, "line")));
    buf_z(&b, " 行");
    json_array_foreach(json_object_get(row, "errors"), i, v)
    {
        buf_z(&b, i == 0 ? ":" : ";");
        buf_z(&b, json_string_value(json_object_get(v, "text")));
    }
    return buf_view(&b);
}

static enum err
comment_cells(struct rejects *r, const json_t *row)
{
    size_t i;
    const json_t *v;
    enum err e = OK;

    json_array_foreach(json_object_get(row, "errors"), i, v)
    {
        json_int_t cell = json_integer_value(json_object_get(v, "cell"));

        if (e != OK || cell >= (json_int_t) r->width || r->comments >= IMPORT_COMMENTS_MAX)
            continue;
        r->comments++;
        e = sheet_comment(r->sheet, r->row, (uint16_t) (cell < 0 ? (json_int_t) r->width : cell),
                          str_of(json_string_value(json_object_get(v, "text"))));
    }
    return e;
}

static enum err
put_bad(void *ctx, struct str text)
{
    struct rejects *r = ctx;
    struct str cells[TABLE_CELLS_MAX + 1] = {{NULL, 0}};
    size_t mark = arena_mark(r->c->arena);
    enum err e = person_open_line(r->c, &text);
    json_t *row = e == OK ? json_loadb(text.p, text.n, 0, NULL) : NULL;
    const json_t *list = json_object_get(row, "cells");

    if (e != OK)
        return e;
    for (size_t i = 0; i < r->width; i++)
        cells[i] = text_at(list, i);
    cells[r->width] = all_reasons(r->c->arena, row);
    e = row == NULL ? ERR_IO : sheet_row(r->sheet, cells, r->width + 1);
    if (e == OK)
        e = comment_cells(r, row);
    r->row++;
    json_decref(row);
    arena_rewind(r->c->arena, mark);
    return e;
}

static enum err
put_headers(struct rejects *r, const char *trail)
{
    struct str cells[TABLE_CELLS_MAX + 1] = {{NULL, 0}}, text;
    size_t n, i;
    uint64_t total;
    json_t *look = NULL;
    const json_t *v;
    enum err e = trail_read(r->c->arena, trail, "look", 0, 1, &text, &n, &total);

    if (e == OK && n == 1)
        look = json_loadb(text.p, text.n, 0, NULL);
    if (e == OK && look == NULL)
        e = ERR_NOT_FOUND;
    json_array_foreach(json_object_get(look, "columns"), i, v) if (i < TABLE_CELLS_MAX - 1)
    {
        struct str header = str_of(json_string_value(json_object_get(v, "header")));

        if (str_eq(header, STR(IMPORT_REASON_TITLE))) /* the file was one of ours */
            break;
        cells[r->width++] = header;
    }
    cells[r->width] = STR(IMPORT_REASON_TITLE);
    if (e == OK)
        e = sheet_row(r->sheet, cells, r->width + 1);
    json_decref(look);
    return e;
}

enum err
import_rejects_sheet(struct ctx *c, const char *trail, const char *path, enum sheet_format format)
{
    struct rejects r = {.c = c, .row = 1};
    struct str first;
    size_t n;
    uint64_t total;
    enum err e = trail_read(c->arena, trail, "bad", 0, 1, &first, &n, &total), ended;

    if (e == OK && total == 0)
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = sheet_open(path, format, IMPORT_REASON_TITLE, -1, &r.sheet);
    if (e != OK)
        return e;
    e = put_headers(&r, trail);
    if (e == OK)
        e = trail_each(trail, "bad", put_bad, &r);
    ended = sheet_close(r.sheet);
    return e == OK ? ended : e;
}

/* templates ------------------------------------------------------------------------------------------------------ */

static bool
in_template(const struct import_column *k)
{
    return strcmp(k->id, "row_version") != 0 && strcmp(k->id, "ratio_words") != 0;
}

static struct str
joined(struct arena *a, const char *first, const char *second)
{
    size_t n = strlen(first) + (second == NULL ? 0 : strlen(second));
    struct buf b = buf_over(arena_alloc(a, n + 1), n);

    buf_z(&b, first);
    buf_z(&b, second == NULL ? "" : second);
    return buf_view(&b);
}

/* What holds for every column stands with the first one. */
#define NOTE "本行和示例行不会导入;空白单元格保持原值,写“" IMPORT_EMPTY_MARK "”清空该项"

static const char *
noted(struct arena *a, const char *note)
{
    return str_z(a, joined(a, note, ";" NOTE));
}

enum err
import_template(struct ctx *c, enum import_kind kind, const char *path, enum sheet_format format)
{
    struct str headers[SHOW_CELLS_MAX], example[SHOW_CELLS_MAX], notes[SHOW_CELLS_MAX];
    size_t count, n = 0;
    const struct import_column *k = import_columns(kind, &count);
    struct sheet *sheet;
    enum err e = sheet_open(path, format, import_kind_name(kind), -1, &sheet), ended;

    if (e != OK)
        return e;
    for (size_t i = 0; i < count && n < SHOW_CELLS_MAX; i++) {
        if (!in_template(&k[i]))
            continue;
        headers[n] = joined(c->arena, str_z(c->arena, import_column_title(&k[i])), k[i].required ? "*" : "");
        example[n] = n == 0 ? joined(c->arena, IMPORT_EXAMPLE_MARK, k[i].example) : str_of(k[i].example);
        notes[n] = n == 0 ? joined(c->arena, IMPORT_NOTE_MARK, k[i].note == NULL ? NOTE : noted(c->arena, k[i].note))
                          : str_of(k[i].note);
        n++;
    }
    e = sheet_row(sheet, headers, n);
    for (size_t i = 0; i < n && e == OK; i++)
        if (notes[i].n > 0)
            e = sheet_comment(sheet, 0, (uint16_t) i, notes[i]);
    if (e == OK)
        e = sheet_row(sheet, example, n);
    if (e == OK)
        e = sheet_row(sheet, notes, n);
    ended = sheet_close(sheet);
    return e == OK ? ended : e;
}
