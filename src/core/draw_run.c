/* core/draw_run.c - from four documents to the sample, the substitutes, the visiting order and result.txt */
#include "core/draw_run.h"

#include <string.h>

#include "core/draw_run_int.h"
#include "core/draw_scan.h"
#include "core/draw_select.h"

enum {
    ORDER_JOB = 4096,     /* targets whose order tickets one job hashes */
    GATHER_JOB = 1 << 16, /* rows, at least, among which one job looks for candidates */
    STEP = 64             /* rows whose ids are looked up together */
};

static enum err
refuse_at(struct fault *f, enum err e, enum draw_file file, uint64_t line, const char *zh, const char *en)
{
    *f = (struct fault){.err = e, .file = file, .line = line, .zh = zh, .en = en};
    return e;
}

static enum err
no_memory(struct fault *f, enum draw_file file)
{
    return refuse_at(f, ERR_MEMORY, file, 0, "内存不足", "out of memory");
}

/* ---- ties: the whole ticket, then the id ---- */

struct ticket_tie {
    const struct draw_run *run;
    const unsigned char *key;
};

static int
tie_by_ticket(const void *ctx, uint32_t a, uint32_t b)
{
    const struct ticket_tie *t = ctx;
    unsigned char ta[HASH_LEN], tb[HASH_LEN];
    int c;

    draw_ticket(t->run->spec.suite, t->key, roster_id(&t->run->roster, a), ta);
    draw_ticket(t->run->spec.suite, t->key, roster_id(&t->run->roster, b), tb);
    c = memcmp(ta, tb, HASH_LEN);
    return c != 0 ? c : (a > b) - (a < b); /* rows ascend by id */
}

/* ---- who may be chosen ---- */

/* A row below the limit of its stratum. */
struct pick {
    struct candidate c;
    uint64_t mask;
};

struct picking {
    struct draw_run *run;
    uint64_t *limit;         /* by quota: only tickets up to here can matter */
    uint64_t *stratum_limit; /* the largest of its quotas */
    size_t *first;           /* picks of stratum s: picks[first[s] .. first[s + 1]) */
    struct pick *picks;
};

static uint64_t
smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t
square_root(uint64_t v)
{
    uint64_t r = 0;

    for (uint64_t bit = (uint64_t) 1 << 31; bit != 0; bit >>= 1)
        if ((r | bit) * (r | bit) <= v)
            r |= bit;
    return r;
}

uint64_t
draw_run_needed(const struct draw_quota *q, uint64_t population)
{
    return smaller(q->n + q->reserve + 1, population);
}

/* The ticket below which `needed` rows lie almost surely: their share of all tickets and eight standard
 * deviations. Pareto order depends on weights too: no limit. */
uint64_t
draw_run_limit(const struct draw_run *run, size_t quota)
{
    uint64_t population = run->outcomes[quota].population,
             need = draw_run_needed(&run->spec.quotas[quota], population);
    uint64_t enough = need + 8 * square_root(need) + 64;

    if (run->spec.rule == DRAW_PARETO || enough >= population)
        return UINT64_MAX;
    return UINT64_MAX / population * enough;
}

static bool
reserve_picking(struct picking *p, struct arena *a)
{
    const struct draw_spec *d = &p->run->spec;

    p->limit = arena_array(a, d->quota_count, sizeof *p->limit);
    p->stratum_limit = arena_array(a, d->stratum_count, sizeof *p->stratum_limit);
    p->first = arena_array(a, d->stratum_count + 1, sizeof *p->first);
    return p->limit != NULL && p->stratum_limit != NULL && p->first != NULL;
}

static void
set_limits(struct picking *p)
{
    const struct draw_spec *d = &p->run->spec;

    for (size_t q = 0; q < d->quota_count; q++) {
        uint64_t *of_stratum = &p->stratum_limit[d->quotas[q].stratum_index];

        p->limit[q] = draw_run_limit(p->run, q);
        if (p->limit[q] > *of_stratum)
            *of_stratum = p->limit[q];
    }
}

