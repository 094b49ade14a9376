/* core/hash_lanes_impl.h - hash_many and hash_pairs in W lanes, lane i of the vectors of stream l belonging
 * to message l * W + i of a group. Included by hash_lanes{4,8,16}.c, which define W, STREAMS, the functions'
 * names and the index lists; plain C with vector_size. */
#include <string.h>

#include "core/hash_lanes.h"

typedef uint32_t V __attribute__((vector_size(4 * W)));
typedef unsigned char VB __attribute__((vector_size(4 * W)));
#include "core/hash_rounds.h"

enum {
    /* bytes of one lane's padded blocks: 63 waiting + HASH_MANY_MAX + 9 of padding, and room for whole-block
       copies */
    LANE_BYTES = 7 * HASH_BLOCK_BYTES,
    PARTS = 16 / W,     /* vectors that one block fills */
    GROUP = STREAMS * W /* messages at a time */
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

/* Write the item and the padding into p, which begins with the waiting bytes; return the number of blocks. */
static inline size_t
fill(unsigned char *p, const struct hash *start, struct str item, const char *readable_end)
{
    size_t waiting = start->n_bytes % HASH_BLOCK_BYTES, end = waiting + item.n;
    size_t block_count = (end + 9 + HASH_BLOCK_BYTES - 1) / HASH_BLOCK_BYTES;
    uint64_t n_bits = (start->n_bytes + item.n) * 8;

    if (readable_end != NULL && (size_t) (readable_end - item.p) >= item.n + HASH_BLOCK_BYTES)
        for (size_t i = 0; i < item.n; i += sizeof(V)) /* whole vectors: no call, also in WebAssembly */
            memcpy(p + waiting + i, item.p + i, sizeof(V));
    else if (item.n > 0)
        memcpy(p + waiting, item.p, item.n);
    for (size_t i = 0; i < HASH_BLOCK_BYTES; i += sizeof(V))
        memset(p + end + i, 0, sizeof(V));
    memset(p + end + HASH_BLOCK_BYTES, 0, 8);
    p[end] = 0x80;
    n_bits = __builtin_bswap64(n_bits);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    n_bits = __builtin_bswap64(n_bits);
#endif
    memcpy(p + block_count * HASH_BLOCK_BYTES - 8, &n_bits, 8);
    return block_count;
}

/* Sixteen words of each of W messages; those of message i begin at p + i * stride_bytes. */
static inline void
load(V w[16], const unsigned char *p, size_t stride_bytes)
{
    for (unsigned part = 0; part < PARTS; part++) {
        V r[W];

        for (unsigned i = 0; i < W; i++) {
            memcpy(&r[i], p + i * stride_bytes + part * sizeof(V), sizeof(V));
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

/* One copy of it for all callers: two would not fit into the processor's cache of decoded instructions. */
static __attribute__((noinline)) void
compress(enum hash_suite suite, V s[STREAMS][8], V w[STREAMS][16])
{
    if (suite == HASH_SHA256)
        sha256_compress(s, w);
    else
        for (unsigned l = 0; l < STREAMS; l++)
            sm3_compress(s[l], w[l]);
}

static inline void
begin(const struct hash *start, V s[STREAMS][8])
{
    for (unsigned l = 0; l < STREAMS; l++)
        for (unsigned i = 0; i < 8; i++)
            s[l][i] = (V){0} + start->state[i];
}

static void
hash_group(const struct hash *start, const struct str *items, size_t count, const char *readable_end,
           unsigned char (*blocks)[LANE_BYTES], unsigned char (*out)[HASH_LEN])
{
    size_t block_counts[GROUP], most = 0;
    V s[STREAMS][8], w[STREAMS][16];

    for (size_t i = 0; i < count; i++) {
        block_counts[i] = fill(blocks[i], start, items[i], readable_end);
        most = block_counts[i] > most ? block_counts[i] : most;
    }
    begin(start, s);
    for (size_t b = 0; b < most; b++) {
        for (unsigned l = 0; l < STREAMS; l++)
            load(w[l], blocks[l * W] + b * HASH_BLOCK_BYTES, LANE_BYTES);
        compress(start->suite, s, w);
        for (unsigned l = 0; l < STREAMS && l * W < count; l++)
            store(s[l], block_counts + l * W, b + 1, count - l * W, out + l * W);
    }
}

void
HASH_LANES(const struct hash *start, const struct str *items, size_t count, const char *readable_end,
           unsigned char (*out)[HASH_LEN])
{
    unsigned char blocks[GROUP][LANE_BYTES] = {0};

    for (size_t i = 0; i < GROUP; i++)
        memcpy(blocks[i], start->block, HASH_BLOCK_BYTES);
    for (size_t i = 0; i < count; i += GROUP)
        hash_group(start, items + i, count - i < GROUP ? count - i : GROUP, readable_end, blocks, out + i);
}

#if W == 4
#define GIVEN_FOUR(from, a, b, c, d, e, f, g, h)                                                             \
    for (unsigned i = 0; i < W; i++)                                                                         \
        memcpy(&r[i], schedule[i] + (from), sizeof(V));                                                      \
    transpose(r);                                                                                            \
    SHA256_ROUND(0, a, b, c, d, e, f, g, h, r[0]);                                                           \
    SHA256_ROUND(0, h, a, b, c, d, e, f, g, r[1]);                                                           \
    SHA256_ROUND(0, g, h, a, b, c, d, e, f, r[2]);                                                           \
    SHA256_ROUND(0, f, g, h, a, b, c, d, e, r[3])

/* Like sha256_compress, of blocks whose schedules are known. */
static __attribute__((noinline)) void
compress_given(V s[8], const uint32_t *const schedule[W])
{
    V a[1] = {s[0]}, b[1] = {s[1]}, c[1] = {s[2]}, d[1] = {s[3]}, e[1] = {s[4]}, f[1] = {s[5]}, g[1] = {s[6]},
      h[1] = {s[7]};
    V r[W], x, y[1] = {s[1] ^ s[2]};
#if defined(__wasm__)
    V t, u;
#endif

    for (unsigned from = 0; from < 64; from += 8) {
        GIVEN_FOUR(from, a, b, c, d, e, f, g, h);
        GIVEN_FOUR(from + 4, e, f, g, h, a, b, c, d);
    }
    s[0] += a[0], s[1] += b[0], s[2] += c[0], s[3] += d[0];
    s[4] += e[0], s[5] += f[0], s[6] += g[0], s[7] += h[0];
}

/* The last blocks from the table of their only byte that varies. */
static inline void
compress_last(const struct hash_pair_table *table, V s[8], V first_word)
{
    const uint32_t *schedule[W];

    for (unsigned i = 0; i < W; i++)
        schedule[i] = table->schedule[first_word[i] >> 24];
    compress_given(s, schedule);
}
#endif

/* The two blocks of the 65 bytes `first` and a pair: all words are moved by one byte, and of the second block
 * only one byte of the first word varies. */
static inline void
pair_group(const struct hash *start, const struct hash_pair_table *table, const unsigned char (*in)[HASH_LEN],
           size_t count, unsigned char (*out)[HASH_LEN])
{
    static const size_t LENGTHS[W] = {0};
    V s[STREAMS][8], w[STREAMS][16], last[STREAMS][16];

    for (unsigned l = 0; l < STREAMS; l++) {
        load(w[l], in[2 * l * W], (size_t) 2 * HASH_LEN);
        for (unsigned i = 0; i < 16; i++)
            last[l][i] = (V){0};
        last[l][0] = w[l][15] << 24 | 0x800000;
        last[l][15] += (2 * HASH_LEN + 1) * 8;
        for (unsigned i = 15; i > 0; i--)
            w[l][i] = w[l][i - 1] << 24 | w[l][i] >> 8;
        w[l][0] = w[l][0] >> 8 | (uint32_t) start->block[0] << 24;
    }
    begin(start, s);
    compress(start->suite, s, w);
#if W == 4
    if (table != NULL)
        compress_last(table, s[0], last[0][0]);
    else
#endif
        compress(start->suite, s, last);
    (void) table; /* wider vectors have rotations and are faster without it */
    for (unsigned l = 0; l < STREAMS && l * W < count; l++)
        store(s[l], LENGTHS, 0, count - l * W, out + l * W);
}

void
HASH_PAIRS(const struct hash *start, const struct hash_pair_table *table, const unsigned char (*in)[HASH_LEN],
           size_t pair_count, unsigned char (*out)[HASH_LEN])
{
    unsigned char rest[2 * GROUP][HASH_LEN] = {0};
    size_t i = 0;

    for (; i + GROUP <= pair_count; i += GROUP)
        pair_group(start, table, in + 2 * i, GROUP, out + i);
    if (i == pair_count)
        return;
    memcpy(rest, in + 2 * i, 2 * (pair_count - i) * HASH_LEN);
    pair_group(start, table, (const unsigned char(*)[HASH_LEN]) rest, pair_count - i, out + i);
}
