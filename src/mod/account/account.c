/* mod/account/account.c - accounts and their invitations */
#include "mod/account/account.h"

#include <stdio.h>
#include <string.h>

#include "mod/account/account_int.h"
#include "mod/dict/dict.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/org/org.h"

enum err
account_journal(struct ctx *c, struct str act, int64_t id, struct str detail)
{
    char subject[ACCOUNT_ACTOR_BYTES];
    int n = snprintf(subject, sizeof subject, "account/%lld", (long long) id);

    return journal_add(c, &(struct journal_act){act, {subject, (size_t) n}, detail});
}

static bool
login_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        bool inner = ch == '.' || ch == '-' || ch == '_';

        if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || (inner && i > 0)))
            return false;
    }
    return s.n >= 2 && s.n <= ACCOUNT_LOGIN_MAX;
}

/* The unit decides department and region. */
static enum err
scope_of_unit(struct ctx *c, struct account_new *say)
{
    struct org_unit_get_row unit;
    enum err e;

    if (say->unit.n == 0)
        return OK;
    e = org_unit_get(c->db, c->arena, &(struct org_unit_get_in){say->unit}, &unit);
    if (e == ERR_NOT_FOUND || (e == OK && unit.retired_us.set))
        return ctx_refuse(c, ERR_UNIT, "%.*s", (int) say->unit.n, say->unit.p);
    if (e != OK)
        return e;
    say->department = unit.department;
    say->region = unit.region;
    return OK;
}

/* Department and region exist; administrators have neither. */
static enum err
scope_ok(struct ctx *c, struct account_new *say)
{
    struct org_department_get_row department;
    struct dict_region_get_row region;
    enum err e = OK;

    if (say->name.n == 0 || say->name.n > ACCOUNT_NAME_MAX || !utf8_valid(say->name))
        return ctx_refuse(c, ERR_LENGTH, "a name has 1 to %d bytes", ACCOUNT_NAME_MAX);
    if ((e = scope_of_unit(c, say)) != OK)
        return e;
    if (!str_eq(say->kind, STR("business")) && (say->department.n > 0 || say->region.n > 0))
        return ctx_refuse(c, ERR_INPUT, "an administrator belongs to no department or region");
    if (say->department.n > 0)
        e = org_department_get(c->db, c->arena, &(struct org_department_get_in){say->department},
                               &department);
    if (e == OK && say->region.n > 0) {
        e = dict_region_get(c->db, c->arena, &(struct dict_region_get_in){say->region}, &region);
        if (e == ERR_NOT_FOUND)
            e = ERR_REGION;
    }
    return e;
}

static enum err
create(struct ctx *c, const struct account_new *say, int64_t id)
{
    struct account_new full = *say;
    enum err e = scope_ok(c, &full);

    if (e == OK)
        e = account_insert(c->db, &(struct account_insert_in){id, full.login, full.name, full.kind, full.department,
                                                              full.region, full.unit, full.target, c->now_us});
    return e == OK ? account_journal(c, STR("account.create"), id, (struct str){NULL, 0}) : e;
}

static bool
kind_ok(struct str kind)
{
    for (int i = 0; i < ACCOUNT_ROLE_COUNT; i++)
        if (str_eq(role_words((enum account_role) i)->kind, kind))
            return true;
    return false;
}

