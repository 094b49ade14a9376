/* app/cmd_account.c - mingqian account …: accounts of the office, by whoever owns the machine */
#include <stdio.h>
#include <string.h>

#include "cmd_account.h"
#include "commands.h"
#include "data_dir.h"
#include "demo_city.h"
#include "mod/account/account.h"
#include "mod/inspector/inspector.h"
#include "mod/org/org.h"

static void
print_link(const struct cli_args *args, struct str login, const char *token)
{
    if (args->json) {
        fputs("{\"login\":", stdout);
        cli_json_string(login);
        printf(",\"link\":\"/app/#/welcome/%s\"}\n", token);
    } else {
        printf("  %-12.*s /app/#/welcome/%s\n", (int) login.n, login.p, token);
    }
}

/* A department named in an option, or none. */
static struct str
option(const struct cli_args *args, const char *name)
{
    return str_of(cli_value(args, name));
}

/* All roles of --role; their common kind. */
static enum err
roles_of(const struct cli_args *args, uint32_t *roles, struct str *kind)
{
    size_t n;
    const char *const *names = cli_values(args, "role", &n);

    *roles = 0;
    *kind = STR("business");
    for (size_t i = 0; i < n; i++) {
        enum account_role r;

        if (role_parse(str_of(names[i]), &r) != OK)
            return ERR_USAGE;
        *roles |= 1u << r;
        *kind = role_words(r)->kind;
    }
    return OK;
}

/* Account, roles, inspector, link, in one transaction. */
static enum err
open_account(struct ctx *c, const struct account_new *say, struct str inspector, uint32_t roles,
             char token[static SECRET_TOKEN_CHARS + 1])
{
    int64_t id;
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = account_create(c, say, &id);
    if (e == OK)
        e = account_set_roles(c, say->login, roles);
    if (e == OK && inspector.n > 0)
        e = inspector_link(c, 1, say->login, inspector); /* the version of a new account */
    if (e == OK)
        e = account_invite(c, say->login, token);
    return db_end(c->db, e);
}

int
cmd_account_invite(const struct cli_command *self, int argc, char **argv)
{
    static const struct cli_option OPTIONS[] = {
        {"name", "NAME", "姓名", "name"},
        {"role", "ROLE", "角色,可重复", "role, may be repeated"},
        {"department", "CODE", "部门;不写为全部", "department; none: all"},
        {"region", "CODE", "区划;不写为全部", "region; none: all"},
        {"inspector", "CODE", "检查人员代号:该账号即此人", "code of the inspector whose account it is"},
    };
    struct cli_args args;
    struct app app;
    struct account_new say = {0};
    uint32_t roles;
    char token[SECRET_TOKEN_CHARS + 1] = "";
    int status;
    enum err e;

    if (!cli_parse(self, OPTIONS, sizeof OPTIONS / sizeof *OPTIONS, 1, 1, argc, argv, &args, &status))
        return status;
    if (roles_of(&args, &roles, &say.kind) != OK)
        return cli_fail(&args, ERR_USAGE, "--role",
                        "system security audit clerk reviewer head secretary inspector expert observer notary");
    if (app_open(&args, &app) != OK)
        return err_exit_status(ERR_USAGE);
    say.login = str_of(args.positional[0]);
    say.name = option(&args, "name");
    say.department = option(&args, "department");
    say.region = option(&args, "region");
    /* A known account gets a new link. */
    e = say.name.n == 0 && roles == 0 ? account_invite(&app.ctx, say.login, token)
                                      : open_account(&app.ctx, &say, option(&args, "inspector"), roles, token);
    if (e == OK)
        print_link(&args, say.login, token);
    return app_finish(&args, &app, e, args.positional[0]);
}

static void
print_roles(uint32_t roles, bool json)
{
    bool first = true;

    for (int i = 0; i < ACCOUNT_ROLE_COUNT; i++) {
        if ((roles >> i & 1) == 0)
            continue;
        printf(json ? "%s\"%s\"" : "%s%s", first ? "" : ",", role_words((enum account_role) i)->id.p);
        first = false;
    }
}

static void
print_account(const struct cli_args *args, const struct account_page_row *a, uint32_t roles, bool first)
{
    if (!args->json) {
        printf("%-12.*s %-9.*s %-9.*s %-8.*s ", (int) a->login.n, a->login.p, (int) a->kind.n, a->kind.p,
               (int) a->state.n, a->state.p, (int) a->department.n,
               a->department.n > 0 ? a->department.p : "");
        print_roles(roles, false);
        putchar('\n');
        return;
    }
    fputs(first ? "{\"login\":" : ",{\"login\":", stdout);
    cli_json_string(a->login);
    fputs(",\"kind\":", stdout), cli_json_string(a->kind);
    fputs(",\"state\":", stdout), cli_json_string(a->state);
    fputs(",\"department\":", stdout),
        a->department.n > 0 ? cli_json_string(a->department) : (void) fputs("null", stdout);
    fputs(",\"roles\":[", stdout), print_roles(roles, true), fputs("]}", stdout);
}

