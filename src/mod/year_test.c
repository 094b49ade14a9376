/* A city's year by a seed: plans, revisions, draws, silent parties, voids, recusals, leave, cancellations, substitutions,
 * merged visits, results and publications, against a small model that shares no code with the modules. After each act the
 * journal has grown by what the model says, and what the year may never break is looked at. A year is replayed by its seed:
 * MQ_YEAR=17 year_test. MQ_LONG=1 runs a thousand, MQ_YEARS as many as it says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/flow_testing.h"
#include "mod/inspector/inspector.h"
#include "mod/journal_sql.h"
#include "mod/merging/merging.h"
#include "mod/plan/plan.h"
#include "mod/result/result.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"

enum { YEARS = 3, YEARS_LONG = 1000, STEPS = 160, TARGETS = 40, PEOPLE = 5, PLANS = 4, TASKS = 40, LEAVES = 64, RECUSALS = 64, DEPARTMENTS = 2 };

static const char *const DEPARTMENT[DEPARTMENTS] = {"scjgj", "sthjj"};
static const char ITEM[] = "K1";

enum task_model { NO_TASK, APPROVED, DRAWN, ASSIGNED };
struct model {
    struct ctx *c;
    uint64_t random, seed;
    int step;
    int64_t entries; /* of the journal */
    struct {
        char code[24];
        int state;
        int64_t revisions;
        bool joint, filed;
    } plan[PLANS];
    int plans;
    struct {
        char code[24];
        enum task_model state;
        int attempts;
        int64_t from, to;
        int leaves, recusals; /* known when the pool was frozen: what came later goes through the reserves only */
        bool visited[TARGETS], drawn[TARGETS];
    } task[TASKS];
    int tasks;
    int doors[TARGETS][DEPARTMENTS], total[TARGETS]; /* visits that count, by organ and together */
    bool together[TARGETS][TASKS];                   /* visits of these tasks go through one door */
    struct {
        char who[24];
        int64_t from, to;
    } leave[LEAVES];
    struct {
        char who[24];
        int target;
    } recusal[RECUSALS];
    int leaves, recusals;
};

