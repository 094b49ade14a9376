/* core/tlog.c - checkpoints, tile paths, bundles, proofs */
#include "core/tlog.h"

#include <string.h>

#include "base/b64.h"

enum { HASH_TEXT = 44 }; /* base64 of 32 bytes */

static const char PROOF_HEADER[] = "c2sp.org/tlog-proof@v1";

static enum err
check_origin(struct str s)
{
    if (s.n == 0)
        return ERR_LENGTH;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char) s.p[i] < 0x20)
            return ERR_CHARSET;
    return utf8_valid(s) ? OK : ERR_CHARSET;
}

static void
put_hash(struct buf *b, const unsigned char hash[static TLOG_HASH_BYTES])
{
    b64_write(b, hash, TLOG_HASH_BYTES);
    buf_z(b, "\n");
}

static enum err
read_hash(struct str text, unsigned char out[static TLOG_HASH_BYTES])
{
    size_t n;

    if (text.n != HASH_TEXT || b64_decode(text, out, TLOG_HASH_BYTES, &n) != OK || n != TLOG_HASH_BYTES)
        return ERR_SYNTAX;
    return OK;
}

enum err
checkpoint_write(struct buf *b, const struct checkpoint *c)
{
    enum err e = check_origin(c->origin);

    if (e != OK)
        return e;
    buf_str(b, c->origin);
    buf_z(b, "\n");
    buf_u64(b, c->size);
    buf_z(b, "\n");
    put_hash(b, c->root);
    return b->overflow ? ERR_TOO_LARGE : OK;
}

enum err
checkpoint_parse(struct str text, struct checkpoint *out)
{
    struct checkpoint c = {0};
    struct str size, root, rest = text;
    enum err e;

    if (!str_split(rest, '\n', &c.origin, &rest) || !str_split(rest, '\n', &size, &rest) ||
        !str_split(rest, '\n', &root, &rest) || rest.n != 0)
        return ERR_SYNTAX;
    e = check_origin(c.origin);
    if (e == OK && str_u64(size, UINT64_MAX, &c.size) != OK)
        e = ERR_SYNTAX;
    if (e == OK)
        e = read_hash(root, c.root);
    if (e == OK)
        *out = c;
    return e;
}

/* Groups of three digits, all but the last after an x. */
static void
put_index(struct buf *b, uint64_t index)
{
    char text[7 * 5]; /* 2^64 has 20 digits: seven groups of "x123/" */
    size_t i = sizeof text;

    for (bool last = true; last || index > 0; last = false, index /= 1000) {
        if (!last)
            text[--i] = '/';
        text[--i] = (char) ('0' + index % 10);
        text[--i] = (char) ('0' + index / 10 % 10);
        text[--i] = (char) ('0' + index / 100 % 10);
        if (!last)
            text[--i] = 'x';
    }
    buf_add(b, text + i, sizeof text - i);
}

void
tile_path(struct buf *b, const struct tile *t)
{
    buf_z(b, "tile/");
    if (t->entries)
        buf_z(b, "entries");
    else
        buf_u64(b, t->level);
    buf_z(b, "/");
    put_index(b, t->index);
    if (t->width < TLOG_TILE_WIDTH) {
        buf_z(b, ".p/");
        buf_u64(b, t->width);
    }
}

/* One group: three digits. */
static bool
take_group(struct str *s, uint64_t *index)
{
    for (int i = 0; i < 3; i++, s->p++, s->n--) {
        uint64_t digit;

        if (s->n == 0 || s->p[0] < '0' || s->p[0] > '9')
            return false;
        digit = (uint64_t) (s->p[0] - '0');
        if (*index > (UINT64_MAX - digit) / 10)
            return false;
        *index = *index * 10 + digit;
    }
    return true;
}

static bool
take_index(struct str *s, uint64_t *index)
{
    *index = 0;
    while (s->n > 0 && s->p[0] == 'x') {
        s->p++, s->n--;
        if (!take_group(s, index) || s->n == 0 || s->p[0] != '/')
            return false;
        s->p++, s->n--;
    }
    return take_group(s, index);
}

static bool
take_width(struct str s, unsigned *width)
{
    uint64_t w = TLOG_TILE_WIDTH;

    if (s.n > 0) {
        if (!str_starts(s, STR(".p/")) ||
            str_u64((struct str){s.p + 3, s.n - 3}, TLOG_TILE_WIDTH - 1, &w) != OK || w == 0)
            return false;
    }
    *width = (unsigned) w;
    return true;
}

