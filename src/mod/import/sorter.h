/* mod/import/sorter.h - records in the order of their keys with the memory of a few runs: runs are sorted,
 * spilled to an unlinked file and merged. Two buffers, so that one is filled while the other is sorted (on
 * another thread). Why: a B-tree takes keys in their order several times faster, and equal keys meet. */
#ifndef MQ_IMPORT_SORTER_H
#define MQ_IMPORT_SORTER_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { SORTER_RUN_BYTES = 12 << 20, SORTER_RECORD_BYTES_MAX = 1 << 16, SORTER_RUNS_MAX = 4096 };

struct sorter;

struct sorter_record {
    struct str key;
    uint64_t line; /* equal keys come in the order of their lines */
    struct str bytes;
};

/* sorter_new: spilled runs go to a nameless file in dir, or in the system's place for temporary files if dir
 * is NULL. */
MUST_USE enum err sorter_new(const char *dir, struct sorter **out);
/* sorter_full: the buffer being filled may not hold a further record: call sorter_turn. */
bool sorter_full(const struct sorter *s);
/* sorter_add: ERR_TOO_LARGE above SORTER_RECORD_BYTES_MAX. The key is at most 64 bytes. */
MUST_USE enum err sorter_add(struct sorter *s, struct str key, uint64_t line, struct str bytes);
/* sorter_turn: exchange the buffers; the other one must have been spilled. */
void sorter_turn(struct sorter *s);
/* sorter_spill: sort the buffer that was filled before the turn and write it out. May run beside sorter_add.
 * ERR_NO_SPACE, ERR_IO, ERR_TOO_LARGE (more than SORTER_RUNS_MAX runs). */
MUST_USE enum err sorter_spill(struct sorter *s);
/* sorter_merge: after the last record; sorter_next then gives them in order. */
MUST_USE enum err sorter_merge(struct sorter *s);
/* sorter_next: the next record, valid until the next call; false at the end (*e tells an error). */
bool sorter_next(struct sorter *s, struct sorter_record *out, enum err *e);
void sorter_free(struct sorter *s);

#endif
