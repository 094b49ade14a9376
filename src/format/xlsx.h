/* format/xlsx.h - XLSX (ISO/IEC 29500) in and out: reading on minizip and expat, writing on libxlsxwriter. */
#ifndef MQ_XLSX_H
#define MQ_XLSX_H

#include <stdio.h>

#include "format/table.h"

#define XLSX_FILE_BYTES_MAX (UINT64_C(256) << 20)   /* the archive */
#define XLSX_PART_BYTES_MAX (UINT64_C(1) << 30)     /* one part, unpacked */
#define XLSX_STRINGS_BYTES_MAX (UINT64_C(24) << 20) /* text of all shared strings, held in memory */
enum {
    XLSX_FREE_BYTES = 4 << 20,  /* up to here a part may be packed as tightly as it likes */
    XLSX_RATIO_MAX = 150,       /* beyond: unpacked / packed; real sheets reach 10 to 40 */
    XLSX_STRINGS_MAX = 1 << 20, /* number of shared strings */
    XLSX_STYLES_MAX = 65536
};

struct xlsx_reader;

/*
 * xlsx_open(f, sheet, out): read the archive f; the reader does not close it. Formula cells are refused, cell
 * by cell (row->problem = ERR_FORMULA): their stored value is whatever some other program computed last.
 * Dates come as YYYY-MM-DD. A number of more than 15 digits is ERR_PRECISION: the spreadsheet has already
 * lost its end. Document type declarations are refused, so there are no entities to expand or fetch.
 * ERR_SYNTAX, ERR_TOO_LARGE, ERR_NOT_FOUND (sheet), ERR_IO, ERR_MEMORY.
 */
MUST_USE enum err xlsx_open(FILE *f, const char *sheet, struct xlsx_reader **out);
MUST_USE enum err xlsx_next(struct xlsx_reader *r, struct table_row *row); /* see table_next */
void xlsx_position(const struct xlsx_reader *r, uint64_t *done_bytes, uint64_t *total_bytes);
void xlsx_sha256(struct xlsx_reader *r, unsigned char out[TABLE_SHA256_BYTES]);
void xlsx_close(struct xlsx_reader *r);

/* A workbook of one sheet whose cells are all text: codes keep their digits and nothing is a formula. */
struct xlsx_writer;
MUST_USE enum err xlsx_writer_open(const char *path, const char *sheet, struct xlsx_writer **out);
/* xlsx_writer_look: before the first row: it stays in sight, columns are wide enough to read, one may be hidden (-1: none). */
MUST_USE enum err xlsx_writer_look(struct xlsx_writer *w, int hidden);
/* xlsx_writer_row: ERR_TOO_LARGE above 1,048,576 rows or a cell above 32,767 characters. */
MUST_USE enum err xlsx_writer_row(struct xlsx_writer *w, const struct str *cells, size_t count);
/* xlsx_writer_comment: a note on a cell of the row just written or of one to come (why it was rejected). */
MUST_USE enum err xlsx_writer_comment(struct xlsx_writer *w, uint32_t row, uint16_t column, struct str text);
MUST_USE enum err xlsx_writer_close(struct xlsx_writer *w); /* ERR_IO: the file is not complete */

#endif
