/* fuzz_terms - the JSON of scopes, strata, participants and items (mod/plan/terms.h): what is accepted has one canonical text */
#include "fuzz.h"

#include "mod/plan/terms.h"

enum { ARENA_BYTES = 8 << 20 };

typedef enum err (*canonical_fn)(struct ctx *c, struct str json, struct str *text);

static enum err
scope_text(struct ctx *c, struct str json, struct str *text)
{
    struct scope s;
    enum err e = terms_scope(c, json, &s);

    return e == OK ? terms_scope_text(c, &s, text) : e;
}

static enum err
sampling_text(struct ctx *c, struct str json, struct str *text)
{
    struct sampling s;
    enum err e = terms_sampling(c, json, &s);

    return e == OK ? terms_sampling_text(c, &s, text) : e;
}

static enum err
participants_text(struct ctx *c, struct str json, struct str *text)
{
    struct participants p;
    enum err e = terms_participants(c, json, &p);

    return e == OK ? terms_participants_text(c, &p, text) : e;
}

static enum err
items_text(struct ctx *c, struct str json, struct str *text)
{
    struct texts t;
    enum err e = terms_items(c, json, &t);

    return e == OK ? terms_texts_text(c, &t, text) : e;
}

/* The canonical text is accepted again, and is its own canonical text. */
static void
check(struct ctx *c, struct str json, canonical_fn canonical)
{
    struct str once, twice;

    if (canonical(c, json, &once) == OK)
        demand(canonical(c, once, &twice) == OK && str_eq(once, twice));
    arena_reset(c->arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char block[ARENA_BYTES];
    struct arena arena = arena_over(block, sizeof block);
    struct ctx c = {.arena = &arena};
    struct str json = {(const char *) data, size};

    check(&c, json, scope_text);
    check(&c, json, sampling_text);
    check(&c, json, participants_text);
    check(&c, json, items_text);
    return 0;
}
