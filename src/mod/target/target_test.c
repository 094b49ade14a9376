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
    struct target_line *rows;
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
    struct target_line *rows;
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

TEST_DB(a_renamed_target_is_found_by_its_new_and_its_former_name)
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
        EXPECT(db_end(c->db, target_change(c, &old, &to, STR("target.change"))) == OK);
        fill(c);
        EXPECT_STR(found(c, "新名"), "P-1");
        EXPECT_STR(found(c, "xmsd"), round == 0 ? "P-1" : ""); /* first letters are those of the present name */
        EXPECT_STR(found(c, "旧名"), "P-1"); /* 曾用名 */
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

/* --- first letters */

TEST_DB(first_letters_find_a_name_also_by_a_further_reading)
{
    add(c, "P-1", "固始县兴隆商店");
    add(c, "P-2", "重庆小面馆");
    add(c, "P-3", "新县GSXL百货");
    fill(c);
    EXPECT_STR(found(c, "gsxxl"), "P-1");
    EXPECT_STR(found(c, "GSXXLSD"), "P-1");
    EXPECT_STR(found(c, "gsx"), "P-1 P-3"); /* letters of the name itself, too */
    EXPECT_STR(found(c, "gs"), "P-1 P-3");
    EXPECT_STR(found(c, "cqxm"), "P-2");
    EXPECT_STR(found(c, "zqxm"), "P-2");
    EXPECT_STR(found(c, "sd"), "P-1");
    EXPECT_STR(found(c, "g"), "P-1 P-2 P-3"); /* 馆 */
    EXPECT_STR(found(c, "gsd"), ""); /* they must be neighbours */
    EXPECT_STR(found(c, "sdx"), "");
}

/* --- filters and the row scope */

static struct target_where
where(struct ctx *c, const char *scope)
{
    struct scope s;
    struct target_where w = {.kinds = {NULL, 0}};

    EXPECT(terms_scope(c, str_of(scope), &s) == OK);
    EXPECT(target_where_of(c, &s, &w) == OK);
    return w;
}

/* The codes of a page, joined by blanks; the count must agree. */
static const char *
listed(struct ctx *c, const char *scope, const char *words)
{
    static char out[256];
    struct buf b = buf_over(out, sizeof out - 1);
    struct target_ask ask = {.where = where(c, scope), .words = str_of(words), .limit = 10};
    struct target_line *rows;
    int64_t total;
    size_t count;

    EXPECT(target_rows(c, &ask, &rows, &count) == OK);
    EXPECT(target_how_many(c, &ask.where, &total) == OK);
    EXPECT(words != NULL || total == (int64_t) count);
    for (size_t i = 0; i < count; i++) {
        buf_z(&b, i == 0 ? "" : " ");
        buf_str(&b, rows[i].code);
    }
    out[b.n] = 0;
    return out;
}

static void
put(struct ctx *c, struct target_insert_in t)
{
    t.kind = t.kind.n > 0 ? t.kind : STR("entity");
    t.name = t.name.n > 0 ? t.name : STR("测试商店");
    t.status = t.status.n > 0 ? t.status : STR("active");
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, target_add(c, &t)) == OK);
}

static void
four_targets(struct ctx *c)
{
    put(c, (struct target_insert_in){.code = STR("P-1"), .region = STR("411525"), .industry = STR("F5112"), .tags = STR("连锁\n食品"),
                                     .departments = STR("scjgj"), .risk_class = STR("A"), .established_day = {true, 100},
                                     .licences = STR("[{\"name\":\"x\",\"to\":\"2026-05-01\"},{\"to\":\"2026-03-01\"}]")});
    put(c, (struct target_insert_in){.code = STR("P-2"), .region = STR("411525001"), .industry = STR("F5211"), .tags = STR("食品"),
                                     .departments = STR("scjgj\nsthjj"), .risk_class = STR("D"), .established_day = {true, 200}});
    put(c, (struct target_insert_in){.code = STR("P-3"), .region = STR("411502"), .status = STR("cancelled"),
                                     .departments = STR("sthjj"), .kind = STR("project")});
    put(c, (struct target_insert_in){.code = STR("P-4"), .region_derived = 1, .region = STR("410100")});
    fill(c);
}

