/* mod/import/sorter.c */
#include "mod/import/sorter.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_BYTES_MAX = 64, HEAD_BYTES = 16, SOURCE_BYTES = 3 << 15, ENTRIES_MAX = SORTER_RUN_BYTES / 64 };

/* A record in a buffer or file: size of all (u32), of the key (u32), line (u64), key, bytes. */
struct entry {
    uint64_t k0, k1; /* the first 16 bytes of the key, as big-endian numbers */
    const unsigned char *record;
};

struct buffer {
    unsigned char *p;
    size_t n;
    struct entry *entries;
    size_t count;
};

struct source { /* a sorted run: in the file, or the last one in memory */
    off_t at, end;
    unsigned char *p;
    size_t n, used;
    const struct entry *entries;
    size_t entry, count;
    struct entry head; /* its first record not yet given */
};

struct sorter {
    struct buffer buffers[2];
    unsigned filling;
    int fd;
    off_t file_bytes;
    off_t run_end[SORTER_RUNS_MAX];
    size_t run_count;
    struct source *sources;
    struct source **heap;
    size_t source_count, heap_count;
};

static uint32_t
get32(const unsigned char *p)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return v;
}

static struct sorter_record
record_of(const unsigned char *p)
{
    struct sorter_record r = {.key = {(const char *) p + HEAD_BYTES, get32(p + 4)}};

    memcpy(&r.line, p + 8, sizeof r.line);
    r.bytes = (struct str){r.key.p + r.key.n, get32(p) - HEAD_BYTES - r.key.n};
    return r;
}

static struct entry
entry_of(const unsigned char *record)
{
    unsigned char head[16] = {0};
    struct entry e = {.record = record};
    uint32_t n = get32(record + 4);

    memcpy(head, record + HEAD_BYTES, n < 16 ? n : 16);
    memcpy(&e.k0, head, 8);
    memcpy(&e.k1, head + 8, 8);
    e.k0 = be64toh(e.k0);
    e.k1 = be64toh(e.k1);
    return e;
}

static int
compare(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    struct sorter_record p, q;
    int order;

    if (a->k0 != b->k0)
        return a->k0 < b->k0 ? -1 : 1;
    if (a->k1 != b->k1)
        return a->k1 < b->k1 ? -1 : 1;
    p = record_of(a->record);
    q = record_of(b->record);
    order = str_cmp(p.key, q.key);
    return order != 0 ? order : p.line < q.line ? -1 : p.line > q.line;
}

/* A file without a name: it vanishes with the process. It may hold personal data, so nobody else can open it.
 */
