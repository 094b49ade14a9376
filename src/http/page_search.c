/* http/page_search.c - by code or by name (regulation 二(六)). A sole trader's name is not searched: it often
 * is a person's; its code finds it. */
#include "mod/report/report.h"
#include "mod/target/target.h"
#include "view.h"

enum { FOUND_MAX = 50 };

/* A sole trader comes only when its whole code was asked for. */
static enum err
put_hit(struct page *p, const struct target_line *r, struct str q, size_t *found)
{
    struct report_target_row t;
    enum err e = report_target(p->ctx->db, p->ctx->arena, &(struct report_target_in){r->code}, &t);

    if (e != OK)
        return e;
    if (view_is_masked(t.entity_type) && q.n != t.code.n)
        return OK;
    html_put(&p->h, "<li><a href=\"{}\"><b>{}</b></a><span><code>{}</code> · {}</span></li>\n",
             H_PAGE(page_join(p, STR("/targets/"), t.code, STR("/"))),
             H_STR(view_target_name(p, t.name, t.entity_type, t.region_name, t.code)), H_STR(t.code),
             H_STR(t.region_name));
    (*found)++;
    return OK;
}

/* Codes are written with capitals; a name keeps its letters (the search does not mind them). */
static struct str
with_capitals(struct page *p, struct str q)
{
    char *s = str_z(p->ctx->arena, q);

    for (size_t i = 0; s != NULL && i < q.n; i++) {
        if (s[i] < '-' || s[i] > 'z')
            return q;
        if (s[i] >= 'a')
            s[i] = (char) (s[i] - 'a' + 'A');
    }
    return s == NULL ? q : (struct str){s, q.n};
}

static enum err
put_found(struct page *p, struct str q)
{
    struct target_line *rows = NULL;
    size_t count = 0, found = 0;
    enum err e = target_find(p->ctx, with_capitals(p, q), TARGET_SEARCH_MAX, &rows, &count);

    if (e == ERR_LENGTH || e == ERR_ENCODING) { /* nothing can be called so */
        e = OK;
        count = 0;
    }
    html_put(&p->h, "<h2>{}</h2>\n<ul class=\"cards single\">", H_T(search_found));
    for (size_t i = 0; e == OK && i < count && found < FOUND_MAX; i++)
        e = put_hit(p, &rows[i], q, &found);
    if (e == OK && found == 0)
        html_put(&p->h, "<li>{}</li>", H_T(search_nothing));
    html_put(&p->h, "</ul>\n");
    if (found >= FOUND_MAX)
        html_put(&p->h, "<p class=\"quiet\">{}</p>\n", H_T(search_more));
    return e;
}

enum err
page_search(struct page *p)
{
    struct str q = str_trim(http_query(p->ctx->arena, p->query, "q"));
    enum err e = OK;

    if (q.n > 300)
        return ERR_LENGTH;
    page_begin(p, NAV_NONE, html_text(&p->h, TEXT_search_title));
    html_put(&p->h, "<h1>{}</h1>\n", H_T(search_title));
    page_search_form(p, q, false);
    if (p->site->files)
        html_put(&p->h,
                 "<div id=\"found\" aria-live=\"polite\" data-index=\"{}\" data-targets=\"{}{}{}targets/\" "
                 "data-nothing=\"{}\"></div><noscript><p class=\"note\">{}</p></noscript>\n"
                 "<script type=\"module\" src=\"{}\"></script>\n",
                 H_FILE(STR("/search/index.json")), H_STR(p->h.root), H_Z(p->h.large ? "large/" : ""),
                 H_Z(p->h.english ? "en/" : ""),
                 H_T(search_nothing), H_T(search_static), page_asset(p, "search.js"));
    else if (q.n > 0)
        e = put_found(p, q);
    page_end(p);
    return e;
}
