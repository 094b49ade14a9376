/* mod/account/secret.h - passwords (argon2id, RFC 9106), one-time codes (RFC 6238), tokens. */
#ifndef MQ_SECRET_H
#define MQ_SECRET_H

#include "mod/ctx.h"

enum {
    SECRET_TOKEN_CHARS = 64, /* 32 random bytes in hex */
    SECRET_PASSWORD_MAX = 128,
    SECRET_PASSWORD_MIN = 8,     /* characters */
    SECRET_PASSWORD_CLASSES = 3, /* of: small letters, capitals, digits, all others */
    SECRET_TOTP_BYTES = 20,
    SECRET_TOTP_CHARS = 32, /* the same in base32 */
    SECRET_HASH_BYTES = 160
};

/* secret_password_ok: ERR_LENGTH, ERR_ENCODING; ERR_POLICY fewer than three classes, or the login inside. */
MUST_USE enum err secret_password_ok(struct ctx *c, struct str password, struct str login);
/* secret_hash: 64 MB and about a tenth of a second: never in a thread that serves others. ERR_MEMORY. */
MUST_USE enum err secret_hash(struct str password, char out[static SECRET_HASH_BYTES]);
/* secret_verify: hash absent takes as long and is false. */
bool secret_verify(struct ctx *c, struct str hash, struct str password);

/* secret_token: a fresh token. secret_token_hash: what is stored of it. */
MUST_USE enum err secret_token(struct ctx *c, char out[static SECRET_TOKEN_CHARS + 1]);
void secret_token_hash(struct str token, char out[static SECRET_TOKEN_CHARS + 1]);

/* secret_totp_new: a new secret in base32. */
MUST_USE enum err secret_totp_new(struct ctx *c, char out[static SECRET_TOTP_CHARS + 1]);
/* secret_totp_check: is the code that of now, or of 30 seconds before or after? *step: the time step it
 * belongs to. secret: base32. ERR_TOTP; ERR_SYNTAX the secret. */
MUST_USE enum err secret_totp_check(struct ctx *c, struct str secret, struct str code, int64_t *step);

/* secret_seal, secret_open: encrypted with a key file of the data directory and bound to what it belongs to.
 * secret_seal makes the file when it is missing (0600). XChaCha20-Poly1305. ERR_DIGEST: it was not sealed by this key
 * for this; ERR_NOT_FOUND: the key is gone; ERR_SYNTAX: it is no key. */
#define SECRET_ACCOUNT_KEY "keys/account.key" /* TOTP secrets; bound to the account's id */
#define SECRET_PERSON_KEY "keys/person.key"   /* telephones and identity numbers; bound to registry, code and field */
#define SECRET_DRAW_KEY "keys/draw.key"       /* secrets of unannounced draws; bound to DRAW/ATTEMPT/PARTY */
MUST_USE enum err secret_seal(struct ctx *c, const char *key, struct str bound, struct str plain, struct str *sealed);
MUST_USE enum err secret_open(struct ctx *c, const char *key, struct str bound, struct str sealed, struct str *plain);

#endif
