/* core/merkle.h - Merkle trees of RFC 6962 §2.1: leaf H(00 ‖ data), node H(01 ‖ left ‖ right), empty tree
 * H(""). Used for the sealed roster 名单 of a draw and for the journal 留痕 (RFC 6962 / C2SP tlog-tiles). */
#ifndef MQ_MERKLE_H
#define MQ_MERKLE_H

#include "core/hash.h"
#include "core/runner.h"

enum { MERKLE_PROOF_MAX = 64 }; /* hashes in a proof: one per level of a tree below 2^64 leaves */

void merkle_empty(enum hash_suite suite, unsigned char out[static HASH_LEN]);
void merkle_leaf(enum hash_suite suite, const void *p, size_t n, unsigned char out[static HASH_LEN]);
void merkle_node(enum hash_suite suite, const unsigned char left[static HASH_LEN],
                 const unsigned char right[static HASH_LEN], unsigned char out[static HASH_LEN]);

/* A growing tree as its compact range: one hash per 1-bit of size, the largest subtree first. */
struct merkle {
    enum hash_suite suite;
    uint64_t size; /* leaves */
    unsigned char peak[64][HASH_LEN];
};

void merkle_init(struct merkle *m, enum hash_suite suite);
/* merkle_peak_count: how many of peak[] are in use: the 1-bits of size. */
unsigned merkle_peak_count(const struct merkle *m);
/* merkle_add: append the leaf with this leaf hash. */
void merkle_add(struct merkle *m, const unsigned char leaf[static HASH_LEN]);
/* merkle_add_tree: append a whole subtree of 2^level leaves; ERR_ORDER unless size is a multiple of 2^level.
 */
MUST_USE enum err merkle_add_tree(struct merkle *m, unsigned level,
                                  const unsigned char root[static HASH_LEN]);
void merkle_root(const struct merkle *m, unsigned char out[static HASH_LEN]);

/* merkle_reduce: the root of `count` >= 1 leaf hashes, several nodes at a time. hashes[] is overwritten. */
void merkle_reduce(enum hash_suite suite, unsigned lanes, unsigned char (*hashes)[HASH_LEN], size_t count,
                   unsigned char out[static HASH_LEN]);
/* merkle_reduce_by: the same with a table (core/hash.h), or NULL. */
void merkle_reduce_by(enum hash_suite suite, unsigned lanes, const struct hash_pair_table *table,
                      unsigned char (*hashes)[HASH_LEN], size_t count, unsigned char out[static HASH_LEN]);

/* Where proofs take their hashes from: node() gives the root of the complete subtree over the leaves
 * [index << level, (index + 1) << level). Its errors are passed on. */
struct merkle_source {
    enum hash_suite suite;
    enum err (*node)(void *ctx, unsigned level, uint64_t index, unsigned char out[static HASH_LEN]);
    void *ctx;
};

struct merkle_proof {
    unsigned count;
    unsigned char hash[MERKLE_PROOF_MAX][HASH_LEN];
};

/* merkle_range: the root of the leaves [from, to), from < to, as a tree of its own (RFC 6962 MTH) when `from`
 * is a multiple of the power of two at or above to - from. */
MUST_USE enum err merkle_range(const struct merkle_source *s, uint64_t from, uint64_t to,
                               unsigned char out[static HASH_LEN]);
/* merkle_prove_inclusion: PATH(index, D[size]), RFC 6962 §2.1.1. ERR_RANGE unless index < size. */
MUST_USE enum err merkle_prove_inclusion(const struct merkle_source *s, uint64_t index, uint64_t size,
                                         struct merkle_proof *out);
/* merkle_prove_consistency: PROOF(from, D[to]), RFC 6962 §2.1.2; empty when from is 0 or to. ERR_RANGE if
 * from > to. */
MUST_USE enum err merkle_prove_consistency(const struct merkle_source *s, uint64_t from, uint64_t to,
                                           struct merkle_proof *out);
/* merkle_check_inclusion: ERR_PROOF unless the leaf hash is number `index` of the tree (size, root). */
MUST_USE enum err merkle_check_inclusion(enum hash_suite suite, uint64_t index, uint64_t size,
                                         const unsigned char leaf[static HASH_LEN],
                                         const struct merkle_proof *p,
                                         const unsigned char root[static HASH_LEN]);
/* merkle_check_consistency: ERR_PROOF unless the tree (from, from_root) is a prefix of the tree (to,
 * to_root). */
MUST_USE enum err merkle_check_consistency(enum hash_suite suite, uint64_t from, uint64_t to,
                                           const unsigned char from_root[static HASH_LEN],
                                           const unsigned char to_root[static HASH_LEN],
                                           const struct merkle_proof *p);

#endif
