/* base/err.h - the one error type. Every function that can fail returns it; it is never ignored. */
#ifndef MQ_ERR_H
#define MQ_ERR_H

#define MUST_USE __attribute__((warn_unused_result))

enum err {
#define ERR(name, http, exit_status, zh, en) name,
#include "err.def"
#undef ERR
    ERR_COUNT
};

const char *err_name(enum err e);       /* "ERR_CHECK": the stable code of API answers */
const char *err_zh(enum err e);         /* Chinese text, UTF-8 */
const char *err_en(enum err e);         /* English text */
int err_http_status(enum err e);        /* 200..599 */
int err_exit_status(enum err e);        /* 0..5, base/err.def */

#endif
