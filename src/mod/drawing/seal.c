/* mod/drawing/seal.c - the frame is frozen: roster.tsv and draw.txt (docs/spec/draw-1.md §2, §3) */
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/drawing/drawing_int.h"
#include "mod/drawing/frame.h"
#include "mod/journal/journal.h"
#include "mod/journal_sql.h"
#include "mod/task/task.h"

/* What a frame is made from, apart from the targets. */
struct rules {
    struct drawing_current_row d;
    struct task task;
    unsigned bits[TERMS_PARTICIPANTS_MAX];
    struct opt_i64 cap_bp;
};

/* Everything that one sealing carries from step to step. */
struct drawing_sealing {
    struct ctx *c;
    const struct draw_env *env;
    struct drawing_watch watch;
    struct rules rules;
    int64_t newest; /* entry of the journal when the registry was read */
    struct file roster; /* without a name until it is sealed; out NULL: none */
    struct frame frame;
    struct frame_quota *quotas;
    size_t quota_count;
    uint64_t roster_count;
    unsigned char roster_root[HASH_LEN];
    struct draw_spec spec;
};

/* Rules first: the task, its items, every commitment. */
static enum err
find_rules(struct ctx *c, struct str task, struct rules *r, struct draw_spec *spec)
{
    static const unsigned char NONE[HASH_LEN];
    enum err e = drawing_in(c, task, DRAWING_OPEN, &r->d);

    if (e == OK)
        e = drawing_plain_spec(c, &r->d, spec);
    for (size_t i = 0; e == OK && i < spec->party_count; i++)
        if (memcmp(spec->parties[i].commitment, NONE, HASH_LEN) == 0)
            e = ctx_refuse(c, ERR_STATE, "%s has not committed yet", spec->parties[i].name.p);
    return e == OK ? frame_rules(c, task, &r->task, r->bits, &r->cap_bp) : e;
}

/* --- prepare: read the registry, write and hash the roster
 * ----------------------------------------------------------------------------------------------------------- */

static enum err
write_roster(struct drawing_sealing *s)
{
    const struct rules *r = &s->rules;
    enum err e = drawing_begin(s->c, drawing_key_of(&r->d), "roster.tsv", &s->roster);

    if (e != OK) {
        s->roster.out = NULL;
        return e;
    }
    s->frame = (struct frame){.c = s->c,
                              .task = &r->task,
                              .bits = r->bits,
                              .salted = r->d.salted != 0,
                              .region = {r->d.draw.p, r->d.draw.n < 6 ? r->d.draw.n : 6},
                              .today = day_of_us(s->c->now_us),
                              .out = s->roster.out,
                              .watch = s->watch};
    return frame_write(&s->frame);
}

static enum err
hash_roster(struct drawing_sealing *s, struct str text)
{
    struct roster roster;
    struct fault f = {0};
    size_t need = draw_arena_bytes(&(struct draw_files){.file = {[DRAW_ROSTER] = text}});
    void *block = malloc(need);
    struct arena a = arena_over(block, block == NULL ? 0 : need);
    enum err e = block == NULL ? ERR_MEMORY : roster_read(text, s->spec.suite, NULL, NULL, s->env, &a, &roster, &f);

    if (e == OK && roster.count != s->frame.rows)
        e = ERR_DIGEST;
    else if (e != OK && f.err != OK)
        e = drawing_fault(s->c, &f);
    if (e == OK) {
        s->roster_count = roster.count;
        memcpy(s->roster_root, roster.root, HASH_LEN);
    }
    free(block);
    return e;
}

/* The roster is read back from the disk: its root is that of what is really there. */
static enum err
read_roster(struct drawing_sealing *s)
{
    struct str text;
    enum err e = drawing_map_beside(&s->roster, &text);

    if (e != OK)
        return e;
    e = hash_roster(s, text);
    drawing_unmap(text);
    return e;
}

/* All of one moment: every query sees the same registry. */
static enum err
read_registry(struct drawing_sealing *s, struct str task)
{
    enum err e = db_snapshot(s->c->db);

    if (e != OK)
        return e;
    e = journal_newest(s->c, &s->newest);
    if (e == OK)
        e = find_rules(s->c, task, &s->rules, &s->spec);
    if (e == OK)
        e = write_roster(s);
    return db_end(s->c->db, e);
}

