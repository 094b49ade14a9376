/* http/api_dictionary.c - dictionaries in versions: handed in as a file, compared, put into force */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_handlers.h"
#include "format/csv.h"
#include "mod/dictionary/dictionary.h"

enum { DIFF_ROWS_MAX = 1000 };

static enum err
find_kind(struct api *q, const struct dictionary_kind **out)
{
    *out = dictionary_find(q->params[0]);
    return *out == NULL ? ERR_NOT_FOUND : OK;
}

static enum err
find_version(struct api *q, const struct dictionary_kind **k, struct dictionary_get_row *r)
{
    int64_t version = 0;
    enum err e = find_kind(q, k);

    if (e == OK)
        e = api_number_of(q->params[1], &version);
    return e == OK ? dictionary_get(q->ctx->db, q->ctx->arena, &(struct dictionary_get_in){str_of((*k)->id), version}, r) : e;
}

static struct str
login_of(struct api *q, struct str actor)
{
    struct account_by_id_row a;
    int64_t id;

    if (actor.n < 6 || !str_starts(actor, STR("user:")) || api_number_of((struct str){actor.p + 5, actor.n - 5}, &id) != OK ||
        account_by_id(q->ctx->db, q->ctx->arena, &(struct account_by_id_in){id}, &a) != OK)
        return actor;
    return a.login;
}

static json_t *
version_json(struct api *q, const struct dictionary_history_row *r)
{
    return json_pack("{s:I, s:I, s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "version", (json_int_t) r->version, "base",
                     (json_int_t) r->base, "state", api_str(r->state), "rows", (json_int_t) r->rows_count, "reason",
                     api_str(r->reason), "proposed_by", api_str(login_of(q, r->proposed_by)), "proposed",
                     api_time(OPT(r->proposed_us)), "decided_by",
                     r->decided_by.n == 0 ? json_null() : api_str(login_of(q, r->decided_by)), "decided",
                     api_time(r->decided_us));
}

static enum err
history(struct api *q, const struct dictionary_kind *k, struct dictionary_history_row **r, size_t *n)
{
    return dictionary_history(q->ctx->db, q->ctx->arena, &(struct dictionary_history_in){str_of(k->id)}, r, n);
}

/* --- lists ---------------------------------------------------------------------------------------------------------------- */

static json_t *
columns_json(const struct dictionary_kind *k)
{
    json_t *v = json_array();

    for (size_t i = 0; i < k->column_count; i++)
        json_array_append_new(v, json_pack("{s:s, s:b}", "id", k->columns[i].id, "required", k->columns[i].required));
    return v;
}

static enum err
kind_json(struct api *q, const struct dictionary_kind *k, json_t **out)
{
    struct dictionary_history_row *r;
    json_t *now = NULL, *waiting = json_array();
    size_t n;
    enum err e = history(q, k, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        if (str_eq(r[i].state, STR("effective")) && now == NULL)
            now = version_json(q, &r[i]);
        if (str_eq(r[i].state, STR("proposed")))
            json_array_append_new(waiting, json_integer(r[i].version));
    }
    *out = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "id", k->id, "zh", k->zh, "en", k->en, "columns", columns_json(k),
                     "now", now == NULL ? json_null() : now, "proposals", waiting);
    return e;
}

enum err
api_dictionaries_get(struct api *q)
{
    json_t *rows = api_rows(q), *one;
    enum err e = OK;

    for (size_t i = 0; e == OK && i < dictionary_kind_count; i++)
        if ((e = kind_json(q, &dictionary_kinds[i], &one)) == OK)
            json_array_append_new(rows, one);
    return e;
}

enum err
api_dictionary_versions(struct api *q)
{
    const struct dictionary_kind *k;
    struct dictionary_history_row *r;
    size_t n;
    json_t *rows;
    enum err e = find_kind(q, &k);

    if (e == OK)
        e = history(q, k, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, version_json(q, &r[i]));
    return OK;
}

