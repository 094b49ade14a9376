/* mod/enterprise/leaf.c - one row of a sealed list and its inclusion proof (RFC 6962 §2.1.1; docs/spec/draw-1.md §2, §13), in one
 * reading of the list and memory for every 256th row */
#include <string.h>

#include "mod/enterprise/enterprise.h"

enum { EVERY_BITS = 8 }; /* places of rows are noted in steps of 2^EVERY_BITS */

struct list {
    struct str text;
    enum hash_suite suite;
    size_t *places; /* of row i << EVERY_BITS */
    uint64_t count;
};

static struct str
line_at(const struct list *l, size_t place)
{
    const char *end = memchr(l->text.p + place, '\n', l->text.n - place);

    return (struct str) {l->text.p + place, end == NULL ? l->text.n - place : (size_t) (end - (l->text.p + place))};
}

static bool
is_id(struct str line, struct str id)
{
    return line.n > id.n && line.p[id.n] == '\t' && memcmp(line.p, id.p, id.n) == 0;
}

/* Counts the rows, notes the places, finds the target. */
static enum err
read_list(struct ctx *c, struct list *l, struct str target, struct enterprise_leaf *out)
{
    size_t rows_max = l->text.n / 8 + 1; /* id, stratum, weight, mask and salt are longer */

    l->places = arena_array(c->arena, (rows_max >> EVERY_BITS) + 1, sizeof *l->places);
    if (l->places == NULL)
        return ERR_MEMORY;
    for (size_t place = 0; place < l->text.n; l->count++) {
        struct str line = line_at(l, place);

        if (l->count >> EVERY_BITS > rows_max >> EVERY_BITS)
            return ERR_DIGEST;
        if ((l->count & ((1 << EVERY_BITS) - 1)) == 0)
            l->places[l->count >> EVERY_BITS] = place;
        if (!out->held && is_id(line, target)) {
            out->held = true;
            out->index = l->count;
            out->line = str_copy(c->arena, line);
        }
        place += line.n + 1;
    }
    out->count = l->count;
    return out->held && out->line.p == NULL ? ERR_MEMORY : OK;
}

/* The root of the complete subtree over the rows [index << level, (index + 1) << level). */
static enum err
subtree(void *ctx, unsigned level, uint64_t index, unsigned char out[static HASH_LEN])
{
    const struct list *l = ctx;
    uint64_t from = index << level, to = from + (UINT64_C(1) << level);
    size_t place = l->places[from >> EVERY_BITS];
    struct merkle m;

    merkle_init(&m, l->suite);
    for (uint64_t i = from >> EVERY_BITS << EVERY_BITS; i < to; i++) {
        struct str line = line_at(l, place);
        unsigned char leaf[HASH_LEN];

        if (i >= from) {
            merkle_leaf(l->suite, line.p, line.n, leaf);
            merkle_add(&m, leaf);
        }
        place += line.n + 1;
    }
    merkle_root(&m, out);
    return OK;
}

/* The proof holds to the root that was sealed, or nothing is said. */
static enum err
prove(const struct list *l, const unsigned char root[static HASH_LEN], struct enterprise_leaf *out)
{
    struct merkle_source source = {l->suite, subtree, (void *) (uintptr_t) l};
    unsigned char leaf[HASH_LEN];
    struct fault fault;
    enum err e = merkle_prove_inclusion(&source, out->index, l->count, &out->proof);

    merkle_leaf(l->suite, out->line.p, out->line.n, leaf);
    if (e == OK && merkle_check_inclusion(l->suite, out->index, l->count, leaf, &out->proof, root) != OK)
        e = ERR_DIGEST;
    return e == OK ? roster_row_parse(out->line, &out->row, &fault) : e;
}

enum err
enterprise_leaf(struct ctx *c, struct drawing_key k, struct str target, struct enterprise_leaf *out)
{
    struct drawing_get_row d;
    struct list l = {0};
    unsigned char root[HASH_LEN];
    enum err e = drawing_get(c->db, c->arena, &(struct drawing_get_in) {k.draw, k.attempt}, &d);

    *out = (struct enterprise_leaf) {0};
    if (e == OK && d.roster_root.n == 0)
        e = ERR_NOT_FOUND;
    if (e == OK)
        e = hex_decode(d.roster_root, root, sizeof root);
    if (e == OK)
        e = drawing_map(c, k, "roster.tsv", &l.text);
    if (e != OK)
        return e;
    l.suite = str_eq(d.suite, STR("sm3")) ? HASH_SM3 : HASH_SHA256;
    e = read_list(c, &l, target, out);
    if (e == OK && out->held)
        e = prove(&l, root, out);
    drawing_unmap(l.text);
    return e;
}
