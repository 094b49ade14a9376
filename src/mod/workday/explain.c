/* mod/workday/explain.c - each day of a term and the notice it counts by */
#include "mod/workday/workday.h"

#include "data/data.h"

/* What a notice is called: of the year after when it is New Year's day 元旦 in December. */
static enum err
title_of(struct ctx *c, int64_t year, struct str *out)
{
    char text[96];
    struct buf b = buf_over(text, sizeof text);

    buf_z(&b, "国务院办公厅关于");
    buf_i64(&b, year);
    buf_z(&b, "年部分节假日安排的通知");
    *out = b.overflow ? (struct str){NULL, 0} : str_copy(c->arena, buf_view(&b));
    return out->p == NULL ? ERR_MEMORY : OK;
}

/* The first row of data/notices.csv whose days hold this one. */
static bool
known_notice(int64_t day, int64_t *year, struct str *document_no)
{
    struct str rest = data_find(STR("notices.csv")), line, f[4];
    int64_t from, to;
    uint64_t y;

    (void) data_line(&rest, &line);
    while (data_line(&rest, &line))
        if (data_fields(line, f, 4) == 4 && day_parse(f[0], &from) == OK && day_parse(f[1], &to) == OK && from <= day &&
            day <= to && str_u64(f[2], 9999, &y) == OK) {
            *year = (int64_t) y;
            *document_no = f[3];
            return true;
        }
    return false;
}

static enum err
name_step(struct ctx *c, const struct workday_list_row *row, struct workday_step *step)
{
    struct civil d = civil_from_day(row->day);
    int64_t year = d.month == 12 && str_eq(row->name, STR("元旦")) ? d.year + 1 : d.year;

    step->name = row->name;
    (void) known_notice(row->day, &year, &step->document_no);
    return title_of(c, year, &step->notice);
}

static enum err
name_steps(struct ctx *c, struct workday_path *path)
{
    struct workday_list_row *rows = NULL;
    size_t n = 0;
    enum err e = workday_list(c->db, c->arena, &(struct workday_list_in){path->version}, &rows, &n);

    for (size_t i = 0, at = 0; e == OK && i < path->count; i++) {
        while (at < n && rows[at].day < path->steps[i].day)
            at++;
        if (at < n && rows[at].day == path->steps[i].day)
            e = name_step(c, &rows[at], &path->steps[i]);
    }
    return e;
}

enum err
workday_explain(struct ctx *c, int64_t from_day, unsigned n, struct workday_path *out)
{
    struct calendar_step *plain = arena_array(c->arena, WORKDAY_PATH_MAX, sizeof *plain);
    struct calendar k;
    enum err e = workday_calendar(c, &k);

    out->count = 0;
    out->steps = arena_array(c->arena, WORKDAY_PATH_MAX, sizeof *out->steps);
    if (plain == NULL || out->steps == NULL)
        return ERR_MEMORY;
    out->version = k.version;
    if (e == OK)
        e = calendar_explain(&k, from_day, n, plain, WORKDAY_PATH_MAX, &out->count);
    if (e != OK) {
        out->count = 0;
        return e == ERR_CALENDAR ? OK : e;
    }
    for (size_t i = 0; i < out->count; i++)
        out->steps[i] = (struct workday_step){.day = plain[i].day, .why = plain[i].why, .number = plain[i].number};
    return name_steps(c, out);
}
