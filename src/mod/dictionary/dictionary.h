/* mod/dictionary/dictionary.h - dictionaries 字典 in versions: regions 行政区划, industries 行业, working-day calendar 工作日历,
 * results 检查结果, methods 检查方式, follow-ups 后续处置 and document templates 文书模板 (regulation 二(三), 二(五), 二(六)).
 *
 * A file is handed in whole and becomes a proposal; what it changes is shown; with a reason it takes effect and the one
 * before is superseded. Nothing is ever deleted: a code that a new version lacks is retired, and the past keeps it. */
#ifndef MQ_DICTIONARY_H
#define MQ_DICTIONARY_H

#include <jansson.h>

#include "mod/ctx.h"
#include "mod/dictionary_sql.h"

enum {
    DICTIONARY_COLUMNS_MAX = 4,
    DICTIONARY_ROWS_MAX = 60000,
    DICTIONARY_FILE_BYTES_MAX = 8 << 20,
    DICTIONARY_TEXT_MAX = 8000,
    DICTIONARY_REASON_MAX = 600,
    DICTIONARY_PROBLEMS_MAX = 100
};

struct dictionary_column {
    const char *id;
    bool required;
    const char *names; /* what it may be called in a file, besides its id; one blank between them */
};
/* One dictionary. The first column is its key. check: what is wrong with a row (cells as many as columns): OK, or an
 * error with *at the column. */
struct dictionary_kind {
    const char *id, *zh, *en;
    struct dictionary_column columns[DICTIONARY_COLUMNS_MAX];
    size_t column_count;
    enum err (*check)(struct ctx *c, const struct str *cells, size_t *at);
};
extern const struct dictionary_kind dictionary_kinds[];
extern const size_t dictionary_kind_count;
/* dictionary_find: NULL when there is none. */
const struct dictionary_kind *dictionary_find(struct str id);

/* Something wrong in a file that was handed in. */
struct dictionary_problem {
    uint64_t line;
    const char *column; /* id, or NULL: the whole row */
    enum err err;
    struct str detail;
};
struct dictionary_problems {
    struct dictionary_problem list[DICTIONARY_PROBLEMS_MAX];
    size_t count; /* may be above the list's length: the rest is only counted */
};

/*
 * dictionary_read: the rows of a CSV or XLSX file as a JSON array of rows of texts, in the order of the columns; the
 * caller releases it. The header names the columns in any order; others are passed over. ERR_INPUT: *problems says what.
 * ERR_MISSING a column that is required; ERR_TOO_LARGE; else as table_open.
 */
MUST_USE enum err dictionary_read(struct ctx *c, const struct dictionary_kind *k, const char *path, json_t **rows,
                                  struct dictionary_problems *problems);
/* dictionary_read_text: the same for CSV text that is in memory. */
MUST_USE enum err dictionary_read_text(struct ctx *c, const struct dictionary_kind *k, struct str csv, json_t **rows,
                                       struct dictionary_problems *problems);
/* dictionary_rows: the rows of a stored version; the caller releases them. */
MUST_USE enum err dictionary_rows(struct str content, json_t **rows);

/* dictionary_propose: keep rows as a proposal. ERR_STATE: they are what is in force. Journal: dictionary.propose. */
MUST_USE enum err dictionary_propose(struct ctx *c, const struct dictionary_kind *k, const json_t *rows, int64_t *version);
/*
 * dictionary_effect: a proposal takes effect. ERR_MISSING the reason; ERR_STATE no proposal; ERR_CONFLICT another version
 * took effect meanwhile. A calendar dates the open results anew: *redated tells how many. Journal: dictionary.effect (and
 * workday.import, result.recalendar).
 */
MUST_USE enum err dictionary_effect(struct ctx *c, const struct dictionary_kind *k, int64_t version, struct str reason,
                                    uint64_t *redated);
/* dictionary_withdraw: a proposal that shall not take effect. Journal: dictionary.withdraw. */
MUST_USE enum err dictionary_withdraw(struct ctx *c, const struct dictionary_kind *k, int64_t version, struct str reason);
/* dictionary_start: the tables that ship become the first versions; inside the caller's transaction of `init`. */
MUST_USE enum err dictionary_start(struct ctx *c);

/* What differs between two versions, by key. */
struct dictionary_counts {
    size_t added, changed, removed, unchanged;
};
/* dictionary_diff: *out an array of {key, kind: added|changed|removed, before, after} (rows of texts or null) with at
 * most max of them; *counts counts all. before may be NULL: everything is new. The caller releases *out. */
MUST_USE enum err dictionary_diff(const json_t *before, const json_t *after, size_t max, json_t **out,
                                  struct dictionary_counts *counts);

#endif
