/* http/memo.h - short texts that are dear to compute and asked for by many: counts and health of the registry. One computes, the
 * others that ask the same meanwhile wait for it. */
#ifndef MQ_MEMO_H
#define MQ_MEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { MEMO_SLOTS = 512, MEMO_KEY_BYTES = 3000, MEMO_TEXT_BYTES = 4000 };

struct memo;
/* memo_new: NULL without memory: then nothing is remembered. memo_free: NULL is fine. */
struct memo *memo_new(void);
void memo_free(struct memo *m);
/*
 * memo_take: the text of this key, in the arena (absent when there is no room), when it was made at the same revision, or not
 * longer than its keep_us ago. false: it is the caller's to compute, and to give back by memo_give, with an absent text when it
 * could not; until then whoever asks the same is told what it was before, or waits when it never was. revision: the last entry of the journal; now_us: a monotonic clock.
 */
bool memo_take(struct memo *m, struct str key, int64_t revision, int64_t now_us, struct arena *a, struct str *text);
void memo_give(struct memo *m, struct str key, int64_t revision, int64_t now_us, int64_t keep_us, struct str text);

#endif
