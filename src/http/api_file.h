/* http/api_file.h - a file made for one answer, and files that lie ready */
#ifndef MQ_API_FILE_H
#define MQ_API_FILE_H

#include "api.h"
#include "api_import.h"

/* api_file_place: a free place for a file of one answer, in the data directory of c. ERR_IO, ERR_NO_SPACE. */
MUST_USE enum err api_file_place(const struct ctx *c, char out[static IMPORT_PATH_MAX]);
/* api_file_give: with e == OK the file at path is the answer, under the ASCII name; it is removed in any case. Returns e, or
 * what went wrong. */
MUST_USE enum err api_file_give(struct api *q, enum err e, const char *path, const char *type, const char *name);
/* api_file_send: the same for a file that stays. */
MUST_USE enum err api_file_send(struct api *q, const char *path, const char *type, const char *name);

#endif
