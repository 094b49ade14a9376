/* Accounts: the three administrators never mix, failures lock, links work once, sessions end when they must.
 */
#include "mod/account/account.h"

#include <liboath/oath.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "mod/dict/dict.h"
#include "mod/org/org.h"
#include "mod/testing.h"

#define PASSWORD STR("Anhe-2026-guan")

/* One hash for all tests: it takes a tenth of a second. */
static struct str
hash_once(void)
{
    static char hash[SECRET_HASH_BYTES];

    if (hash[0] == '\0')
        EXPECT(secret_hash(PASSWORD, hash) == OK);
    return str_of(hash);
}

static int64_t
create(struct ctx *c, const char *login, const char *kind)
{
    int64_t id = 0;

    EXPECT(account_create(c, &(struct account_new){str_of(login), STR("某人"), str_of(kind), {0}, {0}, {0}, {0}},
                          &id) == OK);
    return id;
}

static int64_t
active(struct ctx *c, const char *login, const char *kind)
{
    char token[SECRET_TOKEN_CHARS + 1];
    int64_t id = create(c, login, kind);

    EXPECT(account_invite(c, str_of(login), token) == OK);
    EXPECT(account_accept(c, str_of(token), hash_once(), (struct str){0}, (struct str){0}) == OK);
    return id;
}

static enum account_login
log_in(struct ctx *c, int64_t id, bool right, struct str totp, struct account_session_new *s)
{
    enum account_login how = LOGIN_WRONG;

    EXPECT(account_log_in(c, &(struct account_check){id, right}, totp, STR("test"), &how, s) == OK);
    return how;
}

TEST_DB(an_account_holds_only_roles_of_its_kind)
{
    int64_t id = create(c, "xt", "system");

    create(c, "jb", "business");
    EXPECT(account_set_roles(c, STR("xt"), 1u << ACCOUNT_ROLE_SYSTEM) == OK);
    EXPECT(account_set_roles(c, STR("xt"), 1u << ACCOUNT_ROLE_SYSTEM | 1u << ACCOUNT_ROLE_AUDIT) ==
           ERR_INPUT);
    EXPECT(account_set_roles(c, STR("xt"), 1u << ACCOUNT_ROLE_CLERK) == ERR_INPUT);
    EXPECT(account_set_roles(c, STR("jb"), 1u << ACCOUNT_ROLE_SECURITY) == ERR_INPUT);
    EXPECT(account_set_roles(c, STR("jb"), 1u << ACCOUNT_ROLE_CLERK | 1u << ACCOUNT_ROLE_REVIEWER) == OK);
    /* The database itself refuses it, whatever the program does. */
    for (int i = 0; i < ACCOUNT_ROLE_COUNT; i++) {
        const struct role_words *r = role_words((enum account_role) i);

        if (i != ACCOUNT_ROLE_SYSTEM) {
            EXPECT(account_role_put(c->db, &(struct account_role_put_in){id, STR("system"), r->id}) != OK);
            EXPECT(account_role_put(c->db, &(struct account_role_put_in){id, r->kind, r->id}) != OK);
        }
    }
}

TEST_DB(no_account_has_a_bad_login_kind_department_or_region)
{
    int64_t id;

    EXPECT(account_create(c, &(struct account_new){STR("A"), STR("x"), STR("business"), {0}, {0}, {0}, {0}}, &id) ==
           ERR_CHARSET);
    EXPECT(account_create(c, &(struct account_new){STR("a b"), STR("x"), STR("business"), {0}, {0}, {0}, {0}}, &id) ==
           ERR_CHARSET);
    EXPECT(account_create(c, &(struct account_new){STR("ab"), STR(""), STR("business"), {0}, {0}, {0}, {0}}, &id) ==
           ERR_LENGTH);
    EXPECT(account_create(c, &(struct account_new){STR("ab"), STR("x"), STR("root"), {0}, {0}, {0}, {0}}, &id) ==
           ERR_INPUT);
    EXPECT(account_create(c, &(struct account_new){STR("ab"), STR("x"), STR("business"), STR("no"), {0}, {0}, {0}},
                          &id) == ERR_NOT_FOUND);
    EXPECT(account_create(c, &(struct account_new){STR("ab"), STR("x"), STR("business"), {0}, STR("999999"), {0}, {0}},
                          &id) == ERR_REGION);
    EXPECT(org_add(c, STR("scjgj"), STR("市场监管局"), 0) == OK);
    EXPECT(account_create(c, &(struct account_new){STR("ab"), STR("x"), STR("audit"), STR("scjgj"), {0}, {0}, {0}},
                          &id) == ERR_INPUT);
    create(c, "ab", "business");
    EXPECT(account_create(c, &(struct account_new){STR("ab"), STR("y"), STR("business"), {0}, {0}, {0}, {0}}, &id) ==
           ERR_EXISTS);
}