static int
nameless_file(const char *dir)
{
    char path[1024];
    int fd = open(dir == NULL ? "/tmp" : dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0 ||
        snprintf(path, sizeof path, "%s/import-XXXXXX", dir == NULL ? "/tmp" : dir) >= (int) sizeof path)
        return fd;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

enum err
sorter_new(const char *dir, struct sorter **out)
{
    struct sorter *s = calloc(1, sizeof *s);
    bool ok = s != NULL;

    for (int i = 0; ok && i < 2; i++) {
        s->buffers[i].p = malloc(SORTER_RUN_BYTES);
        s->buffers[i].entries = calloc(ENTRIES_MAX, sizeof *s->buffers[i].entries);
        ok = s->buffers[i].p != NULL && s->buffers[i].entries != NULL;
    }
    if (ok)
        s->fd = nameless_file(dir);
    if (!ok || s->fd < 0) {
        enum err e = ok ? ERR_IO : ERR_MEMORY;

        if (s != NULL)
            s->fd = -1;
        sorter_free(s);
        return e;
    }
    *out = s;
    return OK;
}

void
sorter_free(struct sorter *s)
{
    if (s == NULL)
        return;
    for (int i = 0; i < 2; i++) {
        free(s->buffers[i].p);
        free(s->buffers[i].entries);
    }
    for (size_t i = 0; i < s->source_count; i++)
        free(s->sources[i].p);
    free(s->sources);
    free(s->heap);
    if (s->fd >= 0)
        close(s->fd);
    free(s);
}

/* filling and spilling
 * ------------------------------------------------------------------------------------------ */

bool
sorter_full(const struct sorter *s)
{
    const struct buffer *b = &s->buffers[s->filling];

    return b->count == ENTRIES_MAX || SORTER_RUN_BYTES - b->n < SORTER_RECORD_BYTES_MAX;
}

enum err
sorter_add(struct sorter *s, struct str key, uint64_t line, struct str bytes)
{
    struct buffer *b = &s->buffers[s->filling];
    size_t size = (HEAD_BYTES + key.n + bytes.n + 7) & ~(size_t) 7;
    uint32_t sizes[2] = {(uint32_t) size, (uint32_t) key.n};
    unsigned char *p = b->p + b->n;

    if (size > SORTER_RECORD_BYTES_MAX || key.n > KEY_BYTES_MAX || sorter_full(s))
        return ERR_TOO_LARGE;
    memcpy(p, sizes, sizeof sizes);
    memcpy(p + 8, &line, sizeof line);
    memcpy(p + HEAD_BYTES, key.p, key.n);
    memcpy(p + HEAD_BYTES + key.n, bytes.p, bytes.n);
    b->entries[b->count++] = entry_of(p);
    b->n += size;
    return OK;
}

void
sorter_turn(struct sorter *s)
{
    s->filling ^= 1;
    s->buffers[s->filling].n = s->buffers[s->filling].count = 0;
}

static enum err
write_all(int fd, const unsigned char *p, size_t n)
{
    while (n > 0) {
        ssize_t k = write(fd, p, n);

        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return errno == ENOSPC || errno == EDQUOT ? ERR_NO_SPACE : ERR_IO;
        p += k;
        n -= (size_t) k;
    }
    return OK;
}

enum err
sorter_spill(struct sorter *s)
{
    enum { OUT_BYTES = 1 << 18 };
    struct buffer *b = &s->buffers[s->filling ^ 1];
    unsigned char *out = malloc(OUT_BYTES);
    size_t n = 0;
    enum err e = out == NULL ? ERR_MEMORY : s->run_count == SORTER_RUNS_MAX ? ERR_TOO_LARGE : OK;

    if (e == OK)
        qsort(b->entries, b->count, sizeof *b->entries, compare);
    for (size_t i = 0; i < b->count && e == OK; i++) {
        size_t size = get32(b->entries[i].record);

        if (OUT_BYTES - n < size) {
            e = write_all(s->fd, out, n);
            n = 0;
        }
        memcpy(out + n, b->entries[i].record, size);
        n += size;
    }
    if (e == OK)
        e = write_all(s->fd, out, n);
    if (e == OK) {
        s->file_bytes += (off_t) b->n;
        s->run_end[s->run_count++] = s->file_bytes;
    }
    b->n = b->count = 0;
    free(out);
    return e;
}

/* merging
 * ------------------------------------------------------------------------------------------------------- */

/* Make the source's next record its head; false at its end. */
static bool
advance(struct sorter *s, struct source *r, enum err *e)
{
    size_t rest = r->n - r->used;

    if (r->entries != NULL) {
        if (r->entry == r->count)
            return false;
        r->head = r->entries[r->entry++];
        return true;
    }
    if (rest < HEAD_BYTES || rest < get32(r->p + r->used)) {
        size_t room = SOURCE_BYTES - rest;
        size_t want = r->end - r->at < (off_t) room ? (size_t) (r->end - r->at) : room;

        memmove(r->p, r->p + r->used, rest);
        if (want > 0 && pread(s->fd, r->p + rest, want, r->at) != (ssize_t) want) {
            *e = ERR_IO;
            return false;
        }
        r->at += (off_t) want;
        r->n = rest + want;
        r->used = 0;
        if (r->n == 0)
            return false;
    }
    r->head = entry_of(r->p + r->used);
    r->used += get32(r->p + r->used);
    return true;
}

static void
sift_down(struct sorter *s, size_t i)
{
    for (;;) {
        size_t least = i, left = 2 * i + 1;

        for (size_t k = left; k < left + 2 && k < s->heap_count; k++)
            if (compare(&s->heap[k]->head, &s->heap[least]->head) < 0)
                least = k;
        if (least == i)
            return;
        struct source *x = s->heap[i];

        s->heap[i] = s->heap[least];
        s->heap[least] = x;
        i = least;
    }
}

enum err
sorter_merge(struct sorter *s)
{
    struct buffer *last = &s->buffers[s->filling];
    enum err e = OK;

    qsort(last->entries, last->count, sizeof *last->entries, compare);
    s->sources = calloc(s->run_count + 1, sizeof *s->sources);
    s->heap = calloc(s->run_count + 1, sizeof(struct source *));
    if (s->sources == NULL || s->heap == NULL)
        return ERR_MEMORY;
    for (; s->source_count <= s->run_count && e == OK; s->source_count++) {
        struct source *r = &s->sources[s->source_count];
        size_t i = s->source_count;

        if (i == s->run_count) {
            r->entries = last->entries;
            r->count = last->count;
        } else {
            r->at = i == 0 ? 0 : s->run_end[i - 1];
            r->end = s->run_end[i];
            if ((r->p = malloc(SOURCE_BYTES)) == NULL)
                return ERR_MEMORY;
        }
        if (advance(s, r, &e))
            s->heap[s->heap_count++] = r;
    }
    for (size_t i = s->heap_count; i-- > 0;)
        sift_down(s, i);
    return e;
}

/* The head is given out, and replaced only by the next call: until then its bytes stay where they are. */
bool
sorter_next(struct sorter *s, struct sorter_record *out, enum err *e)
{
    *e = OK;
    if (s->heap_count > 0 && s->heap[0]->head.record == NULL) {
        if (!advance(s, s->heap[0], e)) {
            if (*e != OK)
                return false;
            s->heap[0] = s->heap[--s->heap_count];
        }
        sift_down(s, 0);
    }
    if (s->heap_count == 0)
        return false;
    *out = record_of(s->heap[0]->head.record);
    s->heap[0]->head.record = NULL;
    return true;
}
