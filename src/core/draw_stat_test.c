/* core/draw_stat_test.c - goal: draws are fair. Fixed seeds, so each figure is the same in every run; a bound
 * lies where a fair draw fails once in a million. MQ_LONG=1 multiplies the draws by thirty. */
#include "core/draw_fixture.h"

#include "core/draw_select.h"

static unsigned
times(unsigned n)
{
    return getenv("MQ_LONG") != NULL ? 30 * n : n;
}

static struct draw_run *
drawn(struct fixture *x, struct recipe *recipe, uint64_t secrets)
{
    struct draw_env env = draw_env_serial();
    struct draw_run *run = arena_alloc(&x->arena, sizeof *run);
    struct draw_files files;
    struct fault f;

    recipe->secrets = secrets;
    files = fixture_make(x, recipe, false);
    EXPECT(run != NULL);
    EXPECT_INT(draw_run(&files, &env, &x->arena, run, &f), OK);
    return run;
}

/* Pearson's X² of equally likely cells. */
static double
chi_square(const unsigned *cells, size_t count, double total)
{
    double expected = total / (double) count, sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += (cells[i] - expected) * (cells[i] - expected) / expected;
    return sum;
}

TEST(all_twenty_samples_of_three_from_six_are_equally_likely)
{
    struct fixture x = fixture_start();
    struct recipe recipe = {.batches = 1, .quotas = {{.stratum = STR("A"), .n = 3}}, .quota_count = 1};
    unsigned cells[20] = {0}, places[6] = {0}, by_set[64] = {0}, n = times(20000), k = 0;
    size_t mark;

    recipe.roster = fixture_roster(&x, 6, 1, NULL, NULL);
    mark = arena_mark(&x.arena);
    for (unsigned i = 0; i < n; i++) {
        const struct draw_run *run = drawn(&x, &recipe, i);
        unsigned set = 0;

        for (size_t t = 0; t < 3; t++)
            set |= 1U << run->outcomes[0].sample[t];
        by_set[set]++;
        places[run->targets[0].row]++;
        arena_rewind(&x.arena, mark);
    }
    for (unsigned set = 0; set < 64; set++)
        if (__builtin_popcount(set) == 3)
            cells[k++] = by_set[set];
        else
            EXPECT_INT(by_set[set], 0);
    EXPECT(chi_square(cells, 20, n) < 64.9); /* 19 degrees of freedom, p = 10^-6 */
    EXPECT(chi_square(places, 6, n) < 36.7); /* 5 degrees: who is visited first */
    fixture_end(&x);
}

/* A draw by one random number and steps of ⌊N/n⌋ leaves a third of 299 out for ever, and one that errs at the edge of its pages
 * a seventh of 52,000. Here nobody is left out: 60 draws of 100 from 299, 24 of three fifths of 52,000. */
static void
nobody_is_left_out(size_t rows, uint64_t n, unsigned draws)
{
    struct fixture x = fixture_start();
    struct recipe recipe = {.batches = 1, .quotas = {{.stratum = STR("A"), .n = n}}, .quota_count = 1};
    unsigned char *seen = calloc(rows, 1);
    size_t mark, missed = 0;

    EXPECT(seen != NULL);
    recipe.roster = fixture_roster(&x, rows, 1, NULL, NULL);
    mark = arena_mark(&x.arena);
    for (unsigned i = 0; i < draws; i++) {
        const struct draw_run *run = drawn(&x, &recipe, 7000 + i);

        for (uint64_t t = 0; t < n; t++)
            seen[run->outcomes[0].sample[t]] = 1;
        arena_rewind(&x.arena, mark);
    }
    for (size_t i = 0; i < rows; i++)
        missed += !seen[i];
    EXPECT_INT(missed, 0);
    free(seen);
    fixture_end(&x);
}

TEST(every_row_of_299_and_of_52000_can_be_drawn)
{
    nobody_is_left_out(299, 100, 60);
    nobody_is_left_out(52000, 31200, 24);
}

static uint32_t
weight_of_row(size_t i)
{
    static const uint32_t WEIGHTS[] = {1, 2, 5, 10};

    return WEIGHTS[i % 4];
}

TEST(pareto_samples_each_weight_as_designed)
{
    struct fixture x = fixture_start();
    struct recipe recipe = {
        .rule = DRAW_PARETO, .batches = 1, .quotas = {{.stratum = STR("A"), .n = 20}}, .quota_count = 1};
    unsigned seen[4] = {0}, n = times(2000);
    size_t mark;

    recipe.roster = fixture_roster(&x, 200, 1, weight_of_row, NULL);
    mark = arena_mark(&x.arena);
    for (unsigned i = 0; i < n; i++) {
        const struct draw_run *run = drawn(&x, &recipe, 900000 + i);

        for (size_t t = 0; t < 20; t++)
            seen[run->outcomes[0].sample[t] % 4]++;
        arena_rewind(&x.arena, mark);
    }
    for (size_t c = 0; c < 4; c++) {
        double lambda = 20.0 * weight_of_row(c) / 900.0, mean = n * 50 * lambda;
        double z2 = (seen[c] - mean) * (seen[c] - mean) / (mean * (1 - lambda));

        EXPECT(z2 < 4.9 * 4.9);
    }
    fixture_end(&x);
}

