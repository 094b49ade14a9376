/* mod/file.h - files of the data directory: read whole within a limit, replaced whole or not at all. */
#ifndef MQ_FILE_H
#define MQ_FILE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { FILE_PATH_BYTES = 1024, FILE_WRITERS_MAX = 1000 };

/* file_path: "base/relative" into out. ERR_TOO_LARGE. */
MUST_USE enum err file_path(char out[static FILE_PATH_BYTES], const char *base, struct str relative);
/* file_read: a whole file into the arena. ERR_NOT_FOUND, ERR_TOO_LARGE above max_bytes, ERR_MEMORY, ERR_IO. */
MUST_USE enum err file_read(struct arena *a, const char *path, size_t max_bytes, struct str *out);
/*
 * A file being written beside its place: file_begin, fwrite to f->out, file_end. With e == OK file_end makes the bytes
 * durable and renames; otherwise, and on any error, nothing is left. Missing directories are made. Several may write
 * for one place at once: each has a name of its own, the last to end stays. What a killed one leaves is used again.
 * mode: permission bits. ERR_NO_SPACE, ERR_IO, ERR_BUSY (more than FILE_WRITERS_MAX at once), ERR_TOO_LARGE (the path).
 */
struct file {
    FILE *out;
    char path[FILE_PATH_BYTES], beside[FILE_PATH_BYTES];
};
MUST_USE enum err file_begin(struct file *f, const char *path, unsigned mode);
MUST_USE enum err file_end(struct file *f, enum err e);
/* file_redirect: give a file that is being written another place. */
MUST_USE enum err file_redirect(struct file *f, const char *path);
/* file_write: the three steps at once. */
MUST_USE enum err file_write(const char *path, struct str bytes, unsigned mode);
/* file_create: the same for a place that must be free. ERR_EXISTS otherwise: never overwritten. */
MUST_USE enum err file_create(const char *path, struct str bytes, unsigned mode);

#endif
