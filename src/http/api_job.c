/* http/api_job.c - long work: how far it is, its events, stopping it */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_handlers.h"
#include "mod/job/job.h"

static json_t *
job_json(struct office *o, const struct job_get_row *j)
{
    static const char *const PHASES[] = {"reading", "writing", "indexing", "list",  "staff",
                                         "draw",    "match",   "rounds",   "undoing"};
    struct office_progress p = {0};
    bool live = office_job_progress(o, j->id, &p);
    size_t phase = live && p.phase >= 0 && (size_t) p.phase < sizeof PHASES / sizeof *PHASES ? (size_t) p.phase : 0;

    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "id", api_id(j->id), "kind",
                     api_str(j->kind), "subject", api_str(j->subject), "state", api_str(j->state), "phase", PHASES[phase],
                     "done", (json_int_t) p.done, "total", (json_int_t) p.total, "error", api_str(j->error), "why",
                     api_str(j->why), "created", api_time(OPT(j->created_us)), "ended", api_time(j->ended_us), "result",
                     j->result.n == 0 ? json_null() : json_loadb(j->result.p, j->result.n, 0, NULL));
}

enum err
api_job_give(struct api *q, int64_t id)
{
    struct job_get_row j;
    char location[64];
    enum err e = job_get(q->ctx->db, q->ctx->arena, &(struct job_get_in) {id}, &j);

    if (e != OK)
        return e;
    snprintf(location, sizeof location, "/api/v1/jobs/%lld", (long long) id);
    q->location = str_copy(q->ctx->arena, str_of(location));
    q->out = job_json(q->office, &j);
    q->status = 202;
    return OK;
}

enum err
api_job_begin(struct api *q, const struct office_job *say)
{
    struct office_job job = *say;
    enum err e;

    job.account = q->who.account;
    job.department = q->ctx->department;
    job.region = q->ctx->region;
    e = office_job_start(q->office, &job);
    return e == OK ? api_job_give(q, job.id) : e;
}

/* One's own job. */
static enum err
find_job(struct api *q, struct job_get_row *j)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    if (e == OK)
        e = job_get(q->ctx->db, q->ctx->arena, &(struct job_get_in) {id}, j);
    return e == OK && j->account != q->who.account ? ERR_NOT_FOUND : e;
}

enum err
api_job_get(struct api *q)
{
    struct job_get_row j;
    enum err e = find_job(q, &j);

    if (e == OK)
        q->out = job_json(q->office, &j);
    return e;
}

/* One event for each connection; the browser comes back by itself after `retry` milliseconds until "end". */
enum err
api_job_events(struct api *q)
{
    struct job_get_row j;
    enum err e = find_job(q, &j);
    json_t *v;
    char *text, *out;
    int n;

    if (e != OK)
        return e;
    v = job_json(q->office, &j);
    text = json_dumps(v, JSON_COMPACT);
    json_decref(v);
    out = arena_alloc(q->ctx->arena, text == NULL ? 1 : strlen(text) + 128);
    if (text == NULL || out == NULL) {
        free(text);
        return ERR_MEMORY;
    }
    n = snprintf(out, strlen(text) + 128, "retry: 500\nevent: %s\ndata: %s\n\n", j.ended_us.set ? "end" : "job", text);
    free(text);
    q->reply->status = 200;
    q->reply->type = "text/event-stream";
    q->reply->body = (struct str) {out, (size_t) n};
    return OK;
}

enum err
api_job_cancel(struct api *q)
{
    struct job_get_row j;
    enum err e = find_job(q, &j);

    if (e == OK && j.ended_us.set)
        e = ERR_STATE;
    if (e != OK)
        return e;
    office_job_cancel(q->office, j.id);
    q->out = job_json(q->office, &j);
    q->status = 202;
    return OK;
}
