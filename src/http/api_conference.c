/* http/api_conference.c - meetings of the joint conference 联席会议 (regulation 二(四), 三(一)) */
#include "api_handlers.h"
#include "mod/conference/conference.h"
#include "mod/plan/plan.h"

enum err
api_conferences_get(struct api *q)
{
    struct conference_list_in in = {.before = INT64_MAX, .region = q->ctx->region.n == 0 ? NO_STR : q->ctx->region};
    struct conference_list_row *r;
    size_t n;
    json_t *rows;
    enum err e = api_page_by_number(q, &in.limit_count, &in.before);

    if (e == OK)
        e = conference_list(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i + 1 < (size_t) in.limit_count; i++)
        json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "id", api_id(r[i].id), "region",
                                              api_str(r[i].region), "name", api_str(r[i].name), "held",
                                              api_date(OPT(r[i].held_day)), "place", api_str(r[i].place), "state",
                                              api_str(r[i].state), "topics", (json_int_t) r[i].topic_count, "open",
                                              (json_int_t) r[i].open_count));
    if (n == (size_t) in.limit_count)
        api_more_number(q, r[n - 2].id);
    return OK;
}

/* --- one meeting -------------------------------------------------------------------------------------------------- */

/* What the departments said to one plan. */
static json_t *
opinions_of(const struct conference_opinion_list_row *r, size_t n, struct str plan)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < n; i++)
        if (str_eq(r[i].plan, plan))
            json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o}", "department", api_str(r[i].department), "stance",
                                                  api_str(r[i].stance), "opinion", api_str(r[i].opinion), "at",
                                                  api_time(OPT(r[i].given_us))));
    return rows;
}

/* Departments that take part in a plan, each once. */
static enum err
put_participants(struct api *q, struct str plan, json_t *list)
{
    struct plan_line_list_row *lines;
    struct participants p;
    size_t n;
    json_t *seen = json_object();
    enum err e = plan_line_list(q->ctx->db, q->ctx->arena, &(struct plan_line_list_in){plan}, &lines, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        e = terms_participants(q->ctx, lines[i].participants, &p);
        for (size_t j = 0; e == OK && j < p.count; j++) {
            if (json_object_getn(seen, p.v[j].department.p, p.v[j].department.n) != NULL)
                continue;
            json_object_setn_new(seen, p.v[j].department.p, p.v[j].department.n, json_true());
            json_array_append_new(list, api_str(p.v[j].department));
        }
    }
    json_decref(seen);
    return e;
}

static enum err
topic(struct api *q, const struct conference_topic_list_row *t, json_t *opinions, json_t **out)
{
    struct plan_get_row plan;
    json_t *participants = json_array();
    enum err e = plan_get(q->ctx->db, q->ctx->arena, &(struct plan_get_in){t->plan}, &plan);

    if (e == OK)
        e = put_participants(q, t->plan, participants);
    if (e != OK)
        return e;
    *out = json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "plan", api_str(t->plan), "position",
                     (json_int_t) t->position, "name", api_str(plan.name), "lead", api_str(plan.lead), "state",
                     api_str(plan.state), "decision", api_str(t->decision), "opinion", api_str(t->opinion), "at",
                     api_time(t->decided_us), "opinions", opinions, "participants", participants);
    return OK;
}

static enum err
put_topics(struct api *q, int64_t id, json_t *rows)
{
    struct conference_topic_list_row *t;
    struct conference_opinion_list_row *o;
    size_t n, m;
    enum err e = conference_topic_list(q->ctx->db, q->ctx->arena, &(struct conference_topic_list_in){id}, &t, &n);

    if (e == OK)
        e = conference_opinion_list(q->ctx->db, q->ctx->arena, &(struct conference_opinion_list_in){id}, &o, &m);
    for (size_t i = 0; e == OK && i < n; i++) {
        json_t *one = NULL;

        e = topic(q, &t[i], opinions_of(o, m, t[i].plan), &one);
        if (e == OK)
            json_array_append_new(rows, one);
    }
    return e;
}

static enum err
give(struct api *q, int64_t id)
{
    struct conference_get_row m;
    json_t *topics = json_array();
    enum err e = conference_see(q->ctx, id, &m);

    q->out = json_pack("{s:o}", "topics", topics);
    if (e == OK)
        e = put_topics(q, id, topics);
    if (e != OK)
        return e;
    q->etag = m.row_version;
    return json_object_update_new(q->out, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", api_id(m.id), "region",
                                                    api_str(m.region), "name", api_str(m.name), "held",
                                                    api_date(OPT(m.held_day)), "place", api_str(m.place), "state",
                                                    api_str(m.state), "minutes", api_str(m.minutes))) == 0
               ? OK
               : ERR_MEMORY;
}

enum err
api_conference_get(struct api *q)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    return e == OK ? give(q, id) : e;
}

static enum err
read_opening(struct api *q, struct conference_opening *o)
{
    struct opt_i64 held = {0};
    enum err e = api_day(q, "held", &held);

    *o = (struct conference_opening){api_text(q, "region"), api_text(q, "name"), api_text(q, "place"), held.v};
    if (o->region.n == 0)
        o->region = api_level(q);
    return e;
}

enum err
api_conferences_post(struct api *q)
{
    struct conference_opening o;
    int64_t id;
    enum err e = read_opening(q, &o);

    if (e == OK)
        e = conference_open(q->ctx, &o, &id);
    if (e == ERR_REGION)
        return api_wrong(q, "region", e, q->ctx->why);
    if (e == OK)
        q->status = 201;
    return e == OK ? give(q, id) : e;
}

enum err
api_conference_put(struct api *q)
{
    struct conference_opening o;
    int64_t id, version = 0;
    enum err e = api_number_of(q->params[0], &id);

    if (e == OK)
        e = api_if_match(q, &version);
    if (e == OK)
        e = read_opening(q, &o);
    if (e == OK)
        e = conference_move(q->ctx, id, version, &o);
    return e == OK ? give(q, id) : e;
}

enum err
api_conference_add(struct api *q)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    if (e == OK)
        e = conference_add(q->ctx, id, api_text(q, "plan"));
    return e == OK ? give(q, id) : e;
}

/* A department speaks for itself; the secretary may write down what another one said in the meeting. */
enum err
api_conference_say(struct api *q)
{
    struct str department = api_text(q, "department");
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    if (department.n == 0)
        department = q->ctx->department;
    if (e == OK && department.n == 0)
        e = api_wrong(q, "department", ERR_MISSING, NULL);
    if (e == OK && !str_eq(department, q->ctx->department) && !roles_may(q->who.roles, PERMIT_CONFERENCE))
        e = ERR_PERMISSION;
    if (e == OK)
        e = conference_say(q->ctx, id, api_text(q, "plan"), department, api_text(q, "stance"), api_text(q, "opinion"));
    return e == OK ? give(q, id) : e;
}

enum err
api_conference_decide(struct api *q)
{
    struct str decision = api_text(q, "decision");
    bool adopted = str_eq(decision, STR("adopted"));
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    if (e == OK && !adopted && !str_eq(decision, STR("returned")))
        e = api_wrong(q, "decision", ERR_INPUT, NULL);
    if (e == OK)
        e = conference_decide(q->ctx, id, api_text(q, "plan"), adopted, api_text(q, "opinion"));
    return e == OK ? give(q, id) : e;
}

enum err
api_conference_close(struct api *q)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    if (e == OK)
        e = conference_close(q->ctx, id, api_text(q, "minutes"));
    return e == OK ? give(q, id) : e;
}
