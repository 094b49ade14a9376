/* core/draw_test.c - goal: the published vectors come out byte for byte, whatever the threads, lanes and
 * sizes */
#include "core/draw_fixture.h"

#include "core/draw_select.h"

static const unsigned LANES[] = {1, 4, 8, 16};

static void
expect_recomputed(const struct draw_files *files, const struct draw_env *env, struct fixture *x)
{
    size_t mark = arena_mark(&x->arena);
    struct str result;
    struct fault f = {0};

    EXPECT_INT(draw_recompute(files, env, &x->arena, &result, &f), OK);
    EXPECT_INT(result.n, files->file[DRAW_RESULT].n);
    EXPECT_BYTES(result.p, files->file[DRAW_RESULT].p, result.n);
    arena_rewind(&x->arena, mark);
}

TEST(the_vectors_come_out_byte_for_byte_in_all_lanes)
{
    static const char *const NAMES[] = {"TV1", "TV2", "TV3", "TV4", "TV5", "TV6", "TV7", "TV8"};
    struct fixture x = fixture_start();

    for (size_t i = 0; i < 8; i++) {
        struct draw_files files = fixture_vector(&x, NAMES[i]);

        for (size_t l = 0; l < 4; l++) {
            struct draw_env env = draw_env_serial();

            env.lanes = LANES[l];
            if (hash_lanes_ok(env.lanes))
                expect_recomputed(&files, &env, &x);
        }
    }
    fixture_end(&x);
}

/* Jobs in descending order, as threads might run them. */
static void
run_backwards(void *ctx, void (*job)(void *arg, size_t i), void *arg, size_t job_count)
{
    (void) ctx;
    while (job_count > 0)
        job(arg, --job_count);
}

static uint32_t
some_weight(size_t i)
{
    return (uint32_t) (1 + i * i % 97);
}

static uint64_t
some_mask(size_t i)
{
    return i % 4;
}

TEST(sizes_lanes_and_the_order_of_jobs_do_not_change_a_byte)
{
    static const size_t COUNTS[] = {1, 255, 256, 257, 1023, 1024, 1025, 16384, 16385, 40000};
    struct fixture x = fixture_start();

    for (unsigned i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++) {
        size_t mark = arena_mark(&x.arena), few = COUNTS[i] / 20;
        struct recipe recipe = {.suite = (enum hash_suite)(i % 2),
                                .rule = (enum draw_rule)(i / 2 % 2),
                                .batches = 3,
                                .quotas = {{.stratum = STR("A"), .n = few, .reserve = 3},
                                           {.stratum = STR("B"), .n = few / 2},
                                           {.group = 1, .stratum = STR("B"), .n = few / 3, .reserve = 9}},
                                .quota_count = 3,
                                .secrets = i};
        struct draw_files files;

        recipe.roster = fixture_roster(&x, COUNTS[i], 3, some_weight, some_mask);
        files = fixture_make(&x, &recipe, true);
        for (size_t l = 0; l < 4; l++) {
            struct draw_env env = {.runner = {run_backwards, NULL}, .lanes = LANES[l]};

            if (hash_lanes_ok(LANES[l]))
                expect_recomputed(&files, &env, &x);
        }
        arena_rewind(&x.arena, mark);
    }
    fixture_end(&x);
}

TEST(a_sample_is_the_smallest_tickets_and_nothing_else)
{
    enum { ROWS = 20000, SAMPLE = 150 };
    struct fixture x = fixture_start();
    struct recipe recipe = {
        .batches = 1, .quotas = {{.stratum = STR("A"), .n = SAMPLE, .reserve = 10}}, .quota_count = 1};
    struct draw_env env = draw_env_serial();
    struct draw_run *run = arena_alloc(&x.arena, sizeof *run);
    struct draw_files files;
    struct fault f;
    size_t below_last = 0, below_out = 0;

    recipe.roster = fixture_roster(&x, ROWS, 1, NULL, NULL);
    files = fixture_make(&x, &recipe, false);
    EXPECT(draw_run(&files, &env, &x.arena, run, &f) == OK);
    for (uint64_t i = 0; i < ROWS; i++) {
        unsigned char t[HASH_LEN];

        draw_ticket(HASH_SHA256, run->key_target, roster_id(&run->roster, i), t);
        below_last += memcmp(t, run->outcomes[0].last, HASH_LEN) <= 0;
        below_out += memcmp(t, run->outcomes[0].first_out, HASH_LEN) < 0;
    }
    EXPECT_INT(below_last, SAMPLE);
    EXPECT_INT(below_out, SAMPLE);
    EXPECT_INT(run->outcomes[0].reserve_count, 10);
    fixture_end(&x);
}

