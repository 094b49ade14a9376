/* What follows a result: orders and their re-check, referrals answered once, recognition. */
#include "mod/followup/followup.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/calendar.h"
#include "mod/flow_testing.h"
#include "mod/target/target.h"

#define DUE_US (INT64_C(86400) * 1000000)
static const struct str NONE;

static struct followup_origin
origin(struct ctx *c)
{
    flow_city(c);
    flow_targets(c, 4);
    return (struct followup_origin){STR("T0000000"), STR("411500202603020001"), STR("G1"), STR("scjgj"), STR("411525"), 77};
}

static struct opt_i64
in_days(const struct ctx *c, int64_t n)
{
    return (struct opt_i64){true, day_of_us(c->now_us) + n};
}

static struct followup_at
begun(struct ctx *c, const struct followup_origin *o, struct str measure, const struct followup_say *say)
{
    struct followup_at at = {o->target, 0, 1};

    EXPECT_INT(followup_start(c, o, measure, say, &at.id), OK);
    return at;
}

TEST(a_follow_up_moves_only_along_its_table)
{
    int moves = 0;

    for (int from = 0; from <= FOLLOWUP_STATE_COUNT; from++)
        for (int to = 0; to <= FOLLOWUP_STATE_COUNT; to++) {
            bool may = followup_may_move((enum followup_state) from, (enum followup_state) to);

            moves += may;
            EXPECT(!may || from != FOLLOWUP_CLOSED);
            EXPECT(!may || to != FOLLOWUP_OPEN);
            EXPECT(!may || to != FOLLOWUP_RECHECK || from == FOLLOWUP_ORDERED);
        }
    EXPECT_INT(moves, 5 + 4 + 5 + 3 + 2 + 1);
}

TEST_DB(nothing_further_closes_at_once_and_the_same_again_is_one)
{
    struct followup_origin o = origin(c);
    struct followup_say say = {.note = NONE};
    struct followup_get_row row;
    struct followup_at at = begun(c, &o, STR("none"), &say), again = begun(c, &o, STR("none"), &say);

    EXPECT_INT(at.id, again.id);
    EXPECT_INT(followup_see(c, o.target, at.id, &row), OK);
    EXPECT_STR(row.state.p, "closed");
    EXPECT(row.closed_us.set);
    EXPECT_INT(followup_move(c, at, FOLLOWUP_ORDERED, &say), ERR_STATE);
    EXPECT_INT(followup_start(c, &o, STR("flogging"), &say, &at.id), ERR_INPUT);
}

TEST_DB(an_order_to_correct_is_checked_again_until_it_is_done_and_no_visit_is_counted)
{
    struct followup_origin o = origin(c);
    struct followup_say order = {.content = STR("补报年度报告"), .due_day = in_days(c, 10)}, say = {.note = NONE};
    struct followup_step_list_row *steps;
    struct followup_get_row row;
    struct target_get_row target;
    struct followup_at at;
    size_t n;
    int64_t id;

    EXPECT_INT(followup_start(c, &o, STR("rectification"), &say, &id), ERR_INPUT); /* what, and until when? */
    order.due_day = in_days(c, -1);
    EXPECT_INT(followup_start(c, &o, STR("rectification"), &order, &id), ERR_DATE);
    order.due_day = in_days(c, 10);
    at = begun(c, &o, STR("rectification"), &order);
    EXPECT_INT(followup_move(c, at, FOLLOWUP_CLOSED, &(struct followup_say){.note = STR("x")}), ERR_STATE); /* not unseen */
    EXPECT_INT(followup_move(c, at, FOLLOWUP_RECHECK, &say), ERR_INPUT);
    say = (struct followup_say){.day = in_days(c, 0), .evidence = STR("整改报告")};
    EXPECT_INT(followup_move(c, at, FOLLOWUP_RECHECK, &say), OK);
    EXPECT_INT(followup_move(c, at, FOLLOWUP_RECHECK, &say), ERR_CONFLICT); /* sent twice */
    at.row_version = 2;
    say = (struct followup_say){.day = in_days(c, 0), .note = STR("仍未补报")};
    EXPECT_INT(followup_move(c, at, FOLLOWUP_ORDERED, &say), ERR_INPUT); /* until when? */
    say.due_day = in_days(c, 20);
    EXPECT_INT(followup_move(c, at, FOLLOWUP_ORDERED, &say), OK);
    at.row_version = 3;
    say = (struct followup_say){.day = in_days(c, 0), .evidence = STR("年报截图"), .note = STR("已补报")};
    EXPECT_INT(followup_move(c, at, FOLLOWUP_RECHECK, &say), OK);
    at.row_version = 4;
    EXPECT_INT(followup_move(c, at, FOLLOWUP_CLOSED, &say), OK);
    EXPECT_INT(followup_see(c, o.target, at.id, &row), OK);
    EXPECT_STR(row.state.p, "closed");
    EXPECT_INT(followup_step_list(c->db, c->arena, &(struct followup_step_list_in){o.target, at.id}, &steps, &n), OK);
    EXPECT_INT(n, 5);
    EXPECT_INT(target_get(c->db, c->arena, &(struct target_get_in){o.target}, &target), OK);
    EXPECT_INT(target.visits_year, 0);
}

