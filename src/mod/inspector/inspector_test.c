/* A register is accepted without losing what it does not mention; recusals stay. */
#include "mod/inspector/inspector.h"

#include <string.h>

#include "mod/dict/dict.h"
#include "mod/journal_sql.h"
#include "mod/org/org.h"
#include "mod/testing.h"

static struct inspector_say
say(const char *code)
{
    return (struct inspector_say){
        .row = {.code = str_of(code),
                .name = STR("检查员-0001"),
                .department = STR("scjgj"),
                .cap_count = 8,
                .updated_us = 1},
        .certificate = {str_of(code), STR("national"), STR("Z1"), {NULL, 0}, 21000},
    };
}

static enum inspector_effect
accept(struct ctx *c, const struct inspector_say *s, bool dry_run)
{
    enum inspector_effect effect = INSPECTOR_UNCHANGED;

    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, inspector_accept(c, s, dry_run, &effect)) == OK);
    return effect;
}

TEST_DB(an_inspector_is_new_then_unchanged_then_changed)
{
    struct inspector_say s = say("ZF-1");
    struct inspector_get_row row;

    EXPECT(accept(c, &s, true) == INSPECTOR_NEW);
    EXPECT(accept(c, &s, false) == INSPECTOR_NEW);
    EXPECT(accept(c, &s, false) == INSPECTOR_UNCHANGED);
    s.row.cap_count = 3; /* not said: kept */
    EXPECT(accept(c, &s, false) == INSPECTOR_UNCHANGED);
    s.cap_said = true;
    EXPECT(accept(c, &s, false) == INSPECTOR_CHANGED);
    s.certificate.valid_to_day = 22000;
    EXPECT(accept(c, &s, false) == INSPECTOR_CHANGED);
    s.leave = (struct inspector_leave_put_in){STR("ZF-1"), 20000, 20010, {NULL, 0}};
    s.leave_said = true;
    EXPECT(accept(c, &s, false) == INSPECTOR_CHANGED);
    EXPECT(accept(c, &s, false) == INSPECTOR_UNCHANGED);
    s.recusals[s.recusal_count++] = STR("P-1");
    EXPECT(accept(c, &s, false) == INSPECTOR_CHANGED);
    EXPECT(accept(c, &s, false) == INSPECTOR_UNCHANGED);
    EXPECT(inspector_get(c->db, c->arena, &(struct inspector_get_in){STR("ZF-1")}, &row) == OK);
    EXPECT(row.cap_count == 3 && str_eq(row.state, STR("active")) && row.row_version == 2);
}

TEST_DB(expired_certificates_of_those_at_work_are_listed)
{
    struct inspector_say s = say("ZF-1"), left = say("ZF-2");
    struct inspector_expired_row *rows;
    size_t count;

    left.row.state = STR("left");
    accept(c, &s, false);
    accept(c, &left, false);
    EXPECT(inspector_expired(c->db, c->arena, &(struct inspector_expired_in){21000, 10}, &rows, &count) ==
           OK);
    EXPECT_INT(count, 0);
    EXPECT(inspector_expired(c->db, c->arena, &(struct inspector_expired_in){21001, 10}, &rows, &count) ==
           OK);
    EXPECT(count == 1 && str_eq(rows[0].code, STR("ZF-1")));
}

TEST(words_become_ids)
{
    EXPECT(str_eq(inspector_state(STR("在岗")), STR("active")) && inspector_state(STR("?")).p == NULL);
    EXPECT(str_eq(inspector_certificate_kind(STR("行政执法证")), STR("national")));
}

/* --- as people change it --------------------------------------------------------------------------------------------------- */

/* A department, a region with two counties, and an inspector of 固始. */
static void
place(struct ctx *c)
{
    static const char *const REGIONS[][2] = {{"411500", "信阳市"}, {"411502", "浉河区"}, {"411525", "固始县"}};
    struct inspector_say s = say("ZF-1");

    EXPECT(org_add(c, STR("scjgj"), STR("市场监管局"), 0) == OK && org_add(c, STR("sthjj"), STR("生态环境局"), 1) == OK);
    for (size_t i = 0; i < sizeof REGIONS / sizeof *REGIONS; i++)
        EXPECT(dict_add_region(c, str_of(REGIONS[i][0]), str_of(REGIONS[i][1]), (struct str){NULL, 0}) == OK);
    s.row.region = STR("411525");
    s.row.skills = STR("[\"食品\"]");
    accept(c, &s, false);
}