/* Jobs that gather: each looks at rows_per_job rows. at: by job and stratum, first how many picks it has,
 * then where the next one goes. */
struct gathering {
    struct picking *p;
    uint64_t rows_per_job;
    size_t job_count, strata, *at;
};

static bool
within_limit(const struct picking *p, uint64_t row)
{
    const struct roster *r = &p->run->roster;

    return r->stratum[row] != ROSTER_NO_STRATUM && r->ticket[row] <= p->stratum_limit[r->stratum[row]];
}

static void
count_picks(void *arg, size_t job)
{
    struct gathering *g = arg;
    const struct roster *r = &g->p->run->roster;
    size_t *at = g->at + job * g->strata;

    for (uint64_t i = job * g->rows_per_job; i < smaller((job + 1) * g->rows_per_job, r->count); i++)
        if (within_limit(g->p, i))
            at[r->stratum[i]]++;
}

static void
take_picks(void *arg, size_t job)
{
    struct gathering *g = arg;
    const struct roster *r = &g->p->run->roster;
    size_t *at = g->at + job * g->strata;

    for (uint64_t i = job * g->rows_per_job; i < smaller((job + 1) * g->rows_per_job, r->count); i++)
        if (within_limit(g->p, i)) {
            struct roster_row row = roster_at(r, i);

            g->p->picks[at[r->stratum[i]]++] =
                (struct pick){{r->ticket[i], (uint32_t) i, row.weight}, row.mask};
        }
}

/* The picks of each stratum follow those of the stratum before, and of each job those of the job before. */
static size_t
place_picks(struct gathering *g)
{
    size_t total = 0;

    for (size_t s = 0; s < g->strata; s++) {
        g->p->first[s] = total;
        for (size_t job = 0; job < g->job_count; job++) {
            size_t n = g->at[job * g->strata + s];

            g->at[job * g->strata + s] = total;
            total += n;
        }
    }
    g->p->first[g->strata] = total;
    return total;
}

/* The rows below the limits, by stratum, ascending. Two passes over the index: count, then fill. */
static bool
gather(struct picking *p, const struct draw_env *env, struct arena *a)
{
    struct gathering g = {.p = p, .strata = p->run->spec.stratum_count};

    g.rows_per_job = g.strata < GATHER_JOB / 16 ? GATHER_JOB : (uint64_t) g.strata * 16;
    g.job_count = (size_t) ((p->run->roster.count + g.rows_per_job - 1) / g.rows_per_job);
    g.at = arena_array(a, g.job_count * g.strata, sizeof *g.at);
    if (g.at == NULL)
        return false;
    env->runner.run(env->runner.ctx, count_picks, &g, g.job_count);
    p->picks = arena_array_raw(a, place_picks(&g), sizeof *p->picks);
    if (p->picks == NULL)
        return false;
    env->runner.run(env->runner.ctx, take_picks, &g, g.job_count);
    return true;
}

/* ---- one quota ---- */

/* The population of the quota, as far as it lies below the limit, into c. */
static size_t
candidates_of(const struct picking *p, size_t quota, struct candidate *c)
{
    const struct draw_quota *q = &p->run->spec.quotas[quota];
    size_t count = 0;

    for (size_t i = p->first[q->stratum_index]; i < p->first[q->stratum_index + 1]; i++)
        if ((p->picks[i].mask >> q->group & 1) != 0 && p->picks[i].c.ticket <= p->limit[quota])
            c[count++] = p->picks[i].c;
    return count;
}

/* Put the first `need` of c in the order of selection: certainty units, then the others. */
static void
order_candidates(const struct draw_run *run, const struct draw_quota *q, struct candidate *c, size_t count,
                 size_t need, struct candidate *scratch)
{
    struct ticket_tie tie = {run, run->key_target};
    struct ordering o = {.tie = tie_by_ticket, .ctx = &tie};
    size_t certain;

    if (run->spec.rule == DRAW_UNIFORM || q->n == 0) {
        candidates_smallest(&o, c, count, need, scratch);
        return;
    }
    certain = candidates_certain(c, count, q->n, &o.odds);
    candidates_smallest(&o, c, certain, certain, scratch);
    o.pareto = true;
    if (need > certain)
        candidates_smallest(&o, c + certain, count - certain, need - certain, scratch);
}

