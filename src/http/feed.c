/* http/feed.c - see feed.h */
#include "feed.h"

#include <string.h>

#include "core/hash.h"
#include "handlers.h"
#include "view.h"

enum { FEED_BYTES = 512 << 10, ID_BYTES = 46, TIME_BYTES = 21 };

struct feed {
    struct page *p;
    struct str path, title, department, target;
    struct report_publication_shown *rows;
    size_t count;
};

/* 2026-05-20T02:00:00Z */
static struct str
rfc3339(struct page *p, int64_t us)
{
    int64_t second = us / 1000000, of_day = second % 86400;
    char *s = arena_alloc(p->ctx->arena, TIME_BYTES), date[11];
    struct buf b = buf_over(s, s == NULL ? 0 : TIME_BYTES);
    const int64_t part[] = {of_day / 3600, of_day / 60 % 60, of_day % 60};

    html_date(second / 86400, date);
    buf_z(&b, date);
    for (int i = 0; i < 3; i++) {
        buf_z(&b, i == 0 ? "T" : ":");
        buf_z(&b, part[i] < 10 ? "0" : "");
        buf_i64(&b, part[i]);
    }
    buf_z(&b, "Z");
    return buf_view(&b);
}

/* An identity that lasts: a UUID of version 8 (RFC 9562) from the origin of the log and the key. */
static struct str
identity(struct page *p, struct str key, int64_t id)
{
    unsigned char h[HASH_LEN];
    char *s = arena_alloc(p->ctx->arena, ID_BYTES), digits[24];
    struct buf b = buf_over(s, s == NULL ? 0 : ID_BYTES), number = buf_over(digits, sizeof digits);
    struct hash hash;

    buf_i64(&number, id);
    hash_init(&hash, HASH_SHA256);
    hash_update(&hash, p->site->origin.p, p->site->origin.n);
    hash_update(&hash, "\n", 1);
    hash_update(&hash, key.p, key.n);
    hash_update(&hash, "\n", 1);
    hash_update(&hash, number.p, number.n);
    hash_final(&hash, h);
    h[6] = (unsigned char) ((h[6] & 0x0F) | 0x80);
    h[8] = (unsigned char) ((h[8] & 0x3F) | 0x80);
    buf_z(&b, "urn:uuid:");
    for (int i = 0; i < 16; i++) {
        buf_z(&b, i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "");
        buf_hex(&b, &h[i], 1);
    }
    return buf_view(&b);
}

/* A whole address, or one relative to the feed. */
static struct str
address(struct feed *f, struct str path)
{
    char *s;
    struct buf b;

    if (f->p->base.n > 0)
        return page_join(f->p, f->p->base, path, STR(""));
    s = arena_alloc(f->p->ctx->arena, path.n + f->path.n * 3 + 16);
    b = buf_over(s, s == NULL ? 0 : path.n + f->path.n * 3 + 16);
    for (size_t i = 1; i < f->path.n; i++)
        buf_z(&b, f->path.p[i] == '/' ? "../" : "");
    buf_add(&b, path.p + 1, path.n - 1);
    buf_z(&b, f->p->site->files && path.p[path.n - 1] == '/' ? "index.html" : "");
    return buf_view(&b);
}

static void
put_entry(struct feed *f, const struct departments *d, const struct report_publication_shown *r)
{
    struct page *p = f->p;
    struct html *h = &p->h;
    struct str codes[VIEW_LIST_MAX];
    size_t count = view_list(p->ctx->arena, r->codes, codes);
    struct str link = address(f, page_join(p, STR("/targets/"), r->target, STR("/")));

    html_put(h, "<entry><id>{}</id><title>{}：{}{}</title><updated>{}</updated><published>{}</published>",
             H_STR(identity(p, r->target, r->id)),
             H_STR(view_target_name(p, r->name, r->entity_type, r->region_name, r->target)), H_STR(r->item_name),
             H_Z(r->correction > 0 ? "（更正）" : ""), H_STR(rfc3339(p, r->gone_us.set ? r->gone_us.v : r->published_us)),
             H_STR(rfc3339(p, r->published_us)));
    html_put(h, "<author><name>{}</name></author><link rel=\"alternate\" type=\"text/html\" href=\"{}\"/><summary>",
             H_STR(view_department(d, r->department)), H_STR(link));
    if (r->gone.p != NULL)
        html_put(h, "{} {}", H_T2(str_eq(r->gone, STR("taken")), gone_taken, gone_withdrawn), H_STR(r->gone_reason));
    for (size_t i = 0; r->gone.p == NULL && i < count; i++)
        html_put(h, "{}{}", H_Z(i == 0 ? "" : "；"), H_STR(view_result_name(p, codes[i])));
    html_put(h, "</summary></entry>\n");
}

