/* http/page.c - the frame of every page, and small helpers of the views */
#include "page.h"

#include <string.h>

#include "asset.h"
#include "qr.h"
#include "view.h"

enum { PAPER_QUERY_MAX = 256 };

static const struct {
    enum nav nav;
    const char *path;
    enum text label;
} NAVIGATION[] = {
    {NAV_ITEMS, "/items/", TEXT_nav_items},
    {NAV_PLANS, "/plans/", TEXT_nav_plans},
    {NAV_TASKS, "/tasks/", TEXT_nav_tasks},
    {NAV_DRAWS, "/draws/", TEXT_nav_draws},
    {NAV_RESULTS, "/results/", TEXT_nav_results},
    {NAV_STATISTICS, "/statistics/", TEXT_nav_statistics},
    {NAV_LOG, "/log/", TEXT_nav_log},
    {NAV_VERIFY, "/verify/", TEXT_nav_verify},
    {NAV_ABOUT, "/about/", TEXT_nav_about},
};

struct html_arg
page_asset(struct page *p, const char *name)
{
    return H_FILE(asset_path(p->ctx->arena, name));
}

void
page_head(struct page *p, struct str title, const char *style, const char *script)
{
    struct html *h = &p->h;

    html_put(h, "<!DOCTYPE html>\n<html lang=\"{}\"{}>", H_Z(h->english ? "en" : "zh-CN"), H_Z(h->large ? " class=large" : ""));
    html_put(h,
             "\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"renderer\" content=\"webkit\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{} - {}</title>\n"
             "<link rel=\"icon\" type=\"image/svg+xml\" href=\"{}\">\n<link rel=\"stylesheet\" href=\"{}\">\n",
             H_STR(title), H_T(site_title), page_asset(p, "icon.svg"), page_asset(p, "portal.css"));
    if (p->hidden)
        html_put(h, "<meta name=\"robots\" content=\"noindex, nofollow\">\n");
    if (style != NULL)
        html_put(h, "<link rel=\"stylesheet\" href=\"{}\">\n", page_asset(p, style));
    if (script != NULL)
        html_put(h, "<script type=\"module\" src=\"{}\"></script>\n", page_asset(p, script));
    html_put(h,
             "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"{}\" href=\"{}\">\n</head>\n<body>\n",
             H_T(feed_title), H_FILE(p->feed.p == NULL ? STR("/feed.atom") : p->feed));
}

/* The same page in the other language. */
static void
put_language(struct page *p)
{
    struct html *h = &p->h;
    bool english = h->english;

    h->english = !english;
    html_put(h, "<a class=\"language\" lang=\"{}\" hreflang=\"{}\" href=\"{}\">{}</a>",
             H_Z(english ? "zh-CN" : "en"), H_Z(english ? "zh-CN" : "en"), H_PAGE(p->path),
             H_Z(english ? "中文" : "English"));
    h->english = english;
}

/* The same page in large text, or in the usual size again. */
static void
put_size(struct page *p)
{
    bool large = p->h.large;

    p->h.large = !large;
    html_put(&p->h, "<a class=\"size\" href=\"{}{}{}\">{}</a>", H_PAGE(p->path), H_Z(p->query.n > 0 ? "?" : ""),
             H_STR(p->query), H_T2(large, usual_text, large_text));
    p->h.large = large;
}

/* On paper a page leads back to itself. */
static void
put_paper(struct page *p)
{
    struct str svg, address;
    const char *text;

    if (p->base.n == 0 || p->hidden || p->query.n > PAPER_QUERY_MAX)
        return;
    address = page_join(p, p->base, p->h.english ? STR("/en") : STR(""), p->path);
    if (p->query.n > 0)
        address = page_join(p, address, STR("?"), p->query);
    text = str_z(p->ctx->arena, address);
    if (text == NULL || qr_svg(p->ctx->arena, text, &svg) != OK)
        return; /* too long for a code: the page is whole without it */
    html_put(&p->h, "<aside class=\"paper\"><span class=\"qr\">");
    buf_str(&p->h.out, svg); /* digits and letters of our own: nothing to escape */
    html_put(&p->h, "</span><p>{}<br>{}</p></aside>\n", H_T(paper_address), H_STR(address));
}

static void
put_navigation(struct page *p, enum nav nav)
{
    struct html *h = &p->h;

    html_put(h, "<nav class=\"main-nav\" aria-label=\"{}\"><ul class=\"wrap\">", H_T(nav_label));
    for (size_t i = 0; i < sizeof NAVIGATION / sizeof *NAVIGATION; i++) {
        html_put(h, "<li><a href=\"{}\"", H_PAGE(str_of(NAVIGATION[i].path)));
        if (NAVIGATION[i].nav == nav)
            html_put(h, " aria-current=\"page\"");
        html_put(h, ">{}</a></li>", H_TEXT(NAVIGATION[i].label));
    }
    html_put(h, "</ul></nav>\n");
}

void
page_begin(struct page *p, enum nav nav, struct str title)
{
    struct html *h = &p->h;

    page_head(p, title, NULL, NULL);
    html_put(h, "<a class=\"skip\" href=\"#main\">{}</a>\n", H_T(skip));
    if (p->site->demo)
        html_put(
            h,
            "<aside class=\"demo\" aria-label=\"{}\"><p class=\"wrap\"><strong>{}</strong> {}</p></aside>\n",
            H_T(demo_mark), H_T(demo_mark), H_T(demo_text));
    html_put(
        h,
        "<header class=\"top\"><div class=\"wrap\"><a class=\"brand\" href=\"{}\"><span class=\"seal\" "
        "aria-hidden=\"true\">签</span><span><b>{}</b><small>{}</small></span></a><span class=\"tools\">",
        H_PAGE(STR("/")), H_T(site_title), H_STR(p->site->name));
    put_size(p);
    put_language(p);
    html_put(h, "</span></div></header>\n");
    put_navigation(p, nav);
    html_put(h, "<main id=\"main\" class=\"wrap\" tabindex=\"-1\">\n");
}

