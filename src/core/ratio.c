/* core/ratio.c - ratios to numbers, caps, largest remainders */
#include "core/ratio.h"

typedef unsigned __int128 wide; /* N * bp * total fits: 2^40 * 2^14 * 2^52 */

static bool
ratio_valid(uint32_t ratio_bp)
{
    return ratio_bp > 0 && ratio_bp <= RATIO_BP_MAX;
}

enum err
ratio_count(uint64_t population_count, uint32_t ratio_bp, enum ratio_rounding rounding, uint64_t *out)
{
    static const uint64_t ADD[] = {
        [RATIO_CEIL] = RATIO_BP_MAX - 1, [RATIO_FLOOR] = 0, [RATIO_HALF_UP] = RATIO_BP_MAX / 2};
    uint64_t n;

    if (!ratio_valid(ratio_bp) || population_count > RATIO_POPULATION_MAX)
        return ERR_RANGE;
    n = (population_count * ratio_bp + ADD[rounding]) / RATIO_BP_MAX;
    *out = n == 0 && population_count > 0 ? 1 : n;
    return OK;
}

enum err
ratio_check_cap(bool general, uint32_t cap_bp, uint32_t ratio_bp)
{
    if (!ratio_valid(ratio_bp) || (general && !ratio_valid(cap_bp)))
        return ERR_RANGE;
    return general && ratio_bp > cap_bp ? ERR_CAP : OK;
}

enum err
ratio_allocate(struct ratio_stratum *strata, size_t count, enum ratio_rounding rounding, uint64_t *total)
{
    uint64_t sum = 0;

    if (count > RATIO_STRATA_MAX)
        return ERR_RANGE;
    for (size_t i = 0; i < count; i++) {
        enum err e = ratio_count(strata[i].population_count, strata[i].ratio_bp, rounding, &strata[i].n);

        if (e != OK)
            return e;
        sum += strata[i].n;
    }
    *total = sum;
    return OK;
}

/* While sharing, n of a stratum that still takes part is FREE. */
#define FREE UINT64_MAX

static wide
weight(const struct ratio_stratum *s)
{
    return (wide) s->population_count * s->ratio_bp;
}

static wide
free_weight(const struct ratio_stratum *strata, size_t count)
{
    wide sum = 0;

    for (size_t i = 0; i < count; i++)
        if (strata[i].n == FREE)
            sum += weight(&strata[i]);
    return sum;
}

/* Check the input, set n of empty strata to 0 and of all others to FREE. */
static enum err
open_shares(struct ratio_stratum *strata, size_t count, uint64_t total)
{
    uint64_t population = 0, non_empty = 0;

    if (count > RATIO_STRATA_MAX)
        return ERR_RANGE;
    for (size_t i = 0; i < count; i++) {
        if (!ratio_valid(strata[i].ratio_bp) || strata[i].population_count > RATIO_POPULATION_MAX)
            return ERR_RANGE;
        for (size_t k = 0; k < i; k++)
            if (str_eq(strata[i].label, strata[k].label))
                return ERR_DUPLICATE;
        population += strata[i].population_count;
        non_empty += strata[i].population_count > 0 ? 1 : 0;
        strata[i].n = strata[i].population_count > 0 ? FREE : 0;
    }
    if (total > population)
        return ERR_QUOTA;
    return total < non_empty ? ERR_RANGE : OK;
}

/* One round of steps 1 and 2; false when every free share lies between 1 and its population. */
static bool
settle_once(struct ratio_stratum *strata, size_t count, uint64_t *left)
{
    wide all = free_weight(strata, count), below = 0, above = 0; /* in units of 1 / all */
    uint64_t share = *left;

    for (size_t i = 0; i < count; i++) {
        wide part = weight(&strata[i]) * share, most = strata[i].population_count * all;

        if (strata[i].n != FREE)
            continue;
        below += part < all ? all - part : 0;
        above += part > most ? part - most : 0;
    }
    for (size_t i = 0; i < count; i++) {
        wide part = weight(&strata[i]) * share, most = strata[i].population_count * all;

        if (strata[i].n != FREE || (below >= above ? part >= all : part <= most))
            continue;
        strata[i].n = below >= above ? 1 : strata[i].population_count;
        *left -= strata[i].n;
    }
    return below > 0 || above > 0;
}

/* The free stratum with the largest remainder; ties by label. count if none is free. */
static size_t
largest(const struct ratio_stratum *strata, size_t count, wide all, uint64_t share)
{
    size_t best = count;
    wide best_rest = 0;

    for (size_t i = 0; i < count; i++) {
        wide rest = weight(&strata[i]) * share % all;

        if (strata[i].n != FREE)
            continue;
        if (best == count || rest > best_rest ||
            (rest == best_rest && str_cmp(strata[i].label, strata[best].label) < 0)) {
            best = i;
            best_rest = rest;
        }
    }
    return best;
}

enum err
ratio_apportion(struct ratio_stratum *strata, size_t count, uint64_t total)
{
    uint64_t left = total, share, over;
    wide all;
    enum err e = open_shares(strata, count, total);

    if (e != OK)
        return e;
    while (settle_once(strata, count, &left))
        continue;
    all = free_weight(strata, count);
    share = over = left;
    for (size_t i = 0; i < count; i++)
        if (strata[i].n == FREE)
            over -= (uint64_t) (weight(&strata[i]) * share / all);
    while (all > 0) {
        size_t i = largest(strata, count, all, share);

        if (i == count)
            break;
        strata[i].n = (uint64_t) (weight(&strata[i]) * share / all) + (over > 0 ? 1 : 0);
        over -= over > 0 ? 1 : 0;
    }
    return OK;
}

enum err
ratio_shortfall(uint64_t population_count, uint32_t minimum_bp, uint64_t drawn_count, uint64_t *short_count)
{
    uint64_t required;
    enum err e = ratio_count(population_count, minimum_bp, RATIO_CEIL, &required);

    if (e == OK)
        *short_count = required > drawn_count ? required - drawn_count : 0;
    return e;
}
