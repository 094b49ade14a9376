/* format/digest.h - SHA-256 of a file's bytes as they pass by, on OpenSSL (whose headers clash with
 * base/err.h). */
#ifndef MQ_FORMAT_DIGEST_H
#define MQ_FORMAT_DIGEST_H

#include <stddef.h>

struct digest;

struct digest *digest_new(void); /* NULL: no memory */
void digest_add(struct digest *d, const void *p, size_t n);
void digest_end(struct digest *d, unsigned char out[32]);
void digest_free(struct digest *d);

#endif
