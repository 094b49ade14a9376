/* format/zip.h - a ZIP file made of texts and files, on minizip. Names are ASCII; the dates are fixed, so that the same
 * content gives the same bytes. */
#ifndef MQ_ZIP_H
#define MQ_ZIP_H

#include "base/str.h"

enum { ZIP_NAME_BYTES_MAX = 200 };

struct zip;
/* zip_open: a new file at path, or over an old one. ERR_IO, ERR_MEMORY. */
MUST_USE enum err zip_open(const char *path, struct zip **out);
/* zip_add: one file of the archive. ERR_CHARSET, ERR_LENGTH the name; ERR_IO, ERR_NO_SPACE. */
MUST_USE enum err zip_add(struct zip *z, const char *name, struct str bytes);
/* zip_close: in any case. Returns e, or what went wrong at the end. */
MUST_USE enum err zip_close(struct zip *z, enum err e);

#endif
