/* http/api_item_list.c - the item list as a whole: figures, limits, reviews, changes of the law */
#include "api_handlers.h"
#include "api_item.h"
#include "core/calendar.h"

enum { WARNED_MAX = 50 };

bool
api_true(const struct api *q, const char *name)
{
    return json_is_true(json_object_get(q->in, name));
}

void
item_wrong_field(void *ctx, const char *pointer, enum err e)
{
    (void) !api_wrong(ctx, pointer, e, NULL);
}

enum err
item_may_step(struct api *q, enum item_state from, enum item_state to)
{
    bool hands_in = from == ITEM_DRAFT && to == ITEM_LEGAL_REVIEW;

    return roles_may(q->who.roles, hands_in ? PERMIT_ITEM_EDIT : PERMIT_ITEM_PUBLISH) ? OK : ERR_PERMISSION;
}

json_t *
item_actor(struct api *q, struct str actor)
{
    static const struct str USER = {"user:", 5};
    struct account_by_id_row r;
    int64_t id;

    if (str_starts(actor, USER) && api_number_of((struct str){actor.p + USER.n, actor.n - USER.n}, &id) == OK &&
        account_by_id(q->ctx->db, q->ctx->arena, &(struct account_by_id_in){id}, &r) == OK)
        return api_str(r.name);
    return api_str(actor);
}

enum err
item_give_reviews(struct api *q, struct str list, struct str code, struct str department)
{
    struct item_review_list_row *r;
    size_t n;
    json_t *rows = api_rows(q);
    enum err e;

    if (q->ctx->department.n > 0 && !str_eq(q->ctx->department, department))
        return OK;
    e = item_review_list(q->ctx->db, q->ctx->arena, &(struct item_review_list_in){list, code}, &r, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(rows, json_pack("{s:I, s:b, s:o, s:o, s:o, s:o, s:o}", "version", (json_int_t) r[i].version,
                                              "mine", str_eq(r[i].actor, q->ctx->actor), "from", api_str(r[i].from_state), "to", api_str(r[i].to_state), "actor",
                                              item_actor(q, r[i].actor), "opinion", api_str(r[i].opinion), "time",
                                              api_time(OPT(r[i].moved_us))));
    return e;
}

/* figures
 * ------------------------------------------------------------------------------------------------ */

static json_t *
warning_json(const struct item_summary *s, enum item_warning w)
{
    json_t *items = json_array();

    for (size_t i = 0; i < s->count && json_array_size(items) < WARNED_MAX; i++)
        if (s->warned[i][w])
            json_array_append_new(items, json_pack("{s:o, s:o, s:o}", "code", api_str(s->rows[i].code), "name",
                                                   api_str(s->rows[i].name), "cap_bp", api_i64(s->rows[i].cap_bp)));
    return json_pack("{s:o, s:I, s:o}", "id", api_str(item_warning_name(w)), "count", (json_int_t) s->warnings[w],
                     "items", items);
}

static json_t *
limits_json(const struct item_limits *l)
{
    return json_pack("{s:I, s:I}", "cap_bp", (json_int_t) l->cap_bp, "key_share_bp", (json_int_t) l->key_share_bp);
}

/* Open reminders of the row scope: all, and those whose day has passed. */
static enum err
count_reminders(struct api *q, json_int_t *open, json_int_t *late)
{
    struct item_reminder_list_row *r;
    struct str own = q->ctx->department.n == 0 ? NO_STR : q->ctx->department;
    size_t n;
    enum err e = item_reminder_list(
        q->ctx->db, q->ctx->arena,
        &(struct item_reminder_list_in){NO_STR, {false, 0}, STR("open"), own, ITEM_REMINDERS_MAX}, &r, &n);

    *open = *late = 0;
    for (size_t i = 0; e == OK && i < n; i++) {
        ++*open;
        *late += r[i].due_day < day_of_us(q->ctx->now_us);
    }
    return e;
}

enum err
api_items_summary(struct api *q)
{
    struct item_summary s;
    json_t *states = json_object(), *warnings = json_array();
    json_int_t open = 0, late = 0;
    enum err e = item_summarise(q->ctx, &s);

    if (e == OK)
        e = count_reminders(q, &open, &late);
    q->out = json_pack("{s:o, s:o}", "states", states, "warnings", warnings);
    if (e != OK)
        return e;
    for (int i = 0; i < ITEM_STATE_COUNT; i++)
        json_object_set_new(states, item_state_name((enum item_state) i).p, json_integer(s.states[i]));
    for (int w = 0; w < ITEM_WARNING_COUNT; w++)
        if (s.warnings[w] > 0)
            json_array_append_new(warnings, warning_json(&s, (enum item_warning) w));
    json_object_update_new(
        q->out, json_pack("{s:{s:I, s:I}, s:I, s:I, s:o, s:I, s:I}", "classes", "KEY", (json_int_t) s.key, "GENERAL",
                          (json_int_t) s.general, "in_force", (json_int_t) s.count, "key_share_bp",
                          (json_int_t) s.key_share_bp, "limits", limits_json(&s.limits), "reminders", open,
                          "reminders_late", late));
    return OK;
}

enum err
api_items_limits(struct api *q)
{
    struct item_limits l = {api_number(q, "cap_bp").v, api_number(q, "key_share_bp").v};
    enum err e = OK;

    if (l.cap_bp < 1 || l.cap_bp > 10000)
        e = api_wrong(q, "cap_bp", ERR_RANGE, NULL);
    if (l.key_share_bp < 1 || l.key_share_bp > 10000)
        e = api_wrong(q, "key_share_bp", ERR_RANGE, NULL);
    if (e == OK)
        e = item_limits_put(q->ctx, &l);
    if (e == OK)
        q->out = limits_json(&l);
    return e;
}

/* changes of the law
 * ------------------------------------------------------------------------------------------------ */

enum err
api_basis_get(struct api *q)
{
    struct item_basis_list_row *r;
    struct str cursor = api_query(q, "cursor"), own = q->ctx->department.n == 0 ? NO_STR : q->ctx->department;
    int64_t limit, before = INT64_MAX;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK && cursor.n > 0)
        e = api_number_of(cursor, &before);
    if (e == OK)
        e = item_basis_list(q->ctx->db, q->ctx->arena, &(struct item_basis_list_in){before, own, limit + 1}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "id", api_id(r[i].id), "law",
                            api_str(r[i].law), "article", api_str(r[i].article), "kind", api_str(r[i].kind), "day",
                            api_date(OPT(r[i].day)), "note", api_str(r[i].note), "entered_by",
                            item_actor(q, r[i].entered_by), "entered", api_time(OPT(r[i].entered_us)), "found",
                            (json_int_t) r[i].found, "open", (json_int_t) r[i].open));
    if (n > (size_t) limit) {
        json_t *last = api_id(r[limit - 1].id);

        api_more(q, str_of(json_string_value(last)));
        json_decref(last);
    }
    return OK;
}

