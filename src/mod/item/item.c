/* mod/item/item.c */
#include "mod/item/item.h"

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

struct str
item_class(struct str words)
{
    static const struct word TABLE[] = {
        WORD("重点检查事项", "KEY"),     WORD("重点", "KEY"),     WORD("重点事项", "KEY"),
        WORD("一般检查事项", "GENERAL"), WORD("一般", "GENERAL"), WORD("一般事项", "GENERAL"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
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

struct str
item_method(struct str words)
{
    static const struct word TABLE[] = {
        WORD("实地检查", "on_site"),
        WORD("现场检查", "on_site"),
        WORD("实地核查", "on_site"),
        WORD("现场", "on_site"),
        WORD("文件查阅", "written"),
        WORD("现场核查", "on_site"),
        WORD("书面检查", "written"),
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

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
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
        .legal_basis = newer(say->legal_basis, old->legal_basis, changed),
        .cap_bp = newer_i64(say->cap_bp, old->cap_bp, changed),
        .frequency = newer(say->frequency, old->frequency, changed),
        .skills = newer(say->skills, old->skills, changed),
        .valid_from_day = newer_i64(say->valid_from_day, old->valid_from_day, changed),
        .valid_to_day = newer_i64(say->valid_to_day, old->valid_to_day, changed),
        .reason = say->reason,
        .published_us = say->published_us,
    };
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
        return ctx_refuse(c, ERR_STATE, "item %.*s is retired", (int) say->code.n, say->code.p);
    if (e == OK)
        *to = merged(old, say, changed);
    return e;
}

enum err
item_would_revise(struct ctx *c, const struct item_put_in *say, bool *is_new, bool *changed)
{
    struct item_latest_row old;
    struct item_put_in to;

    return decide(c, say, &old, &to, is_new, changed);
}

static enum err
retire_published(struct ctx *c, struct str code)
{
    struct item_current_row current;
    enum err e = item_current(c->db, c->arena, &(struct item_current_in){code}, &current);

    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    return item_move_state(
        c->db, &(struct item_move_state_in){
                   code, current.version, STATES[ITEM_PUBLISHED], STATES[ITEM_RETIRED], {false, 0}});
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
    if (str_eq(say->state, STATES[ITEM_PUBLISHED]))
        e = retire_published(c, say->code);
    if (e == OK)
        e = item_put(c->db, &to);
    if (e == OK)
        *version = to.version;
    return e;
}

/* moves
 * ---------------------------------------------------------------------------------------------------------
 */

static enum err
own_only(struct ctx *c, struct str department)
{
    if (c->department.n > 0 && !str_eq(c->department, department))
        return ctx_refuse(c, ERR_PERMISSION, "an item of %.*s", (int) department.n, department.p);
    return OK;
}

static bool
code_ok(struct str code)
{
    for (size_t i = 0; i < code.n; i++) {
        char ch = code.p[i];

        if (!((ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch == '-' && i > 0)))
            return false;
    }
    return code.n >= 1 && code.n <= ITEM_CODE_MAX;
}

static enum err
propose(struct ctx *c, const struct item_put_in *say, bool is_new, int64_t *version)
{
    struct item_latest_row old;
    enum err e = item_latest(c->db, c->arena, &(struct item_latest_in) {say->code}, &old);

    if (e == OK && is_new)
        return ERR_EXISTS;
    if (e == ERR_NOT_FOUND && is_new)
        e = own_only(c, say->department);
    else if (e == OK)
        e = own_only(c, old.department);
    if (e == OK && !is_new && say->reason.n == 0)
        return ctx_refuse(c, ERR_MISSING, "a further version has a reason");
    if (e == OK)
        e = item_revise(c, say, version);
    return e == OK && *version > 0 ? journal_add(c, &(struct journal_act) {STR("item.draft"), say->code, {NULL, 0}}) : e;
}

enum err
item_propose(struct ctx *c, const struct item_put_in *say, bool is_new, int64_t *version)
{
    enum err e;

    if (!code_ok(say->code))
        return ctx_refuse(c, ERR_CHARSET, "the code of an item: letters, digits, -");
    if ((e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, propose(c, say, is_new, version));
}

static enum err
move(struct ctx *c, struct str code, enum item_state to, struct str reason)
{
    struct item_latest_row row;
    enum item_state from;
    struct buf b;
    struct str detail;
    enum err e = item_latest(c->db, c->arena, &(struct item_latest_in){code}, &row);

    if (e == OK)
        e = own_only(c, row.department);
    if (e == OK)
        e = item_state_parse(row.state, &from);
    if (e == OK && !item_may_move(from, to))
        e = ctx_refuse(c, ERR_STATE, "item %.*s is %.*s", (int) code.n, code.p, (int) row.state.n,
                       row.state.p);
    if (e == OK && to == ITEM_PUBLISHED && from != ITEM_SUSPENDED)
        e = retire_published(c, code);
    if (e == OK)
        e = item_move_state(
            c->db, &(struct item_move_state_in){
                       code, row.version, STATES[from], STATES[to], {to == ITEM_PUBLISHED, c->now_us}});
    if (e == OK)
        e = buf_in(c, 512 + 6 * reason.n, &b);
    if (e != OK)
        return e;
    buf_z(&b, "{\"version\":");
    buf_i64(&b, row.version);
    buf_z(&b, ",\"from\":");
    json_put_text(&b, STATES[from]);
    buf_z(&b, ",\"to\":");
    json_put_text(&b, STATES[to]);
    buf_z(&b, ",\"reason\":");
    json_put_text(&b, reason);
    buf_z(&b, "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act){STR("item.move"), code, detail}) : e;
}

enum err
item_move(struct ctx *c, struct str code, enum item_state to, struct str reason)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, move(c, code, to, reason)) : e;
}
