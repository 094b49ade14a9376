/* mod/archive/pack.c - the pieces of an archive: files with their digests, proofs, draws, visits, follow-up */
#include "mod/archive/archive_int.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "mod/drawing/files.h"
#include "mod/followup/followup.h"
#include "mod/journal_sql.h"
#include "mod/notice/notice.h"
#include "mod/words.h"

enum { PROOF_BYTES = 256 << 10, ENTRIES_MAX = 200, NAME_SLOTS = 1 << 17, FOLLOWUPS_MAX = 500 };

/* --- the page ------------------------------------------------------------------------------------------------------ */

void
pack_z(struct pack *k, const char *html)
{
    buf_z(&k->page, html);
}

void
pack_i64(struct pack *k, int64_t v)
{
    buf_i64(&k->page, v);
}

void
pack_day(struct pack *k, struct opt_i64 day)
{
    char text[DAY_TEXT + 1];

    if (!day.set)
        return;
    day_format(day.v, text);
    buf_z(&k->page, text);
}

void
pack_put(struct pack *k, struct str text)
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

void
pack_link(struct pack *k, const char *name, const char *words)
{
    buf_z(&k->page, " <a href=\"");
    pack_put(k, str_of(name));
    buf_z(&k->page, "\">");
    pack_put(k, str_of(words));
    buf_z(&k->page, "</a>");
}

/* States of tasks, draws, visits, results and follow-up. */
void
pack_state(struct pack *k, struct str state)
{
    static const struct word STATES[] = {
        WORD("草案", "draft"),         WORD("已审定", "approved"),   WORD("名单已封存", "sealed"),  WORD("已锁定", "locked"),
        WORD("信标已公布", "beacon"),  WORD("已抽取", "drawn"),      WORD("已匹配", "assigned"),    WORD("已告知", "notified"),
        WORD("检查中", "inspecting"),  WORD("已办结", "closed"),     WORD("已作废", "void"),        WORD("待承诺", "open"),
        WORD("已通知", "noticed"),     WORD("已到场", "checked_in"), WORD("已记录", "recorded"),    WORD("已签字", "signed"),
        WORD("拒绝签字", "refused"),   WORD("无法联系", "unreachable"), WORD("已提交", "submitted"),
        WORD("待审核", "entered"),     WORD("已退回", "returned"),   WORD("已公示", "published"),   WORD("不公开", "withheld"),
        WORD("已撤下", "withdrawn"),   WORD("已责令", "ordered"),    WORD("待复查", "recheck"),     WORD("已移送抄告", "referred"),
        WORD("已立案", "case_filed"),  WORD("已移送司法", "transferred")};

    pack_put(k, word_of(STATES, sizeof STATES / sizeof *STATES, state));
}

void
pack_name(char out[static PACK_NAME_BYTES], const char *folder, struct str middle, const char *end)
{
    struct buf b = buf_over(out, PACK_NAME_BYTES - 1);

    buf_z(&b, folder);
    for (size_t i = 0; i < middle.n; i++) {
        char ch = middle.p[i];

        buf_add(&b, ch == '/' ? "-" : &ch, 1);
    }
    buf_z(&b, end);
    out[b.n] = '\0';
}

/* --- files, each with its digest ----------------------------------------------------------------------------------- */

/* Where the hash of a name stands, or would. */
static size_t
slot_of(const struct pack *k, uint64_t hash)
{
    size_t i = hash % NAME_SLOTS;

    while (k->names[i] != 0 && k->names[i] != hash)
        i = (i + 1) % NAME_SLOTS;
    return i;
}

static uint64_t
hash_name(const char *name)
{
    unsigned char digest[HASH_LEN];
    uint64_t hash;

    hash_of(HASH_SHA256, name, strlen(name), digest);
    memcpy(&hash, digest, sizeof hash);
    return hash | 1;
}

bool
pack_has(const struct pack *k, const char *name)
{
    return k->names[slot_of(k, hash_name(name))] != 0;
}

enum err
pack_add(struct pack *k, const char *name, struct str bytes)
{
    unsigned char digest[HASH_LEN];
    uint64_t hash = hash_name(name);
    size_t slot = slot_of(k, hash);

    if (k->names[slot] != 0)
        return OK;
    if (++k->files > ARCHIVE_FILES_MAX)
        return ctx_refuse(k->c, ERR_TOO_LARGE, "more than %d files", ARCHIVE_FILES_MAX);
    k->names[slot] = hash;
    hash_of(HASH_SHA256, bytes.p, bytes.n, digest);
    buf_hex(&k->sums, digest, HASH_LEN);
    buf_z(&k->sums, "  ");
    buf_z(&k->sums, name);
    buf_z(&k->sums, "\n");
    return zip_add(k->zip, name, bytes);
}

enum err
pack_printed(struct pack *k, const char *name, const char *words, pack_print print, const void *arg)
{
    char *bytes = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&bytes, &n);
    enum err e = out == NULL ? ERR_MEMORY : print(k, arg, out);

    if (out != NULL && fclose(out) != 0 && e == OK)
        e = ERR_MEMORY;
    if (e == OK)
        e = pack_add(k, name, (struct str) {bytes, n});
    if (e == OK)
        pack_link(k, name, words);
    free(bytes);
    return e;
}

