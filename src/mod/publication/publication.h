/* mod/publication/publication.h - publications 公示 (regulation 二(六)): rows that never change. */
#ifndef MQ_PUBLICATION_H
#define MQ_PUBLICATION_H

#include "mod/ctx.h"
#include "mod/publication_sql.h"

/* publication_add: the next text about a result: the first has correction 0, each further one counts up; the old ones
 * stay. Inside the caller's transaction and under its journal entry. id and correction of p are set here. */
MUST_USE enum err publication_add(struct ctx *c, struct publication_put_in *p);

enum { PUBLICATION_WORDS_MAX = 600 }; /* bytes of a reason, a basis, an opinion */

/* publication_find: a publication within the row scope of c. region: that of its target. ERR_NOT_FOUND. */
MUST_USE enum err publication_find(struct ctx *c, struct str target, int64_t id, struct publication_get_row *out, struct str *region);

/*
 * 撤下: a publication that must not stay public (personal information, an order of a court). publication_take_down_ask: somebody
 * asks, with a reason and a basis that will be public; the portal shows the publication until somebody else has decided. Said
 * again in the same words it changes nothing. Journal: takedown.ask.
 * ERR_NOT_FOUND no such publication; ERR_INPUT reason or basis missing or too long; ERR_STATE asked for in other words, or taken down.
 */
MUST_USE enum err publication_take_down_ask(struct ctx *c, struct str target, int64_t id, struct str reason, struct str basis);

struct takedown_decision {
    struct str target;
    int64_t publication, row_version;
    bool take;          /* else it is refused */
    struct str opinion; /* required with a refusal */
};
/*
 * publication_take_down_decide: with take the portal, its feeds and the open data show the day, the reason and the basis instead of
 * the result; the row and the log with its proofs stay whole. Journal: publication.takedown or takedown.refuse.
 * ERR_NOT_FOUND; ERR_STATE decided before; ERR_PERMISSION by who asked; ERR_CONFLICT; ERR_INPUT no opinion with a refusal.
 */
MUST_USE enum err publication_take_down_decide(struct ctx *c, const struct takedown_decision *say);

/* publication_take_down: both at once, by who keeps the machine (the command line). Errors as above. */
MUST_USE enum err publication_take_down(struct ctx *c, struct str target, int64_t id, struct str reason, struct str basis);

#endif