int
cmd_account_list(const struct cli_command *self, int argc, char **argv)
{
    enum { PAGE_ROWS = 100 };
    struct cli_args args;
    struct app app;
    struct account_page_row *rows;
    struct account_page_in page = {STR("-"), {NULL, 0}, PAGE_ROWS};
    size_t n = PAGE_ROWS;
    bool first = true;
    int status;
    enum err e = OK;

    if (!cli_parse(self, NULL, 0, 0, 0, argc, argv, &args, &status))
        return status;
    if (app_open(&args, &app) != OK)
        return err_exit_status(ERR_USAGE);
    if (args.json)
        putchar('[');
    while (e == OK && n == PAGE_ROWS) {
        e = account_page(app.db, app.ctx.arena, &page, &rows, &n);
        for (size_t i = 0; e == OK && i < n; i++) {
            uint32_t roles;

            if ((e = account_roles(&app.ctx, rows[i].id, &roles)) == OK)
                print_account(&args, &rows[i], roles, first);
            first = false;
            page.after = rows[i].login;
        }
    }
    if (args.json)
        puts("]");
    return app_finish(&args, &app, e, NULL);
}

typedef enum err (*account_act)(struct ctx *c, struct str login, const struct cli_args *args);

static const struct cli_option REASON[] = {{"reason", "TEXT", "原因", "reason"}};

static int
one_act(const struct cli_command *self, int argc, char **argv, const struct cli_option *options, size_t count,
        account_act act)
{
    struct cli_args args;
    struct app app;
    int status;

    if (!cli_parse(self, options, count, 1, 1, argc, argv, &args, &status))
        return status;
    if (app_open(&args, &app) != OK)
        return err_exit_status(ERR_USAGE);
    return app_finish(&args, &app, act(&app.ctx, str_of(args.positional[0]), &args), args.positional[0]);
}

static enum err
disable(struct ctx *c, struct str login, const struct cli_args *args)
{
    return account_disable(c, login, option(args, "reason"));
}

static enum err
enable(struct ctx *c, struct str login, const struct cli_args *args)
{
    return account_enable(c, login, option(args, "reason"));
}

static enum err
grant(struct ctx *c, struct str login, const struct cli_args *args)
{
    uint32_t roles;
    struct str kind;
    enum err e = roles_of(args, &roles, &kind);

    return e == OK ? account_set_roles(c, login, roles) : e;
}

int
cmd_account_disable(const struct cli_command *self, int argc, char **argv)
{
    return one_act(self, argc, argv, REASON, 1, disable);
}

int
cmd_account_enable(const struct cli_command *self, int argc, char **argv)
{
    return one_act(self, argc, argv, REASON, 1, enable);
}

int
cmd_account_roles(const struct cli_command *self, int argc, char **argv)
{
    static const struct cli_option OPTIONS[] = {{"role", "ROLE", "角色,可重复", "role, may be repeated"}};

    return one_act(self, argc, argv, OPTIONS, 1, grant);
}

/* --- the first accounts of a new directory
 * ---------------------------------------------------------------------------- */

static const struct first_account {
    const char *login, *name, *department;
    enum account_role role;
    bool demo;
    int inspector; /* which of the demo's team it is, from 1; 0: none */
} FIRST[] = {
    {"system", "系统管理员", NULL, ACCOUNT_ROLE_SYSTEM, false, 0},
    {"security", "安全管理员", NULL, ACCOUNT_ROLE_SECURITY, false, 0},
    {"audit", "审计管理员", NULL, ACCOUNT_ROLE_AUDIT, false, 0},
    {"scjgj-clerk", "市场监管局经办人", "scjgj", ACCOUNT_ROLE_CLERK, true, 0},
    {"scjgj-review", "市场监管局审核人", "scjgj", ACCOUNT_ROLE_REVIEWER, true, 0},
    {"scjgj-head", "市场监管局负责人", "scjgj", ACCOUNT_ROLE_HEAD, true, 0},
    {"sthjj-clerk", "生态环境局经办人", "sthjj", ACCOUNT_ROLE_CLERK, true, 0},
    {"sthjj-review", "生态环境局审核人", "sthjj", ACCOUNT_ROLE_REVIEWER, true, 0},
    {"sthjj-head", "生态环境局负责人", "sthjj", ACCOUNT_ROLE_HEAD, true, 0},
    {"secretary", "联席会议秘书", NULL, ACCOUNT_ROLE_SECRETARY, true, 0},
    {"observer", "纪检监督员", NULL, ACCOUNT_ROLE_OBSERVER, true, 0},
    {"notary", "公证员", NULL, ACCOUNT_ROLE_NOTARY, true, 0},
    {"scjgj-inspect", "市场监管局检查人员", "scjgj", ACCOUNT_ROLE_INSPECTOR, true, 1},
    {"scjgj-inspect2", "市场监管局检查人员(同组)", "scjgj", ACCOUNT_ROLE_INSPECTOR, true, 2},
};

enum err
first_accounts(const struct cli_args *args, struct ctx *c, bool demo)
{
    struct str team[DEMO_TEAM] = {{0}};
    enum err e = demo ? demo_team(c, team) : OK;

    if (e == ERR_NOT_FOUND) /* a small city: its inspectors have no visit yet */
        e = OK;
    if (!args->json)
        puts(cli_text("一次性登录链接(72 小时内有效,加在网站地址之后):",
                      "one-time login links (valid 72 hours; append to the address of the site):"));
    for (size_t i = 0; e == OK && i < sizeof FIRST / sizeof *FIRST; i++) {
        const struct first_account *f = &FIRST[i];
        struct account_new say = {
            str_of(f->login), str_of(f->name), role_words(f->role)->kind, str_of(f->department), {0}, {0}, {0}};
        char token[SECRET_TOKEN_CHARS + 1];

        if (f->demo && !demo)
            continue;
        e = open_account(c, &say, f->inspector > 0 ? team[f->inspector - 1] : (struct str) {0}, 1u << f->role, token);
        if (e == OK && !args->json)
            print_link(args, say.login, token);
    }
    return e;
}
