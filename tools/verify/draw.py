#!/usr/bin/env python3
"""Re-run a draw 抽取 from its published files, and compare: mingqian-draw/v1 (docs/spec/draw-1.md).

    python3 draw.py DIR               check every step and compare with result.txt (exit 0 the same, 1 not)
    python3 draw.py DIR --recompute   print the bytes of result.txt as computed here
    python3 draw.py DIR explain ID    why was this one drawn, or not
    --en                              English instead of Chinese

Written from the specification alone: it shares no code with the program that made the draw. Python 3.9 or newer,
standard library only. The numbers such as (6) in comments are the sections of the specification.
"""
import functools
import hashlib
import json
import os
import re
import sys

MAX_WEIGHT = 1 << 20
MAX_ROWS = 1 << 28  # also of any n or reserve
DIGEST = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")  # a stratum, a party, a beacon
MASK = re.compile(r"0|[1-9a-f][0-9a-f]{0,15}")
NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
DRAW = re.compile(r"[!#-\[\]-~]{1,64}")  # visible, without " and \
EVENT = re.compile(r"[!#-\[\]-~]{1,160}")


class Refused(Exception):
    """A file that breaks the format, or two files that contradict each other."""

    def __init__(self, file, line, zh, en):
        super().__init__("%s%s: %s" % (file, ":%d" % line if line else "", en))
        self.file, self.line, self.zh, self.en = file, line, zh, en

    def text(self, english):
        place = self.file + (":%d" % self.line if self.line else "")
        return "%s: %s" % (place, self.en if english else self.zh)


# --- the hash ------------------------------------------------------------------------------------------------------

def rotate(x, n):
    n %= 32
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF


