/* http/api.c - admission, content, answers and problems of /api/v1 */
#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_handlers.h"
#include "core/calendar.h"
#include "core/hash.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/request/request.h"

const struct api_route api_routes[] = {
#define PAGE(pattern, role, view, clause)
#define ROUTE(method, pattern, role, handler, clause)
#define API(method, pattern, permission, handler, flags, query, body, clause, summary)                       \
    {method, "/api/v1" pattern, permission, handler, flags, query, body, clause, summary},
#include "routes.def"
#undef PAGE
#undef ROUTE
#undef API
};
const size_t api_route_count = sizeof api_routes / sizeof *api_routes;

/* --- admission ---------------------------------------------------------------------------------------------
 */

enum err
api_find(const struct api_call *call, const struct api_route **out, struct str params[HTTP_PARAMS_MAX])
{
    enum http_method method = call->method == HTTP_HEAD ? HTTP_GET : call->method;
    enum err e = ERR_NOT_FOUND;

    for (size_t i = 0; i < api_route_count; i++) {
        if (!http_match(api_routes[i].pattern, call->path, params))
            continue;
        e = ERR_METHOD;
        if (api_routes[i].method == method) {
            *out = &api_routes[i];
            return OK;
        }
    }
    return e;
}

struct str
api_token(const struct api_call *call)
{
    struct str rest = call->cookie, one, name, value;

    for (bool more = rest.n > 0; more;) {
        more = str_split(rest, ';', &one, &rest);
        if (str_split(str_trim(one), '=', &name, &value) && str_eq(name, STR(API_COOKIE)))
            return value;
    }
    return NO_STR;
}

static bool
same_secret(struct str a, struct str b)
{
    unsigned char difference = a.n == b.n && a.n > 0 ? 0 : 1;

    for (size_t i = 0; i < a.n && i < b.n; i++)
        difference |= (unsigned char) (a.p[i] ^ b.p[i]);
    return difference == 0;
}

static bool
is_safe(const struct api *q)
{
    return q->call->method == HTTP_GET || q->call->method == HTTP_HEAD;
}

enum err
api_admit(struct api *q)
{
    enum err e = api_find(q->call, &q->route, q->params);
    struct str token = api_token(q->call);

    if (e != OK)
        return e;
    if (q->route->permission == PERMIT_NOBODY_ASKED)
        return OK;
    if ((e = account_who(q->ctx, token, &q->who)) != OK)
        return e;
    account_act_as(q->ctx, &q->who, q->actor);
    if (!is_safe(q) && !same_secret(q->call->csrf, q->who.csrf))
        return ERR_CSRF;
    return roles_may(q->who.roles, q->route->permission) ? OK : ERR_PERMISSION;
}

/* --- content
 * ------------------------------------------------------------------------------------------------ */

enum err
api_wrong(struct api *q, const char *name, enum err e, const char *detail)
{
    char pointer[128] = "/";

    strncat(pointer, name, sizeof pointer - 2);
    if (q->errors == NULL)
        q->errors = json_array();
    json_array_append_new(q->errors, json_pack("{s:s, s:s, s:s, s:s, s:s}", "pointer", pointer, "code",
                                               err_name(e), "detail",
                                               detail != NULL && *detail != '\0' ? detail
                                               : q->english                      ? err_en(e)
                                                                                 : err_zh(e),
                                               "zh", err_zh(e), "en", err_en(e)));
    return e;
}

static bool
type_fits(const json_t *v, char type)
{
    switch (type) {
    case 's':
        return json_is_string(v);
    case 'i':
        return json_is_integer(v);
    case 'b':
        return json_is_boolean(v);
    case 'a':
        return json_is_array(v);
    default:
        return json_is_object(v);
    }
}

/* One declared field, "name:s!". */
static void
check_field(struct api *q, const char *name, char type, bool required)
{
    const json_t *v = json_object_get(q->in, name);

    if (v == NULL || json_is_null(v)) {
        if (required)
            (void) !api_wrong(q, name, ERR_MISSING, q->english ? "required" : "必填");
    } else if (!type_fits(v, type)) {
        (void) !api_wrong(q, name, ERR_INPUT, q->english ? "another type is expected" : "类型不对");
    } else if (type == 's' && required && json_string_length(v) == 0) {
        (void) !api_wrong(q, name, ERR_MISSING, q->english ? "required" : "必填");
    } else if (type == 's' && json_string_length(v) > API_TEXT_BYTES_MAX) {
        (void) !api_wrong(q, name, ERR_LENGTH, NULL);
    } else if (type == 's' && strlen(json_string_value(v)) != json_string_length(v)) {
        (void) !api_wrong(q, name, ERR_CHARSET, NULL);
    }
}

static bool
declares(const char *body, const char *name)
{
    struct str rest = str_of(body), one, id, type;

    for (bool more = true; more;) {
        more = str_split(rest, ' ', &one, &rest);
        if (str_split(one, ':', &id, &type) && str_eq(id, str_of(name)))
            return true;
    }
    return false;
}

