/* Tasks come from a published plan or have a reason of their own. */
#include "mod/task/task.h"

#include <stdio.h>

#include "mod/flow_testing.h"
#include "mod/item/item.h"
#include "mod/plan/plan.h"

TEST(a_task_moves_only_along_its_table)
{
    for (int from = 0; from < TASK_STATE_COUNT; from++)
        for (int to = 0; to < TASK_STATE_COUNT; to++) {
            bool forward = to == from + 1;
            bool unnoticed = from == TASK_ASSIGNED && to == TASK_INSPECTING;
            bool voided =
                to == TASK_APPROVED && (from == TASK_SEALED || from == TASK_DRAWN || from == TASK_ASSIGNED);

            EXPECT(task_may_move((enum task_state) from, (enum task_state) to) ==
                   (forward || unnoticed || voided));
        }
    EXPECT(!task_may_move(TASK_STATE_COUNT, TASK_DRAFT));
}

TEST_DB(an_ad_hoc_task_is_created_and_approved_once)
{
    struct str code;
    struct task t;

    flow_city(c);
    EXPECT(task_create(c, STR("411500"), STR(FLOW_TASK), &code) == OK);
    EXPECT_STR(code.p, "411500202603020001");
    EXPECT(task_approve(c, code) == OK);
    EXPECT(task_approve(c, code) == ERR_STATE);
    EXPECT(task_load(c, code, &t) == OK);
    EXPECT_INT(t.state, TASK_APPROVED);
    EXPECT_INT(t.participants.count, 2);
    EXPECT_INT(t.sampling.strata[0].ratio_bp, 1000);
    EXPECT(task_create(c, STR("411500"), STR(FLOW_TASK), &code) == OK);
    EXPECT_STR(code.p, "411500202603020002");
}

static void
tagged_item(struct ctx *c, const char *code, const char *tags)
{
    EXPECT(item_put(c->db, &(struct item_put_in){.code = str_of(code), .version = 1, .state = STR("published"),
                                                 .name = str_of(code), .class = STR("KEY"), .domain = STR("食品"),
                                                 .track = STR("random"), .department = STR("scjgj"),
                                                 .target_tags = str_of(tags)}) == OK);
}

static struct str
scope_of_items(struct ctx *c, const char *items)
{
    char json[1024];
    struct str code;
    struct task t;

    snprintf(json, sizeof json, "{\"adhoc_reason\":\"x\",\"name\":\"x\",\"items\":%s,\"strata\":{\"strata\":[{\"ratio_bp\":300}]},"
             "\"lead\":\"scjgj\",\"participants\":[\"scjgj\"],\"from\":\"2026-03-02\",\"to\":\"2026-06-30\"}", items);
    EXPECT_INT(task_create(c, STR("411500"), str_of(json), &code), OK);
    EXPECT_INT(task_load(c, code, &t), OK);
    return t.row.scope;
}

TEST_DB(without_a_scope_a_task_is_about_the_tags_of_its_items)
{
    flow_city(c);
    tagged_item(c, "F1", "[\"餐饮\",\"食品生产\"]");
    tagged_item(c, "F2", "[\"食品生产\",\"食品销售\"]");
    EXPECT_STR(scope_of_items(c, "[\"F1\"]").p, "{\"tags\":[\"餐饮\",\"食品生产\"]}");
    EXPECT_STR(scope_of_items(c, "[\"F1\",\"F2\"]").p, "{\"tags\":[\"餐饮\",\"食品生产\",\"食品销售\"]}");
    EXPECT_STR(scope_of_items(c, "[\"F1\",\"K1\"]").p, "{}"); /* K1 names none: it is about all */
}

