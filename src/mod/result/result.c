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
#include "mod/result/result_int.h"
#include "mod/scope.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "mod/workday/workday.h"

static const char *const NAMES[RESULT_STATE_COUNT] = {"entered",   "returned", "approved",
                                                      "published", "withheld", "withdrawn"};

/* ALLOWED[from]: bits of the states that may follow. */
#define TO(s) (1u << (s))
static const unsigned ALLOWED[RESULT_STATE_COUNT] = {
    [RESULT_ENTERED] = TO(RESULT_APPROVED) | TO(RESULT_RETURNED),
    [RESULT_RETURNED] = TO(RESULT_ENTERED),
    [RESULT_APPROVED] = TO(RESULT_PUBLISHED) | TO(RESULT_WITHHELD),
    [RESULT_PUBLISHED] = TO(RESULT_WITHDRAWN),
    [RESULT_WITHHELD] = 0,
    [RESULT_WITHDRAWN] = 0,
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
    return data_has(STR("results.csv"), code);
}

/* --- shared ------------------------------------------------------------------------------------------------------ */

static enum err
missing(struct ctx *c, const struct result_key *k)
{
    return ctx_refuse(c, ERR_NOT_FOUND, "no result of item %.*s for %.*s", (int) k->item.n, k->item.p, (int) k->target.n,
                      k->target.p);
}

enum err
result_see_key(struct ctx *c, const struct result_key *k, struct result_row *out)
{
    struct result_of_row row;
    enum err e = result_of(c->db, c->arena, &(struct result_of_in){k->target, k->task, k->item}, &row);

    if (e == OK)
        *out = row.r;
    return e == ERR_NOT_FOUND || (e == OK && !scope_sees(c, row.r.department, row.r.region)) ? missing(c, k) : e;
}

enum err
result_see(struct ctx *c, struct str target, int64_t id, struct result_row *out)
{
    struct result_get_row row;
    enum err e = result_get(c->db, c->arena, &(struct result_get_in){target, id}, &row);

    if (e == OK)
        *out = row.r;
    return e == OK && !scope_sees(c, row.r.department, row.r.region) ? ERR_NOT_FOUND : e;
}

enum err
result_find(struct ctx *c, const struct result_key *k, struct result_row *row, enum result_state *state)
{
    enum err e = result_see_key(c, k, row);

    return e == OK ? result_state_parse(row->state, state) : e;
}

bool
result_own(const struct ctx *c, struct str actor)
{
    return str_starts(c->actor, STR("user:")) && str_eq(c->actor, actor);
}

enum err
result_note(struct ctx *c, const char *act, const struct result_key *k, const char *name, struct str value)
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

/* The entry of an act, and what the result says after it. */
static enum err
log_step(struct ctx *c, const char *act, const struct result_row *now, const char *name, struct str value)
{
    const struct result_key k = {now->task, now->target, now->item};
    enum err e = result_step_put(c->db, &(struct result_step_put_in){now->target, now->id, str_of(act), now->state, now->codes,
                                                                     now->methods, now->detail, value, c->actor, c->now_us});

    return e == OK ? result_note(c, act, &k, name, value) : e;
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
    if (c->department.n > 0 && !str_eq(c->department, item.department))
        return ctx_refuse(c, ERR_PERMISSION, "item %s is another department's", item.code.p);
    put->item_version = item.version;
    put->department = item.department;
    if (t.state == TASK_ASSIGNED || t.state == TASK_NOTIFIED) /* the first result: inspections have begun */
        e = task_step(c, r->key.task, t.state, TASK_INSPECTING);
    else if (t.state != TASK_INSPECTING)
        e = ctx_refuse(c, ERR_STATE, "task %s is %s", t.row.code.p, task_state_name(t.state));
    return e;
}

/* Where the target lies; whoever enters sees it. */
static enum err
check_region(struct ctx *c, struct result_put_in *put)
{
    struct target_get_row t;
    enum err e = target_get(c->db, c->arena, &(struct target_get_in){put->target}, &t);

    if (e == ERR_NOT_FOUND || (e == OK && c->region.n > 0 && !str_starts(t.region, c->region)))
        return ctx_refuse(c, ERR_NOT_FOUND, "target %.*s", (int) put->target.n, put->target.p);
    if (e == OK)
        put->region = t.region;
    return e;
}