/* What everybody may ask of the office, or tell it; only where a server is behind the pages. */
static void
put_services(struct page *p)
{
    static const struct {
        const char *path;
        enum text label;
    } SERVICES[] = {{"/inspectors/", TEXT_prove_title}, {"/rate/", TEXT_rate_title}, {"/objections/", TEXT_objection_title}, {"/report/", TEXT_report_title}};

    html_put(&p->h, "<nav aria-label=\"{}\"><ul class=\"services\">", H_T(services_label));
    for (size_t i = 0; i < sizeof SERVICES / sizeof *SERVICES; i++)
        html_put(&p->h, "<li><a href=\"{}\">{}</a></li>", H_PAGE(str_of(SERVICES[i].path)), H_TEXT(SERVICES[i].label));
    html_put(&p->h, "</ul></nav>");
}

void
page_end(struct page *p)
{
    put_paper(p);
    html_put(&p->h, "</main>\n<footer class=\"bottom\"><div class=\"wrap\">");
    if (!p->site->files)
        put_services(p);
    html_put(&p->h,
             "<p>{}</p><p><a href=\"{}\">{}</a> · <a href=\"{}\">{}</a> · "
             "<a href=\"{}\">{}</a> · <a href=\"{}\">{}</a> · <a href=\"{}\">{}</a></p><p class=\"quiet\">{} <code>{}</code> · "
             "mingqian {}</p></div></footer>\n</body>\n</html>\n",
             H_T(footer_promise), H_PAGE(STR("/departments/")), H_T(departments_title), H_PAGE(STR("/open-data/")),
             H_T(open_title), H_FILE(STR("/feed.atom")), H_T(feed_link), H_PAGE(STR("/verify/")), H_T(nav_verify),
             H_PAGE(STR("/about/")), H_T(nav_about), H_T(footer_log), H_STR(p->site->origin), H_Z(MQ_VERSION));
}

void
page_heading(struct page *p, enum nav nav, enum text title, enum text lead)
{
    page_begin(p, nav, html_text(&p->h, title));
    html_put(&p->h, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", H_TEXT(title), H_TEXT(lead));
}

struct str
page_join(struct page *p, struct str a, struct str b, struct str c)
{
    char *s = arena_alloc(p->ctx->arena, a.n + b.n + c.n + 1);
    struct buf out = buf_over(s, s == NULL ? 0 : a.n + b.n + c.n);

    buf_str(&out, a);
    buf_str(&out, b);
    buf_str(&out, c);
    return s == NULL ? STR("/") : buf_view(&out);
}

void
page_next(struct page *p, const char *list, struct str cursor)
{
    html_put(&p->h, "<nav class=\"pages\" aria-label=\"{}\"><a rel=\"next\" href=\"{}\">{} →</a></nav>\n",
             H_T(pages_label), H_PAGE(page_join(p, str_of(list), cursor, STR("/"))), H_T(next_page));
}

int64_t
page_today(const struct page *p)
{
    return (p->ctx->now_us + (int64_t) 8 * 3600 * 1000000) / ((int64_t) 86400 * 1000000);
}

static enum err
render_into(struct page *p, page_view view, size_t size_bytes, struct str *body)
{
    char *out = arena_alloc(p->ctx->arena, size_bytes);
    enum err e;

    if (out == NULL)
        return ERR_MEMORY;
    p->h.out = buf_over(out, size_bytes);
    if ((e = view(p)) != OK)
        return e;
    if (html_failed(&p->h))
        return p->h.out.overflow ? ERR_TOO_LARGE : ERR_INTERNAL;
    *body = buf_view(&p->h.out);
    return OK;
}

/* Memory of an arena is cleared, so a page first gets a little; the few large ones are written again. */
enum err
page_render(struct page *p, page_view view, struct str *body)
{
    size_t mark = arena_mark(p->ctx->arena);
    enum err e = render_into(p, view, PAGE_BYTES_FIRST, body);

    if (e != ERR_TOO_LARGE)
        return e;
    arena_rewind(p->ctx->arena, mark);
    return render_into(p, view, PAGE_BYTES_MAX, body);
}

page_view
page_find(struct str path, struct str params[HTTP_PARAMS_MAX])
{
    static const struct {
        const char *pattern;
        page_view view;
    } PAGES[] = {
#define PAGE(pattern, role, view, clause) {pattern, view},
#define ROUTE(method, pattern, role, handler, clause)
#define API(method, pattern, permission, handler, flags, query, body, clause, summary)
#include "routes.def"
#undef API
#undef PAGE
#undef ROUTE
    };

    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++)
        if (http_match(PAGES[i].pattern, path, params))
            return PAGES[i].view;
    return NULL;
}

enum err
page_error(struct page *p, enum err e)
{
    struct html *h = &p->h;
    struct str other = str_of(h->english ? err_zh(e) : err_en(e));

    page_begin(p, NAV_NONE, str_of(h->english ? err_en(e) : err_zh(e)));
    html_put(
        h,
        "<h1>{}</h1>\n<p lang=\"{}\" class=\"lead\">{}</p>\n<p>{}</p>\n<p class=\"quiet\">{} {} · {}</p>\n",
        H_Z(h->english ? err_en(e) : err_zh(e)), H_Z(h->english ? "zh-CN" : "en"), H_STR(other),
        H_T(error_help), H_T(error_code), H_I64(err_http_status(e)), H_Z(err_name(e)));
    page_search_form(p, (struct str){NULL, 0}, false);
    page_end(p);
    return OK;
}
