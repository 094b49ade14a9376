/* mod/archive/archive_task.c - all documents of a task 一案一档 */
#include "mod/archive/archive_int.h"
#include "mod/plan/layout.h"
#include "mod/plan/plan.h"
#include "mod/target_sql.h"
#include "mod/task/task.h"

enum { ROWS = 200 };

static enum err
add_draws(struct pack *k, struct str task)
{
    struct drawing_attempt_list_row *a;
    size_t count;
    enum err e = drawing_attempt_list(k->c->db, k->c->arena, &(struct drawing_attempt_list_in) {task}, &a, &count);

    pack_z(k, "<h2>抽取 Draws</h2><ul>\n");
    for (size_t i = 0; e == OK && i < count; i++) {
        pack_z(k, "<li>");
        e = pack_draw(k, (struct drawing_key) {a[i].draw, a[i].attempt});
        pack_z(k, "</li>\n");
    }
    pack_z(k, "</ul>\n");
    return e;
}

static enum err
add_visit(struct pack *k, struct str task, const struct visit_list_row *v)
{
    size_t mark = arena_mark(k->c->arena);
    struct target_get_row t = {0};
    enum err e = target_get(k->c->db, k->c->arena, &(struct target_get_in) {v->target}, &t);

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    pack_z(k, "<tr><td>");
    pack_put(k, t.name);
    pack_z(k, "<br><code>");
    pack_put(k, v->target);
    pack_z(k, "</code></td><td>");
    pack_state(k, v->state);
    pack_z(k, "</td><td>");
    e = pack_visit(k, &(struct pack_visited) {task, v->target, {NULL, 0}, v->id});
    pack_z(k, "</td></tr>\n");
    arena_rewind(k->c->arena, mark);
    return e;
}

static enum err
add_visits(struct pack *k, struct str task)
{
    struct visit_list_in from = {task, STR(" "), ROWS};
    struct visit_list_row *rows;
    size_t count = ROWS;
    enum err e = OK;

    pack_z(k, "<h2>检查 Visits</h2><table><tr><th>检查对象</th><th>状态</th><th>文书、证据和日志证明</th></tr>\n");
    while (e == OK && count == ROWS) {
        e = visit_list(k->c->db, k->c->arena, &from, &rows, &count);
        for (size_t i = 0; e == OK && i < count; i++) {
            e = add_visit(k, task, &rows[i]);
            from.after = rows[i].target;
        }
    }
    pack_z(k, "</table>\n");
    return e;
}

static enum err
print_plan(struct pack *k, const void *arg, FILE *out)
{
    return plan_print(k->c, arg, out);
}

static enum err
add_plan(struct pack *k, struct str code)
{
    struct plan_get_row plan;
    enum err e = plan_get(k->c->db, k->c->arena, &(struct plan_get_in) {code}, &plan);

    return e == OK ? pack_printed(k, "plan.pdf", "年度抽查计划", print_plan, &plan) : e;
}

enum err
pack_task(struct pack *k)
{
    struct task task;
    enum err e = task_load(k->c, k->wanted->code, &task);

    if (e == OK)
        e = pack_head(k, task.row.name, task.row.code, STR("一案一档：本任务的全部文书。"));
    pack_z(k, "<p>");
    if (e == OK)
        pack_state(k, str_of(task_state_name(task.state)));
    if (e == OK && task.row.plan.n > 0)
        e = add_plan(k, task.row.plan);
    if (e == OK)
        e = pack_proofs(k, task.row.code);
    pack_z(k, "</p>\n");
    if (e == OK)
        e = add_draws(k, task.row.code);
    return e == OK ? add_visits(k, task.row.code) : e;
}
