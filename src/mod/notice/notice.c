/* mod/notice/notice.c - issue, delivery, receipt, withdrawal */
#include "mod/notice/notice_int.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "mod/dictionary/dictionary.h"
#include "mod/drawing/drawing.h"
#include "mod/item/item.h"
#include "mod/journal/journal.h"
#include "mod/org/org.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"

enum { NO_BYTES = 400 };

enum err
notice_visit(struct ctx *c, struct str target, int64_t id, struct visit_by_code_row *out)
{
    struct visit_get_row v;
    enum err e = visit_get(c->db, c->arena, &(struct visit_get_in) {target, id}, &v);

    if (e == OK)
        *out = (struct visit_by_code_row) {v.target, v.id,    v.task,        v.draw, v.attempt,    v.mask,
                                           v.exempt, v.state, v.visited_day, v.code, v.row_version};
    return e;
}

static enum err
draw_of(struct ctx *c, struct str draw, int64_t attempt, struct drawing_get_row *out)
{
    return drawing_get(c->db, c->arena, &(struct drawing_get_in) {draw, attempt}, out);
}

/* Told at once, or from the day on when all of it is public. */
static bool
is_told(const struct ctx *c, const struct drawing_get_row *d)
{
    return !d->publish_day.set || day_of_us(c->now_us) >= d->publish_day.v;
}

enum err
notice_announced(struct ctx *c, const struct visit_by_code_row *v, bool *out)
{
    struct drawing_get_row d;
    enum visit_state state;
    enum err e = draw_of(c, v->draw, v->attempt, &d);

    if (e == OK)
        e = visit_state_parse(v->state, &state);
    if (e == OK) /* from the check-in on it knows */
        *out = is_told(c, &d) || state > VISIT_NOTICED;
    return e;
}

/* --- issue -------------------------------------------------------------------------------------------------------- */

static enum err
check_say(struct ctx *c, const struct notice_say *say)
{
    if (say->contact.n == 0)
        return ctx_refuse(c, ERR_MISSING, "contact");
    if (say->contact.n > NOTICE_TEXT_MAX || say->note.n > NOTICE_TEXT_MAX)
        return ctx_refuse(c, ERR_LENGTH, "contact, note: at most %d bytes", NOTICE_TEXT_MAX);
    if (say->papers.count > NOTICE_PAPERS_MAX)
        return ctx_refuse(c, ERR_TOO_LARGE, "papers: at most %d", NOTICE_PAPERS_MAX);
    for (size_t i = 0; i < say->papers.count; i++)
        if (say->papers.v[i].n == 0 || say->papers.v[i].n > NOTICE_PAPER_BYTES)
            return ctx_refuse(c, ERR_LENGTH, "papers/%zu: 1 to %d bytes", i, NOTICE_PAPER_BYTES);
    for (size_t i = 0; i < say->methods.count; i++)
        if (!str_eq(item_method(say->methods.v[i]), say->methods.v[i]))
            return ctx_refuse(c, ERR_INPUT, "methods/%zu", i);
    return OK;
}

/* 市场监督管理局检通〔2026〕1号 (GB/T 9704-2012: the year whole in 〔〕, the number without zeros before it). */
static enum err
write_number(struct ctx *c, struct str department, int64_t year, int64_t seq, struct str *out)
{
    struct org_department_get_row d;
    struct buf b;
    enum err e = org_department_get(c->db, c->arena, &(struct org_department_get_in) {department}, &d);

    if (e == OK)
        e = buf_in(c, NO_BYTES, &b);
    if (e != OK)
        return e;
    buf_str(&b, d.name);
    buf_z(&b, "检通〔");
    buf_i64(&b, year);
    buf_z(&b, "〕");
    buf_i64(&b, seq);
    buf_z(&b, "号");
    return buf_take(c, &b, out);
}

/* A number is taken in the transaction that uses it: what is rolled back leaves no gap. */
static enum err
take_number(struct ctx *c, struct notice_put_in *n)
{
    struct notice_number_last_row last;
    enum err e;

    n->year = civil_from_day(day_of_us(c->now_us)).year;
    e = notice_number_next(c->db, &(struct notice_number_next_in) {n->department, n->year});
    if (e == OK)
        e = notice_number_last(c->db, c->arena, &(struct notice_number_last_in) {n->department, n->year}, &last);
    if (e == OK) {
        n->seq = last.last;
        e = notice_register_put(c->db, &(struct notice_register_put_in) {n->department, n->year, n->seq, n->target, n->id});
    }
    return e == OK ? write_number(c, n->department, n->year, n->seq, &n->no) : e;
}

/* The office's own text of a notice; absent while the shipped template is in force: the layout of notice_print.c says it. */
static enum err
own_template(struct ctx *c, json_t **out)
{
    struct dictionary_in_force_row version;
    struct dictionary_get_row d;
    json_t *rows = NULL, *row;
    size_t i;
    enum err e = dictionary_in_force(c->db, c->arena, &(struct dictionary_in_force_in) {STR("templates")}, &version);

    *out = NULL;
    if (e != OK || version.version <= 1)
        return e;
    e = dictionary_get(c->db, c->arena, &(struct dictionary_get_in) {STR("templates"), version.version}, &d);
    if (e == OK)
        e = dictionary_rows(d.content, &rows);
    json_array_foreach(rows, i, row) {
        const char *code = json_string_value(json_array_get(row, 0));

        if (code != NULL && strcmp(code, "notice") == 0)
            *out = json_incref(json_array_get(row, 2));
    }
    json_decref(rows);
    return e;
}

