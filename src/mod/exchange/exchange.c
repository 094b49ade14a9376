/* mod/exchange/exchange.c - see exchange.h */
#include "mod/exchange/exchange.h"

#include <stdio.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "mod/dict/dict.h"
#include "mod/file.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/scope.h"

enum { RECORD_BYTES = 1 << 16, NAMES_MAX = 64, DETAIL_BYTES = 4096 };

/* The row scope as the queries take it. */
static struct str
own(struct str scope)
{
    return scope.n == 0 ? (struct str){NULL, 0} : scope;
}

static enum err
note(struct ctx *c, const char *act, struct str no, struct buf *detail)
{
    buf_z(detail, "}");
    return detail->overflow ? ERR_TOO_LARGE
                            : journal_add(c, &(struct journal_act){str_of(act), no, buf_view(detail)});
}

/* names of the other system ------------------------------------------------------------------------------------------------ */

struct names {
    struct dict_word_list_row *v;
    size_t count;
};

static enum err
name_of(struct ctx *c, const struct names *n, struct str code, struct str *out)
{
    for (size_t i = 0; i < n->count; i++)
        if (str_eq(n->v[i].code, code)) {
            *out = n->v[i].zh;
            return OK;
        }
    return ctx_refuse(c, ERR_MISSING, "exchange: %.*s", (int) code.n, code.p);
}

/* ["no_problem"] → 未发现问题; several are separated by ； */
static enum err
put_results(struct ctx *c, const struct names *n, struct str codes, struct buf *out)
{
    char text[DETAIL_BYTES];
    struct buf b = buf_over(text, sizeof text);
    struct texts t;
    struct str name;
    enum err e = json_texts_of(c, codes, NAMES_MAX, EXCHANGE_TEXT_MAX, &t);

    for (size_t i = 0; e == OK && i < t.count; i++)
        if ((e = name_of(c, n, t.v[i], &name)) == OK) {
            buf_z(&b, i == 0 ? "" : "；");
            buf_str(&b, name);
        }
    if (e == OK)
        buf_json(out, buf_view(&b));
    return e == OK && b.overflow ? ERR_TOO_LARGE : e;
}

/* the file ------------------------------------------------------------------------------------------------------------------ */

struct batch {
    struct ctx *c;
    const struct names *names;
    struct str no;
    const struct report_exchange_pending_row *rows;
    size_t count;
    struct file file;
    struct hash hash;
};

static bool
same_record(const struct report_exchange_pending_row *a, const struct report_exchange_pending_row *b)
{
    return str_eq(a->target, b->target) && str_eq(a->task, b->task) && str_eq(a->department, b->department) &&
           a->produced_day == b->produced_day;
}

/* "name":"text" or null, with a comma in front. */
static void
put_text(struct buf *b, const char *name, struct str text)
{
    json_put_name(b, name);
    if (text.p == NULL)
        buf_z(b, "null");
    else
        buf_json(b, text);
}

static enum err
put_head(struct batch *x, const struct report_exchange_pending_row *r, struct buf *b)
{
    char day[DAY_TEXT + 1];
    struct str type;
    enum err e = name_of(x->c, x->names, r->directed != 0 ? STR("directed") : STR("undirected"), &type);

    if (e != OK)
        return e;
    day_format(r->produced_day, day);
    buf_z(b, "{");
    put_text(b, "uniscid", r->target);
    put_text(b, "entname", r->name);
    put_text(b, "raninsPlanId", r->plan);
    put_text(b, "raninsPlaneName", r->plan_name);
    put_text(b, "raninsTaskId", r->task);
    put_text(b, "raninsTaskName", r->task_name);
    put_text(b, "raninsTypeName", type);
    put_text(b, "insAuth", r->department_name.p == NULL ? r->department : r->department_name);
    put_text(b, "insDate", str_of(day));
    buf_z(b, ",\"details\":[");
    return OK;
}

static enum err
put_detail(struct batch *x, size_t i, struct buf *b)
{
    enum err e;

    buf_z(b, "{\"seqno\":");
    buf_u64(b, i + 1);
    put_text(b, "raninsItemName", x->rows[i].item_name);
    json_put_name(b, "raninsCheckResName");
    e = put_results(x->c, x->names, x->rows[i].codes, b);
    json_put_name(b, "correction");
    buf_i64(b, x->rows[i].correction);
    buf_z(b, "}");
    return e;
}

static enum err
say(struct batch *x, struct str bytes)
{
    hash_update(&x->hash, bytes.p, bytes.n);
    return fwrite(bytes.p, 1, bytes.n, x->file.out) == bytes.n ? OK : ERR_IO;
}

