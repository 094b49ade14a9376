/* mod/flow_testing.c - a small city for tests */
#include "mod/flow_testing.h"

#include <stdio.h>

#include "mod/item/item.h"
#include "mod/org/org.h"
#include "mod/target/target.h"
#include "mod/workday/workday.h"

static void
item(struct ctx *c, const char *code, const char *state, const char *class, int64_t cap_bp)
{
    EXPECT(item_put(c->db, &(struct item_put_in) {.code = str_of(code),
                                                  .version = 1,
                                                  .state = str_of(state),
                                                  .name = STR("公示信息检查"),
                                                  .class = str_of(class),
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
        EXPECT(target_put(c->db, &(struct target_put_in) {.code = str_of(code),
                                                          .name = STR("模拟企业"),
                                                          .entity_type = STR("enterprise"),
                                                          .region = i % 2 == 0 ? STR("411525") : STR("411502"),
                                                          .status = STR("active"),
                                                          .risk_class = {&CLASSES[i % 5], 1}}) == OK);
    }
    EXPECT(db_end(c->db, OK) == OK);
}
