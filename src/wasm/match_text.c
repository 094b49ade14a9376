/* wasm/match_text.c - the matching for the browser: the same core, compiled to WebAssembly (docs/spec/match-1.md).
 *
 * How a page uses it: match_begin(n) gives the address for the n bytes of an instance, match_seed_at() the address
 * of the 32 bytes of the match seed; match_run(slack) gives the address of the text that `mingqian match run` prints
 * without its line feed, match_length() bytes long. When the instance is refused match_run gives 0 and match_error() the
 * code, match_line() the line. One instance of the module matches once. */
#include "core/match.h"

#define EXPORT(name) __attribute__((export_name(name)))

enum { WASM_PAGE_BYTES = 65536, ARENA_LEAST_BYTES = 1 << 22 };

/* The module's instance is one matching: its state lives as long as it. */
static struct str text;
static struct match_options options;
static struct buf out;
static struct match_fault fault;
static enum err error;

static void *
more_memory(size_t n)
{
    size_t pages = n / WASM_PAGE_BYTES + 1, before = __builtin_wasm_memory_grow(0, pages);

    return before == SIZE_MAX ? NULL : (void *) (before * WASM_PAGE_BYTES);
}

EXPORT("match_begin")
char *
match_begin(uint32_t n)
{
    char *p = more_memory(n);

    text = (struct str) {p, p == NULL ? 0 : n};
    return p;
}

EXPORT("match_seed_at")
unsigned char *
match_seed_at(void)
{
    return options.seed;
}

static void
add_list(const char *word, const uint32_t *ids, size_t n)
{
    buf_z(&out, word);
    for (size_t k = 0; k < n; k++) {
        buf_z(&out, k == 0 ? "" : ", ");
        buf_u64(&out, ids[k]);
    }
    buf_z(&out, "]");
}

static void
add_raw_cut(void *ctx, const uint32_t *groups, size_t group_count, const uint32_t *inspectors,
            size_t inspector_count)
{
    (void) ctx;
    add_list(out.n == 0 ? "infeasible groups [" : "; groups [", groups, group_count);
    add_list(" inspectors [", inspectors, inspector_count);
}

static enum err
match_all(struct arena *a)
{
    struct match_instance in;
    struct match_result r;
    enum err e = match_parse(a, text, &in, &fault);

    if (e == OK)
        e = match_solve(a, &in, &options, &r);
    if (e == OK && r.feasible)
        match_write_owners(&out, &in, &r);
    return e == OK && out.overflow ? ERR_MEMORY : e;
}

/* Memory: about 40 bytes a byte of the instance; half as much for the text of many cuts. */
EXPORT("match_run")
const char *
match_run(int32_t slack)
{
    size_t arena_bytes = ARENA_LEAST_BYTES + 40 * text.n, out_bytes = ARENA_LEAST_BYTES + 4 * text.n;
    void *block = more_memory(arena_bytes), *answer = more_memory(out_bytes);
    struct arena a;

    error = ERR_MEMORY;
    if (text.p == NULL || block == NULL || answer == NULL)
        return NULL;
    a = arena_over(block, arena_bytes);
    out = buf_over(answer, out_bytes);
    options.slack = slack;
    options.raw_cut = add_raw_cut;
    error = match_all(&a);
    return error == OK ? out.p : NULL;
}

EXPORT("match_length")
uint32_t
match_length(void)
{
    return (uint32_t) out.n;
}

EXPORT("match_error")
int32_t
match_error(void)
{
    return (int32_t) error;
}

EXPORT("match_line")
uint32_t
match_line(void)
{
    return (uint32_t) fault.line;
}
