/* mod/archive/archive.c - all documents of a task in one file 一案一档 */
#include "mod/archive/archive.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "format/zip.h"
#include "mod/drawing/drawing.h"
#include "mod/drawing/files.h"
#include "mod/journal/log_source.h"
#include "mod/journal_sql.h"
#include "mod/notice/notice.h"
#include "mod/plan/layout.h"
#include "mod/plan/plan.h"
#include "mod/record/record.h"
#include "mod/target_sql.h"
#include "mod/task/task.h"
#include "mod/words.h"

enum { PAGE_BYTES = 4 << 20, NAME_BYTES = 160, PROOF_BYTES = 256 << 10, ENTRIES_MAX = 200, ROWS = 200 };

struct packing {
    struct ctx *c;
    struct zip *zip;
    struct task task;
    struct str base;
    struct buf page, sums; /* index.html, SHA256SUMS */
    struct log *log;       /* NULL: there is none yet */
    char log_dir[FILE_PATH_BYTES];
    size_t visits;
};

/* --- files of the archive, each with its digest ---------------------------------------------------------------------- */

static enum err
add(struct packing *k, const char *name, struct str bytes)
{
    unsigned char digest[HASH_LEN];

    hash_of(HASH_SHA256, bytes.p, bytes.n, digest);
    buf_hex(&k->sums, digest, HASH_LEN);
    buf_z(&k->sums, "  ");
    buf_z(&k->sums, name);
    buf_z(&k->sums, "\n");
    return zip_add(k->zip, name, bytes);
}

static void
put(struct packing *k, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        switch (text.p[i]) {
        case '&':
            buf_z(&k->page, "&amp;");
            break;
        case '<':
            buf_z(&k->page, "&lt;");
            break;
        case '"':
            buf_z(&k->page, "&quot;");
            break;
        default:
            buf_add(&k->page, text.p + i, 1);
        }
}

static void
put_link(struct packing *k, const char *name, const char *words)
{
    buf_z(&k->page, " <a href=\"");
    put(k, str_of(name));
    buf_z(&k->page, "\">");
    put(k, str_of(words));
    buf_z(&k->page, "</a>");
}

/* States of tasks, draws and visits, as people read them. */
static void
put_state(struct packing *k, struct str state)
{
    static const struct word STATES[] = {
        WORD("草案", "draft"),         WORD("已审定", "approved"),   WORD("名单已封存", "sealed"),  WORD("已锁定", "locked"),
        WORD("信标已公布", "beacon"),  WORD("已抽取", "drawn"),      WORD("已匹配", "assigned"),    WORD("已告知", "notified"),
        WORD("检查中", "inspecting"),  WORD("已办结", "closed"),     WORD("已作废", "void"),        WORD("待承诺", "open"),
        WORD("已通知", "noticed"),     WORD("已到场", "checked_in"), WORD("已记录", "recorded"),    WORD("已签字", "signed"),
        WORD("拒绝签字", "refused"),   WORD("无法联系", "unreachable"), WORD("已提交", "submitted")};
    struct str words = state;

    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++)
        if (str_eq(STATES[i].id, state))
            words = STATES[i].words;
    put(k, words);
}

/* A document that is printed into memory. */
typedef enum err (*print_fn)(struct packing *k, const void *arg, FILE *out);
static enum err
add_printed(struct packing *k, const char *name, const char *words, print_fn print, const void *arg)
{
    char *bytes = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&bytes, &n);
    enum err e = out == NULL ? ERR_MEMORY : print(k, arg, out);

    if (out != NULL && fclose(out) != 0 && e == OK)
        e = ERR_MEMORY;
    if (e == OK)
        e = add(k, name, (struct str) {bytes, n});
    if (e == OK)
        put_link(k, name, words);
    free(bytes);
    return e;
}

static void
name_of(char out[static NAME_BYTES], const char *folder, struct str middle, const char *end)
{
    struct buf b = buf_over(out, NAME_BYTES - 1);

    buf_z(&b, folder);
    for (size_t i = 0; i < middle.n; i++) {
        char ch = middle.p[i];

        buf_add(&b, ch == '/' ? "-" : &ch, 1);
    }
    buf_z(&b, end);
    out[b.n] = '\0';
}

/* --- proofs ------------------------------------------------------------------------------------------------------- */

