/* mod/target/target_int.h - shared by the files of mod/target, for nobody else */
#ifndef MQ_TARGET_INT_H
#define MQ_TARGET_INT_H

#include "mod/target/target.h"

enum { INITIALS_BYTES = 5 * (TARGET_NAME_MAX + 1) };

/* All by which a target is found but its code. */
struct target_names {
    struct str name, former, initials; /* former: JSON array; initials: texts separated by blanks */
};

/* target_index_put: a target enters the search index. target_index_move: its names changed; the index of SQLite may not hold
 * it yet, then target_search_fill will bring the new ones. */
MUST_USE enum err target_index_put(struct ctx *c, struct str code, const struct target_names *names);
MUST_USE enum err target_index_move(struct ctx *c, struct str code, const struct target_names *was,
                                    const struct target_names *is);

/* target_differs: the fields (bit 1 << enum target_field) that change. target_empty: empty these. */
uint32_t target_differs(const struct target_page_row *old, const struct target_update_in *to);
void target_empty(struct target_update_in *to, uint32_t fields);

#endif
