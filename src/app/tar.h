/* app/tar.h - POSIX ustar archives of regular files, the form of a backup: any tar can read them.
 * The last member is SHA256SUMS over all others, which the reader insists on. */
#ifndef MQ_TAR_H
#define MQ_TAR_H

#include <stdio.h>

#include "base/arena.h"
#include "core/hash.h"

enum { TAR_NAME_BYTES = 256, TAR_FILES_MAX = 1 << 22 };
#define TAR_SUMS "SHA256SUMS"

struct tar_out {
    FILE *f, *sums; /* sums: a temporary file with a line per member */
};
MUST_USE enum err tar_begin(struct tar_out *t, FILE *f);
/* tar_add: the file at path as member `name` ("draws/…"), with its permission bits. A file that shrinks meanwhile is
 * ERR_IO, one that grows is cut. ERR_TOO_LARGE above 8 GiB or a name of more than 255 bytes. */
MUST_USE enum err tar_add(struct tar_out *t, const char *name, const char *path);
/* tar_end: SHA256SUMS and the end marks; with e != OK only releases. */
MUST_USE enum err tar_end(struct tar_out *t, enum err e);

/*
 * tar_extract: all members below dir (which exists). Only plain relative names without "..", only regular files; each
 * digest is compared with SHA256SUMS, every member must be listed and every listed one be there.
 * ERR_SYNTAX not such an archive, or cut short; ERR_DIGEST; ERR_MISSING; ERR_IO, ERR_NO_SPACE.
 */
MUST_USE enum err tar_extract(FILE *f, const char *dir, struct arena *a, char name_of_fault[static TAR_NAME_BYTES]);

#endif
