/* core/calendar_test.c - dates, working days, the vectors of the regulation's 20 working days */
#include "base/test.h"

#include <stdio.h>
#include <time.h>

#include "core/calendar.h"

/* data/holidays.csv: version,date,off,name. */
static struct calendar_day holidays[1000];
static char version[64];

static struct calendar
real_calendar(void)
{
    char path[1024], line[256];
    struct calendar c = {0};
    size_t n = 0;
    FILE *f;

    snprintf(path, sizeof path, "%s/data/holidays.csv",
             getenv("MQ_SOURCE_DIR") == NULL ? "." : getenv("MQ_SOURCE_DIR"));
    f = fopen(path, "rb");
    EXPECT(f != NULL);
    for (bool header = true; f != NULL && fgets(line, sizeof line, f) != NULL; header = false) {
        struct str head = {0}, date = {0}, off = {0}, rest = {0};

        if (header)
            continue;
        EXPECT(str_split(str_of(line), ',', &head, &rest) && str_split(rest, ',', &date, &rest));
        EXPECT(str_split(rest, ',', &off, &rest) && head.n < sizeof version && n < 1000);
        memcpy(version, head.p, head.n);
        EXPECT(day_parse(date, &holidays[n].day) == OK);
        holidays[n++].off = off.p[0] == '1';
    }
    if (f != NULL)
        fclose(f);
    EXPECT(calendar_over(str_of(version), holidays, n, &c) == OK);
    return c;
}

static int64_t
day(const char *text)
{
    int64_t d = INT64_MIN;

    EXPECT(day_parse(str_of(text), &d) == OK);
    return d;
}

TEST(dates_agree_with_the_c_library_for_every_day_from_1900_to_2100)
{
    for (int64_t d = day("1900-01-01"); d <= day("2100-12-31"); d++) {
        time_t t = (time_t) (d * 86400);
        struct tm tm;
        char ours[DAY_TEXT + 1], theirs[16];

        EXPECT(gmtime_r(&t, &tm) != NULL);
        strftime(theirs, sizeof theirs, "%Y-%m-%d", &tm);
        day_format(d, ours);
        EXPECT_STR(ours, theirs);
        EXPECT_INT(weekday_of(d), tm.tm_wday == 0 ? 7 : tm.tm_wday);
        EXPECT(day(ours) == d);
    }
}

TEST(dates_hold_from_year_1_to_9999)
{
    int64_t count = 0, d = day("0001-01-01");

    for (int y = 1; y <= 9999; y++)
        for (int m = 1; m <= 12; m++)
            for (int k = 1; k <= 31; k++) {
                int64_t at;

                if (day_from_civil(y, m, k, &at) != OK)
                    continue;
                struct civil c = civil_from_day(at);

                EXPECT(at == d + count++);
                EXPECT(c.year == y && c.month == m && c.day == k);
            }
    EXPECT(count == 3652059);
}

TEST(dates_that_do_not_exist_are_refused)
{
    int64_t d = 77;

    EXPECT(day_parse(STR("2026-02-29"), &d) == ERR_DATE);
    EXPECT(day_parse(STR("1900-02-29"), &d) == ERR_DATE);
    EXPECT(day_parse(STR("2026-13-01"), &d) == ERR_DATE);
    EXPECT(day_parse(STR("2026-00-10"), &d) == ERR_DATE);
    EXPECT(day_parse(STR("2026-04-31"), &d) == ERR_DATE);
    EXPECT(day_parse(STR("0000-01-01"), &d) == ERR_DATE);
    EXPECT(d == 77);
    EXPECT(day_parse(STR("2000-02-29"), &d) == OK);
}

TEST(dates_in_another_form_are_refused)
{
    static const char *const BAD[] = {"",           "2026-1-05", "2026/01/05", "20260105", "2026-01-05 ",
                                      "+026-01-05", "2026-01-0x"};
    int64_t d = 77;

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        EXPECT(day_parse(str_of(BAD[i]), &d) == ERR_SYNTAX);
    EXPECT(d == 77);
}

