/* mod/import/snapshot.c - see snapshot.h */
#include "mod/import/snapshot.h"

#include <string.h>

#include "mod/expert/expert.h"
#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/person/person.h"
#include "mod/report_sql.h"
#include "mod/target/target.h"

/* rows of queries ----------------------------------------------------------------------------------------------- */

json_t *
snapshot_row(const struct db_field *fields, size_t count, const void *row)
{
    json_t *out = json_object();

    for (size_t i = 0; i < count && out != NULL; i++) {
        const void *p = (const char *) row + fields[i].offset_bytes;
        const struct opt_i64 *optional = p;
        const struct str *text = p;

        if (fields[i].type == DB_TEXT && text->n > 0)
            json_object_set_new(out, fields[i].name, json_stringn(text->p, text->n));
        else if (fields[i].type == DB_I64 && !fields[i].nullable)
            json_object_set_new(out, fields[i].name, json_integer(*(const int64_t *) p));
        else if (fields[i].type == DB_I64 && optional->set)
            json_object_set_new(out, fields[i].name, json_integer(optional->v));
    }
    return out;
}

void
snapshot_fill(const struct db_field *fields, size_t count, void *row, const json_t *object)
{
    for (size_t i = 0; i < count; i++) {
        void *p = (char *) row + fields[i].offset_bytes;
        const json_t *v = json_object_get(object, fields[i].name);

        if (fields[i].type == DB_TEXT)
            *(struct str *) p = json_is_string(v) ? (struct str) {json_string_value(v), json_string_length(v)}
                                                  : (struct str) {NULL, 0};
        else if (fields[i].type == DB_I64 && fields[i].nullable)
            *(struct opt_i64 *) p = (struct opt_i64) {json_is_integer(v), json_integer_value(v)};
        else if (fields[i].type == DB_I64)
            *(int64_t *) p = json_integer_value(v);
    }
}

#define ROW(query, row) snapshot_row((query).out, (query).out_count, (row))
#define FILL(query, row, object) snapshot_fill((query).in, (query).in_count, (row), (object))

bool
snapshot_same(const json_t *a, const json_t *b)
{
    static const char *const WHEN[] = {"row_version", "updated_us", "source"};
    json_t *x = json_copy((json_t *) a), *y = json_copy((json_t *) b);
    bool same;

    for (size_t i = 0; i < sizeof WHEN / sizeof *WHEN; i++) {
        json_object_del(x, WHEN[i]);
        json_object_del(y, WHEN[i]);
    }
    same = (x == NULL) == (y == NULL) && (x == NULL || json_equal(x, y) == 1);
    json_decref(x);
    json_decref(y);
    return same;
}

/* targets ------------------------------------------------------------------------------------------------------- */

static enum err
target_now(struct ctx *c, struct str code, struct target_page_row *out)
{
    struct target_page_row *rows;
    size_t n;
    enum err e = target_page(c->db, c->arena, &(struct target_page_in) {code, 1}, &rows, &n);

    if (e == OK && (n == 0 || !str_eq(rows[0].code, code)))
        return ERR_NOT_FOUND;
    if (e == OK)
        *out = rows[0];
    return e;
}

static enum err
target_take(struct ctx *c, struct str key, json_t **out)
{
    struct target_page_row row;
    enum err e = target_now(c, key, &row);

    if (e == OK)
        *out = ROW(target_page_query, &row);
    return e;
}

static enum err
target_restore(struct ctx *c, struct str key, const json_t *before, int64_t since_us, bool *referred)
{
    struct report_target_refers_row refers = {0};
    struct target_update_in to;
    struct target_page_row now;
    enum err e = target_now(c, key, &now);

    if (e == OK && before == NULL)
        e = report_target_refers(c->db, c->arena, &(struct report_target_refers_in) {key, {true, since_us}}, &refers);
    if (e != OK)
        return e;
    if (before == NULL) {
        *referred = refers.refers != 0 || now.last_visit_day.set;
        return *referred ? OK : target_withdraw(c, &now);
    }
    FILL(target_update_query, &to, before);
    to.row_version = now.row_version;
    to.updated_us = c->now_us;
    e = target_settle(c->arena, &now, &to);
    return e == OK ? target_change(c, &now, &to, STR("import.undo")) : e;
}

