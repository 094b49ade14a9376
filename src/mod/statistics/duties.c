/* mod/statistics/duties.c - shares that tell how each department does its duties */
#include "mod/org/org.h"
#include "mod/plan/terms.h"
#include "statistics_int.h"

static const char *const NAMES[STATISTICS_DUTY_COUNT] = {"plan", "published", "in_time", "records", "followups", "registry", "training"};

const char *
statistics_duty_name(enum statistics_duty d)
{
    return d < STATISTICS_DUTY_COUNT ? NAMES[d] : "";
}

enum err
statistics_duty_parse(struct str s, enum statistics_duty *out)
{
    for (unsigned i = 0; i < STATISTICS_DUTY_COUNT; i++)
        if (str_eq(s, str_of(NAMES[i]))) {
            *out = (enum statistics_duty) i;
            return OK;
        }
    return ERR_INPUT;
}

struct duties {
    struct ctx *c;
    const struct statistics_asked *asked;
    struct span span;
    struct statistics_duties *v;
    unsigned *bits; /* of the departments */
    size_t count;
};

static void
add_share(struct duties *d, size_t i, enum statistics_duty duty, int64_t part, int64_t whole)
{
    d->v[i].shares[duty].part += part;
    d->v[i].shares[duty].whole += whole;
}

static void
add_to(struct duties *d, struct str department, enum statistics_duty duty, int64_t part, int64_t whole)
{
    for (size_t i = 0; i < d->count; i++)
        if (str_eq(d->v[i].department, department))
            add_share(d, i, duty, part, whole);
}

static enum err
list_departments(struct duties *d)
{
    struct org_department_list_row *r;
    size_t n;
    enum err e = org_department_list(d->c->db, d->c->arena, &r, &n);

    if (e != OK)
        return e;
    d->v = arena_array(d->c->arena, n + 1, sizeof *d->v);
    d->bits = arena_array(d->c->arena, n + 1, sizeof *d->bits);
    if (d->v == NULL || d->bits == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        if (!r[i].retired_us.set && (d->span.department.n == 0 || str_eq(d->span.department, r[i].code))) {
            d->v[d->count].department = r[i].code;
            d->bits[d->count++] = (unsigned) r[i].bit;
        }
    return OK;
}

/* From the figures that the leaders see. */
static enum err
from_figures(struct duties *d)
{
    struct statistics *s = arena_alloc(d->c->arena, sizeof *s);
    enum err e = s == NULL ? ERR_MEMORY : statistics_read(d->c, d->asked, false, s);

    for (size_t i = 0; e == OK && i < s->departments.count; i++) {
        struct str code = s->departments.v[i].code;
        const struct statistics_count *n = &s->departments.v[i].n;

        add_to(d, code, STATISTICS_DUTY_PLAN, n->checked, n->due);
        add_to(d, code, STATISTICS_DUTY_PUBLISHED, n->published, n->results - n->withheld);
        add_to(d, code, STATISTICS_DUTY_IN_TIME, n->in_time, n->in_time + n->late + n->overdue);
    }
    return e;
}

static enum err
on_records(void *arg, const struct statistics_records_row *r)
{
    struct duties *d = arg;

    for (size_t i = 0; i < d->count; i++)
        if (((uint64_t) r->mask >> d->bits[i] & 1) != 0)
            add_share(d, i, STATISTICS_DUTY_RECORDS, r->complete, r->visits);
    return OK;
}

static enum err
on_followups(void *arg, const struct statistics_followups_row *r)
{
    add_to(arg, r->department, STATISTICS_DUTY_FOLLOWUPS, r->done, r->due);
    return OK;
}

static enum err
on_kept(void *arg, const struct statistics_kept_row *r)
{
    struct duties *d = arg;

    for (size_t i = 0; i < d->count; i++)
        if (lines_have(r->departments, d->v[i].department))
            add_share(d, i, STATISTICS_DUTY_REGISTRY, r->whole, r->targets);
    return OK;
}

static enum err
on_training(void *arg, const struct statistics_training_row *r)
{
    add_to(arg, r->department, STATISTICS_DUTY_TRAINING, r->trained, r->people);
    return OK;
}

enum err
statistics_duties_read(struct ctx *c, const struct statistics_asked *asked, int64_t hours, struct statistics_duties **out, size_t *count)
{
    struct duties d = {.c = c, .asked = asked};
    const struct statistics_span *s = &d.span.sql;
    enum err e = span_of(c, asked, &d.span);

    if (e == OK)
        e = list_departments(&d);
    if (e == OK)
        e = from_figures(&d);
    if (e == OK)
        e = statistics_records_each(c->db, &(struct statistics_records_in){*s}, on_records, &d);
    if (e == OK)
        e = statistics_followups_each(c->db, &(struct statistics_followups_in){s->from_us, s->to_us, d.span.today, s->region_from, s->region_below}, on_followups, &d);
    if (e == OK)
        e = statistics_kept_each(c->db, &(struct statistics_kept_in){s->region_from, s->region_below}, on_kept, &d);
    if (e == OK)
        e = statistics_training_each(c->db, &(struct statistics_training_in){asked->from_day, asked->to_day, hours, s->region_from, s->region_below}, on_training, &d);
    *out = d.v;
    *count = d.count;
    return e;
}
