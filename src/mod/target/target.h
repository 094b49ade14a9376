/* mod/target/target.h - targets 检查对象: the registry 名录库 (regulation 二(三)). */
#ifndef MQ_TARGET_H
#define MQ_TARGET_H

#include "mod/ctx.h"
#include "mod/plan/terms.h"
#include "mod/target_sql.h"

enum {
    TARGET_NAME_MAX = 300, /* bytes */
    TARGET_TEXT_MAX = 600, /* bytes of an address, a scope … */
    TARGET_TAGS_MAX = 32,
    TARGET_TAG_BYTES_MAX = 64, /* no blanks, no control characters */
    TARGET_SEARCH_MAX = 200,   /* rows of one search */
    TARGET_WORDS_MAX = 90,     /* bytes of a search text: 30 汉字 */
    TARGET_FILTER_NAME_MAX = 120,
    TARGET_PARTICULARS_MAX = 4000 /* bytes of JSON */
};

/* Bits of the column gaps: what is missing or doubtful. All but the last follow from the row itself. */
enum target_gap {
    GAP_REGION = 1,
    GAP_DERIVED = 2, /* the region was taken from the code */
    GAP_INDUSTRY = 4,
    GAP_ADDRESS = 8,
    GAP_DEPARTMENT = 16,
    GAP_UNREACHABLE = 32 /* the last inspection found nobody: target_contacted */
};

/* --- seeing
 * ------------------------------------------------------------------------------------------------------ */

/*
 * target_see: one whole target, if the row scope of c allows it: in its region or below, and supervised by its department
 * or by nobody yet. ERR_NOT_FOUND otherwise: what one may not see does not exist. The code of a merged duplicate gives the
 * target that is kept.
 */
MUST_USE enum err target_see(struct ctx *c, struct str code, struct target_page_row *out);
/* target_visible: the rule of target_see. */
bool target_visible(const struct ctx *c, struct str departments, struct str region);

/*
 * What a list asks for. where: the filter, without the row scope, which target_rows adds. words: a part of a name or a
 * former name (one 汉字 is enough), first letters 拼音首字母, or the beginning of a code (4 characters or more of 0-9 A-Z -),
 * which is looked for in names only if no code begins so. after: the code of the last row of the page before.
 */
struct target_ask {
    struct target_where where;
    struct str after, words;
    int64_t limit;
    bool any_order; /* words without `after`: whichever are found first */
};
/* target_rows: a page of targets within the row scope of c; filter and scope come before the limit. Ascending by code; with
 * words on SQLite in the order of entry. In the arena. ERR_LENGTH, ERR_ENCODING the words. */
MUST_USE enum err target_rows(struct ctx *c, const struct target_ask *ask, struct target_line **rows, size_t *count);
/* target_find: by words alone, whatever the row scope (the portal); at most limit (1..TARGET_SEARCH_MAX) rows, sorted by code.
 * ERR_RANGE. */
MUST_USE enum err target_find(struct ctx *c, struct str words, int64_t limit, struct target_line **rows, size_t *count);
/*
 * target_about: how many targets within the row scope of c a filter lets pass, when they are clearly more than TARGET_EXACT: an
 * estimate from TARGET_MARKS runs of TARGET_RUN rows that lie evenly among the codes; 0 otherwise: then target_how_many counts.
 * marks: from target_mark_codes, kept by the caller.
 */
enum { TARGET_EXACT = 100000, TARGET_MARKS = 96, TARGET_RUN = 200, TARGET_MARK_BYTES = 32 };
struct target_mark_codes {
    char codes[TARGET_MARKS][TARGET_MARK_BYTES]; /* with their ends */
    size_t count;
    int64_t targets; /* of the registry */
};
MUST_USE enum err target_mark(struct ctx *c, struct target_mark_codes *out);
MUST_USE enum err target_about(struct ctx *c, const struct target_where *where, const struct target_mark_codes *marks, int64_t *count);
/* target_how_many: how many targets within the row scope of c a filter lets pass. */
MUST_USE enum err target_how_many(struct ctx *c, const struct target_where *where, int64_t *count);
/* target_check: what the registry within the row scope of c lacks. stale: not updated since that moment. */
MUST_USE enum err target_check(struct ctx *c, int64_t stale_us, struct target_health_row *out);
/* target_namesakes: names that several targets within the row scope share, after a name. */
MUST_USE enum err target_namesakes(struct ctx *c, struct str after, int64_t limit, struct target_same_name_row **rows,
                                   size_t *count);

