#!/usr/bin/env python3
"""unihan_initials.py Unihan_Readings.txt[.bz2] >data/pinyin.csv - the first letters of Chinese characters 拼音首字母.

One line for each letter: the characters of U+4E00-9FFF whose usual reading begins so, and those for
which it is a further reading in common use. The usual reading is kMandarin; further ones are those to which
kHanyuPinlu (counts in modern texts) gives at least one twentieth. A character without kMandarin takes the first reading
of kTGHZ2013, kXHC1983 or kHanyuPinyin. Debian's package unicode-data has the file.
"""
import bz2
import re
import sys
import unicodedata

RANGES = ((0x4E00, 0x9FFF),)
SHARE = 20  # a further reading counts from 1/20 on


def letter(reading):
    first = unicodedata.normalize("NFD", reading.strip().lower())[:1]
    return first if "a" <= first <= "z" else None


def read(path):
    known = {}
    for line in (bz2.open if path.endswith(".bz2") else open)(path, "rt", encoding="utf-8"):
        m = re.match(r"U\+([0-9A-F]+)\t(k\w+)\t(.*)", line)
        if m and any(low <= int(m[1], 16) <= high for low, high in RANGES):
            known.setdefault(int(m[1], 16), {})[m[2]] = m[3]
    return known


def letters(facts):
    """(the usual one, further ones)"""
    usual = letter(facts["kMandarin"].split(" ")[0]) if "kMandarin" in facts else None
    for source in ("kTGHZ2013", "kXHC1983", "kHanyuPinyin"):
        if usual is None and source in facts:
            usual = letter(re.sub(r"^[^:]*:", "", facts[source]).split(",")[0])
    found = re.findall(r"(\w+)\((\d+)\)", facts.get("kHanyuPinlu", ""))
    counts = [(letter(r), int(n)) for r, n in found if r != "r"] # an ending, no syllable
    total = sum(n for _, n in counts)
    share = {}
    for first, n in counts:
        share[first] = share.get(first, 0) + n
    return usual, sorted(f for f, n in share.items() if f and f != usual and n * SHARE >= total)


def main():
    usual, further = {}, {}
    for code, facts in sorted(read(sys.argv[1]).items()):
        first, others = letters(facts)
        if first:
            usual.setdefault(first, []).append(chr(code))
        for other in others:
            further.setdefault(other, []).append(chr(code))
    print("letter,usual,further")
    for first in sorted(usual):
        print(f"{first},{''.join(usual[first])},{''.join(further.get(first, []))}")


main()
