/* core/staff.h - the frozen registry of inspectors 执法检查人员名录库 behind one matching, and its way to the
 * instance (docs/spec/match-1.md, section 5): staff.tsv, forbidden.tsv, rules.txt, staff.txt, owners.txt.
 * Pure: bytes in, bytes out. "Spec" is docs/spec/match-1.md. */
#ifndef MQ_STAFF_H
#define MQ_STAFF_H

#include "core/hash.h"
#include "core/match.h"

enum {
    STAFF_INSPECTORS_MAX = 1 << 20,
    STAFF_FORBIDDEN_MAX = 1 << 24,
    STAFF_TARGETS_MAX = 1 << 20,
    STAFF_CLASSES_MAX = 1 << 16,
    STAFF_WEEKS_MAX = 4096,
    STAFF_RULES_MAX = 1 << 16, /* items lines, places lines */
    STAFF_DEPARTMENTS = 64,
    STAFF_CAP_MAX = 65535,
    STAFF_PLACES_MAX = 64, /* places of one department at one target; least team */
    STAFF_LINE_BYTES = 4096
};

enum staff_file { STAFF_INSPECTORS, STAFF_FORBIDDEN, STAFF_RULES, STAFF_SEAL };
const char *staff_file_name(enum staff_file f); /* "staff.tsv", "forbidden.tsv", "rules.txt", "staff.txt" */

/* Where a document was refused. */
struct staff_fault {
    enum staff_file file;
    size_t line;      /* from 1; 0 = the document as a whole */
    const char *what; /* English, one clause */
};

/* One line of staff.tsv, fields as written in the file. */
struct staff_inspector {
    struct str pseudonym;
    uint32_t department; /* group number of the draw, 0..63 */
    struct str regions;  /* "*", "-" or prefixes of region codes: "4115" covers 411525 */
    struct str skills;   /* "-" or a list */
    struct str range;    /* items he may inspect: "*", "-" or a list */
    uint32_t cap;        /* new places */
    bool lead;
    struct str valid_to; /* last day of the certificate, YYYY-MM-DD; "-" none */
    struct str leave;    /* "-" or YYYY-MM-DD/YYYY-MM-DD,… */
    struct str salt;     /* "-" or 32 hex digits */
};

enum staff_reason { /* why an inspector is forbidden, in the order in which reasons are counted */
                    STAFF_EXPIRED,
                    STAFF_LEAVE,
                    STAFF_RANGE,
                    STAFF_RECUSAL,
                    STAFF_LAST, /* was at this target last time */
                    STAFF_REASONS
};
const char *staff_reason_name(enum staff_reason r); /* "expired", "leave", "range", "recusal", "last" */

/* One line of forbidden.tsv. */
struct staff_forbidden {
    struct str pseudonym, id;
    enum staff_reason reason; /* STAFF_LAST or STAFF_RECUSAL */
    struct str salt;
};

struct staff_week { /* of batch index + 1 */
    int64_t first_day, last_day;
};
struct staff_items {
    uint32_t department;
    struct str items;
};
struct staff_places {
    uint32_t department;
    struct str stratum; /* "*" = every other stratum */
    uint32_t places;
    struct str region; /* "*", "id" or a region */
    struct str skills;
};
struct staff_rules {
    int slack;
    uint32_t team; /* least number of inspectors at a target */
    bool rotation;
    struct staff_week *weeks;
    struct staff_items *items;   /* ascending by department */
    struct staff_places *places; /* ascending by department, stratum */
    size_t week_count, items_count, places_count;
};

/* The three documents, checked. Texts point into them. */
struct staff {
    struct staff_inspector *inspectors; /* ascending by pseudonym */
    struct staff_forbidden *forbidden;  /* ascending by pseudonym, id, reason */
    size_t inspector_count, forbidden_count;
    struct staff_rules rules;
    unsigned char inspectors_root[HASH_LEN], forbidden_root[HASH_LEN], rules_digest[HASH_LEN];
};

/*
 * staff_parse: read the three documents, compute their roots and digest.
 * ERR_SYNTAX, ERR_RANGE, ERR_ORDER, ERR_DATE, ERR_LENGTH, ERR_TOO_LARGE, ERR_NOT_FOUND (a pseudonym of
 * forbidden.tsv that staff.tsv lacks), ERR_MEMORY; *fault says where.
 */
MUST_USE enum err staff_parse(struct arena *a, struct str staff_tsv, struct str forbidden_tsv,
                              struct str rules_txt, struct staff *out, struct staff_fault *fault);
/* Writers append one line (rules: the document). The caller parses what he wrote: staff_parse is the only
 * judge. */
void staff_inspector_write(struct buf *b, const struct staff_inspector *row);
void staff_forbidden_write(struct buf *b, const struct staff_forbidden *row);
void staff_rules_write(struct buf *b, const struct staff_rules *rules);
/* staff_seal_write: staff.txt. staff_seal_check: ERR_DIGEST unless text is the staff.txt of these documents,
 * to this draw digest. The staff digest is SHA-256 of the text. */
void staff_seal_write(struct buf *b, const struct staff *s, const unsigned char draw_digest[static HASH_LEN]);
MUST_USE enum err staff_seal_check(struct str text, const struct staff *s,
                                   const unsigned char draw_digest[static HASH_LEN]);

/* A drawn target, in visiting order. */
struct staff_target {
    struct str id, stratum;
    uint64_t mask;  /* departments that drew it */
    uint32_t batch; /* from 1 */
};

