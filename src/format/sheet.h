/* format/sheet.h - one table out, as CSV or XLSX: UTF-8 with byte order mark, every cell text, formulas harmless. Rows are
 * streamed: the memory of one. */
#ifndef MQ_SHEET_H
#define MQ_SHEET_H

#include "base/err.h"
#include "base/str.h"

enum sheet_format { SHEET_CSV, SHEET_XLSX };
struct sheet;

MUST_USE enum err sheet_format_parse(struct str name, enum sheet_format *out); /* "csv", "xlsx"; ERR_INPUT */
const char *sheet_format_name(enum sheet_format f);
const char *sheet_format_type(enum sheet_format f); /* media type */

/* sheet_open: a new file, or over an old one. name: of the worksheet. hidden: number of the column that a workbook hides,
 * -1 for none. ERR_IO, ERR_MEMORY. */
MUST_USE enum err sheet_open(const char *path, enum sheet_format format, const char *name, int hidden, struct sheet **out);
/* sheet_row: ERR_TOO_LARGE above the rows of a workbook (1,048,576), ERR_NO_SPACE, ERR_IO. A cell longer than a workbook
 * can hold (32,767 characters) is cut. */
MUST_USE enum err sheet_row(struct sheet *s, const struct str *cells, size_t count);
/* sheet_comment: a note on a cell of the row just written, counted from 0; CSV has none. */
MUST_USE enum err sheet_comment(struct sheet *s, uint32_t row, uint16_t column, struct str text);
/* sheet_close: ERR_IO, ERR_NO_SPACE: the file is not complete. NULL is fine. */
MUST_USE enum err sheet_close(struct sheet *s);

#endif
