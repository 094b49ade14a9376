/* http/api_export.c - lists out: asked for, written behind, fetched */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "api_file.h"
#include "api_handlers.h"
#include "api_import.h"
#include "mod/import/sheets.h"
#include "mod/journal/journal.h"
#include "mod/json.h"

enum { FILTERS_BYTES_MAX = 4000 };

/* Lists and who may see them; those who may export business lists hold the permission export besides. */
static const struct {
    const char *list;
    enum permission needed;
    bool business;
} LISTS[] = {
    {"targets", PERMIT_TARGET_READ, true},       {"items", PERMIT_ITEM_READ, true},
    {"inspectors", PERMIT_INSPECTOR_READ, true}, {"experts", PERMIT_EXPERT_READ, true},
    {"joint-items", PERMIT_ITEM_READ, true},     {"plans", PERMIT_PLAN_READ, true},
    {"tasks", PERMIT_PLAN_READ, true},
    {"recusals", PERMIT_INSPECTOR_READ, true},   {"accounts", PERMIT_ACCOUNT_READ, false},
    {"imports", PERMIT_IMPORT, false},
};

static enum err
may_export(struct api *q, struct str list)
{
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
        if (str_eq(str_of(LISTS[i].list), list))
            return roles_may(q->who.roles, LISTS[i].needed) &&
                           (!LISTS[i].business || roles_may(q->who.roles, PERMIT_EXPORT))
                       ? OK
                       : ERR_PERMISSION;
    return api_wrong(q, "list", ERR_INPUT, NULL);
}

struct export_ask {
    struct import_export_insert_in in;
    int64_t job;
};

static enum err
place_export(struct api *q, void *arg)
{
    struct export_ask *o = arg;
    char subject[64];
    enum err e;

    snprintf(subject, sizeof subject, "export/%.*s", (int) o->in.list.n, o->in.list.p);
    e = job_add(q->ctx, STR("export"), str_of(subject), q->who.account, &o->in.id);
    return e == OK ? import_export_insert(q->ctx->db, &o->in) : e;
}

enum err
api_exports_post(struct api *q)
{
    struct export_ask o = {.in = {.account = q->who.account, .list = api_text(q, "list"), .format = api_text(q, "format"),
                                  .risk = roles_may(q->who.roles, PERMIT_RISK_READ), .created_us = q->ctx->now_us}};
    enum sheet_format format;
    enum err e = sheet_format_parse(o.in.format, &format) == OK ? OK : api_wrong(q, "format", ERR_INPUT, NULL);

    if (e == OK)
        e = api_json(q, "filters", &o.in.filters);
    if (e == OK && o.in.filters.n > FILTERS_BYTES_MAX)
        e = api_wrong(q, "filters", ERR_LENGTH, NULL);
    if (e == OK)
        e = may_export(q, o.in.list);
    if (e == OK)
        e = api_write(q, place_export, &o);
    return e == OK ? api_job_begin(q, &(struct office_job) {.id = o.in.id, .fn = export_job, .subject = o.in.id}) : e;
}

/* --- behind ------------------------------------------------------------------------------------------------------- */

struct exporting {
    struct office_job *job;
    struct import_export_get_row row;
    uint64_t rows, bytes;
};

static void
progress(void *ctx, uint64_t done)
{
    struct office_job *job = ctx;

    atomic_store(&job->done, done);
}