static bool
same_text(const struct result_row *old, struct str codes, struct str methods, struct str detail)
{
    return str_eq(old->codes, codes) && str_eq(old->methods, methods) && str_eq(old->detail, detail);
}

/* What is there already: a returned result takes the new text; the same entry again is none. */
static enum err
enter_again(struct ctx *c, const struct result_put_in *put, struct result_row *old, bool *changed)
{
    enum err e;

    *changed = str_eq(old->state, STR("returned"));
    if (!*changed)
        return same_text(old, put->codes, old->methods, put->detail) && old->produced_day == put->produced_day
                   ? OK
                   : ctx_refuse(c, ERR_STATE, "item %s of %s has a result already: %s", old->item.p, old->target.p,
                                old->state.p);
    e = result_again(c->db, &(struct result_again_in){put->target, old->id, put->codes, put->methods, put->detail,
                                                      put->entered_by, put->entered_us});
    old->codes = put->codes;
    old->methods = put->methods;
    old->detail = put->detail;
    old->state = STR("entered");
    return e;
}

static enum err
check_entry(struct ctx *c, const struct result_entry *r, struct result_put_in *put)
{
    enum err e = codes_text(c, &r->codes, &put->codes);

    if (e == OK)
        e = check_visit(c, r);
    if (e == OK)
        e = check_region(c, put);
    if (e == OK)
        e = check_item(c, r, put);
    return e == OK ? workday_due(c, put->produced_day, RESULT_WORKING_DAYS, &put->due_day, &put->calendar_version) : e;
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
    bool changed = true;
    enum err e = check_entry(c, r, &put);

    if (e != OK)
        return e;
    *due = put.due_day;
    e = result_of(c->db, c->arena, &(struct result_of_in){put.target, put.task, put.item}, &old);
    if (e == OK) {
        e = enter_again(c, &put, &old.r, &changed);
    } else if (e == ERR_NOT_FOUND) {
        e = ctx_new_id(c, &put.id);
        if (e == OK)
            e = result_put(c->db, &put);
        old.r = (struct result_row){.target = put.target,
                                    .id = put.id,
                                    .task = put.task,
                                    .item = put.item,
                                    .codes = put.codes,
                                    .methods = put.methods,
                                    .detail = put.detail,
                                    .state = STR("entered")};
    }
    return e == OK && changed ? log_step(c, "result.enter", &old.r, NULL, (struct str){0}) : e;
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

/* --- edit, review, publish, withhold, correct ------------------------------------------------------------------------ */

static enum err
move(struct ctx *c, struct result_row *row, struct result_move_in *m, enum result_state to)
{
    enum result_state from = RESULT_WITHDRAWN;
    enum err e = result_state_parse(row->state, &from);

    if (e == OK && !result_may_move(from, to))
        return ctx_refuse(c, ERR_STATE, "the result of item %s for %s is %s, not on the way to %s", row->item.p, row->target.p,
                          NAMES[from], NAMES[to]);
    m->target = row->target;
    m->id = row->id;
    m->old_state = row->state;
    m->new_state = str_of(NAMES[to]);
    if (e == OK)
        e = result_move(c->db, m);
    row->state = m->new_state;
    return e;
}

bool
result_words_ok(struct str s, bool required)
{
    struct str t = str_trim(s);

    return (t.n > 0 || !required) && s.n <= RESULT_TEXT_MAX && (s.n == 0 || utf8_valid(s));
}

static enum err
edit(struct ctx *c, const struct result_entry *r, bool *changed)
{
    struct result_row row;
    enum result_state state;
    struct str codes;
    enum err e = codes_text(c, &r->codes, &codes);

    if (e == OK)
        e = result_find(c, &r->key, &row, &state);
    if (e == OK && state != RESULT_ENTERED)
        e = ctx_refuse(c, ERR_STATE, "only what waits for its review is edited; this one is %s", NAMES[state]);
    if (e != OK || same_text(&row, codes, r->methods, r->detail))
        return e;
    *changed = true;
    row.codes = codes;
    row.methods = r->methods;
    row.detail = r->detail;
    e = result_edit_put(c->db, &(struct result_edit_put_in){row.target, row.id, codes, r->methods, r->detail, c->actor,
                                                            c->now_us});
    return e == OK ? log_step(c, "result.edit", &row, NULL, (struct str){0}) : e;
}

enum err
result_edit(struct ctx *c, const struct result_entry *r, bool *changed)
{
    enum err e;

    *changed = false;
    if (!result_words_ok(r->detail, false) || r->methods.n > RESULT_TEXT_MAX)
        return ERR_LENGTH;
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, edit(c, r, changed)) : e;
}

