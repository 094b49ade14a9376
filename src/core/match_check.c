/* core/match_check.c - proofs that do not trust the solver: of an assignment and its balance (spec 7.1), of a
 * cut (spec 4) and the filter that makes a cut minimal */
#include "core/match_int.h"

#include <string.h>

/* --- cuts --- */

/* Add step (1 or -1) to eligible_in of everybody eligible for g. */
static void
count_group(const struct match_instance *in, uint32_t g, uint32_t *eligible_in, uint32_t step)
{
    uint32_t c = in->class_of[g];

    for (uint32_t k = in->class_first[c]; k < in->class_first[c + 1]; k++)
        if (!match_forbidden(in, g, in->class_ids[k]))
            eligible_in[in->class_ids[k]] += step;
}

/* How much capacity is lost with group g: one of each eligible inspector whose cap does not bind. */
static uint64_t
capacity_lost(const struct match_instance *in, uint32_t g, const uint32_t *eligible_in)
{
    uint32_t c = in->class_of[g];
    uint64_t lost = 0;

    for (uint32_t k = in->class_first[c]; k < in->class_first[c + 1]; k++) {
        uint32_t i = in->class_ids[k];

        lost += eligible_in[i] <= in->cap[i] && !match_forbidden(in, g, i);
    }
    return lost;
}

static uint64_t
capacity(const struct match_instance *in, const uint32_t *inspectors, uint32_t count,
         const uint32_t *eligible_in)
{
    uint64_t sum = 0;

    for (uint32_t k = 0; k < count; k++) {
        uint32_t i = inspectors[k];

        sum += eligible_in[i] < in->cap[i] ? eligible_in[i] : in->cap[i];
    }
    return sum;
}

/* Name the inspectors whose cap binds, and count for each group the eligible others. */
static void
name_inspectors(const struct match_instance *in, const uint32_t *inspectors, uint32_t count,
                const uint32_t *eligible_in, struct match_cut *cut)
{
    cut->inspector_count = 0;
    for (uint32_t k = 0; k < count; k++)
        if (in->cap[inspectors[k]] < eligible_in[inspectors[k]])
            cut->inspectors[cut->inspector_count++] = inspectors[k];
    for (uint32_t k = 0; k < cut->group_count; k++) /* the others are those that would be lost */
        cut->spare[k] = (uint32_t) capacity_lost(in, cut->groups[k], eligible_in);
}

/* One pass from the largest group down: drop each that the proof does not need. Returns how many were
 * dropped. */
static uint32_t
drop_needless(const struct match_instance *in, uint32_t *eligible_in, struct match_cut *cut)
{
    uint32_t before = cut->group_count;

    for (uint32_t k = before; k-- > 0;) {
        uint32_t g = cut->groups[k];
        uint64_t lost = capacity_lost(in, g, eligible_in);

        if (cut->need - in->demand[g] <= cut->capacity - lost)
            continue;
        cut->need -= in->demand[g];
        cut->capacity -= lost;
        count_group(in, g, eligible_in, UINT32_MAX); /* minus one */
        memmove(cut->groups + k, cut->groups + k + 1, (cut->group_count - k - 1) * sizeof *cut->groups);
        cut->group_count--;
    }
    return before - cut->group_count;
}

void
match_cut_minimal(const struct match_instance *in, uint32_t *eligible_in, const uint32_t *inspectors_of_part,
                  uint32_t inspector_count, struct match_cut *cut)
{
    uint32_t dropped;

    cut->need = 0;
    for (uint32_t k = 0; k < cut->group_count; k++) {
        cut->need += in->demand[cut->groups[k]];
        count_group(in, cut->groups[k], eligible_in, 1);
    }
    cut->capacity = capacity(in, inspectors_of_part, inspector_count, eligible_in);
    do /* again: a group that was needed may no longer be */
        dropped = drop_needless(in, eligible_in, cut);
    while (dropped > 0);
    name_inspectors(in, inspectors_of_part, inspector_count, eligible_in, cut);
    for (uint32_t k = 0; k < cut->group_count; k++)
        count_group(in, cut->groups[k], eligible_in, UINT32_MAX);
}

enum err
match_check_cut(struct arena *a, const struct match_instance *in, const struct match_cut *cut, bool *holds)
{
    size_t mark = arena_mark(a);
    bool *inside = arena_array(a, in->inspectors, sizeof *inside);
    uint64_t need = 0, room = 0;

    if (!inside)
        return ERR_MEMORY;
    *holds = cut->group_count > 0;
    for (uint32_t k = 0; k < cut->inspector_count; k++) {
        *holds = *holds && cut->inspectors[k] < in->inspectors && !inside[cut->inspectors[k]];
        if (!*holds)
            break;
        inside[cut->inspectors[k]] = true;
        room += in->cap[cut->inspectors[k]];
    }
    for (uint32_t k = 0; *holds && k < cut->group_count; k++) {
        uint32_t g = cut->groups[k], spare = 0;

        *holds = g < in->groups && (k == 0 || g > cut->groups[k - 1]);
        for (uint32_t i = 0; *holds && i < in->inspectors; i++)
            spare += !inside[i] && match_eligible(in, g, i);
        *holds = *holds && spare == cut->spare[k];
        need += *holds ? in->demand[g] : 0;
        room += spare;
    }
    *holds = *holds && need == cut->need && room == cut->capacity && need > room;
    arena_rewind(a, mark);
    return OK;
}

/* --- assignments --- */

