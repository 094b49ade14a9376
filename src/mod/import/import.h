/* mod/import/import.h - registers in: CSV or XLSX rows become targets, items, inspectors, experts, recusals
 * (regulation 二(二), 二(三)). Good rows enter, bad rows go to a file with row, column, value and reason;
 * nothing is mended in silence. One import is one transaction with one journal entry; the same file again
 * changes nothing. */
#ifndef MQ_IMPORT_H
#define MQ_IMPORT_H

#include "core/runner.h"
#include "mod/ctx.h"

enum import_kind {
    IMPORT_TARGETS,
    IMPORT_ITEMS,
    IMPORT_INSPECTORS,
    IMPORT_EXPERTS,
    IMPORT_RECUSALS,
    IMPORT_KIND_COUNT
};
enum { IMPORT_PATH_BYTES = 1024, IMPORT_UNUSED_BYTES = 512 };

const char *import_kind_name(enum import_kind kind);                         /* "targets" */
MUST_USE enum err import_kind_parse(struct str name, enum import_kind *out); /* ERR_USAGE */

enum import_phase { IMPORT_READING, IMPORT_WRITING, IMPORT_INDEXING };

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
};

struct import_report {
    uint64_t read, added, changed, unchanged, rejected; /* rows; read is the sum of the others */
    uint64_t region_derived;        /* targets whose region was taken from characters 3-8 of the code */
    uint64_t organisation_warnings; /* codes whose organisation part fails GB 11714 (core/uscc.h): accepted */
    uint64_t error_line;            /* of a refused file */
    char encoding[16];              /* UTF-8, GB18030, XLSX */
    char sha256[65];                /* of the file, hex */
    char rejects[IMPORT_PATH_BYTES];  /* written if rejected is not 0 */
    char unused[IMPORT_UNUSED_BYTES]; /* headers nobody asked for, joined by 、 */
};

/*
 * import_run: one file. Errors refuse the whole file and change nothing; report->error_line and c->why tell
 * more. ERR_INPUT      no row with the headers needed within the first ten. ERR_DUPLICATE  two columns for
 * the same thing. ERR_MISSING    a dictionary (regions, departments) is empty. ERR_CANCELLED, ERR_IO,
 * ERR_ENCODING, ERR_CHARSET, ERR_SYNTAX, ERR_TOO_LARGE, ERR_NOT_FOUND (sheet), ERR_NO_SPACE, errors of the
 * database.
 */
MUST_USE enum err import_run(struct ctx *c, const struct import_options *o, struct import_report *report);

#endif
