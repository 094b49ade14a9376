/* http/page_visit.c - the enterprise's page of a visit 检查码页 (regulation 二(五)): who comes, why, for what, what to
 * prepare, how often already; its notice, and the receipt. Whoever has the code sees it: linked from nowhere, kept nowhere. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/calendar.h"
#include "form.h"
#include "handlers.h"
#include "mod/assignment/assignment.h"
#include "mod/drawing/drawing.h"
#include "mod/drawing/frame.h"
#include "mod/item/item.h"
#include "mod/notice/notice.h"
#include "mod/visit/visit.h"
#include "view.h"

static struct str
field(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);

    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : (struct str){NULL, 0};
}

static enum err
find_visit(struct ctx *c, struct str typed, struct visit_by_code_row *out)
{
    char code[VISIT_CODE_CHARS + 1];

    if (visit_code_parse(typed, code) != OK)
        return ERR_NOT_FOUND;
    return visit_by_code(c->db, c->arena, &(struct visit_by_code_in){str_of(code)}, out);
}

/* --- what stands on it -------------------------------------------------------------------------------------------- */

static void
put_state(struct page *p, struct str state)
{
    static const enum text WORDS[VISIT_STATE_COUNT] = {
        [VISIT_ASSIGNED] = TEXT_visit_assigned,     [VISIT_NOTICED] = TEXT_visit_noticed,
        [VISIT_CHECKED_IN] = TEXT_visit_checked_in, [VISIT_RECORDED] = TEXT_visit_recorded,
        [VISIT_SIGNED] = TEXT_visit_recorded,       [VISIT_REFUSED] = TEXT_visit_recorded,
        [VISIT_UNREACHABLE] = TEXT_visit_recorded,  [VISIT_SUBMITTED] = TEXT_visit_submitted};
    enum visit_state s;

    if (visit_state_parse(state, &s) == OK)
        html_put(&p->h, "<span class=\"tag\">{}</span>", H_TEXT(WORDS[s]));
}

static void
put_facts(struct page *p, const struct visit_by_code_row *v, const json_t *c)
{
    const json_t *target = json_object_get(c, "target");

    html_put(&p->h,
             "<dl class=\"facts\"><div class=\"whole\"><dt>{}</dt><dd>{} · <code>{}</code></dd></div><div><dt>{}</dt><dd>{}</dd></div>"
             "<div><dt>{}</dt><dd>{} – {}</dd></div><div><dt>{}</dt><dd>",
             H_T(visit_target), H_STR(field(target, "name")), H_STR(field(target, "code")), H_T(col_task),
             H_STR(field(json_object_get(c, "task"), "name")), H_T(visit_window), H_STR(field(c, "from")),
             H_STR(field(c, "to")), H_T(col_state));
    put_state(p, v->state);
    html_put(&p->h, "</dd></div><div><dt>{}</dt><dd>", H_T(visit_count));
    if (v->exempt.p == NULL)
        html_put(&p->h, "{} {} {} {} {}", H_T(visit_number_before), H_I64(json_integer_value(json_object_get(c, "visit_no"))),
                 H_T(visit_number_after), H_I64(FRAME_VISITS_OF_ORGAN), H_T(visit_number_end));
    else
        html_put(&p->h, "{}", H_T(visit_exempt));
    html_put(&p->h, "</dd></div></dl>\n");
}

static void
put_inspectors(struct page *p, const json_t *list)
{
    struct html *h = &p->h;
    const json_t *v;
    size_t i;

    html_put(h, "<h2>{}</h2>\n<p>{}</p>\n", H_T(visit_who), H_T(visit_who_words));
    html_put(h, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th scope=\"col\">{}</th>"
                "<th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n",
             H_T(visit_who), H_T(col_department), H_T(visit_certificate), H_T(visit_today), H_T(visit_how));
    json_array_foreach(list, i, v) {
        int64_t to;
        bool valid = day_parse(field(v, "valid_to"), &to) == OK && to >= page_today(p);

        html_put(h, "<tr><td>{}</td><th scope=\"row\"><code>{}</code></th><td><span class=\"tag {}\">{}</span></td><td>{}{}</td></tr>\n",
                 H_STR(field(v, "department")), H_STR(field(v, "no")), H_Z(valid ? "good" : "mark"),
                 H_T2(valid, visit_valid, visit_not_valid), H_T2(json_is_true(json_object_get(v, "substitute")), visit_substitute, visit_drawn),
                 H_T2(json_is_true(json_object_get(v, "lead")), visit_leads, empty));
    }
    html_put(h, "</tbody></table></div>\n");
}

