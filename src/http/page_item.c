/* http/page_item.c - the item list 抽查事项清单 and one item with all its versions (regulation 二(二)) */
#include "page_item_parts.h"

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
    html_put(&p->h, "<tr><th scope=\"row\"><a href=\"{}\">{}</a>",
             H_PAGE(page_join(p, STR("/items/"), r->code, STR("/"))), H_STR(r->name));
    item_put_state(p, r->state);
    html_put(&p->h, "<br><span class=\"quiet\">{}</span></th><td>", H_STR(r->code));
    put_class(p, r->class);
    html_put(&p->h, "</td><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">", H_STR(r->domain),
             H_STR(r->target_scope), H_STR(view_department(d, r->department)));
    put_cap(p, r->cap_bp);
    html_put(&p->h, "</td></tr>\n");
}

static bool
is_retired(const struct report_items_row *r)
{
    return str_eq(r->state, STR("retired"));
}

/* What was once in force stays to be read, apart from what is. */
static void
put_retired(struct page *p, const struct report_items_row *rows, size_t count)
{
    size_t retired = 0;

    for (size_t i = 0; i < count; i++)
        retired += is_retired(&rows[i]);
    if (retired == 0)
        return;
    html_put(&p->h, "<h2>{}</h2>\n<ul>", H_T(items_retired));
    for (size_t i = 0; i < count; i++)
        if (is_retired(&rows[i]))
            html_put(&p->h, "<li><a href=\"{}\">{}</a> <span class=\"quiet\">{}</span></li>\n",
                     H_PAGE(page_join(p, STR("/items/"), rows[i].code, STR("/"))), H_STR(rows[i].name), H_STR(rows[i].code));
    html_put(&p->h, "</ul>\n");
}

static void
put_table(struct page *p, const struct departments *d, const struct report_items_row *rows, size_t count)
{
    struct str department = http_query(p->ctx->arena, p->query, "department");
    struct str class = http_query(p->ctx->arena, p->query, "class");
    size_t shown = 0;

    put_filter(p, d, department, class);
    html_put(&p->h,
             "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th "
             "scope=\"col\">{}</th><th scope=\"col\">{}</th>"
             "<th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\" "
             "class=\"n\">{}</th>"
             "</tr></thead><tbody>\n",
             H_T(items_title), H_T(col_item), H_T(col_class), H_T(col_domain), H_T(col_scope),
             H_T(col_department), H_T(col_cap));
    for (size_t i = 0; i < count; i++)
        if (!is_retired(&rows[i]) && (department.n == 0 || str_eq(department, rows[i].department)) &&
            (class.n == 0 || str_eq(class, rows[i].class))) {
            put_item_row(p, d, &rows[i]);
            shown++;
        }
    if (shown == 0)
        html_put(&p->h, "<tr><td colspan=\"6\">{}</td></tr>", H_T(nothing_yet));
    html_put(&p->h, "</tbody></table></div>\n<p class=\"quiet\">{} {}</p>\n", H_COUNT((int64_t) shown),
             H_T(items_count));
}

enum err
page_items(struct page *p)
{
    struct report_items_row *rows;
    struct departments d;
    size_t count;
    enum err e = report_items(p->ctx->db, p->ctx->arena, &rows, &count);

    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    page_heading(p, NAV_ITEMS, TEXT_items_title, TEXT_items_lead);
    html_put(&p->h, "<p><a class=\"more\" href=\"{}\">{} →</a></p>\n", H_PAGE(STR("/joint-items/")), H_T(items_to_joint));
    put_table(p, &d, rows, count);
    put_retired(p, rows, count);
    page_end(p);
    return OK;
}

/* one item
 * ------------------------------------------------------------------------------------------------ */

