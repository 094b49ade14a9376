/* mod/plan/plan.h - annual plans of checks 年度抽查计划 and their lines (regulation 二(四)). */
#ifndef MQ_PLAN_H
#define MQ_PLAN_H

#include <jansson.h>

#include "mod/plan/terms.h"
#include "mod/plan_sql.h"

enum { PLAN_LINES_MAX = 1000, PLAN_NAME_MAX = 300, PLAN_WORDS_MAX = 2000, PLAN_CODE_BYTES = 14 };

/* draft 草案 → approved 部门审定 → conference 联席会议 → adopted 通过 → filed 备案 → published 公示 → running
 * → closed. A department's own plan goes from approved to filed: the conference is for joint ones. Any review may
 * return it to draft. After its publication a plan changes only by a numbered revision. */
enum plan_state {
    PLAN_DRAFT,
    PLAN_APPROVED,
    PLAN_CONFERENCE,
    PLAN_ADOPTED,
    PLAN_FILED,
    PLAN_PUBLISHED,
    PLAN_RUNNING,
    PLAN_CLOSED,
    PLAN_STATE_COUNT
};
bool plan_may_move(enum plan_state from, enum plan_state to);
const char *plan_state_name(enum plan_state s);
MUST_USE enum err plan_state_parse(struct str s, enum plan_state *out); /* ERR_INPUT */

/*
 * plan_create: a draft from JSON:
 *   {"code":"41150020260001","year":2026,"name":"…","lead":"scjgj","document_no":"…","lines":[LINE…]}
 *   LINE
 * {"name":"…","items":["…"],"scope":{…},"scope_words":"…","ratio_words":"…","strata":{…},"risk_words":"…",
 *         "from":"2026-03-01","to":"2026-12-31","lead":"scjgj","participants":[…],"mode":"市抽市查"}
 * Without a code it is region + year + the next four digits. Instead of "scope" a line may name a saved filter, "filter":"…" (id or name), and instead of "items" a published joint item or bundle,
 * "bundle":"…". Lines are numbered from 1 and may come later; without a lead of its
 * own a line has that of the plan. The lead is one of the participants. scope, strata, participants: terms.h.
 * ERR_EXISTS the code is taken; ERR_INPUT, ERR_RANGE, ERR_DATE, ERR_CAP …: particulars in c->why.
 * *code: in the arena.
 */
MUST_USE enum err plan_create(struct ctx *c, struct str region, struct str json, struct str *code);
/*
 * plan_edit: a draft's name, year, document number and all its lines, from the JSON of plan_create without code and lead.
 * A transaction with its entry plan.edit. ERR_CONFLICT row_version is not the present one; ERR_STATE not a draft;
 * ERR_NOT_FOUND; otherwise as plan_create.
 */
MUST_USE enum err plan_edit(struct ctx *c, struct str code, int64_t row_version, struct str json);
/* plan_attach: the document that is filed with the government 备案, before the step to `filed`: at most PLAN_FILING_BYTES of a
 * type that plan_filing_type knows. A transaction with its entry plan.attach, which names the SHA-256. The same bytes again
 * change nothing. *digest: hex. ERR_STATE not approved or adopted, nor filed; ERR_LENGTH, ERR_TOO_LARGE, ERR_INPUT an empty
 * file or an unknown type. */
enum { PLAN_FILING_BYTES = 8 << 20, PLAN_FILINGS_MAX = 20 };
MUST_USE enum err plan_attach(struct ctx *c, struct str code, struct str name, struct str bytes, struct str *digest);
/* plan_filing_type: the media type by the end of a file's name (pdf ofd doc docx xls xlsx wps jpg png txt); NULL. */
const char *plan_filing_type(struct str name);
/* plan_advance: one step of the states. opinion: why it is returned (required towards draft), or the minutes.
 * document_no: of the filing; to `filed` it is required, with a document
 * (plan_attach): ERR_MISSING. Who drafted it on an account of the office does not approve it: ERR_PERMISSION. To `published` every item of every line must be published.
 * ERR_STATE not an allowed step, or another clerk was faster; ERR_NOT_FOUND. */
MUST_USE enum err plan_advance(struct ctx *c, struct str code, enum plan_state to, struct str opinion,
                               struct str document_no);
/* plan_revise: replace one line (line of the plan, or the next free number for a new one) of a published or
 * running plan. Before and after stay readable. ERR_STATE not published, or closed; ERR_INPUT no reason.
 * *revision: its number. */
MUST_USE enum err plan_revise(struct ctx *c, struct str code, int64_t line, struct str json,
                              struct str reason, int64_t *revision);

/* plan_read_scope: the field "scope" of a line or task, or the saved filter that "filter" names by id or name: what it says now is the
 * scope from now on. ERR_INPUT both or neither; ERR_NOT_FOUND; ERR_DUPLICATE. */
MUST_USE enum err plan_read_scope(struct ctx *c, const json_t *o, struct str *scope);
/* plan_check_items: every item of the JSON array is published, and no general item's cap lies below every
 * ratio. *cap_bp: the smallest cap of the general items, unset when all are key items. ERR_STATE unpublished,
 * ERR_CAP. */
MUST_USE enum err plan_check_items(struct ctx *c, const struct texts *items, const struct sampling *s,
                                   struct opt_i64 *cap_bp);

#endif
