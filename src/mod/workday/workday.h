/* mod/workday/workday.h - the working-day calendar 工作日历: the State Council's notices as versioned data. */
#ifndef MQ_WORKDAY_H
#define MQ_WORKDAY_H

#include "core/calendar.h"
#include "mod/ctx.h"
#include "mod/workday_sql.h"

enum { WORKDAY_VERSION_MAX = 32 };

struct workday {
    int64_t day;
    bool off;
    struct str name;
};

/* workday_import: a version of the calendar (its name sorts by time: "2026-11"), days ascending. Journal:
 * workday.import. ERR_LENGTH, ERR_ORDER, ERR_RANGE (core/calendar.h); ERR_EXISTS the version is there already. */
MUST_USE enum err workday_import(struct ctx *c, struct str version, const struct workday *days, size_t count);
/* workday_calendar: the latest version, in the arena. Without any it holds no year: every question gives ERR_CALENDAR. */
MUST_USE enum err workday_calendar(struct ctx *c, struct calendar *out);
/* workday_due: the n-th working day after from_day by the calendar in force, and the version of it (in the arena). *due is
 * unset when the calendar lacks a year on the way: say so, never guess. */
MUST_USE enum err workday_due(struct ctx *c, int64_t from_day, unsigned n, struct opt_i64 *due, struct str *version);

/* One day on the way to a last day, and by which notice it counts or not. */
struct workday_step {
    int64_t day;
    enum calendar_why why;
    unsigned number;        /* 1 … n for days that count, 0 for the others */
    struct str name;        /* of the holiday; absent for ordinary days */
    struct str notice;      /* 国务院办公厅关于2026年部分节假日安排的通知; absent for ordinary days */
    struct str document_no; /* 国办发明电〔2025〕7号; absent when not known (data/notices.csv) */
};
struct workday_path {
    struct str version;
    struct workday_step *steps; /* the last one is the last day; none when the calendar lacks a year on the way */
    size_t count;
};
enum { WORKDAY_PATH_MAX = 120 };
/* workday_explain: every day after from_day up to the n-th working day, by the calendar in force. ERR_TOO_LARGE more than
 * WORKDAY_PATH_MAX days. */
MUST_USE enum err workday_explain(struct ctx *c, int64_t from_day, unsigned n, struct workday_path *out);

#endif
