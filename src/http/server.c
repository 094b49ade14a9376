/* http/server.c - see server.h. Pitfalls of the library that are answered here: its timeout is inactivity
 * only (guard.h), ambiguous framing (guard.h), a stop needs quiesce and drain first. */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "api.h"
#include "form.h"
#include "guard.h"
#include "intake.h"
#include "keep.h"
#include "stream.h"

enum { URI_BYTES = HTTP_PATH_BYTES_MAX, COMPRESS_FROM_BYTES = 1400, LISTEN_BACKLOG = 1024 };

struct worker {
    struct keep *keep;
    struct ctx ctx;
    struct arena arena;
    void *block;
};

struct counters {
    _Atomic uint64_t requests, by_class[6], microseconds, bytes, connections, refused;
};

struct server {
    struct server_config config;
    struct MHD_Daemon *daemon;
    struct deadlines *deadlines;
    struct streams *streams; /* NULL without an office */
    struct worker workers[SERVER_THREADS_MAX];
    _Atomic unsigned workers_taken;
    pthread_key_t worker_key;
    _Atomic int running; /* requests between their first byte and their end */
    _Atomic bool draining;
    struct counters counters;
    uint64_t boot_id;
    _Atomic uint64_t request_count;
    char address[256], unix_path[108];
};

/* One request from its first line to its end. */
struct exchange {
    int64_t started_us;
    uint64_t id;
    int status;
    bool admitted; /* its fields passed the guards */
    uint64_t bytes;
    char method[8];
    struct intake *intake; /* a call of /api/v1 or a form, NULL for everything else */
    bool form;
    struct server *server;
    struct MHD_Connection *connection;
    struct MHD_Response *response; /* made by a thread of the office */
    struct office_task task;
    size_t target_n;
    char target[URI_BYTES + 2]; /* raw, cut at its limit + 1 */
};

static int64_t
monotonic_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int
socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return i == NULL ? -1 : i->connect_fd;
}

/* Each thread of the pool takes one worker at its first request and keeps it. */
static struct worker *
my_worker(struct server *s)
{
    struct worker *w = pthread_getspecific(s->worker_key);

    if (w == NULL) {
        unsigned i = atomic_fetch_add(&s->workers_taken, 1);

        if (i >= s->config.threads)
            return NULL;
        w = &s->workers[i];
        pthread_setspecific(s->worker_key, w);
    }
    return w;
}

/* --- log lines and counters
 * -------------------------------------------------------------------------------------- */

static void
log_json_path(struct buf *b, const char *p, size_t n)
{
    for (size_t i = 0; i < n && p[i] != '?'; i++) /* a query may name a person: never logged */
        if ((unsigned char) p[i] > 0x20 && p[i] != '"' && p[i] != '\\' && (unsigned char) p[i] < 0x7F)
            buf_add(b, p + i, 1);
        else
            buf_z(b, "?");
}

/* The name of a request: start of the server and a count. */
static void
request_name(const struct server *s, const struct exchange *x, struct buf *b)
{
    buf_hex(b, &s->boot_id, 4);
    buf_z(b, "-");
    buf_u64(b, x->id);
}

/* The address of a calendar is a secret: the log has where it begins. */
static size_t
loggable(const char *target, size_t n)
{
    static const char SECRET[] = "/api/v1/calendars/";

    return n > sizeof SECRET - 1 && memcmp(target, SECRET, sizeof SECRET - 1) == 0 ? sizeof SECRET - 1 : n;
}

static void
log_request(struct server *s, const struct exchange *x, int64_t took_us)
{
    char line[URI_BYTES + 512];
    struct buf b = buf_over(line, sizeof line);

    buf_z(&b, "{\"time_us\":");
    buf_i64(&b, s->config.now_us());
    buf_z(&b, ",\"id\":\"");
    request_name(s, x, &b);
    buf_z(&b, "\",\"method\":\"");
    log_json_path(&b, x->method, strlen(x->method));
    buf_z(&b, "\",\"path\":\"");
    log_json_path(&b, x->target, loggable(x->target, x->target_n));
    buf_z(&b, "\",\"status\":");
    buf_i64(&b, x->status);
    buf_z(&b, ",\"bytes\":");
    buf_u64(&b, x->bytes);
    buf_z(&b, ",\"took_us\":");
    buf_i64(&b, took_us);
    buf_z(&b, "}\n");
    (void) !write(2, b.p, b.n);
}

