/* mod/journal/journal.h - the journal 全过程留痕 (regulation 四(一); docs/spec/log-1.md).
 * Every state-changing act of the platform is an entry, written in the transaction of the act. */
#ifndef MQ_JOURNAL_H
#define MQ_JOURNAL_H

#include "mod/ctx.h"

struct journal_act {
    struct str act;     /* "draw.seal": noun.verb, at most 64 bytes */
    struct str subject; /* key of what was changed, "411500/2026/0017/1": 1..512 bytes without control characters */
    struct str detail;  /* JSON object on one line, or absent: digests of documents, no personal fields */
};

/*
 * journal_add: one entry at c->now_us by c->actor, inside the caller's transaction.
 * ERR_LENGTH, ERR_CHARSET, ERR_RANGE, ERR_TOO_LARGE  as entry_write (core/entry.h).
 * ERR_BUSY, ERR_NO_SPACE                             from the database.
 * ERR_JOURNAL                                        it cannot be stored. In all cases the act must not happen.
 */
MUST_USE enum err journal_add(struct ctx *c, const struct journal_act *act);
/* journal_newest: the id of the last entry, 0 at the start: as long as it stays, nothing was changed. */
MUST_USE enum err journal_newest(struct ctx *c, int64_t *id);

#endif
