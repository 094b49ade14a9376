/* wasm/verify.c - the draw's verification for the browser: the same core, compiled to WebAssembly (docs/spec/draw-1.md).
 *
 * How a page uses it (web/verifier/verify-worker.js): verify_begin with the five sizes gives the address of five addresses
 * where the files' bytes belong; verify_run then checks them and gives the address of a JSON text of verify_length
 * bytes, the same that `mingqian draw verify --json` prints without the log. paper_room before it: of what lies beside the five files. Where workers read the roster in parts (wasm/part.c), verify_begin
 * is given their picks for a roster, join_part each worker's findings, and join_run takes the place of verify_run.
 * explain_run and what_if_run take its place too. One instance answers once. */
#include "wasm.h"

#include "core/draw_json.h"
#include "core/draw_papers.h"
#include "core/draw_part.h"

enum { REPORT_BYTES = 1 << 16, PARTS_MAX = 64, QUESTION_BYTES = 64, FIRST_MAX = 20, PAPER_STEPS_MAX = 4 };
#define PAPERS_BYTES_MIN ((size_t) 16 << 20)
#define PAPERS_BYTES_MAX ((size_t) 2 << 30)

/* The instance is one verification: its state lives as long as the instance. */
static struct draw_files files;
static uint32_t addresses[DRAW_FILE_COUNT];
static struct draw_papers papers;
static struct paper_step paper_steps[PAPER_STEPS_MAX];
static size_t paper_step_count;
static struct arena arena;
static struct draw_report report;
static struct draw_part parts[PARTS_MAX];
static size_t part_count;
static char text[REPORT_BYTES], question[QUESTION_BYTES];
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
        put_number(b, "n", run->spec.quotas[i].n);
        if (run->outcomes != NULL)
            put_number(b, "population", run->outcomes[i].population);
        if (run->outcomes != NULL && run->outcomes[i].has_last)
            put_digest(b, "last", run->outcomes[i].last);
        buf_z(b, "}");
    }
    buf_z(b, "]");
}

/* --- what lies beside the five files (core/draw_papers.h) ------------------------------------------------------------ */

/* Where the n bytes of this document belong; verify_begin comes first. NULL: no memory. */
EXPORT("paper_room")
char *
paper_room(uint32_t paper, uint32_t n)
{
    char *p = paper < PAPER_COUNT ? more_memory((size_t) n + 64) : NULL;

    if (p != NULL)
        papers.of[paper] = (struct str) {p, n};
    return p;
}

/* How much memory it takes shows when it runs out: twice as much, which follows at once on what is there. */
static enum err
check_paper(enum err (*check)(const struct draw_papers *p, struct arena *a, struct paper_step *step, size_t *count))
{
    size_t size = PAPERS_BYTES_MIN;
    char *block = more_memory(size);
    enum err e = ERR_MEMORY;

    while (block != NULL && e == ERR_MEMORY && size <= PAPERS_BYTES_MAX) {
        struct arena a = arena_over(block, size);

        e = check(&papers, &a, paper_steps, &paper_step_count);
        if (e == ERR_MEMORY && more_memory(size) == NULL)
            return e;
        size *= 2;
    }
    return e;
}

/* ran: the draw was run again; false: its roster is not public. */
static enum err
check_papers(bool ran)
{
    enum err e = OK;

    papers.result = files.file[DRAW_RESULT];
    papers.run = &report.run;
    papers.ran = ran;
    if (papers.of[PAPER_OWNERS].p != NULL)
        e = check_paper(draw_papers_owners);
    if (e == OK && papers.of[PAPER_PANEL].p != NULL)
        e = check_paper(draw_papers_panel);
    if (e == OK && papers.of[PAPER_OPENED].p != NULL)
        e = check_paper(draw_papers_opened);
    for (size_t i = 0; i < paper_step_count; i++)
        report.ok = report.ok && paper_steps[i].state != DRAW_FAIL;
    return e;
}

/* known: report.run holds the draw. */
static const char *
write_report(enum err e, bool known)
{
    json = buf_over(text, sizeof text);
    buf_z(&json, "{\"ok\":");
    buf_z(&json, e == OK && report.ok ? "true" : "false");
    put_field(&json, "error", str_of(err_name(e)));
    if (e == OK && known)
        put_run(&json, &report.run);
    buf_z(&json, ",\"steps\":[");
    for (size_t i = 0; e == OK && i < report.step_count + paper_step_count; i++) {
        buf_z(&json, i == 0 ? "" : ",");
        if (i < report.step_count)
            draw_step_json(&report.step[i], &json);
        else
            paper_step_json(&paper_steps[i - report.step_count], &json);
    }
    buf_z(&json, "]}");
    return text;
}

