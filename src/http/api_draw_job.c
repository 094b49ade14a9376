/* http/api_draw_job.c - the long work of a draw: dry run, seal, run, match. It is handed in once; handed in again while it
 * is under way it is the same job, afterwards it gives the stored outcome (docs/spec/draw-1.md, "Protocol") */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "api_flow.h"
#include "api_handlers.h"
#include "mod/assignment/assignment.h"
#include "mod/drawing/frame.h"
#include "mod/job/job.h"
#include "mod/merging/merging.h"
#include "mod/panel/panel.h"

enum { PHASE_WRITING = 1, PHASE_LIST = 3, PHASE_STAFF, PHASE_DRAW, PHASE_MATCH, PHASE_ROUNDS }; /* words: api_job.c */
enum { RULE_ANY_REGION = 1, RULE_SKILLED = 2, RULE_NO_ROTATION = 4, RULE_SLACK = 8, RULE_EXPERTS = 1 << 16, EXPERTS_MAX = 8 }; /* slack and
    experts per target from these bits on */
static const char SUBJECT[] = "task/";

struct work {
    struct office_job *job;
    struct str task;
    struct drawing_sealing *sealing; /* what was prepared outside of the writer */
    struct matching *matching;
    json_t *result;
};

/* --- what the jobs do
 * ------------------------------------------------------------------------------------------------- */

static struct draw_env
env_of(const struct office_job *job)
{
    struct draw_env env = draw_env_serial();

    env.runner = office_config(job->office)->runner;
    return env;
}

static enum err
begin(struct ctx *c, struct office_job *job, struct work *w)
{
    struct job_get_row j;
    enum err e = job_get(c->db, c->arena, &(struct job_get_in){job->id}, &j);

    *w = (struct work){.job = job};
    if (e == OK)
        w->task = (struct str){j.subject.p + strlen(SUBJECT), j.subject.n - strlen(SUBJECT)};
    return e;
}

static enum err
keep(struct ctx *c, void *arg)
{
    struct work *w = arg;
    char *text = w->result == NULL ? NULL : json_dumps(w->result, JSON_COMPACT);
    enum err e = text == NULL ? ERR_MEMORY
                              : job_put_result(c->db, &(struct job_put_result_in){w->job->id, str_of(text)});

    free(text);
    return e;
}

static enum err
end(struct ctx *c, struct work *w, enum err e)
{
    if (e == OK)
        e = office_write(w->job->office, c, keep, w);
    json_decref(w->result);
    return e;
}

static json_t *
counts_json(const struct drawing_counts *list, uint32_t rounds)
{
    json_t *out = json_array();

    for (size_t i = 0; i < list->count; i++) {
        const struct drawing_simulated *s = &list->v[i];

        if (s->population > 0)
            json_array_append_new(out, json_pack("{s:o, s:I, s:f, s:f, s:I, s:I}", "label", api_str(s->label), "population",
                                                 (json_int_t) s->population, "expected", (double) s->expected_numerator / 1e6,
                                                 "mean", (double) s->sum / rounds, "least", (json_int_t) s->least, "most",
                                                 (json_int_t) s->most));
    }
    return out;
}

static json_t *
foreseen_json(const struct assignment_foreseen *v, size_t count, bool pairs)
{
    json_t *out = json_array();

    for (size_t i = 0; i < count && i < ASSIGNMENT_FORECAST_SHOWN; i++) {
        json_t *one = json_pack("{s:o, s:o}", "target", api_str(v[i].target), "department", api_str(v[i].department));

        if (pairs)
            json_object_update_new(one, json_pack("{s:o, s:I}", "inspector", api_str(v[i].inspector), "share_bp",
                                                  (json_int_t) v[i].share_bp));
        else
            json_object_update_new(one, json_pack("{s:I, s:I}", "candidates", (json_int_t) v[i].candidates, "places",
                                                  (json_int_t) v[i].places));
        json_array_append_new(out, one);
    }
    return out;
}

static json_t *
forecast_json(const struct assignment_forecast *f)
{
    return json_pack("{s:I, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "runs", (json_int_t) f->runs, "feasible",
                     f->feasible, "targets", (json_int_t) f->targets, "groups", (json_int_t) f->groups, "places",
                     (json_int_t) f->places, "inspectors", (json_int_t) f->inspectors, "need", (json_int_t) f->need, "capacity",
                     (json_int_t) f->capacity, "pair_count", (json_int_t) f->pair_count, "tight_count",
                     (json_int_t) f->tight_count, "pairs", foreseen_json(f->pairs, f->pair_count, true), "tight",
                     foreseen_json(f->tight, f->tight_count, false));
}