/* --- filters
 * ----------------------------------------------------------------------------------------------------- */

/* target_where_of: a scope as a filter. ERR_MEMORY. */
MUST_USE enum err target_where_of(struct ctx *c, const struct scope *s, struct target_where *out);

/*
 * A saved filter 已存筛选 is the scope of a draw under a name. Whoever made it may use and change it; when it is shared, so
 * may everybody of its department. Its scope is never wider than what its maker saw: the region and the department of their
 * row scope are written into it where it names none.
 */
struct target_filter {
    struct str name, scope; /* scope: JSON, mod/plan/terms.h */
    bool shared;
};
/* target_filter_add: *id is new. target_filter_change: name, scope and shared. target_filter_drop. Each with its entry in
 * the journal. ERR_EXISTS one may already use a filter of this name; ERR_LENGTH; ERR_NOT_FOUND; ERR_CONFLICT. */
MUST_USE enum err target_filter_add(struct ctx *c, const struct target_filter *say, int64_t *id);
MUST_USE enum err target_filter_change(struct ctx *c, int64_t id, int64_t row_version, const struct target_filter *say);
MUST_USE enum err target_filter_drop(struct ctx *c, int64_t id);
/* target_filter_see: one that c may use. ERR_NOT_FOUND. */
MUST_USE enum err target_filter_see(struct ctx *c, int64_t id, struct target_filter_get_row *out);
/* target_filter_all: those that c may use, by name. */
MUST_USE enum err target_filter_all(struct ctx *c, struct target_filter_list_row **rows, size_t *count);
/* target_filter_scope: the scope (JSON) of the filter with this id or name. ERR_NOT_FOUND; ERR_DUPLICATE two have the
 * name: give the id. */
MUST_USE enum err target_filter_scope(struct ctx *c, struct str filter, struct str *scope);

/* --- changing
 * ---------------------------------------------------------------------------------------------------- */

/* Fields as people edit them: the order of target_fields. */
enum target_field {
    TARGET_KIND,
    TARGET_HOLDER,
    TARGET_PARTICULARS,
    TARGET_ENTITY_TYPE,
    TARGET_NAME,
    TARGET_FORMER_NAMES,
    TARGET_LEGAL_REP,
    TARGET_ADDRESS,
    TARGET_BUSINESS_ADDRESS,
    TARGET_CONTACT,
    TARGET_INDUSTRY,
    TARGET_REGION,
    TARGET_AUTHORITY,
    TARGET_STATION,
    TARGET_CAPITAL,
    TARGET_STATUS,
    TARGET_ESTABLISHED,
    TARGET_RISK_CLASS,
    TARGET_LICENCES,
    TARGET_DEPARTMENTS,
    TARGET_CLAIMED,
    TARGET_TAGS,
    TARGET_FIELD_COUNT
};
const char *target_field_name(enum target_field f); /* as in the API */

/* What a person says about a target: fields that are present in `in` are set, those of `clear` (bit 1 << field) are
 * emptied, all others stay. */
struct target_say {
    struct target_insert_in in;
    uint32_t clear;
    uint32_t wrong; /* out: fields that one may not change or empty, or that hold something wrong */
};

/*
 * target_edit: one change, with its entry target.change (which names the fields) and its rows in target_change. A
 * department that only took the target on (target_claim) changes tags and licences, nothing else.
 * ERR_NOT_FOUND; ERR_CONFLICT row_version is not the present one; ERR_INPUT, ERR_REGION, ERR_INDUSTRY with say->wrong;
 * ERR_PERMISSION a field of others, or the target would leave one's own row scope.
 */
MUST_USE enum err target_edit(struct ctx *c, int64_t row_version, struct target_say *say);
/* target_open: a new one (target.add); its department is that of c when it names none. A product, project or behaviour
 * without a code gets P- and a number; in->code tells. ERR_EXISTS (perhaps outside one's scope: target_known); ERR_INPUT the
 * code; ERR_REGION, ERR_PERMISSION outside the row scope. */
MUST_USE enum err target_open(struct ctx *c, struct target_insert_in *say);
/* target_tag_one: add and remove tags (lists of lines) of one target; *changed tells. Journal: target.change. */
MUST_USE enum err target_tag_one(struct ctx *c, struct str code, struct str add, struct str drop, bool *changed);
/*
 * target_tag_many: the same for a part of a bulk act: one transaction, one entry target.tag with how many and the digest of
 * their codes. Those that c may not see are left out; *changed counts. subject: of the whole act. ERR_TOO_LARGE above
 * TARGET_TAGS_MAX tags.
 */
