/* mod/recusal/recusal.c - see recusal.h */
#include "mod/recusal/recusal.h"

#include <stdio.h>

#include "core/calendar.h"
#include "core/uscc.h"
#include "mod/assignment/assignment.h"
#include "mod/journal/journal.h"
#include "mod/org/org.h"
#include "mod/scope.h"
#include "mod/target/target.h"
#include "mod/visit/visit.h"
#include "mod/workday/workday.h"

#define NOBODY STR("-") /* whom: nobody was named */

static enum err
words_ok(struct ctx *c, struct str s)
{
    if (s.n == 0 || s.n > RECUSAL_TEXT_MAX)
        return ctx_refuse(c, ERR_LENGTH, "1 to %d bytes", RECUSAL_TEXT_MAX);
    return utf8_valid(s) ? OK : ERR_ENCODING;
}

/* Without the target: of an unannounced check the log must not tell it before its day. */
static enum err
note(struct ctx *c, const char *act, int64_t id, struct str detail)
{
    char subject[64];
    int n = snprintf(subject, sizeof subject, "recusal-request/%lld", (long long) id);

    return journal_add(c, &(struct journal_act) {str_of(act), {subject, (size_t) n}, detail});
}

static bool
is_open(struct str state)
{
    return str_eq(state, STR("assigned")) || str_eq(state, STR("noticed"));
}

/* --- asking ------------------------------------------------------------------------------------------------------------------ */

/* The visit is the target's, is not begun yet, and the department comes to it. */
static enum err
may_ask(struct ctx *c, const struct recusal_say *say, struct visit_get_row *v)
{
    struct org_department_get_row d;
    enum err e = visit_get(c->db, c->arena, &(struct visit_get_in) {say->target, say->visit}, v);

    if (e == OK)
        e = org_department_get(c->db, c->arena, &(struct org_department_get_in) {say->department}, &d);
    if (e != OK)
        return e;
    if (((uint64_t) v->mask >> d.bit & 1) == 0)
        return ERR_NOT_FOUND;
    return is_open(v->state) ? OK : ERR_STATE;
}

/* The pseudonym behind what the target read on its notice; he must be in the team. */
static enum err
find_whom(struct ctx *c, const struct recusal_say *say, const struct visit_get_row *v, struct str *whom)
{
    struct inspector_by_certificate_row by;
    struct assignment_list_row *team;
    size_t n = 0;
    enum err e;

    *whom = NOBODY;
    if (say->inspector.n == 0)
        return OK;
    e = inspector_by_certificate(c->db, c->arena, &(struct inspector_by_certificate_in) {say->inspector}, &by);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    *whom = e == OK ? by.inspector : say->inspector;
    e = assignment_list(c->db, c->arena, &(struct assignment_list_in) {say->target, v->draw, v->attempt}, &team, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        if (str_eq(team[i].inspector, *whom) && str_eq(team[i].department, say->department) &&
            (str_eq(team[i].role, STR("lead")) || str_eq(team[i].role, STR("member"))))
            return OK;
    return e == OK ? ctx_refuse(c, ERR_INPUT, "nobody with this number is in the team") : e;
}

static enum err
put(struct ctx *c, const struct recusal_say *say, const struct visit_get_row *v, struct str source, struct str whom)
{
    struct target_get_row t;
    struct opt_i64 due;
    struct str version;
    int64_t id;
    enum err e = target_get(c->db, c->arena, &(struct target_get_in) {say->target}, &t);

    if (e == OK)
        e = ctx_new_id(c, &id);
    if (e == OK)
        e = workday_due(c, day_of_us(c->now_us), RECUSAL_ANSWER_DAYS, &due, &version);
    if (e == OK)
        e = recusal_put(c->db, &(struct recusal_put_in) {say->target, id, say->visit, v->task, say->department, t.region, source, whom,
                                                         say->reason, due, c->now_us});
    return e == OK ? note(c, "recusal.ask", id,
                          str_eq(source, STR("target")) ? STR("{\"source\":\"target\"}") : STR("{\"source\":\"inspector\"}"))
                   : e;
}

static enum err
ask(struct ctx *c, const struct recusal_say *say)
{
    struct recusal_same_row there;
    struct visit_get_row v;
    struct str whom;
    enum err e = may_ask(c, say, &v);

    if (e == OK)
        e = find_whom(c, say, &v, &whom);
    if (e != OK)
        return e;
    e = recusal_same(c->db, c->arena, &(struct recusal_same_in) {say->target, say->visit, say->department, whom}, &there);
    if (e != ERR_NOT_FOUND)
        return e != OK || str_eq(there.reason, say->reason) ? e : ERR_EXISTS;
    return put(c, say, &v, STR("target"), whom);
}

enum err
recusal_ask(struct ctx *c, const struct recusal_say *say)
{
    enum err e = words_ok(c, say->reason);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, ask(c, say)) : e;
}

/* --- declaring --------------------------------------------------------------------------------------------------------------- */

enum { PLACES_MAX = 2000 };

