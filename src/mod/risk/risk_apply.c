/* mod/risk/risk_apply.c - what a run proposed is carried out: one decision, many short transactions */
#include <string.h>

#include "mod/risk/risk_int.h"
#include "mod/target/target.h"

enum { STEP = 250, CODE_BYTES = 64 };

/* Every one of the sample was looked at, and few were refused. */
static enum err
sample_ok(struct ctx *c, const struct risk_run_row *run)
{
    struct risk_change_samples_row *r;
    size_t n = 0, refused = 0, open = 0;
    enum err e = risk_change_samples(c->db, c->arena, &(struct risk_change_samples_in){run->id}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        open += r[i].c.verdict.n == 0;
        refused += str_eq(r[i].c.verdict, STR("refused"));
    }
    if (e == OK && open > 0)
        return ctx_refuse(c, ERR_STATE, "%zu of the sample are not reviewed yet", open);
    if (e == OK && refused * 10000 > n * RISK_REFUSED_BP)
        return ctx_refuse(c, ERR_STATE, "%zu of %zu of the sample were refused: the scheme must be mended", refused, n);
    return e;
}

static enum err
begin(struct ctx *c, int64_t run)
{
    struct risk_run_row r;
    enum err e = risk_run_see(c, run, &r);

    if (e == OK && str_eq(r.state, STR("applying")))
        return OK;
    if (e == OK && !str_eq(r.state, STR("proposed")))
        e = ctx_refuse(c, ERR_STATE, "it is %.*s", (int) r.state.n, r.state.p);
    if (e == OK && ctx_is_own(c, r.started_by))
        e = ctx_refuse(c, ERR_PERMISSION, "who started a run does not apply it");
    if (e == OK)
        e = sample_ok(c, &r);
    if (e == OK)
        e = risk_run_move(c->db, &(struct risk_run_move_in){run, r.state, STR("applying"), c->actor, {true, c->now_us}, {NULL, 0}});
    return e == OK ? risk_note(c, "risk.apply", &(struct risk_entry){"risk-run", run, r.digest, {NULL, 0}, r.change_count}) : e;
}

enum err
risk_begin_apply(struct ctx *c, int64_t run)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, begin(c, run)) : e;
}

struct applying {
    const struct risk_work *work;
    struct risk_run_row run;
    struct risk_scheme scheme;
    const struct risk_change_page_row *rows;
    size_t count;
    uint64_t done;
};

static struct str
rule_name(const struct risk_scheme *s, struct str code)
{
    for (size_t i = 0; i < s->observe_count; i++)
        if (str_eq(s->observe[i].code, code))
            return s->observe[i].name;
    return (struct str){NULL, 0};
}

/* The period, unless a person set one meanwhile. */
static enum err
set_period(struct ctx *c, const struct applying *a, const struct risk_change_row *r)
{
    struct risk_observation_get_row now;
    bool changed = r->observed_before_day.set != r->observed_to_day.set ||
                   (r->observed_to_day.set && r->observed_before_day.v != r->observed_to_day.v);
    enum err e = changed ? risk_observation_get(c->db, c->arena, &(struct risk_observation_get_in){r->target}, &now) : OK;

    if (!changed || (e == OK && str_eq(now.source, STR("hand"))))
        return OK;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    e = target_observe(c, r->target, r->observed_to_day);
    if (e != OK)
        return e;
    return risk_observation_put(c->db, &(struct risk_observation_put_in){r->target, STR("rule"), r->observed_rule,
                                                                         rule_name(&a->scheme, r->observed_rule), {true, a->run.id},
                                                                         r->observed_to_day, {NULL, 0}, c->actor, c->now_us});
}

static enum err
apply_one(struct ctx *c, const struct applying *a, const struct risk_change_row *r)
{
    struct str outcome = STR("applied");
    enum err e = OK;

    if (str_eq(r->verdict, STR("refused")))
        return risk_change_settle(c->db, &(struct risk_change_settle_in){r->target, a->run.id, STR("refused")});
    if (!str_eq(r->before, r->after))
        e = target_classify(c, &(struct target_classing){r->target, r->before, r->after, STR("risk.apply"), a->run.day});
    if (e == OK)
        e = set_period(c, a, r);
    if (e == ERR_STATE) { /* somebody gave it another class meanwhile, or found that it is a duplicate */
        outcome = STR("kept");
        e = OK;
    }
    return e == OK ? risk_change_settle(c->db, &(struct risk_change_settle_in){r->target, a->run.id, outcome}) : e;
}

static enum err
apply_rows(struct ctx *c, const struct applying *a)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < a->count; i++) {
        size_t mark = arena_mark(c->arena);

        if (a->rows[i].c.outcome.n == 0)
            e = apply_one(c, a, &a->rows[i].c);
        arena_rewind(c->arena, mark);
    }
    return e;
}

static enum err
apply_part(struct ctx *c, void *arg)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, apply_rows(c, arg)) : e;
}

static enum err
mark_applied(struct ctx *c, void *arg)
{
    const struct applying *a = arg;

    return risk_run_move(c->db, &(struct risk_run_move_in){a->run.id, STR("applying"), STR("applied"), {NULL, 0}, {false, 0}, {NULL, 0}});
}

static enum err
find_work(struct ctx *c, const struct risk_work *w, struct applying *a)
{
    struct risk_run_get_row run;
    struct risk_scheme_get_row scheme;
    struct risk_fault f;
    enum err e = risk_run_get(c->db, c->arena, &(struct risk_run_get_in){w->run}, &run);

    if (e == OK && !str_eq(run.r.state, STR("applying")))
        e = ERR_STATE;
    if (e == OK)
        e = risk_scheme_get(c->db, c->arena, &(struct risk_scheme_get_in){run.r.scheme}, &scheme);
    if (e != OK)
        return e;
    a->work = w;
    a->run = run.r;
    return risk_parse(scheme.s.content, &a->scheme, &f);
}

static enum err
apply_page(struct ctx *c, struct applying *a, char last[static CODE_BYTES], bool *end)
{
    struct risk_change_page_row *rows;
    struct str code;
    enum err e = risk_change_page(c->db, c->arena, &(struct risk_change_page_in){a->run.id, str_of(last), {NULL, 0}, {NULL, 0}, STEP},
                                  &rows, &a->count);

    *end = e != OK || a->count < STEP;
    a->rows = rows;
    if (e == OK && a->count > 0)
        e = a->work->write(a->work->write_ctx, c, apply_part, a);
    if (e != OK || a->count == 0)
        return e;
    code = rows[a->count - 1].c.target;
    if (code.n >= CODE_BYTES)
        return ERR_LENGTH;
    memcpy(last, code.p, code.n);
    last[code.n] = '\0';
    a->done += a->count;
    return OK;
}

enum err
risk_apply_all(struct ctx *c, const struct risk_work *w)
{
    struct applying *a = arena_alloc(c->arena, sizeof *a);
    char last[CODE_BYTES] = "!"; /* before every code */
    bool end = false;
    enum err e = a == NULL ? ERR_MEMORY : find_work(c, w, a);

    while (e == OK && !end) {
        size_t mark = arena_mark(c->arena);

        e = apply_page(c, a, last, &end);
        arena_rewind(c->arena, mark);
        if (e == OK && w->progress != NULL)
            w->progress(w->progress_ctx, a->done, (uint64_t) a->run.change_count);
        if (e == OK && !end && w->stop != NULL && atomic_load(w->stop))
            e = ERR_CANCELLED; /* what is applied stays; it goes on when it is asked for again */
    }
    return e == OK ? w->write(w->write_ctx, c, mark_applied, a) : e;
}
