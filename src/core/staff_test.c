/* core/staff_test.c - from the frozen registry to the instance, its refusals, owners.txt, remedies (spec 5
 * and 6) */
#include "core/match_test.h"

#include "core/draw_run.h"
#include "core/staff.h"

#define D64 "0000000000000000000000000000000000000000000000000000000000000000"
/* Two departments: 0 has five inspectors, 3 has two. Batch 1 is the week of 2026-03-02. */
#define STAFF                                                                                                \
    "A-1\t0\t411525\tfood\t*\t2\t1\t2026-12-31\t-\t-\n"                                                      \
    "A-2\t0\t411525,411526\tfire,food\t*\t2\t0\t2026-12-31\t-\t00112233445566778899aabbccddeeff\n"           \
    "A-3\t0\t4115\tfood\tX-1,X-2\t2\t0\t2026-03-06\t-\t-\n"                                                  \
    "A-4\t0\t*\tfood\t*\t2\t0\t2026-12-31\t2026-02-27/2026-03-04,2026-03-05/2026-03-10\t-\n"                 \
    "A-5\t0\t411526\tfood\t*\t2\t0\t2026-12-31\t-\t-\n"                                                      \
    "B-1\t3\t*\t-\t*\t3\t1\t2026-12-31\t-\t-\n"                                                              \
    "B-2\t3\t*\t-\t*\t3\t0\t2026-12-31\t-\t-\n"
#define FORBIDDEN                                                                                            \
    "A-1\tP-shop-2\trecusal\t-\n"                                                                            \
    "A-2\tP-shop-1\tlast\t-\n"                                                                               \
    "B-1\tP-never-drawn\trecusal\t-\n"
#define RULES                                                                                                \
    "mingqian-rules/v1\nslack 1\nteam 2\nrotation on\nweek 1 2026-03-02 2026-03-06\nweek 2 2026-03-09 "      \
    "2026-03-13\n"                                                                                           \
    "items 0 X-1\nplaces 0 * 1 411525 food\nplaces 0 big 2 411525 food\nplaces 3 * 1 * -\n"

static const struct staff_target two_shops[] = {{{"P-shop-2", 8}, {"s", 1}, 9, 1},
                                                {{"P-shop-1", 8}, {"s", 1}, 9, 1}};

static struct staff
read_staff(struct arena *a, const char *staff, const char *forbidden, const char *rules)
{
    struct staff s;
    struct staff_fault fault;

    EXPECT_INT(staff_parse(a, str_of(staff), str_of(forbidden), str_of(rules), &s, &fault), OK);
    return s;
}

static const char *
instance_text(struct arena *a, const struct match_instance *in)
{
    struct buf b = buf_over(arena_alloc(a, 4096), 4096);

    match_write(&b, in);
    buf_add(&b, "", 1);
    EXPECT(!b.overflow);
    return b.p;
}

TEST(the_instance_follows_from_the_frozen_documents)
{
    struct arena a = test_arena(16);
    struct staff s = read_staff(&a, STAFF, FORBIDDEN, RULES);
    struct staff_derived d;
    size_t bad;

    EXPECT_INT(staff_derive(&a, &s, two_shops, 2, NULL, &d, &bad), OK);
    /* Class 0: A-1 A-2 A-3 (4115 covers 411525) A-4 (all). A-4 is away all week, A-3 valid to the last day.
     * Shop 2: A-1 recused. Shop 1: A-2 was there last time. */
    EXPECT_STR(instance_text(&a, &d.instance), "7\n0 2\n0 2\n0 2\n0 2\n0 2\n0 3\n0 3\n"
                                               "2\n4 0 1 2 3\n2 5 6\n"
                                               "4\n0 0 1 2 0 3\n0 1 1 0\n1 0 1 2 1 3\n1 1 1 0\n");
    EXPECT(d.instance.lead[0] == 1 && d.instance.lead[1] == 0 && d.instance.lead[5] == 1);
    EXPECT_INT(d.reason_count[STAFF_LEAVE], 2);
    EXPECT_INT(d.reason_count[STAFF_RECUSAL], 1);
    EXPECT_INT(d.reason_count[STAFF_LAST], 1);
    EXPECT_INT(d.reason_count[STAFF_EXPIRED], 0);
    EXPECT_INT(d.reasons[0], STAFF_RECUSAL);
    EXPECT_INT(d.reasons[1], STAFF_LEAVE);
    free(a.base);
}