static uint64_t
below(struct model *m, uint64_t n) /* splitmix64 */
{
    uint64_t z = (m->random += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % n;
}

static void
claim(const struct model *m, bool holds, const char *what, int line)
{
    if (!holds)
        fail_msg("year %llu step %d line %d: %s (%s)", (unsigned long long) m->seed, m->step, line, what, m->c->why);
}
#define CLAIM(m, x) claim(m, x, #x, __LINE__)

static struct {
    unsigned long long acts, refusals, draws, voids, visits, merged;
} totals; /* of all years, for the last line */

/* An act came to what the model says, and the journal has just its entry; a refusal has none. */
static void
acted(struct model *m, enum err got, enum err wanted, int line)
{
    struct journal_count_row n;

    if (got != wanted)
        fail_msg("year %llu step %d line %d: %s, the model says %s (%s)", (unsigned long long) m->seed, m->step, line,
                 err_name(got), err_name(wanted), m->c->why);
    m->entries += got == OK;
    totals.acts += got == OK;
    totals.refusals += got != OK;
    claim(m, journal_count(m->c->db, m->c->arena, &n) == OK && n.count == m->entries, "one entry for one act", line);
    m->c->now_us += 1000000;
}
#define ACT(m, call, wanted) acted(m, call, wanted, __LINE__)

static int
target_of(struct str code)
{
    return atoi(code.p + 1);
}

static struct str
target_code(struct model *m, int t)
{
    char text[16];

    snprintf(text, sizeof text, "T%07d", t);
    return str_copy(m->c->arena, str_of(text));
}

static char
class_of(int t)
{
    return "ABBCD"[t % 5];
}

static int64_t
today(const struct model *m)
{
    return day_of_us(m->c->now_us);
}

/* --- plans ---------------------------------------------------------------------------------------------------------------- */

static void
new_plan(struct model *m)
{
    static const char FORM[] = "{\"year\":2026,\"name\":\"年度计划\",\"lead\":\"scjgj\",\"lines\":[{\"name\":\"x\",\"items\":[\"G1\"],"
                               "\"scope\":{},\"strata\":{\"strata\":[{\"ratio_bp\":300}]},\"from\":\"2026-03-01\",\"to\":"
                               "\"2026-12-31\",\"participants\":[\"scjgj\"%s]}]}";
    char json[512];
    struct str code;
    int n = m->plans;

    if (n == PLANS)
        return;
    m->plan[n].joint = below(m, 2) == 0;
    snprintf(json, sizeof json, FORM, m->plan[n].joint ? ",\"sthjj\"" : "");
    ACT(m, plan_create(m->c, STR("411500"), str_of(json), &code), OK);
    snprintf(m->plan[n].code, sizeof m->plan[n].code, "%s", code.p);
    m->plans++;
}

/* The way of a plan, as domain.md 5 tells it: 0 draft … 7 closed. */
static bool
plan_may(const struct model *m, int n, int to)
{
    int from = m->plan[n].state;

    if (to == 0)
        return from >= 1 && from <= 4;
    if (from == 1)
        return m->plan[n].joint ? to == 2 : to == 4 || to == 2;
    return to == from + 1;
}

static void
move_plan(struct model *m)
{
    int n, to;
    enum err wanted;
    struct str digest;

    if (m->plans == 0)
        return;
    n = (int) below(m, (uint64_t) m->plans);
    to = below(m, 3) == 0 ? (int) below(m, 8) : m->plan[n].state + 1;
    if (to > 7)
        return;
    wanted = !plan_may(m, n, to) ? ERR_STATE : to == 4 && !m->plan[n].filed ? ERR_MISSING : OK;
    ACT(m, plan_advance(m->c, str_of(m->plan[n].code), (enum plan_state) to, STR("意见"), STR("备〔2026〕1号")), wanted);
    if (wanted == ERR_MISSING) {
        ACT(m, plan_attach(m->c, str_of(m->plan[n].code), STR("备案.pdf"), STR("%PDF"), &digest), OK);
        m->plan[n].filed = true;
    }
    m->plan[n].state = wanted == OK ? to : m->plan[n].state;
}

static void
revise_plan(struct model *m)
{
    static const char LINE[] = "{\"name\":\"y\",\"items\":[\"G1\"],\"scope\":{},\"strata\":{\"strata\":[{\"ratio_bp\":200}]},\"from\":"
                               "\"2026-03-01\",\"to\":\"2026-12-31\",\"lead\":\"scjgj\",\"participants\":[\"scjgj\"]}";
    int64_t revision = 0;
    int n;
    bool may;

    if (m->plans == 0)
        return;
    n = (int) below(m, (uint64_t) m->plans);
    may = m->plan[n].state == 5 || m->plan[n].state == 6;
    ACT(m, plan_revise(m->c, str_of(m->plan[n].code), 1, str_of(LINE), STR("调整"), &revision), may ? OK : ERR_STATE);
    if (may)
        CLAIM(m, revision == ++m->plan[n].revisions);
}

/* --- tasks and their draws ------------------------------------------------------------------------------------------------ */

static void
new_task(struct model *m)
{
    int n = m->tasks;
    char json[1024], from[DAY_TEXT + 1], to[DAY_TEXT + 1];
    struct str code;

    if (n == TASKS)
        return;
    m->task[n].from = today(m);
    m->task[n].to = today(m) + 60 + (int64_t) below(m, 40);
    day_format(m->task[n].from, from);
    day_format(m->task[n].to, to);
    snprintf(json, sizeof json,
             "{\"adhoc_reason\":\"上级交办\",\"name\":\"抽查\",\"items\":[\"K1\"],\"scope\":{},\"strata\":{\"by\":\"one\",\"strata\":[{\"label\":"
             "\"all\",\"ratio_bp\":4000}],\"batches\":2},\"lead\":\"scjgj\",\"participants\":[{\"department\":\"scjgj\",\"places\":2},"
             "{\"department\":\"sthjj\",\"places\":1}],\"from\":\"%s\",\"to\":\"%s\"}",
             from, to);
    ACT(m, task_create(m->c, STR("411500"), str_of(json), &code), OK);
    ACT(m, task_approve(m->c, code), OK);
    ACT(m, task_approve(m->c, code), ERR_STATE);
    snprintf(m->task[n].code, sizeof m->task[n].code, "%s", code.p);
    m->task[n].state = APPROVED;
    m->tasks++;
}

/* The departments that may go there now: at most two visits of one organ, four together, the lowest class once (domain.md 8). */
static uint64_t
may_go(const struct model *m, int t)
{
    uint64_t mask = 0;

    for (int d = 0; d < DEPARTMENTS; d++)
        if (class_of(t) == 'D' || m->doors[t][d] < 2)
            mask |= UINT64_C(1) << d;
    if (class_of(t) != 'D' && (m->total[t] >= 4 || (class_of(t) == 'A' && m->total[t] >= 1)))
        mask = 0;
    return mask;
}

static void
look_at_draw(struct model *m, int n, struct drawing_key k)
{
    struct drawing_target_list_row *rows;
    struct drawing_current_row d;
    size_t count = 0, population[DEPARTMENTS] = {0}, sample[DEPARTMENTS] = {0};

    CLAIM(m, drawing_target_list(m->c->db, m->c->arena, &(struct drawing_target_list_in) {k.draw, k.attempt}, &rows, &count) == OK);
    CLAIM(m, drawing_current(m->c->db, m->c->arena, &(struct drawing_current_in) {str_of(m->task[n].code)}, &d) == OK);
    CLAIM(m, d.attempt == m->task[n].attempts);
    memset(m->task[n].drawn, 0, sizeof m->task[n].drawn);
    memset(m->task[n].visited, 0, sizeof m->task[n].visited);
    for (int t = 0; t < TARGETS; t++)
        for (int x = 0; x < DEPARTMENTS; x++)
            population[x] += may_go(m, t) >> x & 1;
    for (size_t i = 0; i < count; i++) {
        int t = target_of(rows[i].target);

        CLAIM(m, !m->task[n].drawn[t]); /* once */
        CLAIM(m, ((uint64_t) rows[i].mask & ~may_go(m, t)) == 0); /* nobody beyond a cap */
        m->task[n].drawn[t] = true;
        for (int x = 0; x < DEPARTMENTS; x++)
            sample[x] += (uint64_t) rows[i].mask >> x & 1;
    }
    for (int x = 0; x < DEPARTMENTS; x++)
        CLAIM(m, sample[x] == (population[x] * 4000 + 9999) / 10000); /* 40 %, rounded up */
}

/* Somebody on leave all week does not come (match-1, 5.5). */
static bool
has_a_day(const struct model *m, int n, struct str who, int64_t first, int64_t last)
{
    for (int64_t day = first; day <= last; day++) {
        bool away = false;

        for (int l = 0; l < m->task[n].leaves; l++)
            away |= str_eq(who, str_of(m->leave[l].who)) && m->leave[l].from <= day && day <= m->leave[l].to;
        if (!away)
            return true;
    }
    return false;
}

static void
look_at_teams(struct model *m, int n, struct drawing_key k)
{
    struct drawing_target_list_row *rows;
    struct assignment_list_row *team;
    size_t count = 0, members = 0;
    int64_t days = m->task[n].to - m->task[n].from + 1;

    CLAIM(m, drawing_target_list(m->c->db, m->c->arena, &(struct drawing_target_list_in) {k.draw, k.attempt}, &rows, &count) == OK);
    for (size_t i = 0; i < count; i++) {
        int64_t first = m->task[n].from + days * (rows[i].batch - 1) / 2, last = m->task[n].from + days * rows[i].batch / 2 - 1;
        int places[DEPARTMENTS] = {0};

        CLAIM(m, assignment_list(m->c->db, m->c->arena, &(struct assignment_list_in) {rows[i].target, k.draw, k.attempt}, &team,
                                 &members) == OK);
        for (size_t j = 0; j < members; j++) {
            if (str_eq(team[j].role, STR("reserve")) || str_eq(team[j].role, STR("recused")))
                continue;
            for (int x = 0; x < DEPARTMENTS; x++)
                places[x] += str_eq(team[j].department, str_of(DEPARTMENT[x]));
            CLAIM(m, has_a_day(m, n, team[j].inspector, first, last));
            for (int r = 0; r < m->task[n].recusals; r++)
                CLAIM(m, !str_eq(team[j].inspector, str_of(m->recusal[r].who)) || m->recusal[r].target != target_of(rows[i].target));
        }
        CLAIM(m, places[0] == ((rows[i].mask & 1) != 0 ? 2 : 0) && places[1] == ((rows[i].mask & 2) != 0 ? 1 : 0));
    }
}

/* A population that is empty, or targets that only one inspector would go to, are refused: the year does without this draw. */
static bool
can_be_sealed(const struct model *m)
{
    for (int t = 0; t < TARGETS; t++)
        if (may_go(m, t) != 3 && may_go(m, t) != 0)
            return false; /* one department alone: fewer than two inspectors */
    return true;
}

static void
void_draw(struct model *m, int n)
{
    ACT(m, assignment_void(m->c, str_of(m->task[n].code), STR("  ")), ERR_INPUT);
    ACT(m, assignment_void(m->c, str_of(m->task[n].code), STR("信标取消")), OK);
    totals.voids++;
    m->task[n].state = APPROVED;
}

/* A department that does not show its secret stops the draw before anybody knows anything; it gains nothing. */
static void
draw(struct model *m, int n)
{
    static const struct assignment_rules RULES = {.slack = MATCH_SLACK_DEFAULT, .no_rotation = true};
    struct str task = str_of(m->task[n].code), parties[] = {STR("scjgj"), STR("sthjj")};
    struct drawing_opening o = {.task = task, .parties = {parties, 2}};
    struct draw_env env = draw_env_serial();
    struct drawing_sealed sealed;
    struct assignment_frozen frozen;
    struct drawing_drawn drawn, again;
    struct drawing_key k;
    bool silent = below(m, 6) == 0;

    if (!can_be_sealed(m) || today(m) > m->task[n].to - 10)
        return;
    ACT(m, drawing_open(m->c, &o, &k), OK);
    m->task[n].attempts++;
    CLAIM(m, k.attempt == m->task[n].attempts);
    ACT(m, drawing_seal(m->c, task, &env, &sealed), ERR_STATE); /* nobody has committed */
    for (int d = 0; d < DEPARTMENTS; d++)
        ACT(m, drawing_commit(m->c, task, parties[d], flow_commitment(m->c, k, DEPARTMENT[d])), OK);
    ACT(m, drawing_seal(m->c, task, &env, &sealed), OK);
    ACT(m, assignment_freeze(m->c, task, &RULES, &frozen), OK);
    m->task[n].leaves = m->leaves;
    m->task[n].recusals = m->recusals;
    ACT(m, drawing_reveal(m->c, task, parties[0], flow_secret(m->c, "sthjj")), ERR_COMMITMENT);
    ACT(m, drawing_reveal(m->c, task, parties[0], flow_secret(m->c, "scjgj")), OK);
    if (silent) {
        ACT(m, drawing_lock(m->c, task), ERR_MISSING);
        void_draw(m, n);
        return;
    }
    ACT(m, drawing_reveal(m->c, task, parties[1], flow_secret(m->c, "sthjj")), OK);
    ACT(m, drawing_run(m->c, task, &env, &drawn), ERR_STATE);
    ACT(m, drawing_lock(m->c, task), OK);
    ACT(m, drawing_run(m->c, task, &env, &drawn), OK);
    m->task[n].state = DRAWN;
    totals.draws++;
    CLAIM(m, drawing_run(m->c, task, &env, &again) == OK && again.again && str_eq(again.digest, drawn.digest)); /* never twice */
    look_at_draw(m, n, k);
    if (below(m, 6) == 0)
        void_draw(m, n);
}

static void
match(struct model *m, int n)
{
    struct assignment_outcome out;
    struct assignment_outcome again;
    size_t merged = 0;

    ACT(m, assignment_assign(m->c, str_of(m->task[n].code), &out), OK);
    CLAIM(m, assignment_assign(m->c, str_of(m->task[n].code), &again) == OK && again.again);
    if (!out.feasible) {
        CLAIM(m, out.diagnosis.n > 0);
        void_draw(m, n);
        return;
    }
    m->task[n].state = ASSIGNED;
    look_at_teams(m, n, out.key);
    CLAIM(m, merging_propose(m->c, str_of(m->task[n].code), (struct str) {0}, &merged) == OK);
    m->entries += merged > 0;
}

static void
go_on(struct model *m)
{
    int n;

    if (m->tasks == 0)
        return;
    n = m->tasks - 1 - (int) below(m, m->tasks < 4 ? (uint64_t) m->tasks : 4); /* one of the latest */
    if (m->task[n].state == APPROVED)
        draw(m, n);
    else if (m->task[n].state == DRAWN)
        match(m, n);
}

/* --- people --------------------------------------------------------------------------------------------------------------- */

static void
somebody(struct model *m, char who[24])
{
    snprintf(who, 24, "ZF-%s-%03d", DEPARTMENT[below(m, DEPARTMENTS)], 1 + (int) below(m, PEOPLE));
}

static void
take_leave(struct model *m)
{
    int n = m->leaves;

    if (n == LEAVES)
        return;
    somebody(m, m->leave[n].who);
    m->leave[n].from = today(m) + (int64_t) below(m, 30);
    m->leave[n].to = m->leave[n].from + (int64_t) below(m, 25);
    for (int i = 0; i < n; i++) /* one leave a person and first day */
        if (strcmp(m->leave[i].who, m->leave[n].who) == 0 && m->leave[i].from == m->leave[n].from)
            return;
    CLAIM(m, inspector_leave_put(m->c->db, &(struct inspector_leave_put_in) {str_of(m->leave[n].who), m->leave[n].from, m->leave[n].to,
                                                                              {0}}) == OK);
    m->leaves++;
}

static void
declare_recusal(struct model *m)
{
    int n = m->recusals;

    if (n == RECUSALS)
        return;
    somebody(m, m->recusal[n].who);
    m->recusal[n].target = (int) below(m, TARGETS);
    CLAIM(m, inspector_recusal_put(m->c->db, &(struct inspector_recusal_put_in) {str_of(m->recusal[n].who),
                                                                                 target_code(m, m->recusal[n].target), STR("declared"),
                                                                                 STR("x"), m->c->now_us}) == OK);
    m->recusals++;
}

/* --- at the targets --------------------------------------------------------------------------------------------------------- */

static int
matched_task(struct model *m)
{
    int n = m->tasks == 0 ? -1 : (int) below(m, (uint64_t) m->tasks);

    return n >= 0 && m->task[n].state == ASSIGNED ? n : -1;
}

static int
open_target(struct model *m, int n)
{
    int start = (int) below(m, TARGETS);

    for (int i = 0; i < TARGETS; i++) {
        int t = (start + i) % TARGETS;

        if (m->task[n].drawn[t] && !m->task[n].visited[t])
            return t;
    }
    return -1;
}

/* May a reserve still go: no recusal, and not on leave on each of the days that the target's batch has left? */
static bool
may_enter(const struct model *m, struct str who, int t, int64_t from, int64_t to)
{
    int64_t open = from;

    for (int i = 0; i < m->recusals; i++)
        if (m->recusal[i].target == t && str_eq(who, str_of(m->recusal[i].who)))
            return false;
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < m->leaves; i++)
            if (str_eq(who, str_of(m->leave[i].who)) && m->leave[i].from <= open && m->leave[i].to >= open) {
                open = m->leave[i].to + 1;
                more = true;
            }
    }
    return open <= to;
}

