/* http/form.h - what a form of a portal page sends: application/x-www-form-urlencoded, within limits.
 *
 * A form is answered by a line ROUTE(HTTP_POST, …) of routes.def, in a thread of the office, in both languages (below /en/
 * too). Its handler reads q->form, acts by form_write, and either shows a page again (http_page, with p->form) or leads
 * elsewhere (http_see_other), so that a reload sends nothing twice. The server refuses content of another type, content
 * above FORM_BYTES_MAX and forms of other sites before the handler is called. */
#ifndef MQ_FORM_H
#define MQ_FORM_H

#include "page.h"

enum { FORM_BYTES_MAX = 64 << 10, FORM_FIELDS_MAX = 64, FORM_NAME_BYTES_MAX = 64 };

struct form_field {
    struct str name, value; /* decoded UTF-8; lines of a value end in LF */
};
struct form {
    struct form_field v[FORM_FIELDS_MAX];
    size_t count;
};

/*
 * form_parse: the fields of a body, in its order. *out is written only on OK.
 * ERR_TOO_LARGE  more than FORM_BYTES_MAX bytes, FORM_FIELDS_MAX fields or a name above FORM_NAME_BYTES_MAX.
 * ERR_SYNTAX     a bad percent code, bad UTF-8, NUL or another control character (TAB, CR and LF may stand in values), a
 *                field without a name.
 * ERR_MEMORY
 */
MUST_USE enum err form_parse(struct arena *a, struct str body, struct form *out);
/* form_get: the first value of a name, without blanks around it; absent when it is not there or empty. */
struct str form_get(const struct form *f, const char *name);
/* form_next: the values of a name in turn, from *place on (0 at first); false after the last. Empty ones are left out. */
bool form_next(const struct form *f, const char *name, size_t *place, struct str *value);

/* form_is_ours: may a browser that says so send this form? Sec-Fetch-Site same-origin or none, or, where the browser does
 * not tell it (plain HTTP), an Origin that is absent, "null" (our pages send no referrer) or base. */
bool form_is_ours(struct str fetch_site, struct str origin, struct str base);

/* --- for handlers */

/* form_write: fn in the writer, with the write connection; durable on return. ERR_BUSY where nothing may be written. */
MUST_USE enum err form_write(struct http_request *q, enum err (*fn)(struct ctx *c, void *arg), void *arg);
/* http_page: a view as the reply (its status is p->status), after a form with what it sent; form may be NULL. */
MUST_USE enum err http_page(const struct http_request *q, page_view view, const struct form *form, struct http_reply *r);
/* http_answer: the same with what came of it: the view finds it in p->answer. */
MUST_USE enum err http_answer(const struct http_request *q, page_view view, const struct form *form, const void *answer,
                              struct http_reply *r);
/* http_see_other: 303 to a page, "/v/…/": in the language of the request. ERR_MEMORY. */
MUST_USE enum err http_see_other(const struct http_request *q, struct str path, struct http_reply *r);

#endif
