/* http/api_import.c - files in: a dry run first, then the import; both are long work */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api_handlers.h"
#include "mod/import/import.h"
#include "mod/job/job.h"

/* --- jobs
 * ---------------------------------------------------------------------------------------------------------
 */

static json_t *
job_json(struct office *o, const struct job_get_row *j)
{
    static const char *const PHASES[] = {"reading", "writing", "indexing", "list",
                                         "staff",   "draw",    "match",    "rounds"};
    struct office_progress p = {0};
    bool live = office_job_progress(o, j->id, &p);

    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "id", api_id(j->id), "kind",
                     api_str(j->kind), "subject", api_str(j->subject), "state", api_str(j->state), "phase",
                     PHASES[live && p.phase >= 0 && p.phase < (int) (sizeof PHASES / sizeof *PHASES) ? p.phase : 0], "done", (json_int_t) p.done,
                     "total", (json_int_t) p.total, "error", api_str(j->error), "why", api_str(j->why),
                     "created", api_time(OPT(j->created_us)), "ended", api_time(j->ended_us), "result",
                     j->result.n == 0 ? json_null() : json_loadb(j->result.p, j->result.n, 0, NULL));
}

enum err
api_job_give(struct api *q, int64_t id)
{
    struct job_get_row j;
    char location[64];
    enum err e = job_get(q->ctx->db, q->ctx->arena, &(struct job_get_in){id}, &j);

    if (e != OK)
        return e;
    snprintf(location, sizeof location, "/api/v1/jobs/%lld", (long long) id);
    q->location = str_copy(q->ctx->arena, str_of(location));
    q->out = job_json(q->office, &j);
    q->status = 202;
    return OK;
}

/* One's own job. */
static enum err
find_job(struct api *q, struct job_get_row *j)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    if (e == OK)
        e = job_get(q->ctx->db, q->ctx->arena, &(struct job_get_in){id}, j);
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
    n = snprintf(out, strlen(text) + 128, "retry: 500\nevent: %s\ndata: %s\n\n",
                 j.ended_us.set ? "end" : "job", text);
    free(text);
    q->reply->status = 200;
    q->reply->type = "text/event-stream";
    q->reply->body = (struct str){out, (size_t) n};
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

/* --- uploads
 * -------------------------------------------------------------------------------------------------------- */

enum { PATH_BYTES = 1024 };

/* DIR/uploads/<id>.<xlsx|csv>; the reader goes by the content, spreadsheets of the office by the name. */
static enum err
upload_path(const struct ctx *c, int64_t id, const char *tail, char out[static PATH_BYTES])
{
    int n = snprintf(out, PATH_BYTES, "%s/uploads/%lld%s", c->dir, (long long) id, tail);

    return n < 0 || n >= PATH_BYTES ? ERR_TOO_LARGE : OK;
}

static json_t *
upload_json(int64_t id, struct str kind, struct str name, struct str state, int64_t bytes, struct str report,
            int64_t job, int64_t created_us)
{
    json_t *r = report.n == 0 ? NULL : json_loadb(report.p, report.n, 0, NULL);

    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "id", api_id(id), "kind", api_str(kind),
                     "name", api_str(name), "state", api_str(state), "bytes", (json_int_t) bytes, "report",
                     r == NULL ? json_null() : r, "job", api_id(job), "created", api_time(OPT(created_us)));
}

static enum err
find_upload(struct api *q, struct job_upload_get_row *u)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    if (e == OK)
        e = job_upload_get(q->ctx->db, q->ctx->arena, &(struct job_upload_get_in){id}, u);
    return e == OK && u->account != q->who.account ? ERR_NOT_FOUND : e;
}

enum err
api_import_get(struct api *q)
{
    struct job_upload_get_row u;
    enum err e = find_upload(q, &u);

    if (e == OK)
        q->out = upload_json(u.id, u.kind, u.name, u.state, u.bytes_count, u.report, u.job, u.created_us);
    return e;
}

