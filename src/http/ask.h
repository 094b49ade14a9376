/* http/ask.h - fields of the forms of the portal: label, hint, what was sent, what is wrong with it. No JavaScript. */
#ifndef MQ_ASK_H
#define MQ_ASK_H

#include "form.h"

struct ask_field {
    const char *name;
    enum text label;
    enum text hint; /* TEXT_COUNT: none */
    int max;        /* characters */
    int lines;      /* > 1: a text of several lines */
    bool required;
    const char *complete; /* autocomplete; NULL: off */
};
/* ask_begin: a form that goes to a path; ask_end: its button. */
void ask_begin(struct page *p, const char *path);
void ask_end(struct page *p, enum text button);
/* ask_put: a field with what p->form has sent. wrong: the name of the field at fault, or NULL; e: why. */
void ask_put(struct page *p, const struct ask_field *f, const char *wrong, enum err e);
/* ask_hidden: a value that comes back as it is. */
void ask_hidden(struct page *p, const char *name, struct str value);
/* ask_once: a hidden number of this form, fresh or as it was sent: the same form sent twice acts once (form_once). */
MUST_USE enum err ask_once(struct page *p);
/* ask_check: a box to tick. */
void ask_check(struct page *p, const char *name, enum text label);
/* ask_wrong: what is wrong with the whole, on top of the form. */
void ask_wrong(struct page *p, enum err e, const char *why);

/* ask_allowed: may this client do so once more? False: the reply is the page that says to wait (429). */
bool ask_allowed(struct http_request *q, const char *act, unsigned limit, int64_t minutes, struct http_reply *r);

#endif
