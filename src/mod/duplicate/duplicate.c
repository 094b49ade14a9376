/* mod/duplicate/duplicate.c */
#include "mod/duplicate/duplicate.h"

#include "mod/drawing/drawing.h"
#include "mod/inspector/inspector.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/target/target.h"

/* No roster that is already sealed may lose a row before it is drawn from. */
static enum err
not_sealed(struct ctx *c, struct str code)
{
    struct str draw;
    bool held;
    enum err e = drawing_holds(c, code, &held, &draw);

    if (e == OK && held)
        return ctx_refuse(c, ERR_STATE, "%.*s 在已封存、尚未抽取的名单 %.*s 中", (int) code.n, code.p, (int) draw.n, draw.p);
    return e;
}

static enum err
may_merge(struct ctx *c, const struct target_page_row *keep, const struct target_page_row *drop)
{
    enum err e;

    if (str_eq(keep->code, drop->code) || !str_eq(keep->kind, drop->kind))
        return ctx_refuse(c, ERR_INPUT, "两条记录须是同一种类的不同代码");
    if (lines_have(keep->claimed, c->department) || lines_have(drop->claimed, c->department))
        return ctx_refuse(c, ERR_PERMISSION, "本部门只是认领：由原部门合并");
    e = not_sealed(c, keep->code);
    return e == OK ? not_sealed(c, drop->code) : e;
}

static enum err
journal_merge(struct ctx *c, const struct duplicate_pair *p)
{
    struct buf b;
    struct str detail;
    enum err e = buf_in(c, 6 * (p->drop.n + p->reason.n) + 64, &b);

    if (e != OK)
        return e;
    buf_z(&b, "{\"dropped\":");
    json_put_text(&b, p->drop);
    buf_z(&b, ",\"reason\":");
    json_put_text(&b, p->reason);
    buf_z(&b, "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act){STR("target.merge"), p->keep, detail}) : e;
}

/* Was it done before? */
static enum err
done_before(struct ctx *c, const struct duplicate_pair *p, bool *done)
{
    struct duplicate_of_row *rows;
    size_t n;
    enum err e = duplicate_of(c->db, c->arena, &(struct duplicate_of_in){p->keep}, &rows, &n);

    *done = false;
    for (size_t i = 0; e == OK && i < n; i++)
        *done = *done || str_eq(rows[i].dropped, p->drop);
    return e;
}

static enum err
merge(struct ctx *c, const struct duplicate_pair *p)
{
    struct target_page_row keep, drop;
    bool done;
    enum err e = target_see(c, p->keep, &keep);

    if (e == OK)
        e = done_before(c, p, &done);
    if (e != OK || done)
        return e;
    if ((e = target_see(c, p->drop, &drop)) == OK)
        e = may_merge(c, &keep, &drop);
    if (e == OK)
        e = target_unite(c, &keep, &drop);
    if (e == OK)
        e = inspector_recusal_follow(
            c->db, &(struct inspector_recusal_follow_in){.from_target = drop.code, .to_target = keep.code});
    if (e == OK)
        e = duplicate_put(c->db, &(struct duplicate_put_in){keep.code, drop.code, drop.name, p->reason, c->actor, c->now_us});
    return e == OK ? journal_merge(c, &(struct duplicate_pair){keep.code, drop.code, p->reason}) : e;
}

enum err
duplicate_merge(struct ctx *c, const struct duplicate_pair *p)
{
    enum err e;

    if (p->reason.n == 0 || p->reason.n > DUPLICATE_REASON_MAX)
        return ctx_refuse(c, ERR_INPUT, "a reason of at most %d bytes", DUPLICATE_REASON_MAX);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, merge(c, p)) : e;
}
