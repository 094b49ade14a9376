/* core/calendar.c - civil dates and working days */
#include "core/calendar.h"

enum { MONTHS = 12, SATURDAY = 6 };
#define DAY_US INT64_C(86400000000)
#define UTC8_US INT64_C(28800000000)
#define FIRST_DAY INT64_C(-719162) /* 0001-01-01 */
#define LAST_DAY INT64_C(2932896)  /* 9999-12-31 */

static bool
leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days of the year before the first of a month (1-13). */
static int
days_before_month(int year, int month)
{
    static const int BEFORE[MONTHS + 1] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

    return BEFORE[month - 1] + (month > 2 && leap(year) ? 1 : 0);
}

/* Day number of 1 January. */
static int64_t
year_start(int year)
{
    int64_t y = year - 1;

    return y * 365 + y / 4 - y / 100 + y / 400 + FIRST_DAY;
}

enum err
day_from_civil(int year, int month, int day, int64_t *out)
{
    if (year < 1 || year > 9999 || month < 1 || month > MONTHS || day < 1)
        return ERR_DATE;
    if (day > days_before_month(year, month + 1) - days_before_month(year, month))
        return ERR_DATE;
    *out = year_start(year) + days_before_month(year, month) + day - 1;
    return OK;
}

struct civil
civil_from_day(int64_t day)
{
    /* 146097 days are 400 years; the estimate is never more than one year off. */
    int year = (int) ((day - FIRST_DAY) * 400 / 146097) + 1;
    int month = 1, of_year;

    if (day < year_start(year))
        year--;
    else if (day >= year_start(year + 1))
        year++;
    of_year = (int) (day - year_start(year));
    while (of_year >= days_before_month(year, month + 1))
        month++;
    return (struct civil){year, month, of_year - days_before_month(year, month) + 1};
}

int
weekday_of(int64_t day)
{
    return (int) ((day - FIRST_DAY) % 7) + 1; /* 0001-01-01 was a Monday */
}

static bool
digits(const char *s, size_t n, int *out)
{
    int v = 0;

    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        v = v * 10 + (s[i] - '0');
    }
    *out = v;
    return true;
}

enum err
day_parse(struct str s, int64_t *out)
{
    int year, month, day;

    if (s.n != DAY_TEXT || s.p[4] != '-' || s.p[7] != '-')
        return ERR_SYNTAX;
    if (!digits(s.p, 4, &year) || !digits(s.p + 5, 2, &month) || !digits(s.p + 8, 2, &day))
        return ERR_SYNTAX;
    return day_from_civil(year, month, day, out);
}

static void
put_digits(char *p, size_t n, int v)
{
    for (; n > 0; n--, v /= 10)
        p[n - 1] = (char) ('0' + v % 10);
}

void
day_format(int64_t day, char out[DAY_TEXT + 1])
{
    struct civil c = civil_from_day(day);

    put_digits(out, 4, c.year);
    out[4] = out[7] = '-';
    put_digits(out + 5, 2, c.month);
    put_digits(out + 8, 2, c.day);
    out[DAY_TEXT] = 0;
}

int64_t
day_of_us(int64_t time_us)
{
    int64_t day = time_us / DAY_US, rest_us = time_us % DAY_US;

    if (rest_us < 0) {
        day--;
        rest_us += DAY_US;
    }
    return rest_us >= DAY_US - UTC8_US ? day + 1 : day;
}

static bool
is_new_year(int64_t day)
{
    struct civil c = civil_from_day(day);

    return c.month == 1 && c.day == 1;
}

