/* http/pace.h - how often one address may do one thing: against guessing numbers and floods of reports. In memory only, a
 * fixed table: what is forgotten at a restart was no record of anybody. */
#ifndef MQ_PACE_H
#define MQ_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct pace;
struct pace *pace_new(uint64_t salt); /* NULL without memory */
void pace_free(struct pace *p);
/* pace_allows: one more act of this peer at now_us? At most `limit` within window_us from its first. A full table forgets the
 * one that began first. Safe from several threads. An absent peer is one peer. */
bool pace_allows(struct pace *p, const char *act, struct str peer, int64_t now_us, unsigned limit, int64_t window_us);

#endif
