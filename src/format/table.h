/* format/table.h - rows of cells out of CSV or XLSX files: one pull reader for both, memory of one row. */
#ifndef MQ_TABLE_H
#define MQ_TABLE_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
    TABLE_CELLS_MAX = 256,         /* columns of a row */
    TABLE_ROW_BYTES_MAX = 1 << 20, /* text of one row, UTF-8 */
    TABLE_SHA256_BYTES = 32
};

struct table_row {
    uint64_t line;           /* physical line (CSV, multi-line cells count) or row number (XLSX), from 1 */
    const struct str *cells; /* UTF-8, valid until the next call; absent = empty cell */
    size_t count;            /* 0 = end of the file */
    enum err problem;        /* a cell that cannot be taken as data: ERR_FORMULA, ERR_PRECISION, ERR_INPUT;
                              * ERR_SYNTAX: a loose quote, the cells after it are unknown */
    size_t problem_cell;     /* its index when problem is not OK */
};

struct table_reader;

/*
 * table_open(path, sheet, out): recognise the file by its first bytes (XLSX is a ZIP archive; everything else
 * is CSV in UTF-8 or GB18030) and get ready to read. sheet: name of a worksheet, NULL = the first; CSV has
 * none. ERR_IO          the file cannot be read. ERR_ENCODING    UTF-16, or neither UTF-8 nor GB18030.
 * ERR_TOO_LARGE   above a limit of csv.h or xlsx.h.
 * ERR_SYNTAX      a damaged archive or forbidden XML (document types, entities).
 * ERR_NOT_FOUND   no such file, no such worksheet.
 */
MUST_USE enum err table_open(const char *path, const char *sheet, struct table_reader **out);

/*
 * table_next(r, row): the next row that is not blank; row->count is 0 after the last. On an error row->line
 * says where. ERR_ENCODING, ERR_CHARSET (a NUL byte), ERR_SYNTAX (quotes, XML), ERR_TOO_LARGE, ERR_IO,
 * ERR_MEMORY.
 */
MUST_USE enum err table_next(struct table_reader *r, struct table_row *row);

/* table_encoding: "UTF-8", "GB18030" or "XLSX", for messages. */
const char *table_encoding(const struct table_reader *r);
/* table_position: bytes read of bytes in all, for progress; XLSX: of the unpacked sheet. */
void table_position(const struct table_reader *r, uint64_t *done_bytes, uint64_t *total_bytes);
/* table_sha256: digest of the file's bytes; call it after the last row. */
void table_sha256(struct table_reader *r, unsigned char out[TABLE_SHA256_BYTES]);
void table_close(struct table_reader *r); /* NULL is fine */

#endif
