/* http/api_result.c - results of checks 检查结果 (regulation 二(六)): entered, reviewed, published, withheld, corrected, withdrawn;
 * with every day of the clock */
#include "api_result.h"

#include <stdlib.h>

#include "core/calendar.h"
#include "mod/item/item.h"
#include "mod/scope.h"
#include "mod/target/target.h"
#include "mod/workday/workday.h"

/* --- words -------------------------------------------------------------------------------------------------------- */

json_t *
api_target_name(struct api *q, struct str code)
{
    struct target_get_row t;

    return target_get(q->ctx->db, q->ctx->arena, &(struct target_get_in){code}, &t) == OK ? api_str(t.name) : json_null();
}

json_t *
api_item_name(struct api *q, struct str code)
{
    struct item_latest_row i;

    return item_latest(q->ctx->db, q->ctx->arena, &(struct item_latest_in){code}, &i) == OK ? api_str(i.name) : json_null();
}

static bool
is_open(struct str state)
{
    return str_eq(state, STR("entered")) || str_eq(state, STR("returned")) || str_eq(state, STR("approved"));
}

/* Working days that are left: negative ones are over; null when the calendar does not know. */
static json_t *
left_json(const struct calendar *k, int64_t today, struct opt_i64 due)
{
    unsigned n;

    if (!due.set)
        return json_null();
    if (due.v >= today)
        return calendar_working_days_between(k, today, due.v, &n) == OK ? json_integer(n) : json_null();
    return calendar_working_days_between(k, due.v, today, &n) == OK ? json_integer(n == 0 ? -1 : -(json_int_t) n) : json_null();
}

static json_t *
row_json(struct api *q, const struct calendar *k, const struct result_row *r)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "target", api_str(r->target),
                     "target_name", api_target_name(q, r->target), "id", api_id(r->id), "task", api_str(r->task), "item",
                     api_str(r->item), "item_name", api_item_name(q, r->item), "department", api_str(r->department), "region",
                     api_str(r->region), "codes", api_list(r->codes), "produced", api_date(OPT(r->produced_day)), "due",
                     api_date(r->due_day), "left",
                     is_open(r->state) ? left_json(k, day_of_us(q->ctx->now_us), r->due_day) : json_null(), "state",
                     api_str(r->state), "own", json_boolean(str_eq(r->entered_by, q->ctx->actor)), "row_version",
                     (json_int_t) r->row_version);
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

/* overdue | 0 | 2 | 5 | 10: days that are left, as the desk counts them. */
static enum err
due_filter(struct api *q, struct result_where *w)
{
    static const unsigned LIMITS[] = {0, 2, 5, 10};
    struct str due = api_query(q, "due");
    int64_t today = day_of_us(q->ctx->now_us), below;
    uint64_t n;
    enum err e = OK;

    if (due.n == 0)
        return OK;
    if (str_eq(due, STR("overdue"))) {
        w->due_below = OPT(today);
        return OK;
    }
    if (str_u64(due, 10, &n) != OK)
        return api_wrong(q, "due", ERR_INPUT, NULL);
    w->due_from = OPT(today);
    for (size_t i = 0; e == OK && i < sizeof LIMITS / sizeof *LIMITS && LIMITS[i] <= n; i++) {
        e = result_due_bound(q->ctx, LIMITS[i], &below);
        if (LIMITS[i] < n)
            w->due_from = OPT(below);
        w->due_below = OPT(below);
    }
    return e;
}

/* "DUE|TARGET|ID", or "TARGET|ITEM" in a task. */
static enum err
read_cursor(struct str cursor, int64_t *due, struct str *target, int64_t *id)
{
    struct str a, b, c;
    uint64_t d, i;

    if (cursor.n == 0)
        return OK;
    if (!str_split(cursor, '|', &a, &b) || !str_split(b, '|', target, &c) || str_u64(a, INT64_MAX, &d) != OK ||
        str_u64(c, INT64_MAX, &i) != OK)
        return ERR_NOT_FOUND;
    *due = (int64_t) d;
    *id = (int64_t) i;
    return OK;
}