static enum err
check_content(struct api *q)
{
    struct str rest = str_of(q->route->body), one, id, type;
    const char *key;
    json_t *v;

    for (bool more = rest.n > 0; more;) {
        more = str_split(rest, ' ', &one, &rest);
        if (str_split(one, ':', &id, &type))
            check_field(q, str_z(q->ctx->arena, id), type.p[0], type.n > 1);
    }
    json_object_foreach(q->in, key, v) if (!declares(q->route->body, key))(void) !api_wrong(
        q, key, ERR_INPUT, q->english ? "unknown field" : "没有这个字段");
    return q->errors == NULL ? OK : ERR_INPUT;
}

static enum err
read_content(struct api *q)
{
    enum err e;

    if ((q->route->flags & API_UPLOAD) != 0 || is_safe(q))
        return OK;
    if (q->call->body.n == 0) {
        q->in = json_object();
    } else {
        if (!str_starts(q->call->type, STR("application/json")))
            return ctx_refuse(q->ctx, ERR_SYNTAX, "Content-Type: application/json");
        if ((e = json_read(q->ctx, q->call->body, &q->in)) != OK)
            return e;
    }
    return check_content(q);
}

/* --- answers
 * ------------------------------------------------------------------------------------------------ */

static void
dump(struct api *q, json_t *v)
{
    size_t n = json_dumpb(v, NULL, 0, JSON_COMPACT);
    char *p = arena_alloc(q->ctx->arena, n + 1);

    if (p == NULL || json_dumpb(v, p, n, JSON_COMPACT) != n) {
        q->reply->status = 503;
        q->reply->body = STR("{\"type\":\"about:blank\",\"status\":503,\"code\":\"ERR_MEMORY\"}");
        return;
    }
    q->reply->body = (struct str){p, n};
}

void
api_refused(struct api *q, enum err e)
{
    struct http_reply *r = q->reply;
    json_t *p;

    if (q->call->if_match.n > 0 && (e == ERR_STATE || e == ERR_CONFLICT)) {
        e = ERR_CONFLICT;
        r->status = 412;
    } else {
        r->status = err_http_status(e);
    }
    p = json_pack("{s:s, s:s, s:i, s:s, s:s, s:s}", "type", "about:blank", "title",
                  q->english ? err_en(e) : err_zh(e), "status", r->status, "code", err_name(e), "zh",
                  err_zh(e), "en", err_en(e));
    if (q->ctx->why[0] != '\0')
        json_object_set_new(p, "detail", api_str(str_of(q->ctx->why)));
    if (q->errors != NULL)
        json_object_set(p, "errors", q->errors);
    r->type = "application/problem+json";
    r->cache = "no-store";
    dump(q, p);
    json_decref(p);
}

/* Link: </api/v1/…?…&cursor=…>; rel="next": the address asked for with another cursor. */
static void
link_next(struct api *q, struct buf *b)
{
    static const char HEX[] = "0123456789ABCDEF";
    struct str rest = q->call->query, one;

    buf_z(b, "<");
    buf_str(b, q->call->path);
    buf_z(b, "?");
    for (bool more = rest.n > 0; more;) {
        more = str_split(rest, '&', &one, &rest);
        if (str_starts(one, STR("cursor=")))
            continue;
        buf_str(b, one);
        buf_z(b, "&");
    }
    buf_z(b, "cursor=");
    for (size_t i = 0; i < q->next.n; i++) {
        unsigned char ch = (unsigned char) q->next.p[i];
        char code[3] = {'%', HEX[ch >> 4], HEX[ch & 15]};

        buf_add(b, code, 3);
    }
    buf_z(b, ">; rel=\"next\"");
}

static bool
is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~')
            return false;
    return true;
}

static void
finish(struct api *q)
{
    struct http_reply *r = q->reply;
    struct buf b;
    char *text = arena_alloc(q->ctx->arena, HTTP_PATH_BYTES_MAX * 2);

    r->cache = "no-store";
    if (q->next.n > 0 && text != NULL) {
        b = buf_over(text, HTTP_PATH_BYTES_MAX * 2);
        link_next(q, &b);
        if (!b.overflow && is_ascii(buf_view(&b)))
            r->link = buf_view(&b);
    }
    r->location = q->location;
    if (q->cookie[0] != '\0')
        r->set_cookie = str_copy(q->ctx->arena, str_of(q->cookie));
    if (q->etag >= 0) {
        b = buf_over(r->etag, sizeof r->etag - 1);
        buf_z(&b, "\"");
        buf_i64(&b, q->etag);
        buf_z(&b, "\"");
    }
    if (r->type != NULL) /* the handler made it */
        return;
    r->type = "application/json";
    r->status = q->status != 0 ? q->status : q->out == NULL ? 204 : 200;
    if (q->out != NULL)
        dump(q, q->out);
}

/* --- the call
 * ------------------------------------------------------------------------------------------------ */

struct api_writing {
    struct api *q;
    enum err (*fn)(struct api *q, void *arg);
    void *arg;
};

