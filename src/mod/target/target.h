/* mod/target/target.h - targets 检查对象: the registry 名录库 (regulation 二(三)). */
#ifndef MQ_TARGET_H
#define MQ_TARGET_H

#include "mod/ctx.h"
#include "mod/target_sql.h"

enum {
    TARGET_NAME_MAX = 300, /* bytes */
    TARGET_TEXT_MAX = 600, /* bytes of an address, a scope … */
    TARGET_TAGS_MAX = 32,
    TARGET_TAG_BYTES_MAX = 64, /* no blanks, no control characters */
    TARGET_SEARCH_MAX = 200,   /* rows of one search */
    TARGET_WORDS_MAX = 90      /* bytes of a search text: 30 汉字 */
};

/*
 * target_see: one whole target, if the row scope of c allows it: in its region or below, and supervised by its department
 * or by nobody yet. ERR_NOT_FOUND otherwise: what one may not see does not exist.
 */
MUST_USE enum err target_see(struct ctx *c, struct str code, struct target_page_row *out);
/* target_visible: the rule of target_see. */
bool target_visible(const struct ctx *c, struct str departments, struct str region);

/* What a list asks for; absent: everything. region: a code, meaning all that lies in it. */
struct target_ask {
    struct str after, status, entity_type, region, industry, tag, department;
    int64_t limit;
};
/* target_rows: a page within the row scope of c, ascending by code. A region outside the scope gives nothing. */
MUST_USE enum err target_rows(struct ctx *c, const struct target_ask *ask, struct target_filter_row **rows, size_t *count);

/* target_edit: a person changes a target; absent fields stay. A transaction with its entry target.change, which names the
 * fields. ERR_NOT_FOUND; ERR_CONFLICT row_version is not the present one. target_open: a new one (target.add); its department is
 * that of c when it names none. ERR_EXISTS; ERR_INPUT the code; ERR_REGION, ERR_PERMISSION outside the row scope. */
MUST_USE enum err target_edit(struct ctx *c, int64_t row_version, const struct target_insert_in *say);
MUST_USE enum err target_open(struct ctx *c, const struct target_insert_in *say);
/* target_tag_one: add and remove tags (lists of lines) of one target; *changed tells. Journal: target.change. */
MUST_USE enum err target_tag_one(struct ctx *c, struct str code, struct str add, struct str drop, bool *changed);

/* Words of a register, in Chinese or by id, to the id stored: absent when unknown. */
struct str target_entity_type(struct str words); /* enterprise individual cooperative representative other */
struct str target_status(struct str words);      /* active cancelled revoked rescinded moved */
struct str target_kind(struct str words);        /* entity product project behaviour */

/* target_add: a new target inside the caller's transaction and under its journal entry. departments, tags:
 * one a line, ascending, each once. ERR_EXISTS. */
MUST_USE enum err target_add(struct ctx *c, const struct target_insert_in *t);

/*
 * target_merge: what a register newly says about a known target. Rules: an absent field keeps the old value;
 * a derived region never replaces a given one; the old name joins former_names 曾用名. *changed tells whether
 * anything is different; *to is ready for target_change. ERR_MEMORY.
 */
MUST_USE enum err target_merge(struct arena *a, const struct target_page_row *old,
                               const struct target_insert_in *say, struct target_update_in *to,
                               bool *changed);
/* target_change: store it, inside the caller's transaction. ERR_STATE: someone else was faster. */
MUST_USE enum err target_change(struct ctx *c, const struct target_page_row *old,
                                const struct target_update_in *to);

/* target_withdraw: take back a target that an import had brought, inside the caller's transaction; the caller has made sure
 * that nothing refers to it. ERR_STATE: someone changed it. */
MUST_USE enum err target_withdraw(struct ctx *c, const struct target_page_row *now);

/*
 * target_search_fill: bring the search index up to date after target_add, at most `limit` rows in one
 * transaction of its own; *done_count rows were added, 0 = nothing left. PostgreSQL is never behind.
 */
MUST_USE enum err target_search_fill(struct ctx *c, int64_t limit, int64_t *done_count);

/*
 * target_find: targets by a part of the name (one 汉字 is enough) or by the beginning of the code (4
 * characters or more of 0-9 A-Z and -); such words are looked for in names only if no code begins so. At most
 * limit (1..TARGET_SEARCH_MAX) rows, sorted by code, in the arena. ERR_LENGTH: nothing to search, or more than
 * TARGET_WORDS_MAX bytes. ERR_ENCODING.
 */
MUST_USE enum err target_find(struct ctx *c, struct str words, int64_t limit, struct target_search_row **rows,
                              size_t *count);

#endif
