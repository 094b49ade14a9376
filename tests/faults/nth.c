/* tests/faults/nth.c - for LD_PRELOAD: the Nth call of one kind fails, once or from then on.
 *
 *   MQ_FAIL=KIND:N[:ever]     KIND: malloc write fsync open; N from 1; 0: nothing fails
 *   MQ_FAIL_COUNT=FILE        how many calls of the kind there were is written there at the end */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

enum kind { MALLOC, WRITE, FSYNC, OPEN, KINDS };

static const char *const NAMES[KINDS] = {"malloc", "write", "fsync", "open"};
static int wanted = -1;
static long nth;
static bool ever, ready;
static atomic_long calls;

__attribute__((constructor)) static void
start(void)
{
    const char *what = getenv("MQ_FAIL"), *colon = what == NULL ? NULL : strchr(what, ':');

    for (int i = 0; colon != NULL && i < KINDS; i++)
        if (strncmp(what, NAMES[i], (size_t) (colon - what)) == 0)
            wanted = i;
    nth = colon == NULL ? 0 : strtol(colon + 1, NULL, 10);
    ever = what != NULL && strstr(what, ":ever") != NULL;
    ready = true;
}

__attribute__((destructor)) static void
stop(void)
{
    const char *path = getenv("MQ_FAIL_COUNT");
    FILE *f;

    ready = false;
    if (path != NULL && (f = fopen(path, "w")) != NULL) {
        fprintf(f, "%ld\n", atomic_load(&calls));
        fclose(f);
    }
}

static bool
fails(enum kind k, int error)
{
    long now;

    if (!ready || wanted != (int) k)
        return false;
    now = atomic_fetch_add(&calls, 1) + 1;
    if (nth == 0 || (ever ? now < nth : now != nth))
        return false;
    errno = error;
    return true;
}

void *
malloc(size_t n)
{
    return fails(MALLOC, ENOMEM) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
    return fails(MALLOC, ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
    return fails(MALLOC, ENOMEM) ? NULL : __libc_realloc(p, n);
}

#define REAL(name, type) ((type) (uintptr_t) dlsym(RTLD_NEXT, name))

ssize_t
write(int fd, const void *p, size_t n)
{
    if (fd > 2 && fails(WRITE, EIO))
        return -1;
    return REAL("write", ssize_t (*)(int, const void *, size_t))(fd, p, n);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    if (fails(WRITE, EIO))
        return -1;
    return REAL("pwrite64", ssize_t (*)(int, const void *, size_t, off64_t))(fd, p, n, at);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
    if (fails(WRITE, EIO))
        return -1;
    return REAL("pwrite", ssize_t (*)(int, const void *, size_t, off_t))(fd, p, n, at);
}

int
fsync(int fd)
{
    return fails(FSYNC, EIO) ? -1 : REAL("fsync", int (*)(int))(fd);
}

int
fdatasync(int fd)
{
    return fails(FSYNC, EIO) ? -1 : REAL("fdatasync", int (*)(int))(fd);
}

static mode_t
mode_of(int flags, va_list list)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, mode_t) : 0;
}

int
open(const char *path, int flags, ...)
{
    va_list list;
    mode_t mode;

    va_start(list, flags);
    mode = mode_of(flags, list);
    va_end(list);
    return fails(OPEN, EMFILE) ? -1 : REAL("open", int (*)(const char *, int, ...))(path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
    va_list list;
    mode_t mode;

    va_start(list, flags);
    mode = mode_of(flags, list);
    va_end(list);
    return fails(OPEN, EMFILE) ? -1 : REAL("open64", int (*)(const char *, int, ...))(path, flags, mode);
}
