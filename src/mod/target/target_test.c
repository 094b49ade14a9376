/* Targets are found by two characters, merged without loss, and renamed in the index too. */
#include "mod/target/target.h"

#include "mod/testing.h"

static struct target_insert_in
firm(const char *code, const char *name)
{
    return (struct target_insert_in){.code = str_of(code),
                                     .kind = STR("entity"),
                                     .name = str_of(name),
                                     .status = STR("active"),
                                     .region = STR("411525"),
                                     .departments = STR("scjgj\nsthjj"),
                                     .updated_us = 1};
}

static void
add(struct ctx *c, const char *code, const char *name)
{
    struct target_insert_in t = firm(code, name);

    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, target_add(c, &t)) == OK);
}

static void
fill(struct ctx *c)
{
    int64_t done = 1;

    while (done > 0)
        EXPECT(target_search_fill(c, 2, &done) == OK);
}

/* The codes found, joined by blanks. */
static const char *
found(struct ctx *c, const char *words)
{
    static char out[256];
    struct buf b = buf_over(out, sizeof out - 1);
    struct target_search_row *rows;
    size_t count;

    EXPECT(target_find(c, str_of(words), 10, &rows, &count) == OK);
    for (size_t i = 0; i < count; i++) {
        buf_z(&b, i == 0 ? "" : " ");
        buf_str(&b, rows[i].code);
    }
    out[b.n] = 0;
    return out;
}

TEST_DB(one_two_or_more_characters_find_a_name)
{
    add(c, "P-3", "固始县兴隆商店");
    add(c, "P-1", "信阳市固城\"粮油' ABC店");
    add(c, "P-2", "潢川县始建工程有限公司");
    fill(c);
    EXPECT_STR(found(c, "固始"), "P-3");
    EXPECT_STR(found(c, "店"), "P-1 P-3");
    EXPECT_STR(found(c, "始"), "P-2 P-3");
    EXPECT_STR(found(c, "始建工程有限公司"), "P-2");
    EXPECT_STR(found(c, "abc店"), "P-1");
    EXPECT_STR(found(c, "\"粮油'"), "P-1");
    EXPECT_STR(found(c, "始固"), "");
    EXPECT_STR(found(c, "县兴 隆"), "P-3"); /* blanks do not count */
    EXPECT_STR(found(c, "*"), "");
}

TEST_DB(pairs_that_are_apart_do_not_make_a_match)
{
    add(c, "P-1", "甲乙丙甲丙");
    fill(c);
    EXPECT_STR(found(c, "甲乙丙"), "P-1");
    EXPECT_STR(found(c, "乙丙甲丙"), "P-1");
    EXPECT_STR(found(c, "丙甲乙"), "");
}

TEST_DB(the_beginning_of_a_code_finds_it)
{
    add(c, "91411500176920441C", "甲");
    add(c, "91411500177201397H", "乙");
    add(c, "92411500177201397H", "丙");
    EXPECT_STR(found(c, "91411500"), "91411500176920441C 91411500177201397H");
    EXPECT_STR(found(c, "92411500177201397H"), "92411500177201397H");
    EXPECT_STR(found(c, "99999999"), "");
}

TEST_DB(figures_that_begin_no_code_are_looked_for_in_names)
{
    add(c, "91411500176920441C", "甲");
    add(c, "91411500177201397H", "乙7012便利店");
    fill(c);
    EXPECT_STR(found(c, "7012"), "91411500177201397H");
    EXPECT_STR(found(c, "9141"), "91411500176920441C 91411500177201397H");
}

TEST_DB(empty_overlong_and_broken_search_texts_are_refused)
{
    struct target_search_row *rows;
    size_t count;
    char longer[TARGET_WORDS_MAX + 2];

    memset(longer, 'x', sizeof longer);
    EXPECT(target_find(c, STR("  "), 10, &rows, &count) == ERR_LENGTH);
    EXPECT(target_find(c, (struct str){longer, sizeof longer}, 10, &rows, &count) == ERR_LENGTH);
    EXPECT(target_find(c, STR("\xff\xfe"), 10, &rows, &count) == ERR_ENCODING);
    EXPECT(target_find(c, STR("甲"), 0, &rows, &count) == ERR_RANGE);
    EXPECT(target_find(c, STR("甲"), TARGET_SEARCH_MAX + 1, &rows, &count) == ERR_RANGE);
}

