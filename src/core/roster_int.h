/* core/roster_int.h - rows on their way into an index or through a sieve. Private to roster.c and roster_sieve.c. */
#ifndef MQ_ROSTER_INT_H
#define MQ_ROSTER_INT_H

#include <string.h>

#include "core/roster.h"

enum { SHORT_SLOTS = 256 };

/* Strata known to be well-formed, with their index in the draw. */
struct strata {
    const struct draw_spec *spec;
    size_t count;
    uint64_t key[SHORT_SLOTS]; /* 0 = free */
    uint16_t index[SHORT_SLOTS];
};

/* What is kept of a row. */
struct fields {
    struct str id;
    uint16_t stratum;
    uint32_t weight;
    uint64_t mask;
};

/* roster_fields_read: the line at p, whose LF is then *end; text_end follows an LF. */
MUST_USE enum err roster_fields_read(struct strata *strata, const char *p, const char *text_end, const char **end,
                                     struct fields *out, struct fault *f);
/* roster_order_check: the id comes after the last one (p == NULL: there was none). */
MUST_USE enum err roster_order_check(struct str last, struct str id, struct fault *f);

/* Quotas by stratum, so that a row meets only its own: those of s are quota[first[s] .. first[s + 1]). */
struct quotas {
    const struct draw_spec *spec;
    size_t *first, *quota;
};

bool quotas_group(const struct draw_spec *d, struct arena *a, struct quotas *out);

/* Count the row in the populations of its quotas. */
static inline void
quotas_count(const struct quotas *s, const struct fields *x, struct roster_population *population)
{
    for (size_t i = s->first[x->stratum]; i < s->first[x->stratum + 1]; i++)
        if ((x->mask >> s->spec->quotas[s->quota[i]].group & 1) != 0) {
            population[s->quota[i]].count++;
            population[s->quota[i]].weight += x->weight;
        }
}

/* At most ROSTER_TILE rows, gathered to be hashed together. */
struct tile {
    struct str lines[ROSTER_TILE], ids[ROSTER_TILE];
    unsigned char digests[ROSTER_TILE][HASH_LEN];
};

/* The first eight bytes of a digest, as tickets are compared. */
static inline uint64_t
top_word(const unsigned char *digest)
{
    uint64_t v;

    memcpy(&v, digest, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

#endif
