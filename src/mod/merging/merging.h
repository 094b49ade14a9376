/* mod/merging/merging.h - tasks of several departments at one target become one visit 进一次门、查多项事 (regulation 二(五)).
 *
 *   propose  after each matching, and on demand: visits that nobody has begun, at one target, of tasks whose windows
 *            overlap. The lead is that of the task whose window ends first. With a day (merging.propose)
 *   accept   by the lead, on a working day within all windows: the visits are made together, counted once (merging.accept)
 *   decline  by the lead, with a reason: the same visits are not proposed again (merging.decline)
 *   seen     a department that goes along has taken note of the decision (merging.seen)
 *
 * A proposal whose visits were begun or taken back meanwhile has lapsed. The visits keep their tasks, teams and results;
 * visit_together (mod/visit) gives those of one door. */
#ifndef MQ_MERGING_H
#define MQ_MERGING_H

#include "mod/ctx.h"
#include "mod/merging_sql.h"

enum { MERGING_VISITS_MAX = 16, MERGING_DAYS_MAX = 400, MERGING_REASON_MAX = 2000, MERGING_AWAY_MAX = 64 };

/* merging_propose: for the targets of a task, or for one of them. *count: new proposals. Works inside a caller's
 * transaction too. ERR_NOT_FOUND no such task. */
MUST_USE enum err merging_propose(struct ctx *c, struct str task, struct str target, size_t *count);

/* merging_find: within the row scope of c. ERR_NOT_FOUND. */
MUST_USE enum err merging_find(struct ctx *c, int64_t id, struct merging_see_row *out);

/* One day on which it could be. */
struct merging_day {
    int64_t day;
    bool known, works; /* known: the calendar holds its year */
    size_t away;       /* members of the teams on leave */
    int64_t planned;   /* doors of the lead on that day, agreed or proposed, this one too */
};
/* merging_days: every day within the windows, from tomorrow on; at most MERGING_DAYS_MAX. */
MUST_USE enum err merging_days(struct ctx *c, const struct merging_see_row *m, struct merging_day **days, size_t *count);

/* merging_accept, merging_decline: who decides is the lead: the caller's matter. day absent: the proposed one.
 * ERR_CONFLICT row_version is not the present one; ERR_STATE decided before, or a visit was begun meanwhile; ERR_DATE outside
 * the windows, in the past, or no working day; ERR_CALENDAR; ERR_INPUT no reason; ERR_MISSING no day. */
MUST_USE enum err merging_accept(struct ctx *c, int64_t id, int64_t row_version, struct opt_i64 day);
MUST_USE enum err merging_decline(struct ctx *c, int64_t id, int64_t row_version, struct str reason);
/* merging_note_seen: ERR_STATE not decided yet; ERR_NOT_FOUND the department does not go along. */
MUST_USE enum err merging_note_seen(struct ctx *c, int64_t id, struct str department);

#endif
