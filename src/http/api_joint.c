/* http/api_joint.c - joint items 联合抽查事项, bundles 综合查一次, 一业一查, and rules 联合抽查实施办法 */
#include "api_handlers.h"
#include "api_item.h"

static json_t *
joint_json(const struct item_joint_latest_row *r)
{
    json_t *v = json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "code", api_str(r->code), "version",
                          (json_int_t) r->version, "state", api_str(r->state), "kind", api_str(r->kind), "domain",
                          api_str(r->domain), "name", api_str(r->name), "target_scope", api_str(r->target_scope));

    json_object_update_new(v, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "lead", api_str(r->lead), "partners",
                                        api_list(r->partners), "levels", api_list(r->levels), "items",
                                        api_list(r->items), "body", api_str(r->body), "reason", api_str(r->reason), "published",
                                        api_time(r->published_us)));
    return v;
}

enum err
api_joints_get(struct api *q)
{
    struct item_joint_search_row *r;
    struct str after = api_query(q, "cursor");
    int64_t limit;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = item_joint_search(q->ctx->db, q->ctx->arena,
                              &(struct item_joint_search_in){after.n == 0 ? STR("!") : after, api_query(q, "q"),
                                                             api_query(q, "state"), api_query(q, "kind"),
                                                             api_query(q, "department"),
                                                             q->ctx->department.n == 0 ? NO_STR : q->ctx->department,
                                                             limit + 1},
                              &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(
            rows, joint_json(&(struct item_joint_latest_row){r[i].code, r[i].version, r[i].state, r[i].kind, r[i].domain,
                                                             r[i].name, r[i].target_scope, r[i].lead, r[i].partners,
                                                             r[i].levels, r[i].items, NO_STR, NO_STR, r[i].published_us}));
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].code);
    return OK;
}

static enum err
find_version(struct api *q, int64_t version, struct item_joint_latest_row *out)
{
    struct item_joint_version_row r;
    enum err e = item_joint_version(q->ctx->db, q->ctx->arena, &(struct item_joint_version_in){q->params[0], version}, &r);

    if (e == OK && !item_may_see(q, r.lead, r.published_us))
        e = ERR_NOT_FOUND;
    if (e == OK)
        *out = (struct item_joint_latest_row){r.code, r.version,  r.state,  r.kind,  r.domain, r.name,        r.target_scope,
                                              r.lead, r.partners, r.levels, r.items, r.body, r.reason, r.published_us};
    return e;
}

