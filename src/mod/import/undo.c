/* mod/import/undo.c - an import of the office taken back, row by row (ADR 0006) */
#include <string.h>

#include "mod/import/importer.h"
#include "mod/journal/journal.h"
#include "mod/json.h"

enum { UNDO_ROWS = 50, /* of one transaction: others wait */ ID_RANDOM_BITS = 20 };

int64_t
import_began_us(int64_t id)
{
    return (id >> ID_RANDOM_BITS) * 1000;
}

int64_t
import_id_at(int64_t time_us)
{
    return time_us / 1000 << ID_RANDOM_BITS;
}

struct undoing {
    const struct import_undo *u;
    int64_t below, done, total;
    bool ended;
};

/* Is the row still as the import left it? */
static bool
untouched(const struct import_change_next_row *change, const json_t *before, const json_t *after, const json_t *now)
{
    int64_t version;

    if (now == NULL)
        return false;
    if (after != NULL)
        return snapshot_same(after, now);
    version = before == NULL ? 0 : json_integer_value(json_object_get(before, "row_version"));
    return json_integer_value(json_object_get(now, "row_version")) == version + 1 && change->effect.n > 0;
}

/* One row. state: undone, removed, or kept with why. */
static enum err
undo_row(struct ctx *c, const struct import_undo *u, const struct import_change_next_row *change)
{
    json_t *before = change->before.n == 0 ? NULL : json_loadb(change->before.p, change->before.n, 0, NULL);
    json_t *after = change->after.n == 0 ? NULL : json_loadb(change->after.p, change->after.n, 0, NULL), *now = NULL;
    struct import_change_move_in move = {u->import, change->seq, STR("kept"), STR("changed")};
    bool referred = false;
    enum err e = snapshot_take(c, u->kind, change->key, &now);

    if (e == OK && untouched(change, before, after, now)) {
        e = snapshot_restore(c, u->kind, change->key, before, import_began_us(u->import), &referred);
        if (e == OK && referred) {
            move.why = STR("referred");
        } else if (e == OK) {
            move.state = before == NULL ? STR("removed") : STR("undone");
            move.why = (struct str) {NULL, 0};
        } else if (e == ERR_STATE) { /* another process was faster: it stays as it is now */
            e = OK;
        }
    }
    json_decref(before);
    json_decref(after);
    json_decref(now);
    return e == OK ? import_change_move(c->db, &move) : e;
}

static enum err
undo_some(struct ctx *c, void *arg)
{
    struct undoing *w = arg;
    struct import_change_next_row *rows;
    size_t n, mark = arena_mark(c->arena);
    enum err e = import_change_next(c->db, c->arena, &(struct import_change_next_in) {w->u->import, w->below, UNDO_ROWS},
                                    &rows, &n);

    for (size_t i = 0; i < n && e == OK; i++) {
        size_t row = arena_mark(c->arena);

        e = undo_row(c, w->u, &rows[i]);
        w->below = rows[i].seq;
        arena_rewind(c->arena, row);
    }
    w->ended = n < UNDO_ROWS;
    w->done += (int64_t) n;
    arena_rewind(c->arena, mark);
    return e;
}

static enum err
counts(struct ctx *c, int64_t import, int64_t out[static 4])
{
    static const struct str STATES[] = {{"undone", 6}, {"removed", 7}, {"kept", 4}, {"applied", 7}};
    struct import_change_counts_row *rows;
    size_t n;
    enum err e = import_change_counts(c->db, c->arena, &(struct import_change_counts_in) {import}, &rows, &n);

    memset(out, 0, 4 * sizeof *out);
    for (size_t i = 0; e == OK && i < n; i++)
        for (size_t k = 0; k < 4; k++)
            if (str_eq(rows[i].state, STATES[k]))
                out[k] = rows[i].changes;
    return e;
}

static enum err
note_undo(struct ctx *c, const struct import_undo *u, const int64_t n[static 4])
{
    char subject[40];
    struct buf b = buf_over(subject, sizeof subject), d;
    struct str detail;
    enum err e = buf_in(c, 6 * u->reason.n + 256, &d);

    if (e != OK)
        return e;
    buf_z(&b, "import/");
    buf_i64(&b, u->import);
    buf_z(&d, "{\"undone\":");
    buf_i64(&d, n[0]);
    buf_z(&d, ",\"removed\":");
    buf_i64(&d, n[1]);
    buf_z(&d, ",\"kept\":");
    buf_i64(&d, n[2]);
    if (u->reason.n > 0) {
        buf_z(&d, ",\"reason\":");
        json_put_text(&d, u->reason);
    }
    buf_z(&d, "}");
    e = buf_take(c, &d, &detail);
    return e == OK ? journal_add(c, &(struct journal_act) {u->reason.n > 0 ? STR("import.undo") : STR("import.cancel"),
                                                           buf_view(&b), detail})
                   : e;
}

static enum err
undo_end(struct ctx *c, void *arg)
{
    const struct import_undo *u = arg;
    int64_t n[4];
    enum err e = counts(c, u->import, n);

    if (e == OK && (u->reason.n > 0 || n[0] + n[1] + n[2] > 0))
        e = note_undo(c, u, n);
    return e == OK && u->finish != NULL ? u->finish(c, u->finish_arg, n[0], n[1], n[2]) : e;
}

enum err
import_undo(struct ctx *c, const struct import_undo *u)
{
    struct undoing w = {.u = u, .below = INT64_MAX};
    int64_t n[4];
    enum err e = counts(c, u->import, n);

    w.total = n[3];
    while (e == OK && !w.ended) {
        if (u->stop != NULL && *u->stop)
            return ERR_CANCELLED;
        e = u->write(u->write_ctx, c, undo_some, &w);
        if (u->progress != NULL)
            u->progress(u->progress_ctx, IMPORT_UNDOING, (uint64_t) w.done, (uint64_t) w.total);
    }
    return e == OK ? u->write(u->write_ctx, c, undo_end, (void *) u) : e;
}
