/* mod/item/item.c */
#include "mod/item/item_int.h"

#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/words.h"

static const struct str STATES[ITEM_STATE_COUNT] = {
    [ITEM_DRAFT] = {"draft", 5},         [ITEM_LEGAL_REVIEW] = {"legal_review", 12},
    [ITEM_PUBLISHED] = {"published", 9}, [ITEM_SUSPENDED] = {"suspended", 9},
    [ITEM_RETIRED] = {"retired", 7},
};

static const bool MOVES[ITEM_STATE_COUNT][ITEM_STATE_COUNT] = {
    [ITEM_DRAFT] = {[ITEM_LEGAL_REVIEW] = true, [ITEM_RETIRED] = true},
    [ITEM_LEGAL_REVIEW] = {[ITEM_DRAFT] = true, [ITEM_PUBLISHED] = true, [ITEM_RETIRED] = true},
    [ITEM_PUBLISHED] = {[ITEM_SUSPENDED] = true, [ITEM_RETIRED] = true},
    [ITEM_SUSPENDED] = {[ITEM_PUBLISHED] = true, [ITEM_RETIRED] = true},
};

bool
item_may_move(enum item_state from, enum item_state to)
{
    return from < ITEM_STATE_COUNT && to < ITEM_STATE_COUNT && MOVES[from][to];
}

struct str
item_state_name(enum item_state s)
{
    return STATES[s];
}

enum err
item_state_parse(struct str s, enum item_state *out)
{
    for (int i = 0; i < ITEM_STATE_COUNT; i++)
        if (str_eq(STATES[i], s)) {
            *out = (enum item_state) i;
            return OK;
        }
    return ERR_INPUT;
}

static const struct word CLASSES[] = {
    WORD("重点检查事项", "KEY"),     WORD("重点", "KEY"),     WORD("重点事项", "KEY"),
    WORD("一般检查事项", "GENERAL"), WORD("一般", "GENERAL"), WORD("一般事项", "GENERAL"),
};

struct str
item_class(struct str words)
{
    return word_id(CLASSES, sizeof CLASSES / sizeof *CLASSES, words);
}

struct str
item_class_words(struct str id)
{
    return word_of(CLASSES, sizeof CLASSES / sizeof *CLASSES, id);
}

