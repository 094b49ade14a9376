/* http/draw_public.h - what of a draw the public may see, and when (docs/spec/draw-1.md, protocol): nothing
 * that shows the outcome before its day, and no roster with salted leaves at any time. */
#ifndef MQ_DRAW_PUBLIC_H
#define MQ_DRAW_PUBLIC_H

#include "html.h"
#include "mod/ctx.h"
#include "mod/report/report.h"

enum { DRAW_PUBLIC_FILES_MAX = 16, DRAW_PUBLIC_PATH_BYTES = 1024 };

struct draw_public_file {
    const char *name;
    enum text words;
    int64_t bytes;
};

/* draw_is_public: is the outcome public on this day? */
bool draw_is_public(const struct report_attempts_row *a, int64_t today);
/* draw_public_files: those of the attempt's files that exist and are public today. Returns their number. */
size_t draw_public_files(struct ctx *c, const struct report_attempts_row *a, int64_t today,
                         struct draw_public_file out[DRAW_PUBLIC_FILES_MAX]);
/* draw_public_path: where a file of an attempt lies. ERR_TOO_LARGE. */
MUST_USE enum err draw_public_path(const struct ctx *c, struct str draw, int64_t attempt, struct str name,
                                   char path[DRAW_PUBLIC_PATH_BYTES]);

#endif
