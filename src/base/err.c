/* base/err.c - the table behind err.h */
#include "err.h"

static const struct {
    const char *name, *zh, *en;
    int http_status, exit_status;
} TABLE[ERR_COUNT] = {
#define ERR(name, http, exit_status, zh, en) {#name, zh, en, http, exit_status},
#include "err.def"
#undef ERR
};

const char *
err_name(enum err e)
{
    return TABLE[e].name;
}

const char *
err_zh(enum err e)
{
    return TABLE[e].zh;
}

const char *
err_en(enum err e)
{
    return TABLE[e].en;
}

int
err_http_status(enum err e)
{
    return TABLE[e].http_status;
}

int
err_exit_status(enum err e)
{
    return TABLE[e].exit_status;
}
