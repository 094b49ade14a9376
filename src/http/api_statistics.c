/* http/api_statistics.c - figures for leaders 统计考核 (regulation 三(三)), and the rows behind each of them. Units come in
 * their fixed order: nothing is ordered by how many checks, problems or fines there were (严禁下达检查指标). */
#include "api_statistics.h"

#include <stdio.h>

#include "api_handlers.h"
#include "core/calendar.h"
#include "mod/org/org.h"

static enum err
asked_day(struct api *q, const char *name, int64_t *day)
{
    struct str s = api_query(q, name);

    if (s.n > 0 && day_parse(s, day) != OK)
        return api_wrong(q, name, ERR_DATE, NULL);
    return OK;
}

enum err
statistics_asked_of(struct api *q, struct statistics_asked *out)
{
    int64_t today = day_of_us(q->ctx->now_us);
    enum err e = day_from_civil(civil_from_day(today).year, 1, 1, &out->from_day);

    out->to_day = today;
    out->department = api_query(q, "department");
    out->region = api_query(q, "region");
    if (e == OK)
        e = asked_day(q, "from", &out->from_day);
    return e == OK ? asked_day(q, "to", &out->to_day) : e;
}

enum err
statistics_count_of(struct api *q, const struct statistics_asked *asked, struct statistics *out)
{
    enum err e = statistics_read(q->ctx, asked, roles_may(q->who.roles, PERMIT_RISK_READ), out);

    return e == ERR_RANGE ? api_wrong(q, "to", e, q->ctx->why) : e;
}

/* --- JSON -------------------------------------------------------------------------------------------------------------------- */

static void
put_count(json_t *o, const struct statistics_count *n)
{
    const struct {
        const char *name;
        int64_t v;
    } COUNTS[] = {{"targets", n->targets}, {"drawn", n->drawn},         {"due", n->due},         {"checked", n->checked},
                  {"joint", n->joint},     {"planned", n->planned},     {"shown", n->shown},     {"ended", n->ended},
                  {"results", n->results}, {"published", n->published}, {"in_time", n->in_time}, {"late", n->late},
                  {"overdue", n->overdue}, {"waiting", n->waiting},     {"withheld", n->withheld}, {"problems", n->problems}};

    for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++)
        json_object_set_new(o, COUNTS[i].name, json_integer(COUNTS[i].v));
}

static json_t *
count_json(const struct statistics_count *n)
{
    json_t *o = json_object();

    put_count(o, n);
    return o;
}

static json_t *
table_json(const struct statistics_table *t)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < t->count; i++) {
        json_t *o = json_pack("{s:o, s:o}", "code", api_str(t->v[i].code), "name", api_str(t->v[i].name));

        put_count(o, &t->v[i].n);
        json_array_append_new(rows, o);
    }
    return rows;
}

static json_t *
months_json(const struct statistics *s)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < s->month_count; i++) {
        const struct statistics_month *m = &s->months[i];
        char text[24];

        snprintf(text, sizeof text, "%04d-%02d", m->year, m->month);
        json_array_append_new(rows, json_pack("{s:s, s:I, s:I, s:I, s:I}", "month", text, "drawn", (json_int_t) m->drawn, "checked",
                                              (json_int_t) m->checked, "published", (json_int_t) m->published, "problems",
                                              (json_int_t) m->problems));
    }
    return rows;
}

static json_t *
load_json(const struct statistics *s)
{
    json_t *classes = json_array();

    for (size_t i = 0; i < STATISTICS_LOAD_CLASSES && s->inspectors >= STATISTICS_LOAD_LEAST; i++)
        json_array_append_new(classes, json_integer(s->load[i]));
    return json_pack("{s:I, s:I, s:o}", "inspectors", (json_int_t) s->inspectors, "places", (json_int_t) s->places, "classes",
                     classes);
}

enum err
api_statistics_get(struct api *q)
{
    struct statistics_asked asked = {0};
    struct statistics s;
    enum err e = statistics_asked_of(q, &asked);

    if (e == OK)
        e = statistics_count_of(q, &asked, &s);
    if (e != OK)
        return e;
    q->out = json_pack("{s:o, s:o, s:o, s:o, s:I}", "from", api_date(OPT(asked.from_day)), "to", api_date(OPT(asked.to_day)),
                       "counted", api_time(OPT(q->ctx->now_us)), "total", count_json(&s.total), "doors_saved",
                       (json_int_t) s.doors_saved);
    json_object_set_new(q->out, "departments", table_json(&s.departments));
    json_object_set_new(q->out, "counties", table_json(&s.counties));
    json_object_set_new(q->out, "types", table_json(&s.types));
    json_object_set_new(q->out, "classes", table_json(&s.classes));
    json_object_set_new(q->out, "items", table_json(&s.items));
    json_object_set_new(q->out, "months", months_json(&s));
    json_object_set_new(q->out, "load", load_json(&s));
    return OK;
}

/* --- the rows behind a figure ------------------------------------------------------------------------------------------------ */

static enum err
filter_of(struct api *q, struct statistics_filter *f)
{
    int64_t limit;
    enum err e = api_limit(q, &limit);

    if (e != OK)
        return e;
    *f = (struct statistics_filter){.item = api_query(q, "item"), .entity_type = api_query(q, "entity_type"),
                                    .risk_class = api_query(q, "risk_class"), .after = api_query(q, "cursor"), .limit = (size_t) limit};
    if (statistics_kind_parse(api_query(q, "of"), &f->kind) != OK)
        return api_wrong(q, "of", ERR_INPUT, NULL);
    return f->risk_class.n > 0 && !roles_may(q->who.roles, PERMIT_RISK_READ) ? ERR_PERMISSION : OK;
}

static json_t *
row_json(const struct statistics_row *r, json_t *departments)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "target", api_str(r->target), "name",
                     api_str(r->name), "region", api_str(r->region), "task", api_str(r->task), "task_name", api_str(r->task_name),
                     "departments", departments, "item", api_str(r->item), "codes", api_list(r->codes), "state", api_str(r->state),
                     "day", api_date(r->day), "due", api_date(r->due_day), "published", api_time(r->published_us));
}

enum err
api_statistics_rows(struct api *q)
{
    struct statistics_asked asked = {0};
    struct statistics_filter f;
    struct statistics_row *r;
    struct org_department_list_row *d;
    size_t n, d_count;
    bool more;
    json_t *rows;
    enum err e = statistics_asked_of(q, &asked);

    if (e == OK)
        e = filter_of(q, &f);
    if (e == OK)
        e = statistics_rows(q->ctx, &asked, &f, &r, &n, &more);
    if (e == OK)
        e = org_department_list(q->ctx->db, q->ctx->arena, &d, &d_count);
    if (e != OK)
        return e == ERR_RANGE ? api_wrong(q, "to", e, q->ctx->why) : e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++) {
        json_t *names = json_array();

        for (size_t k = 0; k < d_count; k++)
            if (r[i].department.n > 0 ? str_eq(r[i].department, d[k].code) : (r[i].mask >> d[k].bit & 1) != 0)
                json_array_append_new(names, api_str(d[k].code));
        json_array_append_new(rows, row_json(&r[i], names));
    }
    if (more)
        api_more(q, r[n - 1].target);
    return OK;
}
