/* mod/record/record_parse.c - a hand-in from JSON, strictly */
#include <stdlib.h>

#include "core/hash.h"
#include "data/data.h"
#include "mod/dict/dict.h"
#include "mod/plan/terms.h"
#include "mod/record/record_int.h"

enum { SKEW_IGNORED_S = 90, CODES_MAX = 15, METHODS_MAX = 6, LON_MAX_UDEG = 180000000, LAT_MAX_UDEG = 90000000 };
#define TIME_MAX_MS INT64_C(253402300799000) /* the end of the year 9999 */

/* One of a few words. ERR_INPUT names the field. */
static enum err
one_of(struct ctx *c, const char *field, struct str s, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (str_eq(s, str_of(words[i])))
            return OK;
    return ctx_refuse(c, ERR_INPUT, "field \"%s\": \"%.*s\" is none of its words", field, (int) (s.n < 40 ? s.n : 40),
                      s.n == 0 ? "" : s.p);
}

static enum err
text(struct ctx *c, const json_t *o, const char *name, bool required, size_t max, struct str *out)
{
    enum err e = json_text(c, o, (struct json_field) {name, required}, max, out);

    if (e == OK && out->p != NULL && !utf8_valid(*out))
        return ctx_refuse(c, ERR_ENCODING, "field \"%s\"", name);
    return e;
}

static enum err
number(struct ctx *c, const json_t *o, const char *name, int64_t min, int64_t max, struct opt_i64 *out)
{
    const json_t *v = json_object_get(o, name);

    out->set = v != NULL && !json_is_null(v);
    return json_i64(c, o, (struct json_field) {name, false}, min, max, &out->v);
}

/* A time of the device in the server's clock; never in the future. */
static int64_t
moment(const struct ctx *c, const struct said *s, int64_t ms)
{
    int64_t us = ms * 1000 + s->skew_us;

    return us > c->now_us ? c->now_us : us;
}

static enum err
time_of(struct ctx *c, const struct said *s, const json_t *o, const char *name, bool required, struct opt_i64 *out)
{
    enum err e = number(c, o, name, 0, TIME_MAX_MS, out);

    if (e == OK && required && !out->set)
        return ctx_refuse(c, ERR_INPUT, "field \"%s\" is missing", name);
    out->v = moment(c, s, out->v);
    return e;
}

static enum err
place_of(struct ctx *c, const json_t *o, struct said_place *out)
{
    enum err e = number(c, o, "lon_udeg", -LON_MAX_UDEG, LON_MAX_UDEG, &out->lon_udeg);

    if (e == OK)
        e = number(c, o, "lat_udeg", -LAT_MAX_UDEG, LAT_MAX_UDEG, &out->lat_udeg);
    if (e == OK && out->lon_udeg.set != out->lat_udeg.set)
        return ctx_refuse(c, ERR_INPUT, "a place has both lon_udeg and lat_udeg");
    return e;
}

static bool
shipped(struct str dict, struct str code)
{
    char name[40];
    struct buf b = buf_over(name, sizeof name);

    buf_str(&b, dict);
    buf_z(&b, ".csv");
    return data_has(buf_view(&b), code);
}

static enum err
word(struct ctx *c, const char *dict, struct str code)
{
    bool allowed;
    enum err e = dict_word_allowed(c, str_of(dict), code, shipped(str_of(dict), code), &allowed);

    return e != OK || allowed ? e : ctx_refuse(c, ERR_INPUT, "%s: unknown code %.*s", dict, (int) code.n, code.p);
}

static enum err
words(struct ctx *c, const json_t *o, const char *field, const char *dict, size_t max, struct texts *out)
{
    enum err e = json_texts(c, o, (struct json_field) {field, false}, max, RECORD_SHORT_MAX, out);

    for (size_t i = 0; e == OK && i < out->count; i++)
        e = word(c, dict, out->v[i]);
    return e;
}

/* --- answers ----------------------------------------------------------------------------------------------------- */

