/* http/api_flow.h - what the handlers of tasks, ceremonies and teams share: which task an address names, and what the
 * account may do with it. */
#ifndef MQ_API_FLOW_H
#define MQ_API_FLOW_H

#include "api.h"
#include "mod/drawing/drawing.h"
#include "mod/task/task.h"

/* Parties that are no department: acted for by whoever holds the permission. */
#define FLOW_OBSERVER STR("observer")
#define FLOW_NOTARY STR("notary")

/* A task with its latest attempt. */
struct flow_view {
    struct task task;
    bool has_draw;
    struct drawing_current_row draw;
    enum drawing_state state;
    struct drawing_party_list_row *parties; /* of the attempt */
    size_t party_count;
};

/* flow_find: the task of the address. ERR_NOT_FOUND also when it is outside of the account's departments and regions:
 * seen by its lead, its participants, the parties of its draw, observers, notaries and those of all departments. */
MUST_USE enum err flow_find(struct api *q, struct flow_view *out);
/* flow_owns: is it the lead's (or the account of all departments), or a joint task and the account's business that of the
 * conference? flow_joint: more than one department takes part. */
bool flow_owns(const struct api *q, const struct flow_view *v);
bool flow_joint(const struct flow_view *v);
/* flow_works: does the account work on the task, in its department or for all? Not observers and notaries, who follow its
 * draw: papers that name people are not theirs. */
bool flow_works(const struct api *q, const struct flow_view *v);
/* flow_prepares, flow_approves: flow_owns with the permission for it. */
bool flow_prepares(const struct api *q, const struct flow_view *v);
bool flow_approves(const struct api *q, const struct flow_view *v);
/* flow_is_party: may the account act for the party of this name? Its own department, or observer or notary by role. */
bool flow_is_party(const struct api *q, struct str name);
/* flow_department: the participant the account belongs to; absent when it is none. */
struct str flow_department(const struct api *q, const struct flow_view *v);
/* flow_give: the task as content, as docs/how-to/api.md describes it. */
MUST_USE enum err flow_give(struct api *q);

#endif
