/* mod/journal/sm2.c - SM2 with SM3 on OpenSSL 3 */
#include "sm2.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

static const char DISTINGUISHING_ID[] = "1234567812345678";
enum { DER_BYTES_MAX = 80 };

bool
sm2_public(const unsigned char secret[static SM2_SECRET_BYTES], unsigned char out[static SM2_PUBLIC_BYTES])
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_sm2);
    EC_POINT *point = group == NULL ? NULL : EC_POINT_new(group);
    BIGNUM *d = BN_bin2bn(secret, SM2_SECRET_BYTES, NULL), *limit = BN_new();
    bool ok = point != NULL && d != NULL && limit != NULL && BN_copy(limit, EC_GROUP_get0_order(group)) != NULL &&
              BN_sub_word(limit, 1) == 1 && !BN_is_zero(d) && BN_cmp(d, limit) < 0 &&
              EC_POINT_mul(group, point, d, NULL, NULL, NULL) == 1 &&
              EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out, SM2_PUBLIC_BYTES, NULL) ==
                  SM2_PUBLIC_BYTES;

    BN_free(limit);
    BN_clear_free(d);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    return ok;
}

/* A key for OpenSSL; without a secret it only verifies. */
static EVP_PKEY *
key_of(const unsigned char *secret, const unsigned char *public_key)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *d = secret == NULL ? NULL : BN_bin2bn(secret, SM2_SECRET_BYTES, NULL);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    OSSL_PARAM *params = NULL;
    EVP_PKEY *key = NULL;

    if (build != NULL && ctx != NULL && (secret == NULL || d != NULL) &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, public_key, SM2_PUBLIC_BYTES) == 1 &&
        (d == NULL || OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1))
        params = OSSL_PARAM_BLD_to_param(build);
    if (params != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
        EVP_PKEY_fromdata(ctx, &key, secret == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, params);
    OSSL_PARAM_free(params);
    EVP_PKEY_CTX_free(ctx);
    BN_clear_free(d);
    OSSL_PARAM_BLD_free(build);
    return key;
}

/* A digest context that mixes in the distinguishing id. */
static EVP_MD_CTX *
context_of(EVP_PKEY *key, EVP_PKEY_CTX **ctx)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();

    *ctx = key == NULL ? NULL : EVP_PKEY_CTX_new(key, NULL);
    if (md != NULL && *ctx != NULL &&
        EVP_PKEY_CTX_set1_id(*ctx, DISTINGUISHING_ID, (int) strlen(DISTINGUISHING_ID)) == 1) {
        EVP_MD_CTX_set_pkey_ctx(md, *ctx);
        return md;
    }
    EVP_MD_CTX_free(md);
    return NULL;
}

static bool
from_der(const unsigned char *der, size_t n, unsigned char out[static SM2_SIGNATURE_BYTES])
{
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long) n);
    bool ok = signature != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, 32) == 32 &&
              BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + 32, 32) == 32;

    ECDSA_SIG_free(signature);
    return ok;
}

static size_t
to_der(const unsigned char raw[static SM2_SIGNATURE_BYTES], unsigned char out[static DER_BYTES_MAX])
{
    ECDSA_SIG *signature = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, 32, NULL), *s = BN_bin2bn(raw + 32, 32, NULL);
    int n = 0;

    if (signature != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(signature, r, s) == 1) {
        r = s = NULL; /* owned by the signature now */
        n = i2d_ECDSA_SIG(signature, NULL);
        n = n > 0 && n <= DER_BYTES_MAX ? i2d_ECDSA_SIG(signature, &out) : 0;
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(signature);
    return n > 0 ? (size_t) n : 0;
}

bool
sm2_sign(const unsigned char secret[static SM2_SECRET_BYTES], const void *message, size_t n,
         unsigned char out[static SM2_SIGNATURE_BYTES])
{
    unsigned char public_key[SM2_PUBLIC_BYTES], der[DER_BYTES_MAX];
    size_t der_bytes = sizeof der;
    EVP_PKEY *key = sm2_public(secret, public_key) ? key_of(secret, public_key) : NULL;
    EVP_PKEY_CTX *ctx;
    EVP_MD_CTX *md = context_of(key, &ctx);
    bool ok = md != NULL && EVP_DigestSignInit(md, NULL, EVP_sm3(), NULL, key) == 1 &&
              EVP_DigestSign(md, der, &der_bytes, message, n) == 1 && from_der(der, der_bytes, out);

    EVP_MD_CTX_free(md);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    return ok;
}

bool
sm2_verify(const unsigned char public_key[static SM2_PUBLIC_BYTES], const void *message, size_t n,
           const unsigned char signature[static SM2_SIGNATURE_BYTES])
{
    unsigned char der[DER_BYTES_MAX];
    size_t der_bytes = to_der(signature, der);
    EVP_PKEY *key = key_of(NULL, public_key);
    EVP_PKEY_CTX *ctx;
    EVP_MD_CTX *md = context_of(key, &ctx);
    bool ok = md != NULL && der_bytes > 0 && EVP_DigestVerifyInit(md, NULL, EVP_sm3(), NULL, key) == 1 &&
              EVP_DigestVerify(md, der, der_bytes, message, n) == 1;

    EVP_MD_CTX_free(md);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    return ok;
}
