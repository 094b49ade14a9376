/* core/hash_rounds.h - the compression functions, written once for a word type V (uint32_t or a vector of
 * them) and STREAMS, 1 or 2 messages per element that go through the rounds of SHA-256 side by side: a round
 * waits for the one before, and the other stream's fills the gaps. Include after `typedef ... V;` and
 * STREAMS. SHA-256: FIPS 180-4 §6.2.2; SM3: GB/T 32905-2016 §5.3. Private to hash*.c. */
#ifndef MQ_HASH_ROUNDS_H
#define MQ_HASH_ROUNDS_H

#include <stdint.h>

#define ROTL(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define ROTR(x, n) ((x) >> (n) | (x) << (32 - (n)))

static const uint32_t SHA256_K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

#define SHA256_SIGMA0(x) (ROTR(x, 7) ^ ROTR(x, 18) ^ (x) >> 3)
#define SHA256_SIGMA1(x) (ROTR(x, 17) ^ ROTR(x, 19) ^ (x) >> 10)
#define SHA256_SUM0(x) (ROTR(x, 2) ^ ROTR(x, 13) ^ ROTR(x, 22))
#define SHA256_SUM1(x) (ROTR(x, 6) ^ ROTR(x, 11) ^ ROTR(x, 25))
/* One round of stream l, with a word of the schedule and its constant summed; the roles of the eight words rotate by
 * renaming. The majority of a, b and c is
 * b ^ ((a ^ b) & (b ^ c)), and b ^ c was the a ^ b of the round before: y. */
#if defined(__wasm__)
/* Nothing reorders instructions later, and a round waits for the new a and e of the one before: what needs neither is
 * summed first. SETTLE: the compiler takes the value as it is and makes no other sum of it. A constant loaded from the
 * table is cheaper than one made in place. */
#define SETTLE(value) __asm__("" : "+r"(value))
#define SHA256_WORD(l, i) (w[l][i] + ((V){0} + k[from + (i)]))
#define SHA256_ROUND(l, a, b, c, d, e, f, g, h, word)                                                        \
    t = word;                                                                                                \
    SETTLE(t);                                                                                               \
    t += h[l];                                                                                               \
    SETTLE(t);                                                                                               \
    x = ((f[l] ^ g[l]) & e[l]) ^ g[l];                                                                       \
    SETTLE(x);                                                                                               \
    t += x;                                                                                                  \
    SETTLE(t);                                                                                               \
    u = SHA256_SUM1(e[l]);                                                                                   \
    SETTLE(u);                                                                                               \
    d[l] += t;                                                                                               \
    SETTLE(d[l]);                                                                                            \
    d[l] += u;                                                                                               \
    t += u;                                                                                                  \
    SETTLE(t);                                                                                               \
    x = a[l] ^ b[l];                                                                                         \
    u = (x & y[l]) ^ b[l];                                                                                   \
    SETTLE(u);                                                                                               \
    u += t;                                                                                                  \
    SETTLE(u);                                                                                               \
    h[l] = SHA256_SUM0(a[l]);                                                                                \
    SETTLE(h[l]);                                                                                            \
    h[l] += u;                                                                                               \
    y[l] = x
#else
#define SHA256_WORD(l, i) (w[l][i] + SHA256_K[from + (i)])
#define SHA256_ROUND(l, a, b, c, d, e, f, g, h, word)                                                        \
    h[l] += SHA256_SUM1(e[l]) + (((f[l] ^ g[l]) & e[l]) ^ g[l]) + word;                                      \
    d[l] += h[l];                                                                                            \
    x = a[l] ^ b[l];                                                                                         \
    h[l] += SHA256_SUM0(a[l]) + ((x & y[l]) ^ b[l]);                                                         \
    y[l] = x
#endif
/* Word i of the next sixteen, in place of the one sixteen before. */
#define SHA256_EXTEND(l, i)                                                                                  \
    if (from > 0)                                                                                            \
    w[l][i] +=                                                                                               \
        SHA256_SIGMA0(w[l][((i) + 1) & 15]) + w[l][((i) + 9) & 15] + SHA256_SIGMA1(w[l][((i) + 14) & 15])
#if STREAMS == 2
#define SHA256_STEP(a, b, c, d, e, f, g, h, i)                                                               \
    SHA256_EXTEND(0, i);                                                                                     \
    SHA256_EXTEND(1, i);                                                                                     \
    SHA256_ROUND(0, a, b, c, d, e, f, g, h, SHA256_WORD(0, i));                                                              \
    SHA256_ROUND(1, a, b, c, d, e, f, g, h, SHA256_WORD(1, i))
#else
#define SHA256_STEP(a, b, c, d, e, f, g, h, i)                                                               \
    SHA256_EXTEND(0, i);                                                                                     \
    SHA256_ROUND(0, a, b, c, d, e, f, g, h, SHA256_WORD(0, i))
