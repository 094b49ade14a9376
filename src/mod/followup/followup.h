/* mod/followup/followup.h - what follows a result 后续处置 (regulation 二(六)): orders to correct and their re-check, referrals to
 * other departments, cases, transfers to the judiciary, the list of abnormal operations; and recognition between departments. */
#ifndef MQ_FOLLOWUP_H
#define MQ_FOLLOWUP_H

#include "mod/evidence.h"
#include "mod/followup_sql.h"
#include "mod/json.h"

enum { FOLLOWUP_TEXT_MAX = 4000, FOLLOWUP_WORDS_MAX = 600, FOLLOWUP_PAPERS_MAX = 50, FOLLOWUP_ABNORMAL_DAYS = 10,
       FOLLOWUP_FILES_MAX = 50 };
/* Not in the dictionary: 列入经营异常名录 within 10 working days (企业经营异常名录管理暂行办法; its article was not at hand). It opens by itself when a result
 * "unreachable" is approved. */
#define FOLLOWUP_ABNORMAL STR("abnormal_list")

/* open 待处置 → ordered 已责令 → recheck 待复查 → closed 已办结; referred 已移送抄告, case_filed 已立案, transferred 已移送司法 end in closed
 * when their outcome is known. A failed re-check leads back to ordered. */
enum followup_state {
    FOLLOWUP_OPEN,
    FOLLOWUP_ORDERED,
    FOLLOWUP_RECHECK,
    FOLLOWUP_CLOSED,
    FOLLOWUP_REFERRED,
    FOLLOWUP_CASE_FILED,
    FOLLOWUP_TRANSFERRED,
    FOLLOWUP_STATE_COUNT
};
bool followup_may_move(enum followup_state from, enum followup_state to);
const char *followup_state_name(enum followup_state s);
MUST_USE enum err followup_state_parse(struct str s, enum followup_state *out); /* ERR_INPUT */
/* followup_measure_ok: a measure of the dictionary in force (data/followups.csv), or FOLLOWUP_ABNORMAL. */
MUST_USE enum err followup_measure_ok(struct ctx *c, struct str measure, bool *allowed);

/* The result it follows; the caller (mod/result) has looked at its state and at the row scope. */
struct followup_origin {
    struct str target, task, item, department, region;
    int64_t result;
};
/* What a step says; each step needs some of it (followup.c, NEEDS). */
struct followup_say {
    struct str content;     /* what is ordered */
    struct opt_i64 due_day; /* until when; today or later */
    struct opt_i64 day;     /* of the re-check, of the correction; not in the future */
    struct str note, evidence, document_no;
};
/*
 * followup_start: one per result and measure; the same again changes nothing. none 无需处置 closes at once; rectification
 * 责令改正 (content and due_day required) is ordered at once; case_filed and transferred need their document_no; a referral
 * begins open and goes on by referral_send. Journal: followup.open. ERR_INPUT, ERR_LENGTH, ERR_DATE.
 */
MUST_USE enum err followup_start(struct ctx *c, const struct followup_origin *o, struct str measure,
                                 const struct followup_say *say, int64_t *id);

/* One follow-up, referral or recognition as the user saw it. All that follows: one transaction, one entry; ERR_NOT_FOUND
 * outside the row scope, ERR_CONFLICT another row_version, ERR_STATE. */
struct followup_at {
    struct str target;
    int64_t id, row_version;
};
/* followup_see: one within the row scope of c. followup_move: a step to a state; ERR_INPUT something it needs is not said.
 * A re-check 复查 is a step of its own: it counts against no yearly visit cap. Journal: followup.move. */
MUST_USE enum err followup_see(struct ctx *c, struct str target, int64_t id, struct followup_get_row *out);
MUST_USE enum err followup_move(struct ctx *c, struct followup_at at, enum followup_state to, const struct followup_say *say);

