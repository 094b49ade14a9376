/* http/api_risk_run.c - runs of a scheme over the registry: long work that proposes, review, application (regulation 二(六)) */
#include <stdatomic.h>
#include <stdio.h>

#include "api_handlers.h"
#include "api_risk.h"
#include "mod/job/job.h"

enum { CLEAN_PAGES = 200 }; /* of a thousand changes, in a round of the clock */

/* --- the work ----------------------------------------------------------------------------------------------------------- */

static enum err
in_writer(void *office, struct ctx *c, risk_act fn, void *arg)
{
    return office_write(office, c, fn, arg);
}

static void
progress(void *ctx, uint64_t done, uint64_t total)
{
    struct office_job *job = ctx;

    atomic_store(&job->phase, 1);
    atomic_store(&job->done, done);
    atomic_store(&job->total, total);
}

static struct risk_work
work_of(struct office_job *job)
{
    return (struct risk_work){.run = job->subject, .write = in_writer, .write_ctx = job->office, .stop = &job->cancelled, .progress = progress, .progress_ctx = job};
}

static enum err
compute_job(struct ctx *c, struct office_job *job)
{
    const struct risk_work w = work_of(job);

    return risk_compute(c, &w);
}

static enum err
apply_job(struct ctx *c, struct office_job *job)
{
    const struct risk_work w = work_of(job);

    return risk_apply_all(c, &w);
}

struct order {
    int64_t scheme, run, job, account;
};

static enum err
place_job(struct ctx *c, struct order *o, struct str kind)
{
    char subject[40];

    snprintf(subject, sizeof subject, "risk-run/%lld", (long long) o->run);
    return job_add(c, kind, str_of(subject), o->account, &o->job);
}

static enum err
place_run(struct ctx *c, void *arg)
{
    struct order *o = arg;
    enum err e = risk_start(c, o->scheme, &o->run);

    return e == OK ? place_job(c, o, STR("risk.run")) : e;
}

static enum err
place_run_of(struct api *q, void *arg)
{
    return place_run(q->ctx, arg);
}

static enum err
place_apply(struct api *q, void *arg)
{
    struct order *o = arg;
    enum err e = risk_begin_apply(q->ctx, o->run);

    return e == OK ? place_job(q->ctx, o, STR("risk.apply")) : e;
}

enum err
api_risk_run_start(struct api *q)
{
    struct order o = {.account = q->who.account};
    enum err e = api_number_of(q->params[0], &o.scheme);

    if (e == OK)
        e = api_write(q, place_run_of, &o);
    return e == OK ? api_job_begin(q, &(struct office_job){.id = o.job, .fn = compute_job, .subject = o.run}) : e;
}

enum err
api_risk_apply(struct api *q)
{
    struct order o = {.account = q->who.account};
    enum err e = api_number_of(q->params[0], &o.run);

    if (e == OK)
        e = api_write(q, place_apply, &o);
    return e == OK ? api_job_begin(q, &(struct office_job){.id = o.job, .fn = apply_job, .subject = o.run}) : e;
}

/* --- by the calendar ---------------------------------------------------------------------------------------------------- */

/* The run belongs to the system; who put the scheme in force can look at its job. */
static enum err
start_one(struct office *o, struct ctx *c, const struct risk_scheme_row *s)
{
    struct order order = {.scheme = s->version};
    long long account = 0;
    enum err e;

    if (s->approved_by.n > 0 && sscanf(s->approved_by.p, "user:%lld", &account) != 1)
        account = 0;
    order.account = account;
    c->actor = STR("system");
    c->department = s->department;
    c->region = s->region;
    e = office_write(o, c, place_run, &order);
    if (e == OK)
        e = office_job_start(o, &(struct office_job){.id = order.job, .account = account, .fn = compute_job, .subject = order.run,
                                                     .department = s->department, .region = s->region});
    return e;
}

