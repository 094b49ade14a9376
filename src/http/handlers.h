/* http/handlers.h - what answers the ROUTE lines of routes.def */
#ifndef MQ_HANDLERS_H
#define MQ_HANDLERS_H

#include "http.h"

#define PAGE(pattern, role, view, clause)
#define ROUTE(method, pattern, role, handler, clause)                                                        \
    MUST_USE enum err handler(struct http_request *request, struct http_reply *reply);
#define API(method, pattern, permission, handler, flags, query, body, clause, summary)
#include "routes.def"
#undef API
#undef PAGE
#undef ROUTE

#endif