/* The result codes of an answer: as given, or those that follow from it. */
static enum err
codes_of(struct ctx *c, const json_t *o, struct said_answer *a)
{
    bool none = str_eq(a->answer, STR("none")), problem = str_eq(a->answer, STR("problem")), fine;
    enum err e = words(c, o, "codes", "results", CODES_MAX, &a->codes);

    if (e != OK)
        return e;
    if (a->codes.count == 0) {
        if ((a->codes.v = arena_array(c->arena, 1, sizeof *a->codes.v)) == NULL)
            return ERR_MEMORY;
        a->codes.v[0] = none                                              ? STR("no_problem")
                        : !problem                                        ? STR("no_activity")
                        : str_eq(a->disposal, STR("rectification")) ? STR("rectification")
                                                                          : STR("pending");
        a->codes.count = 1;
    }
    fine = texts_have(&a->codes, STR("no_problem")) || texts_have(&a->codes, STR("qualified"));
    if ((problem && fine) || (none && !fine))
        return ctx_refuse(c, ERR_INPUT, "the result codes of item %s contradict its answer", a->item.p);
    return terms_texts_text(c, &a->codes, &a->codes_text);
}

static enum err
law_of(struct ctx *c, const json_t *o, struct said_answer *a)
{
    static const char *const NAMES[] = {"law", "article"};
    const json_t *law = json_object_get(o, "law");
    struct str words_of = {0}, article = {0};
    enum err e;

    if (law == NULL || json_is_null(law))
        return OK;
    e = json_is_object(law) ? json_only(c, law, NAMES, 2) : ctx_refuse(c, ERR_INPUT, "field \"law\": expected an object");
    if (e == OK)
        e = text(c, law, "law", true, RECORD_SHORT_MAX, &words_of);
    if (e == OK)
        e = text(c, law, "article", false, RECORD_SHORT_MAX, &article);
    return e == OK ? json_nested(c, o, "law", &a->law) : e;
}

static enum err
points_of(struct ctx *c, const json_t *o, struct said_answer *a)
{
    static const char *const NAMES[] = {"content", "answer"}, *const ANSWERS[] = {"none", "problem", "not_applicable", NULL};
    const json_t *list = json_object_get(o, "points"), *one;
    size_t i;

    if (list == NULL || json_is_null(list))
        return OK;
    if (!json_is_array(list) || json_array_size(list) > RECORD_POINTS_MAX)
        return ctx_refuse(c, ERR_INPUT, "field \"points\": an array of at most %d", RECORD_POINTS_MAX);
    json_array_foreach(list, i, one) {
        struct str content = {0}, answer = {0};
        enum err e = json_is_object(one) ? json_only(c, one, NAMES, 2) : ctx_refuse(c, ERR_INPUT, "field \"points\"");

        if (e == OK)
            e = text(c, one, "content", true, RECORD_TEXT_MAX, &content);
        if (e == OK)
            e = text(c, one, "answer", true, RECORD_SHORT_MAX, &answer);
        if (e == OK)
            e = one_of(c, "points", answer, ANSWERS);
        if (e != OK)
            return e;
    }
    return json_nested(c, o, "points", &a->points);
}

static enum err
reuse_of(struct ctx *c, const json_t *o, struct said_answer *a)
{
    static const char *const NAMES[] = {"kind", "from", "no", "day", "hash"};
    static const char *const KINDS[] = {"conclusion", "judgment", "opinion", NULL};
    const json_t *v = json_object_get(o, "reuse");
    struct str kind = {0}, from = {0}, no = {0};
    int64_t day = 0;
    enum err e;

    if (v == NULL || json_is_null(v))
        return OK;
    e = json_is_object(v) ? json_only(c, v, NAMES, 5) : ctx_refuse(c, ERR_INPUT, "field \"reuse\": expected an object");
    if (e == OK)
        e = text(c, v, "kind", true, RECORD_SHORT_MAX, &kind);
    if (e == OK)
        e = one_of(c, "kind", kind, KINDS);
    if (e == OK)
        e = text(c, v, "from", true, RECORD_SHORT_MAX, &from);
    if (e == OK)
        e = text(c, v, "no", false, RECORD_SHORT_MAX, &no);
    if (e == OK)
        e = json_day(c, v, (struct json_field) {"day", false}, &day);
    if (e == OK)
        e = text(c, v, "hash", true, RECORD_HASH_CHARS, &a->reuse_hash);
    return e == OK ? json_nested(c, o, "reuse", &a->reuse) : e;
}

