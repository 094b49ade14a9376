/* mod/result/clock.c - twenty working days from the result to its publication (regulation 二(六)) */
#include <stdio.h>

#include "core/calendar.h"
#include "mod/journal/journal.h"
#include "mod/result/result_int.h"
#include "mod/scope.h"
#include "mod/workday/workday.h"

enum { REDATE_PAGE = 500, OPEN_COUNT = 3 };

static const enum result_state OPEN[OPEN_COUNT] = {RESULT_ENTERED, RESULT_RETURNED, RESULT_APPROVED};

enum err
result_overdue(struct ctx *c, int64_t day, struct result_due_row **rows, size_t *count)
{
    struct result_due_row *part[OPEN_COUNT], *all;
    size_t n[OPEN_COUNT] = {0}, total = 0;
    enum err e = OK;

    for (int i = 0; e == OK && i < OPEN_COUNT; i++) {
        e = result_due(c->db, c->arena,
                       &(struct result_due_in){str_of(result_state_name(OPEN[i])), day, RESULT_LIST_MAX}, &part[i], &n[i]);
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

/* --- how much is left ------------------------------------------------------------------------------------------------ */

static enum err
bound_of(const struct calendar *k, int64_t today, unsigned n, int64_t *bound)
{
    enum err e = calendar_add_working_days(k, today, n + 1, bound);

    if (e == ERR_CALENDAR) { /* a last day lies within the calendar: nothing can be as late as its end */
        *bound = calendar_holds_year(k, civil_from_day(today).year) ? INT64_MAX : today;
        return OK;
    }
    return e;
}

enum err
result_due_bound(struct ctx *c, unsigned n, int64_t *bound)
{
    struct calendar k;
    enum err e = workday_calendar(c, &k);

    return e == OK ? bound_of(&k, day_of_us(c->now_us), n, bound) : e;
}

enum err
result_warn(struct ctx *c, struct result_warnings *out)
{
    struct scope_regions in = {.none = false};
    struct result_figures_in f = {.own = c->department, .today = day_of_us(c->now_us)};
    struct result_figures_row row;
    struct calendar k;
    int64_t totals[OPEN_COUNT] = {0};
    enum err e = workday_calendar(c, &k);

    *out = (struct result_warnings){.entered = 0};
    if (e == OK)
        e = scope_regions(c, (struct str){NULL, 0}, &in);
    f.region_from = in.from;
    f.region_below = in.below;
    if (e == OK)
        e = bound_of(&k, f.today, 0, &f.day_0);
    if (e == OK)
        e = bound_of(&k, f.today, 2, &f.day_2);
    if (e == OK)
        e = bound_of(&k, f.today, 5, &f.day_5);
    if (e == OK)
        e = bound_of(&k, f.today, 10, &f.day_10);
    for (int i = 0; e == OK && i < OPEN_COUNT; i++) {
        f.state = str_of(result_state_name(OPEN[i]));
        e = result_figures(c->db, c->arena, &f, &row);
        if (e != OK)
            break;
        totals[i] = row.total;
        out->overdue += row.overdue;
        out->today += row.due_0;
        out->within_2 += row.due_2;
        out->within_5 += row.due_5;
        out->within_10 += row.due_10;
        out->undated += row.undated;
    }
    out->entered = totals[0];
    out->returned = totals[1];
    out->approved = totals[2];
    return e;
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