static void
metric(struct buf *b, const char *name, const char *kind, uint64_t value)
{
    buf_z(b, "# TYPE mingqian_");
    buf_z(b, name);
    buf_z(b, kind[0] == 'c' ? " counter\nmingqian_" : " gauge\nmingqian_");
    buf_z(b, name);
    buf_z(b, kind[0] == 'c' ? "_total " : " ");
    buf_u64(b, value);
    buf_z(b, "\n");
}

/* OpenMetrics text. */
static void
reply_metrics(struct server *s, struct arena *a, struct http_reply *r)
{
    struct counters *c = &s->counters;
    char *p = arena_alloc(a, 4096);
    struct buf b = buf_over(p, p == NULL ? 0 : 4096);

    metric(&b, "requests", "counter", c->requests);
    metric(&b, "refused_requests", "counter", c->refused);
    metric(&b, "reply_bytes", "counter", c->bytes);
    metric(&b, "request_microseconds", "counter", c->microseconds);
    metric(&b, "connections", "gauge", c->connections);
    metric(&b, "running_requests", "gauge", (uint64_t) s->running);
    buf_z(&b, "# TYPE mingqian_replies counter\n");
    for (unsigned i = 2; i < 6; i++) {
        buf_z(&b, "mingqian_replies_total{class=\"");
        buf_u64(&b, i);
        buf_z(&b, "xx\"} ");
        buf_u64(&b, c->by_class[i]);
        buf_z(&b, "\n");
    }
    buf_z(&b, "# EOF\n");
    r->status = 200;
    r->type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    r->body = buf_view(&b);
}

/* --- sending
 * ----------------------------------------------------------------------------------------------------- */

static void
field(struct MHD_Response *m, const char *name, const char *value)
{
    if (value != NULL && *value != '\0')
        (void) MHD_add_response_header(m, name, value);
}

static void
field_str(struct MHD_Response *m, struct arena *a, const char *name, struct str value)
{
    if (value.p != NULL)
        field(m, name, str_z(a, value));
}

#define POLICY                                                                                               \
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "       \
    "style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/* No code or style but our own files, no frames, no foreign hosts. WebAssembly compiles for /verify/ only by
 * this permission; it permits no evaluation of text. devices: the phone is installed and asks for camera and position. */
static void
security_fields(struct MHD_Response *m, bool devices)
{
    field(m, "Content-Security-Policy", devices ? POLICY "; manifest-src 'self'; media-src 'self'" : POLICY);
    field(m, "X-Content-Type-Options", "nosniff");
    field(m, "Referrer-Policy", "no-referrer");
    field(m, "X-Frame-Options", "DENY");
    field(m, "Cross-Origin-Opener-Policy", "same-origin");
    field(m, "Permissions-Policy",
          devices ? "camera=(self), geolocation=(self), microphone=()" : "camera=(), geolocation=(), microphone=()");
}

static bool
compressible(const struct http_reply *r)
{
    return r->fd < 0 && r->stream == NULL && r->encoding == NULL && !r->body_lasts && r->body.n >= COMPRESS_FROM_BYTES &&
           r->type != NULL && (strncmp(r->type, "text/", 5) == 0 || strstr(r->type, "json") != NULL);
}

/* Pages go out in gzip when the client takes it; fast level. */
static void
compress_body(struct arena *a, struct http_reply *r)
{
    z_stream z = {0};
    size_t room = r->body.n + 64;
    unsigned char *out = arena_alloc(a, room);

    if (out == NULL || deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    z.next_in = (Bytef *) (uintptr_t) r->body.p;
    z.avail_in = (uInt) r->body.n;
    z.next_out = out;
    z.avail_out = (uInt) room;
    if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
        r->body = (struct str){(const char *) out, z.total_out};
        r->encoding = "gzip";
    }
    deflateEnd(&z);
}