/* Nobody was found: the list of abnormal operations within ten working days. */
static enum err
follow_unreachable(struct ctx *c, const struct result_row *row)
{
    const struct followup_origin o = {row->target, row->task, row->item, row->department, row->region, row->id};
    struct followup_say say = {.content = {NULL, 0}};
    struct str version;
    struct texts codes;
    int64_t id;
    enum err e = json_texts_of(c, row->codes, RESULT_CODES_MAX, RESULT_TEXT_MAX, &codes);

    if (e != OK || !texts_have(&codes, STR("unreachable")))
        return e;
    e = workday_due(c, row->produced_day, FOLLOWUP_ABNORMAL_DAYS, &say.due_day, &version);
    return e == OK ? followup_start(c, &o, FOLLOWUP_ABNORMAL, &say, &id) : e;
}

static enum err
review(struct ctx *c, const struct result_key *k, bool approve, struct str opinion, bool *changed)
{
    struct result_move_in m = {.reviewed_by = c->actor, .opinion = opinion};
    struct result_row row;
    enum result_state state, to = approve ? RESULT_APPROVED : RESULT_RETURNED;
    enum err e = result_find(c, k, &row, &state);

    if (e != OK || state == to)
        return e; /* sent twice */
    if (result_own(c, row.entered_by))
        return ctx_refuse(c, ERR_PERMISSION, "who entered a result does not review it");
    e = move(c, &row, &m, to);
    if (e == OK && approve)
        e = follow_unreachable(c, &row);
    if (e == OK)
        e = log_step(c, approve ? "result.approve" : "result.return", &row, "opinion", opinion);
    *changed = e == OK;
    return e;
}

enum err
result_review(struct ctx *c, const struct result_key *k, bool approve, struct str opinion, bool *changed)
{
    enum err e;

    *changed = false;
    if (!result_words_ok(opinion, !approve))
        return ctx_refuse(c, ERR_INPUT, "a result is returned with an opinion");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, review(c, k, approve, opinion, changed)) : e;
}

static enum err
tell_public(struct ctx *c, const struct result_row *row, struct str codes)
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
publish(struct ctx *c, const struct result_key *k, bool *changed)
{
    struct result_move_in m = {.published_us = {true, c->now_us}};
    struct result_row row;
    enum result_state state;
    enum err e = result_find(c, k, &row, &state);

    if (e != OK || state == RESULT_PUBLISHED)
        return e;
    e = move(c, &row, &m, RESULT_PUBLISHED);
    if (e == OK)
        e = tell_public(c, &row, row.codes);
    if (e == OK)
        e = log_step(c, "result.publish", &row, NULL, (struct str){0});
    *changed = e == OK;
    return e;
}

enum err
result_publish(struct ctx *c, const struct result_key *k, bool *changed)
{
    enum err e = db_begin(c->db);

    *changed = false;
    return e == OK ? db_end(c->db, publish(c, k, changed)) : e;
}

static enum err
withhold(struct ctx *c, const struct result_key *k, struct str legal_reason)
{
    struct result_move_in m = {.withheld_reason = legal_reason};
    struct result_row row;
    enum result_state state;
    enum err e = result_find(c, k, &row, &state);

    if (e != OK || (state == RESULT_WITHHELD && str_eq(row.withheld_reason, legal_reason)))
        return e; /* sent twice */
    if (result_own(c, row.entered_by))
        return ctx_refuse(c, ERR_PERMISSION, "who entered a result does not withhold it");
    e = move(c, &row, &m, RESULT_WITHHELD);
    return e == OK ? log_step(c, "result.withhold", &row, "reason", legal_reason) : e;
}

enum err
result_withhold(struct ctx *c, const struct result_key *k, struct str legal_reason)
{
    enum err e;

    if (!result_words_ok(legal_reason, true))
        return ctx_refuse(c, ERR_INPUT, "a result is withheld by a law: name it and its article");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, withhold(c, k, legal_reason)) : e;
}

