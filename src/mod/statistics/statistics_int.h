/* mod/statistics/statistics_int.h - what counting and listing share: the same question is asked of the same row */
#ifndef MQ_STATISTICS_INT_H
#define MQ_STATISTICS_INT_H

#include "statistics.h"

struct span {
    struct ctx *c;
    struct statistics_span sql;
    struct str department; /* absent: all */
    uint64_t mask;         /* its bit; all bits without one */
    int64_t today;
};
/* span_of: the period and scope of a question. Errors as statistics_read. */
MUST_USE enum err span_of(struct ctx *c, const struct statistics_asked *asked, struct span *out);
/* Is the row counted in the figure? The department of the span is looked at too. */
bool visit_counts(const struct span *s, const struct statistics_visits_row *r, enum statistics_kind kind);
bool result_counts(const struct span *s, const struct statistics_results_row *r, enum statistics_kind kind);

#endif
