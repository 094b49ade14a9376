/* mod/evidence.c - files by their content */
#include "mod/evidence.h"

static const struct {
    struct str first, type;
    const char *ending;
} TYPES[] = {{STR("\xFF\xD8\xFF"), STR("image/jpeg"), ".jpg"},
             {STR("\x89PNG\r\n\x1A\n"), STR("image/png"), ".png"},
             {STR("%PDF-"), STR("application/pdf"), ".pdf"}};
enum { TYPE_COUNT = sizeof TYPES / sizeof *TYPES };

bool
evidence_hash_ok(struct str hash)
{
    for (size_t i = 0; i < hash.n; i++)
        if ((hash.p[i] < '0' || hash.p[i] > '9') && (hash.p[i] < 'a' || hash.p[i] > 'f'))
            return false;
    return hash.n == HASH_HEX_LEN;
}

enum err
evidence_path(const struct ctx *c, struct str hash, char out[static FILE_PATH_BYTES])
{
    char text[HASH_HEX_LEN + 16];
    struct buf b = buf_over(text, sizeof text);

    if (!evidence_hash_ok(hash))
        return ERR_INPUT;
    buf_z(&b, "evidence/");
    buf_add(&b, hash.p, 2);
    buf_z(&b, "/");
    buf_str(&b, hash);
    return file_path(out, c->dir, buf_view(&b));
}

enum err
evidence_type(struct ctx *c, struct str bytes, struct str *type)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (str_starts(bytes, TYPES[i].first)) {
            *type = TYPES[i].type;
            return OK;
        }
    return ctx_refuse(c, ERR_INPUT, "a file is a JPEG, a PNG or a PDF");
}

const char *
evidence_ending(struct str type)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (str_eq(type, TYPES[i].type))
            return TYPES[i].ending;
    return "";
}

void
evidence_hash(struct str bytes, char hex[static HASH_HEX_LEN + 1])
{
    unsigned char digest[HASH_LEN];

    hash_of(HASH_SHA256, bytes.p, bytes.n, digest);
    hex_encode(digest, HASH_LEN, hex);
    hex[HASH_HEX_LEN] = '\0';
}

enum err
evidence_store(struct ctx *c, struct str hash, struct str bytes, struct str *type)
{
    char hex[HASH_HEX_LEN + 1], path[FILE_PATH_BYTES];
    enum err e = evidence_path(c, hash, path);

    if (e != OK)
        return ctx_refuse(c, e, "a file is named by its SHA-256, 64 small hex digits");
    if (bytes.n > EVIDENCE_BYTES_MAX)
        return ERR_TOO_LARGE;
    if ((e = evidence_type(c, bytes, type)) != OK)
        return e;
    evidence_hash(bytes, hex);
    if (!str_eq(hash, str_of(hex)))
        return ctx_refuse(c, ERR_DIGEST, "these bytes have another SHA-256: %s", hex);
    return file_write(path, bytes, 0600);
}
