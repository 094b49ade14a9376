/* mod/drawing/simulate.c - dry runs 试抽: the same frame, the same rules, throw-away seeds, nothing stored */
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/drawing/drawing_int.h"
#include "mod/drawing/frame.h"
#include "mod/task/task.h"

enum { SIMULATED_PARTIES = 2, LABELS_MAX = 256, FIRST_MAX = 20000 }; /* further labels are counted as "other" */
static const uint64_t MILLION = 1000000;

const char *
drawing_by_name(enum drawing_by by)
{
    static const char *const NAMES[DRAWING_BY_COUNT] = {"strata", "regions", "industries", "classes", "entities", "capitals"};

    return by < DRAWING_BY_COUNT ? NAMES[by] : "";
}

/* One row that is drawn from. */
struct cell {
    uint64_t mask;
    uint32_t weight;
    uint16_t at[DRAWING_BY_COUNT]; /* its place in the counts */
};

struct simulating {
    struct ctx *c;
    struct task task;
    unsigned bits[TERMS_PARTICIPANTS_MAX];
    struct frame frame;
    struct cell *cells; /* by row of the roster; excluded rows have weight 0 */
    size_t cell_size;
    struct frame_quota *quotas;
    size_t quota_count;
    uint64_t *quota_weight; /* sum of the weights of each quota's population */
    struct drawing_simulation *out;
    struct drawing_watch watch;
    char *roster;
    size_t roster_bytes;
};

/* The place of a label in one of the counts. */
static enum err
find_label(struct simulating *s, enum drawing_by by, struct str label, uint16_t *at)
{
    struct drawing_counts *list = &s->out->by[by];
    size_t i = 0;

    if (label.n == 0)
        label = STR("-");
    while (i < list->count && !str_eq(list->v[i].label, label))
        i++;
    if (i == list->count && i == LABELS_MAX - 1)
        label = STR("other");
    if (i == list->count && i < LABELS_MAX) {
        list->v[i].label = str_copy(s->c->arena, label);
        if (list->v[i].label.p == NULL)
            return ERR_MEMORY;
        list->count++;
    }
    *at = (uint16_t) (i < LABELS_MAX ? i : LABELS_MAX - 1);
    return OK;
}

/* Yuan without fractions; false where there is no number, or no unit behind it: it is not guessed. */
static bool
yuan_of(struct str text, uint64_t *yuan)
{
    uint64_t n = 0;
    size_t i = 0;
    bool digits = false;

    for (; i < text.n && (text.p[i] == ',' || (text.p[i] >= '0' && text.p[i] <= '9')); i++) {
        if (text.p[i] == ',')
            continue;
        if (n > UINT64_C(1000000000000))
            return false;
        n = n * 10 + (uint64_t) (text.p[i] - '0');
        digits = true;
    }
    text = (struct str){text.p + i, text.n - i};
    if (!digits || memmem(text.p, text.n, "元", strlen("元")) == NULL)
        return false;
    *yuan = n * (memmem(text.p, text.n, "亿", strlen("亿")) != NULL   ? 100000000
                 : memmem(text.p, text.n, "万", strlen("万")) != NULL ? 10000
                                                                      : 1);
    return true;
}

const char *
drawing_capital_band(struct str text)
{
    static const struct {
        uint64_t below;
        const char *name;
    } BANDS[] = {{100000, "c1"}, {1000000, "c2"}, {10000000, "c3"}, {100000000, "c4"}};
    uint64_t yuan;

    if (text.n == 0 || !yuan_of(text, &yuan))
        return "-";
    for (size_t i = 0; i < sizeof BANDS / sizeof *BANDS; i++)
        if (yuan < BANDS[i].below)
            return BANDS[i].name;
    return "c5";
}

static enum err
grow(struct simulating *s)
{
    size_t size = s->cell_size == 0 ? 4096 : s->cell_size * 2;
    struct cell *more;

    if (s->frame.rows <= s->cell_size)
        return OK;
    while (size < s->frame.rows)
        size *= 2;
    more = realloc(s->cells, size * sizeof *more);
    if (more == NULL)
        return ERR_MEMORY;
    memset(more + s->cell_size, 0, (size - s->cell_size) * sizeof *more);
    s->cells = more;
    s->cell_size = size;
    return OK;
}

