/* http/stream.h - server-sent events: connections that stay open and are told how far a job is, until it ends. One thread looks
 * at all of them; a connection that has nothing to send is suspended and costs nothing. */
#ifndef MQ_STREAM_H
#define MQ_STREAM_H

#include <microhttpd.h>

#include "guard.h"
#include "office.h"

enum {
    STREAMS_MAX = 256,          /* connections at a time */
    STREAMS_OF_ACCOUNT = 8,     /* of one account: for one more the oldest gives way and comes back */
    STREAM_TICK_MS = 200,       /* between two looks at a job */
    STREAM_BEAT_TICKS = 25,     /* a comment goes out when nothing else did, and the session is asked for again */
    STREAM_READ_SECONDS = 60,   /* within which a client takes what it is sent */
    STREAM_EVENT_BYTES = 96 << 10,
    STREAM_ID_BYTES = 64,
    STREAM_TOKEN_BYTES = 80
};

/* What one connection wants to know. The event names a state: one that the client has seen is not sent again. */
struct stream_ask {
    int64_t job, account;
    char token[STREAM_TOKEN_BYTES]; /* of the session: the stream ends with it */
    char seen[STREAM_ID_BYTES];     /* Last-Event-ID; "" when it has seen none */
};

struct streams;
/* streams_start: the thread with its own read connection. A client that does not read for a while is cut off by the deadlines.
 * ERR_DB, ERR_MEMORY. */
MUST_USE enum err streams_start(struct office *o, struct deadlines *deadlines, struct streams **out);
/* streams_quiet: end every stream now and let no new one in: before the server drains. streams_stop: after it. NULL is fine. */
void streams_quiet(struct streams *s);
void streams_stop(struct streams *s);
/* streams_open: the response of a connection; NULL when there is no room. */
struct MHD_Response *streams_open(struct streams *s, const struct stream_ask *ask, struct MHD_Connection *connection);

#endif
