/* mod/publication/publication.h - publications 公示 (regulation 二(六)): rows that never change. */
#ifndef MQ_PUBLICATION_H
#define MQ_PUBLICATION_H

#include "mod/ctx.h"
#include "mod/publication_sql.h"

/* publication_add: the next text about a result: the first has correction 0, each further one counts up; the old ones
 * stay. Inside the caller's transaction and under its journal entry. id and correction of p are set here. */
MUST_USE enum err publication_add(struct ctx *c, struct publication_put_in *p);

/*
 * publication_take_down: 撤下 a publication that must not stay public (personal information, an order of a court). The portal,
 * its feeds and the open data then show the day, the reason and the basis instead; the row and the log with its proofs stay
 * whole. Said again in the same words it changes nothing. Journal: publication.takedown.
 * ERR_NOT_FOUND no such publication; ERR_INPUT reason or basis missing or too long; ERR_STATE taken down for another reason.
 */
enum { PUBLICATION_WORDS_MAX = 600 };
MUST_USE enum err publication_take_down(struct ctx *c, struct str target, int64_t id, struct str reason, struct str basis);

#endif
