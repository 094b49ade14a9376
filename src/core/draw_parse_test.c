/* core/draw_parse_test.c - goal: one spelling for each document; everything else is refused where it first
 * differs */
#include "core/draw_fixture.h"

/* The text with its first `from` replaced by `to`. */
static struct str
with(struct fixture *x, struct str text, const char *from, const char *to)
{
    const char *at = memmem(text.p, text.n, from, strlen(from));
    size_t size = text.n + strlen(to) + 1;
    struct buf out = buf_over(arena_alloc(&x->arena, size), size);

    EXPECT(at != NULL);
    buf_add(&out, text.p, (size_t) (at - text.p));
    buf_z(&out, to);
    buf_add(&out, at + strlen(from), text.n - (size_t) (at - text.p) - strlen(from));
    return buf_view(&out);
}

struct change {
    const char *from, *to;
    enum err err;
    uint64_t line;
};

#define C64 "6e935b8fc213c8cda87fa3d2f72f77b5e03cfe444beaee6a8a49c38bd873f73e"

static const struct change DRAW_CHANGES[] = {
    {"mingqian-draw/v1", "mingqian-draw/v2", ERR_SYNTAX, 1},
    {"v1\n", "v1\r\n", ERR_CHARSET, 1},
    {"v1\n", "v1 \n", ERR_SYNTAX, 1},
    {"suite sha256", "suite md5", ERR_INPUT, 2},
    {"suite sha256", "suite  sha256", ERR_SYNTAX, 2},
    {"suite sha256", "suite\tsha256", ERR_CHARSET, 2},
    {"suite sha256\n", "", ERR_SYNTAX, 2},
    {"draw 411500", "draw \xE4\xBF\xA1", ERR_CHARSET, 3},
    {"draw 411500/2026/0017", "draw a b", ERR_SYNTAX, 3},
    {"attempt 1", "attempt 01", ERR_SYNTAX, 4},
    {"attempt 1", "attempt 0", ERR_RANGE, 4},
    {"attempt 1", "attempt 2", ERR_LENGTH, 5},
    {"attempt 1", "attempt +1", ERR_SYNTAX, 4},
    {"prev -", "prev " C64, ERR_INPUT, 5},
    {"prev -\n", "prev -\n\n", ERR_SYNTAX, 6},
    {"roster 12", "roster -12", ERR_SYNTAX, 6},
    {"3ec11fcc", "3EC11FCC", ERR_CHARSET, 6},
    {"3ec11fcc", "3ec11fc", ERR_LENGTH, 6},
    {"roster 12", "roster 268435457", ERR_RANGE, 6},
    {"rule uniform", "rule random", ERR_INPUT, 7},
    {"batches 2", "batches 0", ERR_RANGE, 8},
    {"batches 2", "batches 1048577", ERR_RANGE, 8},
    {"min-parties 1", "min-parties 3", ERR_RANGE, 14},
    {"min-parties 1", "min-parties", ERR_SYNTAX, 9},
    {"quota 0 A", "quota 64 A", ERR_RANGE, 10},
    {"quota 0 A", "quota 0 !A", ERR_CHARSET, 10},
    {"quota 0 A 3 2", "quota 0 A 3", ERR_SYNTAX, 10},
    {"quota 0 A 3 2", "quota 0 A 3 2 1", ERR_SYNTAX, 10},
    {"quota 0 A", "quota 0 E", ERR_ORDER, 11},
    {"quota 0 A", "quota 0 D", ERR_DUPLICATE, 11},
    {"quota 0 A", "quota 1 A", ERR_ORDER, 11},
    {"quota 0 A 3", "quota 0 A 268435457", ERR_RANGE, 10},
    {"party scjgj", "party ztgj", ERR_ORDER, 13},
    {"party scjgj", "party sthjj", ERR_DUPLICATE, 13},
    {"party scjgj", "party \"a\"", ERR_CHARSET, 12},
    {"a6d5dd5444f769b4af6f8aa9ea5a1d1dd22b962aa4633f22f8c66ce6a5c0c585", C64, ERR_DUPLICATE, 13},
    {"beacon drand-quicknet", "beacon", ERR_CHARSET, 14},
    {"beacon drand-quicknet 52db", "beacon drand-quicknet 52\"b", ERR_CHARSET, 14},
    {":657413\n", ":657413", ERR_SYNTAX, 14},
    {":657413\n", ":657413\nquota 1 A 1 1\n", ERR_SYNTAX, 15},
    {":657413\n", ":657413\nbeacon drand-quicknet x\n", ERR_DUPLICATE, 15},
    {":657413\n", ":657413\nbeacon cwl-ssq 2026083\n", ERR_ORDER, 15},
    {":657413\n", ":657413\n\n", ERR_SYNTAX, 15},
};

