/* mod/request/request.c */
#include "mod/request/request.h"

#include "core/hash.h"

#define DAY_US INT64_C(86400000000)

struct digest {
    char hex[HASH_HEX_LEN];
};

static struct str
digest_of(const struct ctx *c, struct str text, bool of_actor, struct digest *d)
{
    unsigned char bytes[HASH_LEN];
    struct hash h;

    hash_init(&h, HASH_SHA256);
    if (of_actor) { /* two users may choose the same key */
        hash_update(&h, c->actor.p, c->actor.n);
        hash_update(&h, "\n", 1);
    }
    hash_update(&h, text.p, text.n);
    hash_final(&h, bytes);
    hex_encode(bytes, sizeof bytes, d->hex);
    return (struct str){d->hex, sizeof d->hex};
}

enum err
request_seen(struct ctx *c, const struct request_name *n, bool *seen, struct str *answer)
{
    struct digest id, act;
    struct request_get_row row;
    enum err e;

    *seen = false;
    if (n->key.n == 0 || n->key.n > REQUEST_KEY_MAX)
        return ctx_refuse(c, ERR_LENGTH, "an Idempotency-Key has 1 to %d bytes", REQUEST_KEY_MAX);
    e = request_get(c->db, c->arena, &(struct request_get_in){digest_of(c, n->key, true, &id)}, &row);
    if (e == ERR_NOT_FOUND)
        return OK;
    if (e == OK && !str_eq(row.act, digest_of(c, n->act, false, &act)))
        return ctx_refuse(c, ERR_EXISTS, "this Idempotency-Key was used for something else");
    *seen = e == OK;
    *answer = row.answer;
    return e;
}

enum err
request_keep(struct ctx *c, const struct request_name *n, struct str answer)
{
    struct digest id, act;
    enum err e = request_sweep(c->db, &(struct request_sweep_in){c->now_us - REQUEST_KEEP_DAYS * DAY_US});

    return e != OK ? e
                   : request_put(c->db, &(struct request_put_in){digest_of(c, n->key, true, &id),
                                                                 digest_of(c, n->act, false, &act), answer,
                                                                 c->now_us});
}
