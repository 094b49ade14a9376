/* http/page_statistics.c - figures as pictures that the server draws. No list here ranks people or offices by
 * how many checks or fines they made (严禁下达检查指标): departments stand in their fixed order. */
#include "mod/report/report.h"
#include "view.h"

enum { CODES_MAX = 32 };

static int64_t
share_bp(int64_t part, int64_t whole)
{
    return whole == 0 ? 0 : part * 10000 / whole;
}

/* Coverage by county as a grid of tiles, not a map: four steps of colour, and always the number. */
static void
put_tile(struct page *p, struct str name, int64_t drawn, int64_t targets)
{
    int64_t bp = share_bp(drawn, targets), step = bp >= 600 ? 3 : bp >= 300 ? 2 : bp > 0 ? 1 : 0;

    html_put(&p->h,
             "<li><svg class=\"tile t{}\" viewBox=\"0 0 124 112\" role=\"img\" aria-label=\"{} {}\">"
             "<rect x=\"1\" y=\"1\" width=\"122\" height=\"110\" rx=\"8\"/><text x=\"62\" y=\"36\">{}</text>"
             "<text x=\"62\" y=\"66\" class=\"big\">{}</text><text x=\"62\" y=\"92\" class=\"small\">{} / "
             "{}</text></svg></li>",
             H_I64(step), H_STR(name), H_SHARE(bp), H_STR(name), H_SHARE(bp), H_COUNT(drawn),
             H_COUNT(targets));
}

static enum err
put_coverage(struct page *p)
{
    struct report_coverage_row *c;
    struct report_population_row *n;
    size_t c_count, n_count;
    enum err e = report_coverage(p->ctx->db, p->ctx->arena, &c, &c_count);

    if (e == OK)
        e = report_population(p->ctx->db, p->ctx->arena, &n, &n_count);
    if (e != OK)
        return e;
    html_put(&p->h, "<section><h2>{}</h2><p>{}</p><ul class=\"tiles\">", H_T(stat_coverage),
             H_T(stat_coverage_words));
    for (size_t i = 0; i < n_count; i++) {
        int64_t drawn = 0;

        for (size_t k = 0; k < c_count; k++)
            if (str_eq(c[k].region, n[i].region))
                drawn = c[k].drawn;
        if (n[i].name.p != NULL)
            put_tile(p, n[i].name, drawn, n[i].targets);
    }
    html_put(&p->h, "</ul></section>\n");
    return OK;
}

/* One row of a bar chart: the words are text, the bar repeats the number beside them. */
static void
put_bar_row(struct page *p, struct str label, int64_t bp, struct html_arg number)
{
    html_put(&p->h, "<li><span>{}</span><b>", H_STR(label));
    html_one(&p->h, number);
    html_put(&p->h,
             "</b><svg viewBox=\"0 0 10000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\" "
             "focusable=\"false\">"
             "<rect width=\"10000\" height=\"10\" class=\"whole\"/><rect width=\"{}\" height=\"10\" "
             "class=\"part\"/></svg></li>",
             H_I64(bp));
}

static enum err
put_timeliness(struct page *p)
{
    struct report_timeliness_row *t;
    struct departments d;
    size_t count;
    enum err e = report_timeliness(p->ctx->db, p->ctx->arena, &t, &count);

    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    html_put(&p->h, "<section><h2>{}</h2><p>{}</p><ul class=\"bars\">", H_T(stat_timely),
             H_T(stat_timely_words));
    for (size_t i = 0; i < d.count; i++)
        for (size_t k = 0; k < count; k++)
            if (str_eq(d.v[i].code, t[k].department))
                put_bar_row(p, d.v[i].name, share_bp(t[k].in_time, t[k].published),
                            H_SHARE(share_bp(t[k].in_time, t[k].published)));
    html_put(&p->h, "</ul></section>\n");
    return OK;
}

struct code_count {
    struct str code;
    int64_t published;
};

static void
count_code(struct code_count *all, size_t *count, struct str code, int64_t published)
{
    for (size_t i = 0; i < *count; i++)
        if (str_eq(all[i].code, code)) {
            all[i].published += published;
            return;
        }
    if (*count < CODES_MAX)
        all[(*count)++] = (struct code_count){code, published};
}

static enum err
put_codes(struct page *p)
{
    struct report_codes_row *rows;
    struct code_count all[CODES_MAX];
    size_t row_count, count = 0;
    int64_t total = 0;
    enum err e = report_codes(p->ctx->db, p->ctx->arena, &rows, &row_count);

    if (e != OK)
        return e;
    for (size_t i = 0; i < row_count; i++) {
        struct str codes[VIEW_LIST_MAX];
        size_t n = view_list(p->ctx->arena, rows[i].codes, codes);

        total += rows[i].published;
        for (size_t k = 0; k < n; k++)
            count_code(all, &count, codes[k], rows[i].published);
    }
    html_put(&p->h, "<section><h2>{}</h2><p>{}</p><ul class=\"bars\">", H_T(stat_codes),
             H_T(stat_codes_words));
    for (size_t i = 0; i < count; i++)
        put_bar_row(p, view_result_name(p, all[i].code), share_bp(all[i].published, total),
                    H_COUNT(all[i].published));
    html_put(&p->h, "</ul></section>\n");
    return OK;
}

enum err
page_statistics(struct page *p)
{
    enum err e;

    page_heading(p, NAV_STATISTICS, TEXT_statistics_title, TEXT_statistics_lead);
    e = put_coverage(p);
    if (e == OK)
        e = put_timeliness(p);
    if (e == OK)
        e = put_codes(p);
    page_end(p);
    return e;
}
