/* Good rows enter, bad rows come back with their reasons, the same file again changes nothing. */
#include "mod/import/import.h"

#include <stdio.h>
#include <unistd.h>

#include "core/uscc.h"
#include "mod/dict/dict.h"
#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/journal/journal.h"
#include "mod/org/org.h"
#include "mod/target/target.h"
#include "mod/testing.h"

static char codes[4][19]; /* true codes of 新县, 固始, the city, and of a region that does not exist */
static bool stop;

static bool
stopped(void)
{
    return stop;
}

static void
setup(struct ctx *c)
{
    static const char *const REGIONS[] = {"411523", "411525", "411500", "999999"};
    struct uscc u;

    for (size_t i = 0; i < 4; i++) {
        EXPECT(uscc_compose("91", REGIONS[i], "17692044", &u) == OK);
        memcpy(codes[i], u.text, sizeof codes[i]);
    }
    EXPECT(db_begin(c->db) == OK);
    EXPECT(dict_add_region(c, STR("410000"), STR("河南省"), (struct str){NULL, 0}) == OK);
    EXPECT(dict_add_region(c, STR("411500"), STR("信阳市"), STR("410000")) == OK);
    EXPECT(dict_add_region(c, STR("411523"), STR("新县"), STR("411500")) == OK);
    EXPECT(dict_add_region(c, STR("411525"), STR("固始县"), STR("411500")) == OK);
    EXPECT(dict_add_industry(c, STR("F5211"), STR("百货零售")) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT(org_add(c, STR("scjgj"), STR("市场监管局"), 0) == OK);
    EXPECT(org_add(c, STR("sthjj"), STR("生态环境局"), 1) == OK);
}

static struct import_report report;

/* Import the text as a file of this kind. */
static enum err
take(struct ctx *c, enum import_kind kind, const char *text, bool dry_run)
{
    char path[512];
    FILE *f;

    snprintf(path, sizeof path, "%s/in.csv", c->dir);
    f = fopen(path, "w");
    EXPECT(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
    return import_run(
        c,
        &(struct import_options){
            .kind = kind, .path = path, .dry_run = dry_run, .runner = runner_serial(), .cancelled = stopped},
        &report);
}

static void
expect_counts(uint64_t read, uint64_t added, uint64_t changed, uint64_t unchanged, uint64_t rejected)
{
    EXPECT_INT(report.read, read);
    EXPECT_INT(report.added, added);
    EXPECT_INT(report.changed, changed);
    EXPECT_INT(report.unchanged, unchanged);
    EXPECT_INT(report.rejected, rejected);
}

/* The rejects file, without its byte order mark and header. */
static const char *
rejects(void)
{
    static char text[1 << 16];
    FILE *f = fopen(report.rejects, "r");
    size_t n = f == NULL ? 0 : fread(text, 1, sizeof text - 1, f);
    char *body;

    EXPECT(f != NULL && fclose(f) == 0);
    text[n] = 0;
    body = strchr(text, '\n');
    EXPECT(body != NULL);
    return body + 1;
}

static struct target_get_row
target(struct ctx *c, const char *code)
{
    struct target_get_row row;

    EXPECT(target_get(c->db, c->arena, &(struct target_get_in){str_of(code)}, &row) == OK);
    return row;
}

static const char *
lines(const char *format)
{
    static char text[4096];

    snprintf(text, sizeof text, format, codes[0], codes[1], codes[2], codes[3]);
    return text;
}

TEST_DB(the_same_file_again_changes_nothing)
{
    const char *text;

    setup(c);
    text = lines("企业名称,统一社会信用代码,注册日期,注册资金,地区\n甲店,%s,2019-04-30,\"2,000(万元)\","
                 "新县\n乙店,%s,2019/5/1,,固始\n");
    EXPECT(take(c, IMPORT_TARGETS, text, true) == OK);
    expect_counts(2, 2, 0, 0, 0);
    EXPECT(take(c, IMPORT_TARGETS, text, false) == OK);
    expect_counts(2, 2, 0, 0, 0);
    EXPECT(str_eq(target(c, codes[0]).capital, STR("2,000(万元)")) &&
           target(c, codes[1]).established_day.v == 18017);
    EXPECT(take(c, IMPORT_TARGETS, text, false) == OK);
    expect_counts(2, 0, 0, 2, 0);
    EXPECT(target(c, codes[0]).row_version == 1);
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,code\n丙店,%s\n"), false) == OK);
    expect_counts(1, 0, 1, 0, 0);
    EXPECT(str_eq(target(c, codes[0]).name, STR("丙店")) && target(c, codes[0]).row_version == 2);
    EXPECT(str_eq(target(c, codes[0]).region, STR("411523"))); /* what a file does not say stays */
}

TEST_DB(a_blank_cell_keeps_and_the_mark_empties)
{
    char text[1024];
    struct target_page_row *row;
    size_t n;

    setup(c);
    EXPECT(take(c, IMPORT_TARGETS, lines("信用代码,名称,联系电话,成立日期,许可\n%s,甲,1234567,2019-04-30,食品经营许可证|J1|2028-11-04\n"),
                false) == OK);
    EXPECT(take(c, IMPORT_TARGETS, lines("信用代码,名称,联系电话,成立日期,许可\n%s,甲,,,\n"), false) == OK);
    expect_counts(1, 0, 0, 1, 0);
    snprintf(text, sizeof text, "信用代码,名称,联系电话,成立日期,许可\n%s,甲,(空), （空） ,(空)\n", codes[0]);
    EXPECT(take(c, IMPORT_TARGETS, text, true) == OK);
    expect_counts(1, 0, 1, 0, 0);
    EXPECT(take(c, IMPORT_TARGETS, text, false) == OK);
    expect_counts(1, 0, 1, 0, 0);
    EXPECT(target_page(c->db, c->arena, &(struct target_page_in){str_of(codes[0]), 1}, &row, &n) == OK && n == 1);
    EXPECT(row->contact.n == 0 && !row->established_day.set && row->licences.n == 0 && !row->licence_day.set);
    EXPECT_STR(str_z(c->arena, row->name), "甲");
    EXPECT(take(c, IMPORT_TARGETS, text, false) == OK);
    expect_counts(1, 0, 0, 1, 0);
}

TEST_DB(what_must_be_there_cannot_be_emptied)
{
    setup(c);
    EXPECT(take(c, IMPORT_TARGETS, lines("信用代码,名称,状态\n%s,甲,存续\n"), false) == OK);
    EXPECT(take(c, IMPORT_TARGETS, lines("信用代码,名称,状态\n%s,甲,(空)\n"), false) == OK);
    expect_counts(1, 0, 0, 0, 1);
    EXPECT(take(c, IMPORT_TARGETS, lines("信用代码,名称,状态\n%s,(空),存续\n"), false) == OK);
    expect_counts(1, 0, 0, 0, 1);
    EXPECT_STR(str_z(c->arena, target(c, codes[0]).status), "active");
    EXPECT_STR(str_z(c->arena, target(c, codes[0]).name), "甲");
}

TEST_DB(the_mark_empties_fields_of_inspectors_experts_and_items)
{
    struct inspector_get_row who;
    struct item_latest_row item;

    setup(c);
    EXPECT(take(c, IMPORT_INSPECTORS, "人员编号,姓名,部门,级别,业务专长,状态\nZF-1,张,市场监管局,县级,食品安全,在岗\n", false) == OK);
    EXPECT(take(c, IMPORT_INSPECTORS, "人员编号,姓名,部门,级别,业务专长,状态\nZF-1,张,市场监管局,(空),(空),\n", false) == OK);
    expect_counts(1, 0, 1, 0, 0);
    EXPECT(inspector_get(c->db, c->arena, &(struct inspector_get_in){STR("ZF-1")}, &who) == OK);
    EXPECT(who.level.n == 0 && who.skills.n == 0 && str_eq(who.state, STR("active")));
    EXPECT(take(c, IMPORT_ITEMS, "事项编码,抽查事项,department,抽查频次\nX-1,甲,市场监管局,1次/年\n", false) == OK);
    EXPECT(take(c, IMPORT_ITEMS, "事项编码,抽查事项,department,抽查频次\nX-1,甲,市场监管局,(空)\n", false) == OK);
    expect_counts(1, 0, 1, 0, 0);
    EXPECT(item_latest(c->db, c->arena, &(struct item_latest_in){STR("X-1")}, &item) == OK && item.frequency.n == 0);
    EXPECT(take(c, IMPORT_INSPECTORS, "人员编号,姓名,部门\nZF-1,(空),市场监管局\n", false) == OK);
    expect_counts(1, 0, 0, 0, 1);
}

TEST_DB(a_department_that_only_took_a_target_on_imports_its_tags_alone)
{
    setup(c);
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,统一社会信用代码,部门\n甲店,%s,市场监管局\n"), false) == OK);
    expect_counts(1, 1, 0, 0, 0);
    c->department = STR("sthjj");
    EXPECT(target_claim(c, str_of(codes[0])) == OK);
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,统一社会信用代码,标签\n乙店,%s,排污\n"), false) == OK);
    expect_counts(1, 0, 1, 0, 0);
    c->department = (struct str){NULL, 0};
    EXPECT(str_eq(target(c, codes[0]).name, STR("甲店")));
}

TEST_DB(a_missing_or_coarser_region_is_taken_from_the_code_and_marked)
{
    setup(c);
    EXPECT(take(c, IMPORT_TARGETS,
                lines("名称,统一社会信用代码,地区\n甲,%s,\n乙,%s,信阳\n丙,%s,信阳\n丁,%s,信阳\n"),
                false) == OK);
    expect_counts(4, 4, 0, 0, 0);
    EXPECT_INT(report.region_derived, 2);
    EXPECT(target(c, codes[0]).region_derived == 1 && str_eq(target(c, codes[0]).region, STR("411523")));
    EXPECT(target(c, codes[1]).region_derived == 1 && str_eq(target(c, codes[1]).region, STR("411525")));
    EXPECT(target(c, codes[2]).region_derived == 0 && str_eq(target(c, codes[2]).region, STR("411500")));
    EXPECT(target(c, codes[3]).region_derived == 0 && str_eq(target(c, codes[3]).region, STR("411500")));
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,统一社会信用代码,地区\n甲,%s,411525\n"), false) == OK);
    expect_counts(1, 0, 1, 0, 0);
    EXPECT(target(c, codes[0]).region_derived == 0 && str_eq(target(c, codes[0]).region, STR("411525")));
}

TEST_DB(bad_rows_come_back_with_row_column_value_and_reason)
{
    char text[4096];

    setup(c);
    snprintf(text, sizeof text,
             "名称,统一社会信用代码,地区,行业,状态,信用风险分类,监管部门,注册日期\n"
             "甲,%s,411523,F5211,存续,B类,scjgj、生态环境局,20190430\n"
             "甲,911X,,,,,,\n"
             "乙,%s,411599,Z9999,睡着了,F,无此局,2023-02-30\n"
             "=1+1,%s,,,,,,\n"
             "丙,%s,,,,,,\n",
             codes[0], codes[1], codes[2], codes[3]);
    EXPECT(take(c, IMPORT_TARGETS, text, false) == OK);
    expect_counts(5, 1, 0, 0, 4);
    snprintf(text, sizeof text,
             "3,统一社会信用代码,911X,ERR_LENGTH: wrong length\r\n"
             "4,行业,Z9999,ERR_INDUSTRY: unknown industry code\r\n"
             "4,状态,睡着了,ERR_INPUT: the input is not acceptable; unknown word\r\n"
             "4,注册日期,2023-02-30,ERR_DATE: no such date\r\n"
             "4,信用风险分类,F,ERR_INPUT: the input is not acceptable; A B C D E\r\n"
             "4,监管部门,无此局,ERR_NOT_FOUND: not found; 无此局\r\n"
             "4,地区,411599,ERR_REGION: unknown region code\r\n"
             "5,名称,'=1+1,\"ERR_FORMULA: a formula, paste its value instead\"\r\n"
             "6,地区,,ERR_REGION: unknown region code; nor are characters 3-8 of the code one\r\n");
    EXPECT_STR(rejects(), text);
}

TEST_DB(the_second_of_two_equal_codes_is_rejected_with_the_line_of_the_first)
{
    char want[256];

    setup(c);
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,统一社会信用代码\n甲,%1$s\n乙,%2$s\n丙,%1$s\n"), false) == OK);
    expect_counts(3, 2, 0, 0, 1);
    snprintf(want, sizeof want, "4,统一社会信用代码,%s,ERR_DUPLICATE: a duplicate; same code as line 2\r\n",
             codes[0]);
    EXPECT_STR(rejects(), want);
    EXPECT(str_eq(target(c, codes[0]).name, STR("甲")));
}

TEST_DB(files_that_cannot_be_understood_change_nothing)
{
    struct target_count_row count;

    setup(c);
    EXPECT(take(c, IMPORT_TARGETS, "", false) == ERR_INPUT);
    EXPECT(take(c, IMPORT_TARGETS, "甲,乙\n1,2\n", false) == ERR_INPUT);
    EXPECT(take(c, IMPORT_TARGETS, "名称,企业名称,统一社会信用代码\n", false) == ERR_DUPLICATE);
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,统一社会信用代码\n甲,%s\n\"乙\n"), false) == ERR_SYNTAX);
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,统一社会信用代码\n甲甲甲,%s\n\xE4\xB8,%s\n"), false) ==
           ERR_ENCODING);
    EXPECT_INT(report.error_line, 3);
    stop = true;
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,统一社会信用代码\n甲,%s\n"), false) == ERR_CANCELLED);
    stop = false;
    EXPECT(target_count(c->db, c->arena, &(struct target_count_in){.where = {.kinds = {NULL, 0}}}, &count) == OK && count.count == 0);
    EXPECT(take(c, IMPORT_TARGETS, lines("某某局名单\n名称,统一社会信用代码(18位)*\n甲,%s\n"), false) ==
           OK); /* a title above */
    expect_counts(1, 1, 0, 0, 0);
}

