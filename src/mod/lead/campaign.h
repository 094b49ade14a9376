/* mod/lead/campaign.h - campaigns 专项检查 (regulation 二(七)): what leads show to be common is checked through an ordinary draw,
 * with a ratio of its own, after an approval and a filing. */
#ifndef MQ_CAMPAIGN_H
#define MQ_CAMPAIGN_H

#include "mod/lead/lead.h"

enum { CAMPAIGN_LEADS_MAX = 200, CAMPAIGN_TERMS_MAX = 64 * 1024 };

/* draft 草案 → approved 已批准 → filed 已备案 → running 已建任务 */
struct campaign_say {
    struct str name, reason, region, department;
    struct str terms;   /* JSON: items, scope or filter, strata, participants, from, to as an ad hoc task has them */
    struct texts leads; /* codes of leads of the department, one or more; each joins it */
};
/* campaign_draft: terms are checked as those of a task. *field names the wrong field, or is NULL. Journal: campaign.draft.
 * ERR_INPUT, ERR_REGION, ERR_LENGTH, ERR_STATE a lead that is inspected now or part of another; ERR_PERMISSION. */
MUST_USE enum err campaign_draft(struct ctx *c, const struct campaign_say *say, struct str *code, const char **field);
/* campaign_see: within the row scope of c. ERR_NOT_FOUND. */
MUST_USE enum err campaign_see(struct ctx *c, struct str code, struct lead_campaign_get_row *out);
/* campaign_approve: by another account than the one that drafted it (accounts, not the command line). campaign_file: its
 * document number 文号 and day. campaign_start: the ad hoc task, a draft as any other: it is approved and drawn in the ordinary
 * way; *task is its code. Journal: campaign.approve, .file, .start. ERR_CONFLICT, ERR_STATE, ERR_PERMISSION, ERR_DATE. */
MUST_USE enum err campaign_approve(struct ctx *c, struct lead_at at);
MUST_USE enum err campaign_file(struct ctx *c, struct lead_at at, struct str document_no, int64_t day);
MUST_USE enum err campaign_start(struct ctx *c, struct lead_at at, struct str *task);

#endif
