/* http/page_department.c - departments 市场监管领域部门 and what each has put before the public: items, tasks, results
 * (regulation 三(一), 二(六)). They stand in their fixed order; nothing ranks them. */
#include "view.h"

enum { SHOWN = 20 };

enum err
page_departments(struct page *p)
{
    struct departments d;
    enum err e = view_departments(p, &d);

    if (e != OK)
        return e;
    page_heading(p, NAV_NONE, TEXT_departments_title, TEXT_departments_lead);
    html_put(&p->h, "<ul class=\"cards\">");
    for (size_t i = 0; i < d.count; i++)
        html_put(&p->h, "<li><a href=\"{}\"><b>{}</b></a></li>\n",
                 H_PAGE(page_join(p, STR("/departments/"), d.v[i].code, STR("/"))), H_STR(d.v[i].name));
    html_put(&p->h, "</ul>\n");
    page_end(p);
    return OK;
}

static enum err
put_items(struct page *p, struct str code)
{
    struct report_items_row *r;
    size_t n, shown = 0;
    enum err e = report_items(p->ctx->db, p->ctx->arena, &r, &n);

    html_put(&p->h, "<h2>{}</h2>\n<ul class=\"two\">", H_T(items_title));
    for (size_t i = 0; e == OK && i < n; i++)
        if (str_eq(r[i].department, code) && str_eq(r[i].state, STR("published"))) {
            html_put(&p->h, "<li><a href=\"{}\">{}</a></li>\n", H_PAGE(page_join(p, STR("/items/"), r[i].code, STR("/"))),
                     H_STR(r[i].name));
            shown++;
        }
    if (shown == 0)
        html_put(&p->h, "<li class=\"quiet\">{}</li>", H_T(nothing_yet));
    html_put(&p->h, "</ul>\n");
    return e;
}

static enum err
put_tasks(struct page *p, const struct departments *d, struct str code)
{
    struct report_tasks_in in = {.seen = {page_today(p)}, .below = STR("~"), .own = code, .limit = SHOWN};
    struct report_tasks_row *rows;
    size_t count;
    enum err e;

    in.entry = page_join(p, STR("\""), code, STR("\""));
    if ((e = report_tasks(p->ctx->db, p->ctx->arena, &in, &rows, &count)) != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2>\n", H_T(tasks_title));
    view_tasks(p, d, rows, count);
    return OK;
}

static enum err
put_results(struct page *p, const struct departments *d, struct str code)
{
    struct report_ask ask = REPORT_ASK_ALL;

    ask.department = code;
    ask.limit = SHOWN;
    return view_latest_results(p, d, ask, page_join(p, STR("?department="), code, STR("")));
}

enum err
page_department(struct page *p)
{
    struct departments d;
    struct str code = p->params[0], name;
    enum err e = view_departments(p, &d);

    if (e != OK)
        return e;
    name = view_department(&d, code);
    if (name.p == code.p)
        return ERR_NOT_FOUND;
    p->feed = page_join(p, STR("/departments/"), code, STR("/feed.atom"));
    page_begin(p, NAV_NONE, name);
    html_put(&p->h, "<p class=\"crumbs\"><a href=\"{}\">{}</a></p><h1>{}</h1>\n<p><a href=\"{}\">{}</a></p>\n",
             H_PAGE(STR("/departments/")), H_T(departments_title), H_STR(name), H_FILE(p->feed), H_T(feed_department));
    e = put_items(p, code);
    if (e == OK)
        e = put_tasks(p, &d, code);
    if (e == OK)
        e = put_results(p, &d, code);
    page_end(p);
    return e;
}
