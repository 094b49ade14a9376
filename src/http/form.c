/* http/form.c - fields of an urlencoded form, and where they may come from */
#include "form.h"

#include "office.h"

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One byte at s[*i], decoded; -1 when malformed. */
static int
byte_at(struct str s, size_t *i)
{
    int high, low;

    if (s.p[*i] == '+')
        return ' ';
    if (s.p[*i] != '%')
        return (unsigned char) s.p[*i];
    high = s.n - *i < 3 ? -1 : hex_digit(s.p[*i + 1]);
    low = s.n - *i < 3 ? -1 : hex_digit(s.p[*i + 2]);
    *i += 2;
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool
is_allowed(int byte, bool lines)
{
    return (byte >= ' ' && byte != 0x7F) || (lines && (byte == '\t' || byte == '\r' || byte == '\n'));
}

/* lines: TAB and line ends are text; CR LF and CR become LF. */
static enum err
decode(struct arena *a, struct str s, bool lines, struct str *out)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    int before = 0;

    if (p == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < s.n; i++) {
        int byte = byte_at(s, &i);

        if (!is_allowed(byte, lines))
            return ERR_SYNTAX;
        if (byte == '\r' || (byte == '\n' && before != '\r'))
            p[n++] = '\n';
        else if (byte != '\n')
            p[n++] = (char) byte;
        before = byte;
    }
    *out = (struct str){p, n};
    return utf8_valid(*out) ? OK : ERR_SYNTAX;
}

static enum err
add_field(struct arena *a, struct form *f, struct str pair)
{
    struct str name, value;
    enum err e;

    if (f->count == FORM_FIELDS_MAX)
        return ERR_TOO_LARGE;
    if (!str_split(pair, '=', &name, &value))
        value = (struct str){"", 0};
    e = decode(a, name, false, &f->v[f->count].name);
    if (e == OK)
        e = decode(a, value, true, &f->v[f->count].value);
    if (e == OK && f->v[f->count].name.n == 0)
        e = ERR_SYNTAX;
    if (e == OK && f->v[f->count].name.n > FORM_NAME_BYTES_MAX)
        e = ERR_TOO_LARGE;
    f->count++;
    return e;
}

enum err
form_parse(struct arena *a, struct str body, struct form *out)
{
    struct form *f = arena_alloc(a, sizeof *f);
    struct str rest = body, pair;
    enum err e = f == NULL ? ERR_MEMORY : body.n > FORM_BYTES_MAX ? ERR_TOO_LARGE : OK;

    for (bool more = e == OK && body.n > 0; e == OK && more;) {
        more = str_split(rest, '&', &pair, &rest);
        if (pair.n > 0)
            e = add_field(a, f, pair);
    }
    if (e == OK)
        *out = *f;
    return e;
}

bool
form_next(const struct form *f, const char *name, size_t *place, struct str *value)
{
    while (*place < f->count) {
        const struct form_field *v = &f->v[(*place)++];

        *value = str_trim(v->value);
        if (str_eq(v->name, str_of(name)) && value->n > 0)
            return true;
    }
    return false;
}

struct str
form_get(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (str_eq(f->v[i].name, str_of(name))) {
            struct str value = str_trim(f->v[i].value);

            return value.n > 0 ? value : (struct str){NULL, 0};
        }
    return (struct str){NULL, 0};
}

bool
form_is_ours(struct str fetch_site, struct str origin, struct str base)
{
    if (fetch_site.p != NULL)
        return str_eq(fetch_site, STR("same-origin")) || str_eq(fetch_site, STR("none"));
    return origin.p == NULL || str_eq(origin, STR("null")) || (base.p != NULL && str_eq(origin, base));
}

enum err
form_write(struct http_request *q, enum err (*fn)(struct ctx *c, void *arg), void *arg)
{
    if (q->office == NULL)
        return ERR_BUSY;
    q->ctx->why[0] = '\0';
    return office_write(q->office, q->ctx, fn, arg);
}

enum err
http_see_other(const struct http_request *q, struct str path, struct http_reply *r)
{
    char *text = arena_alloc(q->ctx->arena, path.n + 4);
    struct buf b = buf_over(text, text == NULL ? 0 : path.n + 3);

    buf_z(&b, q->english ? "/en" : "");
    buf_str(&b, path);
    if (text == NULL || b.overflow)
        return ERR_MEMORY;
    r->status = 303;
    r->location = buf_view(&b);
    r->type = "text/plain; charset=utf-8";
    r->body = STR("see there\n");
    r->body_lasts = true;
    r->cache = "no-store";
    return OK;
}
