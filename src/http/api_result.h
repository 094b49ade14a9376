/* http/api_result.h - what the handlers of results, follow-up and leads share */
#ifndef MQ_API_RESULT_H
#define MQ_API_RESULT_H

#include "api_handlers.h"
#include "mod/result/result.h"

/* Names for lists: null when unknown. */
json_t *api_target_name(struct api *q, struct str code);
json_t *api_item_name(struct api *q, struct str code);
/* result_at: the result of the address {target}/{id}; guarded: as the caller saw it (If-Match). ERR_NOT_FOUND, ERR_CONFLICT,
 * ERR_PRECONDITION. result_give: it is the answer. */
MUST_USE enum err result_at(struct api *q, bool guarded, struct result_key *k);
MUST_USE enum err result_give(struct api *q, const struct result_key *k);
/* followup_read: content, due, day, note, evidence, document_no of the content. */
MUST_USE enum err followup_read(struct api *q, struct followup_say *out);

/* takedown_publications: what was published about a result, each with the request to take it down, or null. */
MUST_USE enum err takedown_publications(struct api *q, struct str target, int64_t result, json_t **out);

#endif
