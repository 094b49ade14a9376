/* mod/drawing/frame.c - the rows of a roster */
#include "mod/drawing/frame.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/org/org.h"
#include "mod/plan/plan.h"
#include "mod/drawing/spared.h"
#include "mod/visit/visit.h"

static const char *const WORDS[FRAME_EXCLUSION_COUNT] = {
    "",          "cancelled", "revoked",     "rescinded",     "moved",
    "visit-cap", "low-risk",  "observation", "no-department", "recognised", "no-stratum"};

const char *
frame_exclusion_word(enum frame_exclusion x)
{
    return x < FRAME_EXCLUSION_COUNT ? WORDS[x] : "";
}

static enum frame_exclusion
by_status(struct str status)
{
    for (int x = FRAME_CANCELLED; x <= FRAME_MOVED; x++)
        if (str_eq(status, str_of(WORDS[x])))
            return (enum frame_exclusion) x;
    return FRAME_IN;
}

void
frame_count(struct frame_visits *v, uint64_t mask, bool same_level)
{
    v->total++;
    if (!same_level)
        return;
    v->capped |= v->once & mask;
    v->once |= mask;
}

/* Class D 高风险 and above. */
static bool
high(struct str risk_class)
{
    return risk_class.n > 0 && risk_class.p[0] >= 'D';
}

/* By its date (mod/risk), or by the tag that a person gave it. */
static bool
observed(const struct target_scan_row *t, int64_t today)
{
    return (t->observed_to_day.set && today < t->observed_to_day.v) || lines_have(t->tags, STR("包容审慎"));
}

enum frame_exclusion
frame_excludes(const struct target_scan_row *t, const struct frame_visits *v, int64_t today, uint64_t *mask)
{
    enum frame_exclusion x = by_status(t->status);

    if (x != FRAME_IN)
        return x;
    if (*mask == 0)
        return FRAME_NO_DEPARTMENT;
    if (high(t->risk_class))
        return FRAME_IN;
    *mask &= ~v->capped;
    if (v->total >= FRAME_VISITS_TOGETHER || *mask == 0)
        return FRAME_VISIT_CAP;
    if (v->total >= 1 && str_eq(t->risk_class, STR("A")))
        return FRAME_LOW_RISK;
    return observed(t, today) ? FRAME_OBSERVATION : FRAME_IN;
}

uint32_t
frame_weight(struct opt_i64 last_visit_day, int64_t today)
{
    int64_t years = last_visit_day.set ? (today - last_visit_day.v) / 365 : FRAME_WEIGHT_MAX;

    return years < 1 ? 1 : years > FRAME_WEIGHT_MAX ? FRAME_WEIGHT_MAX : (uint32_t) years;
}

/* --- this year's visits, read once and walked along with the targets ------------------------------------------------ */

struct visited {
    struct str target;
    struct frame_visits visits;
};
struct visits {
    struct ctx *c;
    struct str region;
    struct visited *v; /* ascending by target */
    size_t count, size, next;
    int64_t door;   /* of the latest visit: what is made together counts once */
    uint64_t inside; /* the departments that went through it */
};

static enum err
room_for_one(struct visits *s)
{
    size_t size = s->size == 0 ? 1024 : 2 * s->size;
    struct visited *more;

    if (s->count < s->size)
        return OK;
    if ((more = realloc(s->v, size * sizeof *more)) == NULL)
        return ERR_MEMORY;
    s->v = more;
    s->size = size;
    return OK;
}

static enum err
on_visit(void *arg, const struct visit_counted_row *r)
{
    struct visits *s = arg;
    bool same = r->draw.n >= s->region.n && memcmp(r->draw.p, s->region.p, s->region.n) == 0;
    bool again = s->count > 0 && str_eq(s->v[s->count - 1].target, r->target), through = again && s->door == r->door;
    struct frame_visits *visits;
    enum err e = OK;

    if (!again) {
        e = room_for_one(s);
        if (e != OK)
            return e;
        s->v[s->count] = (struct visited){.target = str_copy(s->c->arena, r->target)};
        if (s->v[s->count++].target.p == NULL)
            return ERR_MEMORY;
    }
    visits = &s->v[s->count - 1].visits;
    s->inside = through ? s->inside : 0;
    frame_count(visits, (uint64_t) r->mask & ~s->inside, same);
    visits->total -= through;
    s->inside |= (uint64_t) r->mask;
    s->door = r->door;
    return OK;
}

/* Nothing is counted for a task that the caps do not bind. */
static enum err
read_visits(const struct frame *f, struct visits *s)
{
    struct visit_counted_in in = {.to_day = f->today};
    enum err e = day_from_civil(civil_from_day(f->today).year, 1, 1, &in.from_day);

    if (e != OK || f->task->row.cap_exempt.p != NULL)
        return e;
    return visit_counted_each(f->c->db, &in, on_visit, s);
}

