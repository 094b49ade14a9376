/* http/api_session.c - logins, sessions, invitations */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_handlers.h"
#include "mod/dict/dict.h"
#include "mod/org/org.h"
#include "qr.h"

/* --- me
 * -------------------------------------------------------------------------------------------------------- */

static json_t *
roles_json(uint32_t roles)
{
    json_t *v = json_array();

    for (int i = 0; i < ACCOUNT_ROLE_COUNT; i++)
        if ((roles >> i & 1) != 0)
            json_array_append_new(v, api_str(role_words((enum account_role) i)->id));
    return v;
}

static json_t *
permissions_json(uint32_t roles)
{
    json_t *v = json_array();

    for (int i = 1; i < PERMIT_COUNT; i++)
        if (roles_may(roles, (enum permission) i))
            json_array_append_new(v, api_str(permission_words((enum permission) i)->id));
    return v;
}

static enum err
me(struct api *q)
{
    struct org_department_get_row department = {0};
    struct dict_region_get_row region = {0};
    const struct site *site = office_config(q->office)->site;
    enum err e = OK;

    if (q->who.department.n > 0)
        e = org_department_get(q->ctx->db, q->ctx->arena, &(struct org_department_get_in){q->who.department},
                               &department);
    if (e == OK && q->who.region.n > 0)
        e = dict_region_get(q->ctx->db, q->ctx->arena, &(struct dict_region_get_in){q->who.region}, &region);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    q->out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:b}", "id",
                       api_id(q->who.account), "login", api_str(q->who.login), "name", api_str(q->who.name),
                       "kind", api_str(q->who.kind), "department", api_str(q->who.department),
                       "department_name", api_str(department.name), "region", api_str(q->who.region),
                       "region_name", api_str(region.name), "roles", roles_json(q->who.roles), "permissions",
                       permissions_json(q->who.roles), "totp", q->who.totp, "inspector", api_str(q->who.inspector), "csrf", api_str(q->who.csrf),
                       "expires", api_time(OPT(q->who.created_us + ACCOUNT_SESSION_US)), "office",
                       api_str(site->name), "demo", site->demo);
    return q->out == NULL ? ERR_MEMORY : OK;
}

enum err
api_session_get(struct api *q)
{
    return me(q);
}

static void
set_cookie(struct api *q, const char *token)
{
    snprintf(q->cookie, sizeof q->cookie, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", API_COOKIE, token,
             office_config(q->office)->secure ? "; Secure" : "", *token == '\0' ? "; Max-Age=0" : "");
}

/* --- login
 * ------------------------------------------------------------------------------------------------------ */

struct login {
    struct account_check check;
    enum account_login how;
    struct account_session_new session;
};

static enum err
log_in(struct api *q, void *arg)
{
    struct login *l = arg;

    return account_log_in(q->ctx, &l->check, api_text(q, "totp"), q->call->agent, &l->how, &l->session);
}

static enum err
open_session(struct api *q, struct str login)
{
    static const enum err WHY[] = {
        [LOGIN_OK] = OK, [LOGIN_WRONG] = ERR_LOGIN, [LOGIN_TOTP] = ERR_TOTP, [LOGIN_LOCKED] = ERR_LOCKED};
    struct login l = {0};
    enum err e;

    office_hash_begin(q->office);
    e = account_check(q->ctx, login, api_text(q, "password"), &l.check);
    office_hash_end(q->office);
    if (e == OK)
        e = api_write(q, log_in, &l);
    if (e == OK)
        e = WHY[l.how];
    if (e == OK)
        e = account_who(q->ctx, str_copy(q->ctx->arena, (struct str){l.session.token, SECRET_TOKEN_CHARS}),
                        &q->who);
    if (e != OK)
        return e;
    set_cookie(q, l.session.token);
    return me(q);
}

enum err
api_session_post(struct api *q)
{
    return open_session(q, api_text(q, "login"));
}

enum err
api_session_delete(struct api *q)
{
    set_cookie(q, "");
    return account_log_out(q->ctx, &q->who, q->who.session);
}

enum err
api_sessions_delete(struct api *q)
{
    set_cookie(q, "");
    return account_log_out(q->ctx, &q->who, 0);
}

enum err
api_session_end(struct api *q)
{
    int64_t id = 0;
    enum err e = api_number_of(q->params[0], &id);

    if (e == OK && id == 0)
        e = ERR_NOT_FOUND;
    return e == OK ? account_log_out(q->ctx, &q->who, id) : e;
}

enum err
api_sessions_get(struct api *q)
{
    struct account_session_list_row *r;
    size_t n;
    enum err e = account_session_list(q->ctx->db, q->ctx->arena,
                                      &(struct account_session_list_in){q->who.account,
                                                                        q->ctx->now_us - ACCOUNT_IDLE_US,
                                                                        q->ctx->now_us - ACCOUNT_SESSION_US},
                                      &r, &n);
    json_t *rows;

    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows,
                              json_pack("{s:o, s:o, s:o, s:o, s:b}", "id", api_id(r[i].id), "created",
                                        api_time(OPT(r[i].created_us)), "seen", api_time(OPT(r[i].seen_us)),
                                        "agent", api_str(r[i].agent), "current", r[i].id == q->who.session));
    return OK;
}

