/* http/import_job.c - imports behind the scenes: checked, run in short transactions, taken back */
#include <dirent.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api.h"
#include "api_import.h"
#include "mod/import/import.h"
#include "mod/import/trail.h"
#include "mod/json.h"
#include "mod/person/person.h"

#define DAY_US INT64_C(86400000000)
enum { JOB_PHASE_UNDOING = 8 }; /* api_job.c */

enum err
import_file(const struct ctx *c, int64_t id, const char *tail, char out[static IMPORT_PATH_MAX])
{
    int n = snprintf(out, IMPORT_PATH_MAX, "%s/uploads/%lld%s", c->dir, (long long) id, tail);

    return n < 0 || n >= IMPORT_PATH_MAX ? ERR_TOO_LARGE : OK;
}

enum err
export_file(const struct ctx *c, int64_t id, char out[static IMPORT_PATH_MAX])
{
    int n = snprintf(out, IMPORT_PATH_MAX, "%s/exports/%lld", c->dir, (long long) id);

    return n < 0 || n >= IMPORT_PATH_MAX ? ERR_TOO_LARGE : OK;
}

int64_t
import_keep_us(const struct office *o)
{
    int days = office_config(o)->keep_days;

    return (days > 0 ? days : IMPORT_KEEP_DAYS) * DAY_US;
}

enum err
import_look(struct ctx *c, int64_t id, json_t **out)
{
    char path[IMPORT_PATH_MAX];
    struct str text;
    size_t n = 0;
    uint64_t total;
    enum err e = import_file(c, id, "", path);

    *out = NULL;
    if (e == OK)
        e = trail_read(c->arena, path, "look", 0, 1, &text, &n, &total);
    if (e == OK && n == 1)
        *out = json_loadb(text.p, text.n, 0, NULL);
    return e;
}

/* --- one import ----------------------------------------------------------------------------------------------- */

struct work {
    struct office_job *job;
    struct job_upload_get_row upload;
    struct import_report report;
    enum err result;
};

static void
progress(void *ctx, enum import_phase phase, uint64_t done, uint64_t total)
{
    struct office_job *job = ctx;

    atomic_store(&job->phase, phase == IMPORT_UNDOING ? JOB_PHASE_UNDOING : (int) phase);
    atomic_store(&job->done, done);
    atomic_store(&job->total, total);
}

static enum err
in_writer(void *ctx, struct ctx *c, import_act fn, void *arg)
{
    return office_write(((struct work *) ctx)->job->office, c, fn, arg);
}

static struct str
report_text(struct ctx *c, const struct import_report *r)
{
    json_t *v = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:s}", "read", (json_int_t) r->read, "added",
                          (json_int_t) r->added, "changed", (json_int_t) r->changed, "unchanged", (json_int_t) r->unchanged,
                          "rejected", (json_int_t) r->rejected, "conflicts", (json_int_t) r->conflicts, "region_derived",
                          (json_int_t) r->region_derived, "line", (json_int_t) r->error_line, "encoding", r->encoding,
                          "sha256", r->sha256, "unused", r->unused);
    char *text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);
    struct str s = text == NULL ? NO_STR : str_copy(c->arena, str_of(text));

    free(text);
    json_decref(v);
    return s;
}

static enum err
move_to(struct ctx *c, const struct work *w, struct str to)
{
    return job_upload_move(c->db, &(struct job_upload_move_in) {w->upload.id, w->upload.state, to,
                                                                report_text(c, &w->report), w->job->id});
}

/* In the last transaction of the import. */
static enum err
finish_run(struct ctx *c, void *arg, const struct import_report *report)
{
    const struct work *w = arg;

    (void) report;
    return move_to(c, w, STR("done"));
}

/* What the check saw binds the run: its columns are read the same way. */
static enum err
bind_to_check(struct ctx *c, const struct work *w, struct import_office *office)
{
    json_t *look, *report, *fields;
    size_t i;
    const json_t *v;
    char *text;
    enum err e = import_look(c, w->upload.id, &look);

    if (e != OK || look == NULL)
        return e == OK ? ERR_STATE : e;
    report = json_loadb(w->upload.report.p, w->upload.report.n, 0, NULL);
    fields = json_array();
    json_array_foreach(json_object_get(look, "columns"), i, v) json_array_append(fields, json_object_get(v, "field"));
    text = json_dumps(fields, JSON_COMPACT);
    office->fields = text == NULL ? NO_STR : str_copy(c->arena, str_of(text));
    office->headers = str_copy(c->arena, str_of(json_string_value(json_object_get(look, "headers"))));
    office->sha256 = str_copy(c->arena, str_of(json_string_value(json_object_get(report, "sha256"))));
    free(text);
    json_decref(fields);
    json_decref(report);
    json_decref(look);
    return office->fields.n > 0 ? OK : ERR_MEMORY;
}