static enum err
write_api(struct ctx *c, void *arg)
{
    struct api_writing *w = arg;

    (void) c;
    return w->fn(w->q, w->arg);
}

enum err
api_write(struct api *q, enum err (*fn)(struct api *q, void *arg), void *arg)
{
    struct api_writing w = {q, fn, arg};

    return office_write(q->office, q->ctx, write_api, &w);
}

static struct str
act_of(struct api *q)
{
    struct buf b;
    enum err e = buf_in(q->ctx, q->call->path.n + q->call->query.n + q->call->body.n + 32, &b);

    if (e != OK)
        return NO_STR;
    buf_u64(&b, q->call->method);
    buf_z(&b, " ");
    buf_str(&b, q->call->path);
    buf_z(&b, "?");
    buf_str(&b, q->call->query);
    buf_z(&b, "\n");
    buf_str(&b, q->call->body);
    return buf_view(&b);
}

/* What was answered: status, location, version and content in one JSON text. */
static struct str
kept(struct api *q)
{
    json_t *v = json_pack("{s:i, s:I, s:o, s:O?}", "status", q->status, "etag", (json_int_t) q->etag,
                          "location", api_str(q->location), "out", q->out);
    char *text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);
    struct str s = text == NULL ? NO_STR : str_copy(q->ctx->arena, str_of(text));

    free(text);
    json_decref(v);
    return s;
}

static enum err
again(struct api *q, struct str answer)
{
    json_t *v = json_loadb(answer.p, answer.n, 0, NULL);
    const json_t *location = json_object_get(v, "location");

    if (v == NULL)
        return ERR_INTERNAL;
    q->status = (int) json_integer_value(json_object_get(v, "status"));
    q->etag = json_integer_value(json_object_get(v, "etag"));
    if (json_is_string(location))
        q->location = str_copy(q->ctx->arena, str_of(json_string_value(location)));
    q->out = json_incref(json_object_get(v, "out"));
    if (json_is_null(q->out))
        q->out = NULL;
    json_decref(v);
    return OK;
}

/* In the writer: the session is used, an act that was done before gives its answer, a new one is done and its
 * answer kept. */
static enum err
act(struct api *q, void *arg)
{
    struct request_name name = {q->call->key, NO_STR};
    struct str answer;
    bool seen = false, keep = q->call->key.n > 0 && (q->route->flags & API_SECRET) == 0;
    enum err e = q->who.account != 0 ? account_seen(q->ctx, &q->who) : OK;

    (void) arg;
    if (e == OK && keep) {
        name.act = act_of(q);
        e = request_seen(q->ctx, &name, &seen, &answer);
    }
    if (e != OK || seen)
        return e != OK ? e : again(q, answer);
    e = q->route->handler(q);
    return e == OK && keep ? request_keep(q->ctx, &name, kept(q)) : e;
}

static enum err
touch(struct api *q, void *arg)
{
    (void) arg;
    return account_seen(q->ctx, &q->who);
}

/* Reading moves the idle limit too, at most once a minute; a reading fails for no such reason. */
static void
note_seen(struct api *q)
{
    if (q->who.account != 0 && q->ctx->now_us - q->who.seen_us >= ACCOUNT_MINUTE_US)
        (void) !api_write(q, touch, NULL);
}

/* A refusal of a permission is in the journal: what was tried, by whom. */
static enum err
note_refusal(struct api *q, void *arg)
{
    static const char *const METHODS[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};
    char subject[256];
    int n = snprintf(subject, sizeof subject, "%s %s", METHODS[q->route->method], q->route->pattern);
    enum err e = db_begin(q->ctx->db);

    (void) arg;
    return e == OK ? db_end(q->ctx->db, journal_add(q->ctx, &(struct journal_act){STR("access.refuse"),
                                                                                  {subject, (size_t) n}, NO_STR}))
                   : e;
}

static enum err
run(struct api *q)
{
    enum err e, noted;

    if (q->ctx->db == NULL)
        return ERR_DB;
    if ((e = api_admit(q)) == ERR_PERMISSION && (noted = api_write(q, note_refusal, NULL)) != OK)
        return noted;
    if (e != OK || (e = read_content(q)) != OK)
        return e;
    if (is_safe(q) || (q->route->flags & API_OUTSIDE) != 0) {
        note_seen(q);
        return q->route->handler(q);
    }
    return api_write(q, act, NULL);
}

static bool
wants_english(struct str languages)
{
    struct str first, rest;

    (void) str_split(languages, ',', &first, &rest);
    return str_starts(str_trim(first), STR("en"));
}

void
api_answer(struct office *o, struct ctx *c, const struct api_call *call, struct http_reply *reply)
{
    struct api q = {.ctx = c, .office = o, .call = call, .reply = reply, .etag = -1};
    enum err e;

    q.english = wants_english(call->languages);
    c->actor = STR("system");
    c->department = c->region = NO_STR;
    if ((e = run(&q)) == OK)
        finish(&q);
    else
        api_refused(&q, e);
    json_decref(q.in);
    json_decref(q.out);
    json_decref(q.errors);
}
