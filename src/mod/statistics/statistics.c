/* mod/statistics/statistics.c - see statistics.h */
#include <string.h>

#include "core/calendar.h"
#include "mod/dict/dict.h"
#include "mod/org/org.h"
#include "mod/scope.h"
#include "statistics_int.h"

#define DAY_US (INT64_C(86400) * 1000000)
#define CHINA_US (INT64_C(8) * 3600 * 1000000)

static const char *const KINDS[STATISTICS_KIND_COUNT] = {"drawn",     "due",     "checked", "open",    "joint",   "planned",  "results",
                                                         "published", "in_time", "late",    "overdue", "waiting", "withheld", "problems"};

const char *
statistics_kind_name(enum statistics_kind k)
{
    return KINDS[k];
}

enum err
statistics_kind_parse(struct str s, enum statistics_kind *out)
{
    for (int i = 0; i < STATISTICS_KIND_COUNT; i++)
        if (str_eq(s, str_of(KINDS[i]))) {
            *out = (enum statistics_kind) i;
            return OK;
        }
    return ERR_INPUT;
}

bool
statistics_is_problem(struct str codes)
{
    static const char *const PROBLEMS[] = {"\"not_disclosed\"", "\"false_disclosure\"", "\"unreachable\"", "\"rectification\"",
                                           "\"uncooperative\"", "\"pending\"",          "\"unqualified\""};

    for (size_t i = 0; i < sizeof PROBLEMS / sizeof *PROBLEMS; i++)
        if (codes.n > 0 && memmem(codes.p, codes.n, PROBLEMS[i], strlen(PROBLEMS[i])) != NULL)
            return true;
    return false;
}

/* --- the question ------------------------------------------------------------------------------------------------------------ */

static enum err
department_of(struct ctx *c, struct str code, struct span *s)
{
    struct org_department_get_row d;
    enum err e = org_department_get(c->db, c->arena, &(struct org_department_get_in){code}, &d);

    if (e != OK)
        return e;
    s->department = d.code;
    s->mask = UINT64_C(1) << d.bit;
    return OK;
}

enum err
span_of(struct ctx *c, const struct statistics_asked *asked, struct span *out)
{
    struct scope_regions regions;
    struct str department = asked->department.n > 0 ? asked->department : c->department;
    enum err e = scope_regions(c, asked->region, &regions);

    *out = (struct span){.c = c, .mask = UINT64_MAX, .today = day_of_us(c->now_us)};
    if (e != OK)
        return e;
    if (asked->to_day < asked->from_day || asked->to_day - asked->from_day >= STATISTICS_DAYS_MAX)
        return ctx_refuse(c, ERR_RANGE, "at most %d days", STATISTICS_DAYS_MAX);
    if (regions.none || (c->department.n > 0 && !str_eq(department, c->department)))
        return ERR_NOT_FOUND;
    out->sql = (struct statistics_span){asked->from_day * DAY_US - CHINA_US, (asked->to_day + 1) * DAY_US - CHINA_US,
                                           regions.from, regions.below};
    return department.n > 0 ? department_of(c, department, out) : OK;
}

bool
visit_counts(const struct span *s, const struct statistics_visits_row *r, enum statistics_kind kind)
{
    uint64_t mask = (uint64_t) r->mask;

    if ((mask & s->mask) == 0)
        return false;
    switch (kind) {
    case STATISTICS_DUE:
        return true;
    case STATISTICS_CHECKED:
        return r->visited_day.set;
    case STATISTICS_OPEN:
        return !r->visited_day.set;
    case STATISTICS_JOINT:
        return (mask & (mask - 1)) != 0;
    case STATISTICS_PLANNED:
        return r->planned != 0;
    default:
        return false;
    }
}

/* Was it public by its last day? A result without one (the calendar lacks the year) cannot be late. */
static bool
in_time(const struct statistics_results_row *r)
{
    return !r->due_day.set || !r->published_us.set || day_of_us(r->published_us.v) <= r->due_day.v;
}

