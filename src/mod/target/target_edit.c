/* mod/target/target_edit.c - the registry as people read and change it: row scope, single edits, tags, departments */
#include <stdio.h>
#include <string.h>

#include "core/hash.h"
#include "core/uscc.h"
#include "mod/dict/dict.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/target/target_int.h"

enum { FILL_ROWS = 10000 };
#define BIT(f) (1u << (f))
/* What a department that only took the target on may change; what may never be empty. */
#define CLAIMED_MAY (BIT(TARGET_TAGS) | BIT(TARGET_LICENCES))
#define NEVER_EMPTY (BIT(TARGET_KIND) | BIT(TARGET_NAME) | BIT(TARGET_STATUS) | BIT(TARGET_CLAIMED))

bool
target_visible(const struct ctx *c, struct str departments, struct str region)
{
    if (c->region.n > 0 && !str_starts(region, c->region))
        return false;
    return c->department.n == 0 || departments.n == 0 || lines_have(departments, c->department);
}

/* The row of exactly this code, whoever asks. */
static enum err
row_of(struct ctx *c, struct str code, struct target_page_row *out)
{
    struct target_page_row *rows;
    size_t n;
    enum err e = target_page(c->db, c->arena, &(struct target_page_in){code, 1}, &rows, &n);

    if (e == OK && (n == 0 || !str_eq(rows[0].code, code)))
        e = ERR_NOT_FOUND;
    if (e == OK)
        *out = rows[0];
    return e;
}

/* The same, or the target into which it was merged. */
static enum err
kept_row(struct ctx *c, struct str code, struct target_page_row *out)
{
    enum err e = code.n == 0 ? ERR_NOT_FOUND : row_of(c, code, out);

    return e == OK && out->merged_into.n > 0 ? row_of(c, out->merged_into, out) : e;
}

enum err
target_see(struct ctx *c, struct str code, struct target_page_row *out)
{
    enum err e = kept_row(c, code, out);

    return e == OK && !target_visible(c, out->departments, out->region) ? ERR_NOT_FOUND : e;
}

enum err
target_known(struct ctx *c, struct str code, struct target_page_row *out)
{
    enum err e = kept_row(c, code, out);

    return e == OK && c->region.n > 0 && !str_starts(out->region, c->region) ? ERR_NOT_FOUND : e;
}

/* --- single changes
 * ---------------------------------------------------------------------------------------------- */

/* {"fields":[…]}: which fields, not what was in them: there may be persons in it. */
static struct str
names_of(struct buf *b, uint32_t fields)
{
    buf_z(b, "{\"fields\":[");
    for (unsigned f = 0; f < TARGET_FIELD_COUNT; f++) {
        if ((fields & BIT(f)) == 0)
            continue;
        if (b->p[b->n - 1] != '[')
            buf_z(b, ",");
        json_put_text(b, str_of(target_field_name((enum target_field) f)));
    }
    buf_z(b, "]}");
    return buf_view(b);
}

static enum err
store(struct ctx *c, const struct target_page_row *old, const struct target_update_in *to, struct str act)
{
    char text[1024];
    struct buf b = buf_over(text, sizeof text);
    uint32_t fields = target_differs(old, to);
    enum err e = target_change(c, old, to, act);

    return e == OK ? journal_add(c, &(struct journal_act){act, old->code, names_of(&b, fields)}) : e;
}

static enum err
region_ok(struct ctx *c, struct str region)
{
    struct dict_region_get_row row;
    enum err e;

    if (region.n == 0)
        return OK;
    e = dict_region_get(c->db, c->arena, &(struct dict_region_get_in){region}, &row);
    return e == ERR_NOT_FOUND ? ERR_REGION : e;
}

static enum err
industry_ok(struct ctx *c, struct str industry)
{
    struct dict_industry_get_row row;
    enum err e;

    if (industry.n == 0)
        return OK;
    e = dict_industry_get(c->db, c->arena, &(struct dict_industry_get_in){industry}, &row);
    return e == ERR_NOT_FOUND ? ERR_INDUSTRY : e;
}

/* The entity that holds a product, a project … is in the registry. */
static enum err
holder_ok(struct ctx *c, struct str holder)
{
    struct target_page_row row;
    enum err e = holder.n == 0 ? OK : row_of(c, holder, &row);

    return e == ERR_NOT_FOUND || (e == OK && holder.n > 0 && !str_eq(row.kind, STR("entity"))) ? ERR_INPUT : e;
}

