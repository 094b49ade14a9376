/* Visits move along their table and count once. */
#include "mod/visit/visit.h"

#include "core/calendar.h"
#include "mod/flow_testing.h"
#include "mod/target/target.h"

TEST(a_visit_moves_only_along_its_table)
{
    static const struct {
        enum visit_state from, to;
    } MOVES[] = {{VISIT_ASSIGNED, VISIT_NOTICED},     {VISIT_ASSIGNED, VISIT_CHECKED_IN}, {VISIT_ASSIGNED, VISIT_RECORDED},
                 {VISIT_ASSIGNED, VISIT_UNREACHABLE}, {VISIT_NOTICED, VISIT_CHECKED_IN},  {VISIT_NOTICED, VISIT_RECORDED},
                 {VISIT_NOTICED, VISIT_UNREACHABLE},  {VISIT_CHECKED_IN, VISIT_RECORDED}, {VISIT_CHECKED_IN, VISIT_UNREACHABLE},
                 {VISIT_RECORDED, VISIT_SIGNED},      {VISIT_RECORDED, VISIT_REFUSED},    {VISIT_SIGNED, VISIT_SUBMITTED},
                 {VISIT_REFUSED, VISIT_SUBMITTED},    {VISIT_UNREACHABLE, VISIT_SUBMITTED}};

    for (int from = 0; from <= VISIT_STATE_COUNT; from++)
        for (int to = 0; to <= VISIT_STATE_COUNT; to++) {
            bool listed = false;

            for (size_t i = 0; i < sizeof MOVES / sizeof *MOVES; i++)
                listed |= (int) MOVES[i].from == from && (int) MOVES[i].to == to;
            EXPECT(visit_may_move((enum visit_state) from, (enum visit_state) to) == listed);
        }
}

static void
open_visit(struct ctx *c)
{
    flow_city(c);
    flow_targets(c, 1);
    EXPECT_INT(visit_open(c, &(struct visit_plan) {STR("T0000000"), STR("K"), STR("411500/2026/0001"), 1, 1, {0}}), OK);
}

TEST_DB(a_submitted_visit_counts_for_the_target_once_and_by_year)
{
    struct target_get_row t;
    int64_t today = day_of_us(c->now_us);

    open_visit(c);
    EXPECT_INT(visit_step(c, STR("T0000000"), STR("K"), VISIT_NOTICED), OK);
    EXPECT_INT(visit_step(c, STR("T0000000"), STR("K"), VISIT_NOTICED), ERR_STATE);
    EXPECT_INT(visit_submit(c, STR("T0000000"), STR("K"), today, (struct str) {0}, VISIT_END_REFUSED), OK);
    EXPECT_INT(visit_submit(c, STR("T0000000"), STR("K"), today, (struct str) {0}, VISIT_END_SIGNED), OK);
    EXPECT_INT(target_get(c->db, c->arena, &(struct target_get_in) {STR("T0000000")}, &t), OK);
    EXPECT_INT(t.visits_year, 1);
    EXPECT_INT(t.last_visit_day.v, today);
    EXPECT_INT(visit_open(c, &(struct visit_plan) {STR("T0000000"), STR("L"), STR("411500/2026/0002"), 1, 1, {0}}), OK);
    EXPECT_INT(visit_submit(c, STR("T0000000"), STR("L"), today, (struct str) {0}, VISIT_END_UNREACHABLE), OK);
    EXPECT_INT(target_get(c->db, c->arena, &(struct target_get_in) {STR("T0000000")}, &t), OK);
    EXPECT_INT(t.visits_year, 2);
}

TEST_DB(every_visit_has_a_code_of_its_own_that_finds_it)
{
    struct visit_of_row a, b;
    struct visit_get_row va, vb;
    struct visit_by_code_row found;

    open_visit(c);
    EXPECT_INT(visit_open(c, &(struct visit_plan) {STR("T0000000"), STR("L"), STR("411500/2026/0002"), 1, 1, {0}}), OK);
    EXPECT_INT(visit_of(c->db, c->arena, &(struct visit_of_in) {STR("T0000000"), STR("K")}, &a), OK);
    EXPECT_INT(visit_of(c->db, c->arena, &(struct visit_of_in) {STR("T0000000"), STR("L")}, &b), OK);
    EXPECT_INT(visit_get(c->db, c->arena, &(struct visit_get_in) {a.target, a.id}, &va), OK);
    EXPECT_INT(visit_get(c->db, c->arena, &(struct visit_get_in) {b.target, b.id}, &vb), OK);
    EXPECT_INT((int) va.code.n, VISIT_CODE_CHARS);
    EXPECT(!str_eq(va.code, vb.code));
    EXPECT_INT(visit_by_code(c->db, c->arena, &(struct visit_by_code_in) {vb.code}, &found), OK);
    EXPECT_INT(found.id, b.id);
    EXPECT(str_eq(found.task, STR("L")));
    EXPECT_INT(visit_by_code(c->db, c->arena, &(struct visit_by_code_in) {STR("0000000000000000")}, &found), ERR_NOT_FOUND);
}

TEST_DB(without_entropy_no_visit_is_opened)
{
    flow_city(c);
    flow_targets(c, 1);
    c->entropy = testing_no_entropy;
    EXPECT(visit_open(c, &(struct visit_plan) {STR("T0000000"), STR("K"), STR("411500/2026/0001"), 1, 1, {0}}) != OK);
}

TEST(a_code_is_read_as_people_type_it)
{
    char code[VISIT_CODE_CHARS + 1];

    EXPECT_INT(visit_code_parse(STR("0123-4567-89ab-cdef"), code), OK);
    EXPECT_STR(code, "0123456789ABCDEF");
    EXPECT_INT(visit_code_parse(STR("oil0 0000 0000 000z"), code), OK);
    EXPECT_STR(code, "011000000000000Z");
    EXPECT_INT(visit_code_parse(STR("0123456789ABCDE"), code), ERR_LENGTH);
    EXPECT_INT(visit_code_parse(STR("0123456789ABCDEFG"), code), ERR_LENGTH);
    EXPECT_INT(visit_code_parse(STR("0123456789ABCDEU"), code), ERR_CHARSET);
    EXPECT_INT(visit_code_parse(STR("0123456789ABCDE/"), code), ERR_CHARSET);
    EXPECT_INT(visit_code_parse((struct str) {0}, code), ERR_LENGTH);
}

TEST_DB(a_visit_in_the_future_or_to_nobody_is_refused)
{
    int64_t today = day_of_us(c->now_us);

    open_visit(c);
    EXPECT_INT(visit_submit(c, STR("T0000000"), STR("K"), today + 1, (struct str) {0}, VISIT_END_SIGNED), ERR_DATE);
    EXPECT_INT(visit_submit(c, STR("T0000001"), STR("K"), today, (struct str) {0}, VISIT_END_SIGNED), ERR_NOT_FOUND);
    EXPECT_INT(visit_step(c, STR("T0000000"), STR("K"), VISIT_SUBMITTED), ERR_STATE);
}

TEST_MAIN(T(every_visit_has_a_code_of_its_own_that_finds_it), T(without_entropy_no_visit_is_opened), T(a_code_is_read_as_people_type_it), T(a_visit_moves_only_along_its_table), T(a_submitted_visit_counts_for_the_target_once_and_by_year),
          T(a_visit_in_the_future_or_to_nobody_is_refused))
