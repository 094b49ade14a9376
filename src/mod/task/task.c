/* mod/task/task.c - rules and transactions of tasks */
#include "mod/task/task.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/calendar.h"
#include "mod/item/item.h"
#include "mod/journal/journal.h"
#include "mod/plan/plan.h"
#include "mod/target/target.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const NAMES[TASK_STATE_COUNT] = {"draft",    "approved", "sealed",     "drawn",
                                                    "assigned", "notified", "inspecting", "closed"};

/* ALLOWED[from]: bits of the states that may follow. */
#define TO(s) (1u << (s))
static const unsigned ALLOWED[TASK_STATE_COUNT] = {
    [TASK_DRAFT] = TO(TASK_APPROVED),
    [TASK_APPROVED] = TO(TASK_SEALED),
    [TASK_SEALED] = TO(TASK_DRAWN) | TO(TASK_APPROVED),
    [TASK_DRAWN] = TO(TASK_ASSIGNED) | TO(TASK_APPROVED),
    [TASK_ASSIGNED] = TO(TASK_NOTIFIED) | TO(TASK_INSPECTING) | TO(TASK_APPROVED),
    [TASK_NOTIFIED] = TO(TASK_INSPECTING),
    [TASK_INSPECTING] = TO(TASK_CLOSED),
    [TASK_CLOSED] = 0,
};

bool
task_may_move(enum task_state from, enum task_state to)
{
    return from < TASK_STATE_COUNT && to < TASK_STATE_COUNT && (ALLOWED[from] & TO(to)) != 0;
}

const char *
task_state_name(enum task_state s)
{
    return s < TASK_STATE_COUNT ? NAMES[s] : "";
}

enum err
task_state_parse(struct str s, enum task_state *out)
{
    for (unsigned i = 0; i < TASK_STATE_COUNT; i++)
        if (str_eq(s, str_of(NAMES[i]))) {
            *out = (enum task_state) i;
            return OK;
        }
    return ERR_INPUT;
}

enum err
task_load(struct ctx *c, struct str code, struct task *out)
{
    enum err e = task_get(c->db, c->arena, &(struct task_get_in){code}, &out->row);

    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, e, "task %.*s", (int) code.n, code.p);
    if (e == OK)
        e = task_state_parse(out->row.state, &out->state);
    if (e == OK)
        e = terms_scope(c, out->row.scope, &out->scope);
    if (e == OK)
        e = terms_sampling(c, out->row.strata, &out->sampling);
    if (e == OK)
        e = terms_participants(c, out->row.participants, &out->participants);
    return e == OK ? terms_items(c, out->row.items, &out->items) : e;
}

/* --- create
 * ------------------------------------------------------------------------------------------------------ */

/* The texts of the terms, canonical. */
static enum err
canonical(struct ctx *c, struct task_put_in *t)
{
    struct scope scope;
    struct sampling sampling;
    struct participants participants;
    struct texts items;
    enum err e = terms_items(c, t->items, &items);

    if (e == OK)
        e = terms_texts_text(c, &items, &t->items);
    if (e == OK)
        e = terms_scope(c, t->scope, &scope);
    if (e == OK)
        e = terms_scope_text(c, &scope, &t->scope);
    if (e == OK)
        e = terms_sampling(c, t->strata, &sampling);
    if (e == OK)
        e = terms_sampling_text(c, &sampling, &t->strata);
    if (e == OK)
        e = terms_participants(c, t->participants, &participants);
    if (e == OK && !participants_have(&participants, t->lead))
        e = ctx_refuse(c, ERR_INPUT, "the lead %.*s is not among the participants", (int) t->lead.n,
                       t->lead.p);
    return e == OK ? terms_participants_text(c, &participants, &t->participants) : e;
}

/* Checks that the rules of yearly visit caps leave out. */
static enum err
read_exempt(struct ctx *c, const json_t *o, struct str *word)
{
    static const char *const WORDS[] = {"complaint",   "superior", "case",     "recheck",
                                        "application", "licence",  "emergency"};
    enum err e = json_text(c, o, (struct json_field){"cap_exempt", false}, TERMS_LABEL_MAX, word);

    if (e != OK || word->p == NULL)
        return e;
    for (size_t i = 0; i < COUNT(WORDS); i++)
        if (str_eq(*word, str_of(WORDS[i])))
            return OK;
    return ctx_refuse(c, ERR_INPUT, "cap_exempt: %.*s", (int) word->n, word->p);
}

/* The tags of the targets that one item is about; nothing when it names none. */
static enum err
item_tags(struct ctx *c, struct str code, struct texts *tags)
{
    struct item_current_row now;
    struct item_version_row item;
    enum err e = item_current(c->db, c->arena, &(struct item_current_in){code}, &now);

    tags->count = 0;
    if (e == OK)
        e = item_version(c->db, c->arena, &(struct item_version_in){code, now.version}, &item);
    if (e == ERR_NOT_FOUND) /* task_approve says so */
        return OK;
    if (e != OK || item.target_tags.p == NULL)
        return e;
    return json_texts_of(c, item.target_tags, TERMS_LIST_MAX, TERMS_TEXT_MAX, tags);
}