enum err
drawing_prepare(struct ctx *c, struct str task, const struct draw_env *env, struct drawing_watch watch,
                struct drawing_sealing **out)
{
    struct drawing_sealing *s = calloc(1, sizeof *s);
    enum err e = s == NULL ? ERR_MEMORY : OK;

    *out = s;
    if (e != OK)
        return e;
    s->c = c;
    s->env = env;
    s->watch = watch;
    e = read_registry(s, task);
    if (e == OK)
        e = frame_quotas(&s->frame, s->rules.cap_bp, &s->quotas, &s->quota_count);
    if (e == OK)
        e = read_roster(s);
    if (e == OK) /* hashing cannot be broken off */
        e = drawing_told(watch, s->frame.rows, s->frame.rows);
    return e;
}

void
drawing_abandon(struct drawing_sealing *s)
{
    if (s == NULL)
        return;
    if (s->roster.out != NULL) {
        enum err e = file_end(&s->roster, ERR_CANCELLED);

        (void) e;
    }
    free(s);
}

/* --- seal
 * ----------------------------------------------------------------------------------------------------------- */

/* Nothing but the targets' own facts may have changed since: a roster never holds what was merged away. */
static enum err
still_true(struct drawing_sealing *s, const struct rules *now)
{
    const struct rules *r = &s->rules;
    struct journal_count_act_row merged;
    enum err e = journal_count_act(s->c->db, s->c->arena, &(struct journal_count_act_in){s->newest, STR("target.merge")}, &merged);
    bool same = str_eq(now->d.draw, r->d.draw) && now->d.attempt == r->d.attempt && str_eq(now->d.suite, r->d.suite) &&
                str_eq(now->d.rule, r->d.rule) && now->d.salted == r->d.salted && now->d.batches == r->d.batches &&
                now->task.row.row_version == r->task.row.row_version && now->cap_bp.set == r->cap_bp.set &&
                now->cap_bp.v == r->cap_bp.v && memcmp(now->bits, r->bits, sizeof r->bits) == 0;

    if (e == OK && (!same || merged.count > 0))
        e = ctx_refuse(s->c, ERR_CONFLICT, "what the frame was made from was changed meanwhile");
    return e;
}

static enum err
fill_spec(struct drawing_sealing *s)
{
    s->spec.roster_count = s->roster_count;
    memcpy(s->spec.roster_root, s->roster_root, HASH_LEN);
    s->spec.quota_count = s->quota_count;
    s->spec.quotas = arena_array(s->c->arena, s->quota_count, sizeof *s->spec.quotas);
    if (s->spec.quotas == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < s->quota_count; i++)
        s->spec.quotas[i] =
            (struct draw_quota){.group = s->quotas[i].group,
                                .stratum = s->rules.task.sampling.strata[s->quotas[i].stratum].label,
                                .n = s->quotas[i].n,
                                .reserve = s->quotas[i].reserve};
    return OK;
}

/* draw.txt is written, judged by the parser, checked against the policy, stored. */
static enum err
write_draw(struct drawing_sealing *s)
{
    struct fault f = {0};
    struct buf b;
    enum err e = fill_spec(s);

    if (e == OK)
        e = buf_in(s->c, (size_t) DRAW_LINE_MAX * (16 + s->quota_count + DRAW_PARTY_MAX + DRAW_BEACON_MAX),
                   &b);
    if (e != OK)
        return e;
    draw_write(&s->spec, &b);
    if (b.overflow)
        return ERR_MEMORY;
    if (draw_parse(buf_view(&b), s->c->arena, &s->spec, &f) != OK || draw_policy(&s->spec, &f) != OK)
        return drawing_fault(s->c, &f);
    return drawing_write(s->c, drawing_key_of(&s->rules.d), "draw.txt", buf_view(&b));
}

/* How many, and the first codes, one a line. */
static enum err
store_exclusion(struct drawing_sealing *s, enum frame_exclusion x)
{
    struct drawing_key k = drawing_key_of(&s->rules.d);
    struct buf b;
    enum err e = buf_in(s->c, DRAWING_PREVIEW_CODES * (DRAW_ID_MAX + 1), &b);

    if (e != OK)
        return e;
    for (size_t i = 0; i < DRAWING_PREVIEW_CODES && i < s->frame.excluded[x]; i++) {
        buf_z(&b, i == 0 ? "" : "\n");
        buf_str(&b, s->frame.codes[x][i]);
    }
    return drawing_exclusion_put(s->c->db, &(struct drawing_exclusion_put_in){k.draw, k.attempt, str_of(frame_exclusion_word(x)),
                                                                              (int64_t) s->frame.excluded[x], buf_view(&b)});
}

