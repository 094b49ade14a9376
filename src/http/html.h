/* http/html.h - a writer of HTML that escapes by default.
 *
 *   html_put(h, "<td>{}</td><td class=\"n\">{}</td>", H_STR(name), H_COUNT(n));
 *
 * The format is always a literal: its text goes out as it is, every {} takes the next argument, escaped by
 * its kind for text and for quoted attributes. A wrong number of arguments ends the page with an error
 * (html_failed). */
#ifndef MQ_HTML_H
#define MQ_HTML_H

#include "base/str.h"

enum text {
#define TEXT(id, zh, en) TEXT_##id,
#include "texts.def"
#undef TEXT
    TEXT_COUNT
};

enum html_kind {
    HTML_STR,   /* text */
    HTML_TEXT,  /* a text of texts.def in the language of the page */
    HTML_I64,   /* digits */
    HTML_COUNT, /* digits with thousands separators */
    HTML_DAY,   /* days since 1970-01-01 as YYYY-MM-DD in a time element */
    HTML_TIME,  /* microseconds since 1970 UTC as YYYY-MM-DD HH:MM of UTC+8 in a time element */
    HTML_PAGE,  /* path of a page of the portal, "/draws/": a link in the language of the page */
    HTML_FILE,  /* path of a file of the portal, "/assets/…", "/draws/…/roster.tsv" */
    HTML_SHARE  /* parts per 10000 as a percentage: "3.25 %" */
};

struct html_arg {
    enum html_kind kind;
    struct str s;
    int64_t v;
};

#define H_STR(x) ((struct html_arg){HTML_STR, x, 0})
#define H_Z(x) ((struct html_arg){HTML_STR, str_of(x), 0})
#define H_T(id) ((struct html_arg){HTML_TEXT, {NULL, 0}, TEXT_##id})
#define H_TEXT(x) ((struct html_arg){HTML_TEXT, {NULL, 0}, x})
#define H_T2(condition, a, b) ((struct html_arg){HTML_TEXT, {NULL, 0}, (condition) ? TEXT_##a : TEXT_##b})
#define H_I64(x) ((struct html_arg){HTML_I64, {NULL, 0}, x})
#define H_COUNT(x) ((struct html_arg){HTML_COUNT, {NULL, 0}, x})
#define H_DAY(x) ((struct html_arg){HTML_DAY, {NULL, 0}, x})
#define H_TIME(x) ((struct html_arg){HTML_TIME, {NULL, 0}, x})
#define H_PAGE(x) ((struct html_arg){HTML_PAGE, x, 0})
#define H_FILE(x) ((struct html_arg){HTML_FILE, x, 0})
#define H_SHARE(x) ((struct html_arg){HTML_SHARE, {NULL, 0}, x})

struct html {
    struct buf out;
    bool english;
    bool large;      /* large text 大字版: links stay in it */
    bool files;      /* links name index.html: the pages are files */
    struct str root; /* how the page reaches the top of the portal: "/" or "../../" or "" */
    bool failed;     /* arguments and places did not agree */
    /* Told of every link that is written, if set: the export follows them. */
    void (*linked)(void *ctx, struct str path, bool page);
    void *linked_ctx;
};

void html_put_args(struct html *h, const char *format, const struct html_arg *args, size_t count);
#define html_put(h, ...) HTML_PUT_(h, __VA_ARGS__)
#define HTML_PUT_(h, format, ...)                                                                            \
    html_put_args(h, "" format, (const struct html_arg[]){{0}, ##__VA_ARGS__},                               \
                  sizeof((const struct html_arg[]){{0}, ##__VA_ARGS__}) / sizeof(struct html_arg))
/* html_arg: one argument alone. html_text: the text in the language of the page. */
void html_one(struct html *h, struct html_arg arg);
struct str html_text(const struct html *h, enum text t);
/* html_failed: the page did not fit, or a format was wrong: it must not be sent. */
bool html_failed(const struct html *h);
/* html_date: YYYY-MM-DD of a day since 1970-01-01. */
void html_date(int64_t day, char out[11]);

#endif
