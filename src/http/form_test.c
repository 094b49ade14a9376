/* Forms are read whole or not at all, and only from our own pages. */
#include "base/test.h"
#include "http/form.h"

static unsigned char block[1 << 20];

static enum err
parse(struct str body, struct form *f)
{
    static struct arena a;

    a = arena_over(block, sizeof block);
    return form_parse(&a, body, f);
}

TEST(a_form_gives_its_fields_decoded_and_in_order)
{
    struct form f = {.count = 0};
    size_t place = 0;
    struct str v;

    EXPECT_INT(parse(STR("name=%E4%BF%A1+a&why=one%0D%0Atwo%0Dthree&score=4&score=&score=5&&flag"), &f), OK);
    EXPECT_INT((int) f.count, 6);
    EXPECT(str_eq(form_get(&f, "name"), STR("信 a")));
    EXPECT(str_eq(form_get(&f, "why"), STR("one\ntwo\nthree")));
    EXPECT(form_next(&f, "score", &place, &v) && str_eq(v, STR("4")));
    EXPECT(form_next(&f, "score", &place, &v) && str_eq(v, STR("5")));
    EXPECT(!form_next(&f, "score", &place, &v));
    EXPECT(form_get(&f, "flag").p == NULL && form_get(&f, "absent").p == NULL);
}

TEST(an_empty_form_has_no_fields)
{
    struct form f = {.count = 9};

    EXPECT_INT(parse((struct str){NULL, 0}, &f), OK);
    EXPECT_INT((int) f.count, 0);
}

TEST(a_malformed_form_is_refused_and_changes_nothing)
{
    static const char *const BAD[] = {"a=%zz", "a=%4", "a=%", "a=%00", "a=%1b", "a=%ff%fe", "a=%C0%AE", "a=%7f",
                                      "=b", "a%0a=b", "a=b&%=c", "a=\x01"};

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct form f = {.count = 7};

        EXPECT_INT(parse(str_of(BAD[i]), &f), ERR_SYNTAX);
        EXPECT_INT((int) f.count, 7);
    }
}

TEST(a_form_above_its_limits_is_refused)
{
    static char body[FORM_BYTES_MAX + 2];
    struct form f = {.count = 0};

    memset(body, 'a', sizeof body);
    body[1] = '=';
    EXPECT_INT(parse((struct str){body, FORM_BYTES_MAX + 1}, &f), ERR_TOO_LARGE);
    EXPECT_INT(parse((struct str){body, FORM_BYTES_MAX}, &f), OK);
    body[1] = 'a';
    body[FORM_NAME_BYTES_MAX + 1] = '=';
    EXPECT_INT(parse((struct str){body, FORM_NAME_BYTES_MAX + 3}, &f), ERR_TOO_LARGE);
    for (size_t i = 0; i <= FORM_FIELDS_MAX; i++)
        memcpy(body + 4 * i, "a=1&", 4);
    EXPECT_INT(parse((struct str){body, 4 * FORM_FIELDS_MAX}, &f), OK);
    EXPECT_INT(parse((struct str){body, 4 * (FORM_FIELDS_MAX + 1)}, &f), ERR_TOO_LARGE);
}

TEST(a_form_of_another_site_is_not_ours)
{
    struct str none = {NULL, 0}, base = STR("http://host:8080");

    EXPECT(form_is_ours(STR("same-origin"), none, base) && form_is_ours(STR("none"), none, base));
    EXPECT(!form_is_ours(STR("cross-site"), base, base) && !form_is_ours(STR("same-site"), none, base));
    EXPECT(!form_is_ours(STR(""), none, base));
    EXPECT(form_is_ours(none, none, base) && form_is_ours(none, STR("null"), base) && form_is_ours(none, base, base));
    EXPECT(!form_is_ours(none, STR("http://other"), base) && !form_is_ours(none, STR("http://other"), none));
}

TEST(a_path_takes_a_form_only_where_a_route_says_so)
{
    EXPECT(!http_takes_form(STR("/items/")) && !http_takes_form(STR("/nothing/")) && !http_takes_form(STR("/healthz")));
}

TEST_MAIN(T(a_form_gives_its_fields_decoded_and_in_order), T(an_empty_form_has_no_fields),
          T(a_malformed_form_is_refused_and_changes_nothing), T(a_form_above_its_limits_is_refused),
          T(a_form_of_another_site_is_not_ours), T(a_path_takes_a_form_only_where_a_route_says_so))