enum err
api_imports_get(struct api *q)
{
    struct job_upload_list_row *r;
    struct str cursor = api_query(q, "cursor");
    int64_t limit, below = INT64_MAX;
    size_t n;
    json_t *rows;
    char text[24];
    enum err e = api_limit(q, &limit);

    if (e == OK && cursor.n > 0)
        e = api_number_of(cursor, &below);
    if (e == OK)
        e = job_upload_list(q->ctx->db, q->ctx->arena,
                            &(struct job_upload_list_in){q->who.account, below, limit + 1}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(rows, upload_json(r[i].id, r[i].kind, r[i].name, r[i].state, r[i].bytes_count,
                                                r[i].report, r[i].job, r[i].created_us));
    if (n > (size_t) limit) {
        snprintf(text, sizeof text, "%lld", (long long) r[limit - 1].id);
        api_more(q, str_of(text));
    }
    return OK;
}

enum err
api_import_rejects(struct api *q)
{
    struct job_upload_get_row u;
    char path[PATH_BYTES];
    struct stat st;
    enum err e = find_upload(q, &u);

    if (e == OK)
        e = upload_path(q->ctx, u.id, ".rejects.csv", path);
    if (e != OK)
        return e;
    if ((q->reply->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 || fstat(q->reply->fd, &st) != 0)
        return ERR_NOT_FOUND;
    q->reply->fd_bytes = (uint64_t) st.st_size;
    q->reply->status = 200;
    q->reply->type = "text/csv; charset=utf-8";
    q->reply->disposition = STR("attachment; filename=\"rejects.csv\"");
    return OK;
}

/* --- the work itself
 * --------------------------------------------------------------------------------------------------- */

struct work {
    struct office_job *job;
    struct job_upload_get_row upload;
    struct import_report report;
    bool dry_run;
    enum err result;
};

static void
progress(void *ctx, enum import_phase phase, uint64_t done, uint64_t total)
{
    struct office_job *job = ctx;

    atomic_store(&job->phase, (int) phase);
    atomic_store(&job->done, done);
    atomic_store(&job->total, total);
}

/* In the writer: one transaction, as every act. */
static enum err
run_import(struct ctx *c, void *arg)
{
    struct work *w = arg;
    char path[PATH_BYTES], rejects[PATH_BYTES];
    struct import_options o = {.path = path,
                               .rejects = rejects,
                               .department = w->upload.department,
                               .dry_run = w->dry_run,
                               .draft = true,
                               .chinese = true,
                               .runner = office_config(w->job->office)->runner,
                               .stop = &w->job->cancelled,
                               .progress = progress,
                               .progress_ctx = w->job};
    enum err e = import_kind_parse(w->upload.kind, &o.kind);

    if (e == OK)
        e = upload_path(c, w->upload.id, "", path);
    if (e == OK)
        e = upload_path(c, w->upload.id, ".rejects.csv", rejects);
    return e == OK ? import_run(c, &o, &w->report) : e;
}

static struct str
report_text(struct ctx *c, const struct import_report *r)
{
    json_t *v = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:s}", "read", (json_int_t) r->read,
                          "added", (json_int_t) r->added, "changed", (json_int_t) r->changed, "unchanged",
                          (json_int_t) r->unchanged, "rejected", (json_int_t) r->rejected, "region_derived",
                          (json_int_t) r->region_derived, "line", (json_int_t) r->error_line, "encoding",
                          r->encoding, "sha256", r->sha256, "unused", r->unused);
    char *text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);
    struct str s = text == NULL ? NO_STR : str_copy(c->arena, str_of(text));

    free(text);
    json_decref(v);
    return s;
}

static enum err
note_result(struct ctx *c, void *arg)
{
    struct work *w = arg;
    struct str to = w->result == OK              ? w->dry_run ? STR("checked") : STR("done")
                                 : w->result == ERR_CANCELLED ? STR("cancelled")
                                                 : STR("failed");

    return job_upload_move(c->db, &(struct job_upload_move_in){w->upload.id, w->upload.state, to,
                                                               report_text(c, &w->report), w->job->id});
}

