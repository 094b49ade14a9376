/* core/tlog.h - files of a tiled log (C2SP tlog-checkpoint, tlog-tiles, tlog-proof; docs/spec/log-1.md 3-5).
 * Pure: texts, paths and bundles only. Trees and proofs are core/merkle.h, signatures core/note.h. */
#ifndef MQ_TLOG_H
#define MQ_TLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
    TLOG_HASH_BYTES = 32,
    TLOG_TILE_WIDTH = 256, /* hashes in a full tile */
    TLOG_TILE_BYTES = 8192,
    TLOG_LEVEL_MAX = 7,  /* 256^8 = 2^64 leaves */
    TLOG_PATH_MAX = 64,  /* bytes of the longest path, with NUL */
    TLOG_PROOF_MAX = 64, /* hashes */
    TLOG_ENTRY_BYTES_MAX = 65535
};

/* The text of a checkpoint 检查点. */
struct checkpoint {
    struct str origin;
    uint64_t size;
    unsigned char root[TLOG_HASH_BYTES];
};
/* checkpoint_write: three lines. ERR_LENGTH empty origin; ERR_CHARSET a control character or bad UTF-8 in it;
 * ERR_TOO_LARGE the buffer is full. */
MUST_USE enum err checkpoint_write(struct buf *b, const struct checkpoint *c);
/* checkpoint_parse: of a note's text. Extension lines are refused: our logs have none. ERR_SYNTAX, else as
 * above. */
MUST_USE enum err checkpoint_parse(struct str text, struct checkpoint *out);

struct tile {
    bool entries;   /* a bundle of entries rather than hashes; then level is 0 */
    unsigned level; /* 0 … TLOG_LEVEL_MAX */
    uint64_t index;
    unsigned width; /* 1-255 partial, 256 full */
};
/* tile_path: "tile/0/x001/067", "tile/entries/000.p/17". */
void tile_path(struct buf *b, const struct tile *t);
/* tile_path_parse: exactly the paths that tile_path writes; for servers and fsck. ERR_SYNTAX. */
MUST_USE enum err tile_path_parse(struct str path, struct tile *out);
/* tile_full_count / tile_partial_width: full tiles of a level in a tree of this size, and the width of the
 * partial tile after them (0 = none). */
uint64_t tile_full_count(uint64_t tree_size, unsigned level);
unsigned tile_partial_width(uint64_t tree_size, unsigned level);

/* bundle_add: append one entry with its length. ERR_TOO_LARGE above 65,535 bytes or when the buffer is full.
 */
MUST_USE enum err bundle_add(struct buf *b, struct str entry);
/* bundle_next: take one entry off *rest. ERR_SYNTAX when it is cut short (or *rest is empty). */
MUST_USE enum err bundle_next(struct str *rest, struct str *entry);

/* An inclusion proof that travels with its checkpoint: *.tlog-proof. */
struct tlog_proof {
    struct str extra; /* base64 text of opaque data, or absent; never trusted */
    uint64_t index;
    size_t hash_count;
    unsigned char hashes[TLOG_PROOF_MAX][TLOG_HASH_BYTES]; /* from the leaf's sibling upwards */
    struct str checkpoint;                                 /* the signed note, as it is */
};
/* tlog_proof_write: extra_bytes (may be absent) is written as base64; p->extra is not used. ERR_TOO_LARGE. */
MUST_USE enum err tlog_proof_write(struct buf *b, const struct tlog_proof *p, struct str extra_bytes);
/* tlog_proof_parse: texts point into the input. ERR_SYNTAX, ERR_TOO_LARGE more than 64 hashes. */
MUST_USE enum err tlog_proof_parse(struct str bytes, struct tlog_proof *out);

#endif
