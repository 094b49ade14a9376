/* format/csv.c - streaming CSV on libcsv; GB18030 through iconv */
#include "format/csv.h"

#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "format/digest.h"

enum {
    CHUNK_BYTES = 1 << 16,
    CARRY_BYTES = 8,              /* an unfinished GB18030 character has at most 3 bytes */
    TEXT_BYTES = 2 * CHUNK_BYTES, /* two bytes of GB18030 become at most three of UTF-8 */
    SAMPLE_BYTES = 1 << 18,       /* looked at to tell the encoding */
    PARSER_BLOCK_BYTES = 1 << 14
};

struct csv_reader {
    FILE *f;
    struct digest *sha;
    struct csv_parser parser;
    bool parser_ready;
    bool gb18030;
    iconv_t conversion;
    uint64_t done_bytes, total_bytes;
    bool file_ended, rows_ended, bom_seen_or_absent;
    enum err pending; /* raised when the text before it is used up */
    size_t carry_n;
    unsigned char raw[CARRY_BYTES + CHUNK_BYTES];
    char text[TEXT_BYTES];
    size_t text_at, text_n;
    uint64_t line, row_line;
    bool after_cr, in_row, row_done;
    bool row_broken; /* a loose quote; the rest of its line is skipped */
    unsigned char separator;
    size_t row_read_bytes;
    enum err row_problem;
    char *row; /* TABLE_ROW_BYTES_MAX bytes */
    size_t row_n, cell_count, filled_count;
    struct str cells[TABLE_CELLS_MAX];
};

/* telling the encoding
 * ------------------------------------------------------------------------------------------ */

/* How much of the sample is UTF-8: characters of several bytes that are well formed, and bytes that fit
 * nowhere. */
static void
count_utf8(struct str s, size_t *good, size_t *bad)
{
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char) s.p[i];
        size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;

        if (i + n > s.n)
            return; /* cut by the end of the sample */
        if (n > 1 && !utf8_valid((struct str){s.p + i, n})) {
            *bad += 1;
            n = 1;
        } else if (n > 1) {
            *good += 1;
        }
        i += n;
    }
}

static bool
has_high_byte(const unsigned char *p, size_t n)
{
    unsigned char all = 0;

    for (size_t i = 0; i < n; i++)
        all |= p[i];
    return (all & 0x80) != 0;
}

/* A file that is mostly good UTF-8 with a few bad bytes is broken UTF-8, not GB18030: reading finds the
 * place. */
static enum err
sniff_encoding(struct csv_reader *r)
{
    char *sample = malloc(SAMPLE_BYTES);
    size_t n = 0, good = 0, bad = 0;
    enum err e = sample == NULL ? ERR_MEMORY : OK;

    while (e == OK && (n = fread(sample, 1, SAMPLE_BYTES, r->f)) > 0) {
        const unsigned char *u = (const unsigned char *) sample;

        if (ftell(r->f) == (long) n && n >= 2 &&
            ((u[0] == 0xFF && u[1] == 0xFE) || (u[0] == 0xFE && u[1] == 0xFF)))
            e = ERR_ENCODING;
        if (has_high_byte(u, n))
            break;
    }
    if (e == OK && n > 0)
        count_utf8((struct str){sample, n}, &good, &bad);
    r->gb18030 = bad > good;
    free(sample);
    if (e == OK && (ferror(r->f) || fseek(r->f, 0, SEEK_SET) != 0))
        e = ERR_IO;
    return e;
}

static enum err
sniff_size(struct csv_reader *r)
{
    long size;

    if (fseek(r->f, 0, SEEK_END) != 0 || (size = ftell(r->f)) < 0 || fseek(r->f, 0, SEEK_SET) != 0)
        return ERR_IO;
    r->total_bytes = (uint64_t) size;
    return r->total_bytes > CSV_FILE_BYTES_MAX ? ERR_TOO_LARGE : OK;
}

static enum err
sniff_separator(struct csv_reader *r)
{
    char first[4096];
    size_t n = fread(first, 1, sizeof first, r->f);
    const char *end = memchr(first, '\n', n);
    size_t line_n = end == NULL ? n : (size_t) (end - first);

    if (memchr(first, '\t', line_n) != NULL && memchr(first, ',', line_n) == NULL)
        r->separator = CSV_TAB;
    return ferror(r->f) || fseek(r->f, 0, SEEK_SET) != 0 ? ERR_IO : OK;
}

/* opening
 * ------------------------------------------------------------------------------------------------------- */

static enum err
start_parser(struct csv_reader *r)
{
    if (r->parser_ready)
        csv_free(&r->parser);
    r->parser_ready = csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) == 0;
    if (!r->parser_ready)
        return ERR_MEMORY;
    csv_set_blk_size(&r->parser, PARSER_BLOCK_BYTES);
    csv_set_delim(&r->parser, r->separator);
    return OK;
}

