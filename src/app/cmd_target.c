/* app/cmd_target.c - mingqian target health: what the registry of targets lacks (regulation 二(三): 动态管理) */
#include "cmd_flow.h"
#include "mod/target/target.h"

enum { STALE_DAYS_DEFAULT = 365, NAMES_SHOWN = 1000 };
static const int64_t DAY_US = INT64_C(86400000000);

static const struct cli_option HEALTH_OPTIONS[] = {
    {"stale-days", "N", "多少天未更新算陈旧(默认 365)", "not updated for so many days is stale (default 365)"},
};

static void
say_found(struct flow_answer *a, const char *name, struct opt_i64 count)
{
    flow_say_number(a, name, count.set ? count.v : 0);
}

static void
say_health(const struct flow *f, const struct target_health_row *h, size_t shared_names)
{
    struct flow_answer a = flow_answer(f);

    flow_say_number(&a, "targets", h->targets);
    say_found(&a, "no_region", h->no_region);
    say_found(&a, "derived_region", h->derived_region);
    say_found(&a, "no_industry", h->no_industry);
    say_found(&a, "no_address", h->no_address);
    say_found(&a, "no_department", h->no_department);
    say_found(&a, "unreachable", h->unreachable);
    say_found(&a, "gone", h->gone);
    say_found(&a, "expired_licence", h->expired_licence);
    say_found(&a, "stale", h->stale);
    flow_say_number(&a, "shared_names", (int64_t) shared_names);
    flow_say_end(&a);
}

int
cmd_target_health(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct target_health_row h;
    struct target_same_name_row *names;
    uint64_t days;
    size_t count = 0;
    int status = 0;
    enum err e = OK;

    if (!flow_open(&f, self, (struct flow_options) {HEALTH_OPTIONS, 1, 0, 0}, argc, argv, &status))
        return status;
    if (!cli_number(&f.args, "stale-days", 36500, STALE_DAYS_DEFAULT, &days))
        e = ERR_USAGE;
    if (e == OK)
        e = target_check(&f.app.ctx, f.app.ctx.now_us - (int64_t) days * DAY_US, &h);
    if (e == OK)
        e = target_namesakes(&f.app.ctx, (struct str) {0}, NAMES_SHOWN, &names, &count);
    if (e == OK)
        say_health(&f, &h, count);
    return flow_close(&f, e, "target");
}
