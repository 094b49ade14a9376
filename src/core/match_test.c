/* core/match_test.c - the matching against its vectors, its properties and its refusals
 * (docs/spec/match-1.md) */
#include "core/match_test.h"

#include "core/match_int.h"

static const char *const vectors[] = {
    "derange6", "gen1", "gen2", "gen20", "gen22", "gen31", "gen5", "joint4", "path5", "teams5x6", "own1",
    "own2",     "own3", "own4", "own5",  "own6",  "own7",  "own8", "own9",   "own10", "own11",    "own12"};
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
        EXPECT(lines >= 3);
    }
    free(a.base);
}

/* --- every assignment of a small instance --- */

enum { SMALL_INSPECTORS = 16, SMALL_PLACES = 32 };

struct search {
    const struct match_instance *in;
    uint32_t load[SMALL_INSPECTORS];
    uint32_t team[SMALL_PLACES];                     /* in the order of match_result.team */
    bool (*each)(void *ctx, const struct search *s); /* false stops */
    void *ctx;
};

/* Fill place k of group g with an inspector of at least `from`; go on behind it. */
static bool
enumerate(struct search *s, uint32_t g, uint32_t k, uint32_t from, uint32_t place)
{
    if (g == s->in->groups)
        return s->each(s->ctx, s);
    if (k == s->in->demand[g])
        return enumerate(s, g + 1, 0, 0, place);
    for (uint32_t i = from; i < s->in->inspectors; i++) {
        if (s->load[i] == s->in->cap[i] || !match_eligible(s->in, g, i))
            continue;
        s->load[i]++;
        s->team[place] = i;
        if (!enumerate(s, g, k + 1, i + 1, place + 1))
            return false;
        s->load[i]--;
    }
    return true;
}

static void
sorted_levels(const struct match_instance *in, const uint32_t *load, uint32_t *out)
{
    for (uint32_t i = 0; i < in->inspectors; i++) {
        uint32_t level = in->base[i] + load[i], k = i;

        for (; k > 0 && out[k - 1] < level; k--)
            out[k] = out[k - 1];
        out[k] = level;
    }
}

/* The best of all assignments: least sum of squares; its levels, descending. */
struct best {
    bool found;
    uint64_t squares;
    uint32_t max, min, levels[SMALL_INSPECTORS]; /* max, min: over all assignments, each on its own */
};

static bool
keep_best(void *ctx, const struct search *s)
{
    struct best *b = ctx;
    uint32_t levels[SMALL_INSPECTORS], n = s->in->inspectors;
    uint64_t squares = 0;

    sorted_levels(s->in, s->load, levels);
    for (uint32_t k = 0; k < n; k++)
        squares += (uint64_t) levels[k] * levels[k];
    if (!b->found || squares < b->squares) {
        b->squares = squares;
        memcpy(b->levels, levels, sizeof levels);
    }
    b->max = b->found && b->max < levels[0] ? b->max : levels[0];
    b->min = b->found && b->min > levels[n - 1] ? b->min : levels[n - 1];
    b->found = true;
    return true;
}

static struct match_result
solve(struct arena *a, const struct match_instance *in, uint64_t seed, int slack, bool walks)
{
    struct match_options o = {.slack = slack, .no_walks = !walks, .reserves = true};
    struct match_result r;

    test_seed(seed, o.seed);
    EXPECT_INT(match_solve(a, in, &o, &r), OK);
    return r;
}

static void
levels_of(const struct match_instance *in, const struct match_result *r, uint32_t *out)
{
    uint32_t load[SMALL_INSPECTORS] = {0};

    for (uint32_t k = 0; k < r->team_first[in->groups]; k++)
        load[r->team[k]]++;
    sorted_levels(in, load, out);
}

static enum match_verdict
verdict(struct arena *a, const struct match_instance *in, const struct match_result *r, bool balanced)
{
    enum match_verdict v = MATCH_BAD_SIZE;

    EXPECT_INT(match_check(a, in, r->team_first, r->team, balanced, &v), OK);
    return v;
}

static bool
long_run(void)
{
    return getenv("MQ_LONG") != NULL;
}

