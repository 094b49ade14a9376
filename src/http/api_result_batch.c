/* http/api_result_batch.c - many results at once: those chosen on a page, or all of a task as long work with progress; and what
 * of a task still lacks a result (regulation 二(六)) */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "api_flow.h"
#include "api_result.h"
#include "mod/item/item.h"
#include "mod/job/job.h"
#include "mod/target/target.h"
#include "mod/task/task.h"

enum { PHASE_RESULTS = 9, BATCH_ROWS = 200, ENTRY_ITEMS = 64 }; /* words: api_job.c */
static const char SUBJECT[] = "task/";

/* --- chosen ones -------------------------------------------------------------------------------------------------- */

static enum err
act_on(struct ctx *c, bool publishes, const struct result_key *k, bool *changed)
{
    return publishes ? result_publish(c, k, changed) : result_review(c, k, true, (struct str){NULL, 0}, changed);
}

/* A refusal of one is told and does not hold up the others. */
static bool
is_refusal(enum err e)
{
    return e == ERR_STATE || e == ERR_PERMISSION || e == ERR_NOT_FOUND;
}

static enum err
one(struct api *q, bool publishes, const json_t *v, json_int_t *changed, json_t *refused)
{
    const char *target = json_string_value(json_object_get(v, "target")), *id = json_string_value(json_object_get(v, "id"));
    struct result_row r;
    int64_t number;
    bool did = false;
    enum err e = target == NULL || id == NULL ? ERR_INPUT : api_number_of(str_of(id), &number);

    if (e != OK)
        return api_wrong(q, "keys", ERR_INPUT, NULL);
    e = result_see(q->ctx, str_of(target), number, &r);
    if (e == OK)
        e = act_on(q->ctx, publishes, &(struct result_key){r.task, r.target, r.item}, &did);
    *changed += did;
    if (!is_refusal(e))
        return e;
    json_array_append_new(refused, json_pack("{s:s, s:s, s:s, s:s}", "target", target, "id", id, "code", err_name(e), "why",
                                             q->ctx->why));
    q->ctx->why[0] = '\0';
    return OK;
}

static enum err
read_act(struct api *q, bool *publishes)
{
    struct str act = api_text(q, "act");

    *publishes = str_eq(act, STR("publish"));
    return *publishes || str_eq(act, STR("approve")) ? OK : api_wrong(q, "act", ERR_INPUT, NULL);
}

enum err
api_results_batch(struct api *q)
{
    const json_t *keys = json_object_get(q->in, "keys");
    json_t *refused = json_array();
    json_int_t changed = 0;
    bool publishes;
    enum err e = read_act(q, &publishes);

    if (e == OK && json_array_size(keys) > API_ROWS_MAX)
        e = api_wrong(q, "keys", ERR_TOO_LARGE, NULL);
    for (size_t i = 0; e == OK && i < json_array_size(keys); i++)
        e = one(q, publishes, json_array_get(keys, i), &changed, refused);
    q->out = json_pack("{s:I, s:o}", "changed", changed, "refused", refused);
    return e;
}

/* --- all of a task ------------------------------------------------------------------------------------------------ */

struct work {
    struct office_job *job;
    struct str task, after_target, after_item;
    bool publishes;
    size_t count; /* rows of the last page */
    json_int_t changed, refused;
};

static enum err
do_page(struct ctx *c, void *arg)
{
    struct work *w = arg;
    struct result_list_row *r = NULL;
    struct str want = w->publishes ? STR("approved") : STR("entered");
    enum err e = result_list(c->db, c->arena, &(struct result_list_in){w->task, w->after_target, w->after_item, BATCH_ROWS}, &r,
                             &w->count);

    for (size_t i = 0; e == OK && i < w->count; i++) {
        bool did = false;

        if (!str_eq(r[i].state, want))
            continue;
        e = act_on(c, w->publishes, &(struct result_key){w->task, r[i].target, r[i].item}, &did);
        w->changed += did;
        w->refused += is_refusal(e);
        e = is_refusal(e) ? OK : e;
    }
    c->why[0] = '\0';
    if (e == OK && w->count > 0) {
        w->after_target = str_copy(c->arena, r[w->count - 1].target);
        w->after_item = str_copy(c->arena, r[w->count - 1].item);
    }
    return e;
}

static enum err
keep(struct ctx *c, void *arg)
{
    const struct work *w = arg;
    char text[96];
    struct buf b = buf_over(text, sizeof text);

    buf_z(&b, "{\"changed\":");
    buf_i64(&b, w->changed);
    buf_z(&b, ",\"refused\":");
    buf_i64(&b, w->refused);
    buf_z(&b, "}");
    return job_put_result(c->db, &(struct job_put_result_in){w->job->id, buf_view(&b)});
}

