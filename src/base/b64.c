/* base/b64.c - strict base64 (RFC 4648 §4) */
#include "base/b64.h"

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
b64_write(struct buf *b, const void *p, size_t n)
{
    const unsigned char *s = p;

    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t v = (uint32_t) s[i] << 16;
        char out[4];

        v |= left > 1 ? (uint32_t) s[i + 1] << 8 : 0;
        v |= left > 2 ? (uint32_t) s[i + 2] : 0;
        out[0] = ALPHABET[v >> 18];
        out[1] = ALPHABET[v >> 12 & 63];
        out[2] = left > 1 ? ALPHABET[v >> 6 & 63] : '=';
        out[3] = left > 2 ? ALPHABET[v & 63] : '=';
        buf_add(b, out, sizeof out);
    }
}

/* Six bits of a character, 64 if it is none of the alphabet. */
static uint32_t
sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (uint32_t) (c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint32_t) (c - 'a' + 26);
    if (c >= '0' && c <= '9')
        return (uint32_t) (c - '0' + 52);
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

static size_t
padding(struct str text)
{
    size_t n = 0;

    while (n < 2 && n < text.n && text.p[text.n - 1 - n] == '=')
        n++;
    return n;
}

enum err
b64_decode(struct str text, void *out, size_t max, size_t *n)
{
    unsigned char *o = out;
    size_t pad = padding(text), symbols = text.n - pad, size = symbols * 3 / 4;
    uint32_t v = 0;
    unsigned bits = 0;

    if (text.n % 4 != 0)
        return ERR_LENGTH;
    if (size > max)
        return ERR_TOO_LARGE;
    for (size_t i = 0; i < symbols; i++)
        if (sextet(text.p[i]) == 64)
            return ERR_CHARSET;
    if (pad > 0 && (sextet(text.p[symbols - 1]) & (pad == 1 ? 3U : 15U)) != 0)
        return ERR_CHARSET;
    for (size_t i = 0; i < symbols; i++) {
        v = v << 6 | sextet(text.p[i]);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *o++ = (unsigned char) (v >> bits);
        }
    }
    *n = size;
    return OK;
}
