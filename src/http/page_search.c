/* http/page_search.c - by code or by name (regulation 二(六)). A sole trader's name is not searched: it often
 * is a person's; its code finds it. */
#include <string.h>

#include "mod/report/report.h"
#include "view.h"

enum { FOUND_MAX = 50, SHORTEST_NAME_BYTES = 6 };

/* A code: 6 to 54 characters of the ids of draws, brought to upper case. Absent when it cannot be one. */
static struct str
as_code(struct page *p, struct str q)
{
    char *s = q.n >= 6 && q.n <= 54 ? str_z(p->ctx->arena, q) : NULL;

    for (size_t i = 0; s != NULL && i < q.n; i++) {
        if (s[i] >= 'a' && s[i] <= 'z')
            s[i] = (char) (s[i] - 'a' + 'A');
        if (s[i] <= ' ' || s[i] > '~')
            return (struct str){NULL, 0};
    }
    return (struct str){s, s == NULL ? 0 : q.n};
}

static void
put_hit(struct page *p, struct str code, struct str name, struct str entity_type, struct str region_name)
{
    html_put(&p->h, "<li><a href=\"{}\"><b>{}</b></a><span><code>{}</code> · {}</span></li>\n",
             H_PAGE(page_join(p, STR("/targets/"), code, STR("/"))),
             H_STR(view_target_name(p, name, entity_type, region_name, code)), H_STR(code),
             H_STR(region_name));
}

static enum err
put_by_code(struct page *p, struct str q, size_t *found)
{
    struct str code = as_code(p, q);
    struct report_target_row t;
    enum err e;

    if (code.p == NULL)
        return OK;
    e = report_target(p->ctx->db, p->ctx->arena, &(struct report_target_in){code}, &t);
    if (e == OK) {
        put_hit(p, t.code, t.name, t.entity_type, t.region_name);
        (*found)++;
    }
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
put_by_name(struct page *p, struct str q, size_t *found)
{
    struct report_names_row *rows;
    size_t count;
    enum err e =
        report_names(p->ctx->db, p->ctx->arena, &(struct report_names_in){q, FOUND_MAX}, &rows, &count);

    for (size_t i = 0; e == OK && i < count; i++)
        put_hit(p, rows[i].code, rows[i].name, rows[i].entity_type, rows[i].region_name);
    *found += e == OK ? count : 0;
    return e;
}

static enum err
put_found(struct page *p, struct str q)
{
    size_t found = 0;
    enum err e;

    html_put(&p->h, "<h2>{}</h2>\n<ul class=\"cards single\">", H_T(search_found));
    e = put_by_code(p, q, &found);
    if (e == OK && found == 0 && q.n >= SHORTEST_NAME_BYTES)
        e = put_by_name(p, q, &found);
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
                 "<div id=\"found\" aria-live=\"polite\" data-index=\"{}\" data-targets=\"{}{}targets/\" "
                 "data-nothing=\"{}\"></div><noscript><p class=\"note\">{}</p></noscript>\n"
                 "<script type=\"module\" src=\"{}\"></script>\n",
                 H_FILE(STR("/search/index.json")), H_STR(p->h.root), H_Z(p->h.english ? "en/" : ""),
                 H_T(search_nothing), H_T(search_static), page_asset(p, "search.js"));
    else if (q.n > 0)
        e = put_found(p, q);
    page_end(p);
    return e;
}
