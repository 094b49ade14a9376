/* mod/risk/risk.h - credit-risk classes 信用风险分类 and differentiated supervision (regulation 二(六); docs/spec/risk-1.md).
 *
 *   scheme   how points and classes follow from facts, in versions: draft → approved by somebody else → in force, which
 *            supersedes what was in force for the same row scope (risk.draft, risk.approve, risk.force, risk.withdraw)
 *   run      the scheme in force over all targets of its scope, in pages and flat memory (risk.run). It only proposes: each
 *            change with its points and what counted
 *   review   a sample, taken by chance, is looked at by people (risk.review); what they refuse is not applied
 *   apply    by somebody else than who started it: one act, one entry with the digest of the list (risk.apply), carried out in
 *            short transactions and resumed where it stopped. A class that changed meanwhile is kept
 *   observe  包容审慎: the scheme sets the observation period of new forms of business, a person may set or end it
 *            (risk.observe); what a person set stays
 *
 * Several schemes may be in force: of each target one decides (risk_decider), and only its runs look at it.
 * Classes are internal: no entry of the journal names one, no page or file of the portal holds one. */
#ifndef MQ_RISK_MOD_H
#define MQ_RISK_MOD_H

#include <stdatomic.h>

#include "core/risk.h"
#include "mod/ctx.h"
#include "mod/risk_sql.h"
#include "mod/target_sql.h"

enum {
    RISK_REASON_MAX = 2000, /* bytes of a reason, a note */
    RISK_SAMPLE_MAX = 30,   /* changes to be looked at; all when there are fewer */
    RISK_REFUSED_BP = 1000, /* above this share of the sample refused, the scheme must be mended, not applied */
    RISK_PAGE = 1000        /* targets of one transaction */
};

/* --- schemes ---------------------------------------------------------------------------------------------------------- */

struct risk_say {
    struct str content, reason; /* content: risk-1 */
};
/* risk_draft: the next version, of the row scope of c. risk_redraft: a draft says something else. *f: where the content is
 * wrong. ERR_INPUT with f->err set; ERR_LENGTH the reason; ERR_NOT_FOUND; ERR_CONFLICT; ERR_STATE it is no draft. */
MUST_USE enum err risk_draft(struct ctx *c, const struct risk_say *say, int64_t *version, struct risk_fault *f);
MUST_USE enum err risk_redraft(struct ctx *c, int64_t version, int64_t row_version, const struct risk_say *say,
                               struct risk_fault *f);
/* risk_move: to approved (by somebody else than who drafted it), in_force, or withdrawn (with a reason; not what is in force).
 * ERR_PERMISSION one's own draft; ERR_STATE; ERR_CONFLICT; ERR_NOT_FOUND outside the row scope; ERR_INPUT. */
MUST_USE enum err risk_move(struct ctx *c, int64_t version, int64_t row_version, struct str to, struct str note);
/* risk_scheme_see: within the row scope of c, or of a scope in which c lies. ERR_NOT_FOUND. */
MUST_USE enum err risk_scheme_see(struct ctx *c, int64_t version, struct risk_scheme_row *out);
/* risk_scheme_due: schemes in force that nobody has run since the first day of this month and that no open run keeps from it. */
MUST_USE enum err risk_scheme_due(struct ctx *c, struct risk_scheme_row **out, size_t *count);

/* --- runs ------------------------------------------------------------------------------------------------------------- */

/* risk_start: a run of a scheme in force, over its targets. ERR_STATE it is not in force, or a run of its scope is open;
 * ERR_NOT_FOUND. */
MUST_USE enum err risk_start(struct ctx *c, int64_t scheme, int64_t *run);

/* Long work outside the writer: `write` lets an act run there. stop, progress may be NULL. */
typedef enum err (*risk_act)(struct ctx *c, void *arg);
struct risk_work {
    int64_t run;
    enum err (*write)(void *ctx, struct ctx *c, risk_act fn, void *arg);
    void *write_ctx;
    const _Atomic bool *stop;
    void (*progress)(void *ctx, uint64_t done, uint64_t total);
    void *progress_ctx;
};
/* risk_compute: look at every target and propose. ERR_CANCELLED: nothing is left of it. ERR_STATE: it was discarded. */
MUST_USE enum err risk_compute(struct ctx *c, const struct risk_work *w);
/* risk_sweep: at a start: what was running when the last server stopped is broken off, so that another run can begin. risk_clean:
 * takes back what such runs had proposed, at most so many pages of it at a time. */
