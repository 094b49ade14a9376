/* http/page_result.c - published results 检查结果公示 (regulation 二(六)), newest first */
#include <string.h>

#include "mod/report/report.h"
#include "view.h"

/* A cursor is "<us>-<id>-<target>". A wrong one is no page. */
static enum err
read_cursor(struct str cursor, struct report_publications_in *in)
{
    struct str us, rest, id;
    uint64_t u, i;

    if (cursor.p == NULL)
        return OK;
    if (!str_split(cursor, '-', &us, &rest) || !str_split(rest, '-', &id, &in->target))
        return ERR_NOT_FOUND;
    if (str_u64(us, INT64_MAX, &u) != OK || str_u64(id, INT64_MAX, &i) != OK || in->target.n == 0)
        return ERR_NOT_FOUND;
    in->us = (int64_t) u;
    in->id = (int64_t) i;
    return OK;
}

static struct str
write_cursor(struct page *p, const struct report_publications_row *r)
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

static void
put_row(struct page *p, const struct departments *d, const struct report_publications_row *r)
{
    html_put(&p->h, "<tr><th scope=\"row\"><a href=\"{}\">{}</a>{}</th><td>{}</td><td>",
             H_PAGE(page_join(p, STR("/targets/"), r->target, STR("/"))),
             H_STR(view_target_name(p, r->name, r->entity_type, r->region_name, r->target)),
             H_Z(r->correction > 0 ? (p->h.english ? " (corrected)" : "（更正）") : ""), H_STR(r->item_name));
    view_result_codes(p, r->codes);
    html_put(&p->h, "</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
             H_STR(view_department(d, r->department)), H_DAY(r->produced_day), H_TIME(r->published_us));
}

enum err
page_results(struct page *p)
{
    struct report_publications_in in = {INT64_MAX, STR("~"), INT64_MAX, PAGE_ROWS + 1};
    struct report_publications_row *rows;
    struct departments d;
    size_t count;
    enum err e = read_cursor(p->params[0], &in);

    if (e == OK)
        e = report_publications(p->ctx->db, p->ctx->arena, &in, &rows, &count);
    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    page_heading(p, NAV_RESULTS, TEXT_results_title, TEXT_results_lead);
    html_put(&p->h,
             "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th "
             "scope=\"col\">{}</th>"
             "<th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\" "
             "class=\"n\">{}</th>"
             "<th scope=\"col\" class=\"n\">{}</th></tr></thead><tbody>\n",
             H_T(results_title), H_T(col_target), H_T(col_item), H_T(col_result), H_T(col_department),
             H_T(col_produced), H_T(col_published));
    for (size_t i = 0; i < count && i < PAGE_ROWS; i++)
        put_row(p, &d, &rows[i]);
    if (count == 0)
        html_put(&p->h, "<tr><td colspan=\"6\">{}</td></tr>", H_T(nothing_yet));
    html_put(&p->h, "</tbody></table></div>\n");
    if (count > PAGE_ROWS)
        page_next(p, "/results/after/", write_cursor(p, &rows[PAGE_ROWS - 1]));
    page_end(p);
    return OK;
}