/* Lines of an array of objects: the first field, then the others. numbered: "1. …". */
static struct str
object_lines(struct page *p, struct str json, const char *const *fields, size_t field_count, bool numbered)
{
    struct str(*v)[8] = arena_array(p->ctx->arena, VIEW_LIST_MAX, sizeof *v);
    size_t count = v == NULL ? 0 : view_objects(p->ctx->arena, json, fields, field_count, v);
    char *text = count == 0 ? NULL : arena_alloc(p->ctx->arena, ITEM_FIELD_BYTES);
    struct buf b = buf_over(text, text == NULL ? 0 : ITEM_FIELD_BYTES);

    for (size_t i = 0; i < count; i++) {
        buf_z(&b, i > 0 ? "\n" : "");
        if (numbered)
            buf_i64(&b, (int64_t) i + 1);
        buf_z(&b, numbered ? ". " : "");
        for (size_t f = 0; f < field_count; f++) {
            buf_z(&b, v[i][f].n == 0 || f == 0 ? "" : numbered ? " —— " : f == 1 ? " " : p->h.english ? ": " : "：");
            buf_str(&b, v[i][f]);
        }
    }
    return count == 0 ? (struct str){NULL, 0} : buf_view(&b);
}

static struct str
cap_words(struct page *p, struct opt_i64 cap_bp)
{
    char *text = arena_alloc(p->ctx->arena, 32);
    struct buf b = buf_over(text, text == NULL ? 0 : 32);

    if (!cap_bp.set)
        return html_text(&p->h, TEXT_no_cap);
    buf_z(&b, "≤ ");
    buf_i64(&b, cap_bp.v / 100);
    if (cap_bp.v % 100 != 0) {
        buf_z(&b, cap_bp.v % 100 < 10 ? ".0" : ".");
        buf_i64(&b, cap_bp.v % 100);
    }
    buf_z(&b, " %");
    return buf_view(&b);
}

static struct str
valid_words(struct page *p, const struct report_item_versions_row *r)
{
    char from[11] = "", to[11] = "";

    if (!r->valid_from_day.set && !r->valid_to_day.set)
        return (struct str){NULL, 0};
    if (r->valid_from_day.set)
        html_date(r->valid_from_day.v, from);
    if (r->valid_to_day.set)
        html_date(r->valid_to_day.v, to);
    return page_join(p, str_copy(p->ctx->arena, str_of(from)), STR(" – "), str_copy(p->ctx->arena, str_of(to)));
}

static struct str
track_words(struct page *p, struct str track)
{
    return html_text(&p->h, str_eq(track, STR("random"))            ? TEXT_track_random
                            : str_eq(track, STR("key_supervision")) ? TEXT_track_key
                                                                    : TEXT_track_undisturbed);
}

/* Every field of a version in words, always in the same order. */
static size_t
fields_of(struct page *p, const struct departments *d, const struct report_item_versions_row *r,
          struct item_field f[ITEM_FIELDS_MAX])
{
    static const char *const POINT[] = {"content", "how"}, *const LAW[] = {"law", "article", "text"};
    const struct str others = item_names(p, r->partners, item_department_name, d);
    const struct item_field ALL[] = {
        {TEXT_col_name, r->name},
        {TEXT_col_domain, r->domain},
        {TEXT_col_class, html_text(&p->h, str_eq(r->class, STR("KEY")) ? TEXT_class_key : TEXT_class_general)},
        {TEXT_col_cap, cap_words(p, r->cap_bp)},
        {TEXT_col_scope, r->target_scope},
        {TEXT_col_tags, item_names(p, r->target_tags, NULL, NULL)},
        {TEXT_col_department, view_department(d, r->department)},
        {TEXT_joint_partners, others},
        {TEXT_col_levels, item_names(p, r->levels, item_level_name, NULL)},
        {TEXT_col_track, track_words(p, r->track)},
        {TEXT_col_methods, item_names(p, r->methods, item_method_name, NULL)},
        {TEXT_col_frequency, r->frequency},
        {TEXT_col_skills, item_names(p, r->skills, NULL, NULL)},
        {TEXT_col_expert, r->expert_needed.set && r->expert_needed.v != 0 ? html_text(&p->h, TEXT_expert_needed) : (struct str){NULL, 0}},
        {TEXT_col_valid, valid_words(p, r)},
        {TEXT_item_points, object_lines(p, r->points, POINT, 2, true)},
        {TEXT_item_basis, object_lines(p, r->legal_basis, LAW, 3, false)},
    };

    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        f[i] = ALL[i];
    return sizeof ALL / sizeof *ALL;
}