/* --- passwords and second factors
 * ------------------------------------------------------------------------------------ */

/* Checks the policy and hashes. */
static enum err
hash_new(struct api *q, struct str login, char hash[static SECRET_HASH_BYTES])
{
    struct str password = api_text(q, "password");
    enum err e = secret_password_ok(q->ctx, password, login);

    if (e != OK)
        return api_wrong(q, "password", e, q->ctx->why) == OK ? OK : ERR_INPUT;
    office_hash_begin(q->office);
    e = secret_hash(password, hash);
    office_hash_end(q->office);
    return e;
}

struct change {
    struct account_check check;
    char hash[SECRET_HASH_BYTES];
};

static enum err
check_password(struct api *q, struct str password, struct account_check *out)
{
    enum err e;

    office_hash_begin(q->office);
    e = account_check(q->ctx, q->who.login, password, out);
    office_hash_end(q->office);
    return e;
}

static enum err
put_password(struct api *q, void *arg)
{
    struct change *ch = arg;

    return account_change_password(q->ctx, &q->who, &ch->check, str_of(ch->hash));
}

enum err
api_password_put(struct api *q)
{
    struct change ch = {0};
    enum err e = check_password(q, api_text(q, "old"), &ch.check);

    if (e == OK && !ch.check.right)
        e = ERR_LOGIN;
    if (e == OK)
        e = hash_new(q, q->who.login, ch.hash);
    return e == OK ? api_write(q, put_password, &ch) : e;
}

/* {secret, uri, svg}; the name of the office is the issuer. */
static enum err
offer_totp(struct api *q, struct str login, json_t **out)
{
    char secret[SECRET_TOTP_CHARS + 1], uri[512];
    struct str svg;
    enum err e = secret_totp_new(q->ctx, secret);

    if (e != OK)
        return e;
    snprintf(uri, sizeof uri, "otpauth://totp/mingqian:%.*s?secret=%s&issuer=mingqian", (int) login.n,
             login.p, secret);
    if ((e = qr_svg(q->ctx->arena, uri, &svg)) != OK)
        return e;
    *out = json_pack("{s:s, s:s, s:o}", "secret", secret, "uri", uri, "svg", api_str(svg));
    return *out == NULL ? ERR_MEMORY : OK;
}

enum err
api_totp_post(struct api *q)
{
    return offer_totp(q, q->who.login, &q->out);
}

static enum err
put_totp(struct api *q, void *arg)
{
    return account_change_totp(q->ctx, &q->who, arg, api_text(q, "secret"), api_text(q, "totp"));
}

enum err
api_totp_put(struct api *q)
{
    struct account_check check;
    enum err e = check_password(q, api_text(q, "password"), &check);

    return e == OK ? api_write(q, put_totp, &check) : e;
}

/* --- invitations
 * ----------------------------------------------------------------------------------------------------- */

enum err
api_invitation_look(struct api *q)
{
    struct account_invitation i;
    json_t *totp = NULL;
    enum err e = account_invitation(q->ctx, api_text(q, "token"), &i);

    if (e == OK)
        e = offer_totp(q, i.login, &totp);
    if (e != OK)
        return e;
    q->out = json_pack("{s:o, s:o, s:o, s:o, s:o}", "login", api_str(i.login), "name", api_str(i.name),
                       "purpose", api_str(i.purpose), "expires", api_time(OPT(i.expires_us)), "totp", totp);
    return q->out == NULL ? ERR_MEMORY : OK;
}

/* After the link is used the login needs no second password check: the session opens with what was just set.
 */
struct entry {
    char hash[SECRET_HASH_BYTES];
    struct login login;
};

static enum err
accept_and_enter(struct api *q, void *arg)
{
    struct entry *n = arg;
    enum err e = account_accept(q->ctx, api_text(q, "token"), str_of(n->hash), api_text(q, "secret"),
                                api_text(q, "totp"));

    return e == OK ? account_enter(q->ctx, n->login.check.account, q->call->agent, &n->login.session) : e;
}

enum err
api_invitation_accept(struct api *q)
{
    struct account_invitation i;
    struct entry n = {0};
    enum err e = account_invitation(q->ctx, api_text(q, "token"), &i);

    if (e == OK)
        e = hash_new(q, i.login, n.hash);
    if (e != OK)
        return e;
    n.login.check.account = i.account;
    if ((e = api_write(q, accept_and_enter, &n)) != OK)
        return e == ERR_TOTP ? api_wrong(q, "totp", e, NULL) : e;
    e = account_who(q->ctx, str_copy(q->ctx->arena, (struct str){n.login.session.token, SECRET_TOKEN_CHARS}),
                    &q->who);
    if (e != OK)
        return e;
    set_cookie(q, n.login.session.token);
    return me(q);
}
