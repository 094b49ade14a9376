/* http/api_count.c - figures of the target registry: how many a filter lets pass, what the registry lacks. They are remembered
 * until something changes; above TARGET_EXACT a count is an estimate and says so. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api_handlers.h"
#include "api_target.h"
#include "core/calendar.h"
#include "memo.h"
#include "mod/journal/journal.h"
#include "mod/json.h"

#define SECOND_US INT64_C(1000000)
#define ABOUT_US (60 * SECOND_US)   /* an estimate may be so old */
#define MARKS_US (1800 * SECOND_US) /* the registry grows slowly */
#define HEALTH_US (300 * SECOND_US) /* of a registry above TARGET_EXACT */
#define DAY_US (INT64_C(86400) * SECOND_US)

static int64_t
monotonic_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t) t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

/* What is remembered is that of a row scope. */
static enum err
key_of(struct api *q, const char *what, struct str more, struct str *out)
{
    struct buf b;
    enum err e = buf_in(q->ctx, more.n + q->ctx->department.n + q->ctx->region.n + 32, &b);

    if (e != OK)
        return e;
    buf_z(&b, what);
    buf_z(&b, "\n");
    buf_str(&b, q->ctx->department);
    buf_z(&b, "\n");
    buf_str(&b, q->ctx->region);
    buf_z(&b, "\n");
    buf_str(&b, more);
    *out = buf_view(&b);
    return OK;
}

/* A text that is remembered, or made by `make` now: how long it may be older than the last change is up to it. */
struct thing {
    struct str key, text;
    int64_t keep_us;
    enum err (*make)(struct api *q, struct thing *t);
    const struct target_where *where;
};

static enum err
remembered(struct api *q, struct thing *t)
{
    struct memo *m = office_memo(q->office);
    int64_t revision = 0, now = monotonic_us();
    enum err e = journal_newest(q->ctx, &revision); /* before it is made: it may be newer, never older */

    if (e != OK)
        return e;
    if (memo_take(m, t->key, revision, now, q->ctx->arena, &t->text) && t->text.n > 0)
        return OK;
    e = t->make(q, t);
    memo_give(m, t->key, revision, monotonic_us(), t->keep_us, e == OK ? t->text : NO_STR);
    return e;
}

static enum err
text_of(struct api *q, json_t *v, struct str *out)
{
    char *text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);

    *out = text == NULL ? NO_STR : str_copy(q->ctx->arena, str_of(text));
    free(text);
    json_decref(v);
    return out->n == 0 ? ERR_MEMORY : OK;
}

/* --- counts
 * -------------------------------------------------------------------------------------------------------------------- */

static enum err
make_marks(struct api *q, struct thing *t)
{
    struct target_mark_codes *marks = arena_alloc(q->ctx->arena, sizeof *marks);
    json_t *codes = json_array();
    enum err e = marks == NULL ? ERR_MEMORY : target_mark(q->ctx, marks);

    t->keep_us = MARKS_US;
    for (size_t i = 0; e == OK && i < marks->count; i++)
        json_array_append_new(codes, json_string(marks->codes[i]));
    if (e == OK)
        return text_of(q, json_pack("{s:I, s:o}", "targets", (json_int_t) marks->targets, "codes", codes), &t->text);
    json_decref(codes);
    return e;
}

static enum err
find_marks(struct api *q, struct target_mark_codes *out)
{
    struct thing t = {.key = STR("marks"), .make = make_marks};
    enum err e = remembered(q, &t);
    json_t *v = e == OK ? json_loadb(t.text.p, t.text.n, 0, NULL) : NULL;
    const json_t *one;
    size_t i;

    *out = (struct target_mark_codes){.targets = json_integer_value(json_object_get(v, "targets"))};
    json_array_foreach(json_object_get(v, "codes"), i, one)
    {
        if (out->count < TARGET_MARKS && json_string_length(one) < sizeof out->codes[0])
            strcpy(out->codes[out->count++], json_string_value(one));
    }
    json_decref(v);
    return e;
}

