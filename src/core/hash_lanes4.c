/* core/hash_lanes4.c - four lanes: SSE2, NEON, WebAssembly SIMD */
#define W 4
#define HASH_LANES hash_lanes_4
#define HASH_PAIRS hash_pairs_4
#define STREAMS 1
#define EACH_LANE(F, s) F(0, s), F(1, s), F(2, s), F(3, s)
#define REVERSED_BYTES 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12
#include "core/hash_lanes_impl.h"
