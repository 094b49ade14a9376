/* mod/journal/log_source.h - reading a published log (docs/spec/log-1.md 4, 5): from a directory or from anywhere else
 * through one function. Knows no database and no secret. */
#ifndef MQ_LOG_SOURCE_H
#define MQ_LOG_SOURCE_H

#include "core/merkle.h"
#include "core/note.h"
#include "core/tlog.h"

enum { LOG_VKEY_BYTES_MAX = 16384, LOG_KEYS_MAX = 16, LOG_BUNDLE_BYTES_MAX = 256 * (2 + TLOG_ENTRY_BYTES_MAX) };
enum { LOG_SCRATCH_BYTES = LOG_BUNDLE_BYTES_MAX + 4096 };

/* Where the files come from. fetch: the whole file at a path like "tile/0/x001/067" into the arena.
 * ERR_NOT_FOUND, ERR_TOO_LARGE above max_bytes, ERR_MEMORY, ERR_IO. */
struct log_source {
    enum err (*fetch)(void *ctx, struct arena *a, const char *path, size_t max_bytes, struct str *out);
    void *ctx;
};
/* log_source_directory: dir is the published directory itself (…/log); it must outlive the source. */
struct log_source log_source_directory(const char *dir);

/* The first thing wrong in a published log. Texts are static. */
struct log_fault {
    enum err err;
    char file[TLOG_PATH_MAX]; /* "checkpoint", "tile/0/000", … or "" */
    uint64_t byte;            /* offset in the file, from 0 */
    bool has_entry;
    uint64_t entry; /* index of the entry it concerns */
    const char *zh, *en;
};
MUST_USE enum err log_fault_at(struct log_fault *f, enum err e, const char *file, uint64_t byte, const char *zh,
                               const char *en);

/* An opened log: keys, verified checkpoint, and the tiles read last. */
struct log {
    struct log_source source;
    struct arena *arena;
    struct note_key keys[LOG_KEYS_MAX];
    size_t key_count;
    struct str checkpoint_bytes; /* the note as published */
    struct checkpoint checkpoint;
    struct log_tile { /* the latest tile of each level */
        bool valid;
        uint64_t index;
        unsigned width;
        unsigned char hash[TLOG_TILE_WIDTH][HASH_LEN];
    } tiles[TLOG_LEVEL_MAX + 1];
};

/*
 * log_open: read log.vkey (or take vkeys, one per line, if given) and the checkpoint, verify its signatures by these
 * keys. Trees of size 0 are fine. On an error *f says where. log is large: keep it in an arena or static.
 */
MUST_USE enum err log_open(struct log *log, struct log_source source, struct arena *a, struct str vkeys,
                           struct log_fault *f);
/* log_node: the merkle_source of the log's tree. Errors as fetch, ERR_PROOF a tile of the wrong length. */
struct merkle_source log_tree(struct log *log);
/* log_bundle: all entries [256*index, …) of one bundle, in the arena. */
MUST_USE enum err log_bundle(struct log *log, struct arena *a, uint64_t index, struct str *out);
/* log_entry: one entry, its bytes in the arena; checked against its leaf hash and the checkpoint's root. */
MUST_USE enum err log_entry(struct log *log, struct arena *a, uint64_t index, struct str *out);
/* log_prove: the text of a tlog-proof for entry number index, with the entry as extra (docs/spec/log-1.md 5).
 * ERR_RANGE. */
MUST_USE enum err log_prove(struct log *log, uint64_t index, struct buf *out);
/* log_check_proof: such a text against verifier keys; the entry it proves is in the arena. ERR_SYNTAX, ERR_PROOF,
 * ERR_SIGNATURE, ERR_MISSING. */
MUST_USE enum err log_check_proof(struct str proof, const struct note_key *keys, size_t key_count, struct arena *a,
                                  struct str *entry, struct checkpoint *checkpoint);
/* log_each: every entry in order; fn's error ends it. scratch holds one bundle at a time (LOG_SCRATCH_BYTES suffice),
 * so that fn may keep what it likes in log->arena. ERR_SYNTAX a bundle that is cut short. */
typedef enum err (*log_entry_fn)(void *ctx, uint64_t index, struct str entry);
MUST_USE enum err log_each(struct log *log, struct arena *scratch, log_entry_fn fn, void *ctx, struct log_fault *f);

#endif
