/* mod/account/secret.c */
#include "mod/account/secret.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mod/file.h"

/* RFC 9106, second recommended option: 64 MB, three passes. */
enum { ARGON_PASSES = 3, ARGON_BYTES = 64 << 20, TOTP_STEP_SECONDS = 30, TOTP_WINDOW = 1, TOTP_DIGITS = 6 };

_Static_assert(SECRET_HASH_BYTES >= crypto_pwhash_STRBYTES, "room for the hash");

static unsigned
class_of(unsigned char ch)
{
    if (ch >= 'a' && ch <= 'z')
        return 1;
    if (ch >= 'A' && ch <= 'Z')
        return 2;
    return ch >= '0' && ch <= '9' ? 4 : 8;
}

enum err
secret_password_ok(struct ctx *c, struct str password, struct str login)
{
    unsigned classes = 0, characters = 0;

    if (!utf8_valid(password))
        return ERR_ENCODING;
    for (size_t i = 0; i < password.n; i++) {
        classes |= class_of((unsigned char) password.p[i]);
        characters += (password.p[i] & 0xC0) != 0x80;
    }
    if (characters < SECRET_PASSWORD_MIN || password.n > SECRET_PASSWORD_MAX)
        return ctx_refuse(c, ERR_LENGTH, "%d to %d characters", SECRET_PASSWORD_MIN, SECRET_PASSWORD_MAX);
    if (__builtin_popcount(classes) < SECRET_PASSWORD_CLASSES)
        return ctx_refuse(c, ERR_POLICY, "%d of: small letters, capitals, digits, others",
                          SECRET_PASSWORD_CLASSES);
    if (login.n > 0 && memmem(password.p, password.n, login.p, login.n) != NULL)
        return ctx_refuse(c, ERR_POLICY, "the password contains the login");
    return OK;
}

enum err
secret_hash(struct str password, char out[static SECRET_HASH_BYTES])
{
    if (sodium_init() < 0 || crypto_pwhash_str_alg(out, password.p, password.n, ARGON_PASSES, ARGON_BYTES,
                                                   crypto_pwhash_ALG_ARGON2ID13) != 0)
        return ERR_MEMORY;
    return OK;
}

bool
secret_verify(struct ctx *c, struct str hash, struct str password)
{
    char other[SECRET_HASH_BYTES];
    const char *z = hash.n == 0 ? NULL : str_z(c->arena, hash);

    if (z == NULL) { /* an unknown login must not be faster */
        (void) !secret_hash(password, other);
        return false;
    }
    return sodium_init() >= 0 && crypto_pwhash_str_verify(z, password.p, password.n) == 0;
}

enum err
secret_token(struct ctx *c, char out[static SECRET_TOKEN_CHARS + 1])
{
    unsigned char bytes[SECRET_TOKEN_CHARS / 2];
    enum err e = c->entropy(bytes, sizeof bytes);

    if (e != OK)
        return e;
    hex_encode(bytes, sizeof bytes, out);
    out[SECRET_TOKEN_CHARS] = '\0';
    return OK;
}

void
secret_token_hash(struct str token, char out[static SECRET_TOKEN_CHARS + 1])
{
    unsigned char digest[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(digest, (const unsigned char *) token.p, token.n);
    hex_encode(digest, sizeof digest, out);
    out[SECRET_TOKEN_CHARS] = '\0';
}

enum err
secret_totp_new(struct ctx *c, char out[static SECRET_TOTP_CHARS + 1])
{
    static const char BASE32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char bytes[SECRET_TOTP_CHARS];
    enum err e = c->entropy(bytes, sizeof bytes);

    for (size_t i = 0; e == OK && i < SECRET_TOTP_CHARS; i++)
        out[i] = BASE32[bytes[i] & 31];
    out[SECRET_TOTP_CHARS] = '\0';
    return e;
}

enum err
secret_totp_check(struct ctx *c, struct str secret, struct str code, int64_t *step)
{
    const char *base32 = str_z(c->arena, secret), *otp = str_z(c->arena, code);
    char *bytes = NULL;
    size_t n = 0;
    int position = 0, found;

    if (base32 == NULL || otp == NULL)
        return ERR_MEMORY;
    if (secret.n != SECRET_TOTP_CHARS || oath_base32_decode(base32, secret.n, &bytes, &n) != OATH_OK)
        return ERR_SYNTAX;
    found = code.n != TOTP_DIGITS ? OATH_INVALID_OTP
                                  : oath_totp_validate2(bytes, n, (time_t) (c->now_us / 1000000),
                                                        TOTP_STEP_SECONDS, 0, TOTP_WINDOW, &position, otp);
    sodium_memzero(bytes, n);
    free(bytes);
    if (found < 0)
        return ERR_TOTP;
    *step = c->now_us / 1000000 / TOTP_STEP_SECONDS + position;
    return OK;
}

enum {
    KEY = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
};

static enum err
read_key(struct ctx *c, const char *name, unsigned char key[static KEY])
{
    char path[FILE_PATH_BYTES];
    struct str bytes;
    enum err e = file_path(path, c->dir, str_of(name));

    if (e == OK)
        e = file_read(c->arena, path, KEY, &bytes);
    if (e == OK && bytes.n != KEY)
        e = ERR_SYNTAX;
    if (e == OK)
        memcpy(key, bytes.p, KEY);
    return e == OK ? OK : ctx_refuse(c, e, "%s", name);
}

/* Two that make it at once: the first one's key stays, the second reads it. */
static enum err
make_key(struct ctx *c, const char *name)
{
    unsigned char key[KEY];
    char path[FILE_PATH_BYTES];
    enum err e = file_path(path, c->dir, str_of(name));

    if (e == OK)
        e = c->entropy(key, sizeof key);
    if (e == OK)
        e = file_create(path, (struct str){(const char *) key, sizeof key}, 0600);
    sodium_memzero(key, sizeof key);
    return e == ERR_EXISTS ? OK : e;
}

enum err
secret_seal(struct ctx *c, const char *name, struct str bound, struct str plain, struct str *sealed)
{
    unsigned char key[KEY], *out = arena_alloc(c->arena, NONCE + plain.n + TAG);
    enum err e = out == NULL ? ERR_MEMORY : read_key(c, name, key);

    if (e == ERR_NOT_FOUND) {
        c->why[0] = '\0';
        e = make_key(c, name);
        if (e == OK)
            e = read_key(c, name, key);
    }
    if (e == OK)
        e = c->entropy(out, NONCE);
    if (e != OK)
        return e;
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, (const unsigned char *) plain.p, plain.n,
                                               (const unsigned char *) bound.p, bound.n, NULL, out, key);
    sodium_memzero(key, sizeof key);
    *sealed = (struct str){(const char *) out, NONCE + plain.n + TAG};
    return OK;
}

enum err
secret_open(struct ctx *c, const char *name, struct str bound, struct str sealed, struct str *plain)
{
    unsigned char key[KEY], *out = arena_alloc(c->arena, sealed.n + 1);
    const unsigned char *in = (const unsigned char *) sealed.p;
    enum err e = out == NULL ? ERR_MEMORY : sealed.n < NONCE + TAG ? ERR_DIGEST : read_key(c, name, key);

    if (e != OK)
        return e;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, in + NONCE, sealed.n - NONCE,
                                                   (const unsigned char *) bound.p, bound.n, in, key) != 0)
        e = ERR_DIGEST;
    sodium_memzero(key, sizeof key);
    *plain = (struct str){(const char *) out, e == OK ? sealed.n - NONCE - TAG : 0};
    return e;
}
