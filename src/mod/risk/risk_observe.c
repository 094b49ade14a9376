/* mod/risk/risk_observe.c - one target: what the scheme says of it today, and its observation period by hand */
#include "core/calendar.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/risk/risk_int.h"
#include "mod/target/target.h"

enum err
risk_today(struct ctx *c, const struct risk_scheme *s, struct str target, struct risk_verdict *out)
{
    struct target_facts_of_row t;
    struct risk_facts *facts;
    const struct target_facts *one = &t.t;
    enum err e = target_facts_of(c->db, c->arena, &(struct target_facts_of_in){target}, &t);

    if (e == OK)
        e = risk_gather(c, s, day_of_us(c->now_us), &one, 1, &facts);
    if (e == OK)
        risk_apply(s, facts, out);
    return e;
}

/* The entry names the target and the reason: an observation period is no class. */
static enum err
observe(struct ctx *c, struct str target, struct opt_i64 until_day, struct str reason)
{
    char day[DAY_TEXT + 1] = "";
    struct buf b;
    enum err e = target_observe(c, target, until_day);

    if (e == OK)
        e = risk_observation_put(c->db, &(struct risk_observation_put_in){target, STR("hand"), {NULL, 0}, {NULL, 0}, {false, 0}, until_day,
                                                                          reason, c->actor, c->now_us});
    if (e == OK)
        e = buf_in(c, 128 + 6 * reason.n, &b);
    if (e != OK)
        return e;
    if (until_day.set)
        day_format(until_day.v, day);
    buf_z(&b, "{");
    json_put_name(&b, "until");
    json_put_text(&b, str_of(day));
    json_put_name(&b, "reason");
    json_put_text(&b, reason);
    buf_z(&b, "}");
    return journal_add(c, &(struct journal_act){STR("risk.observe"), target, buf_view(&b)});
}

enum err
risk_observe(struct ctx *c, struct str target, struct opt_i64 until_day, struct str reason)
{
    int64_t today = day_of_us(c->now_us);
    enum err e = risk_words_ok(c, reason);

    if (e == OK && until_day.set && (until_day.v <= today || until_day.v > risk_month_on(today, RISK_MONTHS_MAX)))
        e = ctx_refuse(c, ERR_DATE, "it ends after today, within %d months", RISK_MONTHS_MAX);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, observe(c, target, until_day, reason)) : e;
}
