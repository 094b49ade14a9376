/* mod/flow_testing.h - for tests only: a small city, and a task through its ceremony up to any step. */
#ifndef MQ_FLOW_TESTING_H
#define MQ_FLOW_TESTING_H

#include "mod/drawing/drawing.h"
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

/* flow_people: `count` inspectors for each of the two departments, ZF-scjgj-001 …, certificates valid, cap 10, all may lead. */
void flow_people(struct ctx *c, int count);
/* flow_plan: a plan goes its way, approved … as far as `last` (an enum plan_state), with a number and a document where it is filed. */
void flow_plan(struct ctx *c, struct str code, int last);
/* flow_task: FLOW_TASK (or another JSON), created and approved. */
struct str flow_task(struct ctx *c, const char *json);
/* Parties scjgj and sthjj; with beacons: cwl-ssq and sports-dlt, and one party may be absent. */
struct drawing_key flow_open(struct ctx *c, struct str task, bool beacons);
/* The secret of a party (64 hex digits), always the same; and its commitment to an attempt. */
struct str flow_secret(struct ctx *c, const char *party);
struct str flow_commitment(struct ctx *c, struct drawing_key k, const char *party);
/* flow_draw: open, commit, seal, reveal, lock, beacons, run: as far as `state`. */
struct drawing_key flow_draw(struct ctx *c, struct str task, bool beacons, enum drawing_state state);
/* flow_assigned: city, FLOW_TARGETS targets, inspectors, FLOW_TASK drawn and matched: the task. */
struct str flow_assigned(struct ctx *c);
#define FLOW_SSQ STR("03,07,12,18,25,33+09")
#define FLOW_DLT STR("05,11,19,28,34+02,10")

#endif
