/* format/xlsx_read.c - one worksheet, row by row: the parser is suspended at each end of a row */
#include <stdlib.h>
#include <string.h>

#include "format/digest.h"
#include "format/xlsx.h"
#include "format/xlsx_part.h"
#include "format/xlsx_value.h"

enum {
    PART_NAME_BYTES = 256,
    ID_BYTES = 64,
    STYLE_BYTES = XLSX_STYLES_MAX / 8,
    ROW_TEXT_BYTES = TABLE_ROW_BYTES_MAX
};

struct cell_state {
    size_t column;
    char type; /* n s i b e d t(ext of a formula) */
    bool formula, in_value;
    uint64_t style;
    size_t text_at; /* start of its text in the row's text */
};

struct xlsx_reader {
    struct xlsx_part part; /* first: handlers get a pointer to it */
    FILE *f;
    unzFile zip;
    struct digest *sha;
    const char *wanted_sheet;
    /* the workbook and its relations */
    char sheet_id[ID_BYTES], sheet_part[PART_NAME_BYTES], strings_part[PART_NAME_BYTES],
        styles_part[PART_NAME_BYTES];
    bool from_1904, in_cell_formats;
    unsigned char date_format[STYLE_BYTES], date_style[STYLE_BYTES]; /* bit sets */
    uint64_t style_count;
    /* shared strings: text of string i is strings[string_end[i-1] .. string_end[i]) */
    char *strings;
    size_t strings_n, strings_size;
    uint32_t *string_end;
    size_t string_count, string_size;
    bool in_text, in_phonetic;
    /* the row in work */
    struct cell_state cell;
    bool row_done;
    uint64_t line;
    char *text; /* ROW_TEXT_BYTES */
    size_t text_n, cell_count, filled_count;
    enum err row_problem;
    size_t row_problem_cell;
    struct str cells[TABLE_CELLS_MAX];
};

static bool
bit(const unsigned char *set, uint64_t i)
{
    return i < XLSX_STYLES_MAX && (set[i / 8] >> (i % 8) & 1) != 0;
}

static void
set_bit(unsigned char *set, uint64_t i)
{
    if (i < XLSX_STYLES_MAX)
        set[i / 8] = (unsigned char) (set[i / 8] | 1u << (i % 8));
}

static uint64_t
number_or(struct str s, uint64_t fallback)
{
    uint64_t v;

    return s.p != NULL && str_u64(s, UINT32_MAX, &v) == OK ? v : fallback;
}

/* small parts
 * --------------------------------------------------------------------------------------------------- */

static void
keep(char *out, size_t size_bytes, struct str s)
{
    if (s.p == NULL || s.n >= size_bytes)
        return;
    memcpy(out, s.p, s.n);
    out[s.n] = 0;
}

static void
workbook_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx_reader *r = ctx;
    struct str date1904;

    xlsx_part_enter(&r->part);
    if (xlsx_is(name, "workbookPr")) {
        date1904 = xlsx_attribute(attributes, "date1904");
        r->from_1904 = str_eq(date1904, STR("1")) || str_eq(date1904, STR("true"));
    } else if (xlsx_is(name, "sheet") && r->sheet_id[0] == 0 &&
               (r->wanted_sheet == NULL ||
                str_eq(str_of(r->wanted_sheet), xlsx_attribute(attributes, "name")))) {
        keep(r->sheet_id, sizeof r->sheet_id, xlsx_attribute(attributes, "id"));
    }
}

/* The name of a part from a relation of xl/workbook.xml: relative to xl/, or absolute. */
static void
keep_target(char *out, struct str target)
{
    struct buf b = buf_over(out, PART_NAME_BYTES - 1);

    if (str_starts(target, STR("/")))
        target = (struct str){target.p + 1, target.n - 1};
    else
        buf_z(&b, "xl/");
    buf_str(&b, target);
    out[b.overflow ? 0 : b.n] = 0;
}

static bool
ends_with(struct str s, struct str end)
{
    return s.n >= end.n && memcmp(s.p + s.n - end.n, end.p, end.n) == 0;
}

static void
relations_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx_reader *r = ctx;
    struct str type = xlsx_attribute(attributes, "Type"), target = xlsx_attribute(attributes, "Target");

    xlsx_part_enter(&r->part);
    if (!xlsx_is(name, "Relationship") || type.p == NULL || target.p == NULL)
        return;
    if (ends_with(type, STR("/sharedStrings")))
        keep_target(r->strings_part, target);
    else if (ends_with(type, STR("/styles")))
        keep_target(r->styles_part, target);
    else if (ends_with(type, STR("/worksheet")) &&
             str_eq(xlsx_attribute(attributes, "Id"), str_of(r->sheet_id)))
        keep_target(r->sheet_part, target);
}

