/* mod/notice/notice_content.c - what a notice says: from the task, its draw, the items, the team and the register */
#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/inspector_sql.h"
#include "mod/item/item.h"
#include "mod/notice/notice_int.h"
#include "mod/org/org.h"
#include "mod/target/target.h"
#include "mod/task/task.h"

struct str
notice_text(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);

    return json_is_string(v) ? (struct str) {json_string_value(v), json_string_length(v)} : (struct str) {NULL, 0};
}

static json_t *
put_str(struct str s)
{
    return s.p == NULL ? json_null() : json_stringn(s.p, s.n);
}

static json_t *
put_day(int64_t day)
{
    char text[DAY_TEXT + 1];

    day_format(day, text);
    return json_string(text);
}

static json_t *
put_texts(const struct texts *t)
{
    json_t *list = json_array();

    for (size_t i = 0; i < t->count; i++)
        json_array_append_new(list, put_str(t->v[i]));
    return list;
}

/* --- items -------------------------------------------------------------------------------------------------------- */

/* "《…法》第三条" of each basis of an item. */
static json_t *
basis_of(struct str legal_basis)
{
    json_t *in = legal_basis.n == 0 ? NULL : json_loadb(legal_basis.p, legal_basis.n, 0, NULL), *out = json_array(), *v;
    size_t i;

    json_array_foreach(in, i, v) {
        struct str law = notice_text(v, "law"), article = notice_text(v, "article");

        if (law.n > 0)
            json_array_append_new(out, json_sprintf(str_starts(law, STR("《")) ? "%.*s%.*s" : "《%.*s》%.*s", (int) law.n,
                                                    law.p, (int) article.n, article.n == 0 ? "" : article.p));
    }
    json_decref(in);
    return out;
}

static json_t *
points_of(struct str points)
{
    json_t *in = points.n == 0 ? NULL : json_loadb(points.p, points.n, 0, NULL), *out = json_array(), *v;
    size_t i;

    json_array_foreach(in, i, v) if (notice_text(v, "content").n > 0)
        json_array_append(out, json_object_get(v, "content"));
    json_decref(in);
    return out;
}

static enum err
item_row(struct ctx *c, struct str code, struct item_version_row *out)
{
    struct item_current_row current;
    struct item_latest_row latest = {0};
    int64_t version;
    enum err e = item_current(c->db, c->arena, &(struct item_current_in) {code}, &current);

    version = e == OK ? current.version : 0;
    if (e == ERR_NOT_FOUND) { /* retired since it was drawn for */
        e = item_latest(c->db, c->arena, &(struct item_latest_in) {code}, &latest);
        version = latest.version;
    }
    return e == OK ? item_version(c->db, c->arena, &(struct item_version_in) {code, version}, out) : e;
}

struct departments {
    struct org_department_list_row *v;
    size_t count;
};

static const struct org_department_list_row *
department_of(const struct departments *d, struct str code)
{
    for (size_t i = 0; i < d->count; i++)
        if (str_eq(d->v[i].code, code))
            return &d->v[i];
    return NULL;
}

static json_t *
department_name(const struct departments *d, struct str code)
{
    const struct org_department_list_row *r = department_of(d, code);

    return put_str(r == NULL ? code : r->name);
}

/* Left out: the items of a participant that does not go there. */
static bool
is_checked(const struct task *t, const struct departments *d, int64_t mask, struct str department)
{
    const struct org_department_list_row *r = department_of(d, department);

    return r == NULL || !participants_have(&t->participants, department) || ((uint64_t) mask >> r->bit & 1) != 0;
}

static enum err
put_items(struct ctx *c, const struct task *t, const struct departments *d, int64_t mask, json_t *out)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < t->items.count; i++) {
        struct item_version_row r;

        e = item_row(c, t->items.v[i], &r);
        if (e == OK && is_checked(t, d, mask, r.department))
            json_array_append_new(out, json_pack("{s:o, s:I, s:o, s:o, s:o, s:o}", "code", put_str(r.code), "version",
                                                 (json_int_t) r.version, "name", put_str(r.name), "department",
                                                 department_name(d, r.department), "basis", basis_of(r.legal_basis),
                                                 "points", points_of(r.points)));
    }
    return e;
}

/* --- who comes ---------------------------------------------------------------------------------------------------- */

static enum err
put_inspector(struct ctx *c, const struct departments *d, const struct assignment_list_row *a, bool substitute, json_t *out)
{
    struct inspector_get_row who;
    struct inspector_certificates_of_row *k;
    struct str no = {0};
    int64_t valid_to = 0;
    size_t n;
    enum err e = inspector_get(c->db, c->arena, &(struct inspector_get_in) {a->inspector}, &who);

    if (e == OK)
        e = inspector_certificates_of(c->db, c->arena, &(struct inspector_certificates_of_in) {a->inspector}, &k, &n);
    if (e != OK)
        return e;
    for (size_t i = 0; i < n; i++) /* the one that holds longest */
        if (no.p == NULL || k[i].valid_to_day > valid_to) {
            no = k[i].no;
            valid_to = k[i].valid_to_day;
        }
    json_array_append_new(out, json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "department",
                                         department_name(d, a->department), "name", put_str(who.name), "code",
                                         put_str(a->inspector), "no", put_str(no), "valid_to",
                                         no.p == NULL ? json_null() : put_day(valid_to), "lead",
                                         str_eq(a->role, STR("lead")), "substitute", substitute));
    return OK;
}