static void
keep_outcome(struct draw_run *run, size_t quota, const struct candidate *c)
{
    const struct draw_quota *q = &run->spec.quotas[quota];
    struct draw_outcome *out = &run->outcomes[quota];

    for (uint64_t i = 0; i < q->n; i++)
        out->sample[i] = c[i].row;
    for (uint64_t i = 0; i < out->reserve_count; i++)
        out->reserve[i] = c[q->n + i].row;
    out->has_last = q->n > 0;
    if (out->has_last)
        draw_ticket(run->spec.suite, run->key_target, roster_id(&run->roster, c[q->n - 1].row), out->last);
    out->has_first_out = out->population > q->n;
    if (out->has_first_out)
        draw_ticket(run->spec.suite, run->key_target, roster_id(&run->roster, c[q->n].row), out->first_out);
}

/* False when the limit was too low for this quota (about once in 10^15 quotas): it is lifted. */
static bool
select_quota(struct picking *p, size_t quota, struct candidate *c, struct candidate *scratch)
{
    struct draw_run *run = p->run;
    const struct draw_quota *q = &run->spec.quotas[quota];
    size_t need = (size_t) draw_run_needed(q, run->outcomes[quota].population);
    size_t count = candidates_of(p, quota, c);

    if (count < need) {
        p->limit[quota] = p->stratum_limit[q->stratum_index] = UINT64_MAX;
        return false;
    }
    order_candidates(run, q, c, count, need, scratch);
    keep_outcome(run, quota, c);
    return true;
}

/* All quotas from the gathered rows. *again: a limit was lifted, gather once more. */
static enum err
select_gathered(struct picking *p, const struct draw_env *env, struct arena *a, bool *again)
{
    size_t most = 0;
    struct candidate *c, *second;

    if (!gather(p, env, a))
        return ERR_MEMORY;
    for (size_t s = 0; s < p->run->spec.stratum_count; s++)
        if (p->first[s + 1] - p->first[s] > most)
            most = p->first[s + 1] - p->first[s];
    c = arena_array(a, most, sizeof *c);
    second = arena_array(a, most, sizeof *second);
    if (c == NULL || second == NULL)
        return ERR_MEMORY;
    *again = false;
    for (size_t q = 0; q < p->run->spec.quota_count; q++)
        if (!select_quota(p, q, c, second))
            *again = true;
    return OK;
}

static enum err
select_all(struct draw_run *run, const struct draw_env *env, struct arena *a)
{
    struct picking p = {.run = run};
    size_t mark = arena_mark(a);
    bool again = true;
    enum err e = OK;

    if (!reserve_picking(&p, a))
        return ERR_MEMORY;
    set_limits(&p);
    while (again && e == OK) { /* each quota's limit is lifted at most once */
        size_t inner = arena_mark(a);

        e = select_gathered(&p, env, a, &again);
        arena_rewind(a, inner);
    }
    arena_rewind(a, mark);
    return e;
}

/* ---- all targets of all quotas, in visiting order ---- */

struct ordering_job {
    const struct draw_run *run;
    const struct draw_env *env;
    struct hash start;
    struct candidate *c;
    size_t count;
};

