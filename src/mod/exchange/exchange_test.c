/* mod/exchange/exchange_test.c - what was published reaches the other system once, or is known to be missing */
#include "mod/exchange/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mod/dict/dict.h"
#include "mod/file.h"
#include "mod/flow_testing.h"
#include "mod/json.h"
#include "mod/publication/publication.h"

static struct str task;

static struct str
target(struct ctx *c, int i)
{
    char text[16];

    snprintf(text, sizeof text, "T%07d", i);
    return str_copy(c->arena, str_of(text));
}

static void
published(struct ctx *c, int i, int64_t result, const char *codes, const char *department)
{
    struct publication_put_in p = {.target = target(c, i), .result = result, .task = task, .item = STR("G1"),
                                   .item_name = STR("年报\"公示\""), .department = str_of(department), .codes = str_of(codes),
                                   .produced_day = 20510};

    c->now_us += 1000000;
    EXPECT(publication_add(c, &p) == OK);
}

static void
city(struct ctx *c)
{
    static const char *const WORDS[][2] = {{"no_problem", "未发现问题"}, {"rectification", "发现问题已责令改正"},
                                           {"pending", "发现问题待后续处理"}, {"undirected", "不定向"}};

    flow_city(c);
    flow_targets(c, 10);
    task = flow_task(c, FLOW_TASK);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        EXPECT(dict_word_put(c->db, &(struct dict_word_put_in){STR("exchange"), str_of(WORDS[i][0]), str_of(WORDS[i][1]),
                                                               str_of(WORDS[i][0]), (int64_t) i}) == OK);
    published(c, 1, 11, "[\"no_problem\"]", "scjgj");
    published(c, 1, 12, "[\"rectification\",\"pending\"]", "scjgj");
    published(c, 2, 21, "[\"no_problem\"]", "sthjj");
}

static json_t *
file_of(struct ctx *c, struct str no)
{
    char path[EXCHANGE_PATH_BYTES];
    struct str text;
    json_t *v = NULL;

    EXPECT(exchange_path(c, no, path) == OK);
    EXPECT(file_read(c->arena, path, 1 << 20, &text) == OK);
    EXPECT(json_read(c, text, &v) == OK);
    return v;
}

static struct exchange_receipt
receipt(struct ctx *c, struct str no, const char *name, int accepted, const char *refused)
{
    char text[512];
    struct exchange_receipt r;

    snprintf(text, sizeof text, "{\"batchNo\":\"%.*s\",\"receiptNo\":\"%s\",\"accepted\":%d,\"refused\":[%s]}", (int) no.n, no.p,
             name, accepted, refused);
    EXPECT(exchange_receipt_parse(c, str_of(text), &r) == OK);
    return r;
}

static struct report_exchange_counts_row
counts(struct ctx *c)
{
    struct report_exchange_counts_row n = {0};

    EXPECT(exchange_counts(c, &n) == OK);
    EXPECT_INT(n.twice, 0);
    return n;
}

TEST_DB(a_batch_speaks_the_words_of_the_publicity_system)
{
    struct str no;
    json_t *v, *record, *details;

    city(c);
    EXPECT(exchange_produce(c, false, &no) == OK);
    EXPECT_INT(no.n, 18);
    EXPECT(str_starts(no, (struct str){task.p, 6}));
    v = file_of(c, no);
    EXPECT_INT(json_integer_value(json_object_get(v, "rows")), 3);
    EXPECT_INT(json_array_size(json_object_get(v, "records")), 2);
    record = json_array_get(json_object_get(v, "records"), 0);
    EXPECT_STR(json_string_value(json_object_get(record, "uniscid")), "T0000001");
    EXPECT_STR(json_string_value(json_object_get(record, "raninsTypeName")), "不定向");
    EXPECT_STR(json_string_value(json_object_get(record, "insDate")), "2026-02-26");
    EXPECT(json_is_null(json_object_get(record, "raninsPlanId")));
    details = json_object_get(record, "details");
    EXPECT_INT(json_array_size(details), 2);
    EXPECT_STR(json_string_value(json_object_get(json_array_get(details, 1), "raninsItemName")), "年报\"公示\"");
    EXPECT_STR(json_string_value(json_object_get(json_array_get(details, 1), "raninsCheckResName")),
               "发现问题已责令改正；发现问题待后续处理");
    json_decref(v);
}

TEST_DB(what_is_on_its_way_is_not_sent_again_and_a_correction_goes_by_itself)
{
    struct str no, second;

    city(c);
    EXPECT(exchange_produce(c, false, &no) == OK);
    EXPECT(exchange_produce(c, true, &second) == ERR_NOT_FOUND);
    published(c, 1, 11, "[\"pending\"]", "scjgj");
    EXPECT(exchange_produce(c, false, &second) == OK);
    EXPECT(str_cmp(second, no) > 0);
    EXPECT_INT(counts(c).sent, 4);
}

