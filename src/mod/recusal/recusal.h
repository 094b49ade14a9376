/* mod/recusal/recusal.h - requests that an inspector steps back 申请回避 (regulation 二(五); 行政处罚法 第四十三条: the head of the
 * organ decides). Before the visit the target asks, by its account or by the code of its visit, or an inspector declares it of himself.
 *
 *   ask      the target, of a department, with or without naming the inspector (recusal.ask)
 *   declare  into the register of recusals; for each team of an open visit that he is in, a request arises too (inspector.recuse,
 *            recusal.ask)
 *   answer   granted: the next reserve enters (mod/assignment), the recusal stands in the register for later draws, and the request
 *            says who came: one transaction. Refused: with the grounds (recusal.answer) */
#ifndef MQ_RECUSAL_H
#define MQ_RECUSAL_H

#include "mod/ctx.h"
#include "mod/inspector/inspector.h"
#include "mod/recusal_sql.h"

/* Working days for the answer: our own setting, like that for the confirmation of teams. */
enum { RECUSAL_TEXT_MAX = 2000, RECUSAL_ANSWER_DAYS = 2 };

struct recusal_say {
    struct str target;
    int64_t visit;
    struct str department;
    struct str inspector; /* pseudonym or number of the certificate on the notice; absent: the reason says who */
    struct str reason;    /* the grounds, and what shows them */
};
/* recusal_ask: by the target; the same again changes nothing. ERR_NOT_FOUND not its visit, or the department does not come;
 * ERR_INPUT the inspector is not in its team; ERR_STATE the visit was begun; ERR_EXISTS asked otherwise before; ERR_LENGTH;
 * ERR_ENCODING. */
MUST_USE enum err recusal_ask(struct ctx *c, const struct recusal_say *say);

/* recusal_declare: inspector_recuse, and the requests for the open visits of his teams to the target. *asked: how many.
 * Errors of inspector_recuse. */
MUST_USE enum err recusal_declare(struct ctx *c, struct inspector_at at, struct str target, struct str kind, struct str evidence,
                                  size_t *asked);
/* recusal_declare_own: the same by the inspector himself, kind "declared". A second time it changes nothing. ERR_NOT_FOUND he is in
 * no team that still goes there. */
MUST_USE enum err recusal_declare_own(struct ctx *c, struct str inspector, struct str target, struct str evidence, size_t *asked);

struct recusal_reply {
    struct str target;
    int64_t id, row_version;
    bool granted;
    struct str answer;    /* what the one who asked is told */
    struct str inspector; /* who steps back, where the request does not say */
    struct str reason;    /* relative | interest | declared | requested | other */
    struct str approver;  /* who decides */
};
/* recusal_answer: by the head or reviewer of the department. *substitute: who came; absent when refused. ERR_NOT_FOUND no such
 * request within the row scope, or the inspector is not in the team; ERR_MISSING nobody is named; ERR_STATE answered before, or the
 * visit was made; ERR_QUOTA no reserve may go; ERR_CONFLICT; ERR_INPUT; ERR_LENGTH; ERR_ENCODING. */
MUST_USE enum err recusal_answer(struct ctx *c, const struct recusal_reply *say, struct str *substitute);

#endif
