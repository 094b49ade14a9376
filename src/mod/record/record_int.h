/* mod/record/record_int.h - a hand-in, parsed: shared by the files of this module */
#ifndef MQ_RECORD_INT_H
#define MQ_RECORD_INT_H

#include "mod/record/record.h"

struct said_place {
    struct opt_i64 lon_udeg, lat_udeg;
};
struct said_checkin {
    bool given;
    struct opt_i64 at_us, accuracy_m;
    struct str code, reason, place;
    struct said_place where;
};
struct said_answer {
    struct str item, answer, problem, disposal, law, points, reuse, reuse_hash;
    struct texts codes;
    struct str codes_text; /* JSON */
    int64_t base, at_us;
};
struct said_file {
    struct str hash, kind, item, name, place;
    int64_t at_us;
    struct said_place where;
};
struct said_signature {
    struct str role, inspector, name, certificate, hash;
    int64_t at_us;
};
struct said {
    struct str id, target, task, outcome, methods, entrusted, refusal, witness, witness_identity, remarks;
    bool final, on_site;
    struct said_checkin checkin;
    struct opt_i64 start_us, end_us;
    int64_t produced_us, device_us, skew_us; /* produced_us: by the clock of the server, never in the future */
    struct said_answer *answers;
    struct said_file *files;
    struct said_signature *signatures;
    size_t answer_count, file_count, signature_count;
    struct str content, digest; /* the document, canonical, and its SHA-256 */
};

/* record_parse: the document, every field checked by itself. ERR_INPUT, ERR_LENGTH, ERR_RANGE, ERR_DUPLICATE … with the
 * field in c->why. */
MUST_USE enum err record_parse(struct ctx *c, struct str json, const struct record_clock *clock, struct said *out);

#endif
