/* core/note_test.c - signed notes against the published example of golang.org/x/mod/sumdb/note, and refusals.
 * The mathematics is libsodium's here. */
#include "base/test.h"

#include <sodium.h>

#include "base/b64.h"
#include "core/note.h"

#define VKEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define TEXT                                                                                                 \
    "If you think cryptography is the answer to your problem,\n"                                             \
    "then you don't know what your problem is.\n"
#define SIGNATURE                                                                                            \
    "\xE2\x80\x94 PeterNeumann "                                                                             \
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
#define NOTE TEXT "\n" SIGNATURE

static bool
sodium_verify(void *ctx, const struct note_key *key, const void *message, size_t message_bytes,
              const unsigned char *signature, size_t signature_bytes)
{
    ++*(int *) ctx;
    return key->key_bytes == crypto_sign_PUBLICKEYBYTES && signature_bytes == crypto_sign_BYTES &&
           crypto_sign_verify_detached(signature, message, message_bytes, key->key) == 0;
}

/* A key pair from one byte, for notes of our own. */
static void
sign_with(unsigned char seed_byte, const void *message, size_t n, unsigned char public_key[32],
          unsigned char signature[64])
{
    unsigned char seed[crypto_sign_SEEDBYTES], secret_key[crypto_sign_SECRETKEYBYTES];

    memset(seed, seed_byte, sizeof seed);
    EXPECT(crypto_sign_seed_keypair(public_key, secret_key, seed) == 0);
    EXPECT(crypto_sign_detached(signature, NULL, message, n, secret_key) == 0);
}

static struct note_key
key_of(const char *vkey)
{
    struct note_key key = {0};

    EXPECT(note_vkey_parse(str_of(vkey), &key) == OK);
    return key;
}

TEST(the_published_note_verifies)
{
    struct note_key key = key_of(VKEY);
    struct note note;
    int calls = 0;

    EXPECT(note_parse(STR(NOTE), &note) == OK);
    EXPECT(str_eq(note.text, STR(TEXT)) && note.signature_count == 1);
    EXPECT(note_verify(&note, &key, sodium_verify, &calls, NULL, NULL) == OK && calls == 1);
}

TEST(the_published_note_is_written_again_byte_for_byte)
{
    struct note_key key = key_of(VKEY);
    struct note note;
    char p[1024];
    struct buf b = buf_over(p, sizeof p);

    EXPECT(note_parse(STR(NOTE), &note) == OK);
    buf_str(&b, note.text);
    buf_z(&b, "\n");
    note_add_signature(&b, &key, note.signatures[0].bytes, note.signatures[0].n_bytes);
    EXPECT(str_eq(buf_view(&b), STR(NOTE)));
}

TEST(any_changed_byte_of_the_text_is_noticed)
{
    struct note_key key = key_of(VKEY);

    for (size_t i = 0; i < sizeof TEXT - 1; i++) {
        char p[sizeof NOTE];
        struct note note;
        int calls = 0;

        memcpy(p, NOTE, sizeof p);
        p[i] ^= 1;
        if (note_parse((struct str){p, sizeof p - 1}, &note) == OK)
            EXPECT(note_verify(&note, &key, sodium_verify, &calls, NULL, NULL) == ERR_SIGNATURE);
    }
}

TEST(verifier_keys_of_others_are_read_and_written_back)
{
    static const char *const KEYS[] = {
        VKEY, "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop", /* x/mod/sumdb/note */
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",  /* a witness, type 04 */
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6"};

    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        struct note_key key = key_of(KEYS[i]);
        char p[256];
        struct buf b = buf_over(p, sizeof p);

        EXPECT(key.type == (i == 2 ? NOTE_COSIGNATURE : NOTE_ED25519));
        note_vkey_write(&b, &key);
        EXPECT(str_eq(buf_view(&b), str_of(KEYS[i])));
    }
}

