/* http/api_my.c - an inspector's own visits, as the phone needs them: at hand without a network (regulation 二(五)) */
#include "api_my.h"

#include "mod/assignment/assignment.h"
#include "mod/followup/followup.h"
#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/org/org.h"
#include "mod/publication/publication.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "qr.h"

enum { HISTORY_MAX = 20, BASE_MAX = 200 };

enum err
api_my_self(const struct api *q)
{
    return q->who.inspector.n > 0 ? OK : ctx_refuse(q->ctx, ERR_PERMISSION, "this account is no inspector's");
}

static json_t *
now_ms(const struct api *q)
{
    return json_integer(q->ctx->now_us / 1000);
}

static enum err
target_of(struct api *q, struct str code, struct target_page_row *out)
{
    struct target_page_row *rows;
    size_t n;
    enum err e = target_page(q->ctx->db, q->ctx->arena, &(struct target_page_in) {code, 1}, &rows, &n);

    if (e == OK && (n == 0 || !str_eq(rows[0].code, code)))
        return ERR_NOT_FOUND;
    if (e == OK)
        *out = rows[0];
    return e;
}

static json_t *
udeg(struct opt_i64 v)
{
    return v.set ? json_integer(v.v) : json_null();
}

/* What a list shows of a visit. */
static enum err
short_json(struct api *q, const struct record_visit *v, json_t **out)
{
    struct target_page_row t;
    struct task_get_row task;
    struct visit_get_row visit;
    struct record_place_get_row at = {0};
    enum err e = target_of(q, v->visit.target, &t), placed;

    if (e == OK)
        e = task_get(q->ctx->db, q->ctx->arena, &(struct task_get_in) {v->visit.task}, &task);
    if (e == OK)
        e = visit_get(q->ctx->db, q->ctx->arena, &(struct visit_get_in) {v->visit.target, v->visit.id}, &visit);
    if (e != OK)
        return e;
    placed = record_place_get(q->ctx->db, q->ctx->arena, &(struct record_place_get_in) {v->visit.target}, &at);
    if (placed != OK && placed != ERR_NOT_FOUND)
        return placed;
    *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "task",
                     api_str(v->visit.task), "task_name", api_str(task.name), "from", api_date(OPT(task.from_day)), "to",
                     api_date(OPT(task.to_day)), "target", api_str(t.code), "name", api_str(t.name), "address",
                     api_str(t.business_address.n > 0 ? t.business_address : t.address), "region", api_str(t.region), "state",
                     api_str(v->visit.state), "visited", api_date(v->visit.visited_day), "department",
                     api_str(v->department), "role", api_str(v->role), "code", api_str(visit.code), "attempt",
                     json_integer(v->visit.attempt), "lon_udeg", udeg((struct opt_i64) {placed == OK, at.lon_udeg}),
                     "lat_udeg", udeg((struct opt_i64) {placed == OK, at.lat_udeg}));
    return *out == NULL ? ERR_MEMORY : OK;
}

static enum err
inspector_json(struct api *q, struct str code, json_t **out)
{
    struct inspector_get_row who;
    struct inspector_certificates_of_row *held;
    struct org_department_get_row department = {0};
    size_t n = 0;
    json_t *certificates;
    enum err e = inspector_get(q->ctx->db, q->ctx->arena, &(struct inspector_get_in) {code}, &who);

    if (e == OK)
        e = inspector_certificates_of(q->ctx->db, q->ctx->arena, &(struct inspector_certificates_of_in) {code}, &held, &n);
    if (e == OK)
        e = org_department_get(q->ctx->db, q->ctx->arena, &(struct org_department_get_in) {who.department}, &department);
    if (e != OK)
        return e;
    certificates = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(certificates, json_pack("{s:o, s:o, s:o}", "kind", api_str(held[i].kind), "no",
                                                      api_str(held[i].no), "valid_to", api_date(OPT(held[i].valid_to_day))));
    *out = json_pack("{s:o, s:o, s:o, s:o, s:o}", "code", api_str(code), "name", api_str(who.name), "department",
                     api_str(who.department), "department_name", api_str(department.name), "certificates", certificates);
    return *out == NULL ? ERR_MEMORY : OK;
}

enum err
api_my_visits(struct api *q)
{
    struct record_visit *mine;
    size_t n;
    json_t *rows, *one;
    enum err e = api_my_self(q);

    if (e == OK)
        e = record_mine(q->ctx, q->who.inspector, &mine, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; e == OK && i < n; i++)
        if ((e = short_json(q, &mine[i], &one)) == OK)
            json_array_append_new(rows, one);
    if (e == OK)
        e = inspector_json(q, q->who.inspector, &one);
    if (e != OK)
        return e;
    json_object_set_new(q->out, "inspector", one);
    json_object_set_new(q->out, "now", now_ms(q));
    return OK;
}

