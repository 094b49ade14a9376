/* mod/merging/merging.c - which visits go through one door, and on which day */
#include "mod/merging/merging.h"

#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/inspector/inspector.h"
#include "mod/journal/journal.h"
#include "mod/org/org.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"
#include "mod/workday/workday.h"

enum { TASKS_MAX = 64, LEADS_MAX = 64 };

/* The doors of one lead by day, from tomorrow on. */
struct planned {
    struct str lead;
    int64_t count[MERGING_DAYS_MAX];
};

/* One run over the targets of a task. */
struct proposing {
    struct ctx *c;
    struct task tasks[TASKS_MAX];
    size_t task_count;
    struct planned *planned[LEADS_MAX];
    size_t lead_count;
    struct calendar calendar;
    int64_t tomorrow;
    size_t count;
};

/* Visits of one target that fit together, by the end of their windows. */
struct group {
    const struct visit_open_beside_row *visits[MERGING_VISITS_MAX];
    const struct task *tasks[MERGING_VISITS_MAX];
    size_t count;
    int64_t from_day, to_day;
};

static enum err
note(struct ctx *c, const char *act, int64_t id, const char *name, struct str value)
{
    char subject[64];
    struct buf s = buf_over(subject, sizeof subject), d;
    enum err e = buf_in(c, 64 + 6 * value.n, &d);

    if (e != OK)
        return e;
    buf_z(&s, "merging/");
    buf_i64(&s, id);
    buf_z(&d, "{");
    json_put_name(&d, name);
    json_put_text(&d, value);
    buf_z(&d, "}");
    return journal_add(c, &(struct journal_act){str_of(act), buf_view(&s), buf_view(&d)});
}

/* --- the day ------------------------------------------------------------------------------------------------------------ */

static bool
on_leave(const struct inspector_leaves_of_row *leaves, size_t count, int64_t day)
{
    for (size_t i = 0; i < count; i++)
        if (leaves[i].from_day <= day && day <= leaves[i].to_day)
            return true;
    return false;
}

/* Whoever of one team is on leave is counted on each day. */
static enum err
count_away(struct ctx *c, struct str target, struct str draw, int64_t attempt, struct merging_day *days, size_t day_count)
{
    struct assignment_list_row *team;
    size_t count = 0;
    enum err e = assignment_list(c->db, c->arena, &(struct assignment_list_in){target, draw, attempt}, &team, &count);

    for (size_t i = 0; e == OK && i < count; i++) {
        struct inspector_leaves_of_row *leaves;
        size_t leave_count = 0;

        if (!str_eq(team[i].role, STR("lead")) && !str_eq(team[i].role, STR("member")))
            continue;
        e = inspector_leaves_of(c->db, c->arena, &(struct inspector_leaves_of_in){team[i].inspector}, &leaves, &leave_count);
        for (size_t d = 0; e == OK && d < day_count && leave_count > 0; d++)
            days[d].away += on_leave(leaves, leave_count, days[d].day);
    }
    return e;
}

/* The days of the windows that are still to come. */
static enum err
list_days(struct ctx *c, const struct calendar *calendar, int64_t from, int64_t to, struct merging_day **days, size_t *count)
{
    int64_t tomorrow = day_of_us(c->now_us) + 1, first = from < tomorrow ? tomorrow : from;

    *count = to < first ? 0 : (size_t) (to - first + 1);
    *count = *count > MERGING_DAYS_MAX ? MERGING_DAYS_MAX : *count;
    *days = arena_array(c->arena, *count + 1, sizeof **days);
    if (*days == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < *count; i++) {
        struct merging_day *d = &(*days)[i];

        *d = (struct merging_day){.day = first + (int64_t) i};
        d->known = calendar_is_working(calendar, d->day, &d->works) == OK;
    }
    return OK;
}

