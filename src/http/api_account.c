/* http/api_account.c - accounts, roles, the access matrix */
#include <string.h>

#include "api_handlers.h"
#include "mod/inspector/inspector.h"

static const char *const METHODS[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};

static json_t *
role_ids(uint32_t roles)
{
    json_t *v = json_array();

    for (int i = 0; i < ACCOUNT_ROLE_COUNT; i++)
        if ((roles >> i & 1) != 0)
            json_array_append_new(v, api_str(role_words((enum account_role) i)->id));
    return v;
}

static enum err
account_json(struct api *q, const struct account_page_row *a, json_t **out)
{
    uint32_t roles;
    enum err e = account_roles(q->ctx, a->id, &roles);

    if (e != OK)
        return e;
    *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:I}", "login", api_str(a->login), "unit", api_str(a->unit),
                     "inspector", api_str(a->inspector),
                     "name", api_str(a->name), "kind", api_str(a->kind), "department", api_str(a->department),
                     "region", api_str(a->region), "state", api_str(a->state), "roles", role_ids(roles),
                     "totp", a->has_totp != 0, "locked", a->locked_until_us > q->ctx->now_us, "created",
                     api_time(OPT(a->created_us)), "row_version", (json_int_t) a->row_version);
    return *out == NULL ? ERR_MEMORY : OK;
}

enum err
api_accounts_get(struct api *q)
{
    struct account_page_row *r;
    struct str after = api_query(q, "cursor");
    int64_t limit;
    size_t n;
    json_t *rows, *one;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = account_page(
            q->ctx->db, q->ctx->arena,
            &(struct account_page_in){after.n == 0 ? STR("-") : after, api_query(q, "q"), limit + 1}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++) {
        if ((e = account_json(q, &r[i], &one)) != OK)
            return e;
        json_array_append_new(rows, one);
    }
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].login);
    return OK;
}

static enum err
find(struct api *q, struct account_get_row *a)
{
    return account_get(q->ctx->db, q->ctx->arena, &(struct account_get_in){q->params[0]}, a);
}

static enum err
give(struct api *q)
{
    struct account_get_row a;
    enum err e = find(q, &a);

    if (e != OK)
        return e;
    q->etag = a.row_version;
    return account_json(q,
                        &(struct account_page_row){a.id, a.login, a.name, a.kind, a.department, a.region,
                                                   a.state, a.totp.n > 0, a.locked_until_us, a.created_us,
                                                   a.row_version, a.unit, a.inspector},
                        &q->out);
}

enum err
api_account_get(struct api *q)
{
    return give(q);
}

static enum err
with_link(struct api *q, struct str login)
{
    char token[SECRET_TOKEN_CHARS + 1], link[SECRET_TOKEN_CHARS + 32] = "";
    struct buf b = buf_over(link, sizeof link - 1);
    enum err e = account_invite(q->ctx, login, token);

    if (e != OK)
        return e;
    buf_z(&b, "/app/#/welcome/");
    buf_z(&b, token);
    q->out = json_pack("{s:o, s:s, s:o}", "login", api_str(login), "link", link, "expires",
                       api_time(OPT(q->ctx->now_us + ACCOUNT_INVITATION_US)));
    return q->out == NULL ? ERR_MEMORY : OK;
}

/* Which field a refusal of account_create or account_rescope is about. */
static enum err
blame(struct api *q, enum err e)
{
    const char *field = e == ERR_CHARSET || e == ERR_EXISTS ? "login"
                        : e == ERR_LENGTH                   ? "name"
                        : e == ERR_REGION                   ? "region"
                        : e == ERR_NOT_FOUND                ? "department"
                        : e == ERR_UNIT                     ? "unit"
                        : e == ERR_INPUT                    ? "kind"
                                                            : NULL;

    if (field == NULL)
        return e;
    e = api_wrong(q, field, e, q->ctx->why);
    return e == ERR_NOT_FOUND ? ERR_INPUT : e;
}

enum err
api_accounts_post(struct api *q)
{
    struct str kind = api_text(q, "kind");
    struct account_new say = {api_text(q, "login"), api_text(q, "name"), kind.n == 0 ? STR("business") : kind,
                              api_text(q, "department"), api_text(q, "region"), api_text(q, "unit"), NO_STR};
    int64_t id;
    enum err e = account_create(q->ctx, &say, &id);

    if (e != OK)
        return blame(q, e);
    q->status = 201;
    return with_link(q, say.login);
}

