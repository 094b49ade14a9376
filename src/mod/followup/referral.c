/* mod/followup/referral.c - referrals 移送, 抄告 */
#include "mod/followup/followup_int.h"

#include "mod/scope.h"

static enum err
papers_text(struct ctx *c, const struct texts *papers, struct str *out)
{
    size_t bytes = 16;
    struct buf b;
    enum err e = OK;

    *out = (struct str){NULL, 0};
    if (papers->count > FOLLOWUP_PAPERS_MAX)
        return ERR_TOO_LARGE;
    for (size_t i = 0; e == OK && i < papers->count; i++) {
        bytes += 4 + 6 * papers->v[i].n;
        e = followup_words(c, papers->v[i], FOLLOWUP_WORDS_MAX, true);
    }
    if (e == OK && papers->count > 0)
        e = buf_in(c, bytes, &b);
    if (e != OK || papers->count == 0)
        return e;
    json_put_texts(&b, papers);
    return buf_take(c, &b, out);
}

static enum err
send(struct ctx *c, struct followup_at at, const struct referral_say *s, int64_t *id)
{
    struct followup_get_row row;
    enum followup_state from = FOLLOWUP_CLOSED;
    struct str papers;
    enum err e = followup_see(c, at.target, at.id, &row);

    if (e == OK && row.row_version != at.row_version)
        return ERR_CONFLICT;
    if (e == OK)
        e = followup_state_parse(row.state, &from);
    if (e == OK && !followup_may_move(from, FOLLOWUP_REFERRED))
        e = ctx_refuse(c, ERR_STATE, "it is %s", row.state.p);
    if (e == OK)
        e = followup_other(c, s->to_department, row.department);
    if (e == OK)
        e = papers_text(c, &s->papers, &papers);
    if (e == OK)
        e = ctx_new_id(c, id);
    if (e == OK)
        e = followup_referral_put(c->db, &(struct followup_referral_put_in){row.target, *id, row.id, row.department,
                                                                            s->to_department, row.region, s->kind, s->basis,
                                                                            papers, c->actor, c->now_us});
    if (e == OK)
        e = followup_pass(c, &row, FOLLOWUP_REFERRED, &(struct followup_say){.note = s->to_department});
    return e == OK ? followup_note(c, "referral.send", row.target, *id, "to", s->to_department) : e;
}

enum err
referral_send(struct ctx *c, struct followup_at at, const struct referral_say *say, int64_t *id)
{
    enum err e = followup_words(c, say->basis, FOLLOWUP_TEXT_MAX, true);

    if (e == OK && !str_eq(say->kind, STR("transfer")) && !str_eq(say->kind, STR("notify")))
        e = ctx_refuse(c, ERR_INPUT, "transfer or notify");
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, send(c, at, say, id)) : e;
}

enum err
referral_see(struct ctx *c, struct str target, int64_t id, struct followup_referral_line *out)
{
    struct followup_referral_get_row found;
    enum err e = followup_referral_get(c->db, c->arena, &(struct followup_referral_get_in){target, id}, &found);

    if (e == OK)
        *out = found.line;
    if (e == ERR_NOT_FOUND ||
        (e == OK && !scope_sees(c, out->to_department, out->region) && !scope_sees(c, out->from_department, out->region)))
        return ctx_refuse(c, ERR_NOT_FOUND, "referral %lld", (long long) id);
    return e;
}

/* One that waits at this department. */
static enum err
hold(struct ctx *c, struct followup_at at, struct str state, struct followup_referral_line *row)
{
    enum err e = referral_see(c, at.target, at.id, row);

    if (e == OK && !scope_sees(c, row->to_department, row->region))
        return ctx_refuse(c, ERR_PERMISSION, "it was sent to another department");
    if (e == OK && row->row_version != at.row_version)
        return ERR_CONFLICT;
    return e == OK && !str_eq(row->state, state) ? ctx_refuse(c, ERR_STATE, "it is %s", row->state.p) : e;
}

enum err
referral_receive(struct ctx *c, struct followup_at at, struct str receipt_no)
{
    struct followup_referral_line row;
    enum err e = followup_words(c, receipt_no, FOLLOWUP_WORDS_MAX, true);

    if (e == OK)
        e = db_begin(c->db);
    if (e != OK)
        return e;
    e = hold(c, at, STR("sent"), &row);
    if (e == OK)
        e = followup_referral_receive(c->db, &(struct followup_referral_receive_in){at.target, at.id, at.row_version, receipt_no,
                                                                                    c->actor, c->now_us});
    if (e == OK)
        e = followup_note(c, "referral.receive", at.target, at.id, "receipt", receipt_no);
    return db_end(c->db, e);
}

enum err
referral_answer(struct ctx *c, struct followup_at at, struct str feedback)
{
    struct followup_referral_line row;
    enum err e = followup_words(c, feedback, FOLLOWUP_TEXT_MAX, true);

    if (e == OK)
        e = db_begin(c->db);
    if (e != OK)
        return e;
    e = hold(c, at, STR("received"), &row);
    if (e == OK)
        e = followup_referral_answer(c->db, &(struct followup_referral_answer_in){at.target, at.id, at.row_version, feedback,
                                                                                  c->actor, c->now_us});
    if (e == OK)
        e = followup_note(c, "referral.answer", at.target, at.id, NULL, (struct str){NULL, 0});
    return db_end(c->db, e);
}
