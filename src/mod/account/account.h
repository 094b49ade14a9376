/* mod/account/account.h - accounts of the office 账号: who may come in, as whom, and what each may do
 * (regulation 四(二); GB/T 22239-2019 level 3: identification, three separated administrators 三员). Every
 * act here is a transaction with its own journal entry; entries name accounts by number, never by name. */
#ifndef MQ_ACCOUNT_H
#define MQ_ACCOUNT_H

#include "mod/account/permission.h"
#include "mod/account/secret.h"
#include "mod/account_sql.h"
#include "mod/ctx.h"

enum {
    ACCOUNT_LOGIN_MAX = 32,
    ACCOUNT_NAME_MAX = 200,
    ACCOUNT_REASON_MAX = 600,
    ACCOUNT_FAILURES_MAX = 5,
    ACCOUNT_AGENT_MAX = 200,
    ACCOUNT_ACTOR_BYTES = 32
};
#define ACCOUNT_MINUTE_US INT64_C(60000000)
#define ACCOUNT_LOCK_US (15 * ACCOUNT_MINUTE_US)
#define ACCOUNT_IDLE_US (20 * ACCOUNT_MINUTE_US)
#define ACCOUNT_SESSION_US (12 * 60 * ACCOUNT_MINUTE_US)
#define ACCOUNT_INVITATION_US (72 * 60 * ACCOUNT_MINUTE_US)

/* --- accounts ---------------------------------------------------------------------------------------------
 */

struct account_new {
    struct str login, name, kind, department, region; /* department, region absent: all */
    struct str unit; /* absent: none; otherwise department and region are the unit's, whatever stands above */
    struct str target; /* kind enterprise, and only there: whom it speaks for; that it is in the registry the caller knows */
};
/* account_create: an account that waits for its invitation. ERR_CHARSET the login; ERR_LENGTH; ERR_INPUT the
 * kind, or an administrator with a department; ERR_NOT_FOUND, ERR_REGION department or region; ERR_EXISTS; ERR_UNIT no
 * such unit, or it is retired.
 * Journal: account.create. */
MUST_USE enum err account_create(struct ctx *c, const struct account_new *say, int64_t *id);
/* account_rescope: another name, department, region. ERR_CONFLICT: row_version is not the present one. */
MUST_USE enum err account_rescope(struct ctx *c, int64_t row_version, const struct account_new *say);
/* account_link: which inspector it is (absent: none); mod/inspector asks whether there is one (inspector_link). ERR_INPUT no
 * business account; ERR_DUPLICATE another account is that inspector; ERR_CONFLICT. Journal: account.link. */
MUST_USE enum err account_link(struct ctx *c, int64_t row_version, struct str login, struct str inspector);
/* account_set_roles: exactly these (bit i: role i). ERR_INPUT: a role of another kind. ERR_PERMISSION: one's
 * own account. Its sessions go on with the new roles at once. Journal: account.roles. */
MUST_USE enum err account_set_roles(struct ctx *c, struct str login, uint32_t roles);
MUST_USE enum err account_roles(struct ctx *c, int64_t id, uint32_t *roles);
/* account_disable: its sessions and links end with it. ERR_PERMISSION: one's own account. account_enable: it
 * needs a new invitation when it never had a password. ERR_STATE. Journal: account.disable, account.enable.
 */
MUST_USE enum err account_disable(struct ctx *c, struct str login, struct str reason);
MUST_USE enum err account_enable(struct ctx *c, struct str login, struct str reason);

/* --- invitations -------------------------------------------------------------------------------------------
 */

/* account_invite: a one-time link, valid 72 hours; those before it end. ERR_STATE: disabled. Journal:
 * account.invite. */
MUST_USE enum err account_invite(struct ctx *c, struct str login, char token[static SECRET_TOKEN_CHARS + 1]);
struct account_invitation {
    int64_t account, expires_us;
    struct str login, name, purpose;
};
/* account_invitation: whose link is it? ERR_NOT_FOUND: unknown, used or over. */
MUST_USE enum err account_invitation(struct ctx *c, struct str token, struct account_invitation *out);
/* account_accept: the link is used: this password (its hash) and, with secret not absent, this second factor,
 * proved by a code. All sessions of before end. ERR_NOT_FOUND, ERR_STATE disabled, ERR_TOTP. Journal:
 * account.accept. */
