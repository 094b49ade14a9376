/* http/page_joint.c - joint items 联合抽查事项, bundles 综合查一次, 一业一查, and rules 实施办法, with their history (regulation 二(二)) */
#include "page_item_parts.h"

static const struct {
    struct str kind;
    enum text title;
} KINDS[] = {{{"joint", 5}, TEXT_joints_joint}, {{"once", 4}, TEXT_joints_once}, {{"trade", 5}, TEXT_joints_trade},
             {{"rules", 5}, TEXT_joints_rules}};

struct names { /* of items */
    const struct report_items_row *rows;
    size_t count;
};

static struct str
name_of_item(struct page *p, const void *ctx, struct str code)
{
    const struct names *n = ctx;

    (void) p;
    for (size_t i = 0; i < n->count; i++)
        if (str_eq(n->rows[i].code, code))
            return n->rows[i].name;
    return code;
}

static enum err
load_names(struct page *p, struct names *n)
{
    struct report_items_row *rows;
    enum err e = report_items(p->ctx->db, p->ctx->arena, &rows, &n->count);

    n->rows = rows;
    return e;
}

static void
put_row(struct page *p, const struct departments *d, const struct report_joints_row *r, int64_t number)
{
    html_put(&p->h, "<tr><td class=\"n\">{}</td><td>{}</td><th scope=\"row\"><a href=\"{}\">{}</a>", H_I64(number),
             H_STR(r->domain), H_PAGE(page_join(p, STR("/joint-items/"), r->code, STR("/"))), H_STR(r->name));
    item_put_state(p, r->state);
    html_put(&p->h, "</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", H_STR(r->target_scope),
             H_STR(view_department(d, r->lead)), H_STR(item_names(p, r->partners, item_department_name, d)),
             H_STR(item_names(p, r->levels, item_level_name, NULL)));
}

/* The published layout: 序号 抽查领域 抽查事项 检查对象 发起部门 配合部门 抽查层级. */
static void
put_kind(struct page *p, const struct departments *d, const struct report_joints_row *rows, size_t count, size_t kind)
{
    int64_t number = 0;

    html_put(&p->h,
             "<h2>{}</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th "
             "scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
             "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n",
             H_TEXT(KINDS[kind].title), H_TEXT(KINDS[kind].title), H_T(col_number), H_T(joint_area), H_T(col_item),
             H_T(col_scope), H_T(joint_leads), H_T(joint_partners), H_T(col_levels));
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].kind, KINDS[kind].kind) && !str_eq(rows[i].state, STR("retired")))
            put_row(p, d, &rows[i], ++number);
    if (number == 0)
        html_put(&p->h, "<tr><td colspan=\"7\">{}</td></tr>", H_T(nothing_yet));
    html_put(&p->h, "</tbody></table></div>\n");
}

enum err
page_joints(struct page *p)
{
    struct report_joints_row *rows;
    struct departments d;
    size_t count;
    enum err e = report_joints(p->ctx->db, p->ctx->arena, &rows, &count);

    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    page_heading(p, NAV_ITEMS, TEXT_joints_title, TEXT_joints_lead);
    html_put(&p->h, "<p><a class=\"more\" href=\"{}\">← {}</a></p>\n", H_PAGE(STR("/items/")), H_T(items_title));
    for (size_t kind = 0; kind < sizeof KINDS / sizeof *KINDS; kind++)
        put_kind(p, &d, rows, count, kind);
    page_end(p);
    return OK;
}

static size_t
fields_of(struct page *p, const struct departments *d, const struct names *names, const struct report_joint_versions_row *r,
          struct item_field f[ITEM_FIELDS_MAX])
{
    const struct item_field ALL[] = {
        {TEXT_col_name, r->name},
        {TEXT_joint_area, r->domain},
        {TEXT_col_scope, r->target_scope},
        {TEXT_joint_leads, view_department(d, r->lead)},
        {TEXT_joint_partners, item_names(p, r->partners, item_department_name, d)},
        {TEXT_col_levels, item_names(p, r->levels, item_level_name, NULL)},
        {TEXT_joint_items, item_names(p, r->items, name_of_item, names)},
        {TEXT_joint_body, r->body},
    };

    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        f[i] = ALL[i];
    return sizeof ALL / sizeof *ALL;
}

