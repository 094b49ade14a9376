/* tests/long/tamper.c - tamper SITE COUNT SEED: alter one thing in a published site (as `export-static` writes it) in memory, ask
 * the verifiers that an outsider has, put it back; COUNT times. A change that nobody notices is printed, and the exit status is 1.
 *
 * What is altered: every file of every finished draw, and the checkpoint, tiles and entries of the log (its keys are pinned, as a
 * reader would have kept them). How: a bit flipped, a byte replaced, removed or put in, two lines exchanged, a line twice, the end
 * cut off. */
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/draw_run.h"
#include "mod/file.h"
#include "mod/journal/log_draws.h"

enum { FILES_MAX = 256, DRAWS_MAX = 32, FILE_BYTES = 8 << 20, KEPT_BYTES = 64 << 20, WORK_BYTES = 96 << 20 };

struct site_file {
    char path[FILE_PATH_BYTES]; /* below SITE */
    struct str bytes;
};
struct site_draw {
    int file[DRAW_FILE_COUNT + 1]; /* index in files; -1 = not there; the last is opened.tsv */
};
struct site {
    struct site_file *files;
    size_t file_count;
    struct site_draw draws[DRAWS_MAX];
    size_t draw_count;
    struct str vkeys;
    struct arena kept, work;
    void *scratch;
    uint64_t random;
};

