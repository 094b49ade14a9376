/* mod/visit/visit.h - visits 检查 (regulation 二(五)): made from an assignment, finished by a record. */
#ifndef MQ_VISIT_H
#define MQ_VISIT_H

#include "mod/ctx.h"
#include "mod/visit_sql.h"

/* assigned 已匹配 → noticed 已告知 → checked_in 亮码入场 → recorded 已记录 → signed 已签字 | refused 拒签 → submitted 已提交;
 * unreachable 无法联系 from any state before the record. A notice and a check-in may be left out: unannounced checks,
 * records on paper. */
enum visit_state {
    VISIT_ASSIGNED,
    VISIT_NOTICED,
    VISIT_CHECKED_IN,
    VISIT_RECORDED,
    VISIT_SIGNED,
    VISIT_REFUSED,
    VISIT_UNREACHABLE,
    VISIT_SUBMITTED,
    VISIT_STATE_COUNT
};
bool visit_may_move(enum visit_state from, enum visit_state to);
const char *visit_state_name(enum visit_state s);
MUST_USE enum err visit_state_parse(struct str s, enum visit_state *out); /* ERR_INPUT */

/* The code of a visit: 80 random bits as 16 symbols of Crockford's base 32. Whoever knows it sees the enterprise's page of
 * the visit, so it stands on the notice and nowhere in public. */
enum { VISIT_CODE_CHARS = 16 };
/* visit_code_new: from the entropy of c. ERR_IO and what the entropy gives. */
MUST_USE enum err visit_code_new(struct ctx *c, char out[static VISIT_CODE_CHARS + 1]);
/* visit_code_parse: a code as somebody typed it: small letters, blanks and hyphens are allowed, O is 0, I and L are 1.
 * ERR_LENGTH, ERR_CHARSET. */
MUST_USE enum err visit_code_parse(struct str typed, char out[static VISIT_CODE_CHARS + 1]);

/* One drawn target of a task: which departments go there (bits), and why the visit does not count against the yearly
 * caps (absent: it does). */
struct visit_plan {
    struct str target, task, draw;
    int64_t attempt;
    uint64_t mask;
    struct str exempt;
};
/* visit_open: inside the caller's transaction and under its journal entry. There already: the departments of p->mask
 * join it. */
MUST_USE enum err visit_open(struct ctx *c, const struct visit_plan *p);
/* visit_step: one allowed move, a transaction with its own journal entry. ERR_NOT_FOUND no such visit; ERR_STATE. */
MUST_USE enum err visit_step(struct ctx *c, struct str target, struct str task, enum visit_state to);

/* visit_noticed: assigned → noticed, inside the caller's transaction and under its journal entry; a visit that is further
 * on stays where it is. ERR_NOT_FOUND, ERR_STATE (somebody was faster). */
MUST_USE enum err visit_noticed(struct ctx *c, struct str target, int64_t id);

enum visit_end { VISIT_END_SIGNED, VISIT_END_REFUSED, VISIT_END_UNREACHABLE };
/* visit_submit: the record of a visit, on its day; the target's yearly count grows. methods: JSON array or absent. A
 * visit that is submitted already stays as it is. ERR_NOT_FOUND no visit; ERR_DATE the day lies in the future;
 * ERR_STATE. Works inside a caller's transaction too. */
MUST_USE enum err visit_submit(struct ctx *c, struct str target, struct str task, int64_t day, struct str methods,
                               enum visit_end end);

#endif
