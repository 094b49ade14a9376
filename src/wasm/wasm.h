/* wasm/wasm.h - what the exports have in common */
#ifndef MQ_WASM_H
#define MQ_WASM_H

#include <stddef.h>
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(name)))

enum { WASM_PAGE_BYTES = 65536 };
#define ABSENT 0xFFFFFFFFU

/* The page's progress: done of total parts of the present pass over the roster. */
__attribute__((import_module("page"), import_name("progress"))) void page_progress(uint32_t done, uint32_t total);

/* Memory of at least n bytes behind all that is there; NULL when the browser gives no more. */
static inline void *
more_memory(size_t n)
{
    size_t pages = n / WASM_PAGE_BYTES + 1, before = __builtin_wasm_memory_grow(0, pages);

    return before == SIZE_MAX ? NULL : (void *) (before * WASM_PAGE_BYTES);
}

static inline uint32_t
address_of(const void *p)
{
    return (uint32_t) (uintptr_t) p;
}

#endif
