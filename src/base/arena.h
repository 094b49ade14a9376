/* base/arena.h - memory from a given block: one arena per request or job, with a fixed limit.
 * Nothing is freed alone; arena_reset() forgets all. The block comes from the caller (base allocates nothing). */
#ifndef MQ_ARENA_H
#define MQ_ARENA_H

#include <stddef.h>

struct arena {
    unsigned char *base;
    size_t size_bytes, used_bytes;
};

struct arena arena_over(void *block, size_t size_bytes);
/* arena_alloc: n zeroed bytes aligned to 16, or NULL when the limit is reached (callers return ERR_MEMORY). */
void *arena_alloc(struct arena *a, size_t n);
/* arena_array: count * size zeroed bytes, NULL on overflow or when the limit is reached. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* arena_array_raw: the same with bytes of any value, for a caller that writes them all: large tables are then touched
 * by the threads that fill them. */
void *arena_array_raw(struct arena *a, size_t count, size_t size);
/* arena_mark / arena_rewind: give back all that was taken since the mark. */
size_t arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, size_t mark);
void arena_reset(struct arena *a);

#endif
