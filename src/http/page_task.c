/* http/page_task.c - tasks of checks 抽查任务 and how far each has come (regulation 二(四), 二(五)). An unannounced one is not
 * there before its day. */
#include "view.h"

enum { TASK_RESULTS = 20 };

static enum text
state_words(struct str state)
{
    return str_eq(state, STR("closed")) ? TEXT_task_closed : str_eq(state, STR("sealed")) ? TEXT_task_sealed : TEXT_task_running;
}

static void
put_departments(struct page *p, const struct departments *d, const struct report_task_shown *k)
{
    static const char *const FIELDS[] = {"department"};
    struct str(*v)[8] = arena_array(p->ctx->arena, VIEW_LIST_MAX, sizeof *v);
    size_t count = v == NULL ? 0 : view_objects(p->ctx->arena, k->participants, FIELDS, 1, v);

    for (size_t i = 0; i < count; i++)
        html_put(&p->h, "{}<a href=\"{}\">{}</a>{}", H_Z(i == 0 ? "" : p->h.english ? ", " : "、"),
                 H_PAGE(page_join(p, STR("/departments/"), v[i][0], STR("/"))), H_STR(view_department(d, v[i][0])),
                 H_Z(!str_eq(v[i][0], k->lead) ? "" : p->h.english ? " (lead)" : "（发起）"));
}

static void
put_card(struct page *p, const struct departments *d, const struct report_task_shown *k)
{
    html_put(&p->h, "<li><a href=\"{}\"><b>{}</b></a><p class=\"quiet\"><span class=\"tag {}\">{}</span> <code>{}</code> · {} – {} · ",
             view_task_link(p, k->code), H_STR(k->name), H_Z(str_eq(k->state, STR("closed")) ? "good" : "plain"),
             H_TEXT(state_words(k->state)), H_STR(k->code), H_DAY(k->from_day), H_DAY(k->to_day));
    put_departments(p, d, k);
    html_put(&p->h, "</p>");
    view_progress(p, k);
    html_put(&p->h, "</li>\n");
}

void
view_tasks(struct page *p, const struct departments *d, const struct report_tasks_row *rows, size_t count)
{
    html_put(&p->h, "<ul class=\"cards single\">");
    for (size_t i = 0; i < count; i++)
        put_card(p, d, &rows[i].k);
    if (count == 0)
        html_put(&p->h, "<li class=\"quiet\">{}</li>", H_T(nothing_yet));
    html_put(&p->h, "</ul>\n");
}

enum err
page_tasks(struct page *p)
{
    struct report_tasks_in in = {.seen = {page_today(p)}, .below = p->params[0].n > 0 ? p->params[0] : STR("~"),
                                 .limit = PAGE_ROWS + 1};
    struct report_tasks_row *rows;
    struct departments d;
    size_t count;
    enum err e = report_tasks(p->ctx->db, p->ctx->arena, &in, &rows, &count);

    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    page_heading(p, NAV_TASKS, TEXT_tasks_title, TEXT_tasks_lead);
    view_tasks(p, &d, rows, count > PAGE_ROWS ? PAGE_ROWS : count);
    if (count > PAGE_ROWS)
        page_next(p, "/tasks/below/", rows[PAGE_ROWS - 1].k.code);
    page_end(p);
    return OK;
}

/* one task
 * ---------------------------------------------------------------------------------------------------------------- */

static enum err
put_items(struct page *p, struct str json)
{
    struct str codes[VIEW_LIST_MAX];
    size_t count = view_list(p->ctx->arena, json, codes), n;
    struct report_items_row *items;
    enum err e = report_items(p->ctx->db, p->ctx->arena, &items, &n);

    html_put(&p->h, "<h2>{}</h2>\n<ul>", H_T(col_item));
    for (size_t i = 0; e == OK && i < count; i++) {
        struct str name = codes[i];

        for (size_t k = 0; k < n; k++)
            if (str_eq(items[k].code, codes[i]))
                name = items[k].name;
        html_put(&p->h, "<li><a href=\"{}\">{}</a> <span class=\"quiet\">{}</span></li>\n",
                 H_PAGE(page_join(p, STR("/items/"), codes[i], STR("/"))), H_STR(name), H_STR(codes[i]));
    }
    html_put(&p->h, "</ul>\n");
    return e;
}

