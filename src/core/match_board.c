/* core/match_board.c - one component: labels (P0), greedy (P1), search and fill (P2); spec 3.2 to 3.5 */
#include "core/match_int.h"

#include <string.h>

#define DEAD UINT32_MAX /* seen by a search that failed */

/* --- P0 --- */

static enum err
allocate(struct arena *a, const struct match_instance *in, const struct match_parts *parts, uint32_t part,
         struct match_board *b)
{
    const uint32_t *groups = parts->group_ids + parts->group_first[part];

    b->team_count = parts->group_first[part + 1] - parts->group_first[part];
    b->person_count = parts->inspector_first[part + 1] - parts->inspector_first[part];
    b->place_count = 0;
    for (uint32_t g = 0; g < b->team_count; g++)
        b->place_count += in->demand[groups[g]];
    b->person = arena_array(a, b->person_count, sizeof *b->person);
    b->person_label = arena_array(a, b->person_count, sizeof *b->person_label);
    b->person_of = arena_array(a, b->person_count, sizeof *b->person_of);
    b->visited = arena_array(a, b->person_count, sizeof *b->visited);
    b->team = arena_array(a, b->team_count, sizeof *b->team);
    b->team_label = arena_array(a, b->team_count, sizeof *b->team_label);
    b->expanded = arena_array(a, b->team_count, sizeof *b->expanded);
    b->place = arena_array(a, b->place_count, sizeof *b->place);
    b->queue = arena_array(a, (size_t) b->place_count + 1, sizeof *b->queue);
    return b->person && b->person_label && b->person_of && b->visited && b->team && b->team_label &&
                   b->expanded && b->place && b->queue
               ? OK
               : ERR_MEMORY;
}

enum err
match_scratch_make(struct arena *a, const struct match_instance *in, struct match_scratch *out)
{
    *out = (struct match_scratch){.label_of = arena_array(a, in->inspectors, sizeof *out->label_of),
                                  .class_build = arena_array(a, in->classes, sizeof *out->class_build),
                                  .class_number = arena_array(a, in->classes, sizeof *out->class_number)};
    return out->label_of && out->class_build && out->class_number ? OK : ERR_MEMORY;
}

/* Inspectors get their labels. A list has room for cap + 1 places: undoing a walk overflows by one
 * (spec 3.7). */
static enum err
label_persons(struct arena *a, const struct match_instance *in, const struct match_parts *parts,
              uint32_t part, uint32_t *label_of, struct match_board *b)
{
    const uint32_t *ids = parts->inspector_ids + parts->inspector_first[part];
    size_t room = 0;

    for (uint32_t i = 0; i < b->person_count; i++)
        b->person_label[i] = i;
    match_words_shuffle(&b->words, b->person_label, b->person_count);
    for (uint32_t i = 0; i < b->person_count; i++) {
        uint32_t id = ids[i], w = b->person_label[i], most = parts->eligible_count[id];

        label_of[id] = w;
        b->person_of[w] = id;
        b->person[w] = (struct match_person){.level = in->base[id],
                                             .limit = in->base[id] + in->cap[id],
                                             .base = in->base[id],
                                             .bound = MATCH_NONE,
                                             .list_first = (uint32_t) room,
                                             .parent = MATCH_NONE};
        room += (size_t) (in->cap[id] < most ? in->cap[id] : most) + 1;
    }
    b->lists = arena_array(a, room, sizeof *b->lists);
    return b->lists && room <= UINT32_MAX ? OK : ERR_MEMORY;
}

/* Groups get their labels, places their numbers. */
static void
label_teams(const struct match_instance *in, const uint32_t *groups, struct match_board *b)
{
    uint32_t s = 0;

    for (uint32_t g = 0; g < b->team_count; g++)
        b->team_label[g] = g;
    match_words_shuffle(&b->words, b->team_label, b->team_count);
    for (uint32_t g = 0; g < b->team_count; g++)
        b->team[b->team_label[g]].demand = in->demand[groups[g]];
    for (uint32_t t = 0; t < b->team_count; t++) {
        b->team[t].place_first = s;
        for (uint32_t k = 0; k < b->team[t].demand; k++)
            b->place[s++] = (struct match_place){MATCH_NONE, t, 0};
    }
}

/* Copy the members of the component as labels, ascending; returns how many. */
static uint32_t
relabel(const struct match_board *b, const uint32_t *label_of, const uint32_t *ids, uint32_t n, uint32_t *out)
{
    uint32_t kept = 0;

    for (uint32_t k = 0; k < n; k++) {
        uint32_t w = label_of[ids[k]];

        if (w < b->person_count && b->person_of[w] == ids[k]) /* else a stale label */
            out[kept++] = w;
    }
    match_sort(out, kept);
    return kept;
}

/* Number the classes of this component and make room for their lists and for the forbidden lists. */
static enum err
allocate_lists(struct arena *a, const struct match_instance *in, const uint32_t *groups,
               struct match_scratch *scratch, struct match_board *b)
{
    size_t class_room = 0, forbidden_room = 0;

