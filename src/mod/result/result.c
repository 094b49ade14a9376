/* mod/result/result.c - rules and transactions of results */
#include "mod/result/result.h"

#include <stdio.h>
#include <string.h>

#include "core/calendar.h"
#include "data/data.h"
#include "mod/dict/dict.h"
#include "mod/item/item.h"
#include "mod/journal/journal.h"
#include "mod/plan/terms.h"
#include "mod/publication/publication.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "mod/workday/workday.h"

enum { REDATE_PAGE = 500 };

static const char *const NAMES[RESULT_STATE_COUNT] = {"entered", "returned", "approved", "published", "withheld"};

/* ALLOWED[from]: bits of the states that may follow. */
#define TO(s) (1u << (s))
static const unsigned ALLOWED[RESULT_STATE_COUNT] = {
    [RESULT_ENTERED] = TO(RESULT_APPROVED) | TO(RESULT_RETURNED),
    [RESULT_RETURNED] = TO(RESULT_ENTERED),
    [RESULT_APPROVED] = TO(RESULT_PUBLISHED) | TO(RESULT_WITHHELD),
    [RESULT_PUBLISHED] = 0,
    [RESULT_WITHHELD] = 0,
};

bool
result_may_move(enum result_state from, enum result_state to)
{
    return from < RESULT_STATE_COUNT && to < RESULT_STATE_COUNT && (ALLOWED[from] & TO(to)) != 0;
}

const char *
result_state_name(enum result_state s)
{
    return s < RESULT_STATE_COUNT ? NAMES[s] : "";
}

enum err
result_state_parse(struct str s, enum result_state *out)
{
    for (unsigned i = 0; i < RESULT_STATE_COUNT; i++)
        if (str_eq(s, str_of(NAMES[i]))) {
            *out = (enum result_state) i;
            return OK;
        }
    return ERR_INPUT;
}

bool
result_code_ok(struct str code)
{
    struct str rest = data_find(STR("results.csv")), line, head, tail;

    (void) data_line(&rest, &line); /* the names of the columns */
    while (data_line(&rest, &line))
        if (str_split(line, ',', &head, &tail) && str_eq(head, code))
            return true;
    return false;
}

/* --- shared ------------------------------------------------------------------------------------------------------ */

static enum err
find(struct ctx *c, const struct result_key *k, struct result_of_row *row, enum result_state *state)
{
    enum err e = result_of(c->db, c->arena, &(struct result_of_in) {k->target, k->task, k->item}, row);

    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, e, "no result of item %.*s for %.*s", (int) k->item.n, k->item.p, (int) k->target.n,
                          k->target.p);
    return e == OK ? result_state_parse(row->state, state) : e;
}

static enum err
note(struct ctx *c, const char *act, const struct result_key *k, const char *name, struct str value)
{
    struct str subject = {0}, detail = {0};
    struct buf s, d;
    enum err e = buf_in(c, k->task.n + k->target.n + k->item.n + 3, &s);

    if (e == OK)
        e = buf_in(c, 64 + 6 * value.n, &d);
    if (e != OK)
        return e;
    buf_str(&s, k->task);
    buf_z(&s, "/");
    buf_str(&s, k->target);
    buf_z(&s, "/");
    buf_str(&s, k->item);
    e = buf_take(c, &s, &subject);
    if (e == OK && name != NULL && value.p != NULL) {
        buf_z(&d, "{");
        json_put_name(&d, name);
        json_put_text(&d, value);
        buf_z(&d, "}");
        e = buf_take(c, &d, &detail);
    }
    return e == OK ? journal_add(c, &(struct journal_act) {str_of(act), subject, detail}) : e;
}

static enum err
codes_text(struct ctx *c, const struct texts *codes, struct str *out)
{
    if (codes->count == 0 || codes->count > RESULT_CODES_MAX)
        return ctx_refuse(c, ERR_INPUT, "a result has 1 to %d codes", RESULT_CODES_MAX);
    for (size_t i = 0; i < codes->count; i++) {
        bool allowed;
        enum err e = dict_word_allowed(c, STR("results"), codes->v[i], result_code_ok(codes->v[i]), &allowed);

        if (e != OK)
            return e;
        if (!allowed)
            return ctx_refuse(c, ERR_INPUT, "unknown result code %.*s", (int) codes->v[i].n, codes->v[i].p);
        for (size_t j = 0; j < i; j++)
            if (str_eq(codes->v[i], codes->v[j]))
                return ctx_refuse(c, ERR_DUPLICATE, "result code %s twice", codes->v[i].p);
        if (codes->count > 1 && str_eq(codes->v[i], STR("no_problem")))
            return ctx_refuse(c, ERR_INPUT, "no_problem stands alone");
    }
    return terms_texts_text(c, codes, out);
}

