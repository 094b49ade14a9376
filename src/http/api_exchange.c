/* http/api_exchange.c - batches for the national publicity system 数据交换 (regulation 二(六), 三(二)) */
#include <stdlib.h>
#include <string.h>

#include "api_file.h"
#include "api_handlers.h"
#include "mod/exchange/exchange.h"

static json_t *
batch_json(const struct exchange_batch_get_row *b)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:I}", "no", api_str(b->no),
                     "department", api_str(b->department), "region", api_str(b->region), "state", api_str(b->state), "rows",
                     (json_int_t) b->rows_count, "refused", (json_int_t) b->refused_count, "digest", api_str(b->digest), "sent",
                     (json_int_t) b->sent_count, "receipt", api_str(b->receipt), "produced_by", api_str(b->produced_by),
                     "produced", api_time(OPT(b->produced_us)), "acknowledged_by", api_str(b->acknowledged_by),
                     "acknowledged", api_time(b->acknowledged_us), "row_version", (json_int_t) b->row_version);
}

static enum err
give(struct api *q, struct str no)
{
    struct exchange_batch_get_row b;
    enum err e = exchange_see(q->ctx, no, &b);

    if (e != OK)
        return e;
    q->etag = b.row_version;
    q->out = batch_json(&b);
    return q->out == NULL ? ERR_MEMORY : OK;
}

enum err
api_exchange_get(struct api *q)
{
    struct report_exchange_counts_row n;
    enum err e = exchange_counts(q->ctx, &n);

    if (e != OK)
        return e;
    q->out = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "published", (json_int_t) n.published, "accepted",
                       (json_int_t) n.accepted, "sent", (json_int_t) n.sent, "refused", (json_int_t) n.refused, "missing",
                       (json_int_t) (n.published - n.accepted - n.sent - n.refused), "twice", (json_int_t) n.twice, "gone", (json_int_t) n.gone);
    return q->out == NULL ? ERR_MEMORY : OK;
}

/* A cursor is "NUMBER-TEXT". */
static enum err
read_cursor(struct api *q, int64_t *number, struct str *text)
{
    struct str cursor = api_query(q, "cursor"), head;

    if (cursor.n == 0)
        return OK;
    if (!str_split(cursor, '-', &head, text) || text->n == 0)
        return ERR_NOT_FOUND;
    return api_number_of(head, number);
}

static void
more(struct api *q, int64_t number, struct str text)
{
    char cursor[128];
    struct buf b = buf_over(cursor, sizeof cursor);

    buf_i64(&b, number);
    buf_z(&b, "-");
    buf_str(&b, text);
    api_more(q, buf_view(&b));
}

static json_t *
pending_json(const struct report_exchange_pending_row *r)
{
    return json_pack("{s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "target", api_str(r->target), "name",
                     api_str(r->name), "publication", api_id(r->id), "correction", (json_int_t) r->correction, "task",
                     api_str(r->task), "task_name", api_str(r->task_name), "item", api_str(r->item_name), "department",
                     api_str(r->department), "codes", api_list(r->codes), "published", api_time(OPT(r->published_us)),
                     "attempts", (json_int_t) r->attempt, "reason", api_str(r->reason));
}

enum err
api_exchange_missing(struct api *q)
{
    struct report_exchange_pending_row *r;
    struct str target = STR("");
    int64_t id = 0, limit;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = read_cursor(q, &id, &target);
    if (e == OK)
        e = exchange_missing(q->ctx, target, id, limit + 1, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(rows, pending_json(&r[i]));
    if (n > (size_t) limit)
        more(q, r[limit - 1].id, r[limit - 1].target);
    return OK;
}

enum err
api_exchange_batches_get(struct api *q)
{
    struct exchange_batch_list_in in = {.before_us = INT64_MAX,
                                        .before_no = STR("~"),
                                        .department = q->ctx->department.n == 0 ? NO_STR : q->ctx->department,
                                        .region = q->ctx->region.n == 0 ? NO_STR : q->ctx->region};
    struct exchange_batch_list_row *r;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &in.limit_count);

    if (e == OK)
        e = read_cursor(q, &in.before_us, &in.before_no);
    in.limit_count++;
    if (e == OK)
        e = exchange_batch_list(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i + 1 < (size_t) in.limit_count; i++)
        json_array_append_new(
            rows, batch_json(&(struct exchange_batch_get_row){r[i].no, r[i].department, r[i].region, r[i].state, r[i].rows_count,
                                                              r[i].refused_count, r[i].digest, r[i].sent_count, r[i].receipt,
                                                              r[i].produced_by, r[i].produced_us, r[i].acknowledged_by,
                                                              r[i].acknowledged_us, r[i].row_version}));
    if (n == (size_t) in.limit_count)
        more(q, r[n - 2].produced_us, r[n - 2].no);
    return OK;
}

