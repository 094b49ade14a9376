/* Schemes count no checks and no fines; figures fill in by themselves; who assesses does not review; units keep their order. */
#include "mod/assessment/assessment.h"

#include <stdio.h>

#include "core/calendar.h"
#include "mod/flow_testing.h"
#include "mod/inspector/inspector.h"

#define NONE {NULL, 0}

static const struct assessment_indicator GOOD[] = {{STR("按时公示率"), NONE, STR("in_time"), 4000, 10000},
                                                   {STR("培训达标率"), STR("每人不少于 16 学时"), STR("training"), 3000, 5000},
                                                   {STR("工作创新"), NONE, STR("manual"), 3000, 10000}};

/* Four inspectors of scjgj who serve the city. */
static void
people(struct ctx *c)
{
    for (int i = 1; i <= 4; i++) {
        char code[32];

        snprintf(code, sizeof code, "ZF-scjgj-%03d", i);
        EXPECT_INT(inspector_put(c->db, &(struct inspector_put_in){.code = str_of(code), .name = STR("检查员"), .department = STR("scjgj"),
                                                                   .region = STR("411500"), .cap_count = 10, .state = STR("active"),
                                                                   .updated_us = 1}), OK);
    }
}

static struct assessment_scheme
scheme(const struct ctx *c)
{
    int64_t today = day_of_us(c->now_us);

    return (struct assessment_scheme){STR("2026 年度考核"), STR("411500"), today - 60, today + 300, ASSESSMENT_HOURS, GOOD, 3};
}

TEST_DB(a_scheme_weighs_to_the_whole_and_counts_no_checks_and_no_fines)
{
    static const char *const NEVER[] = {"罚款总额", "人均检查户次", "立案数量", "检查次数"};
    struct assessment_indicator bad[3] = {GOOD[0], GOOD[1], GOOD[2]};
    struct assessment_scheme s = scheme(c);
    int64_t id;

    flow_city(c);
    s.indicators = bad;
    bad[2].weight_bp = 2999;
    EXPECT_INT(assessment_draft(c, &s, &id), ERR_INPUT);
    bad[2] = GOOD[0];
    bad[2].weight_bp = 3000;
    EXPECT_INT(assessment_draft(c, &s, &id), ERR_INPUT); /* twice */
    bad[2] = GOOD[2];
    bad[2].source = STR("fines");
    EXPECT_INT(assessment_draft(c, &s, &id), ERR_INPUT);
    bad[2] = GOOD[2];
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++) {
        bad[2].name = str_of(NEVER[i]);
        EXPECT_INT(assessment_draft(c, &s, &id), ERR_INPUT);
    }
    bad[2] = GOOD[2];
    bad[2].aim_bp = 0;
    EXPECT_INT(assessment_draft(c, &s, &id), ERR_RANGE);
    s.indicators = GOOD;
    s.to_day = s.from_day - 1;
    EXPECT_INT(assessment_draft(c, &s, &id), ERR_RANGE);
    s = scheme(c);
    c->region = STR("411502");
    EXPECT_INT(assessment_draft(c, &s, &id), ERR_REGION);
    c->region = (struct str) NONE;
    EXPECT_INT(assessment_draft(c, &s, &id), OK);
    EXPECT_INT(assessment_change(c, id, 2, &s), ERR_CONFLICT);
    EXPECT_INT(assessment_change(c, id, 1, &s), OK);
    c->region = STR("411502");
    EXPECT_INT(assessment_change(c, id, 2, &s), ERR_NOT_FOUND);
}