TEST_DB(a_filter_asks_for_regions_industries_tags_classes_and_days)
{
    four_targets(c);
    EXPECT_STR(listed(c, "{}", NULL), "P-1 P-2 P-3 P-4");
    EXPECT_STR(listed(c, "{\"regions\":[\"411500\"]}", NULL), "P-1 P-2 P-3"); /* all of the city */
    EXPECT_STR(listed(c, "{\"regions\":[\"411525\",\"410100\"]}", NULL), "P-1 P-2 P-4");
    EXPECT_STR(listed(c, "{\"industries\":[\"F51\"]}", NULL), "P-1");
    EXPECT_STR(listed(c, "{\"tags\":[\"连锁\",\"停业\"]}", NULL), "P-1");
    EXPECT_STR(listed(c, "{\"tags_all\":[\"食品\",\"连锁\"]}", NULL), "P-1");
    EXPECT_STR(listed(c, "{\"tags_none\":[\"连锁\"]}", NULL), "P-2 P-3 P-4");
    EXPECT_STR(listed(c, "{\"risk_classes\":[\"C\",\"D\"]}", NULL), "P-2");
    EXPECT_STR(listed(c, "{\"statuses\":[\"cancelled\"],\"kinds\":[\"project\"]}", NULL), "P-3");
    EXPECT_STR(listed(c, "{\"departments\":[\"sthjj\"]}", NULL), "P-2 P-3");
    EXPECT_STR(listed(c, "{\"established_from\":\"1970-05-01\",\"established_to\":\"1971-01-01\"}", NULL), "P-2");
    EXPECT_STR(listed(c, "{\"licence_before\":\"2026-03-02\"}", NULL), "P-1");
    EXPECT_STR(listed(c, "{\"licence_before\":\"2026-03-01\"}", NULL), "");
}

TEST_DB(a_filter_and_the_scope_of_a_draw_take_the_same_targets)
{
    static const char *const SCOPES[] = {
        "{}", "{\"regions\":[\"411500\"]}", "{\"industries\":[\"F52\"]}", "{\"tags_none\":[\"连锁\"]}",
        "{\"visited_before\":\"2026-01-01\"}", "{\"risk_classes\":[\"A\"]}", "{\"tags_all\":[\"食品\"]}",
        "{\"licence_before\":\"2027-01-01\"}", "{\"departments\":[\"sthjj\"],\"kinds\":[\"entity\"]}"};

    four_targets(c);
    for (size_t i = 0; i < sizeof SCOPES / sizeof *SCOPES; i++) {
        struct target_scan_row *rows;
        struct target_where w = where(c, SCOPES[i]);
        struct scope s;
        size_t n;
        int64_t total, taken = 0;

        EXPECT(terms_scope(c, str_of(SCOPES[i]), &s) == OK);
        EXPECT(target_scan(c->db, c->arena, &rows, &n) == OK && target_how_many(c, &w, &total) == OK);
        for (size_t k = 0; k < n; k++) {
            const struct target_scan_row *t = &rows[k];
            const struct terms_target terms = {t->kind, t->entity_type, t->region, t->industry, t->status, t->risk_class, t->tags,
                                               t->departments, t->established_day, t->last_visit_day, t->licence_day};

            taken += scope_takes(&s, &terms);
        }
        EXPECT_INT(taken, total);
    }
}

TEST_DB(scope_and_filter_come_before_the_limit_of_a_search)
{
    struct target_ask ask = {.words = STR("商店"), .limit = 2};
    struct target_line *rows;
    size_t n;

    for (int i = 0; i < 6; i++) {
        char code[8] = "P-0";

        code[2] = (char) ('1' + i);
        put(c, (struct target_insert_in){.code = str_of(code), .name = STR("固始商店"), .departments = i < 4 ? STR("scjgj") : STR("sthjj"),
                                         .region = i == 5 ? STR("411502") : STR("411525")});
    }
    fill(c);
    c->department = STR("sthjj");
    EXPECT(target_rows(c, &ask, &rows, &n) == OK && n == 2);
    EXPECT(str_eq(rows[0].code, STR("P-5")) && str_eq(rows[1].code, STR("P-6")));
    ask.where.regions = STR("411502");
    EXPECT(target_rows(c, &ask, &rows, &n) == OK && n == 1 && str_eq(rows[0].code, STR("P-6")));
    c->department = (struct str){NULL, 0};
    c->region = STR("411525");
    ask.where.regions = (struct str){NULL, 0};
    EXPECT(target_rows(c, &ask, &rows, &n) == OK && n == 2 && str_eq(rows[1].code, STR("P-2")));
    ask.after = rows[1].code; /* the next page */
    EXPECT(target_rows(c, &ask, &rows, &n) == OK && n == 2 && str_eq(rows[0].code, STR("P-3")));
    c->region = (struct str){NULL, 0};
}

