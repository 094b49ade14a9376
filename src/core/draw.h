/* core/draw.h - the documents of a draw 抽取 (docs/spec/draw-1.md): what was promised before, and what it
 * decides. Pure: bytes in, bytes out; memory from the caller's arena; no clock, no I/O, no floating point.
 * The frame itself is in core/roster.h; running, verifying and explaining a draw in core/draw_run.h. */
#ifndef MQ_DRAW_H
#define MQ_DRAW_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/hash.h"

enum {
    DRAW_ID_MAX = 54,      /* bytes of an id: key block + ':' + id + padding fill two blocks exactly */
    DRAW_NAME_MAX = 32,    /* bytes of a stratum, party or beacon name, a leading '!' not counted */
    DRAW_NUMBER_MAX = 64,  /* bytes of the draw's number */
    DRAW_EVENT_MAX = 160,  /* bytes of a beacon's event or value */
    DRAW_GROUP_COUNT = 64, /* departments 部门 of one draw: bits of the mask */
    DRAW_ATTEMPT_MAX = 9999,
    DRAW_BATCH_MAX = 1 << 20, /* batches 批次 */
    DRAW_ROWS_MAX = 1 << 28,  /* rows of a roster, and any n or reserve */
    DRAW_WEIGHT_MAX = 1 << 20,
    DRAW_QUOTA_MAX = 4096, /* quota lines */
    DRAW_PARTY_MAX = 64,
    DRAW_BEACON_MAX = 16,
    DRAW_SALT_BYTES = 16,
    DRAW_SECRET_BYTES = 32,
    DRAW_LINE_MAX = 256 /* bytes of the longest line of any document, without LF */
};

/* draw_id_ok: 1..54 bytes 0x21..0x7E. draw_name_ok: [A-Za-z0-9][A-Za-z0-9._-]{0,31}. */
bool draw_id_ok(struct str id);
bool draw_name_ok(struct str name);

enum draw_file { DRAW_ROSTER, DRAW_DRAW, DRAW_LOCK, DRAW_REVEAL, DRAW_RESULT, DRAW_FILE_COUNT };
/* draw_file_name: "roster.tsv", "draw.txt", "lock.txt", "reveal.json", "result.txt". */
const char *draw_file_name(enum draw_file f);

/* The first thing wrong in a document. Texts are static. */
struct fault {
    enum err err;
    enum draw_file file;
    uint64_t line;   /* from 1; 0 = the document as a whole */
    uint64_t column; /* byte of the line, from 1 */
    uint64_t byte;   /* offset in the file, from 0 */
    const char *zh, *en;
};

enum draw_rule { DRAW_UNIFORM, DRAW_PARETO };

struct draw_quota {
    unsigned group;       /* 0..63: bit of the mask */
    size_t stratum_index; /* in draw_spec.strata */
    struct str stratum;
    uint64_t n, reserve; /* targets to draw, ordered substitutes 递补 */
};

struct draw_party {
    struct str name;
    unsigned char commitment[HASH_LEN];
};

struct draw_beacon {
    struct str name, event;
};

/* draw.txt, parsed. Texts point into the document. */
struct draw_spec {
    enum hash_suite suite;
    struct str number;            /* 411500/2026/0017 */
    uint32_t attempt;             /* from 1 */
    bool has_prev;                /* exactly when attempt > 1 */
    unsigned char prev[HASH_LEN]; /* digest of the voided attempt's draw.txt */
    uint64_t roster_count;
    unsigned char roster_root[HASH_LEN];
    enum draw_rule rule;
    uint32_t batches;
    uint32_t min_parties;
    struct draw_quota *quotas; /* ascending by group, stratum */
    size_t quota_count;
    struct str *strata; /* the different strata of the quotas, ascending */
    size_t stratum_count;
    struct draw_party *parties; /* ascending by name */
    size_t party_count;
    struct draw_beacon *beacons; /* ascending by name */
    size_t beacon_count;
    unsigned char digest[HASH_LEN]; /* d = H(draw.txt) */
};

/* draw_parse: read draw.txt. Anything not canonical is refused, the place is in *f. ERR_MEMORY. */
MUST_USE enum err draw_parse(struct str text, struct arena *a, struct draw_spec *out, struct fault *f);
/* draw_write: append draw.txt (spec->digest, strata and stratum_index are not used). The caller parses what
 * it wrote: draw_parse is the only judge of a document. */
void draw_write(const struct draw_spec *spec, struct buf *out);
/* draw_policy: what the format allows but an office must not do (docs/spec/draw-1.md §11). ERR_POLICY with *f
 * filled: fewer than two parties; beacons of together less than 48 bits and not every party bound to open; a
 * beacon list so weak (福彩3D alone, or only unknown kinds) that it only looks like one. */
