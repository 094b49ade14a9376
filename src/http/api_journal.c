/* http/api_journal.c - the journal 留痕 for the audit administrator: search, one entry with its proof, export */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api_handlers.h"
#include "core/calendar.h"
#include "core/entry.h"
#include "core/hash.h"
#include "format/csv.h"
#include "mod/file.h"
#include "mod/journal/journal.h"
#include "mod/journal/log_source.h"
#include "mod/journal_sql.h"

enum { EXPORT_ROWS_MAX = 200000, EXPORT_PAGE = 2000, PROOF_BYTES = 1 << 18, PATH_BYTES = 1024 };
#define DAY_US (INT64_C(86400) * 1000000)
#define CHINA_US (INT64_C(8) * 3600 * 1000000)

/* --- search ------------------------------------------------------------------------------------------------------------ */

/* A login becomes the actor that the journal knows: entries name accounts by number. */
static enum err
actor_of(struct api *q, struct str said, struct str *out)
{
    struct account_get_row a;
    char text[ACCOUNT_ACTOR_BYTES];
    enum err e;

    *out = said;
    if (said.n == 0 || memchr(said.p, ':', said.n) != NULL)
        return OK;
    e = account_get(q->ctx->db, q->ctx->arena, &(struct account_get_in){said}, &a);
    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    snprintf(text, sizeof text, "user:%lld", (long long) a.id);
    *out = str_copy(q->ctx->arena, str_of(text));
    return OK;
}

/* Official days (UTC+8); `to` is included. */
static enum err
day_limit(struct api *q, const char *name, int64_t after_days, int64_t otherwise, int64_t *out)
{
    struct str s = api_query(q, name);
    int64_t day;

    *out = otherwise;
    if (s.n == 0)
        return OK;
    if (day_parse(s, &day) != OK)
        return api_wrong(q, name, ERR_DATE, NULL);
    *out = (day + after_days) * DAY_US - CHINA_US;
    return OK;
}

static enum err
question(struct api *q, struct journal_page_in *in)
{
    struct str cursor = api_query(q, "cursor");
    enum err e;

    *in = (struct journal_page_in){.before = INT64_MAX, .act = api_query(q, "act"), .subject = api_query(q, "subject")};
    if (cursor.n > 0 && api_number_of(cursor, &in->before) != OK)
        return ctx_refuse(q->ctx, ERR_INPUT, "cursor");
    e = actor_of(q, api_query(q, "actor"), &in->actor);
    if (e == OK)
        e = day_limit(q, "from", 0, 0, &in->from_us);
    return e == OK ? day_limit(q, "to", 1, INT64_MAX, &in->to_us) : e;
}

/* Logins of the accounts met so far: a page names few. */
struct names {
    struct str actors[64], logins[64];
    size_t count;
};

static struct str
login_of(struct api *q, struct names *n, struct str actor)
{
    struct account_by_id_row a;
    int64_t id;
    struct str login = NO_STR;

    for (size_t i = 0; i < n->count; i++)
        if (str_eq(n->actors[i], actor))
            return n->logins[i];
    if (str_starts(actor, STR("user:")) && api_number_of((struct str){actor.p + 5, actor.n - 5}, &id) == OK &&
        account_by_id(q->ctx->db, q->ctx->arena, &(struct account_by_id_in){id}, &a) == OK)
        login = a.login;
    if (n->count < 64) {
        n->actors[n->count] = actor;
        n->logins[n->count++] = login;
    }
    return login;
}

enum err
api_journal_get(struct api *q)
{
    struct journal_page_in in;
    struct journal_page_row *r;
    struct names names = {.count = 0};
    size_t n;
    json_t *rows;
    enum err e = question(q, &in);

    if (e == OK)
        e = api_limit(q, &in.limit_count);
    in.limit_count++;
    if (e == OK)
        e = journal_page(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && (int64_t) i + 1 < in.limit_count; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", api_id(r[i].id), "leaf", api_i64(r[i].leaf),
                            "time", api_time(OPT(r[i].time_us)), "actor", api_str(r[i].actor), "login",
                            api_str(login_of(q, &names, r[i].actor)), "act", api_str(r[i].act), "subject",
                            api_str(r[i].subject)));
    if ((int64_t) n == in.limit_count)
        api_more_number(q, r[n - 2].id);
    return OK;
}

