/* mod/journal/journal.c - entries */
#include "journal.h"

#include "mod/journal_sql.h"

enum { NAME_BYTES_MAX = 64, WORDS_BYTES_MAX = 256 };

static bool
name_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_' ||
              s.p[i] == '.'))
            return false;
    return s.n >= 1 && s.n <= NAME_BYTES_MAX;
}

/* Words go between quotes in JSON: nothing that would need an escape. */
static bool
words_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char) s.p[i] < 0x20 || s.p[i] == 0x7F || s.p[i] == '"' || s.p[i] == '\\')
            return false;
    return s.n >= 1 && s.n <= WORDS_BYTES_MAX && utf8_valid(s);
}

/* The bytes of an entry: docs/spec/log-1.md. */
static struct str
entry_of(struct ctx *c, const struct journal_act *act)
{
    struct buf b = buf_over(arena_alloc(c->arena, JOURNAL_ENTRY_BYTES_MAX), JOURNAL_ENTRY_BYTES_MAX);

    if (b.p == NULL)
        return (struct str) {NULL, 0};
    buf_z(&b, "{\"act\":\"");
    buf_str(&b, act->act);
    buf_z(&b, "\",\"actor\":\"");
    buf_str(&b, c->actor);
    if (act->detail.n > 0) {
        buf_z(&b, "\",\"detail\":");
        buf_str(&b, act->detail);
        buf_z(&b, ",\"subject\":\"");
    } else
        buf_z(&b, "\",\"subject\":\"");
    buf_str(&b, act->subject);
    buf_z(&b, "\",\"time_us\":");
    buf_i64(&b, c->now_us);
    buf_z(&b, "}");
    return b.overflow ? (struct str) {b.p, 0} : buf_view(&b);
}

/* Ids ascend in the order of commit where the clock does; never below what is there, even if the clock went back. */
static enum err
next_id(struct ctx *c, int64_t *id)
{
    struct journal_last_id_row last;
    enum err e = ctx_new_id(c, id);

    if (e == OK)
        e = journal_last_id(c->db, c->arena, &last);
    if (e == OK && *id <= last.id)
        *id = last.id + 1;
    return e;
}

enum err
journal_add(struct ctx *c, const struct journal_act *act)
{
    size_t mark = arena_mark(c->arena);
    struct str entry;
    int64_t id;
    enum err e;

    if (!name_ok(act->act) || !words_ok(act->subject) || !words_ok(c->actor))
        return ERR_INPUT;
    entry = entry_of(c, act);
    if (entry.n == 0)
        return entry.p == NULL ? ERR_MEMORY : ERR_TOO_LARGE;
    e = next_id(c, &id);
    if (e == OK)
        e = journal_put(c->db, &(struct journal_put_in) {id, c->now_us, c->actor, act->act, act->subject, entry});
    arena_rewind(c->arena, mark);
    return e == OK || e == ERR_BUSY || e == ERR_NO_SPACE ? e : ERR_JOURNAL;
}
