/* core/entry.h - one entry of the log 留痕 (docs/spec/log-1.md 1): bytes out, bytes in. Pure. */
#ifndef MQ_ENTRY_H
#define MQ_ENTRY_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { ENTRY_BYTES_MAX = 65535, ENTRY_ACTOR_MAX = 128, ENTRY_ACT_MAX = 64, ENTRY_SUBJECT_MAX = 512 };

struct entry {
    int64_t id;      /* 1 … */
    int64_t time_us; /* 0 … */
    struct str actor, act, subject;
    struct str detail; /* one JSON object on one line, or absent */
};

/*
 * entry_write: append the seven lines to b.
 * ERR_LENGTH    a text is empty or too long.
 * ERR_CHARSET   a control character, bad UTF-8, an act that is not noun.verb, a detail that is not {…}.
 * ERR_RANGE     id below 1 or time below 0.
 * ERR_TOO_LARGE the entry is above 65,535 bytes, or the buffer is full.
 * On an error b is as before.
 */
MUST_USE enum err entry_write(struct buf *b, const struct entry *e);
/* entry_parse: the strict inverse: what it accepts, entry_write writes back byte for byte. The texts point
 * into the input. ERR_SYNTAX a line is missing, strange or out of order; else as entry_write. *out is written
 * only on OK. */
MUST_USE enum err entry_parse(struct str bytes, struct entry *out);

#endif