static void
order_tickets(void *arg, size_t job)
{
    struct ordering_job *j = arg;
    size_t from = job * ORDER_JOB, to = (size_t) smaller(from + ORDER_JOB, j->count);
    const char *end = j->run->roster.text.p + j->run->roster.text.n;
    struct str ids[STEP];
    uint32_t rows[STEP];
    unsigned char digests[STEP][HASH_LEN];

    for (; from < to; from += STEP) {
        size_t n = (size_t) smaller(STEP, to - from);

        for (size_t i = 0; i < n; i++)
            rows[i] = j->c[from + i].row;
        roster_ids(&j->run->roster, rows, n, ids);
        hash_many(j->env->lanes, &j->start, ids, n, end, digests);
        for (size_t i = 0; i < n; i++)
            for (unsigned b = 0; b < 8; b++)
                j->c[from + i].ticket = j->c[from + i].ticket << 8 | digests[i][b];
    }
}

/* Ascending keys below 2^bits. */
static void
sort_keys(uint64_t *key, size_t count, unsigned bits, uint64_t *scratch)
{
    uint64_t *from = key, *to = scratch;

    for (unsigned shift = 0; shift < bits; shift += 8) {
        size_t at[257] = {0};
        uint64_t *t = from;

        for (size_t i = 0; i < count; i++)
            at[(from[i] >> shift & 255) + 1]++;
        for (unsigned b = 0; b < 256; b++)
            at[b + 1] += at[b];
        for (size_t i = 0; i < count; i++)
            to[at[from[i] >> shift & 255]++] = from[i];
        from = to;
        to = t;
    }
    if (from != key)
        memcpy(key, from, count * sizeof *key);
}

/* Every (row, group) of every sample as row · 64 + group, ascending. */
static uint64_t *
sample_keys(const struct draw_run *run, struct arena *scratch, size_t *count)
{
    size_t total = 0;
    uint64_t *key, *second;

    for (size_t q = 0; q < run->spec.quota_count; q++)
        total += (size_t) run->spec.quotas[q].n;
    key = arena_array(scratch, total, sizeof *key);
    second = arena_array(scratch, total, sizeof *second);
    if (key == NULL || second == NULL)
        return NULL;
    *count = 0;
    for (size_t q = 0; q < run->spec.quota_count; q++)
        for (uint64_t i = 0; i < run->spec.quotas[q].n; i++)
            key[(*count)++] =
                (uint64_t) run->outcomes[q].sample[i] * DRAW_GROUP_COUNT + run->spec.quotas[q].group;
    sort_keys(key, *count, 40, second);
    return key;
}

/* Rows drawn by several groups become one target with all their bits; masks[i] belongs to c[i]. */
static size_t
merge_groups(const uint64_t *key, size_t count, struct draw_target *targets)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t row = (uint32_t) (key[i] / DRAW_GROUP_COUNT);

        if (n == 0 || targets[n - 1].row != row)
            targets[n++] = (struct draw_target){.row = row};
        targets[n - 1].mask |= (uint64_t) 1 << key[i] % DRAW_GROUP_COUNT;
    }
    return n;
}

/* The targets by their order ticket, and their batches. `unordered` ascends by row. */
static enum err
visiting_order(struct draw_run *run, const struct draw_env *env, const struct draw_target *unordered,
               struct arena *scratch)
{
    struct ticket_tie tie = {run, run->key_order};
    struct ordering o = {.tie = tie_by_ticket, .ctx = &tie};
    struct ordering_job job = {.run = run, .env = env, .count = run->target_count};
    struct candidate *second = arena_array(scratch, job.count, sizeof *second);

    job.c = arena_array(scratch, job.count, sizeof *job.c);
    if (job.c == NULL || second == NULL)
        return ERR_MEMORY;
    draw_ticket_start(run->spec.suite, run->key_order, &job.start);
    for (size_t i = 0; i < job.count; i++) /* weight carries the place in `unordered` */
        job.c[i] = (struct candidate){0, unordered[i].row, (uint32_t) i};
    env->runner.run(env->runner.ctx, order_tickets, &job, (job.count + ORDER_JOB - 1) / ORDER_JOB);
    candidates_smallest(&o, job.c, job.count, job.count, second);
    for (size_t i = 0; i < job.count; i++) {
        run->targets[i] = unordered[job.c[i].weight];
        run->targets[i].batch = (uint32_t) (1 + (uint64_t) i * run->spec.batches / job.count);
    }
    return OK;
}

