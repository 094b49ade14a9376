/* Visits of several tasks at one target go through one door, and are counted once. */
#include "mod/merging/merging.h"

#include <stdio.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/flow_testing.h"
#include "mod/inspector/inspector.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"

static const struct str NONE = {0};

static int64_t
day_of(const char *text)
{
    int64_t day = 0;

    EXPECT_INT(day_parse(str_of(text), &day), OK);
    return day;
}

/* An approved task of one department with its window; code as told. */
static void
task(struct ctx *c, const char *code, const char *department, const char *from, const char *to)
{
    char json[1024];
    struct str made;

    snprintf(json, sizeof json,
             "{\"code\":\"%s\",\"adhoc_reason\":\"x\",\"name\":\"%s\",\"items\":[\"K1\"],\"scope\":{},\"strata\":{\"by\":\"one\",\"strata\":"
             "[{\"label\":\"all\",\"ratio_bp\":1000}]},\"lead\":\"%s\",\"participants\":[{\"department\":\"%s\",\"places\":2}],"
             "\"from\":\"%s\",\"to\":\"%s\"}",
             code, code, department, department, from, to);
    EXPECT_INT(task_create(c, STR("411500"), str_of(json), &made), OK);
}

static void
open_at(struct ctx *c, const char *target, const char *code, uint64_t mask)
{
    EXPECT_INT(visit_open(c, &(struct visit_plan){str_of(target), str_of(code), str_of(code), 1, mask, NONE}), OK);
}

/* Two tasks meet at T0000000; a third, with a later window, too; T0000001 is visited by one alone. */
static void
city(struct ctx *c)
{
    flow_city(c);
    flow_targets(c, 3);
    task(c, "411500202603020001", "scjgj", "2026-03-02", "2026-04-30");
    task(c, "411500202603020002", "sthjj", "2026-03-16", "2026-03-31");
    task(c, "411500202603020003", "sthjj", "2026-06-01", "2026-06-30");
    open_at(c, "T0000000", "411500202603020001", 1);
    open_at(c, "T0000000", "411500202603020002", 2);
    open_at(c, "T0000000", "411500202603020003", 2);
    open_at(c, "T0000001", "411500202603020001", 1);
}

static size_t
propose(struct ctx *c, const char *code)
{
    size_t count = 99;

    EXPECT_INT(merging_propose(c, str_of(code), NONE, &count), OK);
    return count;
}

static struct merging_see_row
only(struct ctx *c)
{
    struct str state = NONE;
    struct merging_list_row *rows;
    struct merging_see_row m = {0};
    size_t count = 0;

    EXPECT_INT(merging_list(c->db, c->arena, &(struct merging_list_in){INT64_MAX, state, 10, {NONE, NONE}}, &rows, &count), OK);
    EXPECT_INT(count, 1);
    EXPECT_INT(merging_find(c, rows[0].id, &m), OK);
    return m;
}

TEST_DB(tasks_that_meet_at_a_target_are_proposed_as_one_visit)
{
    struct merging_see_row m;
    struct merging_departments_row *departments;
    size_t count = 0;

    city(c);
    EXPECT_INT(propose(c, "411500202603020001"), 1);
    EXPECT_INT(propose(c, "411500202603020002"), 0); /* it is proposed already */
    m = only(c);
    EXPECT_STR(m.target.p, "T0000000");
    EXPECT_STR(m.lead.p, "sthjj"); /* its window ends first */
    EXPECT_INT(m.visit_count, 2);  /* the third window has no day in common */
    EXPECT_INT(m.from_day, day_of("2026-03-16"));
    EXPECT_INT(m.to_day, day_of("2026-03-31"));
    EXPECT_INT(m.day.v, day_of("2026-03-16"));
    EXPECT_INT(merging_departments(c->db, c->arena, &(struct merging_departments_in){m.id}, &departments, &count), OK);
    EXPECT_INT(count, 2);
    EXPECT_INT(merging_propose(c, STR("none"), NONE, &count), ERR_NOT_FOUND);
}