TEST_DB(a_receipt_accepts_and_refuses_and_counts_once)
{
    struct exchange_receipt r;
    struct report_exchange_pending_row *missing;
    struct str no, second;
    size_t n;

    city(c);
    EXPECT(exchange_produce(c, false, &no) == OK);
    r = receipt(c, no, "HZ-1", 2, "{\"seqno\":2,\"reason\":\"名称不符\"}");
    EXPECT(exchange_acknowledge(c, &r) == OK);
    EXPECT(exchange_acknowledge(c, &r) == OK);
    EXPECT_INT(counts(c).accepted, 2);
    EXPECT_INT(counts(c).refused, 1);
    EXPECT(exchange_missing(c, STR(""), 0, 10, &missing, &n) == OK && n == 1);
    EXPECT(str_eq(missing[0].reason, STR("名称不符")));
    EXPECT(exchange_produce(c, false, &second) == ERR_NOT_FOUND);
    EXPECT(exchange_produce(c, true, &second) == OK);
    r = receipt(c, second, "HZ-2", 1, "");
    EXPECT(exchange_acknowledge(c, &r) == OK);
    EXPECT_INT(counts(c).accepted, 3);
    EXPECT_INT(counts(c).published, 3);
}

TEST_DB(a_receipt_that_does_not_fit_its_batch_changes_nothing)
{
    struct exchange_receipt r;
    struct str no;

    city(c);
    EXPECT(exchange_produce(c, false, &no) == OK);
    r = receipt(c, no, "HZ-1", 2, "");
    EXPECT(exchange_acknowledge(c, &r) == ERR_INPUT);
    r = receipt(c, no, "HZ-1", 2, "{\"seqno\":9,\"reason\":\"?\"}");
    EXPECT(exchange_acknowledge(c, &r) == ERR_INPUT);
    EXPECT_INT(counts(c).sent, 3);
    r = receipt(c, no, "HZ-1", 3, "");
    EXPECT(exchange_acknowledge(c, &r) == OK);
    r.receipt = STR("HZ-9");
    EXPECT(exchange_acknowledge(c, &r) == ERR_STATE);
    EXPECT(exchange_resend(c, no) == ERR_STATE);
    EXPECT(exchange_receipt_parse(c, STR("{\"batchNo\":\"1\",\"accepted\":1}"), &r) == ERR_INPUT);
    EXPECT(exchange_receipt_parse(c,
                                  STR("{\"batchNo\":\"1\",\"receiptNo\":\"2\",\"accepted\":1,\"refused\":[{\"seqno\":1,"
                                      "\"reason\":\"a\"},{\"seqno\":1,\"reason\":\"b\"}]}"),
                                  &r) == ERR_DUPLICATE);
}

TEST_DB(a_department_sends_and_sees_only_its_own)
{
    struct exchange_batch_get_row b;
    struct str no, other;

    city(c);
    c->department = STR("sthjj");
    EXPECT(exchange_produce(c, false, &no) == OK);
    EXPECT(exchange_see(c, no, &b) == OK && b.rows_count == 1);
    EXPECT_INT(counts(c).published, 1);
    c->department = STR("scjgj");
    EXPECT(exchange_see(c, no, &b) == ERR_NOT_FOUND);
    EXPECT(exchange_resend(c, no) == ERR_NOT_FOUND);
    c->region = STR("42");
    EXPECT(exchange_produce(c, false, &other) == ERR_NOT_FOUND);
}

TEST_DB(a_code_without_a_name_over_there_stops_the_batch)
{
    struct str no;

    city(c);
    published(c, 3, 31, "[\"unreachable\"]", "scjgj");
    EXPECT(exchange_produce(c, false, &no) == ERR_MISSING);
    EXPECT(strstr(c->why, "unreachable") != NULL);
    EXPECT_INT(counts(c).sent, 0);
}

TEST_DB(a_batch_without_a_receipt_is_handed_over_again)
{
    struct exchange_batch_get_row b;
    struct str no;

    city(c);
    EXPECT(exchange_produce(c, false, &no) == OK);
    EXPECT(exchange_resend(c, no) == OK);
    EXPECT(exchange_see(c, no, &b) == OK && b.sent_count == 2);
    EXPECT(exchange_resend(c, STR("1")) == ERR_NOT_FOUND);
}

TEST_MAIN(T(a_batch_speaks_the_words_of_the_publicity_system),
          T(what_is_on_its_way_is_not_sent_again_and_a_correction_goes_by_itself),
          T(a_receipt_accepts_and_refuses_and_counts_once), T(a_receipt_that_does_not_fit_its_batch_changes_nothing),
          T(a_department_sends_and_sees_only_its_own), T(a_code_without_a_name_over_there_stops_the_batch),
          T(a_batch_without_a_receipt_is_handed_over_again))
