/* demo/city_test.c - the demo city is whole, in proportion, and the same for ever */
#include "base/test.h"

#include "core/calendar.h"
#include "core/hash.h"
#include "core/uscc.h"
#include "data/data.h"
#include "demo/city.h"

enum { SCALE = 20000, FIELDS = 20 };

static struct city city;

static struct str
row_of(const struct city *c, enum city_kind kind, uint64_t i, char *p, size_t size)
{
    struct buf b = buf_over(p, size);

    city_row(c, kind, i, &b);
    EXPECT(!b.overflow && b.n > 1 && p[b.n - 1] == '\n');
    return (struct str){p, b.n - 1};
}

/* SHA-256 over header and all rows. */
static void
digest_of(uint64_t scale, enum city_kind kind, char hex[HASH_HEX_LEN + 1])
{
    unsigned char out[HASH_LEN];
    struct hash h;

    EXPECT(city_init(&city, 1, scale) == OK);
    hash_init(&h, HASH_SHA256);
    hash_update(&h, city_header(kind).p, city_header(kind).n);
    for (uint64_t i = 0; i < city_count(&city, kind); i++) {
        char p[CITY_ROW_BYTES];
        struct str row = row_of(&city, kind, i, p, sizeof p);

        hash_update(&h, row.p, row.n + 1);
    }
    hash_final(&h, out);
    hex_encode(out, HASH_LEN, hex);
    hex[HASH_HEX_LEN] = 0;
}

static void
expect_manifest(uint64_t scale, const char *const manifest[CITY_KIND_COUNT])
{
    for (int k = 0; k < CITY_KIND_COUNT; k++) {
        char hex[HASH_HEX_LEN + 1];

        digest_of(scale, (enum city_kind) k, hex);
        EXPECT_STR(hex, manifest[k]);
    }
}

TEST(the_city_of_1000_is_the_one_of_the_manifest)
{
    static const char *const MANIFEST[] = {
        "150a044035935913d241ccdacd70a48f602c3279b491f9a5c1f229df36a2c756",
        "679773ef75e507ff88ad7388905397ce3103155be06bc5568f9614dc1f56f566",
        "cccb3e4777993ab3a5c8dfe7c4bb0b84d28761aabf52b467e1a9859e1b66b214",
        "8446908f586534a77f53fcb21475651947c7994ae504888c80227db9a7fe65ff",
        "101d89bfdbacdd63b9eb5f0ee53c4781f299996886796989c5ef278e4dc2c5de"};

    expect_manifest(1000, MANIFEST);
}

TEST(the_city_of_20000_is_the_one_of_the_manifest)
{
    static const char *const MANIFEST[] = {
        "4ec19f5221e61281d0264a7848851a8a0a47d7871c289cd0542618626d468dda",
        "97d1d020868c6b835a60767e98ce21ab813b1bb395d4c71ea3a2e1425546e699",
        "36b492d00c6b7af5b326593eea61140eb5aa0c024d15975d474c21112681cb47",
        "c97e9dfbf073a3cab3331813b820cf7739b8edc533a374c7cf7b538bd368ffbd",
        "94c480cdfb86a1a0fe96cb84972838c5a61851a2d881f2936a2b984eddb944a8"};

    expect_manifest(20000, MANIFEST);
}

TEST(any_row_alone_is_the_row_of_the_whole)
{
    char p[CITY_ROW_BYTES], q[CITY_ROW_BYTES];
    struct city again;

    EXPECT(city_init(&city, 9, SCALE) == OK && city_init(&again, 9, SCALE) == OK);
    for (uint64_t i = 0; i < 100; i++)
        row_of(&city, CITY_TARGETS, i, p, sizeof p);
    struct str a = row_of(&city, CITY_TARGETS, 77, p, sizeof p),
               b = row_of(&again, CITY_TARGETS, 77, q, sizeof q);

    EXPECT(str_eq(a, b));
}