/* --- enter --------------------------------------------------------------------------------------------------------- */

static enum err
check_visit(struct ctx *c, const struct result_entry *r)
{
    struct visit_of_row v;
    enum err e = visit_of(c->db, c->arena, &(struct visit_of_in) {r->key.target, r->key.task}, &v);

    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, e, "no visit of task %.*s to %.*s", (int) r->key.task.n, r->key.task.p, (int) r->key.target.n,
                          r->key.target.p);
    if (e == OK && !str_eq(v.state, STR("submitted")))
        return ctx_refuse(c, ERR_STATE, "the visit to %s is %s: its record comes before the result", v.target.p, v.state.p);
    if (e == OK && (r->produced_day > day_of_us(c->now_us) || (v.visited_day.set && r->produced_day < v.visited_day.v)))
        return ctx_refuse(c, ERR_DATE, "a result is produced on or after the day of the visit, not in the future");
    return e;
}

/* Which version of the item it is about, and whose item. */
static enum err
check_item(struct ctx *c, const struct result_entry *r, struct result_put_in *put)
{
    struct task t;
    struct item_current_row item;
    enum err e = task_load(c, r->key.task, &t);

    if (e == OK && !texts_have(&t.items, r->key.item))
        return ctx_refuse(c, ERR_NOT_FOUND, "item %.*s does not belong to task %.*s", (int) r->key.item.n, r->key.item.p,
                          (int) r->key.task.n, r->key.task.p);
    if (e == OK)
        e = item_current(c->db, c->arena, &(struct item_current_in) {r->key.item}, &item);
    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, ERR_STATE, "item %.*s is not published any more", (int) r->key.item.n, r->key.item.p);
    if (e != OK)
        return e;
    put->item_version = item.version;
    put->department = item.department;
    if (t.state == TASK_ASSIGNED || t.state == TASK_NOTIFIED) /* the first result: inspections have begun */
        e = task_step(c, r->key.task, t.state, TASK_INSPECTING);
    else if (t.state != TASK_INSPECTING)
        e = ctx_refuse(c, ERR_STATE, "task %s is %s", t.row.code.p, task_state_name(t.state));
    return e;
}

static enum err
enter_again(struct ctx *c, const struct result_put_in *put, const struct result_of_row *old, enum result_state state,
            bool *same)
{
    *same = str_eq(old->codes, put->codes) && old->produced_day == put->produced_day && str_eq(old->detail, put->detail);
    if (state == RESULT_RETURNED)
        return result_again(c->db, &(struct result_again_in) {put->target, old->id, put->codes, put->methods, put->detail,
                                                              put->entered_by, put->entered_us});
    return *same ? OK : ctx_refuse(c, ERR_STATE, "item %s of %s has a result already: %s", old->item.p, old->target.p,
                                   old->state.p);
}

static enum err
enter(struct ctx *c, const struct result_entry *r, struct opt_i64 *due)
{
    struct result_put_in put = {.target = r->key.target,
                                .task = r->key.task,
                                .item = r->key.item,
                                .methods = r->methods,
                                .detail = r->detail,
                                .produced_day = r->produced_day,
                                .entered_by = c->actor,
                                .entered_us = c->now_us};
    struct result_of_row old;
    enum result_state state;
    bool same = false;
    enum err e = codes_text(c, &r->codes, &put.codes);

    if (e == OK)
        e = check_visit(c, r);
    if (e == OK)
        e = check_item(c, r, &put);
    if (e == OK)
        e = workday_due(c, put.produced_day, RESULT_WORKING_DAYS, &put.due_day, &put.calendar_version);
    if (e != OK)
        return e;
    *due = put.due_day;
    e = result_of(c->db, c->arena, &(struct result_of_in) {put.target, put.task, put.item}, &old);
    if (e == OK) {
        e = result_state_parse(old.state, &state);
        if (e == OK)
            e = enter_again(c, &put, &old, state, &same);
        if (e != OK || (same && state != RESULT_RETURNED))
            return e;
    } else if (e == ERR_NOT_FOUND) {
        e = ctx_new_id(c, &put.id);
        if (e == OK)
            e = result_put(c->db, &put);
    }
    return e == OK ? note(c, "result.enter", &r->key, NULL, (struct str) {0}) : e;
}

/* Whether anybody was found there stands in the registry, for the next draw to know (domain: stale registries). */
static enum err
note_contact(struct ctx *c, const struct result_entry *r)
{
    int64_t changed;

    return target_contacted_counted(c->db,
                                    &(struct target_contacted_in){r->key.target, GAP_UNREACHABLE,
                                                                  texts_have(&r->codes, STR("unreachable"))},
                                    &changed);
}