static struct MHD_Response *
make_response(struct server *s, struct exchange *x, struct http_reply *r)
{
    struct MHD_Response *m;

    if (r->stream != NULL) {
        m = s->streams == NULL || s->draining ? NULL : streams_open(s->streams, r->stream, x->connection);
        if (m != NULL)
            return m;
        r->status = 503;
        r->type = "text/plain; charset=utf-8";
        r->body = str_of(err_en(ERR_BUSY));
        r->stream = NULL;
    }
    if (r->fd >= 0)
        return MHD_create_response_from_fd64(r->fd_bytes, r->fd);
    return MHD_create_response_from_buffer(r->body.n, (void *) (uintptr_t) r->body.p,
                                           r->body_lasts ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
}

static struct MHD_Response *
reply_of(struct server *s, struct exchange *x, struct arena *a, struct http_reply *r)
{
    struct MHD_Response *m = make_response(s, x, r);
    char name[48] = "";
    struct buf b = buf_over(name, sizeof name - 1);

    if (m == NULL)
        return NULL;
    request_name(s, x, &b);
    field(m, "X-Request-Id", name);
    x->status = r->status;
    x->bytes = r->fd >= 0 ? r->fd_bytes : r->body.n;
    security_fields(m, r->devices);
    field(m, "Content-Type", r->type);
    field(m, "Cache-Control", r->cache == NULL ? "no-cache" : r->cache);
    field(m, "Content-Encoding", r->encoding);
    if (r->stream != NULL)
        field(m, "X-Accel-Buffering", "no"); /* nginx passes events on as they come */
    field(m, "Vary", "Accept-Encoding");
    field(m, "Allow", r->allow);
    field(m, "ETag", r->etag);
    field_str(m, a, "Location", r->location);
    field_str(m, a, "Content-Disposition", r->disposition);
    field_str(m, a, "Link", r->link);
    field_str(m, a, "Set-Cookie", r->set_cookie);
    if (r->status == 503)
        field(m, "Retry-After", "5");
    if (s->draining || r->status == 400 || r->status == 405 || r->status == 413)
        field(m, "Connection", "close");
    return m;
}

static enum MHD_Result
send_response(struct server *s, struct MHD_Connection *connection, struct exchange *x, struct MHD_Response *m)
{
    enum MHD_Result sent;

    if (m == NULL)
        return MHD_NO;
    deadlines_set(s->deadlines, socket_of(connection),
                  SERVER_REPLY_SECONDS + (int64_t) (x->bytes / SERVER_MINIMUM_RATE));
    sent = MHD_queue_response(connection, (unsigned) x->status, m);
    MHD_destroy_response(m);
    return sent;
}

static enum MHD_Result
send_reply(struct server *s, struct MHD_Connection *connection, struct exchange *x, struct arena *a,
           struct http_reply *r)
{
    return send_response(s, connection, x, reply_of(s, x, a, r));
}

/* --- answering
 * --------------------------------------------------------------------------------------------------- */

static struct str
header(struct MHD_Connection *connection, const char *name)
{
    return str_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

static void
refuse(struct server *s, struct http_reply *r, enum err e)
{
    s->counters.refused++;
    r->status = err_http_status(e) == 422 ? 400 : err_http_status(e);
    r->type = "text/plain; charset=utf-8";
    r->body = str_of(err_en(e));
    r->body_lasts = true;
    r->cache = "no-store";
    if (e == ERR_METHOD)
        r->allow = "GET, HEAD";
}

static enum http_method
method_of(const char *name)
{
    static const char *const NAMES[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};

    for (int i = 0; i < HTTP_OTHER; i++)
        if (strcmp(name, NAMES[i]) == 0)
            return (enum http_method) i;
    return HTTP_OTHER;
}

static bool
is_ours(struct server *s, const struct http_request *q, struct http_reply *r)
{
    if (str_eq(q->path, STR("/metrics"))) {
        reply_metrics(s, q->ctx->arena, r);
        r->cache = "no-store";
        return true;
    }
    if (str_eq(q->path, STR("/readyz")) && s->draining) {
        refuse(s, r, ERR_BUSY);
        return true;
    }
    return false;
}

static void
finish_reply(const struct http_request *q, struct http_reply *r)
{
    if (r->status == 0)
        r->status = 200;
    if (r->status == 200 && r->fd < 0 && r->etag[0] == '\0' &&
        (r->cache == NULL || strncmp(r->cache, "public", 6) == 0))
        http_tag(r->body, r->etag);
    if (r->status == 200 && http_tag_matches(q->if_none_match, r->etag)) {
        if (r->fd >= 0)
            close(r->fd);
        r->fd = -1;
        r->status = 304;
        r->body = (struct str){"", 0};
        r->body_lasts = true;
        r->encoding = NULL;
    }
    if (q->gzip && compressible(r))
        compress_body(q->ctx->arena, r);
}

/* How the client names us. Only what can be a host and port goes on: it will stand in a QR code. */
static struct str
base_of(const struct server *s, struct MHD_Connection *connection, struct arena *a)
{
    struct str host = header(connection, "Host");
    bool https = s->config.tls_key != NULL || str_eq(header(connection, "X-Forwarded-Proto"), STR("https"));
    struct buf b;

    if (host.n == 0 || host.n > 255)
        return (struct str){NULL, 0};
    for (size_t i = 0; i < host.n; i++)
        if (memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]", host.p[i], 67) == NULL)
            return (struct str){NULL, 0};
    b = buf_over(arena_alloc(a, host.n + 9), host.n + 8);
    if (b.p == NULL)
        return (struct str){NULL, 0};
    buf_z(&b, https ? "https://" : "http://");
    buf_str(&b, host);
    return buf_view(&b);
}

static void
answer(struct server *s, struct worker *w, struct MHD_Connection *connection, const struct exchange *x,
       struct http_reply *r)
{
    struct http_request q = {.ctx = &w->ctx, .site = s->config.site, .keep = w->keep};
    struct str codings = header(connection, "Accept-Encoding");
    enum err e;

    w->ctx.now_us = s->config.now_us();
    q.method = method_of(x->method);
    q.if_none_match = header(connection, "If-None-Match");
    q.gzip = http_accepts(codings, STR("gzip"));
    q.brotli = http_accepts(codings, STR("br"));
    q.base = base_of(s, connection, &w->arena);
    if ((e = http_path(&w->arena, (struct str){x->target, x->target_n}, &q.path, &q.query)) != OK &&
        e != ERR_NOT_FOUND) {
        refuse(s, r, e);
        return;
    }
    if (e == ERR_NOT_FOUND)
        q.path = STR("/-");
    if (!is_ours(s, &q, r))
        http_respond(&q, r);
    finish_reply(&q, r);
}

/* What must be refused before anything else of the request is read. OK: go on. */
static enum err
admit(struct MHD_Connection *connection, const char *method, const char *version, bool content)
{
    enum err e = guard_headers(connection, method, version);

    if (e != OK)
        return e;
    if (method_of(method) == HTTP_OTHER)
        return ERR_METHOD;
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
        return guard_has_body(connection) ? ERR_SYNTAX : OK; /* content in a GET serves smuggling only */
    return content ? OK : ERR_METHOD;
}

/* --- calls of /api/v1: read by the event loop, answered by a thread of the office ------------------------------- */

static bool
is_api(const struct server *s, const struct exchange *x)
{
    return s->config.office != NULL && str_starts((struct str){x->target, x->target_n}, STR("/api/v1/"));
}

/* The library keeps the fields until the reply is sent. */
static void
fill_call(struct MHD_Connection *connection, const struct exchange *x, struct api_call *call)
{
    call->method = method_of(x->method);
    call->cookie = header(connection, "Cookie");
    call->csrf = header(connection, "X-CSRF-Token");
    call->if_match = header(connection, "If-Match");
    call->key = header(connection, "Idempotency-Key");
    call->agent = header(connection, "User-Agent");
    call->type = header(connection, "Content-Type");
    call->languages = header(connection, "Accept-Language");
    call->last_event = header(connection, "Last-Event-ID");
}

/* Before any content is read: the address, the session, the permission. */
static enum err
begin_call(struct server *s, struct worker *w, struct MHD_Connection *connection, struct exchange *x,
           struct http_reply *r)
{
    struct api q = {.ctx = &w->ctx, .office = s->config.office, .reply = r, .etag = -1};
    enum err e;

    if ((x->intake = intake_new(w->ctx.dir)) == NULL)
        return ERR_MEMORY;
    fill_call(connection, x, &x->intake->call);
    e = http_path(&w->arena, (struct str){x->target, x->target_n}, &q.params[0], &x->intake->call.query);
    if (e == OK)
        e = intake_path(x->intake, q.params[0]);
    q.call = &x->intake->call;
    w->ctx.now_us = s->config.now_us();
    w->ctx.why[0] = '\0';
    if (e == OK && method_of(x->method) > HTTP_HEAD) /* a reply now would close the connection: only for the sake of content */
        e = api_admit(&q);
    if (e != OK && e != ERR_PERMISSION) { /* that refusal is for the journal: a thread of the office tells it */
        api_refused(&q, e);
        return e;
    }
    x->intake->to_file = e == OK && q.route != NULL && (q.route->flags & API_UPLOAD) != 0;
    x->intake->limit_bytes = !x->intake->to_file                                      ? API_BODY_BYTES_MAX
                             : e == OK && (q.route->flags & API_SMALL) != 0 ? API_SMALL_BYTES_MAX
                                                                                      : API_UPLOAD_BYTES_MAX;
    deadlines_set(s->deadlines, socket_of(connection),
                  x->intake->to_file ? SERVER_REPLY_SECONDS + API_UPLOAD_BYTES_MAX / (SERVER_MINIMUM_RATE * 16)
                                     : SERVER_BODY_SECONDS);
    return OK;
}

/* In a thread of the office. */
static void
answer_call(struct ctx *c, void *arg)
{
    struct exchange *x = arg;
    struct http_reply r = {.fd = -1};
    struct MHD_Connection *connection = x->connection;

    x->intake->call.base = base_of(x->server, connection, c->arena);
    api_answer(x->server->config.office, c, &x->intake->call, &r);
    if (http_accepts(header(connection, "Accept-Encoding"), STR("gzip")) && compressible(&r))
        compress_body(c->arena, &r);
    x->response = reply_of(x->server, x, c->arena, &r);
    MHD_resume_connection(connection);
}

/* --- forms of pages (form.h): read and answered like calls -------------------------------------------------------- */

static enum err
begin_form(struct server *s, struct worker *w, struct MHD_Connection *connection, struct exchange *x)
{
    struct str path, query;
    enum err e = http_path(&w->arena, (struct str){x->target, x->target_n}, &path, &query);

    if (e != OK || s->config.office == NULL || !http_takes_form(path))
        return ERR_METHOD;
    if (!str_starts(header(connection, "Content-Type"), STR("application/x-www-form-urlencoded")))
        return ERR_SYNTAX;
    if (!form_is_ours(header(connection, "Sec-Fetch-Site"), header(connection, "Origin"), base_of(s, connection, &w->arena)))
        return ERR_CSRF;
    if ((x->intake = intake_new(w->ctx.dir)) == NULL)
        return ERR_MEMORY;
    x->form = true;
    x->intake->limit_bytes = FORM_BYTES_MAX;
    deadlines_set(s->deadlines, socket_of(connection), SERVER_BODY_SECONDS);
    return intake_path(x->intake, path);
}

/* In a thread of the office: whoever sends a form is nobody we know. */
/* Who sends this: the address at the other end; behind a proxy on this machine what the proxy added last. */
static struct str
peer_of(struct MHD_Connection *connection, struct arena *a)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *at = info == NULL ? NULL : info->client_addr;
    struct str forwarded = header(connection, "X-Forwarded-For"), rest = forwarded, last = forwarded;
    char text[INET6_ADDRSTRLEN] = "local";

    if (at != NULL && at->sa_family == AF_INET)
        (void) inet_ntop(AF_INET, &((const struct sockaddr_in *) (const void *) at)->sin_addr, text, sizeof text);
    else if (at != NULL && at->sa_family == AF_INET6)
        (void) inet_ntop(AF_INET6, &((const struct sockaddr_in6 *) (const void *) at)->sin6_addr, text, sizeof text);
    if (forwarded.n == 0 || forwarded.n > 1000 ||
        (strcmp(text, "local") != 0 && strncmp(text, "127.", 4) != 0 && strcmp(text, "::1") != 0))
        return str_copy(a, str_of(text));
    for (bool more = true; more;)
        more = str_split(rest, ',', &last, &rest);
    return str_copy(a, str_trim(last));
}

static void
respond_form(struct server *s, struct ctx *c, struct exchange *x, struct http_reply *r)
{
    struct http_request q = {.method = HTTP_POST, .path = x->intake->call.path, .ctx = c, .site = s->config.site,
                             .office = s->config.office};
    struct form *form = arena_alloc(c->arena, sizeof *form);
    enum err e = form == NULL ? ERR_MEMORY : c->db == NULL ? ERR_DB : OK;

    c->actor = STR("portal");
    c->department = c->region = (struct str){NULL, 0};
    q.base = base_of(x->server, x->connection, c->arena);
    q.form = form;
    q.peer = peer_of(x->connection, c->arena);
    if (e == OK)
        e = form_parse(c->arena, x->intake->call.body, form);
    if (e == OK)
        http_respond(&q, r);
    else
        http_refused(&q, e, r);
    if (r->status == 0)
        r->status = 200;
}

static void
answer_form(struct ctx *c, void *arg)
{
    struct exchange *x = arg;
    struct http_reply r = {.fd = -1};
    struct MHD_Connection *connection = x->connection;

    respond_form(x->server, c, x, &r);
    x->response = reply_of(x->server, x, c->arena, &r);
    MHD_resume_connection(connection);
}

static void
hand_over(struct server *s, struct MHD_Connection *connection, struct exchange *x)
{
    x->server = s;
    x->connection = connection;
    x->intake->handed_over = true;
    x->task = (struct office_task){.fn = x->form ? answer_form : answer_call, .arg = x};
    deadlines_set(s->deadlines, socket_of(connection), SERVER_REPLY_SECONDS * 10);
    MHD_suspend_connection(connection);
    office_submit(s->config.office, &x->task);
}

/* A further piece of a call: content, its end, or the answer. */
static enum MHD_Result
continue_call(struct server *s, struct MHD_Connection *connection, struct exchange *x, struct worker *w, const char *data,
              size_t *n)
{
    struct MHD_Response *m = x->response;
    enum err e;

    if (m != NULL) {
        x->response = NULL;
        return send_response(s, connection, x, m);
    }
    if (x->intake->handed_over)
        return MHD_NO;
    if (*n > 0) {
        intake_add(x->intake, data, *n); /* an error is kept and told at the end, when a reply can be sent */
        *n = 0;
        return x->intake->error == ERR_TOO_LARGE ? MHD_NO : MHD_YES;
    }
    if ((e = intake_end(x->intake)) != OK && x->form) {
        struct http_reply r = {.fd = -1};

        refuse(s, &r, e);
        return send_reply(s, connection, x, &w->arena, &r);
    }
    if (e != OK) {
        struct http_reply r = {.fd = -1};
        struct api q = {.ctx = &w->ctx, .call = &x->intake->call, .reply = &r};

        api_refused(&q, e);
        return send_reply(s, connection, x, &w->arena, &r);
    }
    hand_over(s, connection, x);
    return MHD_YES;
}

/* Called when the fields are there (a reply now closes the connection), for each piece of content, when the request is
 * complete, and when a call was answered. */
static enum MHD_Result
on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
           const char *version, const char *upload_data, size_t *upload_data_n, void **con_cls)
{
    struct server *s = cls;
    struct exchange *x = *con_cls;
    struct worker *w = my_worker(s);
    struct http_reply r = {.fd = -1};
    enum err e = OK;

    (void) url;
    if (x == NULL || w == NULL)
        return MHD_NO;
    arena_reset(&w->arena);
    if (!x->admitted) {
        bool api = is_api(s, x);

        for (size_t i = 0; i + 1 < sizeof x->method && method[i] != '\0'; i++)
            x->method[i] = method[i];
        x->admitted = true;
        e = admit(connection, method, version, api || method_of(method) == HTTP_POST);
        if (e == OK && !api && method_of(method) == HTTP_POST)
            e = begin_form(s, w, connection, x);
        if (e == OK && api && begin_call(s, w, connection, x, &r) != OK)
            return r.status == 0 ? MHD_NO : send_reply(s, connection, x, &w->arena, &r);
        if (e == OK)
            return MHD_YES;
    }
    if (e == OK && x->intake != NULL)
        return continue_call(s, connection, x, w, upload_data, upload_data_n);
    if (e != OK)
        refuse(s, &r, e);
    else
        answer(s, w, connection, x, &r);
    return send_reply(s, connection, x, &w->arena, &r);
}