static enum err
prepare(struct csv_reader *r)
{
    enum err e = sniff_size(r);

    r->conversion = (iconv_t) -1;
    r->row = malloc(TABLE_ROW_BYTES_MAX);
    r->sha = digest_new();
    r->line = 1;
    r->separator = CSV_COMMA;
    if (r->row == NULL || r->sha == NULL)
        return ERR_MEMORY;
    if (e == OK)
        e = sniff_encoding(r);
    if (e == OK)
        e = sniff_separator(r);
    if (e == OK)
        e = start_parser(r);
    if (e == OK && r->gb18030 && (r->conversion = iconv_open("UTF-8", "GB18030")) == (iconv_t) -1)
        e = ERR_MEMORY;
    return e;
}

enum err
csv_open(FILE *f, struct csv_reader **out)
{
    struct csv_reader *r = calloc(1, sizeof *r);
    enum err e;

    if (r == NULL)
        return ERR_MEMORY;
    r->f = f;
    e = prepare(r);
    if (e == OK)
        *out = r;
    else
        csv_close(r);
    return e;
}

void
csv_close(struct csv_reader *r)
{
    if (r == NULL)
        return;
    if (r->conversion != (iconv_t) -1)
        iconv_close(r->conversion);
    if (r->parser_ready)
        csv_free(&r->parser);
    digest_free(r->sha);
    free(r->row);
    free(r);
}

/* reading
 * ------------------------------------------------------------------------------------------------------- */

/* From raw (carry included) to text; what is left of an unfinished character is carried to the next chunk. */
static void
convert(struct csv_reader *r, size_t raw_n)
{
    char *in = (char *) r->raw, *out = r->text;
    size_t in_n = raw_n, out_n = sizeof r->text;

    r->carry_n = 0;
    if (iconv(r->conversion, &in, &in_n, &out, &out_n) == (size_t) -1) {
        if (errno == EINVAL && in_n <= CARRY_BYTES && !r->file_ended) {
            memmove(r->raw, in, in_n);
            r->carry_n = in_n;
        } else {
            r->pending = ERR_ENCODING;
        }
    }
    r->text_n = sizeof r->text - out_n;
}

static enum err
fill(struct csv_reader *r)
{
    size_t n = fread(r->raw + r->carry_n, 1, CHUNK_BYTES, r->f);

    if (ferror(r->f))
        return ERR_IO;
    digest_add(r->sha, r->raw + r->carry_n, n);
    r->done_bytes += n;
    r->file_ended = n == 0;
    r->text_at = 0;
    if (r->gb18030) {
        convert(r, r->carry_n + n);
    } else {
        memcpy(r->text, r->raw, n);
        r->text_n = n;
    }
    if (!r->bom_seen_or_absent && r->text_n > 0) {
        if (r->text_n >= 3 && memcmp(r->text, "\xEF\xBB\xBF", 3) == 0)
            r->text_at = 3;
        r->bom_seen_or_absent = true;
    }
    return OK;
}

static void
on_cell(void *p, size_t n, void *ctx)
{
    struct csv_reader *r = ctx;

    if (r->row_done) /* cannot be: a piece holds one end of a row */
        r->row_problem = ERR_INTERNAL;
    else if (r->cell_count == TABLE_CELLS_MAX || TABLE_ROW_BYTES_MAX - r->row_n < n)
        r->row_problem = ERR_TOO_LARGE;
    if (r->row_problem != OK)
        return;
    if (n > 0) {
        memcpy(r->row + r->row_n, p, n);
        r->cells[r->cell_count] = (struct str){r->row + r->row_n, n};
        r->row_n += n;
        r->filled_count++;
    } else {
        r->cells[r->cell_count] = (struct str){NULL, 0};
    }
    r->cell_count++;
}

static void
on_row(int newline, void *ctx)
{
    struct csv_reader *r = ctx;

    (void) newline;
    r->row_done = true;
}

/* The text up to and including the next end of line, or to the end of the chunk. */
static struct str
next_piece(struct csv_reader *r)
{
    const char *p = r->text + r->text_at;
    size_t n = r->text_n - r->text_at;
    const char *lf = memchr(p, '\n', n);
    size_t to_lf = lf == NULL ? n : (size_t) (lf - p) + 1;
    const char *cr = memchr(p, '\r', to_lf);

    if (cr != NULL && !(cr + 2 == p + to_lf && lf != NULL))
        to_lf = (size_t) (cr - p) + 1; /* a lone CR, or one cut from its LF */
    return (struct str){p, to_lf};
}

static void
count_lines(struct csv_reader *r, struct str piece)
{
    char last = piece.p[piece.n - 1];

    if (last == '\r' || (last == '\n' && !(piece.n == 1 && r->after_cr)))
        r->line++;
    r->after_cr = last == '\r';
}

/* A loose quote spoils its row, if the row is one line. If it is more, nobody knows where the rows are: the
 * file is refused. */
