/* mod/target/target_edit.c - the registry as people read and change it: row scope, single edits */
#include <string.h>

#include "core/uscc.h"
#include "mod/dict/dict.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/target/target.h"

static bool
has_line(struct str lines, struct str wanted)
{
    struct str rest = lines, one;

    for (bool more = lines.n > 0; more;) {
        more = str_split(rest, '\n', &one, &rest);
        if (str_eq(one, wanted))
            return true;
    }
    return false;
}

bool
target_visible(const struct ctx *c, struct str departments, struct str region)
{
    if (c->region.n > 0 && !str_starts(region, c->region))
        return false;
    return c->department.n == 0 || departments.n == 0 || has_line(departments, c->department);
}

enum err
target_see(struct ctx *c, struct str code, struct target_page_row *out)
{
    struct target_page_row *rows;
    size_t n;
    enum err e = target_page(c->db, c->arena, &(struct target_page_in){code, 1}, &rows, &n);

    if (e != OK)
        return e;
    if (n == 0 || !str_eq(rows[0].code, code) || !target_visible(c, rows[0].departments, rows[0].region))
        return ERR_NOT_FOUND;
    *out = rows[0];
    return OK;
}

/* --- lists
 * ------------------------------------------------------------------------------------------------------ */

/* A region code without its pairs of zeros: all it contains begins so. */
static struct str
prefix_of(struct str region)
{
    while (region.n > 2 && region.n % 2 == 0 && region.p[region.n - 1] == '0' &&
           region.p[region.n - 2] == '0')
        region.n -= 2;
    return region;
}

static struct str
wrapped(struct ctx *c, struct str line)
{
    struct buf b;

    if (line.n == 0 || buf_in(c, line.n + 2, &b) != OK)
        return (struct str){NULL, 0};
    buf_z(&b, "\n");
    buf_str(&b, line);
    buf_z(&b, "\n");
    return buf_view(&b);
}

enum err
target_rows(struct ctx *c, const struct target_ask *ask, struct target_filter_row **rows, size_t *count)
{
    struct str asked = prefix_of(ask->region), from = asked.n > 0 ? asked : c->region, below = {NULL, 0};
    char *p;

    *count = 0;
    if (asked.n > 0 && c->region.n > 0 && !str_starts(asked, c->region)) {
        if (!str_starts(c->region, asked))
            return OK;    /* elsewhere */
        from = c->region; /* all of the city, of which one sees a county */
    }
    if (from.n > 0) {
        if ((p = str_z(c->arena, from)) == NULL)
            return ERR_MEMORY;
        p[from.n - 1]++; /* digits: at most ':' */
        below = (struct str){p, from.n};
    }
    return target_filter(c->db, c->arena,
                         &(struct target_filter_in){.after = ask->after.n == 0 ? STR("!") : ask->after,
                                                    .nl = STR("\n"),
                                                    .status = ask->status,
                                                    .entity_type = ask->entity_type,
                                                    .region_from = from.n == 0 ? (struct str){NULL, 0} : from,
                                                    .region_below = below,
                                                    .industry = ask->industry,
                                                    .tag = wrapped(c, ask->tag),
                                                    .dep = wrapped(c, ask->department),
                                                    .own_dep = wrapped(c, c->department),
                                                    .limit = ask->limit},
                         rows, count);
}

/* --- single changes
 * ---------------------------------------------------------------------------------------------- */

static void
name_change(struct buf *b, const char *name, struct str before, struct str after)
{
    if (str_eq(before, after))
        return;
    if (b->p[b->n - 1] != '[')
        buf_z(b, ",");
    json_put_text(b, str_of(name));
}

