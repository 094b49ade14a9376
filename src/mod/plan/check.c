/* mod/plan/check.c - one pass over the registry tells what every line would draw, and where lines meet */
#include "mod/plan/check.h"

#include "mod/inspector_sql.h"
#include "mod/plan/plan_int.h"
#include "mod/target_sql.h"
#include "mod/workday/workday.h"

enum { TOLD_EVERY = 4096 };
#define ONE UINT64_C(100000000) /* of a probability: 10^8 */

static const char *const NAMES[PLAN_FINDING_COUNT] = {"empty",    "item",    "cap",      "share",  "visits",
                                                      "low-risk", "overlap", "capacity", "window", "calendar"};

const char *
plan_finding_name(enum plan_finding_kind k)
{
    return k < PLAN_FINDING_COUNT ? NAMES[k] : "";
}

/* One line with its terms parsed. */
struct line {
    struct plan_line_list_row row;
    struct scope scope;
    struct sampling sampling;
    struct participants participants;
    struct texts items;
};

struct department_count {
    struct str code;
    uint64_t targets; /* that more than PLAN_VISITS_OF_ORGAN of its lines could draw */
    unsigned lines_here;
};

struct check {
    struct ctx *c;
    struct line *lines;
    size_t count;
    struct plan_check *out;
    uint64_t *shared; /* [i * count + j], i < j: targets in both */
    struct department_count departments[64];
    size_t department_count;
    struct plan_watch watch;
    uint64_t seen;
    uint64_t low_risk_twice, expected; /* expected: enterprises, in units of 1/ONE */
    size_t *here;                      /* the lines that take the target in work */
};

static void
add(struct check *k, struct plan_finding f)
{
    if (k->out->finding_count == PLAN_FINDINGS_MAX)
        k->out->findings_cut = true;
    else
        k->out->findings[k->out->finding_count++] = f;
}

static struct department_count *
department(struct check *k, struct str code)
{
    for (size_t i = 0; i < k->department_count; i++)
        if (str_eq(k->departments[i].code, code))
            return &k->departments[i];
    if (k->department_count == sizeof k->departments / sizeof *k->departments)
        return NULL;
    k->departments[k->department_count] = (struct department_count){.code = code};
    return &k->departments[k->department_count++];
}

/* --- the lines ---------------------------------------------------------------------------------------------------- */

static enum err
parse(struct check *k, struct line *l)
{
    enum err e = terms_scope(k->c, l->row.scope, &l->scope);

    if (e == OK)
        e = terms_sampling(k->c, l->row.strata, &l->sampling);
    if (e == OK)
        e = terms_participants(k->c, l->row.participants, &l->participants);
    if (e == OK)
        e = terms_items(k->c, l->row.items, &l->items);
    return e;
}

static enum err
read_lines(struct check *k, struct str code)
{
    struct plan_line_list_row *rows;
    struct arena *a = k->c->arena;
    enum err e = plan_line_list(k->c->db, a, &(struct plan_line_list_in){code}, &rows, &k->count);

    if (e != OK)
        return e;
    k->lines = arena_array(a, k->count + 1, sizeof *k->lines);
    k->here = arena_array(a, k->count + 1, sizeof *k->here);
    k->out->lines = arena_array(a, k->count + 1, sizeof *k->out->lines);
    k->out->findings = arena_array(a, PLAN_FINDINGS_MAX, sizeof *k->out->findings);
    if (k->count <= PLAN_PAIR_LINES_MAX)
        k->shared = arena_array(a, k->count * k->count + 1, sizeof *k->shared);
    if (k->lines == NULL || k->here == NULL || k->out->lines == NULL || k->out->findings == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; e == OK && i < k->count; i++) {
        k->lines[i] = (struct line){.row = rows[i]};
        e = parse(k, &k->lines[i]);
        k->out->lines[i] = (struct plan_line_estimate){
            .line = rows[i].line, .stratum_count = k->lines[i].sampling.count, .strata = k->lines[i].sampling.strata};
    }
    k->out->line_count = k->count;
    for (size_t i = 0; k->shared != NULL && i < k->count * k->count; i++)
        k->shared[i] = 0;
    return e;
}

/* --- one target --------------------------------------------------------------------------------------------------- */

static void
count_departments(struct check *k, size_t here)
{
    for (size_t d = 0; d < k->department_count; d++)
        k->departments[d].lines_here = 0;
    for (size_t i = 0; i < here; i++) {
        const struct participants *p = &k->lines[k->here[i]].participants;

        for (size_t j = 0; j < p->count; j++) {
            struct department_count *d = department(k, p->v[j].department);

            if (d != NULL && ++d->lines_here == PLAN_VISITS_OF_ORGAN + 1)
                d->targets++;
        }
    }
}

