/* mod/drawing/spared.h - which departments a recognised result 结果互认 (mod/followup) spares a visit. Read once and walked along
 * with the targets, which come in the order of their codes. */
#ifndef MQ_DRAWING_SPARED_H
#define MQ_DRAWING_SPARED_H

#include "mod/task/task.h"

struct spared_target {
    struct str target;
    uint64_t items; /* bit i: the task's item i is recognised there */
};
struct spared {
    struct ctx *c;
    const struct task *task;
    const unsigned *bits;                /* department bit by participant */
    uint64_t own[TERMS_PARTICIPANTS_MAX]; /* the items of a participant */
    struct str departments[TERMS_ITEMS_MAX]; /* of the items */
    struct spared_target *v;             /* ascending by target; the caller frees it */
    size_t count, size, next;
};

/* spared_read: what is accepted in place of a visit and valid on this day; nothing for a task that the visit caps do not bind (a
 * complaint, a re-check, an emergency …). ERR_MEMORY, ERR_DB. */
MUST_USE enum err spared_read(struct ctx *c, const struct task *task, const unsigned *bits, int64_t today, struct spared *s);
/* spared_leaves: of the departments of `mask` those that still have to go to a target: a department stays at home when all its
 * items of the task are recognised there, everybody when all items are. Targets ascending from call to call. */
uint64_t spared_leaves(struct spared *s, struct str target, uint64_t mask);

#endif