struct history {
    const struct departments *d;
    const struct report_item_versions_row *rows; /* newest first */
    size_t count;
    const struct report_item_steps_row *steps;
    size_t step_count;
};

static void
put_entry(struct page *p, const struct history *y, size_t i)
{
    const struct report_item_versions_row *r = &y->rows[i];
    struct item_field now[ITEM_FIELDS_MAX], before[ITEM_FIELDS_MAX];
    size_t n = fields_of(p, y->d, r, now);

    html_put(&p->h, "<section class=\"panel\"><h3>{} {}{} · {} {}</h3>\n", H_T(version), H_I64(r->version),
             H_Z(i == 0 && str_eq(r->state, STR("published")) ? p->h.english ? " (in force)" : "（现行）" : ""), H_T(col_published),
             H_TIME(r->published_us));
    if (r->reason.n > 0)
        html_put(&p->h, "<p><b>{}</b>{}{}</p>\n", H_T(version_reason), H_Z(p->h.english ? ": " : "："), H_STR(r->reason));
    item_put_steps(p, y->steps, y->step_count, r->version, i > 0);
    if (i + 1 < y->count) {
        (void) fields_of(p, y->d, &y->rows[i + 1], before);
        item_put_changes(p, before, now, n);
    } else {
        html_put(&p->h, "<p class=\"quiet\">{}</p>\n", H_T(item_first));
    }
    if (i > 0) {
        html_put(&p->h, "<details><summary>{}</summary>\n", H_T(item_whole));
        item_put_facts(p, now, n);
        html_put(&p->h, "</details>\n");
    }
    html_put(&p->h, "</section>\n");
}

static enum err
load(struct page *p, struct history *y, struct departments *d)
{
    struct report_item_versions_row *rows;
    struct report_item_steps_row *steps = NULL;
    enum err e = report_item_versions(p->ctx->db, p->ctx->arena, &(struct report_item_versions_in){p->params[0]}, &rows,
                                      &y->count);

    if (e == OK && y->count == 0)
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = report_item_steps(p->ctx->db, p->ctx->arena, &(struct report_item_steps_in){STR("item"), p->params[0]}, &steps,
                              &y->step_count);
    if (e == OK)
        e = view_departments(p, d);
    y->d = d;
    y->rows = rows;
    y->steps = steps;
    return e;
}

enum err
page_item(struct page *p)
{
    struct history y = {0};
    struct departments d;
    struct item_field f[ITEM_FIELDS_MAX];
    enum err e = load(p, &y, &d);

    if (e != OK)
        return e;
    page_begin(p, NAV_ITEMS, y.rows[0].name);
    html_put(&p->h, "<p class=\"crumbs\"><a href=\"{}\">{}</a></p><h1>{}", H_PAGE(STR("/items/")), H_T(items_title),
             H_STR(y.rows[0].name));
    item_put_state(p, y.rows[0].state);
    html_put(&p->h, "</h1><p class=\"lead\">{}</p>\n", H_STR(y.rows[0].code));
    if (!str_eq(y.rows[0].state, STR("published")))
        html_put(&p->h, "<p class=\"note\">{}</p>\n", H_T2(str_eq(y.rows[0].state, STR("retired")), item_no_longer, item_paused));
    item_put_facts(p, f, fields_of(p, &d, &y.rows[0], f));
    html_put(&p->h, "<h2>{}</h2>\n", H_T(item_history));
    for (size_t i = 0; i < y.count; i++)
        put_entry(p, &y, i);
    page_end(p);
    return OK;
}