static void
leave(struct ctx *c, const char *who, const char *from, const char *to)
{
    EXPECT_INT(inspector_leave_put(c->db, &(struct inspector_leave_put_in){str_of(who), day_of(from), day_of(to), NONE}), OK);
}

TEST_DB(the_day_avoids_leave_days_off_and_what_is_planned)
{
    struct merging_see_row m;
    struct merging_day *days;
    size_t count = 0;

    city(c);
    flow_people(c, 1);
    EXPECT_INT(assignment_put(c->db, &(struct assignment_put_in){STR("T0000000"), STR("411500202603020001"), 1, STR("scjgj"),
                                                                 STR("ZF-scjgj-001"), STR("member"), 0}), OK);
    leave(c, "ZF-scjgj-001", "2026-03-10", "2026-03-20");
    EXPECT_INT(propose(c, "411500202603020001"), 1);
    m = only(c);
    EXPECT_INT(m.day.v, day_of("2026-03-23")); /* the Monday after the leave */
    EXPECT_INT(merging_days(c, &m, &days, &count), OK);
    EXPECT_INT(count, 16);
    EXPECT_INT(days[0].away, 1);
    EXPECT(days[0].works && days[0].known);
    EXPECT(!days[5].works); /* Saturday */
    EXPECT_INT(days[7].planned, 1);
}

TEST_DB(two_doors_of_one_lead_get_two_days)
{
    struct merging_list_row *rows;
    size_t count = 0;

    city(c);
    open_at(c, "T0000001", "411500202603020002", 2);
    EXPECT_INT(propose(c, "411500202603020001"), 2);
    EXPECT_INT(merging_list(c->db, c->arena, &(struct merging_list_in){INT64_MAX, NONE, 10, {NONE, NONE}}, &rows, &count), OK);
    EXPECT_INT(count, 2);
    EXPECT_INT(rows[0].day.v, rows[1].day.v + 1);
}

TEST_DB(an_accepted_visit_is_one_door_and_counts_once)
{
    struct merging_see_row m;
    struct visit_together_row *together;
    struct target_get_row t;
    struct merging_counts_row *counts;
    size_t count = 0;

    city(c);
    EXPECT_INT(propose(c, "411500202603020001"), 1);
    m = only(c);
    EXPECT_INT(merging_accept(c, m.id, m.row_version, (struct opt_i64){true, day_of("2026-03-21")}), ERR_DATE); /* Saturday */
    EXPECT_INT(merging_accept(c, m.id, m.row_version, (struct opt_i64){true, day_of("2026-04-01")}), ERR_DATE);
    EXPECT_INT(merging_accept(c, m.id, m.row_version + 1, m.day), ERR_CONFLICT);
    EXPECT_INT(merging_accept(c, m.id, m.row_version, (struct opt_i64){true, day_of("2026-03-18")}), OK);
    EXPECT_INT(merging_accept(c, m.id, m.row_version, m.day), ERR_CONFLICT);
    EXPECT_INT(merging_accept(c, m.id, m.row_version + 1, m.day), ERR_STATE);
    EXPECT_INT(visit_together(c->db, c->arena, &(struct visit_together_in){STR("T0000000"), STR("411500202603020001")}, &together,
                              &count), OK);
    EXPECT_INT(count, 2);
    EXPECT_STR(together[1].task.p, "411500202603020002");
    c->now_us += INT64_C(20) * 86400 * 1000000;
    for (size_t i = 0; i < count; i++)
        EXPECT_INT(visit_submit(c, STR("T0000000"), together[i].task, day_of("2026-03-18"), NONE, VISIT_END_SIGNED), OK);
    EXPECT_INT(target_get(c->db, c->arena, &(struct target_get_in){STR("T0000000")}, &t), OK);
    EXPECT_INT(t.visits_year, 1);
    EXPECT_INT(visit_submit(c, STR("T0000000"), STR("411500202603020003"), day_of("2026-03-20"), NONE, VISIT_END_SIGNED), OK);
    EXPECT_INT(target_get(c->db, c->arena, &(struct target_get_in){STR("T0000000")}, &t), OK);
    EXPECT_INT(t.visits_year, 2);
    EXPECT_INT(merging_counts(c->db, c->arena, &(struct merging_counts_in){{NONE, NONE}}, &counts, &count), OK);
    EXPECT_INT(count, 1);
    EXPECT_INT(counts[0].saved, 1);
}

