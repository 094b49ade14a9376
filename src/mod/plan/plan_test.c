/* Plans go through every review, change only by numbered revisions, and take no item that is not published.
 */
#include "mod/plan/plan.h"

#include <stdio.h>

#include "core/calendar.h"
#include "mod/plan/check.h"
#include "mod/plan/layout.h"

#include "mod/flow_testing.h"
#include "mod/item/item.h"
#include "mod/target/target.h"

static const char PLAN[] =
    "{\"year\":2026,\"name\":\"2026 "
    "年度抽查计划\",\"lead\":\"scjgj\",\"lines\":[{\"name\":\"年报公示信息\",\"items\":[\"G1\"],"
    "\"scope\":{\"entity_types\":[\"enterprise\"],\"regions\":[\"4115\"]},\"scope_words\":\"全市企业\","
    "\"strata\":{\"by\":\"one\","
    "\"strata\":[{\"ratio_bp\":300}]},\"from\":\"2026-03-01\",\"to\":\"2026-12-31\",\"participants\":["
    "\"scjgj\",{\"department\":"
    "\"sthjj\",\"places\":1}]}]}";
static const char LINE[] =
    "{\"name\":\"年报\",\"items\":[\"G1\"],\"scope\":{},\"strata\":{\"strata\":[{\"ratio_bp\":200}]},"
    "\"from\":\"2026-03-01\",\"to\":\"2026-12-31\",\"lead\":\"scjgj\",\"participants\":[\"scjgj\"]}";

static struct str
new_plan(struct ctx *c)
{
    struct str code = {0};

    flow_city(c);
    EXPECT(plan_create(c, STR("411500"), str_of(PLAN), &code) == OK);
    return code;
}

static void
publish(struct ctx *c, struct str code)
{
    flow_plan(c, code, PLAN_PUBLISHED);
}

TEST(a_plan_moves_only_along_its_table)
{
    for (int from = 0; from < PLAN_STATE_COUNT; from++)
        for (int to = 0; to < PLAN_STATE_COUNT; to++) {
            bool forward = to == from + 1;
            bool returned = to == PLAN_DRAFT && from >= PLAN_APPROVED && from <= PLAN_FILED;

            bool own = from == PLAN_APPROVED && to == PLAN_FILED; /* a department's own plan: no conference */

            EXPECT(plan_may_move((enum plan_state) from, (enum plan_state) to) == (forward || returned || own));
        }
    EXPECT(!plan_may_move(PLAN_STATE_COUNT, PLAN_DRAFT));
    EXPECT(!plan_may_move(PLAN_DRAFT, PLAN_STATE_COUNT));
}

TEST(every_state_has_a_name_that_is_read_back)
{
    enum plan_state s = PLAN_CLOSED;

    for (int i = 0; i < PLAN_STATE_COUNT; i++) {
        EXPECT(plan_state_parse(str_of(plan_state_name((enum plan_state) i)), &s) == OK);
        EXPECT_INT(s, i);
    }
    EXPECT(plan_state_parse(STR("x"), &s) == ERR_INPUT);
}

TEST_DB(a_plan_gets_the_next_number_of_its_region_and_year)
{
    struct str first = new_plan(c), second;
    struct plan_line_get_row line;

    EXPECT_STR(first.p, "41150020260001");
    EXPECT(plan_create(c, STR("411500"), str_of(PLAN), &second) == OK);
    EXPECT_STR(second.p, "41150020260002");
    EXPECT(plan_line_get(c->db, c->arena, &(struct plan_line_get_in){first, 1}, &line) == OK);
    EXPECT_STR(line.participants.p,
               "[{\"department\":\"scjgj\",\"places\":2},{\"department\":\"sthjj\",\"places\":1}]");
    EXPECT_STR(line.scope.p, "{\"regions\":[\"4115\"],\"entity_types\":[\"enterprise\"]}");
    EXPECT_STR(line.lead.p, "scjgj");
}

TEST_DB(a_plan_is_published_after_every_review)
{
    struct str code = new_plan(c);
    struct plan_get_row row;

    publish(c, code);
    EXPECT(plan_get(c->db, c->arena, &(struct plan_get_in){code}, &row) == OK);
    EXPECT_STR(row.state.p, "published");
    EXPECT_INT(row.published_us.v, c->now_us);
    EXPECT_INT(row.joint, 1);
    EXPECT(plan_advance(c, code, PLAN_PUBLISHED, (struct str){0}, (struct str){0}) == ERR_STATE);
}