static void
put_feed(struct feed *f, const struct departments *d)
{
    struct page *p = f->p;
    struct html *h = &p->h;
    int64_t updated = 0;
    struct str page = {f->path.p, f->path.n - strlen("feed.atom")};

    for (size_t i = 0; i < f->count; i++) {
        int64_t us = f->rows[i].gone_us.set ? f->rows[i].gone_us.v : f->rows[i].published_us;

        updated = us > updated ? us : updated;
    }
    html_put(h,
             "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">"
             "<id>{}</id><title>{}</title><updated>{}</updated><author><name>{}</name></author>"
             "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>",
             H_STR(identity(p, f->path, 0)), H_STR(f->title), H_STR(rfc3339(p, updated)), H_STR(p->site->name),
             H_STR(address(f, page)));
    if (p->base.n > 0)
        html_put(h, "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>", H_STR(address(f, f->path)));
    html_put(h, "\n");
    for (size_t i = 0; i < f->count; i++)
        put_entry(f, d, &f->rows[i]);
    html_put(h, "</feed>\n");
}

static enum err
read_list(struct feed *f)
{
    struct page *p = f->p;
    struct report_ask ask = REPORT_ASK_ALL;

    ask.department = f->department;
    ask.today = page_today(p);
    ask.limit = FEED_ENTRIES;
    return report_results(p->ctx->db, p->ctx->arena, &ask, &f->rows, &f->count);
}

static enum err
read_target(struct feed *f)
{
    struct page *p = f->p;
    struct report_target_publications_row *rows;
    struct report_target_row t;
    enum err e = report_target(p->ctx->db, p->ctx->arena, &(struct report_target_in){f->target}, &t);

    _Static_assert(sizeof *rows == sizeof *f->rows, "rows that hold one publication and nothing else");
    if (e == OK)
        e = report_target_publications(p->ctx->db, p->ctx->arena,
                                       &(struct report_target_publications_in){f->target, {page_today(p)}, FEED_ENTRIES}, &rows,
                                       &f->count);
    if (e != OK)
        return e;
    f->rows = f->count == 0 ? NULL : &rows[0].p;
    f->title = view_target_name(p, t.name, t.entity_type, t.region_name, t.code);
    return OK;
}

static enum err
read_feed(struct feed *f, const struct departments *d)
{
    struct str params[HTTP_PARAMS_MAX];

    f->title = html_text(&f->p->h, TEXT_feed_title);
    if (http_match("/targets/{code}/feed.atom", f->path, params)) {
        f->target = params[0];
        return read_target(f);
    }
    if (http_match("/departments/{code}/feed.atom", f->path, params)) {
        f->department = params[0];
        f->title = view_department(d, params[0]);
        return f->title.p == params[0].p ? ERR_NOT_FOUND : read_list(f);
    }
    return str_eq(f->path, STR("/feed.atom")) ? read_list(f) : ERR_NOT_FOUND;
}

enum err
feed_write(struct page *p, struct str path, struct str *body)
{
    struct feed f = {.p = p, .path = path};
    struct departments d;
    char *out = arena_alloc(p->ctx->arena, FEED_BYTES);
    enum err e = out == NULL ? ERR_MEMORY : view_departments(p, &d);

    if (e == OK)
        e = read_feed(&f, &d);
    if (e != OK)
        return e;
    p->h.out = buf_over(out, FEED_BYTES);
    put_feed(&f, &d);
    *body = buf_view(&p->h.out);
    return html_failed(&p->h) ? ERR_TOO_LARGE : OK;
}

enum err
http_feed(struct http_request *q, struct http_reply *r)
{
    struct page p = {.ctx = q->ctx, .site = q->site, .path = q->path, .base = q->base};

    p.h.root = STR("/");
    r->type = "application/atom+xml; charset=utf-8";
    r->cache = "public, max-age=60";
    return feed_write(&p, q->path, &r->body);
}