static enum err
parse_answer(struct ctx *c, const struct said *s, const json_t *o, struct said_answer *a)
{
    static const char *const NAMES[] = {"item", "base", "answer", "problem", "codes", "disposal", "law", "points", "reuse",
                                        "at"};
    static const char *const ANSWERS[] = {"none", "problem", "not_applicable", NULL};
    struct opt_i64 at;
    enum err e = json_only(c, o, NAMES, sizeof NAMES / sizeof *NAMES);

    if (e == OK)
        e = text(c, o, "item", true, RECORD_SHORT_MAX, &a->item);
    if (e == OK)
        e = json_i64(c, o, (struct json_field) {"base", true}, 0, INT32_MAX, &a->base);
    if (e == OK)
        e = text(c, o, "answer", true, RECORD_SHORT_MAX, &a->answer);
    if (e == OK)
        e = one_of(c, "answer", a->answer, ANSWERS);
    if (e == OK)
        e = text(c, o, "problem", str_eq(a->answer, STR("problem")), RECORD_TEXT_MAX, &a->problem);
    if (e == OK)
        e = text(c, o, "disposal", false, RECORD_SHORT_MAX, &a->disposal);
    if (e == OK && a->disposal.p != NULL)
        e = word(c, "followups", a->disposal);
    if (e == OK)
        e = time_of(c, s, o, "at", true, &at);
    if (e == OK)
        a->at_us = at.v;
    if (e == OK)
        e = codes_of(c, o, a);
    if (e == OK)
        e = law_of(c, o, a);
    if (e == OK)
        e = points_of(c, o, a);
    return e == OK ? reuse_of(c, o, a) : e;
}

/* --- files and signatures ----------------------------------------------------------------------------------------- */

static enum err
parse_file(struct ctx *c, const struct said *s, const json_t *o, struct said_file *f)
{
    static const char *const NAMES[] = {"hash", "kind", "item", "name", "place", "at", "lon_udeg", "lat_udeg"};
    static const char *const KINDS[] = {"photo", "document", "signature", NULL};
    char path[FILE_PATH_BYTES];
    struct opt_i64 at;
    enum err e = json_only(c, o, NAMES, sizeof NAMES / sizeof *NAMES);

    if (e == OK)
        e = text(c, o, "hash", true, RECORD_HASH_CHARS, &f->hash);
    if (e == OK && evidence_path(c, f->hash, path) != OK)
        e = ctx_refuse(c, ERR_INPUT, "field \"hash\": 64 small hex digits");
    if (e == OK)
        e = text(c, o, "kind", true, RECORD_SHORT_MAX, &f->kind);
    if (e == OK)
        e = one_of(c, "kind", f->kind, KINDS);
    if (e == OK)
        e = text(c, o, "item", false, RECORD_SHORT_MAX, &f->item);
    if (e == OK)
        e = text(c, o, "name", false, RECORD_SHORT_MAX, &f->name);
    if (e == OK)
        e = text(c, o, "place", false, RECORD_SHORT_MAX, &f->place);
    if (e == OK)
        e = time_of(c, s, o, "at", true, &at);
    if (e == OK)
        f->at_us = at.v;
    return e == OK ? place_of(c, o, &f->where) : e;
}

static enum err
parse_signature(struct ctx *c, const struct said *s, const json_t *o, struct said_signature *g)
{
    static const char *const NAMES[] = {"role", "inspector", "name", "certificate", "hash", "at"};
    static const char *const ROLES[] = {"inspector", "target", "witness", NULL};
    struct opt_i64 at;
    enum err e = json_only(c, o, NAMES, sizeof NAMES / sizeof *NAMES);

    if (e == OK)
        e = text(c, o, "role", true, RECORD_SHORT_MAX, &g->role);
    if (e == OK)
        e = one_of(c, "role", g->role, ROLES);
    if (e == OK)
        e = text(c, o, "inspector", str_eq(g->role, STR("inspector")), RECORD_SHORT_MAX, &g->inspector);
    if (e == OK)
        e = text(c, o, "name", true, RECORD_SHORT_MAX, &g->name);
    if (e == OK)
        e = text(c, o, "certificate", false, RECORD_SHORT_MAX, &g->certificate);
    if (e == OK)
        e = text(c, o, "hash", true, RECORD_HASH_CHARS, &g->hash);
    if (e == OK)
        e = time_of(c, s, o, "at", true, &at);
    if (e == OK)
        g->at_us = at.v;
    return e;
}

/* --- lists --------------------------------------------------------------------------------------------------------- */

