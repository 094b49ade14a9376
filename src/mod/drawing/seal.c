/* mod/drawing/seal.c - the frame is frozen: roster.tsv and draw.txt (docs/spec/draw-1.md §2, §3) */
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/drawing/drawing_int.h"
#include "mod/drawing/frame.h"
#include "mod/org/org.h"
#include "mod/plan/plan.h"
#include "mod/task/task.h"

/* Everything that one sealing carries from step to step. */
struct sealing {
    struct ctx *c;
    struct drawing_current_row d;
    struct task task;
    unsigned bits[TERMS_PARTICIPANTS_MAX];
    struct opt_i64 cap_bp;
    struct frame frame;
    struct frame_quota *quotas;
    size_t quota_count;
    uint64_t roster_count;
    unsigned char roster_root[HASH_LEN];
    struct draw_spec spec;
};

/* Rules first: the task, its items, every commitment. */
static enum err
prepare(struct sealing *s, struct str task)
{
    struct ctx *c = s->c;
    static const unsigned char NONE[HASH_LEN];
    enum err e = drawing_in(c, task, DRAWING_OPEN, &s->d);

    if (e == OK)
        e = task_load(c, task, &s->task);
    if (e == OK)
        e = drawing_plain_spec(c, &s->d, &s->spec);
    for (size_t i = 0; e == OK && i < s->spec.party_count; i++)
        if (memcmp(s->spec.parties[i].commitment, NONE, HASH_LEN) == 0)
            e = ctx_refuse(c, ERR_STATE, "%s has not committed yet", s->spec.parties[i].name.p);
    if (e == OK)
        e = plan_check_items(c, &s->task.items, &s->task.sampling, &s->cap_bp);
    for (size_t i = 0; e == OK && i < s->task.participants.count; i++)
        e = org_bit(c, s->task.participants.v[i].department, &s->bits[i]);
    return e;
}

static enum err
write_roster(struct sealing *s)
{
    struct file out;
    enum err e = drawing_begin(s->c, drawing_key_of(&s->d), "roster.tsv", &out);

    if (e != OK)
        return e;
    s->frame = (struct frame){.c = s->c,
                              .task = &s->task,
                              .bits = s->bits,
                              .salted = s->d.salted != 0,
                              .region = {s->d.draw.p, s->d.draw.n < 6 ? s->d.draw.n : 6},
                              .today = day_of_us(s->c->now_us),
                              .out = out.out};
    e = frame_write(&s->frame);
    return file_end(&out, e);
}

/* The roster is read back from the disk: its root is that of what is really there. */
static enum err
read_roster(struct sealing *s, const struct draw_env *env)
{
    struct str text;
    struct arena a;
    struct roster roster;
    struct fault f = {0};
    size_t need;
    void *block;
    enum err e = drawing_map(s->c, drawing_key_of(&s->d), "roster.tsv", &text);

    if (e != OK)
        return e;
    need = draw_arena_bytes(&(struct draw_files){.file = {[DRAW_ROSTER] = text}});
    block = malloc(need);
    a = arena_over(block, block == NULL ? 0 : need);
    e = block == NULL ? ERR_MEMORY : roster_read(text, s->spec.suite, NULL, NULL, env, &a, &roster, &f);
    if (e == OK && roster.count != s->frame.rows)
        e = ERR_DIGEST;
    else if (e != OK && f.err != OK)
        e = drawing_fault(s->c, &f);
    if (e == OK) {
        s->roster_count = roster.count;
        memcpy(s->roster_root, roster.root, HASH_LEN);
    }
    free(block);
    drawing_unmap(text);
    return e;
}

static enum err
fill_spec(struct sealing *s)
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
                                .stratum = s->task.sampling.strata[s->quotas[i].stratum].label,
                                .n = s->quotas[i].n,
                                .reserve = s->quotas[i].reserve};
    return OK;
}

/* draw.txt is written, judged by the parser, checked against the policy, stored. */
static enum err
write_draw(struct sealing *s)
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
    return drawing_write(s->c, drawing_key_of(&s->d), "draw.txt", buf_view(&b));
}

static enum err
store_counts(struct sealing *s)
{
    struct drawing_key k = drawing_key_of(&s->d);
    enum err e = OK;

    for (size_t i = 0; e == OK && i < s->quota_count; i++) {
        const struct frame_quota *q = &s->quotas[i];

        e = drawing_quota_put(
            s->c->db, &(struct drawing_quota_put_in){
                          k.draw, k.attempt, q->group, s->task.sampling.strata[q->stratum].label,
                          (int64_t) q->population, (int64_t) q->n, (int64_t) q->reserve, q->ratio_bp});
    }
    for (int x = FRAME_IN + 1; e == OK && x < FRAME_EXCLUSION_COUNT; x++)
        if (s->frame.excluded[x] > 0)
            e = drawing_exclusion_put(s->c->db, &(struct drawing_exclusion_put_in){
                                                    k.draw, k.attempt,
                                                    str_of(frame_exclusion_word((enum frame_exclusion) x)),
                                                    (int64_t) s->frame.excluded[x]});
    return e;
}

static enum err
store_sealed(struct sealing *s, struct drawing_sealed *out)
{
    struct drawing_key k = drawing_key_of(&s->d);
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
    now = s->d;
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
count_sealed(const struct sealing *s, struct drawing_sealed *out)
{
    out->key = drawing_key_of(&s->d);
    out->rows = s->roster_count;
    out->excluded = out->sample = 0;
    for (int x = FRAME_IN + 1; x < FRAME_EXCLUSION_COUNT; x++)
        out->excluded += s->frame.excluded[x];
    for (size_t i = 0; i < s->quota_count; i++)
        out->sample += s->quotas[i].n;
}

/* The state moves first: it holds back a second sealing until this one is over. */
static enum err
seal(struct sealing *s, struct str task, const struct draw_env *env, struct drawing_sealed *out)
{
    enum err e = prepare(s, task);

    if (e == OK)
        e = drawing_advance(s->c, drawing_key_of(&s->d), DRAWING_OPEN, DRAWING_SEALED);
    if (e == OK)
        e = task_step(s->c, task, TASK_APPROVED, TASK_SEALED);
    if (e == OK)
        e = write_roster(s);
    if (e == OK)
        e = read_roster(s, env);
    if (e == OK)
        e = frame_quotas(&s->frame, s->cap_bp, &s->quotas, &s->quota_count);
    if (e == OK)
        e = write_draw(s);
    if (e == OK)
        e = store_sealed(s, out);
    if (e == OK)
        count_sealed(s, out);
    return e;
}

enum err
drawing_seal(struct ctx *c, struct str task, const struct draw_env *env, struct drawing_sealed *out)
{
    struct sealing *s = calloc(1, sizeof *s);
    enum err e = s == NULL ? ERR_MEMORY : db_begin(c->db);

    if (e == OK) {
        s->c = c;
        e = db_end(c->db, seal(s, task, env, out));
    }
    free(s);
    return e;
}
