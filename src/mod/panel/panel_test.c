/* Experts are frozen before the seed, drawn once from it, and kept from targets they have a conflict with. */
#include "mod/panel/panel.h"

#include <stdio.h>
#include <unistd.h>

#include "core/calendar.h"
#include "mod/expert/expert.h"
#include "mod/flow_testing.h"

static void
put_expert(struct ctx *c, const char *code, const char *conflicts, const char *specialty)
{
    EXPECT_INT(expert_put(c->db, &(struct expert_put_in) {.code = str_of(code),
                                                          .name = STR("专家"),
                                                          .conflicts = str_of(conflicts),
                                                          .specialty = str_of(specialty),
                                                          .state = STR("active"),
                                                          .updated_us = 1}), OK);
}

static struct str
sealed_task(struct ctx *c)
{
    struct str task;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    task = flow_task(c, FLOW_TASK);
    flow_draw(c, task, false, DRAWING_SEALED);
    return task;
}

static void
finish(struct ctx *c, struct str task)
{
    struct draw_env env = draw_env_serial();
    struct drawing_drawn drawn;

    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(drawing_run(c, task, &env, &drawn), OK);
}

/* All targets, as a JSON array: an expert that has a conflict with each. */
static const char *
all_targets(char *text, size_t size)
{
    struct buf b = buf_over(text, size);

    buf_z(&b, "[");
    for (int i = 0; i < FLOW_TARGETS; i++) {
        char one[24];

        snprintf(one, sizeof one, "%s\"T%07d\"", i == 0 ? "" : ",", i);
        buf_z(&b, one);
    }
    buf_z(&b, "]");
    buf_add(&b, "", 1);
    EXPECT(!b.overflow);
    return text;
}

TEST_DB(every_target_gets_its_experts_and_conflicts_are_kept)
{
    char conflicts[2048];
    struct str task = sealed_task(c);
    struct panel_frozen frozen;
    struct panel_outcome out, again;
    struct drawing_target_list_row *targets;
    size_t count, target_count;

    put_expert(c, "ZJ-1", NULL, NULL);
    put_expert(c, "ZJ-2", NULL, NULL);
    put_expert(c, "ZJ-3", NULL, NULL);
    put_expert(c, "ZJ-4", all_targets(conflicts, sizeof conflicts), NULL);
    EXPECT_INT(panel_freeze(c, task, 2, (struct str) {0}, &frozen), OK);
    EXPECT_INT(frozen.expert_count, 4);
    EXPECT_INT(frozen.conflict_count, FLOW_TARGETS);
    finish(c, task);
    EXPECT_INT(panel_draw(c, task, &out), OK);
    EXPECT_INT(out.target_count, 4);
    EXPECT_INT(out.expert_count, 8);
    EXPECT_INT(out.short_count, 0);
    EXPECT_INT(drawing_target_list(c->db, c->arena, &(struct drawing_target_list_in) {out.key.draw, 1}, &targets, &target_count), OK);
    for (size_t i = 0; i < target_count; i++) {
        struct panel_expert_list_row *rows;

        EXPECT_INT(panel_expert_list(c->db, c->arena, &(struct panel_expert_list_in) {targets[i].target, out.key.draw, 1}, &rows, &count), OK);
        EXPECT_INT(count, 2);
        EXPECT(!str_eq(rows[0].expert, rows[1].expert));
        EXPECT(!str_eq(rows[0].expert, STR("ZJ-4")) && !str_eq(rows[1].expert, STR("ZJ-4")));
    }
    EXPECT_INT(panel_draw(c, task, &again), OK);
    EXPECT(again.again && str_eq(again.digest, out.digest));
    EXPECT_INT(again.expert_count, 8);
}

