/* mod/item/joint.c - joint items 联合抽查事项 of several departments, bundles 综合查一次, 一业一查: named sets of items
 * for one door, and the rules of procedure 联合抽查实施办法. Versions and states as items have them (regulation 二(二), 二(四) 进一次门、查多项事). */
#include "mod/item/item_int.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/words.h"

enum { JOINT_ITEMS_MAX = 64 };

struct str
item_joint_kind(struct str words)
{
    static const struct word TABLE[] = {
        WORD("联合抽查", "joint"),
        WORD("综合查一次", "once"),
        WORD("一业一查", "trade"),
        WORD("联合抽查实施办法", "rules"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

static void
items_check(struct item_checking *k, struct str *items, bool bundle)
{
    struct texts t = {0};
    struct item_latest_row row;

    item_texts_check(k, "items", items, NULL, true);
    if (items->n > 0 && json_texts_of(k->c, *items, JOINT_ITEMS_MAX, ITEM_CODE_MAX, &t) != OK)
        item_fault(k, ERR_INPUT, "items");
    for (size_t i = 0; i < t.count; i++)
        if (item_latest(k->c->db, k->c->arena, &(struct item_latest_in){t.v[i]}, &row) != OK)
            item_fault(k, ERR_NOT_FOUND, "items/%zu", i);
    if (bundle && t.count < 2)
        item_fault(k, ERR_MISSING, "items");
}

static void
body_check(struct item_checking *k, const struct item_joint_put_in *say)
{
    bool rules = str_eq(say->kind, STR("rules"));

    item_text_check(k, "body", say->body, ITEM_RULES_MAX, rules);
    if (!rules && say->body.n > 0)
        item_fault(k, ERR_INPUT, "body");
    if (rules && say->items.n > 0 && !str_eq(say->items, STR("[]")))
        item_fault(k, ERR_INPUT, "items");
}

static bool
is_bundle(struct str kind)
{
    return str_eq(kind, STR("once")) || str_eq(kind, STR("trade"));
}

enum err
item_joint_check(struct ctx *c, struct item_joint_put_in *say, item_wrong wrong, void *wrong_ctx)
{
    struct item_checking k = {c, wrong, wrong_ctx, OK};

    if (item_joint_kind(say->kind).n == 0)
        item_fault(&k, ERR_INPUT, "kind");
    item_text_check(&k, "domain", say->domain, ITEM_NAME_MAX, true);
    item_text_check(&k, "name", say->name, ITEM_NAME_MAX, true);
    item_text_check(&k, "target_scope", say->target_scope, ITEM_TEXT_MAX, false);
    item_text_check(&k, "reason", say->reason, ITEM_TEXT_MAX, false);
    item_partners_check(&k, say->lead, &say->partners);
    item_texts_check(&k, "levels", &say->levels, item_level, false);
    items_check(&k, &say->items, is_bundle(say->kind));
    body_check(&k, say);
    return k.e;
}

bool
item_joint_lacks(const struct item_joint_latest_row *r, item_wrong wrong, void *wrong_ctx)
{
    const struct {
        const char *name;
        bool lacks;
    } NEEDED[] = {
        {"target_scope", r->target_scope.n == 0 && !str_eq(r->kind, STR("rules"))},
        {"partners", r->partners.n == 0 && !is_bundle(r->kind)},
        {"levels", r->levels.n == 0},
    };
    bool lacks = false;

    for (size_t i = 0; i < sizeof NEEDED / sizeof *NEEDED; i++)
        if (NEEDED[i].lacks) {
            lacks = true;
            if (wrong != NULL)
                wrong(wrong_ctx, NEEDED[i].name, ERR_MISSING);
        }
    return lacks;
}

/* versions
 * ------------------------------------------------------------------------------------------------------ */

static struct item_joint_put_in
merged(const struct item_joint_latest_row *old, const struct item_joint_put_in *say, bool *changed)
{
    return (struct item_joint_put_in){
        .code = say->code,
        .version = old->version + 1,
        .state = say->state,
        .kind = newer(say->kind, old->kind, changed),
        .domain = newer(say->domain, old->domain, changed),
        .name = newer(say->name, old->name, changed),
        .target_scope = newer(say->target_scope, old->target_scope, changed),
        .lead = newer(say->lead, old->lead, changed),
        .partners = newer(say->partners, old->partners, changed),
        .levels = newer(say->levels, old->levels, changed),
        .items = newer(say->items, old->items, changed),
        .body = newer(say->body, old->body, changed),
        .reason = say->reason,
        .published_us = say->published_us,
    };
}

static bool
is_state(struct str name, enum item_state state)
{
    return str_eq(name, item_state_name(state));
}

static enum err
may_follow(struct ctx *c, const struct item_joint_latest_row *old)
{
    if (!is_state(old->state, ITEM_RETIRED) && !is_state(old->state, ITEM_LEGAL_REVIEW))
        return OK;
    return ctx_refuse(c, ERR_STATE, "%.*s is %.*s", (int) old->code.n, old->code.p, (int) old->state.n, old->state.p);
}

static enum err
decide(struct ctx *c, const struct item_joint_put_in *say, struct item_joint_latest_row *old,
       struct item_joint_put_in *to, bool *is_new, bool *changed)
{
    enum err e = item_joint_latest(c->db, c->arena, &(struct item_joint_latest_in){say->code}, old);

    if (!is_state(say->state, ITEM_DRAFT) && !is_state(say->state, ITEM_PUBLISHED))
        return ERR_INPUT;
    *is_new = e == ERR_NOT_FOUND;
    *changed = false;
    *to = *say;
    to->version = 1;
    if (*is_new)
        return OK;
    if (e == OK && is_state(old->state, ITEM_RETIRED))
        return may_follow(c, old);
    if (e == OK)
        *to = merged(old, say, changed);
    return e == OK && *changed ? may_follow(c, old) : e;
}

enum err
item_joint_would_revise(struct ctx *c, const struct item_joint_put_in *say, bool *is_new, bool *changed)
{
    struct item_joint_latest_row old;
    struct item_joint_put_in to;

    return decide(c, say, &old, &to, is_new, changed);
}

static enum err
put_version(struct ctx *c, const struct item_joint_put_in *to)
{
    enum err e = OK;

    if (is_state(to->state, ITEM_PUBLISHED))
        e = item_joint_retire_others(c->db, &(struct item_joint_retire_others_in){to->code, to->version});
    return e == OK ? item_joint_put(c->db, to) : e;
}

enum err
item_joint_revise(struct ctx *c, const struct item_joint_put_in *say, int64_t *version)
{
    struct item_joint_latest_row old;
    struct item_joint_put_in to;
    bool is_new, changed;
    enum err e = decide(c, say, &old, &to, &is_new, &changed);

    *version = 0;
    if (e != OK || (!is_new && !changed))
        return e;
    e = put_version(c, &to);
    if (e == OK)
        *version = to.version;
    return e;
}

static bool
says_the_same(const struct item_joint_put_in *a, const struct item_joint_latest_row *b)
{
    const struct {
        struct str a, b;
    } TEXTS[] = {{a->kind, b->kind},         {a->domain, b->domain}, {a->name, b->name},
                 {a->target_scope, b->target_scope}, {a->lead, b->lead}, {a->partners, b->partners},
                 {a->levels, b->levels},     {a->items, b->items},   {a->body, b->body}};

    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        if (!(TEXTS[i].a.n == 0 && TEXTS[i].b.n == 0) && !str_eq(TEXTS[i].a, TEXTS[i].b))
            return false;
    return true;
}

static enum err
was_public(struct ctx *c, struct str code, bool *yes)
{
    struct item_joint_versions_row *v;
    size_t n;
    enum err e = item_joint_versions(c->db, c->arena, &(struct item_joint_versions_in){code}, &v, &n);

    *yes = false;
    for (size_t i = 0; e == OK && i < n; i++)
        *yes = *yes || v[i].published_us.set;
    return e;
}

static enum err
further(struct ctx *c, struct item_joint_put_in *say, const struct item_joint_latest_row *old, int64_t *version)
{
    bool public = false;
    enum err e = item_own_only(c, old->lead);

    if (e == OK)
        e = may_follow(c, old);
    if (e == OK && says_the_same(say, old) && (!is_state(old->state, ITEM_DRAFT) || str_eq(say->reason, old->reason)))
        return OK;
    if (e == OK)
        e = was_public(c, say->code, &public);
    if (e == OK && public && say->reason.n == 0)
        return ctx_refuse(c, ERR_MISSING, "reason");
    say->version = old->version + 1;
    if (e == OK)
        e = put_version(c, say);
    if (e == OK)
        *version = say->version;
    return e;
}

static enum err
propose(struct ctx *c, struct item_joint_put_in *say, bool is_new, int64_t *version)
{
    struct item_joint_latest_row old;
    enum err e = item_joint_latest(c->db, c->arena, &(struct item_joint_latest_in){say->code}, &old);

    if (e == OK && is_new)
        return ERR_EXISTS;
    if (e != OK && !(e == ERR_NOT_FOUND && is_new))
        return e;
    e = item_own_only(c, say->lead);
    say->version = 1;
    if (e == OK)
        e = is_new ? put_version(c, say) : further(c, say, &old, version);
    if (e == OK && is_new)
        *version = 1;
    return e == OK && *version > 0 ? journal_add(c, &(struct journal_act){STR("joint.draft"), say->code, {NULL, 0}}) : e;
}

enum err
item_joint_propose(struct ctx *c, struct item_joint_put_in *say, bool is_new, int64_t *version)
{
    enum err e;

    *version = 0;
    say->state = item_state_name(ITEM_DRAFT);
    say->published_us.set = false;
    if (!item_code_ok(say->code))
        return ctx_refuse(c, ERR_CHARSET, "a code: letters, digits, -");
    if ((e = item_joint_check(c, say, NULL, NULL)) != OK || (e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, propose(c, say, is_new, version));
}

/* moves
 * --------------------------------------------------------------------------------------------------------- */

static enum err
find_version(struct ctx *c, struct str code, int64_t version, struct item_joint_latest_row *out, int64_t *newest)
{
    struct item_joint_version_row r;
    enum err e = item_joint_latest(c->db, c->arena, &(struct item_joint_latest_in){code}, out);

    if (e == OK)
        *newest = out->version;
    if (e == OK && version != 0)
        e = item_joint_version(c->db, c->arena, &(struct item_joint_version_in){code, version}, &r);
    if (e == OK && version != 0)
        *out = (struct item_joint_latest_row){r.code, r.version,  r.state,  r.kind,  r.domain, r.name,        r.target_scope,
                                              r.lead, r.partners, r.levels, r.items, r.body, r.reason, r.published_us};
    return e;
}

static enum err
make_way(struct ctx *c, const struct item_step *s)
{
    if (s->to == ITEM_PUBLISHED)
        return item_joint_retire_others(c->db, &(struct item_joint_retire_others_in){s->code, s->version});
    if (s->to == ITEM_RETIRED && s->from != ITEM_DRAFT && s->from != ITEM_LEGAL_REVIEW)
        return item_joint_retire_pending(c->db, &(struct item_joint_retire_pending_in){s->code, s->version});
    return OK;
}

static enum err
move(struct ctx *c, struct item_step *s)
{
    struct item_joint_latest_row row;
    int64_t newest = 0;
    enum err e = find_version(c, s->code, s->version, &row, &newest);

    if (e == OK)
        e = item_own_only(c, row.lead);
    if (e == OK)
        e = item_state_parse(row.state, &s->from);
    if (e != OK)
        return e;
    s->version = row.version;
    if (s->from == ITEM_DRAFT && s->version < newest)
        return ctx_refuse(c, ERR_STATE, "a newer version has taken its place");
    if ((e = item_step_allowed(c, s)) != OK)
        return e;
    if (s->to == ITEM_LEGAL_REVIEW && item_joint_lacks(&row, NULL, NULL))
        return ctx_refuse(c, ERR_MISSING, "targets, partners or levels");
    e = item_joint_move_state(
        c->db, &(struct item_joint_move_state_in){s->code, s->version, item_state_name(s->from), item_state_name(s->to),
                                                  {s->to == ITEM_PUBLISHED, c->now_us}});
    if (e == OK)
        e = make_way(c, s);
    return e == OK ? item_step_note(c, STR("joint.move"), s) : e;
}

enum err
item_joint_move(struct ctx *c, struct str code, int64_t version, enum item_state to, struct str reason)
{
    struct item_step s = {STR("joint"), code, version, ITEM_DRAFT, to, reason};
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, move(c, &s)) : e;
}