TEST_DB(a_refusal_has_a_reason_and_is_not_asked_again)
{
    struct merging_see_row m;

    city(c);
    EXPECT_INT(propose(c, "411500202603020001"), 1);
    m = only(c);
    EXPECT_INT(merging_decline(c, m.id, m.row_version, STR("  ")), ERR_INPUT);
    EXPECT_INT(merging_note_seen(c, m.id, STR("scjgj")), ERR_STATE);
    EXPECT_INT(merging_decline(c, m.id, m.row_version, STR("企业停产检修")), OK);
    EXPECT_INT(merging_note_seen(c, m.id, STR("scjgj")), OK);
    EXPECT_INT(merging_note_seen(c, m.id, STR("gaj")), ERR_NOT_FOUND);
    EXPECT_INT(propose(c, "411500202603020001"), 0);
    EXPECT_INT(propose(c, "411500202603020002"), 0);
}

TEST_DB(a_proposal_whose_visit_was_begun_lapses)
{
    struct merging_see_row m;

    city(c);
    EXPECT_INT(propose(c, "411500202603020001"), 1);
    m = only(c);
    EXPECT_INT(visit_step(c, STR("T0000000"), STR("411500202603020002"), VISIT_CHECKED_IN), OK);
    EXPECT_INT(merging_accept(c, m.id, m.row_version, m.day), ERR_STATE);
    EXPECT_INT(merging_find(c, m.id, &m), OK);
    EXPECT_STR(m.state.p, "proposed");
    EXPECT_INT(propose(c, "411500202603020001"), 0); /* 0001 and 0003 share no day */
}

TEST_DB(a_task_whose_window_is_over_does_not_hold_back_the_others)
{
    city(c);
    task(c, "411500202603020004", "scjgj", "2026-06-10", "2026-06-20");
    open_at(c, "T0000000", "411500202603020004", 1);
    c->now_us += INT64_C(95) * 86400 * 1000000; /* June: the first two are over */
    EXPECT_INT(propose(c, "411500202603020004"), 1);
    EXPECT_INT(only(c).visit_count, 2);
    EXPECT_STR(only(c).lead.p, "scjgj");
}

TEST_DB(a_department_that_takes_no_part_does_not_see_it)
{
    struct merging_see_row m;
    struct str all = c->department;

    city(c);
    EXPECT_INT(propose(c, "411500202603020001"), 1);
    m = only(c);
    c->department = STR("gaj");
    EXPECT_INT(merging_find(c, m.id, &m), ERR_NOT_FOUND);
    EXPECT_INT(merging_decline(c, m.id, m.row_version, STR("x")), ERR_NOT_FOUND);
    c->department = STR("scjgj");
    EXPECT_INT(merging_find(c, m.id, &m), OK);
    c->department = all;
    c->region = STR("411502");
    EXPECT_INT(merging_find(c, m.id, &m), ERR_NOT_FOUND); /* T0000000 lies in 411525 */
    c->region = all;
}

TEST_MAIN(T(tasks_that_meet_at_a_target_are_proposed_as_one_visit), T(the_day_avoids_leave_days_off_and_what_is_planned),
          T(two_doors_of_one_lead_get_two_days), T(an_accepted_visit_is_one_door_and_counts_once),
          T(a_refusal_has_a_reason_and_is_not_asked_again), T(a_proposal_whose_visit_was_begun_lapses),
          T(a_task_whose_window_is_over_does_not_hold_back_the_others), T(a_department_that_takes_no_part_does_not_see_it))