/* --- one visit ------------------------------------------------------------------------------------------------------ */

/* The points and the basis of the version in force; of an item that was withdrawn meanwhile only its name. */
static enum err
item_json(struct api *q, struct str code, json_t **out)
{
    struct item_latest_row i;
    struct item_current_row now;
    struct org_department_get_row department = {0};
    struct item_version_row at;
    enum err e = item_latest(q->ctx->db, q->ctx->arena, &(struct item_latest_in) {code}, &i);
    int64_t version;

    if (e != OK)
        return e;
    version = i.version;
    if (item_current(q->ctx->db, q->ctx->arena, &(struct item_current_in) {code}, &now) == OK)
        version = now.version;
    e = item_version(q->ctx->db, q->ctx->arena, &(struct item_version_in) {code, version}, &at);
    if (e == OK)
        e = org_department_get(q->ctx->db, q->ctx->arena, &(struct org_department_get_in) {at.department}, &department);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    *out = json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "code", api_str(code), "version",
                     (json_int_t) at.version, "name", api_str(at.name), "domain", api_str(at.domain), "class",
                     api_str(at.class), "department", api_str(at.department), "department_name", api_str(department.name),
                     "points", api_list(at.points), "methods", api_list(at.methods), "legal_basis", api_list(at.legal_basis));
    return *out == NULL ? ERR_MEMORY : OK;
}

static enum err
items_json(struct api *q, struct str task, json_t **out)
{
    struct task t;
    json_t *one;
    enum err e = task_load(q->ctx, task, &t);

    *out = json_array();
    for (size_t i = 0; e == OK && i < t.items.count; i++)
        if ((e = item_json(q, t.items.v[i], &one)) == OK)
            json_array_append_new(*out, one);
    return e;
}

static enum err
team_json(struct api *q, const struct record_visit *v, json_t **out)
{
    struct assignment_list_row *team;
    size_t n;
    json_t *one;
    enum err e = assignment_list(q->ctx->db, q->ctx->arena,
                                 &(struct assignment_list_in) {v->visit.target, v->visit.draw, v->visit.attempt}, &team, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++) {
        if (!str_eq(team[i].role, STR("lead")) && !str_eq(team[i].role, STR("member")))
            continue;
        if ((e = inspector_json(q, team[i].inspector, &one)) == OK) {
            json_object_set_new(one, "role", api_str(team[i].role));
            json_array_append_new(*out, one);
        }
    }
    return e;
}

static enum err
history_json(struct api *q, struct str target, json_t **out)
{
    struct publication_list_row *rows;
    size_t n;
    enum err e = publication_list(q->ctx->db, q->ctx->arena, &(struct publication_list_in) {target}, &rows, &n);

    *out = json_array();
    for (size_t i = n; e == OK && i > 0 && n - i < HISTORY_MAX; i--)
        json_array_append_new(*out, json_pack("{s:o, s:o, s:o, s:o}", "day", api_date(OPT(rows[i - 1].produced_day)), "item",
                                              api_str(rows[i - 1].item_name), "department", api_str(rows[i - 1].department),
                                              "codes", api_list(rows[i - 1].codes)));
    return e;
}

/* 责令改正 and whatever else is not finished there. */
static enum err
open_json(struct api *q, struct str target, json_t **out)
{
    struct followup_open_of_row *rows;
    size_t n;
    enum err e = followup_open_of(q->ctx->db, q->ctx->arena, &(struct followup_open_of_in) {target, HISTORY_MAX}, &rows, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++) {
        struct item_latest_row item;
        enum err named = item_latest(q->ctx->db, q->ctx->arena, &(struct item_latest_in) {rows[i].item}, &item);

        if (named != OK && named != ERR_NOT_FOUND)
            return named;
        json_array_append_new(*out, json_pack("{s:o, s:o, s:o, s:o, s:o}", "item",
                                              api_str(named == OK ? item.name : rows[i].item), "measure",
                                              api_str(rows[i].measure), "state", api_str(rows[i].state), "content",
                                              api_str(rows[i].content), "due", api_date(rows[i].due_day)));
    }
    return e;
}

static enum err
card_json(struct api *q, struct str code, json_t **out)
{
    struct target_page_row t;
    enum err e = target_of(q, code, &t);

    if (e != OK)
        return e;
    *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "code", api_str(t.code), "name",
                     api_str(t.name), "legal_rep", api_str(t.legal_rep), "address", api_str(t.address), "business_address",
                     api_str(t.business_address), "contact", api_str(t.contact), "status", api_str(t.status), "licences",
                     api_list(t.licences), "last_visit", api_date(t.last_visit_day), "visits_year",
                     (json_int_t) t.visits_year, "tags", api_split(t.tags));
    return *out == NULL ? ERR_MEMORY : OK;
}

