/* mod/person/person.c */
#include "mod/person/person.h"

#include <string.h>

#include "mod/account/secret.h"
#include "mod/journal/journal.h"
#include "mod/json.h"

static const struct str NONE;

enum err
person_check(const struct person_say *say, const char **field)
{
    char phone[PERSON_PHONE_MAX + 1], id[PERSON_ID_LEN + 1];
    enum err e = OK;

    *field = "phone";
    if (say->phone_said && say->phone.n > 0)
        e = person_phone_parse(say->phone, phone);
    if (e != OK)
        return e;
    *field = "id_no";
    return say->id_said && say->id_no.n > 0 ? person_id_parse(say->id_no, id) : OK;
}

/* register, code and field, a line each: bytes sealed for one person's phone open nowhere else. */
static enum err
bound_to(struct ctx *c, struct person_key key, const char *field, struct str *out)
{
    struct buf b;
    enum err e = buf_in(c, key.registry.n + key.code.n + 16, &b);

    if (e != OK)
        return e;
    buf_str(&b, key.registry);
    buf_z(&b, "\n");
    buf_str(&b, key.code);
    buf_z(&b, "\n");
    buf_z(&b, field);
    *out = buf_view(&b);
    return OK;
}

static enum err
open_field(struct ctx *c, struct person_key key, const char *field, struct str sealed, struct str *plain)
{
    struct str bound;
    enum err e = OK;

    *plain = NONE;
    if (sealed.n > 0)
        e = bound_to(c, key, field, &bound);
    if (e != OK || sealed.n == 0)
        return e;
    e = secret_open(c, SECRET_PERSON_KEY, bound, sealed, plain);
    return e == ERR_NOT_FOUND ? ERR_DIGEST : e;
}

/* What will stand there: *sealed is replaced when the plain text differs. What cannot be opened any more differs. */
static enum err
renew(struct ctx *c, struct person_key key, const char *field, struct str plain, struct str *sealed, bool *changed)
{
    struct str old, bound;
    enum err e = open_field(c, key, field, *sealed, &old);

    if (e != OK && e != ERR_DIGEST)
        return e;
    if (e == OK && old.n == plain.n && (plain.n == 0 || memcmp(old.p, plain.p, plain.n) == 0))
        return OK;
    *changed = true;
    if (plain.n == 0) {
        *sealed = NONE;
        return OK;
    }
    e = bound_to(c, key, field, &bound);
    return e == OK ? secret_seal(c, SECRET_PERSON_KEY, bound, plain, sealed) : e;
}

static enum err
stored(struct ctx *c, struct person_key key, struct person_private_get_row *row)
{
    enum err e = person_private_get(c->db, c->arena, &(struct person_private_get_in){key.registry, key.code}, row);

    if (e != ERR_NOT_FOUND)
        return e;
    *row = (struct person_private_get_row){NONE, NONE};
    return OK;
}

enum err
person_put(struct ctx *c, struct person_key key, const struct person_say *say, bool dry_run, bool *changed)
{
    char phone[PERSON_PHONE_MAX + 1] = "", id[PERSON_ID_LEN + 1] = "";
    struct person_private_get_row row;
    enum err e = OK;

    *changed = false;
    if (!say->phone_said && !say->id_said)
        return OK;
    if (say->phone_said && say->phone.n > 0)
        e = person_phone_parse(say->phone, phone);
    if (e == OK && say->id_said && say->id_no.n > 0)
        e = person_id_parse(say->id_no, id);
    if (e == OK)
        e = stored(c, key, &row);
    if (e == OK && say->phone_said)
        e = renew(c, key, "phone", str_of(phone), &row.phone, changed);
    if (e == OK && say->id_said)
        e = renew(c, key, "id_no", str_of(id), &row.id_no, changed);
    if (e != OK || dry_run || !*changed)
        return e;
    return person_private_put(c->db, &(struct person_private_put_in){key.registry, key.code, row.phone, row.id_no,
                                                                     c->now_us});
}

static enum err
mask_field(struct ctx *c, struct person_key key, const char *field, struct str sealed,
           void (*mask)(struct str, char out[static PERSON_MASK_BYTES]), char out[static PERSON_MASK_BYTES])
{
    struct str plain;
    enum err e = open_field(c, key, field, sealed, &plain);

    out[0] = '\0';
    if (e == ERR_DIGEST) { /* shown so; person_reveal tells why */
        c->why[0] = '\0';
        memcpy(out, "****", 5);
        return OK;
    }
    if (e == OK && plain.n > 0)
        mask(plain, out);
    return e;
}

enum err
person_masked(struct ctx *c, struct person_key key, struct person_masked *out)
{
    struct person_private_get_row row;
    enum err e = stored(c, key, &row);

    if (e == OK)
        e = mask_field(c, key, "phone", row.phone, person_phone_mask, out->phone);
    return e == OK ? mask_field(c, key, "id_no", row.id_no, person_id_mask, out->id_no) : e;
}

static enum err
note(struct ctx *c, struct person_key key, struct str reason)
{
    struct str act = str_eq(key.registry, STR("expert")) ? STR("expert.reveal") : STR("inspector.reveal"), detail;
    struct buf b;
    enum err e = buf_in(c, 6 * reason.n + 32, &b);

    if (e != OK)
        return e;
    buf_z(&b, "{\"reason\":");
    json_put_text(&b, reason);
    buf_z(&b, "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act){act, key.code, detail}) : e;
}

static enum err
reveal(struct ctx *c, struct person_key key, struct str reason, struct person_plain *out)
{
    struct person_private_get_row row;
    enum err e = stored(c, key, &row);

    if (e == OK)
        e = open_field(c, key, "phone", row.phone, &out->phone);
    if (e == OK)
        e = open_field(c, key, "id_no", row.id_no, &out->id_no);
    if (e == ERR_DIGEST)
        return ctx_refuse(c, e, "keys/person.key is not the key these were sealed with: restore it from a backup");
    return e == OK ? note(c, key, reason) : e;
}

enum err
person_reveal(struct ctx *c, struct person_key key, struct str reason, struct person_plain *out)
{
    enum err e;

    if (reason.n == 0 || reason.n > PERSON_REASON_MAX)
        return ctx_refuse(c, ERR_LENGTH, "a reason of 1 to %d bytes", PERSON_REASON_MAX);
    if (!utf8_valid(reason))
        return ERR_ENCODING;
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, reveal(c, key, reason, out)) : e;
}
