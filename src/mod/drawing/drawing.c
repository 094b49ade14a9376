/* mod/drawing/drawing.c - states of a draw, opening and commitments */
#include "mod/drawing/drawing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/drawing/drawing_int.h"
#include "mod/journal/journal.h"
#include "mod/task/task.h"
#include "mod/workday/workday.h"

static const char *const NAMES[DRAWING_STATE_COUNT] = {"open", "sealed", "locked", "beacon", "drawn", "void"};

/* ALLOWED[from]: bits of the states that may follow. */
#define TO(s) (1u << (s))
static const unsigned ALLOWED[DRAWING_STATE_COUNT] = {
    [DRAWING_OPEN] = TO(DRAWING_SEALED),
    [DRAWING_SEALED] = TO(DRAWING_LOCKED) | TO(DRAWING_VOID),
    [DRAWING_LOCKED] = TO(DRAWING_BEACON) | TO(DRAWING_VOID),
    [DRAWING_BEACON] = TO(DRAWING_DRAWN) | TO(DRAWING_VOID),
    [DRAWING_DRAWN] = TO(DRAWING_VOID),
    [DRAWING_VOID] = 0,
};

bool
drawing_may_move(enum drawing_state from, enum drawing_state to)
{
    return from < DRAWING_STATE_COUNT && to < DRAWING_STATE_COUNT && (ALLOWED[from] & TO(to)) != 0;
}

const char *
drawing_state_name(enum drawing_state s)
{
    return s < DRAWING_STATE_COUNT ? NAMES[s] : "";
}

enum err
drawing_state_parse(struct str s, enum drawing_state *out)
{
    for (unsigned i = 0; i < DRAWING_STATE_COUNT; i++)
        if (str_eq(s, str_of(NAMES[i]))) {
            *out = (enum drawing_state) i;
            return OK;
        }
    return ERR_INPUT;
}

/* --- shared
 * ------------------------------------------------------------------------------------------------------ */

enum err
drawing_told(struct drawing_watch w, uint64_t done, uint64_t total)
{
    return w.tell == NULL || w.tell(w.arg, done, total) ? OK : ERR_CANCELLED;
}

enum err
drawing_find(struct ctx *c, struct str task, struct drawing_current_row *row, enum drawing_state *state)
{
    enum err e = drawing_current(c->db, c->arena, &(struct drawing_current_in){task}, row);

    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, e, "task %.*s has no draw", (int) task.n, task.p);
    return e == OK ? drawing_state_parse(row->state, state) : e;
}

enum err
drawing_in(struct ctx *c, struct str task, enum drawing_state state, struct drawing_current_row *row)
{
    enum drawing_state now;
    enum err e = drawing_find(c, task, row, &now);

    if (e == OK && now != state)
        return ctx_refuse(c, ERR_STATE, "draw %s attempt %lld is %s, not %s", row->draw.p,
                          (long long) row->attempt, NAMES[now], NAMES[state]);
    return e;
}

struct drawing_key
drawing_key_of(const struct drawing_current_row *row)
{
    return (struct drawing_key){row->draw, row->attempt};
}

enum err
drawing_advance(struct ctx *c, struct drawing_key k, enum drawing_state from, enum drawing_state to)
{
    if (!drawing_may_move(from, to))
        return ctx_refuse(c, ERR_STATE, "a draw does not go from %s to %s", NAMES[from], NAMES[to]);
    return drawing_move(c->db,
                        &(struct drawing_move_in){k.draw, k.attempt, str_of(NAMES[from]), str_of(NAMES[to])});
}

enum err
drawing_journal(struct ctx *c, const char *act, struct drawing_key k, const struct drawing_fact *facts,
                size_t count)
{
    struct str subject = {0}, detail = {0};
    struct buf s, d;
    size_t need = 64;
    enum err e = buf_in(c, DRAW_NUMBER_MAX + 24, &s);

    for (size_t i = 0; i < count; i++)
        need += 6 * facts[i].value.n + 40;
    if (e == OK)
        e = buf_in(c, need, &d);
    if (e != OK)
        return e;
    buf_str(&s, k.draw);
    buf_z(&s, "/");
    buf_i64(&s, k.attempt);
    buf_z(&d, "{");
    for (size_t i = 0; i < count; i++) {
        json_put_name(&d, facts[i].name);
        json_put_text(&d, facts[i].value);
    }
    buf_z(&d, "}");
    e = buf_take(c, &s, &subject);
    if (e == OK && count > 0)
        e = buf_take(c, &d, &detail);
    return e == OK ? journal_add(c, &(struct journal_act){str_of(act), subject, detail}) : e;
}

