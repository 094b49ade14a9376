/* mod/inspector/inspector_edit.c - the register as people read and change it: row scope, checks, single edits */
#include "core/draw.h"
#include "mod/dict/dict.h"
#include "mod/account/account.h"
#include "mod/inspector/inspector_int.h"
#include "mod/item/item.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/org/org.h"
#include "mod/scope.h"

enum { LIST_MAX = 256, SKILL_MAX = 100 };
static const struct str NONE;
static const struct str REGISTER = {"inspector", 9};

/* --- shared ---------------------------------------------------------------------------------------------------------------- */

enum err
inspector_see(struct ctx *c, struct str code, struct inspector_get_row *out)
{
    enum err e = inspector_get(c->db, c->arena, &(struct inspector_get_in){code}, out);

    return e == OK && !scope_sees(c, out->department, out->region) ? ERR_NOT_FOUND : e;
}

enum err
inspector_at_check(struct ctx *c, struct inspector_at at, struct inspector_get_row *out)
{
    enum err e = inspector_see(c, at.code, out);

    return e == OK && at.row_version >= 0 && at.row_version != out->row_version ? ERR_CONFLICT : e;
}

bool
inspector_code_ok(struct str code)
{
    return draw_name_ok(code);
}

enum err
inspector_reason_ok(struct ctx *c, struct str reason)
{
    if (reason.n == 0 || reason.n > INSPECTOR_TEXT_MAX)
        return ctx_refuse(c, ERR_LENGTH, "1 to %d bytes", INSPECTOR_TEXT_MAX);
    return utf8_valid(reason) ? OK : ERR_ENCODING;
}

