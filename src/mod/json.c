/* mod/json.c - JSON in and out */
#include "mod/json.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"

static enum err
read_any(struct ctx *c, struct str text, json_t **out)
{
    json_error_t error;

    if (text.p == NULL)
        return ctx_refuse(c, ERR_SYNTAX, "no JSON at all");
    if (text.n > JSON_BYTES_MAX)
        return ctx_refuse(c, ERR_TOO_LARGE, "JSON of more than 1 MB");
    *out = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    if (*out == NULL)
        return ctx_refuse(c, ERR_SYNTAX, "line %d, column %d: %s", error.line, error.column, error.text);
    return OK;
}

static enum err
read_typed(struct ctx *c, struct str text, json_type type, const char *what, json_t **out)
{
    json_t *v = NULL;
    enum err e = read_any(c, text, &v);

    if (e != OK)
        return e;
    if (json_typeof(v) != type) {
        json_decref(v);
        return ctx_refuse(c, ERR_SYNTAX, "expected %s", what);
    }
    *out = v;
    return OK;
}

enum err
json_read(struct ctx *c, struct str text, json_t **out)
{
    return read_typed(c, text, JSON_OBJECT, "an object", out);
}

enum err
json_read_list(struct ctx *c, struct str text, json_t **out)
{
    return read_typed(c, text, JSON_ARRAY, "an array", out);
}

enum err
json_only(struct ctx *c, const json_t *object, const char *const *names, size_t count)
{
    void *at = json_object_iter((json_t *) object);

    for (; at != NULL; at = json_object_iter_next((json_t *) object, at)) {
        const char *key = json_object_iter_key(at);
        size_t i = 0;

        while (i < count && strcmp(names[i], key) != 0)
            i++;
        if (i == count)
            return ctx_refuse(c, ERR_INPUT, "unknown field \"%.60s\"", key);
    }
    return OK;
}

/* The value of a field; NULL when it is absent or null and may be. */
static enum err
field(struct ctx *c, const json_t *object, struct json_field f, json_t **out)
{
    *out = json_object_get(object, f.name);
    if (*out != NULL && json_is_null(*out))
        *out = NULL;
    return *out == NULL && f.required ? ctx_refuse(c, ERR_INPUT, "field \"%s\" is missing", f.name) : OK;
}

static enum err
text_value(struct ctx *c, const json_t *v, const char *name, size_t max_bytes, struct str *out)
{
    struct str s;

    if (!json_is_string(v))
        return ctx_refuse(c, ERR_INPUT, "field \"%s\": expected a text", name);
    s = (struct str){json_string_value(v), json_string_length(v)};
    if (s.n == 0 || s.n > max_bytes)
        return ctx_refuse(c, ERR_LENGTH, "field \"%s\": 1 to %zu bytes", name, max_bytes);
    s = str_copy(c->arena, s);
    if (s.p == NULL)
        return ERR_MEMORY;
    *out = s;
    return OK;
}

enum err
json_text(struct ctx *c, const json_t *object, struct json_field f, size_t max_bytes, struct str *out)
{
    json_t *v;
    enum err e = field(c, object, f, &v);

    return e != OK || v == NULL ? e : text_value(c, v, f.name, max_bytes, out);
}

enum err
json_i64(struct ctx *c, const json_t *object, struct json_field f, int64_t min, int64_t max, int64_t *out)
{
    json_t *v;
    enum err e = field(c, object, f, &v);

    if (e != OK || v == NULL)
        return e;
    if (!json_is_integer(v))
        return ctx_refuse(c, ERR_INPUT, "field \"%s\": expected a whole number", f.name);
    if (json_integer_value(v) < min || json_integer_value(v) > max)
        return ctx_refuse(c, ERR_RANGE, "field \"%s\": %lld to %lld", f.name, (long long) min,
                          (long long) max);
    *out = json_integer_value(v);
    return OK;
}