/* Where the file can be read: sealed ones in memory alone (*fd, to be closed). */
static enum err
readable(struct ctx *c, const struct work *w, enum import_kind kind, char path[static IMPORT_PATH_MAX], int *fd)
{
    char sealed[IMPORT_PATH_MAX];
    enum err e = import_file(c, w->upload.id, "", import_is_private(kind) ? sealed : path);

    *fd = -1;
    if (e == OK && import_is_private(kind))
        e = person_open_file(c, w->upload.id, sealed, fd);
    if (e == OK && *fd >= 0)
        snprintf(path, IMPORT_PATH_MAX, "/proc/self/fd/%d", *fd);
    return e;
}

static enum err
run_file(struct ctx *c, struct work *w, bool dry_run)
{
    char path[IMPORT_PATH_MAX], file[IMPORT_PATH_MAX] = "";
    int fd = -1;
    struct import_office office = {.id = w->upload.id,
                                   .trail = path,
                                   .write = in_writer,
                                   .write_ctx = w,
                                   .finish = finish_run,
                                   .finish_arg = w};
    struct import_options o = {.path = file,
                               .department = w->upload.department,
                               .dry_run = dry_run,
                               .draft = true,
                               .chinese = true,
                               .runner = office_config(w->job->office)->runner,
                               .stop = &w->job->cancelled,
                               .progress = progress,
                               .progress_ctx = w->job,
                               .office = &office};
    enum err e = import_kind_parse(w->upload.kind, &o.kind);

    if (e == OK)
        e = import_file(c, w->upload.id, "", path);
    if (e == OK)
        e = readable(c, w, o.kind, file, &fd);
    if (e == OK && !dry_run)
        e = bind_to_check(c, w, &office);
    if (e == OK)
        e = import_run(c, &o, &w->report);
    if (fd >= 0)
        (void) close(fd);
    return e;
}

static enum err
note_check(struct ctx *c, void *arg)
{
    const struct work *w = arg;

    return move_to(c, w, w->result == OK              ? STR("checked")
                         : w->report.unmapped         ? STR("unmapped")
                         : w->result == ERR_CANCELLED ? STR("cancelled")
                                                      : STR("failed"));
}

static enum err
find_work(struct ctx *c, struct office_job *job, struct work *w)
{
    *w = (struct work) {.job = job};
    return job_upload_get(c->db, c->arena, &(struct job_upload_get_in) {job->subject}, &w->upload);
}

enum err
import_check_job(struct ctx *c, struct office_job *job)
{
    struct work w;
    enum err e = find_work(c, job, &w), noted;

    if (e != OK)
        return e;
    w.result = run_file(c, &w, true);
    noted = office_write(job->office, c, note_check, &w);
    return w.result != OK ? w.result : noted;
}

/* --- taking back ---------------------------------------------------------------------------------------------- */

/* {"reason", "undone", "removed", "kept"} stays with the upload. */
static enum err
finish_undo(struct ctx *c, void *arg, int64_t undone, int64_t removed, int64_t kept)
{
    struct work *w = arg;
    json_t *v = w->upload.undo.n == 0 ? json_object() : json_loadb(w->upload.undo.p, w->upload.undo.n, 0, NULL);
    bool asked = str_eq(w->upload.state, STR("undoing"));
    char *text;
    enum err e;

    json_object_set_new(v, "undone", json_integer(undone));
    json_object_set_new(v, "removed", json_integer(removed));
    json_object_set_new(v, "kept", json_integer(kept));
    text = json_dumps(v, JSON_COMPACT);
    json_decref(v);
    e = text == NULL ? ERR_MEMORY
                     : job_upload_undo(c->db, &(struct job_upload_undo_in) {w->upload.id, str_of(text)});
    free(text);
    if (e != OK)
        return e;
    return job_upload_move(c->db, &(struct job_upload_move_in) {
                                      w->upload.id, w->upload.state,
                                      asked                                                     ? STR("undone")
                                      : w->result == OK || w->result == ERR_CANCELLED ? STR("cancelled")
                                                                                      : STR("failed"),
                                      NO_STR, w->job->id});
}

static struct str
reason_of(struct ctx *c, struct str undo)
{
    json_t *v = undo.n == 0 ? NULL : json_loadb(undo.p, undo.n, 0, NULL);
    struct str reason = str_copy(c->arena, str_of(json_string_value(json_object_get(v, "reason"))));

    json_decref(v);
    return reason;
}