static enum err
add_proof(struct packing *k, const struct journal_list_subject_row *r)
{
    size_t mark = arena_mark(k->c->arena);
    char name[NAME_BYTES], number[24];
    struct buf n = buf_over(number, sizeof number), proof;
    enum err e = buf_in(k->c, PROOF_BYTES, &proof);

    if (e == OK && r->leaf.set && k->log != NULL && log_prove(k->log, (uint64_t) r->leaf.v, &proof) == OK) {
        buf_i64(&n, r->leaf.v);
        name_of(name, "log/", buf_view(&n), ".tlog-proof");
        e = add(k, name, buf_view(&proof));
        put_link(k, name, str_z(k->c->arena, r->act));
    }
    arena_rewind(k->c->arena, mark);
    return e;
}

/* Each entry of the journal about one subject. Its proof is in the log; what is not there yet waits for the next checkpoint. */
static enum err
add_proofs(struct packing *k, struct str subject)
{
    struct journal_list_subject_row *r;
    size_t count, mark = arena_mark(k->c->arena);
    enum err e = journal_list_subject(k->c->db, k->c->arena, &(struct journal_list_subject_in) {subject, 0, ENTRIES_MAX}, &r,
                                      &count);

    for (size_t i = 0; e == OK && i < count; i++)
        e = add_proof(k, &r[i]);
    arena_rewind(k->c->arena, mark);
    return e;
}

static void
open_log(struct packing *k)
{
    struct log_fault f;
    struct log *log = arena_alloc(k->c->arena, sizeof *log);

    if (log != NULL && file_path(k->log_dir, k->c->dir, STR("log")) == OK &&
        log_open(log, log_source_directory(k->log_dir), k->c->arena, (struct str) {NULL, 0}, &f) == OK)
        k->log = log;
}

/* --- the draws ---------------------------------------------------------------------------------------------------- */

static enum err
add_draw_file(struct packing *k, struct drawing_key key, const char *file)
{
    char folder[NAME_BYTES], name[NAME_BYTES], attempt[24];
    struct buf b = buf_over(attempt, sizeof attempt);
    struct str bytes;
    enum err e = drawing_map(k->c, key, file, &bytes);

    if (e != OK) /* not there yet, or not disclosed */
        return e == ERR_NOT_FOUND ? OK : e;
    buf_z(&b, "/");
    buf_i64(&b, key.attempt);
    buf_z(&b, "/");
    attempt[b.n] = '\0';
    name_of(folder, "draws/", key.draw, attempt);
    name_of(name, folder, str_of(file), "");
    e = add(k, name, bytes);
    drawing_unmap(bytes);
    put_link(k, name, file);
    return e;
}

static enum err
add_draw(struct packing *k, const struct drawing_attempt_list_row *a)
{
    static const char *const FILES[] = {"draw.txt",  "lock.txt",  "reveal.json", "result.txt", "staff.txt",
                                        "rules.txt", "owners.txt", "experts.txt", "panel.txt"};
    struct drawing_key key = {a->draw, a->attempt};
    struct drawing_get_row d;
    struct buf subject;
    enum err e = drawing_get(k->c->db, k->c->arena, &(struct drawing_get_in) {a->draw, a->attempt}, &d);

    buf_z(&k->page, "<li>");
    put(k, a->draw);
    buf_z(&k->page, " · ");
    buf_i64(&k->page, a->attempt);
    buf_z(&k->page, " · ");
    put_state(k, a->state);
    if (e == OK && d.salted == 0) /* the leaves of class strata stay in the house */
        e = add_draw_file(k, key, "roster.tsv");
    for (size_t i = 0; e == OK && i < sizeof FILES / sizeof *FILES; i++)
        e = add_draw_file(k, key, FILES[i]);
    if (e == OK)
        e = buf_in(k->c, NAME_BYTES, &subject);
    if (e != OK)
        return e;
    buf_str(&subject, a->draw);
    buf_z(&subject, "/");
    buf_i64(&subject, a->attempt);
    e = add_proofs(k, buf_view(&subject));
    buf_z(&k->page, "</li>\n");
    return e;
}

