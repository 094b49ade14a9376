/* http/page_objection.c - an objection 异议 of a target to a published result, with the code of its visit (regulation 二(六)).
 * The code travels in forms only: it stands in no address of this page. */
#include <string.h>

#include "ask.h"
#include "handlers.h"
#include "mod/objection/objection.h"
#include "mod/report/report.h"
#include "mod/visit/visit.h"
#include "view.h"

enum { OBJECTIONS_MAX = 20, OBJECTIONS_MINUTES = 30, SHOWN_MAX = 200 };

static const struct ask_field CODE = {"visit", TEXT_prove_visit, TEXT_COUNT, 24, 1, true, NULL},
                              CONTENT = {"content", TEXT_objection_content, TEXT_objection_content_hint, 1300, 8, true, NULL};

/* What the form led to. */
struct asked {
    struct visit_by_code_row visit;
    bool known, filed;
    struct objection_say say;
    struct objection_filed out;
    enum err e;
    const char *why;
};

static void
put_outcome(struct page *p, const struct objection_of_row *o)
{
    if (str_eq(o->state, STR("answered")))
        html_put(&p->h, "<span class=\"tag {}\">{}</span></dd></div><div class=\"whole\"><dt>{}</dt><dd>{}",
                 H_Z(str_eq(o->outcome, STR("upheld")) ? "good" : "plain"),
                 H_T2(str_eq(o->outcome, STR("upheld")), objection_upheld, objection_rejected), H_T(objection_answer), H_STR(o->answer));
    else
        html_put(&p->h, "<span class=\"tag plain\">{}</span>", H_T(objection_state_received));
}

/* One published result: with its objection, or with a button to choose it. */
static enum err
put_result(struct page *p, const struct report_publication_shown *r, size_t *open_count)
{
    struct objection_of_row o;
    enum err e = objection_of(p->ctx->db, p->ctx->arena, &(struct objection_of_in){p->params[0], r->result}, &o);

    if (e == ERR_NOT_FOUND) {
        html_put(&p->h, "<div class=\"line check\"><input type=\"radio\" required id=\"r{}\" name=\"result\" value=\"{}\"><label for=\"r{}\">{} ",
                 H_I64(r->result), H_I64(r->result), H_I64(r->result), H_STR(r->item_name));
        view_result_codes(p, r->codes);
        html_put(&p->h, "</label></div>\n");
        (*open_count)++;
        return OK;
    }
    if (e != OK)
        return e;
    html_put(&p->h, "<dl class=\"facts\"><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>", H_T(col_item), H_STR(r->item_name),
             H_T(col_state));
    put_outcome(p, &o);
    html_put(&p->h, "</dd></div>");
    if (o.due_day.set && str_eq(o.state, STR("received")))
        html_put(&p->h, "<div><dt>{}</dt><dd>{}</dd></div>", H_T(objection_due), H_DAY(o.due_day.v));
    html_put(&p->h, "<div class=\"whole\"><dt>{}</dt><dd>{}</dd></div></dl>\n", H_T(objection_said), H_STR(o.content));
    return OK;
}

/* The newest text of each result of the task of this visit. */
static enum err
put_results(struct page *p, const struct asked *a)
{
    struct report_target_publications_row *r;
    size_t n, open_count = 0, shown = 0;
    enum err e = report_target_publications(p->ctx->db, p->ctx->arena, 
                                            &(struct report_target_publications_in){a->visit.target, {page_today(p)}, SHOWN_MAX}, &r, &n);

    p->params[0] = a->visit.target;
    ask_begin(p, "/objections/");
    ask_hidden(p, "visit", a->visit.code);
    html_put(&p->h, "<fieldset><legend>{}</legend>\n", H_T(objection_result));
    for (size_t i = 0; e == OK && i < n; i++) {
        bool newer = false;

        for (size_t k = 0; k < i; k++)
            newer |= r[k].p.result == r[i].p.result;
        if (newer || r[i].p.gone.n > 0 || !str_eq(r[i].p.task, a->visit.task))
            continue;
        shown++;
        e = put_result(p, &r[i].p, &open_count);
    }
    if (shown == 0)
        html_put(&p->h, "<p>{}</p>", H_T(objection_none));
    html_put(&p->h, "</fieldset>\n");
    if (open_count > 0) {
        ask_put(p, &CONTENT, a->e == OK ? NULL : "content", a->e);
        ask_check(p, "publish", TEXT_objection_publish);
        ask_end(p, TEXT_objection_button);
    } else {
        html_put(&p->h, "</form>\n");
    }
    return e;
}

