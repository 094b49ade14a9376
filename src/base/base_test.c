/* base/base_test.c - errors, arenas, strings */
#include "base/test.h"

#include "base/err.h"
#include "base/str.h"

TEST(every_error_has_texts_and_an_exit_status)
{
    for (int e = OK; e < ERR_COUNT; e++) {
        EXPECT(strlen(err_zh((enum err) e)) > 0 && strlen(err_en((enum err) e)) > 0);
        EXPECT(err_exit_status((enum err) e) >= 0 && err_exit_status((enum err) e) <= 5);
        EXPECT((e == OK) == (err_exit_status((enum err) e) == 0));
    }
}

TEST(an_arena_refuses_past_its_limit_and_aligns)
{
    unsigned char block[128];
    struct arena a = arena_over(block + 1, 100);
    void *p = arena_alloc(&a, 3), *q = arena_alloc(&a, 3);

    EXPECT((uintptr_t) p % 16 == 0 && (uintptr_t) q % 16 == 0 && p != q);
    EXPECT(arena_alloc(&a, 100) == NULL);
    EXPECT(arena_array(&a, SIZE_MAX / 2, 3) == NULL);
    arena_reset(&a);
    EXPECT(arena_alloc(&a, 80) != NULL);
}

TEST(numbers_are_read_strictly)
{
    uint64_t v = 7;

    EXPECT(str_u64(STR("0"), 9, &v) == OK && v == 0);
    EXPECT(str_u64(STR("18446744073709551615"), UINT64_MAX, &v) == OK && v == UINT64_MAX);
    EXPECT(str_u64(STR("18446744073709551616"), UINT64_MAX, &v) == ERR_RANGE);
    EXPECT(str_u64(STR("10"), 9, &v) == ERR_RANGE);
    EXPECT(str_u64(STR("01"), 9, &v) == ERR_SYNTAX);
    EXPECT(str_u64(STR(""), 9, &v) == ERR_SYNTAX);
    EXPECT(str_u64(STR("-1"), 9, &v) == ERR_SYNTAX);
}

TEST(a_writer_remembers_overflow)
{
    char p[4];
    struct buf b = buf_over(p, sizeof p);

    buf_z(&b, "abc");
    EXPECT(!b.overflow && b.n == 3);
    buf_u64(&b, 10);
    EXPECT(b.overflow && b.n == 3);
}

TEST(hex_refuses_upper_case_and_wrong_lengths)
{
    unsigned char out[2] = {1, 2};

    EXPECT(hex_decode(STR("00ff"), out, 2) == OK && out[1] == 0xFF);
    EXPECT(hex_decode(STR("00FF"), out, 2) == ERR_CHARSET);
    EXPECT(hex_decode(STR("00f"), out, 2) == ERR_LENGTH);
}

TEST(utf8_is_checked_to_the_letter)
{
    EXPECT(utf8_valid(STR("信阳 ok \xF0\xA0\x80\x80")));
    EXPECT(!utf8_valid(STR("\xC0\x80")));         /* overlong */
    EXPECT(!utf8_valid(STR("\xED\xA0\x80")));     /* surrogate */
    EXPECT(!utf8_valid(STR("\xF4\x90\x80\x80"))); /* above U+10FFFF */
    EXPECT(!utf8_valid(STR("a\0b")));
    EXPECT(!utf8_valid(STR("\xE4\xBF")));
}

TEST(a_string_splits_at_the_first_separator)
{
    struct str head, tail;

    EXPECT(str_split(STR("a,b,c"), ',', &head, &tail));
    EXPECT(str_eq(head, STR("a")) && str_eq(tail, STR("b,c")));
    EXPECT(!str_split(STR("abc"), ',', &head, &tail));
    EXPECT(str_eq(head, STR("abc")) && tail.n == 0);
}

TEST(json_strings_escape_quotes_controls_and_bytes_that_are_no_utf8)
{
    char p[128];
    struct buf b = buf_over(p, sizeof p);

    buf_json(&b, STR("\xE6\x98\x8E\"\\\n\x1f"));
    EXPECT(str_eq(buf_view(&b), STR("\"\xE6\x98\x8E\\\"\\\\\\u000a\\u001f\"")));
    b = buf_over(p, sizeof p);
    buf_json(&b, STR("a\xFF"));
    EXPECT(str_eq(buf_view(&b), STR("\"a\\ufffd\"")));
    b = buf_over(p, 4);
    buf_json(&b, STR("abc"));
    EXPECT(b.overflow);
}

TEST_MAIN(T(every_error_has_texts_and_an_exit_status), T(an_arena_refuses_past_its_limit_and_aligns),
          T(numbers_are_read_strictly), T(a_writer_remembers_overflow),
          T(hex_refuses_upper_case_and_wrong_lengths), T(utf8_is_checked_to_the_letter),
          T(a_string_splits_at_the_first_separator),
          T(json_strings_escape_quotes_controls_and_bytes_that_are_no_utf8))