static enum match_verdict
check_teams(const struct match_instance *in, const uint32_t *team_first, const uint32_t *team, uint32_t *load)
{
    for (uint32_t g = 0; g < in->groups; g++) {
        if (team_first[g + 1] - team_first[g] != in->demand[g])
            return MATCH_BAD_SIZE;
        for (uint32_t k = team_first[g]; k < team_first[g + 1]; k++) {
            if (team[k] >= in->inspectors)
                return MATCH_BAD_SIZE;
            if (!match_eligible(in, g, team[k]))
                return MATCH_BAD_CANDIDATE;
            if (k > team_first[g] && team[k] <= team[k - 1])
                return MATCH_BAD_TWICE;
            if (++load[team[k]] > in->cap[team[k]])
                return MATCH_BAD_CAP;
        }
    }
    return MATCH_GOOD;
}

/* The graph of moves, seen from the inspectors: i can pass a place of group g to any eligible outsider of g.
 */
struct moves {
    const struct match_instance *in;
    const uint32_t *team_first, *team;
    uint32_t *load;
    uint32_t *first, *groups; /* inspectors + 1: the groups of inspector i */
    bool *reached, *expanded; /* by inspector, by group */
    uint32_t *queue;          /* inspectors */
    uint32_t queue_head, queue_end;
};

static uint32_t
level_of(const struct moves *m, uint32_t i)
{
    return m->in->base[i] + m->load[i];
}

static void
list_groups(struct moves *m)
{
    const struct match_instance *in = m->in;

    for (uint32_t i = 0; i < in->inspectors; i++)
        m->first[i + 1] = m->first[i] + m->load[i];
    for (uint32_t g = in->groups; g-- > 0;)
        for (uint32_t k = m->team_first[g]; k < m->team_first[g + 1]; k++)
            m->groups[--m->first[m->team[k] + 1]] = g; /* fills each list from its end */
    for (uint32_t i = 0; i < in->inspectors; i++)
        m->first[i] = m->first[i + 1];
    m->first[in->inspectors] = m->team_first[in->groups];
}

/* Reach on from everybody in the queue; true when someone at level `level` - 2 or less with room is met. */
static bool
reach_low(struct moves *m, uint32_t level)
{
    const struct match_instance *in = m->in;

    while (m->queue_head < m->queue_end) {
        uint32_t i = m->queue[m->queue_head++];

        for (uint32_t q = m->first[i]; q < m->first[i + 1]; q++) {
            uint32_t g = m->groups[q], c = in->class_of[g];

            if (m->expanded[g])
                continue;
            m->expanded[g] = true;
            for (uint32_t k = in->class_first[c]; k < in->class_first[c + 1]; k++) {
                uint32_t w = in->class_ids[k];

                if (m->reached[w] || match_forbidden(in, g, w) ||
                    match_holds(m->team + m->team_first[g], in->demand[g], w))
                    continue;
                if (level_of(m, w) + 2 <= level && m->load[w] < in->cap[w])
                    return true;
                m->reached[w] = true;
                m->queue[m->queue_end++] = w;
            }
        }
    }
    return false;
}

/* The highest level below this one that somebody has; 0 if nobody. */
static uint32_t
next_level(const struct moves *m, uint32_t below)
{
    uint32_t best = 0;

    for (uint32_t i = 0; i < m->in->inspectors; i++)
        if (level_of(m, i) < below && level_of(m, i) > best)
            best = level_of(m, i);
    return best;
}

/* From the highest level down. What was reached from a higher level without success need not be walked again.
 */
static bool
unbalanced(struct moves *m)
{
    for (uint32_t level = next_level(m, UINT32_MAX); level >= 2; level = next_level(m, level)) {
        for (uint32_t i = 0; i < m->in->inspectors; i++)
            if (level_of(m, i) == level && m->load[i] > 0 && !m->reached[i]) {
                m->reached[i] = true;
                m->queue[m->queue_end++] = i;
            }
        if (reach_low(m, level))
            return true;
    }
    return false;
}

enum err
match_check(struct arena *a, const struct match_instance *in, const uint32_t *team_first,
            const uint32_t *team, bool balanced, enum match_verdict *out)
{
    size_t mark = arena_mark(a);
    struct moves m = {.in = in,
                      .team_first = team_first,
                      .team = team,
                      .load = arena_array(a, in->inspectors, sizeof *m.load),
                      .first = arena_array(a, (size_t) in->inspectors + 1, sizeof *m.first),
                      .groups = arena_array(a, team_first[in->groups], sizeof *m.groups),
                      .reached = arena_array(a, in->inspectors, sizeof *m.reached),
                      .expanded = arena_array(a, in->groups, sizeof *m.expanded),
                      .queue = arena_array(a, in->inspectors, sizeof *m.queue)};
    enum err e = OK;

    if (!m.load || !m.first || !m.groups || !m.reached || !m.expanded || !m.queue)
        e = ERR_MEMORY;
    if (e == OK)
        *out = check_teams(in, team_first, team, m.load);
    if (e == OK && *out == MATCH_GOOD && balanced) {
        list_groups(&m);
        if (unbalanced(&m))
            *out = MATCH_BAD_BALANCE;
    }
    arena_rewind(a, mark);
    return e;
}

const char *
match_verdict_name(enum match_verdict v)
{
    static const char *const names[] = {
        "good", "a place is empty", "not a candidate", "twice in a team", "above the cap", "not balanced"};

    return names[v];
}
