/* mod/drawing/files.c - where the files of a draw lie */
#include "mod/drawing/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MODE = 0644 };

enum err
drawing_path(const struct ctx *c, struct drawing_key k, const char *name, char out[static FILE_PATH_BYTES])
{
    struct buf b = buf_over(out, FILE_PATH_BYTES);

    buf_z(&b, c->dir == NULL ? "." : c->dir);
    buf_z(&b, "/draws/");
    for (size_t i = 0; i < k.draw.n; i++)
        buf_add(&b, k.draw.p[i] == '/' ? "-" : &k.draw.p[i], 1);
    buf_z(&b, "/");
    buf_i64(&b, k.attempt);
    buf_z(&b, "/");
    buf_z(&b, name);
    buf_add(&b, "", 1);
    return b.overflow ? ERR_TOO_LARGE : OK;
}

enum err
drawing_begin(const struct ctx *c, struct drawing_key k, const char *name, struct file *out)
{
    char path[FILE_PATH_BYTES];
    enum err e = drawing_path(c, k, name, path);

    return e == OK ? file_begin(out, path, FILE_MODE) : e;
}

enum err
drawing_write(const struct ctx *c, struct drawing_key k, const char *name, struct str bytes)
{
    char path[FILE_PATH_BYTES];
    enum err e = drawing_path(c, k, name, path);

    return e == OK ? file_write(path, bytes, FILE_MODE) : e;
}

static enum err
map_open(int fd, struct str *out)
{
    struct stat st;
    void *p;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return ERR_IO;
    *out = (struct str){"", 0};
    if (st.st_size == 0)
        return OK;
    p = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return ERR_IO;
    *out = (struct str){p, (size_t) st.st_size};
    return OK;
}

static enum err
map_path(const char *path, struct str *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum err e;

    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    e = map_open(fd, out);
    close(fd);
    return e;
}

enum err
drawing_map(const struct ctx *c, struct drawing_key k, const char *name, struct str *out)
{
    char path[FILE_PATH_BYTES];
    enum err e = drawing_path(c, k, name, path);

    return e == OK ? map_path(path, out) : e;
}

enum err
drawing_map_beside(const struct file *f, struct str *out)
{
    if (fflush(f->out) != 0 || ferror(f->out) || fsync(fileno(f->out)) != 0)
        return errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    return map_path(f->beside, out);
}

void
drawing_unmap(struct str bytes)
{
    if (bytes.p != NULL && bytes.n > 0)
        munmap((void *) (uintptr_t) bytes.p, bytes.n);
}
