/* core/staff_trial.c - a frozen registry with a change: would it do, and what would it cost? (spec 4, remedies) */
#include <string.h>

#include "core/staff.h"

enum { NAME_BYTES = 16 };

/* The skills that any places line of the department asks for. */
static enum err
skills_of(struct arena *a, const struct staff_rules *rules, uint32_t department, struct str *out)
{
    size_t need = 2;
    struct buf b;
    char *text;

    for (size_t i = 0; i < rules->places_count; i++)
        need += rules->places[i].department == department ? rules->places[i].skills.n + 1 : 0;
    text = arena_alloc(a, need);
    if (text == NULL)
        return ERR_MEMORY;
    b = buf_over(text, need);
    for (size_t i = 0; i < rules->places_count; i++)
        if (rules->places[i].department == department && !str_eq(rules->places[i].skills, STR("-"))) {
            buf_z(&b, b.n > 0 ? "," : "");
            buf_str(&b, rules->places[i].skills);
        }
    if (b.n == 0)
        buf_z(&b, "-");
    *out = buf_view(&b);
    return OK;
}

/* "~00.0001": behind every true pseudonym, ascending. */
static enum err
name_of(struct arena *a, uint32_t more, uint32_t number, struct str *out)
{
    char *text = arena_alloc(a, NAME_BYTES);
    struct buf b = buf_over(text, text == NULL ? 0 : NAME_BYTES);

    if (text == NULL)
        return ERR_MEMORY;
    buf_z(&b, "~");
    buf_z(&b, more < 10 ? "0" : "");
    buf_u64(&b, more);
    buf_z(&b, ".");
    for (uint32_t limit = 1000; limit > 1 && number < limit; limit /= 10)
        buf_z(&b, "0");
    buf_u64(&b, number);
    *out = buf_view(&b);
    return OK;
}

static enum err
add_inspectors(struct arena *a, const struct staff *s, const struct staff_more *m, uint32_t at, struct staff *to)
{
    struct str skills;
    enum err e = skills_of(a, &s->rules, m->department, &skills);

    for (uint32_t k = 0; e == OK && k < m->inspectors; k++) {
        struct staff_inspector *i = &to->inspectors[to->inspector_count++];

        *i = (struct staff_inspector){.department = m->department,
                                      .regions = STR("*"),
                                      .skills = skills,
                                      .range = STR("*"),
                                      .cap = m->cap,
                                      .lead = true,
                                      .valid_to = STR("9999-12-31"),
                                      .leave = STR("-"),
                                      .salt = STR("-")};
        e = name_of(a, at, k, &i->pseudonym);
    }
    return e;
}

static enum err
check(const struct staff *s, const struct staff_trial *t, size_t *further)
{
    *further = 0;
    if (t->more_count > STAFF_DEPARTMENTS)
        return ERR_RANGE;
    for (size_t k = 0; k < t->more_count; k++) {
        *further += t->more[k].inspectors;
        if (t->more[k].inspectors > STAFF_TRIAL_INSPECTORS_MAX || t->more[k].cap > STAFF_CAP_MAX || t->more[k].raise > STAFF_CAP_MAX ||
            t->more[k].department >= STAFF_DEPARTMENTS)
            return ERR_RANGE;
    }
    return *further > STAFF_TRIAL_INSPECTORS_MAX || s->inspector_count + *further > STAFF_INSPECTORS_MAX ? ERR_RANGE : OK;
}

/* The registry as it would be. */
static enum err
change(struct arena *a, const struct staff *s, const struct staff_trial *t, struct staff *out)
{
    size_t further;
    enum err e = check(s, t, &further);

    if (e != OK)
        return e;
    *out = *s;
    out->inspectors = arena_array(a, s->inspector_count + further + 1, sizeof *out->inspectors);
    if (out->inspectors == NULL)
        return ERR_MEMORY;
    memcpy(out->inspectors, s->inspectors, s->inspector_count * sizeof *s->inspectors);
    for (size_t i = 0; i < s->inspector_count; i++)
        for (size_t k = 0; k < t->more_count; k++)
            if (s->inspectors[i].department == t->more[k].department) {
                uint32_t cap = s->inspectors[i].cap + t->more[k].raise;

                out->inspectors[i].cap = cap > STAFF_CAP_MAX ? STAFF_CAP_MAX : cap;
                if (t->more[k].any_region)
                    out->inspectors[i].regions = STR("*");
            }
    for (size_t k = 0; e == OK && k < t->more_count; k++)
        e = add_inspectors(a, s, &t->more[k], (uint32_t) k, out);
    return e;
}

