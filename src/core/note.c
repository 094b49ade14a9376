/* core/note.c - C2SP signed notes and cosignatures */
#include "core/note.h"

#include <string.h>

#include "base/b64.h"
#include "core/hash.h"

enum {
    KEY_ID_BYTES = 4,
    TIME_BYTES = 8,
    ED25519_KEY = 32,
    ED25519_SIGNATURE = 64,
    SM2_KEY = 65,
    SM2_SIGNATURE = 64,
    TYPE_MAX = 16,               /* bytes of the longest type identifier */
    SIGNATURE_LINE_BYTES = 8192, /* decoded; post-quantum signatures have up to 5 kB */
    VKEY_MAX = NOTE_KEY_MAX + TYPE_MAX
};

static const struct {
    struct str identifier; /* before the key in hashes and vkeys */
    size_t key_bytes, signature_bytes;
} TYPES[] = {[NOTE_ED25519] = {{"\x01", 1}, ED25519_KEY, ED25519_SIGNATURE},
             [NOTE_COSIGNATURE] = {{"\x04", 1}, ED25519_KEY, TIME_BYTES + ED25519_SIGNATURE},
             [NOTE_SM2] = {{"\xffmingqian-sm2/v1", 16}, SM2_KEY, SM2_SIGNATURE}};
enum { TYPE_COUNT = sizeof TYPES / sizeof *TYPES };

/* The blanks of Unicode (White_Space) above ASCII, as UTF-8. */
static const struct str BLANKS[] = {{"\xC2\x85", 2},     {"\xC2\xA0", 2},     {"\xE1\x9A\x80", 3},
                                    {"\xE2\x80\xA8", 3}, {"\xE2\x80\xA9", 3}, {"\xE2\x80\xAF", 3},
                                    {"\xE2\x81\x9F", 3}, {"\xE3\x80\x80", 3}};

static bool
starts_with_blank(struct str s)
{
    if ((unsigned char) s.p[0] <= 0x20 || s.p[0] == 0x7F)
        return true;
    for (size_t i = 0; i < sizeof BLANKS / sizeof *BLANKS; i++)
        if (str_starts(s, BLANKS[i]))
            return true;
    /* U+2000 to U+200A */
    return s.n >= 3 && memcmp(s.p, "\xE2\x80", 2) == 0 && (unsigned char) s.p[2] >= 0x80 &&
           (unsigned char) s.p[2] <= 0x8A;
}

static enum err
check_name(struct str s)
{
    if (s.n == 0 || s.n > NOTE_NAME_MAX)
        return ERR_LENGTH;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '+' || starts_with_blank((struct str){s.p + i, s.n - i}))
            return ERR_CHARSET;
    return utf8_valid(s) ? OK : ERR_CHARSET;
}

static uint32_t
key_id(struct str name, enum note_type type, const void *key, size_t key_bytes)
{
    unsigned char digest[HASH_LEN];
    struct hash h;

    hash_init(&h, HASH_SHA256);
    hash_update(&h, name.p, name.n);
    hash_update(&h, "\n", 1);
    hash_update(&h, TYPES[type].identifier.p, TYPES[type].identifier.n);
    hash_update(&h, key, key_bytes);
    hash_final(&h, digest);
    return (uint32_t) digest[0] << 24 | (uint32_t) digest[1] << 16 | (uint32_t) digest[2] << 8 | digest[3];
}

enum err
note_key_make(struct str name, enum note_type type, const void *key, size_t key_bytes, struct note_key *out)
{
    enum err e = check_name(name);

    if (e != OK)
        return e;
    if (key_bytes != TYPES[type].key_bytes)
        return ERR_LENGTH;
    memset(out, 0, sizeof *out);
    memcpy(out->name, name.p, name.n);
    out->type = type;
    out->id = key_id(name, type, key, key_bytes);
    out->key_bytes = key_bytes;
    memcpy(out->key, key, key_bytes);
    return OK;
}

