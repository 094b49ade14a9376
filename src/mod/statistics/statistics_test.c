/* Figures for leaders: what is counted is what is listed, units without results stand there too, nothing is a ranking */
#include "mod/statistics/statistics.h"

#include "core/calendar.h"
#include "mod/flow_testing.h"
#include "mod/result/result.h"

#define DAY_US (INT64_C(86400) * 1000000)

TEST(figures_only_read)
{
    for (size_t i = 0; i < statistics_queries_count; i++)
        EXPECT(strncmp(statistics_queries[i]->sql[DB_SQLITE], "SELECT", 6) == 0);
}

TEST(figures_never_name_an_inspector)
{
    for (size_t i = 0; i < statistics_queries_count; i++)
        for (int k = 0; k < statistics_queries[i]->out_count; k++)
            EXPECT(strstr(statistics_queries[i]->out[k].name, "inspector") == NULL);
    EXPECT_INT(statistics_load_query.out_count, 1); /* the load is a number without a person */
}

TEST(problems_are_the_codes_that_call_for_a_follow_up)
{
    EXPECT(statistics_is_problem(STR("[\"rectification\",\"not_disclosed\"]")) && statistics_is_problem(STR("[\"unqualified\"]")));
    EXPECT(!statistics_is_problem(STR("[\"qualified\"]")) && !statistics_is_problem(STR("[\"no_problem\"]")));
    EXPECT(!statistics_is_problem(STR("[\"no_activity\",\"cancelled\"]")) && !statistics_is_problem((struct str) {NULL, 0}));
}

static struct statistics_asked
year(struct str department, struct str region)
{
    struct statistics_asked a = {.department = department, .region = region};

    EXPECT(day_from_civil(2026, 1, 1, &a.from_day) == OK && day_from_civil(2026, 12, 31, &a.to_day) == OK);
    return a;
}
#define NONE ((struct str) {NULL, 0})

/* Four targets are drawn: the first has a published problem, the second a result that is overdue by now, the third was visited
 * without a result so far, the fourth waits. */
static struct str
worked(struct ctx *c)
{
    struct str task = flow_assigned(c), code[2] = {STR("rectification"), STR("no_problem")};
    struct visit_list_row *v;
    size_t n;

    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 10}, &v, &n), OK);
    EXPECT(n >= 4);
    for (int i = 0; i < 2; i++) {
        struct result_key k = {task, v[i].target, STR("G1")};
        struct result_entry r = {.key = k, .codes = {&code[i], 1}, .produced_day = day_of_us(c->now_us)};
        struct opt_i64 due;
        bool changed;

        EXPECT_INT(result_enter_paper(c, &r, &due), OK);
        if (i == 0) {
            EXPECT_INT(result_review(c, &k, true, NONE, &changed), OK);
            EXPECT_INT(result_publish(c, &k, &changed), OK);
            EXPECT(changed);
        }
    }
    EXPECT_INT(visit_submit(c, v[2].target, task, day_of_us(c->now_us), NONE, VISIT_END_SIGNED), OK);
    c->now_us += 60 * DAY_US;
    return task;
}

TEST_DB(an_empty_office_has_figures_of_nought_for_every_department)
{
    struct statistics s;
    struct statistics_asked a = year(NONE, NONE);

    flow_city(c);
    EXPECT_INT(statistics_read(c, &a, true, &s), OK);
    EXPECT_INT(s.departments.count, 2);
    EXPECT(s.total.targets == 0 && s.total.due == 0 && s.departments.v[0].n.results == 0);
    EXPECT_INT(s.month_count, 12);
}

