/* core/hash.c - one message at a time, and the choice of lanes */
#include "core/hash.h"

#include <string.h>

#include "core/hash_lanes.h"

typedef uint32_t V;
#define STREAMS 1
#include "core/hash_rounds.h"

static const uint32_t INITIAL[HASH_SUITE_COUNT][8] = {
    {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
    {0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e},
};

static void
compress(struct hash *h, const unsigned char *block)
{
    uint32_t w[16];

    for (unsigned i = 0; i < 16; i++, block += 4)
        w[i] = (uint32_t) block[0] << 24 | (uint32_t) block[1] << 16 | (uint32_t) block[2] << 8 | block[3];
    if (h->suite == HASH_SM3)
        sm3_compress(h->state, w);
    else
        sha256_compress(&h->state, &w);
}

void
hash_init(struct hash *h, enum hash_suite suite)
{
    *h = (struct hash){.suite = suite};
    memcpy(h->state, INITIAL[suite], sizeof h->state);
}

void
hash_update(struct hash *h, const void *p, size_t n)
{
    const unsigned char *s = p;
    size_t waiting = h->n_bytes % HASH_BLOCK_BYTES, room = HASH_BLOCK_BYTES - waiting;

    h->n_bytes += n;
    if (waiting > 0 && n >= room) {
        memcpy(h->block + waiting, s, room);
        compress(h, h->block);
        s += room, n -= room, waiting = 0;
    }
    if (waiting == 0)
        for (; n >= HASH_BLOCK_BYTES; s += HASH_BLOCK_BYTES, n -= HASH_BLOCK_BYTES)
            compress(h, s);
    if (n > 0)
        memcpy(h->block + waiting, s, n);
}

void
hash_text(struct hash *h, const char *z)
{
    hash_update(h, z, strlen(z));
}

void
hash_hex(struct hash *h, const void *p, size_t n)
{
    const unsigned char *s = p;
    char two[2];

    for (size_t i = 0; i < n; i++) {
        hex_encode(s + i, 1, two);
        hash_update(h, two, 2);
    }
}

void
hash_final(struct hash *h, unsigned char out[static HASH_LEN])
{
    uint64_t n_bits = h->n_bytes * 8;
    size_t waiting = h->n_bytes % HASH_BLOCK_BYTES;

    h->block[waiting++] = 0x80;
    if (waiting > HASH_BLOCK_BYTES - 8) {
        memset(h->block + waiting, 0, HASH_BLOCK_BYTES - waiting);
        compress(h, h->block);
        waiting = 0;
    }
    memset(h->block + waiting, 0, HASH_BLOCK_BYTES - 8 - waiting);
    for (unsigned i = 0; i < 8; i++)
        h->block[HASH_BLOCK_BYTES - 1 - i] = (unsigned char) (n_bits >> 8 * i);
    compress(h, h->block);
    for (unsigned i = 0; i < HASH_LEN; i++)
        out[i] = (unsigned char) (h->state[i / 4] >> (24 - 8 * (i % 4)));
}

void
hash_of(enum hash_suite suite, const void *p, size_t n, unsigned char out[static HASH_LEN])
{
    struct hash h;

    hash_init(&h, suite);
    hash_update(&h, p, n);
    hash_final(&h, out);
}

const char *
hash_suite_name(enum hash_suite suite)
{
    return suite == HASH_SM3 ? "sm3" : "sha256";
}

enum err
hash_suite_parse(struct str name, enum hash_suite *out)
{
    if (str_eq(name, STR("sha256")))
        *out = HASH_SHA256;
    else if (str_eq(name, STR("sm3")))
        *out = HASH_SM3;
    else
        return ERR_INPUT;
    return OK;
}

bool
hash_lanes_ok(unsigned lanes)
{
#if defined(__x86_64__)
    if (lanes == 16)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    if (lanes == 8)
        return __builtin_cpu_supports("avx2");
#endif
    return lanes == 1 || lanes == 4;
}

unsigned
hash_lanes_best(void)
{
    return hash_lanes_ok(16) ? 16 : hash_lanes_ok(8) ? 8 : 4;
}

void
hash_many(unsigned lanes, const struct hash *start, const struct str *items, size_t count,
          const char *readable_end, unsigned char (*out)[HASH_LEN])
{
#if defined(__x86_64__)
    if (lanes == 16) {
        hash_lanes_16(start, items, count, readable_end, out);
        return;
    }
    if (lanes == 8) {
        hash_lanes_8(start, items, count, readable_end, out);
        return;
    }
#endif
    if (lanes == 4) {
        hash_lanes_4(start, items, count, readable_end, out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct hash h = *start;

        hash_update(&h, items[i].p, items[i].n);
        hash_final(&h, out[i]);
    }
}

void
hash_pair_table_init(struct hash_pair_table *t)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t *w = t->schedule[byte];

        memset(w, 0, sizeof t->schedule[byte]);
        w[0] = byte << 24 | 0x800000;
        w[15] = (2 * HASH_LEN + 1) * 8;
        for (unsigned i = 16; i < 64; i++)
            w[i] = w[i - 16] + SHA256_SIGMA0(w[i - 15]) + w[i - 7] + SHA256_SIGMA1(w[i - 2]);
        for (unsigned i = 0; i < 64; i++)
            w[i] += SHA256_K[i];
    }
}

void
hash_pairs(unsigned lanes, const struct hash *start, const struct hash_pair_table *table,
           const unsigned char (*in)[HASH_LEN], size_t pair_count, unsigned char (*out)[HASH_LEN])
{
#if defined(__x86_64__)
    if (lanes == 16) {
        hash_pairs_16(start, table, in, pair_count, out);
        return;
    }
    if (lanes == 8) {
        hash_pairs_8(start, table, in, pair_count, out);
        return;
    }
#endif
    if (lanes == 4) {
        hash_pairs_4(start, table, in, pair_count, out);
        return;
    }
    for (size_t i = 0; i < pair_count; i++) {
        struct hash h = *start;

        hash_update(&h, in[2 * i], (size_t) 2 * HASH_LEN);
        hash_final(&h, out[i]);
    }
}