TEST_DB(more_rows_than_fit_a_run_are_sorted_stored_and_found)
{
    enum { ROWS = 60000 };
    char path[512];
    struct uscc u;
    struct target_line *rows;
    size_t count;
    FILE *f;

    if (testing_engine_of(c) == TESTING_PARTITIONED)
        return; /* the plain one says the same */
    setup(c);
    snprintf(path, sizeof path, "%s/many.csv", c->dir);
    f = fopen(path, "w");
    EXPECT(f != NULL);
    fputs("名称,统一社会信用代码,住所\n", f);
    for (unsigned i = 0; i < ROWS; i++) {
        char organisation[9];

        snprintf(organisation, sizeof organisation, "%08u", (unsigned) (i * 2654435761u % 100000000u));
        EXPECT(uscc_compose("92", "411525", organisation, &u) == OK);
        fprintf(f, "固始商店%u号,%s,%0200u\n", i, u.text, i);
    }
    EXPECT(fclose(f) == 0);
    for (int round = 0; round < 2; round++) {
        EXPECT(import_run(
                   c,
                   &(struct import_options){.kind = IMPORT_TARGETS, .path = path, .runner = runner_serial()},
                   &report) == OK);
        EXPECT_INT(report.rejected, 0);
        EXPECT_INT(report.added, round == 0 ? ROWS : 0);
        EXPECT_INT(report.unchanged, round == 0 ? 0 : ROWS);
    }
    EXPECT(target_find(c, STR("商店59999号"), 10, &rows, &count) == OK && count == 1);
}

