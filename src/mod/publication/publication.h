/* mod/publication/publication.h - publications 公示 (regulation 二(六)): rows that never change. */
#ifndef MQ_PUBLICATION_H
#define MQ_PUBLICATION_H

#include "mod/ctx.h"
#include "mod/publication_sql.h"

/* publication_add: the next text about a result: the first has correction 0, each further one counts up; the old ones
 * stay. Inside the caller's transaction and under its journal entry. id and correction of p are set here. */
MUST_USE enum err publication_add(struct ctx *c, struct publication_put_in *p);

#endif
