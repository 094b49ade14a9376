/* http/api_statistics.h - what the answers and the file of figures share */
#ifndef MQ_API_STATISTICS_H
#define MQ_API_STATISTICS_H

#include "api.h"
#include "mod/statistics/statistics.h"

/* statistics_asked_of: the period (this calendar year up to today by default), department and region of the address. */
MUST_USE enum err statistics_asked_of(struct api *q, struct statistics_asked *out);
/* statistics_count_of: the figures of the address. */
MUST_USE enum err statistics_count_of(struct api *q, const struct statistics_asked *asked, struct statistics *out);

#endif