/* --- proofs ------------------------------------------------------------------------------------------------------- */

static enum err
add_proof(struct pack *k, const struct journal_list_subject_row *r)
{
    size_t mark = arena_mark(k->c->arena);
    char name[PACK_NAME_BYTES], number[24];
    struct buf n = buf_over(number, sizeof number), proof;
    enum err e = buf_in(k->c, PROOF_BYTES, &proof);

    if (e == OK && r->leaf.set && k->log != NULL && log_prove(k->log, (uint64_t) r->leaf.v, &proof) == OK) {
        buf_i64(&n, r->leaf.v);
        pack_name(name, "log/", buf_view(&n), ".tlog-proof");
        e = pack_add(k, name, buf_view(&proof));
        pack_link(k, name, str_z(k->c->arena, r->act));
    }
    arena_rewind(k->c->arena, mark);
    return e;
}

enum err
pack_proofs(struct pack *k, struct str subject)
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

enum err
pack_visit_proofs(struct pack *k, struct str task, struct str target)
{
    struct buf subject;
    enum err e = buf_in(k->c, task.n + target.n + 2, &subject);

    if (e != OK)
        return e;
    buf_str(&subject, task);
    buf_z(&subject, "/");
    buf_str(&subject, target);
    return pack_proofs(k, buf_view(&subject));
}

/* --- draws -------------------------------------------------------------------------------------------------------- */

static enum err
add_draw_file(struct pack *k, struct drawing_key key, const char *file)
{
    char folder[PACK_NAME_BYTES], name[PACK_NAME_BYTES], attempt[24];
    struct buf b = buf_over(attempt, sizeof attempt);
    struct str bytes;
    enum err e = drawing_map(k->c, key, file, &bytes);

    if (e != OK) /* not there yet, or not disclosed */
        return e == ERR_NOT_FOUND ? OK : e;
    buf_z(&b, "/");
    buf_i64(&b, key.attempt);
    buf_z(&b, "/");
    attempt[b.n] = '\0';
    pack_name(folder, "draws/", key.draw, attempt);
    pack_name(name, folder, str_of(file), "");
    e = pack_add(k, name, bytes);
    drawing_unmap(bytes);
    pack_link(k, name, file);
    return e;
}

enum err
pack_draw(struct pack *k, struct drawing_key key)
{
    static const char *const FILES[] = {"draw.txt",  "lock.txt",  "reveal.json", "result.txt", "staff.txt",
                                        "rules.txt", "owners.txt", "experts.txt", "panel.txt"};
    struct drawing_get_row d;
    struct buf subject;
    enum err e = drawing_get(k->c->db, k->c->arena, &(struct drawing_get_in) {key.draw, key.attempt}, &d);

    pack_put(k, key.draw);
    pack_z(k, " · ");
    pack_i64(k, key.attempt);
    if (e != OK)
        return e;
    pack_z(k, " · ");
    pack_state(k, d.state);
    if (d.salted == 0) /* the leaves of class strata stay in the house */
        e = add_draw_file(k, key, "roster.tsv");
    for (size_t i = 0; e == OK && i < sizeof FILES / sizeof *FILES; i++)
        e = add_draw_file(k, key, FILES[i]);
    if (e == OK)
        e = buf_in(k->c, PACK_NAME_BYTES, &subject);
    if (e != OK)
        return e;
    buf_str(&subject, key.draw);
    buf_z(&subject, "/");
    buf_i64(&subject, key.attempt);
    return pack_proofs(k, buf_view(&subject));
}

/* --- visits ------------------------------------------------------------------------------------------------------- */

static enum err
print_notice(struct pack *k, const void *arg, FILE *out)
{
    return notice_print(k->c, arg, 1, k->wanted->base, out);
}

static enum err
add_notices(struct pack *k, const struct pack_visited *v)
{
    struct notice_of_visit_row *n;
    size_t count;
    enum err e = notice_of_visit(k->c->db, k->c->arena, &(struct notice_of_visit_in) {v->target, v->id}, &n, &count);

    for (size_t i = 0; e == OK && i < count; i++) {
        struct notice_get_row one;
        char name[PACK_NAME_BYTES], end[48];
        struct buf b = buf_over(end, sizeof end - 1);

        buf_z(&b, "-");
        buf_i64(&b, n[i].id);
        buf_z(&b, ".pdf");
        end[b.n] = '\0';
        pack_name(name, "notices/", v->target, end);
        e = notice_get(k->c->db, k->c->arena, &(struct notice_get_in) {v->task, n[i].id}, &one);
        if (e == OK)
            e = pack_printed(k, name, "通知书", print_notice, &one);
        if (e == OK)
            e = pack_proofs(k, n[i].no);
    }
    return e;
}

static enum err
print_record(struct pack *k, const void *arg, FILE *out)
{
    const struct pack_visited *v = arg;

    return archive_record_print(k->c, v->task, v->target, v->department, out);
}

