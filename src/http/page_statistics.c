/* http/page_statistics.c - figures as pictures that the server draws. No list here ranks people or offices by
 * how many checks or fines they made (严禁下达检查指标): departments stand in their fixed order. */
#include "mod/report/report.h"
#include "view.h"

enum { TILE = 132, TILE_COLUMNS = 5, BAR = 300, CODES_MAX = 32 };

static int64_t
share_bp(int64_t part, int64_t whole)
{
    return whole == 0 ? 0 : part * 10000 / whole;
}

/* Coverage by county as a grid of tiles, not a map: four steps of colour, and always the number. */
static void
put_tile(struct page *p, size_t i, struct str name, int64_t drawn, int64_t targets)
{
    int64_t x = (int64_t) (i % TILE_COLUMNS) * TILE, y = (int64_t) (i / TILE_COLUMNS) * TILE;
    int64_t bp = share_bp(drawn, targets), step = bp >= 600 ? 3 : bp >= 300 ? 2 : bp > 0 ? 1 : 0;

    html_put(
        &p->h,
        "<g transform=\"translate({} {})\" class=\"tile t{}\"><rect width=\"124\" height=\"124\" rx=\"8\"/>"
        "<text x=\"62\" y=\"44\" class=\"name\">{}</text><text x=\"62\" y=\"76\" class=\"big\">{}</text>"
        "<text x=\"62\" y=\"102\" class=\"small\">{} / {}</text></g>",
        H_I64(x), H_I64(y), H_I64(step), H_STR(name), H_SHARE(bp), H_COUNT(drawn), H_COUNT(targets));
}

static enum err
put_coverage(struct page *p)
{
    struct report_coverage_row *c;
    struct report_population_row *n;
    size_t c_count, n_count, shown = 0;
    enum err e = report_coverage(p->ctx->db, p->ctx->arena, &c, &c_count);

    if (e == OK)
        e = report_population(p->ctx->db, p->ctx->arena, &n, &n_count);
    if (e != OK)
        return e;
    for (size_t i = 0; i < n_count; i++)
        shown += n[i].name.p != NULL;
    html_put(&p->h,
             "<section><h2>{}</h2><p>{}</p><svg class=\"chart tiles\" viewBox=\"0 0 {} {}\" role=\"img\" "
             "aria-label=\"{}\">",
             H_T(stat_coverage), H_T(stat_coverage_words), H_I64(TILE * TILE_COLUMNS - 8),
             H_I64((int64_t) ((shown + TILE_COLUMNS - 1) / TILE_COLUMNS) * TILE + 1), H_T(stat_coverage));
    shown = 0;
    for (size_t i = 0; i < n_count; i++) {
        int64_t drawn = 0;

        if (n[i].name.p == NULL)
            continue;
        for (size_t k = 0; k < c_count; k++)
            if (str_eq(c[k].region, n[i].region))
                drawn = c[k].drawn;
        put_tile(p, shown++, n[i].name, drawn, n[i].targets);
    }
    html_put(&p->h, "</svg></section>\n");
    return OK;
}

static void
put_bar_row(struct page *p, size_t i, struct html_arg label, int64_t bp, struct html_arg words)
{
    int64_t y = (int64_t) i * 34;

    html_put(&p->h,
             "<text x=\"0\" y=\"{}\" class=\"label\">{}</text><rect x=\"250\" y=\"{}\" width=\"300\" "
             "height=\"18\" rx=\"3\" class=\"whole\"/>"
             "<rect x=\"250\" y=\"{}\" width=\"{}\" height=\"18\" rx=\"3\" class=\"part\"/><text x=\"562\" "
             "y=\"{}\" class=\"value\">",
             H_I64(y + 18), label, H_I64(y + 4), H_I64(y + 4), H_I64(bp * BAR / 10000), H_I64(y + 18));
    html_one(&p->h, words);
    html_put(&p->h, "</text>");
}

static enum err
put_timeliness(struct page *p)
{
    struct report_timeliness_row *t;
    struct departments d;
    size_t count, shown = 0;
    enum err e = report_timeliness(p->ctx->db, p->ctx->arena, &t, &count);

    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    html_put(&p->h,
             "<section><h2>{}</h2><p>{}</p><svg class=\"chart bars\" viewBox=\"0 0 700 {}\" role=\"img\" "
             "aria-label=\"{}\">",
             H_T(stat_timely), H_T(stat_timely_words), H_I64((int64_t) (count == 0 ? 1 : count) * 34),
             H_T(stat_timely));
    for (size_t i = 0; i < d.count; i++)
        for (size_t k = 0; k < count; k++)
            if (str_eq(d.v[i].code, t[k].department))
                put_bar_row(p, shown++, H_STR(d.v[i].name), share_bp(t[k].in_time, t[k].published),
                            H_SHARE(share_bp(t[k].in_time, t[k].published)));
    html_put(&p->h, "</svg></section>\n");
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
    html_put(&p->h,
             "<section><h2>{}</h2><p>{}</p><svg class=\"chart bars\" viewBox=\"0 0 700 {}\" role=\"img\" "
             "aria-label=\"{}\">",
             H_T(stat_codes), H_T(stat_codes_words), H_I64((int64_t) (count == 0 ? 1 : count) * 34),
             H_T(stat_codes));
    for (size_t i = 0; i < count; i++)
        put_bar_row(p, i, H_STR(view_result_name(p, all[i].code)), share_bp(all[i].published, total),
                    H_COUNT(all[i].published));
    html_put(&p->h, "</svg></section>\n");
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
