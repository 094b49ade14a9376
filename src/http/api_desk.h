/* http/api_desk.h - further entries of the desk */
#ifndef MQ_API_DESK_H
#define MQ_API_DESK_H

#include "api.h"

/* desk_more: results by their last days, imports, accounts, dictionaries and refusals that wait, each for those who may act
 * on them, within the row scope; and `recent` in q->out: what this account did in the last seven days. */
MUST_USE enum err desk_more(struct api *q, json_t *todos, json_t *warnings);

#endif
