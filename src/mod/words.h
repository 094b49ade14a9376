/* mod/words.h - words of registers to ids, and the rule of what a register newly says. */
#ifndef MQ_MOD_WORDS_H
#define MQ_MOD_WORDS_H

#include "store/db.h"

struct word {
    struct str words, id;
};
#define WORD(words, id)                                                                                      \
    {                                                                                                        \
        {words, sizeof(words) - 1},                                                                          \
        {                                                                                                    \
            id, sizeof(id) - 1                                                                               \
        }                                                                                                    \
    }

/* word_id: the id for these words; an id stands for itself; absent when unknown. */
struct str word_id(const struct word *table, size_t count, struct str words);

/* word_of: the words for an id, the first of the table; an id that is not there stands for itself. */
struct str word_of(const struct word *table, size_t count, struct str id);

/* What says that there is nothing, while an absent text says nothing. is_emptied, is_emptied_i64: is it that? */
extern const struct str EMPTIED;
extern const struct opt_i64 EMPTIED_I64;
bool is_emptied(struct str s);
bool is_emptied_i64(struct opt_i64 v);

/* newer, newer_i64: what is said (nothing, for what is emptied), or the old value when nothing is said; *changed is set when they
 * differ. */
struct str newer(struct str said, struct str old, bool *changed);
struct opt_i64 newer_i64(struct opt_i64 said, struct opt_i64 old, bool *changed);

#endif
