/* Results: after the visit, reviewed, public within 20 working days; withheld only by law; corrected, never erased. */
#include "mod/result/result.h"

#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/flow_testing.h"
#include "mod/publication/publication.h"
#include "mod/target/target.h"
#include "mod/task/task.h"

static const struct str NONE;

TEST(a_result_moves_only_along_its_table)
{
    static const struct {
        enum result_state from, to;
    } MOVES[] = {{RESULT_ENTERED, RESULT_APPROVED},
                 {RESULT_ENTERED, RESULT_RETURNED},
                 {RESULT_RETURNED, RESULT_ENTERED},
                 {RESULT_APPROVED, RESULT_PUBLISHED},
                 {RESULT_APPROVED, RESULT_WITHHELD},
                 {RESULT_PUBLISHED, RESULT_WITHDRAWN}};

    for (int from = 0; from <= RESULT_STATE_COUNT; from++)
        for (int to = 0; to <= RESULT_STATE_COUNT; to++) {
            bool listed = false;

            for (size_t i = 0; i < sizeof MOVES / sizeof *MOVES; i++)
                listed |= (int) MOVES[i].from == from && (int) MOVES[i].to == to;
            EXPECT(result_may_move((enum result_state) from, (enum result_state) to) == listed);
        }
}

TEST(the_codes_are_those_of_the_national_system)
{
    EXPECT(result_code_ok(STR("no_problem")) && result_code_ok(STR("unreachable")) && result_code_ok(STR("unqualified")));
    EXPECT(!result_code_ok(STR("code")) && !result_code_ok(STR("")) && !result_code_ok(STR("NO_PROBLEM")));
}

/* An assigned task; the key of a result of its first target. */
static struct result_key
assigned(struct ctx *c)
{
    struct str task = flow_assigned(c);
    struct visit_list_row *visits;
    size_t count;

    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 1}, &visits, &count), OK);
    return (struct result_key) {task, visits[0].target, STR("G1")};
}

static struct result_entry
entry(struct ctx *c, struct result_key k, struct str code)
{
    struct str *codes = arena_alloc(c->arena, sizeof *codes);

    *codes = code;
    return (struct result_entry) {.key = k, .codes = {codes, 1}, .produced_day = day_of_us(c->now_us)};
}

static void
enter(struct ctx *c, struct result_key k)
{
    struct result_entry r = entry(c, k, STR("no_problem"));
    struct opt_i64 due;

    EXPECT_INT(result_enter_paper(c, &r, &due), OK);
}

TEST_DB(a_result_is_entered_reviewed_and_published_with_its_last_day)
{
    bool changed;
    struct result_key k = assigned(c);
    struct result_entry r = entry(c, k, STR("rectification"));
    struct publication_list_row *rows;
    struct opt_i64 due;
    struct task t;
    int64_t expected = 0;
    size_t count;

    EXPECT_INT(result_enter_paper(c, &r, &due), OK);
    EXPECT_INT(day_from_civil(2026, 3, 30, &expected), OK); /* 2 March + 20 working days */
    EXPECT(due.set);
    EXPECT_INT(due.v, expected);
    EXPECT_INT(task_load(c, k.task, &t), OK);
    EXPECT_INT(t.state, TASK_INSPECTING);
    EXPECT_INT(result_publish(c, &k, &changed), ERR_STATE); /* no review yet */
    EXPECT_INT(result_review(c, &k, true, (struct str) {0}, &changed), OK);
    EXPECT_INT(result_publish(c, &k, &changed), OK);
    EXPECT_INT(result_publish(c, &k, &changed), OK); /* sent twice */
    EXPECT_INT(publication_list(c->db, c->arena, &(struct publication_list_in) {k.target}, &rows, &count), OK);
    EXPECT_INT(count, 1);
    EXPECT_STR(rows[0].codes.p, "[\"rectification\"]");
    EXPECT_STR(rows[0].item_name.p, "公示信息检查");
    EXPECT_INT(rows[0].due_day.v, expected);
    EXPECT_INT(drawing_void(c, k.task, STR("x")), ERR_STATE); /* inspections have begun: the draw stands */
}

