/* demo/city_random.h - random numbers of a record: a function of its place, not of what was asked before. */
#ifndef MQ_CITY_RANDOM_H
#define MQ_CITY_RANDOM_H

#include <stdint.h>

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64-bit words. */
static inline uint64_t
city_mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* One record's source. */
struct city_random {
    uint64_t base;
};

static inline struct city_random
city_random_of(uint64_t seed, unsigned kind, uint64_t index)
{
    return (struct city_random){city_mix(city_mix(seed + UINT64_C(0x9E3779B97F4A7C15) * (kind + 1)) ^ index)};
}

/* Below n, for the numbered question of this record. The bias (n / 2^32) does not matter here. */
static inline uint32_t
city_below(struct city_random r, unsigned question, uint32_t n)
{
    uint64_t word = city_mix(r.base + UINT64_C(0x9E3779B97F4A7C15) * (question + 1));

    return (uint32_t) ((word >> 32) * n >> 32);
}

#endif