static enum err
put_draws(struct page *p, struct str task)
{
    struct report_task_draws_row *r;
    size_t n;
    enum err e = report_task_draws(p->ctx->db, p->ctx->arena, &(struct report_task_draws_in){task}, &r, &n);

    html_put(&p->h, "<h2>{}</h2>\n<ul class=\"cards\">", H_T(draws_title));
    for (size_t i = 0; e == OK && i < n; i++) {
        html_put(&p->h, "<li><a href=\"{}\"><b>{}</b></a><span>{} {} {} ", H_PAGE(view_draw_path(p, r[i].draw, r[i].attempt)),
                 H_STR(r[i].draw), H_T(attempt_before), H_I64(r[i].attempt), H_T(attempt_after));
        view_draw_state(p, r[i].state);
        html_put(&p->h, "</span><span class=\"quiet\">{} {} · {} {}</span></li>\n", H_T(col_population),
                 H_COUNT(r[i].population_count.v), H_T(step_sealed), H_TIME(r[i].sealed_us));
    }
    html_put(&p->h, "</ul>\n");
    return e;
}

static enum err
put_results(struct page *p, const struct departments *d, struct str task)
{
    struct report_ask ask = REPORT_ASK_ALL;

    ask.task = task;
    ask.limit = TASK_RESULTS;
    return view_latest_results(p, d, ask, page_join(p, STR("?task="), task, STR("")));
}

static void
put_facts(struct page *p, const struct departments *d, const struct report_task_shown *k)
{
    html_put(&p->h,
             "<dl class=\"facts\"><div><dt>{}</dt><dd><code>{}</code></dd></div><div><dt>{}</dt><dd>{}</dd></div>"
             "<div><dt>{}</dt><dd>{} – {}</dd></div><div><dt>{}</dt><dd>{}</dd></div><div class=\"whole\"><dt>{}</dt><dd>",
             H_T(col_code), H_STR(k->code), H_T(col_state), H_TEXT(state_words(k->state)), H_T(col_window), H_DAY(k->from_day),
             H_DAY(k->to_day), H_T(col_directed), H_T2(k->directed != 0, task_directed, task_undirected), H_T(col_department));
    put_departments(p, d, k);
    html_put(&p->h, "</dd></div>");
    if (k->plan.p != NULL)
        html_put(&p->h, "<div class=\"whole\"><dt>{}</dt><dd><a href=\"{}\">{}</a> · {} {}</dd></div>", H_T(nav_plans),
                 H_PAGE(page_join(p, STR("/plans/"), k->plan, STR("/"))), H_STR(k->plan_name), H_T(col_number), H_I64(k->line.v));
    else
        html_put(&p->h, "<div class=\"whole\"><dt>{}</dt><dd>{}</dd></div>", H_T(nav_plans), H_T(task_adhoc));
    if (k->scope_words.p != NULL)
        html_put(&p->h, "<div><dt>{}</dt><dd>{}</dd></div>", H_T(col_scope), H_STR(k->scope_words));
    if (k->ratio_words.p != NULL)
        html_put(&p->h, "<div><dt>{}</dt><dd>{}</dd></div>", H_T(col_ratio), H_STR(k->ratio_words));
    html_put(&p->h, "</dl>\n");
}

enum err
page_task(struct page *p)
{
    struct report_task_row row;
    struct departments d;
    enum err e = report_task(p->ctx->db, p->ctx->arena, &(struct report_task_in){p->params[0], {page_today(p)}}, &row);

    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    page_begin(p, NAV_TASKS, row.k.name);
    html_put(&p->h, "<p class=\"crumbs\"><a href=\"{}\">{}</a></p><h1>{}</h1>\n", H_PAGE(STR("/tasks/")), H_T(tasks_title),
             H_STR(row.k.name));
    put_facts(p, &d, &row.k);
    html_put(&p->h, "<h2>{}</h2>\n<div class=\"so-far\">", H_T(task_progress));
    view_progress(p, &row.k);
    html_put(&p->h, "</div>\n");
    e = put_items(p, row.k.items);
    if (e == OK)
        e = put_draws(p, row.k.code);
    if (e == OK)
        e = put_results(p, &d, row.k.code);
    page_end(p);
    return e;
}
