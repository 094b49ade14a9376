/* bench/search.c - how long a search, a filter and its count take: the operations behind the portal's search field and the
 * office's list.
 *   search URL WORDS|{SCOPE} [REPEATS]      a scope as in mod/plan/terms.h
 * Lines: name=search engine=… words=… rows=… median_ms=… worst_ms=…; of a scope name=list and name=count */
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

/* A page of 50 and the count of a scope. */
static enum err
measure_scope(struct ctx *c, struct str json, size_t repeats, bool counting)
{
    double took_ms[REPEATS_MAX];
    struct target_ask ask = {.limit = 51};
    struct target_line *rows = NULL;
    struct scope scope;
    size_t count = 0, mark;
    int64_t all = 0;
    enum err e = terms_scope(c, json, &scope);

    if (e == OK)
        e = target_where_of(c, &scope, &ask.where);
    mark = arena_mark(c->arena);
    for (size_t i = 0; i < repeats && e == OK; i++) {
        double start = now_ms();

        e = counting ? target_how_many(c, &ask.where, &all) : target_rows(c, &ask, &rows, &count);
        took_ms[i] = now_ms() - start;
        arena_rewind(c->arena, mark);
    }
    if (e != OK)
        return e;
    qsort(took_ms, repeats, sizeof *took_ms, by_size);
    printf("name=%s engine=%s words=%.*s rows=%lld median_ms=%.3f worst_ms=%.3f\n", counting ? "count" : "list",
           db_engine_of(c->db) == DB_SQLITE ? "sqlite" : "postgres", (int) json.n, json.p,
           counting ? (long long) all : (long long) count, took_ms[repeats / 2], took_ms[repeats - 1]);
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
        fprintf(stderr, "usage: search URL WORDS|{SCOPE} [REPEATS]\n");
        return 2;
    }
    e = db_open(argv[1], true, &c.db);
    if (e == OK) {
        if (argv[2][0] != '{')
            e = measure(&c, str_of(argv[2]), repeats);
        else if ((e = measure_scope(&c, str_of(argv[2]), repeats, false)) == OK)
            e = measure_scope(&c, str_of(argv[2]), repeats, true);
        db_close(c.db);
    }
    free(arena.base);
    if (e != OK)
        fprintf(stderr, "search: %s\n", err_name(e));
    return e == OK ? 0 : 1;
}
