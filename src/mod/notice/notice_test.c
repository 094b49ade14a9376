/* Notices: numbers without a gap, what they say, who knows of them when, delivery and receipt. */
#include "mod/notice/notice.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/dictionary/dictionary.h"
#include "mod/flow_testing.h"
#include "mod/journal_sql.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"

static const struct notice_say SAY = {.contact = {"市市场监管局 0376-0000000", sizeof "市市场监管局 0376-0000000" - 1}};

static struct notice_list_row *
in_force(struct ctx *c, struct str task, size_t *count)
{
    struct notice_list_row *rows = NULL;

    EXPECT_INT(notice_list(c->db, c->arena, &(struct notice_list_in) {task, STR(" "), 1000}, &rows, count), OK);
    return rows;
}

static struct notice_get_row
again(struct ctx *c, struct str task, int64_t id)
{
    struct notice_get_row n = {0};

    EXPECT_INT(notice_get(c->db, c->arena, &(struct notice_get_in) {task, id}, &n), OK);
    return n;
}

static int64_t
entries(struct ctx *c)
{
    struct journal_count_row n = {0};

    EXPECT_INT(journal_count(c->db, c->arena, &n), OK);
    return n.count;
}

TEST_DB(every_visit_gets_one_notice_however_often_it_is_asked_for)
{
    struct str task = flow_assigned(c);
    struct notice_batch batch;
    struct notice_list_row *rows;
    struct task_get_row t;
    struct visit_of_row v;
    size_t count;
    int64_t before;

    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    EXPECT_INT((int) batch.there, 0);
    EXPECT(batch.issued > 1 && batch.next.p == NULL);
    rows = in_force(c, task, &count);
    EXPECT_INT((int) count, (int) batch.issued);
    EXPECT(strstr(rows[0].no.p, "市场监督管理局检通〔2026〕") == rows[0].no.p);
    EXPECT_INT(visit_of(c->db, c->arena, &(struct visit_of_in) {rows[0].target, task}, &v), OK);
    EXPECT(str_eq(v.state, STR("noticed")));
    EXPECT_INT(task_get(c->db, c->arena, &(struct task_get_in) {task}, &t), OK);
    EXPECT(str_eq(t.state, STR("notified")));
    before = entries(c);
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    EXPECT_INT((int) batch.issued, 0);
    EXPECT_INT((int) batch.there, (int) count);
    EXPECT_INT(entries(c), before);
}

TEST_DB(a_notice_says_who_comes_for_what_and_how_often)
{
    struct str task = flow_assigned(c);
    struct notice_batch batch;
    struct notice_list_row *rows;
    size_t count;
    json_t *content;

    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    rows = in_force(c, task, &count);
    content = json_loadb(rows[0].content.p, rows[0].content.n, 0, NULL);
    EXPECT(content != NULL);
    EXPECT(json_array_size(json_object_get(content, "inspectors")) >= 2);
    EXPECT_INT((int) json_array_size(json_object_get(content, "items")), 1);
    EXPECT_INT((int) json_array_size(json_object_get(content, "papers")), 3);
    EXPECT_INT((int) json_integer_value(json_object_get(content, "visit_no")), 1);
    EXPECT_STR(json_string_value(json_object_get(content, "from")), "2026-03-02");
    EXPECT_STR(json_string_value(json_object_get(json_array_get(json_object_get(content, "inspectors"), 0), "valid_to")),
               "2028-01-01");
    json_decref(content);
}

TEST_DB(no_notice_is_issued_before_the_matching_or_without_a_contact)
{
    struct notice_batch batch;
    struct notice_say long_contact = {.contact = {"x", NOTICE_TEXT_MAX + 1}}, method = SAY, paper = SAY;
    struct str words[] = {STR("看一看")}, empty[] = {STR("")}, task;
    size_t count;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    task = flow_task(c, FLOW_TASK);
    method.methods = (struct texts) {words, 1};
    paper.papers = (struct texts) {empty, 1};
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), ERR_STATE);
    EXPECT_INT(notice_issue(c, STR("none"), &SAY, (struct str) {0}, &batch), ERR_NOT_FOUND);
    EXPECT_INT(notice_issue(c, task, &(struct notice_say) {0}, (struct str) {0}, &batch), ERR_MISSING);
    EXPECT_INT(notice_issue(c, task, &long_contact, (struct str) {0}, &batch), ERR_LENGTH);
    EXPECT_INT(notice_issue(c, task, &method, (struct str) {0}, &batch), ERR_INPUT);
    EXPECT_INT(notice_issue(c, task, &paper, (struct str) {0}, &batch), ERR_LENGTH);
    (void) in_force(c, task, &count);
    EXPECT_INT((int) count, 0);
}