static enum err
order_all(struct draw_run *run, const struct draw_env *env, struct arena *a)
{
    size_t mark = arena_mark(a), count = 0;
    uint64_t *key = sample_keys(run, a, &count);
    struct draw_target *unordered = arena_array(a, count, sizeof *unordered);
    enum err e = ERR_MEMORY;

    if (key != NULL && unordered != NULL) {
        run->target_count = merge_groups(key, count, unordered);
        e = visiting_order(run, env, unordered, a);
    }
    arena_rewind(a, mark);
    return e;
}

/* ---- the whole ---- */

/* The line of quota q in draw.txt: nine lines stand before the quotas. */
static uint64_t
quota_line(size_t q)
{
    return 10 + q;
}

enum err
draw_run_check(struct draw_run *run, struct fault *f)
{
    enum { ROSTER_LINE = 6 };
    const struct draw_spec *d = &run->spec;

    if (run->roster.count != d->roster_count)
        return refuse_at(f, ERR_DIGEST, DRAW_ROSTER, 0, "行数与 draw.txt 第 6 行不符",
                         "the number of rows differs from line 6 of draw.txt");
    if (memcmp(run->roster.root, d->roster_root, HASH_LEN) != 0)
        return refuse_at(f, ERR_DIGEST, DRAW_ROSTER, 0, "名单的根与 draw.txt 第 6 行不符",
                         "the root of the roster differs from line 6 of draw.txt");
    for (size_t q = 0; q < d->quota_count; q++) {
        run->outcomes[q].population = run->roster.population[q].count;
        if (d->quotas[q].n > run->outcomes[q].population)
            return refuse_at(f, ERR_QUOTA, DRAW_DRAW, quota_line(q), "抽取数量大于该层候选数量",
                             "the quota exceeds its population");
    }
    return OK;
}

static void
derive_keys(struct draw_run *run)
{
    draw_subkey(run->spec.suite, "target", run->seed, run->key_target);
    draw_subkey(run->spec.suite, "order", run->seed, run->key_order);
}

enum err
draw_run_documents(const struct draw_files *files, struct arena *a, struct draw_run *run, struct fault *f)
{
    enum err e = draw_parse(files->file[DRAW_DRAW], a, &run->spec, f);

    if (e == OK)
        e = draw_lock_parse(files->file[DRAW_LOCK], &run->spec, &run->lock, f);
    if (e == OK)
        e = draw_reveal_parse(files->file[DRAW_REVEAL], &run->spec, &run->lock, &run->reveal, f);
    if (e != OK)
        return e;
    draw_seed(&run->spec, &run->lock, &run->reveal, run->seed);
    derive_keys(run);
    return OK;
}

/* Room for what the draw yields; everything after this is scratch memory. */
static bool
reserve_outcomes(struct draw_run *run, struct arena *a)
{
    uint64_t total = 0;

    for (size_t q = 0; q < run->spec.quota_count; q++) {
        struct draw_outcome *out = &run->outcomes[q];

        out->reserve_count = smaller(run->spec.quotas[q].reserve, out->population - run->spec.quotas[q].n);
        out->sample = arena_array(a, (size_t) run->spec.quotas[q].n, sizeof *out->sample);
        out->reserve = arena_array(a, (size_t) out->reserve_count, sizeof *out->reserve);
        if (out->sample == NULL || out->reserve == NULL)
            return false;
        total += run->spec.quotas[q].n;
    }
    run->targets = arena_array(a, (size_t) smaller(total, run->roster.count), sizeof *run->targets);
    return run->targets != NULL;
}

enum err
draw_run_open(const struct draw_files *files, struct arena *a, struct draw_run *run, struct fault *f)
{
    enum err e = draw_run_documents(files, a, run, f);

    if (e != OK)
        return e;
    run->outcomes = arena_array(a, run->spec.quota_count, sizeof *run->outcomes);
    return run->outcomes == NULL ? no_memory(f, DRAW_DRAW) : OK;
}