TEST_DB(items_without_a_code_keep_the_one_made_from_department_and_name)
{
    static const char TEXT[] =
        "序号,抽查领域,抽查事项,检查对象,事项类别,检查方式,检查主体,检查依据,抽查比例上限\n"
        "1,食品,小餐饮检查,小餐饮,一般检查事项,现场检查、书面检查,市场监管局,《食品安全法》第一条；第二条,5%"
        "\n"
        "2,环保,排污检查,企业,重点检查事项,飞行检查,生态环境局,,\n";

    setup(c);
    EXPECT(take(c, IMPORT_ITEMS, TEXT, false) == OK);
    expect_counts(2, 1, 0, 0, 1);
    EXPECT_STR(rejects(), "3,检查方式,飞行检查,ERR_INPUT: the input is not acceptable; 飞行检查\r\n");
    EXPECT(take(c, IMPORT_ITEMS, TEXT, false) == OK);
    expect_counts(2, 0, 0, 1, 1);
    EXPECT_STR(report.unused, "序号");
}

TEST_DB(prose_of_an_item_is_cut_only_at_semicolons_and_line_ends)
{
    struct item_latest_row row;

    setup(c);
    EXPECT(take(c, IMPORT_ITEMS,
                "事项编码,抽查事项,检查主体,检查依据,检查内容\n"
                "T-1,标志检查,市场监管局,《甲法》第一、二条；《乙法》第三条,\"名称、住所,是否一致——查档案、看现场；公示，是否真实\n从业人数\"\n",
                false) == OK);
    expect_counts(1, 1, 0, 0, 0);
    EXPECT(item_latest(c->db, c->arena, &(struct item_latest_in){STR("T-1")}, &row) == OK);
    EXPECT(str_eq(row.legal_basis, STR("[{\"law\":\"《甲法》\",\"article\":\"第一、二条\"},{\"law\":\"《乙法》\",\"article\":\"第三条\"}]")));
    EXPECT(str_eq(row.points, STR("[{\"content\":\"名称、住所,是否一致\",\"how\":\"查档案、看现场\"},"
                                  "{\"content\":\"公示，是否真实\"},{\"content\":\"从业人数\"}]")));
}

