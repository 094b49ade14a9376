/* core/risk_test.c - risk-1: the format, the points, the classes, the observation period */
#include "core/risk.h"

#include <stdio.h>

#include "base/test.h"
#include "core/calendar.h"

#define HEAD "mingqian-risk/v1\nname 某市\nwindow 730\n"
#define CLASSES "class A 0\nclass B 20\nclass C 45\nclass D 70\n"
#define RULE "rule overdue followups_overdue >= 1 points 20 times 1 weight 100 逾期未改\n"
#define WHOLE                                                                                                        \
    HEAD CLASSES RULE "rule problems problems each 1 points 8 times 3 weight 150 发现问题\n"                         \
                      "rule clean clean_results each 2 points -5 times 2 weight 100 连续未发现问题\n"                \
                      "rule tax external:tax_arrears >= 10000 points 10 times 1 weight 100 欠税\n"                   \
                      "rule young age_months <= 6 points 3 times 1 weight 50 新设立\n"                               \
                      "observe platform 12 industry I64 互联网平台\nobserve live 24 tag 直播电商 直播\n"

static enum err
parse(const char *text, struct risk_scheme *s, struct risk_fault *f)
{
    return risk_parse(str_of(text), s, f);
}

TEST(a_scheme_is_written_as_it_was_read)
{
    struct risk_scheme s;
    struct risk_fault f;
    char text[4096];
    struct buf b = buf_over(text, sizeof text);

    EXPECT_INT(parse(WHOLE, &s, &f), OK);
    EXPECT_INT(s.class_count, 4);
    EXPECT_INT(s.rule_count, 5);
    EXPECT_INT(s.observe_count, 2);
    EXPECT(s.rules[3].fact == RISK_EXTERNAL && str_eq(s.rules[3].external, STR("tax_arrears")));
    risk_write(&s, &b);
    EXPECT(!b.overflow && str_eq(buf_view(&b), STR(WHOLE)));
}

TEST(two_to_five_classes_are_configuration)
{
    struct risk_scheme s;
    struct risk_fault f;

    EXPECT_INT(parse(HEAD "class A 0\nclass D 50\n" RULE, &s, &f), OK);
    EXPECT_INT(parse(HEAD CLASSES "class E 90\n" RULE, &s, &f), OK);
    EXPECT_INT(parse(HEAD "class A 0\n" RULE, &s, &f), ERR_SYNTAX);
    EXPECT_INT(parse(HEAD CLASSES "class E 90\nclass F 95\n" RULE, &s, &f), ERR_TOO_LARGE);
}

