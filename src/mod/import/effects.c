/* mod/import/effects.c - what an import of the office did with a row: shown, and kept to be undone */
#include <stdlib.h>
#include <string.h>

#include "mod/import/importer.h"
#include "mod/journal/journal.h"
#include "mod/json.h"

struct show_words
import_words(const struct importer *im)
{
    return (struct show_words) {im->departments, im->department_count};
}

/* {"line", "key", "before", "after"}: one text of a list. */
static void
show(struct trail *list, uint64_t shown_max, struct str key, uint64_t line, const json_t *before, const json_t *after)
{
    json_t *v;
    char *text;

    if (list->count >= shown_max)
        return;
    v = json_pack("{s:I, s:s%, s:O?, s:O?}", "line", (json_int_t) line, "key", key.p, key.n, "before", before, "after", after);
    text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);
    if (text == NULL)
        list->error = ERR_MEMORY;
    else
        trail_put(list, str_of(text));
    free(text);
    json_decref(v);
}

static enum err
keep(struct importer *im, struct str key, uint64_t line, bool is_new, const json_t *before, const json_t *after)
{
    char *old = before == NULL ? NULL : json_dumps(before, JSON_COMPACT);
    char *new = after == NULL ? NULL : json_dumps(after, JSON_COMPACT);
    enum err e = (before != NULL && old == NULL) || (after != NULL && new == NULL) ? ERR_MEMORY : OK;

    if (e == OK)
        e = import_change_insert(im->c->db, &(struct import_change_insert_in) {
                                                im->o->office->id, ++im->seq, (int64_t) line, key,
                                                is_new ? STR("new") : STR("changed"), str_of(old), str_of(new)});
    free(old);
    free(new);
    return e;
}

enum err
import_effect(struct importer *im, struct str key, uint64_t line, bool is_new, bool changed, const json_t *before,
              const json_t *after)
{
    if (is_new)
        im->r->added++;
    else if (changed)
        im->r->changed++;
    else
        im->r->unchanged++;
    if (im->o->office == NULL || (!is_new && !changed))
        return OK;
    if (!im->o->dry_run)
        return keep(im, key, line, is_new, before, after);
    show(is_new ? &im->fresh : &im->changed, is_new ? IMPORT_NEW_SHOWN : IMPORT_CHANGED_SHOWN, key, line, before, after);
    return OK;
}

void
import_conflict(struct importer *im, struct str key, uint64_t line, const json_t *before, const json_t *after)
{
    im->r->conflicts++;
    if (im->o->office != NULL)
        show(&im->conflicts, IMPORT_CHANGED_SHOWN, key, line, before, after);
}

/* small registers ------------------------------------------------------------------------------------------------ */

static enum err
prepare(struct importer *im, const struct import_say *say)
{
    const json_t *version, *department;
    enum err e;

    if (im->o->office == NULL && !say->version.set && im->c->department.n == 0)
        return OK;
    e = snapshot_take(im->c, im->o->kind, say->key, &im->before);
    if (e != OK)
        return e;
    version = json_object_get(im->before, im->o->kind == IMPORT_ITEMS || im->o->kind == IMPORT_JOINT ? "version" : "row_version");
    im->stale = say->version.set && json_integer_value(version) != say->version.v;
    if (im->c->department.n == 0 || say->department.n == 0)
        return OK;
    department = json_object_get(im->before, "department");
    if (!str_eq(say->department, im->c->department) ||
        (json_is_string(department) && !str_eq(str_of(json_string_value(department)), im->c->department)))
        import_bad(im, say->department_column, ERR_PERMISSION,
                   im->o->chinese ? STR("不是本部门的") : STR("another department's"));
    return OK;
}

/* Somebody changed the row since the file was exported: what the file says is shown, not stored. */
static enum err
conflict(struct importer *im, const struct import_say *say, bool *is_conflict)
{
    bool is_new = false, changed = false;
    json_t *after = NULL;
    enum err e = say->accept(im, say->say, true, &is_new, &changed);

    *is_conflict = e == OK && (is_new || changed);
    if (!*is_conflict)
        return e;
    import_bad(im, say->version_column, ERR_CONFLICT, (struct str) {NULL, 0});
    if (im->o->office == NULL)
        return OK;
    e = db_begin(im->c->db);
    if (e != OK)
        return e;
    e = say->accept(im, say->say, false, &is_new, &changed);
    if (e == OK)
        e = snapshot_take(im->c, im->o->kind, say->key, &after);
    e = db_end(im->c->db, e == OK ? ERR_CANCELLED : e);
    if (e == ERR_CANCELLED)
        import_conflict(im, say->key, im->row.line, im->before, after);
    json_decref(after);
    return e == ERR_CANCELLED ? OK : e;
}

enum err
import_accept(struct importer *im, const struct import_say *say)
{
    bool is_new = false, changed = false, is_conflict = false;
    json_t *after = NULL;
    enum err e = prepare(im, say);

    if (e == OK && !im->row_bad && im->stale)
        e = conflict(im, say, &is_conflict);
    if (e != OK || im->row_bad || is_conflict)
        return e;
    e = say->accept(im, say->say, im->o->dry_run && im->o->office == NULL, &is_new, &changed);
    if (e == OK && im->o->office != NULL && (is_new || changed))
        e = snapshot_take(im->c, im->o->kind, say->key, &after);
    if (e == OK && !im->row_bad)
        e = import_effect(im, say->key, im->row.line, is_new, changed, im->before, after);
    json_decref(after);
    return e;
}

enum err
import_write(struct importer *im, import_act fn, void *arg)
{
    return im->o->office->write(im->o->office->write_ctx, im->c, fn, arg);
}

static enum err
begin(struct ctx *c, void *arg)
{
    const struct importer *im = arg;
    char subject[40];
    struct buf b = buf_over(subject, sizeof subject), d;
    struct str detail;
    enum err e = buf_in(c, 256, &d);

    if (e != OK)
        return e;
    buf_z(&b, "import/");
    buf_i64(&b, im->o->office->id);
    buf_z(&d, "{\"kind\":\"");
    buf_z(&d, import_kind_name(im->o->kind));
    buf_z(&d, "\",\"sha256\":\"");
    buf_str(&d, im->o->office->sha256);
    buf_z(&d, "\"}");
    e = buf_take(c, &d, &detail);
    return e == OK ? journal_add(c, &(struct journal_act) {STR("import.begin"), buf_view(&b), detail}) : e;
}

enum err
import_begin(struct importer *im)
{
    return import_write(im, begin, im);
}
