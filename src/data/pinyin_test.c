/* Names are found by the first letters of their characters. */
#include "base/test.h"

#include "data/pinyin.h"

static const char *
initials(const char *name)
{
    static char out[512];
    struct buf b = buf_over(out, sizeof out - 1);

    pinyin_initials(str_of(name), &b);
    out[b.n] = '\0';
    return out;
}

TEST(a_name_gives_the_first_letters_of_its_characters)
{
    EXPECT_STR(initials("固始县兴隆商店"), "gsxxlsd");
    EXPECT_STR(initials("信阳市平桥区豫南超市"), "xyspqqyncs");
    EXPECT_STR(initials("女儿绿"), "nel");
}

TEST(letters_and_figures_stay_and_signs_are_left_out)
{
    EXPECT_STR(initials("固始ABC(8)店·"), "gsabc8d");
    EXPECT_STR(initials(""), "");
    EXPECT_STR(initials("（·—"), "");
}

TEST(a_further_reading_in_common_use_gives_a_variant)
{
    EXPECT_STR(initials("重庆"), "zq cq");
    EXPECT_STR(initials("银行"), "yx yh");
    EXPECT_STR(initials("长城行"), "zcx ccx zch");
}

TEST(the_variants_have_a_limit)
{
    EXPECT_STR(initials("行行行行行行"), "xxxxxx hxxxxx xhxxxx xxhxxx xxxhxx");
}

TEST(broken_bytes_do_no_harm)
{
    EXPECT_STR(initials("\xe5\x9b"), "");
    EXPECT_STR(initials("\xff\xf0\xe5"), "");
}

TEST(the_table_holds_the_characters_of_the_standard_set)
{
    size_t missing = 0;

    for (size_t i = 0; i < 0x9FA6 - 0x4E00; i++)
        missing += pinyin_usual[i] == '.';
    EXPECT(missing < 200); /* of 20,902: some have no known reading */
    EXPECT(pinyin_further_count > 20);
}

TEST_MAIN(T(a_name_gives_the_first_letters_of_its_characters), T(letters_and_figures_stay_and_signs_are_left_out),
          T(a_further_reading_in_common_use_gives_a_variant), T(the_variants_have_a_limit), T(broken_bytes_do_no_harm),
          T(the_table_holds_the_characters_of_the_standard_set))
