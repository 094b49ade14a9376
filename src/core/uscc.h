/* core/uscc.h - unified social credit code 统一社会信用代码 (GB 32100-2015) and the ids of draws.
 * Pure: no I/O, no allocation, no globals.
 *
 * Two checks. The last symbol (GB 32100, modulo 31) covers the whole code: a code that fails it is refused.
 * The ninth symbol of the organisation part (characters 9-17; GB 11714, modulo 11) is only reported: 5 of
 * 6,779 really registered companies of 信阳 carry a code whose organisation part fails while the last symbol
 * holds, and refusing them would keep issued codes out of the registry. Importers show it as a warning. */
#ifndef MQ_USCC_H
#define MQ_USCC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum { USCC_LEN = 18, REGION_LEN = 6 }; /* characters, without the NUL */

struct uscc {
    char text[USCC_LEN + 1]; /* upper case; only uscc_parse() fills one */
    bool organisation_ok;    /* characters 9-17 pass GB 11714 */
};

/*
 * uscc_parse(s, n, out): read the n bytes at s into *out, upper-casing. *out is written only on OK.
 * ERR_LENGTH   n is not 18.
 * ERR_CHARSET  a byte is outside the 31 symbols (no I, O, S, V, Z).
 * ERR_CHECK    the last symbol is not the checksum of the others.
 */
MUST_USE enum err uscc_parse(const char *s, size_t n, struct uscc *out);

/* uscc_region: characters 3-8, the region of the registering authority 登记管理机关行政区划 (GB/T 2260),
 * NUL-terminated. ERR_CHARSET when they are not six digits; whether the region exists is the caller's
 * question. */
MUST_USE enum err uscc_region(const struct uscc *u, char region[REGION_LEN + 1]);

/*
 * uscc_compose: the code of registering department and kind `head` (2 symbols), region (6) and organisation
 * (8 symbols, the body of the organisation code): both check symbols are added. For generators and tests.
 * ERR_CHARSET  a symbol is not one of the 31.
 */
MUST_USE enum err uscc_compose(const char head[2], const char region[REGION_LEN], const char organisation[8],
                               struct uscc *out);

/* The id of a target in registers, draws and links (docs/spec/draw-1.md 1): 1-54 bytes 0x21-0x7E. */
enum { TARGET_CODE_MAX = 54 };
enum target_code_kind {
    TARGET_CODE_USCC,         /* the 18 characters, upper case */
    TARGET_CODE_REGISTRATION, /* R- and the 15 digits of an old registration number 注册号 */
    TARGET_CODE_OTHER /* P- and the number of a product, project or behaviour, 1-52 bytes, taken as it is */
};
struct target_code {
    char text[TARGET_CODE_MAX + 1]; /* NUL-terminated */
    enum target_code_kind kind;
    bool organisation_ok; /* of a USCC; true for the other kinds */
};

/*
 * target_code_parse: one of the three forms. 15 bare digits are an old registration number and gain their R-.
 * The check digit inside an old number is not tested: numbers issued before 2007 have none. *out is written
 * only on OK. ERR_LENGTH   empty, longer than 54, or no form has this length. ERR_CHARSET  a byte that the
 * form does not allow. ERR_CHECK    a USCC whose last symbol is wrong.
 */
MUST_USE enum err target_code_parse(struct str s, struct target_code *out);

#endif
