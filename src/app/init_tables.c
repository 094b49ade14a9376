/* app/init_tables.c - the tables of data/ into a new database: regions, industries, departments, calendar */
#include "init_tables.h"

#include "data/data.h"
#include "mod/dict/dict.h"
#include "mod/dictionary/dictionary.h"
#include "mod/journal/journal.h"
#include "mod/org/org.h"
#include "mod/workday/workday.h"

enum { FIELDS_MAX = 4, HOLIDAYS_MAX = 4096 };

typedef enum err (*row_fn)(struct ctx *c, const struct str fields[static FIELDS_MAX]);

/* Each line of a table but the first, cut into fields. */
static enum err
each_row(struct ctx *c, struct str name, row_fn fn)
{
    struct str rest = data_find(name), line;
    enum err e = rest.p == NULL ? ERR_INTERNAL : OK;

    if (e == OK)
        (void) data_line(&rest, &line);
    while (e == OK && data_line(&rest, &line)) {
        struct str fields[FIELDS_MAX] = {0};

        (void) data_fields(line, fields, FIELDS_MAX);
        e = fn(c, fields);
    }
    return e;
}

static enum err
region_row(struct ctx *c, const struct str fields[static FIELDS_MAX])
{
    return dict_add_region(c, fields[0], fields[1], fields[2].n == 0 ? (struct str) {0} : fields[2]);
}

static enum err
industry_row(struct ctx *c, const struct str fields[static FIELDS_MAX])
{
    return dict_add_industry(c, fields[0], fields[1]);
}

static enum err
department_row(struct ctx *c, const struct str fields[static FIELDS_MAX])
{
    uint64_t bit;
    enum err e = str_u64(fields[2], ORG_BIT_MAX, &bit);

    return e != OK ? e : org_add(c, fields[0], fields[1], (int64_t) bit);
}

/* The calendar: version,date,off,name; one version in the shipped table. */
static enum err
load_calendar(struct ctx *c)
{
    struct str rest = data_find(STR("holidays.csv")), line, version = {0};
    struct workday *days = arena_array(c->arena, HOLIDAYS_MAX, sizeof *days);
    size_t count = 0;
    enum err e = days == NULL ? ERR_MEMORY : OK;

    (void) data_line(&rest, &line);
    while (e == OK && count < HOLIDAYS_MAX && data_line(&rest, &line)) {
        struct str fields[FIELDS_MAX] = {0};

        (void) data_fields(line, fields, FIELDS_MAX);
        version = fields[0];
        days[count].off = str_eq(fields[2], STR("1"));
        days[count].name = fields[3];
        e = day_parse(fields[1], &days[count++].day);
    }
    return e != OK ? e : workday_import(c, version, days, count);
}

enum err
init_tables(struct ctx *c)
{
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = each_row(c, STR("regions.csv"), region_row);
    if (e == OK)
        e = each_row(c, STR("industries.csv"), industry_row);
    if (e == OK)
        e = each_row(c, STR("departments.csv"), department_row);
    if (e == OK)
        e = load_calendar(c);
    if (e == OK)
        e = dictionary_start(c);
    if (e == OK)
        e = journal_add(c, &(struct journal_act) {STR("system.init"), STR("system"), {0}});
    return db_end(c->db, e);
}