/* The days of the target's batch that are left. */
static void
days_left(struct model *m, int n, int t, const struct drawing_current_row *d, int64_t *from, int64_t *to)
{
    struct drawing_target_get_row drawn = {.batch = 1};
    int64_t days = m->task[n].to - m->task[n].from + 1;
    enum err e = drawing_target_get(m->c->db, m->c->arena, &(struct drawing_target_get_in) {target_code(m, t), d->draw, d->attempt}, &drawn);

    CLAIM(m, e == OK || e == ERR_NOT_FOUND);
    *from = m->task[n].from + days * (drawn.batch - 1) / d->batches;
    *to = m->task[n].from + days * drawn.batch / d->batches - 1;
    *from = *from < today(m) ? today(m) : *from;
    *to = *to < *from ? *from : *to;
}

static void
step_back(struct model *m)
{
    int n = matched_task(m), t = n < 0 ? -1 : open_target(m, n);
    struct drawing_current_row d;
    struct assignment_list_row *rows;
    struct assignment_change change = {.department = STR("scjgj"), .reason = STR("declared"), .evidence = STR("x"), .approver = STR("局长")};
    struct str substitute;
    int64_t from, to;
    size_t count = 0;

    if (t < 0)
        return;
    change.task = str_of(m->task[n].code);
    change.target = target_code(m, t);
    CLAIM(m, drawing_current(m->c->db, m->c->arena, &(struct drawing_current_in) {change.task}, &d) == OK);
    CLAIM(m, assignment_list(m->c->db, m->c->arena, &(struct assignment_list_in) {change.target, d.draw, d.attempt}, &rows, &count) == OK);
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].department, change.department) && str_eq(rows[i].role, STR("member")))
            change.inspector = rows[i].inspector;
    if (change.inspector.p != NULL) {
        bool spare = false;

        days_left(m, n, t, &d, &from, &to);
        for (size_t i = 0; i < count; i++)
            spare |= str_eq(rows[i].department, change.department) && str_eq(rows[i].role, STR("reserve")) &&
                     may_enter(m, rows[i].inspector, t, from, to);
        ACT(m, assignment_replace(m->c, &change, &substitute), spare ? OK : ERR_QUOTA);
        CLAIM(m, !spare || !str_eq(substitute, change.inspector));
    }
}