TEST(verifier_keys_that_do_not_fit_are_refused)
{
    struct note_key key;

    EXPECT(note_vkey_parse(STR("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), &key) ==
           ERR_CHECK);
    EXPECT(note_vkey_parse(STR("PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), &key) ==
           ERR_CHECK);
    EXPECT(note_vkey_parse(STR("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), &key) ==
           ERR_SYNTAX);
    EXPECT(note_vkey_parse(STR("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), &key) ==
           ERR_INPUT);
    EXPECT(note_vkey_parse(STR("PeterNeumann+c74f20a3"), &key) == ERR_SYNTAX);
    EXPECT(note_vkey_parse(STR("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
                           &key) == ERR_CHARSET);
    EXPECT(note_vkey_parse(STR(""), &key) == ERR_SYNTAX);
}

TEST(key_names_with_blanks_of_any_script_are_refused)
{
    static const char *const BAD[] = {"a b",
                                      "a+b",
                                      "a\tb",
                                      "a\xC2\xA0"
                                      "b",
                                      "a\xE3\x80\x80"
                                      "b",
                                      "a\xE2\x80\x83"
                                      "b",
                                      "a\xFF",
                                      ""};
    unsigned char bytes[32] = {1};
    struct note_key key;

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        EXPECT(note_key_make(str_of(BAD[i]), NOTE_ED25519, bytes, 32, &key) != OK);
    EXPECT(note_key_make(STR("信阳/明签"), NOTE_ED25519, bytes, 32, &key) == OK);
    EXPECT(note_key_make(STR("a"), NOTE_ED25519, bytes, 31, &key) == ERR_LENGTH);
    EXPECT(note_key_make(STR("a"), NOTE_SM2, bytes, 32, &key) == ERR_LENGTH);
}

static enum err
parse(const char *text)
{
    struct note note;

    return note_parse(str_of(text), &note);
}

TEST(a_note_without_its_form_is_refused)
{
    EXPECT(parse("") == ERR_SYNTAX);
    EXPECT(parse("\n") == ERR_SYNTAX);
    EXPECT(parse("text\n") == ERR_SYNTAX);
    EXPECT(parse("text\n\n") == ERR_SYNTAX);
    EXPECT(parse("text\n" SIGNATURE) == ERR_SYNTAX);
    EXPECT(parse("text\n\n- a AAAAAAA=\n") == ERR_SYNTAX);
    EXPECT(parse("text\n\n\xE2\x80\x94 a AAAAAAA\n") == ERR_SYNTAX);
    EXPECT(parse("text\n\n\xE2\x80\x94 a AAAAAA==\n") == ERR_SYNTAX); /* a key id alone */
    EXPECT(parse("text\n\n\xE2\x80\x94 a AAAAAAA=") == ERR_SYNTAX);
    EXPECT(parse("text\n\n\xE2\x80\x94 a AAAAAAA=\nmore\n") == ERR_SYNTAX);
    EXPECT(parse("te\rxt\n\n\xE2\x80\x94 a AAAAAAA=\n") == ERR_ENCODING);
    EXPECT(parse("te\xFFxt\n\n\xE2\x80\x94 a AAAAAAA=\n") == ERR_ENCODING);
    EXPECT(parse("text\n\n\xE2\x80\x94 a AAAAAAA=\n") == OK);
}

TEST(a_text_may_hold_blank_lines_and_the_last_one_separates)
{
    struct note note;

    EXPECT(note_parse(STR("a\n\nb\n\n\xE2\x80\x94 a AAAAAAA=\n"), &note) == OK);
    EXPECT(str_eq(note.text, STR("a\n\nb\n")) && note.signature_count == 1);
}

TEST(sixty_four_signatures_are_read_and_sixty_five_refused)
{
    static char p[8192];
    struct buf b = buf_over(p, sizeof p);
    struct note note;

    buf_z(&b, "text\n\n");
    for (int i = 0; i < 64; i++)
        buf_z(&b, "\xE2\x80\x94 a AAAAAAA=\n");
    EXPECT(note_parse(buf_view(&b), &note) == OK && note.signature_count == 64);
    buf_z(&b, "\xE2\x80\x94 a AAAAAAA=\n");
    EXPECT(note_parse(buf_view(&b), &note) == ERR_TOO_LARGE);
}

TEST(a_note_signed_by_others_only_is_missing_a_signature)
{
    struct note_key key = key_of("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop");
    struct note note;
    int calls = 0;

    EXPECT(note_parse(STR(NOTE), &note) == OK);
    EXPECT(note_verify(&note, &key, sodium_verify, &calls, NULL, NULL) == ERR_MISSING);
    EXPECT(calls == 0);
}

TEST(a_long_signature_of_an_unknown_algorithm_is_carried_past)
{
    static char p[16384];
    static unsigned char big[2424];
    struct buf b = buf_over(p, sizeof p);
    struct note_key key = key_of(VKEY);
    struct note note;
    int calls = 0;

    buf_z(&b, TEXT "\n\xE2\x80\x94 post.quantum.example ");
    b64_write(&b, big, sizeof big);
    buf_z(&b, "\n" SIGNATURE);
    EXPECT(note_parse(buf_view(&b), &note) == OK && note.signature_count == 2);
    EXPECT(note.signatures[0].n_bytes == sizeof big - 4);
    EXPECT(note_verify(&note, &key, sodium_verify, &calls, NULL, NULL) == OK && calls == 1);
}

TEST(a_cosignature_covers_time_and_text)
{
    static const char MESSAGE[] = "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
                                  "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    struct str text = {MESSAGE + 31, sizeof MESSAGE - 1 - 31};
    unsigned char public_key[32], signature[64];
    struct note_key witness;
    char p[1024], q[1024];
    struct buf b = buf_over(p, sizeof p), scratch = buf_over(q, sizeof q), tiny = buf_over(q, 8);
    struct note note;
    uint64_t time_s = 0;
    int calls = 0;

    sign_with(7, MESSAGE, sizeof MESSAGE - 1, public_key, signature);
    EXPECT(note_key_make(STR("witness.example.com/w1"), NOTE_COSIGNATURE, public_key, 32, &witness) == OK);
    buf_str(&b, text);
    buf_z(&b, "\n");
    note_add_cosignature(&b, &witness, 1679315147, signature);
    EXPECT(note_parse(buf_view(&b), &note) == OK);
    EXPECT(note_verify(&note, &witness, sodium_verify, &calls, &scratch, &time_s) == OK);
    EXPECT(time_s == 1679315147);
    EXPECT(note_verify(&note, &witness, sodium_verify, &calls, &tiny, NULL) == ERR_TOO_LARGE);
    note.signatures[0].bytes[7] ^= 1; /* another time */
    EXPECT(note_verify(&note, &witness, sodium_verify, &calls, &scratch, NULL) == ERR_SIGNATURE);
    note.signatures[0].bytes[7] ^= 1;
    note.signatures[0].n_bytes--;
    EXPECT(note_verify(&note, &witness, sodium_verify, &calls, &scratch, NULL) == ERR_SIGNATURE);
}

TEST(a_true_and_a_false_signature_by_one_key_make_the_note_false)
{
    static char p[1024];
    struct buf b = buf_over(p, sizeof p);
    struct note_key key = key_of(VKEY);
    unsigned char wrong[64] = {0};
    struct note note;
    int calls = 0;

    buf_z(&b, NOTE);
    note_add_signature(&b, &key, wrong, sizeof wrong);
    EXPECT(note_parse(buf_view(&b), &note) == OK);
    EXPECT(note_verify(&note, &key, sodium_verify, &calls, NULL, NULL) == ERR_SIGNATURE && calls == 2);
}

TEST_MAIN(T(the_published_note_verifies), T(the_published_note_is_written_again_byte_for_byte),
          T(any_changed_byte_of_the_text_is_noticed), T(verifier_keys_of_others_are_read_and_written_back),
          T(verifier_keys_that_do_not_fit_are_refused), T(key_names_with_blanks_of_any_script_are_refused),
          T(a_note_without_its_form_is_refused), T(a_text_may_hold_blank_lines_and_the_last_one_separates),
          T(sixty_four_signatures_are_read_and_sixty_five_refused),
          T(a_note_signed_by_others_only_is_missing_a_signature),
          T(a_long_signature_of_an_unknown_algorithm_is_carried_past), T(a_cosignature_covers_time_and_text),
          T(a_true_and_a_false_signature_by_one_key_make_the_note_false))