MUST_USE enum err account_accept(struct ctx *c, struct str token, struct str hash, struct str secret,
                                 struct str code);

/* --- login and sessions
 * -------------------------------------------------------------------------------------- */

/* What the password said; made outside of any transaction, because it takes long. */
struct account_check {
    int64_t account; /* 0: no such login */
    bool right;
};
MUST_USE enum err account_check(struct ctx *c, struct str login, struct str password,
                                struct account_check *out);

enum account_login { LOGIN_OK, LOGIN_WRONG, LOGIN_TOTP, LOGIN_LOCKED };
struct account_session_new {
    char token[SECRET_TOKEN_CHARS + 1]; /* the cookie */
    int64_t id;
};
/* account_log_in: the second half of a login. OK also when it is refused: *how tells, and the failure is
 * counted (five in a row lock for 15 minutes; a missing second factor is no failure, a wrong one is).
 * Journal: session.open, session.refuse. */
MUST_USE enum err account_log_in(struct ctx *c, const struct account_check *check, struct str totp,
                                 struct str agent, enum account_login *how, struct account_session_new *out);

/* account_enter: a session for one who has just used a one-time link, in the caller's transaction with
 * account_accept. Journal: session.open. */
MUST_USE enum err account_enter(struct ctx *c, int64_t account, struct str agent,
                                struct account_session_new *out);

/* Who acts. */
struct account_who {
    int64_t account, session, created_us, seen_us;
    struct str login, name, kind, department, region, csrf;
    struct str inspector; /* absent: no inspector */
    uint32_t roles;
    bool totp;
};
/* account_who: the session of a cookie. ERR_SESSION: none, over, or the account is disabled. */
MUST_USE enum err account_who(struct ctx *c, struct str token, struct account_who *out);
/* account_act_as: put actor and row scope into the context. The region becomes the prefix of all it contains.
 */
void account_act_as(struct ctx *c, const struct account_who *who, char actor[static ACCOUNT_ACTOR_BYTES]);
/* account_region_prefix: 411500 covers all 4115…, 410000 all 41…. */
struct str account_region_prefix(struct str region);

/* account_seen: the session was used; no journal entry. account_log_out: one session of an account, or all
 * with id 0 (Journal: session.close). ERR_NOT_FOUND: the account has no such session. */
MUST_USE enum err account_seen(struct ctx *c, const struct account_who *who);
MUST_USE enum err account_log_out(struct ctx *c, const struct account_who *who, int64_t id);
/* account_change_password: after account_check; the other sessions end. ERR_LOGIN: check is not right.
 * Journal: account.password. */
MUST_USE enum err account_change_password(struct ctx *c, const struct account_who *who,
                                          const struct account_check *check, struct str hash);
/* account_change_totp: secret absent turns the second factor off. ERR_LOGIN, ERR_TOTP. Journal: account.totp.
 */
MUST_USE enum err account_change_totp(struct ctx *c, const struct account_who *who,
                                      const struct account_check *check, struct str secret, struct str code);

/* --- the address of one's calendar 日历订阅 (feed.c) ---------------------------------------------------------------------- */

/* account_feed_renew: a secret address for calendar programs, which know no sessions; the one before ends. Read only, and what it
 * shows is what the account may see when it is asked. Journal: account.feed. account_feed_end: none from now on; there was none:
 * nothing changes. Journal: account.feed_end. The account's disabling ends it too. */
MUST_USE enum err account_feed_renew(struct ctx *c, const struct account_who *who, char token[static SECRET_TOKEN_CHARS + 1]);
MUST_USE enum err account_feed_end(struct ctx *c, const struct account_who *who);
/* account_feed_of: whose address it is. ERR_NOT_FOUND: nobody's, or the account is not active. */
MUST_USE enum err account_feed_of(struct ctx *c, struct str token, struct account_who *out);

#endif
