/* mod/import/importer.h - shared by the files of the import; not for others */
#ifndef MQ_IMPORTER_H
#define MQ_IMPORTER_H

#include <assert.h>

#include "format/table.h"
#include "mod/dict/dict.h"
#include "mod/file.h"
#include "mod/import/import.h"
#include "mod/import/show.h"
#include "mod/import/snapshot.h"
#include "mod/import/trail.h"
#include "mod/org/org.h"

enum {
    IMPORT_COLUMNS_MAX = 48,
    IMPORT_HEADER_ROWS = 10,
    IMPORT_LIST_MAX = 256,
    IMPORT_MEMO = 16,
    IMPORT_ROW_ERRORS_MAX = 16, /* told of one row */
    IMPORT_LATE_MAX = 1 << 20   /* rows rejected after they were sorted */
};
static_assert((int) IMPORT_COLUMNS_MAX == (int) SHOW_CELLS_MAX, "a cell for each column");

struct region_memo { /* names of regions seen lately */
    char name[64];
    size_t name_n;
    const struct dict_entry *entry;
    bool ambiguous;
};

struct cell_error { /* of the row in work, for the office */
    int cell;       /* its place in the row, -1: none */
    const char *field;
    enum err why;
    char detail[300];
};

struct late_error { /* a row that is rejected after it was read: its cells are read a second time */
    uint64_t line;
    size_t column;
    enum err why;
    uint64_t other; /* ERR_DUPLICATE: the line with the same code */
};

struct importer {
    struct ctx *c;
    const struct import_options *o;
    struct import_report *r;
    struct table_reader *table;
    const struct import_column *columns;
    size_t column_count;
    int at[IMPORT_COLUMNS_MAX];            /* place of each column in a row, -1 = not in the file */
    struct str header[IMPORT_COLUMNS_MAX]; /* its header as written in the file */
    struct table_row row;                  /* the row in work */
    bool row_bad;
    struct file rejects;
    bool rejecting;
    enum err rejects_error; /* the import ends with it at the next row */
    struct dict regions, industries;
    struct org_department_list_row *departments;
    size_t department_count;
    struct region_memo memo[IMPORT_MEMO];
    size_t memo_next;
    struct arena scratch; /* emptied before each row */
    /* of the office */
    struct trail head, bad, changed, fresh, conflicts;
    struct cell_error errors[IMPORT_ROW_ERRORS_MAX];
    size_t error_count;
    struct late_error *late;
    size_t late_count, late_room;
    uint64_t header_line;
    int64_t seq;
    bool stale;       /* the row in work was changed by someone since its row version */
    json_t *before;   /* the row in work as it is stored; NULL = it is new */
};

/* columns.c: header and rejects */
MUST_USE enum err import_read_header(struct importer *im);
/* import_bad: the row in work is bad in this column; a line of the rejects file. detail may be absent. */
void import_bad(struct importer *im, size_t column, enum err why, struct str detail);
/* import_bad_line: the same for a row that is gone: its line and the value. */
void import_bad_line(struct importer *im, uint64_t line, size_t column, struct str value, enum err why,
                     const char *detail);
/* import_reject: the row in work is rejected: counted and, for the office, told with its cells. */
void import_reject(struct importer *im);
/* import_row_read: after each row of the office, good or bad: the first ones are shown. */
void import_row_read(struct importer *im);
/* import_late: a row that is gone is rejected; its cells are told by import_late_rows, which reads the file again. */
void import_late(struct importer *im, uint64_t line, size_t column, struct str value, enum err why, uint64_t other);
MUST_USE enum err import_late_rows(struct importer *im);
/* import_trails_begin, import_trails_end: the lists of the office; nothing for the command line. */
MUST_USE enum err import_trails_begin(struct importer *im);
MUST_USE enum err import_trails_end(struct importer *im, enum err e);
/* import_next: the next row into im->row; rows with a bad cell are rejected here. count 0 = the end. */
MUST_USE enum err import_next(struct importer *im);

