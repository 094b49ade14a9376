/* http/api_risk_target.c - the class of one target explained, its observation period 包容审慎观察期 (regulation 二(六)) */
#include <stdio.h>

#include "api_handlers.h"
#include "api_risk.h"
#include "core/calendar.h"
#include "mod/target/target.h"

enum { HISTORY_MAX = 24 };

/* What runs changed; source tells where the present class came from. */
static enum err
put_history(struct api *q, const struct target_page_row *t)
{
    struct risk_change_history_row *r;
    size_t n = 0;
    json_t *rows = json_array();
    struct target_facts_of_row now;
    enum err e = risk_change_history(q->ctx->db, q->ctx->arena, &(struct risk_change_history_in){t->code, HISTORY_MAX}, &r, &n);

    json_object_set_new(q->out, "history", rows);
    for (size_t i = 0; e == OK && i < n; i++) {
        size_t mark = arena_mark(q->ctx->arena);
        struct risk_scheme *scheme;

        e = risk_scheme_load(q, r[i].scheme, &scheme);
        if (e == OK)
            json_array_append_new(rows, json_pack("{s:o, s:o, s:I, s:o, s:o, s:I, s:o, s:o, s:o}", "run", api_id(r[i].run), "day",
                                                  api_date(OPT(r[i].day)), "scheme", (json_int_t) r[i].scheme, "before", api_str(r[i].before),
                                                  "after", api_str(r[i].after), "score_c", (json_int_t) r[i].score_c, "why",
                                                  risk_why_json(scheme, r[i].reasons), "outcome", api_str(r[i].outcome), "decided",
                                                  api_time(r[i].decided_us)));
        arena_rewind(q->ctx->arena, mark);
    }
    if (e == OK)
        e = target_facts_of(q->ctx->db, q->ctx->arena, &(struct target_facts_of_in){t->code}, &now);
    if (e == OK)
        json_object_set_new(q->out, "source", t->risk_class.n == 0 ? json_null() : json_string(now.t.risk_source.n > 0 ? "computed" : "imported"));
    return e;
}

/* What the scheme that decides on it says as of today; null without one. */
static enum err
put_today(struct api *q, const struct target_page_row *t)
{
    struct risk_scheme_row row;
    struct risk_scheme *scheme;
    struct risk_verdict v;
    struct str why;
    enum err e = risk_scheme_of(q->ctx, t->code, &row);

    json_object_set_new(q->out, "today", json_null());
    if (e == ERR_NOT_FOUND)
        return OK;
    if (e == OK)
        e = risk_scheme_load(q, row.version, &scheme);
    if (e == OK)
        e = risk_today(q->ctx, scheme, t->code, &v);
    if (e == OK)
        e = risk_reasons(q->ctx, scheme, &v, &why);
    if (e == OK)
        json_object_set_new(q->out, "today", json_pack("{s:I, s:o, s:s%, s:I, s:o}", "scheme", (json_int_t) row.version, "name", api_str(row.name),
                                                       "class", &v.label, (size_t) 1, "score_c", (json_int_t) v.score_c, "why",
                                                       risk_why_json(scheme, why)));
    return e;
}

static enum err
put_observation(struct api *q, const struct target_page_row *t)
{
    struct risk_observation_get_row o;
    int64_t today = day_of_us(q->ctx->now_us);
    json_t *by = NULL;
    enum err e = risk_observation_get(q->ctx->db, q->ctx->arena, &(struct risk_observation_get_in){t->code}, &o);

    json_object_set_new(q->out, "observation", json_null());
    if (e == ERR_NOT_FOUND)
        return OK;
    if (e == OK)
        e = risk_actor_json(q, o.actor, &by);
    if (e == OK)
        json_object_set_new(q->out, "observation", json_pack("{s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "until", api_date(o.until_day), "current",
                                                             o.until_day.set && o.until_day.v > today, "source", api_str(o.source), "rule",
                                                             api_str(o.rule), "rule_name", api_str(o.rule_name), "reason", api_str(o.reason),
                                                             "by", by, "changed", api_time(OPT(o.changed_us))));
    return e;
}

static enum err
give(struct api *q)
{
    struct target_page_row t;
    enum err e = target_see(q->ctx, q->params[0], &t);

    if (e != OK)
        return e;
    q->out = json_pack("{s:o, s:o, s:o}", "code", api_str(t.code), "class", api_str(t.risk_class), "as_of", api_date(t.risk_as_of_day));
    e = put_history(q, &t);
    if (e == OK)
        e = put_today(q, &t);
    return e == OK ? put_observation(q, &t) : e;
}

enum err
api_target_risk(struct api *q)
{
    return give(q);
}

enum err
api_target_observe(struct api *q)
{
    struct target_page_row t;
    struct opt_i64 until = {0};
    enum err e = target_see(q->ctx, q->params[0], &t);

    if (e == OK)
        e = api_day(q, "until", &until);
    if (e == OK)
        e = risk_observe(q->ctx, t.code, until, api_text(q, "reason"));
    if (e == ERR_DATE)
        return api_wrong(q, "until", e, q->ctx->why);
    if (e == ERR_INPUT || e == ERR_LENGTH)
        return api_wrong(q, "reason", e, q->ctx->why);
    return e == OK ? give(q) : e;
}