TEST_DB(figures_fill_in_departments_assess_themselves_and_the_conference_reviews_and_closes)
{
    struct assessment_scheme s = scheme(c);
    struct assessment_indicator_list_row *i;
    struct assessment_mark_list_row *m;
    struct assessment_say say = {.seq = 2, .row_version = 1, .department = STR("scjgj"), .score_bp = 9000};
    struct assessment_line row;
    size_t n, count;
    int64_t id;

    flow_city(c);
    people(c);
    EXPECT_INT(inspector_training_put(c->db, &(struct inspector_training_put_in){STR("ZF-scjgj-001"), 1, STR("执法培训"), s.from_day + 1, 20,
                                                                                  {NULL, 0}, STR("passed")}), OK);
    EXPECT_INT(assessment_draft(c, &s, &id), OK);
    EXPECT_INT(assessment_close(c, id, 1), ERR_STATE);
    EXPECT_INT(assessment_open(c, id, 1), OK);
    EXPECT_INT(assessment_open(c, id, 1), ERR_CONFLICT); /* sent twice */
    EXPECT_INT(assessment_change(c, id, 2, &s), ERR_STATE);
    EXPECT_INT(assessment_indicator_list(c->db, c->arena, &(struct assessment_indicator_list_in){id}, &i, &count), OK);
    EXPECT_INT(assessment_mark_list(c->db, c->arena, &(struct assessment_mark_list_in){id, STR("scjgj")}, &m, &n), OK);
    EXPECT_INT(n, 3);
    EXPECT(!assessment_proposed(&m[0].line, &i[0]).set); /* no results yet: nothing to tell from */
    EXPECT_INT(m[1].line.part_count.v, 1);               /* one of four has its hours: half of the aim */
    EXPECT_INT(m[1].line.whole_count.v, 4);
    EXPECT_INT(assessment_proposed(&m[1].line, &i[1]).v, 5000);
    EXPECT(!assessment_total(m, i, count).set);
    say.assessment = id;
    c->department = STR("sthjj");
    EXPECT_INT(assessment_self(c, &say), ERR_PERMISSION); /* another department */
    c->department = STR("scjgj");
    c->actor = STR("user:7");
    say.score_bp = 10001;
    EXPECT_INT(assessment_self(c, &say), ERR_RANGE);
    say.score_bp = 6000;
    EXPECT_INT(assessment_self(c, &say), OK);
    EXPECT_INT(assessment_self(c, &say), ERR_CONFLICT);
    say.seq = 3;
    EXPECT_INT(assessment_self(c, &say), ERR_MISSING); /* no figure: in words then */
    say.note = STR("开展“综合查一次”");
    EXPECT_INT(assessment_self(c, &say), OK);
    say = (struct assessment_say){.assessment = id, .seq = 2, .row_version = 2, .department = STR("scjgj"), .score_bp = 6000};
    EXPECT_INT(assessment_review(c, &say), ERR_PERMISSION); /* who assessed it */
    c->department = (struct str) NONE;
    c->actor = STR("user:8");
    EXPECT_INT(assessment_review(c, &say), OK);
    say.row_version = 3;
    say.score_bp = 7000;
    EXPECT_INT(assessment_review(c, &say), ERR_MISSING); /* why another score? */
    EXPECT_INT(assessment_close(c, id, 2), ERR_STATE);   /* five are not reviewed */
    say.note = STR("按评审意见");
    for (int d = 0; d < 2; d++)
        for (say.seq = 1; say.seq <= 3; say.seq++) {
            say.department = d == 0 ? STR("scjgj") : STR("sthjj");
            say.row_version = d == 1 ? 1 : say.seq == 1 ? 1 : say.seq == 2 ? 3 : 2;
            EXPECT_INT(assessment_review(c, &say), OK);
        }
    EXPECT_INT(assessment_close(c, id, 2), OK);
    EXPECT_INT(assessment_see(c, id, &row), OK);
    EXPECT_STR(row.state.p, "closed");
    EXPECT_INT(assessment_fill(c, id, 3), ERR_STATE);
    say.row_version = 2;
    EXPECT_INT(assessment_review(c, &say), ERR_STATE);
    EXPECT_INT(assessment_mark_list(c->db, c->arena, &(struct assessment_mark_list_in){id, STR("scjgj")}, &m, &n), OK);
    EXPECT_INT(assessment_total(m, i, count).v, 7000);
}

TEST_MAIN(T(a_scheme_weighs_to_the_whole_and_counts_no_checks_and_no_fines),
          T(figures_fill_in_departments_assess_themselves_and_the_conference_reviews_and_closes))
