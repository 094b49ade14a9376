/* mod/scope.h - row scope: what an account sees by department and by region with all that lies below it. */
#ifndef MQ_MOD_SCOPE_H
#define MQ_MOD_SCOPE_H

#include "mod/ctx.h"

/* scope_sees: is a row of this department and region within the scope of c? A row without a region is seen by those of all
 * regions only; of a row without a department the caller decides. */
bool scope_sees(const struct ctx *c, struct str department, struct str region);

/* Codes of a list that is asked for one region (absent: all), within the scope of c: from ≤ code < below. Both are
 * absent when every row fits; none when no row can. */
struct scope_regions {
    struct str from, below;
    bool none;
};
/* scope_regions: 411500 means 4115…, 410000 means 41…. ERR_MEMORY. */
MUST_USE enum err scope_regions(struct ctx *c, struct str asked, struct scope_regions *out);

#endif
