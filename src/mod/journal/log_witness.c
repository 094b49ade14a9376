/* mod/journal/log_witness.c - see log_witness.h */
#include "mod/journal/log_witness.h"

#include <string.h>

#include "base/b64.h"
#include "core/merkle.h"
#include "core/tlog.h"
#include "mod/journal/journal_keys.h"

struct request {
    uint64_t old_size;
    struct merkle_proof proof;
    struct str note;
};

/* The lines before the checkpoint. */
static bool
read_lines(struct str text, struct request *r)
{
    struct str line, rest = text;

    if (!str_split(rest, '\n', &line, &rest) || !str_starts(line, STR("old ")) ||
        str_u64((struct str) {line.p + 4, line.n - 4}, UINT64_MAX, &r->old_size) != OK)
        return false;
    for (r->proof.count = 0;;) {
        size_t n;

        if (!str_split(rest, '\n', &line, &rest))
            return false;
        if (line.n == 0)
            break;
        if (r->proof.count == MERKLE_PROOF_MAX ||
            b64_decode(line, r->proof.hash[r->proof.count], HASH_LEN, &n) != OK || n != HASH_LEN)
            return false;
        r->proof.count++;
    }
    r->note = rest;
    return true;
}

/* Is it a continuation? The same size asks for the same root. */
static int
judge_growth(const struct log_witness_state *have, const struct request *r, const struct checkpoint *c)
{
    if (r->old_size > c->size)
        return 400;
    if (r->old_size != have->size)
        return 409;
    if (r->old_size == c->size && have->size > 0)
        return r->proof.count == 0 && memcmp(have->root, c->root, HASH_LEN) == 0 ? 200 : 409;
    if (r->old_size == 0)
        return r->proof.count == 0 ? 200 : 422;
    return merkle_check_consistency(HASH_SHA256, have->size, c->size, have->root, c->root, &r->proof) == OK ? 200 : 422;
}

static int
judge(struct arena *a, const struct note_key *log, const struct log_witness_state *have, const struct request *r,
      struct note *note, struct log_witness_verdict *v)
{
    struct buf scratch = buf_over(arena_alloc(a, NOTE_BYTES_MAX + 64), NOTE_BYTES_MAX + 64);
    struct checkpoint c;
    int status;

    if (note_parse(r->note, note) != OK || checkpoint_parse(note->text, &c) != OK)
        return 400;
    if (!str_eq(c.origin, str_of(log->name)))
        return 404;
    if (note_verify(note, log, journal_verify, NULL, &scratch, NULL) != OK)
        return 403;
    status = judge_growth(have, r, &c);
    v->text = note->text;
    v->next.size = c.size;
    memcpy(v->next.root, c.root, HASH_LEN);
    return status;
}

enum err
log_witness_judge(struct arena *a, const struct note_key *log, const struct log_witness_state *have, struct str request,
                  struct log_witness_verdict *verdict)
{
    struct request *r = arena_alloc(a, sizeof *r);
    struct note *note = arena_alloc(a, sizeof *note);

    *verdict = (struct log_witness_verdict) {.status = 400};
    if (r == NULL || note == NULL)
        return ERR_MEMORY;
    if (read_lines(request, r))
        verdict->status = judge(a, log, have, r, note, verdict);
    return OK;
}