static bool
tell(struct office_job *job, int phase, uint64_t done, uint64_t total)
{
    atomic_store(&job->phase, phase);
    atomic_store(&job->done, done);
    atomic_store(&job->total, total);
    return !atomic_load(&job->cancelled);
}

static bool
tell_round(void *arg, uint64_t done, uint64_t total)
{
    return tell(arg, PHASE_ROUNDS, done, total);
}

static bool
tell_list(void *arg, uint64_t done, uint64_t total)
{
    return tell(arg, PHASE_LIST, done, total);
}

static bool
tell_match(void *arg, uint64_t done, uint64_t total)
{
    return tell(arg, PHASE_MATCH, done, total);
}

static bool
tell_writing(void *arg, uint64_t done, uint64_t total)
{
    return tell(arg, PHASE_WRITING, done, total);
}

/* The teams of the first simulated draw, as far as there are inspectors at all: without them the counts still tell. */
static enum err
foresee(struct ctx *c, struct work *w, const struct drawing_simulation *sim)
{
    static const struct assignment_rules RULES = {.slack = MATCH_SLACK_DEFAULT};
    struct assignment_forecast f;
    enum err e;

    if (sim->first_count == 0)
        return OK;
    e = assignment_forecast(c, w->task, &RULES, sim->first, sim->first_count, (struct drawing_watch){tell_match, w->job}, &f);
    if (e == OK)
        json_object_set_new(w->result, "matching", forecast_json(&f));
    if (e != ERR_MISSING && e != ERR_POLICY && e != ERR_TOO_LARGE)
        return e;
    c->why[0] = '\0';
    json_object_set_new(w->result, "unmatched", json_string(err_name(e)));
    return OK;
}

static enum err
simulate_job(struct ctx *c, struct office_job *job)
{
    struct work w;
    struct draw_env env = env_of(job);
    struct drawing_simulation sim;
    enum err e = begin(c, job, &w);

    if (e == OK)
        e = drawing_simulate(c, w.task, (uint32_t) job->subject, &env, (struct drawing_watch){tell_round, job}, &sim);
    if (e == OK)
        w.result = json_pack("{s:I, s:I, s:I, s:I}", "rounds", (json_int_t) sim.rounds, "rows", (json_int_t) sim.rows, "excluded",
                             (json_int_t) sim.excluded, "sample", (json_int_t) sim.sample);
    for (int by = 0; e == OK && by < DRAWING_BY_COUNT; by++)
        json_object_set_new(w.result, drawing_by_name((enum drawing_by) by), counts_json(&sim.by[by], sim.rounds));
    if (e == OK)
        e = foresee(c, &w, &sim);
    return end(c, &w, e);
}

/* The pool is frozen by an act of its own, which a second order repeats when the first one broke off between them. */
static enum err
freeze(struct ctx *c, struct work *w, struct assignment_frozen *frozen)
{
    const struct assignment_rules rules = {.slack = (int) (w->job->subject % RULE_EXPERTS / RULE_SLACK),
                                           .any_region = (w->job->subject & RULE_ANY_REGION) != 0,
                                           .skilled = (w->job->subject & RULE_SKILLED) != 0,
                                           .no_rotation = (w->job->subject & RULE_NO_ROTATION) != 0};
    enum err e = assignment_freeze(c, w->task, &rules, frozen);

    if (e != ERR_EXISTS && e != ERR_STATE)
        return e;
    c->why[0] = '\0'; /* it is frozen, or a secret was shown: there is nothing left to freeze */
    return OK;
}

/* Experts 专家 assist where the office asks for them; frozen like the inspectors. */
static enum err
freeze_experts(struct ctx *c, struct work *w)
{
    struct panel_frozen frozen;
    uint32_t places = (uint32_t) (w->job->subject / RULE_EXPERTS);
    enum err e = places == 0 ? OK : panel_freeze(c, w->task, places, NO_STR, &frozen);

    if (e != ERR_EXISTS && e != ERR_STATE)
        return e;
    c->why[0] = '\0';
    return OK;
}

/* With the teams come the experts, when a list of them was frozen. */
static enum err
draw_experts(struct ctx *c, struct work *w, struct drawing_key key)
{
    struct panel_get_row panel;
    struct panel_outcome drawn;
    enum err e = panel_get(c->db, c->arena, &(struct panel_get_in){key.draw, key.attempt}, &panel);

    return e == ERR_NOT_FOUND ? OK : e == OK ? panel_draw(c, w->task, &drawn) : e;
}

