/* mod/import/trail.h - what an import of the office leaves to be looked at: lists of JSON texts in files of the data
 * directory, written once and read a page at a time. BASE.NAME holds the texts, one a line; BASE.NAME.at where each
 * begins (8 bytes). */
#ifndef MQ_IMPORT_TRAIL_H
#define MQ_IMPORT_TRAIL_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { TRAIL_PAGE_MAX = 500, TRAIL_LINE_BYTES_MAX = 8 << 20 };

struct trail {
    FILE *text, *at;
    uint64_t bytes, count;
    enum err error; /* the first one; kept for trail_end */
};

/* trail_begin: an empty list. ERR_IO, ERR_TOO_LARGE (the path). trail_put: one text without line ends; errors are kept.
 * trail_end: ERR_NO_SPACE, ERR_IO; safe for one that never began. */
MUST_USE enum err trail_begin(struct trail *t, const char *base, const char *name);
void trail_put(struct trail *t, struct str json);
MUST_USE enum err trail_end(struct trail *t);

/* trail_read: at most limit texts from number `from` on (from 0), in the arena; *total counts all. No such list: empty. */
MUST_USE enum err trail_read(struct arena *a, const char *base, const char *name, uint64_t from, size_t limit,
                             struct str rows[], size_t *count, uint64_t *total);
/* trail_each: all texts in turn with the memory of one; fn's error ends it. */
MUST_USE enum err trail_each(const char *base, const char *name, enum err (*fn)(void *ctx, struct str json), void *ctx);
/* trail_forget: remove the list. */
void trail_forget(const char *base, const char *name);

#endif
