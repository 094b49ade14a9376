/* core/draw_papers.h - the documents that may lie beside the five files of a draw. Two of them follow from it and are checked by making
 * them again: who inspects whom (owners.txt, docs/spec/match-1.md §6) and which experts assist (panel.txt, docs/spec/panel-1.md).
 * Pure: the command line and the browser say the same of them. */
#ifndef MQ_DRAW_PAPERS_H
#define MQ_DRAW_PAPERS_H

#include "core/draw_run.h"

enum draw_paper {
    PAPER_STAFF_TSV,
    PAPER_FORBIDDEN,
    PAPER_RULES,
    PAPER_STAFF,
    PAPER_OWNERS,
    PAPER_EXPERTS,
    PAPER_PANEL,
    PAPER_OPENED,
    PAPER_VOID,
    PAPER_COUNT
};
const char *draw_paper_name(enum draw_paper p); /* "staff.tsv" */

/* One step of checking them. */
struct paper_step {
    const char *name;    /* "owners": stable */
    const char *zh, *en; /* what is checked */
    enum draw_step_state state;
    enum err err;
    const char *file; /* of DRAW_FAIL and DRAW_WARN */
    uint64_t line;    /* from 1; 0 = the document as a whole */
    const char *why_zh, *why_en;
};
void paper_step_begin(struct paper_step *s, const char *name, const char *zh, const char *en); /* DRAW_PASS */
void paper_step_fail(struct paper_step *s, enum err e, const char *file, uint64_t line, const char *zh, const char *en);

struct draw_papers {
    struct str of[PAPER_COUNT]; /* p == NULL: not there */
    struct str result;          /* result.txt */
    const struct draw_run *run; /* its documents, seed and, when `ran`, targets */
    bool ran;                   /* false: the roster is not public */
};

/*
 * draw_papers_owners, _panel, _opened: add a step when owners.txt, panel.txt or opened.tsv (draw-1 §13) is there; *count grows. Where the frozen registers are not
 * all public only the head of owners.txt is checked, and the step says so. Only ERR_MEMORY: the arena (emptied by the caller) must
 * be larger. Anything wrong with the documents is in the step.
 */
MUST_USE enum err draw_papers_owners(const struct draw_papers *p, struct arena *a, struct paper_step *step, size_t *count);
MUST_USE enum err draw_papers_panel(const struct draw_papers *p, struct arena *a, struct paper_step *step, size_t *count);
MUST_USE enum err draw_papers_opened(const struct draw_papers *p, struct arena *a, struct paper_step *step, size_t *count);

#endif
