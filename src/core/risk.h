/* core/risk.h - credit-risk classes 信用风险分类 (regulation 二(六); docs/spec/risk-1.md): from the facts known of a target to
 * points, a class, and the list of what counted. Pure, integers only. A class says how often one looks, nothing else: it is
 * internal, neither a judgment nor a penalty, and frees nobody (不评价、不惩戒、不公开、不免抽). */
#ifndef MQ_RISK_H
#define MQ_RISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
    RISK_TEXT_MAX = 16000,    /* bytes of a scheme */
    RISK_CLASSES_MIN = 2,
    RISK_CLASSES_MAX = 5, /* A … E, A the lowest risk */
    RISK_RULES_MAX = 64,
    RISK_OBSERVE_MAX = 16,
    RISK_CODE_MAX = 32,   /* [a-z0-9_-] */
    RISK_NAME_MAX = 120,  /* bytes */
    RISK_TAG_MAX = 64,    /* bytes */
    RISK_POINTS_MAX = 1000,
    RISK_TIMES_MAX = 100,
    RISK_WEIGHT_MAX = 1000, /* percent */
    RISK_LEAST_MAX = 100000,
    RISK_WINDOW_MAX = 3660, /* days */
    RISK_MONTHS_MAX = 120
};
#define RISK_VALUE_MAX INT64_C(1000000000000)

/* What the platform knows of a target. Counts, but for the three that are 0 or 1 and the months. */
enum risk_fact {
    RISK_STATUS,            /* 1: revoked 吊销 or rescinded 撤销 */
    RISK_LICENCE,           /* 1: a licence has ended */
    RISK_UNREACHABLE,       /* 1: the last inspection found nobody at the registered address */
    RISK_AGE_MONTHS,        /* since it was established; unknown without the day */
    RISK_VISIT_MONTHS,      /* since the last visit; unknown when there was none */
    RISK_RESULTS,           /* approved or public results within the window */
    RISK_CLEAN,             /* of those: no problem found, or conforming */
    RISK_PROBLEMS,          /* of those: a problem was found */
    RISK_UNDISCLOSED,       /* of those: 未按规定公示 */
    RISK_FALSE,             /* of those: 公示信息隐瞒真实情况、弄虚作假 */
    RISK_UNCOOPERATIVE,     /* of those: 不配合检查情节严重 */
    RISK_FOLLOWUPS_OPEN,    /* follow-ups 后续处置 that are not closed */
    RISK_FOLLOWUPS_OVERDUE, /* of those: past their day */
    RISK_COMPLAINTS,        /* complaints 投诉举报 found true within the window */
    RISK_FACT_COUNT,
    RISK_EXTERNAL = RISK_FACT_COUNT /* "external:NAME": a value brought in from elsewhere */
};
const char *risk_fact_name(enum risk_fact f); /* "followups_overdue" */

enum risk_op {
    RISK_AT_LEAST, /* >= n: counts once */
    RISK_AT_MOST,  /* <= n: counts once */
    RISK_EACH      /* once for every whole n, at most `times` times */
};
struct risk_rule {
    struct str code, name;
    struct str external; /* of RISK_EXTERNAL: its name */
    enum risk_fact fact;
    enum risk_op op;
    int64_t n;
    int32_t points; /* may be negative: what speaks for a target */
    uint32_t times; /* at most; 1 but for RISK_EACH */
    uint32_t weight_pct;
};
struct risk_class {
    char label;
    uint32_t least; /* points from which on; the first has 0 */
};
/* Observation period 包容审慎观察期 of new forms of business: this many months from the day of establishment on. */
struct risk_observe {
    struct str code, name;
    struct str industry, tag; /* one of them: a code with all below it, or a tag */
    uint32_t months;
};
struct risk_scheme {
    struct str name;
    uint32_t window_days; /* how far back results and complaints count */
    struct risk_class classes[RISK_CLASSES_MAX]; /* ascending */
    size_t class_count;
    struct risk_rule rules[RISK_RULES_MAX];
    size_t rule_count;
    struct risk_observe observe[RISK_OBSERVE_MAX];
    size_t observe_count;
};

/* Where a text is wrong: line and column (byte) from 1. */
struct risk_fault {
    enum err err;
    size_t line, column;
    const char *zh, *en;
};

/* risk_parse: the whole text, strictly; the texts of *out are parts of it. There is one way to write a scheme: risk_write of
 * what was parsed gives the same bytes. ERR_SYNTAX, ERR_RANGE, ERR_LENGTH, ERR_CHARSET, ERR_ENCODING, ERR_ORDER, ERR_DUPLICATE,
 * ERR_TOO_LARGE, each with *f. */
MUST_USE enum err risk_parse(struct str text, struct risk_scheme *out, struct risk_fault *f);
void risk_write(const struct risk_scheme *s, struct buf *out);

/* Facts of one target; those that are not known count for nothing, whatever the rule says. */
struct risk_facts {
    int64_t v[RISK_FACT_COUNT];
    uint32_t known;                  /* bit 1 << fact */
    int64_t external[RISK_RULES_MAX]; /* by rule; of RISK_EXTERNAL alone */
    uint64_t external_known;         /* bit by rule */
};
void risk_know(struct risk_facts *f, enum risk_fact fact, int64_t value);

struct risk_counted {
    size_t rule;      /* index in the scheme */
    int64_t value;    /* of the fact */
    uint32_t times;
    int64_t points_c; /* 1/100 point: points * times * weight */
};
struct risk_verdict {
    int64_t score_c; /* 1/100 point, never below 0 */
    char label;
    struct risk_counted counted[RISK_RULES_MAX]; /* in the order of the rules */
    size_t count;
};
/* risk_apply: points of all rules that count; the class is the highest whose least points are reached. */
void risk_apply(const struct risk_scheme *s, const struct risk_facts *f, struct risk_verdict *out);

/* What an observation period looks at. tags: one a line. */
struct risk_newcomer {
    struct str industry, tags;
    int64_t established_day;
    bool established;
};
/* risk_observed: the rule by which the target is observed longest, and the first day after its period; false when none takes
 * it. The period may be over already. */
bool risk_observed(const struct risk_scheme *s, const struct risk_newcomer *t, size_t *rule, int64_t *until_day);
/* risk_month_on: the same day so many months later, the last of the month when it has no such day. risk_months: whole months
 * from one day to a later one; 0 when it is not later. */
int64_t risk_month_on(int64_t day, uint32_t months);
int64_t risk_months(int64_t from_day, int64_t to_day);

#endif