static uint64_t
next_random(struct site *s)
{
    uint64_t z = (s->random += 0x9E3779B97F4A7C15u);

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static size_t
below(struct site *s, size_t n)
{
    return (size_t) (next_random(s) % n);
}

static int
find(const struct site *s, const char *path)
{
    for (size_t i = 0; i < s->file_count; i++)
        if (strcmp(s->files[i].path, path) == 0)
            return (int) i;
    return -1;
}

/* --- the verifiers ------------------------------------------------------------------------------------------------------ */

static enum err
fetch(void *ctx, struct arena *a, const char *path, size_t max_bytes, struct str *out)
{
    struct site *s = ctx;
    char whole[FILE_PATH_BYTES];
    int i;

    (void) a;
    if (snprintf(whole, sizeof whole, "log/%s", path) >= (int) sizeof whole || (i = find(s, whole)) < 0)
        return ERR_NOT_FOUND;
    *out = s->files[i].bytes;
    return out->n > max_bytes ? ERR_TOO_LARGE : OK;
}

static bool
log_holds(struct site *s, const struct draw_files *files)
{
    struct log *log = arena_alloc(&s->work, sizeof *log);
    struct arena scratch = arena_over(s->scratch, LOG_SCRATCH_BYTES);
    struct log_draws acts;
    struct log_papers papers;
    struct log_fault f = {0};
    enum err e = log_open(log, (struct log_source) {fetch, s}, &s->work, s->vkeys, &f);

    return e == OK && log_check_draw(log, &scratch, files, &acts, &papers, &f) == OK;
}

static bool
draw_holds(struct site *s, const struct site_draw *d)
{
    struct draw_report *r = arena_alloc(&s->work, sizeof *r);
    struct draw_env env = draw_env_serial();
    struct draw_files files = {0};
    struct opened_fault fault;
    bool sealed = d->file[DRAW_ROSTER] < 0;
    enum err e;

    env.locate_budget = 0; /* that it is wrong, not where */
    for (int i = 0; i < DRAW_FILE_COUNT; i++)
        if (d->file[i] >= 0)
            files.file[i] = s->files[d->file[i]].bytes;
    e = sealed ? draw_verify_head(&files, &s->work, r) : draw_verify(&files, &env, &s->work, r);
    if (e == OK && r->ok && sealed)
        e = draw_check_opened(s->files[d->file[DRAW_FILE_COUNT]].bytes, files.file[DRAW_RESULT], &r->run.spec,
                              r->run.key_target, &s->work, &fault);
    return e == OK && r->ok && log_holds(s, &files);
}

/* --- one change --------------------------------------------------------------------------------------------------------- */

static size_t
line_at(struct str s, size_t at, size_t *n)
{
    size_t from = at, to = at;

    while (from > 0 && s.p[from - 1] != '\n')
        from--;
    while (to < s.n && s.p[to] != '\n')
        to++;
    *n = to - from + (to < s.n);
    return from;
}

/* The altered bytes; false: this change changes nothing. */
static bool
alter(struct site *s, struct str from, struct str *to, const char **how)
{
    static const char *const HOW[] = {"bit", "byte", "removed", "put in", "lines exchanged", "line twice", "cut off"};
    char *p = arena_alloc(&s->work, 2 * from.n + 2);
    unsigned kind = (unsigned) below(s, 7);
    size_t at = below(s, from.n), other = below(s, from.n), n, m;

    *how = HOW[kind];
    memcpy(p, from.p, from.n);
    *to = (struct str) {p, from.n};
    if (kind == 0)
        p[at] = (char) (p[at] ^ 1 << below(s, 8));
    else if (kind == 1)
        p[at] = (char) next_random(s);
    else if (kind == 2)
        memmove(p + at, p + at + 1, --to->n - at);
    else if (kind == 3)
        memmove(p + at + 1, from.p + at, to->n++ - at), p[at] = (char) next_random(s);
    else if (kind == 4) {
        size_t a = line_at(from, at, &n), b = line_at(from, other, &m);

        if (a >= b)
            return false;
        memcpy(p + a, from.p + b, m);
        memcpy(p + a + m, from.p + a + n, b - a - n);
        memcpy(p + a + m + (b - a - n), from.p + a, n);
    } else if (kind == 5) {
        size_t a = line_at(from, at, &n);

        memmove(p + a + n, from.p + a, from.n - a);
        to->n += n;
    } else {
        to->n = at;
    }
    return !str_eq(*to, from);
}

/* Which draw does a file belong to? Those of the log belong to all: one is taken. */
static const struct site_draw *
draw_of(struct site *s, int file)
{
    for (size_t d = 0; d < s->draw_count; d++)
        for (int i = 0; i <= DRAW_FILE_COUNT; i++)
            if (s->draws[d].file[i] == file)
                return &s->draws[d];
    return &s->draws[below(s, s->draw_count)];
}

static bool
try_one(struct site *s)
{
    int i = (int) below(s, s->file_count);
    struct site_file *f = &s->files[i];
    struct str before = f->bytes, altered;
    const char *how;
    bool noticed = true;

    arena_reset(&s->work);
    if (before.n == 0 || !alter(s, before, &altered, &how))
        return true;
    if (strcmp(f->path, "log/checkpoint") == 0 && strcmp(how, "line twice") == 0)
        return true; /* a signature that stands there twice says nothing new: signed-note lets it pass */
    f->bytes = altered;
    noticed = !draw_holds(s, draw_of(s, i));
    f->bytes = before;
    if (!noticed)
        printf("not noticed: %s, %s\n", f->path, how);
    return noticed;
}

/* --- reading the site ----------------------------------------------------------------------------------------------------- */

static bool
wanted(const char *path)
{
    if (strncmp(path, "log/", 4) == 0)
        return strcmp(path, "log/checkpoint") == 0 || strncmp(path, "log/tile/", 9) == 0;
    if (strncmp(path, "draws/", 6) != 0)
        return false;
    for (int i = 0; i < DRAW_FILE_COUNT; i++)
        if (strcmp(strrchr(path, '/') + 1, draw_file_name((enum draw_file) i)) == 0)
            return true;
    return strcmp(strrchr(path, '/') + 1, "opened.tsv") == 0;
}

static bool
read_site(struct site *s, char *dir)
{
    char *const roots[] = {dir, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    FTSENT *at;
    bool ok = walk != NULL;

    while (ok && (at = fts_read(walk)) != NULL) {
        struct site_file *f = &s->files[s->file_count];
        const char *path = at->fts_path + strlen(dir) + 1;

        if (at->fts_info != FTS_F || strlen(at->fts_path) <= strlen(dir) + 1)
            continue;
        if (strcmp(path, "log/log.vkey") == 0)
            ok = file_read(&s->kept, at->fts_path, FILE_BYTES, &s->vkeys) == OK;
        if (!wanted(path))
            continue;
        ok = s->file_count < FILES_MAX && file_read(&s->kept, at->fts_path, FILE_BYTES, &f->bytes) == OK;
        snprintf(f->path, sizeof f->path, "%s", path);
        s->file_count++;
    }
    if (walk != NULL)
        fts_close(walk);
    return ok;
}

/* Finished draws only; files of others leave the list. Older partial tiles too: they are prefixes, `log fsck` looks at them. */
static void
sort_draws(struct site *s)
{
    for (size_t i = 0; i < s->file_count; i++) {
        char *name = strrchr(s->files[i].path, '/') + 1, path[FILE_PATH_BYTES];
        struct site_draw d;

        if (strcmp(name, "result.txt") != 0 || s->draw_count == DRAWS_MAX)
            continue;
        for (int k = 0; k <= DRAW_FILE_COUNT; k++) {
            snprintf(path, sizeof path, "%.*s%s", (int) (name - s->files[i].path), s->files[i].path,
                     k == DRAW_FILE_COUNT ? "opened.tsv" : draw_file_name((enum draw_file) k));
            d.file[k] = find(s, path);
        }
        if (d.file[DRAW_ROSTER] >= 0 || d.file[DRAW_FILE_COUNT] >= 0)
            s->draws[s->draw_count++] = d;
    }
}

static void
keep_used(struct site *s)
{
    for (size_t i = 0; i < s->file_count;) {
        bool used = strncmp(s->files[i].path, "log/", 4) == 0;

        for (size_t d = 0; d < s->draw_count; d++)
            for (int k = 0; k <= DRAW_FILE_COUNT; k++)
                used |= s->draws[d].file[k] == (int) i;
        if (used) {
            i++;
            continue;
        }
        s->files[i] = s->files[--s->file_count];
        for (size_t d = 0; d < s->draw_count; d++)
            for (int k = 0; k <= DRAW_FILE_COUNT; k++)
                if (s->draws[d].file[k] == (int) s->file_count)
                    s->draws[d].file[k] = (int) i;
    }
}

int
main(int argc, char **argv)
{
    static struct site_file files[FILES_MAX];
    struct site s = {.files = files};
    unsigned long count = argc == 4 ? strtoul(argv[2], NULL, 10) : 0, missed = 0;

    s.kept = arena_over(malloc(KEPT_BYTES), KEPT_BYTES);
    s.work = arena_over(malloc(WORK_BYTES), WORK_BYTES);
    s.scratch = malloc(LOG_SCRATCH_BYTES);
    s.random = argc == 4 ? strtoull(argv[3], NULL, 10) : 0;
    if (count == 0 || s.kept.base == NULL || s.work.base == NULL || s.scratch == NULL || !read_site(&s, argv[1])) {
        fprintf(stderr, "tamper SITE COUNT SEED\n");
        return 2;
    }
    sort_draws(&s);
    keep_used(&s);
    for (size_t d = 0; d < s.draw_count; d++) {
        arena_reset(&s.work);
        if (!draw_holds(&s, &s.draws[d])) {
            fprintf(stderr, "a draw does not verify before anything is altered\n");
            return 2;
        }
    }
    for (unsigned long i = 0; i < count; i++)
        missed += !try_one(&s);
    printf("%zu draws, %zu files, %lu changes, %lu not noticed\n", s.draw_count, s.file_count, count, missed);
    return s.draw_count == 0 || missed > 0;
}
