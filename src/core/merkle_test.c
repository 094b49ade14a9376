/* core/merkle_test.c - goal: trees are those of RFC 6962, and no proof is accepted but the true one */
#include "base/test.h"

#include "core/merkle.h"

enum { LEAVES = 70 };

typedef unsigned char digest[HASH_LEN];

/* MTH of RFC 6962 §2.1 by its recursive definition. */
static void
definition(enum hash_suite suite, digest *leaves, size_t n, unsigned char *out)
{
    digest left, right;
    size_t k = 1;

    if (n == 0) {
        merkle_empty(suite, out);
        return;
    }
    if (n == 1) {
        memcpy(out, leaves[0], HASH_LEN);
        return;
    }
    while (2 * k < n)
        k *= 2;
    definition(suite, leaves, k, left);
    definition(suite, leaves + k, n - k, right);
    merkle_node(suite, left, right, out);
}

static void
make_leaves(enum hash_suite suite, digest *leaves)
{
    for (unsigned i = 0; i < LEAVES; i++)
        merkle_leaf(suite, &i, sizeof i, leaves[i]);
}

static enum err
node_of_leaves(void *ctx, unsigned level, uint64_t index, unsigned char *out)
{
    digest *leaves = ctx;

    definition(HASH_SHA256, leaves + (index << level), (size_t) 1 << level, out);
    return OK;
}

TEST(the_tree_of_the_rfc_example_has_its_root)
{
    /* the eight leaves widely used as test data of certificate transparency logs */
    static const struct str DATA[8] = {
        {"", 0},
        {"\0", 1},
        {"\x10", 1},
        {"\x20\x21", 2},
        {"\x30\x31", 2},
        {"\x40\x41\x42\x43", 4},
        {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16}};
    struct merkle m;
    digest leaf, root;
    char hex[HASH_HEX_LEN + 1] = "";

    merkle_init(&m, HASH_SHA256);
    for (size_t i = 0; i < 8; i++) {
        merkle_leaf(HASH_SHA256, DATA[i].p, DATA[i].n, leaf);
        merkle_add(&m, leaf);
    }
    merkle_root(&m, root);
    hex_encode(root, HASH_LEN, hex);
    EXPECT_STR(hex, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(growing_and_reducing_give_the_defined_root_for_every_size)
{
    static const unsigned LANES[] = {1, 4, 8, 16};
    digest leaves[LEAVES], copy[LEAVES], want, got;

    for (int suite = HASH_SHA256; suite <= HASH_SM3; suite++) {
        struct merkle m;

        make_leaves((enum hash_suite) suite, leaves);
        merkle_init(&m, (enum hash_suite) suite);
        for (size_t n = 0; n <= LEAVES; n++) {
            definition((enum hash_suite) suite, leaves, n, want);
            merkle_root(&m, got);
            EXPECT_BYTES(got, want, HASH_LEN);
            for (size_t l = 0; l < 4 && n > 0; l++) {
                memcpy(copy, leaves, sizeof copy);
                merkle_reduce((enum hash_suite) suite, hash_lanes_ok(LANES[l]) ? LANES[l] : 1, copy, n, got);
                EXPECT_BYTES(got, want, HASH_LEN);
            }
            if (n < LEAVES)
                merkle_add(&m, leaves[n]);
        }
    }
}

TEST(whole_subtrees_append_only_where_they_fit)
{
    digest leaves[LEAVES], sub, want, got;
    struct merkle m;

    make_leaves(HASH_SHA256, leaves);
    merkle_init(&m, HASH_SHA256);
    for (size_t i = 0; i < 16; i += 8) {
        definition(HASH_SHA256, leaves + i, 8, sub);
        EXPECT(merkle_add_tree(&m, 3, sub) == OK);
    }
    merkle_add(&m, leaves[16]);
    definition(HASH_SHA256, leaves, 17, want);
    merkle_root(&m, got);
    EXPECT_BYTES(got, want, HASH_LEN);
    EXPECT(merkle_add_tree(&m, 1, sub) == ERR_ORDER);
    EXPECT(merkle_add_tree(&m, 63, sub) == ERR_ORDER);
    EXPECT_INT(m.size, 17);
}

TEST(every_inclusion_proof_holds_and_no_altered_one)
{
    digest leaves[LEAVES], root;
    struct merkle_source source = {HASH_SHA256, node_of_leaves, leaves};
    struct merkle_proof p;

    make_leaves(HASH_SHA256, leaves);
    for (uint64_t size = 1; size <= LEAVES; size++) {
        definition(HASH_SHA256, leaves, size, root);
        for (uint64_t i = 0; i < size; i++) {
            EXPECT(merkle_prove_inclusion(&source, i, size, &p) == OK);
            EXPECT(merkle_check_inclusion(HASH_SHA256, i, size, leaves[i], &p, root) == OK);
            EXPECT(merkle_check_inclusion(HASH_SHA256, i, size, leaves[(i + 1) % LEAVES], &p, root) ==
                   ERR_PROOF);
            if (size > 1) {
                EXPECT(merkle_check_inclusion(HASH_SHA256, i ^ 1, size, leaves[i], &p, root) == ERR_PROOF);
                p.hash[p.count - 1][31] ^= 1;
                EXPECT(merkle_check_inclusion(HASH_SHA256, i, size, leaves[i], &p, root) == ERR_PROOF);
                p.hash[p.count - 1][31] ^= 1;
                p.count--;
                EXPECT(merkle_check_inclusion(HASH_SHA256, i, size, leaves[i], &p, root) == ERR_PROOF);
            }
        }
        EXPECT(merkle_prove_inclusion(&source, size, size, &p) == ERR_RANGE);
        EXPECT(merkle_check_inclusion(HASH_SHA256, size, size, leaves[0], &p, root) == ERR_PROOF);
    }
}

TEST(every_consistency_proof_holds_and_no_altered_one)
{
    digest leaves[LEAVES], old, new;
    struct merkle_source source = {HASH_SHA256, node_of_leaves, leaves};
    struct merkle_proof p;

    make_leaves(HASH_SHA256, leaves);
    for (uint64_t to = 0; to <= LEAVES; to++)
        for (uint64_t from = 0; from <= to; from++) {
            definition(HASH_SHA256, leaves, from, old);
            definition(HASH_SHA256, leaves, to, new);
            EXPECT(merkle_prove_consistency(&source, from, to, &p) == OK);
            EXPECT(merkle_check_consistency(HASH_SHA256, from, to, old, new, &p) == OK);
            old[0] ^= 1;
            EXPECT(merkle_check_consistency(HASH_SHA256, from, to, old, new, &p) == ERR_PROOF);
            old[0] ^= 1;
            if (from > 0 && from < to) {
                new[5] ^= 1;
                EXPECT(merkle_check_consistency(HASH_SHA256, from, to, old, new, &p) == ERR_PROOF);
                new[5] ^= 1;
                p.hash[p.count / 2][0] ^= 1;
                EXPECT(merkle_check_consistency(HASH_SHA256, from, to, old, new, &p) == ERR_PROOF);
            }
        }
    EXPECT(merkle_prove_consistency(&source, 3, 2, &p) == ERR_RANGE);
    EXPECT(merkle_check_consistency(HASH_SHA256, 3, 2, old, new, &p) == ERR_PROOF);
}

TEST_MAIN(T(the_tree_of_the_rfc_example_has_its_root),
          T(growing_and_reducing_give_the_defined_root_for_every_size),
          T(whole_subtrees_append_only_where_they_fit), T(every_inclusion_proof_holds_and_no_altered_one),
          T(every_consistency_proof_holds_and_no_altered_one))
