/* Of two records of one target one is kept, and the code of the other still leads to it. */
#include "mod/duplicate/duplicate.h"

#include "mod/drawing/drawing.h"
#include "mod/inspector/inspector.h"
#include "mod/target/target.h"
#include "mod/testing.h"

static void
add(struct ctx *c, struct target_insert_in t)
{
    int64_t done;

    t.kind = STR("entity");
    t.status = STR("active");
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, target_add(c, &t)) == OK);
    EXPECT(target_search_fill(c, 100, &done) == OK);
}

static void
two_records(struct ctx *c)
{
    add(c, (struct target_insert_in){.code = STR("P-1"), .name = STR("兴隆商店"), .region = STR("411525"), .tags = STR("食品"),
                                     .departments = STR("scjgj")});
    add(c, (struct target_insert_in){.code = STR("P-2"), .name = STR("兴隆百货商店"), .region = STR("411525"), .tags = STR("连锁"),
                                     .contact = STR("0376-1"), .departments = STR("scjgj\nsthjj")});
    EXPECT(target_visited(c->db, &(struct target_visited_in){STR("P-1"), 20500, 20454}) == OK);
    EXPECT(target_visited(c->db, &(struct target_visited_in){STR("P-2"), 20510, 20454}) == OK);
}

static const struct duplicate_pair PAIR = {{"P-1", 3}, {"P-2", 3}, {"one shop", 8}};

TEST_DB(the_kept_record_gains_what_only_the_other_knew)
{
    struct target_page_row t;

    two_records(c);
    EXPECT(duplicate_merge(c, &PAIR) == OK);
    EXPECT(target_see(c, STR("P-1"), &t) == OK);
    EXPECT(str_eq(t.name, STR("兴隆商店")) && str_eq(t.contact, STR("0376-1")));
    EXPECT(str_eq(t.former_names, STR("[\"兴隆百货商店\"]")));
    EXPECT(str_eq(t.tags, STR("连锁\n食品")) || str_eq(t.tags, STR("食品\n连锁")));
    EXPECT(str_eq(t.departments, STR("scjgj\nsthjj")) && str_eq(t.claimed, STR("sthjj")));
    EXPECT(t.visits_year == 2 && t.last_visit_day.v == 20510);
}

TEST_DB(the_code_of_the_other_leads_to_the_kept_one_and_leaves_lists_and_frames)
{
    struct target_page_row t;
    struct target_line *rows;
    struct target_scan_row *scan;
    size_t n;

    two_records(c);
    EXPECT(duplicate_merge(c, &PAIR) == OK);
    EXPECT(target_see(c, STR("P-2"), &t) == OK && str_eq(t.code, STR("P-1")));
    EXPECT(target_find(c, STR("百货"), 10, &rows, &n) == OK && n == 1 && str_eq(rows[0].code, STR("P-1")));
    EXPECT(target_rows(c, &(struct target_ask){.limit = 10}, &rows, &n) == OK && n == 1);
    EXPECT(target_scan(c->db, c->arena, &scan, &n) == OK && n == 1);
}

TEST_DB(a_former_code_finds_the_kept_one)
{
    struct target_line *rows;
    size_t n;

    add(c, (struct target_insert_in){.code = STR("P-1001"), .name = STR("甲")});
    add(c, (struct target_insert_in){.code = STR("P-2002"), .name = STR("甲")});
    EXPECT(duplicate_merge(c, &(struct duplicate_pair){STR("P-1001"), STR("P-2002"), STR("same")}) == OK);
    EXPECT(target_find(c, STR("P-2002"), 10, &rows, &n) == OK && n == 1 && str_eq(rows[0].code, STR("P-1001")));
}