/* A class of the instance: inspectors of one department fit for one region and one list of skills. */
struct staff_class {
    uint32_t department;
    struct str region, skills;
    bool widened; /* by a remedy */
};
struct staff_group {
    uint32_t target, department;
};
struct staff_derived {
    struct match_instance instance; /* with lead */
    struct staff_class *classes;    /* by class */
    struct staff_group *groups;     /* by group */
    unsigned char *reasons;         /* by entry of forbidden_ids (minus its first): enum staff_reason */
    uint64_t reason_count[STAFF_REASONS];
};

/* A hypothetical change (spec 4, remedies); NULL fields change nothing. */
struct staff_change {
    const unsigned char *raise; /* by inspector: 1 = one more place */
    const unsigned char *widen; /* by group: 1 = also inspectors with the region `region` in their list */
    struct str region;
    bool lift_rotation;
};

/*
 * staff_derive: spec 5.5. change is NULL for the true instance.
 * ERR_NOT_FOUND  no places line for a drawn (department, stratum), or no week for a batch.
 * ERR_POLICY     a target with fewer places than the least team.
 * ERR_DUPLICATE  a target twice.  ERR_RANGE  a batch of 0.  ERR_TOO_LARGE, ERR_MEMORY.
 * *bad_target is the target concerned (ERR_NOT_FOUND, ERR_POLICY, ERR_DUPLICATE, ERR_RANGE).
 */
MUST_USE enum err staff_derive(struct arena *a, const struct staff *s, const struct staff_target *targets,
                               size_t target_count, const struct staff_change *change,
                               struct staff_derived *out, size_t *bad_target);

/* staff_owners_write: owners.txt (spec 6). staff_owners_bytes: how long it will be at most. r was solved with
 * reserves. */
void staff_owners_write(struct buf *b, const struct staff *s, const struct staff_target *targets,
                        const struct staff_derived *d, const struct match_result *r,
                        const unsigned char staff_digest[static HASH_LEN],
                        const unsigned char seed[static MATCH_SEED_LEN]);
size_t staff_owners_bytes(const struct staff_derived *d, const struct match_result *r);

/* staff_covers: does a list of regions cover one? An element covers every region that begins with it; "*" on either side all. */
bool staff_covers(struct str regions, struct str region);

/* What an office may change on trial, all at once (spec 4, remedies). Everything adds; nothing is taken away. */
struct staff_trial {
    struct staff_more { /* by department: further inspectors, fit for everything, and one's own who take more */
        uint32_t department, inspectors, cap; /* cap: places of each further one */
        uint32_t raise;                       /* more places for each inspector of the department */
        bool any_region;                      /* its inspectors go everywhere */
    } *more;
    size_t more_count;
    bool lift_rotation;
    int slack; /* of the walks: no matter for feasibility, it widens the choice */
};
/* What it would give, and cost. */
struct staff_tried {
    bool feasible;
    uint64_t groups, places;
    uint64_t need, capacity, cut_count; /* of the first cut, when it cannot be done */
    uint64_t new_places;     /* taken by further inspectors */
    uint64_t raised_places;  /* above somebody's frozen cap */
    uint64_t outside_places; /* by inspectors whose regions do not cover the target's */
    uint64_t again_places;   /* by one who was there last time */
    uint64_t least_load, most_load; /* of the frozen inspectors */
};
enum { STAFF_TRIAL_INSPECTORS_MAX = 1000 };
/*
 * staff_try: the frozen registry with a change, solved without a seed and without walks: it tells whether and at what
 * cost, and can never be the matching. *s stays as it is. ERR_RANGE more than STAFF_TRIAL_INSPECTORS_MAX further ones,
 * or a cap above STAFF_CAP_MAX; ERR_MEMORY; otherwise as staff_derive.
 */
MUST_USE enum err staff_try(struct arena *a, const struct staff *s, const struct staff_target *targets, size_t target_count,
                            const struct staff_trial *t, struct staff_tried *out);

/* A single change tried on a matching that has cuts. Targets are never dropped. */
enum staff_remedy_kind { STAFF_RAISE_CAPS, STAFF_LIFT_ROTATION, STAFF_ADD_REGION };
struct staff_remedy {
    enum staff_remedy_kind kind;
    struct str region; /* STAFF_ADD_REGION */
    bool resolves;     /* the changed instance can be matched */
    bool unsure;       /* it helps the targets of the cuts; the whole was not solved again: see the limit */
};
/* The last: groups of all solutions of the whole together; the first of them always takes place. */
enum { STAFF_REMEDY_MAX = 66, STAFF_REMEDY_REGIONS_MAX = 64, STAFF_REMEDY_GROUPS_MAX = 100000 };
/*
 * staff_remedies: try, each alone: one more place for every inspector in the cuts; lifting the rotation;
 * adding the inspectors of one other region (those found in staff.tsv for the departments concerned,
 * ascending, at most 64). A remedy that does not help the targets of the cuts by themselves is not tried on
 * the whole. out has room for STAFF_REMEDY_MAX. ERR_MEMORY.
 */
MUST_USE enum err staff_remedies(struct arena *a, const struct staff *s, const struct staff_target *targets,
                                 size_t target_count, const struct staff_derived *d,
                                 const struct match_result *r, struct staff_remedy *out, size_t *count);

#endif
