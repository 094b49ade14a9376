/* core/merkle.c - trees, their growth, and their proofs (RFC 6962 §2.1) */
#include "core/merkle.h"

#include <string.h>

void
merkle_empty(enum hash_suite suite, unsigned char out[static HASH_LEN])
{
    hash_of(suite, "", 0, out);
}

void
merkle_leaf(enum hash_suite suite, const void *p, size_t n, unsigned char out[static HASH_LEN])
{
    struct hash h;

    hash_init(&h, suite);
    hash_update(&h, "\0", 1);
    hash_update(&h, p, n);
    hash_final(&h, out);
}

void
merkle_node(enum hash_suite suite, const unsigned char left[static HASH_LEN],
            const unsigned char right[static HASH_LEN], unsigned char out[static HASH_LEN])
{
    struct hash h;

    hash_init(&h, suite);
    hash_update(&h, "\1", 1);
    hash_update(&h, left, HASH_LEN);
    hash_update(&h, right, HASH_LEN);
    hash_final(&h, out);
}

void
merkle_init(struct merkle *m, enum hash_suite suite)
{
    *m = (struct merkle){.suite = suite};
}

unsigned
merkle_peak_count(const struct merkle *m)
{
    return (unsigned) __builtin_popcountll(m->size);
}

/* Append a perfect subtree whose level is at most the smallest peak's: carry like a binary counter. */
static void
append(struct merkle *m, unsigned level, const unsigned char *root)
{
    unsigned char h[HASH_LEN];
    unsigned count = merkle_peak_count(m);
    uint64_t carry = m->size >> level;

    memcpy(h, root, HASH_LEN);
    for (; (carry & 1) != 0; carry >>= 1)
        merkle_node(m->suite, m->peak[--count], h, h);
    memcpy(m->peak[count], h, HASH_LEN);
    m->size += (uint64_t) 1 << level;
}

void
merkle_add(struct merkle *m, const unsigned char leaf[static HASH_LEN])
{
    append(m, 0, leaf);
}

enum err
merkle_add_tree(struct merkle *m, unsigned level, const unsigned char root[static HASH_LEN])
{
    if (level >= 63 || (m->size & (((uint64_t) 1 << level) - 1)) != 0)
        return ERR_ORDER;
    append(m, level, root);
    return OK;
}

void
merkle_root(const struct merkle *m, unsigned char out[static HASH_LEN])
{
    unsigned count = merkle_peak_count(m);

    if (count == 0) {
        merkle_empty(m->suite, out);
        return;
    }
    memcpy(out, m->peak[--count], HASH_LEN);
    while (count > 0)
        merkle_node(m->suite, m->peak[--count], out, out);
}

void
merkle_reduce(enum hash_suite suite, unsigned lanes, unsigned char (*hashes)[HASH_LEN], size_t count,
              unsigned char out[static HASH_LEN])
{
    merkle_reduce_by(suite, lanes, NULL, hashes, count, out);
}

void
merkle_reduce_by(enum hash_suite suite, unsigned lanes, const struct hash_pair_table *table,
                 unsigned char (*hashes)[HASH_LEN], size_t count, unsigned char out[static HASH_LEN])
{
    struct hash start;

    hash_init(&start, suite);
    hash_update(&start, "\1", 1);
    while (count > 1) {
        size_t pairs = count / 2;

        hash_pairs(lanes, &start, table, (const unsigned char(*)[HASH_LEN]) hashes, pairs, hashes);
        if (count % 2 != 0)
            memmove(hashes[pairs], hashes[count - 1], HASH_LEN);
        count = pairs + count % 2;
    }
    memcpy(out, hashes[0], HASH_LEN);
}

/* The level of the largest power of two strictly below n >= 2. */
static unsigned
split_level(uint64_t n)
{
    return 63 - (unsigned) __builtin_clzll(n - 1);
}

enum err
merkle_range(const struct merkle_source *s, uint64_t from, uint64_t to, unsigned char out[static HASH_LEN])
{
    struct merkle m;

    if (from >= to)
        return ERR_RANGE;
    merkle_init(&m, s->suite);
    while (from < to) {
        unsigned level = 63 - (unsigned) __builtin_clzll(to - from);
        unsigned char h[HASH_LEN];
        enum err e;

        if ((from & (((uint64_t) 1 << level) - 1)) != 0)
            return ERR_RANGE;
        e = s->node(s->ctx, level, from >> level, h);
        if (e == OK)
            e = merkle_add_tree(&m, level, h);
        if (e != OK)
            return e;
        from += (uint64_t) 1 << level;
    }
    merkle_root(&m, out);
    return OK;
}

/* Proofs are found from the root down, published from the leaf up. */
static void
reverse(struct merkle_proof *p)
{
    unsigned char h[HASH_LEN];

    for (unsigned i = 0, j = p->count; i + 1 < j; i++) {
        j--;
        memcpy(h, p->hash[i], HASH_LEN);
        memcpy(p->hash[i], p->hash[j], HASH_LEN);
        memcpy(p->hash[j], h, HASH_LEN);
    }
}

