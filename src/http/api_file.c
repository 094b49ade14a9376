/* http/api_file.c - see api_file.h */
#include "api_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum err
api_file_place(const struct ctx *c, char out[static IMPORT_PATH_MAX])
{
    int n = snprintf(out, IMPORT_PATH_MAX, "%s/exports", c->dir), fd;

    if (n < 0 || n > IMPORT_PATH_MAX - 16 || (mkdir(out, 0700) != 0 && errno != EEXIST))
        return ERR_IO;
    strcpy(out + n, "/made-XXXXXX");
    fd = mkostemp(out, O_CLOEXEC);
    if (fd < 0)
        return errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    close(fd);
    return OK;
}

/* Pictures and PDF are opened, everything else is saved. */
static const char *
manner(const char *type)
{
    return strncmp(type, "image/", 6) == 0 || strcmp(type, "application/pdf") == 0 ? "inline" : "attachment";
}

enum err
api_file_send(struct api *q, const char *path, const char *type, const char *name)
{
    struct stat st;
    char text[200];

    if ((q->reply->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 || fstat(q->reply->fd, &st) != 0)
        return ERR_NOT_FOUND;
    snprintf(text, sizeof text, "%s; filename=\"%.100s\"", manner(type), name);
    q->reply->fd_bytes = (uint64_t) st.st_size;
    q->reply->status = 200;
    q->reply->type = type;
    q->reply->disposition = str_copy(q->ctx->arena, str_of(text));
    return OK;
}

enum err
api_file_give(struct api *q, enum err e, const char *path, const char *type, const char *name)
{
    if (e == OK)
        e = api_file_send(q, path, type, name);
    (void) unlink(path);
    return e;
}
