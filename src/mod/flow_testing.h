/* mod/flow_testing.h - for tests only: a small city, and a task through its ceremony up to any step. */
#ifndef MQ_FLOW_TESTING_H
#define MQ_FLOW_TESTING_H

#include "mod/testing.h"

/* An ad hoc task of two departments: 10 % of the enterprises, one stratum, general item G1 (cap 20 %). */
#define FLOW_TASK                                                                                                    \
    "{\"adhoc_reason\":\"上级交办\",\"name\":\"年报公示信息抽查\",\"items\":[\"G1\"],\"scope\":{\"entity_types\":[\"enterprise\"]},"  \
    "\"strata\":{\"by\":\"one\",\"strata\":[{\"label\":\"all\",\"ratio_bp\":1000}],\"batches\":2},\"lead\":\"scjgj\","        \
    "\"participants\":[{\"department\":\"scjgj\",\"places\":2},{\"department\":\"sthjj\",\"places\":1}],"                  \
    "\"from\":\"2026-03-02\",\"to\":\"2026-06-30\"}"

enum { FLOW_TARGETS = 40 };

/* flow_city: departments scjgj (bit 0) and sthjj (bit 1), items G1 (general, cap 20 %), K1 (key), D1 (draft), a calendar
 * for 2026. */
void flow_city(struct ctx *c);
/* flow_targets: `count` active enterprises T0000000 … of 411525 and 411502 in turn, classes A B B C D in turn. */
void flow_targets(struct ctx *c, int count);

#endif
