/* Records count once, nobody's answer is overwritten, nothing incomplete is submitted. */
#include "mod/record/record.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "mod/assignment/assignment.h"
#include "mod/flow_testing.h"
#include "mod/journal/journal.h"
#include "mod/result/result.h"
#include "mod/task/task.h"

#define TASK                                                                                                         \
    "{\"adhoc_reason\":\"上级交办\",\"name\":\"公示信息抽查\",\"items\":[\"G1\",\"K1\"],\"scope\":{\"entity_types\":[\"enterprise\"]},"   \
    "\"strata\":{\"by\":\"one\",\"strata\":[{\"label\":\"all\",\"ratio_bp\":1000}]},\"lead\":\"scjgj\",\"participants\":["          \
    "{\"department\":\"scjgj\",\"places\":2}],\"from\":\"2026-03-02\",\"to\":\"2026-06-30\"}"
#define A STR("ZF-scjgj-001")
#define B STR("ZF-scjgj-002")
#define T0 STR("T0000000")
#define NOW_MS (TESTING_NOW_US / 1000)

/* A task with one visit of the inspectors 1 and 2. */
static struct str
visit(struct ctx *c)
{
    static const enum task_state STEPS[] = {TASK_APPROVED, TASK_SEALED, TASK_DRAWN, TASK_ASSIGNED};
    struct str task;

    flow_city(c);
    flow_targets(c, 2);
    flow_people(c, 3);
    task = flow_task(c, TASK);
    for (size_t i = 0; i + 1 < sizeof STEPS / sizeof *STEPS; i++)
        EXPECT_INT(task_step(c, task, STEPS[i], STEPS[i + 1]), OK);
    EXPECT_INT(visit_open(c, &(struct visit_plan) {T0, task, STR("411500/2026/0001"), 1, 1, {0}}), OK);
    for (int i = 0; i < 2; i++)
        EXPECT_INT(assignment_put(c->db, &(struct assignment_put_in) {T0, STR("411500/2026/0001"), 1, STR("scjgj"),
                                                                      i == 0 ? A : B, i == 0 ? STR("lead") : STR("member"),
                                                                      0}),
                   OK);
    return task;
}

/* A picture that was handed in; its hash. */
static struct str
picture(struct ctx *c, const char *what)
{
    unsigned char digest[HASH_LEN];
    char bytes[64], *hex = arena_alloc(c->arena, HASH_HEX_LEN);
    int n = snprintf(bytes, sizeof bytes, "\x89PNG\r\n\x1A\n%s", what);
    struct str hash = {hex, HASH_HEX_LEN}, type;

    hash_of(HASH_SHA256, bytes, (size_t) n, digest);
    hex_encode(digest, HASH_LEN, hex);
    EXPECT_INT(evidence_store(c, hash, (struct str) {bytes, (size_t) n}, &type), OK);
    EXPECT_STR(type.p, "image/png");
    EXPECT_INT(record_file_keep(c, A, hash, type, n), OK);
    return hash;
}

static const char ANSWERS[] = "{\"item\":\"G1\",\"base\":0,\"answer\":\"none\",\"at\":1772416000000},"
                              "{\"item\":\"K1\",\"base\":0,\"answer\":\"problem\",\"problem\":\"未按期公示\",\"disposal\":"
                              "\"rectification\",\"at\":1772416000000}";

/* A document: id is one digit, rest the further fields with a leading comma. */
static struct str
document(struct ctx *c, char id, struct str task, const char *answers, const char *rest)
{
    char *text = arena_alloc(c->arena, 8192);
    int n;

    EXPECT(text != NULL);
    n = snprintf(text, 8192,
                 "{\"id\":\"%c000000000000000000000000000000%c\",\"target\":\"T0000000\",\"task\":\"%.*s\",\"produced\":%lld,"
                 "\"answers\":[%s]%s}",
                 id, id, (int) task.n, task.p, (long long) NOW_MS - 60000, answers, rest);
    EXPECT(n > 0 && n < 8192);
    return (struct str) {text, (size_t) n};
}

