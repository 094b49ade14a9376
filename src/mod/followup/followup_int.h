/* mod/followup/followup_int.h - what the three kinds share */
#ifndef MQ_FOLLOWUP_INT_H
#define MQ_FOLLOWUP_INT_H

#include "mod/followup/followup.h"

/* followup_words: ERR_LENGTH, ERR_ENCODING. followup_other: a department in force that is not `own`. ERR_INPUT. */
MUST_USE enum err followup_words(struct ctx *c, struct str s, size_t max, bool required);
MUST_USE enum err followup_other(struct ctx *c, struct str department, struct str own);
/* followup_note: an entry about TARGET/ID, with one text in its detail or none. */
MUST_USE enum err followup_note(struct ctx *c, const char *act, struct str target, int64_t id, const char *name,
                                struct str value);
/* followup_pass: the move itself with its step, without an entry. */
MUST_USE enum err followup_pass(struct ctx *c, const struct followup_get_row *row, enum followup_state to,
                                const struct followup_say *say);

#endif
