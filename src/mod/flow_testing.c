/* mod/flow_testing.c - a small city for tests */
#include "mod/assignment/assignment.h"
#include "mod/flow_testing.h"

#include <stdio.h>

#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/org/org.h"
#include "mod/plan/plan.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "mod/workday/workday.h"

static void
item(struct ctx *c, const char *code, const char *state, const char *class, int64_t cap_bp)
{
    EXPECT(item_put(c->db, &(struct item_put_in){.code = str_of(code),
                                                 .version = 1,
                                                 .state = str_of(state),
                                                 .name = STR("公示信息检查"),
                                                 .class = str_of(class),
                                                 .domain = STR("公示信息"),
                                                 .track = STR("random"),
                                                 .department = STR("scjgj"),
                                                 .cap_bp = {cap_bp > 0, cap_bp}}) == OK);
}

void
flow_city(struct ctx *c)
{
    struct workday new_year[] = {{0, true, STR("元旦")}, {0, true, STR("元旦")}};

    EXPECT(org_add(c, STR("scjgj"), STR("市场监督管理局"), 0) == OK);
    EXPECT(org_add(c, STR("sthjj"), STR("生态环境局"), 1) == OK);
    item(c, "G1", "published", "GENERAL", 2000);
    item(c, "K1", "published", "KEY", 0);
    item(c, "D1", "draft", "GENERAL", 2000);
    EXPECT(day_from_civil(2026, 1, 1, &new_year[0].day) == OK);
    EXPECT(day_from_civil(2026, 1, 2, &new_year[1].day) == OK);
    EXPECT(workday_import(c, STR("2026-test"), new_year, 2) == OK);
}

void
flow_targets(struct ctx *c, int count)
{
    static const char CLASSES[] = "ABBCD";

    EXPECT(db_begin(c->db) == OK);
    for (int i = 0; i < count; i++) {
        char code[16];

        snprintf(code, sizeof code, "T%07d", i);
        EXPECT(target_insert(c->db,
                             &(struct target_insert_in){.code = str_of(code),
                                                        .kind = STR("entity"),
                                                        .updated_us = 1,
                                                        .name = STR("模拟企业"),
                                                        .entity_type = STR("enterprise"),
                                                        .region = i % 2 == 0 ? STR("411525") : STR("411502"),
                                                        .status = STR("active"),
                                                        .risk_class = {&CLASSES[i % 5], 1}}) == OK);
    }
    EXPECT(db_end(c->db, OK) == OK);
}

static void
person(struct ctx *c, const char *department, int number)
{
    char code[32];
    int64_t valid_to = 0;

    snprintf(code, sizeof code, "ZF-%s-%03d", department, number);
    EXPECT_INT(day_from_civil(2028, 1, 1, &valid_to), OK);
    EXPECT_INT(inspector_put(c->db, &(struct inspector_put_in) {.code = str_of(code),
                                                                .name = STR("检查员"),
                                                                .department = str_of(department),
                                                                .cap_count = 10,
                                                                .lead = 1,
                                                                .state = STR("active"),
                                                                .updated_us = 1}), OK);
    EXPECT_INT(inspector_certificate_put(c->db, &(struct inspector_certificate_put_in) {str_of(code), STR("national"),
                                                                                        str_of(code), {0}, valid_to}), OK);
}

void
flow_people(struct ctx *c, int count)
{
    for (int i = 1; i <= count; i++) {
        person(c, "scjgj", i);
        person(c, "sthjj", i);
    }
}

void
flow_plan(struct ctx *c, struct str code, int last)
{
    struct str digest, none = {0};

    for (int s = PLAN_APPROVED; s <= last; s++) {
        if (s == PLAN_FILED)
            EXPECT_INT(plan_attach(c, code, STR("备案报告.pdf"), STR("%PDF-"), &digest), OK);
        EXPECT_INT(plan_advance(c, code, (enum plan_state) s, none, STR("信政办〔2026〕1号")), OK);
    }
}

