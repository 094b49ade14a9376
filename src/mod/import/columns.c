/* mod/import/columns.c - which column holds what, and where bad rows go */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/csv.h"
#include "format/digest.h"
#include "mod/import/importer.h"
#include "mod/person/person.h"
#include "mod/json.h"

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

/* A column that stands in files of ours and says nothing about a row. */
static bool
is_ours(struct str words)
{
    return str_eq(words, STR(IMPORT_REASON_TITLE)) || str_eq(words, STR("reason_of_rejection"));
}

static enum err
set_column(struct importer *im, size_t column, size_t cell, struct str words)
{
    if (im->at[column] >= 0)
        return ctx_refuse(im->c, ERR_DUPLICATE, im->o->chinese ? "两列都是 %.*s" : "two columns for %.*s",
                          (int) import_column_title(&im->columns[column]).n, import_column_title(&im->columns[column]).p);
    im->at[column] = (int) cell;
    im->header[column] = str_copy(im->c->arena, words);
    return OK;
}

static void
forget_header(struct importer *im)
{
    for (size_t i = 0; i < im->column_count; i++)
        im->at[i] = -1;
    im->r->unused[0] = 0;
}

static bool
complete(const struct importer *im)
{
    for (size_t i = 0; i < im->column_count; i++)
        if (im->columns[i].required && im->at[i] < 0)
            return false;
    return true;
}

/* Take the row in work as the header by its words; *known counts the columns recognised. */
static enum err
take_words(struct importer *im, size_t *known)
{
    enum err e = OK;

    *known = 0;
    forget_header(im);
    for (size_t i = 0; i < im->row.count && e == OK; i++) {
        struct str words = header_words(im->row.cells[i]);
        size_t column = words.n == 0 || is_ours(words) ? im->column_count : column_of(im, words);

        if (words.n > 0 && column == im->column_count && !is_ours(words))
            note_unused(im, words);
        if (column == im->column_count)
            continue;
        e = set_column(im, column, i, words);
        ++*known;
    }
    return e;
}

/* Take it by a list of fields, one for each cell. */
static enum err
take_fields(struct importer *im, struct str fields)
{
    json_t *list = json_loadb(fields.p, fields.n, 0, NULL);
    enum err e = json_is_array(list) ? OK : ERR_INTERNAL;

    forget_header(im);
    for (size_t i = 0; i < im->row.count && e == OK; i++) {
        const char *id = json_string_value(json_array_get(list, i));
        struct str words = header_words(im->row.cells[i]);

        for (size_t k = 0; id != NULL && k < im->column_count; k++)
            if (strcmp(im->columns[k].id, id) == 0)
                e = set_column(im, k, i, words);
        if (id == NULL && words.n > 0 && !is_ours(words))
            note_unused(im, words);
    }
    json_decref(list);
    return e;
}

/* What tells a row of headers from others: the digest of its words. */
static struct str
headers_of(struct importer *im, char out[static 65])
{
    unsigned char hash[32];
    struct digest *d = digest_new();

    if (d == NULL)
        return (struct str) {NULL, 0};
    for (size_t i = 0; i < im->row.count; i++) {
        digest_add(d, im->row.cells[i].p, im->row.cells[i].n);
        digest_add(d, "\n", 1);
    }
    digest_end(d, hash);
    digest_free(d);
    hex_encode(hash, sizeof hash, out);
    out[64] = 0;
    return (struct str) {out, 64};
}

/* How the row in work is to be read, if that is known: from the check, or from the last time. */
static enum err
known_fields(struct importer *im, struct str headers, struct str *fields)
{
    const struct import_office *office = im->o->office;
    struct import_mapping_get_row row;
    struct str department = im->o->department.n > 0 ? im->o->department : STR("*");
    enum err e;

    *fields = (struct str) {NULL, 0};
    if (office == NULL)
        return OK;
    if (office->fields.n > 0) {
        *fields = str_eq(office->headers, headers) ? office->fields : *fields;
        return OK;
    }
    e = import_mapping_get(im->c->db, im->c->arena,
                           &(struct import_mapping_get_in) {department, str_of(import_kind_name(im->o->kind)), headers}, &row);
    if (e == OK)
        *fields = row.fields;
    return e == ERR_NOT_FOUND ? OK : e;
}