void
risk_start_due(struct office *o, struct ctx *c)
{
    const struct ctx before = *c;
    const struct risk_work clean = {.write = in_writer, .write_ctx = o};
    struct risk_scheme_row *due;
    size_t count = 0;
    enum err e = risk_clean(c, &clean, CLEAN_PAGES);

    if (e == OK)
        e = risk_scheme_due(c, &due, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        e = start_one(o, c, &due[i]);
    c->actor = before.actor;
    c->department = before.department;
    c->region = before.region;
    if (e != OK && e != ERR_BUSY && office_config(o)->log)
        fprintf(stderr, "{\"risk\":\"no run\",\"code\":\"%s\"}\n", err_name(e));
}

/* --- one run ------------------------------------------------------------------------------------------------------------ */

static json_t *
run_json(const struct api *q, const struct risk_run_row *r)
{
    json_t *counts = r->counts.n == 0 ? json_null() : json_loadb(r->counts.p, r->counts.n, 0, NULL);

    return json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o, s:o, s:b, s:b, s:o, s:o, s:o, s:o, s:I}", "id", api_id(r->id), "scheme",
                     (json_int_t) r->scheme, "department", api_str(r->department), "region", api_str(r->region), "day",
                     api_date(OPT(r->day)), "state", api_str(r->state), "targets", (json_int_t) r->target_count, "changes",
                     (json_int_t) r->change_count, "sample", (json_int_t) r->sample_count, "counts", counts, "digest", api_str(r->digest),
                     "mine", str_eq(r->started_by, q->ctx->actor), "scheduled", str_eq(r->started_by, STR("system")), "started",
                     api_time(OPT(r->started_us)), "proposed", api_time(r->proposed_us), "decided", api_time(r->decided_us), "reason",
                     api_str(r->reason), "row_version", (json_int_t) r->row_version);
}

enum err
api_risk_runs_get(struct api *q)
{
    struct risk_run_list_in in = {.below = INT64_MAX, .own_department = risk_scope(q->ctx->department), .own_region = risk_scope(q->ctx->region)};
    struct risk_run_list_row *r;
    size_t n = 0;
    json_t *rows;
    enum err e = api_page_by_number(q, &in.limit, &in.below);

    if (e == OK)
        e = risk_run_list(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i + 1 < (size_t) in.limit; i++)
        json_array_append_new(rows, run_json(q, &r[i].r));
    if (n == (size_t) in.limit)
        api_more_number(q, r[n - 2].r.id);
    return OK;
}

/* The run of the address, within the row scope. */
static enum err
find(struct api *q, struct risk_run_row *r)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    return e == OK ? risk_run_see(q->ctx, id, r) : e;
}

/* The work under way, if it is one's own. */
static enum err
put_job(struct api *q, const struct risk_run_row *r)
{
    struct job_live_row job;
    char subject[40];
    enum err e;

    snprintf(subject, sizeof subject, "risk-run/%lld", (long long) r->id);
    e = job_live(q->ctx->db, q->ctx->arena,
                 &(struct job_live_in){str_eq(r->state, STR("applying")) ? STR("risk.apply") : STR("risk.run"), str_of(subject)}, &job);
    json_object_set_new(q->out, "job", e == OK && job.account == q->who.account ? api_id(job.id) : json_null());
    return e == ERR_NOT_FOUND ? OK : e;
}

/* open, refused: of the sample. */
static enum err
give(struct api *q)
{
    struct risk_change_samples_row *s;
    struct risk_run_row r;
    size_t n = 0;
    json_int_t open = 0, refused = 0;
    enum err e = find(q, &r);

    if (e == OK)
        e = risk_change_samples(q->ctx->db, q->ctx->arena, &(struct risk_change_samples_in){r.id}, &s, &n);
    if (e != OK)
        return e;
    for (size_t i = 0; i < n; i++) {
        open += s[i].c.verdict.n == 0;
        refused += str_eq(s[i].c.verdict, STR("refused"));
    }
    q->etag = r.row_version;
    q->out = run_json(q, &r);
    json_object_set_new(q->out, "open", json_integer(open));
    json_object_set_new(q->out, "refused", json_integer(refused));
    return put_job(q, &r);
}