/* A matched task without a ceremony: two visits. publish_day: of an unannounced one. */
static struct str
short_task(struct ctx *c, int number, struct opt_i64 publish_day)
{
    char draw[24];
    struct str code = flow_task(c, FLOW_TASK);

    (void) snprintf(draw, sizeof draw, "411500/2026/%04d", number);
    EXPECT_INT(drawing_put(c->db, &(struct drawing_put_in) {str_of(draw), 1, code, STR("sha256"), STR("uniform"), 1, 2, 0, publish_day, {0}, c->now_us}), OK);
    EXPECT_INT(task_move(c->db, &(struct task_move_in) {code, STR("approved"), STR("assigned")}), OK);
    EXPECT_INT(visit_open(c, &(struct visit_plan) {STR("T0000001"), code, str_of(draw), 1, 1, {0}}), OK);
    EXPECT_INT(visit_open(c, &(struct visit_plan) {STR("T0000002"), code, str_of(draw), 1, 1, {0}}), OK);
    return code;
}

TEST_DB(an_unannounced_check_is_not_told_before_its_day_or_its_check_in)
{
    int64_t today = day_of_us(c->now_us);
    struct notice_batch batch;
    struct visit_of_row v;
    struct visit_get_row g;
    struct visit_by_code_row by;
    struct str task;
    bool told = true;

    flow_city(c);
    flow_targets(c, 3);
    task = short_task(c, 1, (struct opt_i64) {true, today + 1});
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), ERR_STATE);
    EXPECT_INT(visit_of(c->db, c->arena, &(struct visit_of_in) {STR("T0000001"), task}, &v), OK);
    EXPECT_INT(visit_get(c->db, c->arena, &(struct visit_get_in) {v.target, v.id}, &g), OK);
    EXPECT_INT(visit_by_code(c->db, c->arena, &(struct visit_by_code_in) {g.code}, &by), OK);
    EXPECT_INT(notice_announced(c, &by, &told), OK);
    EXPECT(!told);
    EXPECT_INT(visit_step(c, v.target, task, VISIT_CHECKED_IN), OK);
    EXPECT_INT(visit_by_code(c->db, c->arena, &(struct visit_by_code_in) {g.code}, &by), OK);
    EXPECT_INT(notice_announced(c, &by, &told), OK);
    EXPECT(told);
    c->now_us += INT64_C(86400000000);
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    EXPECT_INT((int) batch.issued, 1); /* whoever was visited already needs none */
}

TEST_DB(a_withdrawn_notice_stays_and_the_next_one_names_it)
{
    struct notice_batch batch;
    struct notice_list_row *rows;
    struct notice_of_visit_row *both;
    struct str task;
    size_t count;

    flow_city(c);
    flow_targets(c, 3);
    task = short_task(c, 1, (struct opt_i64) {0});
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    rows = in_force(c, task, &count);
    EXPECT_INT((int) count, 2);
    EXPECT_INT(notice_withdraw(c, task, rows[0].id, (struct str) {0}), ERR_MISSING);
    EXPECT_INT(notice_withdraw(c, task, rows[0].id + 1, STR("时间有误")), ERR_NOT_FOUND);
    EXPECT_INT(notice_withdraw(c, task, rows[0].id, STR("时间有误")), OK);
    EXPECT_INT(notice_withdraw(c, task, rows[0].id, STR("时间有误")), OK);
    EXPECT_INT(notice_withdraw(c, task, rows[0].id, STR("又")), ERR_STATE);
    EXPECT_INT(notice_deliver(c, task, rows[0].id, STR("post"), day_of_us(c->now_us), (struct str) {0}), ERR_STATE);
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    EXPECT_INT((int) batch.issued, 1);
    EXPECT_INT(notice_of_visit(c->db, c->arena, &(struct notice_of_visit_in) {rows[0].target, rows[0].visit}, &both, &count), OK);
    EXPECT_INT((int) count, 2);
    EXPECT(str_eq(both[0].replaces, rows[0].no) && str_eq(both[0].state, STR("issued")));
    EXPECT(str_eq(both[1].state, STR("withdrawn")) && str_eq(both[1].withdraw_reason, STR("时间有误")));
}

