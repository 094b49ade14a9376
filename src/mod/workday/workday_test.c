/* Calendars are versions: the latest counts, none is changed. */
#include "mod/workday/workday.h"

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

TEST_MAIN(T(without_a_calendar_every_deadline_is_unknown), T(the_latest_version_counts),
          T(a_version_is_never_changed_and_must_be_in_order))