static void
styles_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx_reader *r = ctx;
    uint64_t id = number_or(xlsx_attribute(attributes, "numFmtId"), 0);

    xlsx_part_enter(&r->part);
    if (xlsx_is(name, "numFmt") && xlsx_is_date_code(xlsx_attribute(attributes, "formatCode")))
        set_bit(r->date_format, id);
    else if (xlsx_is(name, "cellXfs"))
        r->in_cell_formats = true;
    else if (xlsx_is(name, "xf") && r->in_cell_formats) {
        if (xlsx_is_date_format(id) || bit(r->date_format, id))
            set_bit(r->date_style, r->style_count);
        r->style_count++;
    }
}

static void
plain_end(void *ctx, const char *name)
{
    struct xlsx_reader *r = ctx;

    xlsx_part_leave(&r->part);
    if (xlsx_is(name, "cellXfs"))
        r->in_cell_formats = false;
}

/* shared strings
 * ------------------------------------------------------------------------------------------------ */

/* Room for n more bytes, never more than the limit. */
static enum err
strings_room(struct xlsx_reader *r, size_t n)
{
    size_t size = r->strings_size == 0 ? 1 << 16 : r->strings_size;
    char *p;

    if (n > XLSX_STRINGS_BYTES_MAX - r->strings_n)
        return ERR_TOO_LARGE;
    while (size - r->strings_n < n)
        size = size * 2 < XLSX_STRINGS_BYTES_MAX ? size * 2 : XLSX_STRINGS_BYTES_MAX;
    if (size == r->strings_size)
        return OK;
    p = realloc(r->strings, size);
    if (p == NULL)
        return ERR_MEMORY;
    r->strings = p;
    r->strings_size = size;
    return OK;
}

static enum err
string_finish(struct xlsx_reader *r)
{
    if (r->string_count == XLSX_STRINGS_MAX)
        return ERR_TOO_LARGE;
    if (r->string_count == r->string_size) {
        size_t size = r->string_size == 0 ? 4096 : r->string_size * 2;
        uint32_t *p = realloc(r->string_end, size * sizeof *p);

        if (p == NULL)
            return ERR_MEMORY;
        r->string_end = p;
        r->string_size = size;
    }
    r->string_end[r->string_count++] = (uint32_t) r->strings_n;
    return OK;
}

static void
strings_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx_reader *r = ctx;

    (void) attributes;
    xlsx_part_enter(&r->part);
    if (xlsx_is(name, "rPh"))
        r->in_phonetic = true;
    else if (xlsx_is(name, "t"))
        r->in_text = !r->in_phonetic;
}

static void
strings_text(void *ctx, const char *p, int n)
{
    struct xlsx_reader *r = ctx;
    enum err e;

    if (!r->in_text)
        return;
    e = strings_room(r, (size_t) n);
    if (e != OK) {
        xlsx_fail(&r->part, e);
        return;
    }
    memcpy(r->strings + r->strings_n, p, (size_t) n);
    r->strings_n += (size_t) n;
}

static void
strings_end(void *ctx, const char *name)
{
    struct xlsx_reader *r = ctx;
    enum err e = OK;

    xlsx_part_leave(&r->part);
    if (xlsx_is(name, "rPh"))
        r->in_phonetic = false;
    else if (xlsx_is(name, "t"))
        r->in_text = false;
    else if (xlsx_is(name, "si"))
        e = string_finish(r);
    if (e != OK)
        xlsx_fail(&r->part, e);
}

static struct str
shared_string(const struct xlsx_reader *r, size_t i)
{
    uint32_t start = i == 0 ? 0 : r->string_end[i - 1];

    return (struct str){r->strings + start, r->string_end[i] - start};
}

/* the worksheet
 * ------------------------------------------------------------------------------------------------- */

/* "BC12" is column 54 (from 0); a cell without a reference stands right of the one before. */
static size_t
column_of(struct str reference, size_t fallback)
{
    size_t column = 0, i = 0;

    for (; i < reference.n && i < 3 && reference.p[i] >= 'A' && reference.p[i] <= 'Z'; i++)
        column = column * 26 + (size_t) (reference.p[i] - 'A') + 1;
    return i == 0 ? fallback : column - 1;
}

static char
type_of(struct str t)
{
    if (t.p == NULL || str_eq(t, STR("n")))
        return 'n';
    if (str_eq(t, STR("inlineStr")))
        return 'i';
    if (str_eq(t, STR("str")))
        return 't';
    return t.n == 1 && memchr("sbed", t.p[0], 4) != NULL ? t.p[0] : '?';
}

