/* mod/target/target_filter.c - scopes as filters, and filters under a name 已存筛选 */
#include <string.h>

#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/target/target_int.h"

/* --- scope to filter
 * ---------------------------------------------------------------------------------------------------- */

/* One a line; regions without their zeros. */
static enum err
lines_of(struct ctx *c, const struct texts *t, bool regions, struct str *out)
{
    size_t bytes = 1;
    struct buf b;
    enum err e;

    *out = (struct str){NULL, 0};
    for (size_t i = 0; i < t->count; i++)
        bytes += t->v[i].n + 1;
    if (t->count == 0 || (e = buf_in(c, bytes, &b)) != OK)
        return t->count == 0 ? OK : e;
    for (size_t i = 0; i < t->count; i++) {
        buf_z(&b, i > 0 ? "\n" : "");
        buf_str(&b, regions ? terms_region(t->v[i]) : t->v[i]);
    }
    *out = buf_view(&b);
    return OK;
}

/* Codes alone: they become a pattern on PostgreSQL. */
static bool
are_codes(const struct texts *t)
{
    for (size_t i = 0; i < t->count; i++)
        for (size_t k = 0; k < t->v[i].n; k++) {
            char ch = t->v[i].p[k];

            if (!((ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z')))
                return false;
        }
    return true;
}

static bool
on_one_line(const struct texts *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (memchr(t->v[i].p, '\n', t->v[i].n) != NULL)
            return false;
    return true;
}

enum err
target_where_of(struct ctx *c, const struct scope *s, struct target_where *out)
{
    struct target_where w = {.established_from_day = s->established_from,
                             .established_to_day = s->established_to,
                             .visited_before_day = s->visited_before,
                             .licence_before_day = s->licence_before};
    const struct {
        const struct texts *from;
        struct str *to;
    } LISTS[] = {{&s->kinds, &w.kinds},       {&s->entity_types, &w.entity_types}, {&s->statuses, &w.statuses},
                 {&s->tags, &w.tags_any},     {&s->risk_classes, &w.risk_classes}, {&s->regions, &w.regions},
                 {&s->tags_all, &w.tags_all}, {&s->industries, &w.industries},     {&s->departments, &w.departments},
                 {&s->tags_none, &w.tags_none}};
    enum err e = OK;

    if (!are_codes(&s->regions) || !are_codes(&s->industries))
        return ctx_refuse(c, ERR_CHARSET, "regions and industries are codes of 0-9 and A-Z");
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS && e == OK; i++) {
        if (!on_one_line(LISTS[i].from))
            return ctx_refuse(c, ERR_CHARSET, "an entry of a scope is one line");
        e = lines_of(c, LISTS[i].from, LISTS[i].from == &s->regions, LISTS[i].to);
    }
    *out = w;
    return e;
}

/* --- filters under a name
 * ----------------------------------------------------------------------------------------------- */

static bool
may_use(const struct ctx *c, struct str owner, struct str department, bool shared)
{
    if (str_eq(owner, c->actor))
        return true;
    return shared && (c->department.n == 0 || department.n == 0 || str_eq(department, c->department));
}

enum err
target_filter_see(struct ctx *c, int64_t id, struct target_filter_get_row *out)
{
    enum err e = target_filter_get(c->db, c->arena, &(struct target_filter_get_in){id}, out);

    return e == OK && !may_use(c, out->owner, out->department, out->shared != 0) ? ERR_NOT_FOUND : e;
}

enum err
target_filter_all(struct ctx *c, struct target_filter_list_row **rows, size_t *count)
{
    return target_filter_list(c->db, c->arena, &(struct target_filter_list_in){c->actor, c->department}, rows, count);
}

/* One text as a list, when there is none yet. */
static enum err
default_list(struct ctx *c, struct texts *list, struct str only)
{
    if (list->count > 0 || only.n == 0)
        return OK;
    list->v = arena_array(c->arena, 1, sizeof *list->v);
    if (list->v == NULL)
        return ERR_MEMORY;
    list->v[0] = only;
    list->count = 1;
    return OK;
}

/* The canonical text of a scope, never wider than what its maker sees. */
static enum err
own_scope(struct ctx *c, struct str json, struct str *out)
{
    struct scope s;
    struct target_where checked;
    enum err e = terms_scope(c, json, &s);

    if (e == OK)
        e = target_where_of(c, &s, &checked);
    if (e == OK)
        e = default_list(c, &s.regions, c->region);
    if (e == OK)
        e = default_list(c, &s.departments, c->department);
    for (size_t i = 0; e == OK && i < s.regions.count; i++)
        if (c->region.n > 0 && !str_starts(terms_region(s.regions.v[i]), c->region))
            e = ctx_refuse(c, ERR_PERMISSION, "region %.*s is outside one's own", (int) s.regions.v[i].n, s.regions.v[i].p);
    return e == OK ? terms_scope_text(c, &s, out) : e;
}

static enum err
name_free(struct ctx *c, struct str name, int64_t but)
{
    struct target_filter_list_row *rows;
    size_t n;
    enum err e = target_filter_all(c, &rows, &n);

    if (e == OK && (name.n == 0 || name.n > TARGET_FILTER_NAME_MAX))
        return ERR_LENGTH;
    for (size_t i = 0; e == OK && i < n; i++)
        if (rows[i].id != but && str_eq(rows[i].name, name))
            e = ERR_EXISTS;
    return e;
}

static enum err
journal_filter(struct ctx *c, struct str act, int64_t id)
{
    char text[40];
    struct buf b = buf_over(text, sizeof text);

    buf_z(&b, "filter/");
    buf_i64(&b, id);
    return journal_add(c, &(struct journal_act){act, buf_view(&b), {NULL, 0}});
}

static enum err
add(struct ctx *c, const struct target_filter *say, int64_t *id)
{
    struct str scope;
    enum err e = name_free(c, say->name, 0);

    if (e == OK)
        e = own_scope(c, say->scope, &scope);
    if (e == OK)
        e = ctx_new_id(c, id);
    if (e == OK)
        e = target_filter_insert(c->db, &(struct target_filter_insert_in){*id, say->name, c->department, c->actor,
                                                                          say->shared, scope, c->now_us});
    return e == OK ? journal_filter(c, STR("filter.add"), *id) : e;
}

enum err
target_filter_add(struct ctx *c, const struct target_filter *say, int64_t *id)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, add(c, say, id)) : e;
}

