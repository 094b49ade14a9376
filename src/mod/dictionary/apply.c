/* mod/dictionary/apply.c - a version becomes what the registers, deadlines and forms use */
#include <string.h>

#include "core/calendar.h"
#include "mod/dict/dict.h"
#include "mod/dictionary/dictionary_int.h"
#include "mod/result/result.h"
#include "mod/workday/workday.h"

static struct str
cell(const json_t *row, size_t i)
{
    const json_t *v = json_array_get(row, i);

    return json_string_length(v) == 0 ? (struct str){NULL, 0}
                                      : (struct str){json_string_value(v), json_string_length(v)};
}

/* --- regions, industries ------------------------------------------------------------------------------------------------ */

static enum err
apply_region(struct ctx *c, struct str code, const json_t *row)
{
    return row == NULL ? dict_region_retire(c->db, &(struct dict_region_retire_in){code})
                       : dict_add_region(c, code, cell(row, 1), cell(row, 2));
}

static enum err
apply_industry(struct ctx *c, struct str code, const json_t *row)
{
    return row == NULL ? dict_industry_retire(c->db, &(struct dict_industry_retire_in){code})
                       : dict_add_industry(c, code, cell(row, 1));
}

typedef enum err (*apply_fn)(struct ctx *c, struct str code, const json_t *row);

/* All rows; then the entries in force that they lack are retired. */
static enum err
apply_codes(struct ctx *c, const json_t *rows, const struct dict *now, apply_fn fn)
{
    json_t *kept = json_object(), *row;
    size_t i;
    enum err e = kept == NULL ? ERR_MEMORY : OK;

    json_array_foreach(rows, i, row)
    {
        if (e == OK)
            e = fn(c, cell(row, 0), row);
        json_object_set_new(kept, json_string_value(json_array_get(row, 0)), json_true());
    }
    for (i = 0; e == OK && i < now->count; i++)
        if (json_object_get(kept, str_z(c->arena, now->entries[i].code)) == NULL)
            e = fn(c, now->entries[i].code, NULL);
    json_decref(kept);
    return e;
}

/* --- words ------------------------------------------------------------------------------------------------------------ */

static enum err
apply_words(struct ctx *c, const struct dictionary_kind *k, const json_t *rows)
{
    struct dict_word_list_row *old;
    const json_t *row;
    size_t n, i;
    enum err e = dict_word_list(c->db, c->arena, &(struct dict_word_list_in){str_of(k->id)}, &old, &n);

    for (i = 0; e == OK && i < n; i++)
        e = dict_word_retire(c->db, &(struct dict_word_retire_in){str_of(k->id), old[i].code});
    json_array_foreach(rows, i, row) if (e == OK) e = dict_word_put(
        c->db, &(struct dict_word_put_in){str_of(k->id), cell(row, 0), cell(row, 1), cell(row, 2), (int64_t) i});
    return e;
}

/* --- the calendar --------------------------------------------------------------------------------------------------------- */

/* A name that sorts behind the calendar in force: today, or that one with a tail. */
static enum err
name_calendar(struct ctx *c, char out[static WORKDAY_VERSION_MAX + 1])
{
    struct workday_latest_row latest;
    struct buf b = buf_over(out, WORKDAY_VERSION_MAX);
    enum err e = workday_latest(c->db, c->arena, &latest);
    char today[DAY_TEXT + 1];

    day_format(day_of_us(c->now_us), today);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && str_cmp(latest.version, str_of(today)) >= 0) {
        buf_str(&b, latest.version);
        buf_z(&b, "+");
    } else {
        buf_z(&b, today);
    }
    out[b.n] = '\0';
    return b.overflow ? ERR_LENGTH : OK;
}

static enum err
apply_calendar(struct ctx *c, const json_t *rows, uint64_t *redated)
{
    size_t n = json_array_size(rows), i;
    struct workday *days = arena_array(c->arena, n + 1, sizeof *days);
    char version[WORKDAY_VERSION_MAX + 1];
    const json_t *row;
    enum err e = days == NULL ? ERR_MEMORY : name_calendar(c, version);

    json_array_foreach(rows, i, row) if (e == OK)
    {
        days[i].off = str_eq(cell(row, 1), STR("1"));
        days[i].name = cell(row, 2);
        e = day_parse(cell(row, 0), &days[i].day);
    }
    if (e == OK)
        e = workday_import(c, str_of(version), days, n);
    return e == OK ? result_recalendar(c, redated) : e;
}

enum err
dictionary_apply(struct ctx *c, const struct dictionary_kind *k, const json_t *rows, uint64_t *redated)
{
    struct dict now;
    enum err e;

    if (strcmp(k->id, "regions") == 0)
        return (e = dict_load_regions(c, &now)) == OK ? apply_codes(c, rows, &now, apply_region) : e;
    if (strcmp(k->id, "industries") == 0)
        return (e = dict_load_industries(c, &now)) == OK ? apply_codes(c, rows, &now, apply_industry) : e;
    if (strcmp(k->id, "holidays") == 0)
        return apply_calendar(c, rows, redated);
    if (strcmp(k->columns[1].id, "zh") == 0)
        return apply_words(c, k, rows);
    return OK; /* templates are read from the version itself */
}

enum err
dictionary_apply_first(struct ctx *c, const struct dictionary_kind *k, const json_t *rows)
{
    return strcmp(k->columns[1].id, "zh") == 0 ? apply_words(c, k, rows) : OK;
}
