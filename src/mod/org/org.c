/* mod/org/org.c - departments, units, settings */
#include "mod/org/org.h"

#include <string.h>

#include "mod/dict/dict.h"
#include "mod/journal/journal.h"
#include "mod/json.h"

bool
org_code_ok(struct str code)
{
    for (size_t i = 0; i < code.n; i++)
        if (!((code.p[i] >= 'a' && code.p[i] <= 'z') || (code.p[i] >= '0' && code.p[i] <= '9')))
            return false;
    return code.n >= 1 && code.n <= ORG_CODE_MAX;
}

static enum err
add(struct ctx *c, struct str code, struct str name, int64_t bit)
{
    struct org_department_get_row old;
    enum err e = org_department_get(c->db, c->arena, &(struct org_department_get_in) {code}, &old);

    if (e == OK && old.bit != bit)
        return ctx_refuse(c, ERR_STATE, "department %.*s has bit %lld for ever", (int) code.n, code.p,
                          (long long) old.bit);
    if (e == OK && str_eq(old.name, name))
        return OK;
    if (e == OK || e == ERR_NOT_FOUND)
        e = org_department_put(c->db, &(struct org_department_put_in) {code, name, bit});
    if (e == ERR_EXISTS)
        return ctx_refuse(c, e, "bit %lld belongs to another department", (long long) bit);
    return e == OK ? journal_add(c, &(struct journal_act) {STR("org.add"), code, {0}}) : e;
}

enum err
org_add(struct ctx *c, struct str code, struct str name, int64_t bit)
{
    enum err e;

    if (!org_code_ok(code))
        return ctx_refuse(c, ERR_CHARSET, "a department code is 1 to %d of a-z and 0-9", ORG_CODE_MAX);
    if (name.n == 0 || name.n > ORG_NAME_MAX || !utf8_valid(name))
        return ctx_refuse(c, ERR_LENGTH, "a department has a name of 1 to %d bytes", ORG_NAME_MAX);
    if (bit < 0 || bit > ORG_BIT_MAX)
        return ctx_refuse(c, ERR_RANGE, "the bit of a department is 0 to %d", ORG_BIT_MAX);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, add(c, code, name, bit)) : e;
}

enum err
org_bit(struct ctx *c, struct str code, unsigned *bit)
{
    struct org_department_get_row row;
    enum err e = org_department_get(c->db, c->arena, &(struct org_department_get_in) {code}, &row);

    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, e, "department %.*s", (int) code.n, code.p);
    if (e == OK)
        *bit = (unsigned) row.bit;
    return e;
}

static enum err
check_code_and_name(struct ctx *c, struct str code, struct str name)
{
    if (!org_code_ok(code))
        return ctx_refuse(c, ERR_CHARSET, "a code is 1 to %d of a-z and 0-9", ORG_CODE_MAX);
    if (name.n == 0 || name.n > ORG_NAME_MAX || !utf8_valid(name))
        return ctx_refuse(c, ERR_LENGTH, "a name has 1 to %d bytes", ORG_NAME_MAX);
    return OK;
}

static enum err
add_next(struct ctx *c, struct str code, struct str name)
{
    struct org_department_get_row old;
    struct org_department_last_bit_row last;
    enum err e = org_department_get(c->db, c->arena, &(struct org_department_get_in) {code}, &old);

    if (e != ERR_NOT_FOUND)
        return e == OK ? ctx_refuse(c, ERR_EXISTS, "department %.*s", (int) code.n, code.p) : e;
    e = org_department_last_bit(c->db, c->arena, &last);
    if (e == OK && last.bit >= ORG_BIT_MAX)
        return ctx_refuse(c, ERR_RANGE, "all %d places of a roster are given", ORG_BIT_MAX + 1);
    return e == OK ? add(c, code, name, last.bit + 1) : e;
}

enum err
org_new(struct ctx *c, struct str code, struct str name)
{
    enum err e = check_code_and_name(c, code, name);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, add_next(c, code, name)) : e;
}

