/* fuzz_draw - draw.txt, lock.txt and reveal.json (separated by NUL bytes), and roster.tsv alone */
#include "fuzz.h"

#include "core/draw.h"
#include "core/roster.h"

enum { MEMORY_BYTES = 4 << 20, AGAIN_BYTES = 1 << 20 };

static void
documents(struct str s, struct arena *a)
{
    static char again[AGAIN_BYTES];
    static struct draw_spec spec;
    static struct draw_lock lock;
    static struct draw_reveal reveal;
    struct buf b = buf_over(again, sizeof again);
    struct str rest = s, text = fuzz_part(&rest);
    struct fault f;

    if (draw_parse(text, a, &spec, &f) != OK)
        return;
    draw_write(&spec, &b);
    demand(b.overflow || str_eq(buf_view(&b), text));
    text = fuzz_part(&rest);
    if (draw_lock_parse(text, &spec, &lock, &f) != OK)
        return;
    b = buf_over(again, sizeof again);
    draw_lock_write(&spec, lock.present, &b);
    demand(str_eq(buf_view(&b), text));
    if (draw_reveal_parse(rest, &spec, &lock, &reveal, &f) == OK)
        demand(rest.n > 0);
}

static void
frame(struct str s, struct arena *a)
{
    struct draw_env env = draw_env_serial();
    struct roster r;
    struct fault f;

    env.locate_budget = 0;
    if (roster_read(s, HASH_SHA256, NULL, NULL, &env, a, &r, &f) != OK)
        return;
    for (uint64_t i = 0; i < r.count; i++) {
        struct roster_row row;
        char text[DRAW_LINE_MAX + 1];
        struct buf b = buf_over(text, sizeof text);

        demand(roster_row_parse(roster_line(&r, i), &row, &f) == OK);
        roster_row_write(&row, &b);
        demand(b.n == roster_line(&r, i).n + 1 && memcmp(text, roster_line(&r, i).p, b.n - 1) == 0);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void *block;
    struct str s = {(const char *) data, size};
    struct arena a;

    if (block == NULL)
        block = malloc(MEMORY_BYTES);
    a = arena_over(block, MEMORY_BYTES);
    documents(s, &a);
    arena_reset(&a);
    frame(s, &a);
    return 0;
}
