/* mod/drawing/drawing.h - the ceremony of a draw 抽取 (docs/spec/draw-1.md, "Protocol"; regulation 二(五)).
 *
 *   open      the parties and the beacons are named                        nothing is promised yet
 *   commit    each party hands in the digest of its secret
 *   seal      the frame is frozen; draw.txt goes into the log              draw.seal
 *   reveal    each party shows its secret
 *   lock      who was present is written down; lock.txt goes into the log  draw.lock, before the beacon's
 * event beacon    the value of the public event run       seed, sample, reserves, order; result.txt goes into
 * the log  draw.result void      at any time after the seal, with a reason; the next attempt names the voided
 * one      draw.void
 *
 * Files of an attempt: roster.tsv, draw.txt, lock.txt, reveal.json, result.txt (draw-1); void.txt once it is voided; and,
 * when the strata are risk classes, opened.tsv in place of the roster, which then is not public: one line per selected
 * row in the order of the roster, TAB between the fields: number of the row from 0, its five fields, the hashes of its
 * inclusion proof from the leaf upwards in hex separated by commas ("-": none).
 *
 * Each step is one transaction with one journal entry; files are durable and read back before it commits. A
 * step sent twice changes nothing the second time. (draw, attempt) exists once: there is no second draw of a
 * sealed frame. */
#ifndef MQ_DRAWING_H
#define MQ_DRAWING_H

#include "core/draw_run.h"
#include "mod/drawing/files.h"
#include "mod/drawing_sql.h"
#include "mod/plan/terms.h"

enum { DRAWING_REASON_MAX = 1000, DRAWING_SIMULATIONS_MAX = 10000, DRAWING_UNANNOUNCED_DAYS = 20, DRAWING_PREPARATIONS_MAX = 3 };

/* Long work tells how far it is. tell, when not NULL, ends it with ERR_CANCELLED by returning false: then nothing is left of it. */
struct drawing_watch {
    bool (*tell)(void *arg, uint64_t done, uint64_t total);
    void *arg;
};
/* drawing_told: tell it now. ERR_CANCELLED. */
MUST_USE enum err drawing_told(struct drawing_watch w, uint64_t done, uint64_t total);

enum drawing_state {
    DRAWING_OPEN,
    DRAWING_SEALED,
    DRAWING_LOCKED,
    DRAWING_BEACON, /* every beacon is known: ready to run */
    DRAWING_DRAWN,
    DRAWING_VOID,
    DRAWING_STATE_COUNT
};
bool drawing_may_move(enum drawing_state from, enum drawing_state to);
const char *drawing_state_name(enum drawing_state s);
MUST_USE enum err drawing_state_parse(struct str s, enum drawing_state *out); /* ERR_INPUT */

struct drawing_beacon {
    struct str name, event; /* "drand-quicknet", "<chain hash>:<round>"; "cwl-ssq", "2026083" … */
};
struct drawing_opening {
    struct str task;
    struct str number;    /* absent: the task's region, the year, the next four digits */
    struct texts parties; /* two or more */
    const struct drawing_beacon *beacons;
    size_t beacon_count;
    uint32_t min_parties; /* 0: all must open */
    bool unannounced;     /* result and secrets are published 20 working days after the draw */
};

/* drawing_open: a first attempt for an approved task, or the next after a void. The same opening again, while
 * it is open, changes nothing. ERR_POLICY (draw-1 §11) with the reason in c->why; ERR_STATE the task is not
 * approved, or has another opening. */
MUST_USE enum err drawing_open(struct ctx *c, const struct drawing_opening *o, struct drawing_key *key);
/* drawing_commit: commitment: 64 hex digits (draw_commitment). ERR_NOT_FOUND unknown party; ERR_STATE sealed
 * already, or another commitment was given; ERR_DUPLICATE the same as another party's (a copied commitment).
 */
MUST_USE enum err drawing_commit(struct ctx *c, struct str task, struct str party, struct str commitment);

struct drawing_sealed {
    struct drawing_key key;
    uint64_t rows, excluded, sample;
    struct str digest, root; /* of draw.txt, of the roster; hex */
};
/*
 * drawing_seal: freeze the scope into roster.tsv and draw.txt. ERR_STATE a party has not committed, or sealed already;
 * ERR_CAP, ERR_QUOTA, ERR_POLICY; ERR_DIGEST a file read back differs; ERR_CONFLICT targets were merged while it was made, three times.
 * The same in two steps, so that nobody waits while the registry is read and hashed:
 * drawing_prepare      reads, in a snapshot of its own, and writes a roster that has no name yet. The frame is the registry at that
 *                      instant: what is saved afterwards comes after the frame, as if it were saved after the seal.
 * drawing_seal_prepared  seals, short, in a transaction. ERR_CONFLICT the task, its opening's rule, a cap changed or targets were merged since:
 *                      prepare again. Afterwards, whatever it gave, drawing_abandon.
 * drawing_abandon      gives the memory back, and removes a roster that was not sealed. NULL is fine.
 */