MUST_USE enum err risk_sweep(struct ctx *c);
MUST_USE enum err risk_clean(struct ctx *c, const struct risk_work *w, size_t pages);
/* risk_discard: with a reason; also a run whose work was broken off. ERR_STATE, ERR_INPUT, ERR_NOT_FOUND. */
MUST_USE enum err risk_discard(struct ctx *c, int64_t run, struct str reason);
/* risk_review: agreed, or refused with a note. ERR_INPUT; ERR_STATE; ERR_NOT_FOUND. */
MUST_USE enum err risk_review(struct ctx *c, int64_t run, struct str target, struct str verdict, struct str note);
/* risk_begin_apply: the decision, with its entry; once more: it goes on. ERR_STATE the sample is not reviewed, or too much of
 * it was refused; ERR_PERMISSION one's own run. risk_apply_all: carry it out. */
MUST_USE enum err risk_begin_apply(struct ctx *c, int64_t run);
MUST_USE enum err risk_apply_all(struct ctx *c, const struct risk_work *w);
/* risk_run_see: within the row scope of c. ERR_NOT_FOUND. */
MUST_USE enum err risk_run_see(struct ctx *c, int64_t run, struct risk_run_row *out);

/* --- facts of targets ------------------------------------------------------------------------------------------------- */

/* risk_gather: the facts of a page of targets in ascending order of their codes, in the arena. */
MUST_USE enum err risk_gather(struct ctx *c, const struct risk_scheme *s, int64_t today, const struct target_facts *const *targets,
                              size_t count, struct risk_facts **out);
/* risk_reasons: what counted, as JSON [{"rule","value","times","points_c"}…]. ERR_MEMORY. */
MUST_USE enum err risk_reasons(struct ctx *c, const struct risk_scheme *s, const struct risk_verdict *v, struct str *out);

/* --- one target ------------------------------------------------------------------------------------------------------- */

/* risk_decider: of schemes in force the one that decides on a target of this region and these departments (one a line; none: all):
 * of the narrowest region; of those, for a target of one department its own, for a shared one that of all departments, else that
 * of the department with the smallest code. NULL: none. risk_scheme_of: the one that decides on a target. ERR_NOT_FOUND. */
const struct risk_scheme_row *risk_decider(const struct risk_scheme_in_force_row *all, size_t count, struct str region, struct str departments);
MUST_USE enum err risk_scheme_of(struct ctx *c, struct str target, struct risk_scheme_row *out);
/* risk_today: what the scheme says of one target as of today. */
MUST_USE enum err risk_today(struct ctx *c, const struct risk_scheme *s, struct str target, struct risk_verdict *out);
/* risk_observe: a person sets the first day after the period, or ends it (absent), with a reason. The caller has seen the
 * target. ERR_INPUT no reason; ERR_DATE not later than today; ERR_LENGTH. */
MUST_USE enum err risk_observe(struct ctx *c, struct str target, struct opt_i64 until_day, struct str reason);

/* --- from elsewhere --------------------------------------------------------------------------------------------------- */

enum { RISK_BRING_MAX = 5000, RISK_SOURCE_MAX = 200 };
struct risk_brought {
    struct str target;
    int64_t value;
};
struct risk_bringing {
    struct str name, source; /* name: a code as in "external:NAME" */
    int64_t as_of_day;
    const struct risk_brought *rows;
    size_t count;
};
/* risk_bring_in: values of one indicator; what was known of a target under this name is replaced. Only targets of one's row
 * scope; *unknown counts the others. One entry risk.bring with the salted digest of the rows, one row in risk_bringing. ERR_INPUT the name, no rows; ERR_LENGTH;
 * ERR_RANGE a value; ERR_TOO_LARGE. */
MUST_USE enum err risk_bring_in(struct ctx *c, const struct risk_bringing *say, size_t *unknown);

#endif
