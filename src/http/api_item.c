/* http/api_item.c - the item list 抽查事项清单 */
#include "api_handlers.h"
#include "api_item.h"
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
    json_object_update_new(v, json_pack("{s:o, s:b}", "target_tags", api_list(r->target_tags), "expert_needed",
                                        r->expert_needed.set && r->expert_needed.v != 0));
    return v;
}

bool
item_may_see(const struct api *q, struct str department, struct opt_i64 published_us)
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
            rows, json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "code",
                            api_str(r[i].code), "version", (json_int_t) r[i].version, "state",
                            api_str(r[i].state), "domain", api_str(r[i].domain), "name", api_str(r[i].name),
                            "class", api_str(r[i].class), "track", api_str(r[i].track), "department",
                            api_str(r[i].department), "partners", api_list(r[i].partners), "cap_bp",
                            api_i64(r[i].cap_bp), "frequency", api_str(r[i].frequency), "valid_to",
                            api_date(r[i].valid_to_day), "published", api_time(r[i].published_us), "in_force",
                            api_i64(r[i].in_force)));
    if (n > (size_t) limit)
        api_more(q, r[limit - 1].code);
    return OK;
}

static enum err
find_version(struct api *q, struct str code, int64_t version, struct item_latest_row *out)
{
    struct item_version_row r;
    enum err e = item_version(q->ctx->db, q->ctx->arena, &(struct item_version_in){code, version}, &r);

    if (e == OK && !item_may_see(q, r.department, r.published_us))
        e = ERR_NOT_FOUND;
    if (e != OK)
        return e;
    *out = (struct item_latest_row){
        r.code,         r.version,   r.state,        r.domain,      r.name,          r.class,       r.track,
        r.department,   r.partners,  r.levels,       r.target_scope, r.points,       r.methods,     r.legal_basis,
        r.cap_bp,       r.frequency, r.skills,       r.valid_from_day, r.valid_to_day, r.reason,    r.published_us,
        r.target_tags,  r.expert_needed};
    return OK;
}

/* The newest version that may be seen: of another department the newest that was published. */
static enum err
newest(struct api *q, struct str code, struct item_latest_row *out)
{
    struct item_versions_row *v;
    size_t n;
    int64_t version = 0;
    enum err e = item_latest(q->ctx->db, q->ctx->arena, &(struct item_latest_in){code}, out);

    if (e != OK || item_may_see(q, out->department, out->published_us))
        return e;
    e = item_versions(q->ctx->db, q->ctx->arena, &(struct item_versions_in){code}, &v, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        version = v[i].published_us.set ? v[i].version : version;
    return e == OK && version == 0 ? ERR_NOT_FOUND : e == OK ? find_version(q, code, version, out) : e;
}

static enum err
give_latest(struct api *q, struct str code)
{
    struct item_latest_row r;
    struct item_current_row current;
    enum err e = newest(q, code, &r);

    if (e != OK)
        return e;
    e = item_current(q->ctx->db, q->ctx->arena, &(struct item_current_in){code}, &current);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    q->etag = r.version;
    q->out = item_json(&r);
    json_object_set_new(q->out, "in_force", e == OK ? json_integer(current.version) : json_null());
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
    int64_t version = 0;
    enum err e = api_number_of(digits, &version);

    return e == OK ? find_version(q, q->params[0], version, out) : e;
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
    if (api_true(q, "expert_needed"))
        say->expert_needed = OPT(1);
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
        e = api_json(q, "target_tags", &say->target_tags);
    if (e == OK)
        e = api_day(q, "valid_from", &say->valid_from_day);
    if (e == OK)
        e = api_day(q, "valid_to", &say->valid_to_day);
    if (e == OK && q->errors == NULL)
        e = item_check(q->ctx, say, item_wrong_field, q);
    return e != OK ? e : q->errors != NULL ? ERR_INPUT : OK;
}

/* If-Match is asked for when it is there: two who revise the same version do not overwrite each other unseen. */
enum err
item_same_version(struct api *q, int64_t latest)
{
    int64_t seen;
    enum err e = q->call->if_match.n == 0 ? OK : api_if_match(q, &seen);

    return e == OK && q->call->if_match.n > 0 && seen != latest ? ERR_CONFLICT : e;
}

static enum err
draft(struct api *q, struct str code, bool is_new)
{
    struct item_put_in say;
    struct item_latest_row latest;
    int64_t version;
    enum err e = read_item(q, code, &say);

    if (e == OK && !is_new)
        e = newest(q, code, &latest);
    if (e == OK && !is_new)
        e = item_same_version(q, latest.version);
    if (e != OK)
        return e;
    e = item_propose(q->ctx, &say, is_new, &version);
    if (e == ERR_CHARSET || (e == ERR_EXISTS && is_new))
        return api_wrong(q, "code", e, NULL);
    if (e != OK)
        return e == ERR_MISSING ? api_wrong(q, "reason", e, NULL) : e;
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

/* The version that moves: the one named, or the newest. */
static enum err
moving(struct api *q, struct item_latest_row *r)
{
    struct opt_i64 version = api_number(q, "version");

    return version.set ? find_version(q, q->params[0], version.v, r) : newest(q, q->params[0], r);
}

enum err
api_item_move(struct api *q)
{
    struct item_latest_row r;
    enum item_state from, to;
    enum err e = moving(q, &r);

    if (e == OK && item_state_parse(api_text(q, "state"), &to) != OK)
        e = api_wrong(q, "state", ERR_INPUT, NULL);
    if (e == OK)
        e = item_state_parse(r.state, &from);
    if (e == OK)
        e = item_may_step(q, from, to);
    if (e == OK && from == ITEM_DRAFT && to == ITEM_LEGAL_REVIEW && item_lacks(&r, item_wrong_field, q))
        e = ERR_MISSING;
    if (e != OK)
        return e;
    e = item_move(q->ctx, q->params[0], r.version, to, api_text(q, "reason"));
    if (e == ERR_MISSING)
        return api_wrong(q, "reason", e, NULL);
    return e == OK ? give_latest(q, q->params[0]) : e;
}

enum err
api_item_reviews(struct api *q)
{
    struct item_latest_row r;
    enum err e = newest(q, q->params[0], &r);

    return e == OK ? item_give_reviews(q, STR("item"), q->params[0], r.department) : e;
}
