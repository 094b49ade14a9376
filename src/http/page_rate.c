/* http/page_rate.c - a visit is rated without a name 检查评价 (docs/spec/rating-1.md): get the token with the code of the visit, rate
 * with the token later. Codes and tokens travel in forms only: they stand in no address and no log. */
#include "ask.h"
#include "handlers.h"
#include "mod/rating/rating.h"
#include "mod/task/task.h"
#include "view.h"

enum { TRIES_MAX = 20, TRIES_MINUTES = 30 };

static const struct ask_field CODE = {"visit", TEXT_prove_visit, TEXT_COUNT, 24, 1, true, NULL},
                              TOKEN = {"token", TEXT_rate_token, TEXT_COUNT, 64, 1, true, NULL};
static const enum text WORDS[RATING_QUESTIONS] = {TEXT_rate_lawful, TEXT_rate_clean, TEXT_rate_polite, TEXT_rate_spare};

/* What a form led to. */
struct rated {
    enum err e;
    enum text words; /* of a refusal */
    bool claimed, thanks;
    char token[SECRET_TOKEN_CHARS + 1];
    struct str task;
    struct visit_by_code_row visit;
    struct rating_say say;
};

static void
put_claim(struct page *p)
{
    html_put(&p->h, "<h2>{}</h2><p>{}</p>\n", H_T(rate_first), H_T(rate_first_words));
    ask_begin(p, "/rate/");
    ask_put(p, &CODE, NULL, OK);
    ask_end(p, TEXT_rate_claim_button);
}

static void
put_open(struct page *p)
{
    html_put(&p->h, "<h2>{}</h2>\n", H_T(rate_second));
    ask_begin(p, "/rate/form/");
    ask_put(p, &TOKEN, NULL, OK);
    ask_end(p, TEXT_rate_open_button);
}

static enum err
put_averages(struct page *p)
{
    struct rating_average *a;
    struct departments d;
    size_t n;
    enum err e = rating_averages(p->ctx, &a, &n);

    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2><p>{}</p>\n", H_T(rate_averages), H_T(rate_averages_words));
    if (n == 0) {
        html_put(&p->h, "<p class=\"quiet\">{}</p>\n", H_T(rate_averages_none));
        return OK;
    }
    html_put(&p->h, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th scope=\"col\">{}</th>",
             H_T(rate_averages), H_T(col_department));
    for (size_t k = 0; k < RATING_QUESTIONS; k++)
        html_put(&p->h, "<th scope=\"col\" class=\"n\">{}</th>", H_TEXT(WORDS[k]));
    html_put(&p->h, "<th scope=\"col\" class=\"n\">{}</th></tr></thead><tbody>", H_T(rate_count));
    for (size_t i = 0; i < n; i++) {
        html_put(&p->h, "<tr><th scope=\"row\">{}</th>", H_STR(view_department(&d, a[i].department)));
        for (size_t k = 0; k < RATING_QUESTIONS; k++)
            html_put(&p->h, "<td class=\"n\">{}.{}{}</td>", H_I64(a[i].hundredths[k] / 100), H_I64(a[i].hundredths[k] / 10 % 10),
                     H_I64(a[i].hundredths[k] % 10));
        html_put(&p->h, "<td class=\"n\">{}</td></tr>", H_COUNT(a[i].given_count));
    }
    html_put(&p->h, "</tbody></table></div>\n");
    return OK;
}

enum err
page_rate(struct page *p)
{
    enum err e;

    page_heading(p, NAV_NONE, TEXT_rate_title, TEXT_rate_lead);
    put_claim(p);
    put_open(p);
    e = put_averages(p);
    page_end(p);
    return e;
}

/* --- the form of a rating ---------------------------------------------------------------------------------------------------- */

static void
put_marks(struct page *p, size_t k)
{
    struct str name = rating_question(k), sent = p->form == NULL ? (struct str){NULL, 0} : form_get(p->form, name.p);

    html_put(&p->h, "<fieldset><legend>{}</legend><p class=\"hint\">{}</p><div class=\"marks\">", H_TEXT(WORDS[k]), H_T(rate_marks));
    for (int64_t mark = 1; mark <= RATING_MARK_MAX; mark++)
        html_put(&p->h, "<label><input type=\"radio\" name=\"{}\" value=\"{}\" required{}> {}</label>", H_STR(name), H_I64(mark),
                 H_Z(sent.n == 1 && sent.p[0] == '0' + mark ? " checked" : ""), H_I64(mark));
    html_put(&p->h, "</div></fieldset>\n");
}

