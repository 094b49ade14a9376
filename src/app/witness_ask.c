/* app/witness_ask.c - see witness_ask.h */
#include "witness_ask.h"

#include <stdio.h>
#include <string.h>

#include "base/b64.h"
#include "fetch.h"
#include "mod/file.h"
#include "mod/journal/journal_sequence.h"
#include "mod/journal/log_source.h"
#include "mod/journal/log_witness.h"

enum { STATUS_OK = 200, STATUS_CONFLICT = 409, ANSWER_BYTES_MAX = 16384 };

enum err
witness_parse(const char *text, struct witness_address *out)
{
    struct str vkey, url;
    enum err e;

    if (!str_split(str_of(text), ' ', &vkey, &url) || url.n == 0 || url.n >= sizeof out->url)
        return ERR_USAGE;
    if ((e = note_vkey_parse(vkey, &out->key)) != OK)
        return e;
    memcpy(out->url, url.p, url.n);
    out->url[url.n - (out->url[url.n - 1] == '/')] = '\0';
    return out->key.type == NOTE_COSIGNATURE && fetch_is_url(out->url) ? OK : ERR_USAGE;
}

/* The request of log_witness.h from a size that the witness knows. */
static enum err
put_request(struct log *log, uint64_t from, struct buf *b)
{
    struct merkle_source tree = log_tree(log);
    struct merkle_proof proof = {.count = 0};
    enum err e = OK;

    if (from > 0 && from < log->checkpoint.size)
        e = merkle_prove_consistency(&tree, from, log->checkpoint.size, &proof);
    buf_z(b, "old ");
    buf_u64(b, from);
    buf_z(b, "\n");
    for (unsigned i = 0; e == OK && i < proof.count; i++) {
        b64_write(b, proof.hash[i], HASH_LEN);
        buf_z(b, "\n");
    }
    buf_z(b, "\n");
    buf_str(b, log->checkpoint_bytes);
    return e != OK ? e : b->overflow ? ERR_TOO_LARGE : OK;
}

static enum err
post(struct ctx *c, struct fetch *f, const struct witness_address *w, struct log *log, uint64_t from, struct str *answer,
     long *status)
{
    char url[sizeof w->url + 32];
    struct buf b = buf_over(arena_alloc(c->arena, LOG_WITNESS_REQUEST_MAX), LOG_WITNESS_REQUEST_MAX);
    enum err e = b.p == NULL ? ERR_MEMORY : put_request(log, from, &b);

    snprintf(url, sizeof url, "%s/add-checkpoint", w->url);
    return e == OK ? fetch_post(f, c->arena, url, buf_view(&b), ANSWER_BYTES_MAX, answer, status) : e;
}

/* First as to a witness that knows nothing; it answers 409 with the size that it knows. */
static enum err
exchange(struct ctx *c, struct fetch *f, const struct witness_address *w, struct log *log, struct str *answer, char *why)
{
    uint64_t known;
    long status = 0;
    enum err e = post(c, f, w, log, 0, answer, &status);

    if (e == OK && status == STATUS_CONFLICT) {
        if (str_u64(str_trim(*answer), UINT64_MAX, &known) != OK || known > log->checkpoint.size) {
            snprintf(why, WITNESS_WHY_BYTES, "it has cosigned %.60s entries, we have %llu", str_z(c->arena, str_trim(*answer)),
                     (unsigned long long) log->checkpoint.size);
            return ERR_PROOF;
        }
        e = post(c, f, w, log, known, answer, &status);
    }
    if (e == OK && status == STATUS_OK)
        return OK;
    snprintf(why, WITNESS_WHY_BYTES, "%s", e == OK ? "" : fetch_why(f));
    if (e == OK)
        snprintf(why, WITNESS_WHY_BYTES, "HTTP %ld", status);
    return e == OK ? ERR_IO : e;
}

/* Has it cosigned this checkpoint before? Another line would only bear another time. */
static bool
has_cosigned(struct ctx *c, const struct log *log, const struct note_key *key)
{
    struct note *note = arena_alloc(c->arena, sizeof *note);
    struct buf scratch = buf_over(arena_alloc(c->arena, NOTE_BYTES_MAX + 64), NOTE_BYTES_MAX + 64);

    return note != NULL && scratch.p != NULL && note_parse(log->checkpoint_bytes, note) == OK &&
           note_verify(note, key, journal_verify, NULL, &scratch, NULL) == OK;
}

static enum err
ask(struct ctx *c, struct fetch *f, const struct witness_address *w, size_t *added, char *why)
{
    char dir[FILE_PATH_BYTES];
    struct log *log = arena_alloc(c->arena, sizeof *log);
    struct log_fault fault;
    struct str answer;
    enum err e = log == NULL ? ERR_MEMORY : file_path(dir, c->dir, STR("log"));

    if (e == OK)
        e = log_open(log, log_source_directory(dir), c->arena, (struct str) {NULL, 0}, &fault);
    if (e == OK && has_cosigned(c, log, &w->key))
        return OK;
    if (e == OK)
        e = exchange(c, f, w, log, &answer, why);
    return e == OK ? journal_cosign(c, &w->key, 1, answer, added) : e;
}

enum err
witness_ask(struct ctx *c, const struct witness_address *w, size_t *added, char why[static WITNESS_WHY_BYTES])
{
    size_t mark = arena_mark(c->arena);
    struct fetch *f;
    enum err e = fetch_open(&f);

    *added = 0;
    why[0] = '\0';
    if (e != OK)
        return e;
    e = ask(c, f, w, added, why);
    fetch_close(f);
    arena_rewind(c->arena, mark);
    return e;
}
