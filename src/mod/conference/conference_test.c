/* A joint plan passes its conference: on the agenda, opinions of those who take part, a decision, minutes. */
#include "mod/conference/conference.h"

#include "mod/flow_testing.h"
#include "mod/plan/plan.h"

static const char PLAN[] =
    "{\"year\":2026,\"name\":\"联合计划\",\"lead\":\"scjgj\",\"lines\":[{\"name\":\"x\",\"items\":[\"G1\"],\"scope\":{},"
    "\"strata\":{\"strata\":[{\"ratio_bp\":300}]},\"from\":\"2026-03-01\",\"to\":\"2026-12-31\","
    "\"participants\":[\"scjgj\",\"sthjj\"]}]}";
static const struct str NONE = {0};

static struct str
approved_plan(struct ctx *c)
{
    struct str code = {0};

    EXPECT(plan_create(c, STR("411500"), str_of(PLAN), &code) == OK);
    EXPECT(plan_advance(c, code, PLAN_APPROVED, NONE, NONE) == OK);
    return code;
}

static int64_t
meeting(struct ctx *c)
{
    int64_t id = 0;

    EXPECT(conference_open(c, &(struct conference_opening){STR("411500"), STR("第一次联席会议"), NONE, 20500}, &id) == OK);
    return id;
}

static const char *
state_of(struct ctx *c, struct str plan)
{
    struct plan_get_row row;

    EXPECT(plan_get(c->db, c->arena, &(struct plan_get_in){plan}, &row) == OK);
    return row.state.p;
}

TEST_DB(a_plan_is_adopted_after_its_departments_have_spoken)
{
    struct str plan;
    int64_t id;

    flow_city(c);
    plan = approved_plan(c);
    id = meeting(c);
    EXPECT(conference_add(c, id, plan) == OK);
    EXPECT_STR(state_of(c, plan), "conference");
    EXPECT(conference_add(c, id, plan) != OK);
    EXPECT(conference_say(c, id, plan, STR("sthjj"), STR("amend"), NONE) == ERR_INPUT);
    EXPECT(conference_say(c, id, plan, STR("sthjj"), STR("amend"), STR("时间错开汛期")) == OK);
    EXPECT(conference_say(c, id, plan, STR("sthjj"), STR("agree"), NONE) == OK);
    EXPECT(conference_say(c, id, plan, STR("swj"), STR("agree"), NONE) == ERR_PERMISSION);
    EXPECT(conference_close(c, id, STR("纪要")) == ERR_STATE);
    EXPECT(conference_decide(c, id, plan, true, NONE) == OK);
    EXPECT_STR(state_of(c, plan), "adopted");
    EXPECT(conference_decide(c, id, plan, true, NONE) == ERR_STATE);
    EXPECT(conference_say(c, id, plan, STR("sthjj"), STR("agree"), NONE) == ERR_STATE);
    EXPECT(conference_close(c, id, STR(" ")) == ERR_INPUT);
    EXPECT(conference_close(c, id, STR("纪要")) == OK);
    EXPECT(conference_close(c, id, STR("纪要")) == ERR_STATE);
}

TEST_DB(a_plan_is_returned_with_an_opinion_and_comes_again)
{
    struct str plan;
    struct conference_opinion_list_row *opinions;
    size_t count;
    int64_t id, again;

    flow_city(c);
    plan = approved_plan(c);
    id = meeting(c);
    EXPECT(conference_add(c, id, plan) == OK);
    EXPECT(conference_say(c, id, plan, STR("scjgj"), STR("agree"), NONE) == OK);
    EXPECT(conference_decide(c, id, plan, false, STR("")) == ERR_INPUT);
    EXPECT(conference_decide(c, id, plan, false, STR("比例过高")) == OK);
    EXPECT_STR(state_of(c, plan), "draft");
    EXPECT(conference_opinion_list(c->db, c->arena, &(struct conference_opinion_list_in){id}, &opinions, &count) == OK);
    EXPECT_INT(count, 1);
    EXPECT(plan_advance(c, plan, PLAN_APPROVED, NONE, NONE) == OK);
    again = meeting(c);
    EXPECT(conference_add(c, again, plan) == OK);
}

TEST_DB(each_level_has_its_own_conference)
{
    struct str plan;
    int64_t id = 0;

    flow_city(c);
    plan = approved_plan(c);
    EXPECT(conference_open(c, &(struct conference_opening){STR("411525"), STR("固始县联席会议"), NONE, 20500}, &id) == OK);
    EXPECT(conference_add(c, id, plan) == ERR_REGION);
    EXPECT_STR(state_of(c, plan), "approved");
    c->region = STR("411526");
    EXPECT(conference_open(c, &(struct conference_opening){STR("411525"), STR("x"), NONE, 20500}, &id) == ERR_REGION);
    EXPECT(conference_add(c, id, plan) == ERR_NOT_FOUND);
}

TEST_DB(a_meeting_is_moved_by_one_at_a_time)
{
    struct conference_get_row m;
    int64_t id;

    flow_city(c);
    id = meeting(c);
    EXPECT(conference_move(c, id, 1, &(struct conference_opening){NONE, STR("改期"), STR("三楼会议室"), 20510}) == OK);
    EXPECT(conference_move(c, id, 1, &(struct conference_opening){NONE, STR("改期"), NONE, 20511}) == ERR_CONFLICT);
    EXPECT(conference_see(c, id, &m) == OK);
    EXPECT_INT(m.held_day, 20510);
    EXPECT(conference_see(c, id + 1, &m) == ERR_NOT_FOUND);
}

TEST_MAIN(T(a_plan_is_adopted_after_its_departments_have_spoken), T(a_plan_is_returned_with_an_opinion_and_comes_again),
          T(each_level_has_its_own_conference), T(a_meeting_is_moved_by_one_at_a_time))