TEST_DB(the_published_joint_list_names_kinds_of_departments)
{
    static const char TEXT[] = "序号,抽查领域,抽查事项,检查对象,发起部门,配合部门,抽查层级\n"
                               "1,学校食堂,学校食堂食品安全情况的检查,各类学校,市场监管部门,生态环境部门,县(区)级\n"
                               "2,学校食堂,餐厨垃圾检查,各类学校,市场监管部门,城管部门,县(区)级\n"
                               "3,学校食堂,用水检查,各类学校,局,,村级\n";
    struct item_joint_search_row *r;
    size_t count;

    setup(c);
    EXPECT(take(c, IMPORT_JOINT, TEXT, false) == OK);
    expect_counts(3, 1, 0, 0, 2);
    EXPECT(item_joint_search(c->db, c->arena, &(struct item_joint_search_in){.after = STR("!"), .limit = 10}, &r, &count) == OK &&
           count == 1);
    EXPECT(str_eq(r[0].lead, STR("scjgj")) && str_eq(r[0].partners, STR("[\"sthjj\"]")) &&
           str_eq(r[0].levels, STR("[\"county\"]")));
    EXPECT(take(c, IMPORT_JOINT, TEXT, false) == OK);
    expect_counts(3, 0, 0, 1, 2);
}

