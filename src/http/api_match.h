/* http/api_match.h - the teams of a draw, for the content of a task */
#ifndef MQ_API_MATCH_H
#define MQ_API_MATCH_H

#include "api_flow.h"

/* match_staffing: the matching of the latest attempt and who has confirmed; *out stays NULL when no pool is frozen. */
MUST_USE enum err match_staffing(const struct api *q, const struct flow_view *v, json_t **out);

#endif