static void
put_code_form(struct page *p)
{
    ask_begin(p, "/objections/");
    ask_put(p, &CODE, NULL, OK);
    ask_end(p, TEXT_objection_find);
}

enum err
page_objections(struct page *p)
{
    page_heading(p, NAV_NONE, TEXT_objection_title, TEXT_objection_lead);
    put_code_form(p);
    page_end(p);
    return OK;
}

static enum err
view_asked(struct page *p)
{
    const struct asked *a = p->answer;
    enum err e = OK;

    p->status = !a->known ? 404 : a->e != OK ? 422 : 200;
    page_heading(p, NAV_NONE, TEXT_objection_title, TEXT_objection_lead);
    if (!a->known) {
        html_put(&p->h, "<p class=\"note wrong\" role=\"alert\">{}</p>\n", H_T(prove_no_visit));
        put_code_form(p);
    } else if (a->filed) {
        html_put(&p->h, "<section class=\"panel\"><h2>{}</h2>", H_T2(a->out.again, objection_again, objection_filed));
        if (a->out.due.set)
            html_put(&p->h, "<dl class=\"facts\"><div><dt>{}</dt><dd>{}</dd></div></dl>", H_T(objection_due), H_DAY(a->out.due.v));
        html_put(&p->h, "<p>{}</p></section>\n", H_T(objection_after));
    } else {
        if (a->e != OK)
            ask_wrong(p, a->e, a->why);
        e = put_results(p, a);
    }
    page_end(p);
    return e;
}

static enum err
write_objection(struct ctx *c, void *arg)
{
    struct asked *a = arg;

    return objection_file(c, &a->say, &a->out);
}

/* A result of this visit, not of another target: the visit's target is what the code proves. */
static enum err
file(struct http_request *q, struct asked *a)
{
    struct str result = form_get(q->form, "result");
    uint64_t id;

    if (str_u64(result, INT64_MAX, &id) != OK)
        return ERR_INPUT;
    a->say = (struct objection_say){.target = a->visit.target, .result = (int64_t) id, .content = form_get(q->form, "content"),
                                    .publish = form_get(q->form, "publish").n > 0};
    return form_write(q, write_objection, a);
}

enum err
http_objections(struct http_request *q, struct http_reply *r)
{
    struct asked a = {0};
    char code[VISIT_CODE_CHARS + 1];
    enum err e = visit_code_parse(form_get(q->form, "visit"), code);

    if (!ask_allowed(q, "object", OBJECTIONS_MAX, OBJECTIONS_MINUTES, r))
        return OK;
    if (e == OK)
        e = visit_by_code(q->ctx->db, q->ctx->arena, &(struct visit_by_code_in){str_of(code)}, &a.visit);
    a.known = e == OK;
    if (a.known && (form_get(q->form, "content").n > 0 || form_get(q->form, "result").n > 0)) {
        a.e = file(q, &a);
        a.filed = a.e == OK;
    }
    a.why = q->ctx->why;
    if (err_http_status(a.e) >= 500)
        return a.e;
    return http_answer(q, view_asked, q->form, &a, r);
}

enum err
view_objections(struct page *p, const struct departments *d, struct str target)
{
    struct report_target_objections_row *r;
    size_t n;
    enum err e = report_target_objections(p->ctx->db, p->ctx->arena, &(struct report_target_objections_in){target}, &r, &n);

    if (e != OK || n == 0)
        return e;
    html_put(&p->h, "<h2>{}</h2>\n<ul class=\"cards single\">", H_T(objection_public));
    for (size_t i = 0; i < n; i++)
        html_put(&p->h,
                 "<li><h3>{}</h3><p><span class=\"tag {}\">{}</span></p><dl class=\"facts\"><div class=\"whole\"><dt>{} · {}</dt><dd>{}</dd></div>"
                 "<div class=\"whole\"><dt>{} · {} · {}</dt><dd>{}</dd></div></dl></li>\n",
                 H_STR(r[i].item_name), H_Z(str_eq(r[i].outcome, STR("upheld")) ? "good" : "plain"),
                 H_T2(str_eq(r[i].outcome, STR("upheld")), objection_upheld, objection_rejected), H_T(objection_said),
                 H_TIME(r[i].received_us), H_STR(r[i].content), H_T(objection_answer), H_STR(view_department(d, r[i].department)),
                 H_TIME(r[i].answered_us), H_STR(r[i].answer));
    html_put(&p->h, "</ul>\n");
    return OK;
}
