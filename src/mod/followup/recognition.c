/* mod/followup/recognition.c - recognition of results between departments 结果互认 */
#include "mod/followup/followup_int.h"

#include "core/calendar.h"
#include "mod/item/item.h"
#include "mod/scope.h"

static enum err
offer(struct ctx *c, const struct followup_origin *o, const struct recognition_say *s, int64_t *id)
{
    struct followup_recognition_same_row old;
    enum err e = followup_recognition_same(
        c->db, c->arena, &(struct followup_recognition_same_in){o->target, o->result, s->to_department, s->to_item}, &old);

    if (e == OK)
        *id = old.id;
    if (e != ERR_NOT_FOUND)
        return e;
    e = ctx_new_id(c, id);
    if (e == OK)
        e = followup_recognition_put(c->db, &(struct followup_recognition_put_in){
                                                o->target, *id, o->result, o->task, o->item, o->department, s->to_department,
                                                s->to_item, o->region, s->valid_to_day, c->actor, c->now_us});
    return e == OK ? followup_note(c, "recognition.offer", o->target, *id, "to", s->to_department) : e;
}

enum err
recognition_offer(struct ctx *c, const struct followup_origin *o, const struct recognition_say *say, int64_t *id)
{
    struct item_current_row item;
    enum err e = followup_other(c, say->to_department, o->department);

    if (e == OK)
        e = item_current(c->db, c->arena, &(struct item_current_in){say->to_item}, &item);
    if (e == ERR_NOT_FOUND || (e == OK && !str_eq(item.department, say->to_department)))
        return ctx_refuse(c, ERR_INPUT, "a published item of the other department");
    if (e == OK && say->valid_to_day < day_of_us(c->now_us))
        return ctx_refuse(c, ERR_DATE, "a last day that is over");
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, offer(c, o, say, id)) : e;
}

enum err
recognition_see(struct ctx *c, struct str target, int64_t id, struct followup_recognition_get_row *out)
{
    enum err e = followup_recognition_get(c->db, c->arena, &(struct followup_recognition_get_in){target, id}, out);

    if (e == ERR_NOT_FOUND ||
        (e == OK && !scope_sees(c, out->to_department, out->region) && !scope_sees(c, out->from_department, out->region)))
        return ctx_refuse(c, ERR_NOT_FOUND, "recognition %lld", (long long) id);
    return e;
}

static enum err
decide(struct ctx *c, struct followup_at at, bool accept, bool avoided, struct str reason)
{
    struct followup_recognition_get_row row;
    enum err e = recognition_see(c, at.target, at.id, &row);

    if (e == OK && !scope_sees(c, row.to_department, row.region))
        e = ctx_refuse(c, ERR_PERMISSION, "it was offered to another department");
    if (e == OK && row.row_version != at.row_version)
        return ERR_CONFLICT;
    if (e == OK && !str_eq(row.state, STR("offered")))
        e = ctx_refuse(c, ERR_STATE, "it is %s", row.state.p);
    if (e == OK && accept && row.valid_to_day < day_of_us(c->now_us))
        e = ctx_refuse(c, ERR_DATE, "it is valid no more");
    if (e == OK)
        e = followup_recognition_decide(c->db, &(struct followup_recognition_decide_in){
                                                   at.target, at.id, at.row_version, accept ? STR("accepted") : STR("refused"),
                                                   reason, accept && avoided, c->actor, c->now_us});
    return e == OK ? followup_note(c, accept ? "recognition.accept" : "recognition.refuse", at.target, at.id, "reason", reason) : e;
}

enum err
recognition_decide(struct ctx *c, struct followup_at at, bool accept, bool avoided, struct str reason)
{
    enum err e = followup_words(c, reason, FOLLOWUP_WORDS_MAX, !accept);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, decide(c, at, accept, avoided, reason)) : e;
}

enum err
recognition_lapse(struct ctx *c, struct str target, int64_t result)
{
    return followup_recognition_lapse(c->db, &(struct followup_recognition_lapse_in){target, result, c->now_us});
}