TEST(forty_malformed_draw_files_are_refused_at_their_line)
{
    struct fixture x = fixture_start();
    struct str good = fixture_file(&x, "TV1", DRAW_DRAW);
    struct draw_spec spec;
    struct fault f;

    EXPECT(draw_parse(good, &x.arena, &spec, &f) == OK);
    for (size_t i = 0; i < sizeof DRAW_CHANGES / sizeof *DRAW_CHANGES; i++) {
        const struct change *c = &DRAW_CHANGES[i];

        EXPECT_INT(draw_parse(with(&x, good, c->from, c->to), &x.arena, &spec, &f), c->err);
        EXPECT_INT(f.line, c->line);
        EXPECT_INT(f.file, DRAW_DRAW);
        EXPECT(f.zh[0] != 0 && f.en[0] != 0);
    }
    EXPECT_INT(draw_parse(STR(""), &x.arena, &spec, &f), ERR_SYNTAX);
    fixture_end(&x);
}

TEST(what_was_parsed_is_written_again_byte_for_byte)
{
    static const char *const NAMES[] = {"TV1", "TV3", "TV5"};
    struct fixture x = fixture_start();

    for (size_t v = 0; v < 3; v++) {
        struct draw_files files = fixture_vector(&x, NAMES[v]);
        static char text[4096];
        struct buf out = buf_over(text, sizeof text);
        struct draw_spec spec;
        struct draw_lock lock;
        struct draw_reveal reveal;
        struct fault f;

        EXPECT(draw_parse(files.file[DRAW_DRAW], &x.arena, &spec, &f) == OK);
        draw_write(&spec, &out);
        EXPECT(str_eq(buf_view(&out), files.file[DRAW_DRAW]));
        EXPECT(draw_lock_parse(files.file[DRAW_LOCK], &spec, &lock, &f) == OK);
        out = buf_over(text, sizeof text);
        draw_lock_write(&spec, lock.present, &out);
        EXPECT(str_eq(buf_view(&out), files.file[DRAW_LOCK]));
        EXPECT(draw_reveal_parse(files.file[DRAW_REVEAL], &spec, &lock, &reveal, &f) == OK);
        out = buf_over(text, sizeof text);
        draw_reveal_write(&spec, &lock, &reveal, &out);
        EXPECT(str_eq(buf_view(&out), files.file[DRAW_REVEAL]));
    }
    fixture_end(&x);
}

static const struct change LOCK_CHANGES[] = {
    {"mingqian-lock/v1", "mingqian-lock/v0", ERR_SYNTAX, 1},
    {"9f8c4986", "9f8c4987", ERR_DIGEST, 2},
    {"scjgj present", "scjgj here", ERR_INPUT, 3},
    {"party scjgj", "party sthjj", ERR_ORDER, 3},
    {"party sthjj present\n", "", ERR_SYNTAX, 4},
    {"party sthjj present\n", "party sthjj present\nparty z present\n", ERR_SYNTAX, 5},
    {"present\n", "present \n", ERR_SYNTAX, 3},
};

static const struct change REVEAL_CHANGES[] = {
    {"{\n", "[\n", ERR_SYNTAX, 1},
    {"\"secrets\"", "\"secret\"", ERR_INPUT, 2},
    {"\"sthjj\"", "\"scjgj\"", ERR_INPUT, 4},
    {"c0f61b57", "c0f61b58", ERR_COMMITMENT, 3},
    {"c0f61b57", "C0F61B57", ERR_CHARSET, 3},
    {"c0f61b57", "\\u0063", ERR_CHARSET, 3},
    {"drand-quicknet", "drand-default", ERR_INPUT, 8},
    {"\"fc18", "\"f c18", ERR_CHARSET, 9},
    {" ]\n}", " ],\n}", ERR_SYNTAX, 11},
    {" ]\n}", " ]\n}\n}", ERR_SYNTAX, 13},
    {" ]\n}", " ]", ERR_SYNTAX, 11},
    {"33028\",", "33028\"", ERR_SYNTAX, 4},
    {"  ]\n ]", "  ],\n  [\"z\", \"1\"]\n ]", ERR_SYNTAX, 10},
};

