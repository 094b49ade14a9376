/* mod/org/org.h - departments 市场监管领域部门 (regulation 三(一)). */
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

/* org_set: a setting of the installation ("demo", "name" …): key [a-z_]{1,32}, value 1 to 1000 bytes. Journal:
 * setting.put. ERR_CHARSET, ERR_LENGTH. */
MUST_USE enum err org_set(struct ctx *c, struct str key, struct str value);

#endif
