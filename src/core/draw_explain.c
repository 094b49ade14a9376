/* core/draw_explain.c - why was I (not) drawn: row, proof, ticket, threshold, probability */
#include "core/draw_run.h"

#include "core/draw_select.h"

/* k and W that the rest of a Pareto quota is drawn with, and the largest weight that is not certain. */
static bool
pareto_rest(const struct draw_run *run, size_t quota, struct arena *a, struct draw_pareto *odds,
            uint32_t *largest)
{
    const struct draw_quota *q = &run->spec.quotas[quota];
    const struct roster *r = &run->roster;
    size_t mark = arena_mark(a), count = 0, certain;
    struct candidate *c = arena_array(a, (size_t) run->outcomes[quota].population, sizeof *c);

    if (c == NULL)
        return false;
    for (uint64_t i = 0; i < r->count; i++)
        if (r->stratum[i] == q->stratum_index && (roster_at(r, i).mask >> q->group & 1) != 0)
            c[count++] = (struct candidate){0, (uint32_t) i, r->weight[i]};
    certain = candidates_certain(c, count, q->n, odds);
    *largest = 0;
    for (size_t i = certain; i < count; i++)
        if (c[i].weight > *largest)
            *largest = c[i].weight;
    arena_rewind(a, mark);
    return true;
}

static bool
probability(const struct draw_run *run, uint32_t weight, struct arena *a, struct draw_reason_quota *out)
{
    const struct draw_quota *q = &run->spec.quotas[out->quota];
    uint64_t population = run->outcomes[out->quota].population;
    struct draw_pareto odds;
    uint32_t largest;

    out->numerator = q->n;
    out->denominator = population;
    out->certain = q->n == population;
    if (run->spec.rule == DRAW_UNIFORM || q->n == 0 || out->certain)
        return true;
    if (!pareto_rest(run, out->quota, a, &odds, &largest))
        return false;
    out->certain = weight > largest;
    out->numerator = out->certain ? 1 : odds.k * weight;
    out->denominator = out->certain ? 1 : odds.total;
    return true;
}

/* The place of the row in a list, from 1; 0 if it is not there. */
static uint64_t
place(const uint32_t *rows, uint64_t count, uint64_t row)
{
    for (uint64_t i = 0; i < count; i++)
        if (rows[i] == row)
            return i + 1;
    return 0;
}

static void
find_status(const struct draw_run *run, uint64_t row, struct draw_reason_quota *out)
{
    const struct draw_outcome *o = &run->outcomes[out->quota];

    out->status = DRAW_SELECTED;
    out->rank = place(o->sample, run->spec.quotas[out->quota].n, row);
    if (out->rank != 0)
        return;
    out->rank = place(o->reserve, o->reserve_count, row);
    out->status = out->rank != 0 ? DRAW_RESERVE : DRAW_NOT_SELECTED;
}

/* One entry for each quota of the row's stratum. */
static enum err
explain_quotas(const struct draw_run *run, struct arena *a, struct draw_reason *out)
{
    const struct draw_spec *d = &run->spec;

    out->quotas = arena_array(a, d->quota_count, sizeof *out->quotas);
    if (out->quotas == NULL)
        return ERR_MEMORY;
    for (size_t q = 0; q < d->quota_count; q++) {
        struct draw_reason_quota *x = &out->quotas[out->quota_count];

        if (!str_eq(d->quotas[q].stratum, out->row.stratum))
            continue;
        out->quota_count++;
        *x = (struct draw_reason_quota){.quota = q, .status = DRAW_NOT_IN_QUOTA, .denominator = 1};
        if ((out->row.mask >> d->quotas[q].group & 1) == 0)
            continue;
        find_status(run, out->row_number, x);
        if (!probability(run, out->row.weight, a, x))
            return ERR_MEMORY;
    }
    return OK;
}

enum err
draw_explain(const struct draw_run *run, struct arena *a, struct str id, struct draw_reason *out)
{
    enum err e;

    *out = (struct draw_reason){0};
    e = roster_find(&run->roster, id, &out->row_number);
    if (e == OK)
        e = roster_prove(&run->roster, out->row_number, &out->proof);
    if (e != OK)
        return e;
    out->row = roster_at(&run->roster, out->row_number);
    draw_ticket(run->spec.suite, run->key_target, id, out->ticket);
    for (size_t i = 0; i < run->target_count && !out->selected; i++)
        if (run->targets[i].row == out->row_number) {
            out->selected = true;
            out->position = i + 1;
            out->batch = run->targets[i].batch;
        }
    return explain_quotas(run, a, out);
}
