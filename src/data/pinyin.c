/* data/pinyin.c - see pinyin.h */
#include "data/pinyin.h"

enum { FIRST = 0x4E00, LAST = 0x9FFF };

/* The character at s.p[*at], which moves behind it; the text is valid UTF-8, or its bytes count one by one. */
static uint32_t
next_character(struct str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *) s.p + *at;
    size_t left = s.n - *at;

    if (p[0] >= 0xE0 && p[0] < 0xF0 && left >= 3) {
        *at += 3;
        return (uint32_t) (p[0] & 15) << 12 | (uint32_t) (p[1] & 63) << 6 | (uint32_t) (p[2] & 63);
    }
    *at += p[0] < 0x80 || left < 2 ? 1 : p[0] < 0xE0 ? 2 : left < 4 ? 1 : 4;
    return p[0] < 0x80 ? p[0] : 0;
}

/* 0: it gives no letter. */
static char
usual(uint32_t c)
{
    if (c >= FIRST && c <= LAST)
        return pinyin_usual[c - FIRST] == '.' ? 0 : pinyin_usual[c - FIRST];
    if (c >= 'A' && c <= 'Z')
        return (char) (c + 32);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? (char) c : 0;
}

static char
further(uint32_t c)
{
    for (size_t i = 0; i < pinyin_further_count && pinyin_further[i].character <= c; i++)
        if (pinyin_further[i].character == c)
            return pinyin_further[i].letter;
    return 0;
}

/* One text; the character with a further reading that is number `varied` (from 1) takes that. Returns how many there are. */
static size_t
put_variant(struct str name, size_t varied, struct buf *b)
{
    size_t seen = 0;

    for (size_t at = 0; at < name.n;) {
        uint32_t c = next_character(name, &at);
        char letter = usual(c), other = c >= FIRST ? further(c) : 0;

        if (other != 0 && ++seen == varied)
            letter = other;
        if (letter != 0)
            buf_add(b, &letter, 1);
    }
    return seen;
}

void
pinyin_initials(struct str name, struct buf *b)
{
    size_t count = put_variant(name, 0, b);

    for (size_t i = 1; i <= count && i < PINYIN_VARIANTS_MAX; i++) {
        buf_z(b, " ");
        (void) put_variant(name, i, b);
    }
}