static enum err
correct(struct ctx *c, const struct result_key *k, const struct texts *codes, struct str reason)
{
    struct result_row row;
    enum result_state state;
    struct str text;
    enum err e = codes_text(c, codes, &text);

    if (e == OK)
        e = result_find(c, k, &row, &state);
    if (e == OK && state != RESULT_PUBLISHED)
        e = ctx_refuse(c, ERR_STATE, "only a published result is corrected; this one is %s", NAMES[state]);
    if (e == OK && str_eq(text, row.codes))
        e = ctx_refuse(c, ERR_INPUT, "a correction says something else");
    if (e == OK)
        e = result_correct_codes(c->db, &(struct result_correct_codes_in) {row.target, row.id, text});
    row.codes = text;
    if (e == OK)
        e = tell_public(c, &row, text);
    return e == OK ? log_step(c, "result.correct", &row, "reason", reason) : e;
}

enum err
result_correct(struct ctx *c, const struct result_key *k, const struct texts *codes, struct str reason)
{
    enum err e;

    if (!result_words_ok(reason, true))
        return ctx_refuse(c, ERR_INPUT, "a correction has a reason");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, correct(c, k, codes, reason)) : e;
}

/* --- a decision is revoked ------------------------------------------------------------------------------------------- */

static enum err
revoke(struct ctx *c, const struct result_key *k, const struct result_revocation *r, struct opt_i64 *due)
{
    struct result_revocation_get_row old;
    struct result_row row;
    enum result_state state;
    struct str version;
    enum err e = result_find(c, k, &row, &state);

    if (e != OK)
        return e;
    e = result_revocation_get(c->db, c->arena, &(struct result_revocation_get_in){row.target, row.id}, &old);
    if (e == OK) {
        *due = old.due_day;
        return str_eq(old.document_no, r->document_no) ? OK : ctx_refuse(c, ERR_EXISTS, "revoked by %s", old.document_no.p);
    }
    if (e == ERR_NOT_FOUND && state != RESULT_PUBLISHED)
        return ctx_refuse(c, ERR_STATE, "only a published result is withdrawn; this one is %s", NAMES[state]);
    if (e == ERR_NOT_FOUND && r->day < row.produced_day)
        return ctx_refuse(c, ERR_DATE, "a decision is revoked on or after the day of the result");
    if (e == ERR_NOT_FOUND)
        e = workday_due(c, r->day, RESULT_WITHDRAW_DAYS, due, &version);
    if (e == OK)
        e = result_revocation_put(c->db, &(struct result_revocation_put_in){row.target, row.id, r->document_no, r->reason,
                                                                            r->day, *due, row.department, c->actor, c->now_us});
    return e == OK ? log_step(c, "result.revoke", &row, "document_no", r->document_no) : e;
}

enum err
result_revoke(struct ctx *c, const struct result_key *k, const struct result_revocation *r, struct opt_i64 *due)
{
    enum err e;

    if (!result_words_ok(r->document_no, true) || !result_words_ok(r->reason, true))
        return ctx_refuse(c, ERR_INPUT, "a revocation has its document and a reason");
    if (r->day > day_of_us(c->now_us))
        return ctx_refuse(c, ERR_DATE, "a day in the future");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, revoke(c, k, r, due)) : e;
}

static enum err
withdraw(struct ctx *c, const struct result_key *k, bool *changed)
{
    struct result_move_in m = {.opinion = {NULL, 0}};
    struct result_revocation_get_row r;
    struct result_row row;
    enum result_state state;
    enum err e = result_find(c, k, &row, &state);

    if (e != OK || state == RESULT_WITHDRAWN)
        return e;
    e = result_revocation_get(c->db, c->arena, &(struct result_revocation_get_in){row.target, row.id}, &r);
    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, ERR_STATE, "no revocation is noted");
    if (e == OK && result_own(c, r.noted_by))
        e = ctx_refuse(c, ERR_PERMISSION, "who noted the revocation does not take the result down");
    if (e == OK)
        e = move(c, &row, &m, RESULT_WITHDRAWN);
    if (e == OK)
        e = result_revocation_done(c->db, &(struct result_revocation_done_in){row.target, row.id, c->actor, c->now_us});
    if (e == OK)
        e = recognition_lapse(c, row.target, row.id);
    if (e == OK)
        e = log_step(c, "result.withdraw", &row, "reason", r.reason);
    *changed = e == OK;
    return e;
}

enum err
result_withdraw(struct ctx *c, const struct result_key *k, bool *changed)
{
    enum err e = db_begin(c->db);

    *changed = false;
    return e == OK ? db_end(c->db, withdraw(c, k, changed)) : e;
}