static enum err
put_team(struct ctx *c, const struct visit_by_code_row *v, const struct departments *d, json_t *out)
{
    struct assignment_list_row *a;
    struct assignment_replacement_list_row *r;
    size_t n, rn;
    enum err e = assignment_list(c->db, c->arena, &(struct assignment_list_in) {v->target, v->draw, v->attempt}, &a, &n);

    if (e == OK)
        e = assignment_replacement_list(c->db, c->arena,
                                        &(struct assignment_replacement_list_in) {v->target, v->draw, v->attempt}, &r, &rn);
    for (size_t i = 0; e == OK && i < n; i++) {
        bool substitute = false;

        if (!str_eq(a[i].role, STR("lead")) && !str_eq(a[i].role, STR("member")))
            continue;
        for (size_t k = 0; k < rn; k++)
            substitute |= str_eq(r[k].substitute, a[i].inspector);
        e = put_inspector(c, d, &a[i], substitute, out);
    }
    return e;
}

/* --- papers, the number of the visit ------------------------------------------------------------------------------ */

/* What follows from the items when the office names nothing. */
static json_t *
papers_of(const struct notice_say *say, const json_t *items)
{
    json_t *out, *v;
    size_t i;

    if (say != NULL && say->papers.count > 0)
        return put_texts(&say->papers);
    out = json_pack("[s, s]", "营业执照等主体资格证照", "法定代表人（负责人）身份证件；委托他人接受检查的，授权委托书");
    json_array_foreach(items, i, v) {
        struct str name = notice_text(v, "name");

        json_array_append_new(out, json_sprintf("与“%.*s”有关的证照、台账和记录", (int) name.n, name.p));
    }
    return out;
}

/* Which visit of this year it is: those that were made, and this one unless it is one of them. */
static int64_t
visit_number(const struct ctx *c, const struct target_get_row *t, const struct visit_by_code_row *v)
{
    int64_t day = v->visited_day.set ? v->visited_day.v : day_of_us(c->now_us);
    bool this_year = t->last_visit_day.set && civil_from_day(t->last_visit_day.v).year == civil_from_day(day).year;
    int64_t made = this_year ? t->visits_year : 0;

    return str_eq(v->state, STR("submitted")) && made > 0 ? made : made + 1;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static json_t *
put_task(const struct task *t)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "code", put_str(t->row.code), "name", put_str(t->row.name), "plan",
                     put_str(t->row.plan), "reason", put_str(t->row.adhoc_reason));
}

static json_t *
put_all(struct ctx *c, const struct visit_by_code_row *v, const struct task *t, const struct target_get_row *target,
        const struct departments *d, const struct notice_say *say)
{
    json_t *out = json_object();

    json_object_set_new(out, "department", json_pack("{s:o, s:o}", "code", put_str(t->row.lead), "name",
                                                     department_name(d, t->row.lead)));
    json_object_set_new(out, "target", json_pack("{s:o, s:o, s:o}", "code", put_str(target->code), "name",
                                                 put_str(target->name), "address", put_str(target->address)));
    json_object_set_new(out, "task", put_task(t));
    json_object_set_new(out, "draw", put_str(v->draw));
    json_object_set_new(out, "attempt", json_integer(v->attempt));
    json_object_set_new(out, "from", put_day(t->row.from_day));
    json_object_set_new(out, "to", put_day(t->row.to_day));
    json_object_set_new(out, "methods", say != NULL && say->methods.count > 0 ? put_texts(&say->methods)
                                                                              : json_pack("[s]", "on_site"));
    json_object_set_new(out, "contact", put_str(say == NULL ? (struct str) {0} : say->contact));
    json_object_set_new(out, "note", put_str(say == NULL ? (struct str) {0} : say->note));
    json_object_set_new(out, "visit_no", json_integer(visit_number(c, target, v)));
    json_object_set_new(out, "exempt", put_str(v->exempt));
    return out;
}

enum err
notice_describe(struct ctx *c, const struct visit_by_code_row *v, const struct notice_say *say, json_t **out)
{
    struct task t;
    struct target_get_row target;
    struct departments d;
    json_t *items = json_array(), *team = json_array();
    enum err e = task_load(c, v->task, &t);

    if (e == OK)
        e = target_get(c->db, c->arena, &(struct target_get_in) {v->target}, &target);
    if (e == OK)
        e = org_department_list(c->db, c->arena, &d.v, &d.count);
    if (e == OK)
        e = put_items(c, &t, &d, v->mask, items);
    if (e == OK)
        e = put_team(c, v, &d, team);
    if (e == OK) {
        *out = put_all(c, v, &t, &target, &d, say);
        json_object_set_new(*out, "papers", papers_of(say, items));
        json_object_set(*out, "items", items);
        json_object_set(*out, "inspectors", team);
    }
    json_decref(items);
    json_decref(team);
    return e;
}
