/* core/draw_verify_test.c - goal: no altered byte of any published file goes unseen, and the right place is
 * named */
#include "core/draw_fixture.h"

static const char *const NAMES[] = {"TV1", "TV3", "TV5"};

static struct draw_report *
verified(struct fixture *x, const struct draw_files *files, uint64_t budget)
{
    struct draw_env env = draw_env_serial();
    struct draw_report *r = arena_alloc(&x->arena, sizeof *r);

    env.locate_budget = budget;
    EXPECT(r != NULL);
    EXPECT_INT(draw_verify(files, &env, &x->arena, r), OK);
    return r;
}

static const struct fault *
first_fault(const struct draw_report *r)
{
    for (size_t i = 0; i < r->step_count; i++)
        if (r->step[i].state == DRAW_FAIL)
            return &r->step[i].fault;
    return NULL;
}

/* The file with byte `at` changed, in memory of its own. */
static struct str
altered(struct fixture *x, struct str file, size_t at, char c)
{
    struct str copy = str_copy(&x->arena, file);

    EXPECT(copy.p != NULL);
    ((char *) (uintptr_t) copy.p)[at] = c;
    return copy;
}

TEST(the_vectors_pass_every_step)
{
    struct fixture x = fixture_start();

    for (size_t v = 0; v < 3; v++) {
        struct draw_files files = fixture_vector(&x, NAMES[v]);
        const struct draw_report *r = verified(&x, &files, 0);

        EXPECT(r->ok && r->ran && first_fault(r) == NULL);
        for (size_t i = 0; i < r->step_count; i++)
            EXPECT(r->step[i].state == DRAW_PASS);
    }
    fixture_end(&x);
}

/* Bytes that are put in place of one: the next one, a flipped bit, a control character, a high bit. */
static char
other_byte(char c, unsigned how)
{
    static const char DIGITS[] = "0123456789abcdef";
    const char *p = how == 0 ? strchr(DIGITS, c) : NULL;

    if (p != NULL && c != 0)
        return DIGITS[(size_t) (p - DIGITS + 1) % 16];
    return (char) (how == 1 ? c ^ 1 : how == 2 ? c ^ 0x20 : how == 3 ? c ^ 0x80 : c + 1);
}

TEST(any_single_altered_byte_of_any_file_is_detected)
{
    struct fixture x = fixture_start();

    for (size_t v = 0; v < 3; v++) {
        struct draw_files files = fixture_vector(&x, NAMES[v]);

        for (int f = 0; f < DRAW_FILE_COUNT; f++)
            for (size_t i = 0; i < files.file[f].n; i++)
                for (unsigned how = 0; how < 4; how++) {
                    size_t mark = arena_mark(&x.arena);
                    struct draw_files bad = files;

                    bad.file[f] = altered(&x, files.file[f], i, other_byte(files.file[f].p[i], how));
                    EXPECT(!verified(&x, &bad, 0)->ok);
                    arena_rewind(&x.arena, mark);
                }
    }
    fixture_end(&x);
}

TEST(an_altered_byte_is_named_with_file_line_and_offset)
{
    struct fixture x = fixture_start();
    struct draw_files files = fixture_vector(&x, "TV1");

    for (int f = 0; f < DRAW_FILE_COUNT; f++)
        for (size_t i = 5; i < files.file[f].n; i += 29) {
            size_t mark = arena_mark(&x.arena);
            struct draw_files bad = files;
            const struct fault *fault;
            uint64_t line = 1;

            bad.file[f] = altered(&x, files.file[f], i, other_byte(files.file[f].p[i], 0));
            for (size_t k = 0; k < i; k++)
                line += bad.file[f].p[k] == '\n';
            fault = first_fault(verified(&x, &bad, 4000000));
            EXPECT(fault != NULL);
            EXPECT_INT(fault->file, f);
            EXPECT_INT(fault->line, line);
            arena_rewind(&x.arena, mark);
        }
    fixture_end(&x);
}

/* Exactly this byte must be named. */
static void
expect_named(struct fixture *x, const char *name, enum draw_file file, size_t at, char c)
{
    struct draw_files files = fixture_vector(x, name);
    const struct fault *fault;

    files.file[file] = altered(x, files.file[file], at, c);
    fault = first_fault(verified(x, &files, 8000000));
    EXPECT(fault != NULL);
    EXPECT_INT(fault->file, file);
    EXPECT_INT(fault->byte, at);
}

