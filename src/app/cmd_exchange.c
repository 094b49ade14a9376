/* app/cmd_exchange.c - mingqian exchange produce | receipt | resend | status: batches for the national publicity system
 * (regulation 二(六), 三(二)) */
#include "cmd_flow.h"
#include "mod/exchange/exchange.h"
#include "mod/file.h"

enum { RECEIPT_BYTES_MAX = 1 << 20, BATCHES_MAX = 10000 };

static const struct cli_option PRODUCE_OPTIONS[] = {
    {"again", NULL, "被退回的也再报一次", "those that were refused, too"},
};

static void
say_batch(const struct flow *f, const struct exchange_batch_get_row *b)
{
    char path[EXCHANGE_PATH_BYTES] = "";
    struct flow_answer a = flow_answer(f);

    flow_say(&a, "no", b->no);
    flow_say(&a, "state", b->state);
    flow_say_number(&a, "rows", b->rows_count);
    flow_say_number(&a, "refused", b->refused_count);
    flow_say_number(&a, "sent", b->sent_count);
    flow_say(&a, "digest", b->digest);
    if (exchange_path(&f->app.ctx, b->no, path) == OK)
        flow_say(&a, "file", str_of(path));
    flow_say_end(&a);
}

static enum err
show_batch(struct flow *f, struct str no)
{
    struct exchange_batch_get_row b;
    enum err e = exchange_see(&f->app.ctx, no, &b);

    if (e == OK)
        say_batch(f, &b);
    return e;
}

/* All that is missing, batch by batch; a batch that was made stays made whatever becomes of the next. */
static enum err
produce_all(struct flow *f, size_t *count)
{
    struct str no;
    enum err e = OK;

    for (*count = 0; e == OK && *count < BATCHES_MAX; ++*count) {
        size_t mark = arena_mark(&f->app.arena);

        e = exchange_produce(&f->app.ctx, cli_has(&f->args, "again"), &no);
        if (e == OK) {
            fputs(!f->args.json ? "" : *count == 0 ? "{\"batches\":[" : ",", stdout);
            e = show_batch(f, no);
        }
        arena_rewind(&f->app.arena, mark);
        if (e != OK)
            break;
    }
    return e == ERR_NOT_FOUND ? OK : e;
}

int
cmd_exchange_produce(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    size_t count = 0;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {PRODUCE_OPTIONS, 1, 0, 0}, argc, argv, &status))
        return status;
    e = produce_all(&f, &count);
    if (f.args.json && (count > 0 || e == OK))
        fputs(count > 0 ? "]}\n" : "{\"batches\":[]}\n", stdout);
    else if (count == 0 && e == OK)
        puts(cli_text("没有待报送的公示结果", "nothing is left to send"));
    return flow_close(&f, e, "exchange");
}

int
cmd_exchange_receipt(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct exchange_receipt r;
    struct str text;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = file_read(&f.app.arena, f.args.positional[0], RECEIPT_BYTES_MAX, &text);
    if (e == OK)
        e = exchange_receipt_parse(&f.app.ctx, text, &r);
    if (e == OK)
        e = exchange_acknowledge(&f.app.ctx, &r);
    if (e == OK)
        e = show_batch(&f, r.no);
    return flow_close(&f, e, f.args.positional[0]);
}

int
cmd_exchange_resend(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = exchange_resend(&f.app.ctx, str_of(f.args.positional[0]));
    if (e == OK)
        e = show_batch(&f, str_of(f.args.positional[0]));
    return flow_close(&f, e, f.args.positional[0]);
}

int
cmd_exchange_status(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct report_exchange_counts_row n;
    struct flow_answer a;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 0, 0}, argc, argv, &status))
        return status;
    e = exchange_counts(&f.app.ctx, &n);
    if (e == OK) {
        a = flow_answer(&f);
        flow_say_number(&a, "published", n.published);
        flow_say_number(&a, "accepted", n.accepted);
        flow_say_number(&a, "sent", n.sent);
        flow_say_number(&a, "refused", n.refused);
        flow_say_number(&a, "missing", n.published - n.accepted - n.sent - n.refused);
        flow_say_number(&a, "twice", n.twice);
        flow_say_number(&a, "gone", n.gone);
        flow_say_end(&a);
    }
    return flow_close(&f, e, "exchange");
}
