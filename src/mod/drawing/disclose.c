/* mod/drawing/disclose.c - secrets of unannounced checks 事先不通知的检查: encrypted at rest until their day, then
 * public (docs/spec/draw-1.md, "Protocol") */

#include "core/calendar.h"
#include "mod/account/secret.h"
#include "mod/drawing/drawing_int.h"

/* What an encrypted secret belongs to: DRAW/ATTEMPT/PARTY. */
static enum err
bound_to(struct ctx *c, struct drawing_key k, struct str party, struct str *out)
{
    struct buf b;
    enum err e = buf_in(c, DRAW_NUMBER_MAX + DRAW_NAME_MAX + 24, &b);

    if (e != OK)
        return e;
    buf_str(&b, k.draw);
    buf_z(&b, "/");
    buf_i64(&b, k.attempt);
    buf_z(&b, "/");
    buf_str(&b, party);
    return buf_take(c, &b, out);
}

enum err
drawing_secret_put(struct ctx *c, const struct drawing_current_row *d, struct str party, struct str secret)
{
    struct drawing_party_reveal_in in = {d->draw, d->attempt, party, secret, {0}};
    struct str bound, sealed;
    char *hex;
    enum err e = OK;

    if (d->publish_day.set) {
        e = bound_to(c, drawing_key_of(d), party, &bound);
        if (e == OK)
            e = secret_seal(c, SECRET_DRAW_KEY, bound, secret, &sealed);
        if (e != OK)
            return e;
        if ((hex = arena_alloc(c->arena, 2 * sealed.n)) == NULL)
            return ERR_MEMORY;
        hex_encode(sealed.p, sealed.n, hex);
        in.secret = (struct str){0};
        in.sealed_secret = (struct str){hex, 2 * sealed.n};
    }
    return drawing_party_reveal(c->db, &in);
}

bool
drawing_has_secret(const struct drawing_party_list_row *party)
{
    return party->secret.p != NULL || party->sealed_secret.p != NULL;
}

/* The secret in hex, decrypted where it must be. */
static enum err
open_secret(struct ctx *c, struct drawing_key k, const struct drawing_party_list_row *party, struct str *hex)
{
    struct str bound, sealed = {NULL, party->sealed_secret.n / 2};
    char *bytes;
    enum err e = OK;

    *hex = party->secret;
    if (party->secret.p != NULL)
        return OK;
    if ((bytes = arena_alloc(c->arena, sealed.n + 1)) == NULL)
        return ERR_MEMORY;
    sealed.p = bytes;
    e = hex_decode(party->sealed_secret, bytes, sealed.n);
    if (e == OK)
        e = bound_to(c, k, party->name, &bound);
    if (e == OK)
        e = secret_open(c, SECRET_DRAW_KEY, bound, sealed, hex);
    if (e == ERR_DIGEST)
        return ctx_refuse(c, e, "%s does not open the secret of party %s", SECRET_DRAW_KEY, party->name.p);
    return e;
}

enum err
drawing_secret_of(struct ctx *c, struct drawing_key k, const struct drawing_party_list_row *party,
                  unsigned char out[static DRAW_SECRET_BYTES])
{
    struct str hex;
    enum err e = open_secret(c, k, party, &hex);

    return e == OK ? hex_decode(hex, out, DRAW_SECRET_BYTES) : e;
}

/* --- disclosure -------------------------------------------------------------------------------------------------------- */

static enum err
write_reveal(struct ctx *c, const struct drawing_current_row *d, struct str *digest)
{
    unsigned char bytes[HASH_LEN];
    enum hash_suite suite;
    struct str lock, text;
    enum err e = hash_suite_parse(d->suite, &suite);

    if (e == OK)
        e = drawing_map(c, drawing_key_of(d), draw_file_name(DRAW_LOCK), &lock);
    if (e != OK)
        return e;
    e = drawing_reveal_text(c, d, lock, &text);
    drawing_unmap(lock);
    if (e == OK)
        e = drawing_write(c, drawing_key_of(d), draw_file_name(DRAW_REVEAL), text);
    if (e != OK)
        return e;
    hash_of(suite, text.p, text.n, bytes);
    return drawing_hex(c, bytes, digest);
}

static enum err
disclose(struct ctx *c, const struct drawing_get_row *row)
{
    const struct drawing_current_row d = {.draw = row->draw, .attempt = row->attempt, .suite = row->suite,
                                          .rule = row->rule, .batches = row->batches, .min_parties = row->min_parties,
                                          .prev = row->prev, .draw_digest = row->draw_digest};
    struct drawing_key k = {row->draw, row->attempt};
    struct drawing_party_list_row *parties;
    struct str digest, hex;
    size_t count;
    enum err e = write_reveal(c, &d, &digest);

    if (e == OK)
        e = drawing_party_list(c->db, c->arena, &(struct drawing_party_list_in){k.draw, k.attempt}, &parties, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (parties[i].sealed_secret.p == NULL)
            continue;
        e = open_secret(c, k, &parties[i], &hex);
        if (e == OK)
            e = drawing_party_disclose(c->db,
                                       &(struct drawing_party_disclose_in){k.draw, k.attempt, parties[i].name, hex});
    }
    return e == OK ? drawing_journal(c, "draw.disclose", k, &(struct drawing_fact){"digest", digest}, 1) : e;
}

static enum err
disclose_due(struct ctx *c, size_t *count)
{
    struct drawing_undisclosed_row *rows;
    enum err e = drawing_undisclosed(c->db, c->arena, &(struct drawing_undisclosed_in){day_of_us(c->now_us)}, &rows,
                                     count);

    for (size_t i = 0; e == OK && i < *count; i++) {
        struct drawing_get_row row;

        e = drawing_get(c->db, c->arena, &(struct drawing_get_in){rows[i].draw, rows[i].attempt}, &row);
        if (e == OK)
            e = disclose(c, &row);
    }
    return e;
}

enum err
drawing_disclose(struct ctx *c, size_t *count)
{
    enum err e = db_begin(c->db);

    *count = 0;
    return e == OK ? db_end(c->db, disclose_due(c, count)) : e;
}