/* A file as the server received it. */
static const char *
received(struct ctx *c, const char *text)
{
    char path[FILE_PATH_BYTES];

    EXPECT_INT(file_path(path, c->dir, STR("received")), OK);
    EXPECT_INT(file_write(path, str_of(text), 0600), OK);
    return str_z(c->arena, str_of(path));
}

/* What a file of the follow-up holds. */
static struct str
held(struct ctx *c, const struct followup_file_list_row *f)
{
    char *text = arena_alloc(c->arena, 64);
    ssize_t n;
    int fd = -1;

    EXPECT_INT(followup_open(c, f, &fd), OK);
    n = pread(fd, text, 64, 0);
    EXPECT(n > 0);
    close(fd);
    return (struct str){text, n < 0 ? 0 : (size_t) n};
}

TEST_DB(files_are_attached_once_by_their_content_and_personal_ones_are_sealed)
{
    struct followup_origin o = origin(c);
    struct followup_say order = {.content = STR("补报"), .due_day = in_days(c, 10)}, recheck = {.day = in_days(c, 0)};
    struct followup_attachment open, sealed, again;
    struct followup_file_list_row *f;
    struct str raw;
    char path[FILE_PATH_BYTES], name[64];
    size_t n;
    struct followup_at at = begun(c, &o, STR("rectification"), &order);

    EXPECT_INT(followup_place(c, received(c, "<html>"), STR("x.png"), false, &open), ERR_INPUT);
    EXPECT_INT(followup_place(c, received(c, "%PDF-1"), STR(" "), false, &open), ERR_LENGTH);
    c->now_us += DUE_US;
    recheck.day = in_days(c, 0);
    EXPECT_INT(followup_move(c, at, FOLLOWUP_RECHECK, &recheck), ERR_INPUT); /* no evidence, in words or attached */
    EXPECT_INT(followup_place(c, received(c, "%PDF-整改报告"), STR("整改报告.pdf"), false, &open), OK);
    EXPECT_INT(followup_attach(c, o.target, at.id, &open), OK);
    EXPECT_INT(followup_place(c, received(c, "%PDF-身份证"), STR("张某身份证.pdf"), true, &sealed), OK);
    EXPECT_INT(followup_attach(c, o.target, at.id, &sealed), OK);
    EXPECT_INT(followup_place(c, received(c, "%PDF-身份证"), STR("又一次.pdf"), true, &again), OK);
    EXPECT_INT(followup_attach(c, o.target, at.id, &again), OK);
    EXPECT_INT(followup_files(c, o.target, at.id, false, &f, &n), OK);
    EXPECT_INT(n, 2);
    EXPECT(str_eq(f[0].name, STR("整改报告.pdf")) || str_eq(f[1].name, STR("整改报告.pdf")));
    EXPECT(f[f[0].personal == 0].name.p == NULL); /* the name too tells of a person */
    EXPECT_INT(followup_files(c, o.target, at.id, true, &f, &n), OK);
    EXPECT(str_eq(f[f[0].personal == 0].name, STR("张某身份证.pdf")));
    EXPECT(str_eq(held(c, &f[f[0].personal == 0]), STR("%PDF-身份证")));
    EXPECT(str_eq(held(c, &f[f[0].personal != 0]), STR("%PDF-整改报告")));
    snprintf(name, sizeof name, "evidence/personal/%lld", (long long) sealed.id);
    EXPECT_INT(file_path(path, c->dir, str_of(name)), OK);
    EXPECT_INT(file_read(c->arena, path, 4096, &raw), OK);
    EXPECT(memmem(raw.p, raw.n, "%PDF-", 5) == NULL);
    snprintf(name, sizeof name, "evidence/personal/%lld", (long long) again.id);
    EXPECT_INT(file_path(path, c->dir, str_of(name)), OK);
    EXPECT_INT(file_read(c->arena, path, 4096, &raw), ERR_NOT_FOUND);
    EXPECT_INT(followup_move(c, at, FOLLOWUP_RECHECK, &recheck), OK); /* attached is as good as said */
    at.row_version = 2;
    c->department = STR("sthjj");
    EXPECT_INT(followup_attach(c, o.target, at.id, &open), ERR_NOT_FOUND);
    c->department = STR("scjgj");
    recheck.note = STR("已补报");
    EXPECT_INT(followup_move(c, at, FOLLOWUP_CLOSED, &recheck), OK);
    EXPECT_INT(followup_place(c, received(c, "%PDF-late"), STR("late.pdf"), false, &open), OK);
    EXPECT_INT(followup_attach(c, o.target, at.id, &open), ERR_STATE);
}

