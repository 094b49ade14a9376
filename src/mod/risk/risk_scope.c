/* mod/risk/risk_scope.c - whose targets: row scopes, and which scheme decides on a target that several take in */
#include "mod/risk/risk_int.h"

struct str
risk_own(struct str scope)
{
    return scope.n == 0 ? (struct str){NULL, 0} : scope;
}

bool
risk_covers(const struct ctx *c, struct str department, struct str region)
{
    return (c->department.n == 0 || str_eq(department, c->department)) && (c->region.n == 0 || str_starts(region, c->region));
}

bool
risk_same(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || str_eq(a, b));
}

static bool
takes_in(const struct risk_scheme_row *s, struct str region, struct str departments)
{
    struct str head, rest = departments;
    bool more = departments.n > 0, has = s->department.n == 0 || !more;

    while (!has && more) {
        more = str_split(rest, '\n', &head, &rest);
        has = str_eq(head, s->department);
    }
    return has && str_starts(region, s->region);
}

/* shared: by several departments, or by all. */
static bool
comes_before(const struct risk_scheme_row *a, const struct risk_scheme_row *b, bool shared)
{
    if (a->region.n != b->region.n)
        return a->region.n > b->region.n;
    if ((a->department.n == 0) != (b->department.n == 0))
        return (a->department.n == 0) == shared;
    return a->department.n > 0 && str_cmp(a->department, b->department) < 0;
}

const struct risk_scheme_row *
risk_decider(const struct risk_scheme_in_force_row *all, size_t count, struct str region, struct str departments)
{
    const struct risk_scheme_row *best = NULL;
    struct str head, tail;
    bool shared = departments.n == 0 || str_split(departments, '\n', &head, &tail);

    for (size_t i = 0; i < count; i++)
        if (takes_in(&all[i].s, region, departments) && (best == NULL || comes_before(&all[i].s, best, shared)))
            best = &all[i].s;
    return best;
}

enum err
risk_scheme_of(struct ctx *c, struct str target, struct risk_scheme_row *out)
{
    struct risk_scheme_in_force_row *all;
    struct target_facts_of_row t;
    const struct risk_scheme_row *decides;
    size_t n = 0;
    enum err e = target_facts_of(c->db, c->arena, &(struct target_facts_of_in){target}, &t);

    if (e == OK)
        e = risk_scheme_in_force(c->db, c->arena, &all, &n);
    if (e != OK)
        return e;
    decides = risk_decider(all, n, t.t.region, t.t.departments);
    if (decides == NULL)
        return ERR_NOT_FOUND;
    *out = *decides;
    return OK;
}