enum err
account_create(struct ctx *c, const struct account_new *say, int64_t *id)
{
    enum err e;

    if (!login_ok(say->login))
        return ctx_refuse(c, ERR_CHARSET, "a login has 2 to %d of a-z 0-9 . - _", ACCOUNT_LOGIN_MAX);
    if (!kind_ok(say->kind))
        return ctx_refuse(c, ERR_INPUT, "kind: system security audit business");
    if (str_eq(say->kind, STR("enterprise")) != (say->target.n > 0))
        return ctx_refuse(c, ERR_INPUT, "an enterprise is invited from the registry, for one target");
    if ((e = ctx_new_id(c, id)) != OK || (e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, create(c, say, *id));
}

enum err
account_find(struct ctx *c, struct str login, struct account_get_row *out)
{
    enum err e = account_get(c->db, c->arena, &(struct account_get_in){login}, out);

    return e == ERR_NOT_FOUND ? ctx_refuse(c, e, "account %.*s", (int) login.n, login.p) : e;
}

static enum err
rescope(struct ctx *c, int64_t row_version, const struct account_new *say)
{
    struct account_get_row a;
    struct account_new with_kind = *say;
    enum err e = account_find(c, say->login, &a);

    if (e != OK)
        return e;
    with_kind.kind = a.kind;
    e = scope_ok(c, &with_kind);
    if (e == OK)
        e = account_describe(c->db, &(struct account_describe_in){say->login, row_version, say->name,
                                                                  with_kind.department, with_kind.region,
                                                                  with_kind.unit});
    if (e == ERR_STATE)
        e = ERR_CONFLICT;
    return e == OK ? account_journal(c, STR("account.rescope"), a.id, (struct str){NULL, 0}) : e;
}

enum err
account_rescope(struct ctx *c, int64_t row_version, const struct account_new *say)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, rescope(c, row_version, say)) : e;
}

static enum err
link_inspector(struct ctx *c, int64_t row_version, struct str login, struct str inspector)
{
    char text[128];
    struct buf b = buf_over(text, sizeof text);
    struct account_of_inspector_row other;
    struct account_get_row a;
    enum err e = account_find(c, login, &a);

    if (e == OK && !str_eq(a.kind, STR("business")))
        return ctx_refuse(c, ERR_INPUT, "an administrator is no inspector");
    if (e == OK && inspector.n > 0) {
        e = account_of_inspector(c->db, c->arena, &(struct account_of_inspector_in){inspector}, &other);
        if (e == OK && !str_eq(other.login, login))
            return ctx_refuse(c, ERR_DUPLICATE, "%.*s has the account %.*s", (int) inspector.n, inspector.p, (int) other.login.n,
                              other.login.p);
        e = e == ERR_NOT_FOUND ? OK : e;
    }
    if (e == OK)
        e = account_link_put(c->db, &(struct account_link_put_in){login, row_version, inspector});
    if (e != OK)
        return e == ERR_STATE ? ERR_CONFLICT : e;
    buf_z(&b, "{\"inspector\":");
    json_put_text(&b, inspector);
    buf_z(&b, "}");
    return b.overflow ? ERR_LENGTH : account_journal(c, STR("account.link"), a.id, buf_view(&b));
}

enum err
account_link(struct ctx *c, int64_t row_version, struct str login, struct str inspector)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, link_inspector(c, row_version, login, inspector)) : e;
}

/* --- roles
 * ---------------------------------------------------------------------------------------------------- */

enum err
account_roles(struct ctx *c, int64_t id, uint32_t *roles)
{
    struct account_role_list_row *rows;
    size_t n;
    enum err e = account_role_list(c->db, c->arena, &(struct account_role_list_in){id}, &rows, &n);

    *roles = 0;
    for (size_t i = 0; e == OK && i < n; i++) {
        enum account_role r;

        if ((e = role_parse(rows[i].role, &r)) == OK)
            *roles |= 1u << r;
    }
    return e;
}