    scratch->builds++;
    for (uint32_t g = 0; g < b->team_count; g++) {
        uint32_t c = in->class_of[groups[g]];

        forbidden_room += in->forbidden_first[groups[g] + 1] - in->forbidden_first[groups[g]];
        if (scratch->class_build[c] == scratch->builds)
            continue;
        scratch->class_build[c] = scratch->builds;
        scratch->class_number[c] = b->class_count++;
        class_room += in->class_first[c + 1] - in->class_first[c];
    }
    b->class_ids = arena_array(a, class_room, sizeof *b->class_ids);
    b->forbidden_ids = arena_array(a, forbidden_room, sizeof *b->forbidden_ids);
    b->class_start = arena_array(a, (size_t) b->class_count + 1, sizeof *b->class_start);
    b->teams_first = arena_array(a, (size_t) b->class_count + 1, sizeof *b->teams_first);
    b->teams_of = arena_array(a, b->team_count, sizeof *b->teams_of);
    b->classes_first = arena_array(a, (size_t) b->person_count + 1, sizeof *b->classes_first);
    b->classes_of = arena_array(a, class_room, sizeof *b->classes_of);
    return b->class_ids && b->forbidden_ids && b->class_start && b->teams_first && b->teams_of &&
                   b->classes_first && b->classes_of
               ? OK
               : ERR_MEMORY;
}

static void
fill_lists(const struct match_instance *in, const uint32_t *groups, struct match_scratch *scratch,
           struct match_board *b)
{
    uint32_t copied = 0, forbidden_used = 0;

    for (uint32_t g = 0; g < b->team_count; g++) { /* classes come in the order of their numbers */
        struct match_team *t = &b->team[b->team_label[g]];
        uint32_t group = groups[g], c = in->class_of[group], number = scratch->class_number[c];

        if (number == copied) {
            uint32_t kept =
                relabel(b, scratch->label_of, in->class_ids + in->class_first[c],
                        in->class_first[c + 1] - in->class_first[c], b->class_ids + b->class_start[number]);

            b->class_start[++copied] = b->class_start[number] + kept;
        }
        t->class_number = number;
        t->class_first = b->class_start[number];
        t->class_count = b->class_start[number + 1] - b->class_start[number];
        t->forbidden_first = forbidden_used;
        t->forbidden_count = relabel(b, scratch->label_of, in->forbidden_ids + in->forbidden_first[group],
                                     in->forbidden_first[group + 1] - in->forbidden_first[group],
                                     b->forbidden_ids + forbidden_used);
        forbidden_used += t->forbidden_count;
    }
}

/* Turn counts in first[k + 1] into the beginnings of lists, moved on to their ends as the lists are written.
 */
static void
counts_to_beginnings(uint32_t *first, uint32_t n)
{
    uint32_t sum = 0;

    for (uint32_t k = 0; k < n; k++) {
        uint32_t count = first[k + 1];

        first[k + 1] = sum;
        sum += count;
    }
}

/* The teams of each class, the classes of each person: what P3 walks backwards. */
static void
fill_reverse(struct match_board *b)
{
    for (uint32_t t = 0; t < b->team_count; t++)
        b->teams_first[b->team[t].class_number + 1]++;
    for (uint32_t k = 0; k < b->class_start[b->class_count]; k++)
        b->classes_first[b->class_ids[k] + 1]++;
    counts_to_beginnings(b->teams_first, b->class_count);
    counts_to_beginnings(b->classes_first, b->person_count);
    for (uint32_t t = 0; t < b->team_count; t++)
        b->teams_of[b->teams_first[b->team[t].class_number + 1]++] = t;
    for (uint32_t c = 0; c < b->class_count; c++)
        for (uint32_t k = b->class_start[c]; k < b->class_start[c + 1]; k++)
            b->classes_of[b->classes_first[b->class_ids[k] + 1]++] = c;
}

enum err
match_board_build(struct arena *a, const struct match_instance *in, const struct match_parts *parts,
                  uint32_t part, struct match_scratch *scratch,
                  const unsigned char seed[static MATCH_SEED_LEN], struct match_board *b)
{
    const uint32_t *groups = parts->group_ids + parts->group_first[part];
    enum err e;

    *b = (struct match_board){0};
    match_words_start(&b->words, seed);
    e = allocate(a, in, parts, part, b);
    if (e == OK)
        e = label_persons(a, in, parts, part, scratch->label_of, b);
    if (e == OK)
        e = allocate_lists(a, in, groups, scratch, b);
    if (e != OK)
        return e;
    label_teams(in, groups, b);
    fill_lists(in, groups, scratch, b);
    fill_reverse(b);
    return OK;
}

/* --- the state --- */

void
match_board_give(struct match_board *b, uint32_t s, uint32_t w)
{
    struct match_person *p = &b->person[w];
    uint32_t slot = p->level - p->base;

    b->lists[p->list_first + slot] = s;
    b->place[s].owner = w;
    b->place[s].slot = slot;
    p->level++;
}

