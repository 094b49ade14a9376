/* http/page_inspector.c - is an inspector genuine, drawn for this visit, and certified today? (regulation 三(三), 亮证亮码执法)
 * Numbers are sent by a form, so that they stand in no address and no log, and only so often: nobody can list them. */
#include "ask.h"
#include "handlers.h"
#include "mod/inspector/inspector.h"
#include "mod/report/report.h"
#include "mod/visit/visit.h"
#include "view.h"

enum { CHECKS_MAX = 30, CHECKS_MINUTES = 10, SHOWN_MAX = 64 };

static const struct ask_field CERTIFICATE = {"certificate", TEXT_prove_certificate, TEXT_prove_certificate_hint, SHOWN_MAX, 1, false, NULL},
                              CODE = {"visit", TEXT_prove_visit, TEXT_prove_visit_hint, 24, 1, false, NULL};

/* Names of inspectors are public where the office has decided so. */
static enum err
names_are_public(struct page *p, bool *yes)
{
    struct report_setting_row row;
    enum err e = report_setting(p->ctx->db, p->ctx->arena, &(struct report_setting_in){STR("inspector_names")}, &row);

    *yes = e == OK && str_eq(row.value, STR("1"));
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum text
verdict_of(const struct inspector_proof *i)
{
    return i->may_work                               ? TEXT_prove_good
           : str_eq(i->state, STR("suspended"))      ? TEXT_prove_suspended
           : str_eq(i->state, STR("left"))           ? TEXT_prove_left
           : i->no.n == 0                            ? TEXT_prove_uncertified
           : !i->certified                           ? TEXT_prove_expired
                                                     : TEXT_prove_away;
}

static void
put_fact(struct page *p, enum text label, struct str value)
{
    if (value.n > 0)
        html_put(&p->h, "<div><dt>{}</dt><dd>{}</dd></div>", H_TEXT(label), H_STR(value));
}

static void
put_proof(struct page *p, const struct departments *d, const struct inspector_proof *i, bool name)
{
    html_put(&p->h, "<p><span class=\"result {}\">{}</span></p><dl class=\"facts\">", H_Z(i->may_work ? "good" : "mark"),
             H_TEXT(verdict_of(i)));
    put_fact(p, TEXT_prove_pseudonym, i->code);
    if (name)
        put_fact(p, TEXT_prove_name, i->name);
    put_fact(p, TEXT_col_department, view_department(d, i->department));
    put_fact(p, TEXT_prove_certificate, i->no);
    if (i->no.n > 0)
        html_put(&p->h, "<div><dt>{}</dt><dd>{}</dd></div>", H_T(prove_valid_to), H_DAY(i->valid_to_day));
    html_put(&p->h, "</dl>\n");
}

struct found {
    bool searched, genuine, visit_known, drawn;
    struct inspector_proof proof;
    struct visit_by_code_row visit;
    struct report_team_row *team;
    size_t team_count;
};

static enum err
find_visit(struct page *p, struct str typed, struct found *f)
{
    char code[VISIT_CODE_CHARS + 1];
    enum err e = visit_code_parse(typed, code);

    if (e == OK)
        e = visit_by_code(p->ctx->db, p->ctx->arena, &(struct visit_by_code_in){str_of(code)}, &f->visit);
    f->visit_known = e == OK;
    if (e == ERR_NOT_FOUND || e == ERR_LENGTH || e == ERR_CHARSET)
        return OK;
    return e == OK ? report_team(p->ctx->db, p->ctx->arena,
                                 &(struct report_team_in){f->visit.target, f->visit.draw, f->visit.attempt}, &f->team,
                                 &f->team_count)
                   : e;
}

static enum err
find(struct page *p, struct found *f)
{
    struct str certificate = form_get(p->form, "certificate"), code = form_get(p->form, "visit");
    enum err e = OK;

    f->searched = certificate.n > 0 || code.n > 0;
    if (certificate.n > 0) {
        e = certificate.n > SHOWN_MAX ? ERR_NOT_FOUND : inspector_prove(p->ctx, certificate, &f->proof);
        f->genuine = e == OK;
        e = e == ERR_NOT_FOUND ? OK : e;
    }
    if (e == OK && code.n > 0)
        e = find_visit(p, code, f);
    for (size_t i = 0; e == OK && f->genuine && i < f->team_count; i++)
        f->drawn |= str_eq(f->team[i].inspector, f->proof.code);
    return e;
}

/* All who were drawn for the visit, each with what the certificate says. */
static enum err
put_team(struct page *p, const struct departments *d, const struct found *f, bool names)
{
    enum err e = OK;

    html_put(&p->h, "<h2>{}</h2><p>{}</p><ul class=\"cards single\">", H_T(prove_team), H_T(prove_team_words));
    for (size_t i = 0; e == OK && i < f->team_count; i++) {
        struct inspector_proof one;

        e = inspector_prove(p->ctx, f->team[i].inspector, &one);
        if (e == OK) {
            html_put(&p->h, "<li>");
            put_proof(p, d, &one, names);
            html_put(&p->h, "</li>");
        }
        e = e == ERR_NOT_FOUND ? OK : e;
    }
    html_put(&p->h, "</ul>\n");
    return e;
}

static enum err
put_found(struct page *p, const struct found *f)
{
    bool certificate = form_get(p->form, "certificate").n > 0, code = form_get(p->form, "visit").n > 0, names;
    struct departments d;
    enum err e = view_departments(p, &d);

    if (e == OK)
        e = names_are_public(p, &names);
    if (e != OK)
        return e;
    html_put(&p->h, "<section aria-live=\"polite\"><h2>{}</h2>\n", H_T(prove_answer));
    if (certificate && !f->genuine)
        html_put(&p->h, "<p class=\"note wrong\">{} <a href=\"{}\">{}</a></p>\n", H_T(prove_unknown), H_PAGE(STR("/report/")),
                 H_T(report_title));
    if (certificate && f->genuine)
        put_proof(p, &d, &f->proof, names);
    if (code && !f->visit_known)
        html_put(&p->h, "<p class=\"note wrong\">{}</p>\n", H_T(prove_no_visit));
    if (code && f->visit_known && f->genuine)
        html_put(&p->h, "<p><span class=\"result {}\">{}</span></p>\n", H_Z(f->drawn ? "good" : "mark"),
                 H_T2(f->drawn, prove_drawn, prove_not_drawn));
    html_put(&p->h, "</section>\n");
    return code && f->visit_known ? put_team(p, &d, f, names) : OK;
}

enum err
page_inspectors(struct page *p)
{
    struct found f = {0};
    enum err e = p->form == NULL ? OK : find(p, &f);

    if (e != OK)
        return e;
    page_heading(p, NAV_NONE, TEXT_prove_title, TEXT_prove_lead);
    if (f.searched)
        e = put_found(p, &f);
    ask_begin(p, "/inspectors/");
    ask_put(p, &CERTIFICATE, NULL, OK);
    ask_put(p, &CODE, NULL, OK);
    ask_end(p, TEXT_prove_button);
    html_put(&p->h, "<p class=\"note\">{}</p>\n", H_T(prove_rules));
    page_end(p);
    return e;
}

enum err
http_inspectors(struct http_request *q, struct http_reply *r)
{
    return ask_allowed(q, "prove", CHECKS_MAX, CHECKS_MINUTES, r) ? http_page(q, page_inspectors, q->form, r) : OK;
}