MUST_USE enum err draw_policy(const struct draw_spec *spec, struct fault *f);
/* draw_beacon_bits: strength in whole bits of one event of this kind: drand-* 256, sports-dlt 24, cwl-ssq 24,
 * cwl-3d 9 (it has 9.97); 0 for an unknown kind. */
unsigned draw_beacon_bits(struct str name);
/* draw_beacon_value_ok: can the value come from this kind (unknown kinds: any printable text)? */
bool draw_beacon_value_ok(struct str name, struct str value);

/* lock.txt, parsed: who was present 到场. */
struct draw_lock {
    bool present[DRAW_PARTY_MAX]; /* by party of draw.txt */
    size_t present_count;
    unsigned char digest[HASH_LEN]; /* l = H(lock.txt) */
};

/* draw_lock_parse: ERR_DIGEST when it belongs to another draw.txt; ERR_MISSING below min-parties, or without
 * a beacon when a party is absent. */
MUST_USE enum err draw_lock_parse(struct str text, const struct draw_spec *spec, struct draw_lock *out,
                                  struct fault *f);
void draw_lock_write(const struct draw_spec *spec, const bool present[static DRAW_PARTY_MAX],
                     struct buf *out);

/* reveal.json, parsed: secrets of the present parties, values of all beacons. */
struct draw_reveal {
    unsigned char secret[DRAW_PARTY_MAX][DRAW_SECRET_BYTES]; /* by party; absent ones are zero and not used */
    struct str value[DRAW_BEACON_MAX];                       /* by beacon */
};

/* draw_reveal_parse: JSON with any white space; exactly the present parties and the beacons, in the order of
 * draw.txt. ERR_COMMITMENT when a secret does not open its commitment. */
MUST_USE enum err draw_reveal_parse(struct str text, const struct draw_spec *spec,
                                    const struct draw_lock *lock, struct draw_reveal *out, struct fault *f);
/* draw_reveal_write: the canonical layout (one blank per level, no LF at the end), the only one that
 * verification accepts besides the single line of docs/spec/draw-1.md §10. */
void draw_reveal_write(const struct draw_spec *spec, const struct draw_lock *lock,
                       const struct draw_reveal *r, struct buf *out);
void draw_reveal_write_line(const struct draw_spec *spec, const struct draw_lock *lock,
                            const struct draw_reveal *r, struct buf *out);

/* draw_commitment: H("mingqian-commit/v1\n" number "\n" attempt "\n" party "\n" hex(secret) "\n"), §4. */
void draw_commitment(enum hash_suite suite, struct str number, uint32_t attempt, struct str party,
                     const unsigned char secret[static DRAW_SECRET_BYTES],
                     unsigned char out[static HASH_LEN]);
/* draw_seed: S of §6 from d, l, the present secrets and the beacon values. */
void draw_seed(const struct draw_spec *spec, const struct draw_lock *lock, const struct draw_reveal *r,
               unsigned char out[static HASH_LEN]);
/* draw_subkey: K_p; purpose is "target", "order", "inspector" or "int". */
void draw_subkey(enum hash_suite suite, const char *purpose, const unsigned char seed[static HASH_LEN],
                 unsigned char out[static HASH_LEN]);
/* draw_ticket_start: the hash state after hex(K) ":", from which every ticket continues. */
void draw_ticket_start(enum hash_suite suite, const unsigned char key[static HASH_LEN], struct hash *out);
/* draw_ticket: T(id) = H(hex(K) ":" id), a 256-bit big-endian number. */
void draw_ticket(enum hash_suite suite, const unsigned char key[static HASH_LEN], struct str id,
                 unsigned char out[static HASH_LEN]);
/* draw_uniform_int: an unbiased integer below m >= 1 from K_int and a label, §9. */
uint64_t draw_uniform_int(enum hash_suite suite, const unsigned char key_int[static HASH_LEN],
                          struct str label, uint64_t m);

/* What Pareto order needs besides the rows: is a before b, with v = 2·(T >> 192) + 1, §7? Exact; for k > 0.
 */
struct draw_pareto {
    uint64_t k, total; /* places left, W of the rest; at most 2^28 and 2^48 */
};
/* draw_pareto_cmp: negative, 0, positive as the row (top bits ta, weight wa) comes before, with or after (tb,
 * wb). */
int draw_pareto_cmp(const struct draw_pareto *p, uint64_t ta, uint32_t wa, uint64_t tb, uint32_t wb);

#endif