enum err
drawing_fault(struct ctx *c, const struct fault *f)
{
    return ctx_refuse(c, f->err == OK ? ERR_INTERNAL : f->err, "%s line %llu: %s", draw_file_name(f->file),
                      (unsigned long long) f->line, f->en == NULL ? "" : f->en);
}

enum err
drawing_hex(struct ctx *c, const unsigned char digest[static HASH_LEN], struct str *out)
{
    char hex[HASH_HEX_LEN];

    hex_encode(digest, HASH_LEN, hex);
    *out = str_copy(c->arena, (struct str){hex, sizeof hex});
    return out->p == NULL ? ERR_MEMORY : OK;
}

static enum err
spec_parties(struct ctx *c, const struct drawing_current_row *d, struct draw_spec *s)
{
    struct drawing_party_list_row *rows;
    enum err e = drawing_party_list(c->db, c->arena, &(struct drawing_party_list_in){d->draw, d->attempt},
                                    &rows, &s->party_count);

    if (e == OK && s->party_count > DRAW_PARTY_MAX)
        return ERR_RANGE;
    s->parties = arena_array(c->arena, s->party_count + 1, sizeof *s->parties);
    if (e == OK && s->parties == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; e == OK && i < s->party_count; i++) {
        s->parties[i].name = rows[i].name;
        if (rows[i].commitment.p != NULL)
            e = hex_decode(rows[i].commitment, s->parties[i].commitment, HASH_LEN);
    }
    return e;
}

static enum err
spec_beacons(struct ctx *c, const struct drawing_current_row *d, struct draw_spec *s)
{
    struct drawing_beacon_list_row *rows;
    enum err e = drawing_beacon_list(c->db, c->arena, &(struct drawing_beacon_list_in){d->draw, d->attempt},
                                     &rows, &s->beacon_count);

    if (e == OK && s->beacon_count > DRAW_BEACON_MAX)
        return ERR_RANGE;
    s->beacons = arena_array(c->arena, s->beacon_count + 1, sizeof *s->beacons);
    if (e == OK && s->beacons == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; e == OK && i < s->beacon_count; i++)
        s->beacons[i] = (struct draw_beacon){rows[i].name, rows[i].event};
    return e;
}

enum err
drawing_plain_spec(struct ctx *c, const struct drawing_current_row *d, struct draw_spec *out)
{
    struct draw_spec s = {.number = d->draw,
                          .attempt = (uint32_t) d->attempt,
                          .has_prev = d->prev.p != NULL,
                          .rule = str_eq(d->rule, STR("pareto")) ? DRAW_PARETO : DRAW_UNIFORM,
                          .batches = (uint32_t) d->batches,
                          .min_parties = (uint32_t) d->min_parties};
    enum err e = hash_suite_parse(d->suite, &s.suite);

    if (e == OK && s.has_prev)
        e = hex_decode(d->prev, s.prev, HASH_LEN);
    if (e == OK)
        e = spec_parties(c, d, &s);
    if (e == OK)
        e = spec_beacons(c, d, &s);
    if (e == OK)
        *out = s;
    return e;
}

enum err
drawing_spec(struct ctx *c, const struct drawing_current_row *d, struct str *text, struct draw_spec *spec)
{
    struct fault f = {0};
    struct str digest;
    enum err e = drawing_map(c, drawing_key_of(d), "draw.txt", text);

    if (e != OK)
        return ctx_refuse(c, e, "draw.txt of draw %s attempt %lld", d->draw.p, (long long) d->attempt);
    if (draw_parse(*text, c->arena, spec, &f) != OK)
        e = drawing_fault(c, &f);
    if (e == OK)
        e = drawing_hex(c, spec->digest, &digest);
    if (e == OK && !str_eq(digest, d->draw_digest))
        e = ctx_refuse(c, ERR_DIGEST, "draw.txt of draw %s attempt %lld was altered after it was logged",
                       d->draw.p, (long long) d->attempt);
    if (e != OK)
        drawing_unmap(*text);
    return e;
}