/* stop: NULL: a cancelled import is taken back whatever happens but the end of the server. */
static enum err
take_back(struct ctx *c, struct work *w, const _Atomic bool *stop)
{
    struct import_undo u = {.import = w->upload.id,
                            .reason = reason_of(c, w->upload.undo),
                            .write = in_writer,
                            .write_ctx = w,
                            .finish = finish_undo,
                            .finish_arg = w,
                            .stop = stop,
                            .progress = progress,
                            .progress_ctx = w->job};
    enum err e = import_kind_parse(w->upload.kind, &u.kind);

    return e == OK ? import_undo(c, &u) : e;
}

/* What was handed in is in the registers now; it may hold what they keep sealed. */
static void
forget_upload(const struct ctx *c, int64_t id)
{
    char path[IMPORT_PATH_MAX];

    if (import_file(c, id, "", path) == OK)
        (void) unlink(path);
}

enum err
import_run_job(struct ctx *c, struct office_job *job)
{
    struct work w;
    struct job_upload_get_row now;
    enum err e = find_work(c, job, &w);

    if (e != OK)
        return e;
    w.result = run_file(c, &w, false);
    if (w.result == OK)
        forget_upload(c, w.upload.id);
    e = job_upload_get(c->db, c->arena, &(struct job_upload_get_in) {job->subject}, &now);
    if (e != OK || w.result == OK || !str_eq(now.state, STR("importing")) || office_stopping(job->office))
        return e != OK ? e : w.result;
    e = take_back(c, &w, NULL);
    return e == OK ? w.result : e;
}

enum err
import_undo_job(struct ctx *c, struct office_job *job)
{
    struct work w;
    enum err e = find_work(c, job, &w);

    return e == OK ? take_back(c, &w, &job->cancelled) : e;
}

/* --- at a start ------------------------------------------------------------------------------------------------ */

struct recovery {
    struct job_upload_broken_row *rows;
    size_t count;
    int64_t jobs[OFFICE_JOBS_MAX];
    int64_t forget_below;
};

static enum err
find_broken(struct ctx *c, void *arg)
{
    struct recovery *r = arg;
    enum err e = import_change_purge(c->db, &(struct import_change_purge_in) {r->forget_below});

    if (e == OK)
        e = job_upload_broken(c->db, c->arena, &r->rows, &r->count);
    if (r->count > OFFICE_JOBS_MAX / 2)
        r->count = OFFICE_JOBS_MAX / 2; /* the others at the next start */
    for (size_t i = 0; i < r->count && e == OK; i++) {
        char subject[40];

        snprintf(subject, sizeof subject, "import/%lld", (long long) r->rows[i].id);
        e = job_add(c, STR("import.recover"), str_of(subject), r->rows[i].account, &r->jobs[i]);
    }
    return e;
}

/* Files of imports and exports that are no longer kept: their names begin with the moment. */
static void
forget_files(const char *dir, const char *folder, int64_t below)
{
    char path[IMPORT_PATH_MAX + 300];
    int n = snprintf(path, sizeof path, "%.1000s/%s/", dir, folder);
    DIR *d = n < 0 ? NULL : opendir(path);
    const struct dirent *entry;

    while (d != NULL && (entry = readdir(d)) != NULL) {
        char *end;
        long long id = strtoll(entry->d_name, &end, 10);

        if (end == entry->d_name || id <= 0 || id >= below || strlen(entry->d_name) > 256)
            continue;
        snprintf(path + n, sizeof path - (size_t) n, "%s", entry->d_name);
        (void) unlink(path);
    }
    if (d != NULL)
        closedir(d);
}

enum err
import_recover(struct office *o, struct ctx *c)
{
    enum { RECOVERY_BYTES = 1 << 20 };
    void *block = malloc(RECOVERY_BYTES);
    struct arena arena = arena_over(block, RECOVERY_BYTES);
    struct recovery r = {.forget_below = import_id_at(c->now_us - import_keep_us(o))};
    enum err e = block == NULL ? ERR_MEMORY : OK;

    c->arena = &arena;
    if (e == OK)
        e = office_write(o, c, find_broken, &r);
    for (size_t i = 0; i < r.count && e == OK; i++)
        e = office_job_start(o, &(struct office_job) {.id = r.jobs[i],
                                                      .account = r.rows[i].account,
                                                      .fn = import_undo_job,
                                                      .subject = r.rows[i].id});
    if (e == OK) {
        forget_files(c->dir, "uploads", r.forget_below);
        forget_files(c->dir, "exports", import_id_at(c->now_us - EXPORT_KEEP_DAYS * DAY_US));
    }
    c->arena = NULL;
    free(block);
    return e;
}
