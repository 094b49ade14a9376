/* mod/ctx.c - ids from the application, particulars of a refusal */
#include "ctx.h"

#include <stdarg.h>
#include <stdio.h>

enum err
ctx_refuse(struct ctx *c, enum err e, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(c->why, sizeof c->why, format, list);
    va_end(list);
    return e;
}

enum err
ctx_new_id(struct ctx *c, int64_t *id)
{
    uint32_t r;
    enum err e = c->entropy(&r, sizeof r);

    if (e != OK)
        return e;
    *id = (c->now_us / 1000) << 20 | (int64_t) (r & 0xFFFFF);
    if (*id <= c->last_id)
        *id = c->last_id + 1;
    c->last_id = *id;
    return OK;
}

bool
ctx_is_own(const struct ctx *c, struct str actor)
{
    return str_starts(c->actor, STR("user:")) && str_eq(c->actor, actor);
}
