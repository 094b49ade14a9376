/* mod/drawing/substitute.c - a drawn target leaves for a listed reason, the next reserve of the same quota
 * enters */
#include <string.h>

#include "mod/drawing/drawing_int.h"
#include "mod/task/task.h"

/* 注销 吊销 撤销 迁出 duplicate, visit cap reached meanwhile, merged visit (docs/spec/draw-1.md, "Protocol").
 * A target that cannot be found at its address is a result, never a reason. */
static const char *const REASONS[] = {"cancelled", "revoked", "rescinded", "moved",
                                      "duplicate", "cap",     "merged"};

static bool
is_reason(struct str reason)
{
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (str_eq(reason, str_of(REASONS[i])))
            return true;
    return false;
}

/* The reserve joins the drawn, or goes also for this department when it is among them already. */
static enum err
enter(struct ctx *c, const struct drawing_current_row *d, const struct drawing_target_get_row *original,
      unsigned group, const struct drawing_reserve_next_row *reserve, int64_t *position)
{
    struct drawing_target_get_row there;
    int64_t bit = (int64_t) (UINT64_C(1) << group);
    enum err e = drawing_target_get(
        c->db, c->arena, &(struct drawing_target_get_in){reserve->target, d->draw, d->attempt}, &there);

    if (e == OK)
        return drawing_target_mask(c->db,
                                   &(struct drawing_target_mask_in){reserve->target, d->draw, d->attempt,
                                                                    there.mask, there.mask | bit});
    if (e != ERR_NOT_FOUND)
        return e;
    return drawing_target_put(c->db, &(struct drawing_target_put_in){reserve->target, d->draw, d->attempt,
                                                                     original->stratum, bit, ++*position,
                                                                     original->batch});
}

static enum err
substitute_group(struct ctx *c, const struct drawing_current_row *d,
                 const struct drawing_target_get_row *original, unsigned group,
                 struct drawing_substitution_put_in *put, int64_t *position)
{
    struct drawing_reserve_next_row reserve;
    enum err e = drawing_reserve_next(
        c->db, c->arena, &(struct drawing_reserve_next_in){d->draw, d->attempt, group, original->stratum},
        &reserve);

    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, ERR_QUOTA,
                          "the reserves of group %u stratum %s are used up: a supplementary draw is needed",
                          group, original->stratum.p);
    if (e == OK)
        e = enter(c, d, original, group, &reserve, position);
    put->grp = group;
    put->stratum = original->stratum;
    put->substitute = reserve.target;
    put->rank = reserve.rank;
    return e == OK ? drawing_substitution_put(c->db, put) : e;
}

static enum err
never_before(struct ctx *c, const struct drawing_current_row *d, struct str target)
{
    struct drawing_substitution_of_row *rows;
    size_t count;
    enum err e = drawing_substitution_of(
        c->db, c->arena, &(struct drawing_substitution_of_in) {target, d->draw, d->attempt}, &rows, &count);

    if (e == OK && count > 0)
        return ctx_refuse(c, ERR_EXISTS, "%.*s was substituted by %s", (int) target.n, target.p, rows[0].substitute.p);
    return e;
}

static enum err
substitute(struct ctx *c, struct str task, struct drawing_substitution_put_in *put, size_t *count)
{
    struct drawing_current_row d;
    struct drawing_target_get_row original;
    struct drawing_last_position_row last;
    enum err e = drawing_in(c, task, DRAWING_DRAWN, &d);

    *count = 0;
    if (e == OK)
        e = drawing_target_get(c->db, c->arena,
                               &(struct drawing_target_get_in){put->target, d.draw, d.attempt}, &original);
    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, e, "%.*s was not drawn", (int) put->target.n, put->target.p);
    if (e == OK)
        e = never_before(c, &d, put->target);
    if (e == OK)
        e = drawing_last_position(c->db, c->arena, &(struct drawing_last_position_in){d.draw, d.attempt},
                                  &last);
    put->draw = d.draw;
    put->attempt = d.attempt;
    for (unsigned g = 0; e == OK && g < DRAW_GROUP_COUNT; g++)
        if (((uint64_t) original.mask >> g & 1) != 0) {
            e = substitute_group(c, &d, &original, g, put, &last.position);
            *count += e == OK;
        }
    if (e != OK)
        return e;
    return drawing_journal(c, "draw.substitute", drawing_key_of(&d),
                           (struct drawing_fact[]){
                               {"approver", put->approver}, {"reason", put->reason}, {"target", put->target}},
                           3);
}

enum err
drawing_substitute(struct ctx *c, struct str task, struct str target, struct str reason, struct str evidence,
                   struct str approver, size_t *count)
{
    struct drawing_substitution_put_in put = {.target = target,
                                              .reason = reason,
                                              .evidence = evidence,
                                              .approver = str_trim(approver),
                                              .substituted_us = c->now_us};
    enum err e;

    if (!is_reason(reason))
        return ctx_refuse(
            c, ERR_INPUT,
            "a target is substituted only when cancelled, revoked, rescinded, moved, duplicate, "
            "cap or merged; one that cannot be found is a result");
    if (put.approver.n == 0 || put.approver.n > 128 || evidence.n > DRAWING_REASON_MAX)
        return ctx_refuse(c, ERR_INPUT, "a substitution has an approver of 1 to 128 bytes");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, substitute(c, task, &put, count)) : e;
}
