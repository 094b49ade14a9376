/* wasm/runtime.c - what the compiler expects of a C library: include/string.h and 128-bit products */
#include <stdint.h>
#include <string.h>

#undef memcpy
#undef memmove
#undef memset
#undef memcmp

/* Sixteen bytes at any address. The copying instructions of WebAssembly are calls into the engine, dear for short pieces. */
typedef unsigned char bytes16 __attribute__((vector_size(16), aligned(1), may_alias));
typedef signed char sbytes16 __attribute__((vector_size(16)));
typedef unsigned long long bytes8 __attribute__((aligned(1), may_alias));

void *
memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    for (; n >= 16; n -= 16, t += 16, f += 16)
        *(bytes16 *) t = *(const bytes16 *) f;
    while (n-- > 0)
        *t++ = *f++;
    return to;
}

void *
memmove(void *to, const void *from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    if (t <= f)
        return memcpy(to, from, n);
    while (n-- > 0)
        t[n] = f[n];
    return to;
}

void *
memset(void *to, int c, size_t n)
{
    unsigned char *t = to;
    bytes16 all = (bytes16) {0} + (unsigned char) c;

    for (; n >= 16; n -= 16, t += 16)
        *(bytes16 *) t = all;
    while (n-- > 0)
        *t++ = (unsigned char) c;
    return to;
}

void *
memchr(const void *s, int c, size_t n)
{
    const unsigned char *p = s;
    bytes16 wanted = (bytes16) {0} + (unsigned char) c;

    for (; n >= 16; n -= 16, p += 16) {
        unsigned found = (unsigned) __builtin_wasm_bitmask_i8x16((sbytes16) (*(const bytes16 *) p == wanted));

        if (found != 0)
            return (void *) (uintptr_t) (p + __builtin_ctz(found));
    }
    for (; n > 0; n--, p++)
        if (*p == (unsigned char) c)
            return (void *) (uintptr_t) p;
    return NULL;
}

int
memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a, *y = b;

    for (; n >= 8; n -= 8, x += 8, y += 8) {
        unsigned long long v = *(const bytes8 *) x, w = *(const bytes8 *) y;

        if (v != w)
            return __builtin_bswap64(v) < __builtin_bswap64(w) ? -1 : 1;
    }
    for (; n > 0; n--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

size_t
strlen(const char *s)
{
    size_t n = 0;

    while (s[n] != '\0')
        n++;
    return n;
}

int
strcmp(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b)
        a++, b++;
    return (unsigned char) *a - (unsigned char) *b;
}

typedef unsigned __int128 u128;
u128 __multi3(u128 a, u128 b);

/* The product modulo 2^128 from four 64-bit ones: a = a1·2^64 + a0, a0 = h·2^32 + l. */
u128
__multi3(u128 a, u128 b)
{
    unsigned long long a0 = (unsigned long long) a, b0 = (unsigned long long) b;
    unsigned long long al = a0 & 0xFFFFFFFFU, ah = a0 >> 32, bl = b0 & 0xFFFFFFFFU, bh = b0 >> 32;
    unsigned long long low = al * bl, mid = ah * bl + (low >> 32), cross = (mid & 0xFFFFFFFFU) + al * bh;
    unsigned long long high = ah * bh + (mid >> 32) + (cross >> 32);

    high += (unsigned long long) (a >> 64) * b0 + a0 * (unsigned long long) (b >> 64);
    return (u128) high << 64 | (cross << 32 | (low & 0xFFFFFFFFU));
}

char *
strchr(const char *z, int c)
{
    for (; *z != (char) c; z++)
        if (*z == 0)
            return NULL;
    return (char *) (uintptr_t) z;
}
