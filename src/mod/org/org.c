/* mod/org/org.c - departments */
#include "mod/org/org.h"

#include "mod/journal/journal.h"

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
