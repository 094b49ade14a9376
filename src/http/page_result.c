/* http/page_result.c - published results 检查结果公示 (regulation 二(六)), newest first: by entity, department, county, item,
 * task and period */
#include <string.h>

#include "core/calendar.h"
#include "view.h"

static const int64_t DAY_US = INT64_C(86400000000), CHINA_US = INT64_C(28800000000);

/* What the address asks for, as it came: it is shown in the form and goes on to the next page. */
struct asked {
    struct str department, item, task, region, from, to;
};

/* A cursor is "<us>-<id>-<target>". A wrong one is no page. */
static enum err
read_cursor(struct str cursor, struct report_ask *ask)
{
    struct str us, rest, id;
    uint64_t u, i;

    if (cursor.n == 0)
        return OK;
    if (!str_split(cursor, '-', &us, &rest) || !str_split(rest, '-', &id, &ask->target))
        return ERR_NOT_FOUND;
    if (str_u64(us, INT64_MAX, &u) != OK || str_u64(id, INT64_MAX, &i) != OK || ask->target.n == 0)
        return ERR_NOT_FOUND;
    ask->us = (int64_t) u;
    ask->id = (int64_t) i;
    return OK;
}

static struct str
write_cursor(struct page *p, const struct report_publication_shown *r)
{
    char *s = arena_alloc(p->ctx->arena, r->target.n + 48);
    struct buf b = buf_over(s, s == NULL ? 0 : r->target.n + 48);

    buf_i64(&b, r->published_us);
    buf_z(&b, "-");
    buf_i64(&b, r->id);
    buf_z(&b, "-");
    buf_str(&b, r->target);
    return buf_view(&b);
}

/* A value of the query; absent when it is empty. */
static struct str
value_of(struct page *p, const char *name)
{
    struct str s = str_trim(http_query(p->ctx->arena, p->query, name));

    return s.n == 0 ? (struct str){NULL, 0} : s;
}

/* 411500 means 4115: all below. */
static struct str
region_prefix(struct str region)
{
    while (region.n > 2 && region.n % 2 == 0 && region.p[region.n - 1] == '0' && region.p[region.n - 2] == '0')
        region.n -= 2;
    return region;
}

static enum err
read_day(struct str text, int64_t more, struct opt_i64 *us)
{
    int64_t day;

    if (text.n == 0)
        return OK;
    if (day_parse(text, &day) != OK)
        return ERR_NOT_FOUND;
    us->set = true;
    us->v = (day + more) * DAY_US - CHINA_US;
    return OK;
}

static enum err
read_ask(struct page *p, struct asked *a, struct report_ask *ask)
{
    enum err e = read_cursor(p->params[0].n > 0 ? p->params[0] : value_of(p, "after"), ask);

    *a = (struct asked){value_of(p, "department"), value_of(p, "item"), value_of(p, "task"),
                        value_of(p, "region"),     value_of(p, "from"), value_of(p, "to")};
    ask->department = a->department;
    ask->item = a->item;
    ask->task = a->task;
    ask->region = region_prefix(a->region);
    ask->today = page_today(p);
    ask->limit = PAGE_ROWS + 1;
    if (e == OK)
        e = read_day(a->from, 0, &ask->since_us);
    return e == OK ? read_day(a->to, 1, &ask->until_us) : e;
}

/* the form ---------------------------------------------------------------------------------------------------------------- */

static void
put_option(struct page *p, struct str value, struct str chosen, struct str words)
{
    html_put(&p->h, "<option value=\"{}\"{}>{}</option>", H_STR(value), H_Z(str_eq(value, chosen) ? " selected" : ""),
             H_STR(words));
}

static void
put_select(struct page *p, const char *name, enum text label)
{
    html_put(&p->h, "<div><label for=\"f-{}\">{}</label><select id=\"f-{}\" name=\"{}\"><option value=\"\">{}</option>", H_Z(name),
             H_TEXT(label), H_Z(name), H_Z(name), H_T(all));
}

static enum err
put_counties(struct page *p, struct str chosen)
{
    struct report_counties_row *r;
    size_t n;
    enum err e = report_counties(p->ctx->db, p->ctx->arena, &r, &n);

    put_select(p, "region", TEXT_col_region);
    for (size_t i = 0; e == OK && i < n; i++)
        put_option(p, r[i].code, chosen, r[i].name);
    html_put(&p->h, "</select></div>");
    return e;
}

static enum err
put_items(struct page *p, struct str chosen)
{
    struct report_items_row *r;
    size_t n;
    enum err e = report_items(p->ctx->db, p->ctx->arena, &r, &n);

    put_select(p, "item", TEXT_col_item);
    for (size_t i = 0; e == OK && i < n; i++)
        put_option(p, r[i].code, chosen, r[i].name);
    html_put(&p->h, "</select></div>");
    return e;
}

static void
put_day(struct page *p, const char *name, enum text label, struct str value)
{
    html_put(&p->h, "<div><label for=\"f-{}\">{}</label><input id=\"f-{}\" name=\"{}\" type=\"date\" value=\"{}\"></div>", H_Z(name),
             H_TEXT(label), H_Z(name), H_Z(name), H_STR(value));
}

