/* mod/journal/journal_keys.c - keys of the log */
#include "journal_keys.h"

#include <sys/stat.h>

#include <sodium.h>

#include "mod/file.h"
#include "sm2.h"

enum { KEY_FILE_BYTES_MAX = 4096, SM2_TRIES = 8 };

/* keys/log.key: four lines at most. */
static const char HEADING[] = "mingqian-log-key/v1\n";

static enum err
public_keys(struct journal_keys *k, struct str origin)
{
    unsigned char ed25519[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES], sm2[SM2_PUBLIC_BYTES];
    enum err e;

    crypto_sign_seed_keypair(ed25519, secret, k->seed);
    sodium_memzero(secret, sizeof secret);
    e = note_key_make(origin, NOTE_ED25519, ed25519, sizeof ed25519, &k->ed25519);
    if (e == OK && k->has_sm2) {
        if (!sm2_public(k->sm2_secret, sm2))
            return ERR_SYNTAX;
        e = note_key_make(origin, NOTE_SM2, sm2, sizeof sm2, &k->sm2);
    }
    return e;
}

static void
secret_line(struct buf *b, const char *word, const unsigned char *secret)
{
    buf_z(b, word);
    buf_hex(b, secret, JOURNAL_SECRET_BYTES);
    buf_z(b, "\n");
}

static enum err
write_files(const struct ctx *c, const struct journal_keys *k, struct str origin)
{
    char path[FILE_PATH_BYTES], text[KEY_FILE_BYTES_MAX];
    struct buf b = buf_over(text, sizeof text);
    enum err e;

    note_vkey_write(&b, &k->ed25519);
    buf_z(&b, "\n");
    if (k->has_sm2) {
        note_vkey_write(&b, &k->sm2);
        buf_z(&b, "\n");
    }
    e = b.overflow ? ERR_TOO_LARGE : file_path(path, c->dir, STR("log/log.vkey"));
    if (e == OK)
        e = file_write(path, buf_view(&b), 0644);
    if (e != OK)
        return e;
    b = buf_over(text, sizeof text);
    buf_z(&b, HEADING);
    buf_z(&b, "origin ");
    buf_str(&b, origin);
    buf_z(&b, "\n");
    secret_line(&b, "ed25519 ", k->seed);
    if (k->has_sm2)
        secret_line(&b, "sm2 ", k->sm2_secret);
    e = b.overflow ? ERR_TOO_LARGE : file_path(path, c->dir, STR("keys/log.key"));
    if (e == OK)
        e = file_write(path, buf_view(&b), 0600);
    sodium_memzero(text, sizeof text);
    return e;
}

enum err
journal_keys_create(struct ctx *c, struct str origin, bool sm2)
{
    char path[FILE_PATH_BYTES];
    struct journal_keys k = {.has_sm2 = sm2};
    struct stat s;
    enum err e = file_path(path, c->dir, STR("keys/log.key"));

    if (e == OK && (stat(path, &s) == 0 || sodium_init() < 0))
        e = stat(path, &s) == 0 ? ERR_EXISTS : ERR_INTERNAL;
    if (e == OK)
        e = c->entropy(k.seed, sizeof k.seed);
    for (int tries = 0; e == OK && sm2 && tries < SM2_TRIES; tries++) {
        unsigned char point[SM2_PUBLIC_BYTES];

        e = c->entropy(k.sm2_secret, sizeof k.sm2_secret);
        if (e == OK && sm2_public(k.sm2_secret, point))
            break; /* else it lies above n-2, about once in 2^32 */
    }
    if (e == OK)
        e = public_keys(&k, origin);
    if (e == OK)
        e = write_files(c, &k, origin);
    journal_keys_forget(&k);
    return e;
}

/* "word VALUE" off *rest. */
static bool
take_line(struct str *rest, const char *word, struct str *value)
{
    struct str line, prefix = str_of(word);

    if (!str_split(*rest, '\n', &line, rest) || !str_starts(line, prefix))
        return false;
    *value = (struct str) {line.p + prefix.n, line.n - prefix.n};
    return true;
}