static enum err
on_row(void *arg, const struct target_scan_row *t, const struct roster_row *row, int stratum)
{
    struct simulating *s = arg;
    const struct str labels[DRAWING_BY_COUNT] = {[DRAWING_BY_REGION] = t->region,
                                                 [DRAWING_BY_INDUSTRY] = {t->industry.p, t->industry.n > 0},
                                                 [DRAWING_BY_CLASS] = t->risk_class,
                                                 [DRAWING_BY_ENTITY] = t->entity_type,
                                                 [DRAWING_BY_CAPITAL] = str_of(drawing_capital_band(t->capital))};
    struct cell *cell;
    enum err e = grow(s);

    if (e != OK)
        return e;
    cell = &s->cells[s->frame.rows - 1];
    cell->at[DRAWING_BY_STRATUM] = (uint16_t) stratum;
    for (int by = DRAWING_BY_REGION; e == OK && by < DRAWING_BY_COUNT; by++)
        e = find_label(s, (enum drawing_by) by, labels[by], &cell->at[by]);
    cell->mask = row->mask;
    cell->weight = row->weight;
    for (int by = 0; e == OK && by < DRAWING_BY_COUNT; by++)
        s->out->by[by].v[cell->at[by]].population++;
    return e;
}

static enum err
prepare(struct simulating *s, struct str task, struct opt_i64 *cap_bp)
{
    struct ctx *c = s->c;
    enum err e = frame_rules(c, task, &s->task, s->bits, cap_bp);

    if (e == OK && s->task.state > TASK_APPROVED)
        e = ctx_refuse(c, ERR_STATE, "task %s is %s: a dry run comes before the seal", s->task.row.code.p,
                       task_state_name(s->task.state));
    if (e != OK)
        return e;
    for (int by = 0; by < DRAWING_BY_COUNT; by++) {
        s->out->by[by].v = arena_array(c->arena, LABELS_MAX, sizeof *s->out->by[by].v);
        if (s->out->by[by].v == NULL)
            return ERR_MEMORY;
    }
    s->out->by[DRAWING_BY_STRATUM].count = s->task.sampling.count;
    for (size_t i = 0; i < s->task.sampling.count; i++)
        s->out->by[DRAWING_BY_STRATUM].v[i].label = s->task.sampling.strata[i].label;
    return OK;
}

static enum err
build_frame(struct simulating *s)
{
    FILE *f = open_memstream(&s->roster, &s->roster_bytes);
    enum err e;

    if (f == NULL)
        return ERR_MEMORY;
    s->frame = (struct frame){.c = s->c,
                              .task = &s->task,
                              .bits = s->bits,
                              .region = {s->task.row.code.p, s->task.row.code.n < 6 ? s->task.row.code.n : 6},
                              .today = day_of_us(s->c->now_us),
                              .out = f,
                              .on_row = on_row,
                              .arg = s};
    e = frame_write(&s->frame);
    if (fclose(f) != 0 && e == OK)
        e = ERR_MEMORY;
    s->out->rows = s->frame.rows;
    for (int x = FRAME_IN + 1; x < FRAME_EXCLUSION_COUNT; x++) {
        s->out->by_reason[x] = s->frame.excluded[x];
        s->out->excluded += s->frame.excluded[x];
    }
    return e == OK ? grow(s) : e;
}

/* --- expected
 * ------------------------------------------------------------------------------------------------------ */

static bool
in_quota(const struct cell *cell, const struct frame_quota *q)
{
    return cell->weight > 0 && cell->at[DRAWING_BY_STRATUM] == q->stratum && (cell->mask >> q->group & 1) != 0;
}

static enum err
weigh_quotas(struct simulating *s)
{
    s->quota_weight = calloc(s->quota_count, sizeof *s->quota_weight);
    if (s->quota_weight == NULL)
        return ERR_MEMORY;
    for (uint64_t i = 0; i < s->frame.rows; i++)
        for (size_t q = 0; q < s->quota_count; q++)
            if (in_quota(&s->cells[i], &s->quotas[q]))
                s->quota_weight[q] += s->cells[i].weight;
    return OK;
}

/* Millionths of a chance: the largest over the departments, as samples nest (the same ticket serves all). */
static uint64_t
chance(const struct simulating *s, const struct cell *cell)
{
    uint64_t best = 0;

    for (size_t q = 0; q < s->quota_count; q++) {
        uint64_t p;

        if (!in_quota(cell, &s->quotas[q]))
            continue;
        p = s->quotas[q].n * cell->weight * MILLION / s->quota_weight[q];
        best = p > best ? p : best;
    }
    return best > MILLION ? MILLION : best;
}