TEST_DB(an_item_with_a_code_is_found_again_by_department_and_name)
{
    setup(c);
    EXPECT(take(c, IMPORT_ITEMS, "事项编码,抽查事项,检查主体,检查依据,抽查层级\nT-1,'-5℃冷库检查,市场监管局,《甲法》第一条,县级、市级\n", false) == OK);
    expect_counts(1, 1, 0, 0, 0);
    EXPECT(take(c, IMPORT_ITEMS, "抽查事项,检查主体,检查依据\n-5℃冷库检查,市场监管局,《甲法》第一条\n", false) == OK);
    expect_counts(1, 0, 0, 1, 0);
}

TEST_DB(inspectors_enter_with_certificate_leave_and_recusals)
{
    struct inspector_get_row row;
    struct inspector_certificate_get_row certificate;

    setup(c);
    EXPECT(take(c, IMPORT_INSPECTORS,
                "人员编号,姓名,部门,执法区划,业务专长,执法证号,执法证有效期,每次上限,可任组长,状态,请假开始,"
                "请假结束\n"
                "ZF-1,检查员-1,scjgj,新县、411525,食品、药品,Z1,2029-03-06,34,是,在岗,2026-03-01,2026-03-05\n"
                "ZF-2,检查员-2,scjgj,,,Z2,,,,,,\n"
                "ZF-3,检查员-3,sthjj,,,,,,也许,,2026-03-05,2026-03-01\n",
                false) == OK);
    expect_counts(3, 1, 0, 0, 2);
    EXPECT(inspector_get(c->db, c->arena, &(struct inspector_get_in){STR("ZF-1")}, &row) == OK);
    EXPECT(str_eq(row.regions, STR("[\"411523\",\"411525\"]")) && row.cap_count == 34 && row.lead == 1);
    EXPECT(inspector_certificate_get(c->db, c->arena,
                                     &(struct inspector_certificate_get_in){STR("ZF-1"), STR("national")},
                                     &certificate) == OK);
    EXPECT(str_eq(certificate.no, STR("Z1")));
    EXPECT(take(c, IMPORT_RECUSALS, lines("人员编号,检查对象代码,回避类型\nZF-1,%s,近亲属\nZF-9,%s,近亲属\n"),
                false) == OK);
    expect_counts(2, 1, 0, 0, 1);
    EXPECT(take(c, IMPORT_EXPERTS, "专家编号,姓名,专业,状态\nZJ-1,专家-1,食品,在库\nZJ-2,,食品,在库\n",
                false) == OK);
    expect_counts(2, 1, 0, 0, 1);
}