static size_t
offset_of(struct str text, const char *needle)
{
    const char *p = memmem(text.p, text.n, needle, strlen(needle));

    EXPECT(p != NULL);
    return (size_t) (p - text.p);
}

TEST(what_no_format_shows_is_found_by_searching)
{
    struct fixture x = fixture_start();
    struct draw_files f = fixture_vector(&x, "TV3");

    /* a secret, a beacon value, a stratum, a weight, a root, a quota */
    expect_named(&x, "TV3", DRAW_REVEAL, offset_of(f.file[DRAW_REVEAL], "c0f61b57") + 3, '7');
    expect_named(&x, "TV3", DRAW_REVEAL, offset_of(f.file[DRAW_REVEAL], "28,34+02") + 1, '9');
    expect_named(&x, "TV3", DRAW_ROSTER, offset_of(f.file[DRAW_ROSTER], "X\t2\t3"), 'Y');
    expect_named(&x, "TV3", DRAW_ROSTER, offset_of(f.file[DRAW_ROSTER], "\t5\t3") + 1, '4');
    expect_named(&x, "TV3", DRAW_DRAW, offset_of(f.file[DRAW_DRAW], "b005a47e") + 2, '1');
    expect_named(&x, "TV3", DRAW_DRAW, offset_of(f.file[DRAW_DRAW], "quota 1 X 6") + 10, '5');
    expect_named(&x, "TV3", DRAW_LOCK, offset_of(f.file[DRAW_LOCK], "01cff589") + 7, 'a');
    expect_named(&x, "TV3", DRAW_RESULT, offset_of(f.file[DRAW_RESULT], "7a5c5ec6"), '8');
    expect_named(&x, "TV3", DRAW_RESULT, offset_of(f.file[DRAW_RESULT], "target 9141") + 30, '0');
    fixture_end(&x);
}

TEST(swapped_rows_missing_files_and_longer_files_are_detected)
{
    struct fixture x = fixture_start();
    struct draw_files files = fixture_vector(&x, "TV1"), bad;

    for (size_t i = 0; i + 2 * 27 <= files.file[DRAW_ROSTER].n; i += 27) {
        char *p;

        bad = files;
        bad.file[DRAW_ROSTER] = str_copy(&x.arena, files.file[DRAW_ROSTER]);
        p = (char *) (uintptr_t) bad.file[DRAW_ROSTER].p;
        memcpy(p + i, files.file[DRAW_ROSTER].p + i + 27, 27);
        memcpy(p + i + 27, files.file[DRAW_ROSTER].p + i, 27);
        EXPECT_INT(first_fault(verified(&x, &bad, 0))->err, ERR_ORDER);
    }
    for (int f = 0; f < DRAW_FILE_COUNT; f++) {
        bad = files;
        bad.file[f] = (struct str){NULL, 0};
        EXPECT_INT(first_fault(verified(&x, &bad, 0))->err, ERR_MISSING);
        for (size_t n = 0; n < files.file[f].n; n++) {
            size_t mark = arena_mark(&x.arena);

            bad.file[f] = (struct str){files.file[f].p, n};
            EXPECT(!verified(&x, &bad, 0)->ok);
            arena_rewind(&x.arena, mark);
        }
        for (size_t k = 0; k < 3; k++) {
            char *longer = arena_alloc(&x.arena, files.file[f].n + 1);

            memcpy(longer, files.file[f].p, files.file[f].n);
            longer[files.file[f].n] = " \n0"[k];
            bad.file[f] = (struct str){longer, files.file[f].n + 1};
            EXPECT(!verified(&x, &bad, 0)->ok);
        }
    }
    fixture_end(&x);
}

TEST(files_of_two_draws_do_not_mix)
{
    struct fixture x = fixture_start();

    for (size_t v = 0; v < 3; v++)
        for (int f = 0; f < DRAW_FILE_COUNT; f++) {
            struct draw_files files = fixture_vector(&x, NAMES[v]),
                              other = fixture_vector(&x, NAMES[(v + 1) % 3]);

            files.file[f] = other.file[f];
            EXPECT(!verified(&x, &files, 0)->ok);
        }
    fixture_end(&x);
}