TEST(the_official_day_begins_at_16_hours_utc)
{
    EXPECT(day_of_us(0) == 0);
    EXPECT(day_of_us(INT64_C(57599999999)) == 0); /* 15:59:59.999999 UTC */
    EXPECT(day_of_us(INT64_C(57600000000)) == 1);
    EXPECT(day_of_us(-1) == 0);
    EXPECT(day_of_us(INT64_C(-28800000001)) == -1);
    EXPECT(day_of_us(INT64_MIN) < 0 && day_of_us(INT64_MAX) > 0);
}

TEST(twenty_working_days_end_where_the_published_vectors_say)
{
    static const struct {
        const char *from, *due;
        unsigned n;
    } VECTORS[] = {{"2019-12-03", "2019-12-31", 20}, {"2025-09-15", "2025-10-17", 20},
                   {"2026-01-05", "2026-02-02", 20}, {"2026-02-02", "2026-03-06", 20},
                   {"2026-09-10", "2026-10-14", 20}, {"2025-04-30", "2025-05-06", 1}};
    struct calendar c = real_calendar();

    for (size_t i = 0; i < sizeof VECTORS / sizeof *VECTORS; i++) {
        int64_t due;
        unsigned n;

        EXPECT(calendar_add_working_days(&c, day(VECTORS[i].from), VECTORS[i].n, &due) == OK);
        EXPECT(due == day(VECTORS[i].due));
        EXPECT(calendar_working_days_between(&c, day(VECTORS[i].from), due, &n) == OK && n == VECTORS[i].n);
    }
}

/* The same by another way: a table of all days, built without the calendar's functions, and prefix counts. */
TEST(every_start_day_2018_to_2026_agrees_with_a_prefix_count)
{
    enum { DAYS = 3287 };
    struct calendar c = real_calendar();
    int64_t first = day("2018-01-01");
    static int prefix[DAYS + 1]; /* working days before day i */

    EXPECT(day("2026-12-31") - first + 1 == DAYS);
    for (int i = 0; i < DAYS; i++) {
        time_t t = (time_t) ((first + i) * 86400);
        struct tm tm;
        bool works;

        gmtime_r(&t, &tm);
        works = tm.tm_wday != 0 && tm.tm_wday != 6;
        for (size_t k = 0; k < c.count; k++)
            if (c.days[k].day == first + i)
                works = !c.days[k].off;
        prefix[i + 1] = prefix[i] + works;
    }
    for (int n = 1; n <= 30; n++)
        for (int i = 0; i < DAYS; i++) {
            int64_t due = -1;
            enum err e = calendar_add_working_days(&c, first + i, (unsigned) n, &due);
            int k = i + 1;

            while (k < DAYS && prefix[k + 1] - prefix[i + 1] < n)
                k++;
            if (k == DAYS)
                EXPECT(e == ERR_CALENDAR && due == -1);
            else
                EXPECT(e == OK && due == first + k);
        }
}

TEST(a_year_that_the_calendar_lacks_is_an_error_not_a_guess)
{
    struct calendar c = real_calendar();
    int64_t due = 5;
    bool working = true;

    EXPECT(calendar_add_working_days(&c, day("2026-12-15"), 20, &due) == ERR_CALENDAR);
    EXPECT(calendar_add_working_days(&c, day("2017-12-31"), 1, &due) ==
           OK); /* the start day itself is not looked up */
    due = 5;
    EXPECT(calendar_add_working_days(&c, day("2017-12-30"), 1, &due) == ERR_CALENDAR && due == 5);
    EXPECT(calendar_is_working(&c, day("2027-01-04"), &working) == ERR_CALENDAR);
    EXPECT(calendar_add_working_days(&c, INT64_MAX, 1, &due) == ERR_CALENDAR);
    EXPECT(calendar_holds_year(&c, 2026) && !calendar_holds_year(&c, 2027) && !calendar_holds_year(&c, 2017));
}

