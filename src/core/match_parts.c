/* core/match_parts.c - components (spec 3.1): groups joined through inspectors eligible for both.
 * Eligible pairs are not walked one by one: the members of a class that some group has joined form its blob,
 * and a later group only looks for one blob member it may use and at the few members still outside. */
#include "core/match_int.h"

#include <string.h>

struct finder {
    const struct match_instance *in;
    uint32_t
        *parent; /* union-find over inspectors, then groups; the root is the smallest number of inspectors */
    uint32_t *member; /* class_ids, within each class the blob first */
    uint32_t *blob;   /* by class: members in the blob */
};

static uint32_t
root(uint32_t *parent, uint32_t x)
{
    while (parent[x] != x)
        x = parent[x] = parent[parent[x]];
    return x;
}

static void
unite(uint32_t *parent, uint32_t x, uint32_t y)
{
    x = root(parent, x);
    y = root(parent, y);
    if (x < y)
        parent[y] = x;
    else
        parent[x] = y;
}

/* Join group g (node) with its eligible inspectors. */
static void
join(struct finder *f, uint32_t g)
{
    const struct match_instance *in = f->in;
    uint32_t c = in->class_of[g], first = in->class_first[c], end = in->class_first[c + 1];
    uint32_t node = in->inspectors + g, used = first;

    while (used < first + f->blob[c] && match_forbidden(in, g, f->member[used]))
        used++;
    if (used < first + f->blob[c])
        unite(f->parent, node, f->member[used]);
    /* An empty blob takes in what it finds; a blob of which all are forbidden here stays apart. */
    bool grow = used < first + f->blob[c] || f->blob[c] == 0;
    for (uint32_t k = first + f->blob[c]; k < end; k++) {
        uint32_t i = f->member[k];

        if (match_forbidden(in, g, i))
            continue;
        unite(f->parent, node, i);
        if (grow) {
            f->member[k] = f->member[first + f->blob[c]];
            f->member[first + f->blob[c]++] = i;
        }
    }
}

/* How many groups each inspector is eligible for: those of his classes but the forbidden ones. */
static void
count_eligible(const struct match_instance *in, const uint32_t *groups_of_class, uint32_t *eligible_count)
{
    for (uint32_t c = 0; c < in->classes; c++)
        for (uint32_t k = in->class_first[c]; k < in->class_first[c + 1]; k++)
            eligible_count[in->class_ids[k]] += groups_of_class[c];
    for (uint32_t g = 0; g < in->groups; g++) {
        uint32_t c = in->class_of[g], n = in->class_first[c + 1] - in->class_first[c];

        for (uint32_t k = in->forbidden_first[g]; k < in->forbidden_first[g + 1]; k++)
            if (match_holds(in->class_ids + in->class_first[c], n, in->forbidden_ids[k]))
                eligible_count[in->forbidden_ids[k]]--;
    }
}

/* Sort numbers into their components: part[x] for x < n; MATCH_NONE = in none. */
static void
deal(const uint32_t *part, uint32_t n, uint32_t parts, uint32_t *first, uint32_t *ids)
{
    for (uint32_t x = 0; x < n; x++)
        if (part[x] != MATCH_NONE)
            first[part[x] + 1]++;
    for (uint32_t p = 0; p < parts; p++)
        first[p + 1] += first[p];
    for (uint32_t x = 0; x < n; x++)
        if (part[x] != MATCH_NONE)
            ids[first[part[x]]++] = x;
    for (uint32_t p = parts; p > 0; p--)
        first[p] = first[p - 1];
    first[0] = 0;
}

/* Number the components by their smallest group; part_of: by inspector, then by group. */
static uint32_t
number_parts(struct finder *f, const uint32_t *eligible_count, uint32_t *part_of, uint32_t *part_of_root)
{
    uint32_t n = f->in->inspectors, parts = 0;

    memset(part_of_root, 0xFF, ((size_t) n + f->in->groups) * sizeof *part_of_root);
    for (uint32_t g = 0; g < f->in->groups; g++) {
        uint32_t r = root(f->parent, n + g);

        if (part_of_root[r] == MATCH_NONE)
            part_of_root[r] = parts++;
        part_of[n + g] = part_of_root[r];
    }
    for (uint32_t i = 0; i < n; i++)
        part_of[i] = eligible_count[i] > 0 ? part_of_root[root(f->parent, i)] : MATCH_NONE;
    return parts;
}

static enum err
join_all(struct arena *a, const struct match_instance *in, struct finder *f, uint32_t *eligible_count)
{
    size_t entries = in->class_first[in->classes], nodes = (size_t) in->inspectors + in->groups;
    uint32_t *groups_of_class = arena_array(a, in->classes, sizeof *groups_of_class);

    *f = (struct finder){in, arena_array(a, nodes, sizeof *f->parent),
                         arena_array(a, entries, sizeof *f->member),
                         arena_array(a, in->classes, sizeof *f->blob)};
    if (!groups_of_class || !f->parent || !f->member || !f->blob)
        return ERR_MEMORY;
    if (entries > 0)
        memcpy(f->member, in->class_ids, entries * sizeof *f->member);
    for (uint32_t x = 0; x < nodes; x++)
        f->parent[x] = x;
    for (uint32_t g = 0; g < in->groups; g++) {
        join(f, g);
        groups_of_class[in->class_of[g]]++;
    }
    count_eligible(in, groups_of_class, eligible_count);
    return OK;
}

enum err
match_parts_find(struct arena *a, const struct match_instance *in, struct match_parts *out)
{
    size_t nodes = (size_t) in->inspectors + in->groups, mark;
    struct match_parts p = {.group_first = arena_array(a, (size_t) in->groups + 1, sizeof *p.group_first),
                            .group_ids = arena_array(a, in->groups, sizeof *p.group_ids),
                            .inspector_first =
                                arena_array(a, (size_t) in->groups + 1, sizeof *p.inspector_first),
                            .inspector_ids = arena_array(a, in->inspectors, sizeof *p.inspector_ids),
                            .eligible_count = arena_array(a, in->inspectors, sizeof *p.eligible_count)};
    uint32_t *part_of, *part_of_root;
    struct finder f;
    enum err e;

    if (!p.group_first || !p.group_ids || !p.inspector_first || !p.inspector_ids || !p.eligible_count)
        return ERR_MEMORY;
    mark = arena_mark(a);
    e = join_all(a, in, &f, p.eligible_count);
    part_of = arena_array(a, nodes, sizeof *part_of);
    part_of_root = arena_array(a, nodes, sizeof *part_of_root);
    if (e == OK && (!part_of || !part_of_root))
        e = ERR_MEMORY;
    if (e == OK) {
        p.count = number_parts(&f, p.eligible_count, part_of, part_of_root);
        deal(part_of + in->inspectors, in->groups, p.count, p.group_first, p.group_ids);
        deal(part_of, in->inspectors, p.count, p.inspector_first, p.inspector_ids);
        *out = p;
    }
    arena_rewind(a, mark);
    return e;
}
