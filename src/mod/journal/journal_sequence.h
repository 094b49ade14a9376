/* mod/journal/journal_sequence.h - from entries in the database to a signed log in files (docs/spec/log-1.md 3, 4).
 * Safe to stop anywhere and to run again: places are given once, tiles are always written with the same bytes, and a
 * checkpoint is published last. One at a time per data directory: others wait (a lock on keys/log.key). */
#ifndef MQ_JOURNAL_SEQUENCE_H
#define MQ_JOURNAL_SEQUENCE_H

#include "journal_keys.h"

enum { JOURNAL_BATCH = 4096 }; /* entries placed in one transaction */

/*
 * journal_sequence: place the waiting entries, write their tiles under c->dir/log, sign and publish a checkpoint.
 * *size (may be NULL) gets the size of the published tree. With nothing new the published checkpoint stays, and is
 * written again only if it is missing or older than the signed one.
 * ERR_PROOF  the published tiles are not those of the last checkpoint: nothing is signed, run `log fsck`.
 * ERR_BUSY   entries were placed by someone else at the same time. ERR_IO, ERR_NO_SPACE, ERR_DB.
 */
MUST_USE enum err journal_sequence(struct ctx *c, const struct journal_keys *keys, uint64_t *size);

/*
 * journal_pause: no sequencing in this data directory until journal_resume, so that its files and the last checkpoint
 * stay together (for a backup). Acts go on. ERR_NOT_FOUND no keys.
 */
MUST_USE enum err journal_pause(const struct ctx *c, int *held);
void journal_resume(int held);

/*
 * journal_cosign: add the cosignature of a witness to the latest checkpoint and publish it. lines: signature lines as
 * the witness returned them. Lines by other keys, or for another checkpoint, are refused.
 * *added: how many were new. ERR_NOT_FOUND no checkpoint yet; ERR_SYNTAX; ERR_SIGNATURE; ERR_CONFLICT the note changed
 * meanwhile. No journal entry: a cosignature says something about the journal, not in it.
 */
MUST_USE enum err journal_cosign(struct ctx *c, const struct note_key *witnesses, size_t witness_count,
                                 struct str lines, size_t *added);

#endif