/* The further fields of a record that lacks nothing. */
static const char *
complete(struct ctx *c)
{
    char *text = arena_alloc(c->arena, 4096);
    struct str a = picture(c, "a"), b = picture(c, "b"), t = picture(c, "t");

    EXPECT(text != NULL);
    snprintf(text, 4096,
             ",\"final\":true,\"outcome\":\"checked\",\"methods\":[\"on_site\"],\"checkin\":{\"at\":1772415000000,\"code\":"
             "\"https://x.example/v/T0000000/\",\"lon_udeg\":114068000,\"lat_udeg\":32123000},\"signatures\":["
             "{\"role\":\"inspector\",\"inspector\":\"ZF-scjgj-001\",\"name\":\"甲\",\"hash\":\"%.64s\",\"at\":1772416000000},"
             "{\"role\":\"inspector\",\"inspector\":\"ZF-scjgj-002\",\"name\":\"乙\",\"hash\":\"%.64s\",\"at\":1772416000000},"
             "{\"role\":\"target\",\"name\":\"负责人\",\"hash\":\"%.64s\",\"at\":1772416000000}]",
             a.p, b.p, t.p);
    return text;
}

static enum err
hand_in(struct ctx *c, struct str who, struct str json, struct record_outcome *out)
{
    return record_hand_in(c, who, json, &(struct record_clock) {.sent_ms = {true, c->now_us / 1000}}, out);
}

TEST_DB(a_record_is_submitted_once_with_its_results_however_often_it_is_sent)
{
    struct str task = visit(c), json = document(c, '1', task, ANSWERS, complete(c));
    struct record_outcome out;
    struct result_of_row result;
    struct record r;
    int64_t entry, after;

    EXPECT_INT(hand_in(c, A, json, &out), OK);
    EXPECT_INT(out.state, RECORD_SUBMITTED);
    EXPECT_INT(out.files.count, 3);
    EXPECT(!out.again);
    EXPECT_INT(journal_newest(c, &entry), OK);
    for (int i = 0; i < 3; i++) {
        EXPECT_INT(hand_in(c, A, json, &out), OK);
        EXPECT(out.again && out.state == RECORD_SUBMITTED && out.files.count == 3);
    }
    EXPECT_INT(journal_newest(c, &after), OK);
    EXPECT_INT(entry, after);
    EXPECT_INT(result_of(c->db, c->arena, &(struct result_of_in) {T0, task, STR("K1")}, &result), OK);
    EXPECT_STR(result.r.codes.p, "[\"rectification\"]");
    EXPECT_STR(result.r.detail.p, "未按期公示");
    EXPECT_INT(record_load(c, T0, out.visit, &r), OK);
    EXPECT_STR(r.row.state.p, "submitted");
    EXPECT_INT(r.row.checkin_right.v, 1);
    EXPECT_INT(r.answer_count, 2);
    EXPECT_INT(r.signature_count, 3);
    EXPECT_STR(r.signatures[0].name.p, "检查员"); /* as in the register */
    EXPECT_INT(r.handin_count, 1);
}

TEST_DB(an_id_stands_for_one_document)
{
    struct str task = visit(c);
    struct record_outcome out;

    EXPECT_INT(hand_in(c, A, document(c, '1', task, ANSWERS, ""), &out), OK);
    EXPECT_INT(hand_in(c, A, document(c, '1', task, "", ""), &out), ERR_CONFLICT);
    EXPECT_INT(hand_in(c, B, document(c, '1', task, ANSWERS, ""), &out), ERR_CONFLICT);
}