/* --- life of a connection and of a request
 * -------------------------------------------------------------------------- */

/* The library calls this with the raw target as soon as it has the request line. */
static void *
on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct server *s = cls;
    struct exchange *x = calloc(1, sizeof *x);
    size_t n = strnlen(target, URI_BYTES + 1);

    (void) connection;
    if (x == NULL)
        return NULL;
    memcpy(x->target, target, n);
    x->target_n = n;
    x->started_us = monotonic_us();
    x->id = atomic_fetch_add(&s->request_count, 1);
    atomic_fetch_add(&s->running, 1);
    return x;
}

static void
on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
             enum MHD_RequestTerminationCode why)
{
    struct server *s = cls;
    struct exchange *x = *con_cls;
    int64_t took_us;

    (void) why;
    deadlines_set(s->deadlines, socket_of(connection), SERVER_HEADER_SECONDS);
    if (x == NULL)
        return;
    took_us = monotonic_us() - x->started_us;
    s->counters.requests++;
    s->counters.by_class[x->status / 100 < 6 ? x->status / 100 : 0]++;
    s->counters.microseconds += (uint64_t) took_us;
    s->counters.bytes += x->bytes;
    if (s->config.log)
        log_request(s, x, took_us);
    intake_free(x->intake);
    if (x->response != NULL) /* the client left before it was sent */
        MHD_destroy_response(x->response);
    free(x);
    *con_cls = NULL;
    atomic_fetch_sub(&s->running, 1);
}

