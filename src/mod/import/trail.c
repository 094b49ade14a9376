/* mod/import/trail.c - see trail.h */
#include "mod/import/trail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 1200 };

static enum err
path_of(char out[static PATH_BYTES], const char *base, const char *name, const char *tail)
{
    int n = snprintf(out, PATH_BYTES, "%s.%s%s", base, name, tail);

    return n < 0 || n >= PATH_BYTES ? ERR_TOO_LARGE : OK;
}

static FILE *
open_new(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");

    if (f == NULL && fd >= 0)
        close(fd);
    return f;
}

enum err
trail_begin(struct trail *t, const char *base, const char *name)
{
    char path[PATH_BYTES];
    enum err e = path_of(path, base, name, "");

    *t = (struct trail) {0};
    if (e == OK && (t->text = open_new(path)) == NULL)
        e = ERR_IO;
    if (e == OK)
        e = path_of(path, base, name, ".at");
    if (e == OK && (t->at = open_new(path)) == NULL)
        e = ERR_IO;
    t->error = e;
    return e;
}

void
trail_put(struct trail *t, struct str json)
{
    if (t->error != OK || t->text == NULL)
        return;
    if (fwrite(&t->bytes, sizeof t->bytes, 1, t->at) != 1 || fwrite(json.p, 1, json.n, t->text) != json.n ||
        putc('\n', t->text) == EOF)
        t->error = errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    t->bytes += json.n + 1;
    t->count++;
}

enum err
trail_end(struct trail *t)
{
    if (t->text != NULL && fclose(t->text) != 0 && t->error == OK)
        t->error = errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    if (t->at != NULL && fclose(t->at) != 0 && t->error == OK)
        t->error = errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    t->text = t->at = NULL;
    return t->error;
}

/* Both files of a list, to be read; no such list gives *text NULL. */
static enum err
open_both(const char *base, const char *name, FILE **text, FILE **at)
{
    char path[PATH_BYTES];
    enum err e = path_of(path, base, name, "");

    *text = *at = NULL;
    if (e != OK || (*text = fopen(path, "rbe")) == NULL)
        return e != OK || errno == ENOENT ? e : ERR_IO;
    e = path_of(path, base, name, ".at");
    if (e == OK && (*at = fopen(path, "rbe")) == NULL)
        e = ERR_IO;
    if (e != OK) {
        fclose(*text);
        *text = NULL;
    }
    return e;
}

static enum err
read_page(struct arena *a, FILE *text, FILE *at, uint64_t from, size_t limit, struct str rows[], size_t *count)
{
    uint64_t begin[TRAIL_PAGE_MAX + 1];
    struct stat all;
    size_t n;

    if (fstat(fileno(text), &all) != 0 || fseeko(at, (off_t) (from * sizeof *begin), SEEK_SET) != 0)
        return ERR_IO;
    n = fread(begin, sizeof *begin, limit + 1, at);
    if (n <= limit)
        begin[n] = (uint64_t) all.st_size;
    *count = n < limit ? n : limit;
    for (size_t i = 0; i < *count; i++) {
        size_t bytes = (size_t) (begin[i + 1] - begin[i]);
        char *p = begin[i + 1] <= begin[i] || bytes > TRAIL_LINE_BYTES_MAX ? NULL : arena_alloc(a, bytes);

        if (p == NULL)
            return ERR_MEMORY;
        if (fseeko(text, (off_t) begin[i], SEEK_SET) != 0 || fread(p, 1, bytes, text) != bytes)
            return ERR_IO;
        rows[i] = (struct str) {p, bytes - 1};
    }
    return OK;
}

enum err
trail_read(struct arena *a, const char *base, const char *name, uint64_t from, size_t limit, struct str rows[],
           size_t *count, uint64_t *total)
{
    FILE *text, *at;
    struct stat index;
    enum err e = open_both(base, name, &text, &at);

    *count = 0;
    *total = 0;
    if (e != OK || text == NULL)
        return e;
    if (fstat(fileno(at), &index) != 0)
        e = ERR_IO;
    else
        *total = (uint64_t) index.st_size / sizeof(uint64_t);
    if (limit > TRAIL_PAGE_MAX)
        limit = TRAIL_PAGE_MAX;
    if (e == OK && from < *total)
        e = read_page(a, text, at, from, limit, rows, count);
    fclose(text);
    fclose(at);
    return e;
}

enum err
trail_each(const char *base, const char *name, enum err (*fn)(void *ctx, struct str json), void *ctx)
{
    FILE *text, *at;
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    enum err e = open_both(base, name, &text, &at);

    if (e != OK || text == NULL)
        return e;
    while (e == OK && (n = getline(&line, &room, text)) > 0)
        e = fn(ctx, (struct str) {line, (size_t) n - (line[n - 1] == '\n' ? 1 : 0)});
    if (e == OK && ferror(text))
        e = ERR_IO;
    free(line);
    fclose(text);
    fclose(at);
    return e;
}

void
trail_forget(const char *base, const char *name)
{
    static const char *const TAILS[] = {"", ".at"};
    char path[PATH_BYTES];

    for (size_t i = 0; i < 2; i++)
        if (path_of(path, base, name, TAILS[i]) == OK)
            (void) unlink(path);
}
