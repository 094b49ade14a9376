/* core/draw_seed.c - commitments, seed, keys, tickets, unbiased integers, beacons and policy */
#include <string.h>

#include "core/draw_scan.h"

static void
add_hex_line(struct hash *h, const unsigned char *digest)
{
    hash_hex(h, digest, HASH_LEN);
    hash_text(h, "\n");
}

static void
add_line(struct hash *h, struct str s)
{
    hash_update(h, s.p, s.n);
    hash_text(h, "\n");
}

void
draw_commitment(enum hash_suite suite, struct str number, uint32_t attempt, struct str party,
                const unsigned char secret[static DRAW_SECRET_BYTES], unsigned char out[static HASH_LEN])
{
    char digits[16];
    struct buf b = buf_over(digits, sizeof digits);
    struct hash h;

    buf_u64(&b, attempt);
    hash_init(&h, suite);
    hash_text(&h, "mingqian-commit/v1\n");
    add_line(&h, number);
    add_line(&h, buf_view(&b));
    add_line(&h, party);
    add_hex_line(&h, secret);
    hash_final(&h, out);
}

void
draw_seed(const struct draw_spec *spec, const struct draw_lock *lock, const struct draw_reveal *r,
          unsigned char out[static HASH_LEN])
{
    struct hash h;

    hash_init(&h, spec->suite);
    hash_text(&h, "mingqian-seed/v1\n");
    add_hex_line(&h, spec->digest);
    add_hex_line(&h, lock->digest);
    for (size_t i = 0; i < spec->party_count; i++) {
        if (!lock->present[i])
            continue;
        hash_text(&h, "party ");
        hash_update(&h, spec->parties[i].name.p, spec->parties[i].name.n);
        hash_text(&h, " ");
        add_hex_line(&h, r->secret[i]);
    }
    for (size_t i = 0; i < spec->beacon_count; i++) {
        hash_text(&h, "beacon ");
        hash_update(&h, spec->beacons[i].name.p, spec->beacons[i].name.n);
        hash_text(&h, " ");
        add_line(&h, r->value[i]);
    }
    hash_final(&h, out);
}

void
draw_subkey(enum hash_suite suite, const char *purpose, const unsigned char seed[static HASH_LEN],
            unsigned char out[static HASH_LEN])
{
    struct hash h;

    hash_init(&h, suite);
    hash_text(&h, "mingqian-key/v1\n");
    hash_text(&h, purpose);
    hash_text(&h, "\n");
    add_hex_line(&h, seed);
    hash_final(&h, out);
}

void
draw_ticket_start(enum hash_suite suite, const unsigned char key[static HASH_LEN], struct hash *out)
{
    hash_init(out, suite);
    hash_hex(out, key, HASH_LEN);
    hash_text(out, ":");
}

void
draw_ticket(enum hash_suite suite, const unsigned char key[static HASH_LEN], struct str id,
            unsigned char out[static HASH_LEN])
{
    struct hash h;

    draw_ticket_start(suite, key, &h);
    hash_update(&h, id.p, id.n);
    hash_final(&h, out);
}

static uint64_t
first_word(const unsigned char *digest)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < 8; i++)
        v = v << 8 | digest[i];
    return v;
}

uint64_t
draw_uniform_int(enum hash_suite suite, const unsigned char key_int[static HASH_LEN], struct str label,
                 uint64_t m)
{
    uint64_t reject = (0 - m) % m; /* 2^64 mod m */

    for (uint64_t ctr = 0;; ctr++) { /* each round ends it with probability above one half */
        unsigned char digest[HASH_LEN];
        char digits[24];
        struct buf b = buf_over(digits, sizeof digits);
        struct hash h;
        uint64_t v;

        buf_u64(&b, ctr);
        draw_ticket_start(suite, key_int, &h);
        hash_update(&h, label.p, label.n);
        hash_text(&h, ":");
        hash_update(&h, b.p, b.n);
        hash_final(&h, digest);
        v = first_word(digest);
        if (v <= UINT64_MAX - reject)
            return v % m;
    }
}

/* A number below 2^256, lowest word first. */
struct wide {
    uint64_t limb[4];
};

/* a · b; the callers' products stay below 2^256. */
static struct wide
multiply(struct wide a, unsigned __int128 b)
{
    uint64_t y[2] = {(uint64_t) b, (uint64_t) (b >> 64)};
    struct wide r = {{0}};

    for (unsigned j = 0; j < 2; j++) {
        unsigned __int128 carry = 0;

        for (unsigned i = 0; i + j < 4; i++) {
            carry += (unsigned __int128) a.limb[i] * y[j] + r.limb[i + j];
            r.limb[i + j] = (uint64_t) carry;
            carry >>= 64;
        }
    }
    return r;
}