TEST_DB(a_line_takes_a_saved_filter_and_a_bundle_by_name)
{
    static const char FORM[] = "{\"year\":2026,\"name\":\"x\",\"lead\":\"scjgj\",\"lines\":[{\"name\":\"x\",%s,\"strata\":{\"strata\":["
                               "{\"ratio_bp\":300}]},\"from\":\"2026-03-01\",\"to\":\"2026-12-31\",\"participants\":[\"scjgj\"]}]}";
    static const struct {
        const char *terms;
        enum err wanted;
    } CASES[] = {{"\"bundle\":\"none\",\"scope\":{}", ERR_NOT_FOUND},
                 {"\"bundle\":\"L1\",\"items\":[\"G1\"],\"scope\":{}", ERR_INPUT},
                 {"\"items\":[\"G1\"],\"filter\":\"none\"", ERR_NOT_FOUND},
                 {"\"items\":[\"G1\"],\"filter\":\"餐饮\",\"scope\":{}", ERR_INPUT},
                 {"\"bundle\":\"L1\",\"filter\":\"餐饮\"", OK}};
    static const struct target_filter filter = {.name = {"餐饮", 6}, .shared = true, .scope = {"{\"tags\":[\"餐饮\"]}", 19}};
    struct plan_line_list_row *lines;
    struct str code;
    char json[1024];
    size_t count;
    int64_t id;

    flow_city(c);
    EXPECT_INT(item_joint_put(c->db, &(struct item_joint_put_in){.code = STR("L1"), .version = 1, .state = STR("published"),
                                                                 .kind = STR("once"), .domain = STR("餐饮"), .name = STR("餐饮综合查一次"),
                                                                 .lead = STR("scjgj"), .items = STR("[\"G1\",\"K1\"]"),
                                                                 .published_us = {true, 1}}), OK);
    EXPECT_INT(target_filter_add(c, &filter, &id), OK);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        snprintf(json, sizeof json, FORM, CASES[i].terms);
        EXPECT_INT(plan_create(c, STR("411500"), str_of(json), &code), CASES[i].wanted);
    }
    EXPECT_INT(plan_line_list(c->db, c->arena, &(struct plan_line_list_in){code}, &lines, &count), OK);
    EXPECT_STR(lines[0].items.p, "[\"G1\",\"K1\"]");
    EXPECT(strstr(lines[0].scope.p, "餐饮") != NULL);
}

TEST_DB(who_drafts_a_plan_does_not_approve_it)
{
    struct str first = c->actor, code;

    c->actor = STR("user:7");
    code = new_plan(c);
    EXPECT_INT(plan_advance(c, code, PLAN_APPROVED, (struct str){0}, (struct str){0}), ERR_PERMISSION);
    c->actor = STR("user:8");
    EXPECT_INT(plan_advance(c, code, PLAN_APPROVED, (struct str){0}, (struct str){0}), OK);
    c->actor = first;
}

TEST_DB(a_review_is_not_jumped_over_and_a_return_needs_an_opinion)
{
    struct str code = new_plan(c);

    EXPECT(plan_advance(c, code, PLAN_PUBLISHED, (struct str){0}, (struct str){0}) == ERR_STATE);
    EXPECT(plan_advance(c, code, PLAN_APPROVED, (struct str){0}, (struct str){0}) == OK);
    EXPECT(plan_advance(c, code, PLAN_DRAFT, STR("  "), (struct str){0}) == ERR_INPUT);
    EXPECT(plan_advance(c, code, PLAN_DRAFT, STR("比例过高"), (struct str){0}) == OK);
    EXPECT(plan_advance(c, STR("none"), PLAN_APPROVED, (struct str){0}, (struct str){0}) == ERR_NOT_FOUND);
}

TEST_DB(a_plan_with_an_unpublished_item_is_not_published)
{
    static const char WITH_DRAFT[] =
        "{\"year\":2026,\"name\":\"x\",\"lead\":\"scjgj\",\"lines\":[{\"name\":\"x\",\"items\":[\"D1\"],"
        "\"scope\":{},\"strata\":{\"strata\":[{\"ratio_bp\":300}]},\"from\":\"2026-03-01\",\"to\":"
        "\"2026-12-31\",\"participants\":[\"scjgj\"]}]}";
    struct str code;

    flow_city(c);
    EXPECT(plan_create(c, STR("411500"), str_of(WITH_DRAFT), &code) == OK);
    flow_plan(c, code, PLAN_FILED);
    EXPECT(plan_advance(c, code, PLAN_PUBLISHED, (struct str){0}, (struct str){0}) == ERR_STATE);
}

