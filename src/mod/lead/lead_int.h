/* mod/lead/lead_int.h - what leads and campaigns share */
#ifndef MQ_LEAD_INT_H
#define MQ_LEAD_INT_H

#include "mod/ctx.h"

/* lead_serial: kind letter, region 6, date 8 and the next of 0001 … 9999 after the newest that `last` finds. ERR_BUSY. */
MUST_USE enum err lead_serial(struct ctx *c, char kind, struct str region,
                              enum err (*last)(struct ctx *c, struct str after, struct str below, struct str *code),
                              struct str *out);
/* lead_words: ERR_LENGTH, ERR_ENCODING. lead_department_ok: ERR_INPUT unknown or retired. */
MUST_USE enum err lead_words(struct ctx *c, struct str s, size_t max, bool required);
MUST_USE enum err lead_department_ok(struct ctx *c, struct str code);

#endif
