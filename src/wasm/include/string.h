/* wasm/include/string.h - the five functions of string.h that core and base use, where there is no C library */
#ifndef MQ_WASM_STRING_H
#define MQ_WASM_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
void *memchr(const void *s, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
char *strchr(const char *z, int c);
int strcmp(const char *a, const char *b);

/* Without a C library the compiler must be told that these are what it knows: short copies of known size then need no
 * call. runtime.c undoes it where it defines them. */
#define memcpy(to, from, n) __builtin_memcpy(to, from, n)
#define memmove(to, from, n) __builtin_memmove(to, from, n)
#define memset(to, c, n) __builtin_memset(to, c, n)
#define memcmp(a, b, n) __builtin_memcmp(a, b, n)

#endif
