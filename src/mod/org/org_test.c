/* Departments keep their bit for ever and share it with nobody. */
#include "mod/org/org.h"

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

TEST_MAIN(T(settings_have_plain_keys_and_short_values), T(a_department_is_found_by_its_code_and_may_be_renamed), T(a_bit_is_never_given_to_two_departments_nor_changed),
          T(bad_codes_names_and_bits_are_refused))