TEST(a_matching_is_found_exactly_when_one_exists_and_its_loads_are_the_most_even)
{
    struct arena a = test_arena(64);
    uint64_t instances = long_run() ? 20000 : 600, feasible = 0;

    for (uint64_t k = 0; k < instances; k++) {
        struct match_instance in;
        struct best best = {0};
        struct search s = {.in = &in, .each = keep_best, .ctx = &best};
        struct match_result r;
        uint32_t levels[SMALL_INSPECTORS];

        arena_reset(&a);
        in = test_parse(&a, test_instance(&a, k));
        (void) enumerate(&s, 0, 0, 0, 0);
        for (uint64_t seed = 0; seed < 3; seed++) { /* property 1: the same profile for every seed */
            r = solve(&a, &in, seed, 1, false);
            EXPECT(r.feasible == best.found);
            if (!best.found)
                continue;
            levels_of(&in, &r, levels);
            EXPECT_BYTES(levels, best.levels, in.inspectors * sizeof *levels);
            EXPECT(levels[0] == best.max && levels[in.inspectors - 1] == best.min);
            EXPECT_INT(verdict(&a, &in, &r, true), MATCH_GOOD);
        }
        feasible += best.found;
    }
    EXPECT(feasible > instances / 4 && feasible < instances * 3 / 4);
    free(a.base);
}

TEST(walks_keep_every_rule_and_the_strict_ones_the_balance)
{
    struct arena a = test_arena(64);

    for (uint64_t k = 0; k < 300; k++) {
        struct match_instance in;

        arena_reset(&a);
        in = test_parse(&a, test_instance(&a, k));
        for (int slack = -1; slack <= 2; slack++) {
            struct match_result r = solve(&a, &in, k, slack, true);

            if (r.feasible)
                EXPECT_INT(verdict(&a, &in, &r, slack < 0), MATCH_GOOD);
        }
    }
    free(a.base);
}

/* --- uniformity of the walks (property 2) --- */

enum { STATES_MAX = 4096 };

struct states {
    const struct match_instance *in;
    const uint32_t *bound;  /* by inspector: the highest level in balanced assignments; NULL: strict */
    const uint32_t *levels; /* strict: the profile */
    int slack;
    uint32_t count, teams[STATES_MAX][SMALL_PLACES];
    uint32_t seen[STATES_MAX];
};

static bool
in_window(const struct states *t, const struct search *s)
{
    uint32_t levels[SMALL_INSPECTORS];

    sorted_levels(t->in, s->load, levels);
    if (t->bound == NULL)
        return memcmp(levels, t->levels, t->in->inspectors * sizeof *levels) == 0;
    for (uint32_t i = 0; i < t->in->inspectors; i++) {
        int64_t level = t->in->base[i] + s->load[i], u = t->bound[i];

        if (level < u - 1 - t->slack || level > u + t->slack)
            return false;
    }
    return true;
}

static bool
keep_state(void *ctx, const struct search *s)
{
    struct states *t = ctx;

    if (in_window(t, s)) {
        EXPECT(t->count < STATES_MAX);
        memcpy(t->teams[t->count++], s->team, sizeof s->team);
    }
    return true;
}

/* The highest level of each inspector in all balanced assignments: u of the specification, found by brute
 * force. */
struct bounds {
    const uint32_t *levels;
    uint32_t bound[SMALL_INSPECTORS];
};

static bool
keep_bounds(void *ctx, const struct search *s)
{
    struct bounds *b = ctx;
    uint32_t levels[SMALL_INSPECTORS];

    sorted_levels(s->in, s->load, levels);
    if (memcmp(levels, b->levels, s->in->inspectors * sizeof *levels) != 0)
        return true;
    for (uint32_t i = 0; i < s->in->inspectors; i++)
        if (s->in->base[i] + s->load[i] > b->bound[i])
            b->bound[i] = s->in->base[i] + s->load[i];
    return true;
}

/* Draw with many seeds; chi-square against the uniform law over the window, in standard deviations from its
 * mean. */
static double
deviation(struct arena *a, const struct match_instance *in, int slack, uint32_t runs, uint32_t *state_count)
{
    struct best best = {0};
    struct bounds bounds = {.levels = best.levels};
    struct states *t = arena_alloc(a, sizeof *t);
    struct search s = {.in = in, .each = keep_best, .ctx = &best};
    double chi = 0, freedom;

    (void) enumerate(&s, 0, 0, 0, 0);
    s = (struct search){.in = in, .each = keep_bounds, .ctx = &bounds};
    (void) enumerate(&s, 0, 0, 0, 0);
    *t = (struct states){
        .in = in, .bound = slack < 0 ? NULL : bounds.bound, .levels = best.levels, .slack = slack};
    s = (struct search){.in = in, .each = keep_state, .ctx = t};
    (void) enumerate(&s, 0, 0, 0, 0);
    for (uint32_t k = 0; k < runs; k++) {
        size_t mark = arena_mark(a), bytes;
        struct match_result r = solve(a, in, UINT64_C(0xABCD0000) + k, slack, true);
        uint32_t at = 0;

        bytes = r.team_first[in->groups] * sizeof *r.team;
        while (at < t->count && memcmp(t->teams[at], r.team, bytes) != 0)
            at++;
        EXPECT(at < t->count); /* never outside the window */
        t->seen[at]++;
        arena_rewind(a, mark);
    }
    *state_count = t->count;
    for (uint32_t k = 0; k < t->count; k++) {
        double expected = (double) runs / t->count, d = t->seen[k] - expected;

        chi += d * d / expected;
    }
    freedom = t->count - 1;
    return chi > freedom ? (chi - freedom) * (chi - freedom) / (2 * freedom) : 0;
}

