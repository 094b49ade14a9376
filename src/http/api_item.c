/* http/api_item.c - the item list 抽查事项清单 */
#include "api_handlers.h"
#include "mod/item/item.h"

static json_t *
item_json(const struct item_latest_row *r)
{
    json_t *v =
        json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "code", api_str(r->code),
                  "version", (json_int_t) r->version, "state", api_str(r->state), "domain",
                  api_str(r->domain), "name", api_str(r->name), "class", api_str(r->class), "track",
                  api_str(r->track), "department", api_str(r->department), "partners", api_list(r->partners),
                  "levels", api_list(r->levels), "target_scope", api_str(r->target_scope));

    json_object_update_new(
        v, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "points", api_list(r->points),
                     "methods", api_list(r->methods), "legal_basis", api_list(r->legal_basis), "cap_bp",
                     api_i64(r->cap_bp), "frequency", api_str(r->frequency), "skills", api_list(r->skills),
                     "valid_from", api_date(r->valid_from_day), "valid_to", api_date(r->valid_to_day),
                     "reason", api_str(r->reason), "published", api_time(r->published_us)));
    return v;
}

static bool
may_see(const struct api *q, struct str department, struct opt_i64 published_us)
{
    return q->ctx->department.n == 0 || published_us.set || str_eq(q->ctx->department, department);
}

enum err
api_items_get(struct api *q)
{
    struct item_search_row *r;
    int64_t limit;
    size_t n;
    json_t *rows;
    struct str after = api_query(q, "cursor");
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = item_search(
            q->ctx->db, q->ctx->arena,
            &(struct item_search_in){after.n == 0 ? STR("!") : after, api_query(q, "q"),
                                     api_query(q, "state"), api_query(q, "class"), api_query(q, "department"),
                                     q->ctx->department.n == 0 ? NO_STR : q->ctx->department, limit + 1},
            &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "code",
                            api_str(r[i].code), "version", (json_int_t) r[i].version, "state",
                            api_str(r[i].state), "domain", api_str(r[i].domain), "name", api_str(r[i].name),
                            "class", api_str(r[i].class), "track", api_str(r[i].track), "department",
                            api_str(r[i].department), "partners", api_list(r[i].partners), "cap_bp",
                            api_i64(r[i].cap_bp), "frequency", api_str(r[i].frequency), "valid_to",
                            api_date(r[i].valid_to_day), "published", api_time(r[i].published_us)));
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].code);
    return OK;
}

static enum err
give_latest(struct api *q, struct str code)
{
    struct item_latest_row r;
    enum err e = item_latest(q->ctx->db, q->ctx->arena, &(struct item_latest_in){code}, &r);

    if (e == OK && !may_see(q, r.department, r.published_us))
        e = ERR_NOT_FOUND;
    if (e != OK)
        return e;
    q->etag = r.version;
    q->out = item_json(&r);
    return OK;
}

enum err
api_item_get(struct api *q)
{
    return give_latest(q, q->params[0]);
}

static enum err
get_version(struct api *q, struct str digits, struct item_latest_row *out)
{
    struct item_version_row r;
    int64_t version = 0;
    enum err e = api_number_of(digits, &version);

    if (e == OK)
        e = item_version(q->ctx->db, q->ctx->arena, &(struct item_version_in){q->params[0], version}, &r);
    if (e == OK && !may_see(q, r.department, r.published_us))
        e = ERR_NOT_FOUND;
    if (e != OK)
        return e;
    *out = (struct item_latest_row){
        r.code,       r.version,   r.state,  r.domain,         r.name,         r.class,   r.track,
        r.department, r.partners,  r.levels, r.target_scope,   r.points,       r.methods, r.legal_basis,
        r.cap_bp,     r.frequency, r.skills, r.valid_from_day, r.valid_to_day, r.reason,  r.published_us};
    return OK;
}

enum err
api_item_version(struct api *q)
{
    struct item_latest_row r;
    enum err e = get_version(q, q->params[1], &r);

    if (e == OK)
        q->out = item_json(&r);
    return e;
}

