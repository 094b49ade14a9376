/* mod/drawing/files.h - the files of a draw under DIR/draws/<draw with "/" as "-">/<attempt>/.
 * A file appears whole or not at all (mod/file.h). Until the database refers to its digest it means nothing
 * and may be written again. */
#ifndef MQ_DRAWING_FILES_H
#define MQ_DRAWING_FILES_H

#include "mod/ctx.h"
#include "mod/file.h"

/* One attempt of one draw. */
struct drawing_key {
    struct str draw; /* 411500/2026/0017 */
    int64_t attempt;
};

/* drawing_path: DIR/draws/411500-2026-0017/1/NAME. ERR_TOO_LARGE. */
MUST_USE enum err drawing_path(const struct ctx *c, struct drawing_key k, const char *name,
                               char out[static FILE_PATH_BYTES]);
/* drawing_begin: a file of the attempt being written; file_end finishes it. */
MUST_USE enum err drawing_begin(const struct ctx *c, struct drawing_key k, const char *name,
                                struct file *out);
/* drawing_write: a whole document. */
MUST_USE enum err drawing_write(const struct ctx *c, struct drawing_key k, const char *name,
                                struct str bytes);

/* drawing_map: the bytes of a file, read-only. ERR_NOT_FOUND, ERR_IO. An empty file is a text of 0 bytes. */
MUST_USE enum err drawing_map(const struct ctx *c, struct drawing_key k, const char *name, struct str *out);
/* drawing_map_beside: the bytes of a file that is being written and has no place yet: they are made durable first. ERR_IO,
 * ERR_NO_SPACE. */
MUST_USE enum err drawing_map_beside(const struct file *f, struct str *out);
void drawing_unmap(struct str bytes); /* absent is fine */

#endif