/* A request for each team of an open visit to the target that he is in; what was asked about him before stands. */
static enum err
ask_for_teams(struct ctx *c, struct str inspector, struct str target, struct str evidence, size_t *asked, size_t *known)
{
    struct assignment_places_of_row *p;
    size_t n = 0;
    enum err e = assignment_places_of(c->db, c->arena, &(struct assignment_places_of_in) {inspector, PLACES_MAX}, &p, &n);

    *asked = *known = 0;
    for (size_t i = 0; e == OK && i < n; i++) {
        struct recusal_same_row there;
        struct visit_of_draw_row of;
        struct visit_get_row v;
        struct recusal_say say = {target, 0, p[i].department, inspector, evidence};

        if (!str_eq(p[i].target, target))
            continue;
        e = visit_of_draw(c->db, c->arena, &(struct visit_of_draw_in) {target, p[i].draw, p[i].attempt}, &of);
        if (e == OK)
            e = visit_get(c->db, c->arena, &(struct visit_get_in) {target, of.id}, &v);
        if (e == ERR_NOT_FOUND || (e == OK && !is_open(v.state))) {
            e = OK;
            continue;
        }
        say.visit = v.id;
        if (e == OK)
            e = recusal_same(c->db, c->arena, &(struct recusal_same_in) {target, v.id, say.department, inspector}, &there);
        *known += e == OK;
        if (e == ERR_NOT_FOUND) {
            e = put(c, &say, &v, STR("inspector"), inspector);
            (*asked)++;
        }
    }
    return e;
}

static enum err
declare(struct ctx *c, struct inspector_at at, struct str target, struct str kind, struct str evidence, size_t *asked)
{
    struct target_code code;
    size_t known;
    enum err e = inspector_recuse(c, at, target, kind, evidence);

    if (e == OK)
        e = target_code_parse(target, &code);
    return e == OK ? ask_for_teams(c, at.code, str_of(code.text), evidence, asked, &known) : e;
}

enum err
recusal_declare(struct ctx *c, struct inspector_at at, struct str target, struct str kind, struct str evidence, size_t *asked)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, declare(c, at, target, kind, evidence, asked)) : e;
}

/* In the register too, so that later matchings leave him out; a declaration that stands there stays as it is. */
static enum err
keep(struct ctx *c, struct str inspector, struct str target, struct str kind, struct str evidence)
{
    enum err e = inspector_recusal_keep(c, &(struct inspector_recusal_put_in) {inspector, target, kind, evidence, c->now_us});

    return e == ERR_EXISTS ? OK : e;
}

static enum err
declare_own(struct ctx *c, struct str inspector, struct str target, struct str evidence, size_t *asked)
{
    size_t known = 0;
    enum err e = ask_for_teams(c, inspector, target, evidence, asked, &known);

    if (e == OK && *asked == 0)
        return known > 0 ? OK : ERR_NOT_FOUND;
    return e == OK ? keep(c, inspector, target, STR("declared"), evidence) : e;
}

enum err
recusal_declare_own(struct ctx *c, struct str inspector, struct str target, struct str evidence, size_t *asked)
{
    enum err e = words_ok(c, evidence);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, declare_own(c, inspector, target, evidence, asked)) : e;
}

/* --- answering --------------------------------------------------------------------------------------------------------------- */

/* Who steps back: the one the request names; otherwise the one the answer names. */
static enum err
grant(struct ctx *c, const struct recusal_reply *say, const struct recusal_get_row *r, struct str *inspector, struct str *substitute)
{
    struct assignment_change change = {.task = r->task, .target = say->target, .department = r->department, .reason = say->reason,
                                       .evidence = r->reason, .approver = say->approver};
    enum err e;

    if (str_eq(say->reason, STR("leave")))
        return ctx_refuse(c, ERR_INPUT, "a leave is no ground of a recusal");
    *inspector = str_eq(r->whom, NOBODY) ? say->inspector : r->whom;
    if (inspector->n == 0)
        return ctx_refuse(c, ERR_MISSING, "the request names nobody: say who steps back");
    change.inspector = *inspector;
    e = assignment_replace(c, &change, substitute);
    return e == OK ? keep(c, *inspector, say->target, say->reason, r->reason) : e;
}

/* {"outcome":…}; who steps back and who comes stands in the entry assignment.replace of the same transaction. */
static enum err
close_request(struct ctx *c, const struct recusal_reply *say, struct str inspector, struct str substitute)
{
    enum err e = recusal_close(c->db, &(struct recusal_close_in) {say->target, say->id, say->row_version,
                                                                  say->granted ? STR("granted") : STR("refused"), say->answer,
                                                                  inspector, substitute, say->approver, c->now_us});

    if (e != OK)
        return e == ERR_STATE ? ERR_CONFLICT : e;
    return note(c, "recusal.answer", say->id,
                say->granted ? STR("{\"outcome\":\"granted\"}") : STR("{\"outcome\":\"refused\"}"));
}

static enum err
answer(struct ctx *c, const struct recusal_reply *say, struct str *substitute)
{
    struct recusal_get_row r;
    struct str inspector = {NULL, 0};
    enum err e = recusal_get(c->db, c->arena, &(struct recusal_get_in) {say->target, say->id}, &r);

    if (e == OK && !scope_sees(c, r.department, r.region))
        e = ERR_NOT_FOUND;
    if (e == OK && !str_eq(r.state, STR("asked")))
        e = ctx_refuse(c, ERR_STATE, "answered before");
    if (e == OK && say->granted)
        e = grant(c, say, &r, &inspector, substitute);
    return e == OK ? close_request(c, say, inspector, *substitute) : e;
}

enum err
recusal_answer(struct ctx *c, const struct recusal_reply *say, struct str *substitute)
{
    enum err e = words_ok(c, say->answer);

    *substitute = (struct str) {NULL, 0};
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, answer(c, say, substitute)) : e;
}