/* In the writer: the frame that was prepared, or that of before, and with it who may go: the first secret may follow at once. */
static enum err
seal(struct ctx *c, void *arg)
{
    struct work *w = arg;
    struct drawing_sealed sealed = {0};
    struct assignment_frozen frozen = {0};
    struct drawing_current_row d = {0};
    enum drawing_state state;
    bool again = w->sealing == NULL;
    enum err e = again ? drawing_find(c, w->task, &d, &state) : drawing_seal_prepared(c, w->sealing, &sealed);

    (void) tell(w->job, PHASE_STAFF, 0, 0);
    if (e == OK)
        e = freeze(c, w, &frozen);
    if (e == OK)
        e = freeze_experts(c, w);
    if (e == OK)
        w->result = json_pack("{s:b, s:I, s:I, s:I, s:o, s:o, s:I, s:I}", "again", again, "rows",
                              (json_int_t) sealed.rows, "excluded", (json_int_t) sealed.excluded, "sample",
                              (json_int_t) sealed.sample, "draw_digest", api_str(again ? d.draw_digest : sealed.digest),
                              "roster_root", api_str(again ? d.roster_root : sealed.root), "inspectors",
                              (json_int_t) frozen.inspector_count, "forbidden", (json_int_t) frozen.forbidden_count);
    return e;
}

/* The registry is read while others write; only what follows waits for the writer, and they for it. */
static enum err
prepare_and_seal(struct ctx *c, struct work *w)
{
    struct draw_env env = env_of(w->job);
    struct drawing_current_row d;
    enum drawing_state state;
    enum err e = drawing_find(c, w->task, &d, &state);

    if (e == OK && (state == DRAWING_OPEN || state == DRAWING_VOID))
        e = drawing_prepare(c, w->task, &env, (struct drawing_watch){tell_list, w->job}, &w->sealing);
    c->now_us = office_config(w->job->office)->now_us();
    if (e == OK)
        e = office_write(w->job->office, c, seal, w);
    drawing_abandon(w->sealing);
    w->sealing = NULL;
    return e;
}

static enum err
run(struct ctx *c, void *arg)
{
    struct work *w = arg;
    struct draw_env env = env_of(w->job);
    struct drawing_drawn drawn;
    enum err e;

    atomic_store(&w->job->phase, PHASE_DRAW);
    e = drawing_run(c, w->task, &env, &drawn);
    if (e == OK)
        w->result = json_pack("{s:b, s:I, s:o, s:o}", "again", drawn.again, "targets", (json_int_t) drawn.target_count,
                              "seed", api_str(drawn.seed), "result_digest", api_str(drawn.digest));
    return e;
}

static enum err
assign(struct ctx *c, void *arg)
{
    struct work *w = arg;
    struct assignment_outcome o;
    size_t merged = 0;
    enum err e = assignment_store(c, w->matching, (struct drawing_watch){tell_writing, w->job}, &o);

    if (e == OK && o.feasible)
        e = draw_experts(c, w, o.key);
    if (e == OK && o.feasible && !o.again)
        e = merging_propose(c, w->task, (struct str){NULL, 0}, &merged);
    if (e == OK)
        w->result = json_pack("{s:b, s:b, s:I, s:I, s:I, s:o, s:I}", "again", o.again, "feasible", o.feasible, "groups",
                              (json_int_t) o.group_count, "places", (json_int_t) o.place_count, "inspectors",
                              (json_int_t) o.inspector_count, "owners_digest", api_str(o.digest), "mergings",
                              (json_int_t) merged);
    return e;
}

/* Solved outside of the writer: all that goes into it is frozen. */
static enum err
solve_and_assign(struct ctx *c, struct work *w)
{
    enum err e;

    (void) tell(w->job, PHASE_MATCH, 0, 0);
    e = assignment_prepare(c, w->task, (struct drawing_watch){tell_match, w->job}, &w->matching);
    c->now_us = office_config(w->job->office)->now_us();
    if (e == OK)
        e = office_write(w->job->office, c, assign, w);
    assignment_abandon(w->matching);
    w->matching = NULL;
    return e;
}

/* Where another was faster the second time finds what is stored. */
static enum err
seal_job(struct ctx *c, struct office_job *job)
{
    struct work w;
    enum err e = begin(c, job, &w);

    if (e == OK)
        e = prepare_and_seal(c, &w);
    for (int i = 1; (e == ERR_CONFLICT || e == ERR_STATE) && i < DRAWING_PREPARATIONS_MAX; i++) {
        c->why[0] = '\0';
        e = prepare_and_seal(c, &w);
    }
    return end(c, &w, e);
}

