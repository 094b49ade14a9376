/* data/data_test.c - the shipped tables are whole and agree with each other */
#include "base/test.h"

#include "core/calendar.h"
#include "data/data.h"

enum { FIELDS = 20, ROWS = 4000 };

static size_t
rows_of(const char *name, const char *header, struct str rows[ROWS])
{
    struct str rest = data_find(str_of(name)), line;
    size_t count = 0;

    EXPECT(data_line(&rest, &line));
    EXPECT(str_eq(line, str_of(header)));
    while (data_line(&rest, &line)) {
        EXPECT(count < ROWS && utf8_valid(line) && line.n > 0);
        rows[count++] = line;
    }
    return count;
}

static bool
has_code(const struct str *rows, size_t count, struct str code)
{
    for (size_t i = 0; i < count; i++)
        if (str_starts(rows[i], code) && rows[i].n > code.n && rows[i].p[code.n] == ',')
            return true;
    return false;
}

static struct str rows[ROWS];

TEST(every_region_has_a_parent_that_exists_and_codes_ascend)
{
    size_t n = rows_of("regions.csv", "code,name,parent", rows);

    EXPECT(n > 3000);
    for (size_t i = 0; i < n; i++) {
        struct str f[FIELDS];

        EXPECT_INT(data_fields(rows[i], f, FIELDS), 3);
        EXPECT(f[0].n == 6 || f[0].n == 9);
        EXPECT(i == 0 || str_cmp(rows[i - 1], rows[i]) < 0);
        EXPECT(f[2].n == 0 || has_code(rows, n, f[2]));
    }
    EXPECT(has_code(rows, n, STR("411500")) && has_code(rows, n, STR("411525")));
}

TEST(industries_are_the_20_sections_97_divisions_473_groups_1382_classes)
{
    size_t n = rows_of("industries.csv", "code,name", rows), by_length[6] = {0};

    for (size_t i = 0; i < n; i++) {
        struct str f[FIELDS], parent;

        EXPECT_INT(data_fields(rows[i], f, FIELDS), 2);
        EXPECT(f[0].n <= 5);
        by_length[f[0].n]++;
        parent = (struct str){f[0].p, f[0].n == 3 ? 1 : f[0].n - 1};
        EXPECT(f[0].n == 1 || has_code(rows, n, parent));
    }
    EXPECT(by_length[1] == 20 && by_length[3] == 97 && by_length[4] == 473 && by_length[5] == 1382);
}

TEST(holidays_make_a_calendar_of_2018_to_2026)
{
    static struct calendar_day days[ROWS];
    size_t n = rows_of("holidays.csv", "version,date,off,name", rows);
    struct calendar c;

    for (size_t i = 0; i < n; i++) {
        struct str f[FIELDS];

        EXPECT_INT(data_fields(rows[i], f, FIELDS), 4);
        EXPECT(day_parse(f[1], &days[i].day) == OK);
        days[i].off = str_eq(f[2], STR("1"));
        EXPECT(days[i].off || str_eq(f[2], STR("0")));
        /* A make-up day is a Saturday or Sunday; the one exception restates the Monday after the prolonged 春节. */
        EXPECT(days[i].off || weekday_of(days[i].day) >= 6 || str_eq(f[1], STR("2020-02-03")));
    }
    EXPECT(calendar_over(STR("2025-11"), days, n, &c) == OK);
    for (int y = 2018; y <= 2026; y++)
        EXPECT(calendar_holds_year(&c, y));
}

TEST(the_sixteen_departments_of_the_regulation_have_bits_0_to_15)
{
    size_t n = rows_of("departments.csv", "code,name,bit", rows);

    EXPECT_INT(n, 16);
    for (size_t i = 0; i < n; i++) {
        struct str f[FIELDS];
        uint64_t bit;

        EXPECT_INT(data_fields(rows[i], f, FIELDS), 3);
        EXPECT(str_u64(f[2], 63, &bit) == OK && bit == i);
    }
}

TEST(codes_of_results_methods_and_followups_are_complete)
{
    EXPECT_INT(rows_of("results.csv", "code,zh,en", rows), 15);
    EXPECT_INT(rows_of("methods.csv", "code,zh,en", rows), 6);
    EXPECT_INT(rows_of("followups.csv", "code,zh,en", rows), 7);
    EXPECT_INT(rows_of("exchange.csv", "code,zh,en", rows), 17);
}

#define ITEM_HEADER                                                                                                                            \
    "事项编码,抽查领域,抽查事项,检查对象,事项类别,监管方式,抽查比例上限,抽查频次,检查方式,检查主体," \
    "配合部门,"                                                                                                                            \
    "抽查层级,检查依据,检查内容,专业要求,对象标签"

/* Is every name of the list (separated by 、) the second field of a row? */
static bool
names_exist(struct str list, const struct str *table, size_t count)
{
    for (const char *end; list.n > 0;) {
        static const char SEPARATOR[] = "、";
        bool found = false;

        end = memmem(list.p, list.n, SEPARATOR, 3);
        for (size_t i = 0; i < count; i++) {
            struct str f[FIELDS];

            data_fields(table[i], f, FIELDS);
            found =
                found || str_eq(f[1], (struct str){list.p, end == NULL ? list.n : (size_t) (end - list.p)});
        }
        if (!found)
            return false;
        list = end == NULL ? (struct str){0} : (struct str){end + 3, list.n - (size_t) (end + 3 - list.p)};
    }
    return true;
}

TEST(eighty_items_name_departments_methods_and_a_cap_exactly_when_they_are_general)
{
    static struct str departments[ROWS], methods[ROWS];
    size_t department_count = rows_of("departments.csv", "code,name,bit", departments), joint = 0;
    size_t method_count = rows_of("methods.csv", "code,zh,en", methods);
    size_t n = rows_of("items.csv", ITEM_HEADER, rows);

    EXPECT_INT(n, 80);
    for (size_t i = 0; i < n; i++) {
        struct str f[FIELDS];

        EXPECT_INT(data_fields(rows[i], f, FIELDS), 16);
        EXPECT(str_eq(f[4], STR("重点检查事项")) ? f[6].n == 0
                                                 : str_eq(f[4], STR("一般检查事项")) && f[6].n > 0);
        EXPECT(names_exist(f[8], methods, method_count) && names_exist(f[9], departments, department_count));
        EXPECT(names_exist(f[10], departments, department_count));
        joint += f[10].n > 0 ? 1 : 0;
        EXPECT(memmem(f[12].p, f[12].n, "》第", strlen("》第")) != NULL && f[13].n > 0);
    }
    EXPECT(joint >= 10);
}

TEST(a_table_that_does_not_exist_is_absent)
{
    EXPECT(data_find(STR("nothing.csv")).p == NULL);
    EXPECT(data_find(STR("")).p == NULL);
}

TEST_MAIN(T(every_region_has_a_parent_that_exists_and_codes_ascend),
          T(industries_are_the_20_sections_97_divisions_473_groups_1382_classes),
          T(holidays_make_a_calendar_of_2018_to_2026),
          T(the_sixteen_departments_of_the_regulation_have_bits_0_to_15),
          T(codes_of_results_methods_and_followups_are_complete),
          T(eighty_items_name_departments_methods_and_a_cap_exactly_when_they_are_general),
          T(a_table_that_does_not_exist_is_absent))
