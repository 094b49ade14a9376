/* http/page_open.c - open data 开放数据: the tables, their columns, the licence, and how to check the signature */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/calendar.h"
#include "mod/opendata/opendata.h"
#include "view.h"

/* A file that lies ready: a link with its size; written as files, the size is left out. */
static void
put_file(struct page *p, const char *dir, const char *name)
{
    char path[OPENDATA_PATH_BYTES + OPENDATA_NAME_BYTES];
    struct stat st;
    struct str link = page_join(p, STR("/open-data/"), str_of(name), STR(""));

    (void) snprintf(path, sizeof path, "%s/%s", dir, name);
    html_put(&p->h, "<a href=\"{}\">{}</a>", H_FILE(link), H_STR(str_copy(p->ctx->arena, str_of(name))));
    if (stat(path, &st) == 0)
        html_put(&p->h, " <span class=\"quiet\">{} {}</span>", H_COUNT(st.st_size), H_T(bytes));
}

static enum text
type_words(enum opendata_type type)
{
    static const enum text WORDS[] = {TEXT_type_text, TEXT_type_integer, TEXT_type_day, TEXT_type_time, TEXT_type_list};

    return WORDS[type];
}

static void
put_table(struct page *p, const char *dir, const struct opendata_table *t)
{
    char name[OPENDATA_NAME_BYTES];

    html_put(&p->h, "<section class=\"panel\"><h2>{}</h2><p>", H_Z(p->h.english ? t->en : t->zh));
    (void) snprintf(name, sizeof name, "%s.csv", t->name);
    put_file(p, dir, name);
    html_put(&p->h, " · ");
    (void) snprintf(name, sizeof name, "%s.jsonl", t->name);
    put_file(p, dir, name);
    html_put(&p->h,
             "</p><details><summary>{} ({})</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
             "aria-label=\"{} {}\"><table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
             "scope=\"col\">{}</th></tr></thead><tbody>\n",
             H_T(open_columns), H_COUNT((int64_t) t->column_count), H_Z(p->h.english ? t->en : t->zh), H_T(open_columns),
             H_T(open_column), H_T(open_type), H_T(open_meaning));
    for (size_t i = 0; i < t->column_count; i++)
        html_put(&p->h, "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>\n", H_Z(t->columns[i].name),
                 H_TEXT(type_words(t->columns[i].type)), H_Z(p->h.english ? t->columns[i].en : t->columns[i].zh));
    html_put(&p->h, "</tbody></table></div></details></section>\n");
}

enum err
page_open(struct page *p)
{
    static const char *const OTHERS[] = {"datapackage.json", "catalog.jsonld", OPENDATA_MANIFEST};
    char dir[OPENDATA_PATH_BYTES] = "";
    enum err e = p->site->files ? OK : opendata_current(p->ctx, dir);

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    page_heading(p, NAV_NONE, TEXT_open_title, TEXT_open_lead);
    html_put(&p->h, "<p>{} <a href=\"" OPENDATA_LICENCE_URL "\">{}</a></p>\n", H_T(open_licence), H_Z(OPENDATA_LICENCE));
    if (e == ERR_NOT_FOUND) {
        html_put(&p->h, "<p class=\"note\">{}</p>\n", H_T(open_none));
        page_end(p);
        return OK;
    }
    for (size_t i = 0; i < opendata_table_count; i++)
        put_table(p, dir, &opendata_tables[i]);
    html_put(&p->h, "<section class=\"panel\"><h2>{}</h2><ul>", H_T(open_machines));
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        html_put(&p->h, "<li>");
        put_file(p, dir, OTHERS[i]);
        html_put(&p->h, "</li>");
    }
    html_put(&p->h,
             "</ul><p>{}</p><pre tabindex=\"0\"><code>mingqian open-data verify DIR --vkey log.vkey</code></pre></section>\n",
             H_T(open_check));
    page_end(p);
    return OK;
}
