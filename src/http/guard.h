/* http/guard.h - what libmicrohttpd lets through and must not pass: ambiguous framing (request smuggling),
 * hidden header bytes, and clients that drip (its timeout is inactivity only). */
#ifndef MQ_GUARD_H
#define MQ_GUARD_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { GUARD_FD_MAX = 16384 };

/*
 * guard_headers: ERR_SYNTAX when the header section could be read in two ways: two Content-Length, Host or
 * Transfer-Encoding, Content-Length with Transfer-Encoding, a missing Host in HTTP/1.1, a folded line, a NUL,
 * or bytes between two fields that the parser skipped. method and version: as the library passed them (they
 * point into its buffer, at the begin and end of the request line).
 */
MUST_USE enum err guard_headers(struct MHD_Connection *connection, const char *method, const char *version);
/* guard_has_body: does the request announce content? */
bool guard_has_body(struct MHD_Connection *connection);

/* Absolute deadlines: a thread that shuts down the socket of every connection whose time is over. */
struct deadlines;
MUST_USE enum err deadlines_start(struct deadlines **out);
void deadlines_stop(struct deadlines *d);
/* deadlines_set: fd must be finished within the seconds from now. deadlines_clear: it is closed by its owner.
 */
void deadlines_set(struct deadlines *d, int fd, int64_t seconds);
void deadlines_clear(struct deadlines *d, int fd);

#endif