/* The items that it is made of, each a link to what may be inspected. */
static void
put_items(struct page *p, const struct names *names, struct str list)
{
    struct str codes[VIEW_LIST_MAX];
    size_t count = view_list(p->ctx->arena, list, codes);

    if (count == 0)
        return;
    html_put(&p->h, "<h2>{}</h2>\n<ol>", H_T(joint_items));
    for (size_t i = 0; i < count; i++) {
        bool public = false;

        for (size_t k = 0; k < names->count; k++)
            public = public || str_eq(names->rows[k].code, codes[i]);
        if (public)
            html_put(&p->h, "<li><a href=\"{}\">{}</a></li>", H_PAGE(page_join(p, STR("/items/"), codes[i], STR("/"))),
                     H_STR(name_of_item(p, names, codes[i])));
        else
            html_put(&p->h, "<li>{}</li>", H_STR(codes[i]));
    }
    html_put(&p->h, "</ol>\n");
}

struct history {
    const struct departments *d;
    const struct names *names;
    const struct report_joint_versions_row *rows; /* newest first */
    size_t count;
    const struct report_item_steps_row *steps;
    size_t step_count;
};

static void
put_entry(struct page *p, const struct history *y, size_t i)
{
    const struct report_joint_versions_row *r = &y->rows[i];
    struct item_field now[ITEM_FIELDS_MAX], before[ITEM_FIELDS_MAX];
    size_t n = fields_of(p, y->d, y->names, r, now);

    html_put(&p->h, "<section class=\"panel\"><h3>{} {} · {} {}</h3>\n", H_T(version), H_I64(r->version), H_T(col_published),
             H_TIME(r->published_us));
    if (r->reason.n > 0)
        html_put(&p->h, "<p><b>{}</b>{}{}</p>\n", H_T(version_reason), H_Z(p->h.english ? ": " : "："), H_STR(r->reason));
    item_put_steps(p, y->steps, y->step_count, r->version, i > 0);
    if (i + 1 < y->count) {
        (void) fields_of(p, y->d, y->names, &y->rows[i + 1], before);
        item_put_changes(p, before, now, n);
    } else {
        html_put(&p->h, "<p class=\"quiet\">{}</p>\n", H_T(item_first));
    }
    html_put(&p->h, "</section>\n");
}

static enum err
load(struct page *p, struct history *y)
{
    struct report_joint_versions_row *rows;
    struct report_item_steps_row *steps = NULL;
    enum err e = report_joint_versions(p->ctx->db, p->ctx->arena, &(struct report_joint_versions_in){p->params[0]}, &rows,
                                       &y->count);

    if (e == OK && y->count == 0)
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = report_item_steps(p->ctx->db, p->ctx->arena, &(struct report_item_steps_in){STR("joint"), p->params[0]}, &steps,
                              &y->step_count);
    y->rows = rows;
    y->steps = steps;
    return e;
}

enum err
page_joint(struct page *p)
{
    struct departments d;
    struct names names;
    struct history y = {.d = &d, .names = &names};
    struct item_field f[ITEM_FIELDS_MAX];
    enum err e = load(p, &y);

    if (e == OK)
        e = view_departments(p, &d);
    if (e == OK)
        e = load_names(p, &names);
    if (e != OK)
        return e;
    page_begin(p, NAV_ITEMS, y.rows[0].name);
    html_put(&p->h, "<p class=\"crumbs\"><a href=\"{}\">{}</a></p><h1>{}", H_PAGE(STR("/joint-items/")), H_T(joints_title),
             H_STR(y.rows[0].name));
    item_put_state(p, y.rows[0].state);
    html_put(&p->h, "</h1><p class=\"lead\">{}</p>\n", H_STR(y.rows[0].code));
    item_put_facts(p, f, fields_of(p, &d, &names, &y.rows[0], f) - 2); /* items and the full text have places of their own */
    put_items(p, &names, y.rows[0].items);
    if (y.rows[0].body.n > 0)
        html_put(&p->h, "<h2>{}</h2>\n<div class=\"panel lines\">{}</div>\n", H_T(joint_body), H_STR(y.rows[0].body));
    html_put(&p->h, "<h2>{}</h2>\n", H_T(item_history));
    for (size_t i = 0; i < y.count; i++)
        put_entry(p, &y, i);
    page_end(p);
    return OK;
}
