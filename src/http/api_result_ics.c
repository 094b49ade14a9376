/* http/api_result_ics.c - last days of results as a calendar (RFC 5545): one day, how many fall due, and nothing about whom */
#include <stdio.h>

#include "api_result.h"
#include "core/calendar.h"
#include "mod/scope.h"

enum { DAYS_MAX = 400, EVENT_BYTES = 320, BACK_DAYS = 90 };

static const char *const OPEN[] = {"entered", "returned", "approved"};

struct due {
    int64_t day, count;
};

/* Adds the days of one state, both in the order of days; equal days become one. */
static void
add_days(struct due *all, size_t *count, const struct result_due_days_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = 0;

        while (at < *count && all[at].day < rows[i].due_day)
            at++;
        if (at < *count && all[at].day == rows[i].due_day) {
            all[at].count += rows[i].due_count;
            continue;
        }
        for (size_t k = (*count)++; k > at; k--)
            all[k] = all[k - 1];
        all[at] = (struct due){rows[i].due_day, rows[i].due_count};
    }
}

static void
compact(int64_t day, char out[static 9])
{
    struct civil d = civil_from_day(day);

    snprintf(out, 9, "%04u%02u%02u", (unsigned) d.year % 10000, (unsigned) d.month % 100, (unsigned) d.day % 100);
}

static void
put_event(struct buf *b, const struct due *d, int64_t today, bool english)
{
    char day[9], after[9], stamp[9];

    compact(d->day, day);
    compact(d->day + 1, after);
    compact(today, stamp);
    buf_z(b, "BEGIN:VEVENT\r\nUID:results-");
    buf_z(b, day);
    buf_z(b, "@mingqian\r\nDTSTAMP:");
    buf_z(b, stamp);
    buf_z(b, "T000000Z\r\nDTSTART;VALUE=DATE:");
    buf_z(b, day);
    buf_z(b, "\r\nDTEND;VALUE=DATE:");
    buf_z(b, after);
    buf_z(b, "\r\nSUMMARY:");
    buf_z(b, english ? "results due: " : "检查结果到期：");
    buf_i64(b, d->count);
    buf_z(b, "\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
}

static enum err
due_days(struct api *q, int64_t today, struct due *all, size_t *count)
{
    struct scope_regions in;
    struct result_due_days_row *rows;
    size_t n;
    enum err e = scope_regions(q->ctx, NO_STR, &in);

    *count = 0;
    for (size_t s = 0; e == OK && s < sizeof OPEN / sizeof *OPEN; s++) {
        e = result_due_days(q->ctx->db, q->ctx->arena,
                            &(struct result_due_days_in){str_of(OPEN[s]), q->ctx->department, in.from, in.below,
                                                         today - BACK_DAYS, DAYS_MAX},
                            &rows, &n);
        if (e == OK)
            add_days(all, count, rows, n);
    }
    return e;
}

enum err
api_results_ics(struct api *q)
{
    int64_t today = day_of_us(q->ctx->now_us);
    struct due *all = arena_array(q->ctx->arena, 3 * DAYS_MAX, sizeof *all);
    struct str text;
    struct buf b;
    size_t count = 0;
    enum err e = all == NULL ? ERR_MEMORY : due_days(q, today, all, &count);

    if (e == OK)
        e = buf_in(q->ctx, 512 + EVENT_BYTES * count, &b);
    if (e != OK)
        return e;
    buf_z(&b, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mingqian//results//ZH\r\nMETHOD:PUBLISH\r\n");
    for (size_t i = 0; i < count; i++)
        put_event(&b, &all[i], today, q->english);
    buf_z(&b, "END:VCALENDAR\r\n");
    if ((e = buf_take(q->ctx, &b, &text)) != OK)
        return e;
    q->reply->body = text;
    q->reply->status = 200;
    q->reply->type = "text/calendar; charset=utf-8";
    q->reply->disposition = STR("attachment; filename=\"deadlines.ics\"");
    return OK;
}

/* --- the secret address of a calendar -------------------------------------------------------------------------------------- */

enum err
api_calendar_get(struct api *q)
{
    struct account_feed_get_row row = {0};
    enum err e = account_feed_get(q->ctx->db, q->ctx->arena, &(struct account_feed_get_in){q->who.account}, &row);

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    q->out = json_pack("{s:b, s:o}", "active", e == OK, "since", api_time((struct opt_i64){e == OK, row.created_us}));
    return OK;
}

enum err
api_calendar_post(struct api *q)
{
    char token[SECRET_TOKEN_CHARS + 1];
    struct buf b;
    enum err e = account_feed_renew(q->ctx, &q->who, token);

    if (e == OK)
        e = buf_in(q->ctx, q->call->base.n + SECRET_TOKEN_CHARS + 64, &b);
    if (e != OK)
        return e;
    buf_str(&b, q->call->base);
    buf_z(&b, "/api/v1/calendars/");
    buf_z(&b, token);
    buf_z(&b, "/deadlines.ics");
    q->out = json_pack("{s:o}", "address", api_str(buf_view(&b)));
    q->status = 201;
    return OK;
}

enum err
api_calendar_delete(struct api *q)
{
    return account_feed_end(q->ctx, &q->who);
}

/* Whoever knows the address sees what its account may see now: how many fall due on which day. */
enum err
api_calendar_feed(struct api *q)
{
    enum err e = account_feed_of(q->ctx, q->params[0], &q->who);

    if (e == OK && !roles_may(q->who.roles, PERMIT_RESULT_READ))
        e = ERR_NOT_FOUND;
    if (e != OK)
        return e;
    account_act_as(q->ctx, &q->who, q->actor);
    return api_results_ics(q);
}