static enum err
add_draws(struct packing *k)
{
    struct drawing_attempt_list_row *a;
    size_t count;
    enum err e =
        drawing_attempt_list(k->c->db, k->c->arena, &(struct drawing_attempt_list_in) {k->task.row.code}, &a, &count);

    buf_z(&k->page, "<h2>抽取 Draws</h2><ul>\n");
    for (size_t i = 0; e == OK && i < count; i++)
        e = add_draw(k, &a[i]);
    buf_z(&k->page, "</ul>\n");
    return e;
}

/* --- visits ------------------------------------------------------------------------------------------------------- */

static enum err
print_notice(struct packing *k, const void *arg, FILE *out)
{
    return notice_print(k->c, arg, 1, k->base, out);
}

static enum err
add_notices(struct packing *k, const struct visit_list_row *v)
{
    struct notice_of_visit_row *n;
    size_t count;
    enum err e = notice_of_visit(k->c->db, k->c->arena, &(struct notice_of_visit_in) {v->target, v->id}, &n, &count);

    for (size_t i = 0; e == OK && i < count; i++) {
        struct notice_get_row one;
        char name[NAME_BYTES], end[48];
        struct buf b = buf_over(end, sizeof end - 1);

        buf_z(&b, "-");
        buf_i64(&b, n[i].id);
        buf_z(&b, ".pdf");
        end[b.n] = '\0';
        name_of(name, "notices/", v->target, end);
        e = notice_get(k->c->db, k->c->arena, &(struct notice_get_in) {k->task.row.code, n[i].id}, &one);
        if (e == OK)
            e = add_printed(k, name, "通知书", print_notice, &one);
        if (e == OK)
            e = add_proofs(k, n[i].no);
    }
    return e;
}

static enum err
print_record(struct packing *k, const void *arg, FILE *out)
{
    const struct visit_list_row *v = arg;

    return archive_record_print(k->c, k->task.row.code, v->target, (struct str) {NULL, 0}, out);
}

static enum err
add_evidence(struct packing *k, const struct record *r)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < r->evidence_count; i++) {
        const struct record_evidence_list_row *v = &r->evidence[i];
        size_t mark = arena_mark(k->c->arena);
        char path[FILE_PATH_BYTES], name[NAME_BYTES];
        struct str bytes;

        if (record_file_path(k->c, v->hash, path) != OK)
            continue;
        e = file_read(k->c->arena, path, RECORD_FILE_BYTES_MAX, &bytes);
        name_of(name, "evidence/", v->hash,
                str_eq(v->type, STR("image/jpeg")) ? ".jpg" : str_eq(v->type, STR("image/png")) ? ".png" : ".pdf");
        if (e == OK)
            e = add(k, name, bytes);
        if (e == OK)
            put_link(k, name, "证据");
        arena_rewind(k->c->arena, mark);
        e = e == ERR_NOT_FOUND ? OK : e;
    }
    return e;
}

static enum err
add_record(struct packing *k, const struct visit_list_row *v)
{
    struct record r;
    char name[NAME_BYTES];
    enum err e = record_load(k->c, v->target, v->id, &r);

    if (e != OK) /* nothing was recorded on the phone */
        return e == ERR_NOT_FOUND ? OK : e;
    name_of(name, "records/", v->target, ".pdf");
    e = add_printed(k, name, "记录表", print_record, v);
    return e == OK ? add_evidence(k, &r) : e;
}

static enum err
add_visit(struct packing *k, const struct visit_list_row *v)
{
    size_t mark = arena_mark(k->c->arena);
    struct target_get_row t = {0};
    struct buf subject;
    enum err e = target_get(k->c->db, k->c->arena, &(struct target_get_in) {v->target}, &t);

    if (e == ERR_NOT_FOUND)
        e = OK;
    if (e == OK && ++k->visits > ARCHIVE_VISITS_MAX)
        e = ctx_refuse(k->c, ERR_TOO_LARGE, "more than %d visits", ARCHIVE_VISITS_MAX);
    if (e == OK)
        e = buf_in(k->c, 2 * NAME_BYTES, &subject);
    if (e != OK)
        return e;
    buf_z(&k->page, "<tr><td>");
    put(k, t.name);
    buf_z(&k->page, "<br><code>");
    put(k, v->target);
    buf_z(&k->page, "</code></td><td>");
    put_state(k, v->state);
    buf_z(&k->page, "</td><td>");
    e = add_notices(k, v);
    if (e == OK)
        e = add_record(k, v);
    buf_str(&subject, k->task.row.code);
    buf_z(&subject, "/");
    buf_str(&subject, v->target);
    if (e == OK)
        e = add_proofs(k, buf_view(&subject));
    buf_z(&k->page, "</td></tr>\n");
    arena_rewind(k->c->arena, mark);
    return e;
}