static enum err
make_count(struct api *q, struct thing *t)
{
    struct target_mark_codes *marks = arena_alloc(q->ctx->arena, sizeof *marks);
    int64_t count = 0;
    bool about = false;
    enum err e = marks == NULL ? ERR_MEMORY : find_marks(q, marks);

    if (e == OK)
        e = target_about(q->ctx, t->where, marks, &count);
    about = e == OK && count > 0;
    if (about)
        t->keep_us = ABOUT_US;
    else if (e == OK)
        e = target_how_many(q->ctx, t->where, &count);
    return e == OK ? text_of(q, json_pack("{s:I, s:b}", "count", (json_int_t) count, "approximate", about), &t->text) : e;
}

enum err
api_targets_count(struct api *q)
{
    struct target_where w;
    struct thing t = {.make = make_count, .where = &w};
    enum err e = target_asked(q, &w);

    if (e == OK)
        e = key_of(q, "count", q->call->query, &t.key);
    if (e == OK)
        e = remembered(q, &t);
    if (e == OK)
        q->out = json_loadb(t.text.p, t.text.n, 0, NULL);
    return e;
}

/* --- health
 * --------------------------------------------------------------------------------------------------------------------- */

static enum err
make_health(struct api *q, struct thing *t)
{
    struct target_health_row h;
    enum err e = target_check(q->ctx, q->ctx->now_us - STALE_DAYS * DAY_US, &h);

    if (e != OK)
        return e;
    t->keep_us = h.targets > TARGET_EXACT ? HEALTH_US : 0;
    return text_of(q,
                   json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "targets", (json_int_t) h.targets, "region",
                             api_i64(h.no_region), "derived_region", api_i64(h.derived_region), "industry",
                             api_i64(h.no_industry), "address", api_i64(h.no_address), "department", api_i64(h.no_department),
                             "unreachable", api_i64(h.unreachable), "expired_licence", api_i64(h.expired_licence), "stale",
                             api_i64(h.stale), "gone", api_i64(h.gone)),
                   &t->text);
}

enum err
target_health_json(struct api *q, json_t **out)
{
    char day[16];
    struct buf b = buf_over(day, sizeof day); /* another day, other licences are over */
    struct thing t = {.make = make_health};
    enum err e;

    buf_i64(&b, day_of_us(q->ctx->now_us));
    *out = NULL;
    e = key_of(q, "health", buf_view(&b), &t.key);
    if (e == OK)
        e = remembered(q, &t);
    if (e == OK)
        *out = json_loadb(t.text.p, t.text.n, 0, NULL);
    return e;
}

static enum err
make_licences(struct api *q, struct thing *t)
{
    struct target_mark_codes *marks = arena_alloc(q->ctx->arena, sizeof *marks);
    int64_t count = 0;
    enum err e = marks == NULL ? ERR_MEMORY : find_marks(q, marks);

    if (e == OK)
        e = target_how_many(q->ctx, t->where, &count);
    t->keep_us = e == OK && marks->targets > 0 ? HEALTH_US : 0; /* a large registry */
    return e == OK ? text_of(q, json_pack("{s:I}", "count", (json_int_t) count), &t->text) : e;
}

enum err
target_licences_ending(struct api *q, int64_t days, int64_t *count)
{
    const struct target_where w = {.statuses = STR("active"), .licence_before_day = OPT(day_of_us(q->ctx->now_us) + days)};
    char day[16];
    struct buf b = buf_over(day, sizeof day);
    struct thing t = {.make = make_licences, .where = &w};
    json_t *v;
    enum err e;

    buf_i64(&b, w.licence_before_day.v);
    e = key_of(q, "licences", buf_view(&b), &t.key);
    if (e == OK)
        e = remembered(q, &t);
    v = e == OK ? json_loadb(t.text.p, t.text.n, 0, NULL) : NULL;
    *count = json_integer_value(json_object_get(v, "count"));
    json_decref(v);
    return e;
}

enum err
api_targets_health(struct api *q)
{
    return target_health_json(q, &q->out);
}
