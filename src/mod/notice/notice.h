/* mod/notice/notice.h - notices of checks 检查通知书 (regulation 二(五)): what a target is told before it is visited, with a
 * number without gaps, its delivery and the target's receipt. A notice is a fact: it is withdrawn and another one issued,
 * never changed.
 *
 * What it says, as JSON in notice.content:
 *   {"department":{"code","name"},"target":{"code","name","address"},"task":{"code","name","plan","reason"},
 *    "draw":"…","attempt":1,"from":"2026-03-02","to":"2026-06-30",
 *    "items":[{"code","version","name","department","basis":["…"],"points":["…"]}],"methods":["on_site"],
 *    "inspectors":[{"department","name","code","no","valid_to","lead","substitute"}],"papers":["…"],"contact":"…","note":"…",
 *    "visit_no":1,"exempt":null,"template":"…"}
 * template: the office's own text from the dictionary of document templates 文书模板, when it has replaced the shipped one.
 * visit_no: which visit of this calendar year it will be; exempt: why it does not count against the caps. */
#ifndef MQ_NOTICE_H
#define MQ_NOTICE_H

#include <stdio.h>

#include "mod/json.h"
#include "mod/notice_sql.h"
#include "mod/visit_sql.h"

enum { NOTICE_PAPERS_MAX = 30, NOTICE_PAPER_BYTES = 300, NOTICE_TEXT_MAX = 1000, NOTICE_ISSUE_MAX = 50, NOTICE_FILE_MAX = 1000 };

/* What the office adds to what the draw, the plan and the items say. */
struct notice_say {
    struct str contact;    /* whom to ask: required */
    struct texts papers;   /* to prepare; none: what follows from the items */
    struct texts methods;  /* ids; none: on_site */
    struct str note;       /* or absent */
};
struct notice_batch {
    size_t issued, there; /* new; had one already */
    struct str next;      /* go on after this target; absent: all were seen */
};
/*
 * notice_issue: for the visits of a task in the order of targets, after one: at most NOTICE_ISSUE_MAX, in one transaction
 * with an entry notice.issue each. A visit that has one in force, or has begun, gets none: again changes nothing. The
 * visit becomes noticed; the first notice moves the task from assigned to notified: its draw can no longer be voided.
 * ERR_MISSING no contact; ERR_LENGTH, ERR_INPUT, ERR_TOO_LARGE: say; ERR_STATE: not assigned yet, or the checks are unannounced.
 */
MUST_USE enum err notice_issue(struct ctx *c, struct str task, const struct notice_say *say, struct str after,
                               struct notice_batch *out);

/* notice_deliver: how and when it reached the target. The same again changes nothing. method: personal | post | message.
 * ERR_INPUT; ERR_DATE before it was issued or in the future; ERR_EXISTS delivered otherwise before; ERR_STATE withdrawn. */
MUST_USE enum err notice_deliver(struct ctx *c, struct str task, int64_t id, struct str method, int64_t day,
                                 struct str receiver);
/* notice_read: the target confirms the receipt on its page; the first time stays. A notice that nobody delivered is
 * delivered by that, on the portal. ERR_NOT_FOUND: no notice in force. */
MUST_USE enum err notice_read(struct ctx *c, const struct visit_by_code_row *visit);
/* notice_withdraw: it holds no longer, for a reason. ERR_MISSING, ERR_LENGTH; ERR_STATE withdrawn before for another. */
MUST_USE enum err notice_withdraw(struct ctx *c, struct str task, int64_t id, struct str reason);

/* notice_announced: may the target know of the visit? An unannounced check 突击检查 is not told before its day of
 * publication or its check-in. */
MUST_USE enum err notice_announced(struct ctx *c, const struct visit_by_code_row *visit, bool *out);
/* notice_describe: the content as it would be issued now, with the team of today; say may be NULL. For json_decref. */
MUST_USE enum err notice_describe(struct ctx *c, const struct visit_by_code_row *visit, const struct notice_say *say,
                                  json_t **out);

/* notice_print: the notices as one PDF, each on pages of its own. base: "https://host", leads to the page of the visit;
 * absent: the code as words. Errors of pdf_make. */
MUST_USE enum err notice_print(struct ctx *c, const struct notice_get_row *notices, size_t count, struct str base, FILE *out);

#endif
