/* An item is never edited: what a list newly says is a further version. */
#include "mod/item/item.h"

#include "mod/testing.h"

static struct item_put_in
item(const char *name, enum item_state state)
{
    return (struct item_put_in){.code = STR("A1"),
                                .state = item_state_name(state),
                                .domain = STR("食品"),
                                .name = str_of(name),
                                .class = STR("GENERAL"),
                                .track = STR("random"),
                                .department = STR("scjgj"),
                                .cap_bp = {true, 500}};
}

static int64_t
revise(struct ctx *c, const struct item_put_in *say)
{
    int64_t version = -1;

    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, item_revise(c, say, &version)) == OK);
    return version;
}

TEST(moves_follow_the_table_for_every_pair_of_states)
{
    static const char ALLOWED[ITEM_STATE_COUNT][ITEM_STATE_COUNT + 1] = {"01001", "10101", "00011", "00101",
                                                                         "00000"};

    for (int from = 0; from < ITEM_STATE_COUNT; from++)
        for (int to = 0; to < ITEM_STATE_COUNT; to++)
            EXPECT(item_may_move((enum item_state) from, (enum item_state) to) == (ALLOWED[from][to] == '1'));
}

TEST_DB(a_changed_item_is_a_further_version_and_an_unchanged_one_is_not)
{
    struct item_put_in say = item("甲", ITEM_PUBLISHED);
    struct item_versions_row *v;
    struct item_current_row current;
    size_t count;

    EXPECT_INT(revise(c, &say), 1);
    EXPECT_INT(revise(c, &say), 0);
    say.cap_bp.set = false; /* silence keeps the cap */
    EXPECT_INT(revise(c, &say), 0);
    say.name = STR("乙");
    EXPECT_INT(revise(c, &say), 2);
    EXPECT(item_versions(c->db, c->arena, &(struct item_versions_in){STR("A1")}, &v, &count) == OK &&
           count == 2);
    EXPECT(str_eq(v[0].state, STR("retired")) && str_eq(v[0].name, STR("甲")) &&
           str_eq(v[1].state, STR("published")));
    EXPECT(item_current(c->db, c->arena, &(struct item_current_in){STR("A1")}, &current) == OK);
    EXPECT(current.version == 2 && current.cap_bp.v == 500);
}

TEST_DB(a_draft_leaves_the_published_version_in_force_until_it_is_published)
{
    struct item_put_in say = item("甲", ITEM_PUBLISHED), draft = item("乙", ITEM_DRAFT);
    struct item_current_row current;

    EXPECT_INT(revise(c, &say), 1);
    EXPECT_INT(revise(c, &draft), 2);
    EXPECT(item_current(c->db, c->arena, &(struct item_current_in){STR("A1")}, &current) == OK &&
           current.version == 1);
    EXPECT(item_move(c, STR("A1"), ITEM_PUBLISHED, STR("")) == ERR_STATE); /* not without legal review */
    EXPECT(item_move(c, STR("A1"), ITEM_LEGAL_REVIEW, STR("送审")) == OK);
    EXPECT(item_move(c, STR("A1"), ITEM_PUBLISHED, STR("公布")) == OK);
    EXPECT(item_current(c->db, c->arena, &(struct item_current_in){STR("A1")}, &current) == OK &&
           current.version == 2);
    EXPECT(item_move(c, STR("A1"), ITEM_SUSPENDED, STR("暂停")) == OK);
    EXPECT(item_current(c->db, c->arena, &(struct item_current_in){STR("A1")}, &current) == ERR_NOT_FOUND);
}

TEST_DB(retired_items_and_unknown_codes_are_refused)
{
    struct item_put_in say = item("甲", ITEM_PUBLISHED);
    int64_t version;

    EXPECT_INT(revise(c, &say), 1);
    EXPECT(item_move(c, STR("A1"), ITEM_RETIRED, STR("法规废止")) == OK);
    say.name = STR("乙");
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, item_revise(c, &say, &version)) == ERR_STATE);
    EXPECT(item_move(c, STR("B"), ITEM_RETIRED, STR("")) == ERR_NOT_FOUND);
    say.state = STR("retired");
    EXPECT(item_revise(c, &say, &version) == ERR_INPUT);
}

TEST(words_of_lists_become_ids)
{
    EXPECT(str_eq(item_class(STR("重点检查事项")), STR("KEY")) && item_class(STR("x")).p == NULL);
    EXPECT(str_eq(item_method(STR("现场检查")), STR("on_site")) && item_method(STR("x")).p == NULL);
    EXPECT(str_eq(item_track(STR("无事不扰")), STR("undisturbed")));
}

TEST_MAIN(T(moves_follow_the_table_for_every_pair_of_states),
          T(a_changed_item_is_a_further_version_and_an_unchanged_one_is_not),
          T(a_draft_leaves_the_published_version_in_force_until_it_is_published),
          T(retired_items_and_unknown_codes_are_refused), T(words_of_lists_become_ids))
