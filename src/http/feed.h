/* http/feed.h - Atom feeds (RFC 4287) of what was published: of all departments, of one, about one target */
#ifndef MQ_FEED_H
#define MQ_FEED_H

#include "page.h"

/* feed_write: the feed at this path, "/feed.atom", "/departments/CODE/feed.atom" or "/targets/CODE/feed.atom", with the latest
 * FEED_ENTRIES. With p->base links are whole addresses, otherwise relative to the feed. ERR_NOT_FOUND, ERR_MEMORY. */
enum { FEED_ENTRIES = 50 };
MUST_USE enum err feed_write(struct page *p, struct str path, struct str *body);

#endif