enum err
inspector_note(struct ctx *c, struct str act, struct str subject, const struct inspector_note_field *fields, size_t count)
{
    struct buf b;
    struct str detail;
    size_t need = 16;
    enum err e;

    for (size_t i = 0; i < count; i++)
        need += 6 * fields[i].value.n + 32;
    if ((e = buf_in(c, need, &b)) != OK)
        return e;
    for (size_t i = 0; i < count; i++) {
        if (fields[i].value.n == 0)
            continue;
        buf_z(&b, b.n == 0 ? "{" : ",");
        json_put_text(&b, str_of(fields[i].name));
        buf_z(&b, ":");
        json_put_text(&b, fields[i].value);
    }
    buf_z(&b, b.n == 0 ? "{}" : "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act){act, subject, detail}) : e;
}

/* --- checks ---------------------------------------------------------------------------------------------------------------- */

static enum err
region_ok(struct ctx *c, struct str region)
{
    struct dict_region_get_row row;
    enum err e = region.n == 0 ? OK : dict_region_get(c->db, c->arena, &(struct dict_region_get_in){region}, &row);

    return e == ERR_NOT_FOUND ? ERR_REGION : e;
}

static enum err
item_ok(struct ctx *c, struct str code)
{
    struct item_latest_row row;
    enum err e = item_latest(c->db, c->arena, &(struct item_latest_in){code}, &row);

    return e == ERR_NOT_FOUND ? ctx_refuse(c, ERR_INPUT, "no such item: %.*s", (int) code.n, code.p) : e;
}

static enum err
skill_ok(struct ctx *c, struct str skill)
{
    (void) c;
    return utf8_valid(skill) ? OK : ERR_ENCODING;
}

/* An array of texts, each accepted by ok. */
static enum err
list_ok(struct ctx *c, struct str array, size_t max_bytes, enum err (*ok)(struct ctx *c, struct str one))
{
    size_t mark = arena_mark(c->arena);
    struct texts t = {NULL, 0};
    enum err e = array.n == 0 ? OK : json_texts_of(c, array, LIST_MAX, max_bytes, &t);

    for (size_t i = 0; e == OK && i < t.count; i++)
        e = ok(c, t.v[i]);
    arena_rewind(c->arena, mark);
    return e;
}

static enum err
department_ok(struct ctx *c, struct str code)
{
    struct org_department_get_row row;
    enum err e = org_department_get(c->db, c->arena, &(struct org_department_get_in){code}, &row);

    return e == ERR_NOT_FOUND ? ERR_INPUT : e;
}

static bool
text_ok(struct str s, size_t min_bytes, size_t max_bytes)
{
    return s.n >= min_bytes && s.n <= max_bytes && utf8_valid(s);
}

static enum err
check_lists(struct ctx *c, const struct inspector_put_in *row, const char **field)
{
    enum err e;

    *field = "region";
    if ((e = region_ok(c, row->region)) != OK)
        return e;
    *field = "regions";
    if ((e = list_ok(c, row->regions, DICT_CODE_MAX, region_ok)) != OK)
        return e;
    *field = "skills";
    if ((e = list_ok(c, row->skills, SKILL_MAX, skill_ok)) != OK)
        return e;
    *field = "items";
    return list_ok(c, row->items, ITEM_CODE_MAX, item_ok);
}

static enum err
check(struct ctx *c, const struct inspector_change *say, const char **field)
{
    const struct inspector_put_in *row = &say->row;
    enum err e;

    *field = "name";
    if ((say->said & INSPECTOR_NAME) != 0 && !text_ok(row->name, 1, INSPECTOR_NAME_MAX))
        return ERR_LENGTH;
    *field = "department";
    if ((say->said & INSPECTOR_DEPARTMENT) != 0 && (e = department_ok(c, row->department)) != OK)
        return e;
    *field = "level";
    if (!text_ok(row->level, 0, INSPECTOR_NAME_MAX))
        return ERR_LENGTH;
    *field = "cap_count";
    if (row->cap_count < 0 || row->cap_count > INSPECTOR_CAP_MAX)
        return ERR_RANGE;
    if ((e = check_lists(c, row, field)) != OK)
        return e;
    if ((e = person_check(&say->person, field)) == OK)
        *field = NULL;
    return e;
}

/* --- changes --------------------------------------------------------------------------------------------------------------- */

/* The old row with what is said; `changed` gets the fields that differ. */
static struct inspector_put_in
merged(const struct inspector_get_row *old, const struct inspector_change *say, unsigned *changed)
{
    struct inspector_put_in to = {old->code,   old->name,  old->department, old->level, old->region, old->regions,
                                  old->skills, old->items, old->cap_count,  old->lead,  old->state,  say->row.updated_us};
    const struct {
        unsigned field;
        struct str *to, said;
    } TEXTS[] = {
        {INSPECTOR_NAME, &to.name, say->row.name},          {INSPECTOR_DEPARTMENT, &to.department, say->row.department},
        {INSPECTOR_LEVEL, &to.level, say->row.level},       {INSPECTOR_REGION, &to.region, say->row.region},
        {INSPECTOR_REGIONS, &to.regions, say->row.regions}, {INSPECTOR_SKILLS, &to.skills, say->row.skills},
        {INSPECTOR_ITEMS, &to.items, say->row.items},
    };

    *changed = 0;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        if ((say->said & TEXTS[i].field) != 0 && !str_eq(*TEXTS[i].to, TEXTS[i].said)) {
            *TEXTS[i].to = TEXTS[i].said;
            *changed |= TEXTS[i].field;
        }
    if ((say->said & INSPECTOR_CAP) != 0 && to.cap_count != say->row.cap_count) {
        to.cap_count = say->row.cap_count;
        *changed |= INSPECTOR_CAP;
    }
    if ((say->said & INSPECTOR_LEAD) != 0 && to.lead != say->row.lead) {
        to.lead = say->row.lead;
        *changed |= INSPECTOR_LEAD;
    }
    return to;
}

/* {"fields":[…]}: which, not what was in them. */
static enum err
note_change(struct ctx *c, struct str act, struct str code, unsigned changed, bool person)
{
    static const char *const NAMES[] = {"name",   "department", "level",     "region", "regions",
                                        "skills", "items",      "cap_count", "lead"};
    char text[256];
    struct buf b = buf_over(text, sizeof text);

    buf_z(&b, "{\"fields\":[");
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if ((changed >> i & 1) == 0)
            continue;
        buf_z(&b, text[b.n - 1] == '[' ? "" : ",");
        json_put_text(&b, str_of(NAMES[i]));
    }
    if (person)
        buf_z(&b, text[b.n - 1] == '[' ? "\"private\"" : ",\"private\"");
    buf_z(&b, "]}");
    return journal_add(c, &(struct journal_act){act, code, buf_view(&b)});
}