/* The forbidden list of group 0 of one target in batch `batch`, as text. */
static const char *
forbidden_in(struct arena *a, const char *staff, const char *forbidden, const char *rules, uint32_t batch)
{
    struct staff s = read_staff(a, staff, forbidden, rules);
    struct staff_target t = {{"P-shop-1", 8}, {"s", 1}, 9, batch};
    struct staff_derived d;
    struct buf b = buf_over(arena_alloc(a, 256), 256);
    size_t bad;

    EXPECT_INT(staff_derive(a, &s, &t, 1, NULL, &d, &bad), OK);
    for (uint32_t k = d.instance.forbidden_first[0]; k < d.instance.forbidden_first[1]; k++) {
        buf_str(&b, s.inspectors[d.instance.forbidden_ids[k]].pseudonym);
        buf_z(&b, " ");
        buf_z(&b, staff_reason_name(d.reasons[k]));
        buf_z(&b, ";");
    }
    buf_add(&b, "", 1);
    return b.p;
}

TEST(a_certificate_must_hold_to_the_last_day_of_the_week)
{
    struct arena a = test_arena(16);

    EXPECT_STR(forbidden_in(&a, STAFF, "", RULES, 1), "A-4 leave;");
    EXPECT_STR(forbidden_in(&a, STAFF, "", RULES, 2), "A-3 expired;"); /* and A-4 is back */
    free(a.base);
}

TEST(leave_that_leaves_one_day_of_the_week_does_not_exclude)
{
    struct arena a = test_arena(16);
    const char *rules = "mingqian-rules/v1\nslack 1\nteam 2\nrotation on\nweek 1 2026-03-02 2026-03-11\n"
                        "places 0 * 1 411525 food\nplaces 3 * 1 * -\n";

    EXPECT_STR(forbidden_in(&a, STAFF, "", rules, 1), "A-3 expired;");
    free(a.base);
}

TEST(an_inspector_outside_his_item_range_is_excluded_and_the_first_reason_counts)
{
    struct arena a = test_arena(16);
    const char *rules = "mingqian-rules/v1\nslack 1\nteam 2\nrotation on\nweek 1 2026-03-02 2026-03-06\n"
                        "items 0 X-1,X-9\nplaces 0 * 1 411525 food\nplaces 3 * 1 * -\n";

    EXPECT_STR(forbidden_in(&a, STAFF, "A-3\tP-shop-1\trecusal\t-\nA-4\tP-shop-1\tlast\t-\n", rules, 1),
               "A-3 range;A-4 leave;");
    free(a.base);
}

TEST(recusal_counts_before_last_time_and_rotation_can_be_off)
{
    struct arena a = test_arena(16);
    const char *both = "A-1\tP-shop-1\tlast\t-\nA-1\tP-shop-1\trecusal\t-\nA-2\tP-shop-1\tlast\t-\n";
    const char *off = "mingqian-rules/v1\nslack 1\nteam 2\nrotation off\nweek 1 2026-03-02 2026-03-06\n"
                      "places 0 * 1 411525 food\nplaces 3 * 1 * -\n";

    EXPECT_STR(forbidden_in(&a, STAFF, both, RULES, 1), "A-1 recusal;A-2 last;A-4 leave;");
    EXPECT_STR(forbidden_in(&a, STAFF, both, off, 1), "A-1 recusal;A-4 leave;");
    free(a.base);
}

TEST(a_stratum_line_goes_before_the_star_and_a_region_can_come_from_the_id)
{
    struct arena a = test_arena(16);
    struct staff s =
        read_staff(&a, STAFF, "",
                   "mingqian-rules/v1\nslack 1\nteam 1\nrotation on\nweek 1 2026-03-02 2026-03-06\n"
                   "places 0 * 1 id food\nplaces 0 big 2 411526 food\nplaces 0 none 0 * -\n");
    const struct staff_target t[] = {{STR("91411525MA00000000"), STR("s"), 1, 1},
                                     {STR("R-411526123456789"), STR("s"), 1, 1},
                                     {STR("P-411525"), STR("s"), 1, 1},
                                     {STR("P-x"), STR("big"), 1, 1},
                                     {STR("P-y"), STR("none"), 1, 1}};
    struct staff_derived d;
    size_t bad;

    EXPECT_INT(staff_derive(&a, &s, t, 5, NULL, &d, &bad), OK);
    EXPECT_INT(d.instance.groups, 4);
    EXPECT_INT(d.instance.classes, 3);
    EXPECT(str_eq(d.classes[0].region, STR("*")) && str_eq(d.classes[1].region, STR("411525")));
    EXPECT(d.instance.class_of[0] == 1 && d.instance.class_of[1] == 2 && d.instance.class_of[2] == 0);
    EXPECT(d.instance.class_of[3] == 2 && d.instance.demand[3] == 2);
    free(a.base);
}

