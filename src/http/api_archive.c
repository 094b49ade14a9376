/* http/api_archive.c - records of visits on paper, and archives as long work: of a task 一案一档, of a target 一户一档, of an inspector's
 * visits 尽职照单免责 (regulation 二(五), 三(二), 三(三)) */
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api_file.h"
#include "api_flow.h"
#include "api_handlers.h"
#include "asset.h"
#include "format/digest.h"
#include "mod/archive/archive.h"
#include "mod/file.h"
#include "mod/inspector/inspector.h"
#include "mod/target/target.h"

enum { PHASE_ARCHIVE = 10, PIECE_BYTES = 64 << 10 }; /* words: api_job.c */

/* Photographs and signatures: for those who work on the task. */
static enum err
find_part(struct api *q, struct flow_view *v)
{
    enum err e = flow_find(q, v);

    return e == OK && !flow_works(q, v) ? ERR_PERMISSION : e;
}

enum err
api_record_file(struct api *q)
{
    struct flow_view v;
    char path[IMPORT_PATH_MAX];
    struct file f;
    enum err e = find_part(q, &v);

    if (e == OK)
        e = api_file_place(q->ctx, path);
    if (e != OK)
        return e;
    if ((e = file_begin(&f, path, 0600)) == OK)
        e = file_end(&f, archive_record_print(q->ctx, q->params[0], q->params[1], api_query(q, "department"), f.out));
    return api_file_give(q, e, path, "application/pdf", "record.pdf");
}

/* --- who may have which -------------------------------------------------------------------------------------------- */

/* An inspector's visits: one's own, or those of the register within the row scope. */
static enum err
may_inspector(struct api *q, struct str code)
{
    struct inspector_get_row row;

    if (q->who.inspector.n > 0 && str_eq(q->who.inspector, code))
        return OK;
    if (!roles_may(q->who.roles, PERMIT_INSPECTOR_READ))
        return ERR_NOT_FOUND;
    return inspector_see(q->ctx, code, &row);
}

static enum err
may_have(struct api *q, enum archive_kind kind, struct str code)
{
    struct target_page_row target;
    struct flow_view v;

    switch (kind) {
    case ARCHIVE_TASK:
        q->params[0] = code; /* as the address of a task */
        return roles_may(q->who.roles, PERMIT_PLAN_READ) ? find_part(q, &v) : ERR_PERMISSION;
    case ARCHIVE_TARGET:
        return !roles_may(q->who.roles, PERMIT_RESULT_READ) ? ERR_PERMISSION : target_see(q->ctx, code, &target);
    default:
        return may_inspector(q, code);
    }
}

/* --- asked for ------------------------------------------------------------------------------------------------------ */

static enum err
place(struct api *q, void *arg)
{
    struct archive_insert_in *in = arg;
    struct buf b;
    enum err e = buf_in(q->ctx, in->kind.n + in->code.n + 2, &b);

    if (e != OK)
        return e;
    buf_str(&b, in->kind);
    buf_z(&b, "/");
    buf_str(&b, in->code);
    e = job_add(q->ctx, STR("archive"), buf_view(&b), q->who.account, &in->id);
    return e == OK ? archive_insert(q->ctx->db, in) : e;
}

static enum err archive_job(struct ctx *c, struct office_job *job);

static enum err
order(struct api *q, enum archive_kind kind, struct archive_insert_in *in)
{
    enum err e = may_have(q, kind, q->params[0]);

    in->account = q->who.account;
    in->kind = str_of(archive_kind_name(kind));
    in->code = q->params[0];
    in->base = q->call->base;
    in->created_us = q->ctx->now_us;
    if (e == OK)
        e = api_write(q, place, in);
    return e == OK ? api_job_begin(q, &(struct office_job) {.id = in->id, .fn = archive_job, .subject = in->id}) : e;
}

enum err
api_task_archive(struct api *q)
{
    return order(q, ARCHIVE_TASK, &(struct archive_insert_in) {.id = 0});
}

enum err
api_target_archive(struct api *q)
{
    return order(q, ARCHIVE_TARGET, &(struct archive_insert_in) {.id = 0});
}

enum err
api_inspector_archive(struct api *q)
{
    struct archive_insert_in in = {.id = 0};
    enum err e = api_day(q, "from", &in.from_day);

    if (e == OK)
        e = api_day(q, "to", &in.to_day);
    if (e == OK && (in.to_day.v < in.from_day.v || in.to_day.v - in.from_day.v >= ARCHIVE_DAYS_MAX))
        e = api_wrong(q, "to", ERR_RANGE, NULL);
    return e == OK ? order(q, ARCHIVE_INSPECTOR, &in) : e;
}

/* --- behind --------------------------------------------------------------------------------------------------------- */

static bool
tell(void *arg, uint64_t done)
{
    struct office_job *job = arg;

    atomic_store(&job->done, done);
    return !atomic_load(&job->cancelled);
}