struct target_tagging {
    struct str subject, add, drop;
};
MUST_USE enum err target_tag_many(struct ctx *c, const struct target_tagging *say, const struct str *codes, size_t count,
                                  int64_t *changed);

/* target_known: a target of the registry in one's region, whatever its department: what the one who would enter it again is
 * told. ERR_NOT_FOUND. */
MUST_USE enum err target_known(struct ctx *c, struct str code, struct target_page_row *out);
/* target_claim: the department of c takes the target on 认领: it joins those that supervise it. target_release: it leaves
 * again what it took on. Once more changes nothing. Journal: target.claim, target.release. ERR_PERMISSION c has no
 * department; ERR_STATE to leave what it keeps itself. */
MUST_USE enum err target_claim(struct ctx *c, struct str code);
MUST_USE enum err target_release(struct ctx *c, struct str code);

/* target_unite: inside the caller's transaction (mod/duplicate): what `drop` knows and `keep` does not joins `keep`, with
 * its names, tags, departments and visits; `drop` leaves lists and frames, its code gives `keep` from now on. */
MUST_USE enum err target_unite(struct ctx *c, const struct target_page_row *keep, const struct target_page_row *drop);

/* --- words and registers
 * ------------------------------------------------------------------------------------------ */

/* Words of a register, in Chinese or by id, to the id stored: absent when unknown. */
struct str target_entity_type(struct str words); /* enterprise individual cooperative representative other */
struct str target_status(struct str words);      /* active cancelled revoked rescinded moved */
struct str target_kind(struct str words);        /* entity product project behaviour */
/* target_particular: is it a field of `particulars` for this kind? product: maker model standard; project: owner stage scale
 * begins ends; behaviour: what place since. */
bool target_particular(struct str kind, struct str name);

/* target_add: a new target inside the caller's transaction and under its journal entry. departments, tags:
 * one a line, ascending, each once. What follows from other columns is filled in. ERR_EXISTS. */
MUST_USE enum err target_add(struct ctx *c, const struct target_insert_in *t);

/*
 * target_merge: what a register newly says about a known target. Rules: an absent field keeps the old value;
 * a derived region never replaces a given one; the old name joins former_names 曾用名. *changed tells whether
 * anything is different; *to is ready for target_change. ERR_MEMORY.
 */
MUST_USE enum err target_merge(struct arena *a, const struct target_page_row *old,
                               const struct target_insert_in *say, struct target_update_in *to,
                               bool *changed);
/* target_settle: fill the columns that follow from others, after *to was changed by hand. ERR_MEMORY. */
MUST_USE enum err target_settle(struct arena *a, const struct target_page_row *old, struct target_update_in *to);
/* target_change: store it with its history, inside the caller's transaction. act: as in the journal.
 * ERR_STATE: someone else was faster. */
MUST_USE enum err target_change(struct ctx *c, const struct target_page_row *old,
                                const struct target_update_in *to, struct str act);

/* target_withdraw: take back a target that an import had brought, inside the caller's transaction; the caller has made sure
 * that nothing refers to it. ERR_STATE: someone changed it. */
MUST_USE enum err target_withdraw(struct ctx *c, const struct target_page_row *now);

/*
 * target_search_fill: bring the search index up to date after target_add, at most `limit` rows in one
 * transaction of its own; *done_count rows were added, 0 = nothing left. PostgreSQL is never behind.
 */
MUST_USE enum err target_search_fill(struct ctx *c, int64_t limit, int64_t *done_count);

/* target_classify: another risk class with its row in target_change, inside the caller's transaction and under its journal
 * entry. before: as it was seen. ERR_STATE: it has another one by now. */
struct target_classing {
    struct str code, before, after, act;
    int64_t as_of_day;
};
MUST_USE enum err target_classify(struct ctx *c, const struct target_classing *say);
/* target_observe: the first day after its observation period, absent: none; inside the caller's transaction. */
MUST_USE enum err target_observe(struct ctx *c, struct str code, struct opt_i64 to_day);

/* target_merge_lines: old and more, without drop; all one a line and ascending. Absent when nothing is left. */
MUST_USE enum err target_merge_lines(struct ctx *c, struct str old, struct str more, struct str drop, struct str *out);

#endif
