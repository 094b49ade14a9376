/* mod/journal/log_witness.h - the judgement of a witness 见证人 (c2sp.org/tlog-witness, add-checkpoint): another office's
 * machine that has seen a log grow signs only what is a continuation of what it signed before. Pure: no files, no sockets. */
#ifndef MQ_LOG_WITNESS_H
#define MQ_LOG_WITNESS_H

#include "base/arena.h"
#include "core/hash.h"
#include "core/note.h"

/* A checkpoint of NOTE_BYTES_MAX, the line of the old size, and as many hashes as a proof may have. */
enum { LOG_WITNESS_REQUEST_MAX = NOTE_BYTES_MAX + 64 * 45 + 64 };

/* What was cosigned last; size 0: nothing yet. */
struct log_witness_state {
    uint64_t size;
    unsigned char root[HASH_LEN];
};
struct log_witness_verdict {
    int status;      /* HTTP: 200 sign it; 400 malformed; 403 not signed by the log; 404 another log; 409 not what was
                        cosigned last (answer with that size); 422 not a continuation */
    struct str text; /* of the checkpoint, when it is to be signed; points into the request */
    struct log_witness_state next;
};
/* log_witness_judge: a request "old N", LF, the hashes of the consistency proof, an empty line, the checkpoint. The caller
 * keeps verdict->next before it signs. ERR_MEMORY only. */
MUST_USE enum err log_witness_judge(struct arena *a, const struct note_key *log, const struct log_witness_state *have,
                                    struct str request, struct log_witness_verdict *verdict);

#endif
