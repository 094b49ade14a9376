/* mod/drawing/files.c - whole files or none */
#include "mod/drawing/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err
io_error(void)
{
    return errno == ENOSPC || errno == EDQUOT ? ERR_NO_SPACE : errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
}

enum err
drawing_path(const struct ctx *c, struct drawing_key k, const char *name, char out[static DRAWING_PATH_BYTES])
{
    struct buf b = buf_over(out, DRAWING_PATH_BYTES);

    buf_z(&b, c->dir == NULL ? "." : c->dir);
    buf_z(&b, "/draws/");
    for (size_t i = 0; i < k.draw.n; i++)
        buf_add(&b, k.draw.p[i] == '/' ? "-" : &k.draw.p[i], 1);
    buf_z(&b, "/");
    buf_i64(&b, k.attempt);
    if (name != NULL) {
        buf_z(&b, "/");
        buf_z(&b, name);
    }
    buf_add(&b, "", 1);
    return b.overflow ? ERR_TOO_LARGE : OK;
}

enum err
drawing_make_dir(const struct ctx *c, struct drawing_key k)
{
    char path[DRAWING_PATH_BYTES];
    enum err e = drawing_path(c, k, NULL, path);

    if (e != OK)
        return e;
    for (char *at = strchr(path + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return io_error();
        *at = '/';
    }
    return mkdir(path, 0777) != 0 && errno != EEXIST ? io_error() : OK;
}

static enum err
sync_folder_of(const char *path)
{
    char folder[DRAWING_PATH_BYTES];
    char *slash;
    int fd;
    enum err e = OK;

    memcpy(folder, path, strlen(path) + 1);
    slash = strrchr(folder, '/');
    if (slash == NULL)
        return ERR_INTERNAL;
    *slash = '\0';
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return io_error();
    if (fsync(fd) != 0)
        e = io_error();
    close(fd);
    return e;
}

enum err
drawing_out_open(const struct ctx *c, struct drawing_key k, const char *name, struct drawing_out *out)
{
    enum err e = drawing_make_dir(c, k);

    if (e == OK)
        e = drawing_path(c, k, name, out->path);
    if (e == OK && strlen(out->path) + sizeof ".new" > sizeof out->beside)
        e = ERR_TOO_LARGE;
    if (e != OK)
        return e;
    memcpy(out->beside, out->path, strlen(out->path));
    memcpy(out->beside + strlen(out->path), ".new", sizeof ".new");
    out->f = fopen(out->beside, "we");
    return out->f == NULL ? io_error() : OK;
}

enum err
drawing_out_close(struct drawing_out *out, enum err e)
{
    if (e == OK && (fflush(out->f) != 0 || ferror(out->f) || fsync(fileno(out->f)) != 0))
        e = io_error();
    if (fclose(out->f) != 0 && e == OK)
        e = io_error();
    out->f = NULL;
    if (e == OK && rename(out->beside, out->path) != 0)
        e = io_error();
    if (e != OK) {
        unlink(out->beside);
        return e;
    }
    return sync_folder_of(out->path);
}

enum err
drawing_write(const struct ctx *c, struct drawing_key k, const char *name, struct str bytes)
{
    struct drawing_out out;
    enum err e = drawing_out_open(c, k, name, &out);

    if (e != OK)
        return e;
    if (bytes.n > 0 && fwrite(bytes.p, 1, bytes.n, out.f) != bytes.n)
        e = io_error();
    return drawing_out_close(&out, e);
}

enum err
drawing_map(const struct ctx *c, struct drawing_key k, const char *name, struct str *out)
{
    char path[DRAWING_PATH_BYTES];
    struct stat st;
    void *p;
    int fd;
    enum err e = drawing_path(c, k, name, path);

    if (e != OK)
        return e;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_error();
    if (fstat(fd, &st) != 0) {
        e = io_error();
        close(fd);
        return e;
    }
    *out = (struct str) {"", 0};
    if (st.st_size > 0) {
        p = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (p == MAP_FAILED)
            e = io_error();
        else
            *out = (struct str) {p, (size_t) st.st_size};
    }
    close(fd);
    return e;
}

void
drawing_unmap(struct str bytes)
{
    if (bytes.p != NULL && bytes.n > 0)
        munmap((void *) (uintptr_t) bytes.p, bytes.n);
}