/* Nobody away, then the lead's quietest day, then the first. */
static struct opt_i64
best_day(const struct merging_day *days, size_t count)
{
    const struct merging_day *best = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct merging_day *d = &days[i];

        if (d->works && (best == NULL || d->away < best->away || (d->away == best->away && d->planned < best->planned)))
            best = d;
    }
    return best == NULL ? (struct opt_i64){0} : (struct opt_i64){true, best->day};
}

enum err
merging_days(struct ctx *c, const struct merging_see_row *m, struct merging_day **days, size_t *count)
{
    struct calendar calendar;
    struct merging_visits_row *visits;
    struct merging_planned_row *planned;
    size_t visit_count = 0, planned_count = 0;
    enum err e = workday_calendar(c, &calendar);

    if (e == OK)
        e = list_days(c, &calendar, m->from_day, m->to_day, days, count);
    if (e == OK)
        e = merging_visits(c->db, c->arena, &(struct merging_visits_in){m->id}, &visits, &visit_count);
    for (size_t i = 0; e == OK && i < visit_count; i++) {
        struct visit_get_row v;

        e = visit_get(c->db, c->arena, &(struct visit_get_in){m->target, visits[i].visit}, &v);
        if (e == OK)
            e = count_away(c, m->target, v.draw, v.attempt, *days, *count);
        else if (e == ERR_NOT_FOUND) /* its draw was voided */
            e = OK;
    }
    if (e == OK && *count > 0)
        e = merging_planned(c->db, c->arena, &(struct merging_planned_in){m->lead, (*days)[0].day}, &planned, &planned_count);
    for (size_t i = 0; e == OK && i < planned_count; i++)
        if (planned[i].day - (*days)[0].day < (int64_t) *count)
            (*days)[planned[i].day - (*days)[0].day].planned = planned[i].count;
    return e;
}

/* --- proposals ------------------------------------------------------------------------------------------------------------ */

static enum err
task_of(struct proposing *p, struct str code, const struct task **out)
{
    for (size_t i = 0; i < p->task_count; i++)
        if (str_eq(p->tasks[i].row.code, code)) {
            *out = &p->tasks[i];
            return OK;
        }
    if (p->task_count == TASKS_MAX)
        return ctx_refuse(p->c, ERR_TOO_LARGE, "more than %d tasks meet at the targets of one", TASKS_MAX);
    *out = &p->tasks[p->task_count];
    return task_load(p->c, code, &p->tasks[p->task_count++]);
}

static enum err
planned_of(struct proposing *p, struct str lead, struct planned **out)
{
    struct merging_planned_row *rows;
    size_t count;
    enum err e;

    for (size_t i = 0; i < p->lead_count; i++)
        if (str_eq(p->planned[i]->lead, lead)) {
            *out = p->planned[i];
            return OK;
        }
    *out = p->lead_count == LEADS_MAX ? NULL : arena_alloc(p->c->arena, sizeof **out);
    if (*out == NULL)
        return ERR_MEMORY;
    p->planned[p->lead_count++] = *out;
    **out = (struct planned){.lead = lead};
    e = merging_planned(p->c->db, p->c->arena, &(struct merging_planned_in){lead, p->tomorrow}, &rows, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        if (rows[i].day - p->tomorrow < MERGING_DAYS_MAX)
            (*out)->count[rows[i].day - p->tomorrow] = rows[i].count;
    return e;
}

static bool
before(const struct task *a, const struct task *b)
{
    return a->row.to_day != b->row.to_day ? a->row.to_day < b->row.to_day : str_cmp(a->row.code, b->row.code) < 0;
}

/* The visits in the order in which their windows end; then those that share days with the first. */
static enum err
fit(struct proposing *p, const struct visit_open_beside_row *rows, size_t count, struct group *g)
{
    enum err e = OK;
    size_t kept = 0;

    *g = (struct group){0};
    for (size_t i = 0; e == OK && i < count && i < MERGING_VISITS_MAX; i++) {
        const struct task *t = NULL;
        size_t at = g->count;

        if ((e = task_of(p, rows[i].task, &t)) != OK)
            return e;
        if (t->row.to_day < p->tomorrow)
            continue; /* its window is over */
        for (; at > 0 && before(t, g->tasks[at - 1]); at--) {
            g->tasks[at] = g->tasks[at - 1];
            g->visits[at] = g->visits[at - 1];
        }
        g->tasks[at] = t;
        g->visits[at] = &rows[i];
        g->count++;
    }
    if (g->count == 0)
        return OK;
    g->from_day = p->tomorrow;
    g->to_day = g->tasks[0]->row.to_day;
    for (size_t i = 0; i < g->count; i++) {
        int64_t from = g->tasks[i]->row.from_day > g->from_day ? g->tasks[i]->row.from_day : g->from_day;

        if (from > g->to_day)
            continue;
        g->from_day = from;
        g->tasks[kept] = g->tasks[i];
        g->visits[kept++] = g->visits[i];
    }
    g->count = kept;
    return OK;
}

static bool
has_visit(const struct group *g, int64_t visit)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->visits[i]->id == visit)
            return true;
    return false;
}

