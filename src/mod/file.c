/* mod/file.c - whole files or none */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err
io_error(void)
{
    return errno == ENOSPC || errno == EDQUOT    ? ERR_NO_SPACE
           : errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND
           : errno == EMFILE || errno == ENFILE  ? ERR_BUSY
                                                 : ERR_IO;
}

enum err
file_path(char out[static FILE_PATH_BYTES], const char *base, struct str relative)
{
    struct buf b = buf_over(out, FILE_PATH_BYTES);

    buf_z(&b, base);
    buf_z(&b, "/");
    buf_str(&b, relative);
    buf_add(&b, "", 1);
    return b.overflow ? ERR_TOO_LARGE : OK;
}

static enum err
read_open(struct arena *a, int fd, size_t max_bytes, struct str *out)
{
    struct stat s;
    size_t n = 0;
    char *p;

    if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode))
        return ERR_IO;
    if ((uint64_t) s.st_size > max_bytes)
        return ERR_TOO_LARGE;
    p = arena_alloc(a, (size_t) s.st_size + 1);
    if (p == NULL)
        return ERR_MEMORY;
    while (n < (size_t) s.st_size) {
        ssize_t got = read(fd, p + n, (size_t) s.st_size - n);

        if (got < 0 && errno != EINTR)
            return io_error();
        if (got == 0)
            return ERR_IO; /* it shrank meanwhile */
        if (got > 0)
            n += (size_t) got;
    }
    *out = (struct str){p, n};
    return OK;
}

enum err
file_read(struct arena *a, const char *path, size_t max_bytes, struct str *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum err e;

    if (fd < 0)
        return io_error();
    e = read_open(a, fd, max_bytes, out);
    close(fd);
    return e;
}

/* Make the directories above a path. */
static enum err
make_parents(const char *path)
{
    char part[FILE_PATH_BYTES];

    memcpy(part, path, strlen(path) + 1);
    for (char *at = strchr(part + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return io_error();
        *at = '/';
    }
    return OK;
}

/* Make a rename durable: the directory itself is synced. */
static enum err
sync_parent(const char *path)
{
    char parent[FILE_PATH_BYTES];
    const char *slash = strrchr(path, '/');
    size_t n = slash == NULL ? 1 : slash == path ? 1 : (size_t) (slash - path);
    enum err e = OK;
    int fd;

    memcpy(parent, slash == NULL ? "." : path, n);
    parent[n] = '\0';
    fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return io_error();
    if (fsync(fd) != 0)
        e = io_error();
    close(fd);
    return e;
}

enum err
file_begin(struct file *f, const char *path, unsigned mode)
{
    size_t n = strlen(path);
    enum err e;
    int fd;

    if (n + sizeof ".new" > FILE_PATH_BYTES)
        return ERR_TOO_LARGE;
    memcpy(f->path, path, n + 1);
    memcpy(f->beside, path, n);
    memcpy(f->beside + n, ".new", sizeof ".new");
    e = make_parents(path);
    if (e != OK)
        return e;
    fd = open(f->beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t) mode);
    if (fd < 0)
        return io_error();
    f->out = fdopen(fd, "w");
    if (f->out != NULL)
        return OK;
    close(fd);
    unlink(f->beside);
    return ERR_MEMORY;
}

enum err
file_end(struct file *f, enum err e)
{
    if (e == OK && (fflush(f->out) != 0 || ferror(f->out) || fsync(fileno(f->out)) != 0))
        e = io_error();
    if (fclose(f->out) != 0 && e == OK)
        e = io_error();
    f->out = NULL;
    if (e == OK && rename(f->beside, f->path) != 0)
        e = io_error();
    if (e == OK)
        return sync_parent(f->path);
    unlink(f->beside);
    return e;
}

enum err
file_redirect(struct file *f, const char *path)
{
    size_t n = strlen(path);

    if (n >= FILE_PATH_BYTES)
        return ERR_TOO_LARGE;
    memcpy(f->path, path, n + 1);
    return make_parents(path);
}

enum err
file_write(const char *path, struct str bytes, unsigned mode)
{
    struct file f;
    enum err e = file_begin(&f, path, mode);

    if (e != OK)
        return e;
    if (bytes.n > 0 && fwrite(bytes.p, 1, bytes.n, f.out) != bytes.n)
        e = io_error();
    return file_end(&f, e);
}
