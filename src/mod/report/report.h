/* mod/report/report.h - what the world may see: the read-only views of the portal (regulation 二(六) 公示).
 *
 * The one module that reads the tables of others, and it only reads: report.sql is the complete list of what
 * leaves the house, so that a reviewer finds in one place what is public and from which day. It has no rules
 * and changes nothing; whatever it shows can be rebuilt from the facts. */
#ifndef MQ_REPORT_H
#define MQ_REPORT_H

#include "report_sql.h"

/* report_is_demo: is the setting "demo" on? The portal then says that its data are simulated. */
MUST_USE enum err report_is_demo(struct db *db, struct arena *a, bool *demo);
/* report_names_whole: does the setting "public.sole_trader_name" say "whole"? Otherwise names of sole traders 个体工商户 are
 * masked: they often bear a person's name. */
MUST_USE enum err report_names_whole(struct db *db, struct arena *a, bool *whole);

/* report_is_personal: name and address may tell of a person (a sole trader). */
bool report_is_personal(struct str entity_type);
/* report_name: the name as the public may see it: "个体工商户 · 浉河区 · 尾号 1234" unless names_whole. */
struct str report_name(struct arena *a, struct str name, struct str entity_type, struct str region_name, struct str code,
                       bool names_whole, bool english);
/* report_address: that of a sole trader to its township 乡镇, street 街道, or the region alone where the address names none. */
struct str report_address(struct str address, struct str entity_type, struct str region_name);

/* What a list of publications is asked for; absent: all. From a place on: us INT64_MAX, target "~" and id INT64_MAX are the
 * beginning. Times: microseconds since 1970 UTC, until_us is the first that is not meant. */
struct report_ask {
    struct str department, item, task, region;
    struct opt_i64 since_us, until_us;
    int64_t us, id;
    struct str target;
    int64_t today, limit;
};
#define REPORT_ASK_ALL {.us = INT64_MAX, .id = INT64_MAX, .target = {"~", 1}}
/* report_results: newest first. */
MUST_USE enum err report_results(struct db *db, struct arena *a, const struct report_ask *ask,
                                 struct report_publication_shown **rows, size_t *count);

#endif
