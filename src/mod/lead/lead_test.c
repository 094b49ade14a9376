/* Leads: checked at once without a draw, by people who may; who reported stays with the handling unit; campaigns are drawn. */
#include "mod/lead/campaign.h"

#include "core/calendar.h"
#include "mod/flow_testing.h"
#include "mod/inspector/inspector.h"
#include "mod/journal_sql.h"
#include "mod/task/task.h"

static const struct str NONE;

TEST(a_lead_moves_only_along_its_table)
{
    static const struct {
        enum lead_state from, to;
    } MOVES[] = {{LEAD_RECEIVED, LEAD_TRIAGE},        {LEAD_TRIAGE, LEAD_RECEIVED},   {LEAD_TRIAGE, LEAD_INSPECTING},
                 {LEAD_TRIAGE, LEAD_DISPOSED},        {LEAD_INSPECTING, LEAD_INSPECTING}, {LEAD_INSPECTING, LEAD_DISPOSED},
                 {LEAD_DISPOSED, LEAD_REPLIED},       {LEAD_DISPOSED, LEAD_CLOSED},   {LEAD_REPLIED, LEAD_CLOSED}};

    for (int from = 0; from <= LEAD_STATE_COUNT; from++)
        for (int to = 0; to <= LEAD_STATE_COUNT; to++) {
            bool listed = false;

            for (size_t i = 0; i < sizeof MOVES / sizeof *MOVES; i++)
                listed |= (int) MOVES[i].from == from && (int) MOVES[i].to == to;
            EXPECT(lead_may_move((enum lead_state) from, (enum lead_state) to) == listed);
        }
}

static struct lead_say
complaint(void)
{
    return (struct lead_say){.source = STR("complaint"),
                             .region = STR("411525"),
                             .department = STR("scjgj"),
                             .target = STR("T0000000"),
                             .content = STR("公示的年报与实际不符"),
                             .reporter = {STR("举报人-0001"), STR("13800000001"), NONE},
                             .portal = true};
}

static struct lead_at
received(struct ctx *c, const struct lead_say *say)
{
    struct lead_receipt r;
    struct lead_get_row row;
    const char *field;

    EXPECT_INT(lead_receive(c, say, &r, &field), OK);
    EXPECT_INT(lead_get(c->db, c->arena, &(struct lead_get_in){r.code}, &row), OK);
    return (struct lead_at){r.code, row.row_version};
}

static void
city(struct ctx *c)
{
    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    flow_people(c, 4);
}

static struct lead_inspection
visit(struct ctx *c)
{
    static struct str team[] = {{"ZF-scjgj-001", 12}, {"ZF-scjgj-002", 12}};

    return (struct lead_inspection){.day = day_of_us(c->now_us), .inspectors = {team, 2}};
}

TEST_DB(a_complaint_is_inspected_at_once_disposed_of_answered_and_closed)
{
    struct lead_say say = complaint();
    struct lead_receipt r;
    struct lead_standing standing;
    struct lead_get_row row;
    struct lead_step_list_row *steps;
    struct lead_inspection go;
    struct lead_at at;
    const char *field;
    size_t n;
    int64_t due = 0;

    city(c);
    EXPECT_INT(lead_receive(c, &say, &r, &field), OK);
    EXPECT_STR(r.code.p, "X411525202603020001");
    EXPECT_INT(day_from_civil(2026, 3, 23, &due), OK); /* 15 working days */
    EXPECT(r.due.set && r.due.v == due);
    at = (struct lead_at){r.code, 1};
    go = visit(c);
    EXPECT_INT(lead_inspect(c, at, &go), ERR_STATE);
    EXPECT_INT(lead_assign(c, at, STR("scjgj"), NONE), OK);
    EXPECT_INT(lead_assign(c, at, STR("scjgj"), NONE), ERR_CONFLICT); /* sent twice */
    at.row_version = 2;
    EXPECT_INT(lead_inspect(c, at, &go), OK);
    at.row_version = 3;
    EXPECT_INT(lead_dispose(c, at, &(struct lead_disposal){STR("violation"), NONE, NONE, STR("属实")}), ERR_INPUT);
    EXPECT_INT(lead_dispose(c, at, &(struct lead_disposal){STR("violation"), STR("rectification"), NONE, STR("属实")}), OK);
    at.row_version = 4;
    EXPECT_INT(lead_close(c, at, NONE), ERR_STATE); /* somebody waits for a reply */
    EXPECT_INT(lead_answer(c, at, STR("经查属实，已责令改正")), OK);
    at.row_version = 5;
    EXPECT_INT(lead_close(c, at, NONE), OK);
    EXPECT_INT(lead_check(c, r.code, str_of(r.token), &standing), OK);
    EXPECT_STR(standing.state.p, "closed");
    EXPECT_STR(standing.reply.p, "经查属实，已责令改正");
    EXPECT_INT(lead_check(c, r.code, STR("0000"), &standing), ERR_NOT_FOUND);
    EXPECT_INT(lead_see(c, r.code, &row), OK);
    EXPECT_INT(lead_step_list(c->db, c->arena, &(struct lead_step_list_in){r.code}, &steps, &n), OK);
    EXPECT_INT(n, 6);
}

