/* fuzz_match - instances of the matching; small ones are solved and the checker judges the solver */
#include "fuzz.h"

#include "core/match.h"

enum { MEMORY_BYTES = 64 << 20, AGAIN_BYTES = 1 << 20 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void *block;
    static char again[AGAIN_BYTES];
    struct buf b = buf_over(again, sizeof again);
    struct match_instance in, copy;
    struct match_fault fault;
    struct arena a;

    if (block == NULL)
        block = malloc(MEMORY_BYTES);
    a = arena_over(block, MEMORY_BYTES);
    if (match_parse(&a, (struct str){(const char *) data, size}, &in, &fault) != OK)
        return 0;
    demand(match_validate(&a, &in) == OK);
    match_write(&b, &in);
    if (!b.overflow)
        demand(match_parse(&a, buf_view(&b), &copy, &fault) == OK);
    return 0;
}