struct drawing_sealing;
MUST_USE enum err drawing_seal(struct ctx *c, struct str task, const struct draw_env *env,
                               struct drawing_sealed *out);
MUST_USE enum err drawing_prepare(struct ctx *c, struct str task, const struct draw_env *env, struct drawing_watch watch,
                                  struct drawing_sealing **out);
MUST_USE enum err drawing_seal_prepared(struct ctx *c, struct drawing_sealing *s, struct drawing_sealed *out);
void drawing_abandon(struct drawing_sealing *s);

/* drawing_reveal: secret: 64 hex digits. ERR_COMMITMENT; ERR_NOT_FOUND unknown party; ERR_STATE not sealed,
 * or locked. */
MUST_USE enum err drawing_reveal(struct ctx *c, struct str task, struct str party, struct str secret);
/* drawing_unseen: the sealed draw of a task while no secret was shown, so that nobody can know the seed of what is frozen
 * now; `what` is that, for c->why. ERR_STATE otherwise. */
MUST_USE enum err drawing_unseen(struct ctx *c, struct str task, const char *what, struct drawing_current_row *row);
/* drawing_hex: a digest as text in the arena. */
MUST_USE enum err drawing_hex(struct ctx *c, const unsigned char digest[static HASH_LEN], struct str *out);
/* drawing_lock: ERR_MISSING fewer present than bound to be (nothing changes: void it, or wait for them);
 * ERR_STATE; a beacon whose event lies in the past is refused with ERR_POLICY. Without beacons the draw is
 * ready to run. */
MUST_USE enum err drawing_lock(struct ctx *c, struct str task);
/* drawing_beacon: evidence may be absent; of a drand beacon it is the signature in hex, and the value is its
 * SHA-256. ERR_STATE not locked; ERR_NOT_FOUND; ERR_SYNTAX not a value of this kind; ERR_CONFLICT another
 * value is there; ERR_DIGEST value and evidence do not belong together; ERR_POLICY the event has not happened
 * yet. */
MUST_USE enum err drawing_beacon(struct ctx *c, struct str task, struct str name, struct str value,
                                 struct str evidence);

/* drawing_type_beacon: a value typed by hand counts when two accounts (c->actor) typed the same; until then each may
 * correct its own entry. Errors as drawing_beacon. */
enum drawing_typed { DRAWING_TYPED_ALONE, DRAWING_TYPED_DIFFERS, DRAWING_TYPED_COUNTS };
MUST_USE enum err drawing_type_beacon(struct ctx *c, struct str task, struct str name, struct str value,
                                      struct str evidence, enum drawing_typed *how);
/* drawing_drand_value: the value of a drand round is the SHA-256 of its signature (hex, in the arena). ERR_SYNTAX. */
MUST_USE enum err drawing_drand_value(struct ctx *c, struct str signature, struct str *value);
/* drawing_event_us: when the event of a beacon happens, where the name tells; otherwise unset. */
struct opt_i64 drawing_event_us(struct str name, struct str event);

struct drawing_drawn {
    struct drawing_key key;
    uint64_t target_count;
    struct str digest, seed; /* of result.txt; hex */
    bool again;              /* it was drawn before: this is the stored result, recomputed and found equal */
};
/* drawing_run: ERR_STATE not ready; ERR_DIGEST a file was altered since it was logged; ERR_MISMATCH (again)
 * the files no longer give the stored result. */
MUST_USE enum err drawing_run(struct ctx *c, struct str task, const struct draw_env *env,
                              struct drawing_drawn *out);
/* drawing_void: from sealed, locked, beacon or drawn. ERR_INPUT no reason; ERR_STATE open (nothing was
 * promised), void already, or inspections have begun. */
MUST_USE enum err drawing_void(struct ctx *c, struct str task, struct str reason);

/* drawing_disclose: unannounced checks 事先不通知的检查 whose day has come: the secrets, encrypted until then, become
 * public, reveal.json is written and its digest logged. A second time it finds nothing. ERR_DIGEST, ERR_NOT_FOUND the
 * key keys/draw.key is not that of the secrets, or gone. *count: how many attempts were disclosed. */