/* Files have no server to answer it: there it is left out. */
static enum err
put_form(struct page *p, const struct departments *d, const struct asked *a)
{
    enum err e;

    if (p->site->files)
        return OK;
    html_put(&p->h, "<form class=\"filter\" method=\"get\" action=\"{}\">", H_PAGE(STR("/results/")));
    put_select(p, "department", TEXT_col_department);
    for (size_t i = 0; i < d->count; i++)
        put_option(p, d->v[i].code, a->department, d->v[i].name);
    html_put(&p->h, "</select></div>");
    e = put_counties(p, a->region);
    if (e == OK)
        e = put_items(p, a->item);
    put_day(p, "from", TEXT_results_from, a->from);
    put_day(p, "to", TEXT_results_to, a->to);
    if (a->task.n > 0)
        html_put(&p->h, "<input type=\"hidden\" name=\"task\" value=\"{}\">", H_STR(a->task));
    html_put(&p->h, "<button type=\"submit\">{}</button></form>\n", H_T(filter_button));
    return e;
}

/* the list ------------------------------------------------------------------------------------------------------------------ */

static void
put_row(struct page *p, const struct departments *d, const struct report_publication_shown *r)
{
    html_put(&p->h, "<tr><th scope=\"row\"><a href=\"{}\">{}</a>", view_target_link(p, r->target),
             H_STR(view_target_name(p, r->name, r->entity_type, r->region_name, r->target)));
    view_correction(p, r->correction);
    html_put(&p->h, "<br><span class=\"quiet\">{}</span></th><td>{}", H_STR(r->region_name), H_STR(r->item_name));
    if (r->task_shown != 0)
        html_put(&p->h, "<br><a class=\"quiet\" href=\"{}\">{}</a>", view_task_link(p, r->task), H_STR(r->task_name));
    html_put(&p->h, "</td><td>");
    view_publication(p, r);
    html_put(&p->h, "</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
             H_STR(view_department(d, r->department)), H_DAY(r->produced_day), H_TIME(r->published_us));
}

void
view_results(struct page *p, const struct departments *d, const struct report_publication_shown *rows, size_t count)
{
    html_put(&p->h,
             "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th "
             "scope=\"col\">{}</th>"
             "<th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\" "
             "class=\"n\">{}</th>"
             "<th scope=\"col\" class=\"n\">{}</th></tr></thead><tbody>\n",
             H_T(results_title), H_T(col_target), H_T(col_item), H_T(col_result), H_T(col_department),
             H_T(col_produced), H_T(col_published));
    for (size_t i = 0; i < count; i++)
        put_row(p, d, &rows[i]);
    if (count == 0)
        html_put(&p->h, "<tr><td colspan=\"6\">{}</td></tr>", H_T(nothing_yet));
    html_put(&p->h, "</tbody></table></div>\n");
}

enum err
view_latest_results(struct page *p, const struct departments *d, struct report_ask ask, struct str all)
{
    struct report_publication_shown *rows = NULL;
    size_t count = 0;
    enum err e;

    ask.today = page_today(p);
    if ((e = report_results(p->ctx->db, p->ctx->arena, &ask, &rows, &count)) != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2>\n", H_T(latest_results));
    view_results(p, d, rows, count);
    if (count == (size_t) ask.limit && !p->site->files)
        html_put(&p->h, "<p><a class=\"more\" href=\"{}\">{}</a></p>\n", H_PAGE(page_join(p, STR("/results/"), all, STR(""))),
                 H_T(all_results));
    return OK;
}

/* "name=value" when there is one and it needs no escape (none of ours does). */
static void
add_value(struct buf *b, const char *name, struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] == '&' || value.p[i] == '#' || value.p[i] == '%')
            return;
    if (value.n == 0)
        return;
    buf_z(b, "&");
    buf_z(b, name);
    buf_z(b, "=");
    buf_str(b, value);
}

/* Without a filter the next page has a path of its own, so that it is there as a file, too. */
static void
put_next(struct page *p, const struct asked *a, const struct report_publication_shown *last)
{
    char *text = arena_alloc(p->ctx->arena, HTTP_PATH_BYTES_MAX);
    struct buf b = buf_over(text, text == NULL ? 0 : HTTP_PATH_BYTES_MAX);
    struct str cursor = write_cursor(p, last);
    size_t before;

    buf_z(&b, "/results/?after=");
    buf_str(&b, cursor);
    before = b.n;
    add_value(&b, "department", a->department);
    add_value(&b, "region", a->region);
    add_value(&b, "item", a->item);
    add_value(&b, "task", a->task);
    add_value(&b, "from", a->from);
    add_value(&b, "to", a->to);
    if (b.overflow || b.n == before)
        page_next(p, "/results/after/", cursor);
    else
        html_put(&p->h, "<nav class=\"pages\" aria-label=\"{}\"><a rel=\"next\" href=\"{}\">{} →</a></nav>\n", H_T(pages_label),
                 H_PAGE(buf_view(&b)), H_T(next_page));
}

enum err
page_results(struct page *p)
{
    struct report_ask ask = REPORT_ASK_ALL;
    struct asked a;
    struct report_publication_shown *rows = NULL;
    struct departments d;
    size_t count = 0;
    enum err e = read_ask(p, &a, &ask);

    if (e == OK)
        e = report_results(p->ctx->db, p->ctx->arena, &ask, &rows, &count);
    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    page_heading(p, NAV_RESULTS, TEXT_results_title, TEXT_results_lead);
    e = put_form(p, &d, &a);
    view_results(p, &d, rows, count > PAGE_ROWS ? PAGE_ROWS : count);
    if (count > PAGE_ROWS)
        put_next(p, &a, &rows[PAGE_ROWS - 1]);
    page_end(p);
    return e;
}