enum err
api_exchange_batches_post(struct api *q)
{
    struct str no;
    enum err e = exchange_produce(q->ctx, json_is_true(json_object_get(q->in, "again")), &no);

    if (e == ERR_NOT_FOUND)
        e = ctx_refuse(q->ctx, ERR_STATE, "%s", q->english ? "nothing is left to send" : "没有待报送的公示结果");
    if (e != OK)
        return e;
    q->status = 201;
    return give(q, no);
}

enum err
api_exchange_batch_get(struct api *q)
{
    return give(q, q->params[0]);
}

enum err
api_exchange_rows(struct api *q)
{
    struct exchange_row_list_in in = {.batch = q->params[0], .state = api_query(q, "state")};
    struct exchange_batch_get_row b;
    struct exchange_row_list_row *r;
    size_t n;
    json_t *rows;
    enum err e = exchange_see(q->ctx, q->params[0], &b);

    if (e == OK)
        e = api_page_by_number(q, &in.limit_count, &in.after_seq);
    if (e == OK)
        e = exchange_row_list(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i + 1 < (size_t) in.limit_count; i++)
        json_array_append_new(rows, json_pack("{s:I, s:o, s:o, s:I, s:o, s:o}", "seqno", (json_int_t) r[i].seq, "target",
                                              api_str(r[i].target), "publication", api_id(r[i].publication), "attempt",
                                              (json_int_t) r[i].attempt, "state", api_str(r[i].state), "reason",
                                              api_str(r[i].reason)));
    if (n == (size_t) in.limit_count)
        api_more_number(q, r[n - 2].seq);
    return OK;
}

enum err
api_exchange_file(struct api *q)
{
    struct exchange_batch_get_row b;
    char path[EXCHANGE_PATH_BYTES], name[EXCHANGE_NO_BYTES + 16];
    struct buf n = buf_over(name, sizeof name - 1);
    enum err e = exchange_see(q->ctx, q->params[0], &b);

    if (e == OK)
        e = exchange_path(q->ctx, b.no, path);
    if (e != OK)
        return e;
    buf_str(&n, b.no);
    buf_z(&n, ".json");
    name[n.n] = '\0';
    return api_file_send(q, path, "application/json", name);
}

enum err
api_exchange_resend(struct api *q)
{
    enum err e = exchange_resend(q->ctx, q->params[0]);

    return e == OK ? give(q, q->params[0]) : e;
}

/* The receipt as it came, or as it was typed: the fields of the receipt file, the batch from the address. */
enum err
api_exchange_receipt(struct api *q)
{
    struct exchange_receipt r;
    char *text;
    enum err e;

    json_object_set_new(q->in, "batchNo", json_stringn(q->params[0].p, q->params[0].n));
    text = json_dumps(q->in, JSON_COMPACT);
    e = text == NULL ? ERR_MEMORY : exchange_receipt_parse(q->ctx, str_of(text), &r);
    free(text);
    if (e == OK)
        e = exchange_acknowledge(q->ctx, &r);
    if (e == ERR_INPUT || e == ERR_RANGE || e == ERR_DUPLICATE)
        return api_wrong(q, strstr(q->ctx->why, "seqno") != NULL || strstr(q->ctx->why, "refused:") != NULL ? "refused" : "accepted",
                         ERR_INPUT, q->ctx->why);
    return e == OK ? give(q, q->params[0]) : e;
}