TEST(another_seed_is_another_city)
{
    char a[19], b[19];
    struct city other;
    unsigned same = 0;

    EXPECT(city_init(&city, 1, SCALE) == OK && city_init(&other, 2, SCALE) == OK);
    for (uint64_t i = 0; i < SCALE; i++) {
        city_target_code(&city, i, a);
        city_target_code(&other, i, b);
        same += strcmp(a, b) == 0;
    }
    EXPECT_INT(same, 0);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

TEST(every_code_is_true_unique_and_of_its_county)
{
    static char codes[SCALE][19];

    EXPECT(city_init(&city, 1, SCALE) == OK);
    for (uint64_t i = 0; i < SCALE; i++) {
        struct uscc u;
        char p[CITY_ROW_BYTES], region[REGION_LEN + 1];
        struct str f[FIELDS], row = row_of(&city, CITY_TARGETS, i, p, sizeof p);

        city_target_code(&city, i, codes[i]);
        EXPECT_INT(data_fields(row, f, FIELDS), 14);
        EXPECT(uscc_parse(codes[i], USCC_LEN, &u) == OK && u.organisation_ok && u.text[8] == 'X' &&
               u.text[9] == 'N');
        EXPECT(uscc_region(&u, region) == OK && str_eq(f[5], str_of(region)) &&
               str_eq(f[0], str_of(codes[i])));
    }
    qsort(codes, SCALE, sizeof codes[0], by_text);
    for (size_t i = 1; i < SCALE; i++)
        EXPECT(strcmp(codes[i - 1], codes[i]) != 0);
}

static void
expect_share(size_t n, size_t all, unsigned per_mille)
{
    long long difference = (long long) n * 1000 - (long long) all * per_mille;

    EXPECT(difference < 12 * (long long) all && difference > -12 * (long long) all); /* within 1.2 % of all */
}

TEST(the_city_has_the_proportions_that_were_asked_for)
{
    static const struct {
        unsigned field, per_mille;
        struct str value;
    } SHARES[] = {{2, 695, {"个体工商户", 15}}, {2, 280, {"企业", 6}},   {2, 25, {"农民专业合作社", 21}},
                  {5, 180, {"411525", 6}},      {5, 160, {"411502", 6}}, {5, 100, {"411503", 6}},
                  {5, 100, {"411526", 6}},      {5, 90, {"411522", 6}},  {5, 90, {"411528", 6}},
                  {5, 80, {"411521", 6}},       {5, 80, {"411524", 6}},  {5, 70, {"411527", 6}},
                  {5, 50, {"411523", 6}},       {10, 300, {"A", 1}},     {10, 550, {"B", 1}},
                  {10, 120, {"C", 1}},          {10, 30, {"D", 1}},      {8, 950, {"存续", 6}}};
    enum { COUNT = sizeof SHARES / sizeof *SHARES };
    size_t seen[COUNT] = {0};

    EXPECT(city_init(&city, 5, SCALE) == OK);
    for (uint64_t i = 0; i < SCALE; i++) {
        char p[CITY_ROW_BYTES];
        struct str f[FIELDS];

        data_fields(row_of(&city, CITY_TARGETS, i, p, sizeof p), f, FIELDS);
        for (size_t k = 0; k < COUNT; k++)
            seen[k] += str_eq(f[SHARES[k].field], SHARES[k].value) ? 1 : 0;
    }
    for (size_t k = 0; k < COUNT; k++)
        expect_share(seen[k], SCALE, SHARES[k].per_mille);
}

static bool
table_has(const char *file, struct str code)
{
    struct str rest = data_find(str_of(file)), line, f[2];

    while (data_line(&rest, &line))
        if (data_fields(line, f, 2) >= 2 && str_eq(f[0], code))
            return true;
    return false;
}

TEST(every_value_of_a_target_is_known_to_the_tables)
{
    EXPECT(city_init(&city, 1, SCALE) == OK);
    for (uint64_t i = 0; i < 400; i++) {
        char p[CITY_ROW_BYTES];
        struct str f[FIELDS], rest, code;
        int64_t day;

        data_fields(row_of(&city, CITY_TARGETS, i * 50, p, sizeof p), f, FIELDS);
        EXPECT(table_has("industries.csv", f[4]) && table_has("regions.csv", f[5]));
        EXPECT(day_parse(f[9], &day) == OK && day < 20758);
        EXPECT(memmem(f[1].p, f[1].n, "模拟", 6) != NULL && utf8_valid(f[1]));
        for (rest = f[12]; rest.n > 0;) { /* departments, separated by 、 (three bytes) */
            const char *end = memmem(rest.p, rest.n, "、", 3);

            code = (struct str){rest.p, end == NULL ? rest.n : (size_t) (end - rest.p)};
            EXPECT(table_has("departments.csv", code));
            rest = end == NULL ? (struct str){0} : (struct str){end + 3, rest.n - code.n - 3};
        }
    }
}

TEST(every_department_has_two_inspectors_fit_for_duty_in_every_county)
{
    unsigned fit[CITY_DEPARTMENTS][CITY_COUNTIES + 1] = {{0}}, expired = 0, leave = 0;
    static const char *const REGIONS[] = {"411500", "411502", "411503", "411521", "411522", "411523",
                                          "411524", "411525", "411526", "411527", "411528"};
    struct str rest = data_find(STR("departments.csv")), line, departments[CITY_DEPARTMENTS + 1];

    for (size_t k = 0; data_line(&rest, &line); k++)
        data_fields(line, &departments[k], 1);
    EXPECT(city_init(&city, 1, SCALE) == OK);
    for (uint64_t i = 0; i < city_count(&city, CITY_INSPECTORS); i++) {
        char p[CITY_ROW_BYTES];
        struct str f[FIELDS];
        int64_t valid_to = 0;

        EXPECT_INT(data_fields(row_of(&city, CITY_INSPECTORS, i, p, sizeof p), f, FIELDS), 14);
        EXPECT(day_parse(f[8], &valid_to) == OK && str_starts(f[1], STR("检查员-4115")));
        expired += valid_to < 20758;
        leave += f[12].n > 0;
        if (valid_to < 20758 || f[12].n > 0 || !str_eq(f[11], STR("在岗")))
            continue;
        for (size_t d = 0; d < CITY_DEPARTMENTS; d++)
            for (size_t r = 0; r <= CITY_COUNTIES; r++)
                if (str_eq(f[2], departments[d + 1]) && str_eq(f[4], str_of(REGIONS[r])))
                    fit[d][r]++;
    }
    for (size_t d = 0; d < CITY_DEPARTMENTS; d++)
        for (size_t r = 0; r <= CITY_COUNTIES; r++)
            EXPECT(fit[d][r] >= 2);
    EXPECT(expired > 5 && leave > 5);
}

/* What the story of the demo city draws and matches (src/app/demo_city.c, LINES): a tag, a ratio by class A to D in 1/10000,
 * departments with their places. */
struct demand {
    const char *tag;
    bool enterprises;
    unsigned ratio_bp[4];
    struct {
        const char *department;
        uint64_t places;
    } teams[3];
};
static const struct demand DEMANDS[] = {
    {"学校食堂", false, {3000, 3000, 3000, 3000}, {{"scjgj", 2}, {"jyty", 1}}},
    {"餐饮服务", false, {300, 300, 300, 300}, {{"scjgj", 2}, {"wjw", 1}}},
    {"工业产品生产", true, {100, 300, 2500, 6000}, {{"scjgj", 2}, {"sthjj", 1}, {"yjj", 1}}},
    {"药品零售", false, {2000, 2000, 2000, 2000}, {{"scjgj", 2}}},
    {"危化品", false, {10000, 10000, 10000, 10000}, {{"yjj", 2}, {"gaj", 1}}},
};
enum { DEMAND_COUNT = sizeof DEMANDS / sizeof *DEMANDS, LOOKED_AT = 20000 };
static const char *const OFFICES[CITY_COUNTIES + 1] = {"411500", "411502", "411503", "411521", "411522", "411523",
                                                       "411524", "411525", "411526", "411527", "411528"};

static size_t
office_of(struct str region)
{
    for (size_t r = 0; r <= CITY_COUNTIES; r++)
        if (str_eq(region, str_of(OFFICES[r])))
            return r;
    return CITY_COUNTIES + 1;
}

/* How many are drawn in each county, in 1/10000; of a large city from every so many rows. */
static void
count_drawn(uint64_t scale, uint64_t drawn[DEMAND_COUNT][CITY_COUNTIES + 1])
{
    uint64_t step = scale < LOOKED_AT ? 1 : scale / LOOKED_AT;

    for (uint64_t i = 0; i < scale; i += step) {
        char p[CITY_ROW_BYTES];
        struct str f[FIELDS];
        size_t office;

        data_fields(row_of(&city, CITY_TARGETS, i, p, sizeof p), f, FIELDS);
        office = office_of(f[5]);
        for (size_t k = 0; k < DEMAND_COUNT && office <= CITY_COUNTIES; k++)
            if (memmem(f[11].p, f[11].n, DEMANDS[k].tag, strlen(DEMANDS[k].tag)) != NULL &&
                (!DEMANDS[k].enterprises || str_eq(f[2], STR("企业"))))
                drawn[k][office] += step * DEMANDS[k].ratio_bp[f[10].n == 0 ? 0 : f[10].p[0] - 'A'];
    }
}

/* The places that those fit for duty can take, office by office. */
static void
count_room(const char *department, uint64_t room[CITY_COUNTIES + 1])
{
    for (uint64_t i = 0; i < city_count(&city, CITY_INSPECTORS); i++) {
        char p[CITY_ROW_BYTES];
        struct str f[FIELDS];
        uint64_t cap = 0;
        int64_t valid_to = 0;

        data_fields(row_of(&city, CITY_INSPECTORS, i, p, sizeof p), f, FIELDS);
        EXPECT(day_parse(f[8], &valid_to) == OK && str_u64(f[9], 1000, &cap) == OK);
        if (valid_to >= 20758 && f[12].n == 0 && str_eq(f[11], STR("在岗")) && str_eq(f[2], str_of(department)))
            room[office_of(f[4])] += cap;
    }
}

/* Those of a county go within it, those of the city office everywhere: what the counties lack the city office must have.
 * A county may draw a quarter more than its share. */
static void
expect_enough(uint64_t scale)
{
    uint64_t drawn[DEMAND_COUNT][CITY_COUNTIES + 1] = {{0}};

    EXPECT(city_init(&city, 1, scale) == OK);
    count_drawn(scale, drawn);
    for (size_t k = 0; k < DEMAND_COUNT; k++)
        for (size_t t = 0; t < 3 && DEMANDS[k].teams[t].department != NULL; t++) {
            uint64_t room[CITY_COUNTIES + 1] = {0}, lacking = 0;

            count_room(DEMANDS[k].teams[t].department, room);
            for (size_t r = 1; r <= CITY_COUNTIES; r++) {
                uint64_t places = DEMANDS[k].teams[t].places * (drawn[k][r] * 5 / 40000 + 1);

                lacking += places > room[r] ? places - room[r] : 0;
            }
            if (lacking > room[0])
                print_error("scale %llu: %s of %s lacks %llu places, the city office has %llu\n", (unsigned long long) scale,
                            DEMANDS[k].tag, DEMANDS[k].teams[t].department, (unsigned long long) lacking,
                            (unsigned long long) room[0]);
            EXPECT(lacking <= room[0]);
        }
}

TEST(a_city_of_any_size_has_inspectors_enough_for_its_story)
{
    expect_enough(1000);
    expect_enough(20000);
    expect_enough(550000);
    expect_enough(2000000);
}

TEST(recusals_name_people_and_firms_of_the_city_each_pair_once)
{
    static char pairs[1000][64];
    uint64_t n;

    EXPECT(city_init(&city, 1, 1000) == OK);
    n = city_count(&city, CITY_RECUSALS);
    EXPECT(n > 100 && n < 1000);
    for (uint64_t i = 0; i < n; i++) {
        char p[CITY_ROW_BYTES];
        struct str f[FIELDS];
        struct uscc u;

        EXPECT_INT(data_fields(row_of(&city, CITY_RECUSALS, i, p, sizeof p), f, FIELDS), 4);
        EXPECT(uscc_parse(f[1].p, f[1].n, &u) == OK && str_starts(f[0], STR("ZF-4115")));
        memcpy(pairs[i], f[0].p, f[0].n);
        memcpy(pairs[i] + f[0].n, u.text, USCC_LEN);
    }
    qsort(pairs, n, sizeof pairs[0], by_text);
    for (uint64_t i = 1; i < n; i++)
        EXPECT(strcmp(pairs[i - 1], pairs[i]) != 0);
}

TEST(dirty_rows_have_the_fault_they_announce)
{
    EXPECT(city_init(&city, 1, 1000) == OK);
    for (uint64_t i = 0; i < CITY_FAULT_COUNT; i++) {
        char p[CITY_ROW_BYTES];
        struct str f[FIELDS];
        struct uscc u;
        enum err e;

        EXPECT(data_fields(row_of(&city, CITY_DIRTY, i, p, sizeof p), f, FIELDS) == 14);
        e = uscc_parse(f[0].p, f[0].n, &u);
        EXPECT((i == CITY_FAULT_CHECK) == (e == ERR_CHECK));
        EXPECT((i == CITY_FAULT_CHARSET) == (e == ERR_CHARSET));
        EXPECT((i == CITY_FAULT_LENGTH || i == CITY_FAULT_NO_CODE || i == CITY_FAULT_FULL_WIDTH) ==
               (e == ERR_LENGTH));
        EXPECT((i == CITY_FAULT_NO_NAME) == (f[1].n == 0));
        EXPECT((i == CITY_FAULT_MISSING_REGION) == (f[5].n == 0));
        EXPECT((i == CITY_FAULT_INDUSTRY) == !table_has("industries.csv", f[4]));
    }
}

TEST(a_scale_out_of_bounds_and_an_unknown_kind_are_refused)
{
    enum city_kind kind = CITY_EXPERTS;

    EXPECT(city_init(&city, 1, 99) == ERR_RANGE);
    EXPECT(city_init(&city, 1, CITY_SCALE_MAX + 1) == ERR_RANGE);
    EXPECT(city_kind_of(STR("persons"), &kind) == ERR_NOT_FOUND && kind == CITY_EXPERTS);
    EXPECT(city_kind_of(STR("dirty"), &kind) == OK && kind == CITY_DIRTY);
}

TEST(results_are_plausible_and_an_unreachable_firm_is_so_for_every_item)
{
    size_t good = 0, away = 0;

    EXPECT(city_init(&city, 1, SCALE) == OK);
    for (uint64_t i = 0; i < SCALE; i++) {
        char code[19];
        const char *a, *b;

        city_target_code(&city, i, code);
        a = city_result(1, str_of(code), STR("SCJGJ-01"));
        b = city_result(1, str_of(code), STR("RSJ-01"));
        EXPECT(table_has("results.csv", str_of(a)));
        EXPECT((strcmp(a, "unreachable") == 0) == (strcmp(b, "unreachable") == 0));
        good += strcmp(a, "no_problem") == 0;
        away += strcmp(a, "unreachable") == 0;
    }
    expect_share(good, SCALE, 880);
    expect_share(away, SCALE, 45);
}

TEST(a_scale_is_a_number_with_k_or_M)
{
    uint64_t n = 0;

    EXPECT(city_scale_parse(STR("1k"), &n) == OK && n == 1000);
    EXPECT(city_scale_parse(STR("550k"), &n) == OK && n == 550000);
    EXPECT(city_scale_parse(STR("10M"), &n) == OK && n == 10000000);
    EXPECT(city_scale_parse(STR("20000"), &n) == OK && n == 20000);
    EXPECT(city_scale_parse(STR("k"), &n) != OK && city_scale_parse(STR(""), &n) != OK);
    EXPECT(city_scale_parse(STR("1kk"), &n) != OK && city_scale_parse(STR("1 k"), &n) != OK);
    EXPECT(city_scale_parse(STR("1000000M"), &n) == ERR_RANGE);
}

TEST_MAIN(T(a_scale_is_a_number_with_k_or_M), T(a_city_of_any_size_has_inspectors_enough_for_its_story), T(the_city_of_1000_is_the_one_of_the_manifest), T(the_city_of_20000_is_the_one_of_the_manifest),
          T(any_row_alone_is_the_row_of_the_whole), T(another_seed_is_another_city),
          T(every_code_is_true_unique_and_of_its_county), T(the_city_has_the_proportions_that_were_asked_for),
          T(every_value_of_a_target_is_known_to_the_tables),
          T(every_department_has_two_inspectors_fit_for_duty_in_every_county),
          T(recusals_name_people_and_firms_of_the_city_each_pair_once),
          T(dirty_rows_have_the_fault_they_announce),
          T(a_scale_out_of_bounds_and_an_unknown_kind_are_refused),
          T(results_are_plausible_and_an_unreachable_firm_is_so_for_every_item))