static struct inspector_get_row
now(struct ctx *c, const char *code)
{
    struct inspector_get_row row = {0};

    EXPECT(inspector_get(c->db, c->arena, &(struct inspector_get_in){str_of(code)}, &row) == OK);
    return row;
}

/* The latest entry about a subject. */
static struct journal_list_subject_row
entry(struct ctx *c, const char *code)
{
    struct journal_list_subject_row *rows;
    size_t count;

    EXPECT(journal_list_subject(c->db, c->arena, &(struct journal_list_subject_in){str_of(code), 0, 99}, &rows, &count) ==
           OK);
    return count == 0 ? (struct journal_list_subject_row){0} : rows[count - 1];
}

static struct inspector_at
at(struct ctx *c)
{
    return (struct inspector_at){STR("ZF-1"), now(c, "ZF-1").row_version};
}

TEST_DB(an_edit_changes_what_is_said_clears_what_is_said_to_be_nothing_and_keeps_the_rest)
{
    struct inspector_change change = {.row = {.code = STR("ZF-1"), .level = STR("县级"), .updated_us = 2},
                                      .said = INSPECTOR_LEVEL | INSPECTOR_SKILLS};
    const char *field;

    place(c);
    EXPECT(inspector_edit(c, 1, &change, &field) == OK);
    EXPECT(str_eq(now(c, "ZF-1").level, STR("县级")) && now(c, "ZF-1").skills.p == NULL);
    EXPECT(str_eq(now(c, "ZF-1").name, STR("检查员-0001")) && str_eq(now(c, "ZF-1").region, STR("411525")));
    EXPECT(now(c, "ZF-1").row_version == 2 && str_eq(entry(c, "ZF-1").act, STR("inspector.change")));
    EXPECT(memmem(entry(c, "ZF-1").entry.p, entry(c, "ZF-1").entry.n, "\"level\",\"skills\"", 16) != NULL);
    EXPECT(inspector_edit(c, 2, &change, &field) == OK); /* the same again */
    EXPECT_INT(now(c, "ZF-1").row_version, 2);
    EXPECT(inspector_edit(c, 1, &change, &field) == ERR_CONFLICT);
}

static enum err
edit_with(struct ctx *c, struct inspector_put_in row, unsigned said, const char **field)
{
    row.code = STR("ZF-1");
    return inspector_edit(c, 1, &(struct inspector_change){.row = row, .said = said}, field);
}

TEST_DB(a_wrong_field_is_named_and_nothing_changes)
{
    const char *field;

    place(c);
    EXPECT(edit_with(c, (struct inspector_put_in){0}, INSPECTOR_NAME, &field) == ERR_LENGTH);
    EXPECT_STR(field, "name");
    EXPECT(edit_with(c, (struct inspector_put_in){.department = STR("nobody")}, INSPECTOR_DEPARTMENT, &field) == ERR_INPUT);
    EXPECT_STR(field, "department");
    EXPECT(edit_with(c, (struct inspector_put_in){.region = STR("999999")}, INSPECTOR_REGION, &field) == ERR_REGION);
    EXPECT_STR(field, "region");
    EXPECT(edit_with(c, (struct inspector_put_in){.regions = STR("[\"411502\",\"9\"]")}, INSPECTOR_REGIONS, &field) ==
           ERR_REGION);
    EXPECT_STR(field, "regions");
    EXPECT(edit_with(c, (struct inspector_put_in){.skills = STR("[1]")}, INSPECTOR_SKILLS, &field) == ERR_INPUT);
    EXPECT_STR(field, "skills");
    EXPECT(edit_with(c, (struct inspector_put_in){.items = STR("[\"none\"]")}, INSPECTOR_ITEMS, &field) == ERR_INPUT);
    EXPECT_STR(field, "items");
    EXPECT(edit_with(c, (struct inspector_put_in){.cap_count = -1}, INSPECTOR_CAP, &field) == ERR_RANGE);
    EXPECT_STR(field, "cap_count");
    EXPECT_INT(now(c, "ZF-1").row_version, 1);
}