TEST_DB(passwords_have_eight_characters_of_three_classes)
{
    EXPECT(secret_password_ok(c, STR("aB3aB3a"), STR("xt")) == ERR_LENGTH);
    EXPECT(secret_password_ok(c, STR("aaaaaaaa1"), STR("xt")) == ERR_POLICY);
    EXPECT(secret_password_ok(c, STR("aaaaaaB1"), STR("xt")) == OK);
    EXPECT(secret_password_ok(c, STR("三班abcd12"), STR("xt")) == OK);
    EXPECT(secret_password_ok(c, STR("xtAAAA11"), STR("xt")) == ERR_POLICY);
    EXPECT(secret_password_ok(c, STR("aB3\xff\xff\xff\xff\xff"), STR("xt")) == ERR_ENCODING);
}

TEST_DB(a_password_is_right_or_wrong_and_an_unknown_login_is_wrong)
{
    struct account_check check;
    int64_t id = active(c, "jb", "business");

    EXPECT(account_check(c, STR("jb"), PASSWORD, &check) == OK && check.right && check.account == id);
    EXPECT(account_check(c, STR("jb"), STR("Anhe-2026-guaN"), &check) == OK && !check.right);
    EXPECT(account_check(c, STR("nobody"), PASSWORD, &check) == OK && !check.right && check.account == 0);
}

TEST_DB(five_failures_lock_for_fifteen_minutes)
{
    struct account_session_new s;
    int64_t id = active(c, "jb", "business");

    for (int i = 0; i < ACCOUNT_FAILURES_MAX - 1; i++)
        EXPECT(log_in(c, id, false, (struct str){0}, &s) == LOGIN_WRONG);
    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_OK); /* a success forgets the failures */
    for (int i = 0; i < ACCOUNT_FAILURES_MAX; i++)
        EXPECT(log_in(c, id, false, (struct str){0}, &s) == LOGIN_WRONG);
    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_LOCKED);
    c->now_us += ACCOUNT_LOCK_US - 1;
    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_LOCKED);
    c->now_us += 1;
    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_OK);
}

TEST_DB(a_link_works_once_and_for_three_days)
{
    char token[SECRET_TOKEN_CHARS + 1], second[SECRET_TOKEN_CHARS + 1];
    struct account_invitation i;

    create(c, "jb", "business");
    EXPECT(account_invite(c, STR("jb"), token) == OK);
    EXPECT(account_invite(c, STR("jb"), second) == OK);
    EXPECT(account_invitation(c, str_of(token), &i) == ERR_NOT_FOUND); /* the newest alone */
    EXPECT(account_invitation(c, str_of(second), &i) == OK && str_eq(i.purpose, STR("invite")));
    EXPECT(account_accept(c, str_of(second), hash_once(), (struct str){0}, (struct str){0}) == OK);
    EXPECT(account_accept(c, str_of(second), hash_once(), (struct str){0}, (struct str){0}) == ERR_NOT_FOUND);
    EXPECT(account_invite(c, STR("jb"), token) == OK);
    c->now_us += ACCOUNT_INVITATION_US;
    EXPECT(account_invitation(c, str_of(token), &i) == ERR_NOT_FOUND);
}

TEST_DB(a_session_ends_idle_or_old_or_by_the_user)
{
    struct account_session_new s, t;
    struct account_who who;
    int64_t id = active(c, "jb", "business"), start;

    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_OK &&
           log_in(c, id, true, (struct str){0}, &t) == LOGIN_OK);
    EXPECT(account_who(c, str_of(s.token), &who) == OK && who.account == id);
    EXPECT(account_who(c, STR("no"), &who) == ERR_SESSION);
    EXPECT(account_log_out(c, &who, s.id) == OK);
    EXPECT(account_who(c, str_of(s.token), &who) == ERR_SESSION);
    start = c->now_us;
    c->now_us = start + ACCOUNT_IDLE_US;
    EXPECT(account_who(c, str_of(t.token), &who) == ERR_SESSION);
    for (c->now_us = start; c->now_us < start + ACCOUNT_SESSION_US; c->now_us += ACCOUNT_IDLE_US - 1)
        EXPECT(account_who(c, str_of(t.token), &who) == OK && account_seen(c, &who) == OK);
    c->now_us = start + ACCOUNT_SESSION_US;
    EXPECT(account_who(c, str_of(t.token), &who) == ERR_SESSION);
}

