/* mod/file.c - whole files or none */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
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

/* PATH.new, PATH.1.new … */
static enum err
name_beside(struct file *f, unsigned number)
{
    int n = number == 0 ? snprintf(f->beside, sizeof f->beside, "%s.new", f->path)
                        : snprintf(f->beside, sizeof f->beside, "%s.%u.new", f->path, number);

    return n < 0 || (size_t) n >= sizeof f->beside ? ERR_TOO_LARGE : OK;
}

/* An empty file under the name beside that nobody else writes: whoever writes one holds a lock on it. ERR_BUSY: in use. */
static enum err
open_beside(const struct file *f, unsigned mode, int *out)
{
    struct stat mine, named;
    int fd = open(f->beside, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, (mode_t) mode);
    enum err e = OK;

    if (fd < 0)
        return io_error();
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        e = errno == EWOULDBLOCK ? ERR_BUSY : io_error();
    if (e == OK && (fstat(fd, &mine) != 0 || stat(f->beside, &named) != 0 || mine.st_ino != named.st_ino))
        e = ERR_BUSY; /* it was put in its place meanwhile */
    if (e == OK && ftruncate(fd, 0) != 0)
        e = io_error();
    if (e == OK)
        *out = fd;
    else
        close(fd);
    return e;
}

enum err
file_begin(struct file *f, const char *path, unsigned mode)
{
    size_t n = strlen(path);
    enum err e = ERR_BUSY;
    int fd = -1;

    if (n >= FILE_PATH_BYTES)
        return ERR_TOO_LARGE;
    memcpy(f->path, path, n + 1);
    for (unsigned number = 0; e == ERR_BUSY && number < FILE_WRITERS_MAX; number++) {
        e = name_beside(f, number);
        if (e == OK && number == 0)
            e = make_parents(path);
        if (e == OK)
            e = open_beside(f, mode, &fd);
    }
    if (e != OK)
        return e;
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
    if (e == OK && rename(f->beside, f->path) != 0)
        e = io_error();
    if (e != OK)
        unlink(f->beside);
    (void) fclose(f->out); /* last, it gives the lock back; the bytes are on the disk already */
    f->out = NULL;
    return e == OK ? sync_parent(f->path) : e;
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

enum err
file_create(const char *path, struct str bytes, unsigned mode)
{
    struct file f;
    enum err e = file_begin(&f, path, mode);

    if (e != OK)
        return e;
    if (fwrite(bytes.p, 1, bytes.n, f.out) != bytes.n || fflush(f.out) != 0 || fsync(fileno(f.out)) != 0)
        e = io_error();
    if (e == OK && link(f.beside, path) != 0)
        e = errno == EEXIST ? ERR_EXISTS : io_error();
    if (e == OK)
        e = sync_parent(path);
    unlink(f.beside);
    (void) fclose(f.out);
    return e;
}
