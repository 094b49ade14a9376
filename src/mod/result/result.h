/* mod/result/result.h - results of checks 检查结果: entered, reviewed, published within 20 working days of the day they
 * were produced (regulation 二(六)). */
#ifndef MQ_RESULT_H
#define MQ_RESULT_H

#include "mod/followup/followup.h"
#include "mod/json.h"
#include "mod/result_sql.h"
#include "mod/visit/visit.h"

enum {
    RESULT_WORKING_DAYS = 20,
    RESULT_WITHDRAW_DAYS = 5, /* from the day a decision is revoked */
    RESULT_TEXT_MAX = 4000,
    RESULT_CODES_MAX = 15,
    RESULT_LIST_MAX = 10000
};

/* entered 已录入 → approved 已审核 | returned 退回 → entered; approved → published 已公示 | withheld 不公开. What is published
 * changes only by a correction 更正, a further publication; withdrawn 已撤下 when its decision was revoked. */
enum result_state {
    RESULT_ENTERED,
    RESULT_RETURNED,
    RESULT_APPROVED,
    RESULT_PUBLISHED,
    RESULT_WITHHELD,
    RESULT_WITHDRAWN,
    RESULT_STATE_COUNT
};
bool result_may_move(enum result_state from, enum result_state to);
const char *result_state_name(enum result_state s);
MUST_USE enum err result_state_parse(struct str s, enum result_state *out); /* ERR_INPUT */

/* result_code_ok: is it one of the codes of data/results.csv ("no_problem" 未发现问题, "unreachable" …)? */
bool result_code_ok(struct str code);

/* Every act below looks at the row scope of c (department and region): outside it a result is not found. Who entered a result
 * neither reviews nor withholds it; the rule is for accounts ("user:…"), the command line is the operator's. Each act is one
 * transaction with one entry, keeps what the result said in its history (result_step), and changes nothing when it is sent
 * again. `changed` tells whether it did anything. */
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
 * ERR_PERMISSION an item of another department; ERR_INPUT unknown or contradictory codes; ERR_DATE.
 */
MUST_USE enum err result_enter(struct ctx *c, const struct result_entry *r, struct opt_i64 *due);
/* result_enter_paper: the visit's record and a result of it at once, as they come from a paper form or a CSV file. */
MUST_USE enum err result_enter_paper(struct ctx *c, const struct result_entry *r, struct opt_i64 *due);
/* result_edit: another text before the review, by whom it is then entered; the day it was produced stays. ERR_STATE. */
MUST_USE enum err result_edit(struct ctx *c, const struct result_entry *r, bool *changed);
/* result_review: approve, or return with an opinion (required). What is approved as unreachable opens its follow-up 列入经营异常
 * 名录. ERR_STATE, ERR_INPUT, ERR_NOT_FOUND, ERR_PERMISSION one's own. */
MUST_USE enum err result_review(struct ctx *c, const struct result_key *k, bool approve, struct str opinion, bool *changed);
/* result_publish: an approved result becomes public. ERR_STATE not approved. */
MUST_USE enum err result_publish(struct ctx *c, const struct result_key *k, bool *changed);
/* result_withhold: an approved result is not for the public, by this law (required: article and law). */
MUST_USE enum err result_withhold(struct ctx *c, const struct result_key *k, struct str legal_reason);
/* result_correct: other codes for a published result, with a reason (required). The old text stays readable. */
MUST_USE enum err result_correct(struct ctx *c, const struct result_key *k, const struct texts *codes, struct str reason);

/* A decision was revoked 撤销: from that day on its result leaves the public within 5 working days. */
struct result_revocation {
    struct str document_no, reason; /* required */
    int64_t day;                    /* not in the future, not before the result */
};
/* result_revoke: note it; *due as above. result_withdraw: take the result down; by another account than the one that noted it.
 * The publications stay as they are, struck through, and so do their entries in the log. ERR_STATE not published; no
 * revocation noted. ERR_EXISTS noted otherwise before. */
MUST_USE enum err result_revoke(struct ctx *c, const struct result_key *k, const struct result_revocation *r,
                                struct opt_i64 *due);
MUST_USE enum err result_withdraw(struct ctx *c, const struct result_key *k, bool *changed);

/* result_see: one within the row scope of c. result_see_key: the same by its key. ERR_NOT_FOUND. */
MUST_USE enum err result_see(struct ctx *c, struct str target, int64_t id, struct result_row *out);
MUST_USE enum err result_see_key(struct ctx *c, const struct result_key *k, struct result_row *out);

/* --- what follows (follow.c) --------------------------------------------------------------------------------------------- */
/* result_follow: a measure 后续处置 for a result that was approved (mod/followup/followup.h). result_offer: a published result
 * for recognition 结果互认 by another department. ERR_STATE. */
MUST_USE enum err result_follow(struct ctx *c, const struct result_key *k, struct str measure, const struct followup_say *say,
                                int64_t *id);
MUST_USE enum err result_offer(struct ctx *c, const struct result_key *k, const struct recognition_say *say, int64_t *id);

/* --- the clock (clock.c) ------------------------------------------------------------------------------------------------- */
/*
 * result_recalendar: the last days of all open results by the calendar now in force, in the caller's transaction.
 * *changed: how many got another one. Journal: result.recalendar with both counts.
 */
MUST_USE enum err result_recalendar(struct ctx *c, uint64_t *changed);

/* result_overdue: neither published nor withheld, and the last day lies before `day`; at most RESULT_LIST_MAX of each
 * state, in the arena. */
MUST_USE enum err result_overdue(struct ctx *c, int64_t day, struct result_due_row **rows, size_t *count);

/* What is not public yet within the row scope of c: by state, and by working days that are left. */
struct result_warnings {
    int64_t entered, returned, approved;
    int64_t overdue, today, within_2, within_5, within_10, undated;
};
MUST_USE enum err result_warn(struct ctx *c, struct result_warnings *out);
/* result_due_bound: the first day that is more than n working days away, so that `due_day < bound` says "n or fewer left";
 * beyond all days when the calendar ends before. ERR_DB … */
MUST_USE enum err result_due_bound(struct ctx *c, unsigned n, int64_t *bound);

#endif
