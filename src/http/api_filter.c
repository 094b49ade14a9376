/* http/api_filter.c - saved filters 已存筛选, and tagging all that a filter lets pass */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "api_handlers.h"
#include "mod/job/job.h"
#include "mod/json.h"
#include "mod/target/target.h"

/* --- saved filters
 * ---------------------------------------------------------------------------------------------------- */

static json_t *
filter_json(const struct api *q, const struct target_filter_get_row *f)
{
    return json_pack("{s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:I}", "id", api_id(f->id), "name", api_str(f->name), "department",
                     api_str(f->department), "shared", f->shared != 0, "mine", str_eq(f->owner, q->ctx->actor), "scope",
                     json_loadb(f->scope.p, f->scope.n, 0, NULL), "updated", api_time(OPT(f->updated_us)), "row_version",
                     (json_int_t) f->row_version);
}

enum err
api_filters_get(struct api *q)
{
    struct target_filter_list_row *r;
    size_t n;
    json_t *rows;
    enum err e = target_filter_all(q->ctx, &r, &n);

    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, filter_json(q, &(struct target_filter_get_row){r[i].id, r[i].name, r[i].department,
                                                                                   r[i].owner, r[i].shared, r[i].scope,
                                                                                   r[i].updated_us, r[i].row_version}));
    return OK;
}

static enum err
give(struct api *q, int64_t id)
{
    struct target_filter_get_row f;
    enum err e = target_filter_see(q->ctx, id, &f);

    if (e != OK)
        return e;
    q->etag = f.row_version;
    q->out = filter_json(q, &f);
    return OK;
}

enum err
api_filter_get(struct api *q)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    return e == OK ? give(q, id) : e;
}

static enum err
read_filter(struct api *q, struct target_filter *f)
{
    f->name = str_trim(api_text(q, "name"));
    f->shared = json_is_true(json_object_get(q->in, "shared"));
    return api_json(q, "scope", &f->scope);
}

static enum err
blame(struct api *q, enum err e)
{
    if (e == ERR_EXISTS || e == ERR_LENGTH)
        return api_wrong(q, "name", e, NULL);
    return e == ERR_INPUT || e == ERR_CHARSET || e == ERR_DATE ? api_wrong(q, "scope", e, q->ctx->why) : e;
}

enum err
api_filters_post(struct api *q)
{
    struct target_filter f;
    int64_t id;
    enum err e = read_filter(q, &f);

    if (e == OK)
        e = blame(q, target_filter_add(q->ctx, &f, &id));
    if (e != OK)
        return e;
    q->status = 201;
    return give(q, id);
}

enum err
api_filter_put(struct api *q)
{
    struct target_filter f;
    int64_t id, version;
    enum err e = api_if_match(q, &version);

    if (e == OK)
        e = api_number_of(q->params[0], &id);
    if (e == OK)
        e = read_filter(q, &f);
    if (e == OK)
        e = blame(q, target_filter_change(q->ctx, id, version, &f));
    return e == OK ? give(q, id) : e;
}

enum err
api_filter_delete(struct api *q)
{
    int64_t id;
    enum err e = api_number_of(q->params[0], &id);

    return e == OK ? target_filter_drop(q->ctx, id) : e;
}

/* --- tagging all that match
 * --------------------------------------------------------------------------------------------- */

enum { STEP = 200, ORDER_BYTES = 64 << 10 };

/* What the job does, as it stands in its subject: {"scope":{…},"q":"…","add":[…],"remove":[…]}. */
struct tagging {
    struct office_job *job;
    struct target_ask ask;
    struct target_tagging say;
    struct str *codes;
    size_t count;
    int64_t changed;
};

static enum err
lines_from(struct ctx *c, const json_t *o, const char *name, struct str *out)
{
    struct texts t = {0};
    struct str one = NO_STR;
    enum err e = json_texts(c, o, (struct json_field){name, false}, TARGET_TAGS_MAX, TARGET_TAG_BYTES_MAX, &t);

    *out = NO_STR;
    for (size_t i = 0; i < t.count && e == OK; i++) {
        one = t.v[i];
        if (memchr(one.p, '\n', one.n) != NULL)
            return ERR_CHARSET;
        e = target_merge_lines(c, *out, one, NO_STR, out);
    }
    return e;
}

