/* http/page_item.c - the item list 抽查事项清单 and one item with all its versions (regulation 二(二)) */
#include "mod/report/report.h"
#include "view.h"

static void
put_class(struct page *p, struct str class)
{
    bool key = str_eq(class, STR("KEY"));

    html_put(&p->h, "<span class=\"tag {}\">{}</span>", H_Z(key ? "mark" : "plain"),
             H_TEXT(key ? TEXT_class_key : TEXT_class_general));
}

static void
put_cap(struct page *p, struct opt_i64 cap_bp)
{
    if (cap_bp.set)
        html_put(&p->h, "≤ {}", H_SHARE(cap_bp.v));
    else
        html_put(&p->h, "{}", H_T(no_cap));
}

/* The filter: two lists and a button. Files have no server to answer it; there it is left out. */
static void
put_filter(struct page *p, const struct departments *d, struct str department, struct str class)
{
    struct html *h = &p->h;

    if (p->site->files)
        return;
    html_put(h,
             "<form class=\"filter\" method=\"get\" action=\"{}\"><div><label for=\"department\">{}</label>"
             "<select id=\"department\" name=\"department\"><option value=\"\">{}</option>",
             H_PAGE(STR("/items/")), H_T(col_department), H_T(all));
    for (size_t i = 0; i < d->count; i++)
        html_put(h, "<option value=\"{}\"{}>{}</option>", H_STR(d->v[i].code),
                 H_Z(str_eq(d->v[i].code, department) ? " selected" : ""), H_STR(d->v[i].name));
    html_put(h,
             "</select></div><div><label for=\"class\">{}</label><select id=\"class\" name=\"class\">"
             "<option value=\"\">{}</option><option value=\"KEY\"{}>{}</option><option "
             "value=\"GENERAL\"{}>{}</option>"
             "</select></div><button type=\"submit\">{}</button></form>\n",
             H_T(col_class), H_T(all), H_Z(str_eq(class, STR("KEY")) ? " selected" : ""), H_T(class_key),
             H_Z(str_eq(class, STR("GENERAL")) ? " selected" : ""), H_T(class_general), H_T(filter_button));
}

static void
put_item_row(struct page *p, const struct departments *d, const struct report_items_row *r)
{
    html_put(&p->h, "<tr><th scope=\"row\"><a href=\"{}\">{}</a><br><span class=\"quiet\">{}</span></th><td>",
             H_PAGE(page_join(p, STR("/items/"), r->code, STR("/"))), H_STR(r->name), H_STR(r->code));
    put_class(p, r->class);
    html_put(&p->h, "</td><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">", H_STR(r->domain),
             H_STR(r->target_scope), H_STR(view_department(d, r->department)));
    put_cap(p, r->cap_bp);
    html_put(&p->h, "</td></tr>\n");
}

enum err
page_items(struct page *p)
{
    struct report_items_row *rows;
    struct departments d;
    struct str department = http_query(p->ctx->arena, p->query, "department");
    struct str class = http_query(p->ctx->arena, p->query, "class");
    size_t count, shown = 0;
    enum err e = report_items(p->ctx->db, p->ctx->arena, &rows, &count);

    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    page_heading(p, NAV_ITEMS, TEXT_items_title, TEXT_items_lead);
    put_filter(p, &d, department, class);
    html_put(&p->h,
             "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th "
             "scope=\"col\">{}</th><th scope=\"col\">{}</th>"
             "<th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\" "
             "class=\"n\">{}</th>"
             "</tr></thead><tbody>\n",
             H_T(items_title), H_T(col_item), H_T(col_class), H_T(col_domain), H_T(col_scope),
             H_T(col_department), H_T(col_cap));
    for (size_t i = 0; i < count; i++)
        if ((department.n == 0 || str_eq(department, rows[i].department)) &&
            (class.n == 0 || str_eq(class, rows[i].class))) {
            put_item_row(p, &d, &rows[i]);
            shown++;
        }
    if (shown == 0)
        html_put(&p->h, "<tr><td colspan=\"6\">{}</td></tr>", H_T(nothing_yet));
    html_put(&p->h, "</tbody></table></div>\n<p class=\"quiet\">{} {}</p>\n", H_COUNT((int64_t) shown),
             H_T(items_count));
    page_end(p);
    return OK;
}

