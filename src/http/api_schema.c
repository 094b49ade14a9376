/* http/api_schema.c - see api_schema.h */
#include "api_schema.h"

#include <string.h>

enum { NAME_BYTES = 64, DEPTH_MAX = 12 };

static const struct {
    enum http_method method;
    const char *pattern, *text;
} ANSWERS[] = {
#define ANSWER(method, pattern, text) {method, "/api/v1" pattern, text},
#define SHAPE(name, text)
#include "answers.def"
#undef ANSWER
#undef SHAPE
};

static const struct {
    const char *name, *text;
} SHAPES[] = {
#define ANSWER(method, pattern, text)
#define SHAPE(name, text) {name, text},
#include "answers.def"
#undef ANSWER
#undef SHAPE
};

/* --- the short form ------------------------------------------------------------------------------------------------------ */

static json_t *value(const char **p, int depth);

static void
blanks(const char **p)
{
    while (**p == ' ')
        (*p)++;
}

static bool
took(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

/* A word of letters, figures, '_', '-', '.'. */
static bool
word_of(const char **p, char out[static NAME_BYTES])
{
    size_t n = 0;

    while (n + 1 < NAME_BYTES && (strchr("_-.", **p) != NULL ? **p != '\0' : (**p >= 'a' && **p <= 'z') ||
                                  (**p >= 'A' && **p <= 'Z') || (**p >= '0' && **p <= '9')))
        out[n++] = *(*p)++;
    out[n] = '\0';
    return n > 0;
}

static json_t *
fields(const char **p, int depth)
{
    json_t *properties = json_object(), *required = json_array();
    char name[NAME_BYTES];

    for (blanks(p); !took(p, '}'); blanks(p)) {
        bool named = word_of(p, name), optional = took(p, '?');
        json_t *one = named && took(p, ':') ? value(p, depth) : NULL;

        if (one == NULL) {
            json_decref(properties);
            json_decref(required);
            return NULL;
        }
        json_object_set_new(properties, name, one);
        if (!optional)
            json_array_append_new(required, json_string(name));
    }
    return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties, "required", required,
                     "additionalProperties", 0);
}

static json_t *
list(const char **p, int depth)
{
    json_t *items = value(p, depth);

    if (items == NULL || !took(p, ']')) {
        json_decref(items);
        return NULL;
    }
    return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

static json_t *
shared(const char **p)
{
    char name[NAME_BYTES], path[NAME_BYTES + 32] = "#/components/schemas/";

    return word_of(p, name) ? json_pack("{s:s}", "$ref", strcat(path, name)) : NULL;
}

/* A null besides. */
static json_t *
or_null(json_t *v)
{
    json_t *type = json_object_get(v, "type");

    if (type == NULL)
        return json_pack("{s:[o, {s:s}]}", "anyOf", v, "type", "null");
    json_object_set_new(v, "type", json_pack("[O, s]", type, "null"));
    return v;
}

static json_t *
value(const char **p, int depth)
{
    static const char *const SIMPLE[] = {"s:string", "i:integer", "n:number", "b:boolean", "o:object"};
    json_t *v = NULL;

    if (depth > DEPTH_MAX)
        return NULL;
    for (size_t i = 0; v == NULL && i < sizeof SIMPLE / sizeof *SIMPLE; i++)
        if (took(p, SIMPLE[i][0]))
            v = json_pack("{s:s}", "type", SIMPLE[i] + 2);
    if (v == NULL)
        v = took(p, '*')   ? json_object()
            : took(p, '@') ? shared(p)
            : took(p, '[') ? list(p, depth + 1)
            : took(p, '{') ? fields(p, depth + 1)
                           : NULL;
    return v != NULL && took(p, '?') ? or_null(v) : v;
}

json_t *
schema_of(const char *text)
{
    json_t *v = value(&text, 0);

    blanks(&text);
    if (*text == '\0')
        return v;
    json_decref(v);
    return NULL;
}

/* --- the tables ------------------------------------------------------------------------------------------------------------- */

static json_t *
problem(void)
{
    json_t *error = schema_of("{pointer:s code:s detail:s zh:s en:s}");
    json_t *v = schema_of("{type:s title:s status:i code:s zh:s en:s detail?:s errors?:[*]}");

    if (error != NULL && v != NULL)
        json_object_set(json_object_get(json_object_get(v, "properties"), "errors"), "items", error);
    json_decref(error);
    return v;
}

json_t *
schema_shared(void)
{
    json_t *all = json_object();

    json_object_set_new(all, "problem", problem());
    for (size_t i = 0; i < sizeof SHAPES / sizeof *SHAPES; i++)
        if (json_object_set_new(all, SHAPES[i].name, schema_of(SHAPES[i].text)) != 0) {
            json_decref(all);
            return NULL;
        }
    return all;
}

/* "file:text/csv file:application/pdf": media types without a schema. */
static json_t *
files(const char *text)
{
    json_t *content = json_object();
    struct str rest = str_of(text), one;

    for (bool more = true; more;) {
        char type[NAME_BYTES * 2] = "";

        more = str_split(rest, ' ', &one, &rest);
        if (!str_starts(one, STR("file:")) || one.n - 5 >= sizeof type)
            continue;
        memcpy(type, one.p + 5, one.n - 5);
        json_object_set_new(content, type, json_object());
    }
    return content;
}

/* "rows T": a page of rows. */
static json_t *
page_of(const char *text)
{
    json_t *rows = schema_of(text), *page = rows == NULL ? NULL : schema_of("{rows:[*] next:s?}");

    if (page != NULL)
        json_object_set(json_object_get(json_object_get(page, "properties"), "rows"), "items", rows);
    json_decref(rows);
    return page;
}

json_t *
schema_answer(const struct api_route *r)
{
    const char *text = NULL;
    json_t *v;

    for (size_t i = 0; text == NULL && i < sizeof ANSWERS / sizeof *ANSWERS; i++)
        if (ANSWERS[i].method == r->method && strcmp(ANSWERS[i].pattern, r->pattern) == 0)
            text = ANSWERS[i].text;
    if (text == NULL)
        return NULL;
    if (strcmp(text, "-") == 0)
        return json_object();
    if (strncmp(text, "file:", 5) == 0)
        return files(text);
    v = strncmp(text, "rows ", 5) == 0 ? page_of(text + 5) : schema_of(text);
    return v == NULL ? NULL : json_pack("{s:{s:o}}", "application/json", "schema", v);
}
