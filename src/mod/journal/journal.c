/* mod/journal/journal.c - entries */
#include "journal.h"

#include <unistd.h>

#include "core/entry.h"
#include "mod/file.h"
#include "mod/journal_sql.h"

/* Ids ascend in the order of commit where the clock does; never below what is there, even if the clock went back. The last id
 * is asked for once in a transaction, then remembered: a group commit writes many entries. */
static enum err
next_id(struct ctx *c, int64_t *id)
{
    int64_t *last = db_memo(c->db);
    struct journal_last_id_row row = {*last};
    enum err e = ctx_new_id(c, id);

    if (e == OK && row.id == 0)
        e = journal_last_id(c->db, c->arena, &row);
    if (e == OK && *id <= row.id)
        *id = row.id + 1;
    if (e == OK)
        *last = *id;
    return e;
}

static enum err
put_entry(struct ctx *c, const struct journal_act *act, struct buf *b)
{
    struct entry entry = {.time_us = c->now_us, .actor = c->actor, .act = act->act, .subject = act->subject,
                          .detail = act->detail.n == 0 ? (struct str) {NULL, 0} : act->detail};
    enum err e = next_id(c, &entry.id);

    if (e != OK)
        return e == ERR_BUSY || e == ERR_NO_SPACE ? e : ERR_JOURNAL;
    e = entry_write(b, &entry);
    if (e != OK)
        return e;
    e = journal_put(c->db, &(struct journal_put_in) {entry.id, c->now_us, c->actor, act->act, act->subject,
                                                     buf_view(b)});
    return e == OK || e == ERR_BUSY || e == ERR_NO_SPACE ? e : ERR_JOURNAL;
}

/* A change that cannot be logged is refused, before anything of it is kept: this is inside its transaction. */
static enum err
can_be_logged(struct ctx *c)
{
    char path[FILE_PATH_BYTES];
    enum err e = c->needs_log_key ? file_path(path, c->dir, STR("keys/log.key")) : OK;

    if (e == OK && c->needs_log_key && access(path, R_OK) != 0)
        return ctx_refuse(c, ERR_JOURNAL, "keys/log.key cannot be read: a change that cannot be logged is refused");
    return e;
}

enum err
journal_add(struct ctx *c, const struct journal_act *act)
{
    size_t mark = arena_mark(c->arena);
    struct buf b = buf_over(arena_alloc(c->arena, ENTRY_BYTES_MAX), ENTRY_BYTES_MAX);
    enum err e = b.p == NULL ? ERR_MEMORY : can_be_logged(c);

    if (e == OK)
        e = put_entry(c, act, &b);

    arena_rewind(c->arena, mark);
    return e;
}

enum err
journal_newest(struct ctx *c, int64_t *id)
{
    struct journal_last_id_row last;
    enum err e = journal_last_id(c->db, c->arena, &last);

    if (e == OK)
        *id = last.id;
    return e;
}
