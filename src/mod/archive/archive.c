/* mod/archive/archive.c - archives: kinds, the file, the row of what was asked for */
#include "mod/archive/archive_int.h"

#include "mod/journal/journal.h"
#include "mod/json.h"

enum { PAGE_BYTES = 8 << 20, SUMS_BYTES = 6 << 20, NAMES_COUNT = 1 << 17 };

static const char *const KINDS[ARCHIVE_KIND_COUNT] = {"task", "target", "inspector"};

const char *
archive_kind_name(enum archive_kind k)
{
    return k < ARCHIVE_KIND_COUNT ? KINDS[k] : "";
}

enum err
archive_kind_parse(struct str s, enum archive_kind *out)
{
    for (unsigned i = 0; i < ARCHIVE_KIND_COUNT; i++)
        if (str_eq(s, str_of(KINDS[i]))) {
            *out = (enum archive_kind) i;
            return OK;
        }
    return ERR_INPUT;
}

/* --- the file ------------------------------------------------------------------------------------------------------ */

enum err
pack_head(struct pack *k, struct str title, struct str code, struct str words)
{
    pack_z(k, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
              "content=\"width=device-width, initial-scale=1\"><title>");
    pack_put(k, title);
    pack_z(k, "</title><style>body{font:16px/1.6 sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#16191d}"
              "table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccd;padding:.4rem .6rem;text-align:left;"
              "vertical-align:top}a{color:#0b57d0;margin-right:.5rem}code{font-size:.9em;overflow-wrap:anywhere}</style></head><body>\n<h1>");
    pack_put(k, title);
    pack_z(k, "</h1><p><code>");
    pack_put(k, code);
    pack_z(k, "</code></p><p>");
    pack_put(k, words);
    pack_z(k, "每个文件的 SHA-256 在 <a href=\"SHA256SUMS\">SHA256SUMS</a>；每一步的日志证明（C2SP tlog-proof）用公开的工具可以核对；"
              "用 <a href=\"verify.html\">verify.html</a> 打开 draws/ 里的文件可以重算抽取。</p>\n");
    return k->page.overflow ? ERR_TOO_LARGE : OK;
}

static void
open_log(struct pack *k)
{
    struct log_fault f;
    struct log *log = arena_alloc(k->c->arena, sizeof *log);

    if (log != NULL && file_path(k->log_dir, k->c->dir, STR("log")) == OK &&
        log_open(log, log_source_directory(k->log_dir), k->c->arena, (struct str) {NULL, 0}, &f) == OK)
        k->log = log;
}

static enum err
fill(struct pack *k, const struct archive_extra *extra, size_t extra_count)
{
    static enum err (*const BODIES[ARCHIVE_KIND_COUNT])(struct pack *k) = {pack_task, pack_target, pack_inspector};
    enum err e = BODIES[k->wanted->kind](k);

    for (size_t i = 0; e == OK && i < extra_count; i++)
        e = pack_add(k, extra[i].name, extra[i].bytes);
    pack_z(k, "</body></html>\n");
    if (e == OK && (k->page.overflow || k->sums.overflow))
        e = ERR_TOO_LARGE;
    if (e == OK)
        e = pack_add(k, "index.html", buf_view(&k->page));
    return e == OK ? zip_add(k->zip, "SHA256SUMS", buf_view(&k->sums)) : e;
}

enum err
archive_write(struct ctx *c, const struct archive_wanted *wanted, const struct archive_extra *extra, size_t extra_count,
              struct archive_watch watch, const char *path, int64_t *files)
{
    struct pack k = {.c = c, .wanted = wanted, .watch = watch};
    size_t mark = arena_mark(c->arena);
    enum err e = buf_in(c, PAGE_BYTES, &k.page);

    if (e == OK)
        e = buf_in(c, SUMS_BYTES, &k.sums);
    if (e == OK && (k.names = arena_array(c->arena, NAMES_COUNT, sizeof *k.names)) == NULL)
        e = ERR_MEMORY;
    if (e == OK)
        e = zip_open(path, &k.zip);
    if (e == OK) {
        open_log(&k);
        e = zip_close(k.zip, fill(&k, extra, extra_count));
    }
    *files = (int64_t) k.files + 1;
    arena_rewind(c->arena, mark);
    return e;
}

/* --- the row ------------------------------------------------------------------------------------------------------- */

static enum err
done(struct ctx *c, const struct archive_made *m)
{
    struct archive_get_row a;
    struct str detail;
    struct buf subject, b;
    enum err e = archive_get(c->db, c->arena, &(struct archive_get_in) {m->id}, &a);

    if (e == OK)
        e = archive_end(c->db, &(struct archive_end_in) {m->id, m->bytes_count, m->files_count, m->digest});
    if (e == OK)
        e = buf_in(c, a.line.kind.n + a.line.code.n + 2, &subject);
    if (e == OK)
        e = buf_in(c, 160, &b);
    if (e != OK)
        return e;
    buf_str(&subject, a.line.kind);
    buf_z(&subject, "/");
    buf_str(&subject, a.line.code);
    buf_z(&b, "{\"files\":");
    buf_i64(&b, m->files_count);
    buf_z(&b, ",\"sha256\":");
    json_put_text(&b, m->digest);
    buf_z(&b, "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act) {STR("archive.make"), buf_view(&subject), detail}) : e;
}

enum err
archive_done(struct ctx *c, const struct archive_made *m)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, done(c, m)) : e;
}