static void
put_points(struct page *p, struct str json)
{
    static const char *const FIELDS[] = {"content", "how"};
    struct str(*v)[8] = arena_array(p->ctx->arena, VIEW_LIST_MAX, sizeof *v);
    size_t count = v == NULL ? 0 : view_objects(p->ctx->arena, json, FIELDS, 2, v);

    if (count == 0)
        return;
    html_put(&p->h, "<h3>{}</h3><ol>", H_T(item_points));
    for (size_t i = 0; i < count; i++)
        html_put(&p->h, "<li>{}<br><span class=\"quiet\">{}</span></li>", H_STR(v[i][0]), H_STR(v[i][1]));
    html_put(&p->h, "</ol>\n");
}

static void
put_basis(struct page *p, struct str json)
{
    static const char *const FIELDS[] = {"law", "article", "text"};
    struct str(*v)[8] = arena_array(p->ctx->arena, VIEW_LIST_MAX, sizeof *v);
    size_t count = v == NULL ? 0 : view_objects(p->ctx->arena, json, FIELDS, 3, v);

    if (count == 0)
        return;
    html_put(&p->h, "<h3>{}</h3><ul>", H_T(item_basis));
    for (size_t i = 0; i < count; i++)
        html_put(&p->h, "<li>{} {}<br><span class=\"quiet\">{}</span></li>", H_STR(v[i][0]), H_STR(v[i][1]),
                 H_STR(v[i][2]));
    html_put(&p->h, "</ul>\n");
}

static void
put_version(struct page *p, const struct departments *d, const struct report_item_versions_row *r,
            bool newest)
{
    struct str partners[VIEW_LIST_MAX];
    size_t count = view_list(p->ctx->arena, r->partners, partners);

    html_put(&p->h, "<section class=\"panel\"><h2>{} {} {}</h2><dl class=\"facts\"><div><dt>{}</dt><dd>",
             H_T(version), H_I64(r->version), H_T2(newest, version_newest, version_older), H_T(col_class));
    put_class(p, r->class);
    html_put(
        &p->h,
        "</dd></div><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>",
        H_T(col_domain), H_STR(r->domain), H_T(col_scope), H_STR(r->target_scope), H_T(col_department));
    html_put(&p->h, "{}", H_STR(view_department(d, r->department)));
    for (size_t i = 0; i < count; i++)
        html_put(&p->h, "{}{}", H_Z(p->h.english ? ", " : "、"), H_STR(view_department(d, partners[i])));
    html_put(&p->h, "</dd></div><div><dt>{}</dt><dd>", H_T(col_cap));
    put_cap(p, r->cap_bp);
    html_put(&p->h, "</dd></div><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{}</dd></div>",
             H_T(col_frequency), H_STR(r->frequency), H_T(col_published), H_TIME(r->published_us));
    if (r->reason.p != NULL)
        html_put(&p->h, "<div><dt>{}</dt><dd>{}</dd></div>", H_T(version_reason), H_STR(r->reason));
    html_put(&p->h, "</dl>\n");
    put_points(p, r->points);
    put_basis(p, r->legal_basis);
    html_put(&p->h, "</section>\n");
}

enum err
page_item(struct page *p)
{
    struct report_item_versions_row *rows;
    struct departments d;
    size_t count;
    enum err e = report_item_versions(p->ctx->db, p->ctx->arena,
                                      &(struct report_item_versions_in){p->params[0]}, &rows, &count);

    if (e == OK && count == 0)
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    page_begin(p, NAV_ITEMS, rows[0].name);
    html_put(&p->h, "<p class=\"crumbs\"><a href=\"{}\">{}</a></p><h1>{}</h1><p class=\"lead\">{}</p>\n",
             H_PAGE(STR("/items/")), H_T(items_title), H_STR(rows[0].name), H_STR(rows[0].code));
    for (size_t i = 0; i < count; i++)
        put_version(p, &d, &rows[i], i == 0);
    page_end(p);
    return OK;
}
