/* bench/search.c - how long a search of the registry takes: the operation behind the portal's search field.
 *   search URL WORDS [REPEATS]
 * Line: name=search engine=… words=… rows=… median_ms=… worst_ms=… */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mod/target/target.h"

enum { ARENA_BYTES = 16 << 20, REPEATS_MAX = 1000, REPEATS = 21 };

static double
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

static int
by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static enum err
measure(struct ctx *c, struct str words, size_t repeats)
{
    double took_ms[REPEATS_MAX];
    struct target_line *rows = NULL;
    size_t count = 0, mark = arena_mark(c->arena);
    enum err e = OK;

    for (size_t i = 0; i < repeats && e == OK; i++) {
        double start = now_ms();

        e = target_find(c, words, TARGET_SEARCH_MAX, &rows, &count);
        took_ms[i] = now_ms() - start;
        arena_rewind(c->arena, mark);
    }
    if (e != OK)
        return e;
    qsort(took_ms, repeats, sizeof *took_ms, by_size);
    printf("name=search engine=%s words=%.*s rows=%zu median_ms=%.3f worst_ms=%.3f\n",
           db_engine_of(c->db) == DB_SQLITE ? "sqlite" : "postgres", (int) words.n, words.p, count,
           took_ms[repeats / 2], took_ms[repeats - 1]);
    return OK;
}

int
main(int argc, char **argv)
{
    size_t repeats = argc > 3 ? strtoul(argv[3], NULL, 10) : REPEATS;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct ctx c = {.arena = &arena};
    enum err e;

    if (argc < 3 || repeats < 1 || repeats > REPEATS_MAX || arena.base == NULL) {
        fprintf(stderr, "usage: search URL WORDS [REPEATS]\n");
        return 2;
    }
    e = db_open(argv[1], true, &c.db);
    if (e == OK) {
        e = measure(&c, str_of(argv[2]), repeats);
        db_close(c.db);
    }
    free(arena.base);
    if (e != OK)
        fprintf(stderr, "search: %s\n", err_name(e));
    return e == OK ? 0 : 1;
}
