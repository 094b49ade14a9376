/* One address may do one thing so often, others and other things are not touched by it */
#include <stdio.h>

#include "base/test.h"

#include "http/pace.h"

enum { MINUTE_US = 60000000 };

TEST(an_address_is_slowed_down_after_its_limit_and_free_again_after_the_window)
{
    struct pace *p = pace_new(7);

    EXPECT(p != NULL);
    for (int i = 0; i < 3; i++)
        EXPECT(pace_allows(p, "report", STR("192.0.2.1"), 1000, 3, MINUTE_US));
    EXPECT(!pace_allows(p, "report", STR("192.0.2.1"), 2000, 3, MINUTE_US));
    EXPECT(pace_allows(p, "verify", STR("192.0.2.1"), 2000, 3, MINUTE_US));
    EXPECT(pace_allows(p, "report", STR("192.0.2.2"), 2000, 3, MINUTE_US));
    EXPECT(!pace_allows(p, "report", STR("192.0.2.1"), MINUTE_US, 3, MINUTE_US));
    EXPECT(pace_allows(p, "report", STR("192.0.2.1"), MINUTE_US + 1000, 3, MINUTE_US));
    pace_free(p);
}

TEST(a_refused_act_does_not_prolong_the_window)
{
    struct pace *p = pace_new(7);

    EXPECT(pace_allows(p, "a", STR("x"), 0, 1, MINUTE_US));
    EXPECT(!pace_allows(p, "a", STR("x"), MINUTE_US - 1, 1, MINUTE_US));
    EXPECT(pace_allows(p, "a", STR("x"), MINUTE_US, 1, MINUTE_US));
    pace_free(p);
}

TEST(a_hundred_thousand_addresses_fit_in_its_fixed_table)
{
    struct pace *p = pace_new(11);
    char peer[16];

    for (int i = 0; i < 100000; i++) {
        int n = snprintf(peer, sizeof peer, "%d", i);

        EXPECT(pace_allows(p, "a", (struct str) {peer, (size_t) n}, i, 1, MINUTE_US));
    }
    pace_free(p);
}

TEST_MAIN(T(an_address_is_slowed_down_after_its_limit_and_free_again_after_the_window),
          T(a_refused_act_does_not_prolong_the_window), T(a_hundred_thousand_addresses_fit_in_its_fixed_table))
