/* core/ratio_test.c - ratios and caps that are really in force (domain sources are named at each test) */
#include "base/test.h"

#include "core/ratio.h"

static uint64_t
n_of(uint64_t population_count, uint32_t ratio_bp, enum ratio_rounding rounding)
{
    uint64_t n = UINT64_MAX;

    EXPECT(ratio_count(population_count, ratio_bp, rounding, &n) == OK);
    return n;
}

TEST(ratio_rounds_up_down_and_half_up)
{
    EXPECT_INT(n_of(101, 300, RATIO_CEIL), 4);
    EXPECT_INT(n_of(101, 300, RATIO_FLOOR), 3);
    EXPECT_INT(n_of(101, 300, RATIO_HALF_UP), 3);
    EXPECT_INT(n_of(50, 300, RATIO_HALF_UP), 2); /* 1.5 */
    EXPECT_INT(n_of(100, 300, RATIO_CEIL), 3);   /* exact: nothing to round */
    EXPECT_INT(n_of(UINT64_C(1) << 40, 10000, RATIO_CEIL), INT64_C(1) << 40);
}

TEST(a_stratum_of_one_is_still_a_stratum)
{
    EXPECT_INT(n_of(1, 1, RATIO_FLOOR), 1);
    EXPECT_INT(n_of(10, 300, RATIO_FLOOR), 1);
    EXPECT_INT(n_of(0, 300, RATIO_CEIL), 0);
    EXPECT_INT(n_of(0, 10000, RATIO_FLOOR), 0);
}

TEST(ratio_refuses_zero_and_more_than_all)
{
    uint64_t n = 7;

    EXPECT(ratio_count(10, 0, RATIO_CEIL, &n) == ERR_RANGE);
    EXPECT(ratio_count(10, 10001, RATIO_CEIL, &n) == ERR_RANGE);
    EXPECT(ratio_count((UINT64_C(1) << 40) + 1, 300, RATIO_CEIL, &n) == ERR_RANGE);
    EXPECT_INT(n, 7);
}

TEST(ratio_agrees_with_plain_division_for_all_small_numbers)
{
    for (uint64_t population = 0; population <= 60; population++)
        for (uint32_t bp = 1; bp <= 10000; bp++) {
            uint64_t product = population * bp, least = population > 0 ? 1 : 0;
            uint64_t floor = product / 10000, rest = product % 10000;
            uint64_t up = floor + (rest > 0), half = floor + (rest >= 5000);

            EXPECT(n_of(population, bp, RATIO_CEIL) == up);
            EXPECT(n_of(population, bp, RATIO_FLOOR) == (floor > least ? floor : least));
            EXPECT(n_of(population, bp, RATIO_HALF_UP) == (half > least ? half : least));
        }
}

/* 新郑 2023: A 1 %, B 3 %, C 25 %, D 60 %, at least 3 % of all. */
TEST(ratios_by_risk_class_as_in_xinzheng_2023)
{
    struct ratio_stratum s[] = {{STR("A"), 3000, 100, 0},
                                {STR("B"), 5500, 300, 0},
                                {STR("C"), 1200, 2500, 0},
                                {STR("D"), 301, 6000, 0}};
    uint64_t total = 0, missing = 1;

    EXPECT(ratio_allocate(s, 4, RATIO_CEIL, &total) == OK);
    EXPECT_INT(s[0].n, 30);
    EXPECT_INT(s[1].n, 165);
    EXPECT_INT(s[2].n, 300);
    EXPECT_INT(s[3].n, 181); /* 180.6 */
    EXPECT_INT(total, 676);
    EXPECT(ratio_shortfall(10001, 300, total, &missing) == OK && missing == 0);
}