/* The original stays listed; the next reserve enters, as long as there is one. */
static void
substitute(struct model *m)
{
    int n = matched_task(m), t = n < 0 ? -1 : open_target(m, n);
    struct journal_count_row before, after;
    size_t entered = 0;
    enum err e;

    if (t < 0)
        return;
    CLAIM(m, journal_count(m->c->db, m->c->arena, &before) == OK);
    ACT(m, assignment_substitute(m->c, str_of(m->task[n].code), target_code(m, t), STR("unreachable"), STR("x"), STR("局长"), &entered),
        ERR_INPUT); /* that is a result, never a reason */
    e = assignment_substitute(m->c, str_of(m->task[n].code), target_code(m, t), STR("cancelled"), STR("x"), STR("局长"), &entered);
    CLAIM(m, journal_count(m->c->db, m->c->arena, &after) == OK);
    CLAIM(m, e == OK || e == ERR_QUOTA || e == ERR_EXISTS);
    CLAIM(m, (e == OK) == (after.count > before.count));
    m->entries = after.count;
}

static void
count_visit(struct model *m, int n, int t, int64_t mask)
{
    bool first = true;
    bool through[DEPARTMENTS] = {false};

    for (int other = 0; other < m->tasks; other++) /* those of the same door that came before */
        if (other != n && m->together[t][n] && m->together[t][other] && m->task[other].visited[t])
            first = false;
    for (int d = 0; d < DEPARTMENTS; d++) /* every task of this city asks both departments */
        through[d] = !first;
    m->total[t] += first;
    for (int d = 0; d < DEPARTMENTS; d++)
        m->doors[t][d] += (mask >> d & 1) != 0 && !through[d];
}

