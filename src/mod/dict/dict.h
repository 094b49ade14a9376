/* mod/dict/dict.h - dictionaries that every register refers to: regions and industries. */
#ifndef MQ_DICT_H
#define MQ_DICT_H

#include "mod/ctx.h"
#include "mod/dict_sql.h"

enum { DICT_CODE_MAX = 12, DICT_NAME_MAX = 200, DICT_ROWS_MAX = 1 << 20 };

/* dict_add_region: inside the caller's transaction. code: 2 to 12 digits; parent absent for provinces. The
 * same code again changes name and parent. ERR_CHARSET, ERR_LENGTH. */
MUST_USE enum err dict_add_region(struct ctx *c, struct str code, struct str name, struct str parent);
/* dict_add_industry: inside the caller's transaction. code: a section letter A-T with up to 4 digits. */
MUST_USE enum err dict_add_industry(struct ctx *c, struct str code, struct str name);

/* dict_word_allowed: may this code of a dictionary of words be used for something new? A dictionary that is not there
 * at all (no version yet) allows what `shipped` says. */
MUST_USE enum err dict_word_allowed(struct ctx *c, struct str dict, struct str code, bool shipped, bool *allowed);

/* A dictionary in memory, for checking many rows. */
struct dict_entry {
    struct str code, name, parent;
};
struct dict {
    struct dict_entry *entries; /* ascending by code */
    size_t count;
};
MUST_USE enum err dict_load_regions(struct ctx *c, struct dict *out);
MUST_USE enum err dict_load_industries(struct ctx *c, struct dict *out);
/* dict_find: NULL when there is none. */
const struct dict_entry *dict_find(const struct dict *d, struct str code);
/*
 * dict_find_name: the entry of this name; 信阳 finds 信阳市, the end 市 县 区 省 may be left away. Among
 * several the highest (province, city, county, below) is taken if it is the only one of its level. NULL:
 * none; *ambiguous: several.
 */
const struct dict_entry *dict_find_name(const struct dict *d, struct str name, bool *ambiguous);
/* dict_inside: is region `code` the region `of` or one below it, following parents? */
bool dict_inside(const struct dict *d, struct str code, struct str of);

#endif
