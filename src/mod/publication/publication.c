/* mod/publication/publication.c - facts only */
#include "mod/publication/publication.h"

#include <stdio.h>

#include "mod/journal/journal.h"
#include "mod/json.h"

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

static bool
words_ok(struct str s)
{
    return str_trim(s).n > 0 && s.n <= PUBLICATION_WORDS_MAX && utf8_valid(s);
}

static enum err
note_takedown(struct ctx *c, const struct publication_takedown_put_in *t)
{
    char subject[128], text[4 * PUBLICATION_WORDS_MAX];
    struct buf b = buf_over(text, sizeof text);
    int n = snprintf(subject, sizeof subject, "%.*s/%lld", (int) t->target.n, t->target.p, (long long) t->publication);

    buf_z(&b, "{");
    json_put_name(&b, "reason");
    buf_json(&b, t->reason);
    json_put_name(&b, "basis");
    buf_json(&b, t->basis);
    buf_z(&b, "}");
    if (n < 0 || (size_t) n >= sizeof subject || b.overflow)
        return ERR_TOO_LARGE;
    return journal_add(c, &(struct journal_act) {STR("publication.takedown"), str_of(subject), buf_view(&b)});
}

static enum err
take_down(struct ctx *c, const struct publication_takedown_put_in *t)
{
    struct publication_get_row p;
    struct publication_takedown_get_row old;
    enum err e = publication_get(c->db, c->arena, &(struct publication_get_in) {t->target, t->publication}, &p);

    if (e != OK)
        return e;
    e = publication_takedown_get(c->db, c->arena, &(struct publication_takedown_get_in) {t->target, t->publication}, &old);
    if (e == OK)
        return str_eq(old.reason, t->reason) && str_eq(old.basis, t->basis)
                   ? OK
                   : ctx_refuse(c, ERR_STATE, "taken down already: %s", old.reason.p);
    if (e == ERR_NOT_FOUND)
        e = publication_takedown_put(c->db, t);
    return e == OK ? note_takedown(c, t) : e;
}

enum err
publication_take_down(struct ctx *c, struct str target, int64_t id, struct str reason, struct str basis)
{
    const struct publication_takedown_put_in t = {target, id, reason, basis, c->actor, c->now_us};
    enum err e;

    if (!words_ok(reason) || !words_ok(basis))
        return ctx_refuse(c, ERR_INPUT, "a reason and a basis, each at most %d bytes", PUBLICATION_WORDS_MAX);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, take_down(c, &t)) : e;
}