/* {"fields":[…]}: which fields, not what was in them: there may be persons in it. */
static struct str
changes(struct buf *b, const struct target_page_row *o, const struct target_update_in *t)
{
    buf_z(b, "{\"fields\":[");
    name_change(b, "name", o->name, t->name);
    name_change(b, "kind", o->kind, t->kind);
    name_change(b, "entity_type", o->entity_type, t->entity_type);
    name_change(b, "legal_rep", o->legal_rep, t->legal_rep);
    name_change(b, "address", o->address, t->address);
    name_change(b, "business_address", o->business_address, t->business_address);
    name_change(b, "contact", o->contact, t->contact);
    name_change(b, "industry", o->industry, t->industry);
    name_change(b, "region", o->region, t->region);
    name_change(b, "authority", o->authority, t->authority);
    name_change(b, "station", o->station, t->station);
    name_change(b, "capital", o->capital, t->capital);
    name_change(b, "status", o->status, t->status);
    name_change(b, "licences", o->licences, t->licences);
    name_change(b, "departments", o->departments, t->departments);
    name_change(b, "tags", o->tags, t->tags);
    buf_z(b, "]}");
    return buf_view(b);
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
edit(struct ctx *c, int64_t row_version, const struct target_insert_in *say)
{
    struct target_page_row old;
    struct target_update_in to;
    char text[1024];
    struct buf b = buf_over(text, sizeof text);
    bool changed = false;
    enum err e = target_see(c, say->code, &old);

    if (e == OK && old.row_version != row_version)
        e = ERR_CONFLICT;
    if (e == OK)
        e = region_ok(c, say->region);
    if (e == OK)
        e = target_merge(c->arena, &old, say, &to, &changed);
    if (e != OK || !changed)
        return e;
    if (!target_visible(c, to.departments, to.region))
        return ctx_refuse(c, ERR_PERMISSION, "the target would leave one's own department or region");
    to.source = say->source.n > 0 ? say->source : old.source;
    e = target_change(c, &old, &to);
    return e == OK ? journal_add(
                         c, &(struct journal_act){STR("target.change"), say->code, changes(&b, &old, &to)})
                   : e;
}

enum err
target_edit(struct ctx *c, int64_t row_version, const struct target_insert_in *say)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, edit(c, row_version, say)) : e;
}

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
open_target(struct ctx *c, const struct target_insert_in *say)
{
    enum err e = region_ok(c, say->region);

    if (e == OK)
        e = target_add(c, say);
    return e == OK ? journal_add(c, &(struct journal_act){STR("target.add"), say->code, {NULL, 0}}) : e;
}

enum err
target_open(struct ctx *c, const struct target_insert_in *say)
{
    struct target_insert_in t = *say;
    enum err e;

    if (!code_ok(say->code))
        return ctx_refuse(c, ERR_INPUT, "code: an 18-character USCC, R- and 15 digits, or P- and a number");
    if (say->name.n == 0 || say->name.n > TARGET_NAME_MAX)
        return ctx_refuse(c, ERR_LENGTH, "a name has 1 to %d bytes", TARGET_NAME_MAX);
    if (t.departments.n == 0)
        t.departments = c->department;
    if (!target_visible(c, t.departments, t.region))
        return ERR_PERMISSION;
    if ((e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, open_target(c, &t));
}

/* old and more, without drop; all one a line and ascending. */
static enum err
merge_lines(struct ctx *c, struct str old, struct str more, struct str drop, struct str *out)
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
        if (has_line(drop, next))
            continue;
        if (to.n > 0)
            buf_z(&to, "\n");
        buf_str(&to, next);
    }
    *out = to.n == 0 ? (struct str){NULL, 0} : buf_view(&to);
    return e;
}

static enum err
tag(struct ctx *c, struct str code, struct str add, struct str drop, bool *changed)
{
    struct target_page_row old;
    struct target_insert_in say = {.code = code, .updated_us = c->now_us};
    struct target_update_in to;
    struct str tags;
    bool other = false;
    enum err e = target_see(c, code, &old);

    *changed = false;
    if (e == OK)
        e = merge_lines(c, old.tags, add, drop, &tags);
    if (e == OK)
        e = target_merge(c->arena, &old, &say, &to, &other);
    if (e != OK || str_eq(tags, old.tags))
        return e;
    to.tags = tags;
    to.source = old.source;
    *changed = true;
    e = target_change(c, &old, &to);
    return e == OK ? journal_add(
                         c, &(struct journal_act){STR("target.change"), code, STR("{\"fields\":[\"tags\"]}")})
                   : e;
}

enum err
target_tag_one(struct ctx *c, struct str code, struct str add, struct str drop, bool *changed)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, tag(c, code, add, drop, changed)) : e;
}