static void
expect(struct simulating *s)
{
    for (uint64_t i = 0; i < s->frame.rows; i++) {
        const struct cell *cell = &s->cells[i];
        uint64_t p = chance(s, cell);

        if (cell->weight == 0)
            continue;
        for (int by = 0; by < DRAWING_BY_COUNT; by++)
            s->out->by[by].v[cell->at[by]].expected_numerator += p;
    }
}

/* --- rounds
 * ----------------------------------------------------------------------------------------------------------
 */

static void
add_round(struct drawing_counts *list, const uint64_t *drawn, bool first)
{
    for (size_t i = 0; i < list->count; i++) {
        struct drawing_simulated *v = &list->v[i];

        v->sum += drawn[i];
        v->least = first || drawn[i] < v->least ? drawn[i] : v->least;
        v->most = drawn[i] > v->most ? drawn[i] : v->most;
    }
}

static void
count_round(struct simulating *s, const struct draw_run *run, bool first)
{
    for (int by = 0; by < DRAWING_BY_COUNT; by++) {
        uint64_t drawn[LABELS_MAX] = {0};

        for (size_t i = 0; i < run->target_count; i++)
            drawn[s->cells[run->targets[i].row].at[by]]++;
        add_round(&s->out->by[by], drawn, first);
    }
    s->out->sample = run->target_count;
}

/* The targets of the first round outlive it; of more than FIRST_MAX none are kept. */
static enum err
keep_first(struct simulating *s, const struct draw_run *run)
{
    size_t count = run->target_count > FIRST_MAX ? 0 : run->target_count;

    s->out->first = arena_array(s->c->arena, count + 1, sizeof *s->out->first);
    if (s->out->first == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct draw_target *t = &run->targets[i];
        struct str id = str_copy(s->c->arena, roster_id(&run->roster, t->row));

        if (id.p == NULL)
            return ERR_MEMORY;
        s->out->first[i] = (struct drawing_sampled){
            id, s->out->by[DRAWING_BY_STRATUM].v[s->cells[t->row].at[DRAWING_BY_STRATUM]].label, t->mask, t->batch};
    }
    s->out->first_count = count;
    return OK;
}

/* Documents of a draw that nobody promised: number 000000/0000/0000, parties "simulation-1" and "-2". */
static enum err
write_documents(struct simulating *s, const struct draw_env *env, struct arena *a, struct draw_files *files)
{
    struct roster roster;
    struct fault f = {0};
    struct draw_party parties[SIMULATED_PARTIES] = {{.name = STR("simulation-1")}, {.name = STR("simulation-2")}};
    struct draw_spec spec = {.suite = HASH_SHA256,
                             .number = STR("000000/0000/0000"),
                             .attempt = 1,
                             .rule = s->task.sampling.pareto ? DRAW_PARETO : DRAW_UNIFORM,
                             .batches = s->task.sampling.batches,
                             .min_parties = SIMULATED_PARTIES,
                             .parties = parties,
                             .party_count = SIMULATED_PARTIES,
                             .quota_count = s->quota_count};
    struct draw_lock lock = {.present = {true, true}, .present_count = SIMULATED_PARTIES};
    struct draw_reveal *reveal = arena_alloc(a, sizeof *reveal);
    size_t size = (size_t) DRAW_LINE_MAX * (16 + s->quota_count);
    struct buf draw = buf_over(arena_alloc(a, size), size), l = buf_over(arena_alloc(a, 1024), 1024),
               r = buf_over(arena_alloc(a, 1024), 1024);
    bool present[DRAW_PARTY_MAX] = {true, true};
    enum err e;

    spec.quotas = arena_array(a, s->quota_count, sizeof *spec.quotas);
    if (reveal == NULL || draw.p == NULL || l.p == NULL || r.p == NULL || spec.quotas == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < s->quota_count; i++)
        spec.quotas[i] = (struct draw_quota){.group = s->quotas[i].group,
                                             .stratum = s->task.sampling.strata[s->quotas[i].stratum].label,
                                             .n = s->quotas[i].n};
    e = roster_read(files->file[DRAW_ROSTER], HASH_SHA256, NULL, NULL, env, a, &roster, &f);
    for (int i = 0; e == OK && i < SIMULATED_PARTIES; i++) {
        e = s->c->entropy(reveal->secret[i], DRAW_SECRET_BYTES);
        draw_commitment(HASH_SHA256, spec.number, 1, parties[i].name, reveal->secret[i], parties[i].commitment);
    }
    if (e != OK)
        return e;
    spec.roster_count = roster.count;
    memcpy(spec.roster_root, roster.root, HASH_LEN);
    draw_write(&spec, &draw);
    hash_of(HASH_SHA256, draw.p, draw.n, spec.digest);
    draw_lock_write(&spec, present, &l);
    draw_reveal_write(&spec, &lock, reveal, &r);
    files->file[DRAW_DRAW] = buf_view(&draw);
    files->file[DRAW_LOCK] = buf_view(&l);
    files->file[DRAW_REVEAL] = buf_view(&r);
    return draw.overflow || l.overflow || r.overflow ? ERR_MEMORY : OK;
}

