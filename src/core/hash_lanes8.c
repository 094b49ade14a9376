/* core/hash_lanes8.c - eight lanes: AVX2 */
#define W 8
#define HASH_LANES hash_lanes_8
#define HASH_PAIRS hash_pairs_8
#define STREAMS 1
#define EACH_LANE(F, s) F(0, s), F(1, s), F(2, s), F(3, s), F(4, s), F(5, s), F(6, s), F(7, s)
#define REVERSED_BYTES                                                                                       \
    3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 19, 18, 17, 16, 23, 22, 21, 20, 27, 26, 25, 24,    \
        31, 30, 29, 28
#include "core/hash_lanes_impl.h"