TEST_DB(sent_twice_it_acts_once_and_a_chain_leads_to_its_end)
{
    struct duplicate_of_row *rows;
    struct target_page_row t;
    size_t n;

    two_records(c);
    add(c, (struct target_insert_in){.code = STR("P-3"), .name = STR("丙")});
    EXPECT(duplicate_merge(c, &PAIR) == OK && duplicate_merge(c, &PAIR) == OK);
    EXPECT(duplicate_of(c->db, c->arena, &(struct duplicate_of_in){STR("P-1")}, &rows, &n) == OK && n == 1);
    EXPECT(duplicate_merge(c, &(struct duplicate_pair){STR("P-3"), STR("P-1"), STR("x")}) == OK);
    EXPECT(target_see(c, STR("P-2"), &t) == OK && str_eq(t.code, STR("P-3")));
}

TEST_DB(a_recusal_about_the_other_holds_for_the_kept_one)
{
    struct inspector_recusal_get_row row;

    two_records(c);
    EXPECT(inspector_recusal_put(c->db, &(struct inspector_recusal_put_in){STR("ZF-1"), STR("P-2"), STR("relative"), {NULL, 0}, 1}) == OK);
    EXPECT(duplicate_merge(c, &PAIR) == OK);
    EXPECT(inspector_recusal_get(c->db, c->arena, &(struct inspector_recusal_get_in){STR("ZF-1"), STR("P-1")}, &row) == OK);
}

TEST_DB(what_makes_no_sense_or_is_not_ones_own_is_refused)
{
    two_records(c);
    EXPECT(duplicate_merge(c, &(struct duplicate_pair){STR("P-1"), STR("P-1"), STR("x")}) == ERR_INPUT);
    EXPECT(duplicate_merge(c, &(struct duplicate_pair){STR("P-1"), STR("P-2"), {NULL, 0}}) == ERR_INPUT);
    EXPECT(duplicate_merge(c, &(struct duplicate_pair){STR("P-1"), STR("P-9"), STR("x")}) == ERR_NOT_FOUND);
    c->department = STR("sthjj");
    EXPECT(duplicate_merge(c, &PAIR) == ERR_NOT_FOUND); /* P-1 is not theirs */
    EXPECT(target_claim(c, STR("P-1")) == OK);
    EXPECT(duplicate_merge(c, &PAIR) == ERR_PERMISSION); /* they only took it on */
    c->department = (struct str){NULL, 0};
}

TEST_DB(a_row_of_a_sealed_roster_that_is_not_drawn_yet_stays)
{
    const struct drawing_key key = {STR("411500/2026/0001"), 1};
    struct target_page_row t;

    two_records(c);
    EXPECT(drawing_put(c->db, &(struct drawing_put_in){.draw = key.draw, .attempt = 1, .task = STR("T"), .suite = STR("sha256"),
                                                       .rule = STR("uniform"), .batches = 1, .min_parties = 1, .opened_us = 1}) == OK);
    EXPECT(drawing_move(c->db, &(struct drawing_move_in){key.draw, 1, STR("open"), STR("sealed")}) == OK);
    EXPECT(drawing_write(c, key, "roster.tsv", STR("P-0\tall\t1\t1\t-\nP-2\tall\t1\t1\t-\n")) == OK);
    EXPECT(duplicate_merge(c, &PAIR) == ERR_STATE);
    EXPECT(target_see(c, STR("P-2"), &t) == OK && str_eq(t.code, STR("P-2")));
    EXPECT(drawing_move(c->db, &(struct drawing_move_in){key.draw, 1, STR("sealed"), STR("drawn")}) == OK);
    EXPECT(duplicate_merge(c, &PAIR) == OK);
}

TEST_MAIN(T(the_kept_record_gains_what_only_the_other_knew),
          T(the_code_of_the_other_leads_to_the_kept_one_and_leaves_lists_and_frames), T(a_former_code_finds_the_kept_one),
          T(sent_twice_it_acts_once_and_a_chain_leads_to_its_end), T(a_recusal_about_the_other_holds_for_the_kept_one),
          T(what_makes_no_sense_or_is_not_ones_own_is_refused), T(a_row_of_a_sealed_roster_that_is_not_drawn_yet_stays))