/* --- files (attach.c) ------------------------------------------------------------------------------------------------------ */
struct followup_attachment {
    struct str hash, name, type;
    int64_t id, bytes_count;
    bool personal; /* it tells of a person: sealed, opened by those who carry out follow-up, each opening in the journal */
};
/* followup_place: outside of any transaction: the file at `from` goes to its place, below DIR/evidence as those of records do, or
 * sealed, and then it is there no more. The attachment says what it is. ERR_INPUT neither JPEG, PNG nor PDF; ERR_LENGTH, ERR_ENCODING the name; ERR_TOO_LARGE;
 * ERR_NO_SPACE, ERR_IO. followup_attach: they belong to it from now on; the same bytes again change nothing. Nothing is added to what
 * is closed: ERR_STATE. Evidence of a step may be said in words or be attached since the step before. Journal: followup.attach. */
MUST_USE enum err followup_place(struct ctx *c, const char *from, struct str name, bool personal, struct followup_attachment *out);
MUST_USE enum err followup_attach(struct ctx *c, struct str target, int64_t id, const struct followup_attachment *a);
/* followup_files: those of a follow-up, the oldest first. Names of personal ones are opened when `personal`, otherwise absent.
 * followup_open: one of them as a file that is open for reading; the caller closes it. ERR_NOT_FOUND. followup_opened: a personal
 * one was read. Journal: followup.reveal. */
MUST_USE enum err followup_files(struct ctx *c, struct str target, int64_t id, bool personal, struct followup_file_list_row **rows,
                                 size_t *count);
MUST_USE enum err followup_open(struct ctx *c, const struct followup_file_list_row *f, int *fd);
MUST_USE enum err followup_opened(struct ctx *c, struct str target, int64_t id, struct str hash);

/* --- referrals 移送, 抄告 (referral.c): sent → received → answered, answered once ------------------------------------------ */
struct referral_say {
    struct str to_department, kind, basis; /* kind: transfer 移送 | notify 抄告; basis: the law or the reason, required */
    struct texts papers;                   /* what is handed over */
};
/* referral_send: of a follow-up that is open, ordered or in re-check; it becomes referred. referral_receive: the other
 * department has it, with its receipt number. referral_answer: its feedback. ERR_INPUT, ERR_LENGTH. referral_see: for both
 * departments. Journal: referral.send, .receive, .answer. */
MUST_USE enum err referral_send(struct ctx *c, struct followup_at at, const struct referral_say *say, int64_t *id);
MUST_USE enum err referral_see(struct ctx *c, struct str target, int64_t id, struct followup_referral_line *out);
MUST_USE enum err referral_receive(struct ctx *c, struct followup_at at, struct str receipt_no);
MUST_USE enum err referral_answer(struct ctx *c, struct followup_at at, struct str feedback);

/* --- recognition 结果互认 (recognition.c): offered → accepted | refused | lapsed --------------------------------------------------- */
struct recognition_say {
    struct str to_department, to_item; /* who need not go, and for which published item of theirs */
    int64_t valid_to_day;
};
/* recognition_offer: a published result (the caller has looked) to another department. The same again changes nothing.
 * recognition_decide: by that department, while it is valid; a refusal has a reason. avoided: it stands for a visit.
 * Journal: recognition.offer, .accept, .refuse. ERR_INPUT, ERR_DATE, ERR_LENGTH. */
MUST_USE enum err recognition_offer(struct ctx *c, const struct followup_origin *o, const struct recognition_say *say,
                                    int64_t *id);
/* recognition_lapse: what a result spared it spares no more, for it leaves the public; in the caller's transaction and under its
 * entry. */
MUST_USE enum err recognition_lapse(struct ctx *c, struct str target, int64_t result);
MUST_USE enum err recognition_see(struct ctx *c, struct str target, int64_t id, struct followup_recognition_get_row *out);
MUST_USE enum err recognition_decide(struct ctx *c, struct followup_at at, bool accept, bool avoided, struct str reason);

#endif
