/* mod/drawing/ceremony.c - reveal, lock, beacon, void (docs/spec/draw-1.md §4, §5, "Protocol") */
#include <string.h>

#include "mod/drawing/drawing_int.h"
#include "mod/task/task.h"

/* --- reveal
 * ------------------------------------------------------------------------------------------------------ */

static enum err
check_secret(struct ctx *c, const struct drawing_current_row *d, const struct drawing_party_list_row *party,
             const unsigned char secret[static DRAW_SECRET_BYTES])
{
    enum hash_suite suite;
    unsigned char digest[HASH_LEN];
    char hex[HASH_HEX_LEN];
    enum err e = hash_suite_parse(d->suite, &suite);

    if (e != OK)
        return e;
    draw_commitment(suite, d->draw, (uint32_t) d->attempt, party->name, secret, digest);
    hex_encode(digest, HASH_LEN, hex);
    if (!str_eq(party->commitment, (struct str){hex, sizeof hex}))
        return ctx_refuse(c, ERR_COMMITMENT, "party %s", party->name.p);
    return OK;
}

enum err
drawing_unseen(struct ctx *c, struct str task, const char *what, struct drawing_current_row *row)
{
    struct drawing_party_list_row *parties;
    enum drawing_state state;
    size_t count;
    enum err e = drawing_find(c, task, row, &state);

    if (e == OK && state != DRAWING_SEALED)
        e = ctx_refuse(c, ERR_STATE, "%s must be frozen between the seal and the first secret; the draw is %s", what,
                       drawing_state_name(state));
    if (e == OK)
        e = drawing_party_list(c->db, c->arena, &(struct drawing_party_list_in){row->draw, row->attempt}, &parties, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        if (drawing_has_secret(&parties[i]))
            e = ctx_refuse(c, ERR_STATE, "party %s has shown its secret: %s can no longer be frozen", parties[i].name.p, what);
    return e;
}

static enum err
reveal(struct ctx *c, struct str task, struct str party, struct str secret, const unsigned char *bytes)
{
    struct drawing_current_row d;
    struct drawing_party_list_row *rows;
    size_t count, i = 0;
    enum err e = drawing_in(c, task, DRAWING_SEALED, &d);

    if (e == OK)
        e = drawing_party_list(c->db, c->arena, &(struct drawing_party_list_in){d.draw, d.attempt}, &rows,
                               &count);
    if (e != OK)
        return e;
    while (i < count && !str_eq(rows[i].name, party))
        i++;
    if (i == count)
        return ctx_refuse(c, ERR_NOT_FOUND, "%.*s is not a party of draw %s", (int) party.n, party.p,
                          d.draw.p);
    e = check_secret(c, &d, &rows[i], bytes);
    if (e != OK || drawing_has_secret(&rows[i])) /* shown before: the commitment allows only one secret */
        return e;
    e = drawing_secret_put(c, &d, party, secret);
    if (e != OK)
        return e;
    return drawing_journal(c, "draw.reveal", drawing_key_of(&d), &(struct drawing_fact){"party", party}, 1);
}

enum err
drawing_reveal(struct ctx *c, struct str task, struct str party, struct str secret)
{
    unsigned char bytes[DRAW_SECRET_BYTES];
    enum err e = hex_decode(secret, bytes, sizeof bytes);

    if (e != OK)
        return ctx_refuse(c, e, "a secret is 64 lower-case hex digits");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, reveal(c, task, party, secret, bytes)) : e;
}

/* --- lock
 * --------------------------------------------------------------------------------------------------------------
 */

static enum err
present_parties(struct ctx *c, const struct drawing_current_row *d, const struct draw_spec *spec,
                bool present[static DRAW_PARTY_MAX])
{
    struct drawing_party_list_row *rows;
    size_t count, here = 0;
    size_t needed = spec->beacon_count == 0 ? spec->party_count : spec->min_parties;
    enum err e = drawing_party_list(c->db, c->arena, &(struct drawing_party_list_in){d->draw, d->attempt},
                                    &rows, &count);

    if (e == OK && count != spec->party_count)
        e = ERR_DIGEST;
    for (size_t i = 0; e == OK && i < count; i++) {
        present[i] = drawing_has_secret(&rows[i]);
        here += present[i];
    }
    if (e == OK && here < needed)
        e = ctx_refuse(c, ERR_MISSING,
                       "%zu of %zu parties have revealed, %zu must: wait for them, or void the draw", here,
                       count, needed);
    return e;
}