static enum err
store_counts(struct drawing_sealing *s)
{
    struct drawing_key k = drawing_key_of(&s->rules.d);
    enum err e = OK;

    for (size_t i = 0; e == OK && i < s->quota_count; i++) {
        const struct frame_quota *q = &s->quotas[i];

        e = drawing_quota_put(
            s->c->db, &(struct drawing_quota_put_in){
                          k.draw, k.attempt, q->group, s->rules.task.sampling.strata[q->stratum].label,
                          (int64_t) q->population, (int64_t) q->n, (int64_t) q->reserve, q->ratio_bp,
                          (int64_t) q->least_ppm, (int64_t) q->most_ppm});
    }
    for (int x = FRAME_IN + 1; e == OK && x < FRAME_EXCLUSION_COUNT; x++)
        if (s->frame.excluded[x] > 0)
            e = store_exclusion(s, (enum frame_exclusion) x);
    return e;
}

static enum err
store_sealed(struct drawing_sealing *s, struct drawing_sealed *out)
{
    struct drawing_key k = drawing_key_of(&s->rules.d);
    struct drawing_current_row now;
    struct draw_spec again;
    struct str text;
    enum err e = drawing_hex(s->c, s->spec.digest, &out->digest);

    if (e == OK)
        e = drawing_hex(s->c, s->roster_root, &out->root);
    if (e == OK)
        e = drawing_set_sealed(s->c->db,
                               &(struct drawing_set_sealed_in){k.draw, k.attempt, (int64_t) s->roster_count,
                                                               out->root, out->digest, s->c->now_us});
    if (e == OK)
        e = store_counts(s);
    now = s->rules.d;
    now.draw_digest = out->digest;
    if (e == OK) { /* what the disk holds is what the log will say */
        e = drawing_spec(s->c, &now, &text, &again);
        if (e == OK)
            drawing_unmap(text);
    }
    if (e != OK)
        return e;
    return drawing_journal(s->c, "draw.seal", k,
                           (struct drawing_fact[]){{"digest", out->digest}, {"root", out->root}}, 2);
}

static void
count_sealed(const struct drawing_sealing *s, struct drawing_sealed *out)
{
    out->key = drawing_key_of(&s->rules.d);
    out->rows = s->roster_count;
    out->excluded = out->sample = 0;
    for (int x = FRAME_IN + 1; x < FRAME_EXCLUSION_COUNT; x++)
        out->excluded += s->frame.excluded[x];
    for (size_t i = 0; i < s->quota_count; i++)
        out->sample += s->quotas[i].n;
}

/* The state moves first: it holds back a second sealing until this one is over. */
static enum err
seal(struct drawing_sealing *s, struct drawing_sealed *out)
{
    struct rules *now = arena_alloc(s->c->arena, sizeof *now);
    enum err e = now == NULL ? ERR_MEMORY : OK;

    if (e == OK) {
        *now = (struct rules){0};
        e = find_rules(s->c, s->rules.task.row.code, now, &s->spec);
    }
    if (e == OK)
        e = still_true(s, now);
    if (e == OK)
        e = drawing_advance(s->c, drawing_key_of(&s->rules.d), DRAWING_OPEN, DRAWING_SEALED);
    if (e == OK)
        e = task_step(s->c, s->rules.task.row.code, TASK_APPROVED, TASK_SEALED);
    if (e == OK)
        e = file_end(&s->roster, OK);
    if (e == OK)
        e = write_draw(s);
    if (e == OK)
        e = store_sealed(s, out);
    if (e == OK)
        count_sealed(s, out);
    return e;
}

enum err
drawing_seal_prepared(struct ctx *c, struct drawing_sealing *s, struct drawing_sealed *out)
{
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    s->c = c;
    return db_end(c->db, seal(s, out));
}

enum err
drawing_seal(struct ctx *c, struct str task, const struct draw_env *env, struct drawing_sealed *out)
{
    enum err e = ERR_CONFLICT;

    for (int i = 0; e == ERR_CONFLICT && i < DRAWING_PREPARATIONS_MAX; i++) {
        struct drawing_sealing *s;

        c->why[0] = '\0';
        e = drawing_prepare(c, task, env, (struct drawing_watch){0}, &s);
        if (e == OK)
            e = drawing_seal_prepared(c, s, out);
        drawing_abandon(s);
    }
    return e;
}
