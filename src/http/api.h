/* http/api.h - one call of /api/v1: admission, what a handler is given, what it gives back. No SQL, no rules.
 */
#ifndef MQ_API_H
#define MQ_API_H

#include <jansson.h>

#include "http.h"
#include "mod/account/account.h"
#include "office.h"

enum {
    API_BODY_BYTES_MAX = 1 << 20,
    API_ROWS_MAX = 200,
    API_ROWS_DEFAULT = 50,
    API_TEXT_BYTES_MAX = 16000,
    API_COOKIE_BYTES = 256
};
#define API_UPLOAD_BYTES_MAX (INT64_C(512) << 20)
#define API_SMALL_BYTES_MAX (INT64_C(8) << 20)
#define API_COOKIE "mingqian"

enum api_flag {
    API_PLAIN = 0,
    API_OUTSIDE = 1, /* the handler runs outside the writer: it hashes, or hands in long work */
    API_UPLOAD = 2,  /* the content is a file */
    API_SMALL = 8,   /* with API_UPLOAD: one photograph or document */
    API_SECRET = 4   /* the answer holds a secret: it is not kept for an Idempotency-Key */
};

struct api;
struct api_route {
    enum http_method method;
    const char *pattern;
    enum permission permission;
    enum err (*handler)(struct api *q);
    unsigned flags; /* of enum api_flag */
    const char *query,
        *body; /* names; of the body with type: s text, i integer, b boolean, a array, o object; ! required */
    const char *clause, *summary;
};
extern const struct api_route api_routes[];
extern const size_t api_route_count;

/* What the server read. The texts live until the reply is made. */
struct api_call {
    enum http_method method;
    struct str path, query; /* decoded, raw */
    struct str cookie, csrf, if_match, key, agent, type, languages, last_event;
    struct str base; /* "https://host" as the client named us; absent when it named nothing sensible */
    struct str body;
    const char *upload_path; /* the content as a file; the handler may move it away */
    int64_t upload_bytes;
};

struct api {
    struct ctx *ctx;
    struct office *office;
    const struct api_call *call;
    const struct api_route *route;
    struct str params[HTTP_PARAMS_MAX];
    struct account_who who; /* account 0: nobody */
    char actor[ACCOUNT_ACTOR_BYTES];
    bool english;
    json_t *in; /* the content, checked against the route; NULL when there is none */
    /* the answer */
    json_t *out; /* NULL: none */
    json_t *errors;
    int status;                /* 0: 200, or 204 without an answer */
    int64_t etag;              /* -1: none */
    struct str location, next; /* next: cursor of the next page */
    struct http_reply *reply;  /* for answers that are not JSON: type, body or fd */
    char cookie[API_COOKIE_BYTES];
};

/* api_find: the route of a call. ERR_NOT_FOUND; ERR_METHOD. */
MUST_USE enum err api_find(const struct api_call *call, const struct api_route **out,
                           struct str params[HTTP_PARAMS_MAX]);
/* api_admit: may this call go on? Called before any content is read, and again before the handler.
 * ERR_NOT_FOUND, ERR_METHOD, ERR_SESSION, ERR_CSRF, ERR_PERMISSION. */
MUST_USE enum err api_admit(struct api *q);
/* api_answer: the whole call, in a thread of the office. Never fails: errors become problems. */
void api_answer(struct office *o, struct ctx *c, const struct api_call *call, struct http_reply *reply);
/* api_refused: a problem (RFC 9457) as the reply. */
void api_refused(struct api *q, enum err e);

/* --- for handlers
 * ------------------------------------------------------------------------------------------- */

/* A field of the content: absent or null gives an absent text (an empty one too), an unset number. */
struct str api_text(const struct api *q, const char *name);
struct opt_i64 api_number(const struct api *q, const char *name);
bool api_has(const struct api *q, const char *name); /* named at all, be it null */
/* api_day: a text YYYY-MM-DD; api_json: an array or object as compact JSON, absent when empty; api_lines: an
 * array of texts as lines, ascending, each once. Bad ones are refused with their pointer. */
MUST_USE enum err api_day(struct api *q, const char *name, struct opt_i64 *out);
MUST_USE enum err api_json(struct api *q, const char *name, struct str *out);
MUST_USE enum err api_lines(struct api *q, const char *name, struct str *out);
/* api_wrong: note a wrong field for the problem and return e. */
MUST_USE enum err api_wrong(struct api *q, const char *name, enum err e, const char *detail);
/* api_query: a parameter of the address, absent when not there or empty. api_limit: rows of a page. */
struct str api_query(const struct api *q, const char *name);
MUST_USE enum err api_limit(const struct api *q, int64_t *out);
/* api_number_of: a text of digits. ERR_NOT_FOUND otherwise: it names no row. */
MUST_USE enum err api_number_of(struct str digits, int64_t *out);
/* api_if_match: the row version of If-Match. ERR_PRECONDITION when there is none. */
MUST_USE enum err api_if_match(const struct api *q, int64_t *version);
/* api_level: the six-digit region of the government one serves: that of the row scope; absent without one. */
struct str api_level(const struct api *q);
/* api_write: for handlers outside the writer. */
MUST_USE enum err api_write(struct api *q, enum err (*fn)(struct api *q, void *arg), void *arg);

/* api_job_begin: long work whose row stands already; the answer is 202 with the job. Account and row scope are those of the
 * call. ERR_BUSY. */
MUST_USE enum err api_job_begin(struct api *q, const struct office_job *say);

/* api_token: the session's token in the cookies of a call; absent when there is none. */
struct str api_token(const struct api_call *call);
struct office;
/* api_job_event: how far a job is, as a server-sent event of n bytes; id names that state, *end: there is no further one.
 * ERR_NOT_FOUND, ERR_TOO_LARGE. */
MUST_USE enum err api_job_event(struct ctx *c, struct office *o, int64_t job, char *out, size_t room, size_t *n,
                                char id[64], bool *end);

/* JSON of values: null when absent. */
json_t *api_str(struct str s);
json_t *api_i64(struct opt_i64 v);
json_t *api_date(struct opt_i64 day);
json_t *api_time(struct opt_i64 us);
json_t *api_list(struct str json);   /* a stored array: [] when absent */
json_t *api_split(struct str lines); /* one a line: array */
json_t *api_id(int64_t id);
/* api_rows: start a page of rows; api_page ends it: with more rows than limit, the last is dropped and `next`
 * says where to go on (after this key). */
json_t *api_rows(struct api *q);
void api_more(struct api *q, struct str after);
void api_more_number(struct api *q, int64_t after);
/* api_cursor_number: the query's cursor, a number; without one *out stays as it is. The errors of api_number_of. */
MUST_USE enum err api_cursor_number(const struct api *q, int64_t *out);
/* api_page_by_number: both for a list whose cursor is a number; *limit is one row more than the page, which tells that there is a
 * next one. The errors of both. */
MUST_USE enum err api_page_by_number(const struct api *q, int64_t *limit, int64_t *from);
/* api_job_give: 202, the address of a job, and the job as content. */
MUST_USE enum err api_job_give(struct api *q, int64_t id);

#define OPT(x) ((struct opt_i64){true, (x)})
#define NO_STR ((struct str){NULL, 0})

#endif