/* Fields that a cell may empty, by IMPORT_EMPTY_MARK: a text or, where day is set, a day at this place of what a row says. */
struct import_empties {
    size_t column, at;
    bool day;
};
/* import_emptied: the marks of the row in work into what it says; a mark in another column is bad. */
void import_emptied(struct importer *im, const struct import_empties *may, size_t count, void *say);
/* import_is_emptied: does this cell hold the mark? */
bool import_is_emptied(const struct importer *im, size_t column);

/* cells.c: the cell of a column, parsed; a bad one is rejected and absent */
struct str import_cell(const struct importer *im, size_t column);
struct str import_text(struct importer *im, size_t column, size_t max_bytes);
struct opt_i64 import_day(struct importer *im, size_t column);
struct opt_i64 import_number(struct importer *im, size_t column, int64_t max);
struct opt_i64 import_yes(struct importer *im, size_t column);
struct opt_i64 import_percent(struct importer *im, size_t column); /* 3% = 300 (1/10000) */
struct str import_word(struct importer *im, size_t column, struct str (*id_of)(struct str words));
struct str import_region(struct importer *im, size_t column);
struct str import_department(struct importer *im, size_t column);
/* import_list: the parts of a cell separated by 、 , ; | or line ends, each once, ascending, through id_of if
 * given; in the scratch arena. */
struct str import_department_id(struct importer *im, struct str words);
size_t import_list(struct importer *im, size_t column, size_t max_bytes,
                   struct str parts[static IMPORT_LIST_MAX]);
/* import_sentences: the same for prose, which has 、 and , inside: only ; and line ends separate. */
size_t import_sentences(struct importer *im, size_t column, size_t max_bytes,
                        struct str parts[static IMPORT_LIST_MAX]);
/* import_lines: such a list as lines; import_json: as a JSON array; absent when empty. */
struct str import_lines(struct importer *im, const struct str *parts, size_t count);
struct str import_json(struct importer *im, const struct str *parts, size_t count);
void import_sort(struct str *parts, size_t *count);

/* effects.c: what became of a row */
struct show_words import_words(const struct importer *im);
/* import_effect: count it; for the office also show it and keep its before-image. before, after: NULL = not there; after of a
 * target may be NULL: its row version tells. */
MUST_USE enum err import_effect(struct importer *im, struct str key, uint64_t line, bool is_new, bool changed,
                                const json_t *before, const json_t *after);
/* import_conflict: show what was refused because someone else was faster. */
void import_conflict(struct importer *im, struct str key, uint64_t line, const json_t *before, const json_t *after);
/* What a row of a small register says, and how it is stored. */
struct import_say {
    struct str key, department; /* department: absent = the row has none */
    struct opt_i64 version;     /* as the file says; unset: it says none */
    size_t version_column, department_column;
    enum err (*accept)(struct importer *im, void *say, bool dry_run, bool *is_new, bool *changed);
    void *say;
};
/* import_accept: one row: row scope, row version, store, effect. A row that may not enter is marked bad. */
MUST_USE enum err import_accept(struct importer *im, const struct import_say *say);
/* import_write: fn in one transaction of the office. */
MUST_USE enum err import_write(struct importer *im, import_act fn, void *arg);
/* import_begin: the entry of an import of the office, before its first row. */
MUST_USE enum err import_begin(struct importer *im);

/* targets.c, registers.c: all rows of a file, inside the transaction that import_run opened (targets.c opens
 * it itself) */
extern const struct import_column import_target_columns[], import_item_columns[], import_inspector_columns[],
    import_expert_columns[], import_recusal_columns[], import_joint_columns[];
extern const size_t import_target_column_count, import_item_column_count, import_inspector_column_count,
    import_expert_column_count, import_recusal_column_count, import_joint_column_count;
MUST_USE enum err import_targets(struct importer *im);
MUST_USE enum err import_small(struct importer *im); /* items, inspectors, experts, recusals */
/* import_journal: close the rejects, then the entry of the import; none when nothing changed. */
MUST_USE enum err import_journal(struct importer *im);
bool import_cancelled(const struct importer *im);
void import_progress(const struct importer *im, enum import_phase phase, uint64_t done, uint64_t total);

#endif
