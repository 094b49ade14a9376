/* mod/record/record.h - the record of a visit 随机抽查情况记录表 (regulation 二(五), 二(六)): what two inspectors found, with
 * their evidence, as it comes from the phone.
 *
 * A device hands in a document; it may come late, twice, and from each of the inspectors. Every hand-in is kept as it came
 * (a fact). Its answers are compared with what stands: an answer to another version than the present one is a conflict,
 * shown to its maker, never an overwriting. The last hand-in of a visit submits the record: the visit ends
 * (mod/visit) and the results are entered (mod/result) in the same transaction.
 *
 * The document (times: milliseconds since 1970 by the clock of the device; whatever is not named is refused):
 *   {"id":"32 hex digits","target":"…","task":"…","final":true,
 *    "outcome":"checked|uncooperative|unreachable|closed","methods":["on_site"],"entrusted":"…",
 *    "checkin":{"at":…,"code":"…","reason":"…","place":"…","lon_udeg":…,"lat_udeg":…,"accuracy_m":…},
 *    "start":…,"end":…,
 *    "answers":[{"item":"…","base":0,"answer":"none|problem|not_applicable","problem":"…","codes":["rectification"],
 *                "disposal":"rectification","law":{"law":"…","article":"…"},"points":[{"content":"…","answer":"…"}],
 *                "reuse":{"kind":"conclusion|judgment|opinion","from":"…","no":"…","day":"2026-01-05","hash":"…"},"at":…}],
 *    "evidence":[{"hash":"…","kind":"photo|document|signature","item":"…","name":"…","place":"…","at":…,
 *                 "lon_udeg":…,"lat_udeg":…}],
 *    "signatures":[{"role":"inspector|target|witness","inspector":"…","name":"…","certificate":"…","hash":"…","at":…}],
 *    "refusal":"…","witness":"…","witness_identity":"…","remarks":"…","produced":…}
 * base: the version of the answer that its maker saw; 0: none.
 */
#ifndef MQ_RECORD_H
#define MQ_RECORD_H

#include "mod/evidence.h"
#include "mod/json.h"
#include "mod/record_sql.h"
#include "mod/visit/visit.h"

enum {
    RECORD_ID_CHARS = 32,
    RECORD_HASH_CHARS = 64,
    RECORD_BYTES_MAX = 256 << 10, /* one hand-in */
    RECORD_ANSWERS_MAX = 64,
    RECORD_EVIDENCE_MAX = 200,
    RECORD_SIGNATURES_MAX = 12,
    RECORD_POINTS_MAX = 60,
    RECORD_TEXT_MAX = 4000,
    RECORD_SHORT_MAX = 300,
    RECORD_VISITS_MAX = 300,         /* of one inspector, on the phone */
    RECORD_INSPECTORS_MIN = 2        /* who sign */
};

/* --- files ------------------------------------------------------------------------------------------------------- */

/* record_file_keep: after evidence_store (mod/evidence.h): it is known from now on. Known already: changes nothing.
 * Journal: record.file. */
MUST_USE enum err record_file_keep(struct ctx *c, struct str inspector, struct str hash, struct str type,
                                   int64_t bytes_count);

/* --- hand-in ----------------------------------------------------------------------------------------------------- */

enum record_state { RECORD_SAVED, RECORD_SUBMITTED, RECORD_LATE, RECORD_CONFLICT, RECORD_STATE_COUNT };
const char *record_state_name(enum record_state s);

struct record_outcome {
    enum record_state state;
    bool again;             /* this very hand-in was here before */
    struct str target, task;
    int64_t visit;
    struct texts conflicts; /* items whose answer was changed by somebody else meanwhile */
    struct texts files;     /* every hash that the hand-in names, in its order: all of them are here when it is final */
};
/* How the clock of the device differs: what to add to its times. sent_ms: the device's clock while sending (absent: not
 * known, a file that was carried to the office; then offset_ms, as the device measured it last). Less than 90 seconds
 * count as none. */
struct record_clock {
    struct opt_i64 sent_ms, offset_ms;
};
/*
 * record_hand_in: one document of inspector, who must be in the team of the visit (of whose departments is not asked: the
 * team works together). final: the record is complete and is submitted.
 * OK with state
 *   saved      its answers stand and the other inspectors see them;
 *   submitted  the record is complete, the visit is over, the results are entered;
 *   late       the record was submitted before and says the same; new files are added to it;
 *   conflict   answers that differ from what stands are kept as handed in and are not taken over.
 * ERR_MISSING something that a final record needs, or a file that has not arrived (c->why names it); ERR_CONFLICT another
 * document under the same id; ERR_NOT_FOUND no such visit; ERR_PERMISSION not in its team; ERR_INPUT, ERR_LENGTH … the
 * document. Journal: record.save, record.submit, record.late, record.conflict.
 */
MUST_USE enum err record_hand_in(struct ctx *c, struct str inspector, struct str json, const struct record_clock *clock,
                                 struct record_outcome *out);

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct record {
    struct record_get_row row;
    struct record_answer_list_row *answers; /* in the order of items */
    size_t answer_count;
    struct record_signature_list_row *signatures;
    size_t signature_count;
    struct record_evidence_list_row *evidence; /* in the order in which they were taken */
    size_t evidence_count;
    struct record_handin_list_row *handins;
    size_t handin_count;
};
/* record_load: the record of a visit with all that belongs to it. ERR_NOT_FOUND: nothing was handed in yet. */
MUST_USE enum err record_load(struct ctx *c, struct str target, int64_t visit, struct record *out);

/* One visit of an inspector. */
struct record_visit {
    struct visit_of_row visit;
    struct str department, role; /* lead | member: of the inspector */
};
/* record_mine: visits of the teams an inspector is in, the latest draws first; at most RECORD_VISITS_MAX. */
MUST_USE enum err record_mine(struct ctx *c, struct str inspector, struct record_visit **rows, size_t *count);
/* record_mine_one: one of them. ERR_NOT_FOUND: no such visit, or another's. */
MUST_USE enum err record_mine_one(struct ctx *c, struct str inspector, struct str task, struct str target,
                                  struct record_visit *out);

#endif
