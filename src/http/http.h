/* http/http.h - one request, one reply, and the handlers between them. No SQL, no rules. */
#ifndef MQ_HTTP_H
#define MQ_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mod/ctx.h"

enum { HTTP_PARAMS_MAX = 4, HTTP_PATH_BYTES_MAX = 2048, HTTP_ETAG_BYTES = 40 };

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_OTHER };
enum http_role { ROLE_ANONYMOUS };

struct stream_ask; /* http/stream.h */
struct site; /* http/page.h: what is the same for every page of one portal */

struct http_request {
    enum http_method method;
    struct str path;                    /* decoded, UTF-8, starts with '/', no empty, "." or ".." segment */
    struct str query;                   /* raw, without '?'; absent when there is none */
    struct str params[HTTP_PARAMS_MAX]; /* what stood for {…} in the pattern */
    struct str if_none_match;
    bool gzip, brotli; /* the client accepts these encodings */
    bool english;      /* the path began with /en/ (taken off) */
    bool large;        /* and with /large/ before that (taken off): large text */
    struct ctx *ctx;   /* connection, arena and clock of this worker */
    const struct site *site;
    struct str base; /* "http://host:port" as the client named us; absent when it named nothing sensible */
    struct keep *keep; /* of this worker, NULL: nothing is kept */
    struct office *office;   /* writes for the forms of pages (form.h); NULL elsewhere */
    const struct form *form; /* of a POST; NULL elsewhere */
    struct str peer;         /* the address of the client, of a POST; absent elsewhere */
};

struct http_reply {
    int status; /* 0 until a handler decided: 200 */
    const char *type;
    struct str body; /* copied when sent, unless body_lasts */
    bool body_lasts; /* the bytes live as long as the program */
    bool devices;    /* the page may ask for the camera and the position */
    int fd;          /* >= 0: send this file of fd_bytes instead; the server closes it */
    uint64_t fd_bytes;
    const struct stream_ask *stream; /* not NULL: events about a job instead; lives in the arena */
    const char *cache;          /* Cache-Control; NULL: no-cache */
    const char *encoding;       /* Content-Encoding or NULL */
    const char *allow;          /* Allow or NULL */
    struct str location;        /* Location; absent when there is none */
    struct str disposition;     /* Content-Disposition; absent when there is none */
    struct str link;            /* Link; absent when there is none */
    struct str set_cookie;      /* Set-Cookie; absent when there is none */
    char etag[HTTP_ETAG_BYTES]; /* with its quotes; "" when there is none */
};
/* http_send_file: the reply is this file; links and what is no file are not there: ERR_NOT_FOUND. */
MUST_USE enum err http_send_file(struct http_reply *r, const char *path, const char *type, const char *cache);

typedef enum err (*http_handler)(struct http_request *, struct http_reply *);

/* http_respond: route the request and fill the reply; errors become pages. Never fails. */
void http_respond(struct http_request *request, struct http_reply *reply);
/* http_takes_form: is there a form of this (decoded) path, with or without its language? */
bool http_takes_form(struct str path);
/* http_refused: the page of an error as the reply, without looking for a handler. */
void http_refused(struct http_request *request, enum err e, struct http_reply *reply);

/*
 * http_path: decode the path of a raw request target into out.
 * ERR_SYNTAX  not an absolute path, bad percent code, NUL, control byte, backslash or bad UTF-8.
 * ERR_NOT_FOUND  an empty, "." or ".." segment: no such resource here.
 * ERR_MEMORY
 */
MUST_USE enum err http_path(struct arena *a, struct str target, struct str *path, struct str *query);
/* http_query: the decoded value of a key in an urlencoded query; absent when it is not there or malformed. */
struct str http_query(struct arena *a, struct str query, const char *key);
/* http_tag: the entity tag of these bytes (64-bit FNV-1a in hex, quoted). */
void http_tag(struct str bytes, char etag[HTTP_ETAG_BYTES]);
/* http_tag_matches: does If-None-Match name this tag? */
bool http_tag_matches(struct str if_none_match, const char *etag);
/* http_accepts: is the coding listed in Accept-Encoding, not with q=0? */
bool http_accepts(struct str accept_encoding, struct str coding);

/*
 * http_match: does the path fit the pattern? "{name}" stands for one segment and "{*}" for all
 * that is left, kept in params in order.
 */
bool http_match(const char *pattern, struct str path, struct str params[HTTP_PARAMS_MAX]);

#endif
