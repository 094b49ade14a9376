/* mod/visit/visit.c - states of visits */
#include "mod/visit/visit.h"

#include "core/calendar.h"
#include "mod/journal/journal.h"
#include "mod/target/target.h"

static const char *const NAMES[VISIT_STATE_COUNT] = {"assigned", "noticed", "checked_in",  "recorded",
                                                     "signed",   "refused", "unreachable", "submitted"};

/* ALLOWED[from]: bits of the states that may follow. */
#define TO(s) (1u << (s))
static const unsigned ALLOWED[VISIT_STATE_COUNT] = {
    [VISIT_ASSIGNED] = TO(VISIT_NOTICED) | TO(VISIT_CHECKED_IN) | TO(VISIT_RECORDED) | TO(VISIT_UNREACHABLE),
    [VISIT_NOTICED] = TO(VISIT_CHECKED_IN) | TO(VISIT_RECORDED) | TO(VISIT_UNREACHABLE),
    [VISIT_CHECKED_IN] = TO(VISIT_RECORDED) | TO(VISIT_UNREACHABLE),
    [VISIT_RECORDED] = TO(VISIT_SIGNED) | TO(VISIT_REFUSED),
    [VISIT_SIGNED] = TO(VISIT_SUBMITTED),
    [VISIT_REFUSED] = TO(VISIT_SUBMITTED),
    [VISIT_UNREACHABLE] = TO(VISIT_SUBMITTED),
    [VISIT_SUBMITTED] = 0,
};

bool
visit_may_move(enum visit_state from, enum visit_state to)
{
    return from < VISIT_STATE_COUNT && to < VISIT_STATE_COUNT && (ALLOWED[from] & TO(to)) != 0;
}

const char *
visit_state_name(enum visit_state s)
{
    return s < VISIT_STATE_COUNT ? NAMES[s] : "";
}

enum err
visit_state_parse(struct str s, enum visit_state *out)
{
    for (unsigned i = 0; i < VISIT_STATE_COUNT; i++)
        if (str_eq(s, str_of(NAMES[i]))) {
            *out = (enum visit_state) i;
            return OK;
        }
    return ERR_INPUT;
}

static const char CODE_SYMBOLS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum err
visit_code_new(struct ctx *c, char out[static VISIT_CODE_CHARS + 1])
{
    unsigned char random[VISIT_CODE_CHARS];
    enum err e = c->entropy(random, sizeof random);

    for (size_t i = 0; e == OK && i < VISIT_CODE_CHARS; i++)
        out[i] = CODE_SYMBOLS[random[i] & 31];
    out[e == OK ? VISIT_CODE_CHARS : 0] = '\0';
    return e;
}

static char
code_symbol(char typed)
{
    char ch = typed >= 'a' && typed <= 'z' ? (char) (typed - 'a' + 'A') : typed;

    if (ch == 'O')
        return '0';
    if (ch == 'I' || ch == 'L')
        return '1';
    for (size_t i = 0; i + 1 < sizeof CODE_SYMBOLS; i++)
        if (CODE_SYMBOLS[i] == ch)
            return ch;
    return 0;
}

enum err
visit_code_parse(struct str typed, char out[static VISIT_CODE_CHARS + 1])
{
    size_t n = 0;

    for (size_t i = 0; i < typed.n; i++) {
        char ch = code_symbol(typed.p[i]);

        if (typed.p[i] == ' ' || typed.p[i] == '-')
            continue;
        if (ch == 0)
            return ERR_CHARSET;
        if (n == VISIT_CODE_CHARS)
            return ERR_LENGTH;
        out[n++] = ch;
    }
    out[n] = '\0';
    return n == VISIT_CODE_CHARS ? OK : ERR_LENGTH;
}

enum err
visit_open(struct ctx *c, const struct visit_plan *p)
{
    char code[VISIT_CODE_CHARS + 1];
    struct visit_of_row there;
    int64_t id;
    enum err e = visit_of(c->db, c->arena, &(struct visit_of_in) {p->target, p->task}, &there);

    if (e == OK && str_eq(there.draw, p->draw) && there.attempt == p->attempt)
        return visit_join(c->db, &(struct visit_join_in) {p->target, there.id, (int64_t) p->mask});
    if (e == ERR_NOT_FOUND || e == OK)
        e = ctx_new_id(c, &id);
    if (e == OK)
        e = visit_code_new(c, code);
    if (e != OK)
        return e;
    return visit_put(c->db, &(struct visit_put_in) {p->target, id, p->task, p->draw, p->attempt, (int64_t) p->mask,
                                                    p->exempt, str_of(code)});
}