TEST_DB(a_case_and_a_transfer_have_their_document_number)
{
    struct followup_origin o = origin(c);
    struct followup_say say = {.note = STR("涉嫌犯罪")};
    struct followup_at at;
    int64_t id;

    EXPECT_INT(followup_start(c, &o, STR("case_filed"), &say, &id), ERR_INPUT);
    say.document_no = STR("信市监立〔2026〕3号");
    at = begun(c, &o, STR("case_filed"), &say);
    EXPECT_INT(followup_move(c, at, FOLLOWUP_TRANSFERRED, &(struct followup_say){.note = STR("x")}), ERR_INPUT);
    say.document_no = STR("信市监移〔2026〕1号");
    EXPECT_INT(followup_move(c, at, FOLLOWUP_TRANSFERRED, &say), OK);
    at.row_version++;
    EXPECT_INT(followup_move(c, at, FOLLOWUP_CLOSED, &(struct followup_say){.note = NONE}), ERR_INPUT);
    EXPECT_INT(followup_move(c, at, FOLLOWUP_CLOSED, &(struct followup_say){.note = STR("公安机关已立案")}), OK);
}

TEST_DB(a_referral_is_received_and_answered_once_by_the_department_it_was_sent_to)
{
    struct followup_origin o = origin(c);
    struct followup_say say = {.note = NONE};
    struct str papers[] = {STR("现场检查笔录"), STR("照片 6 张")};
    struct referral_say to = {STR("sthjj"), STR("transfer"), STR("《行政处罚法》第二十七条"), {papers, 2}};
    struct followup_referral_line row;
    struct followup_at at, sent = {o.target, 0, 1};

    at = begun(c, &o, STR("referral"), &say);
    EXPECT_INT(followup_move(c, at, FOLLOWUP_REFERRED, &say), ERR_STATE); /* only with its papers */
    to.to_department = STR("scjgj");
    EXPECT_INT(referral_send(c, at, &to, &sent.id), ERR_INPUT);
    to.to_department = STR("sthjj");
    to.basis = STR(" ");
    EXPECT_INT(referral_send(c, at, &to, &sent.id), ERR_LENGTH);
    to.basis = STR("《行政处罚法》第二十七条");
    EXPECT_INT(referral_send(c, at, &to, &sent.id), OK);
    EXPECT_INT(referral_send(c, at, &to, &at.id), ERR_CONFLICT); /* sent twice */
    c->department = STR("scjgj");
    EXPECT_INT(referral_receive(c, sent, STR("收2026-1")), ERR_PERMISSION);
    c->department = STR("sthjj");
    EXPECT_INT(referral_answer(c, sent, STR("已处罚")), ERR_STATE);
    EXPECT_INT(referral_receive(c, sent, STR("收2026-1")), OK);
    sent.row_version = 2;
    EXPECT_INT(referral_answer(c, sent, STR("已处罚")), OK);
    EXPECT_INT(referral_answer(c, sent, STR("又处罚")), ERR_CONFLICT);
    sent.row_version = 3;
    EXPECT_INT(referral_answer(c, sent, STR("又处罚")), ERR_STATE);
    EXPECT_INT(referral_see(c, o.target, sent.id, &row), OK);
    EXPECT_STR(row.feedback.p, "已处罚");
    EXPECT_STR(row.evidence.p, "[\"现场检查笔录\",\"照片 6 张\"]");
    c->department = STR("jyj");
    EXPECT_INT(referral_see(c, o.target, sent.id, &row), ERR_NOT_FOUND);
}