TEST_DB(a_new_inspector_is_at_work_and_exists_once)
{
    struct inspector_change change = {
        .row = {.code = STR("ZF-9"), .name = STR("检查员-0009"), .department = STR("scjgj"), .cap_count = 20, .updated_us = 3},
        .person = {.phone_said = true, .phone = STR("13800001234")}};
    const char *field;

    place(c);
    EXPECT(inspector_open(c, &change, &field) == OK);
    EXPECT(str_eq(now(c, "ZF-9").state, STR("active")) && str_eq(entry(c, "ZF-9").act, STR("inspector.add")));
    EXPECT(memmem(entry(c, "ZF-9").entry.p, entry(c, "ZF-9").entry.n, "1380000", 7) == NULL);
    EXPECT(inspector_open(c, &change, &field) == ERR_EXISTS);
    change.row.code = STR("有字");
    EXPECT(inspector_open(c, &change, &field) == ERR_CHARSET);
    EXPECT_STR(field, "code");
    change.row.code = STR("ZF-10");
    change.person.phone = STR("1");
    EXPECT(inspector_open(c, &change, &field) == ERR_LENGTH);
    EXPECT_STR(field, "phone");
    EXPECT(inspector_get(c->db, c->arena, &(struct inspector_get_in){STR("ZF-10")}, &(struct inspector_get_row){0}) ==
           ERR_NOT_FOUND);
}

TEST_DB(what_lies_outside_the_row_scope_is_neither_seen_nor_changed)
{
    struct inspector_change change = {.row = {.code = STR("ZF-1"), .level = STR("x"), .region = STR("411502")},
                                      .said = INSPECTOR_LEVEL};
    struct inspector_certificate_put_in paper = {{NULL, 0}, STR("national"), STR("Z2"), {NULL, 0}, 22000};
    struct inspector_get_row row;
    struct person_plain plain;
    const char *field;

    place(c);
    for (int i = 0; i < 2; i++) {
        c->department = i == 0 ? STR("sthjj") : (struct str){NULL, 0};
        c->region = i == 0 ? (struct str){NULL, 0} : STR("411502");
        EXPECT(inspector_see(c, STR("ZF-1"), &row) == ERR_NOT_FOUND);
        EXPECT(inspector_edit(c, 1, &change, &field) == ERR_NOT_FOUND);
        EXPECT(inspector_certify(c, (struct inspector_at){STR("ZF-1"), -1}, &paper) == ERR_NOT_FOUND);
        EXPECT(inspector_recuse(c, (struct inspector_at){STR("ZF-1"), -1}, STR("P-1"), STR("other"), STR("x")) ==
               ERR_NOT_FOUND);
        EXPECT(inspector_move(c, (struct inspector_at){STR("ZF-1"), -1}, STR("left"), STR("x")) == ERR_NOT_FOUND);
        EXPECT(inspector_reveal(c, STR("ZF-1"), STR("x"), &plain) == ERR_NOT_FOUND);
    }
    c->region = STR("4115"); /* the city */
    EXPECT(inspector_see(c, STR("ZF-1"), &row) == OK);
    c->region = STR("411525");
    c->department = STR("scjgj");
    change.said = INSPECTOR_REGION;
    EXPECT(inspector_edit(c, 1, &change, &field) == ERR_PERMISSION); /* it would leave */
    change.row.code = STR("ZF-5");
    change.row.name = STR("x");
    change.row.department = STR("scjgj");
    EXPECT(inspector_open(c, &change, &field) == ERR_PERMISSION);
}

TEST_DB(a_state_is_changed_with_a_reason_and_not_twice)
{
    place(c);
    EXPECT(inspector_move(c, at(c), STR("suspended"), (struct str){NULL, 0}) == ERR_LENGTH);
    EXPECT(inspector_move(c, at(c), STR("sleeping"), STR("x")) == ERR_INPUT);
    EXPECT(inspector_move(c, at(c), STR("active"), STR("x")) == ERR_STATE);
    EXPECT(inspector_move(c, (struct inspector_at){STR("ZF-1"), 7}, STR("left"), STR("x")) == ERR_CONFLICT);
    EXPECT(inspector_move(c, at(c), STR("suspended"), STR("脱产学习")) == OK);
    EXPECT(str_eq(now(c, "ZF-1").state, STR("suspended")) && str_eq(now(c, "ZF-1").state_reason, STR("脱产学习")));
    EXPECT(str_eq(entry(c, "ZF-1").act, STR("inspector.state")));
    EXPECT(inspector_move(c, at(c), STR("active"), STR("返岗")) == OK);
    EXPECT_INT(now(c, "ZF-1").row_version, 3);
}