static enum err
digest_file(struct ctx *c, const char *path, struct archive_made *m)
{
    struct digest *d = digest_new();
    char *piece = arena_alloc(c->arena, PIECE_BYTES), hex[65];
    FILE *in = fopen(path, "re");
    unsigned char out[32];
    enum err e = d == NULL || piece == NULL ? ERR_MEMORY : in == NULL ? ERR_IO : OK;
    size_t n;

    m->bytes_count = 0;
    while (e == OK && (n = fread(piece, 1, PIECE_BYTES, in)) > 0) {
        digest_add(d, piece, n);
        m->bytes_count += (int64_t) n;
    }
    if (e == OK && ferror(in))
        e = ERR_IO;
    if (in != NULL)
        (void) fclose(in);
    if (e == OK) {
        digest_end(d, out);
        hex_encode(out, sizeof out, hex);
        m->digest = str_copy(c->arena, (struct str) {hex, 64});
    }
    digest_free(d);
    return e == OK && m->digest.p == NULL ? ERR_MEMORY : e;
}

static enum err
note_made(struct ctx *c, void *arg)
{
    return archive_done(c, arg);
}

static enum err
archive_job(struct ctx *c, struct office_job *job)
{
    const struct asset *verifier = asset_find("verify.html");
    struct archive_extra extra = {"verify.html", verifier == NULL ? NO_STR : verifier->plain};
    struct archive_watch watch = {tell, job};
    struct archive_made made = {.id = job->subject};
    struct archive_wanted w;
    struct archive_get_row a;
    char path[IMPORT_PATH_MAX], beside[IMPORT_PATH_MAX];
    enum err e = archive_get(c->db, c->arena, &(struct archive_get_in) {job->subject}, &a);

    atomic_store(&job->phase, PHASE_ARCHIVE);
    if (e == OK)
        e = archive_kind_parse(a.line.kind, &w.kind);
    if (e == OK)
        e = export_file(c, job->subject, path);
    if (e == OK)
        e = api_file_place(c, beside);
    if (e != OK)
        return e;
    w.code = a.line.code;
    w.from_day = a.line.from_day.v;
    w.to_day = a.line.to_day.v;
    w.base = a.line.base;
    e = archive_write(c, &w, &extra, extra.bytes.n > 0 ? 1 : 0, watch, beside, &made.files_count);
    if (e == OK)
        e = digest_file(c, beside, &made);
    if (e == OK && rename(beside, path) != 0)
        e = ERR_IO;
    if (e == OK)
        e = office_write(job->office, c, note_made, &made); /* no entry, no file */
    if (e != OK) {
        (void) unlink(beside);
        (void) unlink(path);
    }
    return e;
}

/* --- fetched -------------------------------------------------------------------------------------------------------- */

static json_t *
archive_json(struct api *q, const struct archive_line *a)
{
    char path[IMPORT_PATH_MAX];
    struct stat st;
    bool there = a->digest.n > 0 && export_file(q->ctx, a->id, path) == OK && stat(path, &st) == 0;

    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "id", api_id(a->id), "kind", api_str(a->kind), "code",
                     api_str(a->code), "from", api_date(a->from_day), "to", api_date(a->to_day), "bytes", api_i64(a->bytes_count),
                     "files", api_i64(a->files_count), "sha256", api_str(a->digest), "there", there, "created",
                     api_time(OPT(a->created_us)));
}

enum err
api_archives_get(struct api *q)
{
    struct archive_list_in in = {q->who.account, api_query(q, "kind"), api_query(q, "code"), INT64_MAX, 0};
    struct archive_list_row *r;
    size_t n;
    json_t *rows;
    enum err e = api_page_by_number(q, &in.limit, &in.below);

    if (e == OK)
        e = archive_list(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && (int64_t) i < in.limit - 1; i++)
        json_array_append_new(rows, archive_json(q, &r[i].line));
    if ((int64_t) n == in.limit)
        api_more_number(q, r[n - 2].line.id);
    return OK;
}

/* What was allowed then may not be now. */
enum err
api_archive_file(struct api *q)
{
    struct archive_get_row a;
    enum archive_kind kind;
    char path[IMPORT_PATH_MAX], name[80];
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    if (e == OK)
        e = archive_get(q->ctx->db, q->ctx->arena, &(struct archive_get_in) {id}, &a);
    if (e == OK && (a.line.account != q->who.account || a.line.digest.n == 0))
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = archive_kind_parse(a.line.kind, &kind);
    if (e == OK)
        e = may_have(q, kind, a.line.code);
    if (e == OK)
        e = export_file(q->ctx, id, path);
    if (e != OK)
        return e;
    snprintf(name, sizeof name, "%s-%.40s.zip", archive_kind_name(kind), a.line.code.p);
    return api_file_send(q, path, "application/zip", name);
}