TEST(all_assignments_in_the_window_are_equally_likely)
{
    static const struct {
        const char *text;
        int slack;
        uint32_t states;
    } cases[] = {
        /* derangements of three: no two swaps lead from one to the other */
        {"3\n0 1\n0 1\n0 1\n1\n3 0 1 2\n3\n0 0 1 1 0\n1 0 1 1 1\n2 0 1 1 2\n", -1, 2},
        {"4\n0 1\n0 1\n0 1\n0 1\n1\n4 0 1 2 3\n4\n0 0 1 1 0\n1 0 1 1 1\n2 0 1 1 2\n3 0 1 1 3\n", 0, 9},
        /* different lengths of the window: caps, prior loads, a narrow class */
        {"4\n0 2\n0 2\n1 2\n0 3\n2\n4 0 1 2 3\n2 0 1\n4\n0 0 1 0\n1 1 1 0\n2 0 2 0\n3 0 1 1 3\n", -1, 0},
        {"4\n0 2\n0 2\n1 2\n0 3\n2\n4 0 1 2 3\n2 0 1\n4\n0 0 1 0\n1 1 1 0\n2 0 2 0\n3 0 1 1 3\n", 0, 0},
        {"4\n0 2\n0 2\n1 2\n0 3\n2\n4 0 1 2 3\n2 0 1\n4\n0 0 1 0\n1 1 1 0\n2 0 2 0\n3 0 1 1 3\n", 1, 0},
        {"3\n0 2\n0 2\n0 4\n2\n3 0 1 2\n1 2\n4\n0 0 1 0\n1 1 1 0\n2 0 1 0\n3 0 1 0\n", 0, 0},
        {"5\n0 1\n0 1\n0 1\n0 1\n0 1\n2\n3 0 1 2\n3 2 3 4\n4\n0 0 1 0\n1 0 1 0\n2 1 1 0\n3 1 1 0\n", 1, 0}};
    struct arena a = test_arena(64);
    uint32_t runs = long_run() ? 100000 : 4000;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct match_instance in;
        uint32_t states;
        double z;

        arena_reset(&a);
        in = test_parse(&a, str_of(cases[k].text));
        z = deviation(&a, &in, cases[k].slack, runs, &states);
        if (z > 20)
            fail_msg("case %zu: %u states, %.1f squared deviations", k, states, z);
        EXPECT(states > 1 && (cases[k].states == 0 || cases[k].states == states));
    }
    free(a.base);
}

TEST(interchangeable_inspectors_are_drawn_equally_often)
{
    /* property 3: twelve alike, two places: each with probability 1/6 */
    const char *text =
        "12\n0 1\n0 1\n0 1\n0 1\n0 1\n0 1\n0 1\n0 1\n0 1\n0 1\n0 1\n0 1\n1\n12 0 1 2 3 4 5 6 7 8 9 10 11\n"
        "2\n0 0 2 0\n1 0 2 0\n";
    enum { RUNS = 6000 };
    struct arena a = test_arena(16);
    struct match_instance in = test_parse(&a, str_of(text));
    uint32_t seen[12] = {0};
    double chi = 0;

    for (uint32_t k = 0; k < RUNS; k++) {
        size_t mark = arena_mark(&a);
        struct match_result r = solve(&a, &in, k, 1, true);

        seen[r.team[0]]++;
        seen[r.team[1]]++;
        arena_rewind(&a, mark);
    }
    for (int i = 0; i < 12; i++)
        chi += (seen[i] - RUNS / 6.0) * (seen[i] - RUNS / 6.0) / (RUNS / 6.0);
    EXPECT(chi < 31.3); /* 11 degrees of freedom, one in a thousand */
    free(a.base);
}

/* --- cuts (property 4) --- */

