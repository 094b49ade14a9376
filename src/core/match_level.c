/* core/match_level.c - P3 (spec 3.6): the most even loads.
 * The page searches afresh after each shift. The same shifts in the same order come out faster by distances:
 * of the shortest paths a breadth-first search takes, step by step, the first place and the first candidate
 * that is one move nearer to a target. Within a round of equal length a shift never makes a new path of that
 * length, so that whoever leads nowhere leads nowhere until the round ends, and the inspectors at the level
 * are done in one pass. */
#include "core/match_int.h"

static bool
is_source(const struct match_board *b, uint32_t v, uint32_t level)
{
    return b->person[v].level == level && !match_search_dead(b->person[v].seen);
}

/* May w enter team t, whoever of the others leaves? */
static bool
enters(const struct match_board *b, const struct match_team *t, uint32_t w)
{
    return b->place[t->place_first].owner != w && match_board_fits(b, t->place_first, w);
}

/* Everyone in a team that w could enter reaches what w reaches in one more move. */
static void
reach_back(struct match_board *b, uint32_t w, uint32_t *reached)
{
    uint32_t distance = b->person[w].distance + 1;

    for (uint32_t k = b->classes_first[w]; k < b->classes_first[w + 1]; k++) {
        uint32_t c = b->classes_of[k];

        for (uint32_t q = b->teams_first[c]; q < b->teams_first[c + 1]; q++) {
            struct match_team *t = &b->team[b->teams_of[q]];

            if (t->distance != MATCH_NONE || t->demand == 0 || !enters(b, t, w))
                continue;
            t->distance = distance;
            t->next = t->class_first;
            for (uint32_t s = t->place_first; s < t->place_first + t->demand; s++) {
                uint32_t v = b->place[s].owner;

                if (b->person[v].distance != MATCH_NONE)
                    continue;
                b->person[v].distance = distance;
                b->visited[(*reached)++] = v;
            }
        }
    }
}

/* Distances to the targets, until somebody at the level is reached. Returns his distance, that of all nearest
 * ones; MATCH_NONE if nobody at the level can reach a target. */
static uint32_t
measure(struct match_board *b, uint32_t level)
{
    uint32_t reached = 0, nearest = MATCH_NONE;

    for (uint32_t t = 0; t < b->team_count; t++)
        b->team[t].distance = MATCH_NONE;
    for (uint32_t v = 0; v < b->person_count; v++) {
        bool target = match_search_target(&b->person[v], level);

        b->person[v].distance = target ? 0 : MATCH_NONE;
        if (target)
            b->visited[reached++] = v;
    }
    for (uint32_t k = 0; k < reached && b->person[b->visited[k]].distance < nearest; k++) {
        uint32_t w = b->visited[k];

        if (b->person[w].level == level)
            nearest = b->person[w].distance;
        else
            reach_back(b, w, &reached);
    }
    return nearest;
}

/* The first place of v and the first candidate for it one move nearer to a target; MATCH_NONE if there is
 * none left. */
static uint32_t
nearer(struct match_board *b, uint32_t v, uint32_t level)
{
    const struct match_person *p = &b->person[v];

    match_search_start(b);
    match_search_visit(b, v, p->parent); /* his places, ascending, are the queue */
    for (uint32_t q = 0; q < b->queue_count; q++) {
        struct match_team *t = &b->team[b->place[b->queue[q]].team];

        if (t->distance != p->distance)
            continue;
        for (; t->next < t->class_first + t->class_count; t->next++) {
            uint32_t w = b->class_ids[t->next];
            struct match_person *to = &b->person[w];

            if (to->distance + 1 == p->distance && (to->distance > 0 || match_search_target(to, level)) &&
                match_board_fits(b, b->queue[q], w)) {
                to->parent = b->queue[q];
                return w;
            }
        }
    }
    return MATCH_NONE;
}

/* Follow the distances down from v and shift; step back from those who lead nowhere any more. */
static void
descend(struct match_board *b, uint32_t v, uint32_t level)
{
    uint32_t at = v;

    b->person[v].parent = MATCH_NONE;
    while (b->person[v].distance != MATCH_NONE) {
        uint32_t w = nearer(b, at, level);

        if (w == MATCH_NONE) {
            b->person[at].distance = MATCH_NONE;
            at = at == v ? v : b->place[b->person[at].parent].owner;
        } else if (b->person[w].distance > 0) {
            at = w;
        } else {
            match_search_shift(b, w);
            return;
        }
    }
}

/* All shifts from this level down, then the failed search that tells who can be reached from it. */
static void
lower(struct match_board *b, uint32_t level)
{
    for (uint32_t round = measure(b, level); round != MATCH_NONE; round = measure(b, level))
        for (uint32_t v = 0; v < b->person_count; v++)
            if (is_source(b, v, level) && b->person[v].distance == round)
                descend(b, v, level);
    match_search_start(b);
    for (uint32_t v = 0; v < b->person_count; v++)
        if (is_source(b, v, level))
            match_search_visit(b, v, MATCH_NONE);
    (void) match_search_run(b, level); /* finds nobody */
}

/* The highest level below this one that somebody has; 0 if nobody. */
static uint32_t
next_level(const struct match_board *b, uint32_t below)
{
    uint32_t best = 0;

    for (uint32_t v = 0; v < b->person_count; v++)
        if (b->person[v].level < below && b->person[v].level > best)
            best = b->person[v].level;
    return best;
}

static uint32_t
least_level(const struct match_board *b)
{
    uint32_t least = UINT32_MAX;

    for (uint32_t v = 0; v < b->person_count; v++)
        if (b->person[v].level < least)
            least = b->person[v].level;
    return least;
}

/* Levels that nobody has are skipped: a search without a start sees nobody. */
void
match_board_level(struct match_board *b)
{
    uint32_t min = least_level(b);

    for (uint32_t level = next_level(b, UINT32_MAX); level > min; level = next_level(b, level)) {
        lower(b, level);
        for (uint32_t k = 0; k < b->visited_count; k++) {
            struct match_person *p = &b->person[b->visited[k]];

            if (p->bound == MATCH_NONE)
                p->bound = level < p->limit ? level : p->limit;
        }
        match_search_bury(b);
    }
    for (uint32_t v = 0; v < b->person_count; v++)
        if (b->person[v].bound == MATCH_NONE)
            b->person[v].bound = b->person[v].level;
}
