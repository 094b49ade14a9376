/* app/fetch.h - getting published files over HTTP (libcurl): bounded in size, time and redirects. */
#ifndef MQ_FETCH_H
#define MQ_FETCH_H

#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* fetch_is_url: http:// or https://. */
bool fetch_is_url(const char *s);
struct fetch; /* one connection, reused */
MUST_USE enum err fetch_open(struct fetch **out);
void fetch_close(struct fetch *f);
/*
 * fetch_file: the body of url into a file. ERR_NOT_FOUND (404, 410), ERR_TOO_LARGE above max_bytes, ERR_IO anything
 * else that is not 200: fetch_why says what.
 */
MUST_USE enum err fetch_file(struct fetch *f, const char *url, size_t max_bytes, FILE *out);
/* fetch_bytes: the same into the arena. ERR_MEMORY. */
MUST_USE enum err fetch_bytes(struct fetch *f, struct arena *a, const char *url, size_t max_bytes, struct str *out);
/* fetch_post: hand body over as text/plain; the answer whatever *status is. ERR_IO nobody answered; ERR_TOO_LARGE, ERR_MEMORY. */
MUST_USE enum err fetch_post(struct fetch *f, struct arena *a, const char *url, struct str body, size_t max_bytes,
                             struct str *out, long *status);
const char *fetch_why(const struct fetch *f);

#endif