/* A lock after the event would let a party choose: the time is checked where the beacon's name tells it. */
static enum err
check_events(struct ctx *c, const struct draw_spec *spec)
{
    for (size_t i = 0; i < spec->beacon_count; i++) {
        struct opt_i64 us = drawing_event_us(spec->beacons[i].name, spec->beacons[i].event);

        if (us.set && us.v <= c->now_us)
            return ctx_refuse(c, ERR_POLICY, "too late: the event of beacon %.*s has happened; void the draw",
                              (int) spec->beacons[i].name.n, spec->beacons[i].name.p);
    }
    return OK;
}

static enum err
write_lock(struct ctx *c, struct drawing_key k, const struct draw_spec *spec, const bool *present,
           struct str *digest)
{
    struct draw_lock lock;
    struct fault f = {0};
    struct buf b;
    struct str back;
    enum err e = buf_in(c, (size_t) DRAW_LINE_MAX * (4 + DRAW_PARTY_MAX), &b);

    if (e != OK)
        return e;
    draw_lock_write(spec, present, &b);
    if (b.overflow)
        return ERR_MEMORY;
    e = drawing_write(c, k, "lock.txt", buf_view(&b));
    if (e == OK)
        e = drawing_map(c, k, "lock.txt", &back);
    if (e != OK)
        return e;
    if (draw_lock_parse(back, spec, &lock, &f) != OK)
        e = drawing_fault(c, &f);
    else if (!str_eq(back, buf_view(&b)))
        e = ERR_DIGEST;
    drawing_unmap(back);
    return e == OK ? drawing_hex(c, lock.digest, digest) : e;
}

static enum err
lock_with_spec(struct ctx *c, const struct drawing_current_row *d, const struct draw_spec *spec)
{
    struct drawing_key k = drawing_key_of(d);
    bool present[DRAW_PARTY_MAX] = {false};
    struct str digest = {0};
    enum err e = check_events(c, spec);

    if (e == OK)
        e = present_parties(c, d, spec, present);
    if (e == OK)
        e = drawing_advance(c, k, DRAWING_SEALED, DRAWING_LOCKED);
    if (e == OK)
        e = write_lock(c, k, spec, present, &digest);
    if (e == OK)
        e = drawing_party_lock(c->db, &(struct drawing_party_lock_in){k.draw, k.attempt});
    if (e == OK)
        e = drawing_set_locked(c->db, &(struct drawing_set_locked_in){k.draw, k.attempt, digest, c->now_us});
    if (e == OK && spec->beacon_count == 0)
        e = drawing_advance(c, k, DRAWING_LOCKED, DRAWING_BEACON);
    return e == OK ? drawing_journal(c, "draw.lock", k, &(struct drawing_fact){"digest", digest}, 1) : e;
}

static enum err
lock(struct ctx *c, struct str task)
{
    struct drawing_current_row d;
    struct draw_spec spec;
    struct str text;
    enum err e = drawing_in(c, task, DRAWING_SEALED, &d);

    if (e == OK)
        e = drawing_spec(c, &d, &text, &spec);
    if (e != OK)
        return e;
    e = lock_with_spec(c, &d, &spec);
    drawing_unmap(text);
    return e;
}

enum err
drawing_lock(struct ctx *c, struct str task)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, lock(c, task)) : e;
}

/* --- beacon
 * ------------------------------------------------------------------------------------------------------------
 */

/* A drand value is the SHA-256 of its signature (96 bytes at most). */
static enum err
check_evidence(struct ctx *c, struct str name, struct str value, struct str evidence)
{
    unsigned char signature[96], digest[HASH_LEN];
    char hex[HASH_HEX_LEN];

    if (!str_starts(name, STR("drand-")) || evidence.p == NULL)
        return OK;
    if (evidence.n > 2 * sizeof signature || hex_decode(evidence, signature, evidence.n / 2) != OK)
        return ctx_refuse(c, ERR_SYNTAX, "the evidence of a drand beacon is its signature in hex");
    hash_of(HASH_SHA256, signature, evidence.n / 2, digest);
    hex_encode(digest, HASH_LEN, hex);
    if (!str_eq(value, (struct str){hex, sizeof hex}))
        return ctx_refuse(c, ERR_DIGEST, "the value is not the SHA-256 of the signature");
    return OK;
}