static void
on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
              enum MHD_ConnectionNotificationCode code)
{
    struct server *s = cls;

    (void) socket_context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        s->counters.connections++;
        deadlines_set(s->deadlines, socket_of(connection), SERVER_HEADER_SECONDS);
    } else {
        s->counters.connections--;
        deadlines_clear(s->deadlines, socket_of(connection));
    }
}

static void
on_message(void *cls, const char *format, va_list ap)
{
    (void) cls, (void) format, (void) ap; /* the library's remarks repeat what the request log says */
}

/* --- listening
 * ---------------------------------------------------------------------------------------------------- */

static enum err
listen_unix(struct server *s, const char *path, int *fd)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof a.sun_path || *path == '\0')
        return ERR_USAGE;
    memcpy(a.sun_path, path, strlen(path));
    memcpy(s->unix_path, path, strlen(path));
    (void) unlink(path); /* left behind by a server that was killed */
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0 || bind(*fd, (struct sockaddr *) &a, sizeof a) != 0 || listen(*fd, LISTEN_BACKLOG) != 0)
        return ERR_IO;
    (void) strncpy(s->address, s->config.listen, sizeof s->address - 1);
    return OK;
}

static void
name_address(struct server *s, const char *host, int fd)
{
    struct sockaddr_storage a = {0};
    socklen_t n = sizeof a;
    struct buf b = buf_over(s->address, sizeof s->address - 1);
    in_port_t port = 0;

    if (getsockname(fd, (struct sockaddr *) &a, &n) == 0)
        port = a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *) &a)->sin6_port
                                       : ((struct sockaddr_in *) &a)->sin_port;
    buf_z(&b, s->config.tls_key != NULL ? "https://" : "http://");
    if (strchr(host, ':') != NULL)
        buf_z(&b, "[");
    buf_z(&b, host);
    if (strchr(host, ':') != NULL)
        buf_z(&b, "]");
    buf_z(&b, ":");
    buf_u64(&b, ntohs(port));
    buf_z(&b, "/");
}

