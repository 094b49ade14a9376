/* mod/target/target_classify.c - what mod/risk sets: the class, the observation period */
#include "mod/target/target.h"

enum err
target_classify(struct ctx *c, const struct target_classing *say)
{
    struct target_get_row now;
    enum err e = target_classify_put(c->db, &(struct target_classify_put_in){say->code, say->before, say->after, say->as_of_day});

    if (e == OK)
        e = target_get(c->db, c->arena, &(struct target_get_in){say->code}, &now);
    if (e != OK)
        return e;
    return target_change_put(c->db, &(struct target_change_put_in){say->code, now.row_version, STR("risk_class"), say->before,
                                                                   say->after, say->act, c->actor, c->now_us});
}

enum err
target_observe(struct ctx *c, struct str code, struct opt_i64 to_day)
{
    return target_observe_put(c->db, &(struct target_observe_put_in){code, to_day});
}
