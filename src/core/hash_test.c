/* core/hash_test.c - goal: our digests are those of the standards and of OpenSSL, for every length, cut and
 * lane count */
#include "base/test.h"

#define ERR_STATE OPENSSL_ERR_STATE /* a type there, one of our errors here */
#include <openssl/evp.h>
#undef ERR_STATE

#include "core/hash.h"

static const enum hash_suite SUITES[] = {HASH_SHA256, HASH_SM3};
static const unsigned LANES[] = {1, 4, 8, 16};

static void
openssl_digest(enum hash_suite suite, const void *p, size_t n, unsigned char out[HASH_LEN])
{
    unsigned size = 0;

    EXPECT(EVP_Digest(p, n, out, &size, suite == HASH_SM3 ? EVP_sm3() : EVP_sha256(), NULL) == 1);
    EXPECT_INT(size, HASH_LEN);
}

/* Bytes that look random, the same in every run. */
static void
fill(unsigned char *p, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        p[i] = (unsigned char) (seed >> 56);
    }
}

static void
expect_hex(enum hash_suite suite, const char *text, const char *hex)
{
    unsigned char d[HASH_LEN];
    char got[HASH_HEX_LEN + 1] = "";

    hash_of(suite, text, strlen(text), d);
    hex_encode(d, HASH_LEN, got);
    EXPECT_STR(got, hex);
}

