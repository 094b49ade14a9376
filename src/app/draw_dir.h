/* app/draw_dir.h - the published files of a draw in a directory, mapped; and the memory and threads to work
 * on them */
#ifndef MQ_DRAW_DIR_H
#define MQ_DRAW_DIR_H

#include "core/draw_papers.h"
#include "threads.h"

struct draw_dir {
    struct draw_files files; /* p == NULL: the file is not there */
    struct str more[PAPER_COUNT];
    struct arena arena;
    struct threads threads;
    struct draw_env env; /* all threads, the best lanes */
};

/* draw_dir_open: map what is there of the five files of `dir` and of those beside them, and reserve memory for them. threads 0: all.
 * Must not be moved once opened. ERR_NOT_FOUND when dir is no directory, ERR_IO, ERR_MEMORY; *place says
 * which file. */
MUST_USE enum err draw_dir_open(const char *dir, unsigned threads, struct draw_dir *out,
                                char place[static 1024]);
void draw_dir_close(struct draw_dir *d);

#endif