enum err
calendar_over(struct str version, const struct calendar_day *days, size_t count, struct calendar *out)
{
    struct calendar c = {.version = version, .days = days, .count = count};

    for (size_t i = 0; i < count; i++) {
        if (days[i].day < FIRST_DAY || days[i].day > LAST_DAY)
            return ERR_RANGE;
        if (i > 0 && days[i].day <= days[i - 1].day)
            return ERR_ORDER;
    }
    if (count > 0)
        c.first_year = civil_from_day(days[0].day).year;
    for (size_t i = 0; i < count; i++) {
        int offset = civil_from_day(days[i].day).year - c.first_year;

        if (offset >= CALENDAR_YEARS_MAX)
            return ERR_RANGE;
        if (is_new_year(days[i].day))
            c.years |= UINT64_C(1) << offset;
    }
    *out = c;
    return OK;
}

bool
calendar_holds_year(const struct calendar *c, int year)
{
    int offset = year - c->first_year;

    return offset >= 0 && offset < CALENDAR_YEARS_MAX && (c->years >> offset & 1) != 0;
}

/* The notice for this day, NULL if there is none. */
static const struct calendar_day *
notice(const struct calendar *c, int64_t day)
{
    size_t low = 0, high = c->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (c->days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->count && c->days[low].day == day ? &c->days[low] : NULL;
}

static enum err
classify(const struct calendar *c, int64_t day, enum calendar_why *why)
{
    bool weekend = weekday_of(day) >= SATURDAY;
    const struct calendar_day *d;

    if (day < FIRST_DAY || day > LAST_DAY || !calendar_holds_year(c, civil_from_day(day).year))
        return ERR_CALENDAR;
    d = notice(c, day);
    if (d != NULL)
        *why = d->off ? CALENDAR_HOLIDAY : weekend ? CALENDAR_MAKE_UP : CALENDAR_WORKDAY;
    else
        *why = weekend ? CALENDAR_WEEKEND : CALENDAR_WORKDAY;
    return OK;
}

static bool
counts(enum calendar_why why)
{
    return why == CALENDAR_WORKDAY || why == CALENDAR_MAKE_UP;
}

enum err
calendar_is_working(const struct calendar *c, int64_t day, bool *working)
{
    enum calendar_why why;
    enum err e = classify(c, day, &why);

    if (e == OK)
        *working = counts(why);
    return e;
}

enum err
calendar_add_working_days(const struct calendar *c, int64_t from_day, unsigned n, int64_t *out)
{
    int64_t day = from_day;
    enum calendar_why why;

    if (n > CALENDAR_DAYS_MAX)
        return ERR_RANGE;
    if (from_day > LAST_DAY)
        return ERR_CALENDAR;
    while (n > 0) {
        enum err e = classify(c, ++day, &why);

        if (e != OK)
            return e;
        n -= counts(why) ? 1 : 0;
    }
    *out = day;
    return OK;
}

enum err
calendar_working_days_between(const struct calendar *c, int64_t from_day, int64_t to_day, unsigned *out)
{
    unsigned n = 0;

    if (from_day > LAST_DAY)
        return ERR_CALENDAR;
    for (int64_t day = from_day + 1; day <= to_day; day++) {
        enum calendar_why why;
        enum err e = classify(c, day, &why);

        if (e != OK)
            return e;
        n += counts(why) ? 1 : 0;
        if (n > CALENDAR_DAYS_MAX)
            return ERR_RANGE;
    }
    *out = n;
    return OK;
}

enum err
calendar_explain(const struct calendar *c, int64_t from_day, unsigned n, struct calendar_step *steps,
                 size_t max, size_t *count)
{
    unsigned number = 0;
    size_t k = 0;

    if (n > CALENDAR_DAYS_MAX)
        return ERR_RANGE;
    if (from_day > LAST_DAY)
        return ERR_CALENDAR;
    for (int64_t day = from_day + 1; number < n; day++, k++) {
        enum calendar_why why;
        enum err e = classify(c, day, &why);

        if (e != OK)
            return e;
        if (k == max)
            return ERR_TOO_LARGE;
        steps[k] = (struct calendar_step){day, why, counts(why) ? ++number : 0};
    }
    *count = k;
    return OK;
}