TEST_DB(two_inspectors_never_overwrite_each_other)
{
    struct str task = visit(c);
    struct record_outcome out;
    struct record r;

    EXPECT_INT(hand_in(c, A, document(c, '1', task, "{\"item\":\"G1\",\"base\":0,\"answer\":\"none\",\"at\":1}", ""), &out), OK);
    EXPECT_INT(out.state, RECORD_SAVED);
    EXPECT_INT(hand_in(c, B, document(c, '2', task, "{\"item\":\"G1\",\"base\":0,\"answer\":\"not_applicable\",\"at\":1},"
                                                    "{\"item\":\"K1\",\"base\":0,\"answer\":\"none\",\"at\":1}", ""), &out), OK);
    EXPECT_INT(out.state, RECORD_CONFLICT);
    EXPECT_INT(out.conflicts.count, 1);
    EXPECT_STR(out.conflicts.v[0].p, "G1");
    EXPECT_INT(record_load(c, T0, out.visit, &r), OK);
    EXPECT_STR(r.answers[0].answer.p, "none");
    EXPECT_INT(r.answer_count, 2);
    /* having seen it, B decides */
    EXPECT_INT(hand_in(c, B, document(c, '3', task, "{\"item\":\"G1\",\"base\":1,\"answer\":\"not_applicable\",\"at\":1}", ""), &out), OK);
    EXPECT_INT(out.state, RECORD_SAVED);
    EXPECT_INT(record_load(c, T0, out.visit, &r), OK);
    EXPECT_INT(r.answers[0].version, 2);
    EXPECT_INT(r.handin_count, 3);
}

TEST_DB(after_the_submission_the_same_is_late_and_the_other_a_conflict)
{
    struct str task = visit(c);
    struct record_outcome out;
    struct record r;
    char files[256];

    EXPECT_INT(hand_in(c, A, document(c, '1', task, ANSWERS, complete(c)), &out), OK);
    snprintf(files, sizeof files, ",\"evidence\":[{\"hash\":\"%.64s\",\"kind\":\"photo\",\"at\":1}]", picture(c, "late").p);
    EXPECT_INT(hand_in(c, B, document(c, '2', task, ANSWERS, files), &out), OK);
    EXPECT_INT(out.state, RECORD_LATE);
    EXPECT_INT(hand_in(c, B, document(c, '3', task, "{\"item\":\"G1\",\"base\":1,\"answer\":\"not_applicable\",\"at\":1}", ""), &out), OK);
    EXPECT_INT(out.state, RECORD_CONFLICT);
    EXPECT_INT(record_load(c, T0, out.visit, &r), OK);
    EXPECT_STR(r.answers[0].answer.p, "none");
    EXPECT_INT(r.evidence_count, 4);
    EXPECT_INT(r.evidence[0].late, 1);
}

TEST_DB(nothing_incomplete_is_submitted)
{
    static const char *const CUT[] = {"\"outcome\":\"checked\",", "\"methods\":[\"on_site\"],",
                                      "\"role\":\"inspector\",\"inspector\":\"ZF-scjgj-002\"", "\"role\":\"target\""};
    static const char *const PUT[] = {"", "",
                                      "\"role\":\"witness\"", "\"role\":\"witness\""};
    struct str task = visit(c);
    const char *whole = complete(c);
    struct record_outcome out;

    for (size_t i = 0; i < sizeof CUT / sizeof *CUT; i++) {
        const char *at = strstr(whole, CUT[i]);
        char *text = arena_alloc(c->arena, 4096);
        enum err e;

        EXPECT(at != NULL && text != NULL);
        snprintf(text, 4096, "%.*s%s%s", (int) (at - whole), whole, PUT[i], at + strlen(CUT[i]));
        e = hand_in(c, A, document(c, '1', task, ANSWERS, text), &out);
        EXPECT(e == ERR_MISSING || e == ERR_INPUT);
    }
    EXPECT_INT(hand_in(c, A, document(c, '1', task, "{\"item\":\"G1\",\"base\":0,\"answer\":\"none\",\"at\":1}", whole), &out),
               ERR_MISSING);
    EXPECT_INT(record_load(c, T0, out.visit, &(struct record) {0}), ERR_NOT_FOUND);
    EXPECT_INT(hand_in(c, A, document(c, '1', task, ANSWERS, whole), &out), OK);
}