/* 河南 2021: high 30, mid-high 10, mid 2, low 1 %; enterprises whose annual reports are all zero 100 %. */
TEST(ratios_by_risk_class_as_in_henan_2021)
{
    struct ratio_stratum s[] = {{STR("high"), 77, 3000, 0},
                                {STR("low"), 8000, 100, 0},
                                {STR("mid"), 951, 200, 0},
                                {STR("midhigh"), 205, 1000, 0},
                                {STR("zero-report"), 42, 10000, 0}};
    uint64_t total = 0;

    EXPECT(ratio_allocate(s, 5, RATIO_CEIL, &total) == OK);
    EXPECT_INT(s[0].n, 24);
    EXPECT_INT(s[1].n, 80);
    EXPECT_INT(s[2].n, 20);
    EXPECT_INT(s[3].n, 21);
    EXPECT_INT(s[4].n, 42);
    EXPECT_INT(total, 187);
}

/* 长治: hospitals of grade three at least 50 %, of grade two 30 %: strata by a tag, not by risk. */
TEST(ratios_by_a_tag_as_in_changzhi)
{
    EXPECT_INT(n_of(3, 5000, RATIO_CEIL), 2);
    EXPECT_INT(n_of(11, 3000, RATIO_CEIL), 4);
    EXPECT_INT(n_of(11, 3000, RATIO_FLOOR), 3);
}

/* 林甸: A at most 5, B 5-20, C 21-60, D 61-100 %: as caps of general items. */
TEST(a_general_item_is_refused_above_its_cap_and_a_key_item_is_not)
{
    EXPECT(ratio_check_cap(true, 500, 500) == OK);
    EXPECT(ratio_check_cap(true, 500, 501) == ERR_CAP);
    EXPECT(ratio_check_cap(true, 2000, 6000) == ERR_CAP);
    EXPECT(ratio_check_cap(false, 500, 10000) == OK); /* regulation 二(二): key items have no upper limit */
    EXPECT(ratio_check_cap(false, 0, 10000) == OK);
}

TEST(a_general_item_without_a_sensible_cap_is_refused)
{
    EXPECT(ratio_check_cap(true, 0, 300) == ERR_RANGE);
    EXPECT(ratio_check_cap(true, 10001, 300) == ERR_RANGE);
    EXPECT(ratio_check_cap(true, 300, 0) == ERR_RANGE);
    EXPECT(ratio_check_cap(false, 0, 10001) == ERR_RANGE);
}

/* 总局令第101号: at least 3 % of the enterprises a year. */
TEST(a_total_below_the_required_minimum_names_the_shortfall)
{
    uint64_t missing = 9;

    EXPECT(ratio_shortfall(6779, 300, 200, &missing) == OK && missing == 4); /* 203.37, rounded up 204 */
    EXPECT(ratio_shortfall(6779, 300, 204, &missing) == OK && missing == 0);
    EXPECT(ratio_shortfall(0, 300, 0, &missing) == OK && missing == 0);
    EXPECT(ratio_shortfall(6779, 0, 200, &missing) == ERR_RANGE);
}

TEST(a_given_total_goes_by_largest_remainder_and_ties_by_label)
{
    struct ratio_stratum s[] = {{STR("b"), 100, 300, 0}, {STR("a"), 100, 300, 0}, {STR("c"), 100, 300, 0}};

    EXPECT(ratio_apportion(s, 3, 10) == OK);
    EXPECT(s[0].n == 3 && s[1].n == 4 && s[2].n == 3);
    EXPECT(ratio_apportion(s, 3, 11) == OK);
    EXPECT(s[0].n == 4 && s[1].n == 4 && s[2].n == 3);
}

TEST(a_given_total_never_leaves_out_a_stratum_nor_exceeds_one)
{
    /* D would take 100 of 101, the small ones a hundredth each: every one of them still gets its place. */
    struct ratio_stratum s[] = {{STR("A"), 5, 1, 0},
                                {STR("B"), 5, 1, 0},
                                {STR("C"), 5, 1, 0},
                                {STR("D"), 100, 10000, 0},
                                {STR("E"), 0, 300, 9}};

    EXPECT(ratio_apportion(s, 5, 101) == OK);
    EXPECT(s[0].n == 1 && s[1].n == 1 && s[2].n == 1 && s[3].n == 98 && s[4].n == 0);
    EXPECT(ratio_apportion(s, 5, 115) == OK);
    EXPECT(s[0].n == 5 && s[1].n == 5 && s[2].n == 5 && s[3].n == 100);
    EXPECT(ratio_apportion(s, 5, 4) == OK);
    EXPECT(s[0].n == 1 && s[1].n == 1 && s[2].n == 1 && s[3].n == 1);
}

