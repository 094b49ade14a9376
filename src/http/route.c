/* http/route.c - from a request to the handler of routes.def, and from errors to pages */
#include <string.h>

#include "form.h"
#include "handlers.h"
#include "keep.h"
#include "mod/journal/journal.h"
#include "page.h"

struct route {
    enum http_method method;
    const char *pattern;
    enum http_role role;
    http_handler handler;
};

static const struct route ROUTES[] = {
#define PAGE(pattern, role, view, clause)
#define ROUTE(method, pattern, role, handler, clause) {method, pattern, role, handler},
#define API(method, pattern, permission, handler, flags, query, body, clause, summary)
#include "routes.def"
#undef API
#undef PAGE
#undef ROUTE
};

static struct page
page_of(const struct http_request *q)
{
    struct page p = {.ctx = q->ctx, .site = q->site, .path = q->path, .query = q->query, .base = q->base, .status = 200};

    p.h.english = q->english;
    p.h.large = q->large;
    p.h.root = STR("/");
    return p;
}

/* Pages that ask much and show nothing but what the journal's acts left behind. */
static bool
is_kept(page_view view)
{
    return view == page_target || view == page_statistics;
}

static enum err
reply_page(const struct http_request *q, page_view view, const struct str params[HTTP_PARAMS_MAX],
           struct http_reply *r)
{
    struct page p = page_of(q);
    struct keep_key key = {.path = q->path,
                           .base = q->base,
                           .english = q->english,
                           .large = q->large,
                           .minute = q->ctx->now_us / 60000000};
    bool kept = q->keep != NULL && q->query.n == 0 && is_kept(view);
    enum err e = OK;

    memcpy(p.params, params, sizeof p.params);
    if (view == page_statistics) /* reads whole tables: whoever stands in front may keep it for a minute */
        r->cache = "public, max-age=60";
    r->type = "text/html; charset=utf-8";
    if (kept)
        e = journal_newest(q->ctx, &key.revision); /* before the page is read: it may be newer, never older */
    if (e != OK)
        return e;
    if (kept && keep_get(q->keep, &key, &r->body))
        return OK;
    e = page_render(&p, view, &r->body);
    if (p.cache != NULL)
        r->cache = p.cache;
    if (e == OK && kept && p.status == 200)
        keep_put(q->keep, &key, r->body);
    return e;
}

static void
reply_error(const struct http_request *q, enum err e, struct http_reply *r)
{
    struct page p = page_of(q);
    char *out;

    *r = (struct http_reply){.fd = -1, .status = err_http_status(e) == 422 ? 400 : err_http_status(e)};
    arena_reset(q->ctx->arena);
    r->cache = "no-store";
    p.path = STR("/"); /* the other language's link must lead somewhere */
    out = arena_alloc(q->ctx->arena, 1 << 16);
    p.h.out = buf_over(out, out == NULL ? 0 : 1 << 16);
    if (page_error(&p, e) == OK && !html_failed(&p.h)) {
        r->type = "text/html; charset=utf-8";
        r->body = buf_view(&p.h.out);
        return;
    }
    r->type = "text/plain; charset=utf-8";
    r->body = str_of(err_en(e));
    r->body_lasts = true;
}

/* A page's address without its last slash leads to the one with it. */
static bool
redirect_to_slash(const struct http_request *q, struct http_reply *r)
{
    struct str params[HTTP_PARAMS_MAX];
    char *with = arena_alloc(q->ctx->arena, q->path.n + 16);
    struct buf b = buf_over(with, with == NULL ? 0 : q->path.n + 16);
    size_t before;

    buf_z(&b, q->large ? "/large" : "");
    buf_z(&b, q->english ? "/en" : "");
    before = b.n;
    buf_str(&b, q->path);
    buf_z(&b, "/");
    if (b.overflow || page_find((struct str){with + before, q->path.n + 1}, params) == NULL)
        return false;
    for (size_t i = 0; i < b.n; i++)
        if (with[i] < '!' || with[i] > '~')
            return false; /* no page of ours has such a name without its slash */
    r->status = 301;
    r->location = buf_view(&b);
    r->type = "text/plain; charset=utf-8";
    r->body = STR("moved\n");
    r->body_lasts = true;
    return true;
}

enum err
http_page(const struct http_request *q, page_view view, const struct form *form, struct http_reply *r)
{
    return http_answer(q, view, form, NULL, r);
}

enum err
http_answer(const struct http_request *q, page_view view, const struct form *form, const void *answer, struct http_reply *r)
{
    struct page p = page_of(q);
    enum err e;

    memcpy(p.params, q->params, sizeof p.params);
    p.form = form;
    p.answer = answer;
    r->type = "text/html; charset=utf-8";
    e = page_render(&p, view, &r->body);
    r->status = p.status;
    r->cache = p.cache == NULL ? "no-store" : p.cache;
    return e;
}

/* ERR_METHOD: the path takes another method. */
static enum err
find_route(struct http_request *q, const struct route **out)
{
    bool form = q->method == HTTP_POST, other = false;

    for (size_t i = 0; i < sizeof ROUTES / sizeof *ROUTES; i++) {
        if (((q->english || q->large) && ROUTES[i].method != HTTP_POST) || !http_match(ROUTES[i].pattern, q->path, q->params))
            continue;
        *out = &ROUTES[i];
        if ((ROUTES[i].method == HTTP_POST) == form)
            return OK;
        other = true;
    }
    return other ? ERR_METHOD : ERR_NOT_FOUND;
}

static enum err
dispatch(struct http_request *q, struct http_reply *r)
{
    struct str params[HTTP_PARAMS_MAX] = {{NULL, 0}};
    page_view view = q->method == HTTP_POST ? NULL : page_find(q->path, params);
    const struct route *route;
    enum err e;

    if (view != NULL)
        return reply_page(q, view, params, r);
    if ((e = find_route(q, &route)) == OK)
        return route->handler(q, r);
    return e == ERR_NOT_FOUND && redirect_to_slash(q, r) ? OK : e;
}

/* Large text and language of a path go off it: /large/en/… */
static void
take_language(struct http_request *q)
{
    if (str_eq(q->path, STR("/large")) || str_starts(q->path, STR("/large/"))) {
        q->large = true;
        q->path = (struct str){q->path.p + 6, q->path.n - 6};
    }
    if (str_eq(q->path, STR("/en")) || str_starts(q->path, STR("/en/"))) {
        q->english = true;
        q->path = (struct str){q->path.p + 3, q->path.n - 3};
    }
}

bool
http_takes_form(struct str path)
{
    struct http_request q = {.method = HTTP_POST, .path = path};
    const struct route *route;

    take_language(&q);
    return find_route(&q, &route) == OK;
}

void
http_refused(struct http_request *q, enum err e, struct http_reply *r)
{
    take_language(q);
    reply_error(q, e, r);
}

void
http_respond(struct http_request *q, struct http_reply *r)
{
    enum err e = ERR_NOT_FOUND;

    take_language(q);
    if (q->path.n > 0)
        e = dispatch(q, r);
    else if (redirect_to_slash(q, r))
        e = OK;
    if (e != OK)
        reply_error(q, e, r);
}