static enum err
parse_keys(struct str text, struct journal_keys *k)
{
    struct str heading = str_of(HEADING), rest, origin, hex;

    if (!str_starts(text, heading))
        return ERR_SYNTAX;
    rest = (struct str) {text.p + heading.n, text.n - heading.n};
    if (!take_line(&rest, "origin ", &origin) || !take_line(&rest, "ed25519 ", &hex) ||
        hex_decode(hex, k->seed, sizeof k->seed) != OK)
        return ERR_SYNTAX;
    k->has_sm2 = rest.n > 0;
    if (k->has_sm2 && (!take_line(&rest, "sm2 ", &hex) || rest.n > 0 ||
                       hex_decode(hex, k->sm2_secret, sizeof k->sm2_secret) != OK))
        return ERR_SYNTAX;
    return public_keys(k, origin) == OK ? OK : ERR_SYNTAX;
}

enum err
journal_keys_load(const struct ctx *c, struct journal_keys *out)
{
    char path[FILE_PATH_BYTES], block[KEY_FILE_BYTES_MAX + 64];
    struct arena a = arena_over(block, sizeof block);
    struct journal_keys k = {0};
    struct str text;
    struct stat s;
    enum err e = sodium_init() < 0 ? ERR_INTERNAL : file_path(path, c->dir, STR("keys/log.key"));

    if (e == OK && stat(path, &s) == 0 && (s.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return ERR_PERMISSION;
    if (e == OK)
        e = file_read(&a, path, KEY_FILE_BYTES_MAX, &text);
    if (e == OK)
        e = parse_keys(text, &k);
    if (e == OK)
        *out = k;
    journal_keys_forget(&k);
    sodium_memzero(block, sizeof block);
    return e;
}

void
journal_keys_forget(struct journal_keys *keys)
{
    sodium_memzero(keys->seed, sizeof keys->seed);
    sodium_memzero(keys->sm2_secret, sizeof keys->sm2_secret);
}

enum err
journal_sign(const struct journal_keys *keys, enum note_type type, struct str message,
             unsigned char out[static JOURNAL_SIGNATURE_BYTES])
{
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];

    if (type == NOTE_SM2)
        return keys->has_sm2 && sm2_sign(keys->sm2_secret, message.p, message.n, out) ? OK : ERR_SIGNATURE;
    crypto_sign_seed_keypair(public_key, secret, keys->seed);
    crypto_sign_detached(out, NULL, (const unsigned char *) message.p, message.n, secret);
    sodium_memzero(secret, sizeof secret);
    return OK;
}

static enum err
add_signature(struct buf *note, const struct journal_keys *keys, const struct note_key *key, struct str text)
{
    unsigned char signature[JOURNAL_SIGNATURE_BYTES];
    enum err e = journal_sign(keys, key->type, text, signature);

    if (e == OK)
        note_add_signature(note, key, signature, sizeof signature);
    return e;
}

enum err
journal_sign_note(const struct journal_keys *keys, struct buf *note)
{
    struct str text = buf_view(note);
    enum err e;

    buf_z(note, "\n");
    e = add_signature(note, keys, &keys->ed25519, text);
    if (e == OK && keys->has_sm2)
        e = add_signature(note, keys, &keys->sm2, text);
    return e == OK && note->overflow ? ERR_TOO_LARGE : e;
}

bool
journal_verify(void *ctx, const struct note_key *key, const void *message, size_t message_bytes,
               const unsigned char *signature, size_t signature_bytes)
{
    (void) ctx;
    if (signature_bytes != JOURNAL_SIGNATURE_BYTES)
        return false;
    if (key->type == NOTE_SM2)
        return key->key_bytes == SM2_PUBLIC_BYTES && sm2_verify(key->key, message, message_bytes, signature);
    return key->key_bytes == crypto_sign_PUBLICKEYBYTES &&
           crypto_sign_verify_detached(signature, message, message_bytes, key->key) == 0;
}
