/* core/staff_result.c - owners.txt (spec 6) and the remedies of a matching that cannot be done (spec 4) */
#include <string.h>

#include "core/staff.h"

enum { LINE_MOST = 200, NAME_MOST = 33 }; /* bytes: fixed part of a line; a pseudonym and its comma */

static void
put(struct buf *b, struct str s, const char *end)
{
    buf_str(b, s);
    buf_z(b, end);
}

/* Pseudonyms by ","; "-" when there are none. */
static void
put_names(struct buf *b, const struct staff *s, const uint32_t *ids, size_t n, const char *end)
{
    if (n == 0)
        buf_z(b, "-");
    for (size_t k = 0; k < n; k++)
        put(b, s->inspectors[ids[k]].pseudonym, k + 1 < n ? "," : "");
    buf_z(b, end);
}

static void
put_group(struct buf *b, const char *word, const struct staff_target *targets, const struct staff_derived *d,
          uint32_t g)
{
    buf_z(b, word);
    put(b, targets[d->groups[g].target].id, " ");
    buf_u64(b, d->groups[g].department);
    buf_z(b, " ");
}

static void
put_teams(struct buf *b, const struct staff *s, const struct staff_target *targets,
          const struct staff_derived *d, const struct match_result *r)
{
    buf_z(b, "result assigned\n");
    for (uint32_t g = 0; g < d->instance.groups; g++) {
        bool led = r->lead[g] != MATCH_NONE;

        put_group(b, "group ", targets, d, g);
        put_names(b, s, r->team + r->team_first[g], d->instance.demand[g], " ");
        put_names(b, s, &r->lead[g], led ? 1 : 0, " ");
        put_names(b, s, r->reserve + r->reserve_first[g],
                  (size_t) (r->reserve_first[g + 1] - r->reserve_first[g]), "\n");
    }
}

static void
put_cuts(struct buf *b, const struct staff *s, const struct staff_target *targets,
         const struct staff_derived *d, const struct match_result *r)
{
    buf_z(b, "result infeasible\n");
    for (uint32_t c = 0; c < r->cut_count; c++) {
        const struct match_cut *cut = &r->cuts[c];

        buf_z(b, "cut ");
        buf_u64(b, cut->need);
        buf_z(b, " ");
        buf_u64(b, cut->capacity);
        buf_z(b, "\n");
        for (uint32_t k = 0; k < cut->group_count; k++) {
            put_group(b, "short ", targets, d, cut->groups[k]);
            buf_u64(b, d->instance.demand[cut->groups[k]]);
            buf_z(b, " ");
            buf_u64(b, cut->spare[k]);
            buf_z(b, "\n");
        }
        for (uint32_t k = 0; k < cut->inspector_count; k++) {
            buf_z(b, "full ");
            put(b, s->inspectors[cut->inspectors[k]].pseudonym, " ");
            buf_u64(b, d->instance.cap[cut->inspectors[k]]);
            buf_z(b, "\n");
        }
    }
}

void
staff_owners_write(struct buf *b, const struct staff *s, const struct staff_target *targets,
                   const struct staff_derived *d, const struct match_result *r,
                   const unsigned char staff_digest[static HASH_LEN],
                   const unsigned char seed[static MATCH_SEED_LEN])
{
    buf_z(b, "mingqian-owners/v1\nstaff-digest ");
    buf_hex(b, staff_digest, HASH_LEN);
    buf_z(b, "\nmatch-seed ");
    buf_hex(b, seed, MATCH_SEED_LEN);
    buf_z(b, "\nslack ");
    buf_i64(b, s->rules.slack);
    buf_z(b, "\ngroups ");
    buf_u64(b, d->instance.groups);
    buf_z(b, "\n");
    if (r->feasible)
        put_teams(b, s, targets, d, r);
    else
        put_cuts(b, s, targets, d, r);
}

size_t
staff_owners_bytes(const struct staff_derived *d, const struct match_result *r)
{
    size_t lines = 8 + (size_t) d->instance.groups, names = d->instance.groups;

    if (r->feasible)
        names += r->team_first[d->instance.groups] + (size_t) r->reserve_first[d->instance.groups];
    for (uint32_t c = 0; c < r->cut_count; c++)
        lines += 1 + (size_t) r->cuts[c].inspector_count;
    return lines * LINE_MOST + names * NAME_MOST;
}

/* --- remedies --- */

struct trial {
    struct arena *a;
    const struct staff *s;
    const struct staff_target *targets;
    size_t target_count;
    const struct staff_derived *d;
    unsigned char *raise, *widen; /* the inspectors, the groups of the cuts */
    struct staff_target *few;     /* the targets that have a group in a cut */
    unsigned char *few_widen;     /* by group of these targets alone */
    size_t few_count;
    uint64_t solved_groups; /* of the whole, again and again */
    struct staff_remedy *out;
    size_t count;
};

/* Solve a changed instance. Whether it can be matched does not depend on the seed. */
static enum err
solve_changed(const struct trial *t, const struct staff_target *targets, size_t target_count,
              const struct staff_change *change, bool *feasible)
{
    struct match_options o = {.no_walks = true};
    struct staff_derived d;
    struct match_result r = {0};
    size_t mark = arena_mark(t->a), bad;
    enum err e = staff_derive(t->a, t->s, targets, target_count, change, &d, &bad);

    if (e == OK)
        e = match_solve(t->a, &d.instance, &o, &r);
    *feasible = r.feasible;
    arena_rewind(t->a, mark);
    return e;
}