static void
visit(struct model *m)
{
    int n = matched_task(m), t = n < 0 ? -1 : open_target(m, n);
    struct str code, task;
    struct visit_of_row v;
    struct visit_get_row row;
    struct opt_i64 due;
    struct str problem[] = {below(m, 4) == 0 ? STR("rectification") : STR("no_problem")};
    struct result_key key;
    bool changed;

    if (t < 0)
        return;
    code = target_code(m, t);
    task = str_of(m->task[n].code);
    key = (struct result_key) {task, code, str_of(ITEM)};
    CLAIM(m, visit_of(m->c->db, m->c->arena, &(struct visit_of_in) {code, task}, &v) == OK);
    CLAIM(m, visit_get(m->c->db, m->c->arena, &(struct visit_get_in) {code, v.id}, &row) == OK);
    ACT(m, visit_submit(m->c, code, task, today(m) + 1, (struct str) {0}, VISIT_END_SIGNED), ERR_DATE);
    ACT(m, visit_submit(m->c, code, task, today(m), (struct str) {0}, VISIT_END_SIGNED), OK);
    count_visit(m, n, t, row.mask);
    m->task[n].visited[t] = true;
    totals.visits++;
    ACT(m, result_enter(m->c, &(struct result_entry) {.key = key, .codes = {problem, 1}, .produced_day = today(m)}, &due), OK);
    CLAIM(m, result_publish(m->c, &key, &changed) == ERR_STATE); /* not before its review */
    ACT(m, result_review(m->c, &key, true, (struct str) {0}, &changed), OK);
    ACT(m, result_publish(m->c, &key, &changed), OK);
}

