/* mod/import/sheets.h - files for people: the rows that were refused, to be mended and handed in again; templates; exports
 * of the registers, which come back as unchanged. */
#ifndef MQ_IMPORT_SHEETS_H
#define MQ_IMPORT_SHEETS_H

#include "format/sheet.h"
#include "mod/import/import.h"

/*
 * import_rejects_sheet: the refused rows of a check or an import with their own headers and cells, the reasons in one
 * further column (ignored when the file comes back) and, in a workbook, as a comment on each bad cell.
 * trail: as in import_office. ERR_NOT_FOUND: nothing was refused.
 */
MUST_USE enum err import_rejects_sheet(struct ctx *c, const char *trail, const char *path, enum sheet_format format);
enum { IMPORT_COMMENTS_MAX = 50000 /* of one workbook: they are held in memory until it is closed */ };

/* import_template: headers, one example and one row of notes; the last two are skipped when the file comes back. */
MUST_USE enum err import_template(struct ctx *c, enum import_kind kind, const char *path, enum sheet_format format);

/* What to export. Names of lists: those of import kinds, accounts, imports. Filters: a JSON object with the parameters of the
 * list's page. */
struct export_order {
    const char *path;
    struct str list, filters;
    enum sheet_format format;
    bool risk;       /* may see risk classes */
    int64_t account; /* whose imports */
    const _Atomic bool *stop;
    void (*progress)(void *ctx, uint64_t done);
    void *progress_ctx;
};
/*
 * export_run: every row of the list that the row scope of c and the filters let through, streamed into a file. Registers
 * have the columns of their import; the last one, hidden in a workbook, is the row version. Nothing is journaled here.
 * ERR_INPUT no such list; ERR_TOO_LARGE more rows than a workbook has; ERR_CANCELLED.
 */
MUST_USE enum err export_run(struct ctx *c, const struct export_order *o, uint64_t *rows_count);
/* export_list_known: is there such a list? */
bool export_list_known(struct str list);

#endif
