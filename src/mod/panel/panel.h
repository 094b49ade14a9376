/* mod/panel/panel.h - experts 专家 drawn for the targets of a draw (regulation 二(三); docs/spec/panel-1.md). They assist
 * and never count towards the two inspectors.
 *
 * freeze   after the seal and before the first secret is shown: experts.txt into the folder of the draw, its digest into
 *          the log (panel.freeze): who is under contract, has the specialty, and with which targets each has a conflict.
 * draw     after the draw: who follows from experts.txt and the seed; panel.txt, its digest logged (panel.draw). */
#ifndef MQ_PANEL_MOD_H
#define MQ_PANEL_MOD_H

#include "core/panel.h"
#include "mod/drawing/drawing.h"
#include "mod/panel_sql.h"

struct panel_frozen {
    struct drawing_key key;
    uint64_t expert_count, conflict_count;
    struct str digest; /* of experts.txt */
};
/* panel_freeze: places: experts per target, 1..8; specialty: absent, or a word of the register that each must have.
 * ERR_RANGE; ERR_STATE not sealed, locked already, or a secret was shown; ERR_EXISTS frozen already; ERR_MISSING no such
 * expert; ERR_CHARSET a code that cannot stand in experts.txt. */
MUST_USE enum err panel_freeze(struct ctx *c, struct str task, uint32_t places, struct str specialty,
                               struct panel_frozen *out);

struct panel_outcome {
    struct drawing_key key;
    uint64_t target_count, expert_count; /* experts: chosen, over all targets */
    uint64_t short_count;                /* targets with fewer experts than places */
    struct str digest;                   /* of panel.txt */
    bool again;                          /* it was done before: the stored outcome */
};
/* panel_draw: ERR_STATE not drawn, or no experts were frozen; ERR_DIGEST experts.txt was altered after it was logged. */
MUST_USE enum err panel_draw(struct ctx *c, struct str task, struct panel_outcome *out);

#endif