TEST_DB(a_published_plan_changes_only_by_a_numbered_revision)
{
    struct str code = new_plan(c);
    struct plan_revision_list_row *revisions;
    size_t count;
    int64_t number = 0;

    EXPECT(plan_revise(c, code, 1, str_of(LINE), STR("统一口径"), &number) == ERR_STATE);
    publish(c, code);
    EXPECT(plan_revise(c, code, 1, str_of(LINE), STR(" "), &number) == ERR_INPUT);
    EXPECT(plan_revise(c, code, 1, str_of(LINE), STR("统一口径"), &number) == OK);
    EXPECT_INT(number, 1);
    EXPECT(plan_revise(c, code, 2, str_of(LINE), STR("增加一项"), &number) == OK);
    EXPECT_INT(number, 2);
    EXPECT(plan_revision_list(c->db, c->arena, &(struct plan_revision_list_in){code}, &revisions, &count) ==
           OK);
    EXPECT_INT(count, 2);
    EXPECT(strstr(revisions[0].before.p, "\"ratio_bp\":300") != NULL);
    EXPECT(strstr(revisions[0].after.p, "\"ratio_bp\":200") != NULL);
    EXPECT(revisions[1].before.p == NULL);
}

TEST_DB(a_draft_is_rewritten_by_one_at_a_time_and_nothing_else_is)
{
    static const char EDIT[] = "{\"year\":2027,\"name\":\"改名\",\"lines\":[]}";
    struct str code = new_plan(c);
    struct plan_get_row plan;
    struct plan_line_list_row *lines;
    size_t count;

    EXPECT(plan_edit(c, code, 1, STR("{\"year\":2027,\"name\":\"x\",\"lead\":\"sthjj\",\"lines\":[]}")) == ERR_INPUT);
    EXPECT(plan_edit(c, code, 1, str_of(EDIT)) == OK);
    EXPECT(plan_edit(c, code, 1, str_of(EDIT)) == ERR_CONFLICT);
    EXPECT(plan_get(c->db, c->arena, &(struct plan_get_in){code}, &plan) == OK);
    EXPECT_STR(plan.name.p, "改名");
    EXPECT_INT(plan.joint, 0);
    EXPECT(plan_line_list(c->db, c->arena, &(struct plan_line_list_in){code}, &lines, &count) == OK);
    EXPECT_INT(count, 0);
    EXPECT(plan_advance(c, code, PLAN_APPROVED, (struct str){0}, (struct str){0}) == ERR_STATE); /* without a line */
    EXPECT(plan_edit(c, STR("none"), 1, str_of(EDIT)) == ERR_NOT_FOUND);
    code = (struct str){0};
    EXPECT(plan_create(c, STR("411500"), str_of(PLAN), &code) == OK);
    EXPECT(plan_advance(c, code, PLAN_APPROVED, (struct str){0}, (struct str){0}) == OK);
    EXPECT(plan_edit(c, code, 2, str_of(EDIT)) == ERR_STATE);
}