static enum err
one_round(struct simulating *s, const struct draw_env *env, struct arena *a, bool first)
{
    struct draw_files files = {.file = {[DRAW_ROSTER] = {s->roster, s->roster_bytes}}};
    size_t mark = arena_mark(a);
    struct draw_run run;
    struct fault f = {0};
    enum err e = write_documents(s, env, a, &files);

    if (e == OK) {
        e = draw_run(&files, env, a, &run, &f);
        if (e == OK)
            count_round(s, &run, first);
        if (e == OK && first)
            e = keep_first(s, &run);
        else if (f.err != OK)
            e = drawing_fault(s->c, &f);
    }
    arena_rewind(a, mark);
    return e;
}

static enum err
all_rounds(struct simulating *s, uint32_t rounds, const struct draw_env *env)
{
    struct draw_files files = {.file = {[DRAW_ROSTER] = {s->roster, s->roster_bytes}}};
    size_t need = 2 * draw_arena_bytes(&files) + (1 << 20) + (size_t) DRAW_LINE_MAX * (16 + s->quota_count);
    void *block = malloc(need);
    struct arena a = arena_over(block, block == NULL ? 0 : need);
    enum err e = block == NULL ? ERR_MEMORY : OK;

    for (uint32_t i = 0; e == OK && i < rounds; i++) {
        e = one_round(s, env, &a, i == 0);
        if (e == OK && s->watch.tell != NULL && !s->watch.tell(s->watch.arg, i + 1, rounds))
            e = ERR_CANCELLED;
    }
    free(block);
    return e;
}

static enum err
measure(struct simulating *s, struct str task, struct opt_i64 *cap_bp)
{
    enum err e = prepare(s, task, cap_bp);

    if (e == OK)
        e = build_frame(s);
    if (e == OK)
        e = frame_quotas(&s->frame, *cap_bp, &s->quotas, &s->quota_count);
    return e == OK ? weigh_quotas(s) : e;
}

static enum err
simulate(struct simulating *s, struct str task, uint32_t rounds, const struct draw_env *env)
{
    struct opt_i64 cap_bp;
    enum err e = measure(s, task, &cap_bp);

    if (e != OK)
        return e;
    expect(s);
    s->out->rounds = rounds;
    return all_rounds(s, rounds, env);
}

static struct simulating *
begin(struct ctx *c, struct drawing_simulation *out)
{
    struct simulating *s = calloc(1, sizeof *s);

    *out = (struct drawing_simulation){0};
    if (s != NULL) {
        s->c = c;
        s->out = out;
    }
    return s;
}

static void
end(struct simulating *s)
{
    free(s->cells);
    free(s->quota_weight);
    free(s->roster);
    free(s);
}

enum err
drawing_simulate(struct ctx *c, struct str task, uint32_t rounds, const struct draw_env *env,
                 struct drawing_watch watch, struct drawing_simulation *out)
{
    struct simulating *s;
    enum err e;

    if (rounds == 0 || rounds > DRAWING_SIMULATIONS_MAX)
        return ctx_refuse(c, ERR_RANGE, "1 to %d rounds", DRAWING_SIMULATIONS_MAX);
    if ((s = begin(c, out)) == NULL)
        return ERR_MEMORY;
    s->watch = watch;
    e = simulate(s, task, rounds, env);
    end(s);
    return e;
}
