/* core/draw_locate.c - the search for one altered byte: put every other byte there and hash again */
#include "core/draw_locate.h"

#include <string.h>

#include "core/uscc.h"

static bool
spend(uint64_t *budget, uint64_t compressions)
{
    if (*budget < compressions)
        return false;
    *budget -= compressions;
    return true;
}

/* Bytes that a document may hold. */
static bool
plausible(unsigned c)
{
    return (c >= 0x20 && c <= 0x7E) || c == '\n';
}

void
locate_line(struct str text, size_t offset, struct fault *f)
{
    size_t start = 0;

    f->line = 1;
    for (size_t i = 0; i < offset && i < text.n; i++)
        if (text.p[i] == '\n') {
            f->line++;
            start = i + 1;
        }
    f->byte = offset;
    f->column = offset - start + 1;
}

bool
locate_byte(enum hash_suite suite, struct str text, const unsigned char digest[static HASH_LEN],
            uint64_t *budget, size_t *offset)
{
    struct hash prefix; /* of text[0 .. i) */

    hash_init(&prefix, suite);
    for (size_t i = 0; i < text.n; hash_update(&prefix, text.p + i, 1), i++)
        for (unsigned c = 0; c < 128; c++) {
            unsigned char byte = (unsigned char) c, d[HASH_LEN];
            struct hash h = prefix;

            if (!plausible(c) || byte == (unsigned char) text.p[i])
                continue;
            if (!spend(budget, (text.n - i) / HASH_BLOCK_BYTES + 2))
                return false;
            hash_update(&h, &byte, 1);
            hash_update(&h, text.p + i + 1, text.n - i - 1);
            hash_final(&h, d);
            if (memcmp(d, digest, HASH_LEN) == 0) {
                *offset = i;
                return true;
            }
        }
    return false;
}

bool
locate_secret(const struct draw_spec *spec, size_t party,
              const unsigned char secret[static DRAW_SECRET_BYTES], uint64_t *budget, size_t *digit)
{
    const struct draw_party *p = &spec->parties[party];

    for (size_t i = 0; i < (size_t) 2 * DRAW_SECRET_BYTES; i++)
        for (unsigned flip = 1; flip < 16; flip++) {
            unsigned char other[DRAW_SECRET_BYTES], d[HASH_LEN];

            if (!spend(budget, 4))
                return false;
            memcpy(other, secret, sizeof other);
            other[i / 2] = (unsigned char) (other[i / 2] ^ (i % 2 == 0 ? flip << 4 : flip));
            draw_commitment(spec->suite, spec->number, spec->attempt, p->name, other, d);
            if (memcmp(d, p->commitment, HASH_LEN) == 0) {
                *digit = i;
                return true;
            }
        }
    return false;
}

/* Does the draw have this seed when byte `at` of the beacon's value is c? */
static bool
seed_with(const struct draw_spec *spec, const struct draw_lock *lock, struct draw_reveal *r, size_t beacon,
          size_t at, char c, const unsigned char *seed)
{
    char value[DRAW_EVENT_MAX];
    struct str kept = r->value[beacon];
    unsigned char d[HASH_LEN];

    memcpy(value, kept.p, kept.n);
    value[at] = c;
    r->value[beacon] = (struct str){value, kept.n};
    draw_seed(spec, lock, r, d);
    r->value[beacon] = kept;
    return memcmp(d, seed, HASH_LEN) == 0;
}

bool
locate_value(const struct draw_spec *spec, const struct draw_lock *lock, const struct draw_reveal *reveal,
             const unsigned char seed[static HASH_LEN], uint64_t *budget, size_t *beacon, size_t *offset)
{
    struct draw_reveal r = *reveal;
    uint64_t cost = 4 + 2 * lock->present_count + 4 * spec->beacon_count;

    for (size_t b = 0; b < spec->beacon_count; b++)
        for (size_t i = 0; i < r.value[b].n; i++)
            for (char c = 0x21; c < 0x7F; c++) {
                if (!spend(budget, cost))
                    return false;
                if (seed_with(spec, lock, &r, b, i, c, seed)) {
                    *beacon = b;
                    *offset = i;
                    return true;
                }
            }
    return false;
}

/* The root if row `row` had this leaf hash; the proof of the row does not depend on its content. */
static bool
root_with(const struct roster *r, uint64_t row, struct str line, const struct merkle_proof *proof,
          const unsigned char *root)
{
    unsigned char leaf[HASH_LEN];

    merkle_leaf(r->suite, line.p, line.n, leaf);
    return merkle_check_inclusion(r->suite, row, r->count, leaf, proof, root) == OK;
}

static bool
locate_in_row(const struct roster *r, uint64_t row, const unsigned char *root, uint64_t *budget,
              size_t *offset)
{
    struct merkle_proof proof;
    struct str line = roster_line(r, row);
    char other[DRAW_LINE_MAX];

    if (line.n > sizeof other || roster_prove(r, row, &proof) != OK)
        return false;
    memcpy(other, line.p, line.n);
    for (size_t i = 0; i < line.n; other[i] = line.p[i], i++)
        for (unsigned c = 0x21; c < 0x7F; c++) {
            other[i] = (char) c;
            if (other[i] == line.p[i])
                continue;
            if (!spend(budget, 3 + 2 * (uint64_t) proof.count))
                return false;
            if (root_with(r, row, (struct str){other, line.n}, &proof, root)) {
                *offset = i;
                return true;
            }
        }
    return false;
}

bool
locate_row(const struct roster *r, const unsigned char root[static HASH_LEN], uint64_t *budget, uint64_t *row,
           size_t *offset)
{
    enum { PROOF_ROWS = 2 * ROSTER_TILE }; /* hashes that one proof costs at most, in rows and tiles */

    for (uint64_t i = 0; i < r->count && spend(budget, PROOF_ROWS + r->count / ROSTER_TILE); i++)
        if (locate_in_row(r, i, root, budget, offset)) {
            *row = i;
            return true;
        }
    return false;
}

/* The id of the row that begins at `at`; absent when there is none. */
static struct str
id_at(struct str roster, size_t at)
{
    struct str id = {NULL, 0}, rest;

    if (at < roster.n)
        (void) str_split((struct str){roster.p + at, roster.n - at}, '\t', &id, &rest);
    return id;
}

/* Where the row before the one at `at` > 0 begins. */
static size_t
row_before(struct str roster, size_t at)
{
    for (at--; at > 0 && roster.p[at - 1] != '\n'; at--)
        ;
    return at;
}

static size_t
row_after(struct str roster, size_t at)
{
    const char *lf = memchr(roster.p + at, '\n', roster.n - at);

    return lf == NULL ? roster.n : (size_t) (lf - roster.p) + 1;
}

/* Do they ascend, as far as both are there? */
static bool
ascend(struct str a, struct str b)
{
    return a.p == NULL || b.p == NULL || str_cmp(a, b) < 0;
}

static bool
check_digit_ok(struct str id)
{
    struct uscc u;

    return uscc_parse(id.p, id.n, &u) == OK;
}

void
locate_order(struct str roster, struct fault *f)
{
    size_t second = (size_t) f->byte, first = row_before(roster, second);
    struct str a = {NULL, 0}, b = id_at(roster, first), c = id_at(roster, second);
    struct str d = id_at(roster, row_after(roster, second));
    bool first_fits = ascend(b, d), second_fits;

    if (first > 0)
        a = id_at(roster, row_before(roster, first));
    second_fits = ascend(a, c);
    if (first_fits == second_fits ? check_digit_ok(b) || !check_digit_ok(c) : first_fits)
        return;
    f->line--;
    f->byte = first;
}