bool
result_counts(const struct span *s, const struct statistics_results_row *r, enum statistics_kind kind)
{
    bool published = str_eq(r->state, STR("published")), withheld = str_eq(r->state, STR("withheld")) || str_eq(r->state, STR("withdrawn"));
    bool over = r->due_day.set && r->due_day.v < s->today;

    if (s->department.n > 0 && !str_eq(r->department, s->department))
        return false;
    switch (kind) {
    case STATISTICS_RESULTS:
        return true;
    case STATISTICS_PUBLISHED:
        return published;
    case STATISTICS_IN_TIME:
        return published && in_time(r);
    case STATISTICS_LATE:
        return published && !in_time(r);
    case STATISTICS_OVERDUE:
        return !published && !withheld && over;
    case STATISTICS_WAITING:
        return !published && !withheld && !over;
    case STATISTICS_WITHHELD:
        return withheld;
    case STATISTICS_PROBLEMS:
        return statistics_is_problem(r->codes);
    default:
        return false;
    }
}

/* --- lines ------------------------------------------------------------------------------------------------------------------- */

enum { HELD_BYTES = 64 }; /* codes of targets and tasks are shorter */

struct tally {
    struct span *span;
    struct statistics *out;
    bool risk;
    struct org_department_list_row *departments; /* in the order of out->departments */
    struct statistics_line nowhere;              /* what is not shown by a line of its own */
    /* the target, visit and department of the last row: rows of one stand together */
    struct str target, task, department;
    char target_text[HELD_BYTES], task_text[HELD_BYTES];
    uint64_t mask;
    bool shown, ended, department_shown, department_ended;
    struct statistics_line *line, *county;
};

/* A copy that lasts until the next one. */
static struct str
hold(char room[static HELD_BYTES], struct str s)
{
    struct buf b = buf_over(room, HELD_BYTES);

    buf_str(&b, s);
    return buf_view(&b);
}

static enum err
make_table(struct ctx *c, size_t max, struct statistics_table *out)
{
    *out = (struct statistics_table){arena_array(c->arena, max, sizeof *out->v), 0, max};
    return out->v == NULL ? ERR_MEMORY : OK;
}