enum err
api_item_versions(struct api *q)
{
    struct item_versions_row *r;
    struct item_latest_row latest;
    size_t n;
    json_t *rows;
    enum err e = item_latest(q->ctx->db, q->ctx->arena, &(struct item_latest_in){q->params[0]}, &latest);
    bool own = e == OK && (q->ctx->department.n == 0 || str_eq(q->ctx->department, latest.department));

    if (e == OK)
        e = item_versions(q->ctx->db, q->ctx->arena, &(struct item_versions_in){q->params[0]}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        if (own || r[i].published_us.set)
            json_array_append_new(rows, json_pack("{s:I, s:o, s:o, s:o, s:o}", "version",
                                                  (json_int_t) r[i].version, "state", api_str(r[i].state),
                                                  "name", api_str(r[i].name), "reason", api_str(r[i].reason),
                                                  "published", api_time(r[i].published_us)));
    return json_array_size(rows) == 0 ? ERR_NOT_FOUND : OK;
}

enum err
api_item_diff(struct api *q)
{
    static const char *const NEVER[] = {"version", "state", "published", "reason"};
    struct item_latest_row a, b;
    json_t *before, *after, *rows, *v;
    const char *key;
    enum err e = get_version(q, api_query(q, "from"), &a);

    if (e == OK)
        e = get_version(q, api_query(q, "to"), &b);
    if (e != OK)
        return e;
    before = item_json(&a);
    after = item_json(&b);
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++)
        json_object_del(before, NEVER[i]);
    rows = api_rows(q);
    json_object_foreach(before, key, v) if (!json_equal(v, json_object_get(after, key)))
        json_array_append_new(rows, json_pack("{s:s, s:O, s:O}", "field", key, "before", v, "after",
                                              json_object_get(after, key)));
    json_decref(before);
    json_decref(after);
    return OK;
}

/* A word of a closed list. */
static struct str
word(struct api *q, const char *name, struct str (*id_of)(struct str), struct str fallback)
{
    struct str said = api_text(q, name), id = said.n == 0 ? fallback : id_of(said);

    if (id.n == 0)
        (void) !api_wrong(q, name, ERR_INPUT, NULL);
    return id;
}

static enum err
read_item(struct api *q, struct str code, struct item_put_in *say)
{
    struct str department = api_text(q, "department");
    enum err e;

    *say = (struct item_put_in){.code = code,
                                .state = STR("draft"),
                                .domain = api_text(q, "domain"),
                                .name = api_text(q, "name"),
                                .class = word(q, "class", item_class, NO_STR),
                                .track = word(q, "track", item_track, STR("random")),
                                .department = department.n > 0 ? department : q->ctx->department,
                                .target_scope = api_text(q, "target_scope"),
                                .cap_bp = api_number(q, "cap_bp"),
                                .frequency = api_text(q, "frequency"),
                                .reason = api_text(q, "reason")};
    if (say->department.n == 0)
        (void) !api_wrong(q, "department", ERR_MISSING, NULL);
    if (say->cap_bp.set && (say->cap_bp.v < 0 || say->cap_bp.v > 10000))
        (void) !api_wrong(q, "cap_bp", ERR_RANGE, NULL);
    e = api_json(q, "partners", &say->partners);
    if (e == OK)
        e = api_json(q, "levels", &say->levels);
    if (e == OK)
        e = api_json(q, "points", &say->points);
    if (e == OK)
        e = api_json(q, "methods", &say->methods);
    if (e == OK)
        e = api_json(q, "legal_basis", &say->legal_basis);
    if (e == OK)
        e = api_json(q, "skills", &say->skills);
    if (e == OK)
        e = api_day(q, "valid_from", &say->valid_from_day);
    if (e == OK)
        e = api_day(q, "valid_to", &say->valid_to_day);
    return e != OK ? e : q->errors != NULL ? ERR_INPUT : OK;
}

static enum err
draft(struct api *q, struct str code, bool is_new)
{
    struct item_put_in say;
    int64_t version;
    enum err e = read_item(q, code, &say);

    if (e == OK)
        e = item_propose(q->ctx, &say, is_new, &version);
    if (e != OK)
        return e == ERR_CHARSET ? api_wrong(q, "code", e, q->ctx->why) : e;
    q->status = version > 0 ? 201 : 200;
    return give_latest(q, code);
}

enum err
api_items_post(struct api *q)
{
    return draft(q, api_text(q, "code"), true);
}

enum err
api_item_revise(struct api *q)
{
    return draft(q, q->params[0], false);
}

/* Handing in and taking back a draft is the clerk's, everything else the reviewer's. */
static enum permission
needed(enum item_state from, enum item_state to)
{
    return from == ITEM_DRAFT && to == ITEM_LEGAL_REVIEW ? PERMIT_ITEM_EDIT : PERMIT_ITEM_PUBLISH;
}

enum err
api_item_move(struct api *q)
{
    struct item_latest_row r;
    enum item_state from, to;
    enum err e = item_latest(q->ctx->db, q->ctx->arena, &(struct item_latest_in){q->params[0]}, &r);

    if (e == OK && !may_see(q, r.department, r.published_us))
        e = ERR_NOT_FOUND;
    if (e == OK && item_state_parse(api_text(q, "state"), &to) != OK)
        e = api_wrong(q, "state", ERR_INPUT, NULL);
    if (e == OK)
        e = item_state_parse(r.state, &from);
    if (e == OK && !roles_may(q->who.roles, needed(from, to)))
        e = ERR_PERMISSION;
    if (e == OK)
        e = item_move(q->ctx, q->params[0], to, api_text(q, "reason"));
    return e == OK ? give_latest(q, q->params[0]) : e;
}
