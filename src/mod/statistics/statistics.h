/* mod/statistics/statistics.h - figures for leaders 统计考核 (regulation 三(三)): coverage, publication in time, problems found,
 * visits made together, load. Everything counts the draws of one period, within the row scope of the one who asks.
 *
 * It reads the tables of others and changes nothing (docs/adr/0004). Units stand in their fixed order, those without any result
 * too: nothing here ranks people or units by how many checks or fines they made (严禁下达检查指标). */
#ifndef MQ_STATISTICS_H
#define MQ_STATISTICS_H

#include "mod/ctx.h"
#include "statistics_sql.h"

enum {
    STATISTICS_DAYS_MAX = 1096,  /* of a period */
    STATISTICS_MONTHS_MAX = 48,  /* of the period, and what came of its draws afterwards */
    STATISTICS_UNITS_MAX = 256,  /* counties; more share the last line */
    STATISTICS_ITEMS_MAX = 2048, /* as units */
    STATISTICS_LOAD_CLASSES = 7, /* 0, 1-5, 6-10, 11-20, 21-40, 41-80, above */
    STATISTICS_LOAD_LEAST = 5    /* fewer inspectors: no distribution, it would show single persons */
};

/* What is asked: absent means everything in the scope of c. Days of the draw, both included. */
struct statistics_asked {
    int64_t from_day, to_day;
    struct str department, region;
};

/* One thing is counted once per line: a visit of three departments is one visit of its county and one of each department. */
struct statistics_count {
    int64_t targets;  /* active in the register */
    int64_t drawn;    /* targets drawn at least once */
    int64_t due;      /* visits to make 应检查 */
    int64_t checked;  /* of them made, or tried: the target could not be reached */
    int64_t joint;    /* of them with two or more departments 联合 */
    int64_t planned;  /* of them from a plan 按计划 */
    int64_t shown;    /* visits with at least one public result 已公示 */
    int64_t ended;    /* of them all results public or withheld, and every problem followed up to its end 完结 */
    int64_t results;  /* per item */
    int64_t published, in_time, late; /* public; of them by their last day, and after it */
    int64_t overdue;  /* not public, and the last day is over */
    int64_t waiting;  /* not public, still in time */
    int64_t withheld; /* not public by law, or withdrawn since */
    int64_t problems; /* results with a problem */
};

struct statistics_line {
    struct str code, name; /* name: absent where the code says it all */
    struct statistics_count n;
};
struct statistics_table {
    struct statistics_line *v;
    size_t count, max;
};
struct statistics_month {
    int year, month;
    int64_t drawn, checked, published, problems;
};

struct statistics {
    struct statistics_count total;
    int64_t doors_saved; /* 少进门: departments that went along with another */
    struct statistics_table departments, counties, types, classes, items; /* by bit, or by code */
    struct statistics_month months[STATISTICS_MONTHS_MAX];
    size_t month_count;
    int64_t load[STATISTICS_LOAD_CLASSES], inspectors, places; /* load: all 0 below STATISTICS_LOAD_LEAST */
};

/* statistics_read: all figures at once. risk: by risk class too. ERR_RANGE the period ends before it begins or is too long;
 * ERR_NOT_FOUND a department or region outside the scope of c. */
MUST_USE enum err statistics_read(struct ctx *c, const struct statistics_asked *asked, bool risk, struct statistics *out);

/* A figure, and the rows that are behind it: exactly as many. */
enum statistics_kind {
    STATISTICS_DRAWN, /* targets */
    STATISTICS_DUE,   /* visits */
    STATISTICS_CHECKED,
    STATISTICS_OPEN, /* due and not made yet */
    STATISTICS_JOINT,
    STATISTICS_PLANNED,
    STATISTICS_RESULTS, /* results */
    STATISTICS_PUBLISHED,
    STATISTICS_IN_TIME,
    STATISTICS_LATE,
    STATISTICS_OVERDUE,
    STATISTICS_WAITING,
    STATISTICS_WITHHELD,
    STATISTICS_PROBLEMS,
    STATISTICS_KIND_COUNT
};
const char *statistics_kind_name(enum statistics_kind k);
MUST_USE enum err statistics_kind_parse(struct str s, enum statistics_kind *out); /* ERR_INPUT */

struct statistics_filter {
    enum statistics_kind kind;
    struct str item, entity_type, risk_class; /* absent: any */
    struct str after;                         /* a target: only those behind it */
    size_t limit;                             /* rows; those of the last target all come */
};
struct statistics_row {
    struct str target, name, region, task, task_name, item, department, codes, state;
    uint64_t mask;                                /* of visits and draws: the departments */
    struct opt_i64 day, due_day, published_us;    /* day: of the draw, the visit, or when the result was produced */
};
/* statistics_rows: in the order of targets, in the arena. *more: there are further targets. Errors as statistics_read. */
MUST_USE enum err statistics_rows(struct ctx *c, const struct statistics_asked *asked, const struct statistics_filter *f,
                                  struct statistics_row **rows, size_t *count, bool *more);

/* statistics_is_problem: does a JSON array of result codes hold one that calls for a follow-up? */
bool statistics_is_problem(struct str codes);

/* --- how a department does its duties 绩效考核 (duties.c) ------------------------------------------------------------------- */

/* Shares alone, each a part of a whole; never how many checks or fines there were, and never whose. */
enum statistics_duty {
    STATISTICS_DUTY_PLAN,      /* 检查完成率: made of the visits that are due */
    STATISTICS_DUTY_PUBLISHED, /* 公示率: public of the results that may be */
    STATISTICS_DUTY_IN_TIME,   /* 按时公示率: by their last day, of those whose last day is over or that are public */
    STATISTICS_DUTY_RECORDS,   /* 记录完整率: submitted visits with a complete record on file */
    STATISTICS_DUTY_FOLLOWUPS, /* 后续处置办结率: of those that are due or done */
    STATISTICS_DUTY_REGISTRY,  /* 名录库完整率: active targets that lack nothing */
    STATISTICS_DUTY_TRAINING,  /* 培训达标率: active inspectors with so many hours in the period */
    STATISTICS_DUTY_COUNT
};
const char *statistics_duty_name(enum statistics_duty d);
MUST_USE enum err statistics_duty_parse(struct str s, enum statistics_duty *out); /* ERR_INPUT */
struct statistics_share {
    int64_t part, whole; /* whole 0: there is nothing to tell from */
};
struct statistics_duties {
    struct str department;
    struct statistics_share shares[STATISTICS_DUTY_COUNT];
};
/* statistics_duties_read: for each department in force of the scope of c, in its fixed order; hours: of the training. Errors as
 * statistics_read. */
MUST_USE enum err statistics_duties_read(struct ctx *c, const struct statistics_asked *asked, int64_t hours,
                                         struct statistics_duties **out, size_t *count);

#endif
