/* core/hash_lanes16.c - sixteen lanes: AVX-512 */
#define W 16
#define HASH_LANES hash_lanes_16
#define HASH_PAIRS hash_pairs_16
#define STREAMS 2
#define EACH_LANE(F, s)                                                                                      \
    F(0, s), F(1, s), F(2, s), F(3, s), F(4, s), F(5, s), F(6, s), F(7, s), F(8, s), F(9, s), F(10, s),      \
        F(11, s), F(12, s), F(13, s), F(14, s), F(15, s)
#define REVERSED_BYTES                                                                                       \
    3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 19, 18, 17, 16, 23, 22, 21, 20, 27, 26, 25, 24,    \
        31, 30, 29, 28, 35, 34, 33, 32, 39, 38, 37, 36, 43, 42, 41, 40, 47, 46, 45, 44, 51, 50, 49, 48, 55,  \
        54, 53, 52, 59, 58, 57, 56, 63, 62, 61, 60
#include "core/hash_lanes_impl.h"