/* the office: short transactions and their way back ------------------------------------------------------------- */

static int finished, acts_left;

static enum err
one_transaction(void *ctx, struct ctx *c, import_act fn, void *arg)
{
    enum err e = acts_left-- == 0 ? ERR_CANCELLED : db_begin(c->db);

    (void) ctx;
    return e == OK ? db_end(c->db, fn(c, arg)) : e;
}

static enum err
note_finish(struct ctx *c, void *arg, const struct import_report *r)
{
    (void) c;
    (void) arg;
    (void) r;
    finished++;
    return OK;
}

/* Import as the office does; only so many transactions succeed. */
static enum err
take_in_office(struct ctx *c, int64_t id, const char *text, int transactions)
{
    char path[512];
    FILE *f;
    struct import_office office = {.id = id, .trail = path, .write = one_transaction, .finish = note_finish};
    struct import_options o = {.kind = IMPORT_TARGETS, .path = path, .runner = runner_serial(), .office = &office};

    snprintf(path, sizeof path, "%s/office.csv", c->dir);
    f = fopen(path, "w");
    EXPECT(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
    acts_left = transactions;
    return import_run(c, &o, &report);
}

static int64_t counted[3];

static enum err
note_undo(struct ctx *c, void *arg, int64_t undone, int64_t removed, int64_t kept)
{
    (void) c;
    (void) arg;
    counted[0] = undone;
    counted[1] = removed;
    counted[2] = kept;
    return OK;
}

static enum err
undo(struct ctx *c, int64_t id, struct str reason)
{
    acts_left = -1;
    return import_undo(c, &(struct import_undo){.import = id,
                                                .kind = IMPORT_TARGETS,
                                                .reason = reason,
                                                .write = one_transaction,
                                                .finish = note_undo});
}

TEST_DB(an_import_of_the_office_is_taken_back_row_by_row)
{
    int64_t id = import_id_at(c->now_us);

    setup(c);
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,code,住所\n甲,%s,旧\n乙,%s,旧\n"), false) == OK);
    finished = 0;
    EXPECT(take_in_office(c, id, lines("名称,code,住所\n甲改,%s,新\n乙,%s,新\n丙,%s,新\n"), -1) == OK);
    expect_counts(3, 1, 2, 0, 0);
    EXPECT_INT(finished, 1);
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,code,联系电话\n丁,%2$s,1\n"), false) == OK); /* 乙, changed since */
    EXPECT(undo(c, id, STR("错了")) == OK);
    EXPECT(counted[0] == 1 && counted[1] == 1 && counted[2] == 1);
    EXPECT(str_eq(target(c, codes[0]).name, STR("甲")) && str_eq(target(c, codes[0]).address, STR("旧")));
    EXPECT(str_eq(target(c, codes[1]).address, STR("新"))); /* kept */
    struct target_get_row gone;
    EXPECT(target_get(c->db, c->arena, &(struct target_get_in){str_of(codes[2])}, &gone) == ERR_NOT_FOUND);
    EXPECT(undo(c, id, STR("再来")) == OK); /* nothing is left to be undone */
    EXPECT(str_eq(target(c, codes[0]).address, STR("旧")));
}

TEST_DB(an_import_that_is_cut_short_leaves_its_before_images_and_nothing_else_after_the_undo)
{
    int64_t id = import_id_at(c->now_us);

    setup(c);
    EXPECT(take(c, IMPORT_TARGETS, lines("名称,code,住所\n甲,%s,旧\n"), false) == OK);
    finished = 0;
    EXPECT(take_in_office(c, id, lines("名称,code,住所\n甲,%s,新\n乙,%s,新\n"), 2) == ERR_CANCELLED); /* begin, one batch */
    EXPECT_INT(finished, 0);
    EXPECT(str_eq(target(c, codes[0]).address, STR("新")));
    EXPECT(undo(c, id, (struct str){NULL, 0}) == OK);
    EXPECT(counted[0] == 1 && counted[1] == 1 && counted[2] == 0);
    EXPECT(str_eq(target(c, codes[0]).address, STR("旧")));
}

TEST_DB(a_mapping_is_kept_only_when_it_is_whole_and_names_each_field_once)
{
    setup(c);
    EXPECT(import_mapping_keep(c, IMPORT_TARGETS, STR("scjgj"), STR("h"), STR("[\"code\",null]")) == ERR_MISSING);
    EXPECT(import_mapping_keep(c, IMPORT_TARGETS, STR("scjgj"), STR("h"), STR("[\"code\",\"code\"]")) == ERR_DUPLICATE);
    EXPECT(import_mapping_keep(c, IMPORT_TARGETS, STR("scjgj"), STR("h"), STR("[\"nonsense\"]")) == ERR_INPUT);
    EXPECT(import_mapping_keep(c, IMPORT_TARGETS, STR("scjgj"), STR("h"), STR("{}")) == ERR_INPUT);
    EXPECT(import_mapping_keep(c, IMPORT_TARGETS, STR("scjgj"), STR("h"), STR("[\"code\",\"name\",null]")) == OK);
}

TEST_DB(the_real_register_enters_whole_and_again_changes_nothing)
{
    const char *source = getenv("MQ_SOURCE_DIR");
    char path[1024];
    struct import_options o = {.kind = IMPORT_TARGETS, .path = path, .runner = runner_serial()};

    snprintf(path, sizeof path, "%s/../shared/data/xinyang_companies_1978_2019.csv",
             source == NULL ? "." : source);
    if (access(path, R_OK) != 0) { /* it is not shipped */
        print_message("skipped: %s is not there\n", path);
        return;
    }
    setup(c);
    EXPECT(db_begin(c->db) == OK);
    static const char *const MORE[] = {"411502", "411503", "411521", "411522",
                                       "411524", "411526", "411527", "411528"};
    for (size_t i = 0; i < sizeof MORE / sizeof *MORE; i++)
        EXPECT(dict_add_region(c, str_of(MORE[i]), str_of(MORE[i]), STR("411500")) == OK);
    EXPECT(db_end(c->db, OK) == OK);
    EXPECT(import_run(c, &o, &report) == OK);
    expect_counts(6779, 6779, 0, 0, 0);
    EXPECT_INT(report.region_derived, 4051);
    EXPECT_INT(report.organisation_warnings, 5);
    EXPECT(import_run(c, &o, &report) == OK);
    expect_counts(6779, 0, 0, 6779, 0);
}

TEST_MAIN(T(the_same_file_again_changes_nothing), T(a_blank_cell_keeps_and_the_mark_empties),
          T(what_must_be_there_cannot_be_emptied), T(the_mark_empties_fields_of_inspectors_experts_and_items), T(a_department_that_only_took_a_target_on_imports_its_tags_alone),
          T(a_missing_or_coarser_region_is_taken_from_the_code_and_marked),
          T(bad_rows_come_back_with_row_column_value_and_reason),
          T(the_second_of_two_equal_codes_is_rejected_with_the_line_of_the_first),
          T(files_that_cannot_be_understood_change_nothing),
          T(more_rows_than_fit_a_run_are_sorted_stored_and_found),
          T(items_without_a_code_keep_the_one_made_from_department_and_name),
          T(prose_of_an_item_is_cut_only_at_semicolons_and_line_ends),
          T(the_published_joint_list_names_kinds_of_departments), T(an_item_with_a_code_is_found_again_by_department_and_name),
          T(inspectors_enter_with_certificate_leave_and_recusals), T(an_import_of_the_office_is_taken_back_row_by_row),
          T(an_import_that_is_cut_short_leaves_its_before_images_and_nothing_else_after_the_undo),
          T(a_mapping_is_kept_only_when_it_is_whole_and_names_each_field_once),
          T(the_real_register_enters_whole_and_again_changes_nothing))
