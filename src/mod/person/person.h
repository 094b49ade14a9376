/* mod/person/person.h - what the office knows of inspectors and experts beyond their work: telephone and identity number
 * (regulation 四(三): protected). Sealed at rest with keys/person.key, shown masked, opened only by an act with a reason. */
#ifndef MQ_PERSON_H
#define MQ_PERSON_H

#include "core/person.h"
#include "mod/ctx.h"
#include "mod/person_sql.h"

enum { PERSON_REASON_MAX = 600 };

/* Whose: register "inspector" or "expert", and the code there. */
struct person_key {
    struct str registry, code;
};
struct person_say {
    bool phone_said, id_said;
    struct str phone, id_no; /* absent: forget it */
};

/* person_check: both are well formed; *field names the wrong one ("phone", "id_no"). Errors of core/person.h. */
MUST_USE enum err person_check(const struct person_say *say, const char **field);
/* person_put: inside the caller's transaction and under its journal entry; what is not said stays; with dry_run only decide.
 * *changed: something differs. After person_check. Errors of secret_seal and of the database. */
MUST_USE enum err person_put(struct ctx *c, struct person_key key, const struct person_say *say, bool dry_run,
                             bool *changed);

/* 138****1234; "" nothing is known; stars alone when the key does not fit. */
struct person_masked {
    char phone[PERSON_MASK_BYTES], id_no[PERSON_MASK_BYTES];
};
MUST_USE enum err person_masked(struct ctx *c, struct person_key key, struct person_masked *out);

/* person_reveal: both in clear, absent when not known. An act of its own with the entry <register>.reveal, its subject the code,
 * the reason in its detail. The caller has looked at the row scope. ERR_LENGTH no reason, or one above PERSON_REASON_MAX
 * bytes; ERR_ENCODING; ERR_DIGEST keys/person.key is not the key of these. */
struct person_plain {
    struct str phone, id_no;
};
MUST_USE enum err person_reveal(struct ctx *c, struct person_key key, struct str reason, struct person_plain *out);

/* --- files of the registers, while they wait to be imported (person_file.c) --------------------------------------------------- */

/* person_seal_file: the bytes of `from` sealed at `to`, which only this id opens; `from` is removed. ERR_IO, ERR_NO_SPACE.
 * person_open_file: into memory; fd is the caller's to close, its path /proc/self/fd/N. ERR_NOT_FOUND; ERR_DIGEST it was
 * altered, cut, or sealed by another key. */
MUST_USE enum err person_seal_file(struct ctx *c, int64_t id, const char *from, const char *to);
MUST_USE enum err person_open_file(struct ctx *c, int64_t id, const char *path, int *fd);
/* person_seal_line: a text as a line of a file. person_open_line: the text again; a line without the mark stays as it is. */
#define PERSON_SEALED_MARK "~"
MUST_USE enum err person_seal_line(struct ctx *c, struct str plain, struct str *line);
MUST_USE enum err person_open_line(struct ctx *c, struct str *line);

#endif
