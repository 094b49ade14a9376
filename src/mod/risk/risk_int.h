/* mod/risk/risk_int.h - shared by the files of mod/risk, for nobody else */
#ifndef MQ_RISK_INT_H
#define MQ_RISK_INT_H

#include "mod/risk/risk.h"

/* What an entry of the journal says: digests and numbers, never a class, a target or a word: the journal is public. */
struct risk_entry {
    const char *noun; /* risk | risk-run | risk-observation | risk-external */
    int64_t id;
    struct str digest, words; /* absent: not said; of words the digest alone */
    int64_t changes;          /* 0: not said */
};
MUST_USE enum err risk_note(struct ctx *c, const char *act, const struct risk_entry *entry);
/* risk_words_ok: a reason or note. ERR_INPUT none, ERR_LENGTH, ERR_ENCODING. */
MUST_USE enum err risk_words_ok(struct ctx *c, struct str words);
/* risk_own: a part of a row scope as it is stored: absent when empty. risk_same: both equal or both absent. risk_covers: is a row of this scope within that of c? */
struct str risk_own(struct str scope);
bool risk_same(struct str a, struct str b);
bool risk_covers(const struct ctx *c, struct str department, struct str region);

#endif
