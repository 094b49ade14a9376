/* mod/report/report_test.c - the public views only read, and never name what is not public */
#include "base/test.h"

#include "mod/report/report.h"
#include "mod/testing.h"

TEST(public_views_only_read)
{
    for (size_t i = 0; i < report_queries_count; i++)
        EXPECT(strncmp(report_queries[i]->sql[DB_SQLITE], "SELECT", 6) == 0);
}

/* What the office asks before it takes a row back: a number, 0 or 1, and nothing else. */
static bool
only_tells_whether(const struct db_query *q)
{
    return q->out_count == 1 && strcmp(q->out[0].name, "refers") == 0 && q->out[0].type == DB_I64;
}

TEST(public_views_never_name_what_is_secret)
{
    static const char *const SECRET[] = {"risk_",          "contact", "legal_rep", "FROM inspector",
                                         "JOIN inspector", "salt ",   "recusal"};

    for (size_t i = 0; i < report_queries_count; i++)
        for (size_t k = 0; !only_tells_whether(report_queries[i]) && k < sizeof SECRET / sizeof *SECRET; k++)
            EXPECT(strstr(report_queries[i]->sql[DB_SQLITE], SECRET[k]) == NULL);
}

TEST_DB(an_empty_portal_is_not_a_demonstration)
{
    bool demo = true;
    struct report_figures_row f;

    EXPECT(report_is_demo(c->db, c->arena, &demo) == OK && !demo);
    EXPECT(report_figures(c->db, c->arena, &f) == OK && f.draws == 0 && f.publications == 0);
}

TEST_MAIN(T(public_views_only_read), T(public_views_never_name_what_is_secret),
          T(an_empty_portal_is_not_a_demonstration))
