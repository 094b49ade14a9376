/* mod/ctx.c - ids from the application */
#include "ctx.h"

enum err
ctx_new_id(struct ctx *c, int64_t *id)
{
    uint32_t r;
    enum err e = c->entropy(&r, sizeof r);

    if (e == OK)
        *id = (c->now_us / 1000) << 20 | (int64_t) (r & 0xFFFFF);
    return e;
}
