/* mod/account/account_int.h - shared by the files of this module */
#ifndef MQ_ACCOUNT_INT_H
#define MQ_ACCOUNT_INT_H

#include "mod/account/account.h"

/* account_journal: an entry about account `id`. account_find: by login, the refusal names it. */
MUST_USE enum err account_journal(struct ctx *c, struct str act, int64_t id, struct str detail);
MUST_USE enum err account_find(struct ctx *c, struct str login, struct account_get_row *out);
/* account_put_secret: a second factor, proved by a code. */
MUST_USE enum err account_put_secret(struct ctx *c, int64_t id, struct str secret, struct str code);
/* account_open_secret: the second factor of an account as it is stored, decrypted. */
MUST_USE enum err account_open_secret(struct ctx *c, int64_t id, struct str sealed, struct str *secret);

#endif
