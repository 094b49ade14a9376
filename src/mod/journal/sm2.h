/* mod/journal/sm2.h - SM2 with SM3 (GB/T 32918.2) on OpenSSL, distinguishing id 1234567812345678.
 * Apart from everything else because OpenSSL's headers clash with base/err.h. */
#ifndef MQ_SM2_H
#define MQ_SM2_H

#include <stdbool.h>
#include <stddef.h>

enum { SM2_SECRET_BYTES = 32, SM2_PUBLIC_BYTES = 65, SM2_SIGNATURE_BYTES = 64 };

/* sm2_public: 04 ‖ X ‖ Y of a secret; false when the secret is not in 1..n-2. */
bool sm2_public(const unsigned char secret[static SM2_SECRET_BYTES], unsigned char out[static SM2_PUBLIC_BYTES]);
/* sm2_sign: r ‖ s, big-endian, over SM3(Z ‖ message). */
bool sm2_sign(const unsigned char secret[static SM2_SECRET_BYTES], const void *message, size_t n,
              unsigned char out[static SM2_SIGNATURE_BYTES]);
bool sm2_verify(const unsigned char public_key[static SM2_PUBLIC_BYTES], const void *message, size_t n,
                const unsigned char signature[static SM2_SIGNATURE_BYTES]);

#endif