static enum err
give_more(struct api *q, const struct result_row *r, bool of_task)
{
    struct buf b;
    struct str text;
    enum err e = buf_in(q->ctx, r->target.n + r->item.n + 64, &b);

    if (e != OK)
        return e;
    if (!of_task) {
        buf_i64(&b, r->due_day.set ? r->due_day.v : 0);
        buf_z(&b, "|");
    }
    buf_str(&b, r->target);
    buf_z(&b, "|");
    if (of_task)
        buf_str(&b, r->item);
    else
        buf_i64(&b, r->id);
    if ((e = buf_take(q->ctx, &b, &text)) == OK)
        api_more(q, text);
    return e;
}

/* The three lists have rows of one kind. */
struct list {
    struct result_row *rows;
    size_t count;
};

#define TAKE(list)                                                                                                     \
    for (size_t i = 0; e == OK && i < out->count; i++)                                                                 \
    out->rows[i] = (list)[i].r

static enum err
rows_of(struct api *q, const struct result_where *w, struct str state, int64_t limit, struct list *out)
{
    struct str cursor = api_query(q, "cursor"), task = api_query(q, "task"), target = {NULL, 0}, item = STR(" ");
    bool open = is_open(state);
    int64_t due = open ? 0 : INT64_MAX, id = open ? 0 : INT64_MAX;
    struct result_of_task_row *by_task = NULL;
    struct result_next_due_row *next = NULL;
    struct result_latest_row *latest = NULL;
    struct db *db = q->ctx->db;
    struct arena *a = q->ctx->arena;
    enum err e = OK;

    target = open || task.n > 0 ? STR(" ") : STR("~");
    out->rows = arena_array(a, (size_t) limit, sizeof *out->rows);
    if (out->rows == NULL)
        return ERR_MEMORY;
    if (task.n > 0) {
        if (cursor.n > 0 && !str_split(cursor, '|', &target, &item))
            return ERR_NOT_FOUND;
        e = result_of_task(db, a, &(struct result_of_task_in){task, api_query(q, "state"), target, item, limit, *w}, &by_task, &out->count);
        TAKE(by_task);
        return e;
    }
    e = read_cursor(cursor, &due, &target, &id);
    if (e == OK && open) {
        e = result_next_due(db, a, &(struct result_next_due_in){state, due, target, id, limit, *w}, &next, &out->count);
        TAKE(next);
    } else if (e == OK) {
        e = result_latest(db, a, &(struct result_latest_in){state, due, target, id, limit, *w}, &latest, &out->count);
        TAKE(latest);
    }
    return e;
}

/* All states that are open, what is due first at the start: for the warnings of the desk. One page of each state. */
static int
by_due(const void *a, const void *b)
{
    const struct result_row *x = a, *y = b;
    int64_t dx = x->due_day.set ? x->due_day.v : 0, dy = y->due_day.set ? y->due_day.v : 0;

    return dx != dy ? (dx > dy) - (dx < dy) : str_cmp(x->target, y->target);
}

static enum err
open_rows(struct api *q, const struct result_where *w, int64_t limit, struct list *out)
{
    static const char *const OPEN[] = {"entered", "returned", "approved"};
    struct list part;
    enum err e = OK;

    out->count = 0;
    out->rows = arena_array(q->ctx->arena, 3 * (size_t) limit, sizeof *out->rows);
    if (out->rows == NULL)
        return ERR_MEMORY;
    for (size_t s = 0; e == OK && s < 3; s++) {
        e = rows_of(q, w, str_of(OPEN[s]), limit, &part);
        for (size_t i = 0; e == OK && i < part.count; i++)
            out->rows[out->count++] = part.rows[i];
    }
    qsort(out->rows, out->count, sizeof *out->rows, by_due);
    if (out->count > (size_t) limit)
        out->count = (size_t) limit;
    return e;
}

