/* mod/publication/publication.c - facts only */
#include "mod/publication/publication.h"

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