static enum err
write_content(struct ctx *c, const struct visit_by_code_row *v, const struct notice_say *say, struct notice_put_in *n)
{
    unsigned char digest[HASH_LEN];
    char hex[HASH_HEX_LEN];
    json_t *content = NULL, *template = NULL;
    char *text;
    enum err e = own_template(c, &template);

    if (e == OK)
        e = notice_describe(c, v, say, &content);
    if (e == OK && template != NULL)
        json_object_set(content, "template", template);
    json_decref(template);
    if (e != OK)
        return e;
    text = json_dumps(content, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(content);
    n->content = text == NULL ? (struct str) {0} : str_copy(c->arena, str_of(text));
    free(text);
    if (n->content.p == NULL)
        return ERR_MEMORY;
    hash_of(HASH_SHA256, n->content.p, n->content.n, digest);
    hex_encode(digest, HASH_LEN, hex);
    n->digest = str_copy(c->arena, (struct str) {hex, HASH_HEX_LEN});
    return n->digest.p == NULL ? ERR_MEMORY : OK;
}

/* One entry: the number, and the digest of what a notice says. */
static enum err
note(struct ctx *c, const char *act, struct str no, struct str digest)
{
    struct str detail = {0};
    struct buf b;
    enum err e = OK;

    if (digest.n > 0) {
        e = buf_in(c, 2 * HASH_HEX_LEN, &b);
        if (e != OK)
            return e;
        buf_z(&b, "{\"digest\":");
        json_put_text(&b, digest);
        buf_z(&b, "}");
        e = buf_take(c, &b, &detail);
    }
    return e == OK ? journal_add(c, &(struct journal_act) {str_of(act), no, detail}) : e;
}

static enum err
issue_one(struct ctx *c, struct str department, const struct visit_by_code_row *v, const struct notice_say *say,
          struct notice_batch *out)
{
    struct notice_put_in n = {.target = v->target, .visit = v->id, .task = v->task, .department = department,
                              .issued_us = c->now_us, .issued_by = c->actor};
    struct notice_of_visit_row *before;
    size_t count;
    enum err e = notice_of_visit(c->db, c->arena, &(struct notice_of_visit_in) {v->target, v->id}, &before, &count);

    if (e == OK && count > 0 && str_eq(before[0].state, STR("issued"))) {
        out->there++;
        return OK;
    }
    if (e == OK && count > 0)
        n.replaces = before[0].no;
    if (e == OK)
        e = ctx_new_id(c, &n.id);
    if (e == OK)
        e = write_content(c, v, say, &n);
    if (e == OK)
        e = take_number(c, &n);
    if (e == OK)
        e = notice_put(c->db, &n);
    if (e == OK)
        e = visit_noticed(c, v->target, v->id);
    out->issued += e == OK;
    return e == OK ? note(c, "notice.issue", n.no, n.digest) : e;
}

/* Has it not begun? Those get no notice: whoever stands in the door needs none. */
static bool
is_waiting(struct str state)
{
    return str_eq(state, str_of(visit_state_name(VISIT_ASSIGNED))) || str_eq(state, str_of(visit_state_name(VISIT_NOTICED)));
}

static enum err
issue_page(struct ctx *c, const struct task *t, const struct drawing_current_row *d, const struct notice_say *say,
           struct str after, struct notice_batch *out)
{
    struct visit_list_row *rows;
    struct visit_by_code_row v;
    size_t count;
    enum err e = visit_list(c->db, c->arena, &(struct visit_list_in) {t->row.code, after, NOTICE_ISSUE_MAX}, &rows, &count);

    for (size_t i = 0; e == OK && i < count; i++) {
        if (!str_eq(rows[i].draw, d->draw) || rows[i].attempt != d->attempt || !is_waiting(rows[i].state))
            continue;
        e = notice_visit(c, rows[i].target, rows[i].id, &v);
        if (e == OK)
            e = issue_one(c, t->row.lead, &v, say, out);
    }
    if (e == OK && count == NOTICE_ISSUE_MAX)
        out->next = rows[count - 1].target;
    if (e == OK && out->issued > 0 && t->state == TASK_ASSIGNED)
        e = task_step(c, t->row.code, TASK_ASSIGNED, TASK_NOTIFIED);
    return e;
}

static enum err
issue(struct ctx *c, struct str task, const struct notice_say *say, struct str after, struct notice_batch *out)
{
    struct task t;
    struct drawing_current_row current;
    struct drawing_get_row d;
    enum err e = task_load(c, task, &t);

    if (e == OK && (t.state < TASK_ASSIGNED || t.state == TASK_CLOSED))
        e = ctx_refuse(c, ERR_STATE, "task %.*s: notices follow the matching", (int) task.n, task.p);
    if (e == OK)
        e = drawing_current(c->db, c->arena, &(struct drawing_current_in) {task}, &current);
    if (e == OK)
        e = draw_of(c, current.draw, current.attempt, &d);
    if (e == OK && !is_told(c, &d))
        e = ctx_refuse(c, ERR_STATE, "task %.*s: unannounced checks are not told before their day", (int) task.n, task.p);
    return e == OK ? issue_page(c, &t, &current, say, after, out) : e;
}

enum err
notice_issue(struct ctx *c, struct str task, const struct notice_say *say, struct str after, struct notice_batch *out)
{
    enum err e = check_say(c, say);

    *out = (struct notice_batch) {0};
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, issue(c, task, say, after.n == 0 ? STR(" ") : after, out)) : e;
}

