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

#endif
