/* core/uscc_test.c - unified social credit codes and draw ids */
#include "base/test.h"

#include <stdio.h>

#include "core/uscc.h"

static const char TRUE_CODE[] = "91350100M000100Y43";

TEST(uscc_accepts_codes_known_to_be_true)
{
    /* Three large companies, and the example of GB 32100. */
    static const char *const CODES[] = {"91110000802100433B", "91440300708461136T", "91330100799655058B",
                                        "91350100M000100Y43"};

    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++) {
        struct uscc u;

        EXPECT(uscc_parse(CODES[i], strlen(CODES[i]), &u) == OK);
        EXPECT_STR(u.text, CODES[i]);
        EXPECT(u.organisation_ok);
    }
}

TEST(uscc_is_read_in_lower_case_and_stored_in_upper_case)
{
    struct uscc u;

    EXPECT(uscc_parse("91350100m000100y43", 18, &u) == OK);
    EXPECT_STR(u.text, TRUE_CODE);
}

TEST(uscc_refuses_any_single_wrong_symbol)
{
    static const char SYMBOLS[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    for (size_t i = 0; i < USCC_LEN; i++)
        for (size_t k = 0; k < 31; k++) {
            char s[sizeof TRUE_CODE];
            struct uscc u = {.text = "untouched"};

            memcpy(s, TRUE_CODE, sizeof s);
            if (s[i] == SYMBOLS[k])
                continue;
            s[i] = SYMBOLS[k];
            EXPECT(uscc_parse(s, 18, &u) == ERR_CHECK);
            EXPECT_STR(u.text, "untouched");
        }
}

TEST(uscc_refuses_two_neighbours_swapped)
{
    for (size_t i = 0; i + 1 < USCC_LEN; i++) {
        char s[sizeof TRUE_CODE];
        struct uscc u;

        memcpy(s, TRUE_CODE, sizeof s);
        if (s[i] == s[i + 1])
            continue;
        s[i] = TRUE_CODE[i + 1];
        s[i + 1] = TRUE_CODE[i];
        EXPECT(uscc_parse(s, 18, &u) == ERR_CHECK);
    }
}

TEST(uscc_refuses_every_byte_outside_the_31_symbols)
{
    for (int c = 0; c < 256; c++) {
        char s[sizeof TRUE_CODE];
        struct uscc u;
        bool symbol = (c >= '0' && c <= '9') ||
                      (strchr("IOSVZiosvz", c) == NULL && ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')));

        memcpy(s, TRUE_CODE, sizeof s);
        s[9] = (char) c;
        EXPECT((uscc_parse(s, 18, &u) == ERR_CHARSET) == !symbol);
    }
}

TEST(uscc_refuses_other_lengths)
{
    struct uscc u;

    EXPECT(uscc_parse(TRUE_CODE, 17, &u) == ERR_LENGTH);
    EXPECT(uscc_parse("91350100M000100Y430", 19, &u) == ERR_LENGTH);
    EXPECT(uscc_parse("", 0, &u) == ERR_LENGTH);
}

TEST(uscc_with_a_wrong_organisation_part_is_accepted_and_marked)
{
    struct uscc u, marked;

    EXPECT(uscc_compose("91", "411525", "00000001", &u) == OK && u.organisation_ok);
    /* Another ninth organisation symbol with a last symbol that fits: issued codes like this exist. */
    for (const char *c = "0123456789X"; *c != 0; c++)
        for (const char *last = "0123456789ABCDEFGHJKLMNPQRTUWXY"; *last != 0; last++) {
            char s[19];

            memcpy(s, u.text, sizeof s);
            s[16] = *c;
            s[17] = *last;
            if (uscc_parse(s, 18, &marked) == OK)
                EXPECT(marked.organisation_ok == (*c == u.text[16]));
        }
}

TEST(uscc_gives_the_region_of_the_registering_authority)
{
    struct uscc u;
    char region[REGION_LEN + 1] = "-";

    EXPECT(uscc_compose("92", "411525", "MA000001", &u) == OK);
    EXPECT(uscc_region(&u, region) == OK);
    EXPECT_STR(region, "411525");
    EXPECT(uscc_compose("91", "41A525", "MA000001", &u) == OK);
    EXPECT(uscc_region(&u, region) == ERR_CHARSET);
    EXPECT_STR(region, "411525");
}

TEST(a_composed_uscc_parses_and_bad_symbols_are_refused)
{
    struct uscc u, v;

    for (unsigned i = 0; i < 2000; i++) {
        char body[9];

        snprintf(body, sizeof body, "MA%06u", i * 397U % 1000000U);
        EXPECT(uscc_compose("91", "411502", body, &u) == OK);
        EXPECT(uscc_parse(u.text, USCC_LEN, &v) == OK && v.organisation_ok);
    }
    EXPECT(uscc_compose("91", "411502", "MAI00001", &u) == ERR_CHARSET);
    EXPECT(uscc_compose("9O", "411502", "MA000001", &u) == ERR_CHARSET);
}

TEST(target_code_accepts_its_three_forms)
{
    struct target_code t;

    EXPECT(target_code_parse(STR("91350100m000100y43"), &t) == OK && t.kind == TARGET_CODE_USCC);
    EXPECT_STR(t.text, TRUE_CODE);
    EXPECT(target_code_parse(STR("R-411525600012345"), &t) == OK && t.kind == TARGET_CODE_REGISTRATION);
    EXPECT(target_code_parse(STR("411525600012345"), &t) == OK && t.kind == TARGET_CODE_REGISTRATION);
    EXPECT_STR(t.text, "R-411525600012345");
    EXPECT(target_code_parse(STR("P-XK2026/7!"), &t) == OK && t.kind == TARGET_CODE_OTHER);
    EXPECT_STR(t.text, "P-XK2026/7!");
}

TEST(target_code_keeps_54_bytes_and_refuses_55)
{
    char s[55];
    struct target_code t;

    memset(s, '~', sizeof s);
    memcpy(s, "P-", 2);
    EXPECT(target_code_parse((struct str){s, 54}, &t) == OK && strlen(t.text) == 54);
    EXPECT(target_code_parse((struct str){s, 55}, &t) == ERR_LENGTH);
}

TEST(target_code_refuses_everything_else)
{
    struct target_code t = {.text = "untouched"};

    EXPECT(target_code_parse(STR(""), &t) == ERR_LENGTH);
    EXPECT(target_code_parse((struct str){NULL, 0}, &t) == ERR_LENGTH);
    EXPECT(target_code_parse(STR("P-"), &t) == ERR_LENGTH);
    EXPECT(target_code_parse(STR("P-a b"), &t) == ERR_CHARSET);
    EXPECT(target_code_parse(STR("P-a\tb"), &t) == ERR_CHARSET);
    EXPECT(target_code_parse(STR("P-\xE4\xBF\xA1"), &t) == ERR_CHARSET);
    EXPECT(target_code_parse(STR("R-41152560001234"), &t) == ERR_LENGTH);
    EXPECT(target_code_parse(STR("R-41152560001234X"), &t) == ERR_CHARSET);
    EXPECT(target_code_parse(STR("r-411525600012345"), &t) == ERR_LENGTH);
    EXPECT(target_code_parse(STR("91350100M000100Y44"), &t) == ERR_CHECK);
    EXPECT(target_code_parse(STR("X-12345"), &t) == ERR_LENGTH);
    EXPECT_STR(t.text, "untouched");
}

/* The real register, read where it lies: never part of this project. */
TEST(uscc_rule_fits_the_real_register)
{
    char path[1024], line[512];
    unsigned rows = 0, refused = 0, marked = 0;
    FILE *f;

    snprintf(path, sizeof path, "%s/../shared/data/xinyang_companies_1978_2019.csv",
             getenv("MQ_SOURCE_DIR") == NULL ? "." : getenv("MQ_SOURCE_DIR"));
    f = fopen(path, "rb");
    if (f == NULL) {
        print_message("skipped: %s is not here\n", path);
        skip();
    }
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        char *code = strchr(line, ',');
        struct uscc u;

        if (code == NULL || rows++ == 0) /* the header */
            continue;
        if (uscc_parse(code + 1, strcspn(code + 1, ","), &u) != OK)
            refused++;
        else
            marked += !u.organisation_ok;
    }
    fclose(f);
    EXPECT_INT(rows - 1, 6779);
    EXPECT_INT(refused, 0);
    EXPECT_INT(marked, 5);
}

TEST_MAIN(T(uscc_accepts_codes_known_to_be_true), T(uscc_is_read_in_lower_case_and_stored_in_upper_case),
          T(uscc_refuses_any_single_wrong_symbol), T(uscc_refuses_two_neighbours_swapped),
          T(uscc_refuses_every_byte_outside_the_31_symbols), T(uscc_refuses_other_lengths),
          T(uscc_with_a_wrong_organisation_part_is_accepted_and_marked),
          T(uscc_gives_the_region_of_the_registering_authority),
          T(a_composed_uscc_parses_and_bad_symbols_are_refused), T(target_code_accepts_its_three_forms),
          T(target_code_keeps_54_bytes_and_refuses_55), T(target_code_refuses_everything_else),
          T(uscc_rule_fits_the_real_register))
