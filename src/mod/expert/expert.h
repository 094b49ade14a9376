/* mod/expert/expert.h - experts 专家 (regulation 二(三)): organisation, specialty, contract, conflicts. */
#ifndef MQ_EXPERT_H
#define MQ_EXPERT_H

#include "mod/ctx.h"
#include "mod/expert_sql.h"

enum { EXPERT_CODE_MAX = 64, EXPERT_NAME_MAX = 200 };
enum expert_effect { EXPERT_NEW, EXPERT_CHANGED, EXPERT_UNCHANGED };

/* expert_state: 在聘 active, 离任 left; absent when unknown. */
struct str expert_state(struct str words);
/* expert_accept: store what the register says, inside the caller's transaction and under its journal entry;
 * absent fields keep what is known; with dry_run only decide. */
MUST_USE enum err expert_accept(struct ctx *c, const struct expert_put_in *say, bool dry_run,
                                enum expert_effect *effect);

/* expert_edit: a person changes the register: expert_accept in a transaction with its entry expert.change. */
MUST_USE enum err expert_edit(struct ctx *c, const struct expert_put_in *say);

#endif