MUST_USE enum err drawing_disclose(struct ctx *c, size_t *count);

/* drawing_find: the latest attempt of a task and its state. ERR_NOT_FOUND. */
MUST_USE enum err drawing_find(struct ctx *c, struct str task, struct drawing_current_row *row,
                               enum drawing_state *state);
/* drawing_holds: does the roster of an attempt that is sealed, but not drawn from yet, hold this target? *draw: its number. */
MUST_USE enum err drawing_holds(struct ctx *c, struct str target, bool *held, struct str *draw);
/* drawing_spec: draw.txt of an attempt, whose digest is that of the log. Texts point into *text
 * (drawing_unmap). ERR_DIGEST, ERR_NOT_FOUND. */
MUST_USE enum err drawing_spec(struct ctx *c, const struct drawing_current_row *d, struct str *text,
                               struct draw_spec *spec);

/* Dry run 试抽: before sealing, with throw-away seeds. Nothing is stored, no file is written, no number is
 * used: it can never become a draw. */
struct drawing_simulated {
    struct str label; /* by what it is counted: "-" where the registry does not say */
    uint64_t population, least, most;
    uint64_t sum;                /* of the drawn over all rounds: mean = sum / rounds */
    uint64_t expected_numerator; /* expected = numerator / 10^6 */
};
/* By stratum, county, section of the industry (A … T), risk class, kind of entity, registered capital. */
enum drawing_by {
    DRAWING_BY_STRATUM,
    DRAWING_BY_REGION,
    DRAWING_BY_INDUSTRY,
    DRAWING_BY_CLASS,
    DRAWING_BY_ENTITY,
    DRAWING_BY_CAPITAL,
    DRAWING_BY_COUNT
};
const char *drawing_by_name(enum drawing_by by); /* strata regions industries classes entities capitals */
/* drawing_capital_band: a text such as "100 万元" or "2,000(万元)" as a band: c1 below 100,000 yuan, c2 below a million, c3 below
 * ten, c4 below a hundred million, c5 above; "-" without a number or without its unit. */
const char *drawing_capital_band(struct str text);
struct drawing_simulation {
    uint32_t rounds;
    uint64_t rows, excluded, sample;
    uint64_t by_reason[16]; /* by enum frame_exclusion */
    struct drawing_counts {
        struct drawing_simulated *v;
        size_t count;
    } by[DRAWING_BY_COUNT];
    struct drawing_sampled { /* the targets of the first round, in their order: for the matching's predictability */
        struct str id, stratum;
        uint64_t mask;
        uint32_t batch;
    } *first;
    size_t first_count;
};
MUST_USE enum err drawing_simulate(struct ctx *c, struct str task, uint32_t rounds,
                                   const struct draw_env *env, struct drawing_watch watch,
                                   struct drawing_simulation *out);

/* drawing_preview: the frame as it would be sealed now, or from the seal on as it was sealed, without drawing: quotas with the least and the most probable
 * chance (10^-6) of one target, and by reason of exclusion how many, with the first few codes. Nothing is stored.
 * Errors as drawing_simulate. */
enum { DRAWING_PREVIEW_CODES = 20 };
struct drawing_preview_quota {
    struct str department, stratum;
    uint64_t population, n, reserve, least_ppm, most_ppm;
    uint32_t ratio_bp;
};
struct drawing_preview {
    uint64_t rows, excluded;
    struct drawing_preview_quota *quotas;
    size_t quota_count;
    struct {
        uint64_t count;
        struct str codes[DRAWING_PREVIEW_CODES];
    } reasons[16]; /* by enum frame_exclusion */
    struct opt_i64 cap_bp;
};
MUST_USE enum err drawing_preview(struct ctx *c, struct str task, struct drawing_preview *out);

/* drawing_substitute: a drawn target leaves, the next reserve of the same quota enters, for each department
 * of it. reason: cancelled | revoked | rescinded | moved | duplicate | cap | merged; "unreachable" is a
 * result, never a reason. ERR_INPUT another reason, or no approver; ERR_NOT_FOUND not drawn; ERR_QUOTA the
 * reserves are used up (a supplementary draw with its own number is needed); ERR_EXISTS substituted already.
 * *count: how many reserves entered. */
MUST_USE enum err drawing_substitute(struct ctx *c, struct str task, struct str target, struct str reason,
                                     struct str evidence, struct str approver, size_t *count);

#endif
