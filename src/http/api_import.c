/* http/api_import.c - files in: handed in, looked at, mapped, confirmed, undone */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api_file.h"
#include "api_handlers.h"
#include "api_import.h"
#include "mod/import/show.h"
#include "mod/import/sheets.h"
#include "mod/import/snapshot.h"
#include "mod/import/trail.h"
#include "mod/person/person.h"

enum { REASON_BYTES_MAX = 1000, SAMPLES = 3 };

/* --- one's uploads ---------------------------------------------------------------------------------------------- */

static json_t *
loaded(struct str text)
{
    json_t *v = text.n == 0 ? NULL : json_loadb(text.p, text.n, 0, NULL);

    return v == NULL ? json_null() : v;
}

static json_t *
upload_json(int64_t id, struct str kind, struct str name, struct str state, int64_t bytes, struct str report,
            int64_t job, int64_t created_us)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "id", api_id(id), "kind", api_str(kind),
                     "name", api_str(name), "state", api_str(state), "bytes", (json_int_t) bytes, "report",
                     loaded(report), "job", api_id(job), "created", api_time(OPT(created_us)));
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

/* Fields that a column may be read as. */
static json_t *
fields_json(enum import_kind kind)
{
    size_t count;
    const struct import_column *k = import_columns(kind, &count);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:b, s:s?}", "id", k[i].id, "title",
                                              api_str(import_column_title(&k[i])), "required", k[i].required, "note",
                                              k[i].note));
    return list;
}

/* The first values of each column, from the first rows after the header. */
static enum err
add_samples(struct api *q, const char *path, json_t *look)
{
    struct str rows[IMPORT_HEAD_ROWS];
    size_t n, i;
    uint64_t total;
    json_t *column;
    enum err e = trail_read(q->ctx->arena, path, "head", 0, IMPORT_HEAD_ROWS, rows, &n, &total);

    json_array_foreach(json_object_get(look, "columns"), i, column)
    {
        json_t *samples = json_array();

        for (size_t r = 0; e == OK && r < n && json_array_size(samples) < SAMPLES; r++) {
            json_t *row = person_open_line(q->ctx, &rows[r]) == OK ? json_loadb(rows[r].p, rows[r].n, 0, NULL) : NULL;
            const json_t *cell = json_array_get(json_object_get(row, "cells"), i);

            if (json_integer_value(json_object_get(row, "line")) > json_integer_value(json_object_get(look, "line")) &&
                json_string_length(cell) > 0)
                json_array_append(samples, (json_t *) cell);
            json_decref(row);
        }
        json_object_set_new(column, "samples", samples);
    }
    return e;
}

enum err
api_import_get(struct api *q)
{
    struct job_upload_get_row u;
    char path[IMPORT_PATH_MAX];
    enum import_kind kind;
    json_t *look = NULL;
    enum err e = find_upload(q, &u);

    if (e == OK)
        e = import_kind_parse(u.kind, &kind);
    if (e == OK)
        e = import_file(q->ctx, u.id, "", path);
    if (e == OK)
        e = import_look(q->ctx, u.id, &look);
    if (e == OK && look != NULL)
        e = add_samples(q, path, look);
    if (e == OK) {
        q->out = upload_json(u.id, u.kind, u.name, u.state, u.bytes_count, u.report, u.job, u.created_us);
        json_object_update_new(q->out, json_pack("{s:o, s:o, s:o, s:O?}", "undo", loaded(u.undo), "undo_until",
                                                 api_time(OPT(u.created_us + import_keep_us(q->office))), "fields",
                                                 fields_json(kind), "look", look));
    }
    json_decref(look);
    return e;
}