enum err
json_day(struct ctx *c, const json_t *object, struct json_field f, int64_t *out)
{
    struct str s = {0};
    enum err e = json_text(c, object, f, DAY_TEXT, &s);

    if (e != OK || s.p == NULL)
        return e;
    e = day_parse(s, out);
    return e == OK ? OK : ctx_refuse(c, e, "field \"%s\": a day is written 2026-01-05", f.name);
}

enum err
json_nested(struct ctx *c, const json_t *object, const char *name, struct str *out)
{
    const json_t *v = json_object_get(object, name);
    char *raw = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);

    if (raw == NULL)
        return ctx_refuse(c, ERR_INPUT, "field \"%s\" is missing", name);
    *out = str_copy(c->arena, str_of(raw));
    free(raw);
    return out->p == NULL ? ERR_MEMORY : OK;
}

bool
texts_have(const struct texts *t, struct str s)
{
    for (size_t i = 0; i < t->count; i++)
        if (str_eq(t->v[i], s))
            return true;
    return false;
}

static enum err
texts_from(struct ctx *c, const json_t *array, const char *name, size_t max_count, size_t max_bytes,
           struct texts *out)
{
    struct texts t = {0};
    size_t n = json_array_size(array);
    enum err e = OK;

    if (!json_is_array(array))
        return ctx_refuse(c, ERR_INPUT, "field \"%s\": expected an array", name);
    if (n > max_count)
        return ctx_refuse(c, ERR_TOO_LARGE, "field \"%s\": at most %zu entries", name, max_count);
    t.v = arena_array(c->arena, n + 1, sizeof *t.v);
    if (t.v == NULL)
        return ERR_MEMORY;
    for (; e == OK && t.count < n; t.count++) {
        e = text_value(c, json_array_get(array, t.count), name, max_bytes, &t.v[t.count]);
        if (e == OK && texts_have(&t, t.v[t.count]))
            e = ctx_refuse(c, ERR_DUPLICATE, "field \"%s\": \"%.60s\" twice", name, t.v[t.count].p);
    }
    if (e == OK)
        *out = t;
    return e;
}

enum err
json_texts(struct ctx *c, const json_t *object, struct json_field f, size_t max_count, size_t max_bytes,
           struct texts *out)
{
    json_t *v;
    enum err e = field(c, object, f, &v);

    return e != OK || v == NULL ? e : texts_from(c, v, f.name, max_count, max_bytes, out);
}

enum err
json_texts_of(struct ctx *c, struct str array, size_t max_count, size_t max_bytes, struct texts *out)
{
    json_t *v;
    enum err e;

    *out = (struct texts){0};
    if (array.p == NULL)
        return OK;
    e = json_read_list(c, array, &v);
    if (e != OK)
        return e;
    e = texts_from(c, v, "list", max_count, max_bytes, out);
    json_decref(v);
    return e;
}

void
json_put_text(struct buf *b, struct str s)
{
    buf_json(b, s);
}

void
json_put_texts(struct buf *b, const struct texts *t)
{
    buf_z(b, "[");
    for (size_t i = 0; i < t->count; i++) {
        if (i > 0)
            buf_z(b, ",");
        json_put_text(b, t->v[i]);
    }
    buf_z(b, "]");
}

void
json_put_name(struct buf *b, const char *name)
{
    if (b->n > 0 && !b->overflow && b->p[b->n - 1] != '{')
        buf_z(b, ",");
    json_put_text(b, str_of(name));
    buf_z(b, ":");
}

enum err
buf_in(struct ctx *c, size_t size_bytes, struct buf *out)
{
    char *p = arena_alloc(c->arena, size_bytes);

    if (p == NULL)
        return ERR_MEMORY;
    *out = buf_over(p, size_bytes);
    return OK;
}

enum err
buf_take(struct ctx *c, const struct buf *b, struct str *out)
{
    if (b->overflow)
        return ERR_MEMORY;
    *out = str_copy(c->arena, buf_view(b));
    return out->p == NULL ? ERR_MEMORY : OK;
}
