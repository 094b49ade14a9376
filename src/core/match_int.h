/* core/match_int.h - shared by the match*.c files only: random words, components, the board of one component.
 * "Spec" is docs/spec/match-1.md. */
#ifndef MQ_MATCH_INT_H
#define MQ_MATCH_INT_H

#include "core/hash.h"
#include "core/match.h"

enum { MATCH_WORD_BLOCKS = 16 }; /* digests made at a time */

/* Spec 2: the words of one seed. */
struct match_words {
    struct hash start; /* fed with seed and "DM1\0" */
    uint64_t counter;  /* of the next digest */
    unsigned lanes, used, count;
    uint64_t word[4 * MATCH_WORD_BLOCKS];
};

void match_words_start(struct match_words *w, const unsigned char seed[static MATCH_SEED_LEN]);
/* match_words_below: bnd(n), uniform below n; 0 without using a word when n <= 1. */
uint64_t match_words_below(struct match_words *w, uint64_t n);
void match_words_shuffle(struct match_words *w, uint32_t *a, size_t n);

/* match_sort: ascending. */
void match_sort(uint32_t *a, size_t n);
/* match_holds: is x in the ascending list? */
bool match_holds(const uint32_t *list, size_t n, uint32_t x);
/* match_forbidden: is inspector i in the forbidden list of group g? */
bool match_forbidden(const struct match_instance *in, uint32_t g, uint32_t i);

/* Spec 3.1: components in order; groups and inspectors of each ascending. */
struct match_parts {
    uint32_t count;
    uint32_t *group_first, *group_ids;         /* count + 1; groups */
    uint32_t *inspector_first, *inspector_ids; /* count + 1; inspectors that are eligible for some group */
    uint32_t *eligible_count;                  /* by inspector: groups he is eligible for */
};
MUST_USE enum err match_parts_find(struct arena *a, const struct match_instance *in, struct match_parts *out);

/* One inspector, group and place under their labels (spec 3.2). */
struct match_person {
    uint32_t level, limit; /* base + load; base + cap */
    uint32_t base, bound;  /* bound: u of spec 3.6, MATCH_NONE = unset */
    uint32_t list_first;   /* the place list begins at board.lists + list_first */
    uint32_t seen, parent; /* search: stamp; parent place */
    uint32_t distance;     /* P3: moves to the nearest target; MATCH_NONE = none known */
};
struct match_team {
    uint32_t class_first, class_count; /* in board.class_ids, labels ascending */
    uint32_t place_first, demand;
    uint32_t forbidden_first, forbidden_count; /* in board.forbidden_ids, labels ascending */
    uint32_t seen;
    uint32_t class_number;   /* of the component */
    uint32_t distance, next; /* P3: of an owner that passes a place on; the candidate to try next */
};
struct match_place {
    uint32_t owner, team, slot; /* owner MATCH_NONE = empty; slot: index in the owner's list */
};

struct match_board {
    uint32_t person_count, team_count, place_count;
    struct match_person *person;
    struct match_team *team;
    struct match_place *place;
    uint32_t *class_ids, *forbidden_ids, *lists;
    uint32_t class_count;                 /* classes of the component */
    uint32_t *class_start;                /* class_count + 1: in class_ids */
    uint32_t *teams_first, *teams_of;     /* by class: its teams */
    uint32_t *classes_first, *classes_of; /* by person: his classes */
    uint32_t *person_label, *team_label;  /* pi, tau: from the number within the component */
    uint32_t *person_of;                  /* the instance's number, by label */
    uint32_t *queue, *visited, *expanded; /* of the running search: places, persons, teams */
    uint32_t queue_count, visited_count, expanded_count;
    uint32_t stamp; /* of the running search */
    struct match_words words;
    uint64_t steps; /* of the walks */
};

/* Tables over the whole instance that every build uses again. */
struct match_scratch {
    uint32_t *label_of;     /* by inspector; may hold stale labels of another component */
    uint32_t *class_build;  /* by class: the build that copied its list */
    uint32_t *class_number; /* by class: its number on the board */
    uint32_t builds;
};
MUST_USE enum err match_scratch_make(struct arena *a, const struct match_instance *in,
                                     struct match_scratch *out);

/* match_board_build: P0 of component `part`. ERR_MEMORY. */
MUST_USE enum err match_board_build(struct arena *a, const struct match_instance *in,
                                    const struct match_parts *parts, uint32_t part,
                                    struct match_scratch *scratch,
                                    const unsigned char seed[static MATCH_SEED_LEN], struct match_board *b);
void match_board_give(struct match_board *b, uint32_t s, uint32_t w);
void match_board_take(struct match_board *b, uint32_t s);
bool match_board_fits(const struct match_board *b, uint32_t s, uint32_t w);

/* The search of spec 3.4. start; put what it begins with into the queue or visit it; run. */
#define MATCH_ANY_LEVEL UINT32_MAX
void match_search_start(struct match_board *b);
/* match_search_visit: count w as visited; his places join the queue, ascending. */
void match_search_visit(struct match_board *b, uint32_t w, uint32_t parent);
/* match_search_target: may this one take places coming from an inspector at level `from`? P2:
 * MATCH_ANY_LEVEL. */
bool match_search_target(const struct match_person *p, uint32_t from);
/* match_search_run: the target found; MATCH_NONE when the search fails. */
uint32_t match_search_run(struct match_board *b, uint32_t from);
/* match_search_shift: move the places along the parents, from the target to the start. */
void match_search_shift(struct match_board *b, uint32_t w);
/* match_search_bury: what a failed search has seen leads nowhere, now and later: no later shift can enter it.
 */
void match_search_bury(struct match_board *b);
bool match_search_dead(uint32_t seen);

/* match_board_greedy: P1. match_board_level: P3. */
void match_board_greedy(struct match_board *b);
void match_board_level(struct match_board *b);
/* match_board_fill: P2. Each failed search calls failed(ctx), which finds it in visited and expanded.
 * keep_dead: later searches skip what a failed one has seen (the same assignment, but not the same raw cuts).
 */
bool match_board_fill(struct match_board *b, bool keep_dead, void (*failed)(void *ctx), void *ctx);

/* match_board_walk: one walk of P4. moves: scratch for 2 * MATCH_WALK_STEPS_MAX numbers. */
void match_board_walk(struct match_board *b, int slack, uint32_t *moves);

/* match_cut_minimal: the deletion filter (spec 4). groups[0 .. *count) ascending, kept in place; spare of the
 * same length and inspectors (room for the component's) are filled. eligible_in: zeroed scratch by inspector,
 * zero again afterwards. */
void match_cut_minimal(const struct match_instance *in, uint32_t *eligible_in,
                       const uint32_t *inspectors_of_part, uint32_t inspector_count, struct match_cut *cut);

#endif
