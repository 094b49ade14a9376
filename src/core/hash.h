/* core/hash.h - SHA-256 (FIPS 180-4) and SM3 密码杂凑算法 (GB/T 32905-2016), one message or many at once.
 * Pure and freestanding: the same code runs in the server, on the command line and in the browser. */
#ifndef MQ_HASH_H
#define MQ_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum hash_suite { HASH_SHA256, HASH_SM3, HASH_SUITE_COUNT };

enum {
    HASH_LEN = 32,         /* bytes of a digest */
    HASH_HEX_LEN = 64,     /* characters of a digest in lower-case hex */
    HASH_BLOCK_BYTES = 64, /* one compression */
    HASH_MANY_MAX = 256,   /* longest message tail of hash_many, bytes */
    HASH_LANES_MAX = 16
};

/* A message being hashed. May be copied at any time: the copy continues from there (a midstate). */
struct hash {
    enum hash_suite suite;
    uint32_t state[8];
    uint64_t n_bytes; /* fed so far; the last n_bytes % 64 of them wait in block */
    unsigned char block[HASH_BLOCK_BYTES];
};

void hash_init(struct hash *h, enum hash_suite suite);
void hash_update(struct hash *h, const void *p, size_t n);
/* hash_text: feed a NUL-terminated text (without the NUL). */
void hash_text(struct hash *h, const char *z);
/* hash_hex: feed n bytes as 2n lower-case hex digits. */
void hash_hex(struct hash *h, const void *p, size_t n);
/* hash_final: write the digest. *h is spent afterwards. */
void hash_final(struct hash *h, unsigned char out[static HASH_LEN]);
/* hash_of: the digest of n bytes at p. */
void hash_of(enum hash_suite suite, const void *p, size_t n, unsigned char out[static HASH_LEN]);

/* hash_suite_name: "sha256" or "sm3". hash_suite_parse: the reverse; ERR_INPUT for any other text. */
const char *hash_suite_name(enum hash_suite suite);
MUST_USE enum err hash_suite_parse(struct str name, enum hash_suite *out);

/* hash_lanes_ok: can this processor run 1, 4, 8 or 16 lanes (one message per vector element)?
 * hash_lanes_best: the fastest count it can run. 1 always works. */
bool hash_lanes_ok(unsigned lanes);
unsigned hash_lanes_best(void);

/*
 * hash_many: out[i] = H(what `start` was fed ‖ items[i]) for i < count, in lanes.
 * lanes         a count that hash_lanes_ok accepts; the digests are the same for each.
 * items[i].n    at most HASH_MANY_MAX bytes.
 * readable_end  bytes from items[i].p up to here may be read (never used), which makes copying fast;
 *               NULL: only the items themselves are read.
 */
void hash_many(unsigned lanes, const struct hash *start, const struct str *items, size_t count,
               const char *readable_end, unsigned char (*out)[HASH_LEN]);

/* 65 bytes fill one block and one byte of a second, of which nothing else varies: the message schedules of all 256
 * second blocks, each word with the constant of its round. SHA-256 alone. */
struct hash_pair_table {
    uint32_t schedule[256][64];
};

void hash_pair_table_init(struct hash_pair_table *t);

/*
 * hash_pairs: out[i] = H(the one byte that `start` was fed ‖ in[2i] ‖ in[2i + 1]) for i < pair_count, in
 * lanes: the nodes of a Merkle tree. out may be in: a pair is read before anything is written there. table:
 * of SHA-256, or NULL; with it four lanes take an eighth less time.
 */
void hash_pairs(unsigned lanes, const struct hash *start, const struct hash_pair_table *table,
                const unsigned char (*in)[HASH_LEN], size_t pair_count, unsigned char (*out)[HASH_LEN]);

#endif