TEST_DB(a_list_of_one_type_in_one_county_has_the_rest_of_the_filter_and_further_pages)
{
    struct target_ask ask = {.where = {.regions = STR("411525"), .entity_types = STR("individual")}, .limit = 2};
    struct target_line *rows;
    size_t n;

    for (int i = 0; i < 6; i++) {
        char code[8] = "P-0";

        code[2] = (char) ('1' + i);
        put(c, (struct target_insert_in){.code = str_of(code), .name = STR("固始商店"), .departments = i == 2 ? STR("sthjj") : STR("scjgj"),
                                         .entity_type = i == 0 ? STR("enterprise") : STR("individual"),
                                         .region = i == 5 ? STR("411502") : STR("411525")});
    }
    c->department = STR("scjgj");
    EXPECT(target_rows(c, &ask, &rows, &n) == OK && n == 2);
    EXPECT(str_eq(rows[0].code, STR("P-2")) && str_eq(rows[1].code, STR("P-4")));
    ask.after = rows[1].code;
    EXPECT(target_rows(c, &ask, &rows, &n) == OK && n == 1 && str_eq(rows[0].code, STR("P-5")));
    ask.after = (struct str){NULL, 0};
    ask.where.entity_types = STR("individual\nenterprise"); /* two types: no longer by their index */
    EXPECT(target_rows(c, &ask, &rows, &n) == OK && n == 2 && str_eq(rows[0].code, STR("P-1")));
    ask.where.entity_types = STR("individual");
    ask.where.regions = STR("411502");
    EXPECT(target_rows(c, &ask, &rows, &n) == OK && n == 1 && str_eq(rows[0].code, STR("P-6")));
    c->department = (struct str){NULL, 0};
}

TEST_DB(regions_that_are_no_codes_are_refused)
{
    struct scope s;
    struct target_where w;

    EXPECT(terms_scope(c, STR("{\"regions\":[\"41|.*\"]}"), &s) == OK);
    EXPECT(target_where_of(c, &s, &w) == ERR_CHARSET);
    EXPECT(terms_scope(c, STR("{\"tags\":[\"a\\nb\"]}"), &s) == OK);
    EXPECT(target_where_of(c, &s, &w) == ERR_CHARSET);
    EXPECT(terms_scope(c, STR("{\"established_from\":\"2026-02-30\"}"), &s) == ERR_DATE);
}

/* --- edits */

static enum err
edit(struct ctx *c, const char *code, struct target_insert_in in, uint32_t clear, uint32_t *wrong)
{
    struct target_page_row old = page(c, code);
    struct target_say say = {.in = in, .clear = clear};
    enum err e;

    say.in.code = str_of(code);
    say.in.updated_us = 5;
    e = target_edit(c, old.row_version, &say);
    if (wrong != NULL)
        *wrong = say.wrong;
    return e;
}

TEST_DB(null_empties_a_field_and_an_absent_one_stays)
{
    struct target_page_row t;

    four_targets(c);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.contact = STR("0376-1"), .address = STR("路 1 号")}, 0, NULL) == OK);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.station = STR("一所")}, 1u << TARGET_CONTACT | 1u << TARGET_ESTABLISHED, NULL) == OK);
    t = page(c, "P-1");
    EXPECT(t.contact.p == NULL && !t.established_day.set);
    EXPECT(str_eq(t.address, STR("路 1 号")) && str_eq(t.station, STR("一所")) && t.row_version == 3);
    EXPECT((t.gaps & GAP_ADDRESS) == 0 && (t.gaps & GAP_INDUSTRY) == 0);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.code = {NULL, 0}}, 1u << TARGET_ADDRESS | 1u << TARGET_INDUSTRY, NULL) == OK);
    EXPECT((page(c, "P-1").gaps & (GAP_ADDRESS | GAP_INDUSTRY)) == (GAP_ADDRESS | GAP_INDUSTRY));
}