static int
tie_by_row(const void *ctx, uint32_t a, uint32_t b)
{
    (void) ctx;
    return (a > b) - (a < b);
}

TEST(certainty_units_are_taken_until_none_is_left)
{
    /* 10·3 >= 30: taken (lambda = 1 exactly); then 2·10 >= 20, then 1 place for 10 of weight 1 */
    struct candidate c[12] = {{0, 0, 10}, {0, 1, 10}};
    struct draw_pareto odds;

    for (uint32_t i = 2; i < 12; i++)
        c[i] = (struct candidate){0, i, 1};
    EXPECT_INT(candidates_certain(c, 12, 3, &odds), 2);
    EXPECT(odds.k == 1 && odds.total == 10);
    EXPECT_INT(candidates_certain(c, 12, 12, &odds), 12);
    EXPECT(odds.k == 0 && odds.total == 0);
    for (uint32_t i = 0; i < 12; i++)
        c[i] = (struct candidate){0, i, 7};
    EXPECT_INT(candidates_certain(c, 12, 11, &odds), 0); /* equal weights below n = N: nobody is certain */
    EXPECT_INT(candidates_certain(c, 12, 12, &odds), 12);
}

TEST(equal_weights_are_drawn_as_under_the_uniform_rule)
{
    struct fixture x = fixture_start();
    struct recipe recipe = {.batches = 1, .quotas = {{.stratum = STR("A"), .n = 7}}, .quota_count = 1};
    struct candidate a[50], b[50], scratch[50];
    struct ordering uniform = {.tie = tie_by_row},
                    pareto = {.pareto = true, .odds = {7, 150}, .tie = tie_by_row};
    uint64_t numbers = 3;

    for (uint32_t i = 0; i < 50; i++)
        a[i] = b[i] = (struct candidate){fixture_random(&numbers), i, 3};
    candidates_smallest(&uniform, a, 50, 50, scratch);
    candidates_smallest(&pareto, b, 50, 50, scratch);
    for (size_t i = 0; i < 50; i++)
        EXPECT_INT(a[i].row, b[i].row);
    recipe.roster = fixture_roster(&x, 30, 1, NULL, NULL);
    EXPECT_INT(drawn(&x, &recipe, 1)->target_count, 7);
    fixture_end(&x);
}

TEST(forced_ties_are_broken_by_the_id)
{
    enum { N = 3000 };
    struct candidate c[N], scratch[N];
    struct ordering o = {.tie = tie_by_row};
    uint64_t numbers = 11;

    for (uint32_t i = 0; i < N; i++)
        c[i] = (struct candidate){fixture_random(&numbers) % 3, (i * 1031) % N, 1};
    candidates_smallest(&o, c, N, 2000, scratch);
    for (size_t i = 1; i < 2000; i++)
        EXPECT(c[i - 1].ticket < c[i].ticket || (c[i - 1].ticket == c[i].ticket && c[i - 1].row < c[i].row));
}

TEST(pareto_order_is_exact_where_floating_point_is_not)
{
    struct draw_pareto p = {3, 100};

    /* v = 1, the smallest odds; v = 2^65 - 1, the largest; neighbours differ by one unit */
    EXPECT(draw_pareto_cmp(&p, 0, 1, UINT64_MAX, 30) < 0);
    EXPECT(draw_pareto_cmp(&p, UINT64_MAX - 1, 7, UINT64_MAX, 7) < 0);
    EXPECT(draw_pareto_cmp(&p, 0, 1, 0, 30) >
           0); /* v is never 0: weights count for the smallest ticket too */
    EXPECT(draw_pareto_cmp(&p, 5, 7, 5, 7) == 0);
    EXPECT(draw_pareto_cmp(&p, 5, 7, 5, 8) > 0); /* same ticket: the heavier comes first */

    p = (struct draw_pareto){1, UINT64_C(1) << 48};
    EXPECT(draw_pareto_cmp(&p, UINT64_MAX / 2, 1 << 20, UINT64_MAX / 2 + 1, 1 << 20) < 0);
    EXPECT(draw_pareto_cmp(&p, UINT64_MAX / 2, (1 << 20) - 1, UINT64_MAX / 2, 1 << 20) > 0);
}

static uint64_t
all_groups(size_t i)
{
    (void) i;
    return 7;
}