TEST_DB(a_task_takes_the_terms_of_a_published_line_only)
{
    static const char PLAN[] = "{\"code\":\"P1\",\"year\":2026,\"name\":\"x\",\"lead\":\"scjgj\",\"lines\":[{"
                               "\"name\":\"年报\",\"items\":[\"G1\"],"
                               "\"scope\":{},\"strata\":{\"strata\":[{\"ratio_bp\":300}]},\"from\":\"2026-03-"
                               "01\",\"to\":\"2026-12-31\","
                               "\"participants\":[\"scjgj\"]}]}";
    static const char TASK[] = "{\"plan\":\"P1\",\"line\":1,\"from\":\"2026-04-01\"}";
    struct str plan, code;
    struct task t;

    flow_city(c);
    EXPECT(task_create(c, STR("411500"), str_of(TASK), &code) == ERR_NOT_FOUND);
    EXPECT(plan_create(c, STR("411500"), str_of(PLAN), &plan) == OK);
    EXPECT(task_create(c, STR("411500"), str_of(TASK), &code) == ERR_STATE);
    flow_plan(c, plan, PLAN_PUBLISHED);
    EXPECT(task_create(c, STR("411500"), str_of(TASK), &code) == OK);
    EXPECT(task_load(c, code, &t) == OK);
    EXPECT_STR(t.row.name.p, "年报");
    EXPECT(t.row.from_day > 20450);
    EXPECT(task_create(c, STR("411500"), STR("{\"plan\":\"P1\",\"line\":2}"), &code) == ERR_NOT_FOUND);
    EXPECT(task_create(c, STR("411500"), STR("{\"plan\":\"P1\",\"line\":1,\"to\":\"2027-01-01\"}"), &code) ==
           ERR_DATE);
    EXPECT(task_create(c, STR("411500"), STR("{\"plan\":\"P1\",\"line\":1,\"items\":[\"G1\"]}"), &code) ==
           ERR_INPUT);
}

TEST_DB(bad_tasks_are_refused)
{
    struct str code;

    flow_city(c);
    EXPECT(task_create(c, STR("411500"), STR("{\"name\":\"x\"}"), &code) ==
           ERR_INPUT); /* neither plan nor reason */
    EXPECT(task_create(c, STR("41150"), STR(FLOW_TASK), &code) == ERR_REGION);
    EXPECT(task_create(c, STR("411500"), STR("x"), &code) == ERR_SYNTAX);
    EXPECT(task_approve(c, STR("none")) == ERR_NOT_FOUND);
}

TEST_DB(a_task_whose_ratio_is_above_the_cap_or_whose_window_is_over_is_not_approved)
{
    struct str code;
    char text[sizeof FLOW_TASK];

    flow_city(c);
    memcpy(text, FLOW_TASK, sizeof text);
    memcpy(strstr(text, "\"ratio_bp\":1000"), "\"ratio_bp\":5000", 15);
    EXPECT(task_create(c, STR("411500"), str_of(text), &code) == OK);
    EXPECT(task_approve(c, code) == ERR_CAP);
    memcpy(text, FLOW_TASK, sizeof text);
    memcpy(strstr(text, "[\"G1\"]"), "[\"D1\"]", 6);
    EXPECT(task_create(c, STR("411500"), str_of(text), &code) == OK);
    EXPECT(task_approve(c, code) == ERR_STATE);
    EXPECT(task_create(c, STR("411500"), STR(FLOW_TASK), &code) == OK);
    c->now_us += INT64_C(400) * 86400 * 1000000;
    EXPECT(task_approve(c, code) == ERR_DATE);
}

TEST_DB(a_step_out_of_order_changes_nothing)
{
    struct str code;
    struct task t;

    flow_city(c);
    EXPECT(task_create(c, STR("411500"), STR(FLOW_TASK), &code) == OK);
    EXPECT(task_step(c, code, TASK_DRAFT, TASK_SEALED) == ERR_STATE);
    EXPECT(task_step(c, code, TASK_APPROVED, TASK_SEALED) == ERR_STATE);
    EXPECT(task_close(c, code) == ERR_STATE);
    EXPECT(task_load(c, code, &t) == OK);
    EXPECT_INT(t.state, TASK_DRAFT);
}

TEST_MAIN(T(without_a_scope_a_task_is_about_the_tags_of_its_items), T(a_task_moves_only_along_its_table), T(an_ad_hoc_task_is_created_and_approved_once),
          T(a_task_takes_the_terms_of_a_published_line_only), T(bad_tasks_are_refused),
          T(a_task_whose_ratio_is_above_the_cap_or_whose_window_is_over_is_not_approved),
          T(a_step_out_of_order_changes_nothing))
