/* mod/expert/expert.c */
#include "mod/expert/expert.h"

#include "mod/journal/journal.h"
#include "mod/words.h"

struct str
expert_state(struct str words)
{
    if (str_eq(words, STR("在聘")) || str_eq(words, STR("在库")) || str_eq(words, STR("在任")) ||
        str_eq(words, STR("active")))
        return STR("active");
    if (str_eq(words, STR("离任")) || str_eq(words, STR("离库")) || str_eq(words, STR("解聘")) ||
        str_eq(words, STR("left")))
        return STR("left");
    return (struct str){NULL, 0};
}

static struct expert_put_in
merged(const struct expert_get_row *old, const struct expert_put_in *say, bool *changed)
{
    struct expert_put_in to = {
        .code = say->code,
        .name = newer(say->name, old->name, changed),
        .organisation = newer(say->organisation, old->organisation, changed),
        .specialty = newer(say->specialty, old->specialty, changed),
        .contract_to_day = say->contract_to_day.set ? say->contract_to_day : old->contract_to_day,
        .conflicts = newer(say->conflicts, old->conflicts, changed),
        .state = newer(say->state, old->state, changed),
        .updated_us = say->updated_us,
    };

    if (to.contract_to_day.set != old->contract_to_day.set || to.contract_to_day.v != old->contract_to_day.v)
        *changed = true;
    return to;
}

enum err
expert_accept(struct ctx *c, const struct expert_put_in *say, bool dry_run, enum expert_effect *effect)
{
    struct expert_get_row old;
    struct expert_put_in to = *say;
    bool changed = false;
    enum err e = expert_get(c->db, c->arena, &(struct expert_get_in){say->code}, &old);

    if (e == OK)
        to = merged(&old, say, &changed);
    else if (e == ERR_NOT_FOUND && to.state.n == 0)
        to.state = STR("active");
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    *effect = e == ERR_NOT_FOUND ? EXPERT_NEW : changed ? EXPERT_CHANGED : EXPERT_UNCHANGED;
    return dry_run || *effect == EXPERT_UNCHANGED ? OK : expert_put(c->db, &to);
}

static enum err
edit(struct ctx *c, const struct expert_put_in *say)
{
    enum expert_effect effect;
    enum err e = expert_accept(c, say, false, &effect);

    return e == OK && effect != EXPERT_UNCHANGED
               ? journal_add(c, &(struct journal_act) {STR("expert.change"), say->code, {NULL, 0}})
               : e;
}

enum err
expert_edit(struct ctx *c, const struct expert_put_in *say)
{
    enum err e;

    if (say->code.n == 0 || say->code.n > EXPERT_CODE_MAX || say->name.n == 0 || say->name.n > EXPERT_NAME_MAX)
        return ERR_LENGTH;
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, edit(c, say)) : e;
}