TEST_DB(a_file_that_has_not_arrived_holds_the_submission_back)
{
    struct str task = visit(c);
    char *text = arena_alloc(c->arena, 8192);
    struct record_outcome out;

    snprintf(text, 8192, "%s,\"evidence\":[{\"hash\":\"%064d\",\"kind\":\"photo\",\"at\":1}]", complete(c), 7);
    EXPECT_INT(hand_in(c, A, document(c, '1', task, ANSWERS, text), &out), ERR_MISSING);
    EXPECT(strstr(c->why, "has not arrived") != NULL);
}

TEST_DB(a_visit_where_nobody_was_is_a_record_too)
{
    struct str task = visit(c), a = picture(c, "a"), b = picture(c, "b"), p = picture(c, "door");
    char *text = arena_alloc(c->arena, 8192);
    struct record_outcome out;
    struct result_of_row result;

    snprintf(text, 8192, ",\"final\":true,\"outcome\":\"unreachable\",\"remarks\":\"门窗紧闭\",\"signatures\":["
                         "{\"role\":\"inspector\",\"inspector\":\"ZF-scjgj-001\",\"name\":\"甲\",\"hash\":\"%.64s\",\"at\":1},"
                         "{\"role\":\"inspector\",\"inspector\":\"ZF-scjgj-002\",\"name\":\"乙\",\"hash\":\"%.64s\",\"at\":1}]",
             a.p, b.p);
    EXPECT_INT(hand_in(c, A, document(c, '1', task, "", text), &out), ERR_MISSING); /* a photograph of the place */
    snprintf(text + strlen(text), 1024, ",\"evidence\":[{\"hash\":\"%.64s\",\"kind\":\"photo\",\"at\":1}]", p.p);
    EXPECT_INT(hand_in(c, A, document(c, '2', task, "", text), &out), OK);
    EXPECT_INT(result_of(c->db, c->arena, &(struct result_of_in) {T0, task, STR("G1")}, &result), OK);
    EXPECT_STR(result.r.codes.p, "[\"unreachable\"]");
}

TEST_DB(a_clock_that_is_wrong_by_a_day_changes_no_date)
{
    struct str task = visit(c);
    struct record_outcome out;
    struct record r;
    const int64_t day_ms = 86400000;
    const struct record_clock ahead = {.sent_ms = {true, NOW_MS + day_ms}}, carried = {.offset_ms = {true, -day_ms}};
    char *text = arena_alloc(c->arena, 8192);
    struct str json;

    snprintf(text, 8192, "{\"id\":\"%032d\",\"target\":\"T0000000\",\"task\":\"%.*s\",\"produced\":%lld,\"start\":%lld}", 1,
             (int) task.n, task.p, (long long) (NOW_MS + day_ms - 600000), (long long) (NOW_MS + day_ms - 3600000));
    json = str_of(text);
    EXPECT_INT(record_hand_in(c, A, json, &ahead, &out), OK);
    EXPECT_INT(record_load(c, T0, out.visit, &r), OK);
    EXPECT_INT(r.row.start_us.v, TESTING_NOW_US - INT64_C(3600000000));
    EXPECT_INT(r.handins[0].skew_us, -day_ms * 1000);
    text[7 + 30] = '2';
    text[7 + 31] = '2';
    EXPECT_INT(record_hand_in(c, A, json, &carried, &out), OK);
    EXPECT_INT(record_load(c, T0, out.visit, &r), OK);
    EXPECT_INT(r.row.start_us.v, TESTING_NOW_US - INT64_C(3600000000));
}

