/* mod/result/result_int.h - what the files of this module share */
#ifndef MQ_RESULT_INT_H
#define MQ_RESULT_INT_H

#include "mod/result/result.h"

/* result_find: one within the row scope, and its state. result_own: is it the account that acts now? */
MUST_USE enum err result_find(struct ctx *c, const struct result_key *k, struct result_row *row, enum result_state *state);
bool result_own(const struct ctx *c, struct str actor);
/* result_note: an entry about TASK/TARGET/ITEM, with one text in its detail or none. */
MUST_USE enum err result_note(struct ctx *c, const char *act, const struct result_key *k, const char *name, struct str value);
bool result_words_ok(struct str s, bool required);

#endif