TEST_DB(a_result_before_its_visit_or_of_another_item_is_refused)
{
    bool changed;
    struct result_key k = assigned(c), other = k;
    struct result_entry r = entry(c, k, STR("no_problem"));
    struct opt_i64 due;

    EXPECT_INT(result_enter(c, &r, &due), ERR_STATE);
    r.key.target = STR("T9999999");
    EXPECT_INT(result_enter(c, &r, &due), ERR_NOT_FOUND);
    other.item = STR("K1");
    r = entry(c, other, STR("no_problem"));
    EXPECT_INT(result_enter_paper(c, &r, &due), ERR_NOT_FOUND);
    r = entry(c, k, STR("no_problem"));
    r.produced_day += 1;
    EXPECT_INT(result_enter_paper(c, &r, &due), ERR_DATE);
    EXPECT_INT(result_publish(c, &k, &changed), ERR_NOT_FOUND);
}

TEST_DB(unknown_and_contradictory_codes_are_refused)
{
    struct result_key k = assigned(c);
    struct result_entry r = entry(c, k, STR("fine"));
    struct str two[] = {STR("no_problem"), STR("moved")}, twice[] = {STR("moved"), STR("moved")};
    struct opt_i64 due;

    EXPECT_INT(result_enter_paper(c, &r, &due), ERR_INPUT);
    r.codes = (struct texts) {two, 2};
    EXPECT_INT(result_enter_paper(c, &r, &due), ERR_INPUT);
    r.codes = (struct texts) {twice, 2};
    EXPECT_INT(result_enter_paper(c, &r, &due), ERR_DUPLICATE);
    r.codes.count = 0;
    EXPECT_INT(result_enter_paper(c, &r, &due), ERR_INPUT);
}

TEST_DB(the_same_entry_twice_is_one_and_another_is_refused_until_it_is_returned)
{
    bool changed;
    struct result_key k = assigned(c);
    struct result_entry r = entry(c, k, STR("moved"));
    struct opt_i64 due;

    enter(c, k);
    enter(c, k);
    EXPECT_INT(result_enter(c, &r, &due), ERR_STATE);
    EXPECT_INT(result_review(c, &k, false, STR(" "), &changed), ERR_INPUT);
    EXPECT_INT(result_review(c, &k, false, STR("缺少现场照片"), &changed), OK);
    EXPECT_INT(result_review(c, &k, true, (struct str) {0}, &changed), ERR_STATE);
    EXPECT_INT(result_enter(c, &r, &due), OK);
    EXPECT_INT(result_review(c, &k, true, (struct str) {0}, &changed), OK);
}

TEST_DB(a_result_is_withheld_only_by_a_law_and_then_never_published)
{
    bool changed;
    struct result_key k = assigned(c);
    struct publication_list_row *rows;
    size_t count;

    enter(c, k);
    EXPECT_INT(result_withhold(c, &k, STR("《保守国家秘密法》第二十六条")), ERR_STATE); /* not reviewed */
    EXPECT_INT(result_review(c, &k, true, (struct str) {0}, &changed), OK);
    EXPECT_INT(result_withhold(c, &k, STR("")), ERR_INPUT);
    EXPECT_INT(result_withhold(c, &k, STR("《保守国家秘密法》第二十六条")), OK);
    EXPECT_INT(result_publish(c, &k, &changed), ERR_STATE);
    EXPECT_INT(publication_list(c->db, c->arena, &(struct publication_list_in) {k.target}, &rows, &count), OK);
    EXPECT_INT(count, 0);
}

TEST_DB(a_correction_needs_a_reason_and_keeps_the_old_text)
{
    bool changed;
    struct result_key k = assigned(c);
    struct str moved = STR("moved"), same = STR("no_problem");
    struct texts to = {&moved, 1}, nothing_new = {&same, 1};
    struct publication_list_row *rows;
    size_t count;

    enter(c, k);
    EXPECT_INT(result_correct(c, &k, &to, STR("录入有误")), ERR_STATE);
    EXPECT_INT(result_review(c, &k, true, (struct str) {0}, &changed), OK);
    EXPECT_INT(result_publish(c, &k, &changed), OK);
    EXPECT_INT(result_correct(c, &k, &to, STR("")), ERR_INPUT);
    EXPECT_INT(result_correct(c, &k, &nothing_new, STR("录入有误")), ERR_INPUT);
    EXPECT_INT(result_correct(c, &k, &to, STR("录入有误")), OK);
    EXPECT_INT(publication_list(c->db, c->arena, &(struct publication_list_in) {k.target}, &rows, &count), OK);
    EXPECT_INT(count, 2);
    EXPECT_STR(rows[0].codes.p, "[\"no_problem\"]");
    EXPECT_STR(rows[1].codes.p, "[\"moved\"]");
    EXPECT_INT(rows[1].correction, 1);
}

