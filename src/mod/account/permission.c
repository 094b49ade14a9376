/* mod/account/permission.c - the table of permissions.def */
#include "mod/account/permission.h"

#include <stddef.h>

static const struct role_words ROLES[] = {
#define PERMISSION(symbol, id, zh, en)
#define ROLE(symbol, id, kind, zh, en)                                                                       \
    {{id, sizeof(id) - 1}, {kind, sizeof(kind) - 1}, {zh, sizeof(zh) - 1}, {en, sizeof(en) - 1}},
#define GRANT(role, permission)
#include "permissions.def"
#undef PERMISSION
#undef ROLE
#undef GRANT
};

static const struct permission_words PERMISSIONS[] = {
    {{"", 0}, {"任何人", sizeof "任何人" - 1}, {"anybody", sizeof "anybody" - 1}},
#define PERMISSION(symbol, id, zh, en) {{id, sizeof(id) - 1}, {zh, sizeof(zh) - 1}, {en, sizeof(en) - 1}},
#define ROLE(symbol, id, kind, zh, en)
#define GRANT(role, permission)
#include "permissions.def"
#undef PERMISSION
#undef ROLE
#undef GRANT
};

static const struct {
    enum account_role role;
    enum permission permission;
} GRANTS[] = {
#define PERMISSION(symbol, id, zh, en)
#define ROLE(symbol, id, kind, zh, en)
#define GRANT(role, permission) {ACCOUNT_ROLE_##role, PERMIT_##permission},
#include "permissions.def"
#undef PERMISSION
#undef ROLE
#undef GRANT
};

const struct role_words *
role_words(enum account_role r)
{
    return &ROLES[r];
}

const struct permission_words *
permission_words(enum permission p)
{
    return &PERMISSIONS[p];
}

enum err
role_parse(struct str id, enum account_role *out)
{
    for (int i = 0; i < ACCOUNT_ROLE_COUNT; i++)
        if (str_eq(ROLES[i].id, id)) {
            *out = (enum account_role) i;
            return OK;
        }
    return ERR_INPUT;
}

bool
role_may(enum account_role r, enum permission p)
{
    for (size_t i = 0; i < sizeof GRANTS / sizeof *GRANTS; i++)
        if (GRANTS[i].role == r && GRANTS[i].permission == p)
            return true;
    return false;
}

bool
roles_may(uint32_t roles, enum permission p)
{
    if (p == PERMIT_NOBODY_ASKED)
        return true;
    for (int i = 0; i < ACCOUNT_ROLE_COUNT; i++)
        if ((roles >> i & 1) != 0 && role_may((enum account_role) i, p))
            return true;
    return false;
}
