/* mod/archive/archive_target.c - all that is kept of a target, over the departments that the row scope shows 一户一档 */
#include "mod/archive/archive_int.h"
#include "mod/item/item.h"
#include "mod/org/org.h"
#include "mod/result_sql.h"
#include "mod/target/target.h"
#include "mod/task_sql.h"

static enum err
task_name(struct pack *k, struct str code)
{
    struct task_get_row task;
    enum err e = task_get(k->c->db, k->c->arena, &(struct task_get_in) {code}, &task);

    if (e == OK)
        pack_put(k, task.name);
    pack_z(k, "<br><code>");
    pack_put(k, code);
    pack_z(k, "</code>");
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
add_visit(struct pack *k, const struct visit_of_target_row *v)
{
    size_t mark = arena_mark(k->c->arena);
    enum err e;

    pack_z(k, "<tr><td>");
    e = task_name(k, v->task);
    pack_z(k, "</td><td>");
    pack_state(k, v->state);
    pack_z(k, " ");
    pack_day(k, v->visited_day);
    pack_z(k, "</td><td>");
    if (e == OK)
        e = pack_draw(k, (struct drawing_key) {v->draw, v->attempt});
    pack_z(k, "<br>");
    if (e == OK)
        e = pack_visit(k, &(struct pack_visited) {v->task, k->wanted->code, k->c->department, v->id});
    pack_z(k, "</td></tr>\n");
    arena_rewind(k->c->arena, mark);
    return e;
}

/* Visits that the account's department took part in; of all departments for an account of all. */
static enum err
add_visits(struct pack *k)
{
    struct visit_of_target_row *v;
    size_t count;
    unsigned bit = 0;
    enum err e = k->c->department.n > 0 ? org_bit(k->c, k->c->department, &bit) : OK;

    if (e == OK)
        e = visit_of_target(k->c->db, k->c->arena, &(struct visit_of_target_in) {k->wanted->code, ARCHIVE_VISITS_MAX + 1}, &v, &count);
    pack_z(k, "<h2>检查 Visits</h2><table><tr><th>任务</th><th>状态</th><th>抽取、文书、证据和日志证明</th></tr>\n");
    for (size_t i = 0; e == OK && i < count; i++)
        if (k->c->department.n == 0 || ((uint64_t) v[i].mask >> bit & 1) != 0)
            e = add_visit(k, &v[i]);
    pack_z(k, "</table>\n");
    return e;
}

static enum err
add_result(struct pack *k, const struct result_of_target_row *r)
{
    struct item_latest_row item;
    enum err e = item_latest(k->c->db, k->c->arena, &(struct item_latest_in) {r->item}, &item);

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    pack_z(k, "<tr><td>");
    pack_put(k, e == OK ? item.name : r->item);
    pack_z(k, "</td><td><code>");
    pack_put(k, r->codes);
    pack_z(k, "</code></td><td>");
    pack_state(k, r->state);
    pack_z(k, "</td><td>");
    pack_day(k, (struct opt_i64) {true, r->produced_day});
    pack_z(k, "</td><td>");
    pack_day(k, r->due_day);
    pack_z(k, "</td></tr>\n");
    return OK;
}

static enum err
add_results(struct pack *k)
{
    struct result_of_target_row *r;
    size_t n;
    enum err e = result_of_target(k->c->db, k->c->arena, &(struct result_of_target_in) {k->wanted->code, 4 * ARCHIVE_VISITS_MAX}, &r, &n);

    pack_z(k, "<h2>检查结果 Results</h2><table><tr><th>事项</th><th>结果</th><th>状态</th><th>作出</th><th>公示期限</th></tr>\n");
    for (size_t i = 0; e == OK && i < n; i++)
        if (k->c->department.n == 0 || str_eq(r[i].department, k->c->department))
            e = add_result(k, &r[i]);
    pack_z(k, "</table>\n");
    return e;
}

enum err
pack_target(struct pack *k)
{
    struct target_page_row t;
    enum err e = target_see(k->c, k->wanted->code, &t);

    if (e == OK)
        e = pack_head(k, t.name, t.code, STR("一户一档：对该检查对象的历次检查、结果和后续处置。"));
    if (e != OK)
        return e;
    pack_z(k, "<p>");
    pack_put(k, t.address);
    e = pack_proofs(k, t.code);
    pack_z(k, "</p>\n");
    if (e == OK)
        e = add_results(k);
    return e == OK ? add_visits(k) : e;
}
