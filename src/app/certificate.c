/* app/certificate.c - see certificate.h */
#include "certificate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mod/file.h"

#define ERR_STATE OPENSSL_ERR_STATE /* the library's name for a type, ours for an error */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

enum { NAMES_BYTES = 4096, SERIAL_BYTES = 16, PEM_BYTES_MAX = 1 << 16 };
#define ROOT_KEY "keys/ca.key"
#define ROOT_PEM "ca.pem"

/* Who signs: the root, or the root itself while it is made. */
struct signer {
    X509 *cert;
    EVP_PKEY *key;
};

static enum err
to_file(const struct ctx *c, const char *name, BIO *bio, unsigned mode)
{
    char path[FILE_PATH_BYTES];
    char *p = NULL;
    long n = BIO_get_mem_data(bio, &p);
    enum err e = file_path(path, c->dir, str_of(name));

    return e == OK ? file_write(path, (struct str) {p, (size_t) n}, mode) : e;
}

static enum err
write_key(const struct ctx *c, const char *name, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    enum err e = bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1
                     ? to_file(c, name, bio, 0600)
                     : ERR_INTERNAL;

    BIO_free(bio);
    return e;
}

static enum err
write_certs(const struct ctx *c, const char *name, X509 *first, X509 *second)
{
    BIO *bio = BIO_new(BIO_s_mem());
    bool made = bio != NULL && PEM_write_bio_X509(bio, first) == 1 && (second == NULL || PEM_write_bio_X509(bio, second) == 1);
    enum err e = made ? to_file(c, name, bio, 0644) : ERR_INTERNAL;

    BIO_free(bio);
    return e;
}

static bool
extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX v3;
    X509_EXTENSION *extension;
    bool done;

    X509V3_set_ctx_nodb(&v3);
    X509V3_set_ctx(&v3, issuer, cert, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &v3, nid, value);
    done = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

static bool
name_it(X509 *cert, const char *office, const char *common)
{
    X509_NAME *name = X509_get_subject_name(cert);

    return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *) office, -1, -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *) common, -1, -1, 0) == 1;
}

static bool
date_it(X509 *cert, int64_t now_us, int days)
{
    time_t now = (time_t) (now_us / 1000000);

    return X509_time_adj_ex(X509_getm_notBefore(cert), -1, 0, &now) != NULL &&
           X509_time_adj_ex(X509_getm_notAfter(cert), days, 0, &now) != NULL;
}

static bool
number_it(struct ctx *c, X509 *cert)
{
    unsigned char random[SERIAL_BYTES];
    BIGNUM *serial = NULL;
    bool done = c->entropy(random, sizeof random) == OK;

    random[0] &= 0x7F;
    serial = done ? BN_bin2bn(random, sizeof random, NULL) : NULL;
    done = serial != NULL && BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(cert)) != NULL;
    BN_free(serial);
    return done;
}

