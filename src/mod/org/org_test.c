/* Departments keep their bit for ever and share it with nobody. */
#include "mod/org/org.h"

#include "mod/dict/dict.h"
#include "mod/testing.h"

TEST_DB(a_department_is_found_by_its_code_and_may_be_renamed)
{
    unsigned bit = 99;
    struct org_department_get_row row;

    EXPECT(org_add(c, STR("scjgj"), STR("市场监督管理局"), 0) == OK);
    EXPECT(org_add(c, STR("sthjj"), STR("生态环境局"), 63) == OK);
    EXPECT(org_add(c, STR("scjgj"), STR("市场监管局"), 0) == OK);
    EXPECT(org_bit(c, STR("sthjj"), &bit) == OK);
    EXPECT_INT(bit, 63);
    EXPECT(org_department_get(c->db, c->arena, &(struct org_department_get_in) {STR("scjgj")}, &row) == OK);
    EXPECT(str_eq(row.name, STR("市场监管局")));
}

TEST_DB(a_bit_is_never_given_to_two_departments_nor_changed)
{
    EXPECT(org_add(c, STR("scjgj"), STR("市场监督管理局"), 0) == OK);
    EXPECT(org_add(c, STR("sthjj"), STR("生态环境局"), 0) == ERR_EXISTS);
    EXPECT(org_add(c, STR("scjgj"), STR("市场监督管理局"), 1) == ERR_STATE);
}

TEST_DB(bad_codes_names_and_bits_are_refused)
{
    unsigned bit = 99;

    EXPECT(org_add(c, STR("SCJGJ"), STR("x"), 0) == ERR_CHARSET);
    EXPECT(org_add(c, STR(""), STR("x"), 0) == ERR_CHARSET);
    EXPECT(org_add(c, STR("a-b"), STR("x"), 0) == ERR_CHARSET);
    EXPECT(org_add(c, STR("abcdefghijklmnopqrstuvwxyz0123456"), STR("x"), 0) == ERR_CHARSET);
    EXPECT(org_add(c, STR("a"), STR(""), 0) == ERR_LENGTH);
    EXPECT(org_add(c, STR("a"), STR("\xff"), 0) == ERR_LENGTH);
    EXPECT(org_add(c, STR("a"), STR("x"), 64) == ERR_RANGE);
    EXPECT(org_add(c, STR("a"), STR("x"), -1) == ERR_RANGE);
    EXPECT(org_bit(c, STR("a"), &bit) == ERR_NOT_FOUND);
    EXPECT_INT(bit, 99);
}

TEST_DB(settings_have_plain_keys_and_short_values)
{
    static char long_value[ORG_SETTING_MAX + 1];

    memset(long_value, 'x', sizeof long_value);
    EXPECT(org_set(c, STR("demo"), STR("1")) == OK && org_set(c, STR("demo"), STR("2")) == OK);
    EXPECT(org_set(c, STR("Demo"), STR("1")) == ERR_CHARSET);
    EXPECT(org_set(c, STR("demo"), STR("")) == ERR_LENGTH);
    EXPECT(org_set(c, STR("demo"), (struct str) {long_value, sizeof long_value}) == ERR_LENGTH);
}

static struct org_change
turn(const char *code, int64_t version, bool retired, const char *reason)
{
    return (struct org_change) {str_of(code), {NULL, 0}, *reason == '\0' ? (struct str) {NULL, 0} : str_of(reason), version, retired};
}

TEST_DB(a_new_department_gets_the_next_bit_and_a_retired_one_keeps_its_own)
{
    struct org_department_get_row row;
    struct org_change ch;

    EXPECT(org_add(c, STR("scjgj"), STR("市场监督管理局"), 7) == OK);
    EXPECT(org_new(c, STR("yyj"), STR("医药局")) == OK && org_new(c, STR("yyj"), STR("医药局")) == ERR_EXISTS);
    EXPECT(org_department_get(c->db, c->arena, &(struct org_department_get_in) {STR("yyj")}, &row) == OK);
    EXPECT(row.bit == 8 && !row.retired_us.set);
    ch = turn("yyj", row.row_version, true, "");
    EXPECT(org_change(c, &ch) == ERR_MISSING);
    ch.reason = STR("机构改革");
    EXPECT(org_change(c, &ch) == OK && org_change(c, &ch) == ERR_CONFLICT);
    EXPECT(org_new(c, STR("zjj"), STR("住建局")) == OK);
    EXPECT(org_department_get(c->db, c->arena, &(struct org_department_get_in) {STR("zjj")}, &row) == OK);
    EXPECT_INT(row.bit, 9);
    EXPECT(org_department_get(c->db, c->arena, &(struct org_department_get_in) {STR("yyj")}, &row) == OK);
    EXPECT(row.bit == 8 && row.retired_us.set);
    ch = turn("yyj", row.row_version, false, "恢复");
    EXPECT(org_change(c, &ch) == OK);
    EXPECT(org_add(c, STR("last"), STR("末位"), ORG_BIT_MAX) == OK && org_new(c, STR("more"), STR("再来")) == ERR_RANGE);
}

