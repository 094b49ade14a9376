/* http/server.h - the public web server on libmicrohttpd: an epoll pool, every worker with its own read
 * connection. */
#ifndef MQ_SERVER_H
#define MQ_SERVER_H

#include "http.h"

enum {
    SERVER_THREADS_MAX = 64,
    SERVER_ARENA_BYTES = 16 << 20,  /* one request */
    SERVER_HEADER_BYTES = 16 << 10, /* request line and fields */
    SERVER_CONNECTIONS_MAX = 12000,
    SERVER_HEADER_SECONDS = 20, /* absolute, from the connection or the reply before to a whole header */
    SERVER_IDLE_SECONDS = 15,
    SERVER_BODY_SECONDS = 30,   /* absolute, for content that is no upload */
    SERVER_REPLY_SECONDS = 60,   /* plus one second for each SERVER_MINIMUM_RATE bytes */
    SERVER_MINIMUM_RATE = 16384, /* bytes a second */
    SERVER_DRAIN_SECONDS = 10
};

struct office;
struct server_config {
    const char *listen; /* "127.0.0.1:8080", "[::1]:0" or "unix:/path/socket" */
    unsigned threads;   /* 1..SERVER_THREADS_MAX */
    bool log;           /* JSON lines on standard error */
    const char *tls_key, *tls_certificate; /* PEM texts that outlive the server; NULL: no TLS */
    const struct site *site;
    struct office *office; /* answers /api/v1; NULL: there is none, and the server only reads */
    /* Called once for each worker before the server starts, and once at its end. */
    enum err (*worker_open)(void *app, struct ctx *ctx);
    void (*worker_close)(void *app, struct ctx *ctx);
    int64_t (*now_us)(void);
    void *app;
};

struct server;

/* server_start: listen and answer. ERR_USAGE bad address, ERR_IO cannot listen, ERR_MEMORY, or worker_open's.
 */
MUST_USE enum err server_start(const struct server_config *config, struct server **out);
/* server_address: "http://127.0.0.1:41234/" or "unix:/path": where it listens (the port was chosen when 0).
 */
const char *server_address(const struct server *s);
/* server_stop: take no new connections, let running replies end (at most SERVER_DRAIN_SECONDS), close. */
void server_stop(struct server *s);

#endif
