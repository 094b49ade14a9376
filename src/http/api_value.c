/* http/api_value.c - values of contents and answers */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "core/calendar.h"
#include "mod/json.h"

struct str
api_text(const struct api *q, const char *name)
{
    const json_t *v = json_object_get(q->in, name);

    return json_is_string(v) && json_string_length(v) > 0
               ? (struct str){json_string_value(v), json_string_length(v)}
               : NO_STR;
}

struct opt_i64
api_number(const struct api *q, const char *name)
{
    const json_t *v = json_object_get(q->in, name);

    return json_is_integer(v) ? OPT(json_integer_value(v)) : (struct opt_i64){false, 0};
}

bool
api_has(const struct api *q, const char *name)
{
    return json_object_get(q->in, name) != NULL;
}

enum err
api_day(struct api *q, const char *name, struct opt_i64 *out)
{
    struct str s = api_text(q, name);
    int64_t day = 0;
    enum err e = s.n == 0 ? OK : day_parse(s, &day);

    *out = (struct opt_i64){s.n > 0, day};
    return e == OK ? OK : api_wrong(q, name, ERR_DATE, NULL);
}

enum err
api_json(struct api *q, const char *name, struct str *out)
{
    const json_t *v = json_object_get(q->in, name);
    char *text;

    *out = NO_STR;
    if (v == NULL || json_is_null(v) || (json_is_array(v) && json_array_size(v) == 0))
        return OK;
    if ((text = json_dumps(v, JSON_COMPACT)) == NULL)
        return ERR_MEMORY;
    *out = str_copy(q->ctx->arena, str_of(text));
    free(text);
    return out->p == NULL ? ERR_MEMORY : OK;
}

static int
by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *) a, *(const struct str *) b);
}

static bool
line_ok(const json_t *v)
{
    return json_is_string(v) && json_string_length(v) > 0 && strpbrk(json_string_value(v), "\n\r\t") == NULL;
}

enum err
api_lines(struct api *q, const char *name, struct str *out)
{
    const json_t *v = json_object_get(q->in, name);
    size_t n = json_array_size(v), bytes = 0;
    struct str *parts = arena_array(q->ctx->arena, n + 1, sizeof *parts);
    struct buf b;
    enum err e;

    *out = NO_STR;
    if (parts == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(v, i);

        if (!line_ok(one))
            return api_wrong(q, name, ERR_INPUT, NULL);
        parts[i] = (struct str){json_string_value(one), json_string_length(one)};
        bytes += parts[i].n + 1;
    }
    if (n == 0)
        return OK;
    qsort(parts, n, sizeof *parts, by_bytes);
    if ((e = buf_in(q->ctx, bytes + 1, &b)) != OK)
        return e;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && str_eq(parts[i], parts[i - 1]))
            continue;
        if (i > 0)
            buf_z(&b, "\n");
        buf_str(&b, parts[i]);
    }
    *out = buf_view(&b);
    return OK;
}

struct str
api_query(const struct api *q, const char *name)
{
    struct str s = http_query(q->ctx->arena, q->call->query, name);

    return s.n == 0 ? NO_STR : s;
}

enum err
api_limit(const struct api *q, int64_t *out)
{
    struct str s = api_query(q, "limit");
    uint64_t v = API_ROWS_DEFAULT;

    if (s.n > 0 && (str_u64(s, API_ROWS_MAX, &v) != OK || v == 0))
        return ctx_refuse(q->ctx, ERR_RANGE, "limit: 1 to %d", API_ROWS_MAX);
    *out = (int64_t) v;
    return OK;
}

enum err
api_number_of(struct str digits, int64_t *out)
{
    uint64_t v;

    if (str_u64(digits, INT64_MAX, &v) != OK)
        return ERR_NOT_FOUND;
    *out = (int64_t) v;
    return OK;
}

enum err
api_if_match(const struct api *q, int64_t *version)
{
    struct str s = q->call->if_match;
    uint64_t v;

    if (s.n == 0)
        return ERR_PRECONDITION;
    if (s.n < 3 || s.p[0] != '"' || s.p[s.n - 1] != '"' ||
        str_u64((struct str){s.p + 1, s.n - 2}, INT64_MAX, &v) != OK)
        return ERR_CONFLICT;
    *version = (int64_t) v;
    return OK;
}

struct str
api_level(const struct api *q)
{
    struct str r = q->ctx->region;
    char text[] = "000000";

    if (r.n == 0)
        return NO_STR;
    memcpy(text, r.p, r.n < 6 ? r.n : 6); /* 4115: the city, 411500 */
    return str_copy(q->ctx->arena, str_of(text));
}

json_t *
api_str(struct str s)
{
    return s.p == NULL ? json_null() : json_stringn(s.p, s.n);
}

json_t *
api_i64(struct opt_i64 v)
{
    return v.set ? json_integer(v.v) : json_null();
}

json_t *
api_date(struct opt_i64 day)
{
    char text[DAY_TEXT + 1];

    if (!day.set)
        return json_null();
    day_format(day.v, text);
    return json_string(text);
}

json_t *
api_time(struct opt_i64 us)
{
    char text[40];
    struct buf b = buf_over(text, sizeof text - 1);
    int64_t seconds;

    if (!us.set)
        return json_null();
    seconds = (us.v / 1000000 + 8 * 3600) % 86400;
    day_format(day_of_us(us.v), text);
    b.n = DAY_TEXT;
    buf_z(&b, "T");
    for (int i = 0; i < 3; i++) {
        int64_t v = i == 0 ? seconds / 3600 : i == 1 ? seconds / 60 % 60 : seconds % 60;

        buf_z(&b, v < 10 ? "0" : "");
        buf_i64(&b, v);
        buf_z(&b, i < 2 ? ":" : "+08:00");
    }
    return json_stringn(text, b.n);
}

json_t *
api_list(struct str json)
{
    json_t *v = json.n == 0 ? NULL : json_loadb(json.p, json.n, 0, NULL);

    return v == NULL ? json_array() : v;
}

json_t *
api_split(struct str lines)
{
    json_t *v = json_array();
    struct str rest = lines, one;

    for (bool more = lines.n > 0; more;) {
        more = str_split(rest, '\n', &one, &rest);
        json_array_append_new(v, api_str(one));
    }
    return v;
}

json_t *
api_id(int64_t id)
{
    char text[24];
    struct buf b = buf_over(text, sizeof text);

    buf_i64(&b, id);
    return json_stringn(text, b.n);
}

json_t *
api_rows(struct api *q)
{
    json_t *rows = json_array();

    q->out = json_pack("{s:o, s:n}", "rows", rows, "next");
    return rows;
}

void
api_more(struct api *q, struct str after)
{
    q->next = str_copy(q->ctx->arena, after);
    json_object_set_new(q->out, "next", api_str(after));
}

void
api_more_number(struct api *q, int64_t after)
{
    char text[24];
    struct buf b = buf_over(text, sizeof text);

    buf_i64(&b, after);
    api_more(q, buf_view(&b));
}

enum err
api_cursor_number(const struct api *q, int64_t *out)
{
    struct str cursor = api_query(q, "cursor");

    return cursor.n == 0 ? OK : api_number_of(cursor, out);
}

enum err
api_page_by_number(const struct api *q, int64_t *limit, int64_t *from)
{
    enum err e = api_limit(q, limit);

    if (e != OK)
        return e;
    ++*limit;
    return api_cursor_number(q, from);
}
