/* http/page_plan.c - published annual plans 年度抽查计划 and their lines (regulation 二(四)) */
#include "mod/report/report.h"
#include "view.h"

enum err
page_plans(struct page *p)
{
    struct report_plans_row *rows;
    struct departments d;
    size_t count;
    enum err e = report_plans(p->ctx->db, p->ctx->arena, &rows, &count);

    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    page_heading(p, NAV_PLANS, TEXT_plans_title, TEXT_plans_lead);
    html_put(&p->h, "<ul class=\"cards\">");
    for (size_t i = 0; i < count; i++)
        html_put(&p->h,
                 "<li><a href=\"{}\"><b>{}</b></a><span>{} · {} {} · {} {}</span><span class=\"quiet\">{} "
                 "{}</span></li>\n",
                 H_PAGE(page_join(p, STR("/plans/"), rows[i].code, STR("/"))), H_STR(rows[i].name),
                 H_T2(rows[i].joint != 0, plan_joint, plan_own), H_T(plan_lead),
                 H_STR(view_department(&d, rows[i].lead)), H_COUNT(rows[i].line_count), H_T(plan_lines),
                 H_T(col_published), H_TIME(rows[i].published_us));
    if (count == 0)
        html_put(&p->h, "<li class=\"quiet\">{}</li>", H_T(nothing_yet));
    html_put(&p->h, "</ul>\n");
    page_end(p);
    return OK;
}

static void
put_participants(struct page *p, const struct departments *d, struct str json)
{
    static const char *const FIELDS[] = {"department"};
    struct str codes[VIEW_LIST_MAX], (*v)[8] = arena_array(p->ctx->arena, VIEW_LIST_MAX, sizeof *v);
    size_t count = view_list(p->ctx->arena, json, codes);

    if (count == 0 && v != NULL) {
        count = view_objects(p->ctx->arena, json, FIELDS, 1, v);
        for (size_t i = 0; i < count; i++)
            codes[i] = v[i][0];
    }
    for (size_t i = 0; i < count; i++)
        html_put(&p->h, "{}{}",
                 H_Z(i == 0         ? ""
                     : p->h.english ? ", "
                                    : "、"),
                 H_STR(view_department(d, codes[i])));
}

static void
put_items(struct page *p, struct str json)
{
    struct str codes[VIEW_LIST_MAX];
    size_t count = view_list(p->ctx->arena, json, codes);

    for (size_t i = 0; i < count; i++)
        html_put(&p->h, "{}<a href=\"{}\">{}</a>",
                 H_Z(i == 0         ? ""
                     : p->h.english ? ", "
                                    : "、"),
                 H_PAGE(page_join(p, STR("/items/"), codes[i], STR("/"))), H_STR(codes[i]));
}

static void
put_line(struct page *p, const struct departments *d, const struct report_plan_lines_row *r)
{
    html_put(&p->h,
             "<tr><td class=\"n\">{}</td><th scope=\"row\">{}<br><span class=\"quiet\">{}</span></th><td>",
             H_I64(r->line), H_STR(r->name), H_STR(r->mode));
    put_items(p, r->items);
    html_put(&p->h,
             "</td><td>{}</td><td>{}</td><td class=\"n\">{}<br>{}</td><td>{}<br><span class=\"quiet\">",
             H_STR(r->scope_words), H_STR(r->ratio_words), H_DAY(r->from_day), H_DAY(r->to_day),
             H_STR(view_department(d, r->lead)));
    put_participants(p, d, r->participants);
    html_put(&p->h, "</span></td></tr>\n");
}

static enum err
put_plan_lines(struct page *p, const struct departments *d)
{
    struct report_plan_lines_row *rows;
    size_t count;
    enum err e = report_plan_lines(p->ctx->db, p->ctx->arena, &(struct report_plan_lines_in){p->params[0]},
                                   &rows, &count);

    if (e != OK)
        return e;
    html_put(&p->h,
             "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th "
             "scope=\"col\" "
             "class=\"n\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>"
             "<th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th><th "
             "scope=\"col\">{}</th></tr></thead><tbody>\n",
             H_T(plan_lines), H_T(col_number), H_T(col_task), H_T(col_item), H_T(col_scope), H_T(col_ratio),
             H_T(col_window), H_T(plan_lead));
    for (size_t i = 0; i < count; i++)
        put_line(p, d, &rows[i]);
    html_put(&p->h, "</tbody></table></div>\n");
    if (!p->site->files)
        html_put(&p->h, "<p>{} <a href=\"/plans/{}/plan.xlsx\">XLSX</a> · <a href=\"/plans/{}/plan.csv\">CSV</a> · <a href=\"/plans/{}/plan.pdf\">PDF</a></p>\n",
                 H_T(plan_download), H_STR(p->params[0]), H_STR(p->params[0]), H_STR(p->params[0]));
    return OK;
}

