/* Ratings: one token a visit, one rating a token, only sums, shown late and in numbers; nothing links a token to a target */
#include "mod/rating/rating.h"

#include <stdio.h>

#include "core/calendar.h"
#include "mod/flow_testing.h"

#define DAY_US (INT64_C(86400) * 1000000)
#define NONE ((struct str) {NULL, 0})

TEST(no_query_joins_a_token_or_a_mark_with_a_target)
{
    for (size_t i = 0; i < rating_queries_count; i++) {
        const char *sql = rating_queries[i]->sql[DB_SQLITE];

        EXPECT(strstr(sql, "rating_claim") == NULL || strstr(sql, "rating_slot") == NULL);
        EXPECT((strstr(sql, "rating_slot") == NULL && strstr(sql, "rating_sum") == NULL) || strstr(sql, "target") == NULL);
        for (int k = 0; k < rating_queries[i]->in_count; k++)
            EXPECT(strstr(rating_queries[i]->in[k].name, "_us") == NULL && strstr(rating_queries[i]->in[k].name, "_day") == NULL);
    }
}

static struct visit_by_code_row
visit_at(struct ctx *c, struct str task, size_t i)
{
    struct visit_list_row *v;
    struct visit_get_row g;
    struct visit_by_code_row out;
    size_t n;

    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 100}, &v, &n), OK);
    EXPECT(i < n);
    EXPECT_INT(visit_get(c->db, c->arena, &(struct visit_get_in) {v[i].target, v[i].id}, &g), OK);
    EXPECT_INT(visit_by_code(c->db, c->arena, &(struct visit_by_code_in) {g.code}, &out), OK);
    return out;
}

TEST_DB(a_visit_gets_one_token_and_a_token_rates_once)
{
    struct str task = flow_assigned(c), of;
    struct visit_by_code_row v = visit_at(c, task, 0);
    char token[SECRET_TOKEN_CHARS + 1];
    struct rating_slots_row slots;
    struct rating_say say = {.departments = {STR("scjgj")}, .department_count = 1, .marks = {5, 4, 5, 3}};
    struct rating_average *a;
    size_t n;

    EXPECT_INT(rating_claim(c, &v, token), ERR_STATE); /* not made yet */
    EXPECT_INT(visit_submit(c, v.target, task, day_of_us(c->now_us), NONE, VISIT_END_SIGNED), OK);
    v = visit_at(c, task, 0);
    EXPECT_INT(rating_claim(c, &v, token), OK);
    EXPECT_INT(rating_claim(c, &v, (char[SECRET_TOKEN_CHARS + 1]) {0}), ERR_EXISTS);
    EXPECT(rating_slots(c->db, c->arena, &(struct rating_slots_in) {task}, &slots) == OK && slots.free_count == slots.slots - 1);
    EXPECT(slots.slots >= 4); /* one for each visit of the task, not for this one only */
    say.token = str_of(token);
    EXPECT(rating_task(c, say.token, &of) == OK && str_eq(of, task));
    EXPECT_INT(rating_task(c, STR("no such token"), &of), ERR_NOT_FOUND);
    say.marks[0] = 6;
    EXPECT_INT(rating_give(c, &say), ERR_RANGE);
    say.marks[0] = 5;
    say.departments[0] = STR("wjw");
    EXPECT_INT(rating_give(c, &say), ERR_INPUT);
    say.departments[0] = STR("scjgj");
    EXPECT_INT(rating_give(c, &say), OK);
    EXPECT_INT(rating_give(c, &say), ERR_EXISTS);
    c->now_us += 400 * DAY_US;
    EXPECT(rating_averages(c, &a, &n) == OK && n == 0); /* one rating is never shown */
    EXPECT_INT(rating_claim(c, &v, token), ERR_STATE);  /* the window is over */
}

TEST_DB(averages_are_shown_when_the_window_is_over_and_enough_have_rated)
{
    struct rating_average *a;
    struct str task;
    size_t n;

    flow_city(c);
    task = flow_task(c, FLOW_TASK);
    for (int i = 0; i < RATING_LEAST; i++)
        for (size_t k = 0; k < RATING_QUESTIONS; k++)
            EXPECT_INT(rating_sum_add(c->db, &(struct rating_sum_add_in) {task, STR("scjgj"), rating_question(k), i == 0 ? 3 : 5}), OK);
    EXPECT_INT(rating_sum_add(c->db, &(struct rating_sum_add_in) {task, STR("sthjj"), rating_question(0), 1}), OK);
    EXPECT(rating_averages(c, &a, &n) == OK && n == 0);
    c->now_us += 300 * DAY_US;
    EXPECT_INT(rating_averages(c, &a, &n), OK);
    EXPECT(n == 1 && str_eq(a[0].department, STR("scjgj")) && a[0].given_count == RATING_LEAST && a[0].hundredths[0] == 460);
}

TEST_MAIN(T(no_query_joins_a_token_or_a_mark_with_a_target), T(a_visit_gets_one_token_and_a_token_rates_once),
          T(averages_are_shown_when_the_window_is_over_and_enough_have_rated))
