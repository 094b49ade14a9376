/* mod/journal/journal.h - the journal 全过程留痕 (regulation 四(一); docs/spec/log-1.md).
 * Every state-changing act of the platform is an entry, written in the transaction of the act. */
#ifndef MQ_JOURNAL_H
#define MQ_JOURNAL_H

#include "mod/ctx.h"

enum { JOURNAL_ENTRY_BYTES_MAX = 65535 };

struct journal_act {
    struct str act;     /* "draw.seal": noun.verb, [a-z0-9_]; 1..64 bytes */
    struct str subject; /* what it is about: its key, "411500/2026/0017/1"; 1..256 bytes of UTF-8 without control characters */
    struct str detail;  /* canonical JSON object or absent: digests of documents, no personal fields */
};

/*
 * journal_add: one entry at c->now_us by c->actor, inside the caller's transaction.
 * ERR_INPUT      a field is empty, too long or holds a control character.
 * ERR_TOO_LARGE  the entry would exceed 65,535 bytes.
 * ERR_JOURNAL    it cannot be stored, or there is no transaction: the act must not happen.
 */
MUST_USE enum err journal_add(struct ctx *c, const struct journal_act *act);

#endif
