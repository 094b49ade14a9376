/* http/api_item.h - shared by the handlers of items, joint items and changes of the law */
#ifndef MQ_API_ITEM_H
#define MQ_API_ITEM_H

#include "api.h"
#include "mod/item/item.h"

/* item_may_see: drafts are their department's, what was published is everybody's. */
bool item_may_see(const struct api *q, struct str department, struct opt_i64 published_us);
/* item_wrong_field: faults of item_check and item_lacks as fields of the problem; ctx: the call. */
void item_wrong_field(void *ctx, const char *pointer, enum err e);
/* item_same_version: If-Match, where it is given, names this version. ERR_CONFLICT. */
MUST_USE enum err item_same_version(struct api *q, int64_t latest);
/* item_may_step: handing in a draft is the clerk's, everything else the reviewer's. ERR_PERMISSION. */
MUST_USE enum err item_may_step(struct api *q, enum item_state from, enum item_state to);
/* item_give_reviews: rows of the steps of a list's row, for its own department; for others none. */
MUST_USE enum err item_give_reviews(struct api *q, struct str list, struct str code, struct str department);
/* item_actor: "user:17" as the name of the account. */
json_t *item_actor(struct api *q, struct str actor);
bool api_true(const struct api *q, const char *name);

#endif