/* {"line", "headers", "remembered", "columns": [{"header", "field", "guess"}]} for the office. */
static void
look(struct importer *im, struct str headers, bool remembered)
{
    json_t *columns = json_array(), *v;
    struct trail list;
    char *text;

    for (size_t i = 0; i < im->row.count; i++) {
        struct str cell = str_trim(im->row.cells[i]), words = header_words(cell);
        size_t guess = words.n == 0 || is_ours(words) ? im->column_count : column_of(im, words), field = im->column_count;

        for (size_t k = 0; k < im->column_count; k++)
            if (im->at[k] == (int) i)
                field = k;
        json_array_append_new(columns, json_pack("{s:s%, s:s?, s:s?}", "header", cell.n == 0 ? "" : cell.p, cell.n, "field",
                                                 field == im->column_count ? NULL : im->columns[field].id, "guess",
                                                 guess == im->column_count ? NULL : im->columns[guess].id));
    }
    v = json_pack("{s:I, s:s%, s:b, s:o}", "line", (json_int_t) im->row.line, "headers", headers.p, headers.n, "remembered",
                  remembered, "columns", columns);
    text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);
    if (trail_begin(&list, im->o->office->trail, "look") == OK && text != NULL)
        trail_put(&list, str_of(text));
    if (trail_end(&list) != OK || text == NULL)
        im->rejects_error = ERR_IO;
    free(text);
    json_decref(v);
}

/* The row in work: is it the header? *best: the most columns recognised so far. */
static enum err
try_header(struct importer *im, bool *is_header, size_t *best)
{
    char hex[65];
    struct str headers = headers_of(im, hex), fields;
    size_t known = 0;
    enum err e = known_fields(im, headers, &fields);

    if (e == OK)
        e = fields.n > 0 ? take_fields(im, fields) : take_words(im, &known);
    if (e != OK && im->o->office == NULL)
        return e;
    *is_header = e == OK && complete(im);
    if (im->o->office != NULL && im->row.count > 1 && (*is_header || known + 1 > *best)) {
        look(im, headers, fields.n > 0);
        *best = known + 1;
        im->header_line = im->row.line;
    }
    return e == ERR_DUPLICATE ? OK : e;
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
    size_t best = 0;
    enum err e = OK;

    for (int i = 0; i < IMPORT_HEADER_ROWS && !is_header; i++) {
        e = table_next(im->table, &im->row);
        if (e != OK) {
            im->r->error_line = im->row.line;
            return e;
        }
        if (im->row.count == 0)
            break;
        e = try_header(im, &is_header, &best);
        if (e != OK)
            return e;
        if (!is_header)
            import_row_read(im);
    }
    im->r->unmapped = !is_header;
    return is_header ? im->rejects_error : no_header(im);
}

/* mapping: is every field one of ours, each once, and nothing missing? */
static enum err
check_fields(struct ctx *c, const struct import_column *columns, size_t count, const json_t *list)
{
    bool seen[IMPORT_COLUMNS_MAX] = {false};
    size_t i;
    const json_t *v;

    if (!json_is_array(list) || json_array_size(list) > TABLE_CELLS_MAX)
        return ERR_INPUT;
    json_array_foreach(list, i, v)
    {
        size_t k = 0;

        if (json_is_null(v))
            continue;
        while (k < count && (!json_is_string(v) || strcmp(columns[k].id, json_string_value(v)) != 0))
            k++;
        if (k == count)
            return ctx_refuse(c, ERR_INPUT, "fields/%zu", i);
        if (seen[k])
            return ctx_refuse(c, ERR_DUPLICATE, "%s", columns[k].id);
        seen[k] = true;
    }
    for (size_t k = 0; k < count; k++)
        if (columns[k].required && !seen[k])
            return ctx_refuse(c, ERR_MISSING, "%.*s", (int) import_column_title(&columns[k]).n,
                              import_column_title(&columns[k]).p);
    return OK;
}