enum err
result_enter(struct ctx *c, const struct result_entry *r, struct opt_i64 *due)
{
    enum err e;

    if (r->detail.n > RESULT_TEXT_MAX || r->methods.n > RESULT_TEXT_MAX)
        return ERR_LENGTH;
    e = db_begin(c->db);
    if (e != OK)
        return e;
    e = enter(c, r, due);
    return db_end(c->db, e == OK ? note_contact(c, r) : e);
}

static enum visit_end
end_of(const struct texts *codes)
{
    return texts_have(codes, STR("unreachable"))     ? VISIT_END_UNREACHABLE
           : texts_have(codes, STR("uncooperative")) ? VISIT_END_REFUSED
                                                     : VISIT_END_SIGNED;
}

enum err
result_enter_paper(struct ctx *c, const struct result_entry *r, struct opt_i64 *due)
{
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = visit_submit(c, r->key.target, r->key.task, r->produced_day, r->methods, end_of(&r->codes));
    if (e == OK)
        e = result_enter(c, r, due);
    return db_end(c->db, e);
}

/* --- review, publish, withhold, correct ------------------------------------------------------------------------------ */

static enum err
move(struct ctx *c, const struct result_of_row *row, enum result_state from, struct result_move_in *m,
     enum result_state to)
{
    if (!result_may_move(from, to))
        return ctx_refuse(c, ERR_STATE, "the result of item %s for %s is %s, not on the way to %s", row->item.p, row->target.p,
                          NAMES[from], NAMES[to]);
    m->target = row->target;
    m->id = row->id;
    m->old_state = row->state;
    m->new_state = str_of(NAMES[to]);
    return result_move(c->db, m);
}

static bool
words_ok(struct str s, bool required)
{
    struct str t = str_trim(s);

    return (t.n > 0 || !required) && s.n <= RESULT_TEXT_MAX && (s.n == 0 || utf8_valid(s));
}

enum err
result_review(struct ctx *c, const struct result_key *k, bool approve, struct str opinion)
{
    struct result_move_in m = {.reviewed_by = c->actor, .opinion = opinion};
    struct result_of_row row;
    enum result_state state;
    enum err e;

    if (!words_ok(opinion, !approve))
        return ctx_refuse(c, ERR_INPUT, "a result is returned with an opinion");
    e = db_begin(c->db);
    if (e != OK)
        return e;
    e = find(c, k, &row, &state);
    if (e == OK)
        e = move(c, &row, state, &m, approve ? RESULT_APPROVED : RESULT_RETURNED);
    if (e == OK)
        e = note(c, approve ? "result.approve" : "result.return", k, "opinion", opinion);
    return db_end(c->db, e);
}

static enum err
tell_public(struct ctx *c, const struct result_of_row *row, struct str codes)
{
    struct publication_put_in p = {.target = row->target,
                                   .result = row->id,
                                   .task = row->task,
                                   .item = row->item,
                                   .department = row->department,
                                   .codes = codes,
                                   .produced_day = row->produced_day,
                                   .due_day = row->due_day};
    struct item_latest_row item;
    enum err e = item_latest(c->db, c->arena, &(struct item_latest_in) {row->item}, &item);

    p.item_name = item.name;
    return e == OK ? publication_add(c, &p) : e;
}

static enum err
publish(struct ctx *c, const struct result_key *k)
{
    struct result_move_in m = {.published_us = {true, c->now_us}};
    struct result_of_row row;
    enum result_state state;
    enum err e = find(c, k, &row, &state);

    if (e != OK || state == RESULT_PUBLISHED)
        return e;
    e = move(c, &row, state, &m, RESULT_PUBLISHED);
    if (e == OK)
        e = tell_public(c, &row, row.codes);
    return e == OK ? note(c, "result.publish", k, NULL, (struct str) {0}) : e;
}

enum err
result_publish(struct ctx *c, const struct result_key *k)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, publish(c, k)) : e;
}

enum err
result_withhold(struct ctx *c, const struct result_key *k, struct str legal_reason)
{
    struct result_move_in m = {.withheld_reason = legal_reason};
    struct result_of_row row;
    enum result_state state;
    enum err e;

    if (!words_ok(legal_reason, true))
        return ctx_refuse(c, ERR_INPUT, "a result is withheld by a law: name it and its article");
    e = db_begin(c->db);
    if (e != OK)
        return e;
    e = find(c, k, &row, &state);
    if (e == OK)
        e = move(c, &row, state, &m, RESULT_WITHHELD);
    if (e == OK)
        e = note(c, "result.withhold", k, "reason", legal_reason);
    return db_end(c->db, e);
}

