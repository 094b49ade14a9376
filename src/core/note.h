/* core/note.h - C2SP signed notes (c2sp.org/signed-note) and cosignatures (c2sp.org/tlog-cosignature).
 * Pure: keys and signatures are bytes; the mathematics of a signature is a function that the caller passes
 * in. */
#ifndef MQ_NOTE_H
#define MQ_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
    NOTE_BYTES_MAX = 65536,
    NOTE_SIGNATURES_MAX = 64,
    NOTE_NAME_MAX = 255,
    NOTE_KEY_MAX = 65,       /* bytes of the longest public key we know: SM2, uncompressed */
    NOTE_SIGNATURE_MAX = 128 /* longer ones belong to unknown algorithms; their bytes are not kept */
};

enum note_type {
    NOTE_ED25519,     /* 01: 32-byte key, 64-byte signature over the text */
    NOTE_COSIGNATURE, /* 04: 32-byte Ed25519 key, 8-byte time and 64-byte signature */
    NOTE_SM2          /* ff "mingqian-sm2/v1": 65-byte key, 64-byte r ‖ s, SM3 (docs/spec/log-1.md 3) */
};

struct note_key {
    char name[NOTE_NAME_MAX + 1]; /* NUL-terminated */
    enum note_type type;
    uint32_t id;
    size_t key_bytes;
    unsigned char key[NOTE_KEY_MAX];
};

/*
 * note_key_make: a verifier's key with its id computed: the first four bytes of SHA-256(name ‖ LF ‖ type ‖
 * key). ERR_LENGTH   the name is empty or too long, or the key has not the length of its type. ERR_CHARSET
 * the name holds a blank, '+', a control character or bad UTF-8.
 */
MUST_USE enum err note_key_make(struct str name, enum note_type type, const void *key, size_t key_bytes,
                                struct note_key *out);
/* note_vkey_write: NAME+HEXID+BASE64(type ‖ key), without LF. */
void note_vkey_write(struct buf *b, const struct note_key *key);
/* note_vkey_parse: the inverse. ERR_SYNTAX, ERR_CHECK the id is not that of the key, ERR_INPUT an unknown
 * type. */
MUST_USE enum err note_vkey_parse(struct str s, struct note_key *out);

struct note_signature {
    struct str name; /* points into the note */
    uint32_t key_id;
    size_t n_bytes;                          /* without the key id */
    unsigned char bytes[NOTE_SIGNATURE_MAX]; /* filled when n_bytes fits */
};
struct note {
    struct str text; /* with its last LF, without the blank line; points into the input */
    size_t signature_count;
    struct note_signature signatures[NOTE_SIGNATURES_MAX];
};

/*
 * note_parse: split text and signatures; says nothing about their truth.
 * ERR_SYNTAX     no blank line, no signature, a line that is not "— NAME BASE64".
 * ERR_ENCODING   not UTF-8, or a control character other than LF.
 * ERR_TOO_LARGE  above 65,536 bytes or 64 signatures.
 */
MUST_USE enum err note_parse(struct str bytes, struct note *out);

/* The mathematics: is this the signature of the message under key->key? Ed25519 for the first two types (64
 * bytes), SM2 for the third. */
typedef bool (*note_verify_fn)(void *ctx, const struct note_key *key, const void *message,
                               size_t message_bytes, const unsigned char *signature, size_t signature_bytes);

/*
 * note_verify: the note carries a signature by this key, and every one by it is true. scratch holds a
 * cosigned message: the text and 64 bytes more (unused otherwise, may be NULL). *time_s (may be NULL) gets
 * the time of a cosignature. ERR_MISSING    no signature with this name and id. ERR_SIGNATURE  one that does
 * not hold. ERR_TOO_LARGE  scratch is too small.
 */
MUST_USE enum err note_verify(const struct note *note, const struct note_key *key, note_verify_fn verify,
                              void *ctx, struct buf *scratch, uint64_t *time_s);

/* note_cosigned_message: what a witness signs: "cosignature/v1", "time T", the text. */
void note_cosigned_message(struct buf *b, uint64_t time_s, struct str text);
/* note_add_signature: append one signature line. A note is: text, LF, then lines. */
void note_add_signature(struct buf *b, const struct note_key *key, const unsigned char *signature, size_t n);
/* note_add_cosignature: append a line of type 04: time and the 64 bytes of Ed25519. */
void note_add_cosignature(struct buf *b, const struct note_key *key, uint64_t time_s,
                          const unsigned char signature[static 64]);

#endif