TEST(nothing_drawn_gives_an_empty_instance)
{
    struct arena a = test_arena(16);
    struct staff s = read_staff(&a, STAFF, FORBIDDEN, RULES);
    struct match_options o = {.slack = 1, .reserves = true};
    struct match_result r;
    struct staff_derived d;
    size_t bad;

    EXPECT_INT(staff_derive(&a, &s, NULL, 0, NULL, &d, &bad), OK);
    EXPECT_INT(match_solve(&a, &d.instance, &o, &r), OK);
    EXPECT(r.feasible && d.instance.groups == 0);
    free(a.base);
}

static enum err
derive_error(const char *id, const char *stratum, uint64_t mask, uint32_t batch, const char *rules)
{
    struct arena a = test_arena(16);
    struct staff s = read_staff(&a, STAFF, "", rules);
    const struct staff_target t[] = {{STR("P-a"), STR("s"), 9, 1},
                                     {str_of(id), str_of(stratum), mask, batch}};
    struct staff_derived d;
    size_t bad = 9;
    enum err e = staff_derive(&a, &s, t, 2, NULL, &d, &bad);

    EXPECT(e == OK || bad == 1);
    free(a.base);
    return e;
}

TEST(a_derivation_is_refused_when_the_rules_do_not_cover_the_target)
{
    EXPECT_INT(derive_error("P-b", "s", 9, 1, RULES), OK);
    EXPECT_INT(derive_error("P-b", "big", 1, 1, RULES), OK);          /* two of one department */
    EXPECT_INT(derive_error("P-b", "s", 2, 1, RULES), ERR_NOT_FOUND); /* no places for department 1 */
    EXPECT_INT(derive_error("P-b", "s", 9, 3, RULES), ERR_NOT_FOUND); /* no week 3 */
    EXPECT_INT(derive_error("P-b", "s", 9, 0, RULES), ERR_RANGE);
    EXPECT_INT(derive_error("P-b", "s", 1, 1, RULES), ERR_POLICY); /* one inspector alone */
    EXPECT_INT(derive_error("P-a", "s", 9, 1, RULES), ERR_DUPLICATE);
}

TEST(documents_that_are_written_are_read_again_to_the_same_bytes)
{
    struct arena a = test_arena(16);
    struct staff s = read_staff(&a, STAFF, FORBIDDEN, RULES);
    struct buf b = buf_over(arena_alloc(&a, 4096), 4096);

    for (size_t k = 0; k < s.inspector_count; k++)
        staff_inspector_write(&b, &s.inspectors[k]);
    EXPECT(str_eq(buf_view(&b), STR(STAFF)));
    b.n = 0;
    for (size_t k = 0; k < s.forbidden_count; k++)
        staff_forbidden_write(&b, &s.forbidden[k]);
    EXPECT(str_eq(buf_view(&b), STR(FORBIDDEN)));
    b.n = 0;
    staff_rules_write(&b, &s.rules);
    EXPECT(str_eq(buf_view(&b), STR(RULES)));
    free(a.base);
}

TEST(the_seal_binds_every_byte_of_the_documents)
{
    struct arena a = test_arena(64);
    struct staff s = read_staff(&a, STAFF, FORBIDDEN, RULES), other;
    unsigned char zero[HASH_LEN] = {0}, one[HASH_LEN] = {1};
    struct staff_fault fault;
    struct buf b = buf_over(arena_alloc(&a, 512), 512);
    char *text = str_z(&a, STR(STAFF));

    staff_seal_write(&b, &s, zero);
    EXPECT(str_starts(buf_view(&b), STR("mingqian-staff/v1\ndraw-digest " D64 "\ninspectors 7 ")));
    EXPECT_INT(staff_seal_check(buf_view(&b), &s, zero), OK);
    EXPECT_INT(staff_seal_check(buf_view(&b), &s, one), ERR_DIGEST);
    for (size_t k = 0; k < sizeof STAFF - 1; k++) { /* another byte: refused, or another root */
        size_t mark = arena_mark(&a);

        text[k] ^= 1;
        if (staff_parse(&a, str_of(text), STR(FORBIDDEN), STR(RULES), &other, &fault) == OK)
            EXPECT_INT(staff_seal_check(buf_view(&b), &other, zero), ERR_DIGEST);
        text[k] ^= 1;
        arena_rewind(&a, mark);
    }
    free(a.base);
}

