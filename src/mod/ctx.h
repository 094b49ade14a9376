/* mod/ctx.h - what every act needs to know: on which connection, when, who, with which entropy.
 * The clock and the entropy are injected by app/ (and by tests); modules never ask the system. */
#ifndef MQ_CTX_H
#define MQ_CTX_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/db.h"

enum { CTX_WHY_BYTES = 256 };

struct ctx {
    struct db *db;
    struct arena *arena;   /* lives as long as the request or command */
    int64_t now_us;        /* microseconds since 1970-01-01 UTC; official days are UTC+8 (core/calendar.h) */
    struct str actor;      /* who acts, for the journal: "cli:root", "user:17", "system" */
    struct str department; /* scope of the actor: department code; absent = all departments */
    struct str region;     /* scope of the actor: region code prefix; absent = all regions */
    const char *dir;       /* the data directory (files of draws, log tiles) */
    enum err (*entropy)(void *out, size_t n_bytes);
    bool needs_log_key;      /* an entry is refused while keys/log.key is not there: it could not be signed */
    int64_t last_id;         /* ctx_new_id's latest; 0 at the start */
    char why[CTX_WHY_BYTES]; /* set by ctx_refuse: what exactly was wrong, UTF-8 for the user; "" = nothing to add */
};

/* ctx_refuse: note the particulars of a refusal in c->why (cut at its size) and return e. */
MUST_USE enum err ctx_refuse(struct ctx *c, enum err e, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ctx_is_own: was it the present actor, an account of the office? Who prepares does not approve (审核分离). On the command line the
 * operator of the machine does both. */
bool ctx_is_own(const struct ctx *c, struct str actor);

/* ctx_new_id: a positive 63-bit id: milliseconds << 20 | 20 random bits (sortable by time). The ids of one ctx ascend,
 * so that a bulk act at one instant never meets itself. */
MUST_USE enum err ctx_new_id(struct ctx *c, int64_t *id);

#endif