/* The line of a code, kept in the order of codes; a table that is full gives its last line. */
static struct statistics_line *
line_of(struct tally *t, struct statistics_table *table, struct str code)
{
    size_t low = 0, high = table->count;

    if (code.n == 0)
        return &t->nowhere;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (str_cmp(table->v[middle].code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < table->count && str_eq(table->v[low].code, code))
        return &table->v[low];
    if (table->count == table->max)
        return &table->v[table->count - 1];
    memmove(&table->v[low + 1], &table->v[low], (table->count - low) * sizeof *table->v);
    table->v[low] = (struct statistics_line){.code = str_copy(t->span->c->arena, code)};
    table->count++;
    return &table->v[low];
}

static struct statistics_line *
county_of(struct tally *t, struct str region)
{
    return line_of(t, &t->out->counties, region.n > 6 ? (struct str){region.p, 6} : region);
}

static bool
has_line(struct str lines, struct str one)
{
    struct str rest = lines, line;

    for (bool more = lines.n > 0; more;) {
        more = str_split(rest, '\n', &line, &rest);
        if (str_eq(line, one))
            return true;
    }
    return false;
}

static struct statistics_month *
month_of(struct tally *t, int64_t day)
{
    struct civil at = civil_from_day(day);
    int64_t i = (at.year - t->out->months[0].year) * 12 + at.month - t->out->months[0].month;

    return i < 0 || i >= (int64_t) t->out->month_count ? NULL : &t->out->months[i];
}

/* --- counting ---------------------------------------------------------------------------------------------------------------- */

static enum err
count_register(struct tally *t)
{
    struct span *s = t->span;
    struct statistics *o = t->out;
    struct statistics_register_row *r;
    size_t n;
    enum err e = statistics_register(s->c->db, s->c->arena,
                                     &(struct statistics_register_in){s->sql.region_from, s->sql.region_below}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        if (s->department.n > 0 && !has_line(r[i].departments, s->department))
            continue;
        o->total.targets += r[i].targets;
        county_of(t, r[i].region)->n.targets += r[i].targets;
        line_of(t, &o->types, r[i].entity_type)->n.targets += r[i].targets;
        line_of(t, &o->classes, r[i].risk_class)->n.targets += r[i].targets;
        for (size_t k = 0; k < o->departments.count; k++)
            if (has_line(r[i].departments, o->departments.v[k].code))
                o->departments.v[k].n.targets += r[i].targets;
    }
    return e;
}

/* Each target once, and once for each department that it was drawn for. */
static enum err
on_drawn(void *arg, const struct statistics_drawn_row *r)
{
    struct tally *t = arg;
    struct statistics *o = t->out;
    uint64_t mask = (uint64_t) r->mask & t->span->mask, fresh;
    struct statistics_month *m = month_of(t, day_of_us(r->drawn_us));
    bool again = str_eq(r->target, t->target);

    if (mask == 0)
        return OK;
    fresh = again ? mask & ~t->mask : mask;
    t->mask = again ? t->mask | mask : mask;
    if (!again) {
        t->target = hold(t->target_text, r->target);
        o->total.drawn++;
        county_of(t, r->region)->n.drawn++;
        line_of(t, &o->types, r->entity_type)->n.drawn++;
        line_of(t, &o->classes, r->risk_class)->n.drawn++;
    }
    if (m != NULL)
        m->drawn++;
    for (size_t k = 0; k < o->departments.count; k++)
        o->departments.v[k].n.drawn += (int64_t) (fresh >> t->departments[k].bit & 1);
    return OK;
}

static void
add_visit(struct statistics_count *n, const struct span *s, const struct statistics_visits_row *r)
{
    n->due += visit_counts(s, r, STATISTICS_DUE);
    n->checked += visit_counts(s, r, STATISTICS_CHECKED);
    n->joint += visit_counts(s, r, STATISTICS_JOINT);
    n->planned += visit_counts(s, r, STATISTICS_PLANNED);
}

static enum err
on_visit(void *arg, const struct statistics_visits_row *r)
{
    struct tally *t = arg;
    struct statistics *o = t->out;
    struct statistics_month *m = r->visited_day.set ? month_of(t, r->visited_day.v) : NULL;
    uint64_t mask = (uint64_t) r->mask;

    if (!visit_counts(t->span, r, STATISTICS_DUE))
        return OK;
    add_visit(&o->total, t->span, r);
    add_visit(&county_of(t, r->region)->n, t->span, r);
    o->doors_saved += __builtin_popcountll(mask) - 1;
    if (m != NULL)
        m->checked++;
    for (size_t k = 0; k < o->departments.count; k++)
        if ((mask & t->span->mask) >> t->departments[k].bit & 1)
            add_visit(&o->departments.v[k].n, t->span, r);
    return OK;
}

static void
add_result(struct statistics_count *n, const struct span *s, const struct statistics_results_row *r)
{
    n->results++;
    n->published += result_counts(s, r, STATISTICS_PUBLISHED);
    n->in_time += result_counts(s, r, STATISTICS_IN_TIME);
    n->late += result_counts(s, r, STATISTICS_LATE);
    n->overdue += result_counts(s, r, STATISTICS_OVERDUE);
    n->waiting += result_counts(s, r, STATISTICS_WAITING);
    n->withheld += result_counts(s, r, STATISTICS_WITHHELD);
    n->problems += result_counts(s, r, STATISTICS_PROBLEMS);
}

/* The results of one visit, or of one department in it, are all seen. */
static void
end_department(struct tally *t)
{
    if (t->line != NULL && t->department_shown) {
        t->line->n.shown++;
        t->line->n.ended += t->department_ended;
    }
    t->department = (struct str){NULL, 0};
    t->line = NULL;
}

static void
end_visit(struct tally *t)
{
    end_department(t);
    if (t->county != NULL && t->shown) {
        t->out->total.shown++;
        t->county->n.shown++;
        t->out->total.ended += t->ended;
        t->county->n.ended += t->ended;
    }
    t->county = NULL;
}

static struct statistics_line *
department_line(struct tally *t, struct str code)
{
    for (size_t k = 0; k < t->out->departments.count; k++)
        if (str_eq(t->out->departments.v[k].code, code))
            return &t->out->departments.v[k];
    return &t->nowhere;
}

static void
begin_visit(struct tally *t, const struct statistics_results_row *r)
{
    if (t->county == NULL || !str_eq(r->target, t->target) || !str_eq(r->task, t->task)) {
        end_visit(t);
        t->target = hold(t->target_text, r->target);
        t->task = hold(t->task_text, r->task);
        t->county = county_of(t, r->region);
        t->shown = false;
        t->ended = true;
    }
    if (t->line == NULL || !str_eq(r->department, t->department)) {
        end_department(t);
        t->line = department_line(t, r->department);
        t->department = t->line->code;
        t->department_shown = false;
        t->department_ended = true;
    }
}

static enum err
on_result(void *arg, const struct statistics_results_row *r)
{
    struct tally *t = arg;
    struct span *s = t->span;
    struct statistics_month *m;
    bool published = result_counts(s, r, STATISTICS_PUBLISHED);
    bool followed = !result_counts(s, r, STATISTICS_PROBLEMS) || (r->followups > 0 && r->followups_open == 0);
    bool ended = (published || result_counts(s, r, STATISTICS_WITHHELD)) && followed;

    if (!result_counts(s, r, STATISTICS_RESULTS))
        return OK;
    begin_visit(t, r);
    t->shown |= published;
    t->department_shown |= published;
    t->ended &= ended;
    t->department_ended &= ended;
    add_result(&t->out->total, s, r);
    add_result(&t->county->n, s, r);
    add_result(&t->line->n, s, r);
    add_result(&line_of(t, &t->out->items, r->item)->n, s, r);
    if (published && (m = month_of(t, day_of_us(r->published_us.v))) != NULL)
        m->published++;
    if (result_counts(s, r, STATISTICS_PROBLEMS) && (m = month_of(t, r->produced_day)) != NULL)
        m->problems++;
    return OK;
}

static enum err
count_load(struct tally *t)
{
    static const int64_t ABOVE[STATISTICS_LOAD_CLASSES - 1] = {0, 5, 10, 20, 40, 80};
    struct span *s = t->span;
    struct statistics_load_row *r;
    size_t n;
    enum err e = statistics_load(s->c->db, s->c->arena,
                                 &(struct statistics_load_in){s->sql.from_us, s->sql.to_us, s->department, s->sql.region_from,
                                                              s->sql.region_below},
                                 &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        size_t k = 0;

        while (k < STATISTICS_LOAD_CLASSES - 1 && r[i].places > ABOVE[k])
            k++;
        t->out->load[k]++;
        t->out->places += r[i].places;
    }
    if (e == OK && n < STATISTICS_LOAD_LEAST)
        memset(t->out->load, 0, sizeof t->out->load);
    t->out->inspectors = e == OK ? (int64_t) n : 0;
    return e;
}

/* --- which lines there are --------------------------------------------------------------------------------------------------- */

static enum err
list_departments(struct tally *t)
{
    struct ctx *c = t->span->c;
    size_t n, kept = 0;
    enum err e = org_department_list(c->db, c->arena, &t->departments, &n);

    if (e == OK)
        e = make_table(c, n + 1, &t->out->departments);
    for (size_t i = 0; e == OK && i < n; i++) {
        if (t->span->department.n > 0 && !str_eq(t->departments[i].code, t->span->department))
            continue;
        t->out->departments.v[kept] = (struct statistics_line){.code = t->departments[i].code, .name = t->departments[i].name};
        t->departments[kept++] = t->departments[i];
    }
    t->out->departments.count = kept;
    return e;
}

/* Counties with a unit of their own stand there without any figure too. */
static enum err
list_counties(struct tally *t)
{
    struct statistics_counties_row *r;
    struct span *s = t->span;
    size_t n;
    enum err e = statistics_counties(s->c->db, s->c->arena, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        if (s->sql.region_from.n == 0 ||
            (str_cmp(r[i].region, s->sql.region_from) >= 0 && str_cmp(r[i].region, s->sql.region_below) < 0))
            (void) line_of(t, &t->out->counties, r[i].region);
    return e;
}

static enum err
name_counties(struct tally *t)
{
    struct ctx *c = t->span->c;
    enum err e = OK;

    for (size_t i = 0; e == OK && i < t->out->counties.count; i++) {
        struct dict_region_get_row r;

        e = dict_region_get(c->db, c->arena, &(struct dict_region_get_in){t->out->counties.v[i].code}, &r);
        if (e == OK)
            t->out->counties.v[i].name = r.name;
        e = e == ERR_NOT_FOUND ? OK : e;
    }
    return e;
}

static enum err
name_items(struct tally *t)
{
    struct ctx *c = t->span->c;
    struct statistics_items_row *r;
    size_t n, k = 0;
    enum err e = statistics_items(c->db, c->arena, &r, &n);

    for (size_t i = 0; e == OK && i < t->out->items.count; i++) {
        while (k < n && str_cmp(r[k].code, t->out->items.v[i].code) < 0)
            k++;
        if (k < n && str_eq(r[k].code, t->out->items.v[i].code))
            t->out->items.v[i].name = r[k].name;
    }
    return e;
}

static void
list_months(struct statistics *o, int64_t from_day, int64_t to_day, int64_t today)
{
    struct civil from = civil_from_day(from_day), to = civil_from_day(to_day < today ? today : to_day);
    int64_t n = (to.year - from.year) * 12 + to.month - from.month + 1;

    o->month_count = n > STATISTICS_MONTHS_MAX ? STATISTICS_MONTHS_MAX : (size_t) n;
    for (size_t i = 0; i < o->month_count; i++) {
        int at = from.month - 1 + (int) i;

        o->months[i] = (struct statistics_month){.year = from.year + at / 12, .month = at % 12 + 1};
    }
}

static enum err
list_lines(struct tally *t)
{
    struct ctx *c = t->span->c;
    enum err e = list_departments(t);

    if (e == OK)
        e = make_table(c, STATISTICS_UNITS_MAX, &t->out->counties);
    if (e == OK)
        e = make_table(c, 16, &t->out->types);
    if (e == OK)
        e = make_table(c, 16, &t->out->classes);
    if (e == OK)
        e = make_table(c, STATISTICS_ITEMS_MAX, &t->out->items);
    return e == OK ? list_counties(t) : e;
}

enum err
statistics_read(struct ctx *c, const struct statistics_asked *asked, bool risk, struct statistics *out)
{
    struct span span;
    struct tally t = {.span = &span, .out = out, .risk = risk};
    enum err e = span_of(c, asked, &span);

    *out = (struct statistics){0};
    if (e != OK)
        return e;
    list_months(out, asked->from_day, asked->to_day, span.today);
    if ((e = list_lines(&t)) == OK)
        e = count_register(&t);
    if (e == OK)
        e = statistics_drawn_each(c->db, &(struct statistics_drawn_in){span.sql}, on_drawn, &t);
    if (e == OK)
        e = statistics_visits_each(c->db, &(struct statistics_visits_in){span.sql}, on_visit, &t);
    if (e == OK)
        e = statistics_results_each(c->db, &(struct statistics_results_in){span.sql}, on_result, &t);
    end_visit(&t);
    if (e == OK)
        e = count_load(&t);
    if (e == OK)
        e = name_counties(&t);
    if (e == OK)
        e = name_items(&t);
    if (!risk)
        out->classes.count = 0;
    return e;
}
