/* core/person_test.c - identity numbers with their check digit, telephone numbers, masks. The numbers stand for nobody. */
#include "core/person.h"

#include "base/test.h"

static enum err
id(const char *text)
{
    char out[PERSON_ID_LEN + 1] = "untouched";
    enum err e = person_id_parse(str_of(text), out);

    if (e != OK)
        EXPECT_STR(out, "untouched");
    return e;
}

TEST(the_example_of_the_standard_is_accepted_and_a_small_x_becomes_a_capital)
{
    char out[PERSON_ID_LEN + 1];

    EXPECT(id("11010519491231002X") == OK); /* the example of GB 11643-1999 */
    EXPECT(id("440524188001010014") == ERR_DATE); /* the other one, born before 1900 */
    EXPECT(person_id_parse(STR("11010519491231002x"), out) == OK);
    EXPECT_STR(out, "11010519491231002X");
}

TEST(any_single_wrong_digit_of_an_identity_number_is_refused)
{
    for (size_t i = 0; i < PERSON_ID_LEN; i++)
        for (char digit = '0'; digit <= '9'; digit++) {
            char s[] = "11010519491231002X";

            if (s[i] == digit)
                continue;
            s[i] = digit;
            EXPECT(id(s) != OK);
        }
}

TEST(what_is_no_identity_number_is_refused_with_its_reason)
{
    EXPECT(id("") == ERR_LENGTH && id("1101051949123100") == ERR_LENGTH);
    EXPECT(id("1101051949123100X2") == ERR_CHARSET && id("11010519491231002Y") == ERR_CHARSET);
    EXPECT(id("110105194902300026") == ERR_DATE && id("110105194913310020") == ERR_DATE);
    EXPECT(id("110105194912310021") == ERR_CHECK);
}

static enum err
phone(const char *text, const char *expected)
{
    char out[PERSON_PHONE_MAX + 1] = "untouched";
    enum err e = person_phone_parse(str_of(text), out);

    EXPECT_STR(out, e == OK ? expected : "untouched");
    return e;
}

TEST(telephone_numbers_are_read_without_blanks_hyphens_and_the_code_of_the_country)
{
    EXPECT(phone("13800001234", "13800001234") == OK && phone("+86 138-0000-1234", "13800001234") == OK);
    EXPECT(phone("0376-6201234", "03766201234") == OK && phone("010 82691234", "01082691234") == OK);
}

TEST(what_is_no_telephone_number_is_refused)
{
    EXPECT(phone("12800001234", "") == ERR_INPUT && phone("23800001234", "") == ERR_INPUT);
    EXPECT(phone("1380000123", "") == ERR_INPUT && phone("138000012345", "") == ERR_INPUT);
    EXPECT(phone("", "") == ERR_LENGTH && phone("123456", "") == ERR_LENGTH);
    EXPECT(phone("138000o1234", "") == ERR_CHARSET && phone("138+0001234", "") == ERR_CHARSET);
    EXPECT(phone("1380000123413800001234", "") == ERR_LENGTH);
}

TEST(a_mask_shows_the_ends_only)
{
    char out[PERSON_MASK_BYTES];

    person_phone_mask(STR("13800001234"), out);
    EXPECT_STR(out, "138****1234");
    person_phone_mask(STR("03766201234"), out);
    EXPECT_STR(out, "0376****234");
    person_phone_mask(STR("1"), out);
    EXPECT_STR(out, "");
    person_id_mask(STR("11010519491231002X"), out);
    EXPECT_STR(out, "1101**********002X");
}

TEST_MAIN(T(the_example_of_the_standard_is_accepted_and_a_small_x_becomes_a_capital),
          T(any_single_wrong_digit_of_an_identity_number_is_refused),
          T(what_is_no_identity_number_is_refused_with_its_reason),
          T(telephone_numbers_are_read_without_blanks_hyphens_and_the_code_of_the_country),
          T(what_is_no_telephone_number_is_refused), T(a_mask_shows_the_ends_only))