static enum err
put_roles(struct ctx *c, const struct account_get_row *a, uint32_t roles)
{
    char text[512];
    struct buf b = buf_over(text, sizeof text);
    enum err e = account_role_clear(c->db, &(struct account_role_clear_in){a->id});

    buf_z(&b, "{\"roles\":[");
    for (int i = 0; e == OK && i < ACCOUNT_ROLE_COUNT; i++) {
        const struct role_words *r = role_words((enum account_role) i);

        if ((roles >> i & 1) == 0)
            continue;
        if (!str_eq(r->kind, a->kind))
            return ctx_refuse(c, ERR_INPUT, "%.*s is no role of a %.*s account", (int) r->id.n, r->id.p,
                              (int) a->kind.n, a->kind.p);
        e = account_role_put(c->db, &(struct account_role_put_in){a->id, a->kind, r->id});
        if (b.p[b.n - 1] != '[')
            buf_z(&b, ",");
        json_put_text(&b, r->id);
    }
    buf_z(&b, "]}");
    return e == OK ? account_journal(c, STR("account.roles"), a->id, buf_view(&b)) : e;
}

/* Nobody raises or ends himself. */
static bool
is_actor(const struct ctx *c, int64_t id)
{
    char actor[ACCOUNT_ACTOR_BYTES];
    int n = snprintf(actor, sizeof actor, "user:%lld", (long long) id);

    return str_eq(c->actor, (struct str){actor, (size_t) n});
}

static enum err
set_roles(struct ctx *c, struct str login, uint32_t roles)
{
    struct account_get_row a;
    enum err e = account_find(c, login, &a);

    if (e == OK && is_actor(c, a.id))
        return ctx_refuse(c, ERR_PERMISSION, "one's own roles");
    return e == OK ? put_roles(c, &a, roles) : e;
}

enum err
account_set_roles(struct ctx *c, struct str login, uint32_t roles)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, set_roles(c, login, roles)) : e;
}

/* --- states
 * --------------------------------------------------------------------------------------------------- */

static enum err
note_reason(struct ctx *c, struct str act, int64_t id, struct str reason)
{
    char text[ACCOUNT_REASON_MAX * 2 + 32];
    struct buf b = buf_over(text, sizeof text);

    buf_z(&b, "{\"reason\":");
    json_put_text(&b, reason);
    buf_z(&b, "}");
    return b.overflow ? ERR_LENGTH : account_journal(c, act, id, buf_view(&b));
}

static enum err
disable(struct ctx *c, struct str login, struct str reason)
{
    struct account_get_row a;
    enum err e = account_find(c, login, &a);

    if (e == OK && is_actor(c, a.id))
        return ctx_refuse(c, ERR_PERMISSION, "one's own account");
    if (e == OK && str_eq(a.state, STR("disabled")))
        return ERR_STATE;
    if (e == OK)
        e = account_move(c->db, &(struct account_move_in){a.id, a.state, STR("disabled")});
    if (e == OK)
        e = account_session_end_all(c->db, &(struct account_session_end_all_in){a.id, 0});
    if (e == OK)
        e = account_invitation_clear(c->db, &(struct account_invitation_clear_in){a.id});
    if (e == OK)
        e = account_feed_clear(c->db, &(struct account_feed_clear_in){a.id});
    return e == OK ? note_reason(c, STR("account.disable"), a.id, reason) : e;
}

static enum err
enable(struct ctx *c, struct str login, struct str reason)
{
    struct account_get_row a;
    enum err e = account_find(c, login, &a);

    if (e == OK)
        e = account_move(c->db,
                         &(struct account_move_in){a.id, STR("disabled"),
                                                   a.password.n == 0 ? STR("invited") : STR("active")});
    return e == OK ? note_reason(c, STR("account.enable"), a.id, reason) : e;
}

static enum err
with_reason(struct ctx *c, enum err (*act)(struct ctx *, struct str, struct str), struct str login,
            struct str reason)
{
    enum err e;

    if (reason.n == 0 || reason.n > ACCOUNT_REASON_MAX || !utf8_valid(reason))
        return ctx_refuse(c, ERR_LENGTH, "a reason has 1 to %d bytes", ACCOUNT_REASON_MAX);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, act(c, login, reason)) : e;
}

enum err
account_disable(struct ctx *c, struct str login, struct str reason)
{
    return with_reason(c, disable, login, reason);
}

enum err
account_enable(struct ctx *c, struct str login, struct str reason)
{
    return with_reason(c, enable, login, reason);
}

