/* core/match_walk.c - one random walk over the assignments (P4, spec 3.7). Every walk is as likely as its
 * reverse, so that all assignments in the window stay equally likely. */
#include "core/match_int.h"

/* Draw from the class of place s until somebody fits. Ends: the inspector that s was taken from fits. */
static uint32_t
draw_fitting(struct match_board *b, uint32_t s)
{
    const struct match_team *t = &b->team[b->place[s].team];
    uint32_t w;

    do
        w = b->class_ids[t->class_first + match_words_below(&b->words, t->class_count)];
    while (!match_board_fits(b, s, w));
    return w;
}

/* What the first inspector of a walk looks like without the place taken from him. */
struct walk_start {
    uint32_t person, level;
    bool may_lose; /* his level stays in the window */
};

static bool
may_close(const struct match_board *b, const struct walk_start *start, int slack, uint32_t w)
{
    const struct match_person *p = &b->person[w];

    if (slack < 0)
        return p->level == start->level && p->level < p->limit;
    return w == start->person ||
           (start->may_lose && p->level < p->bound + (uint32_t) slack && p->level < p->limit);
}

/* Give everything back, the last move first; s is the place without owner. moves: pairs (place given, to
 * whom). */
static void
undo(struct match_board *b, uint32_t s, const uint32_t *moves, size_t count, uint32_t person)
{
    while (count > 0) {
        count -= 2;
        match_board_give(b, s, moves[count + 1]);
        s = moves[count];
        match_board_take(b, s);
    }
    match_board_give(b, s, person);
}

void
match_board_walk(struct match_board *b, int slack, uint32_t *moves)
{
    uint32_t s = (uint32_t) match_words_below(&b->words, b->place_count), v = b->place[s].owner;
    struct walk_start start = {.person = v};
    size_t count = 0;

    match_board_take(b, s);
    start.level = b->person[v].level;
    start.may_lose = (int64_t) start.level >= (int64_t) b->person[v].bound - 1 - slack;
    for (int step = 0; step < MATCH_WALK_STEPS_MAX; step++) {
        uint32_t w = draw_fitting(b, s), load, next;
        const struct match_person *p = &b->person[w];

        b->steps++;
        if (may_close(b, &start, slack, w)) {
            match_board_give(b, s, w);
            return;
        }
        load = p->level - p->base;
        if (load == 0)
            break;
        next = b->lists[p->list_first + match_words_below(&b->words, load)];
        match_board_take(b, next);
        match_board_give(b, s, w);
        moves[count++] = s;
        moves[count++] = w;
        s = next;
    }
    undo(b, s, moves, count, v);
}