TEST(malformed_locks_and_reveals_are_refused_at_their_line)
{
    struct fixture x = fixture_start();
    struct draw_files files = fixture_vector(&x, "TV1");
    struct draw_spec spec;
    struct draw_lock lock, other;
    struct draw_reveal reveal;
    struct fault f;

    EXPECT(draw_parse(files.file[DRAW_DRAW], &x.arena, &spec, &f) == OK);
    EXPECT(draw_lock_parse(files.file[DRAW_LOCK], &spec, &lock, &f) == OK);
    for (size_t i = 0; i < sizeof LOCK_CHANGES / sizeof *LOCK_CHANGES; i++) {
        const struct change *c = &LOCK_CHANGES[i];

        EXPECT_INT(draw_lock_parse(with(&x, files.file[DRAW_LOCK], c->from, c->to), &spec, &other, &f),
                   c->err);
        EXPECT_INT(f.line, c->line);
    }
    for (size_t i = 0; i < sizeof REVEAL_CHANGES / sizeof *REVEAL_CHANGES; i++) {
        const struct change *c = &REVEAL_CHANGES[i];
        struct str bad = with(&x, files.file[DRAW_REVEAL], c->from, c->to);

        EXPECT_INT(draw_reveal_parse(bad, &spec, &lock, &reveal, &f), c->err);
        EXPECT_INT(f.line, c->line);
    }
    fixture_end(&x);
}

TEST(too_few_present_parties_void_the_attempt)
{
    struct fixture x = fixture_start();
    struct str draw = fixture_file(&x, "TV5", DRAW_DRAW); /* two parties, no beacon: both must open */
    char text[512];
    struct buf out = buf_over(text, sizeof text);
    bool present[DRAW_PARTY_MAX] = {true, false};
    struct draw_spec spec;
    struct draw_lock lock;
    struct fault f;

    EXPECT(draw_parse(with(&x, draw, "min-parties 2", "min-parties 1"), &x.arena, &spec, &f) == OK);
    draw_lock_write(&spec, present, &out);
    EXPECT_INT(draw_lock_parse(buf_view(&out), &spec, &lock, &f), ERR_MISSING);
    EXPECT_INT(draw_parse(with(&x, draw, "min-parties 2", "min-parties 3"), &x.arena, &spec, &f), ERR_RANGE);
    fixture_end(&x);
}

TEST(the_policy_refuses_weak_beacons_and_single_parties)
{
    static const struct {
        size_t parties, min;
        const char *beacons[2];
        bool ok;
    } CASES[] = {
        {2, 2, {NULL, NULL}, true},
        {1, 1, {"drand-quicknet", NULL}, false},
        {2, 0, {"drand-quicknet", NULL}, true},
        {2, 2, {"cwl-3d", NULL}, false},
        {2, 1, {"cwl-ssq", NULL}, false},
        {2, 2, {"cwl-ssq", NULL}, true},
        {2, 0, {"cwl-ssq", "sports-dlt"}, true},
        {3, 3, {"coin", NULL}, false},
    };
    struct draw_party parties[3] = {{.name = STR("a")}, {.name = STR("b")}, {.name = STR("c")}};

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct draw_beacon beacons[2];
        struct draw_spec d = {.parties = parties,
                              .party_count = CASES[i].parties,
                              .beacons = beacons,
                              .min_parties = (uint32_t) CASES[i].min};
        struct fault f;

        for (size_t b = 0; b < 2 && CASES[i].beacons[b] != NULL; b++)
            beacons[d.beacon_count++] = (struct draw_beacon){str_of(CASES[i].beacons[b]), STR("1")};
        EXPECT_INT(draw_policy(&d, &f), CASES[i].ok ? OK : ERR_POLICY);
    }
}

TEST(lottery_results_must_be_possible)
{
    EXPECT(draw_beacon_value_ok(STR("cwl-ssq"), STR("03,07,12,18,25,33+09")));
    EXPECT(draw_beacon_value_ok(STR("sports-dlt"), STR("05,11,19,28,34+02,10")));
    EXPECT(!draw_beacon_value_ok(STR("cwl-ssq"), STR("03,07,12,18,25,34+09")));
    EXPECT(!draw_beacon_value_ok(STR("cwl-ssq"), STR("03,07,12,18,18,33+09")));
    EXPECT(!draw_beacon_value_ok(STR("cwl-ssq"), STR("03,07,12,18,25,33+17")));
    EXPECT(!draw_beacon_value_ok(STR("cwl-ssq"), STR("03,07,12,18,25,33,09")));
    EXPECT(!draw_beacon_value_ok(STR("sports-dlt"), STR("05,11,19,28,34+10,02")));
    EXPECT(!draw_beacon_value_ok(STR("drand-quicknet"), STR("00")));
    EXPECT(!draw_beacon_value_ok(STR("other"), STR("a b")));
}