static void
decide_merging(struct model *m)
{
    struct merging_list_row *rows;
    struct merging_visits_row *visits;
    size_t count = 0, visit_count = 0, one;
    bool open = true;
    int t;

    CLAIM(m, merging_list(m->c->db, m->c->arena, &(struct merging_list_in) {INT64_MAX, STR("proposed"), 50, {{0}, {0}}}, &rows, &count) == OK);
    if (count == 0)
        return;
    one = (size_t) below(m, count);
    t = target_of(rows[one].target);
    CLAIM(m, merging_visits(m->c->db, m->c->arena, &(struct merging_visits_in) {rows[one].id}, &visits, &visit_count) == OK);
    for (size_t i = 0; i < visit_count; i++)
        for (int n = 0; n < m->tasks; n++)
            if (str_eq(visits[i].task, str_of(m->task[n].code)))
                open &= m->task[n].state == ASSIGNED && !m->task[n].visited[t] && !m->together[t][n];
    if (below(m, 4) == 0) {
        ACT(m, merging_decline(m->c, rows[one].id, rows[one].row_version, STR("企业停产")), OK);
        return;
    }
    if (!rows[one].day.set || rows[one].day.v < today(m))
        return;
    ACT(m, merging_accept(m->c, rows[one].id, rows[one].row_version, rows[one].day), open ? OK : ERR_STATE);
    totals.merged += open;
    for (size_t i = 0; open && i < visit_count; i++)
        for (int n = 0; n < m->tasks; n++)
            m->together[t][n] |= str_eq(visits[i].task, str_of(m->task[n].code));
}

