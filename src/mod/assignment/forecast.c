/* mod/assignment/forecast.c - how predictable the teams would be, before anything is sealed (match-1: before and after) */
#include <stdlib.h>
#include <string.h>

#include "mod/assignment/assignment_int.h"
#include "mod/org/org.h"
#include "mod/task/task.h"

enum { BLOCK_BYTES_MIN = 64 << 20 };
#define BLOCK_BYTES_MAX ((size_t) 1 << 30)

struct foreseeing {
    struct ctx *c;
    struct str doc[3];
    const struct drawing_sampled *targets;
    size_t count;
    struct drawing_watch watch;
    struct str departments[64]; /* by bit */
    struct arena arena;
    struct staff staff;
    struct staff_derived derived;
    struct assignment_forecast *out;
};

static enum err
name_departments(struct foreseeing *f, struct str task)
{
    struct task t;
    enum err e = task_load(f->c, task, &t);

    for (size_t i = 0; e == OK && i < t.participants.count; i++) {
        unsigned bit = 0;

        e = org_bit(f->c, t.participants.v[i].department, &bit);
        if (e == OK && bit < 64)
            f->departments[bit] = t.participants.v[i].department;
    }
    return e;
}

static enum err
derive(struct foreseeing *f)
{
    struct staff_target *targets = arena_array(&f->arena, f->count + 1, sizeof *targets);
    struct staff_fault fault = {0};
    size_t bad = 0;
    enum err e = targets == NULL ? ERR_MEMORY : OK;

    for (size_t i = 0; e == OK && i < f->count; i++)
        targets[i] = (struct staff_target) {f->targets[i].id, f->targets[i].stratum, f->targets[i].mask, f->targets[i].batch};
    if (e == OK)
        e = staff_parse(&f->arena, f->doc[STAFF_INSPECTORS], f->doc[STAFF_FORBIDDEN], f->doc[STAFF_RULES], &f->staff, &fault);
    if (e != OK && e != ERR_MEMORY)
        return ctx_refuse(f->c, e, "%s line %zu: %s", staff_file_name(fault.file), fault.line, fault.what == NULL ? "" : fault.what);
    if (e == OK)
        e = staff_derive(&f->arena, &f->staff, targets, f->count, NULL, &f->derived, &bad);
    return e;
}

static struct assignment_foreseen
place_of(const struct foreseeing *f, uint32_t g)
{
    const struct staff_group *group = &f->derived.groups[g];

    return (struct assignment_foreseen) {.target = f->targets[group->target].id,
                                         .department = f->departments[group->department],
                                         .places = f->derived.instance.demand[g]};
}

static enum err
keep(struct foreseeing *f, const struct match_forecast *m)
{
    struct assignment_forecast *out = f->out;

    out->pairs = arena_array(f->c->arena, ASSIGNMENT_FORECAST_SHOWN, sizeof *out->pairs);
    out->tight = arena_array(f->c->arena, ASSIGNMENT_FORECAST_SHOWN, sizeof *out->tight);
    if (out->pairs == NULL || out->tight == NULL)
        return ERR_MEMORY;
    out->pair_count = m->pair_count;
    out->tight_count = m->tight_count;
    for (size_t i = 0; i < m->pair_count && i < ASSIGNMENT_FORECAST_SHOWN; i++) {
        out->pairs[i] = place_of(f, m->pairs[i].group);
        out->pairs[i].inspector = str_copy(f->c->arena, f->staff.inspectors[m->pairs[i].inspector].pseudonym);
        out->pairs[i].share_bp = (uint64_t) m->pairs[i].count * 10000 / m->runs;
        if (out->pairs[i].inspector.p == NULL)
            return ERR_MEMORY;
    }
    for (size_t i = 0; i < m->tight_count && i < ASSIGNMENT_FORECAST_SHOWN; i++) {
        out->tight[i] = place_of(f, m->tight[i].group);
        out->tight[i].candidates = m->tight[i].candidates;
    }
    return OK;
}

/* One solution tells whether it can be done at all, and by how much it falls short. */
static enum err
can_be_done(struct foreseeing *f)
{
    struct match_options o = {.slack = f->staff.rules.slack, .no_walks = true};
    const struct match_instance *in = &f->derived.instance;
    struct match_result r;
    size_t mark = arena_mark(&f->arena);
    enum err e = match_solve(&f->arena, in, &o, &r);

    for (uint32_t g = 0; g < in->groups; g++)
        f->out->places += in->demand[g];
    f->out->groups = in->groups;
    f->out->inspectors = f->staff.inspector_count;
    f->out->targets = f->count;
    if (e == OK) {
        f->out->feasible = r.feasible;
        f->out->need = r.cut_count > 0 ? r.cuts[0].need : 0;
        f->out->capacity = r.cut_count > 0 ? r.cuts[0].capacity : 0;
    }
    arena_rewind(&f->arena, mark);
    return e;
}

static enum err
foresee_once(struct foreseeing *f)
{
    struct match_forecast m;
    uint64_t runs;
    enum err e = derive(f);

    f->out->places = 0;
    if (e == OK)
        e = can_be_done(f);
    if (e != OK || !f->out->feasible || f->out->places == 0)
        return e;
    runs = ASSIGNMENT_FORECAST_PLACES / f->out->places;
    runs = runs < ASSIGNMENT_FORECAST_RUNS_MIN ? ASSIGNMENT_FORECAST_RUNS_MIN : runs > ASSIGNMENT_FORECAST_RUNS ? ASSIGNMENT_FORECAST_RUNS : runs;
    f->out->runs = (uint32_t) runs;
    e = match_forecast(&f->arena, &f->derived.instance, f->staff.rules.slack, f->out->runs, f->watch.tell, f->watch.arg, &m);
    return e == OK ? keep(f, &m) : e;
}

/* How much memory an instance takes shows when it runs out: twice as much, from the beginning. */
static enum err
foresee(struct foreseeing *f)
{
    void *block = NULL;
    enum err e = ERR_MEMORY;

    for (size_t size = BLOCK_BYTES_MIN; e == ERR_MEMORY && size <= BLOCK_BYTES_MAX; size *= 2) {
        free(block);
        block = malloc(size);
        if (block == NULL)
            return ERR_MEMORY;
        f->arena = arena_over(block, size);
        e = foresee_once(f);
    }
    free(block);
    return e;
}

enum err
assignment_forecast(struct ctx *c, struct str task, const struct assignment_rules *rules, const struct drawing_sampled *targets,
                    size_t count, struct drawing_watch watch, struct assignment_forecast *out)
{
    struct foreseeing *f = calloc(1, sizeof *f);
    enum err e = f == NULL ? ERR_MEMORY : OK;

    *out = (struct assignment_forecast) {0};
    if (e == OK) {
        f->c = c;
        f->targets = targets;
        f->count = count;
        f->watch = watch;
        f->out = out;
        e = name_departments(f, task);
        if (e == OK)
            e = assignment_draft(c, task, rules, f->doc);
        if (e == OK)
            e = foresee(f);
        free((void *) (uintptr_t) f->doc[STAFF_INSPECTORS].p);
        free((void *) (uintptr_t) f->doc[STAFF_FORBIDDEN].p);
    }
    free(f);
    return e;
}