TEST_DB(a_lead_with_a_wrong_field_is_refused_and_names_it)
{
    static const struct {
        const char *field;
        enum err e;
    } WANT[] = {{"source", ERR_INPUT}, {"region", ERR_REGION},   {"content", ERR_LENGTH},
                {"department", ERR_INPUT}, {"target", ERR_NOT_FOUND}, {"reporter_phone", ERR_LENGTH}};
    struct lead_say bad[6];
    struct lead_receipt r;
    struct lead_search_row *rows;
    const char *field;
    size_t n;

    city(c);
    for (size_t i = 0; i < 6; i++)
        bad[i] = complaint();
    bad[0].source = STR("rumour");
    bad[1].region = STR("4115");
    bad[2].content = STR(" ");
    bad[3].department = STR("nobody");
    bad[4].target = STR("T9999999");
    bad[5].reporter.phone = STR("1");
    for (size_t i = 0; i < 6; i++) {
        enum err e = lead_receive(c, &bad[i], &r, &field);

        EXPECT_STR(field, WANT[i].field);
        EXPECT(e == WANT[i].e || i == 5);
        EXPECT(e != OK);
    }
    EXPECT_INT(lead_search(c->db, c->arena, &(struct lead_search_in){.before = STR("~"), .limit = 9}, &rows, &n), OK);
    EXPECT_INT(n, 0);
}

TEST_DB(only_the_handling_department_learns_who_reported_and_each_reading_is_in_the_journal)
{
    struct lead_say say = complaint();
    struct lead_reporter who;
    struct lead_at at;
    struct journal_count_act_row before, after;

    city(c);
    at = received(c, &say);
    EXPECT_INT(lead_assign(c, at, STR("scjgj"), NONE), OK);
    EXPECT_INT(lead_reveal(c, at.code, STR("核实线索"), &who), ERR_PERMISSION); /* all departments: not the handling one */
    c->department = STR("sthjj");
    EXPECT_INT(lead_reveal(c, at.code, STR("核实线索"), &who), ERR_NOT_FOUND);
    c->department = STR("scjgj");
    c->region = STR("411502");
    EXPECT_INT(lead_reveal(c, at.code, STR("核实线索"), &who), ERR_NOT_FOUND);
    c->region = STR("4115");
    EXPECT_INT(lead_reveal(c, at.code, STR(" "), &who), ERR_LENGTH);
    EXPECT_INT(journal_count_act(c->db, c->arena, &(struct journal_count_act_in){0, STR("lead.reveal")}, &before), OK);
    EXPECT_INT(lead_reveal(c, at.code, STR("核实线索"), &who), OK);
    EXPECT_STR(who.name.p, "举报人-0001");
    EXPECT_STR(who.phone.p, "13800000001");
    EXPECT(who.address.p == NULL);
    EXPECT_INT(journal_count_act(c->db, c->arena, &(struct journal_count_act_in){0, STR("lead.reveal")}, &after), OK);
    EXPECT_INT(after.count, before.count + 1);
}

