/* The same key gives the same answer; another act, another user and another week do not meet it. */
#include "mod/request/request.h"

#include "mod/testing.h"

static const struct request_name FIRST = {{"k1", 2}, {"POST /a 1", 9}},
                                 OTHER_ACT = {{"k1", 2}, {"POST /a 2", 9}};

TEST_DB(an_act_that_comes_again_finds_its_answer)
{
    struct str answer = {NULL, 0};
    bool seen = true;

    EXPECT(request_seen(c, &FIRST, &seen, &answer) == OK && !seen);
    EXPECT(request_keep(c, &FIRST, STR("201 done")) == OK);
    EXPECT(request_seen(c, &FIRST, &seen, &answer) == OK && seen);
    EXPECT(str_eq(answer, STR("201 done")));
    EXPECT(request_keep(c, &FIRST, STR("twice")) == ERR_EXISTS);
}

TEST_DB(a_key_used_for_another_act_is_refused)
{
    struct str answer;
    bool seen;

    EXPECT(request_keep(c, &FIRST, STR("201 done")) == OK);
    EXPECT(request_seen(c, &OTHER_ACT, &seen, &answer) == ERR_EXISTS && !seen);
}

TEST_DB(two_users_may_choose_the_same_key)
{
    struct str answer;
    bool seen = true;

    EXPECT(request_keep(c, &FIRST, STR("201 done")) == OK);
    c->actor = STR("user:2");
    EXPECT(request_seen(c, &FIRST, &seen, &answer) == OK && !seen);
}

TEST_DB(keys_are_short_and_answers_are_forgotten_after_a_week)
{
    static char long_key[REQUEST_KEY_MAX + 1];
    struct str answer;
    bool seen = true;
    struct request_name later = {STR("k2"), STR("x")};

    memset(long_key, 'k', sizeof long_key);
    EXPECT(request_seen(c, &(struct request_name){{"", 0}, STR("x")}, &seen, &answer) == ERR_LENGTH);
    EXPECT(request_seen(c, &(struct request_name){{long_key, sizeof long_key}, STR("x")}, &seen, &answer) ==
           ERR_LENGTH);
    EXPECT(request_keep(c, &FIRST, STR("201 done")) == OK);
    c->now_us += (REQUEST_KEEP_DAYS + 1) * INT64_C(86400000000);
    EXPECT(request_keep(c, &later, STR("201 done")) == OK);
    EXPECT(request_seen(c, &FIRST, &seen, &answer) == OK && !seen);
}

TEST_MAIN(T(an_act_that_comes_again_finds_its_answer), T(a_key_used_for_another_act_is_refused),
          T(two_users_may_choose_the_same_key), T(keys_are_short_and_answers_are_forgotten_after_a_week))