static void
id_bytes(uint32_t id, unsigned char out[static KEY_ID_BYTES])
{
    for (int i = 0; i < KEY_ID_BYTES; i++)
        out[i] = (unsigned char) (id >> (24 - 8 * i));
}

void
note_vkey_write(struct buf *b, const struct note_key *key)
{
    struct str type = TYPES[key->type].identifier;
    unsigned char id[KEY_ID_BYTES], material[VKEY_MAX];

    id_bytes(key->id, id);
    memcpy(material, type.p, type.n);
    memcpy(material + type.n, key->key, key->key_bytes);
    buf_z(b, key->name);
    buf_z(b, "+");
    buf_hex(b, id, sizeof id);
    buf_z(b, "+");
    b64_write(b, material, type.n + key->key_bytes);
}

enum err
note_vkey_parse(struct str s, struct note_key *out)
{
    unsigned char material[VKEY_MAX], id[KEY_ID_BYTES], want[KEY_ID_BYTES];
    struct str name, hex, base64;
    struct note_key key;
    size_t n;

    if (!str_split(s, '+', &name, &hex) || !str_split(hex, '+', &hex, &base64) ||
        hex_decode(hex, id, sizeof id) != OK || b64_decode(base64, material, sizeof material, &n) != OK)
        return ERR_SYNTAX;
    for (int t = 0; t < (int) TYPE_COUNT; t++) {
        struct str type = TYPES[t].identifier;
        enum err e;

        if (n != type.n + TYPES[t].key_bytes || memcmp(material, type.p, type.n) != 0)
            continue;
        e = note_key_make(name, (enum note_type) t, material + type.n, n - type.n, &key);
        if (e != OK)
            return e;
        id_bytes(key.id, want);
        if (memcmp(want, id, sizeof id) != 0)
            return ERR_CHECK;
        *out = key;
        return OK;
    }
    return ERR_INPUT;
}

/* "— NAME BASE64" without the LF. */
static enum err
parse_signature(struct str line, struct note_signature *out)
{
    static const struct str DASH = {"\xE2\x80\x94 ", 4};
    unsigned char bytes[SIGNATURE_LINE_BYTES];
    struct str base64;
    size_t n;

    if (!str_starts(line, DASH))
        return ERR_SYNTAX;
    line = (struct str){line.p + DASH.n, line.n - DASH.n};
    if (!str_split(line, ' ', &out->name, &base64) || check_name(out->name) != OK ||
        b64_decode(base64, bytes, sizeof bytes, &n) != OK || n <= KEY_ID_BYTES)
        return ERR_SYNTAX;
    out->key_id = (uint32_t) bytes[0] << 24 | (uint32_t) bytes[1] << 16 | (uint32_t) bytes[2] << 8 | bytes[3];
    out->n_bytes = n - KEY_ID_BYTES;
    if (out->n_bytes <= NOTE_SIGNATURE_MAX)
        memcpy(out->bytes, bytes + KEY_ID_BYTES, out->n_bytes);
    return OK;
}

/* Where the last blank line begins (the offset of its LF), 0 if there is none. */
static size_t
last_blank_line(struct str s)
{
    for (size_t i = s.n; i-- > 1;)
        if (s.p[i] == '\n' && s.p[i - 1] == '\n')
            return i;
    return 0;
}

static enum err
check_bytes(struct str s)
{
    if (s.n > NOTE_BYTES_MAX)
        return ERR_TOO_LARGE;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char) s.p[i] < 0x20 && s.p[i] != '\n')
            return ERR_ENCODING;
    return utf8_valid(s) ? OK : ERR_ENCODING;
}