enum err
api_results_get(struct api *q)
{
    struct str state = api_query(q, "state"), task = api_query(q, "task");
    struct scope_regions in;
    struct result_where w = {.own = q->ctx->department, .department = api_query(q, "department")};
    struct calendar k;
    struct list p = {NULL, 0};
    enum result_state known;
    int64_t limit;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK && state.n > 0 && result_state_parse(state, &known) != OK)
        e = api_wrong(q, "state", ERR_INPUT, NULL);
    if (e == OK)
        e = scope_regions(q->ctx, api_query(q, "region"), &in);
    if (e == OK)
        e = due_filter(q, &w);
    if (e == OK)
        e = workday_calendar(q->ctx, &k);
    if (e != OK)
        return e;
    w.region_from = in.from;
    w.region_below = in.below;
    if (!in.none)
        e = state.n > 0 || task.n > 0 ? rows_of(q, &w, state, limit + 1, &p) : open_rows(q, &w, limit + 1, &p);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < p.count && i < (size_t) limit; i++)
        json_array_append_new(rows, row_json(q, &k, &p.rows[i]));
    return p.count > (size_t) limit ? give_more(q, &p.rows[limit - 1], task.n > 0) : OK;
}

/* --- one ---------------------------------------------------------------------------------------------------------- */

static const char *const WHY[] = {"workday", "make_up", "weekend", "holiday"};

static enum err
clock_json(struct api *q, const struct result_row *r, json_t **out)
{
    struct workday_path p;
    json_t *days = json_array();
    enum err e = workday_explain(q->ctx, r->produced_day, RESULT_WORKING_DAYS, &p);

    for (size_t i = 0; e == OK && i < p.count; i++)
        json_array_append_new(days, json_pack("{s:o, s:s, s:i, s:o, s:o, s:o}", "day", api_date(OPT(p.steps[i].day)), "why",
                                              WHY[p.steps[i].why], "number", (int) p.steps[i].number, "name",
                                              api_str(p.steps[i].name), "notice", api_str(p.steps[i].notice), "document_no",
                                              api_str(p.steps[i].document_no)));
    *out = json_pack("{s:o, s:o, s:o}", "version", api_str(r->calendar_version), "now", api_str(p.version), "days", days);
    return e;
}

static enum err
steps_json(struct api *q, const struct result_row *r, json_t **out)
{
    struct result_step_list_row *s;
    size_t n = 0;
    enum err e = result_step_list(q->ctx->db, q->ctx->arena, &(struct result_step_list_in){r->target, r->id}, &s, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(*out, json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "seq", (json_int_t) s[i].seq, "act",
                                              api_str(s[i].act), "state", api_str(s[i].state), "codes", api_list(s[i].codes),
                                              "methods", api_list(s[i].methods), "detail", api_str(s[i].detail), "note",
                                              api_str(s[i].note), "actor", api_str(s[i].actor), "time",
                                              api_time(OPT(s[i].acted_us))));
    return e;
}