/* In the job thread. */
static enum err
import_job(struct ctx *c, struct office_job *job)
{
    struct work w = {.job = job};
    enum err e = job_upload_get(c->db, c->arena, &(struct job_upload_get_in){job->subject}, &w.upload), e2;

    if (e != OK)
        return e;
    w.dry_run = str_eq(w.upload.state, STR("checking"));
    w.result = office_write(job->office, c, run_import, &w);
    e2 = office_write(job->office, c, note_result, &w);
    return w.result != OK ? w.result : e2;
}

/* --- handing in and confirming
 * ------------------------------------------------------------------------------------------- */

struct order {
    int64_t upload, job;
    struct str kind, name, department;
    bool confirm;
};

static enum err
place_order(struct api *q, void *arg)
{
    struct order *o = arg;
    char subject[40];
    enum err e;

    if (!o->confirm && (e = ctx_new_id(q->ctx, &o->upload)) != OK)
        return e;
    snprintf(subject, sizeof subject, "import/%lld", (long long) o->upload);
    e = job_add(q->ctx, o->confirm ? STR("import.run") : STR("import.check"), str_of(subject), q->who.account,
                &o->job);
    if (e != OK)
        return e;
    if (o->confirm)
        return job_upload_move(q->ctx->db, &(struct job_upload_move_in){o->upload, STR("checked"),
                                                                        STR("importing"), NO_STR, o->job});
    return job_upload_insert(q->ctx->db, &(struct job_upload_insert_in){
                                             o->upload, q->who.account, o->kind, o->name, o->department,
                                             q->call->upload_bytes, STR("checking"), o->job, q->ctx->now_us});
}

enum err
api_job_begin(struct api *q, const struct office_job *say)
{
    struct office_job job = *say;
    struct job_get_row j;
    char location[64];
    enum err e;

    job.account = q->who.account;
    job.department = q->ctx->department;
    job.region = q->ctx->region;
    if ((e = office_job_start(q->office, &job)) == OK)
        e = job_get(q->ctx->db, q->ctx->arena, &(struct job_get_in){job.id}, &j);
    if (e != OK)
        return e;
    snprintf(location, sizeof location, "/api/v1/jobs/%lld", (long long) job.id);
    q->location = str_copy(q->ctx->arena, str_of(location));
    q->out = job_json(q->office, &j);
    q->status = 202;
    return OK;
}

static enum err
start(struct api *q, const struct order *o)
{
    return api_job_begin(q, &(struct office_job){.id = o->job, .fn = import_job, .subject = o->upload});
}

enum err
api_imports_post(struct api *q)
{
    struct order o = {
        .kind = api_query(q, "kind"), .name = api_query(q, "name"), .department = api_query(q, "department")};
    enum import_kind kind;
    char path[PATH_BYTES];
    enum err e = OK;

    if (import_kind_parse(o.kind, &kind) != OK)
        return api_wrong(q, "kind", ERR_INPUT, NULL);
    if (o.name.n == 0 || o.name.n > JOB_FILE_NAME_MAX)
        return api_wrong(q, "name", ERR_LENGTH, NULL);
    if (q->call->upload_path == NULL)
        return ERR_MISSING;
    if (q->ctx->department.n > 0) { /* what a department hands in is its own */
        if (o.department.n > 0 && !str_eq(o.department, q->ctx->department))
            return ERR_PERMISSION;
        o.department = q->ctx->department;
    }
    e = api_write(q, place_order, &o);
    if (e == OK)
        e = upload_path(q->ctx, o.upload, "", path);
    if (e == OK && rename(q->call->upload_path, path) != 0)
        e = ERR_IO;
    return e == OK ? start(q, &o) : e;
}

enum err
api_import_confirm(struct api *q)
{
    struct job_upload_get_row u;
    struct order o = {.confirm = true};
    enum err e = find_upload(q, &u);

    if (e != OK)
        return e;
    o.upload = u.id;
    e = api_write(q, place_order, &o); /* ERR_STATE: not checked, or confirmed before */
    return e == OK ? start(q, &o) : e;
}