enum err
note_parse(struct str bytes, struct note *out)
{
    struct str rest, line;
    size_t blank;
    enum err e = check_bytes(bytes);

    if (e != OK)
        return e;
    blank = last_blank_line(bytes);
    if (blank == 0 || blank + 1 == bytes.n)
        return ERR_SYNTAX;
    out->text = (struct str){bytes.p, blank};
    out->signature_count = 0;
    rest = (struct str){bytes.p + blank + 1, bytes.n - blank - 1};
    while (e == OK && rest.n > 0) {
        if (out->signature_count == NOTE_SIGNATURES_MAX)
            return ERR_TOO_LARGE;
        if (!str_split(rest, '\n', &line, &rest))
            return ERR_SYNTAX;
        e = parse_signature(line, &out->signatures[out->signature_count++]);
    }
    return e;
}

void
note_cosigned_message(struct buf *b, uint64_t time_s, struct str text)
{
    buf_z(b, "cosignature/v1\ntime ");
    buf_u64(b, time_s);
    buf_z(b, "\n");
    buf_str(b, text);
}

static uint64_t
read_time(const unsigned char p[static TIME_BYTES])
{
    uint64_t v = 0;

    for (int i = 0; i < TIME_BYTES; i++)
        v = v << 8 | p[i];
    return v;
}

static enum err
verify_one(struct str text, const struct note_signature *s, const struct note_key *key, note_verify_fn verify,
           void *ctx, struct buf *scratch, uint64_t *time_s)
{
    struct str message = text;
    const unsigned char *signature = s->bytes;
    size_t n = s->n_bytes;

    if (n != TYPES[key->type].signature_bytes)
        return ERR_SIGNATURE;
    if (key->type == NOTE_COSIGNATURE) {
        uint64_t t = read_time(signature);

        if (scratch == NULL)
            return ERR_TOO_LARGE;
        if (t > INT64_MAX)
            return ERR_SIGNATURE;
        scratch->n = 0;
        scratch->overflow = false;
        note_cosigned_message(scratch, t, text);
        if (scratch->overflow)
            return ERR_TOO_LARGE;
        message = buf_view(scratch);
        signature += TIME_BYTES;
        n -= TIME_BYTES;
        if (time_s != NULL)
            *time_s = t;
    }
    return verify(ctx, key, message.p, message.n, signature, n) ? OK : ERR_SIGNATURE;
}

enum err
note_verify(const struct note *note, const struct note_key *key, note_verify_fn verify, void *ctx,
            struct buf *scratch, uint64_t *time_s)
{
    bool seen = false;

    for (size_t i = 0; i < note->signature_count; i++) {
        const struct note_signature *s = &note->signatures[i];
        enum err e;

        if (s->key_id != key->id || !str_eq(s->name, str_of(key->name)))
            continue;
        e = verify_one(note->text, s, key, verify, ctx, scratch, time_s);
        if (e != OK)
            return e;
        seen = true;
    }
    return seen ? OK : ERR_MISSING;
}

void
note_add_signature(struct buf *b, const struct note_key *key, const unsigned char *signature, size_t n)
{
    unsigned char bytes[KEY_ID_BYTES + NOTE_SIGNATURE_MAX];

    if (n > NOTE_SIGNATURE_MAX) {
        b->overflow = true;
        return;
    }
    id_bytes(key->id, bytes);
    memcpy(bytes + KEY_ID_BYTES, signature, n);
    buf_z(b, "\xE2\x80\x94 ");
    buf_z(b, key->name);
    buf_z(b, " ");
    b64_write(b, bytes, KEY_ID_BYTES + n);
    buf_z(b, "\n");
}

void
note_add_cosignature(struct buf *b, const struct note_key *key, uint64_t time_s,
                     const unsigned char signature[static ED25519_SIGNATURE])
{
    unsigned char bytes[TIME_BYTES + ED25519_SIGNATURE];

    for (int i = 0; i < TIME_BYTES; i++)
        bytes[i] = (unsigned char) (time_s >> (56 - 8 * i));
    memcpy(bytes + TIME_BYTES, signature, ED25519_SIGNATURE);
    note_add_signature(b, key, bytes, sizeof bytes);
}