TEST_DB(logging_out_everywhere_ends_all_sessions_of_this_account_only)
{
    struct account_session_new s, t, other;
    struct account_who who, o;
    int64_t id = active(c, "jb", "business"), more = active(c, "sh", "business");

    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_OK &&
           log_in(c, id, true, (struct str){0}, &t) == LOGIN_OK &&
           log_in(c, more, true, (struct str){0}, &other) == LOGIN_OK);
    EXPECT(account_who(c, str_of(s.token), &who) == OK && account_who(c, str_of(other.token), &o) == OK);
    EXPECT(account_log_out(c, &o, s.id) == ERR_NOT_FOUND); /* not his */
    EXPECT(account_who(c, str_of(s.token), &who) == OK);
    EXPECT(account_log_out(c, &who, 0) == OK);
    EXPECT(account_who(c, str_of(s.token), &who) == ERR_SESSION &&
           account_who(c, str_of(t.token), &who) == ERR_SESSION);
    EXPECT(account_who(c, str_of(other.token), &who) == OK);
}

TEST_DB(a_disabled_account_is_out_at_once_and_stays_out)
{
    char token[SECRET_TOKEN_CHARS + 1];
    struct account_session_new s;
    struct account_who who;
    int64_t id = active(c, "jb", "business");

    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_OK);
    EXPECT(account_disable(c, STR("jb"), STR("")) == ERR_LENGTH);
    EXPECT(account_disable(c, STR("jb"), STR("调离")) == OK);
    EXPECT(account_disable(c, STR("jb"), STR("调离")) == ERR_STATE);
    EXPECT(account_who(c, str_of(s.token), &who) == ERR_SESSION);
    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_WRONG);
    EXPECT(account_invite(c, STR("jb"), token) == ERR_STATE);
    EXPECT(account_enable(c, STR("jb"), STR("调回")) == OK);
    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_OK);
}

static struct str
code_at(struct ctx *c, const char *secret, int64_t now_us)
{
    char *bytes = NULL, otp[8];
    size_t n = 0;

    EXPECT(oath_base32_decode(secret, SECRET_TOTP_CHARS, &bytes, &n) == OATH_OK);
    EXPECT(oath_totp_generate(bytes, n, (time_t) (now_us / 1000000), 30, 0, 6, otp) == OATH_OK);
    free(bytes);
    return str_copy(c->arena, (struct str){otp, 6});
}

TEST_DB(the_second_factor_is_asked_for_and_a_code_counts_once)
{
    char secret[SECRET_TOTP_CHARS + 1], path[256];
    struct account_session_new s;
    struct account_who who;
    struct account_get_row row;
    struct stat st;
    int64_t id = active(c, "jb", "business");

    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_OK &&
           account_who(c, str_of(s.token), &who) == OK);
    EXPECT(secret_totp_new(c, secret) == OK);
    EXPECT(account_change_totp(c, &who, &(struct account_check){id, false}, str_of(secret), STR("000000")) ==
           ERR_LOGIN);
    EXPECT(account_change_totp(c, &who, &(struct account_check){id, true}, str_of(secret), STR("12345")) ==
           ERR_TOTP);
    EXPECT(account_change_totp(c, &who, &(struct account_check){id, true}, str_of(secret),
                               code_at(c, secret, c->now_us)) == OK);
    EXPECT(log_in(c, id, true, (struct str){0}, &s) == LOGIN_TOTP);
    EXPECT(log_in(c, id, true, code_at(c, secret, c->now_us), &s) == LOGIN_TOTP); /* used for enrolling */
    c->now_us += 60000000;
    EXPECT(log_in(c, id, true, code_at(c, secret, c->now_us), &s) == LOGIN_OK);
    EXPECT(log_in(c, id, true, code_at(c, secret, c->now_us), &s) == LOGIN_TOTP); /* read over the shoulder */
    EXPECT(log_in(c, id, true, code_at(c, secret, c->now_us + 600000000), &s) == LOGIN_TOTP);
    /* At rest it is sealed, and the key is for the owner only. */
    EXPECT(account_get(c->db, c->arena, &(struct account_get_in){STR("jb")}, &row) == OK);
    EXPECT(memmem(row.totp.p, row.totp.n, secret, SECRET_TOTP_CHARS) == NULL);
    snprintf(path, sizeof path, "%s/keys/account.key", c->dir);
    EXPECT(stat(path, &st) == 0 && (st.st_mode & 077) == 0);
}