/* A certificate of key. names NULL: a root that signs itself; otherwise one of a server, for these names. */
static X509 *
new_cert(struct ctx *c, EVP_PKEY *key, const struct signer *by, const char *office, const char *common, const char *names)
{
    X509 *cert = X509_new();
    X509 *issuer = names == NULL ? cert : by->cert;
    bool done = cert != NULL && X509_set_version(cert, 2) == 1 && number_it(c, cert) && name_it(cert, office, common) &&
                date_it(cert, c->now_us, names == NULL ? CERTIFICATE_ROOT_DAYS : CERTIFICATE_HOST_DAYS) &&
                X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1 && X509_set_pubkey(cert, key) == 1 &&
                extend(cert, issuer, NID_subject_key_identifier, "hash") &&
                extend(cert, issuer, NID_authority_key_identifier, "keyid");

    if (done && names == NULL)
        done = extend(cert, issuer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
               extend(cert, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    else if (done)
        done = extend(cert, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
               extend(cert, issuer, NID_key_usage, "critical,digitalSignature") &&
               extend(cert, issuer, NID_ext_key_usage, "serverAuth") && extend(cert, issuer, NID_subject_alt_name, names);
    if (done && X509_sign(cert, names == NULL ? key : by->key, EVP_sha256()) > 0)
        return cert;
    X509_free(cert);
    return NULL;
}

static enum err
make_root(struct ctx *c, const char *office, struct signer *out)
{
    enum err e;

    out->key = EVP_EC_gen("P-256");
    out->cert = out->key == NULL ? NULL : new_cert(c, out->key, NULL, office, "mingqian local root", NULL);
    e = out->cert == NULL ? ERR_INTERNAL : write_key(c, ROOT_KEY, out->key);
    return e == OK ? write_certs(c, ROOT_PEM, out->cert, NULL) : e;
}

static enum err
read_pem(struct ctx *c, const char *name, BIO **out)
{
    char path[FILE_PATH_BYTES];
    struct str text;
    enum err e = file_path(path, c->dir, str_of(name));

    if (e == OK)
        e = file_read(c->arena, path, PEM_BYTES_MAX, &text);
    if (e == OK && (*out = BIO_new_mem_buf(text.p, (int) text.n)) == NULL)
        e = ERR_MEMORY;
    return e;
}

static enum err
read_root(struct ctx *c, struct signer *out)
{
    BIO *key = NULL, *cert = NULL;
    enum err e = read_pem(c, ROOT_KEY, &key);

    if (e == OK)
        e = read_pem(c, ROOT_PEM, &cert);
    if (e == OK) {
        out->key = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
        out->cert = PEM_read_bio_X509(cert, NULL, NULL, NULL);
        e = out->key == NULL || out->cert == NULL || X509_check_private_key(out->cert, out->key) != 1 ? ERR_DIGEST : OK;
    }
    BIO_free(key);
    BIO_free(cert);
    return e;
}

/* A host name or an address; never what could be read as another entry of the list. */
static bool
host_ok(const char *host)
{
    size_t n = strlen(host);

    for (size_t i = 0; i < n; i++)
        if (memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:", host[i], 65) == NULL)
            return false;
    return n > 0 && n < 254 && host[0] != '-' && host[0] != '.';
}

static enum err
names_of(struct ctx *c, const char *const *hosts, size_t count, struct buf *b)
{
    unsigned char address[16];

    if (count == 0 || count > CERTIFICATE_HOSTS_MAX)
        return ctx_refuse(c, ERR_INPUT, "1 to %d names or addresses of the server", CERTIFICATE_HOSTS_MAX);
    for (size_t i = 0; i < count; i++) {
        bool ip = inet_pton(AF_INET, hosts[i], address) == 1 || inet_pton(AF_INET6, hosts[i], address) == 1;

        if (!host_ok(hosts[i]) || (!ip && strchr(hosts[i], ':') != NULL))
            return ctx_refuse(c, ERR_INPUT, "%.100s is no host name or address", hosts[i]);
        buf_z(b, i == 0 ? "" : ",");
        buf_z(b, ip ? "IP:" : "DNS:");
        buf_z(b, hosts[i]);
    }
    return b->overflow ? ERR_TOO_LARGE : OK;
}

static enum err
make_host(struct ctx *c, const struct signer *root, const char *office, const char *host, const char *names)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = key == NULL ? NULL : new_cert(c, key, root, office, host, names);
    enum err e = cert == NULL ? ERR_INTERNAL : write_key(c, CERTIFICATE_KEY, key);

    if (e == OK)
        e = write_certs(c, CERTIFICATE_CHAIN, cert, root->cert);
    X509_free(cert);
    EVP_PKEY_free(key);
    return e;
}

enum err
certificate_make(struct ctx *c, const char *office, const char *const *hosts, size_t count)
{
    struct signer root = {NULL, NULL};
    char names[NAMES_BYTES] = "";
    struct buf b = buf_over(names, sizeof names - 1);
    enum err e = names_of(c, hosts, count, &b);

    if (e == OK) {
        e = read_root(c, &root);
        if (e == ERR_NOT_FOUND)
            e = make_root(c, office, &root);
    }
    if (e == OK)
        e = make_host(c, &root, office, hosts[0], names);
    X509_free(root.cert);
    EVP_PKEY_free(root.key);
    return e;
}
