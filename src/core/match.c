/* core/match.c - the whole matching: components one after the other, leads and reserves (P5), cuts */
#include "core/match.h"

#include "core/match_int.h"

#include <string.h>

/* Everything one run shares. */
struct run {
    struct arena *a;
    const struct match_instance *in;
    const struct match_options *o;
    struct match_parts parts;
    struct match_scratch scratch;
    uint32_t *moves;         /* of one walk */
    uint32_t *eligible_in;   /* zeroed, by inspector */
    uint32_t *reserve_count; /* by group */
    bool *in_cut;            /* by group: in a united cut */
    struct match_board board;
    uint32_t part;
    uint32_t *cut_groups, *cut_spare, *cut_inspectors; /* room behind the cuts found so far */
    uint64_t groups_done; /* of the parts before */
    struct match_result *out;
};

/* --- cuts --- */

/* Report the failed search in the numbers of the instance, ascending. */
static void
tell_raw_cut(struct run *r)
{
    const uint32_t *groups = r->parts.group_ids + r->parts.group_first[r->part];
    const uint32_t *inspectors = r->parts.inspector_ids + r->parts.inspector_first[r->part];
    uint32_t *g = r->board.expanded, *i = r->board.visited, g_count = 0, i_count = 0;

    for (uint32_t k = 0; k < r->board.team_count; k++)
        if (r->board.team[r->board.team_label[k]].seen == r->board.stamp)
            g[g_count++] = groups[k];
    for (uint32_t k = 0; k < r->board.person_count; k++)
        if (r->board.person[r->board.person_label[k]].seen == r->board.stamp)
            i[i_count++] = inspectors[k];
    r->o->raw_cut(r->o->ctx, g, g_count, i, i_count);
}

/* A search of P2 failed: its groups join the united cut. */
static void
fill_failed(void *ctx)
{
    struct run *r = ctx;
    const uint32_t *groups = r->parts.group_ids + r->parts.group_first[r->part];

    for (uint32_t k = 0; k < r->board.team_count; k++)
        if (r->board.team[r->board.team_label[k]].seen == r->board.stamp)
            r->in_cut[groups[k]] = true;
    if (r->o->raw_cut)
        tell_raw_cut(r);
}

/* The united cut of this component, made minimal, becomes the next cut of the result. */
static void
add_cut(struct run *r)
{
    const uint32_t *groups = r->parts.group_ids + r->parts.group_first[r->part];
    struct match_cut *cut = &r->out->cuts[r->out->cut_count++];

    *cut =
        (struct match_cut){.groups = r->cut_groups, .spare = r->cut_spare, .inspectors = r->cut_inspectors};
    for (uint32_t k = 0; k < r->board.team_count; k++)
        if (r->in_cut[groups[k]])
            cut->groups[cut->group_count++] = groups[k];
    match_cut_minimal(r->in, r->eligible_in, r->parts.inspector_ids + r->parts.inspector_first[r->part],
                      r->board.person_count, cut);
    r->cut_groups += cut->group_count;
    r->cut_spare += cut->group_count;
    r->cut_inspectors += cut->inspector_count;
}

/* --- walks --- */

/* P1 to P3; false when places stay empty. */
static bool
balance(struct run *r)
{
    match_board_greedy(&r->board);
    if (!match_board_fill(&r->board, r->o->raw_cut == NULL, fill_failed, r))
        return false;
    match_board_level(&r->board);
    return true;
}

/* K of spec 3.7: from 256 pilot walks on the frozen instance with a seed that nobody chose. */
static enum err
count_walks(struct run *r, uint64_t *walks)
{
    static const unsigned char zero[MATCH_SEED_LEN];
    size_t mark = arena_mark(r->a);
    uint64_t wanted;
    enum err e = match_board_build(r->a, r->in, &r->parts, r->part, &r->scratch, zero, &r->board);

    *walks = 0;
    if (e == OK && r->board.place_count > 0 && balance(r)) {
        for (int k = 0; k < MATCH_PILOT_WALKS; k++)
            match_board_walk(&r->board, r->o->slack, r->moves);
        wanted = UINT64_C(32) * r->board.place_count * MATCH_PILOT_WALKS;
        *walks = (wanted + r->board.steps - 1) / r->board.steps;
        if (*walks < MATCH_WALKS_MIN)
            *walks = MATCH_WALKS_MIN;
    }
    arena_rewind(r->a, mark);
    return e;
}