/* What was filed with the government, with the digest of each document. */
static enum err
put_filings(struct page *p)
{
    struct report_plan_filings_row *rows;
    size_t count;
    enum err e = report_plan_filings(p->ctx->db, p->ctx->arena, &(struct report_plan_filings_in){p->params[0]}, &rows, &count);

    if (e != OK || count == 0)
        return e;
    html_put(&p->h, "<h2>{}</h2><ul class=\"cards\">", H_T(plan_filed));
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h, "<li>");
        if (p->site->files)
            html_put(&p->h, "<b>{}</b>", H_STR(rows[i].name));
        else
            html_put(&p->h, "<a href=\"/plans/{}/filing-{}\" download=\"{}\"><b>{}</b></a>", H_STR(p->params[0]),
                     H_STR(rows[i].digest), H_STR(rows[i].name), H_STR(rows[i].name));
        html_put(&p->h, "<span>{} · SHA-256 <code>{}</code></span></li>\n", H_TIME(rows[i].filed_us), H_STR(rows[i].digest));
    }
    html_put(&p->h, "</ul>\n");
    return OK;
}

static enum err
put_plan_draws(struct page *p)
{
    struct report_plan_draws_row *rows;
    size_t count;
    enum err e = report_plan_draws(p->ctx->db, p->ctx->arena, &(struct report_plan_draws_in){p->params[0]},
                                   &rows, &count);

    if (e != OK || count == 0)
        return e;
    html_put(&p->h, "<h2>{}</h2><ul class=\"cards\">", H_T(plan_draws));
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h, "<li><a href=\"{}\"><b>{}</b></a><span>{} ",
                 H_PAGE(view_draw_path(p, rows[i].draw, rows[i].attempt)), H_STR(rows[i].task_name),
                 H_STR(rows[i].draw));
        view_draw_state(p, rows[i].state);
        html_put(&p->h, "</span></li>\n");
    }
    html_put(&p->h, "</ul>\n");
    return OK;
}

/* What one revision changed, field by field: before and after stand side by side. */
static void
put_change(struct page *p, const struct report_plan_revisions_row *r)
{
    static const char *const FIELDS[] = {"name", "scope_words", "ratio_words", "risk_words", "from", "to", "mode"};
    static const enum text NAMES[] = {TEXT_col_task, TEXT_col_scope, TEXT_col_ratio, TEXT_col_risk_rule,
                                      TEXT_col_from, TEXT_col_to,    TEXT_col_mode};
    enum { COUNT = sizeof FIELDS / sizeof *FIELDS };
    struct str before[COUNT], after[COUNT];
    bool was = view_object(p->ctx->arena, r->before, FIELDS, COUNT, before);

    view_object(p->ctx->arena, r->after, FIELDS, COUNT, after);
    html_put(&p->h, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th "
                    "scope=\"col\">{} {}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n",
             H_T(plan_revisions), H_T(col_number), H_I64(r->line), H_T(plan_before), H_T(plan_after));
    for (size_t i = 0; i < COUNT; i++)
        if (!str_eq(before[i], after[i]))
            html_put(&p->h, "<tr><th scope=\"row\">{}</th><td>{}</td><td><b>{}</b></td></tr>\n",
                     H_STR(html_text(&p->h, NAMES[i])), was ? H_STR(before[i]) : H_T(plan_new_line), H_STR(after[i]));
    html_put(&p->h, "</tbody></table></div>\n");
}

static enum err
put_revisions(struct page *p)
{
    struct report_plan_revisions_row *rows;
    size_t count;
    enum err e = report_plan_revisions(p->ctx->db, p->ctx->arena,
                                       &(struct report_plan_revisions_in){p->params[0]}, &rows, &count);

    if (e != OK || count == 0)
        return e;
    html_put(&p->h, "<h2>{}</h2>", H_T(plan_revisions));
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h, "<h3>{} {} · {}</h3><p>{}</p>\n", H_T(plan_revision), H_I64(rows[i].revision),
                 H_TIME(rows[i].revised_us), H_STR(rows[i].reason));
        put_change(p, &rows[i]);
    }
    return OK;
}

enum err
page_plan(struct page *p)
{
    struct report_plans_row *rows, *plan = NULL;
    struct departments d;
    size_t count;
    enum err e = report_plans(p->ctx->db, p->ctx->arena, &rows, &count);

    for (size_t i = 0; e == OK && i < count; i++)
        if (str_eq(rows[i].code, p->params[0]))
            plan = &rows[i];
    if (e == OK && plan == NULL)
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    page_begin(p, NAV_PLANS, plan->name);
    html_put(&p->h,
             "<p class=\"crumbs\"><a href=\"{}\">{}</a></p><h1>{}</h1><p class=\"lead\">{} · {} · {} {} · {} "
             "{}",
             H_PAGE(STR("/plans/")), H_T(plans_title), H_STR(plan->name), H_STR(plan->code),
             H_T2(plan->joint != 0, plan_joint, plan_own), H_T(plan_lead),
             H_STR(view_department(&d, plan->lead)), H_T(col_published), H_TIME(plan->published_us));
    if (plan->document_no.p != NULL)
        html_put(&p->h, " · {} {}", H_T(plan_document), H_STR(plan->document_no));
    html_put(&p->h, "</p>\n");
    e = put_plan_lines(p, &d);
    if (e == OK)
        e = put_filings(p);
    if (e == OK)
        e = put_plan_draws(p);
    if (e == OK)
        e = put_revisions(p);
    page_end(p);
    return e;
}