static bool
same_cuts(const struct match_result *x, const struct match_result *y)
{
    bool same = x->cut_count == y->cut_count;

    for (uint32_t c = 0; same && c < x->cut_count; c++) {
        const struct match_cut *p = &x->cuts[c], *q = &y->cuts[c];

        same = p->group_count == q->group_count && p->inspector_count == q->inspector_count &&
               p->need == q->need && p->capacity == q->capacity &&
               memcmp(p->groups, q->groups, p->group_count * sizeof *p->groups) == 0 &&
               memcmp(p->inspectors, q->inspectors, p->inspector_count * sizeof *p->inspectors) == 0;
    }
    return same;
}

/* need and capacity of the groups of a cut but one. */
static bool
still_short(const struct match_instance *in, const struct match_cut *cut, uint32_t without)
{
    uint64_t need = 0, room = 0;

    for (uint32_t i = 0; i < in->inspectors; i++) {
        uint32_t eligible = 0;

        for (uint32_t k = 0; k < cut->group_count; k++)
            eligible += k != without && match_eligible(in, cut->groups[k], i);
        room += eligible < in->cap[i] ? eligible : in->cap[i];
    }
    for (uint32_t k = 0; k < cut->group_count; k++)
        need += k != without ? in->demand[cut->groups[k]] : 0;
    return need > room;
}

static void
ignore_cut(void *ctx, const uint32_t *groups, size_t group_count, const uint32_t *inspectors,
           size_t inspector_count)
{
    size_t *count = ctx;

    (void) groups;
    (void) group_count;
    (void) inspectors;
    (void) inspector_count;
    ++*count;
}

TEST(a_cut_is_a_proof_is_minimal_and_does_not_depend_on_the_seed)
{
    struct arena a = test_arena(64);

    for (uint64_t k = 0; k < 400; k++) {
        struct match_instance in;
        struct match_result first, r;
        struct match_options o = {.raw_cut = ignore_cut};
        size_t raw = 0;
        bool holds;

        arena_reset(&a);
        in = test_parse(&a, test_instance(&a, k));
        first = solve(&a, &in, 0, 1, true);
        EXPECT(first.feasible == (first.cut_count == 0));
        for (uint32_t c = 0; c < first.cut_count; c++) {
            EXPECT_INT(match_check_cut(&a, &in, &first.cuts[c], &holds), OK);
            EXPECT(holds);
            for (uint32_t g = 0; g < first.cuts[c].group_count; g++)
                EXPECT(!still_short(&in, &first.cuts[c], g));
        }
        r = solve(&a, &in, 1, 1, true);
        EXPECT(same_cuts(&first, &r));
        o.ctx = &raw; /* raw cuts asked for: other searches, the same united cut */
        EXPECT_INT(match_solve(&a, &in, &o, &r), OK);
        EXPECT(same_cuts(&first, &r) && (raw > 0) == !r.feasible);
    }
    free(a.base);
}

TEST(a_false_cut_is_not_accepted)
{
    struct arena a = test_arena(16);
    struct match_instance in = test_parse(&a, STR("2\n0 1\n0 1\n1\n2 0 1\n3\n0 0 1 0\n1 0 1 0\n2 0 1 0\n"));
    struct match_result r = solve(&a, &in, 0, 1, true);
    struct match_cut cut = r.cuts[0];
    bool holds;

    EXPECT(!r.feasible && cut.need == 3 && cut.capacity == 2 && cut.inspector_count == 2);
    cut.capacity = 1;
    EXPECT_INT(match_check_cut(&a, &in, &cut, &holds), OK);
    EXPECT(!holds);
    cut = r.cuts[0];
    cut.inspector_count = 1; /* the other one is eligible and must be counted */
    EXPECT_INT(match_check_cut(&a, &in, &cut, &holds), OK);
    EXPECT(!holds);
    cut = r.cuts[0];
    cut.group_count = 2; /* two groups do have room */
    cut.need = 2;
    EXPECT_INT(match_check_cut(&a, &in, &cut, &holds), OK);
    EXPECT(!holds);
    free(a.base);
}

/* need, capacity of the first cut, or feasible. */
static void
expect_cut(const char *text, bool feasible, uint64_t need, uint64_t capacity)
{
    struct arena a = test_arena(16);
    struct match_instance in = test_parse(&a, str_of(text));
    struct match_result r = solve(&a, &in, 3, 1, true);

    EXPECT(r.feasible == feasible);
    if (!feasible) {
        EXPECT_INT(r.cuts[0].need, need);
        EXPECT_INT(r.cuts[0].capacity, capacity);
        for (uint32_t k = 0; k < r.team_first[in.groups]; k++)
            EXPECT(r.team[k] == MATCH_NONE); /* no team is published */
    }
    free(a.base);
}

