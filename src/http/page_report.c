/* http/page_report.c - report something 投诉举报 (regulation 二(七)): a form, a receipt number, and how it stands. Who reports is
 * sealed and opened by the handling unit alone (mod/lead); nothing of it stands in an address, a log or the journal. */
#include <string.h>

#include "ask.h"
#include "handlers.h"
#include "mod/lead/lead.h"
#include "mod/report/report.h"
#include "mod/request/request.h"
#include "view.h"

enum { REPORTS_MAX = 6, REPORTS_MINUTES = 60, STATES_MAX = 20, STATES_MINUTES = 10 };

static const struct ask_field FIELDS[] = {
    {"target_name", TEXT_report_target, TEXT_report_target_hint, 100, 1, true, NULL},
    {"place", TEXT_report_place, TEXT_COUNT, 100, 1, false, NULL},
    {"content", TEXT_report_content, TEXT_report_content_hint, 2000, 8, true, NULL},
};
static const struct ask_field REPORTER[] = {
    {"name", TEXT_report_name, TEXT_COUNT, 60, 1, false, "name"},
    {"phone", TEXT_report_phone, TEXT_report_phone_hint, 30, 1, false, "tel"},
    {"address", TEXT_report_address, TEXT_COUNT, 100, 1, false, "street-address"},
};
static const struct ask_field CODE = {"code", TEXT_report_code, TEXT_COUNT, 24, 1, true, NULL},
                              TOKEN = {"token", TEXT_report_token, TEXT_COUNT, 64, 1, true, NULL};

struct sending {
    struct lead_say say;
    struct lead_receipt receipt;
    struct str once;
    bool again; /* it was received before */
    const char *field;
};

static enum err
put_regions(struct page *p, const char *wrong)
{
    struct report_counties_row *r;
    struct str sent = p->form == NULL ? (struct str){NULL, 0} : form_get(p->form, "region");
    size_t n;
    enum err e = report_counties(p->ctx->db, p->ctx->arena, &r, &n);

    if (e != OK)
        return e;
    html_put(&p->h, "<div class=\"line\"><label for=\"region\">{}</label><select id=\"region\" name=\"region\" required{}>",
             H_T(report_region), H_Z(wrong != NULL && strcmp(wrong, "region") == 0 ? " aria-invalid=\"true\"" : ""));
    for (size_t i = 0; i < n; i++)
        html_put(&p->h, "<option value=\"{}\"{}>{}</option>", H_STR(r[i].code), H_Z(str_eq(sent, r[i].code) ? " selected" : ""),
                 H_STR(r[i].name));
    html_put(&p->h, "</select></div>\n");
    return OK;
}

static enum err
put_form(struct page *p, const char *wrong, enum err why)
{
    enum err e;

    ask_begin(p, "/report/");
    e = ask_once(p);
    if (e == OK)
        e = put_regions(p, wrong);
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++)
        ask_put(p, &FIELDS[i], wrong, why);
    html_put(&p->h, "<fieldset><legend>{}</legend><p class=\"hint\">{}</p>\n", H_T(report_who), H_T(report_who_hint));
    for (size_t i = 0; i < sizeof REPORTER / sizeof *REPORTER; i++)
        ask_put(p, &REPORTER[i], wrong, why);
    html_put(&p->h, "</fieldset>\n");
    ask_end(p, TEXT_report_button);
    return e;
}

static void
put_state_form(struct page *p)
{
    html_put(&p->h, "<h2 id=\"state\">{}</h2><p>{}</p>\n", H_T(report_state_title), H_T(report_state_words));
    ask_begin(p, "/report/state/");
    ask_put(p, &CODE, NULL, OK);
    ask_put(p, &TOKEN, NULL, OK);
    ask_end(p, TEXT_report_state_button);
}

enum err
page_report(struct page *p)
{
    enum err e;

    page_heading(p, NAV_NONE, TEXT_report_title, TEXT_report_lead);
    e = put_form(p, NULL, OK);
    put_state_form(p);
    page_end(p);
    return e;
}

/* --- sending ----------------------------------------------------------------------------------------------------------------- */

/* In the writer: once for each form, however often it is sent. */
static enum err
receive(struct ctx *c, struct sending *s)
{
    struct request_name name = {s->once, STR("portal.report")};
    struct str before;
    enum err e = request_seen(c, &name, &s->again, &before);

    if (e != OK || s->again) {
        s->receipt.code = before;
        return e;
    }
    e = lead_receive(c, &s->say, &s->receipt, &s->field);
    return e == OK ? request_keep(c, &name, s->receipt.code) : e;
}

static enum err
send_report(struct ctx *c, void *arg)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, receive(c, arg)) : e;
}