TEST_DB(name_kind_and_status_are_never_empty)
{
    uint32_t wrong;

    four_targets(c);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.code = {NULL, 0}}, 1u << TARGET_NAME, &wrong) == ERR_INPUT && wrong == 1u << TARGET_NAME);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.code = {NULL, 0}}, 1u << TARGET_STATUS, NULL) == ERR_INPUT);
    EXPECT(page(c, "P-1").row_version == 1);
}

TEST_DB(an_edit_says_which_field_is_wrong)
{
    uint32_t wrong;

    four_targets(c);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.region = STR("999999")}, 0, &wrong) == ERR_REGION && wrong == 1u << TARGET_REGION);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.industry = STR("Z9")}, 0, &wrong) == ERR_INDUSTRY && wrong == 1u << TARGET_INDUSTRY);
    EXPECT(edit(c, "P-3", (struct target_insert_in){.holder = STR("P-9")}, 0, &wrong) == ERR_INPUT && wrong == 1u << TARGET_HOLDER);
    EXPECT(edit(c, "P-3", (struct target_insert_in){.holder = STR("P-1")}, 0, NULL) == OK);
}

TEST_DB(each_kind_has_fields_of_its_own)
{
    uint32_t wrong;

    four_targets(c);
    EXPECT(edit(c, "P-3", (struct target_insert_in){.particulars = STR("{\"stage\":\"施工\"}")}, 0, NULL) == OK);
    EXPECT(edit(c, "P-3", (struct target_insert_in){.particulars = STR("{\"model\":\"X1\"}")}, 0, &wrong) == ERR_INPUT);
    EXPECT(wrong == 1u << TARGET_PARTICULARS);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.particulars = STR("{\"stage\":\"施工\"}")}, 0, NULL) == ERR_INPUT);
    EXPECT(edit(c, "P-3", (struct target_insert_in){.kind = STR("product")}, 0, NULL) == OK);
    EXPECT(page(c, "P-3").particulars.p == NULL); /* they were those of a project */
}

TEST_DB(what_changed_is_kept_field_by_field)
{
    struct target_change_list_row *rows;
    size_t n;

    four_targets(c);
    c->actor = STR("user:7");
    EXPECT(edit(c, "P-1", (struct target_insert_in){.contact = STR("1"), .established_day = {true, 101}}, 0, NULL) == OK);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.contact = STR("2")}, 0, NULL) == OK);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.contact = STR("2")}, 0, NULL) == OK); /* nothing */
    EXPECT(target_change_list(c->db, c->arena, &(struct target_change_list_in){STR("P-1"), 10}, &rows, &n) == OK);
    EXPECT(n == 3);
    EXPECT(str_eq(rows[0].field, STR("contact")) && str_eq(rows[0].before, STR("1")) && str_eq(rows[0].after, STR("2")));
    EXPECT(rows[0].version == 3 && str_eq(rows[0].actor, STR("user:7")) && rows[0].changed_us == c->now_us);
    EXPECT(str_eq(rows[2].field, STR("established")) && str_eq(rows[2].before, STR("1970-04-11")) &&
           str_eq(rows[2].after, STR("1970-04-12")));
}

TEST_DB(a_stale_edit_and_one_outside_the_row_scope_are_refused)
{
    struct target_say say = {.in = {.code = STR("P-1"), .contact = STR("1")}};

    four_targets(c);
    EXPECT(target_edit(c, 7, &say) == ERR_CONFLICT);
    c->department = STR("sthjj");
    EXPECT(target_edit(c, 1, &say) == ERR_NOT_FOUND);
    c->department = STR("scjgj");
    EXPECT(edit(c, "P-1", (struct target_insert_in){.departments = STR("sthjj")}, 0, NULL) == ERR_PERMISSION);
    c->department = (struct str){NULL, 0};
    c->region = STR("411502");
    EXPECT(target_edit(c, 1, &say) == ERR_NOT_FOUND);
    c->region = STR("411525");
    EXPECT(edit(c, "P-1", (struct target_insert_in){.code = {NULL, 0}}, 1u << TARGET_REGION, NULL) == ERR_PERMISSION);
    c->region = (struct str){NULL, 0};
}

