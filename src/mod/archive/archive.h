/* mod/archive/archive.h - what stays on paper (regulation 二(五), 三(二), 三(三)): the record of a visit as a PDF, and archives that
 * open with a browser alone and check themselves: of a task 一案一档, of a target 一户一档, of an inspector's visits 尽职照单. */
#ifndef MQ_ARCHIVE_H
#define MQ_ARCHIVE_H

#include <stdio.h>

#include "mod/archive_sql.h"
#include "mod/ctx.h"

enum { ARCHIVE_VISITS_MAX = 1000, ARCHIVE_FILES_MAX = 50000, ARCHIVE_DAYS_MAX = 1096 };

/*
 * archive_record_print: the record of the visit of a task to a target 随机抽查情况记录表, with photographs, their SHA-256 and
 * the signatures. department: only its items (absent: all).
 * ERR_NOT_FOUND no such visit, or nothing was recorded; errors of pdf_make.
 */
MUST_USE enum err archive_record_print(struct ctx *c, struct str task, struct str target, struct str department, FILE *out);

/* What is wanted. Whoever asks was let in by the caller; within it, what the row scope of the ctx does not show stays out. */
enum archive_kind { ARCHIVE_TASK, ARCHIVE_TARGET, ARCHIVE_INSPECTOR, ARCHIVE_KIND_COUNT };
const char *archive_kind_name(enum archive_kind k); /* "task" */
MUST_USE enum err archive_kind_parse(struct str s, enum archive_kind *out); /* ERR_INPUT */
struct archive_wanted {
    enum archive_kind kind;
    struct str code;          /* of the task, the target, the inspector */
    int64_t from_day, to_day; /* of an inspector: visits of these days, both included */
    struct str base;          /* "https://host" or absent, for the codes on notices */
};
/* A file that the archive holds besides: the verifier page. */
struct archive_extra {
    const char *name;
    struct str bytes;
};
/* tell is called before each visit and ends the work with ERR_CANCELLED by returning false. May be NULL. */
struct archive_watch {
    bool (*tell)(void *arg, uint64_t done);
    void *arg;
};
/*
 * archive_write: a ZIP at path: index.html, SHA256SUMS of all that is in it, the verifier page, and
 *   of a task: the plan, the files of its draws (salted rosters stay where they are), notices, records with the files of their
 *     evidence, follow-up with its files (of personal ones the SHA-256 alone), proofs that each act stands in the log;
 *   of a target: the same of every visit to it, its results and follow-up, over the departments that the row scope shows;
 *   of an inspector: the visits of these days in whose team the inspector was: that it was drawn, who was told, and for each item of
 *     the task what was recorded, so that it is seen that the list was followed.
 * *files: how many. ERR_TOO_LARGE above ARCHIVE_VISITS_MAX visits; ERR_NOT_FOUND; ERR_RANGE the days; ERR_CANCELLED; ERR_IO,
 * ERR_NO_SPACE.
 */
MUST_USE enum err archive_write(struct ctx *c, const struct archive_wanted *wanted, const struct archive_extra *extra,
                                size_t extra_count, struct archive_watch watch, const char *path, int64_t *files);
/* archive_done: it lies at path from now on: its size and SHA-256 with the row. Journal: archive.make. ERR_STATE done before. */
struct archive_made {
    int64_t id, bytes_count, files_count;
    struct str digest; /* hex */
};
MUST_USE enum err archive_done(struct ctx *c, const struct archive_made *m);

#endif