static enum err
followups_json(struct api *q, const struct result_row *r, json_t **out)
{
    struct followup_of_result_row *f;
    size_t n = 0;
    enum err e = followup_of_result(q->ctx->db, q->ctx->arena, &(struct followup_of_result_in){r->target, r->id}, &f, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(*out, json_pack("{s:o, s:o, s:o, s:o}", "id", api_id(f[i].id), "measure", api_str(f[i].measure),
                                              "state", api_str(f[i].state), "due", api_date(f[i].due_day)));
    return e;
}

static enum err
revocation_json(struct api *q, const struct result_row *r, json_t **out)
{
    struct result_revocation_get_row v;
    enum err e = result_revocation_get(q->ctx->db, q->ctx->arena, &(struct result_revocation_get_in){r->target, r->id}, &v);

    *out = e != OK ? json_null()
                   : json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "document_no", api_str(v.document_no), "reason",
                               api_str(v.reason), "revoked", api_date(OPT(v.revoked_day)), "due", api_date(v.due_day),
                               "withdrawn", api_time(v.withdrawn_us), "own", str_eq(v.noted_by, q->ctx->actor));
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err
result_give(struct api *q, const struct result_key *k)
{
    struct result_row r;
    struct calendar cal;
    json_t *clock = NULL, *steps = NULL, *follow = NULL, *revoked = NULL, *published = NULL;
    enum err e = result_see_key(q->ctx, k, &r);

    if (e == OK)
        e = workday_calendar(q->ctx, &cal);
    if (e != OK)
        return e;
    q->out = row_json(q, &cal, &r);
    e = clock_json(q, &r, &clock);
    if (e == OK)
        e = steps_json(q, &r, &steps);
    if (e == OK)
        e = followups_json(q, &r, &follow);
    if (e == OK)
        e = revocation_json(q, &r, &revoked);
    if (e == OK)
        e = takedown_publications(q, r.target, r.id, &published);
    json_object_set_new(q->out, "clock", clock);
    json_object_set_new(q->out, "steps", steps);
    json_object_set_new(q->out, "followups", follow);
    json_object_set_new(q->out, "revocation", revoked);
    json_object_set_new(q->out, "publications", published);
    json_object_set_new(q->out, "methods", api_list(r.methods));
    json_object_set_new(q->out, "detail", api_str(r.detail));
    json_object_set_new(q->out, "opinion", api_str(r.opinion));
    json_object_set_new(q->out, "withheld_reason", api_str(r.withheld_reason));
    json_object_set_new(q->out, "published", api_time(r.published_us));
    json_object_set_new(q->out, "entered", api_time(OPT(r.entered_us)));
    q->etag = r.row_version;
    return e;
}

enum err
result_at(struct api *q, bool guarded, struct result_key *k)
{
    struct result_row r;
    int64_t id, version;
    enum err e = api_number_of(q->params[1], &id);

    if (e == OK)
        e = result_see(q->ctx, q->params[0], id, &r);
    if (e != OK)
        return e == ERR_NOT_FOUND ? ctx_refuse(q->ctx, e, "result %.*s", (int) q->params[1].n, q->params[1].p) : e;
    *k = (struct result_key){r.task, r.target, r.item};
    if (!guarded)
        return OK;
    e = api_if_match(q, &version);
    return e == OK && version != r.row_version ? ERR_CONFLICT : e;
}

enum err
api_result_get(struct api *q)
{
    struct result_key k;
    enum err e = result_at(q, false, &k);

    return e == OK ? result_give(q, &k) : e;
}

/* --- enter, edit -------------------------------------------------------------------------------------------------- */

static enum err
read_entry(struct api *q, struct result_entry *r)
{
    struct str codes;
    enum err e = api_json(q, "codes", &codes);

    r->detail = api_text(q, "detail");
    if (e == OK)
        e = api_json(q, "methods", &r->methods);
    if (e == OK && codes.n == 0)
        return api_wrong(q, "codes", ERR_INPUT, NULL);
    return e == OK ? json_texts_of(q->ctx, codes, RESULT_CODES_MAX, API_TEXT_BYTES_MAX, &r->codes) : e;
}

static enum err
wrong_entry(struct api *q, enum err e)
{
    const char *field = e == ERR_INPUT || e == ERR_DUPLICATE ? "codes" : e == ERR_DATE ? "produced" : e == ERR_LENGTH ? "detail" : NULL;

    return field == NULL ? e : api_wrong(q, field, e, q->ctx->why);
}

enum err
api_results_post(struct api *q)
{
    struct result_entry r = {.key = {api_text(q, "task"), api_text(q, "target"), api_text(q, "item")}};
    struct opt_i64 due, produced;
    enum err e = read_entry(q, &r);

    if (e == OK)
        e = api_day(q, "produced", &produced);
    if (e != OK)
        return e;
    r.produced_day = produced.set ? produced.v : day_of_us(q->ctx->now_us);
    e = json_is_true(json_object_get(q->in, "paper")) ? result_enter_paper(q->ctx, &r, &due) : result_enter(q->ctx, &r, &due);
    if (e != OK)
        return wrong_entry(q, e);
    q->status = 201;
    return result_give(q, &r.key);
}

enum err
api_result_put(struct api *q)
{
    struct result_entry r = {.key = {NO_STR, NO_STR, NO_STR}};
    bool changed;
    enum err e = result_at(q, true, &r.key);

    if (e == OK && !roles_may(q->who.roles, PERMIT_RESULT_ENTER) && !roles_may(q->who.roles, PERMIT_RESULT_REVIEW))
        e = ERR_PERMISSION;
    if (e == OK)
        e = read_entry(q, &r);
    if (e == OK)
        e = wrong_entry(q, result_edit(q->ctx, &r, &changed));
    return e == OK ? result_give(q, &r.key) : e;
}

/* --- acts --------------------------------------------------------------------------------------------------------- */

/* With the field to blame when what was said does not do. */
static enum err
given(struct api *q, const struct result_key *k, enum err e, const char *field)
{
    if (e == ERR_INPUT || e == ERR_LENGTH || e == ERR_DATE)
        return api_wrong(q, field, e, q->ctx->why);
    return e == OK ? result_give(q, k) : e;
}

enum err
api_result_review(struct api *q)
{
    struct result_key k;
    bool changed;
    enum err e = result_at(q, true, &k);

    return e == OK ? given(q, &k, result_review(q->ctx, &k, json_is_true(json_object_get(q->in, "approve")), api_text(q, "opinion"), &changed), "opinion")
                   : e;
}

enum err
api_result_publish(struct api *q)
{
    struct result_key k;
    bool changed;
    enum err e = result_at(q, true, &k);

    return e == OK ? given(q, &k, result_publish(q->ctx, &k, &changed), NULL) : e;
}

enum err
api_result_withhold(struct api *q)
{
    struct result_key k;
    enum err e = result_at(q, true, &k);

    return e == OK ? given(q, &k, result_withhold(q->ctx, &k, api_text(q, "reason")), "reason") : e;
}

enum err
api_result_correct(struct api *q)
{
    struct result_entry r = {.key = {NO_STR, NO_STR, NO_STR}};
    enum err e = result_at(q, true, &r.key);

    if (e == OK)
        e = read_entry(q, &r);
    return e == OK ? given(q, &r.key, result_correct(q->ctx, &r.key, &r.codes, api_text(q, "reason")), "codes") : e;
}

enum err
api_result_revoke(struct api *q)
{
    struct result_revocation r = {api_text(q, "document_no"), api_text(q, "reason"), 0};
    struct result_key k;
    struct opt_i64 day, due;
    enum err e = result_at(q, true, &k);

    if (e == OK)
        e = api_day(q, "revoked", &day);
    if (e != OK)
        return e;
    r.day = day.v;
    return given(q, &k, result_revoke(q->ctx, &k, &r, &due), "revoked");
}

enum err
api_result_withdraw(struct api *q)
{
    struct result_key k;
    bool changed;
    enum err e = result_at(q, true, &k);

    return e == OK ? given(q, &k, result_withdraw(q->ctx, &k, &changed), NULL) : e;
}

enum err
api_result_follow(struct api *q)
{
    struct result_key k;
    struct followup_say say;
    int64_t id;
    enum err e = result_at(q, false, &k);

    if (e == OK)
        e = followup_read(q, &say);
    return e == OK ? given(q, &k, result_follow(q->ctx, &k, api_text(q, "measure"), &say, &id), "measure") : e;
}

enum err
api_result_offer(struct api *q)
{
    struct recognition_say say = {api_text(q, "department"), api_text(q, "item"), 0};
    struct result_key k;
    struct opt_i64 day;
    int64_t id;
    enum err e = result_at(q, false, &k);

    if (e == OK)
        e = api_day(q, "valid_to", &day);
    if (e != OK)
        return e;
    say.valid_to_day = day.v;
    e = result_offer(q->ctx, &k, &say, &id);
    return given(q, &k, e, e == ERR_DATE ? "valid_to" : "item");
}
