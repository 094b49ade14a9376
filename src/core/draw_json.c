/* core/draw_json.c - what the core found about a draw, as JSON */
#include "core/draw_json.h"

static void
put_name(struct buf *b, const char *name)
{
    buf_z(b, ",\"");
    buf_z(b, name);
    buf_z(b, "\":");
}

static void
put_text(struct buf *b, const char *name, struct str value)
{
    put_name(b, name);
    buf_json(b, value);
}

static void
put_number(struct buf *b, const char *name, uint64_t value)
{
    put_name(b, name);
    buf_u64(b, value);
}

static void
put_bool(struct buf *b, const char *name, bool value)
{
    put_name(b, name);
    buf_z(b, value ? "true" : "false");
}

static void
put_hash(struct buf *b, const unsigned char *digest)
{
    buf_z(b, "\"");
    buf_hex(b, digest, HASH_LEN);
    buf_z(b, "\"");
}

static void
put_digest(struct buf *b, const char *name, bool has, const unsigned char *digest)
{
    put_name(b, name);
    if (has)
        put_hash(b, digest);
    else
        buf_z(b, "null");
}

/* What is open: the closing brace is the caller's. */
static void
put_step(struct buf *out, const char *name, enum draw_step_state state, const char *zh, const char *en)
{
    static const char *const STATES[] = {"pass", "fail", "skip", "warn"};

    buf_z(out, "{\"name\":");
    buf_json(out, str_of(name));
    put_text(out, "state", str_of(STATES[state]));
    put_text(out, "zh", str_of(zh));
    put_text(out, "en", str_of(en));
}

static void
put_place(struct buf *out, enum err e, const char *file, uint64_t line)
{
    put_text(out, "error", str_of(err_name(e)));
    put_text(out, "file", str_of(file));
    put_number(out, "line", line);
}

static void
put_why(struct buf *out, const char *zh, const char *en)
{
    put_text(out, "reason_zh", str_of(zh));
    put_text(out, "reason_en", str_of(en));
}

void
draw_step_json(const struct draw_step *s, struct buf *out)
{
    put_step(out, s->name, s->state, s->zh, s->en);
    if (s->state == DRAW_FAIL || s->state == DRAW_WARN) {
        put_place(out, s->fault.err, draw_file_name(s->fault.file), s->fault.line);
        put_number(out, "column", s->fault.column);
        put_number(out, "byte", s->fault.byte);
        put_why(out, s->fault.zh, s->fault.en);
    }
    buf_z(out, "}");
}

void
paper_step_json(const struct paper_step *s, struct buf *out)
{
    put_step(out, s->name, s->state, s->zh, s->en);
    if (s->state == DRAW_FAIL || s->state == DRAW_WARN) {
        put_place(out, s->err, s->file, s->line);
        put_why(out, s->why_zh, s->why_en);
    }
    buf_z(out, "}");
}

static void
put_quota(const struct draw_run *run, const struct draw_reason_quota *q, struct buf *out)
{
    static const char *const STATUS[] = {"selected", "reserve", "not_selected", "not_in_quota"};
    const struct draw_quota *quota = &run->spec.quotas[q->quota];
    const struct draw_outcome *o = &run->outcomes[q->quota];
    bool exact = run->spec.rule == DRAW_UNIFORM || q->certain;

    buf_z(out, "{\"group\":");
    buf_u64(out, quota->group);
    put_text(out, "stratum", quota->stratum);
    put_number(out, "population", o->population);
    put_number(out, "n", quota->n);
    put_number(out, "reserve", quota->reserve);
    put_text(out, "status", str_of(STATUS[q->status]));
    put_number(out, "rank", q->rank);
    put_bool(out, "certain", q->certain);
    buf_z(out, ",\"probability\":{\"kind\":");
    buf_json(out, exact ? STR("exact") : STR("design"));
    put_number(out, "numerator", q->numerator);
    put_number(out, "denominator", q->denominator);
    buf_z(out, "}");
    put_digest(out, "last_ticket", o->has_last, o->last);
    put_digest(out, "first_out_ticket", o->has_first_out, o->first_out);
    buf_z(out, "}");
}

void
draw_reason_json(const struct draw_run *run, const struct draw_reason *x, struct buf *out)
{
    buf_z(out, "{\"id\":");
    buf_json(out, x->row.id);
    put_number(out, "row", x->row_number + 1);
    put_text(out, "line", roster_line(&run->roster, x->row_number));
    put_digest(out, "ticket", true, x->ticket);
    put_digest(out, "key", true, run->key_target);
    put_digest(out, "root", true, run->roster.root);
    put_text(out, "suite", run->spec.suite == HASH_SM3 ? STR("sm3") : STR("sha256"));
    put_bool(out, "excluded", x->row.excluded);
    put_bool(out, "selected", x->selected);
    put_number(out, "position", x->position);
    put_number(out, "batch", x->batch);
    buf_z(out, ",\"quotas\":[");
    for (size_t i = 0; i < x->quota_count; i++) {
        buf_z(out, i == 0 ? "" : ",");
        put_quota(run, &x->quotas[i], out);
    }
    buf_z(out, "],\"proof\":[");
    for (unsigned i = 0; i < x->proof.count; i++) {
        buf_z(out, i == 0 ? "" : ",");
        put_hash(out, x->proof.hash[i]);
    }
    buf_z(out, "]}");
}

size_t
draw_reason_bytes(const struct draw_reason *x)
{
    enum { HEAD = 2048, QUOTA = 1024, HASH = 72 };

    return HEAD + x->quota_count * QUOTA + x->proof.count * HASH;
}
