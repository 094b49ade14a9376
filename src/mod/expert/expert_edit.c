/* mod/expert/expert_edit.c - the register as people read and change it: row scope, checks, single edits */
#include "core/draw.h"
#include "core/uscc.h"
#include "mod/dict/dict.h"
#include "mod/expert/expert.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/org/org.h"
#include "mod/scope.h"

enum { LIST_MAX = 64, SPECIALTY_MAX = 200 };
static const struct str REGISTER = {"expert", 6};

static bool
visible(const struct ctx *c, const struct expert_get_row *row)
{
    return scope_sees(c, row->department.n == 0 ? c->department : row->department,
                      row->region.n == 0 ? c->region : row->region);
}

enum err
expert_see(struct ctx *c, struct str code, struct expert_get_row *out)
{
    enum err e = expert_get(c->db, c->arena, &(struct expert_get_in){code}, out);

    return e == OK && !visible(c, out) ? ERR_NOT_FOUND : e;
}

/* --- checks ---------------------------------------------------------------------------------------------------------------- */

static bool
text_ok(struct str s, size_t min_bytes, size_t max_bytes)
{
    return s.n >= min_bytes && s.n <= max_bytes && utf8_valid(s);
}

static enum err
place_ok(struct ctx *c, const struct expert_put_in *row, const char **field)
{
    struct org_department_get_row department;
    struct dict_region_get_row region;
    enum err e = OK;

    *field = "department";
    if (row->department.n > 0)
        e = org_department_get(c->db, c->arena, &(struct org_department_get_in){row->department}, &department);
    if (e != OK)
        return e == ERR_NOT_FOUND ? ERR_INPUT : e;
    *field = "region";
    if (row->region.n > 0)
        e = dict_region_get(c->db, c->arena, &(struct dict_region_get_in){row->region}, &region);
    return e == ERR_NOT_FOUND ? ERR_REGION : e;
}

static enum err
lists_ok(struct ctx *c, const struct expert_put_in *row, const char **field)
{
    struct texts t = {NULL, 0};
    struct target_code code;
    enum err e = OK;

    *field = "specialty";
    if (row->specialty.n > 0)
        e = json_texts_of(c, row->specialty, LIST_MAX, SPECIALTY_MAX, &t);
    if (e != OK)
        return e;
    *field = "conflicts";
    t.count = 0;
    if (row->conflicts.n > 0)
        e = json_texts_of(c, row->conflicts, EXPERT_CONFLICTS_MAX, TARGET_CODE_MAX, &t);
    for (size_t i = 0; e == OK && i < t.count; i++)
        if ((e = target_code_parse(t.v[i], &code)) != OK)
            return ctx_refuse(c, e, "%.*s", (int) t.v[i].n, t.v[i].p);
    return e;
}

static enum err
check(struct ctx *c, const struct expert_change *say, const char **field)
{
    const struct expert_put_in *row = &say->row;
    enum err e;

    *field = "name";
    if ((say->said & EXPERT_NAME) != 0 && !text_ok(row->name, 1, EXPERT_NAME_MAX))
        return ERR_LENGTH;
    *field = "organisation";
    if (!text_ok(row->organisation, 0, EXPERT_NAME_MAX))
        return ERR_LENGTH;
    *field = "contract_no";
    if (!text_ok(row->contract_no, 0, EXPERT_NAME_MAX))
        return ERR_LENGTH;
    if ((e = place_ok(c, row, field)) != OK || (e = lists_ok(c, row, field)) != OK)
        return e;
    if ((e = person_check(&say->person, field)) == OK)
        *field = NULL;
    return e;
}

/* What all may see is changed by those of all departments and regions only. */
static enum err
may_write(struct ctx *c, struct str department, struct str region)
{
    return scope_sees(c, department, region)
               ? OK
               : ctx_refuse(c, ERR_PERMISSION, "experts of other or of all departments are not for this account to change");
}

/* --- changes --------------------------------------------------------------------------------------------------------------- */

static void
take_text(struct str *to, struct str said, unsigned field, unsigned said_fields, unsigned *changed)
{
    if ((said_fields & field) == 0 || str_eq(*to, said))
        return;
    *to = said;
    *changed |= field;
}

static void
take_day(struct opt_i64 *to, struct opt_i64 said, unsigned field, unsigned said_fields, unsigned *changed)
{
    if ((said_fields & field) == 0 || (to->set == said.set && (!to->set || to->v == said.v)))
        return;
    *to = said;
    *changed |= field;
}

static struct expert_put_in
merged(const struct expert_get_row *old, const struct expert_change *say, unsigned *changed)
{
    const struct expert_put_in *s = &say->row;
    struct expert_put_in to = {old->code,          old->name,       old->department,  old->region,
                               old->organisation,  old->specialty,  old->contract_no, old->contract_from_day,
                               old->contract_to_day, old->conflicts, old->state,       s->updated_us};

    *changed = 0;
    take_text(&to.name, s->name, EXPERT_NAME, say->said, changed);
    take_text(&to.department, s->department, EXPERT_DEPARTMENT, say->said, changed);
    take_text(&to.region, s->region, EXPERT_REGION, say->said, changed);
    take_text(&to.organisation, s->organisation, EXPERT_ORGANISATION, say->said, changed);
    take_text(&to.specialty, s->specialty, EXPERT_SPECIALTY, say->said, changed);
    take_text(&to.contract_no, s->contract_no, EXPERT_CONTRACT_NO, say->said, changed);
    take_day(&to.contract_from_day, s->contract_from_day, EXPERT_CONTRACT_FROM, say->said, changed);
    take_day(&to.contract_to_day, s->contract_to_day, EXPERT_CONTRACT_TO, say->said, changed);
    take_text(&to.conflicts, s->conflicts, EXPERT_CONFLICTS, say->said, changed);
    return to;
}

