/* mod/enterprise/enterprise.c - see enterprise.h */
#include "mod/enterprise/enterprise.h"

#include "mod/target/target.h"

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
