/* http/api_outbox.c - the outbox of a phone as a file, carried to the office: lines of JSON, handed in as if the phone had sent
 * them. The first line: {"format":"mingqian-outbox/v1","inspector":"…","offset":…}; then {"file":"SHA-256","data":"base64"}
 * and, after the files it names, {"record":{…}}. */
#include <stdio.h>
#include <stdlib.h>

#include "api_my.h"
#include "base/b64.h"
#include "mod/inspector/inspector.h"
#include "mod/json.h"

enum { LINES_MAX = 5000, LINE_BYTES_MAX = (EVIDENCE_BYTES_MAX + 2) / 3 * 4 + 4096 };
#define OFFSET_MAX_MS INT64_C(253402300799000)

struct outbox {
    struct str inspector;
    struct record_clock clock;
    size_t line, files;
    json_t *records, *problems;
    struct str json; /* of the record being handed in */
    json_t *done;
};

static enum err
head(struct api *q, struct outbox *o, const json_t *line)
{
    struct inspector_get_row who;
    struct str format = NO_STR;
    int64_t offset = 0;
    enum err e = json_text(q->ctx, line, (struct json_field) {"format", true}, 64, &format);

    if (e == OK && !str_eq(format, STR("mingqian-outbox/v1")))
        e = ctx_refuse(q->ctx, ERR_INPUT, "not an outbox of the phone");
    if (e == OK)
        e = json_text(q->ctx, line, (struct json_field) {"inspector", true}, 64, &o->inspector);
    if (e == OK)
        e = json_i64(q->ctx, line, (struct json_field) {"offset", false}, -OFFSET_MAX_MS, OFFSET_MAX_MS, &offset);
    o->clock.offset_ms = OPT(offset);
    return e == OK ? inspector_see(q->ctx, o->inspector, &who) : e; /* of one's own department and region only */
}

static enum err
file_line(struct api *q, struct outbox *o, struct str hash, const json_t *line)
{
    const json_t *data = json_object_get(line, "data");
    struct str text = {json_string_value(data), json_string_length(data)}, type;
    size_t n = 0, room = text.n / 4 * 3 + 3;
    char *bytes = arena_alloc(q->ctx->arena, room);
    enum err e = !json_is_string(data) ? ERR_INPUT : bytes == NULL ? ERR_MEMORY : b64_decode(text, bytes, room, &n);

    if (e == OK)
        e = api_my_keep(q, o->inspector, hash, (struct str) {bytes, n}, &type);
    o->files += e == OK;
    return e;
}

static enum err
hand_in(struct api *q, void *arg)
{
    struct outbox *o = arg;

    return api_my_take(q, o->inspector, o->json, &o->clock, &o->done);
}

static enum err
record_line(struct api *q, struct outbox *o, const json_t *line)
{
    enum err e = json_nested(q->ctx, line, "record", &o->json);

    if (e == OK)
        e = api_write(q, hand_in, o);
    if (e == OK)
        json_array_append_new(o->records, o->done);
    return e;
}

static enum err
one_line(struct api *q, struct outbox *o, const char *p, size_t n)
{
    json_t *line = json_loadb(p, n, JSON_REJECT_DUPLICATES, NULL);
    const char *file = json_string_value(json_object_get(line, "file"));
    enum err e;

    if (!json_is_object(line))
        e = ERR_SYNTAX;
    else if (o->line == 1)
        e = head(q, o, line);
    else
        e = file != NULL ? file_line(q, o, str_copy(q->ctx->arena, str_of(file)), line) : record_line(q, o, line);
    json_decref(line);
    return e;
}

/* One bad line does not hold the others back; a bad beginning does. */
static void
note_problem(struct api *q, struct outbox *o, enum err e)
{
    json_array_append_new(o->problems, json_pack("{s:I, s:s, s:s, s:s, s:o}", "line", (json_int_t) o->line, "code", err_name(e),
                                                 "zh", err_zh(e), "en", err_en(e), "detail", api_str(str_of(q->ctx->why))));
    q->ctx->why[0] = '\0';
}

static enum err
read_lines(struct api *q, struct outbox *o, FILE *in)
{
    char *text = NULL;
    size_t room = 0, mark = arena_mark(q->ctx->arena);
    enum err e = OK;
    ssize_t n;

    while (e == OK && (n = getline(&text, &room, in)) >= 0) {
        if (++o->line > LINES_MAX || n > LINE_BYTES_MAX) {
            e = ERR_TOO_LARGE;
        } else if (n > 1) {
            e = one_line(q, o, text, (size_t) n);
            if (e != OK && o->line > 1) {
                note_problem(q, o, e);
                e = OK;
            }
        }
        if (o->line == 1)
            mark = arena_mark(q->ctx->arena); /* the inspector stays */
        arena_rewind(q->ctx->arena, mark);
    }
    free(text);
    return e == OK && o->line == 0 ? ERR_MISSING : e;
}

enum err
api_outbox_post(struct api *q)
{
    struct outbox o = {.records = json_array(), .problems = json_array()};
    FILE *in = q->call->upload_path == NULL ? NULL : fopen(q->call->upload_path, "re");
    enum err e = in == NULL ? ERR_MISSING : read_lines(q, &o, in);

    if (in != NULL)
        fclose(in);
    q->out = json_pack("{s:o, s:o, s:I, s:o}", "inspector", api_str(o.inspector), "records", o.records, "files",
                       (json_int_t) o.files, "problems", o.problems);
    return e;
}
