/* mod/enterprise/enterprise.c - see enterprise.h */
#include "mod/enterprise/enterprise.h"

#include <stdio.h>

#include "mod/journal/journal.h"
#include "mod/org/org.h"
#include "mod/scope.h"
#include "mod/target/target.h"
#include "mod/visit/visit.h"

/* e- and the code in small letters; what a login cannot hold becomes _. */
static struct str
login_of(struct ctx *c, struct str code)
{
    char text[ACCOUNT_LOGIN_MAX + 1];
    size_t n = 0;

    text[n++] = 'e';
    text[n++] = '-';
    for (size_t i = 0; i < code.n && n < ACCOUNT_LOGIN_MAX; i++) {
        char ch = code.p[i];
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-';

        text[n++] = ch >= 'A' && ch <= 'Z' ? (char) (ch - 'A' + 'a') : plain ? ch : '_';
    }
    return str_copy(c->arena, (struct str) {text, n});
}

/* At most so many bytes, whole characters. */
static struct str
shortened(struct str s)
{
    if (s.n <= ACCOUNT_NAME_MAX)
        return s;
    s.n = ACCOUNT_NAME_MAX;
    while (s.n > 0 && ((unsigned char) s.p[s.n] & 0xC0) == 0x80)
        s.n--;
    return s;
}

static enum err
open_account(struct ctx *c, const struct target_page_row *t, struct str *login)
{
    struct account_new say = {.login = login_of(c, t->code), .name = shortened(t->name), .kind = STR("enterprise"), .target = t->code};
    int64_t id;
    enum err e = account_create(c, &say, &id);

    *login = say.login;
    return e == OK ? account_set_roles(c, say.login, UINT32_C(1) << ACCOUNT_ROLE_ENTERPRISE) : e;
}

static enum err
invite_target(struct ctx *c, struct str target, struct str *login, char token[static SECRET_TOKEN_CHARS + 1])
{
    struct target_page_row t;
    struct account_of_target_row there;
    enum err e = target_see(c, target, &t);

    if (e != OK)
        return e;
    e = account_of_target(c->db, c->arena, &(struct account_of_target_in) {t.code}, &there);
    if (e == OK)
        *login = there.login;
    else if (e == ERR_NOT_FOUND)
        e = open_account(c, &t, login);
    return e == OK ? account_invite(c, *login, token) : e;
}

enum err
enterprise_invite(struct ctx *c, struct str target, struct str *login, char token[static SECRET_TOKEN_CHARS + 1])
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, invite_target(c, target, login, token)) : e;
}

enum err
enterprise_target(struct ctx *c, int64_t account, struct str *target)
{
    struct account_target_row r;
    enum err e = account_target(c->db, c->arena, &(struct account_target_in) {account}, &r);

    if (e == OK)
        *target = r.target;
    return e == OK && r.target.n == 0 ? ERR_NOT_FOUND : e;
}

/* --- recusal ----------------------------------------------------------------------------------------------------------------- */

static enum err
words_ok(struct ctx *c, struct str s)
{
    if (s.n == 0 || s.n > ENTERPRISE_TEXT_MAX)
        return ctx_refuse(c, ERR_LENGTH, "1 to %d bytes", ENTERPRISE_TEXT_MAX);
    return utf8_valid(s) ? OK : ERR_ENCODING;
}

static enum err
note(struct ctx *c, const char *act, struct str target, int64_t id)
{
    char subject[128];
    int n = snprintf(subject, sizeof subject, "recusal-request/%.*s/%lld", (int) target.n, target.p, (long long) id);

    return journal_add(c, &(struct journal_act) {str_of(act), {subject, (size_t) n}, {NULL, 0}});
}

/* The visit is the target's, is not made yet, and the department comes to it. */
static enum err
may_ask(struct ctx *c, struct str target, int64_t visit, struct str department, struct visit_get_row *v)
{
    struct org_department_get_row d;
    enum err e = visit_get(c->db, c->arena, &(struct visit_get_in) {target, visit}, v);

    if (e == OK)
        e = org_department_get(c->db, c->arena, &(struct org_department_get_in) {department}, &d);
    if (e != OK)
        return e;
    if (((uint64_t) v->mask >> d.bit & 1) == 0)
        return ERR_NOT_FOUND;
    return str_eq(v->state, STR("assigned")) || str_eq(v->state, STR("noticed")) ? OK : ERR_STATE;
}

static enum err
ask(struct ctx *c, struct str target, int64_t visit, struct str department, struct str reason)
{
    struct enterprise_recusal_of_row there;
    struct target_get_row t;
    struct visit_get_row v;
    int64_t id;
    enum err e = may_ask(c, target, visit, department, &v);

    if (e != OK)
        return e;
    e = enterprise_recusal_of(c->db, c->arena, &(struct enterprise_recusal_of_in) {target, visit, department}, &there);
    if (e != ERR_NOT_FOUND)
        return e != OK || str_eq(there.reason, reason) ? e : ERR_EXISTS;
    if ((e = target_get(c->db, c->arena, &(struct target_get_in) {target}, &t)) == OK)
        e = ctx_new_id(c, &id);
    if (e == OK)
        e = enterprise_recusal_put(c->db, &(struct enterprise_recusal_put_in) {target, id, visit, v.task, department, t.region, reason,
                                                                               c->now_us});
    return e == OK ? note(c, "recusal.ask", target, id) : e;
}

enum err
enterprise_recuse(struct ctx *c, struct str target, int64_t visit, struct str department, struct str reason)
{
    enum err e = words_ok(c, reason);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, ask(c, target, visit, department, reason)) : e;
}

static enum err
answer_request(struct ctx *c, struct str target, int64_t id, int64_t row_version, bool granted, struct str answer)
{
    struct enterprise_recusal_get_row r;
    enum err e = enterprise_recusal_get(c->db, c->arena, &(struct enterprise_recusal_get_in) {target, id}, &r);

    if (e == OK && !scope_sees(c, r.department, r.region))
        e = ERR_NOT_FOUND;
    if (e == OK && !str_eq(r.state, STR("asked")))
        e = ERR_STATE;
    if (e != OK)
        return e;
    e = enterprise_recusal_answer(c->db, &(struct enterprise_recusal_answer_in) {target, id, row_version,
                                                                                 granted ? STR("granted") : STR("refused"), answer,
                                                                                 c->actor, c->now_us});
    return e == OK ? note(c, "recusal.answer", target, id) : e == ERR_STATE ? ERR_CONFLICT : e;
}

enum err
enterprise_recuse_answer(struct ctx *c, struct str target, int64_t id, int64_t row_version, bool granted, struct str answer)
{
    enum err e = words_ok(c, answer);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, answer_request(c, target, id, row_version, granted, answer)) : e;
}