TEST_DB(where_all_have_a_conflict_nobody_is_named)
{
    char conflicts[2048];
    struct str task = sealed_task(c);
    struct panel_frozen frozen;
    struct panel_outcome out;

    put_expert(c, "ZJ-4", all_targets(conflicts, sizeof conflicts), NULL);
    EXPECT_INT(panel_freeze(c, task, 1, (struct str) {0}, &frozen), OK);
    finish(c, task);
    EXPECT_INT(panel_draw(c, task, &out), OK);
    EXPECT_INT(out.expert_count, 0);
    EXPECT_INT(out.short_count, 4);
}

TEST_DB(only_experts_under_contract_with_the_specialty_are_frozen)
{
    struct str task = sealed_task(c);
    struct panel_frozen frozen;

    put_expert(c, "ZJ-1", NULL, "[\"食品检验\"]");
    put_expert(c, "ZJ-2", NULL, "[\"特种设备\"]");
    EXPECT_INT(expert_put(c->db, &(struct expert_put_in) {.code = STR("ZJ-3"), .name = STR("专家"), .specialty = STR("[\"食品检验\"]"),
                                                          .contract_to_day = {true, day_of_us(c->now_us) - 1},
                                                          .state = STR("active"), .updated_us = 1}), OK);
    EXPECT_INT(panel_freeze(c, task, 1, STR("计量"), &frozen), ERR_MISSING);
    EXPECT_INT(panel_freeze(c, task, 1, STR("食品检验"), &frozen), OK);
    EXPECT_INT(frozen.expert_count, 1);
}

TEST_DB(experts_are_frozen_once_and_before_the_first_secret)
{
    struct str task = sealed_task(c);
    struct panel_frozen frozen;
    struct panel_outcome out;

    put_expert(c, "ZJ-1", NULL, NULL);
    EXPECT_INT(panel_freeze(c, task, 0, (struct str) {0}, &frozen), ERR_RANGE);
    EXPECT_INT(panel_freeze(c, task, 9, (struct str) {0}, &frozen), ERR_RANGE);
    EXPECT_INT(panel_draw(c, task, &out), ERR_STATE);
    EXPECT_INT(panel_freeze(c, task, 1, (struct str) {0}, &frozen), OK);
    EXPECT_INT(panel_freeze(c, task, 1, (struct str) {0}, &frozen), ERR_EXISTS);
    finish(c, task);
    EXPECT_INT(panel_freeze(c, task, 1, (struct str) {0}, &frozen), ERR_STATE);
}

TEST_DB(after_the_first_secret_it_is_too_late)
{
    struct str task = sealed_task(c);
    struct panel_frozen frozen;
    struct panel_outcome out;

    put_expert(c, "ZJ-1", NULL, NULL);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(panel_freeze(c, task, 1, (struct str) {0}, &frozen), ERR_STATE);
    EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(drawing_run(c, task, &(struct draw_env) {.runner = runner_serial(), .lanes = 1}, &(struct drawing_drawn) {0}), OK);
    EXPECT_INT(panel_draw(c, task, &out), ERR_STATE);
}

TEST_DB(an_altered_list_of_experts_is_noticed)
{
    struct str task = sealed_task(c);
    struct panel_frozen frozen;
    struct panel_outcome out;
    char path[FILE_PATH_BYTES];
    FILE *f;

    put_expert(c, "ZJ-1", NULL, NULL);
    EXPECT_INT(panel_freeze(c, task, 1, (struct str) {0}, &frozen), OK);
    finish(c, task);
    EXPECT_INT(drawing_path(c, frozen.key, PANEL_EXPERTS_FILE, path), OK);
    f = fopen(path, "a");
    EXPECT(f != NULL);
    fputs("avoid T0000000 ZJ-1\n", f);
    fclose(f);
    EXPECT_INT(panel_draw(c, task, &out), ERR_DIGEST);
}

TEST_MAIN(T(every_target_gets_its_experts_and_conflicts_are_kept), T(where_all_have_a_conflict_nobody_is_named),
          T(only_experts_under_contract_with_the_specialty_are_frozen),
          T(experts_are_frozen_once_and_before_the_first_secret), T(after_the_first_secret_it_is_too_late),
          T(an_altered_list_of_experts_is_noticed))
