/* format/digest.c */
#include "format/digest.h"

#include <openssl/evp.h>

struct digest *
digest_new(void)
{
    EVP_MD_CTX *d = EVP_MD_CTX_new();

    if (d != NULL && EVP_DigestInit_ex(d, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(d);
        d = NULL;
    }
    return (struct digest *) d;
}

void
digest_add(struct digest *d, const void *p, size_t n)
{
    EVP_DigestUpdate((EVP_MD_CTX *) d, p, n);
}

void
digest_end(struct digest *d, unsigned char out[32])
{
    unsigned n = 0;

    EVP_DigestFinal_ex((EVP_MD_CTX *) d, out, &n);
}

void
digest_free(struct digest *d)
{
    EVP_MD_CTX_free((EVP_MD_CTX *) d);
}
