/* wasm/part.c - a worker's side of a verification in parts (core/draw_part.h).
 *
 * How a worker uses it (web/verifier/verify-worker.js): part_begin gives the address of four addresses where draw.txt,
 * lock.txt, reveal.json and result.txt belong, and of the window of part_window_bytes through which the roster goes.
 * part_lines and part_line_end look for the cut; part_open, part_feed until all is taken, part_close give the findings as
 * pairs of address and length. One instance reads one part. */
#include "wasm.h"

#include "core/draw_part.h"

enum { WINDOW_BYTES = 1 << 20, READABLE = 64 };

static struct draw_files files;
static struct draw_part_reader reader;
static struct arena arena;
static char window[WINDOW_BYTES + READABLE];
static uint32_t addresses[DRAW_FILE_COUNT], findings[12];

EXPORT("part_begin")
uint32_t *
part_begin(uint32_t draw, uint32_t lock, uint32_t reveal, uint32_t result)
{
    const uint32_t sizes[DRAW_FILE_COUNT] = {0, draw, lock, reveal, result};

    addresses[DRAW_ROSTER] = address_of(window);
    for (size_t i = DRAW_DRAW; i < DRAW_FILE_COUNT; i++) {
        char *p = more_memory((size_t) sizes[i] + READABLE);

        if (p == NULL)
            return NULL;
        files.file[i] = (struct str) {p, sizes[i]};
        addresses[i] = address_of(p);
    }
    return addresses;
}

EXPORT("part_window_bytes")
uint32_t
part_window_bytes(void)
{
    return WINDOW_BYTES;
}

/* LFs among the first n bytes of the window. */
EXPORT("part_lines")
uint32_t
part_lines(uint32_t n)
{
    uint32_t lines = 0, i = 0;

    while (i < n) { /* at most 255 in each byte of a vector's sums */
        uint32_t stop = n - i > 255 * 16 ? i + 255 * 16 : n;
        unsigned char sums[16] = {0};

        for (; stop - i >= 16; i += 16)
            for (unsigned k = 0; k < 16; k++)
                sums[k] = (unsigned char) (sums[k] + (window[i + k] == '\n'));
        for (unsigned k = 0; k < 16; k++)
            lines += sums[k];
        for (; i < stop; i++)
            lines += window[i] == '\n';
    }
    return lines;
}

/* The offset behind LF number `line`, from 1, of the first n bytes of the window; ABSENT. */
EXPORT("part_line_end")
uint32_t
part_line_end(uint32_t n, uint32_t line)
{
    for (uint32_t i = 0; i < n; i++)
        if (window[i] == '\n' && --line == 0)
            return i + 1;
    return ABSENT;
}

/* The documents are there; the part has at most so many rows and bytes. False: this draw is for verify_run. */
EXPORT("part_open")
uint32_t
part_open(uint32_t row_max, uint32_t byte_max)
{
    size_t size = draw_part_arena_bytes(&files, row_max, byte_max);
    void *block = more_memory(size);

    arena = arena_over(block, block == NULL ? 0 : size);
    return block != NULL && draw_part_open(&reader, &files, row_max, byte_max, &arena) == OK;
}

/* Rows from the first n bytes of the window: how many bytes were taken; ABSENT on any fault. */
EXPORT("part_feed")
uint32_t
part_feed(uint32_t n, uint32_t last)
{
    size_t used;
    enum err e = roster_sieve_feed(&reader.sieve, (struct str) {window, n}, last != 0, hash_lanes_best(), &used);

    return e == OK ? (uint32_t) used : ABSENT;
}

static void
put(size_t i, const void *p, size_t n)
{
    findings[2 * i] = address_of(p);
    findings[2 * i + 1] = (uint32_t) n;
}

/* Rows; then address and bytes of the first id, the last id, the tiles, the populations, the picks. */
EXPORT("part_close")
uint32_t *
part_close(void)
{
    const struct roster_sieve *s = &reader.sieve;

    findings[0] = (uint32_t) s->count;
    put(1, s->first.p, s->first.n);
    put(2, s->last.p, s->last.n);
    put(3, s->tile, s->tile_count * sizeof *s->tile);
    put(4, s->population, reader.run.spec.quota_count * sizeof *s->population);
    put(5, s->picks.p, s->picks.n);
    return findings;
}
