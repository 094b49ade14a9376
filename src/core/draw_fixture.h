/* core/draw_fixture.h - for tests: the published vectors, and draws made up from a recipe and a number */
#ifndef MQ_DRAW_FIXTURE_H
#define MQ_DRAW_FIXTURE_H

#include "base/test.h"

#include <stdio.h>

#include "core/draw_run.h"

enum { FIXTURE_BYTES = 96 << 20 };

struct fixture {
    struct arena arena;
    void *block;
};

static inline struct fixture
fixture_start(void)
{
    struct fixture x = {.block = malloc(FIXTURE_BYTES)};

    EXPECT(x.block != NULL);
    x.arena = arena_over(x.block, FIXTURE_BYTES);
    return x;
}

static inline void
fixture_end(struct fixture *x)
{
    free(x->block);
}

/* vectors/draw/NAME/FILE of the source tree. */
static inline struct str
fixture_file(struct fixture *x, const char *name, enum draw_file file)
{
    char path[1024];
    const char *source = getenv("MQ_SOURCE_DIR");
    char *p = arena_alloc(&x->arena, 1 << 16);
    FILE *f;
    size_t n;

    (void) snprintf(path, sizeof path, "%s/vectors/draw/%s/%s", source == NULL ? "." : source, name,
                    draw_file_name(file));
    f = fopen(path, "rb");
    EXPECT(f != NULL && p != NULL);
    n = fread(p, 1, 1 << 16, f);
    (void) fclose(f);
    return (struct str){p, n};
}

static inline struct draw_files
fixture_vector(struct fixture *x, const char *name)
{
    struct draw_files files;

    for (int f = 0; f < DRAW_FILE_COUNT; f++)
        files.file[f] = fixture_file(x, name, (enum draw_file) f);
    return files;
}

/* Numbers that look random, the same in every run (SplitMix64). */
static inline uint64_t
fixture_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15U;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

/* A draw of two parties without a beacon. */
struct recipe {
    enum hash_suite suite;
    enum draw_rule rule;
    uint32_t batches;
    struct draw_quota quotas[8]; /* stratum, group, n, reserve */
    size_t quota_count;
    struct str roster;
    uint64_t secrets; /* number the secrets come from */
};

static inline void
fixture_secret(uint64_t secrets, uint64_t party, unsigned char out[DRAW_SECRET_BYTES])
{
    uint64_t from[2] = {secrets, party};

    hash_of(HASH_SHA256, from, sizeof from, out);
}

/* All five documents of the recipe's draw; result.txt only when `recompute`. */
static inline struct draw_files
fixture_make(struct fixture *x, const struct recipe *recipe, bool recompute)
{
    static const bool PRESENT[DRAW_PARTY_MAX] = {true, true};
    struct draw_env env = draw_env_serial();
    struct draw_files files = {.file[DRAW_ROSTER] = recipe->roster};
    struct draw_party parties[2] = {{.name = STR("a")}, {.name = STR("b")}};
    struct draw_quota quotas[8];
    struct draw_spec d = {.suite = recipe->suite,
                          .number = STR("411500/2026/0001"),
                          .attempt = 1,
                          .rule = recipe->rule,
                          .batches = recipe->batches,
                          .min_parties = 2,
                          .quotas = quotas,
                          .quota_count = recipe->quota_count,
                          .parties = parties,
                          .party_count = 2};
    struct draw_reveal reveal = {0};
    struct draw_lock lock;
    struct fault f;
    struct roster r;
    size_t mark = arena_mark(&x->arena);
    struct buf out;

    memcpy(quotas, recipe->quotas, sizeof quotas);
    EXPECT(roster_read(recipe->roster, recipe->suite, NULL, NULL, &env, &x->arena, &r, &f) == OK);
    arena_rewind(&x->arena, mark);
    d.roster_count = r.count;
    memcpy(d.roster_root, r.root, HASH_LEN);
    for (size_t i = 0; i < 2; i++) {
        fixture_secret(recipe->secrets, i, reveal.secret[i]);
        draw_commitment(d.suite, d.number, d.attempt, parties[i].name, reveal.secret[i],
                        parties[i].commitment);
    }
    out = buf_over(arena_alloc(&x->arena, 2048), 2048);
    draw_write(&d, &out);
    files.file[DRAW_DRAW] = buf_view(&out);
    EXPECT(draw_parse(files.file[DRAW_DRAW], &x->arena, &d, &f) == OK);
    out = buf_over(arena_alloc(&x->arena, 256), 256);
    draw_lock_write(&d, PRESENT, &out);
    files.file[DRAW_LOCK] = buf_view(&out);
    EXPECT(draw_lock_parse(files.file[DRAW_LOCK], &d, &lock, &f) == OK);
    out = buf_over(arena_alloc(&x->arena, 512), 512);
    draw_reveal_write(&d, &lock, &reveal, &out);
    EXPECT(!out.overflow);
    files.file[DRAW_REVEAL] = buf_view(&out);
    if (recompute)
        EXPECT(draw_recompute(&files, &env, &x->arena, &files.file[DRAW_RESULT], &f) == OK);
    return files;
}

/* A roster of `count` rows: ids "T000000", …, stratum letters A.. by `strata`, weight and mask by functions
 * of the row (NULL: 1). Written into the arena. */
static inline struct str
fixture_roster(struct fixture *x, size_t count, unsigned strata, uint32_t (*weight)(size_t),
               uint64_t (*mask)(size_t))
{
    size_t size = count * 64 + 1;
    struct buf out = buf_over(arena_alloc(&x->arena, size), size);

    for (size_t i = 0; i < count; i++) {
        char id[16], stratum[2] = {(char) ('A' + (int) (i % strata)), 0};
        struct roster_row row = {.stratum = str_of(stratum),
                                 .weight = weight == NULL ? 1 : weight(i),
                                 .mask = mask == NULL ? 1 : mask(i),
                                 .salt = STR("-")};

        (void) snprintf(id, sizeof id, "T%07u", (unsigned) i);
        row.id = str_of(id);
        roster_row_write(&row, &out);
    }
    EXPECT(!out.overflow);
    return buf_view(&out);
}

#endif
