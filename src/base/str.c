/* base/str.c - byte strings and a bounded writer */
#include "str.h"

#include <string.h>

struct str
str_of(const char *z)
{
    return (struct str) {z, z == NULL ? 0 : strlen(z)};
}

bool
str_eq(struct str a, struct str b)
{
    if (a.p == NULL || b.p == NULL)
        return a.p == b.p;
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

int
str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

    return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

bool
str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static bool
blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim(struct str s)
{
    while (s.n > 0 && blank(s.p[0]))
        s.p++, s.n--;
    while (s.n > 0 && blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

char *
str_z(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);

    if (p != NULL && s.n > 0)
        memcpy(p, s.p, s.n);
    return p;
}

struct str
str_copy(struct arena *a, struct str s)
{
    char *p = s.p == NULL ? NULL : str_z(a, s);

    return (struct str) {p, p == NULL ? 0 : s.n};
}

bool
str_split(struct str s, char sep, struct str *head, struct str *tail)
{
    const char *at = s.n == 0 ? NULL : memchr(s.p, sep, s.n);
    struct str whole = s;

    if (at == NULL) {
        *head = whole;
        *tail = (struct str) {s.p == NULL ? NULL : s.p + s.n, 0};
        return false;
    }
    *tail = (struct str) {at + 1, whole.n - (size_t) (at - whole.p) - 1};
    *head = (struct str) {whole.p, (size_t) (at - whole.p)};
    return true;
}

enum err
str_u64(struct str s, uint64_t max, uint64_t *out)
{
    uint64_t v = 0;

    if (s.n == 0 || (s.n > 1 && s.p[0] == '0'))
        return ERR_SYNTAX;
    for (size_t i = 0; i < s.n; i++) {
        unsigned d = (unsigned) (unsigned char) s.p[i] - '0';

        if (d > 9)
            return ERR_SYNTAX;
        if (v > (max - d) / 10 || d > max)
            return ERR_RANGE;
        v = v * 10 + d;
    }
    *out = v;
    return OK;
}

struct buf
buf_over(char *p, size_t size_bytes)
{
    return (struct buf) {p, size_bytes, 0, false};
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
    if (b->overflow || b->size_bytes - b->n < n) {
        b->overflow = true;
        return;
    }
    if (n > 0)
        memcpy(b->p + b->n, p, n);
    b->n += n;
}

void
buf_str(struct buf *b, struct str s)
{
    buf_add(b, s.p, s.n);
}

void
buf_z(struct buf *b, const char *z)
{
    buf_add(b, z, strlen(z));
}

void
buf_u64(struct buf *b, uint64_t v)
{
    char digits[20];
    size_t i = sizeof digits;

    do
        digits[--i] = (char) ('0' + v % 10);
    while ((v /= 10) != 0);
    buf_add(b, digits + i, sizeof digits - i);
}

void
buf_i64(struct buf *b, int64_t v)
{
    if (v < 0)
        buf_add(b, "-", 1);
    buf_u64(b, v < 0 ? 0 - (uint64_t) v : (uint64_t) v);
}

void
buf_hex(struct buf *b, const void *p, size_t n)
{
    if (b->overflow || (b->size_bytes - b->n) / 2 < n) {
        b->overflow = true;
        return;
    }
    hex_encode(p, n, b->p + b->n);
    b->n += 2 * n;
}

void
buf_json(struct buf *b, struct str s)
{
    static const char HEX[] = "0123456789abcdef";
    bool valid = utf8_valid(s);

    buf_z(b, "\"");
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char) s.p[i];

        if (c >= 0x80 && !valid) {
            buf_z(b, "\\ufffd");
        } else if (c < 0x20) {
            buf_z(b, "\\u00");
            buf_add(b, &HEX[c >> 4], 1);
            buf_add(b, &HEX[c & 15], 1);
        } else {
            if (c == '"' || c == '\\')
                buf_z(b, "\\");
            buf_add(b, &c, 1);
        }
    }
    buf_z(b, "\"");
}

struct str
buf_view(const struct buf *b)
{
    return (struct str) {b->p, b->n};
}

void
hex_encode(const void *p, size_t n, char *out)
{
    const unsigned char *s = p;

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = "0123456789abcdef"[s[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[s[i] & 15];
    }
}

static int
nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum err
hex_decode(struct str hex, void *out, size_t n)
{
    unsigned char *o = out;

    if (hex.n != 2 * n)
        return ERR_LENGTH;
    for (size_t i = 0; i < hex.n; i++)
        if (nibble(hex.p[i]) < 0)
            return ERR_CHARSET;
    for (size_t i = 0; i < n; i++)
        o[i] = (unsigned char) (nibble(hex.p[2 * i]) << 4 | nibble(hex.p[2 * i + 1]));
    return OK;
}

/* The length of the well-formed sequence at p (at most n bytes), 0 if there is none (Unicode 15, table 3-7). */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
    unsigned char low = 0x80, high = 0xBF;
    size_t length = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;

    if (length == 0 || length > n || p[0] == 0)
        return 0;
    if (p[0] == 0xE0)
        low = 0xA0;
    if (p[0] == 0xED)
        high = 0x9F;
    if (p[0] == 0xF0)
        low = 0x90;
    if (p[0] == 0xF4)
        high = 0x8F;
    for (size_t i = 1; i < length; i++, low = 0x80, high = 0xBF)
        if (p[i] < low || p[i] > high)
            return 0;
    return length;
}

bool
utf8_valid(struct str s)
{
    const unsigned char *p = (const unsigned char *) s.p;

    for (size_t i = 0, k; i < s.n; i += k)
        if ((k = utf8_length(p + i, s.n - i)) == 0)
            return false;
    return true;
}
