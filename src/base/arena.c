/* base/arena.c - memory from a given block */
#include "arena.h"

#include <stdint.h>
#include <string.h>

enum { ALIGN = 16 };

struct arena
arena_over(void *block, size_t size_bytes)
{
    return (struct arena){block, size_bytes, 0};
}

static void *
take(struct arena *a, size_t n)
{
    size_t pad = (size_t) (-(uintptr_t) (a->base + a->used_bytes)) % ALIGN;
    void *p;

    if (a->size_bytes - a->used_bytes < pad || a->size_bytes - a->used_bytes - pad < n)
        return NULL;
    p = a->base + a->used_bytes + pad;
    a->used_bytes += pad + n;
    return p;
}

void *
arena_alloc(struct arena *a, size_t n)
{
    void *p = take(a, n);

    return p == NULL ? NULL : memset(p, 0, n);
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return arena_alloc(a, count * size);
}

void *
arena_array_raw(struct arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return take(a, count * size);
}

size_t
arena_mark(const struct arena *a)
{
    return a->used_bytes;
}

void
arena_rewind(struct arena *a, size_t mark)
{
    if (mark <= a->used_bytes)
        a->used_bytes = mark;
}

void
arena_reset(struct arena *a)
{
    a->used_bytes = 0;
}
