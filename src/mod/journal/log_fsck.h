/* mod/journal/log_fsck.h - everything re-derived from the published files alone (docs/spec/log-1.md 6). */
#ifndef MQ_LOG_FSCK_H
#define MQ_LOG_FSCK_H

#include "log_draws.h"

struct log_fsck {
    const char *dir;   /* the published directory */
    struct str vkeys;  /* pinned keys, one per line; absent: those of the directory, which then prove less */
    struct str against; /* an older checkpoint that somebody kept, or absent */
    void (*progress)(void *ctx, uint64_t done, uint64_t total); /* entries; may be NULL */
    void *progress_ctx;
};
struct log_fsck_report {
    uint64_t entry_count, file_count, draw_act_count;
    unsigned char root[HASH_LEN];
};

/*
 * log_fsck: OK, or the first failure with its file, byte and entry in *f.
 * A byte that was altered in a tile or in a bundle of entries is told apart by the signed root. a needs the log, one
 * bundle, 8 bytes per entry and the acts of draws: LOG_FSCK_ARENA_BYTES is enough for two million entries.
 */
enum { LOG_FSCK_ARENA_BYTES = 128 << 20 };
MUST_USE enum err log_fsck(const struct log_fsck *options, struct arena *a, struct log_fsck_report *report,
                           struct log_fault *f);

#endif
