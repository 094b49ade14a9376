/* mod/journal/journal_keys.h - the keys that sign checkpoints: Ed25519 always, SM2 with SM3 (GB/T 32918) where the
 * installation asks for 国密. DIR/keys/log.key holds the secrets (0600), DIR/log/log.vkey the verifier keys. */
#ifndef MQ_JOURNAL_KEYS_H
#define MQ_JOURNAL_KEYS_H

#include "core/note.h"
#include "mod/ctx.h"

enum { JOURNAL_SECRET_BYTES = 32, JOURNAL_SIGNATURE_BYTES = 64 };

struct journal_keys {
    struct note_key ed25519; /* its name is the origin of the log */
    unsigned char seed[JOURNAL_SECRET_BYTES];
    bool has_sm2;
    struct note_key sm2;
    unsigned char sm2_secret[JOURNAL_SECRET_BYTES];
};

/*
 * journal_keys_create: new keys named origin, from c->entropy, into c->dir.
 * ERR_EXISTS there are keys already. ERR_CHARSET, ERR_LENGTH the origin is not a key name. ERR_IO, ERR_NO_SPACE.
 */
MUST_USE enum err journal_keys_create(struct ctx *c, struct str origin, bool sm2);
/* journal_keys_load: ERR_NOT_FOUND; ERR_SYNTAX the file is damaged; ERR_PERMISSION others may read it. */
MUST_USE enum err journal_keys_load(const struct ctx *c, struct journal_keys *out);
/* journal_keys_forget: overwrite the secrets. */
void journal_keys_forget(struct journal_keys *keys);

/* journal_sign: the signature of the message by keys->ed25519, or by keys->sm2. ERR_SIGNATURE. */
MUST_USE enum err journal_sign(const struct journal_keys *keys, enum note_type type, struct str message,
                               unsigned char out[static JOURNAL_SIGNATURE_BYTES]);
/* journal_sign_note: the text in `note` becomes a signed note: a blank line, the line of ed25519, and that of sm2 where there is
 * one. ERR_SIGNATURE, ERR_TOO_LARGE. */
MUST_USE enum err journal_sign_note(const struct journal_keys *keys, struct buf *note);
/* journal_verify: a note_verify_fn for all three types; ctx is not used. */
bool journal_verify(void *ctx, const struct note_key *key, const void *message, size_t message_bytes,
                    const unsigned char *signature, size_t signature_bytes);

#endif