TEST_DB(only_the_team_hands_in_and_sees)
{
    struct str task = visit(c);
    struct record_outcome out;
    struct record_visit *rows;
    size_t n;

    EXPECT_INT(hand_in(c, STR("ZF-scjgj-003"), document(c, '1', task, ANSWERS, ""), &out), ERR_NOT_FOUND);
    EXPECT_INT(record_mine(c, STR("ZF-scjgj-003"), &rows, &n), OK);
    EXPECT_INT(n, 0);
    EXPECT_INT(record_mine(c, B, &rows, &n), OK);
    EXPECT_INT(n, 1);
    EXPECT_STR(rows[0].role.p, "member");
    EXPECT_STR(rows[0].visit.task.p, task.p);
}

TEST_DB(documents_are_read_strictly)
{
    static const char *const WRONG[] = {
        ",\"outcome\":\"done\"", ",\"unknown\":1", ",\"methods\":[\"guess\"]", ",\"checkin\":{\"at\":1}",
        ",\"refusal\":\"不签\"", ",\"checkin\":{\"at\":1,\"code\":\"x\",\"lon_udeg\":1}", ",\"final\":1",
        ",\"evidence\":[{\"hash\":\"../x\",\"kind\":\"photo\",\"at\":1}]", ",\"signatures\":[{\"role\":\"inspector\"}]"};
    static const char *const ANSWER[] = {
        "{\"item\":\"G1\",\"base\":0,\"answer\":\"problem\",\"at\":1}",
        "{\"item\":\"G1\",\"base\":0,\"answer\":\"none\",\"codes\":[\"rectification\"],\"at\":1}",
        "{\"item\":\"G1\",\"base\":0,\"answer\":\"problem\",\"problem\":\"x\",\"codes\":[\"no_problem\"],\"at\":1}",
        "{\"item\":\"D1\",\"base\":0,\"answer\":\"none\",\"at\":1}",
        "{\"item\":\"G1\",\"base\":0,\"answer\":\"none\",\"at\":1},{\"item\":\"G1\",\"base\":0,\"answer\":\"none\",\"at\":1}"};
    struct str task = visit(c);
    struct record_outcome out;

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        enum err e = hand_in(c, A, document(c, '1', task, "", WRONG[i]), &out);

        EXPECT(e == ERR_INPUT || e == ERR_LENGTH);
    }
    for (size_t i = 0; i < sizeof ANSWER / sizeof *ANSWER; i++) {
        enum err e = hand_in(c, A, document(c, '1', task, ANSWER[i], ""), &out);

        EXPECT(e == ERR_INPUT || e == ERR_DUPLICATE);
    }
    EXPECT_INT(hand_in(c, A, document(c, '1', task, "", ""), &out), OK);
}

TEST_DB(a_file_is_what_its_name_says)
{
    struct str type, hash = picture(c, "x");
    char path[FILE_PATH_BYTES];

    EXPECT_INT(evidence_path(c, hash, path), OK);
    EXPECT_INT(access(path, R_OK), 0);
    EXPECT_INT(evidence_store(c, hash, STR("\x89PNG\r\n\x1A\nother"), &type), ERR_DIGEST);
    EXPECT_INT(evidence_store(c, hash, STR("<html>"), &type), ERR_INPUT);
    EXPECT_INT(evidence_store(c, STR("../../etc/passwd"), STR("%PDF-"), &type), ERR_INPUT);
    EXPECT_INT(record_file_keep(c, B, hash, type, 1), OK); /* known already */
}

TEST_MAIN(T(a_record_is_submitted_once_with_its_results_however_often_it_is_sent), T(an_id_stands_for_one_document),
          T(two_inspectors_never_overwrite_each_other), T(after_the_submission_the_same_is_late_and_the_other_a_conflict),
          T(nothing_incomplete_is_submitted), T(a_file_that_has_not_arrived_holds_the_submission_back),
          T(a_visit_where_nobody_was_is_a_record_too), T(a_clock_that_is_wrong_by_a_day_changes_no_date),
          T(only_the_team_hands_in_and_sees), T(documents_are_read_strictly), T(a_file_is_what_its_name_says))