/* The chance that no line draws it: lines of a plan have tickets of their own. */
static uint64_t
missed_by_all(const struct check *k, size_t here, const uint32_t *ratio_bp)
{
    uint64_t missed = ONE;

    for (size_t i = 0; i < here; i++)
        missed = missed * (RATIO_BP_MAX - ratio_bp[k->here[i]]) / RATIO_BP_MAX;
    return missed;
}

static void
count_pairs(struct check *k, size_t here)
{
    for (size_t i = 0; k->shared != NULL && i < here; i++)
        for (size_t j = i + 1; j < here; j++)
            k->shared[k->here[i] * k->count + k->here[j]]++;
}

static enum err
on_target(void *arg, const struct target_scan_row *r)
{
    struct check *k = arg;
    struct terms_target t = {r->kind, r->entity_type, r->region, r->industry, r->status, r->risk_class, r->tags,
                             r->departments, r->established_day, r->last_visit_day, r->licence_day};
    uint32_t ratio_bp[PLAN_LINES_MAX];
    size_t here = 0;

    if (++k->seen % TOLD_EVERY == 0 && k->watch.tell != NULL && !k->watch.tell(k->watch.arg, k->seen, 0))
        return ERR_CANCELLED;
    if (!str_eq(r->status, STR("active")))
        return OK;
    for (size_t i = 0; i < k->count; i++) {
        int h = scope_takes(&k->lines[i].scope, &t) ? sampling_stratum(&k->lines[i].sampling, &t) : -1;

        if (h < 0)
            continue;
        k->out->lines[i].by_stratum[h]++;
        ratio_bp[i] = k->lines[i].sampling.strata[h].ratio_bp;
        k->here[here++] = i;
    }
    count_departments(k, here);
    count_pairs(k, here);
    k->low_risk_twice += here > 1 && str_eq(r->risk_class, STR("A"));
    if (str_eq(r->entity_type, STR("enterprise"))) {
        k->out->enterprises++;
        k->expected += ONE - missed_by_all(k, here, ratio_bp);
    }
    return OK;
}

/* --- findings ----------------------------------------------------------------------------------------------------- */

static enum err
estimate(struct check *k, size_t i)
{
    struct plan_line_estimate *s = &k->out->lines[i];
    const struct sampling *m = &k->lines[i].sampling;
    enum err e = OK;

    for (size_t h = 0; e == OK && h < m->count; h++) {
        e = ratio_count(s->by_stratum[h], m->strata[h].ratio_bp, m->rounding, &s->drawn_of_stratum[h]);
        s->population += s->by_stratum[h];
        s->sample += s->drawn_of_stratum[h];
    }
    if (e == OK && s->population == 0)
        add(k, (struct plan_finding){.kind = PLAN_FINDING_EMPTY, .line = s->line});
    return e;
}

static enum err
find_items(struct check *k, size_t i)
{
    const struct line *l = &k->lines[i];
    struct opt_i64 cap_bp = {0};
    uint64_t asked = 0, population = k->out->lines[i].population;
    enum err e = OK;

    for (size_t j = 0; e == OK && j < l->items.count; j++) {
        struct item_current_row item;

        e = item_current(k->c->db, k->c->arena, &(struct item_current_in){l->items.v[j]}, &item);
        if (e == ERR_NOT_FOUND) {
            add(k, (struct plan_finding){.kind = PLAN_FINDING_ITEM, .line = l->row.line, .text = l->items.v[j]});
            e = OK;
        } else if (e == OK) {
            plan_take_cap(&item, &cap_bp);
        }
    }
    for (size_t h = 0; h < l->sampling.count; h++)
        asked += k->out->lines[i].by_stratum[h] * l->sampling.strata[h].ratio_bp;
    if (e == OK && cap_bp.set && asked > population * (uint64_t) cap_bp.v)
        add(k, (struct plan_finding){.kind = PLAN_FINDING_CAP,
                                     .line = l->row.line,
                                     .a = population == 0 ? 0 : (asked + population - 1) / population,
                                     .b = (uint64_t) cap_bp.v});
    return e;
}