/* The record that begins with row *i; *i is then the first row after it. */
static enum err
write_record(struct batch *x, size_t *i)
{
    size_t first = *i, mark = arena_mark(x->c->arena);
    struct buf b;
    enum err e = buf_in(x->c, RECORD_BYTES, &b);

    if (e == OK)
        e = put_head(x, &x->rows[first], &b);
    for (; e == OK && *i < x->count && same_record(&x->rows[first], &x->rows[*i]); ++*i) {
        buf_z(&b, *i > first ? "," : "");
        e = put_detail(x, *i, &b);
    }
    buf_z(&b, *i < x->count ? "]},\n" : "]}\n");
    if (e == OK)
        e = b.overflow ? ERR_TOO_LARGE : say(x, buf_view(&b));
    arena_rewind(x->c->arena, mark);
    return e;
}

static enum err
write_batch(struct batch *x)
{
    char head[128];
    struct buf b = buf_over(head, sizeof head);
    enum err e;

    buf_z(&b, "{\"batchNo\":");
    buf_json(&b, x->no);
    buf_z(&b, ",\"rows\":");
    buf_u64(&b, x->count);
    buf_z(&b, ",\"records\":[\n");
    e = say(x, buf_view(&b));
    for (size_t i = 0; e == OK && i < x->count;)
        e = write_record(x, &i);
    return e == OK ? say(x, STR("]}\n")) : e;
}

enum err
exchange_path(const struct ctx *c, struct str no, char path[static EXCHANGE_PATH_BYTES])
{
    int n = snprintf(path, EXCHANGE_PATH_BYTES, "%s/exchange/%.*s.json", c->dir, (int) no.n, no.p);

    return n < 0 || n >= EXCHANGE_PATH_BYTES ? ERR_TOO_LARGE : OK;
}

/* The file lies there before the rows that name it; without them it means nothing. */
static enum err
make_file(struct batch *x, char digest[static HASH_HEX_LEN])
{
    char path[EXCHANGE_PATH_BYTES];
    unsigned char hash[HASH_LEN];
    enum err e = exchange_path(x->c, x->no, path);

    if (e == OK)
        e = file_begin(&x->file, path, 0600);
    if (e != OK)
        return e;
    hash_init(&x->hash, HASH_SHA256);
    e = file_end(&x->file, write_batch(x));
    hash_final(&x->hash, hash);
    hex_encode(hash, HASH_LEN, digest);
    return e;
}

/* producing ------------------------------------------------------------------------------------------------------------------ */

/* Region of the first task, today, and the next four digits. */
static enum err
next_no(struct ctx *c, struct str task, struct str *no)
{
    char day[DAY_TEXT + 1], from[EXCHANGE_NO_BYTES + 1], to[EXCHANGE_NO_BYTES + 1];
    struct exchange_last_no_row last;
    unsigned number = 0;
    char *text = arena_alloc(c->arena, EXCHANGE_NO_BYTES + 1);
    enum err e;

    if (text == NULL)
        return ERR_MEMORY;
    day_format(day_of_us(c->now_us), day);
    snprintf(from, sizeof from, "%.6s%.4s%.2s%.2s0000", task.n < 6 ? "000000" : task.p, day, day + 5, day + 8);
    snprintf(to, sizeof to, "%.14s9999", from);
    e = exchange_last_no(c->db, c->arena, &(struct exchange_last_no_in){str_of(from), str_of(to)}, &last);
    for (size_t i = 14; e == OK && i < last.no.n; i++)
        number = 10 * number + (unsigned) (last.no.p[i] - '0');
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (number == 9999)
        return ERR_RANGE;
    snprintf(text, EXCHANGE_NO_BYTES + 1, "%.14s%04u", from, number + 1);
    *no = str_of(text);
    return OK;
}

static enum err
put_rows(struct batch *x)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < x->count; i++)
        e = exchange_row_put(x->c->db, &(struct exchange_row_put_in){x->rows[i].target, x->rows[i].id, x->rows[i].attempt + 1,
                                                                   x->no, (int64_t) i + 1});
    return e;
}

static enum err
store(struct batch *x)
{
    char hex[HASH_HEX_LEN], text[256];
    struct buf detail = buf_over(text, sizeof text);
    struct ctx *c = x->c;
    struct str digest = {hex, sizeof hex};
    enum err e = make_file(x, hex);

    if (e == OK)
        e = exchange_batch_put(c->db, &(struct exchange_batch_put_in){x->no, own(c->department), own(c->region),
                                                                     (int64_t) x->count, digest, c->actor, c->now_us});
    if (e == OK)
        e = put_rows(x);
    buf_z(&detail, "{\"rows\":");
    buf_u64(&detail, x->count);
    json_put_name(&detail, "digest");
    buf_json(&detail, digest);
    return e == OK ? note(c, "exchange.produce", x->no, &detail) : e;
}

