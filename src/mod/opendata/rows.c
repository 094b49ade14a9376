/* mod/opendata/rows.c - rows of the public views into CSV and JSON Lines, one at a time */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "core/calendar.h"
#include "format/csv.h"
#include "mod/file.h"
#include "mod/opendata/opendata_int.h"
#include "mod/report/report.h"

enum { SCRATCH_BYTES = 4096, LINE_BYTES = 64 << 10 };

/* One row in the making: each cell as CSV has it, and as JSON. */
struct row {
    const struct opendata_table *table;
    const struct opendata_site *site;
    struct arena *arena;
    FILE *csv, *lines;
    struct str cells[OPENDATA_COLUMNS_MAX];
    char scratch[SCRATCH_BYTES], text[LINE_BYTES];
    struct buf room, line;
    size_t n;
    uint64_t count;
    int64_t today;
    bool corrections; /* of the publications only these */
};

void
opendata_time(int64_t us, char out[static 21])
{
    int64_t second = us / 1000000;
    char day[DAY_TEXT + 1], text[64];

    day_format(second / 86400, day);
    (void) snprintf(text, sizeof text, "%.10sT%02d:%02d:%02dZ", day, (int) (second % 86400 / 3600), (int) (second / 60 % 60),
                    (int) (second % 60));
    memcpy(out, text, 20);
    out[20] = '\0';
}

static void
begin(struct row *r)
{
    r->n = 0;
    r->room = buf_over(r->scratch, sizeof r->scratch);
    r->line = buf_over(r->text, sizeof r->text);
}

/* The next cell; json: its value as it stands in a line, absent: null. */
static void
add(struct row *r, struct str csv, struct str json)
{
    buf_z(&r->line, r->n == 0 ? "{" : ",");
    buf_json(&r->line, str_of(r->table->columns[r->n].name));
    buf_z(&r->line, ":");
    if (json.p == NULL)
        buf_z(&r->line, "null");
    else
        buf_str(&r->line, json);
    r->cells[r->n++] = csv.p == NULL ? STR("") : csv;
}

static void
text(struct row *r, struct str s)
{
    if (s.p == NULL) {
        add(r, s, s);
        return;
    }
    add(r, s, STR(""));
    buf_json(&r->line, s);
}

static void
number(struct row *r, struct opt_i64 v)
{
    size_t from = r->room.n;
    struct str s = {NULL, 0};

    if (v.set) {
        buf_i64(&r->room, v.v);
        s = (struct str){r->room.p + from, r->room.n - from};
    }
    add(r, s, s);
}

static void
moment(struct row *r, struct opt_i64 v, bool day)
{
    char out[21];
    size_t from = r->room.n;
    struct str s = {NULL, 0};

    if (v.set && day)
        day_format(v.v, out);
    else if (v.set)
        opendata_time(v.v, out);
    if (v.set) {
        buf_z(&r->room, out);
        s = (struct str){r->room.p + from, r->room.n - from};
    }
    text(r, s);
}

/* A stored array: as it is in a line, separated by "|" in CSV. */
static void
list(struct row *r, struct str json)
{
    json_t *v = json.n == 0 ? NULL : json_loadb(json.p, json.n, 0, NULL);
    size_t from = r->room.n, i;
    const json_t *one;

    if (!json_is_array(v)) {
        add(r, (struct str){NULL, 0}, STR("[]"));
        json_decref(v);
        return;
    }
    json_array_foreach(v, i, one)
    {
        buf_z(&r->room, i == 0 ? "" : "|");
        buf_z(&r->room, json_is_string(one) ? json_string_value(one) : "");
    }
    json_decref(v);
    add(r, (struct str){r->room.p + from, r->room.n - from}, json);
}

#define NUMBER(r, x) number(r, (struct opt_i64){true, x})
#define DAY(r, x) moment(r, (struct opt_i64){true, x}, true)
#define TIME(r, x) moment(r, (struct opt_i64){true, x}, false)

static enum err
end(struct row *r)
{
    if (r->n != r->table->column_count)
        return ERR_INTERNAL;
    buf_z(&r->line, "}\n");
    if (r->line.overflow || r->room.overflow)
        return ERR_TOO_LARGE;
    r->count++;
    if (fwrite(r->line.p, 1, r->line.n, r->lines) != r->line.n)
        return ERR_IO;
    return csv_write_row(r->csv, r->cells, r->n);
}

static void
name(struct row *r, struct str whole, struct str entity_type, struct str region_name, struct str code)
{
    text(r, report_name(r->arena, whole, entity_type, region_name, code, r->site->names_whole, false));
}

