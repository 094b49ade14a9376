/* mod/dictionary/dictionary_int.h - what the sources of mod/dictionary share */
#ifndef MQ_DICTIONARY_INT_H
#define MQ_DICTIONARY_INT_H

#include "mod/dictionary/dictionary.h"

/* dictionary_apply: rows become what is in force; codes they lack are retired. In the caller's transaction. */
MUST_USE enum err dictionary_apply(struct ctx *c, const struct dictionary_kind *k, const json_t *rows, uint64_t *redated);
/* dictionary_apply_first: the same for what `init` has put in place already: only what has no table of its own yet. */
MUST_USE enum err dictionary_apply_first(struct ctx *c, const struct dictionary_kind *k, const json_t *rows);

#endif
