/* mod/result/result.h - results of checks 检查结果: entered, reviewed, published within 20 working days of the day they
 * were produced (regulation 二(六)). */
#ifndef MQ_RESULT_H
#define MQ_RESULT_H

#include "mod/json.h"
#include "mod/result_sql.h"
#include "mod/visit/visit.h"

enum { RESULT_WORKING_DAYS = 20, RESULT_TEXT_MAX = 4000, RESULT_CODES_MAX = 15, RESULT_LIST_MAX = 10000 };

/* entered 已录入 → approved 已审核 | returned 退回 → entered; approved → published 已公示 | withheld 不公开. What is published
 * changes only by a correction 更正, a further publication. */
enum result_state { RESULT_ENTERED, RESULT_RETURNED, RESULT_APPROVED, RESULT_PUBLISHED, RESULT_WITHHELD, RESULT_STATE_COUNT };
bool result_may_move(enum result_state from, enum result_state to);
const char *result_state_name(enum result_state s);
MUST_USE enum err result_state_parse(struct str s, enum result_state *out); /* ERR_INPUT */

/* result_code_ok: is it one of the codes of data/results.csv ("no_problem" 未发现问题, "unreachable" …)? */
bool result_code_ok(struct str code);

struct result_key {
    struct str task, target, item;
};
struct result_entry {
    struct result_key key;
    struct texts codes;   /* one or more; no_problem stands alone */
    struct str methods;   /* JSON array of method codes, or absent */
    struct str detail;    /* words, or absent */
    int64_t produced_day; /* not in the future, not before the visit */
};
/*
 * result_enter: after the visit was submitted. A returned result is entered anew; the same entry again changes nothing.
 * *due: produced_day + 20 working days; unset when the calendar does not hold the year: say so, never guess.
 * ERR_STATE no submitted visit, or entered already otherwise; ERR_NOT_FOUND no visit, or the item is not in the task;
 * ERR_INPUT unknown or contradictory codes; ERR_DATE.
 */
MUST_USE enum err result_enter(struct ctx *c, const struct result_entry *r, struct opt_i64 *due);
/* result_enter_paper: the visit's record and a result of it at once, as they come from a paper form or a CSV file. */
MUST_USE enum err result_enter_paper(struct ctx *c, const struct result_entry *r, struct opt_i64 *due);
/* result_review: approve, or return with an opinion (required). ERR_STATE, ERR_INPUT, ERR_NOT_FOUND. */
MUST_USE enum err result_review(struct ctx *c, const struct result_key *k, bool approve, struct str opinion);
/* result_publish: an approved result becomes public. Published already: changes nothing. ERR_STATE not approved. */
MUST_USE enum err result_publish(struct ctx *c, const struct result_key *k);
/* result_withhold: an approved result is not for the public, by this law (required: article and law). */
MUST_USE enum err result_withhold(struct ctx *c, const struct result_key *k, struct str legal_reason);
/* result_correct: other codes for a published result, with a reason (required). The old text stays readable. */
MUST_USE enum err result_correct(struct ctx *c, const struct result_key *k, const struct texts *codes, struct str reason);

/*
 * result_recalendar: the last days of all open results by the calendar now in force, in the caller's transaction.
 * *changed: how many got another one. Journal: result.recalendar with both counts.
 */
MUST_USE enum err result_recalendar(struct ctx *c, uint64_t *changed);

/* result_overdue: neither published nor withheld, and the last day lies before `day`; at most RESULT_LIST_MAX of each
 * state, in the arena. */
MUST_USE enum err result_overdue(struct ctx *c, int64_t day, struct result_due_row **rows, size_t *count);

#endif
