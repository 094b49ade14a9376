/* mod/journal/journal_test.c - entries of the journal */
#include "mod/testing.h"

#include "mod/journal/journal.h"
#include "mod/journal_sql.h"

static enum err
add(struct ctx *c, struct str subject, struct str detail)
{
    enum err e = db_begin(c->db);

    return e != OK ? e : db_end(c->db, journal_add(c, &(struct journal_act) {STR("test.act"), subject, detail}));
}

TEST_DB(entries_of_one_subject_come_back_in_order)
{
    struct journal_list_subject_row *rows;
    size_t count;

    for (int i = 0; i < 20; i++)
        EXPECT(add(c, i % 2 ? STR("a") : STR("b"), (struct str) {NULL, 0}) == OK);
    EXPECT(journal_list_subject(c->db, c->arena, &(struct journal_list_subject_in) {STR("a"), 0, 100}, &rows, &count) ==
           OK);
    EXPECT_INT(count, 10);
    for (size_t i = 1; i < count; i++)
        EXPECT(rows[i].id > rows[i - 1].id && !rows[i].leaf.set);
}

TEST_DB(a_clock_that_went_back_does_not_disorder_the_journal)
{
    struct journal_last_id_row before, after;

    EXPECT(add(c, STR("a"), STR("{\"x\":1}")) == OK);
    EXPECT(journal_last_id(c->db, c->arena, &before) == OK);
    c->now_us -= INT64_C(3600000000);
    EXPECT(add(c, STR("a"), (struct str) {NULL, 0}) == OK);
    EXPECT(journal_last_id(c->db, c->arena, &after) == OK);
    EXPECT(after.id > before.id);
}

TEST_DB(an_entry_with_a_bad_field_is_refused)
{
    static char big[JOURNAL_ENTRY_BYTES_MAX];

    memset(big, 'x', sizeof big);
    EXPECT(add(c, STR(""), (struct str) {NULL, 0}) == ERR_INPUT);
    EXPECT(add(c, STR("a\nb"), (struct str) {NULL, 0}) == ERR_INPUT);
    EXPECT(add(c, STR("a\"b"), (struct str) {NULL, 0}) == ERR_INPUT);
    EXPECT(add(c, STR("\xC0\x80"), (struct str) {NULL, 0}) == ERR_INPUT);
    EXPECT(add(c, STR("a"), (struct str) {big, sizeof big}) == ERR_TOO_LARGE);
    c->actor = STR("");
    EXPECT(add(c, STR("a"), (struct str) {NULL, 0}) == ERR_INPUT);
}

TEST_MAIN(T(entries_of_one_subject_come_back_in_order), T(a_clock_that_went_back_does_not_disorder_the_journal),
          T(an_entry_with_a_bad_field_is_refused))