/* Nothing new: an open proposal whose visits are all still open, or a refusal of all these together. An open one that has
 * lost a visit lapses. */
static enum err
is_new(struct proposing *p, const struct group *g, struct str target, bool *out)
{
    struct merging_of_target_row *rows;
    size_t count = 0;
    enum err e = merging_of_target(p->c->db, p->c->arena, &(struct merging_of_target_in){target}, &rows, &count);

    *out = e == OK;
    for (size_t i = 0, next; e == OK && i < count; i = next) {
        size_t shared = 0;

        for (next = i; next < count && rows[next].id == rows[i].id; next++)
            shared += has_visit(g, rows[next].visit);
        if (str_eq(rows[i].state, STR("declined")))
            *out = *out && shared < g->count;
        else if (shared == next - i)
            *out = false;
        else
            e = merging_decide(p->c->db, &(struct merging_decide_in){.id = rows[i].id,
                                                                     .row_version = rows[i].row_version,
                                                                     .state = STR("lapsed"),
                                                                     .decided_by = p->c->actor,
                                                                     .decided_us = p->c->now_us});
    }
    return e;
}

static enum err
choose_day(struct proposing *p, const struct group *g, struct str target, struct opt_i64 *day)
{
    struct planned *planned = NULL;
    struct merging_day *days;
    size_t count = 0;
    enum err e = planned_of(p, g->tasks[0]->row.lead, &planned);

    if (e == OK)
        e = list_days(p->c, &p->calendar, g->from_day, g->to_day, &days, &count);
    for (size_t i = 0; e == OK && i < g->count; i++)
        e = count_away(p->c, target, g->visits[i]->draw, g->visits[i]->attempt, days, count);
    if (e != OK)
        return e;
    for (size_t i = 0; i < count; i++)
        if (days[i].day - p->tomorrow < MERGING_DAYS_MAX)
            days[i].planned = planned->count[days[i].day - p->tomorrow];
    *day = best_day(days, count);
    if (day->set && day->v - p->tomorrow < MERGING_DAYS_MAX)
        planned->count[day->v - p->tomorrow]++;
    return OK;
}

static enum err
put_departments(struct proposing *p, const struct group *g, size_t i, int64_t id)
{
    const struct participants *list = &g->tasks[i]->participants;
    enum err e = OK;

    for (size_t k = 0; e == OK && k < list->count; k++) {
        unsigned bit = 0;

        e = org_bit(p->c, list->v[k].department, &bit);
        if (e == OK && ((uint64_t) g->visits[i]->mask >> bit & 1) != 0)
            e = merging_department_put(p->c->db, &(struct merging_department_put_in){id, list->v[k].department});
    }
    return e;
}

