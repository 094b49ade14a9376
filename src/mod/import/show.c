/* mod/import/show.c - see show.h */
#include "mod/import/show.h"

#include <stdio.h>
#include <string.h>

#include "core/calendar.h"

static const struct str NONE;

struct str
import_column_title(const struct import_column *column)
{
    struct str first, rest;

    (void) str_split(str_of(column->words), '|', &first, &rest);
    return first;
}

/* words ------------------------------------------------------------------------------------------------------ */

/* The word of an id in "id=word|…"; the id itself when it has none. */
static struct str
word_of(const char *ids, struct str id)
{
    struct str rest = str_of(ids), one, name, word;

    for (bool more = ids != NULL; more;) {
        more = str_split(rest, '|', &one, &rest);
        if (str_split(one, '=', &name, &word) && str_eq(name, id))
            return word;
    }
    return id;
}

static struct str
department_name(const struct show_words *w, struct str code)
{
    for (size_t i = 0; i < w->department_count; i++)
        if (str_eq(w->departments[i].code, code))
            return w->departments[i].name;
    return code;
}

static struct str
part_name(const struct show_words *w, const struct import_column *column, struct str part)
{
    switch (column->show) {
    case SHOW_WORD:
    case SHOW_WORDS:
        return word_of(column->ids, part);
    case SHOW_DEPARTMENT:
    case SHOW_DEPARTMENTS:
    case SHOW_PARTNERS:
        return department_name(w, part);
    default:
        return part;
    }
}

/* lists ------------------------------------------------------------------------------------------------------ */

static struct str
text_of(const json_t *v)
{
    return json_is_string(v) ? (struct str) {json_string_value(v), json_string_length(v)} : NONE;
}

/* A buffer that surely holds a list of n bytes with names longer than codes. */
static bool
room(struct arena *a, size_t bytes, struct buf *b)
{
    char *p = arena_alloc(a, bytes);

    *b = buf_over(p, p == NULL ? 0 : bytes);
    return p != NULL;
}

static struct str
finished(const struct buf *b)
{
    return b->overflow || b->n == 0 ? NONE : buf_view(b);
}

static struct str
join_array(struct arena *a, const struct show_words *w, const struct import_column *column, const json_t *list)
{
    size_t i, bytes = 16;
    const json_t *v;
    struct buf b;

    json_array_foreach(list, i, v) bytes += part_name(w, column, text_of(v)).n + 4;
    if (!room(a, bytes, &b))
        return NONE;
    json_array_foreach(list, i, v)
    {
        buf_z(&b, b.n > 0 ? "、" : "");
        buf_str(&b, part_name(w, column, text_of(v)));
    }
    return finished(&b);
}

static struct str
join_lines(struct arena *a, const struct show_words *w, const struct import_column *column, struct str lines)
{
    struct str rest = lines, one;
    size_t bytes = 16;
    struct buf b;

    for (bool more = true; more;) {
        more = str_split(rest, '\n', &one, &rest);
        bytes += part_name(w, column, one).n + 4;
    }
    if (!room(a, bytes, &b))
        return NONE;
    rest = lines;
    for (bool more = true; more;) {
        more = str_split(rest, '\n', &one, &rest);
        buf_z(&b, b.n > 0 ? "、" : "");
        buf_str(&b, part_name(w, column, one));
    }
    return finished(&b);
}

/* Objects: the named fields joined by a sign, the objects by ; (trailing signs of missing fields are left out). */
static struct str
join_objects(struct arena *a, const json_t *list, const char *const *names, size_t count, const char *sign)
{
    size_t i, bytes = 16;
    const json_t *v;
    struct buf b;

    json_array_foreach(list, i, v) for (size_t k = 0; k < count; k++) bytes +=
        text_of(json_object_get(v, names[k])).n + strlen(sign) + 4;
    if (!room(a, bytes, &b))
        return NONE;
    json_array_foreach(list, i, v)
    {
        size_t signs = 0;

        buf_z(&b, b.n > 0 ? ";" : "");
        for (size_t k = 0; k < count; k++) {
            struct str part = text_of(json_object_get(v, names[k]));

            signs += k > 0;
            if (part.n == 0)
                continue;
            for (; signs > 0; signs--)
                buf_z(&b, sign);
            buf_str(&b, part);
        }
    }
    return finished(&b);
}

static struct str
show_list(struct arena *a, const struct show_words *w, const struct import_column *column, const json_t *list)
{
    static const char *const POINTS[] = {"content", "how"}, *const BASIS[] = {"law", "article", "text"},
                             *const LICENCES[] = {"name", "no", "to", "issuer"};

    switch (column->show) {
    case SHOW_POINTS:
        return join_objects(a, list, POINTS, 2, "——");
    case SHOW_BASIS:
        return join_objects(a, list, BASIS, 3, " ");
    case SHOW_LICENCES:
        return join_objects(a, list, LICENCES, 4, "|");
    default:
        return join_array(a, w, column, list);
    }
}

/* values ----------------------------------------------------------------------------------------------------- */

