/* http/http.c - reading targets, queries and tags; pure */
#include "http.h"

#include <string.h>

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Percent-decodes s; plus: "+" is a blank. Absent when malformed or out of memory. */
static struct str
decode(struct arena *a, struct str s, bool plus)
{
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;

    if (out == NULL)
        return (struct str){NULL, 0};
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c == '%') {
            int high = s.n - i < 3 ? -1 : hex_digit(s.p[i + 1]);
            int low = s.n - i < 3 ? -1 : hex_digit(s.p[i + 2]);

            if (high < 0 || low < 0)
                return (struct str){NULL, 0};
            c = (char) (high << 4 | low);
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        if ((unsigned char) c < 0x20 || c == 0x7F)
            return (struct str){NULL, 0};
        out[n++] = c;
    }
    return utf8_valid((struct str){out, n}) ? (struct str){out, n} : (struct str){NULL, 0};
}

/* Every segment but the last must be something, and none may be "." or "..". */
static bool
segments_are_plain(struct str path)
{
    struct str rest = {path.p + 1, path.n - 1}, segment;

    for (bool more = true; more;) {
        more = str_split(rest, '/', &segment, &rest);
        if (more && segment.n == 0)
            return false;
        if (str_eq(segment, STR(".")) || str_eq(segment, STR("..")))
            return false;
    }
    return true;
}

enum err
http_path(struct arena *a, struct str target, struct str *path, struct str *query)
{
    struct str raw, q, out;

    if (target.n == 0 || target.p[0] != '/')
        return ERR_SYNTAX;
    if (target.n > HTTP_PATH_BYTES_MAX)
        return ERR_TOO_LARGE;
    if (!str_split(target, '?', &raw, &q))
        q = (struct str){NULL, 0};
    out = decode(a, raw, false);
    if (out.p == NULL || memchr(out.p, '\\', out.n) != NULL)
        return ERR_SYNTAX;
    if (!segments_are_plain(out))
        return ERR_NOT_FOUND;
    *path = out;
    *query = q;
    return OK;
}

struct str
http_query(struct arena *a, struct str query, const char *key)
{
    struct str rest = query, pair, name, value;

    for (bool more = query.p != NULL; more;) {
        more = str_split(rest, '&', &pair, &rest);
        if (str_split(pair, '=', &name, &value) && str_eq(name, str_of(key)))
            return decode(a, value, true);
    }
    return (struct str){NULL, 0};
}

void
http_tag(struct str bytes, char etag[HTTP_ETAG_BYTES])
{
    uint64_t h = 0xcbf29ce484222325u;
    unsigned char b[8];
    struct buf out = buf_over(etag, HTTP_ETAG_BYTES - 1);

    for (size_t i = 0; i < bytes.n; i++)
        h = (h ^ (unsigned char) bytes.p[i]) * 0x100000001b3u;
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char) (h >> (56 - 8 * i));
    buf_z(&out, "\"");
    buf_hex(&out, b, sizeof b);
    buf_u64(&out, bytes.n);
    buf_z(&out, "\"");
    etag[out.n] = '\0';
}

bool
http_tag_matches(struct str if_none_match, const char *etag)
{
    struct str rest = if_none_match, one;

    for (bool more = if_none_match.p != NULL && *etag != '\0'; more;) {
        more = str_split(rest, ',', &one, &rest);
        one = str_trim(one);
        if (str_starts(one, STR("W/")))
            one = (struct str){one.p + 2, one.n - 2};
        if (str_eq(one, str_of(etag)) || str_eq(one, STR("*")))
            return true;
    }
    return false;
}

bool
http_accepts(struct str accept_encoding, struct str coding)
{
    struct str rest = accept_encoding, one, name, weight;

    for (bool more = accept_encoding.p != NULL; more;) {
        more = str_split(rest, ',', &one, &rest);
        (void) str_split(one, ';', &name, &weight);
        if (str_eq(str_trim(name), coding)) {
            weight = str_trim(weight);
            return !str_eq(weight, STR("q=0")) && !str_starts(weight, STR("q=0.0"));
        }
    }
    return false;
}

bool
http_match(const char *pattern, struct str path, struct str params[HTTP_PARAMS_MAX])
{
    struct str want = str_of(pattern), have = path, w, h;
    size_t count = 0;

    for (;;) {
        bool more_w = str_split(want, '/', &w, &want), more_h = str_split(have, '/', &h, &have);

        if (str_eq(w, STR("{*}"))) { /* all that is left, at the end of a pattern */
            if (count == HTTP_PARAMS_MAX || h.n == 0)
                return false;
            params[count] = (struct str){h.p, (size_t) (path.p + path.n - h.p)};
            return true;
        }
        if (w.n > 0 && w.p[0] == '{') {
            if (h.n == 0 || count == HTTP_PARAMS_MAX)
                return false;
            params[count++] = h;
        } else if (!str_eq(w, h)) {
            return false;
        }
        if (more_w != more_h)
            return false;
        if (!more_w)
            return true;
    }
}
