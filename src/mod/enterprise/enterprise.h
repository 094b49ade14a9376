/* mod/enterprise/enterprise.h - the enterprise itself: its account, and its own row of a sealed list with the proof (regulation
 * 二(五), 二(六)). An account speaks for one target (account.target). */
#ifndef MQ_ENTERPRISE_H
#define MQ_ENTERPRISE_H

#include "core/merkle.h"
#include "core/roster.h"
#include "mod/account/account.h"
#include "mod/drawing/drawing.h"

/* enterprise_invite: a one-time link for the target's account, which is opened at the first time; one transaction. ERR_NOT_FOUND
 * outside the row scope of c; ERR_STATE the account is disabled. *login in the arena. Journal: account.create, account.roles,
 * account.invite. */
MUST_USE enum err enterprise_invite(struct ctx *c, struct str target, struct str *login,
                                    char token[static SECRET_TOKEN_CHARS + 1]);
/* enterprise_target: whom the account speaks for. ERR_NOT_FOUND: for nobody. */
MUST_USE enum err enterprise_target(struct ctx *c, int64_t account, struct str *target);

/* The row of one target in the sealed list of a draw, salt and all, and the way from it to the root. Whoever has the row of a
 * sealed stratum learns its class: it is for the target alone. */
struct enterprise_leaf {
    bool held;              /* it is in the list; else nothing below is set */
    uint64_t index, count;  /* from 0 */
    struct str line;        /* the bytes that are hashed, in the arena */
    struct roster_row row;  /* texts within line */
    struct merkle_proof proof;
};
/* enterprise_leaf: reads the list once. ERR_NOT_FOUND no such list; ERR_DIGEST it does not give the root that was sealed. */
MUST_USE enum err enterprise_leaf(struct ctx *c, struct drawing_key k, struct str target, struct enterprise_leaf *out);

#endif
