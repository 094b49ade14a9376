/* mod/account/permission.h - permissions and roles, from permissions.def. Pure. */
#ifndef MQ_PERMISSION_H
#define MQ_PERMISSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum permission {
    PERMIT_NOBODY_ASKED, /* open to anybody: login, invitations */
#define PERMISSION(symbol, id, zh, en) PERMIT_##symbol,
#define ROLE(symbol, id, kind, zh, en)
#define GRANT(role, permission)
#include "permissions.def"
#undef PERMISSION
#undef ROLE
#undef GRANT
    PERMIT_COUNT
};

enum account_role {
#define PERMISSION(symbol, id, zh, en)
#define ROLE(symbol, id, kind, zh, en) ACCOUNT_ROLE_##symbol,
#define GRANT(role, permission)
#include "permissions.def"
#undef PERMISSION
#undef ROLE
#undef GRANT
    ACCOUNT_ROLE_COUNT
};

struct role_words {
    struct str id, kind, zh, en;
};
struct permission_words {
    struct str id, zh, en;
};

const struct role_words *role_words(enum account_role r);
/* permission_words: the first (nobody asked) has an empty id. */
const struct permission_words *permission_words(enum permission p);
/* role_parse: ERR_INPUT for an unknown id. */
MUST_USE enum err role_parse(struct str id, enum account_role *out);
/* role_may: does the table grant it? roles_may: does any role of the set (bit i: role i)? What nobody is
 * asked for, all may. */
bool role_may(enum account_role r, enum permission p);
bool roles_may(uint32_t roles, enum permission p);

#endif