#endif
#define SHA256_EIGHT(i)                                                                                      \
    SHA256_STEP(a, b, c, d, e, f, g, h, i);                                                                  \
    SHA256_STEP(h, a, b, c, d, e, f, g, (i) + 1);                                                            \
    SHA256_STEP(g, h, a, b, c, d, e, f, (i) + 2);                                                            \
    SHA256_STEP(f, g, h, a, b, c, d, e, (i) + 3);                                                            \
    SHA256_STEP(e, f, g, h, a, b, c, d, (i) + 4);                                                            \
    SHA256_STEP(d, e, f, g, h, a, b, c, (i) + 5);                                                            \
    SHA256_STEP(c, d, e, f, g, h, a, b, (i) + 6);                                                            \
    SHA256_STEP(b, c, d, e, f, g, h, a, (i) + 7)

/* Mix the sixteen words w (overwritten) of each stream into its state s. */
static inline void
sha256_compress(V s[STREAMS][8], V w[STREAMS][16])
{
    V a[STREAMS], b[STREAMS], c[STREAMS], d[STREAMS], e[STREAMS], f[STREAMS], g[STREAMS], h[STREAMS];
    V x, y[STREAMS];
    unsigned from = 0;
#if defined(__wasm__)
    V t, u;
    const uint32_t *k = SHA256_K;

    SETTLE(k);
#endif

    for (unsigned l = 0; l < STREAMS; l++) {
        a[l] = s[l][0], b[l] = s[l][1], c[l] = s[l][2], d[l] = s[l][3];
        e[l] = s[l][4], f[l] = s[l][5], g[l] = s[l][6], h[l] = s[l][7];
        y[l] = b[l] ^ c[l];
    }
    SHA256_EIGHT(0);
    SHA256_EIGHT(8);
    for (from = 16; from < 64; from += 16) {
        SHA256_EIGHT(0);
        SHA256_EIGHT(8);
    }
    for (unsigned l = 0; l < STREAMS; l++) {
        s[l][0] += a[l], s[l][1] += b[l], s[l][2] += c[l], s[l][3] += d[l];
        s[l][4] += e[l], s[l][5] += f[l], s[l][6] += g[l], s[l][7] += h[l];
    }
}

/* T_j <<< j of SM3: 0x79cc4519 for j < 16, 0x7a879d8a after. */
static inline uint32_t
sm3_constant(unsigned j)
{
    uint32_t t = j < 16 ? 0x79cc4519U : 0x7a879d8aU;

    return j % 32 == 0 ? t : ROTL(t, j % 32);
}

#define SM3_P0(x) ((x) ^ ROTL(x, 9) ^ ROTL(x, 17))
#define SM3_P1(x) ((x) ^ ROTL(x, 15) ^ ROTL(x, 23))
/* Word i of the next sixteen, in place of the one sixteen before. */
#define SM3_EXTEND(i)                                                                                        \
    x = w[i] ^ w[((i) + 7) & 15] ^ ROTL(w[((i) + 13) & 15], 15);                                             \
    w[i] = SM3_P1(x) ^ ROTL(w[((i) + 3) & 15], 7) ^ w[((i) + 10) & 15]
#define SM3_ROUND(a, b, c, d, e, f, g, h, i)                                                                 \
    if (from + (i) >= 12) {                                                                                  \
        SM3_EXTEND(((i) + 4) & 15);                                                                          \
    }                                                                                                        \
    x = ROTL(a, 12);                                                                                         \
    y = x + e + sm3_constant(from + (i));                                                                    \
    y = ROTL(y, 7);                                                                                          \
    d += (from < 16 ? a ^ b ^ c : (a & b) | ((a | b) & c)) + (y ^ x) + (w[i] ^ w[((i) + 4) & 15]);           \
    h += (from < 16 ? e ^ f ^ g : (((f ^ g) & e) ^ g)) + y + w[i];                                           \
    b = ROTL(b, 9);                                                                                          \
    f = ROTL(f, 19);                                                                                         \
    h = SM3_P0(h)
#define SM3_FOUR(i)                                                                                          \
    SM3_ROUND(a, b, c, d, e, f, g, h, i);                                                                    \
    SM3_ROUND(d, a, b, c, h, e, f, g, (i) + 1);                                                              \
    SM3_ROUND(c, d, a, b, g, h, e, f, (i) + 2);                                                              \
    SM3_ROUND(b, c, d, a, f, g, h, e, (i) + 3)

/* Sixteen rounds from `from`, always called with a constant. */
static inline __attribute__((always_inline)) void
sm3_sixteen(V s[8], V w[16], unsigned from)
{
    V a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7], x, y;

    SM3_FOUR(0);
    SM3_FOUR(4);
    SM3_FOUR(8);
    SM3_FOUR(12);
    s[0] = a, s[1] = b, s[2] = c, s[3] = d;
    s[4] = e, s[5] = f, s[6] = g, s[7] = h;
}

static inline void
sm3_compress(V s[8], V w[16])
{
    V t[8] = {s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]};

    sm3_sixteen(t, w, 0);
    sm3_sixteen(t, w, 16);
    sm3_sixteen(t, w, 32);
    sm3_sixteen(t, w, 48);
    for (unsigned i = 0; i < 8; i++)
        s[i] ^= t[i];
}

#endif