TEST(borderline_instances_are_decided_rightly)
{
    expect_cut("0\n0\n0\n", true, 0, 0);                          /* nothing at all */
    expect_cut("2\n0 1\n0 1\n1\n2 0 1\n0\n", true, 0, 0);         /* 0 targets */
    expect_cut("2\n0 9\n0 9\n1\n1 1\n1\n0 0 2 0\n", false, 2, 1); /* one qualified person, two places */
    expect_cut("2\n0 1\n0 1\n2\n1 0\n1 1\n2\n0 0 1 0\n0 1 1 0\n", true, 0,
               0);                                                      /* two departments with one each */
    expect_cut("2\n0 9\n0 9\n1\n2 0 1\n1\n0 0 1 2 0 1\n", false, 1, 0); /* only last-time inspectors */
    expect_cut("2\n0 9\n0 9\n1\n2 0 1\n1\n0 0 1 1 0\n", true, 0, 0);    /* one of them was there last time */
    expect_cut("2\n0 0\n0 0\n1\n2 0 1\n1\n0 0 1 0\n", false, 1, 0);     /* cap 0 */
    expect_cut("2\n0 0\n0 1\n1\n2 0 1\n1\n0 0 1 0\n", true, 0, 0);
    expect_cut("3\n0 9\n0 9\n0 9\n1\n3 0 1 2\n1\n0 0 4 0\n", false, 4, 3); /* d > class */
    expect_cut("1\n0 1\n1\n0\n1\n0 0 1 0\n", false, 1, 0);                 /* an empty class */
    expect_cut("1\n0 1\n1\n0\n1\n0 0 0 0\n", true, 0, 0);                  /* and no demand */
}

/* --- refusals --- */

TEST(a_malformed_instance_is_refused_with_line_and_token)
{
    static const struct {
        const char *text;
        enum err e;
        size_t line;
        const char *token;
    } bad[] = {{"", ERR_SYNTAX, 1, ""},
               {"x", ERR_SYNTAX, 1, "x"},
               {"-1\n", ERR_SYNTAX, 1, "-1"},
               {"01\n", ERR_SYNTAX, 1, "01"},
               {"1.0\n", ERR_SYNTAX, 1, "1.0"},
               {"1048577\n", ERR_RANGE, 1, "1048577"},
               {"99999999999999999999999\n", ERR_RANGE, 1, "99999999999999999999999"},
               {"1\n0\n", ERR_SYNTAX, 3, ""},
               {"1\n0 1048577\n", ERR_RANGE, 2, "1048577"},
               {"2\n0 1\n0 1\n1\n2 0 0\n0\n", ERR_ORDER, 5, "0"}, /* a duplicate id */
               {"2\n0 1\n0 1\n1\n2 1 0\n0\n", ERR_ORDER, 5, "0"},
               {"2\n0 1\n0 1\n1\n1 2\n0\n", ERR_RANGE, 5, "2"}, /* no such inspector */
               {"2\n0 1\n0 1\n1\n3 0 1 2\n0\n", ERR_RANGE, 5, "3"},
               {"1\n0 1\n0\n1\n0 0 1 0\n", ERR_RANGE, 5, ""}, /* no class at all */
               {"1\n0 1\n1\n1 0\n1\n0 1 1 0\n", ERR_RANGE, 6, "1"},
               {"1\n0 1\n1\n1 0\n1\n0 0 1025 0\n", ERR_RANGE, 6, "1025"},
               {"1\n0 1\n1\n1 0\n1\n9007199254740992 0 1 0\n", ERR_RANGE, 6, "9007199254740992"},
               {"1\n0 1\n1\n1 0\n1\n0 0 1 1 1\n", ERR_RANGE, 6, "1"},
               {"2\n0 1\n0 1\n1\n1 0\n1\n0 0 1 2 1 1\n", ERR_ORDER, 7, "1"},
               {"1\n0 1\n1\n1 0\n1\n0 0 1\n", ERR_SYNTAX, 7, ""},
               {"1\n0 1\n1\n1 0\n1\n0 0 1 0\n7\n", ERR_SYNTAX, 7, "7"},
               {"1\n0 1\n1\n1 0\n2\n1 0 1 0\n0 0 1 0\n", ERR_ORDER, 8, ""}, /* targets fall */
               {"1\n0 1\n1\n1 0\n2\n0 0 1 0\n0 0 1 0\n", ERR_ORDER, 8, ""}, /* one class twice at a target */
               {"2\n0 1\n0 1\n2\n2 0 1\n1 1\n2\n0 0 1 0\n0 1 1 0\n", ERR_ORDER, 10, ""}};
    struct arena a = test_arena(16);

    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct match_instance in;
        struct match_fault f = {0};

        arena_reset(&a);
        EXPECT_INT(match_parse(&a, str_of(bad[k].text), &in, &f), bad[k].e);
        EXPECT_INT(f.line, bad[k].line);
        EXPECT(str_eq(f.token, str_of(bad[k].token)) || (f.token.n == 0 && bad[k].token[0] == '\0'));
        EXPECT(f.what != NULL);
    }
    free(a.base);
}