static enum err
run_job(struct ctx *c, struct office_job *job)
{
    struct work w;
    enum err e = begin(c, job, &w);

    return end(c, &w, e == OK ? office_write(job->office, c, run, &w) : e);
}

static enum err
assign_job(struct ctx *c, struct office_job *job)
{
    struct work w;
    enum err e = begin(c, job, &w);

    if (e == OK)
        e = solve_and_assign(c, &w);
    if (e == ERR_STATE || e == ERR_EXISTS) {
        c->why[0] = '\0';
        e = solve_and_assign(c, &w);
    }
    return end(c, &w, e);
}

/* --- handing in
 * ------------------------------------------------------------------------------------------------------- */

struct order {
    const char *kind;
    enum err (*fn)(struct ctx *c, struct office_job *job);
    int64_t subject, job;
    bool live; /* it is under way already */
};

static enum err
place(struct api *q, void *arg)
{
    struct order *o = arg;
    struct job_live_row live;
    char text[64];
    struct buf b = buf_over(text, sizeof text);
    struct str subject;
    enum err e;

    buf_z(&b, SUBJECT);
    buf_str(&b, q->params[0]);
    if (b.overflow)
        return ERR_NOT_FOUND;
    subject = buf_view(&b);
    e = job_live(q->ctx->db, q->ctx->arena, &(struct job_live_in){str_of(o->kind), subject}, &live);
    if (e == OK) {
        o->live = true;
        o->job = live.id;
        return live.account == q->who.account ? OK : ctx_refuse(q->ctx, ERR_BUSY, "another account has begun it");
    }
    return e == ERR_NOT_FOUND ? job_add(q->ctx, str_of(o->kind), subject, q->who.account, &o->job) : e;
}

static enum err
hand_in(struct api *q, struct order *o)
{
    enum err e = api_write(q, place, o);

    if (e != OK)
        return e;
    return o->live ? api_job_give(q, o->job)
                   : api_job_begin(q, &(struct office_job){.id = o->job, .fn = o->fn, .subject = o->subject});
}

static enum err
prepared_by(struct api *q)
{
    struct flow_view v;
    enum err e = flow_find(q, &v);

    return e == OK && !flow_prepares(q, &v) ? ERR_PERMISSION : e;
}

enum err
api_task_simulate(struct api *q)
{
    struct opt_i64 rounds = api_number(q, "rounds");
    struct order o = {.kind = "draw.simulate", .fn = simulate_job, .subject = rounds.set ? rounds.v : 1000};
    enum err e = prepared_by(q);

    if (e == OK && (o.subject < 1 || o.subject > DRAWING_SIMULATIONS_MAX))
        e = api_wrong(q, "rounds", ERR_RANGE, NULL);
    return e == OK ? hand_in(q, &o) : e;
}

static bool
says(const struct api *q, const char *name)
{
    return json_is_true(json_object_get(q->in, name));
}

enum err
api_draw_seal(struct api *q)
{
    struct opt_i64 slack = api_number(q, "slack"), experts = api_number(q, "experts");
    struct order o = {.kind = "draw.seal", .fn = seal_job};
    enum err e = prepared_by(q);

    if (e == OK && slack.set && (slack.v < 0 || slack.v > MATCH_SLACK_MAX))
        e = api_wrong(q, "slack", ERR_RANGE, NULL);
    if (e == OK && experts.set && (experts.v < 0 || experts.v > EXPERTS_MAX))
        e = api_wrong(q, "experts", ERR_RANGE, NULL);
    o.subject = (slack.set ? slack.v : MATCH_SLACK_DEFAULT) * RULE_SLACK + (says(q, "any_region") ? RULE_ANY_REGION : 0) +
                (experts.set ? experts.v * RULE_EXPERTS : 0) + (says(q, "skilled") ? RULE_SKILLED : 0) + (says(q, "no_rotation") ? RULE_NO_ROTATION : 0);
    return e == OK ? hand_in(q, &o) : e;
}

enum err
api_draw_run(struct api *q)
{
    struct order o = {.kind = "draw.run", .fn = run_job};
    enum err e = prepared_by(q);

    return e == OK ? hand_in(q, &o) : e;
}

enum err
api_task_assign(struct api *q)
{
    struct order o = {.kind = "draw.assign", .fn = assign_job};
    enum err e = prepared_by(q);

    return e == OK ? hand_in(q, &o) : e;
}