static void
expect_refused(const char *staff, const char *forbidden, const char *rules, enum err e, enum staff_file file,
               size_t line)
{
    struct arena a = test_arena(16);
    struct staff s;
    struct staff_fault fault = {0};

    EXPECT_INT(staff_parse(&a, str_of(staff), str_of(forbidden), str_of(rules), &s, &fault), e);
    EXPECT_INT(fault.file, file);
    EXPECT_INT(fault.line, line);
    EXPECT(fault.what != NULL);
    free(a.base);
}

TEST(malformed_staff_is_refused_with_its_line)
{
    static const struct {
        const char *line;
        enum err e;
    } bad[] = {{"B\t0\t*\t-\t*\t1\t0\t2026-12-31\t-", ERR_SYNTAX},          /* nine fields */
               {"B\t0\t*\t-\t*\t1\t0\t2026-12-31\t-\t-\t-", ERR_SYNTAX},    /* eleven */
               {"-B\t0\t*\t-\t*\t1\t0\t2026-12-31\t-\t-", ERR_SYNTAX},      /* pseudonym */
               {"A\t0\t*\t-\t*\t1\t0\t2026-12-31\t-\t-", ERR_ORDER},        /* a duplicate */
               {"B\t64\t*\t-\t*\t1\t0\t2026-12-31\t-\t-", ERR_RANGE},       /* department */
               {"B\t0\t\t-\t*\t1\t0\t2026-12-31\t-\t-", ERR_SYNTAX},        /* empty regions */
               {"B\t0\t41152x\t-\t*\t1\t0\t2026-12-31\t-\t-", ERR_SYNTAX},  /* region */
               {"B\t0\t412,411\t-\t*\t1\t0\t2026-12-31\t-\t-", ERR_SYNTAX}, /* not ascending */
               {"B\t0\t*\ta,a\t*\t1\t0\t2026-12-31\t-\t-", ERR_SYNTAX},     /* a skill twice */
               {"B\t0\t*\t-\ta,\t1\t0\t2026-12-31\t-\t-", ERR_SYNTAX},      /* an empty item */
               {"B\t0\t*\t-\t*\t01\t0\t2026-12-31\t-\t-", ERR_RANGE},       /* cap */
               {"B\t0\t*\t-\t*\t65536\t0\t2026-12-31\t-\t-", ERR_RANGE},
               {"B\t0\t*\t-\t*\t1\t2\t2026-12-31\t-\t-", ERR_SYNTAX}, /* lead */
               {"B\t0\t*\t-\t*\t1\t0\t2026-02-29\t-\t-", ERR_DATE},   /* no such day */
               {"B\t0\t*\t-\t*\t1\t0\t1899-01-01\t-\t-", ERR_DATE},
               {"B\t0\t*\t-\t*\t1\t0\t-\t2026-01-02/2026-01-01\t-", ERR_DATE}, /* backwards */
               {"B\t0\t*\t-\t*\t1\t0\t-\t2026-01-01/2026-01-05,2026-01-05/2026-01-06\t-", ERR_DATE},
               {"B\t0\t*\t-\t*\t1\t0\t-\t2026-01-01\t-", ERR_DATE},
               {"B\t0\t*\t-\t*\t1\t0\t-\t-\t00", ERR_SYNTAX}, /* salt */
               {"B\t0\t*\t-\t*\t1\t0\t-\t-\t-\r", ERR_SYNTAX}};
    char text[512];

    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        snprintf(text, sizeof text, "A\t0\t*\t-\t*\t1\t0\t2026-12-31\t-\t-\n%s\n", bad[k].line);
        expect_refused(text, "", RULES, bad[k].e, STAFF_INSPECTORS, 2);
    }
    expect_refused("A\t0\t*\t-\t*\t1\t0\t2026-12-31\t-\t-", "", RULES, ERR_SYNTAX, STAFF_INSPECTORS,
                   1); /* no LF */
}

TEST(malformed_forbidden_rows_are_refused_with_their_line)
{
    static const struct {
        const char *line;
        enum err e;
    } bad[] = {{"A-1\tP-b\trecusal", ERR_SYNTAX},    {"A-1\tP-b\twhim\t-", ERR_SYNTAX},
               {"A-1\tP b\trecusal\t-", ERR_SYNTAX}, {"A-1\tP-a\tlast\t-", ERR_ORDER},
               {"A-1\tP-a\tlast\tzz", ERR_SYNTAX},   {"A-9\tP-a\tlast\t-", ERR_NOT_FOUND},
               {"A-0\tP-a\tlast\t-", ERR_ORDER},     {"A-1\t\tlast\t-", ERR_SYNTAX}};
    char text[512];

    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        snprintf(text, sizeof text, "A-1\tP-a\tlast\t-\n%s\n", bad[k].line);
        expect_refused(STAFF, text, RULES, bad[k].e, STAFF_FORBIDDEN, 2);
    }
}