TEST_DB(delivery_and_receipt_are_kept_once)
{
    int64_t today = day_of_us(c->now_us), before;
    struct notice_batch batch;
    struct notice_list_row *rows;
    struct visit_get_row g;
    struct visit_by_code_row by;
    struct str task;
    size_t count;

    flow_city(c);
    flow_targets(c, 3);
    task = short_task(c, 1, (struct opt_i64) {0});
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    rows = in_force(c, task, &count);
    EXPECT_INT(notice_deliver(c, task, rows[0].id, STR("pigeon"), today, (struct str) {0}), ERR_INPUT);
    EXPECT_INT(notice_deliver(c, task, rows[0].id, STR("personal"), today + 1, (struct str) {0}), ERR_DATE);
    EXPECT_INT(notice_deliver(c, task, rows[0].id, STR("personal"), today - 1, (struct str) {0}), ERR_DATE);
    EXPECT_INT(notice_deliver(c, task, rows[0].id, STR("personal"), today, STR("前台")), OK);
    EXPECT_INT(notice_deliver(c, task, rows[0].id, STR("personal"), today, STR("前台")), OK);
    EXPECT_INT(notice_deliver(c, task, rows[0].id, STR("post"), today, STR("前台")), ERR_EXISTS);
    EXPECT_INT(visit_get(c->db, c->arena, &(struct visit_get_in) {rows[1].target, rows[1].visit}, &g), OK);
    EXPECT_INT(visit_by_code(c->db, c->arena, &(struct visit_by_code_in) {g.code}, &by), OK);
    EXPECT_INT(notice_read(c, &by), OK);
    before = entries(c);
    c->now_us += 1000000;
    EXPECT_INT(notice_read(c, &by), OK);
    EXPECT_INT(entries(c), before);
    EXPECT_INT(again(c, task, rows[1].id).read_us.v, c->now_us - 1000000);
    EXPECT(str_eq(again(c, task, rows[1].id).delivery, STR("portal")));
    EXPECT(str_eq(again(c, task, rows[0].id).delivery, STR("personal")) && !again(c, task, rows[0].id).read_us.set);
    EXPECT_INT(notice_withdraw(c, task, rows[1].id, STR("改期")), OK);
    EXPECT_INT(notice_read(c, &by), ERR_NOT_FOUND);
}

/* --- fifty at once ------------------------------------------------------------------------------------------------ */

enum { TASKS = 25, THREADS = 50 };

struct asking {
    const struct ctx *like;
    struct str task;
    enum err result;
};

static void *
ask(void *arg)
{
    struct asking *a = arg;
    size_t bytes = 8 << 20;
    void *block = malloc(bytes);
    struct arena arena = arena_over(block, bytes);
    struct ctx c = {.arena = &arena, .now_us = a->like->now_us, .actor = STR("user:1"), .dir = a->like->dir, .entropy = a->like->entropy};
    struct notice_batch batch;

    a->result = db_open(testing_url(a->like), false, &c.db);
    for (int i = 0; a->result == OK && i < 1000; i++) {
        arena_reset(&arena);
        a->result = notice_issue(&c, a->task, &SAY, (struct str) {0}, &batch);
        if (a->result != ERR_BUSY && a->result != ERR_CONFLICT && a->result != ERR_STATE)
            break;
        if (i < 999)
            a->result = OK;
        usleep(2000);
    }
    db_close(c.db);
    free(block);
    return NULL;
}