enum err
tile_path_parse(struct str path, struct tile *out)
{
    struct tile t = {0};
    struct str head, kind, rest;
    uint64_t level = 0;
    char again[TLOG_PATH_MAX];
    struct buf b = buf_over(again, sizeof again);

    if (!str_split(path, '/', &head, &rest) || !str_eq(head, STR("tile")) ||
        !str_split(rest, '/', &kind, &rest))
        return ERR_SYNTAX;
    t.entries = str_eq(kind, STR("entries"));
    if (!t.entries && str_u64(kind, TLOG_LEVEL_MAX, &level) != OK)
        return ERR_SYNTAX;
    t.level = (unsigned) level;
    if (!take_index(&rest, &t.index) || !take_width(rest, &t.width))
        return ERR_SYNTAX;
    tile_path(&b, &t); /* one path per tile: a needless x000/ is another way to write the same */
    if (b.overflow || !str_eq(buf_view(&b), path))
        return ERR_SYNTAX;
    *out = t;
    return OK;
}

static uint64_t
hashes_at(uint64_t tree_size, unsigned level)
{
    return level >= 8 ? 0 : tree_size >> (8 * level);
}

uint64_t
tile_full_count(uint64_t tree_size, unsigned level)
{
    return hashes_at(tree_size, level) / TLOG_TILE_WIDTH;
}

unsigned
tile_partial_width(uint64_t tree_size, unsigned level)
{
    return (unsigned) (hashes_at(tree_size, level) % TLOG_TILE_WIDTH);
}

enum err
bundle_add(struct buf *b, struct str entry)
{
    unsigned char length[2] = {(unsigned char) (entry.n >> 8), (unsigned char) entry.n};

    if (entry.n > TLOG_ENTRY_BYTES_MAX)
        return ERR_TOO_LARGE;
    buf_add(b, length, sizeof length);
    buf_str(b, entry);
    return b->overflow ? ERR_TOO_LARGE : OK;
}

enum err
bundle_next(struct str *rest, struct str *entry)
{
    size_t n;

    if (rest->n < 2)
        return ERR_SYNTAX;
    n = (size_t) (unsigned char) rest->p[0] << 8 | (unsigned char) rest->p[1];
    if (rest->n - 2 < n)
        return ERR_SYNTAX;
    *entry = (struct str){rest->p + 2, n};
    rest->p += 2 + n;
    rest->n -= 2 + n;
    return OK;
}

enum err
tlog_proof_write(struct buf *b, const struct tlog_proof *p, struct str extra_bytes)
{
    if (p->hash_count > TLOG_PROOF_MAX)
        return ERR_TOO_LARGE;
    buf_z(b, PROOF_HEADER);
    if (extra_bytes.p != NULL) {
        buf_z(b, "\nextra ");
        b64_write(b, extra_bytes.p, extra_bytes.n);
    }
    buf_z(b, "\nindex ");
    buf_u64(b, p->index);
    buf_z(b, "\n");
    for (size_t i = 0; i < p->hash_count; i++)
        put_hash(b, p->hashes[i]);
    buf_z(b, "\n");
    buf_str(b, p->checkpoint);
    return b->overflow ? ERR_TOO_LARGE : OK;
}

/* Header, extra and index. */
static enum err
read_proof_head(struct str *rest, struct tlog_proof *p)
{
    struct str line;

    if (!str_split(*rest, '\n', &line, rest) || !str_eq(line, str_of(PROOF_HEADER)) ||
        !str_split(*rest, '\n', &line, rest))
        return ERR_SYNTAX;
    if (str_starts(line, STR("extra "))) {
        p->extra = (struct str){line.p + 6, line.n - 6};
        if (!str_split(*rest, '\n', &line, rest))
            return ERR_SYNTAX;
    }
    if (!str_starts(line, STR("index ")))
        return ERR_SYNTAX;
    return str_u64((struct str){line.p + 6, line.n - 6}, UINT64_MAX, &p->index) == OK ? OK : ERR_SYNTAX;
}

enum err
tlog_proof_parse(struct str bytes, struct tlog_proof *out)
{
    struct str rest = bytes, line;
    enum err e;

    memset(out, 0, sizeof *out);
    e = read_proof_head(&rest, out);
    while (e == OK) {
        if (!str_split(rest, '\n', &line, &rest))
            return ERR_SYNTAX;
        if (line.n == 0)
            break;
        if (out->hash_count == TLOG_PROOF_MAX)
            return ERR_TOO_LARGE;
        e = read_hash(line, out->hashes[out->hash_count++]);
    }
    out->checkpoint = rest;
    return e == OK && rest.n == 0 ? ERR_SYNTAX : e;
}