static enum err
change(struct ctx *c, int64_t id, int64_t row_version, const struct target_filter *say)
{
    struct target_filter_get_row old;
    struct str scope;
    enum err e = target_filter_see(c, id, &old);

    if (e == OK && old.row_version != row_version)
        e = ERR_CONFLICT;
    if (e == OK)
        e = name_free(c, say->name, id);
    if (e == OK)
        e = own_scope(c, say->scope, &scope);
    if (e == OK)
        e = target_filter_update(
            c->db, &(struct target_filter_update_in){id, row_version, say->name, say->shared, scope, c->now_us});
    return e == OK ? journal_filter(c, STR("filter.change"), id) : e;
}

enum err
target_filter_change(struct ctx *c, int64_t id, int64_t row_version, const struct target_filter *say)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, change(c, id, row_version, say)) : e;
}

static enum err
drop(struct ctx *c, int64_t id)
{
    struct target_filter_get_row old;
    enum err e = target_filter_see(c, id, &old);

    if (e == OK)
        e = target_filter_delete(c->db, &(struct target_filter_delete_in){id});
    return e == OK ? journal_filter(c, STR("filter.drop"), id) : e;
}

enum err
target_filter_drop(struct ctx *c, int64_t id)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, drop(c, id)) : e;
}

/* By id, when it is one. ERR_NOT_FOUND otherwise. */
static enum err
by_id(struct ctx *c, struct str filter, struct str *scope)
{
    struct target_filter_get_row row;
    uint64_t id;
    enum err e = str_u64(filter, INT64_MAX, &id) == OK ? target_filter_see(c, (int64_t) id, &row) : ERR_NOT_FOUND;

    if (e == OK)
        *scope = row.scope;
    return e;
}

enum err
target_filter_scope(struct ctx *c, struct str filter, struct str *scope)
{
    struct target_filter_list_row *rows;
    size_t n, found = 0;
    enum err e = by_id(c, filter, scope);

    if (e != ERR_NOT_FOUND || (e = target_filter_all(c, &rows, &n)) != OK)
        return e;
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].name, filter)) {
            *scope = rows[i].scope;
            found++;
        }
    if (found == 1)
        return OK;
    return ctx_refuse(c, found == 0 ? ERR_NOT_FOUND : ERR_DUPLICATE, "saved filter \"%.*s\"", (int) filter.n, filter.p);
}
