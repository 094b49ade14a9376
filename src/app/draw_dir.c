/* app/draw_dir.c - mapping the five files */
#include "draw_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MORE_BYTES = 32 }; /* of memory per byte of a file that is checked beside the five */

/* The whole file, read-only; absent when there is none. */
static enum err
map_file(int dir, const char *name, struct str *out)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat st;
    enum err e = ERR_IO;

    *out = (struct str){NULL, 0};
    if (fd < 0)
        return errno == ENOENT ? OK : ERR_IO;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        void *p = st.st_size == 0 ? NULL : mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

        if (st.st_size == 0)
            *out = STR("");
        else if (p != MAP_FAILED)
            *out = (struct str){p, (size_t) st.st_size};
        e = out->p != NULL ? OK : ERR_IO;
    }
    (void) close(fd);
    return e;
}

/* Address space for the worst case: pages are taken when they are used. */
static enum err
reserve_memory(struct draw_dir *d)
{
    size_t n = draw_arena_bytes_at_most(&d->files) + d->files.file[DRAW_RESULT].n * MORE_BYTES;
    void *p;

    for (int m = 0; m < PAPER_COUNT; m++)
        n += d->more[m].n * MORE_BYTES;
    p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (p == MAP_FAILED)
        return ERR_MEMORY;
    (void) madvise(p, n, MADV_HUGEPAGE); /* only a hint */
    d->arena = arena_over(p, n);
    return OK;
}

enum err
draw_dir_open(const char *dir, unsigned threads, struct draw_dir *out, char place[static 1024])
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err e = OK;

    *out = (struct draw_dir){.threads = {threads == 0 ? threads_available() : threads}};
    (void) snprintf(place, 1024, "%s", dir);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
    for (int f = 0; f < DRAW_FILE_COUNT && e == OK; f++) {
        e = map_file(fd, draw_file_name((enum draw_file) f), &out->files.file[f]);
        if (e != OK)
            (void) snprintf(place, 1024, "%s/%s", dir, draw_file_name((enum draw_file) f));
    }
    for (int m = 0; m < PAPER_COUNT && e == OK; m++) {
        e = map_file(fd, draw_paper_name((enum draw_paper) m), &out->more[m]);
        if (e != OK)
            (void) snprintf(place, 1024, "%s/%s", dir, draw_paper_name((enum draw_paper) m));
    }
    (void) close(fd);
    if (e == OK)
        e = reserve_memory(out);
    out->env = draw_env_serial();
    out->env.runner = threads_runner(&out->threads);
    if (e != OK)
        draw_dir_close(out);
    return e;
}

static void
unmap(struct str file)
{
    if (file.n > 0)
        (void) munmap((void *) (uintptr_t) file.p, file.n);
}

void
draw_dir_close(struct draw_dir *d)
{
    for (int f = 0; f < DRAW_FILE_COUNT; f++)
        unmap(d->files.file[f]);
    for (int m = 0; m < PAPER_COUNT; m++)
        unmap(d->more[m]);
    if (d->arena.base != NULL)
        (void) munmap(d->arena.base, d->arena.size_bytes);
    *d = (struct draw_dir){0};
}