TEST_DB(a_year_without_a_calendar_gives_no_last_day_and_no_guess)
{
    struct result_key k = assigned(c);
    struct result_entry r;
    struct opt_i64 due = {true, 1};

    c->now_us += INT64_C(290) * 86400 * 1000000; /* 17 December: 20 working days reach into 2027 */
    r = entry(c, k, STR("no_problem"));
    EXPECT_INT(result_enter_paper(c, &r, &due), OK);
    EXPECT(!due.set);
}

TEST_DB(what_is_neither_published_nor_withheld_after_the_last_day_is_overdue)
{
    bool changed;
    struct result_key k = assigned(c);
    struct result_due_row *rows;
    int64_t due = 0;
    size_t count;

    enter(c, k);
    EXPECT_INT(day_from_civil(2026, 3, 30, &due), OK);
    EXPECT_INT(result_overdue(c, due, &rows, &count), OK);
    EXPECT_INT(count, 0); /* on the last day it is still in time */
    EXPECT_INT(result_overdue(c, due + 1, &rows, &count), OK);
    EXPECT_INT(count, 1);
    EXPECT(str_eq(rows[0].target, k.target));
    EXPECT_INT(result_review(c, &k, true, (struct str) {0}, &changed), OK);
    EXPECT_INT(result_publish(c, &k, &changed), OK);
    EXPECT_INT(result_overdue(c, due + 1, &rows, &count), OK);
    EXPECT_INT(count, 0);
}

TEST_DB(review_and_publication_tell_whether_they_changed_anything)
{
    struct result_key k = assigned(c);
    bool changed = true;

    enter(c, k);
    EXPECT_INT(result_review(c, &k, true, NONE, &changed), OK);
    EXPECT(changed);
    EXPECT_INT(result_review(c, &k, true, NONE, &changed), OK);
    EXPECT(!changed);
    EXPECT_INT(result_publish(c, &k, &changed), OK);
    EXPECT(changed);
    EXPECT_INT(result_publish(c, &k, &changed), OK);
    EXPECT(!changed);
    EXPECT_INT(result_review(c, &k, false, STR("晚了"), &changed), ERR_STATE);
    EXPECT(!changed);
}

TEST_DB(who_entered_a_result_neither_reviews_nor_withholds_it)
{
    struct result_key k = assigned(c);
    bool changed;

    c->actor = STR("user:7");
    enter(c, k);
    EXPECT_INT(result_review(c, &k, true, NONE, &changed), ERR_PERMISSION);
    EXPECT_INT(result_review(c, &k, false, STR("再看"), &changed), ERR_PERMISSION);
    c->actor = STR("user:8");
    EXPECT_INT(result_review(c, &k, true, NONE, &changed), OK);
    c->actor = STR("user:7");
    EXPECT_INT(result_withhold(c, &k, STR("《保守国家秘密法》第二十六条")), ERR_PERMISSION);
    c->actor = STR("user:8");
    EXPECT_INT(result_withhold(c, &k, STR("《保守国家秘密法》第二十六条")), OK);
    EXPECT_INT(result_withhold(c, &k, STR("《保守国家秘密法》第二十六条")), OK); /* sent twice */
}

TEST_DB(an_edit_keeps_what_was_before_and_makes_the_editor_the_one_who_entered)
{
    struct result_key k = assigned(c);
    struct result_entry r = entry(c, k, STR("rectification"));
    struct result_step_list_row *steps;
    struct result_row row;
    bool changed;
    size_t n;

    c->actor = STR("user:7");
    enter(c, k);
    c->actor = STR("user:8");
    EXPECT_INT(result_edit(c, &r, &changed), OK);
    EXPECT(changed);
    EXPECT_INT(result_edit(c, &r, &changed), OK);
    EXPECT(!changed);
    EXPECT_INT(result_review(c, &k, true, NONE, &changed), ERR_PERMISSION); /* it is the editor's now */
    c->actor = STR("user:7");
    EXPECT_INT(result_review(c, &k, true, NONE, &changed), OK);
    EXPECT_INT(result_edit(c, &r, &changed), ERR_STATE);
    EXPECT_INT(result_see_key(c, &k, &row), OK);
    EXPECT_INT(result_step_list(c->db, c->arena, &(struct result_step_list_in){row.target, row.id}, &steps, &n), OK);
    EXPECT_INT(n, 3);
    EXPECT_STR(steps[0].codes.p, "[\"no_problem\"]");
    EXPECT_STR(steps[1].codes.p, "[\"rectification\"]");
    EXPECT_STR(steps[2].state.p, "approved");
}