TEST_DB(a_department_takes_a_target_on_and_changes_only_its_own_part)
{
    uint32_t wrong;

    four_targets(c);
    c->department = STR("yjglj");
    EXPECT(edit(c, "P-1", (struct target_insert_in){.contact = STR("1")}, 0, NULL) == ERR_NOT_FOUND);
    EXPECT(target_claim(c, STR("P-1")) == OK && target_claim(c, STR("P-1")) == OK);
    EXPECT(page(c, "P-1").row_version == 2 && str_eq(page(c, "P-1").departments, STR("scjgj\nyjglj")));
    EXPECT(edit(c, "P-1", (struct target_insert_in){.contact = STR("1")}, 0, &wrong) == ERR_PERMISSION);
    EXPECT(wrong == 1u << TARGET_CONTACT);
    EXPECT(edit(c, "P-1", (struct target_insert_in){.tags = STR("危化品")}, 0, NULL) == OK);
    EXPECT(target_release(c, STR("P-1")) == OK);
    EXPECT(str_eq(page(c, "P-1").departments, STR("scjgj")) && page(c, "P-1").claimed.p == NULL);
    c->department = STR("scjgj");
    EXPECT(target_release(c, STR("P-1")) == ERR_STATE);
    EXPECT(target_claim(c, STR("P-4")) == OK); /* nobody's: the first one keeps it */
    EXPECT(edit(c, "P-4", (struct target_insert_in){.contact = STR("1")}, 0, NULL) == OK);
    c->region = STR("411525");
    EXPECT(target_claim(c, STR("P-3")) == ERR_NOT_FOUND);
    c->department = c->region = (struct str){NULL, 0};
    EXPECT(target_claim(c, STR("P-1")) == ERR_PERMISSION);
}

TEST_DB(a_new_target_is_found_at_once_and_an_existing_code_is_known)
{
    struct target_insert_in t = {.code = STR("P-8"), .kind = STR("entity"), .name = STR("新开商店"), .status = STR("active")};
    struct target_insert_in product = {.kind = STR("product"), .name = STR("电热水器"), .status = STR("active")};
    struct target_page_row known;

    EXPECT(target_open(c, &t) == OK && target_open(c, &t) == ERR_EXISTS);
    EXPECT_STR(found(c, "新开"), "P-8");
    EXPECT_STR(found(c, "xksd"), "P-8");
    EXPECT(target_open(c, &product) == OK && str_starts(product.code, STR("P-")));
    t.code = STR("91411500");
    EXPECT(target_open(c, &t) == ERR_INPUT);
    c->department = STR("sthjj");
    EXPECT(target_known(c, STR("P-8"), &known) == OK);
    EXPECT(target_known(c, STR("P-77"), &known) == ERR_NOT_FOUND);
    c->department = (struct str){NULL, 0};
}

TEST_DB(many_are_tagged_under_one_entry_and_those_of_others_are_left_out)
{
    const struct str codes[] = {STR("P-1"), STR("P-2"), STR("P-3"), STR("P-77")};
    const struct target_tagging say = {STR("targets/tag/1"), STR("回头看"), STR("连锁")};
    int64_t changed;

    four_targets(c);
    c->department = STR("scjgj");
    EXPECT(target_tag_many(c, &say, codes, 4, &changed) == OK && changed == 2);
    EXPECT(str_eq(page(c, "P-1").tags, STR("回头看\n食品")) && page(c, "P-3").tags.p == NULL);
    EXPECT(target_tag_many(c, &say, codes, 4, &changed) == OK && changed == 0);
    c->department = (struct str){NULL, 0};
}

TEST_DB(the_check_of_the_registry_counts_within_the_row_scope)
{
    struct target_health_row h;

    four_targets(c);
    EXPECT(target_contacted(c->db, &(struct target_contacted_in){STR("P-2"), GAP_UNREACHABLE, 1}) == OK);
    EXPECT(target_check(c, 1, &h) == OK);
    EXPECT(h.targets == 4 && h.derived_region.v == 1 && h.no_industry.v == 2 && h.no_department.v == 1);
    EXPECT(h.unreachable.v == 1 && h.expired_licence.v == 1 && h.stale.v == 4 && h.gone.v == 1);
    c->region = STR("411502");
    EXPECT(target_check(c, 1, &h) == OK && h.targets == 1 && h.unreachable.v == 0);
    c->region = (struct str){NULL, 0};
    EXPECT(target_contacted(c->db, &(struct target_contacted_in){STR("P-2"), GAP_UNREACHABLE, 0}) == OK);
    EXPECT(target_check(c, 1, &h) == OK && h.unreachable.v == 0);
}

/* --- saved filters */

