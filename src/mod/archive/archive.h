/* mod/archive/archive.h - what stays of a task on paper 一案一档 (regulation 二(五), 二(六)): the record of a visit as a PDF, and
 * all documents of a task in one file that opens with a browser alone. Reads only; nothing of it is kept. */
#ifndef MQ_ARCHIVE_H
#define MQ_ARCHIVE_H

#include <stdio.h>

#include "mod/ctx.h"

enum { ARCHIVE_VISITS_MAX = 1000 };

/*
 * archive_record_print: the record of the visit of a task to a target 随机抽查情况记录表, with photographs, their SHA-256 and
 * the signatures. department: only its items (absent: all).
 * ERR_NOT_FOUND no such visit, or nothing was recorded; errors of pdf_make.
 */
MUST_USE enum err archive_record_print(struct ctx *c, struct str task, struct str target, struct str department, FILE *out);

/* A file that the archive holds besides: the verifier page. */
struct archive_extra {
    const char *name;
    struct str bytes;
};
/*
 * archive_write: the archive of a task as a ZIP at path: index.html, the plan, the files of its draws (salted rosters stay
 * where they are), notices, records with the files of their evidence, proofs that each act stands in the log, SHA256SUMS.
 * base: "https://host" or absent. ERR_TOO_LARGE above ARCHIVE_VISITS_MAX visits; ERR_NOT_FOUND; ERR_IO, ERR_NO_SPACE.
 */
MUST_USE enum err archive_write(struct ctx *c, struct str task, struct str base, const struct archive_extra *extra,
                                size_t extra_count, const char *path);

#endif
