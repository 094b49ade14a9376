/* mod/scope.c */
#include "mod/scope.h"

bool
scope_sees(const struct ctx *c, struct str department, struct str region)
{
    if (c->department.n > 0 && !str_eq(c->department, department))
        return false;
    return c->region.n == 0 || str_starts(region, c->region);
}

/* A region code without its pairs of zeros: all it contains begins so. */
static struct str
prefix_of(struct str region)
{
    while (region.n > 2 && region.n % 2 == 0 && region.p[region.n - 1] == '0' && region.p[region.n - 2] == '0')
        region.n -= 2;
    return region;
}

enum err
scope_regions(struct ctx *c, struct str asked, struct scope_regions *out)
{
    struct str prefix = prefix_of(asked), from = prefix.n > 0 ? prefix : c->region;
    char *p;

    *out = (struct scope_regions){{NULL, 0}, {NULL, 0}, false};
    if (prefix.n > 0 && c->region.n > 0 && !str_starts(prefix, c->region)) {
        out->none = !str_starts(c->region, prefix);
        from = c->region; /* all of the city, of which one sees a county */
    }
    if (from.n == 0 || out->none)
        return OK;
    if ((p = str_z(c->arena, from)) == NULL)
        return ERR_MEMORY;
    p[from.n - 1]++; /* digits: at most ':' */
    out->from = from;
    out->below = (struct str){p, from.n};
    return OK;
}
