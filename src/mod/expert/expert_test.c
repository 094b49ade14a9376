/* Experts are accepted without losing what a register does not mention. */
#include "mod/expert/expert.h"

#include "mod/org/org.h"
#include "mod/testing.h"

static enum expert_effect
accept(struct ctx *c, const struct expert_put_in *say, bool dry_run)
{
    enum expert_effect effect = EXPERT_UNCHANGED;

    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, expert_accept(c, say, dry_run, &effect)) == OK);
    return effect;
}

TEST_DB(an_expert_is_new_then_unchanged_then_changed)
{
    struct expert_put_in say = {
        .code = STR("ZJ-1"), .name = STR("专家-0001"), .organisation = STR("检测所"), .updated_us = 1};
    struct expert_get_row row;

    EXPECT(accept(c, &say, true) == EXPERT_NEW);
    EXPECT(expert_get(c->db, c->arena, &(struct expert_get_in){say.code}, &row) == ERR_NOT_FOUND);
    EXPECT(accept(c, &say, false) == EXPERT_NEW);
    say.organisation = (struct str){NULL, 0};
    EXPECT(accept(c, &say, false) == EXPERT_UNCHANGED);
    say.contract_to_day = (struct opt_i64){true, 21000};
    EXPECT(accept(c, &say, false) == EXPERT_CHANGED);
    EXPECT(expert_get(c->db, c->arena, &(struct expert_get_in){say.code}, &row) == OK);
    EXPECT(str_eq(row.organisation, STR("检测所")) && row.contract_to_day.v == 21000 &&
           str_eq(row.state, STR("active")));
}

TEST(states_are_known_words)
{
    EXPECT(str_eq(expert_state(STR("在聘")), STR("active")) &&
           str_eq(expert_state(STR("离任")), STR("left")));
    EXPECT(expert_state(STR("?")).p == NULL);
}

static enum err
open_one(struct ctx *c, const char *code, struct str department, const char **field)
{
    struct expert_change change = {.row = {.code = str_of(code),
                                           .name = STR("专家-0001"),
                                           .department = department,
                                           .specialty = STR("[\"特种设备\"]"),
                                           .contract_from_day = {true, 20000},
                                           .contract_to_day = {true, 21000},
                                           .updated_us = 1},
                                   .said = EXPERT_DEPARTMENT | EXPERT_SPECIALTY | EXPERT_CONTRACT_FROM | EXPERT_CONTRACT_TO};

    EXPECT(org_add(c, STR("scjgj"), STR("市场监管局"), 0) == OK);
    return expert_open(c, &change, field);
}

static struct expert_get_row
now(struct ctx *c, const char *code)
{
    struct expert_get_row row = {0};

    EXPECT(expert_get(c->db, c->arena, &(struct expert_get_in){str_of(code)}, &row) == OK);
    return row;
}

TEST_DB(an_edit_changes_what_is_said_and_clears_what_is_said_to_be_nothing)
{
    struct expert_change change = {.row = {.code = STR("ZJ-1"), .conflicts = STR("[\"P-1\"]"), .updated_us = 2},
                                   .said = EXPERT_SPECIALTY | EXPERT_CONTRACT_TO | EXPERT_CONFLICTS};
    const char *field;

    EXPECT(open_one(c, "ZJ-1", STR("scjgj"), &field) == OK);
    EXPECT(open_one(c, "ZJ-1", STR("scjgj"), &field) == ERR_EXISTS);
    EXPECT(expert_edit(c, 1, &change, &field) == OK);
    EXPECT(now(c, "ZJ-1").specialty.p == NULL && !now(c, "ZJ-1").contract_to_day.set);
    EXPECT(now(c, "ZJ-1").contract_from_day.v == 20000 && str_eq(now(c, "ZJ-1").conflicts, STR("[\"P-1\"]")));
    EXPECT(expert_edit(c, 1, &change, &field) == ERR_CONFLICT);
    EXPECT(expert_edit(c, 2, &change, &field) == OK && now(c, "ZJ-1").row_version == 2);
}