static enum err
unit(struct ctx *c, const char *code, const char *level, const char *parent, const char *region, const char *department)
{
    struct org_unit u = {str_of(code), STR("某机构"), str_of(level), {NULL, 0}, str_of(region), {NULL, 0}};

    if (*parent != '\0')
        u.parent = str_of(parent);
    if (*department != '\0')
        u.department = str_of(department);
    return org_unit_add(c, &u);
}

static void
regions(struct ctx *c)
{
    EXPECT(db_begin(c->db) == OK);
    EXPECT(dict_add_region(c, STR("410000"), STR("河南省"), (struct str) {NULL, 0}) == OK);
    EXPECT(dict_add_region(c, STR("411500"), STR("信阳市"), STR("410000")) == OK);
    EXPECT(dict_add_region(c, STR("411525"), STR("固始县"), STR("411500")) == OK);
    EXPECT(dict_add_region(c, STR("411525100"), STR("城关"), STR("411525")) == OK);
    EXPECT(dict_add_region(c, STR("411000"), STR("许昌市"), STR("410000")) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT(org_add(c, STR("scjgj"), STR("市场监督管理局"), 0) == OK);
}

TEST_DB(units_stand_below_units_of_a_higher_level_within_their_region)
{
    regions(c);
    EXPECT(unit(c, "sheng", "province", "", "410000", "scjgj") == OK);
    EXPECT(unit(c, "shi", "city", "sheng", "411500", "scjgj") == OK);
    EXPECT(unit(c, "xian", "county", "shi", "411525", "scjgj") == OK);
    EXPECT(unit(c, "suo", "station", "xian", "411525100", "scjgj") == OK);
    EXPECT(unit(c, "suo", "station", "xian", "411525100", "scjgj") == ERR_EXISTS);
    EXPECT(unit(c, "a", "county", "suo", "411525", "") == ERR_ORDER);
    EXPECT(unit(c, "a", "city", "shi", "411500", "") == ERR_ORDER);
    EXPECT(unit(c, "a", "city", "sheng", "411525", "") == ERR_REGION);
    EXPECT(unit(c, "a", "city", "", "410000", "") == ERR_REGION);
    EXPECT(unit(c, "xuchang", "city", "sheng", "411000", "") == OK);
    EXPECT(unit(c, "a", "county", "xuchang", "411525", "") == ERR_REGION);
    EXPECT(unit(c, "a", "county", "nobody", "411525", "") == ERR_NOT_FOUND);
    EXPECT(unit(c, "a", "county", "shi", "411525", "nobody") == ERR_NOT_FOUND);
    EXPECT(unit(c, "a", "village", "shi", "411525", "") == ERR_INPUT);
}

TEST_DB(a_retired_unit_takes_no_further_units_and_comes_back_with_a_reason)
{
    struct org_change ch = turn("shi", 1, true, "合并");

    regions(c);
    EXPECT(unit(c, "shi", "city", "", "411500", "") == OK);
    EXPECT(org_unit_alter(c, &ch) == OK && org_unit_alter(c, &ch) == ERR_CONFLICT);
    EXPECT(unit(c, "xian", "county", "shi", "411525", "") == ERR_ORDER);
    ch = turn("shi", 2, false, "恢复");
    ch.name = STR("信阳市局");
    EXPECT(org_unit_alter(c, &ch) == OK && unit(c, "xian", "county", "shi", "411525", "") == OK);
    ch = turn("nobody", 1, true, "x");
    EXPECT(org_unit_alter(c, &ch) == ERR_NOT_FOUND);
}

TEST_MAIN(T(settings_have_plain_keys_and_short_values), T(a_department_is_found_by_its_code_and_may_be_renamed), T(a_bit_is_never_given_to_two_departments_nor_changed),
          T(bad_codes_names_and_bits_are_refused),
          T(a_new_department_gets_the_next_bit_and_a_retired_one_keeps_its_own),
          T(units_stand_below_units_of_a_higher_level_within_their_region),
          T(a_retired_unit_takes_no_further_units_and_comes_back_with_a_reason))