static enum err
on_item(void *ctx, const struct report_open_items_row *x)
{
    struct row *r = ctx;

    begin(r);
    text(r, x->code);
    NUMBER(r, x->version);
    text(r, x->state);
    text(r, x->domain);
    text(r, x->name);
    text(r, x->class);
    text(r, x->department);
    text(r, x->department_name);
    text(r, x->target_scope);
    list(r, x->methods);
    number(r, x->cap_bp);
    text(r, x->frequency);
    moment(r, x->valid_from_day, true);
    moment(r, x->valid_to_day, true);
    TIME(r, x->published_us);
    return end(r);
}

static enum err
on_plan(void *ctx, const struct report_open_plans_row *x)
{
    struct row *r = ctx;

    begin(r);
    text(r, x->plan);
    NUMBER(r, x->year);
    text(r, x->plan_name);
    NUMBER(r, x->joint);
    text(r, x->plan_lead);
    text(r, x->state);
    text(r, x->document_no);
    NUMBER(r, x->revision);
    TIME(r, x->published_us);
    NUMBER(r, x->line);
    text(r, x->name);
    list(r, x->items);
    text(r, x->scope_words);
    text(r, x->ratio_words);
    DAY(r, x->from_day);
    DAY(r, x->to_day);
    text(r, x->lead);
    text(r, x->mode);
    return end(r);
}

static enum err
on_task(void *ctx, const struct report_open_tasks_row *row)
{
    const struct report_task_shown *x = &row->k;
    struct row *r = ctx;

    begin(r);
    text(r, x->code);
    text(r, x->name);
    NUMBER(r, x->directed);
    text(r, x->state);
    text(r, x->plan);
    number(r, x->line);
    list(r, x->items);
    text(r, x->lead);
    DAY(r, x->from_day);
    DAY(r, x->to_day);
    NUMBER(r, x->drawn);
    NUMBER(r, x->visited);
    NUMBER(r, x->published);
    return end(r);
}

static enum err
on_draw(void *ctx, const struct report_open_draws_row *x)
{
    struct row *r = ctx;

    begin(r);
    text(r, x->draw);
    NUMBER(r, x->attempt);
    text(r, x->task);
    text(r, x->state);
    text(r, x->suite);
    text(r, x->rule);
    number(r, x->population_count);
    text(r, x->roster_root);
    text(r, x->draw_digest);
    text(r, x->lock_digest);
    text(r, x->seed);
    text(r, x->result_digest);
    text(r, x->void_reason);
    TIME(r, x->sealed_us);
    moment(r, x->drawn_us, false);
    return end(r);
}

static enum err
on_drawn(void *ctx, const struct report_open_drawn_row *x)
{
    struct row *r = ctx;
    size_t mark = arena_mark(r->arena);
    enum err e;

    begin(r);
    text(r, x->draw);
    NUMBER(r, x->attempt);
    NUMBER(r, x->position);
    NUMBER(r, x->batch);
    NUMBER(r, x->mask);
    text(r, x->target);
    name(r, x->name, x->entity_type, x->region_name, x->target);
    text(r, x->region);
    text(r, x->region_name);
    e = end(r);
    arena_rewind(r->arena, mark);
    return e;
}

static enum err
put_correction(struct row *r, const struct report_publication_shown *x)
{
    begin(r);
    text(r, x->target);
    NUMBER(r, x->id);
    NUMBER(r, x->result);
    NUMBER(r, x->correction);
    list(r, x->codes);
    TIME(r, x->published_us);
    text(r, x->gone);
    text(r, x->gone_reason);
    return end(r);
}

static enum err
put_result(struct row *r, const struct report_publication_shown *x)
{
    begin(r);
    text(r, x->target);
    NUMBER(r, x->id);
    NUMBER(r, x->result);
    name(r, x->name, x->entity_type, x->region_name, x->target);
    text(r, x->region);
    text(r, x->region_name);
    text(r, x->task);
    text(r, x->task_name);
    text(r, x->item);
    text(r, x->item_name);
    text(r, x->department);
    list(r, x->codes);
    DAY(r, x->produced_day);
    moment(r, x->due_day, true);
    TIME(r, x->published_us);
    text(r, x->gone);
    moment(r, x->gone_us, false);
    text(r, x->gone_reason);
    text(r, x->gone_basis);
    return end(r);
}

static enum err
on_publication(void *ctx, const struct report_open_results_row *x)
{
    struct row *r = ctx;
    size_t mark = arena_mark(r->arena);
    enum err e = OK;

    if (r->corrections && x->p.correction > 0)
        e = put_correction(r, &x->p);
    else if (!r->corrections && x->p.correction == 0)
        e = put_result(r, &x->p);
    arena_rewind(r->arena, mark);
    return e;
}

/* figures
 * ------------------------------------------------------------------------------------------------------------------ */

static enum err
put_figure(struct row *r, const char *measure, struct str key, struct str words, int64_t whole, struct opt_i64 part)
{
    begin(r);
    text(r, str_of(measure));
    text(r, key);
    text(r, words);
    NUMBER(r, whole);
    number(r, part);
    return end(r);
}