static void
put_receipt(struct page *p, const struct sending *s)
{
    html_put(&p->h, "<section class=\"panel\"><h2>{}</h2><dl class=\"facts\"><div><dt>{}</dt><dd><code>{}</code></dd></div>",
             H_T2(s->again, report_again, report_received), H_T(report_code), H_STR(s->receipt.code));
    if (!s->again)
        html_put(&p->h, "<div class=\"whole\"><dt>{}</dt><dd><code class=\"digest\">{}</code></dd></div>", H_T(report_token),
                 H_Z(s->receipt.token));
    if (!s->again && s->receipt.due.set)
        html_put(&p->h, "<div><dt>{}</dt><dd>{}</dd></div>", H_T(report_due), H_DAY(s->receipt.due.v));
    html_put(&p->h, "</dl><p>{}</p></section>\n", H_T2(s->again, report_again_words, report_keep));
}

/* The answer to a form: the receipt, or the form again with what is wrong. */
struct sent {
    struct sending s;
    enum err e;
    const char *why;
};

static enum err
view_sent(struct page *p)
{
    const struct sent *a = p->answer;
    enum err e = OK;

    p->status = a->e == OK ? 200 : 422;
    page_heading(p, NAV_NONE, TEXT_report_title, TEXT_report_lead);
    if (a->e == OK) {
        put_receipt(p, &a->s);
        put_state_form(p);
    } else {
        ask_wrong(p, a->e, a->why);
        e = put_form(p, a->s.field, a->e);
    }
    page_end(p);
    return e;
}

static bool
is_once(struct str once)
{
    unsigned char bytes[16];

    return hex_decode(once, bytes, sizeof bytes) == OK;
}

enum err
http_report(struct http_request *q, struct http_reply *r)
{
    const struct form *f = q->form;
    struct sent a = {.s = {.once = form_get(f, "once")}};

    if (!ask_allowed(q, "report", REPORTS_MAX, REPORTS_MINUTES, r))
        return OK;
    a.s.say = (struct lead_say){.source = STR("complaint"), .region = form_get(f, "region"), .target_name = form_get(f, "target_name"),
                                .place = form_get(f, "place"), .content = form_get(f, "content"), .portal = true,
                                .reporter = {form_get(f, "name"), form_get(f, "phone"), form_get(f, "address")}};
    a.e = is_once(a.s.once) ? form_write(q, send_report, &a.s) : ERR_CSRF;
    a.why = q->ctx->why;
    if (err_http_status(a.e) >= 500)
        return a.e;
    return http_answer(q, view_sent, f, &a, r);
}

/* --- how it stands ----------------------------------------------------------------------------------------------------------- */

static enum text
state_words(struct str state)
{
    static const enum text WORDS[LEAD_STATE_COUNT] = {TEXT_report_s_received, TEXT_report_s_triage,  TEXT_report_s_inspecting,
                                                      TEXT_report_s_disposed, TEXT_report_s_replied, TEXT_report_s_closed};
    enum lead_state s = LEAD_RECEIVED;

    return lead_state_parse(state, &s) == OK ? WORDS[s] : TEXT_report_s_received;
}

struct standing {
    struct lead_standing s;
    bool known;
};

static enum err
view_standing(struct page *p)
{
    const struct standing *a = p->answer;

    p->status = a->known ? 200 : 404;
    page_heading(p, NAV_NONE, TEXT_report_state_title, TEXT_report_state_words);
    if (!a->known) {
        html_put(&p->h, "<p class=\"note wrong\" role=\"alert\">{}</p>\n", H_T(report_unknown));
    } else {
        html_put(&p->h, "<dl class=\"facts\"><div><dt>{}</dt><dd><span class=\"tag plain\">{}</span></dd></div><div><dt>{}</dt><dd>{}</dd></div>",
                 H_T(col_state), H_TEXT(state_words(a->s.state)), H_T(report_received_day), H_DAY(a->s.received_day));
        if (a->s.due_day.set)
            html_put(&p->h, "<div><dt>{}</dt><dd>{}</dd></div>", H_T(report_due), H_DAY(a->s.due_day.v));
        if (a->s.reply.n > 0)
            html_put(&p->h, "<div class=\"whole\"><dt>{}</dt><dd>{}</dd></div>", H_T(report_reply), H_STR(a->s.reply));
        html_put(&p->h, "</dl>\n");
    }
    put_state_form(p);
    page_end(p);
    return OK;
}

enum err
http_report_state(struct http_request *q, struct http_reply *r)
{
    struct standing a = {0};
    struct str code = form_get(q->form, "code"), token = form_get(q->form, "token");
    enum err e = ERR_NOT_FOUND;

    if (!ask_allowed(q, "report.state", STATES_MAX, STATES_MINUTES, r))
        return OK;
    if (code.n > 0 && code.n <= 64 && token.n > 0 && token.n <= 128)
        e = lead_check(q->ctx, code, token, &a.s);
    a.known = e == OK;
    return e == OK || e == ERR_NOT_FOUND ? http_answer(q, view_standing, q->form, &a, r) : e;
}
