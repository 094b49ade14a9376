/* mod/json.h - JSON that comes in, read strictly and within bounds; JSON that goes out, written canonically.
 * In: jansson, no duplicate keys, no unknown fields, every text and list bounded. Out: no blanks, fields in
 * the order given by the caller, only the escapes that RFC 8259 demands. */
#ifndef MQ_MOD_JSON_H
#define MQ_MOD_JSON_H

#include <jansson.h>

#include "mod/ctx.h"

enum { JSON_BYTES_MAX = 1 << 20 };

/* json_read: one object. The caller frees it with json_decref. ERR_SYNTAX with line and column in c->why;
 * ERR_TOO_LARGE above 1 MB. */
MUST_USE enum err json_read(struct ctx *c, struct str text, json_t **out);
/* json_read_list: one array. Errors as json_read. */
MUST_USE enum err json_read_list(struct ctx *c, struct str text, json_t **out);
/* json_only: every field of the object is one of the names. ERR_INPUT names the other. */
MUST_USE enum err json_only(struct ctx *c, const json_t *object, const char *const *names, size_t count);

/* One field. An absent (or null) optional field leaves *out as it is. ERR_INPUT another type, or missing;
 * ERR_LENGTH a text that is empty or longer than max bytes; ERR_RANGE a number outside [min, max]. */
struct json_field {
    const char *name;
    bool required;
};
MUST_USE enum err json_text(struct ctx *c, const json_t *object, struct json_field f, size_t max_bytes,
                            struct str *out);
MUST_USE enum err json_i64(struct ctx *c, const json_t *object, struct json_field f, int64_t min, int64_t max,
                           int64_t *out);
/* json_day: a text YYYY-MM-DD as a day since 1970-01-01. ERR_DATE. */
MUST_USE enum err json_day(struct ctx *c, const json_t *object, struct json_field f, int64_t *out);

struct texts {
    struct str *v;
    size_t count;
};
/* json_texts: an array of at most max_count texts of at most max_bytes each. ERR_TOO_LARGE, ERR_DUPLICATE. */
MUST_USE enum err json_texts(struct ctx *c, const json_t *object, struct json_field f, size_t max_count,
                             size_t max_bytes, struct texts *out);
/* json_texts_of: the same for an array that stands alone, as a column of the database holds it. */
MUST_USE enum err json_texts_of(struct ctx *c, struct str array, size_t max_count, size_t max_bytes,
                                struct texts *out);
/* json_nested: the compact JSON of a required field, as it came. */
MUST_USE enum err json_nested(struct ctx *c, const json_t *object, const char *name, struct str *out);
bool texts_have(const struct texts *t, struct str s);

/* Writers into a buf. json_put_texts writes an array. */
void json_put_text(struct buf *b, struct str s);
void json_put_texts(struct buf *b, const struct texts *t);
/* json_put_field: ,"name": (without the comma after an opening brace). */
void json_put_name(struct buf *b, const char *name);
/* buf_take: the finished text in the arena of c. ERR_MEMORY when the buffer was too small. */
MUST_USE enum err buf_take(struct ctx *c, const struct buf *b, struct str *out);
/* buf_in: a buffer of size_bytes taken from the arena of c. ERR_MEMORY. */
MUST_USE enum err buf_in(struct ctx *c, size_t size_bytes, struct buf *out);

#endif
