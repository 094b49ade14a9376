/* mod/import/snapshot.h - the whole state of one row of a register as JSON, and the way back to it. Fields come from the
 * generated tables of the queries: a further column of a register is in its snapshots without a line here. */
#ifndef MQ_IMPORT_SNAPSHOT_H
#define MQ_IMPORT_SNAPSHOT_H

#include <jansson.h>

#include "mod/import/import.h"

/* snapshot_row: a row (struct of a query) as an object; absent fields are left out. NULL without memory. */
json_t *snapshot_row(const struct db_field *fields, size_t count, const void *row);
/* snapshot_fill: the reverse, by the names of fields; what the object lacks is absent. Texts point into the object. */
void snapshot_fill(const struct db_field *fields, size_t count, void *row, const json_t *object);

/* snapshot_take: the present state; *out NULL: there is no such row. The caller frees it. key: of the register; recusals:
 * inspector, line end, target. */
MUST_USE enum err snapshot_take(struct ctx *c, enum import_kind kind, struct str key, json_t **out);
/* snapshot_same: do both say the same, apart from when and how often it was changed? */
bool snapshot_same(const json_t *a, const json_t *b);
/*
 * snapshot_restore: bring the row back to `before` (NULL: remove it), inside the caller's transaction. since_us: when the
 * import was. *referred: it must stay, because something refers to it. ERR_STATE: someone else was faster.
 */
MUST_USE enum err snapshot_restore(struct ctx *c, enum import_kind kind, struct str key, const json_t *before,
                                   int64_t since_us, bool *referred);

#endif