TEST_DB(the_conference_is_for_joint_plans_and_each_step_is_kept_with_its_opinion)
{
    static const char OWN[] =
        "{\"year\":2026,\"name\":\"x\",\"lead\":\"scjgj\",\"lines\":[{\"name\":\"x\",\"items\":[\"G1\"],\"scope\":{},"
        "\"strata\":{\"strata\":[{\"ratio_bp\":300}]},\"from\":\"2026-03-01\",\"to\":\"2026-12-31\","
        "\"participants\":[\"scjgj\"]}]}";
    struct str joint = new_plan(c), own = {0};
    struct plan_filing_list_row *filings;
    struct str digest;
    struct plan_review_list_row *reviews;
    size_t count;

    EXPECT(plan_create(c, STR("411500"), str_of(OWN), &own) == OK);
    EXPECT(plan_advance(c, joint, PLAN_APPROVED, STR("同意"), (struct str){0}) == OK);
    EXPECT(plan_advance(c, own, PLAN_APPROVED, (struct str){0}, (struct str){0}) == OK);
    EXPECT(plan_advance(c, joint, PLAN_FILED, (struct str){0}, (struct str){0}) == ERR_STATE);
    EXPECT(plan_advance(c, own, PLAN_FILED, (struct str){0}, STR("备〔2026〕2号")) == ERR_MISSING); /* the document */
    EXPECT(plan_attach(c, joint, STR("a.pdf"), STR("x"), &digest) == ERR_STATE);
    EXPECT(plan_attach(c, own, STR("a.exe"), STR("x"), &digest) == ERR_INPUT);
    EXPECT(plan_attach(c, own, STR("../a.pdf"), STR("x"), &digest) == ERR_LENGTH);
    EXPECT(plan_attach(c, own, STR("a.pdf"), STR(""), &digest) == ERR_INPUT);
    EXPECT(plan_attach(c, own, STR("备案.PDF"), STR("x"), &digest) == OK);
    EXPECT(plan_attach(c, own, STR("again.pdf"), STR("x"), &digest) == OK);
    EXPECT_STR(digest.p, "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    EXPECT(plan_filing_list(c->db, c->arena, &(struct plan_filing_list_in){own}, &filings, &count) == OK);
    EXPECT_INT(count, 1);
    EXPECT(plan_advance(c, own, PLAN_FILED, (struct str){0}, (struct str){0}) == ERR_MISSING); /* the number */
    EXPECT(plan_advance(c, own, PLAN_FILED, (struct str){0}, STR("备〔2026〕2号")) == OK);
    EXPECT(plan_review_list(c->db, c->arena, &(struct plan_review_list_in){joint}, &reviews, &count) == OK);
    EXPECT_INT(count, 1);
    EXPECT_STR(reviews[0].opinion.p, "同意");
    EXPECT_STR(reviews[0].to_state.p, "approved");
}

static const struct plan_finding *
found(const struct plan_check *k, enum plan_finding_kind kind)
{
    for (size_t i = 0; i < k->finding_count; i++)
        if (k->findings[i].kind == kind)
            return &k->findings[i];
    return NULL;
}

#define CHECK_LINE(items, ratio, from, to, scope)                                                                     \
    "{\"name\":\"x\",\"items\":[\"" items "\"],\"scope\":" scope ",\"strata\":{\"strata\":[{\"ratio_bp\":" ratio      \
    "}]},\"from\":\"" from "\",\"to\":\"" to "\",\"participants\":[\"scjgj\"]}"

TEST_DB(a_check_tells_what_a_plan_would_draw_and_where_it_goes_wrong)
{
    static const char JSON[] = "{\"year\":2026,\"name\":\"x\",\"lead\":\"scjgj\",\"lines\":["
        CHECK_LINE("G1", "3000", "2026-03-02", "2026-12-31", "{}") ","
        CHECK_LINE("D1", "100", "2026-03-02", "2026-03-06", "{\"regions\":[\"411525\"]}") ","
        CHECK_LINE("K1", "100", "2027-03-01", "2027-12-31", "{}") ","
        CHECK_LINE("K1", "100", "2026-03-02", "2026-12-31", "{\"regions\":[\"99\"]}") "]}";
    struct plan_check k;
    struct str code = {0};
    const struct plan_finding *f;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    EXPECT(plan_create(c, STR("411500"), str_of(JSON), &code) == OK);
    EXPECT(plan_check(c, code, (struct plan_watch){NULL, NULL}, &k) == OK);
    EXPECT_INT(k.line_count, 4);
    EXPECT_INT(k.lines[0].population, 40);
    EXPECT_INT(k.lines[0].sample, 12);
    EXPECT_INT(k.lines[1].population, 20);
    EXPECT_INT(k.enterprises, 40);
    f = found(&k, PLAN_FINDING_CAP); /* 30 % against 20 % */
    EXPECT(f != NULL && f->line == 1 && f->a == 3000 && f->b == 2000);
    f = found(&k, PLAN_FINDING_ITEM);
    EXPECT(f != NULL && f->line == 2 && str_eq(f->text, STR("D1")));
    f = found(&k, PLAN_FINDING_WINDOW);
    EXPECT(f != NULL && f->line == 2 && f->a == 5);
    f = found(&k, PLAN_FINDING_CALENDAR);
    EXPECT(f != NULL && f->line == 3 && f->a == 2027);
    f = found(&k, PLAN_FINDING_EMPTY);
    EXPECT(f != NULL && f->line == 4);
    f = found(&k, PLAN_FINDING_OVERLAP); /* lines 1 and 2 share all of 固始 */
    EXPECT(f != NULL && f->line == 1 && f->other == 2 && f->a == 20 && f->b == 10000);
    f = found(&k, PLAN_FINDING_VISITS); /* three lines of scjgj take the targets of 固始 */
    EXPECT(f != NULL && str_eq(f->text, STR("scjgj")) && f->a == 20);
    f = found(&k, PLAN_FINDING_LOW_RISK);
    EXPECT(f != NULL && f->a == 8);
    f = found(&k, PLAN_FINDING_CAPACITY); /* nobody works there yet */
    EXPECT(f != NULL && f->a == 24 && f->b == 0);
    EXPECT(found(&k, PLAN_FINDING_SHARE) == NULL);
    EXPECT(plan_check(c, STR("none"), (struct plan_watch){NULL, NULL}, &k) == ERR_NOT_FOUND);
}

TEST_DB(a_plan_that_reaches_too_few_enterprises_is_told_so)
{
    static const char JSON[] = "{\"year\":2026,\"name\":\"x\",\"lead\":\"scjgj\",\"lines\":["
        CHECK_LINE("G1", "100", "2026-03-02", "2026-12-31", "{}") "]}";
    struct plan_check k;
    struct str code = {0};
    const struct plan_finding *f;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    flow_people(c, 3);
    EXPECT(plan_create(c, STR("411500"), str_of(JSON), &code) == OK);
    EXPECT(plan_check(c, code, (struct plan_watch){NULL, NULL}, &k) == OK);
    f = found(&k, PLAN_FINDING_SHARE);
    EXPECT(f != NULL && f->a == 100 && f->b == 300);
    EXPECT_INT(k.finding_count, 1);
}

TEST(windows_are_read_as_they_are_written_in_published_plans)
{
    static const struct {
        const char *words, *from, *to;
    } GOOD[] = {
        {"3—12月", "2026-03-01", "2026-12-31"},
        {"2026年3月-11月", "2026-03-01", "2026-11-30"},
        {"2月", "2026-02-01", "2026-02-28"},
        {"全年", "2026-01-01", "2026-12-31"},
        {"2026-03-01至2026-11-30", "2026-03-01", "2026-11-30"},
        {"2026年3月15日—6月30日", "2026-03-15", "2026-06-30"},
        {"2026.03.15-2027.01.10", "2026-03-15", "2027-01-10"},
    };
    static const char *const BAD[] = {"", "另行通知", "13月", "12—3月", "2026-03-32至2026-11-30", "2026-11-30至2026-03-01"};
    char text[DAY_TEXT + 1];
    int64_t from, to;

    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        EXPECT(plan_window_words(str_of(GOOD[i].words), 2026, &from, &to) == OK);
        day_format(from, text);
        EXPECT_STR(text, GOOD[i].from);
        day_format(to, text);
        EXPECT_STR(text, GOOD[i].to);
    }
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        EXPECT(plan_window_words(str_of(BAD[i]), 2026, &from, &to) == ERR_DATE);
}

