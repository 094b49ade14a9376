/* Dictionaries change only by whole versions, with a reason, and nothing of the past is lost. */
#include "mod/dictionary/dictionary.h"

#include "core/calendar.h"
#include "mod/dict/dict.h"
#include "mod/testing.h"
#include "mod/workday/workday.h"

static struct dictionary_problems problems;

static enum err
read_text(struct ctx *c, const char *id, const char *csv, json_t **rows)
{
    return dictionary_read_text(c, dictionary_find(str_of(id)), str_of(csv), rows, &problems);
}

/* The text is handed in and takes effect. */
static enum err
put(struct ctx *c, const char *id, const char *csv, int64_t *version)
{
    json_t *rows = NULL;
    uint64_t redated;
    enum err e = read_text(c, id, csv, &rows);

    if (e == OK)
        e = dictionary_propose(c, dictionary_find(str_of(id)), rows, version);
    json_decref(rows);
    return e == OK ? dictionary_effect(c, dictionary_find(str_of(id)), *version, STR("试验"), &redated) : e;
}

static bool
offered(struct ctx *c, const char *region)
{
    struct dict_region_search_row *r;
    size_t n;

    EXPECT(dict_region_search(c->db, c->arena, &(struct dict_region_search_in){str_of(region), {0}, 10}, &r, &n) == OK);
    return n > 0;
}

TEST_DB(the_tables_that_ship_are_the_first_versions)
{
    struct dictionary_in_force_row now;

    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, dictionary_start(c)) == OK);
    for (size_t i = 0; i < dictionary_kind_count; i++) {
        EXPECT(dictionary_in_force(c->db, c->arena, &(struct dictionary_in_force_in){str_of(dictionary_kinds[i].id)}, &now) == OK);
        EXPECT_INT(now.version, 1);
    }
}

TEST_DB(a_code_that_a_new_version_lacks_is_retired_and_never_lost)
{
    struct dict_region_get_row row;
    int64_t version;

    EXPECT(put(c, "regions", "code,name,parent\n410000,河南省,\n411500,信阳市,410000\n411525,固始县,411500\n", &version) == OK);
    EXPECT(version == 1 && offered(c, "411525"));
    EXPECT(put(c, "regions", "区划代码,上级,名称\n410000,,河南省\n411500,410000,信阳市\n411526,411500,潢川县\n", &version) == OK);
    EXPECT(version == 2 && !offered(c, "411525") && offered(c, "411526"));
    EXPECT(dict_region_get(c->db, c->arena, &(struct dict_region_get_in){STR("411525")}, &row) == OK);
    EXPECT(put(c, "regions", "code,name,parent\n410000,河南省,\n411500,信阳市,410000\n411525,固始县,411500\n", &version) == OK);
    EXPECT(version == 3 && offered(c, "411525"));
}

TEST_DB(a_proposal_changes_nothing_until_it_takes_effect_with_a_reason)
{
    const struct dictionary_kind *k = dictionary_find(STR("industries"));
    struct dict_industry_get_row row;
    json_t *rows;
    int64_t version;
    uint64_t redated;

    EXPECT(read_text(c, "industries", "code,name\nA,农业\n", &rows) == OK);
    EXPECT(dictionary_propose(c, k, rows, &version) == OK);
    EXPECT(dict_industry_get(c->db, c->arena, &(struct dict_industry_get_in){STR("A")}, &row) == ERR_NOT_FOUND);
    EXPECT(dictionary_effect(c, k, version, STR(""), &redated) == ERR_MISSING);
    EXPECT(dictionary_effect(c, k, version + 1, STR("理由"), &redated) == ERR_NOT_FOUND);
    EXPECT(dictionary_effect(c, k, version, STR("理由"), &redated) == OK);
    EXPECT(dictionary_effect(c, k, version, STR("理由"), &redated) == ERR_STATE);
    EXPECT(dict_industry_get(c->db, c->arena, &(struct dict_industry_get_in){STR("A")}, &row) == OK);
    EXPECT(dictionary_propose(c, k, rows, &version) == ERR_STATE);
    json_decref(rows);
}

TEST_DB(of_two_proposals_on_the_same_version_only_the_first_takes_effect)
{
    const struct dictionary_kind *k = dictionary_find(STR("industries"));
    json_t *one = NULL, *two = NULL;
    int64_t first = 0, second = 0;
    uint64_t redated;

    EXPECT(read_text(c, "industries", "code,name\nA,农业\n", &one) == OK && read_text(c, "industries", "code,name\nB,采矿业\n", &two) == OK);
    EXPECT(dictionary_propose(c, k, one, &first) == OK && dictionary_propose(c, k, two, &second) == OK);
    EXPECT(dictionary_effect(c, k, first, STR("甲"), &redated) == OK);
    EXPECT(dictionary_effect(c, k, second, STR("乙"), &redated) == ERR_CONFLICT);
    EXPECT(dictionary_withdraw(c, k, second, STR("过时")) == OK && dictionary_withdraw(c, k, first, STR("晚了")) == ERR_STATE);
    json_decref(one);
    json_decref(two);
}

