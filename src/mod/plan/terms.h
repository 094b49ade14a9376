/* mod/plan/terms.h - the terms of a check: scope 对象范围, sampling 抽取比例, participants 参与部门
 * (regulation 二(四)). A plan line and a task carry the same terms, as JSON in the columns scope, strata and
 * participants:
 *
 *   scope         {"kinds":["entity"],"regions":["411525"],"entity_types":["enterprise"],"tags":["食品"],
 *                  "departments":["scjgj"],"industries":["I62"],"statuses":["active"],"tags_all":["连锁"],
 *                  "tags_none":["停业"],"risk_classes":["C","D"],"established_from":"2020-01-01",
 *                  "established_to":"2024-12-31","visited_before":"2025-01-01","licence_before":"2026-12-31"}
 *                 Every entry is optional; a target is in scope when it fits each that is given. A region takes all that
 * lies in it (411500: all of the city), an industry all below it; tags: any of them, tags_all: each, tags_none: not
 * one. visited_before: not visited since, or never; licence_before: a licence ends before that day. With `departments`, the mask of a target is made of those participants that
 * supervise it; without, all participants go to every target. strata
 * {"by":"one|risk|tag|region","strata":[{"label":"A","tag":"…","ratio_bp":100}],
 *                  "rounding":"ceil|floor|half_up","reserve_bp":2000,"rule":"uniform|pareto","suite":"sha256|sm3",
 *                  "batches":1}
 *                 by one: the only stratum is "all" (or the label given). by risk: labels are risk classes,
 * "N" is a target without one. by tag: the first stratum whose tag the target has, in the order written. by
 *                 region: labels are six-digit codes. The label "other" takes what no other stratum takes.
 *   participants  [{"department":"scjgj","places":2}]   places: inspectors per target from this department
 */
#ifndef MQ_PLAN_TERMS_H
#define MQ_PLAN_TERMS_H

#include "core/ratio.h"
#include "mod/ctx.h"
#include "mod/json.h"

enum {
    TERMS_LIST_MAX = 256, /* entries of one list of a scope */
    TERMS_TEXT_MAX = 128, /* bytes of one entry */
    TERMS_STRATA_MAX = 64,
    TERMS_LABEL_MAX = 32, /* bytes: the stratum label of draw-1 */
    TERMS_PARTICIPANTS_MAX = 16,
    TERMS_PLACES_MAX = 8,
    TERMS_BATCHES_MAX = 1000,
    TERMS_ITEMS_MAX = 64
};

struct scope {
    struct texts kinds, regions, entity_types, tags, departments, industries, statuses, tags_all, tags_none, risk_classes;
    struct opt_i64 established_from, established_to, visited_before, licence_before; /* days */
};

enum strata_by { STRATA_ONE, STRATA_RISK, STRATA_TAG, STRATA_REGION, STRATA_BY_COUNT };
struct stratum {
    struct str label; /* [A-Za-z0-9][A-Za-z0-9._-]{0,31} */
    struct str tag;   /* by tag only */
    uint32_t ratio_bp;
};
struct sampling {
    enum strata_by by;
    struct stratum *strata;
    size_t count;
    enum ratio_rounding rounding;
    uint32_t reserve_bp; /* reserves per 10000 drawn, rounded up; default 2000 */
    bool pareto;         /* probability by weight min(10, years since the last visit) */
    bool sm3;
    uint32_t batches;
};

struct participant {
    struct str department;
    uint32_t places; /* inspectors per target */
};
struct participants {
    struct participant *v; /* the lead is one of them */
    size_t count;
};

/* Parse the columns. ERR_SYNTAX, ERR_INPUT, ERR_RANGE, ERR_LENGTH, ERR_DUPLICATE, ERR_CHARSET: particulars in
 * c->why. terms_participants also takes an array of department codes, with two places each. At least two
 * inspectors a target: ERR_RANGE when the places add up to less. */
MUST_USE enum err terms_scope(struct ctx *c, struct str json, struct scope *out);
MUST_USE enum err terms_sampling(struct ctx *c, struct str json, struct sampling *out);
MUST_USE enum err terms_participants(struct ctx *c, struct str json, struct participants *out);
MUST_USE enum err terms_items(struct ctx *c, struct str json, struct texts *out); /* 1 to 64 item codes */
bool participants_have(const struct participants *p, struct str department);
/* terms_department: is it a department code, [a-z0-9]{1,32}? It is also the party name in draws. */
bool terms_department(struct str code);

/* The canonical text of terms, as stored. ERR_MEMORY. */
MUST_USE enum err terms_scope_text(struct ctx *c, const struct scope *s, struct str *out);
MUST_USE enum err terms_sampling_text(struct ctx *c, const struct sampling *s, struct str *out);
MUST_USE enum err terms_participants_text(struct ctx *c, const struct participants *p, struct str *out);
MUST_USE enum err terms_texts_text(struct ctx *c, const struct texts *t, struct str *out);

/* What a scope and a sampling look at in one target. tags and departments: one a line, ascending
 * (TAB-separated lists would do as well: a text never contains LF). */
struct terms_target {
    struct str kind, entity_type, region, industry, status, risk_class;
    struct str tags, departments; /* entries separated by LF; absent = none */
    struct opt_i64 established_day, last_visit_day, licence_day;
};
/* terms_region: a region code without its pairs of zeros: all that lies in it begins so. */
struct str terms_region(struct str region);
bool scope_takes(const struct scope *s, const struct terms_target *t);
/* sampling_stratum: index of the stratum of a target; -1 when none takes it. */
int sampling_stratum(const struct sampling *s, const struct terms_target *t);
/* lines_have: is `entry` one of the LF-separated entries of `lines`? */
bool lines_have(struct str lines, struct str entry);

/* The cap of general items 一般检查事项 (regulation 二(二)) against the ratio of a whole frame:
 * sum of N_h * ratio_h <= cap * sum of N_h, exactly. Counts in the order of s->strata. ERR_CAP. */
MUST_USE enum err sampling_check_cap(const struct sampling *s, const uint64_t *counts, uint32_t cap_bp);

#endif