TEST(reveals_in_other_layouts_recompute_but_do_not_verify)
{
    static const char LINE[] =
        "{\"secrets\": {\"scjgj\": "
        "\"c0f61b57642d9cd4d1b850ce8ac9e41fb606de70d8c2a7f3f1e231c72af33028\", \"sthjj\": "
        "\"2724de91e05921a4e3285edf21b9f524715ae8cf7623f053d51e65cd75c3135b\"}, \"beacons\": "
        "[[\"drand-quicknet\", "
        "\"fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587\"]]}";
    struct fixture x = fixture_start();
    struct draw_files files = fixture_vector(&x, "TV1");
    struct draw_env env = draw_env_serial();
    struct str result;
    struct fault f;

    files.file[DRAW_REVEAL] = str_of(LINE);
    EXPECT(verified(&x, &files, 0)->ok);
    files.file[DRAW_REVEAL] = altered(&x, str_of(LINE), 11, '\t'); /* the blank after "secrets": */
    EXPECT(draw_recompute(&files, &env, &x.arena, &result, &f) == OK);
    EXPECT(str_eq(result, files.file[DRAW_RESULT]));
    EXPECT_INT(first_fault(verified(&x, &files, 0))->file, DRAW_REVEAL);
    fixture_end(&x);
}

TEST(every_row_is_explained_with_a_proof_that_holds)
{
    struct fixture x = fixture_start();

    for (size_t v = 0; v < 3; v++) {
        struct draw_files files = fixture_vector(&x, NAMES[v]);
        const struct draw_run *run = &verified(&x, &files, 0)->run;
        size_t selected = 0;

        for (uint64_t i = 0; i < run->roster.count; i++) {
            struct str line = roster_line(&run->roster, i);
            unsigned char leaf[HASH_LEN];
            struct draw_reason why;

            EXPECT(draw_explain(run, &x.arena, roster_id(&run->roster, i), &why) == OK);
            EXPECT_INT(why.row_number, i);
            merkle_leaf(run->spec.suite, line.p, line.n, leaf);
            EXPECT(merkle_check_inclusion(run->spec.suite, i, run->roster.count, leaf, &why.proof,
                                          run->spec.roster_root) == OK);
            selected += why.selected;
        }
        EXPECT_INT(selected, run->target_count);
    }
    fixture_end(&x);
}

TEST(probabilities_are_exact_fractions)
{
    struct fixture x = fixture_start();
    struct draw_files files = fixture_vector(&x, "TV1");
    const struct draw_run *run = &verified(&x, &files, 0)->run;
    struct draw_reason why;

    EXPECT(draw_explain(run, &x.arena, STR("91411500000000000Q"), &why) == OK);
    EXPECT(why.quota_count == 1 && why.quotas[0].numerator == 3 && why.quotas[0].denominator == 8);
    EXPECT(why.quotas[0].status == DRAW_SELECTED && !why.quotas[0].certain && why.position == 2 &&
           why.batch == 1);
    EXPECT(draw_explain(run, &x.arena, STR("91411500002YN7X017"), &why) == OK);
    EXPECT(why.quotas[0].status == DRAW_RESERVE && why.quotas[0].rank == 1 && why.position == 0);
    EXPECT(draw_explain(run, &x.arena, STR("91411500002YN7X018"), &why) == ERR_NOT_FOUND);

    files = fixture_vector(&x, "TV3");
    run = &verified(&x, &files, 0)->run;
    EXPECT(draw_explain(run, &x.arena, STR("914115000AG07UY3GQ"), &why) ==
           OK); /* weight 40 of 190, six places */
    EXPECT(why.quotas[0].certain && why.quotas[0].numerator == why.quotas[0].denominator);
    EXPECT(!why.quotas[2].certain && why.quotas[2].numerator == 4 * 40);
    EXPECT(draw_explain(run, &x.arena, STR("914115001H7DXYPG4W"), &why) == OK);
    EXPECT(why.row.excluded && why.quota_count == 0 && !why.selected);
    fixture_end(&x);
}

TEST_MAIN(T(the_vectors_pass_every_step), T(any_single_altered_byte_of_any_file_is_detected),
          T(an_altered_byte_is_named_with_file_line_and_offset),
          T(what_no_format_shows_is_found_by_searching),
          T(swapped_rows_missing_files_and_longer_files_are_detected), T(files_of_two_draws_do_not_mix),
          T(reveals_in_other_layouts_recompute_but_do_not_verify),
          T(every_row_is_explained_with_a_proof_that_holds), T(probabilities_are_exact_fractions))
