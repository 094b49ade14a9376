/* mod/item/summary.c - the list in figures, and what is to be controlled strictly 严格控制 (regulation 二(二)) */
#include "core/calendar.h"
#include "mod/dict/dict.h"
#include "mod/item/item_int.h"
#include "mod/journal/journal.h"
#include "mod/json.h"

static const char CAP_KEY[] = "item_cap_bp", SHARE_KEY[] = "item_key_share_bp";

struct str
item_warning_name(enum item_warning w)
{
    static const struct str NAMES[ITEM_WARNING_COUNT] = {
        [ITEM_OVER_CAP] = {"over_cap", 8},         [ITEM_NO_CAP] = {"no_cap", 6},       [ITEM_NO_BASIS] = {"no_basis", 8},
        [ITEM_BASIS_ENDED] = {"basis_ended", 11}, [ITEM_KEY_SHARE] = {"key_share", 9},
    };

    return NAMES[w];
}

static enum err
read_limit(struct ctx *c, const char *key, int64_t otherwise, int64_t *out)
{
    struct dict_setting_get_row row;
    uint64_t v;
    enum err e = dict_setting_get(c->db, c->arena, &(struct dict_setting_get_in){str_of(key)}, &row);

    *out = e == OK && str_u64(row.value, 10000, &v) == OK && v > 0 ? (int64_t) v : otherwise;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err
item_limits(struct ctx *c, struct item_limits *out)
{
    enum err e = read_limit(c, CAP_KEY, ITEM_CAP_BP_DEFAULT, &out->cap_bp);

    return e == OK ? read_limit(c, SHARE_KEY, ITEM_KEY_SHARE_BP_DEFAULT, &out->key_share_bp) : e;
}

static enum err
put_limit(struct ctx *c, const char *key, int64_t v)
{
    char text[24];
    struct buf b = buf_over(text, sizeof text);

    buf_i64(&b, v);
    return dict_setting_put(c->db, &(struct dict_setting_put_in){str_of(key), buf_view(&b)});
}

enum err
item_limits_put(struct ctx *c, const struct item_limits *l)
{
    enum err e;

    if (l->cap_bp < 1 || l->cap_bp > 10000 || l->key_share_bp < 1 || l->key_share_bp > 10000)
        return ctx_refuse(c, ERR_RANGE, "1 to 10000");
    if ((e = db_begin(c->db)) != OK)
        return e;
    e = put_limit(c, CAP_KEY, l->cap_bp);
    if (e == OK)
        e = put_limit(c, SHARE_KEY, l->key_share_bp);
    if (e == OK)
        e = journal_add(c, &(struct journal_act){STR("setting.put"), STR("item_limits"), {NULL, 0}});
    return db_end(c->db, e);
}

/* Is a law that it cites out of force by its own dates? */
static bool
basis_ended(struct str basis, int64_t today)
{
    json_t *v = basis.n == 0 ? NULL : json_loadb(basis.p, basis.n, 0, NULL);
    bool ended = false;

    for (size_t i = 0; i < json_array_size(v); i++) {
        const json_t *to = json_object_get(json_array_get(v, i), "to");
        int64_t day;

        if (json_is_string(to) && day_parse(str_of(json_string_value(to)), &day) == OK && day < today)
            ended = true;
    }
    json_decref(v);
    return ended;
}

static void
judge(const struct item_scan_row *r, const struct item_summary *s, int64_t today, bool warned[ITEM_WARNING_COUNT])
{
    bool general = str_eq(r->class, STR("GENERAL"));

    warned[ITEM_OVER_CAP] = general && r->cap_bp.set && r->cap_bp.v > s->limits.cap_bp;
    warned[ITEM_NO_CAP] = general && !r->cap_bp.set;
    warned[ITEM_NO_BASIS] = r->legal_basis.n == 0;
    warned[ITEM_BASIS_ENDED] = basis_ended(r->legal_basis, today);
    warned[ITEM_KEY_SHARE] = !general && s->key_share_bp > s->limits.key_share_bp;
}

static void
count_states(struct item_summary *s, const struct item_scan_row *r, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum item_state state = ITEM_DRAFT;

        if (item_state_parse(r[i].state, &state) != OK)
            continue;
        s->states[state]++;
        if (state != ITEM_RETIRED) {
            s->key += str_eq(r[i].class, STR("KEY"));
            s->general += str_eq(r[i].class, STR("GENERAL"));
        }
    }
}

static enum err
warn(struct ctx *c, struct item_summary *s)
{
    int64_t key = 0;

    s->warned = arena_array(c->arena, s->count + 1, sizeof *s->warned);
    if (s->warned == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < s->count; i++)
        key += str_eq(s->rows[i].class, STR("KEY"));
    s->key_share_bp = s->count == 0 ? 0 : key * 10000 / (int64_t) s->count;
    for (size_t i = 0; i < s->count; i++) {
        judge(&s->rows[i], s, day_of_us(c->now_us), s->warned[i]);
        for (int w = 0; w < ITEM_WARNING_COUNT; w++)
            s->warnings[w] += s->warned[i][w];
    }
    return OK;
}

enum err
item_summarise(struct ctx *c, struct item_summary *out)
{
    struct item_scan_row *rows;
    struct str own = c->department.n == 0 ? (struct str){NULL, 0} : c->department;
    size_t n;
    enum err e;

    *out = (struct item_summary){0};
    e = item_limits(c, &out->limits);
    if (e == OK)
        e = item_scan(c->db, c->arena, &(struct item_scan_in){own, {NULL, 0}}, &rows, &n);
    if (e != OK)
        return e;
    count_states(out, rows, n);
    e = item_scan(c->db, c->arena, &(struct item_scan_in){own, item_state_name(ITEM_PUBLISHED)}, &rows, &out->count);
    out->rows = rows;
    return e == OK ? warn(c, out) : e;
}