TEST_DB(nobody_raises_or_ends_himself)
{
    char actor[ACCOUNT_ACTOR_BYTES];
    int64_t id = active(c, "aq", "security");

    account_act_as(c, &(struct account_who){.account = id}, actor);
    EXPECT(account_set_roles(c, STR("aq"), 1u << ACCOUNT_ROLE_SECURITY) == ERR_PERMISSION);
    EXPECT(account_disable(c, STR("aq"), STR("x")) == ERR_PERMISSION);
}

TEST_DB(the_address_of_a_calendar_is_secret_renewed_ended_and_that_of_an_active_account)
{
    char first[SECRET_TOKEN_CHARS + 1], second[SECRET_TOKEN_CHARS + 1];
    struct account_who who = {.account = active(c, "jb", "business")}, found;

    EXPECT_INT(account_feed_renew(c, &who, first), OK);
    EXPECT_INT(account_feed_of(c, str_of(first), &found), OK);
    EXPECT_INT(found.account, who.account);
    EXPECT_INT(account_feed_renew(c, &who, second), OK);
    EXPECT_INT(account_feed_of(c, str_of(first), &found), ERR_NOT_FOUND); /* the one before */
    EXPECT_INT(account_feed_of(c, STR("x"), &found), ERR_NOT_FOUND);
    EXPECT_INT(account_feed_of(c, str_of(second), &found), OK);
    EXPECT_INT(account_feed_end(c, &who), OK);
    EXPECT_INT(account_feed_end(c, &who), OK);
    EXPECT_INT(account_feed_of(c, str_of(second), &found), ERR_NOT_FOUND);
    EXPECT_INT(account_feed_renew(c, &who, first), OK);
    EXPECT_INT(account_disable(c, STR("jb"), STR("调离")), OK);
    EXPECT_INT(account_feed_of(c, str_of(first), &found), ERR_NOT_FOUND);
    EXPECT_INT(account_enable(c, STR("jb"), STR("调回")), OK);
    EXPECT_INT(account_feed_of(c, str_of(first), &found), ERR_NOT_FOUND); /* it asks for a new one */
}

TEST(the_region_of_a_city_covers_its_counties)
{
    EXPECT(str_eq(account_region_prefix(STR("411500")), STR("4115")));
    EXPECT(str_eq(account_region_prefix(STR("410000")), STR("41")));
    EXPECT(str_eq(account_region_prefix(STR("411502")), STR("411502")));
    EXPECT(account_region_prefix((struct str){0}).n == 0);
}

TEST(administrators_have_no_business_and_audit_alone_reads_the_journal)
{
    for (int r = 0; r < ACCOUNT_ROLE_COUNT; r++) {
        EXPECT(role_may((enum account_role) r, PERMIT_JOURNAL_READ) == (r == ACCOUNT_ROLE_AUDIT));
        EXPECT(role_may((enum account_role) r, PERMIT_ACCOUNT_MANAGE) == (r == ACCOUNT_ROLE_SYSTEM));
        EXPECT(role_may((enum account_role) r, PERMIT_ROLE_GRANT) == (r == ACCOUNT_ROLE_SECURITY));
    }
    EXPECT(!roles_may(1u << ACCOUNT_ROLE_SYSTEM, PERMIT_TARGET_READ));
    EXPECT(!roles_may(1u << ACCOUNT_ROLE_SECURITY, PERMIT_TARGET_READ));
    EXPECT(!roles_may(1u << ACCOUNT_ROLE_AUDIT, PERMIT_TARGET_READ));
    EXPECT(roles_may(0, PERMIT_NOBODY_ASKED) && !roles_may(0, PERMIT_SELF));
}

TEST_MAIN(T(an_account_holds_only_roles_of_its_kind), T(no_account_has_a_bad_login_kind_department_or_region),
          T(passwords_have_eight_characters_of_three_classes),
          T(a_password_is_right_or_wrong_and_an_unknown_login_is_wrong),
          T(five_failures_lock_for_fifteen_minutes), T(a_link_works_once_and_for_three_days),
          T(a_session_ends_idle_or_old_or_by_the_user),
          T(logging_out_everywhere_ends_all_sessions_of_this_account_only),
          T(a_disabled_account_is_out_at_once_and_stays_out),
          T(the_second_factor_is_asked_for_and_a_code_counts_once), T(nobody_raises_or_ends_himself),
          T(the_address_of_a_calendar_is_secret_renewed_ended_and_that_of_an_active_account),
          T(the_region_of_a_city_covers_its_counties),
          T(administrators_have_no_business_and_audit_alone_reads_the_journal))
