/* mod/statistics/rows.c - the rows behind a figure: the same question asked of the same rows as when they were counted */
#include <string.h>

#include "core/calendar.h"
#include "statistics_int.h"

struct listing {
    struct span span;
    const struct statistics_filter *filter;
    struct statistics_row *rows;
    size_t count, max;
    bool more;
    enum err failed;
};

/* Stops the reading of further rows: not an error of the caller. */
static enum err
stop(struct listing *l, enum err failed)
{
    l->failed = failed;
    return ERR_CANCELLED;
}

/* A place for one more row of this target; NULL when it is not wanted. *e: why the reading ends. */
static struct statistics_row *
place(struct listing *l, struct str target, enum err *e)
{
    struct statistics_row *last = l->count > 0 ? &l->rows[l->count - 1] : NULL;

    *e = OK;
    if (l->filter->after.n > 0 && str_cmp(target, l->filter->after) <= 0)
        return NULL;
    if (l->count >= l->filter->limit && !str_eq(last->target, target)) {
        l->more = true;
        *e = stop(l, OK);
        return NULL;
    }
    if (l->count == l->max) {
        *e = stop(l, ERR_TOO_LARGE);
        return NULL;
    }
    return &l->rows[l->count];
}

static struct str
keep(struct listing *l, struct str s)
{
    return s.p == NULL ? s : str_copy(l->span.c->arena, s);
}

/* One row a target: its first draw, with the departments of all. */
static enum err
on_drawn(void *arg, const struct statistics_drawn_row *r)
{
    struct listing *l = arg;
    const struct statistics_filter *f = l->filter;
    uint64_t mask = (uint64_t) r->mask & l->span.mask;
    struct statistics_row *row;
    enum err e;

    if (mask == 0 || (f->entity_type.n > 0 && !str_eq(r->entity_type, f->entity_type)) ||
        (f->risk_class.n > 0 && !str_eq(r->risk_class, f->risk_class)))
        return OK;
    if (l->count > 0 && str_eq(l->rows[l->count - 1].target, r->target)) {
        l->rows[l->count - 1].mask |= mask;
        return OK;
    }
    if ((row = place(l, r->target, &e)) == NULL)
        return e;
    *row = (struct statistics_row){.target = keep(l, r->target), .name = keep(l, r->name), .region = keep(l, r->region),
                                   .task = keep(l, r->task), .task_name = keep(l, r->task_name), .mask = mask,
                                   .day = {true, day_of_us(r->drawn_us)}};
    l->count++;
    return OK;
}

static enum err
on_visit(void *arg, const struct statistics_visits_row *r)
{
    struct listing *l = arg;
    struct statistics_row *row;
    enum err e;

    if (!visit_counts(&l->span, r, l->filter->kind))
        return OK;
    if ((row = place(l, r->target, &e)) == NULL)
        return e;
    *row = (struct statistics_row){.target = keep(l, r->target), .name = keep(l, r->name), .region = keep(l, r->region),
                                   .task = keep(l, r->task), .task_name = keep(l, r->task_name), .mask = (uint64_t) r->mask,
                                   .state = keep(l, r->state), .day = r->visited_day};
    l->count++;
    return OK;
}

static enum err
on_result(void *arg, const struct statistics_results_row *r)
{
    struct listing *l = arg;
    const struct statistics_filter *f = l->filter;
    struct statistics_row *row;
    enum err e;

    if (!result_counts(&l->span, r, f->kind) || (f->item.n > 0 && !str_eq(r->item, f->item)))
        return OK;
    if ((row = place(l, r->target, &e)) == NULL)
        return e;
    *row = (struct statistics_row){.target = keep(l, r->target), .name = keep(l, r->name), .region = keep(l, r->region),
                                   .task = keep(l, r->task), .task_name = keep(l, r->task_name), .item = keep(l, r->item),
                                   .department = keep(l, r->department), .codes = keep(l, r->codes), .state = keep(l, r->state),
                                   .day = {true, r->produced_day}, .due_day = r->due_day, .published_us = r->published_us};
    l->count++;
    return OK;
}

enum err
statistics_rows(struct ctx *c, const struct statistics_asked *asked, const struct statistics_filter *f, struct statistics_row **rows,
                size_t *count, bool *more)
{
    struct listing l = {.filter = f, .max = f->limit + 1000};
    enum err e = span_of(c, asked, &l.span);

    if (e != OK)
        return e;
    if ((l.rows = arena_array(c->arena, l.max, sizeof *l.rows)) == NULL)
        return ERR_MEMORY;
    if (f->kind == STATISTICS_DRAWN)
        e = statistics_drawn_each(c->db, &(struct statistics_drawn_in){l.span.sql}, on_drawn, &l);
    else if (f->kind < STATISTICS_RESULTS)
        e = statistics_visits_each(c->db, &(struct statistics_visits_in){l.span.sql}, on_visit, &l);
    else
        e = statistics_results_each(c->db, &(struct statistics_results_in){l.span.sql}, on_result, &l);
    *rows = l.rows;
    *count = l.count;
    *more = l.more;
    return e == ERR_CANCELLED ? l.failed : e;
}