/* What an account of one department asks for has that department's part of the evidence: of its items, and of none. */
static bool
evidence_of(const struct record *r, struct str department, const struct record_evidence_list_row *f)
{
    if (department.n == 0 || f->item.n == 0)
        return true;
    for (size_t i = 0; i < r->answer_count; i++)
        if (str_eq(r->answers[i].item, f->item))
            return str_eq(r->answers[i].department, department);
    return false;
}

static enum err
add_evidence(struct pack *k, const struct record *r, struct str department)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < r->evidence_count; i++) {
        const struct record_evidence_list_row *v = &r->evidence[i];
        size_t mark = arena_mark(k->c->arena);
        char path[FILE_PATH_BYTES], name[PACK_NAME_BYTES];
        struct str bytes;

        if (!evidence_of(r, department, v) || evidence_path(k->c, v->hash, path) != OK)
            continue;
        e = file_read(k->c->arena, path, EVIDENCE_BYTES_MAX, &bytes);
        pack_name(name, "evidence/", v->hash, evidence_ending(v->type));
        if (e == OK)
            e = pack_add(k, name, bytes);
        if (e == OK)
            pack_link(k, name, "证据");
        arena_rewind(k->c->arena, mark);
        e = e == ERR_NOT_FOUND ? OK : e;
    }
    return e;
}

static enum err
add_record(struct pack *k, const struct pack_visited *v)
{
    struct record r;
    char name[PACK_NAME_BYTES], end[PACK_NAME_BYTES / 2];
    struct buf b = buf_over(end, sizeof end - 1);
    enum err e = record_load(k->c, v->target, v->id, &r);

    if (e != OK) /* nothing was recorded on the phone */
        return e == ERR_NOT_FOUND ? OK : e;
    buf_z(&b, "-");
    buf_str(&b, v->task);
    buf_z(&b, ".pdf");
    end[b.n] = '\0';
    pack_name(name, "records/", v->target, end);
    e = pack_printed(k, name, "记录表", print_record, v);
    return e == OK ? add_evidence(k, &r, v->department) : e;
}

/* --- follow-up 后续处置 -------------------------------------------------------------------------------------------- */

/* Of a file that tells of a person the SHA-256 alone. */
static enum err
add_attachment(struct pack *k, const struct followup_file_list_row *f)
{
    size_t mark = arena_mark(k->c->arena);
    char path[FILE_PATH_BYTES], name[PACK_NAME_BYTES];
    struct str bytes;
    enum err e = evidence_path(k->c, f->hash, path);

    if (f->personal != 0 || e != OK) {
        pack_z(k, " <code>");
        pack_put(k, f->hash);
        pack_z(k, "</code>（含个人信息，未收入）");
        return e;
    }
    e = file_read(k->c->arena, path, EVIDENCE_BYTES_MAX, &bytes);
    pack_name(name, "followup/", f->hash, evidence_ending(f->type));
    if (e == OK)
        e = pack_add(k, name, bytes);
    if (e == OK)
        pack_link(k, name, "附件");
    arena_rewind(k->c->arena, mark);
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
add_followup(struct pack *k, struct str target, const struct followup_of_target_row *f)
{
    struct followup_file_list_row *files;
    struct buf subject;
    size_t n = 0;
    enum err e = followup_files(k->c, target, f->id, false, &files, &n);

    if (e == OK)
        e = buf_in(k->c, target.n + 24, &subject);
    if (e != OK)
        return e;
    pack_z(k, "<br>后续处置 ");
    pack_put(k, f->measure);
    pack_z(k, " · ");
    pack_state(k, f->state);
    if (f->content.n > 0) {
        pack_z(k, " · ");
        pack_put(k, f->content);
    }
    for (size_t i = 0; e == OK && i < n; i++)
        e = add_attachment(k, &files[i]);
    buf_str(&subject, target);
    buf_z(&subject, "/");
    buf_i64(&subject, f->id);
    return e == OK ? pack_proofs(k, buf_view(&subject)) : e;
}

static enum err
add_followups(struct pack *k, const struct pack_visited *v)
{
    struct followup_of_target_row *f;
    size_t n = 0;
    enum err e = followup_of_target(k->c->db, k->c->arena, &(struct followup_of_target_in) {v->target, v->task, FOLLOWUPS_MAX}, &f,
                                    &n);

    for (size_t i = 0; e == OK && i < n; i++)
        if (v->department.n == 0 || str_eq(f[i].department, v->department))
            e = add_followup(k, v->target, &f[i]);
    return e;
}

enum err
pack_visit(struct pack *k, const struct pack_visited *v)
{
    enum err e = OK;

    if (k->watch.tell != NULL && !k->watch.tell(k->watch.arg, k->visits))
        return ERR_CANCELLED;
    if (++k->visits > ARCHIVE_VISITS_MAX)
        return ctx_refuse(k->c, ERR_TOO_LARGE, "more than %d visits", ARCHIVE_VISITS_MAX);
    e = add_notices(k, v);
    if (e == OK)
        e = add_record(k, v);
    if (e == OK)
        e = add_followups(k, v);
    return e == OK ? pack_visit_proofs(k, v->task, v->target) : e;
}
