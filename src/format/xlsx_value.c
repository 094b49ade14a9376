/* format/xlsx_value.c */
#include "format/xlsx_value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_BYTES_MAX = 64 };

bool
xlsx_is_date_format(uint64_t id)
{
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) ||
           (id >= 50 && id <= 58);
}

bool
xlsx_is_date_code(struct str code)
{
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i], close = c == '"' ? '"' : c == '[' ? ']' : 0;

        if (c == '\\' || c == '_' || c == '*') {
            i++; /* the next character is shown, not a field */
        } else if (close != 0) {
            while (i + 1 < code.n && code.p[i + 1] != close)
                i++;
            i++;
        } else if (memchr("yYdD", c, 4) != NULL) {
            return true;
        }
    }
    return false;
}

/* The text as a finite number; strtod is safe here: the process stays in the C locale for numbers. */
static enum err
parse(struct str text, double *out)
{
    char z[NUMBER_BYTES_MAX + 1] = {0}, *end = z;

    if (text.n == 0 || text.n > NUMBER_BYTES_MAX || memchr("+-.0123456789", text.p[0], 13) == NULL)
        return ERR_SYNTAX;
    memcpy(z, text.p, text.n);
    *out = strtod(z, &end);
    return end == z + text.n && isfinite(*out) ? OK : ERR_SYNTAX;
}

enum err
xlsx_number(struct str text, struct buf *out)
{
    char z[NUMBER_BYTES_MAX];
    double v = 0;
    enum err e = parse(text, &v);

    if (e != OK)
        return e;
    if (fabs(v) >= 1e15)
        return ERR_PRECISION;
    snprintf(z, sizeof z, "%.15g", v);
    buf_z(out, z);
    return OK;
}

/* Days since 1970-01-01 to year, month, day: proleptic Gregorian calendar, years from 1 March. */
static void
civil(int64_t day, int *year, int *month, int *day_of_month)
{
    int64_t z = day + 719468, era = z / 146097, of_era = z % 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

    *day_of_month = (int) (of_year - (153 * m + 2) / 5 + 1);
    *month = (int) (m < 10 ? m + 3 : m - 9);
    *year = (int) (y + era * 400 + (*month <= 2));
}

enum err
xlsx_date(struct str text, bool from_1904, struct buf *out)
{
    char z[NUMBER_BYTES_MAX];
    double v = 0;
    int64_t serial, seconds;
    int year, month, day;

    if (parse(text, &v) != OK || v < (from_1904 ? 0 : 1) || v >= 2958466)
        return ERR_DATE;
    serial = (int64_t) v;
    seconds = (int64_t) llround((v - (double) serial) * 86400);
    if (!from_1904 && serial == 60)
        return ERR_DATE;
    /* Day 1 is 1900-01-01; from day 61 on the numbers count a 29 February 1900 that never was. */
    civil(from_1904 ? serial - 24107 : serial < 60 ? serial - 25568 : serial - 25569, &year, &month, &day);
    snprintf(z, sizeof z, "%04d-%02d-%02d", year, month, day);
    buf_z(out, z);
    if (seconds > 0 && seconds < 86400) {
        snprintf(z, sizeof z, " %02d:%02d:%02d", (int) (seconds / 3600), (int) (seconds / 60 % 60),
                 (int) (seconds % 60));
        buf_z(out, z);
    }
    return OK;
}