/* drand quicknet: one value every three seconds from its genesis (published by the League of Entropy). */
struct opt_i64
drawing_event_us(struct str name, struct str event)
{
    static const char CHAIN[] = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
    static const uint64_t GENESIS_S = 1692803367, PERIOD_S = 3;
    struct str chain, round;
    uint64_t r = 0;

    if (!str_eq(name, STR("drand-quicknet")) || !str_split(event, ':', &chain, &round) ||
        !str_eq(chain, str_of(CHAIN)) || str_u64(round, UINT64_C(1) << 36, &r) != OK || r == 0)
        return (struct opt_i64){0};
    return (struct opt_i64){true, (int64_t) ((GENESIS_S + (r - 1) * PERIOD_S) * 1000000)};
}

/* --- open
 * ----------------------------------------------------------------------------------------------------------
 */

/* 411500/2026/0017: six, four and four digits */
static bool
is_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (i == 6 || i == 11 ? s.p[i] != '/' : s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == 16;
}

static enum err
next_number(struct ctx *c, struct str task, struct str *out)
{
    char from[40], to[40], text[40];
    struct drawing_last_number_row last;
    unsigned long serial = 0;
    unsigned year = (unsigned) civil_from_day(day_of_us(c->now_us)).year % 10000;
    enum err e;

    if (task.n < 6)
        return ctx_refuse(c, ERR_INPUT, "the task's code has no region: give the draw a number");
    snprintf(from, sizeof from, "%.6s/%04u/0000", task.p, year);
    snprintf(to, sizeof to, "%.6s/%04u/9999", task.p, year);
    e = drawing_last_number(c->db, c->arena, &(struct drawing_last_number_in){str_of(from), str_of(to)},
                            &last);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && last.draw.n == 16)
        serial = strtoul(last.draw.p + 12, NULL, 10);
    if (serial >= 9999)
        return ERR_RANGE;
    snprintf(text, sizeof text, "%.6s/%04u/%04lu", task.p, year, serial + 1);
    *out = str_copy(c->arena, str_of(text));
    return out->p == NULL ? ERR_MEMORY : OK;
}

static enum err
check_opening(struct ctx *c, const struct drawing_opening *o)
{
    if (o->parties.count < 2 || o->parties.count > DRAW_PARTY_MAX)
        return ctx_refuse(c, ERR_POLICY, "a draw has at least two parties");
    if (o->beacon_count > DRAW_BEACON_MAX || o->min_parties > o->parties.count)
        return ctx_refuse(c, ERR_RANGE, "too many beacons, or min-parties above the number of parties");
    for (size_t i = 0; i < o->parties.count; i++) {
        if (!draw_name_ok(o->parties.v[i]))
            return ctx_refuse(c, ERR_CHARSET, "party %.*s", (int) o->parties.v[i].n, o->parties.v[i].p);
        for (size_t j = 0; j < i; j++)
            if (str_eq(o->parties.v[i], o->parties.v[j]))
                return ctx_refuse(c, ERR_DUPLICATE, "party %s twice", o->parties.v[i].p);
    }
    for (size_t i = 0; i < o->beacon_count; i++) {
        struct opt_i64 us = drawing_event_us(o->beacons[i].name, o->beacons[i].event);

        if (!draw_name_ok(o->beacons[i].name) || o->beacons[i].event.n == 0 ||
            o->beacons[i].event.n > DRAW_EVENT_MAX)
            return ctx_refuse(c, ERR_CHARSET, "a beacon is a name and an event");
        if (us.set && us.v <= c->now_us)
            return ctx_refuse(c, ERR_POLICY, "the event of beacon %s has happened already",
                              o->beacons[i].name.p);
    }
    return OK;
}