TEST_DB(ratios_are_read_as_they_are_written_in_published_plans)
{
    struct str strata;

    EXPECT(plan_ratio_words(c, STR("3 %;2次/年"), &strata) == OK);
    EXPECT_STR(strata.p, "{\"by\":\"one\",\"strata\":[{\"label\":\"all\",\"ratio_bp\":300}]}");
    EXPECT(plan_ratio_words(c, STR("不低于0.25％"), &strata) == OK);
    EXPECT_STR(strata.p, "{\"by\":\"one\",\"strata\":[{\"label\":\"all\",\"ratio_bp\":25}]}");
    EXPECT(plan_ratio_words(c, STR("A类1%、B类3%、C类25%、D类60%"), &strata) == OK);
    EXPECT_STR(strata.p, "{\"by\":\"risk\",\"strata\":[{\"label\":\"A\",\"ratio_bp\":100},{\"label\":\"B\",\"ratio_bp\":300},"
                         "{\"label\":\"C\",\"ratio_bp\":2500},{\"label\":\"D\",\"ratio_bp\":6000}]}");
    EXPECT(plan_ratio_words(c, STR("2次/年"), &strata) == ERR_RANGE);
    EXPECT(plan_ratio_words(c, STR("120%"), &strata) == ERR_RANGE);
    EXPECT(plan_ratio_words(c, STR("0%"), &strata) == ERR_RANGE);
}