/* Each wrong text with the error and its place. */
TEST(what_is_wrong_is_refused_with_its_place)
{
    static const struct {
        const char *text;
        enum err err;
        size_t line, column;
    } WRONG[] = {
        {"", ERR_SYNTAX, 0, 0},
        {"mingqian-risk/v2\n", ERR_SYNTAX, 1, 1},
        {"mingqian-risk/v1", ERR_SYNTAX, 1, 17},
        {"mingqian-risk/v1\nname \n", ERR_SYNTAX, 2, 6},
        {"mingqian-risk/v1\nname x\nwindow 0\n", ERR_RANGE, 3, 8},
        {"mingqian-risk/v1\nname x\nwindow 07\n", ERR_SYNTAX, 3, 8},
        {"mingqian-risk/v1\nname x\nwindow 730 1\n", ERR_SYNTAX, 3, 12},
        {"mingqian-risk/v1\nname x\ty\n", ERR_CHARSET, 2, 1},
        {"mingqian-risk/v1\nname \xff\n", ERR_ENCODING, 2, 1},
        {HEAD "class A 1\nclass B 2\n" RULE, ERR_ORDER, 4, 1},
        {HEAD "class B 0\nclass A 2\n" RULE, ERR_ORDER, 5, 1},
        {HEAD "class A 0\nclass B 0\n" RULE, ERR_ORDER, 5, 1},
        {HEAD "class A 0\nclass a 5\n" RULE, ERR_CHARSET, 5, 7},
        {HEAD CLASSES, ERR_SYNTAX, 7, 1},
        {HEAD CLASSES RULE RULE, ERR_DUPLICATE, 9, 1},
        {HEAD CLASSES "rule Big results >= 1 points 1 times 1 weight 100 x\n", ERR_CHARSET, 8, 6},
        {HEAD CLASSES "rule b luck >= 1 points 1 times 1 weight 100 x\n", ERR_SYNTAX, 8, 8},
        {HEAD CLASSES "rule b external: >= 1 points 1 times 1 weight 100 x\n", ERR_SYNTAX, 8, 8},
        {HEAD CLASSES "rule b results > 1 points 1 times 1 weight 100 x\n", ERR_SYNTAX, 8, 16},
        {HEAD CLASSES "rule b results each 0 points 1 times 1 weight 100 x\n", ERR_RANGE, 8, 21},
        {HEAD CLASSES "rule b results >= 1 points 0 times 1 weight 100 x\n", ERR_RANGE, 8, 28},
        {HEAD CLASSES "rule b results >= 1 points 1001 times 1 weight 100 x\n", ERR_RANGE, 8, 28},
        {HEAD CLASSES "rule b results >= 1 points -0 times 1 weight 100 x\n", ERR_SYNTAX, 8, 28},
        {HEAD CLASSES "rule b results >= 1 points 1 times 2 weight 100 x\n", ERR_RANGE, 8, 36},
        {HEAD CLASSES "rule b results >= 1 points 1 times 1 weight 1.5 x\n", ERR_SYNTAX, 8, 45},
        {HEAD CLASSES "rule b results >= 1 points 1 times 1 weight 100\n", ERR_LENGTH, 8, 48},
        {HEAD CLASSES "rule b  results >= 1 points 1 times 1 weight 100 x\n", ERR_SYNTAX, 8, 8},
        {HEAD CLASSES RULE "observe o 0 tag x y\n", ERR_RANGE, 9, 11},
        {HEAD CLASSES RULE "observe o 12 industry 64 y\n", ERR_SYNTAX, 9, 14},
        {HEAD CLASSES RULE "observe o 12 town x y\n", ERR_SYNTAX, 9, 14},
        {HEAD CLASSES RULE "observe o 12 tag x y\nobserve o 12 tag x y\n", ERR_DUPLICATE, 10, 1},
        {HEAD CLASSES RULE "class E 90\n", ERR_SYNTAX, 9, 1},
        {HEAD CLASSES RULE "\n", ERR_SYNTAX, 9, 1},
    };
    struct risk_scheme s;
    struct risk_fault f;

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        EXPECT_INT(parse(WRONG[i].text, &s, &f), WRONG[i].err);
        EXPECT_INT(f.err, WRONG[i].err);
        if (f.line != WRONG[i].line || f.column != WRONG[i].column)
            fail_msg("%zu: %zu:%zu, not %zu:%zu (%s)", i, f.line, f.column, WRONG[i].line, WRONG[i].column, f.en);
        EXPECT(f.zh[0] != '\0' && f.en[0] != '\0');
    }
}

TEST(sixty_four_rules_are_the_limit)
{
    struct risk_scheme s;
    struct risk_fault f;
    char text[RISK_TEXT_MAX];

    for (int rules = 64; rules <= 65; rules++) {
        struct buf b = buf_over(text, sizeof text);

        buf_z(&b, HEAD CLASSES);
        for (int i = 0; i < rules; i++) {
            char line[128];

            snprintf(line, sizeof line, "rule r%d results >= 1 points 1 times 1 weight 100 x\n", i);
            buf_z(&b, line);
        }
        EXPECT_INT(risk_parse(buf_view(&b), &s, &f), rules == 64 ? OK : ERR_TOO_LARGE);
    }
}

TEST(points_are_counted_and_every_reason_is_told)
{
    struct risk_scheme s;
    struct risk_fault fault;
    struct risk_facts f = {0};
    struct risk_verdict v;

    EXPECT_INT(parse(WHOLE, &s, &fault), OK);
    risk_know(&f, RISK_FOLLOWUPS_OVERDUE, 2);
    risk_know(&f, RISK_PROBLEMS, 5);
    risk_know(&f, RISK_CLEAN, 3);
    f.external[3] = 10000;
    f.external_known = 1 << 3;
    risk_apply(&s, &f, &v);
    EXPECT_INT(v.count, 4);
    EXPECT(v.counted[0].points_c == 2000 && v.counted[0].value == 2 && v.counted[0].times == 1);
    EXPECT(v.counted[1].points_c == 3600 && v.counted[1].value == 5 && v.counted[1].times == 3);
    EXPECT(v.counted[2].points_c == -500 && v.counted[2].times == 1);
    EXPECT(v.counted[3].points_c == 1000);
    EXPECT(v.score_c == 6100 && v.label == 'C');
}

