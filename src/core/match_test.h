/* core/match_test.h - shared by the tests of the matching: memory, files, random instances */
#ifndef MQ_MATCH_TEST_H
#define MQ_MATCH_TEST_H

#include <stdio.h>

#include "base/test.h"

#include "core/match.h"

static inline struct arena
test_arena(size_t mib)
{
    void *block = malloc(mib << 20);

    EXPECT(block != NULL);
    return arena_over(block, mib << 20);
}

/* A whole file below the source directory, NUL-terminated; fails the test if it is not there. */
static inline struct str
test_file(struct arena *a, const char *folder, const char *name)
{
    const char *top = getenv("MQ_SOURCE_DIR");
    char path[1024];
    char *text;
    size_t n;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s/%s", top ? top : ".", folder, name);
    f = fopen(path, "rb");
    if (!f)
        fail_msg("%s is missing", path);
    text = arena_alloc(a, 1 << 20);
    EXPECT(text != NULL);
    n = fread(text, 1, (1 << 20) - 1, f);
    fclose(f);
    return (struct str){text, n};
}

/* A small generator for instances (splitmix64); its quality does not matter, its repeatability does. */
struct test_random {
    uint64_t state;
};

static inline uint64_t
test_random(struct test_random *r, uint64_t below)
{
    uint64_t z = (r->state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (z ^ z >> 31) % below;
}

static inline void
test_seed(uint64_t n, unsigned char out[MATCH_SEED_LEN])
{
    memset(out, 0, MATCH_SEED_LEN);
    for (int k = 0; k < 8; k++)
        out[k] = (unsigned char) (n >> (8 * k));
}

/* An instance in text, small and often tight. */
static inline struct str
test_instance(struct arena *a, uint64_t number)
{
    struct test_random r = {number * 1000003 + 17};
    unsigned inspectors = 1 + (unsigned) test_random(&r, 9), classes = 1 + (unsigned) test_random(&r, 4);
    unsigned groups = (unsigned) test_random(&r, 8), cap_max = 1 + (unsigned) test_random(&r, 4);
    struct buf b = buf_over(arena_alloc(a, 4096), 4096);
    struct buf list = buf_over(arena_alloc(a, 512), 512);

    buf_u64(&b, inspectors);
    for (unsigned i = 0; i < inspectors; i++) {
        buf_z(&b, "\n");
        buf_u64(&b, test_random(&r, 3) == 0 ? test_random(&r, 3) : 0);
        buf_z(&b, " ");
        buf_u64(&b, test_random(&r, cap_max + 1));
    }
    buf_z(&b, "\n");
    buf_u64(&b, classes);
    for (unsigned k = 0; k < classes + groups; k++) {
        uint64_t n = 0, in_ten = k < classes ? 7 : test_random(&r, 3);

        list.n = 0;
        for (unsigned i = 0; i < inspectors; i++)
            if (test_random(&r, 10) < in_ten) {
                buf_z(&list, " ");
                buf_u64(&list, i);
                n++;
            }
        buf_z(&b, "\n");
        if (k == classes) {
            buf_u64(&b, groups);
            buf_z(&b, "\n");
        }
        if (k >= classes) {
            buf_u64(&b, k - classes);
            buf_z(&b, " ");
            buf_u64(&b, test_random(&r, classes));
            buf_z(&b, " ");
            buf_u64(&b, test_random(&r, 8) == 0 ? 0 : 1 + test_random(&r, 2));
            buf_z(&b, " ");
        }
        buf_u64(&b, n);
        buf_str(&b, buf_view(&list));
    }
    if (groups == 0)
        buf_z(&b, "\n0");
    buf_z(&b, "\n");
    EXPECT(!b.overflow && !list.overflow);
    return buf_view(&b);
}

static inline struct match_instance
test_parse(struct arena *a, struct str text)
{
    struct match_instance in;
    struct match_fault fault;

    EXPECT_INT(match_parse(a, text, &in, &fault), OK);
    return in;
}

#endif
