/* fuzz_staff - staff.tsv, forbidden.tsv and rules.txt, separated by NUL bytes */
#include "fuzz.h"

#include "core/staff.h"

enum { MEMORY_BYTES = 64 << 20 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void *block;
    struct str rest = {(const char *) data, size};
    struct str staff = fuzz_part(&rest), forbidden = fuzz_part(&rest);
    struct staff_fault fault = {0};
    struct staff s;
    struct arena a;

    if (block == NULL)
        block = malloc(MEMORY_BYTES);
    a = arena_over(block, MEMORY_BYTES);
    if (staff_parse(&a, staff, forbidden, rest, &s, &fault) != OK)
        demand(fault.what != NULL);
    return 0;
}
