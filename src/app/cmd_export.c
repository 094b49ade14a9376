/* app/cmd_export.c - mingqian export-static: the whole portal, the log and the files of draws as files that
 * any static host serves. It follows the links of the pages from the first one, so that whatever can be
 * reached is there. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "data_dir.h"
#include "http/asset.h"
#include "http/draw_public.h"
#include "http/feed.h"
#include "http/page.h"
#include "http/view.h"
#include "mod/opendata/opendata.h"
#include "mod/report/report.h"

enum { EXPORT_LINKS_MAX = 1 << 21, EXPORT_COPY_BYTES = 1 << 16 };

struct link {
    char *path;
    bool page;
};

struct export
{
    const struct cli_args *args;
    struct app *app;
    struct site site;
    const char *to;
    struct str base; /* where the files will be served: feeds and codes on paper name it */
    struct link *links; /* in the order found; written up to done */
    size_t count, size;
    size_t *slots; /* open addressing over links, index + 1 */
    uint64_t pages, files;
    enum err failed; /* of a callback */
};

/* --- the set of links
 * ------------------------------------------------------------------------------------------- */

static size_t
slot_of(const struct export *x, struct str path)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (size_t i = 0; i < path.n; i++)
        h = (h ^ (unsigned char) path.p[i]) * 0x100000001b3u;
    for (size_t i = h & (2 * x->size - 1);; i = (i + 1) & (2 * x->size - 1))
        if (x->slots[i] == 0 || str_eq(str_of(x->links[x->slots[i] - 1].path), path))
            return i;
}

static enum err
grow(struct export *x)
{
    size_t size = x->size == 0 ? 1024 : 2 * x->size;
    struct link *links = size > EXPORT_LINKS_MAX ? NULL : realloc(x->links, size * sizeof *links);

    if (links == NULL)
        return ERR_MEMORY;
    x->links = links;
    free(x->slots);
    x->size = size;
    if ((x->slots = calloc(2 * size, sizeof *x->slots)) == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < x->count; i++)
        x->slots[slot_of(x, str_of(x->links[i].path))] = i + 1;
    return OK;
}

static enum err
add_link(struct export *x, struct str path, bool page)
{
    size_t slot;
    struct str rest;

    (void) str_split(path, '?', &path, &rest);
    (void) str_split(path, '#', &path, &rest);
    if (x->count == x->size && grow(x) != OK)
        return ERR_MEMORY;
    slot = slot_of(x, path);
    if (x->slots[slot] != 0)
        return OK;
    if ((x->links[x->count].path = strndup(path.p, path.n)) == NULL)
        return ERR_MEMORY;
    x->links[x->count].page = page;
    x->slots[slot] = ++x->count;
    return OK;
}

static void
on_link(void *ctx, struct str path, bool page)
{
    struct export *x = ctx;

    if (x->failed == OK)
        x->failed = add_link(x, path, page);
}

/* --- writing
 * ------------------------------------------------------------------------------------------------------ */

/* Opens DIR/path for writing and makes the folders on the way. */
static enum err
open_target(const struct export *x, const char *path, int *fd)
{
    char full[2 * APP_PATH_BYTES];
    int n = snprintf(full, sizeof full, "%s/%s", x->to, path);

    if (n < 0 || (size_t) n >= sizeof full)
        return ERR_TOO_LARGE;
    for (char *p = full + strlen(x->to) + 1; (p = strchr(p, '/')) != NULL; *p++ = '/') {
        *p = '\0';
        if (mkdir(full, 0755) != 0 && errno != EEXIST)
            return errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    }
    *fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    return *fd >= 0 ? OK : errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
}

static enum err
write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
        bytes.p += n;
        bytes.n -= (size_t) n;
    }
    return OK;
}

static enum err
write_file(struct export *x, const char *path, struct str bytes)
{
    int fd;
    enum err e = open_target(x, path, &fd);

    if (e != OK)
        return e;
    e = write_all(fd, bytes);
    if (close(fd) != 0 && e == OK)
        e = ERR_IO;
    x->files++;
    return e;
}