TEST_DB(a_saved_filter_is_its_makers_until_it_is_shared)
{
    struct target_filter f = {STR("食品企业"), STR("{\"tags\":[\"食品\"]}"), false};
    struct target_filter_list_row *rows;
    struct target_filter_get_row row;
    struct str scope;
    int64_t id;
    size_t n;

    c->actor = STR("user:1");
    c->department = STR("scjgj");
    EXPECT(target_filter_add(c, &f, &id) == OK);
    EXPECT(target_filter_add(c, &f, &id) == ERR_EXISTS);
    EXPECT(target_filter_all(c, &rows, &n) == OK && n == 1);
    EXPECT(target_filter_scope(c, STR("食品企业"), &scope) == OK);
    EXPECT(str_eq(scope, STR("{\"tags\":[\"食品\"],\"departments\":[\"scjgj\"]}")));
    c->actor = STR("user:2");
    EXPECT(target_filter_all(c, &rows, &n) == OK && n == 0);
    EXPECT(target_filter_scope(c, STR("食品企业"), &scope) == ERR_NOT_FOUND);
    EXPECT(target_filter_drop(c, id) == ERR_NOT_FOUND);
    c->actor = STR("user:1");
    f.shared = true;
    f.name = STR("食品经营者");
    EXPECT(target_filter_change(c, id, 9, &f) == ERR_CONFLICT && target_filter_change(c, id, 1, &f) == OK);
    c->actor = STR("user:2");
    EXPECT(target_filter_see(c, id, &row) == OK && str_eq(row.name, STR("食品经营者")));
    c->department = STR("sthjj");
    EXPECT(target_filter_see(c, id, &row) == ERR_NOT_FOUND);
    c->department = STR("scjgj");
    EXPECT(target_filter_drop(c, id) == OK && target_filter_drop(c, id) == ERR_NOT_FOUND);
    c->department = (struct str){NULL, 0};
}

TEST_DB(a_saved_filter_is_never_wider_than_what_its_maker_sees)
{
    struct target_filter f = {STR("本县"), STR("{}"), true};
    struct str scope = {0};
    int64_t id;

    c->region = STR("411525");
    EXPECT(target_filter_add(c, &f, &id) == OK && target_filter_scope(c, STR("本县"), &scope) == OK);
    EXPECT(str_eq(scope, STR("{\"regions\":[\"411525\"]}")));
    f.name = STR("全市");
    f.scope = STR("{\"regions\":[\"411500\"]}");
    EXPECT(target_filter_add(c, &f, &id) == ERR_PERMISSION);
    f.scope = STR("{\"nonsense\":1}");
    EXPECT(target_filter_add(c, &f, &id) == ERR_INPUT);
    c->region = (struct str){NULL, 0};
}

TEST_MAIN(T(one_two_or_more_characters_find_a_name), T(pairs_that_are_apart_do_not_make_a_match), T(the_beginning_of_a_code_finds_it), T(figures_that_begin_no_code_are_looked_for_in_names), T(empty_overlong_and_broken_search_texts_are_refused), T(a_renamed_target_is_found_by_its_new_and_its_former_name), T(silence_keeps_what_is_known_and_a_derived_region_never_replaces_a_given_one), T(a_stale_change_is_refused), T(words_of_registers_become_ids_and_unknown_ones_do_not), T(first_letters_find_a_name_also_by_a_further_reading), T(a_filter_asks_for_regions_industries_tags_classes_and_days), T(a_filter_and_the_scope_of_a_draw_take_the_same_targets), T(scope_and_filter_come_before_the_limit_of_a_search), T(a_list_of_one_type_in_one_county_has_the_rest_of_the_filter_and_further_pages),
          T(regions_that_are_no_codes_are_refused), T(null_empties_a_field_and_an_absent_one_stays), T(name_kind_and_status_are_never_empty), T(an_edit_says_which_field_is_wrong), T(each_kind_has_fields_of_its_own), T(what_changed_is_kept_field_by_field), T(a_stale_edit_and_one_outside_the_row_scope_are_refused), T(a_department_takes_a_target_on_and_changes_only_its_own_part), T(a_new_target_is_found_at_once_and_an_existing_code_is_known), T(many_are_tagged_under_one_entry_and_those_of_others_are_left_out), T(the_check_of_the_registry_counts_within_the_row_scope), T(a_saved_filter_is_its_makers_until_it_is_shared), T(a_saved_filter_is_never_wider_than_what_its_maker_sees))
