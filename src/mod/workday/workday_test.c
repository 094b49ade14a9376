/* Calendars are versions: the latest counts, none is changed. */
#include "mod/workday/workday.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "data/data.h"
#include "mod/testing.h"

static int64_t
day(const char *text)
{
    int64_t d = 0;

    EXPECT(day_parse(str_of(text), &d) == OK);
    return d;
}

TEST_DB(without_a_calendar_every_deadline_is_unknown)
{
    struct calendar k;
    int64_t due = -1;

    EXPECT(workday_calendar(c, &k) == OK);
    EXPECT(calendar_add_working_days(&k, day("2026-01-05"), 20, &due) == ERR_CALENDAR);
    EXPECT_INT(due, -1);
}

TEST_DB(the_latest_version_counts)
{
    const struct workday first[] = {{day("2026-01-01"), true, STR("元旦")}};
    const struct workday second[] = {{day("2026-01-01"), true, STR("元旦")}, {day("2026-03-03"), true, STR("x")}};
    struct calendar k;
    int64_t due = 0;

    EXPECT(workday_import(c, STR("2026-1"), first, 1) == OK);
    EXPECT(workday_import(c, STR("2026-2"), second, 2) == OK);
    EXPECT(workday_calendar(c, &k) == OK);
    EXPECT(str_eq(k.version, STR("2026-2")));
    EXPECT(calendar_add_working_days(&k, day("2026-03-02"), 1, &due) == OK);
    EXPECT_INT(due, day("2026-03-04"));
}

TEST_DB(a_version_is_never_changed_and_must_be_in_order)
{
    const struct workday days[] = {{day("2026-01-02"), true, STR("元旦")}, {day("2026-01-01"), true, STR("元旦")}};

    EXPECT(workday_import(c, STR("2026-1"), days, 2) == ERR_ORDER);
    EXPECT(workday_import(c, STR(""), days, 1) == ERR_LENGTH);
    EXPECT(workday_import(c, STR("2026-1"), days, 0) == ERR_LENGTH);
    EXPECT(workday_import(c, STR("2026-1"), days, 1) == OK);
    EXPECT(workday_import(c, STR("2026-1"), days, 1) == ERR_EXISTS);
}

/* --- the shipped calendar, beside one that knows nothing of ours: a string per day, the C library's week ------------------- */

enum { FIRST = 17532 /* 2018-01-01 */, LAST = 20818 /* 2026-12-31 */, DAYS = LAST - FIRST + 1 };

static void
import_shipped(struct ctx *c)
{
    struct workday days[400];
    struct str rest = data_find(STR("holidays.csv")), line, f[4];
    size_t n = 0;

    EXPECT(data_line(&rest, &line));
    while (data_line(&rest, &line)) {
        EXPECT(data_fields(line, f, 4) == 4 && n < 400);
        EXPECT(day_parse(f[1], &days[n].day) == OK);
        days[n].off = f[2].p[0] == '1';
        days[n++].name = f[3];
    }
    EXPECT_INT(workday_import(c, STR("shipped"), days, n), OK);
}

/* works[i]: does day FIRST + i count? By the text of the table and the C library alone. */
static void
count_apart(bool works[DAYS])
{
    const char *table = data_find(STR("holidays.csv")).p;

    for (int i = 0; i < DAYS; i++) {
        time_t t = (time_t) (FIRST + i) * 86400;
        struct tm tm;
        char key[32];
        const char *at;

        EXPECT(gmtime_r(&t, &tm) != NULL);
        works[i] = tm.tm_wday != 0 && tm.tm_wday != 6;
        EXPECT(strftime(key, sizeof key, ",%Y-%m-%d,", &tm) > 0);
        at = strstr(table, key);
        if (at != NULL)
            works[i] = at[strlen(key)] == '0';
    }
}

TEST_DB(every_last_day_from_2018_to_2026_is_that_of_an_independent_count)
{
    static bool works[DAYS];
    struct calendar k;
    int known = 0;

    import_shipped(c);
    count_apart(works);
    EXPECT_INT(workday_calendar(c, &k), OK);
    for (int i = 0; i < DAYS; i++) {
        int64_t due = 0;
        int n = 0, at = i;
        enum err e = calendar_add_working_days(&k, FIRST + i, 20, &due);

        while (at + 1 < DAYS && n < 20)
            n += works[++at];
        EXPECT_INT(e, n == 20 ? OK : ERR_CALENDAR);
        if (n == 20)
            EXPECT_INT(due, FIRST + at);
        known += n == 20;
    }
    EXPECT(known > 3250); /* all but the last four weeks of 2026 */
}

TEST_DB(each_day_of_a_term_names_the_notice_it_counts_by)
{
    struct workday_path p;
    int skipped = 0, make_up = 0;

    import_shipped(c);
    EXPECT_INT(workday_explain(c, day("2025-09-15"), 20, &p), OK);
    EXPECT_INT(p.steps[p.count - 1].day, day("2025-10-17"));
    EXPECT_INT(p.steps[p.count - 1].number, 20);
    for (size_t i = 0; i < p.count; i++) {
        const struct workday_step *s = &p.steps[i];
        bool by_notice = s->why == CALENDAR_HOLIDAY || s->why == CALENDAR_MAKE_UP;

        skipped += s->why == CALENDAR_HOLIDAY;
        make_up += s->why == CALENDAR_MAKE_UP;
        EXPECT((s->notice.n > 0) == by_notice && (s->document_no.n > 0) == by_notice);
        if (by_notice) {
            EXPECT_STR(s->notice.p, "国务院办公厅关于2025年部分节假日安排的通知");
            EXPECT(str_eq(s->document_no, STR("国办发明电〔2024〕12号")));
        }
    }
    EXPECT_INT(skipped, 8);
    EXPECT_INT(make_up, 2);
    EXPECT_INT(workday_explain(c, day("2022-12-30"), 1, &p), OK);
    EXPECT_STR(p.steps[0].notice.p, "国务院办公厅关于2023年部分节假日安排的通知"); /* New Year's day of the year after */
    EXPECT_INT(workday_explain(c, day("2026-12-30"), 20, &p), OK);
    EXPECT_INT(p.count, 0); /* nobody knows 2027 yet */
}

TEST_MAIN(T(without_a_calendar_every_deadline_is_unknown), T(the_latest_version_counts),
          T(a_version_is_never_changed_and_must_be_in_order),
          T(every_last_day_from_2018_to_2026_is_that_of_an_independent_count),
          T(each_day_of_a_term_names_the_notice_it_counts_by))