/* What a change does to a row: the same for departments and units. */
struct altered {
    struct str name;
    struct opt_i64 retired_us;
    const char *verb; /* NULL: nothing changes */
};

static enum err
alter(struct ctx *c, const struct org_change *ch, struct str name, struct opt_i64 retired_us, struct altered *out)
{
    bool turns = ch->retired != retired_us.set;

    *out = (struct altered) {ch->name.n == 0 ? name : ch->name, retired_us, NULL};
    if (out->name.n > ORG_NAME_MAX || !utf8_valid(out->name))
        return ctx_refuse(c, ERR_LENGTH, "a name has 1 to %d bytes", ORG_NAME_MAX);
    if (turns && (ch->reason.n == 0 || ch->reason.n > ORG_SETTING_MAX))
        return ctx_refuse(c, ERR_MISSING, "a reason is needed");
    if (turns)
        out->retired_us = (struct opt_i64) {ch->retired, ch->retired ? c->now_us : 0};
    out->verb = turns ? (ch->retired ? "retire" : "restore") : str_eq(out->name, name) ? NULL : "rename";
    return OK;
}

static enum err
note(struct ctx *c, const char *noun, const char *verb, const struct org_change *ch)
{
    char act[32];
    struct buf b = buf_over(act, sizeof act), d;
    struct str detail = {NULL, 0};
    enum err e = OK;

    buf_z(&b, noun);
    buf_z(&b, ".");
    buf_z(&b, verb);
    if (ch->reason.n > 0 && (e = buf_in(c, ch->reason.n * 6 + 32, &d)) == OK) {
        buf_z(&d, "{");
        json_put_name(&d, "reason");
        json_put_text(&d, ch->reason);
        buf_z(&d, "}");
        e = buf_take(c, &d, &detail);
    }
    return e == OK ? journal_add(c, &(struct journal_act) {buf_view(&b), ch->code, detail}) : e;
}

static enum err
change(struct ctx *c, const struct org_change *ch)
{
    struct org_department_get_row row;
    struct altered a;
    enum err e = org_department_get(c->db, c->arena, &(struct org_department_get_in) {ch->code}, &row);

    if (e == OK)
        e = row.row_version == ch->row_version ? alter(c, ch, row.name, row.retired_us, &a) : ERR_CONFLICT;
    if (e != OK || a.verb == NULL)
        return e;
    e = org_department_change(c->db, &(struct org_department_change_in) {ch->code, ch->row_version, a.name, a.retired_us});
    return e == OK ? note(c, "org", a.verb, ch) : e == ERR_STATE ? ERR_CONFLICT : e;
}

enum err
org_change(struct ctx *c, const struct org_change *ch)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, change(c, ch)) : e;
}

/* --- units ---------------------------------------------------------------------------------------------------- */

static const char *const LEVELS[ORG_LEVEL_COUNT] = {"province", "city", "county", "station"};

const char *
org_level_name(enum org_level l)
{
    return LEVELS[l];
}

enum err
org_level_parse(struct str s, enum org_level *out)
{
    for (int i = 0; i < ORG_LEVEL_COUNT; i++)
        if (str_eq(s, str_of(LEVELS[i]))) {
            *out = (enum org_level) i;
            return OK;
        }
    return ERR_INPUT;
}

/* The part of a region code that its level fixes: 41, 4115, 411525, 411525100. */
static size_t
fixed_digits(struct str region)
{
    if (region.n != 6)
        return region.n;
    return memcmp(region.p + 2, "0000", 4) == 0 ? 2 : memcmp(region.p + 4, "00", 2) == 0 ? 4 : 6;
}

static bool
region_fits(struct str region, enum org_level level)
{
    size_t n = fixed_digits(region);

    return level == ORG_STATION ? n >= 6 : n == 2 + 2 * (size_t) level;
}

