/* http/api_my.h - what the files of the phone's interface share */
#ifndef MQ_API_MY_H
#define MQ_API_MY_H

#include "api_handlers.h"
#include "mod/record/record.h"

/* api_my_self: the account is an inspector's. ERR_PERMISSION. */
MUST_USE enum err api_my_self(const struct api *q);
/* api_my_answers: the answers of a record with their versions. */
json_t *api_my_answers(const struct record *r);
/* api_my_take: hand in one document for an inspector and tell what became of it as JSON. For use in the writer. */
MUST_USE enum err api_my_take(struct api *q, struct str inspector, struct str json, const struct record_clock *clock,
                              json_t **out);
/* api_my_keep: a file of an inspector, outside the writer. */
MUST_USE enum err api_my_keep(struct api *q, struct str inspector, struct str hash, struct str bytes, struct str *type);

#endif