/* An object of texts, each a field of the kind. */
static enum err
particulars_ok(struct str kind, struct str particulars)
{
    json_t *o = particulars.n == 0 ? NULL : json_loadb(particulars.p, particulars.n, 0, NULL);
    const char *name;
    const json_t *v;
    enum err e = particulars.n > 0 && !json_is_object(o) ? ERR_INPUT : OK;

    json_object_foreach((json_t *) o, name, v)
        if (!json_is_string(v) || json_string_length(v) > TARGET_TEXT_MAX || !target_particular(kind, str_of(name)))
            e = ERR_INPUT;
    json_decref(o);
    return e;
}

static enum err
tags_ok(struct str tags)
{
    struct str rest = tags, one;
    size_t count = 0;

    for (bool more = tags.n > 0; more; count++) {
        more = str_split(rest, '\n', &one, &rest);
        if (one.n > TARGET_TAG_BYTES_MAX)
            return ERR_LENGTH;
    }
    return count > TARGET_TAGS_MAX ? ERR_TOO_LARGE : OK;
}

/* What a person says, checked; *wrong names the field. */
static enum err
say_ok(struct ctx *c, const struct target_insert_in *t, uint32_t *wrong)
{
    enum target_field f = TARGET_REGION;
    enum err e = region_ok(c, t->region);

    if (e == OK)
        f = TARGET_INDUSTRY, e = industry_ok(c, t->industry);
    if (e == OK)
        f = TARGET_HOLDER, e = holder_ok(c, t->holder);
    if (e == OK)
        f = TARGET_PARTICULARS, e = particulars_ok(t->kind, t->particulars);
    if (e == OK)
        f = TARGET_TAGS, e = tags_ok(t->tags);
    *wrong = e == OK ? 0 : BIT(f);
    return e;
}

/* Departments that took it on remain only as long as they supervise it. */
static enum err
claimed_still(struct ctx *c, struct target_update_in *to)
{
    struct str rest = to->claimed, one, gone = {NULL, 0};
    enum err e = OK;

    for (bool more = to->claimed.n > 0; more && e == OK;) {
        more = str_split(rest, '\n', &one, &rest);
        if (!lines_have(to->departments, one))
            e = target_merge_lines(c, gone, one, (struct str){NULL, 0}, &gone);
    }
    return e == OK && gone.n > 0 ? target_merge_lines(c, to->claimed, (struct str){NULL, 0}, gone, &to->claimed) : e;
}

/* Old and said together; the columns that follow are filled in. */
static enum err
put_together(struct ctx *c, const struct target_page_row *old, const struct target_say *say, struct target_update_in *to)
{
    bool changed;
    enum err e = target_merge(c->arena, old, &say->in, to, &changed);

    if (e != OK)
        return e;
    target_empty(to, say->clear);
    if ((say->clear & BIT(TARGET_REGION)) != 0)
        to->region_derived = 0;
    if (say->in.particulars.n == 0 && !str_eq(to->kind, old->kind))
        to->particulars = (struct str){NULL, 0}; /* they were those of the other kind */
    if (to->source.n == 0)
        to->source = old->source;
    e = claimed_still(c, to);
    return e == OK ? target_settle(c->arena, old, to) : e;
}

static enum err
edit(struct ctx *c, int64_t row_version, struct target_say *say)
{
    struct target_page_row old;
    struct target_update_in to;
    struct target_insert_in checked = say->in;
    uint32_t fields = 0;
    enum err e = target_see(c, say->in.code, &old);

    if (e == OK && old.row_version != row_version)
        e = ERR_CONFLICT;
    if (e != OK)
        return e;
    if ((say->wrong = say->clear & NEVER_EMPTY) != 0)
        return ERR_INPUT;
    say->in.code = old.code;
    checked.kind = say->in.kind.n > 0 ? say->in.kind : old.kind;
    if ((e = say_ok(c, &checked, &say->wrong)) != OK || (e = put_together(c, &old, say, &to)) != OK)
        return e;
    fields = target_differs(&old, &to);
    if (fields == 0 && to.region_derived == old.region_derived)
        return OK;
    if (lines_have(old.claimed, c->department) && (say->wrong = fields & ~CLAIMED_MAY) != 0)
        return ctx_refuse(c, ERR_PERMISSION, "本部门只是认领：可以改标签和许可，其他内容由原部门维护");
    if (!target_visible(c, to.departments, to.region))
        return ctx_refuse(c, ERR_PERMISSION, "the target would leave one's own department or region");
    return store(c, &old, &to, STR("target.change"));
}

enum err
target_edit(struct ctx *c, int64_t row_version, struct target_say *say)
{
    enum err e = db_begin(c->db);

    say->wrong = 0;
    return e == OK ? db_end(c->db, edit(c, row_version, say)) : e;
}

/* --- new ones
 * --------------------------------------------------------------------------------------------------------- */

