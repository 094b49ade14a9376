/* http/api_objection.c - objections 异议 to published results: the list of one's department, the answer (regulation 二(六)) */
#include "api_handlers.h"
#include "core/calendar.h"
#include "mod/objection/objection.h"

static json_t *
objection_json(struct api *q, const struct objection_page_row *r)
{
    bool late = str_eq(r->state, STR("received")) && r->due_day.set && r->due_day.v < day_of_us(q->ctx->now_us);
    json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:b}", "target", api_str(r->target), "id",
                          api_id(r->id), "task", api_str(r->task), "item", api_str(r->item), "department", api_str(r->department),
                          "region", api_str(r->region), "channel", api_str(r->channel), "content", api_str(r->content), "publish",
                          (int) (r->publish != 0), "state", api_str(r->state), "due", api_date(r->due_day), "late", (int) late);

    json_object_set_new(o, "outcome", api_str(r->outcome));
    json_object_set_new(o, "answer", api_str(r->answer));
    json_object_set_new(o, "answered", api_time(r->answered_us));
    json_object_set_new(o, "received", api_time(OPT(r->received_us)));
    json_object_set_new(o, "row_version", json_integer(r->row_version));
    return o;
}

enum err
api_objections_get(struct api *q)
{
    struct objection_page_row *r;
    int64_t limit, after = 0;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = api_cursor_number(q, &after);
    if (e == OK)
        e = objection_page(q->ctx->db, q->ctx->arena,
                           &(struct objection_page_in){api_query(q, "state"), q->ctx->department, q->ctx->region, after, limit + 1}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(rows, objection_json(q, &r[i]));
    if (n > (size_t) limit)
        api_more_number(q, r[limit - 1].id);
    return OK;
}

static enum err
codes_of(struct api *q, struct texts *out)
{
    struct str list;
    enum err e = api_json(q, "codes", &list);

    *out = (struct texts){0};
    return e == OK && list.n > 0 ? json_texts_of(q->ctx, list, 15, 40, out) : e;
}

enum err
api_objections_answer(struct api *q)
{
    struct str outcome = api_text(q, "outcome");
    struct objection_reply say = {.target = api_text(q, "target"), .upheld = str_eq(outcome, STR("upheld")), .answer = api_text(q, "answer")};
    enum err e = api_number_of(api_text(q, "id"), &say.id);

    if (!say.upheld && !str_eq(outcome, STR("rejected")))
        return api_wrong(q, "outcome", ERR_INPUT, "upheld, rejected");
    if (e == OK)
        e = api_if_match(q, &say.row_version);
    if (e == OK && codes_of(q, &say.codes) != OK)
        return api_wrong(q, "codes", ERR_INPUT, NULL);
    if (e == OK && say.upheld && say.codes.count == 0)
        return api_wrong(q, "codes", ERR_MISSING, NULL);
    if (e == OK)
        e = objection_reply(q->ctx, &say);
    if (e == ERR_INPUT)
        return api_wrong(q, "codes", e, q->ctx->why);
    return e == ERR_LENGTH || e == ERR_ENCODING ? api_wrong(q, "answer", e, q->ctx->why) : e;
}