static struct frame_visits
visits_of(struct visits *s, struct str target)
{
    while (s->next < s->count && str_cmp(s->v[s->next].target, target) < 0)
        s->next++;
    if (s->next < s->count && str_eq(s->v[s->next].target, target))
        return s->v[s->next].visits;
    return (struct frame_visits){0};
}

/* Random salts are asked for a few thousand at a time. */
struct writer_state {
    struct frame *f;
    uint64_t looked_at, targets;
    struct visits visits;
    struct spared spared;
    unsigned char pool[4096];
    size_t pool_left;
};

static enum err
next_salt(struct writer_state *w, char hex[static 2 * DRAW_SALT_BYTES])
{
    enum err e = OK;

    if (w->pool_left < DRAW_SALT_BYTES) {
        e = w->f->c->entropy(w->pool, sizeof w->pool);
        w->pool_left = sizeof w->pool;
    }
    if (e != OK)
        return e;
    w->pool_left -= DRAW_SALT_BYTES;
    hex_encode(w->pool + w->pool_left, DRAW_SALT_BYTES, hex);
    return OK;
}

/* Which participants go there: with a list of departments in the scope those that supervise it, otherwise
 * all. */
static uint64_t
mask_of(const struct frame *f, const struct target_scan_row *t)
{
    const struct participants *p = &f->task->participants;
    uint64_t mask = 0;

    for (size_t i = 0; i < p->count; i++)
        if (f->task->scope.departments.count == 0 || lines_have(t->departments, p->v[i].department))
            mask |= UINT64_C(1) << f->bits[i];
    return mask;
}

static void
count_row(struct frame *f, uint64_t mask, uint32_t weight, int stratum)
{
    f->stratum_rows[stratum]++;
    for (size_t i = 0; i < f->task->participants.count; i++) {
        struct frame_population *p = &f->population[i][stratum];

        if ((mask >> f->bits[i] & 1) == 0)
            continue;
        p->least = p->count == 0 || weight < p->least ? weight : p->least;
        p->most = weight > p->most ? weight : p->most;
        p->weight += weight;
        p->count++;
    }
}

static enum err
put_row(struct writer_state *w, const struct roster_row *row)
{
    char line[DRAW_LINE_MAX + 2];
    struct buf b = buf_over(line, sizeof line);

    roster_row_write(row, &b);
    if (b.overflow)
        return ERR_TOO_LARGE;
    w->f->rows++;
    return w->f->out == NULL || fwrite(line, 1, b.n, w->f->out) == b.n ? OK : ERR_IO;
}

static enum err
put_excluded(struct writer_state *w, struct roster_row *row, enum frame_exclusion x)
{
    char word[DRAW_NAME_MAX + 2] = "!";

    memcpy(word + 1, WORDS[x], strlen(WORDS[x]) + 1);
    row->stratum = str_of(word);
    row->excluded = true;
    row->weight = 0;
    row->mask = 0;
    if (w->f->excluded[x] < DRAWING_PREVIEW_CODES) {
        struct str *code = &w->f->codes[x][w->f->excluded[x]];

        *code = str_copy(w->f->c->arena, row->id);
        if (code->p == NULL)
            return ERR_MEMORY;
    }
    w->f->excluded[x]++;
    return put_row(w, row);
}

/* A recognised result comes before the caps, and for every class: the department itself has accepted it. */
static enum frame_exclusion
excludes(struct writer_state *w, const struct target_scan_row *t, uint64_t *mask)
{
    struct frame_visits visits = visits_of(&w->visits, t->code);
    uint64_t left = spared_leaves(&w->spared, t->code, *mask);

    if (*mask != 0 && left == 0 && by_status(t->status) == FRAME_IN)
        return FRAME_RECOGNISED;
    *mask = left;
    return frame_excludes(t, &visits, w->f->today, mask);
}

static enum err
on_target(void *arg, const struct target_scan_row *t)
{
    struct writer_state *w = arg;
    struct frame *f = w->f;
    const struct terms_target terms = {t->kind, t->entity_type, t->region, t->industry, t->status, t->risk_class, t->tags,
                                       t->departments, t->established_day, t->last_visit_day, t->licence_day};
    enum frame_exclusion x;
    char salt[2 * DRAW_SALT_BYTES];
    struct roster_row row = {.id = t->code, .salt = STR("-"), .mask = mask_of(f, t)};
    int stratum;
    enum err e = OK;

    if (!scope_takes(&f->task->scope, &terms))
        return OK;
    if (!draw_id_ok(t->code))
        return ctx_refuse(f->c, ERR_CHARSET, "the code %.*s cannot stand in a roster", (int) t->code.n,
                          t->code.p);
    if (f->salted) {
        e = next_salt(w, salt);
        row.salt = (struct str){salt, sizeof salt};
    }
    if (e != OK)
        return e;
    stratum = sampling_stratum(&f->task->sampling, &terms);
    x = excludes(w, t, &row.mask);
    if (x == FRAME_IN && stratum < 0)
        x = FRAME_NO_STRATUM;
    if (x != FRAME_IN)
        return put_excluded(w, &row, x);
    row.stratum = f->task->sampling.strata[stratum].label;
    row.weight = f->task->sampling.pareto ? frame_weight(t->last_visit_day, f->today) : 1;
    count_row(f, row.mask, row.weight, stratum);
    e = put_row(w, &row);
    return e == OK && f->on_row != NULL ? f->on_row(f->arg, t, &row, stratum) : e;
}

