/* format/xlsx_value.h - what the number in a spreadsheet cell means: a number or a day. */
#ifndef MQ_XLSX_VALUE_H
#define MQ_XLSX_VALUE_H

#include "base/err.h"
#include "base/str.h"

/* xlsx_is_date_format: does the built-in format (ISO/IEC 29500-1, 18.8.30) show a day? */
bool xlsx_is_date_format(uint64_t id);
/* xlsx_is_date_code: does the format code, e.g. yyyy"年"m"月"d"日", show a day? */
bool xlsx_is_date_code(struct str code);

/*
 * xlsx_number(text, out): the number as a person typed it, at most 15 digits ("0.59999999999999998" is 0.6).
 * ERR_PRECISION: 16 digits or more before the point; the spreadsheet kept only 15. ERR_SYNTAX.
 */
MUST_USE enum err xlsx_number(struct str text, struct buf *out);

/*
 * xlsx_date(text, from_1904, out): serial day number to YYYY-MM-DD, with " HH:MM:SS" if it has a time of day.
 * ERR_DATE: outside 1900-01-01..9999-12-31, or the 29 February 1900 that never was.
 */
MUST_USE enum err xlsx_date(struct str text, bool from_1904, struct buf *out);

#endif