enum err
api_imports_get(struct api *q)
{
    struct job_upload_list_row *r;
    int64_t limit, below = INT64_MAX;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = api_cursor_number(q, &below);
    if (e == OK)
        e = job_upload_list(q->ctx->db, q->ctx->arena,
                            &(struct job_upload_list_in){q->who.account, below, limit + 1}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(rows, upload_json(r[i].id, r[i].kind, r[i].name, r[i].state, r[i].bytes_count,
                                                r[i].report, r[i].job, r[i].created_us));
    if (n > (size_t) limit)
        api_more_number(q, r[limit - 1].id);
    return OK;
}

/* --- lists of one upload ------------------------------------------------------------------------------------------ */

/* A page of a list in files; the cursor counts its rows. */
static enum err
trail_page(struct api *q, int64_t id, const char *name, json_t *(*make)(void *arg, struct str text), void *arg)
{
    struct str rows[API_ROWS_MAX];
    char path[IMPORT_PATH_MAX];
    int64_t from = 0, limit;
    size_t n;
    uint64_t total;
    json_t *list;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = api_cursor_number(q, &from);
    if (e == OK)
        e = import_file(q->ctx, id, "", path);
    if (e == OK)
        e = trail_read(q->ctx->arena, path, name, (uint64_t) from, (size_t) limit, rows, &n, &total);
    if (e != OK)
        return e;
    list = api_rows(q);
    for (size_t i = 0; e == OK && i < n; i++) {
        e = person_open_line(q->ctx, &rows[i]);
        json_array_append_new(list, make(arg, rows[i]));
    }
    if (e != OK)
        return e;
    json_object_set_new(q->out, "total", json_integer((json_int_t) total));
    if ((uint64_t) from + n < total)
        api_more_number(q, from + (int64_t) n);
    return OK;
}

static json_t *
as_it_is(void *arg, struct str text)
{
    (void) arg;
    return loaded(text);
}

enum err
api_import_rows(struct api *q)
{
    struct job_upload_get_row u;
    enum err e = find_upload(q, &u);

    return e == OK ? trail_page(q, u.id, api_query(q, "only").n > 0 ? "bad" : "head", as_it_is, NULL) : e;
}

struct shower {
    struct api *q;
    enum import_kind kind;
    struct show_words words;
};

static void
add_cells(struct shower *s, json_t *row, const json_t *before, const json_t *after)
{
    size_t mark = arena_mark(s->q->ctx->arena);
    bool risk = roles_may(s->q->who.roles, PERMIT_RISK_READ);
    json_t *cells = import_diff(s->q->ctx->arena, &s->words, s->kind, before, after);

    for (size_t i = json_array_size(cells); i > 0 && !risk; i--)
        if (strncmp(json_string_value(json_object_get(json_array_get(cells, i - 1), "field")), "risk_", 5) == 0)
            json_array_remove(cells, i - 1);
    json_object_set_new(row, "cells", cells);
    arena_rewind(s->q->ctx->arena, mark);
}

/* What people call the row. */
static void
add_name(json_t *row, const json_t *before, const json_t *after)
{
    json_t *name = json_object_get(before, "name");

    json_object_set(row, "name", name != NULL ? name : json_object_get(after, "name"));
}

static json_t *
as_difference(void *arg, struct str text)
{
    json_t *v = json_loadb(text.p, text.n, 0, NULL), *before = json_object_get(v, "before"), *after = json_object_get(v, "after");
    json_t *row = json_pack("{s:O?, s:O?}", "line", json_object_get(v, "line"), "key", json_object_get(v, "key"));

    add_cells(arg, row, json_is_object(before) ? before : NULL, json_is_object(after) ? after : NULL);
    add_name(row, before, after);
    json_decref(v);
    return row;
}

/* What an import did, from its before-images: as it is now where the image says nothing of it. */
static json_t *
done_row(struct shower *s, const struct import_change_page_row *r)
{
    json_t *before = r->before.n == 0 ? NULL : json_loadb(r->before.p, r->before.n, 0, NULL);
    json_t *after = r->after.n == 0 ? NULL : json_loadb(r->after.p, r->after.n, 0, NULL);
    json_t *row = json_pack("{s:I, s:o, s:o, s:o, s:o}", "line", (json_int_t) r->line, "key", api_str(r->key), "effect",
                            api_str(r->effect), "state", api_str(r->state), "why", api_str(r->why));
    size_t mark = arena_mark(s->q->ctx->arena);

    if (after == NULL)
        (void) !snapshot_take(s->q->ctx, s->kind, r->key, &after);
    arena_rewind(s->q->ctx->arena, mark);
    add_cells(s, row, before, after);
    add_name(row, before, after);
    json_decref(before);
    json_decref(after);
    return row;
}

static enum err
done_page(struct api *q, int64_t id, struct shower *s, struct str effect)
{
    struct import_change_page_row *r;
    struct import_change_page_in in = {.import = id};
    bool kept = str_eq(effect, STR("kept"));
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &in.limit);

    if (e == OK)
        e = api_cursor_number(q, &in.after);
    in.effect = kept ? NO_STR : effect;
    in.state = kept ? effect : NO_STR;
    in.limit++;
    if (e == OK)
        e = import_change_page(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && (int64_t) i < in.limit - 1; i++)
        json_array_append_new(rows, done_row(s, &r[i]));
    if ((int64_t) n == in.limit)
        api_more_number(q, r[n - 2].seq);
    return OK;
}

static bool
has_run(struct str state)
{
    return str_eq(state, STR("done")) || str_eq(state, STR("undoing")) || str_eq(state, STR("undone")) ||
           str_eq(state, STR("importing"));
}

