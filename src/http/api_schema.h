/* http/api_schema.h - the answers of the API, written short in answers.def, as JSON Schema */
#ifndef MQ_API_SCHEMA_H
#define MQ_API_SCHEMA_H

#include "api.h"

/* schema_of: the JSON Schema of a text as answers.def describes it. NULL when the text is none (or without memory). */
json_t *schema_of(const char *text);
/* schema_shared: the SHAPEs of answers.def by name, and "problem" (RFC 9457). NULL when one of them is none. */
json_t *schema_shared(void);
/* schema_answer: "content" of a route's answer: media types with their schemas; an empty object when it has none. NULL when
 * answers.def has no line for the route. */
json_t *schema_answer(const struct api_route *r);

#endif
