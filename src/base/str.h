/* base/str.h - byte strings with a length, and a writer into a fixed buffer that remembers overflow. */
#ifndef MQ_STR_H
#define MQ_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "err.h"

struct str {
    const char *p; /* not NUL-terminated unless said; NULL = absent (SQL NULL) */
    size_t n;      /* bytes */
};

#define STR(literal) ((struct str) {"" literal, sizeof(literal) - 1})

struct str str_of(const char *z);                  /* NULL gives an absent string */
bool str_eq(struct str a, struct str b);           /* same bytes; absent equals only absent */
int str_cmp(struct str a, struct str b);           /* byte order */
bool str_starts(struct str s, struct str prefix);
struct str str_trim(struct str s);                 /* without ASCII blanks, TAB, CR, LF at both ends */
struct str str_copy(struct arena *a, struct str s); /* NUL-terminated copy; absent when memory ends */
char *str_z(struct arena *a, struct str s);        /* NUL-terminated copy or NULL */
/* str_split: cut s at the first sep into *head and *tail; false (and *head = s) when sep is not there. */
bool str_split(struct str s, char sep, struct str *head, struct str *tail);
/* str_u64: decimal digits only, no sign, no leading zero (but "0"). ERR_SYNTAX, ERR_RANGE. */
MUST_USE enum err str_u64(struct str s, uint64_t max, uint64_t *out);

/* A writer. Writing past the end sets overflow and drops the rest; check once at the end. */
struct buf {
    char *p;
    size_t size_bytes, n;
    bool overflow;
};

struct buf buf_over(char *p, size_t size_bytes);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_z(struct buf *b, const char *z);
void buf_u64(struct buf *b, uint64_t v);
void buf_i64(struct buf *b, int64_t v);
void buf_hex(struct buf *b, const void *p, size_t n); /* lower case */
/* buf_json: s as a JSON string with its quotes (RFC 8259); in what is not UTF-8 each byte from 0x80 becomes U+FFFD. */
void buf_json(struct buf *b, struct str s);
struct str buf_view(const struct buf *b);

/* hex_decode: exactly 2n lower-case digits into n bytes. ERR_LENGTH, ERR_CHARSET. */
MUST_USE enum err hex_decode(struct str hex, void *out, size_t n);
void hex_encode(const void *p, size_t n, char *out); /* 2n characters, no NUL */

/* utf8_valid: well-formed UTF-8 without NUL, surrogates or overlong forms. */
bool utf8_valid(struct str s);

#endif