static struct target_page_row
page(struct ctx *c, const char *code)
{
    struct target_page_row *rows;
    size_t count;

    EXPECT(target_page(c->db, c->arena, &(struct target_page_in){str_of(code), 1}, &rows, &count) == OK &&
           count == 1);
    EXPECT(str_eq(rows[0].code, str_of(code)));
    return rows[0];
}

TEST_DB(a_renamed_target_is_found_by_its_new_name_only)
{
    struct target_insert_in say = firm("P-1", "新名商店");
    struct target_update_in to;
    struct target_page_row old;
    bool changed;

    add(c, "P-1", "旧名商店");
    for (int round = 0; round < 2; round++) { /* indexed, and not yet indexed */
        if (round == 0)
            fill(c);
        old = page(c, "P-1");
        EXPECT(target_merge(c->arena, &old, &say, &to, &changed) == OK && changed);
        EXPECT(db_begin(c->db) == OK);
        EXPECT(db_end(c->db, target_change(c, &old, &to)) == OK);
        fill(c);
        EXPECT_STR(found(c, "新名"), round == 0 ? "P-1" : "");
        EXPECT_STR(found(c, "旧名"), "");
        say = firm("P-1", "再名商店");
    }
    EXPECT_STR(found(c, "再名"), "P-1");
    old = page(c, "P-1");
    EXPECT(str_eq(old.former_names, STR("[\"旧名商店\",\"新名商店\"]")));
    EXPECT(str_eq(old.departments, STR("scjgj\nsthjj")));
    EXPECT(old.row_version == 3);
}

TEST_DB(silence_keeps_what_is_known_and_a_derived_region_never_replaces_a_given_one)
{
    struct target_insert_in say = firm("P-1", "甲");
    struct target_update_in to;
    struct target_page_row old;
    bool changed;

    add(c, "P-1", "甲");
    old = page(c, "P-1");
    say.region = (struct str){NULL, 0};
    EXPECT(target_merge(c->arena, &old, &say, &to, &changed) == OK && !changed &&
           str_eq(to.region, old.region));
    say.region = STR("411502");
    say.region_derived = 1;
    EXPECT(target_merge(c->arena, &old, &say, &to, &changed) == OK && !changed && to.region_derived == 0);
    say.region_derived = 0;
    EXPECT(target_merge(c->arena, &old, &say, &to, &changed) == OK && changed &&
           str_eq(to.region, STR("411502")));
    old.region_derived = 1;
    say.region = old.region;
    EXPECT(target_merge(c->arena, &old, &say, &to, &changed) == OK && changed && to.region_derived == 0);
}

TEST_DB(a_stale_change_is_refused)
{
    struct target_insert_in say = firm("P-1", "乙");
    struct target_update_in to;
    struct target_page_row old;
    bool changed;

    add(c, "P-1", "甲");
    old = page(c, "P-1");
    EXPECT(target_merge(c->arena, &old, &say, &to, &changed) == OK);
    EXPECT(target_update(c->db, &to) == OK);
    EXPECT(target_update(c->db, &to) == ERR_STATE);
    EXPECT(target_add(c, &say) == ERR_EXISTS);
}

TEST(words_of_registers_become_ids_and_unknown_ones_do_not)
{
    EXPECT(str_eq(target_status(STR("存续")), STR("active")) &&
           str_eq(target_status(STR("active")), STR("active")));
    EXPECT(str_eq(target_status(STR("迁出")), STR("moved")) && target_status(STR("很好")).p == NULL);
    EXPECT(str_eq(target_entity_type(STR("个体工商户")), STR("individual")) &&
           target_entity_type(STR("")).p == NULL);
    EXPECT(str_eq(target_kind(STR("产品")), STR("product")) && target_kind(STR("人")).p == NULL);
}

TEST_MAIN(T(one_two_or_more_characters_find_a_name), T(pairs_that_are_apart_do_not_make_a_match),
          T(the_beginning_of_a_code_finds_it),
          T(figures_that_begin_no_code_are_looked_for_in_names), T(empty_overlong_and_broken_search_texts_are_refused),
          T(a_renamed_target_is_found_by_its_new_name_only),
          T(silence_keeps_what_is_known_and_a_derived_region_never_replaces_a_given_one),
          T(a_stale_change_is_refused), T(words_of_registers_become_ids_and_unknown_ones_do_not))
