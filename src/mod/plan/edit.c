/* mod/plan/edit.c - a draft is rewritten as a whole: its head and its lines in one act */
#include "mod/journal/journal.h"
#include "mod/plan/plan_int.h"

/* The draft as it is, if it is one and nobody else was faster. */
static enum err
hold_draft(struct ctx *c, struct str code, int64_t row_version, struct plan_get_row *plan)
{
    enum plan_state state = PLAN_DRAFT;
    enum err e = plan_get(c->db, c->arena, &(struct plan_get_in){code}, plan);

    if (e == OK)
        e = plan_state_parse(plan->state, &state);
    if (e == OK && state != PLAN_DRAFT)
        return ctx_refuse(c, ERR_STATE, "only a draft is edited; plan %s is %s", code.p, plan_state_name(state));
    return e == OK && plan->row_version != row_version ? ERR_CONFLICT : e;
}

/* The JSON of an edit names neither code nor lead: both stay. */
static enum err
complete(struct ctx *c, const struct plan_get_row *plan, json_t *o)
{
    if (json_object_get(o, "code") != NULL || json_object_get(o, "lead") != NULL)
        return ctx_refuse(c, ERR_INPUT, "code and lead of a plan stay");
    return json_object_set_new(o, "lead", json_stringn(plan->lead.p, plan->lead.n)) == 0 ? OK : ERR_MEMORY;
}

static enum err
rewrite(struct ctx *c, struct str code, int64_t row_version, json_t *o)
{
    struct plan_put_in put = {0};
    struct plan_line_put_in *lines = NULL;
    struct plan_get_row plan;
    size_t count = 0;
    enum err e = hold_draft(c, code, row_version, &plan);

    if (e == OK)
        e = complete(c, &plan, o);
    if (e == OK)
        e = plan_read(c, o, &put, &lines, &count);
    if (e == OK)
        e = plan_change(c->db, &(struct plan_change_in){code, row_version, put.year, put.name, put.joint, put.document_no});
    if (e == OK)
        e = plan_lines_remove(c->db, &(struct plan_lines_remove_in){code});
    if (e == OK)
        e = plan_put_lines(c, code, lines, count);
    return e == OK ? journal_add(c, &(struct journal_act){STR("plan.edit"), code, {0}}) : e;
}

enum err
plan_edit(struct ctx *c, struct str code, int64_t row_version, struct str json)
{
    json_t *o;
    enum err e = json_read(c, json, &o);

    if (e != OK)
        return e;
    e = db_begin(c->db);
    if (e == OK)
        e = db_end(c->db, rewrite(c, code, row_version, o));
    json_decref(o);
    return e;
}
