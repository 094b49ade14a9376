/* mod/account/feed.c - the secret address of an account's calendar */
#include "mod/account/account.h"
#include "mod/account/account_int.h"

static enum err
renew(struct ctx *c, const struct account_who *who, char token[static SECRET_TOKEN_CHARS + 1])
{
    char hash[SECRET_TOKEN_CHARS + 1];
    enum err e = secret_token(c, token);

    if (e != OK)
        return e;
    secret_token_hash((struct str){token, SECRET_TOKEN_CHARS}, hash);
    e = account_feed_put(c->db, &(struct account_feed_put_in){who->account, str_of(hash), c->now_us});
    return e == OK ? account_journal(c, STR("account.feed"), who->account, (struct str){NULL, 0}) : e;
}

enum err
account_feed_renew(struct ctx *c, const struct account_who *who, char token[static SECRET_TOKEN_CHARS + 1])
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, renew(c, who, token)) : e;
}

static enum err
end(struct ctx *c, const struct account_who *who)
{
    int64_t ended = 0;
    enum err e = account_feed_clear_counted(c->db, &(struct account_feed_clear_in){who->account}, &ended);

    return e == OK && ended > 0 ? account_journal(c, STR("account.feed_end"), who->account, (struct str){NULL, 0}) : e;
}

enum err
account_feed_end(struct ctx *c, const struct account_who *who)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, end(c, who)) : e;
}

enum err
account_feed_of(struct ctx *c, struct str token, struct account_who *out)
{
    char hash[SECRET_TOKEN_CHARS + 1];
    struct account_feed_who_row a;
    enum err e;

    if (token.n != SECRET_TOKEN_CHARS)
        return ERR_NOT_FOUND;
    secret_token_hash(token, hash);
    e = account_feed_who(c->db, c->arena, &(struct account_feed_who_in){str_of(hash)}, &a);
    if (e == OK && !str_eq(a.state, STR("active")))
        return ERR_NOT_FOUND;
    if (e != OK)
        return e;
    *out = (struct account_who){.account = a.account, .login = a.login, .name = a.name, .kind = a.kind, .department = a.department,
                                .region = a.region, .inspector = a.inspector};
    return account_roles(c, a.account, &out->roles);
}