/* Who stepped back and who came, with who approved: the target is told all of it. */
static enum err
put_replaced(struct page *p, const struct visit_by_code_row *v)
{
    struct assignment_replacement_list_row *r;
    size_t n;
    enum err e = assignment_replacement_list(p->ctx->db, p->ctx->arena,
                                             &(struct assignment_replacement_list_in){v->target, v->draw, v->attempt}, &r, &n);

    if (e != OK || n == 0)
        return e;
    html_put(&p->h, "<h3>{}</h3>\n<p>{}</p>\n<ul>", H_T(draw_replacements), H_T(draw_replacements_words));
    for (size_t i = 0; i < n; i++) {
        html_put(&p->h, "<li><code>{}</code> {} ({}) → <code>{}</code> {} ({} {})", H_STR(r[i].inspector), H_T(replaced_out),
                 H_STR(view_ground_name(p, r[i].reason)), H_STR(r[i].substitute), H_T(replaced_in), H_T(reserve), H_I64(r[i].rank));
        view_passed(p, r[i].passed);
        html_put(&p->h, " · {} {} · {}</li>\n", H_T(replaced_approved), H_STR(r[i].approver), H_TIME(r[i].replaced_us));
    }
    html_put(&p->h, "</ul>\n");
    return OK;
}

static enum err
put_items(struct page *p, const struct visit_by_code_row *v, const json_t *list)
{
    struct html *h = &p->h;
    struct drawing_get_row d;
    const json_t *one, *basis;
    size_t i, k;
    enum err e = drawing_get(p->ctx->db, p->ctx->arena, &(struct drawing_get_in){v->draw, v->attempt}, &d);

    if (e != OK)
        return e;
    html_put(h, "<h2>{}</h2>\n<ul class=\"cards single\">\n", H_T(visit_items));
    json_array_foreach(list, i, one) {
        html_put(h, "<li><a href=\"{}\"><b>{}</b></a><span>{}</span>", H_PAGE(page_join(p, STR("/items/"), field(one, "code"), STR("/"))),
                 H_STR(field(one, "name")), H_STR(field(one, "department")));
        json_array_foreach(json_object_get(one, "basis"), k, basis)
            html_put(h, "<span class=\"quiet\">{}</span>", H_Z(json_string_value(basis)));
        html_put(h, "</li>\n");
    }
    html_put(h, "</ul>\n");
    if (!d.publish_day.set || page_today(p) >= d.publish_day.v)
        html_put(h, "<p><a href=\"{}\">{}</a> · <a href=\"{}\">{} {}</a></p>\n",
                 H_PAGE(page_join(p, STR("/targets/"), v->target, STR("/"))), H_T(visit_why),
                 H_PAGE(view_draw_path(p, v->draw, v->attempt)), H_T(visit_the_draw), H_STR(v->draw));
    return OK;
}

static void
put_papers(struct page *p, const json_t *c)
{
    static const enum text RIGHTS[] = {TEXT_visit_right_1, TEXT_visit_right_2, TEXT_visit_right_3, TEXT_visit_right_4, TEXT_visit_right_5};
    const json_t *v;
    size_t i;

    html_put(&p->h, "<h2>{}</h2>\n<ul>", H_T(visit_papers));
    json_array_foreach(json_object_get(c, "papers"), i, v) html_put(&p->h, "<li>{}</li>", H_Z(json_string_value(v)));
    html_put(&p->h, "</ul>\n<h2>{}</h2>\n<ul>", H_T(visit_rights));
    for (i = 0; i < sizeof RIGHTS / sizeof *RIGHTS; i++)
        html_put(&p->h, "<li>{}</li>", H_TEXT(RIGHTS[i]));
    html_put(&p->h, "</ul>\n");
    if (field(c, "contact").n > 0)
        html_put(&p->h, "<p><b>{}</b> {}</p>\n", H_T(visit_contact), H_STR(field(c, "contact")));
    html_put(&p->h, "<p><a href=\"{}\">{}</a> · <a href=\"{}\">{}</a> · <a href=\"{}\">{}</a></p>\n", H_PAGE(STR("/objections/")),
             H_T(objection_title), H_PAGE(STR("/rate/")), H_T(rate_title), H_PAGE(STR("/report/")), H_T(report_title));
}

/* --- the notice and its receipt ----------------------------------------------------------------------------------- */

static void
put_receipt(struct page *p, const struct visit_by_code_row *v, const struct notice_of_visit_row *n)
{
    struct html *h = &p->h;

    if (n->read_us.set) {
        html_put(h, "<p role=\"status\"><span class=\"tag good\">{}</span> {}</p>\n", H_T(visit_confirmed), H_TIME(n->read_us.v));
        return;
    }
    html_put(h, "<form method=\"post\" action=\"{}\"><p>{}</p><p><button class=\"button\" type=\"submit\">{}</button></p></form>\n",
             H_PAGE(page_join(p, STR("/v/"), v->code, STR("/receipt"))), H_T(visit_confirm_words), H_T(visit_confirm));
}