/* After the five files were checked with e. */
static const char *
finish(enum err e)
{
    if (e == OK && report.ran)
        e = check_papers(true);
    return write_report(e, report.ran);
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
    return finish(reserve() ? draw_verify(&files, &env, &arena, &report) : ERR_MEMORY);
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

    return finish(reserve() ? draw_parts_verify(&files, parts, part_count, &env, &arena, &report) : ERR_MEMORY);
}

/* --- a draw whose roster is not public: opened.tsv stands in for it (draw-1 §13) ------------------------------------- */

static size_t
drawn_count(struct str result)
{
    struct str line;
    size_t n = 0;

    while (result.n > 0) {
        str_split(result, '\n', &line, &result);
        n += str_starts(line, STR("target "));
    }
    return n;
}

/* Like verify_run: what can be checked without the roster, and the opened rows. */
EXPORT("opened_run")
const char *
opened_run(void)
{
    size_t size = draw_arena_bytes(&files);
    char *block = more_memory(size);
    bool known;
    enum err e;

    arena = arena_over(block, block == NULL ? 0 : size);
    e = block == NULL ? ERR_MEMORY : draw_verify_head(&files, &arena, &report);
    known = e == OK && report.ok;
    if (known) {
        report.run.target_count = drawn_count(files.file[DRAW_RESULT]);
        e = check_papers(false);
    }
    return write_report(e, known);
}

/* --- questions about a draw whose files verify_begin was given ---------------------------------------------------- */

/* Where the question belongs: an id, or the 32 bytes of a seed. */
EXPORT("question_at")
char *
question_at(void)
{
    return question;
}

static const char *
write_refusal(enum err e)
{
    json = buf_over(text, sizeof text);
    buf_z(&json, "{\"error\":");
    buf_json(&json, str_of(err_name(e)));
    buf_z(&json, "}");
    return text;
}

/* Why the id of n bytes was (not) drawn: draw_reason_json, or {error}. */
EXPORT("explain_run")
const char *
explain_run(uint32_t n)
{
    struct draw_env env = draw_env_serial();
    struct draw_run *run = &report.run;
    struct draw_reason reason;
    struct fault f;
    enum err e = n <= DRAW_ID_MAX && reserve() ? draw_run(&files, &env, &arena, run, &f) : ERR_MEMORY;

    if (e == OK)
        e = draw_explain(run, &arena, (struct str) {question, n}, &reason);
    if (e != OK)
        return write_refusal(e);
    json = buf_over(text, sizeof text);
    draw_reason_json(run, &reason, &json);
    return text;
}

/* A bit for each row that was drawn. NULL: no memory. */
static unsigned char *
drawn_rows(const struct draw_run *run)
{
    unsigned char *bit = more_memory(run->roster.count / 8 + 1);

    for (size_t i = 0; bit != NULL && i < run->target_count; i++)
        bit[run->targets[i].row / 8] |= (unsigned char) (1 << run->targets[i].row % 8);
    return bit;
}

static void
put_other(const struct draw_run *run, const unsigned char *drawn)
{
    uint64_t both = 0;

    json = buf_over(text, sizeof text);
    buf_z(&json, "{\"first\":[");
    for (size_t i = 0; i < run->target_count; i++) {
        uint32_t row = run->targets[i].row;
        bool too = (drawn[row / 8] >> row % 8 & 1) != 0;

        both += too;
        if (i >= FIRST_MAX)
            continue;
        buf_z(&json, i == 0 ? "{\"id\":" : ",{\"id\":");
        buf_json(&json, roster_id(&run->roster, row));
        buf_z(&json, too ? ",\"drawn\":true}" : ",\"drawn\":false}");
    }
    buf_z(&json, "]");
    put_digest(&json, "seed", run->seed);
    put_number(&json, "targets", run->target_count);
    put_number(&json, "both", both);
    buf_z(&json, "}");
}

/* What another seed, 32 bytes, would have drawn: {first: [{id, drawn}], seed, targets, both}, or {error}. drawn: in the real
 * draw too; both: how many are. */
EXPORT("what_if_run")
const char *
what_if_run(void)
{
    struct draw_env env = draw_env_serial();
    struct draw_run *run = &report.run;
    const unsigned char *drawn = NULL;
    struct fault f;
    size_t mark;
    enum err e = reserve() ? OK : ERR_MEMORY;

    mark = arena_mark(&arena);
    if (e == OK && (e = draw_run(&files, &env, &arena, run, &f)) == OK && (drawn = drawn_rows(run)) == NULL)
        e = ERR_MEMORY;
    arena_rewind(&arena, mark);
    if (e == OK)
        e = draw_what_if(&files, (const unsigned char *) question, &env, &arena, run, &f);
    if (e != OK)
        return write_refusal(e);
    put_other(run, drawn);
    return text;
}

/* 0 when the report did not fit. */
EXPORT("verify_length")
uint32_t
verify_length(void)
{
    return json.overflow ? 0 : (uint32_t) json.n;
}
