/* mod/expert/expert.c */
#include "mod/expert/expert.h"

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
        .department = newer(say->department, old->department, changed),
        .region = newer(say->region, old->region, changed),
        .organisation = newer(say->organisation, old->organisation, changed),
        .specialty = newer(say->specialty, old->specialty, changed),
        .contract_no = newer(say->contract_no, old->contract_no, changed),
        .contract_from_day = newer_i64(say->contract_from_day, old->contract_from_day, changed),
        .contract_to_day = newer_i64(say->contract_to_day, old->contract_to_day, changed),
        .conflicts = newer(say->conflicts, old->conflicts, changed),
        .state = newer(say->state, old->state, changed),
        .updated_us = say->updated_us,
    };

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