static void
put_notice(struct page *p, const struct visit_by_code_row *v, const struct notice_of_visit_row *all, size_t count)
{
    struct html *h = &p->h;

    if (count == 0)
        return;
    html_put(h, "<section class=\"panel\" aria-labelledby=\"notice\"><h2 id=\"notice\">{}</h2>\n", H_T(visit_notice));
    for (size_t i = 0; i < count; i++) {
        bool holds = str_eq(all[i].state, STR("issued"));

        html_put(h, "<p>{} · {}", H_STR(all[i].no), H_TIME(all[i].issued_us));
        if (holds)
            html_put(h, " · <a href=\"{}\">{}</a></p>\n", H_FILE(page_join(p, STR("/v/"), v->code, STR("/notice.pdf"))), H_T(visit_pdf));
        else
            html_put(h, " <span class=\"tag mark\">{}</span> {}</p>\n", H_T(visit_withdrawn), H_STR(all[i].withdraw_reason));
        if (holds)
            put_receipt(p, v, &all[i]);
    }
    html_put(h, "</section>\n");
}

/* What a notice said of papers and contact holds; who comes is told as it is today. */
static void
keep_words(json_t *now, const struct notice_of_visit_row *n)
{
    json_t *said = json_loadb(n->content.p, n->content.n, 0, NULL);

    if (said == NULL)
        return;
    json_object_set(now, "papers", json_object_get(said, "papers"));
    json_object_set(now, "contact", json_object_get(said, "contact"));
    json_decref(said);
}

static enum err
put_visit(struct page *p, const struct visit_by_code_row *v)
{
    struct notice_of_visit_row *n;
    size_t count;
    json_t *c = NULL;
    enum err e = notice_of_visit(p->ctx->db, p->ctx->arena, &(struct notice_of_visit_in){v->target, v->id}, &n, &count);

    if (e == OK)
        e = notice_describe(p->ctx, v, NULL, &c);
    if (e != OK)
        return e;
    if (count > 0)
        keep_words(c, &n[0]);
    put_facts(p, v, c);
    put_notice(p, v, n, count);
    put_inspectors(p, json_object_get(c, "inspectors"));
    e = put_replaced(p, v);
    if (e == OK)
        e = put_items(p, v, json_object_get(c, "items"));
    put_papers(p, c);
    json_decref(c);
    return e;
}

enum err
page_visit(struct page *p)
{
    struct visit_by_code_row v;
    bool told = false;
    enum err e = find_visit(p->ctx, p->params[0], &v);

    if (e == OK)
        e = notice_announced(p->ctx, &v, &told);
    if (e != OK)
        return e;
    p->cache = "no-store";
    p->hidden = true;
    page_heading(p, NAV_NONE, TEXT_visit_title, told ? TEXT_visit_lead : TEXT_visit_not_yet);
    if (told)
        e = put_visit(p, &v);
    page_end(p);
    return e;
}

/* --- the notice as a file, the receipt as a form ------------------------------------------------------------------ */

/* The notice in force of a visit that may know of it. */
static enum err
find_notice(struct ctx *c, struct str typed, struct notice_get_row *out)
{
    struct visit_by_code_row v;
    struct notice_of_visit_row *n;
    size_t count = 0;
    bool told = false;
    enum err e = find_visit(c, typed, &v);

    if (e == OK)
        e = notice_announced(c, &v, &told);
    if (e == OK)
        e = notice_of_visit(c->db, c->arena, &(struct notice_of_visit_in){v.target, v.id}, &n, &count);
    if (e == OK && (!told || count == 0 || !str_eq(n[0].state, STR("issued"))))
        e = ERR_NOT_FOUND;
    return e == OK ? notice_get(c->db, c->arena, &(struct notice_get_in){v.task, n[0].id}, out) : e;
}

enum err
http_visit_notice(struct http_request *q, struct http_reply *r)
{
    struct notice_get_row n;
    char *bytes = NULL;
    size_t count = 0;
    FILE *out;
    enum err e = find_notice(q->ctx, q->params[0], &n);

    if (e != OK)
        return e;
    if ((out = open_memstream(&bytes, &count)) == NULL)
        return ERR_MEMORY;
    e = notice_print(q->ctx, &n, 1, q->base, out);
    if (fclose(out) != 0 && e == OK)
        e = ERR_MEMORY;
    if (e == OK)
        r->body = str_copy(q->ctx->arena, (struct str){bytes, count});
    free(bytes);
    r->type = "application/pdf";
    r->cache = "no-store";
    r->disposition = STR("inline; filename=\"notice.pdf\"");
    return e == OK && r->body.p == NULL ? ERR_MEMORY : e;
}

static enum err
confirm(struct ctx *c, void *arg)
{
    return notice_read(c, arg);
}

enum err
http_visit_receipt(struct http_request *q, struct http_reply *r)
{
    struct visit_by_code_row v;
    bool told = false;
    enum err e = find_visit(q->ctx, q->params[0], &v);
    char path[64];

    if (e == OK)
        e = notice_announced(q->ctx, &v, &told);
    if (e == OK)
        e = told ? form_write(q, confirm, &v) : ERR_NOT_FOUND;
    if (e != OK)
        return e;
    snprintf(path, sizeof path, "/v/%.*s/", VISIT_CODE_CHARS, v.code.p);
    return http_see_other(q, str_of(path), r);
}