static enum err
read_order(struct ctx *c, struct str order, struct tagging *t)
{
    struct str scope = STR("{}"), words = NO_STR;
    struct scope s;
    json_t *o;
    enum err e = json_read(c, order, &o);

    if (e != OK)
        return e;
    if (json_is_object(json_object_get(o, "scope")))
        e = json_nested(c, o, "scope", &scope);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"q", false}, TARGET_WORDS_MAX, &words);
    if (e == OK)
        e = lines_from(c, o, "add", &t->say.add);
    if (e == OK)
        e = lines_from(c, o, "remove", &t->say.drop);
    json_decref(o);
    if (e == OK && t->say.add.n + t->say.drop.n == 0)
        e = ctx_refuse(c, ERR_INPUT, "no tag to add or to remove");
    if (e == OK)
        e = terms_scope(c, scope, &s);
    t->ask = (struct target_ask){.words = words, .limit = STEP};
    return e == OK ? target_where_of(c, &s, &t->ask.where) : e;
}

/* In the writer: one part of the act. */
static enum err
tag_part(struct ctx *c, void *arg)
{
    struct tagging *t = arg;

    return target_tag_many(c, &t->say, t->codes, t->count, &t->changed);
}

/* One page of those that match. *last: there is no further one. */
static enum err
tag_page(struct ctx *c, struct tagging *t, char after[static 64], bool *last)
{
    struct target_line *rows;
    enum err e = target_rows(c, &t->ask, &rows, &t->count);

    if (e != OK || t->count == 0) {
        *last = true;
        return e;
    }
    t->codes = arena_array(c->arena, t->count, sizeof *t->codes);
    if (t->codes == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < t->count; i++)
        t->codes[i] = rows[i].code;
    *last = t->count < STEP;
    snprintf(after, 64, "%.*s", (int) rows[t->count - 1].code.n, rows[t->count - 1].code.p);
    e = office_write(t->job->office, c, tag_part, t);
    atomic_fetch_add(&t->job->done, t->count);
    return e;
}

/* In the job thread: page after page, each an act of its own; what is tagged stays so when the job is cancelled. */
static enum err
tag_job(struct ctx *c, struct office_job *job)
{
    struct tagging t = {.job = job};
    struct job_get_row row;
    struct str order, subject;
    char after[64] = "";
    bool last = false;
    int64_t total = 0;
    enum err e = job_get(c->db, c->arena, &(struct job_get_in){job->id}, &row);

    if (e != OK)
        return e;
    (void) str_split(row.subject, ' ', &subject, &order);
    t.say.subject = subject;
    e = read_order(c, order, &t);
    if (e == OK && t.ask.words.n == 0)
        e = target_how_many(c, &t.ask.where, &total);
    atomic_store(&job->phase, 1);
    atomic_store(&job->total, (uint64_t) total);
    while (e == OK && !last) {
        size_t mark = arena_mark(c->arena);

        t.ask.after = str_of(after[0] == '\0' ? NULL : after);
        e = tag_page(c, &t, after, &last);
        arena_rewind(c->arena, mark);
        if (e == OK && atomic_load(&job->cancelled))
            e = ERR_CANCELLED;
    }
    return e;
}

struct order {
    int64_t id;
    struct str text;
};

/* targets/tag/ID {…}: the order is in the subject. */
static enum err
place(struct api *q, void *arg)
{
    struct order *o = arg;
    struct str subject;
    struct buf b;
    int64_t name;
    enum err e = ctx_new_id(q->ctx, &name);

    if (e == OK)
        e = buf_in(q->ctx, o->text.n + 64, &b);
    if (e != OK)
        return e;
    buf_z(&b, "targets/tag/");
    buf_i64(&b, name);
    buf_z(&b, " ");
    buf_str(&b, o->text);
    e = buf_take(q->ctx, &b, &subject);
    return e == OK ? job_add(q->ctx, STR("target.tag"), subject, q->who.account, &o->id) : e;
}

enum err
api_targets_tag_all(struct api *q)
{
    struct tagging checked = {.job = NULL};
    char *text = json_dumps(q->in, JSON_COMPACT);
    struct order o = {0, text == NULL ? NO_STR : str_copy(q->ctx->arena, str_of(text))};
    enum err e = o.text.p == NULL ? ERR_MEMORY : o.text.n > ORDER_BYTES ? ERR_TOO_LARGE : OK;

    free(text);
    if (e == OK)
        e = read_order(q->ctx, o.text, &checked);
    if (e == OK && checked.ask.where.risk_classes.n > 0 && !roles_may(q->who.roles, PERMIT_RISK_READ))
        e = ERR_PERMISSION;
    if (e == OK)
        e = api_write(q, place, &o);
    return e == OK ? api_job_begin(q, &(struct office_job){.id = o.id, .fn = tag_job}) : e;
}
