/* mod/person/person_file.c - files that hold telephones and identity numbers, while they wait: sealed with keys/person.key, in
 * pieces, and opened only in memory */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/b64.h"
#include "mod/account/secret.h"
#include "mod/file.h"
#include "mod/json.h"
#include "mod/person/person.h"

enum { PIECE_BYTES = 64 << 10, SEALED_MAX = PIECE_BYTES + 256, BOUND_BYTES = 64 };

/* Which piece of which file; the last one says so, so that none is missing at the end. */
static struct str
piece_of(char out[static BOUND_BYTES], int64_t id, unsigned n, bool last)
{
    int written = snprintf(out, BOUND_BYTES, "file/%lld/%u%s", (long long) id, n, last ? "/end" : "");

    return (struct str){out, (size_t) written};
}

static enum err
seal_piece(struct ctx *c, FILE *out, struct str bound, struct str plain)
{
    struct str sealed;
    uint32_t n;
    enum err e = secret_seal(c, SECRET_PERSON_KEY, bound, plain, &sealed);

    if (e != OK)
        return e;
    n = (uint32_t) sealed.n;
    return fwrite(&n, sizeof n, 1, out) == 1 && fwrite(sealed.p, 1, sealed.n, out) == sealed.n ? OK : ERR_NO_SPACE;
}

static enum err
seal_all(struct ctx *c, int64_t id, FILE *in, FILE *out)
{
    char bound[BOUND_BYTES];
    enum err e = OK;
    bool last = false;

    for (unsigned i = 0; e == OK && !last; i++) {
        size_t mark = arena_mark(c->arena);
        char *piece = arena_alloc(c->arena, PIECE_BYTES);
        size_t n = piece == NULL ? 0 : fread(piece, 1, PIECE_BYTES, in);
        int next = getc(in);

        last = next == EOF;
        if (!last)
            (void) ungetc(next, in);
        e = piece == NULL ? ERR_MEMORY : ferror(in) ? ERR_IO : seal_piece(c, out, piece_of(bound, id, i, last), (struct str){piece, n});
        arena_rewind(c->arena, mark);
    }
    return e;
}

enum err
person_seal_file(struct ctx *c, int64_t id, const char *from, const char *to)
{
    FILE *in = fopen(from, "re");
    struct file f;
    enum err e = in == NULL ? ERR_IO : file_begin(&f, to, 0600);

    if (e == OK)
        e = file_end(&f, seal_all(c, id, in, f.out));
    if (in != NULL)
        (void) fclose(in);
    if (e == OK && unlink(from) != 0)
        e = ERR_IO;
    return e;
}

/* One piece; *last when it was sealed as the last one. */
static enum err
open_piece(struct ctx *c, int64_t id, unsigned i, FILE *in, int out, bool *last)
{
    char bound[BOUND_BYTES], *bytes;
    struct str plain = {NULL, 0};
    uint32_t n = 0;
    enum err e;

    if (fread(&n, sizeof n, 1, in) != 1 || n > SEALED_MAX || (bytes = arena_alloc(c->arena, n)) == NULL ||
        fread(bytes, 1, n, in) != n)
        return ERR_DIGEST;
    e = secret_open(c, SECRET_PERSON_KEY, piece_of(bound, id, i, false), (struct str){bytes, n}, &plain);
    *last = e == ERR_DIGEST;
    if (*last)
        e = secret_open(c, SECRET_PERSON_KEY, piece_of(bound, id, i, true), (struct str){bytes, n}, &plain);
    for (size_t at = 0; e == OK && at < plain.n;) {
        ssize_t some = write(out, plain.p + at, plain.n - at);

        if (some < 0 && errno != EINTR)
            e = ERR_MEMORY;
        at += some > 0 ? (size_t) some : 0;
    }
    return e;
}

enum err
person_open_file(struct ctx *c, int64_t id, const char *path, int *fd)
{
    FILE *in = fopen(path, "re");
    bool last = false;
    enum err e = in == NULL ? ERR_NOT_FOUND : OK;

    *fd = e == OK ? memfd_create("sealed", MFD_CLOEXEC) : -1;
    if (e == OK && *fd < 0)
        e = ERR_MEMORY;
    for (unsigned i = 0; e == OK && !last; i++) {
        size_t mark = arena_mark(c->arena);

        e = open_piece(c, id, i, in, *fd, &last);
        arena_rewind(c->arena, mark);
    }
    if (in != NULL)
        (void) fclose(in);
    if (e != OK && *fd >= 0) {
        (void) close(*fd);
        *fd = -1;
    }
    return e;
}

/* --- lines ------------------------------------------------------------------------------------------------------------------ */

enum err
person_seal_line(struct ctx *c, struct str plain, struct str *line)
{
    struct str sealed;
    struct buf b;
    enum err e = secret_seal(c, SECRET_PERSON_KEY, STR("line"), plain, &sealed);

    if (e == OK)
        e = buf_in(c, 4 * sealed.n / 3 + 8, &b);
    if (e != OK)
        return e;
    buf_z(&b, PERSON_SEALED_MARK);
    b64_write(&b, sealed.p, sealed.n);
    return buf_take(c, &b, line);
}

enum err
person_open_line(struct ctx *c, struct str *line)
{
    char *bytes;
    size_t n;
    enum err e;

    if (!str_starts(*line, STR(PERSON_SEALED_MARK)))
        return OK;
    if ((bytes = arena_alloc(c->arena, line->n)) == NULL)
        return ERR_MEMORY;
    e = b64_decode((struct str){line->p + 1, line->n - 1}, bytes, line->n, &n);
    return e == OK ? secret_open(c, SECRET_PERSON_KEY, STR("line"), (struct str){bytes, n}, line) : e;
}
