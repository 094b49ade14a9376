/* format/csv.h - CSV (RFC 4180) in and out: reading on libcsv and iconv, writing with formulas made harmless.
 */
#ifndef MQ_CSV_H
#define MQ_CSV_H

#include <stdio.h>

#include "format/table.h"

#define CSV_FILE_BYTES_MAX (UINT64_C(8) << 30)

struct csv_reader;

/*
 * csv_open(f, out): read f from its start; the reader does not close it. The encoding is told by a byte order
 * mark or by the first bytes that are not ASCII: UTF-8, otherwise GB18030 (which contains GBK and GB 2312).
 * The separator is the comma, or TAB when the first line has a TAB and no comma. ERR_ENCODING (UTF-16),
 * ERR_TOO_LARGE, ERR_IO, ERR_MEMORY.
 */
MUST_USE enum err csv_open(FILE *f, struct csv_reader **out);
MUST_USE enum err csv_next(struct csv_reader *r, struct table_row *row); /* see table_next */
const char *csv_encoding(const struct csv_reader *r);
void csv_position(const struct csv_reader *r, uint64_t *done_bytes, uint64_t *total_bytes);
void csv_sha256(struct csv_reader *r, unsigned char out[TABLE_SHA256_BYTES]);
void csv_close(struct csv_reader *r);

/*
 * csv_write_row(f, cells, count): one row, CR LF at its end, quotes where needed. A cell that a spreadsheet
 * would run as a formula (first byte = + - @ TAB CR) gets an apostrophe in front; plain numbers such as -3.5
 * stay. ERR_NO_SPACE, ERR_IO.
 */
MUST_USE enum err csv_write_row(FILE *f, const struct str *cells, size_t count);
/* csv_write_bom: the UTF-8 byte order mark that makes Excel read the file as UTF-8. */
MUST_USE enum err csv_write_bom(FILE *f);

#endif
