/* http/api_target.h - what lists, counts and the desk share about the target registry */
#ifndef MQ_API_TARGET_H
#define MQ_API_TARGET_H

#include "api.h"
#include "mod/target/target.h"

enum { STALE_DAYS = 730 }; /* not confirmed for so long */

/* target_asked: the filter of the address: scope with its short forms, and what is lacking. ERR_INPUT with pointers, ERR_PERMISSION
 * for risk classes. */
MUST_USE enum err target_asked(struct api *q, struct target_where *w);
/* target_health_json: what the registry lacks within the row scope, as the address /targets/health gives it; remembered for a
 * while in large registries. */
MUST_USE enum err target_health_json(struct api *q, json_t **out);

/* target_licences_ending: targets within the row scope with a licence that ends within so many days or has ended. */
MUST_USE enum err target_licences_ending(struct api *q, int64_t days, int64_t *count);

#endif
