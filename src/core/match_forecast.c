/* core/match_forecast.c - how predictable is a frozen instance? Solves it with public simulation seeds. */
#include "core/match_int.h"

static void
simulation_seed(uint32_t number, unsigned char out[static MATCH_SEED_LEN])
{
    char text[16];
    struct buf b = buf_over(text, sizeof text);
    struct hash h;

    buf_u64(&b, number);
    buf_z(&b, "\n");
    hash_init(&h, HASH_SHA256);
    hash_text(&h, "mingqian-match-simulation/v1\n");
    hash_update(&h, b.p, b.n);
    hash_final(&h, out);
}

/* Where the counters of each group begin: one for each member of its class. */
static enum err
allocate_counts(struct arena *a, const struct match_instance *in, uint64_t **first, uint32_t **counts)
{
    *first = arena_array(a, (size_t) in->groups + 1, sizeof **first);
    if (!*first)
        return ERR_MEMORY;
    for (uint32_t g = 0; g < in->groups; g++) {
        uint32_t c = in->class_of[g];

        (*first)[g + 1] = (*first)[g] + in->class_first[c + 1] - in->class_first[c];
    }
    if ((*first)[in->groups] > MATCH_FORECAST_PAIRS_MAX)
        return ERR_TOO_LARGE;
    *counts = arena_array(a, (size_t) (*first)[in->groups], sizeof **counts);
    return *counts ? OK : ERR_MEMORY;
}

/* Both lists ascend: walk them together. */
static void
count_teams(const struct match_instance *in, const struct match_result *r, const uint64_t *first,
            uint32_t *counts)
{
    for (uint32_t g = 0; g < in->groups; g++) {
        uint32_t c = in->class_of[g], k = in->class_first[c];

        for (uint32_t t = r->team_first[g]; t < r->team_first[g + 1]; t++) {
            while (in->class_ids[k] != r->team[t])
                k++;
            counts[first[g] + k - in->class_first[c]]++;
        }
    }
}

static bool
nearly_certain(uint32_t count, uint32_t runs)
{
    return (uint64_t) count * 10 > (uint64_t) runs * 9;
}

static enum err
report(struct arena *a, const struct match_instance *in, const uint64_t *first, const uint32_t *counts,
       struct match_forecast *out)
{
    size_t pairs = 0;

    for (uint64_t k = 0; k < first[in->groups]; k++)
        pairs += nearly_certain(counts[k], out->runs);
    out->pairs = arena_array(a, pairs, sizeof *out->pairs);
    out->tight = arena_array(a, in->groups, sizeof *out->tight);
    if (!out->pairs || !out->tight)
        return ERR_MEMORY;
    for (uint32_t g = 0; g < in->groups; g++) {
        uint32_t c = in->class_of[g], candidates = 0;

        for (uint32_t k = in->class_first[c]; k < in->class_first[c + 1]; k++) {
            uint32_t count = counts[first[g] + k - in->class_first[c]];

            candidates += !match_forbidden(in, g, in->class_ids[k]);
            if (nearly_certain(count, out->runs))
                out->pairs[out->pair_count++] = (struct match_pair){g, in->class_ids[k], count};
        }
        if (in->demand[g] > 0 && candidates < in->demand[g] + 2)
            out->tight[out->tight_count++] = (struct match_tight){g, candidates};
    }
    return OK;
}

enum err
match_forecast(struct arena *a, const struct match_instance *in, int slack, uint32_t runs,
               bool (*progress)(void *ctx, uint64_t done, uint64_t total), void *ctx,
               struct match_forecast *out)
{
    struct match_options o = {.slack = slack};
    uint64_t *first;
    uint32_t *counts;
    enum err e =
        runs == 0 || runs > MATCH_FORECAST_RUNS_MAX ? ERR_RANGE : allocate_counts(a, in, &first, &counts);

    *out = (struct match_forecast){.runs = runs, .feasible = true};
    for (uint32_t k = 0; e == OK && out->feasible && k < runs; k++) {
        size_t mark = arena_mark(a);
        struct match_result r;

        simulation_seed(k, o.seed);
        e = match_solve(a, in, &o, &r);
        out->feasible = e == OK && r.feasible;
        if (out->feasible)
            count_teams(in, &r, first, counts);
        arena_rewind(a, mark);
        if (e == OK && progress && !progress(ctx, (uint64_t) k + 1, runs))
            e = ERR_CANCELLED;
    }
    return e == OK && out->feasible ? report(a, in, first, counts, out) : e;
}