static enum err
put_coverage(struct row *r, struct db *db)
{
    struct report_coverage_row *drawn;
    struct report_population_row *all;
    size_t n, m;
    enum err e = report_coverage(db, r->arena, &drawn, &n);

    if (e == OK)
        e = report_population(db, r->arena, &all, &m);
    for (size_t i = 0; e == OK && i < m; i++) {
        int64_t part = 0;

        for (size_t k = 0; k < n; k++)
            part = str_eq(drawn[k].region, all[i].region) ? drawn[k].drawn : part;
        e = put_figure(r, "coverage", all[i].region, all[i].name, all[i].targets, (struct opt_i64){true, part});
    }
    return e;
}

static enum err
put_timeliness(struct row *r, struct db *db)
{
    struct report_departments_row *d;
    struct report_timeliness_row *t;
    size_t n, m;
    enum err e = report_timeliness(db, r->arena, &t, &n);

    if (e == OK)
        e = report_departments(db, r->arena, &d, &m);
    for (size_t i = 0; e == OK && i < n; i++) {
        struct str words = t[i].department;

        for (size_t k = 0; k < m; k++)
            words = str_eq(d[k].code, t[i].department) ? d[k].name : words;
        e = put_figure(r, "timeliness", t[i].department, words, t[i].published, (struct opt_i64){true, t[i].in_time});
    }
    return e;
}

static enum err
put_figures(struct row *r, struct db *db)
{
    struct report_codes_row *k;
    size_t n;
    enum err e = put_coverage(r, db);

    if (e == OK)
        e = put_timeliness(r, db);
    if (e == OK)
        e = report_codes(db, r->arena, &k, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        e = put_figure(r, "codes", k[i].codes, (struct str){NULL, 0}, k[i].published, (struct opt_i64){false, 0});
    return e;
}

static enum err
fill(struct row *r, struct db *db)
{
    const char *table = r->table->name;

    if (strcmp(table, "items") == 0)
        return report_open_items_each(db, on_item, r);
    if (strcmp(table, "plans") == 0)
        return report_open_plans_each(db, on_plan, r);
    if (strcmp(table, "tasks") == 0)
        return report_open_tasks_each(db, &(struct report_open_tasks_in){{r->today}}, on_task, r);
    if (strcmp(table, "draws") == 0)
        return report_open_draws_each(db, &(struct report_open_draws_in){r->today}, on_draw, r);
    if (strcmp(table, "drawn") == 0)
        return report_open_drawn_each(db, &(struct report_open_drawn_in){r->today}, on_drawn, r);
    if (strcmp(table, "statistics") == 0)
        return put_figures(r, db);
    r->corrections = strcmp(table, "corrections") == 0;
    return report_open_results_each(db, &(struct report_open_results_in){{r->today}}, on_publication, r);
}

static enum err
put_head(struct row *r)
{
    struct str names[OPENDATA_COLUMNS_MAX];
    enum err e = csv_write_bom(r->csv);

    for (size_t i = 0; i < r->table->column_count; i++)
        names[i] = str_of(r->table->columns[i].name);
    return e == OK ? csv_write_row(r->csv, names, r->table->column_count) : e;
}

static enum err
open_both(const char *dir, const char *table, struct file *csv, struct file *lines)
{
    char path[OPENDATA_PATH_BYTES];
    enum err e;

    if (snprintf(path, sizeof path, "%s/%s.csv", dir, table) >= (int) sizeof path)
        return ERR_TOO_LARGE;
    if ((e = file_begin(csv, path, 0644)) != OK)
        return e;
    if (snprintf(path, sizeof path, "%s/%s.jsonl", dir, table) >= (int) sizeof path)
        e = ERR_TOO_LARGE;
    if (e == OK)
        e = file_begin(lines, path, 0644);
    return e == OK ? OK : file_end(csv, e);
}

enum err
opendata_rows(struct ctx *c, const struct opendata_site *site, const char *dir, size_t table, uint64_t *rows)
{
    struct file csv, lines;
    size_t mark = arena_mark(c->arena);
    struct row *r = arena_array(c->arena, 1, sizeof *r);
    enum err e = r == NULL ? ERR_MEMORY : open_both(dir, opendata_tables[table].name, &csv, &lines);

    if (e != OK)
        return e;
    *r = (struct row){.table = &opendata_tables[table], .site = site, .arena = c->arena, .csv = csv.out, .lines = lines.out,
                      .today = day_of_us(c->now_us)};
    e = put_head(r);
    if (e == OK)
        e = fill(r, c->db);
    *rows = r->count;
    e = file_end(&csv, e);
    e = file_end(&lines, e);
    arena_rewind(c->arena, mark);
    return e;
}