/* --- the year --------------------------------------------------------------------------------------------------------------- */

static void
look_at_everything(struct model *m)
{
    for (int t = 0; t < TARGETS; t++) {
        struct target_get_row row;

        CLAIM(m, target_get(m->c->db, m->c->arena, &(struct target_get_in) {target_code(m, t)}, &row) == OK);
        CLAIM(m, row.visits_year == m->total[t]);
    }
    for (int n = 0; n < m->plans; n++) {
        struct plan_get_row p;

        CLAIM(m, plan_get(m->c->db, m->c->arena, &(struct plan_get_in) {str_of(m->plan[n].code)}, &p) == OK);
        CLAIM(m, str_eq(p.state, str_of(plan_state_name((enum plan_state) m->plan[n].state))) && p.revision == m->plan[n].revisions);
    }
}

static void
live(struct model *m)
{
    static void (*const ACTS[])(struct model *m) = {new_plan, move_plan, move_plan, move_plan,  revise_plan,     new_task,  new_task,
                                                    go_on,    go_on,     go_on,     go_on,      go_on,           go_on,     go_on,
                                                    visit,    visit,     take_leave, declare_recusal, step_back, substitute,
                                                    decide_merging, decide_merging, decide_merging, decide_merging, decide_merging};

    for (m->step = 0; m->step < STEPS; m->step++) {
        size_t mark = arena_mark(m->c->arena);

        ACTS[below(m, sizeof ACTS / sizeof *ACTS)](m);
        m->c->why[0] = '\0';
        arena_rewind(m->c->arena, mark);
        m->c->now_us += (int64_t) below(m, 4) * INT64_C(86400000000);
    }
    look_at_everything(m);
}

static uint64_t seed_now; /* of the year that the next database lives through */

static void
year(struct ctx *c)
{
    struct model *m;
    struct journal_count_row n;

    if (testing_engine_of(c) != TESTING_SQLITE) /* what differs between the engines is tested by each module */
        return;
    m = calloc(1, sizeof *m);
    EXPECT(m != NULL);
    m->c = c;
    m->seed = seed_now;
    m->random = seed_now * UINT64_C(0xD1342543DE82EF95) + 1;
    flow_city(c);
    flow_targets(c, TARGETS);
    flow_people(c, PEOPLE);
    EXPECT_INT(journal_count(c->db, c->arena, &n), OK);
    m->entries = n.count;
    live(m);
    free(m);
}

TEST(a_seeded_year_of_a_city_agrees_with_its_model)
{
    const char *one = getenv("MQ_YEAR"), *many = getenv("MQ_YEARS");
    uint64_t first = one != NULL ? strtoull(one, NULL, 10) : 1;
    uint64_t count = one != NULL ? 1 : many != NULL ? strtoull(many, NULL, 10) : getenv("MQ_LONG") != NULL ? YEARS_LONG : YEARS;

    for (seed_now = first; seed_now < first + count; seed_now++)
        testing_each_engine(year);
    print_message("years: %llu, acts: %llu, refusals: %llu, draws: %llu, voids: %llu, visits: %llu, made together: %llu, 0 differences\n",
                  (unsigned long long) count, totals.acts, totals.refusals, totals.draws, totals.voids, totals.visits, totals.merged);
    EXPECT(one != NULL || (totals.draws > count && totals.visits > count && totals.voids > 0 && totals.merged > 0));
}

TEST_MAIN(T(a_seeded_year_of_a_city_agrees_with_its_model))
