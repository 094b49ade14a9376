/* bench/match/generate.c - a city's matching as an instance (docs/spec/match-1.md), deterministic.
 * generate TARGETS INSPECTORS: sixteen departments, ten counties, one skill per 2,000 inspectors. Each
 * inspector has a home cell (department, county, skill), one in four a second one; each target is visited by
 * one to three departments with one or two places each; 3 % of the pairs are forbidden. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEPARTMENTS = 16, COUNTIES = 10, PER_SKILL = 2000, CAP = 40, FORBIDDEN_MAX = 4, VISITS_MAX = 3 };

struct cell {
    uint32_t *ids, count;
};
struct group {
    uint32_t target, cell, demand, forbidden_count, forbidden[FORBIDDEN_MAX];
};

static uint32_t
below(uint64_t *state, uint32_t n)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t) ((z ^ z >> 31) % n);
}

static void *
must(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

static void
join(struct cell *c, uint32_t inspector)
{
    if (c->count > 0 && c->ids[c->count - 1] == inspector)
        return;
    c->ids = must(realloc(c->ids, (c->count + 1) * sizeof *c->ids));
    c->ids[c->count++] = inspector;
}

static uint32_t
cell_of(uint32_t department, uint32_t county, uint32_t skill, uint32_t skills)
{
    return (department * COUNTIES + county) * skills + skill;
}

static void
fill_cells(uint64_t *state, struct cell *cells, uint32_t inspectors, uint32_t skills)
{
    for (uint32_t i = 0; i < inspectors; i++) {
        uint32_t q = i % DEPARTMENTS;

        join(&cells[cell_of(q, i / DEPARTMENTS % COUNTIES, i / (DEPARTMENTS * COUNTIES) % skills, skills)], i);
        if (below(state, 4) == 0)
            join(&cells[cell_of(q, below(state, COUNTIES), below(state, skills), skills)], i);
    }
}

static uint32_t
make_groups(uint64_t *state, struct group *groups, uint32_t targets, const struct cell *cells,
            uint32_t skills)
{
    static const uint32_t visits[] = {1, 1, 2, 2, VISITS_MAX}; /* departments that come */
    uint32_t count = 0;

    for (uint32_t t = 0; t < targets; t++) {
        uint32_t n = visits[below(state, 5)], county = below(state, COUNTIES),
                 first = below(state, DEPARTMENTS);

        for (uint32_t k = 0; k < n; k++) {
            struct group *g = &groups[count++];

            *g = (struct group){.target = t, .demand = n == 1 ? 2 : 1 + below(state, 2)};
            g->cell = cell_of((first + k) % DEPARTMENTS, county, below(state, skills), skills);
            for (uint32_t m = 0; m < cells[g->cell].count && g->forbidden_count < FORBIDDEN_MAX; m++)
                if (below(state, 100) < 3)
                    g->forbidden[g->forbidden_count++] = cells[g->cell].ids[m];
        }
    }
    return count;
}

static void
print_list(const uint32_t *ids, uint32_t n)
{
    printf("%u", n);
    for (uint32_t k = 0; k < n; k++)
        printf(" %u", ids[k]);
    putchar('\n');
}

int
main(int argc, char **argv)
{
    uint32_t targets = argc == 3 ? (uint32_t) strtoul(argv[1], NULL, 10) : 0;
    uint32_t inspectors = argc == 3 ? (uint32_t) strtoul(argv[2], NULL, 10) : 0;
    uint32_t skills = (inspectors + PER_SKILL - 1) / PER_SKILL, cell_count = DEPARTMENTS * COUNTIES * skills,
             groups;
    uint64_t state = 20190051;
    struct cell *cells;
    struct group *g;

    if (targets == 0 || inspectors == 0 || targets > 1000000 || inspectors > 1000000) {
        fputs("usage: generate TARGETS INSPECTORS\n", stderr);
        return 2;
    }
    cells = must(calloc(cell_count, sizeof *cells));
    g = must(calloc((size_t) targets * VISITS_MAX, sizeof *g));
    fill_cells(&state, cells, inspectors, skills);
    groups = make_groups(&state, g, targets, cells, skills);
    printf("%u\n", inspectors);
    for (uint32_t i = 0; i < inspectors; i++)
        printf("0 %d\n", CAP);
    printf("%u\n", cell_count);
    for (uint32_t c = 0; c < cell_count; c++)
        print_list(cells[c].ids, cells[c].count);
    printf("%u\n", groups);
    for (uint32_t k = 0; k < groups; k++) {
        printf("%u %u %u ", g[k].target, g[k].cell, g[k].demand);
        print_list(g[k].forbidden, g[k].forbidden_count);
    }
    for (uint32_t c = 0; c < cell_count; c++)
        free(cells[c].ids);
    free(cells);
    free(g);
    return fflush(stdout) == 0 ? 0 : 5;
}