static enum err
all_job(struct ctx *c, struct office_job *job)
{
    struct work w = {.job = job, .after_target = STR(" "), .after_item = STR(" "), .publishes = job->subject != 0};
    struct job_get_row j;
    enum err e = job_get(c->db, c->arena, &(struct job_get_in){job->id}, &j);

    if (e == OK)
        w.task = (struct str){j.subject.p + strlen(SUBJECT), j.subject.n - strlen(SUBJECT)};
    atomic_store(&job->phase, PHASE_RESULTS);
    do {
        if (e == OK && atomic_load(&job->cancelled))
            e = ERR_CANCELLED;
        if (e == OK)
            e = office_write(job->office, c, do_page, &w);
        atomic_fetch_add(&job->done, w.count);
    } while (e == OK && w.count == BATCH_ROWS);
    return e == OK ? office_write(job->office, c, keep, &w) : e;
}

struct order {
    int64_t job;
    bool publishes;
};

static enum err
place(struct api *q, void *arg)
{
    struct order *o = arg;
    struct flow_view v;
    struct buf b;
    enum err e = flow_find(q, &v);

    if (e == OK)
        e = buf_in(q->ctx, sizeof SUBJECT + q->params[0].n, &b);
    if (e != OK)
        return e;
    buf_z(&b, SUBJECT);
    buf_str(&b, q->params[0]);
    return job_add(q->ctx, o->publishes ? STR("result.publish") : STR("result.review"), buf_view(&b), q->who.account, &o->job);
}

enum err
api_task_results(struct api *q)
{
    struct order o = {.job = 0};
    enum err e = read_act(q, &o.publishes);

    if (e == OK)
        e = api_write(q, place, &o);
    return e == OK ? api_job_begin(q, &(struct office_job){.id = o.job, .fn = all_job, .subject = o.publishes}) : e;
}

/* --- what still lacks a result ------------------------------------------------------------------------------------ */

/* The items of the task that are of this account's department. */
static enum err
own_items(struct api *q, const struct task *t, struct str items[ENTRY_ITEMS], size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < t->items.count && *count < ENTRY_ITEMS; i++) {
        struct item_current_row item;
        enum err e = item_current(q->ctx->db, q->ctx->arena, &(struct item_current_in){t->items.v[i]}, &item);

        if (e != OK && e != ERR_NOT_FOUND)
            return e;
        if (e == OK && (q->ctx->department.n == 0 || str_eq(item.department, q->ctx->department)))
            items[(*count)++] = item.code;
    }
    return OK;
}

static enum err
visit_json(struct api *q, const struct visit_list_row *v, const struct str *items, size_t count, json_t *rows)
{
    struct result_of_visit_row *r;
    struct target_get_row target;
    json_t *list;
    size_t n = 0;
    enum err e = target_get(q->ctx->db, q->ctx->arena, &(struct target_get_in){v->target}, &target);

    if (e != OK || !str_starts(target.region, q->ctx->region))
        return e == ERR_NOT_FOUND ? OK : e;
    e = result_of_visit(q->ctx->db, q->ctx->arena, &(struct result_of_visit_in){q->params[0], v->target}, &r, &n);
    if (e != OK)
        return e;
    list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct result_of_visit_row *found = NULL;

        for (size_t j = 0; j < n; j++)
            if (str_eq(r[j].item, items[i]))
                found = &r[j];
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o}", "item", api_str(items[i]), "item_name",
                                              api_item_name(q, items[i]), "id", found == NULL ? json_null() : api_id(found->id),
                                              "state", found == NULL ? json_null() : api_str(found->state)));
    }
    json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o}", "target", api_str(v->target), "target_name",
                                          api_str(target.name), "state", api_str(v->state), "visited", api_date(v->visited_day),
                                          "items", list));
    return OK;
}

enum err
api_task_entry(struct api *q)
{
    struct str cursor = api_query(q, "cursor"), items[ENTRY_ITEMS];
    struct visit_list_row *v;
    struct flow_view t;
    size_t n = 0, count;
    int64_t limit;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = flow_find(q, &t);
    if (e == OK)
        e = own_items(q, &t.task, items, &count);
    if (e == OK)
        e = visit_list(q->ctx->db, q->ctx->arena, &(struct visit_list_in){q->params[0], cursor.n > 0 ? cursor : STR(" "), limit + 1}, &v, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; e == OK && i < n && i < (size_t) limit; i++)
        e = visit_json(q, &v[i], items, count, rows);
    if (e == OK && n > (size_t) limit)
        api_more(q, v[limit - 1].target);
    return e;
}