TEST_DB(a_recognised_result_spares_a_visit_while_it_is_valid)
{
    struct followup_origin o = origin(c);
    struct recognition_say say = {STR("scjgj"), STR("G1"), day_of_us(c->now_us) + 30};
    struct followup_recognition_get_row row;
    struct followup_at at = {o.target, 0, 1}, other = {o.target, 0, 1};

    EXPECT_INT(recognition_offer(c, &o, &say, &at.id), ERR_INPUT); /* to oneself */
    o.department = STR("sthjj");
    say.to_item = STR("D1");
    EXPECT_INT(recognition_offer(c, &o, &say, &at.id), ERR_INPUT); /* a draft */
    say.to_item = STR("G1");
    say.valid_to_day = day_of_us(c->now_us) - 1;
    EXPECT_INT(recognition_offer(c, &o, &say, &at.id), ERR_DATE);
    say.valid_to_day += 31;
    EXPECT_INT(recognition_offer(c, &o, &say, &at.id), OK);
    EXPECT_INT(recognition_offer(c, &o, &say, &other.id), OK);
    EXPECT_INT(at.id, other.id);
    c->department = STR("sthjj");
    EXPECT_INT(recognition_decide(c, at, true, true, NONE), ERR_PERMISSION);
    c->department = STR("scjgj");
    EXPECT_INT(recognition_decide(c, at, false, false, NONE), ERR_LENGTH); /* a refusal has a reason */
    c->now_us += 40 * DUE_US;
    EXPECT_INT(recognition_decide(c, at, true, true, NONE), ERR_DATE);
    c->now_us -= 40 * DUE_US;
    EXPECT_INT(recognition_decide(c, at, true, true, NONE), OK);
    EXPECT_INT(recognition_see(c, o.target, at.id, &row), OK);
    EXPECT_STR(row.state.p, "accepted");
    EXPECT_INT(row.visit_avoided, 1);
}

TEST_DB(a_follow_up_of_another_department_or_county_is_not_found)
{
    struct followup_origin o = origin(c);
    struct followup_say say = {.note = NONE};
    struct followup_get_row row;
    struct followup_at at = begun(c, &o, STR("other"), &say);

    c->department = STR("sthjj");
    EXPECT_INT(followup_see(c, o.target, at.id, &row), ERR_NOT_FOUND);
    c->department = STR("scjgj");
    c->region = STR("411502");
    EXPECT_INT(followup_move(c, at, FOLLOWUP_CLOSED, &(struct followup_say){.note = STR("x")}), ERR_NOT_FOUND);
    c->region = STR("411525");
    EXPECT_INT(followup_move(c, at, FOLLOWUP_CLOSED, &(struct followup_say){.note = STR("x")}), OK);
}

TEST_MAIN(T(a_follow_up_moves_only_along_its_table), T(nothing_further_closes_at_once_and_the_same_again_is_one),
          T(an_order_to_correct_is_checked_again_until_it_is_done_and_no_visit_is_counted),
          T(files_are_attached_once_by_their_content_and_personal_ones_are_sealed),
          T(a_case_and_a_transfer_have_their_document_number),
          T(a_referral_is_received_and_answered_once_by_the_department_it_was_sent_to),
          T(a_recognised_result_spares_a_visit_while_it_is_valid),
          T(a_follow_up_of_another_department_or_county_is_not_found))