TEST(a_written_instance_reads_back_the_same_and_any_white_space_will_do)
{
    struct arena a = test_arena(16);

    for (size_t k = 0; k < VECTOR_COUNT; k++) {
        char name[64], *spaced;
        struct str text;
        struct match_instance in;
        struct buf b;

        arena_reset(&a);
        snprintf(name, sizeof name, "%s.txt", vectors[k]);
        text = test_file(&a, "vectors/match", name);
        in = test_parse(&a, text);
        b = buf_over(arena_alloc(&a, 4096), 4096);
        match_write(&b, &in);
        EXPECT(str_eq(buf_view(&b), text));
        spaced = str_z(&a, text);
        for (char *c = spaced; *c; c++)
            *c = *c == '\n' ? '\t' : *c == ' ' ? '\r' : *c;
        in = test_parse(&a, str_of(spaced));
        b.n = 0;
        match_write(&b, &in);
        EXPECT(str_eq(buf_view(&b), text));
        EXPECT_INT(match_validate(&a, &in), OK);
    }
    free(a.base);
}

TEST(an_instance_that_was_not_parsed_is_validated)
{
    struct arena a = test_arena(16);
    const struct str text = STR("3\n0 1\n0 1\n0 1\n2\n2 0 1\n1 2\n2\n0 0 1 0\n0 1 1 1 0\n");
    struct match_instance in = test_parse(&a, text);

    EXPECT_INT(match_validate(&a, &in), OK);
    in.class_ids[1] = 0;
    EXPECT_INT(match_validate(&a, &in), ERR_ORDER);
    in.class_ids[1] = 3;
    EXPECT_INT(match_validate(&a, &in), ERR_RANGE);
    in.class_ids[1] = 2; /* now both classes of the target hold inspector 2 */
    EXPECT_INT(match_validate(&a, &in), ERR_ORDER);
    in = test_parse(&a, text);
    in.cap[2] = MATCH_LEVEL_MAX + 1;
    EXPECT_INT(match_validate(&a, &in), ERR_RANGE);
    in = test_parse(&a, text);
    in.class_of[1] = 2;
    EXPECT_INT(match_validate(&a, &in), ERR_RANGE);
    free(a.base);
}

TEST(a_slack_outside_its_range_is_refused)
{
    struct arena a = test_arena(16);
    struct match_instance in = test_parse(&a, STR("1\n0 1\n1\n1 0\n1\n0 0 1 0\n"));
    struct match_options o = {.slack = -2};
    struct match_result r;

    EXPECT_INT(match_solve(&a, &in, &o, &r), ERR_RANGE);
    o.slack = MATCH_SLACK_MAX + 1;
    EXPECT_INT(match_solve(&a, &in, &o, &r), ERR_RANGE);
    free(a.base);
}

TEST(too_little_memory_is_an_error_wherever_it_ends)
{
    struct arena a = test_arena(16);
    struct match_instance in = test_parse(&a, test_file(&a, "vectors/match", "joint4.txt"));
    size_t used = a.used_bytes, full = a.size_bytes, refused = 0;
    struct match_options o = {.slack = 1, .reserves = true};
    struct match_result r;
    enum err e = ERR_MEMORY;

    for (size_t room = 0; e != OK; room += 16) {
        a.size_bytes = used + room;
        a.used_bytes = used;
        EXPECT(a.size_bytes <= full);
        e = match_solve(&a, &in, &o, &r);
        EXPECT(e == OK || e == ERR_MEMORY);
        refused += e == ERR_MEMORY;
    }
    EXPECT(refused > 10 && r.feasible);
    free(a.base);
}