TEST_DB(wrong_fields_of_an_expert_are_named)
{
    struct expert_change change = {.row = {.code = STR("ZJ-1"), .conflicts = STR("[\"nothing\"]")}, .said = EXPERT_CONFLICTS};
    const char *field;

    EXPECT(open_one(c, "Z J", STR("scjgj"), &field) == ERR_CHARSET);
    EXPECT_STR(field, "code");
    EXPECT(open_one(c, "ZJ-1", STR("nobody"), &field) == ERR_INPUT);
    EXPECT_STR(field, "department");
    EXPECT(open_one(c, "ZJ-1", STR("scjgj"), &field) == OK);
    EXPECT(expert_edit(c, 1, &change, &field) != OK);
    EXPECT_STR(field, "conflicts");
    change = (struct expert_change){.row = {.code = STR("ZJ-1"), .contract_to_day = {true, 19000}}, .said = EXPERT_CONTRACT_TO};
    EXPECT(expert_edit(c, 1, &change, &field) == ERR_ORDER);
    change = (struct expert_change){.row = {.code = STR("ZJ-1")}, .said = EXPERT_NAME};
    EXPECT(expert_edit(c, 1, &change, &field) == ERR_LENGTH);
    change = (struct expert_change){.row = {.code = STR("ZJ-1")}, .person = {.id_said = true, .id_no = STR("1")}};
    EXPECT(expert_edit(c, 1, &change, &field) == ERR_LENGTH);
    EXPECT_STR(field, "id_no");
    EXPECT_INT(now(c, "ZJ-1").row_version, 1);
}

TEST_DB(shared_experts_are_seen_by_all_and_changed_by_those_of_all_departments)
{
    struct expert_change change = {.row = {.code = STR("ZJ-2"), .name = STR("新名")}, .said = EXPERT_NAME};
    struct expert_get_row row;
    struct person_plain plain;
    const char *field;

    EXPECT(open_one(c, "ZJ-1", STR("scjgj"), &field) == OK && open_one(c, "ZJ-2", (struct str){NULL, 0}, &field) == OK);
    c->department = STR("sthjj");
    EXPECT(expert_see(c, STR("ZJ-1"), &row) == ERR_NOT_FOUND && expert_see(c, STR("ZJ-2"), &row) == OK);
    EXPECT(expert_edit(c, 1, &change, &field) == ERR_PERMISSION);
    EXPECT(expert_move(c, 1, STR("ZJ-2"), STR("left"), STR("x")) == ERR_PERMISSION);
    EXPECT(expert_move(c, 1, STR("ZJ-1"), STR("left"), STR("x")) == ERR_NOT_FOUND);
    EXPECT(expert_reveal(c, STR("ZJ-1"), STR("x"), &plain) == ERR_NOT_FOUND);
    EXPECT(open_one(c, "ZJ-3", STR("scjgj"), &field) == ERR_PERMISSION);
    c->department = (struct str){NULL, 0};
    EXPECT(expert_edit(c, 1, &change, &field) == OK);
}

TEST_DB(an_expert_leaves_and_comes_back_with_a_reason)
{
    const char *field;

    EXPECT(open_one(c, "ZJ-1", STR("scjgj"), &field) == OK);
    EXPECT(expert_move(c, 1, STR("ZJ-1"), STR("left"), (struct str){NULL, 0}) == ERR_LENGTH);
    EXPECT(expert_move(c, 1, STR("ZJ-1"), STR("asleep"), STR("x")) == ERR_INPUT);
    EXPECT(expert_move(c, 1, STR("ZJ-1"), STR("active"), STR("x")) == ERR_STATE);
    EXPECT(expert_move(c, 1, STR("ZJ-1"), STR("left"), STR("聘期届满")) == OK);
    EXPECT(expert_move(c, 1, STR("ZJ-1"), STR("active"), STR("x")) == ERR_CONFLICT);
    EXPECT(expert_move(c, 2, STR("ZJ-1"), STR("active"), STR("续聘")) == OK);
}

TEST_DB(contracts_near_their_end_are_counted)
{
    struct expert_ending_count_row n;
    const char *field;

    EXPECT(open_one(c, "ZJ-1", STR("scjgj"), &field) == OK);
    EXPECT(expert_ending_count(c->db, c->arena, &(struct expert_ending_count_in){20980, STR("scjgj"), {NULL, 0}, {NULL, 0}},
                               &n) == OK);
    EXPECT(n.over == 0 && n.week == 0 && n.month == 1 && n.quarter == 0);
    EXPECT(expert_ending_count(c->db, c->arena, &(struct expert_ending_count_in){20980, STR("sthjj"), {NULL, 0}, {NULL, 0}},
                               &n) == OK);
    EXPECT(n.month == 0);
}

TEST_MAIN(T(an_expert_is_new_then_unchanged_then_changed), T(states_are_known_words),
          T(an_edit_changes_what_is_said_and_clears_what_is_said_to_be_nothing), T(wrong_fields_of_an_expert_are_named),
          T(shared_experts_are_seen_by_all_and_changed_by_those_of_all_departments),
          T(an_expert_leaves_and_comes_back_with_a_reason), T(contracts_near_their_end_are_counted))