json_t *
api_my_answers(const struct record *r)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < r->answer_count; i++) {
        const struct record_answer_list_row *a = &r->answers[i];
        json_t *law = a->law.n == 0 ? NULL : json_loadb(a->law.p, a->law.n, 0, NULL);
        json_t *reuse = a->reuse.n == 0 ? NULL : json_loadb(a->reuse.p, a->reuse.n, 0, NULL);

        json_array_append_new(rows, json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o*, s:o, s:o*, s:o, s:I}", "item",
                                              api_str(a->item), "version", (json_int_t) a->version, "answer",
                                              api_str(a->answer), "problem", api_str(a->problem), "codes", api_list(a->codes),
                                              "disposal", api_str(a->disposal), "law", law, "points", api_list(a->points),
                                              "reuse", reuse, "inspector", api_str(a->inspector), "at",
                                              (json_int_t) (a->answered_us / 1000)));
    }
    return rows;
}

static json_t *
evidence_json(const struct record *r)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < r->evidence_count; i++) {
        const struct record_evidence_list_row *f = &r->evidence[i];

        json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:b, s:o}", "hash", api_str(f->hash), "kind",
                                              api_str(f->kind), "item", api_str(f->item), "name", api_str(f->name), "place",
                                              api_str(f->place), "at", (json_int_t) (f->taken_us / 1000), "inspector",
                                              api_str(f->inspector), "late", f->late != 0, "type", api_str(f->type)));
    }
    return rows;
}

/* The record as it stands; null when nothing was handed in. */
static enum err
record_json(struct api *q, const struct record_visit *v, json_t **out)
{
    struct record r;
    enum err e = record_load(q->ctx, v->visit.target, v->visit.id, &r);

    *out = json_null();
    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "state", api_str(r.row.state), "outcome",
                     api_str(r.row.outcome), "methods", api_list(r.row.methods), "checkin", api_time(r.row.checkin_us),
                     "place", api_str(r.row.checkin_place), "remarks", api_str(r.row.remarks), "produced",
                     api_time(r.row.produced_us), "received", api_time(r.row.received_us), "answers", api_my_answers(&r),
                     "evidence", evidence_json(&r));
    return *out == NULL ? ERR_MEMORY : OK;
}

static enum err
visit_parts(struct api *q, const struct record_visit *v)
{
    static const char *const NAMES[] = {"card", "items", "team", "record", "history", "rectifications"};
    json_t *part[6] = {NULL};
    enum err e = card_json(q, v->visit.target, &part[0]);

    if (e == OK)
        e = items_json(q, v->visit.task, &part[1]);
    if (e == OK)
        e = team_json(q, v, &part[2]);
    if (e == OK)
        e = record_json(q, v, &part[3]);
    if (e == OK)
        e = history_json(q, v->visit.target, &part[4]);
    if (e == OK)
        e = open_json(q, v->visit.target, &part[5]);
    for (size_t i = 0; e == OK && i < 6; i++)
        json_object_set_new(q->out, NAMES[i], part[i]);
    return e;
}

/* 亮码: the address of the visit's page for the enterprise, as the phone names this server. */
static enum err
put_qr(struct api *q)
{
    struct str base = api_query(q, "base"), svg;
    const char *code = json_string_value(json_object_get(q->out, "code"));
    char address[BASE_MAX + 64];
    struct buf b = buf_over(address, sizeof address - 1);
    enum err e;

    if (base.n == 0 || code == NULL)
        return OK;
    if (base.n > BASE_MAX || !str_starts(base, STR("http")))
        return ERR_INPUT;
    buf_str(&b, base);
    buf_z(&b, "/v/");
    buf_z(&b, code);
    buf_z(&b, "/");
    address[b.n] = '\0';
    e = qr_svg(q->ctx->arena, address, &svg);
    if (e == OK)
        json_object_set_new(q->out, "qr", api_str(svg));
    return e;
}

enum err
api_my_visit(struct api *q)
{
    struct record_visit v;
    enum err e = api_my_self(q);

    if (e == OK)
        e = record_mine_one(q->ctx, q->who.inspector, q->params[0], q->params[1], &v);
    if (e == OK)
        e = short_json(q, &v, &q->out);
    if (e == OK)
        e = visit_parts(q, &v);
    if (e == OK)
        json_object_set_new(q->out, "now", now_ms(q));
    return e == OK ? put_qr(q) : e;
}