TEST(a_calendar_without_new_year_does_not_hold_the_year)
{
    /* The notice for 2019 also names the end of December 2018. */
    struct calendar_day days[] = {
        {day("2018-12-29"), false}, {day("2018-12-31"), true}, {day("2019-01-01"), true}};
    struct calendar c;

    EXPECT(calendar_over(STR("x"), days, 3, &c) == OK);
    EXPECT(!calendar_holds_year(&c, 2018) && calendar_holds_year(&c, 2019));
    EXPECT(calendar_over(STR("x"), days, 0, &c) == OK && !calendar_holds_year(&c, 0) &&
           !calendar_holds_year(&c, 2018));
}

TEST(days_out_of_order_or_too_far_apart_are_refused)
{
    struct calendar_day twice[] = {{100, true}, {100, false}}, back[] = {{100, true}, {99, true}};
    struct calendar_day far[] = {{day("1970-01-01"), true}, {day("2034-01-01"), true}},
                        outside[] = {{INT64_MAX, true}};
    struct calendar c;

    EXPECT(calendar_over(STR("x"), twice, 2, &c) == ERR_ORDER);
    EXPECT(calendar_over(STR("x"), back, 2, &c) == ERR_ORDER);
    EXPECT(calendar_over(STR("x"), far, 2, &c) == ERR_RANGE);
    EXPECT(calendar_over(STR("x"), outside, 1, &c) == ERR_RANGE);
}

TEST(the_clock_lists_each_day_and_says_why_it_counts)
{
    struct calendar c = real_calendar();
    struct calendar_step s[40];
    size_t n;

    /* 2025-09-26 Friday; Sunday the 28th is a make-up day; 1-8 October are off; Saturday the 11th is a
     * make-up day. */
    EXPECT(calendar_explain(&c, day("2025-09-26"), 6, s, 40, &n) == OK);
    EXPECT(s[0].day == day("2025-09-27") && s[0].why == CALENDAR_WEEKEND && s[0].number == 0);
    EXPECT(s[1].why == CALENDAR_MAKE_UP && s[1].number == 1);
    EXPECT(s[2].why == CALENDAR_WORKDAY && s[2].number == 2);
    EXPECT(s[4].day == day("2025-10-01") && s[4].why == CALENDAR_HOLIDAY && s[4].number == 0);
    EXPECT(s[n - 1].day == day("2025-10-11") && s[n - 1].why == CALENDAR_MAKE_UP && s[n - 1].number == 6);
    EXPECT(n == 15);
    EXPECT(calendar_explain(&c, day("2025-09-26"), 6, s, 14, &n) == ERR_TOO_LARGE);
    EXPECT(calendar_explain(&c, day("2025-09-26"), 0, s, 0, &n) == OK && n == 0);
}

TEST(too_many_days_are_refused)
{
    struct calendar c = real_calendar();
    struct calendar_step s[1];
    int64_t due;
    size_t n;

    EXPECT(calendar_add_working_days(&c, day("2018-01-01"), CALENDAR_DAYS_MAX + 1, &due) == ERR_RANGE);
    EXPECT(calendar_explain(&c, day("2018-01-01"), CALENDAR_DAYS_MAX + 1, s, 1, &n) == ERR_RANGE);
}

TEST_MAIN(T(dates_agree_with_the_c_library_for_every_day_from_1900_to_2100),
          T(dates_hold_from_year_1_to_9999), T(dates_that_do_not_exist_are_refused),
          T(dates_in_another_form_are_refused), T(the_official_day_begins_at_16_hours_utc),
          T(twenty_working_days_end_where_the_published_vectors_say),
          T(every_start_day_2018_to_2026_agrees_with_a_prefix_count),
          T(a_year_that_the_calendar_lacks_is_an_error_not_a_guess),
          T(a_calendar_without_new_year_does_not_hold_the_year),
          T(days_out_of_order_or_too_far_apart_are_refused),
          T(the_clock_lists_each_day_and_says_why_it_counts), T(too_many_days_are_refused))
