/* mod/inspector/inspector_int.h - shared by the files of this module */
#ifndef MQ_INSPECTOR_INT_H
#define MQ_INSPECTOR_INT_H

#include "mod/inspector/inspector.h"

/* One field of an entry's detail; an absent value is left out. */
struct inspector_note_field {
    const char *name;
    struct str value;
};
/* inspector_note: an entry with these texts as its detail. */
MUST_USE enum err inspector_note(struct ctx *c, struct str act, struct str subject,
                                 const struct inspector_note_field *fields, size_t count);
/* inspector_reason_ok: 1 to INSPECTOR_TEXT_MAX bytes of UTF-8. ERR_LENGTH, ERR_ENCODING. */
MUST_USE enum err inspector_reason_ok(struct ctx *c, struct str reason);
/* inspector_at_check: see it and compare the row version. */
MUST_USE enum err inspector_at_check(struct ctx *c, struct inspector_at at, struct inspector_get_row *out);
/* inspector_code_ok: [A-Za-z0-9][A-Za-z0-9._-]{0,31}, as published files need it. */
bool inspector_code_ok(struct str code);

#endif