/* The newest version that may be seen: of another department the newest that was published. */
static enum err
newest(struct api *q, struct str code, struct item_joint_latest_row *out)
{
    struct item_joint_versions_row *v;
    size_t n;
    int64_t version = 0;
    enum err e = item_joint_latest(q->ctx->db, q->ctx->arena, &(struct item_joint_latest_in){code}, out);

    if (e != OK || item_may_see(q, out->lead, out->published_us))
        return e;
    e = item_joint_versions(q->ctx->db, q->ctx->arena, &(struct item_joint_versions_in){code}, &v, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        version = v[i].published_us.set ? v[i].version : version;
    return e == OK && version == 0 ? ERR_NOT_FOUND : e == OK ? find_version(q, version, out) : e;
}

static enum err
give_newest(struct api *q, struct str code)
{
    struct item_joint_latest_row r;
    enum err e = newest(q, code, &r);

    if (e == OK) {
        q->etag = r.version;
        q->out = joint_json(&r);
    }
    return e;
}

enum err
api_joint_get(struct api *q)
{
    return give_newest(q, q->params[0]);
}

enum err
api_joint_version(struct api *q)
{
    struct item_joint_latest_row r;
    int64_t version = 0;
    enum err e = api_number_of(q->params[1], &version);

    if (e == OK)
        e = find_version(q, version, &r);
    if (e == OK)
        q->out = joint_json(&r);
    return e;
}

enum err
api_joint_versions(struct api *q)
{
    struct item_joint_versions_row *r;
    size_t n;
    json_t *rows;
    enum err e = item_joint_versions(q->ctx->db, q->ctx->arena, &(struct item_joint_versions_in){q->params[0]}, &r, &n);

    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        if (item_may_see(q, r[i].lead, r[i].published_us))
            json_array_append_new(rows, json_pack("{s:I, s:o, s:o, s:o, s:o}", "version", (json_int_t) r[i].version,
                                                  "state", api_str(r[i].state), "name", api_str(r[i].name), "reason",
                                                  api_str(r[i].reason), "published", api_time(r[i].published_us)));
    return json_array_size(rows) == 0 ? ERR_NOT_FOUND : OK;
}

static enum err
read_joint(struct api *q, struct str code, struct item_joint_put_in *say)
{
    struct str lead = api_text(q, "lead"), kind = item_joint_kind(api_text(q, "kind"));
    enum err e;

    *say = (struct item_joint_put_in){.code = code,
                                      .state = STR("draft"),
                                      .kind = kind,
                                      .domain = api_text(q, "domain"),
                                      .name = api_text(q, "name"),
                                      .target_scope = api_text(q, "target_scope"),
                                      .lead = lead.n > 0 ? lead : q->ctx->department,
                                      .body = api_text(q, "body"),
                                      .reason = api_text(q, "reason")};
    if (say->lead.n == 0)
        return api_wrong(q, "lead", ERR_MISSING, NULL);
    e = api_json(q, "partners", &say->partners);
    if (e == OK)
        e = api_json(q, "levels", &say->levels);
    if (e == OK)
        e = api_json(q, "items", &say->items);
    return e == OK ? item_joint_check(q->ctx, say, item_wrong_field, q) : e;
}

static enum err
draft(struct api *q, struct str code, bool is_new)
{
    struct item_joint_put_in say;
    struct item_joint_latest_row latest;
    int64_t version;
    enum err e = read_joint(q, code, &say);

    if (e == OK && !is_new)
        e = newest(q, code, &latest);
    if (e == OK && !is_new)
        e = item_same_version(q, latest.version);
    if (e != OK)
        return e;
    e = item_joint_propose(q->ctx, &say, is_new, &version);
    if (e == ERR_CHARSET || (e == ERR_EXISTS && is_new))
        return api_wrong(q, "code", e, NULL);
    if (e != OK)
        return e == ERR_MISSING ? api_wrong(q, "reason", e, NULL) : e;
    q->status = version > 0 ? 201 : 200;
    return give_newest(q, code);
}

enum err
api_joints_post(struct api *q)
{
    return draft(q, api_text(q, "code"), true);
}

enum err
api_joint_revise(struct api *q)
{
    return draft(q, q->params[0], false);
}

enum err
api_joint_move(struct api *q)
{
    struct item_joint_latest_row r;
    struct opt_i64 version = api_number(q, "version");
    enum item_state from, to;
    enum err e = version.set ? find_version(q, version.v, &r) : newest(q, q->params[0], &r);

    if (e == OK && item_state_parse(api_text(q, "state"), &to) != OK)
        e = api_wrong(q, "state", ERR_INPUT, NULL);
    if (e == OK)
        e = item_state_parse(r.state, &from);
    if (e == OK)
        e = item_may_step(q, from, to);
    if (e == OK && from == ITEM_DRAFT && to == ITEM_LEGAL_REVIEW && item_joint_lacks(&r, item_wrong_field, q))
        e = ERR_MISSING;
    if (e != OK)
        return e;
    e = item_joint_move(q->ctx, q->params[0], r.version, to, api_text(q, "reason"));
    if (e == ERR_MISSING)
        return api_wrong(q, "reason", e, NULL);
    return e == OK ? give_newest(q, q->params[0]) : e;
}

enum err
api_joint_reviews(struct api *q)
{
    struct item_joint_latest_row r;
    enum err e = newest(q, q->params[0], &r);

    return e == OK ? item_give_reviews(q, STR("joint"), q->params[0], r.lead) : e;
}
