/* http/api_import.h - imports and exports as long work: what runs behind, and what a start finds left over. */
#ifndef MQ_API_IMPORT_H
#define MQ_API_IMPORT_H

#include <jansson.h>

#include "mod/job/job.h"
#include "office.h"

enum { IMPORT_PATH_MAX = 1024, IMPORT_KEEP_DAYS = 90, EXPORT_KEEP_DAYS = 7 };

/* import_file: DIR/uploads/ID + tail; export_file: DIR/exports/ID. ERR_TOO_LARGE. */
MUST_USE enum err import_file(const struct ctx *c, int64_t id, const char *tail, char out[static IMPORT_PATH_MAX]);
MUST_USE enum err export_file(const struct ctx *c, int64_t id, char out[static IMPORT_PATH_MAX]);

/* The work of jobs; job->subject is the import (of exports: the export). A check is a dry run; a run does it; an undo takes
 * it back, for the reason in the upload. */
enum err import_check_job(struct ctx *c, struct office_job *job);
enum err import_run_job(struct ctx *c, struct office_job *job);
enum err import_undo_job(struct ctx *c, struct office_job *job);
enum err export_job(struct ctx *c, struct office_job *job);

/* import_recover: at a start: imports that were broken off are taken back, undoings go on, what is older than it is kept
 * for is forgotten. */
MUST_USE enum err import_recover(struct office *o, struct ctx *c);
/* import_keep_us: how long imports can be undone; office_config.keep_days, or IMPORT_KEEP_DAYS. */
int64_t import_keep_us(const struct office *o);
/* import_look: what the check saw of the header. *out NULL: nothing. The caller frees it. */
MUST_USE enum err import_look(struct ctx *c, int64_t id, json_t **out);

#endif
