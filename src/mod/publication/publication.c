/* mod/publication/publication.c - facts only */
#include "mod/publication/publication.h"

#include <stdio.h>

#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/scope.h"
#include "mod/target/target.h"

enum err
publication_add(struct ctx *c, struct publication_put_in *p)
{
    struct publication_last_row last;
    enum err e = publication_last(c->db, c->arena, &(struct publication_last_in) {p->target, p->result}, &last);

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    p->correction = e == OK ? last.correction + 1 : 0;
    e = ctx_new_id(c, &p->id);
    p->published_us = c->now_us;
    return e == OK ? publication_put(c->db, p) : e;
}

enum err
publication_find(struct ctx *c, struct str target, int64_t id, struct publication_get_row *out, struct str *region)
{
    struct target_get_row t;
    enum err e = publication_get(c->db, c->arena, &(struct publication_get_in) {target, id}, out);

    if (e == OK)
        e = target_get(c->db, c->arena, &(struct target_get_in) {target}, &t);
    if (e != OK)
        return e;
    *region = t.region;
    return scope_sees(c, out->department, t.region) ? OK : ERR_NOT_FOUND;
}

/* --- taking down ---------------------------------------------------------------------------------------------------- */

static bool
words_ok(struct str s)
{
    return str_trim(s).n > 0 && s.n <= PUBLICATION_WORDS_MAX && utf8_valid(s);
}

static enum err
note(struct ctx *c, const char *act, const struct publication_taken *w)
{
    char subject[128], text[4 * PUBLICATION_WORDS_MAX];
    struct buf b = buf_over(text, sizeof text);
    int n = snprintf(subject, sizeof subject, "%.*s/%lld", (int) w->target.n, w->target.p, (long long) w->publication);

    buf_z(&b, "{");
    json_put_name(&b, "reason");
    buf_json(&b, w->reason);
    json_put_name(&b, "basis");
    buf_json(&b, w->basis);
    buf_z(&b, "}");
    if (n < 0 || (size_t) n >= sizeof subject || b.overflow)
        return ERR_TOO_LARGE;
    return journal_add(c, &(struct journal_act) {str_of(act), str_of(subject), buf_view(&b)});
}

static enum err
find_takedown(struct ctx *c, struct str target, int64_t id, struct publication_taken *out)
{
    struct publication_takedown_get_row row;
    enum err e = publication_takedown_get(c->db, c->arena, &(struct publication_takedown_get_in) {target, id}, &row);

    if (e == OK)
        *out = row.w;
    return e;
}

static enum err
ask(struct ctx *c, struct publication_taken *w)
{
    struct publication_get_row p;
    struct publication_taken old;
    enum err e = publication_find(c, w->target, w->publication, &p, &w->region);

    w->department = p.department;
    if (e == OK)
        e = ctx_new_id(c, &w->id);
    if (e != OK)
        return e;
    e = find_takedown(c, w->target, w->publication, &old);
    if (e == OK && !str_eq(old.state, STR("refused")))
        return str_eq(old.reason, w->reason) && str_eq(old.basis, w->basis)
                   ? OK
                   : ctx_refuse(c, ERR_STATE, "%s already: %s", old.state.p, old.reason.p);
    if (e == OK)
        e = publication_takedown_again(c->db, &(struct publication_takedown_again_in) {w->target, w->publication, w->id, w->reason,
                                                                                       w->basis, c->actor, c->now_us});
    else if (e == ERR_NOT_FOUND)
        e = publication_takedown_put(c->db, &(struct publication_takedown_put_in) {w->target, w->publication, w->id, w->region,
                                                                                   w->department, w->reason, w->basis, c->actor,
                                                                                   c->now_us});
    return e == OK ? note(c, "takedown.ask", w) : e;
}

enum err
publication_take_down_ask(struct ctx *c, struct str target, int64_t id, struct str reason, struct str basis)
{
    struct publication_taken w = {.target = target, .publication = id, .reason = reason, .basis = basis};
    enum err e;

    if (!words_ok(reason) || !words_ok(basis))
        return ctx_refuse(c, ERR_INPUT, "a reason and a basis, each at most %d bytes", PUBLICATION_WORDS_MAX);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, ask(c, &w)) : e;
}

static enum err
decide(struct ctx *c, const struct takedown_decision *say)
{
    struct publication_taken w;
    enum err e = find_takedown(c, say->target, say->publication, &w);

    if (e == OK && !scope_sees(c, w.department, w.region))
        e = ERR_NOT_FOUND;
    if (e != OK)
        return e;
    if (!str_eq(w.state, STR("asked")))
        return ctx_refuse(c, ERR_STATE, "%s already", w.state.p);
    if (ctx_is_own(c, w.asked_by))
        return ctx_refuse(c, ERR_PERMISSION, "somebody else than who asked decides");
    e = publication_takedown_decide(
        c->db, &(struct publication_takedown_decide_in) {w.target, w.publication, say->row_version,
                                                         say->take ? STR("taken") : STR("refused"), c->actor, c->now_us,
                                                         say->opinion, {say->take, c->now_us}});
    if (e != OK)
        return e == ERR_STATE ? ERR_CONFLICT : e;
    return note(c, say->take ? "publication.takedown" : "takedown.refuse", &w);
}

enum err
publication_take_down_decide(struct ctx *c, const struct takedown_decision *say)
{
    enum err e;

    if (say->opinion.n > PUBLICATION_WORDS_MAX || !utf8_valid(say->opinion) || (!say->take && str_trim(say->opinion).n == 0))
        return ctx_refuse(c, ERR_INPUT, "a refusal says why, in at most %d bytes", PUBLICATION_WORDS_MAX);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, decide(c, say)) : e;
}

/* Said again, it is taken down already. */
static enum err
take_asked(struct ctx *c, struct str target, int64_t id)
{
    struct publication_taken w;
    enum err e = find_takedown(c, target, id, &w);

    if (e != OK || str_eq(w.state, STR("taken")))
        return e;
    return publication_take_down_decide(c, &(struct takedown_decision) {target, id, w.row_version, true, {NULL, 0}});
}

enum err
publication_take_down(struct ctx *c, struct str target, int64_t id, struct str reason, struct str basis)
{
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = publication_take_down_ask(c, target, id, reason, basis);
    return db_end(c->db, e == OK ? take_asked(c, target, id) : e);
}