/* Every one of 25 tasks is asked for by two threads at the same time. */
TEST_DB(fifty_requests_at_once_leave_no_gap_and_no_double)
{
    struct asking asking[THREADS];
    pthread_t threads[THREADS];
    struct notice_register_list_row *rows;
    struct str tasks[TASKS];
    size_t count;

    flow_city(c);
    flow_targets(c, 3);
    for (int i = 0; i < TASKS; i++)
        tasks[i] = short_task(c, i + 1, (struct opt_i64) {0});
    for (int i = 0; i < THREADS; i++) {
        asking[i] = (struct asking) {c, tasks[i % TASKS], OK};
        EXPECT_INT(pthread_create(&threads[i], NULL, ask, &asking[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        EXPECT_INT(asking[i].result, OK);
    EXPECT_INT(notice_register_list(c->db, c->arena, &(struct notice_register_list_in) {STR("scjgj"), 2026, 0, 1000}, &rows, &count), OK);
    EXPECT_INT((int) count, 2 * TASKS);
    for (size_t i = 0; i < count; i++)
        EXPECT_INT(rows[i].seq, (int64_t) i + 1);
}

TEST_DB(what_is_rolled_back_leaves_no_gap)
{
    struct notice_batch batch;
    struct notice_list_row *rows;
    struct str task;
    size_t count;

    flow_city(c);
    flow_targets(c, 3);
    task = short_task(c, 1, (struct opt_i64) {0});
    EXPECT_INT(db_begin(c->db), OK);
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    EXPECT_INT(db_end(c->db, ERR_CANCELLED), ERR_CANCELLED);
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    rows = in_force(c, task, &count);
    EXPECT(strstr(rows[0].no.p, "〔2026〕1号") != NULL);
}

TEST_DB(notices_are_printed_with_their_code)
{
    struct str task = flow_assigned(c);
    struct notice_batch batch;
    struct notice_list_row *rows;
    struct notice_get_row n[2];
    size_t count, pdf_bytes = 0, one_bytes;
    char *pdf = NULL;
    FILE *f;

    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    rows = in_force(c, task, &count);
    n[0] = again(c, task, rows[0].id);
    n[1] = again(c, task, rows[1].id);
    f = open_memstream(&pdf, &pdf_bytes);
    EXPECT_INT(notice_print(c, n, 1, STR("http://127.0.0.1:8080"), f), OK);
    fclose(f);
    EXPECT(pdf_bytes > 1000 && memcmp(pdf, "%PDF", 4) == 0);
    one_bytes = pdf_bytes;
    free(pdf);
    f = open_memstream(&pdf, &pdf_bytes);
    EXPECT_INT(notice_print(c, n, 2, (struct str) {0}, f), OK);
    EXPECT_INT(notice_print(c, n, 0, (struct str) {0}, f), ERR_NOT_FOUND);
    fclose(f);
    EXPECT(pdf_bytes > one_bytes);
    free(pdf);
}

static void
template_takes_effect(struct ctx *c, struct str csv)
{
    const struct dictionary_kind *k = dictionary_find(STR("templates"));
    struct dictionary_problems problems;
    json_t *rows = NULL;
    int64_t version = 0;
    uint64_t redated;

    EXPECT_INT(dictionary_read_text(c, k, csv, &rows, &problems), OK);
    EXPECT_INT(dictionary_propose(c, k, rows, &version), OK);
    EXPECT_INT(dictionary_effect(c, k, version, STR("统一文书"), &redated), OK);
    json_decref(rows);
}

#define TEMPLATE(title)                                                                                              \
    "code,name,text\nnotice,检查通知书,\"" title                                                                      \
    "\n{target_name} {item_names} {window_from} {window_to} {inspectors} {department_name} {legal_basis} {methods} {papers}\"\n"

TEST_DB(an_office_writes_its_notices_by_its_own_template)
{
    struct notice_batch batch;
    struct notice_list_row *rows;
    struct notice_get_row n;
    struct str task;
    size_t count, pdf_bytes = 0;
    char *pdf = NULL;
    FILE *f;

    flow_city(c);
    flow_targets(c, 3);
    template_takes_effect(c, STR(TEMPLATE("出厂的通知")));
    task = short_task(c, 1, (struct opt_i64) {0});
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    rows = in_force(c, task, &count);
    EXPECT(strstr(rows[0].content.p, "出厂的通知") == NULL); /* the layout of the program says the same */
    EXPECT_INT(notice_withdraw(c, task, rows[0].id, STR("改用新文书")), OK);
    template_takes_effect(c, STR(TEMPLATE("自拟的通知")));
    EXPECT_INT(notice_issue(c, task, &SAY, (struct str) {0}, &batch), OK);
    rows = in_force(c, task, &count);
    EXPECT(strstr(rows[0].content.p, "自拟的通知") != NULL);
    n = again(c, task, rows[0].id);
    f = open_memstream(&pdf, &pdf_bytes);
    EXPECT_INT(notice_print(c, &n, 1, (struct str) {0}, f), OK);
    fclose(f);
    EXPECT(pdf_bytes > 1000);
    free(pdf);
}

TEST_MAIN(T(an_office_writes_its_notices_by_its_own_template), T(every_visit_gets_one_notice_however_often_it_is_asked_for), T(a_notice_says_who_comes_for_what_and_how_often),
          T(no_notice_is_issued_before_the_matching_or_without_a_contact),
          T(an_unannounced_check_is_not_told_before_its_day_or_its_check_in),
          T(a_withdrawn_notice_stays_and_the_next_one_names_it), T(delivery_and_receipt_are_kept_once),
          T(fifty_requests_at_once_leave_no_gap_and_no_double), T(what_is_rolled_back_leaves_no_gap),
          T(notices_are_printed_with_their_code))