static enum err
loose_quote(struct csv_reader *r)
{
    if (csv_error(&r->parser) != CSV_EPARSE)
        return ERR_MEMORY;
    if (r->row_line != r->line)
        return ERR_SYNTAX;
    r->row_broken = true;
    return start_parser(r);
}

static enum err
parse_piece(struct csv_reader *r)
{
    struct str piece = next_piece(r);
    enum err e = OK;

    if (!r->in_row && str_trim(piece).n > 0) {
        r->in_row = true;
        r->row_line = r->line;
    }
    r->row_read_bytes += piece.n;
    if (r->row_read_bytes > TABLE_ROW_BYTES_MAX)
        return ERR_TOO_LARGE;
    if (memchr(piece.p, 0, piece.n) != NULL)
        return ERR_CHARSET;
    if (!r->row_broken && csv_parse(&r->parser, piece.p, piece.n, on_cell, on_row, r) != piece.n)
        e = loose_quote(r);
    if (e != OK)
        return e;
    r->text_at += piece.n;
    count_lines(r, piece);
    if (r->row_broken && (piece.p[piece.n - 1] == '\n' || piece.p[piece.n - 1] == '\r'))
        r->row_done = true;
    return r->row_problem;
}

static enum err
step(struct csv_reader *r)
{
    if (r->text_at < r->text_n)
        return parse_piece(r);
    if (r->pending != OK)
        return r->pending;
    if (!r->file_ended)
        return fill(r);
    r->rows_ended = true;
    if (csv_fini(&r->parser, on_cell, on_row, r) != 0)
        return csv_error(&r->parser) == CSV_EPARSE ? ERR_SYNTAX : ERR_MEMORY;
    return r->row_problem;
}

static void
new_row(struct csv_reader *r)
{
    r->row_n = r->cell_count = r->filled_count = r->row_read_bytes = 0;
    r->row_done = r->in_row = r->row_broken = false;
}

/* Cell by cell: the halves of a broken character may stand on both sides of a separator. */
static bool
cells_valid(const struct csv_reader *r)
{
    for (size_t i = 0; i < r->cell_count; i++)
        if (!utf8_valid(r->cells[i]))
            return false;
    return true;
}

enum err
csv_next(struct csv_reader *r, struct table_row *row)
{
    enum err e = OK;

    new_row(r);
    while (e == OK && !r->rows_ended && !r->row_done) {
        e = step(r);
        if (e == OK && r->row_done && r->filled_count == 0 && !r->row_broken && !r->rows_ended)
            new_row(r); /* nothing but separators */
    }
    if (e == OK && !r->gb18030 && !cells_valid(r))
        e = ERR_ENCODING;
    *row = (struct table_row){.line = e != OK && !r->in_row ? r->line : r->row_line, .cells = r->cells};
    if (e == OK && r->row_broken && r->cell_count < TABLE_CELLS_MAX) {
        row->problem = ERR_SYNTAX;
        row->problem_cell = r->cell_count;
        r->cells[r->cell_count++] = (struct str){NULL, 0};
        row->count = r->cell_count;
    } else if (e == OK && r->row_done && r->filled_count > 0) {
        row->count = r->cell_count;
    }
    return e;
}

const char *
csv_encoding(const struct csv_reader *r)
{
    return r->gb18030 ? "GB18030" : "UTF-8";
}

void
csv_position(const struct csv_reader *r, uint64_t *done_bytes, uint64_t *total_bytes)
{
    *done_bytes = r->done_bytes;
    *total_bytes = r->total_bytes;
}

void
csv_sha256(struct csv_reader *r, unsigned char out[TABLE_SHA256_BYTES])
{
    digest_end(r->sha, out);
}

/* writing
 * ------------------------------------------------------------------------------------------------------- */

static bool
is_number(struct str s)
{
    for (size_t i = 1; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
            return false;
    return s.n > 1 && s.p[1] != '.';
}

static bool
is_dangerous(struct str s)
{
    if (s.n == 0 || memchr("=+-@\t\r", s.p[0], 6) == NULL)
        return false;
    return !((s.p[0] == '-' || s.p[0] == '+') && is_number(s));
}

static bool
needs_quotes(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (memchr(",\"\r\n\t", s.p[i], 5) != NULL)
            return true;
    return s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

static void
write_cell(FILE *f, struct str s)
{
    bool quoted = needs_quotes(s);

    if (quoted)
        putc('"', f);
    if (is_dangerous(s))
        putc('\'', f);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            putc('"', f);
        putc(s.p[i], f);
    }
    if (quoted)
        putc('"', f);
}

static enum err
written(FILE *f)
{
    if (!ferror(f))
        return OK;
    return errno == ENOSPC || errno == EDQUOT ? ERR_NO_SPACE : ERR_IO;
}

enum err
csv_write_row(FILE *f, const struct str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            putc(',', f);
        write_cell(f, cells[i]);
    }
    fputs("\r\n", f);
    return written(f);
}

enum err
csv_write_bom(FILE *f)
{
    fputs("\xEF\xBB\xBF", f);
    return written(f);
}