/* items: an import drafts versions; undoing takes the draft back ---------------------------------------------------- */

static enum err
item_take(struct ctx *c, struct str key, json_t **out)
{
    struct item_latest_row row;
    enum err e = item_latest(c->db, c->arena, &(struct item_latest_in) {key}, &row);

    if (e == OK)
        *out = ROW(item_latest_query, &row);
    return e;
}

static enum err
item_restore(struct ctx *c, struct str key, const json_t *before, int64_t since_us, bool *referred)
{
    struct item_latest_row row;
    enum err e = item_latest(c->db, c->arena, &(struct item_latest_in) {key}, &row);

    (void) before;
    (void) since_us;
    if (e != OK)
        return e;
    *referred = !str_eq(row.state, item_state_name(ITEM_DRAFT)); /* a published version is a fact */
    return *referred ? OK : item_withdraw(c->db, &(struct item_withdraw_in) {key, row.version});
}

static enum err
joint_take(struct ctx *c, struct str key, json_t **out)
{
    struct item_joint_latest_row row;
    enum err e = item_joint_latest(c->db, c->arena, &(struct item_joint_latest_in) {key}, &row);

    if (e == OK)
        *out = ROW(item_joint_latest_query, &row);
    return e;
}

static enum err
joint_restore(struct ctx *c, struct str key, const json_t *before, int64_t since_us, bool *referred)
{
    struct item_joint_latest_row row;
    enum err e = item_joint_latest(c->db, c->arena, &(struct item_joint_latest_in) {key}, &row);

    (void) before;
    (void) since_us;
    if (e != OK)
        return e;
    *referred = !str_eq(row.state, item_state_name(ITEM_DRAFT));
    return *referred ? OK : item_joint_withdraw(c->db, &(struct item_joint_withdraw_in) {key, row.version});
}

/* inspectors with certificates, leaves, recusals -------------------------------------------------------------------- */

