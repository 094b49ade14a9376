/* A witness signs only what continues what it signed before. */
#include "mod/journal/log_witness.h"

#include <string.h>

#include "base/b64.h"
#include "core/merkle.h"
#include "core/tlog.h"
#include "mod/journal/journal_keys.h"
#include "mod/testing.h"

enum { LEAVES = 20 };

/* A log of LEAVES entries whose every checkpoint can be signed and proved. */
struct world {
    struct journal_keys keys;
    unsigned char leaf[LEAVES][HASH_LEN];
    struct arena arena;
    char block[1 << 20];
};

static enum err
node(void *ctx, unsigned level, uint64_t index, unsigned char out[static HASH_LEN])
{
    const struct world *w = ctx;
    struct merkle m;

    merkle_init(&m, HASH_SHA256);
    for (uint64_t i = index << level; i < (index + 1) << level; i++)
        merkle_add(&m, w->leaf[i]);
    merkle_root(&m, out);
    return OK;
}

static void
put_request(struct world *w, uint64_t old, uint64_t size, struct buf *b)
{
    struct merkle_source source = {HASH_SHA256, node, w};
    struct merkle_proof proof = {0};
    struct checkpoint point = {.origin = str_of(w->keys.ed25519.name), .size = size};
    unsigned char signature[JOURNAL_SIGNATURE_BYTES];
    struct merkle m;
    size_t from;

    merkle_init(&m, HASH_SHA256);
    for (uint64_t i = 0; i < size; i++)
        merkle_add(&m, w->leaf[i]);
    merkle_root(&m, point.root);
    if (old > 0 && old < size)
        EXPECT_INT(merkle_prove_consistency(&source, old, size, &proof), OK);
    buf_z(b, "old ");
    buf_u64(b, old);
    buf_z(b, "\n");
    for (unsigned i = 0; i < proof.count; i++) {
        b64_write(b, proof.hash[i], HASH_LEN);
        buf_z(b, "\n");
    }
    buf_z(b, "\n");
    from = b->n;
    EXPECT_INT(checkpoint_write(b, &point), OK);
    EXPECT_INT(journal_sign(&w->keys, NOTE_ED25519, (struct str) {b->p + from, b->n - from}, signature), OK);
    buf_z(b, "\n");
    note_add_signature(b, &w->keys.ed25519, signature, sizeof signature);
}

/* The status for one request; the state goes on when it is 200. */
static int
ask(struct world *w, struct log_witness_state *have, uint64_t old, uint64_t size, size_t flip)
{
    char text[8192];
    struct buf b = buf_over(text, sizeof text);
    struct log_witness_verdict v;

    put_request(w, old, size, &b);
    if (flip > 0)
        text[b.n - flip] ^= 1;
    arena_reset(&w->arena);
    EXPECT_INT(log_witness_judge(&w->arena, &w->keys.ed25519, have, buf_view(&b), &v), OK);
    if (v.status == 200)
        *have = v.next;
    return v.status;
}

static struct world W;

static void
begin(struct ctx *c)
{
    EXPECT_INT(journal_keys_create(c, STR("log.test/mingqian"), false), OK);
    EXPECT_INT(journal_keys_load(c, &W.keys), OK);
    W.arena = arena_over(W.block, sizeof W.block);
    for (int i = 0; i < LEAVES; i++)
        memset(W.leaf[i], i + 1, HASH_LEN);
}

TEST_DB(a_witness_follows_a_log_that_grows)
{
    struct log_witness_state have = {0};

    begin(c);
    EXPECT_INT(ask(&W, &have, 0, 3, 0), 200);
    EXPECT_INT(ask(&W, &have, 3, 3, 0), 200);
    EXPECT_INT(ask(&W, &have, 3, 11, 0), 200);
    EXPECT_INT(ask(&W, &have, 11, LEAVES, 0), 200);
    EXPECT_INT(have.size, LEAVES);
}

TEST_DB(a_witness_refuses_a_log_that_goes_back_or_aside)
{
    struct log_witness_state have = {0};

    begin(c);
    EXPECT_INT(ask(&W, &have, 0, 11, 0), 200);
    EXPECT_INT(ask(&W, &have, 0, 12, 0), 409);  /* it has seen more than nothing */
    EXPECT_INT(ask(&W, &have, 11, 7, 0), 400);  /* backwards */
    EXPECT_INT(ask(&W, &have, 7, 12, 0), 409);
    memset(W.leaf[2], 0x55, HASH_LEN);             /* an entry of the past was altered */
    EXPECT_INT(ask(&W, &have, 11, 12, 0), 422);
    EXPECT_INT(ask(&W, &have, 11, 11, 0), 409); /* another tree of the same size */
    EXPECT_INT(have.size, 11);
}

TEST_DB(a_witness_refuses_other_logs_false_signatures_and_noise)
{
    struct log_witness_state have = {0};
    struct log_witness_verdict v;
    struct note_key key;

    begin(c);
    key = W.keys.ed25519;
    EXPECT_INT(ask(&W, &have, 0, 3, 20), 403);
    strcpy(W.keys.ed25519.name, "another.example/log");
    {
        char text[8192];
        struct buf b = buf_over(text, sizeof text);

        put_request(&W, 0, 3, &b);
        EXPECT_INT(log_witness_judge(&W.arena, &key, &have, buf_view(&b), &v), OK);
        EXPECT_INT(v.status, 404);
    }
    EXPECT_INT(log_witness_judge(&W.arena, &key, &have, STR("old x\n\n"), &v), OK);
    EXPECT_INT(v.status, 400);
    EXPECT_INT(log_witness_judge(&W.arena, &key, &have, STR(""), &v), OK);
    EXPECT_INT(v.status, 400);
    EXPECT_INT(have.size, 0);
}

TEST_MAIN(T(a_witness_follows_a_log_that_grows), T(a_witness_refuses_a_log_that_goes_back_or_aside),
          T(a_witness_refuses_other_logs_false_signatures_and_noise))