TEST_DB(what_is_passed_on_leaves_the_department_that_had_it)
{
    struct lead_say say = complaint();
    struct lead_reporter who;
    struct lead_get_row row;
    struct lead_at at;

    city(c);
    at = received(c, &say);
    c->department = STR("scjgj");
    EXPECT_INT(lead_assign(c, at, STR("sthjj"), NONE), ERR_PERMISSION);
    EXPECT_INT(lead_assign(c, at, STR("scjgj"), NONE), OK);
    at.row_version++;
    EXPECT_INT(lead_pass(c, at, STR("scjgj"), STR("不归我管")), ERR_INPUT);
    EXPECT_INT(lead_pass(c, at, STR("sthjj"), NONE), ERR_LENGTH);
    EXPECT_INT(lead_pass(c, at, STR("sthjj"), STR("属生态环境")), OK);
    EXPECT_INT(lead_see(c, at.code, &row), ERR_NOT_FOUND);
    EXPECT_INT(lead_reveal(c, at.code, STR("x"), &who), ERR_NOT_FOUND);
    c->department = STR("sthjj");
    EXPECT_INT(lead_see(c, at.code, &row), OK);
    EXPECT_STR(row.state.p, "received");
    EXPECT_INT(lead_reveal(c, at.code, STR("x"), &who), OK);
}

TEST_DB(those_who_may_not_go_do_not_go)
{
    struct lead_say say = complaint();
    struct str one[] = {STR("ZF-scjgj-001")}, twice[] = {one[0], one[0]}, other[] = {one[0], STR("ZF-sthjj-001")};
    struct lead_inspection go = {.day = day_of_us(c->now_us)};
    struct lead_at at;

    city(c);
    at = received(c, &say);
    EXPECT_INT(lead_assign(c, at, STR("scjgj"), NONE), OK);
    at.row_version++;
    go.inspectors = (struct texts){one, 1};
    EXPECT_INT(lead_inspect(c, at, &go), ERR_INPUT);
    go.inspectors = (struct texts){twice, 2};
    EXPECT_INT(lead_inspect(c, at, &go), ERR_DUPLICATE);
    go.inspectors = (struct texts){other, 2};
    EXPECT_INT(lead_inspect(c, at, &go), ERR_INPUT);
    go = visit(c);
    go.day++;
    EXPECT_INT(lead_inspect(c, at, &go), ERR_DATE);
    go.day--;
    EXPECT_INT(inspector_recusal_put(c->db, &(struct inspector_recusal_put_in){STR("ZF-scjgj-002"), STR("T0000000"),
                                                                               STR("relative"), NONE, c->now_us}),
               OK);
    EXPECT_INT(lead_inspect(c, at, &go), ERR_INPUT);
}

TEST_DB(nobody_who_reported_is_lost_by_an_anonymous_lead)
{
    struct lead_say say = complaint();
    struct lead_reporter who;
    struct lead_at at;

    city(c);
    say.reporter = (struct lead_reporter){NONE, NONE, NONE};
    at = received(c, &say);
    c->department = STR("scjgj");
    EXPECT_INT(lead_reveal(c, at.code, STR("x"), &who), ERR_NOT_FOUND);
    EXPECT_INT(lead_assign(c, at, STR("scjgj"), NONE), OK);
    at.row_version++;
    EXPECT_INT(lead_dispose(c, at, &(struct lead_disposal){STR("unfounded"), NONE, NONE, STR("x")}), ERR_INPUT);
    EXPECT_INT(lead_dispose(c, at, &(struct lead_disposal){STR("unaccepted"), NONE, NONE, STR("无具体内容")}), OK);
    at.row_version++;
    EXPECT_INT(lead_close(c, at, NONE), OK); /* there is nobody to reply to */
}

#define TERMS                                                                                                          \
    "{\"items\":[\"G1\"],\"scope\":{\"entity_types\":[\"enterprise\"]},\"strata\":{\"by\":\"one\",\"strata\":[{\"label\":\"all\","  \
    "\"ratio_bp\":1500}]},\"participants\":[{\"department\":\"scjgj\",\"places\":2}],\"from\":\"2026-03-02\",\"to\":\"2026-06-30\"}"

