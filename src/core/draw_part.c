/* core/draw_part.c - limits for the workers, and their parts joined into one run */
#include "core/draw_part.h"

#include <string.h>

#include "core/draw_run_int.h"

/* result.txt says "quota <group> <stratum> <population> ..." on line 4 + q; believed until the parts are joined. */
static enum err
claimed_populations(struct draw_run *run, struct str result)
{
    struct str line, field = {0};

    for (size_t i = 0; i < 3; i++)
        if (!str_split(result, '\n', &line, &result))
            return ERR_SYNTAX;
    for (size_t q = 0; q < run->spec.quota_count; q++) {
        enum err e;

        if (!str_split(result, '\n', &line, &result))
            return ERR_SYNTAX;
        for (size_t i = 0; i < 4; i++)
            if (!str_split(line, ' ', &field, &line))
                return ERR_SYNTAX;
        e = str_u64(field, DRAW_ROWS_MAX, &run->outcomes[q].population);
        if (e != OK)
            return e;
        if (run->outcomes[q].population < run->spec.quotas[q].n)
            return ERR_QUOTA;
    }
    return OK;
}

/* The limit of each stratum: the largest of its quotas. NULL: no memory. */
static uint64_t *
stratum_limits(const struct draw_run *run, struct arena *a)
{
    uint64_t *limit = arena_array(a, run->spec.stratum_count, sizeof *limit);

    for (size_t q = 0; q < run->spec.quota_count && limit != NULL; q++) {
        uint64_t own = draw_run_limit(run, q), *of_stratum = &limit[run->spec.quotas[q].stratum_index];

        *of_stratum = own > *of_stratum ? own : *of_stratum;
    }
    return limit;
}

/* Bytes for the picks of a part: the largest share of the tickets, a quarter more, and a little. */
static size_t
picks_bytes(const struct draw_run *run, const uint64_t *limit, uint64_t byte_max)
{
    enum { PARTS_OF_256 = 256, SLACK = 1 << 20 };
    uint64_t most = 0;

    for (size_t s = 0; s < run->spec.stratum_count; s++)
        most = limit[s] >> 56 > most ? limit[s] >> 56 : most;
    most = byte_max / PARTS_OF_256 * (most + 1) / 4 * 5 + SLACK;
    return (size_t) (most < byte_max ? most : byte_max + 1);
}

size_t
draw_part_arena_bytes(const struct draw_files *files, uint64_t row_max, uint64_t byte_max)
{
    enum { FIXED = 8 << 20, PER_TILE = 2 * HASH_LEN };

    return (size_t) (FIXED + row_max / ROSTER_TILE * PER_TILE + byte_max + files->file[DRAW_DRAW].n * 64);
}

enum err
draw_part_open(struct draw_part_reader *r, const struct draw_files *files, uint64_t row_max, uint64_t byte_max,
               struct arena *a)
{
    struct fault f;
    uint64_t *limit;
    size_t room;
    enum err e = draw_run_open(files, a, &r->run, &f);

    if (e == OK)
        e = claimed_populations(&r->run, files->file[DRAW_RESULT]);
    if (e != OK)
        return e;
    limit = stratum_limits(&r->run, a);
    if (limit == NULL)
        return ERR_MEMORY;
    room = picks_bytes(&r->run, limit, byte_max);
    return roster_sieve_open(&r->sieve, &r->run.spec, r->run.key_target, limit, row_max,
                             buf_over(arena_alloc(a, room), room), a);
}

/* Rows ascend over the cuts, and only the last part ends within a tile. */
static enum err
check_cuts(const struct draw_part *parts, size_t part_count)
{
    for (size_t i = 0; i + 1 < part_count; i++) {
        if (parts[i].count % ROSTER_TILE != 0)
            return ERR_RANGE;
        if (parts[i].count == 0 || parts[i + 1].count == 0 || str_cmp(parts[i].last, parts[i + 1].first) >= 0)
            return ERR_ORDER;
    }
    return OK;
}

static void
sum_populations(const struct draw_part *parts, size_t part_count, size_t quota_count, struct roster_population *sum)
{
    for (size_t i = 0; i < part_count; i++)
        for (size_t q = 0; q < quota_count; q++) {
            sum[q].count += parts[i].population[q].count;
            sum[q].weight += parts[i].population[q].weight;
        }
}

/* Count and root of the whole roster. */
static void
sum_rows(struct roster *r, const struct draw_part *parts, size_t part_count)
{
    struct merkle m;

    r->count = 0;
    merkle_init(&m, r->suite);
    for (size_t i = 0; i < part_count; i++) {
        r->count += parts[i].count;
        for (uint64_t t = 0; t * ROSTER_TILE < parts[i].count; t++)
            merkle_add(&m, parts[i].tile[t]); /* roots of full tiles, but the very last */
    }
    merkle_root(&m, r->root);
}

/* Every quota finds at least as many rows among the picks as must be put in order: as all picks of a stratum come before
 * all other rows of it, they are the right ones. */
static enum err
check_picks(const struct draw_run *run, const struct roster_population *whole)
{
    for (size_t q = 0; q < run->spec.quota_count; q++)
        if (run->roster.population[q].count < draw_run_needed(&run->spec.quotas[q], whole[q].count))
            return ERR_RANGE;
    return OK;
}

/* The roster as far as the selection needs it: the picks, with the root and the populations of the whole. */
static enum err
join(struct draw_run *run, struct str picks, const struct draw_part *parts, size_t part_count,
     const struct draw_env *env, struct arena *a)
{
    struct draw_env rows_only = *env;
    struct roster_population *whole = arena_array(a, run->spec.quota_count, sizeof *whole);
    struct fault f;
    uint64_t pick_count;
    enum err e;

    if (whole == NULL)
        return ERR_MEMORY;
    rows_only.no_root = true;
    e = roster_read(picks, run->spec.suite, &run->spec, run->key_target, &rows_only, a, &run->roster, &f);
    if (e != OK)
        return e;
    sum_populations(parts, part_count, run->spec.quota_count, whole);
    e = check_picks(run, whole);
    if (e != OK)
        return e;
    pick_count = run->roster.count;
    run->roster.population = whole;
    sum_rows(&run->roster, parts, part_count);
    e = draw_run_check(run, &f);
    run->roster.count = pick_count;
    return e;
}

enum err
draw_parts_verify(const struct draw_files *files, const struct draw_part *parts, size_t part_count,
                  const struct draw_env *env, struct arena *a, struct draw_report *out)
{
    struct fault f;
    enum err e;

    draw_report_start(out);
    e = draw_run_open(files, a, &out->run, &f);
    if (e == OK)
        e = check_cuts(parts, part_count);
    if (e == OK)
        e = join(&out->run, files->file[DRAW_ROSTER], parts, part_count, env, a);
    if (e == OK)
        e = draw_run_select(&out->run, env, a, &f);
    return e == OK ? draw_report_rest(files, env, a, out) : e;
}
