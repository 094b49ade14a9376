/* mod/journal/log_draws.h - what a published log says about draws 抽取, and whether that is in order
 * (docs/spec/log-1.md 2): no attempt is missing, nothing was done twice or out of turn. */
#ifndef MQ_LOG_DRAWS_H
#define MQ_LOG_DRAWS_H

#include "core/draw_run.h"
#include "core/entry.h"
#include "log_source.h"

enum log_draw_kind { LOG_DRAW_SEAL, LOG_DRAW_LOCK, LOG_DRAW_RESULT, LOG_DRAW_VOID };

struct log_draw_act {
    enum log_draw_kind kind;
    uint64_t index; /* of the entry */
    int64_t time_us;
    struct str draw; /* 411500/2026/0017 */
    uint32_t attempt;
    unsigned char digest[HASH_LEN]; /* of draw.txt (seal, void), lock.txt, result.txt */
    struct log_draw_act *next;      /* in the order of the log */
};
/* Documents beside the five files, as logged for one attempt: digests by SHA-256. */
enum log_paper_kind { LOG_PAPER_STAFF, LOG_PAPER_OWNERS, LOG_PAPER_EXPERTS, LOG_PAPER_PANEL, LOG_PAPER_COUNT };
struct log_paper {
    bool logged;
    uint64_t index; /* of the first such entry */
    unsigned char digest[HASH_LEN];
};
struct log_papers {
    struct str subject; /* DRAW/ATTEMPT; others are passed over */
    struct log_paper of[LOG_PAPER_COUNT];
};

struct log_draws {
    struct log_draw_act *first, *last;
    size_t count;
    struct log_papers *papers; /* filled when not NULL */
};

/*
 * log_draws_add: keep the entry if it is one of the four acts of a draw; only (when present) names the one draw of
 * interest. ERR_SYNTAX a draw's act that is malformed; ERR_MEMORY.
 */
MUST_USE enum err log_draws_add(struct log_draws *draws, struct arena *a, uint64_t index, const struct entry *entry,
                                struct str only);
/* log_draws_check: the rules of log-1.md 2 for every draw. ERR_MISSING an attempt or a step is missing, ERR_DUPLICATE
 * twice, ERR_ORDER out of turn, ERR_DIGEST a void that names another draw.txt; *f names the entry. */
MUST_USE enum err log_draws_check(const struct log_draws *draws, struct arena *a, struct log_fault *f);

/*
 * log_check_draw: the log against the files of one draw. Reads every entry, recomputes the root, compares the tiles that are there, then checks that
 * draw.txt was sealed and, as far as the files are given, lock.txt locked and result.txt logged, each with its digest;
 * that `prev` is the voided attempt; and the order of all attempts. *found: all acts of this draw, for the reader, in
 * log->arena; *papers: what else was logged of this attempt. scratch: as log_each.
 * ERR_MISSING, ERR_DIGEST, ERR_ORDER, ERR_DUPLICATE, ERR_PROOF, ERR_SYNTAX; errors of fetching; *f says where.
 */
MUST_USE enum err log_check_draw(struct log *log, struct arena *scratch, const struct draw_files *files,
                                 struct log_draws *found, struct log_papers *papers, struct log_fault *f);

#endif