static enum err
walk(struct run *r, uint64_t walks)
{
    enum { TELL_EVERY = 4096 };

    for (uint64_t k = 0; k < walks; k++) {
        if (k % TELL_EVERY == 0 && r->o->progress &&
            !r->o->progress(r->o->ctx, r->groups_done + r->board.team_count * k / walks, r->in->groups))
            return ERR_CANCELLED;
        match_board_walk(&r->board, r->o->slack, r->moves);
    }
    r->groups_done += r->board.team_count;
    r->out->walks += walks;
    r->out->steps += r->board.steps;
    return OK;
}

/* --- teams, leads, reserves (P5) --- */

static void
write_team(struct run *r, uint32_t label, uint32_t group)
{
    const struct match_team *t = &r->board.team[label];
    uint32_t *team = r->out->team + r->out->team_first[group];

    for (uint32_t k = 0; k < t->demand; k++)
        team[k] = r->board.person_of[r->board.place[t->place_first + k].owner];
    match_sort(team, t->demand);
}

static uint32_t
draw_lead(struct run *r, uint32_t group)
{
    const uint32_t *team = r->out->team + r->out->team_first[group];
    uint32_t qualified = 0, pick;

    for (uint32_t k = 0; r->in->lead && k < r->in->demand[group]; k++)
        qualified += r->in->lead[team[k]] != 0;
    if (qualified == 0)
        return MATCH_NONE;
    pick = (uint32_t) match_words_below(&r->board.words, qualified);
    for (uint32_t k = 0;; k++)
        if (r->in->lead[team[k]] && pick-- == 0)
            return team[k];
}

/* The eligible inspectors outside the team, ascending, then shuffled. */
static void
draw_reserves(struct run *r, uint32_t group)
{
    const struct match_instance *in = r->in;
    const uint32_t *team = r->out->team + r->out->team_first[group];
    uint32_t *reserve = r->out->reserve + r->out->reserve_first[group], n = 0, c = in->class_of[group];

    for (uint32_t k = in->class_first[c]; k < in->class_first[c + 1]; k++) {
        uint32_t i = in->class_ids[k];

        if (!match_forbidden(in, group, i) && !match_holds(team, in->demand[group], i))
            reserve[n++] = i;
    }
    match_words_shuffle(&r->board.words, reserve, n);
}

static void
write_part(struct run *r)
{
    const uint32_t *groups = r->parts.group_ids + r->parts.group_first[r->part];

    for (uint32_t k = 0; k < r->board.team_count; k++)
        write_team(r, r->board.team_label[k], groups[k]);
    for (uint32_t k = 0; r->o->reserves && k < r->board.team_count; k++) {
        r->out->lead[groups[k]] = draw_lead(r, groups[k]);
        draw_reserves(r, groups[k]);
    }
}

/* --- the run --- */

static void
be64_feed(struct hash *h, uint64_t v)
{
    unsigned char p[8];

    for (int k = 0; k < 8; k++)
        p[k] = (unsigned char) (v >> (56 - 8 * k));
    hash_update(h, p, sizeof p);
}

static void
part_seed(const struct run *r, unsigned char out[static MATCH_SEED_LEN])
{
    uint32_t first = r->parts.group_ids[r->parts.group_first[r->part]];
    struct hash h;

    hash_init(&h, HASH_SHA256);
    hash_update(&h, r->o->seed, MATCH_SEED_LEN);
    hash_text(&h, "COMP");
    be64_feed(&h, r->in->target[first]);
    be64_feed(&h, first);
    hash_final(&h, out);
}

static enum err
solve_part(struct run *r)
{
    unsigned char seed[MATCH_SEED_LEN];
    size_t mark = arena_mark(r->a);
    uint64_t walks = 0;
    enum err e;

    part_seed(r, seed);
    e = match_board_build(r->a, r->in, &r->parts, r->part, &r->scratch, seed, &r->board);
    if (e == OK && !balance(r)) {
        add_cut(r);
    } else if (e == OK) {
        struct match_board real = r->board;

        if (!r->o->no_walks)
            e = count_walks(r, &walks);
        r->board = real;
        if (e == OK)
            e = walk(r, walks);
        if (e == OK && r->out->cut_count == 0)
            write_part(r);
    }
    arena_rewind(r->a, mark);
    return e;
}