static enum err
correct(struct ctx *c, const struct result_key *k, const struct texts *codes, struct str reason)
{
    struct result_of_row row;
    enum result_state state;
    struct str text;
    enum err e = codes_text(c, codes, &text);

    if (e == OK)
        e = find(c, k, &row, &state);
    if (e == OK && state != RESULT_PUBLISHED)
        e = ctx_refuse(c, ERR_STATE, "only a published result is corrected; this one is %s", NAMES[state]);
    if (e == OK && str_eq(text, row.codes))
        e = ctx_refuse(c, ERR_INPUT, "a correction says something else");
    if (e == OK)
        e = result_correct_codes(c->db, &(struct result_correct_codes_in) {row.target, row.id, text, reason});
    if (e == OK)
        e = tell_public(c, &row, text);
    return e == OK ? note(c, "result.correct", k, "reason", reason) : e;
}

enum err
result_correct(struct ctx *c, const struct result_key *k, const struct texts *codes, struct str reason)
{
    enum err e;

    if (!words_ok(reason, true))
        return ctx_refuse(c, ERR_INPUT, "a correction has a reason");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, correct(c, k, codes, reason)) : e;
}

/* --- the clock ----------------------------------------------------------------------------------------------------------- */

enum err
result_overdue(struct ctx *c, int64_t day, struct result_due_row **rows, size_t *count)
{
    static const enum result_state OPEN[] = {RESULT_ENTERED, RESULT_RETURNED, RESULT_APPROVED};
    enum { OPEN_COUNT = sizeof OPEN / sizeof *OPEN };
    struct result_due_row *part[OPEN_COUNT], *all;
    size_t n[OPEN_COUNT] = {0}, total = 0;
    enum err e = OK;

    for (int i = 0; e == OK && i < OPEN_COUNT; i++) {
        e = result_due(c->db, c->arena, &(struct result_due_in) {str_of(NAMES[OPEN[i]]), day, RESULT_LIST_MAX}, &part[i],
                       &n[i]);
        total += n[i];
    }
    all = arena_array(c->arena, total + 1, sizeof *all);
    if (e == OK && all == NULL)
        e = ERR_MEMORY;
    if (e != OK)
        return e;
    *count = 0;
    for (int i = 0; i < OPEN_COUNT; i++)
        for (size_t j = 0; j < n[i]; j++)
            all[(*count)++] = part[i][j];
    *rows = all;
    return OK;
}

/* --- another calendar ------------------------------------------------------------------------------------------------ */

struct recalendar {
    struct calendar calendar;
    uint64_t open, changed;
};

static enum err
redate(struct ctx *c, struct recalendar *r, const struct result_open_page_row *row)
{
    struct opt_i64 due = {false, 0};
    enum err e = calendar_add_working_days(&r->calendar, row->produced_day, RESULT_WORKING_DAYS, &due.v);

    if (e != OK && e != ERR_CALENDAR)
        return e;
    due.set = e == OK;
    r->open++;
    if (due.set == row->due_day.set && (!due.set || due.v == row->due_day.v))
        return OK;
    r->changed++;
    return result_redate(c->db, &(struct result_redate_in) {row->target, row->id, due, r->calendar.version});
}

static enum err
redate_page(struct ctx *c, struct recalendar *r, struct str *target, int64_t *id, size_t *count)
{
    struct result_open_page_row *rows;
    enum err e = result_open_page(c->db, c->arena, &(struct result_open_page_in) {*target, *id, REDATE_PAGE}, &rows, count);

    for (size_t i = 0; e == OK && i < *count; i++)
        e = redate(c, r, &rows[i]);
    if (e == OK && *count > 0) {
        *target = rows[*count - 1].target;
        *id = rows[*count - 1].id;
    }
    return e;
}

enum err
result_recalendar(struct ctx *c, uint64_t *changed)
{
    struct recalendar r = {.open = 0};
    struct str target = STR("!");
    char detail[96], subject[WORKDAY_VERSION_MAX + 16];
    int64_t id = 0;
    size_t count = 0;
    int n;
    enum err e = workday_calendar(c, &r.calendar);

    do {
        if (e == OK)
            e = redate_page(c, &r, &target, &id, &count);
    } while (e == OK && count == REDATE_PAGE);
    if (e != OK)
        return e;
    *changed = r.changed;
    snprintf(subject, sizeof subject, "calendar/%.*s", (int) r.calendar.version.n, r.calendar.version.p);
    n = snprintf(detail, sizeof detail, "{\"open\":%llu,\"changed\":%llu}", (unsigned long long) r.open,
                 (unsigned long long) r.changed);
    return journal_add(c, &(struct journal_act) {STR("result.recalendar"), str_of(subject), {detail, (size_t) n}});
}
