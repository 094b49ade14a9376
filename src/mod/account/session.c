/* mod/account/session.c - logins and sessions */
#include <stdio.h>
#include <string.h>

#include "mod/account/account_int.h"

enum err
account_check(struct ctx *c, struct str login, struct str password, struct account_check *out)
{
    struct account_get_row a;
    enum err e = account_get(c->db, c->arena, &(struct account_get_in){login}, &a);

    *out = (struct account_check){0, false};
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK)
        out->account = a.id;
    if (password.n > SECRET_PASSWORD_MAX)
        return OK;
    if (e == OK && a.locked_until_us > c->now_us)
        return OK; /* no use of the processor for a locked account */
    out->right = secret_verify(c, e == OK ? a.password : (struct str){NULL, 0}, password);
    return OK;
}

static enum err
refuse(struct ctx *c, int64_t account, const char *why)
{
    char text[64];
    int n = snprintf(text, sizeof text, "{\"why\":\"%s\"}", why);

    return account_journal(c, STR("session.refuse"), account, (struct str){text, (size_t) n});
}

static enum err
count_failure(struct ctx *c, const struct account_by_id_row *a, const char *why)
{
    int64_t failures = a->failures + 1;
    bool lock = failures >= ACCOUNT_FAILURES_MAX;
    enum err e =
        account_put_failures(c->db, &(struct account_put_failures_in){
                                        a->id, lock ? 0 : failures, lock ? c->now_us + ACCOUNT_LOCK_US : 0});

    return e == OK ? refuse(c, a->id, lock ? "locked" : why) : e;
}

/* The second factor, if the account has one. */
static enum err
second_factor(struct ctx *c, const struct account_by_id_row *a, struct str totp)
{
    struct str secret;
    int64_t step = 0;
    enum err e;

    if (a->totp.n == 0)
        return OK;
    if ((e = account_open_secret(c, a->id, a->totp, &secret)) != OK)
        return e;
    e = secret_totp_check(c, secret, totp, &step);
    if (e == OK)
        e = account_use_step(c->db, &(struct account_use_step_in){a->id, step});
    return e == ERR_STATE ? ERR_TOTP : e;
}

static enum err
open_session(struct ctx *c, int64_t account, struct str agent, struct account_session_new *out)
{
    char hash[SECRET_TOKEN_CHARS + 1], csrf[SECRET_TOKEN_CHARS + 1];
    enum err e = secret_token(c, out->token);

    if (e == OK)
        e = secret_token(c, csrf);
    if (e == OK)
        e = ctx_new_id(c, &out->id);
    if (e != OK)
        return e;
    secret_token_hash((struct str){out->token, SECRET_TOKEN_CHARS}, hash);
    if (agent.n > ACCOUNT_AGENT_MAX)
        agent.n = ACCOUNT_AGENT_MAX;
    if (!utf8_valid(agent))
        agent = (struct str){NULL, 0};
    e = account_session_sweep(c->db, &(struct account_session_sweep_in){c->now_us - ACCOUNT_IDLE_US,
                                                                        c->now_us - ACCOUNT_SESSION_US});
    if (e == OK)
        e = account_session_put(c->db, &(struct account_session_put_in){str_of(hash), out->id, account,
                                                                        str_of(csrf), agent, c->now_us});
    if (e == OK)
        e = account_put_failures(c->db, &(struct account_put_failures_in){account, 0, 0});
    return e == OK ? account_journal(c, STR("session.open"), account, (struct str){NULL, 0}) : e;
}

static enum err
log_in(struct ctx *c, const struct account_check *check, struct str totp, struct str agent,
       enum account_login *how, struct account_session_new *out)
{
    struct account_by_id_row a;
    enum err e = check->account == 0
                     ? ERR_NOT_FOUND
                     : account_by_id(c->db, c->arena, &(struct account_by_id_in){check->account}, &a);

    *how = LOGIN_WRONG;
    if (e == ERR_NOT_FOUND)
        return refuse(c, 0, "unknown");
    if (e != OK)
        return e;
    if (a.locked_until_us > c->now_us) {
        *how = LOGIN_LOCKED;
        return refuse(c, a.id, "locked");
    }
    if (!check->right)
        return count_failure(c, &a, "password");
    if (!str_eq(a.state, STR("active")))
        return refuse(c, a.id, "state");
    if (a.totp.n > 0 && totp.n == 0) {
        *how = LOGIN_TOTP;
        return OK;
    }
    e = second_factor(c, &a, totp);
    if (e == ERR_TOTP) {
        *how = LOGIN_TOTP;
        return count_failure(c, &a, "totp");
    }
    if (e == OK)
        e = open_session(c, a.id, agent, out);
    if (e == OK)
        *how = LOGIN_OK;
    return e;
}