enum err
draw_run_select(struct draw_run *run, const struct draw_env *env, struct arena *a, struct fault *f)
{
    if (!reserve_outcomes(run, a) || select_all(run, env, a) != OK || order_all(run, env, a) != OK)
        return no_memory(f, DRAW_ROSTER);
    return OK;
}

/* All that follows the keys. */
static enum err
run_list(const struct draw_files *files, const struct draw_env *env, struct arena *a, struct draw_run *run, struct fault *f)
{
    enum err e = roster_read(files->file[DRAW_ROSTER], run->spec.suite, &run->spec, run->key_target, env, a, &run->roster, f);

    if (e == OK)
        e = draw_run_check(run, f);
    return e == OK ? draw_run_select(run, env, a, f) : e;
}

enum err
draw_run(const struct draw_files *files, const struct draw_env *env, struct arena *a, struct draw_run *out,
         struct fault *f)
{
    enum err e = draw_run_open(files, a, out, f);

    return e == OK ? run_list(files, env, a, out, f) : e;
}

enum err
draw_what_if(const struct draw_files *files, const unsigned char seed[static HASH_LEN], const struct draw_env *env,
             struct arena *a, struct draw_run *out, struct fault *f)
{
    enum err e = draw_run_open(files, a, out, f);

    if (e != OK)
        return e;
    memcpy(out->seed, seed, HASH_LEN);
    derive_keys(out);
    return run_list(files, env, a, out, f);
}

/* ---- result.txt ---- */

size_t
draw_result_bytes(const struct draw_run *run)
{
    enum { HEAD = 192, QUOTA = 256, TARGET = 96, RESERVE = 128 };
    size_t n = HEAD + run->spec.quota_count * QUOTA + run->target_count * TARGET;

    for (size_t q = 0; q < run->spec.quota_count; q++)
        n += (size_t) run->outcomes[q].reserve_count * RESERVE;
    return n;
}

static void
write_ticket(bool has, const unsigned char *ticket, const char *after, struct buf *out)
{
    if (has)
        buf_hex(out, ticket, HASH_LEN);
    else
        buf_z(out, "-");
    buf_z(out, after);
}

static void
write_quota(const struct draw_quota *q, const struct draw_outcome *o, struct buf *out)
{
    buf_z(out, "quota ");
    buf_u64(out, q->group);
    buf_z(out, " ");
    buf_str(out, q->stratum);
    buf_z(out, " ");
    buf_u64(out, o->population);
    buf_z(out, " ");
    buf_u64(out, q->n);
    buf_z(out, " ");
    write_ticket(o->has_last, o->last, " ", out);
    write_ticket(o->has_first_out, o->first_out, "\n", out);
}

static void
write_mask(uint64_t mask, struct buf *out)
{
    unsigned digits = (67 - (unsigned) __builtin_clzll(mask | 1)) / 4;

    while (digits-- > 0)
        buf_add(out, &"0123456789abcdef"[mask >> 4 * digits & 15], 1);
}

static void
write_target(struct str id, const struct draw_target *t, struct buf *out)
{
    buf_z(out, "target ");
    buf_str(out, id);
    buf_z(out, " ");
    write_mask(t->mask, out);
    buf_z(out, " ");
    buf_u64(out, t->batch);
    buf_z(out, "\n");
}

static void
write_targets(const struct draw_run *run, struct buf *out)
{
    struct str ids[STEP];
    uint32_t rows[STEP];

    for (size_t from = 0; from < run->target_count; from += STEP) {
        size_t n = (size_t) smaller(STEP, run->target_count - from);

        for (size_t i = 0; i < n; i++)
            rows[i] = run->targets[from + i].row;
        roster_ids(&run->roster, rows, n, ids);
        for (size_t i = 0; i < n; i++)
            write_target(ids[i], &run->targets[from + i], out);
    }
}

