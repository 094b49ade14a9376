/* http/view_clock.h - every day of a term, with the notices */
#ifndef MQ_VIEW_CLOCK_H
#define MQ_VIEW_CLOCK_H

#include "view.h"

/* view_clock: folded, the last day and each day that was counted or skipped on the way. Nothing without a last day. */
MUST_USE enum err view_clock(struct page *p, int64_t produced_day, struct opt_i64 due_day);

#endif
