/* base/b64.h - base64 of RFC 4648 §4, strict: padding is there, spare bits are zero, nothing else is
 * accepted. */
#ifndef MQ_B64_H
#define MQ_B64_H

#include "base/err.h"
#include "base/str.h"

/* b64_write: append the text for n bytes. */
void b64_write(struct buf *b, const void *p, size_t n);
/*
 * b64_decode: text into at most max bytes at out; *n is their number. Exactly one text decodes to given
 * bytes. ERR_LENGTH    not a multiple of 4 characters. ERR_CHARSET   a character outside the alphabet,
 * padding in the wrong place, spare bits that are not zero. ERR_TOO_LARGE more than max bytes.
 */
MUST_USE enum err b64_decode(struct str text, void *out, size_t max, size_t *n);

#endif