struct str
flow_task(struct ctx *c, const char *json)
{
    struct str code = {0};

    EXPECT_INT(task_create(c, STR("411500"), str_of(json), &code), OK);
    EXPECT_INT(task_approve(c, code), OK);
    return code;
}

struct drawing_key
flow_open(struct ctx *c, struct str task, bool beacons)
{
    static struct str parties[] = {{"sthjj", 5}, {"scjgj", 5}};
    static const struct drawing_beacon events[] = {{{"sports-dlt", 10}, {"26083", 5}}, {{"cwl-ssq", 7}, {"2026083", 7}}};
    struct drawing_opening o = {.task = task,
                                .parties = {parties, 2},
                                .beacons = events,
                                .beacon_count = beacons ? 2 : 0,
                                .min_parties = beacons ? 1 : 0};
    struct drawing_key k = {0};

    EXPECT_INT(drawing_open(c, &o, &k), OK);
    return k;
}

static void
secret_bytes(const char *party, unsigned char out[static DRAW_SECRET_BYTES])
{
    hash_of(HASH_SHA256, party, strlen(party), out);
}

struct str
flow_secret(struct ctx *c, const char *party)
{
    unsigned char secret[DRAW_SECRET_BYTES];
    char hex[2 * DRAW_SECRET_BYTES];

    secret_bytes(party, secret);
    hex_encode(secret, sizeof secret, hex);
    return str_copy(c->arena, (struct str) {hex, sizeof hex});
}

struct str
flow_commitment(struct ctx *c, struct drawing_key k, const char *party)
{
    unsigned char secret[DRAW_SECRET_BYTES], digest[HASH_LEN];
    char hex[HASH_HEX_LEN];

    secret_bytes(party, secret);
    draw_commitment(HASH_SHA256, k.draw, (uint32_t) k.attempt, str_of(party), secret, digest);
    hex_encode(digest, HASH_LEN, hex);
    return str_copy(c->arena, (struct str) {hex, sizeof hex});
}

struct drawing_key
flow_draw(struct ctx *c, struct str task, bool beacons, enum drawing_state state)
{
    struct draw_env env = draw_env_serial();
    struct drawing_sealed sealed;
    struct drawing_drawn drawn;
    struct drawing_key k = flow_open(c, task, beacons);

    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), flow_commitment(c, k, "scjgj")), OK);
    EXPECT_INT(drawing_commit(c, task, STR("sthjj"), flow_commitment(c, k, "sthjj")), OK);
    if (state >= DRAWING_SEALED)
        EXPECT_INT(drawing_seal(c, task, &env, &sealed), OK);
    if (state >= DRAWING_LOCKED) {
        EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
        EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
        EXPECT_INT(drawing_lock(c, task), OK);
    }
    if (state >= DRAWING_BEACON && beacons) {
        EXPECT_INT(drawing_beacon(c, task, STR("cwl-ssq"), FLOW_SSQ, (struct str) {0}), OK);
        EXPECT_INT(drawing_beacon(c, task, STR("sports-dlt"), FLOW_DLT, (struct str) {0}), OK);
    }
    if (state >= DRAWING_DRAWN)
        EXPECT_INT(drawing_run(c, task, &env, &drawn), OK);
    return k;
}

struct str
flow_assigned(struct ctx *c)
{
    struct draw_env env = draw_env_serial();
    struct assignment_frozen frozen;
    struct assignment_outcome out;
    struct drawing_drawn drawn;
    struct str task;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    flow_people(c, 6);
    task = flow_task(c, FLOW_TASK);
    flow_draw(c, task, false, DRAWING_SEALED);
    EXPECT_INT(assignment_freeze(c, task, &(struct assignment_rules) {.slack = 1}, &frozen), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(drawing_run(c, task, &env, &drawn), OK);
    EXPECT_INT(assignment_assign(c, task, &out), OK);
    EXPECT(out.feasible);
    return task;
}