struct str
item_track(struct str words)
{
    static const struct word TABLE[] = {
        WORD("随机", "random"),          WORD("随机抽查", "random"),
        WORD("双随机", "random"),        WORD("重点监管", "key_supervision"),
        WORD("无事不扰", "undisturbed"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

static const struct word METHODS[] = {
    WORD("实地检查", "on_site"),
    WORD("现场检查", "on_site"),
    WORD("实地核查", "on_site"),
    WORD("现场", "on_site"),
    WORD("现场核查", "on_site"),
    WORD("书面检查", "written"),
    WORD("文件查阅", "written"),
    WORD("书面审查", "written"),
    WORD("利用其他行政部门检查结果或专业意见", "other_department"),
    WORD("利用其他结果", "other_department"),
    WORD("检验检测", "testing"),
    WORD("抽样检测", "testing"),
    WORD("抽样检验", "testing"),
    WORD("网络监测", "online"),
    WORD("网络检查", "online"),
    WORD("委托专业机构", "entrusted"),
    WORD("委托检查", "entrusted"),
};

struct str
item_method(struct str words)
{
    return word_id(METHODS, sizeof METHODS / sizeof *METHODS, words);
}

struct str
item_method_words(struct str id)
{
    return word_of(METHODS, sizeof METHODS / sizeof *METHODS, id);
}

static const struct word LEVELS[] = {
    WORD("省级", "province"), WORD("市级", "city"),           WORD("县级", "county"),
    WORD("区县级", "county"), WORD("县(区)级", "county"),     WORD("县（区）级", "county"),
    WORD("县区级", "county"), WORD("站所", "station"),        WORD("乡镇", "station"),
    WORD("乡镇级", "station"), WORD("基层站所", "station"),
};

struct str
item_level(struct str words)
{
    return word_id(LEVELS, sizeof LEVELS / sizeof *LEVELS, words);
}

struct str
item_level_words(struct str id)
{
    return word_of(LEVELS, sizeof LEVELS / sizeof *LEVELS, id);
}

/* versions
 * ------------------------------------------------------------------------------------------------------ */

static struct item_put_in
merged(const struct item_latest_row *old, const struct item_put_in *say, bool *changed)
{
    return (struct item_put_in){
        .code = say->code,
        .version = old->version + 1,
        .state = say->state,
        .domain = newer(say->domain, old->domain, changed),
        .name = newer(say->name, old->name, changed),
        .class = newer(say->class, old->class, changed),
        .track = newer(say->track, old->track, changed),
        .department = newer(say->department, old->department, changed),
        .partners = newer(say->partners, old->partners, changed),
        .levels = newer(say->levels, old->levels, changed),
        .target_scope = newer(say->target_scope, old->target_scope, changed),
        .points = newer(say->points, old->points, changed),
        .methods = newer(say->methods, old->methods, changed),
        .legal_basis = newer(item_basis_kept(say->legal_basis, old->legal_basis), old->legal_basis, changed),
        .cap_bp = newer_i64(say->cap_bp, old->cap_bp, changed),
        .frequency = newer(say->frequency, old->frequency, changed),
        .skills = newer(say->skills, old->skills, changed),
        .valid_from_day = newer_i64(say->valid_from_day, old->valid_from_day, changed),
        .valid_to_day = newer_i64(say->valid_to_day, old->valid_to_day, changed),
        .reason = say->reason,
        .published_us = say->published_us,
        .target_tags = newer(say->target_tags, old->target_tags, changed),
        .expert_needed = newer_i64(say->expert_needed, old->expert_needed, changed),
    };
}

/* A list that makes an item a key one takes its cap away. */
static struct item_put_in
merged_class(const struct item_latest_row *old, const struct item_put_in *say, bool *changed)
{
    struct item_put_in to = merged(old, say, changed);

    if (str_eq(to.class, STR("KEY")))
        to.cap_bp.set = false;
    return to;
}

static enum err
may_follow(struct ctx *c, const struct item_latest_row *old)
{
    if (!str_eq(old->state, STATES[ITEM_RETIRED]) && !str_eq(old->state, STATES[ITEM_LEGAL_REVIEW]))
        return OK;
    return ctx_refuse(c, ERR_STATE, "item %.*s is %.*s", (int) old->code.n, old->code.p, (int) old->state.n,
                      old->state.p);
}

static enum err
decide(struct ctx *c, const struct item_put_in *say, struct item_latest_row *old, struct item_put_in *to,
       bool *is_new, bool *changed)
{
    enum item_state state;
    enum err e = item_latest(c->db, c->arena, &(struct item_latest_in){say->code}, old);

    if (item_state_parse(say->state, &state) != OK || (state != ITEM_DRAFT && state != ITEM_PUBLISHED))
        return ERR_INPUT;
    *is_new = e == ERR_NOT_FOUND;
    *changed = false;
    *to = *say;
    to->version = 1;
    if (*is_new)
        return OK;
    if (e == OK && str_eq(old->state, STATES[ITEM_RETIRED]))
        return may_follow(c, old);
    if (e == OK)
        *to = merged_class(old, say, changed);
    return e == OK && *changed ? may_follow(c, old) : e;
}

enum err
item_would_revise(struct ctx *c, const struct item_put_in *say, bool *is_new, bool *changed)
{
    struct item_latest_row old;
    struct item_put_in to;

    return decide(c, say, &old, &to, is_new, changed);
}

/* A further version: what was in force gives way if it is published; the law's reminders are answered. A draft that it
 * follows stays where it is and moves no more (superseded). old: NULL for the first. */
static enum err
put_version(struct ctx *c, const struct item_latest_row *old, const struct item_put_in *to)
{
    enum err e = OK;

    if (str_eq(to->state, STATES[ITEM_PUBLISHED]))
        e = item_retire_others(c->db, &(struct item_retire_others_in){to->code, to->version});
    if (e == OK)
        e = item_put(c->db, to);
    return e == OK && old != NULL ? item_basis_close(c, to->code, STR("drafted")) : e;
}

enum err
item_revise(struct ctx *c, const struct item_put_in *say, int64_t *version)
{
    struct item_latest_row old;
    struct item_put_in to;
    bool is_new, changed;
    enum err e = decide(c, say, &old, &to, &is_new, &changed);

    *version = 0;
    if (e != OK || (!is_new && !changed))
        return e;
    e = put_version(c, is_new ? NULL : &old, &to);
    if (e == OK)
        *version = to.version;
    return e;
}

/* drafts of a person
 * ------------------------------------------------------------------------------------------------------ */

enum err
item_own_only(struct ctx *c, struct str department)
{
    if (c->department.n > 0 && !str_eq(c->department, department))
        return ctx_refuse(c, ERR_PERMISSION, "an item of %.*s", (int) department.n, department.p);
    return OK;
}

bool
item_code_ok(struct str code)
{
    for (size_t i = 0; i < code.n; i++) {
        char ch = code.p[i];

        if (!((ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch == '-' && i > 0)))
            return false;
    }
    return code.n >= 1 && code.n <= ITEM_CODE_MAX;
}

static bool
same_number(struct opt_i64 a, struct opt_i64 b)
{
    return a.set == b.set && (!a.set || a.v == b.v);
}

/* Does it say all that the old version says, and nothing else? */
static bool
says_the_same(const struct item_put_in *a, const struct item_latest_row *b)
{
    const struct {
        struct str a, b;
    } TEXTS[] = {{a->domain, b->domain},     {a->name, b->name},         {a->class, b->class},
                 {a->track, b->track},       {a->department, b->department}, {a->partners, b->partners},
                 {a->levels, b->levels},     {a->target_scope, b->target_scope}, {a->points, b->points},
                 {a->methods, b->methods},   {a->legal_basis, b->legal_basis}, {a->frequency, b->frequency},
                 {a->skills, b->skills},     {a->target_tags, b->target_tags}};

    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        if (!(TEXTS[i].a.n == 0 && TEXTS[i].b.n == 0) && !str_eq(TEXTS[i].a, TEXTS[i].b))
            return false;
    return same_number(a->cap_bp, b->cap_bp) && same_number(a->valid_from_day, b->valid_from_day) &&
           same_number(a->valid_to_day, b->valid_to_day) && same_number(a->expert_needed, b->expert_needed);
}

/* Was the item ever published? Then every further version says why. */
static enum err
was_public(struct ctx *c, struct str code, bool *yes)
{
    struct item_versions_row *v;
    size_t n;
    enum err e = item_versions(c->db, c->arena, &(struct item_versions_in){code}, &v, &n);

    *yes = false;
    for (size_t i = 0; e == OK && i < n; i++)
        *yes = *yes || v[i].published_us.set;
    return e;
}

static enum err
further(struct ctx *c, struct item_put_in *say, const struct item_latest_row *old, int64_t *version)
{
    bool draft = str_eq(old->state, STATES[ITEM_DRAFT]), public = false;
    enum err e = item_own_only(c, old->department);

    if (e == OK)
        e = may_follow(c, old);
    if (e == OK && says_the_same(say, old) && (!draft || str_eq(say->reason, old->reason)))
        return OK;
    if (e == OK)
        e = was_public(c, say->code, &public);
    if (e == OK && public && say->reason.n == 0)
        return ctx_refuse(c, ERR_MISSING, "reason");
    say->version = old->version + 1;
    if (e == OK)
        e = put_version(c, old, say);
    if (e == OK)
        *version = say->version;
    return e;
}

static enum err
propose(struct ctx *c, struct item_put_in *say, bool is_new, int64_t *version)
{
    struct item_latest_row old;
    enum err e = item_latest(c->db, c->arena, &(struct item_latest_in){say->code}, &old);

    if (e == OK && is_new)
        return ERR_EXISTS;
    if (e != OK && !(e == ERR_NOT_FOUND && is_new))
        return e;
    e = item_own_only(c, say->department);
    say->version = 1;
    if (e == OK)
        e = is_new ? put_version(c, NULL, say) : further(c, say, &old, version);
    if (e == OK && is_new)
        *version = 1;
    return e == OK && *version > 0 ? journal_add(c, &(struct journal_act){STR("item.draft"), say->code, {NULL, 0}}) : e;
}

enum err
item_propose(struct ctx *c, struct item_put_in *say, bool is_new, int64_t *version)
{
    enum err e;

    *version = 0;
    say->state = STATES[ITEM_DRAFT];
    say->published_us.set = false;
    if (!item_code_ok(say->code))
        return ctx_refuse(c, ERR_CHARSET, "the code of an item: letters, digits, -");
    if ((e = item_check(c, say, NULL, NULL)) != OK || (e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, propose(c, say, is_new, version));
}

/* moves
 * ---------------------------------------------------------------------------------------------------------
 */

enum err
item_step_allowed(struct ctx *c, const struct item_step *s)
{
    bool back = s->from == ITEM_LEGAL_REVIEW && s->to == ITEM_DRAFT;
    struct item_review_last_row last;
    enum err e;

    if (!item_may_move(s->from, s->to))
        return ctx_refuse(c, ERR_STATE, "%.*s is %.*s", (int) s->code.n, s->code.p, (int) STATES[s->from].n,
                          STATES[s->from].p);
    if ((back || s->to == ITEM_SUSPENDED || s->to == ITEM_RETIRED) && s->opinion.n == 0)
        return ctx_refuse(c, ERR_MISSING, "reason");
    if (s->opinion.n > ITEM_TEXT_MAX)
        return ctx_refuse(c, ERR_LENGTH, "reason");
    if (s->from != ITEM_LEGAL_REVIEW || s->to != ITEM_PUBLISHED || !str_starts(c->actor, STR("user:")))
        return OK;
    e = item_review_last(c->db, c->arena, &(struct item_review_last_in){s->list, s->code, s->version}, &last);
    if (e == OK && str_eq(last.actor, c->actor))
        return ctx_refuse(c, ERR_PERMISSION, "who hands it in does not publish it");
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err
item_step_note(struct ctx *c, struct str act, const struct item_step *s)
{
    struct item_review_last_row last;
    struct buf b;
    struct str detail;
    enum err e = item_review_last(c->db, c->arena, &(struct item_review_last_in){s->list, s->code, s->version}, &last);

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    e = item_review_put(c->db, &(struct item_review_put_in){
                                   s->list, s->code, s->version, e == OK ? last.seq + 1 : 1, STATES[s->from],
                                   STATES[s->to], c->actor.n == 0 ? STR("system") : c->actor, s->opinion, c->now_us});
    if (e == OK)
        e = buf_in(c, 512 + 6 * s->opinion.n, &b);
    if (e != OK)
        return e;
    buf_z(&b, "{\"version\":");
    buf_i64(&b, s->version);
    buf_z(&b, ",\"from\":");
    json_put_text(&b, STATES[s->from]);
    buf_z(&b, ",\"to\":");
    json_put_text(&b, STATES[s->to]);
    buf_z(&b, ",\"reason\":");
    json_put_text(&b, s->opinion);
    buf_z(&b, "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act){act, s->code, detail}) : e;
}

/* *newest: of the item. */
static enum err
find_version(struct ctx *c, struct str code, int64_t version, struct item_latest_row *out, int64_t *newest)
{
    struct item_version_row r;
    enum err e = item_latest(c->db, c->arena, &(struct item_latest_in){code}, out);

    if (e == OK)
        *newest = out->version;
    if (e == OK && version != 0)
        e = item_version(c->db, c->arena, &(struct item_version_in){code, version}, &r);
    if (e == OK && version != 0)
        *out = (struct item_latest_row){
            r.code,         r.version,        r.state,        r.domain,  r.name,        r.class,
            r.track,        r.department,     r.partners,     r.levels,  r.target_scope, r.points,
            r.methods,      r.legal_basis,    r.cap_bp,       r.frequency, r.skills,    r.valid_from_day,
            r.valid_to_day, r.reason,         r.published_us, r.target_tags, r.expert_needed};
    return e;
}

/* What follows from a step: the version in force before gives way, a retired item takes its drafts along. */
static enum err
make_way(struct ctx *c, const struct item_step *s)
{
    enum err e = OK;

    if (s->to == ITEM_PUBLISHED)
        e = item_retire_others(c->db, &(struct item_retire_others_in){s->code, s->version});
    if (s->to != ITEM_RETIRED || s->from == ITEM_DRAFT || s->from == ITEM_LEGAL_REVIEW)
        return e;
    e = item_retire_pending(c->db, &(struct item_retire_pending_in){s->code, s->version});
    return e == OK ? item_basis_close(c, s->code, STR("retired")) : e;
}

static enum err
move(struct ctx *c, struct item_step *s)
{
    struct item_latest_row row;
    int64_t newest = 0;
    enum err e = find_version(c, s->code, s->version, &row, &newest);

    if (e == OK)
        e = item_own_only(c, row.department);
    if (e == OK)
        e = item_state_parse(row.state, &s->from);
    if (e != OK)
        return e;
    s->version = row.version;
    if (s->from == ITEM_DRAFT && s->version < newest)
        return ctx_refuse(c, ERR_STATE, "a newer version has taken its place");
    if ((e = item_step_allowed(c, s)) != OK)
        return e;
    if (s->to == ITEM_LEGAL_REVIEW && item_lacks(&row, NULL, NULL))
        return ctx_refuse(c, ERR_MISSING, "targets, points, methods, legal basis or the cap");
    e = item_move_state(c->db, &(struct item_move_state_in){s->code, s->version, STATES[s->from], STATES[s->to],
                                                            {s->to == ITEM_PUBLISHED, c->now_us}});
    if (e == OK)
        e = make_way(c, s);
    return e == OK ? item_step_note(c, STR("item.move"), s) : e;
}

enum err
item_move(struct ctx *c, struct str code, int64_t version, enum item_state to, struct str reason)
{
    struct item_step s = {STR("item"), code, version, ITEM_DRAFT, to, reason};
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, move(c, &s)) : e;
}