/* Is the attempt that is open exactly this opening? */
static enum err
same_opening(struct ctx *c, const struct drawing_opening *o, const struct drawing_current_row *d, bool *same)
{
    struct draw_spec s;
    enum err e = drawing_plain_spec(c, d, &s);

    if (e != OK)
        return e;
    *same = s.party_count == o->parties.count && s.beacon_count == o->beacon_count &&
            d->publish_day.set == o->unannounced &&
            s.min_parties == (o->min_parties == 0 ? o->parties.count : o->min_parties) &&
            (o->number.p == NULL || str_eq(o->number, d->draw));
    for (size_t i = 0; *same && i < s.party_count; i++)
        *same = texts_have(&o->parties, s.parties[i].name);
    for (size_t i = 0; *same && i < s.beacon_count; i++) {
        bool found = false;

        for (size_t j = 0; j < o->beacon_count; j++)
            found |= str_eq(o->beacons[j].name, s.beacons[i].name) &&
                     str_eq(o->beacons[j].event, s.beacons[i].event);
        *same = found;
    }
    return OK;
}

/* What comes before: nothing, a voided attempt (its number goes on), or an opening to be replaced. */
static enum err
place_of(struct ctx *c, const struct drawing_opening *o, struct drawing_put_in *put, bool *same)
{
    struct drawing_current_row d;
    enum drawing_state state = DRAWING_VOID;
    enum err e = drawing_current(c->db, c->arena, &(struct drawing_current_in){o->task}, &d);

    *same = false;
    put->attempt = 1;
    put->draw = o->number;
    if (e == ERR_NOT_FOUND)
        return o->number.p == NULL ? next_number(c, o->task, &put->draw) : OK;
    if (e == OK)
        e = drawing_state_parse(d.state, &state);
    if (e != OK)
        return e;
    if (state != DRAWING_OPEN && state != DRAWING_VOID)
        return ctx_refuse(c, ERR_STATE, "draw %s attempt %lld is %s", d.draw.p, (long long) d.attempt,
                          NAMES[state]);
    if (o->number.p != NULL && !str_eq(o->number, d.draw))
        return ctx_refuse(c, ERR_STATE, "the draw of this task has the number %s", d.draw.p);
    put->draw = d.draw;
    put->attempt = state == DRAWING_VOID ? d.attempt + 1 : d.attempt;
    put->prev = state == DRAWING_VOID ? d.draw_digest : d.prev;
    return state == DRAWING_OPEN ? same_opening(c, o, &d, same) : OK;
}

static enum err
discard(struct ctx *c, const struct drawing_put_in *put)
{
    enum err e = drawing_discard(c->db, &(struct drawing_discard_in){put->draw, put->attempt});

    if (e == ERR_STATE) /* there was none */
        return OK;
    if (e == OK)
        e = drawing_party_discard(c->db, &(struct drawing_party_discard_in){put->draw, put->attempt});
    return e == OK
               ? drawing_beacon_discard(c->db, &(struct drawing_beacon_discard_in){put->draw, put->attempt})
               : e;
}

static enum err
put_opening(struct ctx *c, const struct drawing_opening *o, const struct drawing_put_in *put)
{
    enum err e = discard(c, put);

    if (e == OK)
        e = drawing_put(c->db, put);
    if (e == ERR_EXISTS)
        return ctx_refuse(c, e, "draw %s", put->draw.p);
    for (size_t i = 0; e == OK && i < o->parties.count; i++)
        e = drawing_party_put(c->db,
                              &(struct drawing_party_put_in){put->draw, put->attempt, o->parties.v[i]});
    for (size_t i = 0; e == OK && i < o->beacon_count; i++)
        e = drawing_beacon_put(c->db, &(struct drawing_beacon_put_in){
                                          put->draw, put->attempt, o->beacons[i].name, o->beacons[i].event});
    if (e == ERR_EXISTS)
        return ctx_refuse(c, ERR_DUPLICATE, "a beacon twice");
    return e;
}

/* The policy of draw-1 §11 on what is known so far. */
static enum err
check_policy(struct ctx *c, const struct drawing_put_in *put)
{
    struct drawing_current_row d;
    struct draw_spec s;
    struct fault f = {0};
    enum err e = drawing_current(c->db, c->arena, &(struct drawing_current_in){put->task}, &d);

    if (e == OK)
        e = drawing_plain_spec(c, &d, &s);
    if (e == OK && draw_policy(&s, &f) != OK)
        e = ctx_refuse(c, f.err, "%s", f.en == NULL ? "" : f.en);
    return e;
}

