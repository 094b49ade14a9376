/* mod/assignment/replace.c - an inspector steps back 回避, and the next reserve of the draw enters (match-1, 3.8). Reserves who
 * meanwhile may not go are passed over, each with the reason; nothing is ever matched again. */
#include "core/calendar.h"
#include "mod/assignment/assignment_int.h"
#include "mod/inspector/inspector.h"
#include "mod/journal/journal.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"

static const char *const REASONS[] = {"relative", "interest", "declared", "requested", "leave", "other"};

struct replacing {
    struct ctx *c;
    const struct assignment_change *change;
    struct drawing_current_row d;
    struct drawing_key k;
    int64_t from_day, to_day; /* on which the target may still be visited */
    struct assignment_list_row who, reserve;
    struct buf passed; /* JSON of those who were passed over: what stands between the brackets */
};

static enum err
check_change(struct ctx *c, const struct assignment_change *change)
{
    bool known = false;

    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        known |= str_eq(change->reason, str_of(REASONS[i]));
    if (!known)
        return ctx_refuse(c, ERR_INPUT, "a reason is relative, interest, declared, requested, leave or other");
    if (str_trim(change->evidence).n == 0 || change->evidence.n > ASSIGNMENT_EVIDENCE_MAX || str_trim(change->approver).n == 0 ||
        change->approver.n > 128)
        return ctx_refuse(c, ERR_INPUT, "evidence and an approver are needed");
    return OK;
}

/* The days of the target's batch, as rules.txt says them, from today on; the window that is over ends today. */
static enum err
find_days(struct replacing *r)
{
    struct ctx *c = r->c;
    struct drawing_target_get_row drawn;
    struct task t;
    int64_t days, batch = 1, today = day_of_us(c->now_us);
    enum err e = task_load(c, r->change->task, &t);

    if (e != OK)
        return e;
    e = drawing_target_get(c->db, c->arena, &(struct drawing_target_get_in) {r->change->target, r->k.draw, r->k.attempt}, &drawn);
    if (e == OK)
        batch = drawn.batch;
    else if (e != ERR_NOT_FOUND)
        return e;
    days = t.row.to_day - t.row.from_day + 1;
    r->from_day = t.row.from_day + days * (batch - 1) / r->d.batches;
    r->to_day = t.row.from_day + days * batch / r->d.batches - 1;
    r->from_day = r->from_day < today ? today : r->from_day;
    r->to_day = r->to_day < r->from_day ? r->from_day : r->to_day;
    return OK;
}

/* A visit that was handed in has been made by those who made it. */
static enum err
still_open(struct replacing *r)
{
    struct ctx *c = r->c;
    struct visit_of_draw_row v;
    enum err e =
        visit_of_draw(c->db, c->arena, &(struct visit_of_draw_in) {r->change->target, r->k.draw, r->k.attempt}, &v);

    if (e == OK && str_eq(v.state, STR("submitted")))
        return ctx_refuse(c, ERR_STATE, "the visit to %.*s was made", (int) r->change->target.n, r->change->target.p);
    return e == ERR_NOT_FOUND ? OK : e;
}

static void
pass_over(struct replacing *r, struct str inspector, const char *why)
{
    buf_z(&r->passed, r->passed.n > 0 ? ",{\"inspector\":" : "{\"inspector\":");
    json_put_text(&r->passed, inspector);
    json_put_name(&r->passed, "why");
    json_put_text(&r->passed, str_of(why));
    buf_z(&r->passed, "}");
}

/* The one who steps back, and the first reserve of the same department who may go. ERR_QUOTA: none of those with a row may. */
static enum err
find_pair(struct replacing *r)
{
    struct ctx *c = r->c;
    const struct assignment_change *change = r->change;
    struct assignment_list_row *rows;
    size_t count;
    bool found = false, spare = false;
    enum err e =
        assignment_list(c->db, c->arena, &(struct assignment_list_in) {change->target, r->k.draw, r->k.attempt}, &rows, &count);

    r->passed.n = 0;
    for (size_t i = 0; e == OK && i < count; i++) {
        bool team = str_eq(rows[i].role, STR("lead")) || str_eq(rows[i].role, STR("member"));
        const char *why = NULL;

        if (!str_eq(rows[i].department, change->department))
            continue;
        if (team && str_eq(rows[i].inspector, change->inspector)) {
            r->who = rows[i];
            found = true;
        }
        if (spare || !str_eq(rows[i].role, STR("reserve")))
            continue;
        e = inspector_fit(c, rows[i].inspector, change->target, r->from_day, r->to_day, &why);
        spare = e == OK && why == NULL;
        if (spare)
            r->reserve = rows[i];
        else if (e == OK)
            pass_over(r, rows[i].inspector, why);
    }
    if (e == OK && !found)
        return ctx_refuse(c, ERR_NOT_FOUND, "%.*s is not in the team of %.*s", (int) change->inspector.n, change->inspector.p,
                          (int) change->target.n, change->target.p);
    return e == OK && !spare ? ERR_QUOTA : e;
}

/* Those with a row first; when they are used up, the next ones come from owners.txt, as often as there are any. */
static enum err
find_reserve(struct replacing *r)
{
    size_t added = 1;
    enum err e = find_pair(r);

    while (e == ERR_QUOTA && added > 0) {
        e = assignment_take_reserves(r->c, r->k, r->change->target, r->change->department, &added);
        if (e == OK)
            e = added > 0 ? find_pair(r) : ERR_QUOTA;
    }
    return e != ERR_QUOTA ? e
                          : ctx_refuse(r->c, e, "no reserve is left who may go to %.*s", (int) r->change->target.n,
                                       r->change->target.p);
}