/* Where each team and each reserve list begins. */
static enum err
allocate_teams(struct run *r)
{
    const struct match_instance *in = r->in;
    struct match_result *out = r->out;
    size_t places = 0;

    out->team_first = arena_array(r->a, (size_t) in->groups + 1, sizeof *out->team_first);
    if (!out->team_first)
        return ERR_MEMORY;
    for (uint32_t g = 0; g < in->groups; g++) {
        places += in->demand[g];
        out->team_first[g + 1] = (uint32_t) places;
    }
    out->team = arena_array(r->a, places, sizeof *out->team);
    if (!out->team)
        return ERR_MEMORY;
    memset(out->team, 0xFF, places * sizeof *out->team);
    return OK;
}

static uint32_t
eligible_count(const struct match_instance *in, uint32_t g)
{
    uint32_t c = in->class_of[g], n = in->class_first[c + 1] - in->class_first[c], left = n;

    for (uint32_t k = in->forbidden_first[g]; k < in->forbidden_first[g + 1]; k++)
        left -= match_holds(in->class_ids + in->class_first[c], n, in->forbidden_ids[k]);
    return left;
}

static enum err
allocate_reserves(struct run *r)
{
    const struct match_instance *in = r->in;
    struct match_result *out = r->out;

    if (!r->o->reserves)
        return OK;
    out->lead = arena_array(r->a, in->groups, sizeof *out->lead);
    out->reserve_first = arena_array(r->a, (size_t) in->groups + 1, sizeof *out->reserve_first);
    if (!out->lead || !out->reserve_first)
        return ERR_MEMORY;
    for (uint32_t g = 0; g < in->groups; g++) {
        uint32_t eligible = eligible_count(in, g);

        out->lead[g] = MATCH_NONE;
        out->reserve_first[g + 1] =
            out->reserve_first[g] + (eligible > in->demand[g] ? eligible - in->demand[g] : 0);
    }
    out->reserve = arena_array(r->a, (size_t) out->reserve_first[in->groups], sizeof *out->reserve);
    return out->reserve ? OK : ERR_MEMORY;
}

static enum err
allocate(struct run *r)
{
    const struct match_instance *in = r->in;
    enum err e = allocate_teams(r);

    if (e == OK)
        e = allocate_reserves(r);
    if (e == OK)
        e = match_parts_find(r->a, in, &r->parts);
    if (e == OK)
        e = match_scratch_make(r->a, in, &r->scratch);
    if (e != OK)
        return e;
    r->out->cuts = arena_array(r->a, r->parts.count, sizeof *r->out->cuts);
    r->moves = arena_array(r->a, 2 * (size_t) MATCH_WALK_STEPS_MAX, sizeof *r->moves);
    r->eligible_in = arena_array(r->a, in->inspectors, sizeof *r->eligible_in);
    r->in_cut = arena_array(r->a, in->groups, sizeof *r->in_cut);
    r->cut_groups = arena_array(r->a, in->groups, sizeof *r->cut_groups);
    r->cut_spare = arena_array(r->a, in->groups, sizeof *r->cut_spare);
    r->cut_inspectors = arena_array(r->a, in->inspectors, sizeof *r->cut_inspectors);
    return r->out->cuts && r->moves && r->eligible_in && r->in_cut && r->cut_groups && r->cut_spare &&
                   r->cut_inspectors
               ? OK
               : ERR_MEMORY;
}

enum err
match_solve(struct arena *a, const struct match_instance *in, const struct match_options *o,
            struct match_result *out)
{
    struct run r = {.a = a, .in = in, .o = o, .out = out};
    enum err e;

    if (o->slack < MATCH_SLACK_STRICT || o->slack > MATCH_SLACK_MAX)
        return ERR_RANGE;
    *out = (struct match_result){0};
    e = allocate(&r);
    for (r.part = 0; e == OK && r.part < r.parts.count; r.part++)
        e = solve_part(&r);
    if (e != OK)
        return e;
    out->component_count = r.parts.count;
    out->feasible = out->cut_count == 0;
    if (!out->feasible)
        memset(out->team, 0xFF, out->team_first[in->groups] * sizeof *out->team);
    return OK;
}
