/* mod/rating/rating.h - an enterprise rates its visit without a name 检查评价 (docs/spec/rating-1.md): one token a visit, one rating
 * a token, only sums are kept, and they are shown when the window of the task is over and enough have rated. */
#ifndef MQ_RATING_H
#define MQ_RATING_H

#include "mod/account/secret.h"
#include "mod/rating_sql.h"
#include "mod/visit/visit.h"

enum {
    RATING_MARK_MAX = 5,
    RATING_QUESTIONS = 4,
    RATING_LEAST = 5,       /* ratings of a task and department below which nothing is shown */
    RATING_WINDOW_DAYS = 30 /* after the last day of the task; until then nobody sees a sum */
};
/* rating_question: "lawful" 依法规范, "clean" 廉洁, "polite" 文明, "spare" 不扰企. */
struct str rating_question(size_t i);

/* rating_claim: the token of a visit that was made, once; it is stored as a hash in a place of the task chosen by chance, and
 * nothing links the two. Journal: rating.claim, its subject the task alone. ERR_STATE the visit is not made yet, or the window is
 * over; ERR_EXISTS the token was given out. */
MUST_USE enum err rating_claim(struct ctx *c, const struct visit_by_code_row *visit, char token[static SECRET_TOKEN_CHARS + 1]);

/* rating_task: whose task a token is, and may it still rate? ERR_NOT_FOUND; ERR_EXISTS it has; ERR_STATE the window is over. */
MUST_USE enum err rating_task(struct ctx *c, struct str token, struct str *task);
struct rating_say {
    struct str token;
    struct str departments[64]; /* that came: each is of the task; at least one */
    size_t department_count;
    int64_t marks[RATING_QUESTIONS]; /* 1..RATING_MARK_MAX */
};
/* rating_give: one rating a token. Journal: rating.give, its subject the task alone. ERR_RANGE a mark; ERR_INPUT a department that
 * has no part in the task, or none; errors of rating_task. */
MUST_USE enum err rating_give(struct ctx *c, const struct rating_say *say);

/* What is shown: the average mark of a department in hundredths, over tasks whose window is over with RATING_LEAST ratings each. */
struct rating_average {
    struct str department;
    int64_t hundredths[RATING_QUESTIONS], given_count; /* 0: too few */
};
/* rating_averages: in the order of the departments' codes, in the arena: those with a figure only. */
MUST_USE enum err rating_averages(struct ctx *c, struct rating_average **out, size_t *count);

#endif
