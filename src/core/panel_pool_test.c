/* core/panel_pool_test.c - goal: experts.txt has one form, panel.txt follows from it alone, every expert has the same chance */
#include "core/panel.h"

#include <string.h>

#include "base/test.h"

#define DIGEST "2222222222222222222222222222222222222222222222222222222222222222"
#define HEAD "mingqian-experts/v1\ndraw-digest " DIGEST "\nplaces 2\n"

static unsigned char memory[1 << 20];

static enum err
parse(const char *text, struct panel_pool *p, struct fault *f)
{
    struct arena a = arena_over(memory, sizeof memory);

    return panel_pool_parse(str_of(text), &a, p, f);
}

TEST(a_list_of_experts_is_written_as_it_was_read)
{
    static const char TEXT[] = HEAD "expert ZJ-1\nexpert ZJ-2\navoid A ZJ-1\navoid A ZJ-2\navoid B,C ZJ-1\n";
    struct panel_pool p;
    struct fault f;
    char again[sizeof TEXT + 64];
    struct buf b = buf_over(again, sizeof again);

    EXPECT_INT(parse(TEXT, &p, &f), OK);
    EXPECT_INT(p.places, 2);
    EXPECT_INT(p.expert_count, 2);
    EXPECT_INT(p.avoid_count, 3);
    panel_pool_write(&p, &b);
    EXPECT(str_eq(buf_view(&b), str_of(TEXT)));
}

TEST(malformed_lists_of_experts_are_refused)
{
    static const struct {
        const char *text;
        enum err err;
        uint64_t line;
    } BAD[] = {
        {"", ERR_SYNTAX, 1},
        {"mingqian-experts/v2\n", ERR_SYNTAX, 1},
        {"mingqian-experts/v1\ndraw-digest 22\n", ERR_LENGTH, 2},
        {"mingqian-experts/v1\ndraw-digest " DIGEST "\nplaces 0\n", ERR_RANGE, 3},
        {"mingqian-experts/v1\ndraw-digest " DIGEST "\nplaces 9\n", ERR_RANGE, 3},
        {HEAD "expert ZJ-2\nexpert ZJ-1\n", ERR_ORDER, 5},
        {HEAD "expert ZJ-1\nexpert ZJ-1\n", ERR_ORDER, 5},
        {HEAD "expert \n", ERR_SYNTAX, 4},
        {HEAD "expert ZJ-1", ERR_SYNTAX, 4},
        {HEAD "expert ZJ-1 x\n", ERR_SYNTAX, 4},
        {HEAD "expert ZJ-1\r\n", ERR_CHARSET, 4},
        {HEAD "avoid A ZJ-1\n", ERR_NOT_FOUND, 4},
        {HEAD "expert ZJ-1\navoid B ZJ-1\navoid A ZJ-1\n", ERR_ORDER, 6},
        {HEAD "expert ZJ-1\navoid A ZJ-1\navoid A ZJ-1\n", ERR_ORDER, 6},
        {HEAD "expert ZJ-1\navoid A ZJ-1\nexpert ZJ-2\n", ERR_SYNTAX, 5},
        {HEAD "expert ZJ-1\nother\n", ERR_SYNTAX, 5},
    };

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct panel_pool p;
        struct fault f;
        enum err e = parse(BAD[i].text, &p, &f);

        if (e == OK || f.line != BAD[i].line)
            print_error("%s: %s at line %llu\n", BAD[i].text, err_name(e), (unsigned long long) f.line);
        EXPECT(e != OK && f.err == e);
        EXPECT_INT(f.line, BAD[i].line);
        if (BAD[i].err != ERR_SYNTAX && BAD[i].err != ERR_LENGTH)
            EXPECT_INT(e, BAD[i].err);
    }
}

/* chi-square over 5 experts, 2 places, 20,000 targets: each expert 8,000 times, and each pair in order 1,000 times. */
TEST(every_expert_and_every_ordered_pair_has_the_same_chance)
{
    static const char TEXT[] = HEAD "expert a\nexpert b\nexpert c\nexpert d\nexpert e\n";
    enum { EXPERTS = 5, TARGETS = 20000, PAIRS = EXPERTS * (EXPERTS - 1) };
    struct panel_pool p;
    struct fault f;
    unsigned char key[HASH_LEN] = {7};
    uint32_t left[EXPERTS], chosen[PANEL_PLACES_MAX], count, pair[EXPERTS][EXPERTS] = {{0}};
    double chi = 0;

    EXPECT_INT(parse(TEXT, &p, &f), OK);
    for (uint32_t t = 0; t < TARGETS; t++) {
        char id[16];
        struct buf b = buf_over(id, sizeof id);

        buf_z(&b, "T");
        buf_u64(&b, t);
        panel_choose(&p, HASH_SHA256, key, buf_view(&b), left, chosen, &count);
        EXPECT_INT(count, 2);
        EXPECT(chosen[0] != chosen[1]);
        pair[chosen[0]][chosen[1]]++;
    }
    for (int i = 0; i < EXPERTS; i++)
        for (int j = 0; j < EXPERTS; j++)
            if (i != j) {
                double d = (double) pair[i][j] - (double) TARGETS / PAIRS;

                chi += d * d / ((double) TARGETS / PAIRS);
            }
    EXPECT(chi < 43.8); /* 19 degrees of freedom, 0.001 */
}

TEST(who_has_a_conflict_is_never_chosen_and_nobody_is_chosen_twice)
{
    static const char TEXT[] = HEAD "expert a\nexpert b\nexpert c\navoid X a\navoid X c\navoid Y a\navoid Y b\navoid Y c\n";
    struct panel_pool p;
    struct fault f;
    unsigned char key[HASH_LEN] = {0};
    uint32_t left[3], chosen[PANEL_PLACES_MAX], count;
    char text[256];
    struct buf b = buf_over(text, sizeof text);

    EXPECT_INT(parse(TEXT, &p, &f), OK);
    panel_choose(&p, HASH_SM3, key, STR("X"), left, chosen, &count);
    EXPECT_INT(count, 1);
    panel_write_target(&p, STR("X"), chosen, count, &b);
    panel_choose(&p, HASH_SM3, key, STR("Y"), left, chosen, &count);
    EXPECT_INT(count, 0);
    panel_write_target(&p, STR("Y"), chosen, count, &b);
    EXPECT(str_eq(buf_view(&b), STR("target X b\ntarget Y -\n")));
}

TEST_MAIN(T(a_list_of_experts_is_written_as_it_was_read), T(malformed_lists_of_experts_are_refused),
          T(every_expert_and_every_ordered_pair_has_the_same_chance),
          T(who_has_a_conflict_is_never_chosen_and_nobody_is_chosen_twice))
