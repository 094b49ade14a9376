/* mod/import/show.h - a stored row as the cells of a file: what an export writes is what an import reads back as
 * unchanged. Also the difference of two states of a row, cell by cell. */
#ifndef MQ_IMPORT_SHOW_H
#define MQ_IMPORT_SHOW_H

#include <jansson.h>

#include "mod/import/import.h"
#include "mod/org/org.h"

/* How a stored value becomes a cell. */
enum import_show {
    SHOW_TEXT,        /* as it is; numbers in digits */
    SHOW_NOT,         /* stays empty: it says something about the act, not about the row */
    SHOW_DAY,         /* 2026-03-02 */
    SHOW_YES,         /* 是, 否 */
    SHOW_PERCENT,     /* 300 -> 3% */
    SHOW_WORD,        /* an id -> its Chinese word, by the column's ids */
    SHOW_WORDS,       /* a JSON array of such ids */
    SHOW_LIST,        /* a JSON array of texts -> joined by 、 */
    SHOW_LINES,       /* one a line -> joined by 、 */
    SHOW_DEPARTMENT,  /* a code -> its name */
    SHOW_DEPARTMENTS, /* codes one a line */
    SHOW_PARTNERS,    /* a JSON array of codes */
    SHOW_POINTS,      /* [{content, how}] -> content——how;… */
    SHOW_BASIS,       /* [{law, article, text}] -> law article text;… */
    SHOW_LICENCES     /* [{name, no, to, issuer}] -> name|no|to|issuer;… */
};

/* A thing that a column may hold. Tables of them: registers.c, targets.c; a further column is one more line there. */
struct import_column {
    const char *id, *words; /* words: of a header, joined by |; the first is written by exports */
    bool required;
    enum import_show show;
    const char *field;   /* of the stored row, NULL = id; "certificates.no": of each part of a list */
    const char *ids;     /* SHOW_WORD(S): id=word|… */
    const char *example; /* of the template, or NULL */
    const char *note;    /* what may stand there, or NULL */
};

const struct import_column *import_columns(enum import_kind kind, size_t *count);
/* import_column_title: the header that exports write, Chinese. */
struct str import_column_title(const struct import_column *column);

/* Names of departments. */
struct show_words {
    const struct org_department_list_row *departments;
    size_t department_count;
};

enum { SHOW_CELLS_MAX = 48 };
/* import_show: the cells of one row from its snapshot (mod/import/snapshot.h), in the arena. A row with several
 * certificates or leaves takes several lines: nth from 0; false: there is no such line. Absent cells are empty. */
bool import_show(struct arena *a, const struct show_words *w, enum import_kind kind, const json_t *snapshot, size_t nth,
                 struct str cells[static SHOW_CELLS_MAX]);
/* import_show_value: one value as a cell. */
struct str import_show_value(struct arena *a, const struct show_words *w, const struct import_column *column,
                             const json_t *value);
/* import_show_stored: the same for a value as the database holds it (JSON arrays as text). */
struct str import_show_stored(struct arena *a, const struct show_words *w, const struct import_column *column, struct str stored);
/* import_diff: [{"field", "title", "before", "after"}…] of the cells that differ; before NULL: a new row, all its cells.
 * The caller frees it. */
json_t *import_diff(struct arena *a, const struct show_words *w, enum import_kind kind, const json_t *before,
                    const json_t *after);

#endif