void
match_board_take(struct match_board *b, uint32_t s)
{
    struct match_person *p = &b->person[b->place[s].owner];
    uint32_t last = b->lists[p->list_first + --p->level - p->base], slot = b->place[s].slot;

    b->lists[p->list_first + slot] = last;
    b->place[last].slot = slot;
    b->place[s].owner = MATCH_NONE;
}

bool
match_board_fits(const struct match_board *b, uint32_t s, uint32_t w)
{
    const struct match_team *t = &b->team[b->place[s].team];

    for (uint32_t k = t->place_first; k < t->place_first + t->demand; k++)
        if (b->place[k].owner == w && k != s)
            return false;
    return !match_holds(b->forbidden_ids + t->forbidden_first, t->forbidden_count, w);
}

/* --- P1 --- */

void
match_board_greedy(struct match_board *b)
{
    for (uint32_t s = 0; s < b->place_count; s++) {
        const struct match_team *t = &b->team[b->place[s].team];
        uint32_t best = MATCH_NONE, best_level = UINT32_MAX;

        for (uint32_t k = t->class_first; k < t->class_first + t->class_count; k++) {
            uint32_t w = b->class_ids[k], level = b->person[w].level;

            if (level < best_level && level < b->person[w].limit && match_board_fits(b, s, w)) {
                best = w;
                best_level = level;
            }
        }
        if (best != MATCH_NONE)
            match_board_give(b, s, best);
    }
}

/* --- the search of P2 and P3 --- */

void
match_search_start(struct match_board *b)
{
    b->stamp++;
    b->queue_count = b->visited_count = b->expanded_count = 0;
}

static bool
unseen(const struct match_board *b, uint32_t seen)
{
    return seen != b->stamp && seen != DEAD;
}

/* Count w as visited; his places join the queue in ascending order. */
void
match_search_visit(struct match_board *b, uint32_t w, uint32_t parent)
{
    struct match_person *p = &b->person[w];
    uint32_t load = p->level - p->base, *added = b->queue + b->queue_count;

    p->seen = b->stamp;
    p->parent = parent;
    b->visited[b->visited_count++] = w;
    for (uint32_t k = 0; k < load; k++)
        added[k] = b->lists[p->list_first + k];
    match_sort(added, load);
    b->queue_count += load;
}

/* Is this a target for places coming from an inspector at level `from`? (P2: from MATCH_ANY_LEVEL) */
bool
match_search_target(const struct match_person *p, uint32_t from)
{
    return p->level + 2 <= from && p->level < p->limit;
}

/* Run the search over the queue. MATCH_NONE when it fails. */
uint32_t
match_search_run(struct match_board *b, uint32_t from)
{
    for (uint32_t head = 0; head < b->queue_count; head++) {
        uint32_t s = b->queue[head], team = b->place[s].team;
        struct match_team *t = &b->team[team];

        if (!unseen(b, t->seen))
            continue;
        t->seen = b->stamp;
        b->expanded[b->expanded_count++] = team;
        for (uint32_t k = t->class_first; k < t->class_first + t->class_count; k++) {
            uint32_t w = b->class_ids[k];

            if (!unseen(b, b->person[w].seen) || !match_board_fits(b, s, w))
                continue;
            if (match_search_target(&b->person[w], from)) {
                b->person[w].parent = s;
                return w;
            }
            match_search_visit(b, w, s);
        }
    }
    return MATCH_NONE;
}

/* Move the places along the parents, from the end that was found to the start. */
void
match_search_shift(struct match_board *b, uint32_t w)
{
    uint32_t s, v;

    do {
        s = b->person[w].parent;
        v = b->place[s].owner;
        if (v != MATCH_NONE)
            match_board_take(b, s);
        match_board_give(b, s, w);
        w = v;
    } while (v != MATCH_NONE && b->person[v].parent != MATCH_NONE);
}

/* What a failed search has seen leads nowhere, now and later: no later shift can enter it. */
bool
match_search_dead(uint32_t seen)
{
    return seen == DEAD;
}

void
match_search_bury(struct match_board *b)
{
    for (uint32_t k = 0; k < b->visited_count; k++)
        b->person[b->visited[k]].seen = DEAD;
    for (uint32_t k = 0; k < b->expanded_count; k++)
        b->team[b->expanded[k]].seen = DEAD;
}

/* --- P2 --- */

bool
match_board_fill(struct match_board *b, bool keep_dead, void (*failed)(void *ctx), void *ctx)
{
    bool full = true;

    for (uint32_t s = 0; s < b->place_count; s++) {
        uint32_t w;

        if (b->place[s].owner != MATCH_NONE)
            continue;
        match_search_start(b);
        b->queue[b->queue_count++] = s;
        w = match_search_run(b, MATCH_ANY_LEVEL);
        if (w != MATCH_NONE) {
            match_search_shift(b, w);
            continue;
        }
        full = false;
        failed(ctx);
        if (keep_dead)
            match_search_bury(b);
    }
    return full;
}