enum err
api_risk_run_get(struct api *q)
{
    return give(q);
}

enum err
api_risk_discard(struct api *q)
{
    struct risk_run_row r;
    enum err e = find(q, &r);

    if (e == OK)
        e = risk_discard(q->ctx, r.id, api_text(q, "reason"));
    if (e == ERR_INPUT || e == ERR_LENGTH)
        return api_wrong(q, "reason", e, q->ctx->why);
    return e == OK ? give(q) : e;
}

/* --- its changes -------------------------------------------------------------------------------------------------------- */

static enum err
target_name(struct api *q, struct str code, struct str *name)
{
    struct target_get_row t;
    enum err e = target_get(q->ctx->db, q->ctx->arena, &(struct target_get_in){code}, &t);

    *name = e == OK ? t.name : NO_STR;
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
change_json(struct api *q, const struct risk_scheme *scheme, const struct risk_change_row *c, json_t **out)
{
    struct str name;
    enum err e = target_name(q, c->target, &name);

    if (e == OK)
        *out = json_pack("{s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "target", api_str(c->target), "name", api_str(name),
                         "before", api_str(c->before), "after", api_str(c->after), "score_c", (json_int_t) c->score_c, "why",
                         risk_why_json(scheme, c->reasons), "observed_before", api_date(c->observed_before_day), "observed_to",
                         api_date(c->observed_to_day), "observed_rule", api_str(c->observed_rule), "sampled", c->sampled != 0, "verdict",
                         api_str(c->verdict), "note", api_str(c->note), "outcome", api_str(c->outcome));
    return e;
}

static enum err
sampled_rows(struct api *q, int64_t run, const struct risk_scheme *scheme, json_t *rows)
{
    struct risk_change_samples_row *s;
    size_t n = 0;
    enum err e = risk_change_samples(q->ctx->db, q->ctx->arena, &(struct risk_change_samples_in){run}, &s, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        json_t *one = NULL;

        e = change_json(q, scheme, &s[i].c, &one);
        if (e == OK)
            json_array_append_new(rows, one);
    }
    return e;
}

static enum err
page_rows(struct api *q, struct risk_change_page_in *in, const struct risk_scheme *scheme, json_t *rows)
{
    struct risk_change_page_row *r;
    size_t n = 0;
    enum err e = api_limit(q, &in->limit);

    in->limit++;
    if (e == OK)
        e = risk_change_page(q->ctx->db, q->ctx->arena, in, &r, &n);
    for (size_t i = 0; e == OK && i < n && i + 1 < (size_t) in->limit; i++) {
        json_t *one = NULL;

        e = change_json(q, scheme, &r[i].c, &one);
        if (e == OK)
            json_array_append_new(rows, one);
    }
    if (e == OK && n == (size_t) in->limit)
        api_more(q, r[n - 2].c.target);
    return e;
}

enum err
api_risk_changes(struct api *q)
{
    struct risk_change_page_in in = {.after = api_query(q, "cursor"), .before_class = api_query(q, "before"), .after_class = api_query(q, "after")};
    struct risk_scheme *scheme;
    struct risk_run_row r;
    json_t *rows;
    enum err e = find(q, &r);

    if (e == OK)
        e = risk_scheme_load(q, r.scheme, &scheme);
    if (e != OK)
        return e;
    in.run = r.id;
    if (in.after.n == 0)
        in.after = STR("!"); /* before every code */
    rows = api_rows(q);
    return api_query(q, "sampled").n > 0 ? sampled_rows(q, r.id, scheme, rows) : page_rows(q, &in, scheme, rows);
}

enum err
api_risk_review(struct api *q)
{
    struct risk_run_row r;
    enum err e = find(q, &r);

    if (e == OK)
        e = risk_review(q->ctx, r.id, q->params[1], api_text(q, "verdict"), api_text(q, "note"));
    if (e == ERR_INPUT || e == ERR_LENGTH)
        return api_wrong(q, api_text(q, "note").n == 0 ? "note" : "verdict", e, q->ctx->why);
    return e == OK ? give(q) : e;
}
