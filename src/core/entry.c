/* core/entry.c - entries of the log */
#include "core/entry.h"

#include <string.h>

static const char HEADER[] = "mingqian-log/v1\n";

/* 1 … max bytes of UTF-8 on one line. */
static enum err
check_text(struct str s, size_t max)
{
    if (s.n == 0 || s.n > max)
        return ERR_LENGTH;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char) s.p[i] < 0x20 || s.p[i] == 0x7F)
            return ERR_CHARSET;
    return utf8_valid(s) ? OK : ERR_CHARSET;
}

static bool
is_word(struct str s)
{
    if (s.n == 0 || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_')
            return false;
    return true;
}

static enum err
check_act(struct str s)
{
    struct str noun, verb;

    if (s.n == 0 || s.n > ENTRY_ACT_MAX)
        return ERR_LENGTH;
    return str_split(s, '.', &noun, &verb) && is_word(noun) && is_word(verb) ? OK : ERR_CHARSET;
}

static enum err
check_detail(struct str s)
{
    enum err e;

    if (s.p == NULL)
        return OK;
    e = check_text(s, ENTRY_BYTES_MAX);
    if (e != OK)
        return e;
    return s.n >= 2 && s.p[0] == '{' && s.p[s.n - 1] == '}' ? OK : ERR_CHARSET;
}

static enum err
check_entry(const struct entry *e)
{
    enum err r = e->id < 1 || e->time_us < 0 ? ERR_RANGE : OK;

    if (r == OK)
        r = check_text(e->actor, ENTRY_ACTOR_MAX);
    if (r == OK)
        r = check_act(e->act);
    if (r == OK)
        r = check_text(e->subject, ENTRY_SUBJECT_MAX);
    return r == OK ? check_detail(e->detail) : r;
}

static void
put_line(struct buf *b, const char *name, struct str value)
{
    buf_z(b, name);
    buf_str(b, value);
    buf_z(b, "\n");
}

enum err
entry_write(struct buf *b, const struct entry *e)
{
    size_t start = b->n;
    enum err r = check_entry(e);

    if (r != OK)
        return r;
    buf_z(b, HEADER);
    buf_z(b, "id ");
    buf_i64(b, e->id);
    buf_z(b, "\ntime ");
    buf_i64(b, e->time_us);
    put_line(b, "\nactor ", e->actor);
    put_line(b, "act ", e->act);
    put_line(b, "subject ", e->subject);
    put_line(b, "detail ", e->detail.p == NULL ? STR("-") : e->detail);
    if (!b->overflow && b->n - start <= ENTRY_BYTES_MAX)
        return OK;
    b->n = start;
    b->overflow = false;
    return ERR_TOO_LARGE;
}

/* Take "NAMEvalue LF" off *rest. */
static enum err
take_line(struct str *rest, const char *name, struct str *value)
{
    struct str line, label = str_of(name);

    if (!str_split(*rest, '\n', &line, rest) || !str_starts(line, label))
        return ERR_SYNTAX;
    *value = (struct str){line.p + label.n, line.n - label.n};
    return OK;
}

static enum err
take_number(struct str *rest, const char *name, int64_t *out)
{
    struct str text;
    uint64_t v = 0;
    enum err e = take_line(rest, name, &text);

    if (e == OK)
        e = str_u64(text, INT64_MAX, &v);
    if (e == OK)
        *out = (int64_t) v;
    return e;
}

enum err
entry_parse(struct str bytes, struct entry *out)
{
    struct entry v = {0};
    struct str rest = bytes, header;
    enum err e = bytes.n > ENTRY_BYTES_MAX ? ERR_TOO_LARGE : take_line(&rest, "mingqian-log/v1", &header);

    if (e == OK && header.n != 0)
        e = ERR_SYNTAX;
    if (e == OK)
        e = take_number(&rest, "id ", &v.id);
    if (e == OK)
        e = take_number(&rest, "time ", &v.time_us);
    if (e == OK)
        e = take_line(&rest, "actor ", &v.actor);
    if (e == OK)
        e = take_line(&rest, "act ", &v.act);
    if (e == OK)
        e = take_line(&rest, "subject ", &v.subject);
    if (e == OK)
        e = take_line(&rest, "detail ", &v.detail);
    if (e == OK && rest.n != 0)
        e = ERR_SYNTAX;
    if (e == OK && str_eq(v.detail, STR("-")))
        v.detail = (struct str){0};
    if (e == OK)
        e = check_entry(&v);
    if (e == OK)
        *out = v;
    return e;
}
