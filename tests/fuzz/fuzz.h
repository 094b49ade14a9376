/* tests/fuzz/fuzz.h - what the fuzz targets share. A target reads the bytes, and where the parser is strict
 * it writes what it understood again and demands the same bytes: a parser that accepts two forms of one thing
 * is found too. */
#ifndef MQ_FUZZ_H
#define MQ_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void
demand(bool condition)
{
    if (!condition)
        abort();
}

/* Take the part before the first NUL off *rest. */
static inline struct str
fuzz_part(struct str *rest)
{
    struct str part;

    str_split(*rest, 0, &part, rest);
    return part;
}

#endif