static const char *
layout_file(struct ctx *c, const char *text)
{
    static char path[1024];
    FILE *f;

    snprintf(path, sizeof path, "%s/plan.csv", c->dir);
    f = fopen(path, "w");
    EXPECT(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
    return path;
}

TEST_DB(a_published_table_becomes_lines_and_what_it_does_not_say_is_named)
{
    struct plan_layout_row *rows;
    size_t count;

    flow_city(c);
    EXPECT(plan_layout_read(c, layout_file(c, "年度计划,,\n序号,任务名称,抽查事项,对象范围,比例及频次,信用风险分类要求,起止时间,发起部门,配合部门,模式\n"
                                              "1,年报,G1,全市企业,3 %;1次/年,,3—12月,scjgj,sthjj,市抽市查\n"
                                              "2,其他,没有的事项,,按需,,另行通知,某局,,\n"),
                            2026, &rows, &count) == OK);
    EXPECT_INT(count, 2);
    EXPECT_INT(rows[0].problem_count, 0);
    EXPECT_STR(rows[0].line.items.p, "[\"G1\"]");
    EXPECT_STR(rows[0].line.participants.p,
               "[{\"department\":\"scjgj\",\"places\":2},{\"department\":\"sthjj\",\"places\":1}]");
    EXPECT_STR(rows[0].line.lead.p, "scjgj");
    EXPECT_INT(rows[1].row, 4);
    EXPECT_INT(rows[1].problem_count, 4);
    EXPECT_INT(rows[1].problems[0].column, PLAN_COLUMN_WINDOW);
    EXPECT_INT(rows[1].problems[1].column, PLAN_COLUMN_RATIO);
    EXPECT(rows[1].problems[2].column == PLAN_COLUMN_ITEMS && rows[1].problems[2].why == ERR_NOT_FOUND);
    EXPECT(str_eq(rows[1].problems[3].value, STR("某局")));
    EXPECT(plan_layout_read(c, layout_file(c, "a,b\n1,2\n"), 2026, &rows, &count) == ERR_INPUT);
}

TEST_DB(a_line_goes_out_and_comes_back)
{
    struct str code = new_plan(c), cells[PLAN_COLUMN_COUNT];
    struct plan_line_list_row *lines;
    struct plan_layout_row *rows;
    char text[2000] = "";
    size_t count, n = 0;

    EXPECT(plan_line_list(c->db, c->arena, &(struct plan_line_list_in){code}, &lines, &count) == OK);
    EXPECT(plan_layout_cells(c, &lines[0], cells) == OK);
    for (int i = 0; i < PLAN_COLUMN_COUNT; i++)
        n += (size_t) snprintf(text + n, sizeof text - n, "%s%s", i > 0 ? "," : "", plan_columns[i].p);
    n += (size_t) snprintf(text + n, sizeof text - n, "\n");
    for (int i = 0; i < PLAN_COLUMN_COUNT; i++)
        n += (size_t) snprintf(text + n, sizeof text - n, "%s%s", i > 0 ? "," : "", cells[i].p == NULL ? "" : cells[i].p);
    EXPECT(plan_layout_read(c, layout_file(c, text), 2026, &rows, &count) == OK);
    EXPECT_INT(count, 1);
    EXPECT(str_eq(rows[0].line.items, lines[0].items));
    EXPECT(str_eq(rows[0].line.participants, lines[0].participants));
    EXPECT(rows[0].line.from_day == lines[0].from_day && rows[0].line.to_day == lines[0].to_day);
}

TEST_DB(bad_plans_are_refused_and_nothing_is_stored)
{
    static const struct {
        const char *json;
        enum err e;
    } BAD[] = {
        {"{", ERR_SYNTAX},
        {"[]", ERR_SYNTAX},
        {"{\"year\":2026,\"year\":2027,\"name\":\"x\",\"lead\":\"scjgj\",\"lines\":[]}", ERR_SYNTAX},
        {"{\"year\":2026,\"name\":\"x\",\"lead\":\"scjgj\"}", ERR_INPUT},
        {"{\"year\":1999,\"name\":\"x\",\"lead\":\"scjgj\",\"lines\":[1]}", ERR_RANGE},
        {"{\"year\":2026,\"name\":\"x\",\"lead\":\"scjgj\",\"lines\":[1]}", ERR_INPUT},
        {"{\"year\":2026,\"name\":\"\",\"lead\":\"scjgj\",\"lines\":[1]}", ERR_LENGTH},
        {"{\"year\":2026,\"name\":\"x\",\"lead\":\"scjgj\",\"lines\":[1],\"budget\":1}", ERR_INPUT},
    };
    struct plan_list_row *rows;
    struct str code;
    size_t count = 9;

    flow_city(c);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        EXPECT_INT(plan_create(c, STR("411500"), str_of(BAD[i].json), &code), BAD[i].e);
    EXPECT(plan_list(c->db, c->arena, &(struct plan_list_in){STR("0"), 10}, &rows, &count) == OK);
    EXPECT_INT(count, 0);
}

/* --- terms
 * -------------------------------------------------------------------------------------------------------------
 */

TEST_DB(terms_that_break_a_rule_are_refused)
{
    struct sampling s;
    struct participants p;
    struct scope scope;

    EXPECT(terms_sampling(c, STR("{\"strata\":[]}"), &s) == ERR_INPUT);
    EXPECT(terms_sampling(c, STR("{\"strata\":[{\"ratio_bp\":0}]}"), &s) == ERR_RANGE);
    EXPECT(terms_sampling(c, STR("{\"strata\":[{\"ratio_bp\":10001}]}"), &s) == ERR_RANGE);
    EXPECT(terms_sampling(c, STR("{\"strata\":[{\"ratio_bp\":1},{\"ratio_bp\":1}]}"), &s) == ERR_INPUT);
    EXPECT(terms_sampling(c, STR("{\"by\":\"moon\",\"strata\":[{\"ratio_bp\":1}]}"), &s) == ERR_INPUT);
    EXPECT(terms_sampling(c, STR("{\"by\":\"risk\",\"strata\":[{\"ratio_bp\":1}]}"), &s) == ERR_INPUT);
    EXPECT(terms_sampling(c, STR("{\"by\":\"risk\",\"strata\":[{\"label\":\"甲\",\"ratio_bp\":1}]}"), &s) ==
           ERR_CHARSET);
    EXPECT(terms_sampling(c,
                          STR("{\"by\":\"risk\",\"strata\":[{\"label\":\"A\",\"ratio_bp\":1},{\"label\":"
                              "\"A\",\"ratio_bp\":2}]}"),
                          &s) == ERR_DUPLICATE);
    EXPECT(terms_sampling(c, STR("{\"by\":\"tag\",\"strata\":[{\"label\":\"food\",\"ratio_bp\":1}]}"), &s) ==
           ERR_INPUT);
    EXPECT(terms_participants(c, STR("[]"), &p) == ERR_INPUT);
    EXPECT(terms_participants(c, STR("[{\"department\":\"a\",\"places\":1}]"), &p) == ERR_RANGE);
    EXPECT(terms_participants(c, STR("[\"a\",\"a\"]"), &p) == ERR_DUPLICATE);
    EXPECT(terms_participants(c, STR("[\"A\"]"), &p) == ERR_CHARSET);
    EXPECT(terms_participants(c, STR("[7]"), &p) == ERR_CHARSET);
    EXPECT(terms_scope(c, STR("{\"region\":[]}"), &scope) == ERR_INPUT);
    EXPECT(terms_scope(c, STR("{\"regions\":\"4115\"}"), &scope) == ERR_INPUT);
    EXPECT(terms_scope(c, STR("{\"regions\":[\"4115\",\"4115\"]}"), &scope) == ERR_DUPLICATE);
}

TEST_DB(a_scope_takes_what_fits_every_list_that_is_given)
{
    struct terms_target t = {.kind = STR("entity"),
                             .entity_type = STR("enterprise"),
                             .region = STR("411525"),
                             .industry = STR("I62"),
                             .status = STR("active"),
                             .tags = STR("食品\n餐饮"),
                             .departments = STR("scjgj\nsthjj")};
    struct scope s;

    EXPECT(terms_scope(c, STR("{}"), &s) == OK && scope_takes(&s, &t));
    EXPECT(terms_scope(c, STR("{\"regions\":[\"411502\",\"4115\"],\"tags\":[\"餐饮\"]}"), &s) == OK &&
           scope_takes(&s, &t));
    EXPECT(terms_scope(c, STR("{\"departments\":[\"sthjj\"]}"), &s) == OK && scope_takes(&s, &t));
    EXPECT(terms_scope(c, STR("{\"departments\":[\"sthj\"]}"), &s) == OK && !scope_takes(&s, &t));
    EXPECT(terms_scope(c, STR("{\"industries\":[\"C\"]}"), &s) == OK && !scope_takes(&s, &t));
    EXPECT(terms_scope(c, STR("{\"regions\":[\"4115\"],\"statuses\":[\"revoked\"]}"), &s) == OK &&
           !scope_takes(&s, &t));
}

TEST_DB(a_stratum_is_found_by_class_tag_or_region_and_other_takes_the_rest)
{
    struct terms_target t = {
        .risk_class = STR("B"), .region = STR("411525"), .tags = STR("二级医院\n三级医院")};
    struct sampling s;

    EXPECT(terms_sampling(c,
                          STR("{\"by\":\"risk\",\"strata\":[{\"label\":\"A\",\"ratio_bp\":1},{\"label\":"
                              "\"N\",\"ratio_bp\":1}]}"),
                          &s) == OK);
    EXPECT_INT(sampling_stratum(&s, &t), -1);
    t.risk_class = (struct str){0};
    EXPECT_INT(sampling_stratum(&s, &t), 1);
    EXPECT(
        terms_sampling(c,
                       STR("{\"by\":\"tag\",\"strata\":[{\"label\":\"other\",\"ratio_bp\":1},{\"label\":"
                           "\"h3\",\"tag\":\"三级医院\","
                           "\"ratio_bp\":5000},{\"label\":\"h2\",\"tag\":\"二级医院\",\"ratio_bp\":3000}]}"),
                       &s) == OK);
    EXPECT_INT(sampling_stratum(&s, &t), 1); /* the first in the order written */
    t.tags = (struct str){0};
    EXPECT_INT(sampling_stratum(&s, &t), 0);
    EXPECT(terms_sampling(c, STR("{\"by\":\"region\",\"strata\":[{\"label\":\"411525\",\"ratio_bp\":1}]}"),
                          &s) == OK);
    EXPECT_INT(sampling_stratum(&s, &t), 0);
}

TEST_DB(the_cap_binds_the_ratio_over_the_whole_frame)
{
    struct sampling s;
    const uint64_t at[] = {900, 100}, above[] = {899, 100};

    EXPECT(terms_sampling(c,
                          STR("{\"by\":\"risk\",\"strata\":[{\"label\":\"A\",\"ratio_bp\":100},{\"label\":"
                              "\"D\",\"ratio_bp\":6000}]}"),
                          &s) == OK);
    EXPECT(sampling_check_cap(&s, at, 690) == OK);
    EXPECT(sampling_check_cap(&s, at, 689) == ERR_CAP);
    EXPECT(sampling_check_cap(&s, above, 690) == ERR_CAP);
}

TEST_MAIN(T(a_line_takes_a_saved_filter_and_a_bundle_by_name), T(who_drafts_a_plan_does_not_approve_it), T(a_plan_moves_only_along_its_table), T(every_state_has_a_name_that_is_read_back),
          T(a_plan_gets_the_next_number_of_its_region_and_year), T(a_plan_is_published_after_every_review),
          T(a_review_is_not_jumped_over_and_a_return_needs_an_opinion),
          T(a_plan_with_an_unpublished_item_is_not_published),
          T(a_published_plan_changes_only_by_a_numbered_revision),
          T(a_draft_is_rewritten_by_one_at_a_time_and_nothing_else_is),
          T(the_conference_is_for_joint_plans_and_each_step_is_kept_with_its_opinion),
          T(a_check_tells_what_a_plan_would_draw_and_where_it_goes_wrong),
          T(a_plan_that_reaches_too_few_enterprises_is_told_so), T(windows_are_read_as_they_are_written_in_published_plans),
          T(ratios_are_read_as_they_are_written_in_published_plans),
          T(a_published_table_becomes_lines_and_what_it_does_not_say_is_named), T(a_line_goes_out_and_comes_back),
          T(bad_plans_are_refused_and_nothing_is_stored), T(terms_that_break_a_rule_are_refused),
          T(a_scope_takes_what_fits_every_list_that_is_given),
          T(a_stratum_is_found_by_class_tag_or_region_and_other_takes_the_rest),
          T(the_cap_binds_the_ratio_over_the_whole_frame))
