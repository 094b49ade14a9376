/* mod/risk/risk_observe.c - one target: what the scheme says of it today, its observation period by hand; indicators from
 * elsewhere */
#include "core/calendar.h"
#include "core/hash.h"
#include "mod/risk/risk_int.h"
#include "mod/target/target.h"

enum err
risk_today(struct ctx *c, const struct risk_scheme *s, struct str target, struct risk_verdict *out)
{
    struct target_facts_of_row t;
    struct risk_facts *facts;
    const struct target_facts *one = &t.t;
    enum err e = target_facts_of(c->db, c->arena, &(struct target_facts_of_in){target}, &t);

    if (e == OK)
        e = risk_gather(c, s, day_of_us(c->now_us), &one, 1, &facts);
    if (e == OK)
        risk_apply(s, facts, out);
    return e;
}

enum { SALT = 16 };

/* What the entry stands for (risk-1 §5): which target, until when and why stay in the house. */
static enum err
digest_of(struct ctx *c, const struct risk_observing_put_in *p, char hex[static 2 * HASH_LEN])
{
    unsigned char digest[HASH_LEN];
    char day[DAY_TEXT + 1] = "-";
    struct buf b;
    enum err e = buf_in(c, 128 + p->target.n + p->reason.n, &b);

    if (e != OK)
        return e;
    if (p->until_day.set)
        day_format(p->until_day.v, day);
    buf_str(&b, p->salt);
    buf_z(&b, "\n");
    buf_str(&b, p->target);
    buf_z(&b, "\n");
    buf_z(&b, day);
    buf_z(&b, "\n");
    buf_str(&b, p->reason);
    hash_of(HASH_SHA256, b.p, b.n, digest);
    hex_encode(digest, HASH_LEN, hex);
    return b.overflow ? ERR_MEMORY : OK;
}

static enum err
observe(struct ctx *c, struct str target, struct opt_i64 until_day, struct str reason)
{
    unsigned char salt[SALT];
    char salt_hex[2 * SALT], digest[2 * HASH_LEN];
    struct risk_observing_put_in act = {target, 0, until_day, reason, {salt_hex, sizeof salt_hex}, c->actor, c->now_us};
    enum err e = target_observe(c, target, until_day);

    if (e == OK)
        e = risk_observation_put(c->db, &(struct risk_observation_put_in){target, STR("hand"), {NULL, 0}, {NULL, 0}, {false, 0}, until_day,
                                                                          reason, c->actor, c->now_us});
    if (e == OK)
        e = ctx_new_id(c, &act.id);
    if (e == OK)
        e = c->entropy(salt, sizeof salt);
    if (e != OK)
        return e;
    hex_encode(salt, sizeof salt, salt_hex);
    e = risk_observing_put(c->db, &act);
    if (e == OK)
        e = digest_of(c, &act, digest);
    return e == OK ? risk_note(c, "risk.observe", &(struct risk_entry){"risk-observation", act.id, {digest, sizeof digest}, {NULL, 0}, 0}) : e;
}

enum err
risk_observe(struct ctx *c, struct str target, struct opt_i64 until_day, struct str reason)
{
    int64_t today = day_of_us(c->now_us);
    enum err e = risk_words_ok(c, reason);

    if (e == OK && until_day.set && (until_day.v <= today || until_day.v > risk_month_on(today, RISK_MONTHS_MAX)))
        e = ctx_refuse(c, ERR_DATE, "it ends after today, within %d months", RISK_MONTHS_MAX);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, observe(c, target, until_day, reason)) : e;
}

/* --- from elsewhere --------------------------------------------------------------------------------------------------- */

static bool
name_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_' || s.p[i] == '-'))
            return false;
    return s.n > 0 && s.n <= RISK_CODE_MAX;
}

static enum err
bring_one(struct ctx *c, const struct risk_bringing *say, const struct risk_brought *row, size_t *unknown)
{
    size_t mark = arena_mark(c->arena);
    struct target_page_row t;
    enum err e = target_see(c, row->target, &t);

    if (e == OK)
        e = risk_external_put(c->db, &(struct risk_external_put_in){t.code, say->name, row->value, say->as_of_day, say->source});
    else if (e == ERR_NOT_FOUND) {
        ++*unknown;
        e = OK;
    }
    arena_rewind(c->arena, mark);
    return e;
}

/* SHA-256 of the salt and the rows (risk-1 §5). */
static void
rows_digest(const struct risk_bringing *say, struct str salt, char hex[static 2 * HASH_LEN])
{
    unsigned char digest[HASH_LEN];
    char number[24];
    struct hash h;

    hash_init(&h, HASH_SHA256);
    hash_update(&h, salt.p, salt.n);
    hash_update(&h, "\n", 1);
    for (size_t i = 0; i < say->count; i++) {
        struct buf b = buf_over(number, sizeof number);

        buf_i64(&b, say->rows[i].value);
        hash_update(&h, say->rows[i].target.p, say->rows[i].target.n);
        hash_update(&h, "\t", 1);
        hash_update(&h, number, b.n);
        hash_update(&h, "\n", 1);
    }
    hash_final(&h, digest);
    hex_encode(digest, HASH_LEN, hex);
}

static enum err
bring(struct ctx *c, const struct risk_bringing *say, size_t *unknown)
{
    unsigned char salt[SALT] = {0};
    char salt_hex[2 * SALT], hex[2 * HASH_LEN];
    struct risk_bringing_put_in row = {.department = risk_own(c->department), .region = risk_own(c->region), .name = say->name,
                                       .source = say->source, .as_of_day = say->as_of_day, .row_count = (int64_t) say->count,
                                       .salt = {salt_hex, sizeof salt_hex}, .actor = c->actor, .at_us = c->now_us};
    enum err e = ctx_new_id(c, &row.id);

    if (e == OK)
        e = c->entropy(salt, sizeof salt);
    hex_encode(salt, sizeof salt, salt_hex);
    for (size_t i = 0; e == OK && i < say->count; i++)
        e = bring_one(c, say, &say->rows[i], unknown);
    row.unknown_count = (int64_t) *unknown;
    if (e == OK)
        e = risk_bringing_put(c->db, &row);
    rows_digest(say, row.salt, hex);
    return e == OK ? risk_note(c, "risk.bring", &(struct risk_entry){"risk-external", row.id, {hex, sizeof hex}, {NULL, 0}, row.row_count}) : e;
}

enum err
risk_bring_in(struct ctx *c, const struct risk_bringing *say, size_t *unknown)
{
    enum err e = OK;

    *unknown = 0;
    if (!name_ok(say->name) || say->count == 0)
        return ctx_refuse(c, ERR_INPUT, "a name of a-z 0-9 _ -, and rows");
    if (say->count > RISK_BRING_MAX)
        return ERR_TOO_LARGE;
    if (say->source.n == 0 || say->source.n > RISK_SOURCE_MAX || !utf8_valid(say->source))
        return ERR_LENGTH;
    for (size_t i = 0; i < say->count; i++)
        if (say->rows[i].value > RISK_VALUE_MAX || say->rows[i].value < -RISK_VALUE_MAX)
            return ctx_refuse(c, ERR_RANGE, "row %zu: the value", i + 1);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, bring(c, say, unknown)) : e;
}
