/* http/api_openapi.c - OpenAPI 3.1 from routes.def */
#include <stdio.h>
#include <string.h>

#include "api_handlers.h"
#include "api_schema.h"
#include "mod/json.h"

static const char *const METHODS[] = {"get", "head", "post", "put", "delete"};

static json_t *
parameter(struct str name, const char *in, bool required)
{
    return json_pack("{s:o, s:s, s:b, s:{s:s}}", "name", api_str(name), "in", in, "required", required,
                     "schema", "type", "string");
}

static json_t *
parameters(const struct api_route *r)
{
    json_t *list = json_array();
    struct str rest = str_of(r->pattern), one;

    for (bool more = true; more;) {
        more = str_split(rest, '/', &one, &rest);
        if (one.n > 2 && one.p[0] == '{')
            json_array_append_new(list, parameter((struct str){one.p + 1, one.n - 2}, "path", true));
    }
    rest = str_of(r->query);
    for (bool more = rest.n > 0; more;) {
        more = str_split(rest, ' ', &one, &rest);
        json_array_append_new(list, parameter(one, "query", false));
    }
    return list;
}

static const char *
type_name(char type)
{
    return type == 's'   ? "string"
           : type == 'i' ? "integer"
           : type == 'b' ? "boolean"
           : type == 'a' ? "array"
                         : "object";
}

static json_t *
content(struct api *q, const struct api_route *r)
{
    json_t *fields = json_object(), *required = json_array();
    struct str rest = str_of(r->body), one, id, type;

    for (bool more = true; more;) {
        bool must;

        more = str_split(rest, ' ', &one, &rest);
        if (!str_split(one, ':', &id, &type))
            continue;
        must = type.n > 1;
        json_object_set_new(fields, str_z(q->ctx->arena, id),
                            must ? json_pack("{s:s}", "type", type_name(type.p[0]))
                                 : json_pack("{s:[s, s]}", "type", type_name(type.p[0]), "null"));
        if (must)
            json_array_append_new(required, api_str(id));
    }
    return json_pack("{s:b, s:{s:{s:{s:s, s:o, s:o, s:b}}}}", "required", 1, "content", "application/json",
                     "schema", "type", "object", "properties", fields, "required", required,
                     "additionalProperties", 0);
}

/* What it answers; a route that answers.def does not know answers anything (a test tells). */
static json_t *
responses(const struct api_route *r)
{
    json_t *content = schema_answer(r);
    json_t *done = json_pack("{s:s}", "description", content != NULL && json_object_size(content) == 0 ? "no content" : "done");

    if (content != NULL && json_object_size(content) > 0)
        json_object_set(done, "content", content);
    if (content == NULL)
        json_object_set_new(done, "x-undescribed", json_true());
    json_decref(content);
    return json_pack("{s:o, s:{s:s, s:{s:{s:{s:s}}}}}", "2XX", done, "default", "description", "a problem (RFC 9457)",
                     "content", "application/problem+json", "schema", "$ref", "#/components/schemas/problem");
}

/* get_targets_code: method and path as one word. */
static json_t *
operation_id(struct api *q, const struct api_route *r)
{
    struct buf b;

    if (buf_in(q->ctx, strlen(r->pattern) + 16, &b) != OK)
        return json_null();
    buf_z(&b, METHODS[r->method]);
    for (const char *p = r->pattern + strlen("/api/v1"); *p != '\0'; p++)
        if (*p != '{' && *p != '}')
            buf_add(&b, strchr("/-.", *p) != NULL ? "_" : p, 1);
    return api_str(buf_view(&b));
}

/* The noun it is about: the first segment. */
static json_t *
tag_of(const struct api_route *r)
{
    const char *p = r->pattern + strlen("/api/v1/");

    return json_pack("[o]", json_stringn(p, strcspn(p, "/.")));
}

static json_t *
operation(struct api *q, const struct api_route *r)
{
    json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:s, s:o}", "summary", r->summary, "operationId", operation_id(q, r), "tags",
                          tag_of(r), "parameters", parameters(r), "x-clause", r->clause, "responses", responses(r));

    if (r->permission != PERMIT_NOBODY_ASKED) {
        json_object_set_new(o, "security", json_pack("[{s:[]}]", "session"));
        json_object_set_new(o, "x-permission", api_str(permission_words(r->permission)->id));
    }
    if ((r->flags & API_UPLOAD) != 0)
        json_object_set_new(
            o, "requestBody",
            json_pack("{s:b, s:{s:{}}}", "required", 1, "content", "application/octet-stream"));
    else if (*r->body != '\0')
        json_object_set_new(o, "requestBody", content(q, r));
    return o;
}

enum err
api_openapi_get(struct api *q)
{
    json_t *paths = json_object();

    for (size_t i = 0; i < api_route_count; i++) {
        const struct api_route *r = &api_routes[i];
        const char *path = r->pattern + strlen("/api/v1");

        if (json_object_get(paths, path) == NULL)
            json_object_set_new(paths, path, json_object());
        json_object_set_new(json_object_get(paths, path), METHODS[r->method], operation(q, r));
    }
    q->out = json_pack("{s:s, s:{s:s, s:s, s:s}, s:[{s:s}], s:o, s:{s:{s:{s:s, s:s, s:s}}, s:o}}",
                       "openapi", "3.1.0", "info", "title", "mingqian 明签", "version", MQ_VERSION, "summary",
                       "Spot checks drawn in the open", "servers", "url", "/api/v1", "paths", paths,
                       "components", "securitySchemes", "session", "type", "apiKey", "in", "cookie", "name",
                       API_COOKIE, "schemas", schema_shared());
    return q->out == NULL ? ERR_MEMORY : OK;
}