static void
cell_begin(struct xlsx_reader *r, const char **attributes)
{
    size_t column =
        column_of(xlsx_attribute(attributes, "r"), r->cell.column == SIZE_MAX ? 0 : r->cell.column + 1);

    r->cell = (struct cell_state){.column = column,
                                  .type = type_of(xlsx_attribute(attributes, "t")),
                                  .style = number_or(xlsx_attribute(attributes, "s"), 0),
                                  .text_at = r->text_n};
    if (r->cell.type == '?')
        xlsx_fail(&r->part, ERR_SYNTAX);
}

static void
sheet_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx_reader *r = ctx;

    xlsx_part_enter(&r->part);
    if (xlsx_is(name, "row")) {
        r->line = number_or(xlsx_attribute(attributes, "r"), r->line + 1);
        r->cell.column = SIZE_MAX;
    } else if (xlsx_is(name, "c")) {
        cell_begin(r, attributes);
    } else if (xlsx_is(name, "f")) {
        r->cell.formula = true;
    } else if (xlsx_is(name, "rPh")) {
        r->in_phonetic = true;
    } else if (xlsx_is(name, "v") || xlsx_is(name, "t")) {
        r->cell.in_value = !r->in_phonetic;
    }
}

static void
sheet_text(void *ctx, const char *p, int n)
{
    struct xlsx_reader *r = ctx;

    if (!r->cell.in_value)
        return;
    if (ROW_TEXT_BYTES - r->text_n < (size_t) n) {
        xlsx_fail(&r->part, ERR_TOO_LARGE);
        return;
    }
    memcpy(r->text + r->text_n, p, (size_t) n);
    r->text_n += (size_t) n;
}

/* Replace the cell's text by what write() makes of it. */
static enum err
rewrite_number(struct xlsx_reader *r, struct str text, struct str *value)
{
    char made[64];
    struct buf b = buf_over(made, sizeof made);
    enum err e =
        bit(r->date_style, r->cell.style) ? xlsx_date(text, r->from_1904, &b) : xlsx_number(text, &b);

    if (e != OK)
        return e;
    if (ROW_TEXT_BYTES - r->text_n < b.n)
        return ERR_TOO_LARGE;
    *value = (struct str){r->text + r->text_n, b.n};
    memcpy(r->text + r->text_n, made, b.n);
    r->text_n += b.n;
    return OK;
}

static enum err
cell_value(struct xlsx_reader *r, struct str text, struct str *value)
{
    uint64_t i;

    *value = text;
    if (text.n == 0)
        return OK;
    switch (r->cell.type) {
    case 's':
        if (r->string_count == 0 || str_u64(text, r->string_count - 1, &i) != OK)
            return ERR_SYNTAX;
        *value = shared_string(r, (size_t) i);
        return OK;
    case 'n':
        return rewrite_number(r, text, value);
    case 'b':
        *value = str_eq(text, STR("1")) ? STR("TRUE") : STR("FALSE");
        return OK;
    case 'e':
        return ERR_INPUT;
    default:
        return OK;
    }
}

/* What a person has to mend is a problem of the cell; a damaged file is refused as a whole. */
static void
cell_end(struct xlsx_reader *r)
{
    struct str text = {r->text + r->cell.text_at, r->text_n - r->cell.text_at}, value;
    enum err e = r->cell.formula ? ERR_FORMULA : cell_value(r, text, &value);

    if (e == ERR_SYNTAX && r->cell.type == 'n')
        e = ERR_INPUT;
    if (e == ERR_TOO_LARGE || e == ERR_SYNTAX) {
        xlsx_fail(&r->part, e);
        return;
    }
    if (e != OK)
        value = text;
    value = str_trim(value);
    if (value.n == 0 && e == OK)
        return;
    if (r->cell.column >= TABLE_CELLS_MAX) {
        xlsx_fail(&r->part, ERR_TOO_LARGE);
        return;
    }
    while (r->cell_count <= r->cell.column)
        r->cells[r->cell_count++] = (struct str){NULL, 0};
    r->cells[r->cell.column] = value.n == 0 ? (struct str){NULL, 0} : value;
    r->filled_count++;
    if (e != OK && r->row_problem == OK) {
        r->row_problem = e;
        r->row_problem_cell = r->cell.column;
    }
}

static void
sheet_end(void *ctx, const char *name)
{
    struct xlsx_reader *r = ctx;

    xlsx_part_leave(&r->part);
    if (xlsx_is(name, "v") || xlsx_is(name, "t")) {
        r->cell.in_value = false;
    } else if (xlsx_is(name, "rPh")) {
        r->in_phonetic = false;
    } else if (xlsx_is(name, "c")) {
        cell_end(r);
    } else if (xlsx_is(name, "row") && r->filled_count > 0) {
        r->row_done = true;
        if (r->part.problem == OK)
            XML_StopParser(r->part.parser, XML_TRUE);
    }
}

