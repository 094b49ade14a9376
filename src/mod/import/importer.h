/* mod/import/importer.h - shared by the files of the import; not for others */
#ifndef MQ_IMPORTER_H
#define MQ_IMPORTER_H

#include "format/table.h"
#include "mod/dict/dict.h"
#include "mod/file.h"
#include "mod/import/import.h"
#include "mod/org/org.h"

enum { IMPORT_COLUMNS_MAX = 32, IMPORT_HEADER_ROWS = 10, IMPORT_LIST_MAX = 256, IMPORT_MEMO = 16 };

/* A thing that a column may hold: its id, the header words for it joined by |. */
struct import_column {
    const char *id, *words;
    bool required;
};

struct region_memo { /* names of regions seen lately */
    char name[64];
    size_t name_n;
    const struct dict_entry *entry;
    bool ambiguous;
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
};

/* columns.c: header and rejects */
MUST_USE enum err import_read_header(struct importer *im);
/* import_bad: the row in work is bad in this column; a line of the rejects file. detail may be absent. */
void import_bad(struct importer *im, size_t column, enum err why, struct str detail);
/* import_bad_line: the same for a row that is gone: its line and the value. */
void import_bad_line(struct importer *im, uint64_t line, size_t column, struct str value, enum err why,
                     const char *detail);
/* import_next: the next row into im->row; rows with a bad cell are rejected here. count 0 = the end. */
MUST_USE enum err import_next(struct importer *im);

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

/* targets.c, registers.c: all rows of a file, inside the transaction that import_run opened (targets.c opens
 * it itself) */
extern const struct import_column import_target_columns[], import_item_columns[], import_inspector_columns[],
    import_expert_columns[], import_recusal_columns[];
extern const size_t import_target_column_count, import_item_column_count, import_inspector_column_count,
    import_expert_column_count, import_recusal_column_count;
MUST_USE enum err import_targets(struct importer *im);
MUST_USE enum err import_small(struct importer *im); /* items, inspectors, experts, recusals */
/* import_journal: close the rejects, then the entry of the import; none when nothing changed. */
MUST_USE enum err import_journal(struct importer *im);
bool import_cancelled(const struct importer *im);
void import_progress(const struct importer *im, enum import_phase phase, uint64_t done, uint64_t total);

#endif
