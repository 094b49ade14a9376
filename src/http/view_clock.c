/* http/view_clock.c - how a last day was counted: what is skipped or made up, and by which notice (regulation 二(六)) */
#include "view_clock.h"

#include "mod/result/result.h"
#include "mod/workday/workday.h"

static void
put_notice(struct page *p, const struct workday_step *s)
{
    html_put(&p->h, " · {} <small>《{}》{}{}{}</small>", H_STR(s->name), H_STR(s->notice), H_Z(s->document_no.n > 0 ? "（" : ""),
             H_STR(s->document_no), H_Z(s->document_no.n > 0 ? "）" : ""));
}

static void
put_step(struct page *p, const struct workday_step *s)
{
    html_put(&p->h, "<li><span class=\"n\">{}</span> ", H_DAY(s->day));
    if (s->number > 0)
        html_put(&p->h, "{}{}{}", H_T(clock_counted), H_I64((int64_t) s->number), H_T(clock_counted_end));
    else
        html_put(&p->h, "{}", H_T2(s->why == CALENDAR_HOLIDAY, clock_holiday, clock_weekend));
    if (s->why == CALENDAR_MAKE_UP)
        html_put(&p->h, " · {}", H_T(clock_make_up));
    if (s->notice.n > 0)
        put_notice(p, s);
    html_put(&p->h, "</li>\n");
}

enum err
view_clock(struct page *p, int64_t produced_day, struct opt_i64 due_day)
{
    struct workday_path path;
    enum err e = due_day.set ? workday_explain(p->ctx, produced_day, RESULT_WORKING_DAYS, &path) : OK;

    if (e != OK || !due_day.set || path.count == 0)
        return e;
    html_put(&p->h, "<details class=\"clock\"><summary>{} <span class=\"n\">{}</span></summary><p>{}</p>\n", H_T(clock_title),
             H_DAY(due_day.v), H_T(clock_lead));
    if (path.steps[path.count - 1].day != due_day.v)
        html_put(&p->h, "<p>{}</p>\n", H_T(clock_changed));
    html_put(&p->h, "<ol>\n");
    for (size_t i = 0; i < path.count; i++)
        put_step(p, &path.steps[i]);
    html_put(&p->h, "</ol></details>\n");
    return OK;
}