static enum err
check_value(struct ctx *c, const struct drawing_beacon_list_row *b, struct str value, struct str evidence)
{
    struct opt_i64 us = drawing_event_us(b->name, b->event);

    if (value.n == 0 || value.n > DRAW_EVENT_MAX || !draw_beacon_value_ok(b->name, value))
        return ctx_refuse(c, ERR_SYNTAX, "not a value of beacon %s", b->name.p);
    if (us.set && us.v > c->now_us)
        return ctx_refuse(c, ERR_POLICY, "the event of beacon %s has not happened yet", b->name.p);
    return check_evidence(c, b->name, value, evidence);
}

static size_t
missing_values(const struct drawing_beacon_list_row *rows, size_t count)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += rows[i].value.p == NULL;
    return n;
}

static enum err
beacon(struct ctx *c, struct str task, struct str name, struct str value, struct str evidence)
{
    struct drawing_current_row d;
    struct drawing_beacon_list_row *rows;
    enum drawing_state state;
    size_t count, i = 0;
    enum err e = drawing_find(c, task, &d, &state);

    if (e == OK)
        e = drawing_beacon_list(c->db, c->arena, &(struct drawing_beacon_list_in){d.draw, d.attempt}, &rows,
                                &count);
    if (e != OK)
        return e;
    while (i < count && !str_eq(rows[i].name, name))
        i++;
    if (i == count)
        return ctx_refuse(c, ERR_NOT_FOUND, "%.*s is not a beacon of draw %s", (int) name.n, name.p,
                          d.draw.p);
    if (rows[i].value.p != NULL)
        return str_eq(rows[i].value, value) ? OK
                                            : ctx_refuse(c, ERR_CONFLICT, "beacon %s has the value %s",
                                                         rows[i].name.p, rows[i].value.p);
    if (state != DRAWING_LOCKED)
        return ctx_refuse(c, ERR_STATE, "a beacon counts after the lock; the draw is %s",
                          drawing_state_name(state));
    e = check_value(c, &rows[i], value, evidence);
    if (e == OK)
        e = drawing_beacon_set(c->db,
                               &(struct drawing_beacon_set_in){d.draw, d.attempt, name, value, evidence});
    if (e == OK && missing_values(rows, count) == 1)
        e = drawing_advance(c, drawing_key_of(&d), DRAWING_LOCKED, DRAWING_BEACON);
    if (e != OK)
        return e;
    return drawing_journal(c, "draw.beacon", drawing_key_of(&d),
                           (struct drawing_fact[]){{"name", name}, {"value", value}}, 2);
}

enum err
drawing_beacon(struct ctx *c, struct str task, struct str name, struct str value, struct str evidence)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, beacon(c, task, name, value, evidence)) : e;
}

/* What others typed for the same beacon: does one agree, does one differ? */
static enum err
compare_entries(struct ctx *c, const struct drawing_current_row *d, struct str name, struct str value,
                bool *same, bool *other)
{
    struct drawing_entry_list_row *rows;
    size_t count;
    enum err e = drawing_entry_list(c->db, c->arena, &(struct drawing_entry_list_in){d->draw, d->attempt},
                                    &rows, &count);

    for (size_t i = 0; e == OK && i < count; i++) {
        if (!str_eq(rows[i].name, name) || str_eq(rows[i].actor, c->actor))
            continue;
        *same |= str_eq(rows[i].value, value);
        *other |= !str_eq(rows[i].value, value);
    }
    return e;
}

static enum err
note_entry(struct ctx *c, const struct drawing_current_row *d, struct str name, struct str value)
{
    enum err e = drawing_entry_put(c->db, &(struct drawing_entry_put_in){d->draw, d->attempt, name, c->actor,
                                                                        value, c->now_us});

    if (e != OK)
        return e;
    return drawing_journal(c, "draw.type", drawing_key_of(d),
                           (struct drawing_fact[]){{"name", name}, {"value", value}}, 2);
}

static enum err
type_beacon(struct ctx *c, struct str task, struct str name, struct str value, struct str evidence,
            enum drawing_typed *how)
{
    struct drawing_current_row d;
    struct drawing_beacon_list_row *rows;
    size_t count, i = 0;
    enum drawing_state state;
    bool same = false, other = false;
    enum err e = drawing_find(c, task, &d, &state);