enum err
api_import_changes(struct api *q)
{
    static const char *const EFFECTS[] = {"changed", "new", "conflict", "kept"};
    struct job_upload_get_row u;
    struct org_department_list_row *departments;
    struct shower s = {.q = q};
    struct str effect = api_query(q, "effect");
    const char *name = NULL;
    enum err e = find_upload(q, &u);

    for (size_t i = 0; i < sizeof EFFECTS / sizeof *EFFECTS; i++)
        if (str_eq(effect, str_of(EFFECTS[i])))
            name = EFFECTS[i];
    if (e == OK && effect.n > 0 && name == NULL)
        e = api_wrong(q, "effect", ERR_INPUT, NULL);
    if (e == OK)
        e = import_kind_parse(u.kind, &s.kind);
    if (e == OK)
        e = org_department_list(q->ctx->db, q->ctx->arena, &departments, &s.words.department_count);
    if (e != OK)
        return e;
    s.words.departments = departments;
    if (has_run(u.state) && !str_eq(effect, STR("conflict")))
        return done_page(q, u.id, &s, effect);
    return trail_page(q, u.id, name == NULL ? "changed" : name, as_difference, &s);
}

/* --- files out --------------------------------------------------------------------------------------------------- */

static enum err
format_of(struct api *q, enum sheet_format *format)
{
    struct str as = api_query(q, "as");

    *format = SHEET_CSV;
    return as.n == 0 || sheet_format_parse(as, format) == OK ? OK : api_wrong(q, "as", ERR_INPUT, NULL);
}

enum err
api_import_rejects(struct api *q)
{
    struct job_upload_get_row u;
    char path[IMPORT_PATH_MAX], made[IMPORT_PATH_MAX], name[64];
    enum sheet_format format;
    enum err e = find_upload(q, &u);

    if (e == OK)
        e = format_of(q, &format);
    if (e == OK)
        e = import_file(q->ctx, u.id, "", path);
    if (e == OK)
        e = api_file_place(q->ctx, made);
    if (e != OK)
        return e;
    snprintf(name, sizeof name, "rejects.%s", sheet_format_name(format));
    e = import_rejects_sheet(q->ctx, path, made, format);
    return api_file_give(q, e, made, sheet_format_type(format), name);
}

enum err
api_import_template(struct api *q)
{
    char made[IMPORT_PATH_MAX], name[64];
    enum sheet_format format;
    enum import_kind kind;
    enum err e = import_kind_parse(q->params[0], &kind) == OK ? OK : ERR_NOT_FOUND;

    if (e == OK)
        e = format_of(q, &format);
    if (e == OK)
        e = api_file_place(q->ctx, made);
    if (e != OK)
        return e;
    snprintf(name, sizeof name, "%s.%s", import_kind_name(kind), sheet_format_name(format));
    e = import_template(q->ctx, kind, made, format);
    return api_file_give(q, e, made, sheet_format_type(format), name);
}

/* --- acts ---------------------------------------------------------------------------------------------------------- */

struct order {
    struct job_upload_get_row upload; /* id 0: a new one */
    int64_t job;
    struct str name, department, kind;
    const char *job_kind, *state;
    struct str headers, fields; /* of a mapping */
    struct str undo;
};

static enum err
place_order(struct api *q, void *arg)
{
    struct order *o = arg;
    struct ctx *c = q->ctx;
    bool is_new = o->upload.id == 0;
    char subject[40];
    enum import_kind kind;
    enum err e = is_new ? ctx_new_id(c, &o->upload.id) : OK;

    snprintf(subject, sizeof subject, "import/%lld", (long long) o->upload.id);
    if (e == OK)
        e = job_add(c, str_of(o->job_kind), str_of(subject), q->who.account, &o->job);
    if (e == OK && o->fields.n > 0 && (e = import_kind_parse(o->upload.kind, &kind)) == OK)
        e = import_mapping_keep(c, kind, o->upload.department, o->headers, o->fields);
    if (e == OK && o->undo.n > 0)
        e = job_upload_undo(c->db, &(struct job_upload_undo_in){o->upload.id, o->undo});
    if (e != OK)
        return e;
    if (!is_new)
        return job_upload_move(c->db, &(struct job_upload_move_in){o->upload.id, o->upload.state, str_of(o->state), NO_STR,
                                                                   o->job});
    return job_upload_insert(c->db, &(struct job_upload_insert_in){o->upload.id, q->who.account, o->kind, o->name,
                                                                   o->department, q->call->upload_bytes, STR("checking"),
                                                                   o->job, c->now_us});
}

