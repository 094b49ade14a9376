/* mod/workday/workday.c - calendars in the database */
#include "mod/workday/workday.h"

#include "mod/journal/journal.h"

static enum err
put_all(struct ctx *c, struct str version, const struct workday *days, size_t count)
{
    struct workday_list_row *old;
    size_t old_count = 0;
    enum err e = workday_list(c->db, c->arena, &(struct workday_list_in) {version}, &old, &old_count);

    if (e == OK && old_count > 0)
        e = ctx_refuse(c, ERR_EXISTS, "calendar %.*s", (int) version.n, version.p);
    for (size_t i = 0; e == OK && i < count; i++)
        e = workday_put(c->db, &(struct workday_put_in) {version, days[i].day, days[i].off, days[i].name});
    return e == OK ? journal_add(c, &(struct journal_act) {STR("workday.import"), version, {0}}) : e;
}

enum err
workday_import(struct ctx *c, struct str version, const struct workday *days, size_t count)
{
    struct calendar_day *plain = arena_array(c->arena, count + 1, sizeof *plain);
    struct calendar calendar;
    enum err e = plain == NULL ? ERR_MEMORY : OK;

    if (version.n == 0 || version.n > WORKDAY_VERSION_MAX || count == 0)
        return ctx_refuse(c, ERR_LENGTH, "a calendar has a version of 1 to %d bytes and at least one day",
                          WORKDAY_VERSION_MAX);
    for (size_t i = 0; e == OK && i < count; i++)
        plain[i] = (struct calendar_day) {days[i].day, days[i].off};
    if (e == OK)
        e = calendar_over(version, plain, count, &calendar);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, put_all(c, version, days, count)) : e;
}

enum err
workday_calendar(struct ctx *c, struct calendar *out)
{
    struct workday_latest_row latest;
    struct workday_list_row *rows;
    struct calendar_day *days;
    size_t count = 0;
    enum err e = workday_latest(c->db, c->arena, &latest);

    if (e == ERR_NOT_FOUND)
        return calendar_over(STR("-"), NULL, 0, out);
    if (e == OK)
        e = workday_list(c->db, c->arena, &(struct workday_list_in) {latest.version}, &rows, &count);
    if (e != OK)
        return e;
    days = arena_array(c->arena, count + 1, sizeof *days);
    if (days == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        days[i] = (struct calendar_day) {rows[i].day, rows[i].off != 0};
    return calendar_over(latest.version, days, count, out);
}

enum err
workday_due(struct ctx *c, int64_t from_day, unsigned n, struct opt_i64 *due, struct str *version)
{
    struct calendar k;
    enum err e = workday_calendar(c, &k);

    *due = (struct opt_i64){false, 0};
    if (e != OK)
        return e;
    *version = k.version;
    e = calendar_add_working_days(&k, from_day, n, &due->v);
    due->set = e == OK;
    return e == ERR_CALENDAR ? OK : e;
}