/* A reserve enters as a member; if the lead steps back, the first lead-qualified member of the list takes over (the
 * reserve keeps the role of member: match-1, 3.8). */
static enum err
swap(struct replacing *r, struct str passed)
{
    struct ctx *c = r->c;
    const struct assignment_change *change = r->change;
    enum err e = assignment_role(c->db, &(struct assignment_role_in) {change->target, r->k.draw, r->k.attempt, r->who.department,
                                                                      r->who.inspector, r->who.role, STR("recused"), 0});

    if (e == OK)
        e = assignment_role(c->db, &(struct assignment_role_in) {change->target, r->k.draw, r->k.attempt, r->reserve.department,
                                                                 r->reserve.inspector, STR("reserve"), STR("member"), 0});
    if (e != OK)
        return e;
    return assignment_replacement_put(
        c->db, &(struct assignment_replacement_put_in) {change->target, r->k.draw, r->k.attempt, r->who.department, r->who.inspector,
                                                        r->reserve.inspector, r->reserve.rank, passed, change->reason,
                                                        change->evidence, change->approver, c->now_us});
}

/* When the lead stepped back: the lead-qualified member with the smallest pseudonym. */
static enum err
new_lead(struct replacing *r)
{
    struct ctx *c = r->c;
    const struct assignment_change *change = r->change;
    struct assignment_list_row *rows;
    size_t count;
    enum err e =
        assignment_list(c->db, c->arena, &(struct assignment_list_in) {change->target, r->k.draw, r->k.attempt}, &rows, &count);

    for (size_t i = 0; e == OK && i < count; i++) {
        struct inspector_get_row person;

        if (!str_eq(rows[i].department, change->department) || !str_eq(rows[i].role, STR("member")))
            continue;
        e = inspector_get(c->db, c->arena, &(struct inspector_get_in) {rows[i].inspector}, &person);
        if (e == OK && person.lead != 0)
            return assignment_role(c->db, &(struct assignment_role_in) {change->target, r->k.draw, r->k.attempt, rows[i].department,
                                                                        rows[i].inspector, STR("member"), STR("lead"), 0});
    }
    return e;
}

/* Of an unannounced check the log must not tell the target before its day. */
static enum err
note(struct replacing *r, struct str passed)
{
    char subject[DRAW_NUMBER_MAX + 32];
    struct buf s = buf_over(subject, sizeof subject), d;
    bool hidden = r->d.publish_day.set && r->d.publish_day.v > day_of_us(r->c->now_us);
    enum err e = buf_in(r->c, 1024 + passed.n, &d);

    if (e != OK)
        return e;
    buf_str(&s, r->k.draw);
    buf_z(&s, "/");
    buf_i64(&s, r->k.attempt);
    buf_z(&d, "{");
    json_put_name(&d, "department");
    json_put_text(&d, r->change->department);
    json_put_name(&d, "reason");
    json_put_text(&d, r->change->reason);
    if (!hidden) {
        json_put_name(&d, "target");
        json_put_text(&d, r->change->target);
        json_put_name(&d, "inspector");
        json_put_text(&d, r->who.inspector);
        json_put_name(&d, "substitute");
        json_put_text(&d, r->reserve.inspector);
    }
    if (!hidden && passed.n > 0) {
        json_put_name(&d, "passed");
        buf_str(&d, passed);
    }
    buf_z(&d, "}");
    return s.overflow || d.overflow ? ERR_INTERNAL
                                    : journal_add(r->c, &(struct journal_act) {STR("assignment.replace"), buf_view(&s), buf_view(&d)});
}

/* The list of those who were passed over as JSON; absent when there were none. */
static enum err
passed_text(struct replacing *r, struct str *out)
{
    struct buf b;
    enum err e;

    *out = (struct str) {NULL, 0};
    if (r->passed.n == 0)
        return OK;
    e = r->passed.overflow ? ERR_TOO_LARGE : buf_in(r->c, r->passed.n + 3, &b);
    if (e != OK)
        return e;
    buf_z(&b, "[");
    buf_str(&b, buf_view(&r->passed));
    buf_z(&b, "]");
    return buf_take(r->c, &b, out);
}

static enum err
replace(struct replacing *r)
{
    enum drawing_state state;
    struct str passed = {NULL, 0};
    enum err e = drawing_find(r->c, r->change->task, &r->d, &state);

    if (e == OK && state != DRAWING_DRAWN)
        e = ctx_refuse(r->c, ERR_STATE, "the draw of this task is %s", drawing_state_name(state));
    if (e != OK)
        return e;
    r->k = (struct drawing_key) {r->d.draw, r->d.attempt};
    if ((e = still_open(r)) == OK)
        e = find_days(r);
    if (e == OK)
        e = find_reserve(r);
    if (e == OK)
        e = passed_text(r, &passed);
    if (e == OK)
        e = swap(r, passed);
    if (e == OK && str_eq(r->who.role, STR("lead")))
        e = new_lead(r);
    return e == OK ? note(r, passed) : e;
}

enum err
assignment_replace(struct ctx *c, const struct assignment_change *change, struct str *substitute)
{
    struct replacing r = {.c = c, .change = change};
    enum err e = check_change(c, change);

    if (e == OK)
        e = buf_in(c, ASSIGNMENT_PASSED_BYTES, &r.passed);
    if (e == OK)
        e = db_begin(c->db);
    if (e != OK)
        return e;
    e = db_end(c->db, replace(&r));
    *substitute = r.reserve.inspector;
    return e;
}