/* Without a scope: the targets with a tag that one of the items is about (对象标签); an item that names none is about all. */
static enum err
default_scope(struct ctx *c, struct str items_json, struct str *out)
{
    struct scope scope = {0};
    struct texts items, tags;
    bool all = false;
    enum err e = terms_items(c, items_json, &items);

    scope.tags.v = arena_array(c->arena, TERMS_LIST_MAX, sizeof *scope.tags.v);
    if (e == OK && scope.tags.v == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < items.count; i++) {
        e = item_tags(c, items.v[i], &tags);
        all |= e == OK && tags.count == 0;
        for (size_t k = 0; e == OK && k < tags.count && scope.tags.count < TERMS_LIST_MAX; k++)
            if (!texts_have(&scope.tags, tags.v[k]))
                scope.tags.v[scope.tags.count++] = tags.v[k];
    }
    if (all)
        scope.tags.count = 0;
    return e == OK ? terms_scope_text(c, &scope, out) : e;
}

static enum err
read_adhoc(struct ctx *c, const json_t *o, struct task_put_in *t)
{
    enum err e =
        json_text(c, o, (struct json_field){"adhoc_reason", true}, TASK_REASON_MAX, &t->adhoc_reason);

    if (e == OK)
        e = json_text(c, o, (struct json_field){"name", true}, TASK_NAME_MAX, &t->name);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"lead", true}, TERMS_LABEL_MAX, &t->lead);
    if (e == OK)
        e = read_exempt(c, o, &t->cap_exempt);
    if (e == OK)
        e = json_day(c, o, (struct json_field){"from", true}, &t->from_day);
    if (e == OK)
        e = json_day(c, o, (struct json_field){"to", true}, &t->to_day);
    if (e == OK)
        e = json_nested(c, o, "items", &t->items);
    if (e == OK)
        e = json_object_get(o, "scope") == NULL && json_object_get(o, "filter") == NULL
                ? default_scope(c, t->items, &t->scope)
                : plan_read_scope(c, o, &t->scope);
    if (e == OK)
        e = json_nested(c, o, "strata", &t->strata);
    if (e == OK)
        e = json_nested(c, o, "participants", &t->participants);
    if (e == OK && t->to_day < t->from_day)
        e = ctx_refuse(c, ERR_DATE, "the window ends before it begins");
    return e == OK ? canonical(c, t) : e;
}

static enum err
plan_allows_tasks(struct ctx *c, struct str code)
{
    struct plan_get_row plan;
    enum err e = plan_get(c->db, c->arena, &(struct plan_get_in){code}, &plan);

    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, e, "plan %s", code.p);
    if (e == OK && !str_eq(plan.state, STR("published")) && !str_eq(plan.state, STR("running")))
        return ctx_refuse(c, ERR_STATE, "plan %s is %s, not published", code.p, plan.state.p);
    return e;
}

static void
take_line(struct task_put_in *t, const struct plan_line_get_row *line)
{
    t->name = t->name.p == NULL ? line->name : t->name;
    t->items = line->items;
    t->scope = line->scope;
    t->strata = line->strata;
    t->lead = line->lead;
    t->participants = line->participants;
}

static enum err
read_from_line(struct ctx *c, const json_t *o, struct task_put_in *t)
{
    static const char *const FIELDS[] = {"code", "directed", "plan", "line", "name", "from", "to"};
    struct plan_line_get_row line;
    enum err e = json_only(c, o, FIELDS, COUNT(FIELDS));

    if (e == OK)
        e = json_text(c, o, (struct json_field){"plan", true}, TERMS_LABEL_MAX, &t->plan);
    if (e == OK)
        e = json_i64(c, o, (struct json_field){"line", true}, 1, PLAN_LINES_MAX, &t->line.v);
    t->line.set = true;
    if (e == OK)
        e = plan_allows_tasks(c, t->plan);
    if (e == OK)
        e = plan_line_get(c->db, c->arena, &(struct plan_line_get_in){t->plan, t->line.v}, &line);
    if (e == ERR_NOT_FOUND && c->why[0] == '\0')
        e = ctx_refuse(c, e, "line %lld of plan %s", (long long) t->line.v, t->plan.p);
    if (e != OK)
        return e;
    e = json_text(c, o, (struct json_field){"name", false}, TASK_NAME_MAX, &t->name);
    t->from_day = line.from_day;
    t->to_day = line.to_day;
    if (e == OK)
        e = json_day(c, o, (struct json_field){"from", false}, &t->from_day);
    if (e == OK)
        e = json_day(c, o, (struct json_field){"to", false}, &t->to_day);
    if (e == OK && (t->from_day < line.from_day || t->to_day > line.to_day || t->to_day < t->from_day))
        e = ctx_refuse(c, ERR_DATE, "the window does not lie within that of the plan's line");
    take_line(t, &line);
    return e;
}

