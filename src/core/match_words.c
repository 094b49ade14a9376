/* core/match_words.c - the random words of the matching (spec 2) and two small list helpers */
#include "core/match_int.h"

#include <string.h>

void
match_words_start(struct match_words *w, const unsigned char seed[static MATCH_SEED_LEN])
{
    hash_init(&w->start, HASH_SHA256);
    hash_update(&w->start, seed, MATCH_SEED_LEN);
    hash_update(&w->start, "DM1", 4); /* with its NUL */
    w->counter = 0;
    w->lanes = hash_lanes_best();
    w->used = w->count = 0;
}

static void
be64_put(unsigned char *p, uint64_t v)
{
    for (int k = 0; k < 8; k++)
        p[k] = (unsigned char) (v >> (56 - 8 * k));
}

static uint64_t
be64_get(const unsigned char *p)
{
    uint64_t v = 0;

    for (int k = 0; k < 8; k++)
        v = v << 8 | p[k];
    return v;
}

/* The next digests: few at first (small components), then a full set of lanes. */
static void
refill(struct match_words *w)
{
    size_t blocks = w->counter < MATCH_WORD_BLOCKS ? 1 : MATCH_WORD_BLOCKS;
    unsigned char text[MATCH_WORD_BLOCKS][8], digest[MATCH_WORD_BLOCKS][HASH_LEN];
    struct str items[MATCH_WORD_BLOCKS];

    for (size_t k = 0; k < blocks; k++) {
        be64_put(text[k], w->counter++);
        items[k] = (struct str){(const char *) text[k], sizeof text[k]};
    }
    hash_many(blocks == 1 ? 1 : w->lanes, &w->start, items, blocks, NULL, digest);
    for (size_t k = 0; k < 4 * blocks; k++)
        w->word[k] = be64_get(digest[k / 4] + 8 * (k % 4));
    w->count = (unsigned) (4 * blocks);
    w->used = 0;
}

uint64_t
match_words_below(struct match_words *w, uint64_t n)
{
    uint64_t v, rest;

    if (n <= 1)
        return 0;
    /* v - rest is the start of v's run of n values; a run that begins above 2^64 - n is incomplete: draw
     * again. */
    do {
        if (w->used == w->count)
            refill(w);
        v = w->word[w->used++];
        rest = v % n;
    } while (v - rest > 0 - n);
    return rest;
}

void
match_words_shuffle(struct match_words *w, uint32_t *a, size_t n)
{
    for (size_t i = n; i-- > 1;) {
        size_t j = (size_t) match_words_below(w, i + 1);
        uint32_t t = a[i];

        a[i] = a[j];
        a[j] = t;
    }
}

void
match_sort(uint32_t *a, size_t n)
{
    static const size_t gaps[] = {3735498, 1660221, 737876, 327945, 145753, 64779, 28791, 12796, 5687, 2527,
                                  1123,    499,     221,    98,     43,     19,    8,     3,     1};

    for (size_t k = 0; k < sizeof gaps / sizeof *gaps; k++)
        for (size_t i = gaps[k]; i < n; i++) {
            uint32_t x = a[i];
            size_t j = i;

            for (; j >= gaps[k] && a[j - gaps[k]] > x; j -= gaps[k])
                a[j] = a[j - gaps[k]];
            a[j] = x;
        }
}

bool
match_holds(const uint32_t *list, size_t n, uint32_t x)
{
    while (n > 0) {
        size_t half = n / 2;

        if (list[half] == x)
            return true;
        if (list[half] < x) {
            list += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return false;
}
