/* app/witness_ask.h - the log asks a witness 见证人 (c2sp.org/tlog-witness) to cosign its latest checkpoint */
#ifndef MQ_WITNESS_ASK_H
#define MQ_WITNESS_ASK_H

#include "core/note.h"
#include "mod/ctx.h"

enum { WITNESS_WHY_BYTES = 512 };

struct witness_address {
    struct note_key key; /* of type cosignature */
    char url[512];       /* without "/add-checkpoint" */
};
/* witness_parse: "VKEY URL". ERR_USAGE; errors of the key. */
MUST_USE enum err witness_parse(const char *text, struct witness_address *out);
/* witness_ask: hand over the published checkpoint with its proof, check the answer, publish it with the checkpoint.
 * *added: 0 when it was there already. ERR_IO the witness cannot be reached or refuses: why says what; ERR_SIGNATURE its
 * answer does not hold. */
MUST_USE enum err witness_ask(struct ctx *c, const struct witness_address *w, size_t *added, char why[static WITNESS_WHY_BYTES]);

#endif
