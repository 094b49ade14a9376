/* fuzz_entry - entries of the log */
#include "fuzz.h"

#include "core/entry.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char again[ENTRY_BYTES_MAX];
    struct str s = {(const char *) data, size};
    struct buf b = buf_over(again, sizeof again);
    struct entry e;

    if (entry_parse(s, &e) == OK)
        demand(entry_write(&b, &e) == OK && str_eq(buf_view(&b), s));
    return 0;
}