enum err
api_basis_post(struct api *q)
{
    struct item_basis_say say = {api_text(q, "law"), api_text(q, "article"), api_text(q, "kind"), 0, api_text(q, "note")};
    struct opt_i64 day;
    int64_t id, found;
    enum err e = api_day(q, "day", &day);

    if (e != OK)
        return e;
    say.day = day.v;
    e = item_basis_change(q->ctx, &say, &id, &found);
    if (e == ERR_EXISTS)
        return api_wrong(q, "law", e, NULL);
    if (e == ERR_MISSING || e == ERR_INPUT || e == ERR_LENGTH || e == ERR_CHARSET) /* why: the field */
        return api_wrong(q, q->ctx->why, e, NULL);
    if (e != OK)
        return e;
    q->status = 201;
    q->out = json_pack("{s:o, s:I, s:o}", "id", api_id(id), "found", (json_int_t) found, "due",
                       api_date(OPT(item_basis_due(say.day))));
    return OK;
}

enum err
api_basis_keep(struct api *q)
{
    int64_t change;
    enum err e = api_number_of(q->params[0], &change);

    return e == OK ? item_basis_keep(q->ctx, change, api_text(q, "item"), api_text(q, "reason")) : e;
}

enum err
api_reminders_get(struct api *q)
{
    struct item_reminder_list_row *r;
    struct str change = api_query(q, "change"), own = q->ctx->department.n == 0 ? NO_STR : q->ctx->department;
    struct opt_i64 id = {change.n > 0, 0};
    size_t n;
    json_t *rows;
    enum err e = id.set ? api_number_of(change, &id.v) : OK;

    if (e == OK)
        e = item_reminder_list(q->ctx->db, q->ctx->arena,
                               &(struct item_reminder_list_in){api_query(q, "item"), id, api_query(q, "state"), own,
                                                               ITEM_REMINDERS_MAX},
                               &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++) {
        json_t *v = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "change", api_id(r[i].change), "item",
                              api_str(r[i].item), "name", api_str(r[i].name), "department", api_str(r[i].department),
                              "law", api_str(r[i].law), "article", api_str(r[i].article), "kind", api_str(r[i].kind),
                              "day", api_date(OPT(r[i].day)), "note", api_str(r[i].note));

        json_object_update_new(v, json_pack("{s:I, s:o, s:o, s:I, s:o, s:o, s:o}", "version", (json_int_t) r[i].version,
                                            "due", api_date(OPT(r[i].due_day)), "state", api_str(r[i].state), "days_left",
                                            (json_int_t) (r[i].due_day - day_of_us(q->ctx->now_us)), "closed_by",
                                            r[i].closed_by.n == 0 ? json_null() : item_actor(q, r[i].closed_by), "closed",
                                            api_time(r[i].closed_us), "reason", api_str(r[i].reason)));
        json_array_append_new(rows, v);
    }
    return OK;
}
