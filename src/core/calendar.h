/* core/calendar.h - civil dates and the working-day calendar 工作日 (docs/law/clauses.md, regulation 二(六)).
 * A day is a count of days since 1970-01-01; official days are those of UTC+8. Pure: no clock, no locale.
 *
 * The calendar is data: the State Council's yearly notices name days off 放假 and make-up working days
 * 调休上班. A year that the data lacks is an error, never a guess of Monday to Friday. */
#ifndef MQ_CALENDAR_H
#define MQ_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* Civil dates of the proleptic Gregorian calendar, years 1 to 9999. */
struct civil {
    int year, month, day;
};
enum { DAY_TEXT = 10 }; /* characters of 2026-01-05, without the NUL */

/* ERR_DATE: no such date. */
MUST_USE enum err day_from_civil(int year, int month, int day, int64_t *out);
struct civil civil_from_day(int64_t day);
int weekday_of(int64_t day); /* 1 Monday … 7 Sunday (ISO 8601) */
/* day_parse: exactly YYYY-MM-DD. ERR_SYNTAX another form, ERR_DATE no such date. *out is written only on OK.
 */
MUST_USE enum err day_parse(struct str s, int64_t *out);
/* day_format: YYYY-MM-DD with a NUL. The day must lie in the years 1 to 9999. */
void day_format(int64_t day, char out[DAY_TEXT + 1]);
/* day_of_us: the official day (UTC+8) of a moment given in microseconds since 1970-01-01 UTC. */
int64_t day_of_us(int64_t time_us);

struct calendar_day {
    int64_t day;
    bool off; /* true: a day off; false: a make-up working day (a Saturday or Sunday at work) */
};
struct calendar {
    struct str version;              /* shown with every deadline */
    const struct calendar_day *days; /* ascending; the caller's memory */
    size_t count;
    int first_year; /* bit i of years: the calendar holds first_year + i */
    uint64_t years;
};
enum { CALENDAR_YEARS_MAX = 64, CALENDAR_DAYS_MAX = 10000 };

/*
 * calendar_over: a calendar over `count` days in ascending order. A year is held when its 1 January 元旦 is
 * among them: every yearly notice names it, while single days of a year may come from the notice of its
 * neighbour. ERR_ORDER     not strictly ascending. ERR_RANGE     days of more than 64 years, or outside the
 * years 1 to 9999.
 */
MUST_USE enum err calendar_over(struct str version, const struct calendar_day *days, size_t count,
                                struct calendar *out);
bool calendar_holds_year(const struct calendar *c, int year);
/* ERR_CALENDAR: the calendar does not hold the year of this day. */
MUST_USE enum err calendar_is_working(const struct calendar *c, int64_t day, bool *working);

/*
 * calendar_add_working_days: the n-th working day after from_day. from_day itself does not count; make-up
 * days do. n = 0 gives from_day. *out is written only on OK. ERR_CALENDAR  a day on the way lies in a year
 * that the calendar does not hold. ERR_RANGE     n is above CALENDAR_DAYS_MAX.
 */
MUST_USE enum err calendar_add_working_days(const struct calendar *c, int64_t from_day, unsigned n,
                                            int64_t *out);
/* calendar_working_days_between: working days after from_day up to and including to_day; 0 when to_day is not
 * later. What a countdown shows: between(today, due). Errors as above. */
MUST_USE enum err calendar_working_days_between(const struct calendar *c, int64_t from_day, int64_t to_day,
                                                unsigned *out);

/* Why a day counts or not, for the clock that lists each counted day. */
enum calendar_why {
    CALENDAR_WORKDAY, /* Monday to Friday, counts */
    CALENDAR_MAKE_UP, /* a make-up working day, counts */
    CALENDAR_WEEKEND, /* Saturday or Sunday, does not count */
    CALENDAR_HOLIDAY  /* a day off by notice, does not count */
};
struct calendar_step {
    int64_t day;
    enum calendar_why why;
    unsigned number; /* 1, 2, … n for days that count; 0 for the others */
};
/*
 * calendar_explain: every day after from_day up to the n-th working day, in order; the last step is the due
 * day. ERR_TOO_LARGE  more than max steps. Other errors as calendar_add_working_days.
 */
MUST_USE enum err calendar_explain(const struct calendar *c, int64_t from_day, unsigned n,
                                   struct calendar_step *steps, size_t max, size_t *count);

#endif
