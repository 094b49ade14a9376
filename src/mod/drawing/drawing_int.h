/* mod/drawing/drawing_int.h - shared by the files of this module only */
#ifndef MQ_DRAWING_INT_H
#define MQ_DRAWING_INT_H

#include "mod/drawing/drawing.h"

/* drawing_in: the latest attempt of a task, which must be in this state; otherwise ERR_STATE names what it is
 * in. */
MUST_USE enum err drawing_in(struct ctx *c, struct str task, enum drawing_state state,
                             struct drawing_current_row *row);
struct drawing_key drawing_key_of(const struct drawing_current_row *row);
/* drawing_advance: compare-and-set along the table of moves. */
MUST_USE enum err drawing_advance(struct ctx *c, struct drawing_key k, enum drawing_state from,
                                  enum drawing_state to);

struct drawing_fact {
    const char *name;
    struct str value;
};
/* drawing_journal: an entry about DRAW/ATTEMPT with facts in the order given. */
MUST_USE enum err drawing_journal(struct ctx *c, const char *act, struct drawing_key k,
                                  const struct drawing_fact *facts, size_t count);
/* drawing_fault: the particulars of a refused document into c->why; returns its error. */
MUST_USE enum err drawing_fault(struct ctx *c, const struct fault *f);
/* drawing_has_secret: has this party revealed? */
bool drawing_has_secret(const struct drawing_party_list_row *party);
/* drawing_plain_spec: what the database knows of an attempt as a struct draw_spec, without roster and quotas;
 * in the arena. Commitments that are not given yet are zero. */
MUST_USE enum err drawing_plain_spec(struct ctx *c, const struct drawing_current_row *d,
                                     struct draw_spec *out);


/* disclose.c: secrets at rest. drawing_secret_put: stored plain, or encrypted when the check is unannounced.
 * drawing_secret_of: its secret, whichever way it is stored.
 * ERR_DIGEST it was not encrypted by this key; ERR_NOT_FOUND keys/draw.key is gone. */
MUST_USE enum err drawing_secret_put(struct ctx *c, const struct drawing_current_row *d, struct str party,
                                     struct str secret);
MUST_USE enum err drawing_secret_of(struct ctx *c, struct drawing_key k, const struct drawing_party_list_row *party,
                                    unsigned char out[static DRAW_SECRET_BYTES]);
/* run.c: the text of reveal.json, in the arena; lock is the text of lock.txt. */
MUST_USE enum err drawing_reveal_text(struct ctx *c, const struct drawing_current_row *d, struct str lock,
                                      struct str *out);

#endif