static enum err
listen_tcp(struct server *s, char *host, int *fd)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV},
                    *found = NULL;
    char *port = strrchr(host, ':');
    int one = 1;

    if (port == NULL || port == host)
        return ERR_USAGE;
    *port++ = '\0';
    if (host[0] == '[' && port[-2] == ']') {
        port[-2] = '\0';
        host++;
    }
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return ERR_USAGE;
    *fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd >= 0)
        (void) setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (*fd < 0 || bind(*fd, found->ai_addr, found->ai_addrlen) != 0 || listen(*fd, LISTEN_BACKLOG) != 0) {
        freeaddrinfo(found);
        return ERR_IO;
    }
    freeaddrinfo(found);
    name_address(s, host, *fd);
    return OK;
}

static enum err
open_listener(struct server *s, int *fd)
{
    char host[256] = "";
    size_t n = strlen(s->config.listen);

    *fd = -1;
    if (n >= sizeof host)
        return ERR_USAGE;
    if (strncmp(s->config.listen, "unix:", 5) == 0)
        return listen_unix(s, s->config.listen + 5, fd);
    memcpy(host, s->config.listen, n);
    return listen_tcp(s, host, fd);
}

/* --- start and stop
 * --------------------------------------------------------------------------------------------------- */

static enum err
open_workers(struct server *s)
{
    for (unsigned i = 0; i < s->config.threads; i++) {
        struct worker *w = &s->workers[i];
        enum err e;

        if ((w->block = malloc(SERVER_ARENA_BYTES)) == NULL)
            return ERR_MEMORY;
        w->arena = arena_over(w->block, SERVER_ARENA_BYTES);
        w->ctx.arena = &w->arena;
        w->keep = keep_new();
        if ((e = s->config.worker_open(s->config.app, &w->ctx)) != OK) {
            keep_free(w->keep);
            free(w->block);
            w->block = NULL;
            return e;
        }
    }
    return OK;
}

