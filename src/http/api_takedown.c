/* http/api_takedown.c - publications taken down 撤下 (regulation 二(六): what must not stay public): who
 * asks, what would vanish and what stays, who decides */
#include "api_handlers.h"
#include "api_result.h"
#include "core/calendar.h"
#include "mod/exchange/exchange.h"
#include "mod/publication/publication.h"

static json_t *
takedown_json(const struct api *q, const struct publication_taken *w)
{
    json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "target", api_str(w->target),
                          "publication", api_id(w->publication), "region", api_str(w->region), "department",
                          api_str(w->department), "reason", api_str(w->reason), "basis", api_str(w->basis),
                          "state", api_str(w->state), "opinion", api_str(w->opinion), "own",
                          (int) str_eq(w->asked_by, q->ctx->actor));

    json_object_set_new(o, "asked", api_time(OPT(w->asked_us)));
    json_object_set_new(o, "decided", api_time(w->decided_us));
    json_object_set_new(o, "row_version", json_integer(w->row_version));
    return o;
}

/* The request about a publication; null when there was none. */
static enum err
request_json(struct api *q, struct str target, int64_t id, json_t **out)
{
    struct publication_takedown_get_row row;
    enum err e = publication_takedown_get(q->ctx->db, q->ctx->arena,
                                          &(struct publication_takedown_get_in){target, id}, &row);

    *out = e == OK ? takedown_json(q, &row.w) : json_null();
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err
takedown_publications(struct api *q, struct str target, int64_t result, json_t **out)
{
    struct publication_list_row *p;
    size_t n = 0;
    enum err e = publication_list(q->ctx->db, q->ctx->arena, &(struct publication_list_in){target}, &p, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++) {
        json_t *request;

        if (p[i].result != result)
            continue;
        e = request_json(q, target, p[i].id, &request);
        if (e == OK)
            json_array_append_new(*out, json_pack("{s:o, s:I, s:o, s:o, s:o}", "id", api_id(p[i].id),
                                                  "correction", (json_int_t) p[i].correction, "codes",
                                                  api_list(p[i].codes), "published",
                                                  api_time(OPT(p[i].published_us)), "takedown", request));
    }
    return e;
}

enum err
api_takedowns_get(struct api *q)
{
    struct publication_takedown_page_row *r;
    int64_t limit, before = INT64_MAX;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = api_cursor_number(q, &before);
    if (e == OK)
        e = publication_takedown_page(
            q->ctx->db, q->ctx->arena,
            &(struct publication_takedown_page_in){api_query(q, "state"), q->ctx->department, q->ctx->region,
                                                   before, limit + 1},
            &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++) {
        json_t *o = takedown_json(q, &r[i].w);

        json_object_set_new(o, "item_name", api_str(r[i].item_name));
        json_object_set_new(o, "codes", api_list(r[i].codes));
        json_object_set_new(o, "published", api_time(OPT(r[i].published_us)));
        json_array_append_new(rows, o);
    }
    if (n > (size_t) limit)
        api_more_number(q, r[limit - 1].w.id);
    return OK;
}

/* --- what would vanish
 * ---------------------------------------------------------------------------------------------- */

static void
add_place(json_t *places, const char *before, struct str name, const char *after)
{
    json_array_append_new(places,
                          json_sprintf("%s%.*s%s", before, (int) name.n, name.n > 0 ? name.p : "", after));
}

/* Where the portal shows it now. */
static json_t *
places_json(struct str target, const struct publication_get_row *p)
{
    json_t *places = json_array();

    add_place(places, "/targets/", target, "/");
    add_place(places, "/results/", NO_STR, "");
    add_place(places, "/departments/", p->department, "/");
    add_place(places, "/tasks/", p->task, "/");
    add_place(places, "/targets/", target, "/feed.atom");
    add_place(places, "/departments/", p->department, "/feed.atom");
    add_place(places, "/feed.atom", NO_STR, "");
    add_place(places, "/open-data/results.csv", NO_STR, "");
    return places;
}

/* The batch that carried it to the publicity system; null: it never went there. */
static enum err
batch_json(struct api *q, struct str target, int64_t id, json_t **out)
{
    struct exchange_row_of_row row;
    enum err e = exchange_row_of(q->ctx->db, q->ctx->arena, &(struct exchange_row_of_in){target, id}, &row);

    *out = e == OK ? json_pack("{s:o, s:o}", "batch", api_str(row.batch), "state", api_str(row.state))
                   : json_null();
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err
api_takedown_preview(struct api *q)
{
    struct str target = api_query(q, "target"), region;
    struct publication_get_row p;
    json_t *request = NULL, *batch = NULL;
    int64_t id;
    enum err e = api_number_of(api_query(q, "publication"), &id);

    if (target.n == 0 || e != OK)
        return api_wrong(q, target.n == 0 ? "target" : "publication", ERR_MISSING, NULL);
    e = publication_find(q->ctx, target, id, &p, &region);
    if (e == OK)
        e = request_json(q, target, id, &request);
    if (e == OK)
        e = batch_json(q, target, id, &batch);
    if (e != OK)
        return e;
    q->out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "target", api_str(target),
                       "publication", api_id(id), "department", api_str(p.department), "task",
                       api_str(p.task), "item_name", api_str(p.item_name), "codes", api_list(p.codes),
                       "correction", (json_int_t) p.correction, "published", api_time(OPT(p.published_us)),
                       "places", places_json(target, &p), "exchange", batch, "takedown", request);
    return q->out == NULL ? ERR_MEMORY : OK;
}

/* --- ask, decide
 * ---------------------------------------------------------------------------------------------------- */

enum err
api_takedowns_post(struct api *q)
{
    struct str target = api_text(q, "target"), reason = api_text(q, "reason"), basis = api_text(q, "basis");
    int64_t id;
    enum err e = api_number_of(api_text(q, "publication"), &id);

    if (e == OK)
        e = publication_take_down_ask(q->ctx, target, id, reason, basis);
    if (e == ERR_INPUT)
        return api_wrong(q, str_trim(reason).n == 0 || reason.n > PUBLICATION_WORDS_MAX ? "reason" : "basis",
                         e, q->ctx->why);
    if (e == OK)
        e = request_json(q, target, id, &q->out);
    q->status = 201;
    return e;
}

enum err
api_takedown_decide(struct api *q)
{
    struct takedown_decision say = {.target = api_text(q, "target"),
                                    .take = json_is_true(json_object_get(q->in, "take")),
                                    .opinion = api_text(q, "opinion")};
    enum err e = api_number_of(api_text(q, "publication"), &say.publication);

    if (e == OK)
        e = api_if_match(q, &say.row_version);
    if (e == OK)
        e = publication_take_down_decide(q->ctx, &say);
    if (e == ERR_INPUT)
        return api_wrong(q, "opinion", e, q->ctx->why);
    return e == OK ? request_json(q, say.target, say.publication, &q->out) : e;
}
