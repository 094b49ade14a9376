/* What was published stays; a correction is a further row. */
#include "mod/publication/publication.h"

#include "mod/testing.h"

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

TEST_DB(a_publication_is_taken_down_once_with_a_reason_and_stays_in_the_books)
{
    struct publication_put_in p = text(STR("[\"no_problem\"]"));
    struct publication_list_row *rows;
    size_t count;

    EXPECT_INT(publication_add(c, &p), OK);
    EXPECT_INT(publication_take_down(c, STR("T1"), p.id, STR("含有个人信息"), STR("  ")), ERR_INPUT);
    EXPECT_INT(publication_take_down(c, STR("T1"), p.id + 1, STR("含有个人信息"), STR("第四十七条")), ERR_NOT_FOUND);
    EXPECT_INT(publication_take_down(c, STR("T1"), p.id, STR("含有个人信息"), STR("第四十七条")), OK);
    EXPECT_INT(publication_take_down(c, STR("T1"), p.id, STR("含有个人信息"), STR("第四十七条")), OK);
    EXPECT_INT(publication_take_down(c, STR("T1"), p.id, STR("另一个原因"), STR("第四十七条")), ERR_STATE);
    EXPECT_INT(publication_list(c->db, c->arena, &(struct publication_list_in) {STR("T1")}, &rows, &count), OK);
    EXPECT_INT(count, 1);
    EXPECT_STR(rows[0].codes.p, "[\"no_problem\"]");
}

TEST_MAIN(T(a_publication_is_taken_down_once_with_a_reason_and_stays_in_the_books), T(corrections_are_numbered_and_the_old_text_stays), T(without_entropy_nothing_is_published))