/* v · (2^65 - v2) · (W - k·w) · w2, one side of the comparison: 65 + 65 + 68 = 198 bits. */
static struct wide
pareto_side(const struct draw_pareto *p, uint64_t t, uint32_t w, uint64_t t2, uint32_t w2)
{
    unsigned __int128 v = (unsigned __int128) t << 1 | 1;
    unsigned __int128 rest = ((unsigned __int128) 1 << 65) - ((unsigned __int128) t2 << 1 | 1);
    struct wide r = {{1, 0, 0, 0}};

    r = multiply(r, (unsigned __int128) (p->total - p->k * w) * w2);
    r = multiply(r, v);
    return multiply(r, rest);
}

/*
 * a/b < c/d with a = v·(W - k·w), b = (2^65 - v)·k·w of one row and c, d of the other is, crosswise and
 * divided by k > 0: v·(2^65 - v2)·(W - k·w)·w2 < v2·(2^65 - v)·(W - k·w2)·w.
 */
int
draw_pareto_cmp(const struct draw_pareto *p, uint64_t ta, uint32_t wa, uint64_t tb, uint32_t wb)
{
    struct wide a, b;

    if (wa == wb) /* the odds rise with v alone */
        return (ta > tb) - (ta < tb);
    a = pareto_side(p, ta, wa, tb, wb);
    b = pareto_side(p, tb, wb, ta, wa);
    for (unsigned i = 4; i-- > 0;)
        if (a.limb[i] != b.limb[i])
            return a.limb[i] < b.limb[i] ? -1 : 1;
    return 0;
}

unsigned
draw_beacon_bits(struct str name)
{
    if (str_starts(name, STR("drand-")))
        return 256; /* hex(SHA-256(signature)) */
    if (str_eq(name, STR("cwl-ssq")))
        return 24; /* 双色球: C(33,6) · 16 = 17,721,088 */
    if (str_eq(name, STR("sports-dlt")))
        return 24; /* 大乐透: C(35,5) · C(12,2) = 21,425,712 */
    if (str_eq(name, STR("cwl-3d")))
        return 9; /* 福彩3D: 1,000 */
    return 0;
}

/* Two digits from..to at s, above the number before. */
static bool
ball(const char *s, unsigned to, unsigned *last)
{
    unsigned v = (unsigned) (unsigned char) (s[0] - '0') * 10 + (unsigned) (unsigned char) (s[1] - '0');

    if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' || v <= *last || v > to)
        return false;
    *last = v;
    return true;
}

/* "n,n,…" ascending up to a, then "+" and "n,…" ascending up to b. */
static bool
balls(struct str s, unsigned count_a, unsigned to_a, unsigned count_b, unsigned to_b)
{
    unsigned last = 0;

    if (s.n != 3 * (count_a + count_b) - 1)
        return false;
    for (unsigned i = 0; i < count_a + count_b; i++) {
        if (i > 0 && s.p[3 * i - 1] != (i == count_a ? '+' : ','))
            return false;
        if (i == count_a)
            last = 0;
        if (!ball(s.p + 3 * i, i < count_a ? to_a : to_b, &last))
            return false;
    }
    return true;
}

/* "7,0,3" */
static bool
three_digits(struct str s)
{
    bool ok = s.n == 5 && s.p[1] == ',' && s.p[3] == ',';

    for (size_t i = 0; i < 5 && ok; i += 2)
        ok = s.p[i] >= '0' && s.p[i] <= '9';
    return ok;
}

bool
draw_beacon_value_ok(struct str name, struct str value)
{
    unsigned char digest[HASH_LEN];

    if (!draw_text_ok(value, DRAW_EVENT_MAX))
        return false;
    if (str_starts(name, STR("drand-")))
        return hex_decode(value, digest, HASH_LEN) == OK;
    if (str_eq(name, STR("cwl-ssq")))
        return balls(value, 6, 33, 1, 16);
    if (str_eq(name, STR("sports-dlt")))
        return balls(value, 5, 35, 2, 12);
    if (str_eq(name, STR("cwl-3d")))
        return three_digits(value);
    return true;
}

enum err
draw_policy(const struct draw_spec *spec, struct fault *f)
{
    enum { ENOUGH_BITS = 48, SHOW_BITS = 20 };
    unsigned bits = 0;

    *f = (struct fault){.err = ERR_POLICY, .file = DRAW_DRAW};
    for (size_t i = 0; i < spec->beacon_count; i++)
        bits += draw_beacon_bits(spec->beacons[i].name);
    if (spec->party_count < 2) {
        f->zh = "参与方不足两个", f->en = "fewer than two parties";
        return ERR_POLICY;
    }
    if (bits >= ENOUGH_BITS)
        return OK;
    if (spec->beacon_count > 0 && bits < SHOW_BITS) {
        f->zh = "信标太弱(福彩3D 不能单独使用),没有意义",
        f->en = "the beacon is too weak to mean anything (3D alone)";
        return ERR_POLICY;
    }
    if (spec->beacon_count == 0 || spec->min_parties == spec->party_count)
        return OK; /* every party opens: one honest secret suffices */
    f->zh = "信标不足 48 位,又不要求全部参与方揭示",
    f->en = "beacons below 48 bits and a party may stay away";
    return ERR_POLICY;
}
