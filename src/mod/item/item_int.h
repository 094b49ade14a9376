/* mod/item/item_int.h - shared by the files of the item list; not for others */
#ifndef MQ_ITEM_INT_H
#define MQ_ITEM_INT_H

#include "mod/item/item.h"

/* item_own_only: the row scope of c covers this department, or ERR_PERMISSION. */
MUST_USE enum err item_own_only(struct ctx *c, struct str department);
/* item_code_ok: letters, digits and, not in front, -; 1 to ITEM_CODE_MAX. */
bool item_code_ok(struct str code);

/* One step of one version of a list ("item", "joint"). */
struct item_step {
    struct str list, code;
    int64_t version;
    enum item_state from, to;
    struct str opinion;
};
/* item_step_allowed: the table of moves; a return, a suspension and a retirement say why (ERR_MISSING); who handed a
 * version in does not publish it (ERR_PERMISSION). */
MUST_USE enum err item_step_allowed(struct ctx *c, const struct item_step *s);
/* item_step_note: the row of item_review and the entry `act` of the journal. */
MUST_USE enum err item_step_note(struct ctx *c, struct str act, const struct item_step *s);

/* item_texts_check: a column that holds a JSON array of texts: each through id_of if given, once, ascending (unless in_order).
 * Faults go to wrong as "/name/3". */
struct item_checking {
    struct ctx *c;
    item_wrong wrong;
    void *wrong_ctx;
    enum err e; /* the first fault */
};
void item_fault(struct item_checking *k, enum err e, const char *format, ...) __attribute__((format(printf, 3, 4)));
void item_texts_check(struct item_checking *k, const char *name, struct str *list, struct str (*id_of)(struct str),
                      bool in_order);
void item_text_check(struct item_checking *k, const char *name, struct str s, size_t max_bytes, bool required);
/* item_partners_check: registered departments, none of them the lead. */
void item_partners_check(struct item_checking *k, struct str lead, struct str *partners);

/* item_basis_kept: the legal basis that a list without texts and days says again is the old one. */
struct str item_basis_kept(struct str said, struct str old);
/* item_basis_close: open reminders of an item end, inside the caller's transaction. state: "drafted", "retired". */
MUST_USE enum err item_basis_close(struct ctx *c, struct str code, struct str state);

#endif