/* --- one entry and its proof --------------------------------------------------------------------------------------------- */

static enum err
find_entry(struct api *q, struct journal_get_row *r)
{
    int64_t id = 0;
    enum err e = api_number_of(q->params[0], &id);

    return e == OK ? journal_get(q->ctx->db, q->ctx->arena, &(struct journal_get_in){id}, r) : e;
}

/* The text of a tlog-proof against the newest published checkpoint. ERR_RANGE: the entry waits for the next one. */
static enum err
prove(struct api *q, const struct journal_get_row *r, struct str *proof, struct checkpoint *checkpoint)
{
    char dir[FILE_PATH_BYTES];
    struct log *log = arena_alloc(q->ctx->arena, sizeof *log);
    struct buf out = buf_over(arena_alloc(q->ctx->arena, PROOF_BYTES), PROOF_BYTES);
    struct log_fault f;
    struct str entry;
    enum err e = log == NULL || out.p == NULL ? ERR_MEMORY : !r->leaf.set ? ERR_RANGE : file_path(dir, q->ctx->dir, STR("log"));

    if (e == OK)
        e = log_open(log, log_source_directory(dir), q->ctx->arena, NO_STR, &f);
    if (e == OK)
        e = log_prove(log, (uint64_t) r->leaf.v, &out);
    if (e == OK)
        e = log_check_proof(buf_view(&out), log->keys, log->key_count, q->ctx->arena, &entry, checkpoint);
    if (e == OK && !str_eq(entry, r->entry))
        e = ERR_PROOF; /* the database says something else than the log */
    *proof = buf_view(&out);
    return e;
}

static json_t *
hex_json(const unsigned char *p)
{
    char text[HASH_HEX_LEN];

    hex_encode(p, HASH_LEN, text);
    return json_stringn(text, HASH_HEX_LEN);
}

static enum err
proof_json(struct api *q, struct str text, const struct checkpoint *checkpoint, json_t **out)
{
    struct tlog_proof *p = arena_alloc(q->ctx->arena, sizeof *p);
    json_t *hashes = json_array();
    enum err e = p == NULL ? ERR_MEMORY : tlog_proof_parse(text, p);

    for (size_t i = 0; e == OK && i < p->hash_count; i++)
        json_array_append_new(hashes, hex_json(p->hashes[i]));
    *out = e != OK ? NULL
                   : json_pack("{s:I, s:I, s:o, s:o, s:o, s:o}", "index", (json_int_t) p->index, "size",
                               (json_int_t) checkpoint->size, "root", hex_json(checkpoint->root), "origin",
                               api_str(checkpoint->origin), "hashes", hashes, "checkpoint", api_str(p->checkpoint));
    if (*out == NULL)
        json_decref(hashes);
    return e;
}

enum err
api_journal_entry(struct api *q)
{
    struct journal_get_row r;
    struct names names = {.count = 0};
    struct checkpoint checkpoint;
    struct str text;
    unsigned char leaf[HASH_LEN];
    json_t *proof = NULL;
    enum err e = find_entry(q, &r), proved;

    if (e != OK)
        return e;
    proved = prove(q, &r, &text, &checkpoint);
    if (proved == OK && (e = proof_json(q, text, &checkpoint, &proof)) != OK)
        return e;
    merkle_leaf(HASH_SHA256, r.entry.p, r.entry.n, leaf);
    q->out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "id", api_id(r.id), "leaf",
                       api_i64(r.leaf), "time", api_time(OPT(r.time_us)), "actor", api_str(r.actor), "login",
                       api_str(login_of(q, &names, r.actor)), "act", api_str(r.act), "subject", api_str(r.subject),
                       "entry", api_str(r.entry), "leaf_hash", hex_json(leaf), "verdict",
                       proved == OK ? "proved" : proved == ERR_RANGE || proved == ERR_NOT_FOUND ? "waiting" : "broken",
                       "proof", proof == NULL ? json_null() : proof);
    return q->out == NULL ? ERR_MEMORY : OK;
}

enum err
api_journal_proof(struct api *q)
{
    struct journal_get_row r;
    struct checkpoint checkpoint;
    enum err e = find_entry(q, &r);

    if (e == OK)
        e = prove(q, &r, &q->reply->body, &checkpoint);
    if (e != OK)
        return e == ERR_RANGE ? ctx_refuse(q->ctx, ERR_NOT_FOUND, "not yet in a checkpoint") : e;
    q->reply->status = 200;
    q->reply->type = "text/plain; charset=utf-8";
    q->reply->disposition = STR("attachment; filename=\"entry.tlog-proof\"");
    return OK;
}

