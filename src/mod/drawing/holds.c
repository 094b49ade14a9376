/* mod/drawing/holds.c - is a target bound by a roster that nobody may change any more? */
#include <string.h>

#include "mod/drawing/drawing_int.h"

/* A row begins with its id and a TAB (docs/spec/draw-1.md §2). */
static bool
roster_has(struct str roster, struct str id)
{
    while (roster.n > id.n) {
        const char *end = memchr(roster.p, '\n', roster.n);
        size_t n = end == NULL ? roster.n : (size_t) (end - roster.p) + 1;

        if (n > id.n && roster.p[id.n] == '\t' && memcmp(roster.p, id.p, id.n) == 0)
            return true;
        roster.p += n;
        roster.n -= n;
    }
    return false;
}

enum err
drawing_holds(struct ctx *c, struct str target, bool *held, struct str *draw)
{
    struct drawing_undrawn_list_row *rows;
    size_t n;
    enum err e = drawing_undrawn_list(c->db, c->arena, &rows, &n);

    *held = false;
    for (size_t i = 0; i < n && e == OK && !*held; i++) {
        struct str roster;

        e = drawing_map(c, (struct drawing_key){rows[i].draw, rows[i].attempt}, "roster.tsv", &roster);
        if (e != OK)
            break;
        *held = roster_has(roster, target);
        *draw = rows[i].draw;
        drawing_unmap(roster);
    }
    return e;
}