/* A code of a register: a valid USCC, R- with fifteen digits, or P- with a number of ours. */
static bool
code_ok(struct str code)
{
    struct uscc u;

    if (str_starts(code, STR("R-")) || str_starts(code, STR("P-"))) {
        for (size_t i = 2; i < code.n; i++)
            if (code.p[i] < '0' || code.p[i] > '9')
                return false;
        return code.p[0] == 'R' ? code.n == 17 : code.n > 2 && code.n <= 22;
    }
    return uscc_parse(code.p, code.n, &u) == OK && memcmp(u.text, code.p, code.n) == 0;
}

static enum err
give_code(struct ctx *c, struct target_insert_in *say)
{
    char text[24];
    int64_t id;
    enum err e = ctx_new_id(c, &id);

    snprintf(text, sizeof text, "P-%lld", (long long) id);
    say->code = e == OK ? str_copy(c->arena, str_of(text)) : say->code;
    return e == OK && say->code.p == NULL ? ERR_MEMORY : e;
}

static enum err
open_target(struct ctx *c, const struct target_insert_in *say)
{
    int64_t done;
    uint32_t wrong;
    enum err e = say_ok(c, say, &wrong);

    if (e == OK)
        e = target_add(c, say);
    if (e == OK)
        e = target_change_put(c->db, &(struct target_change_put_in){say->code, 1, STR("code"), {NULL, 0}, say->code,
                                                                    STR("target.add"), c->actor, c->now_us});
    if (e == OK)
        e = target_search_fill(c, FILL_ROWS, &done);
    return e == OK ? journal_add(c, &(struct journal_act){STR("target.add"), say->code, {NULL, 0}}) : e;
}

enum err
target_open(struct ctx *c, struct target_insert_in *say)
{
    enum err e = OK;

    if (say->code.n == 0 && say->kind.n > 0 && !str_eq(say->kind, STR("entity")))
        e = give_code(c, say);
    if (e != OK)
        return e;
    if (!code_ok(say->code))
        return ctx_refuse(c, ERR_INPUT, "code: an 18-character USCC, R- and 15 digits, or P- and a number");
    if (say->name.n == 0 || say->name.n > TARGET_NAME_MAX)
        return ctx_refuse(c, ERR_LENGTH, "a name has 1 to %d bytes", TARGET_NAME_MAX);
    if (say->departments.n == 0)
        say->departments = c->department;
    if (!target_visible(c, say->departments, say->region))
        return ERR_PERMISSION;
    if ((e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, open_target(c, say));
}

/* --- departments that share a target
 * ----------------------------------------------------------------------------------- */

/* An update that says what is there. */
static enum err
unchanged(struct ctx *c, const struct target_page_row *old, struct target_update_in *to)
{
    bool changed;
    enum err e = target_merge(c->arena, old, &(struct target_insert_in){.updated_us = c->now_us}, to, &changed);

    to->source = old->source;
    return e;
}

static enum err
claim(struct ctx *c, struct str code)
{
    struct target_page_row old;
    struct target_update_in to;
    enum err e = target_known(c, code, &old);

    if (e != OK || lines_have(old.departments, c->department))
        return e;
    e = unchanged(c, &old, &to);
    if (e == OK)
        e = target_merge_lines(c, old.departments, c->department, (struct str){NULL, 0}, &to.departments);
    if (e == OK && old.departments.n > 0) /* the first one keeps it */
        e = target_merge_lines(c, old.claimed, c->department, (struct str){NULL, 0}, &to.claimed);
    if (e == OK)
        e = target_settle(c->arena, &old, &to);
    return e == OK ? store(c, &old, &to, STR("target.claim")) : e;
}

static enum err
release(struct ctx *c, struct str code)
{
    struct target_page_row old;
    struct target_update_in to;
    enum err e = target_known(c, code, &old);

    if (e != OK || !lines_have(old.departments, c->department))
        return e;
    if (!lines_have(old.claimed, c->department))
        return ctx_refuse(c, ERR_STATE, "本部门是原监管部门，不能退出认领");
    e = unchanged(c, &old, &to);
    if (e == OK)
        e = target_merge_lines(c, old.departments, (struct str){NULL, 0}, c->department, &to.departments);
    if (e == OK)
        e = target_merge_lines(c, old.claimed, (struct str){NULL, 0}, c->department, &to.claimed);
    if (e == OK)
        e = target_settle(c->arena, &old, &to);
    return e == OK ? store(c, &old, &to, STR("target.release")) : e;
}

static enum err
for_department(struct ctx *c, struct str code, enum err (*act)(struct ctx *c, struct str code))
{
    enum err e;

    if (c->department.n == 0)
        return ctx_refuse(c, ERR_PERMISSION, "only an account of a department takes a target on");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, act(c, code)) : e;
}