/* --- export ------------------------------------------------------------------------------------------------------------- */

static enum err
write_entry(struct api *q, FILE *f, struct names *names, const struct journal_page_row *r)
{
    char id[24], leaf[24] = "", time[40] = "";
    json_t *t = api_time(OPT(r->time_us));
    struct str cells[7];

    snprintf(id, sizeof id, "%lld", (long long) r->id);
    if (r->leaf.set)
        snprintf(leaf, sizeof leaf, "%lld", (long long) r->leaf.v);
    snprintf(time, sizeof time, "%s", json_string_value(t));
    json_decref(t);
    cells[0] = str_of(id);
    cells[1] = str_of(leaf);
    cells[2] = str_of(time);
    cells[3] = r->actor;
    cells[4] = login_of(q, names, r->actor);
    cells[5] = r->act;
    cells[6] = r->subject;
    return csv_write_row(f, cells, 7);
}

static enum err
write_entries(struct api *q, FILE *f, struct journal_page_in in, int64_t *count)
{
    static const struct str HEAD[] = {{"id", 2}, {"leaf", 4}, {"time", 4}, {"actor", 5}, {"login", 5}, {"act", 3}, {"subject", 7}};
    struct names names = {.count = 0};
    struct journal_page_row *r;
    size_t n = EXPORT_PAGE;
    enum err e = csv_write_bom(f);

    if (e == OK)
        e = csv_write_row(f, HEAD, 7);
    in.limit_count = EXPORT_PAGE;
    while (e == OK && n == EXPORT_PAGE && *count < EXPORT_ROWS_MAX) {
        size_t mark = arena_mark(q->ctx->arena);

        names.count = 0; /* its texts lie in what is taken back */
        e = journal_page(q->ctx->db, q->ctx->arena, &in, &r, &n);
        for (size_t i = 0; e == OK && i < n; i++)
            e = write_entry(q, f, &names, &r[i]);
        if (e == OK && n > 0)
            in.before = r[n - 1].id;
        *count += (int64_t) n;
        arena_rewind(q->ctx->arena, mark);
    }
    return e == OK && fflush(f) != 0 ? ERR_NO_SPACE : e;
}

/* Who takes the journal away leaves a trace in it. */
static enum err
note_export(struct api *q, void *arg)
{
    char detail[48];
    int n = snprintf(detail, sizeof detail, "{\"rows\":%lld}", (long long) *(const int64_t *) arg);
    enum err e = db_begin(q->ctx->db);

    return e == OK ? db_end(q->ctx->db, journal_add(q->ctx, &(struct journal_act){STR("journal.export"), STR("journal"),
                                                                                  {detail, (size_t) n}}))
                   : e;
}

/* A file without a name, in the directory of uploads. */
static FILE *
unnamed(struct api *q)
{
    char path[PATH_BYTES];
    int fd, n = snprintf(path, sizeof path, "%s/uploads", q->ctx->dir);
    FILE *f;

    if (n < 0 || n >= PATH_BYTES)
        return NULL;
    (void) mkdir(path, 0700);
    fd = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return NULL;
    if ((f = fdopen(fd, "w+")) == NULL)
        close(fd);
    return f;
}

enum err
api_journal_export(struct api *q)
{
    struct journal_page_in in;
    struct stat st;
    int64_t count = 0;
    FILE *f;
    enum err e = question(q, &in);

    if (e != OK)
        return e;
    if ((f = unnamed(q)) == NULL)
        return ERR_IO;
    e = write_entries(q, f, in, &count);
    if (e == OK)
        e = api_write(q, note_export, &count);
    if (e == OK && ((q->reply->fd = fcntl(fileno(f), F_DUPFD_CLOEXEC, 3)) < 0 || fstat(q->reply->fd, &st) != 0))
        e = ERR_IO;
    fclose(f);
    if (e != OK)
        return e;
    q->reply->fd_bytes = (uint64_t) st.st_size;
    q->reply->status = 200;
    q->reply->type = "text/csv; charset=utf-8";
    q->reply->disposition = STR("attachment; filename=\"journal.csv\"");
    return OK;
}