TEST(what_is_not_known_counts_for_nothing)
{
    struct risk_scheme s;
    struct risk_fault fault;
    struct risk_facts f = {0};
    struct risk_verdict v;

    EXPECT_INT(parse(WHOLE, &s, &fault), OK);
    risk_apply(&s, &f, &v); /* an age of 0 months would be at most 6 */
    EXPECT(v.count == 0 && v.score_c == 0 && v.label == 'A');
    risk_know(&f, RISK_AGE_MONTHS, 6);
    risk_apply(&s, &f, &v);
    EXPECT(v.count == 1 && v.score_c == 150);
    risk_know(&f, RISK_AGE_MONTHS, 7);
    risk_apply(&s, &f, &v);
    EXPECT(v.count == 0);
}

TEST(a_score_does_not_fall_below_nothing)
{
    struct risk_scheme s;
    struct risk_fault fault;
    struct risk_facts f = {0};
    struct risk_verdict v;

    EXPECT_INT(parse(WHOLE, &s, &fault), OK);
    risk_know(&f, RISK_CLEAN, 1000);
    risk_apply(&s, &f, &v);
    EXPECT(v.count == 1 && v.counted[0].points_c == -1000 && v.score_c == 0 && v.label == 'A');
}

TEST(a_class_begins_exactly_at_its_points)
{
    struct risk_scheme s;
    struct risk_fault fault;
    struct risk_facts f = {0};
    struct risk_verdict v;

    EXPECT_INT(parse(HEAD "class A 0\nclass C 20\nrule r results each 1 points 1 times 100 weight 99 x\n", &s, &fault), OK);
    risk_know(&f, RISK_RESULTS, 20); /* 19.80 */
    risk_apply(&s, &f, &v);
    EXPECT(v.score_c == 1980 && v.label == 'A');
    risk_know(&f, RISK_RESULTS, 21);
    risk_apply(&s, &f, &v);
    EXPECT(v.score_c == 2079 && v.label == 'C');
}

static int64_t
day(int y, int m, int d)
{
    int64_t out = 0;

    EXPECT(day_from_civil(y, m, d, &out) == OK);
    return out;
}

TEST(months_end_with_the_month)
{
    EXPECT_INT(risk_month_on(day(2025, 1, 31), 1), day(2025, 2, 28));
    EXPECT_INT(risk_month_on(day(2024, 2, 29), 12), day(2025, 2, 28));
    EXPECT_INT(risk_month_on(day(2025, 11, 15), 14), day(2027, 1, 15));
    EXPECT_INT(risk_months(day(2025, 1, 31), day(2025, 2, 27)), 0);
    EXPECT_INT(risk_months(day(2025, 1, 31), day(2025, 2, 28)), 1);
    EXPECT_INT(risk_months(day(2025, 3, 15), day(2026, 3, 14)), 11);
    EXPECT_INT(risk_months(day(2025, 3, 15), day(2026, 3, 15)), 12);
    EXPECT_INT(risk_months(day(2025, 3, 15), day(2025, 3, 14)), 0);
}

TEST(new_forms_are_observed_by_industry_or_tag_for_the_longest_period)
{
    struct risk_scheme s;
    struct risk_fault fault;
    struct risk_newcomer t = {.industry = STR("I6432"), .established_day = day(2025, 6, 1), .established = true};
    size_t rule = 9;
    int64_t until = 0;

    EXPECT_INT(parse(WHOLE, &s, &fault), OK);
    EXPECT(risk_observed(&s, &t, &rule, &until) && rule == 0 && until == day(2026, 6, 1));
    t.tags = STR("直播电商\n食品");
    EXPECT(risk_observed(&s, &t, &rule, &until) && rule == 1 && until == day(2027, 6, 1));
    t.industry = STR("F52");
    t.tags = STR("直播\n食品");
    EXPECT(!risk_observed(&s, &t, &rule, &until));
    t.tags = STR("直播电商");
    t.established = false;
    EXPECT(!risk_observed(&s, &t, &rule, &until));
}

TEST_MAIN(T(a_scheme_is_written_as_it_was_read), T(two_to_five_classes_are_configuration),
          T(what_is_wrong_is_refused_with_its_place), T(sixty_four_rules_are_the_limit),
          T(points_are_counted_and_every_reason_is_told), T(what_is_not_known_counts_for_nothing),
          T(a_score_does_not_fall_below_nothing), T(a_class_begins_exactly_at_its_points), T(months_end_with_the_month),
          T(new_forms_are_observed_by_industry_or_tag_for_the_longest_period))
