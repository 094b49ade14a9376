/* core/ratio.h - from a ratio 抽查比例 to a number of targets (docs/spec/draw-1.md, "Allocation"; regulation
 * 二(二)). Outside the trusted core of the draw: only the numbers enter draw.txt. Pure, exact integers.
 * Ratios end in _bp: 1/10000, so 3 % is 300. */
#ifndef MQ_RATIO_H
#define MQ_RATIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum ratio_rounding {
    RATIO_CEIL,
    RATIO_FLOOR,
    RATIO_HALF_UP
}; /* up is the default and is stated with the draw */
enum { RATIO_BP_MAX = 10000, RATIO_STRATA_MAX = 4096 };
#define RATIO_POPULATION_MAX (UINT64_C(1) << 40)

/*
 * ratio_count: n = N * bp / 10000, rounded; at least 1 when N > 0; 0 when N = 0.
 * ERR_RANGE  ratio_bp is 0 or above 10000 (a stratum that is not drawn gets no quota at all), or N above
 * 2^40.
 */
MUST_USE enum err ratio_count(uint64_t population_count, uint32_t ratio_bp, enum ratio_rounding rounding,
                              uint64_t *out);

/*
 * ratio_check_cap: general items 一般检查事项 have an upper limit of the ratio, key items 重点检查事项 have
 * none (regulation 二(二)). The limit binds the ratio, not n / N: rounding up and "at least one" stay
 * allowed. cap_bp of a key item is ignored. ERR_CAP    a general item whose ratio is above its cap. ERR_RANGE
 * ratio_bp is 0 or above 10000, or the cap of a general item is.
 */
MUST_USE enum err ratio_check_cap(bool general, uint32_t cap_bp, uint32_t ratio_bp);

struct ratio_stratum {
    struct str label;
    uint64_t population_count;
    uint32_t ratio_bp;
    uint64_t n; /* out: how many to draw */
};

/* ratio_allocate: ratio_count for every stratum; *total is the sum. ERR_RANGE also for more than 4096 strata;
 * then no n is meaningful. */
MUST_USE enum err ratio_allocate(struct ratio_stratum *strata, size_t count, enum ratio_rounding rounding,
                                 uint64_t *total);

/*
 * ratio_apportion: share a given total among the strata in proportion to population_count * ratio_bp.
 *   1. Exact shares of those that still take part. What shares below 1 lack, summed, is compared with what
 * shares above their population have too much. If the lack is at least as large, the strata below 1 get 1 and
 * leave; otherwise those above their population get all of it and leave.
 *   2. Repeat until every share lies between 1 and its population.
 *   3. The rest get the whole part of their share; what is left over goes one by one to the largest
 * remainders, ties by label in byte order (Hamilton's method of largest remainders). ERR_QUOTA      the total
 * is above the whole population. ERR_RANGE      as ratio_allocate, or the total is below the number of
 * non-empty strata. ERR_DUPLICATE  two strata have the same label.
 */
MUST_USE enum err ratio_apportion(struct ratio_stratum *strata, size_t count, uint64_t total);

/* ratio_shortfall: how many targets a drawn total is short of a required minimum ratio of the whole
 * population (企业公示信息抽查暂行办法 第四条, 总局令第101号: at least 3 % of the enterprises a year), the minimum rounded up; 0 when it is
 * reached. A warning that names the number, not an error. ERR_RANGE as ratio_count. */
MUST_USE enum err ratio_shortfall(uint64_t population_count, uint32_t minimum_bp, uint64_t drawn_count,
                                  uint64_t *short_count);

#endif
