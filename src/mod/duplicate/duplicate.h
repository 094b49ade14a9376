/* mod/duplicate/duplicate.h - two records of one target 重复对象: one is kept, the other's code stays valid (regulation 二(三)). */
#ifndef MQ_DUPLICATE_H
#define MQ_DUPLICATE_H

#include "mod/ctx.h"
#include "mod/duplicate_sql.h"

enum { DUPLICATE_REASON_MAX = 600 };

/*
 * duplicate_merge: `drop` joins `keep` (target_unite), with its recusals; visits, results and publications stay under the
 * code they were made for and are shown together. One transaction, one entry target.merge. Sent twice, it acts once.
 * ERR_NOT_FOUND one of them is outside the row scope; ERR_INPUT both are the same, of two kinds, or no reason;
 * ERR_PERMISSION one's department only took one of them on; ERR_STATE one stands in the roster of a sealed draw that is not
 * drawn yet.
 */
struct duplicate_pair {
    struct str keep, drop, reason;
};
MUST_USE enum err duplicate_merge(struct ctx *c, const struct duplicate_pair *p);

#endif
