/* http/intake.c */
#include "intake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_BYTES = 4096 };

struct intake *
intake_new(const char *dir)
{
    struct intake *in = calloc(1, sizeof *in);

    if (in != NULL) {
        in->dir = dir;
        in->fd = -1;
    }
    return in;
}

void
intake_free(struct intake *in)
{
    if (in == NULL)
        return;
    if (in->fd >= 0)
        close(in->fd);
    if (in->file[0] != '\0')
        (void) unlink(in->file); /* gone already when a handler took it */
    free(in->block);
    free(in);
}

enum err
intake_path(struct intake *in, struct str path)
{
    if (path.n > HTTP_PATH_BYTES_MAX)
        return ERR_TOO_LARGE;
    memcpy(in->path, path.p, path.n);
    in->call.path = (struct str){in->path, path.n};
    return OK;
}

static enum err
open_file(struct intake *in)
{
    int n = snprintf(in->file, sizeof in->file, "%.900s/uploads", in->dir);

    if (n < 0 || (mkdir(in->file, 0700) != 0 && errno != EEXIST)) {
        in->file[0] = '\0';
        return ERR_IO;
    }
    snprintf(in->file + n, sizeof in->file - (size_t) n, "/in-XXXXXX");
    if ((in->fd = mkstemp(in->file)) < 0) {
        in->file[0] = '\0';
        return errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    }
    return OK;
}

static enum err
add_to_file(struct intake *in, const char *p, size_t n)
{
    enum err e = in->fd < 0 ? open_file(in) : OK;

    while (e == OK && n > 0) {
        ssize_t done = write(in->fd, p, n);

        if (done < 0 && errno != EINTR)
            return errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
        if (done > 0)
            p += done, n -= (size_t) done;
    }
    return e;
}

static enum err
add_to_block(struct intake *in, const char *p, size_t n)
{
    size_t need = (size_t) in->n_bytes + n;

    if (need > in->block_bytes) {
        size_t room = in->block_bytes == 0 ? FIRST_BYTES : in->block_bytes * 2;
        char *more = realloc(in->block, room < need ? need : room);

        if (more == NULL)
            return ERR_MEMORY;
        in->block = more;
        in->block_bytes = room < need ? need : room;
    }
    memcpy(in->block + in->n_bytes, p, n);
    return OK;
}

void
intake_add(struct intake *in, const void *p, size_t n)
{
    if (in->error != OK)
        return;
    if ((int64_t) n > in->limit_bytes - in->n_bytes)
        in->error = ERR_TOO_LARGE;
    else
        in->error = in->to_file ? add_to_file(in, p, n) : add_to_block(in, p, n);
    in->n_bytes += (int64_t) n;
}

enum err
intake_end(struct intake *in)
{
    if (in->error != OK)
        return in->error;
    if (in->to_file && in->fd >= 0) {
        in->call.upload_path = in->file;
        in->call.upload_bytes = in->n_bytes;
    } else if (in->n_bytes > 0) {
        in->call.body = (struct str){in->block, (size_t) in->n_bytes};
    }
    return OK;
}
