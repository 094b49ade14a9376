/* mod/org/org.h - departments 市场监管领域部门 and units 机构 of province, city, county, station (regulation 三(一), 二(五)). */
#ifndef MQ_ORG_H
#define MQ_ORG_H

#include "mod/ctx.h"
#include "mod/org_sql.h"

enum { ORG_CODE_MAX = 32, ORG_NAME_MAX = 200, ORG_BIT_MAX = 63, ORG_SETTING_MAX = 1000 };

/* org_code_ok: is it a department code, [a-z0-9]{1,32}? It is also the party name in draws. */
bool org_code_ok(struct str code);
/* org_add: a department with its bit 0..63 in roster masks. The same code again changes only the name. Journal:
 * org.add. ERR_CHARSET, ERR_LENGTH, ERR_RANGE; ERR_EXISTS the bit belongs to another; ERR_STATE it has another bit. */
MUST_USE enum err org_add(struct ctx *c, struct str code, struct str name, int64_t bit);
/* org_bit: the bit of a department. ERR_NOT_FOUND names it in c->why. */
MUST_USE enum err org_bit(struct ctx *c, struct str code, unsigned *bit);

/* org_new: a department with the next free bit. ERR_EXISTS the code is taken; ERR_RANGE all 64 bits are given. Journal:
 * org.add. */
MUST_USE enum err org_new(struct ctx *c, struct str code, struct str name);
/* org_change: rename, retire or take back a department; its code and bit stay. A change needs a reason to retire.
 * ERR_NOT_FOUND, ERR_CONFLICT another row version, ERR_LENGTH, ERR_MISSING the reason. Journal: org.rename, org.retire,
 * org.restore. */
struct org_change {
    struct str code, name, reason; /* name absent: as it is */
    int64_t row_version;
    bool retired;
};
MUST_USE enum err org_change(struct ctx *c, const struct org_change *ch);

/* --- units ---------------------------------------------------------------------------------------------------- */

enum org_level { ORG_PROVINCE, ORG_CITY, ORG_COUNTY, ORG_STATION, ORG_LEVEL_COUNT };
const char *org_level_name(enum org_level l);
MUST_USE enum err org_level_parse(struct str s, enum org_level *out); /* ERR_INPUT */

struct org_unit {
    struct str code, name, level, parent, region, department; /* parent, department may be absent */
};
/* org_unit_add: a unit of the tree. Its parent is of a higher level, its region lies in the parent's and fits the level
 * (province 410000, city 411500, county 411525, station a county or a town). ERR_CHARSET, ERR_LENGTH, ERR_INPUT level,
 * ERR_REGION, ERR_NOT_FOUND parent or department, ERR_EXISTS. Journal: unit.add. */
MUST_USE enum err org_unit_add(struct ctx *c, const struct org_unit *u);
/* org_unit_alter: as org_change. Level, parent, region and department of a unit never change: a reorganisation is a new
 * unit. Journal: unit.rename, unit.retire, unit.restore. */
MUST_USE enum err org_unit_alter(struct ctx *c, const struct org_change *ch);

/* org_set: a setting of the installation ("demo", "name" …): key [a-z_]{1,32}, value 1 to 1000 bytes. Journal:
 * setting.put. ERR_CHARSET, ERR_LENGTH. */
MUST_USE enum err org_set(struct ctx *c, struct str key, struct str value);

#endif
