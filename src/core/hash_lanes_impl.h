/* core/hash_lanes_impl.h - hash_many in W lanes, lane i of every vector belonging to message i of a group.
 * Included by hash_lanes{4,8,16}.c, which define W, HASH_LANES and the index lists; plain C with vector_size.
 */
#include <string.h>

#include "core/hash_lanes.h"

typedef uint32_t V __attribute__((vector_size(4 * W)));
typedef unsigned char VB __attribute__((vector_size(4 * W)));
#include "core/hash_rounds.h"

enum {
    /* bytes of one lane's padded blocks: 63 waiting + HASH_MANY_MAX + 9 of padding, and room for whole-block
       copies */
    LANE_BYTES = 7 * HASH_BLOCK_BYTES,
    PARTS = 16 / W /* vectors that one block fills */
};

/* Bytes of each word reversed: message words are big-endian. */
static inline V
from_big_endian(V v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return v;
#else
    return (V) __builtin_shufflevector((VB) v, (VB) v, REVERSED_BYTES);
#endif
}

/* Element j of row i where bit s of i and of j differ: exchanged. For all s the matrix is transposed. */
#define LOW(j, s) ((j) & (s) ? W + (j) - (s) : (j))
#define HIGH(j, s) ((j) & (s) ? W + (j) : (j) + (s))
#define EXCHANGE(s)                                                                                          \
    for (unsigned i = 0; i < W; i++)                                                                         \
        if ((i & (s)) == 0) {                                                                                \
            V low = __builtin_shufflevector(r[i], r[i + (s)], EACH_LANE(LOW, s));                            \
            r[i + (s)] = __builtin_shufflevector(r[i], r[i + (s)], EACH_LANE(HIGH, s));                      \
            r[i] = low;                                                                                      \
        }

static inline void
transpose(V r[W])
{
#if W >= 16
    EXCHANGE(8)
#endif
#if W >= 8
    EXCHANGE(4)
#endif
    EXCHANGE(2)
    EXCHANGE(1)
}

/* Write the waiting bytes, the item and the padding into p; return the number of blocks. */
static inline size_t
fill(unsigned char *p, const struct hash *start, struct str item, const char *readable_end)
{
    size_t waiting = start->n_bytes % HASH_BLOCK_BYTES, end = waiting + item.n;
    size_t block_count = (end + 9 + HASH_BLOCK_BYTES - 1) / HASH_BLOCK_BYTES;
    uint64_t n_bits = (start->n_bytes + item.n) * 8;

    memcpy(p, start->block, HASH_BLOCK_BYTES);
    if (readable_end != NULL && (size_t) (readable_end - item.p) >= item.n + HASH_BLOCK_BYTES)
        for (size_t i = 0; i < item.n; i += HASH_BLOCK_BYTES)
            memcpy(p + waiting + i, item.p + i, HASH_BLOCK_BYTES);
    else if (item.n > 0)
        memcpy(p + waiting, item.p, item.n);
    memset(p + end, 0, HASH_BLOCK_BYTES + 8);
    p[end] = 0x80;
    n_bits = __builtin_bswap64(n_bits);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    n_bits = __builtin_bswap64(n_bits);
#endif
    memcpy(p + block_count * HASH_BLOCK_BYTES - 8, &n_bits, 8);
    return block_count;
}

static inline void
load(V w[16], unsigned char (*blocks)[LANE_BYTES], size_t offset)
{
    for (unsigned part = 0; part < PARTS; part++) {
        V r[W];

        for (unsigned i = 0; i < W; i++) {
            memcpy(&r[i], blocks[i] + offset + part * sizeof(V), sizeof(V));
            r[i] = from_big_endian(r[i]);
        }
        transpose(r);
        for (unsigned i = 0; i < W; i++)
            w[part * W + i] = r[i];
    }
}

/* Digests of the lanes whose message had `length` blocks. */
static inline void
store(const V s[8], const size_t *block_counts, size_t length, size_t lane_count,
      unsigned char (*out)[HASH_LEN])
{
    enum { STEP = W < 8 ? W : 8 }; /* words written at a time */

    for (unsigned part = 0; part < 8; part += STEP) {
        V r[W] = {0};

        for (unsigned i = 0; i < STEP; i++)
            r[i] = from_big_endian(s[part + i]);
        transpose(r);
        for (unsigned i = 0; i < W; i++)
            if (i < lane_count && block_counts[i] == length)
                memcpy(out[i] + part * 4, &r[i], STEP * 4);
    }
}

static inline void
hash_group(const struct hash *start, const struct str *items, size_t lane_count, const char *readable_end,
           unsigned char (*blocks)[LANE_BYTES], unsigned char (*out)[HASH_LEN])
{
    size_t block_counts[W], most = 0;
    V s[8], w[16];

    for (size_t i = 0; i < lane_count; i++) {
        block_counts[i] = fill(blocks[i], start, items[i], readable_end);
        most = block_counts[i] > most ? block_counts[i] : most;
    }
    for (unsigned i = 0; i < 8; i++)
        s[i] = (V){0} + start->state[i];
    for (size_t b = 0; b < most; b++) {
        load(w, blocks, b * HASH_BLOCK_BYTES);
        if (start->suite == HASH_SM3)
            sm3_compress(s, w);
        else
            sha256_compress(s, w);
        store(s, block_counts, b + 1, lane_count, out);
    }
}

void
HASH_LANES(const struct hash *start, const struct str *items, size_t count, const char *readable_end,
           unsigned char (*out)[HASH_LEN])
{
    unsigned char blocks[W][LANE_BYTES] = {0};

    for (size_t i = 0; i < count; i += W)
        hash_group(start, items + i, count - i < W ? count - i : W, readable_end, blocks, out + i);
}
