/* Experts are accepted without losing what a register does not mention. */
#include "mod/expert/expert.h"

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

TEST_MAIN(T(an_expert_is_new_then_unchanged_then_changed), T(states_are_known_words))