TEST_DB(a_certificate_is_entered_renewed_and_taken_out)
{
    struct inspector_certificate_put_in paper = {{NULL, 0}, STR("provincial"), STR("S1"), STR("省司法厅"), 22000};
    struct inspector_certificates_of_row *rows;
    size_t count;

    place(c);
    EXPECT(inspector_certify(c, at(c), &paper) == OK);
    paper.valid_to_day = 23000;
    EXPECT(inspector_certify(c, at(c), &paper) == OK);
    EXPECT(inspector_certificates_of(c->db, c->arena, &(struct inspector_certificates_of_in){STR("ZF-1")}, &rows, &count) ==
           OK);
    EXPECT(count == 2 && rows[1].valid_to_day == 23000);
    paper.kind = STR("driving");
    EXPECT(inspector_certify(c, at(c), &paper) == ERR_INPUT);
    paper.kind = STR("technical");
    paper.no = (struct str){NULL, 0};
    EXPECT(inspector_certify(c, at(c), &paper) == ERR_LENGTH);
    EXPECT(inspector_uncertify(c, at(c), STR("provincial"), (struct str){NULL, 0}) == ERR_LENGTH);
    EXPECT(inspector_uncertify(c, at(c), STR("technical"), STR("x")) == ERR_NOT_FOUND);
    EXPECT(inspector_uncertify(c, (struct inspector_at){STR("ZF-1"), 1}, STR("provincial"), STR("x")) == ERR_CONFLICT);
    EXPECT(inspector_uncertify(c, at(c), STR("provincial"), STR("证件注销")) == OK);
    EXPECT(str_eq(entry(c, "ZF-1").act, STR("inspector.uncertify")));
    EXPECT_INT(now(c, "ZF-1").row_version, 4);
}

TEST(a_certificate_warns_at_ninety_thirty_and_seven_days)
{
    EXPECT_STR(inspector_level(91), "");
    EXPECT_STR(inspector_level(90), "90");
    EXPECT_STR(inspector_level(31), "90");
    EXPECT_STR(inspector_level(30), "30");
    EXPECT_STR(inspector_level(8), "30");
    EXPECT_STR(inspector_level(7), "7");
    EXPECT_STR(inspector_level(0), "7");
    EXPECT_STR(inspector_level(-1), "expired");
}

TEST_DB(warnings_are_counted_by_level_within_the_row_scope)
{
    struct inspector_expiring_count_row n;

    place(c); /* the certificate ends on day 21000 */
    for (int64_t left = 91; left >= -1; left--) {
        struct inspector_expiring_count_in in = {21000 - left, STR("scjgj"), {NULL, 0}, {NULL, 0}};
        const char *level = inspector_level(left);

        EXPECT(inspector_expiring_count(c->db, c->arena, &in, &n) == OK);
        EXPECT_INT(n.over, *level == 'e');
        EXPECT_INT(n.week, *level == '7');
        EXPECT_INT(n.month, *level == '3');
        EXPECT_INT(n.quarter, *level == '9');
    }
    EXPECT(inspector_expiring_count(c->db, c->arena,
                                    &(struct inspector_expiring_count_in){21000, STR("sthjj"), {NULL, 0}, {NULL, 0}}, &n) == OK);
    EXPECT_INT(n.week, 0);
    EXPECT(inspector_expiring_count(
               c->db, c->arena, &(struct inspector_expiring_count_in){21000, {NULL, 0}, STR("411502"), STR("411503")}, &n) == OK);
    EXPECT_INT(n.week, 0);
}

static enum err
away(struct ctx *c, const int64_t *old, int64_t from, int64_t to)
{
    return inspector_away(c, at(c), old, &(struct inspector_leave_put_in){{NULL, 0}, from, to, STR("年休假")});
}

