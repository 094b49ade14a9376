/* http/asset.c - see asset.h */
#include "asset.h"

#include <string.h>

#include "handlers.h"

const struct asset *
asset_find(const char *name)
{
    for (size_t i = 0; i < asset_count; i++)
        if (strcmp(assets[i].name, name) == 0)
            return &assets[i];
    return NULL;
}

struct str
asset_path(struct arena *a, const char *name)
{
    const struct asset *found = asset_find(name);
    char *s = found == NULL ? NULL : arena_alloc(a, strlen(found->hashed) + 9);
    struct buf b = buf_over(s, s == NULL ? 0 : strlen(found->hashed) + 9);

    if (s == NULL)
        return STR("/assets/-");
    buf_z(&b, "/assets/");
    buf_z(&b, found->hashed);
    return buf_view(&b);
}

static enum err
send_asset(const struct http_request *q, struct http_reply *r, const struct asset *a)
{
    struct buf tag = buf_over(r->etag, sizeof r->etag - 1);
    char plain_tag[HTTP_ETAG_BYTES];

    r->type = a->type;
    r->body = a->plain;
    r->body_lasts = true;
    if (q->brotli && a->brotli.p != NULL) {
        r->body = a->brotli;
        r->encoding = "br";
    } else if (q->gzip && a->gzip.p != NULL) {
        r->body = a->gzip;
        r->encoding = "gzip";
    }
    http_tag(r->body, plain_tag);
    buf_z(&tag, plain_tag);
    return OK;
}

enum err
http_asset(struct http_request *q, struct http_reply *r)
{
    for (size_t i = 0; i < asset_count; i++)
        if (str_eq(q->params[0], str_of(assets[i].hashed))) {
            r->cache = "public, max-age=31536000, immutable";
            return send_asset(q, r, &assets[i]);
        }
    return ERR_NOT_FOUND;
}

enum err
http_favicon(struct http_request *q, struct http_reply *r)
{
    const struct asset *icon = asset_find("icon.svg");

    if (icon == NULL)
        return ERR_NOT_FOUND;
    r->cache = "public, max-age=86400";
    return send_asset(q, r, icon);
}

static const struct asset *
built_file(const struct asset *files, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str_of(files[i].name)))
            return &files[i];
    return NULL;
}

/* Files have hashed names below assets/; every other address is a page of the console, which finds its way by
 * itself. */
enum err
http_console(struct http_request *q, struct http_reply *r)
{
    bool hashed = str_starts(q->params[0], STR("assets/"));
    const struct asset *found =
        built_file(console_files, console_file_count, hashed ? q->params[0] : STR("index.html"));

    if (found == NULL)
        return ERR_NOT_FOUND;
    r->cache = hashed ? "public, max-age=31536000, immutable" : "no-cache";
    return send_asset(q, r, found);
}

/* The phone finds its way behind the #; its worker, manifest and icons keep their names. */
enum err
http_phone(struct http_request *q, struct http_reply *r)
{
    struct str name = q->params[0].n > 0 ? q->params[0] : STR("index.html");
    const struct asset *found = built_file(phone_files, phone_file_count, name);

    if (found == NULL)
        return ERR_NOT_FOUND;
    r->devices = true;
    r->cache = str_starts(name, STR("assets/")) ? "public, max-age=31536000, immutable" : "no-cache";
    return send_asset(q, r, found);
}