/* An array of objects, at most max: *count of them, and room for as many structs. */
static enum err
list_of(struct ctx *c, const json_t *o, const char *name, size_t max, size_t size, void *out, size_t *count)
{
    const json_t *list = json_object_get(o, name), *one;
    size_t i;

    *count = json_is_array(list) ? json_array_size(list) : 0;
    if (list != NULL && !json_is_null(list) && !json_is_array(list))
        return ctx_refuse(c, ERR_INPUT, "field \"%s\": expected an array", name);
    if (*count > max)
        return ctx_refuse(c, ERR_TOO_LARGE, "field \"%s\": at most %zu entries", name, max);
    json_array_foreach(list, i, one) if (!json_is_object(one)) return ctx_refuse(c, ERR_INPUT,
                                                                                 "field \"%s\": expected objects", name);
    return (*(void **) out = arena_array(c->arena, *count + 1, size)) == NULL ? ERR_MEMORY : OK;
}

static enum err
parse_lists(struct ctx *c, const json_t *o, struct said *s)
{
    enum err e = list_of(c, o, "answers", RECORD_ANSWERS_MAX, sizeof *s->answers, &s->answers, &s->answer_count);

    for (size_t i = 0; e == OK && i < s->answer_count; i++) {
        e = parse_answer(c, s, json_array_get(json_object_get(o, "answers"), i), &s->answers[i]);
        for (size_t k = 0; e == OK && k < i; k++)
            if (str_eq(s->answers[k].item, s->answers[i].item))
                e = ctx_refuse(c, ERR_DUPLICATE, "item %s is answered twice", s->answers[i].item.p);
    }
    if (e == OK)
        e = list_of(c, o, "evidence", RECORD_EVIDENCE_MAX, sizeof *s->files, &s->files, &s->file_count);
    for (size_t i = 0; e == OK && i < s->file_count; i++)
        e = parse_file(c, s, json_array_get(json_object_get(o, "evidence"), i), &s->files[i]);
    if (e == OK)
        e = list_of(c, o, "signatures", RECORD_SIGNATURES_MAX, sizeof *s->signatures, &s->signatures,
                    &s->signature_count);
    for (size_t i = 0; e == OK && i < s->signature_count; i++)
        e = parse_signature(c, s, json_array_get(json_object_get(o, "signatures"), i), &s->signatures[i]);
    return e;
}

/* --- the whole ------------------------------------------------------------------------------------------------------ */

static enum err
parse_checkin(struct ctx *c, const json_t *root, struct said *s)
{
    static const char *const NAMES[] = {"at", "code", "reason", "place", "lon_udeg", "lat_udeg", "accuracy_m"};
    const json_t *o = json_object_get(root, "checkin");
    struct said_checkin *k = &s->checkin;
    enum err e;

    if (o == NULL || json_is_null(o))
        return OK;
    k->given = true;
    e = json_is_object(o) ? json_only(c, o, NAMES, sizeof NAMES / sizeof *NAMES)
                          : ctx_refuse(c, ERR_INPUT, "field \"checkin\": expected an object");
    if (e == OK)
        e = time_of(c, s, o, "at", true, &k->at_us);
    if (e == OK)
        e = text(c, o, "code", false, RECORD_SHORT_MAX, &k->code);
    if (e == OK)
        e = text(c, o, "reason", k->code.p == NULL, RECORD_TEXT_MAX, &k->reason);
    if (e == OK)
        e = text(c, o, "place", false, RECORD_SHORT_MAX, &k->place);
    if (e == OK)
        e = place_of(c, o, &k->where);
    return e == OK ? number(c, o, "accuracy_m", 0, 1000000, &k->accuracy_m) : e;
}

static enum err
parse_methods(struct ctx *c, const json_t *o, struct said *s)
{
    struct texts methods = {0};
    enum err e = words(c, o, "methods", "methods", METHODS_MAX, &methods);

    s->on_site = texts_have(&methods, STR("on_site"));
    if (e == OK && methods.count > 0)
        e = terms_texts_text(c, &methods, &s->methods);
    if (e == OK)
        e = text(c, o, "entrusted", texts_have(&methods, STR("entrusted")), RECORD_SHORT_MAX, &s->entrusted);
    return e;
}

static bool
id_ok(struct str id)
{
    for (size_t i = 0; i < id.n; i++)
        if ((id.p[i] < '0' || id.p[i] > '9') && (id.p[i] < 'a' || id.p[i] > 'f'))
            return false;
    return id.n == RECORD_ID_CHARS;
}