/* {"fields":[…]}: which, not what was in them. */
static enum err
note_change(struct ctx *c, struct str act, struct str code, unsigned changed, bool person)
{
    static const char *const NAMES[] = {"name",        "department",    "region",      "organisation", "specialty",
                                        "contract_no", "contract_from", "contract_to", "conflicts"};
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

static bool
contract_ok(const struct expert_put_in *row)
{
    return !row->contract_from_day.set || !row->contract_to_day.set ||
           row->contract_from_day.v <= row->contract_to_day.v;
}

static enum err
store(struct ctx *c, struct str act, const struct expert_put_in *to, unsigned changed, const struct person_say *private)
{
    bool person = false;
    enum err e = contract_ok(to) ? may_write(c, to->department, to->region) : ERR_ORDER;

    if (e == OK)
        e = person_put(c, (struct person_key){REGISTER, to->code}, private, false, &person);
    if (e != OK || (changed == 0 && !person))
        return e;
    e = expert_put(c->db, to);
    return e == OK ? note_change(c, act, to->code, changed, person) : e;
}

static enum err
open_one(struct ctx *c, const struct expert_change *say)
{
    struct expert_put_in row = say->row;
    struct expert_get_row old;
    enum err e = expert_get(c->db, c->arena, &(struct expert_get_in){row.code}, &old);

    row.state = STR("active");
    return e == ERR_NOT_FOUND ? store(c, STR("expert.add"), &row, say->said, &say->person) : e == OK ? ERR_EXISTS : e;
}

enum err
expert_open(struct ctx *c, const struct expert_change *say, const char **field)
{
    struct expert_change all = *say;
    enum err e;

    all.said |= EXPERT_NAME;
    *field = "code";
    if (!draw_name_ok(say->row.code))
        return ctx_refuse(c, ERR_CHARSET, "a code begins with a letter or digit and has at most 32 of A-Z a-z 0-9 . _ -");
    if ((e = check(c, &all, field)) != OK || (e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, open_one(c, &all));
}

/* The present row, when this account may change it. */
static enum err
for_change(struct ctx *c, int64_t row_version, struct str code, struct expert_get_row *old)
{
    enum err e = expert_see(c, code, old);

    if (e == OK)
        e = may_write(c, old->department, old->region);
    return e == OK && old->row_version != row_version ? ERR_CONFLICT : e;
}

static enum err
edit(struct ctx *c, int64_t row_version, const struct expert_change *say)
{
    struct expert_get_row old;
    struct expert_put_in to;
    unsigned changed;
    enum err e = for_change(c, row_version, say->row.code, &old);

    if (e != OK)
        return e;
    to = merged(&old, say, &changed);
    return store(c, STR("expert.change"), &to, changed, &say->person);
}

enum err
expert_edit(struct ctx *c, int64_t row_version, const struct expert_change *say, const char **field)
{
    struct expert_get_row old;
    enum err e = expert_see(c, say->row.code, &old);

    *field = NULL;
    if (e == OK)
        e = check(c, say, field);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, edit(c, row_version, say)) : e;
}

/* --- state ----------------------------------------------------------------------------------------------------------------- */

static enum err
move(struct ctx *c, int64_t row_version, struct str code, struct str state, struct str reason)
{
    struct expert_get_row old;
    enum err e = for_change(c, row_version, code, &old);

    if (e == OK && str_eq(old.state, state))
        e = ERR_STATE;
    if (e == OK)
        e = expert_state_put(c->db, &(struct expert_state_put_in){code, old.state, state, reason, c->now_us});
    if (e != OK)
        return e;
    return journal_add(c, &(struct journal_act){STR("expert.state"), code,
                                                str_eq(state, STR("active")) ? STR("{\"to\":\"active\"}")
                                                                             : STR("{\"to\":\"left\"}")});
}

enum err
expert_move(struct ctx *c, int64_t row_version, struct str code, struct str state, struct str reason)
{
    enum err e;

    if (!text_ok(reason, 1, EXPERT_REASON_MAX))
        return ctx_refuse(c, ERR_LENGTH, "a reason of 1 to %d bytes", EXPERT_REASON_MAX);
    if (state.n == 0 || !str_eq(expert_state(state), state))
        return ctx_refuse(c, ERR_INPUT, "state: active or left");
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, move(c, row_version, code, state, reason)) : e;
}

enum err
expert_reveal(struct ctx *c, struct str code, struct str reason, struct person_plain *out)
{
    struct expert_get_row row;
    enum err e = expert_see(c, code, &row);

    *out = (struct person_plain){{NULL, 0}, {NULL, 0}};
    return e == OK ? person_reveal(c, (struct person_key){REGISTER, code}, reason, out) : e;
}