enum err
target_claim(struct ctx *c, struct str code)
{
    return for_department(c, code, claim);
}

enum err
target_release(struct ctx *c, struct str code)
{
    return for_department(c, code, release);
}

/* --- tags
 * ------------------------------------------------------------------------------------------------------------- */

enum err
target_merge_lines(struct ctx *c, struct str old, struct str more, struct str drop, struct str *out)
{
    struct str a = {NULL, 0}, b = {NULL, 0}, a_rest = old, b_rest = more;
    bool a_more = old.n > 0, b_more = more.n > 0, has_a = false, has_b = false;
    struct buf to;
    enum err e = buf_in(c, old.n + more.n + 2, &to);

    while (e == OK) {
        struct str next;
        int order;

        if (!has_a && a_more)
            a_more = str_split(a_rest, '\n', &a, &a_rest), has_a = true;
        if (!has_b && b_more)
            b_more = str_split(b_rest, '\n', &b, &b_rest), has_b = true;
        if (!has_a && !has_b)
            break;
        order = !has_a ? 1 : !has_b ? -1 : str_cmp(a, b);
        next = order <= 0 ? a : b;
        has_a = has_a && order > 0;
        has_b = has_b && order < 0;
        if (lines_have(drop, next))
            continue;
        if (to.n > 0)
            buf_z(&to, "\n");
        buf_str(&to, next);
    }
    *out = to.n == 0 ? (struct str){NULL, 0} : buf_view(&to);
    return e;
}

/* The row and its update with other tags; *changed: they differ. */
static enum err
other_tags(struct ctx *c, struct str code, struct str add, struct str drop, struct target_page_row *old,
           struct target_update_in *to, bool *changed)
{
    enum err e = target_see(c, code, old);

    *changed = false;
    if (e == OK)
        e = unchanged(c, old, to);
    if (e == OK)
        e = target_merge_lines(c, old->tags, add, drop, &to->tags);
    *changed = e == OK && !str_eq(to->tags, old->tags) && to->tags.n + old->tags.n > 0;
    return e == OK && *changed ? tags_ok(to->tags) : e;
}

static enum err
tag(struct ctx *c, struct str code, struct str add, struct str drop, bool *changed)
{
    struct target_page_row old;
    struct target_update_in to;
    enum err e = other_tags(c, code, add, drop, &old, &to, changed);

    return e == OK && *changed ? store(c, &old, &to, STR("target.change")) : e;
}

enum err
target_tag_one(struct ctx *c, struct str code, struct str add, struct str drop, bool *changed)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, tag(c, code, add, drop, changed)) : e;
}

/* {"count":N,"codes_sha256":"…"}: the digest of the codes, each with a line end. */
static enum err
journal_tags(struct ctx *c, struct str subject, int64_t count, struct hash *codes)
{
    unsigned char digest[HASH_LEN];
    char hex[2 * HASH_LEN], text[160];
    struct buf b = buf_over(text, sizeof text);

    hash_final(codes, digest);
    hex_encode(digest, sizeof digest, hex);
    buf_z(&b, "{\"count\":");
    buf_i64(&b, count);
    buf_z(&b, ",\"codes_sha256\":\"");
    buf_add(&b, hex, sizeof hex);
    buf_z(&b, "\"}");
    return journal_add(c, &(struct journal_act){STR("target.tag"), subject, buf_view(&b)});
}

static enum err
tag_many(struct ctx *c, const struct target_tagging *say, const struct str *codes, size_t count, int64_t *changed)
{
    struct hash digest;
    enum err e = OK;

    hash_init(&digest, HASH_SHA256);
    for (size_t i = 0; i < count && e == OK; i++) {
        size_t mark = arena_mark(c->arena);
        struct target_page_row old;
        struct target_update_in to;
        bool other;

        e = other_tags(c, codes[i], say->add, say->drop, &old, &to, &other);
        if (e == OK && other) {
            e = target_change(c, &old, &to, STR("target.tag"));
            hash_update(&digest, old.code.p, old.code.n);
            hash_text(&digest, "\n");
            *changed += 1;
        }
        e = e == ERR_NOT_FOUND ? OK : e;
        arena_rewind(c->arena, mark);
    }
    return e == OK && *changed > 0 ? journal_tags(c, say->subject, *changed, &digest) : e;
}

enum err
target_tag_many(struct ctx *c, const struct target_tagging *say, const struct str *codes, size_t count, int64_t *changed)
{
    enum err e = db_begin(c->db);

    *changed = 0;
    return e == OK ? db_end(c->db, tag_many(c, say, codes, count, changed)) : e;
}
