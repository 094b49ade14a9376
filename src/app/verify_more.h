/* app/verify_more.h - what lies beside the five files of a draw: inspectors (match-1), experts (panel-1), the opened rows
 * of a sealed roster and a void (draw-1 §13), each checked as far as what is published allows. */
#ifndef MQ_VERIFY_MORE_H
#define MQ_VERIFY_MORE_H

#include "core/draw_papers.h"
#include "draw_dir.h"
#include "verify_log.h"

enum { MORE_STEPS_MAX = 8 };

struct verify_more {
    struct paper_step step[MORE_STEPS_MAX];
    size_t count;
    bool ok;
    struct str void_reason; /* absent: no void.txt */
};

/* verify_more: r is the report of draw_verify, or of draw_verify_head when the roster is not there; without steps: only
 * draw.txt could be read, of an attempt voided before its result. ERR_MEMORY only; what
 * is wrong is in the steps. */
MUST_USE enum err verify_more(struct draw_dir *dir, const struct draw_report *r, const struct verify_log *log,
                              struct verify_more *out);

#endif