TEST(the_checker_sees_each_kind_of_damage)
{
    /* Class 0: 0 1 2, group 1 forbids 2; inspector 3 is free elsewhere. Balanced: one place each for 0, 1, 2.
     */
    struct arena a = test_arena(16);
    struct match_instance in =
        test_parse(&a, STR("4\n0 2\n0 2\n0 2\n0 1\n2\n3 0 1 2\n2 2 3\n3\n0 0 2 0\n1 0 1 1 2\n2 1 1 0\n"));
    static const struct {
        uint32_t team[4];
        enum match_verdict v;
    } cases[] = {{{0, 2, 1, 3}, MATCH_GOOD},          {{0, 2, 1, MATCH_NONE}, MATCH_BAD_SIZE},
                 {{0, 2, 2, 3}, MATCH_BAD_CANDIDATE}, {{0, 3, 1, 3}, MATCH_BAD_CANDIDATE},
                 {{0, 0, 1, 3}, MATCH_BAD_TWICE},     {{2, 0, 1, 3}, MATCH_BAD_TWICE},
                 {{0, 1, 1, 2}, MATCH_BAD_BALANCE},   {{0, 2, 0, 2}, MATCH_BAD_BALANCE}};
    uint32_t first[] = {0, 2, 3, 4};
    enum match_verdict v;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        EXPECT_INT(match_check(&a, &in, first, cases[k].team, true, &v), OK);
        EXPECT_INT(v, cases[k].v);
        EXPECT(match_verdict_name(v) != NULL);
    }
    in.cap[1] = 0;
    EXPECT_INT(match_check(&a, &in, first, cases[0].team, false, &v), OK);
    EXPECT_INT(v, MATCH_BAD_CAP);
    free(a.base);
}

/* --- seeds, words, components, leads --- */

TEST(the_match_seed_binds_subkey_and_staff_digest)
{
    unsigned char key[32], digest[32], seed[MATCH_SEED_LEN];
    char hex[65] = {0};

    for (unsigned k = 0; k < 32; k++) {
        key[k] = (unsigned char) k;
        digest[k] = (unsigned char) (k + 32);
    }
    match_seed(key, digest, seed);
    hex_encode(seed, sizeof seed, hex);
    EXPECT_STR(hex, "7e3ac3d9930d951569f3376ab9401e3b52dd9f59eadebdb06573188fefa71a64");
}

TEST(words_are_those_of_the_page_and_incomplete_runs_are_drawn_again)
{
    static const unsigned char zero[MATCH_SEED_LEN];
    const uint64_t half = (UINT64_C(1) << 63) + 1; /* almost every second word is refused */
    struct match_words w, plain;
    uint64_t refused = 0;

    match_words_start(&w, zero);
    EXPECT(match_words_below(&w, 1) == 0 && match_words_below(&w, 0) == 0); /* no word used */
    EXPECT(match_words_below(&w, UINT64_MAX) == UINT64_C(0x7b709d622e82dc47));
    for (int k = 1; k < 70; k++)
        (void) match_words_below(&w, UINT64_C(1) << 63);
    EXPECT(match_words_below(&w, UINT64_MAX) == UINT64_C(0x8cadaa1413f1b6b4)); /* word 70 */
    match_words_start(&w, zero);
    match_words_start(&plain, zero);
    for (int k = 0; k < 1000; k++) {
        uint64_t v = match_words_below(&plain, UINT64_MAX);

        if (v >= half) {
            refused++;
            continue;
        }
        EXPECT(match_words_below(&w, half) == v);
    }
    EXPECT(refused > 400 && refused < 600);
}

TEST(another_component_cannot_change_this_one)
{
    const char *one = "6\n0 2\n0 2\n0 2\n0 2\n0 2\n0 2\n2\n3 0 1 2\n3 3 4 5\n3\n0 0 1 0\n1 0 2 0\n2 1 2 0\n";
    const char *other =
        "6\n0 2\n0 2\n0 2\n1 1\n0 9\n0 2\n2\n3 0 1 2\n2 3 5\n3\n0 0 1 0\n1 0 2 0\n2 1 1 1 4\n";
    struct arena a = test_arena(16);
    struct match_instance x = test_parse(&a, str_of(one)), y = test_parse(&a, str_of(other));

    for (uint64_t seed = 0; seed < 50; seed++) {
        size_t mark = arena_mark(&a);
        struct match_result r = solve(&a, &x, seed, 1, true), q = solve(&a, &y, seed, 1, true);

        EXPECT(r.component_count == 2 && q.component_count == 2);
        EXPECT_BYTES(r.team, q.team, 3 * sizeof *r.team);
        EXPECT_BYTES(r.reserve, q.reserve, 3 * sizeof *r.reserve);
        arena_rewind(&a, mark);
    }
    free(a.base);
}