static enum err
put(struct proposing *p, const struct group *g, struct str target)
{
    struct target_get_row t;
    struct merging_put_in in = {.target = target,
                                .lead = g->tasks[0]->row.lead,
                                .from_day = g->from_day,
                                .to_day = g->to_day,
                                .visit_count = (int64_t) g->count,
                                .proposed_us = p->c->now_us};
    enum err e = target_get(p->c->db, p->c->arena, &(struct target_get_in){target}, &t);

    if (e == OK)
        e = ctx_new_id(p->c, &in.id);
    if (e == OK)
        e = choose_day(p, g, target, &in.day);
    in.region = e == OK && t.region.n > 0 ? t.region : STR("000000");
    if (e == OK)
        e = merging_put(p->c->db, &in);
    if (e == OK) /* it decides, even where it does not go itself */
        e = merging_department_put(p->c->db, &(struct merging_department_put_in){in.id, in.lead});
    for (size_t i = 0; e == OK && i < g->count; i++) {
        e = merging_visit_put(p->c->db, &(struct merging_visit_put_in){in.id, g->visits[i]->id, g->visits[i]->task});
        if (e == OK)
            e = put_departments(p, g, i, in.id);
    }
    p->count += e == OK;
    return e;
}

static enum err
propose_all(struct proposing *p, struct str task, struct str target)
{
    struct visit_open_beside_row *rows;
    size_t count = 0;
    enum err e = visit_open_beside(p->c->db, p->c->arena, &(struct visit_open_beside_in){task, target}, &rows, &count);

    for (size_t i = 0, next; e == OK && i < count; i = next) {
        struct group g;
        bool fresh = false;
        size_t mark;

        for (next = i; next < count && str_eq(rows[next].target, rows[i].target);)
            next++;
        if (next - i < 2)
            continue;
        e = fit(p, rows + i, next - i, &g);
        if (e == OK && g.count > 1) {
            struct planned *planned;

            e = planned_of(p, g.tasks[0]->row.lead, &planned); /* stays: what follows is taken back */
        }
        mark = arena_mark(p->c->arena);
        if (e == OK && g.count > 1)
            e = is_new(p, &g, rows[i].target, &fresh);
        if (e == OK && fresh)
            e = put(p, &g, rows[i].target);
        arena_rewind(p->c->arena, mark);
    }
    return e;
}

static enum err
note_run(struct ctx *c, struct str task, size_t count)
{
    char subject[TASK_CODE_BYTES + 32], detail[64];
    struct buf s = buf_over(subject, sizeof subject), d = buf_over(detail, sizeof detail);

    buf_z(&s, "task/");
    buf_str(&s, task);
    buf_z(&d, "{\"count\":");
    buf_u64(&d, count);
    buf_z(&d, "}");
    return s.overflow || d.overflow ? ERR_LENGTH
                                    : journal_add(c, &(struct journal_act){STR("merging.propose"), buf_view(&s), buf_view(&d)});
}

static enum err
propose(struct ctx *c, struct str task, struct str target, size_t *count)
{
    struct proposing *p = arena_alloc(c->arena, sizeof *p);
    const struct task *t;
    enum err e;

    if (p == NULL)
        return ERR_MEMORY;
    *p = (struct proposing){.c = c, .tomorrow = day_of_us(c->now_us) + 1};
    e = task_of(p, task, &t);
    if (e == OK)
        e = workday_calendar(c, &p->calendar);
    if (e == OK)
        e = propose_all(p, task, target);
    *count = p->count;
    return e == OK && p->count > 0 ? note_run(c, task, p->count) : e;
}

enum err
merging_propose(struct ctx *c, struct str task, struct str target, size_t *count)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, propose(c, task, target.n == 0 ? (struct str){0} : target, count)) : e;
}

/* --- decisions ------------------------------------------------------------------------------------------------------------ */

enum err
merging_find(struct ctx *c, int64_t id, struct merging_see_row *out)
{
    struct str none = {0}, own = c->department.n == 0 ? none : c->department, region = c->region.n == 0 ? none : c->region;

    return merging_see(c->db, c->arena, &(struct merging_see_in){id, {own, region}}, out);
}

static enum err
find_open(struct ctx *c, int64_t id, int64_t row_version, struct merging_see_row *m)
{
    enum err e = merging_find(c, id, m);

    if (e == OK && m->row_version != row_version)
        return ERR_CONFLICT;
    if (e == OK && !str_eq(m->state, STR("proposed")))
        return ctx_refuse(c, ERR_STATE, "it is %s", m->state.p);
    return e;
}

