/* http/page.h - what all pages share: the frame of a page, the portal it belongs to, views and their list.
 * A view writes the same page for the server and for the static export. */
#ifndef MQ_PAGE_H
#define MQ_PAGE_H

#include "html.h"
#include "http.h"

enum { PAGE_BYTES_MAX = 4 << 20, PAGE_BYTES_FIRST = 64 << 10, PAGE_ROWS = 50 };

struct site {
    struct str name;   /* the office */
    struct str origin; /* name of the log */
    bool demo;         /* simulated data: a banner says so */
    bool files;        /* written as files: no server behind it */
    bool names_whole;  /* names of sole traders are public (mod/report/report.h) */
};

enum nav {
    NAV_HOME,
    NAV_ITEMS,
    NAV_PLANS,
    NAV_TASKS,
    NAV_DRAWS,
    NAV_RESULTS,
    NAV_STATISTICS,
    NAV_ABOUT,
    NAV_VERIFY,
    NAV_LOG,
    NAV_NONE
};

struct page {
    struct html h;
    struct ctx *ctx;
    const struct site *site;
    struct str path; /* "/draws/": without the language */
    struct str query;
    struct str feed; /* path of the Atom feed of the page; absent: that of all results */
    struct str base; /* how the client reached us, for codes that lead here; absent in the export */
    struct str params[HTTP_PARAMS_MAX];
    const struct form *form; /* what was sent, when a form shows the page again; else NULL (form.h) */
    const void *answer;      /* what came of the form, for the view that tells it (http_answer); else NULL */
    int status;              /* of the reply */
    bool hidden;             /* search engines leave it out */
    const char *cache;       /* Cache-Control of the reply; NULL: no-cache */
};

typedef enum err (*page_view)(struct page *p);

/* page_begin: head, banner, navigation and the opening of main. title: plain text. page_end: the rest. */
void page_begin(struct page *p, enum nav nav, struct str title);
void page_end(struct page *p);
/* page_next: the link to the next page of a list: path "/results/" and cursor segment. */
void page_next(struct page *p, const char *list, struct str cursor);
/* page_today: the official day (UTC+8). */
int64_t page_today(const struct page *p);
/* page_render: run the view into memory of the arena. On an error nothing is in *body. */
MUST_USE enum err page_render(struct page *p, page_view view, struct str *body);
/* page_find: the view for a path (without language); its parameters go to params. NULL when there is none. */
page_view page_find(struct str path, struct str params[HTTP_PARAMS_MAX]);

/* The views, one file per noun (page_*.c); paths and clauses are in routes.def. */
#define PAGE(pattern, role, view, clause) enum err view(struct page *p);
#define ROUTE(method, pattern, role, handler, clause)
#define API(method, pattern, permission, handler, flags, query, body, clause, summary)
#include "routes.def"
#undef API
#undef PAGE
#undef ROUTE
/* page_error: the page for an error. */
enum err page_error(struct page *p, enum err e);

#endif