static enum err
copy_file(struct export *x, const char *from, const char *path)
{
    static char bytes[EXPORT_COPY_BYTES];
    int in = open(from, O_RDONLY | O_CLOEXEC), out;
    ssize_t n = 0;
    enum err e;

    if (in < 0)
        return ERR_NOT_FOUND;
    if ((e = open_target(x, path, &out)) == OK) {
        while (e == OK && (n = read(in, bytes, sizeof bytes)) > 0)
            e = write_all(out, (struct str){bytes, (size_t) n});
        if ((n < 0 || close(out) != 0) && e == OK)
            e = ERR_IO;
    }
    close(in);
    x->files++;
    return e;
}

static enum err
copy_tree(struct export *x, const char *from, const char *path)
{
    DIR *dir = opendir(from);
    struct dirent *entry;
    enum err e = OK;

    if (dir == NULL)
        return errno == ENOENT ? OK : ERR_IO; /* no log yet */
    while (e == OK && (entry = readdir(dir)) != NULL) {
        char source[2 * APP_PATH_BYTES], target[2 * APP_PATH_BYTES];
        struct stat st;

        if (entry->d_name[0] == '.')
            continue;
        if (snprintf(source, sizeof source, "%s/%s", from, entry->d_name) >= (int) sizeof source ||
            snprintf(target, sizeof target, "%s/%s", path, entry->d_name) >= (int) sizeof target)
            e = ERR_TOO_LARGE;
        else if (stat(source, &st) != 0)
            e = ERR_IO;
        else
            e = S_ISDIR(st.st_mode) ? copy_tree(x, source, target) : copy_file(x, source, target);
    }
    closedir(dir);
    return e;
}

/* --- pages
 * ---------------------------------------------------------------------------------------------------------------
 */

/* "../" for each folder between the page's file and the top. */
static struct str
root_of(const char *file, char out[APP_PATH_BYTES])
{
    struct buf b = buf_over(out, APP_PATH_BYTES);

    for (; (file = strchr(file, '/')) != NULL; file++)
        buf_z(&b, "../");
    return buf_view(&b);
}

static enum err
write_page(struct export *x, const char *path, bool english, bool large)
{
    struct page p = {.ctx = &x->app->ctx, .site = &x->site, .path = str_of(path), .base = x->base, .status = 200};
    char file[APP_PATH_BYTES], root[APP_PATH_BYTES];
    page_view view = page_find(p.path, p.params);
    size_t mark = arena_mark(p.ctx->arena);
    struct str body;
    enum err e;

    if (view == NULL ||
        snprintf(file, sizeof file, "%s%s%sindex.html", large ? "large/" : "", english ? "en/" : "", path + 1) >= (int) sizeof file)
        return ERR_NOT_FOUND;
    p.h = (struct html){
        .english = english, .large = large, .files = true, .root = root_of(file, root), .linked = on_link, .linked_ctx = x};
    if ((e = page_render(&p, view, &body)) == OK)
        e = write_file(x, file, body);
    arena_rewind(p.ctx->arena, mark);
    x->pages++;
    return e == OK ? x->failed : e;
}

/* In both languages, in the usual size and in large text. */
static enum err
write_pages(struct export *x, const char *path)
{
    enum err e = OK;

    for (unsigned i = 0; e == OK && i < 4; i++)
        e = write_page(x, path, (i & 1) != 0, (i & 2) != 0);
    return e;
}

static enum err
write_asset(struct export *x, const char *path)
{
    for (size_t i = 0; i < asset_count; i++)
        if (strcmp(assets[i].hashed, path + strlen("/assets/")) == 0)
            return write_file(x, path + 1, assets[i].plain);
    return ERR_NOT_FOUND;
}

static enum err
write_feed(struct export *x, const char *path)
{
    struct page p = {.ctx = &x->app->ctx, .site = &x->site, .path = str_of(path), .base = x->base};
    size_t mark = arena_mark(p.ctx->arena);
    struct str body;
    enum err e;

    p.h = (struct html){.files = true, .root = STR("/")};
    if ((e = feed_write(&p, p.path, &body)) == OK)
        e = write_file(x, path + 1, body);
    arena_rewind(p.ctx->arena, mark);
    return e;
}

static bool
is_feed(const char *path)
{
    size_t n = strlen(path), k = strlen("/feed.atom");

    return n >= k && strcmp(path + n - k, "/feed.atom") == 0;
}