TEST_DB(a_result_outside_ones_department_or_region_is_not_found)
{
    struct result_key k = assigned(c);
    struct result_entry r = entry(c, k, STR("no_problem"));
    struct result_row row;
    struct opt_i64 due;
    bool changed;

    c->department = STR("sthjj");
    EXPECT_INT(result_enter_paper(c, &r, &due), ERR_PERMISSION); /* the item is the other department's */
    c->department = STR("scjgj");
    c->region = STR("411599");
    EXPECT_INT(result_enter_paper(c, &r, &due), ERR_NOT_FOUND);
    c->region = STR("4115");
    EXPECT_INT(result_enter_paper(c, &r, &due), OK);
    EXPECT_INT(result_see_key(c, &k, &row), OK);
    c->region = STR("411599");
    EXPECT_INT(result_see(c, row.target, row.id, &row), ERR_NOT_FOUND);
    EXPECT_INT(result_review(c, &k, true, NONE, &changed), ERR_NOT_FOUND);
    c->region = STR("4115");
    c->department = STR("sthjj");
    EXPECT_INT(result_publish(c, &k, &changed), ERR_NOT_FOUND);
}

TEST_DB(a_revoked_decision_leaves_the_public_and_its_publication_stays_as_a_fact)
{
    struct result_key k = assigned(c);
    struct result_revocation r = {STR("豫复决〔2026〕5号"), STR("行政复议撤销"), day_of_us(c->now_us)};
    struct publication_list_row *rows;
    struct result_revocation_get_row noted;
    struct result_row row;
    struct opt_i64 due;
    int64_t expected = 0;
    size_t n;
    bool changed;

    c->actor = STR("user:7");
    enter(c, k);
    EXPECT_INT(result_revoke(c, &k, &r, &due), ERR_STATE); /* not public */
    c->actor = STR("user:8");
    EXPECT_INT(result_review(c, &k, true, NONE, &changed), OK);
    EXPECT_INT(result_publish(c, &k, &changed), OK);
    EXPECT_INT(result_withdraw(c, &k, &changed), ERR_STATE); /* nothing revoked */
    EXPECT_INT(result_revoke(c, &k, &(struct result_revocation){NONE, r.reason, r.day}, &due), ERR_INPUT);
    EXPECT_INT(result_revoke(c, &k, &(struct result_revocation){r.document_no, r.reason, r.day + 1}, &due), ERR_DATE);
    EXPECT_INT(result_revoke(c, &k, &(struct result_revocation){r.document_no, r.reason, r.day - 1}, &due), ERR_DATE);
    EXPECT_INT(result_revoke(c, &k, &r, &due), OK);
    EXPECT_INT(day_from_civil(2026, 3, 9, &expected), OK); /* 2 March + 5 working days */
    EXPECT_INT(due.v, expected);
    EXPECT_INT(result_revoke(c, &k, &r, &due), OK); /* sent twice */
    EXPECT_INT(result_withdraw(c, &k, &changed), ERR_PERMISSION); /* one's own note */
    c->actor = STR("user:7");
    EXPECT_INT(result_withdraw(c, &k, &changed), OK);
    EXPECT(changed);
    EXPECT_INT(result_withdraw(c, &k, &changed), OK);
    EXPECT(!changed);
    EXPECT_INT(result_see_key(c, &k, &row), OK);
    EXPECT_STR(row.state.p, "withdrawn");
    EXPECT_INT(result_revocation_get(c->db, c->arena, &(struct result_revocation_get_in){row.target, row.id}, &noted), OK);
    EXPECT(noted.withdrawn_us.set);
    EXPECT_INT(publication_list(c->db, c->arena, &(struct publication_list_in){k.target}, &rows, &n), OK);
    EXPECT_INT(n, 1);
}

