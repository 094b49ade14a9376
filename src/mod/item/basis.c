/* mod/item/basis.c - the law changes: which items cite it, and by when a change of them is begun (one month) */
#include <string.h>

#include "core/calendar.h"
#include "mod/item/item_int.h"
#include "mod/journal/journal.h"
#include "mod/json.h"

enum { LAW_MAX = 300, NOTE_MAX = 2000 };

static struct str
without(struct str s, struct str front)
{
    return str_starts(s, front) ? (struct str){s.p + front.n, s.n - front.n} : s;
}

/* The name as it is compared: without 《》 and the name of the state. */
static struct str
plain_name(struct str law)
{
    static const struct str END = {"》", 3};
    struct str s = without(str_trim(law), STR("《"));

    for (size_t i = 0; i + END.n <= s.n; i++)
        if (str_starts((struct str){s.p + i, s.n - i}, END)) {
            s.n = i;
            break;
        }
    return without(str_trim(s), STR("中华人民共和国"));
}

static bool
contains(struct str s, struct str part)
{
    for (size_t i = 0; part.n > 0 && i + part.n <= s.n; i++)
        if (memcmp(s.p + i, part.p, part.n) == 0)
            return true;
    return false;
}

static struct str
text_of(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);

    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : (struct str){NULL, 0};
}

static bool
cites(const json_t *basis, struct str law, struct str article)
{
    struct str name, in_name, cited = text_of(basis, "article");

    item_basis_split(text_of(basis, "law"), &name, &in_name);
    if (cited.n == 0)
        cited = in_name;
    if (!str_eq(plain_name(name), plain_name(law)))
        return false;
    return article.n == 0 || cited.n == 0 || contains(cited, article) || contains(article, cited);
}

bool
item_basis_cites(struct str basis, struct str law, struct str article)
{
    json_t *v = basis.n == 0 ? NULL : json_loadb(basis.p, basis.n, 0, NULL);
    bool yes = false;

    for (size_t i = 0; i < json_array_size(v) && !yes; i++)
        yes = cites(json_array_get(v, i), law, str_trim(article));
    json_decref(v);
    return yes;
}

int64_t
item_basis_due(int64_t day)
{
    struct civil at = civil_from_day(day);
    int64_t due = day;

    at.year += at.month / 12;
    at.month = at.month % 12 + 1;
    while (day_from_civil(at.year, at.month, at.day, &due) != OK && at.day > 28)
        at.day--;
    return due;
}

static enum err
well_said(struct ctx *c, const struct item_basis_say *say)
{
    struct item_checking k = {c, NULL, NULL, OK};

    item_text_check(&k, "law", plain_name(say->law), LAW_MAX, true);
    item_text_check(&k, "article", say->article, LAW_MAX, false);
    item_text_check(&k, "note", say->note, NOTE_MAX, true);
    if (!str_eq(say->kind, STR("ended")) && !str_eq(say->kind, STR("replaced")) && !str_eq(say->kind, STR("amended")))
        item_fault(&k, ERR_INPUT, "kind");
    return k.e;
}

static enum err
remind(struct ctx *c, const struct item_basis_say *say, int64_t id, int64_t *found)
{
    struct item_scan_row *r;
    size_t n;
    enum err e = item_scan(c->db, c->arena, &(struct item_scan_in){{NULL, 0}, {NULL, 0}}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        if (str_eq(r[i].state, item_state_name(ITEM_RETIRED)) || !item_basis_cites(r[i].legal_basis, say->law, say->article))
            continue;
        e = item_reminder_put(c->db, &(struct item_reminder_put_in){id, r[i].code, r[i].version, item_basis_due(say->day)});
        ++*found;
    }
    return e;
}

static enum err
enter(struct ctx *c, const struct item_basis_say *say, int64_t *id, int64_t *found)
{
    struct str law = plain_name(say->law), detail;
    struct item_basis_same_row same;
    struct buf b;
    enum err e = item_basis_same(c->db, c->arena, &(struct item_basis_same_in){law, say->article, say->day}, &same);

    if (e == OK)
        return ctx_refuse(c, ERR_EXISTS, "the change is there already");
    if (e == ERR_NOT_FOUND)
        e = ctx_new_id(c, id);
    if (e == OK)
        e = item_basis_put(c->db, &(struct item_basis_put_in){*id, law, say->article, say->kind, say->day, say->note,
                                                             c->actor, c->now_us});
    if (e == OK)
        e = remind(c, say, *id, found);
    if (e == OK)
        e = buf_in(c, 512 + 6 * say->article.n, &b);
    if (e != OK)
        return e;
    buf_z(&b, "{\"article\":");
    json_put_text(&b, say->article);
    buf_z(&b, ",\"day\":");
    buf_i64(&b, say->day);
    buf_z(&b, ",\"items\":");
    buf_i64(&b, *found);
    buf_z(&b, "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act){STR("basis.change"), law, detail}) : e;
}

enum err
item_basis_change(struct ctx *c, const struct item_basis_say *say, int64_t *id, int64_t *found)
{
    struct item_basis_say s = *say;
    enum err e = well_said(c, say);

    *id = *found = 0;
    s.article = say->article.n == 0 ? (struct str){NULL, 0} : str_trim(say->article);
    if (e != OK || (e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, enter(c, &s, id, found));
}

enum err
item_basis_close(struct ctx *c, struct str code, struct str state)
{
    return item_reminder_close(
        c->db, &(struct item_reminder_close_in){code, state, c->actor.n == 0 ? STR("system") : c->actor, c->now_us});
}

static enum err
keep(struct ctx *c, int64_t change, struct str item, struct str reason)
{
    struct item_reminder_list_row *r;
    size_t n;
    enum err e = item_reminder_list(
        c->db, c->arena,
        &(struct item_reminder_list_in){item, {true, change}, {NULL, 0}, {NULL, 0}, 1}, &r, &n);

    if (e == OK && n == 0)
        return ERR_NOT_FOUND;
    if (e == OK)
        e = item_own_only(c, r[0].department);
    if (e == OK)
        e = item_reminder_keep(c->db, &(struct item_reminder_keep_in){change, item, c->actor, c->now_us, reason});
    return e == OK ? journal_add(c, &(struct journal_act){STR("basis.keep"), item, {NULL, 0}}) : e;
}

enum err
item_basis_keep(struct ctx *c, int64_t change, struct str item, struct str reason)
{
    enum err e;

    if (reason.n == 0 || reason.n > NOTE_MAX)
        return ctx_refuse(c, reason.n == 0 ? ERR_MISSING : ERR_LENGTH, "reason");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, keep(c, change, item, reason)) : e;
}
