/* mod/expert/expert.h - experts 专家 (regulation 二(三)): organisation, specialty, contract, conflicts. */
#ifndef MQ_EXPERT_H
#define MQ_EXPERT_H

#include "mod/ctx.h"
#include "mod/expert_sql.h"
#include "mod/person/person.h"

enum { EXPERT_CODE_MAX = 64, EXPERT_NAME_MAX = 200, EXPERT_REASON_MAX = 600, EXPERT_CONFLICTS_MAX = 256 };
enum expert_effect { EXPERT_NEW, EXPERT_CHANGED, EXPERT_UNCHANGED };

/* expert_state: 在聘 active, 离任 left; absent when unknown. */
struct str expert_state(struct str words);
/* expert_accept: store what the register says, inside the caller's transaction and under its journal entry;
 * absent fields keep what is known; with dry_run only decide. */
MUST_USE enum err expert_accept(struct ctx *c, const struct expert_put_in *say, bool dry_run,
                                enum expert_effect *effect);

/* --- the register as people read and change it (expert_edit.c) ------------------------------------------------------------- */

/* expert_see: one within the row scope of c, or shared by all departments; otherwise ERR_NOT_FOUND. */
MUST_USE enum err expert_see(struct ctx *c, struct str code, struct expert_get_row *out);

enum expert_field {
    EXPERT_NAME = 1,
    EXPERT_DEPARTMENT = 2,
    EXPERT_REGION = 4,
    EXPERT_ORGANISATION = 8,
    EXPERT_SPECIALTY = 16,
    EXPERT_CONTRACT_NO = 32,
    EXPERT_CONTRACT_FROM = 64,
    EXPERT_CONTRACT_TO = 128,
    EXPERT_CONFLICTS = 256
};
/* What a person says: the fields named by `said`, the others stay. Absent and said: nothing any more. specialty: JSON array;
 * conflicts: JSON array of target codes. The state does not count: expert_move changes it. */
struct expert_change {
    struct expert_put_in row;
    unsigned said; /* of enum expert_field */
    struct person_say person;
};
/*
 * expert_open: a new one. expert_edit: change one; row_version must be the present one. *field names the wrong field, or is
 * NULL. Those shared by all departments (or regions) are changed only by accounts of all departments (regions). Journal:
 * expert.add, expert.change with the names of the fields.
 * ERR_LENGTH, ERR_CHARSET, ERR_INPUT (department), ERR_REGION, ERR_ORDER (the contract), errors of target_code_parse (a
 * conflict) and of core/person.h; ERR_PERMISSION outside the row scope; ERR_EXISTS; ERR_CONFLICT, ERR_NOT_FOUND.
 */
MUST_USE enum err expert_open(struct ctx *c, const struct expert_change *say, const char **field);
MUST_USE enum err expert_edit(struct ctx *c, int64_t row_version, const struct expert_change *say, const char **field);
/* expert_move: active or left, with a reason. ERR_STATE, ERR_INPUT, ERR_LENGTH and as expert_edit. Journal: expert.state. */
MUST_USE enum err expert_move(struct ctx *c, int64_t row_version, struct str code, struct str state, struct str reason);
/* expert_reveal: telephone and identity number in clear, as person_reveal. */
MUST_USE enum err expert_reveal(struct ctx *c, struct str code, struct str reason, struct person_plain *out);

#endif
