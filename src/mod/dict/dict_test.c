/* Regions are found by code and by name, never by a guess. */
#include "mod/dict/dict.h"

#include "mod/testing.h"

static void
fill(struct ctx *c, struct dict *d)
{
    EXPECT(db_begin(c->db) == OK);
    EXPECT(dict_add_region(c, STR("410000"), STR("河南省"), (struct str){NULL, 0}) == OK);
    EXPECT(dict_add_region(c, STR("411500"), STR("信阳市"), STR("410000")) == OK);
    EXPECT(dict_add_region(c, STR("411523"), STR("新县"), STR("411500")) == OK);
    EXPECT(dict_add_region(c, STR("411525"), STR("固始县"), STR("411500")) == OK);
    EXPECT(dict_add_region(c, STR("110102"), STR("西城区"), (struct str){NULL, 0}) == OK);
    EXPECT(dict_add_region(c, STR("330102"), STR("西城区"), (struct str){NULL, 0}) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT(dict_load_regions(c, d) == OK);
}

TEST_DB(regions_are_found_by_code_and_by_name)
{
    struct dict d;
    bool ambiguous;

    fill(c, &d);
    EXPECT(d.count == 6 && dict_find(&d, STR("411525")) != NULL && dict_find(&d, STR("411599")) == NULL);
    EXPECT(str_eq(dict_find_name(&d, STR("信阳"), &ambiguous)->code, STR("411500")));
    EXPECT(str_eq(dict_find_name(&d, STR("新县"), &ambiguous)->code, STR("411523")));
    EXPECT(dict_find_name(&d, STR("新"), &ambiguous) == NULL && !ambiguous);
    EXPECT(dict_find_name(&d, STR("西城区"), &ambiguous) == NULL && ambiguous);
    EXPECT(dict_inside(&d, STR("411525"), STR("410000")) && dict_inside(&d, STR("411525"), STR("411525")));
    EXPECT(!dict_inside(&d, STR("411500"), STR("411525")) && !dict_inside(&d, STR("999999"), STR("410000")));
}

TEST_DB(malformed_codes_and_names_are_refused)
{
    EXPECT(dict_add_region(c, STR("4115x5"), STR("甲"), (struct str){NULL, 0}) == ERR_CHARSET);
    EXPECT(dict_add_region(c, STR("4"), STR("甲"), (struct str){NULL, 0}) == ERR_LENGTH);
    EXPECT(dict_add_region(c, STR("411525"), STR(""), (struct str){NULL, 0}) == ERR_LENGTH);
    EXPECT(dict_add_industry(c, STR("A0111"), STR("稻谷种植")) == OK);
    EXPECT(dict_add_industry(c, STR("Z01"), STR("甲")) == ERR_CHARSET);
    EXPECT(dict_add_industry(c, STR("A01111"), STR("甲")) == ERR_LENGTH);
}

TEST_MAIN(T(regions_are_found_by_code_and_by_name), T(malformed_codes_and_names_are_refused))