static enum err
publish_day(struct ctx *c, bool unannounced, struct opt_i64 *out)
{
    struct calendar k;
    enum err e = OK;

    *out = (struct opt_i64){0};
    if (!unannounced)
        return OK;
    e = workday_calendar(c, &k);
    out->set = true;
    return e == OK ? calendar_add_working_days(&k, day_of_us(c->now_us), DRAWING_UNANNOUNCED_DAYS, &out->v)
                   : e;
}

static enum err
open_draw(struct ctx *c, const struct drawing_opening *o, struct drawing_key *key)
{
    struct drawing_put_in put = {.task = o->task, .opened_us = c->now_us};
    struct task t;
    bool same = false;
    enum err e = task_load(c, o->task, &t);

    if (e == OK && t.state != TASK_APPROVED)
        e = ctx_refuse(c, ERR_STATE, "task %s is %s, not approved", t.row.code.p, task_state_name(t.state));
    if (e == OK)
        e = place_of(c, o, &put, &same);
    if (e != OK)
        return e;
    *key = (struct drawing_key){put.draw, put.attempt};
    if (same)
        return OK;
    if (!is_number(put.draw))
        return ctx_refuse(c, ERR_SYNTAX, "the number of a draw is written 411500/2026/0017");
    put.suite = t.sampling.sm3 ? STR("sm3") : STR("sha256");
    put.rule = t.sampling.pareto ? STR("pareto") : STR("uniform");
    put.batches = t.sampling.batches;
    put.min_parties = (int64_t) (o->min_parties == 0 ? o->parties.count : o->min_parties);
    put.salted = t.sampling.by == STRATA_RISK;
    e = publish_day(c, o->unannounced, &put.publish_day);
    if (e == OK)
        e = put_opening(c, o, &put);
    if (e == OK)
        e = check_policy(c, &put);
    return e == OK ? drawing_journal(c, "draw.open", *key, &(struct drawing_fact){"task", o->task}, 1) : e;
}

enum err
drawing_open(struct ctx *c, const struct drawing_opening *o, struct drawing_key *key)
{
    enum err e = check_opening(c, o);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, open_draw(c, o, key)) : e;
}

/* --- commit
 * ----------------------------------------------------------------------------------------------------------
 */

static const struct drawing_party_list_row *
find_party(const struct drawing_party_list_row *rows, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].name, name))
            return &rows[i];
    return NULL;
}

static enum err
commit(struct ctx *c, struct str task, struct str party, struct str commitment)
{
    struct drawing_current_row d;
    struct drawing_party_list_row *rows;
    const struct drawing_party_list_row *mine;
    size_t count;
    enum err e = drawing_in(c, task, DRAWING_OPEN, &d);

    if (e == OK)
        e = drawing_party_list(c->db, c->arena, &(struct drawing_party_list_in){d.draw, d.attempt}, &rows,
                               &count);
    if (e != OK)
        return e;
    mine = find_party(rows, count, party);
    if (mine == NULL)
        return ctx_refuse(c, ERR_NOT_FOUND, "%.*s is not a party of draw %s", (int) party.n, party.p,
                          d.draw.p);
    if (str_eq(mine->commitment, commitment))
        return OK;
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].commitment, commitment))
            return ctx_refuse(c, ERR_DUPLICATE, "the commitment of %s was copied", rows[i].name.p);
    if (mine->commitment.p != NULL)
        return ctx_refuse(c, ERR_STATE, "%s has committed to another secret", mine->name.p);
    e = drawing_party_commit(c->db, &(struct drawing_party_commit_in){d.draw, d.attempt, party, commitment});
    if (e != OK)
        return e;
    return drawing_journal(c, "draw.commit", drawing_key_of(&d),
                           (struct drawing_fact[]){{"commitment", commitment}, {"party", party}}, 2);
}

enum err
drawing_commit(struct ctx *c, struct str task, struct str party, struct str commitment)
{
    unsigned char bytes[HASH_LEN];
    enum err e = hex_decode(commitment, bytes, sizeof bytes);

    if (e != OK)
        return ctx_refuse(c, e, "a commitment is 64 lower-case hex digits");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, commit(c, task, party, commitment)) : e;
}
