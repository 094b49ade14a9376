/* http/api_my_record.c - what a phone hands in: files by their hash, then the record that names them */
#include <stdio.h>

#include "api_file.h"
#include "api_my.h"

enum { HASHES_MAX = 500 };
#define TIME_MAX_MS INT64_C(253402300799000) /* the end of the year 9999 */

/* --- files ----------------------------------------------------------------------------------------------------------- */

struct kept_file {
    struct str inspector, hash, type;
    int64_t bytes_count;
};

static enum err
keep(struct api *q, void *arg)
{
    const struct kept_file *f = arg;

    return record_file_keep(q->ctx, f->inspector, f->hash, f->type, f->bytes_count);
}

enum err
api_my_keep(struct api *q, struct str inspector, struct str hash, struct str bytes, struct str *type)
{
    struct kept_file f = {inspector, hash, NO_STR, (int64_t) bytes.n};
    enum err e = evidence_store(q->ctx, hash, bytes, &f.type);

    *type = f.type;
    return e == OK ? api_write(q, keep, &f) : e;
}

enum err
api_my_evidence_put(struct api *q)
{
    struct str bytes = NO_STR, type;
    enum err e = api_my_self(q);

    if (e == OK && q->call->upload_path == NULL)
        e = ERR_MISSING;
    if (e == OK)
        e = file_read(q->ctx->arena, q->call->upload_path, EVIDENCE_BYTES_MAX, &bytes);
    if (e == OK)
        e = api_my_keep(q, q->who.inspector, q->params[0], bytes, &type);
    if (e == OK)
        q->out = json_pack("{s:o, s:o, s:I}", "hash", api_str(q->params[0]), "type", api_str(type), "bytes",
                           (json_int_t) bytes.n);
    return e;
}

/* Which of these files are not here yet: an interrupted upload goes on with them. */
enum err
api_my_evidence_missing(struct api *q)
{
    const json_t *list = json_object_get(q->in, "hashes"), *one;
    json_t *missing = json_array();
    size_t i;
    enum err e = api_my_self(q);

    if (e == OK && json_array_size(list) > HASHES_MAX)
        e = api_wrong(q, "hashes", ERR_TOO_LARGE, NULL);
    json_array_foreach(list, i, one) {
        struct record_file_get_row row;

        if (e == OK && !json_is_string(one))
            e = api_wrong(q, "hashes", ERR_INPUT, NULL);
        if (e != OK)
            break;
        e = record_file_get(q->ctx->db, q->ctx->arena, &(struct record_file_get_in) {str_of(json_string_value(one))}, &row);
        if (e == ERR_NOT_FOUND) {
            json_array_append_new(missing, json_string(json_string_value(one)));
            e = OK;
        }
    }
    q->out = json_pack("{s:o}", "missing", missing);
    return e;
}

enum err
api_my_evidence_get(struct api *q)
{
    struct record_visit v;
    struct record r;
    char path[FILE_PATH_BYTES];
    enum err e = api_my_self(q);

    if (e == OK)
        e = record_mine_one(q->ctx, q->who.inspector, q->params[0], q->params[1], &v);
    if (e == OK)
        e = record_load(q->ctx, v.visit.target, v.visit.id, &r);
    for (size_t i = 0; e == OK && i < r.evidence_count; i++)
        if (str_eq(r.evidence[i].hash, q->params[2]) && r.evidence[i].type.n > 0) {
            e = evidence_path(q->ctx, q->params[2], path);
            return e == OK ? api_file_send(q, path, str_z(q->ctx->arena, r.evidence[i].type), str_z(q->ctx->arena, q->params[2]))
                           : e;
        }
    return e == OK ? ERR_NOT_FOUND : e;
}

/* --- records ----------------------------------------------------------------------------------------------------------- */

static json_t *
texts(const struct texts *t)
{
    json_t *v = json_array();

    for (size_t i = 0; i < t->count; i++)
        json_array_append_new(v, api_str(t->v[i]));
    return v;
}

enum err
api_my_take(struct api *q, struct str inspector, struct str json, const struct record_clock *clock, json_t **out)
{
    struct record_outcome done;
    struct record r;
    enum err e = record_hand_in(q->ctx, inspector, json, clock, &done);

    if (e == OK)
        e = record_load(q->ctx, done.target, done.visit, &r);
    if (e != OK)
        return e;
    *out = json_pack("{s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "state", record_state_name(done.state), "again",
                     done.again, "task", api_str(done.task), "target", api_str(done.target), "conflicts",
                     texts(&done.conflicts), "files", texts(&done.files), "record", api_str(r.row.state), "answers",
                     api_my_answers(&r), "now", (json_int_t) (q->ctx->now_us / 1000));
    return *out == NULL ? ERR_MEMORY : OK;
}

static enum err
clock_of(struct api *q, struct record_clock *out)
{
    *out = (struct record_clock) {api_number(q, "sent"), api_number(q, "offset")};
    if (out->sent_ms.set && (out->sent_ms.v < 0 || out->sent_ms.v > TIME_MAX_MS))
        return api_wrong(q, "sent", ERR_RANGE, NULL);
    if (out->offset_ms.set && (out->offset_ms.v < -TIME_MAX_MS || out->offset_ms.v > TIME_MAX_MS))
        return api_wrong(q, "offset", ERR_RANGE, NULL);
    return OK;
}

enum err
api_my_records_post(struct api *q)
{
    struct record_clock clock;
    struct str json;
    enum err e = api_my_self(q);

    if (e == OK)
        e = clock_of(q, &clock);
    if (e == OK)
        e = api_json(q, "record", &json);
    return e == OK ? api_my_take(q, q->who.inspector, json, &clock, &q->out) : e;
}