TEST(empty_and_full_quotas_and_empty_rosters_are_drawn)
{
    struct fixture x = fixture_start();
    struct recipe recipe = {
        .batches = 2, .quotas = {{.stratum = STR("A"), .n = 0, .reserve = 2}}, .quota_count = 1};
    struct draw_env env = draw_env_serial();
    struct draw_run *run = arena_alloc(&x.arena, sizeof *run);
    struct draw_files files;
    struct fault f;

    recipe.roster = STR("");
    files = fixture_make(&x, &recipe, true);
    EXPECT(memmem(files.file[DRAW_RESULT].p, files.file[DRAW_RESULT].n, "quota 0 A 0 0 - -\n", 18) != NULL);
    recipe.roster = fixture_roster(&x, 5, 1, NULL, NULL);
    files = fixture_make(&x, &recipe, true);
    EXPECT(draw_run(&files, &env, &x.arena, run, &f) == OK);
    EXPECT(run->target_count == 0 && run->outcomes[0].reserve_count == 2 && !run->outcomes[0].has_last);
    recipe.rule = DRAW_PARETO;
    recipe.quotas[0].n = 5;
    files = fixture_make(&x, &recipe, true);
    EXPECT(draw_run(&files, &env, &x.arena, run, &f) == OK);
    EXPECT(run->target_count == 5 && run->outcomes[0].reserve_count == 0 && !run->outcomes[0].has_first_out);
    recipe.quotas[0].n = 6;
    files = fixture_make(&x, &recipe, false);
    EXPECT_INT(draw_run(&files, &env, &x.arena, run, &f), ERR_QUOTA);
    EXPECT(f.file == DRAW_DRAW && f.line == 10);
    fixture_end(&x);
}

TEST(memory_that_ends_anywhere_is_an_error_and_nothing_worse)
{
    struct fixture x = fixture_start();
    struct draw_files files = fixture_vector(&x, "TV3");
    struct draw_env env = draw_env_serial();
    enum err e = ERR_MEMORY;
    struct str result;
    struct fault f;

    for (size_t size = 0; e != OK; size += 512) {
        struct arena a = arena_over(x.block, size);

        a.base = (unsigned char *) x.block + FIXTURE_BYTES / 2;
        EXPECT(size < 1 << 20);
        e = draw_recompute(&files, &env, &a, &result, &f);
        EXPECT(e == OK || e == ERR_MEMORY);
    }
    EXPECT(str_eq(result, files.file[DRAW_RESULT]));
    EXPECT(draw_arena_bytes(&files) > 1 << 20);
    fixture_end(&x);
}

TEST(a_beacon_gives_only_values_that_it_can_give)
{
    static const struct {
        const char *name, *good, *bad[4];
    } KINDS[] = {
        {"cwl-3d", "7,0,3", {"703", "7,0,10", "7,0,x", "7;0,3"}},
        {"cwl-ssq",
         "03,07,12,18,25,33+09",
         {"03,07,12,18,25,34+09", "07,03,12,18,25,33+09", "3,7,12,18,25,33+9", "03,07,12,18,25,33+17"}},
        {"sports-dlt",
         "05,11,19,28,34+02,10",
         {"05,11,19,28,36+02,10", "05,11,19,28,34+10,02", "05,11,19,28,34+02,13", "05,11,19,28,34+00,10"}},
    };

    for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
        struct str name = str_of(KINDS[k].name);

        EXPECT(draw_beacon_value_ok(name, str_of(KINDS[k].good)));
        for (size_t i = 0; i < 4; i++)
            EXPECT(!draw_beacon_value_ok(name, str_of(KINDS[k].bad[i])));
    }
    EXPECT(draw_beacon_value_ok(STR("another"), STR("anything")));
}

TEST_MAIN(T(the_vectors_come_out_byte_for_byte_in_all_lanes), T(a_beacon_gives_only_values_that_it_can_give),
          T(sizes_lanes_and_the_order_of_jobs_do_not_change_a_byte),
          T(a_sample_is_the_smallest_tickets_and_nothing_else),
          T(empty_and_full_quotas_and_empty_rosters_are_drawn),
          T(memory_that_ends_anywhere_is_an_error_and_nothing_worse))