/* Who may keep a register may import it. */
static bool
may_import(const struct api *q, enum import_kind kind)
{
    static const enum permission NEEDED[IMPORT_KIND_COUNT] = {
        [IMPORT_TARGETS] = PERMIT_TARGET_EDIT,       [IMPORT_ITEMS] = PERMIT_ITEM_EDIT,
        [IMPORT_INSPECTORS] = PERMIT_INSPECTOR_EDIT, [IMPORT_EXPERTS] = PERMIT_EXPERT_EDIT,
        [IMPORT_RECUSALS] = PERMIT_INSPECTOR_EDIT,   [IMPORT_JOINT] = PERMIT_ITEM_EDIT,
    };

    return roles_may(q->who.roles, NEEDED[kind]);
}

enum err
api_imports_post(struct api *q)
{
    struct order o = {.kind = api_query(q, "kind"),
                      .name = api_query(q, "name"),
                      .department = api_query(q, "department"),
                      .job_kind = "import.check"};
    enum import_kind kind;
    char path[IMPORT_PATH_MAX];
    enum err e = OK;

    if (import_kind_parse(o.kind, &kind) != OK)
        return api_wrong(q, "kind", ERR_INPUT, NULL);
    if (o.name.n == 0 || o.name.n > JOB_FILE_NAME_MAX)
        return api_wrong(q, "name", ERR_LENGTH, NULL);
    if (!may_import(q, kind))
        return ERR_PERMISSION;
    if (q->call->upload_path == NULL)
        return ERR_MISSING;
    if (q->ctx->department.n > 0) { /* what a department hands in is its own */
        if (o.department.n > 0 && !str_eq(o.department, q->ctx->department))
            return ERR_PERMISSION;
        o.department = q->ctx->department;
    }
    e = api_write(q, place_order, &o);
    if (e == OK)
        e = import_file(q->ctx, o.upload.id, "", path);
    if (e == OK && import_is_private(kind))
        e = person_seal_file(q->ctx, o.upload.id, q->call->upload_path, path);
    else if (e == OK && rename(q->call->upload_path, path) != 0)
        e = ERR_IO;
    return e == OK ? api_job_begin(q, &(struct office_job){.id = o.job, .fn = import_check_job, .subject = o.upload.id}) : e;
}

/* A further step of an upload that is in one of two states. */
static enum err
step(struct api *q, struct order *o, const char *from, const char *or_from, enum err (*fn)(struct ctx *c, struct office_job *job))
{
    enum err e;

    if (!str_eq(o->upload.state, str_of(from)) && !str_eq(o->upload.state, str_of(or_from)))
        return ERR_STATE;
    e = api_write(q, place_order, o); /* ERR_STATE: a moment ago it was */
    return e == OK ? api_job_begin(q, &(struct office_job){.id = o->job, .fn = fn, .subject = o->upload.id}) : e;
}

enum err
api_import_confirm(struct api *q)
{
    struct order o = {.job_kind = "import.run", .state = "importing"};
    enum err e = find_upload(q, &o.upload);

    return e == OK ? step(q, &o, "checked", "checked", import_run_job) : e;
}

enum err
api_import_mapping(struct api *q)
{
    struct order o = {.job_kind = "import.check", .state = "checking"};
    json_t *look = NULL;
    enum err e = find_upload(q, &o.upload);

    if (e == OK)
        e = api_json(q, "fields", &o.fields);
    if (e == OK)
        e = import_look(q->ctx, o.upload.id, &look);
    if (e == OK && (look == NULL || o.fields.n == 0))
        e = o.fields.n == 0 ? api_wrong(q, "fields", ERR_MISSING, NULL) : ERR_STATE;
    if (e == OK) {
        o.headers = str_copy(q->ctx->arena, str_of(json_string_value(json_object_get(look, "headers"))));
        e = step(q, &o, "checked", "unmapped", import_check_job);
    }
    json_decref(look);
    return e;
}

enum err
api_import_undo(struct api *q)
{
    struct order o = {.job_kind = "import.undo", .state = "undoing"};
    struct str reason = str_trim(api_text(q, "reason"));
    enum err e = find_upload(q, &o.upload);
    json_t *v;
    char *text;

    if (e == OK && (reason.n == 0 || reason.n > REASON_BYTES_MAX))
        e = api_wrong(q, "reason", ERR_LENGTH, NULL);
    if (e == OK && q->ctx->now_us - o.upload.created_us > import_keep_us(q->office))
        e = ctx_refuse(q->ctx, ERR_STATE, q->english ? "too long ago, its before-images are gone" : "已超过可撤销的期限");
    if (e != OK)
        return e;
    v = json_pack("{s:o, s:o}", "reason", api_str(reason), "asked", api_time(OPT(q->ctx->now_us)));
    text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);
    o.undo = text == NULL ? NO_STR : str_copy(q->ctx->arena, str_of(text));
    free(text);
    json_decref(v);
    return o.undo.n == 0 ? ERR_MEMORY : step(q, &o, "done", "done", import_undo_job);
}