enum err
frame_rules(struct ctx *c, struct str code, struct task *task, unsigned bits[static TERMS_PARTICIPANTS_MAX], struct opt_i64 *cap_bp)
{
    enum err e = task_load(c, code, task);

    if (e == OK)
        e = plan_check_items(c, &task->items, &task->sampling, cap_bp);
    for (size_t i = 0; e == OK && i < task->participants.count; i++)
        e = org_bit(c, task->participants.v[i].department, &bits[i]);
    return e;
}

enum { TELL_EVERY = 4096 }; /* targets */

static enum err
on_each(void *arg, const struct target_scan_row *t)
{
    struct writer_state *w = arg;
    enum err e = w->looked_at++ % TELL_EVERY == 0 ? drawing_told(w->f->watch, w->looked_at - 1, w->targets) : OK;

    return e == OK ? on_target(w, t) : e;
}

enum err
frame_write(struct frame *f)
{
    struct writer_state *w = calloc(1, sizeof *w);
    struct target_count_all_row all = {0};
    enum err e = OK;

    if (w == NULL)
        return ERR_MEMORY;
    w->f = f;
    w->visits = (struct visits){.c = f->c, .region = f->region};
    if (f->watch.tell != NULL)
        e = target_count_all(f->c->db, f->c->arena, &all);
    w->targets = (uint64_t) all.count;
    if (e == OK)
        e = read_visits(f, &w->visits);
    if (e == OK)
        e = spared_read(f->c, f->task, f->bits, f->today, &w->spared);
    if (e == OK)
        e = target_scan_each(f->c->db, on_each, w);
    free(w->visits.v);
    free(w->spared.v);
    free(w);
    return e;
}

/* --- quotas
 * -------------------------------------------------------------------------------------------------------- */

static int
by_group_then_stratum(const void *a, const void *b, void *arg)
{
    const struct frame_quota *x = a, *y = b;
    const struct frame *f = arg;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return str_cmp(f->task->sampling.strata[x->stratum].label, f->task->sampling.strata[y->stratum].label);
}

static uint64_t
chance_ppm(uint64_t n, uint64_t weight, uint64_t sum)
{
    static const uint64_t MILLION = 1000000;
    uint64_t ppm = sum == 0 ? 0 : n * weight * MILLION / sum;

    return ppm > MILLION ? MILLION : ppm;
}

static enum err
one_quota(const struct frame *f, struct frame_quota *q)
{
    const struct sampling *s = &f->task->sampling;
    const struct frame_population *p = &f->population[q->participant][q->stratum];
    enum err e;

    q->group = f->bits[q->participant];
    q->population = p->count;
    q->ratio_bp = s->strata[q->stratum].ratio_bp;
    e = ratio_count(q->population, q->ratio_bp, s->rounding, &q->n);
    if (e != OK)
        return e;
    q->reserve = (q->n * s->reserve_bp + RATIO_BP_MAX - 1) / RATIO_BP_MAX;
    if (q->reserve > q->population - q->n)
        q->reserve = q->population - q->n;
    q->least_ppm = chance_ppm(q->n, p->least, p->weight);
    q->most_ppm = chance_ppm(q->n, p->most, p->weight);
    return OK;
}

enum err
frame_quotas(const struct frame *f, struct opt_i64 cap_bp, struct frame_quota **out, size_t *count)
{
    const struct sampling *s = &f->task->sampling;
    size_t most = f->task->participants.count * s->count, n = 0;
    struct frame_quota *q = arena_array(f->c->arena, most + 1, sizeof *q);
    enum err e = q == NULL ? ERR_MEMORY : OK;

    if (e == OK && cap_bp.set)
        e = sampling_check_cap(s, f->stratum_rows, (uint32_t) cap_bp.v);
    if (e == ERR_CAP)
        return ctx_refuse(f->c, e, "over the whole frame the ratios exceed the cap of %lld/10000",
                          (long long) cap_bp.v);
    for (size_t i = 0; e == OK && i < most; i++) {
        q[n] = (struct frame_quota){.participant = i / s->count, .stratum = i % s->count};
        e = one_quota(f, &q[n]);
        n += q[n].population > 0;
    }
    if (e == OK && n == 0)
        return ctx_refuse(f->c, ERR_QUOTA, "no target is left to draw from: %llu rows, all excluded",
                          (unsigned long long) f->rows);
    if (e == OK)
        qsort_r(q, n, sizeof *q, by_group_then_stratum, (void *) (uintptr_t) f);
    *out = q;
    *count = n;
    return e;
}
