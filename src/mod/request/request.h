/* mod/request/request.h - an act sent twice counts once: the answer is kept in the transaction of the act. */
#ifndef MQ_REQUEST_H
#define MQ_REQUEST_H

#include "mod/ctx.h"
#include "mod/request_sql.h"

enum { REQUEST_KEY_MAX = 128, REQUEST_KEEP_DAYS = 7 };

/* What the client calls this act, and what it is: actor and key name it, act (method, address, digest of the
 * content) must be the same whenever it comes again. */
struct request_name {
    struct str key, act;
};
/* request_seen: was it done before? *answer gets what was kept. ERR_EXISTS: the key names another act.
 * ERR_LENGTH the key. Runs in the caller's transaction, before the act. */
MUST_USE enum err request_seen(struct ctx *c, const struct request_name *n, bool *seen, struct str *answer);
/* request_keep: after the act, in the same transaction. Answers older than REQUEST_KEEP_DAYS are forgotten.
 */
MUST_USE enum err request_keep(struct ctx *c, const struct request_name *n, struct str answer);

#endif