static enum err
read_task(struct ctx *c, const json_t *o, struct task_put_in *t)
{
    static const char *const FIELDS[] = {"code",   "directed", "adhoc_reason", "name", "items", "scope", "filter",
                                         "strata", "lead",     "participants", "from", "to",    "cap_exempt"};
    enum err e = json_text(c, o, (struct json_field){"code", false}, TERMS_LABEL_MAX, &t->code);

    if (e == OK)
        e = json_i64(c, o, (struct json_field){"directed", false}, 0, 1, &t->directed);
    if (e != OK)
        return e;
    if (json_object_get(o, "plan") != NULL)
        return read_from_line(c, o, t);
    e = json_only(c, o, FIELDS, COUNT(FIELDS));
    return e == OK ? read_adhoc(c, o, t) : e;
}

/* region 6 + date 8 + the next of 0001 … 9999 */
static enum err
next_code(struct ctx *c, struct str region, struct str *code)
{
    struct civil d = civil_from_day(day_of_us(c->now_us));
    char stem[32], from[40], to[40], text[40];
    struct task_last_code_row last;
    uint64_t serial = 0;
    enum err e;

    if (region.n != 6)
        return ctx_refuse(c, ERR_REGION, "a task needs a code or a six-digit region");
    snprintf(stem, sizeof stem, "%.6s%04u%02u%02u", region.p, (unsigned) d.year % 10000,
             (unsigned) d.month % 100, (unsigned) d.day % 100);
    snprintf(from, sizeof from, "%s0000", stem);
    snprintf(to, sizeof to, "%s9999", stem);
    e = task_last_code(c->db, c->arena, &(struct task_last_code_in){str_of(from), str_of(to)}, &last);
    if (e == OK && last.code.n == TASK_CODE_BYTES)
        serial = strtoull(last.code.p + TASK_CODE_BYTES - 4, NULL, 10);
    else if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (serial >= 9999)
        return ERR_RANGE;
    snprintf(text, sizeof text, "%s%04u", stem, (unsigned) serial + 1);
    *code = str_copy(c->arena, str_of(text));
    return code->p == NULL ? ERR_MEMORY : OK;
}

static enum err
put_task(struct ctx *c, struct str region, struct str json, struct task_put_in *t)
{
    json_t *o;
    enum err e = json_read(c, json, &o);

    if (e != OK)
        return e;
    e = read_task(c, o, t);
    json_decref(o);
    if (e == OK && t->code.p == NULL)
        e = next_code(c, region, &t->code);
    t->created_us = c->now_us;
    t->created_by = c->actor;
    if (e == OK)
        e = task_put(c->db, t);
    if (e == ERR_EXISTS)
        return ctx_refuse(c, e, "task %s", t->code.p);
    return e == OK ? journal_add(c, &(struct journal_act){STR("task.create"), t->code, {0}}) : e;
}

enum err
task_create(struct ctx *c, struct str region, struct str json, struct str *code)
{
    struct task_put_in t = {0};
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = db_end(c->db, put_task(c, region, json, &t));
    if (e == OK)
        *code = t.code;
    return e;
}

/* --- moves
 * ---------------------------------------------------------------------------------------------------------
 */

enum err
task_step(struct ctx *c, struct str code, enum task_state from, enum task_state to)
{
    enum err e = ERR_STATE;

    if (task_may_move(from, to))
        e = task_move(c->db, &(struct task_move_in){code, str_of(NAMES[from]), str_of(NAMES[to])});
    if (e == ERR_STATE)
        return ctx_refuse(c, e, "task %.*s is not %s", (int) code.n, code.p, task_state_name(from));
    return e;
}

static enum err
may_approve(struct ctx *c, const struct task *t)
{
    struct opt_i64 cap_bp;

    if (ctx_is_own(c, t->row.created_by))
        return ctx_refuse(c, ERR_PERMISSION, "who created a task does not approve it");
    if (t->row.to_day < day_of_us(c->now_us))
        return ctx_refuse(c, ERR_DATE, "the window of task %s is over", t->row.code.p);
    return plan_check_items(c, &t->items, &t->sampling, &cap_bp);
}

enum err
task_approve(struct ctx *c, struct str code)
{
    struct task t;
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = task_load(c, code, &t);
    if (e == OK)
        e = task_step(c, code, TASK_DRAFT, TASK_APPROVED);
    if (e == OK)
        e = may_approve(c, &t);
    if (e == OK)
        e = journal_add(c, &(struct journal_act){STR("task.approve"), code, {0}});
    return db_end(c->db, e);
}

enum err
task_close(struct ctx *c, struct str code)
{
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = task_step(c, code, TASK_INSPECTING, TASK_CLOSED);
    if (e == OK)
        e = journal_add(c, &(struct journal_act){STR("task.close"), code, {0}});
    return db_end(c->db, e);
}

enum err
task_own_entry(struct ctx *c, struct str department, struct str *out)
{
    struct buf b;
    enum err e = buf_in(c, department.n + 32, &b);

    *out = (struct str){0};
    if (e != OK || department.n == 0)
        return e;
    buf_z(&b, "{\"department\":\"");
    buf_str(&b, department);
    buf_z(&b, "\",");
    return buf_take(c, &b, out);
}