/* Who took which list, with which filters, how many rows. */
static enum err
note_export(struct ctx *c, void *arg)
{
    const struct exporting *x = arg;
    char act[64];
    struct str detail;
    struct buf b;
    enum err e = import_export_end(c->db, &(struct import_export_end_in) {x->row.id, (int64_t) x->rows, (int64_t) x->bytes});

    if (e == OK)
        e = buf_in(c, x->row.filters.n + 128, &b);
    if (e != OK)
        return e;
    snprintf(act, sizeof act, "export.%.*s", (int) x->row.list.n, x->row.list.p);
    for (char *p = act; *p != '\0'; p++)
        *p = *p == '-' ? '_' : *p; /* acts are words */
    buf_z(&b, "{\"format\":\"");
    buf_str(&b, x->row.format);
    buf_z(&b, "\",\"rows\":");
    buf_u64(&b, x->rows);
    if (x->row.filters.n > 0) {
        buf_z(&b, ",\"filters\":");
        buf_str(&b, x->row.filters);
    }
    buf_z(&b, "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act) {str_of(act), x->row.list, detail}) : e;
}

static enum err
make_folder(const struct ctx *c)
{
    char path[IMPORT_PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/exports", c->dir);

    return n < 0 || n >= (int) sizeof path || (mkdir(path, 0700) != 0 && errno != EEXIST) ? ERR_IO : OK;
}

enum err
export_job(struct ctx *c, struct office_job *job)
{
    struct exporting x = {.job = job};
    char path[IMPORT_PATH_MAX];
    struct stat st;
    struct export_order o = {.path = path, .account = job->account, .stop = &job->cancelled, .progress = progress, .progress_ctx = job};
    enum err e = import_export_get(c->db, c->arena, &(struct import_export_get_in) {job->subject}, &x.row);

    if (e == OK)
        e = make_folder(c);
    if (e == OK)
        e = export_file(c, x.row.id, path);
    if (e == OK)
        e = sheet_format_parse(x.row.format, &o.format);
    if (e != OK)
        return e;
    o.list = x.row.list;
    o.filters = x.row.filters;
    o.risk = x.row.risk != 0;
    e = export_run(c, &o, &x.rows);
    if (e == OK && stat(path, &st) != 0)
        e = ERR_IO;
    x.bytes = e == OK ? (uint64_t) st.st_size : 0;
    if (e == OK)
        e = office_write(job->office, c, note_export, &x); /* no entry, no file */
    if (e != OK)
        (void) remove(path);
    return e;
}

/* --- fetched -------------------------------------------------------------------------------------------------------- */

static json_t *
export_json(int64_t id, struct str list, struct str format, struct str filters, struct opt_i64 rows, struct opt_i64 bytes,
            int64_t created_us)
{
    json_t *f = filters.n == 0 ? NULL : json_loadb(filters.p, filters.n, 0, NULL);

    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", api_id(id), "list", api_str(list), "format",
                     api_str(format), "filters", f == NULL ? json_null() : f, "rows", api_i64(rows), "bytes", api_i64(bytes),
                     "created", api_time(OPT(created_us)));
}

enum err
api_exports_get(struct api *q)
{
    struct import_export_list_row *r;
    struct import_export_list_in in = {q->who.account, INT64_MAX, 0};
    size_t n;
    json_t *rows;
    enum err e = api_page_by_number(q, &in.limit, &in.below);

    if (e == OK)
        e = import_export_list(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && (int64_t) i < in.limit - 1; i++)
        json_array_append_new(rows, export_json(r[i].id, r[i].list, r[i].format, r[i].filters, r[i].rows_count,
                                                r[i].bytes_count, r[i].created_us));
    if ((int64_t) n == in.limit)
        api_more_number(q, r[n - 2].id);
    return OK;
}

static enum err
find_export(struct api *q, struct import_export_get_row *x)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    if (e == OK)
        e = import_export_get(q->ctx->db, q->ctx->arena, &(struct import_export_get_in) {id}, x);
    return e == OK && x->account != q->who.account ? ERR_NOT_FOUND : e;
}

enum err
api_export_get(struct api *q)
{
    struct import_export_get_row x;
    enum err e = find_export(q, &x);

    if (e == OK)
        q->out = export_json(x.id, x.list, x.format, x.filters, x.rows_count, x.bytes_count, x.created_us);
    return e;
}

enum err
api_export_file(struct api *q)
{
    struct import_export_get_row x;
    enum sheet_format format;
    char path[IMPORT_PATH_MAX], name[80];
    enum err e = find_export(q, &x);

    if (e == OK && !x.rows_count.set)
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = may_export(q, x.list); /* what was allowed then may not be now */
    if (e == OK)
        e = export_file(q->ctx, x.id, path);
    if (e == OK)
        e = sheet_format_parse(x.format, &format);
    if (e != OK)
        return e;
    snprintf(name, sizeof name, "%.*s.%s", (int) x.list.n, x.list.p, sheet_format_name(format));
    return api_file_send(q, path, sheet_format_type(format), name);
}