/* opening
 * ------------------------------------------------------------------------------------------------------- */

static enum err
read_part(struct xlsx_reader *r, const char *name, XML_StartElementHandler start, XML_EndElementHandler end,
          XML_CharacterDataHandler text)
{
    enum err e = xlsx_part_open(&r->part, r->zip, name);

    if (e == OK) {
        XML_SetElementHandler(r->part.parser, start, end);
        XML_SetCharacterDataHandler(r->part.parser, text);
        e = xlsx_part_run(&r->part);
    }
    xlsx_part_close(&r->part);
    return e;
}

static enum err
read_index(struct xlsx_reader *r)
{
    enum err e = read_part(r, "xl/workbook.xml", workbook_start, plain_end, NULL);

    if (e == ERR_NOT_FOUND)
        return ERR_SYNTAX; /* an archive, but no workbook */
    if (e == OK && r->sheet_id[0] == 0)
        return ERR_NOT_FOUND;
    if (e == OK)
        e = read_part(r, "xl/_rels/workbook.xml.rels", relations_start, plain_end, NULL);
    if (e == OK && r->sheet_part[0] == 0)
        e = ERR_SYNTAX;
    if (e == OK && r->styles_part[0] != 0)
        e = read_part(r, r->styles_part, styles_start, plain_end, NULL);
    if (e == OK && r->strings_part[0] != 0)
        e = read_part(r, r->strings_part, strings_start, strings_end, strings_text);
    return e == ERR_NOT_FOUND ? ERR_SYNTAX : e;
}

static enum err
open_sheet(struct xlsx_reader *r)
{
    enum err e = xlsx_part_open(&r->part, r->zip, r->sheet_part);

    if (e != OK)
        return e == ERR_NOT_FOUND ? ERR_SYNTAX : e;
    XML_SetElementHandler(r->part.parser, sheet_start, sheet_end);
    XML_SetCharacterDataHandler(r->part.parser, sheet_text);
    return OK;
}

static enum err
digest_file(struct xlsx_reader *r)
{
    uint64_t total = 0;
    size_t n;

    while ((n = fread(r->text, 1, ROW_TEXT_BYTES, r->f)) > 0) {
        digest_add(r->sha, r->text, n);
        total += n;
        if (total > XLSX_FILE_BYTES_MAX)
            return ERR_TOO_LARGE;
    }
    return ferror(r->f) || fseek(r->f, 0, SEEK_SET) != 0 ? ERR_IO : OK;
}

enum err
xlsx_open(FILE *f, const char *sheet, struct xlsx_reader **out)
{
    struct xlsx_reader *r = calloc(1, sizeof *r);
    enum err e = r == NULL ? ERR_MEMORY : OK;

    if (e == OK) {
        r->f = f;
        r->wanted_sheet = sheet;
        r->sha = digest_new();
        r->text = malloc(ROW_TEXT_BYTES);
        e = r->sha == NULL || r->text == NULL ? ERR_MEMORY : digest_file(r);
    }
    if (e == OK)
        e = xlsx_zip_open(f, &r->zip);
    if (e == OK)
        e = read_index(r);
    if (e == OK)
        e = open_sheet(r);
    if (e == OK)
        *out = r;
    else
        xlsx_close(r);
    return e;
}

enum err
xlsx_next(struct xlsx_reader *r, struct table_row *row)
{
    enum err e = OK;

    r->row_done = false;
    r->text_n = r->cell_count = r->filled_count = 0;
    r->row_problem = OK;
    r->cell.in_value = false;
    while (e == OK && !r->row_done && !r->part.ended)
        e = xlsx_part_run(&r->part);
    *row = (struct table_row){.line = r->line, .cells = r->cells, .problem = r->row_problem};
    row->problem_cell = r->row_problem_cell;
    if (e == OK && r->row_done)
        row->count = r->cell_count;
    return e;
}

void
xlsx_position(const struct xlsx_reader *r, uint64_t *done_bytes, uint64_t *total_bytes)
{
    *done_bytes = r->part.done_bytes;
    *total_bytes = r->part.total_bytes;
}

void
xlsx_sha256(struct xlsx_reader *r, unsigned char out[TABLE_SHA256_BYTES])
{
    digest_end(r->sha, out);
}

void
xlsx_close(struct xlsx_reader *r)
{
    if (r == NULL)
        return;
    xlsx_part_close(&r->part);
    if (r->zip != NULL)
        unzClose(r->zip);
    digest_free(r->sha);
    free(r->strings);
    free(r->string_end);
    free(r->text);
    free(r);
}
