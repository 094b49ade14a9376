/* http/page_item_parts.h - shared by the pages of items and of joint items: fields of a version and what changed */
#ifndef MQ_PAGE_ITEM_PARTS_H
#define MQ_PAGE_ITEM_PARTS_H

#include "mod/report/report.h"
#include "view.h"

enum { ITEM_FIELDS_MAX = 20, ITEM_FIELD_BYTES = 24000 };

struct item_field {
    enum text label;
    struct str value; /* plain text; lines end with LF */
};

/* item_names: the entries of a JSON list in words, joined. name_of may be NULL: as they are. */
struct str item_names(struct page *p, struct str list, struct str (*name_of)(struct page *p, const void *ctx, struct str code),
                      const void *ctx);
struct str item_department_name(struct page *p, const void *departments, struct str code);
struct str item_level_name(struct page *p, const void *unused, struct str code);
struct str item_method_name(struct page *p, const void *unused, struct str code);
/* item_put_facts: the fields that say something, as a list of terms. */
void item_put_facts(struct page *p, const struct item_field *f, size_t count);
/* item_put_changes: a table of the fields that differ, before and after. */
void item_put_changes(struct page *p, const struct item_field *before, const struct item_field *after, size_t count);
/* item_put_steps: when and why this version was suspended, resumed, retired; replaced: by a newer one. */
void item_put_steps(struct page *p, const struct report_item_steps_row *steps, size_t count, int64_t version, bool replaced);
void item_put_state(struct page *p, struct str state);

#endif
