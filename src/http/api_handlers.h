/* http/api_handlers.h - what answers the API lines of routes.def */
#ifndef MQ_API_HANDLERS_H
#define MQ_API_HANDLERS_H

#include "api.h"

#define PAGE(pattern, role, view, clause)
#define ROUTE(method, pattern, role, handler, clause)
#define API(method, pattern, permission, handler, flags, query, body, clause, summary)                       \
    MUST_USE enum err handler(struct api *q);
#include "routes.def"
#undef PAGE
#undef ROUTE
#undef API

#endif