static enum err
check_day(struct ctx *c, const struct merging_see_row *m, struct opt_i64 day)
{
    struct calendar calendar;
    bool works = false;
    enum err e;

    if (!day.set)
        return ERR_MISSING;
    if (day.v < m->from_day || day.v > m->to_day)
        return ctx_refuse(c, ERR_DATE, "the day lies outside the windows of the tasks");
    if (day.v < day_of_us(c->now_us))
        return ctx_refuse(c, ERR_DATE, "the day is past");
    e = workday_calendar(c, &calendar);
    if (e == OK)
        e = calendar_is_working(&calendar, day.v, &works);
    return e == OK && !works ? ctx_refuse(c, ERR_DATE, "not a working day") : e;
}

static enum err
unite(struct ctx *c, const struct merging_see_row *m)
{
    struct merging_visits_row *rows;
    size_t count = 0;
    enum err e = merging_visits(c->db, c->arena, &(struct merging_visits_in){m->id}, &rows, &count);

    for (size_t i = 0; e == OK && i < count; i++) {
        e = visit_unite(c->db, &(struct visit_unite_in){m->target, rows[i].visit, m->id});
        if (e == ERR_STATE)
            e = ctx_refuse(c, e, "the visit of task %s was begun or taken back meanwhile", rows[i].task.p);
    }
    return e;
}

static enum err
decide(struct ctx *c, const struct merging_see_row *m, const char *state, struct opt_i64 day, struct str reason)
{
    return merging_decide(c->db, &(struct merging_decide_in){m->id, m->row_version, str_of(state), day, reason, c->actor, c->now_us});
}

static enum err
accept(struct ctx *c, int64_t id, int64_t row_version, struct opt_i64 day)
{
    struct merging_see_row m;
    char text[DAY_TEXT + 1];
    enum err e = find_open(c, id, row_version, &m);

    day = e == OK && !day.set ? m.day : day;
    if (e == OK)
        e = check_day(c, &m, day);
    if (e == OK)
        e = unite(c, &m);
    if (e == OK)
        e = decide(c, &m, "accepted", day, (struct str){0});
    if (e != OK)
        return e;
    day_format(day.v, text);
    return note(c, "merging.accept", id, "day", str_of(text));
}

enum err
merging_accept(struct ctx *c, int64_t id, int64_t row_version, struct opt_i64 day)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, accept(c, id, row_version, day)) : e;
}

static enum err
decline(struct ctx *c, int64_t id, int64_t row_version, struct str reason)
{
    struct merging_see_row m;
    enum err e = find_open(c, id, row_version, &m);

    if (e == OK)
        e = decide(c, &m, "declined", m.day, reason);
    return e == OK ? note(c, "merging.decline", id, "reason", reason) : e;
}

enum err
merging_decline(struct ctx *c, int64_t id, int64_t row_version, struct str reason)
{
    enum err e;

    if (str_trim(reason).n == 0)
        return ctx_refuse(c, ERR_INPUT, "it is declined with a reason");
    if (reason.n > MERGING_REASON_MAX)
        return ERR_LENGTH;
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, decline(c, id, row_version, reason)) : e;
}

static enum err
seen(struct ctx *c, int64_t id, struct str department)
{
    struct merging_see_row m;
    enum err e = merging_find(c, id, &m);

    if (e == OK && str_eq(m.state, STR("proposed")))
        return ctx_refuse(c, ERR_STATE, "nothing is decided yet");
    if (e == OK)
        e = merging_seen(c->db, &(struct merging_seen_in){id, department, c->now_us});
    if (e == ERR_STATE) /* no such row: it does not go along */
        return ERR_NOT_FOUND;
    return e == OK ? note(c, "merging.seen", id, "department", department) : e;
}

enum err
merging_note_seen(struct ctx *c, int64_t id, struct str department)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, seen(c, id, department)) : e;
}