enum err
merkle_prove_inclusion(const struct merkle_source *s, uint64_t index, uint64_t size, struct merkle_proof *out)
{
    uint64_t from = 0, to = size;
    enum err e = index < size ? OK : ERR_RANGE;

    out->count = 0;
    while (e == OK && to - from > 1) {
        uint64_t middle = from + ((uint64_t) 1 << split_level(to - from));

        if (index < middle) {
            e = merkle_range(s, middle, to, out->hash[out->count++]);
            to = middle;
        } else {
            e = merkle_range(s, from, middle, out->hash[out->count++]);
            from = middle;
        }
    }
    reverse(out);
    return e;
}

enum err
merkle_prove_consistency(const struct merkle_source *s, uint64_t from, uint64_t to, struct merkle_proof *out)
{
    uint64_t low = 0, high = to;
    enum err e = from <= to ? OK : ERR_RANGE;

    out->count = 0;
    if (e != OK || from == 0 || from == to)
        return e;
    while (e == OK && from != high) {
        uint64_t middle = low + ((uint64_t) 1 << split_level(high - low));

        if (from <= middle) {
            e = merkle_range(s, middle, high, out->hash[out->count++]);
            high = middle;
        } else {
            e = merkle_range(s, low, middle, out->hash[out->count++]);
            low = middle;
        }
    }
    if (e == OK && low != 0) /* the verifier cannot know this subtree of the old tree */
        e = merkle_range(s, low, high, out->hash[out->count++]);
    reverse(out);
    return e;
}

/* RFC 9162 §2.1.3.2. */
enum err
merkle_check_inclusion(enum hash_suite suite, uint64_t index, uint64_t size,
                       const unsigned char leaf[static HASH_LEN], const struct merkle_proof *p,
                       const unsigned char root[static HASH_LEN])
{
    uint64_t fn = index, sn = size - 1;
    unsigned char r[HASH_LEN];

    if (index >= size || p->count > MERKLE_PROOF_MAX)
        return ERR_PROOF;
    memcpy(r, leaf, HASH_LEN);
    for (unsigned i = 0; i < p->count; i++) {
        if (sn == 0)
            return ERR_PROOF;
        if ((fn & 1) != 0 || fn == sn) {
            merkle_node(suite, p->hash[i], r, r);
            while ((fn & 1) == 0 && fn != 0)
                fn >>= 1, sn >>= 1;
        } else {
            merkle_node(suite, r, p->hash[i], r);
        }
        fn >>= 1, sn >>= 1;
    }
    return sn == 0 && memcmp(r, root, HASH_LEN) == 0 ? OK : ERR_PROOF;
}

/* RFC 9162 §2.1.4.2 for 0 < from < to. */
static enum err
check_growth(enum hash_suite suite, uint64_t from, uint64_t to, const unsigned char *from_root,
             const unsigned char *to_root, const struct merkle_proof *p)
{
    uint64_t fn = from - 1, sn = to - 1;
    unsigned char fr[HASH_LEN], sr[HASH_LEN];
    bool power_of_two = (from & (from - 1)) == 0;
    unsigned i = power_of_two ? 0 : 1;

    if (p->count == 0)
        return ERR_PROOF;
    for (; (fn & 1) != 0; fn >>= 1)
        sn >>= 1;
    memcpy(fr, power_of_two ? from_root : p->hash[0], HASH_LEN);
    memcpy(sr, fr, HASH_LEN);
    for (; i < p->count; i++) {
        if (sn == 0)
            return ERR_PROOF;
        if ((fn & 1) != 0 || fn == sn) {
            merkle_node(suite, p->hash[i], fr, fr);
            merkle_node(suite, p->hash[i], sr, sr);
            while ((fn & 1) == 0 && fn != 0)
                fn >>= 1, sn >>= 1;
        } else {
            merkle_node(suite, sr, p->hash[i], sr);
        }
        fn >>= 1, sn >>= 1;
    }
    return sn == 0 && memcmp(fr, from_root, HASH_LEN) == 0 && memcmp(sr, to_root, HASH_LEN) == 0 ? OK
                                                                                                 : ERR_PROOF;
}

enum err
merkle_check_consistency(enum hash_suite suite, uint64_t from, uint64_t to,
                         const unsigned char from_root[static HASH_LEN],
                         const unsigned char to_root[static HASH_LEN], const struct merkle_proof *p)
{
    unsigned char empty[HASH_LEN];

    if (from > to || p->count > MERKLE_PROOF_MAX)
        return ERR_PROOF;
    if (from == to)
        return p->count == 0 && memcmp(from_root, to_root, HASH_LEN) == 0 ? OK : ERR_PROOF;
    if (from == 0) {
        merkle_empty(suite, empty);
        return p->count == 0 && memcmp(from_root, empty, HASH_LEN) == 0 ? OK : ERR_PROOF;
    }
    return check_growth(suite, from, to, from_root, to_root, p);
}