TEST(the_examples_of_the_standards_come_out)
{
    expect_hex(HASH_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect_hex(HASH_SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect_hex(HASH_SM3, "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    expect_hex(HASH_SM3, "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
               "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(every_length_and_every_cut_agrees_with_openssl)
{
    unsigned char p[300], want[HASH_LEN], got[HASH_LEN];

    fill(p, sizeof p, 1);
    for (size_t s = 0; s < 2; s++)
        for (size_t n = 0; n <= sizeof p; n++) {
            struct hash h;
            size_t cut = n * 7 % (n + 1);

            openssl_digest(SUITES[s], p, n, want);
            hash_init(&h, SUITES[s]);
            hash_update(&h, p, cut);
            hash_update(&h, p + cut, n - cut);
            hash_final(&h, got);
            EXPECT_BYTES(got, want, HASH_LEN);
        }
}

TEST(hex_is_fed_as_digits)
{
    unsigned char want[HASH_LEN], got[HASH_LEN];
    struct hash h;

    hash_of(HASH_SHA256, "x00ff10", 7, want);
    hash_init(&h, HASH_SHA256);
    hash_text(&h, "x");
    hash_hex(&h, "\x00\xff\x10", 3);
    hash_final(&h, got);
    EXPECT_BYTES(got, want, HASH_LEN);
}

/* All counts of messages 0..40 with lengths 0..HASH_MANY_MAX after `prefix` bytes. */
static void
expect_many(enum hash_suite suite, unsigned lanes, size_t prefix, bool readable)
{
    static unsigned char p[80 * 1024];
    unsigned char got[40][HASH_LEN], want[HASH_LEN];
    struct str items[40];
    struct hash start;

    fill(p, sizeof p, lanes + prefix);
    hash_init(&start, suite);
    hash_update(&start, p, prefix);
    for (size_t count = 0; count <= 40; count++) {
        for (size_t i = 0; i < count; i++)
            items[i] = (struct str){(const char *) p + 1000 * i, (i * 37 + count * 11) % (HASH_MANY_MAX + 1)};
        hash_many(lanes, &start, items, count, readable ? (const char *) p + sizeof p : NULL, got);
        for (size_t i = 0; i < count; i++) {
            struct hash h = start;

            hash_update(&h, items[i].p, items[i].n);
            hash_final(&h, want);
            EXPECT_BYTES(got[i], want, HASH_LEN);
        }
    }
}

TEST(all_lane_counts_give_the_same_digests)
{
    static const size_t PREFIXES[] = {0, 1, 63, 64, 65, 127, 130};

    for (size_t s = 0; s < 2; s++)
        for (size_t l = 0; l < 4; l++)
            for (size_t k = 0; k < 7 && hash_lanes_ok(LANES[l]); k++) {
                expect_many(SUITES[s], LANES[l], PREFIXES[k], false);
                expect_many(SUITES[s], LANES[l], PREFIXES[k], true);
            }
}

TEST(pairs_are_hashed_as_one_by_one_and_may_be_replaced_by_their_digests)
{
    unsigned char in[2 * 70][HASH_LEN], got[2 * 70][HASH_LEN], want[HASH_LEN];
    static struct hash_pair_table table;

    hash_pair_table_init(&table);
    fill((unsigned char *) in, sizeof in, 9);
    for (size_t s = 0; s < 2; s++)
        for (size_t l = 0; l < 4; l++)
            for (size_t count = 0; count <= 70 && hash_lanes_ok(LANES[l]); count++) {
                struct hash start;

                hash_init(&start, SUITES[s]);
                hash_update(&start, "\1", 1);
                memcpy(got, in, sizeof got);
                hash_pairs(LANES[l], &start, SUITES[s] == HASH_SHA256 && count % 2 != 0 ? &table : NULL,
                           (const unsigned char(*)[HASH_LEN]) got, count, got);
                for (size_t i = 0; i < count; i++) {
                    struct hash h = start;

                    hash_update(&h, in[2 * i], (size_t) 2 * HASH_LEN);
                    hash_final(&h, want);
                    EXPECT_BYTES(got[i], want, HASH_LEN);
                }
                EXPECT_BYTES(got[count], in[count], HASH_LEN); /* and nothing behind is touched */
            }
}

TEST(ids_of_54_and_55_bytes_take_one_and_two_blocks_and_agree_with_openssl)
{
    char message[64 + 1 + 55];
    unsigned char want[HASH_LEN], got[1][HASH_LEN];

    fill((unsigned char *) message, sizeof message, 5);
    for (size_t l = 0; l < 4; l++)
        for (size_t n = 54; n <= 55 && hash_lanes_ok(LANES[l]); n++) {
            struct hash start;
            struct str item = {message + 65, n};

            hash_init(&start, HASH_SHA256);
            hash_update(&start, message, 65);
            hash_many(LANES[l], &start, &item, 1, NULL, got);
            openssl_digest(HASH_SHA256, message, 65 + n, want);
            EXPECT_BYTES(got[0], want, HASH_LEN);
        }
}

TEST(only_known_suites_and_lane_counts_are_accepted)
{
    enum hash_suite s = HASH_SM3;

    EXPECT(hash_suite_parse(STR("sha256"), &s) == OK && s == HASH_SHA256);
    EXPECT(hash_suite_parse(STR("sm3"), &s) == OK && s == HASH_SM3);
    EXPECT(hash_suite_parse(STR("SHA256"), &s) == ERR_INPUT && s == HASH_SM3);
    EXPECT(hash_suite_parse(STR(""), &s) == ERR_INPUT);
    EXPECT_STR(hash_suite_name(HASH_SM3), "sm3");
    EXPECT(hash_lanes_ok(1) && hash_lanes_ok(4) && !hash_lanes_ok(2) && !hash_lanes_ok(0) &&
           !hash_lanes_ok(32));
    EXPECT(hash_lanes_ok(hash_lanes_best()));
}

TEST_MAIN(T(the_examples_of_the_standards_come_out), T(every_length_and_every_cut_agrees_with_openssl),
          T(hex_is_fed_as_digits), T(all_lane_counts_give_the_same_digests),
          T(pairs_are_hashed_as_one_by_one_and_may_be_replaced_by_their_digests),
          T(ids_of_54_and_55_bytes_take_one_and_two_blocks_and_agree_with_openssl),
          T(only_known_suites_and_lane_counts_are_accepted))