TEST(malformed_rules_are_refused_with_their_line)
{
#define HEAD "mingqian-rules/v1\nslack 1\nteam 2\nrotation on\n"
    static const struct {
        const char *text;
        enum err e;
        size_t line;
    } bad[] = {{"", ERR_SYNTAX, 0},
               {"mingqian-rules/v2\n", ERR_SYNTAX, 1},
               {"mingqian-rules/v1\nslack 65\n", ERR_RANGE, 2},
               {"mingqian-rules/v1\nslack -2\n", ERR_RANGE, 2},
               {"mingqian-rules/v1\nslack -1\nteam 0\n", ERR_RANGE, 3},
               {"mingqian-rules/v1\nslack -1\nteam 2\nrotation yes\n", ERR_SYNTAX, 4},
               {HEAD, ERR_SYNTAX, 4},
               {HEAD "week 2 2026-03-02 2026-03-06\n", ERR_ORDER, 5},
               {HEAD "week 1 2026-03-06 2026-03-02\n", ERR_DATE, 5},
               {HEAD "week 1 2026-03-02 2026-03-06\n", ERR_SYNTAX, 5}, /* no places */
               {HEAD "week 1 2026-03-02 2026-03-06\nplaces 0 * 65 * -\n", ERR_SYNTAX, 6},
               {HEAD "week 1 2026-03-02 2026-03-06\nplaces 0 !x 1 * -\n", ERR_SYNTAX, 6},
               {HEAD "week 1 2026-03-02 2026-03-06\nplaces 0 * 1 x -\n", ERR_SYNTAX, 6},
               {HEAD "week 1 2026-03-02 2026-03-06\nplaces 0 * 1 *  -\n", ERR_SYNTAX, 6},
               {HEAD "week 1 2026-03-02 2026-03-06\nplaces 0 * 1 * -\nplaces 0 * 1 * -\n", ERR_ORDER, 7},
               {HEAD "week 1 2026-03-02 2026-03-06\nplaces 0 * 1 * -\nitems 0 a\n", ERR_ORDER, 7},
               {HEAD "week 1 2026-03-02 2026-03-06\nitems 0 a\nitems 0 a\n", ERR_ORDER, 7},
               {HEAD "week 1 2026-03-02 2026-03-06\nfoo 1\n", ERR_SYNTAX, 6},
               {HEAD "week 1 2026-03-02 2026-03-06\n\n", ERR_SYNTAX, 6},
               {HEAD "week 1 2026-03-02 2026-03-06\r\n", ERR_DATE, 5}};
#undef HEAD
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        expect_refused(STAFF, "", bad[k].text, bad[k].e, STAFF_RULES, bad[k].line);
}

/* owners.txt of these documents for the two shops. */
static struct str
owners(struct arena *a, const char *staff, const char *forbidden, struct staff *s, struct staff_derived *d,
       struct match_result *r)
{
    static const unsigned char key[32] = {7};
    struct match_options o = {.reserves = true};
    unsigned char digest[HASH_LEN];
    struct buf seal = buf_over(arena_alloc(a, 512), 512), b;
    size_t bad;

    *s = read_staff(a, staff, forbidden, RULES);
    staff_seal_write(&seal, s, key);
    hash_of(HASH_SHA256, seal.p, seal.n, digest);
    match_seed(key, digest, o.seed);
    o.slack = s->rules.slack;
    EXPECT_INT(staff_derive(a, s, two_shops, 2, NULL, d, &bad), OK);
    EXPECT_INT(match_solve(a, &d->instance, &o, r), OK);
    b = buf_over(arena_alloc(a, staff_owners_bytes(d, r)), staff_owners_bytes(d, r));
    staff_owners_write(&b, s, two_shops, d, r, digest, o.seed);
    EXPECT(!b.overflow);
    buf_add(&b, "", 1);
    return buf_view(&b);
}

TEST(owners_name_team_lead_and_every_other_candidate_as_reserve)
{
    struct arena a = test_arena(32);
    struct staff s;
    struct staff_derived d;
    struct match_result r;
    struct str text = owners(&a, STAFF, FORBIDDEN, &s, &d, &r), line;

    EXPECT(r.feasible && str_starts(text, STR("mingqian-owners/v1\nstaff-digest ")));
    EXPECT(strstr(text.p, "\nslack 1\ngroups 4\nresult assigned\ngroup P-shop-2 0 ") != NULL);
    for (int k = 0; k < 6; k++)
        EXPECT(str_split(text, '\n', &line, &text));
    for (uint32_t g = 0; g < 4; g++) { /* who is not in the team is a reserve: candidates 2 at each group */
        EXPECT(str_split(text, '\n', &line, &text));
        EXPECT_INT(r.reserve_first[g + 1] - r.reserve_first[g], 1);
        EXPECT(r.lead[g] == MATCH_NONE || r.lead[g] == r.team[r.team_first[g]]);
        EXPECT((r.lead[g] == MATCH_NONE) == !d.instance.lead[r.team[r.team_first[g]]]);
    }
    EXPECT_INT(text.n, 1); /* the NUL of the test */
    free(a.base);
}