enum err
account_log_in(struct ctx *c, const struct account_check *check, struct str totp, struct str agent,
               enum account_login *how, struct account_session_new *out)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, log_in(c, check, totp, agent, how, out)) : e;
}

enum err
account_enter(struct ctx *c, int64_t account, struct str agent, struct account_session_new *out)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, open_session(c, account, agent, out)) : e;
}

enum err
account_who(struct ctx *c, struct str token, struct account_who *out)
{
    char hash[SECRET_TOKEN_CHARS + 1];
    struct account_session_get_row s;
    enum err e;

    if (token.n != SECRET_TOKEN_CHARS)
        return ERR_SESSION;
    secret_token_hash(token, hash);
    e = account_session_get(c->db, c->arena, &(struct account_session_get_in){str_of(hash)}, &s);
    if (e == ERR_NOT_FOUND)
        return ERR_SESSION;
    if (e != OK)
        return e;
    if (!str_eq(s.state, STR("active")) || s.seen_us + ACCOUNT_IDLE_US <= c->now_us ||
        s.created_us + ACCOUNT_SESSION_US <= c->now_us)
        return ERR_SESSION;
    *out = (struct account_who){s.account, s.session,    s.created_us, s.seen_us, s.login, s.name,
                                s.kind,    s.department, s.region,     s.csrf,    s.inspector, 0, s.has_totp != 0};
    return account_roles(c, s.account, &out->roles);
}

struct str
account_region_prefix(struct str region)
{
    while (region.n > 2 && region.n % 2 == 0 && region.p[region.n - 1] == '0' &&
           region.p[region.n - 2] == '0')
        region.n -= 2;
    return region;
}

void
account_act_as(struct ctx *c, const struct account_who *who, char actor[static ACCOUNT_ACTOR_BYTES])
{
    int n = snprintf(actor, ACCOUNT_ACTOR_BYTES, "user:%lld", (long long) who->account);

    c->actor = (struct str){actor, (size_t) n};
    c->department = who->department;
    c->region = account_region_prefix(who->region);
}

enum err
account_seen(struct ctx *c, const struct account_who *who)
{
    return account_session_touch(c->db, &(struct account_session_touch_in){who->session, c->now_us});
}

static enum err
log_out(struct ctx *c, const struct account_who *who, int64_t id)
{
    int64_t ended = 1;
    enum err e = id == 0 ? account_session_end_all(c->db, &(struct account_session_end_all_in){who->account, 0})
                         : account_session_end_counted(c->db, &(struct account_session_end_in){who->account, id}, &ended);

    if (e == OK && ended == 0)
        e = ERR_NOT_FOUND;
    return e == OK ? account_journal(c, STR("session.close"), who->account,
                                     id == 0 ? STR("{\"all\":true}") : (struct str){NULL, 0})
                   : e;
}

enum err
account_log_out(struct ctx *c, const struct account_who *who, int64_t id)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, log_out(c, who, id)) : e;
}

static enum err
change_password(struct ctx *c, const struct account_who *who, struct str hash)
{
    enum err e = account_put_password(c->db, &(struct account_put_password_in){who->account, hash});

    if (e == OK)
        e = account_session_end_all(c->db, &(struct account_session_end_all_in){who->account, who->session});
    return e == OK ? account_journal(c, STR("account.password"), who->account, (struct str){NULL, 0}) : e;
}

enum err
account_change_password(struct ctx *c, const struct account_who *who, const struct account_check *check,
                        struct str hash)
{
    enum err e;

    if (!check->right || check->account != who->account)
        return ERR_LOGIN;
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, change_password(c, who, hash)) : e;
}

static enum err
change_totp(struct ctx *c, const struct account_who *who, struct str secret, struct str code)
{
    enum err e = secret.n > 0
                     ? account_put_secret(c, who->account, secret, code)
                     : account_put_totp(c->db, &(struct account_put_totp_in){who->account, {NULL, 0}, 0});

    return e == OK ? account_journal(c, STR("account.totp"), who->account,
                                     secret.n > 0 ? STR("{\"on\":true}") : STR("{\"on\":false}"))
                   : e;
}

enum err
account_change_totp(struct ctx *c, const struct account_who *who, const struct account_check *check,
                    struct str secret, struct str code)
{
    enum err e;

    if (!check->right || check->account != who->account)
        return ERR_LOGIN;
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, change_totp(c, who, secret, code)) : e;
}
