/* http/html.c - see html.h */
#include "html.h"

#include <string.h>

static const struct {
    const char *zh, *en;
} TEXTS[TEXT_COUNT] = {
#define TEXT(id, zh, en) {zh, en},
#include "texts.def"
#undef TEXT
};

struct str
html_text(const struct html *h, enum text t)
{
    return str_of(h->english ? TEXTS[t].en : TEXTS[t].zh);
}

static void
put_escaped(struct buf *b, struct str s)
{
    size_t from = 0;

    for (size_t i = 0; i < s.n; i++) {
        const char *code = s.p[i] == '&'    ? "&amp;"
                           : s.p[i] == '<'  ? "&lt;"
                           : s.p[i] == '>'  ? "&gt;"
                           : s.p[i] == '"'  ? "&quot;"
                           : s.p[i] == '\'' ? "&#39;"
                                            : NULL;

        if (code == NULL)
            continue;
        buf_add(b, s.p + from, i - from);
        buf_z(b, code);
        from = i + 1;
    }
    buf_add(b, s.p + from, s.n - from);
}

/* Civil date of a day number (proleptic Gregorian; era arithmetic). */
static void
civil(int64_t day, int64_t *y, int64_t *m, int64_t *d)
{
    int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp < 10 ? mp + 3 : mp - 9;
    *y = yoe + era * 400 + (*m <= 2);
}

static void
digits(char *p, int64_t v, int n)
{
    for (; n > 0; n--, v /= 10)
        p[n - 1] = (char) ('0' + v % 10);
}

void
html_date(int64_t day, char out[11])
{
    int64_t y, m, d;

    civil(day, &y, &m, &d);
    memcpy(out, "0000-00-00", 11);
    digits(out, y, 4);
    digits(out + 5, m, 2);
    digits(out + 8, d, 2);
}

static void
put_time(struct buf *b, int64_t us, bool clock)
{
    char date[11], hour[6] = "00:00";
    int64_t minutes = us / 60000000 + 8 * 60;

    html_date(minutes / 1440, date);
    digits(hour, minutes % 1440 / 60, 2);
    digits(hour + 3, minutes % 60, 2);
    buf_z(b, "<time datetime=\"");
    buf_z(b, date);
    if (clock) {
        buf_z(b, "T");
        buf_z(b, hour);
        buf_z(b, "+08:00");
    }
    buf_z(b, "\">");
    buf_z(b, date);
    if (clock) {
        buf_z(b, " ");
        buf_z(b, hour);
    }
    buf_z(b, "</time>");
}

static void
put_count(struct buf *b, int64_t v)
{
    char p[32];
    struct buf t = buf_over(p, sizeof p);

    buf_i64(&t, v);
    for (size_t i = 0; i < t.n; i++) {
        buf_add(b, p + i, 1);
        if (p[i] != '-' && (t.n - i - 1) % 3 == 0 && i + 1 < t.n)
            buf_z(b, ",");
    }
}

static void
put_share(struct buf *b, int64_t bp)
{
    buf_i64(b, bp / 100);
    if (bp % 100 != 0) {
        buf_z(b, ".");
        buf_i64(b, bp % 100 / 10);
        if (bp % 10 != 0)
            buf_i64(b, bp % 10);
    }
    buf_z(b, " %");
}

/* Percent-codes what a path segment may not hold; '/', '?' and '&' stay what they are. */
static void
put_path(struct buf *b, struct str path)
{
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char) path.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     strchr("-._~/?=#,:@", c) != NULL;

        if (plain && c != 0) {
            buf_add(b, &path.p[i], 1);
        } else if (c == '&') {
            buf_z(b, "&amp;");
        } else {
            buf_z(b, "%");
            buf_add(b, &"0123456789ABCDEF"[c >> 4], 1);
            buf_add(b, &"0123456789ABCDEF"[c & 15], 1);
        }
    }
}

static void
put_link(struct html *h, struct str path, bool page)
{
    if (h->linked != NULL)
        h->linked(h->linked_ctx, path, page);
    buf_str(&h->out, h->root);
    if (page && h->large)
        buf_z(&h->out, "large/");
    if (page && h->english)
        buf_z(&h->out, "en/");
    put_path(&h->out, (struct str){path.p + 1, path.n - 1});
    if (page && h->files && path.p[path.n - 1] == '/')
        buf_z(&h->out, "index.html");
}

void
html_one(struct html *h, struct html_arg arg)
{
    switch (arg.kind) {
    case HTML_STR:
        put_escaped(&h->out, arg.s);
        break;
    case HTML_TEXT:
        put_escaped(&h->out, html_text(h, (enum text) arg.v));
        break;
    case HTML_I64:
        buf_i64(&h->out, arg.v);
        break;
    case HTML_COUNT:
        put_count(&h->out, arg.v);
        break;
    case HTML_DAY:
        put_time(&h->out, (arg.v * 1440 - 8 * 60) * 60000000, false);
        break;
    case HTML_TIME:
        put_time(&h->out, arg.v, true);
        break;
    case HTML_PAGE:
    case HTML_FILE:
        put_link(h, arg.s, arg.kind == HTML_PAGE);
        break;
    case HTML_SHARE:
        put_share(&h->out, arg.v);
        break;
    }
}

void
html_put_args(struct html *h, const char *format, const struct html_arg *args, size_t count)
{
    size_t used = 1; /* args[0] is a filler, so that no arguments are no empty array */
    const char *place;

    for (; (place = strstr(format, "{}")) != NULL; format = place + 2) {
        buf_add(&h->out, format, (size_t) (place - format));
        if (used < count)
            html_one(h, args[used]);
        used++;
    }
    buf_z(&h->out, format);
    h->failed = h->failed || used != count;
}

bool
html_failed(const struct html *h)
{
    return h->failed || h->out.overflow;
}
