/* base/b64_test.c - the vectors of RFC 4648 §10, and strictness */
#include "base/test.h"

#include "base/b64.h"

TEST(base64_gives_the_vectors_of_rfc_4648)
{
    static const char *const VECTORS[][2] = {{"", ""},
                                             {"f", "Zg=="},
                                             {"fo", "Zm8="},
                                             {"foo", "Zm9v"},
                                             {"foob", "Zm9vYg=="},
                                             {"fooba", "Zm9vYmE="},
                                             {"foobar", "Zm9vYmFy"}};

    for (size_t i = 0; i < sizeof VECTORS / sizeof *VECTORS; i++) {
        char text[16], bytes[16];
        struct buf b = buf_over(text, sizeof text);
        size_t n = 99;

        b64_write(&b, VECTORS[i][0], strlen(VECTORS[i][0]));
        EXPECT(str_eq(buf_view(&b), (struct str){VECTORS[i][1], strlen(VECTORS[i][1])}));
        EXPECT(b64_decode(str_of(VECTORS[i][1]), bytes, sizeof bytes, &n) == OK);
        EXPECT(n == strlen(VECTORS[i][0]));
        EXPECT(memcmp(bytes, VECTORS[i][0], n) == 0);
    }
}

TEST(base64_of_every_two_bytes_returns)
{
    for (unsigned v = 0; v < 65536; v++) {
        unsigned char in[2] = {(unsigned char) (v >> 8), (unsigned char) v}, back[2];
        char text[4];
        struct buf b = buf_over(text, sizeof text);
        size_t n;

        b64_write(&b, in, 2);
        EXPECT(!b.overflow && b64_decode(buf_view(&b), back, 2, &n) == OK && n == 2);
        EXPECT(memcmp(in, back, 2) == 0);
    }
}

TEST(base64_refuses_every_second_way_to_write_the_same)
{
    char out[16];
    size_t n = 7;

    EXPECT(b64_decode(STR("Zg"), out, 16, &n) == ERR_LENGTH);
    EXPECT(b64_decode(STR("Zg="), out, 16, &n) == ERR_LENGTH);
    EXPECT(b64_decode(STR("Zh=="), out, 16, &n) == ERR_CHARSET); /* a spare bit is set */
    EXPECT(b64_decode(STR("Zm9="), out, 16, &n) == ERR_CHARSET);
    EXPECT(b64_decode(STR("Z==="), out, 16, &n) == ERR_CHARSET);
    EXPECT(b64_decode(STR("===="), out, 16, &n) == ERR_CHARSET);
    EXPECT(b64_decode(STR("Zg==Zg=="), out, 16, &n) == ERR_CHARSET);
    EXPECT(b64_decode(STR("Zm9\n"), out, 16, &n) == ERR_CHARSET);
    EXPECT(b64_decode(STR("Zm-_"), out, 16, &n) == ERR_CHARSET);
    EXPECT(b64_decode(STR("Zm9vYmFy"), out, 5, &n) == ERR_TOO_LARGE);
    EXPECT(n == 7);
}

TEST_MAIN(T(base64_gives_the_vectors_of_rfc_4648), T(base64_of_every_two_bytes_returns),
          T(base64_refuses_every_second_way_to_write_the_same))