TEST_DB(leaves_do_not_overlap_are_changed_and_taken_back)
{
    const int64_t first = 20010, none = 20500;

    place(c);
    EXPECT(away(c, NULL, 20010, 20020) == OK);
    EXPECT(away(c, NULL, 20021, 20025) == OK); /* the next day */
    EXPECT(away(c, NULL, 20000, 20010) == ERR_DUPLICATE);
    EXPECT(away(c, NULL, 20020, 20020) == ERR_DUPLICATE);
    EXPECT(away(c, NULL, 20000, 20100) == ERR_DUPLICATE);
    EXPECT(away(c, NULL, 20100, 20099) == ERR_ORDER);
    EXPECT(away(c, NULL, 20100, 20100 + INSPECTOR_LEAVE_MAX) == ERR_RANGE);
    EXPECT(away(c, &first, 20008, 20020) == OK); /* begins earlier */
    EXPECT(away(c, &first, 20008, 20020) == ERR_NOT_FOUND);
    EXPECT(away(c, &none, 20500, 20501) == ERR_NOT_FOUND);
    EXPECT(inspector_back(c, at(c), 20010) == ERR_NOT_FOUND);
    EXPECT(inspector_back(c, at(c), 20008) == OK);
    EXPECT(str_eq(entry(c, "ZF-1").act, STR("inspector.leave_cancel")));
    EXPECT(away(c, NULL, 20000, 20010) == OK);
}

TEST_DB(a_recusal_is_declared_with_evidence_ended_with_a_reason_and_declared_anew)
{
    struct inspector_recusal_list_row *rows;
    size_t count;

    place(c);
    EXPECT(inspector_recuse(c, at(c), STR("P-1"), STR("relative"), (struct str){NULL, 0}) == ERR_LENGTH);
    EXPECT(inspector_recuse(c, at(c), STR("P-1"), STR("friend"), STR("x")) == ERR_INPUT);
    EXPECT(inspector_recuse(c, at(c), STR("91350100M000100Y44"), STR("relative"), STR("x")) == ERR_CHECK);
    EXPECT(inspector_recuse(c, (struct inspector_at){STR("ZF-2"), -1}, STR("P-1"), STR("other"), STR("x")) == ERR_NOT_FOUND);
    EXPECT(inspector_recuse(c, at(c), STR("P-1"), STR("relative"), STR("配偶任职")) == OK);
    EXPECT(inspector_recuse(c, at(c), STR("P-1"), STR("interest"), STR("x")) == ERR_EXISTS);
    EXPECT(memmem(entry(c, "ZF-1").entry.p, entry(c, "ZF-1").entry.n, "配偶", 6) == NULL); /* not for a public log */
    EXPECT(inspector_unrecuse(c, at(c), STR("P-2"), STR("x")) == ERR_NOT_FOUND);
    EXPECT(inspector_unrecuse(c, at(c), STR("P-1"), (struct str){NULL, 0}) == ERR_LENGTH);
    EXPECT(inspector_unrecuse(c, at(c), STR("P-1"), STR("亲属已离职")) == OK);
    EXPECT(inspector_unrecuse(c, at(c), STR("P-1"), STR("again")) == ERR_STATE);
    EXPECT(inspector_recusal_list(c->db, c->arena, &rows, &count) == OK && count == 0);
    EXPECT(inspector_recuse(c, at(c), STR("P-1"), STR("interest"), STR("持股")) == OK);
    EXPECT(inspector_recusal_list(c->db, c->arena, &rows, &count) == OK && count == 1 &&
           str_eq(rows[0].kind, STR("interest")));
}

