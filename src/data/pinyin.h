/* data/pinyin.h - the first letters of names 拼音首字母, from data/pinyin.csv (Unihan; data/README.md). Pure. */
#ifndef MQ_PINYIN_H
#define MQ_PINYIN_H

#include "base/str.h"

enum { PINYIN_VARIANTS_MAX = 5 };

/*
 * pinyin_initials: a name as its first letters: the usual reading of each character, letters and figures as they are (in
 * lower case), anything else left out; "固始县ABC店" gives "gsxabcd". A character with a further reading in common use gives
 * a variant more, after a blank, with that reading and the usual ones of all others: "长城行" gives "zcx ccx zch". At most
 * PINYIN_VARIANTS_MAX texts: the characters that come first have theirs. Writes into b.
 */
void pinyin_initials(struct str name, struct buf *b);

/* Generated: the letter of U+4E00 + i, '.' where none is known; further readings ascending by character. */
struct pinyin_further {
    uint32_t character;
    char letter;
};
extern const char pinyin_usual[];
extern const struct pinyin_further pinyin_further[];
extern const size_t pinyin_further_count;

#endif