static enum err
parse_head(struct ctx *c, const json_t *o, struct said *s)
{
    static const char *const OUTCOMES[] = {"checked", "uncooperative", "unreachable", "closed", NULL};
    const json_t *final = json_object_get(o, "final");
    struct opt_i64 produced;
    enum err e = text(c, o, "id", true, RECORD_ID_CHARS, &s->id);

    if (e == OK && !id_ok(s->id))
        e = ctx_refuse(c, ERR_INPUT, "field \"id\": 32 small hex digits");
    if (e == OK)
        e = text(c, o, "target", true, RECORD_SHORT_MAX, &s->target);
    if (e == OK)
        e = text(c, o, "task", true, RECORD_SHORT_MAX, &s->task);
    if (e == OK && final != NULL && !json_is_boolean(final))
        e = ctx_refuse(c, ERR_INPUT, "field \"final\": true or false");
    s->final = json_is_true(final);
    if (e == OK)
        e = text(c, o, "outcome", s->final, RECORD_SHORT_MAX, &s->outcome);
    if (e == OK && s->outcome.p != NULL)
        e = one_of(c, "outcome", s->outcome, OUTCOMES);
    if (e == OK)
        e = number(c, o, "produced", 0, TIME_MAX_MS, &produced);
    if (e == OK && !produced.set)
        e = ctx_refuse(c, ERR_INPUT, "field \"produced\" is missing");
    s->device_us = produced.v * 1000;
    s->produced_us = moment(c, s, produced.v);
    return e;
}

static enum err
parse_rest(struct ctx *c, const json_t *o, struct said *s)
{
    enum err e = time_of(c, s, o, "start", false, &s->start_us);

    if (e == OK)
        e = time_of(c, s, o, "end", false, &s->end_us);
    if (e == OK)
        e = text(c, o, "refusal", false, RECORD_TEXT_MAX, &s->refusal);
    if (e == OK)
        e = text(c, o, "witness", s->refusal.p != NULL, RECORD_SHORT_MAX, &s->witness);
    if (e == OK)
        e = text(c, o, "witness_identity", false, RECORD_SHORT_MAX, &s->witness_identity);
    if (e == OK)
        e = text(c, o, "remarks", false, RECORD_TEXT_MAX, &s->remarks);
    if (e == OK)
        e = parse_methods(c, o, s);
    if (e == OK)
        e = parse_checkin(c, o, s);
    return e == OK ? parse_lists(c, o, s) : e;
}

/* The document with its keys in order: what is kept, and what its digest is about. */
static enum err
canonical(struct ctx *c, const json_t *root, struct said *s)
{
    char *raw = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS), *hex = arena_alloc(c->arena, HASH_HEX_LEN);
    unsigned char digest[HASH_LEN];

    if (raw != NULL)
        s->content = str_copy(c->arena, str_of(raw));
    free(raw);
    if (s->content.p == NULL || hex == NULL)
        return ERR_MEMORY;
    hash_of(HASH_SHA256, s->content.p, s->content.n, digest);
    hex_encode(digest, HASH_LEN, hex);
    s->digest = (struct str) {hex, HASH_HEX_LEN};
    return OK;
}

static int64_t
skew_of(const struct ctx *c, const struct record_clock *clock)
{
    int64_t skew_us = clock->sent_ms.set     ? c->now_us - clock->sent_ms.v * 1000
                      : clock->offset_ms.set ? clock->offset_ms.v * 1000
                                             : 0;
    int64_t ignored_us = SKEW_IGNORED_S * INT64_C(1000000);

    return skew_us > -ignored_us && skew_us < ignored_us ? 0 : skew_us;
}

enum err
record_parse(struct ctx *c, struct str json, const struct record_clock *clock, struct said *out)
{
    static const char *const NAMES[] = {"id",       "target",     "task",    "final",   "outcome", "methods",
                                        "entrusted", "checkin",   "start",   "end",     "answers", "evidence",
                                        "signatures", "refusal",  "witness", "witness_identity", "remarks", "produced"};
    json_t *root;
    enum err e;

    *out = (struct said) {.skew_us = skew_of(c, clock)};
    if (json.n > RECORD_BYTES_MAX)
        return ERR_TOO_LARGE;
    if ((e = json_read(c, json, &root)) != OK)
        return e;
    e = json_only(c, root, NAMES, sizeof NAMES / sizeof *NAMES);
    if (e == OK)
        e = parse_head(c, root, out);
    if (e == OK)
        e = parse_rest(c, root, out);
    if (e == OK)
        e = canonical(c, root, out);
    json_decref(root);
    return e;
}
