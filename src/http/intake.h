/* http/intake.h - what a call of /api/v1 brings: its fields, and its content in memory or as a file. */
#ifndef MQ_INTAKE_H
#define MQ_INTAKE_H

#include "api.h"

struct intake {
    struct api_call call;
    const char *dir;
    int64_t limit_bytes, n_bytes;
    bool to_file, handed_over;
    enum err error;
    char *block; /* content in memory */
    size_t block_bytes;
    int fd; /* content in a file */
    char file[1024], path[HTTP_PATH_BYTES_MAX + 1];
};

/* intake_new: NULL without memory. intake_free removes a file that nobody moved away; NULL-safe. */
struct intake *intake_new(const char *dir);
void intake_free(struct intake *in);
/* intake_path: keep the decoded path. ERR_TOO_LARGE. */
MUST_USE enum err intake_path(struct intake *in, struct str path);
/* intake_add: a piece of content. An error is kept for intake_end. */
void intake_add(struct intake *in, const void *p, size_t n);
/* intake_end: all is there. ERR_TOO_LARGE, ERR_NO_SPACE, ERR_IO, ERR_MEMORY. */
MUST_USE enum err intake_end(struct intake *in);

#endif