TEST(lead_and_reserves_are_drawn_among_all_who_qualify)
{
    static const unsigned char lead[] = {1, 0, 1, 0, 1};
    struct arena a = test_arena(16);
    struct match_instance in =
        test_parse(&a, STR("5\n0 2\n0 2\n0 2\n0 2\n0 2\n1\n5 0 1 2 3 4\n1\n0 0 3 1 3\n"));
    uint32_t led[5] = {0}, none = 0, first_reserve[5] = {0};

    for (uint64_t seed = 0; seed < 600; seed++) {
        size_t mark = arena_mark(&a);
        struct match_result r;

        in.lead = seed < 500 ? lead : NULL;
        r = solve(&a, &in, seed, 1, true);
        EXPECT_INT(r.reserve_first[1], 1); /* four eligible, three in the team */
        for (int k = 0; k < 3; k++)
            EXPECT(r.team[k] != r.reserve[0]);
        EXPECT(r.reserve[0] != 3);
        first_reserve[r.reserve[0]]++;
        none += r.lead[0] == MATCH_NONE;
        if (r.lead[0] != MATCH_NONE)
            led[r.lead[0]]++;
        arena_rewind(&a, mark);
    }
    EXPECT_INT(none, 100); /* nobody qualified */
    EXPECT(led[0] > 110 && led[2] > 110 && led[4] > 110 && led[1] == 0 && led[3] == 0);
    EXPECT(first_reserve[0] > 100 && first_reserve[1] > 100 && first_reserve[2] > 100 &&
           first_reserve[4] > 100);
    free(a.base);
}

TEST(a_forecast_warns_of_certain_pairs_and_few_candidates)
{
    struct arena a = test_arena(16);
    struct match_instance in = test_parse(
        &a, STR("6\n0 2\n0 2\n0 2\n0 2\n0 2\n0 2\n2\n5 0 1 2 3 4\n1 5\n3\n0 0 2 0\n1 0 2 2 0 1\n2 1 1 0\n"));
    struct match_forecast f;

    EXPECT_INT(match_forecast(&a, &in, 1, 200, NULL, NULL, &f), OK);
    EXPECT(f.feasible && f.runs == 200);
    EXPECT(f.pair_count == 1 && f.pairs[0].group == 2 && f.pairs[0].inspector == 5 &&
           f.pairs[0].count == 200);
    EXPECT(f.tight_count == 2 && f.tight[0].group == 1 && f.tight[0].candidates == 3 &&
           f.tight[1].group == 2);
    EXPECT_INT(match_forecast(&a, &in, 1, 0, NULL, NULL, &f), ERR_RANGE);
    in = test_parse(&a, STR("1\n0 1\n1\n1 0\n1\n0 0 2 0\n"));
    EXPECT_INT(match_forecast(&a, &in, 1, 10, NULL, NULL, &f), OK);
    EXPECT(!f.feasible && f.pair_count == 0);
    free(a.base);
}

static bool
stop_at_once(void *ctx, uint64_t done, uint64_t total)
{
    (void) ctx;
    return done > total; /* never */
}

TEST(a_long_matching_can_be_cancelled)
{
    struct arena a = test_arena(16);
    struct match_instance in = test_parse(&a, test_file(&a, "vectors/match", "joint4.txt"));
    struct match_options o = {.slack = 1, .progress = stop_at_once};
    struct match_result r;

    EXPECT_INT(match_solve(&a, &in, &o, &r), ERR_CANCELLED);
    free(a.base);
}

TEST_MAIN(T(every_vector_gives_its_owners_or_its_cuts_for_all_slacks),
          T(a_matching_is_found_exactly_when_one_exists_and_its_loads_are_the_most_even),
          T(walks_keep_every_rule_and_the_strict_ones_the_balance),
          T(all_assignments_in_the_window_are_equally_likely),
          T(interchangeable_inspectors_are_drawn_equally_often),
          T(a_cut_is_a_proof_is_minimal_and_does_not_depend_on_the_seed), T(a_false_cut_is_not_accepted),
          T(borderline_instances_are_decided_rightly), T(a_malformed_instance_is_refused_with_line_and_token),
          T(a_written_instance_reads_back_the_same_and_any_white_space_will_do),
          T(an_instance_that_was_not_parsed_is_validated), T(a_slack_outside_its_range_is_refused),
          T(too_little_memory_is_an_error_wherever_it_ends), T(the_checker_sees_each_kind_of_damage),
          T(the_match_seed_binds_subkey_and_staff_digest),
          T(words_are_those_of_the_page_and_incomplete_runs_are_drawn_again),
          T(another_component_cannot_change_this_one), T(lead_and_reserves_are_drawn_among_all_who_qualify),
          T(a_forecast_warns_of_certain_pairs_and_few_candidates), T(a_long_matching_can_be_cancelled))