/* Only can come for shop 2, and both are kept away. */
#define KEPT_AWAY "A-1\tP-shop-2\trecusal\t-\nA-2\tP-shop-2\tlast\t-\nA-3\tP-shop-2\tlast\t-\n"

TEST(an_impossible_matching_publishes_its_cut_and_the_remedies_that_help)
{
    struct arena a = test_arena(64);
    struct staff s;
    struct staff_derived d;
    struct match_result r;
    struct str text = owners(&a, STAFF, KEPT_AWAY, &s, &d, &r);
    struct staff_remedy remedy[STAFF_REMEDY_MAX];
    size_t count;

    EXPECT(!r.feasible);
    EXPECT(strstr(text.p, "\nresult infeasible\ncut 1 0\nshort P-shop-2 0 1 0\n") != NULL);
    EXPECT(strstr(text.p, "full") == NULL);
    EXPECT_INT(staff_remedies(&a, &s, two_shops, 2, &d, &r, remedy, &count), OK);
    EXPECT_INT(count, 5);
    EXPECT(remedy[0].kind == STAFF_RAISE_CAPS && !remedy[0].resolves);
    EXPECT(remedy[1].kind == STAFF_LIFT_ROTATION && remedy[1].resolves);
    EXPECT(str_eq(remedy[2].region, STR("4115")) && !remedy[2].resolves);
    EXPECT(str_eq(remedy[3].region, STR("411525")) && !remedy[3].resolves);
    EXPECT(str_eq(remedy[4].region, STR("411526")) &&
           remedy[4].resolves); /* A-5 comes from the next county */
    free(a.base);
}

TEST(raising_the_caps_of_the_cut_resolves_a_cut_made_of_caps)
{
    struct arena a = test_arena(64);
    struct staff s =
        read_staff(&a, "A\t0\t*\t-\t*\t1\t0\t2026-12-31\t-\t-\nB\t0\t*\t-\t*\t1\t0\t2026-12-31\t-\t-\n", "",
                   "mingqian-rules/v1\nslack 1\nteam 2\nrotation on\nweek 1 2026-03-02 2026-03-06\n"
                   "places 0 * 2 * -\n");
    const struct staff_target t[] = {{STR("P-a"), STR("s"), 1, 1}, {STR("P-b"), STR("s"), 1, 1}};
    struct match_options o = {.slack = 1, .reserves = true};
    struct staff_derived d;
    struct match_result r;
    struct staff_remedy remedy[STAFF_REMEDY_MAX];
    size_t count, bad;

    EXPECT_INT(staff_derive(&a, &s, t, 2, NULL, &d, &bad), OK);
    EXPECT_INT(match_solve(&a, &d.instance, &o, &r), OK);
    EXPECT(!r.feasible && r.cut_count == 1 && r.cuts[0].need == 4 && r.cuts[0].capacity == 2);
    EXPECT_INT(staff_remedies(&a, &s, t, 2, &d, &r, remedy, &count), OK);
    EXPECT(count == 2 && remedy[0].resolves && !remedy[1].resolves);
    free(a.base);
}

/* Shop b has nobody; the next county's inspectors could come, but shop a needs all their places. */
TEST(a_remedy_that_helps_the_cut_alone_but_not_the_whole_does_not_resolve)
{
    struct arena a = test_arena(64);
    struct staff s = read_staff(&a, "A\t0\t411525\t-\t*\t1\t0\t2026-12-31\t-\t-\n", "",
                                "mingqian-rules/v1\nslack 1\nteam 1\nrotation on\nweek 1 2026-03-02 2026-03-06\n"
                                "places 0 far 1 411526 -\nplaces 0 near 1 411525 -\n");
    const struct staff_target t[] = {{STR("P-a"), STR("near"), 1, 1}, {STR("P-b"), STR("far"), 1, 1}};
    struct match_options o = {.slack = 1, .reserves = true};
    struct staff_derived d;
    struct match_result r;
    struct staff_remedy remedy[STAFF_REMEDY_MAX];
    size_t count, bad;

    EXPECT_INT(staff_derive(&a, &s, t, 2, NULL, &d, &bad), OK);
    EXPECT_INT(match_solve(&a, &d.instance, &o, &r), OK);
    EXPECT(!r.feasible && r.cut_count == 1);
    EXPECT_INT(staff_remedies(&a, &s, t, 2, &d, &r, remedy, &count), OK);
    EXPECT_INT(count, 3);
    EXPECT(str_eq(remedy[2].region, STR("411525")) && !remedy[2].resolves && !remedy[2].unsure);
    EXPECT_INT(staff_derive(&a, &s, t + 1, 1, NULL, &d, &bad), OK); /* alone it helps */
    EXPECT_INT(match_solve(&a, &d.instance, &o, &r), OK);
    EXPECT_INT(staff_remedies(&a, &s, t + 1, 1, &d, &r, remedy, &count), OK);
    EXPECT(count == 3 && remedy[2].resolves);
    free(a.base);
}

