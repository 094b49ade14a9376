/* core/hash_lanes.h - hash_many and hash_pairs for a fixed number of lanes; only hash.c calls these, after
 * asking the processor. */
#ifndef MQ_HASH_LANES_H
#define MQ_HASH_LANES_H

#include "core/hash.h"

void hash_lanes_4(const struct hash *start, const struct str *items, size_t count, const char *readable_end,
                  unsigned char (*out)[HASH_LEN]);
void hash_lanes_8(const struct hash *start, const struct str *items, size_t count, const char *readable_end,
                  unsigned char (*out)[HASH_LEN]);
void hash_lanes_16(const struct hash *start, const struct str *items, size_t count, const char *readable_end,
                   unsigned char (*out)[HASH_LEN]);
void hash_pairs_4(const struct hash *start, const struct hash_pair_table *table,
                  const unsigned char (*in)[HASH_LEN], size_t pair_count,
                  unsigned char (*out)[HASH_LEN]);
void hash_pairs_8(const struct hash *start, const struct hash_pair_table *table,
                  const unsigned char (*in)[HASH_LEN], size_t pair_count,
                  unsigned char (*out)[HASH_LEN]);
void hash_pairs_16(const struct hash *start, const struct hash_pair_table *table,
                  const unsigned char (*in)[HASH_LEN], size_t pair_count,
                   unsigned char (*out)[HASH_LEN]);

#endif