static void
free_server(struct server *s)
{
    for (unsigned i = 0; i < s->config.threads; i++)
        if (s->workers[i].block != NULL) {
            s->config.worker_close(s->config.app, &s->workers[i].ctx);
            keep_free(s->workers[i].keep);
            free(s->workers[i].block);
        }
    streams_stop(s->streams);
    deadlines_stop(s->deadlines);
    pthread_key_delete(s->worker_key);
    if (s->unix_path[0] != '\0')
        (void) unlink(s->unix_path);
    free(s);
}

static struct MHD_Daemon *
start_daemon(struct server *s, int fd)
{
    struct MHD_OptionItem pool[4];
    unsigned n = 0, flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME;

    if (s->config.threads > 1)
        pool[n++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, (intptr_t) s->config.threads, NULL};
    if (s->config.tls_key != NULL) {
        flags |= MHD_USE_TLS;
        pool[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *) (uintptr_t) s->config.tls_key};
        pool[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *) (uintptr_t) s->config.tls_certificate};
    }
    pool[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, s, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_ARRAY, pool,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned) SERVER_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned) SERVER_IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) SERVER_HEADER_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_EXTERNAL_LOGGER, on_message, NULL, MHD_OPTION_END);
}

enum err
server_start(const struct server_config *config, struct server **out)
{
    struct server *s;
    enum err e;
    int fd = -1;

    if (config->threads < 1 || config->threads > SERVER_THREADS_MAX)
        return ERR_USAGE;
    if ((s = calloc(1, sizeof *s)) == NULL)
        return ERR_MEMORY;
    s->config = *config;
    s->boot_id = (uint64_t) config->now_us();
    if (pthread_key_create(&s->worker_key, NULL) != 0) {
        free(s);
        return ERR_MEMORY;
    }
    e = deadlines_start(&s->deadlines);
    if (e == OK && config->office != NULL)
        e = streams_start(config->office, s->deadlines, &s->streams);
    if (e == OK)
        e = open_listener(s, &fd);
    if (e == OK)
        e = open_workers(s);
    if (e == OK && (s->daemon = start_daemon(s, fd)) == NULL)
        e = ERR_IO;
    if (e != OK) {
        if (fd >= 0)
            close(fd);
        free_server(s);
        return e;
    }
    *out = s;
    return OK;
}

const char *
server_address(const struct server *s)
{
    return s->address;
}

void
server_stop(struct server *s)
{
    int fd;
    int64_t until_us = monotonic_us() + (int64_t) SERVER_DRAIN_SECONDS * 1000000;

    if (s == NULL)
        return;
    atomic_store(&s->draining, true);
    fd = MHD_quiesce_daemon(s->daemon);
    if (fd >= 0)
        close(fd);
    streams_quiet(s->streams);
    while (atomic_load(&s->running) > 0 && monotonic_us() < until_us)
        (void) nanosleep(&(struct timespec){0, 20000000}, NULL);
    if (s->config.office != NULL)
        office_quiet(s->config.office); /* a suspended connection must not meet the end of the library */
    MHD_stop_daemon(s->daemon);
    free_server(s);
}
