/* bench/match/ours.c - time the matching core on an instance from standard input. One line:
 * solver=mingqian places=N pairs=N cost=N solve_ms=X walks_ms=X walks=N steps=N peak_mb=X
 * cost is the sum of squared loads after P3; solve_ms covers components, P0 to P3; walks_ms the pilot and the
 * walks. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#include "core/match.h"

enum { ARENA_GIB = 8, TEXT_MAX_MIB = 512, REPEAT = 5 };

static double
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

/* Peak resident memory of this process so far, without the text of the instance. */
static double
peak_mb(size_t text_bytes)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double) u.ru_maxrss / 1024 - (double) text_bytes / (1 << 20);
}

static uint64_t
sum_of_squares(struct arena *a, const struct match_instance *in, const struct match_result *r)
{
    uint32_t *load = arena_array(a, in->inspectors, sizeof *load);
    uint64_t sum = 0;

    for (uint32_t k = 0; k < r->team_first[in->groups]; k++)
        load[r->team[k]]++;
    for (uint32_t i = 0; i < in->inspectors; i++)
        sum += (uint64_t) (in->base[i] + load[i]) * (in->base[i] + load[i]);
    return sum;
}

static uint64_t
count_pairs(const struct match_instance *in)
{
    uint64_t pairs = 0;

    for (uint32_t g = 0; g < in->groups; g++)
        for (uint32_t k = in->class_first[in->class_of[g]]; k < in->class_first[in->class_of[g] + 1]; k++)
            pairs += match_eligible(in, g, in->class_ids[k]);
    return pairs;
}

/* Solve; the best time of some runs. Dies on an error or an impossible instance. */
static double
time_solve(struct arena *a, const struct match_instance *in, const struct match_options *o, int repeat,
           struct match_result *r)
{
    double best = 0;

    for (int k = 0; k < repeat; k++) {
        size_t mark = arena_mark(a);
        double start = now_ms(), took;
        enum err e = match_solve(a, in, o, r);

        took = now_ms() - start;
        if (e != OK || !r->feasible) {
            fprintf(stderr, "%s\n", e == OK ? "no assignment" : err_name(e));
            exit(1);
        }
        if (k == 0 || took < best)
            best = took;
        if (k + 1 < repeat)
            arena_rewind(a, mark);
    }
    return best;
}

int
main(void)
{
    size_t n = 0, got, most = (size_t) TEXT_MAX_MIB << 20, size = (size_t) ARENA_GIB << 30;
    char *text = mmap(NULL, most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    void *block =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    struct match_options o = {.slack = MATCH_SLACK_DEFAULT, .no_walks = true};
    struct match_result balanced, walked;
    struct match_instance in;
    struct match_fault fault;
    struct arena a;
    double solve_ms, walks_ms, peak;
    enum match_verdict v;

    if (text == MAP_FAILED || block == MAP_FAILED)
        return 5;
    while (n < most && (got = fread(text + n, 1, most - n, stdin)) > 0)
        n += got;
    a = arena_over(block, size);
    if (match_parse(&a, (struct str){text, n}, &in, &fault) != OK)
        return 2;
    memset(o.seed, 0x5A, sizeof o.seed);
    solve_ms = time_solve(&a, &in, &o, REPEAT, &balanced);
    o.no_walks = false;
    walks_ms = time_solve(&a, &in, &o, 1, &walked) - solve_ms;
    peak = peak_mb(n);
    if (match_check(&a, &in, balanced.team_first, balanced.team, true, &v) != OK || v != MATCH_GOOD ||
        match_check(&a, &in, walked.team_first, walked.team, false, &v) != OK || v != MATCH_GOOD)
        return 1;
    printf("solver=mingqian places=%" PRIu32 " pairs=%" PRIu64 " cost=%" PRIu64
           " solve_ms=%.2f walks_ms=%.1f walks=%" PRIu64 " steps=%" PRIu64 " peak_mb=%.1f\n",
           balanced.team_first[in.groups], count_pairs(&in), sum_of_squares(&a, &in, &balanced), solve_ms,
           walks_ms, walked.walks, walked.steps, peak);
    return 0;
}