static enum err
produce(struct ctx *c, bool again, struct str *no)
{
    struct names names;
    struct report_exchange_pending_row *rows;
    struct batch x = {.c = c, .names = &names};
    enum err e = report_exchange_pending(
        c->db, c->arena,
        &(struct report_exchange_pending_in){own(c->department), own(c->region), again, STR("!"), 0, EXCHANGE_ROWS_MAX}, &rows,
        &x.count);

    if (e == OK && x.count == 0)
        e = ERR_NOT_FOUND;
    x.rows = rows;
    if (e == OK)
        e = dict_word_list(c->db, c->arena, &(struct dict_word_list_in){STR("exchange")}, &names.v, &names.count);
    if (e == OK)
        e = next_no(c, rows[0].task, no);
    x.no = *no;
    return e == OK ? store(&x) : e;
}

enum err
exchange_produce(struct ctx *c, bool again, struct str *no)
{
    enum err e = db_begin(c->db);

    *no = (struct str){NULL, 0};
    return e == OK ? db_end(c->db, produce(c, again, no)) : e;
}

/* receipts -------------------------------------------------------------------------------------------------------------------- */

enum err
exchange_see(struct ctx *c, struct str no, struct exchange_batch_get_row *out)
{
    enum err e = exchange_batch_get(c->db, c->arena, &(struct exchange_batch_get_in){no}, out);

    return e == OK && ((c->department.n > 0 && !str_eq(out->department, c->department)) ||
                       (c->region.n > 0 && !str_starts(out->region, c->region)))
               ? ERR_NOT_FOUND
               : e;
}

static enum err
resend(struct ctx *c, struct str no)
{
    char text[64];
    struct buf detail = buf_over(text, sizeof text);
    struct exchange_batch_get_row b;
    enum err e = exchange_see(c, no, &b);

    if (e == OK)
        e = exchange_batch_sent(c->db, &(struct exchange_batch_sent_in){no});
    if (e != OK)
        return e;
    buf_z(&detail, "{\"count\":");
    buf_i64(&detail, b.sent_count + 1);
    return note(c, "exchange.resend", no, &detail);
}

enum err
exchange_resend(struct ctx *c, struct str no)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, resend(c, no)) : e;
}

static enum err
refuse_rows(struct ctx *c, const struct exchange_receipt *r)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < r->refused_count; i++) {
        e = exchange_row_refuse(c->db, &(struct exchange_row_refuse_in){r->no, r->refused[i].seq, r->refused[i].reason});
        if (e == ERR_STATE)
            e = ctx_refuse(c, ERR_INPUT, "seqno %lld", (long long) r->refused[i].seq);
    }
    return e;
}

static enum err
acknowledge(struct ctx *c, const struct exchange_receipt *r)
{
    char text[2 * EXCHANGE_TEXT_MAX];
    struct buf detail = buf_over(text, sizeof text);
    struct exchange_batch_get_row b;
    enum err e = exchange_see(c, r->no, &b);

    if (e != OK)
        return e;
    if (str_eq(b.state, STR("acknowledged")))
        return str_eq(b.receipt, r->receipt) && b.refused_count == (int64_t) r->refused_count
                   ? OK
                   : ctx_refuse(c, ERR_STATE, "its receipt is %.*s", (int) b.receipt.n, b.receipt.p);
    if (r->accepted_count + (int64_t) r->refused_count != b.rows_count)
        return ctx_refuse(c, ERR_INPUT, "accepted and refused make %lld rows, the batch has %lld",
                          (long long) r->accepted_count + (long long) r->refused_count, (long long) b.rows_count);
    e = refuse_rows(c, r);
    if (e == OK)
        e = exchange_row_accept_rest(c->db, &(struct exchange_row_accept_rest_in){r->no});
    if (e == OK)
        e = exchange_batch_acknowledge(c->db, &(struct exchange_batch_acknowledge_in){
                                                  r->no, r->receipt, (int64_t) r->refused_count, c->actor, c->now_us});
    buf_z(&detail, "{\"receipt\":");
    buf_json(&detail, r->receipt);
    json_put_name(&detail, "refused");
    buf_u64(&detail, r->refused_count);
    return e == OK ? note(c, "exchange.acknowledge", r->no, &detail) : e;
}

enum err
exchange_acknowledge(struct ctx *c, const struct exchange_receipt *r)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, acknowledge(c, r)) : e;
}

/* the comparison -------------------------------------------------------------------------------------------------------------- */

enum err
exchange_counts(struct ctx *c, struct report_exchange_counts_row *out)
{
    return report_exchange_counts(c->db, c->arena,
                                  &(struct report_exchange_counts_in){own(c->department), own(c->region)}, out);
}

enum err
exchange_missing(struct ctx *c, struct str after_target, int64_t after_id, int64_t limit,
                 struct report_exchange_pending_row **rows, size_t *count)
{
    return report_exchange_pending(c->db, c->arena,
                                   &(struct report_exchange_pending_in){own(c->department), own(c->region), 1,
                                                                        after_target.n == 0 ? STR("!") : after_target, after_id,
                                                                        limit},
                                   rows, count);
}