TEST_DB(every_figure_follows_from_the_visits_and_results_and_units_keep_their_order)
{
    struct statistics s;
    struct statistics_asked a = year(NONE, NONE);

    worked(c);
    EXPECT_INT(statistics_read(c, &a, true, &s), OK);
    EXPECT_INT(s.total.targets, FLOW_TARGETS);
    EXPECT_INT(s.total.drawn, s.total.due);
    EXPECT_INT(s.total.checked, 3);
    EXPECT(s.total.results == 2 && s.total.published == 1 && s.total.in_time == 1 && s.total.late == 0);
    EXPECT(s.total.overdue == 1 && s.total.waiting == 0 && s.total.withheld == 0 && s.total.problems == 1);
    EXPECT(s.total.shown == 1 && s.total.ended == 0); /* its problem is to be followed up */
    EXPECT_INT(s.total.planned, 0);                   /* ad hoc */
    EXPECT(s.counties.count == 2 && s.counties.v[0].n.drawn + s.counties.v[1].n.drawn == s.total.drawn);
    EXPECT(s.items.count == 1 && s.items.v[0].n.problems == 1);
    EXPECT(s.inspectors == 12 && s.places > 0);
    EXPECT(str_eq(s.departments.v[0].code, STR("scjgj")) && str_eq(s.departments.v[1].code, STR("sthjj")));
    EXPECT(str_cmp(s.counties.v[0].code, s.counties.v[1].code) < 0); /* whatever they found */
    EXPECT(s.months[2].checked == 3 && s.months[2].drawn == s.total.drawn && s.months[2].published == 1);
}

TEST_DB(behind_a_figure_are_exactly_its_rows_page_by_page)
{
    struct statistics s;
    struct statistics_asked a = year(NONE, NONE);

    worked(c);
    EXPECT_INT(statistics_read(c, &a, true, &s), OK);
    for (int kind = 0; kind < STATISTICS_KIND_COUNT; kind++) {
        int64_t want[STATISTICS_KIND_COUNT] = {s.total.drawn,     s.total.due,     s.total.checked, s.total.due - s.total.checked,
                                               s.total.joint,     s.total.planned, s.total.results, s.total.published,
                                               s.total.in_time,   s.total.late,    s.total.overdue, s.total.waiting,
                                               s.total.withheld,  s.total.problems};
        struct statistics_filter f = {.kind = (enum statistics_kind) kind, .limit = 1};
        struct statistics_row *rows;
        int64_t seen = 0;
        bool more = true;

        while (more && seen <= want[kind]) {
            size_t n;

            EXPECT_INT(statistics_rows(c, &a, &f, &rows, &n, &more), OK);
            seen += (int64_t) n;
            if (n > 0)
                f.after = rows[n - 1].target;
        }
        EXPECT_INT(seen, want[kind]);
    }
}

TEST_DB(figures_keep_to_the_row_scope_and_to_the_right_to_see_risk_classes)
{
    struct statistics all, part, other;
    struct statistics_asked a = year(NONE, NONE), foreign = year(STR("sthjj"), NONE);

    worked(c);
    EXPECT_INT(statistics_read(c, &a, false, &all), OK);
    EXPECT_INT(all.classes.count, 0);
    EXPECT_INT(statistics_read(c, &a, true, &all), OK);
    EXPECT_INT(all.classes.count, 4);
    c->region = STR("411502");
    EXPECT_INT(statistics_read(c, &a, true, &part), OK);
    EXPECT(part.total.targets > 0 && part.total.targets < all.total.targets && part.counties.count == 1);
    c->region = STR("411525");
    EXPECT_INT(statistics_read(c, &a, true, &other), OK);
    EXPECT_INT(part.total.due + other.total.due, all.total.due);
    c->region = NONE;
    c->department = STR("scjgj");
    EXPECT_INT(statistics_read(c, &a, true, &part), OK);
    EXPECT(part.departments.count == 1 && part.total.problems == 1);
    EXPECT_INT(statistics_read(c, &foreign, true, &part), ERR_NOT_FOUND);
}

TEST_DB(a_period_that_ends_before_it_begins_or_never_ends_is_refused)
{
    struct statistics s;
    struct statistics_asked back = {.from_day = 20000, .to_day = 19999}, long_one = {.from_day = 10000, .to_day = 20000};

    EXPECT_INT(statistics_read(c, &back, true, &s), ERR_RANGE);
    EXPECT_INT(statistics_read(c, &long_one, true, &s), ERR_RANGE);
}

TEST_MAIN(T(figures_only_read), T(figures_never_name_an_inspector), T(problems_are_the_codes_that_call_for_a_follow_up),
          T(an_empty_office_has_figures_of_nought_for_every_department),
          T(every_figure_follows_from_the_visits_and_results_and_units_keep_their_order),
          T(behind_a_figure_are_exactly_its_rows_page_by_page),
          T(figures_keep_to_the_row_scope_and_to_the_right_to_see_risk_classes),
          T(a_period_that_ends_before_it_begins_or_never_ends_is_refused))
