/* mod/import/import.h - registers in: CSV or XLSX rows become targets, items, inspectors, experts, recusals
 * (regulation 二(二), 二(三)). Good rows enter, bad rows go to a file with row, column, value and reason;
 * nothing is mended in silence; the same file again changes nothing. From the command line an import is one
 * transaction with one journal entry. From the office it is cut into short ones, so that others can save meanwhile,
 * and keeps what was before: cancelled, broken off or undone later it is taken back row by row (ADR 0006). */
#ifndef MQ_IMPORT_H
#define MQ_IMPORT_H

#include "core/runner.h"
#include "mod/ctx.h"
#include "mod/import_sql.h"

enum import_kind {
    IMPORT_TARGETS,
    IMPORT_ITEMS,
    IMPORT_INSPECTORS,
    IMPORT_EXPERTS,
    IMPORT_RECUSALS,
    IMPORT_JOINT, /* joint items 联合抽查事项清单 */
    IMPORT_KIND_COUNT
};
enum { IMPORT_PATH_BYTES = 1024, IMPORT_UNUSED_BYTES = 512 };

/* import_is_private: do files of this kind hold telephones and identity numbers? They lie sealed (mod/person). */
bool import_is_private(enum import_kind kind);

#define IMPORT_EXAMPLE_MARK "示例:" /* a row that begins so is of a template and skipped */
#define IMPORT_NOTE_MARK "说明:"
#define IMPORT_EMPTY_MARK "(空)" /* a cell that empties its field; a blank one leaves it as it is */
#define IMPORT_REASON_TITLE "退回原因" /* column of a rejects file; ignored when it comes back */

const char *import_kind_name(enum import_kind kind);                         /* "targets" */
MUST_USE enum err import_kind_parse(struct str name, enum import_kind *out); /* ERR_USAGE */

enum import_phase { IMPORT_READING, IMPORT_WRITING, IMPORT_INDEXING, IMPORT_UNDOING };

struct import_report {
    uint64_t read, added, changed, unchanged, rejected; /* rows; read is the sum of the others */
    uint64_t conflicts;             /* among the rejected: changed by others since the row version in the file */
    bool unmapped;                  /* refused because a column that must be there was not recognised */
    uint64_t region_derived;        /* targets whose region was taken from characters 3-8 of the code */
    uint64_t organisation_warnings; /* codes whose organisation part fails GB 11714 (core/uscc.h): accepted */
    uint64_t error_line;            /* of a refused file */
    char encoding[16];              /* UTF-8, GB18030, XLSX */
    char sha256[65];                /* of the file, hex */
    char rejects[IMPORT_PATH_BYTES];  /* written if rejected is not 0 */
    char unused[IMPORT_UNUSED_BYTES]; /* headers nobody asked for, joined by 、 */
};

/*
 * How the office imports. trail: a path; what is to be looked at goes into files beside it (mod/import/trail.h):
 * look (one text: header and mapping), head (the first rows), bad (rows with their reasons), changed, new, conflict.
 * write: fn in one transaction. finish: in the last transaction of an import that was not a dry run, with its report.
 */
typedef enum err (*import_act)(struct ctx *c, void *arg);
struct import_office {
    int64_t id;        /* of the import; its before-images are kept under it */
    const char *trail;
    enum err (*write)(void *ctx, struct ctx *c, import_act fn, void *arg);
    void *write_ctx;
    enum err (*finish)(struct ctx *c, void *arg, const struct import_report *report);
    void *finish_arg;
    struct str headers, fields; /* of the look of the check: how its columns were read. Absent: as the department last
                                 * read these headers, otherwise as their words say */
    struct str sha256;          /* of the file, from the check; for the entry at the beginning */
};
enum {
    IMPORT_BATCH_ROWS = 500, /* of one transaction: some 20 ms */
    IMPORT_HEAD_ROWS = 50,
    IMPORT_CHANGED_SHOWN = 200000, /* rows of the lists changed and conflict; beyond, only counts */
    IMPORT_NEW_SHOWN = 2000
};

struct import_options {
    enum import_kind kind;
    const char *path;
    const char *sheet;       /* of an XLSX file; NULL = the first */
    const char *rejects;     /* where bad rows go; NULL = path + ".rejects.csv" */
    struct str department;   /* for items and inspectors that name none, or none that is registered; absent =
                              * they are rejected. It must be registered (ERR_NOT_FOUND) */
    bool dry_run;            /* decide and count, write only the rejects */
    bool draft;              /* items enter as drafts; otherwise as published: the list is the one in force */
    bool chinese;            /* language of the reasons */
    struct runner runner;    /* two jobs at a time at most */
    bool (*cancelled)(void); /* asked now and then; true rolls everything back (ERR_CANCELLED) */
    const _Atomic bool *stop; /* the same as a flag, or NULL */
    void (*progress)(void *ctx, enum import_phase phase, uint64_t done, uint64_t total);
    void *progress_ctx;
    const struct import_office *office; /* NULL: the command line */
};

/*
 * import_run: one file. Errors refuse the whole file and change nothing; report->error_line and c->why tell
 * more. ERR_INPUT      no row with the headers needed within the first ten. ERR_DUPLICATE  two columns for
 * the same thing. ERR_MISSING    a dictionary (regions, departments) is empty. ERR_CANCELLED, ERR_IO,
 * ERR_ENCODING, ERR_CHARSET, ERR_SYNTAX, ERR_TOO_LARGE, ERR_NOT_FOUND (sheet), ERR_NO_SPACE, errors of the
 * database.
 */
MUST_USE enum err import_run(struct ctx *c, const struct import_options *o, struct import_report *report);

/* import_mapping_keep: how a department (absent: an account without one) reads these headers from now on. fields: a JSON
 * array, a field id or null for each column. ERR_INPUT an unknown field, or none; ERR_DUPLICATE; ERR_MISSING a field
 * that must be there (c->why names it). */
MUST_USE enum err import_mapping_keep(struct ctx *c, enum import_kind kind, struct str department, struct str headers,
                                      struct str fields);

/*
 * import_undo: take back what an import of the office did, latest first, in short transactions: rows that nobody changed
 * since become what they were, new ones to which nothing refers are removed; the others are kept, with the reason in
 * import_change. The last transaction has the entry import.undo and calls finish. Safe to begin again. stop: ERR_CANCELLED,
 * to be continued. reason absent: it was cancelled or broken off (entry import.cancel, none when nothing had been done).
 */
struct import_undo {
    int64_t import;
    enum import_kind kind;
    struct str reason;
    enum err (*write)(void *ctx, struct ctx *c, import_act fn, void *arg);
    void *write_ctx;
    enum err (*finish)(struct ctx *c, void *arg, int64_t undone, int64_t removed, int64_t kept);
    void *finish_arg;
    const _Atomic bool *stop;
    void (*progress)(void *ctx, enum import_phase phase, uint64_t done, uint64_t total);
    void *progress_ctx;
};
MUST_USE enum err import_undo(struct ctx *c, const struct import_undo *u);
/* import_began_us: the moment in an id (ctx_new_id), for what happened since. import_id_at: the least id of a moment. */
int64_t import_began_us(int64_t id);
int64_t import_id_at(int64_t time_us);

#endif