TEST(a_given_total_that_cannot_be_shared_is_refused)
{
    struct ratio_stratum s[] = {{STR("A"), 5, 300, 0}, {STR("B"), 5, 300, 0}};

    EXPECT(ratio_apportion(s, 2, 11) == ERR_QUOTA);
    EXPECT(ratio_apportion(s, 2, 1) == ERR_RANGE);
    s[1].label = STR("A");
    EXPECT(ratio_apportion(s, 2, 4) == ERR_DUPLICATE);
    s[1] = (struct ratio_stratum){STR("B"), 5, 0, 0};
    EXPECT(ratio_apportion(s, 2, 4) == ERR_RANGE);
}

/* Against a search over real numbers: lambda with sum of clamp(lambda * w, 1, N) = total, by bisection. */
TEST(a_given_total_is_shared_as_a_bisection_shares_it)
{
    uint32_t x = 12345;

    for (int round = 0; round < 3000; round++) {
        struct ratio_stratum s[6];
        static const char *const LABELS[] = {"a", "b", "c", "d", "e", "f"};
        uint64_t population = 0, sum = 0, total;
        double low = 0, high = 1e12;

        for (size_t i = 0; i < 6; i++) {
            x = x * 1664525U + 1013904223U;
            s[i] = (struct ratio_stratum){str_of(LABELS[i]), 1 + (x >> 16) % 200, 1 + (x >> 8) % 10000, 0};
            population += s[i].population_count;
        }
        x = x * 1664525U + 1013904223U;
        total = 6 + (x >> 8) % (population - 5);
        EXPECT(ratio_apportion(s, 6, total) == OK);
        for (int k = 0; k < 200; k++) {
            double middle = (low + high) / 2, all = 0;

            for (size_t i = 0; i < 6; i++) {
                double v = middle * (double) s[i].population_count * s[i].ratio_bp;

                all += v < 1 ? 1 : v > (double) s[i].population_count ? (double) s[i].population_count : v;
            }
            if (all < (double) total)
                low = middle;
            else
                high = middle;
        }
        for (size_t i = 0; i < 6; i++) {
            double v = high * (double) s[i].population_count * s[i].ratio_bp;

            v = v < 1 ? 1 : v > (double) s[i].population_count ? (double) s[i].population_count : v;
            EXPECT((double) s[i].n > v - 1.0001 && (double) s[i].n < v + 1.0001);
            EXPECT(s[i].n >= 1 && s[i].n <= s[i].population_count);
            sum += s[i].n;
        }
        EXPECT(sum == total);
    }
}

TEST_MAIN(T(ratio_rounds_up_down_and_half_up), T(a_stratum_of_one_is_still_a_stratum),
          T(ratio_refuses_zero_and_more_than_all), T(ratio_agrees_with_plain_division_for_all_small_numbers),
          T(ratios_by_risk_class_as_in_xinzheng_2023), T(ratios_by_risk_class_as_in_henan_2021),
          T(ratios_by_a_tag_as_in_changzhi), T(a_general_item_is_refused_above_its_cap_and_a_key_item_is_not),
          T(a_general_item_without_a_sensible_cap_is_refused),
          T(a_total_below_the_required_minimum_names_the_shortfall),
          T(a_given_total_goes_by_largest_remainder_and_ties_by_label),
          T(a_given_total_never_leaves_out_a_stratum_nor_exceeds_one),
          T(a_given_total_that_cannot_be_shared_is_refused),
          T(a_given_total_is_shared_as_a_bisection_shares_it))