static bool
is_list(enum import_show show)
{
    return show == SHOW_WORDS || show == SHOW_LIST || show == SHOW_PARTNERS || show == SHOW_POINTS ||
           show == SHOW_BASIS || show == SHOW_LICENCES;
}

struct str
import_show_stored(struct arena *a, const struct show_words *w, const struct import_column *column, struct str stored)
{
    json_t *list;
    struct str s;

    if (stored.n == 0)
        return NONE;
    if (column->show == SHOW_LINES || column->show == SHOW_DEPARTMENTS)
        return join_lines(a, w, column, stored);
    if (!is_list(column->show))
        return str_copy(a, part_name(w, column, stored));
    list = json_loadb(stored.p, stored.n, 0, NULL);
    s = json_is_array(list) ? show_list(a, w, column, list) : NONE;
    json_decref(list);
    return s;
}

static struct str
show_number(struct arena *a, enum import_show show, int64_t v)
{
    char *p = arena_alloc(a, 32);
    struct buf b = buf_over(p, 31);

    if (p == NULL)
        return NONE;
    if (show == SHOW_YES)
        return v != 0 ? STR("是") : STR("否");
    if (show == SHOW_DAY) {
        day_format(v, p);
        return (struct str) {p, DAY_TEXT};
    }
    if (show != SHOW_PERCENT) {
        buf_i64(&b, v);
        return buf_view(&b);
    }
    buf_i64(&b, v / 100);
    if (v % 100 != 0) {
        char cents[4] = {'.', (char) ('0' + v / 10 % 10), (char) ('0' + v % 10), 0};

        cents[cents[2] == '0' ? 2 : 3] = 0;
        buf_z(&b, cents);
    }
    buf_z(&b, "%");
    return buf_view(&b);
}

struct str
import_show_value(struct arena *a, const struct show_words *w, const struct import_column *column, const json_t *value)
{
    if (column->show == SHOW_NOT || value == NULL || json_is_null(value))
        return NONE;
    if (json_is_integer(value))
        return show_number(a, column->show, json_integer_value(value));
    if (json_is_array(value))
        return show_list(a, w, column, value);
    return import_show_stored(a, w, column, text_of(value));
}

/* rows ------------------------------------------------------------------------------------------------------- */

/* The value of a column in a snapshot; "list.field" takes the nth part of the list. */
static const json_t *
value_at(const json_t *snapshot, const struct import_column *column, size_t nth, size_t *lines)
{
    struct str list, field, path = str_of(column->field != NULL ? column->field : column->id);
    char name[64];
    const json_t *parts;

    if (!str_split(path, '.', &list, &field))
        return json_object_get(snapshot, path.p);
    if (list.n >= sizeof name)
        return NULL;
    memcpy(name, list.p, list.n);
    name[list.n] = 0;
    parts = json_object_get(snapshot, name);
    if (json_array_size(parts) > *lines)
        *lines = json_array_size(parts);
    return json_object_get(json_array_get(parts, nth), field.p);
}

bool
import_show(struct arena *a, const struct show_words *w, enum import_kind kind, const json_t *snapshot, size_t nth,
            struct str cells[static SHOW_CELLS_MAX])
{
    size_t count, lines = 1;
    const struct import_column *columns = import_columns(kind, &count);

    for (size_t i = 0; i < count && i < SHOW_CELLS_MAX; i++)
        cells[i] = import_show_value(a, w, &columns[i], value_at(snapshot, &columns[i], nth, &lines));
    return nth < lines;
}

static void
diff_line(json_t *out, const struct import_column *columns, size_t count, const struct str *before, const struct str *after)
{
    for (size_t i = 0; i < count; i++) {
        struct str title = import_column_title(&columns[i]);

        if (strcmp(columns[i].id, "row_version") == 0 || (before[i].n == 0 && after[i].n == 0) ||
            (before[i].n == after[i].n && memcmp(before[i].p, after[i].p, after[i].n) == 0))
            continue;
        json_array_append_new(out, json_pack("{s:s, s:s%, s:s%, s:s%}", "field", columns[i].id, "title", title.p, title.n,
                                             "before", before[i].n > 0 ? before[i].p : "", before[i].n, "after",
                                             after[i].n > 0 ? after[i].p : "", after[i].n));
    }
}

json_t *
import_diff(struct arena *a, const struct show_words *w, enum import_kind kind, const json_t *before, const json_t *after)
{
    struct str old[SHOW_CELLS_MAX], new[SHOW_CELLS_MAX];
    size_t count;
    const struct import_column *columns = import_columns(kind, &count);
    json_t *out = json_array();

    for (size_t nth = 0; out != NULL && nth < 16; nth++) {
        bool more_old, more_new;

        memset(old, 0, sizeof old);
        memset(new, 0, sizeof new);
        more_old = before != NULL && import_show(a, w, kind, before, nth, old);
        more_new = after != NULL && import_show(a, w, kind, after, nth, new);
        if (!more_old && !more_new)
            break;
        diff_line(out, columns, count, old, new);
    }
    return out;
}