static enum err
check_parent(struct ctx *c, const struct org_unit *u, enum org_level level)
{
    struct org_unit_get_row parent;
    enum org_level above;
    enum err e;

    if (u->parent.n == 0)
        return OK;
    e = org_unit_get(c->db, c->arena, &(struct org_unit_get_in) {u->parent}, &parent);
    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, e, "unit %.*s", (int) u->parent.n, u->parent.p);
    if (e == OK)
        e = org_level_parse(parent.level, &above);
    if (e == OK && (above >= level || parent.retired_us.set))
        return ctx_refuse(c, ERR_ORDER, "a %s does not stand below %s", LEVELS[level], parent.code.p);
    if (e == OK && !str_starts(u->region, (struct str) {parent.region.p, fixed_digits(parent.region)}))
        return ctx_refuse(c, ERR_REGION, "%s lies outside %s", u->region.p, parent.region.p);
    return e;
}

static enum err
unit_add(struct ctx *c, const struct org_unit *u)
{
    struct org_department_get_row department;
    struct dict_region_get_row region;
    enum org_level level;
    enum err e = org_level_parse(u->level, &level);

    if (e != OK)
        return ctx_refuse(c, e, "level: province city county station");
    e = dict_region_get(c->db, c->arena, &(struct dict_region_get_in) {u->region}, &region);
    if (e == ERR_NOT_FOUND || (e == OK && !region_fits(u->region, level)))
        return ctx_refuse(c, ERR_REGION, "region %.*s is none of a %s", (int) u->region.n, u->region.n == 0 ? "" : u->region.p,
                          LEVELS[level]);
    if (e == OK && u->department.n > 0)
        e = org_department_get(c->db, c->arena, &(struct org_department_get_in) {u->department}, &department);
    if (e == OK)
        e = check_parent(c, u, level);
    if (e == OK)
        e = org_unit_put(c->db, &(struct org_unit_put_in) {u->code, u->name, u->level, u->parent, u->region, u->department});
    return e == OK ? journal_add(c, &(struct journal_act) {STR("unit.add"), u->code, {0}}) : e;
}

enum err
org_unit_add(struct ctx *c, const struct org_unit *u)
{
    enum err e = check_code_and_name(c, u->code, u->name);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, unit_add(c, u)) : e;
}

static enum err
unit_alter(struct ctx *c, const struct org_change *ch)
{
    struct org_unit_get_row row;
    struct altered a;
    enum err e = org_unit_get(c->db, c->arena, &(struct org_unit_get_in) {ch->code}, &row);

    if (e == OK)
        e = row.row_version == ch->row_version ? alter(c, ch, row.name, row.retired_us, &a) : ERR_CONFLICT;
    if (e != OK || a.verb == NULL)
        return e;
    e = org_unit_change(c->db, &(struct org_unit_change_in) {ch->code, ch->row_version, a.name, a.retired_us});
    return e == OK ? note(c, "unit", a.verb, ch) : e == ERR_STATE ? ERR_CONFLICT : e;
}

enum err
org_unit_alter(struct ctx *c, const struct org_change *ch)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, unit_alter(c, ch)) : e;
}

enum err
org_set(struct ctx *c, struct str key, struct str value)
{
    enum err e;

    for (size_t i = 0; i < key.n; i++)
        if (key.p[i] != '_' && (key.p[i] < 'a' || key.p[i] > 'z'))
            return ctx_refuse(c, ERR_CHARSET, "the key of a setting is a-z and _");
    if (key.n == 0 || key.n > ORG_CODE_MAX || value.n == 0 || value.n > ORG_SETTING_MAX || !utf8_valid(value))
        return ctx_refuse(c, ERR_LENGTH, "a setting has a value of 1 to %d bytes", ORG_SETTING_MAX);
    if ((e = db_begin(c->db)) != OK)
        return e;
    e = org_setting_put(c->db, &(struct org_setting_put_in) {key, value});
    if (e == OK)
        e = journal_add(c, &(struct journal_act) {STR("setting.put"), key, {0}});
    return db_end(c->db, e);
}