/* --- invitations
 * ------------------------------------------------------------------------------------------------ */

static enum err
invite(struct ctx *c, struct str login, const char *hash)
{
    struct account_get_row a;
    enum err e = account_find(c, login, &a);
    bool first = e == OK && str_eq(a.state, STR("invited"));

    if (e == OK && str_eq(a.state, STR("disabled")))
        return ERR_STATE;
    if (e == OK)
        e = account_invitation_clear(c->db, &(struct account_invitation_clear_in){a.id});
    if (e == OK)
        e = account_invitation_put(c->db, &(struct account_invitation_put_in){
                                              str_of(hash), a.id, first ? STR("invite") : STR("reset"),
                                              c->now_us, c->now_us + ACCOUNT_INVITATION_US});
    return e == OK ? account_journal(c, STR("account.invite"), a.id, (struct str){NULL, 0}) : e;
}

enum err
account_invite(struct ctx *c, struct str login, char token[static SECRET_TOKEN_CHARS + 1])
{
    char hash[SECRET_TOKEN_CHARS + 1];
    enum err e = secret_token(c, token);

    if (e != OK)
        return e;
    secret_token_hash((struct str){token, SECRET_TOKEN_CHARS}, hash);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, invite(c, login, hash)) : e;
}

enum err
account_invitation(struct ctx *c, struct str token, struct account_invitation *out)
{
    char hash[SECRET_TOKEN_CHARS + 1];
    struct account_invitation_get_row row;
    struct account_by_id_row a;
    enum err e;

    if (token.n != SECRET_TOKEN_CHARS)
        return ERR_NOT_FOUND;
    secret_token_hash(token, hash);
    e = account_invitation_get(c->db, c->arena, &(struct account_invitation_get_in){str_of(hash)}, &row);
    if (e == OK && row.expires_us <= c->now_us)
        return ERR_NOT_FOUND;
    if (e == OK)
        e = account_by_id(c->db, c->arena, &(struct account_by_id_in){row.account}, &a);
    if (e == OK)
        *out = (struct account_invitation){a.id, row.expires_us, a.login, a.name, row.purpose};
    return e;
}

static struct str
bound_to(const int64_t *id)
{
    return (struct str){(const char *) id, sizeof *id};
}

enum err
account_open_secret(struct ctx *c, int64_t id, struct str sealed, struct str *secret)
{
    return secret_open(c, SECRET_ACCOUNT_KEY, bound_to(&id), sealed, secret);
}

enum err
account_put_secret(struct ctx *c, int64_t id, struct str secret, struct str code)
{
    struct str sealed;
    int64_t step = 0;
    enum err e = secret_totp_check(c, secret, code, &step);

    if (e == OK)
        e = secret_seal(c, SECRET_ACCOUNT_KEY, bound_to(&id), secret, &sealed);
    return e == OK ? account_put_totp(c->db, &(struct account_put_totp_in){id, sealed, step}) : e;
}

static enum err
take_invitation(struct ctx *c, struct str token, struct str hash, struct str secret, struct str code)
{
    struct account_invitation i;
    enum err e = account_invitation(c, token, &i);

    if (e == OK)
        e = account_put_password(c->db, &(struct account_put_password_in){i.account, hash});
    if (e == OK && secret.n > 0)
        e = account_put_secret(c, i.account, secret, code);
    if (e == OK)
        e = account_session_end_all(c->db, &(struct account_session_end_all_in){i.account, 0});
    if (e == OK)
        e = account_invitation_clear(c->db, &(struct account_invitation_clear_in){i.account});
    return e == OK ? account_journal(c, STR("account.accept"), i.account, (struct str){NULL, 0}) : e;
}

enum err
account_accept(struct ctx *c, struct str token, struct str hash, struct str secret, struct str code)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, take_invitation(c, token, hash, secret, code)) : e;
}