TEST_DB(a_new_calendar_holds_the_new_year_and_its_name_sorts_last)
{
    struct calendar calendar;
    int64_t version;

    EXPECT(put(c, "holidays", "date,off,name\n2026-01-01,1,元旦\n", &version) == OK);
    EXPECT(put(c, "holidays", "日期,休,名称\n2027-01-01,1,元旦\n2026-01-01,1,元旦\n", &version) == OK);
    EXPECT(workday_calendar(c, &calendar) == OK);
    EXPECT(calendar_holds_year(&calendar, 2026) && calendar_holds_year(&calendar, 2027));
}

TEST_DB(every_bad_row_is_named_with_its_line_and_column)
{
    json_t *rows;

    EXPECT(read_text(c, "regions", "code,name\n41,河南省\n411500,\n411525,固始县\n411525,固始\n", &rows) == ERR_INPUT);
    EXPECT_INT(problems.count, 3);
    EXPECT(problems.list[0].line == 2 && problems.list[0].err == ERR_CHARSET);
    EXPECT(problems.list[1].line == 3 && problems.list[1].err == ERR_MISSING && strcmp(problems.list[1].column, "name") == 0);
    EXPECT(problems.list[2].line == 5 && problems.list[2].err == ERR_DUPLICATE);
    EXPECT(read_text(c, "regions", "code,name,parent\n411525,固始县,411500\n", &rows) == ERR_INPUT && problems.list[0].err == ERR_REGION);
    EXPECT(read_text(c, "holidays", "date,off\n2027-02-30,1\n2027-01-01,2\n", &rows) == ERR_INPUT);
    EXPECT(problems.count == 2 && problems.list[0].err == ERR_DATE && problems.list[1].err == ERR_INPUT);
    EXPECT(read_text(c, "regions", "代码,别的\n411500,信阳市\n", &rows) == ERR_MISSING);
    EXPECT(read_text(c, "regions", "code,name\n", &rows) == ERR_MISSING);
}

TEST_DB(a_template_names_only_places_that_can_be_filled_and_all_that_the_document_needs)
{
    json_t *rows;

    EXPECT(read_text(c, "templates", "code,name,text\nletter,函,\"{target_name}:\n{remarks}\"\n", &rows) == OK);
    json_decref(rows);
    EXPECT(read_text(c, "templates", "code,name,text\nletter,函,{phone}\n", &rows) == ERR_INPUT && problems.list[0].err == ERR_INPUT);
    EXPECT(read_text(c, "templates", "code,name,text\nletter,函,{target_name\n", &rows) == ERR_INPUT && problems.list[0].err == ERR_SYNTAX);
    EXPECT(read_text(c, "templates", "code,name,text\nletter,函,a}\n", &rows) == ERR_INPUT && problems.list[0].err == ERR_SYNTAX);
    EXPECT(read_text(c, "templates", "code,name,text\ncertificate,证书,{draw_no} {seed}\n", &rows) == ERR_INPUT);
    EXPECT(problems.list[0].err == ERR_MISSING && str_eq(problems.list[0].detail, STR("{roster_root}")));
}

TEST(differences_are_counted_and_listed_up_to_a_limit)
{
    json_t *a = json_pack("[[s,s],[s,s],[s,s]]", "a", "1", "b", "2", "c", "3"),
           *b = json_pack("[[s,s],[s,s],[s,s]]", "a", "1", "b", "9", "d", "4"), *out;
    struct dictionary_counts n;

    EXPECT(dictionary_diff(a, b, 2, &out, &n) == OK);
    EXPECT(n.added == 1 && n.changed == 1 && n.removed == 1 && n.unchanged == 1 && json_array_size(out) == 2);
    json_decref(out);
    EXPECT(dictionary_diff(NULL, b, 9, &out, &n) == OK && n.added == 3 && n.removed == 0);
    json_decref(out);
    json_decref(a);
    json_decref(b);
}

TEST_MAIN(T(the_tables_that_ship_are_the_first_versions), T(a_code_that_a_new_version_lacks_is_retired_and_never_lost),
          T(a_proposal_changes_nothing_until_it_takes_effect_with_a_reason),
          T(of_two_proposals_on_the_same_version_only_the_first_takes_effect),
          T(a_new_calendar_holds_the_new_year_and_its_name_sorts_last), T(every_bad_row_is_named_with_its_line_and_column),
          T(a_template_names_only_places_that_can_be_filled_and_all_that_the_document_needs),
          T(differences_are_counted_and_listed_up_to_a_limit))