TEST_DB(an_approved_unreachable_opens_the_list_of_abnormal_operations)
{
    struct result_key k = assigned(c);
    struct result_entry r = entry(c, k, STR("unreachable"));
    struct followup_search_row *rows;
    struct opt_i64 due;
    int64_t expected = 0;
    size_t n;
    bool changed;

    EXPECT_INT(result_enter_paper(c, &r, &due), OK);
    EXPECT_INT(result_review(c, &k, true, NONE, &changed), OK);
    EXPECT_INT(followup_search(c->db, c->arena,
                               &(struct followup_search_in){.state = STR("open"), .after_target = STR(" "), .limit = 5}, &rows, &n),
               OK);
    EXPECT_INT(n, 1);
    EXPECT_STR(rows[0].measure.p, "abnormal_list");
    EXPECT_INT(day_from_civil(2026, 3, 16, &expected), OK); /* 10 working days */
    EXPECT_INT(rows[0].due_day.v, expected);
}

TEST_DB(a_measure_follows_a_reviewed_result_and_others_rely_only_on_published_ones)
{
    struct result_key k = assigned(c);
    struct followup_say say = {.content = STR("限期改正"), .due_day = {true, day_of_us(c->now_us) + 9}};
    struct recognition_say to = {STR("sthjj"), STR("G1"), day_of_us(c->now_us)};
    bool changed;
    int64_t id;

    enter(c, k);
    EXPECT_INT(result_follow(c, &k, STR("rectification"), &say, &id), ERR_STATE);
    EXPECT_INT(result_review(c, &k, true, NONE, &changed), OK);
    EXPECT_INT(result_follow(c, &k, STR("rectification"), &say, &id), OK);
    EXPECT_INT(result_offer(c, &k, &to, &id), ERR_STATE);
    EXPECT_INT(result_publish(c, &k, &changed), OK);
    EXPECT_INT(result_offer(c, &k, &to, &id), ERR_INPUT); /* G1 is no item of that department */
}

TEST_DB(warnings_count_by_working_days_that_are_left)
{
    static const struct {
        int64_t after; /* days after 2 March 2026, a Monday; the last day is 30 March */
        int64_t overdue, today, two, five, ten;
    } AT[] = {{0, 0, 0, 0, 0, 0},   {13, 0, 0, 0, 0, 0}, {14, 0, 0, 0, 0, 1}, {20, 0, 0, 0, 0, 1}, {21, 0, 0, 0, 1, 0},
              {24, 0, 0, 1, 0, 0},  {25, 0, 0, 1, 0, 0}, {26, 0, 0, 1, 0, 0}, {28, 0, 1, 0, 0, 0}, {29, 1, 0, 0, 0, 0}};
    struct result_key k = assigned(c);
    int64_t now = c->now_us;

    enter(c, k);
    for (size_t i = 0; i < sizeof AT / sizeof *AT; i++) {
        struct result_warnings w;

        c->now_us = now + AT[i].after * INT64_C(86400000000);
        EXPECT_INT(result_warn(c, &w), OK);
        EXPECT_INT(w.entered, 1);
        EXPECT_INT(w.overdue, AT[i].overdue);
        EXPECT_INT(w.today, AT[i].today);
        EXPECT_INT(w.within_2, AT[i].two);
        EXPECT_INT(w.within_5, AT[i].five);
        EXPECT_INT(w.within_10, AT[i].ten);
    }
}

TEST_MAIN(T(a_result_moves_only_along_its_table), T(the_codes_are_those_of_the_national_system),
          T(a_result_is_entered_reviewed_and_published_with_its_last_day),
          T(a_result_before_its_visit_or_of_another_item_is_refused), T(unknown_and_contradictory_codes_are_refused),
          T(the_same_entry_twice_is_one_and_another_is_refused_until_it_is_returned),
          T(a_result_is_withheld_only_by_a_law_and_then_never_published),
          T(a_correction_needs_a_reason_and_keeps_the_old_text),
          T(a_year_without_a_calendar_gives_no_last_day_and_no_guess),
          T(what_is_neither_published_nor_withheld_after_the_last_day_is_overdue),
          T(review_and_publication_tell_whether_they_changed_anything),
          T(who_entered_a_result_neither_reviews_nor_withholds_it),
          T(an_edit_keeps_what_was_before_and_makes_the_editor_the_one_who_entered),
          T(a_result_outside_ones_department_or_region_is_not_found),
          T(a_revoked_decision_leaves_the_public_and_its_publication_stays_as_a_fact),
          T(an_approved_unreachable_opens_the_list_of_abnormal_operations),
          T(a_measure_follows_a_reviewed_result_and_others_rely_only_on_published_ones),
          T(warnings_count_by_working_days_that_are_left))