/* forbidden.tsv ascends by pseudonym, target, reason. */
static bool
was_there(const struct staff *s, struct str who, struct str target)
{
    size_t low = 0, high = s->forbidden_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct staff_forbidden *f = &s->forbidden[mid];
        int order = str_cmp(f->pseudonym, who);

        order = order != 0 ? order : str_cmp(f->id, target);
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < s->forbidden_count && str_eq(s->forbidden[low].pseudonym, who) && str_eq(s->forbidden[low].id, target); low++)
        if (s->forbidden[low].reason == STAFF_LAST)
            return true;
    return false;
}

static void
count_place(const struct staff *s, const struct staff_target *targets, const struct staff_derived *d, uint32_t g, uint32_t who,
            struct staff_tried *out)
{
    if (who >= s->inspector_count) {
        out->new_places++;
        return;
    }
    out->outside_places += !staff_covers(s->inspectors[who].regions, d->classes[d->instance.class_of[g]].region);
    out->again_places += was_there(s, s->inspectors[who].pseudonym, targets[d->groups[g].target].id);
}

static enum err
count_costs(struct arena *a, const struct staff *s, const struct staff_target *targets, const struct staff_derived *d,
            const struct match_result *r, struct staff_tried *out)
{
    uint64_t *load = arena_array(a, (size_t) d->instance.inspectors + 1, sizeof *load);

    if (load == NULL)
        return ERR_MEMORY;
    for (uint32_t g = 0; g < d->instance.groups; g++)
        for (uint32_t k = r->team_first[g]; k < r->team_first[g + 1]; k++) {
            load[r->team[k]]++;
            count_place(s, targets, d, g, r->team[k], out);
        }
    out->least_load = s->inspector_count == 0 ? 0 : UINT64_MAX;
    for (size_t i = 0; i < s->inspector_count; i++) {
        out->least_load = load[i] < out->least_load ? load[i] : out->least_load;
        out->most_load = load[i] > out->most_load ? load[i] : out->most_load;
        out->raised_places += load[i] > s->inspectors[i].cap ? load[i] - s->inspectors[i].cap : 0;
    }
    return OK;
}

enum err
staff_try(struct arena *a, const struct staff *s, const struct staff_target *targets, size_t target_count,
          const struct staff_trial *t, struct staff_tried *out)
{
    struct match_options o = {.slack = t->slack, .no_walks = true};
    struct staff_change lifted = {.lift_rotation = t->lift_rotation};
    struct staff_derived d;
    struct match_result r;
    struct staff changed;
    size_t bad, mark = arena_mark(a);
    enum err e = change(a, s, t, &changed);

    *out = (struct staff_tried){0};
    if (e == OK)
        e = staff_derive(a, &changed, targets, target_count, &lifted, &d, &bad);
    if (e == OK)
        e = match_solve(a, &d.instance, &o, &r);
    if (e == OK) {
        out->feasible = r.feasible;
        out->groups = d.instance.groups;
        for (uint32_t g = 0; g < d.instance.groups; g++)
            out->places += d.instance.demand[g];
        out->cut_count = r.cut_count;
        out->need = r.cut_count > 0 ? r.cuts[0].need : 0;
        out->capacity = r.cut_count > 0 ? r.cuts[0].capacity : 0;
    }
    if (e == OK && r.feasible)
        e = count_costs(a, s, targets, &d, &r, out);
    arena_rewind(a, mark);
    return e;
}