static enum err
find(struct ctx *c, struct str target, struct str task, struct visit_of_row *v, enum visit_state *state)
{
    enum err e = visit_of(c->db, c->arena, &(struct visit_of_in) {target, task}, v);

    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, e, "no visit of task %.*s to %.*s", (int) task.n, task.p, (int) target.n, target.p);
    return e == OK ? visit_state_parse(v->state, state) : e;
}

static enum err
move(struct ctx *c, const struct visit_of_row *v, enum visit_state *from, enum visit_state to, struct opt_i64 day,
     struct str methods)
{
    enum err e;

    if (!visit_may_move(*from, to))
        return ctx_refuse(c, ERR_STATE, "the visit to %s is %s, not on the way to %s", v->target.p, NAMES[*from], NAMES[to]);
    e = visit_move(c->db, &(struct visit_move_in) {v->target, v->id, str_of(NAMES[*from]), str_of(NAMES[to]), day, methods});
    *from = to;
    return e;
}

static enum err
note(struct ctx *c, struct str target, struct str task, const char *act)
{
    char text[256];
    struct buf b = buf_over(text, sizeof text);

    buf_str(&b, task);
    buf_z(&b, "/");
    buf_str(&b, target);
    if (b.overflow)
        return ERR_LENGTH;
    return journal_add(c, &(struct journal_act) {str_of(act), buf_view(&b), {0}});
}

enum err
visit_step(struct ctx *c, struct str target, struct str task, enum visit_state to)
{
    struct visit_of_row v;
    enum visit_state state;
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = find(c, target, task, &v, &state);
    if (e == OK)
        e = move(c, &v, &state, to, (struct opt_i64) {0}, (struct str) {0});
    if (e == OK)
        e = note(c, target, task, "visit.step");
    return db_end(c->db, e);
}

enum err
visit_noticed(struct ctx *c, struct str target, int64_t id)
{
    struct visit_get_row v;
    enum err e = visit_get(c->db, c->arena, &(struct visit_get_in) {target, id}, &v);

    if (e != OK || !str_eq(v.state, str_of(NAMES[VISIT_ASSIGNED])))
        return e;
    return visit_move(c->db, &(struct visit_move_in) {target, id, str_of(NAMES[VISIT_ASSIGNED]), str_of(NAMES[VISIT_NOTICED]),
                                                      {0}, {0}});
}

/* A finished visit counts for its target, in the year of its day; those made together count once, with the first. */
static enum err
count_visit(struct ctx *c, const struct visit_of_row *v, int64_t day)
{
    struct visit_door_used_row used = {0};
    int64_t new_year;
    enum err e = day_from_civil(civil_from_day(day).year, 1, 1, &new_year);

    if (e == OK && v->joint.set)
        e = visit_door_used(c->db, c->arena, &(struct visit_door_used_in) {v->target, v->joint.v}, &used);
    if (e != OK || used.count > 0)
        return e;
    return target_visited(c->db, &(struct target_visited_in) {v->target, day, new_year});
}

static enum err
submit(struct ctx *c, struct str target, struct str task, int64_t day, struct str methods, enum visit_end end)
{
    static const enum visit_state ENDS[] = {VISIT_SIGNED, VISIT_REFUSED};
    struct opt_i64 on = {true, day};
    struct visit_of_row v;
    enum visit_state state;
    enum err e = find(c, target, task, &v, &state);

    if (e != OK || state == VISIT_SUBMITTED)
        return e;
    if (end == VISIT_END_UNREACHABLE)
        e = move(c, &v, &state, VISIT_UNREACHABLE, on, methods);
    if (end != VISIT_END_UNREACHABLE && state < VISIT_RECORDED)
        e = move(c, &v, &state, VISIT_RECORDED, on, methods);
    if (e == OK && state == VISIT_RECORDED)
        e = move(c, &v, &state, ENDS[end], on, methods);
    if (e == OK)
        e = count_visit(c, &v, day);
    if (e == OK)
        e = move(c, &v, &state, VISIT_SUBMITTED, on, methods);
    return e == OK ? note(c, target, task, "visit.submit") : e;
}

enum err
visit_submit(struct ctx *c, struct str target, struct str task, int64_t day, struct str methods, enum visit_end end)
{
    enum err e;

    if (day > day_of_us(c->now_us))
        return ctx_refuse(c, ERR_DATE, "a visit lies in the past");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, submit(c, target, task, day, methods, end)) : e;
}
