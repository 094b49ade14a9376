/* http/open_file.c - a file of the open data in force (mod/opendata) */
#include <stdio.h>
#include <string.h>

#include "handlers.h"
#include "mod/opendata/opendata.h"

static const char *
type_of(struct str name)
{
    static const char *const TYPES[][2] = {{".csv", "text/csv; charset=utf-8"},
                                           {".jsonl", "application/x-ndjson"},
                                           {".json", "application/json"},
                                           {".jsonld", "application/ld+json"},
                                           {".note", "text/plain; charset=utf-8"}};

    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        size_t k = strlen(TYPES[i][0]);

        if (name.n > k && str_eq((struct str){name.p + name.n - k, k}, str_of(TYPES[i][0])))
            return TYPES[i][1];
    }
    return NULL;
}

/* Names are small letters and a dot, never in front: nothing else is in that folder, and no path leads out of it. */
static bool
is_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((name.p[i] < 'a' || name.p[i] > 'z') && (name.p[i] != '.' || i == 0))
            return false;
    return true;
}

enum err
http_open_file(struct http_request *q, struct http_reply *r)
{
    char dir[OPENDATA_PATH_BYTES], path[2 * OPENDATA_PATH_BYTES];
    struct str name = q->params[0];
    enum err e = is_name(name) && type_of(name) != NULL ? opendata_current(q->ctx, dir) : ERR_NOT_FOUND;

    if (e != OK)
        return e;
    if (snprintf(path, sizeof path, "%s/%.*s", dir, (int) name.n, name.p) >= (int) sizeof path)
        return ERR_NOT_FOUND;
    return http_send_file(r, path, type_of(name), "public, max-age=3600");
}
