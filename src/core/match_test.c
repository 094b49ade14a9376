/* core/match_test.c - the matching against its vectors, its properties and its refusals
 * (docs/spec/match-1.md) */
#include "core/match_test.h"

static const char *const vectors[] = {"derange6", "gen1", "gen2",   "gen20", "gen22",
                                      "gen31",    "gen5", "joint4", "path5", "teams5x6"};
enum { VECTOR_COUNT = sizeof vectors / sizeof *vectors };

static void
add_list(struct buf *b, const char *name, const uint32_t *ids, size_t n)
{
    buf_z(b, name);
    buf_z(b, " [");
    for (size_t k = 0; k < n; k++) {
        if (k > 0)
            buf_z(b, ", ");
        buf_u64(b, ids[k]);
    }
    buf_z(b, "]");
}

static void
add_raw_cut(void *ctx, const uint32_t *groups, size_t group_count, const uint32_t *inspectors,
            size_t inspector_count)
{
    struct buf *b = ctx;

    buf_z(b, b->n == 0 ? "infeasible " : "; ");
    add_list(b, "groups", groups, group_count);
    add_list(b, " inspectors", inspectors, inspector_count);
}

/* One line of an .expected file: "slack S seed HEX <what is printed>". */
static void
check_line(struct arena *a, const struct match_instance *in, struct str line)
{
    struct str slack, seed, rest;
    struct match_options o = {.raw_cut = add_raw_cut};
    struct match_result r;
    struct buf got = buf_over(arena_alloc(a, 4096), 4096);
    bool minus;

    EXPECT(str_split(line, ' ', &slack, &rest) && str_split(rest, ' ', &slack, &rest));
    EXPECT(str_split(rest, ' ', &seed, &rest) && str_split(rest, ' ', &seed, &rest));
    minus = slack.p[0] == '-';
    o.slack = minus ? -(slack.p[1] - '0') : slack.p[0] - '0';
    o.ctx = &got;
    EXPECT_INT(hex_decode(seed, o.seed, sizeof o.seed), OK);
    EXPECT_INT(match_solve(a, in, &o, &r), OK);
    EXPECT(r.feasible == (got.n == 0));
    if (r.feasible)
        match_write_owners(&got, in, &r);
    buf_add(&got, "", 1);
    EXPECT_STR(got.p, str_z(a, rest));
}

TEST(every_vector_gives_its_owners_or_its_cuts_for_all_slacks)
{
    struct arena a = test_arena(64);

    for (size_t k = 0; k < VECTOR_COUNT; k++) {
        char name[64];
        struct match_instance in;
        struct str line, rest;
        int lines = 0;

        arena_reset(&a);
        snprintf(name, sizeof name, "%s.txt", vectors[k]);
        in = test_parse(&a, test_file(&a, "vectors/match", name));
        snprintf(name, sizeof name, "%s.expected", vectors[k]);
        rest = test_file(&a, "vectors/match", name);
        while (str_split(rest, '\n', &line, &rest)) {
            check_line(&a, &in, line);
            lines++;
        }
        EXPECT_INT(lines, 3);
    }
    free(a.base);
}

TEST_MAIN(T(every_vector_gives_its_owners_or_its_cuts_for_all_slacks))