static enum err
put_rating(struct page *p, const struct rated *a)
{
    struct departments d;
    struct task t;
    enum err e = view_departments(p, &d);

    if (e == OK)
        e = task_load(p->ctx, a->task, &t);
    if (e != OK)
        return e;
    ask_begin(p, "/rate/give/");
    ask_hidden(p, "token", form_get(p->form, "token"));
    html_put(&p->h, "<p><b>{}</b></p><fieldset><legend>{}</legend>", H_STR(t.row.name), H_T(rate_who));
    for (size_t i = 0; i < d.count; i++)
        if (participants_have(&t.participants, d.v[i].code))
            html_put(&p->h,
                     "<div class=\"line check\"><input type=\"checkbox\" id=\"d-{}\" name=\"department\" value=\"{}\"><label for=\"d-{}\">{}</label></div>",
                     H_STR(d.v[i].code), H_STR(d.v[i].code), H_STR(d.v[i].code), H_STR(d.v[i].name));
    html_put(&p->h, "</fieldset>\n");
    for (size_t k = 0; k < RATING_QUESTIONS; k++)
        put_marks(p, k);
    ask_end(p, TEXT_rate_button);
    return OK;
}

static enum err
view_rated(struct page *p)
{
    const struct rated *a = p->answer;
    enum err e = OK;

    p->status = a->e == OK ? 200 : a->e == ERR_NOT_FOUND ? 404 : a->e == ERR_EXISTS ? 409 : 422;
    page_heading(p, NAV_NONE, TEXT_rate_title, TEXT_rate_lead);
    if (a->e != OK)
        html_put(&p->h, "<p class=\"note wrong\" role=\"alert\">{}</p>\n", H_TEXT(a->words));
    if (a->claimed)
        html_put(&p->h, "<section class=\"panel\"><h2>{}</h2><p><code class=\"digest\">{}</code></p><p>{}</p></section>\n", H_T(rate_given),
                 H_Z(a->token), H_T(rate_keep));
    if (a->thanks)
        html_put(&p->h, "<section class=\"panel\"><h2>{}</h2></section>\n", H_T(rate_thanks));
    if (a->task.n > 0 && !a->thanks)
        e = put_rating(p, a);
    else if (!a->thanks)
        put_open(p);
    page_end(p);
    return e;
}

static enum err
give_answer(struct http_request *q, struct rated *a, struct http_reply *r)
{
    return err_http_status(a->e) >= 500 ? a->e : http_answer(q, view_rated, q->form, a, r);
}

static enum err
write_claim(struct ctx *c, void *arg)
{
    struct rated *a = arg;

    return rating_claim(c, &a->visit, a->token);
}

enum err
http_rate_claim(struct http_request *q, struct http_reply *r)
{
    struct rated a = {0};
    char code[VISIT_CODE_CHARS + 1];

    if (!ask_allowed(q, "rate.claim", TRIES_MAX, TRIES_MINUTES, r))
        return OK;
    a.e = visit_code_parse(form_get(q->form, "visit"), code) == OK ? OK : ERR_NOT_FOUND;
    if (a.e == OK)
        a.e = visit_by_code(q->ctx->db, q->ctx->arena, &(struct visit_by_code_in){str_of(code)}, &a.visit);
    if (a.e == OK)
        a.e = form_write(q, write_claim, &a);
    a.claimed = a.e == OK;
    a.words = a.e == ERR_NOT_FOUND ? TEXT_prove_no_visit : a.e == ERR_EXISTS ? TEXT_rate_claimed : TEXT_rate_not_yet;
    return give_answer(q, &a, r);
}

static enum text
refusal(enum err e)
{
    return e == ERR_NOT_FOUND ? TEXT_rate_unknown : e == ERR_EXISTS ? TEXT_rate_used : e == ERR_STATE ? TEXT_rate_not_yet : TEXT_rate_wrong;
}

enum err
http_rate_form(struct http_request *q, struct http_reply *r)
{
    struct rated a = {0};

    if (!ask_allowed(q, "rate", TRIES_MAX, TRIES_MINUTES, r))
        return OK;
    a.e = rating_task(q->ctx, form_get(q->form, "token"), &a.task);
    a.words = refusal(a.e);
    return give_answer(q, &a, r);
}

static enum err
write_rating(struct ctx *c, void *arg)
{
    return rating_give(c, &((struct rated *) arg)->say);
}

enum err
http_rate_give(struct http_request *q, struct http_reply *r)
{
    struct rated a = {0};
    size_t place = 0;
    struct str one;

    if (!ask_allowed(q, "rate", TRIES_MAX, TRIES_MINUTES, r))
        return OK;
    a.say.token = form_get(q->form, "token");
    while (a.say.department_count < 64 && form_next(q->form, "department", &place, &one))
        a.say.departments[a.say.department_count++] = one;
    for (size_t k = 0; k < RATING_QUESTIONS; k++) {
        uint64_t mark = 0;

        if (str_u64(form_get(q->form, rating_question(k).p), RATING_MARK_MAX, &mark) == OK)
            a.say.marks[k] = (int64_t) mark;
    }
    a.e = form_write(q, write_rating, &a);
    a.thanks = a.e == OK;
    a.words = refusal(a.e);
    if ((a.e == ERR_RANGE || a.e == ERR_INPUT) && rating_task(q->ctx, a.say.token, &a.task) != OK)
        a.task = (struct str){NULL, 0};
    return give_answer(q, &a, r);
}
