/* mod/plan/plan_int.h - shared by the files of the plan; not for others */
#ifndef MQ_PLAN_INT_H
#define MQ_PLAN_INT_H

#include <jansson.h>

#include "mod/item/item.h"
#include "mod/plan/plan.h"

/* plan_read: a plan and its lines from the JSON of plan_create; texts in the arena. plan_read_line: one line. */
MUST_USE enum err plan_read(struct ctx *c, const json_t *o, struct plan_put_in *plan, struct plan_line_put_in **lines,
                            size_t *count);
MUST_USE enum err plan_read_line(struct ctx *c, const json_t *o, struct plan_line_put_in *line);
/* plan_take_cap: the cap of one published item joins the smallest one so far. */
void plan_take_cap(const struct item_current_row *item, struct opt_i64 *cap_bp);
/* plan_put_lines: inside the caller's transaction. */
MUST_USE enum err plan_put_lines(struct ctx *c, struct str code, struct plan_line_put_in *lines, size_t count);

#endif