TEST(samples_of_several_departments_nest)
{
    struct fixture x = fixture_start();
    struct recipe recipe = {.batches = 4,
                            .quotas = {{.group = 0, .stratum = STR("A"), .n = 30, .reserve = 5},
                                       {.group = 1, .stratum = STR("A"), .n = 20},
                                       {.group = 2, .stratum = STR("A"), .n = 10}},
                            .quota_count = 3};
    const struct draw_run *run;

    recipe.roster = fixture_roster(&x, 1000, 1, NULL, all_groups);
    run = drawn(&x, &recipe, 5);
    EXPECT_INT(run->target_count, 30); /* one visit serves all three */
    for (size_t i = 0; i < 30; i++)
        EXPECT(run->targets[i].mask == 1 || run->targets[i].mask == 3 || run->targets[i].mask == 7);
    for (size_t i = 0; i < 20; i++)
        EXPECT_INT(run->outcomes[1].sample[i], run->outcomes[0].sample[i]);
    EXPECT_INT(run->targets[0].batch, 1);
    EXPECT_INT(run->targets[29].batch, 4);
    fixture_end(&x);
}

/* How many rows two draws have in common. */
static unsigned
overlap(const struct draw_run *a, const struct draw_run *b)
{
    unsigned n = 0;

    for (size_t i = 0; i < a->target_count; i++)
        for (size_t k = 0; k < b->target_count; k++)
            n += a->targets[i].row == b->targets[k].row;
    return n;
}

TEST(consecutive_draws_overlap_by_chance_alone)
{
    struct fixture x = fixture_start();
    struct recipe recipe = {.batches = 1, .quotas = {{.stratum = STR("A"), .n = 60}}, .quota_count = 1};
    unsigned n = times(600);
    double sum = 0, variance = 60 * 0.3 * 0.7 * 140 / 199.0; /* hypergeometric: N 200, n 60 of 60 */
    size_t mark;

    recipe.roster = fixture_roster(&x, 200, 1, NULL, NULL);
    mark = arena_mark(&x.arena);
    for (unsigned i = 0; i < n; i++) {
        sum += overlap(drawn(&x, &recipe, 2 * i), drawn(&x, &recipe, 2 * i + 1));
        arena_rewind(&x.arena, mark);
    }
    EXPECT((sum - n * 18.0) * (sum - n * 18.0) < 4.9 * 4.9 * n * variance);
    fixture_end(&x);
}

TEST(one_bit_of_a_seed_or_an_id_changes_everything)
{
    unsigned char key[HASH_LEN] = {1}, other[HASH_LEN] = {1}, a[HASH_LEN], b[HASH_LEN];

    for (unsigned bit = 0; bit < 256; bit++) {
        unsigned same = 0;

        other[bit / 8] = (unsigned char) (other[bit / 8] ^ 1U << bit % 8);
        draw_ticket(HASH_SHA256, key, STR("91411500000000000Q"), a);
        draw_ticket(HASH_SHA256, other, STR("91411500000000000Q"), b);
        other[bit / 8] = key[bit / 8];
        for (unsigned i = 0; i < HASH_LEN; i++)
            same += 8 - (unsigned) __builtin_popcount(a[i] ^ b[i]);
        EXPECT(same > 85 && same < 171); /* 128, five standard deviations of 8 */
    }
}

TEST(integers_below_m_are_unbiased_and_reproducible)
{
    unsigned char key[HASH_LEN] = {7};
    unsigned cells[7] = {0}, n = times(70000);
    char label[24];

    for (unsigned i = 0; i < n; i++) {
        (void) snprintf(label, sizeof label, "label-%u", i);
        cells[draw_uniform_int(HASH_SHA256, key, str_of(label), 7)]++;
    }
    EXPECT(chi_square(cells, 7, n) < 38.3); /* 6 degrees of freedom, p = 10^-6 */
    EXPECT(draw_uniform_int(HASH_SM3, key, STR("x"), 1) == 0);
    /* m = 3/4 of 2^64: taken modulo m without rejection, a half of all would lie in the first third */
    cells[0] = 0;
    for (unsigned i = 0; i < 3000; i++) {
        (void) snprintf(label, sizeof label, "third-%u", i);
        cells[0] += draw_uniform_int(HASH_SHA256, key, str_of(label), UINT64_C(3) << 62) < UINT64_C(1) << 62;
    }
    EXPECT(cells[0] > 870 && cells[0] < 1130); /* 1000, five standard deviations of 26 */
    /* m just above half of all values: nearly every second word is rejected, and no value is out of range */
    for (unsigned i = 0; i < 64; i++) {
        uint64_t m = (UINT64_C(1) << 63) + 1;

        (void) snprintf(label, sizeof label, "%u", i);
        EXPECT(draw_uniform_int(HASH_SHA256, key, str_of(label), m) < m);
    }
}

TEST_MAIN(T(all_twenty_samples_of_three_from_six_are_equally_likely), T(every_row_of_299_and_of_52000_can_be_drawn),
          T(pareto_samples_each_weight_as_designed), T(certainty_units_are_taken_until_none_is_left),
          T(equal_weights_are_drawn_as_under_the_uniform_rule), T(forced_ties_are_broken_by_the_id),
          T(pareto_order_is_exact_where_floating_point_is_not), T(samples_of_several_departments_nest),
          T(consecutive_draws_overlap_by_chance_alone), T(one_bit_of_a_seed_or_an_id_changes_everything),
          T(integers_below_m_are_unbiased_and_reproducible))