/* First the targets of the cuts alone: what does not help them does not help the whole. */
static enum err
attempt(struct trial *t, enum staff_remedy_kind kind, const struct staff_change *change)
{
    struct staff_change narrow = *change;
    struct staff_remedy *out = &t->out[t->count];
    enum err e;

    *out = (struct staff_remedy){.kind = kind, .region = change->region};
    narrow.widen = change->widen != NULL ? t->few_widen : NULL;
    e = solve_changed(t, t->few, t->few_count, &narrow, &out->resolves);
    if (e == OK && out->resolves && t->few_count < t->target_count) {
        out->unsure = t->solved_groups + t->d->instance.groups > STAFF_REMEDY_GROUPS_MAX && t->solved_groups > 0;
        t->solved_groups += out->unsure ? 0 : t->d->instance.groups;
        if (!out->unsure)
            e = solve_changed(t, t->targets, t->target_count, change, &out->resolves);
    }
    t->count++;
    return e;
}

static bool
departments_meet(const struct trial *t, uint32_t department)
{
    for (uint32_t g = 0; g < t->d->instance.groups; g++)
        if (t->widen[g] && t->d->groups[g].department == department)
            return true;
    return false;
}

/* Insert into the ascending list of regions, dropping doubles and all beyond the limit. */
static void
add_region(struct str *regions, size_t *count, struct str region)
{
    size_t at = 0;

    while (at < *count && str_cmp(regions[at], region) < 0)
        at++;
    if (at == STAFF_REMEDY_REGIONS_MAX || (at < *count && str_eq(regions[at], region)))
        return;
    if (*count < STAFF_REMEDY_REGIONS_MAX)
        ++*count;
    memmove(regions + at + 1, regions + at, (*count - at - 1) * sizeof *regions);
    regions[at] = region;
}

/* The regions found in staff.tsv for the departments of the cuts. */
static void
list_regions(const struct trial *t, struct str *regions, size_t *count)
{
    bool concerned[STAFF_DEPARTMENTS];

    for (uint32_t q = 0; q < STAFF_DEPARTMENTS; q++)
        concerned[q] = departments_meet(t, q);
    for (size_t i = 0; i < t->s->inspector_count; i++) {
        struct str rest = t->s->inspectors[i].regions, region;
        bool more =
            concerned[t->s->inspectors[i].department] && !str_eq(rest, STR("*")) && !str_eq(rest, STR("-"));

        while (more) {
            more = str_split(rest, ',', &region, &rest);
            add_region(regions, count, region);
        }
    }
}

static enum err
try_regions(struct trial *t)
{
    struct str regions[STAFF_REMEDY_REGIONS_MAX];
    size_t count = 0;
    enum err e = OK;

    list_regions(t, regions, &count);
    for (size_t k = 0; e == OK && k < count; k++)
        e = attempt(t, STAFF_ADD_REGION, &(struct staff_change){.widen = t->widen, .region = regions[k]});
    return e;
}

/* Groups come target by target in the order of the targets: those of a part keep theirs. */
static void
gather_few(struct trial *t)
{
    const struct staff_derived *d = t->d;
    size_t groups = 0;

    for (uint32_t g = 0, end; g < d->instance.groups; g = end) {
        bool cut = false;

        for (end = g; end < d->instance.groups && d->groups[end].target == d->groups[g].target; end++)
            cut = cut || t->widen[end];
        if (!cut)
            continue;
        t->few[t->few_count++] = t->targets[d->groups[g].target];
        memcpy(t->few_widen + groups, t->widen + g, end - g);
        groups += end - g;
    }
}

static enum err
gather_cuts(struct trial *t, const struct match_result *r)
{
    uint32_t groups = t->d->instance.groups;

    t->raise = arena_array(t->a, t->s->inspector_count, 1);
    t->widen = arena_array(t->a, groups, 1);
    t->few_widen = arena_array(t->a, groups, 1);
    t->few = arena_array(t->a, t->target_count, sizeof *t->few);
    if (!t->raise || !t->widen || !t->few_widen || !t->few)
        return ERR_MEMORY;
    for (uint32_t c = 0; c < r->cut_count; c++) {
        for (uint32_t k = 0; k < r->cuts[c].inspector_count; k++)
            t->raise[r->cuts[c].inspectors[k]] = 1;
        for (uint32_t k = 0; k < r->cuts[c].group_count; k++)
            t->widen[r->cuts[c].groups[k]] = 1;
    }
    gather_few(t);
    return OK;
}

enum err
staff_remedies(struct arena *a, const struct staff *s, const struct staff_target *targets,
               size_t target_count, const struct staff_derived *d, const struct match_result *r,
               struct staff_remedy *out, size_t *count)
{
    struct trial t = {.a = a, .s = s, .targets = targets, .target_count = target_count, .d = d, .out = out};
    size_t mark = arena_mark(a);
    enum err e = gather_cuts(&t, r);

    if (e == OK)
        e = attempt(&t, STAFF_RAISE_CAPS, &(struct staff_change){.raise = t.raise});
    if (e == OK)
        e = attempt(&t, STAFF_LIFT_ROTATION, &(struct staff_change){.lift_rotation = true});
    if (e == OK)
        e = try_regions(&t);
    *count = t.count;
    arena_rewind(a, mark);
    return e;
}