enum err
api_account_put(struct api *q)
{
    struct account_new say = {q->params[0], api_text(q, "name"), NO_STR, api_text(q, "department"),
                              api_text(q, "region"), api_text(q, "unit"), NO_STR};
    struct account_get_row a;
    int64_t version;
    enum err e = api_if_match(q, &version);

    if (e == OK)
        e = find(q, &a);
    if (e != OK)
        return e;
    e = account_rescope(q->ctx, version, &say);
    return e == OK ? give(q) : e == ERR_CONFLICT ? e : blame(q, e);
}

enum err
api_account_inspector(struct api *q)
{
    int64_t version;
    enum err e = api_if_match(q, &version);

    if (e == OK)
        e = inspector_link(q->ctx, version, q->params[0], api_text(q, "inspector"));
    if (e == ERR_MISSING || e == ERR_DUPLICATE || e == ERR_INPUT)
        return api_wrong(q, "inspector", e, q->ctx->why);
    return e == OK ? give(q) : e;
}

enum err
api_account_invite(struct api *q)
{
    return with_link(q, q->params[0]);
}

enum err
api_account_disable(struct api *q)
{
    enum err e = account_disable(q->ctx, q->params[0], api_text(q, "reason"));

    return e == OK ? give(q) : e;
}

enum err
api_account_enable(struct api *q)
{
    enum err e = account_enable(q->ctx, q->params[0], api_text(q, "reason"));

    return e == OK ? give(q) : e;
}

enum err
api_account_roles(struct api *q)
{
    const json_t *list = json_object_get(q->in, "roles");
    uint32_t roles = 0;
    enum err e = OK;

    for (size_t i = 0; i < json_array_size(list); i++) {
        enum account_role r;

        if (role_parse(str_of(json_string_value(json_array_get(list, i))), &r) != OK)
            return api_wrong(q, "roles", ERR_INPUT, NULL);
        roles |= 1u << r;
    }
    e = account_set_roles(q->ctx, q->params[0], roles);
    return e == OK ? give(q) : e == ERR_INPUT ? api_wrong(q, "roles", e, q->ctx->why) : e;
}

/* --- tables
 * ------------------------------------------------------------------------------------------------------- */

enum err
api_roles_get(struct api *q)
{
    json_t *rows = api_rows(q);

    for (int r = 0; r < ACCOUNT_ROLE_COUNT; r++) {
        const struct role_words *w = role_words((enum account_role) r);
        json_t *may = json_array();

        for (int p = 1; p < PERMIT_COUNT; p++)
            if (role_may((enum account_role) r, (enum permission) p))
                json_array_append_new(may, api_str(permission_words((enum permission) p)->id));
        json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", api_str(w->id), "zh",
                                              api_str(w->zh), "en", api_str(w->en), "kind", api_str(w->kind),
                                              "permissions", may));
    }
    return OK;
}

enum err
api_permissions_get(struct api *q)
{
    json_t *rows = api_rows(q);

    for (int p = 1; p < PERMIT_COUNT; p++) {
        const struct permission_words *w = permission_words((enum permission) p);

        json_array_append_new(rows, json_pack("{s:o, s:o, s:o}", "id", api_str(w->id), "zh", api_str(w->zh),
                                              "en", api_str(w->en)));
    }
    return OK;
}

static const struct {
    const char *beginning, *whose;
} ROWS_OF[] = {
#define ROWS(beginning, whose) {"/api/v1" beginning, whose},
#include "rows.def"
#undef ROWS
};

/* Whose rows a route names (rows.def): NULL when its pattern names none. */
static const char *
rows_of(const char *pattern)
{
    const char *whose = NULL;
    size_t longest = 0;

    for (size_t i = 0; i < sizeof ROWS_OF / sizeof *ROWS_OF; i++) {
        size_t n = strlen(ROWS_OF[i].beginning);

        if (n <= longest || strncmp(pattern, ROWS_OF[i].beginning, n) != 0 || (pattern[n] != '\0' && pattern[n] != '/'))
            continue;
        longest = n;
        whose = ROWS_OF[i].whose;
    }
    return whose;
}

enum err
api_access_get(struct api *q)
{
    json_t *rows = api_rows(q);

    for (size_t i = 0; i < api_route_count; i++) {
        const struct api_route *r = &api_routes[i];
        uint32_t roles = 0;

        for (int k = 0; k < ACCOUNT_ROLE_COUNT; k++)
            roles |= (uint32_t) roles_may(1u << k, r->permission) << k;
        json_array_append_new(rows, json_pack("{s:s, s:s, s:o, s:s, s:s, s:o, s:b, s:s?}", "method",
                                              METHODS[r->method], "path", r->pattern, "permission",
                                              api_str(permission_words(r->permission)->id), "clause",
                                              r->clause, "summary", r->summary, "roles", role_ids(roles),
                                              "anonymous", r->permission == PERMIT_NOBODY_ASKED, "rows",
                                              rows_of(r->pattern)));
    }
    return OK;
}