def sm3_block(v, block):
    """One compression of SM3 (GB/T 32905-2016, 5.3)."""
    w = [int.from_bytes(block[i:i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
        w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = v
    for j in range(64):
        t = 0x79CC4519 if j < 16 else 0x7A879D8A
        ss1 = rotate((rotate(a, 12) + e + rotate(t, j)) & 0xFFFFFFFF, 7)
        ss2 = ss1 ^ rotate(a, 12)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & 0xFFFFFFFF & g)
        tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
        tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
        a, b, c, d = tt1, a, rotate(b, 9), c
        e, f, g, h = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g
    return [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]


def sm3_own(data):
    """SM3 where the library has none (GB/T 32905-2016)."""
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + b"\0" * (-(len(data) + 9) % 64) + (8 * len(data)).to_bytes(8, "big")
    for i in range(0, len(padded), 64):
        v = sm3_block(v, padded[i:i + 64])
    return b"".join(x.to_bytes(4, "big") for x in v)


def sm3_library(data):
    return hashlib.new("sm3", data).digest()


def sha256(data):
    return hashlib.sha256(data).digest()


def hash_of(suite):
    if suite == "sha256":
        return sha256
    return sm3_library if "sm3" in hashlib.algorithms_available else sm3_own


# --- reading the files ---------------------------------------------------------------------------------------------

def text_lines(data, file):
    """The lines of an ASCII document; every line ends in one LF, none is empty."""
    if data and not data.endswith(b"\n"):
        raise Refused(file, data.count(b"\n") + 1, "末行缺少换行符", "the last line does not end in LF")
    lines = data.split(b"\n")[:-1]
    for number, line in enumerate(lines, 1):
        if not line or any(c < 0x20 and c != 0x09 or c > 0x7E for c in line):
            raise Refused(file, number, "空行或含有非 ASCII 字符", "an empty line, or a byte that is not printable ASCII")
    return [line.decode("ascii") for line in lines]


class Reader:
    """Takes the lines of one document in their fixed order."""

    def __init__(self, data, file):
        self.file, self.rest, self.number = file, text_lines(data, file), 0

    def refuse(self, zh, en):
        raise Refused(self.file, self.number, zh, en)

    def next_is(self, word):
        return self.number < len(self.rest) and self.rest[self.number].split(" ")[0] == word

    def take(self, word, fields):
        """The fields after `word`: exactly `fields` of them, one space between."""
        self.number += 1
        if self.number > len(self.rest):
            self.refuse("缺少 %s 行" % word, "the line '%s' is missing" % word)
        parts = self.rest[self.number - 1].split(" ")
        if parts[0] != word or len(parts) != fields + 1 or "" in parts:
            self.refuse("此处应为 %s 行，含 %d 个字段" % (word, fields), "'%s' with %d fields expected" % (word, fields))
        return parts[1:]

    def matching(self, pattern, s):
        if not pattern.fullmatch(s):
            self.refuse("字段无效：%s" % s, "not a valid field: %s" % s)
        return s

    def integer(self, s, low, high):
        if not NUMBER.fullmatch(s) or not low <= int(s) <= high:
            self.refuse("数值 %s 应在 %d 至 %d 之间" % (s, low, high), "%s is not a number from %d to %d" % (s, low, high))
        return int(s)

    def ascending(self, before, now):
        if before is not None and not before < now:
            self.refuse("未按升序排列或重复", "not in ascending order, or twice")

    def end(self):
        if self.number < len(self.rest):
            self.number += 1
            self.refuse("多余的行", "a line too many")


def parse_quotas(r):
    quotas = []
    while r.next_is("quota"):
        group, stratum, n, reserve = r.take("quota", 4)
        quota = (r.integer(group, 0, 63), r.matching(NAME, stratum), r.integer(n, 0, MAX_ROWS),
                 r.integer(reserve, 0, MAX_ROWS))
        r.ascending(quotas[-1][:2] if quotas else None, quota[:2])
        quotas.append(quota)
    return quotas


def parse_named(r, word, pattern):
    """`party NAME COMMITMENT` or `beacon NAME EVENT` lines, ascending by name."""
    found = []
    while r.next_is(word):
        name, value = r.take(word, 2)
        r.ascending(found[-1][0] if found else None, r.matching(NAME, name))
        found.append((name, r.matching(pattern, value)))
    return found


def parse_draw(data):
    """(3) draw.txt, in its fixed order."""
    r, d = Reader(data, "draw.txt"), {}
    r.take("mingqian-draw/v1", 0)
    d["suite"] = r.matching(re.compile("sha256|sm3"), r.take("suite", 1)[0])
    d["draw"] = r.matching(DRAW, r.take("draw", 1)[0])
    d["attempt"] = r.integer(r.take("attempt", 1)[0], 1, 9999)
    d["prev"] = r.matching(re.compile("-|[0-9a-f]{64}"), r.take("prev", 1)[0])
    if (d["prev"] == "-") != (d["attempt"] == 1):
        r.refuse("第 1 次以外的抽取须写明上一次的摘要", "'-' belongs to attempt 1, a digest to every further one")
    rows, root = r.take("roster", 2)
    d["rows"], d["root"] = r.integer(rows, 0, MAX_ROWS), r.matching(DIGEST, root)
    d["rule"] = r.matching(re.compile("uniform|pareto"), r.take("rule", 1)[0])
    d["batches"] = r.integer(r.take("batches", 1)[0], 1, 1 << 20)
    d["min_parties"] = r.integer(r.take("min-parties", 1)[0], 0, 64)
    d["quotas"] = parse_quotas(r)
    if not d["quotas"]:
        r.refuse("没有 quota 行", "there is no quota line")
    d["parties"] = parse_named(r, "party", DIGEST)
    d["beacons"] = parse_named(r, "beacon", EVENT)
    r.end()
    if len(d["quotas"]) > 4096 or len(d["parties"]) > 64 or len(d["beacons"]) > 16:
        r.refuse("quota、party 或 beacon 行过多", "too many quotas, parties or beacons")
    if not d["beacons"] and len(d["parties"]) < 2:
        r.refuse("没有信标时至少要有两个参与方", "without a beacon at least two parties are needed")
    if d["min_parties"] > len(d["parties"]):
        r.refuse("min-parties 大于参与方数", "min-parties is above the number of parties")
    return d


def parse_lock(data, draw, digest):
    """(5) lock.txt: who was present."""
    r, present = Reader(data, "lock.txt"), []
    r.take("mingqian-lock/v1", 0)
    if r.take("draw-digest", 1)[0] != digest:
        r.refuse("draw-digest 与 draw.txt 的摘要不符", "is not the digest of draw.txt")
    for name, _ in draw["parties"]:
        got, state = r.take("party", 2)
        if got != name or state not in ("present", "absent"):
            r.refuse("应为 party %s present|absent" % name, "'party %s present|absent' expected" % name)
        if state == "present":
            present.append(name)
    r.end()
    if len(present) < draw["min_parties"]:
        r.refuse("到场的参与方少于 min-parties，本次作废", "fewer parties than min-parties: this attempt is void")
    if not draw["beacons"] and len(present) < len(draw["parties"]):
        r.refuse("没有信标时所有参与方都必须公开", "without a beacon every party must open")
    return present


def reveal_layouts(secrets, beacons):
    """(10) The bytes of reveal.json that may be published: one blank a level, or one line; no final LF."""
    document = {"secrets": dict(secrets), "beacons": [list(b) for b in beacons]}
    return [json.dumps(document, indent=1).encode("ascii"), json.dumps(document).encode("ascii")]


def squeeze(text):
    """JSON without the white space between its tokens."""
    return re.sub(r'("[^"]*")|[ \t\r\n]+', lambda m: m.group(1) or "", text)


def parse_reveal(data, draw, present):
    """(10) reveal.json: the secrets of the present parties and the values of the beacons, in the order of draw.txt."""
    file = "reveal.json"
    try:
        text = data.decode("ascii")
        document = json.loads(text)
        secrets = [(name, document["secrets"][name]) for name in present]
        beacons = [(name, value) for name, value in document["beacons"]]
        same = squeeze(text) == squeeze(reveal_layouts(secrets, beacons)[0].decode())
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(file, 0, "不是规定形式的 JSON，或缺少到场参与方", "not JSON of the form demanded, or a party is missing")
    if not same or [b[0] for b in beacons] != [b[0] for b in draw["beacons"]]:
        raise Refused(file, 0, "内容应恰为到场参与方的秘密和各信标的值，按 draw.txt 的次序",
                      "must hold exactly the present parties and the beacons, in the order of draw.txt")
    for name, secret in secrets:
        if not isinstance(secret, str) or not DIGEST.fullmatch(secret):
            raise Refused(file, 0, "%s 的秘密不是 64 位十六进制" % name, "the secret of %s is not 64 hex characters" % name)
    for name, value in beacons:
        if not isinstance(value, str) or not EVENT.fullmatch(value):
            raise Refused(file, 0, "信标 %s 的值无效" % name, "the value of beacon %s is not 1 to 160 printable characters" % name)
    return secrets, beacons


def check_reveal_bytes(data, secrets, beacons):
    """(10) What is published has one of the two layouts, so that no altered byte passes."""
    if data not in reveal_layouts(secrets, beacons):
        raise Refused("reveal.json", 0, "排版与规定不同", "is not laid out as the format demands")


def parse_row(r, line):
    """(2) One line of roster.tsv: (id, stratum, weight, mask)."""
    parts = line.split("\t")
    if len(parts) != 5:
        r.refuse("应有 5 列", "5 columns expected")
    who, stratum, weight, mask, salt = parts
    if not re.fullmatch(r"[!-~]{1,54}", who):
        r.refuse("编号须为 1 至 54 个可见字符", "an id has 1 to 54 visible characters")
    excluded = stratum.startswith("!")
    r.matching(NAME, stratum[1:] if excluded else stratum)
    low, high = (0, 0) if excluded else (1, MAX_WEIGHT)
    r.matching(re.compile("-|[0-9a-f]{32}"), salt)
    return who, stratum, r.integer(weight, low, high), int(r.matching(MASK, mask), 16)


def parse_roster(data):
    """(2) roster.tsv, strictly ascending by id."""
    r, rows = Reader(data, "roster.tsv"), []
    for r.number, line in enumerate(r.rest, 1):
        row = parse_row(r, line)
        r.ascending(rows[-1][0] if rows else None, row[0])
        rows.append(row)
    return rows


# --- beacons -------------------------------------------------------------------------------------------------------

def numbers_ascend(text, count, highest):
    """Is it `count` two-digit numbers from 01 to `highest`, ascending?"""
    numbers = text.split(",")
    return (len(numbers) == count and all(re.fullmatch("[0-9]{2}", x) for x in numbers)
            and all(a < b for a, b in zip(["00"] + numbers, numbers)) and int(numbers[-1]) <= highest)


def lottery(value, first, second):
    """Two lists of numbers joined by "+"; first, second: (how many, highest)."""
    parts = value.split("+")
    return len(parts) == 2 and numbers_ascend(parts[0], *first) and numbers_ascend(parts[1], *second)


def value_possible(name, value):
    """(6) Can this beacon give this value? Of unknown kinds nothing is known."""
    if name.startswith("drand-"):
        return DIGEST.fullmatch(value) is not None
    if name == "cwl-ssq":
        return lottery(value, (6, 33), (1, 16))
    if name == "sports-dlt":
        return lottery(value, (5, 35), (2, 12))
    if name == "cwl-3d":
        return re.fullmatch("[0-9],[0-9],[0-9]", value) is not None
    return True


def beacon_bits(name):
    """(11)"""
    return 256 if name.startswith("drand-") else {"cwl-ssq": 24, "sports-dlt": 24, "cwl-3d": 9}.get(name, 0)


def policy_holds(draw):
    """(11) What the format allows but an office must not do."""
    bits = sum(beacon_bits(name) for name, _ in draw["beacons"])
    if len(draw["parties"]) < 2:
        return False
    if bits >= 48 or not draw["beacons"]:
        return True
    return bits >= 20 and draw["min_parties"] == len(draw["parties"])


def check_beacons(draw, beacons, say):
    for name, value in beacons:
        if not value_possible(name, value):
            raise Refused("reveal.json", 0, "信标 %s 不可能给出 %s" % (name, value), "the beacon %s cannot give %s" % (name, value))
    if not policy_holds(draw):
        say("注意：参与方不足两个，或信标太弱", "note: fewer than two parties, or beacons too weak")


# --- the steps -----------------------------------------------------------------------------------------------------

def tree_root(leaves, H):
    """(2) RFC 6962, 2.1: neighbours are joined, an odd last one moves up as it is."""
    level = [H(b"\0" + leaf) for leaf in leaves]
    if not level:
        return H(b"")
    while len(level) > 1:
        pairs = [H(b"\1" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def commitment(draw, party, secret, H):
    """(4)"""
    text = "mingqian-commit/v1\n%s\n%d\n%s\n%s\n" % (draw["draw"], draw["attempt"], party, secret)
    return H(text.encode()).hex()


def seed_of(draw_digest, lock_digest, secrets, beacons, H):
    """(6)"""
    text = "mingqian-seed/v1\n%s\n%s\n" % (draw_digest, lock_digest)
    text += "".join("party %s %s\n" % s for s in secrets)
    text += "".join("beacon %s %s\n" % b for b in beacons)
    return H(text.encode()).hex()


def subkey(purpose, seed, H):
    """(6) purpose: target, order, inspector or int."""
    return H(("mingqian-key/v1\n%s\n%s\n" % (purpose, seed)).encode()).hex()


def ticket(key, who, H):
    """(6) A 256-bit integer; by hand: printf '%s:%s' KEY ID | sha256sum"""
    return int.from_bytes(H((key + ":" + who).encode()), "big")


def uniform_below(key, label, m, H):
    """(9) A uniform integer from 0 to m - 1 out of the key `int`."""
    counter = 0
    while True:
        x = int.from_bytes(H(("%s:%s:%d" % (key, label, counter)).encode())[:8], "big")
        if x < 2**64 - 2**64 % m:
            return x % m
        counter += 1


def order_uniform(units):
    """(7) units are (T, id, weight): ascending by T, then id."""
    return sorted(units)


def certain_units(units, n):
    """(7) Split off those whose weight makes them certain; also what is left of n."""
    certain, rest, k = [], list(units), n
    while True:
        total = sum(u[2] for u in rest)
        now = [u for u in rest if u[2] * k >= total]
        if not now:
            return certain, rest, k
        certain += now
        rest = [u for u in rest if u[2] * k < total]
        k -= len(now)


def compare_pareto(x, y):
    """Compare (a, b, T, id) by the fraction a/b without dividing; then by T, then by id."""
    left, right = x[0] * y[1], y[0] * x[1]
    if left != right:
        return -1 if left < right else 1
    return -1 if x[2:] < y[2:] else int(x[2:] > y[2:])


def order_pareto(units, n):
    """(7) Certain units first, then ascending by a/b; with exact integers."""
    certain, rest, k = certain_units(units, n)
    if k == 0:
        return sorted(certain) + sorted(rest)
    total, keyed = sum(u[2] for u in rest), []
    for T, who, w in rest:
        v = 2 * (T >> 192) + 1
        keyed.append((v * (total - k * w), (2**65 - v) * k * w, T, who, w))
    keyed.sort(key=functools.cmp_to_key(compare_pareto))
    return sorted(certain) + [(T, who, w) for _, _, T, who, w in keyed]


def select(draw, roster, tickets):
    """(7) Every quota: (group, stratum, population in selection order, n, reserve)."""
    chosen = []
    for group, stratum, n, reserve in draw["quotas"]:
        units = [(tickets[who], who, weight) for who, s, weight, mask in roster if s == stratum and mask >> group & 1]
        if n > len(units):
            raise Refused("draw.txt", 0, "组 %d 层 %s：要抽 %d 户，总体只有 %d 户" % (group, stratum, n, len(units)),
                          "group %d stratum %s: %d wanted out of %d" % (group, stratum, n, len(units)))
        order = order_uniform(units) if draw["rule"] == "uniform" else order_pareto(units, n)
        chosen.append((group, stratum, order, n, reserve))
    return chosen


def visiting_order(chosen, batches, key, H):
    """(8) All drawn targets: (id, mask of the groups that drew it, batch)."""
    masks = {}
    for group, _, order, n, _ in chosen:
        for _, who, _ in order[:n]:
            masks[who] = masks.get(who, 0) | 1 << group
    ids = sorted(masks, key=lambda who: (ticket(key, who, H), who))
    return [(who, masks[who], 1 + r * batches // len(ids)) for r, who in enumerate(ids)]


def result_text(draw_digest, seed, chosen, visits):
    """(10)"""
    out = ["mingqian-result/v1", "draw-digest " + draw_digest, "seed " + seed]
    for group, stratum, order, n, _ in chosen:
        last = "%064x" % order[n - 1][0] if n > 0 else "-"
        first_out = "%064x" % order[n][0] if n < len(order) else "-"
        out.append("quota %d %s %d %d %s %s" % (group, stratum, len(order), n, last, first_out))
    out += ["target %s %x %d" % visit for visit in visits]
    for group, stratum, order, n, reserve in chosen:
        out += ["reserve %d %s %d %s" % (group, stratum, k, unit[1])
                for k, unit in enumerate(order[n:n + reserve], 1)]
    return ("\n".join(out) + "\n").encode()


def recompute(files, say=lambda zh, en: None):
    """Everything from the four files (a dictionary of bytes) to the result; `say` hears each step."""
    draw = parse_draw(files["draw.txt"])
    H = hash_of(draw["suite"])
    d = H(files["draw.txt"]).hex()
    say("draw.txt 摘要 %s" % d, "digest of draw.txt %s" % d)
    roster = parse_roster(files["roster.tsv"])
    root = tree_root(files["roster.tsv"].split(b"\n")[:-1], H).hex()
    if len(roster) != draw["rows"] or root != draw["root"]:
        raise Refused("roster.tsv", 0, "%d 行，根 %s，与 draw.txt 公布的不符" % (len(roster), root),
                      "%d rows with root %s: not what draw.txt sealed" % (len(roster), root))
    say("名单 %d 行，默克尔根一致 %s" % (len(roster), root), "roster of %d rows has the sealed root %s" % (len(roster), root))
    present = parse_lock(files["lock.txt"], draw, d)
    lock = H(files["lock.txt"]).hex()
    say("lock.txt 摘要 %s；到场 %s" % (lock, " ".join(present)), "digest of lock.txt %s; present: %s" % (lock, " ".join(present)))
    secrets, beacons = parse_reveal(files["reveal.json"], draw, present)
    for name, secret in secrets:
        if commitment(draw, name, secret, H) != dict(draw["parties"])[name]:
            raise Refused("reveal.json", 0, "%s 公开的秘密与其事先承诺不符" % name, "the secret of %s does not open its commitment" % name)
        say("%s 的秘密与承诺一致" % name, "the secret of %s opens its commitment" % name)
    for name, value in beacons:
        say("信标 %s 的值 %s（请到发布机构核对）" % (name, value), "beacon %s gave %s (compare with its publisher)" % (name, value))
    seed = seed_of(d, lock, secrets, beacons, H)
    key = subkey("target", seed, H)
    say("种子 %s" % seed, "seed %s" % seed)
    say("抽签密钥 %s" % key, "ticket key %s" % key)
    tickets = {row[0]: ticket(key, row[0], H) for row in roster}
    chosen = select(draw, roster, tickets)
    for group, stratum, order, n, _ in chosen:
        say("组 %d 层 %s：%d 抽 %d" % (group, stratum, len(order), n), "group %d stratum %s: %d out of %d" % (group, stratum, n, len(order)))
    visits = visiting_order(chosen, draw["batches"], subkey("order", seed, H), H)
    return {"draw": draw, "roster": roster, "key": key, "seed": seed, "tickets": tickets, "chosen": chosen,
            "visits": visits, "H": H, "reveal": (secrets, beacons), "result": result_text(d, seed, chosen, visits)}


def first_difference(published, computed):
    """The first line that differs (from 1), and both sides of it."""
    ours, theirs = computed.split(b"\n"), published.split(b"\n")
    for number in range(max(len(ours), len(theirs))):
        a = theirs[number] if number < len(theirs) else None
        b = ours[number] if number < len(ours) else None
        if a != b:
            return number + 1, (a or b"").decode("ascii", "replace"), (b or b"").decode("ascii", "replace")
    return None


def compare(files, done):
    difference = first_difference(files["result.txt"], done["result"])
    if difference:
        line, theirs, ours = difference
        raise Refused("result.txt", line, "公布的是“%s”，重算得“%s”" % (theirs, ours), "published '%s', recomputed '%s'" % (theirs, ours))


# --- for one entity ------------------------------------------------------------------------------------------------

def inclusion_path(leaves, index, H):
    """(2) The audit path of RFC 6962, 2.1.1, from the leaf upwards."""
    level, path = [H(b"\0" + leaf) for leaf in leaves], []
    while len(level) > 1:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1].hex())
        pairs = [H(b"\1" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level, index = pairs + ([level[-1]] if len(level) % 2 else []), index // 2
    return path


def probability(order, n, weight, rule):
    """(7) As a fraction (numerator, denominator) in words: certain, or k·w/W."""
    if rule == "uniform":
        return n, len(order)
    certain, rest, k = certain_units(order, n)
    if any(u[2] == weight for u in certain):
        return 1, 1
    return k * weight, sum(u[2] for u in rest)


def explain_quota(done, quota, who, say):
    group, stratum, order, n, reserve = quota
    rank = [u[1] for u in order].index(who)
    p = probability(order, n, order[rank][2], done["draw"]["rule"])
    zh = "抽中" if rank < n else "候补第 %d" % (rank - n + 1) if rank < n + reserve else "未抽中"
    en = "drawn" if rank < n else "substitute %d" % (rank - n + 1) if rank < n + reserve else "not drawn"
    say("组 %d 层 %s：%d 户中抽 %d 户，名次 %d，概率 %d/%d，%s" % (group, stratum, len(order), n, rank + 1, p[0], p[1], zh),
        "group %d stratum %s: %d of %d, position %d, probability %d/%d, %s" % (group, stratum, n, len(order), rank + 1, p[0], p[1], en))


def explain(files, done, who, say):
    """Row, proof, ticket, rank and probability of one id."""
    lines = files["roster.tsv"].split(b"\n")[:-1]
    ids = [row[0] for row in done["roster"]]
    if who not in ids:
        raise Refused("roster.tsv", 0, "名单中没有 %s" % who, "%s is not in the roster" % who)
    at = ids.index(who)
    row = lines[at].decode()
    say("名单第 %d 行：%s" % (at + 1, row), "row %d of the roster: %s" % (at + 1, row))
    for step in inclusion_path(lines, at, done["H"]):
        say("  证明 %s" % step, "  proof %s" % step)
    say("票号 %064x" % done["tickets"][who], "ticket %064x" % done["tickets"][who])
    say("自己核对：printf '%%s:%%s' %s %s | sha256sum" % (done["key"], who),
        "check it: printf '%%s:%%s' %s %s | sha256sum" % (done["key"], who))
    mine = [q for q in done["chosen"] if who in (u[1] for u in q[2])]
    for quota in mine:
        explain_quota(done, quota, who, say)
    if not mine:
        say("不属于任何抽取的层（已排除或未设名额）", "belongs to no quota (excluded, or none was set)")


# --- the command ---------------------------------------------------------------------------------------------------

INPUTS = ("roster.tsv", "draw.txt", "lock.txt", "reveal.json")


def read_files(directory, names):
    files = {}
    for name in names:
        try:
            with open(os.path.join(directory, name), "rb") as f:
                files[name] = f.read()
        except OSError:
            raise Refused(name, 0, "读不到此文件", "cannot be read")
    return files


def verify(files, say):
    """Re-run and compare; raises Refused at the first thing wrong."""
    done = recompute(files, say)
    check_reveal_bytes(files["reveal.json"], *done["reveal"])
    check_beacons(done["draw"], done["reveal"][1], say)
    compare(files, done)
    say("result.txt 逐字节一致", "result.txt is the same byte for byte")
    return done


def main(arguments):
    english = "--en" in arguments
    words = [a for a in arguments if not a.startswith("--")]

    def say(zh, en):
        print(en if english else zh)

    if not words or len(words) not in (1, 3) or len(words) == 3 and words[1] != "explain":
        sys.stderr.write(__doc__)
        return 2
    try:
        if "--recompute" in arguments:
            sys.stdout.buffer.write(recompute(read_files(words[0], INPUTS))["result"])
        elif len(words) == 3:
            files = read_files(words[0], INPUTS)
            explain(files, recompute(files), words[2], say)
        else:
            verify(read_files(words[0], INPUTS + ("result.txt",)), say)
    except Refused as e:
        sys.stderr.write(("REFUSED " if english else "不符 ") + e.text(english) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