/* Telephone and identity number as they lie sealed, in hex: a snapshot tells nobody more than the table does. */
static enum err
private_take(struct ctx *c, struct str registry, struct str key, json_t *out)
{
    struct person_private_get_row row;
    enum err e = person_private_get(c->db, c->arena, &(struct person_private_get_in) {registry, key}, &row);
    const struct {
        const char *name;
        struct str sealed;
    } BOTH[] = {{"phone_sealed", row.phone}, {"id_no_sealed", row.id_no}};

    for (size_t i = 0; e == OK && i < 2; i++) {
        char *hex = BOTH[i].sealed.n == 0 ? NULL : arena_alloc(c->arena, 2 * BOTH[i].sealed.n);

        if (hex == NULL)
            continue;
        hex_encode(BOTH[i].sealed.p, BOTH[i].sealed.n, hex);
        json_object_set_new(out, BOTH[i].name, json_stringn(hex, 2 * BOTH[i].sealed.n));
    }
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
sealed_of(struct ctx *c, const json_t *before, const char *name, struct str *out)
{
    const json_t *v = json_object_get(before, name);
    size_t n = json_string_length(v) / 2;
    char *p = n == 0 ? NULL : arena_alloc(c->arena, n);

    *out = (struct str) {p, p == NULL ? 0 : n};
    if (n > 0 && p == NULL)
        return ERR_MEMORY;
    return n == 0 ? OK : hex_decode((struct str) {json_string_value(v), 2 * n}, p, n);
}

static enum err
private_restore(struct ctx *c, struct str registry, struct str key, const json_t *before)
{
    struct person_private_put_in in = {.registry = registry, .code = key, .updated_us = c->now_us};
    enum err e = sealed_of(c, before, "phone_sealed", &in.phone);

    if (e == OK)
        e = sealed_of(c, before, "id_no_sealed", &in.id_no);
    if (e != OK)
        return e;
    return in.phone.n + in.id_no.n > 0 ? person_private_put(c->db, &in)
                                       : person_private_forget(c->db, &(struct person_private_forget_in) {registry, key});
}

#define LIST(name, query, type)                                                                                        \
    do {                                                                                                               \
        type##_row *rows;                                                                                              \
        size_t n = 0;                                                                                                  \
        json_t *list = json_array();                                                                                   \
                                                                                                                       \
        e = query(c->db, c->arena, &(type##_in) {key}, &rows, &n);                                                     \
        for (size_t i = 0; i < n && e == OK; i++)                                                                      \
            json_array_append_new(list, ROW(query##_query, &rows[i]));                                                 \
        json_object_set_new(*out, name, list);                                                                         \
    } while (0)

static json_t *
recused(const json_t *recusals)
{
    json_t *list = json_array();
    size_t i;
    const json_t *v;

    json_array_foreach(recusals, i, v) if (json_object_get(v, "ended_us") == NULL)
        json_array_append(list, json_object_get(v, "target"));
    return list;
}

static enum err
inspector_take(struct ctx *c, struct str key, json_t **out)
{
    struct inspector_get_row row;
    enum err e = inspector_get(c->db, c->arena, &(struct inspector_get_in) {key}, &row);

    if (e != OK)
        return e;
    *out = ROW(inspector_get_query, &row);
    LIST("certificates", inspector_certificates_of, struct inspector_certificates_of);
    if (e == OK)
        LIST("leaves", inspector_leaves_of, struct inspector_leaves_of);
    if (e == OK)
        LIST("recusals", inspector_recusals_of, struct inspector_recusals_of);
    if (e == OK)
        json_object_set_new(*out, "recusal_targets", recused(json_object_get(*out, "recusals")));
    return e == OK ? private_take(c, STR("inspector"), key, *out) : e;
}

/* Is a part with the same value of this field in the list? */
static bool
list_has(const json_t *list, const char *field, const json_t *part)
{
    size_t i;
    const json_t *v;

    json_array_foreach(list, i, v) if (json_equal(json_object_get(v, field), json_object_get(part, field)) == 1) return true;
    return false;
}

static struct str
text_in(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);

    return json_is_string(v) ? (struct str) {json_string_value(v), json_string_length(v)} : (struct str) {NULL, 0};
}

/* Take away what `before` does not have. */
static enum err
drop_parts(struct ctx *c, struct str key, const json_t *now, const json_t *before)
{
    size_t i;
    const json_t *v;
    enum err e = OK;

    json_array_foreach(json_object_get(now, "certificates"), i, v) if (e == OK &&
        !list_has(json_object_get(before, "certificates"), "kind", v)) e =
        inspector_certificate_withdraw(c->db, &(struct inspector_certificate_withdraw_in) {key, text_in(v, "kind")});
    json_array_foreach(json_object_get(now, "leaves"), i, v) if (e == OK &&
        !list_has(json_object_get(before, "leaves"), "from_day", v)) e =
        inspector_leave_withdraw(c->db, &(struct inspector_leave_withdraw_in) {
                                            key, json_integer_value(json_object_get(v, "from_day"))});
    json_array_foreach(json_object_get(now, "recusals"), i, v) if (e == OK &&
        !list_has(json_object_get(before, "recusals"), "target", v)) e =
        inspector_recusal_withdraw(c->db, &(struct inspector_recusal_withdraw_in) {key, text_in(v, "target")});
    return e;
}

/* Bring back what `before` has. */
static enum err
put_parts(struct ctx *c, struct str key, const json_t *before)
{
    struct inspector_put_in row;
    size_t i;
    const json_t *v;
    enum err e;

    FILL(inspector_put_query, &row, before);
    row.code = key;
    row.updated_us = c->now_us;
    e = inspector_put(c->db, &row);
    json_array_foreach(json_object_get(before, "certificates"), i, v) if (e == OK)
    {
        struct inspector_certificate_put_in in;

        FILL(inspector_certificate_put_query, &in, v);
        in.inspector = key;
        e = inspector_certificate_put(c->db, &in);
    }
    json_array_foreach(json_object_get(before, "leaves"), i, v) if (e == OK)
    {
        struct inspector_leave_put_in in;

        FILL(inspector_leave_put_query, &in, v);
        in.inspector = key;
        e = inspector_leave_put(c->db, &in);
    }
    return e;
}

static enum err
inspector_restore(struct ctx *c, struct str key, const json_t *before, int64_t since_us, bool *referred)
{
    struct report_inspector_refers_row refers = {0};
    json_t *now = NULL;
    enum err e = inspector_take(c, key, &now);

    (void) since_us;
    if (e == OK && before == NULL)
        e = report_inspector_refers(c->db, c->arena, &(struct report_inspector_refers_in) {key}, &refers);
    *referred = refers.refers != 0;
    if (e == OK && !*referred)
        e = drop_parts(c, key, now, before);
    if (e == OK && !*referred)
        e = before == NULL ? inspector_withdraw(c->db, &(struct inspector_withdraw_in) {key}) : put_parts(c, key, before);
    if (e == OK && !*referred)
        e = private_restore(c, STR("inspector"), key, before);
    json_decref(now);
    return e;
}

/* experts, recusals ------------------------------------------------------------------------------------------------- */

static enum err
expert_take(struct ctx *c, struct str key, json_t **out)
{
    struct expert_get_row row;
    enum err e = expert_get(c->db, c->arena, &(struct expert_get_in) {key}, &row);

    if (e == OK)
        *out = ROW(expert_get_query, &row);
    return e == OK ? private_take(c, STR("expert"), key, *out) : e;
}

static enum err
expert_restore(struct ctx *c, struct str key, const json_t *before, int64_t since_us, bool *referred)
{
    struct report_expert_refers_row refers = {0};
    struct expert_put_in row;
    enum err e = OK;

    (void) since_us;
    if (before == NULL)
        e = report_expert_refers(c->db, c->arena, &(struct report_expert_refers_in) {key}, &refers);
    *referred = refers.refers != 0;
    if (e != OK || *referred)
        return e;
    FILL(expert_put_query, &row, before);
    row.updated_us = c->now_us;
    e = before == NULL ? expert_withdraw(c->db, &(struct expert_withdraw_in) {key}) : expert_put(c->db, &row);
    return e == OK ? private_restore(c, STR("expert"), key, before) : e;
}

static enum err
recusal_take(struct ctx *c, struct str key, json_t **out)
{
    struct inspector_recusal_get_row row;
    struct str inspector, target;
    enum err e = str_split(key, '\n', &inspector, &target) ? OK : ERR_INTERNAL;

    if (e == OK)
        e = inspector_recusal_get(c->db, c->arena, &(struct inspector_recusal_get_in) {inspector, target}, &row);
    if (e != OK)
        return e;
    *out = ROW(inspector_recusal_get_query, &row);
    json_object_set_new(*out, "inspector", json_stringn(inspector.p, inspector.n));
    json_object_set_new(*out, "target", json_stringn(target.p, target.n));
    return OK;
}

static enum err
recusal_restore(struct ctx *c, struct str key, const json_t *before, int64_t since_us, bool *referred)
{
    struct str inspector, target;

    (void) since_us;
    (void) referred;
    if (before != NULL || !str_split(key, '\n', &inspector, &target))
        return OK; /* an import never changes a recusal */
    return inspector_recusal_withdraw(c->db, &(struct inspector_recusal_withdraw_in) {inspector, target});
}

/* all kinds --------------------------------------------------------------------------------------------------------- */

static const struct {
    enum err (*take)(struct ctx *c, struct str key, json_t **out);
    enum err (*restore)(struct ctx *c, struct str key, const json_t *before, int64_t since_us, bool *referred);
} REGISTERS[IMPORT_KIND_COUNT] = {
    [IMPORT_TARGETS] = {target_take, target_restore},          [IMPORT_ITEMS] = {item_take, item_restore},
    [IMPORT_INSPECTORS] = {inspector_take, inspector_restore}, [IMPORT_EXPERTS] = {expert_take, expert_restore},
    [IMPORT_RECUSALS] = {recusal_take, recusal_restore},       [IMPORT_JOINT] = {joint_take, joint_restore},
};

enum err
snapshot_take(struct ctx *c, enum import_kind kind, struct str key, json_t **out)
{
    enum err e;

    *out = NULL;
    e = REGISTERS[kind].take(c, key, out);
    if (e == OK && *out == NULL)
        return ERR_MEMORY;
    if (e != OK)
        json_decref(*out);
    if (e != OK)
        *out = NULL;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err
snapshot_restore(struct ctx *c, enum import_kind kind, struct str key, const json_t *before, int64_t since_us, bool *referred)
{
    *referred = false;
    return REGISTERS[kind].restore(c, key, before, since_us, referred);
}
