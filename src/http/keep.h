/* http/keep.h - pages that were just written, kept by a worker until anything changes. Every change of the platform is an entry
 * of the journal, so its last id is the age of whatever is shown. The minute counts too: for what becomes public with the day,
 * and because two programs that write to one PostgreSQL may commit in another order than that of their ids. */
#ifndef MQ_KEEP_H
#define MQ_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { KEEP_PATH_BYTES = 128, KEEP_BASE_BYTES = 64, KEEP_PAGE_BYTES = 64 << 10, KEEP_SLOTS = 256 }; /* at most 16 MB a worker */

/* What a page is a function of. */
struct keep_key {
    struct str path, base; /* base: a page shows its own address */
    bool english, large;
    int64_t revision, minute;
};

struct keep;
/* keep_new: NULL when there is no memory: then nothing is kept. keep_free: NULL is fine. */
struct keep *keep_new(void);
void keep_free(struct keep *k);
/* keep_get: false when the page is not there or older. The bytes live until the next keep_put. */
bool keep_get(const struct keep *k, const struct keep_key *key, struct str *body);
/* keep_put: one place for all keys that share it; a long path, base or page is not kept. */
void keep_put(struct keep *k, const struct keep_key *key, struct str body);

#endif