/* --- one version ------------------------------------------------------------------------------------------------------------ */

/* Against the version it was handed in upon. */
static enum err
compare(struct api *q, const struct dictionary_kind *k, const struct dictionary_get_row *r, json_t **diff,
        struct dictionary_counts *counts)
{
    struct dictionary_get_row base;
    json_t *before = NULL, *after = NULL;
    enum err e = dictionary_rows(r->content, &after);

    if (e == OK && r->base > 0)
        e = dictionary_get(q->ctx->db, q->ctx->arena, &(struct dictionary_get_in){str_of(k->id), r->base}, &base);
    if (e == OK && r->base > 0)
        e = dictionary_rows(base.content, &before);
    if (e == OK)
        e = dictionary_diff(before, after, DIFF_ROWS_MAX, diff, counts);
    json_decref(before);
    json_decref(after);
    return e;
}

static enum err
give_version(struct api *q, const struct dictionary_kind *k, const struct dictionary_get_row *r)
{
    struct dictionary_counts n;
    json_t *diff = NULL;
    enum err e = compare(q, k, r, &diff, &n);

    if (e != OK)
        return e;
    q->out = version_json(q, &(struct dictionary_history_row){r->version, r->base, r->state, r->rows_count, r->reason,
                                                              r->proposed_by, r->proposed_us, r->decided_by, r->decided_us});
    json_object_set_new(q->out, "added", json_integer((json_int_t) n.added));
    json_object_set_new(q->out, "changed", json_integer((json_int_t) n.changed));
    json_object_set_new(q->out, "removed", json_integer((json_int_t) n.removed));
    json_object_set_new(q->out, "unchanged", json_integer((json_int_t) n.unchanged));
    json_object_set_new(q->out, "columns", columns_json(k));
    json_object_set_new(q->out, "diff", diff);
    return OK;
}

enum err
api_dictionary_version(struct api *q)
{
    const struct dictionary_kind *k;
    struct dictionary_get_row r;
    enum err e = find_version(q, &k, &r);

    return e == OK ? give_version(q, k, &r) : e;
}

enum err
api_dictionary_rows(struct api *q)
{
    const struct dictionary_kind *k;
    struct dictionary_get_row r;
    json_t *rows;
    enum err e = find_version(q, &k, &r);

    if (e == OK)
        e = dictionary_rows(r.content, &rows);
    if (e == OK)
        q->out = json_pack("{s:o, s:o, s:n}", "columns", columns_json(k), "rows", rows, "next");
    return e;
}

static enum err
write_csv(const struct dictionary_kind *k, const json_t *rows, FILE *f)
{
    struct str cells[DICTIONARY_COLUMNS_MAX];
    const json_t *row;
    size_t i;
    enum err e = csv_write_bom(f);

    for (size_t j = 0; j < k->column_count; j++)
        cells[j] = str_of(k->columns[j].id);
    if (e == OK)
        e = csv_write_row(f, cells, k->column_count);
    json_array_foreach(rows, i, row) if (e == OK)
    {
        for (size_t j = 0; j < k->column_count; j++)
            cells[j] = str_of(json_string_value(json_array_get(row, j)));
        e = csv_write_row(f, cells, k->column_count);
    }
    return e;
}

enum err
api_dictionary_file(struct api *q)
{
    const struct dictionary_kind *k;
    struct dictionary_get_row r;
    json_t *rows = NULL;
    char *text = NULL;
    size_t n = 0;
    FILE *f;
    enum err e = find_version(q, &k, &r);

    if (e == OK)
        e = dictionary_rows(r.content, &rows);
    if (e != OK)
        return e;
    f = open_memstream(&text, &n);
    e = f == NULL ? ERR_MEMORY : write_csv(k, rows, f);
    json_decref(rows);
    if (f != NULL && fclose(f) != 0 && e == OK)
        e = ERR_MEMORY;
    q->reply->body = e == OK ? str_copy(q->ctx->arena, (struct str){text, n}) : NO_STR;
    free(text);
    if (e != OK || q->reply->body.p == NULL)
        return e != OK ? e : ERR_MEMORY;
    q->reply->status = 200;
    q->reply->type = "text/csv; charset=utf-8";
    q->reply->disposition = STR("attachment; filename=\"dictionary.csv\"");
    return OK;
}