static enum err
open_one(struct ctx *c, const struct inspector_change *say)
{
    struct inspector_put_in row = say->row;
    struct inspector_get_row old;
    bool person = false;
    enum err e = inspector_get(c->db, c->arena, &(struct inspector_get_in){row.code}, &old);

    if (e != ERR_NOT_FOUND)
        return e == OK ? ERR_EXISTS : e;
    row.state = STR("active");
    e = inspector_put(c->db, &row);
    if (e == OK)
        e = person_put(c, (struct person_key){REGISTER, row.code}, &say->person, false, &person);
    return e == OK ? note_change(c, STR("inspector.add"), row.code, say->said, person) : e;
}

enum err
inspector_open(struct ctx *c, const struct inspector_change *say, const char **field)
{
    struct inspector_change all = *say;
    enum err e;

    all.said |= INSPECTOR_NAME | INSPECTOR_DEPARTMENT;
    *field = "code";
    if (!inspector_code_ok(say->row.code))
        return ctx_refuse(c, ERR_CHARSET, "a code begins with a letter or digit and has at most 32 of A-Z a-z 0-9 . _ -");
    if ((e = check(c, &all, field)) != OK)
        return e;
    *field = "region";
    if (!scope_sees(c, say->row.department, say->row.region))
        return ctx_refuse(c, ERR_PERMISSION, "the inspector would lie outside one's own department or region");
    *field = NULL;
    if ((e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, open_one(c, &all));
}

static enum err
edit(struct ctx *c, int64_t row_version, const struct inspector_change *say)
{
    struct inspector_get_row old;
    struct inspector_put_in to;
    unsigned changed;
    bool person = false;
    enum err e = inspector_at_check(c, (struct inspector_at){say->row.code, row_version}, &old);

    if (e != OK)
        return e;
    to = merged(&old, say, &changed);
    if (!scope_sees(c, to.department, to.region))
        return ctx_refuse(c, ERR_PERMISSION, "the inspector would leave one's own department or region");
    e = person_put(c, (struct person_key){REGISTER, to.code}, &say->person, false, &person);
    if (e == OK && (changed != 0 || person))
        e = inspector_put(c->db, &to);
    return e == OK && (changed != 0 || person) ? note_change(c, STR("inspector.change"), to.code, changed, person) : e;
}

enum err
inspector_edit(struct ctx *c, int64_t row_version, const struct inspector_change *say, const char **field)
{
    struct inspector_get_row old;
    enum err e = inspector_see(c, say->row.code, &old); /* whoever may not see it learns nothing from the checks */

    *field = NULL;
    if (e == OK)
        e = check(c, say, field);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, edit(c, row_version, say)) : e;
}

/* --- state ----------------------------------------------------------------------------------------------------------------- */

static enum err
move(struct ctx *c, struct inspector_at at, struct str state, struct str reason)
{
    struct inspector_get_row old;
    enum err e = inspector_at_check(c, at, &old);

    if (e == OK && str_eq(old.state, state))
        e = ERR_STATE;
    if (e == OK)
        e = inspector_state_put(c->db, &(struct inspector_state_put_in){at.code, old.state, state, reason, c->now_us});
    if (e != OK)
        return e;
    return inspector_note(
        c, STR("inspector.state"), at.code,
        (const struct inspector_note_field[]){{"from", old.state}, {"to", state}}, 2); /* the reason may be personal */
}

enum err
inspector_move(struct ctx *c, struct inspector_at at, struct str state, struct str reason)
{
    enum err e = inspector_reason_ok(c, reason);

    if (e == OK && (state.n == 0 || !str_eq(inspector_state(state), state)))
        e = ctx_refuse(c, ERR_INPUT, "state: active, suspended or left");
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, move(c, at, state, reason)) : e;
}

enum err
inspector_reveal(struct ctx *c, struct str code, struct str reason, struct person_plain *out)
{
    struct inspector_get_row row;
    enum err e = inspector_see(c, code, &row);

    *out = (struct person_plain){NONE, NONE};
    return e == OK ? person_reveal(c, (struct person_key){REGISTER, code}, reason, out) : e;
}

enum err
inspector_link(struct ctx *c, int64_t row_version, struct str login, struct str code)
{
    struct inspector_get_row row;
    enum err e = code.n == 0 ? OK : inspector_get(c->db, c->arena, &(struct inspector_get_in){code}, &row);

    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, ERR_MISSING, "no inspector %.*s", (int) code.n, code.p);
    return e == OK ? account_link(c, row_version, login, code) : e;
}
