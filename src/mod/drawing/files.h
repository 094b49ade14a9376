/* mod/drawing/files.h - the files of a draw under DIR/draws/<draw with "/" as "-">/<attempt>/.
 * A file appears whole or not at all: written beside its place, synced, renamed, the folder synced. Until the database
 * refers to its digest it means nothing and may be written again. */
#ifndef MQ_DRAWING_FILES_H
#define MQ_DRAWING_FILES_H

#include <stdio.h>

#include "mod/ctx.h"

enum { DRAWING_PATH_BYTES = 2048 };

/* One attempt of one draw. */
struct drawing_key {
    struct str draw; /* 411500/2026/0017 */
    int64_t attempt;
};

/* drawing_path: DIR/draws/411500-2026-0017/1/NAME; name NULL = the folder. ERR_TOO_LARGE. */
MUST_USE enum err drawing_path(const struct ctx *c, struct drawing_key k, const char *name,
                               char out[static DRAWING_PATH_BYTES]);
/* drawing_make_dir: the folder of an attempt. ERR_IO, ERR_NO_SPACE. */
MUST_USE enum err drawing_make_dir(const struct ctx *c, struct drawing_key k);

/* A file being written. */
struct drawing_out {
    FILE *f;
    char path[DRAWING_PATH_BYTES], beside[DRAWING_PATH_BYTES];
};
MUST_USE enum err drawing_out_open(const struct ctx *c, struct drawing_key k, const char *name,
                                   struct drawing_out *out);
/* drawing_out_close: on e == OK make it durable and give it its name; otherwise remove it. Returns e, or what went
 * wrong. */
MUST_USE enum err drawing_out_close(struct drawing_out *out, enum err e);
/* drawing_write: a whole document. */
MUST_USE enum err drawing_write(const struct ctx *c, struct drawing_key k, const char *name, struct str bytes);

/* drawing_map: the bytes of a file, read-only. ERR_NOT_FOUND, ERR_IO. An empty file is a text of 0 bytes. */
MUST_USE enum err drawing_map(const struct ctx *c, struct drawing_key k, const char *name, struct str *out);
void drawing_unmap(struct str bytes); /* absent is fine */

#endif
