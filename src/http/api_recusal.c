/* http/api_recusal.c - requests that an inspector steps back 申请回避: the list of one's department with the team it is about, the
 * decision, and what an inspector declares of himself (regulation 二(五)) */
#include "api_handlers.h"
#include "api_my.h"
#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/recusal/recusal.h"
#include "mod/target/target.h"
#include "mod/visit/visit.h"

/* The number on his certificate of enforcement, or absent. */
static enum err
certificate_of(struct api *q, struct str inspector, struct str *no)
{
    struct inspector_certificates_of_row *k;
    size_t n = 0;
    enum err e = inspector_certificates_of(q->ctx->db, q->ctx->arena, &(struct inspector_certificates_of_in){inspector}, &k, &n);

    *no = NO_STR;
    for (size_t i = 0; e == OK && i < n; i++)
        if (no->n == 0 && !str_eq(k[i].kind, STR("technical")))
            *no = k[i].no;
    return e;
}

static enum err
member_json(struct api *q, const struct assignment_list_row *a, json_t *team)
{
    struct inspector_get_row who;
    struct str no;
    enum err e = inspector_get(q->ctx->db, q->ctx->arena, &(struct inspector_get_in){a->inspector}, &who);

    if (e == OK)
        e = certificate_of(q, a->inspector, &no);
    if (e == OK)
        json_array_append_new(team, json_pack("{s:o, s:o, s:o, s:o}", "inspector", api_str(a->inspector), "name", api_str(who.name),
                                              "certificate", api_str(no), "role", api_str(a->role)));
    return e;
}

/* Those of the department at the target, who stepped back too; how many reserves have a row. */
static enum err
team_json(struct api *q, const struct recusal_page_row *r, json_t *one)
{
    struct visit_get_row v;
    struct assignment_list_row *a;
    json_t *team = json_array();
    json_int_t reserves = 0;
    size_t n = 0;
    enum err e = visit_get(q->ctx->db, q->ctx->arena, &(struct visit_get_in){r->target, r->visit}, &v);

    if (e == OK)
        e = assignment_list(q->ctx->db, q->ctx->arena, &(struct assignment_list_in){r->target, v.draw, v.attempt}, &a, &n);
    for (size_t i = 0; e == OK && i < n; i++) {
        bool reserve = str_eq(a[i].role, STR("reserve"));

        if (!str_eq(a[i].department, r->department))
            continue;
        reserves += reserve;
        if (!reserve)
            e = member_json(q, &a[i], team);
    }
    json_object_set_new(one, "team", team);
    json_object_set_new(one, "reserves", json_integer(reserves));
    return e == ERR_NOT_FOUND ? OK : e; /* the draw was voided meanwhile */
}

static enum err
request_json(struct api *q, const struct recusal_page_row *r, json_t **out)
{
    struct target_get_row t;
    bool open = str_eq(r->state, STR("asked"));
    enum err e = target_get(q->ctx->db, q->ctx->arena, &(struct target_get_in){r->target}, &t);

    if (e != OK)
        return e;
    *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:I}", "target",
                     api_str(r->target), "name", api_str(t.name), "id", api_id(r->id), "visit", api_id(r->visit), "task",
                     api_str(r->task), "department", api_str(r->department), "source", api_str(r->source), "whom",
                     str_eq(r->whom, STR("-")) ? json_null() : api_str(r->whom), "reason", api_str(r->reason), "state",
                     api_str(r->state), "due", api_date(r->due_day), "late",
                     (int) (open && r->due_day.set && r->due_day.v < day_of_us(q->ctx->now_us)), "answer", api_str(r->answer),
                     "inspector", api_str(r->inspector), "substitute", api_str(r->substitute), "answered", api_time(r->answered_us),
                     "asked", api_time(OPT(r->asked_us)), "row_version", (json_int_t) r->row_version);
    if (*out == NULL)
        return ERR_MEMORY;
    json_object_set_new(*out, "answered_by", api_str(r->answered_by));
    return team_json(q, r, *out);
}

enum err
api_recusals_get(struct api *q)
{
    struct recusal_page_row *r;
    int64_t limit, after = 0;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = api_cursor_number(q, &after);
    if (e == OK)
        e = recusal_page(q->ctx->db, q->ctx->arena,
                         &(struct recusal_page_in){api_query(q, "state"), q->ctx->department, q->ctx->region, after, limit + 1}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; e == OK && i < n && i < (size_t) limit; i++) {
        json_t *one = NULL;

        e = request_json(q, &r[i], &one);
        if (one != NULL)
            json_array_append_new(rows, one);
    }
    if (e == OK && n > (size_t) limit)
        api_more_number(q, r[limit - 1].id);
    return e;
}

enum err
api_recusals_answer(struct api *q)
{
    struct recusal_reply say = {.target = api_text(q, "target"),
                                .granted = json_is_true(json_object_get(q->in, "granted")),
                                .answer = api_text(q, "answer"),
                                .inspector = api_text(q, "inspector"),
                                .reason = api_text(q, "reason"),
                                .approver = q->who.name};
    struct str substitute;
    enum err e = api_number_of(api_text(q, "id"), &say.id);

    if (e == OK)
        e = api_if_match(q, &say.row_version);
    if (e == OK && say.granted && say.reason.n == 0)
        return api_wrong(q, "reason", ERR_MISSING, NULL);
    if (e == OK)
        e = recusal_answer(q->ctx, &say, &substitute);
    if (e == ERR_MISSING || e == ERR_INPUT)
        return api_wrong(q, e == ERR_MISSING ? "inspector" : "reason", e, q->ctx->why);
    if (e == ERR_LENGTH || e == ERR_ENCODING)
        return api_wrong(q, "answer", e, q->ctx->why);
    if (e == OK)
        q->out = json_pack("{s:o}", "substitute", api_str(substitute));
    return e;
}

enum err
api_my_recusals_post(struct api *q)
{
    size_t asked = 0;
    enum err e = api_my_self(q);

    if (e == OK)
        e = recusal_declare_own(q->ctx, q->who.inspector, api_text(q, "target"), api_text(q, "evidence"), &asked);
    if (e == ERR_LENGTH || e == ERR_ENCODING)
        return api_wrong(q, "evidence", e, q->ctx->why);
    if (e == OK)
        q->out = json_pack("{s:I}", "asked", (json_int_t) asked);
    return e;
}
