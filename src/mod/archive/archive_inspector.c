/* mod/archive/archive_inspector.c - the visits of an inspector in a period, each with what shows that the list was followed
 * 尽职照单免责 (regulation 三(三)) */
#include "core/calendar.h"
#include "mod/archive/archive_int.h"
#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/target_sql.h"
#include "mod/task/task.h"
#include "mod/words.h"

enum { TRAININGS_MAX = 200 };

static const struct word ANSWERS[] = {WORD("未发现问题", "none"), WORD("发现问题", "problem"), WORD("不涉及", "not_applicable")};

/* The task's items, and what the record says to each: 照单. What the record lacks is said too. */
static enum err
add_list(struct pack *k, const struct task *task, const struct record_visit *v)
{
    struct record r = {0};
    enum err e = record_load(k->c, v->visit.target, v->visit.id, &r);

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    pack_z(k, "<ul>");
    for (size_t i = 0; i < task->items.count; i++) {
        struct item_latest_row item;
        const struct record_answer_list_row *a = NULL;

        e = item_latest(k->c->db, k->c->arena, &(struct item_latest_in) {task->items.v[i]}, &item);
        if (e != OK && e != ERR_NOT_FOUND)
            return e;
        for (size_t j = 0; j < r.answer_count; j++)
            if (str_eq(r.answers[j].item, task->items.v[i]))
                a = &r.answers[j];
        pack_z(k, "<li>");
        pack_put(k, e == OK ? item.name : task->items.v[i]);
        pack_z(k, "：");
        pack_put(k, a == NULL ? STR("没有电子记录") : word_of(ANSWERS, sizeof ANSWERS / sizeof *ANSWERS, a->answer));
        pack_z(k, a != NULL && str_eq(a->inspector, k->wanted->code) ? "（本人记录）</li>" : "</li>");
    }
    pack_z(k, "</ul>");
    return OK;
}

static enum err
add_visit(struct pack *k, const struct record_visit *v)
{
    struct target_get_row t = {0};
    struct task task;
    enum err e = target_get(k->c->db, k->c->arena, &(struct target_get_in) {v->visit.target}, &t);

    if (e == OK || e == ERR_NOT_FOUND)
        e = task_load(k->c, v->visit.task, &task);
    if (e != OK)
        return e;
    pack_z(k, "<tr><td>");
    pack_put(k, t.name);
    pack_z(k, "<br><code>");
    pack_put(k, v->visit.target);
    pack_z(k, "</code></td><td>");
    pack_day(k, v->visit.visited_day);
    pack_z(k, "<br>");
    pack_state(k, v->visit.state);
    pack_z(k, str_eq(v->role, STR("lead")) ? "<br>主检" : "<br>协检");
    pack_z(k, "</td><td>");
    pack_put(k, task.row.name);
    e = add_list(k, &task, v);
    pack_z(k, "</td><td>");
    if (e == OK)
        e = pack_draw(k, (struct drawing_key) {v->visit.draw, v->visit.attempt});
    pack_z(k, "<br>");
    if (e == OK)
        e = pack_visit(k, &(struct pack_visited) {v->visit.task, v->visit.target, v->department, v->visit.id});
    pack_z(k, "</td></tr>\n");
    return e;
}

static enum err
add_visits(struct pack *k)
{
    const struct archive_wanted *w = k->wanted;
    struct record_visit *v;
    size_t n = 0;
    enum err e = record_mine(k->c, w->code, &v, &n);

    if (e == OK && n >= RECORD_VISITS_MAX) /* those before would be missing without a word */
        e = ctx_refuse(k->c, ERR_TOO_LARGE, "more than %d visits", RECORD_VISITS_MAX);
    pack_z(k, "<h2>检查 Visits</h2><table><tr><th>检查对象</th><th>检查</th><th>照单</th><th>抽取、文书、证据和日志证明</th></tr>\n");
    for (size_t i = n; e == OK && i > 0; i--) {
        struct opt_i64 day = v[i - 1].visit.visited_day;
        size_t mark = arena_mark(k->c->arena);

        if (day.set && day.v >= w->from_day && day.v <= w->to_day)
            e = add_visit(k, &v[i - 1]);
        arena_rewind(k->c->arena, mark);
    }
    pack_z(k, "</table>\n");
    return e;
}

/* Certificates, and trainings of the period. */
static enum err
add_person(struct pack *k)
{
    struct inspector_certificates_of_row *q;
    struct inspector_trainings_of_row *t;
    size_t n = 0, m = 0;
    enum err e = inspector_certificates_of(k->c->db, k->c->arena, &(struct inspector_certificates_of_in) {k->wanted->code}, &q, &n);

    if (e == OK)
        e = inspector_trainings_of(k->c->db, k->c->arena, &(struct inspector_trainings_of_in) {k->wanted->code, TRAININGS_MAX}, &t, &m);
    pack_z(k, "<h2>证件和培训 Certificates and training</h2><ul>");
    for (size_t i = 0; e == OK && i < n; i++) {
        pack_z(k, "<li>");
        pack_put(k, q[i].no);
        pack_z(k, " 有效期至 ");
        pack_day(k, (struct opt_i64) {true, q[i].valid_to_day});
        pack_z(k, "</li>");
    }
    for (size_t i = 0; e == OK && i < m; i++) {
        if (t[i].day < k->wanted->from_day || t[i].day > k->wanted->to_day)
            continue;
        pack_z(k, "<li>");
        pack_put(k, t[i].name);
        pack_z(k, " · ");
        pack_day(k, (struct opt_i64) {true, t[i].day});
        pack_z(k, " · ");
        pack_i64(k, t[i].hours_count);
        pack_z(k, " 学时</li>");
    }
    pack_z(k, "</ul>\n");
    return e == OK ? pack_proofs(k, k->wanted->code) : e;
}

enum err
pack_inspector(struct pack *k)
{
    const struct archive_wanted *w = k->wanted;
    struct inspector_get_row who;
    enum err e = inspector_get(k->c->db, k->c->arena, &(struct inspector_get_in) {w->code}, &who);

    if (e == OK && (w->to_day < w->from_day || w->to_day - w->from_day >= ARCHIVE_DAYS_MAX))
        e = ctx_refuse(k->c, ERR_RANGE, "from 1 to %d days", ARCHIVE_DAYS_MAX);
    if (e == OK)
        e = pack_head(k, who.name, who.code, STR("尽职照单：本人在这一时期参加的每次检查，抽中依据、告知、记录和照单情况。"));
    if (e != OK)
        return e;
    pack_z(k, "<p>");
    pack_day(k, (struct opt_i64) {true, w->from_day});
    pack_z(k, " 至 ");
    pack_day(k, (struct opt_i64) {true, w->to_day});
    pack_z(k, "</p>\n");
    e = add_person(k);
    return e == OK ? add_visits(k) : e;
}
