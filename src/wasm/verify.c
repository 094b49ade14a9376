/* wasm/verify.c - the draw's verification for the browser: the same core, compiled to WebAssembly (docs/spec/draw-1.md).
 *
 * How a page uses it (web/verifier/verify-worker.js): verify_begin with the five sizes gives the address of five addresses
 * where the files' bytes belong; verify_run then checks them and gives the address of a JSON text of verify_length
 * bytes, the same that `mingqian draw verify --json` prints. Where workers read the roster in parts (wasm/part.c), verify_begin
 * is given their picks for a roster, join_part each worker's findings, and join_run takes the place of verify_run. One
 * instance verifies once. */
#include "wasm.h"

#include "core/draw_part.h"

enum { REPORT_BYTES = 1 << 16, PARTS_MAX = 64 };

/* The instance is one verification: its state lives as long as the instance. */
static struct draw_files files;
static uint32_t addresses[DRAW_FILE_COUNT];
static struct arena arena;
static struct draw_report report;
static struct draw_part parts[PARTS_MAX];
static size_t part_count;
static char text[REPORT_BYTES];
static struct buf json;

EXPORT("verify_begin")
uint32_t *
verify_begin(uint32_t roster, uint32_t draw, uint32_t lock, uint32_t reveal, uint32_t result)
{
    const uint32_t sizes[DRAW_FILE_COUNT] = {roster, draw, lock, reveal, result};

    for (size_t i = 0; i < DRAW_FILE_COUNT; i++) {
        char *p = sizes[i] == ABSENT ? NULL : more_memory((size_t) sizes[i] + 64);

        if (p == NULL && sizes[i] != ABSENT)
            return NULL;
        files.file[i] = (struct str) {p, p == NULL ? 0 : sizes[i]};
        addresses[i] = address_of(p);
    }
    return addresses;
}

/* One after the other, and the page hears of it now and then. */
static void
run_and_tell(void *ctx, void (*job)(void *arg, size_t i), void *arg, size_t job_count)
{
    (void) ctx;
    for (size_t i = 0; i < job_count; i++) {
        job(arg, i);
        if (i % 16 == 15 || i + 1 == job_count)
            page_progress((uint32_t) (i + 1), (uint32_t) job_count);
    }
}

static void
put_field(struct buf *b, const char *name, struct str value)
{
    buf_z(b, ",\"");
    buf_z(b, name);
    buf_z(b, "\":");
    buf_json(b, value);
}

static void
put_number(struct buf *b, const char *name, uint64_t value)
{
    buf_z(b, ",\"");
    buf_z(b, name);
    buf_z(b, "\":");
    buf_u64(b, value);
}

static void
put_digest(struct buf *b, const char *name, const unsigned char digest[HASH_LEN])
{
    buf_z(b, ",\"");
    buf_z(b, name);
    buf_z(b, "\":\"");
    buf_hex(b, digest, HASH_LEN);
    buf_z(b, "\"");
}

static void
put_step(struct buf *b, const struct draw_step *s, bool first)
{
    static const char *const STATES[] = {"pass", "fail", "skip", "warn"};

    buf_z(b, first ? "{\"name\":" : ",{\"name\":");
    buf_json(b, str_of(s->name));
    put_field(b, "state", str_of(STATES[s->state]));
    put_field(b, "zh", str_of(s->zh));
    put_field(b, "en", str_of(s->en));
    if (s->state == DRAW_FAIL || s->state == DRAW_WARN) {
        put_field(b, "error", str_of(err_name(s->fault.err)));
        put_field(b, "file", str_of(draw_file_name(s->fault.file)));
        put_number(b, "line", s->fault.line);
        put_number(b, "column", s->fault.column);
        put_number(b, "byte", s->fault.byte);
        put_field(b, "reason_zh", str_of(s->fault.zh));
        put_field(b, "reason_en", str_of(s->fault.en));
    }
    buf_z(b, "}");
}

static void
put_run(struct buf *b, const struct draw_run *run)
{
    put_field(b, "draw", run->spec.number);
    put_number(b, "attempt", run->spec.attempt);
    put_number(b, "rows", run->spec.roster_count); /* checked */
    put_number(b, "targets", run->target_count);
    put_digest(b, "digest", run->spec.digest);
    put_digest(b, "root", run->spec.roster_root);
    put_digest(b, "seed", run->seed);
    put_digest(b, "key", run->key_target);
    buf_z(b, ",\"quotas\":[");
    for (size_t i = 0; i < run->spec.quota_count; i++) {
        buf_z(b, i == 0 ? "{\"stratum\":" : ",{\"stratum\":");
        buf_json(b, run->spec.quotas[i].stratum);
        put_number(b, "group", run->spec.quotas[i].group);
        put_number(b, "population", run->outcomes[i].population);
        put_number(b, "n", run->spec.quotas[i].n);
        if (run->outcomes[i].has_last)
            put_digest(b, "last", run->outcomes[i].last);
        buf_z(b, "}");
    }
    buf_z(b, "]");
}

static const char *
write_report(enum err e)
{
    json = buf_over(text, sizeof text);
    buf_z(&json, "{\"ok\":");
    buf_z(&json, e == OK && report.ok ? "true" : "false");
    put_field(&json, "error", str_of(err_name(e)));
    if (e == OK && report.ran)
        put_run(&json, &report.run);
    buf_z(&json, ",\"steps\":[");
    for (size_t i = 0; e == OK && i < report.step_count; i++)
        put_step(&json, &report.step[i], i == 0);
    buf_z(&json, "]}");
    return text;
}

/* Room for the run; it counts rows: the files' bytes must be there. */
static bool
reserve(void)
{
    size_t arena_bytes = draw_arena_bytes(&files);
    void *block = more_memory(arena_bytes);

    arena = arena_over(block, block == NULL ? 0 : arena_bytes);
    return block != NULL;
}

EXPORT("verify_run")
const char *
verify_run(void)
{
    struct draw_env env = draw_env_serial();

    env.runner = (struct runner) {run_and_tell, NULL};
    return write_report(reserve() ? draw_verify(&files, &env, &arena, &report) : ERR_MEMORY);
}

/* A worker's findings, in the order of the parts: where its first id, last id, tiles and populations belong. NULL: no memory.
 */
EXPORT("join_part")
uint32_t *
join_part(uint32_t rows, uint32_t first, uint32_t last, uint32_t tiles, uint32_t populations)
{
    struct draw_part *part = &parts[part_count];
    size_t n = (size_t) first + last + tiles + populations;
    char *p = part_count == PARTS_MAX ? NULL : more_memory(n);

    if (p == NULL)
        return NULL;
    part_count++;
    *part = (struct draw_part) {.count = rows,
                                .population = (struct roster_population *) p,
                                .tile = (const unsigned char(*)[HASH_LEN]) (p + populations),
                                .first = {p + populations + tiles, first},
                                .last = {p + populations + tiles + first, last}};
    addresses[0] = address_of(part->first.p);
    addresses[1] = address_of(part->last.p);
    addresses[2] = address_of(part->tile);
    addresses[3] = address_of(part->population);
    return addresses;
}

/* Like verify_run, of what the workers found. Only a report that is ok counts: what is wrong, verify_run says. */
EXPORT("join_run")
const char *
join_run(void)
{
    struct draw_env env = draw_env_serial();

    return write_report(reserve() ? draw_parts_verify(&files, parts, part_count, &env, &arena, &report) : ERR_MEMORY);
}

/* 0 when the report did not fit. */
EXPORT("verify_length")
uint32_t
verify_length(void)
{
    return json.overflow ? 0 : (uint32_t) json.n;
}
