/* mod/words.c */
#include "mod/words.h"

struct str
word_id(const struct word *table, size_t count, struct str words)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(table[i].words, words) || str_eq(table[i].id, words))
            return table[i].id;
    return (struct str){NULL, 0};
}

struct str
word_of(const struct word *table, size_t count, struct str id)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(table[i].id, id))
            return table[i].words;
    return id;
}

static const char NOTHING[1] = "";
const struct str EMPTIED = {NOTHING, 0};
const struct opt_i64 EMPTIED_I64 = {false, INT64_MIN};

bool
is_emptied(struct str s)
{
    return s.p == NOTHING;
}

bool
is_emptied_i64(struct opt_i64 v)
{
    return !v.set && v.v == INT64_MIN;
}

struct str
newer(struct str said, struct str old, bool *changed)
{
    if (is_emptied(said)) {
        *changed |= old.n > 0;
        return (struct str){NULL, 0};
    }
    if (said.n == 0 || str_eq(said, old))
        return old;
    *changed = true;
    return said;
}

struct opt_i64
newer_i64(struct opt_i64 said, struct opt_i64 old, bool *changed)
{
    if (is_emptied_i64(said)) {
        *changed |= old.set;
        return (struct opt_i64){false, 0};
    }
    if (!said.set || (old.set && old.v == said.v))
        return old;
    *changed = true;
    return said;
}