/* --- handing in, deciding --------------------------------------------------------------------------------------------------- */

static void
tell_problems(struct api *q, const struct dictionary_problems *p)
{
    for (size_t i = 0; i < p->count && i < DICTIONARY_PROBLEMS_MAX; i++) {
        char place[64];

        snprintf(place, sizeof place, "%llu%s%s", (unsigned long long) p->list[i].line, p->list[i].column == NULL ? "" : "/",
                 p->list[i].column == NULL ? "" : p->list[i].column);
        (void) !api_wrong(q, place, p->list[i].err, p->list[i].detail.n == 0 ? NULL : str_z(q->ctx->arena, p->list[i].detail));
    }
    if (p->count > 0)
        (void) !ctx_refuse(q->ctx, ERR_INPUT, "%zu", p->count);
}

struct handing_in {
    const struct dictionary_kind *kind;
    const json_t *rows;
    int64_t version;
};

static enum err
hand_in(struct api *q, void *arg)
{
    struct handing_in *h = arg;

    return dictionary_propose(q->ctx, h->kind, h->rows, &h->version);
}

enum err
api_dictionary_post(struct api *q)
{
    struct handing_in h = {.version = 0};
    struct dictionary_problems *problems = arena_alloc(q->ctx->arena, sizeof *problems);
    struct dictionary_get_row r;
    json_t *rows = NULL;
    enum err e = problems == NULL ? ERR_MEMORY : find_kind(q, &h.kind);

    if (e == OK && q->call->upload_bytes == 0)
        e = ctx_refuse(q->ctx, ERR_MISSING, "the file is empty");
    if (e == OK && q->call->upload_bytes > DICTIONARY_FILE_BYTES_MAX)
        e = ERR_TOO_LARGE;
    if (e != OK)
        return e;
    e = dictionary_read(q->ctx, h.kind, q->call->upload_path, &rows, problems);
    if (e == ERR_INPUT)
        tell_problems(q, problems);
    h.rows = rows;
    if (e == OK)
        e = api_write(q, hand_in, &h);
    json_decref(rows);
    if (e == OK)
        e = dictionary_get(q->ctx->db, q->ctx->arena, &(struct dictionary_get_in){str_of(h.kind->id), h.version}, &r);
    if (e != OK)
        return e;
    q->status = 201;
    return give_version(q, h.kind, &r);
}

enum err
api_dictionary_effect(struct api *q)
{
    const struct dictionary_kind *k;
    struct dictionary_get_row r;
    uint64_t redated = 0;
    enum err e = find_version(q, &k, &r);

    if (e == OK)
        e = dictionary_effect(q->ctx, k, r.version, api_text(q, "reason"), &redated);
    if (e == ERR_MISSING)
        return api_wrong(q, "reason", e, NULL);
    if (e == OK && (e = find_version(q, &k, &r)) == OK)
        e = give_version(q, k, &r);
    if (e == OK)
        json_object_set_new(q->out, "redated", json_integer((json_int_t) redated));
    return e;
}

enum err
api_dictionary_withdraw(struct api *q)
{
    const struct dictionary_kind *k;
    struct dictionary_get_row r;
    enum err e = find_version(q, &k, &r);

    if (e == OK)
        e = dictionary_withdraw(q->ctx, k, r.version, api_text(q, "reason"));
    if (e == ERR_MISSING)
        return api_wrong(q, "reason", e, NULL);
    if (e == OK)
        e = find_version(q, &k, &r);
    return e == OK ? give_version(q, k, &r) : e;
}