    if (e == OK)
        e = drawing_beacon_list(c->db, c->arena, &(struct drawing_beacon_list_in){d.draw, d.attempt}, &rows,
                                &count);
    while (e == OK && i < count && !str_eq(rows[i].name, name))
        i++;
    *how = DRAWING_TYPED_COUNTS;
    if (e != OK || i == count || rows[i].value.p != NULL || state != DRAWING_LOCKED)
        return e != OK ? e : beacon(c, task, name, value, evidence); /* settled, or refused, there */
    if ((e = check_value(c, &rows[i], value, evidence)) != OK ||
        (e = compare_entries(c, &d, name, value, &same, &other)) != OK)
        return e;
    if ((e = note_entry(c, &d, name, value)) != OK || same)
        return e != OK ? e : beacon(c, task, name, value, evidence);
    *how = other ? DRAWING_TYPED_DIFFERS : DRAWING_TYPED_ALONE;
    return OK;
}

enum err
drawing_type_beacon(struct ctx *c, struct str task, struct str name, struct str value, struct str evidence,
                    enum drawing_typed *how)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, type_beacon(c, task, name, value, evidence, how)) : e;
}

enum err
drawing_drand_value(struct ctx *c, struct str signature, struct str *value)
{
    unsigned char bytes[96], digest[HASH_LEN];

    if (signature.n == 0 || signature.n > 2 * sizeof bytes || signature.n % 2 != 0 ||
        hex_decode(signature, bytes, signature.n / 2) != OK)
        return ctx_refuse(c, ERR_SYNTAX, "a signature is at most 96 bytes in lower-case hex");
    hash_of(HASH_SHA256, bytes, signature.n / 2, digest);
    return drawing_hex(c, digest, value);
}

/* --- void
 * --------------------------------------------------------------------------------------------------------------
 */

/* The task falls back to approved from where its draw had brought it. */
static enum err
task_back(struct ctx *c, struct str code)
{
    struct task t;
    enum err e = task_load(c, code, &t);

    if (e == OK && t.state != TASK_SEALED && t.state != TASK_DRAWN && t.state != TASK_ASSIGNED)
        e = ctx_refuse(c, ERR_STATE, "task %s is %s: its draw stands", t.row.code.p,
                       task_state_name(t.state));
    return e == OK ? task_step(c, code, t.state, TASK_APPROVED) : e;
}

static enum err
write_void(struct ctx *c, const struct drawing_current_row *d, struct str reason)
{
    struct buf b;
    enum err e = buf_in(c, reason.n + 256, &b);

    if (e != OK)
        return e;
    buf_z(&b, "mingqian-void/v1\ndraw-digest ");
    buf_str(&b, d->draw_digest);
    buf_z(&b, "\nreason ");
    buf_str(&b, reason);
    buf_z(&b, "\n");
    return b.overflow ? ERR_MEMORY : drawing_write(c, drawing_key_of(d), "void.txt", buf_view(&b));
}

static enum err
make_void(struct ctx *c, struct str task, struct str reason)
{
    struct drawing_current_row d;
    enum drawing_state state;
    enum err e = drawing_find(c, task, &d, &state);

    if (e == OK && (state == DRAWING_OPEN || state == DRAWING_VOID))
        e = ctx_refuse(c, ERR_STATE, "draw %s attempt %lld is %s: there is nothing to void", d.draw.p,
                       (long long) d.attempt, drawing_state_name(state));
    if (e == OK)
        e = drawing_advance(c, drawing_key_of(&d), state, DRAWING_VOID);
    if (e == OK)
        e = task_back(c, task);
    if (e == OK)
        e = drawing_set_void(c->db, &(struct drawing_set_void_in){d.draw, d.attempt, reason, c->now_us});
    if (e == OK)
        e = write_void(c, &d, reason);
    if (e != OK)
        return e;
    return drawing_journal(c, "draw.void", drawing_key_of(&d),
                           (struct drawing_fact[]){{"digest", d.draw_digest}, {"reason", reason}}, 2);
}

static bool
has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char) s.p[i] < 0x20)
            return true;
    return false;
}

enum err
drawing_void(struct ctx *c, struct str task, struct str reason)
{
    enum err e;

    reason = str_trim(reason);
    if (reason.n == 0 || reason.n > DRAWING_REASON_MAX || !utf8_valid(reason) || has_control(reason))
        return ctx_refuse(c, ERR_INPUT, "a draw is voided with a reason on one line, at most %d bytes",
                          DRAWING_REASON_MAX);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, make_void(c, task, reason)) : e;
}
