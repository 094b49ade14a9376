/* mod/report/report_test.c - the public views only read, and never name what is not public */
#include "base/test.h"

#include "mod/report/report.h"
#include "mod/testing.h"

TEST(public_views_only_read)
{
    for (size_t i = 0; i < report_queries_count; i++)
        EXPECT(strncmp(report_queries[i]->sql[DB_SQLITE], "SELECT", 6) == 0);
}

/* What the office asks before it takes a row back: a number, 0 or 1, and nothing else. */
static bool
only_tells_whether(const struct db_query *q)
{
    return q->out_count == 1 && strcmp(q->out[0].name, "refers") == 0 && q->out[0].type == DB_I64;
}

TEST(public_views_never_name_what_is_secret)
{
    static const char *const SECRET[] = {"risk_",          "contact", "legal_rep", "FROM inspector",
                                         "JOIN inspector", "salt ",   "recusal"};

    for (size_t i = 0; i < report_queries_count; i++)
        for (size_t k = 0; !only_tells_whether(report_queries[i]) && k < sizeof SECRET / sizeof *SECRET; k++)
            EXPECT(strstr(report_queries[i]->sql[DB_SQLITE], SECRET[k]) == NULL);
}

TEST_DB(an_empty_portal_is_not_a_demonstration)
{
    bool demo = true;
    struct report_figures_row f;

    EXPECT(report_is_demo(c->db, c->arena, &demo) == OK && !demo);
    EXPECT(report_figures(c->db, c->arena, &f) == OK && f.draws == 0 && f.publications == 0);
}

static bool
address_is(const char *whole, const char *shown)
{
    return str_eq(report_address(str_of(whole), STR("individual"), STR("浉河区")), str_of(shown));
}

TEST(the_address_of_a_sole_trader_ends_at_its_township)
{
    EXPECT(address_is("信阳市浉河区董家河镇清塘村12号", "信阳市浉河区董家河镇"));
    EXPECT(address_is("河南省信阳市浉河区五里墩街道成功花园3号楼", "河南省信阳市浉河区五里墩街道"));
    EXPECT(address_is("浉河区老城街道办事处解放路", "浉河区老城街道办事处"));
    EXPECT(address_is("固始县汪棚乡", "固始县汪棚乡"));
}

TEST(an_address_without_a_township_shows_the_region_alone)
{
    EXPECT(address_is("浉河区解放路88号镇宁小区", "浉河区"));
    EXPECT(address_is("建设大街5号", "浉河区"));
    EXPECT(address_is("镇平县", "浉河区"));
    EXPECT(address_is("张三庄东头乡亲小店", "浉河区"));
    EXPECT(address_is("\xE9\x95", "浉河区"));
    EXPECT(str_eq(report_address(STR("浉河区解放路88号"), STR("enterprise"), STR("浉河区")), STR("浉河区解放路88号")));
}

TEST_DB(names_of_sole_traders_are_masked_unless_the_office_decided_otherwise)
{
    bool whole = true;
    struct str name = STR("张三小吃店"), type = STR("individual");

    EXPECT(report_names_whole(c->db, c->arena, &whole) == OK && !whole);
    EXPECT(str_eq(report_name(c->arena, name, type, STR("浉河区"), STR("92411502MA0000001X"), whole, false),
                  STR("个体工商户 · 浉河区 · 尾号 001X")));
    EXPECT(str_eq(report_name(c->arena, name, STR("enterprise"), STR("浉河区"), STR("9141"), whole, false), name));
    EXPECT(str_eq(report_name(c->arena, name, type, STR("浉河区"), STR("9241"), true, false), name));
}

TEST_MAIN(T(public_views_only_read), T(public_views_never_name_what_is_secret),
          T(an_empty_portal_is_not_a_demonstration), T(the_address_of_a_sole_trader_ends_at_its_township),
          T(an_address_without_a_township_shows_the_region_alone),
          T(names_of_sole_traders_are_masked_unless_the_office_decided_otherwise))
