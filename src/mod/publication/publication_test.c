/* What was published stays; a correction is a further row. */
#include "mod/publication/publication.h"

#include "mod/flow_testing.h"

static struct publication_put_in
text(struct str codes)
{
    return (struct publication_put_in) {.target = STR("T1"), .result = 7, .task = STR("K"), .item = STR("G1"),
                                        .item_name = STR("公示信息检查"), .department = STR("scjgj"), .codes = codes,
                                        .produced_day = 20000};
}

TEST_DB(corrections_are_numbered_and_the_old_text_stays)
{
    struct publication_put_in first = text(STR("[\"no_problem\"]")), second = text(STR("[\"rectification\"]"));
    struct publication_list_row *rows;
    size_t count;

    EXPECT_INT(publication_add(c, &first), OK);
    EXPECT_INT(publication_add(c, &second), OK);
    EXPECT_INT(publication_list(c->db, c->arena, &(struct publication_list_in) {STR("T1")}, &rows, &count), OK);
    EXPECT_INT(count, 2);
    EXPECT_INT(rows[0].correction, 0);
    EXPECT_STR(rows[0].codes.p, "[\"no_problem\"]");
    EXPECT_INT(rows[1].correction, 1);
    EXPECT_INT(rows[1].published_us, c->now_us);
}

TEST_DB(without_entropy_nothing_is_published)
{
    struct publication_put_in p = text(STR("[\"no_problem\"]"));
    struct publication_list_row *rows;
    size_t count;

    c->entropy = testing_no_entropy;
    EXPECT_INT(publication_add(c, &p), ERR_IO);
    EXPECT_INT(publication_list(c->db, c->arena, &(struct publication_list_in) {STR("T1")}, &rows, &count), OK);
    EXPECT_INT(count, 0);
}

/* One that was published, of a target in 411525. */
static int64_t
published(struct ctx *c)
{
    struct publication_put_in p = text(STR("[\"no_problem\"]"));

    flow_city(c);
    flow_targets(c, 1);
    p.target = STR("T0000000");
    EXPECT_INT(publication_add(c, &p), OK);
    return p.id;
}

#define T0 STR("T0000000")
#define WHY STR("含有个人信息")
#define LAW STR("个人信息保护法第四十七条")

static struct publication_taken
taken(struct ctx *c, int64_t id)
{
    struct publication_takedown_get_row row = {0};

    EXPECT_INT(publication_takedown_get(c->db, c->arena, &(struct publication_takedown_get_in) {T0, id}, &row), OK);
    return row.w;
}

TEST_DB(a_publication_is_taken_down_once_with_a_reason_and_stays_in_the_books)
{
    struct publication_list_row *rows;
    size_t count;
    int64_t id = published(c);

    EXPECT_INT(publication_take_down(c, T0, id, WHY, STR("  ")), ERR_INPUT);
    EXPECT_INT(publication_take_down(c, T0, id + 1, WHY, LAW), ERR_NOT_FOUND);
    EXPECT_INT(publication_take_down(c, T0, id, WHY, LAW), OK);
    EXPECT_INT(publication_take_down(c, T0, id, WHY, LAW), OK);
    EXPECT_INT(publication_take_down(c, T0, id, STR("另一个原因"), LAW), ERR_STATE);
    EXPECT_STR(taken(c, id).state.p, "taken");
    EXPECT_INT(publication_list(c->db, c->arena, &(struct publication_list_in) {T0}, &rows, &count), OK);
    EXPECT_INT(count, 1);
    EXPECT_STR(rows[0].codes.p, "[\"no_problem\"]");
}

TEST_DB(who_asks_to_take_down_does_not_decide_and_a_refusal_says_why)
{
    struct takedown_decision say = {T0, published(c), 1, true, {NULL, 0}};
    struct publication_takedown_waiting_row w;

    c->actor = STR("user:1");
    EXPECT_INT(publication_take_down_decide(c, &say), ERR_NOT_FOUND);
    EXPECT_INT(publication_take_down_ask(c, T0, say.publication, WHY, LAW), OK);
    EXPECT_INT(publication_take_down_ask(c, T0, say.publication, WHY, LAW), OK);
    EXPECT_INT(publication_take_down_ask(c, T0, say.publication, STR("别的原因"), LAW), ERR_STATE);
    EXPECT(!taken(c, say.publication).taken_us.set);
    EXPECT_INT(publication_take_down_decide(c, &say), ERR_PERMISSION);
    EXPECT_INT(publication_takedown_waiting(c->db, c->arena, &(struct publication_takedown_waiting_in) {{NULL, 0}, {NULL, 0}, c->actor}, &w), OK);
    EXPECT_INT(w.count, 0);
    c->actor = STR("user:2");
    EXPECT_INT(publication_takedown_waiting(c->db, c->arena, &(struct publication_takedown_waiting_in) {STR("scjgj"), STR("4115"), c->actor}, &w), OK);
    EXPECT_INT(w.count, 1);
    say.take = false;
    EXPECT_INT(publication_take_down_decide(c, &say), ERR_INPUT);
    say.opinion = STR("不含个人信息");
    say.row_version = 9;
    EXPECT_INT(publication_take_down_decide(c, &say), ERR_CONFLICT);
    say.row_version = 1;
    EXPECT_INT(publication_take_down_decide(c, &say), OK);
    EXPECT_INT(publication_take_down_decide(c, &say), ERR_STATE);
    EXPECT_INT(publication_take_down_ask(c, T0, say.publication, STR("判决书载有住址"), LAW), OK); /* again, better founded */
    c->actor = STR("user:3");
    say = (struct takedown_decision) {T0, say.publication, 3, true, {NULL, 0}};
    EXPECT_INT(publication_take_down_decide(c, &say), OK);
    EXPECT(taken(c, say.publication).taken_us.set);
}

TEST_DB(what_lies_outside_ones_department_or_region_is_neither_asked_for_nor_decided)
{
    struct takedown_decision say = {T0, published(c), 1, true, {NULL, 0}};

    c->actor = STR("user:1");
    c->department = STR("sthjj");
    EXPECT_INT(publication_take_down_ask(c, T0, say.publication, WHY, LAW), ERR_NOT_FOUND);
    c->department = STR("scjgj");
    c->region = STR("411502");
    EXPECT_INT(publication_take_down_ask(c, T0, say.publication, WHY, LAW), ERR_NOT_FOUND);
    c->region = STR("411525");
    EXPECT_INT(publication_take_down_ask(c, T0, say.publication, WHY, LAW), OK);
    c->actor = STR("user:2");
    c->region = STR("411502");
    EXPECT_INT(publication_take_down_decide(c, &say), ERR_NOT_FOUND);
}

TEST_MAIN(T(a_publication_is_taken_down_once_with_a_reason_and_stays_in_the_books), T(corrections_are_numbered_and_the_old_text_stays),
          T(what_lies_outside_ones_department_or_region_is_neither_asked_for_nor_decided),
          T(who_asks_to_take_down_does_not_decide_and_a_refusal_says_why), T(without_entropy_nothing_is_published))
