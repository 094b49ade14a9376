/* mod/evidence.h - photographs and documents below DIR/evidence, named by their SHA-256: those of records and of follow-up. */
#ifndef MQ_EVIDENCE_H
#define MQ_EVIDENCE_H

#include "core/hash.h"
#include "mod/ctx.h"
#include "mod/file.h"

enum { EVIDENCE_BYTES_MAX = 8 << 20 }; /* one of them */

/* evidence_path: DIR/evidence/ab/abcd…, whether it is there or not. ERR_INPUT: not 64 small hex digits. */
MUST_USE enum err evidence_path(const struct ctx *c, struct str hash, char out[static FILE_PATH_BYTES]);
/* evidence_type: what the first bytes say, "image/jpeg", "image/png" or "application/pdf"; a file is never believed by its name.
 * ERR_INPUT anything else. evidence_ending: ".jpg" … of such a type. */
MUST_USE enum err evidence_type(struct ctx *c, struct str bytes, struct str *type);
const char *evidence_ending(struct str type);
void evidence_hash(struct str bytes, char hex[static HASH_HEX_LEN + 1]);
/* evidence_hash_ok: 64 small hex digits. */
bool evidence_hash_ok(struct str hash);
/* evidence_store: outside of any transaction: the bytes under the name they have by their hash, durable. *type: what they are.
 * ERR_DIGEST they are not those of the hash; ERR_INPUT neither JPEG, PNG nor PDF; ERR_TOO_LARGE; ERR_NO_SPACE, ERR_IO. */
MUST_USE enum err evidence_store(struct ctx *c, struct str hash, struct str bytes, struct str *type);

#endif