static enum err
add_visits(struct packing *k)
{
    struct visit_list_in from = {k->task.row.code, STR(" "), ROWS};
    struct visit_list_row *rows;
    size_t count = ROWS;
    enum err e = OK;

    buf_z(&k->page, "<h2>检查 Visits</h2><table><tr><th>检查对象</th><th>状态</th><th>文书、证据和日志证明</th></tr>\n");
    while (e == OK && count == ROWS) {
        e = visit_list(k->c->db, k->c->arena, &from, &rows, &count);
        for (size_t i = 0; e == OK && i < count; i++) {
            e = add_visit(k, &rows[i]);
            from.after = rows[i].target;
        }
    }
    buf_z(&k->page, "</table>\n");
    return e;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static enum err
print_plan(struct packing *k, const void *arg, FILE *out)
{
    return plan_print(k->c, arg, out);
}

static enum err
add_head(struct packing *k)
{
    struct plan_get_row plan;
    enum err e = OK;

    buf_z(&k->page, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                    "content=\"width=device-width, initial-scale=1\"><title>");
    put(k, k->task.row.name);
    buf_z(&k->page, "</title><style>body{font:16px/1.6 sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#16191d}"
                    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccd;padding:.4rem .6rem;text-align:left;"
                    "vertical-align:top}a{color:#0b57d0;margin-right:.5rem}code{font-size:.9em}</style></head><body>\n<h1>");
    put(k, k->task.row.name);
    buf_z(&k->page, "</h1><p><code>");
    put(k, k->task.row.code);
    buf_z(&k->page, "</code> · ");
    put_state(k, str_of(task_state_name(k->task.state)));
    buf_z(&k->page, "</p><p>一案一档：本任务的全部文书。每个文件的 SHA-256 在 <a href=\"SHA256SUMS\">SHA256SUMS</a>；每一步的日志证明（C2SP "
                    "tlog-proof）用公开的工具可以核对；用 <a href=\"verify.html\">verify.html</a> 打开 draws/ 里的文件可以重算抽取。</p><p>");
    if (k->task.row.plan.n > 0)
        e = plan_get(k->c->db, k->c->arena, &(struct plan_get_in) {k->task.row.plan}, &plan);
    if (e == OK && k->task.row.plan.n > 0)
        e = add_printed(k, "plan.pdf", "年度抽查计划", print_plan, &plan);
    if (e == OK)
        e = add_proofs(k, k->task.row.code);
    buf_z(&k->page, "</p>\n");
    return e;
}

static enum err
pack(struct packing *k, const struct archive_extra *extra, size_t extra_count)
{
    enum err e = add_head(k);

    if (e == OK)
        e = add_draws(k);
    if (e == OK)
        e = add_visits(k);
    for (size_t i = 0; e == OK && i < extra_count; i++)
        e = add(k, extra[i].name, extra[i].bytes);
    buf_z(&k->page, "</body></html>\n");
    if (e == OK && (k->page.overflow || k->sums.overflow))
        e = ERR_TOO_LARGE;
    if (e == OK)
        e = add(k, "index.html", buf_view(&k->page));
    return e == OK ? zip_add(k->zip, "SHA256SUMS", buf_view(&k->sums)) : e;
}

enum err
archive_write(struct ctx *c, struct str task, struct str base, const struct archive_extra *extra, size_t extra_count,
              const char *path)
{
    struct packing k = {.c = c, .base = base};
    enum err e = task_load(c, task, &k.task);

    if (e == OK)
        e = buf_in(c, PAGE_BYTES, &k.page);
    if (e == OK)
        e = buf_in(c, PAGE_BYTES / 2, &k.sums);
    if (e == OK)
        e = zip_open(path, &k.zip);
    if (e != OK)
        return e;
    open_log(&k);
    return zip_close(k.zip, pack(&k, extra, extra_count));
}
