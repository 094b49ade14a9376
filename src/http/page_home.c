/* http/page_home.c - the first page: one search field, what happened lately, the figures */
#include "mod/report/report.h"
#include "view.h"

static enum err
put_figures(struct page *p)
{
    struct report_figures_row f;
    enum err e = report_figures(p->ctx->db, p->ctx->arena, &f);

    if (e != OK)
        return e;
    html_put(&p->h,
             "<dl class=\"figures\"><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{}</dd></div>"
             "<div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{}</dd></div></dl>\n",
             H_T(figure_draws), H_COUNT(f.draws), H_T(figure_drawn), H_COUNT(f.drawn),
             H_T(figure_publications), H_COUNT(f.publications), H_T(figure_entries), H_COUNT(f.entries));
    return OK;
}

static enum err
put_latest_results(struct page *p)
{
    struct report_ask ask = REPORT_ASK_ALL;
    struct report_publication_shown *rows = NULL;
    size_t count = 0;
    enum err e;

    ask.today = page_today(p);
    ask.limit = 6;
    e = report_results(p->ctx->db, p->ctx->arena, &ask, &rows, &count);
    html_put(
        &p->h,
        "<section aria-labelledby=\"latest-results\"><h2 id=\"latest-results\">{}</h2>\n<ul class=\"cards\">",
        H_T(latest_results));
    for (size_t i = 0; e == OK && i < count; i++) {
        const struct report_publication_shown *r = &rows[i];

        html_put(&p->h, "<li><a href=\"{}\"><b>{}</b></a><span>{}</span><span>",
                 view_target_link(p, r->target),
                 H_STR(view_target_name(p, r->name, r->entity_type, r->region_name, r->target)),
                 H_STR(r->item_name));
        view_publication(p, r);
        html_put(&p->h, "</span><span class=\"quiet\">{}</span></li>\n", H_TIME(r->published_us));
    }
    if (e == OK && count == 0)
        html_put(&p->h, "<li class=\"quiet\">{}</li>", H_T(nothing_yet));
    html_put(&p->h, "</ul><p><a class=\"more\" href=\"{}\">{}</a></p></section>\n", H_PAGE(STR("/results/")),
             H_T(all_results));
    return e;
}

static enum err
put_latest_draws(struct page *p)
{
    struct report_draws_row *rows;
    size_t count;
    enum err e = report_draws(p->ctx->db, p->ctx->arena, &(struct report_draws_in){6}, &rows, &count);

    html_put(
        &p->h,
        "<section aria-labelledby=\"latest-draws\"><h2 id=\"latest-draws\">{}</h2>\n<ul class=\"cards\">",
        H_T(latest_draws));
    for (size_t i = 0; e == OK && i < count; i++) {
        const struct report_draws_row *r = &rows[i];

        html_put(&p->h, "<li><a href=\"{}\"><b>{}</b></a><span>{} ",
                 H_PAGE(view_draw_path(p, r->draw, r->attempt)), H_STR(r->task_name), H_STR(r->draw));
        view_draw_state(p, r->state);
        html_put(&p->h, "</span><span>{} {}", H_T(col_population), H_COUNT(r->population_count.v));
        if (r->drawn_us.set)
            html_put(&p->h, " · {} {}", H_T(col_sample), H_COUNT(r->drawn_count));
        html_put(&p->h, "</span><span class=\"quiet\">{}</span></li>\n",
                 H_TIME(r->drawn_us.set ? r->drawn_us.v : r->sealed_us));
    }
    if (e == OK && count == 0)
        html_put(&p->h, "<li class=\"quiet\">{}</li>", H_T(nothing_yet));
    html_put(&p->h, "</ul><p><a class=\"more\" href=\"{}\">{}</a></p></section>\n", H_PAGE(STR("/draws/")),
             H_T(all_draws));
    return e;
}

enum err
page_home(struct page *p)
{
    enum err e;

    page_begin(p, NAV_HOME, html_text(&p->h, TEXT_home_title));
    html_put(&p->h, "<div class=\"hero\"><h1>{}</h1><p class=\"lead\">{}</p>\n", H_T(home_title),
             H_T(home_lead));
    page_search_form(p, (struct str){NULL, 0}, true);
    html_put(&p->h, "</div>\n");
    e = put_figures(p);
    html_put(&p->h, "<div class=\"columns\">\n");
    if (e == OK)
        e = put_latest_results(p);
    if (e == OK)
        e = put_latest_draws(p);
    html_put(&p->h,
             "</div>\n<section class=\"panel\"><h2>{}</h2><p>{}</p><p><a class=\"button\" href=\"{}\">{}</a> "
             "<a class=\"button plain\" href=\"{}\">{}</a></p></section>\n",
             H_T(home_verify_title), H_T(home_verify_text), H_PAGE(STR("/verify/")), H_T(nav_verify),
             H_PAGE(STR("/about/")), H_T(nav_about));
    page_end(p);
    return e;
}
