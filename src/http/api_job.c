/* http/api_job.c - long work: how far it is, its events, stopping it */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_handlers.h"
#include "mod/job/job.h"
#include "stream.h"

enum { ENDING_BYTES = 8192 };

static json_t *
job_json(struct office *o, const struct job_get_row *j)
{
    static const char *const PHASES[] = {"reading", "writing", "indexing", "list",  "staff",
                                         "draw",    "match",   "rounds",   "undoing", "results", "archive"};
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

/* As a string with its end; absent when it does not fit. */
static void
str_into(char *out, size_t room, struct str s)
{
    out[0] = '\0';
    if (s.n >= room)
        return;
    memcpy(out, s.n > 0 ? s.p : "", s.n);
    out[s.n] = '\0';
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

enum err
api_job_event(struct ctx *c, struct office *o, int64_t job, char *out, size_t room, size_t *n, char id[64], bool *end)
{
    struct job_get_row j;
    enum err e = job_get(c->db, c->arena, &(struct job_get_in) {job}, &j);
    json_t *v = e == OK ? job_json(o, &j) : NULL;
    char *text = NULL;
    int written;

    if (e != OK)
        return e;
    *end = j.ended_us.set;
    snprintf(id, 64, "%.*s-%s-%lld", (int) j.state.n, j.state.p, json_string_value(json_object_get(v, "phase")),
             (long long) json_integer_value(json_object_get(v, "done")));
    if (v != NULL && json_dumpb(v, NULL, 0, JSON_COMPACT) + 256 > room) /* GET of the job tells it */
        json_object_set_new(v, "result", json_null());
    text = json_dumps(v, JSON_COMPACT);
    json_decref(v);
    if (text == NULL)
        return ERR_MEMORY;
    written = snprintf(out, room, "retry: 500\nid: %s\nevent: %s\ndata: %s\n\n", id, *end ? "end" : "job", text);
    free(text);
    *n = (size_t) written;
    return written > 0 && *n < room ? OK : ERR_TOO_LARGE;
}

/* One connection tells all until the end. Who has seen the end is told that there is no more (204: the browser stops asking). */
enum err
api_job_events(struct api *q)
{
    struct job_get_row j;
    struct stream_ask *ask;
    char text[ENDING_BYTES], id[STREAM_ID_BYTES];
    size_t n;
    bool end = false;
    enum err e = find_job(q, &j);

    if (e != OK)
        return e;
    if (j.ended_us.set && q->call->last_event.n > 0 &&
        api_job_event(q->ctx, q->office, j.id, text, sizeof text, &n, id, &end) == OK &&
        str_eq(str_of(id), q->call->last_event))
        return OK;
    if ((ask = arena_alloc(q->ctx->arena, sizeof *ask)) == NULL)
        return ERR_MEMORY;
    *ask = (struct stream_ask) {.job = j.id, .account = q->who.account};
    str_into(ask->token, sizeof ask->token, api_token(q->call));
    str_into(ask->seen, sizeof ask->seen, q->call->last_event);
    q->reply->status = 200;
    q->reply->type = "text/event-stream";
    q->reply->stream = ask;
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
