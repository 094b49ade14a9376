/* base/test.h - tests whose names are sentences, on cmocka.
 *   TEST(uscc_refuses_any_single_wrong_symbol) { EXPECT(...); }
 *   TEST_MAIN(T(uscc_refuses_any_single_wrong_symbol), ...) */
#ifndef MQ_TEST_H
#define MQ_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEST(name) static void name(__attribute__((unused)) void **state)
#define T(name) cmocka_unit_test(name)
#define EXPECT(condition) assert_true(condition)
#define EXPECT_INT(a, b) assert_int_equal(a, b)
#define EXPECT_STR(a, b) assert_string_equal(a, b)
#define EXPECT_BYTES(a, b, n) assert_memory_equal(a, b, n)
#define TEST_MAIN(...)                                                                                      \
    int main(void)                                                                                          \
    {                                                                                                       \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                                    \
        return cmocka_run_group_tests(tests, NULL, NULL);                                                   \
    }

#endif
