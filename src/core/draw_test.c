/* core/draw_test.c - goal: the published vectors come out byte for byte, whatever the threads, lanes and sizes */
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
    static const char *const NAMES[] = {"TV1", "TV3", "TV5"};
    struct fixture x = fixture_start();

    for (size_t i = 0; i < 3; i++) {
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

TEST_MAIN(T(the_vectors_come_out_byte_for_byte_in_all_lanes))