static void
write_reserves(const struct draw_run *run, size_t quota, struct buf *out)
{
    for (uint64_t i = 0; i < run->outcomes[quota].reserve_count; i++) {
        buf_z(out, "reserve ");
        buf_u64(out, run->spec.quotas[quota].group);
        buf_z(out, " ");
        buf_str(out, run->spec.quotas[quota].stratum);
        buf_z(out, " ");
        buf_u64(out, i + 1);
        buf_z(out, " ");
        buf_str(out, roster_id(&run->roster, run->outcomes[quota].reserve[i]));
        buf_z(out, "\n");
    }
}

void
draw_result_write(const struct draw_run *run, struct buf *out)
{
    buf_z(out, "mingqian-result/v1\ndraw-digest ");
    buf_hex(out, run->spec.digest, HASH_LEN);
    buf_z(out, "\nseed ");
    buf_hex(out, run->seed, HASH_LEN);
    buf_z(out, "\n");
    for (size_t q = 0; q < run->spec.quota_count; q++)
        write_quota(&run->spec.quotas[q], &run->outcomes[q], out);
    write_targets(run, out);
    for (size_t q = 0; q < run->spec.quota_count; q++)
        write_reserves(run, q, out);
}

enum err
draw_recompute(const struct draw_files *files, const struct draw_env *env, struct arena *a,
               struct str *result, struct fault *f)
{
    struct draw_run *run = arena_alloc(a, sizeof *run);
    struct buf out;
    enum err e;

    if (run == NULL)
        return no_memory(f, DRAW_DRAW);
    e = draw_run(files, env, a, run, f);
    if (e != OK)
        return e;
    out = buf_over(arena_alloc(a, draw_result_bytes(run)), draw_result_bytes(run));
    if (out.p == NULL)
        return no_memory(f, DRAW_RESULT);
    draw_result_write(run, &out);
    *result = buf_view(&out);
    return OK;
}

/* ---- memory ---- */

/* Places that the quotas of a draw.txt ask for, each at most `rows`; lines that are no quota count nothing.
 */
static uint64_t
places(struct str draw, uint64_t rows)
{
    struct fault f;
    struct scan s = scan_start(draw, DRAW_DRAW, &f);
    uint64_t total = 0, group, n, reserve;
    struct str stratum;

    while (scan_more(&s) && scan_line(&s) == OK)
        if (scan_starts(&s, STR("quota")) && scan_key(&s, STR("quota")) == OK &&
            scan_number(&s, 0, DRAW_GROUP_COUNT, &group) == OK && scan_name(&s, &stratum) == OK &&
            scan_number(&s, 0, DRAW_ROWS_MAX, &n) == OK && scan_number(&s, 0, DRAW_ROWS_MAX, &reserve) == OK)
            total += smaller(n, rows) + smaller(reserve, rows);
    return total;
}

static size_t
arena_bytes(const struct draw_files *files, uint64_t rows)
{
    enum { PER_ROW = 128, PER_PLACE = 48, PER_TARGET = 160, FIXED = 8 << 20 };
    uint64_t slots = places(files->file[DRAW_DRAW], rows);

    return (size_t) (FIXED + rows * PER_ROW + slots * PER_PLACE + smaller(rows, slots) * PER_TARGET +
                     files->file[DRAW_DRAW].n * 64);
}

size_t
draw_arena_bytes(const struct draw_files *files)
{
    uint64_t rows = 1;

    for (size_t i = 0; i < files->file[DRAW_ROSTER].n; i++)
        rows += files->file[DRAW_ROSTER].p[i] == '\n';
    return arena_bytes(files, rows);
}

size_t
draw_arena_bytes_at_most(const struct draw_files *files)
{
    enum { ROW_BYTES_MIN = 10, PER_LINE = 24 };
    uint64_t bytes = files->file[DRAW_ROSTER].n;

    return arena_bytes(files, bytes / ROW_BYTES_MIN + 1) + (size_t) bytes * PER_LINE;
}