static enum err
find_window(struct check *k, const struct calendar *calendar, size_t i)
{
    const struct plan_line_list_row *l = &k->lines[i].row;
    unsigned days = 0;
    bool first_works = false;
    enum err e = calendar_is_working(calendar, l->from_day, &first_works);

    if (e == OK)
        e = calendar_working_days_between(calendar, l->from_day, l->to_day, &days);
    if (e == ERR_CALENDAR) {
        int from = civil_from_day(l->from_day).year;
        int year = calendar_holds_year(calendar, from) ? civil_from_day(l->to_day).year : from;

        add(k, (struct plan_finding){.kind = PLAN_FINDING_CALENDAR, .line = l->line, .a = (uint64_t) year});
        return OK;
    }
    days += first_works; /* between() counts after the first day */
    if (e == OK && days < PLAN_WORKING_DAYS_MIN)
        add(k, (struct plan_finding){PLAN_FINDING_WINDOW, l->line, 0, {0}, days, PLAN_WORKING_DAYS_MIN});
    return e;
}

/* Places that the inspectors of a department at work have in one draw. */
static enum err
capacity(struct check *k, struct str department, uint64_t *places)
{
    struct inspector_capacity_row row;
    enum err e = inspector_capacity(k->c->db, k->c->arena,
                                    &(struct inspector_capacity_in){department, day_of_us(k->c->now_us)}, &row);

    *places = e == OK && row.places.set ? (uint64_t) row.places.v : 0;
    return e;
}

static enum err
find_capacity(struct check *k, size_t i)
{
    const struct participants *p = &k->lines[i].participants;
    enum err e = OK;

    for (size_t j = 0; e == OK && j < p->count; j++) {
        uint64_t needed = k->out->lines[i].sample * p->v[j].places, places;

        e = capacity(k, p->v[j].department, &places);
        if (e == OK && needed > places)
            add(k, (struct plan_finding){PLAN_FINDING_CAPACITY, k->lines[i].row.line, 0, p->v[j].department, needed, places});
    }
    return e;
}

static void
find_pairs(struct check *k)
{
    for (size_t i = 0; k->shared != NULL && i < k->count; i++)
        for (size_t j = i + 1; j < k->count; j++) {
            const struct plan_line_list_row *a = &k->lines[i].row, *b = &k->lines[j].row;
            uint64_t both = k->shared[i * k->count + j], n = k->out->lines[i].population, m = k->out->lines[j].population;
            uint64_t smaller = n < m ? n : m;
            bool meet = a->from_day <= b->to_day && b->from_day <= a->to_day;

            if (meet && smaller > 0 && both * 10000 >= smaller * PLAN_OVERLAP_BP)
                add(k, (struct plan_finding){PLAN_FINDING_OVERLAP, a->line, b->line, {0}, both, both * 10000 / smaller});
        }
}

static void
find_whole(struct check *k)
{
    uint64_t n = k->out->enterprises, share;

    k->out->expected_enterprises = (k->expected + ONE / 2) / ONE;
    k->out->share_bp = share = n == 0 ? 0 : k->expected / (ONE / 10000) / n;
    if (n > 0 && share < PLAN_SHARE_BP)
        add(k, (struct plan_finding){.kind = PLAN_FINDING_SHARE, .a = share, .b = PLAN_SHARE_BP});
    for (size_t d = 0; d < k->department_count; d++)
        if (k->departments[d].targets > 0)
            add(k, (struct plan_finding){PLAN_FINDING_VISITS, 0, 0, k->departments[d].code, k->departments[d].targets,
                                         PLAN_VISITS_OF_ORGAN});
    if (k->low_risk_twice > 0)
        add(k, (struct plan_finding){.kind = PLAN_FINDING_LOW_RISK, .a = k->low_risk_twice});
}

enum err
plan_check(struct ctx *c, struct str code, struct plan_watch watch, struct plan_check *out)
{
    struct check k = {.c = c, .out = out, .watch = watch};
    struct plan_get_row plan;
    struct calendar calendar;
    enum err e;

    *out = (struct plan_check){0};
    e = plan_get(c->db, c->arena, &(struct plan_get_in){code}, &plan);
    if (e == OK)
        e = read_lines(&k, code);
    if (e == OK)
        e = workday_calendar(c, &calendar);
    if (e == OK)
        e = target_scan_each(c->db, on_target, &k);
    for (size_t i = 0; e == OK && i < k.count; i++) {
        e = estimate(&k, i);
        if (e == OK)
            e = find_items(&k, i);
        if (e == OK)
            e = find_window(&k, &calendar, i);
        if (e == OK)
            e = find_capacity(&k, i);
    }
    if (e == OK) {
        find_pairs(&k);
        find_whole(&k);
    }
    return e;
}