/* --- delivery, receipt, withdrawal -------------------------------------------------------------------------------- */

static enum err
find(struct ctx *c, struct str task, int64_t id, struct notice_get_row *out)
{
    enum err e = notice_get(c->db, c->arena, &(struct notice_get_in) {task, id}, out);

    return e == ERR_NOT_FOUND ? ctx_refuse(c, e, "notice %lld of task %.*s", (long long) id, (int) task.n, task.p) : e;
}

static enum err
deliver(struct ctx *c, struct str task, int64_t id, struct str method, int64_t day, struct str receiver)
{
    struct notice_get_row n;
    enum err e = find(c, task, id, &n);

    if (e == OK && !str_eq(n.state, STR("issued")))
        e = ctx_refuse(c, ERR_STATE, "%.*s is withdrawn", (int) n.no.n, n.no.p);
    if (e == OK && str_eq(n.delivery, method) && n.delivered_day.v == day)
        return OK;
    if (e == OK && n.delivery.p != NULL && !str_eq(n.delivery, STR("portal")))
        e = ctx_refuse(c, ERR_EXISTS, "%.*s", (int) n.delivery.n, n.delivery.p);
    if (e == OK && (day < day_of_us(n.issued_us) || day > day_of_us(c->now_us)))
        e = ctx_refuse(c, ERR_DATE, "between its issue and today");
    if (e == OK)
        e = notice_deliver_set(c->db, &(struct notice_deliver_set_in) {n.target, n.id, n.row_version, method, day, c->actor,
                                                                       receiver});
    return e == OK ? note(c, "notice.deliver", n.no, (struct str) {0}) : e;
}

enum err
notice_deliver(struct ctx *c, struct str task, int64_t id, struct str method, int64_t day, struct str receiver)
{
    enum err e;

    if (!str_eq(method, STR("personal")) && !str_eq(method, STR("post")) && !str_eq(method, STR("message")))
        return ctx_refuse(c, ERR_INPUT, "personal, post or message");
    if (receiver.n > NOTICE_TEXT_MAX)
        return ERR_LENGTH;
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, deliver(c, task, id, method, day, receiver)) : e;
}

static enum err
read_receipt(struct ctx *c, const struct visit_by_code_row *v)
{
    struct notice_of_visit_row *n;
    size_t count;
    enum err e = notice_of_visit(c->db, c->arena, &(struct notice_of_visit_in) {v->target, v->id}, &n, &count);

    if (e == OK && (count == 0 || !str_eq(n[0].state, STR("issued"))))
        return ERR_NOT_FOUND;
    if (e != OK || n[0].read_us.set)
        return e;
    e = notice_read_set(c->db, &(struct notice_read_set_in) {n[0].target, n[0].id, n[0].row_version, c->now_us});
    if (e == OK && n[0].delivery.p == NULL)
        e = notice_deliver_set(c->db, &(struct notice_deliver_set_in) {n[0].target, n[0].id, n[0].row_version + 1,
                                                                       STR("portal"), day_of_us(c->now_us), c->actor, {0}});
    return e == OK ? note(c, "notice.read", n[0].no, (struct str) {0}) : e;
}

enum err
notice_read(struct ctx *c, const struct visit_by_code_row *visit)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, read_receipt(c, visit)) : e;
}

static enum err
withdraw(struct ctx *c, struct str task, int64_t id, struct str reason)
{
    struct notice_get_row n;
    enum err e = find(c, task, id, &n);

    if (e == OK && str_eq(n.state, STR("withdrawn")))
        return str_eq(n.withdraw_reason, reason) ? OK : ERR_STATE;
    if (e == OK)
        e = notice_withdraw_set(c->db, &(struct notice_withdraw_set_in) {n.target, n.id, n.row_version, c->now_us, reason});
    return e == OK ? note(c, "notice.withdraw", n.no, (struct str) {0}) : e;
}

enum err
notice_withdraw(struct ctx *c, struct str task, int64_t id, struct str reason)
{
    enum err e;

    if (reason.n == 0)
        return ctx_refuse(c, ERR_MISSING, "reason");
    if (reason.n > NOTICE_TEXT_MAX)
        return ERR_LENGTH;
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, withdraw(c, task, id, reason)) : e;
}