/* --- whole registries whose owners.txt comes from the independent implementation
 * ---------------------------- */

enum { FIXED_TARGETS_MAX = 64 };

/* The stratum of an id in roster.tsv. */
static struct str
stratum_of(struct str roster, struct str id)
{
    struct str line, who, rest, stratum = {NULL, 0};

    while (str_split(roster, '\n', &line, &roster))
        if (str_split(line, '\t', &who, &rest) && str_eq(who, id))
            (void) str_split(rest, '\t', &stratum, &rest);
    EXPECT(stratum.p != NULL);
    return stratum;
}

/* The target lines of result.txt: "target ID MASK BATCH", mask in hexadecimal (below 8 in these vectors). */
static size_t
drawn_targets(struct str result, struct str roster, struct staff_target *t)
{
    struct str line, word, id, mask;
    size_t n = 0;
    uint64_t batch;

    while (str_split(result, '\n', &line, &result)) {
        if (!str_starts(line, STR("target ")))
            continue;
        EXPECT(n < FIXED_TARGETS_MAX && str_split(line, ' ', &word, &line) &&
               str_split(line, ' ', &id, &line));
        EXPECT(str_split(line, ' ', &mask, &line) && mask.n == 1 && mask.p[0] > '0' && mask.p[0] < '8');
        EXPECT_INT(str_u64(line, 1000, &batch), OK);
        t[n++] =
            (struct staff_target){id, stratum_of(roster, id), (uint64_t) (mask.p[0] - '0'), (uint32_t) batch};
    }
    return n;
}

/* hex after "word " at the beginning of a line. */
static void
digest_line(struct str text, struct str word, unsigned char out[static HASH_LEN])
{
    struct str line;
    bool found = false;

    while (str_split(text, '\n', &line, &text))
        if (str_starts(line, word)) {
            EXPECT_INT(hex_decode((struct str){line.p + word.n, line.n - word.n}, out, HASH_LEN), OK);
            found = true;
        }
    EXPECT(found);
}

static void
expect_owners(struct arena *a, const char *folder)
{
    struct str owners = test_file(a, folder, "owners.txt"), seal = test_file(a, folder, "staff.txt");
    struct str result = test_file(a, folder, "result.txt"), roster = test_file(a, folder, "roster.tsv");
    struct staff s = read_staff(a, test_file(a, folder, "staff.tsv").p,
                                test_file(a, folder, "forbidden.tsv").p, test_file(a, folder, "rules.txt").p);
    struct staff_target t[FIXED_TARGETS_MAX];
    size_t count = drawn_targets(result, roster, t), bad;
    struct match_options o = {.slack = s.rules.slack, .reserves = true};
    unsigned char draw_digest[HASH_LEN], digest[HASH_LEN];
    struct staff_derived d;
    struct match_result r;
    struct buf b;

    digest_line(result, STR("draw-digest "), draw_digest);
    EXPECT_INT(staff_seal_check(seal, &s, draw_digest), OK);
    hash_of(HASH_SHA256, seal.p, seal.n, digest);
    digest_line(owners, STR("match-seed "), o.seed);
    EXPECT_INT(staff_derive(a, &s, t, count, NULL, &d, &bad), OK);
    EXPECT_INT(match_solve(a, &d.instance, &o, &r), OK);
    b = buf_over(arena_alloc(a, staff_owners_bytes(&d, &r)), staff_owners_bytes(&d, &r));
    staff_owners_write(&b, &s, t, &d, &r, digest, o.seed);
    EXPECT(!b.overflow);
    EXPECT_INT(b.n, owners.n);
    EXPECT_BYTES(b.p, owners.p, owners.n);
}