TEST_DB(leads_become_a_campaign_that_is_approved_filed_and_drawn_as_any_task)
{
    struct lead_say say = complaint();
    struct lead_at lead, at = {.row_version = 1};
    struct campaign_say campaign = {STR("年报公示专项检查"), STR("多起举报反映年报不实"), STR("411500"), STR("scjgj"), STR(TERMS), {&lead.code, 1}};
    struct lead_get_row row;
    struct str task;
    struct task t;
    const char *field;

    city(c);
    lead = received(c, &say);
    EXPECT_INT(campaign_draft(c, &campaign, &at.code, &field), ERR_STATE); /* not triaged */
    EXPECT_STR(field, "leads");
    EXPECT_INT(lead_assign(c, lead, STR("scjgj"), NONE), OK);
    c->actor = STR("user:1");
    EXPECT_INT(campaign_draft(c, &campaign, &at.code, &field), OK);
    EXPECT_INT(lead_see(c, lead.code, &row), OK);
    EXPECT_STR(row.state.p, "disposed");
    EXPECT_STR(row.outcome.p, "campaign");
    EXPECT_INT(campaign_start(c, at, &task), ERR_STATE);
    EXPECT_INT(campaign_approve(c, at), ERR_PERMISSION); /* one's own */
    c->actor = STR("user:2");
    EXPECT_INT(campaign_approve(c, at), OK);
    at.row_version++;
    EXPECT_INT(campaign_file(c, at, STR(" "), 1), ERR_LENGTH);
    EXPECT_INT(campaign_file(c, at, STR("信市监〔2026〕9号"), day_of_us(c->now_us) + 1), ERR_DATE);
    EXPECT_INT(campaign_file(c, at, STR("信市监〔2026〕9号"), day_of_us(c->now_us)), OK);
    at.row_version++;
    EXPECT_INT(campaign_start(c, at, &task), OK);
    EXPECT_INT(task_load(c, task, &t), OK);
    EXPECT_INT(t.state, TASK_DRAFT);
    EXPECT_INT(t.sampling.strata[0].ratio_bp, 1500);
    c->actor = STR("user:3"); /* who drafted a task does not approve it */
    EXPECT_INT(task_approve(c, task), OK);
    flow_draw(c, task, false, DRAWING_OPEN);
}

TEST_DB(a_campaign_with_terms_that_no_task_may_have_is_refused)
{
    struct lead_say say = complaint();
    struct lead_at lead;
    struct campaign_say campaign = {STR("专项"), STR("原因"), STR("411500"), STR("scjgj"), STR("{\"items\":[\"D9\"]}"), {&lead.code, 1}};
    struct lead_get_row row;
    struct str code;
    const char *field;

    city(c);
    lead = received(c, &say);
    EXPECT_INT(lead_assign(c, lead, STR("scjgj"), NONE), OK);
    EXPECT(campaign_draft(c, &campaign, &code, &field) != OK);
    EXPECT_STR(field, "terms");
    campaign.terms = STR(TERMS);
    campaign.leads.count = 0;
    EXPECT_INT(campaign_draft(c, &campaign, &code, &field), ERR_LENGTH);
    EXPECT_INT(lead_see(c, lead.code, &row), OK);
    EXPECT_STR(row.state.p, "triage");
}

TEST_MAIN(T(a_lead_moves_only_along_its_table), T(a_complaint_is_inspected_at_once_disposed_of_answered_and_closed),
          T(a_lead_with_a_wrong_field_is_refused_and_names_it),
          T(only_the_handling_department_learns_who_reported_and_each_reading_is_in_the_journal),
          T(what_is_passed_on_leaves_the_department_that_had_it), T(those_who_may_not_go_do_not_go),
          T(nobody_who_reported_is_lost_by_an_anonymous_lead),
          T(leads_become_a_campaign_that_is_approved_filed_and_drawn_as_any_task),
          T(a_campaign_with_terms_that_no_task_may_have_is_refused))
