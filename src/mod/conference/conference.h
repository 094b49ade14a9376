/* mod/conference/conference.h - the joint conference 联席会议 studies joint plans before they are filed (regulation 二(四),
 * 三(一)). Each level has its own: a meeting belongs to the region of its government.
 *
 *   open    name, day, place                    conference.open
 *   add     an approved plan comes on the agenda 议题; the plan is then `conference`      conference.add
 *   say     a participating department: agree, amend, oppose, with words; the latest counts  conference.say
 *   decide  adopted, or returned with an opinion (the plan is a draft again)              conference.decide
 *   close   with minutes, once every topic is decided                                     conference.close
 */
#ifndef MQ_CONFERENCE_H
#define MQ_CONFERENCE_H

#include "mod/conference_sql.h"
#include "mod/ctx.h"

enum { CONFERENCE_NAME_MAX = 300, CONFERENCE_MINUTES_MAX = 8000, CONFERENCE_TOPICS_MAX = 200 };

struct conference_opening {
    struct str region, name, place; /* place may be absent */
    int64_t held_day;
};
/* conference_open: *id. ERR_REGION not six digits, or outside the row scope of c; ERR_LENGTH. */
MUST_USE enum err conference_open(struct ctx *c, const struct conference_opening *o, int64_t *id);
/* conference_move: another name, day or place, while it is open. ERR_CONFLICT; ERR_STATE. */
MUST_USE enum err conference_move(struct ctx *c, int64_t id, int64_t row_version, const struct conference_opening *o);
/* conference_see: within the row scope of c. ERR_NOT_FOUND. */
MUST_USE enum err conference_see(struct ctx *c, int64_t id, struct conference_get_row *out);
/* conference_add: ERR_STATE the meeting is closed, or the plan is not approved; ERR_REGION a plan of another level;
 * ERR_EXISTS it stands on the agenda; ERR_TOO_LARGE. */
MUST_USE enum err conference_add(struct ctx *c, int64_t id, struct str plan);
/* conference_say: stance agree | amend | oppose; the last two with an opinion. ERR_STATE decided or closed; ERR_INPUT;
 * ERR_PERMISSION the department takes no part in the plan. */
MUST_USE enum err conference_say(struct ctx *c, int64_t id, struct str plan, struct str department, struct str stance,
                                 struct str opinion);
/* conference_decide: ERR_STATE decided already or closed; ERR_INPUT returned without an opinion. */
MUST_USE enum err conference_decide(struct ctx *c, int64_t id, struct str plan, bool adopted, struct str opinion);
/* conference_close: ERR_STATE a topic is undecided, or closed already; ERR_INPUT without minutes. */
MUST_USE enum err conference_close(struct ctx *c, int64_t id, struct str minutes);

#endif
