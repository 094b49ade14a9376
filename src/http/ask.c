/* http/ask.c - see ask.h */
#include "ask.h"

#include <string.h>

#include "office.h"
#include "pace.h"
#include "view.h"

enum { ONCE_BYTES = 16 };

void
ask_begin(struct page *p, const char *path)
{
    html_put(&p->h, "<form class=\"ask\" method=\"post\" action=\"{}\">\n", H_PAGE(str_of(path)));
}

void
ask_end(struct page *p, enum text button)
{
    html_put(&p->h, "<p><button type=\"submit\" class=\"button\">{}</button></p></form>\n", H_TEXT(button));
}

void
ask_hidden(struct page *p, const char *name, struct str value)
{
    html_put(&p->h, "<input type=\"hidden\" name=\"{}\" value=\"{}\">", H_Z(name), H_STR(value));
}

enum err
ask_once(struct page *p)
{
    struct str once = p->form == NULL ? (struct str){NULL, 0} : form_get(p->form, "once");
    unsigned char random[ONCE_BYTES];
    char hex[2 * ONCE_BYTES];
    enum err e = OK;

    p->cache = "no-store";
    if (once.n == 0 && (e = p->ctx->entropy(random, sizeof random)) == OK) {
        hex_encode(random, sizeof random, hex);
        once = (struct str){hex, sizeof hex};
    }
    if (e == OK)
        ask_hidden(p, "once", once);
    return e;
}

static void
put_hint(struct page *p, const struct ask_field *f, bool wrong, enum err e)
{
    if (f->hint != TEXT_COUNT)
        html_put(&p->h, "<span class=\"hint\" id=\"{}-hint\">{}</span>", H_Z(f->name), H_TEXT(f->hint));
    if (wrong)
        html_put(&p->h, "<span class=\"wrong\" id=\"{}-wrong\">{}</span>", H_Z(f->name),
                 H_Z(p->h.english ? err_en(e) : err_zh(e)));
}

static void
put_described(struct page *p, const struct ask_field *f, bool wrong)
{
    if (f->required)
        html_put(&p->h, " required");
    if (f->hint != TEXT_COUNT || wrong)
        html_put(&p->h, " aria-describedby=\"{}{}\"", H_Z(f->name), H_Z(wrong ? "-wrong" : "-hint"));
    if (wrong)
        html_put(&p->h, " aria-invalid=\"true\"");
}

void
ask_put(struct page *p, const struct ask_field *f, const char *wrong, enum err e)
{
    struct str sent = p->form == NULL ? (struct str){NULL, 0} : form_get(p->form, f->name);
    bool bad = wrong != NULL && strcmp(wrong, f->name) == 0;

    html_put(&p->h, "<div class=\"line\"><label for=\"{}\">{}", H_Z(f->name), H_TEXT(f->label));
    if (!f->required)
        html_put(&p->h, " <span class=\"quiet\">{}</span>", H_T(ask_optional));
    html_put(&p->h, "</label>");
    put_hint(p, f, bad, e);
    if (f->lines > 1)
        html_put(&p->h, "<textarea id=\"{}\" name=\"{}\" rows=\"{}\" maxlength=\"{}\"", H_Z(f->name), H_Z(f->name), H_I64(f->lines),
                 H_I64(f->max));
    else
        html_put(&p->h, "<input id=\"{}\" name=\"{}\" maxlength=\"{}\" autocomplete=\"{}\" spellcheck=\"false\" value=\"{}\"",
                 H_Z(f->name), H_Z(f->name), H_I64(f->max), H_Z(f->complete == NULL ? "off" : f->complete), H_STR(sent));
    put_described(p, f, bad);
    if (f->lines > 1)
        html_put(&p->h, ">{}</textarea></div>\n", H_STR(sent));
    else
        html_put(&p->h, "></div>\n");
}

void
ask_check(struct page *p, const char *name, enum text label)
{
    bool on = p->form != NULL && form_get(p->form, name).n > 0;

    html_put(&p->h, "<div class=\"line check\"><input type=\"checkbox\" id=\"{}\" name=\"{}\" value=\"1\"{}><label for=\"{}\">{}</label></div>\n",
             H_Z(name), H_Z(name), H_Z(on ? " checked" : ""), H_Z(name), H_TEXT(label));
}

void
ask_wrong(struct page *p, enum err e, const char *why)
{
    html_put(&p->h, "<div class=\"note wrong\" role=\"alert\"><p><strong>{}</strong> {}</p></div>\n",
             H_Z(p->h.english ? err_en(e) : err_zh(e)), H_Z(why));
}

/* --- how often --------------------------------------------------------------------------------------------------------------- */

static enum err
view_slow(struct page *p)
{
    p->status = 429;
    page_heading(p, NAV_NONE, TEXT_ask_slow, TEXT_ask_slow_words);
    page_end(p);
    return OK;
}

bool
ask_allowed(struct http_request *q, const char *act, unsigned limit, int64_t minutes, struct http_reply *r)
{
    if (q->office == NULL || pace_allows(office_pace(q->office), act, q->peer, q->ctx->now_us, limit, minutes * 60 * 1000000))
        return true;
    if (http_page(q, view_slow, NULL, r) != OK)
        r->status = 429;
    return false;
}