/* A link to a file: pages only link to what is public, so it is copied as it is. */
static enum err
write_linked_file(struct export *x, const char *path)
{
    char from[2 * APP_PATH_BYTES];

    if (strncmp(path, "/assets/", 8) == 0)
        return write_asset(x, path);
    if (is_feed(path))
        return write_feed(x, path);
    if (strncmp(path, "/draws/", 7) != 0 || path[strlen(path) - 1] == '/')
        return OK; /* the log is copied whole, the index is written at the end */
    if (snprintf(from, sizeof from, "%s%s", x->app->dir, path) >= (int) sizeof from)
        return ERR_TOO_LARGE;
    return copy_file(x, from, path + 1);
}

static enum err
follow_links(struct export *x)
{
    struct cli_progress progress =
        cli_progress_start(x->args, cli_text("写出页面", "writing pages"), x->count);
    enum err e = OK;

    for (size_t i = 0; e == OK && i < x->count; i++) {
        struct link l = x->links[i];

        if (cli_cancelled())
            e = ERR_CANCELLED;
        else if (!l.page)
            e = write_linked_file(x, l.path);
        else
            e = write_pages(x, l.path);
        if (e == ERR_NOT_FOUND) {
            fprintf(stderr, "mingqian: %s: %s\n", l.path,
                    cli_text("链接没有对应的页面", "a link that leads nowhere"));
            e = OK;
        }
        progress.total = x->count;
        cli_progress_step(&progress, i);
    }
    cli_progress_end(&progress);
    return e;
}

/* --- search: every target that was drawn or has a result
 * ------------------------------------------------------------------ */

static enum err
index_rows(struct export *x, int fd, struct str *after, bool *first)
{
    struct page p = {.ctx = &x->app->ctx, .site = &x->site};
    struct report_reached_row *rows;
    size_t count, size = 1 << 20;
    struct buf b;
    enum err e = report_reached(p.ctx->db, p.ctx->arena, &(struct report_reached_in){*after, page_today(&p)},
                                &rows, &count);

    if (e != OK || count == 0)
        return e == OK ? ERR_NOT_FOUND : e;
    b = buf_over(arena_alloc(p.ctx->arena, size), size);
    for (size_t i = 0; e == OK && i < count; i++) {
        struct str path = page_join(&p, STR("/targets/"), rows[i].code, STR("/"));

        buf_z(&b, *first ? "[" : ",[");
        *first = false;
        buf_json(&b, rows[i].code);
        buf_z(&b, ",");
        buf_json(&b,
                  view_target_name(&p, rows[i].name, rows[i].entity_type, rows[i].region_name, rows[i].code));
        buf_z(&b, ",");
        buf_json(&b, rows[i].region_name);
        buf_z(&b, "]\n");
        e = add_link(x, path, true);
    }
    if (e == OK && b.overflow)
        e = ERR_MEMORY;
    *after = rows[count - 1].code;
    return e == OK ? write_all(fd, buf_view(&b)) : e;
}

static enum err
write_index(struct export *x)
{
    char last[64] = "!"; /* before every code */
    struct str after = STR("!");
    bool first = true;
    int fd;
    enum err e = open_target(x, "search/index.json", &fd);

    if (e != OK)
        return e;
    e = write_all(fd, STR("["));
    while (e == OK) {
        size_t mark = arena_mark(x->app->ctx.arena);

        e = index_rows(x, fd, &after, &first);
        if (after.n < sizeof last) {
            memcpy(last, after.p, after.n);
            after.p = last;
        }
        arena_rewind(x->app->ctx.arena, mark);
    }
    if (e == ERR_NOT_FOUND)
        e = write_all(fd, STR("]\n"));
    if (close(fd) != 0 && e == OK)
        e = ERR_IO;
    return e;
}