/* What may happen to a row, and what roster_read says. */
static const struct {
    const char *row;
    enum err err;
} ROWS[] = {
    {"A\tX\t1\t1\t-", OK},
    {"A\tX\t1048576\tffffffffffffffff\t00112233445566778899aabbccddeeff", OK},
    {"A\t!cap\t0\t0\t-", OK},
    {"A\tlonger.stratum_name-1\t7\t8\t-", OK},
    {"123456789012345678901234567890123456789012345678901234\tX\t1\t1\t-", OK},
    {"1234567890123456789012345678901234567890123456789012345\tX\t1\t1\t-", ERR_LENGTH},
    {"\tX\t1\t1\t-", ERR_LENGTH},
    {"A\t\t1\t1\t-", ERR_CHARSET},
    {"A\t.X\t1\t1\t-", ERR_CHARSET},
    {"A\t!\t0\t1\t-", ERR_CHARSET},
    {"A\tX\t0\t1\t-", ERR_RANGE},
    {"A\t!cap\t1\t1\t-", ERR_RANGE},
    {"A\tX\t01\t1\t-", ERR_SYNTAX},
    {"A\tX\t1048577\t1\t-", ERR_RANGE},
    {"A\tX\t1\t01\t-", ERR_SYNTAX},
    {"A\tX\t1\tA\t-", ERR_CHARSET},
    {"A\tX\t1\t\t-", ERR_LENGTH},
    {"A\tX\t1\t10000000000000000\t-", ERR_LENGTH},
    {"A\tX\t1\t1\t", ERR_SYNTAX},
    {"A\tX\t1\t1\t--", ERR_SYNTAX},
    {"A\tX\t1\t1\t00112233445566778899AABBCCDDEEFF", ERR_SYNTAX},
    {"A\tX\t1\t1", ERR_SYNTAX},
    {"A\tX\t1\t1\t-\t", ERR_SYNTAX},
    {"A X\t1\t1\t-", ERR_CHARSET},
    {"A\tX\t1\t1\t-\r", ERR_CHARSET},
    {"\xE4\xBF\xA1\tX\t1\t1\t-", ERR_CHARSET},
    {"", ERR_SYNTAX},
};

TEST(rows_are_judged_alike_alone_and_in_a_roster)
{
    struct draw_env env = draw_env_serial();
    struct fixture x = fixture_start();

    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[400];
        struct buf b = buf_over(text, sizeof text);
        struct roster_row row;
        struct roster r;
        struct fault f = {0};

        EXPECT_INT(roster_row_parse(str_of(ROWS[i].row), &row, &f), ROWS[i].err);
        buf_z(&b, "!\tX\t1\t1\t-\n"); /* teaches the fast reader the stratum */
        buf_z(&b, ROWS[i].row);
        buf_z(&b, "\n~\tX\t1\t1\t-\n");
        EXPECT_INT(roster_read(buf_view(&b), HASH_SM3, NULL, NULL, &env, &x.arena, &r, &f), ROWS[i].err);
        EXPECT(ROWS[i].err == OK ? r.count == 3 : f.line == 2);
    }
    fixture_end(&x);
}

TEST(ids_out_of_order_are_found_across_the_parts_of_a_long_roster)
{
    struct draw_env env = draw_env_serial();
    struct fixture x = fixture_start();
    struct str good = fixture_roster(&x, 40000, 3, NULL, NULL);
    struct roster r;
    struct fault f;
    size_t mark;

    EXPECT(roster_read(good, HASH_SHA256, NULL, NULL, &env, &x.arena, &r, &f) == OK);
    mark = arena_mark(&x.arena);
    for (uint64_t row = 16382; row < 16388; row++) {
        char *id = (char *) (uintptr_t) roster_line(&r, row).p, kept = id[0];
        struct roster again;

        id[0] = 'A'; /* below all others */
        EXPECT_INT(roster_read(good, HASH_SHA256, NULL, NULL, &env, &x.arena, &again, &f), ERR_ORDER);
        EXPECT_INT(f.line, row + 1);
        id[0] = kept;
        arena_rewind(&x.arena, mark);
    }
    fixture_end(&x);
}

TEST_MAIN(T(forty_malformed_draw_files_are_refused_at_their_line),
          T(what_was_parsed_is_written_again_byte_for_byte),
          T(malformed_locks_and_reveals_are_refused_at_their_line),
          T(too_few_present_parties_void_the_attempt), T(the_policy_refuses_weak_beacons_and_single_parties),
          T(lottery_results_must_be_possible), T(rows_are_judged_alike_alone_and_in_a_roster),
          T(ids_out_of_order_are_found_across_the_parts_of_a_long_roster))