TEST(frozen_registries_give_the_owners_that_the_independent_implementation_gives)
{
    struct arena a = test_arena(96);
    char folder[64];

    for (int k = 1; k <= 7; k++) {
        arena_reset(&a);
        snprintf(folder, sizeof folder, "vectors/match/staff%d", k);
        expect_owners(&a, folder);
    }
    free(a.base);
}

/* --- whole registries behind a draw, computed by the independent implementation --- */

/* The drawn targets in visiting order, with their strata. */
static struct staff_target *
targets_of(struct arena *a, const struct draw_run *run)
{
    struct staff_target *t = arena_array(a, run->target_count, sizeof *t);

    EXPECT(t != NULL);
    for (size_t k = 0; k < run->target_count; k++) {
        struct roster_row row = roster_at(&run->roster, run->targets[k].row);

        t[k] = (struct staff_target){row.id, row.stratum, run->targets[k].mask, run->targets[k].batch};
    }
    return t;
}

static void
check_registry(struct arena *a, const char *folder)
{
    struct str seal = test_file(a, folder, "staff.txt"), expected = test_file(a, folder, "owners.txt");
    struct draw_env env = draw_env_serial();
    struct draw_files files;
    struct draw_run run;
    struct fault draw_fault;
    struct staff s;
    struct staff_fault fault;
    struct staff_target *targets;
    struct staff_derived d;
    struct match_options o = {.reserves = true};
    struct match_result r;
    unsigned char key[HASH_LEN], digest[HASH_LEN];
    struct buf b;
    size_t bad;

    for (int f = 0; f < DRAW_FILE_COUNT; f++)
        files.file[f] = test_file(a, folder, draw_file_name((enum draw_file) f));
    EXPECT_INT(draw_run(&files, &env, a, &run, &draw_fault), OK);
    EXPECT_INT(staff_parse(a, test_file(a, folder, "staff.tsv"), test_file(a, folder, "forbidden.tsv"),
                           test_file(a, folder, "rules.txt"), &s, &fault),
               OK);
    EXPECT_INT(staff_seal_check(seal, &s, run.spec.digest), OK);
    targets = targets_of(a, &run);
    EXPECT_INT(staff_derive(a, &s, targets, run.target_count, NULL, &d, &bad), OK);
    draw_subkey(run.spec.suite, "inspector", run.seed, key);
    hash_of(HASH_SHA256, seal.p, seal.n, digest);
    match_seed(key, digest, o.seed);
    o.slack = s.rules.slack;
    EXPECT_INT(match_solve(a, &d.instance, &o, &r), OK);
    b = buf_over(arena_alloc(a, staff_owners_bytes(&d, &r)), staff_owners_bytes(&d, &r));
    staff_owners_write(&b, &s, targets, &d, &r, digest, o.seed);
    EXPECT(!b.overflow);
    EXPECT(str_eq(buf_view(&b), expected));
}

TEST(whole_registries_give_the_owners_of_the_independent_implementation)
{
    struct arena a = test_arena(128);
    char folder[64];

    for (int k = 1; k <= 7; k++) {
        arena_reset(&a);
        snprintf(folder, sizeof folder, "vectors/match/staff%d", k);
        check_registry(&a, folder);
    }
    free(a.base);
}

TEST_MAIN(T(whole_registries_give_the_owners_of_the_independent_implementation),
          T(the_instance_follows_from_the_frozen_documents),
          T(a_certificate_must_hold_to_the_last_day_of_the_week),
          T(leave_that_leaves_one_day_of_the_week_does_not_exclude),
          T(an_inspector_outside_his_item_range_is_excluded_and_the_first_reason_counts),
          T(recusal_counts_before_last_time_and_rotation_can_be_off),
          T(a_stratum_line_goes_before_the_star_and_a_region_can_come_from_the_id),
          T(nothing_drawn_gives_an_empty_instance),
          T(a_derivation_is_refused_when_the_rules_do_not_cover_the_target),
          T(documents_that_are_written_are_read_again_to_the_same_bytes),
          T(the_seal_binds_every_byte_of_the_documents), T(malformed_staff_is_refused_with_its_line),
          T(malformed_forbidden_rows_are_refused_with_their_line),
          T(malformed_rules_are_refused_with_their_line),
          T(owners_name_team_lead_and_every_other_candidate_as_reserve),
          T(an_impossible_matching_publishes_its_cut_and_the_remedies_that_help),
          T(raising_the_caps_of_the_cut_resolves_a_cut_made_of_caps),
          T(a_remedy_that_helps_the_cut_alone_but_not_the_whole_does_not_resolve),
          T(frozen_registries_give_the_owners_that_the_independent_implementation_gives))
