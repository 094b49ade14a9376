/* http/files.c - files of the data directory: those of draws that are public, and the log at its C2SP paths
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api_file.h"
#include "draw_public.h"
#include "handlers.h"
#include "mod/file.h"
#include "mod/plan/layout.h"
#include "view.h"

enum err
http_send_file(struct http_reply *r, const char *path, const char *type, const char *cache)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return ERR_NOT_FOUND;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return ERR_NOT_FOUND;
    }
    r->fd = fd;
    r->fd_bytes = (uint64_t) st.st_size;
    r->type = type;
    r->cache = cache;
    return OK;
}

/* The local root 本机构根证书 that phones are told to trust (mingqian certificate make). */
enum err
http_ca(struct http_request *q, struct http_reply *r)
{
    char path[FILE_PATH_BYTES];
    enum err e = file_path(path, q->ctx->dir, STR("ca.pem"));

    return e == OK ? http_send_file(r, path, "application/x-x509-ca-cert", "no-cache") : e;
}

static enum err
find_attempt(struct http_request *q, struct report_attempts_row *out)
{
    struct page p = {.ctx = q->ctx};
    struct report_attempts_row *rows;
    uint64_t wanted;
    size_t count;
    enum err e;

    if (str_u64(q->params[1], 9999, &wanted) != OK)
        return ERR_NOT_FOUND;
    e = report_attempts(q->ctx->db, q->ctx->arena,
                        &(struct report_attempts_in){view_draw_number(&p, q->params[0])}, &rows, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        if (rows[i].attempt == (int64_t) wanted) {
            *out = rows[i];
            return OK;
        }
    return e == OK ? ERR_NOT_FOUND : e;
}

enum err
http_draw_file(struct http_request *q, struct http_reply *r)
{
    struct draw_public_file files[DRAW_PUBLIC_FILES_MAX];
    struct report_attempts_row a;
    char path[DRAW_PUBLIC_PATH_BYTES];
    struct page p = {.ctx = q->ctx};
    size_t count, i = 0;
    enum err e = find_attempt(q, &a);

    if (e != OK)
        return e;
    count = draw_public_files(q->ctx, &a, page_today(&p), files);
    while (i < count && !str_eq(str_of(files[i].name), q->params[2]))
        i++;
    if (i == count)
        return ERR_NOT_FOUND;
    if ((e = draw_public_path(q->ctx, a.draw, a.attempt, q->params[2], path)) != OK)
        return e;
    return http_send_file(r, path,
                     strstr(path, ".json") != NULL ? "application/json" : "text/plain; charset=utf-8",
                     "public, max-age=300");
}

#define FILING "filing-" /* and the SHA-256 of the document */

/* A filed document of a published plan; its address is its digest, so it never changes. */
static enum err
send_filing(struct http_request *q, struct http_reply *r)
{
    struct str digest = {q->params[1].p + strlen(FILING), q->params[1].n - strlen(FILING)};
    struct plan_filing_get_row f;
    struct plan_get_row plan;
    enum err e = plan_get(q->ctx->db, q->ctx->arena, &(struct plan_get_in){q->params[0]}, &plan);

    if (e == OK && !plan.published_us.set)
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = plan_filing_get(q->ctx->db, q->ctx->arena, &(struct plan_filing_get_in){plan.code, digest}, &f);
    if (e != OK)
        return e;
    r->type = f.type.p;
    r->body = f.content;
    r->cache = "public, max-age=31536000, immutable";
    r->disposition = STR("attachment");
    return OK;
}

static enum err
print_plan(struct ctx *c, const struct plan_get_row *plan, const char *path)
{
    struct file f;
    enum err e = file_begin(&f, path, 0600);

    return e == OK ? file_end(&f, plan_print(c, plan, f.out)) : e;
}

/* A published plan in the ten-column layout: plan.csv, plan.xlsx, plan.pdf. Made for this answer; nothing of it stays. */
enum err
http_plan_file(struct http_request *q, struct http_reply *r)
{
    bool csv = str_eq(q->params[1], STR("plan.csv")), pdf = str_eq(q->params[1], STR("plan.pdf"));
    enum sheet_format format = csv ? SHEET_CSV : SHEET_XLSX;
    struct plan_get_row plan;
    char path[IMPORT_PATH_MAX];
    enum err e;

    if (str_starts(q->params[1], STR(FILING)))
        return send_filing(q, r);
    if (!csv && !pdf && !str_eq(q->params[1], STR("plan.xlsx")))
        return ERR_NOT_FOUND;
    e = plan_get(q->ctx->db, q->ctx->arena, &(struct plan_get_in){q->params[0]}, &plan);
    if (e == OK && !plan.published_us.set)
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = api_file_place(q->ctx, path);
    if (e != OK)
        return e;
    e = pdf ? print_plan(q->ctx, &plan, path) : plan_layout_write(q->ctx, plan.code, format, path);
    if (e == OK)
        e = http_send_file(r, path, pdf ? "application/pdf" : sheet_format_type(format), "public, max-age=60");
    if (e == OK)
        r->disposition = pdf   ? STR("attachment; filename=\"plan.pdf\"")
                         : csv ? STR("attachment; filename=\"plan.csv\"") : STR("attachment; filename=\"plan.xlsx\"");
    (void) unlink(path);
    return e;
}

/* checkpoint, log.vkey, tile/L/N[.p/W], tile/entries/N[.p/W]: digits, "x", "." and "p" only
 * (docs/spec/log-1.md §4). */
static bool
is_tile_path(struct str path)
{
    if (!str_starts(path, STR("tile/")) || path.n > 100)
        return false;
    path = (struct str){path.p + 5, path.n - 5};
    if (str_starts(path, STR("entries/")))
        path = (struct str){path.p + 8, path.n - 8};
    for (size_t i = 0; i < path.n; i++)
        if ((path.p[i] < '0' || path.p[i] > '9') && strchr("xp./", path.p[i]) == NULL)
            return false;
    return path.n > 0;
}

enum err
http_log_file(struct http_request *q, struct http_reply *r)
{
    char path[DRAW_PUBLIC_PATH_BYTES];
    struct buf b = buf_over(path, sizeof path - 1);
    bool tile = is_tile_path(q->params[0]);

    if (!tile && !str_eq(q->params[0], STR("checkpoint")) && !str_eq(q->params[0], STR("log.vkey")))
        return ERR_NOT_FOUND;
    buf_z(&b, q->ctx->dir);
    buf_z(&b, "/log/");
    buf_str(&b, q->params[0]);
    if (b.overflow)
        return ERR_NOT_FOUND;
    path[b.n] = '\0';
    return http_send_file(r, path, tile ? "application/octet-stream" : "text/plain; charset=utf-8",
                     tile ? "public, max-age=31536000, immutable" : "no-cache");
}

enum err
http_healthz(struct http_request *q, struct http_reply *r)
{
    (void) q;
    r->type = "text/plain; charset=utf-8";
    r->body = STR("ok\n");
    r->body_lasts = true;
    r->cache = "no-store";
    return OK;
}

/* Ready: the database answers. */
enum err
http_readyz(struct http_request *q, struct http_reply *r)
{
    struct report_setting_row row;
    enum err e = report_setting(q->ctx->db, q->ctx->arena, &(struct report_setting_in){STR("demo")}, &row);

    if (e != OK && e != ERR_NOT_FOUND)
        return ERR_BUSY;
    return http_healthz(q, r);
}
