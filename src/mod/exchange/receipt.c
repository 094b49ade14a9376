/* mod/exchange/receipt.c - the receipt 回执 of a batch, read from JSON */
#include "mod/exchange/exchange.h"
#include "mod/json.h"

static enum err
read_refusal(struct ctx *c, const json_t *o, struct exchange_refusal *out)
{
    static const char *const FIELDS[] = {"seqno", "reason"};
    enum err e = json_is_object(o) ? json_only(c, o, FIELDS, 2) : ctx_refuse(c, ERR_INPUT, "refused: objects");

    if (e == OK)
        e = json_i64(c, o, (struct json_field){"seqno", true}, 1, EXCHANGE_ROWS_MAX, &out->seq);
    return e == OK ? json_text(c, o, (struct json_field){"reason", true}, EXCHANGE_TEXT_MAX, &out->reason) : e;
}

static enum err
read_refused(struct ctx *c, const json_t *list, struct exchange_receipt *out)
{
    enum err e = OK;

    if (list == NULL || json_is_null(list))
        return OK;
    if (!json_is_array(list) || json_array_size(list) > EXCHANGE_ROWS_MAX)
        return ctx_refuse(c, ERR_INPUT, "refused: an array of at most %d", EXCHANGE_ROWS_MAX);
    out->refused_count = json_array_size(list);
    out->refused = arena_array(c->arena, out->refused_count + 1, sizeof *out->refused);
    if (out->refused == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; e == OK && i < out->refused_count; i++) {
        e = read_refusal(c, json_array_get(list, i), &out->refused[i]);
        if (e == OK && i > 0 && out->refused[i].seq <= out->refused[i - 1].seq)
            e = ctx_refuse(c, ERR_DUPLICATE, "refused: seqno must ascend");
    }
    return e;
}

static enum err
read_receipt(struct ctx *c, const json_t *o, struct exchange_receipt *out)
{
    static const char *const FIELDS[] = {"batchNo", "receiptNo", "accepted", "refused"};
    enum err e = json_only(c, o, FIELDS, 4);

    if (e == OK)
        e = json_text(c, o, (struct json_field){"batchNo", true}, EXCHANGE_NO_BYTES, &out->no);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"receiptNo", true}, EXCHANGE_TEXT_MAX, &out->receipt);
    if (e == OK)
        e = json_i64(c, o, (struct json_field){"accepted", true}, 0, EXCHANGE_ROWS_MAX, &out->accepted_count);
    return e == OK ? read_refused(c, json_object_get(o, "refused"), out) : e;
}

enum err
exchange_receipt_parse(struct ctx *c, struct str json, struct exchange_receipt *out)
{
    json_t *o = NULL;
    enum err e = json_read(c, json, &o);

    *out = (struct exchange_receipt){.refused = NULL};
    if (e == OK)
        e = read_receipt(c, o, out);
    json_decref(o);
    return e;
}