static enum err
write_not_found(struct export *x)
{
    struct page p = {.ctx = &x->app->ctx, .site = &x->site, .path = STR("/")};
    size_t mark = arena_mark(p.ctx->arena);
    char *out = arena_alloc(p.ctx->arena, 1 << 16);
    enum err e;

    p.h = (struct html){.files = true, .root = STR(""), .out = buf_over(out, out == NULL ? 0 : 1 << 16)};
    e = page_error(&p, ERR_NOT_FOUND);
    if (e == OK && html_failed(&p.h))
        e = ERR_MEMORY;
    if (e == OK)
        e = write_file(x, "404.html", buf_view(&p.h.out));
    arena_rewind(p.ctx->arena, mark);
    return e;
}

/* --- the command
 * -----------------------------------------------------------------------------------------------------------
 */

static enum err
prepare_folder(const char *to, bool replace)
{
    DIR *dir;
    struct dirent *entry;
    bool empty = true;

    if (mkdir(to, 0755) != 0 && errno != EEXIST)
        return ERR_IO;
    if ((dir = opendir(to)) == NULL)
        return ERR_IO;
    while ((entry = readdir(dir)) != NULL)
        empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    closedir(dir);
    return empty || replace ? OK : ERR_EXISTS;
}

/* The open data lie beside their page. */
static enum err
write_open_data(struct export *x)
{
    const struct opendata_site site = {x->site.name, x->base, x->site.names_whole};
    struct opendata_summary sum;
    char dir[2 * APP_PATH_BYTES];
    enum err e;

    if (snprintf(dir, sizeof dir, "%s/open-data", x->to) >= (int) sizeof dir)
        return ERR_TOO_LARGE;
    e = opendata_write(&x->app->ctx, &site, dir, &sum);
    x->files += e == OK ? sum.files : 0;
    return e;
}

static enum err
export_all(struct export *x)
{
    char log[2 * APP_PATH_BYTES];
    enum err e = report_is_demo(x->app->db, &x->app->arena, &x->site.demo);

    if (e == OK)
        e = report_names_whole(x->app->db, &x->app->arena, &x->site.names_whole);
    if (e == OK)
        e = add_link(x, STR("/"), true);
    if (e == OK)
        e = write_index(x);
    if (e == OK)
        e = follow_links(x);
    if (e == OK)
        e = write_not_found(x);
    if (e == OK) /* its folder is there: every page leads to it */
        e = write_open_data(x);
    if (e == OK && snprintf(log, sizeof log, "%s/log", x->app->dir) >= (int) sizeof log)
        e = ERR_TOO_LARGE;
    return e == OK ? copy_tree(x, log, "log") : e;
}

static void
free_links(struct export *x)
{
    for (size_t i = 0; i < x->count; i++)
        free(x->links[i].path);
    free(x->links);
    free(x->slots);
}

/* Without a slash at its end. */
static struct str
base_of(struct str url)
{
    while (url.n > 0 && url.p[url.n - 1] == '/')
        url.n--;
    return url;
}

int
cmd_export(const struct cli_command *self, int argc, char **argv)
{
    static const struct cli_option OPTIONS[] = {
        {"replace", NULL, "目录不空也写入(覆盖同名文件)", "write into a folder that is not empty"},
        {"address", "URL", "站点地址(用于订阅和纸质二维码)", "address of the site, for feeds and codes on paper"},
    };
    struct cli_args args;
    struct app app;
    struct export x = {.args = &args, .app = &app};
    int status;
    enum err e;

    if (!cli_parse(self, OPTIONS, sizeof OPTIONS / sizeof *OPTIONS, 1, 1, argc, argv, &args, &status))
        return status;
    if ((e = app_open(&args, &app)) != OK)
        return err_exit_status(e);
    cli_catch_signals();
    x.to = args.positional[0];
    x.base = base_of(str_of(cli_value(&args, "address")));
    x.site =
        (struct site){.name = str_of(app.config.name), .origin = str_of(app.config.origin), .files = true};
    if ((e = prepare_folder(x.to, cli_has(&args, "replace"))) == OK)
        e = export_all(&x);
    free_links(&x);
    app_close(&app);
    if (e != OK)
        return cli_fail(&args, e, x.to, NULL);
    printf(args.json ? "{\"pages\":%llu,\"files\":%llu}\n"
                     : cli_text("%llu 个页面,%llu 个文件\n", "%llu pages, %llu files\n"),
           (unsigned long long) x.pages, (unsigned long long) x.files);
    return 0;
}