enum err
import_mapping_keep(struct ctx *c, enum import_kind kind, struct str department, struct str headers, struct str fields)
{
    size_t count;
    const struct import_column *columns = import_columns(kind, &count);
    json_t *list = json_loadb(fields.p, fields.n, 0, NULL);
    enum err e = check_fields(c, columns, count, list);

    json_decref(list);
    return e == OK ? import_mapping_put(c->db, &(struct import_mapping_put_in) {
                                                   department.n > 0 ? department : STR("*"),
                                                   str_of(import_kind_name(kind)), headers, fields, c->now_us})
                   : e;
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

static struct str
reason_of(const struct importer *im, enum err why, const char *detail, struct buf *b)
{
    buf_z(b, err_name(why));
    buf_z(b, ": ");
    buf_z(b, im->o->chinese ? err_zh(why) : err_en(why));
    if (detail != NULL && *detail != '\0') {
        buf_z(b, im->o->chinese ? ";" : "; ");
        buf_z(b, detail);
    }
    return buf_view(b);
}

/* For the office the errors of a row are gathered until the row is told with all its cells. */
static void
note_error(struct importer *im, size_t column, enum err why, const char *detail)
{
    struct cell_error *x = &im->errors[im->error_count];

    if (im->error_count == IMPORT_ROW_ERRORS_MAX)
        return;
    *x = (struct cell_error) {.cell = column < im->column_count ? im->at[column] : -1, .why = why};
    x->field = column < im->column_count ? im->columns[column].id : NULL;
    snprintf(x->detail, sizeof x->detail, "%s", detail == NULL ? "" : detail);
    im->error_count++;
}

void
import_bad_line(struct importer *im, uint64_t line, size_t column, struct str value, enum err why,
                const char *detail)
{
    char number[24], reason[512];
    struct buf n = buf_over(number, sizeof number), b = buf_over(reason, sizeof reason);
    struct str cells[4];

    if (im->o->office != NULL) {
        note_error(im, column, why, detail);
        return;
    }
    if (im->rejects_error == OK && !im->rejecting)
        im->rejects_error = rejects_open(im);
    if (im->rejects_error != OK)
        return;
    buf_u64(&n, line);
    cells[0] = buf_view(&n);
    cells[1] = column < im->column_count && im->at[column] >= 0 ? im->header[column]
               : column < im->column_count                      ? str_of(im->columns[column].id)
                                                                : STR("");
    cells[2] = (struct str){value.p, value.n > 1000 ? 0 : value.n};
    cells[3] = reason_of(im, why, detail, &b);
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

/* The example and the notes of a template. */
static bool
of_template(const struct table_row *row)
{
    return row->count > 0 && (str_starts(str_trim(row->cells[0]), STR(IMPORT_EXAMPLE_MARK)) ||
                              str_starts(str_trim(row->cells[0]), STR(IMPORT_NOTE_MARK)));
}

enum err
import_next(struct importer *im)
{
    enum err e;

    do
        e = table_next(im->table, &im->row);
    while (e == OK && of_template(&im->row));
    im->row_bad = false;
    im->error_count = 0;
    im->stale = false;
    json_decref(im->before);
    im->before = NULL;
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

/* lists of the office ------------------------------------------------------------------------------------------- */

enum err
import_trails_begin(struct importer *im)
{
    struct trail *const LISTS[] = {&im->head, &im->bad, &im->changed, &im->fresh, &im->conflicts};
    static const char *const NAMES[] = {"head", "bad", "changed", "new", "conflict"};
    enum err e = OK;

    for (size_t i = 0; im->o->office != NULL && i < sizeof LISTS / sizeof *LISTS && e == OK; i++)
        e = trail_begin(LISTS[i], im->o->office->trail, NAMES[i]);
    return e;
}

enum err
import_trails_end(struct importer *im, enum err e)
{
    struct trail *const LISTS[] = {&im->head, &im->bad, &im->changed, &im->fresh, &im->conflicts};

    for (size_t i = 0; im->o->office != NULL && i < sizeof LISTS / sizeof *LISTS; i++) {
        enum err ended = trail_end(LISTS[i]);

        e = e == OK ? ended : e;
    }
    return e;
}

bool
import_is_private(enum import_kind kind)
{
    return kind == IMPORT_INSPECTORS || kind == IMPORT_EXPERTS;
}

/* Rows of people lie sealed. */
static void
put_line(struct importer *im, struct trail *list, struct str text)
{
    size_t mark = arena_mark(im->c->arena);
    struct str line = text;
    enum err e = import_is_private(im->o->kind) ? person_seal_line(im->c, text, &line) : OK;

    if (e == OK)
        trail_put(list, line);
    else
        im->rejects_error = e;
    arena_rewind(im->c->arena, mark);
}

/* {"line", "cells": […], "errors": [{"cell", "field", "code", "text"}]} */
static void
tell_row(struct importer *im, struct trail *list)
{
    json_t *cells = json_array(), *errors = json_array(), *v;
    char *text, reason[512];

    for (size_t i = 0; i < im->row.count; i++)
        json_array_append_new(cells, json_stringn(im->row.cells[i].n == 0 ? "" : im->row.cells[i].p, im->row.cells[i].n));
    for (size_t i = 0; i < im->error_count; i++) {
        const struct cell_error *x = &im->errors[i];
        struct buf b = buf_over(reason, sizeof reason);
        struct str words = reason_of(im, x->why, x->detail, &b);

        json_array_append_new(errors, json_pack("{s:i, s:s?, s:s, s:s%}", "cell", x->cell, "field", x->field, "code",
                                                err_name(x->why), "text", words.p, words.n));
    }
    v = json_pack("{s:I, s:o, s:o}", "line", (json_int_t) im->row.line, "cells", cells, "errors", errors);
    text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);
    if (text == NULL)
        im->rejects_error = ERR_MEMORY;
    else
        put_line(im, list, str_of(text));
    free(text);
    json_decref(v);
}

void
import_row_read(struct importer *im)
{
    if (im->o->office != NULL && im->head.count < IMPORT_HEAD_ROWS)
        tell_row(im, &im->head);
}

void
import_reject(struct importer *im)
{
    im->r->rejected++;
    if (im->o->office != NULL)
        tell_row(im, &im->bad);
}

void
import_late(struct importer *im, uint64_t line, size_t column, struct str value, enum err why, uint64_t other)
{
    char detail[64] = "";

    im->r->rejected++;
    if (im->o->office == NULL) {
        if (why == ERR_DUPLICATE)
            snprintf(detail, sizeof detail, im->o->chinese ? "与本文件第 %llu 行代码相同" : "same code as line %llu",
                     (unsigned long long) other);
        import_bad_line(im, line, column, value, why, detail);
        return;
    }
    if (im->late_count == im->late_room) {
        size_t room = im->late_room == 0 ? 1024 : im->late_room * 2;
        struct late_error *more = room > IMPORT_LATE_MAX ? NULL : realloc(im->late, room * sizeof *more);

        if (more == NULL) {
            im->rejects_error = room > IMPORT_LATE_MAX ? ERR_TOO_LARGE : ERR_MEMORY;
            return;
        }
        im->late = more;
        im->late_room = room;
    }
    im->late[im->late_count++] = (struct late_error) {line, column, why, other};
}

static int
by_line(const void *a, const void *b)
{
    const struct late_error *x = a, *y = b;

    return (x->line > y->line) - (x->line < y->line);
}

static void
tell_late(struct importer *im, const struct late_error *x)
{
    char detail[96] = "";

    if (x->why == ERR_DUPLICATE)
        snprintf(detail, sizeof detail, im->o->chinese ? "与本文件第 %llu 行代码相同" : "same code as line %llu",
                 (unsigned long long) x->other);
    else if (x->why == ERR_PERMISSION)
        snprintf(detail, sizeof detail, "%s", im->o->chinese ? "不在本部门、本地区范围内" : "outside one's department or region");
    im->error_count = 0;
    note_error(im, x->column, x->why, detail);
    tell_row(im, &im->bad);
}

enum err
import_late_rows(struct importer *im)
{
    size_t i = 0;
    enum err e;

    if (im->late_count == 0)
        return im->rejects_error;
    qsort(im->late, im->late_count, sizeof *im->late, by_line);
    table_close(im->table);
    im->table = NULL;
    e = table_open(im->o->path, im->o->sheet, &im->table);
    while (e == OK && i < im->late_count && (e = table_next(im->table, &im->row)) == OK && im->row.count > 0)
        while (i < im->late_count && im->late[i].line == im->row.line)
            tell_late(im, &im->late[i++]);
    return e == OK ? im->rejects_error : e;
}