TEST_DB(trainings_are_kept_with_hours_and_result)
{
    struct inspector_training_put_in t = {{NULL, 0}, 0, STR("食品安全监管业务培训"), 20700, 16, STR("市司法局"), STR("passed")};
    struct inspector_trainings_of_row *rows;
    size_t count;

    place(c);
    EXPECT(inspector_train(c, at(c), &t) == OK);
    t.hours_count = 0;
    EXPECT(inspector_train(c, at(c), &t) == ERR_RANGE);
    t.hours_count = 8;
    t.result = STR("excellent");
    EXPECT(inspector_train(c, at(c), &t) == ERR_INPUT);
    t.result = STR("attended");
    t.day = 20800;
    EXPECT(inspector_train(c, at(c), &t) == OK);
    EXPECT(inspector_trainings_of(c->db, c->arena, &(struct inspector_trainings_of_in){STR("ZF-1"), 99}, &rows, &count) == OK);
    EXPECT(count == 2 && rows[0].day == 20800 && rows[1].hours_count == 16);
    EXPECT(inspector_untrain(c, at(c), rows[0].id) == OK && inspector_untrain(c, at(c), rows[0].id) == ERR_NOT_FOUND);
}

static enum err
open_team(struct ctx *c, const char *code, const struct str *members, size_t count, const char *lead, const char **field)
{
    return inspector_team_open(c, &(struct inspector_team){str_of(code), STR("食品组"), STR("scjgj"), {NULL, 0}, str_of(lead),
                                                           STR("食品抽查"), members, count},
                               field);
}

TEST_DB(a_team_has_inspectors_of_its_department_and_one_of_them_leads)
{
    struct str members[] = {STR("ZF-1"), STR("ZF-2")};
    struct inspector_say second = say("ZF-2"), foreign = say("ZF-3");
    struct inspector_team_list_row *rows;
    struct inspector_team_get_row team;
    const char *field;
    size_t count;

    place(c);
    second.certificate.valid_to_day = 20000; /* over */
    accept(c, &second, false);
    foreign.row.department = STR("sthjj");
    accept(c, &foreign, false);
    EXPECT(open_team(c, "T1", members, 2, "ZF-3", &field) == ERR_INPUT);
    EXPECT_STR(field, "lead");
    EXPECT(open_team(c, "T1", members, 2, "ZF-1", &field) == OK);
    EXPECT(open_team(c, "T1", members, 2, "ZF-1", &field) == ERR_EXISTS);
    members[1] = STR("ZF-3");
    EXPECT(open_team(c, "T2", members, 2, "ZF-1", &field) == ERR_INPUT);
    EXPECT_STR(field, "members");
    EXPECT(inspector_team_list(c->db, c->arena,
                               &(struct inspector_team_list_in){STR("scjgj"), {NULL, 0}, {NULL, 0}, 20500, 9}, &rows,
                               &count) == OK);
    EXPECT(count == 1 && rows[0].members == 2 && rows[0].ready == 1);
    c->department = STR("sthjj");
    EXPECT(inspector_team_see(c, STR("T1"), &team) == ERR_NOT_FOUND);
    EXPECT(inspector_team_close(c, 1, STR("T1")) == ERR_NOT_FOUND);
    c->department = STR("scjgj");
    EXPECT(inspector_team_edit(c, 1, &(struct inspector_team){.code = STR("T1"), .name = STR("改名"), .members = members,
                                                              .member_count = 1}, &field) == OK);
    EXPECT(inspector_team_close(c, 1, STR("T1")) == ERR_CONFLICT);
    EXPECT(inspector_team_close(c, 2, STR("T1")) == OK && inspector_team_close(c, 2, STR("T1")) == ERR_NOT_FOUND);
}

TEST_MAIN(T(an_inspector_is_new_then_unchanged_then_changed),
          T(expired_certificates_of_those_at_work_are_listed), T(words_become_ids),
          T(an_edit_changes_what_is_said_clears_what_is_said_to_be_nothing_and_keeps_the_rest),
          T(a_wrong_field_is_named_and_nothing_changes), T(a_new_inspector_is_at_work_and_exists_once),
          T(what_lies_outside_the_row_scope_is_neither_seen_nor_changed), T(a_state_is_changed_with_a_reason_and_not_twice),
          T(a_certificate_is_entered_renewed_and_taken_out), T(a_certificate_warns_at_ninety_thirty_and_seven_days),
          T(warnings_are_counted_by_level_within_the_row_scope), T(leaves_do_not_overlap_are_changed_and_taken_back),
          T(a_recusal_is_declared_with_evidence_ended_with_a_reason_and_declared_anew),
          T(trainings_are_kept_with_hours_and_result), T(a_team_has_inspectors_of_its_department_and_one_of_them_leads))
